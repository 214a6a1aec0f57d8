//! Throughput of the decoder with every field of every frame read, compared with a hand-written
//! lower bound and another crate; and throughput of hostile streams.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unreachable
)]

#[path = "../support/mod.rs"]
mod support;
mod text;
mod worst;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gt02::{
    Decoder, Frame, Item,
    protocol::{
        gt02::{Heartbeat, Location, Message},
        gt06,
    },
};
use std::hint::black_box;

/// Frames in the stream that is measured.
const FRAMES: usize = 1_000_000;
/// A TCP read on an Ethernet path.
const READ: usize = 1460;

/// The contents of a stream: the number of frames, the bytes of noise, and a sum of all fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    frames: u64,
    noise: u64,
    fields: u64,
}

impl Seen {
    #[inline(always)]
    fn item(&mut self, item: &Item<'_>) {
        match item {
            Item::Frame(Frame::Gt02(frame)) => {
                self.frames += 1;
                self.fields = self.fields.wrapping_add(fields(&frame.message()));
            }
            Item::Frame(Frame::Gt06(frame)) => {
                self.frames += 1;
                self.fields = self.fields.wrapping_add(gt06_fields(&frame.message()));
            }
            Item::Frame(frame) => {
                self.frames += 1;
                self.fields = self.fields.wrapping_add(text::fields(frame));
            }
            Item::Noise(noise) => self.noise += noise.bytes.len() as u64,
        }
    }
}

/// Sums every field of a `gt02` message, so that all are read.
#[inline]
fn fields(message: &Message<'_>) -> u64 {
    match message {
        Message::Location(Location {
            device,
            serial,
            lac,
            time,
            latitude,
            longitude,
            speed,
            course,
            mnc,
            cell_id,
            status,
            rest,
        }) => u64::from_be_bytes(device.to_bcd())
            .wrapping_add(u64::from(*serial))
            .wrapping_add(u64::from(*lac))
            .wrapping_add(u64::from(time.year) + u64::from(time.month) + u64::from(time.day))
            .wrapping_add(u64::from(time.hour) + u64::from(time.minute) + u64::from(time.second))
            .wrapping_add(u64::from(*latitude) + u64::from(*longitude))
            .wrapping_add(
                u64::from(*speed) + u64::from(*course) + u64::from(*mnc) + u64::from(*cell_id),
            )
            .wrapping_add(u64::from(status.0) + rest.len() as u64),
        Message::Heartbeat(Heartbeat {
            device,
            serial,
            voltage_level,
            gsm_level,
            status,
            satellites,
            snr,
        }) => u64::from_be_bytes(device.to_bcd())
            .wrapping_add(u64::from(*serial))
            .wrapping_add(u64::from(*voltage_level) + u64::from(*gsm_level))
            .wrapping_add(u64::from(status.unwrap_or(0)) + u64::from(satellites.unwrap_or(0)))
            .wrapping_add(snr.iter().map(|&snr| u64::from(snr)).sum::<u64>()),
        Message::Response(response) => u64::from_be_bytes(response.device.to_bcd())
            .wrapping_add(u64::from(response.serial))
            .wrapping_add(
                response
                    .text()
                    .as_bytes()
                    .iter()
                    .map(|&byte| u64::from(byte))
                    .sum::<u64>(),
            ),
        _ => unreachable!("no other message is in the stream"),
    }
}

