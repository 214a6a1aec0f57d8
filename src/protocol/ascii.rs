//! What the text protocols are read with.

#[cfg(target_pointer_width = "64")]
use crate::types::Decimal;

/// The value of a field of decimal digits, at least one and nothing else; `None` also where it is too large.
pub(super) fn number(text: &[u8]) -> Option<u32> {
    match text {
        [] => None,
        _ => text.iter().try_fold(0_u32, |value, &digit| match digit {
            b'0'..=b'9' => value.checked_mul(10)?.checked_add(u32::from(digit & 0x0F)),
            _ => None,
        }),
    }
}

/// The value of a hexadecimal digit in either case. Not `to_digit`, which leaves a panic path where it is not inlined.
pub(super) const fn hex_digit(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some((byte & 0x0F) as u32),
        // 1 to 6, and nine more.
        b'A'..=b'F' | b'a'..=b'f' => Some(((byte & 0x0F) as u32).wrapping_add(9)),
        _ => None,
    }
}

/// The value of a field of hexadecimal digits in either case, at least one and nothing else; `None` also where it is too large.
pub(super) fn hex(text: &[u8]) -> Option<u32> {
    match text {
        [] => None,
        _ => text.iter().try_fold(0_u32, |value, &digit| value.checked_mul(16)?.checked_add(hex_digit(digit)?)),
    }
}

/// 1 in each byte.
const ONES: u64 = u64::MAX / 0xFF;

/// Eight bytes, the first lowest, of which each decimal digit becomes its value.
#[inline]
const fn digit_values(text: [u8; 8]) -> u64 {
    u64::from_le_bytes(text) ^ (ONES * 0x30)
}

/// Bits in the bytes that were no digits, and in none below the first of them.
#[inline]
const fn non_digits(values: u64) -> u64 {
    // A value of 0 to 9 has 0 in its high nibble, also if 6 is added.
    (values | values.wrapping_add(ONES * 0x06)) & (ONES * 0xF0)
}

/// Whether all of these are decimal digits.
#[inline]
pub(super) const fn are_digits(text: [u8; 8]) -> bool {
    non_digits(digit_values(text)) == 0
}

/// The value of eight hexadecimal digits in either case.
#[inline]
pub(super) fn hex_word(text: &[u8; 8]) -> Option<u32> {
    // The first digit is highest. A letter has bit 6, a digit has not.
    let text = u64::from_be_bytes(*text);
    let letters = text >> 6 & ONES;
    // Letters in lower case: 3 is the high nibble of a digit, 6 that of a letter.
    let lower = text | letters.wrapping_mul(0x20);
    let high_nibbles = (ONES * 0x30).wrapping_add(letters.wrapping_mul(0x30));
    // The low nibble of a letter is 1 to 6, and 9 less than its value. No value is above 15, and just those of letters are above 9.
    let values = (lower & (ONES * 0x0F)).wrapping_add(letters.wrapping_mul(9));
    let above_9 = values.wrapping_add(ONES * 0x06) >> 4 & ONES;
    let is_hex = lower & (ONES * 0xF0) == high_nibbles && values & (ONES * 0xF0) == 0 && above_9 == letters;
    let pairs = (values | values >> 4) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF;
    is_hex.then_some((fours | fours >> 16) as u32)
}

/// Six decimal digits as three numbers of two, such as a date or a time of day.
#[inline]
pub(super) fn pairs(text: &[u8; 6]) -> Option<[u8; 3]> {
    let &[a, b, c, d, e, f] = text;
    let values = digit_values([a, b, c, d, e, f, b'0', b'0']);
    // At most 99 in each byte; those between are of no use.
    let pairs = values.wrapping_mul(10).wrapping_add(values >> 8);
    (non_digits(values) == 0).then_some([pairs as u8, (pairs >> 16) as u8, (pairs >> 32) as u8])
}

