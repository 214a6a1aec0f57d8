//! The command `decode` as its users run it: input in, output, messages and exit status out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]

#[path = "support/command.rs"]
mod command;

use command::Run;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// The shipped samples.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/gt02_drive.log");
const GT06_SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/gt06_drive.log");
const TK103_SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../examples/tk103_drive.log"
);
const V680_SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/v680_drive.log");
const H02_SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/h02_drive.log");
const MIXED_SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../examples/mixed_connection.log"
);

// Examples of `docs/protocols/gt02.md`, "Messages".
const LOCATION: &str =
    "686825145508647170034558330001100d010f13200b0617ccbe042a459e00000001616f000000070d0a";
const HEARTBEAT: &str = "6868130504035889905831401700001a040423261e290d0a";
const RESPONSE: &str = "6868150000035889905895258400831c07415045584f4b210d0a";
// "The answers that a server owes", and "Commands".
const ACK: &str = "54681a0d0a";
const COMMAND: &str = "8888131c110000000157484552452c363636363636230d0a";

// `docs/protocols/gt06.md`, "Time request (8A)", and the reply at 2015-12-29 00:00:21 UTC.
const TIME_REQUEST: &str = "7878058a000688290d0a";
const TIME: &str = "78780b8a0f0c1d0000150006f0860d0a";
// "Heartbeat (13)".
const HEARTBEAT_GT06: &str = "78780a1344060400020042cd4b0d0a";
// "Frames in the field that differ": the checksum is wrong.
const BAD_CHECKSUM: &str = "7878131111031414390e027f020ffb0003c5003304a30d0a";

impl Run {
    /// The objects of JSON Lines.
    #[track_caller]
    fn json(&self) -> Vec<Value> {
        assert_eq!(self.status, 0, "{}", self.messages);
        json_lines(&self.out)
    }
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// A track of GPX. Its places are latitudes and longitudes.
struct GpxTrack {
    name: Option<String>,
    places: Vec<[f64; 2]>,
    times: Vec<String>,
}

/// Reads the only track of a GPX file, each of whose points has a time.
#[track_caller]
fn gpx_track(text: &str) -> GpxTrack {
    let gpx = gpx::read(text.as_bytes()).unwrap();
    let [track] = gpx.tracks.as_slice() else {
        panic!("{gpx:?}")
    };
    let points = || track.segments.iter().flat_map(|segment| &segment.points);
    let time = |point: &gpx::Waypoint| {
        let time = point.time.unwrap().format().unwrap();
        time.replace(".000000000", "")
    };
    GpxTrack {
        name: track.name.clone(),
        places: points()
            .map(|point| [point.point().y(), point.point().x()])
            .collect(),
        times: points().map(time).collect(),
    }
}

/// The command.
fn command() -> Command {
    command::command("decode")
}

/// Runs the command with this standard input.
fn run(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    command::run("decode", args, input)
}

/// Runs it with `--json` and without a summary.
fn run_json(input: impl AsRef<[u8]>) -> Vec<Value> {
    run(&["--json", "-q"], input).json()
}

/// A file of this test.
fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

/// A line of a log of a current Traccar server.
fn log_line(connection: &str, direction: char, hex: &str) -> String {
    format!("2026-05-04 06:00:02  INFO: [{connection}: gt02 {direction} 10.20.0.7] {hex}\n")
}

/// A location of device 864717003455833, with latitude and longitude in seconds of arc, north and
/// east.
fn location(serial: u16, time: [u8; 6], latitude: u32, longitude: u32, fix: bool) -> String {
    let mut bytes = vec![
        0x68, 0x68, 0x25, 0, 0, 0x08, 0x64, 0x71, 0x70, 0x03, 0x45, 0x58, 0x33,
    ];
    bytes.extend(serial.to_be_bytes());
    bytes.push(0x10);
    bytes.extend(time);
    bytes.extend((latitude * 500).to_be_bytes());
    bytes.extend((longitude * 500).to_be_bytes());
    bytes.extend([0; 9]);
    bytes.extend([6 | u8::from(fix), 0x0D, 0x0A]);
    hex::encode(bytes)
}

/// A frame with a length of two bytes.
fn long_frame(code: u8, content: &[u8]) -> String {
    let length = u16::try_from(1 + content.len() + 2 + 2).unwrap();
    let covered = [&length.to_be_bytes(), &[code][..], content, &[0, 1]].concat();
    let checksum = crc::Crc::<u16>::new(&crc::CRC_16_IBM_SDLC).checksum(&covered);
    hex::encode(
        [
            &[0x79; 2],
            &covered[..],
            &checksum.to_be_bytes(),
            &[0x0D, 0x0A],
        ]
        .concat(),
    )
}

/// The texts of one field.
fn texts<'a>(objects: &'a [Value], field: &str) -> Vec<&'a str> {
    objects
        .iter()
        .map(|object| object[field].as_str().unwrap_or("-"))
        .collect()
}

/// How often each kind occurs.
fn kinds(events: &[Value]) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for kind in texts(events, "kind") {
        *kinds.entry(kind).or_insert(0) += 1;
    }
    kinds
}

/// Panics unless the details of all lines of a table begin in the same column, after 11 others.
#[track_caller]
fn assert_aligned(table: &str) {
    let details = table.lines().next().unwrap().find("details").unwrap();
    for line in table.lines() {
        let mut chars = line.chars().skip(details - 1);
        assert_eq!(chars.next(), Some(' '), "aligned: {line}");
        assert!(
            chars.next().is_some_and(|first| first != ' '),
            "aligned: {line}"
        );
        let columns: String = line.chars().take(details).collect();
        assert_eq!(columns.split_whitespace().count(), 11, "aligned: {line}");
    }
}

/// The line of a table with its columns one space apart.
fn narrow(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without(mut object: Value, fields: &[&str]) -> Value {
    for field in fields {
        object.as_object_mut().unwrap().remove(*field);
    }
    object
}

mod sample {
    use super::*;

    // Counted by a short script that does not use this crate.
    const KINDS: [(&str, usize); 5] = [
        ("ack", 3),
        ("command", 1),
        ("heartbeat", 3),
        ("location", 93),
        ("response", 1),
    ];

    #[test]
    fn as_json() {
        let events = run(&["--json", SAMPLE], "").json();
        assert_eq!(kinds(&events), BTreeMap::from(KINDS));
        assert!(
            texts(&events, "device")
                .iter()
                .all(|device| *device == "490154203237518")
        );
        assert_eq!(
            texts(&events, "reply")
                .iter()
                .filter(|reply| **reply == ACK)
                .count(),
            3,
            "one for each heartbeat"
        );
        assert_eq!(
            texts(&events, "connection")
                .iter()
                .filter(|id| **id == "T77b1d004")
                .count(),
            65
        );
        assert_eq!(
            events[0],
            json!({
                "connection": "T3f0a91c2", "at": "2026-05-04T06:00:02", "protocol": "gt02", "kind": "location", "device": "490154203237518",
                "serial": 1, "time": "2026-05-04T14:00:00", "latitude": 52.52, "longitude": 13.405, "valid": true, "speed_kmh": 0, "course": 93,
                "cell": {"mnc": 2, "lac": 6703, "cid": 20932}, "charging": false,
                "raw": "6868251a2f04901542032375180001101a05040e000005a2814001702de800005d0251c4000000070d0a"
            })
        );
    }

    #[test]
    fn as_table() {
        let run = run(&[SAMPLE], "");
        assert_eq!(run.status, 0);
        let lines: Vec<&str> = run.out.lines().collect();
        assert_eq!(
            lines.len(),
            1 + KINDS.iter().map(|(_, count)| count).sum::<usize>()
        );
        assert_aligned(&run.out);
        assert_eq!(
            narrow(lines[0]),
            "received connection dir proto kind device device-time latitude longitude km/h course details"
        );
        assert_eq!(
            narrow(lines[6]),
            "2026-05-04T06:00:32 T3f0a91c2 up gt02 location 490154203237518 2026-05-04T14:00:30 52.520000 13.405000 0.0 108.0 serial=4 \
             valid=true cell=mnc:2,lac:6703,cid:20932 charging=false"
        );
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.ends_with(" reply=54681a0d0a"))
                .count(),
            3,
            "answers owed"
        );
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.ends_with("text=\"WHERE,666666#\""))
                .count(),
            1,
            "command"
        );
    }

    #[test]
    fn summary() {
        let loud = run(&[SAMPLE], "");
        let expected = "\
            bytes        4044: reads 79, connections 2\n\
            frames       101\n\
            \x20 gt02       101: ack 3, command 1, heartbeat 3, location 93, response 1\n\
            answers owed 3\n\
            devices      1: 490154203237518\n\
            device time  2026-05-04T14:00:00 to 2026-05-04T14:14:50\n\
            noise        0\n\
            pending      0 when their connection ended\n\
            lines        skipped 0, bad 0\n";
        assert_eq!(loud.messages, expected);
        assert_eq!(run(&["--json", SAMPLE], "").messages, expected);
        let quiet = run(&["-q", SAMPLE], "");
        assert_eq!((quiet.messages.as_str(), quiet.out), ("", loud.out));
    }
}

/// A login, heartbeats and a drive. The values were read from the bytes by hand, and by a script
/// that does not use this crate.
mod gt06_sample {
    use super::*;
    use geojson::{FeatureCollection, GeometryValue};

    const DEVICE: &str = "353456789012348";
    const KINDS: [(&str, usize); 4] =
        [("ack", 4), ("heartbeat", 3), ("location", 40), ("login", 1)];

    /// The bytes of each line on its way in this direction.
    fn lines(direction: char) -> Vec<(String, Vec<u8>)> {
        let log = fs::read_to_string(GT06_SAMPLE).unwrap();
        let lines = log
            .lines()
            .filter(|line| line.contains(&format!(" {direction} ")));
        lines
            .map(|line| line.rsplit_once(' ').unwrap().1)
            .map(|hex| (hex.to_owned(), hex::decode(hex).unwrap()))
            .collect()
    }

