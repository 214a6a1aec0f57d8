//! The items of a stream or a datagram.

use crate::{error::ErrorKind, protocol::Frame};
use core::fmt;

/// The reason why bytes belong to no frame. The discriminants are stable: a reason keeps its
/// number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u8)]
pub enum NoiseReason {
    /// The bytes cannot start a frame.
    Garbage = 1,
    /// The bytes start with a right header, but the end of the frame is missing: the frame was cut
    /// short, its length or its end mark is damaged, or the stream ended.
    Truncated = 2,
    /// The bytes start with a complete frame whose checksum is wrong.
    Checksum = 3,
    /// The bytes start a frame that is larger than the decoder takes.
    Oversize = 4,
}

impl NoiseReason {
    /// Returns the name in JSON, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Garbage => "garbage",
            Self::Truncated => "truncated",
            Self::Checksum => "checksum",
            Self::Oversize => "oversize",
        }
    }

    /// Returns the reason for noise that begins with a candidate rejected for `kind`.
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
/// One stretch of noise may come in several pieces, depending on how the stream was cut. Joined,
/// the pieces always have the same bytes and the same reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Noise<'a> {
    /// The bytes as received, at least one.
    pub bytes: &'a [u8],
    /// The reason why they belong to no frame.
    pub reason: NoiseReason,
}

/// A frame or noise: a part of a stream or a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Item<'a> {
    /// A whole frame.
    Frame(Frame<'a>),
    /// Bytes that belong to no frame.
    Noise(Noise<'a>),
}

impl<'a> Item<'a> {
    /// Returns the bytes of the item. Those of all items, in order, are the bytes that were
    /// received.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Frame(frame) => frame.as_bytes(),
            Self::Noise(noise) => noise.bytes,
        }
    }
}
