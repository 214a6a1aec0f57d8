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
use gt02::{Decoder, protocol::gt02::Message};
use std::hint::black_box;
use support::{
    floors,
    seen::{Seen, decode_with},
};

/// Frames in the stream that is measured.
const FRAMES: usize = 1_000_000;
/// A TCP read on an Ethernet path.
const READ: usize = 1460;

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

fn gt06_decoding(criterion: &mut Criterion) {
    let clean = support::gt06_stream(FRAMES, 0);
    let expected = floors::gt06(&clean);
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
    group.bench_function("floor", |b| b.iter(|| floors::gt06(black_box(&clean))));
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
    let expected = floors::gt02(&clean);
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
    group.bench_function("floor", |b| b.iter(|| floors::gt02(black_box(&clean))));
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
