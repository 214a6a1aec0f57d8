//! The device's side: what is encoded from plain values is what a server reports.

#![allow(clippy::unwrap_used)]
#![cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]

use core::time::Duration;
use gt02::{
    Decoder, Direction, Frame, Item, Protocol, Report, Session,
    device::{Device, Fix, Received, Status, Uplink, UplinkError},
    protocol::gt06,
    report::Kind,
    session::Command,
    types::{Alarm, CellTower, Course, DateTime, Position, Speed},
};
use proptest::{option, prelude::*};

const PROTOCOLS: [Protocol; 5] = [
    Protocol::Gt02,
    Protocol::Gt06,
    Protocol::Tk103,
    Protocol::V680,
    Protocol::H02,
];

fn device(protocol: Protocol) -> Device {
    Device::new(protocol, "353588020144007".parse().unwrap())
}

fn fix() -> Fix {
    let time = DateTime::new(2026, 5, 4, 7, 30, 15).unwrap();
    let mut fix = Fix::new(time, Position::from_degrees(-33.9249, 18.4241).unwrap());
    fix.speed = Some(Speed::from_kmh(50));
    fix.course = Course::from_degrees(217);
    fix
}

/// Fixes with values at the ends of their fields on the wire, and between.
fn fixes() -> impl Strategy<Value = Fix> {
    let part = |ends: &'static [u32], max: u32| {
        prop_oneof![proptest::sample::select(ends), 0..=max].prop_map(Some)
    };
    let cell = (
        part(&[0, 262, 0x7FFF, 0x8000, 0xFFFF], 0xFFFF),
        part(&[0, 2, 255, 256, 999], 0xFFFF),
        part(&[0, 0xFFFF], 0xFFFF),
        part(&[0, 0xFF_FFFF], 0xFF_FFFF),
    )
        .prop_map(|(mcc, mnc, lac, cid)| {
            let mut cell = CellTower::default();
            (cell.mcc, cell.mnc) = (mcc.map(|mcc| mcc as u16), mnc.map(|mnc| mnc as u16));
            (cell.lac, cell.cid) = (lac, cid);
            cell
        });
    let place = (-900_000_000..=900_000_000, -1_800_000_000..=1_800_000_000)
        .prop_map(|(latitude, longitude)| Position::from_e7(latitude, longitude).unwrap());
    let time = (
        2000_u16..2100,
        1_u8..13,
        1_u8..29,
        0_u8..24,
        0_u8..60,
        0_u8..60,
    );
    let flags = (any::<bool>(), any::<bool>(), option::of(any::<bool>()));
    let motion = (
        option::of(0_u16..=255),
        option::of(0_u16..=359),
        option::of(any::<u8>()),
    );
    (time, place, option::of(cell), flags, motion).prop_map(|(time, place, cell, flags, motion)| {
        let (year, month, day, hour, minute, second) = time;
        let time = DateTime::new(year, month, day, hour, minute, second).unwrap();
        let mut fix = Fix::new(time, place);
        fix.cell = cell;
        (fix.valid, fix.resent, fix.ignition) = flags;
        fix.speed = motion.0.map(Speed::from_kmh);
        fix.course = motion.1.and_then(Course::from_degrees);
        fix.satellites = motion.2;
        fix
    })
}

proptest! {
    /// Positions of `gt06` are not read back when they are encoded.
    #[test]
    fn what_is_written_is_read_as_what_it_is(
        fix in fixes(),
        is_alarm: bool,
        alarm in proptest::sample::select(&[Alarm::Sos, Alarm::PowerCut, Alarm::Overspeed][..]),
        flags: [Option<bool>; 4],
        levels: [Option<u8>; 2],
    ) {
        let mut status = Status::new();
        [status.charging, status.ignition, status.relay_cut, status.armed] = flags;
        [status.voltage_level, status.gsm_level] = levels;
        let uplink = match is_alarm {
            true => Uplink::Alarm { alarm, fix, status },
            false => Uplink::Location(fix),
        };
        let mut out = [0; 128];
        if let Ok(sent) = device(Protocol::Gt06).encode(&uplink, &mut out) {
            let message = gt06::Message::parse(&out[..sent.len]).unwrap();
            let is_read_as = match message {
                gt06::Message::Location(_) => !is_alarm,
                gt06::Message::Alarm(_) => is_alarm,
                _ => false,
            };
            prop_assert!(is_read_as, "{message:?}");
            let mut again = [0; 128];
            prop_assert_eq!(message.encode(&mut again), Ok(sent.len));
            prop_assert_eq!(&again[..sent.len], &out[..sent.len]);
        }
    }
}

