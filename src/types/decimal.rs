use core::fmt;

/// A decimal number without a sign, exactly as sent: `211.49`, `000.6`, `5`.
///
/// Numbers of equal value and different places are different: `0.5` is not `0.50`.
///
/// ```
/// use gt02::types::Decimal;
/// let course = Decimal::from_ascii(b"042.720").unwrap();
/// assert_eq!((course.mantissa(), course.places()), (42_720, 3));
/// assert_eq!(course.scaled(4), Some(427_200));
/// assert_eq!(course.scaled(1), Some(427));
/// assert_eq!(course.to_string(), "42.720");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Decimal {
    mantissa: u64,
    places: u8,
}

impl Decimal {
    /// The most digits, and the most of them behind the point.
    pub const MAX_DIGITS: u8 = 18;

    /// `mantissa` divided by ten to the power of `places`; `None` above 18 places or 18 digits.
    #[must_use]
    pub const fn new(mantissa: u64, places: u8) -> Option<Self> {
        if places > Self::MAX_DIGITS || mantissa >= 1_000_000_000_000_000_000 { None } else { Some(Self { mantissa, places }) }
    }

    /// Reads digits with at most one point, which may be first or last.
    ///
    /// `None` if there is no digit, or anything else, or more than 18 digits.
    #[must_use]
    pub fn from_ascii(text: &[u8]) -> Option<Self> {
        let (mut mantissa, mut digits, mut places) = (0_u64, 0_u8, None::<u8>);
        for &byte in text {
            match byte {
                b'0'..=b'9' if digits < Self::MAX_DIGITS => {
                    // 18 digits are below 2^60.
                    mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte & 0x0F));
                    digits = digits.wrapping_add(1);
                    places = places.map(|places| places.wrapping_add(1));
                }
                b'.' if places.is_none() => places = Some(0),
                _ => return None,
            }
        }
        (digits > 0).then_some(Self { mantissa, places: places.unwrap_or(0) })
    }

    /// All digits as one integer.
    #[must_use]
    pub const fn mantissa(self) -> u64 {
        self.mantissa
    }

    /// How many of the digits stand behind the point.
    #[must_use]
    pub const fn places(self) -> u8 {
        self.places
    }

    /// The number times ten to the power of `places`, rounded to the nearest integer, halves up; `None` if it does not fit.
    #[must_use]
    pub fn scaled(self, places: u8) -> Option<u64> {
        match places.checked_sub(self.places) {
            Some(more) => self.mantissa.checked_mul(10_u64.checked_pow(more.into())?),
            None => {
                let divisor = 10_u64.checked_pow(u32::from(self.places.wrapping_sub(places)))?;
                self.mantissa.checked_add(divisor.checked_div(2)?)?.checked_div(divisor)
            }
        }
    }

    /// The digits in front of the point.
    #[must_use]
    pub fn whole(self) -> u64 {
        10_u64.checked_pow(self.places.into()).and_then(|divisor| self.mantissa.checked_div(divisor)).unwrap_or(0)
    }
}

/// Without leading zeros; a width fills it up.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use core::fmt::Write as _;
        let mut text = heapless::String::<24>::new();
        write!(text, "{}", self.whole())?;
        if self.places > 0 {
            let behind = 10_u64.checked_pow(self.places.into()).and_then(|divisor| self.mantissa.checked_rem(divisor)).unwrap_or(0);
            write!(text, ".{behind:0width$}", width = usize::from(self.places))?;
        }
        f.pad_integral(true, "", &text)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{format, string::ToString};

    #[test]
    fn reads_and_writes() {
        for (text, mantissa, places, shown) in [
            ("211.49", 21_149, 2, "211.49"),
            ("8.5400", 85_400, 4, "8.5400"),
            ("000000", 0, 0, "0"),
            (".5", 5, 1, "0.5"),
            ("99.", 99, 0, "99"),
            ("0000.0000", 0, 4, "0.0000"),
            ("999999999.999999999", 999_999_999_999_999_999, 9, "999999999.999999999"),
            (".000000000000000001", 1, 18, "0.000000000000000001"),
        ] {
            let number = Decimal::from_ascii(text.as_bytes()).unwrap();
            assert_eq!((number.mantissa(), number.places()), (mantissa, places), "{text}");
            assert_eq!(number.to_string(), shown);
            assert_eq!(Decimal::new(mantissa, places), Some(number));
        }
        for text in ["", ".", "1.2.3", "-1", "+1", " 1", "1e3", "1,5", "0000000000000000000"] {
            assert_eq!(Decimal::from_ascii(text.as_bytes()), None, "{text}");
        }
        assert_eq!(format!("{:06}", Decimal::new(854, 2).unwrap()), "008.54");
        assert_eq!(Decimal::new(1, 19), None);
        assert_eq!(Decimal::new(u64::MAX, 0), None);
    }

    #[test]
    fn scales() {
        let number = Decimal::new(12_345, 3).unwrap();
        assert_eq!([0, 1, 2, 3, 6].map(|places| number.scaled(places).unwrap()), [12, 123, 1235, 12_345, 12_345_000]);
        assert_eq!(number.whole(), 12);
        assert_eq!(number.scaled(18), Some(12_345_000_000_000_000_000));
        assert_eq!(Decimal::new(999_999_999_999_999_999, 0).unwrap().scaled(2), None);
        assert_eq!(Decimal::new(999_999_999_999_999_999, 18).unwrap().scaled(0), Some(1));
        assert_eq!(number.scaled(u8::MAX), None);
    }
}
