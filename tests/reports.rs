//! Reports and sessions of the text protocols: the fields of each report, the exact bytes of each
//! reply, and the commands.
//!
//! Titles in comments are those of the protocol's page in `docs/protocols`, whose frames and values
//! these are, or from which they are made.

#![cfg(any(feature = "tk103", feature = "v680", feature = "h02"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic
)]

use gt02::{
    Direction, Frame, Protocol, Report, Session,
    report::Kind,
    session::{Command, CommandError},
    sms::{self, CommandSet},
    types::{CellTower, DateTime, NeighbourCell, Position},
};

/// 2016-03-05 13:03:05.
const NOW: DateTime = DateTime {
    year: 16,
    month: 3,
    day: 5,
    hour: 13,
    minute: 3,
    second: 5,
};

/// A frame of `gt02` from device 358899058314017: `docs/protocols/gt02.md`, "Heartbeat (1A)".
const HEARTBEAT: &[u8] = b"\x68\x68\x13\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\x00\x1a\x04\x04\x23\x26\x1e\x29\x0d\x0a";

#[track_caller]
fn frame(text: &[u8]) -> Frame<'_> {
    Frame::parse(text).unwrap_or_else(|error| panic!("{error}: {}", text.escape_ascii()))
}

/// The report of a frame from a device, without a session.
#[track_caller]
fn up(text: &str) -> Report<'_> {
    Report::new(&frame(text.as_bytes()), Direction::Up)
}

/// What a frame from a device is answered with.
#[track_caller]
fn answer(text: &[u8], now: Option<DateTime>) -> Option<String> {
    let mut session = Session::new();
    let outcome = match now {
        Some(now) => session.handle_at(&frame(text), now),
        None => session.handle(&frame(text)),
    };
    outcome
        .reply
        .map(|reply| String::from_utf8(reply.to_vec()).unwrap())
}

/// What the session writes at this time.
fn written(
    session: &Session,
    command: Command<'_>,
    now: Option<DateTime>,
) -> Result<String, CommandError> {
    let mut out = [0; 64];
    let len = match now {
        Some(now) => session.command_at(&command, now, &mut out)?,
        None => session.command(&command, &mut out)?,
    };
    Ok(String::from_utf8(out[..len].to_vec()).unwrap())
}

/// A session that has seen one frame.
#[track_caller]
fn session_of(text: &str) -> Session {
    let mut session = Session::new();
    let _ = session.handle(&frame(text.as_bytes()));
    session
}

fn millionths(position: Option<Position>) -> Option<(i32, i32)> {
    position.map(|position| {
        (
            position.latitude.micro_degrees(),
            position.longitude.micro_degrees(),
        )
    })
}

fn cell(mcc: Option<u16>, mnc: Option<u16>, lac: u32, cid: u32) -> CellTower {
    let mut cell = CellTower::default();
    (cell.mcc, cell.mnc, cell.lac, cell.cid) = (mcc, mnc, Some(lac), Some(cid));
    cell
}

fn neighbour(cell: CellTower, rssi: Option<i16>) -> NeighbourCell {
    let mut neighbour = NeighbourCell::default();
    (neighbour.cell, neighbour.rssi) = (cell, rssi);
    neighbour
}

fn neighbours(report: &Report<'_>) -> Option<Vec<NeighbourCell>> {
    report.cells.map(|cells| cells.iter().collect())
}

/// The type, as text.
#[cfg(any(feature = "tk103", feature = "h02"))]
fn code(report: &Report<'_>) -> Option<String> {
    report.code.map(|code| code.to_string())
}

#[cfg(any(feature = "tk103", feature = "h02"))]
fn text<'a>(report: &Report<'a>) -> Option<&'a str> {
    report.text.map(|text| text.as_str().unwrap())
}

/// Texts of a device's own set, as `gt02` and `gt06` take them: no source says that the text
/// protocols do.
fn texts() -> [Command<'static>; 2] {
    [
        Command::Text("WHERE,666666#"),
        Command::Sms {
            set: CommandSet::B,
            command: sms::Command::Interval { seconds: 60 },
            password: None,
        },
    ]
}

/// The commands that all protocols have a name for.
const ORDERS: [Command<'static>; 5] = [
    Command::Locate,
    Command::CutRelay,
    Command::RestoreRelay,
    Command::Interval { seconds: 60 },
    Command::ClearAlarms,
];

#[test]
fn gt02_has_none_of_the_orders() {
    let mut session = Session::new();
    let _ = session.handle(&frame(HEARTBEAT));
    for order in ORDERS {
        assert_eq!(
            written(&session, order, Some(NOW)),
            Err(CommandError::Unsupported {
                protocol: Protocol::Gt02
            }),
            "{order:?}"
        );
    }
}

#[test]
#[cfg(feature = "gt06")]
fn gt06_is_given_intervals_by_text() {
    let mut session = Session::new();
    // `docs/protocols/gt06.md`, "Heartbeat (13)".
    let _ = session.handle(&frame(
        b"\x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x42\xcd\x4b\x0d\x0a",
    ));
    for order in [Command::Interval { seconds: 60 }, Command::ClearAlarms] {
        assert_eq!(
            written(&session, order, Some(NOW)),
            Err(CommandError::Unsupported {
                protocol: Protocol::Gt06
            }),
            "{order:?}"
        );
    }
}

#[cfg(feature = "tk103")]
mod tk103 {
    use super::*;
    use gt02::{
        protocol::tk103::MAX_REPLY_LEN,
        types::{Alarm, Course, Speed},
    };

    /// "Positions".
    const LOCATION: &str =
        "(027042411793BR00141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)";
    const HANDSHAKE: &str = "(027042411793BP00000027042411793HSO)";
    const LOGIN: &str = "(027045009305BP05355227045009305170909A0602.0766N08013.0997E000.6080515000.0001000000L00000000)";
    const LOGIN_CELLS: &str = "(027045009305BP05355227045009305,{413,2,30073,16724}\n{413,2,30073,16730}\n{413,2,30073,49860}\n,01000000)";
    const CELLS: &str = "(027045221314BZ00,{413,2,20217,49309}\n{413,2,20217,49310}\n{413,2,20217,49313}\n,01000000)";
    const STORED_ALARM: &str =
        "(013632782450BO022080524A2934.0133N10627.2544E040.0061830309.6200000000L000770EF)";

