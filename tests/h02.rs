//! The protocol `h02`: frames whose values are known, a test for each trap of the specification, and messages of any content at all.
//!
//! A test `pitfall_3_...` is of the third item of spec h02, section 8, "Pitfalls".

#![cfg(feature = "h02")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use gt02::{
    Direction, EncodeError, Error, ErrorKind, NoiseReason,
    protocol::h02::{
        Ack, Command, Contact, Date, Fields, Frame, Gps, Header, Heartbeat, Id, Link, Location,
        LocationKind, Login, MAX_ID_LEN, MAX_REPLY_LEN, Maker, Message, Nbr, Order, PhoneReport,
        PhoneReportKind, Response, Sms, Status, TimeOfDay, Unknown, V3, Vp1, Vp1Content,
    },
    types::{Alarm, CellTower, DateTime, Decimal, DeviceId, Text},
};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use support::{Owned, frames_of_reads, hex, items_of_reads};

/// Spec h02, section 7.
const CANTRACK: &str =
    "*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#";
const CANTRACK_V2: &str =
    "*HQ,865205030330012,V2,150421,A,2240.55841,N,11358.33462,E,2.06,0,100815,FFFFFBFF#";
const CANTRACK_V4: &str = "*HQ,865205030330012,V4,S2,150950,151007,A,2240.55503,N,11358.35174,E,0.85,0,100815, FFFFFBFF #";
const HEX_CELL: &str = "*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,FFFBFFFF,25c,a, 154,b04c#";
const NO_FIX: &str = "*HQ,353588020068342,V1,000000,V,0.0000,0,0.0000,0,0.00,0.00,000000,ffffffff,000106,000002,000203,004c87,16#";
const S20_DONE: &str = "*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,F7FFFBFF#";
const HYPHENS: &str =
    "*HQ,1451316409,V1,030149,A,-23-29.0095,S,-46-51.5852,W,2.4,065,070315,FFFFFFFF#";
const NO_POINT: &str = "*HQ,5905101893,V1,105759,A,37573392,S,145037022,E,000.00,173,280122,FF7FFBFF,,,9059e2c,8232,4#";
const HTBT: &str = "*HQ,135790246811220,HTBT,100#";
const LINK: &str = "*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#";
/// Captures that public decoders have as tests.
const NBR: &str =
    "*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27766,-67,291019,FFFFFBFF,6#";
const DECIMAL_CELL: &str = "*HQ,4106012736,V1,224434,A,1827.3855,N,06705.7577,W,000.00,000,100117,FFFFFBFF,310,260,49101,1753,5#";
/// Spec h02, section 2.3.
const XT: &str = "*HQ,353588020068342,XT,A,204635,1008123#";
/// In the layouts of spec h02, section 2.3.
const V3_FRAME: &str = "*HQ,355488020533263,V3,121536,65501,02,000152,014001,156,-64,000161,010642,138,,02E4,0,X,240816,FFFBFFFF#";
const V19: &str = "*HQ,4209951296,V19,214452,A,5201.0178,N,01830.5029,E,000.00,000,200417,123,+4812345,89480610500392633029F,BFFFFFFF#";
const VP1_GPS: &str = "*hq,356327080425330,VP1,A,2702.7215,S,15251.9309,E,0.62,0.0000,050917#";
const VP1_CELLS: &str = "*hq,356327081001239,VP1,V,470,002,92,3565,0Y92,1433,12Y91,1431,-7#";
const SMS: &str =
    "*HQ,1400046168,SMS,ID:1400046168\r\nIP:1.2.3.4,5013\r\nUT:10,300\r\nGPS:A-24-23\r\n#";
/// The binary form, as hexadecimal text: in the layout of spec h02, section 6.
const BINARY: &str = "24430025645511183817091319355128000465632432000100ffe7fbffff0000";
const ALL: [&str; 18] = [
    CANTRACK,
    CANTRACK_V2,
    CANTRACK_V4,
    HEX_CELL,
    NO_FIX,
    S20_DONE,
    HYPHENS,
    NO_POINT,
    HTBT,
    LINK,
    NBR,
    DECIMAL_CELL,
    XT,
    V3_FRAME,
    V19,
    VP1_GPS,
    VP1_CELLS,
    SMS,
];

fn frame(text: &str) -> Frame<'_> {
    Frame::parse(text.as_bytes()).unwrap()
}

fn message(text: &str) -> Message<'_> {
    frame(text).message()
}

fn location(text: &str) -> Location<'_> {
    match message(text) {
        Message::Location(location) => location,
        other => panic!("{other:?}"),
    }
}

fn response(text: &str) -> Response<'_> {
    match message(text) {
        Message::Response(response) => response,
        other => panic!("{other:?}"),
    }
}

fn encode(message: &Message<'_>) -> String {
    let mut out = vec![0; message.encoded_len()];
    assert_eq!(message.encode(&mut out), Ok(out.len()), "{message:?}");
    String::from_utf8(out).unwrap()
}

fn header(id: &str) -> Header<'_> {
    Header {
        maker: Maker::Hq,
        id: id
            .parse()
            .map_or(Id::Other(Text::Bytes(id.as_bytes())), Id::Number),
    }
}

fn cell(mcc: u16, mnc: u16, lac: u32, cid: u32) -> CellTower {
    let mut cell = CellTower::default();
    (cell.mcc, cell.mnc, cell.lac, cell.cid) = (Some(mcc), Some(mnc), Some(lac), Some(cid));
    cell
}

fn micro_degrees(gps: &Gps) -> Option<(i32, i32)> {
    gps.position().map(|position| {
        (
            position.latitude.micro_degrees(),
            position.longitude.micro_degrees(),
        )
    })
}

#[test]
fn positions() {
    type Expected<'a> = (&'a str, &'a str, &'a str, (i32, i32), f64, f64, bool);
    let expected: [Expected<'_>; 6] = [
        (
            CANTRACK,
            "865205030330012",
            "2015-08-10T14:54:52",
            (22_675_864, 113_972_065),
            0.0,
            0.0,
            false,
        ),
        (
            CANTRACK_V2,
            "865205030330012",
            "2015-08-10T15:04:21",
            (22_675_974, 113_972_244),
            2.06,
            0.0,
            false,
        ),
        (
            HEX_CELL,
            "353588020068342",
            "2016-12-01T08:44:36",
            (32_950_254, -6_917_311),
            57.78,
            40.0,
            true,
        ),
        (
            HYPHENS,
            "1451316409",
            "2015-03-07T03:01:49",
            (-23_483_492, -46_859_753),
            2.4,
            65.0,
            true,
        ),
        (
            NO_POINT,
            "5905101893",
            "2022-01-28T10:57:59",
            (-37_955_653, 145_061_703),
            0.0,
            173.0,
            false,
        ),
        (
            DECIMAL_CELL,
            "4106012736",
            "2017-01-10T22:44:34",
            (18_456_425, -67_095_962),
            0.0,
            0.0,
            false,
        ),
    ];
    for (text, device, time, place, knots, course, ignition) in expected {
        let location = location(text);
        assert_eq!(message(text).device_id().unwrap().to_string(), device);
        assert_eq!(location.gps.time().unwrap().to_string(), time, "{text}");
        assert_eq!(micro_degrees(&location.gps), Some(place), "{text}");
        assert_eq!(location.gps.has_fix(), Some(true));
        assert!(
            (location.gps.speed().unwrap().kmh() - knots * 1.852).abs() < 1e-9,
            "{text}"
        );
        assert_eq!(location.gps.course().unwrap().degrees(), course);
        assert_eq!(location.status.unwrap().ignition(), ignition);
    }
    let location = location(CANTRACK);
    assert_eq!(
        (location.gps.latitude, location.gps.latitude_letter),
        (Decimal::new(224_055_181, 5), Some(b'N'))
    );
    assert_eq!(location.gps.latitude_degrees(), Some(22.675_863_5));
    assert!((location.gps.longitude_degrees().unwrap() - 113.972_064_833_333).abs() < 1e-9);
    assert_eq!(
        (location.kind, location.extras),
        (LocationKind::V1, Fields(b""))
    );
    assert_eq!(Frame::parse(CANTRACK_V2.as_bytes()).unwrap().code(), b"V2");
}

