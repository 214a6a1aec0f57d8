use super::{Content, Envelope, Header, Parts, number};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte},
        write::Writer,
    },
    error::EncodeError,
    types::Text,
};
use nom::{Parser, combinator::map};

/// Bytes of the server flag, which the length in front of a text counts with it.
const FLAG_LEN: u8 = 4;

/// The encoding of a [`LongResponse`] in UTF-16.
const UTF_16: u8 = 2;

/// What stands in front of the first zero.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// The text of which the length in front says how long it is, and what is behind; `None` if so many bytes are not there.
fn split_text(length: u8, content: &[u8]) -> Option<(&[u8], &[u8])> {
    content.split_at_checked(length.checked_sub(FLAG_LEN)?.into())
}

/// The device's answer to a [`Command`]: `15`; and `81`, of which one frame with this layout is known.
///
/// ```text
/// 0        1      5      5+n
/// +--------+------+------+- - - - - +
/// | length | flag | text | language |      length = 4 + n
/// +--------+------+------+- - - - - +
/// ```
///
/// Real devices send lengths of 0, and texts that are filled up with zeros (spec gt06, section 5, pitfall 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Response<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The protocol number: `15`, or `81`.
    pub code: u8,
    /// The length, as sent.
    pub length: u8,
    /// The server flag of the command.
    pub flag: u32,
    /// All bytes behind the flag.
    pub content: &'a [u8],
}

impl<'a> Response<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let code = frame.code();
        let (content, (length, flag)) = (byte, be_u32).parse(frame.content()).ok()?;
        matches!(code, number::RESPONSE | number::QUERY).then(|| Self {
            envelope: frame.envelope(),
            code,
            length,
            flag,
            content,
        })
    }

    /// The text: as many bytes as the length says, if they are there, else all but the two of the language; up to the first zero.
    ///
    /// The one known text of an `81` is UTF-16. So where the first byte of one is a zero, which would be the end of any other text, it is read as
    /// that, and else as it is.
    #[must_use]
    pub fn text(&self) -> Text<'a> {
        let text = match (split_text(self.length, self.content), self.content) {
            (Some((text, _)), _) | (None, [text @ .., _, _] | text) => text,
        };
        match (self.code, text) {
            (number::QUERY, [0, _, ..]) => Text::Utf16Be(text),
            (number::QUERY, _) => Text::Bytes(text),
            _ => Text::Bytes(until_nul(text)),
        }
    }

    /// The two bytes behind the text, if the length is right.
    #[must_use]
    pub fn language(&self) -> Option<[u8; 2]> {
        let (_, language) = split_text(self.length, self.content)?;
        language.try_into().ok()
    }
}

impl Content for Response<'_> {
    fn code(&self) -> u8 {
        self.code
    }

    fn field(&self) -> &'static str {
        "content"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.length]);
        out.put(&self.flag.to_be_bytes());
        out.put(self.content);
    }
}

/// The answer of newer devices to a [`Command`]: `21`, with a `79 79` header.
///
/// ```text
/// 0      4          5
/// +------+----------+- - - - +
/// | flag | encoding | content|
/// +------+----------+- - - - +
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LongResponse<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The server flag of the command.
    pub flag: u32,
    /// 1 ASCII, 2 UTF-16; as sent.
    pub encoding: u8,
    /// The text.
    pub content: &'a [u8],
}

impl<'a> LongResponse<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (content, (flag, encoding)) = (be_u32, byte).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            flag,
            encoding,
            content,
        })
    }

    /// The text: UTF-16 if the encoding says so, else ASCII.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        if self.encoding == UTF_16 {
            Text::Utf16Be(self.content)
        } else {
            Text::Bytes(self.content)
        }
    }
}

impl Content for LongResponse<'_> {
    fn code(&self) -> u8 {
        number::LONG_RESPONSE
    }

    fn field(&self) -> &'static str {
        "content"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&self.flag.to_be_bytes());
        out.put(&[self.encoding]);
        out.put(self.content);
    }
}

/// Text to the device, such as `DYD,000000#`: `80`. Answered with [`Response`] or [`LongResponse`].
///
/// ```text
/// 0        1      5      5+n
/// +--------+------+------+- - - - - +
/// | length | flag | text | language |      length = 4 + n
/// +--------+------+------+- - - - - +
/// ```
///
/// Of what stands in the papers some has the language and some has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The length, as sent: 4 and the bytes of the text.
    pub length: u8,
    /// The server flag: any value, which comes back with the answer.
    pub flag: u32,
    /// The text: as many bytes as the length says, or all if so many are not there.
    pub text: &'a [u8],
    /// Language of the answer: two bytes behind the text, and nothing else.
    pub language: Option<[u8; 2]>,
    /// What else is behind the text.
    pub rest: &'a [u8],
}

