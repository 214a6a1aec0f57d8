//! The quick ways to read a location, that of a text whose fields stand in columns, and to see that
//! one reads back as it is written.
//!
//! Nearly all devices fill the fields up to a fixed width, so a few words at known places hold
//! them:
//!
//! ```text
//! *HQ,4109179024,V1,125532,A,2240.5518,N,11358.3238,E,000.12,348,200417,FFFFFBFF#
//! ```
//!
//! Covered are ids of 10 and of 15 digits; the types `V1`, `V2`, `V3`, `V5`, `V6` and `V8`; `A` or
//! `V`; 4 or 5 decimals of a minute; any usual speed and course; no battery; any fields after the
//! status. All else is read in the [general way](super::Message::read), to which this is equal
//! where it finds a location: the test below holds it to that.

use super::{
    fields::{plain_number, three_pairs},
    location::{Location, LocationKind},
    status::Status,
};
use crate::{
    bytes::swar::{eight_digits, has_form, hex_word},
    protocol::h02::{Date, Fields, Gps, Header, Id, Maker, TimeOfDay},
    types::{Decimal, DeviceId},
};

/// Reads the location of a text in columns.
#[inline(always)]
pub(super) fn read(frame: &[u8]) -> Option<Location<'_>> {
    let [b'*', a, b, b',', content @ .., b'#'] = frame else {
        return None;
    };
    let maker = Maker::from_letters([*a, *b])?;
    let (id, rest) = match (content.get(10), content.get(15)) {
        (Some(b','), _) => content.split_at_checked(10)?,
        (_, Some(b',')) => content.split_at_checked(15)?,
        _ => return None,
    };
    let id = DeviceId::from_ascii(id)?;

    let (front, rest) = rest.split_first_chunk::<22>()?;
    if !has_form(front, b",A0,000000,A,0000.0000") {
        return None;
    }
    let &[
        _,
        _,
        digit,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        fix,
        _,
        ref latitude @ ..,
    ] = front;
    let kind = LocationKind::from_code(&[b'V', digit]).filter(|_| front.get(1) == Some(&b'V'))?;
    let (_, time) = three_pairs(front.get(3..)?).ok()?;
    let [hour, minute, second] = time?;
    let latitude = eight_digits(latitude.first_chunk()?, latitude.last_chunk()?);
    let (latitude, rest) = with_fifth_decimal(latitude, rest)?;

    let (middle, rest) = rest.split_first_chunk::<13>()?;
    if !has_form(middle, b",A,00000.0000") {
        return None;
    }
    let &[_, north, _, hundreds, ref longitude @ ..] = middle;
    let longitude = eight_digits(longitude.first_chunk()?, longitude.last_chunk()?);
    let longitude = u64::from(hundreds & 0x0F)
        .wrapping_mul(100_000_000)
        .wrapping_add(longitude);
    let (longitude, rest) = with_fifth_decimal(longitude, rest)?;

    let (&[b',', east], rest) = rest.split_first_chunk()? else {
        return None;
    };
    let (rest, speed) = plain_number(rest).ok()?;
    let (rest, course) = plain_number(rest).ok()?;
    let (rest, date) = three_pairs(rest).ok()?;
    let (&[b',', ref status @ ..], extras) = rest.split_first_chunk::<9>()? else {
        return None;
    };
    let status = Status(hex_word(*status)?);
    let are_usual = matches!(fix, b'A' | b'V')
        & matches!(north, b'N' | b'S')
        & matches!(east, b'E' | b'W')
        & matches!(extras, [] | [b',', ..]);
    if !are_usual {
        return None;
    }
    let gps = Gps {
        time: Some(TimeOfDay {
            hour,
            minute,
            second,
        }),
        fix: Some(fix),
        latitude: Some(latitude),
        latitude_letter: Some(north),
        longitude: Some(longitude),
        longitude_letter: Some(east),
        speed: Some(speed),
        course: Some(course),
        battery: None,
        date: Some(Date::from_pairs(date?)),
    };
    Some(Location {
        header: Header {
            maker,
            id: Id::Number(id),
        },
        kind,
        gps,
        status: Some(status),
        extras: Fields(extras),
    })
}

