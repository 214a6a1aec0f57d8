//! The wire protocols, one module each, and what they have in common.
//!
//! Each protocol module is furnished alike: byte diagrams, `Frame` (the validated envelope over borrowed bytes), `Message` (one plain struct a
//! message, with `Unknown` for types that have no name here), `parse`, `encoded_len` and `encode`.

pub mod gt02;
#[cfg(feature = "gt06")]
pub mod gt06;
#[cfg(feature = "gt06")]
mod inside;
mod marks;
mod wire;
#[cfg(feature = "gt06")]
mod writer;

use crate::error::{Error, ErrorKind};
use core::fmt;
#[cfg(feature = "gt06")]
pub(crate) use inside::{Ahead, Inside};

/// Without a protocol that vouches for its frames with a checksum, there is nothing to look ahead for.
#[cfg(not(feature = "gt06"))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead;

#[cfg(not(feature = "gt06"))]
impl Ahead {
    pub(crate) const fn new() -> Self {
        Self
    }

    pub(crate) const fn advance(&mut self, _: usize) {}
}

/// The wire protocols of devices sold as GT02, by the names that Traccar made common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Protocol {
    /// The original binary protocol, `68 68`: [`gt02`].
    Gt02,
    /// The protocol with a checksum, `78 78` and `79 79`: [`gt06`].
    #[cfg(feature = "gt06")]
    Gt06,
}

impl Protocol {
    /// The name in JSON and in logs, lower case: `gt02`, `gt06`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gt02 => "gt02",
            #[cfg(feature = "gt06")]
            Self::Gt06 => "gt06",
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
    /// A frame of the protocol with a checksum.
    #[cfg(feature = "gt06")]
    Gt06(gt06::Frame<'a>),
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame, of whichever protocol it is.
    ///
    /// # Errors
    /// What is wrong with the bytes, and where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let (protocol, verdict) = candidate(bytes, Rules::ALL, &mut Ahead::new()).ok_or(Error::new(ErrorKind::Start, 0))?;
        verdict.whole(bytes)?;
        Ok(Self::from_candidate(protocol, bytes))
    }

    /// The protocol that the frame belongs to.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        match self {
            Self::Gt02(_) => Protocol::Gt02,
            #[cfg(feature = "gt06")]
            Self::Gt06(_) => Protocol::Gt06,
        }
    }

    /// The bytes of the frame, start and end marks included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Gt02(frame) => frame.as_bytes(),
            #[cfg(feature = "gt06")]
            Self::Gt06(frame) => frame.as_bytes(),
        }
    }

    /// From bytes that [`candidate`] found to be a frame of `protocol`.
    #[inline]
    pub(crate) const fn from_candidate(protocol: Protocol, bytes: &'a [u8]) -> Self {
        match protocol {
            Protocol::Gt02 => Self::Gt02(gt02::Frame::from_candidate(bytes)),
            #[cfg(feature = "gt06")]
            Protocol::Gt06 => Self::Gt06(gt06::Frame::from_candidate(bytes)),
        }
    }
}

/// What a frame may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Bytes in the largest frame.
    pub(crate) max: usize,
    /// No byte follows behind those that are there.
    pub(crate) end: bool,
    /// Frames whose checksum is wrong are frames.
    #[cfg(feature = "gt06")]
    pub(crate) any_checksum: bool,
}

impl Rules {
    /// For bytes that are all there, of any size.
    pub(crate) const ALL: Self = Self::new(usize::MAX, true);

