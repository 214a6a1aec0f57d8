//! The protocol `tk103`: frames whose values are known, and the traps of docs/protocols/tk103.md.

#![cfg(feature = "tk103")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

mod support;

use gt02::{
    Decoder, Direction, EncodeError, Error, ErrorKind, Item, NoiseReason, Protocol, Report,
    Session,
    device::{Device, ExpectedReply, Fix, Status, Uplink, UplinkError},
    protocol::tk103::{
        Alarm, AlarmAck, CellList, Cells, Command, CommandKind, CommandWord, Coordinate, Fence,
        Firmware, Frame, Handshake, HandshakeAck, Identity, IoStatus, Location, LocationBlock,
        LocationKind, Login, LoginAck, LoginContent, MAX_FRAME_LEN, Message, Unknown,
    },
    report::Kind,
    types::{
        self, CellTower, Course, DateTime, Decimal, DeviceId, Latitude, Longitude, NeighbourCell,
        Position, Speed, Temperature, Text,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};
#[cfg(all(feature = "gt06", feature = "v680", feature = "h02"))]
use support::hex;
use support::{Owned, frames_of_reads, items_of_reads};

const ID: &[u8] = b"027042411793";

// docs/protocols/tk103.md, "BP00", "BR00", "BP05", "BZ00", "BO01".
const HANDSHAKE: &str = "(027042411793BP00000027042411793HSO)";
const LOCATION: &str =
    "(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)";
const LOGIN: &str = "(027045009305BP05355227045009305\
    170909A0602.0766N08013.0997E000.6080515000.0001000000L00000000)";
const CELLS: &str =
    "(027045221314BZ00,{413,2,20217,49309}\n{413,2,20217,49310}\n{413,2,20217,49313}\n,01000000)";
const STORED_ALARM: &str =
    "(013632782450BO022080524A2934.0133N10627.2544E040.0061830309.6200000000L000770EF)";
const TEMPERATURE: &str = "(013632782450BP05000013632782450\
    101130A2234.0270N11405.9126E000.00623168.5400000005AEL0000067ET0CD)";
const SPACES: &str =
    "(027023361470BR00200617A4000.5775N 8415.4076W 46.0173725 87.3101000000L00000000)";
const COMMA: &str =
    "(087072787520BR00160823A5129.9345N00854.2262E001.9162911121.39,00000000L00000000)";
const SHORT_COURSE: &str =
    "(000000000000BR00000007V0000.0000N00000.0000E000.00014039900000000L00000000)";
const TAIL: &str = "(087073165262BP00352887073165262HSO018a)";
const UP: [&str; 10] = [
    HANDSHAKE,
    LOCATION,
    LOGIN,
    CELLS,
    STORED_ALARM,
    TEMPERATURE,
    SPACES,
    COMMA,
    SHORT_COURSE,
    TAIL,
];
const DOWN: [&str; 18] = [
    "(027042411793AP01HSO)",
    "(027045009305AP05)",
    "(012345678901AS012)",
    "(027042411793AP00)",
    "(027042411793AP0322101807911000123)",
    "(027042411793AP04internet)",
    "(027042411793AP07)",
    "(027042411793AP12H080L005)",
    "(027042411793AP15+4915112345678)",
    "(027042411793AR0000140024)",
    "(027042411793AR05003C)",
    "(027042411793AR060E10)",
    "(027042411793AT00)",
    "(027042411793AV000)",
    "(027042411793AV011)",
    "(027042411793AV02)",
    "(027042411793AX051,N,2230.000,2245.500,E,11400.000,11430.250)",
    "(027042411793AX0112345)",
];

fn id(digits: &str) -> DeviceId {
    digits.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_ascii(text.as_bytes()).unwrap()
}

fn parse(text: &str) -> Message<'_> {
    Message::parse(text.as_bytes()).unwrap()
}

/// The location block of a message.
fn block(text: &str) -> LocationBlock<'_> {
    *parse(text).block().unwrap()
}