    /// The location block of `LOCATION`.
    const BLOCK: &str = "141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000";

    fn of(word: &str, body: &str) -> String {
        format!("(027042411793{word}{body})")
    }

    #[test]
    fn kinds() {
        for (word, body, kind, code) in [
            ("BP00", "HSO", Kind::Heartbeat, None),
            ("BP05", "", Kind::Login, None),
            (
                "BP05",
                &format!("000027042411793{BLOCK}"),
                Kind::Login,
                None,
            ),
            ("BR00", BLOCK, Kind::Location, None),
            ("BR01", BLOCK, Kind::Location, None),
            ("BR02", BLOCK, Kind::Location, None),
            ("BR03", BLOCK, Kind::Location, None),
            ("BP04", BLOCK, Kind::Location, None),
            ("BO01", &format!("2{BLOCK}"), Kind::Alarm, None),
            ("BO02", &format!("2{BLOCK}"), Kind::Alarm, None),
            ("BZ00", ",460,0,1,2,01000000", Kind::Cell, None),
            ("BP01", "GT02A_V02_HY", Kind::Info, Some("BP01")),
            ("BR05", "", Kind::Unknown, Some("BR05")),
            ("BV00", "1", Kind::Unknown, Some("BV00")),
        ] {
            let text = of(word, body);
            let report = up(&text);
            assert_eq!(
                (report.protocol, report.direction, report.kind),
                (Protocol::Tk103, Direction::Up, kind),
                "{text}"
            );
            assert_eq!(
                (super::code(&report).as_deref(), report.text),
                (code, None),
                "{text}"
            );
            assert_eq!(report.device.unwrap().to_string(), "027042411793", "{text}");
        }
    }

    /// They are down even where a device sends them: some devices echo.
    #[test]
    fn words_of_servers_are_down() {
        for (word, body, kind, code, text) in [
            ("AP01", "HSO", Kind::Ack, None, None),
            ("AP05", "", Kind::Ack, None, None),
            ("AS01", "2", Kind::Ack, None, None),
            ("AP00", "", Kind::Command, Some("AP00"), None),
            (
                "AR00",
                "00140024",
                Kind::Command,
                Some("AR00"),
                Some("00140024"),
            ),
            ("AV00", "1", Kind::Command, Some("AV00"), Some("1")),
            ("AX01", "7", Kind::Command, Some("AX01"), Some("7")),
            ("AP01", "", Kind::Command, Some("AP01"), None),
            ("AR03", "\x02\0A", Kind::Command, Some("AR03"), None),
        ] {
            let bytes = of(word, body);
            for direction in [Direction::Up, Direction::Down] {
                let report = Report::new(&frame(bytes.as_bytes()), direction);
                assert_eq!(
                    (report.direction, report.kind),
                    (Direction::Down, kind),
                    "{bytes}"
                );
                assert_eq!(
                    (super::code(&report).as_deref(), super::text(&report)),
                    (code, text),
                    "{bytes}"
                );
            }
        }
    }

    #[test]
    fn words_after_ids_of_any_length() {
        for id in [
            "0123456789",
            "01602009983",
            "0270424117931",
            "02704241179312",
            "355227045009305",
        ] {
            assert_eq!(
                code(&up(&format!("({id}BT00)"))).as_deref(),
                Some("BT00"),
                "{id}"
            );
        }
    }

    #[test]
    fn login_with_a_position() {
        let report = up(LOGIN);
        assert_eq!(report.kind, Kind::Login);
        assert_eq!(report.device.unwrap().to_string(), "027045009305");
        assert_eq!(report.imei.unwrap().to_string(), "355227045009305");
        assert_eq!(report.time.unwrap().to_string(), "2017-09-09T08:05:15");
        assert_eq!(millionths(report.position), Some((6_034_610, 80_218_328)));
        assert_eq!(
            (report.valid, report.speed, report.course),
            (
                Some(true),
                Some(Speed::MetresPerHour(600)),
                Course::from_ten_thousandths(0)
            )
        );
        assert_eq!(
            (report.ignition, report.charging, report.odometer),
            (Some(true), Some(true), Some(0))
        );
        assert_eq!(
            (report.resent, report.alarm, report.code),
            (None, None, None)
        );
    }

    #[test]
    fn location() {
        let report = up(
            "(013632782450BP05000013632782450101130A2234.0270N11405.9126E000.00623168.5400000005AEL0000067ET0CD)",
        );
        assert_eq!(report.time.unwrap().to_string(), "2010-11-30T06:23:16");
        assert_eq!(millionths(report.position), Some((22_567_117, 114_098_543)));
        assert_eq!(
            (report.course, report.odometer),
            (Course::from_ten_thousandths(85_400), Some(1662))
        );
        assert_eq!(
            (report.ignition, report.charging),
            (Some(false), Some(true))
        );
        let report =
            up("(027042411793BR00141026V4818.7787N01759.8662E000.0192502211.4911000000L00000000)");
        assert_eq!(
            (report.ignition, report.charging),
            (Some(true), Some(false)),
            "on battery"
        );
        assert_eq!(report.valid, Some(false));
        assert!(report.position.is_some(), "the last known one");
    }

    #[test]
    fn imei_if_the_device_goes_by_another_number() {
        let imei = |text: &str| up(text).imei.map(|imei| imei.to_string());
        assert_eq!(
            imei("(087073165262BP00352887073165262HSO018a)").as_deref(),
            Some("352887073165262")
        );
        assert_eq!(imei(LOGIN_CELLS).as_deref(), Some("355227045009305"));
        // "The id field": the 12 characters, padded; a telephone number; nothing; the device id.
        for text in [
            HANDSHAKE,
            "(027042411793BP00000013612345678HSO)",
            "(027042411793BP00HSO)",
            "(355227045009305BP00355227045009305HSO)",
        ] {
            assert_eq!(imei(text), None, "{text}");
        }
        // A guess is no IMEI that the frame carries.
        assert_eq!(imei(LOCATION), None);
    }