impl<'a> Command<'a> {
    /// A command with this text, a server flag and a serial of 0, and no language.
    ///
    /// # Errors
    /// If the text has more than 245 bytes, so that it does not fit in a frame; or if it is none: nothing would be asked.
    pub fn new(text: &'a str) -> Result<Self, EncodeError> {
        // A length of 255 less number, serial, CRC, text length and server flag.
        const MAX: usize = 245;
        let too_long = EncodeError::TooLong {
            field: "text",
            max: MAX,
        };
        let length = u8::try_from(text.len())
            .ok()
            .filter(|&len| usize::from(len) <= MAX)
            .ok_or(too_long)?
            .wrapping_add(FLAG_LEN);
        if text.is_empty() {
            return Err(EncodeError::Text);
        }
        Ok(Self {
            envelope: Envelope::short(0),
            length,
            flag: 0,
            text: text.as_bytes(),
            language: None,
            rest: &[],
        })
    }

    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (content, (length, flag)) = (byte, be_u32).parse(frame.content()).ok()?;
        let (text, language, rest) = match split_text(length, content) {
            Some((text, &[a, b])) => (text, Some([a, b]), &[][..]),
            Some((text, rest)) => (text, None, rest),
            None => (content, None, &[][..]),
        };
        Some(Self {
            envelope: frame.envelope(),
            length,
            flag,
            text,
            language,
            rest,
        })
    }

    /// The text, ASCII.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        Text::Bytes(self.text)
    }
}

impl Content for Command<'_> {
    fn code(&self) -> u8 {
        number::COMMAND
    }

    fn field(&self) -> &'static str {
        "text"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.length]);
        out.put(&self.flag.to_be_bytes());
        out.put(self.text);
        out.put(self.language.as_ref().map_or(&[], |language| language));
        out.put(self.rest);
    }
}

/// An address: `17` in Chinese, `97` in English. The answer to [`AddressRequest`](super::AddressRequest) and
/// [`CellAddressRequest`](super::CellAddressRequest); the maker's server also sends it after an [`Alarm`](super::Alarm).
///
/// ```text
/// 0        1      5              0        2      6
/// +--------+------+- - - - +     +--------+------+- - - - +
/// | length | flag | content|     | length | flag | content|   in a Mixed frame
/// +--------+------+- - - - +     +--------+------+- - - - +
/// ```
///
/// The content is a keyword, `&&`, the address, `&&`, a phone number in 21 bytes, `##`. A `17` whose first byte is not the number of the bytes behind it is no
/// `Address`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Address<'a> {
    /// Header and serial. The maker's `97` has the [`Mixed`](Header::Mixed) header, a public server's the long one.
    pub envelope: Envelope,
    /// The protocol number: `17` or `97`.
    pub code: u8,
    /// The length, as sent: the maker counts the flag and the content, a public server the content alone. Two bytes with a
    /// [`Mixed`](Header::Mixed) header, else one.
    pub length: u16,
    /// The server flag.
    pub flag: u32,
    /// All bytes behind the flag.
    pub content: &'a [u8],
}

impl<'a> Address<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (envelope, code, bytes) = (frame.envelope(), frame.code(), frame.content());
        let (behind, length) = if envelope.header == Header::Mixed {
            be_u16(bytes)
        } else {
            map(byte, u16::from).parse(bytes)
        }
        .ok()?;
        let is_address = match code {
            number::CELL_ADDRESS => usize::from(length) == behind.len(),
            number::ADDRESS => true,
            _ => false,
        };
        let (content, flag) = be_u32(behind).ok().filter(|_| is_address)?;
        Some(Self {
            envelope,
            code,
            length,
            flag,
            content,
        })
    }

    /// The address: what stands between the first `&&` and the last. UTF-16 from the makers' servers; ASCII in a long frame, which only a public server
    /// sends.
    #[must_use]
    pub fn address(&self) -> Option<Text<'a>> {
        const MARK: &[u8] = b"&&";
        let start = self.content.windows(2).position(|pair| pair == MARK)?;
        let text = self.content.get(start..)?.strip_prefix(MARK)?;
        // From the end, for a text in UTF-16 may hold the mark.
        let end = text.windows(2).rposition(|pair| pair == MARK)?;
        let address = text.get(..end)?;
        Some(if self.envelope.header == Header::Long {
            Text::Bytes(address)
        } else {
            Text::Utf16Be(address)
        })
    }
}

impl Content for Address<'_> {
    fn code(&self) -> u8 {
        self.code
    }

    fn field(&self) -> &'static str {
        "content"
    }

    fn check(&self) -> Result<(), EncodeError> {
        if self.envelope.header != Header::Mixed && self.length > 0xFF {
            return Err(EncodeError::Range {
                field: "length",
                max: 0xFF,
            });
        }
        Ok(())
    }

    fn write(&self, out: &mut Writer<'_>) {
        let [high, low] = self.length.to_be_bytes();
        if self.envelope.header == Header::Mixed {
            out.put(&[high]);
        }
        out.put(&[low]);
        out.put(&self.flag.to_be_bytes());
        out.put(self.content);
    }
}
