//! The parts of text messages: numbers, pairs of digits, fields.
//!
//! Functions named after a value read all of `text`, and return `None` if it has anything else.
//! Functions that read only the front say so, and return how far they read.
//!
//! Byte by byte is the default; where several bytes at once are worth it, the parts come from
//! [`swar`](super::swar).

use super::swar::{count_until, digit_pairs, leading_digits};
use crate::types::Decimal;

/// Returns the value of one or more decimal digits; `None` if `text` has any other byte, is empty,
/// or the value does not fit.
pub(crate) fn number(text: &[u8]) -> Option<u32> {
    match text {
        [] => None,
        _ => text.iter().try_fold(0_u32, |value, &digit| match digit {
            b'0'..=b'9' => value.checked_mul(10)?.checked_add(u32::from(digit & 0x0F)),
            _ => None,
        }),
    }
}

/// Returns the value of a hexadecimal digit in either case.
///
/// `char::to_digit` leaves a panic path where it is not inlined.
pub(crate) const fn hex_digit(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some((byte & 0x0F) as u32),
        // 1 to 6, and nine more.
        b'A'..=b'F' | b'a'..=b'f' => Some(((byte & 0x0F) as u32).wrapping_add(9)),
        _ => None,
    }
}

/// Returns the value of one or more hexadecimal digits in either case; `None` if `text` has any
/// other byte, is empty, or the value does not fit.
pub(crate) fn hex(text: &[u8]) -> Option<u32> {
    match text {
        [] => None,
        _ => text.iter().try_fold(0_u32, |value, &digit| {
            value.checked_mul(16)?.checked_add(hex_digit(digit)?)
        }),
    }
}

/// Converts six decimal digits to three numbers of two, such as a date or a time of day.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(crate) const fn pairs(text: &[u8; 6]) -> Option<[u8; 3]> {
    let [a, b, c, d, e, f] = *text;
    match digit_pairs([a, b, c, d, e, f, b'0', b'0']) {
        Some([first, second, third, _]) => Some([first, second, third]),
        None => None,
    }
}

/// A number at the front of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlainDecimal {
    /// The number.
    pub(crate) value: Decimal,
    /// The number of bytes that it takes.
    pub(crate) len: usize,
}

/// Returns the number at the front, if it has the usual form:
///
/// - 1 to 7 digits, optionally followed by a point and 1 to 7 digits, and no second point;
/// - at least eight bytes of text from the first digit on, and from the first one after the point.
///
/// [`Decimal::read`] reads any number, but takes several times as long. On a microcontroller this
/// function takes more flash than it is worth: call it only if [`WIDE`](super::WIDE).
#[inline(always)]
pub(crate) fn plain_decimal(text: &[u8]) -> Option<PlainDecimal> {
    let whole = leading_digits(*text.first_chunk()?)?;
    let Some((b'.', after)) = text.get(whole.count..)?.split_first() else {
        return Some(PlainDecimal {
            value: Decimal::from_parts(whole.value, 0, 0)?,
            len: whole.count,
        });
    };
    let decimals = leading_digits(*after.first_chunk()?)?;
    if *after.get(decimals.count)? == b'.' {
        return None;
    }
    Some(PlainDecimal {
        value: Decimal::from_parts(whole.value, decimals.value, decimals.count as u8)?,
        // At most 15.
        len: whole.count.wrapping_add(1).wrapping_add(decimals.count),
    })
}

/// Splits the bytes before the first separator off the front of `text`, and drops the separator.
/// Takes all of `text` if it has no separator.
#[inline]
pub(crate) fn next_field<'a>(text: &mut &'a [u8], separator: u8) -> &'a [u8] {
    match text {
        [first, rest @ ..] if *first == separator => {
            *text = rest;
            &[]
        }
        _ => {
            let end = count_until(text, separator);
            let (field, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
            *text = rest.get(1..).unwrap_or_default();
            field
        }
    }
}

#[cfg(test)]
mod tests;