/// The number at the front, with at most one point in it, and how many bytes it is; but `None` also where there are no digits in front of the point or
/// behind it, more than seven, or too few bytes to look at eight at once.
///
/// Nearly all numbers are such. On a microcontroller it takes more flash than it is worth.
#[cfg(target_pointer_width = "64")]
#[inline(always)]
pub(super) fn plain_decimal(input: &[u8]) -> Option<(Decimal, usize)> {
    let (whole, len) = up_to_seven_digits(input.first_chunk()?)?;
    let Some((b'.', behind)) = input.get(len..)?.split_first() else { return Some((Decimal::from_parts(whole, 0, 0)?, len)) };
    let (decimals, places) = up_to_seven_digits(behind.first_chunk()?)?;
    // Two points are none.
    if *behind.get(places)? == b'.' {
        return None;
    }
    // At most 15.
    Some((Decimal::from_parts(whole, decimals, places as u8)?, len.wrapping_add(places).wrapping_add(1)))
}

/// The digits at the front, one to seven: the number that they make, and how many they are.
#[cfg(target_pointer_width = "64")]
#[inline(always)]
const fn up_to_seven_digits(text: &[u8; 8]) -> Option<(u32, usize)> {
    let values = digit_values(*text);
    let bits = non_digits(values).trailing_zeros() & !7;
    if !matches!(bits, 8..64) {
        return None;
    }
    // The last digit goes to the highest byte, with zeros in front of the first.
    let digits = values.wrapping_shl(bits.wrapping_neg());
    // Pairs of digits, then fours, then all; each sum fits its place.
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    let all = fours.wrapping_mul(10_000).wrapping_add(fours >> 32);
    Some((all as u32, (bits >> 3) as usize))
}

/// How many bytes there are in front of the first that is looked for; all of them if there is none. Eight at a time: `in_word` says of so many, the first
/// lowest, which they are, by bits in the first of them, and in none below; `is_it` of one.
#[inline(always)]
fn count_before(text: &[u8], in_word: impl Fn(u64) -> u64, is_it: impl Fn(u8) -> bool) -> usize {
    let mut rest = text;
    while let Some((word, behind)) = rest.split_first_chunk() {
        let found = in_word(u64::from_le_bytes(*word));
        if found != 0 {
            // The rest is the end of the text, and has 8 bytes.
            return text.len().wrapping_sub(rest.len()).wrapping_add((found.trailing_zeros() / 8) as usize);
        }
        rest = behind;
    }
    while let [byte, behind @ ..] = rest {
        if is_it(*byte) {
            break;
        }
        rest = behind;
    }
    text.len().wrapping_sub(rest.len())
}

/// Bits in the bytes of a word that are `byte`, and in none below the first of them.
#[inline]
const fn bytes_that_are(word: u64, byte: u8) -> u64 {
    let differs = word ^ ONES.wrapping_mul(byte as u64);
    differs.wrapping_sub(ONES) & !differs & (ONES * 0x80)
}

/// How many bytes there are in front of the first `byte`; all of them if there is none.
#[inline]
pub(super) fn count_until(text: &[u8], byte: u8) -> usize {
    count_before(text, |word| bytes_that_are(word, byte), |other| other == byte)
}

/// How many bytes there are in front of the first `byte`, or the first that is not printable ASCII; all of them if there is none.
#[inline]
pub(super) fn count_printable_until(text: &[u8], byte: u8) -> usize {
    // Below 20, above 7E, and above 7F.
    let unprintable = |word: u64| (word.wrapping_sub(ONES * 0x20) & !word | word.wrapping_add(ONES) | word) & (ONES * 0x80);
    count_before(text, |word| bytes_that_are(word, byte) | unprintable(word), |other| other == byte || !matches!(other, b' '..=b'~'))
}

