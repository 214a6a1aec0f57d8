//! The quick path and the engine find the same.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

extern crate std;

use crate::{
    Decoder, Item,
    framing::{
        Limits,
        testing::{self, Samples, samples, stream},
    },
    scan::{
        Engine, Event, only_frame,
        plain::{self, Found},
        single, single_by_engine,
    },
};
use proptest::{collection::vec, prelude::*, sample::Index, sample::select};
use std::vec::Vec;

/// Frames of all protocols that are searched for.
pub(super) fn enabled_samples() -> Samples {
    let all: [(bool, Samples); 5] = [
        (true, samples::GT02),
        (cfg!(feature = "gt06"), samples::GT06),
        (cfg!(feature = "tk103"), samples::TK103),
        (cfg!(feature = "v680"), samples::V680),
        (cfg!(feature = "h02"), samples::H02),
    ];
    let enabled = all.iter().filter(|(is_enabled, _)| *is_enabled);
    let samples: Vec<&[u8]> = enabled.flat_map(|(_, samples)| *samples).copied().collect();
    samples.leak()
}

/// Those that devices send.
fn samples_of_devices() -> Samples {
    let all = enabled_samples().iter().copied();
    let frames: Vec<&[u8]> = all
        .filter(|frame| !samples::GT02[7..].contains(frame))
        .collect();
    frames.leak()
}

proptest! {
    /// Of frames, of two at once, and of what is left of them.
    #[test]
    fn only_frame_says_what_single_says(
        frames in vec(select(enabled_samples()), 1..3),
        cut in any::<Index>(),
        damage in prop_oneof![3 => Just(0), 1 => any::<u8>()],
    ) {
        let mut bytes = frames.concat();
        bytes[cut.index(frames[0].len())] ^= damage;
        for bytes in [&bytes[..], &bytes[cut.index(bytes.len())..], &bytes[..frames[0].len()]] {
            prop_assert_eq!(only_frame(bytes), single(bytes, testing::ALL).ok());
        }
    }
}

/// The first event of a stream, read byte by byte.
fn first_event(stream: &[u8], max: usize) -> Option<Event> {
    let mut engine = Engine::new(Limits::new(max));
    stream.chunks(1).find_map(|byte| {
        engine.read(byte);
        engine.next(false)
    })
}

/// Whether the bytes of this stream show a frame.
fn shows_a_frame(stream: &[u8], max: usize) -> bool {
    let mut engine = Engine::new(Limits::new(max));
    stream.chunks(1).any(|byte| {
        engine.read(byte);
        let events = std::iter::from_fn(|| engine.next(false));
        let frames = events.filter(|event| matches!(event, Event::Frame { .. }));
        frames.count() > 0
    })
}

/// An item: the protocol of a frame, or the reason of noise; and its bytes.
type Row = (std::string::String, Vec<u8>);

fn push(rows: &mut Vec<Row>, item: Item<'_>) {
    let (name, is_noise) = match item {
        Item::Frame(frame) => (frame.protocol().name(), false),
        Item::Noise(noise) => (noise.reason.name(), true),
    };
    match rows.last_mut() {
        Some((last, bytes)) if is_noise && last == name => bytes.extend(item.as_bytes()),
        _ => rows.push((name.into(), item.as_bytes().to_vec())),
    }
}

/// All items of a stream, by the engine alone.
fn by_the_engine(stream: &[u8], max: usize) -> Vec<Row> {
    let mut engine = Engine::new(Limits::new(max));
    let (mut rows, mut front) = (Vec::new(), 0);
    for at in 0..=stream.len() {
        let end = at == stream.len();
        if !end {
            engine.read(&stream[at..=at]);
        }
        while let Some(event) = engine.next(end) {
            push(&mut rows, event.item(&stream[front..front + event.len()]));
            front += event.len();
        }
    }
    assert_eq!(front, stream.len());
    rows
}

