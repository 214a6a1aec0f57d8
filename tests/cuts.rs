//! Frames of real devices, cut short: what a cut frame costs the frame after it, and that a whole
//! frame waits for nothing. The frames are those of `tests/corpus`.
//!
//! The whole table takes minutes without optimisation, and less than one with it:
//!
//! ```sh
//! cargo test --profile bench --test cuts -- --include-ignored --nocapture all_frames
//! ```

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::arithmetic_side_effects)]
#![cfg(all(feature = "gt06", feature = "tk103", feature = "v680", feature = "h02"))]

use gt02::{Decoder, Item, Protocol};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    thread,
};

/// The protocols, in the order of the rows and columns below.
const PROTOCOLS: [Protocol; 5] = {
    use Protocol::{Gt02, Gt06, H02, Tk103, V680};
    [Gt02, Gt06, Tk103, V680, H02]
};

/// The number of 10,000 frames of the column that may come without their start mark after a cut
/// frame of the row. None may be lost, except [those without any end](is_tail).
///
/// The end mark of `h02`, and half of that of `v680`, is the start mark of `v680`. A frame that is
/// whole by all that it says takes it at once, for a whole frame waits for no byte; if it was cut
/// short just there, the frame after it is found without its start mark, and says the same.
#[rustfmt::skip]
const WITHOUT_MARK: [[f64; 5]; 5] = [
    // gt02 gt06 tk103  v680    h02
    [   0.0, 0.0, 0.0,    0.0, 0.0], // gt02
    [   0.0, 0.0, 0.0,    0.0, 0.0], // gt06
    [   0.0, 0.0, 0.0,    0.0, 0.0], // tk103
    [   0.0, 0.0, 0.0,   80.0, 0.0], // v680
    [   0.0, 0.0, 0.0, 3200.0, 0.0], // h02
];

/// The decoder of the tests: it takes every frame of the corpus.
const CAPACITY: usize = 4096;

/// The frames in a stream that is read in one piece; `finish` if nothing follows it.
fn frames(decoder: &mut Decoder<CAPACITY>, stream: &[u8], finish: bool) -> Frames {
    let mut frames = Vec::new();
    let mut add = |item: Item<'_>| {
        if let Item::Frame(frame) = item {
            frames.push((frame.protocol(), frame.as_bytes().to_vec()));
        }
    };
    let mut input = stream;
    while let Some(item) = decoder.decode(&mut input) {
        add(item);
    }
    if finish {
        while let Some(item) = decoder.finish() {
            add(item);
        }
    }
    frames
}

type Frames = Vec<(Protocol, Vec<u8>)>;

/// The frames of real devices, by protocol, each once.
fn corpus() -> [Vec<Vec<u8>>; 5] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut decoder = Box::new(Decoder::<CAPACITY>::new());
    let mut found: [BTreeSet<Vec<u8>>; 5] = Default::default();
    for protocol in PROTOCOLS {
        for folder in [folder.clone(), folder.join("field")] {
            let path = folder.join(format!("{}.jsonl", protocol.name()));
            let rows = fs::read_to_string(&path);
            let rows = rows.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            for row in rows.lines() {
                let row: serde_json::Value = serde_json::from_str(row).unwrap();
                let bytes = hex::decode(row["hex"].as_str().unwrap()).unwrap();
                for (protocol, frame) in frames(&mut decoder, &bytes, true) {
                    let at = PROTOCOLS
                        .iter()
                        .position(|&other| other == protocol)
                        .unwrap();
                    found[at].insert(frame);
                }
            }
        }
    }
    let found = found.map(Vec::from_iter);
    assert!(found.iter().all(|frames| !frames.is_empty()));
    found
}

/// One frame of each shape, the first of it.
///
/// Text frames have the same shape if they differ only in their letters and digits, and in the
/// number of these; binary frames if they have the same type, and in `gt02` the same length.
fn by_shape(frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut shapes = BTreeMap::new();
    for frame in frames {
        let shape = match frame[..] {
            [b'(' | b'#' | b'*', ..] => {
                let mut shape: Vec<u8> = frame.iter().map(class).collect();
                shape.dedup();
                shape
            }
            [0x68, 0x68, length, ..] => vec![0x68, length, frame[15]],
            [0x79, 0x79, ..] => vec![0x79, frame[4], frame[5]],
            [start, _, _, number, ..] => vec![start, number],
            _ => frame.clone(),
        };
        shapes.entry(shape).or_insert(frame);
    }
    shapes.into_values().cloned().collect()
}

/// `A` for every digit and letter; every other byte stands for itself.
fn class(byte: &u8) -> u8 {
    if byte.is_ascii_alphanumeric() {
        b'A'
    } else {
        *byte
    }
}

/// The number of frames, of those lost, and of those that came without their start mark.
#[derive(Clone, Copy, Default)]
struct Losses {
    lost: u64,
    without_mark: u64,
    of: u64,
}

impl Losses {
    fn per_10_000(self, count: u64) -> f64 {
        count as f64 * 1e4 / self.of as f64
    }
}

/// Whether a frame may be the tail of a `$` frame that was cut short: `#` and an IMEI, which only
/// the end of the stream makes a frame. It says nothing but who is there.
fn is_tail(next: &[u8], cut: &[u8]) -> bool {
    cut[0] == b'$'
        && next.len() == 16
        && next[0] == b'#'
        && next[1..].iter().all(u8::is_ascii_digit)
}