    #[test]
    fn zeros_without_a_fix_are_no_place() {
        let with = |fix: char| {
            format!(
                "(000000000000BR00000007{fix}0000.0000N00000.0000E000.00014039900000000L00000000)"
            )
        };
        let (without, fixed) = (with('V'), with('A'));
        let (without, fixed) = (up(&without), up(&fixed));
        assert_eq!((without.position, without.valid), (None, Some(false)));
        assert_eq!(
            (millionths(fixed.position), fixed.valid),
            (Some((0, 0)), Some(true))
        );
        assert_eq!(without.time, None, "no date");
        let equator =
            up("(000000000000BR00141026V0000.0000N00001.0000E000.0192502211.4900000000L00000000)");
        assert_eq!(millionths(equator.position), Some((0, 16_667)));
        let meridian =
            up("(000000000000BR00141026V0001.0000N00000.0000E000.0192502211.4900000000L00000000)");
        assert_eq!(millionths(meridian.position), Some((16_667, 0)));
    }

    #[test]
    fn cells() {
        let report = up(CELLS);
        let of = |cid| cell(Some(413), Some(2), 20217, cid);
        assert_eq!((report.kind, report.cell), (Kind::Cell, Some(of(49309))));
        assert_eq!(
            neighbours(&report),
            Some(vec![neighbour(of(49310), None), neighbour(of(49313), None)])
        );
        assert_eq!(
            (
                report.ignition,
                report.charging,
                report.time,
                report.position
            ),
            (Some(true), Some(true), None, None)
        );

        let report = up(LOGIN_CELLS);
        assert_eq!(
            (report.kind, report.cell),
            (Kind::Login, Some(cell(Some(413), Some(2), 30073, 16724)))
        );
        assert_eq!(
            (neighbours(&report).unwrap().len(), report.ignition),
            (2, Some(true))
        );

        assert_eq!(
            neighbours(&up("(027042411793BZ00,460,0,1,2,01000000)")),
            None,
            "one cell"
        );
        let with_signal = up("(027042411793BZ00,460,0,1a,2,70,1b,3,-8)");
        assert_eq!(
            neighbours(&with_signal),
            Some(vec![neighbour(cell(Some(460), Some(0), 0x1B, 3), Some(-8))])
        );
    }

    /// "Alarm digits".
    #[test]
    fn alarms() {
        let names = [
            (b'0', Alarm::PowerCut),
            (b'1', Alarm::Other),
            (b'2', Alarm::Sos),
            (b'3', Alarm::Theft),
            (b'4', Alarm::LowSpeed),
            (b'5', Alarm::Overspeed),
            (b'6', Alarm::GeofenceExit),
            (b'7', Alarm::Vibration),
            (b'8', Alarm::Other),
            (b'F', Alarm::Other),
        ];
        for (digit, alarm) in names {
            let digit = char::from(digit);
            for (word, resent) in [("BO01", None), ("BO02", Some(true))] {
                let text = of(word, &format!("{digit}{BLOCK}"));
                let report = up(&text);
                assert_eq!(
                    (report.alarm, report.alarm_code),
                    (Some(alarm), digit.to_digit(16).map(|code| code as u16)),
                    "{text}"
                );
                assert_eq!(
                    (report.resent, report.time.unwrap().to_string().as_str()),
                    (resent, "2014-10-26T19:25:02"),
                    "{text}"
                );
            }
        }
        let report = up(STORED_ALARM);
        assert_eq!(
            (report.kind, report.alarm, report.odometer),
            (Kind::Alarm, Some(Alarm::Sos), Some(487_663))
        );
        assert_eq!(
            (millionths(report.position), report.speed),
            (
                Some((29_566_888, 106_454_240)),
                Some(Speed::MetresPerHour(40_000))
            )
        );
    }

    /// By an old document it is the distance that triggers it.
    #[test]
    fn a_br01_does_not_say_that_it_is_resent() {
        assert_eq!(up(&of("BR01", BLOCK)).resent, None);
    }

    #[test]
    fn firmware() {
        let report = up("(027042411793BP01GT02A_V02_HY)");
        assert_eq!(
            report.details().firmware.unwrap().as_str(),
            Some("GT02A_V02_HY")
        );
    }

    /// "Answers of the server".
    #[test]
    fn answers() {
        for (text, expected) in [
            (HANDSHAKE, Some("(027042411793AP01HSO)")),
            (LOGIN, Some("(027045009305AP05)")),
            (LOGIN_CELLS, Some("(027045009305AP05)")),
            ("(087074970165BP05)", Some("(087074970165AP05)")),
            (
                "(012345678901BO012141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000)",
                Some("(012345678901AS012)"),
            ),
            // Right even when the body cannot be read; as the id came.
            ("(012345678901BO01Fx)", Some("(012345678901AS01F)")),
            ("(012345678901BO01)", None),
            ("(BALLESTEROS3BP00HSO)", Some("(BALLESTEROS3AP01HSO)")),
            ("(027061992\x0005BP00HSO)", Some("(027061992\x0005AP01HSO)")),
            ("(0123456789BP05)", Some("(0123456789AP05)")),
            (STORED_ALARM, None),
            (LOCATION, None),
            (CELLS, None),
            ("(027042411793BP01GT02A_V02_HY)", None),
            ("(027042411793BR05)", None),
        ] {
            for now in [None, Some(NOW)] {
                assert_eq!(
                    answer(text.as_bytes(), now).as_deref(),
                    expected,
                    "{text:?}"
                );
            }
        }
        let longest = answer(b"(355227045009305BP00355227045009305HSO)", None).unwrap();
        assert_eq!(
            (longest.as_str(), longest.len()),
            ("(355227045009305AP01HSO)", MAX_REPLY_LEN)
        );
    }

    #[test]
    fn echoes_are_not_answered_and_name_nobody() {
        let mut session = Session::new();
        for text in [
            "(000000000000AV001)",
            "(000000000000AP01HSO)",
            "(000000000000AP05)",
            "(000000000000AP00)",
        ] {
            let outcome = session.handle_at(&frame(text.as_bytes()), NOW);
            assert_eq!(
                (
                    outcome.reply,
                    outcome.report.direction,
                    outcome.report.device
                ),
                (None, Direction::Down, None),
                "{text}"
            );
        }
        assert_eq!((session.device(), session.protocol()), (None, None));
    }