#[test]
fn responses() {
    let done = response(S20_DONE);
    assert_eq!(
        done.header,
        Header {
            maker: Maker::Th,
            id: Id::Number("2020916012".parse().unwrap())
        }
    );
    assert_eq!(
        (done.command, done.text()),
        (Text::Bytes(b"S20"), Text::Bytes(b"DONE"))
    );
    assert_eq!(
        done.command_time,
        Some(TimeOfDay {
            hour: 13,
            minute: 3,
            second: 5
        })
    );
    let gps = done.gps.unwrap();
    assert_eq!(gps.time().unwrap().to_string(), "2002-09-22T05:03:16");
    assert_eq!(micro_degrees(&gps), Some((22_214_575, 113_777_623)));
    assert_eq!(
        (gps.speed, gps.course().unwrap().degrees()),
        (Decimal::new(1428, 2), 28.0)
    );
    let status = done.status.unwrap();
    assert!(status.relay_cut() && !status.ignition());
    assert_eq!(status.alarm(), None);
}

#[test]
fn other_messages() {
    let date = Some(Date {
        day: 8,
        month: 11,
        year: 16,
    });
    let expected = Link {
        header: header("1600068860"),
        time: Some(TimeOfDay {
            hour: 11,
            minute: 21,
            second: 37,
        }),
        gsm: Some(20),
        satellites: Some(8),
        battery: Some(67),
        steps: Some(0),
        turns: Some(0),
        date,
        status: Some(Status(0xFFFF_FBFF)),
        extras: Fields(b""),
    };
    assert_eq!(message(LINK), Message::Link(expected));
    assert_eq!(expected.time().unwrap().to_string(), "2016-11-08T11:21:37");
    assert_eq!(
        message(HTBT),
        Message::Heartbeat(Heartbeat {
            header: header("135790246811220"),
            percent: Some(100)
        })
    );
    assert_eq!(
        message("*HQ,1,HTBT#"),
        Message::Heartbeat(Heartbeat {
            header: header("1"),
            percent: None
        })
    );
    assert_eq!(
        message("*HQ,1,V0#"),
        Message::Login(Login {
            header: header("1")
        })
    );
    assert_eq!(
        message("*HQ,4109198974,#"),
        Message::Contact(Contact {
            header: header("4109198974")
        })
    );
    let unknown = Unknown {
        header: header("353588020068342"),
        code: Text::Bytes(b"XT"),
        fields: Fields(b",A,204635,1008123"),
    };
    assert_eq!(message(XT), Message::Unknown(unknown));
}

#[test]
fn cells_around() {
    let Message::Nbr(nbr) = message(NBR) else {
        panic!()
    };
    assert_eq!(nbr.time().unwrap().to_string(), "2019-10-29T16:04:53");
    assert_eq!(nbr.cell(), Some(cell(234, 10, 21580, 27766)));
    let neighbours: Vec<_> = nbr.neighbours().collect();
    assert_eq!(
        (neighbours.len(), neighbours[0].cell, neighbours[0].rssi),
        (1, cell(234, 10, 21580, 27766), Some(-67))
    );
    assert_eq!(
        (nbr.delay, nbr.battery(), nbr.status),
        (Some(0), Some(6), Some(Status(0xFFFF_FBFF)))
    );

    let Message::V3(v3) = message(V3_FRAME) else {
        panic!()
    };
    assert_eq!(v3.time().unwrap().to_string(), "2016-08-24T12:15:36");
    assert_eq!(v3.cell(), Some(cell(655, 1, 152, 14001)));
    let neighbours: Vec<_> = v3.neighbours().collect();
    assert_eq!(
        (neighbours.len(), neighbours[0].cell, neighbours[0].rssi),
        (1, cell(655, 1, 161, 10642), None)
    );
    assert_eq!(
        (v3.battery, v3.reboot, v3.flag, v3.status),
        (
            Some(0x02E4),
            Some(0),
            Text::Bytes(b"X"),
            Some(Status(0xFFFB_FFFF))
        )
    );

    let Message::Vp1(vp1) = message(VP1_CELLS) else {
        panic!()
    };
    assert_eq!(vp1.header.maker, Maker::LowerHq);
    assert_eq!(vp1.cell(), Some(cell(470, 2, 92, 3565)));
    assert!(
        vp1.neighbours()
            .map(|neighbour| (neighbour.cell, neighbour.rssi))
            .eq([
                (cell(470, 2, 92, 1433), Some(12)),
                (cell(470, 2, 91, 1431), Some(-7))
            ])
    );
    let Message::Vp1(Vp1 {
        content: Vp1Content::Gps { gps, .. },
        ..
    }) = message(VP1_GPS)
    else {
        panic!()
    };
    assert_eq!(micro_degrees(&gps), Some((-27_045_358, 152_865_515)));
    assert_eq!(
        (gps.time(), gps.date),
        (
            None,
            Some(Date {
                day: 5,
                month: 9,
                year: 17
            })
        )
    );
    assert_eq!(
        Vp1::cell(&Vp1 {
            header: header("1"),
            content: Vp1Content::Gps {
                gps,
                extras: Fields(b"")
            }
        }),
        None
    );
}

#[test]
fn telephone_numbers() {
    let Message::PhoneReport(report) = message(V19) else {
        panic!()
    };
    assert_eq!(micro_degrees(&report.gps), Some((52_016_963, 18_508_382)));
    assert_eq!(
        (report.alarm_phone(), report.own_number()),
        (Some(Text::Bytes(b"123")), Some(Text::Bytes(b"+4812345")))
    );
    assert_eq!(
        (report.iccid(), report.status()),
        (
            Some(Text::Bytes(b"89480610500392633029")),
            Some(Status(0xBFFF_FFFF))
        )
    );
    let text = V19.replace(",123,", ",,").replace("29F", "29??");
    let Message::PhoneReport(report) = message(&text) else {
        panic!()
    };
    assert_eq!(
        (report.alarm_phone(), report.iccid()),
        (None, Some(Text::Bytes(b"89480610500392633029")))
    );
    // Where the number of the caller stands is not established.
    let text = V19.replace("V19", "V9");
    let Message::PhoneReport(report) = message(&text) else {
        panic!()
    };
    assert_eq!(
        (report.kind, report.alarm_phone(), report.iccid()),
        (PhoneReportKind::V9, None, None)
    );
    assert!(report.gps.position().is_some() && report.status().is_some());
}

#[test]
fn every_frame_is_rebuilt() {
    for text in ALL {
        let message = message(text);
        let again = encode(&message);
        assert_eq!(Message::parse(again.as_bytes()), Ok(message));
        // Those that are written in the canonical way already.
        if ![
            CANTRACK,
            CANTRACK_V2,
            CANTRACK_V4,
            HEX_CELL,
            NO_FIX,
            S20_DONE,
            HYPHENS,
            NO_POINT,
            VP1_GPS,
            VP1_CELLS,
        ]
        .contains(&text)
        {
            assert_eq!(again, text);
        }
    }
    assert_eq!(
        encode(&message(HYPHENS)),
        "*HQ,1451316409,V1,030149,A,2329.0095,S,04651.5852,W,002.4,065,070315,FFFFFFFF#"
    );
    assert_eq!(
        encode(&message(NO_FIX)),
        NO_FIX
            .replace(",0.00,0.00,", ",000.00,000.00,")
            .replace("0.0000,0,0.0000", "0000.0000,0,00000.0000")
            .replace("ffffffff", "FFFFFFFF")
    );
}

#[test]
fn pitfall_1_many_frames_in_one_segment() {
    // Dozens after a gap, each with its own end: `#`, `#` CR LF, `# ` CR LF.
    let all: Vec<&str> = ALL.into_iter().cycle().take(60).collect();
    for between in ["", "\r\n", " \r\n", "\n"] {
        let stream: String = all
            .iter()
            .map(|frame| format!("{frame}{between}"))
            .collect();
        for size in [1, 50, 300, stream.len()] {
            assert_eq!(frames_of_reads(&stream, size), all, "{between:?}");
        }
    }
    // A segment that is cut anywhere inside of a frame.
    for frame in ALL {
        for cut in 1..frame.len() {
            let found = items_of_reads([
                &frame.as_bytes()[..cut],
                &[&frame.as_bytes()[cut..], CANTRACK.as_bytes()].concat(),
            ]);
            assert_eq!(
                found,
                [frame, CANTRACK].map(|frame| Owned::Frame(frame.into())),
                "{cut} of {frame}"
            );
        }
    }
}

