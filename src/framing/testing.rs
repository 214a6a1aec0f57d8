//! Shared by the tests of framing: streams biased towards marks, lengths and valid frames, and the
//! rules that all protocols keep.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

extern crate std;

pub(crate) mod samples;

use super::{Framing, Limits, Plain, Wire};
use crate::{Decoder, Item, error::ErrorKind};
use proptest::{
    collection::vec, prelude::*, sample::Index, sample::select, test_runner::TestRunner,
};
use std::vec::Vec;

/// Frames, or what begins them.
pub(crate) type Samples = &'static [&'static [u8]];

/// Limits that let every frame pass.
pub(crate) const ALL: Limits = Limits::new(usize::MAX);

/// What begins or ends a frame of any protocol.
const MARKS: Samples = &[
    b"\x68\x68",
    b"\x68\x68\x25\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x01\x10",
    b"\x88\x88\x08\x1c\x06",
    b"\x54\x68\x1a\x0d\x0a",
    b"\x78\x78",
    b"\x78\x78\x1f\x12",
    b"\x79\x79\x00",
    b"\x78\x78\x00\x20\x97",
    b"\x0d\x0a",
    b"(",
    b")",
    b"(027042411793BR04\x14",
    b"#",
    b"##",
    b"#353588020144007",
    b"*",
    b"*HQ,1,",
    b"#\r\n",
    b" ",
];

/// A frame of `gt06` with a right checksum, whose length is wrong by `wrong_by`.
pub(crate) fn gt06(long: bool, code: u8, content: &[u8], wrong_by: u8) -> Vec<u8> {
    let length = (content.len() as u8).wrapping_add(5).wrapping_add(wrong_by);
    let header: &[u8] = if long {
        &[0x79, 0x79, 0, length, code]
    } else {
        &[0x78, 0x78, length, code]
    };
    let mut frame = [header, content, &[0x00, 0x01]].concat();
    let crc = crc::Crc::<u16>::new(&crc::CRC_16_IBM_SDLC).checksum(&frame[2..]);
    frame.extend(crc.to_be_bytes());
    frame.extend([0x0D, 0x0A]);
    frame
}

/// Frames of `gt06` with any content, which may be a frame of another kind.
pub(crate) fn any_gt06(frames: Samples) -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![any::<u8>(), select(&[0x01, 0x12, 0x13, 0x16, 0x94][..])];
    let content = prop_oneof![
        2 => vec(any::<u8>(), 0..60),
        1 => select(frames).prop_map(<[u8]>::to_vec),
    ];
    let wrong_by = prop_oneof![4 => Just(0), 1 => any::<u8>()];
    (any::<bool>(), code, content, wrong_by).prop_map(|(long, code, content, wrong_by)| {
        let content = &content[..content.len().min(200)];
        gt06(long, code, content, wrong_by)
    })
}

/// Streams of these frames, whole, cut, damaged, one inside the other, and of what begins frames.
pub(crate) fn stream(frames: Samples, marks: Samples) -> impl Strategy<Value = Vec<u8>> {
    let frame = || select(frames);
    let whole = frame().prop_map(<[u8]>::to_vec);
    let cut = (frame(), any::<Index>()).prop_map(|(frame, at)| {
        let at = at.index(frame.len());
        frame[..at].to_vec()
    });
    let damaged = (frame(), any::<Index>(), any::<u8>()).prop_map(|(frame, at, byte)| {
        let mut frame = frame.to_vec();
        let at = at.index(frame.len());
        frame[at] = byte;
        frame
    });
    let carried = (frame(), any::<Index>(), frame()).prop_map(|(frame, at, inner)| {
        let (front, rest) = frame.split_at(at.index(frame.len()));
        [front, inner, rest].concat()
    });
    let mark = || prop_oneof![select(MARKS), select(marks)].prop_map(<[u8]>::to_vec);
    let piece = prop_oneof![
        4 => whole,
        2 => cut,
        2 => damaged,
        1 => carried,
        2 => any_gt06(frames),
        3 => mark(),
        1 => vec(any::<u8>(), 1..24),
        1 => vec(0..0x10_u8, 1..24),
    ];
    vec(piece, 1..7).prop_map(|pieces| pieces.concat())
}

/// The frames in a stream.
pub(crate) fn frames(stream: &[u8]) -> Vec<Vec<u8>> {
    frames_of_reads([stream])
}

