#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

extern crate std;

use super::Framer;
use crate::{
    error::ErrorKind,
    framing::{
        Framing, Limits, Wire,
        testing::{self, Samples, samples},
    },
};
use std::{vec, vec::Vec};

const MARKS: Samples = &[
    b",",
    b"\0",
    b"\n",
    b"0270424",
    b"BR04",
    b"AR03",
    b"BP05",
    b"AB12",
    b"(027042411793BR04\x14",
];

const LOCATION: &[u8] = samples::TK103[0];
#[cfg(feature = "tk103")]
const HANDSHAKE: &[u8] = samples::TK103[3];

#[test]
fn answers_never_change() {
    testing::answers_never_change::<Framer>(samples::TK103, MARKS, b"(");
}

#[test]
fn sniffing_never_changes() {
    testing::sniffing_never_changes::<Framer>(samples::TK103, MARKS);
}

#[test]
fn plain_frames_are_frames() {
    testing::plain_frames_are_frames::<Framer>(samples::TK103, MARKS);
}

#[test]
fn samples_are_frames() {
    testing::assert_frames::<Framer>(samples::TK103);
}

#[test]
fn rejections_say_what_and_where() {
    testing::assert_rejections::<Framer>(&[
        (b"((", ErrorKind::Overlap, 1),
        (b"()", ErrorKind::DeviceId, 1),
        (b"(a", ErrorKind::DeviceId, 1),
        // An id has 10 to 15 digits, or 12 characters with at least one digit.
        (b"(013612B,", ErrorKind::DeviceId, 8),
        (b"(0136123456789012", ErrorKind::DeviceId, 16),
        (b"(LICENSE-", ErrorKind::DeviceId, 8),
        (b"(ABCDEFGHIJKLB", ErrorKind::DeviceId, 13),
        // Relatives with a comma after ids of 11, 12 and 15 digits.
        (b"(864768011069660,ZC11,241013,V", ErrorKind::DeviceId, 16),
        (b"(123456789012,BP05,", ErrorKind::DeviceId, 13),
        (b"(12345678901,DW3B,", ErrorKind::DeviceId, 12),
        // A word is `A` or `B`, a letter from `O` on, and two digits.
        (b"(013612345678C", ErrorKind::DeviceId, 13),
        (b"(013612345678BA", ErrorKind::Field, 14),
        (b"(013612345678BPA", ErrorKind::Field, 15),
        (b"(013612345678BP0A", ErrorKind::Field, 16),
        (b"(013612345678BP(", ErrorKind::Overlap, 15),
        // Bodies.
        (b"(013612345678BP05(", ErrorKind::Overlap, 17),
        (b"(013612345678BP05abc\x80", ErrorKind::Field, 20),
        (b"(013612345678BP05\x1f", ErrorKind::Field, 17),
        (b"(013612345678BR04\x01abc", ErrorKind::End, 20),
        (b"(013612345678BR04\x00abc", ErrorKind::End, 18),
    ]);
}

#[test]
#[cfg(feature = "tk103")]
fn several_frames_in_one_segment() {
    // Captured: leading line feeds, four frames, a space between two of them, CR LF after them.
    let cells = samples::TK103[8];
    let stream = [b"\n\n", LOCATION, LOCATION, b" ", HANDSHAKE, cells, b"\r\n"].concat();
    assert_eq!(
        testing::frames(&stream),
        [LOCATION, LOCATION, HANDSHAKE, cells]
    );
}

#[test]
fn each_byte_is_waited_for() {
    for frame in samples::TK103 {
        for len in 1..frame.len() {
            let more = Framing::Incomplete { needed: len + 1 };
            assert_eq!(Framer::framing(&frame[..len], false, &testing::ALL), more);
        }
    }
}

#[test]
#[cfg(feature = "tk103")]
fn bytes_between_frames_are_noise() {
    // Captured: an echoed command after a colon, text of a test with end marks.
    for (garbage, echoed) in [
        (&b":(000000000000AV001)"[..], 1),
        (b"garbage%@#*^$\xE2\x80\xA6)))", 0),
        (b")", 0),
        (b"(", 0),
        (b"((()", 0),
    ] {
        let found = testing::frames(&[garbage, LOCATION].concat());
        assert_eq!(found.len(), 1 + echoed);
        assert_eq!(found[echoed], LOCATION);
    }
}

#[test]
fn a_body_is_bounded() {
    let long = |body: usize| [b"(027042411793BP01", &vec![b'x'; body][..], b")"].concat();
    let framing = |window: &[u8], max| Framer::framing(window, false, &Limits::new(max));
    let all = usize::MAX;
    let oversize = |at| Framing::invalid(ErrorKind::Oversize, at);
    let whole = 17 + 1024 + 1;
    assert_eq!(framing(&long(1024), all), Framing::Complete { len: whole });
    assert_eq!(framing(&long(1025), all), oversize(17 + 1024));
    // A decoder may take less.
    assert_eq!(framing(LOCATION, 80), Framing::Complete { len: 80 });
    assert_eq!(framing(LOCATION, 79), oversize(78));
    assert_eq!(
        framing(&LOCATION[..78], 79),
        Framing::Incomplete { needed: 79 }
    );
}

#[test]
#[cfg(feature = "tk103")]
fn binary_bodies_may_hold_parentheses() {
    // Eight bytes, that is four characters; the length in bytes, and in characters.
    let content = b"\x28\x29\x29\x28\0(\0)";
    for length in [8, 4] {
        for word in [b"AR03", b"BR04"] {
            let frame = [b"(027042411793", &word[..], &[length], content, b")"].concat();
            let found = testing::frames(&[&frame[..], LOCATION].concat());
            assert_eq!(found, [&frame[..], LOCATION]);
        }
    }
    // A length that is wrong, and a frame cut short: the next one is found.
    for cut in [
        &b"(027042411793AR03\x09\x28\x29\x29\x28\0(\0))"[..],
        b"(027042411793BR04",
        b"(027042411793BR04\xFF",
        b"(027042411793BR04\x28\0(",
    ] {
        let found = testing::frames(&[cut, LOCATION].concat());
        assert_eq!(found, [LOCATION], "{}", cut.escape_ascii());
    }
    // Also if it has no body, and its end is where this one's should be.
    let login = b"(027042411793BP05)";
    let stream = [b"(027042411793BR04\x11", &login[..]].concat();
    assert_eq!(testing::frames(&stream), [login]);
}

#[test]
fn text_of_many_start_marks_is_no_frame() {
    for pattern in [
        &b"("[..],
        b"(0",
        b"(027042411793",
        b"(027042411793BP05",
        b"(\0",
    ] {
        let stream: Vec<u8> = pattern.iter().copied().cycle().take(2000).collect();
        assert_eq!(testing::frames(&stream), Vec::<Vec<u8>>::new());
    }
}

#[test]
#[cfg(feature = "tk103")]
fn a_frame_cut_anywhere_costs_only_itself() {
    testing::assert_cuts_cost_one_frame(samples::TK103, samples::TK103, |_, _| false);
}

#[test]
#[cfg(feature = "tk103")]
fn any_byte_damaged_in_any_way_costs_one_frame() {
    for hit in samples::TK103 {
        testing::assert_damage_costs_one_frame(LOCATION, hit, HANDSHAKE);
    }
}