    #[test]
    fn as_json() {
        let events = run(&["--json", GT06_SAMPLE], "").json();
        assert_eq!(kinds(&events), BTreeMap::from(KINDS));
        assert!(
            texts(&events, "device")
                .iter()
                .all(|device| *device == DEVICE),
            "from the login on"
        );
        assert!(
            texts(&events, "connection")
                .iter()
                .all(|id| *id == "T5e22c0aa")
        );
        let replies: Vec<&str> = texts(&events, "reply")
            .into_iter()
            .filter(|reply| *reply != "-")
            .collect();
        assert_eq!(
            replies,
            lines('>')
                .iter()
                .map(|(hex, _)| hex.as_str())
                .collect::<Vec<_>>(),
            "what the server did answer"
        );
        let expected = [
            (
                0,
                json!({
                    "at": "2026-05-04T07:30:00", "kind": "login", "serial": 1,
                    "reply": "787805010001d9dc0d0a", "raw": "78780d0103534567890123480001c5220d0a"
                }),
            ),
            (
                1,
                json!({"at": "2026-05-04T07:30:00", "direction": "down", "kind": "ack", "serial": 1, "raw": "787805010001d9dc0d0a"}),
            ),
            // South: bit 10 of the course is not set.
            (
                2,
                json!({
                    "at": "2026-05-04T07:30:01", "kind": "location", "serial": 2, "time": "2026-05-04T07:30:00", "latitude": -33.9249,
                    "longitude": 18.4241, "valid": true, "speed_kmh": 0, "course": 82, "satellites": 9,
                    "cell": {"mcc": 262, "mnc": 2, "lac": 6703, "cid": 20932},
                    "raw": "78781f121a0504071e00c903a3c67401fa08740010520106021a2f0051c400027f9f0d0a"
                }),
            ),
            (
                8,
                json!({
                    "at": "2026-05-04T07:31:01", "kind": "heartbeat", "serial": 8, "voltage_level": 6, "gsm_level": 4, "charging": true,
                    "ignition": true, "relay_cut": false, "armed": false, "gps_tracking": true,
                    "reply": "78780513000874300d0a", "raw": "78780a134606040002000817ae0d0a"
                }),
            ),
        ];
        for (number, mut expected) in expected {
            for (field, value) in [
                ("connection", "T5e22c0aa"),
                ("protocol", "gt06"),
                ("device", DEVICE),
            ] {
                expected[field] = json!(value);
            }
            assert_eq!(events[number], expected);
        }
    }

    #[test]
    fn as_table() {
        let run = run(&[GT06_SAMPLE], "");
        assert_aligned(&run.out);
        let lines: Vec<&str> = run.out.lines().collect();
        assert_eq!(lines.len(), 1 + 48);
        assert_eq!(
            narrow(lines[1]),
            "2026-05-04T07:30:00 T5e22c0aa up gt06 login 353456789012348 - - - - - serial=1 reply=787805010001d9dc0d0a"
        );
        assert_eq!(
            narrow(lines[2]),
            "2026-05-04T07:30:00 T5e22c0aa down gt06 ack 353456789012348 - - - - - serial=1"
        );
        // 17 km/h, 3A0 7939 and 1FA 2549 over 1 800 000.
        assert_eq!(
            narrow(lines[22]),
            "2026-05-04T07:32:51 T5e22c0aa up gt06 location 353456789012348 2026-05-04T07:32:50 -33.925295 18.428201 17.0 122.0 serial=20 \
             valid=true satellites=9 cell=mcc:262,mnc:2,lac:6703,cid:20932"
        );
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.contains(" reply=7878051"))
                .count(),
            3,
            "heartbeats"
        );
    }

    #[test]
    fn summary() {
        let expected = "\
            bytes        1543: reads 48, connections 1\n\
            frames       48\n\
            \x20 gt06       48: ack 4, heartbeat 3, location 40, login 1\n\
            answers owed 4\n\
            devices      1: 353456789012348\n\
            device time  2026-05-04T07:30:00 to 2026-05-04T07:36:30\n\
            noise        0\n\
            pending      0 when their connection ended\n\
            lines        skipped 0, bad 0\n";
        assert_eq!(run(&[GT06_SAMPLE], "").messages, expected);
    }

    /// Time and degrees, read from the frames at the offsets that the vendor documents give.
    fn drive() -> Vec<(String, [f64; 2])> {
        let locations = lines('<')
            .into_iter()
            .map(|(_, bytes)| bytes)
            .filter(|bytes| bytes[3] == 0x12);
        let drive = locations.map(|bytes| {
            let [year, month, day, hour, minute, second, ..] = bytes[4..] else {
                panic!()
            };
            let degrees = |at: usize| {
                f64::from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())) / 1_800_000.0
            };
            (
                format!("20{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"),
                [-degrees(11), degrees(15)],
            )
        });
        drive.collect()
    }

    #[test]
    fn drives_from_end_to_end() {
        let drive = drive();
        assert_eq!(drive.len(), 40);
        assert_eq!(
            drive[0],
            ("2026-05-04T07:30:00Z".to_owned(), [-33.9249, 18.4241])
        );
        assert_eq!(
            drive[39],
            (
                "2026-05-04T07:36:30Z".to_owned(),
                [-61_073_023.0 / 1_800_000.0, 33_181_151.0 / 1_800_000.0]
            )
        );

        let run_view = |view| run(&[view, "-q", GT06_SAMPLE], "").out;
        let collection: FeatureCollection = run_view("--geojson").parse().unwrap();
        let [track] = collection.features.as_slice() else {
            panic!("{collection}")
        };
        assert_eq!(track.property("device"), Some(&json!(DEVICE)));
        let GeometryValue::LineString { coordinates } = &track.geometry.as_ref().unwrap().value
        else {
            panic!("{track}")
        };
        assert_eq!(
            coordinates
                .iter()
                .map(|position| position.as_slice())
                .collect::<Vec<_>>(),
            drive
                .iter()
                .map(|(_, [latitude, longitude])| [*longitude, *latitude])
                .collect::<Vec<_>>()
        );
        assert_eq!(
            track.property("times"),
            Some(&json!(
                drive.iter().map(|(time, _)| time).collect::<Vec<_>>()
            ))
        );

        let track = gpx_track(&run_view("--gpx"));
        assert_eq!(track.name.as_deref(), Some(DEVICE));
        assert_eq!(
            track.places,
            drive.iter().map(|(_, at)| *at).collect::<Vec<_>>()
        );
        assert_eq!(
            track.times,
            drive
                .iter()
                .map(|(time, _)| time.clone())
                .collect::<Vec<_>>()
        );
    }
}

/// One drive, reported by three devices in the text protocols. The values were read from the text
/// by hand, and by a script that does not use this crate.
mod text_samples {
    use super::*;
    use geojson::{FeatureCollection, GeometryValue};

    const TK103_DEVICE: &str = "027043999001";
    const V680_DEVICE: &str = "353588020140007";
    const H02_DEVICE: &str = "353588020081247";

    /// Time of day, degrees and minutes, north and east.
    type Point = (String, [f64; 2]);

    fn point(time: &str, latitude: &str, longitude: &str) -> Point {
        let degrees = |text: &str, digits: usize| {
            text[..digits].parse::<f64>().unwrap() + text[digits..].parse::<f64>().unwrap() / 60.0
        };
        let time = format!("2026-05-04T{}:{}:{}Z", &time[..2], &time[2..4], &time[4..6]);
        (time, [degrees(latitude, 2), degrees(longitude, 3)])
    }

    /// What the device sent.
    fn sent(sample: &str) -> String {
        let log = fs::read_to_string(sample).unwrap();
        let reads = log
            .lines()
            .filter(|line| line.contains(" < "))
            .map(|line| hex::decode(line.rsplit_once(' ').unwrap().1).unwrap());
        String::from_utf8(reads.collect::<Vec<_>>().concat()).unwrap()
    }

    fn tk103_drive() -> Vec<Point> {
        let text = sent(TK103_SAMPLE);
        let blocks = text.split("BR00").skip(1);
        blocks
            .map(|block| point(&block[33..39], &block[7..16], &block[17..27]))
            .collect()
    }

    fn v680_drive() -> Vec<Point> {
        let text = sent(V680_SAMPLE);
        let frames = text
            .split("##1#")
            .skip(1)
            .map(|frame| frame.split('#').collect::<Vec<_>>());
        frames
            .map(|fields| {
                let place: Vec<&str> = fields[4].split(',').collect();
                point(fields[6], place[2], place[0])
            })
            .collect()
    }

    fn h02_drive() -> Vec<Point> {
        let text = sent(H02_SAMPLE);
        let frames = text
            .split('#')
            .filter(|frame| !frame.is_empty())
            .map(|frame| frame.split(',').collect::<Vec<_>>());
        frames
            .map(|fields| point(fields[3], fields[5], fields[7]))
            .collect()
    }

    #[test]
    fn kinds_and_replies() {
        for (sample, protocol, device, expected, replies) in [
            (
                TK103_SAMPLE,
                "tk103",
                TK103_DEVICE,
                &[("ack", 1), ("heartbeat", 1), ("location", 24)][..],
                1,
            ),
            (
                V680_SAMPLE,
                "v680",
                V680_DEVICE,
                &[("heartbeat", 6), ("location", 24)],
                0,
            ),
            (H02_SAMPLE, "h02", H02_DEVICE, &[("location", 24)], 0),
        ] {
            let events = run(&["--json", sample], "").json();
            assert_eq!(kinds(&events), expected.iter().copied().collect());
            assert!(
                texts(&events, "device").iter().all(|id| *id == device),
                "{protocol}"
            );
            assert!(
                texts(&events, "protocol")
                    .iter()
                    .all(|name| *name == protocol),
                "{protocol}"
            );
            assert_eq!(
                texts(&events, "reply")
                    .iter()
                    .filter(|reply| **reply != "-")
                    .count(),
                replies,
                "{protocol}"
            );
        }
        let events = run(&["--json", TK103_SAMPLE], "").json();
        assert_eq!(
            events[0]["reply"], events[1]["raw"],
            "what the server did answer"
        );
    }

    /// Each position of an `h02` device gets a reply with the time, if that is known.
    #[test]
    fn h02_is_answered_with_the_time() {
        let events = run(&["--json", "--log-offset", "+02:00", H02_SAMPLE], "").json();
        assert_eq!(
            texts(&events, "reply")
                .iter()
                .filter(|reply| **reply != "-")
                .count(),
            24
        );
        assert_eq!(events[1]["at"], "2026-05-04T10:00:10");
        assert_eq!(
            events[1]["reply"],
            hex::encode("*HQ,353588020081247,V4,V1,20260504080010#")
        );
    }