    #[test]
    fn overheard() {
        let session = session_of(LOCATION);
        for text in ["(000000000000AP01HSO)", LOGIN] {
            let outcome = session.observe_downlink(&frame(text.as_bytes()));
            assert_eq!(
                (outcome.reply, outcome.report.direction),
                (None, Direction::Down),
                "{text}"
            );
            assert_eq!(
                outcome.report.device.unwrap().to_string(),
                "027042411793",
                "{text}"
            );
        }
    }

    #[test]
    fn device_is_carried() {
        let mut session = session_of(LOCATION);
        let outcome = session.handle(&frame(b"(BALLESTEROS3BP00HSO)"));
        assert_eq!(outcome.report.device.unwrap().to_string(), "027042411793");
        assert_eq!(
            session
                .handle(&frame(LOGIN.as_bytes()))
                .report
                .device
                .unwrap()
                .to_string(),
            "027045009305"
        );
        assert_eq!(
            session.device().unwrap().to_string(),
            "027045009305",
            "not the IMEI"
        );
        assert_eq!(session.protocol(), Some(Protocol::Tk103));
    }

    /// "Commands".
    #[test]
    fn commands() {
        let session = session_of(LOCATION);
        let expected = [
            "(027042411793AP00)",
            "(027042411793AV010)",
            "(027042411793AV011)",
            "(027042411793AR00003C0000)",
            "(027042411793AV02)",
        ];
        for (order, expected) in ORDERS.into_iter().zip(expected) {
            for now in [None, Some(NOW)] {
                assert_eq!(written(&session, order, now).as_deref(), Ok(expected));
            }
        }
        assert_eq!(
            written(&session, Command::Interval { seconds: 0 }, None).as_deref(),
            Ok("(027042411793AR0000000000)")
        );
        assert_eq!(
            written(&session, Command::Interval { seconds: u16::MAX }, None).as_deref(),
            Ok("(027042411793AR00FFFF0000)")
        );
        for text in texts() {
            assert_eq!(
                written(&session, text, Some(NOW)),
                Err(CommandError::Unsupported {
                    protocol: Protocol::Tk103
                }),
                "{text:?}"
            );
        }
        assert!(matches!(
            session.command(&Command::Locate, &mut [0; 17]),
            Err(CommandError::Encode(_))
        ));
    }

    /// The device ignores the id, so any id does if its own is not one that a frame can carry.
    #[test]
    fn commands_to_a_device_of_any_id() {
        for (id, expected) in [
            ("0123456789", "(0123456789AP00)"),
            ("355227045009305", "(355227045009305AP00)"),
            ("BALLESTEROS3", "(000000000000AP00)"),
        ] {
            let session = session_of(&format!("({id}BP00HSO)"));
            assert_eq!(
                written(&session, Command::Locate, None).as_deref(),
                Ok(expected),
                "{id}"
            );
        }
        // A frame that names nobody does not take the commands of a device that is known.
        let mut session = Session::new();
        let _ = session.handle(&frame(HEARTBEAT));
        let _ = session.handle(&frame(b"(BALLESTEROS3BP00HSO)"));
        assert_eq!(session.protocol(), Some(Protocol::Gt02));
        assert!(matches!(
            written(&session, Command::Locate, None),
            Err(CommandError::Unsupported { .. })
        ));
    }
}

#[cfg(feature = "v680")]
mod v680 {
    use super::*;
    use gt02::types::{Alarm, Course, Speed};

    /// "Report".
    const LOCATION: &str = "#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##";
    const KEEP_ALIVE: &str = "#353588020144007##";
    const SOS: &str = "#356823033087326#alexwatch#0#0000#SOS#1#0EDDD9EF#01047.4327,E,5955.9316,N,000.01,236#080513#111644##";
    const NO_PLACE: &str = "#356823033087326##0#0000#AUT#1#0EDDD9F0#,,,,,####";
    const NO_FIX: &str = "#353588020145956##1#0000#AUT#01#2340104bb6374c#00000.0000,E,0000.0000,N,0.00,0.00#000000#000000.000##";
    /// Made from the first record of a frame in "Report of several records".
    const RECORDS: &str = "#356823031166908#13001190527#0#0000#AUT#3#V#07136.4070,W,1040.0575,N,000.35,257#280813#142836\
        #72400510730208,00d36307#07136.4000,W,1041.0000,N,010.00,#280813#142846#V#,,,,,####";

    #[test]
    fn kinds() {
        for (event, kind, alarm) in [
            ("AUT", Kind::Location, None),
            ("AUTO", Kind::Location, None),
            ("SF", Kind::Location, None),
            ("SOS", Kind::Alarm, Some(Alarm::Sos)),
            ("LPD", Kind::Alarm, Some(Alarm::LowBattery)),
        ] {
            let text = LOCATION.replace("AUT", event);
            let report = up(&text);
            assert_eq!(
                (report.protocol, report.direction, report.kind, report.alarm),
                (Protocol::V680, Direction::Up, kind, alarm),
                "{text}"
            );
            assert_eq!((report.code, report.alarm_code), (None, None), "{text}");
        }
        let report = up(KEEP_ALIVE);
        assert_eq!(
            (report.kind, report.device.unwrap().to_string().as_str()),
            (Kind::Heartbeat, "353588020144007")
        );
        assert_eq!(
            (report.time, report.position, report.alarm),
            (None, None, None)
        );
    }

    #[test]
    fn location() {
        let report = up(LOCATION);
        assert_eq!(report.device.unwrap().to_string(), "353588020144007");
        assert_eq!(report.time.unwrap().to_string(), "2013-09-09T22:15:12");
        assert_eq!(millionths(report.position), Some((59_638_597, 17_813_795)));
        assert_eq!(
            (report.speed, report.course),
            (Some(Speed::MilliKnots(0)), Course::from_ten_thousandths(0))
        );
        assert_eq!(
            (report.cell, report.cells),
            (Some(cell(Some(240), Some(24), 34302, 54563)), None)
        );
        assert_eq!(report.records, None, "one place");

        let report = up(SOS);
        assert_eq!(millionths(report.position), Some((59_932_193, 10_790_545)));
        assert_eq!(
            (report.speed, report.course),
            (
                Some(Speed::MilliKnots(10)),
                Course::from_ten_thousandths(2_360_000)
            )
        );
        assert_eq!(report.cell, Some(cell(None, None, 3805, 55791)));
    }

