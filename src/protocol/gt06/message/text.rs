use super::{
    Content, Envelope, Header, Parts, blocks::Language, extended::is_card_location, number,
};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte},
        write::Writer,
    },
    error::EncodeError,
    types::Text,
};
use nom::{Parser, combinator::map};

/// Bytes of the server flag, which the length of a text counts with it.
const FLAG_LEN: u8 = 4;

/// The most bytes of text after a length and a flag: a frame's length of 255 less number, serial,
/// CRC, text length and server flag.
const MAX_TEXT_LEN: usize = 245;

/// Bytes of the language after a text.
const LANGUAGE_LEN: usize = 2;

/// The encodings of a [`LongResponse`].
const ASCII: u8 = 1;
const UTF_16: u8 = 2;

/// The bytes before the first zero.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Returns the text's bytes if they are printable ASCII, at least one and at most `max`.
fn printable(text: &str, max: usize) -> Result<&[u8], EncodeError> {
    if text.len() > max {
        return Err(EncodeError::TooLong { field: "text", max });
    }
    let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if text.is_empty() || !is_printable {
        return Err(EncodeError::Text);
    }
    Ok(text.as_bytes())
}

/// Splits `content` into the text of the declared length and the remainder; `None` if it is too
/// short.
fn split_text(length: u8, content: &[u8]) -> Option<(&[u8], &[u8])> {
    content.split_at_checked(length.checked_sub(FLAG_LEN)?.into())
}

/// A text and what follows it, in a [`Command`] or a [`Response`].
struct Tail<'a> {
    text: &'a [u8],
    language: Option<[u8; 2]>,
    rest: &'a [u8],
}

/// Splits what follows the flag. If the length is wrong, all of it is the text.
fn tail<'a>(split: Option<(&'a [u8], &'a [u8])>, content: &'a [u8]) -> Tail<'a> {
    let (text, language, rest): (_, _, &[u8]) = match split {
        Some((text, &[a, b])) => (text, Some([a, b]), &[]),
        Some((text, rest)) => (text, None, rest),
        None => (content, None, &[]),
    };
    Tail {
        text,
        language,
        rest,
    }
}

/// The length of a text and its flag. `text` has passed [`printable`].
fn length_of(text: &[u8]) -> u8 {
    // At most 249.
    (text.len() as u8).wrapping_add(FLAG_LEN)
}

/// The device's response to a [`Command`]: `15`; and `81`, for which one frame with this layout is
/// known.
///
/// ```text
/// 0        1      5      5+n
/// +--------+------+------+- - - - - +
/// | length | flag | text | language |      length = 4 + n
/// +--------+------+------+- - - - - +
/// ```
///
/// Real devices send lengths of 0, and texts that are padded with zeros \[T\].
///
/// ```
/// use gt02::protocol::gt06::{Language, Message, Response};
/// // The example of a vendor document.
/// let bytes =
///     b"\x78\x78\x19\x15\x11\x00\x01\xa9\x63HFYD=Success!\x00\x02\x00\x1e\xf8\x93\x0d\x0a";
/// let Message::Response(response) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(response.text().as_str(), Some("HFYD=Success!"));
///
/// let built = Response::new(0x1_A963, "HFYD=Success!", Language::English, 0x1E);
/// assert_eq!(built, Ok(response));
/// # Ok::<(), gt02::Error>(())
/// ```
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
    /// The text as sent: as many bytes as the length says, or all if it is too short.
    /// [`text`](Self::text) is without padding.
    pub text: &'a [u8],
    /// Language of the text: two bytes after it, and nothing else.
    pub language: Option<[u8; 2]>,
    /// Other bytes after the text.
    pub rest: &'a [u8],
}

impl<'a> Response<'a> {
    /// The most bytes of a text, with its language.
    pub(in super::super) const MAX_LEN: usize = MAX_TEXT_LEN - LANGUAGE_LEN;

    /// Creates a `15`. The flag is that of the command.
    ///
    /// # Errors
    /// If the text is empty, has more than 243 bytes, or has one that is not printable ASCII.
    pub fn new(
        flag: u32,
        text: &'a str,
        language: Language,
        serial: u16,
    ) -> Result<Self, EncodeError> {
        let text = printable(text, Self::MAX_LEN)?;
        Ok(Self {
            envelope: Envelope::short(serial),
            code: number::RESPONSE,
            length: length_of(text),
            flag,
            text,
            language: Some(language.bytes()),
            rest: &[],
        })
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let code = frame.code();
        let (content, (length, flag)) = (byte, be_u32).parse(frame.content()).ok()?;
        let Tail {
            text,
            language,
            rest,
        } = tail(split_text(length, content), content);
        matches!(code, number::RESPONSE | number::QUERY).then(|| Self {
            envelope: frame.envelope(),
            code,
            length,
            flag,
            text,
            language,
            rest,
        })
    }

