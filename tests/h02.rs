//! The protocol `h02`: frames whose values are known, the traps that devices set, what a device
//! sends as plain values, and messages of any content at all.

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
    Direction, EncodeError, Error, ErrorKind,
    protocol::h02::{
        Ack, Command, CommandKind, Date, EmptyFrame, FieldBuffer, Fields, Frame, Gps, Header,
        Heartbeat, IccidReport, Id, LinkStatus, Location, LocationKind, Login, MAX_ID_LEN,
        MAX_REPLY_LEN, Maker, Message, NeighbourCells, NeighbourCellsV3, PhoneReport,
        PhoneReportKind, Response, Sms, Status, StatusFamily, TimeOfDay, TimeRequest, Unknown,
        Vp1Content, Vp1Report, WifiReport, XtReport,
    },
    types::{
        Alarm, CellTower, Course, DateTime, Decimal, MessageType, NeighbourCell, Position, Speed,
        Text,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::Index};
use support::{Owned, frames_of_reads, hex, items_of_reads};

/// Vendor documents and tests of public decoders: docs/protocols/h02.md.
const CANTRACK: &str =
    "*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#";
const CANTRACK_V2: &str =
    "*HQ,865205030330012,V2,150421,A,2240.55841,N,11358.33462,E,2.06,0,100815,FFFFFBFF#";
const CANTRACK_V4: &str = "*HQ,865205030330012,V4,S2,150950,151007,A,2240.55503,N,\
     11358.35174,E,0.85,0,100815, FFFFFBFF #";
const HEX_CELL: &str = "*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,\
     FFFBFFFF,25c,a, 154,b04c#";
const NO_FIX: &str = "*HQ,353588020068342,V1,000000,V,0.0000,0,0.0000,0,0.00,0.00,000000,ffffffff,\
     000106,000002,000203,004c87,16#";
const S20_DONE: &str = "*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,\
     11346.6574,E,14.28,028,220902,F7FFFBFF#";
const HYPHENS: &str =
    "*HQ,1451316409,V1,030149,A,-23-29.0095,S,-46-51.5852,W,2.4,065,070315,FFFFFFFF#";
const NO_POINT: &str = "*HQ,5905101893,V1,105759,A,37573392,S,145037022,E,000.00,\
     173,280122,FF7FFBFF,,,9059e2c,8232,4#";
const HTBT: &str = "*HQ,135790246811220,HTBT,100#";
const LINK: &str = "*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#";
/// Captures that public decoders have as tests.
const NBR: &str =
    "*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27766,-67,291019,FFFFFBFF,6#";
const DECIMAL_CELL: &str = "*HQ,4106012736,V1,224434,A,1827.3855,N,06705.7577,W,000.00,\
     000,100117,FFFFFBFF,310,260,49101,1753,5#";
/// docs/protocols/h02.md, "XT".
const XT: &str = "*HQ,353588020068342,XT,A,204635,1008123#";
/// Put together from the layouts in docs/protocols/h02.md.
const V3_FRAME: &str = "*HQ,355488020533263,V3,121536,65501,02,000152,014001,156,\
     -64,000161,010642,138,,02E4,0,X,240816,FFFBFFFF#";
const V19: &str = "*HQ,4209951296,V19,214452,A,5201.0178,N,01830.5029,E,000.00,000,200417,123,\
     +4812345,89480610500392633029F,BFFFFFFF#";
const VP1_GPS: &str = "*hq,356327080425330,VP1,A,2702.7215,S,15251.9309,E,0.62,0.0000,050917#";
const VP1_CELLS: &str = "*hq,356327081001239,VP1,V,470,002,92,3565,0Y92,1433,12Y91,1431,-7#";
const SMS: &str =
    "*HQ,1400046168,SMS,ID:1400046168\r\nIP:1.2.3.4,5013\r\nUT:10,300\r\nGPS:A-24-23\r\n#";
/// The binary form, in hexadecimal: docs/protocols/h02.md, "Binary form".
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

fn type_of(code: &str) -> MessageType<'_> {
    MessageType::Text(Text::Bytes(code.as_bytes()))
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
    assert_eq!(frame(CANTRACK_V2).message_type(), Some(type_of("V2")));
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
    assert_eq!(status.alarm(StatusFamily::TenDigits), None);
}

