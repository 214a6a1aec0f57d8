//! Guarantee 5: a message that was parsed and encodes gives a frame that parses to the same
//! message, in the binary protocols the same bytes. Guarantee 3: after `finish`, the next frame is
//! found whatever came before.

#![no_main]

mod sealed;

use ::gt02::{
    Decoder, Frame, Item,
    protocol::{gt02, gt06, h02, tk103, v680},
};
use libfuzzer_sys::fuzz_target;

const HEARTBEAT: &[u8] =
    b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";

/// Encodes a message of a binary protocol, and parses the result.
macro_rules! assert_roundtrip {
    ($protocol:ident, $frame:expr) => {{
        let (bytes, message) = ($frame.as_bytes(), $frame.message());
        let mut out = vec![0; bytes.len()];
        assert_eq!(message.encode(&mut out), Ok(bytes.len()));
        assert_eq!((message.encoded_len(), &out[..]), (bytes.len(), bytes));
        assert_eq!($protocol::Message::parse(&out), Ok(message));
    }};
}

/// Encodes a message of a text protocol, which need not give the same bytes, and parses the result.
macro_rules! assert_reread {
    ($protocol:ident, $frame:expr) => {{
        let message = $frame.message();
        let mut out = vec![0; message.encoded_len()];
        if let Ok(len) = message.encode(&mut out) {
            assert_eq!(len, out.len());
            assert_eq!($protocol::Message::parse(&out), Ok(message));
        }
    }};
}

fuzz_target!(|data: &[u8]| {
    let data = &sealed::sealed(data)[..];
    let mut decoder = Decoder::<1024>::new();
    let mut input = data;
    while let Some(item) = decoder.decode(&mut input) {
        let Item::Frame(frame) = item else { continue };
        assert_eq!(Frame::parse(frame.as_bytes()), Ok(frame));
        match frame {
            Frame::Gt02(frame) => assert_roundtrip!(gt02, frame),
            Frame::Gt06(frame) => assert_roundtrip!(gt06, frame),
            Frame::Tk103(frame) => assert_reread!(tk103, frame),
            Frame::V680(frame) => assert_reread!(v680, frame),
            Frame::H02(frame) => assert_reread!(h02, frame),
            _ => {}
        }
    }
    while decoder.finish().is_some() {}

    // Once the rest was given up, a frame is found.
    let mut input = HEARTBEAT;
    assert!(
        matches!(decoder.decode(&mut input), Some(Item::Frame(frame)) if frame.as_bytes() == HEARTBEAT)
    );
});