#[test]
fn pitfall_1_text_and_binary_mixed() {
    let binary = hex(BINARY);
    let noise = |times: usize| Owned::Noise(NoiseReason::Garbage, binary.repeat(times));
    let [first, second] = [CANTRACK, NBR].map(str::as_bytes);
    let stream = [first, &binary, &binary, second, &binary, first].concat();
    let frame = |bytes: &[u8]| Owned::Frame(bytes.to_vec());
    for size in [1, 31, 33, stream.len()] {
        assert_eq!(
            items_of_reads(stream.chunks(size)),
            [
                frame(first),
                noise(2),
                frame(second),
                noise(1),
                frame(first)
            ],
            "{size}"
        );
    }
}

#[test]
fn pitfall_2_the_end_mark_is_missing() {
    for text in ALL {
        let cut = &text[..text.len() - 1];
        for behind in ["", "\r\n"] {
            let stream = [cut, behind, CANTRACK, NBR].concat();
            // Only what was there of the first is lost.
            for size in [1, 60, stream.len()] {
                assert_eq!(
                    frames_of_reads(&stream, size),
                    [CANTRACK, NBR],
                    "{text} {behind:?}"
                );
            }
        }
    }
    let stream = [&CANTRACK[..CANTRACK.len() - 1], HTBT].concat();
    let error = Frame::parse(stream.as_bytes()).unwrap_err();
    assert_eq!(
        error,
        Error {
            kind: ErrorKind::Overlap,
            offset: CANTRACK.len() - 1
        }
    );
    // Cut behind the date, in front of a line end.
    let cut = CANTRACK.strip_suffix(",FFFFFBFF#").unwrap();
    assert_eq!(
        frames_of_reads(&format!("{cut}\r\n{CANTRACK}\r\n"), 10),
        [CANTRACK]
    );
}

#[test]
fn pitfall_5_the_same_point_again_and_again() {
    // Parked, every 15 s with the time moving on; and the very same bytes twice: each is delivered.
    let texts: Vec<String> = ["145452", "145507", "145522", "145522"]
        .iter()
        .map(|time| CANTRACK.replace("145452", time))
        .collect();
    assert_eq!(frames_of_reads(&texts.concat(), 100), texts);
    let points: Vec<_> = texts.iter().map(|text| location(text).gps).collect();
    assert!(
        points
            .iter()
            .all(|gps| micro_degrees(gps) == micro_degrees(&points[0]))
    );
    let times: Vec<String> = points
        .iter()
        .map(|gps| gps.time().unwrap().to_string())
        .collect();
    assert_eq!(
        times,
        [
            "2015-08-10T14:54:52",
            "2015-08-10T14:55:07",
            "2015-08-10T14:55:22",
            "2015-08-10T14:55:22"
        ]
    );
}

#[test]
fn trap_coordinates_in_all_shapes() {
    let place = |latitude: &str, longitude: &str| {
        let text = format!("*HQ,1,V1,145452,A,{latitude},S,{longitude},E,0,0,100815,FFFFFBFF#");
        let location = location(&text);
        assert_eq!(
            Message::parse(encode(&Message::Location(location)).as_bytes()),
            Ok(Message::Location(location)),
            "{text}"
        );
        micro_degrees(&location.gps)
    };
    for (latitude, longitude, expected) in [
        ("0809.0010", "03454.8997", (-8_150_017, 34_914_995)),
        ("809.0010", "3454.8997", (-8_150_017, 34_914_995)),
        ("38.6508", "8.6508", (-644_180, 144_180)),
        ("08090010", "034548997", (-8_150_017, 34_914_995)),
        ("8090010", "34548997", (-8_150_017, 34_914_995)),
        ("-23-29.0095", "-046-51.5852", (-23_483_492, 46_859_753)),
        ("-23-3.3408", "-48-2", (-23_055_680, 48_033_333)),
        (" 809.0010 ", "  3454.8997", (-8_150_017, 34_914_995)),
        ("0.0000", "0", (0, 0)),
        ("809.", "3454.89970123", (-8_150_000, 34_914_995)),
        ("9000.0000", "18000.00000", (-90_000_000, 180_000_000)),
    ] {
        assert_eq!(
            place(latitude, longitude),
            Some(expected),
            "{latitude} {longitude}"
        );
    }
    for latitude in [
        "",
        "860.0000",
        "9000.0001",
        "-23",
        "-23-",
        "-23-100.0",
        "--3",
        "1.2.3",
        "12a",
        "-",
        "99999999999999999999",
        "-99999999999-1",
    ] {
        assert_eq!(place(latitude, "03454.8997"), None, "{latitude}");
    }
}

#[test]
fn pitfall_3_no_fix_with_0_for_a_hemisphere() {
    let location = location(NO_FIX);
    assert_eq!(
        (location.gps.has_fix(), location.gps.position()),
        (Some(false), None),
        "0 is no hemisphere"
    );
    assert_eq!(
        (location.gps.latitude, location.gps.latitude_letter),
        (Decimal::new(0, 4), Some(b'0'))
    );
    assert!(!location.gps.time().unwrap().is_valid());
    assert_eq!(location.cell(), Some(cell(262, 2, 515, 19591)));
}

#[test]
fn pitfall_4_v_frames_carry_the_last_known_place() {
    for (letter, expected) in [
        ("A", Some(true)),
        ("B", Some(true)),
        ("0", Some(true)),
        ("V", Some(false)),
        ("", None),
        ("X", None),
        ("AA", None),
    ] {
        let text = CANTRACK.replace(",A,", &format!(",{letter},"));
        assert_eq!(location(&text).gps.has_fix(), expected, "{letter}");
        // The last known place.
        assert!(location(&text).gps.position().is_some());
    }
    // With a date that is stale, or none: each field is what was sent.
    let fields = |date: &str| {
        format!("*HQ,1,V1,145452,V,2240.55181,N,11358.32389,E,0.00,0,{date},FFFFFFFF#")
    };
    for (date, expected) in [
        ("100815", Some("2015-08-10T14:54:52")),
        ("010100", Some("2000-01-01T14:54:52")),
        ("", None),
    ] {
        let text = fields(date);
        let gps = location(&text).gps;
        assert_eq!(
            (gps.has_fix(), micro_degrees(&gps)),
            (Some(false), Some((22_675_864, 113_972_065)))
        );
        assert_eq!(gps.time().map(|time| time.to_string()).as_deref(), expected);
    }
}

#[test]
fn pitfall_4_a_status_of_ones_may_be_a_constant() {
    // Nothing is active in it, so there is no alarm and nothing is cut. What is read of the ignition is what the bit says, and the raw word is there.
    let text = CANTRACK.replace("FFFFFBFF", "FFFFFFFF");
    let status = location(&text).status.unwrap();
    assert_eq!(
        (
            status.0,
            status.alarm(),
            status.relay_cut(),
            status.is_power_cut(),
            status.is_armed()
        ),
        (u32::MAX, None, false, false, false)
    );
    assert!(status.ignition());
}

#[test]
fn pitfall_3_empty_fields() {
    let empty = location("*HQ,,V1,,V,,,,,,,,FFFFFFFF#");
    assert_eq!(
        (empty.header.device_id(), empty.header.id),
        (None, Id::Other(Text::Bytes(b"")))
    );
    assert_eq!(
        (empty.gps.time(), empty.gps.position(), empty.gps.has_fix()),
        (None, None, Some(false))
    );
    assert_eq!(empty.status, Some(Status(u32::MAX)));
    // Empty is 0, missing and unreadable is nothing.
    assert_eq!(
        (
            empty.gps.speed().unwrap().kmh(),
            empty.gps.course().unwrap().degrees()
        ),
        (0.0, 0.0)
    );
    let odd = location("*HQ,1,V1,145452,A,2240.55181,N,11358.32389,E,x,-1,100815,FFFFFBFF#");
    assert_eq!(
        (odd.gps.speed(), odd.gps.course(), odd.gps.time().is_some()),
        (None, None, true)
    );
    assert!(Frame::parse(b"*HQ,1,V1#").is_ok());
    for (fields, (comma, _)) in CANTRACK.match_indices(',').skip(2).enumerate() {
        let text = format!("{}#", &CANTRACK[..comma]);
        let short = location(&text);
        let expected = (
            fields >= 1,
            fields >= 6,
            fields >= 7,
            fields >= 8,
            fields >= 9,
        );
        let gps = short.gps;
        assert_eq!(
            (
                gps.time.is_some(),
                gps.position().is_some(),
                gps.speed().is_some(),
                gps.course().is_some(),
                gps.date.is_some()
            ),
            expected,
            "{text}"
        );
        assert_eq!(short.status, None);
    }
    let far =
        location("*HQ,1,V1,145452,A,2240.55181,N,11358.32389,E,5000000,360.1,100815,FFFFFBFF#");
    assert_eq!((far.gps.speed(), far.gps.course()), (None, None));
}

