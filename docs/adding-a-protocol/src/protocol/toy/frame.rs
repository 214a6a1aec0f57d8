use super::{END, Message, START};
use crate::{
    bytes::text::next_field,
    error::Error,
    protocol::{Protocol, single},
    types::{DateTime, DeviceId, Direction, MessageType, Text},
};
use core::num::NonZero;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// The bytes of the frame, which the framing has checked.
    bytes: &'a [u8],
}

/// The parts of a frame, without marks and commas.
pub(super) struct Parts<'a> {
    pub(super) device: DeviceId,
    pub(super) word: &'a [u8],
    pub(super) payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Parses `bytes` as one whole frame.
    ///
    /// # Errors
    /// If `bytes` are not exactly one frame.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::Toy)?;
        Ok(Self { bytes })
    }

    /// Creates a frame from bytes that the engine found to be one.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn parts(&self) -> Parts<'a> {
        let ([START, rest @ .., END] | rest) = self.bytes;
        let mut rest = rest;
        let id = DeviceId::from_ascii(next_field(&mut rest, b','));
        Parts {
            // The framing has seen that the id is digits: the default never comes.
            device: id.unwrap_or(DeviceId::from_decimal_nibbles(0, NonZero::<u8>::MIN)),
            word: next_field(&mut rest, b','),
            payload: rest,
        }
    }

    /// Returns all bytes of the frame, braces included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns which way the frame travels; `None` for a word that is not known.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        match self.message() {
            Message::Hello { .. } => Some(Direction::Up),
            Message::Welcome { .. } | Message::Command { .. } => Some(Direction::Down),
            Message::Unknown { .. } => None,
        }
    }

    /// Returns the message's type: the word.
    #[must_use]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        Some(MessageType::Text(Text::Bytes(self.parts().word)))
    }

    /// Returns the device that the frame is from, or for.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        Some(self.parts().device)
    }

    /// Returns `None`: frames of this protocol have no serial.
    #[must_use]
    pub const fn serial(&self) -> Option<u16> {
        None
    }

    /// Returns the payload.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.parts().payload
    }

    /// Returns the reply that a server owes to this frame: `ok` to `hi`.
    #[must_use]
    pub fn reply(&self, _now: Option<DateTime>) -> Option<Message<'a>> {
        match self.message() {
            Message::Hello { device } => Some(Message::Welcome { device }),
            _ => None,
        }
    }

    /// Returns the message in the frame.
    #[must_use]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }
}
