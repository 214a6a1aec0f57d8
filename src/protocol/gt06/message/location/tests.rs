#![allow(clippy::indexing_slicing, reason = "a test that panics fails")]

use super::*;
use crate::protocol::gt06::{Frame, Unknown, frame};
use proptest::prelude::*;

proptest! {
    /// The fast way reads the same location as the general way.
    #[test]
    fn both_ways_agree(content in any::<[u8; 26]>()) {
        let mut out = [0; 40];
        // Not the encoder of `Unknown`, which refuses a content that is a location.
        let unknown = Unknown::new(number::GPS_CELL, &content, 7);
        let len = frame::encode(&unknown, unknown.envelope, &mut out);
        let parts = Frame::from_candidate(&out[..len.unwrap_or(0)]).parts();
        if let Some(location) = Location::common(&parts) {
            prop_assert_eq!(Some(location), Location::read_any::<true>(&parts));
        }
        prop_assert_eq!(Location::common(&parts).is_some(), content[18] < 0x80 && len.is_ok());
    }

    /// What is written at once is what is written in the general way.
    #[test]
    fn both_ways_write_the_same(
        gps in any::<[u8; 18]>(),
        mcc in prop_oneof![0..0x8000_u16, any::<u16>()],
        mnc in prop_oneof![0..0x100_u16, any::<u16>()],
        lac in any::<u16>(),
        cell_id in prop_oneof![0..0x100_0000_u32, any::<u32>()],
        serial in prop_oneof![any::<u16>(), Just(0x0D0A)],
        wrong_length in proptest::option::weighted(0.1, 0..40_u16),
        mileage in proptest::option::weighted(0.1, any::<u32>()),
        rest in prop_oneof![4 => Just(&[][..]), 1 => Just(&[0x0D, 0x0A][..])],
        room in 30..45_usize,
    ) {
        let lbs = Some(Lbs { mcc, mnc, lac, cell_id });
        let location = Location {
            envelope: Envelope { wrong_length, ..Envelope::short(serial) },
            gps: Gps::read(&gps),
            kind: LocationKind::Cell { lbs, mileage },
            rest,
        };
        let (mut at_once, mut in_general) = ([0; 45], [0; 45]);
        if let Some(encoded) = location.encode_at_once(&mut at_once[..room]) {
            prop_assert_eq!(encoded, location.encode_in_general(&mut in_general[..room]));
            if encoded.is_ok() {
                prop_assert_eq!(at_once, in_general);
            }
        }
    }
}

/// Usual locations are written at once.
#[test]
fn usual_locations_are_written_at_once() {
    let lbs = Lbs::new(460, 0, 0x287D, 0x1F71).unwrap();
    let location = Location::new(Gps::read(&[0; 18]), LocationKind::cell(lbs), 7);
    let is_at_once = location.encode_at_once(&mut [0; COMMON_LEN]) == Some(Ok(COMMON_LEN));
    assert_eq!(is_at_once, WIDE && Protocol::Gt06.is_enabled());
}