#[test]
fn trap_spaces() {
    let padded = location(
        "*HQ,1,V1, 145452, A ,2240.55181, N,11358.32389,E ,  3.34,  5 , 100815 , FFFFFBFF , 460,00#",
    );
    assert_eq!(
        (padded.gps.speed, padded.gps.course),
        (Decimal::new(334, 2), Decimal::new(5, 0))
    );
    assert_eq!(
        padded.gps.time().unwrap().to_string(),
        "2015-08-10T14:54:52"
    );
    assert_eq!(
        (micro_degrees(&padded.gps), padded.status),
        (Some((22_675_864, 113_972_065)), Some(Status(0xFFFF_FBFF)))
    );
    assert!(padded.extras.iter().eq([&b" 460"[..], b"00"]));
}

#[test]
fn trap_damaged_status() {
    for (field, expected, date) in [
        ("160716,FBFBBFF", None, true),
        ("160716, FFFFFBFF ", Some(0xFFFF_FBFF), true),
        ("160716F7FFBBFF", Some(0xF7FF_BBFF), true),
        ("160716FBFBBFF", None, true),
        ("160716,effffbff", Some(0xEFFF_FBFF), true),
        ("160716,FFFFFBFG", None, true),
        (",FFFFFBFF", Some(0xFFFF_FBFF), false),
        ("2016-07-16,FFFFFBFF", Some(0xFFFF_FBFF), false),
    ] {
        let text =
            format!("*HQ,1,V1,145452,A,2240.55181,N,11358.32389,E,0,0,{field},460,00,10342,3721#");
        let location = location(&text);
        assert_eq!(
            (location.status, location.gps.date.is_some()),
            (expected.map(Status), date),
            "{field}"
        );
        assert_eq!(location.extras, Fields(b",460,00,10342,3721"), "{field}");
    }
    assert!(
        frame("*HQ,1,V1,145452,A,,,,,,,160716,FBFBBFF#")
            .fields()
            .iter()
            .any(|field| field == b"FBFBBFF"),
        "the raw field stays readable"
    );
}

#[test]
fn trap_status_is_negative() {
    assert_eq!(
        (
            Status(0xFFFF_FBFF).ignition(),
            Status(0xFFFF_FFFF).ignition()
        ),
        (false, true)
    );
    assert_eq!(
        (
            Status(0xF7FF_FBFF).relay_cut(),
            Status(0xFFFF_FBFF).relay_cut()
        ),
        (true, false)
    );
    assert_eq!(
        (Status(0xFFFF_FDFF).is_armed(), Status(u32::MAX).is_armed()),
        (true, false)
    );
    for (bit, alarm) in [
        (0, Some(Alarm::Theft)),
        (1, Some(Alarm::Sos)),
        (2, Some(Alarm::Overspeed)),
        (3, None),
        (7, Some(Alarm::GeofenceExit)),
        (10, None),
        (18, None),
        (19, Some(Alarm::PowerCut)),
        (20, Some(Alarm::PowerCut)),
        (27, None),
    ] {
        let status = Status(!(1 << bit));
        assert_eq!(status.alarm(), alarm, "{bit}");
        assert!(
            (0..=u8::MAX).all(|other| status.is_active(other) == (other == bit)),
            "{bit}"
        );
        assert_eq!(status.is_power_cut(), alarm == Some(Alarm::PowerCut));
    }
    assert_eq!(Status(0).alarm(), Some(Alarm::Theft), "the first of them");
}

#[test]
fn trap_battery_in_front_of_the_date() {
    for (field, battery) in [
        ("5,100815", Some(5)),
        ("99,100815", Some(99)),
        ("100815", None),
    ] {
        let text = format!("*HQ,1,V1,145452,A,2240.55181,N,11358.32389,E,0,0,{field},FFFFFBFF#");
        let location = location(&text);
        assert_eq!(
            (location.gps.battery, location.battery()),
            (battery, battery)
        );
        assert_eq!(
            (location.gps.time().is_some(), location.status),
            (true, Some(Status(0xFFFF_FBFF))),
            "{field}"
        );
    }
    assert_eq!(location(DECIMAL_CELL).battery(), Some(5));
    assert_eq!(
        location(NO_FIX).battery(),
        None,
        "nothing tells whether 16 is decimal"
    );
}

#[test]
fn trap_decimal_and_hexadecimal_cells() {
    let text = |extras: &str| CANTRACK.replace('#', &format!(",{extras}#"));
    for (extras, expected) in [
        ("460,00,10342,3721", Some(cell(460, 0, 10342, 3721))),
        ("310,260,49101,1753,5", Some(cell(310, 260, 49101, 1753))),
        ("25c,a, 154,b04c", Some(cell(604, 10, 340, 45132))),
        ("106,14, 201,2173", Some(cell(262, 20, 513, 8563))),
        ("194,3b5,  71,c9a9", Some(cell(404, 949, 113, 51625))),
        (
            "0002d4,00000b,005385,0052aa,25",
            Some(cell(724, 11, 21381, 21162)),
        ),
        // Decimal and hexadecimal mixed, another list, too few, none.
        ("460,11,d18e105,7752,6", None),
        ("69129336,0,100.0,18,5141,5A20", None),
        (",,9059e2c,8232,4", None),
        ("000243,000000,000000", None),
        ("000000,000000,000000,000000", None),
        ("106,14,201,2173", None),
        ("800,01,1,1", None),
        ("460,1,10342,3721", None),
        ("460,00,65536,3721", None),
        ("460,00,1,268435456", None),
        ("", None),
    ] {
        assert_eq!(location(&text(extras)).cell(), expected, "{extras}");
    }
    let text = text("712,01,0,0,6");
    let cell = location(&text).cell().unwrap();
    assert_eq!(
        (cell.mcc, cell.mnc, cell.lac, cell.cid),
        (Some(712), Some(1), None, None),
        "a network without a cell"
    );
    assert_eq!(location(&text).battery(), Some(6));
}

