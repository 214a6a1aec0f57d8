//! Where does the next frame begin, and where does it end? A pure function of the bytes.
//!
//! It is *prefix-stable*: an answer other than `More` does not change when bytes are appended, but for noise, which may only become longer.
//! That is what makes the decoder's items independent of how the stream was cut.

use crate::{
    error::{Error, ErrorKind},
    protocol::{Candidate, Frame, Protocol, candidate, is_start, plain_frame},
};
use core::fmt;

/// What stands at the front of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// A frame of so many bytes.
    Frame { protocol: Protocol, len: usize },
    /// So many bytes that belong to no frame, at least one. Without a reason they begin nothing at all.
    Noise { len: usize, reason: Option<NoiseReason> },
    /// It takes so many bytes in all, more than there are and not more than the largest frame, before anything can be said.
    More { total: usize },
}

/// Says what stands at the front of `window`, frames of more than `max` bytes left out.
///
/// `end` says that no byte will follow; then there is always an answer, unless the window is empty.
#[inline]
pub(crate) fn scan(window: &[u8], max: usize, end: bool) -> Scan {
    match plain_frame(window) {
        Some((protocol, len)) if len <= max => Scan::Frame { protocol, len },
        _ => scan_any(window, max, end),
    }
}

/// The same as [`scan`], in one way for all windows.
pub(crate) fn scan_any(window: &[u8], max: usize, end: bool) -> Scan {
    match candidate(window, max) {
        Some((protocol, Candidate::Frame(len))) => Scan::Frame { protocol, len },
        Some((_, Candidate::More(total))) if !end => Scan::More { total },
        Some((_, Candidate::More(_))) => noise(window, max, Some(NoiseReason::Truncated)),
        Some((_, Candidate::Reject(error))) => noise(window, max, NoiseReason::of(error)),
        None if window.is_empty() => Scan::More { total: 1 },
        None => noise(window, max, None),
    }
}

/// As many bytes of noise as have the reason of the first of them.
#[inline(never)]
fn noise(window: &[u8], max: usize, reason: Option<NoiseReason>) -> Scan {
    let mut rest = window.get(1..).unwrap_or_default();
    while let Some(at) = rest.iter().position(|&byte| is_start(byte)) {
        rest = rest.get(at..).unwrap_or_default();
        match candidate(rest, max) {
            None => {}
            Some((_, Candidate::Reject(error))) if NoiseReason::of(error).is_none_or(|next| Some(next) == reason) => {}
            Some(_) => return Scan::Noise { len: window.len().saturating_sub(rest.len()), reason },
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    Scan::Noise { len: window.len(), reason }
}

/// Why bytes belong to no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum NoiseReason {
    /// They begin no frame, or nothing that could be one.
    Garbage,
    /// A frame begins here, its header is right, but its end is not where its length says: it was cut short, its length or its end is
    /// damaged, or the stream ends.
    Truncated,
    /// A frame begins here that is larger than the decoder takes.
    Oversize,
}

impl NoiseReason {
    /// The name in JSON, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Garbage => "garbage",
            Self::Truncated => "truncated",
            Self::Oversize => "oversize",
        }
    }

    /// `None` if not so much as a start mark is there.
    const fn of(error: Error) -> Option<Self> {
        match error.kind {
            ErrorKind::Start => None,
            ErrorKind::Length | ErrorKind::DeviceId | ErrorKind::Field | ErrorKind::Trailing => Some(Self::Garbage),
            ErrorKind::End | ErrorKind::Overlap | ErrorKind::Incomplete => Some(Self::Truncated),
            ErrorKind::Oversize => Some(Self::Oversize),
        }
    }
}

impl fmt::Display for NoiseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Bytes that belong to no frame.
///
/// One stretch of noise may come in several pieces, depending on how the stream was cut; joined, they are always the same bytes with the
/// same reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Noise<'a> {
    /// The bytes, as received; at least one.
    pub bytes: &'a [u8],
    /// Why they are not a frame.
    pub reason: NoiseReason,
}