    #[test]
    fn as_json() {
        for (sample, number, expected) in [
            (
                TK103_SAMPLE,
                0,
                json!({
                    "connection": "Tb0c8e6f1", "at": "2026-05-04T10:00:00", "protocol": "tk103", "kind": "heartbeat", "device": TK103_DEVICE,
                    "reply": hex::encode("(027043999001AP01HSO)"), "raw": hex::encode("(027043999001BP00000027043999001HSO)")
                }),
            ),
            (
                TK103_SAMPLE,
                2,
                json!({
                    "connection": "Tb0c8e6f1", "at": "2026-05-04T10:00:00", "protocol": "tk103", "kind": "location", "device": TK103_DEVICE,
                    "time": "2026-05-04T10:00:00", "latitude": 41.3874, "longitude": 2.1686, "valid": true, "speed_kmh": 0, "course": 62.75,
                    "charging": true, "ignition": false, "odometer": 0,
                    "raw": hex::encode("(027043999001BR00260504A4123.2440N00210.1160E000.0100000062.7500000000L00000000)")
                }),
            ),
            (
                V680_SAMPLE,
                1,
                json!({
                    "connection": "Tc3d20b9e", "at": "2026-05-04T10:00:00", "protocol": "v680", "kind": "location", "device": V680_DEVICE,
                    "time": "2026-05-04T10:00:00", "latitude": 41.3874, "longitude": 2.1686, "speed_kmh": 0, "course": 62.75,
                    "cell": {"mcc": 214, "mnc": 1, "lac": 6703, "cid": 20932},
                    "raw": hex::encode("#353588020140007##1#0000#AUT#01#2140011a2f51c4#00210.1160,E,4123.2440,N,0.00,62.75#040526#100000.000##")
                }),
            ),
            (
                H02_SAMPLE,
                0,
                json!({
                    "connection": "Td8811f63", "at": "2026-05-04T10:00:00", "protocol": "h02", "kind": "location", "device": H02_DEVICE,
                    "time": "2026-05-04T10:00:00", "latitude": 41.3874, "longitude": 2.1686, "valid": true, "speed_kmh": 0, "course": 62,
                    "ignition": false, "relay_cut": false, "armed": false,
                    "raw": hex::encode("*HQ,353588020081247,V1,100000,A,4123.2440,N,00210.1160,E,000.00,062,040526,FFFFFBFF#")
                }),
            ),
        ] {
            let events = run(&["--json", sample], "").json();
            assert_eq!(events[number], expected, "{sample}");
        }
    }

    #[test]
    fn as_table() {
        // 4.89 knots are 9.1 km/h.
        for (sample, lines, number, expected) in [
            (
                TK103_SAMPLE,
                26,
                7,
                "2026-05-04T10:00:50 Tb0c8e6f1 up tk103 location 027043999001 2026-05-04T10:00:40 41.387532 2.168845 9.0 54.5 valid=true \
                 charging=true ignition=false odometer=0",
            ),
            (
                V680_SAMPLE,
                30,
                7,
                "2026-05-04T10:00:40 Tc3d20b9e up v680 location 353588020140007 2026-05-04T10:00:40 41.387532 2.168845 9.1 54.5 \
                 cell=mcc:214,mnc:1,lac:6703,cid:20932",
            ),
            (
                H02_SAMPLE,
                24,
                5,
                "2026-05-04T10:00:40 Td8811f63 up h02 location 353588020081247 2026-05-04T10:00:40 41.387532 2.168845 9.1 54.0 valid=true \
                 ignition=false relay_cut=false armed=false",
            ),
        ] {
            let run = run(&[sample], "");
            assert_aligned(&run.out);
            let table: Vec<&str> = run.out.lines().collect();
            assert_eq!(table.len(), 1 + lines);
            assert_eq!(narrow(table[number]), expected);
        }
    }

    #[test]
    fn summary() {
        for (sample, first, kinds, answers, device) in [
            (
                TK103_SAMPLE,
                "1977: reads 18",
                "  tk103      26: ack 1, heartbeat 1, location 24",
                1,
                TK103_DEVICE,
            ),
            (
                V680_SAMPLE,
                "2558: reads 30",
                "  v680       30: heartbeat 6, location 24",
                0,
                V680_DEVICE,
            ),
            (
                H02_SAMPLE,
                "2016: reads 24",
                "  h02        24: location 24",
                0,
                H02_DEVICE,
            ),
        ] {
            let frames = kinds
                .split_whitespace()
                .nth(1)
                .unwrap()
                .trim_end_matches(':');
            let expected = format!(
                "bytes        {first}, connections 1\nframes       {frames}\n{kinds}\nanswers owed {answers}\ndevices      1: {device}\n\
                 device time  2026-05-04T10:00:00 to 2026-05-04T10:03:50\nnoise        0\npending      0 when their connection ended\n\
                 lines        skipped 0, bad 0\n"
            );
            assert_eq!(run(&[sample], "").messages, expected);
        }
    }

    #[test]
    fn drives_from_end_to_end() {
        for (sample, device, drive) in [
            (TK103_SAMPLE, TK103_DEVICE, tk103_drive()),
            (V680_SAMPLE, V680_DEVICE, v680_drive()),
            (H02_SAMPLE, H02_DEVICE, h02_drive()),
        ] {
            assert_eq!(drive.len(), 24, "{device}");
            assert_eq!(
                drive[0],
                (
                    "2026-05-04T10:00:00Z".to_owned(),
                    [41.0 + 23.244 / 60.0, 2.0 + 10.116 / 60.0]
                ),
                "{device}"
            );
            let assert_places = |places: Vec<[f64; 2]>| {
                assert_eq!(places.len(), drive.len(), "{device}");
                for (place, (time, expected)) in places.into_iter().zip(&drive) {
                    assert!(
                        (place[0] - expected[0]).abs() < 1e-9
                            && (place[1] - expected[1]).abs() < 1e-9,
                        "{device} {time}: {place:?}"
                    );
                }
            };
            let run_view = |view| run(&[view, "-q", sample], "").out;
            let collection: FeatureCollection = run_view("--geojson").parse().unwrap();
            let [track] = collection.features.as_slice() else {
                panic!("{collection}")
            };
            assert_eq!(track.property("device"), Some(&json!(device)));
            let GeometryValue::LineString { coordinates } = &track.geometry.as_ref().unwrap().value
            else {
                panic!("{track}")
            };
            assert_places(
                coordinates
                    .iter()
                    .map(|position| [position[1], position[0]])
                    .collect(),
            );
            assert_eq!(
                track.property("times"),
                Some(&json!(
                    drive.iter().map(|(time, _)| time).collect::<Vec<_>>()
                ))
            );

            let track = gpx_track(&run_view("--gpx"));
            assert_eq!(track.name.as_deref(), Some(device));
            assert_places(track.places);
            assert_eq!(
                track.times,
                drive
                    .iter()
                    .map(|(time, _)| time.clone())
                    .collect::<Vec<_>>()
            );
        }
    }
}

/// A device that speaks two protocols on one connection.
mod mixed_sample {
    use super::*;

    const DEVICE: &str = "868120303334341";
    const HEARTBEATS: [&str; 3] = [
        "68681a0604086812030333434100601a010b282a2a2c1f2824181e1d120d0a",
        "68681a0604086812030333434100611a010b282a2a2c1f2824181e1d120d0a",
        "68681a0604086812030333434100621a010b282a2a2c1f2824181e1d120d0a",
    ];
    const SIMS: [&str; 3] = [
        "79790020940a08681203033343410460041215703040898607b2091700543040000280750d0a",
        "79790020940a08681203033343410460041215703040898607b2091700543040000391fc0d0a",
        "79790020940a08681203033343410460041215703040898607b20917005430400004e5430d0a",
    ];

    #[test]
    fn as_json() {
        let events = run(&["--json", MIXED_SAMPLE], "").json();
        assert_eq!(
            texts(&events, "kind"),
            ["heartbeat", "ack", "info"].repeat(3)
        );
        assert_eq!(
            texts(&events, "protocol"),
            ["gt02", "gt02", "gt06"].repeat(3)
        );
        assert_eq!(texts(&events, "direction"), ["-", "down", "-"].repeat(3));
        assert_eq!(texts(&events, "reply"), [ACK, "-", "-"].repeat(3));
        let common = |mut object: Value, at: &str| {
            for (field, value) in [("connection", "T9d41f7e0"), ("device", DEVICE), ("at", at)] {
                object[field] = json!(value);
            }
            object
        };
        for (round, hour) in ["09:00", "09:03", "09:06"].into_iter().enumerate() {
            let [heartbeat, ack, sim] = &events[3 * round..3 * round + 3] else {
                panic!()
            };
            let heartbeat_at = format!("2026-05-04T{hour}:{:02}", 2 * round);
            let expected = json!({
                "protocol": "gt02", "kind": "heartbeat", "serial": 0x60 + round, "valid": true, "satellites": 11,
                "snr": [40, 42, 42, 44, 31, 40, 36, 24, 30, 29, 18], "voltage_level": 6, "gsm_level": 4, "reply": ACK, "raw": HEARTBEATS[round]
            });
            assert_eq!(*heartbeat, common(expected, &heartbeat_at));
            assert_eq!(
                *ack,
                common(
                    json!({"protocol": "gt02", "direction": "down", "kind": "ack", "raw": ACK}),
                    &heartbeat_at
                )
            );
            let expected = json!({
                "protocol": "gt06", "kind": "info", "code": "0x94/0x0a", "serial": 2 + round, "imsi": "460041215703040",
                "iccid": "898607b2091700543040", "raw": SIMS[round]
            });
            assert_eq!(
                *sim,
                common(expected, &format!("2026-05-04T{hour}:{:02}", 2 * round + 2))
            );
        }
    }

    #[test]
    fn as_table() {
        let run = run(&[MIXED_SAMPLE], "");
        assert_aligned(&run.out);
        let lines: Vec<String> = run.out.lines().map(narrow).collect();
        assert_eq!(lines.len(), 1 + 9);
        assert_eq!(
            lines[1],
            "2026-05-04T09:00:00 T9d41f7e0 up gt02 heartbeat 868120303334341 - - - - - serial=96 valid=true satellites=11 \
             voltage_level=6 gsm_level=4 snr=[40,42,42,44,31,40,36,24,30,29,18] reply=54681a0d0a"
        );
        assert_eq!(
            lines[3],
            "2026-05-04T09:00:02 T9d41f7e0 up gt06 info 868120303334341 - - - - - code=0x94/0x0a serial=2 imsi=460041215703040 \
             iccid=898607b2091700543040"
        );
    }

    #[test]
    fn summary() {
        let expected = "\
            bytes        222: reads 9, connections 1\n\
            frames       9\n\
            \x20 gt02       6: ack 3, heartbeat 3\n\
            \x20 gt06       3: info 3\n\
            answers owed 3\n\
            devices      1: 868120303334341\n\
            noise        0\n\
            pending      0 when their connection ended\n\
            lines        skipped 0, bad 0\n";
        assert_eq!(run(&[MIXED_SAMPLE], "").messages, expected);
    }