#[test]
fn a_location_is_reported_as_it_was_given() {
    for protocol in PROTOCOLS {
        let mut out = [0; 256];
        let sent = device(protocol)
            .encode(&Uplink::Location(fix()), &mut out)
            .unwrap();
        let frame = Frame::parse(&out[..sent.len]).unwrap();
        assert_eq!(frame.protocol(), protocol);
        let report = Report::new(&frame, Direction::Up);
        assert_eq!(report.kind, Kind::Location, "{protocol}");
        assert_eq!(report.time, Some(fix().time), "{protocol}");
        let position = report.position.unwrap();
        let near = |a: i32, b: i32| a.abs_diff(b) < 2;
        assert!(
            near(position.latitude.micro_degrees(), -33_924_900)
                && near(position.longitude.micro_degrees(), 18_424_100),
            "{protocol}: {position:?}"
        );
        let speed = report.speed.unwrap().kmh();
        assert!((speed - 50.0).abs() < 0.02, "{protocol}: {speed}");
        assert_eq!(report.course.unwrap().degrees(), 217.0, "{protocol}");
    }
}

#[test]
fn the_reply_of_a_session_is_the_one_expected() {
    let now = fix().time;
    let uplinks = [
        Uplink::Login,
        Uplink::Heartbeat(Status::new()),
        Uplink::Location(fix()),
        Uplink::Alarm {
            alarm: Alarm::Sos,
            fix: fix(),
            status: Status::new(),
        },
        Uplink::Response("ok"),
    ];
    for protocol in PROTOCOLS {
        let mut device = device(protocol);
        let mut supported = 0;
        for uplink in uplinks {
            let mut out = [0; 256];
            let sent = match device.encode(&uplink, &mut out) {
                Err(UplinkError::Unsupported { .. }) => continue,
                sent => sent.unwrap(),
            };
            supported += 1;
            let frame = Frame::parse(&out[..sent.len]).unwrap();
            let reply = Session::new().handle_at(&frame, now).reply;
            match (sent.expects, reply) {
                (Some(expected), Some(reply)) => {
                    assert!(
                        expected.is_met_by(&Frame::parse(&reply).unwrap()),
                        "{uplink:?}"
                    );
                }
                (None, None) => {}
                other => panic!("{protocol} {uplink:?}: {other:?}"),
            }
        }
        assert!(supported >= 3, "{protocol}");
    }
}

#[test]
fn every_serial_is_sent_or_skipped() {
    for protocol in [Protocol::Gt02, Protocol::Gt06] {
        let mut device = device(protocol);
        let mut out = [0; 64];
        let mut skipped = 0;
        for _ in 0..=u16::MAX {
            let before = device.serial();
            device
                .encode(&Uplink::Heartbeat(Status::new()), &mut out)
                .unwrap();
            skipped += u32::from(device.serial() != before.wrapping_add(1));
        }
        // In a heartbeat of `gt02` without a status, 54 68 spells a reply.
        assert_eq!(skipped, u32::from(protocol == Protocol::Gt02), "{protocol}");
    }
}

#[test]
fn a_time_that_does_not_exist_is_refused() {
    for protocol in PROTOCOLS {
        let mut fix = fix();
        fix.time.month = 13;
        let mut device = device(protocol);
        assert_eq!(
            device.encode(&Uplink::Location(fix), &mut [0; 256]),
            Err(UplinkError::InvalidTime)
        );
        assert_eq!(device.serial(), 1, "nothing was sent");
    }
}

/// A sentence with its checksum.
fn sentence(text: &str) -> String {
    let sum = text.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("${text}*{sum:02X}\r\n")
}

/// An RMC sentence in which one field, counted from 1, is another.
fn rmc(field: usize, value: &str) -> String {
    let mut fields =
        "GPRMC,073015.00,A,3355.4940,S,01825.4460,E,26.998,217.0,040526,,,A".split(',');
    let fields: Vec<&str> = (0..13)
        .map(|at| {
            let usual = fields.next().unwrap();
            if at == field { value } else { usual }
        })
        .collect();
    sentence(&fields.join(","))
}

