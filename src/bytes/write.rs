//! Writes frames into the caller's buffer.
//!
//! [`Writer`] appends the parts of a frame one by one, and goes on counting after the end of the
//! buffer, so that one function both writes a frame and measures it. [`write_parts`] is for frames
//! that already exist in a few pieces.
//!
//! Both copy byte by byte where flash is scarce: `memcpy` takes 600 bytes on a microcontroller that
//! does not have it yet.

use super::{
    WIDE,
    swar::{to_digits, to_hex_digits},
};
use crate::{
    error::EncodeError,
    types::{Decimal, DeviceId, div_rem},
};

/// Copies bytes to a place of the same length.
#[inline]
fn copy(to: &mut [u8], from: &[u8]) {
    if WIDE && to.len() == from.len() {
        to.copy_from_slice(from);
    } else {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
    }
}

/// Writes a frame of these parts to the front of `out`, and returns its length.
///
/// # Errors
/// If `out` is too small, with the size that is enough.
pub(crate) fn write_parts(out: &mut [u8], parts: &[&[u8]; 4]) -> Result<usize, EncodeError> {
    let needed = parts
        .iter()
        .fold(0, |sum: usize, part| sum.saturating_add(part.len()));
    let Some(out) = out.get_mut(..needed) else {
        return Err(EncodeError::BufferTooSmall { needed });
    };
    if WIDE {
        let mut rest = out;
        for part in parts {
            let Some((to, after)) = rest.split_at_mut_checked(part.len()) else {
                break;
            };
            copy(to, part);
            rest = after;
        }
    } else {
        for (to, from) in out.iter_mut().zip(parts.iter().copied().flatten()) {
            *to = *from;
        }
    }
    Ok(needed)
}

