//! Nanoseconds of the usual work, for each protocol beside a bare loop and beside another crate.
//!
//! ```sh
//! cargo bench --bench decoder             # the best of many passes
//! cargo bench --bench decoder -- --test   # one pass, and only what comes out
//! ```
//!
//! The kinds of work take turns, so that what disturbs the machine disturbs all of them; the best
//! pass is the one that it disturbed least. Compare the ratios, which depend less on the machine.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unreachable
)]

mod support;

use gt02::{Item, Session};
use std::{env, hint::black_box, time::Instant};
use support::{
    Random,
    kind::{Kind, each_item, encode},
    seen::{Seen, decode_with},
};

/// Frames in each stream: a pass takes less than a millisecond, so that most are not interrupted.
const FRAMES: u64 = 3000;
/// A TCP read on an Ethernet path.
const READ: usize = 1460;

fn main() {
    let is_test = env::args().any(|argument| argument == "--test");
    let passes = if is_test { 1 } else { 300 };
    let works = Kind::ALL.map(|kind| Work::measure(kind, passes));
    noise();

    println!(
        "| ns a frame; as many floors | bytes | floor | one piece | reads of 1460 | of 64 | \
         1 % garbage | MB/s |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for work in &works {
        let floors = |time: f64| match work.floor {
            Some(floor) => format!("{time:.1}; {:.1}", time / floor),
            None => format!("{time:.1}"),
        };
        println!(
            "| `{}` | {:.0} | {} | {} | {} | {} | {} | {:.0} |",
            work.kind.name(),
            work.bytes,
            work.floor
                .map_or_else(String::new, |floor| format!("{floor:.1}")),
            floors(work.whole),
            floors(work.fields),
            floors(work.short_reads),
            work.dirty.map_or_else(String::new, |dirty| {
                let more = 100.0 * (dirty / work.fields - 1.0);
                format!("{dirty:.1}; {more:+.0} %")
            }),
            1000.0 * work.bytes / work.fields,
        );
    }
    println!();

    println!(
        "| ns a frame, reads of 1460 | frames alone | every field | report and reply | \
         more than the fields | to encode a location |"
    );
    println!("|---|---|---|---|---|---|");
    for work in &works {
        println!(
            "| `{}` | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
            work.kind.name(),
            work.frames,
            work.fields,
            work.session,
            work.session - work.fields,
            work.encode,
        );
    }
    println!();

    peer(passes);
}

/// The nanoseconds that a frame of a kind takes.
struct Work {
    kind: Kind,
    /// Bytes in a frame.
    bytes: f64,
    floor: Option<f64>,
    /// Every field read, all of the stream in one read.
    whole: f64,
    /// Every field read, in reads of [`READ`].
    fields: f64,
    /// Every field read, in reads of 64 bytes.
    short_reads: f64,
    /// Every field read, in reads of [`READ`], with garbage before 1 % of the frames.
    dirty: Option<f64>,
    /// In reads of [`READ`], no field read.
    frames: f64,
    /// In reads of [`READ`], each frame given to a session.
    session: f64,
    /// To write a location.
    encode: f64,
}

impl Work {
    fn measure(kind: Kind, passes: u32) -> Self {
        let clean = kind.stream(FRAMES, 0);
        let dirty = kind.stream(FRAMES, u64::from(kind.has_end()));
        let decode = |stream: &[u8], read| decode_with::<1024>(black_box(stream), read);
        for read in [clean.bytes.len(), READ, 64, 1] {
            assert_eq!(
                decode(&clean.bytes, read),
                clean.seen,
                "{kind:?} in reads of {read}"
            );
        }
        assert_eq!(
            decode(&dirty.bytes, READ),
            dirty.seen,
            "garbage between frames costs no frame"
        );
        let floor = kind.floor();
        if let Some(floor) = floor {
            assert_eq!(floor(&clean.bytes).frames, FRAMES);
        }
        let locations = kind.locations(FRAMES);

        let bytes = &clean.bytes[..];
        let times = best(
            passes,
            [
                &mut || floor.map_or(0, |floor| black_box(floor(black_box(bytes))).frames),
                &mut || decode(bytes, bytes.len()).fields,
                &mut || decode(bytes, READ).fields,
                &mut || decode(bytes, 64).fields,
                &mut || decode(&dirty.bytes, READ).fields,
                &mut || frames(black_box(bytes)) as u64,
                &mut || replies(black_box(bytes)) as u64,
                &mut || encode(black_box(&locations)) as u64,
            ],
        );
        let [
            bare,
            whole,
            fields,
            short_reads,
            with_garbage,
            frames,
            session,
            encode,
        ] = times;
        Self {
            kind,
            bytes: bytes.len() as f64 / FRAMES as f64,
            floor: floor.map(|_| bare),
            whole,
            fields,
            short_reads,
            dirty: kind.has_end().then_some(with_garbage),
            frames,
            session,
            encode,
        }
    }
}

