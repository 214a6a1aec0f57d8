use core::fmt;

/// Text as a device or a server sent it: nominally ASCII, in fact any bytes.
///
/// [`Display`](fmt::Display) writes it as UTF-8 with U+FFFD for what is not; the bytes themselves stay readable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Text<'a>(pub &'a [u8]);

impl<'a> Text<'a> {
    /// The bytes as they were sent.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The text, if it is valid UTF-8 (ASCII always is).
    #[must_use]
    pub const fn as_str(self) -> Option<&'a str> {
        match core::str::from_utf8(self.0) {
            Ok(text) => Some(text),
            Err(_) => None,
        }
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_str("\u{fffd}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Text<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.0);
    }
}

/// A text is not a [`DeviceId`](super::DeviceId) or a [`UtcOffset`](super::UtcOffset).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ParseError {
    /// A device id is 1 to 16 decimal digits.
    DeviceId,
    /// A UTC offset is `Z`, or a sign and hours and minutes such as `+08:00`, at most 18 hours.
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
        assert_eq!(Text(b"APEXOK!").to_string(), "APEXOK!");
        assert_eq!(Text(b"a\xffb").to_string(), "a\u{fffd}b");
        assert_eq!(Text(b"a\xff").as_str(), None);
        assert_eq!(std::format!("{:?}", Text(b"a\r\xff")), "\"a\\r\\xff\"");
    }
}