/// The location block of a `BR00` that has this body.
fn block_of<R>(body: &str, check: impl FnOnce(LocationBlock<'_>) -> R) -> R {
    check(block(&format!("(027042411793BR00{body})")))
}

fn encode(message: &Message<'_>) -> String {
    let mut out = vec![0; message.encoded_len()];
    assert_eq!(message.encode(&mut out), Ok(out.len()), "{message:?}");
    String::from_utf8(out).unwrap()
}

/// The reply that a server owes.
fn reply(text: &str) -> Option<String> {
    Frame::parse(text.as_bytes())
        .unwrap()
        .reply(None)
        .map(|reply| encode(&reply))
}

fn degrees(block: &LocationBlock<'_>) -> Option<(i32, i32)> {
    block.position().map(|position| {
        (
            position.latitude.micro_degrees(),
            position.longitude.micro_degrees(),
        )
    })
}

fn time(block: &LocationBlock<'_>) -> Option<String> {
    block.time().map(|time| time.to_string())
}

#[test]
fn handshakes() {
    let expected = Handshake {
        id: ID,
        field: b"000027042411793",
        tail: b"",
    };
    assert_eq!(parse(HANDSHAKE), Message::Handshake(expected));
    assert_eq!(
        (expected.imei(), expected.battery_voltage()),
        (None, None),
        "the id, filled up"
    );
    assert_eq!(encode(&Message::Handshake(expected)), HANDSHAKE);
    assert_eq!(reply(HANDSHAKE).unwrap(), "(027042411793AP01HSO)");
    let Message::Handshake(handshake) = parse(TAIL) else {
        panic!()
    };
    assert_eq!(handshake.imei(), Some(id("352887073165262")));
    assert_eq!(
        (handshake.tail, handshake.battery_voltage().unwrap().volts()),
        (&b"018a"[..], 3.94)
    );
    for (tail, millivolts) in [
        ("1a4", Some(4200)),
        ("01A4", Some(4200)),
        ("", None),
        ("1a", None),
        ("1a4x", None),
        ("001A4", None),
    ] {
        let text = format!("(027042411793BP00HSO{tail})");
        let Message::Handshake(handshake) = parse(&text) else {
            panic!()
        };
        assert_eq!(
            handshake
                .battery_voltage()
                .map(|voltage| voltage.millivolts()),
            millivolts,
            "{tail}"
        );
    }
    // No id field.
    assert_eq!(
        parse("(087073005534BP00HSO)"),
        Message::Handshake(Handshake::new(b"087073005534", b""))
    );
    // Without `HSO` after at most 15 characters it is not a handshake.
    for (body, is_handshake) in [
        ("", false),
        ("123", false),
        ("HS", false),
        ("355227040012346HSO", true),
        ("0355227040012346HSO", false),
    ] {
        let text = format!("(027040012346BP00{body})");
        let message = parse(&text);
        assert_eq!(matches!(message, Message::Handshake(_)), is_handshake);
        assert_eq!(matches!(message, Message::Unknown(_)), !is_handshake);
        assert_eq!(reply(&text).is_some(), is_handshake, "{text}");
        assert_eq!(encode(&message), text);
    }
}

#[test]
fn locations() {
    let expected = Location {
        id: ID,
        kind: LocationKind::Periodic,
        block: LocationBlock {
            date: Some([14, 10, 26]),
            fix: Some(true),
            latitude: Some(Coordinate {
                degrees: 48,
                minutes: decimal("18.7787"),
                positive: true,
            }),
            longitude: Some(Coordinate {
                degrees: 17,
                minutes: decimal("59.8662"),
                positive: true,
            }),
            speed: Some(decimal("000.0")),
            clock: Some([19, 25, 2]),
            course: Some(decimal("211.49")),
            io: Some(IoStatus(*b"00000000")),
            mileage: Some(0),
            rest: b"",
        },
    };
    assert_eq!(parse(LOCATION), Message::Location(expected));
    assert_eq!(expected.encoded_len(), 80);
    assert_eq!(encode(&Message::Location(expected)), LOCATION);
    assert_eq!(reply(LOCATION), None);
    let block = block(LOCATION);
    assert_eq!(time(&block).unwrap(), "2014-10-26T19:25:02");
    assert_eq!(degrees(&block), Some((48_312_978, 17_997_770)));
    assert_eq!(
        (
            block.speed().unwrap().kmh(),
            block.course().unwrap().degrees()
        ),
        (0.0, 211.49)
    );
    assert_eq!(
        (block.io.unwrap().power_cut(), block.ignition()),
        (Some(false), Some(false))
    );
    for (word, kind) in [
        ("BR00", LocationKind::Periodic),
        ("BR01", LocationKind::Stored),
        ("BR02", LocationKind::Last),
        ("BR03", LocationKind::AddressRequest),
        ("BP04", LocationKind::Single),
    ] {
        let text = LOCATION.replace("BR00", word);
        let Message::Location(location) = parse(&text) else {
            panic!()
        };
        assert_eq!(
            (location.kind, location.kind.word().as_str(), location.block),
            (kind, word, expected.block)
        );
        assert_eq!(encode(&Message::Location(location)), text);
        assert_eq!(reply(&text), None);
    }
}

#[test]
fn locations_south_and_west_at_speed() {
    let second =
        block("(027043594183BR01150815A1448.7210N09011.2666W003.8034658025.3600000000L00000000)");
    assert_eq!(time(&second).unwrap(), "2015-08-15T03:46:58");
    assert_eq!(degrees(&second), Some((14_812_017, -90_187_777)));
    assert_eq!(
        (
            second.speed().unwrap().metres_per_hour(),
            second.course().unwrap().ten_thousandths()
        ),
        (3800, 253_600)
    );
    // A capture.
    let south = block(
        "(094625928000BR00190213A1156.0431S07705.6145W000.000023521.40000000007L00000314T113)",
    );
    assert_eq!(degrees(&south), Some((-11_934_052, -77_093_575)));
    assert_eq!(
        (south.course, south.mileage, south.rest),
        (Some(decimal("21.400")), Some(788), &b"T113"[..])
    );
}

#[test]
fn logins() {
    let Message::Login(login) = parse(LOGIN) else {
        panic!()
    };
    assert_eq!(
        (login.field, login.imei()),
        (&b"355227045009305"[..], Some(id("355227045009305")))
    );
    let block = block(LOGIN);
    assert_eq!(login.content, LoginContent::Location(block));
    assert_eq!(time(&block).unwrap(), "2017-09-09T08:05:15");
    assert_eq!(degrees(&block), Some((6_034_610, 80_218_328)));
    assert_eq!(
        (block.speed().unwrap().kmh(), block.ignition()),
        (0.6, Some(true))
    );
    assert_eq!(encode(&Message::Login(login)), LOGIN);
    assert_eq!(reply(LOGIN).unwrap(), "(027045009305AP05)");
    // Cells after the id field.
    let text =
        "(027045009305BP05355227045009305,{413,2,30073,16724}\n{413,2,30073,16730}\n,01000000)";
    let Message::Login(Login {
        field: b"355227045009305",
        content: LoginContent::Cells(cells),
        ..
    }) = parse(text)
    else {
        panic!()
    };
    assert_eq!(
        (cells.iter().count(), cells.io()),
        (2, Some(IoStatus(*b"01000000")))
    );
    assert_eq!(encode(&parse(text)), text);
    assert_eq!(reply(text).unwrap(), "(027045009305AP05)");
    // Nothing at all.
    let text = "(087074970165BP05)";
    assert_eq!(
        parse(text),
        Message::Login(Login {
            id: b"087074970165",
            ..Login::default()
        })
    );
    assert_eq!(encode(&parse(text)), text);
    assert_eq!(reply(text).unwrap(), "(087074970165AP05)");
}

#[test]
fn logins_with_id_fields_of_other_forms() {
    let location = &LOCATION[17..79];
    let names = [
        "",
        "027042411793",
        "02704241179300",
        "000BALLESTEROS3",
        "BALLESTEROS3",
        "AVA1",
        "A123456A1",
        "123456789012345XXXXXXA",
        "0000027042411793",
        "000027061992\0\x005",
    ];
    for field in names {
        let text = format!("(027042411793BP05{field}{location})");
        let Message::Login(Login {
            field: found,
            content: LoginContent::Location(block),
            ..
        }) = parse(&text)
        else {
            panic!("{field}")
        };
        assert_eq!(found, field.as_bytes());
        assert_eq!(block, self::block(LOCATION));
        assert_eq!(encode(&parse(&text)), text);
    }
    // A comma after the date.
    let text = format!(
        "(027042411793BP05{field}{}",
        LOCATION[17..].replace("141026A", "141026,A"),
        field = "02704241179"
    );
    let Message::Login(login) = parse(&text) else {
        panic!()
    };
    assert_eq!(
        (login.field, login.content),
        (&b"02704241179"[..], LoginContent::Location(block(LOCATION)))
    );
    // No location, and nothing that could be one.
    let text = "(027042411793BP05355227045009305)";
    assert_eq!(
        parse(text),
        Message::Login(Login {
            id: ID,
            field: b"355227045009305",
            content: LoginContent::Empty
        })
    );
}

#[test]
fn alarms() {
    let Message::Alarm(alarm) = parse(STORED_ALARM) else {
        panic!()
    };
    assert_eq!(
        (alarm.stored, alarm.digit, alarm.code(), alarm.alarm()),
        (true, Some(b'2'), Some(2), Some(types::Alarm::Sos))
    );
    assert_eq!(time(&alarm.block).unwrap(), "2008-05-24T06:18:30");
    assert_eq!(degrees(&alarm.block), Some((29_566_888, 106_454_240)));
    assert_eq!(
        (
            alarm.block.speed().unwrap().kmh(),
            alarm.block.course().unwrap().degrees()
        ),
        (40.0, 309.62)
    );
    assert_eq!(alarm.block.mileage, Some(487_663));
    assert_eq!(encode(&Message::Alarm(alarm)), STORED_ALARM);
    assert_eq!(reply(STORED_ALARM), None, "stored");
    for (digit, code, name) in [
        ('0', 0, "power_cut"),
        ('1', 1, "other"),
        ('2', 2, "sos"),
        ('3', 3, "theft"),
        ('4', 4, "low_speed"),
        ('5', 5, "overspeed"),
        ('6', 6, "geofence_exit"),
        ('7', 7, "vibration"),
        ('9', 9, "other"),
        ('a', 10, "other"),
        ('F', 15, "other"),
    ] {
        let text = STORED_ALARM.replace("BO022", &format!("BO01{digit}"));
        let Message::Alarm(alarm) = parse(&text) else {
            panic!()
        };
        assert_eq!(
            (alarm.stored, alarm.code(), alarm.alarm().unwrap().name()),
            (false, Some(code), name)
        );
        assert_eq!(encode(&Message::Alarm(alarm)), text);
        let reply = reply(&text).unwrap();
        assert_eq!(reply, format!("(013632782450AS01{digit})"), "as it came");
        assert_eq!(
            parse(&reply),
            Message::AlarmAck(AlarmAck {
                id: b"013632782450",
                digit: digit as u8
            })
        );
    }
}

#[test]
fn cells() {
    let network = |mcc, mnc, lac, cid| {
        let mut cell = CellTower::default();
        (cell.mcc, cell.mnc, cell.lac, cell.cid) = (Some(mcc), Some(mnc), Some(lac), Some(cid));
        cell
    };
    let Message::CellList(CellList { cells, .. }) = parse(CELLS) else {
        panic!()
    };
    assert_eq!(cells.serving(), Some(network(413, 2, 20217, 49309)));
    assert_eq!(
        cells.neighbours().map(|cell| cell.cell).collect::<Vec<_>>(),
        [network(413, 2, 20217, 49310), network(413, 2, 20217, 49313)]
    );
    assert_eq!(
        (
            cells.io().unwrap().power_cut(),
            cells.io().unwrap().ignition()
        ),
        (Some(false), Some(true))
    );
    assert_eq!(encode(&parse(CELLS)), CELLS);
    assert_eq!(reply(CELLS), None);
    // The flat forms, the first one a capture.
    for (text, io, expected) in [
        (
            ",740,000,3bf7,0425,3bf7,0bf5,01000000",
            true,
            vec![(0x3BF7, 0x0425, None), (0x3BF7, 0x0BF5, None)],
        ),
        (
            ",740,000,3bf7,0425,3bf7,0bf5,3bf7,09e7,01000000",
            true,
            vec![
                (0x3BF7, 0x0425, None),
                (0x3BF7, 0x0BF5, None),
                (0x3BF7, 0x09E7, None),
            ],
        ),
        (
            ",460,00,262C,0E91,41,262C,0E92,-95",
            false,
            vec![(0x262C, 0x0E91, Some(41)), (0x262C, 0x0E92, Some(-95))],
        ),
        (",460,0,262C,0E91", false, vec![(0x262C, 0x0E91, None)]),
    ] {
        let cells = Cells {
            text: text.as_bytes(),
        };
        assert_eq!(cells.io().is_some(), io, "{text}");
        let (mcc, mnc) = if io { (740, 0) } else { (460, 0) };
        let expected: Vec<NeighbourCell> = expected
            .into_iter()
            .map(|(lac, cid, rssi)| {
                let mut neighbour = NeighbourCell::default();
                (neighbour.cell, neighbour.rssi) = (network(mcc, mnc, lac, cid), rssi);
                neighbour
            })
            .collect();
        assert_eq!(cells.iter().collect::<Vec<_>>(), expected, "{text}");
    }
    // What cannot be read is absent, and the rest is there.
    let odd = |text: &'static str| {
        Cells {
            text: text.as_bytes(),
        }
        .iter()
        .map(|cell| (cell.cell.mcc, cell.cell.lac, cell.cell.cid))
        .collect::<Vec<_>>()
    };
    assert_eq!(
        odd(",{413,2,x,49309}\n{,,,}\n{70000,2,7}\n{}\n}{"),
        [(Some(413), None, Some(49309)), (None, Some(7), None)]
    );
    assert_eq!(odd(",740"), []);
    assert_eq!(odd(",740,0,12,"), [(Some(740), Some(0x12), None)]);
    assert_eq!(odd(""), []);
    assert_eq!(odd(",,,,,,,"), []);
}

#[test]
fn firmware() {
    // Masked by who posted it; the document's sample.
    for (text, version) in [
        ("(027045XXXXXXBP01GT02A_V02_HY)", "GT02A_V02_HY"),
        ("(013632782450BP01GPS518,DEC,22,2008)", "GPS518,DEC,22,2008"),
    ] {
        let Message::Firmware(firmware) = parse(text) else {
            panic!()
        };
        assert_eq!(firmware.version, Text::Bytes(version.as_bytes()));
        assert_eq!(encode(&Message::Firmware(firmware)), text);
        assert_eq!(reply(text), None);
    }
    assert_eq!(
        parse("(027045XXXXXXBP01GT02A_V02_HY)").device_id(),
        None,
        "not made of digits"
    );
}

#[test]
fn commands() {
    let expected = [
        Message::HandshakeAck(HandshakeAck { id: ID }),
        Message::LoginAck(LoginAck {
            id: b"027045009305",
        }),
        Message::AlarmAck(AlarmAck {
            id: b"012345678901",
            digit: b'2',
        }),
    ];
    let kinds = [
        CommandKind::Locate,
        CommandKind::Server {
            address: [221, 18, 79, 110],
            port: 123,
        },
        CommandKind::Apn(Text::Bytes(b"internet")),
        CommandKind::Version,
        CommandKind::SpeedLimits { high: 80, low: 5 },
        CommandKind::Listen(Text::Bytes(b"+4915112345678")),
        CommandKind::Interval {
            seconds: 20,
            hours: 0,
            minutes: 36,
        },
        CommandKind::IntervalIgnitionOn(60),
        CommandKind::IntervalIgnitionOff(3600),
        CommandKind::Restart,
        CommandKind::Circuit { cut: true },
        CommandKind::Oil { cut: false },
        CommandKind::CancelAlarms,
        CommandKind::Fence(Fence {
            n: 1,
            latitudes: ["30.000", "45.500"].map(|minutes| Coordinate {
                degrees: 22,
                minutes: decimal(minutes),
                positive: true,
            }),
            longitudes: ["00.000", "30.250"].map(|minutes| Coordinate {
                degrees: 114,
                minutes: decimal(minutes),
                positive: true,
            }),
        }),
    ];
    let commands = kinds.map(|kind| Message::Command(Command { id: ID, kind }));
    let unknown = Message::Unknown(Unknown {
        id: ID,
        word: CommandWord::new(*b"AX01").unwrap(),
        body: b"12345",
    });
    for (text, message) in DOWN
        .into_iter()
        .zip(expected.into_iter().chain(commands).chain([unknown]))
    {
        assert_eq!(parse(text), message, "{text}");
        assert_eq!(encode(&message), text);
        assert_eq!(message.direction(), Some(Direction::Down));
    }
}

