extern crate std;
use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    /// The fast way reads what the general way reads.
    #[test]
    fn plain_decimals_are_decimals(
        text in "[0-9]{0,9}[0-9./:,\\x00\\x7F]{0,3}[0-9]{0,9}[,.#a]{0,2}[ -~]{0,12}",
    ) {
        let text = text.as_bytes();
        if let Some(PlainDecimal { value, len }) = plain_decimal(text) {
            prop_assert_eq!(Decimal::read(text), Some((value, &text[len..])));
        }
    }
}

#[test]
fn numbers() {
    assert_eq!(number(b"0042"), Some(42));
    assert_eq!(hex(b"004c87"), Some(0x4C87));
    assert_eq!(hex(b"FFFFFBFF"), Some(0xFFFF_FBFF));
    for wrong in [&b""[..], b"-1", b" 1", b"1g", b"4294967296", b"123456789"] {
        assert!(number(wrong).is_none() || hex(wrong).is_none(), "{wrong:?}");
    }
}

#[test]
fn every_digit_of_a_pair_is_read() {
    assert_eq!(pairs(b"160899"), Some([16, 8, 99]));
    for place in 0..6 {
        for byte in 0..=u8::MAX {
            let mut text = *b"160823";
            text[place] = byte;
            assert_eq!(
                pairs(&text).is_some(),
                byte.is_ascii_digit(),
                "{byte} at {place}"
            );
        }
    }
}

#[test]
fn fields() {
    let mut text = &b"a##bc"[..];
    let mut next = || next_field(&mut text, b'#');
    assert_eq!(
        [next(), next(), next(), next()],
        [&b"a"[..], b"", b"bc", b""]
    );
}

#[test]
fn plain_decimals() {
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
        let rest = text
            .split_once(',')
            .map(|(_, rest)| rest.as_bytes())
            .unwrap();
        let value = Decimal::new(mantissa, places).unwrap();
        let (read, left) = Decimal::read(text.as_bytes()).unwrap();
        assert_eq!(
            (read, left.split_first()),
            (value, Some((&b',', rest))),
            "{text}"
        );
        let len = text.len() - rest.len() - 1;
        let plain = is_plain.then_some(PlainDecimal { value, len });
        assert_eq!(plain_decimal(text.as_bytes()), plain, "{text}");
    }
    for text in ["1.2.3,......", "-12.3,......"] {
        assert_eq!(plain_decimal(text.as_bytes()), None);
    }
}