/// All items of a stream, in reads of this size.
fn by_the_decoder<const N: usize>(stream: &[u8], read: usize) -> Vec<Row> {
    let mut decoder = Decoder::<N>::new();
    let mut rows = Vec::new();
    for read in stream.chunks(read) {
        let mut input = read;
        while let Some(item) = decoder.decode(&mut input) {
            push(&mut rows, item);
        }
    }
    while let Some(item) = decoder.finish() {
        push(&mut rows, item);
    }
    rows
}

/// Whether `found` is this frame; this frame without the start mark that the one before took; or
/// this `$` frame with another end, which the bytes after it say.
fn is_found(frame: &[u8], found: &[u8]) -> bool {
    found == frame
        || frame.first() == Some(&b'#') && found == &frame[1..]
        || frame.first() == Some(&b'$') && found.starts_with(&frame[..32])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_path_finds_what_the_engine_finds(
        stream in stream(enabled_samples(), enabled_samples()),
        max in prop_oneof![Just(2048), 64..300_usize],
    ) {
        for front in 0..stream.len() {
            let window = &stream[front..];
            if let Found::Frame { protocol, len } = plain::find(window, max) {
                let event = Event::Frame { protocol, len };
                prop_assert_eq!(first_event(window, max), Some(event));
            }
        }
    }

    #[test]
    fn what_is_plainly_alone_is_one_frame(
        stream in stream(enabled_samples(), enabled_samples()),
    ) {
        let is_start = |&front: &usize| plain::starts(stream[front]) != 0;
        for front in (0..stream.len()).filter(is_start) {
            let rest = &stream[front..];
            for bytes in (1..=rest.len().min(100)).map(|len| &rest[..len]) {
                let max = bytes.len() + 1;
                if let Some(protocol) = plain::alone(bytes, max) {
                    let by_engine = single_by_engine(bytes, Limits::new(max));
                    prop_assert_eq!(by_engine.ok(), Some(protocol));
                }
            }
        }
    }

    /// Noise may come later than byte by byte, but no frame does.
    #[test]
    fn the_quick_path_delays_no_frame(
        stream in stream(enabled_samples(), enabled_samples()),
        max in prop_oneof![Just(2048), 64..300_usize],
    ) {
        for front in 0..stream.len() {
            let window = &stream[front..];
            if matches!(plain::find(window, max), Found::Incomplete { .. }) {
                prop_assert!(!shows_a_frame(window, max));
            }
        }
    }

    #[test]
    fn a_decoder_finds_what_the_engine_finds(
        stream in stream(enabled_samples(), enabled_samples()),
        read in prop_oneof![Just(usize::MAX), 1..100_usize],
    ) {
        prop_assert_eq!(by_the_decoder::<64>(&stream, read), by_the_engine(&stream, 64));
        prop_assert_eq!(by_the_decoder::<260>(&stream, read), by_the_engine(&stream, 260));
        prop_assert_eq!(by_the_decoder::<2048>(&stream, read), by_the_engine(&stream, 2048));
    }

    #[test]
    fn one_damaged_byte_costs_one_frame(
        sent in vec(select(samples_of_devices()), 1..6),
        place in any::<Index>(),
        damage in 1..=255_u8,
    ) {
        let mut stream = sent.concat();
        let place = place.index(stream.len());
        stream[place] ^= damage;
        let found = testing::frames(&stream);
        let mut rest = found.iter();
        let mut start = 0;
        for frame in sent {
            let is_hit = (start..start + frame.len()).contains(&place);
            start += frame.len();
            let is_lost = !is_hit && !rest.any(|found| is_found(frame, found));
            prop_assert!(!is_lost, "{} of {}", frame.escape_ascii(), stream.escape_ascii());
        }
    }
}

