//! The messages of newer devices of `gt06`: which layout number, header and length select, the
//! values, and law 5.
//!
//! The frames and what is known of them are in `docs/protocols/gt06.md`.

#![cfg(feature = "gt06")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use gt02::{
    Direction, EncodeError, Frame as AnyFrame, Report, Session,
    protocol::gt06::{
        AccessPointForm, AccessPointList, Ack, Activity, ActivityHeartbeat, Address, Alarm,
        AlarmDetails, CellAddressRequest, CellList, CellScan, CellScanKind, CourseStatus, DataItem,
        DoorEvent, Envelope, ExtendedAlarm, ExtendedAlarmKind, ExtendedLocation,
        ExtendedLocationKind, Frame, Gps, Header, Info, Information, ItemForm, ItemList,
        ItemListKind, Items, Language, Lbs, ListedCell, ListedLteCell, Location, LocationKind,
        Lock, LockCell, LockFix, LockKind, LoginTime, LteCellAlarm, LteStatus, Message, ModularFix,
        ObdHeartbeat, PassThrough, SatelliteStatus, SatelliteSystem, Status, TerminalInfo,
        Thermometers, Unknown, Upload, UploadMode, Vehicle, VehicleDriver, WideLbs, WifiScan,
    },
    report::{Kind, Network},
    types::{self, Course, DateTime, Position, Speed},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use support::{gt06::frame, hex};

const MANUAL: &str = include_str!("../docs/protocols/gt06.md");

/// The whole frames in the text blocks of the manual. Some take several lines.
fn frames_of_the_manual() -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    let mut text = String::new();
    for line in MANUAL.lines() {
        let first = line.split(' ').next().unwrap();
        let is_hex = first.len() >= 2 && first.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex {
            text.clear();
            continue;
        }
        text.push_str(first);
        if text.len().is_multiple_of(2) && Frame::parse(&hex(&text)).is_ok() {
            frames.push(hex(&text));
            text.clear();
        }
    }
    frames
}

fn encode(message: &Message<'_>) -> Result<Vec<u8>, EncodeError> {
    let mut out = vec![0; message.encoded_len()];
    message.encode(&mut out).map(|len| out[..len].to_vec())
}

/// The name of the variant.
fn name(message: &Message<'_>) -> String {
    let debug = format!("{message:?}");
    debug.split('(').next().unwrap().to_owned()
}

/// The name of the variant that this content makes.
fn read_as(long: bool, code: u8, content: &[u8]) -> String {
    let bytes = frame(long, code, content, 7, 0);
    name(&Message::parse(&bytes).unwrap())
}

