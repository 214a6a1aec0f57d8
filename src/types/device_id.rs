use super::ParseError;
use crate::bytes::{
    WIDE,
    swar::{bcd, is_decimal},
};
use core::{fmt, num::NonZero, str::FromStr};

/// A device's identifier: 1 to 16 decimal digits, leading zeros kept.
///
/// It is usually a 15-digit IMEI; some protocols carry another number, or a part of the IMEI.
///
/// ```
/// use gt02::types::DeviceId;
/// let id: DeviceId = "864717003455833".parse()?;
/// assert_eq!(id.digit_count(), 15);
/// assert!(id.is_imei());
/// assert_eq!(id.to_string(), "864717003455833");
/// # Ok::<(), gt02::types::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId {
    /// One digit per nibble, the last digit lowest.
    bcd: u64,
    /// Nonzero, so that `Option<DeviceId>` is no larger than `DeviceId`.
    digits: NonZero<u8>,
}

impl DeviceId {
    /// The largest number of digits in an id: 16.
    pub const MAX_DIGITS: u8 = 16;

    /// Creates an id from the last `digits` digits of eight bytes of packed BCD, high nibble first.
    ///
    /// Returns `None` if a nibble is above 9, if `digits` is not 1 to 16, or if one of the digits
    /// left out is not 0.
    #[must_use]
    #[inline]
    pub const fn from_bcd(bytes: [u8; 8], digits: u8) -> Option<Self> {
        let bcd = u64::from_be_bytes(bytes);
        if !is_decimal(bcd) || digits > Self::MAX_DIGITS {
            return None;
        }
        // 60 at most, because `digits` is 1 to 15 where it is used.
        let shift = (digits as u32).wrapping_mul(4);
        if digits < Self::MAX_DIGITS && bcd >> shift != 0 {
            return None;
        }
        match NonZero::new(digits) {
            Some(digits) => Some(Self { bcd, digits }),
            None => None,
        }
    }

    /// Creates an id from nibbles that were checked: all are digits, and those above the last
    /// `digits` are 0.
    #[inline]
    pub(crate) const fn from_decimal_nibbles(bcd: u64, digits: NonZero<u8>) -> Self {
        Self { bcd, digits }
    }

    /// Parses decimal digits in ASCII.
    ///
    /// Returns `None` if `text` is empty, has more than 16 bytes, or has a byte that is not a
    /// digit.
    #[must_use]
    #[inline]
    pub const fn from_ascii(mut text: &[u8]) -> Option<Self> {
        // Nearly all ids have 8 to 16 digits: two reads of eight, which may overlap.
        if WIDE && matches!(text.len(), 8..=16) {
            return Self::from_8_to_16_digits(text);
        }
        let (mut bcd, mut digits) = (0, 0_u8);
        while let [digit, rest @ ..] = text {
            if !digit.is_ascii_digit() || digits == Self::MAX_DIGITS {
                return None;
            }
            bcd = bcd << 4 | (*digit & 0x0F) as u64;
            digits = digits.saturating_add(1);
            text = rest;
        }
        match NonZero::new(digits) {
            Some(digits) => Some(Self { bcd, digits }),
            None => None,
        }
    }

    #[inline(always)]
    const fn from_8_to_16_digits(text: &[u8]) -> Option<Self> {
        let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) else {
            return None;
        };
        let (Some(first), Some(last)) = (bcd(*first), bcd(*last)) else {
            return None;
        };
        // At most 32 bits. Digits that are in both reads come to the same place.
        let shift = (text.len() as u32).wrapping_sub(8).wrapping_mul(4);
        match NonZero::new(text.len() as u8) {
            Some(digits) => Some(Self {
                bcd: (first as u64) << shift | last as u64,
                digits,
            }),
            None => None,
        }
    }

    /// Returns the id as packed BCD, high nibble first, padded with zeros on the left.
    #[must_use]
    pub const fn to_bcd(self) -> [u8; 8] {
        self.bcd.to_be_bytes()
    }

    /// Returns the number of digits, leading zeros included: 1 to 16.
    #[must_use]
    pub const fn digit_count(self) -> u8 {
        self.digits.get()
    }

    /// Returns the digits, each 0 to 9, first digit first.
    pub fn digits(self) -> impl Iterator<Item = u8> {
        (0..self.digit_count()).rev().map(move |place| {
            let nibble = self.bcd >> u32::from(place).wrapping_mul(4) & 0x0F;
            // A nibble fits.
            nibble as u8
        })
    }

    /// Whether all digits are 0.
    #[inline]
    pub(crate) const fn is_zero(self) -> bool {
        self.bcd == 0
    }

    /// Returns the number that the digits make.
    #[must_use]
    pub fn as_u64(self) -> u64 {
        self.digits().fold(0, |number: u64, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit))
        })
    }

    /// Returns `true` if this is a well-formed IMEI: 15 digits, the last of them the check digit
    /// (Luhn) of the 14 before it.
    ///
    /// Devices with made-up IMEIs exist, so `false` is no reason to refuse a device.
    #[must_use]
    pub fn is_imei(self) -> bool {
        let sum = self
            .digits()
            .enumerate()
            .fold(0_u32, |sum, (place, digit)| {
                let digit = u32::from(digit);
                let weighted = match (place % 2 == 1, digit) {
                    (true, 5..) => digit.wrapping_mul(2).wrapping_sub(9),
                    (true, _) => digit.wrapping_mul(2),
                    (false, _) => digit,
                };
                sum.wrapping_add(weighted)
            });
        self.digit_count() == 15 && sum % 10 == 0
    }
}

impl FromStr for DeviceId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_ascii(text.as_bytes()).ok_or(ParseError::DeviceId)
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = heapless::String::<{ Self::MAX_DIGITS as usize }>::new();
        self.digits()
            .try_for_each(|digit| text.push(char::from(b'0' | digit)))
            .map_err(|_| fmt::Error)?;
        f.pad(&text)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceId({self})")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for DeviceId {
    fn format(&self, f: defmt::Formatter<'_>) {
        for digit in self.digits() {
            defmt::write!(f, "{=u8}", digit);
        }
    }
}

#[cfg(test)]
mod tests;