    #[test]
    fn the_device_is_known_from_either() {
        for first in [HEARTBEATS[0], SIMS[0]] {
            let events = run_json(
                [
                    TIME_REQUEST,
                    first,
                    TIME_REQUEST,
                    SIMS[1],
                    HEARTBEATS[1],
                    TIME_REQUEST,
                ]
                .join("\n"),
            );
            assert_eq!(
                texts(&events, "device"),
                ["-", DEVICE, DEVICE, DEVICE, DEVICE, DEVICE]
            );
            assert_eq!(texts(&events, "kind")[4..], ["heartbeat", "time_request"]);
        }
    }

    #[test]
    fn cut_anywhere() {
        let stream = [
            HEARTBEATS[0],
            SIMS[0],
            TIME_REQUEST,
            HEARTBEATS[1],
            SIMS[1],
            TIME_REQUEST,
        ];
        let bytes = hex::decode(stream.concat()).unwrap();
        for len in [1, 7, 50] {
            let log: String = bytes
                .chunks(len)
                .map(|chunk| log_line("T1", '<', &hex::encode(chunk)))
                .collect();
            let events = run_json(log);
            assert_eq!(texts(&events, "raw"), stream, "reads of {len}");
            assert_eq!(
                texts(&events, "protocol"),
                ["gt02", "gt06", "gt06"].repeat(2)
            );
        }
    }
}

mod formats {
    use super::*;