/// The nanoseconds that a frame takes in the best pass of each kind of work.
fn best<const N: usize>(passes: u32, mut works: [&mut dyn FnMut() -> u64; N]) -> [f64; N] {
    let mut best = [f64::MAX; N];
    for _ in 0..passes {
        for (work, best) in works.iter_mut().zip(&mut best) {
            let start = Instant::now();
            black_box(work());
            *best = best.min(start.elapsed().as_nanos() as f64 / FRAMES as f64);
        }
    }
    best
}

fn frames(stream: &[u8]) -> usize {
    each_item(stream, READ, |item| black_box(item.as_bytes().len()))
}

fn replies(stream: &[u8]) -> usize {
    let mut session = Session::new();
    each_item(stream, READ, |item| match item {
        Item::Frame(frame) => usize::from(black_box(session.handle(frame)).reply.is_some()),
        Item::Noise(_) => 0,
    })
}

/// Checks that garbage is noise, all of it.
fn noise() {
    let mut random = Random(1);
    let garbage: Vec<u8> = (0..1_000_000).map(|_| random.byte()).collect();
    let expected = Seen {
        noise: garbage.len() as u64,
        ..Seen::default()
    };
    assert_eq!(decode_with::<1024>(&garbage, READ), expected);
}

/// Compares with the crate `gt06`.
fn peer(passes: u32) {
    let (clean, dirty) = (Kind::Gt06.stream(FRAMES, 0), Kind::Gt06.stream(FRAMES, 1));
    assert_eq!(decode_with_peer(&clean.bytes).frames, FRAMES);
    let times = best(
        passes,
        [
            &mut || decode_with::<1024>(black_box(&clean.bytes), READ).fields,
            &mut || decode_with_peer(black_box(&clean.bytes)).fields,
            &mut || decode_with::<1024>(black_box(&dirty.bytes), READ).fields,
            &mut || decode_with_peer(black_box(&dirty.bytes)).fields,
        ],
    );
    let [ours, theirs, ours_dirty, theirs_dirty] = times;
    // Garbage that makes it lose frames is rare, so this takes many.
    let long = Kind::Gt06.stream(FRAMES * u64::from(passes), 1);
    let lost = long.seen.frames - decode_with_peer(&long.bytes).frames;
    let all = long.seen.frames;
    println!("| `gt06`, ns a frame | this crate | the crate `gt06` | as much as |");
    println!("|---|---|---|---|");
    println!(
        "| reads of 1460 | {ours:.1} | {theirs:.1} | {:.1} |",
        theirs / ours
    );
    println!(
        "| the same, 1 % garbage | {ours_dirty:.1} | {theirs_dirty:.1}, \
         {lost} of {all} lost | {:.1} |",
        theirs_dirty / ours_dirty
    );
}

/// Decodes the stream with the crate `gt06`. Its fields have other types, among them floating
/// point, so the sum is its own.
fn decode_with_peer(stream: &[u8]) -> Seen {
    use gt06_peer::Message;

    let mut decoder = gt06_peer::Decoder::new();
    let mut seen = Seen::default();
    for chunk in stream.chunks(READ) {
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
