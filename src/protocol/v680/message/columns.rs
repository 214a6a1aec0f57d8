//! The quick way to read a record: that of one whose place stands in columns.
//!
//! Nearly all devices fill degrees and minutes up, and send four decimals, so a few words at known
//! places hold them:
//!
//! ```text
//! 240024ac10fe57#11358.3238,E,2240.5518,N,12.50,348.00#200417#125532.000##
//! ```
//!
//! Covered are any cells; `DDDMM.MMMM` and `DDMM.MMMM`; any usual speed and course; date and time.
//! All else is read in the [general way](super::record::Record::read_any), to which this is equal
//! where it finds a record: the test below holds it to that.

use super::{
    super::{MARK, MAX_LBS},
    coordinate::{Coordinate, CoordinateFormat},
    record::{Record, date_time, field},
};
use crate::{
    bytes::{
        swar::{eight_digits, has_form},
        text::plain_decimal,
    },
    types::{Decimal, Text},
};

/// Reads the record at the front of `text`.
#[inline(always)]
pub(super) fn read(text: &[u8]) -> Option<(&[u8], Record<'_>)> {
    let (rest, lbs) = field(text).ok()?;
    let (place, rest) = rest.split_first_chunk::<25>()?;
    if !has_form(place, b"00000.0000,A,0000.0000,A,") {
        return None;
    }
    let (&[hundreds], &[east], &[north]) = (at(place, 0)?, at(place, 11)?, at(place, 23)?);
    let longitude = u64::from(hundreds & 0x0F)
        .wrapping_mul(100_000_000)
        .wrapping_add(eight_digits(at(place, 1)?, at(place, 2)?));
    let latitude = eight_digits(at(place, 13)?, at(place, 14)?);
    let (rest, speed) = number(rest, b',')?;
    let (rest, course) = number(rest, MARK)?;
    let (rest, date) = field(rest).ok()?;
    let (rest, time) = field(rest).ok()?;
    if !matches!((east, north), (b'E' | b'W', b'N' | b'S')) {
        return None;
    }
    let coordinate = |digits, positive| {
        Some(Coordinate {
            value: Decimal::new(digits, 4)?,
            format: CoordinateFormat::Minutes,
            positive,
        })
    };
    let record = Record {
        lbs: Text::Bytes(lbs),
        extra: None,
        longitude: coordinate(longitude, east == b'E'),
        latitude: coordinate(latitude, north == b'N'),
        speed: Some(speed),
        course: Some(course),
        date_time: date_time(date, time),
    };
    Some((rest, record))
}

/// `N` bytes of the place.
#[inline(always)]
fn at<const N: usize>(place: &[u8; 25], at: usize) -> Option<&[u8; N]> {
    place.get(at..)?.first_chunk()
}

/// Reads a number that ends with `end`.
#[inline(always)]
fn number(text: &[u8], end: u8) -> Option<(&[u8], Decimal)> {
    let number = plain_decimal(text)?;
    match text.get(number.len..)? {
        [byte, rest @ ..] if *byte == end => Some((rest, number.value)),
        _ => None,
    }
}

