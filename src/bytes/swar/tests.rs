use super::{std, *};
use proptest::{collection::vec, prelude::*, sample::select};
use std::vec::Vec;

/// First and last of what is told apart anywhere here, and the neighbours of these.
const EDGES: &[u8] =
    b"\x00\x01\x0F\x10\x1F\x20\x21\"#$(),-/019:@AFGZ`afgz{}~\x7F\x80\xAF\xB0\xB9\xFE\xFF";

/// Bytes that match nearly always, never, or now and then.
fn bytes(ordinary: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let text = vec(select(ordinary.as_bytes()), 0..80);
    let damage = vec((any::<prop::sample::Index>(), select(EDGES)), 0..3);
    let damaged = (text, damage).prop_map(|(mut text, damage)| {
        for (at, byte) in damage {
            if !text.is_empty() {
                let at = at.index(text.len());
                text[at] = byte;
            }
        }
        text
    });
    prop_oneof![3 => damaged, 1 => vec(select(EDGES), 0..80), 1 => vec(any::<u8>(), 0..80)]
}

/// Eight such bytes.
fn eight(ordinary: &'static str) -> impl Strategy<Value = [u8; 8]> {
    bytes(ordinary).prop_filter_map("8 bytes", |text| text.first_chunk().copied())
}

/// A form of 11 signs, and a text that has it.
fn form_and_text() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    let digit = (Just(b'0'), select(b"0189".to_vec()));
    let capital = (Just(b'A'), select(b"AMZ".to_vec()));
    let other = select(b"#.,a\x01\x7F".to_vec()).prop_map(|byte| (byte, byte));
    vec(prop_oneof![digit, capital, other], 11).prop_map(|columns| columns.into_iter().unzip())
}

const DIGITS: &str = "0123456789";
const PRINTABLE: &str = " !+,-./0189:;@AZ[_`az{}~";

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn count_until_is_naive(text in bytes(PRINTABLE), byte in select(EDGES)) {
        prop_assert_eq!(count_until(&text, byte), naive_find(&text, |it| it == byte));
    }

    #[test]
    fn are_digits_is_naive(text in eight(DIGITS)) {
        prop_assert_eq!(are_digits(text), naive_are_digits(text));
    }

    #[test]
    fn digit_pairs_is_naive(text in eight(DIGITS)) {
        prop_assert_eq!(digit_pairs(text), naive_digit_pairs(text));
    }

    #[test]
    fn eight_digits_is_naive(front in "[0-9]{4}[ -~]{4}", back in "[ -~]{4}[0-9]{4}") {
        let word = |text: &str| *text.as_bytes().first_chunk().unwrap();
        let (front, back) = (word(&front), word(&back));
        prop_assert_eq!(eight_digits(&front, &back), naive_eight_digits(&front, &back));
    }

    #[test]
    fn to_digits_is_naive(value in 0..100_000_000_u32, fewer in 0..27_u32) {
        for value in [value, value.wrapping_shr(fewer)] {
            prop_assert_eq!(to_digits(value), naive_to_digits(value));
        }
    }

    #[test]
    fn to_hex_digits_is_naive(value in any::<u32>(), fewer in 0..32_u32) {
        for value in [value, value >> fewer] {
            prop_assert_eq!(to_hex_digits(value), naive_to_hex_digits(value));
        }
    }

    #[test]
    fn from_bcd_pairs_is_naive(pairs in any::<[u8; 8]>()) {
        prop_assert_eq!(from_bcd_pairs(pairs), naive_from_bcd_pairs(pairs));
    }

    #[test]
    fn leading_digits_is_naive(text in eight(DIGITS)) {
        prop_assert_eq!(leading_digits(text), naive_leading_digits(text));
    }

    #[test]
    fn bcd_is_naive(text in eight(DIGITS)) {
        prop_assert_eq!(bcd(text), naive_bcd(text));
    }

    #[test]
    fn from_bcd_is_naive(bcd in any::<u32>(), digits in eight(DIGITS)) {
        for bcd in [Some(bcd), super::bcd(digits)].into_iter().flatten() {
            prop_assert_eq!(from_bcd(bcd), naive_from_bcd(bcd));
        }
    }

    #[test]
    fn is_decimal_is_naive(
        digits in eight(DIGITS),
        nibbles in any::<u64>(),
        few in any::<u64>(),
    ) {
        let both = bcd(digits).map_or(0, |bcd| u64::from(bcd) << 32 | u64::from(bcd));
        for bcd in [nibbles, both, both | nibbles & few, nibbles & 0x7777_7777_7777_7777] {
            prop_assert_eq!(is_decimal(bcd), naive_is_decimal(bcd), "{:x}", bcd);
        }
    }

    #[test]
    fn hex_word_is_naive(text in eight("0123456789abcdefABCDEF")) {
        prop_assert_eq!(hex_word(text), naive_hex_word(text));
    }

    #[test]
    fn holds_pair_is_naive(text in bytes("abcdefghijklmnopqrsx"), byte in select(EDGES)) {
        let is_such = |first, second| (first == b'x') & (second >= byte);
        prop_assert_eq!(holds_pair(&text, is_such), naive_holds_pair(&text, is_such));
    }

    #[test]
    fn are_below_is_naive(text in bytes(PRINTABLE), limit in select(EDGES)) {
        prop_assert_eq!(are_below(&text, limit), naive_are_below(&text, limit));
    }

    #[test]
    fn has_form_is_naive(
        fitting in form_and_text(),
        any in vec(select(EDGES), 11),
        damaged in any::<[bool; 11]>(),
    ) {
        let (form, fitting) = fitting;
        let mix = any.iter().zip(&fitting).zip(damaged);
        let mix: Vec<u8> = mix.map(|((&any, &fits), damaged)| if damaged { any } else { fits })
            .collect();
        let form: [u8; 11] = form.try_into().unwrap();
        for text in [fitting, any, mix] {
            let text: [u8; 11] = text.try_into().unwrap();
            prop_assert_eq!(has_form(&text, &form), naive_has_form(&text, &form));
        }
    }

    #[test]
    fn count_plain_text_is_naive(text in bytes(PRINTABLE)) {
        prop_assert_eq!(count_plain_text(&text), naive_count_plain_text(&text));
    }

    #[test]
    fn all_digits_is_naive(text in eight(DIGITS)) {
        prop_assert_eq!(all_digits(&text), naive_all_digits(&text));
    }
}