#[test]
fn commands_with_other_parameters_are_kept() {
    for text in [
        "(027042411793AP01)",
        "(027042411793AP05x)",
        "(027042411793AS01)",
        "(027042411793AS01G)",
        "(027042411793AP001)",
        "(027042411793AP03256018079110001230)",
        "(027042411793AP0325601807911000123)",
        "(027042411793AP0322101807911065536)",
        "(027042411793AP032210180791100123)",
        "(027042411793AP04)",
        "(027042411793AP04a\nb)",
        "(027042411793AP15\0)",
        "(027042411793AP12H080)",
        "(027042411793AP12H0801L005)",
        "(027042411793AR000014002)",
        "(027042411793AR0000140024x)",
        "(027042411793AR05003)",
        "(027042411793AV00)",
        "(027042411793AV002)",
        "(027042411793AV0211)",
        "(027042411793AX051,X,2230.000,2245.500,E,11400.000,11430.250)",
        "(027042411793AX051,N,2230.000,2245.500,E,11400.000)",
        "(027042411793AX05)",
    ] {
        let message = parse(text);
        let Message::Unknown(unknown) = message else {
            panic!("{text}: {message:?}")
        };
        assert_eq!(unknown.body, &text.as_bytes()[17..text.len() - 1], "{text}");
        assert_eq!(encode(&message), text);
    }
    // Hexadecimal digits in lower case are read.
    assert_eq!(
        parse("(027042411793AR05003c)"),
        Message::Command(Command {
            id: ID,
            kind: CommandKind::IntervalIgnitionOn(60)
        })
    );
}

#[test]
fn answers_to_commands_are_kept() {
    // docs/protocols/tk103.md, "Answers to commands".
    for (word, body) in [
        ("BP02", ""),
        ("BP12", "H0501L030"),
        ("BR05", ""),
        ("BS08", "00140024"),
        ("BV00", "0"),
        ("BV00", "1HGCM82633A004352"),
        ("BT00", ""),
    ] {
        let text = format!("(027023361470{word}{body})");
        let Message::Unknown(unknown) = parse(&text) else {
            panic!()
        };
        assert_eq!(
            (unknown.word.to_string().as_str(), unknown.body),
            (word, body.as_bytes())
        );
        assert_eq!(
            (unknown.word.direction(), reply(&text)),
            (Direction::Up, None)
        );
        assert_eq!(encode(&Message::Unknown(unknown)), text);
    }
}

#[test]
fn frames_tell_their_parts() {
    let frame = Frame::parse(LOCATION.as_bytes()).unwrap();
    assert_eq!(
        (frame.id(), frame.word().as_bytes(), frame.body()),
        (ID, b"BR00", &LOCATION.as_bytes()[17..79])
    );
    assert_eq!(
        (frame.device_id(), frame.direction(), frame.serial()),
        (Some(id("027042411793")), Some(Direction::Up), None)
    );
    for text in [HANDSHAKE, LOCATION, LOGIN, CELLS, STORED_ALARM]
        .iter()
        .chain(&DOWN)
    {
        let frame = Frame::parse(text.as_bytes()).unwrap();
        let message = frame.message();
        assert_eq!(message.message_type(), frame.message_type(), "{text}");
        assert_eq!(frame.message_type().unwrap().to_string(), text[13..17]);
    }
    assert_eq!(frame.as_bytes(), LOCATION.as_bytes());
    assert_eq!(
        Frame::parse(b"(027042411793AP01HSO)").unwrap().direction(),
        Some(Direction::Down)
    );
    assert_eq!(
        format!("{:?} {:>6}", frame.word(), frame.word()),
        "CommandWord(BR00)   BR00"
    );
}

#[test]
fn probable_imeis() {
    // Captured with both numbers, and from the tests of public decoders.
    for (number, imei) in [
        ("027045009305", Some("355227045009305")),
        ("087073165262", Some("352887073165262")),
        ("088047365460", Some("354188047365460")),
        ("057045206556", Some("357857045206556")),
        // The document's sample, with a wrong check digit; other first digits; another length.
        ("027028666999", None),
        ("037045009305", None),
        ("127045009305", None),
        ("27045009305", None),
    ] {
        let text = format!("({number}BP05)");
        assert_eq!(
            Frame::parse(text.as_bytes()).unwrap().probable_imei(),
            imei.map(id),
            "{number}"
        );
    }
}

#[test]
fn known_frames_are_rebuilt() {
    for text in [
        HANDSHAKE,
        LOCATION,
        LOGIN,
        CELLS,
        STORED_ALARM,
        TEMPERATURE,
        TAIL,
    ] {
        assert_eq!(encode(&parse(text)), text);
    }
    // In the documented form: without the deviations, and read the same.
    for (text, rebuilt) in [
        (
            SPACES,
            "(027023361470BR00200617A4000.5775N08415.4076W046.0173725087.3101000000L00000000)",
        ),
        (
            COMMA,
            "(087072787520BR00160823A5129.9345N00854.2262E001.9162911121.3900000000L00000000)",
        ),
        (
            SHORT_COURSE,
            "(000000000000BR00000007V0000.0000N00000.0000E000.000140300009900000000L00000000)",
        ),
    ] {
        assert_eq!(encode(&parse(text)), rebuilt);
        assert_eq!(parse(rebuilt), parse(text));
    }
}

#[test]
fn several_frames_come_in_a_read_and_one_in_several() {
    // A handshake glued to a location, several frames in a segment, spaces and line feeds between.
    let all = [TAIL, LOCATION, SPACES, CELLS, COMMA, LOCATION, LOGIN];
    for between in ["", " ", "\n", "\n\n", "\r\n"] {
        let stream = all.map(|frame| format!("{between}{frame}")).concat();
        for size in [1, 2, 3, 5, 17, 18, 40, 79, 80, 81, 150, stream.len()] {
            assert_eq!(frames_of_reads(&stream, size), all, "{size}");
        }
    }
    for cut in 0..=LOCATION.len() {
        let found = items_of_reads([&LOCATION.as_bytes()[..cut], &LOCATION.as_bytes()[cut..]]);
        assert_eq!(found, [Owned::Frame(LOCATION.into())], "{cut}");
    }
}

#[test]
fn line_feeds_are_part_of_cell_lists() {
    assert_eq!(
        Frame::parse(CELLS.as_bytes())
            .unwrap()
            .as_bytes()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count(),
        3
    );
    // A reader of lines would cut it into four.
    let lines: Vec<&[u8]> = CELLS
        .as_bytes()
        .split_inclusive(|byte| *byte == b'\n')
        .collect();
    assert_eq!(
        (lines.len(), items_of_reads(lines)),
        (4, vec![Owned::Frame(CELLS.into())])
    );
    // Without the line feeds it says the same.
    let (stripped, whole) = (CELLS.replace('\n', ""), parse(CELLS));
    let (Message::CellList(stripped), Message::CellList(whole)) = (parse(&stripped), whole) else {
        panic!()
    };
    assert!(stripped.cells.iter().eq(whole.cells.iter()));
    assert_eq!(stripped.cells.io(), whole.cells.io());
}

#[test]
fn a_start_before_the_end_cuts_the_frame() {
    let text = [&LOCATION[..40], LOCATION].concat();
    assert_eq!(
        Frame::parse(text.as_bytes()),
        Err(Error {
            kind: ErrorKind::Overlap,
            offset: 40
        })
    );
    for cut in 1..LOCATION.len() {
        let stream = [&LOCATION[..cut], HANDSHAKE, LOCATION].concat();
        for size in [1, stream.len()] {
            assert_eq!(
                frames_of_reads(&stream, size),
                [HANDSHAKE, LOCATION],
                "{cut}"
            );
        }
    }
}

#[test]
fn pending_bytes_are_bounded() {
    // Header, 1024 bytes of body, end mark: with ids of 12 characters.
    let text = |len: usize| format!("(027042411793BP01{})", "x".repeat(len));
    assert_eq!(text(1024).len(), 17 + 1024 + 1);
    assert!(Frame::parse(text(1024).as_bytes()).is_ok());
    assert_eq!(
        Frame::parse(text(1025).as_bytes()).unwrap_err().kind,
        ErrorKind::Oversize
    );
    // No end mark comes: the pending bytes stay within the decoder, and the next frame is found.
    let mut decoder = Decoder::<MAX_FRAME_LEN>::new();
    let endless = text(5000).replace(')', "");
    let mut frames = 0;
    for read in endless.as_bytes().chunks(100).chain([LOCATION.as_bytes()]) {
        let mut input = read;
        while let Some(item) = decoder.decode(&mut input) {
            match item {
                Item::Frame(frame) => {
                    assert_eq!(frame.as_bytes(), LOCATION.as_bytes());
                    frames += 1;
                }
                Item::Noise(noise) => assert!(
                    endless
                        .as_bytes()
                        .windows(noise.bytes.len())
                        .any(|part| part == noise.bytes)
                ),
            }
        }
        assert!(decoder.pending().len() < MAX_FRAME_LEN);
    }
    assert_eq!(frames, 1);
}

#[test]
fn bytes_between_frames_are_noise() {
    let garbage = |bytes: &str| Owned::Noise(NoiseReason::Garbage, bytes.into());
    let frame = |text: &str| Owned::Frame(text.into());
    // A unit that echoes a command of its server.
    let echo = "(000000000000AV001)";
    let stream = [LOCATION, ":", echo, LOCATION].concat();
    assert_eq!(
        items_of_reads([stream.as_bytes()]),
        [frame(LOCATION), garbage(":"), frame(echo), frame(LOCATION)]
    );
    for noise in [
        "garbage%@#*^$\u{2026})))",
        ")",
        ")))",
        "\n)",
        "#",
        "*",
        "*HQ",
        "#3",
        "()",
        "(]",
    ] {
        let stream = [noise, LOCATION, noise, HANDSHAKE, noise].concat();
        for size in [1, 7, stream.len()] {
            assert_eq!(
                frames_of_reads(&stream, size),
                [LOCATION, HANDSHAKE],
                "{noise:?}"
            );
        }
    }
    assert_eq!(
        items_of_reads([[")", LOCATION, ")"].concat().as_bytes()]),
        [garbage(")"), frame(LOCATION), garbage(")")]
    );
}

#[test]
fn echoed_commands_get_no_reply() {
    for text in DOWN
        .into_iter()
        .chain(["(000000000000AV001)", "(027042411793AP00HSO)"])
    {
        assert_eq!(reply(text), None, "{text}");
    }
}

#[test]
fn replies_need_little_of_the_body() {
    for (text, expected) in [
        ("(BALLESTEROS3BP00what?)", None),
        ("(BALLESTEROS3BP00HSOwhat?)", Some("(BALLESTEROS3AP01HSO)")),
        (
            "(027061992\0\x005BP00HSO)",
            Some("(027061992\0\x005AP01HSO)"),
        ),
        ("(01602009983BP05\n\n)", Some("(01602009983AP05)")),
        ("(123456789012345BP05,,)", Some("(123456789012345AP05)")),
        ("(013632782450BO01F)", Some("(013632782450AS01F)")),
        ("(013632782450BO01)", None),
        ("(013632782450BO01x)", None),
    ] {
        assert_eq!(reply(text).as_deref(), expected);
    }
}