/// Whether a record reads back as it is written, after a usual header: it has a cell, a place in
/// minutes, speed, course, date and time, and as many digits as devices send.
///
/// The [encoder](super::Report::encode) reads back any other report that it has written, which
/// takes as long as to write it.
#[inline]
pub(super) fn reads_back(record: &Record<'_>) -> bool {
    let Record {
        lbs,
        extra: None,
        longitude: Some(longitude),
        latitude: Some(latitude),
        speed: Some(speed),
        course: Some(course),
        date_time: Some(_),
    } = record
    else {
        return false;
    };
    let lbs = lbs.as_bytes();
    let is_of_a_cell = |byte: &u8| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'f');
    // At most 12 digits before the point and 7 after it.
    let is_usual =
        |number: Decimal| (number.mantissa() < 1_000_000_000_000) & (number.places() < 8);
    let are_minutes = |coordinate: &Coordinate| {
        coordinate.format == CoordinateFormat::Minutes && is_usual(coordinate.value)
    };
    (1..=MAX_LBS).contains(&lbs.len())
        && lbs.iter().fold(true, |all, byte| all & is_of_a_cell(byte))
        && are_minutes(longitude)
        && are_minutes(latitude)
        && is_usual(*speed)
        && is_usual(*course)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{
        bytes::{WIDE, write::Writer},
        protocol::v680::{Frame, Message, Records, Report},
        types::{DateTime, Protocol},
    };
    use proptest::{collection::vec, option::weighted, prelude::*, sample::select};
    use std::{string::String, vec::Vec};

    fn numbers() -> impl Strategy<Value = Decimal> {
        let mantissa = prop_oneof![
            4 => 0..20_000_000_u64,
            1 => 0..2_000_000_000_000_u64,
            1 => any::<u64>(),
        ];
        (mantissa, 0..10_u8).prop_filter_map("it fits", |(mantissa, places)| {
            Decimal::new(mantissa, places)
        })
    }

    fn coordinates() -> impl Strategy<Value = Option<Coordinate>> {
        let formats = prop_oneof![
            8 => Just(CoordinateFormat::Minutes),
            1 => Just(CoordinateFormat::Degrees),
        ];
        let coordinate = |(value, format, positive)| Coordinate {
            value,
            format,
            positive,
        };
        weighted(
            0.99,
            (numbers(), formats, any::<bool>()).prop_map(coordinate),
        )
    }

    fn times() -> impl Strategy<Value = Option<DateTime>> {
        let time = |[year, month, day, hour, minute, second]: [u8; 6]| DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        };
        weighted(0.99, prop::array::uniform6(0..100_u8).prop_map(time))
    }

    prop_compose! {
        fn records()(
            lbs in "[0-9a-f]{14}|[0-9A-F]{8}|V|[0-9A-Z]{0,20}|[ -~]{0,20}|[0-9]{127,130}",
            extra in weighted(0.05, Just(Text::Bytes(b"V"))),
            longitude in coordinates(),
            latitude in coordinates(),
            speed in weighted(0.99, numbers()),
            course in weighted(0.99, numbers()),
            date_time in times(),
        ) -> (String, Record<'static>) {
            let record = Record {
                lbs: Text::Bytes(b""), extra, longitude, latitude, speed, course, date_time,
            };
            (lbs, record)
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        /// What is read in columns is what is read in the general way.
        #[test]
        fn columns_are_the_general_way(
            text in "([0-9a-f]{14}|[0-9a-f]{8}|)#\
                     [0-9]{5}\\.[0-9]{4},[EWQ],[0-9]{4}\\.[0-9]{4},[NS0],\
                     [0-9]{1,3}(\\.[0-9]{0,3})?,[0-9]{0,3}(\\.[0-9]{2})?,?#\
                     [0-9]{5,7}#[0-9]{6}(\\.[0-9]{3})?#(#|[0-9a-f]{8}#1)?",
            damage in weighted(
                0.3,
                (any::<prop::sample::Index>(), select(&b" ,.-0A#"[..])),
            ),
        ) {
            let mut bytes = Vec::from(text);
            if let Some((at, byte)) = damage {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some((rest, record)) = read(&bytes) {
                prop_assert_eq!(Record::read_any(&bytes), Ok((rest, record)));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        /// What need not be read back does read back.
        #[test]
        fn what_reads_back_is_the_same(
            device in "[0-9]{15}|[0-9]{9,15}",
            user in "[a-z]{0,2}",
            flag in prop_oneof![8 => 0..10_u8, 1 => 0..100_u8],
            password in "[0-9]{4}|[0-9]{4}|[0-9]{0,6}",
            event in "[A-Z]{3}|[A-Z]{3}|[A-Z]{1,5}",
            more in prop_oneof![8 => Just(0_u8), 1 => 0..3_u8],
            records in prop_oneof![
                8 => vec(records(), 1..4),
                1 => vec(records(), 9..12),
            ],
        ) {
            let built: Vec<_> = records
                .iter()
                .map(|(lbs, record)| Record { lbs: Text::Bytes(lbs.as_bytes()), ..*record })
                .collect();
            let report = Report {
                device: device.parse().unwrap(),
                user: Text::Bytes(user.as_bytes()),
                flag,
                password: Text::Bytes(password.as_bytes()),
                event: Text::Bytes(event.as_bytes()),
                count: (built.len() as u8).saturating_add(more),
                records: Records::new(&built),
            };
            let mut out = std::vec![0; 4096];
            let mut writer = Writer::new(&mut out);
            let reads_back = report.check().and_then(|()| report.write(&mut writer));
            if reads_back == Ok(true) {
                let written = writer.finish().unwrap();
                prop_assert_eq!(report.read_back(written), Ok(written.len()));
            }
        }
    }

    /// Usual reports need not be read back.
    #[test]
    fn usual_reports_read_back() {
        let text = b"#355488020168617##1#0000#AUT#01#260001a412966f\
            #01834.790700,E,5302.748800,N,0.00,0.00#310316#174538.000##";
        let Message::Report(report) = Message::read(&Frame::from_candidate(text)) else {
            panic!("it is a report");
        };
        let is_known = WIDE && Protocol::V680.is_enabled();
        assert_eq!(report.write(&mut Writer::new(&mut [])), Ok(is_known));
    }

    /// Usual records are in columns.
    #[test]
    fn usual_records_are_in_columns() {
        for text in [
            &b"240024ac10fe57#11358.3238,E,2240.5518,N,12.50,348.00#200417#125532.000##"[..],
            b"#00854.2262,W,5129.9345,S,0,0#160823#162911##",
        ] {
            assert!(read(text).is_some());
        }
    }
}