#[test]
fn sentences_give_what_they_say_and_no_more() {
    let usual = Fix::from_rmc(rmc(0, "GPRMC").as_bytes()).unwrap();
    let mut expected = fix();
    expected.speed = Some(Speed::MilliKnots(26_998));
    assert_eq!(usual, expected);
    for (field, value) in [
        (0, "GPGGA"),
        (0, "GPRMCX"),
        (1, ""),
        (1, "240000"),
        (1, "07301"),
        (1, "0730155"),
        (2, ""),
        (3, ""),
        (3, "3360.0000"),
        (3, "9000.0001"),
        (3, "5"),
        (4, ""),
        (4, "E"),
        (5, ""),
        (6, "S"),
        (9, ""),
        (9, "300226"),
        (9, "060180"),
        (9, "31129"),
    ] {
        assert_eq!(
            Fix::from_rmc(rmc(field, value).as_bytes()),
            None,
            "{field} {value}"
        );
    }
    let with = |field, value| Fix::from_rmc(rmc(field, value).as_bytes()).unwrap();
    assert_eq!(with(0, "GNRMC"), usual);
    assert_eq!(with(1, "073015"), usual);
    assert_eq!(with(12, "A,V"), usual, "fields of later versions");
    assert_eq!(with(7, "").speed, None);
    assert_eq!(with(7, "x").speed, None);
    assert_eq!(with(8, "").course, None);
    assert_eq!(with(8, "360.1").course, None);
    assert!(!with(2, "V").valid);
    assert_eq!(with(2, "V").position, usual.position);
}

#[test]
fn a_sentence_is_read_only_with_its_checksum() {
    let line = rmc(0, "GPRMC");
    let line = line.trim_end();
    assert!(Fix::from_rmc(line.as_bytes()).is_some());
    for at in 0..line.len() {
        assert_eq!(Fix::from_rmc(&line.as_bytes()[..at]), None, "{at} bytes");
        for bit in 0..8 {
            let mut damaged = line.as_bytes().to_vec();
            damaged[at] ^= 1 << bit;
            // The digits of the sum in lower case are the same.
            let same = damaged.eq_ignore_ascii_case(line.as_bytes()) && at >= line.len() - 2;
            assert_eq!(
                Fix::from_rmc(&damaged).is_some(),
                same,
                "bit {bit} of byte {at}"
            );
        }
    }
}

#[test]
fn a_time_of_day_is_that_of_the_nearest_day() {
    let near = |day, hour, minute| DateTime::new(2026, 5, day, hour, minute, 0).unwrap();
    for (clock, near, expected) in [
        ("073000", near(4, 7, 29), near(4, 7, 30)),
        ("235900", near(5, 0, 1), near(4, 23, 59)),
        ("000100", near(4, 23, 59), near(5, 0, 1)),
        ("120000", near(4, 0, 0), near(4, 12, 0)),
        ("120100", near(4, 0, 0), near(3, 12, 1)),
        ("115900", near(4, 23, 59), near(4, 11, 59)),
        ("115800", near(4, 23, 59), near(5, 11, 58)),
    ] {
        let line = sentence(&format!(
            "GPGGA,{clock},3355.4940,S,01825.4460,E,1,08,1.1,12.0,M,,M,,"
        ));
        let found = Fix::from_gga(line.as_bytes(), near).unwrap();
        assert_eq!((found.time, found.position), (expected, fix().position));
        assert_eq!((found.satellites, found.valid), (Some(8), true));
        assert_eq!((found.speed, found.course), (None, None));
    }
    let gga = |quality: &str, satellites: &str| {
        let line = sentence(&format!(
            "GNGGA,073015,3355.4940,S,01825.4460,E,{quality},{satellites},,,,,,,"
        ));
        Fix::from_gga(line.as_bytes(), fix().time)
    };
    assert!(!gga("0", "00").unwrap().valid);
    assert_eq!(gga("1", "").unwrap().satellites, None);
    assert_eq!(gga("", "08"), None);
}

#[test]
fn a_reply_is_waited_for_until_its_deadline() {
    let second = Duration::from_secs;
    let mut out = [0; 256];
    for protocol in PROTOCOLS {
        let mut device = device(protocol);
        let heartbeat = Uplink::Heartbeat(Status::new());
        let sent = device.send(&heartbeat, second(100), &mut out).unwrap();
        let reply = Session::new()
            .handle_at(&Frame::parse(&out[..sent.len]).unwrap(), fix().time)
            .reply;
        let Some(reply) = reply else {
            assert_eq!((device.deadline(), device.waits_for()), (None, None));
            continue;
        };
        assert_eq!(device.waits_for(), sent.expects);
        assert_eq!(device.deadline(), Some(second(105)));
        assert!(!device.is_late(second(104)) && device.is_late(second(105)));

        // A second one is refused, and counts for nothing; a frame without a reply is sent.
        let before = device;
        let refused = device.send(&heartbeat, second(101), &mut out);
        assert_eq!(refused, Err(UplinkError::Waiting));
        assert_eq!(device, before);
        let location = device.send(&Uplink::Location(fix()), second(101), &mut out);
        let is_answered = device
            .encode(&Uplink::Location(fix()), &mut out)
            .unwrap()
            .expects;
        assert_eq!(location.is_ok(), is_answered.is_none(), "{protocol}");

        let reply = Frame::parse(&reply).unwrap();
        assert_eq!(device.receive(&reply), Received::Reply, "{protocol}");
        assert_eq!(device.deadline(), None);
        assert_ne!(device.receive(&reply), Received::Reply, "{protocol}: once");

        device.send(&heartbeat, second(200), &mut out).unwrap();
        device.give_up();
        assert!(!device.is_late(second(1000)));
    }
}