/// Reports the frame of the manual that begins with these digits.
fn with_report(start: &str, look: impl Fn(&Report<'_>)) {
    let frames = frames_of_the_manual();
    let bytes = frames.iter().find(|frame| frame.starts_with(&hex(start)));
    let bytes = bytes.unwrap_or_else(|| panic!("{start} is not in the manual"));
    look(&Report::new(
        &AnyFrame::parse(bytes).unwrap(),
        Direction::Up,
    ));
}

fn at() -> DateTime {
    DateTime::new(2026, 5, 4, 7, 30, 0).unwrap()
}

fn gps() -> Gps {
    let position = Position::from_degrees(-16.445_373, -71.526_831).unwrap();
    Gps::new(at(), position, Speed::from_kmh(41), Course::NORTH, true, 11).unwrap()
}

/// The bytes of a GPS block.
fn gps_bytes() -> Vec<u8> {
    let location = Location::new(gps(), LocationKind::Gps, 1);
    let bytes = encode(&location.into()).unwrap();
    bytes[4..22].to_vec()
}

#[test]
fn every_frame_of_the_manual_is_read_and_rebuilt_to_the_byte() {
    let frames = frames_of_the_manual();
    assert!(frames.len() > 90, "{}", frames.len());
    for bytes in frames {
        let message = Message::parse(&bytes).unwrap();
        assert!(!matches!(message, Message::Unknown(_)), "{bytes:02x?}");
        assert_eq!(encode(&message).as_ref(), Ok(&bytes), "{message:?}");
        // It is not also something else.
        let frame = Frame::parse(&bytes).unwrap();
        let unknown = Unknown {
            envelope: frame.envelope(),
            code: frame.code(),
            content: frame.body(),
        };
        let mut out = [0; 300];
        assert_eq!(unknown.encode(&mut out), Err(EncodeError::NotCanonical));
    }
}

#[test]
fn number_header_and_length_select_the_layout() {
    // After a GPS block, all zeros: every field may be 0.
    let after_gps = |len: usize| [gps_bytes(), vec![0; len - 18]].concat();
    #[rustfmt::skip]
    let cases = [
        // long, number, L, message
        (false, 0x11, 0x21, "ExtendedLocation"),
        (false, 0x11, 0x22, "Unknown"),
        (false, 0x12, 0x24, "Location"),
        (false, 0x12, 0x2B, "Location"),
        (false, 0x16, 0x24, "ExtendedAlarm"),
        (false, 0x16, 0x25, "Alarm"),
        (false, 0x16, 0x26, "ExtendedAlarm"),
        (false, 0x16, 0x2D, "ExtendedAlarm"),
        (false, 0x16, 0x2E, "Alarm"),
        (false, 0x26, 0x2D, "Alarm"),
        (false, 0x17, 0x28, "ExtendedLocation"),
        (false, 0x17, 0x29, "Unknown"),
        (false, 0x22, 0x22, "Location"),
        (false, 0x22, 0x2F, "ExtendedLocation"),
        (false, 0x22, 0x30, "Location"),
        (false, 0x31, 0x2A, "ExtendedLocation"),
        (false, 0x31, 0x2B, "Unknown"),
        (false, 0x32, 0x27, "ExtendedAlarm"),
        (false, 0x32, 0x28, "Unknown"),
        (false, 0x32, 0x29, "ExtendedAlarm"),
        (false, 0x32, 0x2F, "ExtendedLocation"),
        (true,  0x32, 0x2F, "Unknown"),
        (false, 0x33, 0x2F, "Unknown"),
        (false, 0x36, 0x35, "ExtendedLocation"),
        (false, 0x61, 0x2E, "ExtendedLocation"),
        (false, 0x61, 0x2F, "Unknown"),
        (false, 0xA0, 0x29, "ExtendedLocation"),
        (false, 0xA0, 0x2B, "Unknown"),
        (false, 0xA0, 0x2D, "ExtendedLocation"),
        (false, 0xA2, 0x40, "ExtendedLocation"),
        (false, 0xA2, 0x41, "Unknown"),
        (false, 0xA3, 0x2B, "Unknown"),
        (false, 0xA3, 0x2C, "ExtendedAlarm"),
        (false, 0xA3, 0x30, "ExtendedAlarm"),
        (false, 0xA4, 0x2C, "Unknown"),
        (false, 0xA4, 0x2D, "ExtendedAlarm"),
        (false, 0xA4, 0x31, "ExtendedAlarm"),
        (false, 0xA4, 0x32, "Unknown"),
    ];
    for (long, code, length, expected) in cases {
        let content = after_gps(length - 5);
        assert_eq!(
            read_as(long, code, &content),
            expected,
            "{code:02x} {length:02x}"
        );
    }
    // An MCC with bit 15 has an MNC of two bytes, and makes the content one byte longer.
    for (code, length, at) in [
        (0xA0, 0x2A, 18),
        (0xA0, 0x2E, 18),
        (0xA3, 0x2D, 19),
        (0xA4, 0x32, 19),
        (0xA3, 0x31, 19),
        (0xA2, 0x41, 18),
    ] {
        let mut content = after_gps(length - 5);
        content[at] = 0x81;
        let is_read = code != 0xA2;
        assert_eq!(
            read_as(false, code, &content) != "Unknown",
            is_read,
            "{code:02x} {length:02x}"
        );
    }
    // So is a 16 with L 26 that of the documents.
    let mut content = after_gps(0x26 - 5);
    content[19] = 0x81;
    assert_eq!(read_as(false, 0x16, &content), "Alarm");
    // Those that do not begin with a GPS block.
    #[rustfmt::skip]
    let cases = [
        (false, 0x01, 0x0C, "LoginTime"),
        (false, 0x13, 0x0A, "Heartbeat"),
        (false, 0x13, 0x12, "Heartbeat"),
        (false, 0x13, 0x13, "ObdHeartbeat"),
        (false, 0x13, 0x14, "Heartbeat"),
        (false, 0x21, 0x0C, "DoorEvent"),
        (false, 0x21, 0x0D, "Unknown"),
        (true,  0x21, 0x0C, "LongResponse"),
        (false, 0x22, 0x3C, "ExtendedLocation"),
        (false, 0x36, 0x0A, "ItemList"),
        (false, 0x36, 0x0B, "Unknown"),
        (false, 0xA1, 0x6C, "CellScan"),
        (false, 0xA1, 0x6D, "Unknown"),
        (false, 0xA2, 0x6B, "CellScan"),
        (false, 0xA2, 0x6C, "Unknown"),
        (false, 0x2C, 0x3A, "CellScan"),
        (false, 0x2C, 0x3B, "Unknown"),
        (false, 0xA3, 0x0C, "ActivityHeartbeat"),
        (false, 0xA3, 0x0D, "Unknown"),
        (false, 0xA3, 0x18, "ActivityHeartbeat"),
        (false, 0xA5, 0x19, "LteCellAlarm"),
        (false, 0xA5, 0x1A, "Unknown"),
        (false, 0xA7, 0x2B, "CellAddressRequest"),
        (false, 0xA7, 0x2C, "Unknown"),
        (false, 0xF3, 0x0C, "WifiScan"),
        (false, 0xF3, 0x0D, "Unknown"),
        (true,  0x32, 0x11, "Lock"),
        (true,  0x33, 0x11, "Lock"),
        (true,  0x33, 0x12, "Unknown"),
        (false, 0x33, 0x11, "Unknown"),
        (true,  0x70, 0x09, "ItemList"),
        (true,  0x70, 0x0A, "Unknown"),
        (true,  0x98, 0x08, "ItemList"),
        (true,  0x98, 0x09, "Unknown"),
        (true,  0xF1, 0x0C, "ItemList"),
        (true,  0xF1, 0x0D, "Unknown"),
        (true,  0x9B, 0x06, "PassThrough"),
        (false, 0xB0, 0x06, "Unknown"),
    ];
    for (long, code, length, expected) in cases {
        let content = vec![0; length - 5];
        assert_eq!(
            read_as(long, code, &content),
            expected,
            "{code:02x} {length:02x}"
        );
    }
}

#[test]
fn a_date_that_does_not_exist_shows_another_layout_of_the_old_numbers() {
    for (code, len) in [
        (0x11, 28),
        (0x16, 31),
        (0x16, 33),
        (0x16, 40),
        (0x17, 35),
        (0x22, 42),
    ] {
        let mut content = [gps_bytes(), vec![0; len - 18]].concat();
        assert_ne!(read_as(false, code, &content), "Unknown", "{code:02x}");
        content[1] = 13;
        assert_eq!(read_as(false, code, &content), "Unknown", "{code:02x}");
    }
    // The new numbers are never anything else: the place of such a frame is kept.
    for (code, len) in [(0xA0, 36), (0x31, 37), (0x32, 42), (0xA4, 40)] {
        let mut content = [gps_bytes(), vec![0; len - 18]].concat();
        content[1] = 13;
        let bytes = frame(false, code, &content, 7, 0);
        let any = AnyFrame::parse(&bytes).unwrap();
        let report = Report::new(&any, Direction::Up);
        assert_eq!(report.time, None);
        assert!(report.position.is_some(), "{code:02x}");
    }
    // An IMEI before the GPS block is no date.
    let mut content = [hex("0357789640000018"), gps_bytes(), vec![0; 8]].concat();
    assert_eq!(read_as(false, 0x12, &content), "ExtendedLocation");
    content[..6].copy_from_slice(&gps_bytes()[..6]);
    assert_eq!(read_as(false, 0x12, &content), "Location");
}

#[test]
fn a_list_that_runs_over_its_end_is_another_layout() {
    for (long, code, content) in [
        (false, 0x36, "04060200020027021 2ce"),
        (true, 0x70, "0000 0001 02 1000 0001 01"),
        (true, 0x98, "05 0006 303030303030"),
        (true, 0xF1, "6318c000 0001 01 01 0002 01 01"),
    ] {
        let content = hex(&content.replace(' ', ""));
        assert_eq!(read_as(long, code, &content), "ItemList", "{code:02x}");
        let shorter = &content[..content.len() - 1];
        assert_eq!(read_as(long, code, shorter), "Unknown", "{code:02x}");
        let longer = [&content[..], &[0]].concat();
        assert_eq!(read_as(long, code, &longer), "Unknown", "{code:02x}");
    }
    // Every part of a lock's message says its length.
    let lock = hex("130b1c070d2e000000000003004600");
    assert_eq!(read_as(true, 0x32, &lock), "Lock");
    for (place, length) in [(6, 11), (7, 8), (8, 7), (9, 6)] {
        let mut other = lock.clone();
        other[place] = length;
        other.splice(place + 1..place + 1, vec![0; length.into()]);
        assert_eq!(read_as(true, 0x32, &other), "Unknown", "{place}");
    }
    assert_eq!(read_as(true, 0x32, &lock[..lock.len() - 1]), "Unknown");
}

#[test]
fn access_points_may_have_names() {
    let start = [hex("1a0504071e00"), hex("01cc00"), vec![0; 42], vec![0xFF]].concat();
    let points = |bytes: &[u8]| {
        let content = [&start[..], bytes].concat();
        let bytes = frame(false, 0x2C, &content, 7, 0);
        let any = AnyFrame::parse(&bytes).unwrap();
        let details = Report::new(&any, Direction::Up).details();
        details.access_points.map(|points| format!("{points:?}"))
    };
    assert_eq!(points(&[0]), None);
    let named = points(b"\x02\x00\x18\x01\x00\x00\x01\x3e\x03abc\x00\x18\x01\x00\x00\x02\x3f\x00");
    let named = named.unwrap();
    assert!(named.contains("abc") && named.contains("63"), "{named}");
    // One of seven bytes has no name, whatever they are.
    let plain = points(&[1, 0x00, 0x18, 0x01, 0, 0, 1, 0]).unwrap();
    assert!(plain.contains("ssid: None"), "{plain}");
    // A name of more than 32 bytes, and one that does not end with the content.
    let long = [&[1][..], &[0; 7], &[33], &[b'a'; 33]].concat();
    assert_eq!(
        read_as(false, 0x2C, &[&start[..], &long].concat()),
        "Unknown"
    );
    let short = [&[1][..], &[0; 7], &[3], b"ab"].concat();
    assert_eq!(
        read_as(false, 0x2C, &[&start[..], &short].concat()),
        "Unknown"
    );
}

#[test]
fn reports_have_the_values_of_the_manual() {
    with_report("78782f32", |report| {
        assert_eq!(report.kind, Kind::Location);
        // Bit 15 of the course is the ignition without bit 14: the byte says it.
        assert_eq!((report.ignition, report.resent), (Some(true), Some(false)));
        assert_eq!(report.odometer, Some(4_892_000));
        assert_eq!(report.voltage.unwrap().volts(), 14.0);
        assert_eq!(report.details().ignition_seconds, Some(483_241));
        assert_eq!(report.cell.unwrap().cid, Some(200_000_000));
    });
    with_report("78782a31", |report| {
        assert_eq!(report.details().altitude, Some(678));
    });
    with_report("787844f3", |report| {
        assert_eq!(report.kind, Kind::Cell);
        assert_eq!(report.time.unwrap().to_string(), "2020-12-11T10:38:42");
        let points = report.details().access_points.unwrap();
        assert_eq!(points.iter().count(), 7);
        assert_eq!(
            points.iter().next().unwrap().mac.to_string(),
            "dc:9f:db:00:00:01"
        );
        assert_eq!(points.iter().next().unwrap().rssi, None);
    });
    with_report("79790014", |report| {
        assert_eq!((report.kind, report.alarm_code), (Kind::Alarm, Some(0xA0)));
        assert_eq!(
            (report.alarm, report.armed),
            (Some(types::Alarm::Other), Some(true))
        );
    });
    with_report("79790037", |report| {
        assert_eq!((report.kind, report.resent), (Kind::Cell, Some(false)));
        assert_eq!(report.cell.unwrap().cid, Some(2_467_627_008));
        assert_eq!(report.device.unwrap().to_string(), "865282040000018");
    });
    with_report("7979000d9b", |report| {
        assert_eq!(report.details().temperature.unwrap().celsius(), 27.5);
        assert_eq!(report.text, None);
    });
    with_report("797900109b", |report| {
        assert_eq!(report.text.unwrap().as_str(), Some("D7520A62"));
    });
    with_report("7979000e941b", |report| {
        assert_eq!(
            report.details().card_id,
            Some(&[0x42, 0x77, 0xEF, 0xEF][..])
        );
    });
    with_report("7979000e941e", |report| {
        let details = report.details();
        assert_eq!(details.temperature.unwrap().celsius(), 21.3);
        assert_eq!(details.humidity.unwrap().to_string(), "75.0");
    });
    with_report("7979003f940d", |report| {
        assert_eq!(report.details().temperature.unwrap().celsius(), 29.6);
    });
    with_report("79790007940b", |report| {
        assert_eq!(report.details().network, Some(Network::Lte));
    });
    with_report("78784e25", |report| {
        let details = report.details();
        assert_eq!(
            details.card_id,
            Some(&hex("0235313030363538303642444603")[..])
        );
        assert_eq!(details.battery_voltage.unwrap().volts(), 4.2);
        assert_eq!(details.ignition_seconds, Some(84_720));
    });
    with_report("787818a3", |report| {
        let details = report.details();
        assert_eq!((details.steps, details.motion), (Some(600), Some(true)));
        assert_eq!(
            (report.charging, details.battery_percent),
            (Some(false), Some(79))
        );
    });
}

#[test]
fn what_a_value_cannot_be_is_left_out() {
    let details = |long: bool, code: u8, content: &[u8], look: &dyn Fn(&Report<'_>)| {
        let bytes = frame(long, code, content, 7, 0);
        look(&Report::new(
            &AnyFrame::parse(&bytes).unwrap(),
            Direction::Up,
        ));
    };
    let temperature = |sub: &str, expected: Option<f64>| {
        details(true, 0x94, &hex(sub), &|report| {
            let temperature = report.details().temperature;
            assert_eq!(temperature.map(|value| value.celsius()), expected, "{sub}");
        });
    };
    temperature("150128001122334455a609f6", Some(25.5));
    // A wrong check of the sensor's number, and a value that may be below zero.
    temperature("150128001122334455a709f6", None);
    temperature("150128001122334455a68000", None);
    // The first thermometer whose check is right.
    temperature("150228001122334455a709f628001122334455a60a00", Some(25.6));
    temperature("1effffff9c000002ee", Some(-10.0));
    let card = |sub: &str, expected: Option<&str>| {
        details(true, 0x94, &hex(sub), &|report| {
            let card = report.details().card_id.map(hex::encode);
            assert_eq!(card.as_deref(), expected, "{sub}");
        });
    };
    card("1b02084277efef3503", Some("4277efef"));
    card("1b02084277efef3603", None);
    details(true, 0x94, b"\x1bRFID:00A1B2\r\n", &|report| {
        assert_eq!(report.text.unwrap().as_str(), Some("00A1B2"));
    });
    // A card of zeros in 36 is no card.
    let zeros = [gps_bytes(), vec![0; 30]].concat();
    details(false, 0x36, &zeros, &|report| {
        assert_eq!(report.details().card_id, None)
    });
    // 22 with L 2F: bit 15 is the sign.
    let cold = [gps_bytes(), vec![0; 20], hex("80200bb8")].concat();
    details(false, 0x22, &cold, &|report| {
        let details = report.details();
        assert_eq!(details.temperature.unwrap().celsius(), -0.32);
        assert_eq!(details.humidity.unwrap().to_string(), "30.00");
    });
    // 12 with L 2B: bit 7 is the sign. With a wide MNC the length is another one.
    let s5 = [
        gps_bytes(),
        hex("01cc000001000002"),
        hex("4504b604000000850000 0010".replace(' ', "").as_str()),
    ];
    details(false, 0x12, &s5.concat(), &|report| {
        assert_eq!(report.details().temperature.unwrap().celsius(), -5.0);
        assert_eq!(report.voltage.unwrap().volts(), 12.06);
        assert_eq!((report.odometer, report.charging), (Some(16), Some(true)));
    });
    // A heartbeat of an OBD device has a temperature in mode 4 alone, and raises no alarm.
    for (mode, expected) in [(4, Some(28.4)), (3, None)] {
        let mut content = hex("7c0064010132000512000000011c");
        content[6] = mode;
        details(false, 0x13, &content, &|report| {
            let details = report.details();
            assert_eq!(details.temperature.map(|value| value.celsius()), expected);
            assert_eq!((details.battery_percent, report.alarm), (Some(50), None));
            assert_eq!((report.gsm_level, report.alarm_code), (Some(4), None));
        });
    }
    // All zeros in item 0033 are no fix.
    let no_fix = [hex("00330012"), vec![0; 18]].concat();
    details(true, 0x70, &no_fix, &|report| {
        assert_eq!((report.kind, report.position), (Kind::Info, None));
        assert_eq!(report.code.unwrap().to_string(), "0x70");
    });
    // Events below 10 are why it was sent, those from 10 on alarms, if they have a name.
    for (event, mode, alarm) in [
        (0x0E, Some(0x0E), None),
        (0x10, None, Some(types::Alarm::DoorOpened)),
        (0x11, None, None),
        (0x23, None, Some(types::Alarm::Tamper)),
    ] {
        let item = [hex("00340006"), vec![event], hex("658d481600")].concat();
        details(true, 0x70, &item, &|report| {
            assert_eq!(report.details().upload_mode, mode, "{event:02x}");
            assert_eq!(report.alarm, alarm, "{event:02x}");
        });
    }
    // Neighbours belong to the network of item 0043. Wi-Fi is item 0036.
    let cells = hex(
        "0043000b013601048153931500001a00440007815400000001200036000801001801000001 3e"
            .replace(' ', "")
            .as_str(),
    );
    details(true, 0x70, &cells, &|report| {
        let neighbour = report.cells.unwrap().iter().next().unwrap();
        assert_eq!(
            (neighbour.cell.mnc, neighbour.cell.cid),
            (Some(260), Some(1))
        );
        assert_eq!(neighbour.rssi, Some(32));
        assert_eq!(report.details().access_points.unwrap().iter().count(), 1);
    });
}

#[test]
fn the_language_extends_the_code_of_alarms_with_a_fence() {
    let status = Status {
        alarm: 0x07,
        language: 0x12,
        ..Status::default()
    };
    assert_eq!(status.fence_alarm_code(), 0x107);
    let kind = ExtendedAlarmKind::LteFence {
        fence: 0xFF,
        mileage: None,
    };
    let sos = Status { alarm: 1, ..status };
    let english = Status { language: 2, ..sos };
    let extended = |status, kind| ExtendedAlarm::new(gps(), WideLbs::NONE, status, kind, 1).alarm();
    assert_eq!(extended(sos, kind), Some(types::Alarm::Other));
    assert_eq!(extended(english, kind), Some(types::Alarm::Sos));
    assert_eq!(
        extended(sos, ExtendedAlarmKind::LongId),
        Some(types::Alarm::Sos)
    );
    let details = AlarmDetails::new(Lbs::NONE, sos);
    assert_eq!(details.alarm(), Some(types::Alarm::Sos));
    let fence = Some(1);
    let with_fence = AlarmDetails { fence, ..details };
    assert_eq!(with_fence.alarm(), Some(types::Alarm::Other));
    assert_eq!((details.alarm_code(), with_fence.alarm_code()), (1, 0x101));

    // The report has all of the code.
    let reported = |message: Message<'_>| {
        let mut out = [0; 64];
        let len = message.encode(&mut out).unwrap();
        let report = Report::new(&AnyFrame::parse(&out[..len]).unwrap(), Direction::Up);
        (report.alarm_code, report.key())
    };
    let codes = |alarm: u8, language: u8| {
        let status = Status {
            alarm,
            language,
            ..Status::default()
        };
        let details = AlarmDetails::new(Lbs::NONE, status);
        let with_fence = reported(Alarm::utc_fence(gps(), details, 1, 1).into());
        let lte = reported(ExtendedAlarm::new(gps(), WideLbs::NONE, status, kind, 1).into());
        assert_eq!(with_fence, lte);
        with_fence
    };
    let (code, key) = codes(0x0B, 0x12);
    assert_eq!(code, Some(0x10B));
    assert_eq!(codes(0x01, 0x02).0, Some(1));
    // Codes without a name are different alarms all the same.
    for other in [codes(0x0C, 0x12), codes(0x0B, 0x22), codes(0x0B, 0x02)] {
        assert_ne!(key, other.1);
    }
}

