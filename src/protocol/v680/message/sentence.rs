//! The sentences of lines.

use super::{
    coordinate::{Coordinate, CoordinateFormat, letter, number},
    record::{date_time, scaled},
};
use crate::{
    bytes::text::{self, next_field},
    types::{AccessPoint, Course, DateTime, MacAddress, Position, Speed},
};
use nom::{IResult, Parser, branch::alt, combinator::map};

/// What the sentence of a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Sentence<'a> {
    /// `GPRMC`: where the device is.
    Gprmc(Gprmc),
    /// `WIFI`: the access points that it sees.
    Wifi(Wifi<'a>),
}

impl<'a> Sentence<'a> {
    /// Reads the text between `$` and `*`; `None` if it begins with neither word.
    pub(super) fn read(text: &'a [u8]) -> Option<Self> {
        let mut sentence = alt((map(gprmc, Self::Gprmc), map(wifi, Self::Wifi)));
        sentence.parse(text).ok().map(|(_, sentence)| sentence)
    }
}

/// A sentence of NMEA 0183: where the device is, as far as it knows.
///
/// ```text
/// GPRMC,hhmmss.ss,A|V|L,ddmm.mmmm,N|S,dddmm.mmmm,E|W,speed,course,ddmmyy,...
///
/// GPRMC,084702.00,A,3228.6772,S,11545.9684,E,,159.80,251018,,,A
/// GPRMC,115419.00,V,,,,,,,050123,,,A
/// ```
///
/// A field that is empty or cannot be read is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gprmc {
    /// `true` for `A`, there is a fix; `false` for `V`, there is none. What `L` says, which no
    /// frame has, is not established.
    pub valid: Option<bool>,
    /// Date and time, UTC \[D\]. They may not exist: [`is_valid`](DateTime::is_valid) tells. The
    /// decimals of a second are not kept.
    pub time: Option<DateTime>,
    /// The place.
    pub position: Option<Position>,
    /// Speed over ground, in knots \[D\].
    pub speed: Option<Speed>,
    /// Course over ground, if it is within 360 degrees.
    pub course: Option<Course>,
}

/// The word of [`Gprmc`].
pub(super) const GPRMC: &[u8] = b"GPRMC,";
/// The word of [`Wifi`].
pub(super) const WIFI: &[u8] = b"WIFI,";

/// Reads a sentence from its word to its date.
fn gprmc(text: &[u8]) -> IResult<&[u8], Gprmc, ()> {
    let rest = after(GPRMC, text)?;
    let (rest, clock) = field(rest)?;
    let (rest, validity) = field(rest)?;
    let (rest, latitude) = number(rest)?;
    let (rest, north) = letter(b'N', b'S')(rest)?;
    let (rest, longitude) = number(rest)?;
    let (rest, east) = letter(b'E', b'W')(rest)?;
    let (rest, speed) = number(rest)?;
    let (rest, course) = number(rest)?;
    let (rest, date) = field(rest)?;
    let coordinate = |value, positive| Coordinate {
        value,
        format: CoordinateFormat::Minutes,
        positive,
    };
    let position = || {
        Some(Position {
            latitude: coordinate(latitude?.value, north?).latitude()?,
            longitude: coordinate(longitude?.value, east?).longitude()?,
        })
    };
    let sentence = Gprmc {
        valid: match validity {
            b"A" => Some(true),
            b"V" => Some(false),
            _ => None,
        },
        time: date_time(date, clock),
        position: position(),
        speed: speed
            .and_then(|speed| scaled(speed.value, 3))
            .map(Speed::MilliKnots),
        course: course
            .and_then(|course| scaled(course.value, 4))
            .and_then(Course::from_ten_thousandths),
    };
    Ok((rest, sentence))
}

