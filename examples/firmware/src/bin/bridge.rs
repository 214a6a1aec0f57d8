//! A bridge: what trackers say in `h02` goes to a server in `gt06`.
//!
//! [`MAIN`] is the tracker, [`SECOND`] the server.

#![no_std]
#![no_main]

use gt02::{
    Decoder, Item, Protocol, Report, Session,
    device::{Device, Uplink},
};
use gt02_firmware_examples::{
    board::{self, MAIN, SECOND},
    entry,
};

entry!(main);

fn main() -> ! {
    board::start();
    let (mut decoder, mut session) = (Decoder::<260>::new(), Session::new());
    let (mut device, mut buffer) = (None, [0; 16]);
    loop {
        let mut input = MAIN.read(&mut buffer);
        if input.is_empty() {
            board::wait(&[&MAIN]);
            continue;
        }
        while let Some(item) = decoder.decode(&mut input) {
            match item {
                Item::Frame(frame) => {
                    let outcome = session.handle(&frame);
                    if let Some(reply) = outcome.reply {
                        MAIN.write(&reply);
                    }
                    forward(&outcome.report, &mut device);
                    board::log("frame", frame.as_bytes());
                }
                // The end of a run in QEMU: an EOT by itself. It was well if no byte was lost.
                Item::Noise(noise) if noise.bytes == [4] => board::exit(!MAIN.is_lossy()),
                Item::Noise(noise) => board::log("noise", noise.bytes),
            }
        }
    }
}

/// Says in `gt06` what a report says. A device that was not there before logs in first.
fn forward(report: &Report<'_>, known: &mut Option<Device>) {
    let (Some(id), Some(uplink)) = (report.device, Uplink::from_report(report)) else {
        return;
    };
    let mut device = known.filter(|device| device.id() == id).unwrap_or_else(|| {
        let mut device = Device::new(Protocol::Gt06, id);
        send(&mut device, &Uplink::Login);
        device
    });
    send(&mut device, &uplink);
    *known = Some(device);
}

fn send(device: &mut Device, uplink: &Uplink<'_>) {
    let mut out = [0; 128];
    if let Ok(sent) = device.encode(uplink, &mut out) {
        SECOND.write(out.get(..sent.len).unwrap_or_default());
    }
}