#[test]
fn replies_have_the_header_that_the_message_wants() {
    let reply = |long: bool, code: u8, content: &str| {
        let bytes = frame(long, code, &hex(content), 0x50, 0);
        let any = AnyFrame::parse(&bytes).unwrap();
        Session::new()
            .handle(&any)
            .reply
            .map(|reply| reply.to_vec())
    };
    let long = |code: u8| Some(frame(true, code, b"", 0x50, 0));
    // 70 only if it says so, whether or not all frames are to be replied to.
    assert_eq!(reply(true, 0x70, "1000000101"), long(0x70));
    for content in ["1000000100", "1000000102", "0000000102", "100000"] {
        assert_eq!(reply(true, 0x70, content), None, "{content}");
        let bytes = frame(true, 0x70, &hex(content), 0x50, 0);
        let any = AnyFrame::parse(&bytes).unwrap();
        assert_eq!(Session::new().reply_to_all().handle(&any).reply, None);
    }
    assert_eq!(reply(true, 0x33, "130b1c070d2e00000000a000"), long(0x33));
    assert_eq!(reply(false, 0x33, "130b1c070d2e00000000a000"), None);
    // 36 is a location with 48 bytes, A3 a heartbeat with 7 or 19.
    assert!(reply(false, 0x36, &"00".repeat(12)).is_some());
    assert!(reply(false, 0x36, &"00".repeat(48)).is_none());
    assert!(reply(false, 0xA3, &"00".repeat(39)).is_some());
    assert!(reply(false, 0xA3, &"00".repeat(19)).is_none());
    // The reply to the login of a lock is not replied to.
    assert!(reply(false, 0x01, "130b1c070d2e00").is_none());
    assert_eq!(
        encode(&Ack::long(0x32, 6).into()),
        Ok(hex("79790005320006f7000d0a"))
    );
}