#[test]
fn trap_result_of_a_command() {
    let plain = response(CANTRACK_V4);
    assert_eq!(
        (plain.command, plain.result, plain.text()),
        (Text::Bytes(b"S2"), Fields(b""), Text::Bytes(b""))
    );
    assert_eq!(
        plain.command_time,
        Some(TimeOfDay {
            hour: 15,
            minute: 9,
            second: 50
        })
    );
    assert_eq!(
        micro_degrees(&plain.gps.unwrap()),
        Some((22_675_917, 113_972_529))
    );
    assert_eq!(
        (
            plain.gps.unwrap().time().unwrap().to_string().as_str(),
            plain.status
        ),
        ("2015-08-10T15:10:07", Some(Status(0xFFFF_FBFF)))
    );
    // Results that look like a position, and the position behind them.
    for result in [
        "OK",
        "ERROR",
        "30,65535",
        "A,1,N,2,E",
        "A,A,,",
        "V,,,,",
        "1.2.3.4:5013",
        "",
    ] {
        let text = format!(
            "*HQ,1,V4,S23,{result},130305,050316,A,2212.8745,N,11346.6574,E,014.28,028,220902,F7FFFBFF,460,00#"
        );
        let response = response(&text);
        assert_eq!(response.text(), Text::Bytes(result.as_bytes()));
        assert_eq!(
            (
                response.command_time.is_some(),
                micro_degrees(&response.gps.unwrap())
            ),
            (true, Some((22_214_575, 113_777_623))),
            "{result}"
        );
        assert_eq!(
            (response.status, response.extras),
            (Some(Status(0xF7FF_FBFF)), Fields(b",460,00"))
        );
        assert_eq!(encode(&Message::Response(response)), text);
    }
    // Without a fix, without times, without anything.
    let none = response("*HQ,1,V4,S20,DONE,130305,,V,,,,,,,,FFFFFFFF#");
    assert_eq!(
        (
            none.text(),
            none.command_time.is_some(),
            none.gps.unwrap().has_fix()
        ),
        (Text::Bytes(b"DONE"), true, Some(false))
    );
    let early = response("*HQ,1,V4,S20,A,2212.8745,N,11346.6574,E,14.28,028,220902,F7FFFBFF#");
    assert_eq!(
        (early.text(), early.command_time, early.gps.unwrap().time),
        (Text::Bytes(b""), None, None)
    );
    assert_eq!(early.gps.unwrap().time(), None);
    let bare = response("*HQ,1,V4,S26,DONE,130305#");
    assert_eq!(
        (bare.text(), bare.gps, bare.status),
        (Text::Bytes(b"DONE,130305"), None, None)
    );
    assert_eq!(response("*HQ,1,V4#").command, Text::Bytes(b""));
    let mileage = response(
        "*HQ,1,V4,S32,0000130502.35,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,F7FFFBFF#",
    );
    assert_eq!(
        (mileage.mileage(), response(S20_DONE).mileage()),
        (Decimal::new(13_050_235, 2), None)
    );
}

#[test]
fn trap_answer_of_the_server_is_no_response() {
    let ack = Ack {
        header: header("865205030330012"),
        code: Text::Bytes(b"V1"),
        time: DateTime {
            year: 15,
            month: 8,
            day: 10,
            hour: 14,
            minute: 54,
            second: 53,
        },
    };
    let text = "*HQ,865205030330012,V4,V1,20150810145453#";
    assert_eq!(
        (message(text), frame(text).direction()),
        (Message::Ack(ack), Some(Direction::Down))
    );
    assert_eq!(encode(&Message::Ack(ack)), text);
    for text in [
        "*HQ,1,V4,V1,2015081014545#",
        "*HQ,1,V4,V1,201508101454530#",
        "*HQ,1,V4,V1,19991231235959#",
        "*HQ,1,V4,V1,22561231235959#",
        "*HQ,1,V4,V1,2015081014545x#",
        "*HQ,1,V4,V1,20150810145453,#",
        "*HQ,1,V4,V1#",
        S20_DONE,
    ] {
        assert_eq!(frame(text).direction(), Some(Direction::Up), "{text}");
        response(text);
    }
}

#[test]
fn trap_directions() {
    for text in ALL {
        let expected = if text == HTBT {
            None
        } else {
            Some(Direction::Up)
        };
        assert_eq!(frame(text).direction(), expected, "{text}");
    }
    for (text, expected) in [
        ("*HQ,1,V0#", None),
        ("*HQ,1,HTBT#", None),
        ("*HQ,1,#", Some(Direction::Up)),
        (
            "*HQ,1,BASE,152609,0,0,0,0,211014,FFFFFFFF#",
            Some(Direction::Up),
        ),
        ("*HQ,1,R12,130305#", Some(Direction::Down)),
        ("*HQ,000,S20,130305,1,0#", Some(Direction::Down)),
        ("*HQ,1,LOCK,130305#", Some(Direction::Down)),
        ("*HQ,1,MILE,130305,1#", Some(Direction::Down)),
        ("*HQ,1,S20#", None),
        ("*HQ,1,S20,1,0#", None),
        ("*HQ,1,S,130305#", None),
        ("*HQ,1,S2020,130305#", None),
        ("*HQ,1,R1X,130305#", None),
        ("*HQ,1,Q1,130305#", None),
    ] {
        assert_eq!(frame(text).direction(), expected, "{text}");
        assert_eq!(
            matches!(message(text), Message::Command(_)),
            expected == Some(Direction::Down),
            "{text}"
        );
    }
}

#[test]
fn pitfall_6_text_of_an_sms_is_not_split() {
    let Message::Sms(sms) = message(SMS) else {
        panic!()
    };
    assert_eq!(
        sms.text,
        Text::Bytes(b"ID:1400046168\r\nIP:1.2.3.4,5013\r\nUT:10,300\r\nGPS:A-24-23\r\n")
    );
    assert_eq!(
        message("*HQ,1,SMS,#"),
        Message::Sms(Sms {
            header: header("1"),
            text: Text::Bytes(b"")
        })
    );
    assert_eq!(
        message("*HQ,1,SMS#"),
        Message::Sms(Sms {
            header: header("1"),
            text: Text::Bytes(b"")
        })
    );
    assert_eq!(
        message("*HQ,1,SMS,,a#"),
        Message::Sms(Sms {
            header: header("1"),
            text: Text::Bytes(b",a")
        })
    );
    for size in [1, 20, 200] {
        assert_eq!(
            frames_of_reads(&[SMS, CANTRACK, SMS].concat(), size),
            [SMS, CANTRACK, SMS]
        );
    }
    assert_eq!(
        Frame::parse(SMS.replace("SMS", "SMT").as_bytes())
            .unwrap_err()
            .kind,
        ErrorKind::End,
        "others have no line ends"
    );
}

#[test]
fn pitfall_7_end_mark_in_front_of_the_type() {
    // Spec h02, section 8.
    let text = CANTRACK.replace("V1", "41,4#V1");
    assert_eq!(frame(&text).code(), b"V1");
    assert_eq!(message(&text), message(CANTRACK));
    let now = Some(DateTime {
        year: 15,
        month: 8,
        day: 10,
        hour: 14,
        minute: 54,
        second: 53,
    });
    assert_eq!(frame(&text).reply(now), frame(CANTRACK).reply(now));
    let stream = [&text, CANTRACK, &text].concat();
    for size in 1..=stream.len() {
        assert_eq!(
            frames_of_reads(&stream, size),
            [&text, CANTRACK, &text],
            "{size}"
        );
    }
    for (text, kind, offset) in [
        ("*HQ,1,41,4#V1", ErrorKind::Trailing, 11),
        ("*HQ,1,41,4#X1,1#", ErrorKind::Trailing, 11),
        ("*HQ,1,A1,4#V1,1#", ErrorKind::Trailing, 11),
    ] {
        assert_eq!(
            Frame::parse(text.as_bytes()),
            Err(Error { kind, offset }),
            "{text}"
        );
    }
    assert_eq!(
        message("*HQ,1,41,4#"),
        Message::Unknown(Unknown {
            header: header("1"),
            code: Text::Bytes(b"41"),
            fields: Fields(b",4")
        })
    );
}

#[test]
fn trap_binary_forms_are_no_frames() {
    let binary = hex(BINARY);
    for start in [b'$', b'X'] {
        let mut binary = binary.clone();
        binary[0] = start;
        assert_eq!(
            Frame::parse(&binary),
            Err(Error {
                kind: ErrorKind::Start,
                offset: 0
            })
        );
        // Behind a frame that was cut short.
        let mixed = [&CANTRACK.as_bytes()[..40], &binary, CANTRACK.as_bytes()].concat();
        let error = Frame::parse(&mixed).unwrap_err();
        assert!(error.offset < 40 + binary.len(), "{error}");
    }
}

