//! CRC-16/X-25, which the vendor documents call "CRC-ITU". See `docs/protocols/gt06.md`,
//! "Checksum".

use crate::bytes::WIDE;
use crc::{Algorithm, CRC_16_IBM_SDLC, Crc, Table};

/// Whether the tables of the crate `crc`, 8 KiB each, compute the checksum of whole frames. The
/// linker leaves them out where this is false.
const BY_TABLES: bool = !WIDE && cfg!(feature = "fast-crc");

/// CRC-16/X-25 with initial value 0. Zeros before the bytes do not change it, and inverting the
/// first two bytes turns it into X-25.
const FROM_ZERO: Algorithm<u16> = Algorithm {
    init: 0,
    ..CRC_16_IBM_SDLC
};

/// Tables for 16 bytes at a time.
type Tables = Table<16>;

static X25: Crc<u16, Tables> = Crc::<u16, Tables>::new(&CRC_16_IBM_SDLC);
static X25_FROM_ZERO: Crc<u16, Tables> = Crc::<u16, Tables>::new(&FROM_ZERO);

/// Bytes that the tables take at a time.
const BLOCK: usize = 16;

/// The bits of the first two bytes of a head in its block, by the length of the head. A head of one
/// byte has the first of them alone.
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

/// Folds two words of 16k bits, `first` before `second`, into one that has their remainder.
///
/// The first byte, the lowest one, has the highest powers of x, and its lowest bit the highest of
/// them, so a multiplication by x is a shift to the right. The bits that x^12k shifts out of the
/// word come in again at its top by the same rule, all of them in two steps; then those of x^5k.
macro_rules! fold {
    ($word:ty, $k:literal, $first:expr, $second:expr) => {{
        let (first, second): ($word, $word) = ($first, $second);
        let sum = first ^ first << (4 * $k);
        let sum = sum ^ sum << (8 * $k);
        let more = sum << (11 * $k);
        let sum = sum ^ more ^ more << (4 * $k);
        second ^ sum ^ sum >> (5 * $k) ^ sum >> (12 * $k)
    }};
}

/// Returns the checksum of `bytes`.
#[inline]
pub(super) fn checksum(bytes: &[u8]) -> u16 {
    if BY_TABLES {
        checksum_by_tables(bytes)
    } else if WIDE && bytes.len() >= 2 {
        checksum_by_folding(bytes)
    } else {
        !bytes
            .iter()
            .fold(0xFFFF, |register, &byte| shift(register, byte))
    }
}

/// Returns the checksum of `bytes`, 16 bytes at a time.
///
/// The tables are for whole blocks of 16 bytes, and the crate takes what is left over byte by byte.
/// So the bytes are cut into a head of fewer than 16 bytes and whole blocks, and zeros before the
/// head make a block of it.
#[inline]
fn checksum_by_tables(bytes: &[u8]) -> u16 {
    let head = bytes.len() % BLOCK;
    let (Some((front, blocks)), 2.., Some(first_two)) =
        (bytes.split_at_checked(head), head, FIRST_TWO.get(head))
    else {
        return X25.checksum(bytes);
    };
    let block = block_of(front, bytes) ^ first_two;
    let mut digest = X25_FROM_ZERO.digest();
    digest.update(&block.to_le_bytes());
    digest.update(blocks);
    digest.finalize()
}

/// Returns the block that ends with `front`, with zeros before it. `front` is the front of `bytes`,
/// and shorter than a block.
#[inline]
fn block_of(front: &[u8], bytes: &[u8]) -> u128 {
    // By the length of `front`, low half first:
    //
    // | `front` | low half | high half |
    // |---|---|---|
    // | 8 or more | zeros, then the bytes before the last 8 | its last 8 bytes |
    // | less, and 8 bytes are there | 0 | zeros, then `front`: what follows it is shifted out |
    // | less, and it is all there is | 0 | zeros, then `front` |
    let zeros = |size: usize| (size.wrapping_sub(front.len()) as u32).wrapping_mul(8);
    let (low, high) = match (front.first_chunk(), front.last_chunk(), bytes.first_chunk()) {
        (Some(first), Some(last), _) => (
            u64::from_le_bytes(*first).unbounded_shl(zeros(BLOCK)),
            u64::from_le_bytes(*last),
        ),
        (_, _, Some(first)) => (0, u64::from_le_bytes(*first).unbounded_shl(zeros(8))),
        _ => (
            0,
            front
                .iter()
                .rev()
                .fold(0, |block, &byte| block << 8 | u64::from(byte))
                .unbounded_shl(zeros(8)),
        ),
    };
    u128::from(high) << 64 | u128::from(low)
}