/// How many digits there are at the front.
#[inline]
pub(super) fn count_digits(text: &[u8]) -> usize {
    count_before(text, |word| non_digits(digit_values(word.to_le_bytes())), |byte| !byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    #[cfg(target_pointer_width = "64")]
    use proptest::prelude::*;

    #[cfg(target_pointer_width = "64")]
    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        /// The fast way reads what the general way reads.
        #[test]
        fn fast_and_general_way_agree(text in "[0-9]{0,9}[0-9./:,\\x00\\x7F]{0,3}[0-9]{0,9}[,.#a]{0,2}[ -~]{0,12}") {
            if let Some((number, len)) = plain_decimal(text.as_bytes()) {
                prop_assert_eq!(Decimal::read(text.as_bytes()), Some((number, &text.as_bytes()[len..])));
            }
        }
    }

    #[test]
    fn every_digit_of_a_word_is_read() {
        assert_eq!(hex_word(b"0189abEF"), Some(0x0189_ABEF));
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"0aF9f0A7";
                text[place] = byte;
                assert_eq!(hex_word(&text), hex(&text), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn every_digit_of_a_pair_is_read() {
        assert_eq!(pairs(b"160899"), Some([16, 8, 99]));
        for place in 0..6 {
            for byte in 0..=u8::MAX {
                let mut text = *b"160823";
                text[place] = byte;
                assert_eq!(pairs(&text).is_some(), byte.is_ascii_digit(), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn counts_stop_at_the_first() {
        for (len, at, byte) in (0..30).flat_map(|len| (0..=len).flat_map(move |at| (0..=255).map(move |byte| (len, at, byte)))) {
            for (filler, behind) in [(b'a', b'#'), (b'a', b'"'), (b'~', 0xFF), (b'7', 0), (b'0', b'9'), (b'9', b':'), (b' ', b'/')] {
                let mut text = [filler; 32];
                text[at..].fill(behind);
                text[at] = byte;
                let text = &text[..len];
                let count = |is_found: fn(&u8) -> bool| text.iter().position(is_found).unwrap_or(len);
                assert_eq!(count_until(text, b'#'), count(|&byte| byte == b'#'), "{text:?}");
                assert_eq!(count_printable_until(text, b'#'), count(|&byte| byte == b'#' || !matches!(byte, b' '..=b'~')), "{text:?}");
                assert_eq!(count_digits(text), count(|byte| !byte.is_ascii_digit()), "{text:?}");
            }
        }
    }

    #[test]
    fn fields() {
        assert_eq!(number(b"0042"), Some(42));
        assert_eq!(hex(b"004c87"), Some(0x4C87));
        assert_eq!(hex(b"FFFFFBFF"), Some(0xFFFF_FBFF));
        assert_eq!(pairs(b"160823"), Some([16, 8, 23]));
        for wrong in [&b""[..], b"-1", b" 1", b"1g", b"4294967296", b"123456789"] {
            assert!(number(wrong).is_none() || hex(wrong).is_none(), "{wrong:?}");
        }
        assert_eq!(pairs(b"16082:"), None);
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn numbers_with_more_behind() {
        for (text, mantissa, places, is_plain) in [
            ("00210.1160,E,000.00", 2_101_160, 4, true),
            ("11358.32389,E,0.00,", 1_135_832_389, 5, true),
            ("0.00,0,100815,FFFFF", 0, 2, true),
            ("9999999.9999999,....", 99_999_999_999_999, 7, true),
            ("062,040526,F", 62, 0, true),
            ("37573392,S,145037022", 37_573_392, 0, false),
            ("1.12345678,.........", 112_345_678, 8, false),
            ("99.,........", 99, 0, false),
            (".5,........", 5, 1, false),
            ("1.5,#", 15, 1, false),
        ] {
            let rest = text.split_once(',').map(|(_, rest)| rest.as_bytes()).unwrap();
            let number = Decimal::new(mantissa, places).unwrap();
            let (read, left) = Decimal::read(text.as_bytes()).unwrap();
            assert_eq!((read, left.split_first()), (number, Some((&b',', rest))), "{text}");
            let plain = plain_decimal(text.as_bytes());
            assert_eq!(plain, is_plain.then_some((number, text.len() - rest.len() - 1)), "{text}");
        }
        assert!(plain_decimal(b"1.2.3,......").is_none() && plain_decimal(b"-12.3,......").is_none());
    }
}