/// The frames in a stream that comes in these reads.
pub(crate) fn frames_of_reads<'a>(reads: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
    let mut decoder = Decoder::<2048>::new();
    let mut found = Vec::new();
    let mut note = |item: Item<'_>| {
        if let Item::Frame(frame) = item {
            found.push(frame.as_bytes().to_vec());
        }
    };
    for read in reads {
        let mut input = read;
        while let Some(item) = decoder.decode(&mut input) {
            note(item);
        }
    }
    while let Some(item) = decoder.finish() {
        note(item);
    }
    found
}

/// Whether all of `expected` are in `found`, in this order.
pub(crate) fn are_in_order(expected: &[&[u8]], found: &[Vec<u8>]) -> bool {
    let mut found = found.iter();
    expected
        .iter()
        .all(|&frame| found.any(|found| found == frame))
}

fn check<S: Strategy>(strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    if let Err(error) = TestRunner::new(config).run(&strategy, test) {
        panic!("{error}");
    }
}

/// The windows of a stream that begin as a frame of `W` does.
fn windows<W: Wire>(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    (0..stream.len())
        .map(|at| &stream[at..])
        .filter(|window| window.first().is_some_and(|&byte| W::is_start(byte)))
}

/// Checks the windows that begin with one of `starts`. An answer other than `Incomplete` stays
/// whatever is appended, and does not come before as many bytes as `Incomplete` asked for. What is
/// decided before the end of the stream stays at the end.
pub(crate) fn answers_never_change<W: Wire>(frames: Samples, marks: Samples, starts: &[u8]) {
    let max = prop_oneof![1 => Just(8192), 2 => 18..300_usize];
    check((stream(frames, marks), max), |(stream, max)| {
        let windows = windows::<W>(&stream).filter(|window| starts.contains(&window[0]));
        for window in windows.take(3) {
            let window = &window[..window.len().min(200)];
            let limits = Limits::new(max);
            let mut before = Framing::Incomplete { needed: 1 };
            for len in 1..=window.len() {
                let now = W::framing(&window[..len], false, &limits);
                match before {
                    Framing::Incomplete { needed } if len < needed => {
                        prop_assert!(matches!(now, Framing::Incomplete { .. }), "{now:?}");
                    }
                    Framing::Incomplete { .. } => {}
                    decided => prop_assert_eq!(now, decided),
                }
                let end = W::framing(&window[..len], true, &limits);
                match (now, end) {
                    (Framing::Incomplete { needed }, _) => prop_assert!(len < needed),
                    (Framing::Complete { len: frame }, _) => {
                        prop_assert!(frame <= len && frame <= max);
                        prop_assert_eq!(now, end);
                    }
                    (Framing::Invalid { at, .. }, _) => {
                        prop_assert!(at < len);
                        prop_assert_eq!(now, end);
                    }
                }
                before = now;
            }
        }
        Ok(())
    });
}

/// What sniffing says is never revoked.
pub(crate) fn sniffing_never_changes<W: Wire>(frames: Samples, marks: Samples) {
    check(stream(frames, marks), |stream| {
        for window in windows::<W>(&stream).take(3) {
            let mut before = Framing::Incomplete { needed: 1 };
            for len in 0..=window.len().min(300) {
                let now = W::sniff(&window[..len]);
                match before {
                    Framing::Incomplete { needed } if len < needed => {
                        prop_assert!(matches!(now, Framing::Incomplete { .. }), "{now:?}");
                    }
                    Framing::Incomplete { .. } => {}
                    decided => prop_assert_eq!(now, decided),
                }
                match now {
                    Framing::Incomplete { needed } => prop_assert!(len < needed),
                    Framing::Complete { len: seen } => prop_assert!(seen <= len),
                    Framing::Invalid { at, .. } => prop_assert!(at < len),
                }
                before = now;
            }
        }
        Ok(())
    });
}

/// A frame that the quick path recognises is one; of its beginnings, the quick path says that or
/// nothing.
pub(crate) fn plain_frames_are_frames<W: Wire>(frames: Samples, marks: Samples) {
    check(stream(frames, marks), |stream| {
        for window in windows::<W>(&stream) {
            let Plain::Frame { len } = W::plain(window) else {
                continue;
            };
            if W::has_right_checksum(&window[..len]) {
                prop_assert_eq!(W::framing(window, false, &ALL), Framing::Complete { len });
                for len in 0..len {
                    let is_frame = matches!(W::plain(&window[..len]), Plain::Frame { .. });
                    prop_assert!(!is_frame);
                }
            }
        }
        Ok(())
    });
}

