use super::{
    DOWN, END, Frame, HEADER, HEARTBEAT, ID_DIGITS, LOCATION, MIN_LENGTH, OVERHEAD, RESPONSE, UP,
    frame::{Form, header_id},
    is_known_type,
};
use crate::{
    bytes::write::write_parts,
    error::{EncodeError, Error},
    protocol::is_single,
    types::{DeviceId, Direction, MessageType, Protocol},
};

mod heartbeat;
mod location;
mod text;

pub use heartbeat::{Heartbeat, HeartbeatAck};
pub use location::{Location, ShortLocation, Status};
pub use text::{Command, Response};

/// The message in a frame.
///
/// ```
/// use gt02::protocol::gt02::Message;
/// // docs/protocols/gt02.md, "Location".
/// let bytes = b"\x68\x68\x25\x1a\x2f\x04\x90\x15\x42\x03\x23\x75\x18\x00\x09\x10\x1a\x05\x04\x0e\
///     \x01\x14\x05\xa2\x80\x1d\x01\x70\x39\x2a\x0d\x00\x6e\x02\x51\xc4\x00\x00\x00\x07\x0d\x0a";
/// let message = Message::parse(bytes)?;
/// let Message::Location(location) = message else { unreachable!() };
/// assert_eq!(location.device.to_string(), "490154203237518");
/// assert_eq!(location.latitude_degrees(), 52.519838333333333);
///
/// let mut out = [0; 42];
/// assert_eq!(message.encode(&mut out), Ok(42));
/// assert_eq!(out, *bytes);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Message<'a> {
    /// `10` from a device, with a body of 24 bytes or more.
    Location(Location<'a>),
    /// `10` from a device, with a body of fewer than 24 bytes.
    ShortLocation(ShortLocation<'a>),
    /// `1A` from a device.
    Heartbeat(Heartbeat<'a>),
    /// `1C` from a device.
    Response(Response<'a>),
    /// Any other type from a device.
    Unknown(Unknown<'a>),
    /// `54 68 1A` from a server.
    HeartbeatAck(HeartbeatAck),
    /// `88 88` from a server.
    Command(Command<'a>),
}

macro_rules! from {
    ($($name:ident $(<$life:lifetime>)?),* $(,)?) => {$(
        impl<'a> From<$name $(<$life>)?> for Message<'a> {
            fn from(message: $name $(<$life>)?) -> Self {
                Self::$name(message)
            }
        }
    )*};
}
from!(
    Location<'a>,
    ShortLocation<'a>,
    Heartbeat<'a>,
    Response<'a>,
    Unknown<'a>,
    HeartbeatAck,
    Command<'a>
);

impl<'a> Message<'a> {
    /// Reads the message in `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(frame: &Frame<'a>) -> Self {
        let (header, body) = match frame.form() {
            Form::Up { header, body } => (header, body),
            Form::Ack => return Self::HeartbeatAck(HeartbeatAck),
            Form::Command { body } => return Self::Command(Command::read(body)),
        };
        let envelope = Envelope::read(header);
        match envelope.code {
            LOCATION => location::read(&envelope, body),
            HEARTBEAT => Self::Heartbeat(Heartbeat::read(&envelope, body)),
            RESPONSE => Self::Response(Response::read(&envelope, body)),
            code => Self::Unknown(Unknown {
                device: envelope.device,
                serial: envelope.serial,
                word: envelope.word,
                code,
                body,
            }),
        }
    }

    /// Returns which way the message travels; each does so in one direction only.
    #[must_use]
    pub const fn direction(&self) -> Option<Direction> {
        Some(match self {
            Self::Location(_)
            | Self::ShortLocation(_)
            | Self::Heartbeat(_)
            | Self::Response(_)
            | Self::Unknown(_) => Direction::Up,
            Self::HeartbeatAck(_) | Self::Command(_) => Direction::Down,
        })
    }

    /// Returns the message's type, a byte. A heartbeat and the reply to it have the same, and so
    /// have a command and the response to it.
    #[must_use]
    pub const fn message_type(&self) -> Option<MessageType<'a>> {
        Some(MessageType::Byte(match self {
            Self::Location(_) | Self::ShortLocation(_) => LOCATION,
            Self::Heartbeat(_) | Self::HeartbeatAck(_) => HEARTBEAT,
            Self::Response(_) | Self::Command(_) => RESPONSE,
            Self::Unknown(unknown) => unknown.code,
        }))
    }

    /// Returns the device that sent the message; `None` if a server sent it.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self {
            Self::Location(Location { device, .. })
            | Self::ShortLocation(ShortLocation { device, .. })
            | Self::Heartbeat(Heartbeat { device, .. })
            | Self::Response(Response { device, .. })
            | Self::Unknown(Unknown { device, .. }) => Some(*device),
            Self::HeartbeatAck(_) | Self::Command(_) => None,
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        match self {
            Self::Location(message) => message.encoded_len(),
            Self::ShortLocation(message) => message.encoded_len(),
            Self::Heartbeat(message) => message.encoded_len(),
            Self::Response(message) => message.encoded_len(),
            Self::Unknown(message) => message.encoded_len(),
            Self::HeartbeatAck(message) => message.encoded_len(),
            Self::Command(message) => message.encoded_len(),
        }
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// If `out` is too small, with the size that is enough; or if the message could not be parsed
    /// back to the same value. The contents of `out` are unspecified then.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        match self {
            Self::Location(message) => message.encode(out),
            Self::ShortLocation(message) => message.encode(out),
            Self::Heartbeat(message) => message.encode(out),
            Self::Response(message) => message.encode(out),
            Self::Unknown(message) => message.encode(out),
            Self::HeartbeatAck(message) => message.encode(out),
            Self::Command(message) => message.encode(out),
        }
    }
}

/// A message of a type that has no name here, all of it kept.
///
/// ```text
/// 3       5               13       15     16    L+3
/// +-------+---------------+--------+------+- - -+
/// | word  | device id     | serial | type | body|
/// +-------+---------------+--------+------+- - -+
/// ```
///
/// No document, capture or public test has such a frame.
///
/// ```
/// use gt02::protocol::gt02::Message;
/// let bytes = b"\x68\x68\x0e\x00\x00\x03\x58\x89\x90\x58\x31\x40\x17\x00\x02\x1b\x2a\x0d\x0a";
/// let Message::Unknown(unknown) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!((unknown.code, unknown.body), (0x1B, &[0x2A][..]));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// The frame's serial.
    pub serial: u16,
    /// The header word; its meaning depends on the type.
    pub word: u16,
    /// The type: not `10`, `1A` or `1C`.
    pub code: u8,
    /// The body, as sent.
    pub body: &'a [u8],
}

