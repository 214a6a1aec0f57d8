//! The command `gt02 simulate` as its users run it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/command.rs"]
mod command;

use gt02::{Decoder, Item, RECOMMENDED_BUFFER, Session, types::DateTime};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    thread,
    time::SystemTime,
};

/// Answers all frames on a connection, but passes each answer through `change` before.
fn serve(mut stream: TcpStream, change: fn(usize, Vec<u8>) -> Vec<u8>) {
    let mut decoder = Decoder::<RECOMMENDED_BUFFER>::new();
    let (mut session, mut buffer, mut replies) = (Session::new(), [0; 2048], 0);
    loop {
        let len = stream.read(&mut buffer).unwrap_or(0);
        if len == 0 {
            return;
        }
        let mut input = &buffer[..len];
        while let Some(item) = decoder.decode(&mut input) {
            let Item::Frame(frame) = item else { continue };
            let now = DateTime::try_from(SystemTime::now()).unwrap();
            if let Some(reply) = session.handle_at(&frame, now).reply {
                replies += 1;
                let _ = stream.write_all(&change(replies, reply.to_vec()));
            }
        }
    }
}

/// What a fleet says of a server that changes its answers: the exit status and the counts.
fn fleet(change: fn(usize, Vec<u8>) -> Vec<u8>) -> (i32, Value) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            thread::spawn(move || serve(stream, change));
        }
    });
    let args = [
        "--connect",
        &address,
        "--devices",
        "5",
        "--mix",
        "gt06=2,h02=1",
    ];
    let mut args = args.to_vec();
    args.extend(["--interval", "0.05", "--for", "1", "--patience", "3"]);
    let run = command::run("simulate", &args, "");
    (run.status, serde_json::from_str(&run.out).unwrap())
}

#[test]
fn right_answers() {
    let (status, counts) = fleet(|_, reply| reply);
    assert_eq!(status, 0, "{counts}");
    assert_eq!(counts["answered"], counts["expected"]);
    assert!(counts["expected"].as_u64().unwrap() > 20, "{counts}");
}

#[test]
fn a_missing_answer() {
    let (status, counts) = fleet(|n, reply| if n == 3 { Vec::new() } else { reply });
    assert_eq!(status, 1, "{counts}");
    assert_ne!(counts["missing"], 0);
    assert_eq!(counts["wrong"], 0);
}

#[test]
fn a_wrong_answer() {
    // A second one, and a damaged one.
    let (status, counts) = fleet(|n, reply| if n == 3 { reply.repeat(2) } else { reply });
    assert_eq!(status, 1, "{counts}");
    assert_ne!(counts["wrong"], 0);
    let (status, counts) = fleet(|n, reply| if n == 3 { reply[1..].to_vec() } else { reply });
    assert_eq!(status, 1, "{counts}");
    assert_ne!(
        (&counts["missing"], &counts["wrong"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn no_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let args = ["--connect", &address, "--devices", "2", "--for", "1"];
    let run = command::run("simulate", &args, "");
    assert_eq!(run.status, 1);
    let counts: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(counts["failed"], 2);
    assert!(counts["failure"].as_str().unwrap().contains("refused"));
}

#[test]
fn a_capture_of_a_route_is_decoded() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (gpx, log) = (folder.join("route.gpx"), folder.join("route.log"));
    fs::write(
        &gpx,
        "<gpx version=\"1.1\" creator=\"a test\" xmlns=\"http://www.topografix.com/GPX/1/1\"><trk>\
         <trkseg><trkpt lat=\"-33.92\" lon=\"18.42\"/><trkpt lat=\"-33.92\" lon=\"18.46\"/>\
         </trkseg></trk></gpx>",
    )
    .unwrap();
    let (gpx, log) = (gpx.to_str().unwrap(), log.to_str().unwrap());
    let args = [
        "--track",
        gpx,
        "--write",
        log,
        "--devices",
        "10",
        "--for",
        "600",
    ];
    let run = command::run("simulate", &args, "");
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let counts: Value = serde_json::from_str(&run.out).unwrap();

    let run = command::run("decode", &["--json", "-q", log], "");
    assert_eq!((run.status, run.messages.as_str()), (0, ""));
    let events = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let up: Vec<_> = events
        .filter(|event| event["direction"] != "down")
        .collect();
    assert_eq!(up.len() as u64, counts["frames"].as_u64().unwrap());
    let devices: BTreeSet<_> = up
        .iter()
        .map(|event| event["device"].as_str().unwrap())
        .collect();
    assert_eq!(devices.len(), 10);
    for place in up.iter().filter(|event| event["latitude"].is_number()) {
        let (latitude, longitude) = (&place["latitude"], &place["longitude"]);
        assert!((latitude.as_f64().unwrap() + 33.92).abs() < 1e-5, "{place}");
        assert!(
            (18.42..=18.461).contains(&longitude.as_f64().unwrap()),
            "{place}"
        );
    }
}

#[test]
fn what_cannot_start() {
    for (args, told) in [
        (["--track", "/nowhere.gpx"], "/nowhere.gpx: No such file"),
        (["--fault", "rain"], "there are cuts"),
        (["--mix", "gt07=1"], "no such protocol: gt07"),
        (
            ["--write", "/nowhere/at/all"],
            "/nowhere/at/all: No such file",
        ),
    ] {
        let run = command::run("simulate", &args, "");
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.messages.contains(told), "{}", run.messages);
    }
}