    /// The bytes that devices sent in the sample, read by read.
    fn reads() -> Vec<String> {
        let log = fs::read_to_string(SAMPLE).unwrap();
        log.lines()
            .filter(|line| line.contains(" < "))
            .map(|line| line.rsplit(' ').next().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn log_hex_and_raw_give_the_same() {
        let reads = reads();
        assert_eq!(reads.len(), 75);
        let log: String = reads.iter().map(|hex| log_line("T1", '<', hex)).collect();
        let hex = reads.join("\n");
        let raw = hex::decode(reads.concat()).unwrap();

        let expected = run_json(&hex);
        assert_eq!(expected.len(), 97);
        assert!(
            expected
                .iter()
                .all(|event| event.get("connection").is_none()
                    && event.get("at").is_none()
                    && event["kind"] != "noise")
        );
        let from_log: Vec<Value> = run_json(&log)
            .into_iter()
            .map(|event| without(event, &["connection", "at"]))
            .collect();
        assert_eq!(from_log, expected);
        assert_eq!(run_json(&raw), expected);

        for (format, input) in [
            ("log", log.as_bytes()),
            ("hex", hex.as_bytes()),
            ("raw", &raw),
        ] {
            assert_eq!(
                run(&["--json", "-q", "--format", format], input)
                    .json()
                    .len(),
                expected.len(),
                "{format}"
            );
            let path = file(&format!("same.{format}"), input);
            assert_eq!(
                run(&["--json", "-q", path.to_str().unwrap()], "")
                    .json()
                    .len(),
                expected.len(),
                "{format}"
            );
        }
    }

    #[test]
    fn hex_with_all_sorts_of_things_between() {
        let bytes = hex::decode(HEARTBEAT).unwrap();
        let joined = |separator: &str| {
            bytes
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect::<Vec<_>>()
                .join(separator)
        };
        let input = format!(
            "# a heartbeat, in many ways\r\n\r\n{HEARTBEAT}\r\n{}\n  {}\n{}\n0x{},\n<{}  # a comment\n< {HEARTBEAT}\n\u{feff}{HEARTBEAT}",
            joined(" "),
            joined(":"),
            joined("-"),
            joined(", 0x"),
            joined(" "),
        );
        let events = run_json(&input);
        assert_eq!(texts(&events, "raw"), [HEARTBEAT; 8]);
    }

    #[test]
    fn older_logs() {
        for (line, connection, at) in [
            (
                "2013-01-16 15:32:08 DEBUG: [4E3A0C1B: 5022 < 10.0.0.7] HEX: ",
                "4E3A0C1B",
                Some("2013-01-16T15:32:08"),
            ),
            (
                "2013-01-16 15:32:08 DEBUG: [TE3A0C1B: 5022 < 10.0.0.7] HEX: ",
                "TE3A0C1B",
                Some("2013-01-16T15:32:08"),
            ),
            (
                "2015-03-01 10:00:00 DEBUG: [1A2B3C4D: 5023 < 1.2.3.4:5678] HEX: ",
                "1A2B3C4D",
                Some("2015-03-01T10:00:00"),
            ),
            (
                "2015-03-01 10:00:00 DEBUG: [1A2B3C4D < 1.2.3.4] HEX: ",
                "1A2B3C4D",
                Some("2015-03-01T10:00:00"),
            ),
            (
                "2015-03-01 10:00:00.123 DEBUG: [1A2B3C4D: < 1.2.3.4]",
                "1A2B3C4D",
                Some("2015-03-01T10:00:00"),
            ),
            (
                "2026-05-04T06:00:02  INFO: [T3f0a91c2: gt02 < 10.20.0.7] ",
                "T3f0a91c2",
                Some("2026-05-04T06:00:02"),
            ),
            (
                "tracker-1  | 2026-05-04 06:00:02  INFO: [T3f0a91c2: gt02 < 10.20.0.7] ",
                "T3f0a91c2",
                Some("2026-05-04T06:00:02"),
            ),
            (
                "2026-05-04 06:00:02  INFO [netty-3] [T3f0a91c2: gt02 < 10.20.0.7] ",
                "T3f0a91c2",
                Some("2026-05-04T06:00:02"),
            ),
            (
                "2026-13-04 06:00:02  INFO: [T3f0a91c2: gt02 < 10.20.0.7] ",
                "T3f0a91c2",
                None,
            ),
            ("[T3f0a91c2: gt02 < 10.20.0.7] ", "T3f0a91c2", None),
        ] {
            let events = run_json(format!("{line}{HEARTBEAT}\r\n"));
            assert_eq!(texts(&events, "kind"), ["heartbeat"], "{line}");
            assert_eq!(events[0]["connection"], connection, "{line}");
            assert_eq!(events[0].get("at").and_then(Value::as_str), at, "{line}");
        }
    }

    #[test]
    fn other_lines_of_a_log_are_counted() {
        let input = format!(
            "2026-05-04 06:00:00  INFO: Operating system name: Linux [x]\n\
             java.lang.IllegalStateException: ]no[ <payload>\n\tat org.traccar.Main(Main.java:1) [tracker-server.jar:?]\n\n\
             2026-05-04 06:00:01  INFO: [T1] connected\n{}2026-05-04 06:00:03  INFO: [T1] id: 864717003455833, time: 2013-01-15 19:32:11\n\
             2026-05-04 06:00:04  WARN: [T1] error - Connection reset [x] <y>\n2026-05-04 06:00:05  INFO: [T1] disconnected\n",
            log_line("T1", '<', LOCATION)
        );
        let run = run(&["--json"], &input);
        assert_eq!(texts(&run.json(), "kind"), ["location"]);
        assert!(
            run.messages.contains("skipped 8, bad 0"),
            "{}",
            run.messages
        );
    }

    #[test]
    fn a_log_is_recognised_after_other_text() {
        let input = format!(
            "{}\u{fffd}\n{}",
            "Exception in thread main\n".repeat(400),
            log_line("T1", '<', LOCATION)
        );
        assert_eq!(run_json(&input)[0]["connection"], "T1");
        let input = [
            "caf\u{e9}\n".chars().map(|c| c as u8).collect(),
            log_line("T1", '<', LOCATION).into_bytes(),
        ]
        .concat();
        assert_eq!(run_json(&input)[0]["connection"], "T1", "Latin-1 around it");
    }
}

mod streams {
    use super::*;

    #[test]
    fn interleaved_connections_with_frames_cut_anywhere() {
        let (a, b) = (LOCATION, HEARTBEAT);
        for cut in (2..b.len()).step_by(2) {
            let input = [
                log_line("Ta", '<', &a[..cut]),
                log_line("Tb", '<', &b[..cut]),
                log_line("Ta", '<', &a[cut..]),
                log_line("Tb", '<', &b[cut..]),
            ];
            let events = run_json(input.concat());
            assert_eq!(texts(&events, "raw"), [a, b], "cut at {cut}");
            assert_eq!(texts(&events, "connection"), ["Ta", "Tb"]);
        }
    }

    #[test]
    fn both_directions() {
        let input = [
            log_line("T1", '<', &HEARTBEAT[..20]),
            log_line("T1", '>', &ACK[..4]),
            log_line("T1", '<', &HEARTBEAT[20..]),
            log_line("T1", '>', &ACK[4..]),
            log_line("T1", '>', COMMAND),
            log_line("T1", '>', "ffff"),
            // An echo is no frame of the device, nor of another one.
            log_line("T1", '>', HEARTBEAT),
            log_line("T1", '>', LOCATION),
            log_line("T1", '>', ACK),
        ];
        let hex = "< 6868130504035889905831401700001a040423261e290d0a\n> 54681a0d0a\n>8888131c110000000157484552452c363636363636230d0a\n>ffff\n";
        for (input, echo) in [(input.concat(), 3), (hex.to_owned(), 0)] {
            let events = run_json(input);
            assert_eq!(
                texts(&events, "kind")[..4],
                ["heartbeat", "ack", "command", "noise"]
            );
            assert_eq!(
                texts(&events, "direction")[..4],
                ["-", "down", "down", "down"]
            );
            assert_eq!(
                texts(&events, "device")[..4],
                ["358899058314017", "358899058314017", "358899058314017", "-"]
            );
            assert_eq!(texts(&events, "reply")[..4], [ACK, "-", "-", "-"]);
            assert_eq!(events[2]["text"], "WHERE,666666#");
            assert_eq!(events.len(), 4 + echo);
            for event in &events[4..] {
                assert_eq!(
                    (&event["direction"], &event["reply"]),
                    (&json!("down"), &Value::Null)
                );
            }
            assert!(
                events[4..]
                    .last()
                    .is_none_or(|ack| ack["device"] == "358899058314017")
            );
        }
    }

    #[test]
    fn udp_keeps_nothing_but_the_device() {
        let reads = [&LOCATION[..30], &LOCATION[30..], HEARTBEAT];
        let hex = reads.join("\n");
        assert_eq!(texts(&run_json(&hex), "kind"), ["location", "heartbeat"]);
        let events = run(&["--json", "--udp"], &hex).json();
        assert_eq!(texts(&events, "kind").last(), Some(&"heartbeat"));
        assert_eq!(events[0]["reason"], "truncated");
        assert_eq!(
            texts(&events, "raw").concat(),
            reads.concat(),
            "nothing is lost"
        );
        assert!(events.iter().all(|event| event["kind"] != "location"));

        // In a log each peer has a session of its own, whether the log says that it is UDP or the
        // user does.
        for (args, connection) in [
            (&["--json", "-q"][..], "U77aa0001"),
            (&["--json", "-q", "--udp"], "T77aa0001"),
        ] {
            let line = |direction, peer, hex| {
                format!(
                    "2026-05-04 06:00:02  INFO: [{connection}: gt02 {direction} {peer}] {hex}\n"
                )
            };
            let input = [
                line('<', "10.0.0.1", HEARTBEAT),
                line('<', "10.0.0.2", LOCATION),
                line('>', "10.0.0.1", ACK),
                line('<', "10.0.0.1", &LOCATION[..30]),
                line('<', "10.0.0.1", &LOCATION[30..]),
            ];
            let events = run(args, input.concat()).json();
            assert_eq!(
                texts(&events, "kind")[..3],
                ["heartbeat", "location", "ack"]
            );
            assert_eq!(events[2]["device"], "358899058314017");
            assert!(
                events[3..].iter().all(|event| event["kind"] == "noise"),
                "two datagrams make no frame"
            );
            assert!(events.iter().all(|event| event["connection"] == connection));
        }
    }

    #[test]
    fn what_is_pending_at_the_end_is_noise() {
        for input in [
            LOCATION[..40].to_owned(),
            log_line("T1", '<', &LOCATION[..40]),
        ] {
            let run = run(&["--json"], &input);
            let events = run.json();
            assert_eq!(texts(&events, "reason")[0], "truncated");
            assert_eq!(texts(&events, "raw").concat(), LOCATION[..40]);
            assert!(
                run.messages.contains("\npending      20 "),
                "{}",
                run.messages
            );
            assert!(
                run.messages.contains("\nnoise        20: "),
                "{}",
                run.messages
            );
        }
    }

    #[test]
    fn a_connection_ends_where_the_log_says_so() {
        for word in ["disconnected", "connected"] {
            let boundary = format!("2026-05-04 06:10:00  INFO: [T1] {word}\n");
            let input = [
                log_line("T1", '<', &LOCATION[..40]),
                boundary,
                log_line("T1", '<', ACK),
                log_line("T1", '<', &LOCATION[40..]),
            ];
            let events = run_json(input.concat());
            assert_eq!(
                (&events[0]["reason"], &events[0]["at"]),
                (&json!("truncated"), &json!("2026-05-04T06:10:00"))
            );
            let ack = events
                .iter()
                .position(|event| event["kind"] == "ack")
                .unwrap();
            assert_eq!(texts(&events[..ack], "raw").concat(), LOCATION[..40]);
            assert!(events[ack].get("device").is_none(), "a new connection");
            assert!(events.iter().all(|event| event["kind"] != "location"));
        }
    }

    #[test]
    fn a_connection_goes_on_in_the_next_log() {
        let (first, second) = (
            file("rotated.1", log_line("T1", '<', &LOCATION[..40])),
            file("rotated.2", log_line("T1", '<', &LOCATION[40..])),
        );
        let events = run(
            &["--json", first.to_str().unwrap(), second.to_str().unwrap()],
            "",
        )
        .json();
        assert_eq!(texts(&events, "kind"), ["location"]);
        // A file of hex is a connection of its own.
        let (first, second) = (
            file("own.1", &LOCATION[..40]),
            file("own.2", &LOCATION[40..]),
        );
        let events = run(
            &["--json", first.to_str().unwrap(), second.to_str().unwrap()],
            "",
        )
        .json();
        assert!(events.iter().all(|event| event["kind"] == "noise"));
    }

    #[test]
    fn connections_that_never_end_are_let_go() {
        let begun: String = (0..5000)
            .map(|id| log_line(&format!("T{id}"), '<', &LOCATION[..40]))
            .collect();
        let run = run(&["--json"], begun + &log_line("T5000", '<', LOCATION));
        let events = run.json();
        let location = events
            .iter()
            .position(|event| event["kind"] == "location")
            .unwrap();
        let ended_before = events[..location]
            .iter()
            .filter(|event| event["reason"] == "truncated")
            .count();
        assert!(
            (800..1000).contains(&ended_before),
            "{ended_before}: those that were silent longest"
        );
        assert_eq!(events[0]["connection"], "T0");
        assert_eq!(
            events
                .iter()
                .filter(|event| event["raw"].as_str().unwrap().starts_with("6868"))
                .count(),
            5001,
            "all are told"
        );
        assert!(
            run.messages.contains("connections 5001\n"),
            "{}",
            run.messages
        );
    }

    #[test]
    fn the_largest_frame() {
        // Start, length, number, serial, checksum and end are 11 bytes.
        let [largest, larger] = [4096, 4097].map(|len| long_frame(0x8D, &vec![0xEE; len - 11]));
        let input = [&largest, &larger, HEARTBEAT_GT06].join("\n");
        let events = run_json(&input);
        assert_eq!(
            texts(&events, "raw").concat(),
            [largest.as_str(), &larger, HEARTBEAT_GT06].concat(),
            "nothing is lost"
        );
        assert_eq!(
            (&events[0]["kind"], &events[0]["code"]),
            (&json!("unknown"), &json!("0x8d"))
        );
        assert_eq!(
            (&events[1]["kind"], &events[1]["reason"]),
            (&json!("noise"), &json!("oversize"))
        );
        assert_eq!(texts(&events, "kind").last(), Some(&"heartbeat"));
        // A datagram may have any size.
        let events = run(&["--json", "--udp"], &input).json();
        assert_eq!(texts(&events, "kind"), ["unknown", "unknown", "heartbeat"]);
    }

    #[test]
    fn shows_what_is_there_before_more_comes() {
        for input in [log_line("T1", '<', LOCATION), format!("{LOCATION}\n")] {
            let mut child = command()
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            stdin.write_all(input.as_bytes()).unwrap();
            let lines = BufReader::new(child.stdout.take().unwrap()).lines();
            let (sender, receiver) = mpsc::channel();
            thread::spawn(move || {
                lines
                    .map_while(Result::ok)
                    .try_for_each(|line| sender.send(line))
            });
            for word in ["details", "location"] {
                let line = receiver.recv_timeout(Duration::from_secs(20)).unwrap();
                assert!(line.contains(word), "{line}");
            }
            drop(stdin);
            assert!(child.wait().unwrap().success());
        }
    }
}

/// What is asked for by a flag.
mod settings {
    use super::*;

    #[test]
    fn bad_checksums() {
        let directions = [
            (HEARTBEAT_GT06, '<'),
            (BAD_CHECKSUM, '<'),
            (BAD_CHECKSUM, '>'),
        ];
        let streams = directions
            .map(|(hex, direction)| log_line("T1", direction, hex))
            .concat();
        for input in [streams.clone(), streams.replace("[T1", "[U1")] {
            let dropped = run(&["--json"], &input);
            let events = dropped.json();
            assert_eq!(texts(&events, "kind"), ["heartbeat", "noise", "noise"]);
            assert_eq!(texts(&events, "reason"), ["-", "checksum", "checksum"]);
            assert_eq!(texts(&events, "raw")[1..], [BAD_CHECKSUM; 2]);
            assert!(events.iter().all(|event| event.get("crc_ok").is_none()));
            assert!(
                dropped.messages.contains(
                    "
noise        48: checksum 48
"
                ),
                "{}",
                dropped.messages
            );
            assert!(
                !dropped.messages.contains("bad crc"),
                "{}",
                dropped.messages
            );

            let taken = run(&["--json", "--accept-bad-checksums"], &input);
            let events = taken.json();
            assert_eq!(texts(&events, "kind"), ["heartbeat", "cell", "cell"]);
            assert_eq!(texts(&events, "direction"), ["-", "-", "down"]);
            assert_eq!(
                events
                    .iter()
                    .map(|event| event.get("crc_ok"))
                    .collect::<Vec<_>>(),
                [None, Some(&json!(false)), Some(&json!(false))]
            );
            assert_eq!(
                without(events[1].clone(), &["connection", "at"]),
                json!({
                    "protocol": "gt06", "kind": "cell", "serial": 51, "time": "2017-03-20T20:57:14",
                    "cell": {"mcc": 639, "mnc": 2, "lac": 4091, "cid": 965}, "crc_ok": false, "raw": BAD_CHECKSUM
                })
            );
            assert!(
                taken.messages.contains(
                    "
  gt06       3: cell 2, heartbeat 1
  bad crc    2
"
                ),
                "{}",
                taken.messages
            );
            assert!(
                taken.messages.contains(
                    "
noise        0
"
                ),
                "{}",
                taken.messages
            );
        }

        let table = run(&["-q"], BAD_CHECKSUM).out;
        assert_aligned(&table);
        let noise = format!(
            "- - up - noise - - - - - - reason=checksum bytes=24 {}...",
            &BAD_CHECKSUM[..32]
        );
        assert_eq!(narrow(table.lines().nth(1).unwrap()), noise);
        let table = run(&["-q", "--accept-bad-checksums"], BAD_CHECKSUM).out;
        assert_eq!(
            narrow(table.lines().nth(1).unwrap()),
            "- - up gt06 cell - 2017-03-20T20:57:14 - - - - crc_ok=false serial=51 cell=mcc:639,mnc:2,lac:4091,cid:965"
        );
    }

    #[test]
    fn answers_to_all() {
        let answered = |args: &[&str]| {
            let events = run(args, "").json();
            events
                .into_iter()
                .filter(|event| event.get("reply").is_some())
                .collect::<Vec<_>>()
        };
        let events = answered(&["--json", "-q", "--reply-to-all", GT06_SAMPLE]);
        assert_eq!(
            kinds(&events),
            BTreeMap::from([("login", 1), ("heartbeat", 3), ("location", 40)])
        );
        assert_eq!(events[1]["reply"], "78780512000281b60d0a");
        assert!(run(&["--reply-to-all", GT06_SAMPLE], "").messages.contains(
            "
answers owed 44
"
        ));
        // Of the other protocol, heartbeats alone.
        assert_eq!(
            kinds(&answered(&["--json", "-q", "--reply-to-all", MIXED_SAMPLE])),
            BTreeMap::from([("heartbeat", 3)])
        );
    }

    #[test]
    fn the_time() {
        let line = |connection| {
            format!(
                "2015-12-29 08:00:21  INFO: [{connection}: gt06 < 10.20.0.7] {TIME_REQUEST}
"
            )
        };
        for input in [line("T1"), line("U1")] {
            let unknown = run(&["--json", "--utc-offset", "+08:00"], &input);
            let event = &unknown.json()[0];
            assert_eq!(
                (&event["kind"], event.get("reply"), &event["at"]),
                (&json!("time_request"), None, &json!("2015-12-29T08:00:21"))
            );
            assert!(
                unknown.messages.contains(
                    "
answers owed 0
"
                ),
                "{}",
                unknown.messages
            );

            let known = run(&["--json", "--log-offset", "+08:00"], &input);
            let event = &known.json()[0];
            assert_eq!(
                (&event["reply"], &event["at"]),
                (&json!(TIME), &json!("2015-12-29T08:00:21"))
            );
            assert!(
                known.messages.contains(
                    "
answers owed 1
"
                ),
                "{}",
                known.messages
            );
        }
        // West of Greenwich.
        let args = ["--json", "--log-offset", "-01:30"];
        assert_eq!(
            run(&args, line("T1")).json()[0]["reply"].as_str().unwrap()[8..20],
            *"0f0c1d091e15"
        );
        // Nothing says when it came.
        assert!(run(&args, TIME_REQUEST).json()[0].get("reply").is_none());
    }
}

mod failures {
    use super::*;

    #[test]
    fn nothing_to_read() {
        let empty = file("empty", "");
        let (empty, missing, folder) = (
            empty.to_str().unwrap(),
            "/nowhere/at/all.log",
            env!("CARGO_TARGET_TMPDIR"),
        );
        let no_payload = "2026-05-04 06:00:00  INFO: Starting server...\n2026-05-04 06:00:01  INFO: [T1] connected\n";
        let cases: [(&[&str], &str, &str); 10] = [
            (&[missing], "", missing),
            (&[folder], "", folder),
            (&[empty], "", empty),
            (&[], "", "standard input"),
            (&["-"], " \r\n\n", "standard input"),
            (&[], no_payload, "standard input"),
            (
                &["--format", "hex"],
                "# nothing but\n# comments\n",
                "standard input",
            ),
            (
                &["--format", "hex"],
                "neither here\nnor there\n",
                "standard input",
            ),
            (&["--format", "raw"], "", "standard input"),
            (&["--format", "raw", "--udp"], "abc", "--udp"),
        ];
        for (args, input, named) in cases {
            let run = run(args, input);
            assert_eq!(run.status, 2, "{args:?} {input:?}");
            assert_eq!(run.out, "", "{args:?} {input:?}");
            assert!(
                run.messages.lines().all(|line| line.starts_with("gt02: ")),
                "{}",
                run.messages
            );
            assert!(run.messages.contains(named), "{}", run.messages);
        }
    }

    #[test]
    fn the_other_files_are_decoded() {
        let run = run(&["--json", "/nowhere/at/all.log", SAMPLE], "");
        assert_eq!(run.status, 2);
        assert_eq!(run.out.lines().count(), 101);
        assert!(
            run.messages.starts_with("gt02: /nowhere/at/all.log: "),
            "{}",
            run.messages
        );
    }

    #[test]
    fn usage() {
        let views = ["--json", "--geojson", "--gpx"];
        let pairs = [
            [views[0], views[1]],
            [views[0], views[2]],
            [views[1], views[2]],
        ];
        let others = [
            ["--utc-offset", "Berlin"],
            ["--log-offset", "Berlin"],
            ["--format", "xml"],
            ["--nonsense", SAMPLE],
        ];
        for args in pairs.iter().chain(&others) {
            let run = run(args, "");
            assert_eq!(run.status, 2, "{args:?}");
            assert!(run.messages.starts_with("error: "), "{}", run.messages);
        }
    }

    #[test]
    fn output_that_cannot_be_written() {
        let run = run(&["-o", "/nowhere/at/all.txt", SAMPLE], "");
        assert_eq!(run.status, 2);
        assert!(
            run.messages.starts_with("gt02: /nowhere/at/all.txt: "),
            "{}",
            run.messages
        );
    }

    #[test]
    fn the_reader_of_the_output_may_go_away() {
        let large = file("large.log", fs::read_to_string(SAMPLE).unwrap().repeat(100));
        for view in [&[][..], &["--json"], &["--geojson"], &["--gpx"]] {
            let mut child = command()
                .args(view)
                .arg(&large)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            // One line is read, or nothing where all comes at the end.
            let mut reader = BufReader::new(child.stdout.take().unwrap());
            if view.first().is_none_or(|view| *view == "--json") {
                assert_ne!(reader.read_line(&mut String::new()).unwrap(), 0);
            }
            drop(reader);
            let output = child.wait_with_output().unwrap();
            assert_eq!(
                (
                    output.status.code(),
                    String::from_utf8(output.stderr).unwrap().as_str()
                ),
                (Some(0), ""),
                "{view:?}"
            );
        }
    }

    #[test]
    fn bad_lines_are_told_and_left_out() {
        let odd = &LOCATION[..41];
        let path = file(
            "bad.hex",
            format!("{HEARTBEAT}\n{odd}\nno hex at all\n68 6\u{e9}\n686 868\n{HEARTBEAT}\n"),
        );
        let name = path.to_str().unwrap();
        let run = run(&["--json", name], "");
        let events = run.json();
        assert_eq!(
            texts(&events, "kind")
                .iter()
                .filter(|kind| **kind == "heartbeat")
                .count(),
            2
        );
        assert_eq!(
            texts(&events, "raw").concat(),
            [HEARTBEAT, &odd[..40], HEARTBEAT].concat(),
            "whole bytes of a line that was cut count"
        );
        for (line, what) in [
            (2, "odd number of hex digits"),
            (3, "not hex"),
            (4, "not hex"),
            (5, "not hex"),
        ] {
            assert!(
                run.messages
                    .contains(&format!("gt02: {name}:{line}: {what}")),
                "{}",
                run.messages
            );
        }
        assert!(run.messages.contains("bad 4\n"), "{}", run.messages);

        let many = run_with_warnings(&format!("{HEARTBEAT}\n{}", "68686\n".repeat(50)));
        assert_eq!(
            many.messages.matches("odd number").count(),
            10,
            "{}",
            many.messages
        );
        assert_eq!(
            many.messages.matches("further lines").count(),
            1,
            "{}",
            many.messages
        );
        assert!(many.messages.contains("bad 50\n"), "{}", many.messages);

        let log = run_with_warnings(
            &[
                log_line("T1", '<', "HEX: zz"),
                log_line("T1", '<', &format!("{HEARTBEAT}6")),
            ]
            .concat(),
        );
        assert_eq!(texts(&log.json(), "kind"), ["heartbeat"]);
        assert!(
            log.messages.contains("gt02: -:1: not hex") && log.messages.contains("gt02: -:2: odd"),
            "{}",
            log.messages
        );
    }

    fn run_with_warnings(input: &str) -> Run {
        run(&["--json"], input)
    }

    #[test]
    fn lines_without_end() {
        const LIMIT: usize = 1024 * 1024;
        let long = HEARTBEAT.repeat(3 * LIMIT / HEARTBEAT.len());
        let run = run(&["--json"], format!("{HEARTBEAT}\n{long}\n{LOCATION}\n"));
        let events = run.json();
        assert_eq!(
            events
                .iter()
                .filter(|event| event["kind"] == "heartbeat")
                .count(),
            1 + LIMIT / HEARTBEAT.len()
        );
        assert_eq!(events.last().unwrap()["raw"], LOCATION);
        assert!(
            run.messages.contains("gt02: -:2: longer than 1 MiB"),
            "{}",
            run.messages
        );

        // The longest line that is read, with and without an end.
        let most = format!(
            "{}{}",
            HEARTBEAT.repeat(LIMIT / HEARTBEAT.len()),
            " ".repeat(LIMIT % HEARTBEAT.len())
        );
        assert_eq!(most.len(), LIMIT);
        for input in [
            most.clone(),
            format!("{most}\n"),
            format!("{most}\n{HEARTBEAT}"),
        ] {
            let run = run_with_warnings(&input);
            assert_eq!(run.json().len(), input.matches(HEARTBEAT).count());
            assert!(run.messages.contains("bad 0\n"), "{}", run.messages);
        }
    }

    #[test]
    fn garbage_does_no_harm() {
        // A linear congruential generator, for the same garbage each time.
        let mut state = 1_u64;
        let garbage: Vec<u8> = (0..300_000)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        for (format, status) in [("log", 2), ("hex", 2), ("raw", 0)] {
            let run = run(&["--json", "--format", format], &garbage);
            assert_eq!(run.status, status, "{format}: {}", run.messages);
        }
        let events = run_json(&garbage);
        assert_eq!(
            texts(&events, "raw").concat(),
            hex::encode(&garbage),
            "nothing is lost"
        );
        // What a device sends must not control a terminal.
        let evil = hex::encode(
            b"\x68\x68\x13\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\x05\x1b[2Jx\x0d\x0a",
        );
        let table = run(&["-q"], &evil);
        assert!(
            table.out.contains("response") && !table.out.contains('\x1b'),
            "{}",
            table.out
        );
    }
}

mod views {
    use super::*;
    use geojson::{FeatureCollection, GeometryValue};

    #[test]
    fn names_in_json() {
        let unknown = "68680d0000035889905831401700df2b0d0a";
        let input = [LOCATION, HEARTBEAT, RESPONSE, unknown, "ff"]
            .map(|hex| log_line("T1", '<', hex))
            .concat()
            + &[ACK, COMMAND, "ff"]
                .map(|hex| log_line("T1", '>', hex))
                .concat();
        let expected = [
            json!({
                "protocol": "gt02", "kind": "location", "device": "864717003455833", "serial": 1, "time": "2013-01-15T19:32:11",
                "latitude": 102_223_038.0 / 1_800_000.0, "longitude": 69_879_198.0 / 1_800_000.0, "valid": true, "speed_kmh": 0, "course": 0,
                "cell": {"mnc": 1, "lac": 5205, "cid": 24943}, "charging": false, "raw": LOCATION
            }),
            json!({
                "protocol": "gt02", "kind": "heartbeat", "device": "358899058314017", "serial": 0, "satellites": 4, "snr": [35, 38, 30, 41],
                "voltage_level": 5, "gsm_level": 4, "reply": ACK, "raw": HEARTBEAT
            }),
            json!({
                "protocol": "gt02", "kind": "response", "device": "358899058952584", "serial": 131, "text": "APEXOK!", "raw": RESPONSE
            }),
            json!({
                "protocol": "gt02", "kind": "unknown", "code": "0x2b", "device": "358899058314017", "serial": 223, "raw": unknown
            }),
            json!({"kind": "noise", "reason": "garbage", "raw": "ff"}),
            json!({"protocol": "gt02", "direction": "down", "kind": "ack", "device": "358899058314017", "raw": ACK}),
            json!({
                "protocol": "gt02", "direction": "down", "kind": "command", "device": "358899058314017", "text": "WHERE,666666#", "raw": COMMAND
            }),
            json!({"direction": "down", "kind": "noise", "reason": "garbage", "raw": "ff"}),
        ];
        let events = run_json(&input);
        assert_eq!(events.len(), expected.len());
        for (event, mut expected) in events.into_iter().zip(expected) {
            expected["connection"] = json!("T1");
            expected["at"] = json!("2026-05-04T06:00:02");
            assert_eq!(event, expected);
        }
    }

    /// Made from an example of `docs/protocols/v680.md`, "Report of several records": the newest
    /// position first, and one of the four records without a position.
    const RECORDS: &str = "#356823031166908#13001190527#0#0000#AUT#4#V#07136.0000,W,1041.0000,N,010.00,257#280813#142846\
        #66830FFB#07136.4070,W,1040.0575,N,000.35,#280813#142836#V#,,,,,###V#07136.0000,W,1042.0000,N,000.00,0#280813#142856##";

    #[test]
    fn names_in_json_of_the_text_protocols() {
        for (text, expected) in [
            (
                "(027045009305BP05355227045009305,{413,2,30073,16724}\n{413,2,30073,16730}\n,01000000)",
                json!({
                    "protocol": "tk103", "kind": "login", "device": "027045009305", "imei": "355227045009305",
                    "cell": {"mcc": 413, "mnc": 2, "lac": 30073, "cid": 16724}, "cells": [{"mcc": 413, "mnc": 2, "lac": 30073, "cid": 16730}],
                    "charging": true, "ignition": true, "reply": hex::encode("(027045009305AP05)")
                }),
            ),
            (
                "(013632782450BO022080524A2934.0133N10627.2544E040.0061830309.6200000000L000770EF)",
                json!({
                    "protocol": "tk103", "kind": "alarm", "device": "013632782450", "time": "2008-05-24T06:18:30",
                    "latitude": 29.0 + 34.0133 / 60.0, "longitude": 106.0 + 27.2544 / 60.0, "valid": true, "speed_kmh": 40, "course": 309.62,
                    "alarm": "sos", "alarm_code": 2, "charging": true, "ignition": false, "odometer": 487_663, "resent": true
                }),
            ),
            (
                "(013632782450BP01GPS518,DEC,22,2008)",
                json!({"protocol": "tk103", "kind": "info", "code": "BP01", "device": "013632782450", "firmware": "GPS518,DEC,22,2008"}),
            ),
            (
                "(013632782450BR05)",
                json!({"protocol": "tk103", "kind": "unknown", "code": "BR05", "device": "013632782450"}),
            ),
            (
                RECORDS,
                json!({
                    "protocol": "v680", "kind": "location", "device": "356823031166908", "time": "2013-08-28T14:28:46",
                    "latitude": 10.0 + 41.0 / 60.0, "longitude": -71.6, "speed_kmh": 18.52, "course": 257,
                    "records": [
                        {
                            "time": "2013-08-28T14:28:46", "latitude": 10.0 + 41.0 / 60.0, "longitude": -71.6, "speed_kmh": 18.52, "course": 257
                        },
                        {
                            "time": "2013-08-28T14:28:36", "latitude": 10.0 + 40.0575 / 60.0, "longitude": -71.0 - 36.407 / 60.0,
                            "speed_kmh": 0.648, "cell": {"lac": 0x6683, "cid": 0x0FFB}
                        },
                        {},
                        {"time": "2013-08-28T14:28:56", "latitude": 10.7, "longitude": -71.6, "speed_kmh": 0, "course": 0}
                    ]
                }),
            ),
            (
                "*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,F7FFFBFF#",
                json!({
                    "protocol": "h02", "kind": "response", "code": "S20", "device": "2020916012", "time": "2002-09-22T05:03:16",
                    "latitude": 22.0 + 12.8745 / 60.0, "longitude": 113.0 + 46.6574 / 60.0, "valid": true, "speed_kmh": 26.446, "course": 28,
                    "ignition": false, "relay_cut": true, "armed": false, "text": "DONE"
                }),
            ),
            (
                "*HQ,1600068860,V19,112137,V,0000.0000,N,00000.0000,E,0.00,0,000000,555,777,89480610500392633029F,FFFFFBFF#",
                json!({
                    "protocol": "h02", "kind": "location", "device": "1600068860", "valid": false, "speed_kmh": 0, "course": 0, "ignition": false,
                    "relay_cut": false, "armed": false, "iccid": "89480610500392633029"
                }),
            ),
            (
                "*HQ,353588020068342,BS,1,100#",
                json!({"protocol": "h02", "kind": "unknown", "code": "BS", "device": "353588020068342"}),
            ),
        ] {
            let raw = hex::encode(text);
            let [event] = run_json(&raw).try_into().unwrap();
            let mut expected = expected;
            expected["raw"] = json!(raw);
            assert_same(text, &expected, &event);
        }
    }

    /// Panics unless both have the same fields; fractions agree within their last digits.
    #[track_caller]
    fn assert_same(place: &str, expected: &Value, actual: &Value) {
        match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => {
                let names = |object: &serde_json::Map<String, Value>| {
                    object
                        .keys()
                        .cloned()
                        .collect::<std::collections::BTreeSet<_>>()
                };
                assert_eq!(names(actual), names(expected), "{place}");
                expected.iter().for_each(|(name, expected)| {
                    assert_same(&format!("{place} {name}"), expected, &actual[name])
                });
            }
            (Value::Array(expected), Value::Array(actual)) => {
                assert_eq!(actual.len(), expected.len(), "{place}");
                expected
                    .iter()
                    .zip(actual)
                    .for_each(|(expected, actual)| assert_same(place, expected, actual));
            }
            (Value::Number(expected), Value::Number(actual)) if expected.is_f64() => {
                let (expected, actual) = (expected.as_f64().unwrap(), actual.as_f64().unwrap());
                assert!(
                    (expected - actual).abs() < 0.001
                        && (!place.contains("tude") || (expected - actual).abs() < 1e-9),
                    "{place}: {actual}"
                );
            }
            _ => assert_eq!(actual, expected, "{place}"),
        }
    }

    /// Every position of a frame is a point of the track, in the order of time.
    #[test]
    fn records_on_the_map() {
        let input = [
            hex::encode(RECORDS),
            hex::encode("#356823031166908##"),
            hex::encode(RECORDS),
        ]
        .join("\n");
        let run_view = |view| run(&[view, "-q"], &input).out;
        let collection: FeatureCollection = run_view("--geojson").parse().unwrap();
        let [track] = collection.features.as_slice() else {
            panic!("{collection}")
        };
        let GeometryValue::LineString { coordinates } = &track.geometry.as_ref().unwrap().value
        else {
            panic!("{track}")
        };
        let latitudes: Vec<f64> = coordinates.iter().map(|position| position[1]).collect();
        assert_eq!(latitudes, [10.0 + 40.0575 / 60.0, 10.0 + 41.0 / 60.0, 10.7]);
        assert_eq!(
            track.property("times"),
            Some(&json!([
                "2013-08-28T14:28:36Z",
                "2013-08-28T14:28:46Z",
                "2013-08-28T14:28:56Z"
            ]))
        );
        let gpx = gpx::read(run_view("--gpx").as_bytes()).unwrap();
        let points: Vec<f64> = gpx.tracks[0].segments[0]
            .points
            .iter()
            .map(|point| point.point().y())
            .collect();
        assert_eq!(points, latitudes);
        let summary = run(&["--json"], &input).messages;
        assert!(
            summary.contains("device time  2013-08-28T14:28:36 to 2013-08-28T14:28:56\n"),
            "{summary}"
        );
        let table = run(&["-q"], &input).out;
        assert!(
            table.contains(" records=[time:\"2013-08-28T14:28:46\",latitude:10.6833"),
            "{table}"
        );
    }

    /// What a server sends is on no map.
    #[test]
    fn records_of_a_server_are_on_no_map() {
        let collection: FeatureCollection =
            run(&["--geojson", "-q"], format!("> {}", hex::encode(RECORDS)))
                .out
                .parse()
                .unwrap();
        assert!(collection.features.is_empty(), "{collection}");
    }

    /// The bytes of a text protocol, as they are.
    #[test]
    fn raw_text() {
        let text = format!("(027042411793BP00HSO)\r\n*HQ,353588020068342,XT,1,100#\r\n{RECORDS}");
        let events = run_json(&text);
        let protocols: Vec<&str> = texts(&events, "protocol")
            .into_iter()
            .filter(|protocol| *protocol != "-")
            .collect();
        assert_eq!(protocols, ["tk103", "h02", "v680"]);
    }

    /// Fixes out of order and repeated, one without a fix, one without a date; and a second device
    /// with a single one.
    fn drive() -> String {
        let at = |minute| [26, 5, 4, 14, minute, 0];
        [
            location(1, at(3), 30_000, 40_000, true),
            location(2, at(3), 30_000, 40_000, true),
            location(3, [26, 13, 4, 14, 0, 0], 33_000, 44_000, true),
            location(4, at(1), 10_000, 20_000, true),
            location(5, at(2), 11_000, 21_000, false),
            location(6, at(2), 20_000, 30_000, true),
            location(7, at(3), 30_000, 40_000, true),
            HEARTBEAT.to_owned(),
            "6868250000035889905831401700010f".replace("0f", "10")
                + "0d010f13200b"
                + "0617ccbe042a459e"
                + "000000000000000000070d0a",
        ]
        .join("\n")
    }

    const DEVICES: [&str; 2] = ["358899058314017", "864717003455833"];
    /// Seconds of arc, and the time in UTC if the clock is 8 hours ahead.
    const TRACK: [(f64, f64, Option<&str>); 4] = [
        (10_000.0, 20_000.0, Some("2026-05-04T06:01:00Z")),
        (20_000.0, 30_000.0, Some("2026-05-04T06:02:00Z")),
        (30_000.0, 40_000.0, Some("2026-05-04T06:03:00Z")),
        // After the one that was received before it.
        (33_000.0, 44_000.0, None),
    ];

    #[test]
    fn geojson() {
        let run = run(&["--geojson", "--utc-offset", "+08:00", "-q"], drive());
        let collection: FeatureCollection = run.out.parse().unwrap();
        let [single, track] = collection.features.as_slice() else {
            panic!("{}", run.out)
        };
        for (feature, device) in [single, track].into_iter().zip(DEVICES) {
            assert_eq!(feature.property("device"), Some(&json!(device)));
        }
        let GeometryValue::Point { coordinates } = &single.geometry.as_ref().unwrap().value else {
            panic!("{single}")
        };
        assert_eq!(
            coordinates.as_slice(),
            [69_879_198.0 / 1_800_000.0, 102_223_038.0 / 1_800_000.0]
        );
        assert_eq!(
            single.property("times"),
            Some(&json!(["2013-01-15T11:32:11Z"]))
        );
        let GeometryValue::LineString { coordinates } = &track.geometry.as_ref().unwrap().value
        else {
            panic!("{track}")
        };
        let expected: Vec<[f64; 2]> = TRACK
            .iter()
            .map(|(latitude, longitude, _)| [longitude / 3600.0, latitude / 3600.0])
            .collect();
        assert_eq!(
            coordinates
                .iter()
                .map(|position| position.as_slice())
                .collect::<Vec<_>>(),
            expected
        );
        assert_eq!(
            track.property("times"),
            Some(&json!(TRACK.map(|(_, _, time)| time)))
        );
    }

    #[test]
    fn gpx() {
        for (args, hours) in [
            (&["--gpx", "-q"][..], 8),
            (&["--gpx", "-q", "--utc-offset", "+08:00"], 0),
            (&["--gpx", "-q", "--utc-offset", "-1"], 9),
        ] {
            let run = run(args, drive());
            let gpx = gpx::read(run.out.as_bytes()).unwrap();
            assert_eq!(gpx.version, gpx::GpxVersion::Gpx11);
            assert_eq!(
                gpx.tracks
                    .iter()
                    .map(|track| track.name.as_deref().unwrap())
                    .collect::<Vec<_>>(),
                DEVICES
            );
            let points: Vec<_> = gpx.tracks[1]
                .segments
                .iter()
                .flat_map(|segment| &segment.points)
                .collect();
            assert_eq!(points.len(), TRACK.len());
            for (point, (latitude, longitude, time)) in points.into_iter().zip(TRACK) {
                assert_eq!(
                    (point.point().y(), point.point().x()),
                    (latitude / 3600.0, longitude / 3600.0)
                );
                let time = time.map(|time| {
                    time.replace("T06", &format!("T{:02}", 6 + hours))
                        .replace('Z', ".000000000Z")
                });
                assert_eq!(point.time.map(|time| time.format().unwrap()), time);
            }
        }
    }

    #[test]
    fn table_in_utc() {
        let time = |args: &[&str]| {
            run(args, LOCATION)
                .out
                .lines()
                .nth(1)
                .unwrap()
                .split_whitespace()
                .nth(6)
                .unwrap()
                .to_owned()
        };
        assert_eq!(time(&[]), "2013-01-15T19:32:11");
        assert_eq!(time(&["--utc-offset", "+08:00"]), "2013-01-15T11:32:11Z");
        assert_eq!(time(&["--utc-offset", "-05:00"]), "2013-01-16T00:32:11Z");
        let json = run(&["--json", "--utc-offset", "+08:00"], LOCATION).json();
        assert_eq!(
            json[0]["time"], "2013-01-15T19:32:11",
            "the device's clock in any case"
        );
    }

    #[test]
    fn noise_in_the_table() {
        let table = run(&["-q"], format!("{}\n", "ff".repeat(20))).out;
        let row: Vec<&str> = table.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!((row[2], row[4]), ("up", "noise"));
        assert_eq!(
            row[11..].join(" "),
            format!("reason=garbage bytes=20 {}...", "ff".repeat(16))
        );
    }

    #[test]
    fn details_in_the_table() {
        // `docs/protocols/gt06.md`, "Cell list (18, 28)".
        let cells = "78783b1800000000000002e003433a002fed3d433a007e0d48433a0056104f433a0056e150433a002f00514332002f33580000000000ffff000200053fde0d0a";
        let address = long_frame(0x17, &[]);
        let text = |text: &str| long_frame(0x21, &[b"\0\0\0\0\x01", text.as_bytes()].concat());
        let input = [
            cells.to_owned(),
            address,
            text("1\r\n2\u{202e}\u{1b}[2J\"\u{e9}"),
            text(&"x".repeat(160)),
            text(&"=\u{e9}".repeat(81)),
        ];
        let table = run(&["-q"], input.join("\n")).out;
        assert_aligned(&table);
        let details: Vec<String> = table
            .lines()
            .skip(1)
            .map(|line| narrow(line).splitn(12, ' ').last().unwrap().to_owned())
            .collect();
        assert_eq!(
            details,
            [
                "serial=5 cell=mcc:736,mnc:3,lac:17210,cid:12269 cells=[mcc:736,mnc:3,lac:17210,cid:32269,rssi:72;\
                 mcc:736,mnc:3,lac:17210,cid:22032,rssi:79;mcc:736,mnc:3,lac:17210,cid:22241,rssi:80;+2]",
                "serial=1",
                "serial=1 text=\"1\\r\\n2\\u{202e}\\u{1b}[2J\\\"\u{e9}\"",
                &format!("serial=1 text={}", "x".repeat(160)),
                &format!("serial=1 text=\"{}\"...", "=\u{e9}".repeat(80)),
            ]
        );
        assert!(table.contains(" address_request "));
        // All of it.
        let events = run_json(input.join("\n"));
        assert_eq!(events[0]["cells"].as_array().unwrap().len(), 5);
        assert_eq!(events[4]["text"], "=\u{e9}".repeat(81));
    }

    #[test]
    fn to_a_file() {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("output.json");
        let run = run(&["--json", "-q", "-o", path.to_str().unwrap(), SAMPLE], "");
        assert_eq!((run.status, run.out.as_str()), (0, ""));
        assert_eq!(json_lines(&fs::read_to_string(path).unwrap()).len(), 101);
    }

    #[test]
    fn help() {
        let run = run(&["--help"], "");
        assert_eq!(run.status, 0);
        let told = [
            "gt02, gt06, tk103,",
            "v680 and h02, also mixed",
            "[FILE]...",
            "--format",
            "--udp",
            "--json",
            "--geojson",
            "--gpx",
            "--accept-bad-checksums",
            "--reply-to-all",
            "--log-offset",
            "--utc-offset",
            "--output",
            "-o",
            "--no-summary",
            "-q",
            "log",
            "hex",
            "raw",
            "pcap",
            "--port",
            "Examples:",
            "tail -f",
            "Memory grows",
            "4096 bytes",
            "4096 connections",
            "160 characters",
            "Exit status",
            "standard input",
        ];
        for word in told {
            assert!(run.out.contains(word), "{word} is missing:\n{}", run.out);
        }
        assert!(
            run.out.lines().all(|line| line.chars().count() <= 100),
            "{}",
            run.out
        );
    }
}

/// Frames of real devices, with the JSON to which they must decode: `tests/corpus/README.md`
/// explains the files.
mod corpus {
    use super::*;