/// Sums every field of a `gt06` message, so that all are read.
#[inline]
fn gt06_fields(message: &gt06::Message<'_>) -> u64 {
    match message {
        gt06::Message::Location(location) => {
            let gt06::Gps {
                time,
                satellites,
                latitude,
                longitude,
                speed,
                course,
            } = location.gps;
            let lbs = location.lbs().unwrap_or_default();
            (u64::from(location.envelope.serial) + u64::from(location.mileage().unwrap_or(0)))
                .wrapping_add(u64::from(time.year) + u64::from(time.month) + u64::from(time.day))
                .wrapping_add(
                    u64::from(time.hour) + u64::from(time.minute) + u64::from(time.second),
                )
                .wrapping_add(u64::from(latitude) + u64::from(longitude) + u64::from(satellites))
                .wrapping_add(u64::from(speed) + u64::from(course.0) + location.rest.len() as u64)
                .wrapping_add(
                    u64::from(lbs.mcc)
                        + u64::from(lbs.mnc)
                        + u64::from(lbs.lac)
                        + u64::from(lbs.cell_id),
                )
        }
        gt06::Message::Heartbeat(heartbeat) => (u64::from(heartbeat.envelope.serial)
            + u64::from(heartbeat.terminal.0))
        .wrapping_add(
            u64::from(heartbeat.voltage_level.unwrap_or(0))
                + u64::from(heartbeat.gsm_level.unwrap_or(0)),
        )
        .wrapping_add(
            heartbeat
                .rest
                .iter()
                .map(|&byte| u64::from(byte))
                .sum::<u64>(),
        ),
        gt06::Message::Login(login) => {
            login
                .device_id()
                .map_or(0, |device| u64::from_be_bytes(device.to_bcd()))
                + u64::from(login.envelope.serial)
        }
        _ => unreachable!("no other message is in the stream"),
    }
}

/// Decodes the stream with the crate `gt06`. Its fields have other types, among them floating
/// point, so the sum is its own.
fn peer(stream: &[u8], read: usize) -> Seen {
    use gt06_peer::Message;

    let mut decoder = gt06_peer::Decoder::new();
    let mut seen = Seen::default();
    for chunk in stream.chunks(read) {
        for message in decoder.push(chunk) {
            let fields = match message {
                Ok(Message::Location(location)) => {
                    let fix = location.fix;
                    location.imei.map_or(0, |imei| imei.len() as u64)
                        + u64::from(location.serial_number)
                        + fix.time as u64
                        + u64::from(
                            fix.satellites.unwrap_or(0) + fix.satellites_active.unwrap_or(0),
                        )
                        + (fix.latitude + fix.longitude).to_bits() % 1000
                        + u64::from(fix.speed_kmh)
                        + u64::from(fix.course)
                        + u64::from(fix.real_time_gps)
                        + u64::from(fix.gps_positioned)
                        + u64::from(fix.mcc.unwrap_or(0))
                        + u64::from(fix.mnc.unwrap_or(0))
                        + u64::from(fix.lac.unwrap_or(0))
                        + u64::from(fix.cell_id.unwrap_or(0))
                }
                Ok(Message::Status(status)) => {
                    status.imei.map_or(0, |imei| imei.len() as u64)
                        + u64::from(status.serial_number)
                        + u64::from(status.flags.ignition) * 2
                        + u64::from(status.flags.charging)
                        + status.voltage_level as u64
                        + status.gsm_signal as u64
                }
                Ok(Message::Login(login)) => {
                    login.imei.len() as u64 + u64::from(login.serial_number)
                }
                Ok(_) => unreachable!("no other message is in the stream"),
                Err(_) => {
                    seen.noise += 1;
                    continue;
                }
            };
            seen.frames += 1;
            seen.fields = seen.fields.wrapping_add(fields);
        }
    }
    seen
}

fn decode(stream: &[u8], read: usize) -> Seen {
    decode_with::<260>(stream, read)
}

#[inline]
fn decode_with<const N: usize>(stream: &[u8], read: usize) -> Seen {
    let mut decoder = Decoder::<N>::new();
    let mut seen = Seen::default();
    for chunk in stream.chunks(read) {
        let mut input = chunk;
        while let Some(item) = decoder.decode(&mut input) {
            seen.item(&item);
        }
    }
    while let Some(item) = decoder.finish() {
        seen.item(&item);
    }
    seen
}

