//! CRC-16/X-25, which the papers call "CRC-ITU" (spec gt06, section 1.2).

#[cfg(target_pointer_width = "64")]
use crc::Algorithm;
use crc::{CRC_16_IBM_SDLC, Crc, Digest};

/// Tables of 8 KiB, for 16 bytes at a time; the README has the figures.
#[cfg(any(target_pointer_width = "64", feature = "fast-crc"))]
type Tables = crc::Table<16>;
/// Bit by bit, no table: on a microcontroller flash is what counts, and a modem sends a byte in more time than this takes.
#[cfg(not(any(target_pointer_width = "64", feature = "fast-crc")))]
type Tables = crc::NoTable;

/// The same, but for its initial value: an X-25 of bytes is this of the same bytes with the first two of them inverted. And with this one, zeros in
/// front change nothing.
#[cfg(target_pointer_width = "64")]
const FROM_ZERO: Algorithm<u16> = Algorithm { init: 0, ..CRC_16_IBM_SDLC };

static X25: Crc<u16, Tables> = Crc::<u16, Tables>::new(&CRC_16_IBM_SDLC);
#[cfg(target_pointer_width = "64")]
static X25_FROM_ZERO: Crc<u16, Tables> = Crc::<u16, Tables>::new(&FROM_ZERO);

/// The checksum of bytes that come in parts.
pub(super) fn digest() -> Digest<'static, u16, Tables> {
    X25.digest()
}

/// The checksum of all of `bytes`.
#[cfg(not(target_pointer_width = "64"))]
pub(super) fn checksum(bytes: &[u8]) -> u16 {
    X25.checksum(bytes)
}

/// Bytes that the tables take at a time.
#[cfg(target_pointer_width = "64")]
const BLOCK: usize = 16;

/// All bits of the first two bytes of a head, where they stand in its block; by the length of the head, which is 2 or more.
#[cfg(target_pointer_width = "64")]
const FIRST_TWO: [u128; BLOCK] = {
    let mut first_two = [0; BLOCK];
    let mut rest: &mut [u128] = &mut first_two;
    let mut bits = 8_u32;
    while let ([front @ .., last], ..=120) = (rest, bits) {
        *last = 0xFFFF << bits;
        (rest, bits) = (front, bits.wrapping_add(8));
    }
    first_two
};

/// The checksum of all of `bytes`.
///
/// The tables are for whole blocks of 16 bytes, what is left over would go byte by byte; so zeros in front make whole blocks of it.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(super) fn checksum(bytes: &[u8]) -> u16 {
    let head = bytes.len() % BLOCK;
    let (Some((front, blocks)), 2.., Some(first_two)) = (bytes.split_at_checked(head), head, FIRST_TWO.get(head)) else { return X25.checksum(bytes) };
    // Zeros in front, where eight bytes end the block that are its last ones, or where they end it with what is behind the head cut off.
    let zeros = |size: usize| (size.wrapping_sub(head) as u32).wrapping_mul(8);
    let (low, high) = match (front.first_chunk(), front.last_chunk(), bytes.first_chunk()) {
        (Some(first), Some(last), _) => (u64::from_le_bytes(*first).unbounded_shl(zeros(BLOCK)), u64::from_le_bytes(*last)),
        (_, _, Some(first)) => (0, u64::from_le_bytes(*first).unbounded_shl(zeros(8))),
        _ => (0, front.iter().rev().fold(0, |block, &byte| block << 8 | u64::from(byte)).unbounded_shl(zeros(8))),
    };
    let block = (u128::from(high) << 64 | u128::from(low)) ^ first_two;
    let mut digest = X25_FROM_ZERO.digest();
    digest.update(&block.to_le_bytes());
    digest.update(blocks);
    digest.finalize()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test that panics fails")]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn known_checksums() {
        // Spec gt06, section 1.2; and the login answer of section 2.
        assert_eq!(checksum(b"123456789"), 0x906E);
        assert_eq!(checksum(b"\x05\x01\x00\x41"), 0x9BD8);
    }

    #[test]
    fn every_length_is_the_plain_checksum() {
        let bytes: std::vec::Vec<u8> = (0..200_u32).map(|at| (at * at % 251) as u8).collect();
        for from in 0..20 {
            for to in from..bytes.len() {
                let mut digest = digest();
                digest.update(&bytes[from..to]);
                assert_eq!(checksum(&bytes[from..to]), digest.finalize(), "{from}..{to}");
            }
        }
    }
}