/// A header that is too long for the buffer dies after the frame, before the frame is shown, and
/// after another one: the engine has forgotten why.
#[test]
#[cfg(feature = "gt06")]
fn what_died_after_a_frame_is_the_same_in_both() {
    let long = b"\x78\x78\x3b\x18\0\0\0\0\0\0\x02\xe0\x03\x43\x3a\0\x7e\x0d\x4b";
    let mut frame = std::vec![0; 36];
    frame[..4].copy_from_slice(b"\x79\x79\0\x1e");
    frame[30..].copy_from_slice(b"\0\x01\x50\xb6\x0d\x0a");
    let mut last = std::vec![0; 65];
    last[..3].copy_from_slice(b"\x78\x78\x3c");
    last[60..].copy_from_slice(b"\x01\xf4\xe2\x0d\x0a");
    let stream = [&long[..], &frame, &last].concat();
    assert_eq!(
        by_the_decoder::<64>(&stream, usize::MAX),
        by_the_engine(&stream, 64)
    );
}

#[test]
#[cfg(feature = "v680")]
fn a_keep_alive_after_a_cut_one_is_not_delayed() {
    let stream = b"#353588020144007#353588020144007##\r\n";
    assert!(shows_a_frame(stream, 64));
    assert!(!matches!(plain::find(stream, 64), Found::Incomplete { .. }));
    let mut decoder = Decoder::<64>::new();
    let mut input = &stream[..];
    let mut found = Vec::new();
    while let Some(item) = decoder.decode(&mut input) {
        push(&mut found, item);
    }
    assert!(
        found.iter().any(|(_, bytes)| bytes == &stream[16..34]),
        "{found:?}"
    );
}

#[test]
#[cfg(feature = "v680")]
fn what_a_server_sends_after_a_keep_alive_is_found() {
    let keep_alive = samples::V680[0];
    for frame in &samples::GT02[7..] {
        let found = testing::frames_of_reads([keep_alive, frame].concat().chunks(1));
        assert_eq!(found, [keep_alive, frame]);
    }
}

/// Each frame, cut anywhere, costs only itself, before a frame of any protocol. What is left of it
/// may be a frame, and may have taken the start mark of the next one.
#[test]
fn a_frame_cut_before_any_other_costs_only_itself() {
    for first in enabled_samples() {
        for second in samples_of_devices() {
            for cut in 1..first.len() {
                let cut = &first[..cut];
                let found = testing::frames(&[cut, second].concat());
                let is_right = match found.split_last() {
                    Some((last, [])) => last == second,
                    Some((last, [left])) if last == second => cut.starts_with(left),
                    Some((last, [left])) => is_found(second, last) && *left == [cut, b"#"].concat(),
                    _ => false,
                };
                let (cut, second) = (cut.escape_ascii(), second.escape_ascii());
                assert!(is_right, "{cut} before {second}: {found:02x?}");
            }
        }
    }
}

/// The usual frames of each protocol are found without the engine.
#[test]
fn usual_frames_are_plain() {
    if !crate::bytes::WIDE {
        return;
    }
    for frames in [
        samples::GT02,
        samples::GT06,
        samples::TK103,
        samples::V680,
        samples::H02,
    ] {
        // A keep-alive is shown by what follows it.
        let bytes = [frames[0], b"\r\n"].concat();
        let len = frames[0].len();
        let found = plain::find(&bytes, 2048);
        let is_found = matches!(found, Found::Frame { len: found, .. } if found == len);
        let is_enabled = enabled_samples().contains(&frames[0]);
        assert_eq!(is_found, is_enabled, "{}", bytes.escape_ascii());
    }
}

/// No binary frame begins in text whose bytes are below the constant.
#[test]
fn no_binary_frame_begins_below_its_least_byte() {
    let may_begin = plain::may_begin_in_text;
    let below = 0..plain::LEAST_BINARY;
    let mut pairs = below
        .clone()
        .flat_map(|a| below.clone().map(move |b| (a, b)));
    assert_eq!(pairs.find(|&(a, b)| may_begin(a, b)), None);
    assert!(may_begin(plain::LEAST_BINARY, plain::LEAST_BINARY));
}
