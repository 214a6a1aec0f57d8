use core::fmt;

/// A number that is sent as packed hexadecimal digits, such as an ICCID or an IMSI. Real devices
/// send some with letters.
///
/// [`Display`](fmt::Display) writes the digits in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PackedDigits<'a> {
    bytes: &'a [u8],
    /// Whether to leave out the first digit, a 0 that pads the first byte.
    skip_first: bool,
}

impl<'a> PackedDigits<'a> {
    /// Creates a number from all digits of `bytes`, high nibble first, except digits `f` at the
    /// end, which are padding.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            skip_first: false,
        }
    }

    /// Creates a number from all digits of `bytes`, high nibble first, except one `0` at the front
    /// and digits `f` at the end, which are padding.
    #[must_use]
    pub const fn without_leading_zero(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            skip_first: matches!(bytes, [..=0x0F, ..]),
        }
    }

    /// Returns the bytes as they were sent.
    #[must_use]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the digits, each 0 to 15, first digit first.
    pub fn digits(self) -> impl Iterator<Item = u8> {
        let (mut rest, mut end) = (self.bytes, self.bytes.len().saturating_mul(2));
        while let [front @ .., last] = rest {
            match last {
                0xFF => (rest, end) = (front, end.saturating_sub(2)),
                last if last & 0x0F == 0x0F => {
                    end = end.saturating_sub(1);
                    break;
                }
                _ => break,
            }
        }
        self.bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 0x0F])
            .take(end)
            .skip(usize::from(self.skip_first))
    }
}

impl fmt::Display for PackedDigits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().try_for_each(|digit| write!(f, "{digit:x}"))
    }
}

impl fmt::Debug for PackedDigits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for PackedDigits<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        for digit in self.digits() {
            defmt::write!(f, "{=u8:x}", digit);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn padding_is_left_out() {
        // An ICCID and an IMSI as in `docs/protocols/gt06.md`, "Information (94)".
        assert_eq!(
            PackedDigits::new(b"\x89\x86\x07\xb2\x09\x17\x00\x54\x30\x40").to_string(),
            "898607b2091700543040"
        );
        assert_eq!(
            PackedDigits::new(b"\x89\x66\x05\x2f").to_string(),
            "8966052"
        );
        assert_eq!(
            PackedDigits::new(b"\x98\x72\xf5").to_string(),
            "9872f5",
            "an f before the end is a digit"
        );
        assert_eq!(
            PackedDigits::without_leading_zero(b"\x04\x60\x04").to_string(),
            "46004"
        );
        assert_eq!(
            PackedDigits::without_leading_zero(b"\x00\x60").to_string(),
            "060"
        );
        assert_eq!(
            PackedDigits::without_leading_zero(b"\x46\x0f\xff").to_string(),
            "460"
        );
        assert_eq!(PackedDigits::new(b"\xff\xff").to_string(), "");
        assert_eq!(PackedDigits::without_leading_zero(b"\x0f").to_string(), "");
        assert_eq!(PackedDigits::new(b"").to_string(), "");
    }
}
