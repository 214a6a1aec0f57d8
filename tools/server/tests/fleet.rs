//! The server and the fleet in one process: what is sent is what is reported, and what is owed is
//! answered.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/options.rs"]
mod options;

use clap::Parser;
use gt02_server::{
    serve::Running,
    simulate::{self, Sent, Tally},
};
use options::{Serve, Simulate};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use tokio::sync::mpsc;

/// What came of a run.
struct Run {
    tally: Tally,
    sent: Vec<Sent>,
    reports: Vec<Value>,
}

/// Runs a fleet with a server of its own.
async fn run(name: &str, server: &str, fleet: &str) -> Run {
    let json = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.jsonl"));
    let _ = fs::remove_file(&json);
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut args = words("serve --listen 127.0.0.1:0 --json");
    args.push(json.display().to_string());
    args.extend(words(server));
    let running = Running::start(Serve::parse_from(args).options)
        .await
        .unwrap();
    let mut args = words("simulate --connect");
    args.push(running.address.to_string());
    args.extend(words(fleet));
    let (journal, mut sent) = mpsc::unbounded_channel();
    let options = Simulate::parse_from(args).options;
    let tally = simulate::run(&options, Some(journal)).await.unwrap();
    running.stop().await.unwrap();
    let mut all = Vec::new();
    while let Some(frame) = sent.recv().await {
        all.push(frame);
    }
    let text = fs::read_to_string(&json).unwrap();
    let reports = text.lines().map(|line| serde_json::from_str(line).unwrap());
    Run {
        tally,
        sent: all,
        reports: reports.collect(),
    }
}

impl Run {
    /// Panics unless all answers came, and all that was sent was reported, in order: the bytes, the
    /// device, the time, the place and the alarm.
    #[track_caller]
    fn check(&self) {
        let tally = &self.tally;
        assert!(tally.is_right(), "{}", tally.json());
        assert_eq!(tally.answered, tally.expected);
        let mut sent = BTreeMap::<&str, Vec<&Sent>>::new();
        for frame in &self.sent {
            sent.entry(&frame.device).or_default().push(frame);
        }
        let mut reported = BTreeMap::<&str, Vec<&Value>>::new();
        for report in &self.reports {
            if let Some(device) = report["device"].as_str() {
                reported.entry(device).or_default().push(report);
            }
        }
        for (device, frames) in sent {
            let reports = &reported[device];
            let bytes = |report: &&Value| report["raw"].as_str().unwrap().to_owned();
            let received: Vec<_> = reports.iter().map(bytes).collect();
            let expected: Vec<_> = frames.iter().map(|sent| hex::encode(&sent.frame)).collect();
            assert_eq!(received, expected, "{device}");
            for (sent, report) in frames.iter().zip(reports) {
                assert_eq!(report["protocol"], sent.protocol.name());
                assert_eq!(report["alarm"] == "sos", sent.is_alarm, "{report}");
                if let Some((time, latitude, longitude)) = sent.fix {
                    // v680 sends a place with 4 decimals of a minute, as tk103 and h02 do.
                    assert_eq!(report["time"], time.to_string(), "{report}");
                    let near = |field: &str, degrees: f64| {
                        (report[field].as_f64().unwrap() - degrees).abs() < 2e-6
                    };
                    assert!(near("latitude", latitude), "{latitude}: {report}");
                    assert!(near("longitude", longitude), "{longitude}: {report}");
                }
            }
        }
    }

    /// Bytes of noise that were reported.
    fn noise_bytes(&self) -> u64 {
        let noise = self
            .reports
            .iter()
            .filter(|report| report["kind"] == "noise");
        let len = |report: &Value| report["raw"].as_str().unwrap().len() / 2;
        u64::try_from(noise.map(len).sum::<usize>()).unwrap()
    }

    fn protocols(&self) -> Vec<&str> {
        self.tally.protocols.keys().copied().collect()
    }
}

const ALL: [&str; 5] = ["gt02", "gt06", "h02", "tk103", "v680"];

#[tokio::test(flavor = "multi_thread")]
async fn all_protocols_by_tcp() {
    let run = run("tcp", "", "--devices 50 --interval 0.1 --for 3 --batch 2").await;
    run.check();
    assert_eq!(run.protocols(), ALL);
    assert_eq!(run.noise_bytes(), 0);
    assert!(run.sent.iter().any(|sent| sent.is_alarm));
    assert!(run.reports.iter().any(|report| report["resent"] == true));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_protocols_by_udp() {
    let run = run("udp", "", "--devices 20 --interval 0.2 --for 2 --udp 100").await;
    run.check();
    assert_eq!(run.protocols(), ALL);
    assert!(
        run.reports
            .iter()
            .all(|report| report["connection"].as_str().unwrap().starts_with('U'))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cuts_and_garbage_cost_no_frame() {
    let fleet = "--devices 50 --interval 0.1 --for 3 --fault cuts,garbage=20%";
    let run = run("garbage", "", fleet).await;
    run.check();
    assert!(run.tally.garbage_bytes > 0);
    assert_eq!(run.noise_bytes(), run.tally.garbage_bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn alarms_that_come_again_are_reported_once() {
    let fleet = "--devices 50 --interval 0.05 --for 4 --udp 20 --fault lost=60%,reconnect=5%";
    let run = run("lost", "", fleet).await;
    run.check();
    assert!(run.tally.repeats > 0 && run.tally.reconnects > 0);
    let name = |report: &Value| report["connection"].as_str().unwrap().to_owned();
    let connections: BTreeSet<_> = run.reports.iter().map(name).collect();
    let opened = usize::try_from(run.tally.devices + run.tally.reconnects).unwrap();
    assert_eq!(connections.len(), opened);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_devices_cost_others_nothing() {
    let fleet = "--devices 50 --interval 0.1 --for 6 --fault slow,halfopen,random";
    let run = run("bad", "--idle 3", fleet).await;
    assert_eq!((run.tally.devices, run.tally.bad_devices), (35, 15));
    // The half open ones are closed; random bytes may be a device that is closed too.
    assert!(run.tally.closed >= 5, "{}", run.tally.json());
    run.check();
}