#[test]
fn answers() {
    let now = Some(DateTime {
        year: 26,
        month: 5,
        day: 4,
        hour: 3,
        minute: 2,
        second: 1,
    });
    for (text, expected) in [
        (CANTRACK, Some("*HQ,865205030330012,V4,V1,20260504030201#")),
        (NBR, Some("*HQ,7401004662,V4,NBR,20260504030201#")),
        ("*HQ,865205030330012,V0#", Some("*HQ,865205030330012,V0#")),
        (HTBT, Some("*HQ,135790246811220,HTBT#")),
        // The letters of the maker and the id come back as they are.
        (
            "*TH,2020916012,V1,x#",
            Some("*TH,2020916012,V4,V1,20260504030201#"),
        ),
        ("*hq,000,V0#", Some("*hq,000,V0#")),
        ("*HQ,,V1#", Some("*HQ,,V4,V1,20260504030201#")),
        (
            "*HQ,XXXXXX,NBR,?#",
            Some("*HQ,XXXXXX,V4,NBR,20260504030201#"),
        ),
        (
            "*HQ,12345678901234567890,NBR#",
            Some("*HQ,12345678901234567890,V4,NBR,20260504030201#"),
        ),
        (CANTRACK_V2, None),
        (CANTRACK_V4, None),
        (LINK, None),
        (SMS, None),
        (XT, None),
        ("*HQ,1,#", None),
        ("*HQ,1,V4,V1,20260504030201#", None),
        ("*HQ,1,R12,130305#", None),
    ] {
        let answer = frame(text).reply(now);
        assert_eq!(
            answer.map(|answer| encode(&answer)).as_deref(),
            expected,
            "{text}"
        );
        let mut out = [0; MAX_REPLY_LEN];
        assert!(answer.is_none_or(|answer| answer.encode(&mut out).is_ok()));
        // Without a clock.
        let needs_clock = matches!(frame(text).code(), b"V1" | b"NBR");
        assert_eq!(
            frame(text).reply(None),
            answer.filter(|_| !needs_clock),
            "{text}"
        );
    }
    let longest = frame("*HQ,12345678901234567890,NBR#").reply(now).unwrap();
    assert_eq!(longest.encoded_len(), MAX_REPLY_LEN);
}

#[test]
fn commands() {
    let time = TimeOfDay {
        hour: 13,
        minute: 3,
        second: 5,
    };
    let raw = |code: &'static str, parameters: &'static str| Order::Raw {
        code: Text::Bytes(code.as_bytes()),
        parameters: Fields(parameters.as_bytes()),
    };
    for (order, expected) in [
        (
            Order::Track {
                interval: 30,
                count: Some(65535),
            },
            "D1,130305,30,65535",
        ),
        (
            Order::Track {
                interval: 60,
                count: None,
            },
            "D1,130305,60",
        ),
        (Order::Interval { seconds: 10 }, "S17,130305,10"),
        (
            Order::SpeedLimits {
                max: 100,
                min: 10,
                mode: 1,
                duration: 3,
            },
            "S14,130305,100,10,1,3",
        ),
        (Order::Relay { cut: true }, "S20,130305,1,1"),
        (Order::Relay { cut: false }, "S20,130305,1,0"),
        (Order::ReportInterval { interval: 30 }, "S71,130305,22,30"),
        (Order::Arm { armed: true }, "SCF,130305,0,0"),
        (Order::Arm { armed: false }, "SCF,130305,1,1"),
        (Order::ColdStart, "R1,130305"),
        (Order::ClearAlarms, "R7,130305"),
        (Order::Listen, "R8,130305"),
        (Order::Acknowledge, "R12,130305"),
        (raw("S20", ",C,5"), "S20,130305,C,5"),
        (raw("S23", ",1.2.3.4:5013"), "S23,130305,1.2.3.4:5013"),
        (raw("S24", ",internet"), "S24,130305,internet"),
        (raw("S71", ",01,123456"), "S71,130305,01,123456"),
        (raw("S71", ",22"), "S71,130305,22"),
        (raw("S14", ",100,10,1"), "S14,130305,100,10,1"),
        (raw("D1", ",30,1,2"), "D1,130305,30,1,2"),
        (raw("D1", ""), "D1,130305"),
        (raw("S17", ",x"), "S17,130305,x"),
        (raw("R1", ",1"), "R1,130305,1"),
        (raw("S32", ""), "S32,130305"),
        (raw("LOCK", ""), "LOCK,130305"),
    ] {
        let command = Command {
            header: header("2020916012"),
            time,
            order,
        };
        let text = format!("*HQ,2020916012,{expected}#");
        assert_eq!(encode(&Message::Command(command)), text);
        assert_eq!(message(&text), Message::Command(command));
    }
}

#[test]
fn trap_counts_of_cells_that_are_wrong() {
    for (count, cells, rest) in [
        ("2", 2, ""),
        ("9", 2, ""),
        ("", 2, ""),
        ("x", 2, ""),
        ("4294967295", 2, ""),
        ("0", 0, ",3,291019,FFFFFBFF,6"),
    ] {
        let text = NBR.replace(",0,2,", &format!(",0,{count},"));
        let Message::Nbr(nbr) = message(&text) else {
            panic!()
        };
        assert_eq!(nbr.cells.iter().count(), cells * 3, "{count}");
        if rest.is_empty() {
            assert_eq!(
                (nbr.date.is_some(), nbr.status.is_some(), nbr.battery()),
                (true, true, Some(6)),
                "{count}"
            );
        }
    }
    let Message::Nbr(none) = message("*HQ,1,NBR,160169,460,0,1,0,,FFFFFFFF#") else {
        panic!()
    };
    assert_eq!(
        (none.cell(), none.neighbours().count(), none.time()),
        (None, 0, None)
    );
    assert_eq!(
        none.time,
        Some(TimeOfDay {
            hour: 16,
            minute: 1,
            second: 69
        }),
        "no clock"
    );
    let Message::Nbr(short) = message("*HQ,1,NBR#") else {
        panic!()
    };
    assert_eq!((short.mcc, short.status), (None, None));
    let text = V3_FRAME.replace(",02,", ",07,");
    assert_eq!(message(&text), message(V3_FRAME));
    let Message::V3(short) = message("*HQ,1,V3,121536,65501,07,000152,014001#") else {
        panic!()
    };
    assert_eq!(short.cell(), None);
    let Message::V3(short) = message("*HQ,1,V3,121536,65#") else {
        panic!()
    };
    assert_eq!((short.network, short.battery), (Text::Bytes(b"65"), None));
    assert!(matches!(message("*hq,1,VP1,B#"), Message::Unknown(_)));
}

#[test]
fn makers() {
    for (letters, maker) in [
        ("HQ", Maker::Hq),
        ("TH", Maker::Th),
        ("DC", Maker::Dc),
        ("XY", Maker::Xy),
        ("hq", Maker::LowerHq),
    ] {
        let text = CANTRACK.replace("HQ", letters);
        assert_eq!(frame(&text).header().maker, maker);
        assert_eq!(maker.letters(), letters.as_bytes());
        assert_eq!(&encode(&message(&text))[1..3], letters);
    }
    for letters in ["Hq", "hQ", "ET", "MG", "HT", "H,", "th"] {
        let text = CANTRACK.replace("HQ", letters);
        assert_eq!(
            Frame::parse(text.as_bytes()),
            Err(Error {
                kind: ErrorKind::Start,
                offset: 0
            }),
            "{letters}"
        );
    }
}