#[test]
fn a_long_address_has_a_length_of_one_byte_or_two() {
    let text = b"ADDRESS&&\x00N\x00A&&0##";
    for (length, is_wide, expected) in [
        (&[0x00, 0x14][..], true, types::Text::Utf16Be(b"\x00N\x00A")),
        (&[0x01, 0x14], true, types::Text::Utf16Be(b"\x00N\x00A")),
        (&[0x14], false, types::Text::Bytes(b"\x00N\x00A")),
    ] {
        let content = [length, &[0, 0, 0, 1], text].concat();
        let bytes = frame(true, 0x97, &content, 7, 0);
        let Ok(Message::Address(address)) = Message::parse(&bytes) else {
            panic!()
        };
        assert_eq!((address.has_wide_length, address.flag), (is_wide, 1));
        assert_eq!(address.address(), Some(expected));
        assert_eq!(encode(&address.into()), Ok(bytes));
    }
    // A length of two bytes whose first is 2, and one of one byte that is 1.
    for (has_wide_length, length) in [(true, 0x200), (false, 1)] {
        let address = Address {
            envelope: Envelope::long(1),
            code: 0x97,
            length,
            has_wide_length,
            flag: 0,
            content: b"NA&&NA&&0##",
        };
        assert_eq!(encode(&address.into()), Err(EncodeError::NotCanonical));
    }
}

