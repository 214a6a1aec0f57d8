//! Instructions that the usual work takes, counted by Valgrind: unlike time, they are the same in
//! each run, so each bench has a budget and fails past it.
//!
//! All work is on [`FRAMES`] frames, so what is printed is thousandths of an instruction a frame.
#![allow(
    missing_docs,
    unused_qualifications,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use gt02::{Decoder, Item, Session, protocol::Message, sms::Answer};
use gungraun::{
    Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};
use std::hint::black_box;
use support::{
    Random, floors, push_frame, push_gt06_frame,
    seen::{Seen, decode_with},
    text::{push_binary_h02, push_h02, push_tk103, push_v680},
};

/// Frames in each stream.
const FRAMES: u64 = 1000;
/// A TCP read on an Ethernet path.
const READ: usize = 1460;

/// The config of a bench that takes at most `instructions` a frame.
fn budget(instructions: u64) -> LibraryBenchmarkConfig {
    let mut callgrind = Callgrind::default();
    callgrind.hard_limits([(EventKind::Ir, instructions * FRAMES)]);
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(callgrind);
    config
}

/// A stream of frames of one kind.
#[derive(Clone, Copy)]
enum Kind {
    Gt02,
    Gt06,
    Tk103,
    V680,
    H02,
    BinaryH02,
}

impl Kind {
    /// Appends a frame.
    fn push(self, random: &mut Random, serial: u16, out: &mut Vec<u8>) {
        match self {
            Self::Gt02 => push_frame(random, serial, out),
            Self::Gt06 => push_gt06_frame(random, serial, out),
            Self::Tk103 => drop(push_tk103(random, out)),
            Self::V680 => drop(push_v680(random, out)),
            Self::H02 => drop(push_h02(random, out)),
            Self::BinaryH02 => drop(push_binary_h02(random, out)),
        }
    }

    /// The stream, with garbage of 1 to 20 bytes before some frames.
    fn stream(self, garbage_percent: u64) -> Vec<u8> {
        let (mut random, mut garbage) = (Random(0x6868), Random(0x7878));
        let mut out = Vec::new();
        for serial in 0..FRAMES {
            if garbage.below(100) < garbage_percent {
                let len = 1 + garbage.below(20);
                out.extend((0..len).map(|_| garbage.byte()));
            }
            self.push(&mut random, serial as u16, &mut out);
        }
        out
    }
}

fn clean(kind: Kind) -> Vec<u8> {
    kind.stream(0)
}

fn dirty(kind: Kind) -> Vec<u8> {
    kind.stream(1)
}

// Finds the frames, and reads every field.
#[library_benchmark(setup = clean)]
#[bench::gt02(args = (Kind::Gt02), config = budget(265))]
#[bench::gt06(args = (Kind::Gt06), config = budget(440))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1270))]
#[bench::v680(args = (Kind::V680), config = budget(1900))]
#[bench::h02(args = (Kind::H02), config = budget(1410))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(1270))]
fn fields(stream: Vec<u8>) -> Seen {
    decode_with::<1024>(black_box(&stream), READ)
}

// The same, with garbage before 1 % of the frames. That before a binary frame of `h02` counts as
// part of the one before it, so these are left out.
#[library_benchmark(setup = dirty)]
#[bench::gt02(args = (Kind::Gt02), config = budget(300))]
#[bench::gt06(args = (Kind::Gt06), config = budget(450))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1280))]
#[bench::v680(args = (Kind::V680), config = budget(1940))]
#[bench::h02(args = (Kind::H02), config = budget(1450))]
fn fields_with_garbage(stream: Vec<u8>) -> Seen {
    decode_with::<1024>(black_box(&stream), READ)
}

// Finds the frames alone.
#[library_benchmark(setup = clean)]
#[bench::gt02(args = (Kind::Gt02), config = budget(175))]
#[bench::gt06(args = (Kind::Gt06), config = budget(250))]
#[bench::tk103(args = (Kind::Tk103), config = budget(385))]
#[bench::v680(args = (Kind::V680), config = budget(590))]
#[bench::h02(args = (Kind::H02), config = budget(510))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(820))]
fn frames(stream: Vec<u8>) -> usize {
    each_frame(&stream, |item| black_box(item.as_bytes().len()))
}

// Finds the frames, and gives each to a session, which reports it and replies to it.
#[library_benchmark(setup = clean)]
#[bench::gt02(args = (Kind::Gt02), config = budget(590))]
#[bench::gt06(args = (Kind::Gt06), config = budget(910))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1560))]
#[bench::v680(args = (Kind::V680), config = budget(2250))]
#[bench::h02(args = (Kind::H02), config = budget(2280))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(1800))]
fn session(stream: Vec<u8>) -> usize {
    let mut session = Session::new();
    each_frame(&stream, |item| match item {
        Item::Frame(frame) => usize::from(black_box(session.handle(frame)).reply.is_some()),
        Item::Noise(_) => 0,
    })
}

