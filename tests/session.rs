//! What a session knows of the device at the other end, and what it never answers.

#![allow(clippy::unwrap_used)]
#![cfg(all(feature = "gt06", feature = "tk103", feature = "h02"))]

use gt02::{
    Decoder, Frame, Item, Protocol, RECOMMENDED_BUFFER, Session,
    session::{Command, CommandError, Identity},
    types::DateTime,
};

const LOGIN: &[u8] = b"\x78\x78\x0d\x01\x03\x58\x91\x10\x20\x17\x65\x96\x00\x41\xf3\x5a\x0d\x0a";
/// A location, which names no device.
const LOCATION: &[u8] = b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\
    \xeb\xa7\xb9\x00\x14\x44\x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a";

const NOON: DateTime = DateTime {
    year: 26,
    month: 5,
    day: 4,
    hour: 12,
    minute: 0,
    second: 0,
};

fn frame(bytes: &[u8]) -> Frame<'_> {
    Frame::parse(bytes).unwrap()
}

/// The device that a frame is from, and what it says of it.
fn heard(session: &mut Session, bytes: &[u8]) -> (Option<String>, Identity) {
    let outcome = session.handle(&frame(bytes));
    let device = outcome.report.device.map(|device| device.to_string());
    (device, outcome.identity)
}

fn login(digits: &str) -> Vec<u8> {
    format!(
        "({digits}BP05355227045009305170909A0602.0766N08013.0997E000.6080515000.0001000000L00000000)"
    )
        .into_bytes()
}

#[test]
fn a_frame_of_another_protocol_does_not_rename_the_device() {
    let mut session = Session::new();
    let (own, _) = heard(&mut session, LOGIN);
    // One frame of somebody else, without a checksum.
    let (other, identity) = heard(&mut session, &login("027042411793"));
    assert_eq!(other.as_deref(), Some("027042411793"));
    assert_eq!(identity, Identity::First, "the first of its protocol");
    assert_eq!(heard(&mut session, LOCATION), (own, Identity::Same));
    assert_eq!(session.protocol(), Some(Protocol::Gt06));
}

#[test]
fn a_change_of_the_device_is_told() {
    let mut session = Session::new();
    let [first, second] = ["027042411793", "027042411794"].map(login);
    assert_eq!(
        heard(&mut session, b"(BALLESTEROS3BP00HSO)"),
        (None, Identity::Unknown)
    );
    assert_eq!(heard(&mut session, &first).1, Identity::First);
    assert_eq!(heard(&mut session, &first).1, Identity::Same);
    let from = "027042411793".parse().unwrap();
    assert_eq!(
        heard(&mut session, &second).1,
        Identity::Changed { from },
        "a second device on one connection"
    );
    assert_eq!(session.device().unwrap().to_string(), "027042411794");
}

#[test]
fn zeros_never_replace_an_id() {
    let mut session = Session::new();
    let zeros = login("000000000000");
    let own = login("027042411793");
    // They are better than nothing, because commands need an id.
    assert_eq!(
        heard(&mut session, &zeros),
        (Some("000000000000".to_owned()), Identity::First)
    );
    assert_eq!(heard(&mut session, &own).1, Identity::First);
    assert_eq!(
        heard(&mut session, &zeros),
        (Some("027042411793".to_owned()), Identity::Same)
    );
}

#[test]
fn an_empty_frame_does_not_take_the_commands() {
    let mut session = Session::new();
    let _ = session.handle(&frame(&login("027042411793")));
    let _ = session.handle(&frame(b"*HQ,,#"));
    assert_eq!(session.protocol(), Some(Protocol::Tk103));
    let mut out = [0; 64];
    let len = session.command(&Command::Locate, &mut out).unwrap();
    assert_eq!(&out[..len], b"(027042411793AP00)");
}

#[test]
fn zeros_of_another_protocol_do_not_take_the_commands() {
    for zeros in [
        &b"(000000000000BP00000000000000000HSO)"[..],
        b"*HQ,0000000000,V0#",
    ] {
        let mut session = Session::new();
        let (own, _) = heard(&mut session, LOGIN);
        let _ = session.handle(&frame(zeros));
        assert_eq!(session.protocol(), Some(Protocol::Gt06));
        assert_eq!(session.device().map(|device| device.to_string()), own);
        // Nor do they keep the commands of a device that is named later.
        let mut session = Session::new();
        let _ = session.handle(&frame(zeros));
        let _ = session.handle(&frame(LOGIN));
        assert_eq!(session.protocol(), Some(Protocol::Gt06));
    }
}

#[test]
fn a_clock_that_shows_no_date_is_refused() {
    let mut session = Session::new();
    let _ = session.handle(&frame(b"*HQ,1600068860,V0#"));
    let request = b"\x78\x78\x05\x8a\x00\x06\x88\x29\x0d\x0a";
    for (month, hour) in [(255, 12), (0, 12), (2, 24)] {
        let now = DateTime {
            month,
            hour,
            ..NOON
        };
        assert_eq!(session.handle_at(&frame(request), now).reply, None);
        assert_eq!(
            session.command_at(&Command::CutRelay, now, &mut [0; 64]),
            Err(CommandError::InvalidTime)
        );
    }
    assert!(session.handle_at(&frame(request), NOON).reply.is_some());
    let never = DateTime { month: 255, ..NOON };
    assert_eq!(frame(request).reply(Some(never)), None);
}

#[test]
fn two_servers_do_not_answer_each_other_for_ever() {
    // Whatever is answered: the reply to the reply is nothing, or at least a reply to that is.
    let frames: [&[u8]; 6] = [
        LOGIN,
        LOCATION,
        b"\x78\x78\x05\x01\x00\x07\xbc\xea\x0d\x0a",
        b"\x78\x78\x05\x8a\x00\x06\x88\x29\x0d\x0a",
        b"(027042411793BP00000027042411793HSO)",
        b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
    ];
    for first in frames {
        for reply_to_all in [false, true] {
            let mut sent = first.to_vec();
            let mut turns = 0;
            loop {
                let mut session = Session::new();
                if reply_to_all {
                    session = session.reply_to_all();
                }
                let mut decoder = Decoder::<RECOMMENDED_BUFFER>::new();
                let mut input = &sent[..];
                let mut reply = None;
                while let Some(item) = decoder.decode(&mut input) {
                    if let Item::Frame(frame) = item {
                        reply = session.handle_at(&frame, NOON).reply;
                    }
                }
                let Some(reply) = reply else { break };
                sent = reply.to_vec();
                turns += 1;
                assert!(turns < 3, "{first:02x?} is answered for ever");
            }
        }
    }
}
