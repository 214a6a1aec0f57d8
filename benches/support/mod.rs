//! The streams that the benches decode: frames with varied values from a fixed seed, and hostile
//! streams.

#![allow(dead_code, reason = "each bench uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unreachable
)]

pub mod floors;
pub mod hostile;
pub mod kind;
pub mod seen;
pub mod text;

use gt02::{
    protocol::{
        gt02::{Heartbeat, Location, Message, Response, Status},
        gt06::{self, Envelope},
    },
    types::{DateTime, DeviceId},
};

/// A small generator of numbers that look random (SplitMix64), the same on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub fn byte(&mut self) -> u8 {
        self.next() as u8
    }
}

fn device(random: &mut Random) -> DeviceId {
    DeviceId::from_ascii(
        format!(
            "{:015}",
            860_000_000_000_000 + random.below(9_999_999_999_999)
        )
        .as_bytes(),
    )
    .unwrap()
}

pub fn time(random: &mut Random) -> DateTime {
    DateTime {
        year: 10 + random.below(20) as u8,
        month: 1 + random.below(12) as u8,
        day: 1 + random.below(28) as u8,
        hour: random.below(24) as u8,
        minute: random.below(60) as u8,
        second: random.below(60) as u8,
    }
}

/// Appends one `gt02` frame to `out`: 90 % locations, 9 % heartbeats, 1 % responses.
pub fn push_frame(random: &mut Random, serial: u16, out: &mut Vec<u8>) {
    let device = device(random);
    let snr: Vec<u8> = (0..random.below(13))
        .map(|_| random.below(60) as u8)
        .collect();
    let message = match random.below(100) {
        0..90 => {
            let live = random.below(2) as u32;
            Message::Location(Location {
                device,
                serial,
                lac: (live * random.below(65_536) as u32) as u16,
                time: time(random),
                latitude: random.below(162_000_001) as u32,
                longitude: random.below(324_000_001) as u32,
                speed: random.below(140) as u8,
                course: random.below(361) as u16,
                mnc: (live * random.below(100) as u32) as u8,
                cell_id: (live * random.below(65_536) as u32) as u16,
                status: Status(1 | (random.below(8) as u32) << 1),
                rest: &[],
            })
        }
        90..99 => Message::Heartbeat(Heartbeat {
            device,
            serial: random.next() as u16,
            voltage_level: random.below(7) as u8,
            gsm_level: random.below(5) as u8,
            status: Some(random.below(3) as u8),
            satellites: Some(snr.len() as u8),
            snr: &snr,
        }),
        _ => Message::Response(Response {
            device,
            serial,
            word: 0,
            length: Some(7),
            content: b"APEXOK!",
        }),
    };
    let start = out.len();
    out.resize(start + message.encoded_len(), 0);
    assert_eq!(
        message.encode(&mut out[start..]),
        Ok(message.encoded_len()),
        "{message:?}"
    );
}

/// Appends one `gt06` frame to `out`: 90 % locations (`12`), 9 % heartbeats, 1 % logins.
pub fn push_gt06_frame(random: &mut Random, serial: u16, out: &mut Vec<u8>) {
    let envelope = Envelope::short(serial);
    let message = match random.below(100) {
        0..90 => gt06::Message::Location(gt06::Location {
            envelope,
            gps: gt06::Gps {
                time: time(random),
                satellites: 0xC0 | random.below(13) as u8,
                latitude: random.below(162_000_001) as u32,
                longitude: random.below(324_000_001) as u32,
                speed: random.below(140) as u8,
                course: gt06::CourseStatus(
                    0x1000 | (random.below(4) as u16) << 10 | random.below(361) as u16,
                ),
            },
            kind: gt06::LocationKind::Cell {
                lbs: Some(gt06::Lbs {
                    mcc: 200 + random.below(600) as u16,
                    mnc: random.below(100) as u16,
                    lac: random.next() as u16,
                    cell_id: random.below(1 << 24) as u32,
                }),
                mileage: None,
            },
            rest: &[],
        }),
        90..99 => gt06::Message::Heartbeat(gt06::Heartbeat {
            envelope,
            terminal: gt06::TerminalInfo(random.byte()),
            voltage_level: Some(random.below(7) as u8),
            gsm_level: Some(random.below(5) as u8),
            rest: &[0, 2],
        }),
        _ => gt06::Message::Login(gt06::Login {
            envelope,
            id: device(random).to_bcd(),
            extension: None,
            rest: &[],
        }),
    };
    let start = out.len();
    out.resize(start + message.encoded_len(), 0);
    assert_eq!(
        message.encode(&mut out[start..]),
        Ok(message.encoded_len()),
        "{message:?}"
    );
}
