//! A gateway, async: trackers on a serial port are answered, and their frames go on.
//!
//! One task reads, decodes and answers. Another hands the frames on, at its own pace: while it
//! waits for the network, the first goes on reading.

#![no_std]
#![no_main]

use embassy_executor::Spawner;
use embassy_sync::{blocking_mutex::raw::CriticalSectionRawMutex, channel::Channel};
use gt02::{Decoder, Item, session::Reply};
use gt02_firmware_examples::board::{self, MAIN};
use heapless::Vec;

/// The largest frames of the vendor documents have 260 bytes.
const LARGEST: usize = 260;

/// The frames that are on their way from one task to the other.
static FRAMES: Channel<CriticalSectionRawMutex, Vec<u8, LARGEST>, 4> = Channel::new();

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    board::start();
    match forward() {
        Ok(task) => spawner.spawn(task),
        Err(_) => board::exit(false),
    }
    let (mut decoder, mut buffer) = (Decoder::<LARGEST>::new(), [0; 16]);
    loop {
        let mut input = MAIN.read_async(&mut buffer).await;
        while let Some(item) = decoder.decode(&mut input) {
            match item {
                Item::Frame(frame) => {
                    if let Some(reply) = Reply::to(&frame, None) {
                        MAIN.write(&reply);
                    }
                    // The decoder gives out no larger frame than its buffer, so it fits.
                    if let Ok(frame) = Vec::from_slice(frame.as_bytes()) {
                        FRAMES.send(frame).await;
                    }
                }
                // The end of a run in QEMU: an EOT by itself. It was well if no byte was lost.
                Item::Noise(noise) if noise.bytes == [4] => board::exit(!MAIN.is_lossy()),
                Item::Noise(noise) => board::log("noise", noise.bytes),
            }
        }
    }
}

/// Hands frames on, to the network or a card: here they are logged.
#[embassy_executor::task]
async fn forward() {
    loop {
        board::log("frame", &FRAMES.receive().await);
    }
}
