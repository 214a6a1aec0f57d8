//! Law 5: what was parsed can be rebuilt to the byte, and what is rebuilt parses to the same. Law 3: after `finish`, the next frame is
//! found whatever came before.

#![no_main]

use gt02::{Decoder, Frame, Item, protocol::gt02::Message};
use libfuzzer_sys::fuzz_target;

const HEARTBEAT: &[u8] = b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";

fuzz_target!(|data: &[u8]| {
    let mut decoder = Decoder::<260>::new();
    let mut input = data;
    while let Some(item) = decoder.decode(&mut input) {
        let Item::Frame(frame) = item else { continue };
        assert_eq!(Frame::parse(frame.as_bytes()), Ok(frame));
        let Frame::Gt02(gt02) = frame else { continue };
        let message = gt02.message();
        let mut out = [0; 260];
        assert_eq!(message.encode(&mut out), Ok(frame.as_bytes().len()));
        assert_eq!(message.encoded_len(), frame.as_bytes().len());
        assert_eq!(&out[..message.encoded_len()], frame.as_bytes());
        assert_eq!(Message::parse(&out[..message.encoded_len()]), Ok(message));
    }
    while decoder.finish().is_some() {}

    // Once the rest was given up, a frame is found.
    let mut input = HEARTBEAT;
    assert!(matches!(decoder.decode(&mut input), Some(Item::Frame(frame)) if frame.as_bytes() == HEARTBEAT));
});
