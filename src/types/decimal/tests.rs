extern crate std;
use super::*;
use proptest::prelude::*;
use std::{format, string::ToString};

#[test]
fn reads_and_writes() {
    for (text, mantissa, places, shown) in [
        ("211.49", 21_149, 2, "211.49"),
        ("8.5400", 85_400, 4, "8.5400"),
        ("000000", 0, 0, "0"),
        (".5", 5, 1, "0.5"),
        ("99.", 99, 0, "99"),
        ("0000.0000", 0, 4, "0.0000"),
        (
            "999999999.999999999",
            999_999_999_999_999_999,
            9,
            "999999999.999999999",
        ),
        (".000000000000000001", 1, 18, "0.000000000000000001"),
    ] {
        let number = Decimal::from_ascii(text.as_bytes()).unwrap();
        assert_eq!(
            (number.mantissa(), number.places()),
            (mantissa, places),
            "{text}"
        );
        assert_eq!(number.to_string(), shown);
        assert_eq!(format!("{number:?}"), format!("Decimal({shown})"));
        assert_eq!(Decimal::new(mantissa, places), Some(number));
    }
    for text in [
        "",
        ".",
        "1.2.3",
        "-1",
        "+1",
        " 1",
        "1e3",
        "1,5",
        "0000000000000000000",
        "0000000000.000000000",
        "..1",
        "1..",
    ] {
        assert_eq!(Decimal::from_ascii(text.as_bytes()), None, "{text}");
    }
    assert_eq!(format!("{:06}", Decimal::new(854, 2).unwrap()), "008.54");
    assert_eq!(Decimal::new(1, 19), None);
    assert_eq!(Decimal::new(u64::MAX, 0), None);
}

#[test]
fn scales() {
    let number = Decimal::new(12_345, 3).unwrap();
    assert_eq!(
        [0, 1, 2, 3, 6].map(|places| number.scaled(places).unwrap()),
        [12, 123, 1235, 12_345, 12_345_000]
    );
    assert_eq!((number.whole(), number.decimals()), (12, 345));
    assert_eq!(number.scaled(18), Some(12_345_000_000_000_000_000));
    assert_eq!(
        Decimal::new(999_999_999_999_999_999, 0).unwrap().scaled(2),
        None
    );
    assert_eq!(
        Decimal::new(999_999_999_999_999_999, 18).unwrap().scaled(0),
        Some(1)
    );
    assert_eq!(number.scaled(u8::MAX), None);
}

#[test]
fn powers_of_ten() {
    for exponent in 0..=u8::MAX {
        let power = 10_u64.checked_pow(exponent.into());
        assert_eq!(wide_power_of_ten(exponent), power);
        assert_eq!(narrow_power_of_ten(exponent), power);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn the_narrow_division_is_that_of_64_bits(
        value in any::<u64>(), value_bits in 0..64_u32,
        divisor in 1..1_u64 << 63, divisor_bits in 0..63_u32,
    ) {
        let (value, divisor) = (value >> value_bits, (divisor >> divisor_bits).max(1));
        prop_assert_eq!(narrow_div_rem(value, divisor), wide_div_rem(value, divisor));
        prop_assert_eq!(narrow_div_rem(value, 0), wide_div_rem(value, 0));
    }
}
