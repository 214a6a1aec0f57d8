//! The line form: `docs/protocols/v680.md`, "The line form", "Report in lines".

use crate::{id, micro_degrees, support};
use gt02::{
    Decoder, Direction, EncodeError, ErrorKind, Frame as AnyFrame, Item, NoiseReason, Report,
    protocol::v680::{
        Frame, Gprmc, Line, LineReport, LineText, Lines, Message, Readings, Sentence,
    },
    report::Kind,
    types::{
        AccessPoint, Alarm, CellTower, Course, DateTime, MacAddress, MessageType, Position, Speed,
        Temperature, Text, Voltage,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use support::{Owned, items_of_reads, items_with};

/// Frames of a public decoder's tests; lines of a public decoder's tests in frames.
const FIX: &str = "#867198059727390#MT700#0000#AUTO#1\r\n\
    #38$GPRMC,105721.00,A,2238.3071,N,11401.7575,E,,96.70,250321,,,A*74\r\n##\r\n";
const NUMBERS: &str = "#867962040161955#MT600#0000#0#0#137#41#0#AUTO#1\r\n\
    #00019023402$GPRMC,084702.00,A,3228.6772,S,11545.9684,E,,159.80,251018,,,A*56\r\n##\r\n";
const BARE: &str = "#357671030946351#V500#0000#AUTO#1\r\n\
    #$GPRMC,223835.000,A,0615.3545,S,10708.5779,E,14.62,97.41,070313,,,D*70\r\n##\r\n";
const TWO: &str = "#353686009063310#353686009063310#0000#AUTO#2\r\n\
    #239757a9$GPRMC,150252.001,A,2326.6856,S,4631.8154,W,,,260513,,,A*52\r\n\
    #239757a9$GPRMC,150322.001,A,2326.6854,S,4631.8157,W,,,260513,,,A*55\r\n##\r\n";
const WIFI: &str = "#867198059727390#MT700#0000#AUTO#1\r\n\
    #40$WIFI,123532.00,A,-62,D8325A0ABADD,-64,EC172F8965BC,-64,7405A5D457D4,260321*07\r\n##\r\n";
/// With a sum that was put right.
const NO_FIX: &str = "#860186058100000#MT700#0000#AUTO#1\r\n\
    #39#262,03,8CE6,A672$GPRMC,115419.00,V,,,,,,,050123,,,A*7E\r\n##\r\n";
const NOTHING: &str =
    "#860186058100000#MT700#0000#AUTO#1\r\n#3815#$GPRMC,,V,,,,,,,,,,A*5C\r\n##\r\n";

const ALL: [&str; 7] = [FIX, NUMBERS, BARE, TWO, WIFI, NO_FIX, NOTHING];

#[track_caller]
fn read(frame: &str) -> LineReport<'_> {
    match Message::parse(frame.as_bytes()) {
        Ok(Message::LineReport(report)) => report,
        other => panic!("{other:?} of {frame}"),
    }
}

#[track_caller]
fn report(frame: &str) -> Report<'_> {
    Report::new(&AnyFrame::parse(frame.as_bytes()).unwrap(), Direction::Up)
}

/// The first line of a frame.
fn line(frame: &str) -> Line<'_> {
    read(frame).lines.iter().next().unwrap()
}

