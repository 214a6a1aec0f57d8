extern crate std;
use super::read::{by_grammar, columns};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

    #[test]
    fn columns_read_what_the_grammar_reads(
        front in "[0-9 ]{6}[AV][0-9]{4}\\.[0-9]{3}[0-9 .][NS][0-9]{5}\\.[0-9]{4}[EW]",
        speed_and_clock in "[0-9]{3}\\.[0-9][0-9]{6}",
        course in "[0-9]{3}\\.[0-9]{2}|[0-9]{2}\\.[0-9]{3}|[0-9]\\.[0-9]{4}|[0-9.]{6}",
        back in ",?[0-9A-F]{8}L[0-9A-Fa-f]{0,9}(T0CD)?",
        damage in prop::option::weighted(0.3, (any::<prop::sample::Index>(), b' '..=b'~')),
    ) {
        let mut text = [front, speed_and_clock, course, back].concat().into_bytes();
        if let Some((at, byte)) = damage {
            let at = at.index(text.len());
            text[at] = byte;
        }
        if let Some(block) = columns(&text) {
            prop_assert_eq!(block, by_grammar(&text));
        }
    }
}

#[test]
fn ordinary_blocks_stand_in_their_columns() {
    // docs/protocols/tk103.md, "The location block".
    for text in [
        &b"141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000"[..],
        b"160823A5129.9345N00854.2262E001.9162911121.39,00000000L00000000",
        b"101130A2234.0270N11405.9126E000.00623168.5400000005AEL0000067ET0CD",
    ] {
        assert!(columns(text).is_some());
    }
}
