//! What a server asks of a session and of a report beside the frame at hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "this is how tests fail"
)]
#![cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]

use gt02::{
    Direction, Frame, MAX_COMMAND_LEN, Protocol, Report, Session,
    device::{Device, Fix, Status, Uplink},
    protocol::{Message, gt06},
    session::{Command, CommandError, Confirms, Order, OwnedCommand, ParseCommandError, Sequence},
    sms::{self, CommandSet},
    types::{Alarm, DateTime, Position},
};
use std::time::Duration;

const ALL: [Protocol; 5] = [
    Protocol::Gt02,
    Protocol::Gt06,
    Protocol::Tk103,
    Protocol::V680,
    Protocol::H02,
];

const NOON: DateTime = DateTime {
    year: 26,
    month: 5,
    day: 4,
    hour: 12,
    minute: 0,
    second: 0,
};

fn report(bytes: &[u8]) -> Report<'_> {
    Report::new(&Frame::parse(bytes).unwrap(), Direction::Up)
}

fn encode(device: &mut Device, uplink: &Uplink<'_>) -> Vec<u8> {
    let mut out = [0; 512];
    let len = device.encode(uplink, &mut out).unwrap().len;
    out[..len].to_vec()
}

fn device(protocol: Protocol) -> Device {
    Device::new(protocol, "353588020144007".parse().unwrap())
}

fn fix(second: u8) -> Fix {
    let place = Position::from_degrees(-33.9249, 18.4241).unwrap();
    Fix::new(DateTime { second, ..NOON }, place)
}

mod order {
    use super::*;

    fn orders(frames: &[Vec<u8>]) -> Vec<(bool, Option<u16>)> {
        let mut sequence = Sequence::new();
        let note = |frame: &Vec<u8>| sequence.note(&report(frame));
        let orders = frames.iter().map(note);
        orders.map(|it: Order| (it.repeat, it.missed)).collect()
    }

    #[test]
    fn every_skipped_serial_is_counted() {
        let mut device = device(Protocol::Gt06);
        let mut frames = vec![encode(&mut device, &Uplink::Login)];
        frames.extend((0..6).map(|n| encode(&mut device, &Uplink::Location(fix(n)))));
        assert_eq!(orders(&frames)[..2], [(false, None), (false, Some(0))]);
        frames.drain(2..4);
        let expected = [None, Some(0), Some(2), Some(0), Some(0)].map(|missed| (false, missed));
        assert_eq!(orders(&frames), expected);
    }

    #[test]
    fn a_login_and_a_restart_begin_anew() {
        let [mut old, mut new] = [Protocol::Gt06; 2].map(device);
        let mut frames: Vec<_> = (0..9)
            .map(|n| encode(&mut old, &Uplink::Location(fix(n))))
            .collect();
        frames.push(encode(&mut new, &Uplink::Location(fix(9))));
        frames.push(encode(&mut new, &Uplink::Location(fix(10))));
        frames.push(encode(&mut new, &Uplink::Login));
        frames.push(encode(&mut new, &Uplink::Location(fix(11))));
        let missed: Vec<_> = orders(&frames)[8..].iter().map(|it| it.1).collect();
        // A restart is a step back.
        assert_eq!(missed, [Some(0), None, Some(0), None, Some(0)]);
    }

    #[test]
    fn the_same_bytes_are_a_repeat_and_no_gap() {
        for protocol in ALL {
            let mut device = device(protocol);
            let [first, second] =
                [0, 1].map(|second| encode(&mut device, &Uplink::Location(fix(second))));
            let frames = [&first, &second, &first, &second].map(Vec::clone);
            let repeats: Vec<_> = orders(&frames).iter().map(|it| it.0).collect();
            assert_eq!(repeats, [false, false, true, true], "{protocol}");
        }
    }

    #[test]
    fn signs_of_life_without_a_serial_are_no_repeats() {
        let alive = b"(013612345678BP00013612345678HSO)".to_vec();
        assert_eq!(orders(&[alive.clone(), alive]), [(false, None); 2]);
    }

