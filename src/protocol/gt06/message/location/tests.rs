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
}