/// The access points that the device sees, up to five \[T\].
///
/// ```text
/// WIFI,hhmmss.ss,A|V|L,rssi,mac,rssi,mac,...,ddmmyy
///
/// WIFI,123532.00,A,-62,D8325A0ABADD,-64,EC172F8965BC,-64,7405A5D457D4,260321
/// ```
///
/// ```
/// use gt02::protocol::v680::{Line, Sentence};
/// let line = Line {
///     text: gt02::types::Text::Bytes(b"WIFI,123532.00,A,-62,D8325A0ABADD,,,260321"),
///     ..Line::default()
/// };
/// let Some(Sentence::Wifi(wifi)) = line.sentence() else { unreachable!() };
/// assert_eq!(wifi.time.unwrap().to_string(), "2021-03-26T12:35:32");
/// let point = wifi.access_points().next().unwrap();
/// assert_eq!((point.mac.to_string().as_str(), point.rssi), ("d8:32:5a:0a:ba:dd", Some(-62)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Wifi<'a> {
    /// Date and time, UTC. They may not exist.
    pub time: Option<DateTime>,
    /// The pairs, with commas.
    pairs: &'a [u8],
}

impl<'a> Wifi<'a> {
    /// Returns the access points, in the order of the wire. Pairs that are empty or cannot be read
    /// are left out.
    #[must_use]
    pub const fn access_points(&self) -> AccessPoints<'a> {
        AccessPoints { rest: self.pairs }
    }

    /// The text from which [`AccessPoints`] reads.
    pub(in crate::protocol::v680) const fn pairs(&self) -> &'a [u8] {
        self.pairs
    }
}

/// Reads a sentence. The letter after the time is no sign of a fix: there is no place.
fn wifi(text: &[u8]) -> IResult<&[u8], Wifi<'_>, ()> {
    let rest = after(WIFI, text)?;
    let (rest, clock) = field(rest)?;
    let (rest, _validity) = field(rest)?;
    let comma = rest.iter().rposition(|&byte| byte == b',');
    let (pairs, date) = match comma.and_then(|at| rest.split_at_checked(at)) {
        Some((pairs, [_, date @ ..])) => (pairs, date),
        _ => (&[][..], rest),
    };
    let time = date_time(date, clock);
    Ok((&[], Wifi { time, pairs }))
}

/// The access points of a sentence, one by one: see [`Wifi::access_points`].
///
/// The signal is as sent; its unit is not said.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AccessPoints<'a> {
    /// Pairs of a signal and an address, with commas.
    rest: &'a [u8],
}

impl<'a> AccessPoints<'a> {
    /// Creates the access points in these pairs.
    pub(in crate::protocol::v680) const fn from_pairs(pairs: &'a [u8]) -> Self {
        Self { rest: pairs }
    }
}

impl<'a> Iterator for AccessPoints<'a> {
    type Item = AccessPoint<'a>;

    fn next(&mut self) -> Option<AccessPoint<'a>> {
        while !self.rest.is_empty() {
            let rssi = next_field(&mut self.rest, b',');
            if let Some(mac) = mac(next_field(&mut self.rest, b',')) {
                return Some(AccessPoint::new(mac, signal(rssi), None));
            }
        }
        None
    }
}

impl core::iter::FusedIterator for AccessPoints<'_> {}

/// Reads 12 hexadecimal digits.
fn mac(text: &[u8]) -> Option<MacAddress> {
    let digits: &[u8; 12] = text.try_into().ok()?;
    let mut address = [0; 6];
    for (byte, pair) in address.iter_mut().zip(digits.chunks(2)) {
        // Two digits.
        *byte = text::hex(pair)? as u8;
    }
    Some(MacAddress(address))
}

/// Reads a whole number, which mostly is negative.
fn signal(text: &[u8]) -> Option<i16> {
    match text {
        [b'-', digits @ ..] => i16::try_from(text::number(digits)?).ok()?.checked_neg(),
        digits => i16::try_from(text::number(digits)?).ok(),
    }
}

/// The text after this word.
fn after<'a>(word: &[u8], text: &'a [u8]) -> Result<&'a [u8], nom::Err<()>> {
    text.strip_prefix(word).ok_or(nom::Err::Error(()))
}

/// Reads a field, and takes the comma after it; all of the text if there is no comma.
fn field(text: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let mut rest = text;
    let field = next_field(&mut rest, b',');
    Ok((rest, field))
}
