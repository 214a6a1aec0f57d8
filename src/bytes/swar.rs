//! Functions that look at several bytes at once: SIMD within a register.
//!
//! # How this works
//! Eight bytes are one `u64`; `ONES * n` has `n` in each byte, so one operation is done to all
//! eight. Additions and subtractions are chosen such that no byte that is *ordinary* carries into
//! the next one or borrows from it.
//!
//! Microcontrollers run the naive twins of the tricks that take much flash where a register has 32
//! bits.
//!
//! A function that searches for bytes returns *marks*: bit 7 of each byte that matches is set. A
//! matching byte may carry, so the marks above it mean nothing: only whether there are any, and
//! where the lowest is, counts. In words for [`find`] the first byte of the text is the lowest.
//!
//! # How to change it
//! Each trick is followed by `naive_...`, which does the same byte by byte; a property test in
//! `swar/tests.rs` compares the two. Every trick has both, and belongs here. `types` uses this
//! module, so it imports nothing except the switch.

use super::WIDE;
#[cfg(test)]
extern crate std;

/// 1 in each byte.
const ONES: u64 = u64::MAX / 0xFF;
/// Bit 7 of each byte.
const HIGH_BITS: u64 = ONES << 7;

/// The number of bytes that [`find`] looks at together: those of a register of the target.
const WORD: usize = if WIDE { 8 } else { 4 };

/// Returns the index of the first byte that `marks` marks, or `text.len()`.
///
/// `marks` gets bytes of the text, the first lowest, with zeros above them if they are fewer than
/// eight. Its marks on those zeros do not count.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(crate) fn find(text: &[u8], marks: impl Fn(u64) -> u64) -> usize {
    const LOADED: u64 = HIGH_BITS >> (64 - 8 * WORD);
    let find_in_word = |word: &[u8; WORD]| match marks(load(word)) & LOADED {
        0 => None,
        found => Some((found.trailing_zeros() / 8) as usize),
    };
    let (mut rest, mut at) = (text, 0_usize);
    // All sums are at most the length of the text.
    while let Some((word, after)) = rest.split_first_chunk() {
        if let Some(place) = find_in_word(word) {
            return at.wrapping_add(place);
        }
        at = at.wrapping_add(WORD);
        rest = after;
    }
    // Not `last_chunk`, in which a path to a panic may be left on x86-64.
    let last = text.get(text.len().wrapping_sub(WORD)..);
    match last.and_then(<[u8]>::first_chunk) {
        // The last word overlaps bytes that were searched before, which have no match.
        Some(word) => match find_in_word(word) {
            Some(place) => text.len().wrapping_sub(WORD).wrapping_add(place),
            None => text.len(),
        },
        None => {
            let is_marked = |&byte: &u8| marks(byte.into()) & 0x80 != 0;
            text.iter().position(is_marked).unwrap_or(text.len())
        }
    }
}

