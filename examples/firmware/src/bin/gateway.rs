//! A gateway: trackers on a serial port are answered, and their frames go on.
//!
//! The main loop sleeps until the interrupt of the port has put bytes into the ring, hands them to
//! the decoder in pieces as they come, and sends the replies back.

#![no_std]
#![no_main]

use gt02::{Decoder, Item, session::Reply};
use gt02_firmware_examples::{
    board::{self, MAIN},
    entry,
};

/// The largest frames of `gt06` that a device of the vendor documents sends have 260 bytes.
type Frames = Decoder<260>;

entry!(main, Frames);

fn main(decoder: &mut Frames) -> ! {
    board::start();
    let mut buffer = [0; 16];
    loop {
        let mut input = MAIN.read(&mut buffer);
        if input.is_empty() {
            board::wait(&[&MAIN]);
            continue;
        }
        while let Some(item) = decoder.decode(&mut input) {
            match item {
                Item::Frame(frame) => {
                    if let Some(reply) = Reply::to(&frame, None) {
                        MAIN.write(&reply);
                    }
                    forward(&frame);
                }
                // The end of a run in QEMU: an EOT by itself. It was well if no byte was lost.
                Item::Noise(noise) if noise.bytes == [4] => board::exit(!MAIN.is_lossy()),
                Item::Noise(noise) => board::log("noise", noise.bytes),
            }
        }
    }
}

/// Hands a frame on, to the network or a card: here it is logged.
#[cfg(not(feature = "defmt"))]
fn forward(frame: &gt02::Frame<'_>) {
    board::log("frame", frame.as_bytes());
}

/// Hands on what a frame reports: here it is logged.
#[cfg(feature = "defmt")]
fn forward(frame: &gt02::Frame<'_>) {
    defmt::info!("{}", gt02::Report::new(frame, gt02::Direction::Up));
}
