use super::{IMEI_DIGITS, MARK, Message, message::are_sums_right};
use crate::{
    bytes::{swar::has_form, text::next_field},
    error::Error,
    protocol::single,
    types::{DateTime, DeviceId, Direction, MessageType, Protocol},
};
use core::num::NonZero;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// #id#user#flag#password#event#count#record#record...##
/// #id#user#password#word#count CR LF line line...## CR LF
/// #id##
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// Exactly the bytes of one frame.
    bytes: &'a [u8],
}

/// The parts of a frame.
pub(super) struct Parts<'a> {
    pub(super) device: DeviceId,
    /// From the byte after the `#` that ends the id up to the end mark; empty in a keep-alive.
    pub(super) body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Parses `bytes` as one whole frame. The end mark may be missing.
    ///
    /// # Errors
    /// `Start`, `DeviceId`, `Field`, `End`, `Overlap`, `Oversize`, `Incomplete` or `Trailing` of
    /// [`ErrorKind`](crate::ErrorKind), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::V680)?;
        Ok(Self { bytes })
    }

    /// Creates a frame from bytes that the engine found to be one.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Returns the id, which nearly always is an IMEI, and the body.
    #[inline]
    pub(super) fn parts(&self) -> Parts<'a> {
        // The start mark may be missing.
        let ([MARK, text @ ..] | text) = self.bytes;
        let imei = text.split_first_chunk::<IMEI_DIGITS>();
        let imei = imei.and_then(|(digits, rest)| Some((DeviceId::from_ascii(digits)?, rest)));
        let (device, rest) = match imei {
            Some((device, rest)) => (device, rest.get(1..).unwrap_or_default()),
            None => {
                let mut rest = text;
                (device_id(next_field(&mut rest, MARK)), rest)
            }
        };
        let ([body @ .., MARK, MARK, b'\r', b'\n']
        | [body @ .., MARK, MARK]
        | [body @ .., MARK]
        | body) = rest;
        Parts { device, body }
    }

    /// Returns all bytes of the frame, start and end mark included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns [`Direction::Up`]: no frame from a server is known.
    #[must_use]
    #[inline]
    pub const fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    /// Returns the event, such as `AUT`, or the status word, such as `AUTO`; `None` for a
    /// keep-alive.
    #[must_use]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        self.message().message_type()
    }

    /// Returns the device that sent the frame. Every frame names one.
    #[must_use]
    #[inline]
    pub fn device_id(&self) -> Option<DeviceId> {
        Some(self.parts().device)
    }

    /// Returns `None`: frames of this protocol have no serial.
    #[must_use]
    pub const fn serial(&self) -> Option<u16> {
        None
    }

    /// Returns the bytes after the `#` that follows the id, without the end mark. A keep-alive has
    /// none.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.parts().body
    }

    /// Returns whether the sums of all lines are right; `true` for frames without lines, which
    /// have no sums.
    ///
    /// Frames with a wrong sum are found only by a decoder that
    /// [accepts them](crate::Decoder::accept_bad_checksums).
    #[must_use]
    pub fn sums_ok(&self) -> bool {
        match self.message() {
            Message::LineReport(report) => are_sums_right(report.lines),
            _ => true,
        }
    }

    /// Returns the message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::read(self)
    }

    /// Returns `None`: no reply to any frame of this protocol is known.
    #[must_use]
    pub const fn reply(&self, _now: Option<DateTime>) -> Option<Message<'static>> {
        None
    }
}

/// Returns the id that these digits make, which the framing has checked.
#[inline]
fn device_id(digits: &[u8]) -> DeviceId {
    // No frame has the other one.
    DeviceId::from_ascii(digits).unwrap_or(DeviceId::from_decimal_nibbles(0, NonZero::<u8>::MIN))
}

/// Returns the value of one or two digits, which the framing has checked.
#[inline]
pub(super) const fn two_digits(field: &[u8]) -> u8 {
    match field {
        [ones] => *ones & 0x0F,
        [tens, ones, ..] => (*tens & 0x0F).wrapping_mul(10).wrapping_add(*ones & 0x0F),
        [] => 0,
    }
}

/// The header after the user, as nearly all devices send it: a flag of one digit, a password of
/// four, an event of three capitals, each with its `#`. It is a form of [`has_form`].
pub(super) const USUAL_HEADER: &[u8; 11] = b"0#0000#AAA#";

/// Reads the header after the user, if it is a [`USUAL_HEADER`]. Returns flag, password and event,
/// and the rest. [`next_field`] reads any header; this is faster.
#[inline]
pub(super) fn usual_header(rest: &[u8]) -> Option<([&[u8]; 3], &[u8])> {
    let (header, rest) = rest.split_first_chunk()?;
    if !has_form(header, USUAL_HEADER) {
        return None;
    }
    let [flag @ .., _, _, _, _, _, _, _, _, _, _] = header;
    let [_, _, password @ .., _, _, _, _, _] = header;
    let [_, _, _, _, _, _, _, event @ .., _] = header;
    Some(([flag, password, event], rest))
}