/// The lower bound for `gt02`: finds frames by header, length and end mark in one slice, and sums
/// their fields. It carries nothing over, finds no noise, checks no id, and ignores nested frames.
fn floor(stream: &[u8]) -> Seen {
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    let word = |bytes: &[u8]| u64::from(u16::from_be_bytes(bytes.try_into().unwrap()));
    let long = |bytes: &[u8]| u64::from(u32::from_be_bytes(bytes.try_into().unwrap()));
    let mut seen = Seen::default();
    let mut rest = stream;
    while let [0x68, 0x68, length, ..] = rest {
        let total = usize::from(*length) + 5;
        let (frame, after) = rest.split_at(total);
        assert!(frame.ends_with(&[0x0D, 0x0A]));
        let device = u64::from_be_bytes(frame[5..13].try_into().unwrap());
        let body = &frame[16..total - 2];
        let envelope = device.wrapping_add(word(&frame[13..15]));
        let fields = match frame[15] {
            0x10 => {
                let body: &[u8; 24] = body.try_into().unwrap();
                word(&frame[3..5])
                    + sum(&body[..6])
                    + long(&body[6..10])
                    + long(&body[10..14])
                    + u64::from(body[14])
                    + word(&body[15..17])
                    + u64::from(body[17])
                    + word(&body[18..20])
                    + long(&body[20..24])
            }
            0x1A => sum(&frame[3..5]) + sum(body),
            _ => sum(&body[1..]),
        };
        seen.frames += 1;
        seen.fields = seen.fields.wrapping_add(envelope.wrapping_add(fields));
        rest = after;
    }
    seen
}

/// The lower bound for `gt06`, without a checksum as well.
fn gt06_floor(stream: &[u8]) -> Seen {
    let sum = |bytes: &[u8]| bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>();
    let word = |bytes: &[u8]| u64::from(u16::from_be_bytes(bytes.try_into().unwrap()));
    let long = |bytes: &[u8]| u64::from(u32::from_be_bytes(bytes.try_into().unwrap()));
    let mut seen = Seen::default();
    let mut rest = stream;
    while let [0x78, 0x78, length, ..] = rest {
        let total = usize::from(*length) + 5;
        let (frame, after) = rest.split_at(total);
        assert!(frame.ends_with(&[0x0D, 0x0A]));
        let content = &frame[4..total - 6];
        let fields = match frame[3] {
            0x12 => {
                let content: &[u8; 26] = content.try_into().unwrap();
                sum(&content[..7])
                    + long(&content[7..11])
                    + long(&content[11..15])
                    + u64::from(content[15])
                    + word(&content[16..18])
                    + word(&content[18..20])
                    + u64::from(content[20])
                    + word(&content[21..23])
                    + (long(&content[22..26]) & 0x00FF_FFFF)
            }
            0x13 => sum(content),
            _ => u64::from_be_bytes(content.try_into().unwrap()),
        };
        seen.frames += 1;
        seen.fields = seen
            .fields
            .wrapping_add(fields)
            .wrapping_add(word(&frame[total - 6..total - 4]));
        rest = after;
    }
    seen
}

fn gt06_decoding(criterion: &mut Criterion) {
    let clean = support::gt06_stream(FRAMES, 0);
    let expected = gt06_floor(&clean);
    assert_eq!(expected.frames, FRAMES as u64);
    for read in [clean.len(), READ, 64, 1] {
        assert_eq!(decode(&clean, read), expected, "reads of {read}");
    }
    assert_eq!(peer(&clean, READ).frames, FRAMES as u64);
    let dirty = support::gt06_stream(FRAMES, 1);
    let seen = decode(&dirty, READ);
    assert_eq!(
        (seen.frames, seen.fields),
        (expected.frames, expected.fields),
        "garbage between frames costs no frame"
    );
    assert!(seen.noise > 0);
    let lost = FRAMES as u64 - peer(&dirty, READ).frames;
    println!("with 1 % garbage the peer loses {lost} of {FRAMES} frames");

    let mut group = criterion.benchmark_group("gt06");
    group
        .sample_size(20)
        .throughput(Throughput::ElementsAndBytes {
            elements: FRAMES as u64,
            bytes: clean.len() as u64,
        });
    group.bench_function("floor", |b| b.iter(|| gt06_floor(black_box(&clean))));
    group.bench_function("whole", |b| {
        b.iter(|| decode(black_box(&clean), clean.len()))
    });
    group.bench_function("reads of 1460", |b| {
        b.iter(|| decode(black_box(&clean), READ))
    });
    group.bench_function("reads of 64", |b| b.iter(|| decode(black_box(&clean), 64)));
    group.bench_function("reads of 1460, 1 % garbage", |b| {
        b.iter(|| decode(black_box(&dirty), READ))
    });
    group.bench_function("the crate gt06, reads of 1460", |b| {
        b.iter(|| peer(black_box(&clean), READ))
    });
    group.bench_function("the crate gt06, reads of 1460, 1 % garbage", |b| {
        b.iter(|| peer(black_box(&dirty), READ))
    });
    group.finish();
}