#[test]
fn ids_may_be_names() {
    for (name, word) in [
        ("BALLESTEROS3", "BR00"),
        ("027061992\0\x005", "BR00"),
        ("001__450BP00", "BR01"),
        ("027045XXXXXX", "BP04"),
    ] {
        let text = format!("({name}{word}{}", &LOCATION[17..]);
        let frame = Frame::parse(text.as_bytes()).unwrap();
        assert_eq!(
            (frame.id(), frame.word().as_str(), frame.device_id()),
            (name.as_bytes(), word, None)
        );
        assert_eq!(*frame.message().block().unwrap(), block(LOCATION));
        assert_eq!(encode(&frame.message()), text);
    }
}

#[test]
fn the_id_field_names_the_device_if_the_id_does_not() {
    let name = "09911667033\0";
    for (field, device) in [
        ("000013632782450", Some("013632782450")),
        ("355227040012346", Some("027040012346")),
        ("0000136327824x0", None),
        ("35522704001234x", None),
        ("00013632782450", None),
        ("", None),
    ] {
        for text in [
            format!("({name}BP05{field}{}", &LOCATION[17..]),
            format!("({name}BP00{field}HSO)"),
        ] {
            let frame = Frame::parse(text.as_bytes()).unwrap();
            assert_eq!(frame.device_id(), device.map(id), "{text}");
            let id = frame.reply(None).unwrap();
            assert_eq!(id.id(), name.as_bytes(), "as it came");
        }
        // A number in the id wins.
        let text = format!("(087070012343BP00{field}HSO)");
        assert_eq!(parse(&text).device_id(), Some(id("087070012343")));
    }
}

#[test]
fn frames_of_topflytech_are_foreign() {
    for word in ["BP00", "BR00"] {
        let text = format!(
            "(880316890012345{word}XG00b600000000L00074b54S00000000R0C0F0014000100f0\
             130531152205A0612.3000S10649.8000E000.0251.25)"
        );
        let message = parse(&text);
        assert!(matches!(message, Message::Unknown(_)), "{message:?}");
        assert_eq!((message.device_id(), reply(&text)), (None, None));
        assert_eq!(encode(&message), text);
    }
    let text = format!("(880316890012345BR00XG0{}", &LOCATION[17..]);
    assert!(matches!(parse(&text), Message::Unknown(_)));
    for body in ["XG", "XG0", "XG0x", "GX00"] {
        let text = format!("(880316890012345BR00{body})");
        assert!(matches!(parse(&text), Message::Location(_)), "{body}");
    }
}

#[test]
fn the_epoch_of_gps_is_no_time() {
    for (date, expected) in [("800106", false), ("800107", true), ("790106", true)] {
        let body = LOCATION[17..79].replace("141026", date);
        block_of(&body, |block| assert_eq!(block.time().is_some(), expected));
    }
}

#[test]
fn ids_may_have_10_to_15_digits() {
    // 11 digits are captured.
    for number in [
        "1602009983",
        "01602009983",
        "01029131573",
        "1234567890123",
        "12345678901234",
        "123456789012345",
    ] {
        let text = format!("({number}BR00{}", &LOCATION[17..]);
        let frame = Frame::parse(text.as_bytes()).unwrap();
        assert_eq!(
            (frame.device_id(), frame.word().as_str()),
            (Some(id(number)), "BR00")
        );
        assert_eq!(encode(&frame.message()), text);
    }
    for number in ["160200998", "1234567890123456"] {
        let text = format!("({number}BR00{}", &LOCATION[17..]);
        assert_eq!(
            Frame::parse(text.as_bytes()).unwrap_err().kind,
            ErrorKind::DeviceId,
            "{number}"
        );
    }
}

#[test]
fn comma_relatives_are_refused() {
    for text in [
        "(864768011069660,ZC11,241013,V)",
        "(123456789012,BP05,241013,V)",
        "(12345678901,DW3B,241013,V)",
    ] {
        assert_eq!(
            Frame::parse(text.as_bytes()).unwrap_err().kind,
            ErrorKind::DeviceId,
            "{text}"
        );
    }
}

#[test]
fn courses_of_any_width_are_read() {
    for (course, expected) in [
        ("211.49", Some(2_114_900)),
        ("012.99", Some(129_900)),
        ("42.720", Some(427_200)),
        ("8.5400", Some(85_400)),
        ("0.0000", Some(0)),
        ("90.000", Some(900_000)),
        ("000000", Some(0)),
        (" 87.31", Some(873_100)),
        ("99", Some(990_000)),
        ("360.00", Some(3_600_000)),
        ("360.01", None),
    ] {
        let body = LOCATION[17..79].replace("211.49", course);
        block_of(&body, |block| {
            assert_eq!(
                block.course().map(|course| course.ten_thousandths()),
                expected,
                "{course}"
            );
            assert_eq!(block.course, Some(decimal(course.trim_start())));
            assert_eq!(
                (block.io, block.mileage),
                (Some(IoStatus(*b"00000000")), Some(0))
            );
        });
    }
}

#[test]
fn coordinates_of_any_width_are_read() {
    // Captured: no leading zero, five decimals.
    for (longitude, expected) in [
        ("4817.8731W", Some(-48_297_885)),
        ("817.8731W", Some(-8_297_885)),
        ("7.8731W", Some(-131_218)),
        ("00817.87314E", Some(8_297_886)),
    ] {
        let body = LOCATION[17..79].replace("01759.8662E", longitude);
        block_of(&body, |block| {
            assert_eq!(
                block
                    .position()
                    .map(|position| position.longitude.micro_degrees()),
                expected,
                "{longitude}"
            );
            assert_eq!(
                (time(&block).unwrap().as_str(), block.course),
                ("2014-10-26T19:25:02", Some(decimal("211.49")))
            );
        });
    }
    let body = LOCATION[17..79].replace("4818.7787N", "818.7787S");
    block_of(&body, |block| {
        assert_eq!(
            block.position().unwrap().latitude.micro_degrees(),
            -8_312_978
        )
    });
}

#[test]
fn speeds_of_any_width_are_read() {
    for (speed, kmh) in [
        ("00000", 0.0),
        ("0.703", 0.703),
        (" 46.0", 46.0),
        ("46.0", 46.0),
        ("9.4", 9.4),
        ("000.0,", 0.0),
        ("46.0,", 46.0),
        ("000.00,", 0.0),
        ("123.4", 123.4),
    ] {
        for (clock, shown) in [("192502", "19:25:02"), ("012345", "01:23:45")] {
            let body = LOCATION[17..79].replace("000.0192502", &format!("{speed}{clock}"));
            block_of(&body, |block| {
                assert_eq!(
                    (block.speed().unwrap().kmh(), time(&block).unwrap()),
                    (kmh, format!("2014-10-26T{shown}")),
                    "{body}"
                )
            });
        }
        for course in ["211.49", "99"] {
            let body =
                LOCATION[17..79].replace("000.0192502211.49", &format!("{speed}192502{course}"));
            block_of(&body, |block| {
                assert_eq!(block.speed().unwrap().kmh(), kmh, "{speed} {course}");
                assert_eq!(
                    time(&block).unwrap(),
                    "2014-10-26T19:25:02",
                    "{speed} {course}"
                );
                assert_eq!(
                    (block.course, block.io, block.mileage),
                    (Some(decimal(course)), Some(IoStatus(*b"00000000")), Some(0))
                );
            });
        }
    }
}

#[test]
fn a_signed_tail_is_a_temperature_and_no_other_is() {
    let frame = |tail: &str| LOCATION.replace("L00000000)", &format!("L00BEB0D4{tail})"));
    for (tail, millicelsius) in [
        ("+017.7", Some(17_700)),
        ("-004.5", Some(-4_500)),
        ("+000.0", Some(0)),
        // Their scale is not established.
        ("T0CD", None),
        ("T0CDF080P035", None),
        ("017.7", None),
        ("+17.7", None),
        ("+017.77", None),
        ("+0x7.7", None),
        ("+017,7", None),
        ("", None),
    ] {
        let frame = frame(tail);
        let parsed = gt02::Frame::parse(frame.as_bytes()).unwrap();
        let report = Report::new(&parsed, Direction::Up);
        let temperature = millicelsius.map(Temperature::from_millicelsius);
        assert_eq!(report.details().temperature, temperature, "{tail}");
        // No supply comes from the digits before it, which are something else in most boxes.
        assert_eq!(report.voltage, None, "{tail}");
    }
}

#[test]
fn mileages_of_any_width_are_read() {
    for (mileage, metres, rest) in [
        ("L00000000", Some(0), ""),
        ("L000000", Some(0), ""),
        ("L00067E", Some(1662), ""),
        ("L000067E", Some(1662), ""),
        ("LEF9ECB9C", Some(0xEF9E_CB9C), ""),
        ("L000000ff", Some(255), ""),
        ("L0", Some(0), ""),
        ("L123456789", Some(0x1234_5678), "9"),
        ("200300C6", Some(0x2003_00C6), ""),
        ("0300C6", Some(0x0300C6), ""),
        ("00300C6", Some(0x0300C6), ""),
        ("", None, ""),
        ("L", None, "L"),
        ("12345", None, "12345"),
    ] {
        let body = LOCATION[17..79].replace("L00000000", mileage);
        block_of(&body, |block| {
            assert_eq!(
                (block.mileage, block.rest),
                (metres, rest.as_bytes()),
                "{mileage}"
            );
            assert_eq!(
                (block.course, block.io),
                (Some(decimal("211.49")), Some(IoStatus(*b"00000000"))),
                "{mileage}"
            );
        });
    }
}

#[test]
fn the_io_field_may_be_missing() {
    for (course, end, mileage, rest) in [
        ("211.49", "", None, ""),
        ("211.49", "L0000067E", Some(1662), ""),
        ("0211.49", "L0000067E", Some(1662), ""),
        ("211.49", "+017.7", None, "+017.7"),
        ("211.49", ",170228,194530", None, ",170228,194530"),
    ] {
        for speed in ["000.0", "46.0"] {
            let body = LOCATION[17..79]
                .replace("000.0", speed)
                .replace("211.4900000000L00000000", &format!("{course}{end}"));
            block_of(&body, |block| {
                assert_eq!(
                    (block.course, block.io, block.mileage),
                    (Some(decimal("211.49")), None, mileage),
                    "{body}"
                );
                assert_eq!(
                    (block.speed, time(&block).as_deref()),
                    (Some(decimal(speed)), Some("2014-10-26T19:25:02"))
                );
                assert_eq!(block.rest, rest.as_bytes());
            });
        }
    }
}