/// Whether a location reads back as it is written: all of its fields are there, with usual letters
/// and as many digits as devices send, and nothing else is.
///
/// The [encoder](super::Message::encode) reads back any other message that it has written, which
/// takes several times as long.
#[inline]
pub(super) fn reads_back(location: &Location<'_>) -> bool {
    let Location {
        header: Header { maker: _, id },
        kind: _,
        gps,
        status,
        extras,
    } = location;
    let Gps {
        time: Some(time),
        fix: Some(b'A' | b'V'),
        latitude: Some(latitude),
        latitude_letter: Some(b'N' | b'S'),
        longitude: Some(longitude),
        longitude_letter: Some(b'E' | b'W'),
        speed: Some(speed),
        course: Some(course),
        battery: None,
        date: Some(date),
    } = gps
    else {
        return false;
    };
    // At most 12 digits before the point and 7 after it.
    let is_usual =
        |number: &Decimal| (number.mantissa() < 1_000_000_000_000) & (number.places() < 8);
    let pairs = [
        time.hour,
        time.minute,
        time.second,
        date.day,
        date.month,
        date.year,
    ];
    matches!(id, Id::Number(_))
        && status.is_some()
        && extras.0.is_empty()
        && pairs.iter().fold(true, |all, &pair| all & (pair <= 99))
        && [latitude, longitude, speed, course].into_iter().all(is_usual)
        // Without a point the last four digits would be decimals.
        && latitude.places() > 0
        && longitude.places() > 0
}

