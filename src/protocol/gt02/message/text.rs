use super::{DOWN, END, Envelope, RESPONSE, Variable, frame_len, is_one_frame};
use crate::{
    bytes::{
        read::{be_u32, byte},
        write::write_parts,
    },
    error::EncodeError,
    protocol::gt02::is_text,
    types::{DeviceId, Text},
};
use nom::{Parser, combinator::opt};

/// The device's answer to a command: type `1C`.
///
/// ```text
/// 3       5    15   16  17     17+n
/// +-------+- - +----+---+- - - +- - -+
/// | word  |    | 1C | n | text | rest|
/// +-------+- - +----+---+- - - +- - -+
/// ```
///
/// `n` may disagree with the bytes that are there: the text is then what is really there, at most
/// `n` bytes. A text that holds `0D 0A 68 68` looks like the end of one frame and the start of the
/// next, and cannot be sent.
///
/// ```
/// use gt02::protocol::gt02::{Message, Response};
/// // docs/protocols/gt02.md, "Response".
/// let bytes = b"\x68\x68\x15\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\x07APEXOK!\
///     \x0d\x0a";
/// let Message::Response(response) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(response.text().as_str(), Some("APEXOK!"));
/// assert_eq!(Response::new(response.device, 131, "APEXOK!"), Ok(response));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Response<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// The frame's serial.
    pub serial: u16,
    /// The header word, 0 in all known frames \[T\].
    pub word: u16,
    /// Length of the text as sent; absent if the body is empty.
    pub length: Option<u8>,
    /// All bytes after the length.
    pub content: &'a [u8],
}

impl<'a> Response<'a> {
    /// The most bytes that a text has.
    pub const MAX_TEXT: usize = 241;

    /// Creates a response.
    ///
    /// # Errors
    /// If the text has more than [`MAX_TEXT`](Self::MAX_TEXT) bytes.
    pub const fn new(device: DeviceId, serial: u16, text: &'a str) -> Result<Self, EncodeError> {
        let content = text.as_bytes();
        if content.len() > Self::MAX_TEXT {
            return Err(EncodeError::TooLong {
                field: "text",
                max: Self::MAX_TEXT,
            });
        }
        Ok(Self {
            device,
            serial,
            word: 0,
            // At most 241.
            length: Some(content.len() as u8),
            content,
        })
    }

    #[inline]
    pub(super) fn read(envelope: &Envelope, body: &'a [u8]) -> Self {
        let (content, length) = opt(byte).parse(body).unwrap_or((body, None));
        Self {
            device: envelope.device,
            serial: envelope.serial,
            word: envelope.word,
            length,
            content,
        }
    }

    /// Returns the text, nominally ASCII.
    #[must_use]
    pub fn text(&self) -> Text<'a> {
        let length = self.length.map_or(0, usize::from);
        Text::Bytes(self.content.get(..length).unwrap_or(self.content))
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        frame_len((self.length.is_some() as usize).saturating_add(self.content.len()))
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * `out` is too small.
    /// * The id does not have 15 digits.
    /// * The content has more than 241 bytes, or is there without a length.
    /// * The frame would be taken for two.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if self.length.is_none() && !self.content.is_empty() {
            return Err(EncodeError::Gap { field: "length" });
        }
        let envelope = Envelope {
            device: self.device,
            word: self.word,
            serial: self.serial,
            code: RESPONSE,
        };
        let content = Variable::new("content", self.content);
        envelope.encode(out, self.length.as_slice(), content)
    }
}

/// Text sent to the device: a command of its SMS set, such as `WHERE,666666#`.
///
/// ```text
/// 0       2   3    4   5      9     L+3     L+5
/// +-------+---+----+---+------+- - -+-------+
/// | 88 88 | L | 1C | n | flag | text| 0D 0A |    n = 4 + length of the text, L = n + 2
/// +-------+---+----+---+------+- - -+-------+
/// ```
///
/// Unconfirmed: this layout is known from one public implementation for the TR02, not from a
/// document or a capture \[T\]. See [the manual](crate::manual::gt02), "Commands".
///
/// ```
/// use gt02::protocol::gt02::Command;
/// let mut out = [0; 32];
/// let len = Command::new("WHERE,666666#")?.encode(&mut out)?;
/// assert_eq!(out[..len], *b"\x88\x88\x13\x1c\x11\0\0\0\0WHERE,666666#\x0d\x0a");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// The server flag; its meaning is not established.
    pub flag: u32,
    /// The text: printable ASCII, 1 to 249 bytes.
    pub text: Text<'a>,
}

impl<'a> Command<'a> {
    /// The most bytes that a text has.
    pub const MAX_TEXT: usize = 249;

    /// Bytes of a frame without its text.
    const AROUND_TEXT: usize = 11;

    /// Creates a command with the flag 0.
    ///
    /// # Errors
    /// If the text is empty, has more than [`MAX_TEXT`](Self::MAX_TEXT) bytes, or holds a byte that
    /// is not printable ASCII.
    pub fn new(text: &'a str) -> Result<Self, EncodeError> {
        if text.len() > Self::MAX_TEXT {
            return Err(Self::TOO_LONG);
        }
        if text.is_empty() || !text.bytes().all(is_text) {
            return Err(EncodeError::Text);
        }
        Ok(Self {
            flag: 0,
            text: Text::Bytes(text.as_bytes()),
        })
    }

    const TOO_LONG: EncodeError = EncodeError::TooLong {
        field: "text",
        max: Self::MAX_TEXT,
    };

    /// Reads the bytes from the length of the text to the end mark.
    pub(super) fn read(body: &'a [u8]) -> Self {
        match byte.and(be_u32).parse(body) {
            Ok((text, (_, flag))) => Self {
                flag,
                text: Text::Bytes(text),
            },
            // A frame that was checked has these five bytes.
            Err(_) => Self {
                flag: 0,
                text: Text::Bytes(body),
            },
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.text.as_bytes().len().saturating_add(Self::AROUND_TEXT)
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// If `out` is too small; or if the text is empty, has more than 249 bytes, or holds a byte
    /// that is not printable ASCII.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let Text::Bytes(text) = self.text else {
            return Err(EncodeError::Text);
        };
        let Ok(length) = u8::try_from(text.len().saturating_add(6)) else {
            return Err(EncodeError::TooLong {
                field: "text",
                max: Self::MAX_TEXT,
            });
        };
        let n = length.wrapping_sub(2);
        let parts = [
            &[DOWN, DOWN, length, RESPONSE, n],
            &self.flag.to_be_bytes()[..],
            text,
            &END,
        ];
        let written = write_parts(out, &parts);
        match written {
            Ok(len) if !is_one_frame(out, len) => Err(EncodeError::Text),
            written => written,
        }
    }
}
