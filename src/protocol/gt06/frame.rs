use super::{
    Ack, ActivityHeartbeat, END, ExtendedLocation, ItemList, LONG, LONG_HEADER, LoginTime,
    MIN_LENGTH, Message, SHORT, SHORT_HEADER, TIME, Time, crc16, framing::checksum_ok,
    message::Content,
};
use crate::{
    bytes::write::Writer,
    error::{EncodeError, Error},
    framing::Limits,
    protocol::{is_single, single, single_with},
    types::{DateTime, DeviceId, Direction, MessageType, Protocol},
};

/// Start mark and length field of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Header {
    /// `78 78`, and a length of one byte: frames of up to 260 bytes.
    #[default]
    Short,
    /// `79 79`, and a length of two bytes.
    Long,
    /// `78 78`, and a length of two bytes, the first of them 0: the address `97` in Concox's
    /// documents. See [the manual](crate::manual::gt06), "The third header".
    Mixed,
}

/// The envelope of the content: the same in every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Envelope {
    /// Start mark and size of the length field.
    pub header: Header,
    /// The length field, where it is not the length that the frame has; `None` in all other frames.
    ///
    /// Some devices send such frames, and their checksum is right. The value is at least 5, and a
    /// decoder finds such a frame only if it would take one of that length.
    pub wrong_length: Option<u16>,
    /// The device counts its frames from 1 at power-on; a reply repeats the serial of its frame.
    pub serial: u16,
}

impl Envelope {
    /// Creates an envelope with `78 78` and the right length.
    #[must_use]
    pub const fn short(serial: u16) -> Self {
        Self {
            header: Header::Short,
            wrong_length: None,
            serial,
        }
    }