/// Returns the number with four decimals that these digits make, or with five if there is one more
/// at the front of `text`; and what follows.
#[inline(always)]
fn with_fifth_decimal(digits: u64, text: &[u8]) -> Option<(Decimal, &[u8])> {
    match text {
        [digit @ b'0'..=b'9', rest @ ..] => {
            // Ten digits at most.
            let digits = digits.wrapping_mul(10).wrapping_add((digit & 0x0F).into());
            Some((Decimal::new(digits, 5)?, rest))
        }
        _ => Some((Decimal::new(digits, 4)?, text)),
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{
        Protocol,
        bytes::WIDE,
        protocol::h02::{Frame, Message},
    };
    use proptest::{prelude::*, sample::select};
    use std::{format, string::String, vec::Vec};

    /// Texts in columns, except for a field now and then.
    fn texts() -> impl Strategy<Value = String> {
        let field = |usual: &'static str, other: &'static str| {
            let of = |pattern| proptest::string::string_regex(pattern).unwrap();
            prop_oneof![15 => of(usual), 1 => of(other)]
        };
        let front = (
            field("HQ|TH", "hq|ZZ"),
            field("[0-9]{10}|[0-9]{15}", "[0-9]{9}|[0-9]{11}|[A-Z]{10}"),
            field("V[123568]", "V[0479]|W1|VI1"),
            field("[0-9]{6}", "[0-9]{5}"),
        );
        let place = (
            field("[AV]", "B|"),
            field("[0-9]{4}\\.[0-9]{4,5}", "[0-9]{2,6}(\\.[0-9]{3,6})?"),
            field("[NS]", "0|"),
            field("[0-9]{5}\\.[0-9]{4,5}", "[0-9]{2,6}(\\.[0-9]{3,6})?"),
            field("[EW]", "0|Q|"),
        );
        let back = (
            field("[0-9]{1,4}(\\.[0-9]{1,3})?", "[0-9]{0,8}\\."),
            field("[0-9]{1,3}(\\.[0-9]{2})?", "|[0-9]{3},[0-9]{2}"),
            field("[0-9]{6}", "[0-9]{5}"),
            field("[0-9A-Fa-f]{8}", "[0-9A-F]{7}"),
            field("(,[0-9A-F]{0,4}){0,5}", "x"),
        );
        (front, place, back).prop_map(|(front, place, back)| {
            let (maker, id, code, time) = front;
            let (fix, latitude, north, longitude, east) = place;
            let (speed, course, date, status, extras) = back;
            let front = format!("*{maker},{id},{code},{time},{fix},{latitude},{north}");
            format!("{front},{longitude},{east},{speed},{course},{date},{status}{extras}#")
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        /// What is read in columns is what is read in the general way.
        #[test]
        fn columns_are_the_general_way(
            text in texts(),
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
            if let Some(location) = read(&bytes) {
                let general = Message::read_any::<true, true>(&Frame::from_candidate(&bytes));
                prop_assert_eq!(Message::Location(location), general);
            }
        }
    }

    fn decimal() -> impl Strategy<Value = Option<Decimal>> {
        let mantissa = prop_oneof![0..1000_u64, 0..1_000_000_000_u64, 0..10_000_000_000_000_u64];
        (mantissa, 0..10_u8).prop_map(|(mantissa, places)| Decimal::new(mantissa, places))
    }

    fn locations() -> impl Strategy<Value = Location<'static>> {
        let letter = |letters: &'static [Option<u8>]| select(letters);
        let gps = (
            proptest::option::weighted(0.95, [0..102_u8, 0..102, 0..102]),
            letter(&[Some(b'A'), Some(b'V'), Some(b'B'), None]),
            (decimal(), letter(&[Some(b'N'), Some(b'S'), Some(b'0')])),
            (decimal(), letter(&[Some(b'E'), Some(b'W'), None])),
            (decimal(), decimal()),
            proptest::option::weighted(0.05, 0..102_u8),
            proptest::option::weighted(0.95, [0..102_u8, 0..102, 0..102]),
        )
            .prop_map(
                |(time, fix, latitude, longitude, motion, battery, date)| Gps {
                    time: time.map(|[hour, minute, second]| TimeOfDay {
                        hour,
                        minute,
                        second,
                    }),
                    fix,
                    latitude: latitude.0,
                    latitude_letter: latitude.1,
                    longitude: longitude.0,
                    longitude_letter: longitude.1,
                    speed: motion.0,
                    course: motion.1,
                    battery,
                    date: date.map(Date::from_pairs),
                },
            );
        let id = proptest::string::string_regex("[0-9]{1,16}").unwrap();
        let id = id.prop_map(|id| Id::Number(id.parse().unwrap()));
        let kind = select(&[LocationKind::V1, LocationKind::V3, LocationKind::Vi1][..]);
        let maker = select(&Maker::ALL[..]);
        let status = proptest::option::weighted(0.95, any::<u32>().prop_map(Status));
        let extras = select(&[Fields(b""), Fields(b""), Fields(b",1"), Fields(b"x")][..]);
        (maker, id, kind, gps, status, extras).prop_map(|(maker, id, kind, gps, status, extras)| {
            Location {
                header: Header { maker, id },
                kind,
                gps,
                status,
                extras,
            }
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        /// What need not be read back does read back.
        #[test]
        fn what_reads_back_is_the_same(location in locations()) {
            let message = Message::Location(location);
            let mut out = [0; 256];
            let encoded = message.encode_in_general(&mut out);
            if reads_back(&location) && Protocol::H02.is_enabled() {
                prop_assert_eq!(encoded, Ok(message.encoded_len()));
            }
        }
    }

    /// The frames of real devices are in columns.
    #[test]
    fn usual_texts_are_in_columns() {
        if !WIDE {
            // Nothing is read so there.
            return;
        }
        for text in [
            "*HQ,4109179024,V1,125532,A,2240.5518,N,11358.3238,E,000.12,348,200417,FFFFFBFF#",
            "*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,0.00,0,100815,FFFFFBFF#",
            "*HQ,4106012736,V1,224434,V,1827.3855,S,06705.7577,W,000.00,000,100117,\
             FFFFFBFF,310,410,0,0,6#",
        ] {
            let location = read(text.as_bytes()).unwrap();
            assert_eq!(
                reads_back(&location),
                location.extras.0.is_empty(),
                "{text}"
            );
        }
    }
}
