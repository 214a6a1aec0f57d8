extern crate std;
use super::*;
use std::string::ToString;

#[test]
fn bcd_both_ways() {
    let bytes = [0x08, 0x64, 0x71, 0x70, 0x03, 0x45, 0x58, 0x33];
    let id = DeviceId::from_bcd(bytes, 15).unwrap();
    assert_eq!(id.to_string(), "864717003455833");
    assert_eq!(std::format!("[{id:>17}]"), "[  864717003455833]");
    assert_eq!(id.as_u64(), 864_717_003_455_833);
    assert_eq!(id.to_bcd(), bytes);
    assert_eq!(id, "864717003455833".parse().unwrap());
    assert_eq!(DeviceId::from_bcd(bytes, 14), None);
    assert_eq!(DeviceId::from_bcd(bytes, 0), None);
    assert_eq!(DeviceId::from_bcd(bytes, 17), None);
    assert_eq!(
        DeviceId::from_bcd([0x99; 8], 16).unwrap().to_string(),
        "9999999999999999"
    );
}

#[test]
fn text_both_ways() {
    for text in ["0", "027042411793", "000000000000", "1234567890123456"] {
        assert_eq!(text.parse::<DeviceId>().unwrap().to_string(), text);
    }
    for text in ["", "12a", "12345678901234567", " 1", "١"] {
        assert_eq!(
            text.parse::<DeviceId>(),
            Err(ParseError::DeviceId),
            "{text}"
        );
    }
    assert_ne!("01".parse::<DeviceId>(), "1".parse());
}

#[test]
fn every_digit_of_a_text_is_read() {
    for digits in 1..=16 {
        let text = &b"9182736450918273"[..digits];
        let id = DeviceId::from_ascii(text).unwrap();
        assert_eq!(id.to_string().as_bytes(), text);
        assert_eq!(usize::from(id.digit_count()), digits);
        for place in 0..digits {
            for byte in 0..=u8::MAX {
                let mut text = text.to_vec();
                text[place] = byte;
                assert_eq!(
                    DeviceId::from_ascii(&text).is_some(),
                    byte.is_ascii_digit(),
                    "{byte} at {place} of {digits}"
                );
            }
        }
    }
}

#[test]
fn check_digit() {
    // IMEIs of real devices.
    for imei in ["864717003455833", "358899058314017", "868120156209352"] {
        assert!(imei.parse::<DeviceId>().unwrap().is_imei(), "{imei}");
    }
    for other in [
        "864717003455834",
        "846717003455833",
        "64717003455833",
        "0864717003455833",
    ] {
        assert!(!other.parse::<DeviceId>().unwrap().is_imei(), "{other}");
    }
}
