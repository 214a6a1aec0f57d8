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

use gt02::{Item, Session, protocol::Message, sms::Answer};
use gungraun::{
    Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main,
};
use std::hint::black_box;
use support::{
    floors::Floor,
    kind::{self, Kind, each_item},
    seen::{Seen, decode_with},
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

fn clean(kind: Kind) -> Vec<u8> {
    kind.stream(FRAMES, 0).bytes
}

fn dirty(kind: Kind) -> Vec<u8> {
    kind.stream(FRAMES, 1).bytes
}

// Finds the frames, and reads every field.
#[library_benchmark(setup = clean)]
#[bench::gt02(args = (Kind::Gt02), config = budget(265))]
#[bench::gt06(args = (Kind::Gt06), config = budget(410))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1270))]
#[bench::v680(args = (Kind::V680), config = budget(1770))]
#[bench::h02(args = (Kind::H02), config = budget(1410))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(1270))]
fn fields(stream: Vec<u8>) -> Seen {
    decode_with::<1024>(black_box(&stream), READ)
}

// The same, with garbage before 1 % of the frames. That before a binary frame of `h02` counts as
// part of the one before it, so these are left out.
#[library_benchmark(setup = dirty)]
#[bench::gt02(args = (Kind::Gt02), config = budget(300))]
#[bench::gt06(args = (Kind::Gt06), config = budget(420))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1280))]
#[bench::v680(args = (Kind::V680), config = budget(1800))]
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
    each_item(black_box(&stream), READ, |item| {
        black_box(item.as_bytes().len())
    })
}

// Finds the frames, and gives each to a session, which reports it and replies to it.
#[library_benchmark(setup = clean)]
#[bench::gt02(args = (Kind::Gt02), config = budget(590))]
#[bench::gt06(args = (Kind::Gt06), config = budget(905))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1560))]
#[bench::v680(args = (Kind::V680), config = budget(2110))]
#[bench::h02(args = (Kind::H02), config = budget(2040))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(1750))]
fn session(stream: Vec<u8>) -> usize {
    let mut session = Session::new();
    each_item(black_box(&stream), READ, |item| match item {
        Item::Frame(frame) => usize::from(black_box(session.handle(frame)).reply.is_some()),
        Item::Noise(_) => 0,
    })
}

fn locations(kind: Kind) -> Vec<Message<'static>> {
    kind.locations(FRAMES)
}

// Encodes locations into a buffer that is used again.
#[library_benchmark(setup = locations)]
#[bench::gt02(args = (Kind::Gt02), config = budget(270))]
#[bench::gt06(args = (Kind::Gt06), config = budget(246))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1720))]
#[bench::v680(args = (Kind::V680), config = budget(2880))]
#[bench::h02(args = (Kind::H02), config = budget(1740))]
#[bench::binary_h02(args = (Kind::BinaryH02), config = budget(4320))]
fn encode(messages: Vec<Message<'static>>) -> usize {
    kind::encode(black_box(&messages))
}

// Finds and sums in bare loops, which check nothing.
#[library_benchmark(setup = with_floor)]
#[bench::gt02(args = (Kind::Gt02), config = budget(80))]
#[bench::gt06(args = (Kind::Gt06), config = budget(80))]
#[bench::tk103(args = (Kind::Tk103), config = budget(1000))]
#[bench::v680(args = (Kind::V680), config = budget(1300))]
#[bench::h02(args = (Kind::H02), config = budget(1100))]
fn floor((floor, stream): (Floor, Vec<u8>)) -> Seen {
    floor(black_box(&stream))
}

fn with_floor(kind: Kind) -> (Floor, Vec<u8>) {
    (kind.floor().unwrap(), clean(kind))
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
