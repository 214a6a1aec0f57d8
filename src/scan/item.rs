//! What a stream or a datagram is made of.

use crate::{error::ErrorKind, protocol::Frame};
use core::fmt;

/// Why bytes belong to no frame. The discriminants are stable: a reason keeps its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u8)]
pub enum NoiseReason {
    /// They begin no frame, or nothing that could be one.
    Garbage = 1,
    /// A frame begins here, its header is right, but its end is not where its length says: it was cut short, its length or its end is
    /// damaged, or the stream ends.
    Truncated = 2,
    /// A frame is here in full, but its checksum is wrong: it is damaged.
    Checksum = 3,
    /// A frame begins here that is larger than the decoder takes.
    Oversize = 4,
}

impl NoiseReason {
    /// The name in JSON, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Garbage => "garbage",
            Self::Truncated => "truncated",
            Self::Checksum => "checksum",
            Self::Oversize => "oversize",
        }
    }

    /// The reason of a candidate that died of this.
    pub(crate) const fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Start
            | ErrorKind::Length
            | ErrorKind::DeviceId
            | ErrorKind::Field
            | ErrorKind::Trailing => Self::Garbage,
            ErrorKind::End | ErrorKind::Overlap | ErrorKind::Incomplete => Self::Truncated,
            ErrorKind::Oversize => Self::Oversize,
            ErrorKind::Checksum => Self::Checksum,
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