    /// Creates an envelope with `79 79` and the right length.
    #[must_use]
    pub const fn long(serial: u16) -> Self {
        Self {
            header: Header::Long,
            wrong_length: None,
            serial,
        }
    }
}

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0       2   3    4         L+1      L+3   L+5
/// +-------+---+----+- - - - -+--------+-----+-------+
/// | 78 78 | L | no | content | serial | CRC | 0D 0A |
/// +-------+---+----+- - - - -+--------+-----+-------+
///         '------- checksummed -------'
///
/// 0       2       4    5         L+2      L+4   L+6
/// +-------+-------+----+- - - - -+--------+-----+-------+
/// | 79 79 |   L   | no | content | serial | CRC | 0D 0A |
/// +-------+-------+----+- - - - -+--------+-----+-------+
///         '--------- checksummed ---------'
/// ```
///
/// The CRC is CRC-16/X-25, high byte first. Offsets are those of a frame whose length is right;
/// from the end they always hold.
///
/// ```
/// use gt02::protocol::gt06::Frame;
/// // The login of a vendor document.
/// let bytes = b"\x78\x78\x0d\x01\x01\x23\x45\x67\x89\x01\x23\x45\x00\x01\x8c\xdd\x0d\x0a";
/// let frame = Frame::parse(bytes)?;
/// assert_eq!((frame.code(), frame.serial()), (0x01, Some(1)));
/// assert_eq!(frame.device_id().unwrap().to_string(), "123456789012345");
///
/// let mut out = [0; 10];
/// assert_eq!(frame.reply(None).unwrap().encode(&mut out), Ok(10));
/// assert_eq!(out, *b"\x78\x78\x05\x01\x00\x01\xd9\xdc\x0d\x0a");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// The bytes of one whole frame.
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// `Start`, `Length`, `End`, `Checksum`, `Overlap`, `Incomplete` or `Trailing` of
    /// [`ErrorKind`](crate::ErrorKind), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::Gt06)?;
        Ok(Self { bytes })
    }

    /// Takes `bytes` as one whole frame like [`parse`](Self::parse), and accepts a wrong checksum
    /// where the length is right: one real GT02A sends such frames.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), except `Checksum`.
    pub fn parse_any_checksum(bytes: &'a [u8]) -> Result<Self, Error> {
        single_with(
            bytes,
            Protocol::Gt06,
            Limits {
                accept_bad_crc: true,
                ..Limits::new(usize::MAX)
            },
        )?;
        Ok(Self { bytes })
    }

    /// Takes bytes that were found to be one whole frame.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Returns all bytes of the frame, start and end mark included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns start mark and size of the length field.
    #[must_use]
    #[inline]
    pub const fn header(&self) -> Header {
        match self.bytes {
            [LONG, ..] => Header::Long,
            [_, _, 0, ..] => Header::Mixed,
            _ => Header::Short,
        }
    }

    /// Returns the length field, as sent.
    #[must_use]
    #[inline]
    pub const fn length(&self) -> u16 {
        match (self.header(), self.bytes) {
            (Header::Short, [_, _, length, ..]) => *length as u16,
            (_, [_, _, high, low, ..]) => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }
    }

    /// Returns which way the frame travels, if only one side sends its message:
    /// [`Message::direction`].
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        self.message().direction()
    }

    /// Returns the message's type: [`Message::message_type`].
    #[must_use]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        self.message().message_type()
    }

    /// Returns the device that sent the frame, for the few messages that say: login, version and
    /// SIM data.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        self.message().device_id()
    }

    /// Returns the protocol number as the byte that it is on the wire.
    #[must_use]
    #[inline]
    pub const fn code(&self) -> u8 {
        match (self.header(), self.bytes) {
            (Header::Short, [_, _, _, code, ..]) | (_, [_, _, _, _, code, ..]) => *code,
            _ => 0,
        }
    }

    /// Returns the frame's serial.
    #[must_use]
    #[inline]
    pub const fn serial(&self) -> Option<u16> {
        match self.bytes {
            [.., high, low, _, _, _, _] => Some(u16::from_be_bytes([*high, *low])),
            _ => None,
        }
    }

    /// Returns the checksum, as sent.
    #[must_use]
    #[inline]
    pub const fn crc(&self) -> u16 {
        match self.bytes {
            [.., high, low, _, _] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }
    }

    /// Returns `true` if the checksum is right: always, unless wrong ones were asked for.
    #[must_use]
    pub fn crc_ok(&self) -> bool {
        checksum_ok(self.bytes)
    }

    /// Returns the bytes between the protocol number and the serial.
    #[must_use]
    #[inline]
    pub const fn body(&self) -> &'a [u8] {
        self.parts().content
    }

    /// Returns the envelope of the content.
    #[must_use]
    #[inline]
    pub const fn envelope(&self) -> Envelope {
        self.parts().envelope
    }

    #[inline]
    pub(super) const fn parts(&self) -> Parts<'a> {
        let (header, length, right, code, content, serial) = match *self.bytes {
            [
                SHORT,
                _,
                length @ 1..=0xFF,
                code,
                ref content @ ..,
                s,
                t,
                _,
                _,
                _,
                _,
            ] => (
                Header::Short,
                length as u16,
                self.bytes.len().wrapping_sub(SHORT_HEADER + 1),
                code,
                content,
                [s, t],
            ),
            [mark, _, high, low, code, ref content @ .., s, t, _, _, _, _] => {
                let header = if mark == LONG {
                    Header::Long
                } else {
                    Header::Mixed
                };
                (
                    header,
                    u16::from_be_bytes([high, low]),
                    self.bytes.len().wrapping_sub(LONG_HEADER + 1),
                    code,
                    content,
                    [s, t],
                )
            }
            // Bytes that were not validated.
            _ => (Header::Short, 0, 0, 0, [].as_slice(), [0, 0]),
        };
        let wrong_length = if length as usize == right {
            None
        } else {
            Some(length)
        };
        Parts {
            envelope: Envelope {
                header,
                wrong_length,
                serial: u16::from_be_bytes(serial),
            },
            code,
            content,
        }
    }

    /// Returns the reply that a server owes to this frame: the type and the serial of the frame,
    /// and the time if the frame asks for it. Returns `None` if no reply is owed, and to a request
    /// for the time if `now` is absent.
    ///
    /// A frame without content is never replied to, except a request for the time: it may be a
    /// reply itself, and two servers must not reply to each other for ever.
    #[must_use]
    pub fn reply(&self, now: Option<DateTime>) -> Option<Message<'static>> {
        Some(match self.owed(now)? {
            Owed::Ack(ack) => ack.into(),
            Owed::Time(time) => time.into(),
        })
    }

    /// Returns the reply that [`reply`](Self::reply) wraps.
    pub(super) fn owed(&self, now: Option<DateTime>) -> Option<Owed> {
        let serial = self.envelope().serial;
        match (self.code(), self.body()) {
            (TIME, []) => Some(Owed::Time(Time::new(now?, serial))),
            (_, []) => None,
            // The reply to the login of a lock.
            (0x01, content) if LoginTime::has_len(content.len()) => None,
            (code @ (0x01 | 0x13 | 0x23 | 0x16 | 0x26 | 0x27), _) => {
                Some(Owed::Ack(Ack::new(code, serial)))
            }
            (0x30.., _) => self.newer_ack().map(Owed::Ack),
            _ => None,
        }
    }

    /// Returns the reply to a message of newer devices, whose numbers are above 2F.
    #[inline(never)]
    fn newer_ack(&self) -> Option<Ack> {
        let (code, content) = (self.code(), self.body());
        let serial = self.envelope().serial;
        let is_long = self.header() == Header::Long;
        let is_owed = match code {
            0x32 | 0x33 => is_long,
            0x36 => !ExtendedLocation::is_card_reader(content),
            0x70 => ItemList::read(&self.parts()).is_some_and(|list| list.wants_reply()),
            0xA3 => !ActivityHeartbeat::has_len(content.len()),
            0xA4 | 0xA5 => true,
            _ => false,
        };
        is_owed.then_some(match code {
            0x32 | 0x33 | 0x70 => Ack::long(code, serial),
            _ => Ack::new(code, serial),
        })
    }

    /// Whether the frame gets no acknowledgement even from a server that replies to all frames: no
    /// source replies to it, the device says that it wants none, or the reply is the time.
    pub(super) const fn is_never_answered(&self) -> bool {
        matches!(
            (self.code(), self.header()),
            (
                0x15 | 0x21 | 0x38 | 0x70 | 0x80..=0x82 | TIME | 0x98 | 0x9B | 0xF3 | 0xFD,
                _
            ) | (0x94, Header::Long)
        )
    }

    /// Returns the message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::read(&self.parts())
    }
}