#[test]
fn the_course_may_be_missing() {
    block_of(&LOCATION[17..79].replace("211.49", ""), |block| {
        assert_eq!(
            (block.course, block.io, block.mileage),
            (None, Some(IoStatus(*b"00000000")), Some(0))
        );
        assert_eq!(time(&block).unwrap(), "2014-10-26T19:25:02");
    });
}

#[test]
fn bodies_without_a_block_are_kept() {
    for body in ["", "L0000067E", "ABCDEF", "what?", "      A4818.7787N"] {
        block_of(body, |block| {
            assert_eq!(
                block,
                LocationBlock {
                    rest: body.as_bytes(),
                    ..LocationBlock::default()
                }
            )
        });
    }
}

#[test]
fn commas_may_follow_fields() {
    let expected = block(LOCATION);
    for (from, to) in [
        ("A4818", ",A4818"),
        ("A4818", "A,4818"),
        ("N0", "N,0"),
        ("E0", "E,0"),
        ("2502211", "2502,211"),
        ("211.49", "211.49,"),
        ("E000.0", "E000.0,"),
    ] {
        let body = LOCATION[17..79].replacen(from, to, 1);
        assert_ne!(body, LOCATION[17..79]);
        block_of(&body, |block| assert_eq!(block, expected, "{body}"));
    }
    let all = LOCATION[17..79]
        .replace("A48", ",A,48")
        .replace("N0", "N,0")
        .replace("E000.0192502211.49", "E,000.0,192502,211.49,");
    block_of(&all, |block| assert_eq!(block, expected));
}

#[test]
fn tails_are_kept() {
    for tail in ["T0CD", "T113", "+017.7", "P23BS27F", ",170228,194530", "\n"] {
        let text = LOCATION.replace(')', &format!("{tail})"));
        assert_eq!(
            (block(&text).rest, block(&text).mileage),
            (tail.as_bytes(), Some(0))
        );
        assert_eq!(encode(&parse(&text)), text);
    }
}

#[test]
fn io_digits_are_hexadecimal() {
    // A supply voltage of 14.54 V, by one page; a fuel level, by a decoder: raw.
    assert_eq!(block(TEMPERATURE).io, Some(IoStatus(*b"000005AE")));
    for (io, power_cut, ignition) in [
        ("00000000", Some(false), Some(false)),
        ("01000000", Some(false), Some(true)),
        ("10000000", Some(true), Some(false)),
        ("01000001", Some(false), Some(true)),
        ("0000004f", Some(false), Some(false)),
        ("2F000000", None, None),
    ] {
        block_of(
            &LOCATION[17..79].replace("00000000L", &format!("{io}L")),
            |block| {
                assert_eq!(block.io.unwrap().as_bytes(), io.as_bytes());
                assert_eq!(
                    (block.io.unwrap().power_cut(), block.ignition()),
                    (power_cut, ignition)
                );
            },
        );
    }
}

#[test]
fn impossible_dates_give_no_time() {
    // Captured, and the document's alarm with a clock in place of the date.
    assert_eq!(
        (
            block(SHORT_COURSE).time(),
            block(SHORT_COURSE).date,
            block(SHORT_COURSE).clock
        ),
        (None, Some([0, 0, 7]), Some([0, 14, 3]))
    );
    let text = "(080331061830BO019061830A2934.0133N10627.2544E040.0080331309.6200000000L000770AD)";
    let alarm = block(text);
    assert_eq!(
        (alarm.time(), alarm.date, alarm.clock),
        (None, Some([6, 18, 30]), Some([8, 3, 31]))
    );
    assert_eq!(degrees(&alarm), Some((29_566_888, 106_454_240)));
    // The day before a device has a clock is a date all the same.
    assert_eq!(
        time(&block(
            "(027042411793BR00111213V0000.0000N00000.0000E000.0000000000.0010000000L00000000)"
        ))
        .unwrap(),
        "2011-12-13T00:00:00"
    );
}

#[test]
fn dates_1024_weeks_early_are_given_as_sent() {
    let early =
        block("(027043946607BR00030701A5052.9442N01902.7962E000.018241457.51000000000L00000000)");
    assert_eq!(time(&early).unwrap(), "2003-07-01T18:24:14");
    assert_eq!(degrees(&early), Some((50_882_403, 19_046_603)));
}

#[test]
fn places_without_a_fix_are_given() {
    let lost =
        block("(087072984481BR00161027V0209.8816S07953.8183W000.1140455000.00,00000000L00000000)");
    assert_eq!(
        (lost.fix, degrees(&lost)),
        (Some(false), Some((-2_164_693, -79_896_972)))
    );
    assert_eq!(
        (block(SHORT_COURSE).fix, degrees(&block(SHORT_COURSE))),
        (Some(false), Some((0, 0)))
    );
}

#[test]
fn minutes_of_60_and_more_give_no_place() {
    for (latitude, north) in [
        ("5562.02870N", 62.0287),
        ("4860.0000N", 60.0),
        ("9000.0001N", 0.0001),
    ] {
        block_of(&LOCATION[17..79].replace("4818.7787N", latitude), |block| {
            assert_eq!(block.position(), None, "{latitude}");
            let minutes = block.latitude.unwrap().minutes;
            assert_eq!(
                minutes.mantissa() as f64 / 10_f64.powi(minutes.places().into()),
                north,
                "raw"
            );
            assert_eq!(
                (
                    time(&block).is_some(),
                    block.speed().is_some(),
                    block.mileage
                ),
                (true, true, Some(0)),
                "all else"
            );
        });
    }
}

#[test]
fn swapped_coordinates_are_given_as_sent() {
    // 48 N 113 W, of an author who swapped them: nothing in the frame says so.
    block_of(
        "141026A4818.7787N11301.2345W000.0192502211.4900000000L00000000",
        |block| {
            assert_eq!(degrees(&block), Some((48_312_978, -113_020_575)));
        },
    );
    // What is out of range is no place, and not one the other way round.
    block_of(
        "141026A9901.2345N04818.7787W000.0192502211.4900000000L00000000",
        |block| {
            assert_eq!(
                (
                    degrees(&block),
                    block.latitude.is_some(),
                    block.longitude.is_some()
                ),
                (None, true, true)
            );
            assert_eq!(time(&block).unwrap(), "2014-10-26T19:25:02");
        },
    );
}

#[test]
fn ids_may_be_placeholders() {
    for placeholder in ["000000000000", "123456789012", "111111111111"] {
        let text = LOCATION.replace("027042411793", placeholder);
        let frame = Frame::parse(text.as_bytes()).unwrap();
        assert_eq!(
            (frame.device_id(), frame.probable_imei()),
            (Some(id(placeholder)), None)
        );
        assert_eq!(*frame.message().block().unwrap(), block(LOCATION));
    }
    // The reply goes to the id that was sent.
    assert_eq!(
        reply("(000000000000BP00000000000000000HSO)").unwrap(),
        "(000000000000AP01HSO)"
    );
    let Message::Handshake(handshake) = parse("(000000000000BP00000000000000000HSO)") else {
        panic!()
    };
    assert_eq!(handshake.imei(), None);
}

#[cfg(all(feature = "gt06", feature = "v680", feature = "h02"))]
#[test]
fn the_first_bytes_decide_the_protocol() {
    use gt02::{Sniff, sniff, sniff_datagram};

    let frames = [
        (Protocol::Tk103, LOCATION.as_bytes().to_vec()),
        (
            Protocol::Gt02,
            hex("68681a0604086812015620935200601a010b282a2a2c1f2824181e1d120d0a"),
        ),
        (
            Protocol::Gt06,
            hex("78781f120f0c02122e26c701faec0a07eba7b9001444019400276e0016450043fb990d0a"),
        ),
        (
            Protocol::Gt06,
            hex("79790020940a08681201562093520460041215703040898607b20917005430400002e0a70d0a"),
        ),
        (Protocol::V680, b"#353588020144007##".to_vec()),
        (
            Protocol::H02,
            b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#"
                .to_vec(),
        ),
    ];
    for (protocol, frame) in &frames {
        // What follows a keep-alive decides.
        let needed = if frame.len() == 18 && frame[0] == b'#' {
            Sniff::NeedMore
        } else {
            Sniff::Protocol(*protocol)
        };
        assert_eq!(
            (sniff(frame), sniff_datagram(frame)),
            (needed, Some(*protocol))
        );
        assert_eq!(gt02::Frame::parse(frame).unwrap().protocol(), *protocol);
    }
    // All of them on one connection, as some units do.
    let stream: Vec<u8> = frames
        .iter()
        .chain(frames.iter().rev())
        .flat_map(|(_, frame)| frame.clone())
        .collect();
    for size in [1, 20, stream.len()] {
        assert_eq!(items_of_reads(stream.chunks(size)).len(), 2 * frames.len());
    }
    // A relative of another maker.
    let other = b"##,imei:353552045403597,A;\r\n";
    assert_eq!(sniff(other), Sniff::Foreign);
    let found = items_of_reads([[other, LOCATION.as_bytes()].concat().as_slice()]);
    assert_eq!(
        found,
        [
            Owned::Noise(NoiseReason::Garbage, other.to_vec()),
            Owned::Frame(LOCATION.into())
        ]
    );
}

#[test]
fn spaces_stand_for_zeros() {
    let spaces = block(SPACES);
    assert_eq!(time(&spaces).unwrap(), "2020-06-17T17:37:25");
    assert_eq!(degrees(&spaces), Some((40_009_625, -84_256_793)));
    assert_eq!(
        (
            spaces.speed().unwrap().kmh(),
            spaces.course().unwrap().degrees(),
            spaces.ignition()
        ),
        (46.0, 87.31, Some(true))
    );
    let body = " 9 2 7A 618.7787N  759.8662E  0.0 92 02 11.4900000000L00000000";
    block_of(body, |block| {
        assert_eq!(time(&block).unwrap(), "2009-02-07T09:20:02");
        assert_eq!(degrees(&block), Some((6_312_978, 7_997_770)));
    });
    // Nothing but spaces is no number: all else is read.
    block_of(&LOCATION[17..79].replace("E000.0", "E     "), |block| {
        assert_eq!(
            (block.speed, time(&block).is_some(), block.mileage),
            (None, true, Some(0))
        );
    });
    for clock in ["19x502", "      "] {
        block_of(&LOCATION[17..79].replace("192502", clock), |block| {
            assert_eq!(
                (
                    block.clock,
                    block.speed().is_some(),
                    block.course().is_some(),
                    block.mileage
                ),
                (None, true, true, Some(0))
            );
        });
    }
}