/// Returns the checksum of `bytes`, which are two or more, without a table.
///
/// The generator is P(x) = x^16 + x^12 + x^5 + 1. Modulo 2, P(x)^2 = P(x^2), so for each power of
/// two k, x^16k is x^12k + x^5k + 1 modulo P. With it the first half of a word folds onto the
/// second: see [`fold`].
#[inline]
fn checksum_by_folding(bytes: &[u8]) -> u16 {
    let (front, mut blocks) = bytes
        .split_at_checked(bytes.len() % BLOCK)
        .unwrap_or_default();
    // The first two bytes count inverted; they may be those of the first whole block.
    let in_front = FIRST_TWO.get(front.len()).copied().unwrap_or(0);
    let in_front_bits = (front.len() as u32).wrapping_mul(8);
    let mut inverted = 0xFFFF_u32.unbounded_shr(in_front_bits);
    let mut sum = block_of(front, bytes) ^ in_front;
    while let Some((block, after)) = blocks.split_first_chunk() {
        let block = u128::from_le_bytes(*block) ^ u128::from(inverted);
        sum = fold!(u128, 8, sum, block);
        inverted = 0;
        blocks = after;
    }
    let word = fold!(u64, 4, sum as u64, (sum >> 64) as u64);
    let half = fold!(u32, 2, word as u32, (word >> 32) as u32);
    let remainder = fold!(u16, 1, half as u16, (half >> 16) as u16);
    // Times x^16.
    !fold!(u16, 1, remainder, 0)
}

/// Returns the register after a byte. Four bits at a time need a table of 32 bytes, and are twice
/// as fast as single bits.
#[inline]
fn shift(register: u16, byte: u8) -> u16 {
    let low = register ^ u16::from(byte);
    let half = low >> 4 ^ entry(&TIMES_X4, low);
    half >> 4 ^ entry(&TIMES_X4, half)
}

/// Returns the entry for the lowest four bits of `index`.
#[inline]
fn entry(table: &[u16; 16], index: u16) -> u16 {
    table.get(usize::from(index & 0x0F)).copied().unwrap_or(0)
}

/// A running checksum whose values at two places can be compared.
///
/// With `R(p)` the raw register after all bytes up to place `p`, and `w(p)` = x^(-8p), the checksum
/// of the bytes from `a` to `b` is `crc` exactly if `(R(a) ^ FFFF) w(a)` = `(R(b) ^ !crc) w(b)`
/// modulo the generator: both sides are moved back to the same origin, so the distance between the
/// places does not matter. The two sides are the keys [`begins`](Self::begins) and
/// [`ends`](Self::ends). Where the count of places starts does not matter either.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    register: u16,
    weight: u16,
}

/// The generator, reflected: bit 15 is x^0.
const GENERATOR: u16 = 0x8408;

/// The change to the register by the four bits that leave it: multiplication by x^4.
const TIMES_X4: [u16; 16] = {
    let mut table = [0; 16];
    let mut rest: &mut [u16] = &mut table;
    let mut bits = 0_u16;
    while let [entry, after @ ..] = rest {
        let (mut value, mut step) = (bits, 0);
        while step < 4 {
            value = if value & 1 == 1 {
                value >> 1 ^ GENERATOR
            } else {
                value >> 1
            };
            step += 1;
        }
        *entry = value;
        rest = after;
        bits = bits.wrapping_add(1);
    }
    table
};

/// The change to the weight by the four bits that leave it: multiplication by x^-4.
const OVER_X4: [u16; 16] = {
    let mut table = [0; 16];
    let mut rest: &mut [u16] = &mut table;
    let mut bits = 0_u16;
    while let [entry, after @ ..] = rest {
        let (mut value, mut step) = (bits << 12, 0);
        while step < 4 {
            value = if value & 0x8000 != 0 {
                value << 1 ^ (GENERATOR << 1 | 1)
            } else {
                value << 1
            };
            step += 1;
        }
        *entry = value;
        rest = after;
        bits = bits.wrapping_add(1);
    }
    table
};

impl Running {
    pub(super) const NEW: Self = Self {
        register: 0,
        weight: 0x8000,
    };

    /// Takes one more byte.
    #[inline]
    pub(super) fn advance(self, byte: u8) -> Self {
        let register = shift(self.register, byte);
        let half = self.weight << 4 ^ entry(&OVER_X4, self.weight >> 12);
        let weight = half << 4 ^ entry(&OVER_X4, half >> 12);
        Self { register, weight }
    }

    /// Returns the key of bytes that begin here.
    pub(super) fn begins(self) -> u16 {
        product(self.register ^ 0xFFFF, self.weight)
    }

