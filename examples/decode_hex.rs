//! Decodes one frame that is given in hex: its message, and its report.
//!
//! `cargo run --example decode_hex -- 78780a1344060400020042cd4b0d0a`

use gt02::{Direction, Frame, Report};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("usage: decode_hex HEX")?;
    let bytes = hex::decode(text)?;
    let frame = Frame::parse(&bytes)?;
    println!("protocol: {}", frame.protocol());
    if let Some(message_type) = frame.message_type() {
        println!("type:     {message_type}");
    }
    println!("message:  {:?}", frame.message());
    println!("report:   {:?}", Report::new(&frame, Direction::Up));
    Ok(())
}