#[test]
fn locations_that_end_early_are_read_as_far_as_possible() {
    let body = &LOCATION[17..79];
    for len in 0..body.len() {
        block_of(&body[..len], |block| {
            let present = [
                block.date.is_some(),
                block.fix.is_some(),
                block.latitude.is_some(),
                block.longitude.is_some(),
            ];
            assert_eq!(present, [len >= 6, len >= 7, len >= 17, len >= 28], "{len}");
            assert_eq!(
                (block.clock.is_some(), block.io.is_some()),
                (len >= 39, len >= 53),
                "{len}"
            );
            // Rebuilt, unless what is left of the course is filled up with zeros.
            let message = Message::Location(Location {
                id: ID,
                kind: LocationKind::Periodic,
                block,
            });
            let mut out = [0; MAX_FRAME_LEN];
            if let Ok(written) = message.encode(&mut out) {
                assert_eq!(Message::parse(&out[..written]), Ok(message), "{len}");
            }
        });
    }
}

#[test]
fn errors_say_what_and_where() {
    let long = format!("(027042411793BP01{})", "x".repeat(1025));
    for (text, kind, offset) in [
        (&b""[..], ErrorKind::Incomplete, 0),
        (b"027042411793BR00)", ErrorKind::Start, 0),
        (b"(0270,2411793BR00)", ErrorKind::DeviceId, 5),
        (b"(0270\x0124117BR00)", ErrorKind::DeviceId, 5),
        (b"(0270)", ErrorKind::DeviceId, 5),
        (b"(0270(", ErrorKind::Overlap, 5),
        (b"(0270424117,BR00)", ErrorKind::DeviceId, 11),
        (b"(027042411793CR00aaaa)", ErrorKind::DeviceId, 13),
        (b"(027042411793BR00\x01)", ErrorKind::Field, 17),
        (b"(027042411793BR00\xE9)", ErrorKind::Field, 17),
        (b"(027042411793BR00(", ErrorKind::Overlap, 17),
        (b"(027042411793BR00", ErrorKind::Incomplete, 17),
        (b"(0270424", ErrorKind::Incomplete, 8),
        (b"(027042411793BR00)\r\n", ErrorKind::Trailing, 18),
        (b"(027042411793AR03\x02ab.ef)", ErrorKind::End, 22),
        (long.as_bytes(), ErrorKind::Oversize, 1041),
    ] {
        assert_eq!(
            Frame::parse(text),
            Err(Error { kind, offset }),
            "{}",
            text.escape_ascii()
        );
    }
}

#[test]
fn encoding_refuses_what_could_not_be_read_back() {
    let mut out = [0; 2000];
    let Message::Location(location) = parse(LOCATION) else {
        panic!()
    };
    assert_eq!(
        location.encode(&mut out[..79]),
        Err(EncodeError::BufferTooSmall { needed: 80 })
    );
    assert_eq!(
        location.encode(&mut []),
        Err(EncodeError::BufferTooSmall { needed: 80 })
    );
    let mut refused = |change: fn(&mut Location<'_>), error: EncodeError| {
        let mut changed = location;
        change(&mut changed);
        assert_eq!(changed.encode(&mut out), Err(error), "{changed:?}");
    };
    let too_long = |field, max| EncodeError::TooLong { field, max };
    refused(
        |location| location.id = b"123456789",
        EncodeError::DeviceId { digits: 12 },
    );
    refused(
        |location| location.id = b"1234567890123456",
        EncodeError::DeviceId { digits: 12 },
    );
    refused(
        |location| location.id = b"0270424(1793",
        EncodeError::Ambiguous,
    );
    refused(|location| location.id = b"0270424,1793", EncodeError::Text);
    refused(|location| location.id = b"027042411793B", EncodeError::Text);
    refused(
        |location| location.block.rest = b"a)b",
        EncodeError::Ambiguous,
    );
    refused(
        |location| location.block.rest = b"a(b",
        EncodeError::Ambiguous,
    );
    refused(|location| location.block.rest = b"\xE9", EncodeError::Text);
    refused(
        |location| location.block.rest = &[b'x'; 1000],
        too_long("body", 1024),
    );
    refused(
        |location| location.block.date = Some([100, 1, 1]),
        too_long("date", 2),
    );
    refused(
        |location| location.block.clock = Some([1, 1, 200]),
        too_long("clock", 2),
    );
    refused(
        |location| location.block.latitude.as_mut().unwrap().degrees = 100,
        too_long("latitude", 2),
    );
    refused(
        |location| location.block.longitude.as_mut().unwrap().degrees = 1000,
        too_long("longitude", 3),
    );
    refused(
        |location| {
            location.block.latitude.as_mut().unwrap().minutes = Decimal::new(1_000_000, 4).unwrap()
        },
        too_long("latitude", 7),
    );
    refused(
        |location| {
            location.block.latitude.as_mut().unwrap().minutes = Decimal::new(187_787, 5).unwrap()
        },
        EncodeError::NotCanonical,
    );
    refused(
        |location| location.block.speed = Decimal::new(10_000, 1),
        too_long("speed", 5),
    );
    refused(
        |location| location.block.speed = Decimal::new(1, 4),
        too_long("speed", 5),
    );
    refused(
        |location| location.block.course = Decimal::new(1, 18),
        too_long("course", 6),
    );
    refused(
        |location| location.block.io = Some(IoStatus(*b"0000000G")),
        EncodeError::NotCanonical,
    );
    refused(
        |location| location.block.speed = None,
        EncodeError::Gap { field: "speed" },
    );
    refused(
        |location| location.block.date = None,
        EncodeError::Gap { field: "date" },
    );
    refused(
        |location| (location.block.mileage, location.block.rest) = (None, b"123456"),
        EncodeError::NotCanonical,
    );
    let mut refused = |message: Message<'_>, error: EncodeError| {
        assert_eq!(message.encode(&mut out), Err(error), "{message:?}")
    };
    let command = |kind| Message::Command(Command { id: ID, kind });
    refused(
        command(CommandKind::SpeedLimits { high: 1000, low: 0 }),
        too_long("high", 3),
    );
    for text in ["", "\0", "a\nb", "a\r", "\x1b", "\u{e9}"] {
        let text = Text::Bytes(text.as_bytes());
        refused(command(CommandKind::Apn(text)), EncodeError::Text);
        refused(command(CommandKind::Listen(text)), EncodeError::Text);
    }
    refused(
        command(CommandKind::Listen(Text::Bytes(b"1)"))),
        EncodeError::Ambiguous,
    );
    let bound = |degrees, positive| Coordinate {
        degrees,
        minutes: decimal("30.000"),
        positive,
    };
    let fence = Fence {
        n: 1,
        latitudes: [bound(22, true); 2],
        longitudes: [bound(114, false); 2],
    };
    refused(
        command(CommandKind::Fence(Fence { n: 10, ..fence })),
        too_long("n", 1),
    );
    refused(
        command(CommandKind::Fence(Fence {
            latitudes: [bound(22, true), bound(22, false)],
            ..fence
        })),
        EncodeError::NotCanonical,
    );
    refused(
        Message::Handshake(Handshake {
            id: ID,
            field: b"1HSO2",
            tail: b"",
        }),
        EncodeError::NotCanonical,
    );
    refused(
        Message::Login(Login {
            id: ID,
            field: b"1,2",
            content: LoginContent::Empty,
        }),
        EncodeError::NotCanonical,
    );
    refused(
        Message::Login(Login {
            id: ID,
            field: b"1",
            content: LoginContent::Cells(Cells { text: b"2" }),
        }),
        EncodeError::NotCanonical,
    );
    refused(
        Message::AlarmAck(AlarmAck {
            id: ID,
            digit: b'x',
        }),
        EncodeError::NotCanonical,
    );
    refused(
        Message::Alarm(Alarm {
            id: ID,
            digit: Some(b'x'),
            ..Alarm::default()
        }),
        EncodeError::NotCanonical,
    );
    refused(
        Message::Unknown(Unknown {
            id: ID,
            word: CommandWord::new(*b"BP01").unwrap(),
            body: b"",
        }),
        EncodeError::NotCanonical,
    );
    // Binary bodies are written if they are of the length that they say: 41 reads as an end mark.
    let address = |body| {
        Message::Unknown(Unknown {
            id: ID,
            word: CommandWord::new(*b"AR03").unwrap(),
            body,
        })
    };
    refused(address(b"\x05\0a\0b"), EncodeError::Ambiguous);
    refused(address(&[41; 42]), EncodeError::Ambiguous);
    assert_eq!(address(b"\x04\0(\0)").encode(&mut out), Ok(17 + 5 + 1));
    assert_eq!(address(b"\x02\0(\0)").encode(&mut out), Ok(17 + 5 + 1));
    assert_eq!(address(b"").encode(&mut out), Ok(18));
    for word in [b"aR00", b"CR00", b"B000", b"BR0a", b"BR0 "] {
        assert_eq!(CommandWord::new(*word), None);
    }
}

#[test]
fn identities_are_made_from_numbers() {
    for (number, expected) in [
        ("355227040012346", Some(("027040012346", "355227040012346"))),
        ("000013612345678", Some(("013612345678", "000013612345678"))),
        ("027040012346", Some(("027040012346", "000027040012346"))),
        ("13612345678", Some(("013612345678", "000013612345678"))),
        ("7", Some(("000000000007", "000000000000007"))),
        ("1234567890123", None),
        ("12345678901234", None),
        ("1234567890123456", None),
    ] {
        let identity = Identity::new(id(number));
        match expected {
            Some((id, field)) => {
                let identity = identity.unwrap();
                assert_eq!(identity.id(), id.as_bytes(), "{number}");
                assert_eq!(identity.field(), field.as_bytes(), "{number}");
            }
            None => assert_eq!(identity, Err(EncodeError::DeviceId { digits: 12 })),
        }
    }
}

#[test]
fn coordinates_are_made_from_angles() {
    for (units, degrees, minutes, positive) in [
        (0, 0, "00.0000", true),
        // Rounded to the nearest, halves up.
        (149, 0, "00.0000", true),
        (150, 0, "00.0001", true),
        (-150, 0, "00.0001", false),
        // 59.99995 minutes become the next degree.
        (179_999_850, 1, "00.0000", true),
        (90 * 180_000_000, 90, "00.0000", true),
    ] {
        let expected = Coordinate {
            degrees,
            minutes: decimal(minutes),
            positive,
        };
        assert_eq!(
            Coordinate::from(Latitude::from_units(units).unwrap()),
            expected
        );
        assert_eq!(
            Coordinate::from(Longitude::from_units(units).unwrap()),
            expected
        );
    }
    let west = Longitude::from_degrees(-180.0).unwrap();
    assert_eq!(Coordinate::from(west).degrees, 180);
}

