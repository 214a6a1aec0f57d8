use super::{
    AlarmAck, HandshakeAck, LoginAck, Message, USUAL_ID, WORD,
    framing::{header, is_word},
};
use crate::{
    error::Error,
    framing::Framing,
    protocol::single,
    types::{DateTime, DeviceId, Direction, MessageType, Protocol, Text},
};
use core::fmt;

/// Bytes in a usual header: start mark, id and command word.
const USUAL_HEADER: usize = 1 + USUAL_ID + WORD;

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0   1                13     17
/// +---+----------------+------+- - -+---+
/// | ( | id             | word | body| ) |
/// +---+----------------+------+- - -+---+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What was found to be a frame, all of it.
    bytes: &'a [u8],
}

/// The parts of a frame, without the parentheses.
pub(super) struct Parts<'a> {
    pub(super) id: &'a [u8],
    pub(super) word: Word,
    /// The word as it stands in the frame.
    pub(super) word_text: &'a [u8],
    pub(super) body: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::ErrorKind), with the offset:
    ///
    /// | kind | what is wrong |
    /// |---|---|
    /// | `Start` | there is no `(` |
    /// | `DeviceId` | a character that ids do not have |
    /// | `Field` | no command word, or a byte that is no text |
    /// | `End` | a binary body of another length than it says |
    /// | `Overlap` | another frame begins inside |
    /// | `Oversize` | a body of more than 1024 bytes |
    /// | `Incomplete`, `Trailing` | too few bytes, or too many |
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        single(bytes, Protocol::Tk103)?;
        Ok(Self { bytes })
    }

    /// From bytes that were found to be a frame, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Divides the frame by its word.
    #[inline]
    pub(super) fn parts(&self) -> Parts<'a> {
        let usual = self.bytes.get(1 + USUAL_ID..).and_then(<[u8]>::first_chunk);
        let header = match usual {
            Some(&word) if is_word(word) => USUAL_HEADER,
            _ => match header(self.bytes) {
                Framing::Complete { len } => len,
                // Not from a frame that was validated.
                _ => WORD,
            },
        };
        let word_start = header.saturating_sub(WORD);
        let (start, rest) = self.bytes.split_at_checked(word_start).unwrap_or_default();
        let (word, rest) = rest.split_first_chunk().unwrap_or((b"BP00", &[]));
        Parts {
            id: start.get(1..).unwrap_or_default(),
            word: Word(*word),
            word_text: word,
            body: rest.split_last().map_or(&[], |(_, body)| body),
        }
    }

    /// All bytes of the frame, parentheses included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Which way the frame travels, by the first letter of its word: `A` down, `B` up.
    ///
    /// Some devices echo the server's commands: frames that are down may arrive upwards.
    #[must_use]
    #[inline]
    pub fn direction(&self) -> Option<Direction> {
        Some(self.word().direction())
    }

    /// Returns the message's type: the command word.
    #[must_use]
    #[inline]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        Some(MessageType::Text(Text::Bytes(self.parts().word_text)))
    }

    /// Returns `None`: frames of this protocol have no serial.
    #[must_use]
    pub const fn serial(&self) -> Option<u16> {
        None
    }

    /// The characters between the start mark and the word, as sent: 10 to 15, not always digits.
    #[must_use]
    #[inline]
    pub fn id(&self) -> &'a [u8] {
        self.parts().id
    }

    /// The number that the device goes by, leading zeros kept; `None` if the id is not made of digits alone.
    ///
    /// Devices that were never set up send zeros, or a placeholder.
    #[must_use]
    #[inline]
    pub fn device_id(&self) -> Option<DeviceId> {
        DeviceId::from_ascii(self.id())
    }

    /// The IMEI that the device may have, of which the id is the last 11 digits and a 0 in front; `None` if the four digits in front of
    /// them are not known or the check digit does not fit.
    ///
    /// A guess, right for all of the few devices that were seen with both (spec tk103, section 1): to be shown, not to be a key.
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

    /// The command word.
    #[must_use]
    #[inline]
    pub fn word(&self) -> Word {
        self.parts().word
    }

    /// The bytes between the word and the end mark.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.parts().body
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(self)
    }

    /// What a server must answer: [`HandshakeAck`] to `BP00`, [`LoginAck`] to `BP05`, [`AlarmAck`] to `BO01`; `None` to anything else.
    ///
    /// It depends on nothing in the body but the alarm's digit, and is [`MAX_REPLY_LEN`](super::MAX_REPLY_LEN) bytes at most.
    ///
    /// ```
    /// use gt02::protocol::tk103::Frame;
    /// // Spec tk103, section 7.
    /// let frame = Frame::parse(b"(027042411793BP00000027042411793HSO)")?;
    /// let mut out = [0; 32];
    /// let len = frame.reply(None).unwrap().encode(&mut out).unwrap();
    /// assert_eq!(&out[..len], b"(027042411793AP01HSO)");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn reply(&self, _now: Option<DateTime>) -> Option<Message<'a>> {
        let Parts { id, word, body, .. } = self.parts();
        match (&word.0, body) {
            (b"BP00", _) => Some(Message::HandshakeAck(HandshakeAck { id })),
            (b"BP05", _) => Some(Message::LoginAck(LoginAck { id })),
            (b"BO01", [digit, ..]) if digit.is_ascii_hexdigit() => {
                Some(Message::AlarmAck(AlarmAck { id, digit: *digit }))
            }
            _ => None,
        }
    }
}

/// A command word: `BR00`.
///
/// `A` from a server or `B` from a device, a capital, and two characters that are capitals or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub(super) [u8; WORD]);

impl Word {
    /// From its characters; `None` if they are no command word.
    ///
    /// ```
    /// use gt02::protocol::tk103::Word;
    /// assert_eq!(Word::new(*b"BR05").unwrap().to_string(), "BR05");
    /// assert_eq!(Word::new(*b"CR05"), None);
    /// ```
    #[must_use]
    pub const fn new(characters: [u8; WORD]) -> Option<Self> {
        if is_word(characters) {
            Some(Self(characters))
        } else {
            None
        }
    }

    /// Its characters.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; WORD] {
        &self.0
    }

    /// Its characters as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(&self.0) {
            Ok(text) => text,
            // They are ASCII.
            Err(_) => "",
        }
    }

    /// Who uses it: `A` the server, `B` the device.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self.0 {
            [b'A', ..] => Direction::Down,
            _ => Direction::Up,
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Word({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Word {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}
