extern crate std;
use super::*;
use std::string::ToString;

fn at(year: u8, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> DateTime {
    DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    }
}

#[test]
fn known_instants() {
    // date -u -d @N
    for (time, unix) in [
        (at(0, 1, 1, 0, 0, 0), 946_684_800),
        (at(0, 2, 29, 23, 59, 59), 951_868_799),
        (at(0, 3, 1, 0, 0, 0), 951_868_800),
        (at(13, 1, 15, 19, 32, 11), 1_358_278_331),
        (at(24, 12, 31, 23, 59, 59), 1_735_689_599),
        (at(26, 11, 22, 0, 0, 0), 1_795_305_600),
        (at(99, 12, 31, 0, 0, 0), 4_102_358_400),
        (at(100, 3, 1, 0, 0, 0), 4_107_542_400),
        (at(101, 1, 1, 0, 0, 0), 4_133_980_800),
        (at(204, 2, 29, 0, 0, 0), 7_389_360_000),
    ] {
        assert_eq!(time.to_unix(UtcOffset::UTC), Some(unix), "{time}");
    }
}

#[test]
fn days_follow_each_other() {
    let mut expected = 946_684_800;
    for year in 0..=255 {
        for month in 1..=13 {
            for day in 0..=32 {
                let time = at(year, month, day, 0, 0, 0);
                if let Some(unix) = time.to_unix(UtcOffset::UTC) {
                    assert_eq!(unix, expected, "{time}");
                    expected += 86_400;
                }
            }
        }
    }
    assert_eq!(
        expected,
        at(255, 12, 31, 0, 0, 0).to_unix(UtcOffset::UTC).unwrap() + 86_400
    );
}

#[test]
fn impossible_dates() {
    for time in [
        at(13, 0, 1, 0, 0, 0),
        at(13, 13, 1, 0, 0, 0),
        at(13, 1, 0, 0, 0, 0),
        at(13, 2, 29, 0, 0, 0),
        at(13, 4, 31, 0, 0, 0),
        at(100, 2, 29, 0, 0, 0),
        at(13, 1, 1, 24, 0, 0),
        at(13, 1, 1, 0, 60, 0),
        at(13, 1, 1, 0, 0, 60),
        at(255, 255, 255, 255, 255, 255),
    ] {
        assert!(!time.is_valid(), "{time:>30}");
        assert_eq!(time.to_unix(UtcOffset::UTC), None, "{time}");
    }
}

#[test]
fn unix_time_both_ways() {
    let first = at(0, 1, 1, 0, 0, 0).to_unix(UtcOffset::UTC).unwrap();
    let last = at(255, 12, 31, 23, 59, 59).to_unix(UtcOffset::UTC).unwrap();
    let east = "+05:45".parse().unwrap();
    // A prime number of seconds, a little more than eleven hours.
    for seconds in (first..=last).step_by(40_009).chain([first, last]) {
        let time = DateTime::from_unix(seconds, UtcOffset::UTC).unwrap();
        assert!(time.is_valid(), "{time}");
        assert_eq!(time.to_unix(UtcOffset::UTC), Some(seconds), "{time}");
        if let Some(time) = DateTime::from_unix(seconds, east) {
            assert_eq!(time.to_unix(east), Some(seconds), "{time}");
        }
    }
    for seconds in [i64::MIN, -1, 0, first - 1, last + 1, i64::MAX] {
        assert_eq!(
            DateTime::from_unix(seconds, UtcOffset::UTC),
            None,
            "{seconds}"
        );
    }
}

#[test]
fn dates_that_do_not_exist_are_refused() {
    assert_eq!(
        DateTime::new(2024, 2, 29, 23, 59, 59),
        Some(at(24, 2, 29, 23, 59, 59))
    );
    for (year, month, day, hour) in [
        (1999, 12, 31, 0),
        (2256, 1, 1, 0),
        (2023, 2, 29, 0),
        (2023, 255, 1, 0),
        (2023, 1, 1, 24),
    ] {
        assert_eq!(DateTime::new(year, month, day, hour, 0, 0), None);
    }
}

#[cfg(feature = "std")]
#[test]
fn system_times() {
    use std::time::{Duration, UNIX_EPOCH};
    let at_second = |seconds| DateTime::try_from(UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!(at_second(1_358_249_531), Ok(at(13, 1, 15, 11, 32, 11)));
    assert_eq!(at_second(0), Err(TimeRangeError));
    assert_eq!(
        DateTime::try_from(UNIX_EPOCH - Duration::from_secs(1)),
        Err(TimeRangeError)
    );
}

#[test]
fn offsets() {
    for (text, minutes, shown) in [
        ("Z", 0, "+00:00"),
        ("+08:00", 480, "+08:00"),
        ("+8", 480, "+08:00"),
        ("-0330", -210, "-03:30"),
        ("+5:45", 345, "+05:45"),
        ("-18:00", -1080, "-18:00"),
    ] {
        let offset: UtcOffset = text.parse().unwrap();
        assert_eq!(offset.minutes(), minutes, "{text}");
        assert_eq!(offset.to_string(), shown);
    }
    for text in [
        "", "8", "08:00", "+", "+8:", "+8:0", "+19:00", "+18:01", "+08:60", "+123", "+12345",
        "+0x", "+:00",
    ] {
        assert_eq!(
            text.parse::<UtcOffset>(),
            Err(ParseError::UtcOffset),
            "{text}"
        );
    }
    let noon = at(20, 1, 1, 12, 0, 0);
    let [east, utc] = ["+08:00", "Z"].map(|offset| noon.to_unix(offset.parse().unwrap()).unwrap());
    assert_eq!(
        east - utc,
        -8 * 3600,
        "a clock ahead of UTC shows noon earlier"
    );
}

/// Two digits of each field, three where it has them.
#[test]
fn every_field_is_written() {
    for n in 0..=u8::MAX {
        let year = 2000 + u16::from(n);
        let text = std::format!("{year}-{n:02}-{n:02}T{n:02}:{n:02}:{n:02}");
        assert_eq!(at(n, n, n, n, n, n).to_string(), text);
    }
}