/// Puts each of `second` after each of `first`, cut at every byte.
fn losses(first: &[Vec<u8>], second: &[Vec<u8>]) -> (Losses, BTreeMap<String, u64>) {
    let mut decoder = Box::new(Decoder::<CAPACITY>::new());
    let mut losses = Losses::default();
    let mut examples = BTreeMap::new();
    let mut stream = Vec::new();
    for whole in first {
        for cut in 1..whole.len() {
            for next in second {
                stream.clear();
                stream.extend_from_slice(&whole[..cut]);
                stream.extend_from_slice(next);
                losses.of += 1;
                let last = last_frame(&mut decoder, &stream);
                if last + 1 == next.len() {
                    losses.without_mark += 1;
                } else if last != next.len() && !is_tail(next, &stream[..cut]) {
                    losses.lost += 1;
                    let (cut, rest) = whole.split_at(cut);
                    let example = format!("{} | {}", cut.escape_ascii(), rest.escape_ascii());
                    *examples.entry(example).or_default() += 1;
                }
            }
        }
    }
    (losses, examples)
}

/// The bytes of the frame that ends with the stream; 0 if none does.
fn last_frame(decoder: &mut Decoder<CAPACITY>, stream: &[u8]) -> usize {
    let mut last = 0;
    let mut add = |item: Item<'_>| {
        last = if let Item::Frame(frame) = item {
            frame.as_bytes().len()
        } else {
            0
        };
    };
    let mut input = stream;
    while let Some(item) = decoder.decode(&mut input) {
        add(item);
    }
    while let Some(item) = decoder.finish() {
        add(item);
    }
    last
}

/// Fills the table, prints it, and compares it with the bounds.
fn assert_bounds(first: &[Vec<Vec<u8>>; 5], second: &[Vec<Vec<u8>>; 5]) {
    let rows: Vec<_> = thread::scope(|scope| {
        let row = |first| second.each_ref().map(|second| losses(first, second));
        let rows = first
            .each_ref()
            .map(|first| scope.spawn(move || row(first)));
        rows.into_iter().map(|row| row.join().unwrap()).collect()
    });
    let count = |frames: &[Vec<Vec<u8>>; 5]| frames.each_ref().map(Vec::len);
    println!(
        "first frames {:?}, second frames {:?}",
        count(first),
        count(second)
    );
    println!("Lost of 10,000, and without start mark:\n");
    println!("| cut before | gt02 | gt06 | tk103 | v680 | h02 |");
    println!("|---|---|---|---|---|---|");
    let mut above = Vec::new();
    for (row, (first, bounds)) in rows.iter().zip(PROTOCOLS.iter().zip(WITHOUT_MARK)) {
        let cells = row.iter().map(|(losses, _)| {
            let [lost, without_mark] =
                [losses.lost, losses.without_mark].map(|count| losses.per_10_000(count));
            format!(" {lost:.1}, {without_mark:.1} |")
        });
        println!("| {first} |{}", cells.collect::<String>());
        for (((losses, examples), second), bound) in row.iter().zip(PROTOCOLS).zip(bounds) {
            let Losses {
                lost,
                without_mark,
                of,
            } = *losses;
            if lost > 0 || losses.per_10_000(without_mark) > bound {
                above.push(format!(
                    "{first} before {second}: of {of}, {lost} lost, {without_mark} without mark"
                ));
                let examples = examples.iter().take(20);
                above.extend(examples.map(|(example, count)| format!("    {count} {example}")));
            }
        }
    }
    assert!(above.is_empty(), "\n{}", above.join("\n"));
}

/// All cuts of one frame of each shape, before one frame of each shape.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes long without optimisation")]
fn a_cut_frame_costs_only_itself() {
    let frames = corpus().map(|frames| by_shape(&frames));
    assert_bounds(&frames, &frames);
}

/// All cuts of all frames, before all frames.
#[test]
#[ignore = "takes minutes without optimisation"]
fn all_frames_cut_before_all_frames() {
    let frames = corpus();
    assert_bounds(&frames, &frames);
}

/// Whether more bytes of the frame may follow, so that only silence shows that it is whole.
fn may_wait(frame: &[u8]) -> bool {
    // `v680`: every report begins like a keep-alive, and without an end mark more may come; with
    // lines it is followed by a line end.
    let keep_alive = frame.iter().filter(|&&byte| byte == b'#').count() <= 3;
    let end: &[u8] = if frame.contains(&b'\n') {
        b"##\r\n"
    } else {
        b"##"
    };
    // `h02`: without a date and a status word it may have been cut short before a `v680` frame.
    // One has only an id, one an ICCID after its date, and one has `|` in place of commas.
    let h02 = [b",#".as_slice(), b",?,FFFFFBFF#", b"|FFFF9FFB#"];
    let odd = h02.iter().any(|end| frame.ends_with(end)) || frame.windows(4).any(|w| w == b",V19");
    // `h02`, binary: nothing in a frame says how long it is.
    frame.starts_with(b"$")
        || frame.starts_with(b"#") && (keep_alive || !frame.ends_with(end))
        || frame.starts_with(b"*") && odd
}

#[test]
fn a_whole_frame_waits_for_no_byte() {
    let mut waiting = Vec::new();
    for frame in corpus().concat() {
        let found = frames(&mut Box::new(Decoder::new()), &frame, false);
        let found: Vec<_> = found.into_iter().map(|(_, bytes)| bytes).collect();
        if found != [&frame[..]] && !may_wait(&frame) {
            waiting.push(frame.escape_ascii().to_string());
        }
    }
    assert!(
        waiting.is_empty(),
        "{} wait:\n{}",
        waiting.len(),
        waiting.join("\n")
    );
}