fn decoding(criterion: &mut Criterion) {
    let clean = support::stream(FRAMES, 0);
    let expected = floor(&clean);
    assert_eq!(expected.frames, FRAMES as u64);
    let dirty = support::stream(FRAMES, 1);
    let garbage: Vec<u8> = {
        let mut random = support::Random(1);
        (0..clean.len()).map(|_| random.byte()).collect()
    };
    for read in [clean.len(), READ, 64, 1] {
        assert_eq!(decode(&clean, read), expected, "reads of {read}");
    }
    let seen = decode(&dirty, READ);
    assert_eq!(
        seen.frames, FRAMES as u64,
        "garbage between frames costs no frame"
    );
    assert!(seen.noise > 0);
    assert_eq!(
        decode(&garbage, READ),
        Seen {
            noise: garbage.len() as u64,
            ..Seen::default()
        }
    );

    let mut group = criterion.benchmark_group("gt02");
    group
        .sample_size(20)
        .throughput(Throughput::ElementsAndBytes {
            elements: FRAMES as u64,
            bytes: clean.len() as u64,
        });
    group.bench_function("floor", |b| b.iter(|| floor(black_box(&clean))));
    group.bench_function("whole", |b| {
        b.iter(|| decode(black_box(&clean), clean.len()))
    });
    group.bench_function("reads of 1460", |b| {
        b.iter(|| decode(black_box(&clean), READ))
    });
    group.bench_function("reads of 64", |b| b.iter(|| decode(black_box(&clean), 64)));
    group.bench_function("reads of 1460, 1 % garbage", |b| {
        b.iter(|| decode(black_box(&dirty), READ))
    });
    group.bench_function("reads of 1", |b| b.iter(|| decode(black_box(&clean), 1)));
    group.finish();

    let mut group = criterion.benchmark_group("gt02/noise");
    group
        .sample_size(20)
        .throughput(Throughput::Bytes(clean.len() as u64));
    group.bench_function("garbage", |b| b.iter(|| decode(black_box(&garbage), READ)));
    group.finish();
}

fn encoding(criterion: &mut Criterion) {
    let stream = support::stream(FRAMES, 0);
    let mut decoder = Decoder::<260>::new();
    let mut input = &stream[..];
    let mut messages = Vec::with_capacity(FRAMES);
    // Decoded from one slice, so every frame is borrowed from there.
    let mut rest = &stream[..];
    while let Some(item) = decoder.decode(&mut input) {
        let (frame, after) = rest.split_at(item.as_bytes().len());
        messages.push(Message::parse(frame).unwrap());
        rest = after;
    }
    let encode = |out: &mut Vec<u8>| {
        let mut at = 0;
        for message in &messages {
            at += message.encode(&mut out[at..]).unwrap();
        }
        at
    };
    let mut out = vec![0; stream.len()];
    assert_eq!(encode(&mut out), stream.len());
    assert!(out == stream, "encoding gives the stream back");

    let mut group = criterion.benchmark_group("gt02/encode");
    group
        .sample_size(20)
        .throughput(Throughput::ElementsAndBytes {
            elements: FRAMES as u64,
            bytes: stream.len() as u64,
        });
    group.bench_function("all", |b| {
        b.iter_batched_ref(
            || vec![0; stream.len()],
            |out| encode(black_box(out)),
            BatchSize::LargeInput,
        )
    });
    group.finish();
}

criterion_group!(
    benches,
    decoding,
    gt06_decoding,
    text::decoding,
    worst::hostile,
    encoding
);
criterion_main!(benches);
