//! The protocol `v680`: frames whose values are known, traps seen in the field, and what can be
//! built can be parsed.
//!
//! The traps are described in `docs/protocols/v680.md`.

#![cfg(feature = "v680")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

#[path = "v680/lines.rs"]
mod lines;
mod support;

use gt02::{
    Decoder, Direction, EncodeError, Error, ErrorKind, Item, NoiseReason, Protocol, Session,
    device::{Device, Fix, Status, Uplink, UplinkError},
    protocol::v680::{
        Coordinate, CoordinateFormat, Frame, KeepAlive, Lbs, Message, Record, Records, Report,
    },
    report::Kind,
    types::{
        Alarm, CellTower, Course, DateTime, Decimal, DeviceId, Latitude, Longitude, MessageType,
        Position, Speed, Text, UtcOffset,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::hash::{DefaultHasher, Hash, Hasher};
use support::{Owned, frames_of_reads, items_of_reads};

/// Captures, and frames of public decoders' tests.
const SWEDEN: &str = "#353588020144007##1#0000#AUT#01#24002485fed523\
    #1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##";
const MEXICO: &str = "#354188066863162##1#0000#AUT#01#33402013a058c5\
    #11056.368700,W,2755.204000,N,0.07,0.00#291013#020411.000##";
const SINGAPORE: &str = "#355488020131775##1#0000#AUT#01#52500100232a47\
    #10341.175280,E,121.322800,N,0.28,0.00#111113#171607.000##";
const SOS: &str = "#356823033087326#alexwatch#0#0000#SOS#1#0EDDD9EF\
    #01047.4327,E,5955.9316,N,000.01,236#080513#111644##";
const NO_PLACE: &str = "#356823033087326##0#0000#AUT#1#0EDDD9F0#,,,,,####";
const ZERO_DATE: &str = "#353588020145956##1#0000#AUT#01#2340104bb6374c\
    #00000.0000,E,0000.0000,N,0.00,0.00#000000#000000.000##";
/// A keep-alive.
const KEEP_ALIVE: &str = "#353588020144007##";

fn id(digits: &str) -> DeviceId {
    digits.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_ascii(text.as_bytes()).unwrap()
}

/// Runs `check` on the report in this frame.
fn with_report(frame: &str, check: impl FnOnce(&Report<'_>)) {
    match Message::parse(frame.as_bytes()) {
        Ok(Message::Report(report)) => check(&report),
        other => panic!("{other:?}"),
    }
}

/// Runs `check` on the one record in this frame.
fn with_record(frame: &str, check: impl FnOnce(&Record<'_>)) {
    with_report(frame, |report| {
        let records: Vec<Record<'_>> = report.records.iter().collect();
        assert_eq!(records.len(), 1, "{frame}");
        check(&records[0]);
    });
}

/// A frame of an ordinary header and this text of records.
fn frame_of(count: u8, records: &str) -> String {
    format!("#353588020144007##1#0000#AUT#{count}#{records}##")
}

fn encode(message: &Message<'_>) -> Vec<u8> {
    let mut out = vec![0; message.encoded_len()];
    assert_eq!(message.encode(&mut out), Ok(out.len()), "{message:?}");
    out
}

/// MCC, MNC, LAC and cell id.
fn parts(cell: Option<CellTower>) -> (Option<u16>, Option<u16>, Option<u32>, Option<u32>) {
    cell.map(|cell| (cell.mcc, cell.mnc, cell.lac, cell.cid))
        .unwrap_or_default()
}

fn micro_degrees(place: Option<Position>) -> Option<(i32, i32)> {
    place.map(|place| {
        (
            place.latitude.micro_degrees(),
            place.longitude.micro_degrees(),
        )
    })
}

#[test]
fn frames_of_the_manual_and_of_captures() {
    type Expected = (
        &'static str,
        (i32, i32),
        u32,
        u32,
        &'static str,
        (Option<u16>, Option<u16>, Option<u32>, Option<u32>),
    );
    let expected: [Expected; 4] = [
        (
            SWEDEN,
            (59_638_597, 17_813_795),
            0,
            0,
            "2013-09-09T22:15:12",
            (Some(240), Some(24), Some(34302), Some(54563)),
        ),
        (
            MEXICO,
            (27_920_067, -110_939_478),
            70,
            0,
            "2013-10-29T02:04:11",
            (Some(334), Some(20), Some(0x13A0), Some(0x58C5)),
        ),
        (
            SINGAPORE,
            (1_355_380, 103_686_255),
            280,
            0,
            "2013-11-11T17:16:07",
            (Some(525), Some(1), Some(0x0023), Some(0x2A47)),
        ),
        (
            SOS,
            (59_932_193, 10_790_545),
            10,
            2_360_000,
            "2013-05-08T11:16:44",
            (None, None, Some(3805), Some(55791)),
        ),
    ];
    for (frame, place, knots, course, time, cell) in expected {
        with_record(frame, |record| {
            assert_eq!(micro_degrees(record.position()), Some(place), "{frame}");
            assert_eq!(record.speed(), Some(Speed::MilliKnots(knots)));
            assert_eq!(record.course().unwrap().ten_thousandths(), course);
            assert_eq!(record.time().unwrap().to_string(), time);
            assert_eq!(parts(record.cell()), cell);
            assert_eq!((record.neighbours().count(), record.extra), (0, None));
        });
    }
    with_report(SWEDEN, |report| {
        assert_eq!(
            (report.device, report.user, report.flag),
            (id("353588020144007"), Text::Bytes(b""), 1)
        );
        assert_eq!(
            (report.password, report.event, report.count),
            (Text::Bytes(b"0000"), Text::Bytes(b"AUT"), 1)
        );
        assert_eq!(report.alarm(), None);
    });
    with_report(SOS, |report| {
        assert_eq!(
            (report.user, report.flag, report.alarm()),
            (Text::Bytes(b"alexwatch"), 0, Some(Alarm::Sos))
        )
    });
    let keep_alive = Message::KeepAlive(KeepAlive {
        device: id("353588020144007"),
    });
    assert_eq!(Message::parse(KEEP_ALIVE.as_bytes()), Ok(keep_alive));
    assert_eq!(encode(&keep_alive), KEEP_ALIVE.as_bytes());
}

#[test]
fn frames_of_the_manual_are_read() {
    let manual = include_str!("../docs/protocols/v680.md");
    let frames: Vec<&str> = manual
        .lines()
        .filter(|line| line.starts_with("#3") && line.ends_with("##"))
        .collect();
    assert_eq!(frames.len(), 8);
    for text in frames {
        let frame = Frame::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(frame.device_id().unwrap().digit_count() == 15, "{text}");
        if let Message::Report(report) = frame.message() {
            assert_eq!(report.records.iter().count(), report.count.into(), "{text}");
        }
    }
}

#[test]
fn the_envelope() {
    let frame = Frame::parse(SOS.as_bytes()).unwrap();
    assert_eq!(
        (frame.as_bytes(), frame.direction(), frame.device_id()),
        (
            SOS.as_bytes(),
            Some(Direction::Up),
            Some(id("356823033087326"))
        )
    );
    assert_eq!(
        frame.message_type(),
        Some(MessageType::Text(Text::Bytes(b"SOS")))
    );
    assert_eq!(
        frame.body(),
        b"alexwatch#0#0000#SOS#1#0EDDD9EF#01047.4327,E,5955.9316,N,000.01,236#080513#111644"
    );
    assert_eq!(frame.message().device_id(), frame.device_id());
    let frame = Frame::parse(NO_PLACE.as_bytes()).unwrap();
    assert_eq!(frame.body(), b"#0#0000#AUT#1#0EDDD9F0#,,,,,##");
    let frame = Frame::parse(KEEP_ALIVE.as_bytes()).unwrap();
    assert_eq!(
        (frame.device_id(), frame.message_type(), frame.body()),
        (Some(id("353588020144007")), None, &b""[..])
    );
}

#[test]
fn events_are_periodic_alarms_or_unknown() {
    for (event, alarm) in [
        ("AUT", None),
        ("AUTO", None),
        ("SOS", Some(Alarm::Sos)),
        ("LPD", Some(Alarm::LowBattery)),
        ("SF", None),
        ("X1", None),
    ] {
        with_report(&SWEDEN.replace("AUT", event), |report| {
            assert_eq!(
                (report.event.as_str(), report.alarm()),
                (Some(event), alarm)
            )
        });
    }
}

#[test]
fn users_of_all_sorts() {
    for user in [
        "",
        "13001190527",
        "alexwatch",
        "big friend",
        "1",
        "12345678901234",
        "1234567890123456",
        "12345678901234567890123456789012",
    ] {
        let frame = SOS.replace("alexwatch", user);
        with_report(&frame, |report| {
            assert_eq!(
                (report.user, report.event, report.alarm()),
                (
                    Text::Bytes(user.as_bytes()),
                    Text::Bytes(b"SOS"),
                    Some(Alarm::Sos)
                )
            )
        });
        assert_eq!(
            frames_of_reads(&[SWEDEN, &frame, KEEP_ALIVE].concat(), 7),
            [SWEDEN, &frame, KEEP_ALIVE]
        );
    }
}

#[test]
fn flags_passwords_and_counts_of_other_widths() {
    for (flag, password, count) in [
        (0, "0000", "1"),
        (13, "123456", "01"),
        (1, "1", "1"),
        (1, "", "01"),
    ] {
        let frame = SWEDEN.replace(
            "##1#0000#AUT#01#",
            &format!("##{flag}#{password}#AUT#{count}#"),
        );
        with_report(&frame, |report| {
            assert_eq!(
                (report.flag, report.password, report.count),
                (flag, Text::Bytes(password.as_bytes()), 1)
            );
            assert_eq!(report.records.iter().count(), 1);
        });
    }
}

#[test]
fn the_longitude_comes_first() {
    with_record(
        &frame_of(1, "V#00100.0000,W,0200.0000,S,0.00,0.00#090913#221512"),
        |record| {
            assert_eq!(
                micro_degrees(record.position()),
                Some((-2_000_000, -1_000_000))
            );
        },
    );
    // The letters of the other axis do not count.
    with_record(
        &frame_of(1, "V#0100.0000,N,00200.0000,E,0.00,0.00#090913#221512"),
        |record| {
            assert_eq!(
                (record.longitude, record.latitude, record.time().is_some()),
                (None, None, true)
            );
        },
    );
}

#[test]
fn the_speed_is_in_knots() {
    for (sent, thousandths, kmh) in [
        ("0.00", 0, 0.0),
        ("000.20", 200, 0.3704),
        ("018.8", 18_800, 34.8176),
        ("111.00", 111_000, 205.572),
    ] {
        with_record(
            &frame_of(
                1,
                &format!("V#01047.4327,E,5955.9316,N,{sent},0#080513#111644"),
            ),
            |record| {
                let speed = record.speed().unwrap();
                assert_eq!(
                    (record.speed, speed),
                    (Some(decimal(sent)), Speed::MilliKnots(thousandths))
                );
                assert!((speed.kmh() - kmh).abs() < 1e-9, "{sent}");
            },
        );
    }
}

#[test]
fn the_end_mark_stands_inside_frames() {
    // An empty user, an empty lbs: `##`.
    const EMPTY_LBS: &str =
        "#359094025419110##0#1234#AUTO#1##04632.8846,W,2327.2264,S,0.00,0.00#220913#234808##";
    with_record(EMPTY_LBS, |record| {
        assert_eq!((record.lbs, record.cell()), (Text::Bytes(b""), None));
        assert_eq!(
            micro_degrees(record.position()),
            Some((-23_453_773, -46_548_077))
        );
    });
    // However the reads are cut, they are whole.
    let stream = [EMPTY_LBS, NO_PLACE, EMPTY_LBS].concat();
    for size in 1..=stream.len() {
        assert_eq!(
            frames_of_reads(&stream, size),
            [EMPTY_LBS, NO_PLACE, EMPTY_LBS],
            "{size}"
        );
    }
}

#[test]
fn the_next_byte_tells_a_keep_alive_from_a_report() {
    for (next, len) in [
        ("", None),
        ("#", Some(18)),
        ("\r\n", Some(18)),
        ("1", None),
        ("1#0000#AUT", None),
    ] {
        let stream = format!("{KEEP_ALIVE}{next}");
        let mut decoder = Decoder::<260>::new();
        let mut input = stream.as_bytes();
        assert_eq!(
            decoder.decode(&mut input).map(|item| item.as_bytes().len()),
            len,
            "{next:?}"
        );
    }
    // Nothing more: the caller's timeout decides, and it is a login.
    assert_eq!(frames_of_reads(KEEP_ALIVE, 5), [KEEP_ALIVE]);
    assert_eq!(
        frames_of_reads(&[KEEP_ALIVE, KEEP_ALIVE, SWEDEN, KEEP_ALIVE].concat(), 5),
        [KEEP_ALIVE, KEEP_ALIVE, SWEDEN, KEEP_ALIVE]
    );
    // The segment ends there, and the frame goes on in the next one.
    for cut in [
        SWEDEN.find("##").unwrap() + 2,
        SWEDEN.find("##").unwrap() + 1,
    ] {
        let found = items_of_reads([&SWEDEN.as_bytes()[..cut], &SWEDEN.as_bytes()[cut..]]);
        assert_eq!(found, [Owned::Frame(SWEDEN.into())]);
    }
}

#[test]
fn fields_are_counted() {
    // As many records as are announced, one of them with a field more and one with an empty lbs;
    // the next frame follows them.
    const PLACE: &str = "07136.4070,W,1040.0575,N,000.35,257#280813#142836";
    let records = format!("72403#V#{PLACE}##{PLACE}#0EDDD9F0#,,,,,####{PLACE}");
    let frame = frame_of(4, &records);
    with_report(&frame, |report| {
        let lbs: Vec<_> = report
            .records
            .iter()
            .map(|record| (record.lbs.as_str().unwrap(), record.extra.is_some()))
            .collect();
        assert_eq!(
            lbs,
            [
                ("72403", true),
                ("", false),
                ("0EDDD9F0", false),
                ("", false)
            ]
        );
    });
    for size in [1, 10, 260] {
        assert_eq!(
            frames_of_reads(&[&frame, KEEP_ALIVE, &frame].concat(), size),
            [&frame, KEEP_ALIVE, &frame]
        );
    }
    // Both an empty lbs and a field more.
    with_report(&frame_of(2, &format!("V#{PLACE}##123#{PLACE}")), |report| {
        let extra: Vec<_> = report.records.iter().map(|record| record.extra).collect();
        assert_eq!(extra, [None, Some(Text::Bytes(b"123"))]);
    });
    // A field without a comma before one without a comma is no extra one.
    assert_eq!(
        Frame::parse(frame_of(1, &format!("72403#V#V#{PLACE}")).as_bytes())
            .unwrap_err()
            .kind,
        ErrorKind::End
    );
}

#[test]
fn only_fields_tell_where_a_frame_ends() {
    // With any line end after it, or none, and however long it is.
    const RECORD: &str = "V#07136.4070,W,1040.0575,N,000.35,257#280813#142836";
    let frame_of_records = |count: u8| frame_of(count, &vec![RECORD; count.into()].join("#"));
    for between in ["", "\r\n", "\n", " ", "\0"] {
        let stream = [SWEDEN, KEEP_ALIVE, SOS]
            .map(|frame| format!("{frame}{between}"))
            .concat();
        assert_eq!(
            frames_of_reads(&stream, 11),
            [SWEDEN, KEEP_ALIVE, SOS],
            "{between:?}"
        );
    }
    for (count, about) in [(10, 550), (99, 5500)] {
        let frame = frame_of_records(count);
        assert!(frame.len().abs_diff(about) < about / 10, "{}", frame.len());
        with_report(&frame, |report| {
            assert_eq!(report.records.iter().count(), count.into())
        });
    }
    // The buffer is capped: a larger frame is noise, and the frame after it is found.
    let large = frame_of_records(10);
    let stream = [&large, SWEDEN].concat();
    let found = items_of_reads(stream.as_bytes().chunks(100));
    assert!(
        matches!(&found[0], Owned::Noise(NoiseReason::Oversize, bytes)
            if large.as_bytes().starts_with(bytes))
    );
    assert_eq!(frames_of_reads(&stream, 100), [SWEDEN]);
    let mut decoder = Decoder::<1024>::new();
    let mut input = stream.as_bytes();
    for expected in [&*large, SWEDEN] {
        assert!(
            matches!(decoder.decode(&mut input), Some(Item::Frame(frame))
                if frame.as_bytes() == expected.as_bytes())
        );
    }
}

#[test]
fn frames_without_a_beginning_are_noise() {
    const HEADLESS: &str =
        "1#0000#AUT#01#23403007fa650e#16.747700,W,5136.356500,N,0.00,0.00#040415#002051.000";
    for end in ["", "##", "##\r\n"] {
        let headless = format!("{HEADLESS}{end}");
        assert!(Frame::parse(headless.as_bytes()).is_err());
        let stream = [&headless, SWEDEN, &headless, KEEP_ALIVE].concat();
        for size in [1, 50, stream.len()] {
            assert_eq!(
                frames_of_reads(&stream, size),
                [SWEDEN, KEEP_ALIVE],
                "{end:?}"
            );
        }
    }
    // Whatever is lost of the first of two frames, the other is found. Without the first digits of
    // its id the first may still be a report.
    for frame in [SWEDEN, SOS, NO_PLACE, KEEP_ALIVE] {
        for lost in 1..frame.len() {
            assert_eq!(
                frames_of_reads(&[&frame[lost..], SWEDEN].concat(), 300)
                    .last()
                    .unwrap(),
                SWEDEN,
                "{}",
                &frame[lost..]
            );
        }
    }
}

#[test]
fn the_dollar_of_a_viewer_is_no_part_of_a_frame() {
    // Cut at the edge of a window, where the viewer prints `$`.
    let cut = "#356823033610937##0#0000#AUT#2#V#03201.9361,E,4656.7889,N,000.20$";
    let found = items_of_reads([[cut, SWEDEN, "$", SOS, "$"].concat().as_bytes()]);
    assert!(
        matches!(&found[0], Owned::Noise(NoiseReason::Truncated, bytes)
            if cut.as_bytes().starts_with(bytes))
    );
    let dollar = || Owned::Noise(NoiseReason::Garbage, b"$".to_vec());
    // At the end, a binary frame of `h02` may begin.
    let last = if cfg!(feature = "h02") {
        NoiseReason::Truncated
    } else {
        NoiseReason::Garbage
    };
    assert_eq!(
        found[found.len() - 4..],
        [
            Owned::Frame(SWEDEN.into()),
            dollar(),
            Owned::Frame(SOS.into()),
            Owned::Noise(last, b"$".to_vec()),
        ]
    );
    assert_eq!(frames_of_reads(&[cut, SWEDEN].concat(), 9), [SWEDEN]);
}

#[test]
fn the_end_mark_may_be_missing() {
    // Old tests of a public decoder.
    let keep_alive = Message::KeepAlive(KeepAlive {
        device: id("353588020144007"),
    });
    for text in ["#353588020144007", "#353588020144007#"] {
        assert_eq!(Message::parse(text.as_bytes()), Ok(keep_alive));
    }
    let whole = Message::parse(SWEDEN.as_bytes());
    for eaten in 0..=2 {
        assert_eq!(
            Message::parse(&SWEDEN.as_bytes()[..SWEDEN.len() - eaten]),
            whole
        );
    }
    // Less is a frame that was cut.
    let cut = SWEDEN.len() - 3;
    let error = Frame::parse(&SWEDEN.as_bytes()[..cut]).unwrap_err();
    assert_eq!(
        error,
        Error {
            kind: ErrorKind::Trailing,
            offset: cut - 3
        },
        "the end of the time, without its thousandths"
    );
    // The first of two records.
    let cut = "#356823033610937##0#0000#AUT#2#V#03201.9361,E,4656.7889,N,000.20";
    assert_eq!(
        Frame::parse(cut.as_bytes()),
        Err(Error {
            kind: ErrorKind::Incomplete,
            offset: cut.len()
        })
    );
}

#[test]
fn one_mark_separates_records() {
    let records = "V#07136.4070,W,1040.0575,N,000.35,257#280813#142836\
        #66830FFB#07136.4071,W,1040.0576,N,000.36,#280813#142851\
        ##07136.4072,W,1040.0577,N,000.37,790000#280813#142906.000\
        #0EDDD9F0#,,,,,##";
    with_report(&frame_of(4, records), |report| {
        let records: Vec<Record<'_>> = report.records.iter().collect();
        assert_eq!((report.count, records.len()), (4, 4));
        assert_eq!(
            micro_degrees(records[0].position()),
            Some((10_667_625, -71_606_783))
        );
        assert_eq!(
            micro_degrees(records[2].position()),
            Some((10_667_628, -71_606_787))
        );
        assert_eq!(records[3].position(), None);
        let times: Vec<Option<String>> = records
            .iter()
            .map(|record| Some(record.time()?.to_string()))
            .collect();
        assert_eq!(times[1].as_deref(), Some("2013-08-28T14:28:51"));
        assert_eq!(
            (times[2].as_deref(), &times[3]),
            (Some("2013-08-28T14:29:06"), &None)
        );
        let lbs: Vec<&str> = records
            .iter()
            .map(|record| record.lbs.as_str().unwrap())
            .collect();
        assert_eq!(lbs, ["V", "66830FFB", "", "0EDDD9F0"]);
        let speeds: Vec<Option<Speed>> = records.iter().map(Record::speed).collect();
        assert_eq!(
            speeds,
            [
                Some(Speed::MilliKnots(350)),
                Some(Speed::MilliKnots(360)),
                Some(Speed::MilliKnots(370)),
                None
            ]
        );
    });
}

#[test]
fn the_count_may_be_wrong() {
    const RECORD: &str = "V#07136.4070,W,1040.0575,N,000.35,257#280813#142836";
    // Fewer than announced.
    with_report(&frame_of(4, RECORD), |report| {
        assert_eq!((report.count, report.records.iter().count()), (4, 1))
    });
    with_report(&frame_of(0, RECORD), |report| {
        assert_eq!((report.count, report.records.iter().count()), (0, 1))
    });
    // More: those after the announced ones are no part of the frame.
    let frame = frame_of(1, &format!("{RECORD}#{RECORD}"));
    let error = Frame::parse(frame.as_bytes()).unwrap_err();
    assert_eq!(
        error,
        Error {
            kind: ErrorKind::Trailing,
            offset: frame.len() - 3 - RECORD.len()
        }
    );
}

#[test]
fn one_more_field_may_follow_the_lbs() {
    with_record(
        &frame_of(
            1,
            "72403#V#04647.8922,W,2339.1956,S,2.60,63.74#200413#094310.000",
        ),
        |record| {
            assert_eq!(
                (record.lbs, record.extra),
                (Text::Bytes(b"72403"), Some(Text::Bytes(b"V")))
            );
            assert_eq!(parts(record.cell()), (Some(724), Some(3), None, None));
            assert_eq!(
                micro_degrees(record.position()),
                Some((-23_653_260, -46_798_203))
            );
            assert_eq!(
                (
                    record.course().unwrap().degrees(),
                    record.speed().unwrap().kmh()
                ),
                (63.74, 4.8152)
            );
        },
    );
    // One of digits alone is no place, either.
    with_record(
        &frame_of(
            1,
            "72403#123#04647.8922,W,2339.1956,S,2.60,63.74#200413#094310.000",
        ),
        |record| {
            assert_eq!(
                (record.extra, record.position().is_some()),
                (Some(Text::Bytes(b"123")), true)
            );
        },
    );
    // A place that does not begin with a number is one.
    with_record(
        &frame_of(1, "72403#x,W,2339.1956,S,2.60,63.74#200413#094310.000"),
        |record| {
            assert_eq!(
                (record.extra, record.longitude, record.latitude.is_some()),
                (None, None, true)
            );
        },
    );
}

#[test]
fn forms_of_the_lbs() {
    let record = |lbs: &'static str| Record {
        lbs: Text::Bytes(lbs.as_bytes()),
        ..Record::default()
    };
    for (lbs, cell) in [
        ("66830FFB", (None, None, Some(0x6683), Some(0x0FFB))),
        ("57e84d79", (None, None, Some(0x57E8), Some(0x4D79))),
        (
            "24002485fed523",
            (Some(240), Some(24), Some(0x85FE), Some(0xD523)),
        ),
        (
            "7243141c2b14c3",
            (Some(724), Some(314), Some(0x1C2B), Some(0x14C3)),
        ),
        // Void, unknown forms, and digits that are wrong.
        ("", (None, None, None, None)),
        ("V", (None, None, None, None)),
        ("36012", (None, None, None, None)),
        ("0500000000120000", (None, None, None, None)),
        ("2400248xfed523", (None, None, None, None)),
        ("2400x485fed523", (None, None, None, None)),
        ("2400:485fed523", (None, None, None, None)),
        ("2a0024 5fed523", (None, None, None, None)),
        ("66830FFG", (None, None, None, None)),
    ] {
        let record = record(lbs);
        assert_eq!(
            (parts(record.cell()), record.neighbours().count()),
            (cell, 0),
            "{lbs}"
        );
    }
    // Neighbours.
    for lbs in [
        "72400510730208,00d36307,10734fc4",
        "10730208,00d36307,10734fc4",
        "0500000000120000,00d36307,10734fc4",
        "V,00d36307,,xyz,10734fc4",
    ] {
        let neighbours: Vec<_> = record(lbs)
            .neighbours()
            .map(|neighbour| (parts(Some(neighbour.cell)), neighbour.rssi))
            .collect();
        assert_eq!(
            neighbours,
            [
                ((None, None, Some(0x00D3), Some(0x6307)), None),
                ((None, None, Some(0x1073), Some(0x4FC4)), None)
            ],
            "{lbs}"
        );
    }
    assert_eq!(
        parts(record("72400510730208,00d36307,10734fc4").cell()),
        (Some(724), Some(5), Some(0x1073), Some(0x0208))
    );
}

#[test]
fn degrees_or_minutes() {
    for (longitude, latitude, expected) in [
        // Padded, or not.
        (
            "01047.4327,E",
            "5955.9316,N",
            Some((59_932_193, 10_790_545)),
        ),
        (
            "951.500900,E",
            "5355.149700,N",
            Some((53_919_162, 9_858_348)),
        ),
        (
            "123.854500,W",
            "5056.346600,N",
            Some((50_939_110, -1_397_575)),
        ),
        ("16.747700,W", "5136.356500,N", Some((51_605_942, -279_128))),
        (
            "10341.175280,E",
            "121.322800,N",
            Some((1_355_380, 103_686_255)),
        ),
        // Decimal degrees.
        (
            "114.036291,E",
            "22.664613,N",
            Some((22_664_613, 114_036_291)),
        ),
        ("180,W", "90.0,S", Some((-90_000_000, -180_000_000))),
        ("179.9,E", "0.5,S", Some((-500_000, 179_900_000))),
        ("114.,E", "22.,N", Some((22_000_000, 114_000_000))),
        // Small ones: leading zeros settle it.
        ("0012.3456,E", "12.3456,N", Some((205_760, 205_760))),
        ("12.3456,E", "0012.3456,N", Some((205_760, 205_760))),
        ("12.3456,E", "12.3456,N", Some((12_345_600, 12_345_600))),
        // Not a place.
        ("01060.0000,E", "5955.9316,N", None),
        ("18000.0001,E", "5955.9316,N", None),
        ("01047.4327,E", "9000.0001,N", None),
        ("179.9,E", "90.000001,N", None),
        ("01047.4327,X", "5955.9316,N", None),
        ("01047.4327,E", "5955.9316,", None),
        ("01047.4327,E", ",N", None),
        ("010x7.4327,E", "5955.9316,N", None),
        ("01047.43.27,E", "5955.9316,N", None),
        ("-1047.4327,E", "5955.9316,N", None),
        ("00000.0000,E", "0000.0000,N", None),
    ] {
        with_record(
            &frame_of(
                1,
                &format!("V#{longitude},{latitude},0.00,0.00#090913#221512"),
            ),
            |record| {
                assert_eq!(
                    micro_degrees(record.position()),
                    expected,
                    "{longitude} {latitude}"
                );
                assert!(
                    record.time().is_some()
                        && record.speed().is_some()
                        && record.course().is_some()
                );
            },
        );
    }
    // What was sent stays readable.
    with_record(
        &frame_of(1, "V#01060.0000,W,9155.9316,N,0.00,0.00#090913#221512"),
        |record| {
            let sent = |value: &str, positive: bool| {
                Some(Coordinate {
                    value: decimal(value),
                    format: CoordinateFormat::Minutes,
                    positive,
                })
            };
            assert_eq!(
                (record.longitude, record.latitude),
                (sent("1060.0000", false), sent("9155.9316", true))
            );
        },
    );
}

#[test]
fn no_fix_is_a_date_of_zeros() {
    with_record(ZERO_DATE, |record| {
        assert_eq!((record.position(), record.time()), (None, None));
        assert_eq!(
            record.date_time,
            Some(DateTime {
                year: 0,
                month: 0,
                day: 0,
                hour: 0,
                minute: 0,
                second: 0
            })
        );
        assert_eq!(
            parts(record.cell()),
            (Some(234), Some(10), Some(0x4BB6), Some(0x374C))
        );
    });
    // The date alone decides: neither a clock nor a place makes it a fix.
    for (from, to) in [
        ("#090913#", "#000000#"),
        ("#090913#221512.000#", "#000000#221512#"),
    ] {
        with_record(&SWEDEN.replace(from, to), |record| {
            assert_eq!((record.position(), record.time()), (None, None));
            assert!(record.longitude.unwrap().longitude().is_some());
        });
    }
    // A date without a place.
    with_record(&ZERO_DATE.replace("#000000#", "#171113#"), |record| {
        assert_eq!((record.position(), record.time().is_some()), (None, true))
    });
    // On the equator, or on the prime meridian, but not on both.
    for (longitude, latitude) in [("00000.0000", "0000.0001"), ("00000.0001", "0000.0000")] {
        let record = format!("V#{longitude},E,{latitude},N,0.00,0.00#171113#205016");
        with_record(&frame_of(1, &record), |record| {
            assert!(record.position().is_some())
        });
    }
}

#[test]
fn no_fix_is_neither_place_nor_date() {
    with_record(NO_PLACE, |record| {
        assert_eq!(
            (
                record.longitude,
                record.latitude,
                record.speed,
                record.course,
                record.date_time
            ),
            (None, None, None, None, None)
        );
        assert_eq!(
            (
                record.position(),
                record.time(),
                record.speed(),
                record.course()
            ),
            (None, None, None, None)
        );
        assert_eq!(parts(record.cell()), (None, None, Some(3805), Some(55792)));
    });
    // The frame ends after the fourth `#`, also where another follows at once, or the stream is cut
    // between any two of them.
    let stream = [NO_PLACE, NO_PLACE, SOS].concat();
    for size in [1, 46, 47, 48, 49, stream.len()] {
        assert_eq!(frames_of_reads(&stream, size), [NO_PLACE, NO_PLACE, SOS]);
    }
    for next in ["1", ",", "07136.4070,W", "\r\n"] {
        assert_eq!(
            frames_of_reads(&[NO_PLACE, next, SOS].concat(), 300),
            [NO_PLACE, SOS],
            "{next:?}"
        );
    }
}

#[test]
fn neither_the_flag_nor_v_says_that_there_is_no_fix() {
    for (flag, lbs) in [("0", "V"), ("1", "V"), ("0", "66830FFB"), ("13", "")] {
        let frame = format!(
            "#356823031236214##{flag}#0000#AUT#1#{lbs}\
             #01904.5491,E,6941.0085,N,000.09,248#170513#160140##"
        );
        with_report(&frame, |report| assert_eq!(report.flag.to_string(), flag));
        with_record(&frame, |record| {
            assert_eq!(record.lbs.as_str(), Some(lbs));
            assert_eq!(
                micro_degrees(record.position()),
                Some((69_683_475, 19_075_818))
            );
        });
    }
}

#[test]
fn the_course_may_be_out_of_range_or_empty() {
    for (sent, raw, course) in [
        ("790000", Some("790000"), None),
        ("", None, None),
        ("360.00", Some("360.00"), Some(360.0)),
        ("360.01", Some("360.01"), None),
        ("7x", None, None),
        ("7,8", Some("7"), Some(7.0)),
    ] {
        with_record(
            &frame_of(
                1,
                &format!("V#01047.4327,E,5955.9316,N,000.01,{sent}#080513#111644"),
            ),
            |record| {
                assert_eq!(
                    (
                        record.course,
                        record.course().map(|course| course.degrees())
                    ),
                    (raw.map(decimal), course),
                    "{sent}"
                );
                assert!(record.position().is_some() && record.time().is_some());
            },
        );
    }
}

#[test]
fn dates_that_do_not_exist_stay_readable() {
    with_record(&SWEDEN.replace("#090913#", "#151348#"), |record| {
        let time = record.time().unwrap();
        assert_eq!(
            (time.day, time.month, time.year, time.is_valid()),
            (15, 13, 48, false)
        );
        assert!(record.position().is_some());
    });
    // One digit that is not 0 makes it a date.
    for (date, parts) in [
        ("070000", [7, 0, 0]),
        ("000700", [0, 7, 0]),
        ("000007", [0, 0, 7]),
    ] {
        with_record(&SWEDEN.replace("090913", date), |record| {
            let time = record.time().unwrap();
            assert_eq!(
                (
                    [time.day, time.month, time.year],
                    time.is_valid(),
                    record.position().is_some()
                ),
                (parts, false, true)
            );
        });
    }
}

#[test]
fn places_with_more_or_fewer_parts() {
    with_record(
        &frame_of(1, "V#01047.4327,E,5955.9316,N#080513#111644"),
        |record| {
            assert_eq!(
                (record.position().is_some(), record.speed, record.course),
                (true, None, None)
            );
            assert_eq!(record.time().unwrap().to_string(), "2013-05-08T11:16:44");
        },
    );
    with_record(&frame_of(1, "V#1,#080513#111644"), |record| {
        assert_eq!(
            (record.longitude, record.position(), record.time().is_some()),
            (None, None, true)
        )
    });
    with_record(
        &frame_of(
            1,
            "V#01047.4327,E,5955.9316,N,000.01,236,12,x#080513#111644",
        ),
        |record| {
            assert_eq!(
                (
                    record.course.map(|course| course.to_string()),
                    record.time().is_some()
                ),
                (Some("236".into()), true)
            );
        },
    );
}

#[test]
fn ids_may_have_fewer_digits_than_an_imei() {
    // A SIM number, and the lengths that edited samples have.
    for digits in ["123456789", "13800138000", "01234567890123"] {
        let frame = SWEDEN.replace("353588020144007", digits);
        with_report(&frame, |report| {
            assert_eq!(report.device.to_string(), digits)
        });
        let message = Message::parse(frame.as_bytes()).unwrap();
        assert_eq!(Message::parse(&encode(&message)), Ok(message));
        // A keep-alive has nothing else to vouch for it.
        assert!(Frame::parse(format!("#{digits}##").as_bytes()).is_err());
        let device = id(digits);
        assert_eq!(
            KeepAlive { device }.encode(&mut [0; 40]),
            Err(EncodeError::DeviceId { digits: 15 })
        );
    }
    for digits in ["", "12345678", "1234567890123456"] {
        assert_eq!(
            Frame::parse(SWEDEN.replace("353588020144007", digits).as_bytes())
                .unwrap_err()
                .kind,
            ErrorKind::DeviceId
        );
    }
}

#[test]
fn damaged_lines_and_configuration_texts_are_no_frames() {
    for text in [
        // A wrong sum, a broken header, and no line.
        "#860186058100000#MT700#0000#AUTO#1\r\n\
         #39#262,03,8CE6,A672$GPRMC,115419.00,V,,,,,,,050123,,,A*7D\r\n##\r\n",
        "#861075026000000#\r\n#0000#AUTO#1\r\n#$GPRMC,,V,,,,,,,,,,A*5C\r\n##\r\n",
        "#357671030946351##0000#AUTO#1\r\n##\r\n",
        "#begin#123456#",
        "#apn#123456#APN#USER#PASS#",
        "#IP#123456#10.0.0.1#5016#",
        "#at#30#sum#0#",
        "#806#password##",
        "#admin#123456#13800138000#",
        "1#0000#AUT#01#23403007fa650e#16.747700,W,5136.356500,N,0.00,0.00#040415#002051.000##",
        "",
    ] {
        assert!(Frame::parse(text.as_bytes()).is_err(), "{text:?}");
    }
}

#[test]
fn the_clock_runs_on_utc() {
    with_record(SWEDEN, |record| {
        assert_eq!(
            record.time().unwrap().to_unix(UtcOffset::UTC),
            Some(1_378_764_912)
        )
    });
}

#[test]
fn what_is_encoded_is_what_devices_send() {
    let records = [
        Record {
            lbs: Text::Bytes(b"24002485fed523"),
            longitude: Longitude::from_decimal_degrees(decimal("17.813795"), true)
                .map(Coordinate::from),
            latitude: Latitude::from_decimal_degrees(decimal("59.638597"), false)
                .map(Coordinate::from),
            speed: Some(decimal("0.28")),
            course: Some(decimal("79.50")),
            date_time: Some(DateTime {
                year: 13,
                month: 9,
                day: 9,
                hour: 22,
                minute: 15,
                second: 12,
            }),
            ..Record::default()
        },
        Record::default(),
        Record {
            lbs: Text::Bytes(b"72403"),
            extra: Some(Text::Bytes(b"V")),
            longitude: Some(Coordinate {
                value: decimal("12.3456"),
                format: CoordinateFormat::Minutes,
                positive: false,
            }),
            latitude: Some(Coordinate {
                value: decimal("0.5"),
                format: CoordinateFormat::Minutes,
                positive: true,
            }),
            date_time: Some(DateTime {
                year: 26,
                month: 12,
                day: 31,
                hour: 0,
                minute: 0,
                second: 0,
            }),
            ..Record::default()
        },
    ];
    let report = Report {
        device: id("353588020144007"),
        user: Text::Bytes(b"TK333"),
        flag: 13,
        password: Text::Bytes(b"0000"),
        event: Text::Bytes(b"AUT"),
        count: 3,
        records: Records::new(&records),
    };
    let message = Message::Report(report);
    let bytes = encode(&message);
    assert_eq!(
        std::str::from_utf8(&bytes).unwrap(),
        "#353588020144007#TK333#13#0000#AUT#3\
         #24002485fed523#01748.827700,E,5938.315820,S,0.28,79.50#090913#221512\
         ##,,,,,##\
         #72403#V#00012.3456,W,0000.5,N,,#311226#000000##"
    );
    assert_eq!(Message::parse(&bytes), Ok(message));
    for room in 0..bytes.len() {
        assert_eq!(
            message.encode(&mut vec![0; room]),
            Err(EncodeError::BufferTooSmall {
                needed: bytes.len()
            })
        );
    }
    assert_eq!(format!("{:?}", report.records), format!("{records:?}"));
    assert_ne!(report.records, Records::new(&records[1..]));
}

#[test]
fn coordinates_are_rounded_to_the_nearest() {
    // In 1/3 000 000 minute.
    for (units, value) in [
        (0, "0.000000"),
        (1, "0.000000"),
        (2, "0.000001"),
        (4, "0.000001"),
        (5, "0.000002"),
        (179_999_998, "59.999999"),
        (179_999_999, "100.000000"),
    ] {
        for (units, positive) in [(units, true), (-units, units == 0)] {
            let expected = Coordinate {
                value: decimal(value),
                format: CoordinateFormat::Minutes,
                positive,
            };
            assert_eq!(
                Coordinate::from(Latitude::from_units(units).unwrap()),
                expected,
                "{units}"
            );
            assert_eq!(
                Coordinate::from(Longitude::from_units(units).unwrap()),
                expected,
                "{units}"
            );
        }
    }
}

#[test]
fn encoding_refuses_what_could_not_be_read_back() {
    let record = Record {
        lbs: Text::Bytes(b"V"),
        longitude: Some(Coordinate {
            value: decimal("12.3456"),
            format: CoordinateFormat::Minutes,
            positive: false,
        }),
        latitude: Some(Coordinate {
            value: decimal("12.3456"),
            format: CoordinateFormat::Minutes,
            positive: false,
        }),
        date_time: Some(DateTime {
            year: 26,
            month: 12,
            day: 31,
            hour: 0,
            minute: 0,
            second: 0,
        }),
        ..Record::default()
    };
    let records = [record, record];
    let report = Report {
        device: id("353588020144007"),
        user: Text::default(),
        flag: 1,
        password: Text::Bytes(b"0000"),
        event: Text::Bytes(b"AUT"),
        count: 2,
        records: Records::new(&records),
    };
    let refused = |report: Report<'_>| Message::Report(report).encode(&mut [0; 500]).unwrap_err();
    let with = |record: Record<'_>| {
        refused(Report {
            count: 1,
            records: Records::new(&[record]),
            ..report
        })
    };
    assert!(report.encode(&mut [0; 500]).is_ok());
    let text = |text: &'static str| Text::Bytes(text.as_bytes());
    for (refused, error) in [
        (
            refused(Report {
                device: id("12345678"),
                ..report
            }),
            EncodeError::DeviceId { digits: 15 },
        ),
        (
            refused(Report {
                device: id("1234567890123456"),
                ..report
            }),
            EncodeError::DeviceId { digits: 15 },
        ),
        (
            refused(Report {
                user: text("123456789012345678901234567890123"),
                ..report
            }),
            EncodeError::TooLong {
                field: "user",
                max: 32,
            },
        ),
        (
            refused(Report {
                flag: 100,
                ..report
            }),
            EncodeError::Range {
                field: "flag",
                max: 99,
            },
        ),
        (
            refused(Report {
                password: text("1234567"),
                ..report
            }),
            EncodeError::TooLong {
                field: "password",
                max: 6,
            },
        ),
        (
            refused(Report {
                event: text("ABCDEFGHIJKLMNOPQ"),
                ..report
            }),
            EncodeError::TooLong {
                field: "event",
                max: 16,
            },
        ),
        (
            refused(Report {
                count: 100,
                ..report
            }),
            EncodeError::Range {
                field: "count",
                max: 99,
            },
        ),
        // A record more than announced would begin the next frame.
        (
            refused(Report { count: 1, ..report }),
            EncodeError::Ambiguous,
        ),
        // A field cannot hold these.
        (
            refused(Report {
                user: text("a\u{e9}"),
                ..report
            }),
            EncodeError::Text,
        ),
        (
            refused(Report {
                user: text("a#b"),
                ..report
            }),
            EncodeError::Text,
        ),
        (
            refused(Report {
                password: text("12a"),
                ..report
            }),
            EncodeError::Text,
        ),
        (
            refused(Report {
                event: text(""),
                ..report
            }),
            EncodeError::Text,
        ),
        (
            refused(Report {
                event: text("1A"),
                ..report
            }),
            EncodeError::Text,
        ),
        (
            refused(Report {
                records: Records::new(&[]),
                ..report
            }),
            EncodeError::Missing { field: "records" },
        ),
        (
            with(Record {
                date_time: None,
                ..record
            }),
            EncodeError::Missing { field: "date_time" },
        ),
        (
            with(Record {
                date_time: record.date_time.map(|time| DateTime { year: 100, ..time }),
                ..record
            }),
            EncodeError::Range {
                field: "date_time",
                max: 99,
            },
        ),
        // These would be read as something else.
        (
            with(Record {
                extra: Some(text("1,2")),
                ..record
            }),
            EncodeError::Text,
        ),
        (
            with(Record {
                longitude: None,
                latitude: record.latitude.map(|place| Coordinate {
                    format: CoordinateFormat::Degrees,
                    value: decimal("91"),
                    ..place
                }),
                ..record
            }),
            EncodeError::NotCanonical,
        ),
        (
            with(Record {
                latitude: record.latitude.map(|place| Coordinate {
                    format: CoordinateFormat::Degrees,
                    ..place
                }),
                ..record
            }),
            EncodeError::NotCanonical,
        ),
    ] {
        assert_eq!(refused, error);
    }
    // 15 digits do not begin a frame where a field may hold them.
    for report in [
        Report {
            user: text("353588020144007"),
            ..report
        },
        Report {
            count: 1,
            records: Records::new(&[Record {
                lbs: text("353588020144007"),
                ..record
            }]),
            ..report
        },
    ] {
        let mut out = [0; 500];
        let len = report.encode(&mut out).unwrap();
        assert_eq!(Message::parse(&out[..len]), Ok(Message::Report(report)));
    }
    // A user of one or two digits before the flag does not make a keep-alive.
    for user in ["1", "13", "0"] {
        assert!(
            Report {
                user: text(user),
                ..report
            }
            .encode(&mut [0; 500])
            .is_ok()
        );
    }
}

/// The device that all uplinks are sent by.
fn sender() -> Device {
    Device::new(Protocol::V680, id("353588020000011"))
}

fn fix() -> Fix {
    let mut fix = Fix::new(
        DateTime::new(2026, 5, 4, 7, 30, 0).unwrap(),
        Position::from_degrees(-33.924_9, 18.424_1).unwrap(),
    );
    fix.speed = Some(Speed::MilliKnots(12_345));
    fix.course = Course::from_degrees(236);
    fix.satellites = Some(7);
    fix.ignition = Some(true);
    fix
}

/// The text of the frame, which no server owes a reply to.
fn sent(uplink: &Uplink<'_>) -> String {
    let mut out = [0; 200];
    let sent = sender().encode(uplink, &mut out).unwrap();
    let frame = gt02::Frame::parse(&out[..sent.len]).unwrap();
    assert_eq!(frame.protocol(), Protocol::V680);
    assert_eq!(sent.expects, None);
    assert_eq!(Session::new().handle(&frame).reply, None);
    String::from_utf8(frame.as_bytes().to_vec()).unwrap()
}

#[test]
fn a_login_and_a_heartbeat_are_keep_alives() {
    for uplink in [Uplink::Login, Uplink::Heartbeat(Status::new())] {
        assert_eq!(sent(&uplink), "#353588020000011##");
    }
}

#[test]
fn a_fix_is_reported_as_it_was_sent() {
    let text = sent(&Uplink::Location(fix()));
    assert_eq!(
        text,
        "#353588020000011##1#0000#AUT#1#V\
         #01825.446000,E,3355.494000,S,12.345,236.00#040526#073000##"
    );
    let frame = gt02::Frame::parse(text.as_bytes()).unwrap();
    let report = gt02::Report::new(&frame, Direction::Up);
    assert_eq!(
        (report.kind, report.device, report.time),
        (Kind::Location, Some(sender().id()), Some(fix().time))
    );
    assert_eq!(
        (report.position, report.speed, report.course, report.cell),
        (Some(fix().position), fix().speed, fix().course, None)
    );
    // The protocol says neither.
    assert_eq!((report.valid, report.ignition), (None, None));
}

#[test]
fn cells_of_a_fix_are_reported_as_they_were_sent() {
    let mut cell = CellTower::default();
    (cell.lac, cell.cid) = (Some(0x0EDD), Some(0xD9EF));
    let bare = cell;
    (cell.mcc, cell.mnc) = (Some(240), Some(1));
    for (cell, lbs) in [(bare, "#0EDDD9EF#"), (cell, "#2400010EDDD9EF#")] {
        let mut fix = fix();
        fix.cell = Some(cell);
        let text = sent(&Uplink::Location(fix));
        assert!(text.contains(lbs), "{text}");
        let frame = gt02::Frame::parse(text.as_bytes()).unwrap();
        let report = gt02::Report::new(&frame, Direction::Up);
        assert_eq!(
            (report.cell, report.position),
            (Some(cell), Some(fix.position))
        );
    }
    // Those that the field cannot hold.
    let refused = |change: fn(&mut CellTower)| {
        let mut cell = cell;
        change(&mut cell);
        Lbs::new(&cell).unwrap_err()
    };
    for (error, expected) in [
        (
            refused(|cell| cell.cid = Some(0x1_0000)),
            EncodeError::Range {
                field: "cid",
                max: 0xFFFF,
            },
        ),
        (
            refused(|cell| cell.mnc = Some(1000)),
            EncodeError::Range {
                field: "mnc",
                max: 999,
            },
        ),
        (
            refused(|cell| cell.mcc = None),
            EncodeError::Missing { field: "mcc" },
        ),
        (
            refused(|cell| cell.lac = None),
            EncodeError::Missing { field: "lac" },
        ),
    ] {
        assert_eq!(error, expected);
    }
}

#[test]
fn without_a_fix_no_place_is_sent() {
    let mut fix = fix();
    fix.valid = false;
    let text = sent(&Uplink::Location(fix));
    assert_eq!(text, "#353588020000011##0#0000#AUT#1#V#,,,,,####");
    let frame = gt02::Frame::parse(text.as_bytes()).unwrap();
    let report = gt02::Report::new(&frame, Direction::Up);
    assert_eq!(
        (report.kind, report.position, report.time, report.speed),
        (Kind::Location, None, None, None)
    );
}

#[test]
fn alarms_are_sent_as_the_events_that_are_read() {
    let mut alarms = Vec::new();
    for alarm in [
        Alarm::Sos,
        Alarm::LowBattery,
        Alarm::PowerCut,
        Alarm::Vibration,
        Alarm::Overspeed,
        Alarm::ExternalLowBattery,
        Alarm::Other,
    ] {
        let uplink = Uplink::Alarm {
            alarm,
            fix: fix(),
            status: Status::new(),
        };
        match sender().encode(&uplink, &mut [0; 200]) {
            Ok(_) => {
                let text = sent(&uplink);
                let frame = gt02::Frame::parse(text.as_bytes()).unwrap();
                let report = gt02::Report::new(&frame, Direction::Up);
                assert_eq!((report.kind, report.alarm), (Kind::Alarm, Some(alarm)));
                assert_eq!(report.position, Some(fix().position));
                alarms.push(alarm);
            }
            Err(error) => assert_eq!(
                error,
                UplinkError::Unsupported {
                    protocol: Protocol::V680
                }
            ),
        }
    }
    assert_eq!(alarms, [Alarm::Sos, Alarm::LowBattery]);
}

#[test]
fn uplinks_that_would_be_read_as_something_else_are_refused() {
    let encode = |uplink: &Uplink<'_>| sender().encode(uplink, &mut [0; 200]).unwrap_err();
    assert_eq!(
        encode(&Uplink::Response("OK")),
        UplinkError::Unsupported {
            protocol: Protocol::V680
        }
    );
    let refused = |change: fn(&mut Fix)| {
        let mut fix = fix();
        change(&mut fix);
        encode(&Uplink::Location(fix))
    };
    // Zeros are no fix, and a date that does not exist is no time.
    assert_eq!(
        refused(|fix| fix.position = Position::from_degrees(0.0, 0.0).unwrap()),
        UplinkError::Encode(EncodeError::NotCanonical)
    );
    assert_eq!(refused(|fix| fix.time.month = 13), UplinkError::InvalidTime);
    assert_eq!(
        refused(|fix| fix.time.year = 100),
        UplinkError::Encode(EncodeError::Range {
            field: "date_time",
            max: 99
        })
    );
    let mut device = Device::new(Protocol::V680, id("13800138000"));
    assert_eq!(
        device.encode(&Uplink::Login, &mut [0; 200]),
        Err(UplinkError::Encode(EncodeError::DeviceId { digits: 15 }))
    );
    assert!(
        device
            .encode(&Uplink::Location(fix()), &mut [0; 200])
            .is_ok()
    );
}

#[test]
fn records_are_built_from_plain_values() {
    let (time, position) = (fix().time, fix().position);
    let record = Record::new(time, position);
    assert_eq!(
        (record.time(), record.position()),
        (Some(time), Some(position))
    );
    assert_eq!(
        (record.speed(), record.course(), record.cell()),
        (None, None, None)
    );
    // Two decimals, as devices send, or as many more as it takes.
    for (speed, text, read) in [
        (Speed::from_kmh(0), "0.00", 0),
        (Speed::MilliKnots(350), "0.35", 350),
        (Speed::MilliKnots(12_345), "12.345", 12_345),
        // 1 km/h is 0.539957 kn.
        (Speed::from_kmh(1), "0.54", 540),
        (Speed::from_kmh(100), "53.996", 53_996),
        (Speed::MetresPerHour(u32::MAX), "2319096.812", 2_319_096_812),
    ] {
        let record = record.with_speed(speed);
        assert_eq!(record.speed.unwrap().to_string(), text);
        assert_eq!(record.speed(), Some(Speed::MilliKnots(read)));
    }
    for (ten_thousandths, text) in [(0, "0.00"), (795_000, "79.50"), (3_599_999, "359.9999")] {
        let course = Course::from_ten_thousandths(ten_thousandths).unwrap();
        let record = record.with_course(course);
        assert_eq!(record.course.unwrap().to_string(), text);
        assert_eq!(record.course(), Some(course));
    }
}

#[test]
fn reports_hold_1_to_99_records() {
    let records = [Record::new(fix().time, fix().position); 100];
    for (len, error) in [
        (0, Some(EncodeError::Missing { field: "records" })),
        (1, None),
        (99, None),
        (
            100,
            Some(EncodeError::Range {
                field: "count",
                max: 99,
            }),
        ),
    ] {
        let report = Report::new(sender().id(), &records[..len]);
        assert_eq!(report.err(), error, "{len}");
        if let Ok(report) = report {
            assert_eq!(usize::from(report.count), len);
            assert_eq!(
                Message::parse(&encode(&report.into())),
                Ok(Message::Report(report))
            );
        }
    }
}

#[test]
fn records_are_iterated_alike_from_a_frame_and_built() {
    let built = [
        Record::new(fix().time, fix().position),
        Record::default(),
        Record::new(fix().time, fix().position).with_speed(fix().speed.unwrap()),
    ];
    let report = Report::new(sender().id(), &built).unwrap();
    let bytes = encode(&report.into());
    let Ok(Message::Report(read)) = Message::parse(&bytes) else {
        panic!()
    };
    for records in [report.records, read.records] {
        assert_eq!(records.into_iter().collect::<Vec<_>>(), built);
        assert_eq!((&records).into_iter().count(), 3);
        let mut rest = records.iter();
        rest.next();
        assert_eq!(rest.clone().collect::<Vec<_>>(), built[1..]);
        assert_eq!(format!("{rest:?}"), format!("{:?}", &built[1..]));
        assert_eq!(hash(&records), hash(&report.records));
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

prop_compose! {
    fn coordinate(limit: u16)(
        degrees in 0..limit,
        minutes in 0..60_u64,
        fraction in 0..1_000_000_u64,
        places in 0..7_u8,
        positive in any::<bool>(),
        is_degrees in any::<bool>(),
    ) -> Coordinate {
        let power = 10_u64.pow(places.into());
        let degrees = u64::from(degrees);
        let (whole, format) = if is_degrees {
            (degrees, CoordinateFormat::Degrees)
        } else {
            (degrees * 100 + minutes, CoordinateFormat::Minutes)
        };
        let value = Decimal::new(whole * power + fraction % power, places).unwrap();
        Coordinate { value, format, positive }
    }
}

fn date_time() -> impl Strategy<Value = DateTime> {
    any::<[u8; 6]>().prop_map(|parts| {
        let [year, month, day, hour, minute, second] = parts.map(|part| part % 100);
        DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }
    })
}

fn number() -> impl Strategy<Value = Decimal> {
    (0..1_000_000_u64, 0..4_u8)
        .prop_map(|(mantissa, places)| Decimal::new(mantissa, places).unwrap())
}

prop_compose! {
    /// Records as they are read: both coordinates in one format, and a date unless the record is
    /// empty.
    fn ordinary_record()(
        lbs in select(vec![
            "",
            "V",
            "66830FFB",
            "24002485012345",
            "72400510730208,00d36307,10734fc4",
            "36012",
        ]),
        extra in option::weighted(0.1, select(vec!["V", "", "1"])),
        longitude in coordinate(180),
        latitude in coordinate(90),
        has_coordinates in prop::bool::weighted(0.9),
        speed in option::of(number()),
        course in option::of(number()),
        time in date_time(),
        has_place in prop::bool::weighted(0.9),
    ) -> Record<'static> {
        let lbs_text = Text::Bytes(lbs.as_bytes());
        if !has_place {
            return Record { lbs: lbs_text, ..Record::default() };
        }
        let latitude = (longitude.format == latitude.format).then_some(latitude);
        Record {
            lbs: lbs_text,
            extra: extra
                .filter(|_| !lbs.is_empty())
                .map(|extra| Text::Bytes(extra.as_bytes())),
            longitude: has_coordinates.then_some(longitude),
            latitude: latitude.filter(|_| has_coordinates),
            speed,
            course,
            date_time: Some(time),
        }
    }
}

prop_compose! {
    /// Records of any values at all.
    fn any_record()(
        lbs in "[ -~]{0,20}",
        extra in option::of("[ -~]{0,5}"),
        longitude in option::of((any::<u64>(), 0..19_u8, any::<bool>(), any::<bool>())),
        latitude in option::of((0..1_000_000_u64, 0..8_u8, any::<bool>(), any::<bool>())),
        speed in option::of((any::<u64>(), 0..19_u8)),
        course in option::of(number()),
        time in option::of(any::<[u8; 6]>()),
    ) -> (String, Option<String>, Record<'static>) {
        let coordinate = |(value, places, is_degrees, positive): (u64, u8, bool, bool)| {
            let format = if is_degrees {
                CoordinateFormat::Degrees
            } else {
                CoordinateFormat::Minutes
            };
            let value = Decimal::new(value % 1_000_000_000_000_000_000, places)?;
            Some(Coordinate { value, format, positive })
        };
        let record = Record {
            longitude: longitude.and_then(coordinate),
            latitude: latitude.and_then(coordinate),
            speed: speed.and_then(|(mantissa, places)| Decimal::new(mantissa >> 10, places)),
            course,
            date_time: time.map(|[year, month, day, hour, minute, second]| DateTime {
                year,
                month,
                day,
                hour,
                minute,
                second,
            }),
            ..Record::default()
        };
        (lbs, extra, record)
    }
}

/// Asks for everything.
fn read_all(message: &Message<'_>) {
    let _ = message.device_id();
    if let Message::Report(report) = message {
        let _ = report.alarm();
        for record in report.records.iter() {
            let _ = (
                record.time(),
                record.position(),
                record.speed(),
                record.course(),
                record.cell(),
                record.neighbours().count(),
            );
            let _ = (
                record
                    .longitude
                    .map(|place| (place.longitude(), place.latitude())),
                format!("{record:?}"),
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn reports_that_devices_send_can_be_built(
        device in 0..1_000_000_000_000_000_u64,
        user in select(vec!["", "TK333", "13001190527", "big friend", "1", "12345678901234"]),
        flag in 0..100_u8,
        password in select(vec!["0000", "123456", "", "1"]),
        event in select(vec!["AUT", "AUTO", "SOS", "LPD", "SF", "X1", "a"]),
        records in vec(ordinary_record(), 1..6),
        more in 0..3_u8,
    ) {
        let report = Report {
            device: id(&format!("{device:015}")),
            user: Text::Bytes(user.as_bytes()),
            flag,
            password: Text::Bytes(password.as_bytes()),
            event: Text::Bytes(event.as_bytes()),
            count: records.len() as u8 + more,
            records: Records::new(&records),
        };
        let mut out = vec![0; report.encoded_len()];
        prop_assert_eq!(report.encode(&mut out), Ok(out.len()), "{:?}", report);
        prop_assert_eq!(Message::parse(&out), Ok(Message::Report(report)));
        // Alike, from the text.
        let Ok(Message::Report(read)) = Message::parse(&out) else { panic!() };
        prop_assert_eq!(encode(&Message::Report(read)), out);
    }

    #[test]
    fn messages_that_encode_are_read_back(
        device in "[0-9]{1,16}",
        user in "[ -~]{0,8}",
        flag in any::<u8>(),
        password in "[0-9]{0,5}.?",
        event in "[A-Z]{0,3}[0-9a-z]?",
        count in 0..5_u8,
        records in vec(any_record(), 0..3),
    ) {
        let records: Vec<Record<'_>> = records.iter().map(|(lbs, extra, record)| Record {
            lbs: Text::Bytes(lbs.as_bytes()),
            extra: extra.as_ref().map(|extra| Text::Bytes(extra.as_bytes())),
            ..*record
        }).collect();
        let message = Message::Report(Report {
            device: id(&device),
            user: Text::Bytes(user.as_bytes()),
            flag,
            password: Text::Bytes(password.as_bytes()),
            event: Text::Bytes(event.as_bytes()),
            count,
            records: Records::new(&records),
        });
        let mut out = vec![0; message.encoded_len()];
        if let Ok(len) = message.encode(&mut out) {
            prop_assert_eq!(len, out.len());
            prop_assert_eq!(Message::parse(&out), Ok(message));
        }
        let keep_alive = Message::KeepAlive(KeepAlive { device: id(&device) });
        prop_assert_eq!(keep_alive.encode(&mut out).is_ok(), device.len() == 15);
        if device.len() == 15 {
            prop_assert_eq!(Message::parse(&out[..keep_alive.encoded_len()]), Ok(keep_alive));
        }
    }

    #[test]
    fn any_bytes_at_all(bytes in vec(any::<u8>(), 0..200)) {
        if let Ok(message) = Message::parse(&bytes) {
            read_all(&message);
        }
    }

    #[test]
    fn odd_records_are_read_as_far_as_they_go(
        // Without a parenthesis: a whole frame of `tk103` in it would be found instead.
        lbs in "[ -\"$-')-~]{0,40}",
        extra in option::weighted(0.2, "[ -\"$-')-+\\--~]{0,8}"),
        place in "[0-9.]{0,12},[ENWSx]?(,[0-9.,x]{0,7}){0,6}",
        date in "[0-9]{6}",
        time in "[0-9]{6}(\\.[0-9]{3})?",
        closing in select(vec!["", "#", "##"]),
    ) {
        let extra = extra.map(|extra| format!("#{extra}")).unwrap_or_default();
        let header = "#353588020144007##1#0000#AUT#1#";
        let records = format!("{lbs}{extra}#{place}#{date}#{time}{closing}");
        let frame = format!("{header}{records}");
        // A field of 15 digits is the next frame; all others are odd at most, except an lbs
        // before an extra field that holds a comma: that is a place.
        let is_id = |field: &str| {
            field.len() == 15 && field.bytes().all(|byte| byte.is_ascii_digit())
        };
        prop_assume!(!records.split('#').any(is_id));
        let message = Message::parse(frame.as_bytes());
        let Ok(Message::Report(report)) = message else { panic!("{frame} {message:?}") };
        read_all(&Message::Report(report));
        let records: Vec<Record<'_>> = report.records.iter().collect();
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(records[0].lbs.as_str(), Some(&*lbs));
        prop_assert_eq!(
            records[0].extra.map(|extra| extra.as_bytes().len()),
            extra.len().checked_sub(1)
        );
        let read = records[0].date_time.unwrap();
        prop_assert_eq!(format!("{:02}{:02}{:02}", read.day, read.month, read.year), date);
        prop_assert_eq!(
            format!("{:02}{:02}{:02}", read.hour, read.minute, read.second),
            &time[..6]
        );
        // Rebuilt, it is read as the same.
        let rebuilt = encode(&Message::Report(report));
        prop_assert_eq!(Message::parse(&rebuilt), message);
    }
}