#[test]
fn other_messages() {
    let date = Some(Date {
        day: 8,
        month: 11,
        year: 16,
    });
    let expected = LinkStatus {
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
    assert_eq!(message(LINK), Message::LinkStatus(expected));
    assert_eq!(expected.time().unwrap().to_string(), "2016-11-08T11:21:37");
    assert_eq!(
        message(HTBT),
        Message::Heartbeat(Heartbeat::with_percent(header("135790246811220"), 100).unwrap())
    );
    assert_eq!(
        message("*HQ,1,HTBT#"),
        Message::Heartbeat(Heartbeat::new(header("1")))
    );
    assert_eq!(
        message("*HQ,1,V0#"),
        Message::Login(Login::new(header("1")))
    );
    assert_eq!(
        message("*HQ,4109198974,#"),
        Message::EmptyFrame(EmptyFrame {
            header: header("4109198974")
        })
    );
    let report = XtReport::new(header("353588020068342"), Fields(b",A,204635,1008123"));
    assert_eq!(message(XT), Message::XtReport(report));
}

#[test]
fn cells_around() {
    let Message::NeighbourCells(nbr) = message(NBR) else {
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

    let Message::NeighbourCellsV3(v3) = message(V3_FRAME) else {
        panic!()
    };
    assert_eq!(v3.time().unwrap().to_string(), "2016-08-24T12:15:36");
    assert_eq!(v3.cell(), Some(cell(655, 1, 152, 14001)));
    let neighbours: Vec<_> = v3.neighbours().collect();
    assert_eq!(
        (neighbours.len(), neighbours[0].cell, neighbours[0].rssi),
        (1, cell(655, 1, 161, 10642), Some(138))
    );
    assert_eq!(
        (v3.battery, v3.reboots, v3.end, v3.status),
        (
            Some(0x02E4),
            Some(0),
            Text::Bytes(b"X"),
            Some(Status(0xFFFB_FFFF))
        )
    );

    let Message::Vp1Report(vp1) = message(VP1_CELLS) else {
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
    let Message::Vp1Report(Vp1Report {
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
        Vp1Report::cell(&Vp1Report {
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
fn many_frames_come_in_one_segment() {
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

/// Binary frames of all lengths that are known, from the same sources as the texts: 32 (a vendor
/// document and a capture), 37, 42, 45, 45 (SinoTrack), 46, 47, 48, 54.
const BINARIES: [&str; 10] = [
    "2410307310010503162209022212874500113466574c014028fffffbffff0000",
    BINARY,
    "2400000000000752341410205624000046059330000e002118ffff7bff0b00070000001799",
    "2435248308419329301047591808172627335900074412294e024138feffffffff01120064ba73005ecc",
    "24410600082621532131081504419390060740418306000000fffffbfdff0015060000002c02dc0c000000001f",
    "24702802061601234020031910125482600612695044000000ffffbbff000000000000000001760d04e2c9934d",
    "2421305109380127171003170520046500100286297e003085ffffdfffff03440069129344006400001151415a20",
    "2447102700011027331905184747800004013030000e009229ffe7fbffff0013350000007600e801ff3f00000004ec",
    "24971636763905201916101558335008000153206976000000effffbffff000252776566060000000000000000000049",
    "2470287985872300050507204217381641018506803c000000ffffbbff000000000129024f6d28d60d4f6d28d8094f\
     6d278708080000",
];
/// A mileage record.
const RECORD: &str = "5800009814991024031101175540227006012321670c000095fffffbffff0033";

#[test]
fn binary_frames_are_read_and_written() {
    for text in BINARIES.into_iter().chain([RECORD]) {
        let bytes = hex(text);
        let message = Message::parse(&bytes).unwrap();
        let mut out = [0; 64];
        assert_eq!(message.encode(&mut out), Ok(bytes.len()), "{text}");
        assert_eq!(out[..bytes.len()], bytes);
        assert_eq!(message.encoded_len(), bytes.len());
        let frame = Frame::parse(&bytes).unwrap();
        assert_eq!(frame.message(), message);
        assert_eq!(frame.direction(), Some(Direction::Up));
        assert_eq!(
            (frame.header(), frame.reply(None)),
            (message.header(), None)
        );
        assert_eq!(frame.body(), &bytes[1..]);
        assert_eq!(frame.fields().iter().count(), 0);
    }
    let read = |text: &str| {
        let bytes = hex(text);
        match Message::parse(&bytes).unwrap() {
            Message::BinaryLocation(location) => (
                location.header.device_id().unwrap().to_string(),
                location.gps,
                location.battery_percent(),
                location.tail_values(),
                location.neighbours().count(),
            ),
            other => panic!("{other:?}"),
        }
    };
    let (device, gps, battery, tail, _) = read(BINARIES[0]);
    assert_eq!(
        (&*device, battery, gps.has_fix()),
        ("1030731001", None, false)
    );
    assert_eq!(gps.time().unwrap().to_string(), "2002-09-22T05:03:16");
    let place = gps.position().unwrap();
    assert_eq!(place.latitude.micro_degrees(), 22_214_575);
    assert_eq!(place.longitude.micro_degrees(), 113_777_623);
    assert_eq!((gps.speed, gps.course, tail.record), (14, 28, Some(0)));
    // South and west, and an IMEI, whose tail is not known.
    let west = read(BINARIES[4]).1.position().unwrap();
    assert_eq!(west.longitude.micro_degrees(), -74_069_717);
    let (device, gps, _, tail, _) = read(BINARIES[3]);
    assert_eq!(
        (&*device, gps.speed, gps.course),
        ("352483084193293", 24, 138)
    );
    assert_eq!(tail, gt02::protocol::h02::TailValues::default());
    // Cells, and what only one of the forms has.
    let (_, _, battery, tail, _) = read(BINARIES[5]);
    assert_eq!(
        (battery, tail.cell),
        (Some(96), Some(cell(374, 13, 1250, 51603)))
    );
    assert_eq!(
        (tail.csq, tail.satellites, tail.mileage),
        (None, None, None)
    );
    let (_, _, battery, tail, _) = read(BINARIES[7]);
    assert_eq!(
        (battery, tail.csq, tail.satellites),
        (Some(60), Some(19), None)
    );
    assert_eq!((tail.mileage, tail.record), (Some(118), Some(236)));
    assert_eq!(tail.cell.unwrap().lac, Some(65343));
    // A line end makes 47 bytes of 45.
    let tail = read(&format!("{}0d0a", BINARIES[4])).3;
    assert_eq!((tail.mileage, tail.record), (Some(44), None));
    let (_, _, _, tail, neighbours) = read(BINARIES[9]);
    assert_eq!(
        (tail.cell, neighbours),
        (Some(cell(297, 2, 20333, 10454)), 2)
    );
    for (code, percent) in [
        (0, None),
        (1, Some(0)),
        (2, Some(10)),
        (3, Some(20)),
        (5, Some(80)),
        (6, Some(100)),
        (7, Some(7)),
        (100, Some(100)),
        (101, None),
        (0xF3, None),
    ] {
        let mut bytes = hex(BINARY);
        bytes[16] = code;
        let Message::BinaryLocation(location) = Message::parse(&bytes).unwrap() else {
            panic!()
        };
        assert_eq!(location.battery_percent(), percent, "{code}");
    }
}

#[test]
fn binary_frames_and_text_are_mixed() {
    let binaries = BINARIES.map(hex);
    let record = hex(RECORD);
    let texts = [CANTRACK, NBR, HTBT].map(|text| text.as_bytes().to_vec());
    let mut sent: Vec<Vec<u8>> = Vec::new();
    for (at, binary) in binaries.iter().enumerate() {
        sent.push(texts[at % 3].clone());
        // Twice, and after a record of the same second.
        sent.extend([binary.clone(), binary.clone(), record.clone()]);
        sent.push(binary.clone());
    }
    // The next device; the last frame ends with the stream.
    sent.extend(binaries.iter().cloned());
    let stream = sent.concat();
    let expected: Vec<Owned> = sent.into_iter().map(Owned::Frame).collect();
    for size in [1, 7, 31, 33, 64, 100, stream.len()] {
        assert_eq!(items_of_reads(stream.chunks(size)), expected, "{size}");
    }
}

#[test]
#[cfg(all(feature = "tk103", feature = "v680"))]
fn what_follows_says_how_long_a_binary_frame_is() {
    let frame = hex(BINARIES[4]);
    let frames = |stream: &[u8]| {
        let items = items_of_reads([stream]).into_iter();
        let frames = items.filter_map(|item| match item {
            Owned::Frame(bytes) => Some(bytes),
            Owned::Noise(..) => None,
        });
        frames.collect::<Vec<_>>()
    };
    // Garbage up to the next frame, or the end, belongs to the tail, up to 64 bytes.
    let long = [&frame[..], &[7; 19]].concat();
    assert_eq!(frames(&[&long[..], CANTRACK.as_bytes()].concat())[0], long);
    assert_eq!(frames(&long), std::slice::from_ref(&long));
    // After that it has 32 bytes.
    let longer = [&frame[..], &[7; 20]].concat();
    for end in [
        &b""[..],
        CANTRACK.as_bytes(),
        b"(027042411793BP05)",
        &[0; 60],
    ] {
        let found = frames(&[&longer[..], end].concat());
        assert_eq!(found[0], frame[..32]);
        assert_eq!(
            found.len(),
            1 + usize::from(matches!(end.first(), Some(b'*' | b'(')))
        );
    }
    // Fewer than 32 bytes were cut short; then the next one loses nothing.
    for cut in 0..32 {
        for next in [
            CANTRACK.as_bytes(),
            &frame,
            b"(027042411793BP05)",
            b"#353588020144007##",
        ] {
            let found = frames(&[&frame[..cut], next].concat());
            assert_eq!(found, [next], "{cut}");
        }
    }
    // A frame of any protocol ends it.
    for next in [
        &b"(027042411793BP05)"[..],
        b"#353588020144007##",
        CANTRACK.as_bytes(),
    ] {
        assert_eq!(frames(&[&frame, next].concat()), [&frame, next]);
    }
}

#[test]
fn the_core_vouches_for_a_binary_frame() {
    let good = hex(BINARY);
    // Each byte with a value that cannot stand there.
    for (at, wrong) in [
        (0, 0x25),
        (1, 0x4A),
        (5, 0xA0),
        (6, 0x24),
        (7, 0x60),
        (8, 0x60),
        (9, 0x00),
        (9, 0x32),
        (10, 0x00),
        (10, 0x13),
        (11, 0x1A),
        (12, 0x91),
        (13, 0x60),
        (14, 0xA0),
        (17, 0x19),
        (18, 0x76),
        (20, 0x0F),
        (21, 0xA6),
        (21, 0x67),
        (22, 0xA0),
        (23, 0x14),
        (24, 0x1A),
    ] {
        let mut bad = good.clone();
        bad[at] = wrong;
        let stream = [&bad[..], CANTRACK.as_bytes()].concat();
        assert!(Frame::parse(&bad).is_err(), "{wrong:02x} at {at}");
        let items = items_of_reads([&stream[..]]);
        assert_eq!(items.len(), 2, "{wrong:02x} at {at}");
        assert_eq!(items[1], Owned::Frame(CANTRACK.into()));
    }
    // 20 bits of the status are 1; the last bit of the flags may be 1 in a record.
    for (status, is_frame) in [("ffffe000", false), ("fffff000", true), ("000fffff", true)] {
        let text = BINARY.replace("ffe7fbff", status);
        assert_eq!(Frame::parse(&hex(&text)).is_ok(), is_frame, "{status}");
    }
    assert!(Frame::parse(&hex(&RECORD.replace("670c", "670d"))).is_ok());
    // An id of 15 digits has a check digit.
    let imei = BINARIES[3].replace("352483084193293", "352483084193294");
    assert!(Frame::parse(&hex(&imei)).is_err());
}

/// A gigabyte of random bytes holds no frame of any protocol, and all of it comes out again.
///
/// ```sh
/// cargo test --release --test h02 -- --ignored random
/// ```
#[test]
#[ignore = "takes a minute: a gigabyte"]
fn random_bytes_hold_no_frame() {
    const BLOCK: usize = 1 << 20;
    const BLOCKS: usize = 1 << 10;
    let mut state = 0x2458_2458_2458_2458_u64;
    let mut decoder = gt02::Decoder::<1024>::new();
    let mut block = vec![0; BLOCK];
    let mut noise = 0;
    let mut see = |item: gt02::Item<'_>| match item {
        gt02::Item::Frame(frame) => panic!("{}", hex::encode(frame.as_bytes())),
        gt02::Item::Noise(part) => noise += part.bytes.len(),
    };
    for _ in 0..BLOCKS {
        for word in block.chunks_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_be_bytes());
        }
        let mut input = &block[..];
        while let Some(item) = decoder.decode(&mut input) {
            see(item);
        }
    }
    while let Some(item) = decoder.finish() {
        see(item);
    }
    assert_eq!(noise, BLOCK * BLOCKS);
}

#[test]
fn binary_frames_are_reported_and_answered_on_request() {
    let now = DateTime::new(2026, 5, 4, 3, 2, 1).unwrap();
    let bytes = hex(BINARIES[4]);
    let frame = gt02::Frame::parse(&bytes).unwrap();
    let mut session = gt02::Session::new().reply_to_all();
    let outcome = session.handle_at(&frame, now);
    let report = outcome.report;
    assert_eq!((report.serial, report.odometer), (Some(31), Some(44)));
    assert_eq!(
        (report.satellites, report.details().csq),
        (Some(6), Some(21))
    );
    assert_eq!(report.details().battery_percent, Some(100));
    assert_eq!(report.alarm, Some(Alarm::Sos), "10 digits");
    assert_eq!(*outcome.reply.unwrap(), *b"*HQ,4106000826,R12,030201#");
    // A record is of the device of the connection.
    let record = hex(RECORD);
    let record = gt02::Frame::parse(&record).unwrap();
    let outcome = session.handle_at(&record, now);
    assert_eq!(outcome.report.device, report.device);
    assert_eq!(outcome.report.odometer, Some(504));
    assert_eq!(*outcome.reply.unwrap(), *b"*HQ,4106000826,R12,030201#");
    assert!(gt02::Session::new().handle_at(&frame, now).reply.is_none());
    // Without a device there is nobody to answer.
    let mut stranger = gt02::Session::new().reply_to_all();
    let outcome = stranger.handle_at(&record, now);
    assert_eq!((outcome.report.device, outcome.reply), (None, None));
}

#[test]
fn binary_frames_are_sniffed() {
    use gt02::{Protocol, Sniff, sniff};
    for (text, needed) in [(BINARIES[0], 29), (BINARIES[3], 32), (RECORD, 29)] {
        let bytes = hex(text);
        for len in 0..bytes.len() {
            let expected = if len < needed {
                Sniff::NeedMore
            } else {
                Sniff::Protocol(Protocol::H02)
            };
            assert_eq!(sniff(&bytes[..len]), expected, "{len} of {text}");
        }
    }
    for stranger in [&b"$GPRMC,092204"[..], b"$$A138,", b"XX1,", b"$123456,"] {
        assert_eq!(sniff(stranger), Sniff::Foreign);
    }
    // JT600: a type, a length and a date where the time belongs.
    let jt600 = hex("24608111888821001B09060908045322564025113242329F0598000001003F0000002D00AB");
    assert_eq!(sniff(&jt600), Sniff::Foreign);
}

#[test]
fn a_missing_end_mark_costs_one_frame() {
    for text in ALL {
        let cut = &text[..text.len() - 1];
        for after in ["", "\r\n"] {
            let stream = [cut, after, CANTRACK, NBR].concat();
            // Only the first is lost.
            for size in [1, 60, stream.len()] {
                assert_eq!(
                    frames_of_reads(&stream, size),
                    [CANTRACK, NBR],
                    "{text} {after:?}"
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
    // Cut after the date, before a line end.
    let cut = CANTRACK.strip_suffix(",FFFFFBFF#").unwrap();
    assert_eq!(
        frames_of_reads(&format!("{cut}\r\n{CANTRACK}\r\n"), 10),
        [CANTRACK]
    );
}

#[test]
fn the_same_point_is_delivered_each_time() {
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
fn coordinates_are_read_in_all_shapes() {
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
fn a_hemisphere_of_0_is_no_place() {
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
fn frames_without_a_fix_carry_the_last_known_place() {
    for (letter, expected) in [
        ("A", Some(true)),
        ("B", Some(true)),
        ("0", Some(true)),
        ("V", Some(false)),
        ("", None),
    ] {
        let text = CANTRACK.replace(",A,", &format!(",{letter},"));
        assert_eq!(location(&text).gps.has_fix(), expected, "{letter}");
        // The last known place.
        assert!(location(&text).gps.position().is_some());
    }
    // With a stale date, or without one: each field is what was sent.
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
fn nothing_is_active_in_a_status_of_ones() {
    // Nothing is active in it, so there is no alarm and nothing is cut. The ignition is as its bit
    // says, and the raw word is there.
    let text = CANTRACK.replace("FFFFFBFF", "FFFFFFFF");
    let status = location(&text).status.unwrap();
    assert_eq!(
        (
            status.0,
            status.alarm(StatusFamily::Other),
            status.relay_cut(),
            status.power_cut(),
            status.armed()
        ),
        (u32::MAX, None, false, false, false)
    );
    assert!(status.ignition());
}

#[test]
fn empty_fields_are_absent_or_0() {
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
        if fields < 2 {
            // Nothing shows that it is a location.
            assert!(matches!(
                message(&format!("{}#", &CANTRACK[..comma])),
                Message::Unknown(_)
            ));
            continue;
        }
        let text = format!("{}#", &CANTRACK[..comma]);
        let short = location(&text);
        let expected = (true, fields >= 6, fields >= 7, fields >= 8, fields >= 9);
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
fn spaces_around_fields_are_ignored() {
    let padded = location(
        "*HQ,1,V1, 145452, A ,2240.55181, N,11358.32389,\
         E ,  3.34,  5 , 100815 , FFFFFBFF , 460,00#",
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
fn damaged_status_words_are_read_or_absent() {
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
fn a_status_bit_of_0_is_active() {
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
        (Status(0xFFFF_FDFF).armed(), Status(u32::MAX).armed()),
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
        assert_eq!(status.alarm(StatusFamily::Other), alarm, "{bit}");
        assert!(
            (0..=u8::MAX).all(|other| status.is_active(other) == (other == bit)),
            "{bit}"
        );
        assert_eq!(status.power_cut(), alarm == Some(Alarm::PowerCut));
    }
    assert_eq!(
        Status(0).alarm(StatusFamily::Other),
        Some(Alarm::Theft),
        "the first of them"
    );
}

#[test]
fn a_battery_before_the_date_is_read() {
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
fn cells_are_decimal_or_hexadecimal() {
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
        // Decimal and hexadecimal mixed, another list, too few fields, no fields.
        ("460,11,d18e105,7752,6", None),
        ("69129336,0,100.0,18,5141,5A20", None),
        (",,9059e2c,8232,4", None),
        ("000243,000000,000000", None),
        ("000000,000000,000000,000000", None),
        ("106,14,201,2173", None),
        ("800,01,1,1", None),
        // From a device with an IMEI it may be hexadecimal.
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

fn report(text: &str) -> gt02::Report<'_> {
    gt02::Report::new(&gt02::Frame::parse(text.as_bytes()).unwrap(), Direction::Up)
}

#[test]
fn a_frame_is_a_location_only_if_its_fields_look_like_one() {
    let rest = "11358.3238,E,0.00,0,100815,FFFFFBFF";
    for (code, fields, is_location) in [
        ("V1", "145452,A,2240.5518,N", true),
        ("V1", "145452,V,,", true),
        ("V1", "145452,B,2240.5518,S", true),
        ("VI1", "145452,0,2240.5518,N", true),
        ("V1", "145452,,2240.5518,0", true),
        ("V3", "145452,A,2240.5518,N", true),
        ("V5", "145452,V,2240.5518,N", true),
        ("V2", " 145452, A ,2240.5518, N", true),
        ("V1", "145452,X,2240.5518,N", false),
        ("V1", "145452,AA,2240.5518,N", false),
        ("V1", "145452,A,2240.5518,E", false),
        ("V8", "145452,A,2240.5518,12", false),
        ("V6", "MA2017110710,+00.00,,,5,4,3,120,010,1125", false),
        ("V1", "112605|A|2346.0000|N|09023.0000|E", false),
    ] {
        let text = format!("*HQ,4108383881,{code},{fields},{rest}#");
        let found = matches!(message(&text), Message::Location(_));
        assert_eq!(found, is_location, "{text}");
        if !is_location {
            assert!(matches!(message(&text), Message::Unknown(_)), "{text}");
            let report = report(&text);
            assert_eq!(
                (report.position, report.speed, report.course, report.alarm),
                (None, None, None, None)
            );
        }
    }
    // The letter of the longitude.
    let text = CANTRACK.replace(",E,", ",X,");
    assert!(matches!(message(&text), Message::Unknown(_)));
}

#[test]
fn three_messages_are_called_v5() {
    let wifi = "*HQ,135790246811220,V5,101500,3,d076e794d03cc6,50d4f78e17d0b4,08c6b333865cae,\
        0292,010825,FFFFFBFF#";
    let Message::WifiReport(report) = message(wifi) else {
        panic!()
    };
    assert_eq!(encode(&report.into()), wifi);
    let macs: Vec<String> = report
        .access_points()
        .map(|point| {
            assert_eq!((point.rssi, point.ssid), (None, None), "no scale is known");
            point.mac.to_string()
        })
        .collect();
    assert_eq!(
        macs,
        [
            "d0:76:e7:94:d0:3c",
            "50:d4:f7:8e:17:d0",
            "08:c6:b3:33:86:5c"
        ]
    );
    for (text, time, count) in [
        // As the paper has it, without a time; and without an access point.
        ("V5,2,11223344556677,11223344556677,0256,010815", false, 2),
        ("V5,101500,0,0292,010825", true, 0),
        ("V5,0,0292,010825", false, 0),
        ("V5,101500,1,11223344556677,0292,010825", true, 1),
    ] {
        let text = format!("*HQ,135790246811220,{text},FFFFFBFF#");
        let Message::WifiReport(report) = message(&text) else {
            panic!("{text}")
        };
        assert_eq!(
            (report.time.is_some(), report.access_points().count()),
            (time, count),
            "{text}"
        );
        assert_eq!(report.status, Some(Status(0xFFFF_FBFF)));
        assert_eq!(encode(&report.into()), text);
        let report = self::report(&text);
        assert_eq!(
            (report.position, report.speed, report.valid, report.alarm),
            (None, None, None, None)
        );
        assert_eq!(report.kind, gt02::report::Kind::Cell);
    }
    // Fewer than announced, more, one that is damaged, and a field after the status.
    for text in [
        "V5,3,11223344556677,11223344556677,0256,010815,FFFFFBFF",
        "V5,1,11223344556677,11223344556677,0256,010815,FFFFFBFF",
        "V5,1,1122334455667x,0256,010815,FFFFFBFF",
        "V5,1,112233445566777,0256,010815,FFFFFBFF",
        "V5,1,11223344556677,0256,010815,FFFFFBFF,1",
        "V5,145452,A1,2240.5518,N,11358.3238,E,0.00,0,100815,FFFFFBFF",
    ] {
        let text = format!("*HQ,135790246811220,{text}#");
        assert!(matches!(message(&text), Message::Unknown(_)), "{text}");
    }
    let location = location(
        "*HQ,9184806056,V5,091233,V,2648.8912,N,11721.3302,E,000.00,000,051219,FFFFBBFF,\
         470,01,55491,1998,2921283#",
    );
    assert_eq!(location.kind, LocationKind::V5);
    assert_eq!(
        location.readings(),
        gt02::protocol::h02::Readings::default()
    );
}

#[test]
fn extras_mean_what_type_and_count_say() {
    let text = |code: &str, extras: &str| {
        format!(
            "*HQ,7026318172,{code},123456,A,2235.0086,N,11354.3668,E,014.28,028,160716,FFFFBBFF,\
             {extras}#"
        )
    };
    // Satellites, CSQ, supply, per cent, code, kilometres, ICCID.
    type Row<'a> = (&'a str, &'a str, [Option<u32>; 6], Option<&'a str>);
    const NONE: [Option<u32>; 6] = [None; 6];
    let cell = "460,00,10342,3721";
    let four = [Some(12), Some(31), Some(12_200), Some(85), None, None];
    let rows: [Row<'_>; 21] = [
        ("V8", ",12,31,122,85", four, None),
        ("V8", ",12,31,122,85,,", four, None),
        ("V8", ",d076e794d03c,3a,12,31,122,85", four, None),
        (
            "V8",
            ",12,32,122,101",
            [Some(12), None, Some(12_200), None, None, None],
            None,
        ),
        ("V8", ",12,31,122", NONE, None),
        ("V8", ",1,2,3,4,5", NONE, None),
        ("V8", ",6", NONE, None),
        ("V8", "", NONE, None),
        (
            "V6",
            ",89701013905978377607,",
            NONE,
            Some("89701013905978377607"),
        ),
        (
            "V6",
            ",898602A2091508006821",
            NONE,
            Some("898602A2091508006821"),
        ),
        (
            "V6",
            ",8950603228972126896?",
            NONE,
            Some("8950603228972126896"),
        ),
        ("V6", ",6", NONE, None),
        ("V6", ",89701013905978377607,1", NONE, None),
        (
            "V5",
            ",504,122",
            [None, None, Some(12_200), None, None, Some(504)],
            None,
        ),
        ("V5", ",2921283", NONE, None),
        (
            "V1",
            ",7,31",
            [Some(7), Some(31), None, None, None, None],
            None,
        ),
        ("V1", ",10,25,128", NONE, None),
        ("V1", ",6", [None, None, None, None, Some(6), None], None),
        ("V1", ",6,", [None, None, None, None, Some(6), None], None),
        ("V1", "", NONE, None),
        ("V2", ",7,31", NONE, None),
    ];
    for (code, extras, numbers, iccid) in rows {
        let text = text(code, &format!("{cell}{extras}"));
        let readings = location(&text).readings();
        let found = [
            readings.satellites.map(u32::from),
            readings.csq.map(u32::from),
            readings.supply.map(|supply| supply.millivolts()),
            readings.battery_percent.map(u32::from),
            readings.battery_code.map(u32::from),
            readings.mileage,
        ];
        assert_eq!(found, numbers, "{text}");
        let found = readings.iccid.map(|iccid| iccid.as_bytes());
        assert_eq!(found, iccid.map(str::as_bytes), "{text}");
        // Only a code of the battery is a level.
        assert_eq!(
            report(&text).voltage_level.map(u32::from),
            numbers[4],
            "{text}"
        );
    }
    let hex = HEX_CELL.replace("b04c#", "b04c,16#");
    assert_eq!(location(&hex).readings().battery_code, None, "16 or 22");
    let points = location(&text(
        "V8",
        &format!("{cell},d076e794d03c,3a,x,3b,d076e794d03d,3c,1,2,3,4"),
    ))
    .readings()
    .access_points()
    .map(|point| (point.mac.to_string(), point.rssi))
    .collect::<Vec<_>>();
    assert_eq!(
        points,
        [
            ("d0:76:e7:94:d0:3c".into(), Some(-52)),
            ("d0:76:e7:94:d0:3d".into(), Some(-50))
        ]
    );
    // An MNC of one digit, from a device with a serial number.
    let one_digit = location(&text("V6", "250,1,6303,50173")).cell();
    assert_eq!(one_digit, Some(self::cell(250, 1, 6303, 50173)));
}

#[test]
fn an_answer_to_a_text_is_one_text() {
    for result in [
        "reset,RESET OK",
        ",reset,RESET OK",
        "check,A,1.0,N,2.0,E,SP:80,1,Pw:On,12062,100815,FFFFFFFF",
        "",
    ] {
        let text = format!("*HQ,135790246811220,V4,CMD,{result}#");
        let answer = response(&text);
        assert_eq!(answer.text(), Text::Bytes(result.as_bytes()));
        assert_eq!((answer.gps, answer.status), (None, None));
        assert_eq!(encode(&answer.into()), text);
    }
}

#[test]
fn years_80_to_99_are_no_dates() {
    for (date, expected) in [
        ("060180", None),
        ("311299", None),
        ("311279", Some("2079-12-31T14:54:52")),
        ("010104", Some("2004-01-01T14:54:52")),
    ] {
        let text = CANTRACK.replace("100815", date);
        let time = report(&text).time.map(|time| time.to_string());
        assert_eq!(time.as_deref(), expected);
        assert!(location(&text).gps.time().is_some(), "as sent");
    }
}

#[test]
fn the_supply_is_a_line_of_an_sms() {
    for (body, expected) in [
        ("UT:30,30,300\nVOLT:13.1V\nAPN:x", Some(13_100)),
        ("VOLT:12V\r\n", Some(12_000)),
        ("SVOLT:13.1V", None),
        ("VOLT:13.1", None),
        ("VOLT:xV", None),
    ] {
        let text = format!("*HQ,1,SMS,{body}#");
        let supply = report(&text).voltage.map(|supply| supply.millivolts());
        assert_eq!(supply, expected, "{body:?}");
    }
}

#[test]
fn every_frame_is_answered_only_if_that_is_asked_for() {
    let now = DateTime::new(2026, 5, 4, 3, 2, 1).unwrap();
    for (text, all) in [
        (CANTRACK, "*HQ,865205030330012,V4,V1,20260504030201#"),
        (HTBT, HTBT),
        (
            "*HQ,865770062601111,ICCID,89860121801609042193#",
            "*HQ,865770062601111,ICCID#",
        ),
        (CANTRACK_V2, "*HQ,865205030330012,R12,030201#"),
        (S20_DONE, "*TH,2020916012,R12,030201#"),
        (LINK, "*HQ,1600068860,R12,030201#"),
        (SMS, "*HQ,1400046168,R12,030201#"),
        ("*HQ,1,TIME#", "*HQ,1,R12,030201#"),
        ("*HQ,1,NEW#", "*HQ,1,R12,030201#"),
    ] {
        let frame = gt02::Frame::parse(text.as_bytes()).unwrap();
        let mut session = gt02::Session::new().reply_to_all();
        let reply = session.handle_at(&frame, now).reply.unwrap();
        assert_eq!(*reply, *all.as_bytes(), "{text}");
        let reply = gt02::Session::new().handle_at(&frame, now).reply;
        let is_owed = !all.contains("R12");
        assert_eq!(reply.is_some(), is_owed, "{text}");
        // It holds the time.
        let reply = gt02::Session::new().reply_to_all().handle(&frame).reply;
        assert_eq!(reply.is_some(), is_owed && !all.contains("V4"), "{text}");
    }
    // Nothing is said to another server.
    let command = gt02::Frame::parse(b"*HQ,1,R12,130305#").unwrap();
    let outcome = gt02::Session::new().reply_to_all().handle_at(&command, now);
    assert!(outcome.reply.is_none());
}

#[test]
fn the_position_of_a_response_is_found_from_the_right() {
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
    // Results that look like a position, and the position after them.
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
            "*HQ,1,V4,S23,{result},130305,050316,A,2212.8745,N,11346.6574,E,014.28,028,\
             220902,F7FFFBFF,460,00#"
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
        "*HQ,1,V4,S32,0000130502.35,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,\
         220902,F7FFFBFF#",
    );
    assert_eq!(
        (mileage.mileage(), response(S20_DONE).mileage()),
        (Decimal::new(13_050_235, 2), None)
    );
}

#[test]
fn an_ack_of_the_server_is_no_response() {
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
fn types_tell_the_direction() {
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
fn the_text_of_an_sms_is_not_split() {
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
fn an_end_mark_may_come_before_the_type() {
    let text = CANTRACK.replace("V1", "41,4#V1");
    assert_eq!(frame(&text).message_type(), Some(type_of("V1")));
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
fn replies() {
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
        (HTBT, Some(HTBT)),
        (
            "*HQ,869731050000009,HTBT#",
            Some("*HQ,869731050000009,HTBT#"),
        ),
        ("*HQ,1,HTBT,007#", Some("*HQ,1,HTBT,007#")),
        ("*HQ,1,HTBT,80,x,#", Some("*HQ,1,HTBT,80,x,#")),
        ("*HQ,1,V0,1#", Some("*HQ,1,V0,1#")),
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
        (
            "*HQ,865770062601111,ICCID,89860121801609042193#",
            Some("*HQ,865770062601111,ICCID#"),
        ),
        ("*HQ,869731050000003,TIME#", None),
        ("*HQ,1,#", None),
        ("*HQ,1,V4,V1,20260504030201#", None),
        ("*HQ,1,R12,130305#", None),
    ] {
        let reply = frame(text).reply(now);
        assert_eq!(
            reply.map(|reply| encode(&reply)).as_deref(),
            expected,
            "{text}"
        );
        let mut out = [0; MAX_REPLY_LEN];
        assert!(reply.is_none_or(|reply| reply.encode(&mut out).is_ok()));
        // Without a clock.
        let needs_clock = matches!(reply, Some(Message::Ack(_)));
        assert_eq!(
            frame(text).reply(None),
            reply.filter(|_| !needs_clock),
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
    let raw = |code: &'static str, parameters: &'static str| CommandKind::Raw {
        code: Text::Bytes(code.as_bytes()),
        parameters: Fields(parameters.as_bytes()),
    };
    for (kind, expected) in [
        (
            CommandKind::Track {
                interval: 30,
                count: Some(65535),
            },
            "D1,130305,30,65535",
        ),
        (
            CommandKind::Track {
                interval: 60,
                count: None,
            },
            "D1,130305,60",
        ),
        (CommandKind::Interval { seconds: 10 }, "S17,130305,10"),
        (
            CommandKind::SpeedLimits {
                max: 100,
                min: 10,
                mode: 1,
                duration: 3,
            },
            "S14,130305,100,10,1,3",
        ),
        (CommandKind::Relay { cut: true }, "S20,130305,1,1"),
        (CommandKind::Relay { cut: false }, "S20,130305,0,0"),
        (CommandKind::Mileage { reset: true }, "S32,130305,0"),
        (CommandKind::Mileage { reset: false }, "S32,130305,1"),
        (
            CommandKind::MasterNumber {
                number: Text::Bytes(b"13911112222"),
            },
            "S71,130305,01,13911112222",
        ),
        (
            CommandKind::SosNumbers {
                first: Text::Bytes(b"123"),
                second: Text::Bytes(b""),
            },
            "S71,130305,02,123,",
        ),
        (CommandKind::ReadState, "S26,130305"),
        (
            CommandKind::ReportInterval { interval: 30 },
            "S71,130305,22,30",
        ),
        (CommandKind::Arm { armed: true }, "SCF,130305,0,0"),
        (CommandKind::Arm { armed: false }, "SCF,130305,1,1"),
        (CommandKind::ColdStart, "R1,130305"),
        (CommandKind::ClearAlarms, "R7,130305"),
        (CommandKind::Listen, "R8,130305"),
        (CommandKind::Acknowledge, "R12,130305"),
        (raw("S20", ",C,5"), "S20,130305,C,5"),
        (raw("S23", ",1.2.3.4:5013"), "S23,130305,1.2.3.4:5013"),
        (raw("S24", ",internet"), "S24,130305,internet"),
        (raw("S20", ",1,0"), "S20,130305,1,0"),
        (raw("S71", ",02,123456"), "S71,130305,02,123456"),
        (raw("S26", ",1"), "S26,130305,1"),
        (
            raw("I1_2_EN", ",10,1,9,test12345"),
            "I1_2_EN,130305,10,1,9,test12345",
        ),
        (raw("I1", ",10,1,4,5e7f4e1c"), "I1,130305,10,1,4,5e7f4e1c"),
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
            kind,
        };
        let text = format!("*HQ,2020916012,{expected}#");
        assert_eq!(encode(&Message::Command(command)), text);
        assert_eq!(message(&text), Message::Command(command));
    }
}

#[test]
fn wrong_counts_of_cells_are_capped() {
    for (count, cells, rest) in [
        ("2", 2, ""),
        ("9", 2, ""),
        ("", 2, ""),
        ("x", 2, ""),
        ("4294967295", 2, ""),
        ("0", 0, ",3,291019,FFFFFBFF,6"),
    ] {
        let text = NBR.replace(",0,2,", &format!(",0,{count},"));
        let Message::NeighbourCells(nbr) = message(&text) else {
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
    let Message::NeighbourCells(none) = message("*HQ,1,NBR,160169,460,0,1,0,,FFFFFFFF#") else {
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
    let Message::NeighbourCells(short) = message("*HQ,1,NBR#") else {
        panic!()
    };
    assert_eq!((short.mcc, short.status), (None, None));
    let text = V3_FRAME.replace(",02,", ",07,");
    assert_eq!(message(&text), message(V3_FRAME));
    let Message::NeighbourCellsV3(short) = message("*HQ,1,V3,121536,65501,07,000152,014001#")
    else {
        panic!()
    };
    assert_eq!(short.cell(), None);
    let Message::NeighbourCellsV3(short) = message("*HQ,1,V3,121536,65#") else {
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
fn unreadable_messages_are_not_encoded() {
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
        Err(EncodeError::Missing { field: "speed" })
    );
    assert_eq!(
        with(|gps| gps.course = None),
        Err(EncodeError::Missing { field: "course" })
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
            kind: CommandKind::Raw {
                code,
                parameters: Fields(b""),
            },
        };
        assert!(command.encode(&mut out).is_err(), "{text}");
        let header = Header {
            maker: Maker::Hq,
            id: Id::Other(code),
        };
        assert!(Login::new(header).encode(&mut out).is_err(), "{text}");
    }
    for (code, fields) in [
        ("V0", ""),
        ("", ""),
        ("S20", ",130305"),
        ("BS", "1"),
        ("XT", ""),
        ("V1", ",145452,A"),
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
        assert!(Login::new(header).encode(&mut out).is_err(), "{id}");
    }
    let header = Header {
        maker: Maker::Hq,
        id: Id::Other(Text::Bytes(b"12345678901234567890")),
    };
    assert_eq!(Login::new(header).encode(&mut out), Ok(MAX_ID_LEN + 8));
}

#[test]
fn a_login_or_heartbeat_too_long_for_a_reply_is_answered_by_its_header() {
    for (code, room) in [("V0", 34), ("HTBT", 32)] {
        // `*HQ,1,`, the type, a comma, the field, `#`.
        let exact = format!("*HQ,1,{code},{}#", "1".repeat(room + 3));
        assert_eq!(exact.len(), MAX_REPLY_LEN);
        assert_eq!(encode(&frame(&exact).reply(None).unwrap()), exact);
        let long = exact.replace(",1#", ",#").replace("1#", "11#");
        assert_eq!(long.len(), MAX_REPLY_LEN + 1);
        let header = format!("*HQ,1,{code}#");
        assert_eq!(encode(&frame(&long).reply(None).unwrap()), header);
    }
}

#[test]
fn replies_to_a_heartbeat_are_answered_again() {
    // Both ways the bytes are the same: nothing in them ends a loop of two servers.
    let reply = frame(HTBT).reply(None).unwrap();
    assert_eq!(frame(&encode(&reply)).reply(None), Some(reply));
}

#[test]
fn percentages_are_written_and_read() {
    for percent in 0..=100 {
        let heartbeat = Heartbeat::with_percent(header("1"), percent).unwrap();
        let text = encode(&heartbeat.into());
        assert_eq!(text, format!("*HQ,1,HTBT,{percent}#"));
        assert_eq!(heartbeat.percent(), Some(percent));
    }
    assert_eq!(
        Heartbeat::with_percent(header("1"), 101),
        Err(EncodeError::Range {
            field: "percent",
            max: 100
        })
    );
    for (fields, percent) in [(",007", Some(7)), (",x", None), (",300", None), (",", None)] {
        let text = format!("*HQ,1,HTBT{fields}#");
        let Message::Heartbeat(heartbeat) = message(&text) else {
            panic!()
        };
        assert_eq!(heartbeat.percent(), percent, "{fields}");
    }
}

#[test]
fn status_flags_are_written_as_they_are_read() {
    let flags = [
        (
            Status::ignition as fn(Status) -> bool,
            Status::with_ignition as fn(Status, bool) -> Status,
        ),
        (Status::relay_cut, Status::with_relay_cut),
        (Status::power_cut, Status::with_power_cut),
        (Status::armed, Status::with_armed),
    ];
    for word in [0, u32::MAX, 0xFFFF_FBFF, 0xF7E7_F9FF] {
        for (index, (get, with)) in flags.iter().enumerate() {
            for value in [false, true] {
                let status = with(Status(word), value);
                assert_eq!(get(status), value, "{index} {word:08X}");
                let others = flags
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index);
                for (_, (other, _)) in others {
                    assert_eq!(other(status), other(Status(word)), "{index} {word:08X}");
                }
            }
        }
    }
    assert_eq!(Status::default(), Status::new());
}

/// All families, and the number of alarms that each has a bit for.
const FAMILIES: [(StatusFamily, usize); 4] = [
    (StatusFamily::CanTrack, 8),
    (StatusFamily::SinoTrack, 7),
    (StatusFamily::TenDigits, 9),
    (StatusFamily::Other, 5),
];

#[test]
fn alarms_are_written_as_they_are_read() {
    for (family, count) in FAMILIES {
        let mut written = 0;
        for alarm in [
            Alarm::Theft,
            Alarm::Sos,
            Alarm::Overspeed,
            Alarm::GeofenceExit,
            Alarm::PowerCut,
            Alarm::LowBattery,
            Alarm::Vibration,
            Alarm::Tamper,
            Alarm::Displacement,
            Alarm::IllegalStart,
            Alarm::Other,
        ] {
            if let Some(status) = Status::new().with_alarm(family, alarm) {
                assert_eq!(status.alarm(family), Some(alarm), "{family:?}");
                written += 1;
            }
        }
        // A word in which only this is active is a constant of some devices.
        let entered = Status::new().with_alarm(family, Alarm::GeofenceEnter);
        let also_off = entered.map(|status| status.with_ignition(false));
        let read = also_off.and_then(|status| status.alarm(family));
        assert_eq!(read, also_off.map(|_| Alarm::GeofenceEnter));
        assert_eq!(
            written + usize::from(entered.is_some()),
            count,
            "{family:?}"
        );
        // Each bit that is read as an alarm is one that is written.
        for alarm in (0..32).filter_map(|bit| Status(!(1 << bit)).alarm(family)) {
            assert!(Status::new().with_alarm(family, alarm).is_some());
        }
    }
}

#[test]
fn alarm_bits_mean_what_the_family_of_the_device_says() {
    const IMEI: &str = "*HQ,865205030330012";
    const SERIAL: &str = "*HQ,7026318172";
    let gps = "145452,A,2240.55181,N,11358.32389,E,0.00,0,100815";
    for (head, status, extras, expected) in [
        // Bit 1 is SOS, except for CanTrack.
        ((IMEI, "V1"), "FFFFFFFD", "", Some("displacement")),
        ((IMEI, "V1"), "FFFFFFFD", ",262,03,21004,40111", Some("sos")),
        ((IMEI, "V4,S2,150950"), "FFFFFFFD", "", Some("displacement")),
        ((IMEI, "V6"), "FFFFFFFD", "", Some("sos")),
        ((SERIAL, "V1"), "FFFFFFFD", "", Some("sos")),
        (("*HQ,353588020068342", "V1"), "FFFFFFFD", "", Some("sos")),
        ((IMEI, "V1"), "FBFFFFFF", "", Some("tamper")),
        ((SERIAL, "V1"), "FBFFFFFF", "", None),
        ((IMEI, "V1"), "FFFFF7FF", "", Some("vibration")),
        ((SERIAL, "V1"), "FFFFF7FF", "", None),
        ((IMEI, "V1"), "FFFFEFFF", "", Some("low_battery")),
        // Bits 5 and 6 mean an antenna elsewhere.
        ((SERIAL, "V8"), "FFFFFFDF", "", Some("low_battery")),
        ((SERIAL, "V8"), "FFFFFFBF", "", Some("low_battery")),
        ((SERIAL, "V1"), "FFFFFFDF", "", None),
        ((IMEI, "V1"), "FFFFFFDF", "", None),
        // Only bit 4 is a constant of some devices.
        ((SERIAL, "V1"), "FFFFFFEF", "", None),
        ((SERIAL, "V1"), "FFFFFBEF", "", Some("geofence_enter")),
        ((IMEI, "V1"), "FFFFFFEF", "", Some("geofence_enter")),
        ((IMEI, "V1"), "FFFFFFEF", ",26d,12f,3f5a,ada3", None),
        ((SERIAL, "V1"), "FFFFFFF7", "", Some("illegal_start")),
        ((SERIAL, "V1"), "FFFFFFFE", "", Some("theft")),
        ((SERIAL, "V8"), "FFFFFFFE", "", None),
        ((IMEI, "V1"), "FFFFFFFE", "", None),
        ((SERIAL, "V8"), "FDFFFFFF", "", Some("displacement")),
        ((SERIAL, "V1"), "FFFDFFFF", "", Some("vibration")),
        ((IMEI, "V1"), "FFFDFFFF", "", None),
        // Bit 18 means nothing that is established.
        ((SERIAL, "V1"), "FFFBFFFF", "", None),
        ((IMEI, "V1"), "FFFBFFFF", "", None),
        ((IMEI, "V1"), "FFE7FFFF", "", Some("power_cut")),
        ((SERIAL, "V8"), "FFFFFF7F", "", Some("geofence_exit")),
    ] {
        let ((start, code), text) = (head, format!("{gps},{status}{extras}"));
        let text = format!("{start},{code},{text}#");
        let frame = gt02::Frame::parse(text.as_bytes()).unwrap();
        let alarm = gt02::Report::new(&frame, Direction::Up).alarm;
        assert_eq!(alarm.map(Alarm::name), expected, "{text}");
    }
}

#[test]
fn plain_values_make_a_fix() {
    let time = DateTime::new(2026, 5, 4, 7, 30, 9).unwrap();
    let gps = |position, speed, course| {
        let gps = Gps::new(time, position, speed, course, true)?;
        let message = Message::from(Location::new(
            header("1"),
            LocationKind::V1,
            gps,
            Status::new(),
        ));
        assert_eq!(Message::parse(encode(&message).as_bytes()), Ok(message));
        Ok(gps)
    };
    let place = |latitude, longitude| Position::from_degrees(latitude, longitude).unwrap();
    // The last of them is rounded to 60 minutes, which are a degree.
    for (latitude, longitude, expected) in [
        (22.675_863_5, 113.972_064_8, ["2240.55181", "11358.32389"]),
        (-33.924_9, -18.424_1, ["3355.49400", "01825.44600"]),
        (0.0, 0.0, ["0000.00000", "00000.00000"]),
        (90.0, -180.0, ["9000.00000", "18000.00000"]),
        (0.999_999_99, 9.999_999_99, ["0100.00000", "01000.00000"]),
    ] {
        let position = place(latitude, longitude);
        let gps = gps(position, Speed::from_kmh(0), Course::NORTH).unwrap();
        let text = encode(&Location::new(header("1"), LocationKind::V1, gps, Status::new()).into());
        let fields: Vec<_> = text.split(',').collect();
        assert_eq!([fields[5], fields[7]], expected);
        assert_eq!(fields[6], if latitude < 0.0 { "S" } else { "N" });
        assert_eq!(fields[8], if longitude < 0.0 { "W" } else { "E" });
        let read = gps.position().unwrap();
        assert!((read.latitude.degrees() - latitude).abs() < 1e-7);
        assert!((read.longitude.degrees() - longitude).abs() < 1e-7);
        assert_eq!((gps.time(), gps.has_fix()), (Some(time), Some(true)));
    }
    for (speed, knots) in [
        (Speed::from_kmh(0), "0.00"),
        (Speed::from_kmh(100), "54.00"),
        (Speed::MilliKnots(14_280), "14.28"),
        (Speed::MilliKnots(286), "0.286"),
        (Speed::MilliKnots(999_999), "999.999"),
    ] {
        let gps = gps(place(1.0, 1.0), speed, Course::NORTH).unwrap();
        assert_eq!(gps.speed.unwrap().to_string(), knots);
    }
    for speed in [Speed::MilliKnots(1_000_000), Speed::MetresPerHour(u32::MAX)] {
        let error = EncodeError::Range {
            field: "speed",
            max: 999,
        };
        assert_eq!(gps(place(1.0, 1.0), speed, Course::NORTH), Err(error));
    }
    for (course, degrees) in [
        (0, "0"),
        (280_000, "28"),
        (2_709_000, "270.9"),
        (1, "0.0001"),
    ] {
        let course = Course::from_ten_thousandths(course).unwrap();
        let gps = gps(place(1.0, 1.0), Speed::from_kmh(0), course).unwrap();
        assert_eq!(gps.course.unwrap().to_string(), degrees);
        assert_eq!(gps.course(), Some(course));
    }
    let late = DateTime { year: 100, ..time };
    let error = Err(EncodeError::Range {
        field: "year",
        max: 2099,
    });
    assert_eq!(Date::try_from(late).map(|_| ()), error);
    assert_eq!(Gps::without_place(late).map(|_| ()), error);
    let nowhere = Gps::without_place(time).unwrap();
    assert_eq!(
        (nowhere.position(), nowhere.has_fix(), nowhere.time()),
        (None, Some(false), Some(time))
    );
    assert_eq!(
        encode(&Location::new(header("1"), LocationKind::V1, nowhere, Status::new()).into()),
        "*HQ,1,V1,073009,V,,,,,000,000,040526,FFFFFFFF#"
    );
}

#[test]
fn plain_values_make_each_message_of_a_device() {
    let header = header("1600068860");
    let time = DateTime::new(2016, 11, 8, 11, 3, 26).unwrap();
    let status = Status::new().with_ignition(false);
    let place = Position::from_degrees(22.675_863_5, 113.972_064_8).unwrap();
    let gps = Gps::new(time, place, Speed::from_kmh(0), Course::NORTH, false).unwrap();
    let mut cells = FieldBuffer::<64>::new();
    for (lac, cid, rssi) in [(802, 23152, 23), (812, 49449, -70)] {
        let mut cell = NeighbourCell::default();
        (cell.cell.lac, cell.cell.cid, cell.rssi) = (Some(lac), Some(cid), Some(rssi));
        cells.push_neighbour(cell).unwrap();
    }
    let mut extras = FieldBuffer::<64>::new();
    extras.push_cell(cell(262, 3, 802, 23152)).unwrap();
    extras.push_number(6).unwrap();
    let location = Location {
        extras: extras.as_fields(),
        ..Location::new(header, LocationKind::V1, gps, status)
    };
    assert_eq!(location.cell(), Some(cell(262, 3, 802, 23152)));
    let mut phones = FieldBuffer::<64>::new();
    for text in ["123", "+4812345", "89480610500392633029", "FFFFFBFF"] {
        phones.push_text(text).unwrap();
    }
    let nbr = NeighbourCells::new(header, time, 262, 3, cells.as_fields(), status).unwrap();
    let v3 = Fields(b",000802,023152,158,-62");
    let v3 = NeighbourCellsV3::new(header, time, "26203", v3, 0x292, status).unwrap();
    let vp1 = Fields(b",92,3565,0Y92,1433,12");
    let gps_text = "110326,V,2240.55181,N,11358.32389,E,000.00,000,081116";
    let command_time = TimeOfDay::from(time);
    for (message, expected) in [
        (
            location.into(),
            format!("V1,{gps_text},FFFFFBFF,262,03,802,23152,6"),
        ),
        (Login::new(header).into(), "V0".into()),
        (Heartbeat::new(header).into(), "HTBT".into()),
        (EmptyFrame::new(header).into(), "".into()),
        (Sms::new(header, "SET OK").into(), "SMS,SET OK".into()),
        (
            nbr.into(),
            "NBR,110326,262,03,0,2,802,23152,23,812,49449,-70,081116,FFFFFBFF".into(),
        ),
        (
            v3.into(),
            "V3,110326,26203,01,000802,023152,158,-62,0292,0,X,081116,FFFFFBFF".into(),
        ),
        (
            PhoneReport::new(header, PhoneReportKind::V19, gps, phones.as_fields()).into(),
            format!("V19,{gps_text},123,+4812345,89480610500392633029,FFFFFBFF"),
        ),
        (
            Vp1Report::from_gps(header, gps).into(),
            format!("VP1,{}", gps_text.strip_prefix("110326,").unwrap()),
        ),
        (
            Vp1Report::from_cells(header, 470, 2, vp1).into(),
            "VP1,V,470,02,92,3565,0Y92,1433,12".into(),
        ),
        (
            LinkStatus::new(header, time, status).unwrap().into(),
            "LINK,110326,,,,,,081116,FFFFFBFF".into(),
        ),
        (
            Response::new(header, "S20", Fields(b",OK"))
                .with_position(command_time, gps, status)
                .into(),
            format!("V4,S20,OK,110326,{gps_text},FFFFFBFF"),
        ),
        (
            XtReport::new(header, Fields(b",1,100")).into(),
            "XT,1,100".into(),
        ),
        (
            IccidReport::new(header, Fields(b",89480610500392633029")).into(),
            "ICCID,89480610500392633029".into(),
        ),
        (IccidReport::reply(header).into(), "ICCID".into()),
        (TimeRequest::new(header).into(), "TIME".into()),
        (
            WifiReport::new(header, time, Fields(b",d076e794d03cc6"), 0x292, status)
                .unwrap()
                .into(),
            "V5,110326,1,d076e794d03cc6,0292,081116,FFFFFBFF".into(),
        ),
        (
            Unknown::new(header, "BASE", Fields(b",1,100")).into(),
            "BASE,1,100".into(),
        ),
        (
            Ack::new(header, "V1", time).into(),
            "V4,V1,20161108110326".into(),
        ),
    ] {
        let message: Message<'_> = message;
        let text = encode(&message);
        assert_eq!(text, format!("*HQ,1600068860,{expected}#"));
        assert_eq!(Message::parse(text.as_bytes()), Ok(message));
    }
}

#[test]
fn field_buffers_refuse_what_fields_cannot_hold() {
    let mut fields = FieldBuffer::<8>::new();
    let full = EncodeError::TooLong {
        field: "fields",
        max: 8,
    };
    for text in ["a,b", "#", "*", "$", "(", "\n", "\u{e9}"] {
        assert_eq!(fields.push_text(text), Err(EncodeError::Text), "{text:?}");
    }
    assert_eq!(fields.push_text("12345678"), Err(full));
    assert_eq!(fields.push_text("1234567"), Ok(()));
    assert_eq!(fields.push_text(""), Err(full));
    assert_eq!(fields.push_number(1), Err(full));
    assert_eq!(fields.as_fields(), Fields(b",1234567"));
    let mut fields = FieldBuffer::<32>::new();
    let mut none = CellTower::default();
    assert_eq!(
        fields.push_cell(none),
        Err(EncodeError::Missing { field: "mcc" })
    );
    none.mcc = Some(460);
    assert_eq!(
        fields.push_cell(none),
        Err(EncodeError::Missing { field: "mnc" })
    );
    for (tower, error) in [
        (cell(199, 0, 1, 1), EncodeError::NotCanonical),
        (
            cell(460, 1000, 1, 1),
            EncodeError::Range {
                field: "mnc",
                max: 999,
            },
        ),
        (
            cell(460, 0, 0x1_0000, 1),
            EncodeError::Range {
                field: "lac",
                max: 0xFFFF,
            },
        ),
        (
            cell(460, 0, 1, 0x1000_0000),
            EncodeError::Range {
                field: "cid",
                max: 0x0FFF_FFFF,
            },
        ),
    ] {
        assert_eq!(fields.push_cell(tower), Err(error), "{tower:?}");
    }
    assert_eq!(fields, FieldBuffer::default());
    none.mnc = Some(2);
    fields.push_cell(none).unwrap();
    fields
        .push_cell(cell(901, 410, 0xFFFF, 0x0FFF_FFFF))
        .unwrap_err();
    assert_eq!(fields.as_fields(), Fields(b",460,02,0,0"));
}

#[test]
fn iterators_of_cells_end_and_stay_ended() {
    let texts = [
        NBR,
        V3_FRAME,
        VP1_CELLS,
        "*hq,1,VP1,V,470,2,92,1Y,Y92,3,4YY#",
    ];
    let counts = texts.map(|text| {
        let mut cells = match message(text) {
            Message::NeighbourCells(cells) => cells.into_iter(),
            Message::NeighbourCellsV3(cells) => cells.into_iter(),
            Message::Vp1Report(report) => (&report).into_iter(),
            other => panic!("{other:?}"),
        };
        let count = cells.by_ref().count();
        assert_eq!(cells.next(), None);
        count
    });
    assert_eq!(counts, [2, 2, 3, 1]);
}

/// What a device sends as plain values: `gt02::device`.
mod uplink {
    use super::*;
    use gt02::{
        Protocol, Report, Session,
        device::{Device, Fix, Status as DeviceStatus, Uplink, UplinkError},
        report::Kind,
    };

    const NOW: DateTime = DateTime {
        year: 26,
        month: 5,
        day: 4,
        hour: 7,
        minute: 30,
        second: 1,
    };

    fn device() -> Device {
        Device::new(Protocol::H02, "135790246811220".parse().unwrap())
    }

    fn fix() -> Fix {
        let position = Position::from_degrees(-33.924_9, 18.424_1).unwrap();
        let mut fix = Fix::new(DateTime::new(2026, 5, 4, 7, 30, 0).unwrap(), position);
        fix.speed = Some(Speed::MilliKnots(14_280));
        fix.course = Course::from_degrees(28);
        fix
    }

    /// Encodes `uplink`, hands the frame and the reply that a session gives to it to `check`.
    fn sent(uplink: &Uplink<'_>, check: impl FnOnce(&str, &Report<'_>)) {
        sent_by(device(), uplink, check);
    }

    fn sent_by(mut device: Device, uplink: &Uplink<'_>, check: impl FnOnce(&str, &Report<'_>)) {
        let mut out = [0; 256];
        let sent = device.encode(uplink, &mut out).unwrap();
        let bytes = &out[..sent.len];
        let frame = gt02::Frame::parse(bytes).unwrap();
        let outcome = Session::new().handle_at(&frame, NOW);
        assert_eq!(outcome.report, Report::new(&frame, Direction::Up));
        assert_eq!(outcome.report.device, Some(device.id()));
        match (sent.expects, outcome.reply) {
            (Some(expected), Some(reply)) => {
                assert!(expected.is_met_by(&gt02::Frame::parse(&reply).unwrap()));
                let stranger = gt02::Frame::parse(b"*HQ,135790246811220,R12,073001#").unwrap();
                assert!(!expected.is_met_by(&stranger));
            }
            (None, None) => {}
            other => panic!("{other:?}"),
        }
        check(std::str::from_utf8(bytes).unwrap(), &outcome.report);
    }

    #[test]
    fn logins_and_heartbeats() {
        sent(&Uplink::Login, |text, report| {
            assert_eq!(text, "*HQ,135790246811220,V0#");
            assert_eq!(report.kind, Kind::Login);
        });
        for (level, expected) in [
            (None, "*HQ,135790246811220,HTBT#"),
            (Some(0), "*HQ,135790246811220,HTBT,0#"),
            (Some(100), "*HQ,135790246811220,HTBT,100#"),
        ] {
            let mut status = DeviceStatus::new();
            status.voltage_level = level;
            sent(&Uplink::Heartbeat(status), |text, report| {
                assert_eq!(text, expected);
                assert_eq!(
                    (report.kind, report.voltage_level),
                    (Kind::Heartbeat, level)
                );
            });
        }
        let mut status = DeviceStatus::new();
        status.voltage_level = Some(101);
        let error = device().encode(&Uplink::Heartbeat(status), &mut [0; 64]);
        let max = EncodeError::Range {
            field: "percent",
            max: 100,
        };
        assert_eq!(error, Err(UplinkError::Encode(max)));
    }

    #[test]
    fn locations() {
        for (valid, letter) in [(true, 'A'), (false, 'V')] {
            let mut fix = fix();
            fix.valid = valid;
            sent(&Uplink::Location(fix), |text, report| {
                assert_eq!(
                    text,
                    format!(
                        "*HQ,135790246811220,V1,073000,{letter},3355.49400,S,01825.44600,E,014.28,\
                         028,040526,FFFFFFFF#"
                    )
                );
                assert_eq!((report.kind, report.valid), (Kind::Location, Some(valid)));
                assert_eq!(
                    (report.time, report.position),
                    (Some(fix.time), Some(fix.position))
                );
                assert_eq!((report.speed, report.course), (fix.speed, fix.course));
                assert_eq!((report.cell, report.alarm), (None, None));
            });
        }
        for on in [false, true] {
            let mut fix = fix();
            fix.ignition = Some(on);
            fix.cell = Some(cell(460, 0, 10342, 3721));
            sent(&Uplink::Location(fix), |_, report| {
                assert_eq!((report.ignition, report.cell), (Some(on), fix.cell));
            });
        }
        // A cell without a network cannot be named.
        let mut fix = fix();
        let mut tower = cell(460, 0, 10342, 3721);
        tower.mnc = None;
        fix.cell = Some(tower);
        sent(&Uplink::Location(fix), |_, report| {
            assert_eq!(report.cell, None)
        });
        fix.time.year = 100;
        let error = device().encode(&Uplink::Location(fix), &mut [0; 128]);
        assert!(matches!(error, Err(UplinkError::Encode(_))));
    }

    /// The bits of an alarm depend on the family of the device: that of 15 digits is CanTrack.
    #[test]
    fn alarms() {
        let mut status = DeviceStatus::new();
        let ten_digits = || Device::new(Protocol::H02, "7026318172".parse().unwrap());
        let cantrack = [
            Alarm::Overspeed,
            Alarm::GeofenceEnter,
            Alarm::GeofenceExit,
            Alarm::PowerCut,
            Alarm::Vibration,
            Alarm::LowBattery,
            Alarm::Tamper,
            Alarm::Displacement,
        ];
        let others = [
            Alarm::Theft,
            Alarm::Sos,
            Alarm::Overspeed,
            Alarm::GeofenceExit,
            Alarm::PowerCut,
            Alarm::Displacement,
        ];
        let cantrack = cantrack.map(|alarm| (device(), alarm));
        let others = others.map(|alarm| (ten_digits(), alarm));
        for (device, alarm) in cantrack.into_iter().chain(others) {
            for flag in [false, true] {
                (status.ignition, status.relay_cut) = (Some(flag), Some(!flag));
                status.armed = Some(flag);
                let fix = fix();
                let uplink = Uplink::Alarm { alarm, fix, status };
                sent_by(device, &uplink, |text, report| {
                    assert_eq!(report.alarm, Some(alarm));
                    assert_eq!(report.position, Some(fix.position));
                    assert_eq!(
                        (report.ignition, report.relay_cut),
                        (Some(flag), Some(!flag))
                    );
                    assert_eq!(location(text).status.unwrap().armed(), flag);
                });
            }
        }
        for (mut device, alarm) in [
            (device(), Alarm::Sos),
            (device(), Alarm::Theft),
            (ten_digits(), Alarm::LowBattery),
            (ten_digits(), Alarm::Other),
        ] {
            let fix = fix();
            assert_eq!(
                device.encode(&Uplink::Alarm { alarm, fix, status }, &mut [0; 128]),
                Err(UplinkError::Unsupported {
                    protocol: Protocol::H02
                })
            );
        }
        // With a cell after the status it is not taken for CanTrack.
        let mut fix = fix();
        fix.cell = Some(cell(460, 0, 10342, 3721));
        let alarm = Alarm::Sos;
        sent(&Uplink::Alarm { alarm, fix, status }, |_, report| {
            assert_eq!(report.alarm, Some(alarm));
        });
    }

    #[test]
    fn responses() {
        sent(&Uplink::Response("SET OK, 30"), |text, report| {
            assert_eq!(text, "*HQ,135790246811220,SMS,SET OK, 30#");
            assert_eq!(report.kind, Kind::Response);
            assert_eq!(report.text, Some(Text::Bytes(b"SET OK, 30")));
        });
        let error = device().encode(&Uplink::Response("a#b"), &mut [0; 64]);
        assert_eq!(error, Err(UplinkError::Encode(EncodeError::Text)));
    }
}

/// Text of the characters that fields have, without separators.
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
    (whole, 0..8_u8, any::<u64>()).prop_map(|(whole, places, decimals)| {
        let scale = 10_u64.pow(places.into());
        Decimal::new(whole * scale + decimals % scale, places).unwrap()
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

/// The values that messages are made of.
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
        let command = |kind| Message::Command(Command { header, time, kind });
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
            9 => (
                Message::Login(Login {
                    header,
                    fields: first,
                }),
                true,
            ),
            10 => (
                Message::Heartbeat(Heartbeat {
                    header,
                    fields: first,
                }),
                true,
            ),
            11 => (
                Message::NeighbourCells(NeighbourCells {
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
                Message::NeighbourCells(NeighbourCells {
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
                Message::LinkStatus(LinkStatus {
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
                Message::NeighbourCellsV3(NeighbourCellsV3 {
                    header,
                    time: Some(time),
                    network: word,
                    cells: Fields(b",1,2,3,4"),
                    battery: a,
                    reboots: b.map(u32::from),
                    end: other,
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
                Message::Vp1Report(Vp1Report {
                    header,
                    content: Vp1Content::Gps {
                        gps: timeless,
                        extras: first,
                    },
                }),
                true,
            ),
            19 => (
                Message::Vp1Report(Vp1Report {
                    header,
                    content: Vp1Content::Cells {
                        mcc: a,
                        mnc: b,
                        cells: first,
                    },
                }),
                false,
            ),
            20 => (Message::EmptyFrame(EmptyFrame { header }), true),
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
                command(CommandKind::Raw {
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
    assert_eq!(frame.message_type(), message.message_type());
    assert_eq!(frame.direction(), message.direction());
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
                location.readings().access_points().count(),
                location
                    .status
                    .map(|status| FAMILIES.map(|(family, _)| status.alarm(family))),
            );
        }
        Message::Response(response) => {
            response.gps.iter().for_each(read_gps);
            let _ = (response.text(), response.mileage());
        }
        Message::NeighbourCells(nbr) => {
            let _ = (
                nbr.time(),
                nbr.cell(),
                nbr.neighbours().count(),
                nbr.battery(),
            );
        }
        Message::NeighbourCellsV3(v3) => {
            let _ = (v3.time(), v3.cell(), v3.neighbours().count());
        }
        Message::Vp1Report(vp1) => {
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
        Message::LinkStatus(link) => {
            let _ = link.time();
        }
        Message::WifiReport(wifi) => {
            let _ = (wifi.time(), wifi.battery_voltage());
            let announced = wifi.access_points.iter().count();
            assert_eq!(wifi.access_points().count(), announced);
        }
        Message::IccidReport(report) => {
            let _ = report.iccid();
        }
        Message::Sms(sms) => {
            let _ = sms.supply();
        }
        _ => {}
    }
    let mut out = vec![0; message.encoded_len()];
    match message.encode(&mut out) {
        Ok(len) => assert_eq!((len, Message::parse(&out)), (out.len(), Ok(message))),
        // A message that was read can be written, unless it has no speed.
        Err(error) => assert!(
            matches!(
                error,
                EncodeError::Missing { .. } | EncodeError::NotCanonical
            ),
            "{error} {message:?}"
        ),
    }
}

/// Types that are read in different ways.
const CODES: [&str; 21] = [
    "V1", "V2", "V4", "NBR", "V3", "V5", "V6", "V8", "V19", "VP1", "LINK", "HTBT", "SMS", "S20",
    "D1", "SCF", "S71", "S32", "XT", "ICCID", "41,4#V1",
];

/// Bytes that change what a field is, and any others.
fn damage() -> impl Strategy<Value = u8> {
    prop_oneof![5 => prop::sample::select(&b", -.9"[..]), 1 => any::<u8>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_without_panic(bytes in vec(any::<u8>(), 0..120)) {
        let _ = Frame::parse(&bytes);
        let text = [b"*HQ,", &bytes[..], b"#"].concat();
        if let Ok(frame) = Frame::parse(&text) {
            read_all(&frame);
        }
    }

    #[test]
    fn any_fields_are_read_without_panic(
        code in prop::sample::select(&CODES[..]),
        fields in fields(),
        more in fields(),
    ) {
        let text = format!("*HQ,1234567890,{code},{fields}{more}#");
        read_all(&frame(&text));
    }

    #[test]
    fn damaged_frames_are_read_without_panic(
        text in prop::sample::select(&ALL[..]),
        places in vec((any::<Index>(), damage()), 1..4),
    ) {
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
    fn encoded_messages_are_parsed_back(parts in any_parts()) {
        let (message, must) = parts.message();
        let mut out = vec![0; message.encoded_len()];
        match message.encode(&mut out) {
            Ok(len) => {
                prop_assert_eq!(len, out.len());
                prop_assert_eq!(Message::parse(&out), Ok(message));
                let too_small = message.encode(&mut vec![0; len - 1]);
                prop_assert_eq!(too_small, Err(EncodeError::BufferTooSmall { needed: len }));
                read_all(&Frame::parse(&out).unwrap());
            }
            Err(error) => prop_assert!(!must, "{} {:?}", error, message),
        }
    }

    #[test]
    fn encoded_texts_are_parsed_back(
        id in "[ -~]{0,22}",
        code in "[ -~]{0,6}",
        fields in "[ -~]{0,12}",
        text in any::<String>(),
    ) {
        let other = Header {
            id: Id::Other(Text::Bytes(id.as_bytes())),
            ..Header::default()
        };
        for header in [other, header("1234567890")] {
            let fields = Fields(fields.as_bytes());
            for message in [
                Message::from(Unknown::new(header, &code, fields)),
                Message::from(Sms::new(header, &text)),
                Message::from(Response::new(header, &code, fields)),
            ] {
                let mut out = vec![0; message.encoded_len()];
                if message.encode(&mut out).is_ok() {
                    prop_assert_eq!(Message::parse(&out), Ok(message));
                }
            }
        }
    }
}