/// A reply that a server owes.
pub(super) enum Owed {
    Ack(Ack),
    Time(Time),
}

/// A frame taken apart.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    envelope: Envelope,
    code: u8,
    content: &'a [u8],
}

impl<'a> Parts<'a> {
    #[inline]
    pub(super) const fn envelope(&self) -> Envelope {
        self.envelope
    }

    #[inline]
    pub(super) const fn code(&self) -> u8 {
        self.code
    }

    #[inline]
    pub(super) const fn content(&self) -> &'a [u8] {
        self.content
    }
}

/// Whether any source names this protocol number.
pub(super) const fn is_known(code: u8) -> bool {
    matches!(
        code,
        0x01 | 0x10..=0x1A
            | 0x1E
            | 0x1F
            | 0x21..=0x28
            | 0x2A
            | 0x2C..=0x2E
            | 0x31..=0x41
            | 0x61
            | 0x65
            | 0x66
            | 0x70
            | 0x80..=0x82
            | 0x84
            | 0x8A..=0x8D
            | 0x90
            | 0x94
            | 0x95
            | 0x97
            | 0x98
            | 0x9B
            | 0x9C
            | 0xA0..=0xA5
            | 0xA7
            | 0xA9
            | 0xB0
            | 0xB2
            | 0xF1..=0xF3
            | 0xFD
    )
}

/// Writes the frame with this content, and returns its length.
///
/// # Errors
/// As [`write`], and if the frame would be read back as two.
pub(super) fn encode(
    content: &dyn Content,
    envelope: Envelope,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let frame = write(content, envelope, out)?;
    if !is_single(frame, Protocol::Gt06) {
        Err(EncodeError::Ambiguous)
    } else if Frame::from_candidate(frame).header() == envelope.header {
        Ok(frame.len())
    } else {
        Err(EncodeError::NotCanonical)
    }
}

/// Writes the frame with this content, without reading it back.
///
/// # Errors
/// If `out` is too small, or if the content is longer than the length can say
/// ([`EncodeError::TooLong`], with the name of the field that is to blame).
pub(super) fn write<'o>(
    content: &dyn Content,
    envelope: Envelope,
    out: &'o mut [u8],
) -> Result<&'o [u8], EncodeError> {
    let mut count = Writer::new(&mut []);
    content.write(&mut count);
    let right = count.len().saturating_add(usize::from(MIN_LENGTH));
    let (mark, limit) = match envelope.header {
        Header::Short | Header::Mixed => (SHORT, usize::from(u8::MAX)),
        Header::Long => (LONG, usize::from(u16::MAX)),
    };
    let length = envelope.wrong_length.map_or(right, usize::from);
    if right > limit || length > limit {
        return Err(EncodeError::TooLong {
            field: content.field(),
            max: limit.saturating_sub(usize::from(MIN_LENGTH)),
        });
    }
    if envelope
        .wrong_length
        .is_some_and(|length| usize::from(length) == right)
    {
        return Err(EncodeError::NotCanonical);
    }
    let mut writer = Writer::new(out);
    writer.put(&[mark, mark]);
    let [.., high, low] = length.to_be_bytes();
    if envelope.header != Header::Short {
        writer.put(&[high]);
    }
    writer.put(&[low, content.code()]);
    content.write(&mut writer);
    writer.put(&envelope.serial.to_be_bytes());
    writer.put(&[0, 0]);
    writer.put(&END);
    let frame = writer.finish()?;
    if let [_, _, covered @ .., high, low, _, _] = &mut *frame {
        [*high, *low] = crc16::checksum(covered).to_be_bytes();
    }
    Ok(frame)
}
