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
use std::format;

const MARKS: Samples = &[
    b"*h",
    b"*HX,",
    b",",
    b"\r\n",
    b"#V1,",
    b"*HQ,1,41",
    b"*HQ,1,SMS,",
    b"$",
    b"$\x10\x05\x20",
    b"X",
];

#[test]
fn answers_never_change() {
    testing::answers_never_change::<Framer>(samples::H02, MARKS, b"*");
}

#[test]
fn sniffing_never_changes() {
    testing::sniffing_never_changes::<Framer>(samples::H02, MARKS);
}

#[test]
fn plain_frames_are_frames() {
    testing::plain_frames_are_frames::<Framer>(samples::H02, MARKS);
}

#[test]
fn samples_are_frames() {
    testing::assert_frames::<Framer>(samples::H02);
}

#[test]
fn rejections_say_what_and_where() {
    testing::assert_rejections::<Framer>(&[
        (b"x", ErrorKind::Start, 0),
        (b"**", ErrorKind::Start, 0),
        (b"*Q", ErrorKind::Start, 0),
        (b"*HT", ErrorKind::Start, 0),
        (b"*HQ1", ErrorKind::Start, 0),
        (b"*E", ErrorKind::Start, 0),
        (b"*Hq", ErrorKind::Start, 0),
        (b"*HQ,1-2,V1#", ErrorKind::DeviceId, 5),
        (b"*HQ,1#", ErrorKind::DeviceId, 5),
        (b"*HQ,123456789012345678901,V1#", ErrorKind::DeviceId, 24),
        (b"*HQ,1\x7f,V1#", ErrorKind::DeviceId, 5),
        (b"*HQ,*HQ,1,V1#", ErrorKind::DeviceId, 4),
        (b"*HQ,1,V1,*HQ,1,V1#", ErrorKind::Overlap, 9),
        (b"*HQ,1,V1,$", ErrorKind::Overlap, 9),
        (b"*HQ,1,V1,(", ErrorKind::Overlap, 9),
        (b"*HQ,1,SMS,a*hq,", ErrorKind::Overlap, 11),
        (b"*HQ,1,SMS,a*b#", ErrorKind::Overlap, 11),
        (b"*HQ,1,V1,\r\n", ErrorKind::End, 9),
        (b"*HQ,1,SMS\n", ErrorKind::End, 9),
        (b"*HQ,1,V1,\t", ErrorKind::Field, 9),
        (b"*HQ,1,V1,\xc3\xa9#", ErrorKind::Field, 9),
        (b"*HQ,1,SMS,\0#", ErrorKind::Field, 10),
        (b"*HQ,1,41,4#V1,*", ErrorKind::Overlap, 14),
    ]);
}

#[test]
fn what_follows_a_mark_inside_decides() {
    const LEN: usize = 11;
    let inner = Framing::Complete { len: LEN };
    let more = |needed| Framing::Incomplete { needed };
    testing::assert_answers::<Framer>(&[
        (b"*HQ,1,41,4#", more(12), inner),
        (b"*HQ,1,41,4#\r", inner, inner),
        (b"*HQ,1,41,4#*", inner, inner),
        (b"*HQ,1,41,4#V", more(13), inner),
        (b"*HQ,1,41,4#VX", inner, inner),
        (b"*HQ,1,41,4#V1", more(14), inner),
        (b"*HQ,1,41,4#V1;", inner, inner),
        (b"*HQ,1,41,4#V1,", more(15), more(15)),
        (
            b"*HQ,1,41,4#V1,#",
            Framing::Complete { len: 15 },
            Framing::Complete { len: 15 },
        ),
        // Only types that begin with a digit have a `#` before them.
        (b"*HQ,1,V1,4#", inner, inner),
    ]);
}

#[test]
fn frames_are_bounded() {
    let framing = |window: &[u8], end, max| Framer::framing(window, end, &Limits::new(max));
    let text = format!("*HQ,1,V1,{}#", "x".repeat(54));
    let text = text.as_bytes();
    assert_eq!(framing(text, false, 64), Framing::Complete { len: 64 });
    for len in 63..=64 {
        let oversize = Framing::invalid(ErrorKind::Oversize, 62);
        assert_eq!(framing(&text[..len], false, 63), oversize);
        assert_eq!(framing(&text[..len], true, 63), oversize);
    }
    // No byte after the largest frame is asked for.
    let text = format!("*HQ,1,41,{}#V1,", "4".repeat(54));
    let text = text.as_bytes();
    let inner = Framing::Complete { len: 64 };
    assert_eq!(framing(&text[..64], false, 64), inner);
    assert_eq!(framing(text, false, 66), inner);
    assert_eq!(
        framing(text, false, 67),
        Framing::invalid(ErrorKind::Oversize, 66)
    );
    assert_eq!(
        framing(&text[..64], false, 67),
        Framing::Incomplete { needed: 65 }
    );
}

#[test]
fn five_bytes_tell_the_protocol() {
    for frame in samples::H02.iter().filter(|frame| frame[0] == b'*') {
        for len in 0..frame.len() {
            let verdict = match len {
                0..5 => Framing::Incomplete { needed: len + 1 },
                _ => Framing::Complete { len: 5 },
            };
            assert_eq!(Framer::sniff(&frame[..len]), verdict);
        }
    }
    for stranger in [
        &b"*MG201693502000034964,BA"[..],
        b"*ET,135790246811221,HB,A",
        b"*RS,QTZM",
        b"*HQ201",
        b"*hQ,1",
        b"*HQ,#",
        b"*HQ, 1",
        b"(864768011069660,ZC11,",
        b"##,imei:",
        b"$$A138,",
        b"HQ,1",
    ] {
        let verdict = Framer::sniff(stranger);
        let is_foreign = matches!(verdict, Framing::Invalid { .. });
        assert!(is_foreign, "{}", stranger.escape_ascii());
    }
}

#[test]
#[cfg(feature = "h02")]
fn what_is_between_frames_is_noise() {
    for between in [
        &b""[..],
        b"\r\n",
        b" \r\n",
        b"\n",
        b"#",
        b"#\r\n",
        b"$\x10\x05\x20",
        b"X123",
        b"*",
        b"*H",
        b"*HQ",
        b"*HX,1#",
        b"(0123)",
        b"7",
    ] {
        let texts = samples::H02.iter().copied();
        let frames: std::vec::Vec<&[u8]> = texts.filter(|frame| frame[0] == b'*').collect();
        let found = testing::frames(&frames.join(between));
        assert_eq!(found, frames, "{}", between.escape_ascii());
    }
}

#[test]
#[cfg(feature = "h02")]
fn a_frame_cut_anywhere_costs_only_itself() {
    // Frames with a `#` inside that were cut after it are frames.
    let is_inner = |left: &[u8], first: &[u8]| {
        let is_whole = left.ends_with(b"#") || left.starts_with(b"$") && left.len() >= 32;
        first.starts_with(left) && is_whole
    };
    testing::assert_cuts_cost_one_frame(samples::H02, samples::H02, is_inner);
}

#[test]
#[cfg(feature = "h02")]
fn any_byte_damaged_in_any_way_costs_one_frame() {
    let [first, second, third] = [samples::H02[0], samples::H02[11], samples::H02[2]];
    testing::assert_damage_costs_one_frame(first, second, third);
    testing::assert_damage_costs_one_frame(second, third, first);
    testing::assert_damage_costs_one_frame(third, samples::H02[16], second);
}