#[test]
fn encoding_refuses_what_could_not_be_read_back() {
    let mut out = [0; 200];
    let good = location(CANTRACK);
    assert_eq!(good.encode(&mut out), Ok(good.encoded_len()));
    let needed = good.encoded_len();
    assert_eq!(
        good.encode(&mut out[..needed - 1]),
        Err(EncodeError::BufferTooSmall { needed })
    );
    assert_eq!(
        good.encode(&mut []),
        Err(EncodeError::BufferTooSmall { needed })
    );
    let with = |change: fn(&mut Gps)| {
        let mut location = good;
        change(&mut location.gps);
        location.encode(&mut [0; 200])
    };
    assert_eq!(
        with(|gps| gps.speed = None),
        Err(EncodeError::Gap { field: "speed" })
    );
    assert_eq!(
        with(|gps| gps.course = None),
        Err(EncodeError::Gap { field: "course" })
    );
    assert_eq!(with(|gps| gps.fix = Some(b'#')), Err(EncodeError::Text));
    assert_eq!(
        with(|gps| gps.fix = Some(b',')),
        Err(EncodeError::NotCanonical)
    );
    assert_eq!(
        with(|gps| gps.fix = Some(b' ')),
        Err(EncodeError::NotCanonical)
    );
    assert_eq!(
        with(|gps| gps.latitude = Decimal::new(1, 18)),
        Err(EncodeError::NotCanonical)
    );
    assert_eq!(
        with(|gps| gps.battery = Some(100)),
        Err(EncodeError::NotCanonical)
    );
    assert_eq!(
        with(|gps| gps.time = Some(TimeOfDay {
            hour: 100,
            minute: 0,
            second: 0
        })),
        Err(EncodeError::NotCanonical)
    );
    for (text, error) in [
        ("a#b", EncodeError::Text),
        ("a*b", EncodeError::Text),
        ("a(b", EncodeError::Text),
        ("a$b", EncodeError::Text),
        ("a\rb", EncodeError::Text),
        ("a\u{e9}", EncodeError::Text),
        ("a,b", EncodeError::NotCanonical),
    ] {
        let code = Text::Bytes(text.as_bytes());
        let time = TimeOfDay {
            hour: 0,
            minute: 0,
            second: 0,
        };
        assert_eq!(
            Unknown {
                header: header("1"),
                code,
                fields: Fields(b"")
            }
            .encode(&mut out),
            Err(error),
            "{text}"
        );
        let ack = Ack {
            header: header("1"),
            code,
            time: DateTime {
                year: 26,
                month: 1,
                day: 1,
                hour: 0,
                minute: 0,
                second: 0,
            },
        };
        assert_eq!(ack.encode(&mut out), Err(error), "{text}");
        let command = Command {
            header: header("1"),
            time,
            order: Order::Raw {
                code,
                parameters: Fields(b""),
            },
        };
        assert!(command.encode(&mut out).is_err(), "{text}");
        let header = Header {
            maker: Maker::Hq,
            id: Id::Other(code),
        };
        assert!(Login { header }.encode(&mut out).is_err(), "{text}");
    }
    for (code, fields) in [
        ("V1", ""),
        ("V0", ""),
        ("", ""),
        ("S20", ",130305"),
        ("XT", "1"),
        ("41", ",4#V1,145452"),
    ] {
        let unknown = Unknown {
            header: header("1"),
            code: Text::Bytes(code.as_bytes()),
            fields: Fields(fields.as_bytes()),
        };
        assert_eq!(
            unknown.encode(&mut out),
            Err(EncodeError::NotCanonical),
            "{code}{fields}"
        );
    }
    for text in [&b"a#b"[..], b"a*b", b"\0", b"\t", b"\xff"] {
        assert_eq!(
            Sms {
                header: header("1"),
                text: Text::Bytes(text)
            }
            .encode(&mut out),
            Err(EncodeError::Text),
            "{text:?}"
        );
    }
    assert!(
        Sms {
            header: header("1"),
            text: Text::Bytes(b"a, (b) $1\r\n")
        }
        .encode(&mut out)
        .is_ok()
    );
    for id in ["123", "1234567890123456", "123456789012345678901"] {
        let header = Header {
            maker: Maker::Hq,
            id: Id::Other(Text::Bytes(id.as_bytes())),
        };
        assert!(Login { header }.encode(&mut out).is_err(), "{id}");
    }
    let header = Header {
        maker: Maker::Hq,
        id: Id::Other(Text::Bytes(b"12345678901234567890")),
    };
    assert_eq!(Login { header }.encode(&mut out), Ok(MAX_ID_LEN + 8));
}

/// Text without what separates, of the characters that fields have.
fn plain() -> impl Strategy<Value = String> {
    "[0-9A-Za-z.:-]{0,8}"
}

/// Fields that are often numbers, often empty, and sometimes odd.
fn fields() -> impl Strategy<Value = String> {
    vec(
        prop_oneof![3 => plain(), 1 => "[0-9]{1,6}", 1 => " {0,2}[A-F0-9]{8} ?", 1 => "[AVNSEW0]?"],
        0..8,
    )
    .prop_map(|fields| fields.iter().map(|field| format!(",{field}")).collect())
}

fn any_header() -> impl Strategy<Value = (u8, String)> {
    (
        0..5_u8,
        prop_oneof![4 => "[0-9]{1,16}", 1 => "[0-9A-Za-z]{0,20}"],
    )
}

fn header_of((maker, id): &(u8, String)) -> Header<'_> {
    let maker = [Maker::Hq, Maker::Th, Maker::Dc, Maker::Xy, Maker::LowerHq][usize::from(*maker)];
    Header {
        maker,
        ..header(id)
    }
}

fn pair() -> impl Strategy<Value = u8> {
    0..100_u8
}

fn any_time() -> impl Strategy<Value = TimeOfDay> {
    (pair(), pair(), pair()).prop_map(|(hour, minute, second)| TimeOfDay {
        hour,
        minute,
        second,
    })
}

fn any_date() -> impl Strategy<Value = Date> {
    (pair(), pair(), pair()).prop_map(|(day, month, year)| Date { day, month, year })
}

fn decimal(whole: std::ops::Range<u64>) -> impl Strategy<Value = Decimal> {
    (whole, 0..8_u8, any::<u64>()).prop_map(|(whole, places, behind)| {
        let scale = 10_u64.pow(places.into());
        Decimal::new(whole * scale + behind % scale, places).unwrap()
    })
}

fn any_gps() -> impl Strategy<Value = Gps> {
    let place = (
        option::of(decimal(0..10_000)),
        option::of(prop::sample::select(&b"NS0"[..])),
    );
    let other = (
        option::of(decimal(0..100_000)),
        option::of(prop::sample::select(&b"EW0"[..])),
    );
    let motion = (decimal(0..10_000), decimal(0..400), option::of(pair()));
    (
        option::of(any_time()),
        prop::sample::select(&b"AVB"[..]),
        place,
        other,
        motion,
        option::of(any_date()),
    )
        .prop_map(
            |(
                time,
                fix,
                (latitude, latitude_letter),
                (longitude, longitude_letter),
                (speed, course, battery),
                date,
            )| Gps {
                time,
                fix: Some(fix),
                latitude,
                latitude_letter,
                longitude,
                longitude_letter,
                speed: Some(speed),
                course: Some(course),
                battery,
                date,
            },
        )
}

/// What messages are made of.
#[derive(Clone, Debug)]
struct Parts {
    header: (u8, String),
    gps: Gps,
    time: TimeOfDay,
    date: Option<Date>,
    status: Option<u32>,
    numbers: [Option<u16>; 3],
    words: [String; 3],
    fields: [String; 2],
    kind: u8,
}

fn any_parts() -> impl Strategy<Value = Parts> {
    let numbers = prop::array::uniform3(option::of(any::<u16>()));
    let words = prop::array::uniform3(plain());
    let fields = prop::array::uniform2(fields());
    (
        (
            any_header(),
            any_gps(),
            any_time(),
            option::of(any_date()),
            option::of(any::<u32>()),
        ),
        numbers,
        words,
        fields,
        0..24_u8,
    )
        .prop_map(
            |((header, gps, time, date, status), numbers, words, fields, kind)| Parts {
                header,
                gps,
                time,
                date,
                status,
                numbers,
                words,
                fields,
                kind,
            },
        )
}

