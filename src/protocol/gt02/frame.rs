use super::{DOWN, HEADER, HEARTBEAT, HeartbeatAck, ID_DIGITS, Message, RESPONSE, UP};
use crate::{
    error::Error,
    protocol::single,
    types::{DateTime, DeviceId, Direction, MessageType, Protocol},
};

/// One whole frame over the borrowed bytes, checked as [the module](super) says.
///
/// ```text
/// 0       2   3       5               13       15     16    L+3     L+5
/// +-------+---+-------+---------------+--------+------+- - -+-------+
/// | 68 68 | L | word  | device id     | serial | type | body| 0D 0A |
/// +-------+---+-------+---------------+--------+------+- - -+-------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// All bytes of the frame, which were checked.
    bytes: &'a [u8],
}

/// The parts of a frame.
pub(super) enum Form<'a> {
    /// A frame of a device, without its end mark.
    Up {
        header: &'a [u8; HEADER],
        body: &'a [u8],
    },
    /// The reply to a heartbeat.
    Ack,
    /// A command: its bytes from the length of the text to the end mark.
    Command { body: &'a [u8] },
}

impl<'a> Frame<'a> {
    /// Parses `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// `Start`, `Length`, `DeviceId`, `Field`, `End`, `Overlap`, `Incomplete` or `Trailing` of
    /// [`ErrorKind`](crate::ErrorKind), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::Gt02)?;
        Ok(Self { bytes })
    }

    /// Takes bytes that were found to be one whole frame, without checking them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Splits the frame into its parts.
    #[inline]
    pub(super) const fn form(&self) -> Form<'a> {
        match self.bytes {
            [UP, ..] => match self.bytes.split_first_chunk() {
                Some((header, [body @ .., _, _])) => Form::Up { header, body },
                _ => Form::Ack,
            },
            [DOWN, _, _, _, body @ .., _, _] => Form::Command { body },
            _ => Form::Ack,
        }
    }

    /// Returns all bytes of the frame, start and end mark included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns which way the frame travels: the start mark always tells.
    #[must_use]
    #[inline]
    pub const fn direction(&self) -> Option<Direction> {
        Some(match self.form() {
            Form::Up { .. } => Direction::Up,
            Form::Ack | Form::Command { .. } => Direction::Down,
        })
    }

    /// Returns the message's type: `10` location, `1A` heartbeat or the reply to one, `1C` response
    /// or command, or another.
    #[must_use]
    #[inline]
    pub const fn message_type(&self) -> Option<MessageType<'a>> {
        Some(MessageType::Byte(self.code()))
    }

    /// Returns the type as the byte that it is on the wire.
    #[must_use]
    #[inline]
    pub const fn code(&self) -> u8 {
        match self.form() {
            Form::Up {
                header: [.., code], ..
            } => *code,
            Form::Ack => HEARTBEAT,
            Form::Command { .. } => RESPONSE,
        }
    }

    /// Returns the device that sent the frame; `None` in a frame of a server, which names none.
    #[must_use]
    #[inline]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self.form() {
            Form::Up { header, .. } => Some(header_id(header)),
            Form::Ack | Form::Command { .. } => None,
        }
    }

    /// Returns the frame's serial; `None` in a frame of a server.
    ///
    /// Some devices send unrelated bytes as the serial of their heartbeats: see
    /// [the manual](crate::manual::gt02), "The serial".
    #[must_use]
    #[inline]
    pub const fn serial(&self) -> Option<u16> {
        match self.form() {
            Form::Up {
                header: [.., high, low, _],
                ..
            } => Some(u16::from_be_bytes([*high, *low])),
            Form::Ack | Form::Command { .. } => None,
        }
    }

    /// Returns the word after the length; `None` in a frame of a server. It is the voltage and GSM
    /// level in a heartbeat, zero or the LAC in a location.
    #[must_use]
    #[inline]
    pub const fn header_word(&self) -> Option<u16> {
        match self.form() {
            Form::Up {
                header: [_, _, _, high, low, ..],
                ..
            } => Some(u16::from_be_bytes([*high, *low])),
            Form::Ack | Form::Command { .. } => None,
        }
    }

    /// Returns the bytes between the type and the end mark.
    #[must_use]
    #[inline]
    pub const fn body(&self) -> &'a [u8] {
        match self.form() {
            Form::Up { body, .. } | Form::Command { body } => body,
            Form::Ack => &[],
        }
    }

    /// Returns the reply that a server owes to this frame: [`HeartbeatAck`] to a heartbeat, `None`
    /// to all others. No reply carries the time, so `now` is not used.
    #[must_use]
    pub const fn reply(&self, _now: Option<DateTime>) -> Option<Message<'static>> {
        match self.form() {
            Form::Up {
                header: [.., HEARTBEAT],
                ..
            } => Some(Message::HeartbeatAck(HeartbeatAck)),
            _ => None,
        }
    }

    /// Returns the message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::read(self)
    }
}

/// Returns the id in a header that was checked.
#[inline]
pub(super) const fn header_id(header: &[u8; HEADER]) -> DeviceId {
    let [_, _, _, _, _, id @ .., _, _, _] = header;
    DeviceId::from_decimal_nibbles(u64::from_be_bytes(*id), ID_DIGITS)
}
