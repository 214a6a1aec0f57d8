//! The place of a record: its numbers and letters, and the coordinates that they make.

use super::super::MARK;
use crate::{
    bytes::{
        WIDE,
        text::{PlainDecimal, plain_decimal},
        write::Writer,
    },
    types::{Decimal, Latitude, Longitude, div_rem, units_of},
};
use nom::IResult;

/// A latitude or longitude as sent: `1748.827700,E`.
///
/// ```
/// use gt02::{
///     protocol::v680::{Coordinate, CoordinateFormat},
///     types::Decimal,
/// };
/// let sent = Coordinate {
///     value: Decimal::from_ascii(b"1834.790700").unwrap(),
///     format: CoordinateFormat::Minutes,
///     positive: true,
/// };
/// assert_eq!(sent.longitude().unwrap().micro_degrees(), 18_579_845);
/// assert_eq!(Coordinate::from(sent.longitude().unwrap()), sent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Coordinate {
    /// All digits, as one number.
    pub value: Decimal,
    /// How the digits are to be read.
    pub format: CoordinateFormat,
    /// North or east.
    pub positive: bool,
}

/// How a [`Coordinate`] is written. Nothing in a record says it; both of its coordinates have one
/// format.
///
/// | longitude or latitude | both are |
/// |---|---|
/// | one of them has 4 digits or more before the point | minutes |
/// | the longitude is above 180, or the latitude above 90 | minutes |
/// | neither | degrees |
///
/// This misreads minutes without leading zeros within 1 degree of the equator and 2 degrees of the
/// prime meridian. See [the manual](crate::manual::v680), "Coordinates".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum CoordinateFormat {
    /// `dddmm.mmmm` and `ddmm.mmmm`: degrees and minutes, with 4 to 6 decimals; the degrees may
    /// come without leading zeros \[C\].
    Minutes,
    /// `ddd.dddddd`: decimal degrees \[T\].
    Degrees,
}

impl CoordinateFormat {
    #[inline]
    pub(super) fn infer(longitude: Option<Number>, latitude: Option<Number>) -> Self {
        match (longitude, latitude) {
            (Some(longitude), _) if longitude.is_more_than_degrees(180) => Self::Minutes,
            (_, Some(latitude)) if latitude.is_more_than_degrees(90) => Self::Minutes,
            _ => Self::Degrees,
        }
    }
}

impl Coordinate {
    /// Returns the coordinate as a latitude, rounded to the nearest millionth of a minute, or of a
    /// degree. Returns `None` for 60 minutes or more, and beyond 90 degrees.
    #[must_use]
    #[inline]
    pub fn latitude(&self) -> Option<Latitude> {
        Latitude::from_units(self.units()?)
    }

    /// Returns the coordinate as a longitude, rounded to the nearest millionth of a minute, or of a
    /// degree. Returns `None` for 60 minutes or more, and beyond 180 degrees.
    #[must_use]
    #[inline]
    pub fn longitude(&self) -> Option<Longitude> {
        Longitude::from_units(self.units()?)
    }

    /// Returns units of 1/3 000 000 minute; `None` for 60 minutes or more, and for 181 degrees or
    /// more.
    #[inline]
    fn units(&self) -> Option<i64> {
        let millionths = self.value.scaled(6)?;
        let (degree, minutes) = match self.format {
            CoordinateFormat::Minutes => (100_000_000, 1),
            CoordinateFormat::Degrees => (1_000_000, 60),
        };
        let (degrees, rest) = div_rem(millionths, degree)?;
        let degrees = u16::try_from(degrees)
            .ok()
            .filter(|&degrees| degrees <= 180)?;
        units_of(degrees, rest.wrapping_mul(minutes), self.positive)
    }

    /// Creates a coordinate in minutes from units of 1/3 000 000 minute.
    fn from_units(units: i64) -> Self {
        // Millionths of a minute, at most those of 180 degrees.
        let millionths = units.unsigned_abs().wrapping_add(1) / 3;
        let digits = (millionths / 60_000_000)
            .wrapping_mul(100_000_000)
            .wrapping_add(millionths % 60_000_000);
        Self {
            value: Decimal::new(digits, 6).unwrap_or_default(),
            format: CoordinateFormat::Minutes,
            positive: units >= 0,
        }
    }

