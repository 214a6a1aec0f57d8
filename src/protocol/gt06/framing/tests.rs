#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use super::{Framer, checksum_ok};
use crate::{
    error::ErrorKind,
    framing::{
        Framing, Limits, Plain, Wire,
        testing::{self, Samples, gt06, samples},
    },
};

const MARKS: Samples = &[
    b"\x78\x78\x0d\x01",
    b"\x78\x78\xff",
    b"\x79\x79\x00\x20\x94",
    b"\x78\x78\x05\x13\x00\x01\xe9\xf1\x0d\x0a",
];

#[test]
fn answers_never_change() {
    testing::answers_never_change::<Framer>(samples::GT06, MARKS, b"\x78\x79");
}

#[test]
fn sniffing_never_changes() {
    testing::sniffing_never_changes::<Framer>(samples::GT06, MARKS);
}

#[test]
fn plain_frames_are_frames() {
    testing::plain_frames_are_frames::<Framer>(samples::GT06, MARKS);
}

#[test]
fn samples_are_frames() {
    testing::assert_frames::<Framer>(samples::GT06);
}

#[test]
fn rejections_say_what_and_where() {
    testing::assert_rejections::<Framer>(&[
        (b"\x78\x79", ErrorKind::Start, 0),
        (b"\x79\x78", ErrorKind::Start, 0),
        (b"\x78\x78\x04", ErrorKind::Length, 2),
    ]);
    // These take more bytes than up to the one that shows it: a checksum elsewhere may be right.
    let end = |bytes: &[u8]| Framer::framing(bytes, true, &testing::ALL);
    for (bytes, verdict) in [
        (
            &b"\x79\x79\x00\x04"[..],
            Framing::invalid(ErrorKind::Length, 2),
        ),
        (
            b"\x78\x78\x05\x13\x00\x01\xe9\xf0\x0d\x0a",
            Framing::invalid(ErrorKind::Checksum, 6),
        ),
        (
            b"\x78\x78\x05\x13\x00\x01\xe9\xf1\x0d\x0d",
            Framing::invalid(ErrorKind::End, 8),
        ),
        (b"\x78\x78\x05", Framing::Incomplete { needed: 10 }),
        (b"\x78\x78\x00\x05", Framing::Incomplete { needed: 5 }),
        (
            b"\x78\x78\x00\x05\x13",
            Framing::invalid(ErrorKind::Length, 2),
        ),
        (b"\x78\x78\x00\x05\x97", Framing::Incomplete { needed: 11 }),
    ] {
        assert_eq!(end(bytes), verdict, "{bytes:02x?}");
    }
}

#[test]
fn a_length_that_is_too_small_is_none() {
    // Found by fuzzing: ten bytes, as many as the smallest frame has, and the checksum is right.
    let bytes = b"\x79\x79\x00\x04\x68\x25\x42\x85\x0d\x0a";
    assert!(checksum_ok(bytes));
    assert_eq!(Framer::plain(bytes), Plain::Unsure);
    let rejected = Framing::invalid(ErrorKind::Length, 2);
    assert_eq!(Framer::framing(bytes, true, &testing::ALL), rejected);
}

#[test]
fn a_wrong_length_with_a_right_checksum_is_a_frame_at_the_end() {
    for wrong_by in [1, 2, 20, 60, 200, u8::MAX, u8::MAX - 1] {
        let frame = gt06(false, 0x13, b"\x44\x06\x04\x00\x02", wrong_by);
        let len = frame.len();
        let at_the_end = Framer::framing(&frame, true, &testing::ALL);
        assert_eq!(at_the_end, Framing::Complete { len }, "{wrong_by}");
        if crate::Protocol::Gt06.is_enabled() {
            let next = samples::GT06[0];
            let found = testing::frames(&[&frame[..], next].concat());
            assert_eq!(found, [&frame[..], next], "{wrong_by}");
        }
    }
}

#[test]
fn a_frame_larger_than_the_largest_is_dropped_by_its_length() {
    let frame = samples::GT06[0];
    for (max, verdict) in [
        (frame.len(), Framing::Complete { len: frame.len() }),
        (frame.len() - 1, Framing::invalid(ErrorKind::Oversize, 2)),
    ] {
        assert_eq!(Framer::framing(frame, false, &Limits::new(max)), verdict);
    }
}

#[test]
#[cfg(feature = "gt06")]
fn a_frame_cut_anywhere_costs_only_itself() {
    testing::assert_cuts_cost_one_frame(samples::GT06, samples::GT06, |_, _| false);
}

#[test]
#[cfg(feature = "gt06")]
fn any_byte_damaged_in_any_way_costs_one_frame() {
    for hit in samples::GT06 {
        testing::assert_damage_costs_one_frame(samples::GT06[0], hit, samples::GT06[1]);
    }
}