#[track_caller]
fn gprmc(line: Line<'_>) -> Gprmc {
    match line.sentence() {
        Some(Sentence::Gprmc(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

fn cell(parts: [Option<u32>; 4]) -> CellTower {
    let mut cell = CellTower::default();
    let [mcc, mnc, lac, cid] = parts;
    cell.mcc = mcc.map(|mcc| mcc as u16);
    cell.mnc = mnc.map(|mnc| mnc as u16);
    (cell.lac, cell.cid) = (lac, cid);
    cell
}

#[test]
fn frames_of_the_manual_are_read() {
    let time = |frame| gprmc(line(frame)).time.map(|time| time.to_string());
    let place = |frame| micro_degrees(gprmc(line(frame)).position);
    assert_eq!(time(FIX).unwrap(), "2021-03-25T10:57:21");
    assert_eq!(place(FIX), Some((22_638_452, 114_029_292)));
    assert_eq!(gprmc(line(FIX)).speed, None);
    assert_eq!(gprmc(line(FIX)).course.unwrap().degrees(), 96.7);
    assert_eq!(line(FIX).battery(), Some(Voltage::from_millivolts(3_800)));

    assert_eq!(time(NUMBERS).unwrap(), "2018-10-25T08:47:02");
    assert_eq!(place(NUMBERS), Some((-32_477_953, 115_766_140)));
    let numbers = read(NUMBERS).readings.unwrap();
    assert!(!numbers.door);
    assert_eq!([numbers.adc, numbers.supply, numbers.battery], [0, 137, 41]);
    assert_eq!(numbers.temperature, 0);

    assert_eq!(place(BARE), Some((-6_255_908, 107_142_965)));
    assert_eq!(gprmc(line(BARE)).speed, Some(Speed::MilliKnots(14_620)));
    assert_eq!((line(BARE).battery(), line(BARE).cell()), (None, None));

    // A longitude without its leading zero.
    assert_eq!(place(TWO), Some((-23_444_760, -46_530_257)));
    let times = read(TWO)
        .lines
        .iter()
        .map(|line| gprmc(line).time.unwrap().second);
    assert_eq!(times.collect::<Vec<_>>(), [52, 22]);
    assert_eq!(read(TWO).user.as_str(), Some("353686009063310"));

    assert_eq!(time(NO_FIX).unwrap(), "2023-01-05T11:54:19");
    assert_eq!(
        (time(NOTHING), place(NO_FIX), place(NOTHING)),
        (None, None, None)
    );
    let valid = ALL.map(|frame| match line(frame).sentence() {
        Some(Sentence::Gprmc(sentence)) => sentence.valid,
        _ => None,
    });
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(valid, [yes, yes, yes, yes, None, no, no]);
}

#[test]
fn access_points_are_read_as_sent() {
    let Some(Sentence::Wifi(wifi)) = line(WIFI).sentence() else {
        panic!()
    };
    assert_eq!(wifi.time.unwrap().to_string(), "2021-03-26T12:35:32");
    let points = wifi.access_points().map(|point| {
        assert_eq!(point.ssid, None);
        (point.mac.to_string(), point.rssi.unwrap())
    });
    assert_eq!(
        points.collect::<Vec<_>>(),
        [
            ("d8:32:5a:0a:ba:dd".to_string(), -62),
            ("ec:17:2f:89:65:bc".to_string(), -64),
            ("74:05:a5:d4:57:d4".to_string(), -64),
        ]
    );
    // Empty pairs, a broken address, a signal that is no number.
    for (pairs, count) in [
        ("", 0),
        (",,", 0),
        (",,,-50,A0B1C2D3E4F5", 1),
        (",-50,A0B1C2D3E4F5,,", 1),
        (",-50,A0B1C2D3E4F", 0),
        (",x,A0B1C2D3E4F5", 1),
    ] {
        let text = format!("WIFI,123532.00,V{pairs},260321");
        let line = Line {
            text: Text::Bytes(text.as_bytes()),
            ..Line::default()
        };
        let Some(Sentence::Wifi(wifi)) = line.sentence() else {
            panic!()
        };
        assert_eq!(wifi.access_points().count(), count, "{text}");
        assert_eq!(wifi.time.unwrap().day, 26, "{text}");
    }
}

#[test]
fn status_words_are_periodic_or_alarms() {
    for (word, alarm) in [
        ("AUTO", None),
        ("AUTOSTART", None),
        ("AUTOSTOP", None),
        ("AUTOLOW", None),
        ("SMS", None),
        ("HT", None),
        ("SOS", Some(Alarm::Sos)),
        ("DEF", Some(Alarm::PowerCut)),
        ("BLP", Some(Alarm::LowBattery)),
        ("CLP", Some(Alarm::ExternalLowBattery)),
        ("SHAKE", Some(Alarm::Vibration)),
        ("TOWED", Some(Alarm::Displacement)),
        ("OS", Some(Alarm::GeofenceExit)),
        ("RS", Some(Alarm::GeofenceEnter)),
        ("OVERSPEED", Some(Alarm::Overspeed)),
    ] {
        for (frame, kind) in [(FIX, Kind::Location), (WIFI, Kind::Cell)] {
            let frame = frame.replace("AUTO", word);
            assert_eq!(read(&frame).alarm(), alarm, "{word}");
            let message = Message::parse(frame.as_bytes()).unwrap();
            let sent = Text::Bytes(word.as_bytes());
            assert_eq!(message.message_type(), Some(MessageType::Text(sent)));
            let report = report(&frame);
            let kind = alarm.map_or(kind, |_| Kind::Alarm);
            assert_eq!((report.kind, report.alarm), (kind, alarm), "{word}");
            // No vehicle is needed to send the word.
            assert_eq!(report.ignition, None);
            if let Some(alarm) = alarm {
                let built = read(FIX).with_alarm(alarm).unwrap();
                assert_eq!(built.word.as_str(), Some(word));
            }
        }
    }
    assert_eq!(read(FIX).with_alarm(Alarm::Tilt), None);
}

#[test]
fn the_prefix_is_told_by_its_length() {
    let lac_only = |lac, cid| Some(cell([None, None, Some(lac), Some(cid)]));
    for (head, millivolts, cell) in [
        ("", None, None),
        ("38", Some(3_800), None),
        ("3815", Some(3_815), None),
        ("25ee0dff", None, lac_only(0x25EE, 0x0DFF)),
        ("a52d15e5803", None, lac_only(0xA52D, 0x015E_5803)),
        ("13579246", None, lac_only(0x1357, 0x9246)),
        // Hexadecimal digits are no battery.
        ("3A", None, None),
        ("38#", Some(3_800), None),
        (
            "39#262,03,8CE6,A672",
            Some(3_900),
            Some(cell([Some(262), Some(3), Some(0x8CE6), Some(0xA672)])),
        ),
        (
            "25ee0dff#262,03,8CE6,1A672",
            None,
            Some(cell([Some(262), Some(3), Some(0x8CE6), Some(0x1A672)])),
        ),
        // No network of this kind: that of the prefix.
        ("25ee0dff#A,03,8CE6,A672", None, lac_only(0x25EE, 0x0DFF)),
    ] {
        let frame = BARE.replace("#$", &format!("#{head}$"));
        let line = line(&frame);
        assert_eq!(
            line.battery(),
            millivolts.map(Voltage::from_millivolts),
            "{head}"
        );
        assert_eq!(line.cell(), cell, "{head}");
        assert_eq!(report(&frame).cell, cell, "{head}");
        assert_eq!(crate::encode(&read(&frame).into()), frame.as_bytes());
    }
}

#[test]
fn reports_have_all_that_is_sent() {
    let fix = report(FIX);
    assert_eq!(fix.device, Some(id("867198059727390")));
    assert_eq!((fix.kind, fix.valid), (Kind::Location, Some(true)));
    assert_eq!(micro_degrees(fix.position), Some((22_638_452, 114_029_292)));
    assert_eq!(fix.course, Course::from_ten_thousandths(967_000));
    assert_eq!((fix.code, fix.records.is_some()), (None, false));
    assert_eq!(
        fix.details().battery_voltage,
        Some(Voltage::from_millivolts(3_800))
    );
    assert_eq!(
        (fix.details().door, fix.details().temperature),
        (None, None)
    );

    let numbers = report(NUMBERS);
    assert_eq!(numbers.voltage, Some(Voltage::from_millivolts(13_700)));
    let details = numbers.details();
    assert_eq!(
        details.battery_voltage,
        Some(Voltage::from_millivolts(4_100))
    );
    assert_eq!(details.temperature, Some(Temperature::from_millicelsius(0)));
    assert_eq!(details.door, Some(false));
    let frost = NUMBERS.replace("#0#0#137#41#0#", "#0#1#137#41#-55#");
    let frost = report(&frost).details();
    assert_eq!(
        frost.temperature,
        Some(Temperature::from_millicelsius(-5_500))
    );
    assert_eq!(frost.door, Some(false));

    let wifi = report(WIFI);
    assert_eq!(
        (wifi.kind, wifi.valid, wifi.position),
        (Kind::Cell, None, None)
    );
    assert_eq!(wifi.time.unwrap().to_string(), "2021-03-26T12:35:32");
    assert_eq!(wifi.details().access_points.unwrap().iter().count(), 3);

    let no_fix = report(NO_FIX);
    assert_eq!((no_fix.valid, no_fix.position), (Some(false), None));
    assert_eq!(no_fix.time.unwrap().to_string(), "2023-01-05T11:54:19");
    assert_eq!(no_fix.cell.unwrap().mcc, Some(262));

    // Both lines; the first one is the report's own.
    let two = report(TWO);
    let records: Vec<_> = two.records.unwrap().iter().collect();
    assert_eq!(records.len(), 2);
    assert_eq!(
        (records[0].time, records[0].position),
        (two.time, two.position)
    );
    assert_eq!(records[1].time.unwrap().to_string(), "2013-05-26T15:03:22");
    assert_eq!(records[1].cell, two.cell);

    // A date that does not exist, and a place of zeros without a fix.
    let bad_date = built("GPRMC,150252.001,A,2326.6856,S,4631.8154,W,,,151348,,,A");
    assert_eq!(report(&bad_date).time, None);
    assert!(report(&bad_date).position.is_some());
    let zeros = built("GPRMC,150252.001,V,0000.0000,N,00000.0000,E,,,260513,,,A");
    assert_eq!(report(&zeros).position, None);
    // What `L` says is not known.
    let other = built("GPRMC,150252.001,L,2326.6856,S,4631.8154,W,,,260513,,,A");
    assert_eq!(
        (report(&other).valid, report(&other).kind),
        (None, Kind::Location)
    );
}

/// A frame of one line with this sentence.
fn built(sentence: &str) -> String {
    let lines = [Line {
        text: Text::Bytes(sentence.as_bytes()),
        ..Line::default()
    }];
    let report = LineReport::new(id("867962040161955"), &lines);
    String::from_utf8(crate::encode(&report.into())).unwrap()
}

#[test]
fn odd_sentences_give_no_values() {
    for sentence in [
        "GPRMC,",
        "GPRMC,150252.001,A",
        "GPRMC,150252.001,A,2326.6856,S,4631.8154",
        "GPRMC,150252.001,A,2326.6856,4631.8154,S,W,,,260513",
        "GPRMC,150252.001,A,S,2326.6856,W,4631.8154,,,260513",
        "GPRMC,150252.001,A,9926.6856,S,4631.8154,W,,,260513",
        "GPRMC,150252.001,A,2360.0000,S,4631.8154,W,,,260513",
        "WIFI,",
        "WIFI,123532.00,A",
    ] {
        let frame = built(sentence);
        let report = report(&frame);
        assert_eq!((report.position, report.speed), (None, None), "{frame}");
    }
    for other in ["GPGGA,1", "GPRMX,1", "WIFIX,1", "$", ""] {
        let lines = [Line {
            text: Text::Bytes(other.as_bytes()),
            ..Line::default()
        }];
        let report = LineReport::new(id("867962040161955"), &lines);
        assert_eq!(
            report.encode(&mut [0; 99]),
            Err(EncodeError::Text),
            "{other}"
        );
    }
}

#[test]
fn a_wrong_sum_is_noise_with_its_reason() {
    let wrong = NO_FIX.replace("*7E", "*7D");
    let error = Frame::parse(wrong.as_bytes()).unwrap_err();
    assert_eq!(
        (error.kind, error.offset),
        (ErrorKind::Checksum, wrong.find('*').unwrap() + 2)
    );
    let stream = [wrong.as_bytes(), FIX.as_bytes()].concat();
    for read in [1, 7, stream.len()] {
        let items = items_of_reads(stream.chunks(read));
        let [
            Owned::Noise(NoiseReason::Checksum, noise),
            Owned::Frame(frame),
        ] = &items[..]
        else {
            panic!("{items:?}")
        };
        assert_eq!((&noise[..], &frame[..]), (wrong.as_bytes(), FIX.as_bytes()));
        // Taken on request, and told apart.
        let decoder = Decoder::<260>::new().accept_bad_checksums();
        let items = items_with(decoder, stream.chunks(read));
        let frames = [wrong.as_bytes(), FIX.as_bytes()].map(|bytes| Owned::Frame(bytes.to_vec()));
        assert_eq!(items, frames);
    }
    let mut decoder = Decoder::<260>::new().accept_bad_checksums();
    let mut input = &stream[..];
    let mut sums = Vec::new();
    while let Some(item) = decoder.decode(&mut input) {
        let Item::Frame(AnyFrame::V680(frame)) = item else {
            panic!()
        };
        sums.push(frame.sums_ok());
        let rebuilt = crate::encode(&frame.message());
        assert!(Frame::parse(&rebuilt).unwrap().sums_ok());
    }
    assert_eq!(sums, [false, true]);
    // The second of two.
    let second = TWO.replace("*55", "*54");
    assert!(Frame::parse(second.as_bytes()).is_err());
}

#[test]
fn a_second_header_inside_cuts_the_first_frame_short() {
    for at in 1..TWO.len() {
        let stream = [&TWO.as_bytes()[..at], FIX.as_bytes()].concat();
        let frames = support::frames(&stream);
        assert_eq!(frames.last().unwrap(), FIX.as_bytes(), "cut at {at}");
        let is_whole = at >= TWO.len() - 6;
        assert_eq!(frames.len(), 1 + usize::from(is_whole), "cut at {at}");
    }
}

#[test]
fn the_end_mark_may_lack_its_line_end_or_be_missing() {
    let text = NO_FIX.strip_suffix("##\r\n").unwrap();
    for end in ["##\r\n", "##", ""] {
        let frame = format!("{text}{end}");
        // At the end of a datagram, and before the next frame.
        assert_eq!(support::frames(frame.as_bytes()), [frame.as_bytes()]);
        let stream = format!("{frame}{FIX}");
        assert_eq!(
            support::frames(stream.as_bytes()),
            [frame.as_bytes(), FIX.as_bytes()]
        );
        assert_eq!(read(&frame), read(NO_FIX));
    }
    // A datagram may end with the sum.
    let frame = text.strip_suffix("\r\n").unwrap();
    assert_eq!(read(frame), read(NO_FIX));
    // A whole frame waits for no byte.
    let mut decoder = Decoder::<260>::new();
    let mut input = NO_FIX.as_bytes();
    assert!(matches!(decoder.decode(&mut input), Some(Item::Frame(_))));
}

#[test]
fn real_frames_are_rebuilt_byte_for_byte() {
    for frame in ALL {
        let message = Message::parse(frame.as_bytes()).unwrap();
        assert_eq!(crate::encode(&message), frame.as_bytes());
    }
}

#[test]
fn lines_are_built_from_plain_values() {
    let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
    let sentence = Gprmc {
        valid: Some(true),
        time: Some(time),
        position: Position::from_degrees(-33.5, 18.25),
        speed: Some(Speed::from_kmh(50)),
        course: Course::from_degrees(236),
    };
    let gsm = cell([Some(262), Some(3), Some(0x8CE6), Some(0xA672)]);
    let line = LineText::new(&sentence).unwrap();
    let line = line.with_battery(Voltage::from_millivolts(3_900)).unwrap();
    let line = line.with_cell(&gsm).unwrap();
    assert_eq!(line.line().prefix.as_str(), Some("39"));
    assert_eq!(
        line.line().network.unwrap().as_str(),
        Some("262,03,8CE6,A672")
    );
    assert_eq!(
        line.line().text.as_str(),
        Some("GPRMC,073000.00,A,3330.000000,S,01815.000000,E,26.998,236.00,040526,,,A")
    );
    let read = gprmc(line.line());
    let speed = Some(Speed::MilliKnots(26_998));
    assert_eq!(read, Gprmc { speed, ..sentence });
    assert_eq!(line.line().cell(), Some(gsm));

    let without = Gprmc {
        valid: Some(false),
        ..Gprmc::default()
    };
    let bare = cell([None, None, Some(0x25EE), Some(0x015E_5803)]);
    let line = LineText::new(&without).unwrap().with_cell(&bare).unwrap();
    assert_eq!(line.line().prefix.as_str(), Some("25EE15E5803"));
    assert_eq!(line.line().text.as_str(), Some("GPRMC,,V,,,,,,,,,,A"));
    assert_eq!(line.line().cell(), Some(bare));

    let point = AccessPoint::new(MacAddress([0xD8, 1, 2, 3, 4, 5]), Some(5), None);
    let line = LineText::wifi(time, &[point, point]).unwrap();
    let Some(Sentence::Wifi(wifi)) = line.line().sentence() else {
        panic!()
    };
    assert_eq!(wifi.access_points().collect::<Vec<_>>(), [point, point]);
    assert_eq!(wifi.time, Some(time));

    let missing = |field| Some(EncodeError::Missing { field });
    assert_eq!(LineText::new(&Gprmc::default()).err(), missing("valid"));
    let no_signal = AccessPoint::new(point.mac, None, None);
    assert_eq!(LineText::wifi(time, &[no_signal]).err(), missing("rssi"));
    let named = AccessPoint::new(point.mac, Some(1), Some(Text::Bytes(b"x")));
    let refused = Some(EncodeError::NotCanonical);
    assert_eq!(LineText::wifi(time, &[named]).err(), refused);
    let too_long = Some(EncodeError::TooLong {
        field: "sentence",
        max: 200,
    });
    assert_eq!(LineText::wifi(time, &[point; 12]).err(), too_long);
    let line = LineText::new(&without).unwrap();
    let high = line.clone().with_battery(Voltage::from_millivolts(10_000));
    let range = |field, max| Some(EncodeError::Range { field, max });
    assert_eq!(high.err(), range("battery", 9_999));
    for (parts, error) in [
        ([None, None, None, Some(1)], missing("lac")),
        ([Some(1), None, Some(1), Some(1)], missing("mnc")),
        ([None, None, Some(0x1_0000), Some(1)], range("lac", 0xFFFF)),
        (
            [None, None, Some(1), Some(0x1000_0000)],
            range("cid", 0x0FFF_FFFF),
        ),
        ([Some(1000), Some(1), Some(1), Some(1)], range("mcc", 999)),
    ] {
        assert_eq!(line.clone().with_cell(&cell(parts)).err(), error);
    }
    let impossible = Gprmc {
        time: Some(DateTime { year: 100, ..time }),
        ..sentence
    };
    assert_eq!(LineText::new(&impossible).err(), range("time", 99));
}

#[test]
fn encoding_refuses_what_could_not_be_read_back() {
    let lines = [line(FIX)];
    let right = LineReport::new(id("867962040161955"), &lines);
    let text = |bytes| Text::Bytes(bytes);
    let many = [lines[0]; 100];
    let readings = Readings {
        supply: 10_000,
        ..Readings::default()
    };
    let frost = Readings {
        temperature: -1_000,
        ..Readings::default()
    };
    let with_line = |line: &'static [Line<'static>]| LineReport {
        lines: Lines::new(line),
        ..right
    };
    let rows: [(LineReport<'_>, EncodeError); 12] = [
        (
            LineReport {
                device: id("12345678"),
                ..right
            },
            EncodeError::DeviceId { digits: 15 },
        ),
        (
            LineReport {
                user: text(&[b'a'; 33]),
                ..right
            },
            EncodeError::TooLong {
                field: "user",
                max: 32,
            },
        ),
        (
            LineReport {
                user: text(b"a#b"),
                ..right
            },
            EncodeError::Text,
        ),
        (
            LineReport {
                password: text(b"1234567"),
                ..right
            },
            EncodeError::TooLong {
                field: "password",
                max: 6,
            },
        ),
        (
            LineReport {
                password: text(b"x"),
                ..right
            },
            EncodeError::Text,
        ),
        (
            LineReport {
                word: text(b"A"),
                ..right
            },
            EncodeError::Missing { field: "word" },
        ),
        (
            LineReport {
                word: text(b"auto"),
                ..right
            },
            EncodeError::Text,
        ),
        (with_line(&[]), EncodeError::Missing { field: "lines" }),
        (
            LineReport {
                lines: Lines::new(&many),
                ..right
            },
            EncodeError::Range {
                field: "count",
                max: 99,
            },
        ),
        (
            LineReport {
                readings: Some(readings),
                ..right
            },
            EncodeError::Range {
                field: "supply",
                max: 9_999,
            },
        ),
        (
            LineReport {
                readings: Some(frost),
                ..right
            },
            EncodeError::Range {
                field: "temperature",
                max: 999,
            },
        ),
        // Neither a user nor a password: a keep-alive.
        (
            LineReport {
                user: text(b""),
                password: text(b""),
                ..right
            },
            EncodeError::Text,
        ),
    ];
    for (report, error) in rows {
        assert_eq!(report.encode(&mut vec![0; 9_000]), Err(error), "{report:?}");
    }
    let needed = right.encoded_len();
    for room in 0..needed {
        let error = EncodeError::BufferTooSmall { needed };
        assert_eq!(right.encode(&mut vec![0; room]), Err(error));
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "GPRMC,[0-9]{6}\\.[0-9]{1,3},[AVL],[0-9]{4}\\.[0-9]{4},[NS],[0-9]{5}\\.[0-9]{4},[EW],[0-9.]{0,6},\
         [0-9.]{0,6},[0-9]{6},,,[A-Z]",
        "WIFI,[0-9]{6}\\.00,[AV](,-[0-9]{2},[0-9A-F]{12}){0,5},[0-9]{6}",
        "(GPRMC|WIFI),[ -\"%-)+-~]{0,80}",
        "[ -~]{0,20}",
    ]
}

proptest! {
    #![proptest_config(support::config(500))]

    #[test]
    fn reports_in_lines_that_encode_are_read_back(
        device in "[0-9]{9,15}",
        user in "[ -\"$-~]{0,32}",
        password in "[0-9]{0,6}",
        word in "[A-Z]{2,12}",
        readings in option::of((any::<bool>(), 0..10_000_u16, 0..10_000_u16, 0..10_000_u16, -999..10_000_i16)),
        lines in vec(("[0-9]{2}|[0-9a-f]{8,11}|", option::of("|[0-9]{1,3},[0-9]{2},[0-9A-F]{4},[0-9a-f]{4,7}"), text()), 0..4),
        number in select(&[1, 1, 99][..]),
    ) {
        let lines: Vec<Line<'_>> = lines.iter().map(|(prefix, network, text)| Line {
            prefix: Text::Bytes(prefix.as_bytes()),
            network: network.as_ref().map(|network| Text::Bytes(network.as_bytes())),
            text: Text::Bytes(text.as_bytes()),
        }).collect();
        let lines = if lines.len() == 1 { lines.repeat(number) } else { lines };
        let readings = readings.map(|(door, adc, supply, battery, temperature)| Readings {
            door, adc, supply, battery, temperature,
        });
        let message = Message::LineReport(LineReport {
            device: id(&device),
            user: Text::Bytes(user.as_bytes()),
            password: Text::Bytes(password.as_bytes()),
            readings,
            word: Text::Bytes(word.as_bytes()),
            lines: Lines::new(&lines),
        });
        let is_right = |line: &Line<'_>| {
            let text = line.text.as_str().unwrap();
            (text.starts_with("GPRMC,") || text.starts_with("WIFI,")) && !text.contains(['#', '$', '*'])
        };
        // A parenthesis may begin a whole frame of `tk103`.
        let may_hold_another = lines.iter().any(|line| line.text.as_bytes().contains(&b'('));
        let is_keep_alive = user.is_empty() && password.is_empty();
        let is_odd = lines.is_empty() || is_keep_alive || may_hold_another;
        let can_be_sent = !is_odd && lines.iter().all(is_right);
        let mut out = vec![0; message.encoded_len()];
        match message.encode(&mut out) {
            Ok(len) => {
                prop_assert_eq!(len, out.len());
                prop_assert_eq!(Message::parse(&out), Ok(message));
                if len <= support::CAPACITY {
                    prop_assert_eq!(support::frames(&out), [&out[..]]);
                }
            }
            Err(error) => prop_assert!(!can_be_sent, "{error}: {message:?}"),
        }
    }
}