    /// `docs/protocols/gt02.md`, "The serial".
    #[test]
    fn heartbeats_of_gt02_take_a_serial_that_they_do_not_send() {
        let location = |serial: u8, second: u8| {
            let mut device = device(Protocol::Gt02);
            let mut bytes = encode(&mut device, &Uplink::Location(fix(second)));
            bytes[14] = serial;
            bytes
        };
        let heartbeat = |memory: u16| {
            let mut bytes = b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\
                \x00\x00\x0d\x0a"
                .to_vec();
            bytes[13..15].copy_from_slice(&memory.to_be_bytes());
            bytes
        };
        let frames = [
            location(1, 1),
            heartbeat(0x00EA),
            location(3, 3),
            heartbeat(0x18F0),
            heartbeat(0xF09F),
            location(6, 6),
            location(9, 9),
        ];
        let missed: Vec<_> = orders(&frames).iter().map(|it| it.1).collect();
        let none = None;
        assert_eq!(missed, [none, none, Some(0), none, none, Some(0), Some(2)]);
    }

    #[test]
    fn what_the_server_sends_does_not_count() {
        let ack = Frame::parse(b"\x78\x78\x05\x01\x00\x05\x9f\xf8\x0d\x0a").unwrap();
        let mut sequence = Sequence::new();
        let report = Report::new(&ack, Direction::Down);
        for _ in 0..2 {
            let order = sequence.note(&report);
            assert_eq!((order.repeat, order.missed), (false, None));
        }
    }
}

mod key {
    use super::*;

    #[test]
    fn stored_or_live_is_one() {
        let mut told = 0;
        for protocol in ALL {
            let mut device = device(protocol);
            let mut fix = fix(1);
            fix.ignition = Some(false);
            let live = encode(&mut device, &Uplink::Location(fix));
            let mut late = fix;
            late.resent = true;
            let late = encode(&mut device, &Uplink::Location(late));
            let (live, late) = (report(&live), report(&late));
            assert!(live.key().is_some());
            assert_eq!(live.key(), late.key(), "{protocol}");
            told += usize::from(late.resent == Some(true));
        }
        assert!(told >= 1, "gt06 tells stored fixes");
    }

    #[test]
    fn words_of_tk103_for_a_fix_are_one() {
        let location = |word: &str| {
            format!(
                "(027028666999{word}161212A2239.7939N11413.2230E043.5075435012.9901000001L00000000)"
            )
        };
        let [live, late] = ["BR00", "BR01"].map(location);
        assert!(report(live.as_bytes()).key().is_some());
        assert_eq!(report(live.as_bytes()).key(), report(late.as_bytes()).key());
    }

    #[test]
    fn what_differs_has_another_key() {
        for protocol in ALL {
            let mut device = device(protocol);
            let mut frames = vec![
                encode(&mut device, &Uplink::Location(fix(1))),
                encode(&mut device, &Uplink::Location(fix(2))),
            ];
            let mut elsewhere = fix(1);
            elsewhere.position = Position::from_degrees(-33.9, 18.5).unwrap();
            frames.push(encode(&mut device, &Uplink::Location(elsewhere)));
            for alarm in [Alarm::Sos, Alarm::LowBattery] {
                let mut out = [0; 512];
                let uplink = Uplink::Alarm {
                    alarm,
                    fix: fix(1),
                    status: Status::default(),
                };
                if let Ok(sent) = device.encode(&uplink, &mut out) {
                    frames.push(out[..sent.len].to_vec());
                }
            }
            let mut keys: Vec<_> = frames.iter().map(|frame| report(frame).key()).collect();
            assert!(keys.len() >= 4, "{protocol} sends SOS");
            assert!(keys.iter().all(Option::is_some), "{protocol}");
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), frames.len(), "{protocol}");
        }
    }

    #[test]
    fn the_device_and_the_serial_do_not_count() {
        for protocol in ALL {
            let mut other = Device::new(protocol, "353588020144015".parse().unwrap());
            let mut device = device(protocol);
            let _ = encode(&mut other, &Uplink::Location(fix(0)));
            let uplink = Uplink::Location(fix(1));
            let [one, two] = [encode(&mut device, &uplink), encode(&mut other, &uplink)];
            assert_ne!(one, two);
            assert_eq!(report(&one).key(), report(&two).key(), "{protocol}");
        }
    }

    /// A store keeps keys for years.
    #[test]
    fn keys_do_not_change() {
        let location =
            b"(027028666999BR00161212A2239.7939N11413.2230E043.5075435012.9901000001L00000000)";
        assert_eq!(report(location).key(), Some(KEY));
    }

    const KEY: u64 = 16_059_951_789_151_169_089;

    #[test]
    fn signs_of_life_have_none() {
        for protocol in ALL {
            let mut device = device(protocol);
            for uplink in [Uplink::Login, Uplink::Heartbeat(Status::default())] {
                let mut out = [0; 512];
                if let Ok(sent) = device.encode(&uplink, &mut out) {
                    assert_eq!(
                        report(&out[..sent.len]).key(),
                        None,
                        "{protocol} {uplink:?}"
                    );
                }
            }
        }
    }
}

