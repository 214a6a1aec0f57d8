//! The captures of `examples/firmware` are the logs of `examples`, as bytes.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

/// The bytes that the devices of a log sent.
fn sent(log: &str) -> Vec<u8> {
    let lines = log.lines().filter(|line| line.contains(" < "));
    let reads = lines.map(|line| hex::decode(line.rsplit(' ').next().unwrap()).unwrap());
    reads.flatten().collect()
}

#[test]
fn captures_have_what_the_logs_have() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for protocol in ["gt02", "gt06", "tk103", "v680", "h02"] {
        let log = fs::read_to_string(examples.join(format!("{protocol}_drive.log"))).unwrap();
        let bytes = sent(&log);
        assert!(bytes.len() > 1000, "{protocol}");
        let capture = examples.join(format!("firmware/captures/{protocol}.bin"));
        // If a log was changed: write `bytes` there.
        assert_eq!(fs::read(capture).unwrap(), bytes, "{protocol}");
    }
}