    /// The files that are read.
    const FILES: &[&str] = &[
        "gt02.jsonl",
        "gt06.jsonl",
        "tk103.jsonl",
        "v680.jsonl",
        "h02.jsonl",
    ];

    #[test]
    fn decodes_as_expected() {
        for name in FILES {
            decodes(name);
        }
    }

    #[test]
    fn field_gt02() {
        decodes("field/gt02.jsonl");
    }

    #[test]
    fn field_gt06() {
        decodes("field/gt06.jsonl");
    }

    #[test]
    fn field_tk103() {
        decodes("field/tk103.jsonl");
    }

    #[test]
    fn field_v680() {
        decodes("field/v680.jsonl");
    }

    #[test]
    fn field_h02() {
        decodes("field/h02.jsonl");
    }

    /// Panics unless all rows of the file decode as they expect; names all rows that do not.
    #[track_caller]
    fn decodes(name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/corpus")
            .join(name);
        let rows = json_lines(&fs::read_to_string(path).unwrap());
        assert!(!rows.is_empty(), "{name}");
        let log: String = rows
            .iter()
            .enumerate()
            .map(|(row, content)| {
                log_line(
                    &format!("T{row}"),
                    direction(content),
                    content["hex"].as_str().unwrap(),
                )
            })
            .collect();
        let mut reports: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for event in run(&["--json", "-q"], log).json() {
            if event["kind"] != "noise" {
                reports
                    .entry(event["connection"].as_str().unwrap().to_owned())
                    .or_default()
                    .push(event);
            }
        }
        let mut differences = Vec::new();
        for (row, content) in rows.iter().enumerate() {
            let place = format!("{name}:{}", row + 1);
            let actual = reports.remove(&format!("T{row}")).unwrap_or_default();
            let found = differences.len();
            compare(
                &place,
                "",
                &content["expect"],
                &Value::Array(actual),
                &mut differences,
            );
            if differences.len() > found {
                differences.push(format!("    {}", content["source"]));
            }
        }
        assert!(differences.is_empty(), "\n{}", differences.join("\n"));
    }

