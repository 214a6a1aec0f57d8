use core::fmt;

/// Text as a device or a server sent it: nominally ASCII, UTF-8 or UTF-16, in fact any bytes.
///
/// [`Display`](fmt::Display) replaces each invalid sequence by U+FFFD; [`as_bytes`](Self::as_bytes)
/// returns the bytes as they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Text<'a> {
    /// Nominally ASCII or UTF-8.
    Bytes(&'a [u8]),
    /// Nominally UTF-16, the high byte of each unit first.
    Utf16Be(&'a [u8]),
}

impl<'a> Text<'a> {
    /// Returns the bytes as they were sent.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Utf16Be(bytes) => bytes,
        }
    }

    /// Returns the text, if it is [`Bytes`](Self::Bytes) and valid UTF-8. ASCII always is.
    #[must_use]
    pub const fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Bytes(bytes) => match core::str::from_utf8(bytes) {
                Ok(text) => Some(text),
                Err(_) => None,
            },
            Self::Utf16Be(_) => None,
        }
    }

    /// Writes UTF-16 as UTF-8 to the front of `out`, and returns what was written: whole
    /// characters, as many as have room. Half a character at the end of the text is left out.
    pub(crate) fn utf16_to_utf8<'b>(units: &[u8], out: &'b mut [u8]) -> &'b [u8] {
        let mut len = 0_usize;
        let words = units.chunks_exact(2).map(|unit| {
            unit.iter()
                .fold(0, |word, &byte| word << 8 | u16::from(byte))
        });
        for character in char::decode_utf16(words) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            // `char::encode_utf8` leaves a panic path where it is not inlined.
            let count = character.len_utf8();
            let end = len.saturating_add(count);
            let Some(room) = out.get_mut(len..end) else {
                break;
            };
            let mut code = u32::from(character);
            // The last byte first, six bits in each except the first.
            for (at, byte) in room.iter_mut().enumerate().rev() {
                let mark = match (at, count) {
                    (0, 1) => 0,
                    (0, 2) => 0xC0,
                    (0, 3) => 0xE0,
                    (0, _) => 0xF0,
                    _ => 0x80,
                };
                let bits = if at == 0 { code } else { code & 0x3F };
                *byte = mark | bits as u8;
                code >>= 6;
            }
            len = end;
        }
        out.get(..len).unwrap_or_default()
    }
}

impl Default for Text<'_> {
    /// Returns the empty text.
    fn default() -> Self {
        Self::Bytes(&[])
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => {
                for chunk in bytes.utf8_chunks() {
                    f.write_str(chunk.valid())?;
                    if !chunk.invalid().is_empty() {
                        f.write_str("\u{fffd}")?;
                    }
                }
                Ok(())
            }
            Self::Utf16Be(bytes) => {
                use core::fmt::Write as _;
                let mut units = bytes.chunks_exact(2);
                let words = units.by_ref().map(|unit| {
                    unit.iter()
                        .fold(0, |word, &byte| word << 8 | u16::from(byte))
                });
                char::decode_utf16(words).try_for_each(|unit| {
                    f.write_char(unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                })?;
                // A text that was cut short may end with half a unit.
                if bytes.len() % 2 == 0 {
                    Ok(())
                } else {
                    f.write_char(char::REPLACEMENT_CHARACTER)
                }
            }
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "\"{}\"", bytes.escape_ascii()),
            Self::Utf16Be(_) => write!(f, "u\"{self}\""),
        }
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Text<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.as_bytes());
    }
}

/// The error of parsing a [`DeviceId`](super::DeviceId) or a [`UtcOffset`](super::UtcOffset).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// The text is not a device id: 1 to 16 decimal digits.
    DeviceId,
    /// The text is not a UTC offset: `Z`, or a sign, hours and minutes such as `+08:00`, at most
    /// 18 hours.
    UtcOffset,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DeviceId => "a device id is 1 to 16 decimal digits",
            Self::UtcOffset => "an offset from UTC is Z, or a sign, hours and minutes, such as +08:00, at most 18 hours",
        })
    }
}

impl core::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn shows_any_bytes() {
        assert_eq!(Text::Bytes(b"APEXOK!").to_string(), "APEXOK!");
        assert_eq!(Text::Bytes(b"a\xffb").to_string(), "a\u{fffd}b");
        assert_eq!(Text::Bytes(b"a\xff").as_str(), None);
        assert_eq!(
            std::format!("{:?}", Text::Bytes(b"a\r\xff")),
            "\"a\\r\\xff\""
        );
    }

    #[test]
    fn writes_utf_8() {
        let units = b"\0O\x6c\x49\xd8\x3d\xde\x00\xd8\x3d\0!\0";
        let whole = "O\u{6c49}\u{1f600}\u{fffd}!";
        for len in 0..=whole.len() + 1 {
            let mut out = std::vec![0; len];
            let written = Text::utf16_to_utf8(units, &mut out);
            let written = core::str::from_utf8(written).unwrap();
            let next = whole[written.len()..].chars().next();
            assert!(whole.starts_with(written));
            assert!(next.is_none_or(|next| written.len() + next.len_utf8() > len));
        }
    }

    #[test]
    fn shows_utf_16() {
        // `docs/protocols/gt06.md`, "Answers to commands (15, 21, 81)".
        assert_eq!(
            Text::Utf16Be(b"\0C\0o\0m\0m\0a\0n\0d\0 \0e\0r\0r\0o\0r\0!").to_string(),
            "Command error!"
        );
        assert_eq!(
            Text::Utf16Be(b"\x6c\x49\xd8\x3d\xde\x00").to_string(),
            "\u{6c49}\u{1f600}"
        );
        assert_eq!(
            Text::Utf16Be(b"\0a\xd8\x3d\0").to_string(),
            "a\u{fffd}\u{fffd}"
        );
        assert_eq!(std::format!("{:?}", Text::Utf16Be(b"\0a")), "u\"a\"");
    }
}