/// Loads the bytes of a word, the first lowest.
#[inline]
const fn load(word: &[u8; WORD]) -> u64 {
    let mut bytes = [0; 8];
    if let Some(front) = bytes.first_chunk_mut() {
        *front = *word;
    }
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
fn naive_find(text: &[u8], is_it: impl Fn(u8) -> bool) -> usize {
    text.iter()
        .position(|&byte| is_it(byte))
        .unwrap_or(text.len())
}

/// Marks the bytes that are `byte`.
#[inline]
pub(crate) const fn equal_to(word: u64, byte: u8) -> u64 {
    // 0 where they are equal. Only 0 has bit 7 clear and gets it set when 1 is subtracted.
    let differs = word ^ ONES.wrapping_mul(byte as u64);
    differs.wrapping_sub(ONES) & !differs & HIGH_BITS
}

/// Marks the bytes that are not decimal digits.
#[inline]
const fn non_digits(word: u64) -> u64 {
    // A digit becomes its value, 0 to 9, which stays below 0x80 when 0x76 is added.
    let values = word ^ (ONES * 0x30);
    (values.wrapping_add(ONES * 0x76) | values) & HIGH_BITS
}

/// Returns the number of bytes before the first `byte`, or `text.len()`.
#[inline]
pub(crate) fn count_until(text: &[u8], byte: u8) -> usize {
    find(text, |word| equal_to(word, byte))
}

/// Whether all eight bytes are decimal digits.
#[cfg_attr(target_pointer_width = "64", inline)]
pub(crate) fn are_digits(text: [u8; 8]) -> bool {
    if !WIDE {
        return naive_are_digits(text);
    }
    are_wide_digits(text)
}

#[inline]
const fn are_wide_digits(text: [u8; 8]) -> bool {
    non_digits(u64::from_le_bytes(text)) == 0
}

fn naive_are_digits(text: [u8; 8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

/// Converts eight decimal digits to four numbers of two: `b"16082359"` to `[16, 8, 23, 59]`.
#[cfg_attr(target_pointer_width = "64", inline)]
pub(crate) const fn digit_pairs(text: [u8; 8]) -> Option<[u8; 4]> {
    if !WIDE {
        return naive_digit_pairs(text);
    }
    if !are_wide_digits(text) {
        return None;
    }
    let values = u64::from_le_bytes(text) ^ (ONES * 0x30);
    // The tens are one byte below their ones. No byte is above 99; the odd bytes are not used.
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    let [first, _, second, _, third, _, fourth, _] = pairs.to_le_bytes();
    Some([first, second, third, fourth])
}

const fn naive_digit_pairs([a, b, c, d, e, f, g, h]: [u8; 8]) -> Option<[u8; 4]> {
    match (pair(a, b), pair(c, d), pair(e, f), pair(g, h)) {
        (Some(ab), Some(cd), Some(ef), Some(gh)) => Some([ab, cd, ef, gh]),
        _ => None,
    }
}

/// Returns the value of two decimal digits.
const fn pair(tens: u8, ones: u8) -> Option<u8> {
    if tens.is_ascii_digit() && ones.is_ascii_digit() {
        // At most 99.
        Some((tens & 0x0F).wrapping_mul(10).wrapping_add(ones & 0x0F))
    } else {
        None
    }
}

/// Returns the number of eight decimal digits: the first four bytes of `front`, and the last four
/// of `back`. Other bytes make some other number.
#[inline(always)]
pub(crate) fn eight_digits(front: &[u8; 8], back: &[u8; 8]) -> u64 {
    const FIRST: u64 = 0xFFFF_FFFF;
    let (front, back) = (u64::from_le_bytes(*front), u64::from_le_bytes(*back));
    let digits = (front & FIRST | back & !FIRST) ^ (ONES * 0x30);
    // Pairs of digits, then fours, then all; each sum fits its place.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & FIRST
}

#[cfg(test)]
fn naive_eight_digits(front: &[u8; 8], back: &[u8; 8]) -> u64 {
    let digits = front[..4].iter().chain(&back[4..]);
    let value = |value: u64, digit: &u8| value.wrapping_mul(10).wrapping_add((digit & 0x0F).into());
    digits.fold(0, value)
}

/// Returns the eight decimal digits of a number below 10^8, with leading zeros.
#[inline]
pub(crate) const fn to_digits(value: u32) -> [u8; 8] {
    // Fours of digits, then pairs, then single ones; the upper part of each goes lower. The
    // products are divisions by 100 and by 10, exact for numbers of four and of two digits.
    let fours = (value / 10_000) as u64 | ((value % 10_000) as u64) << 32;
    let hundreds = fours.wrapping_mul(5243) >> 19 & 0x0000_007F_0000_007F;
    let pairs = hundreds | fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = pairs.wrapping_mul(103) >> 10 & 0x000F_000F_000F_000F;
    let digits = tens | pairs.wrapping_sub(tens.wrapping_mul(10)) << 8;
    (digits | (ONES * 0x30)).to_le_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
fn naive_to_digits(value: u32) -> [u8; 8] {
    let text = std::format!("{value:08}");
    *text.as_bytes().first_chunk().unwrap()
}

/// Returns eight hexadecimal digits in upper case, the highest first.
#[inline]
pub(crate) const fn to_hex_digits(value: u32) -> [u8; 8] {
    // Halves apart, then bytes, then nibbles: each has a byte of its own.
    let halves = (value as u64 | (value as u64) << 16) & 0x0000_FFFF_0000_FFFF;
    let bytes = (halves | halves << 8) & 0x00FF_00FF_00FF_00FF;
    let nibbles = (bytes | bytes << 4) & (ONES * 0x0F);
    // Only those above 9 carry to 16. In ASCII seven characters are between `9` and `A`.
    let letters = nibbles.wrapping_add(ONES * 0x06) >> 4 & ONES;
    let digits = nibbles.wrapping_add(letters.wrapping_mul(7));
    digits.wrapping_add(ONES * 0x30).to_be_bytes()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
fn naive_to_hex_digits(value: u32) -> [u8; 8] {
    let text = std::format!("{value:08X}");
    *text.as_bytes().first_chunk().unwrap()
}

/// Decimal digits at the front of a text, and their value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeadingDigits {
    /// Their value.
    pub(crate) value: u32,
    /// The number of digits, leading zeros included.
    pub(crate) count: usize,
}

/// Returns the digits at the front, if there are 1 to 7.
#[inline(always)]
pub(crate) const fn leading_digits(text: [u8; 8]) -> Option<LeadingDigits> {
    let word = u64::from_le_bytes(text);
    let count = non_digits(word).trailing_zeros() / 8;
    if !matches!(count, 1..=7) {
        return None;
    }
    // Moved up so that the last digit is in the highest byte, and zeros come before the first:
    // by 8 to 56 bits.
    let unused = 8_u32.wrapping_sub(count).wrapping_mul(8);
    let digits = (word ^ (ONES * 0x30)).wrapping_shl(unused);
    // Pairs of digits, then fours, then all; each sum fits its place.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    let all = fours.wrapping_mul(10_000).wrapping_add(fours >> 32);
    Some(LeadingDigits {
        value: all as u32,
        count: count as usize,
    })
}

#[cfg(test)]
fn naive_leading_digits(text: [u8; 8]) -> Option<LeadingDigits> {
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let digits = core::str::from_utf8(text.get(..count).filter(|_| count < 8)?).ok()?;
    Some(LeadingDigits {
        value: digits.parse().ok()?,
        count,
    })
}

/// Converts eight decimal digits to packed BCD: `b"86471700"` to `0x8647_1700`.
#[cfg_attr(target_pointer_width = "64", inline)]
pub(crate) const fn bcd(text: [u8; 8]) -> Option<u32> {
    if !WIDE {
        return naive_bcd(text);
    }
    let word = u64::from_be_bytes(text);
    if non_digits(word) != 0 {
        return None;
    }
    Some(pack_nibbles(word ^ (ONES * 0x30)))
}

const fn naive_bcd(text: [u8; 8]) -> Option<u32> {
    let (mut bcd, mut rest) = (0, text.as_slice());
    while let [digit, after @ ..] = rest {
        if !digit.is_ascii_digit() {
            return None;
        }
        bcd = bcd << 4 | (*digit & 0x0F) as u32;
        rest = after;
    }
    Some(bcd)
}

/// Packs the low nibbles of eight bytes, whose high nibbles are zero, side by side.
#[inline]
const fn pack_nibbles(values: u64) -> u32 {
    let pairs = (values | values >> 4) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
    (fours | fours >> 16) as u32
}

/// Whether each nibble is 0 to 9.
#[inline]
pub(crate) const fn is_decimal(bcd: u64) -> bool {
    // A nibble is above 9 if its 8 is set together with its 4 or its 2.
    bcd & (bcd << 1 | bcd << 2) & 0x8888_8888_8888_8888 == 0
}

#[cfg(test)]
fn naive_is_decimal(bcd: u64) -> bool {
    (0..64).step_by(4).all(|shift| bcd >> shift & 0x0F <= 9)
}

/// Returns the number that eight decimal digits make, four bits each, the first one highest.
#[inline]
pub(crate) const fn from_bcd(bcd: u32) -> u32 {
    // Each step joins neighbours: the upper one counts 10, 100, 10 000 times as much as the lower
    // one, and stands 16, 256, 65 536 times as high.
    let pairs = bcd.wrapping_sub((bcd >> 4 & 0x0F0F_0F0F).wrapping_mul(16 - 10));
    let fours = pairs.wrapping_sub((pairs >> 8 & 0x00FF_00FF).wrapping_mul(256 - 100));
    fours.wrapping_sub((fours >> 16).wrapping_mul(65_536 - 10_000))
}

#[cfg(test)]
fn naive_from_bcd(bcd: u32) -> u32 {
    (0..32).step_by(4).rev().fold(0_u32, |value, shift| {
        value.wrapping_mul(10).wrapping_add(bcd >> shift & 0x0F)
    })
}

/// Returns the numbers that pairs of decimal digits make, two digits in each byte.
#[inline]
pub(crate) fn from_bcd_pairs(pairs: [u8; 8]) -> [u8; 8] {
    if !WIDE {
        return naive_from_bcd_pairs(pairs);
    }
    let word = u64::from_be_bytes(pairs);
    // The tens count 10, and stand 16 times as high. No byte borrows.
    let tens = word >> 4 & (ONES * 0x0F);
    word.wrapping_sub(tens.wrapping_mul(16 - 10)).to_be_bytes()
}

fn naive_from_bcd_pairs(pairs: [u8; 8]) -> [u8; 8] {
    // At most 165.
    pairs.map(|pair| (pair >> 4).wrapping_mul(10).wrapping_add(pair & 0x0F))
}

/// Returns the value of eight hexadecimal digits in either case.
#[cfg_attr(target_pointer_width = "64", inline)]
pub(crate) fn hex_word(text: [u8; 8]) -> Option<u32> {
    if !WIDE {
        return naive_hex_word(text);
    }
    // The first digit is highest. Letters have bit 6, digits do not.
    let word = u64::from_be_bytes(text);
    let letters = word >> 6 & ONES;
    // With letters in lower case the high nibble is 3 for a digit and 6 for a letter.
    let lower = word | letters.wrapping_mul(0x20);
    let high_nibbles = (ONES * 0x30).wrapping_add(letters.wrapping_mul(0x30));
    // The low nibble of a letter is 1 to 6, and 9 less than its value. No value is above 15, and
    // only those of letters are above 9.
    let values = (lower & (ONES * 0x0F)).wrapping_add(letters.wrapping_mul(9));
    let above_9 = values.wrapping_add(ONES * 0x06) >> 4 & ONES;
    let is_hex =
        lower & (ONES * 0xF0) == high_nibbles && values & (ONES * 0xF0) == 0 && above_9 == letters;
    if is_hex {
        Some(pack_nibbles(values))
    } else {
        None
    }
}

fn naive_hex_word(text: [u8; 8]) -> Option<u32> {
    // Not `to_digit`, which leaves a panic path where it is not inlined.
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte & 0x0F),
        b'A'..=b'F' | b'a'..=b'f' => Some((byte & 0x0F).wrapping_add(9)),
        _ => None,
    };
    text.iter()
        .try_fold(0, |value, &byte| Some(value << 4 | u32::from(digit(byte)?)))
}

/// Whether `is_such` holds for two adjacent bytes.
///
/// It tests sixteen pairs at a time without a branch for each, so that the compiler emits vector
/// instructions where the target has them: `is_such` should be comparisons joined by `&` and `|`.
/// It stops at the first chunk with a match.
#[inline(always)]
pub(crate) fn holds_pair(bytes: &[u8], is_such: impl Fn(u8, u8) -> bool) -> bool {
    let in_chunk = |chunk: &[u8; 17]| {
        let ([first @ .., _], [_, second @ ..]) = (chunk, chunk);
        // A byte for each pair: a fold over `bool` would stay a chain of branches.
        let mut found = [0; 16];
        for (found, (&first, &second)) in found.iter_mut().zip(first.iter().zip(second)) {
            *found = u8::from(is_such(first, second));
        }
        u128::from_ne_bytes(found) != 0
    };
    let mut rest = bytes;
    while let Some(chunk) = rest.first_chunk() {
        if in_chunk(chunk) {
            return true;
        }
        rest = rest.get(16..).unwrap_or_default();
    }
    match bytes.last_chunk() {
        // The last chunk overlaps pairs that were tested before.
        Some(chunk) => in_chunk(chunk),
        None => {
            let mut pairs = bytes.iter().zip(bytes.iter().skip(1));
            pairs.any(|(&first, &second)| is_such(first, second))
        }
    }
}

#[cfg(test)]
fn naive_holds_pair(bytes: &[u8], is_such: impl Fn(u8, u8) -> bool) -> bool {
    bytes.windows(2).any(|pair| is_such(pair[0], pair[1]))
}

/// Marks the bytes of a word that are not in `lowest..=b'~'`; `lowest` is at most 0x80.
///
/// The byte after one below `lowest` may be marked as well.
#[inline]
pub(crate) const fn outside(word: u64, lowest: u8) -> u64 {
    let below = word.wrapping_sub(ONES.wrapping_mul(lowest as u64)) & !word;
    let above = word.wrapping_add(ONES) | word;
    (below | above) & HIGH_BITS
}

/// Returns the number of bytes at the front in `+` to `~`: the range of most text, which excludes
/// spaces and the start and end marks of every text protocol.
#[inline]
pub(crate) fn count_plain_text(text: &[u8]) -> usize {
    find(text, |word| outside(word, b'+'))
}

#[cfg(test)]
fn naive_count_plain_text(text: &[u8]) -> usize {
    text.iter()
        .take_while(|byte| (b'+'..=b'~').contains(byte))
        .count()
}

/// Whether all bytes are below `limit`.
#[inline]
pub(crate) fn are_below(bytes: &[u8], limit: u8) -> bool {
    // One answer for all chunks, as nearly always none has such a byte.
    let mut highest = [0; 16];
    let mut see = |chunk: &[u8; 16]| {
        for (highest, &byte) in highest.iter_mut().zip(chunk) {
            *highest = byte.max(*highest);
        }
    };
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        see(chunk);
        rest = after;
    }
    match bytes.last_chunk() {
        // The last chunk overlaps bytes that were tested before.
        Some(chunk) => see(chunk),
        None => return bytes.iter().all(|&byte| byte < limit),
    }
    highest
        .iter()
        .fold(true, |all, &highest| all & (highest < limit))
}

#[cfg(test)]
fn naive_are_below(bytes: &[u8], limit: u8) -> bool {
    bytes.iter().all(|&byte| byte < limit)
}

/// Whether a byte fits a sign of a form: `0` stands for any decimal digit, `A` for any capital
/// letter, and every other byte for itself.
const fn fits(byte: u8, sign: u8) -> bool {
    match sign {
        b'0' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        _ => byte == sign,
    }
}

/// Whether `text` has this form of at least eight signs: see [`fits`].
#[inline(always)]
pub(crate) fn has_form<const N: usize>(text: &[u8; N], form: &[u8; N]) -> bool {
    let mut misfits = 0;
    let (mut text_left, mut form_left) = (&text[..], &form[..]);
    while let (Some((word, text_after)), Some((signs, form_after))) =
        (text_left.split_first_chunk(), form_left.split_first_chunk())
    {
        misfits |= misfit(*word, *signs);
        (text_left, form_left) = (text_after, form_after);
    }
    match (text.last_chunk(), form.last_chunk()) {
        (Some(word), Some(signs)) => misfits | misfit(*word, *signs) == 0,
        _ => false,
    }
}

/// 0 if all bytes of a text fit the signs of a form, which is a constant: so are the masks.
#[inline(always)]
const fn misfit(text: [u8; 8], form: [u8; 8]) -> u64 {
    let (word, signs) = (u64::from_le_bytes(text), u64::from_le_bytes(form));
    let digits = equal_bytes(signs, b'0');
    let capitals = equal_bytes(signs, b'A');
    // No byte of these sums is above 0xFF if the byte of the text is below 0x80.
    const FROM_A: u64 = ONES * (0x80 - b'A' as u64);
    const AFTER_Z: u64 = ONES * (0x7F - b'Z' as u64);
    let (from_a, after_z) = (word.wrapping_add(FROM_A), word.wrapping_add(AFTER_Z));
    let non_capitals = (!from_a | after_z | word) & HIGH_BITS;
    non_digits(word) & digits | non_capitals & capitals | (word ^ signs) & !digits & !capitals
}

/// 0xFF for each byte that is `byte`, and 0 for each other; all are below 0x80.
#[inline(always)]
const fn equal_bytes(word: u64, byte: u8) -> u64 {
    let differs = word ^ ONES.wrapping_mul(byte as u64);
    let found = !differs.wrapping_add(ONES * 0x7F) & HIGH_BITS;
    (found >> 7).wrapping_mul(0xFF)
}

#[cfg(test)]
fn naive_has_form(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len() && is_front_of(text, form)
}

/// Whether `text` has the form of the front of `form`, or of all of it: see [`fits`].
#[inline]
pub(crate) fn is_front_of(text: &[u8], form: &[u8]) -> bool {
    let mut pairs = text.iter().zip(form);
    text.len() <= form.len() && pairs.all(|(&byte, &sign)| fits(byte, sign))
}

/// Whether all bytes are decimal digits.
#[inline]
pub(crate) fn all_digits<const N: usize>(text: &[u8; N]) -> bool {
    // Without a branch for each byte, as in `holds_pair`.
    text.iter()
        .fold(true, |all, byte| all & byte.is_ascii_digit())
}

#[cfg(test)]
fn naive_all_digits(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests;
