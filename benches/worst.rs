//! The worst cost of a byte: one table in nanoseconds, of good streams and hostile ones, for
//! decoders of each size and reads of each size.
//!
//! ```sh
//! cargo bench --bench worst                           # the best of many passes
//! cargo bench --bench worst -- --test                 # one pass, and only what comes out
//! cargo bench --bench worst -- climb 60 1024 1460     # looks for something worse
//! ```
//!
//! `climb SECONDS N READ` changes a stream again and again, keeps what makes it slower for
//! `Decoder<N>` in reads of `READ` bytes, and prints it. `N` is 64, 260, 1024 or 65536.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]
#![allow(clippy::panic, missing_docs)]

#[path = "support/mod.rs"]
mod support;

use gt02::Decoder;
use std::{
    env,
    hint::black_box,
    ops::RangeInclusive,
    time::{Duration, Instant},
};
use support::{
    Random,
    hostile::{HOSTILE, stream},
    kind::Kind,
};

/// The bytes of a stream.
const LEN: usize = 65_536;
/// The sizes of the reads: a byte, what a UART or a modem gives, a segment of TCP.
const READS: [usize; 3] = [1, 64, 1460];
/// Bytes that are timed together: few enough that most stretches are not interrupted.
const STRETCH: usize = 512;
/// The time for the passes of a cell.
const PATIENCE: Duration = Duration::from_millis(80);