impl Unknown<'_> {
    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        frame_len(self.body.len())
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * `out` is too small.
    /// * The id does not have 15 digits.
    /// * The body has more than 242 bytes.
    /// * The type has a message of its own ([`EncodeError::NotCanonical`]).
    /// * The frame would be taken for two.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if is_known_type(self.code) {
            return Err(EncodeError::NotCanonical);
        }
        let envelope = Envelope {
            device: self.device,
            word: self.word,
            serial: self.serial,
            code: self.code,
        };
        envelope.encode(out, &[], Variable::new("body", self.body))
    }
}

/// The length of a device's frame with a body of this length.
const fn frame_len(body: usize) -> usize {
    body.saturating_add(MIN_LENGTH as usize)
        .saturating_add(OVERHEAD)
}

/// The fields that every frame of a device has.
struct Envelope {
    device: DeviceId,
    word: u16,
    serial: u16,
    code: u8,
}

/// The part of a body whose length varies.
struct Variable<'a> {
    /// The field's name in errors.
    field: &'static str,
    bytes: &'a [u8],
}

impl<'a> Variable<'a> {
    const fn new(field: &'static str, bytes: &'a [u8]) -> Self {
        Self { field, bytes }
    }
}

impl Envelope {
    /// Reads a header that was checked.
    #[inline]
    const fn read(header: &[u8; HEADER]) -> Self {
        let &[_, _, _, w, x, .., s, t, code] = header;
        Self {
            device: header_id(header),
            word: u16::from_be_bytes([w, x]),
            serial: u16::from_be_bytes([s, t]),
            code,
        }
    }

    /// Writes a frame with a body of these two parts to the front of `out`, and returns its length.
    fn encode(
        &self,
        out: &mut [u8],
        fixed: &[u8],
        variable: Variable<'_>,
    ) -> Result<usize, EncodeError> {
        let without_variable = usize::from(MIN_LENGTH).saturating_add(fixed.len());
        let too_long = EncodeError::TooLong {
            field: variable.field,
            max: usize::from(u8::MAX).saturating_sub(without_variable),
        };
        let length = u8::try_from(without_variable.saturating_add(variable.bytes.len()))
            .map_err(|_| too_long)?;
        if self.device.digit_count() != ID_DIGITS.get() {
            return Err(EncodeError::DeviceId {
                digits: ID_DIGITS.get(),
            });
        }
        let [w, x] = self.word.to_be_bytes();
        let [a, b, c, d, e, f, g, h] = self.device.to_bcd();
        let [s, t] = self.serial.to_be_bytes();
        let header = [
            UP, UP, length, w, x, a, b, c, d, e, f, g, h, s, t, self.code,
        ];
        // Not by `?`, which copies the error by `memcpy`.
        let written = write_parts(out, &[&header, fixed, variable.bytes, &END]);
        match written {
            Ok(len) if !is_one_frame(out, len) => Err(EncodeError::Ambiguous),
            written => written,
        }
    }
}

/// Whether the first `len` bytes of `out` are one frame of this protocol.
fn is_one_frame(out: &[u8], len: usize) -> bool {
    is_single(out.get(..len).unwrap_or_default(), Protocol::Gt02)
}
