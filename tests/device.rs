//! The device's side: what is encoded from plain values is what a server reports.

#![allow(clippy::unwrap_used)]
#![cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]

use gt02::{
    Direction, Frame, Protocol, Report, Session,
    device::{Device, Fix, Status, Uplink, UplinkError},
    report::Kind,
    types::{Alarm, Course, DateTime, Position, Speed},
};

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
    fix.speed = Speed::from_kmh(50);
    fix.course = Course::from_degrees(217).unwrap();
    fix
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
