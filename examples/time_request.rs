//! Answers a device that asks for the time, with the clock of this machine.
//!
//! `cargo run --features std --example time_request -- 7878058a000688290d0a`

use gt02::{Frame, Session, types::DateTime};
use std::{error::Error, time::SystemTime};

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("usage: time_request HEX")?;
    let bytes = hex::decode(text)?;
    let frame = Frame::parse(&bytes)?;
    let now = DateTime::try_from(SystemTime::now())?;
    let outcome = Session::new().handle_at(&frame, now);
    let reply = outcome.reply.ok_or("this frame is not answered")?;
    println!("{now} UTC: {}", hex::encode(&*reply));
    Ok(())
}