    /// Returns the text, up to the first zero. If the length is wrong, the last two bytes are taken
    /// for the language.
    ///
    /// The one known text of an `81` is UTF-16. So where the first byte of one is a zero, which
    /// would be the end of any other text, it is read as that, and otherwise as it is.
    #[must_use]
    pub fn text(&self) -> Text<'a> {
        let is_length_right =
            self.length.checked_sub(FLAG_LEN).map(usize::from) == Some(self.text.len());
        let text = match self.text {
            [text @ .., _, _] if !is_length_right => text,
            text => text,
        };
        match (self.code, text) {
            (number::QUERY, [0, _, ..]) => Text::Utf16Be(text),
            (number::QUERY, _) => Text::Bytes(text),
            _ => Text::Bytes(until_nul(text)),
        }
    }
}

impl Content for Response<'_> {
    fn code(&self) -> u8 {
        self.code
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

/// The response of newer devices to a [`Command`]: `21`, with a `79 79` header. With `78 78` it is
/// a [`DoorEvent`](super::DoorEvent).
///
/// ```text
/// 0      4          5
/// +------+----------+- - - - +
/// | flag | encoding | content|
/// +------+----------+- - - - +
/// ```
///
/// ```
/// use gt02::protocol::gt06::{LongResponse, Message};
/// let bytes = b"\x79\x79\x00\x0d\x21\x00\x00\x00\x01\x01OK!\x00\x1a\xf2\x81\x0d\x0a";
/// let Message::LongResponse(response) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(response.text().as_str(), Some("OK!"));
/// assert_eq!(LongResponse::new(1, "OK!", 26), Ok(response));
/// # Ok::<(), gt02::Error>(())
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
    /// Creates a response in ASCII. The flag is that of the command.
    ///
    /// # Errors
    /// If the text is empty, has more than 65,525 bytes, or has one that is not printable ASCII.
    pub fn new(flag: u32, text: &'a str, serial: u16) -> Result<Self, EncodeError> {
        /// A frame's length of 65,535 less number, serial, CRC, flag and encoding.
        const MAX: usize = 65_525;
        Ok(Self {
            envelope: Envelope::long(serial),
            flag,
            encoding: ASCII,
            content: printable(text, MAX)?,
        })
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (content, (flag, encoding)) = (be_u32, byte).parse(frame.content()).ok()?;
        (frame.envelope().header == Header::Long).then(|| Self {
            envelope: frame.envelope(),
            flag,
            encoding,
            content,
        })
    }

    /// Returns the text: UTF-16 if the encoding says so, else ASCII.
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

/// Text to the device, such as `DYD,000000#`: `80`. The device responds with [`Response`] or
/// [`LongResponse`].
///
/// ```text
/// 0        1      5      5+n
/// +--------+------+------+- - - - - +
/// | length | flag | text | language |      length = 4 + n
/// +--------+------+------+- - - - - +
/// ```
///
/// Some examples of the vendor documents have the language, and some do not.
///
/// ```
/// use gt02::protocol::gt06::{Command, Language};
/// // An example of a vendor document.
/// let command = Command::new("sos#")?.with_language(Language::English).with_serial(1);
/// let mut out = [0; 21];
/// assert_eq!(command.encode(&mut out), Ok(21));
/// assert_eq!(
///     out,
///     *b"\x78\x78\x10\x80\x08\x00\x00\x00\x00sos#\x00\x02\x00\x01\x9a\x17\x0d\x0a"
/// );
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The length, as sent: 4 and the bytes of the text.
    pub length: u8,
    /// The server flag: any value, which comes back with the response.
    pub flag: u32,
    /// The text: as many bytes as the length says, or all if it is too short.
    pub text: &'a [u8],
    /// Language of the response: two bytes after the text, and nothing else.
    pub language: Option<[u8; 2]>,
    /// Other bytes after the text.
    pub rest: &'a [u8],
}

impl<'a> Command<'a> {
    /// Creates a command with this text, a server flag and a serial of 0, and no language.
    ///
    /// # Errors
    /// If the text is empty, has more than 245 bytes, or has one that is not printable ASCII.
    pub fn new(text: &'a str) -> Result<Self, EncodeError> {
        let text = printable(text, MAX_TEXT_LEN)?;
        Ok(Self {
            envelope: Envelope::short(0),
            length: length_of(text),
            flag: 0,
            text,
            language: None,
            rest: &[],
        })
    }

    /// Sets the server flag.
    #[must_use]
    pub const fn with_flag(self, flag: u32) -> Self {
        Self { flag, ..self }
    }

