//! A firmware that knows where its frames begin and end, and only reads locations.

#![no_std]
#![no_main]

use gt02::protocol::gt02::Message;
use gt02_firmware::{Input, put};

/// A location: `docs/protocols/gt02.md`, "Location (10)".
static FRAME: [u8; 42] =
    *b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\x0d\x01\x0f\x13\x20\x0b\
    \x06\x17\xcc\xbe\x04\x2a\x45\x9e\x00\x00\x00\x01\x61\x6f\x00\x00\x00\x07\x0d\x0a";

#[unsafe(no_mangle)]
fn main() -> bool {
    let mut buffer = [0; 42];
    let Ok(Message::Location(location)) = Message::parse(Input::new(&FRAME).read(&mut buffer))
    else {
        return false;
    };
    put(location.latitude);
    put(location.longitude);
    put(location.status.0);
    location.time.day == 15
}
