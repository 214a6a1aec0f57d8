//! The wire protocols, one module each, and what they have in common.
//!
//! Each protocol module is furnished alike: byte diagrams, `Frame` (the validated envelope over borrowed bytes), `Message` (one plain struct a
//! message, with `Unknown` for types that have no name here), `parse`, `encoded_len` and `encode`.

pub mod gt02;
mod wire;

use crate::error::{Error, ErrorKind};
use core::fmt;

/// The wire protocols of devices sold as GT02, by the names that Traccar made common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Protocol {
    /// The original binary protocol, `68 68`: [`gt02`].
    Gt02,
}

impl Protocol {
    /// The name in JSON and in logs, lower case: `gt02`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gt02 => "gt02",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Which way bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Direction {
    /// From the device to the server.
    Up,
    /// From the server to the device.
    Down,
}

/// One whole frame of any protocol, borrowed from the bytes that it was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Frame<'a> {
    /// A frame of the original binary protocol.
    Gt02(gt02::Frame<'a>),
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame, of whichever protocol it is.
    ///
    /// # Errors
    /// What is wrong with the bytes, and where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let (protocol, candidate) = candidate(bytes, usize::MAX).ok_or(Error::new(ErrorKind::Start, 0))?;
        candidate.whole(bytes)?;
        Ok(Self::from_candidate(protocol, bytes))
    }

    /// The protocol that the frame belongs to.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        match self {
            Self::Gt02(_) => Protocol::Gt02,
        }
    }

    /// The bytes of the frame, start and end marks included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Gt02(frame) => frame.as_bytes(),
        }
    }

    /// From bytes that [`candidate`] found to be a frame of `protocol`.
    #[inline]
    pub(crate) const fn from_candidate(protocol: Protocol, bytes: &'a [u8]) -> Self {
        match protocol {
            Protocol::Gt02 => Self::Gt02(gt02::Frame::from_candidate(bytes)),
        }
    }
}

/// What a protocol says of bytes that begin like one of its frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// They are a frame of so many bytes.
    Frame(usize),
    /// They are no frame.
    Reject(Error),
    /// It takes so many bytes in all, more than there are, before anything can be said.
    More(usize),
}

impl Candidate {
    pub(crate) const fn reject(kind: ErrorKind, offset: usize) -> Self {
        Self::Reject(Error::new(kind, offset))
    }

    /// Reads the verdict on `bytes` that are claimed to be one whole frame.
    pub(crate) const fn whole(self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Frame(len) if len == bytes.len() => Ok(()),
            Self::Frame(len) => Err(Error::new(ErrorKind::Trailing, len)),
            Self::Reject(error) => Err(error),
            Self::More(_) => Err(Error::new(ErrorKind::Incomplete, bytes.len())),
        }
    }
}

/// What is to be said of bytes that begin with a start mark, or with its first byte and then end, frames of more than `max` bytes left out; `None` if
/// they do not.
///
/// Each start mark belongs to one protocol alone.
pub(crate) fn candidate(window: &[u8], max: usize) -> Option<(Protocol, Candidate)> {
    gt02::candidate(window, max).map(|candidate| (Protocol::Gt02, candidate))
}

/// A frame that is there in full and that a few comparisons vouch for, as nearly all are; what it says, [`candidate`] says too.
///
/// It is worth its bytes where there is room for them.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) fn plain_frame(window: &[u8]) -> Option<(Protocol, usize)> {
    gt02::plain_frame(window).map(|len| (Protocol::Gt02, len))
}

/// On a microcontroller every frame goes the general way.
#[cfg(not(target_pointer_width = "64"))]
pub(crate) const fn plain_frame(_: &[u8]) -> Option<(Protocol, usize)> {
    None
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    gt02::is_start(byte)
}