    fn direction(row: &Value) -> char {
        if row["expect"][0]["direction"] == "down" {
            '>'
        } else {
            '<'
        }
    }

    /// Adds to `differences` what `actual`, which may hold more fields, lacks of `expected`. A
    /// field that is expected to be null must not be there.
    fn compare(
        place: &str,
        field: &str,
        expected: &Value,
        actual: &Value,
        differences: &mut Vec<String>,
    ) {
        match (expected, actual) {
            (Value::Object(expected), Value::Object(actual)) => {
                for (field, expected) in expected {
                    let place = format!("{place} {field}");
                    let actual = actual.get(field).unwrap_or(&Value::Null);
                    compare(&place, field, expected, actual, differences);
                }
            }
            (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
                for (number, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                    let place = format!("{place}[{number}]");
                    compare(&place, field, expected, actual, differences);
                }
            }
            _ => {
                let is_equal = match (expected.as_f64(), actual.as_f64()) {
                    (Some(expected), Some(actual)) => (expected - actual).abs() <= tolerance(field),
                    _ => expected == actual,
                };
                if !is_equal {
                    differences.push(format!("{place}: {actual}, not {expected}"));
                }
            }
        }
    }

    fn tolerance(field: &str) -> f64 {
        match field {
            "latitude" | "longitude" => 1e-6,
            "speed_kmh" | "course" | "voltage" | "battery_voltage" => 0.01,
            _ => 0.0,
        }
    }
}