/// Appends bytes to a buffer. Bytes that do not fit are counted all the same.
pub(crate) struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    /// Creates a writer to the front of `out`.
    pub(crate) const fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// Appends bytes.
    #[cfg_attr(target_pointer_width = "64", inline)]
    pub(crate) fn put(&mut self, bytes: &[u8]) {
        let end = self.len.saturating_add(bytes.len());
        if let Some(room) = self.out.get_mut(self.len..end) {
            copy(room, bytes);
        }
        self.len = end;
    }

    /// Appends a number in base 2 to 16, with leading zeros up to `width` digits.
    ///
    /// Each base has a copy of its own where a division by a constant is a multiplication.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn put_radix(&mut self, mut value: u64, width: usize, base: u64) {
        let mut digits = [0; 20];
        let mut used = 0_usize;
        for place in digits.iter_mut().rev() {
            let (rest, digit) = div_rem(value, base).unwrap_or_default();
            let digit = digit as u8;
            *place = match digit {
                0..10 => b'0' | digit,
                _ => (b'A' - 10).wrapping_add(digit),
            };
            value = rest;
            used = used.saturating_add(1);
            if value == 0 && used >= width {
                break;
            }
        }
        let unused = digits.len().saturating_sub(used);
        self.put(digits.get(unused..).unwrap_or_default());
    }

    /// Appends a number in decimal, with leading zeros up to `width` digits, at most 20.
    pub(crate) fn put_decimal(&mut self, value: u64, width: usize) {
        if WIDE && value < 100_000_000 && width <= 8 {
            return self.put_last_digits(to_digits(value as u32), width);
        }
        self.put_radix(value, width, 10);
    }

    /// Appends a number with at least `width` digits before the point, and all of its decimals.
    pub(crate) fn put_number(&mut self, number: Decimal, width: usize) {
        let places = usize::from(number.places());
        let is_short = number.mantissa() < 100_000_000 && width <= 8 && places <= 8;
        if WIDE && is_short && width.saturating_add(places) <= 15 {
            self.put_short_number(number, width);
        } else {
            self.put_any_number(number, width);
        }
    }

    /// Appends a number of at most eight digits, the last of them after the point, in one word. It
    /// has at most 16 characters.
    #[inline]
    fn put_short_number(&mut self, number: Decimal, width: usize) {
        const ZEROS: u64 = u64::from_le_bytes([b'0'; 8]);
        let digits = to_digits(number.mantissa() as u32);
        if number.places() == 0 {
            return self.put_last_digits(digits, width);
        }
        let digits = u64::from_le_bytes(digits);
        // 8 to 64.
        let bits = u32::from(number.places()).wrapping_mul(8);
        let other_bits = 64_u32.wrapping_sub(bits);
        let (whole, unused) = without_zeros(
            digits.unbounded_shl(bits) | ZEROS.unbounded_shr(other_bits),
            width,
        );
        let decimals = digits.unbounded_shr(other_bits);
        // At most 8.
        let before_point = 8_usize.saturating_sub(unused);
        let point = (before_point as u32).wrapping_mul(8);
        let after_point = u128::from(b'.') | u128::from(decimals) << 8;
        let text = u128::from(whole) | after_point.unbounded_shl(point);
        let used = before_point
            .saturating_add(1)
            .saturating_add(number.places().into());
        let room = self.out.get_mut(self.len..);
        let Some(room) = room.and_then(|room| room.first_chunk_mut::<16>()) else {
            return self.put(text.to_le_bytes().get(..used).unwrap_or_default());
        };
        // The bytes after the number stay as they are.
        let after = u128::MAX.unbounded_shl((used as u32).wrapping_mul(8));
        *room = (text | u128::from_le_bytes(*room) & after).to_le_bytes();
        self.len = self.len.saturating_add(used);
    }

    fn put_any_number(&mut self, number: Decimal, width: usize) {
        let (whole, decimals) = number.parts();
        self.put_decimal(whole, width);
        if number.places() > 0 {
            self.put(b".");
            self.put_decimal(decimals, number.places().into());
        }
    }

    /// Appends three numbers of two digits, such as a time of day; above 99 they take three digits.
    pub(crate) fn put_pairs(&mut self, pairs: [u8; 3]) {
        if pairs.iter().all(|&pair| pair <= 99) {
            // Six digits.
            let front = |all: u64, pair: u8| all.wrapping_mul(100).wrapping_add(pair.into());
            return self.put_decimal(pairs.into_iter().fold(0, front), 6);
        }
        for pair in pairs {
            self.put_decimal(pair.into(), 2);
        }
    }

    /// Appends the digits of an id.
    pub(crate) fn put_id(&mut self, id: DeviceId) {
        let digits = u64::from_be_bytes(id.to_bcd());
        self.put_hex(digits, id.digit_count().into());
    }

    /// Appends digits without the zeros before them, but at least the last `width` of them, and at
    /// least one.
    #[inline]
    fn put_last_digits(&mut self, digits: [u8; 8], width: usize) {
        let (moved, unused) = without_zeros(u64::from_le_bytes(digits), width);
        let room = self.out.get_mut(self.len..);
        let Some(room) = room.and_then(|room| room.first_chunk_mut::<8>()) else {
            return self.put(digits.get(unused..).unwrap_or_default());
        };
        // The bytes after the digits stay as they are.
        let used = 8_usize.saturating_sub(unused);
        let after = u64::MAX.unbounded_shl((used as u32).wrapping_mul(8));
        *room = (moved | u64::from_le_bytes(*room) & after).to_le_bytes();
        self.len = self.len.saturating_add(used);
    }

    /// Appends a number in hexadecimal, in upper case, with leading zeros up to `width` digits.
    pub(crate) fn put_hex(&mut self, value: u64, mut width: usize) {
        if !WIDE || width > 16 {
            return self.put_radix(value, width, 16);
        }
        let (front, back) = ((value >> 32) as u32, value as u32);
        if front > 0 || width > 8 {
            self.put_last_digits(to_hex_digits(front), width.saturating_sub(8));
            width = 8;
        }
        self.put_last_digits(to_hex_digits(back), width);
    }

    /// Returns the number of bytes appended, those that did not fit included.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Returns the bytes written.
    ///
    /// # Errors
    /// If the buffer was too small.
    pub(crate) fn finish(self) -> Result<&'o mut [u8], EncodeError> {
        self.out
            .get_mut(..self.len)
            .ok_or(EncodeError::BufferTooSmall { needed: self.len })
    }
}

