//! The wire protocols, one module each, and what they have in common.
//!
//! Each protocol module is furnished alike: byte diagrams, `Frame` (the validated envelope over borrowed bytes), `Message` (one plain struct a
//! message, with `Unknown` for types that have no name here), `parse`, `encoded_len` and `encode`.

mod ascii;
pub mod gt02;
pub mod gt06;
pub mod h02;
mod inside;
mod marks;
pub mod tk103;
pub mod v680;
mod wire;
mod writer;

use crate::error::{Error, ErrorKind};
use core::fmt;
pub(crate) use inside::{Ahead, Inside};

/// The wire protocols of devices sold as GT02, by the names that Traccar made common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Protocol {
    /// The original binary protocol, `68 68`: [`gt02`].
    Gt02,
    /// The protocol with a checksum, `78 78` and `79 79`: [`gt06`].
    Gt06,
    /// Text in parentheses, `(...)`: [`tk103`].
    Tk103,
    /// Text between `#` signs, `#...##`: [`v680`].
    V680,
    /// Text with commas, `*HQ,...#`: [`h02`].
    H02,
}

impl Protocol {
    /// The name in JSON and in logs, lower case: `gt02`, `gt06`, `tk103`, `v680`, `h02`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gt02 => "gt02",
            Self::Gt06 => "gt06",
            Self::Tk103 => "tk103",
            Self::V680 => "v680",
            Self::H02 => "h02",
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
    Gt06(gt06::Frame<'a>),
    /// A frame of text in parentheses.
    Tk103(tk103::Frame<'a>),
    /// A frame of text between `#` signs.
    V680(v680::Frame<'a>),
    /// A frame of text with commas.
    H02(h02::Frame<'a>),
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
            Self::Gt06(_) => Protocol::Gt06,
            Self::Tk103(_) => Protocol::Tk103,
            Self::V680(_) => Protocol::V680,
            Self::H02(_) => Protocol::H02,
        }
    }

    /// The bytes of the frame, start and end marks included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        match self {
            Self::Gt02(frame) => frame.as_bytes(),
            Self::Gt06(frame) => frame.as_bytes(),
            Self::Tk103(frame) => frame.as_bytes(),
            Self::V680(frame) => frame.as_bytes(),
            Self::H02(frame) => frame.as_bytes(),
        }
    }

