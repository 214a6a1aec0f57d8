use crate::bytes::WIDE;
use core::{fmt, num::NonZero};

/// A decimal number without a sign, exactly as sent: `211.49`, `000.6`, `5`.
///
/// Numbers with different numbers of decimal places are not equal: `0.5` is not `0.50`.
///
/// ```
/// use gt02::types::Decimal;
/// let course = Decimal::from_ascii(b"042.720").unwrap();
/// assert_eq!((course.mantissa(), course.places()), (42_720, 3));
/// assert_eq!(course.scaled(4), Some(427_200));
/// assert_eq!(course.scaled(1), Some(427));
/// assert_eq!(course.to_string(), "42.720");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: u64,
    /// One more than the places; so an absent number takes no more room than a number.
    places_and_one: NonZero<u8>,
}

impl Decimal {
    /// The largest number of digits, and of decimal places: 18.
    pub const MAX_DIGITS: u8 = 18;

    /// Creates the number `mantissa` / 10^`places`. Returns `None` above 18 places or 18 digits.
    #[must_use]
    pub const fn new(mantissa: u64, places: u8) -> Option<Self> {
        if places > Self::MAX_DIGITS || mantissa >= 1_000_000_000_000_000_000 {
            None
        } else {
            Some(Self::from_checked(mantissa, places))
        }
    }

    #[inline]
    const fn from_checked(mantissa: u64, places: u8) -> Self {
        Self {
            mantissa,
            places_and_one: NonZero::<u8>::MIN.saturating_add(places),
        }
    }

    /// Parses decimal digits with at most one point, which may come first or last.
    ///
    /// Returns `None` if `text` has no digit, more than 18 digits, or any other byte.
    #[must_use]
    pub fn from_ascii(text: &[u8]) -> Option<Self> {
        match Self::read(text) {
            Some((number, [])) => Some(number),
            _ => None,
        }
    }

    /// Parses the number at the front of `text`. Returns it and the rest, which begins with neither
    /// a digit nor a point; `None` if there is no digit, a second point, or more than 18 digits.
    #[inline]
    pub(crate) fn read(text: &[u8]) -> Option<(Self, &[u8])> {
        let whole = Digits::read(0, text);
        // Without a point there are no decimals, and the value stays as it is.
        let decimals = match whole.rest {
            [b'.', rest @ ..] => Digits::read(whole.value, rest),
            _ => Digits { count: 0, ..whole },
        };
        let digits = whole.count.wrapping_add(decimals.count);
        let has_digits = 0 < digits && digits <= Self::MAX_DIGITS.into();
        if !has_digits || decimals.rest.first() == Some(&b'.') {
            return None;
        }
        // At most as many places as digits.
        Some((
            Self::from_checked(decimals.value, decimals.count as u8),
            decimals.rest,
        ))
    }

    /// Creates a number from at most seven digits before the point and seven after it. Returns
    /// `None` for more places.
    #[inline]
    pub(crate) fn from_parts(whole: u32, decimals: u32, places: u8) -> Option<Self> {
        const POWERS: [u64; 8] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000];
        // Below 2^32 times 10^7, which are 17 digits.
        let mantissa = u64::from(whole)
            .wrapping_mul(*POWERS.get(usize::from(places))?)
            .wrapping_add(decimals.into());
        Some(Self::from_checked(mantissa, places))
    }

    /// Returns all digits as one integer.
    #[must_use]
    #[inline]
    pub const fn mantissa(self) -> u64 {
        self.mantissa
    }

    /// Returns the number of digits after the point, 0 to 18.
    #[must_use]
    #[inline]
    pub const fn places(self) -> u8 {
        // At least 0.
        self.places_and_one.get().wrapping_sub(1)
    }

    /// Returns the number times 10^`places`, rounded to the nearest integer, halves up. Returns
    /// `None` if the result does not fit in a `u64`.
    #[must_use]
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn scaled(self, places: u8) -> Option<u64> {
        match places.checked_sub(self.places()) {
            Some(more) => self.mantissa.checked_mul(power_of_ten(more)?),
            None => {
                let divisor = power_of_ten(self.places().wrapping_sub(places))?;
                let (quotient, _) = div_rem(self.mantissa.checked_add(divisor >> 1)?, divisor)?;
                Some(quotient)
            }
        }
    }

    /// Returns the digits before the point as an integer.
    #[must_use]
    pub fn whole(self) -> u64 {
        self.parts().0
    }

    /// Returns the digits after the point as an integer: 5 for `1.5`, 50 for `1.50`.
    #[must_use]
    pub fn decimals(self) -> u64 {
        self.parts().1
    }

    /// Returns the digits before the point and those after it.
    #[cfg_attr(target_pointer_width = "64", inline)]
    pub(crate) fn parts(self) -> (u64, u64) {
        power_of_ten(self.places())
            .and_then(|divisor| div_rem(self.mantissa, divisor))
            .unwrap_or_default()
    }
}