    /// Sets the language of the response.
    #[must_use]
    pub const fn with_language(self, language: Language) -> Self {
        Self {
            language: Some(language.bytes()),
            ..self
        }
    }

    /// Sets the serial.
    #[must_use]
    pub const fn with_serial(self, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            ..self
        }
    }

    pub(in crate::protocol::gt06) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (content, (length, flag)) = (byte, be_u32).parse(frame.content()).ok()?;
        let Tail {
            text,
            language,
            rest,
        } = tail(split_text(length, content), content);
        Some(Self {
            envelope: frame.envelope(),
            length,
            flag,
            text,
            language,
            rest,
        })
    }

    /// Returns the text, ASCII.
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

/// An address: `17` in Chinese, `97` in English. It is the reply to
/// [`AddressRequest`](super::AddressRequest) and [`CellAddressRequest`](super::CellAddressRequest);
/// the maker's server also sends it after an [`Alarm`](super::Alarm).
///
/// ```text
/// 0        1      5              0        2      6
/// +--------+------+- - - - +     +--------+------+- - - - +
/// | length | flag | content|     | length | flag | content|   in a Mixed frame, and in some
/// +--------+------+- - - - +     +--------+------+- - - - +   Long ones
/// ```
///
/// In a Long frame a first byte of 0 or 1 shows a length of two bytes: a length of one byte would
/// leave no room for the flag.
///
/// The content is a keyword, `&&`, the address, `&&`, a telephone number in 21 bytes, `##`. A `17`
/// whose first byte is not the number of the bytes after it is no `Address`.
///
/// ```
/// use gt02::protocol::gt06::Message;
/// // What a public server sends if it has no address.
/// let bytes = b"\x79\x79\x00\x15\x97\x0b\x00\x00\x00\x00NA&&NA&&0##\x00\x00\xe6\x1e\x0d\x0a";
/// let Message::Address(address) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(address.address().unwrap().as_str(), Some("NA"));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Address<'a> {
    /// Header and serial. The maker's `97` has the [`Mixed`](Header::Mixed) header, a public
    /// server's the long one.
    pub envelope: Envelope,
    /// The protocol number: `17` or `97`.
    pub code: u8,
    /// The length, as sent: the maker counts the flag and the content, and one byte too many in a
    /// sample; a public server counts the content alone.
    pub length: u16,
    /// Set if the length has two bytes: always with a [`Mixed`](Header::Mixed) header, never in
    /// `17`.
    pub has_wide_length: bool,
    /// The server flag.
    pub flag: u32,
    /// All bytes after the flag.
    pub content: &'a [u8],
}

impl<'a> Address<'a> {
    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (envelope, code, bytes) = (frame.envelope(), frame.code(), frame.content());
        let has_wide_length = matches!(
            (envelope.header, code, bytes),
            (Header::Mixed, _, _) | (Header::Long, number::ADDRESS, [0 | 1, ..])
        );
        let (after, length) = if has_wide_length {
            be_u16(bytes)
        } else {
            map(byte, u16::from).parse(bytes)
        }
        .ok()?;
        let is_address = match code {
            number::CELL_ADDRESS => usize::from(length) == after.len() && !is_card_location(bytes),
            number::ADDRESS => true,
            _ => false,
        };
        let (content, flag) = be_u32(after).ok().filter(|_| is_address)?;
        Some(Self {
            envelope,
            code,
            length,
            has_wide_length,
            flag,
            content,
        })
    }

    /// Returns the address, between the first `&&` and the last. It is UTF-16 from the makers'
    /// servers, and ASCII in a long frame with a length of one byte, which only a public server
    /// sends.
    #[must_use]
    pub fn address(&self) -> Option<Text<'a>> {
        const MARK: &[u8] = b"&&";
        let start = self.content.windows(2).position(|pair| pair == MARK)?;
        let text = self.content.get(start..)?.strip_prefix(MARK)?;
        // From the end, because a text in UTF-16 may hold the mark.
        let end = text.windows(2).rposition(|pair| pair == MARK)?;
        let address = text.get(..end)?;
        Some(
            if self.envelope.header == Header::Long && !self.has_wide_length {
                Text::Bytes(address)
            } else {
                Text::Utf16Be(address)
            },
        )
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
        if !self.has_wide_length && self.length > 0xFF {
            return Err(EncodeError::Range {
                field: "length",
                max: 0xFF,
            });
        }
        Ok(())
    }

    fn write(&self, out: &mut Writer<'_>) {
        let [high, low] = self.length.to_be_bytes();
        if self.has_wide_length {
            out.put(&[high]);
        }
        out.put(&[low]);
        out.put(&self.flag.to_be_bytes());
        out.put(self.content);
    }
}