#[test]
fn messages_are_built_from_plain_values() {
    let cell = WideLbs::new(310, 260, 52_106, 48_883);
    let small = WideLbs::new(724, 6, 50_351, 179_263_767);
    let status = Status::new(TerminalInfo::new().with_armed(true), 6, 4);
    let upload = Upload::new(true, UploadMode::Turn, false);
    let terminal = TerminalInfo(0x46);
    let imei = ExtendedLocation::imei_field("358899050000010".parse().unwrap()).unwrap();
    let (mut bytes, mut long, mut numbers) = ([0; 64], [0; 64], [0; 64]);
    let pair = |number, value| DataItem { number, value };
    let items = Items::pack(
        ItemForm::Short,
        &[pair(0x2E, &[0, 0, 0x23, 0x28]), pair(0x3B, &[0x17, 0xC0])],
        &mut bytes,
    )
    .unwrap();
    let modular = Items::pack(
        ItemForm::Long,
        &[pair(0, &[2]), pair(0x1000, &[1])],
        &mut long,
    )
    .unwrap();
    let identity = Items::pack(ItemForm::ByteNumber, &[pair(0, &imei)], &mut numbers).unwrap();
    let places = CellList::pack(&[ListedCell {
        lac: 1,
        cell_id: 2,
        rssi: 3,
    }])
    .unwrap();
    let lte = CellScan::pack_lte(
        &[ListedLteCell {
            lac: 1,
            cell_id: 1 << 40,
            rssi: 3,
        }; 7],
    )
    .unwrap();
    let plain = AccessPointList::new(AccessPointForm::Plain, &[1, 2, 3, 4, 5, 6, 7]).unwrap();
    let padded = AccessPointList::new(AccessPointForm::Padded, &[0, 0, 1, 2, 3, 4, 5, 6]).unwrap();
    let named = b"\x01\x02\x03\x04\x05\x06\x3e\x02ab";
    let named = AccessPointList::new(AccessPointForm::Named, named).unwrap();
    let phone = gt02::protocol::gt06::AddressRequest::phone_field("5550100").unwrap();
    let vehicle = Vehicle {
        source: 1,
        imei,
        time: at(),
        lbs_length: 9,
        terminal,
        voltage: 1297,
        battery: 42,
        gsm_level: 71,
        alarm: 0,
        language: 2,
        mileage: 4711,
        ignition_minutes: 1412,
        driver: None,
    };
    let driver = VehicleDriver {
        after_lbs: 4,
        id_type: 1,
        id: b"0042",
    };
    let lte_status = LteStatus {
        network: 1,
        terminal,
        voltage: 1297,
        battery: 95,
        gsm_level: 4,
        alarm: 0,
        language: 2,
        mileage: 4711,
        ignition_seconds: 60,
        imei,
        inputs: 3,
    };
    use ExtendedLocationKind as Kinds;
    let kinds = [
        (0x11, small, Kinds::Cell),
        (0x12, cell, Kinds::Imei { imei }),
        (
            0x17,
            cell,
            Kinds::Card {
                card_id: &[7; 8],
                validity: 1,
            },
        ),
        (
            0x22,
            small,
            Kinds::Climate {
                upload,
                mileage: 1,
                travel_time: 2,
                temperature: 32,
                humidity: 45,
            },
        ),
        (0x22, WideLbs::new(460, 0, 1, 2), Kinds::Vehicle(vehicle)),
        (
            0x25,
            small,
            Kinds::Vehicle(Vehicle {
                driver: Some(driver),
                ..vehicle
            }),
        ),
        (
            0x31,
            small,
            Kinds::Altitude {
                upload,
                mileage: 1,
                altitude: -12,
            },
        ),
        (
            0x32,
            small,
            Kinds::Supply {
                upload,
                mileage: 1,
                voltage: 1400,
                ignition_seconds: 99,
                rest: [0x42, 0x2D],
            },
        ),
        (
            0x36,
            small,
            Kinds::CardReader {
                upload,
                mileage: 1,
                voltage: 1300,
                battery: 40,
                ignition_minutes: 6,
                card_id: &[7; 8],
            },
        ),
        (0x37, cell, Kinds::Items { upload, items }),
        (
            0x38,
            cell,
            Kinds::CellItems {
                mode: 14,
                resent: 0,
                cell_type: 3,
                rssi: 300,
                items,
            },
        ),
        (
            0x38,
            cell,
            Kinds::CellItems {
                mode: 14,
                resent: 0,
                cell_type: 1,
                rssi: 30,
                items,
            },
        ),
        (
            0x61,
            small,
            Kinds::Driver {
                imei,
                driver_id: &[7; 6],
            },
        ),
        (
            0xA0,
            cell,
            Kinds::Lte {
                upload,
                mileage: None,
            },
        ),
        (
            0xA0,
            cell,
            Kinds::Lte {
                upload,
                mileage: Some(1),
            },
        ),
        (
            0xA2,
            WideLbs::new(460, 0, 1, 1 << 40),
            Kinds::LteStatus(lte_status),
        ),
    ];
    let mut messages: Vec<(u8, Message<'_>)> = kinds
        .into_iter()
        .map(|(code, lbs, kind)| {
            // A wide MNC makes 12 and 17 another length, which no device was seen to send.
            let lbs = if matches!(code, 0x12 | 0x17) {
                WideLbs { mnc: 4, ..lbs }
            } else {
                lbs
            };
            (code, ExtendedLocation::new(gps(), lbs, kind, 1).into())
        })
        .collect();
    for (code, lbs, kind) in [
        (
            0x16,
            WideLbs::new(460, 0, 1, 2),
            ExtendedAlarmKind::NoLength,
        ),
        (0x16, small, ExtendedAlarmKind::LongId),
        (
            0x16,
            WideLbs::new(460, 0, 1, 2),
            ExtendedAlarmKind::Card { card_id: &[7; 8] },
        ),
        (0x32, small, ExtendedAlarmKind::Altitude { altitude: None }),
        (
            0x32,
            small,
            ExtendedAlarmKind::Altitude { altitude: Some(-1) },
        ),
        (0xA3, cell, ExtendedAlarmKind::Lte { mileage: Some(1) }),
        (
            0xA4,
            cell,
            ExtendedAlarmKind::LteFence {
                fence: 1,
                mileage: None,
            },
        ),
    ] {
        messages.push((code, ExtendedAlarm::new(gps(), lbs, status, kind, 2).into()));
    }
    let lock = Lock {
        cell: Some(LockCell {
            lbs: Lbs::new(204, 8, 3250, 51_006).unwrap(),
            rssi: 36,
        }),
        neighbour_cells: &places[..12],
        access_points: plain,
        extension: &[0, 70, 0],
        ..Lock::new(LockKind::Location, at(), Some(LockFix::from(gps())), 0, 3)
    };
    let system = SatelliteSystem {
        state: 3,
        used: &[30, 31],
        in_view: &[20],
    };
    let satellites = SatelliteStatus {
        gps: system,
        bds: system,
        extension: &[],
    };
    let thermometers = Thermometers {
        count: 1,
        bytes: &[0; 10],
    };
    messages.extend([
        (0x32, lock.into()),
        (
            0x33,
            Lock::new(LockKind::Event, at(), None, Lock::LOCKED, 4).into(),
        ),
        (
            0x2C,
            CellScan::wifi(at(), 310, 260, &places, plain, 5)
                .unwrap()
                .into(),
        ),
        (
            0x2C,
            CellScan::wifi(at(), 310, 26, &places, named, 5)
                .unwrap()
                .into(),
        ),
        (0xA1, CellScan::lte(at(), 310, 260, &lte, 6).unwrap().into()),
        (
            0xA2,
            CellScan::lte_wifi(at(), 310, 26, &lte, plain, 7)
                .unwrap()
                .into(),
        ),
        (0xF3, WifiScan::new(at(), padded, 8).into()),
        (
            0x36,
            ItemList::new(ItemListKind::Heartbeat(status), items, 9).into(),
        ),
        (
            0x70,
            ItemList::new(ItemListKind::Modular, modular, 10).into(),
        ),
        (
            0x98,
            ItemList::new(ItemListKind::Identity, identity, 11).into(),
        ),
        (
            0xF1,
            ItemList::new(ItemListKind::Sensors { time: 1 }, items, 12).into(),
        ),
        (0x13, ObdHeartbeat::new(terminal, 50, 13).into()),
        (
            0xA3,
            ActivityHeartbeat::new(terminal, 5, 50, None, 14).into(),
        ),
        (
            0xA3,
            ActivityHeartbeat::new(terminal, 5, 50, Some(Activity::default()), 14).into(),
        ),
        (0xA5, LteCellAlarm::new(cell, status, 15).into()),
        (
            0xA7,
            CellAddressRequest::lte(cell, &phone, Language::English, 16).into(),
        ),
        (0x21, DoorEvent::new(at(), true, 17).into()),
        (0x9B, PassThrough::new(3, b"x\r\n", 18).into()),
        (0x01, LoginTime::new(at(), 19).into()),
        (
            0x94,
            Information::new(Info::Satellites(satellites), 20).into(),
        ),
        (
            0x94,
            Information::new(Info::Thermometers(thermometers), 21).into(),
        ),
    ]);
    for (code, message) in messages {
        let bytes = encode(&message).unwrap_or_else(|error| panic!("{error}: {message:?}"));
        assert_eq!(message.code(), code);
        assert_eq!(Message::parse(&bytes), Ok(message));
        let is_down = matches!(message, Message::LoginTime(_));
        let direction = if is_down {
            Direction::Down
        } else {
            Direction::Up
        };
        assert_eq!(message.direction(), Some(direction));
    }
    assert_eq!(items.accuracy(), Some(6080));
    let fix = ModularFix {
        time: 1_703_757_846,
        satellites: 8,
        altitude: -3,
        latitude: 1,
        longitude: 2,
        speed: 3,
        course: CourseStatus(0x1400),
    };
    assert_eq!(fix.time().unwrap().to_string(), "2023-12-28T10:04:06");
}

#[test]
fn values_that_do_not_fit_are_refused() {
    use EncodeError::{NotCanonical, Range, TooLong};
    let location = |lbs, kind| encode(&ExtendedLocation::new(gps(), lbs, kind, 1).into());
    let too_large = |field, max| Err(Range { field, max });
    let none = WideLbs::NONE;
    let cell = ExtendedLocationKind::Cell;
    assert_eq!(
        location(
            WideLbs {
                cell_id: 1 << 32,
                ..none
            },
            cell
        ),
        too_large("cell_id", u32::MAX)
    );
    assert_eq!(
        location(
            WideLbs {
                lac: 1 << 16,
                ..none
            },
            cell
        ),
        too_large("lac", 0xFFFF)
    );
    let card = ExtendedLocationKind::Card {
        card_id: &[0; 8],
        validity: 0,
    };
    assert_eq!(
        location(
            WideLbs {
                cell_id: 1 << 24,
                ..none
            },
            card
        ),
        too_large("cell_id", 0xFF_FFFF)
    );
    // A wide MNC makes it another length.
    assert_eq!(
        location(WideLbs { mnc: 256, ..none }, card),
        Err(NotCanonical)
    );
    let driver = ExtendedLocationKind::Driver {
        imei: [0; 8],
        driver_id: &[0; 6],
    };
    assert_eq!(
        location(WideLbs { mnc: 256, ..none }, driver),
        too_large("mnc", 255)
    );
    let bytes = [0; 12];
    let items = Items::new(ItemForm::Long, &bytes).unwrap();
    let upload = Upload::default();
    // Items of another form.
    assert_eq!(
        location(none, ExtendedLocationKind::Items { upload, items }),
        Err(NotCanonical)
    );
    let items = Items::new(ItemForm::Short, &bytes).unwrap();
    let typed = |cell_type| ExtendedLocationKind::CellItems {
        mode: 0,
        resent: 0,
        cell_type,
        rssi: 256,
        items,
    };
    assert_eq!(location(none, typed(2)), too_large("rssi", 255));
    assert!(location(none, typed(3)).is_ok());
    let lock = Lock::new(LockKind::Event, at(), None, 0, 1);
    assert_eq!(
        encode(
            &Lock {
                extension: &[0; 256],
                ..lock
            }
            .into()
        ),
        Err(TooLong {
            field: "extension",
            max: 255
        })
    );
    assert_eq!(
        encode(
            &Lock {
                neighbour_cells: &[0; 7],
                ..lock
            }
            .into()
        ),
        Err(NotCanonical)
    );
    // Packing.
    let pack = |form, number, value: &[u8]| {
        Items::pack(form, &[DataItem { number, value }], &mut [0; 300]).map(|_| ())
    };
    assert_eq!(
        pack(ItemForm::ByteNumber, 256, &[]),
        Err(Range {
            field: "number",
            max: 255
        })
    );
    assert_eq!(
        pack(ItemForm::Short, 1, &[0; 256]),
        Err(TooLong {
            field: "value",
            max: 255
        })
    );
    assert_eq!(pack(ItemForm::Long, 1, &[0; 256]), Ok(()));
    assert_eq!(
        Items::pack(
            ItemForm::Long,
            &[DataItem {
                number: 1,
                value: &[1]
            }],
            &mut []
        ),
        Err(EncodeError::BufferTooSmall { needed: 5 })
    );
    assert!(CellScan::pack_lte(&[ListedLteCell::default(); 8]).is_err());
    assert_eq!(AccessPointList::new(AccessPointForm::Plain, &[0; 8]), None);
    assert_eq!(AccessPointList::new(AccessPointForm::Padded, &[1; 8]), None);
    assert_eq!(
        AccessPointList::new(AccessPointForm::Plain, &[0; 7 * 256]),
        None
    );
}

fn any_wide_lbs() -> impl Strategy<Value = WideLbs> {
    let mcc = prop_oneof![6 => 200..800_u16, 1 => 0x8000..0x8300_u16];
    let mnc = prop_oneof![6 => 0..256_u16, 1 => any::<u16>()];
    let lac = prop_oneof![6 => 0..0x1_0000_u32, 1 => any::<u32>()];
    let id = prop_oneof![6 => 0..0x100_0000_u64, 1 => any::<u64>()];
    (mcc, mnc, lac, id).prop_map(|(mcc, mnc, lac, cell_id)| WideLbs {
        mcc,
        mnc,
        lac,
        cell_id,
    })
}

fn any_gps() -> impl Strategy<Value = Gps> {
    let time = prop_oneof![4 => Just(at()), 1 => Just(DateTime {
        year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0,
    })];
    (time, any::<[u8; 12]>()).prop_map(|(time, bytes)| {
        let [satellites, a, b, c, d, e, f, g, h, speed, i, j] = bytes;
        Gps {
            time,
            satellites,
            latitude: u32::from_be_bytes([a, b, c, d]),
            longitude: u32::from_be_bytes([e, f, g, h]),
            speed,
            course: CourseStatus(u16::from_be_bytes([i, j])),
        }
    })
}

/// What messages are made of.
#[derive(Clone, Debug)]
struct Parts {
    kind: u8,
    envelope: Envelope,
    gps: Gps,
    lbs: WideLbs,
    status: Status,
    mileage: Option<u32>,
    numbers: (u8, u8, u16, u32, u32),
    fixed: ([u8; 8], [u8; 6], [u8; 21]),
    items: Vec<u8>,
    body: Vec<u8>,
    cells: Vec<u8>,
}

fn any_parts() -> impl Strategy<Value = Parts> {
    let status = any::<[u8; 5]>().prop_map(
        |[terminal, voltage_level, gsm_level, alarm, language]| Status {
            terminal: TerminalInfo(terminal),
            voltage_level,
            gsm_level,
            alarm,
            language,
        },
    );
    let header = prop_oneof![1 => Just(Header::Short), 1 => Just(Header::Long)];
    let envelope = (header, any::<u16>()).prop_map(|(header, serial)| Envelope {
        header,
        wrong_length: None,
        serial,
    });
    let item = (select(vec![1_u8, 0x18, 0x27, 0x34]), vec(any::<u8>(), 0..6))
        .prop_map(|(number, value)| [&[0, number, value.len() as u8][..], &value].concat());
    let items = vec(item, 0..4).prop_map(|items| items.concat());
    let head = (
        0..26_u8,
        envelope,
        any_gps(),
        any_wide_lbs(),
        status,
        option::of(any::<u32>()),
    );
    (
        head,
        any::<(u8, u8, u16, u32, u32)>(),
        any::<([u8; 8], [u8; 6], [u8; 21])>(),
        items,
        vec(any::<u8>(), 0..40),
        vec(any::<u8>(), 91),
    )
        .prop_map(
            |((kind, envelope, gps, lbs, status, mileage), numbers, fixed, items, body, cells)| {
                Parts {
                    kind,
                    envelope,
                    gps,
                    lbs,
                    status,
                    mileage,
                    numbers,
                    fixed,
                    items,
                    body,
                    cells,
                }
            },
        )
}

impl Parts {
    fn location(&self) -> ExtendedLocationKind<'_> {
        use ExtendedLocationKind as Kinds;
        let (a, b, word, number, other) = self.numbers;
        let upload = Upload {
            ignition: a,
            mode: b,
            resent: 0,
        };
        let items = Items::new(ItemForm::Short, &self.items).unwrap();
        let (card_id, driver_id) = (&self.fixed.0, &self.fixed.1);
        let (imei, terminal) = (self.fixed.0, self.status.terminal);
        let vehicle = Vehicle {
            source: a,
            imei,
            time: self.gps.time,
            lbs_length: b,
            terminal,
            voltage: word,
            battery: a,
            gsm_level: b,
            alarm: a,
            language: b,
            mileage: number >> 8,
            ignition_minutes: other >> 8,
            driver: None,
        };
        let driver = VehicleDriver {
            after_lbs: a,
            id_type: b,
            id: &self.body,
        };
        match self.kind {
            0 => Kinds::Cell,
            1 => Kinds::Imei { imei },
            2 => Kinds::Card {
                card_id,
                validity: a,
            },
            3 => Kinds::Climate {
                upload,
                mileage: number,
                travel_time: other,
                temperature: word,
                humidity: word,
            },
            4 => Kinds::Vehicle(vehicle),
            5 => Kinds::Vehicle(Vehicle {
                driver: Some(driver),
                ..vehicle
            }),
            6 => Kinds::Altitude {
                upload,
                mileage: number,
                altitude: word as i16,
            },
            7 => Kinds::Supply {
                upload,
                mileage: number,
                voltage: word,
                ignition_seconds: other,
                rest: [a, b],
            },
            8 => Kinds::CardReader {
                upload,
                mileage: number,
                voltage: word,
                battery: a,
                ignition_minutes: other >> 8,
                card_id,
            },
            9 => Kinds::Items { upload, items },
            10 => Kinds::CellItems {
                mode: a,
                resent: b,
                cell_type: a,
                rssi: word,
                items,
            },
            11 => Kinds::Driver { imei, driver_id },
            12 => Kinds::LteStatus(LteStatus {
                network: a,
                terminal,
                voltage: word,
                battery: b,
                gsm_level: a,
                alarm: b,
                language: a,
                mileage: number,
                ignition_seconds: other,
                imei,
                inputs: word,
            }),
            _ => Kinds::Lte {
                upload,
                mileage: self.mileage,
            },
        }
    }

    fn message(&self) -> Message<'_> {
        let (envelope, gps, lbs, status) = (self.envelope, self.gps, self.lbs, self.status);
        let (a, b, word, number, _) = self.numbers;
        let card_id = &self.fixed.0;
        let lbs_length = if self.kind == 14 { 0 } else { a };
        let alarm = |kind| {
            Message::ExtendedAlarm(ExtendedAlarm {
                envelope,
                gps,
                lbs_length,
                lbs,
                status,
                kind,
            })
        };
        let points = &self.body[..self.body.len() / 7 * 7];
        let points = AccessPointList::new(AccessPointForm::Plain, points).unwrap();
        let items = Items::new(ItemForm::Short, &self.items).unwrap();
        let scan = |kind, cells| {
            let (mcc, mnc, time) = (lbs.mcc, lbs.mnc, gps.time);
            let timing_advance = a;
            CellScan {
                envelope,
                kind,
                time,
                mcc,
                mnc,
                cells,
                timing_advance,
            }
            .into()
        };
        let small = Lbs {
            mcc: lbs.mcc,
            mnc: lbs.mnc,
            lac: lbs.lac as u16,
            cell_id: lbs.cell_id as u32 & 0xFF_FFFF,
        };
        match self.kind {
            0..=13 => ExtendedLocation {
                envelope,
                gps,
                lbs,
                kind: self.location(),
            }
            .into(),
            14 => alarm(ExtendedAlarmKind::NoLength),
            15 => alarm(ExtendedAlarmKind::LongId),
            16 => alarm(ExtendedAlarmKind::Card { card_id }),
            17 => alarm(ExtendedAlarmKind::Altitude {
                altitude: self.mileage.map(|n| n as i16),
            }),
            18 => alarm(ExtendedAlarmKind::Lte {
                mileage: self.mileage,
            }),
            19 => alarm(ExtendedAlarmKind::LteFence {
                fence: b,
                mileage: self.mileage,
            }),
            20 => scan(CellScanKind::Wifi(points), &self.cells[..42]),
            21 => scan(CellScanKind::Lte([a, b]), &self.cells[..]),
            22 => scan(CellScanKind::LteWifi(points), &self.cells[..]),
            23 => {
                let kind = if a % 2 == 0 {
                    LockKind::Location
                } else {
                    LockKind::Event
                };
                let fix = self.mileage.map(|_| LockFix::from(gps));
                Message::Lock(Lock {
                    cell: (b % 2 == 0).then_some(LockCell {
                        lbs: small,
                        rssi: b,
                    }),
                    neighbour_cells: &self.cells[..usize::from(a % 8) * 6],
                    access_points: points,
                    extension: &self.body,
                    envelope: Envelope {
                        header: Header::Long,
                        ..envelope
                    },
                    ..Lock::new(kind, gps.time, fix, b, envelope.serial)
                })
            }
            24 => {
                let kind = if a % 2 == 0 {
                    ItemListKind::Heartbeat(status)
                } else {
                    ItemListKind::Sensors { time: number }
                };
                ItemList {
                    envelope,
                    kind,
                    items,
                }
                .into()
            }
            _ => match a % 6 {
                0 => LteCellAlarm {
                    envelope,
                    lbs,
                    status,
                }
                .into(),
                1 => CellAddressRequest {
                    envelope,
                    lte: true,
                    lbs,
                    phone: &self.fixed.2,
                    language: [a, b],
                }
                .into(),
                2 => ActivityHeartbeat {
                    envelope,
                    activity: self.mileage.map(|steps| Activity {
                        steps,
                        ..Activity::default()
                    }),
                    ..ActivityHeartbeat::new(status.terminal, a, b, None, 0)
                }
                .into(),
                3 => ObdHeartbeat {
                    envelope,
                    signal: word,
                    temperature: word as i16,
                    ..ObdHeartbeat::new(status.terminal, b, 0)
                }
                .into(),
                4 => PassThrough {
                    envelope,
                    port: a,
                    data: &self.body,
                }
                .into(),
                _ => LoginTime {
                    envelope,
                    time: gps.time,
                    extension: b,
                }
                .into(),
            },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    /// Law 5, from values: what is accepted reads back the same.
    #[test]
    fn what_was_built_is_parsed(parts in any_parts()) {
        let message = parts.message();
        if let Ok(bytes) = encode(&message) {
            prop_assert_eq!(Message::parse(&bytes), Ok(message));
            let any = AnyFrame::parse(&bytes).unwrap();
            let report = Report::new(&any, Direction::Up);
            let _ = (format!("{report:?}"), format!("{:?}", report.details()));
        }
    }

    /// What a message can say is accepted.
    #[test]
    fn what_makes_sense_is_accepted(parts in any_parts()) {
        let mut parts = parts;
        parts.envelope.header = Header::Short;
        // One byte for the MNC, two for the LAC, three for the cell id: every form takes them.
        parts.lbs.mcc &= 0x03FF;
        parts.lbs.mnc &= 0xFF;
        parts.lbs.lac &= 0xFFFF;
        parts.lbs.cell_id &= 0xFF_FFFF;
        parts.gps.time = at();
        // An IMEI is no date, and 48 bytes of 36 are a location.
        parts.fixed.0[1] = 0x35;
        prop_assume!(parts.kind != 24 || parts.items.len() != 43);
        // Types of cells below 3 have one byte of RSSI.
        prop_assume!(parts.kind != 10 || parts.numbers.0 >= 3 || parts.numbers.2 < 256);
        let message = parts.message();
        prop_assert!(encode(&message).is_ok(), "{:?}: {message:?}", encode(&message));
    }
}