/// Digits at the front of a text.
#[derive(Clone, Copy)]
struct Digits<'a> {
    /// The number that they make, with the digits read before them as its leading digits.
    value: u64,
    /// The number of digits.
    count: usize,
    /// The bytes after them.
    rest: &'a [u8],
}

impl<'a> Digits<'a> {
    /// Reads the digits at the front of `text` and appends them to those of `value`.
    #[inline(always)]
    fn read(mut value: u64, text: &'a [u8]) -> Self {
        let mut rest = text;
        while let [byte, after @ ..] = rest {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            // More than 18 digits may wrap around; the callers refuse them.
            value = value.wrapping_mul(10).wrapping_add(digit.into());
            rest = after;
        }
        // `rest` is a suffix of `text`.
        Self {
            value,
            count: text.len().wrapping_sub(rest.len()),
            rest,
        }
    }
}

/// Returns quotient and remainder; `None` by 0.
///
/// A microcontroller divides numbers of 64 bits in software, which takes 900 bytes of flash.
#[cfg_attr(target_pointer_width = "64", inline)]
pub(crate) const fn div_rem(value: u64, divisor: u64) -> Option<(u64, u64)> {
    if WIDE {
        wide_div_rem(value, divisor)
    } else {
        narrow_div_rem(value, divisor)
    }
}

#[inline]
const fn wide_div_rem(value: u64, divisor: u64) -> Option<(u64, u64)> {
    match (value.checked_div(divisor), value.checked_rem(divisor)) {
        (Some(quotient), Some(remainder)) => Some((quotient, remainder)),
        _ => None,
    }
}

/// Divides without a division of 64 bits: by one of 32 bits where the numbers fit, and otherwise
/// bit by bit. The divisor is below 2^63.
const fn narrow_div_rem(value: u64, divisor: u64) -> Option<(u64, u64)> {
    if divisor == 0 {
        return None;
    }
    if (value | divisor) >> 32 == 0 {
        let (value, divisor) = (value as u32, divisor as u32);
        return match (value.checked_div(divisor), value.checked_rem(divisor)) {
            (Some(quotient), Some(remainder)) => Some((quotient as u64, remainder as u64)),
            _ => None,
        };
    }
    // The bits of `value` move into `remainder`, the highest first; those of the quotient follow
    // them into `value`.
    let (mut value, mut remainder) = (value, 0_u64);
    let mut bits = u64::BITS;
    while bits > 0 {
        remainder = remainder << 1 | value >> 63;
        value <<= 1;
        if let Some(less) = remainder.checked_sub(divisor) {
            remainder = less;
            value |= 1;
        }
        bits = bits.wrapping_sub(1);
    }
    Some((value, remainder))
}

/// Returns 10^`exponent`, if it fits in a `u64`.
#[inline]
pub(crate) fn power_of_ten(exponent: u8) -> Option<u64> {
    if WIDE {
        wide_power_of_ten(exponent)
    } else {
        narrow_power_of_ten(exponent)
    }
}

#[inline]
fn wide_power_of_ten(exponent: u8) -> Option<u64> {
    const POWERS: [u64; 20] = {
        let mut powers = [1; 20];
        let mut rest: &mut [u64] = &mut powers;
        while let [power, next, ..] = rest {
            *next = *power * 10;
            (_, rest) = rest.split_at_mut(1);
        }
        powers
    };
    POWERS.get(usize::from(exponent)).copied()
}

/// Multiplies instead of looking it up: the table takes 160 bytes of flash.
fn narrow_power_of_ten(exponent: u8) -> Option<u64> {
    let mut power = 1_u64;
    for _ in 0..exponent {
        power = power.wrapping_mul(10);
    }
    (exponent < 20).then_some(power)
}

/// Zero, without decimal places.
impl Default for Decimal {
    fn default() -> Self {
        Self::from_checked(0, 0)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decimal({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Decimal {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=u64}e-{=u8}", self.mantissa, self.places());
    }
}

/// Writes the number without leading zeros. Padding works as for integers.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use core::fmt::Write as _;
        let mut text = heapless::String::<24>::new();
        let (whole, decimals) = self.parts();
        write!(text, "{whole}")?;
        if self.places() > 0 {
            write!(
                text,
                ".{decimals:0width$}",
                width = usize::from(self.places())
            )?;
        }
        f.pad_integral(true, "", &text)
    }
}

#[cfg(test)]
mod tests;