#[inline(always)]
fn each_frame(stream: &[u8], mut see: impl FnMut(&Item<'_>) -> usize) -> usize {
    let mut decoder = Decoder::<1024>::new();
    let mut sum = 0;
    for mut input in black_box(stream).chunks(READ) {
        while let Some(item) = decoder.decode(&mut input) {
            sum += see(&item);
        }
    }
    while let Some(item) = decoder.finish() {
        sum += see(&item);
    }
    sum
}

/// As many locations as [`FRAMES`].
fn locations(kind: Kind) -> Vec<Message<'static>> {
    let mut random = Random(0x6868);
    let mut locations = Vec::new();
    for serial in 0.. {
        let mut frame = Vec::new();
        kind.push(&mut random, serial as u16, &mut frame);
        // The messages borrow from it, and the process ends soon.
        let message = ::gt02::Frame::parse(frame.leak()).unwrap().message();
        if is_location(&message) {
            locations.push(message);
        }
        if locations.len() as u64 == FRAMES {
            break;
        }
    }
    locations
}

fn is_location(message: &Message<'_>) -> bool {
    use ::gt02::protocol::{gt02, gt06, h02, tk103, v680};
    matches!(
        message,
        Message::Gt02(gt02::Message::Location(_))
            | Message::Gt06(gt06::Message::Location(_))
            | Message::Tk103(tk103::Message::Location(_))
            | Message::V680(v680::Message::Report(_))
            | Message::H02(h02::Message::Location(_) | h02::Message::BinaryLocation(_))
    )
}

// Encodes locations into a buffer that is used again.
#[library_benchmark(setup = locations)]
#[bench::gt02(args = (Kind::Gt02), config = budget(270))]
#[bench::gt06(args = (Kind::Gt06), config = budget(1340))]
#[bench::tk103(args = (Kind::Tk103), config = budget(2850))]
#[bench::v680(args = (Kind::V680), config = budget(5350))]
#[bench::h02(args = (Kind::H02), config = budget(1820))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(4500))]
fn encode(messages: Vec<Message<'static>>) -> usize {
    let mut out = [0; 256];
    let messages = black_box(&messages).iter();
    messages
        .map(|message| message.encode(black_box(&mut out)).unwrap())
        .sum()
}

// Finds and sums in bare loops, which check nothing.
#[library_benchmark(setup = with_kind)]
#[bench::gt02(args = (Kind::Gt02), config = budget(80))]
#[bench::gt06(args = (Kind::Gt06), config = budget(80))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1000))]
#[bench::v680(args = (Kind::V680), config = budget(1300))]
#[bench::h02(args = (Kind::H02), config = budget(1100))]
fn floor((kind, stream): (Kind, Vec<u8>)) -> Seen {
    let stream = black_box(&stream);
    match kind {
        Kind::Gt02 => floors::gt02(stream),
        Kind::Gt06 => floors::gt06(stream),
        Kind::Tk103 => floors::tk103(stream),
        Kind::V680 => floors::v680(stream),
        Kind::H02 | Kind::BinaryH02 => floors::h02(stream),
    }
}

fn with_kind(kind: Kind) -> (Kind, Vec<u8>) {
    (kind, kind.stream(0))
}

/// As many answers of the field as [`FRAMES`], each of them in turn.
fn answers() -> Vec<String> {
    let rows = include_str!("../tests/corpus/field/sms.jsonl").lines();
    let rows = rows.map(|row| serde_json::from_str::<serde_json::Value>(row).unwrap());
    let answers: Vec<_> = rows
        .filter(|row| row["direction"] == "answer")
        .map(|row| row["text"].as_str().unwrap().to_owned())
        .collect();
    let turns = answers.into_iter().cycle();
    turns.take(FRAMES as usize).collect()
}

// Reads answers by SMS.
#[library_benchmark(setup = answers)]
#[bench::field(config = budget(6400))]
fn sms(answers: Vec<String>) -> usize {
    let texts = black_box(&answers).iter();
    let read = texts.map(|text| black_box(Answer::parse(text.as_bytes())));
    read.filter(|answer| matches!(answer, Answer::Location(_)))
        .count()
}

/// A text of 100 bytes for each of [`FRAMES`] that repeats a piece.
fn hostile(piece: &str) -> String {
    let pieces = piece.chars().cycle();
    pieces.take(100 * FRAMES as usize).collect()
}

// Reads one long answer that is all labels: the most that a byte can take, or nearly.
#[library_benchmark(setup = hostile)]
#[bench::unknown(args = ("\nA:"), config = budget(16_600))]
#[bench::known(args = ("t:"), config = budget(16_600))]
#[bench::state(args = ("sos: "), config = budget(16_600))]
#[bench::links(args = ("q="), config = budget(16_600))]
#[bench::marks(args = (","), config = budget(16_600))]
fn hostile_sms(text: String) -> Answer<'static> {
    // The process ends soon.
    Answer::parse(black_box(text.leak()).as_bytes())
}

library_benchmark_group!(
    name = work,
    benchmarks = [
        fields,
        fields_with_garbage,
        frames,
        session,
        encode,
        floor,
        sms,
        hostile_sms
    ]
);

main!(library_benchmark_groups = work);