/// What a stream or a datagram is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Item<'a> {
    /// A whole frame.
    Frame(Frame<'a>),
    /// Bytes that belong to no frame.
    Noise(Noise<'a>),
}

impl<'a> Item<'a> {
    /// The bytes of the item. Those of all items, one behind the other, are the bytes that were received.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Frame(frame) => frame.as_bytes(),
            Self::Noise(noise) => noise.bytes,
        }
    }
}

/// Turns what [`scan`] finds into items. Noise that begins nothing goes on with the reason of the noise in front of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Itemizer {
    reason: NoiseReason,
}

impl Itemizer {
    pub(crate) const fn new() -> Self {
        Self { reason: NoiseReason::Garbage }
    }

    #[inline]
    pub(crate) fn frame<'a>(&mut self, protocol: Protocol, bytes: &'a [u8]) -> Item<'a> {
        self.reason = NoiseReason::Garbage;
        Item::Frame(Frame::from_candidate(protocol, bytes))
    }

    pub(crate) fn noise<'a>(&mut self, bytes: &'a [u8], reason: Option<NoiseReason>) -> Item<'a> {
        self.reason = reason.unwrap_or(self.reason);
        Item::Noise(Noise { bytes, reason: self.reason })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test that overflows fails")]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{collection::vec, prelude::*};

    /// Windows rich in what means something, so that all branches are met.
    fn window() -> impl Strategy<Value = std::vec::Vec<u8>> {
        let header = (13..60_u8, any::<u16>(), any::<u8>()).prop_map(|(length, serial, code)| {
            let [s, t] = serial.to_be_bytes();
            std::vec![0x68, 0x68, length, 0, 0, 0x03, 0x58, 0x89, 0x90, 0x58, 0x31, 0x40, 0x17, s, t, if code < 128 { 0x10 } else { 0x1A }]
        });
        let marks =
            prop::sample::select(std::vec![&b"\x0d\x0a"[..], b"\x68\x68", b"\x88\x88\x08\x1c\x06", b"\x54\x68\x1a\x0d\x0a", b"\x25", b"\x10"]);
        let piece = prop_oneof![header, marks.prop_map(<[u8]>::to_vec), vec(any::<u8>(), 1..24), vec(0..0x10_u8, 1..24)];
        vec(piece, 1..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        #[test]
        fn answers_are_prefix_stable(window in window()) {
            let mut before = Scan::More { total: 1 };
            for len in 0..=window.len() {
                let now = scan(&window[..len], 260, false);
                match (before, now) {
                    (Scan::More { total }, now) if len < total => prop_assert!(matches!(now, Scan::More { .. }), "decided with fewer bytes than were asked for"),
                    (Scan::More { .. }, _) => {}
                    (Scan::Noise { len: before, reason }, Scan::Noise { len, reason: now }) => prop_assert!(before <= len && reason == now),
                    (before, now) => prop_assert_eq!(before, now),
                }
                match now {
                    Scan::More { total } => prop_assert!(len < total && total <= 260),
                    Scan::Noise { len: noise, .. } => prop_assert!(0 < noise && noise <= len),
                    Scan::Frame { len: frame, .. } => prop_assert!(frame <= len && frame <= 260),
                }
                before = now;
            }
        }

        #[test]
        fn the_end_decides_all(window in window()) {
            let end = scan(&window, 260, true);
            let undecided = matches!(end, Scan::More { .. });
            prop_assert!(!undecided);
            // What was decided without the end stays, but for noise that the end makes longer.
            let truncated = matches!(end, Scan::Noise { reason: Some(NoiseReason::Truncated), .. });
            match scan(&window, 260, false) {
                Scan::More { .. } => prop_assert!(truncated),
                decided => prop_assert_eq!(end, decided),
            }
        }
    }
}
