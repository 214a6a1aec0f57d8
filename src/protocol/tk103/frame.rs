use super::{
    AlarmAck, Handshake, HandshakeAck, LoginAck, MAX_ID, Message, USUAL_ID, WORD,
    framing::{header, is_word},
    message::is_foreign,
};
use crate::{
    error::{EncodeError, Error},
    framing::Framing,
    protocol::single,
    types::{DateTime, DeviceId, Direction, MessageType, Protocol, Text},
};
use core::fmt;

/// Bytes in a usual header: start mark, id and command word.
const USUAL_HEADER: usize = 1 + USUAL_ID + WORD;

/// One whole frame over the borrowed bytes, validated as [the module](super) says.
///
/// ```text
/// 0   1                13     17
/// +---+----------------+------+- - -+---+
/// | ( | id             | word | body| ) |
/// +---+----------------+------+- - -+---+
/// ```
///
/// ```
/// use gt02::protocol::tk103::Frame;
/// let frame = Frame::parse(b"(040331141830BP00000013612345678HSO)")?;
/// assert_eq!(frame.id(), b"040331141830");
/// assert_eq!(frame.word().as_str(), "BP00");
/// assert_eq!(frame.body(), b"000013612345678HSO");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// All bytes that were found to be a frame.
    bytes: &'a [u8],
}

/// The parts of a frame, without the parentheses.
pub(super) struct Parts<'a> {
    pub(super) id: &'a [u8],
    pub(super) word: &'a [u8; WORD],
    pub(super) body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Parses `bytes` as one whole frame.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::ErrorKind), with the offset:
    ///
    /// | kind | what is wrong |
    /// |---|---|
    /// | `Start` | there is no `(` |
    /// | `DeviceId` | a character that ids do not have |
    /// | `Field` | no command word, or a byte that is not text |
    /// | `End` | a binary body of another length than it says |
    /// | `Overlap` | another frame begins inside |
    /// | `Oversize` | a body of more than 1024 bytes |
    /// | `Incomplete`, `Trailing` | too few bytes, or too many |
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::Tk103)?;
        Ok(Self { bytes })
    }

    /// Creates a frame from bytes that were found to be one.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Divides the frame at its word.
    #[inline]
    pub(super) fn parts(&self) -> Parts<'a> {
        let usual = self.bytes.get(1 + USUAL_ID..).and_then(<[u8]>::first_chunk);
        let header = match usual {
            Some(&word) if is_word(word) => USUAL_HEADER,
            _ => match header(self.bytes) {
                Framing::Complete { len } => len,
                // Not with a frame that was validated.
                _ => WORD,
            },
        };
        let word_start = header.saturating_sub(WORD);
        let (start, rest) = self.bytes.split_at_checked(word_start).unwrap_or_default();
        let (word, rest) = rest.split_first_chunk().unwrap_or((b"BP00", &[]));
        Parts {
            id: start.get(1..).unwrap_or_default(),
            word,
            body: rest.split_last().map_or(&[], |(_, body)| body),
        }
    }

    /// Returns all bytes of the frame, parentheses included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns which way the frame travels, by the first letter of its word: `A` down, `B` up.
    ///
    /// Some devices echo the server's commands, so frames that say down may arrive from a device.
    #[must_use]
    #[inline]
    pub fn direction(&self) -> Option<Direction> {
        Some(self.word().direction())
    }

    /// Returns the message's type: the command word.
    #[must_use]
    #[inline]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        Some(MessageType::Text(Text::Bytes(self.parts().word)))
    }

    /// Returns `None`: frames of this protocol have no serial.
    #[must_use]
    pub const fn serial(&self) -> Option<u16> {
        None
    }

    /// Returns the characters between the start mark and the word, as sent: 10 to 15, not always
    /// digits.
    #[must_use]
    #[inline]
    pub fn id(&self) -> &'a [u8] {
        self.parts().id
    }

    /// Returns the device's number, leading zeros kept, as
    /// [`Message::device_id`] does.
    ///
    /// Devices that were never set up send zeros or a placeholder.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        let Parts { id, body, .. } = self.parts();
        if is_foreign(body) {
            return None;
        }
        DeviceId::from_ascii(id).or_else(|| self.message().device_id())
    }

    /// Returns the IMEI that ends with the last 11 digits of the id, if its first four digits are
    /// known and its check digit fits.
    ///
    /// This is a guess. It is right for the few devices that were seen with both numbers: show it,
    /// but do not use it as a key. See [the manual](crate::manual::tk103), "The header".
    ///
    /// ```
    /// use gt02::protocol::tk103::Frame;
    /// let frame = Frame::parse(b"(027040012346BP00HSO)")?;
    /// assert_eq!(frame.probable_imei().unwrap().to_string(), "355227040012346");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn probable_imei(&self) -> Option<DeviceId> {
        let id: &[u8; USUAL_ID] = self.id().try_into().ok()?;
        let [b'0', last @ ..] = id else { return None };
        let first = match last {
            [b'2', b'7', ..] => b"3552",
            [b'8', b'7', ..] => b"3528",
            [b'8', b'8', ..] => b"3541",
            [b'5', b'7', ..] => b"3578",
            _ => return None,
        };
        let mut imei = [0; 15];
        for (to, from) in imei.iter_mut().zip(first.iter().chain(last)) {
            *to = *from;
        }
        DeviceId::from_ascii(&imei).filter(|imei| imei.is_imei())
    }

    /// Returns the command word.
    #[must_use]
    #[inline]
    pub fn word(&self) -> CommandWord {
        CommandWord(*self.parts().word)
    }

    /// Returns the bytes between the word and the end mark.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.parts().body
    }

    /// Returns the message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::read(self)
    }

    /// Returns the reply that a server owes: [`HandshakeAck`] to `BP00` with `HSO`, [`LoginAck`] to
    /// `BP05`, [`AlarmAck`] to `BO01` with a digit, `None` to anything else.
    ///
    /// The time is not needed. The reply has at most [`MAX_REPLY_LEN`](super::MAX_REPLY_LEN) bytes.
    ///
    /// ```
    /// use gt02::protocol::tk103::Frame;
    /// let frame = Frame::parse(b"(040331141830BP00000013612345678HSO)")?;
    /// let mut out = [0; 32];
    /// let len = frame.reply(None).unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], b"(040331141830AP01HSO)");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn reply(&self, _now: Option<DateTime>) -> Option<Message<'a>> {
        let Parts { id, word, body } = self.parts();
        Some(match Owed::to(id, word, body)? {
            Owed::Handshake => HandshakeAck { id }.into(),
            Owed::Login => LoginAck { id }.into(),
            Owed::Alarm { digit } => AlarmAck { id, digit }.into(),
        })
    }
}