    #[test]
    fn without_a_fix() {
        for (text, cell) in [
            (NO_PLACE, cell(None, None, 3805, 55792)),
            (NO_FIX, cell(Some(234), Some(10), 0x4BB6, 0x374C)),
        ] {
            let report = up(text);
            assert_eq!(
                (report.kind, report.time, report.position, report.records),
                (Kind::Location, None, None, None),
                "{text}"
            );
            assert_eq!(report.cell, Some(cell), "{text}");
        }
        let no_month = LOCATION.replace("#090913#", "#091313#");
        assert_eq!(up(&no_month).time, None);
    }

    /// "The flag and the V": neither is a mark of a fix.
    #[test]
    fn neither_flag_nor_v_says_valid() {
        for flag in ["0", "1", "13"] {
            for lbs in ["V", "24002485fed523"] {
                let text = LOCATION
                    .replace("##1#", &format!("##{flag}#"))
                    .replace("24002485fed523", lbs);
                assert_eq!(
                    (up(&text).valid, up(&text).position.is_some()),
                    (None, true),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn several_places() {
        let report = up(RECORDS);
        let records: Vec<_> = report.records.unwrap().iter().collect();
        let times: Vec<_> = records
            .iter()
            .map(|record| record.time.map(|time| time.to_string()))
            .collect();
        assert_eq!(
            times,
            [
                Some("2013-08-28T14:28:36".to_owned()),
                Some("2013-08-28T14:28:46".to_owned()),
                None
            ]
        );
        let places: Vec<_> = records
            .iter()
            .map(|record| millionths(record.position))
            .collect();
        assert_eq!(
            places,
            [
                Some((10_667_625, -71_606_783)),
                Some((10_683_333, -71_606_667)),
                None
            ]
        );
        let speeds: Vec<_> = records.iter().map(|record| record.speed).collect();
        assert_eq!(
            speeds,
            [
                Some(Speed::MilliKnots(350)),
                Some(Speed::MilliKnots(10_000)),
                None
            ]
        );
        let courses: Vec<_> = records.iter().map(|record| record.course).collect();
        assert_eq!(
            courses,
            [Course::from_ten_thousandths(2_570_000), None, None]
        );
        let cells: Vec<_> = records.iter().map(|record| record.cell).collect();
        assert_eq!(
            cells,
            [None, Some(cell(Some(724), Some(5), 0x1073, 0x0208)), None]
        );
        let others: Vec<_> = records
            .iter()
            .map(|record| record.cells.map(|cells| cells.iter().collect::<Vec<_>>()))
            .collect();
        assert_eq!(
            others,
            [
                None,
                Some(vec![neighbour(cell(None, None, 0x00D3, 0x6307), None)]),
                None
            ]
        );
        // The first is the report's own.
        let first = (
            report.time,
            report.position,
            report.speed,
            report.course,
            report.cell,
            report.cells,
        );
        assert_eq!(
            first,
            (
                records[0].time,
                records[0].position,
                records[0].speed,
                records[0].course,
                records[0].cell,
                records[0].cells
            )
        );
    }

    #[test]
    fn neighbours_of_the_first_place() {
        let text = LOCATION.replace("24002485fed523", "72400510730208,00d36307,10734fc4");
        let expected = [(0x00D3, 0x6307), (0x1073, 0x4FC4)]
            .map(|(lac, cid)| neighbour(cell(None, None, lac, cid), None));
        assert_eq!(neighbours(&up(&text)), Some(expected.to_vec()));
    }

    #[test]
    fn nothing_is_answered() {
        for text in [LOCATION, KEEP_ALIVE, SOS, NO_PLACE, NO_FIX, RECORDS] {
            for now in [None, Some(NOW)] {
                assert_eq!(answer(text.as_bytes(), now), None, "{text}");
            }
        }
    }

    #[test]
    fn overheard() {
        let outcome = session_of(LOCATION).observe_downlink(&frame(SOS.as_bytes()));
        assert_eq!(
            (outcome.reply, outcome.report.direction),
            (None, Direction::Down)
        );
        assert_eq!(
            outcome.report.device.unwrap().to_string(),
            "353588020144007"
        );
    }

    #[test]
    fn no_command_is_known() {
        let session = session_of(KEEP_ALIVE);
        assert_eq!(session.protocol(), Some(Protocol::V680));
        assert_eq!(session.device().unwrap().to_string(), "353588020144007");
        for order in ORDERS.into_iter().chain(texts()) {
            assert_eq!(
                written(&session, order, Some(NOW)),
                Err(CommandError::Unsupported {
                    protocol: Protocol::V680
                }),
                "{order:?}"
            );
        }
    }
}

#[cfg(feature = "h02")]
mod h02 {
    use super::*;
    use gt02::{
        protocol::h02::MAX_REPLY_LEN,
        types::MessageType,
        types::{Alarm, Course, Speed, Text},
    };

    /// "V1: position".
    const V1: &str =
        "*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#";
    const V1_CELL: &str = "*HQ,353588020068342,V1,084436,A,3257.01525,N,00655.03865,W,57.78,40,011216,FFFBFFFF,25c,a, 154,b04c#";
    const NO_FIX: &str = "*HQ,353588020068342,V1,000000,V,0.0000,0,0.0000,0,0.00,0.00,000000,ffffffff,000106,000002,000203,004c87,16#";
    const S20_DONE: &str = "*TH,2020916012,V4,S20,DONE,130305,050316,A,2212.8745,N,11346.6574,E,14.28,028,220902,F7FFFBFF#";
    const S2: &str = "*HQ,865205030330012,V4,S2,150950,151007,A,2240.55503,N,11358.35174,E,0.85,0,100815, FFFFFBFF #";
    const HTBT: &str = "*HQ,135790246811220,HTBT,100#";
    const LINK: &str = "*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#";
    /// Made from the layouts of "NBR: cells" and "V3: cells".
    const NBR: &str =
        "*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21581,27767,-70,291019,FFFFFBFF,6#";
    const V3: &str =
        "*HQ,1600068860,V3,112137,26203,2,802,23152,1,2,812,49449,3,4,0292,0,X,081116,FFFFFBFF#";
    const VP1: &str = "*hq,1600068860,VP1,A,2240.5518,N,11358.3238,E,0.00,0,100815#";
    const VP1_CELLS: &str = "*hq,1600068860,VP1,V,470,002,92,3565,0Y92,3566,1#";
    const V19: &str = "*HQ,1600068860,V19,112137,A,2240.5518,N,11358.3238,E,0.00,0,100815,555,777,89480610500392633029F,FFFFFBFF#";
    const XT: &str = "*HQ,353588020068342,XT,A,204635,1008123#";

    #[test]
    fn kinds() {
        let like_v1 = |code: &str| V1.replace("V1", code);
        let (v2, v5, v6, v8, vi1, v9) = (
            like_v1("V2"),
            like_v1("V5"),
            like_v1("V6"),
            like_v1("V8"),
            like_v1("VI1"),
            V19.replace("V19", "V9"),
        );
        for (text, kind, code) in [
            (V1, Kind::Location, None),
            (&v2, Kind::Location, None),
            (&v5, Kind::Location, None),
            (&v6, Kind::Location, None),
            (&v8, Kind::Location, None),
            (&vi1, Kind::Location, None),
            (V19, Kind::Location, None),
            (&v9, Kind::Location, None),
            (VP1, Kind::Location, None),
            (VP1_CELLS, Kind::Cell, None),
            (NBR, Kind::Cell, None),
            (V3, Kind::Cell, None),
            (LINK, Kind::Heartbeat, None),
            (HTBT, Kind::Heartbeat, None),
            ("*HQ,1600068860,#", Kind::Heartbeat, None),
            ("*HQ,1600068860,V0#", Kind::Login, None),
            (S20_DONE, Kind::Response, Some("S20")),
            ("*HQ,1600068860,SMS,ID:1600068860#", Kind::Response, None),
            (XT, Kind::Heartbeat, None),
            ("*HQ,1600068860,BS,25c,a#", Kind::Unknown, Some("BS")),
            (
                "*HQ,1600068860,BASE,152609,0,0,0,0,211014,FFFFFFFF#",
                Kind::Unknown,
                Some("BASE"),
            ),
            ("*HQ,1600068860,,1#", Kind::Unknown, Some("")),
        ] {
            let report = up(text);
            assert_eq!(
                (report.protocol, report.direction, report.kind),
                (Protocol::H02, Direction::Up, kind),
                "{text}"
            );
            assert_eq!(super::code(&report).as_deref(), code, "{text}");
            let device = text.split(',').nth(1).unwrap();
            assert_eq!(report.device.unwrap().to_string(), device, "{text}");
        }
        assert_eq!(
            up("*HQ,1600068860,BS,25c,a#").code,
            Some(MessageType::Text(Text::Bytes(b"BS")))
        );
    }

    /// What only servers send is down wherever it is seen; what is the same both ways is what it is
    /// seen as.
    #[test]
    fn directions() {
        for (text, code, parameters) in [
            ("*HQ,1600068860,S20,130305,1,1#", "S20", "130305,1,1"),
            ("*HQ,000,R12,130305#", "R12", "130305"),
            ("*HQ,000,S24,130305,internet#", "S24", "130305,internet"),
        ] {
            for direction in [Direction::Up, Direction::Down] {
                let report = Report::new(&frame(text.as_bytes()), direction);
                assert_eq!(
                    (report.direction, report.kind),
                    (Direction::Down, Kind::Command),
                    "{text}"
                );
                assert_eq!(
                    (super::code(&report).as_deref(), super::text(&report)),
                    (Some(code), Some(parameters)),
                    "{text}"
                );
            }
        }
        for direction in [Direction::Up, Direction::Down] {
            let report = Report::new(&frame(b"*HQ,1600068860,V4,V1,20160305130305#"), direction);
            assert_eq!(
                (report.direction, report.kind, report.time, report.code),
                (Direction::Down, Kind::Ack, Some(NOW), None)
            );
        }
        for text in [HTBT, "*HQ,1600068860,V0#"] {
            let report = Report::new(&frame(text.as_bytes()), Direction::Down);
            assert_eq!(
                (report.direction, report.kind),
                (Direction::Down, Kind::Ack),
                "{text}"
            );
        }
    }

    #[test]
    fn location() {
        let report = up(V1_CELL);
        assert_eq!(report.time.unwrap().to_string(), "2016-12-01T08:44:36");
        assert_eq!(millionths(report.position), Some((32_950_254, -6_917_311)));
        assert_eq!(
            (report.valid, report.speed, report.course),
            (
                Some(true),
                Some(Speed::MilliKnots(57_780)),
                Course::from_ten_thousandths(400_000)
            )
        );
        assert_eq!(
            (
                report.ignition,
                report.relay_cut,
                report.alarm,
                report.charging,
                report.armed
            ),
            (Some(true), Some(false), None, None, Some(false))
        );
        assert_eq!(
            (report.cell, report.voltage_level),
            (Some(cell(Some(0x25C), Some(0xA), 0x154, 0xB04C)), None)
        );
        assert_eq!(up(V1).ignition, Some(false));

        let report = up(
            "*HQ,4210051415,V1,164549,A,0956.3869,N,08406.7068,W,000.00,000,221215,FFFFFBFF,712,01,0,0,6#",
        );
        assert_eq!(report.voltage_level, Some(6));

        let report = up(NO_FIX);
        assert_eq!(
            (report.time, report.position, report.valid),
            (None, None, Some(false))
        );
        assert_eq!(report.cell, Some(cell(Some(262), Some(2), 515, 19591)));
    }

    #[test]
    fn zeros_without_a_fix_are_no_place() {
        let with = |fix: &str| {
            V1.replace(
                ",A,2240.55181,N,11358.32389,E",
                &format!(",{fix},0000.0000,N,00000.0000,E"),
            )
        };
        assert_eq!(up(&with("V")).position, None);
        assert_eq!((up(&with("")).position, up(&with("")).valid), (None, None));
        assert_eq!(millionths(up(&with("A")).position), Some((0, 0)));
        // "Traps": the last known position.
        let last_known = V1.replace(",A,", ",V,");
        assert_eq!(
            (up(&last_known).valid, millionths(up(&last_known).position)),
            (Some(false), Some((22_675_864, 113_972_065)))
        );
    }

    /// "Status word": a bit of 0 is active. What it means depends on the maker: `V1` is CanTrack's,
    /// the others are of devices with ten digits.
    #[test]
    fn status() {
        for (status, by_cantrack, by_ten_digits) in [
            ("FFFFFFFF", None, None),
            ("FFFFFFFE", None, Some(Alarm::Theft)),
            ("FFFFFFFD", Some(Alarm::Displacement), Some(Alarm::Sos)),
            ("FFFFFFFB", Some(Alarm::Overspeed), Some(Alarm::Overspeed)),
            (
                "FFFFFF7F",
                Some(Alarm::GeofenceExit),
                Some(Alarm::GeofenceExit),
            ),
            ("FFF7FFFF", Some(Alarm::PowerCut), Some(Alarm::PowerCut)),
        ] {
            for (text, alarm) in [
                (V1, by_cantrack),
                (LINK, by_ten_digits),
                (NBR, by_ten_digits),
                (V3, by_ten_digits),
                (V19, by_ten_digits),
                (S20_DONE, by_ten_digits),
            ] {
                let text = text.replace("FFFFFBFF", status).replace("F7FFFBFF", status);
                let report = up(&text);
                assert_eq!(
                    (report.alarm, report.ignition, report.relay_cut),
                    (alarm, Some(true), Some(false)),
                    "{text}"
                );
            }
        }
        let unread = V1.replace(",FFFFFBFF", ",FBFBBFF");
        assert_eq!(
            (
                up(&unread).alarm,
                up(&unread).ignition,
                up(&unread).relay_cut
            ),
            (None, None, None)
        );
    }

    #[test]
    fn responses() {
        let report = up(S20_DONE);
        assert_eq!(text(&report), Some("DONE"));
        assert_eq!(report.time.unwrap().to_string(), "2002-09-22T05:03:16");
        assert_eq!(
            (millionths(report.position), report.speed),
            (
                Some((22_214_575, 113_777_623)),
                Some(Speed::MilliKnots(14_280))
            )
        );
        assert_eq!(
            (report.relay_cut, report.ignition),
            (Some(true), Some(false))
        );
        let report = up(S2);
        assert_eq!(
            (
                code(&report).as_deref(),
                report.text,
                report.time.unwrap().hour
            ),
            (Some("S2"), None, 15)
        );
        let report = up("*HQ,1600068860,SMS,ID:1600068860\r\nIP:1.2.3.4,80\r\n#");
        assert_eq!(text(&report), Some("ID:1600068860\r\nIP:1.2.3.4,80\r\n"));
    }

    #[test]
    fn cells() {
        for (text, network, first, others, time) in [
            (
                NBR,
                (234, 10),
                (21580, 27766),
                vec![(21581, 27767, Some(-70))],
                Some("2019-10-29T16:04:53"),
            ),
            (
                V3,
                (262, 3),
                (802, 23152),
                vec![(812, 49449, Some(3))],
                Some("2016-11-08T11:21:37"),
            ),
            (
                VP1_CELLS,
                (470, 2),
                (92, 3565),
                vec![(92, 3566, Some(1))],
                None,
            ),
        ] {
            let report = up(text);
            let of = |lac, cid| cell(Some(network.0), Some(network.1), lac, cid);
            let others: Vec<_> = others
                .into_iter()
                .map(|(lac, cid, rssi)| neighbour(of(lac, cid), rssi))
                .collect();
            assert_eq!(
                (report.cell, neighbours(&report)),
                (Some(of(first.0, first.1)), Some(others)),
                "{text}"
            );
            assert_eq!(
                (
                    report.time.map(|time| time.to_string()).as_deref(),
                    report.position
                ),
                (time, None),
                "{text}"
            );
        }
        assert_eq!(up(NBR).voltage_level, Some(6));
        let alone = up("*HQ,7401004662,NBR,160453,234,10,0,1,21580,27766,-67,291019,FFFFFBFF,6#");
        assert_eq!((alone.cell.unwrap().cid, alone.cells), (Some(27766), None));
        assert_eq!(up(&NBR.replace("160453", "160169")).time, None, "no clock");
    }

    #[test]
    fn heartbeats() {
        let report = up(LINK);
        assert_eq!(report.time.unwrap().to_string(), "2016-11-08T11:21:37");
        assert_eq!(
            (
                report.gsm_level,
                report.satellites,
                report.voltage_level,
                report.ignition
            ),
            (Some(20), Some(8), Some(67), Some(false))
        );
        assert_eq!(
            (
                up(HTBT).voltage_level,
                up("*HQ,135790246811220,HTBT#").voltage_level
            ),
            (Some(100), None)
        );
    }

    #[test]
    fn iccid() {
        assert_eq!(
            up(V19).details().iccid.unwrap().to_string(),
            "89480610500392633029"
        );
        assert_eq!(
            millionths(up(V19).position),
            Some((22_675_863, 113_972_063))
        );
        assert_eq!(up(V1).details().iccid, None);
    }

    /// "Answers".
    #[test]
    fn answers() {
        for (text, without, with) in [
            (V1, None, Some("*HQ,865205030330012,V4,V1,20160305130305#")),
            (
                NO_FIX,
                None,
                Some("*HQ,353588020068342,V4,V1,20160305130305#"),
            ),
            (NBR, None, Some("*HQ,7401004662,V4,NBR,20160305130305#")),
            (
                "*TH,2020916012,V1,#",
                None,
                Some("*TH,2020916012,V4,V1,20160305130305#"),
            ),
            (
                "*HQ,,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
                None,
                Some("*HQ,,V4,V1,20160305130305#"),
            ),
            (
                "*HQ,1600068860,V0#",
                Some("*HQ,1600068860,V0#"),
                Some("*HQ,1600068860,V0#"),
            ),
            (HTBT, Some(HTBT), Some(HTBT)),
            (VP1, None, None),
            (V3, None, None),
            (V19, None, None),
            (LINK, None, None),
            (S20_DONE, None, None),
            (XT, None, None),
            ("*HQ,1600068860,#", None, None),
            ("*HQ,1600068860,SMS,V1#", None, None),
        ] {
            assert_eq!(answer(text.as_bytes(), None).as_deref(), without, "{text}");
            assert_eq!(
                answer(text.as_bytes(), Some(NOW)).as_deref(),
                with,
                "{text}"
            );
        }
        let longest = answer(b"*HQ,abcdefghijklmnopqrst,NBR#", Some(NOW)).unwrap();
        assert_eq!(
            (longest.as_str(), longest.len()),
            (
                "*HQ,abcdefghijklmnopqrst,V4,NBR,20160305130305#",
                MAX_REPLY_LEN
            )
        );
    }

    #[test]
    fn what_is_down_is_not_answered_and_names_nobody() {
        let mut session = Session::new();
        for text in [
            "*HQ,1600068860,V4,V1,20160305130305#",
            "*HQ,1600068860,S20,130305,1,1#",
            "*HQ,000,R12,130305#",
        ] {
            let outcome = session.handle_at(&frame(text.as_bytes()), NOW);
            assert_eq!(
                (
                    outcome.reply,
                    outcome.report.direction,
                    outcome.report.device
                ),
                (None, Direction::Down, None),
                "{text}"
            );
        }
        assert_eq!((session.device(), session.protocol()), (None, None));
        let session = session_of(LINK);
        for text in [V1, HTBT, "*HQ,1,V0#", "*HQ,000,R12,130305#"] {
            let outcome = session.observe_downlink(&frame(text.as_bytes()));
            assert_eq!(
                (outcome.reply, outcome.report.direction),
                (None, Direction::Down),
                "{text}"
            );
            assert_eq!(
                outcome.report.device.unwrap().to_string(),
                "1600068860",
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_is_made_up() {
        // A cell in hexadecimal, also one whose third number has a space before it; an empty place;
        // an empty type.
        let report = up(
            "*HQ,353505220903211,V3,075228,A,5227.5039,N,01032.8443,E,0.00,0,231013,FFFBFFFF,106,14, 201,2173#",
        );
        assert_eq!(report.cell, Some(cell(Some(262), Some(20), 513, 8563)));
        let report = up("*HQ,1600068860,V1,145452,V,,,,,,,100815,FFFFFBFF#");
        assert_eq!(
            (report.valid, report.position, report.speed, report.course),
            (Some(false), None, None, None)
        );
        let report = up("*HQ,1600068860,,x#");
        assert_eq!(
            (report.kind, code(&report).as_deref()),
            (Kind::Unknown, Some(""))
        );
    }

    #[test]
    fn device_is_carried() {
        let mut session = session_of(LINK);
        let outcome = session.handle(&frame(
            b"*HQ,,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
        ));
        assert_eq!(outcome.report.device.unwrap().to_string(), "1600068860");
        let _ = session.handle(&frame(V1.as_bytes()));
        assert_eq!(
            (
                session.device().unwrap().to_string().as_str(),
                session.protocol()
            ),
            ("865205030330012", Some(Protocol::H02))
        );
    }

    /// "Commands".
    #[test]
    fn commands() {
        let unsupported = CommandError::Unsupported {
            protocol: Protocol::H02,
        };
        let session = session_of(LINK);
        let expected = [
            Err(unsupported),
            Ok("*HQ,1600068860,S20,130305,1,1#"),
            Ok("*HQ,1600068860,S20,130305,0,0#"),
            Ok("*HQ,1600068860,S17,130305,60#"),
            Ok("*HQ,1600068860,R7,130305#"),
        ];
        for (order, expected) in ORDERS.into_iter().zip(expected) {
            assert_eq!(
                written(&session, order, Some(NOW)),
                expected.map(str::to_owned),
                "{order:?}"
            );
            let without_time = expected.and(Err(CommandError::NoTime));
            assert_eq!(
                written(&session, order, None),
                without_time.map(|()| String::new()),
                "{order:?}"
            );
        }
        for text in texts() {
            assert_eq!(
                written(&session, text, Some(NOW)),
                Err(unsupported),
                "{text:?}"
            );
        }
        assert!(matches!(
            session.command_at(&Command::CutRelay, NOW, &mut [0; 29]),
            Err(CommandError::Encode(_))
        ));
        let no_time = DateTime { hour: 100, ..NOW };
        assert!(matches!(
            written(&session, Command::CutRelay, Some(no_time)),
            Err(CommandError::InvalidTime)
        ));
    }

    /// The letters are those of the device; a filler stands for an id that it does not have.
    #[test]
    fn commands_repeat_the_maker() {
        for (text, expected) in [
            (S20_DONE, "*TH,2020916012,R7,130305#"),
            (VP1, "*hq,1600068860,R7,130305#"),
            ("*XY,,V0#", "*XY,000,R7,130305#"),
            ("*HQ,abc,V0#", "*HQ,000,R7,130305#"),
        ] {
            assert_eq!(
                written(&session_of(text), Command::ClearAlarms, Some(NOW)).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
        let mut session = session_of(S20_DONE);
        let _ = session.handle_at(&frame(b"*DC,000,R12,130305#"), NOW);
        assert_eq!(
            written(&session, Command::ClearAlarms, Some(NOW)).as_deref(),
            Ok("*TH,2020916012,R7,130305#"),
            "what is down says nothing"
        );
    }
}

#[cfg(all(feature = "tk103", feature = "v680", feature = "h02"))]
#[test]
fn protocols_take_turns_on_one_connection() {
    let mut session = Session::new();
    let locate = |session: &Session| written(session, Command::Locate, Some(NOW));
    assert_eq!(locate(&session), Err(CommandError::NoProtocol));
    let _ = session.handle(&frame(b"(027042411793BP00HSO)"));
    assert_eq!(locate(&session).as_deref(), Ok("(027042411793AP00)"));
    let _ = session.handle(&frame(b"*HQ,1600068860,V0#"));
    assert_eq!(
        locate(&session),
        Err(CommandError::Unsupported {
            protocol: Protocol::H02
        })
    );
    let _ = session.handle(&frame(b"#353588020144007##"));
    assert_eq!(
        locate(&session),
        Err(CommandError::Unsupported {
            protocol: Protocol::V680
        })
    );
    assert_eq!(session.device().unwrap().to_string(), "353588020144007");
}
