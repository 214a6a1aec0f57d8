use super::*;

#[test]
fn limits() {
    assert_eq!(
        Latitude::from_thirty_thousandths(162_000_000, true)
            .unwrap()
            .degrees(),
        90.0
    );
    assert_eq!(Latitude::from_thirty_thousandths(162_000_001, true), None);
    assert_eq!(
        Longitude::from_thirty_thousandths(324_000_000, false)
            .unwrap()
            .degrees(),
        -180.0
    );
    assert_eq!(Longitude::from_thirty_thousandths(324_000_001, false), None);
    assert_eq!(Longitude::from_thirty_thousandths(u32::MAX, false), None);
    assert_eq!(Latitude::from_units(i64::MIN), None);
    assert_eq!(
        Latitude::from_units(-16_200_000_000)
            .unwrap()
            .micro_degrees(),
        -90_000_000
    );
    assert_eq!(
        Longitude::from_units(32_400_000_000)
            .unwrap()
            .micro_degrees(),
        180_000_000
    );
}

#[test]
fn text_forms() {
    let decimal = |text: &str| Decimal::from_ascii(text.as_bytes()).unwrap();
    // `docs/protocols/tk103.md`, "The location block", and `v680.md`, "Coordinates".
    assert_eq!(
        Latitude::from_degrees_and_minutes(48, decimal("18.7787"), true)
            .unwrap()
            .micro_degrees(),
        48_312_978
    );
    assert_eq!(
        Longitude::from_degrees_and_minutes(110, decimal("56.368700"), false)
            .unwrap()
            .micro_degrees(),
        -110_939_478
    );
    assert_eq!(
        Longitude::from_decimal_degrees(decimal("114.036291"), true)
            .unwrap()
            .micro_degrees(),
        114_036_291
    );
    assert_eq!(
        Latitude::from_degrees_and_minutes(55, decimal("62.0287"), true),
        None
    );
    assert_eq!(
        Latitude::from_degrees_and_minutes(90, decimal("0.0001"), true),
        None
    );
    assert_eq!(
        Latitude::from_degrees_and_minutes(u16::MAX, decimal("59.9999"), false),
        None
    );
    assert_eq!(
        Latitude::from_degrees_and_minutes(90, decimal("0.0000"), false)
            .unwrap()
            .degrees(),
        -90.0
    );
    assert_eq!(
        Longitude::from_decimal_degrees(decimal("180.000001"), true),
        None
    );
    assert_eq!(
        Longitude::from_decimal_degrees(Decimal::new(999_999_999_999_999_999, 0).unwrap(), true),
        None
    );
}

#[test]
fn micro_degrees_round_to_the_nearest() {
    let mut units = -32_400_000_000_i64;
    while units <= 32_400_000_000 {
        let exact = (units.abs() + 90) / 180 * units.signum();
        assert_eq!(i64::from(to_micro_degrees(units)), exact, "{units}");
        units += 7_919_557;
    }
    for (units, micro) in [
        (0, 0),
        (89, 0),
        (90, 1),
        (-89, 0),
        (-90, -1),
        (180, 1),
        (269, 1),
        (270, 2),
    ] {
        assert_eq!(to_micro_degrees(units), micro, "{units}");
    }
}