/// The reply that a server owes.
pub(super) enum Owed {
    /// `AP01HSO`.
    Handshake,
    /// `AP05`.
    Login,
    /// `AS01` and the digit.
    Alarm { digit: u8 },
}

impl Owed {
    /// What is owed to a frame of these parts.
    ///
    /// Does not read the whole message, because a session asks for the reply to each frame.
    pub(super) fn to(id: &[u8], word: &[u8; WORD], body: &[u8]) -> Option<Self> {
        match (word, body) {
            _ if is_foreign(body) => None,
            (b"BP00", _) => Handshake::read(id, body).map(|_| Self::Handshake),
            (b"BP05", _) => Some(Self::Login),
            (b"BO01", &[digit, ..]) if digit.is_ascii_hexdigit() => Some(Self::Alarm { digit }),
            _ => None,
        }
    }
}

/// A command word: `BR00`.
///
/// It has `A` from a server or `B` from a device, a letter from `O` to `Z`, and two digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandWord(pub(super) [u8; WORD]);

impl CommandWord {
    /// Creates a word from its characters, or returns `None` if they are not a command word.
    ///
    /// ```
    /// use gt02::protocol::tk103::CommandWord;
    /// assert_eq!(CommandWord::new(*b"BR05").unwrap().to_string(), "BR05");
    /// assert_eq!(CommandWord::new(*b"CR05"), None);
    /// ```
    #[must_use]
    pub const fn new(characters: [u8; WORD]) -> Option<Self> {
        if is_word(characters) {
            Some(Self(characters))
        } else {
            None
        }
    }

    /// Creates a word from characters that are a command word.
    pub(super) const fn from_checked(characters: [u8; WORD]) -> Self {
        Self(characters)
    }

    /// Returns its characters.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; WORD] {
        &self.0
    }

    /// Returns its characters as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.0) {
            Ok(text) => text,
            // They are ASCII.
            Err(_) => "",
        }
    }

    /// Returns who uses it: `A` the server, `B` the device.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self.0 {
            [b'A', ..] => Direction::Down,
            _ => Direction::Up,
        }
    }
}

impl fmt::Display for CommandWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CommandWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandWord({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for CommandWord {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

/// The texts by which a device names itself: the id of its frames, and the id field of a
/// [`Login`](super::Login) or a [`Handshake`](super::Handshake).
///
/// | the device's number | id | id field |
/// |---|---|---|
/// | 15 digits, an IMEI | `0` and its last 11 digits | the IMEI |
/// | at most 12 digits | the number, filled up with zeros on the left | `000` and the id |
///
/// ```
/// use gt02::protocol::tk103::Identity;
/// let device = Identity::new("355227040012346".parse()?)?;
/// assert_eq!(device.id(), b"027040012346");
/// assert_eq!(device.field(), b"355227040012346");
/// let device = Identity::new("13612345678".parse()?)?;
/// assert_eq!(device.id(), b"013612345678");
/// assert_eq!(device.field(), b"000013612345678");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Identity {
    id: [u8; USUAL_ID],
    field: [u8; MAX_ID],
}

impl Identity {
    /// Creates the texts from the device's number.
    ///
    /// # Errors
    /// [`EncodeError::DeviceId`] if the number has 13, 14 or 16 digits.
    pub fn new(device: DeviceId) -> Result<Self, EncodeError> {
        if !matches!(device.digit_count(), 1..=12 | 15) {
            return Err(EncodeError::DeviceId {
                digits: USUAL_ID as u8,
            });
        }
        let mut field = [b'0'; MAX_ID];
        let unused = field.len().saturating_sub(device.digit_count().into());
        for (to, digit) in field.iter_mut().skip(unused).zip(device.digits()) {
            *to |= digit;
        }
        let mut id = *field.last_chunk().unwrap_or(&[b'0'; USUAL_ID]);
        if device.digit_count() == 15 {
            let [first, ..] = &mut id;
            *first = b'0';
        }
        Ok(Self { id, field })
    }

    /// Returns the id of the device's frames.
    #[must_use]
    pub const fn id(&self) -> &[u8] {
        &self.id
    }

    /// Returns the id field.
    #[must_use]
    pub const fn field(&self) -> &[u8] {
        &self.field
    }
}