#[test]
fn blocks_are_made_from_plain_values() {
    let time = DateTime::new(2026, 5, 4, 7, 30, 9).unwrap();
    let place = Position::from_degrees(-33.9, 18.425).unwrap();
    let rest = LocationBlock::new(time, place, false);
    let text = |block| encode(&Location::new(ID, LocationKind::Last, block).into());
    assert_eq!(
        text(rest),
        "(027042411793BR02260504V3354.0000S01825.5000E000.0073009000.0000000000L00000000)"
    );
    let moving = rest
        .with_speed(Speed::MilliKnots(50_000))
        .with_course(Course::from_ten_thousandths(2_114_950).unwrap())
        .with_io(IoStatus(*b"000005AE").with_power_cut(true))
        .with_mileage(0xEF9E_CB9C);
    assert_eq!(
        text(moving),
        "(027042411793BR02260504V3354.0000S01825.5000E092.6073009211.50100005AELEF9ECB9C)"
    );
    for (ten_thousandths, course) in [
        (3_599_949, "359.99"),
        (3_599_950, "0.00"),
        (3_600_000, "0.00"),
    ] {
        let block = rest.with_course(Course::from_ten_thousandths(ten_thousandths).unwrap());
        assert_eq!(block.course.unwrap().to_string(), course);
    }
    // 999.9 km/h fit.
    let fast = rest.with_speed(Speed::MetresPerHour(999_949));
    assert_eq!(fast.speed.unwrap().to_string(), "999.9");
    let location = Location::new(
        ID,
        LocationKind::Last,
        rest.with_speed(Speed::from_kmh(1000)),
    );
    let error = EncodeError::TooLong {
        field: "speed",
        max: 5,
    };
    assert_eq!(location.encode(&mut [0; 100]), Err(error));
}

#[test]
fn io_flags_are_set_and_read() {
    for power_cut in [false, true] {
        for ignition in [false, true] {
            let io = IoStatus(*b"220005AE")
                .with_power_cut(power_cut)
                .with_ignition(ignition);
            assert_eq!(
                (io.power_cut(), io.ignition()),
                (Some(power_cut), Some(ignition))
            );
            assert_eq!(io.as_bytes()[2..], *b"0005AE");
        }
    }
    assert_eq!(IoStatus::new(), IoStatus::default());
}

#[test]
fn cells_are_written_in_braces() {
    let mut cell = CellTower::default();
    (cell.mcc, cell.mnc, cell.lac, cell.cid) = (Some(413), Some(2), Some(30_073), Some(16_724));
    let mut other = cell;
    other.cid = Some(0);
    let mut out = [0; 64];
    let io = IoStatus::new();
    let cells = Cells::in_braces(&[cell, other], io, &mut out).unwrap();
    assert_eq!(
        cells.text,
        b",{413,2,30073,16724}\n{413,2,30073,0}\n,00000000"
    );
    let found: Vec<_> = cells.into_iter().map(|cell| cell.cell).collect();
    assert_eq!((found, cells.io()), (vec![cell, other], Some(io)));
    assert_eq!((&cells).into_iter().count(), 2);
    let text = cells.text.to_vec();
    let list = CellList::new(ID, Cells { text: &text });
    assert_eq!(parse(&encode(&list.into())), Message::CellList(list));

    let mut small = [0; 10];
    assert_eq!(
        Cells::in_braces(&[cell], io, &mut small),
        Err(EncodeError::BufferTooSmall { needed: 30 })
    );
    cell.lac = None;
    assert_eq!(
        Cells::in_braces(&[cell], io, &mut out),
        Err(EncodeError::Missing { field: "lac" })
    );
}

/// The frame that a device sends, and the reply that it waits for.
fn send(number: &str, uplink: &Uplink<'_>) -> (Vec<u8>, Option<ExpectedReply>) {
    let mut out = [0; 128];
    let mut device = Device::new(Protocol::Tk103, id(number));
    let sent = device.encode(uplink, &mut out).unwrap();
    (out[..sent.len].to_vec(), sent.expects)
}

/// Whether the session's reply to the frame is the one that the device waits for; `None` if both
/// are absent.
fn reply_is_expected(bytes: &[u8], expects: Option<ExpectedReply>) -> Option<bool> {
    let frame = gt02::Frame::parse(bytes).unwrap();
    let reply = Session::new().handle(&frame).reply;
    match (reply, expects) {
        (None, None) => None,
        (Some(reply), Some(expects)) => {
            Some(expects.is_met_by(&gt02::Frame::parse(&reply).unwrap()))
        }
        _ => Some(false),
    }
}

fn fix() -> Fix {
    let time = DateTime::new(2026, 5, 4, 7, 30, 9).unwrap();
    let mut fix = Fix::new(time, Position::from_degrees(-33.9, 18.425).unwrap());
    fix.speed = Some(Speed::MetresPerHour(36_500));
    fix.course = Course::from_ten_thousandths(2_114_900);
    fix
}

const NUMBERS: [(&str, &str, Option<&str>); 2] = [
    ("355227040012346", "027040012346", Some("355227040012346")),
    ("027040012346", "027040012346", None),
];

#[test]
fn logins_and_heartbeats_of_a_device() {
    for (number, header, imei) in NUMBERS {
        for (uplink, kind) in [
            (Uplink::Login, Kind::Login),
            (Uplink::Heartbeat(Status::new()), Kind::Heartbeat),
        ] {
            let (bytes, expects) = send(number, &uplink);
            assert_eq!(reply_is_expected(&bytes, expects), Some(true));
            let frame = gt02::Frame::parse(&bytes).unwrap();
            let report = Report::new(&frame, Direction::Up);
            assert_eq!((report.kind, report.device), (kind, Some(id(header))));
            assert_eq!(report.imei, imei.map(id));
        }
    }
    let (login, _) = send("355227040012346", &Uplink::Login);
    assert_eq!(login, b"(027040012346BP05355227040012346)");
    let (heartbeat, _) = send("27040012346", &Uplink::Heartbeat(Status::new()));
    assert_eq!(heartbeat, b"(027040012346BP00000027040012346HSO)");
}

#[test]
fn locations_of_a_device() {
    for (number, header, _) in NUMBERS {
        for valid in [false, true] {
            for resent in [false, true] {
                for ignition in [None, Some(false), Some(true)] {
                    let mut fix = fix();
                    (fix.valid, fix.resent, fix.ignition) = (valid, resent, ignition);
                    let (bytes, expects) = send(number, &Uplink::Location(fix));
                    assert_eq!(reply_is_expected(&bytes, expects), None);
                    let frame = gt02::Frame::parse(&bytes).unwrap();
                    let word = if resent { "BR01" } else { "BR00" };
                    assert_eq!(frame.message_type().unwrap().to_string(), word);
                    let report = Report::new(&frame, Direction::Up);
                    assert_eq!(report.kind, Kind::Location);
                    assert_eq!(report.device, Some(id(header)));
                    assert_eq!(report.time, Some(fix.time));
                    assert_eq!(report.position, Some(fix.position));
                    assert_eq!(report.valid, Some(valid));
                    assert_eq!(report.speed, fix.speed);
                    assert_eq!(report.course, fix.course);
                    assert_eq!(report.ignition, Some(ignition == Some(true)));
                }
            }
        }
    }
}

#[test]
fn alarms_of_a_device() {
    let alarms = [
        types::Alarm::PowerCut,
        types::Alarm::Sos,
        types::Alarm::Theft,
        types::Alarm::LowSpeed,
        types::Alarm::Overspeed,
        types::Alarm::GeofenceExit,
        types::Alarm::Vibration,
    ];
    for alarm in alarms {
        for resent in [false, true] {
            for charging in [None, Some(false), Some(true)] {
                let (mut fix, mut status) = (fix(), Status::new());
                fix.resent = resent;
                (status.charging, status.ignition) = (charging, Some(true));
                let (bytes, expects) = send("027040012346", &Uplink::Alarm { alarm, fix, status });
                let expected = if resent { None } else { Some(true) };
                assert_eq!(reply_is_expected(&bytes, expects), expected);
                let frame = gt02::Frame::parse(&bytes).unwrap();
                let report = Report::new(&frame, Direction::Up);
                assert_eq!((report.kind, report.alarm), (Kind::Alarm, Some(alarm)));
                assert_eq!(report.resent, resent.then_some(true));
                assert_eq!(
                    (report.time, report.position),
                    (Some(fix.time), Some(fix.position))
                );
                assert_eq!(report.charging, Some(charging != Some(false)));
                assert_eq!(report.ignition, Some(true));
            }
        }
    }
}

#[test]
fn uplinks_without_a_message_are_unsupported() {
    let (fix, status) = (fix(), Status::new());
    let alarm = types::Alarm::GeofenceEnter;
    let mut device = Device::new(Protocol::Tk103, id("027040012346"));
    for uplink in [Uplink::Response("ok"), Uplink::Alarm { alarm, fix, status }] {
        assert_eq!(
            device.encode(&uplink, &mut [0; 128]),
            Err(UplinkError::Unsupported {
                protocol: Protocol::Tk103
            })
        );
    }
    assert_eq!(
        device.encode(&Uplink::Login, &mut [0; 10]),
        Err(UplinkError::Encode(EncodeError::BufferTooSmall {
            needed: 33
        }))
    );
    let mut device = Device::new(Protocol::Tk103, id("1234567890123456"));
    assert_eq!(
        device.encode(&Uplink::Login, &mut [0; 128]),
        Err(UplinkError::Encode(EncodeError::DeviceId { digits: 12 }))
    );
}

/// Any id that can be sent, and some that cannot.
fn any_id() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![8 => "0[0-9]{11}", 2 => "[0-9]{10,15}", 1 => "[A-Z0-9_ ]{9,16}", 1 => "[ -~]{12}"]
        .prop_map(String::into_bytes)
}

/// Any message, made from its parts.
#[derive(Clone, Debug)]
struct Parts {
    kind: u8,
    id: Vec<u8>,
    field: Vec<u8>,
    date: Option<[u8; 3]>,
    fix: Option<bool>,
    places: [Option<(u16, u32, u8, bool)>; 2],
    speed: Option<(u32, u8)>,
    clock: Option<[u8; 3]>,
    course: Option<(u32, u8)>,
    io: Option<[u8; 8]>,
    mileage: Option<u32>,
    text: Vec<u8>,
    word: [u8; 4],
}

/// Mostly there.
fn some<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    option::weighted(0.97, strategy)
}