mod replies {
    use super::*;

    fn confirms(bytes: &[u8]) -> (Option<Confirms>, Option<u64>) {
        let mut session = Session::new();
        let outcome = session.handle_at(&Frame::parse(bytes).unwrap(), NOON);
        (
            outcome.confirms(),
            outcome.patience().map(|it| it.as_secs()),
        )
    }

    #[test]
    fn say_what_the_device_learns() {
        let alive = Some(Confirms::Alive);
        let data = Some(Confirms::Data);
        let time = Some(Confirms::Time);
        let login =
            b"\x78\x78\x0d\x01\x03\x58\x91\x10\x20\x17\x65\x96\x00\x41\xf3\x5a\x0d\x0a".as_slice();
        let rows: [(&[u8], _); 10] = [
            (login, (alive, Some(5))),
            (b"\x78\x78\x05\x8a\x00\x06\x88\x29\x0d\x0a", (time, None)),
            (
                b"\x78\x78\x25\x16\x0b\x0b\x0f\x0e\x24\x1d\xcf\x02\x7a\xc8\x87\x0c\x46\x57\xe6\x00\
                \x14\x02\x09\x01\xcc\x00\x28\x7d\x00\x1f\x72\x65\x06\x04\x01\x01\x00\x36\x56\xa4\
                \x0d\x0a",
                (data, None),
            ),
            (
                b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a",
                (alive, Some(5)),
            ),
            (b"(013612345678BP00013612345678HSO)", (alive, None)),
            (
                b"(013666666666BO012110925A1234.5678N01234.5678W000.0025948118.7200000000L000024DE)",
                (data, Some(30)),
            ),
            (
                b"(027042411793BP05355227045009305170909A0602.0766N08013.0997E000.6080515000.0001000000L00000000)",
                (data, None),
            ),
            (b"*HQ,135790246811220,HTBT,100#", (alive, None)),
            (
                b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
                (time, None),
            ),
            (b"(027042411793BR00161212A2239.7939N11413.2230E043.5075435012.9901000001L00000000)", (None, None)),
        ];
        for (bytes, expected) in rows {
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(confirms(bytes), expected, "{text}");
        }
    }

    #[test]
    fn that_hold_a_position_confirm_it() {
        let mut device = device(Protocol::Gt06);
        let location = encode(&mut device, &Uplink::Location(fix(1)));
        let outcome = Session::new()
            .reply_to_all()
            .handle(&Frame::parse(&location).unwrap());
        assert_eq!(outcome.confirms(), Some(Confirms::Data));
        assert_eq!(outcome.patience(), None::<Duration>);
    }
}

mod commands {
    use super::*;

