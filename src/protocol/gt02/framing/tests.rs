#![allow(
    clippy::arithmetic_side_effects,
    reason = "a test that overflows fails"
)]

use super::Framer;
use crate::{
    error::ErrorKind,
    framing::{
        Framing, Limits, Wire,
        testing::{self, Samples, samples},
    },
};

/// Frames that devices send.
const DEVICES: Samples = samples::GT02.split_at(7).0;

const MARKS: Samples = &[
    b"\x68\x68\x0d\x00\x00",
    b"\x68\x68\x25\x14\x68\x08\x64\x71\x68\x68\x45\x58\x33\x00\x01\x10",
    b"\x03\x58\x89\x90\x58\x31\x40\x17",
    b"\x10",
    b"\x1a",
];

/// What servers send is another matter: see `commands_are_asked_for_byte_by_byte`.
#[test]
fn answers_never_change() {
    testing::answers_never_change::<Framer>(DEVICES, MARKS, b"\x68");
}

#[test]
fn sniffing_never_changes() {
    testing::sniffing_never_changes::<Framer>(samples::GT02, MARKS);
}

#[test]
fn plain_frames_are_frames() {
    testing::plain_frames_are_frames::<Framer>(samples::GT02, MARKS);
}

#[test]
fn samples_are_frames() {
    testing::assert_frames::<Framer>(samples::GT02);
}

#[test]
fn rejections_say_what_and_where() {
    const FRAME: &[u8] = b"\x68\x68\x0d\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x01\x99";
    testing::assert_rejections::<Framer>(&[
        (b"\x68\x69", ErrorKind::Start, 0),
        (b"\x88\x68", ErrorKind::Start, 0),
        (b"\x54\x54", ErrorKind::Start, 0),
        (b"\x68\x68\x0c", ErrorKind::Length, 2),
        // The first digit of the id is not 0, or it is no digit.
        (b"\x68\x68\x25\x00\x00\x10", ErrorKind::DeviceId, 5),
        (b"\x68\x68\x25\x00\x00\x0a", ErrorKind::DeviceId, 5),
        (b"\x68\x68\x25\x00\x00\x03\xa0", ErrorKind::DeviceId, 5),
        (
            b"\x68\x68\x25\x00\x00\x03\x58\x89\x90\x58\x31\x40\x1f",
            ErrorKind::DeviceId,
            5,
        ),
        (&[FRAME, b"\x0d\x0d"].concat(), ErrorKind::End, 16),
        (&[FRAME, b"\x0a\x0d"].concat(), ErrorKind::End, 16),
    ]);
    // What servers send is looked at as a whole.
    for (bytes, kind, at) in [
        (&b"\x88\x88\x06"[..], ErrorKind::Length, 2),
        (b"\x88\x88\x07\x1a", ErrorKind::Field, 3),
        (b"\x88\x88\x07\x1c\x06", ErrorKind::Field, 4),
        (
            b"\x88\x88\x07\x1c\x05\x00\x00\x00\x01\x1f",
            ErrorKind::Field,
            9,
        ),
        (
            b"\x88\x88\x07\x1c\x05\x00\x00\x00\x01W\x0d\x0d",
            ErrorKind::End,
            10,
        ),
        (b"\x54\x68\x1b", ErrorKind::Field, 2),
        (b"\x54\x68\x1a\x0a", ErrorKind::End, 3),
    ] {
        let answer = Framer::framing(bytes, false, &testing::ALL);
        assert_eq!(answer, Framing::invalid(kind, at), "{bytes:02x?}");
    }
}

/// No answer comes with fewer bytes than were asked for.
#[test]
fn commands_are_asked_for_byte_by_byte() {
    for (bytes, len) in [(&b"\x88\x88\x06"[..], 2), (b"\x54\x68\x1b", 2)] {
        let answer = Framer::framing(&bytes[..len], false, &testing::ALL);
        assert_eq!(answer, Framing::Incomplete { needed: len + 1 });
    }
}

#[test]
fn a_frame_larger_than_the_largest_is_dropped_by_its_length() {
    let frame = samples::GT02[0];
    for (max, verdict) in [
        (frame.len(), Framing::Complete { len: frame.len() }),
        (frame.len() - 1, Framing::invalid(ErrorKind::Oversize, 2)),
    ] {
        assert_eq!(Framer::framing(frame, false, &Limits::new(max)), verdict);
    }
}

#[test]
fn a_frame_cut_anywhere_costs_only_itself() {
    testing::assert_cuts_cost_one_frame(samples::GT02, DEVICES, |_, _| false);
}

#[test]
fn a_frame_cut_before_one_of_a_server_costs_only_itself() {
    let servers = samples::GT02.split_at(7).1;
    testing::assert_cuts_cost_one_frame(samples::GT02, servers, |_, _| false);
}

#[test]
fn any_byte_damaged_in_any_way_costs_one_frame() {
    for hit in samples::GT02 {
        testing::assert_damage_costs_one_frame(samples::GT02[0], hit, samples::GT02[3]);
    }
}

#[test]
fn an_imei_and_coordinates_may_spell_a_start_mark() {
    // The id holds `68 68`, and so does the latitude.
    let mut frame = samples::GT02[0].to_vec();
    frame[8..10].copy_from_slice(b"\x68\x68");
    frame[22..24].copy_from_slice(b"\x68\x68");
    for rest in [&b""[..], samples::GT02[3]] {
        let stream = [&frame[..], rest].concat();
        assert_eq!(testing::frames(&stream)[0], frame);
    }
}