impl Parts {
    /// The message, and whether it must be possible to encode it.
    fn message(&self) -> (Message<'_>, bool) {
        let header = header_of(&self.header);
        let [first, second] = self
            .fields
            .each_ref()
            .map(|fields| Fields(fields.as_bytes()));
        let [word, other, third] = self
            .words
            .each_ref()
            .map(|word| Text::Bytes(word.as_bytes()));
        let [a, b, c] = self.numbers;
        let byte = |value: Option<u16>| value.map(|value| value as u8);
        let (time, date, status, gps) = (self.time, self.date, self.status.map(Status), self.gps);
        let timeless = Gps { time: None, ..gps };
        let location = |kind| {
            Message::Location(Location {
                header,
                kind,
                gps,
                status,
                extras: first,
            })
        };
        let command = |order| {
            Message::Command(Command {
                header,
                time,
                order,
            })
        };
        match self.kind {
            0 => (location(LocationKind::V1), true),
            1 => (location(LocationKind::V2), true),
            2 => (location(LocationKind::V5), true),
            3 => (location(LocationKind::V6), true),
            4 => (location(LocationKind::V8), true),
            5 => (location(LocationKind::Vi1), true),
            // The extras or the result may look like a position.
            6 => (
                Message::Response(Response {
                    header,
                    command: word,
                    result: first,
                    command_time: Some(time),
                    gps: Some(gps),
                    status,
                    extras: second,
                }),
                false,
            ),
            7 => (
                Message::Response(Response {
                    header,
                    command: word,
                    result: Fields(b",DONE"),
                    command_time: Some(time),
                    gps: Some(gps),
                    status,
                    extras: Fields(b""),
                }),
                true,
            ),
            8 => (
                Message::Response(Response {
                    header,
                    command: word,
                    result: first,
                    command_time: None,
                    gps: None,
                    status: None,
                    extras: Fields(b""),
                }),
                false,
            ),
            9 => (Message::Login(Login { header }), true),
            10 => (
                Message::Heartbeat(Heartbeat {
                    header,
                    percent: byte(a),
                }),
                true,
            ),
            11 => (
                Message::Nbr(Nbr {
                    header,
                    time: Some(time),
                    mcc: a,
                    mnc: b,
                    delay: byte(c),
                    cells: Fields(b",8106,32010,23,8101,22007,-25"),
                    date,
                    status,
                    extras: first,
                }),
                true,
            ),
            12 => (
                Message::Nbr(Nbr {
                    header,
                    time: None,
                    mcc: a,
                    mnc: b,
                    delay: None,
                    cells: first,
                    date,
                    status,
                    extras: Fields(b""),
                }),
                false,
            ),
            13 => (
                Message::Link(Link {
                    header,
                    time: Some(time),
                    gsm: byte(a),
                    satellites: byte(b),
                    battery: byte(c),
                    steps: a.map(u32::from),
                    turns: Some(u32::MAX),
                    date,
                    status,
                    extras: first,
                }),
                true,
            ),
            14 => (Message::Sms(Sms { header, text: word }), true),
            15 => (
                Message::V3(V3 {
                    header,
                    time: Some(time),
                    network: word,
                    cells: Fields(b",1,2,3,4"),
                    battery: a,
                    reboot: b.map(u32::from),
                    flag: other,
                    date,
                    status,
                    extras: first,
                }),
                true,
            ),
            16 => (
                Message::PhoneReport(PhoneReport {
                    header,
                    kind: PhoneReportKind::V19,
                    gps,
                    fields: first,
                }),
                true,
            ),
            17 => (
                Message::PhoneReport(PhoneReport {
                    header,
                    kind: PhoneReportKind::V9,
                    gps,
                    fields: first,
                }),
                true,
            ),
            18 => (
                Message::Vp1(Vp1 {
                    header,
                    content: Vp1Content::Gps {
                        gps: timeless,
                        extras: first,
                    },
                }),
                true,
            ),
            19 => (
                Message::Vp1(Vp1 {
                    header,
                    content: Vp1Content::Cells {
                        mcc: a,
                        mnc: b,
                        cells: first,
                    },
                }),
                false,
            ),
            20 => (Message::Contact(Contact { header }), true),
            21 => {
                let time = DateTime {
                    year: c.unwrap_or(0) as u8,
                    month: time.hour,
                    day: time.minute,
                    hour: time.second,
                    minute: 99,
                    second: 0,
                };
                (
                    Message::Ack(Ack {
                        header,
                        code: word,
                        time,
                    }),
                    true,
                )
            }
            22 => (
                command(Order::Raw {
                    code: third,
                    parameters: first,
                }),
                false,
            ),
            _ => (
                Message::Unknown(Unknown {
                    header,
                    code: word,
                    fields: first,
                }),
                false,
            ),
        }
    }
}

/// Reads all that can be read.
fn read_all(frame: &Frame<'_>) {
    let message = frame.message();
    assert_eq!(frame.header(), message.header());
    assert_eq!(frame.device_id(), message.device_id());
    assert_eq!(frame.code(), message.code());
    assert!(frame.fields().iter().count() < frame.as_bytes().len());
    let _ = (frame.direction(), frame.reply(None));
    let read_gps = |gps: &Gps| {
        let _ = (
            gps.time(),
            gps.has_fix(),
            gps.position(),
            gps.latitude_degrees(),
            gps.longitude_degrees(),
            gps.speed(),
            gps.course(),
        );
    };
    match &message {
        Message::Location(location) => {
            read_gps(&location.gps);
            let _ = (
                location.cell(),
                location.battery(),
                location.status.and_then(Status::alarm),
            );
        }
        Message::Response(response) => {
            response.gps.iter().for_each(read_gps);
            let _ = (response.text(), response.mileage());
        }
        Message::Nbr(nbr) => {
            let _ = (
                nbr.time(),
                nbr.cell(),
                nbr.neighbours().count(),
                nbr.battery(),
            );
        }
        Message::V3(v3) => {
            let _ = (v3.time(), v3.cell(), v3.neighbours().count());
        }
        Message::Vp1(vp1) => {
            let _ = (vp1.cell(), vp1.neighbours().count());
        }
        Message::PhoneReport(report) => {
            read_gps(&report.gps);
            let _ = (
                report.alarm_phone(),
                report.own_number(),
                report.iccid(),
                report.status(),
            );
        }
        Message::Link(link) => {
            let _ = link.time();
        }
        _ => {}
    }
    let mut out = vec![0; message.encoded_len()];
    match message.encode(&mut out) {
        Ok(len) => assert_eq!((len, Message::parse(&out)), (out.len(), Ok(message))),
        // What is read with a speed can be written, or it has none.
        Err(error) => assert!(
            matches!(error, EncodeError::Gap { .. } | EncodeError::NotCanonical),
            "{error} {message:?}"
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn law_4_any_bytes_at_all(bytes in vec(any::<u8>(), 0..120)) {
        let _ = Frame::parse(&bytes);
        let text = [b"*HQ,", &bytes[..], b"#"].concat();
        if let Ok(frame) = Frame::parse(&text) {
            read_all(&frame);
        }
    }

    #[test]
    fn law_4_fields_of_any_content(code in prop::sample::select(vec!["V1", "V2", "V4", "NBR", "V3", "V19", "VP1", "LINK", "HTBT", "SMS", "S20", "D1", "SCF", "41,4#V1"]), fields in fields(), more in fields()) {
        let text = format!("*HQ,1234567890,{code},{fields}{more}#");
        read_all(&frame(&text));
    }

    #[test]
    fn law_4_damaged_frames(text in prop::sample::select(&ALL[..]), places in vec((any::<Index>(), prop_oneof![Just(b','), Just(b' '), Just(b'-'), Just(b'.'), Just(b'9'), any::<u8>()]), 1..4)) {
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(frame) = Frame::parse(&bytes) {
            read_all(&frame);
        }
    }

    #[test]
    fn law_5_what_can_be_built_can_be_parsed(parts in any_parts()) {
        let (message, must) = parts.message();
        let mut out = vec![0; message.encoded_len()];
        match message.encode(&mut out) {
            Ok(len) => {
                prop_assert_eq!(len, out.len());
                prop_assert_eq!(Message::parse(&out), Ok(message));
                prop_assert_eq!(message.encode(&mut vec![0; len - 1]), Err(EncodeError::BufferTooSmall { needed: len }));
                read_all(&Frame::parse(&out).unwrap());
            }
            Err(error) => prop_assert!(!must, "{} {:?}", error, message),
        }
    }

    #[test]
    fn law_5_any_text(id in "[ -~]{0,22}", code in "[ -~]{0,6}", fields in "[ -~]{0,12}", text in any::<String>()) {
        let header = Header { maker: Maker::Hq, id: Id::Other(Text::Bytes(id.as_bytes())) };
        let known = Header { maker: Maker::Hq, id: Id::Number(DeviceId::from_ascii(b"1234567890").unwrap()) };
        for header in [header, known] {
            for message in [
                Message::Unknown(Unknown { header, code: Text::Bytes(code.as_bytes()), fields: Fields(fields.as_bytes()) }),
                Message::Sms(Sms { header, text: Text::Bytes(text.as_bytes()) }),
                Message::Response(Response { header, command: Text::Bytes(code.as_bytes()), result: Fields(fields.as_bytes()), command_time: None, gps: None, status: None, extras: Fields(b"") }),
            ] {
                let mut out = vec![0; message.encoded_len()];
                if message.encode(&mut out).is_ok() {
                    prop_assert_eq!(Message::parse(&out), Ok(message));
                }
            }
        }
    }
}
