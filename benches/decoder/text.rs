//! The text protocols: a stream each, every field of every frame read.

use crate::{
    READ, Seen, decode_with,
    support::{
        Random,
        text::{Fix, Push, number, push_h02, push_tk103, push_v680},
    },
};
use criterion::{Criterion, Throughput};
use gt02::{
    Frame,
    protocol::{h02, tk103, v680},
};
use std::hint::black_box;

/// Frames in each stream.
const FRAMES: usize = 500_000;

/// Sums every field of a text frame, so that all are read.
#[inline(always)]
pub fn fields(frame: &Frame<'_>) -> u64 {
    match frame {
        Frame::Tk103(frame) => tk103_fields(&frame.message()),
        Frame::V680(frame) => v680_fields(&frame.message()),
        Frame::H02(frame) => h02_fields(&frame.message()),
        _ => unreachable!("the streams hold these three alone"),
    }
}

#[inline]
fn tk103_fields(message: &tk103::Message<'_>) -> u64 {
    let device = number(message.device_id().unwrap());
    match message {
        tk103::Message::Location(tk103::Location { block, .. }) => Fix {
            device,
            time: block.time().unwrap(),
            valid: block.fix.unwrap(),
            position: block.position().unwrap(),
            speed: block.speed().unwrap(),
            course: block.course().unwrap(),
            other: u64::from(block.mileage.unwrap())
                + u64::from(block.io.unwrap().ignition().unwrap())
                + block.rest.len() as u64,
        }
        .sum(),
        tk103::Message::Handshake(handshake) => device + handshake.field.len() as u64,
        _ => unreachable!("no other message is in the stream"),
    }
}

#[inline]
fn v680_fields(message: &v680::Message<'_>) -> u64 {
    match message {
        v680::Message::Report(report) => {
            let header = u64::from(report.flag)
                + u64::from(report.count)
                + (report.password.as_bytes().len() + report.event.as_bytes().len()) as u64;
            let fixes = report.records.iter().map(|record| {
                let cell = record.cell().unwrap();
                Fix {
                    device: number(report.device),
                    time: record.time().unwrap(),
                    valid: true,
                    position: record.position().unwrap(),
                    speed: record.speed().unwrap(),
                    course: record.course().unwrap(),
                    other: u64::from(cell.lac.unwrap()) + u64::from(cell.cid.unwrap()),
                }
                .sum()
            });
            fixes.fold(header, u64::wrapping_add)
        }
        v680::Message::KeepAlive(keep_alive) => number(keep_alive.device),
        _ => unreachable!("no other message is in the stream"),
    }
}

#[inline]
fn h02_fields(message: &h02::Message<'_>) -> u64 {
    match message {
        h02::Message::Location(location) => {
            let gps = &location.gps;
            Fix {
                device: number(location.header.device_id().unwrap()),
                time: gps.time().unwrap(),
                valid: gps.has_fix().unwrap(),
                position: gps.position().unwrap(),
                speed: gps.speed().unwrap(),
                course: gps.course().unwrap(),
                other: u64::from(location.status.unwrap().0)
                    + location.extras.iter().count() as u64,
            }
            .sum()
        }
        h02::Message::LinkStatus(link) => number(link.header.device_id().unwrap()),
        _ => unreachable!("no other message is in the stream"),
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
    let streams: [(&str, Push); 3] = [
        ("tk103", push_tk103),
        ("v680", push_v680),
        ("h02", push_h02),
    ];
    for (name, push) in streams {
        let (clean, expected) = stream(push, 0);
        let (dirty, expected_dirty) = stream(push, 1);
        for read in [clean.len(), READ, 64, 1] {
            assert_eq!(decode(&clean, read), expected, "{name} in reads of {read}");
        }
        assert_eq!(
            decode(&dirty, READ),
            expected_dirty,
            "garbage between frames costs no frame"
        );
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
        group.finish();
    }
}