/// Takes the zeros off the front of eight digits, the first one lowest, but leaves at least the
/// last `width` of them, and at least one. Returns what is left, and how many were taken.
#[inline]
fn without_zeros(digits: u64, width: usize) -> (u64, usize) {
    // 8 bits a zero; the highest byte, the last digit, stays.
    let zeros = (digits & 0x000F_0F0F_0F0F_0F0F | 1 << 56).trailing_zeros() / 8;
    let unused = (zeros as usize).min(8_usize.saturating_sub(width));
    let left = digits.unbounded_shr((unused as u32).wrapping_mul(8));
    (left, unused)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn numbers() {
        let mut out = [0; 64];
        let mut writer = Writer::new(&mut out);
        writer.put_decimal(7, 3);
        writer.put_decimal(12_345, 3);
        writer.put_decimal(0, 0);
        writer.put_hex(0xFB9, 4);
        writer.put_hex(0, 1);
        writer.put_decimal(u64::MAX, 1);
        writer.put_pairs([23, 5, 99]);
        writer.put_pairs([100, 0, 7]);
        writer.put_id("012345678901234".parse().unwrap());
        writer.put_id("07".parse().unwrap());
        let written = writer.finish().unwrap();
        let parts: [&[u8]; 10] = [
            b"007",
            b"12345",
            b"0",
            b"0FB9",
            b"0",
            b"18446744073709551615",
            b"230599",
            b"1000007",
            b"012345678901234",
            b"07",
        ];
        assert_eq!(written, parts.concat());
    }

    const VALUES: [u64; 8] = [
        0,
        7,
        10,
        12_345,
        99_999_999,
        100_000_000,
        0x1_0000_0000,
        0xFEDC_BA98_0765_4321,
    ];

    /// Asserts that `put` writes `expected` into a buffer with `room`, and nothing after it.
    #[track_caller]
    fn assert_put(expected: &str, room: usize, put: impl FnOnce(&mut Writer<'_>)) {
        let mut out = [b'x'; 24];
        let mut writer = Writer::new(&mut out[..room]);
        writer.put(b"a");
        put(&mut writer);
        let expected = std::format!("a{expected}");
        assert_eq!(writer.len(), expected.len());
        if let Ok(written) = writer.finish() {
            assert_eq!(written, expected.as_bytes());
            assert!(out[expected.len()..].iter().all(|&byte| byte == b'x'));
        }
    }

    #[test]
    fn digits_overwrite_nothing_after_them() {
        for value in VALUES {
            for width in 0..20 {
                for room in 0..24 {
                    let decimal = std::format!("{value:0width$}");
                    assert_put(&decimal, room, |writer| writer.put_decimal(value, width));
                    let hex = std::format!("{value:0width$X}");
                    assert_put(&hex, room, |writer| writer.put_hex(value, width));
                }
            }
        }
    }

    #[test]
    fn short_numbers_are_written_as_any_other() {
        let numbers = VALUES.map(|value| (0..=18).map(move |places| Decimal::new(value, places)));
        for number in numbers.into_iter().flatten().flatten() {
            for width in 0..10 {
                let mut any = [0; 40];
                let mut writer = Writer::new(&mut any);
                writer.put_any_number(number, width);
                let any = core::str::from_utf8(writer.finish().unwrap()).unwrap();
                for room in 0..24 {
                    assert_put(any, room, |writer| writer.put_number(number, width));
                }
            }
        }
    }

    #[test]
    fn counts_what_has_no_room() {
        let mut out = [0; 3];
        let mut writer = Writer::new(&mut out);
        writer.put(b"ab");
        writer.put(b"cd");
        writer.put(b"e");
        assert_eq!(writer.len(), 5);
        assert_eq!(
            writer.finish(),
            Err(EncodeError::BufferTooSmall { needed: 5 })
        );
    }
}