    /// From bytes that [`candidate`] found to be a frame of `protocol`.
    #[inline]
    pub(crate) const fn from_candidate(protocol: Protocol, bytes: &'a [u8]) -> Self {
        match protocol {
            Protocol::Gt02 => Self::Gt02(gt02::Frame::from_candidate(bytes)),
            Protocol::Gt06 => Self::Gt06(gt06::Frame::from_candidate(bytes)),
            Protocol::Tk103 => Self::Tk103(tk103::Frame::from_candidate(bytes)),
            Protocol::V680 => Self::V680(v680::Frame::from_candidate(bytes)),
            Protocol::H02 => Self::H02(h02::Frame::from_candidate(bytes)),
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
    pub(crate) any_checksum: bool,
}

impl Rules {
    /// For bytes that are all there, of any size.
    pub(crate) const ALL: Self = Self::new(usize::MAX, true);

    #[inline]
    pub(crate) const fn new(max: usize, end: bool) -> Self {
        Self { max, end, any_checksum: false }
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
    match *window.first()? {
        byte if gt02::is_start(byte) => {
            let verdict = gt02::candidate(window, rules.max)?;
            Some((Protocol::Gt02, spare_inside_gt02(window, verdict, rules, ahead)))
        }
        byte if gt06::is_start(byte) => {
            let verdict = gt06::candidate(window, rules, |until| ahead.inside(Protocol::Gt06, window, until, rules.max))?;
            Some((Protocol::Gt06, verdict))
        }
        _ => {
            let (protocol, verdict) = text_candidate(window, rules)?;
            Some((protocol, spare_inside(protocol, window, verdict, rules, ahead)))
        }
    }
}

/// The same of the text protocols, without regard to what may be inside.
#[inline]
fn text_candidate(window: &[u8], rules: Rules) -> Option<(Protocol, Candidate)> {
    let (protocol, verdict) = match *window.first()? {
        byte if tk103::is_start(byte) => (Protocol::Tk103, tk103::candidate(window, rules)),
        byte if v680::is_start(byte) => (Protocol::V680, v680::candidate(window, rules)),
        byte if h02::is_start(byte) => (Protocol::H02, h02::candidate(window, rules)),
        _ => return None,
    };
    verdict.map(|verdict| (protocol, verdict))
}

/// The verdict on a frame of `gt02`, unless there is a frame of another protocol inside.
fn spare_inside_gt02(window: &[u8], verdict: Candidate, rules: Rules, ahead: &mut Ahead) -> Candidate {
    let is_exact_location = gt02::begins_exact_location(window);
    match verdict {
        Candidate::Frame(len) if is_exact_location && window.get(..len).is_some_and(gt02::has_documented_status) => verdict,
        // It is believed until it is there.
        Candidate::More(_) if is_exact_location => verdict,
        _ => spare_inside(Protocol::Gt02, window, verdict, rules, ahead),
    }
}

/// The verdict on a frame without a checksum, unless there is a frame of another protocol inside.
fn spare_inside(protocol: Protocol, window: &[u8], verdict: Candidate, rules: Rules, ahead: &mut Ahead) -> Candidate {
    let until = match verdict {
        Candidate::Frame(len) => len,
        Candidate::More(_) => window.len(),
        // What is shown before the byte that shows this would have been found first, had the bytes come one by one.
        Candidate::Reject(error) if error.offset < MIN_FRAME => return verdict,
        Candidate::Reject(error) => error.offset.saturating_add(1),
    };
    match (ahead.inside(protocol, window, until, rules.max), verdict) {
        (Inside::Frame(start, _), _) => Candidate::reject(ErrorKind::Overlap, start),
        (Inside::NoneBefore(needed), Candidate::More(total)) => Candidate::More(total.min(needed)),
        _ => verdict,
    }
}

/// No frame of any protocol has fewer bytes than this, but for the answer of `gt02`.
const MIN_FRAME: usize = 6;

/// Whether `bytes` are one whole frame of this protocol.
pub(crate) fn one_frame(bytes: &[u8], protocol: Protocol, rules: Rules) -> Result<(), Error> {
    if plain_frame(bytes, rules.max) == Some((protocol, bytes.len())) {
        return Ok(());
    }
    match candidate(bytes, rules, &mut Ahead::new()) {
        Some((found, verdict)) if found == protocol => verdict.whole(bytes),
        _ => Err(Error::new(ErrorKind::Start, 0)),
    }
}

/// A frame that is there in full and that a few comparisons vouch for, as nearly all are, of at most `max` bytes; what it says, [`candidate`] says too.
///
/// It is worth its bytes where there is room for them.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) fn plain_frame(window: &[u8], max: usize) -> Option<(Protocol, usize)> {
    let (protocol, frame, is_plain) = match *window.first()? {
        gt02::UP => {
            let (frame, is_exact_location) = gt02::likely_frame(window)?;
            let is_spared = is_exact_location && gt02::has_documented_status(frame);
            let holds_none = || !marks::hold_binary(frame) && !marks::may_hold_text(gt02::text_room(frame));
            (Protocol::Gt02, frame, !gt02::is_suspicious(frame, is_exact_location) && (is_spared || holds_none()))
        }
        gt06::SHORT | gt06::LONG => {
            let frame = gt06::likely_frame(window)?;
            (Protocol::Gt06, frame, gt06::is_documented(frame) || !(marks::hold_binary(frame) || marks::may_hold_text(frame)))
        }
        _ => return plain_text_frame(window, max),
    };
    (is_plain && frame.len() <= max).then_some((protocol, frame.len()))
}

/// The same of the text protocols.
#[cfg(target_pointer_width = "64")]
fn plain_text_frame(window: &[u8], max: usize) -> Option<(Protocol, usize)> {
    let (protocol, Candidate::Frame(len)) = text_candidate(window, Rules::new(max, false))? else { return None };
    let inside = window.get(1..len.checked_sub(1)?)?;
    // The start marks of the others.
    let is_plain = match protocol {
        Protocol::Tk103 => !marks::holds(inside, |byte| byte == b'#' || byte == b'*') && !tk103::is_binary(window),
        Protocol::V680 => !marks::holds(inside, |byte| byte == b'(' || byte == b'*'),
        Protocol::H02 => !marks::holds(inside, |byte| byte == b'(' || byte == b'#'),
        _ => false,
    };
    is_plain.then_some((protocol, len))
}

/// On a microcontroller every frame goes the general way.
#[cfg(not(target_pointer_width = "64"))]
pub(crate) const fn plain_frame(_: &[u8], _: usize) -> Option<(Protocol, usize)> {
    None
}

/// What two bytes, of which the first is a start mark or begins one, say of all candidates that begin with them: why each is rejected, or `None` if that
/// depends on more. [`ErrorKind::Start`] says that they begin none.
///
/// It says the same as [`candidate`], in less time: so streams of start marks cost little.
#[inline]
pub(crate) const fn rejected_by_two(window: &[u8]) -> Option<ErrorKind> {
    match *window {
        [b'(', b'(', ..] => Some(ErrorKind::Overlap),
        [b'#', second, ..] if !second.is_ascii_digit() => Some(ErrorKind::DeviceId),
        [b'*', second, ..] if !second.is_ascii_alphabetic() => Some(ErrorKind::Start),
        [gt06::SHORT | gt06::LONG, second, ..] if second != gt06::SHORT && second != gt06::LONG => Some(ErrorKind::Start),
        [gt02::UP, second, ..] if second != gt02::UP => Some(ErrorKind::Start),
        _ => None,
    }
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    if gt06::is_start(byte) {
        return true;
    }
    if tk103::is_start(byte) {
        return true;
    }
    if v680::is_start(byte) {
        return true;
    }
    if h02::is_start(byte) {
        return true;
    }
    gt02::is_start(byte)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn two_bytes_say_what_all_say() {
        for first in (0..=255).filter(|&byte| is_start(byte)) {
            for second in 0..=255 {
                let window = [first, second, b'1', b'2', b'3'];
                let Some(kind) = rejected_by_two(&window) else { continue };
                let said = candidate(&window, Rules::new(64, false), &mut Ahead::new());
                let expected = (kind != ErrorKind::Start).then_some(kind);
                let got = said.map(|(_, verdict)| match verdict {
                    Candidate::Reject(error) => error.kind,
                    verdict => panic!("{verdict:?} of {window:02x?}"),
                });
                assert_eq!(got, expected, "{window:02x?}");
            }
        }
    }
}