/// Each of these is a frame, alone and in a stream.
pub(crate) fn assert_frames<W: Wire>(frames: Samples) {
    for &frame in frames {
        let len = frame.len();
        let shown = frame.escape_ascii();
        assert_eq!(
            W::framing(frame, true, &ALL),
            Framing::Complete { len },
            "{shown}"
        );
        if W::PROTOCOL.is_enabled() {
            let parsed = crate::Frame::parse(frame).map(|frame| frame.protocol());
            assert_eq!(parsed, Ok(W::PROTOCOL), "{shown}");
            assert_eq!(self::frames(frame), [frame], "{shown}");
        }
    }
}

/// Each text begins no frame for this reason, and the byte at this offset shows it; all before it
/// leaves the answer open. A wrong id, end mark or checksum of a binary frame is shown by the last
/// byte of the text, and then the offset is where that field begins; a wrong start mark as well.
pub(crate) fn assert_rejections<W: Wire>(rows: &[(&[u8], ErrorKind, usize)]) {
    let mut wrong = Vec::new();
    for &(window, kind, at) in rows {
        let answers = (0..=window.len()).map(|len| W::framing(&window[..len], false, &ALL));
        let answers: Vec<Framing> = answers.collect();
        let rejected = Framing::invalid(kind, at);
        let decided = answers.iter().position(|answer| *answer == rejected);
        let is_open = |(len, answer): (usize, &Framing)| match answer {
            Framing::Incomplete { needed } => *needed > len,
            _ => false,
        };
        let is_right = decided.is_some_and(|len| {
            let (before, after) = answers.split_at(len);
            let is_late = len == window.len() && (W::IS_BINARY || kind == ErrorKind::Start);
            (len == at + 1 || is_late)
                && before.iter().enumerate().all(is_open)
                && after.iter().all(|answer| *answer == rejected)
        });
        if !is_right {
            wrong.push((window.escape_ascii(), answers));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What sniffing says of each text.
pub(crate) fn assert_sniffed<W: Wire>(rows: &[(&[u8], Framing)]) {
    let answers = rows
        .iter()
        .map(|(bytes, right)| (bytes, right, W::sniff(bytes)));
    let wrong: Vec<_> = answers
        .filter(|(_, right, answer)| *right != answer)
        .map(|(bytes, _, answer)| (bytes.escape_ascii(), answer))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What framing says of each text: while the stream goes on, and where it ends.
pub(crate) fn assert_answers<W: Wire>(rows: &[(&[u8], Framing, Framing)]) {
    let mut wrong = Vec::new();
    for &(window, open, at_end) in rows {
        let answers = [false, true].map(|end| W::framing(window, end, &ALL));
        if answers != [open, at_end] {
            wrong.push((window.escape_ascii(), answers));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Each frame, cut anywhere, leaves each other one whole. `is_left` says which part of a cut frame
/// may be a frame by itself. One that lacks just its end mark may take the start mark of the next;
/// then that one is found without it.
pub(crate) fn assert_cuts_cost_one_frame(
    firsts: Samples,
    seconds: Samples,
    is_left: impl Fn(&[u8], &[u8]) -> bool,
) {
    for first in firsts {
        for second in seconds {
            for cut in 0..first.len() {
                let cut = &first[..cut];
                let found = frames(&[cut, second].concat());
                let is_right = match found.split_last() {
                    Some((last, [])) => last == second,
                    Some((last, [left])) if last == second => is_left(left, first),
                    Some((last, [left])) => {
                        let is_taken = second.first() == Some(&b'#') && last == &second[1..];
                        is_taken && *left == [cut, b"#"].concat()
                    }
                    _ => false,
                };
                let (cut, second) = (cut.escape_ascii(), second.escape_ascii());
                assert!(is_right, "{cut} before {second}: {found:02x?}");
            }
        }
    }
}

/// Any byte of the second of three frames, damaged in a way that may mean something, costs that
/// frame at most.
pub(crate) fn assert_damage_costs_one_frame(first: &[u8], hit: &[u8], last: &[u8]) {
    const BYTES: &[u8] = b"\0\r\n\x1a #$()*,09Ahx\xff";
    for at in 0..hit.len() {
        for byte in BYTES.iter().copied().chain([hit[at] ^ 1]) {
            let mut stream = [first, hit, last].concat();
            stream[first.len() + at] = byte;
            let found = frames(&stream);
            let shown = stream.escape_ascii();
            assert!(
                are_in_order(&[first, last], &found),
                "{byte} at {at}: {shown}"
            );
        }
    }
}