#[test]
fn a_command_is_understood_and_its_tag_repeated() {
    let mut out = [0; 256];
    for (protocol, command, code, text) in [
        (Protocol::Gt02, Command::Text("WHERE#"), None, "WHERE#"),
        (Protocol::Gt06, Command::Text("WHERE#"), None, "WHERE#"),
        (Protocol::Tk103, Command::CutRelay, Some("AV01"), "0"),
        (Protocol::H02, Command::CutRelay, Some("S20"), "073015,1,1"),
    ] {
        let mut device = device(protocol);
        let mut session = Session::new();
        let sent = device
            .encode(&Uplink::Heartbeat(Status::new()), &mut out)
            .unwrap();
        let _ = session.handle(&Frame::parse(&out[..sent.len]).unwrap());
        let len = session
            .command_tagged(&command, 0x1A963, Some(fix().time), &mut out)
            .unwrap();
        let frame = Frame::parse(&out[..len]).unwrap();
        let Received::Command(found) = device.receive(&frame) else {
            panic!("{protocol}")
        };
        let found_code = found.code.map(|code| code.to_string());
        assert_eq!(found_code.as_deref(), code, "{protocol}");
        assert_eq!(found.text.as_str(), Some(text), "{protocol}");
        let tag = if protocol == Protocol::Gt06 {
            0x1A963
        } else {
            0
        };
        assert_eq!((found.tag, device.tag()), (tag, tag));

        // Another device does not take it.
        let mut other = self::device(Protocol::V680);
        assert_eq!(other.receive(&frame), Received::Other);

        let mut out = [0; 256];
        let Ok(sent) = device.encode(&Uplink::Response("ok"), &mut out) else {
            continue;
        };
        let report = Report::new(&Frame::parse(&out[..sent.len]).unwrap(), Direction::Up);
        assert_eq!(report.kind, Kind::Response);
        assert_eq!(report.tag(), Some(tag).filter(|&tag| tag > 0), "{protocol}");
    }
}

#[test]
fn commands_are_those_that_are_reported() {
    let mut commands = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/seeds")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let mut decoder = Decoder::<{ gt02::RECOMMENDED_BUFFER }>::new();
        let mut input = &bytes[..];
        while let Some(item) = decoder.decode(&mut input) {
            let Item::Frame(frame) = item else { continue };
            // A server sends no others.
            if frame.direction() == Some(Direction::Up) {
                continue;
            }
            let report = Report::new(&frame, Direction::Down);
            let received = device(frame.protocol()).receive(&frame);
            let is_command = matches!(received, Received::Command(_));
            assert_eq!(is_command, report.kind == Kind::Command, "{frame:?}");
            commands += usize::from(is_command);
        }
    }
    assert!(commands > 0, "the seeds have some");
}

#[test]
fn a_report_goes_on_in_any_protocol() {
    let mut status = Status::new();
    status.voltage_level = Some(4);
    let uplinks = [
        Uplink::Location(fix()),
        Uplink::Alarm {
            alarm: Alarm::Sos,
            fix: fix(),
            status: Status::new(),
        },
        Uplink::Heartbeat(status),
        Uplink::Response("ok"),
        Uplink::Login,
    ];
    let encode = |protocol, uplink: &Uplink<'_>| {
        let mut out = [0; 256];
        let sent = device(protocol).encode(uplink, &mut out).ok()?;
        Some(out[..sent.len].to_vec())
    };
    for (from, uplink) in PROTOCOLS
        .iter()
        .flat_map(|&p| uplinks.map(|uplink| (p, uplink)))
    {
        let Some(bytes) = encode(from, &uplink) else {
            continue;
        };
        let report = Report::new(&Frame::parse(&bytes).unwrap(), Direction::Up);
        let again = Uplink::from_report(&report).unwrap();
        // The same protocol says the same again.
        let bytes = encode(from, &again).unwrap();
        let said = Report::new(&Frame::parse(&bytes).unwrap(), Direction::Up);
        assert_eq!(Uplink::from_report(&said), Some(again), "{from} {uplink:?}");
        assert_eq!(said.kind, report.kind);
        for to in PROTOCOLS {
            let Some(bytes) = encode(to, &again) else {
                continue;
            };
            let forwarded = Report::new(&Frame::parse(&bytes).unwrap(), Direction::Up);
            assert_eq!(forwarded.time, report.time, "{from} to {to}");
            assert_eq!(forwarded.alarm, report.alarm, "{from} to {to}");
        }
    }
}