fn main() {
    let arguments: Vec<String> = env::args()
        .skip(1)
        .filter(|name| name != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| {
        text.parse()
            .unwrap_or_else(|_| panic!("{text} is no number"))
    };
    match arguments[..] {
        [] => tables(5..=40),
        ["--test"] => tables(1..=1),
        ["climb", seconds, size, read] => {
            let (time, read) = (Duration::from_secs(number(seconds) as u64), number(read));
            match number(size) {
                64 => climb::<64>(time, read),
                260 => climb::<260>(time, read),
                1024 => climb::<1024>(time, read),
                65_536 => climb::<65_536>(time, read),
                _ => panic!("N is 64, 260, 1024 or 65536"),
            }
        }
        _ => panic!("arguments: none, --test, or climb SECONDS N READ"),
    }
}

/// Good streams and hostile ones.
fn tables(passes: RangeInclusive<usize>) {
    let good = [Kind::Gt02, Kind::Gt06, Kind::Tk103, Kind::V680, Kind::H02];
    let good = good.map(|kind| (kind.name(), kind.stream(LEN as u64 / 40, 0).bytes));
    table("good", &good, &passes);
    let hostile = HOSTILE.map(|(name, parts)| (name, stream::<LEN>(parts).to_vec()));
    table("hostile", &hostile, &passes);
}

fn table(title: &str, streams: &[(&str, Vec<u8>)], passes: &RangeInclusive<usize>) {
    let reads = "1 | 64 | 1460";
    println!("| ns a byte, {title} | N = 260: {reads} | 1024: {reads} | 65536: {reads} |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, stream) in streams {
        print!("| `{name}` |");
        cells::<260>(stream, passes);
        cells::<1024>(stream, passes);
        cells::<65_536>(stream, passes);
        println!();
    }
    println!();
}

fn cells<const N: usize>(stream: &[u8], passes: &RangeInclusive<usize>) {
    let mut decoder = Box::new(Decoder::<N>::new());
    for read in READS {
        print!(
            " {:.1} |",
            nanoseconds(&mut decoder, stream, read, passes.clone())
        );
    }
}

/// The cost of a byte: for each stretch of the stream the best of several passes, which is the one
/// that the machine disturbed least.
fn nanoseconds<const N: usize>(
    decoder: &mut Decoder<N>,
    stream: &[u8],
    // Of how many bytes.
    read: usize,
    // At least and at most.
    passes: RangeInclusive<usize>,
) -> f64 {
    let stretch = read * (STRETCH / read).max(1);
    let mut best = vec![Duration::MAX; stream.len().div_ceil(stretch)];
    let start = Instant::now();
    for pass in 1..=*passes.end() {
        let mut bytes = 0;
        for (stretch, best) in black_box(stream).chunks(stretch).zip(&mut best) {
            let start = Instant::now();
            for mut input in stretch.chunks(read) {
                while let Some(item) = decoder.decode(&mut input) {
                    bytes += item.as_bytes().len();
                }
            }
            *best = start.elapsed().min(*best);
        }
        // Less than a stretch is left, most often.
        while let Some(item) = decoder.finish() {
            bytes += item.as_bytes().len();
        }
        assert_eq!(bytes, stream.len(), "all bytes come out");
        if pass >= *passes.start() && start.elapsed() > PATIENCE {
            break;
        }
    }
    best.iter().sum::<Duration>().as_nanos() as f64 / stream.len() as f64
}

/// Searches for the stream that costs most, by small changes to the costliest one so far.
fn climb<const N: usize>(time: Duration, read: usize) {
    let mut decoder = Box::new(Decoder::<N>::new());
    let len = (2 * N).max(8192);
    let mut cost = |period: &[u8], passes| {
        let stream: Vec<u8> = period.iter().copied().cycle().take(len).collect();
        nanoseconds(&mut decoder, &stream, read, passes..=passes)
    };
    // From the worst that is known.
    let known = HOSTILE.map(|(name, parts)| {
        let period = parts.iter().flat_map(|(bytes, count)| bytes.repeat(*count));
        let period: Vec<u8> = period.collect();
        (cost(&period, 5), name, period)
    });
    let worst = known
        .into_iter()
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .unwrap();
    let (mut best, name, mut period) = worst;
    println!("from {best:.1} ns a byte: `{name}`");
    let (mut random, start) = (Random(0x1234), Instant::now());
    let mut tried = 0;
    while start.elapsed() < time {
        tried += 1;
        let mut next = period.clone();
        for _ in 0..=random.below(3) {
            change(&mut next, &mut random);
        }
        if cost(&next, 5) <= best * 1.01 {
            continue;
        }
        // The machine may have been disturbed now, or when the best was measured.
        best = best.min(cost(&period, 20));
        let sure = cost(&next, 20);
        if sure > best * 1.01 {
            (best, period) = (sure, next);
            println!(
                "{:4} s {best:8.1} ns, {} bytes",
                start.elapsed().as_secs(),
                period.len()
            );
        }
    }
    println!("{tried} streams; for Decoder<{N}> in reads of {read}, {best:.1} ns a byte at worst:");
    println!("b\"{}\"", period.escape_ascii());
}

/// Marks, headers and ends of all protocols.
const MARKS: [&[u8]; 22] = [
    b"\x78\x78",
    b"\x78\x78\x05\x01",
    b"\x78\x78\x1f\x12",
    b"\x78\x78\x00\x20\x97",
    b"\x79\x79\x00\x20",
    b"\x79\x79\x03\xf0\x94",
    b"\r\n",
    b"\x68\x68",
    b"\x68\x68\x25\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x01\x10",
    b"\x68\x68\x0f\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x01\x1a",
    b"\x88\x88\x13\x1c\x11",
    b"\x54\x68\x1a\r\n",
    b"(",
    b")",
    b"(013612345678BR00",
    b"(013612345678BR04\x10",
    b"#",
    b"##",
    b"#353588020144007#",
    b"#353588020144007##1#0000#AUT#99#",
    b"*HQ,",
    b"*HQ,1,V1,",
];

/// Changes a byte, writes a run, copies a stretch, or puts something in or takes something out.
fn change(period: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(period.len() as u64 + 1) as usize;
    let stretch = |random: &mut Random| {
        let end = random.below(period.len() as u64 + 1) as usize;
        at.min(end)..at.max(end).min(at.min(end) + 64)
    };
    match random.below(8) {
        0 | 1 => {
            let byte = random.byte();
            if let Some(old) = period.get_mut(at) {
                *old = byte;
            }
        }
        2 => {
            let range = stretch(random);
            let byte = MARKS[random.below(MARKS.len() as u64) as usize][0];
            period[range].fill(byte);
        }
        3 => {
            let copy = period[stretch(random)].to_vec();
            let to = random.below(period.len() as u64 + 1) as usize;
            period.splice(to..to, copy);
        }
        4 => {
            let range = stretch(random);
            period.drain(range);
        }
        _ => {
            let mark = MARKS[random.below(MARKS.len() as u64) as usize];
            period.splice(at..at, mark.iter().copied());
        }
    }
    period.truncate(4096);
    if period.is_empty() {
        period.push(0);
    }
}