    /// Writes the coordinate, if there is one, its letter and two commas; minutes with at least
    /// `digits` digits before the point.
    pub(super) fn write(
        coordinate: Option<Self>,
        digits: usize,
        [positive, negative]: [&[u8]; 2],
        writer: &mut Writer<'_>,
    ) {
        if let Some(coordinate) = coordinate {
            let width = match coordinate.format {
                CoordinateFormat::Minutes => digits,
                CoordinateFormat::Degrees => 1,
            };
            writer.put_number(coordinate.value, width);
        }
        writer.put(b",");
        if let Some(coordinate) = coordinate {
            writer.put(if coordinate.positive {
                positive
            } else {
                negative
            });
        }
        writer.put(b",");
    }
}

/// Converts to minutes, rounded to the nearest millionth of one.
impl From<Latitude> for Coordinate {
    fn from(latitude: Latitude) -> Self {
        Self::from_units(latitude.units())
    }
}

/// Converts to minutes, rounded to the nearest millionth of one.
impl From<Longitude> for Coordinate {
    fn from(longitude: Longitude) -> Self {
        Self::from_units(longitude.units())
    }
}

/// A number of a place.
#[derive(Clone, Copy)]
pub(super) struct Number {
    pub(super) value: Decimal,
    /// How many digits it has before the point.
    digits: usize,
}

impl Number {
    /// Returns `true` if this cannot be degrees, because it is padded, or above the limit.
    #[inline]
    fn is_more_than_degrees(&self, limit: u64) -> bool {
        self.digits >= 4 || self.value.whole() > limit
    }
}

/// Returns `true` if there is a comma in the field at the front of `text`.
#[cold]
pub(super) fn is_place(text: &[u8]) -> bool {
    text.iter().find(|byte| matches!(**byte, b',' | MARK)) == Some(&b',')
}

/// Reads a number, and takes the comma after it.
///
/// If there is no number before the next comma or `#`, skips what there is, and reads `None`.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn number(text: &[u8]) -> IResult<&[u8], Option<Number>, ()> {
    // Nearly all numbers are plain.
    if WIDE {
        if let Some(PlainDecimal { value, len }) = plain_decimal(text) {
            if let Some(rest @ [b',' | MARK, ..]) = text.get(len..) {
                let places = usize::from(value.places());
                let point = usize::from(places > 0);
                let digits = len.wrapping_sub(places).wrapping_sub(point);
                return Ok((without_comma(rest), Some(Number { value, digits })));
            }
        }
    }
    any_number(text)
}

/// Reads a number as [`number`] does, plain or not.
#[inline(never)]
fn any_number(text: &[u8]) -> IResult<&[u8], Option<Number>, ()> {
    let Some((value, rest @ [b',' | MARK, ..])) = Decimal::read(text) else {
        return Ok((skip(text), None));
    };
    let places = usize::from(value.places());
    let len = text.len().wrapping_sub(rest.len());
    // The point is one more byte, also where nothing follows it.
    let has_point = places > 0 || text.get(len.wrapping_sub(1)) == Some(&b'.');
    let digits = len.wrapping_sub(places).wrapping_sub(has_point.into());
    Ok((without_comma(rest), Some(Number { value, digits })))
}

/// Reads one of two letters, and takes the comma after it: `true` for `positive`.
///
/// If there is something else before the next comma or `#`, skips it, and reads `None`.
#[inline]
pub(super) fn letter<'a>(
    positive: u8,
    negative: u8,
) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Option<bool>, ()> {
    move |text| match text {
        [letter, rest @ ..]
            if (*letter == positive || *letter == negative)
                && matches!(rest, [b',' | MARK, ..]) =>
        {
            Ok((without_comma(rest), Some(*letter == positive)))
        }
        _ => Ok((skip(text), None)),
    }
}

/// Returns what follows the next comma, or the next `#` and all after it.
#[cold]
fn skip(text: &[u8]) -> &[u8] {
    let end = text
        .iter()
        .position(|byte| matches!(byte, b',' | &MARK))
        .unwrap_or(text.len());
    without_comma(text.get(end..).unwrap_or_default())
}

/// Returns `text` without the comma at its front, if there is one.
#[inline]
const fn without_comma(text: &[u8]) -> &[u8] {
    match text {
        [b',', rest @ ..] | rest => rest,
    }
}
