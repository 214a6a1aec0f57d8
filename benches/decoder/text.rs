//! The text protocols and the binary form of `h02`: a stream each, every field of every frame
//! read, compared with a bare loop.

use crate::{
    READ,
    support::{
        Random, floors,
        seen::{Seen, decode_with},
        text::{Push, push_binary_h02, push_h02, push_tk103, push_v680},
    },
};
use criterion::{Criterion, Throughput};
use std::hint::black_box;

/// Frames in each stream.
const FRAMES: usize = 500_000;

/// A bare loop over a stream.
type Floor = fn(&[u8]) -> Seen;

/// What a bench decodes, and with what it is compared.
struct Work {
    name: &'static str,
    push: Push,
    floor: Option<Floor>,
    /// Whether a frame shows where it ends. Where it does not, garbage after it is part of its
    /// tail.
    has_end: bool,
}

impl Work {
    const fn new(name: &'static str, push: Push, floor: Floor) -> Self {
        Self {
            name,
            push,
            floor: Some(floor),
            has_end: true,
        }
    }
}

/// The decoder of a server: some of these frames are large.
fn decode(stream: &[u8], read: usize) -> Seen {
    decode_with::<1024>(stream, read)
}

fn stream(push: Push, garbage_percent: u64) -> (Vec<u8>, Seen) {
    let (mut random, mut garbage) = (Random(0x2828), Random(0x2323));
    let mut out = Vec::with_capacity(FRAMES * 110);
    let mut seen = Seen {
        frames: FRAMES as u64,
        ..Seen::default()
    };
    for _ in 0..FRAMES {
        if garbage.below(100) < garbage_percent {
            let len = 1 + garbage.below(20);
            out.extend((0..len).map(|_| garbage.byte()));
            seen.noise += len;
        }
        seen.fields = seen.fields.wrapping_add(push(&mut random, &mut out));
    }
    (out, seen)
}

pub fn decoding(criterion: &mut Criterion) {
    let works = [
        Work::new("tk103", push_tk103, floors::tk103),
        Work::new("v680", push_v680, floors::v680),
        Work::new("h02", push_h02, floors::h02),
        Work {
            name: "h02 in binary",
            push: push_binary_h02,
            floor: None,
            has_end: false,
        },
    ];
    for Work {
        name,
        push,
        floor,
        has_end,
    } in works
    {
        let (clean, expected) = stream(push, 0);
        for read in [clean.len(), READ, 64, 1] {
            assert_eq!(decode(&clean, read), expected, "{name} in reads of {read}");
        }
        println!(
            "{name}: {:.1} bytes a frame",
            clean.len() as f64 / FRAMES as f64
        );

        // Criterion shows one of the two; each frame is as many bytes as that line says.
        let mut group = criterion.benchmark_group(name);
        group
            .sample_size(20)
            .throughput(Throughput::ElementsAndBytes {
                elements: FRAMES as u64,
                bytes: clean.len() as u64,
            });
        if let Some(floor) = floor {
            assert_eq!(floor(&clean).frames, expected.frames);
            group.bench_function("floor", |b| b.iter(|| floor(black_box(&clean))));
        }
        group.bench_function("whole", |b| {
            b.iter(|| decode(black_box(&clean), clean.len()))
        });
        group.bench_function("reads of 1460", |b| {
            b.iter(|| decode(black_box(&clean), READ))
        });
        group.bench_function("reads of 64", |b| b.iter(|| decode(black_box(&clean), 64)));
        if has_end {
            let (dirty, expected) = stream(push, 1);
            assert_eq!(
                decode(&dirty, READ),
                expected,
                "garbage between frames costs no frame"
            );
            group.bench_function("reads of 1460, 1 % garbage", |b| {
                b.iter(|| decode(black_box(&dirty), READ))
            });
        }
        group.finish();
    }
}