    #[inline]
    pub(crate) const fn new(max: usize, end: bool) -> Self {
        Self {
            max,
            end,
            #[cfg(feature = "gt06")]
            any_checksum: false,
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

/// What is to be said of bytes that begin with a start mark, or with its first byte and then end; `None` if they do not.
///
/// Each start mark belongs to one protocol alone.
pub(crate) fn candidate(window: &[u8], rules: Rules, ahead: &mut Ahead) -> Option<(Protocol, Candidate)> {
    if let Some(verdict) = gt02::candidate(window, rules.max) {
        return Some((Protocol::Gt02, spare_inside(window, verdict, rules, ahead)));
    }
    #[cfg(feature = "gt06")]
    if let Some(verdict) = gt06::candidate(window, rules, |until| ahead.any_inside(window, until, rules)) {
        return Some((Protocol::Gt06, verdict));
    }
    None
}

/// The verdict on a frame without a checksum, unless there is one with a checksum inside.
#[cfg(feature = "gt06")]
fn spare_inside(window: &[u8], verdict: Candidate, rules: Rules, ahead: &mut Ahead) -> Candidate {
    let is_exact_location = gt02::begins_exact_location(window);
    let until = match verdict {
        Candidate::Frame(len) if is_exact_location && window.get(..len).is_some_and(gt02::has_documented_status) => return verdict,
        Candidate::Frame(len) => len,
        // It is believed until it is there.
        Candidate::More(_) if is_exact_location => return verdict,
        Candidate::More(_) => window.len(),
        Candidate::Reject(_) => return verdict,
    };
    match (ahead.gt06_inside(window, until, rules), verdict) {
        (Inside::Frame(start, _), _) => Candidate::reject(ErrorKind::Overlap, start),
        (Inside::NoneBefore(needed), Candidate::More(total)) => Candidate::More(total.min(needed)),
        _ => verdict,
    }
}

/// There is no protocol with a checksum.
#[cfg(not(feature = "gt06"))]
const fn spare_inside(_: &[u8], verdict: Candidate, _: Rules, _: &mut Ahead) -> Candidate {
    verdict
}

/// Whether `bytes` are one whole frame of this protocol.
pub(crate) fn one_frame(bytes: &[u8], protocol: Protocol, rules: Rules) -> Result<(), Error> {
    if plain_frame(bytes) == Some((protocol, bytes.len())) {
        return Ok(());
    }
    match candidate(bytes, rules, &mut Ahead::new()) {
        Some((found, verdict)) if found == protocol => verdict.whole(bytes),
        _ => Err(Error::new(ErrorKind::Start, 0)),
    }
}

/// A frame that is there in full and that a few comparisons vouch for, as nearly all are; what it says, [`candidate`] says too.
///
/// It is worth its bytes where there is room for them.
#[cfg(all(feature = "gt06", target_pointer_width = "64"))]
#[inline]
pub(crate) fn plain_frame(window: &[u8]) -> Option<(Protocol, usize)> {
    let (protocol, frame, is_plain) = match *window.first()? {
        gt02::UP => {
            let (frame, is_exact_location) = gt02::likely_frame(window)?;
            let is_spared = is_exact_location && gt02::has_documented_status(frame);
            (Protocol::Gt02, frame, !gt02::is_suspicious(frame, is_exact_location) && (is_spared || !holds_mark(frame)))
        }
        gt06::SHORT | gt06::LONG => {
            let frame = gt06::likely_frame(window)?;
            (Protocol::Gt06, frame, gt06::is_documented(frame) || !holds_mark(frame))
        }
        _ => return None,
    };
    is_plain.then_some((protocol, frame.len()))
}

/// Whether a frame holds a start mark behind its own.
#[cfg(all(feature = "gt06", target_pointer_width = "64"))]
#[inline]
fn holds_mark(frame: &[u8]) -> bool {
    let inside = frame.get(1..).unwrap_or_default();
    // One frame in a hundred has bytes that look like one at first sight.
    marks::may_hold_any(inside) && inside.windows(2).any(|pair| matches!(pair, [a, b] if a == b && (*a == gt02::UP || gt06::is_start(*a))))
}

/// The same of `gt02` alone.
#[cfg(all(not(feature = "gt06"), target_pointer_width = "64"))]
#[inline]
pub(crate) fn plain_frame(window: &[u8]) -> Option<(Protocol, usize)> {
    let (frame, is_exact_location) = gt02::likely_frame(window)?;
    (!gt02::is_suspicious(frame, is_exact_location)).then_some((Protocol::Gt02, frame.len()))
}

/// On a microcontroller every frame goes the general way.
#[cfg(not(target_pointer_width = "64"))]
pub(crate) const fn plain_frame(_: &[u8]) -> Option<(Protocol, usize)> {
    None
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    #[cfg(feature = "gt06")]
    if gt06::is_start(byte) {
        return true;
    }
    gt02::is_start(byte)
}
