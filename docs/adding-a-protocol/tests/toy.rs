//! The sixth protocol among the others: found, cut short, sniffed, reported, answered.

#![cfg(feature = "toy")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use gt02::{
    Decoder, Frame, Item, Protocol, Session, Sniff, protocol::toy::Message, report::Kind,
    session::Command, sniff,
};

const HELLO: &[u8] = b"{0123456789,hi,}";
const OTHER: &[u8] = b"{0123456789,say,good morning}";

/// A frame of each protocol.
const FRAMES: [(Protocol, &[u8]); 6] = [
    (
        Protocol::Gt02,
        b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a",
    ),
    (
        Protocol::Gt06,
        b"\x78\x78\x0d\x01\x01\x23\x45\x67\x89\x01\x23\x45\x00\x01\x8c\xdd\x0d\x0a",
    ),
    (Protocol::Tk103, b"(013612345678BP00013612345678HSO)"),
    (
        Protocol::V680,
        b"#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##",
    ),
    (
        Protocol::H02,
        b"*HQ,9106145555,V1,121300,A,2240.55503,N,11358.35174,E,0.85,0,100815,FFFFFBFF#",
    ),
    (Protocol::Toy, OTHER),
];

/// The frames of all protocols that are enabled.
fn enabled() -> impl Iterator<Item = &'static [u8]> {
    let enabled = FRAMES.iter().filter(|(protocol, _)| protocol.is_enabled());
    enabled.map(|&(_, frame)| frame)
}

/// Returns the frames of a stream in reads of `read` bytes, with or without its end.
fn frames(stream: &[u8], read: usize, is_ended: bool) -> Vec<Vec<u8>> {
    let mut decoder = Decoder::<260>::new();
    let (mut frames, mut len) = (Vec::new(), 0);
    let mut take = |item: Item<'_>| {
        len += item.as_bytes().len();
        if let Item::Frame(frame) = item {
            frames.push(frame.as_bytes().to_vec());
        }
    };
    for mut input in stream.chunks(read) {
        while let Some(item) = decoder.decode(&mut input) {
            take(item);
        }
    }
    if is_ended {
        while let Some(item) = decoder.finish() {
            take(item);
        }
    }
    assert_eq!(len + decoder.pending_len(), stream.len(), "nothing is lost");
    frames
}

#[test]
fn is_found_between_others() {
    for other in enabled() {
        let sent = [HELLO, other, OTHER, OTHER, other, HELLO];
        for garbage in [&b""[..], b"\r\n", b"{", b"{{01", b"{12345678901234567"] {
            let stream = sent.map(|frame| [garbage, frame].concat()).concat();
            for read in [1, 7, stream.len()] {
                assert_eq!(
                    frames(&stream, read, false),
                    sent,
                    "{}",
                    stream.escape_ascii()
                );
            }
        }
    }
}

#[test]
fn a_cut_frame_costs_only_itself() {
    let pairs = enabled().flat_map(|other| [(HELLO, other), (OTHER, other), (other, HELLO)]);
    for (first, second) in pairs {
        for cut in 1..first.len() {
            let stream = [&first[..cut], second].concat();
            for read in [1, stream.len()] {
                let found = frames(&stream, read, true);
                assert_eq!(found.last().unwrap(), second, "{}", stream.escape_ascii());
            }
        }
    }
}

#[test]
fn is_sniffed() {
    for len in 0..HELLO.len() {
        let expected = match len {
            // Up to the comma after the word.
            0..15 => Sniff::NeedMore,
            _ => Sniff::Protocol(Protocol::Toy),
        };
        assert_eq!(sniff(&HELLO[..len]), expected);
    }
    for stranger in [&b"{\"imei\":1}"[..], b"{}", b"{1234567,", b"{12345678,HI,"] {
        assert_eq!(sniff(stranger), Sniff::Foreign);
    }
}

#[test]
fn is_reported_and_answered() {
    let mut session = Session::new();
    let outcome = session.handle(&Frame::parse(HELLO).unwrap());
    assert_eq!(outcome.report.kind, Kind::Login);
    assert_eq!(outcome.reply.unwrap()[..], *b"{0123456789,ok,}");
    assert_eq!(session.protocol(), Some(Protocol::Toy));
    assert_eq!(session.device().unwrap().to_string(), "0123456789");

    let outcome = session.handle(&Frame::parse(OTHER).unwrap());
    assert_eq!(outcome.report.kind, Kind::Unknown);
    assert_eq!(outcome.report.code.unwrap().to_string(), "say");
    assert_eq!(outcome.report.text.unwrap().as_str(), Some("good morning"));
    assert_eq!(outcome.reply, None);

    // Frames that only servers send get no reply.
    assert_eq!(
        session
            .handle(&Frame::parse(b"{0123456789,ok,}").unwrap())
            .reply,
        None
    );
}

#[test]
fn is_commanded() {
    let mut session = Session::new();
    let _ = session.handle(&Frame::parse(HELLO).unwrap());
    let mut out = [0; 64];
    let len = session.command(&Command::Text("sleep"), &mut out).unwrap();
    assert_eq!(out[..len], *b"{0123456789,do,sleep}");
    assert!(session.command(&Command::Text("a}b"), &mut out).is_err());
    assert!(session.command(&Command::Locate, &mut out).is_err());
}

#[test]
fn what_was_parsed_can_be_rebuilt() {
    for bytes in [HELLO, OTHER, b"{01234567,ok,}", b"{0123456789012345,do,}"] {
        let message = Message::parse(bytes).unwrap();
        let mut out = [0; 128];
        let len = message.encode(&mut out).unwrap();
        assert_eq!((&out[..len], len), (bytes, message.encoded_len()));
    }
}
