#![allow(clippy::indexing_slicing, reason = "a test that panics fails")]

use super::*;
use crate::protocol::gt06::{Frame, frame};
use proptest::prelude::*;

proptest! {
    /// The fast way reads the same location as the general way.
    #[test]
    fn both_ways_agree(content in any::<[u8; 26]>()) {
        let mut out = [0; 40];
        let envelope = Envelope::short(7);
        let len = frame::encode(envelope, number::GPS_CELL, "content", &mut out, |out| {
            out.put(&content)
        });
        let parts = Frame::from_candidate(&out[..len.unwrap_or(0)]).parts();
        if let Some(location) = Location::common(&parts) {
            prop_assert_eq!(Some(location), Location::read_any(&parts));
        }
        prop_assert_eq!(Location::common(&parts).is_some(), content[18] < 0x80 && len.is_ok());
    }
}