fn any_parts() -> impl Strategy<Value = Parts> {
    // Mostly what is sent.
    let pairs = prop_oneof![9 => [0..60_u8, 0..60_u8, 0..60_u8], 1 => any::<[u8; 3]>()];
    let place = prop_oneof![
        9 => (0..181_u16, 0..600_000_u32, Just(4_u8), any::<bool>()),
        1 => (any::<u16>(), any::<u32>(), 0..8_u8, any::<bool>())
    ];
    let number = |digits: u32, places: u8| {
        let usual = (0..digits, Just(places));
        prop_oneof![9 => usual, 1 => (any::<u32>(), 0..7_u8)]
    };
    let io = prop_oneof![9 => "[01]{2}[0-9A-Fa-f]{6}", 1 => "[ -~]{8}"]
        .prop_map(|io| io.into_bytes().try_into().unwrap());
    let text = prop_oneof![
        4 => Just(String::new()),
        2 => "T[0-9A-F]{3}",
        2 => "[ -'*-~]{0,30}",
        1 => "[ -~\n]{0,30}",
        1 => ",\\{1,2,3,4\\}\n,0[01]0{6}"
    ];
    let word = select(vec![
        "BR00", "BP05", "BV00", "BS08", "AX01", "AR03", "BR04", "AV00", "BP01",
    ])
    .prop_map(|word| word.as_bytes().try_into().unwrap());
    let head = (
        0..12_u8,
        any_id(),
        prop_oneof!["[0-9]{15}", "[0-9A-Z]{0,15}", "[ -~]{0,6}"],
        some(pairs.clone()),
        some(any::<bool>()),
    );
    let tail = (
        some(number(2000, 1)),
        some(pairs),
        some(number(36_100, 2)),
        some(io),
        some(any::<u32>()),
        text,
        word,
    );
    (head, [some(place.clone()), some(place)], tail).prop_map(
        |(
            (kind, id, field, date, fix),
            places,
            (speed, clock, course, io, mileage, text, word),
        )| Parts {
            kind,
            id,
            field: field.into_bytes(),
            date,
            fix,
            places,
            speed,
            clock,
            course,
            io,
            mileage,
            text: text.into_bytes(),
            word,
        },
    )
}

impl Parts {
    fn block(&self) -> LocationBlock<'_> {
        let number = |(mantissa, places): (u32, u8)| Decimal::new(mantissa.into(), places).unwrap();
        let place = |(degrees, minutes, places, positive)| Coordinate {
            degrees,
            minutes: number((minutes, places)),
            positive,
        };
        LocationBlock {
            date: self.date,
            fix: self.fix,
            latitude: self.places[0].map(place),
            longitude: self.places[1].map(place),
            speed: self.speed.map(number),
            clock: self.clock,
            course: self.course.map(number),
            io: self.io.map(IoStatus),
            mileage: self.mileage,
            rest: &self.text,
        }
    }

    fn message(&self) -> Message<'_> {
        let (id, text, cells) = (&*self.id, &*self.text, Cells { text: &self.text });
        match self.kind {
            0 | 1 => Message::Location(Location {
                id,
                kind: if self.kind == 0 {
                    LocationKind::Periodic
                } else {
                    LocationKind::Single
                },
                block: self.block(),
            }),
            2 => Message::Login(Login {
                id,
                field: &self.field,
                content: LoginContent::Location(self.block()),
            }),
            3 => Message::Login(Login {
                id,
                field: &self.field,
                content: LoginContent::Cells(cells),
            }),
            4 => Message::Login(Login {
                id,
                field: &self.field,
                content: LoginContent::Empty,
            }),
            5 => Message::Alarm(Alarm {
                id,
                stored: self.mileage.is_none(),
                digit: self.text.first().copied().or(Some(b'2')),
                block: self.block(),
            }),
            6 => Message::Handshake(Handshake {
                id,
                field: &self.field,
                tail: text,
            }),
            7 => Message::CellList(CellList { id, cells }),
            8 => Message::Firmware(Firmware {
                id,
                version: Text::Bytes(text),
            }),
            9 => Message::Unknown(Unknown {
                id,
                word: CommandWord::new(self.word).unwrap(),
                body: text,
            }),
            10 => {
                let [hours, minutes, high] = self.date.unwrap_or_default();
                Message::Command(Command {
                    id,
                    kind: match high % 4 {
                        0 => CommandKind::Interval {
                            seconds: u16::from(high) * 100,
                            hours,
                            minutes,
                        },
                        1 => CommandKind::SpeedLimits {
                            high: u16::from(high) * 5,
                            low: minutes.into(),
                        },
                        2 => CommandKind::Server {
                            address: [hours, minutes, high, 1],
                            port: u16::from(high) * 200,
                        },
                        _ => CommandKind::Apn(Text::Bytes(text)),
                    },
                })
            }
            _ => Message::AlarmAck(AlarmAck {
                id,
                digit: self.text.first().copied().unwrap_or(b'5'),
            }),
        }
    }
}

/// `None` takes a byte out, `Some` replaces it.
fn damage() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![
        Just(None),
        select(b" .,:0129AVNSEWLF\n\0".to_vec()).prop_map(Some),
        any::<u8>().prop_map(Some)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    #[test]
    fn built_messages_are_parsed_to_the_same_values(parts in any_parts()) {
        let message = parts.message();
        let mut out = [0; MAX_FRAME_LEN];
        if let Ok(len) = message.encode(&mut out) {
            prop_assert_eq!(len, message.encoded_len());
            prop_assert_eq!(Message::parse(&out[..len]), Ok(message));
            prop_assert_eq!(
                message.encode(&mut out[..len - 1]),
                Err(EncodeError::BufferTooSmall { needed: len })
            );
            // Exactly as long as a documented location is.
            if let Message::Location(location) = message {
                let documented = 80 - 12 + location.id.len() + location.block.rest.len();
                prop_assert!(location.block.mileage.is_none() || len == documented);
            }
        }
    }

    /// Ordinary values are not refused: the property above also holds for an encoder that refuses
    /// everything.
    #[test]
    fn ordinary_locations_are_encoded(
        mut parts in any_parts(),
        time in [0..60_u8, 0..60_u8, 0..60_u8],
        latitude in 0..91_u16,
        speed in 0..10_000_u32,
        course in prop_oneof![(0..36_000_u32, Just(2_u8)), (0..99_999_u32, 3..5_u8)],
    ) {
        parts.id = ID.to_vec();
        (parts.date, parts.clock, parts.fix) = (Some(time), Some(time), Some(true));
        parts.places = [
            Some((latitude, 187_787, 4, true)),
            Some((latitude * 2, 598_662, 4, false)),
        ];
        (parts.speed, parts.course) = (Some((speed, 1)), Some(course));
        (parts.io, parts.mileage) = (Some(*b"0100F000"), parts.mileage.or(Some(7)));
        parts.text = b"T0CD".to_vec();
        for kind in [0, 1, 2, 5] {
            parts.kind = kind;
            parts.field = b"355227045009305".to_vec();
            if kind == 5 {
                parts.text.clear();
            }
            let text = encode(&parts.message());
            prop_assert_eq!(parse(&text), parts.message());
        }
    }

    /// Frames as they are sent, with damage: never a panic, and what is encoded is read back.
    #[test]
    fn damaged_frames_are_read_as_far_as_possible(
        text in select(UP.into_iter().chain(DOWN).collect::<Vec<_>>()),
        damage in vec((any::<prop::sample::Index>(), damage()), 0..4),
    ) {
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            match byte {
                Some(byte) => bytes[place] = byte,
                None => {
                    bytes.remove(place);
                }
            }
        }
        if let Ok(frame) = Frame::parse(&bytes) {
            let message = frame.message();
            prop_assert_eq!(
                (message.id(), message.device_id(), message.direction()),
                (frame.id(), frame.device_id(), frame.direction())
            );
            let word = frame.word();
            let parts = [b"(", frame.id(), word.as_bytes(), frame.body(), b")"];
            prop_assert_eq!(parts.concat(), bytes.clone());
            if let Some(block) = message.block() {
                let _ = (block.time(), block.position(), block.speed());
                let _ = (block.course(), block.ignition());
            }
            let mut out = [0; MAX_FRAME_LEN];
            if let Ok(len) = message.encode(&mut out) {
                prop_assert_eq!(Message::parse(&out[..len]), Ok(message));
            }
            let reply = frame.reply(None);
            let is_owed = match message {
                Message::Handshake(_) | Message::Login(_) => true,
                Message::Alarm(alarm) => !alarm.stored && alarm.digit.is_some(),
                _ => false,
            };
            prop_assert_eq!(reply.is_some(), is_owed);
            if let Some(reply) = reply {
                let len = reply.encode(&mut out).expect("an id that came can go back");
                prop_assert_eq!(Message::parse(&out[..len]), Ok(reply));
                prop_assert_eq!(
                    (reply.id(), reply.direction()),
                    (frame.id(), Some(Direction::Down))
                );
            }
        }
    }

    #[test]
    fn any_bytes_can_be_parsed(bytes in vec(any::<u8>(), 0..100), body in "[ -~\n]{0,100}") {
        let _ = Message::parse(&bytes);
        for word in ["BP00", "BP05", "BR00", "BO01", "BZ00", "AX05", "AP12", "AR04"] {
            if let Ok(message) = Message::parse(format!("(027042411793{word}{body})").as_bytes()) {
                let _ = (message.encoded_len(), message.encode(&mut [0; 200]));
                if let Message::CellList(CellList { cells, .. }) = message {
                    let _ = (cells.iter().count(), cells.serving(), cells.io());
                }
            }
        }
    }
}

#[test]
fn commands_with_other_letters_or_separators_are_unknown() {
    let fence = "1,N,2232.000,2233.000,E,11401.000,11402.000";
    let is_known = |word: &str, body: &str| {
        let text = format!("(027042411793{word}{body})");
        match Message::parse(text.as_bytes()).unwrap() {
            Message::Command(_) => true,
            Message::Unknown(unknown) => {
                assert_eq!(unknown.body, body.as_bytes());
                false
            }
            other => panic!("{other:?}"),
        }
    };
    assert!(is_known("AP12", "H080L030") && is_known("AX05", fence));
    for wrong in ["X080L030", "H080X030", "H080L0301", "H080L03"] {
        assert!(!is_known("AP12", wrong), "{wrong}");
    }
    for (at, _) in fence.match_indices(',') {
        let mut wrong = fence.to_owned();
        wrong.replace_range(at..=at, ";");
        assert!(!is_known("AX05", &wrong), "{wrong}");
    }
    assert!(!is_known("AX05", &format!("{fence},")));
}