    #[test]
    fn are_read_as_they_are_written() {
        for text in [
            "cut",
            "restore",
            "locate",
            "interval 0",
            "interval 65535",
            "clear-alarms",
            "text WHERE,666666#",
            "text  two  blanks ",
        ] {
            let command: OwnedCommand = text.parse().unwrap();
            assert_eq!(command.to_string(), text);
            assert_eq!(OwnedCommand::try_from(command.as_command()), Ok(command));
        }
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        use ParseCommandError::{Interval, Text, Value, Word};
        for (text, error) in [
            ("", Word),
            ("Cut", Word),
            (" cut", Word),
            ("cut now", Value),
            ("cut ", Value),
            ("interval", Interval),
            ("interval 65536", Interval),
            ("interval -1", Interval),
            ("interval 30 ", Interval),
            ("text", Text),
            ("text ", Text),
            ("text a\nb", Text),
            ("text é", Text),
        ] {
            assert_eq!(text.parse::<OwnedCommand>(), Err(error), "{text:?}");
        }
        let long = "a".repeat(246);
        assert_eq!(format!("text {long}").parse::<OwnedCommand>(), Err(Text));
        assert!(
            format!("text {}", &long[1..])
                .parse::<OwnedCommand>()
                .is_ok()
        );
    }

    #[test]
    fn an_sms_is_kept_as_its_text() {
        let sms = Command::Sms {
            set: CommandSet::B,
            command: sms::Command::Interval { seconds: 60 },
            password: None,
        };
        let owned = OwnedCommand::try_from(sms).unwrap();
        assert_eq!(owned.to_string(), "text TIMER,666666,,60#");
        let refused = Command::Sms {
            set: CommandSet::X,
            command: sms::Command::Interval { seconds: 60 },
            password: None,
        };
        assert_eq!(
            OwnedCommand::try_from(refused),
            Err(ParseCommandError::Text)
        );
    }

    /// The longest of each protocol has room, and some need all of it.
    #[test]
    fn have_a_known_size() {
        let text = format!("text {}", "a".repeat(245));
        let words = [
            "cut",
            "restore",
            "locate",
            "interval 65535",
            "clear-alarms",
            &text,
        ];
        let mut longest = 0;
        for protocol in ALL {
            let mut session = Session::new();
            let mut device = device(protocol);
            for uplink in [Uplink::Login, Uplink::Location(fix(1))] {
                let mut out = [0; 512];
                if let Ok(sent) = device.encode(&uplink, &mut out) {
                    let _ = session.handle(&Frame::parse(&out[..sent.len]).unwrap());
                }
            }
            assert_eq!(session.protocol(), Some(protocol));
            for word in words {
                let command: OwnedCommand = word.parse().unwrap();
                let mut out = [0; MAX_COMMAND_LEN];
                match session.command_at(&command.as_command(), NOON, &mut out) {
                    Ok(len) => longest = longest.max(len),
                    Err(CommandError::Unsupported { .. }) => {}
                    Err(error) => panic!("{protocol} {word}: {error}"),
                }
            }
        }
        assert_eq!(longest, MAX_COMMAND_LEN);
    }

    #[test]
    fn a_tag_comes_back_with_the_response() {
        let mut session = Session::new();
        let mut device = device(Protocol::Gt06);
        let login = encode(&mut device, &Uplink::Login);
        let _ = session.handle(&Frame::parse(&login).unwrap());
        let mut out = [0; MAX_COMMAND_LEN];
        let mut other = out;
        let command = Command::CutRelay;
        let len = session.command_tagged(&command, 7, None, &mut out).unwrap();
        let Message::Gt06(gt06::Message::Command(sent)) =
            Frame::parse(&out[..len]).unwrap().message()
        else {
            panic!("a command")
        };
        assert_eq!(sent.flag, 7);
        // A tag is of one command alone.
        assert_eq!(session.command(&command, &mut other), Ok(len));
        assert_ne!(out, other);

        let long = b"\x79\x79\x00\x0d\x21\x00\x00\x00\x01\x01OK!\x00\x1a\xf2\x81\x0d\x0a";
        assert_eq!(report(long).tag(), Some(1));
        assert_eq!(report(&login).tag(), None);
        assert_eq!(report(b"(013612345678BP00013612345678HSO)").tag(), None);
    }
}
