//! The command `gt02 sniff` as its users run it.
#![allow(clippy::unwrap_used, reason = "this is how tests fail")]

#[path = "support/command.rs"]
mod command;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

#[track_caller]
fn sniff(args: &[&str], input: &str) -> String {
    let run = command::run("sniff", args, input);
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    run.out
}

#[test]
fn a_device_that_mixes_two_protocols() {
    let text = sniff(&[&format!("{SAMPLES}/mixed_connection.log")], "");
    let line = text.lines().next().unwrap();
    assert!(line.contains("gt02 ") && line.contains("gt06 "), "{text}");
}

#[test]
fn each_connection_has_a_line() {
    let log =
        "2026-05-04 06:00:02  INFO: [T1: gt06 < 10.0.0.7] 78780d0103534567890123480001c5220d0a
2026-05-04 06:00:02  INFO: [T2: gt06 < 10.0.0.8] 474554202f20485454502f312e310d0a
2026-05-04 06:00:03  INFO: [T1: gt06 > 10.0.0.7] 787805010001d9dc0d0a
";
    assert_eq!(
        sniff(&[], log),
        "T1: gt06 1; device 353456789012348\n\
         T2: no frame; 16 bytes of noise: \"GET / HTTP/1.1\\r\\n\"\n"
    );
}

#[test]
fn a_file_that_is_not_there() {
    let run = command::run("sniff", &["/nowhere"], "");
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(
        run.messages.starts_with("gt02: /nowhere: "),
        "{}",
        run.messages
    );
}