    /// Returns the key of bytes that end here and have this checksum.
    pub(super) fn ends(self, checksum: u16) -> u16 {
        product(self.register ^ !checksum, self.weight)
    }
}

/// The product of two polynomials modulo the generator; bit 15 is x^0.
#[inline(never)]
fn product(a: u16, b: u16) -> u16 {
    // The upper half has x^0 to x^15; the lower one has the higher powers, so it is to be
    // multiplied by x^16, as a register is by two bytes of zeros.
    let product = carryless_product(a, b) << 1;
    (product >> 16) as u16 ^ shift(shift(product as u16, 0), 0)
}

/// The product of two numbers without carries.
///
/// Of each factor every fourth bit is taken at a time. The product of two such parts has room for
/// the carries in the bits between, for it adds up four bits at most.
#[inline]
fn carryless_product(a: u16, b: u16) -> u32 {
    const EVERY_FOURTH: u32 = 0x1111_1111;
    let part = |value: u16, at: u32| u32::from(value) & EVERY_FOURTH << at;
    // One by one: a loop over an array is not unrolled where size counts.
    let parts = |value| {
        [
            part(value, 0),
            part(value, 1),
            part(value, 2),
            part(value, 3),
        ]
    };
    let ([a0, a1, a2, a3], [b0, b1, b2, b3]) = (parts(a), parts(b));
    let sum = |[(a, b), (c, d), (e, f), (g, h)]: [(u32, u32); 4]| {
        a.wrapping_mul(b) ^ c.wrapping_mul(d) ^ e.wrapping_mul(f) ^ g.wrapping_mul(h)
    };
    sum([(a0, b0), (a1, b3), (a2, b2), (a3, b1)]) & EVERY_FOURTH
        | sum([(a0, b1), (a1, b0), (a2, b3), (a3, b2)]) & EVERY_FOURTH << 1
        | sum([(a0, b2), (a1, b1), (a2, b0), (a3, b3)]) & EVERY_FOURTH << 2
        | sum([(a0, b3), (a1, b2), (a2, b1), (a3, b0)]) & EVERY_FOURTH << 3
}

#[cfg(test)]
#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that panics fails"
)]
mod tests {
    extern crate std;
    use super::*;

    #[test]
    fn known_checksums() {
        // The check value of the algorithm, and the reply to a login.
        assert_eq!(checksum(b"123456789"), 0x906E);
        assert_eq!(checksum(b"\x05\x01\x00\x41"), 0x9BD8);
    }

    #[test]
    fn every_length_is_the_plain_checksum() {
        let bytes: std::vec::Vec<u8> = (0..200_u32).map(|at| (at * at % 251) as u8).collect();
        for from in 0..20 {
            for to in from..bytes.len() {
                let mut digest = X25.digest();
                digest.update(&bytes[from..to]);
                assert_eq!(
                    checksum(&bytes[from..to]),
                    digest.finalize(),
                    "{from}..{to}"
                );
            }
        }
    }

    /// The naive twin multiplies bit by bit.
    #[test]
    fn the_product_without_carries_is_that_of_single_bits() {
        let naive = |a: u16, b: u16| {
            let bits = (0..16).filter(|bit| b >> bit & 1 == 1);
            bits.fold(0, |product, bit| product ^ u32::from(a) << bit)
        };
        let numbers = (0..16).map(|bit| 1 << bit).chain([0, 0xFFFF, 0x8408]);
        let numbers = numbers.chain((0..200_u16).map(|i| i.wrapping_mul(40_503)));
        let numbers: std::vec::Vec<u16> = numbers.collect();
        for &a in &numbers {
            for &b in &numbers {
                assert_eq!(carryless_product(a, b), naive(a, b), "{a:04x} {b:04x}");
            }
        }
    }

    /// The naive twin is the checksum of the bytes between.
    #[test]
    fn keys_are_equal_where_the_checksum_is_right() {
        let bytes: std::vec::Vec<u8> = (0..70_000_u32).map(|i| ((i * 7919) >> 5) as u8).collect();
        let running = |to: usize| bytes[..to].iter().fold(Running::NEW, |r, &b| r.advance(b));
        for (from, to) in [(0, 0), (0, 1), (3, 9), (5, 260), (100, 65_635), (7, 4103)] {
            let right = checksum(&bytes[from..to]);
            let (begin, end) = (running(from), running(to));
            for crc in 0..=u16::MAX {
                assert_eq!(
                    begin.begins() == end.ends(crc),
                    crc == right,
                    "{from}..{to}, {crc}"
                );
            }
        }
    }
}
