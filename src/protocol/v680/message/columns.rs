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
    super::MARK,
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

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::{prelude::*, sample::select};
    use std::vec::Vec;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        /// What is read in columns is what is read in the general way.
        #[test]
        fn columns_are_the_general_way(
            text in "([0-9a-f]{14}|[0-9a-f]{8}|)#\
                     [0-9]{5}\\.[0-9]{4},[EWQ],[0-9]{4}\\.[0-9]{4},[NS0],\
                     [0-9]{1,3}(\\.[0-9]{0,3})?,[0-9]{0,3}(\\.[0-9]{2})?,?#\
                     [0-9]{5,7}#[0-9]{6}(\\.[0-9]{3})?#(#|[0-9a-f]{8}#1)?",
            damage in proptest::option::weighted(
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
