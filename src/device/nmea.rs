//! Fixes from the sentences of a receiver, NMEA 0183, in integers.

use super::Fix;
use crate::{
    bytes::text::{hex_digit, next_field, number, pairs},
    types::{Course, DateTime, Decimal, Latitude, Longitude, Position, Speed, UtcOffset},
};

impl Fix {
    /// Creates a fix from an RMC sentence of any talker: time, date, position, whether it is valid,
    /// and speed and course where they are given.
    ///
    /// The line may end with CR, LF or both. Returns `None` if it is no RMC sentence, if its
    /// checksum is missing or wrong, or if it has no date, time or position that exists. Years 80
    /// to 99 are those of the 20th century: receivers that do not know the date yet send them.
    ///
    /// ```
    /// use gt02::{device::Fix, types::{Course, DateTime, Position, Speed}};
    /// let line = b"$GNRMC,073000.00,A,3355.4940,S,01825.4460,E,12.5,,040526,,,A*45\r\n";
    /// let fix = Fix::from_rmc(line).unwrap();
    /// assert_eq!(fix.time, DateTime::new(2026, 5, 4, 7, 30, 0).unwrap());
    /// assert_eq!(fix.position, Position::from_e7(-339_249_000, 184_241_000).unwrap());
    /// assert_eq!(fix.speed, Some(Speed::MilliKnots(12_500)));
    /// assert_eq!(fix.course, None);
    /// ```
    #[must_use]
    pub fn from_rmc(line: &[u8]) -> Option<Self> {
        let mut fields = fields(line, b"RMC")?;
        let clock = time_of_day(next_field(&mut fields, b','))?;
        let valid = match next_field(&mut fields, b',') {
            b"A" => true,
            b"V" => false,
            _ => return None,
        };
        let position = position(&mut fields)?;
        let speed = next_field(&mut fields, b',');
        let course = next_field(&mut fields, b',');
        let [day, month, year] = pairs(next_field(&mut fields, b',').try_into().ok()?)?;
        let time = DateTime {
            year: Some(year).filter(|&year| year < 80)?,
            month,
            day,
            ..clock
        };
        Some(Self {
            valid,
            speed: Decimal::from_ascii(speed)
                .and_then(|knots| knots.scaled(3)?.try_into().ok())
                .map(Speed::MilliKnots),
            course: Decimal::from_ascii(course)
                .and_then(|degrees| degrees.scaled(4)?.try_into().ok())
                .and_then(Course::from_ten_thousandths),
            ..Self::new(Some(time).filter(|time| time.is_valid())?, position)
        })
    }

    /// Creates a fix from a GGA sentence of any talker: time of day, position, satellites, and
    /// whether it is valid. It has neither speed nor course.
    ///
    /// The sentence has no date: the day is the one on which its time of day is nearest to `near`,
    /// UTC, such as the time of the last RMC sentence. Returns `None` in the cases of
    /// [`from_rmc`](Self::from_rmc), or if `near` does not exist.
    ///
    /// ```
    /// use gt02::{device::Fix, types::DateTime};
    /// let line = b"$GPGGA,000001,3355.4940,S,01825.4460,E,1,08,1.1,12.0,M,32.0,M,,*65";
    /// let near = DateTime::new(2026, 5, 4, 23, 59, 59).unwrap();
    /// let fix = Fix::from_gga(line, near).unwrap();
    /// assert_eq!(fix.time, DateTime::new(2026, 5, 5, 0, 0, 1).unwrap());
    /// assert_eq!(fix.satellites, Some(8));
    /// ```
    #[must_use]
    pub fn from_gga(line: &[u8], near: DateTime) -> Option<Self> {
        let mut fields = fields(line, b"GGA")?;
        let clock = time_of_day(next_field(&mut fields, b','))?;
        let position = position(&mut fields)?;
        let quality = number(next_field(&mut fields, b','))?;
        let satellites = number(next_field(&mut fields, b','));
        Some(Self {
            valid: quality > 0,
            satellites: satellites.and_then(|count| count.try_into().ok()),
            ..Self::new(nearest(clock, near)?, position)
        })
    }
}

/// Returns the fields of a sentence of this type, without its name. Returns `None` if its checksum,
/// the exclusive or of all bytes between `$` and `*`, is missing or wrong.
fn fields<'a>(line: &'a [u8], name: &[u8; 3]) -> Option<&'a [u8]> {
    let mut rest = line.strip_prefix(b"$")?;
    let sentence = next_field(&mut rest, b'*');
    let &[high, low] = rest.trim_ascii_end() else {
        return None;
    };
    let sum = hex_digit(high)? << 4 | hex_digit(low)?;
    if sentence.iter().fold(0, |sum, byte| sum ^ byte) != sum as u8 {
        return None;
    }
    let [_, _, a, b, c, b',', fields @ ..] = sentence else {
        return None;
    };
    ([*a, *b, *c] == *name).then_some(fields)
}

/// Reads `hhmmss`, with or without decimals, which are dropped. The date is 2000-01-01.
fn time_of_day(field: &[u8]) -> Option<DateTime> {
    let (time, decimals) = field.split_first_chunk()?;
    let [hour, minute, second] = pairs(time)?;
    if !matches!(decimals, [] | [b'.', ..]) {
        return None;
    }
    Some(DateTime {
        year: 0,
        month: 1,
        day: 1,
        hour,
        minute,
        second,
    })
    .filter(|time| time.is_valid())
}

/// Returns this time of day on the day on which it is nearest to `near`.
fn nearest(clock: DateTime, near: DateTime) -> Option<DateTime> {
    const HALF_A_DAY: i64 = 43_200;
    let same_day = DateTime {
        hour: clock.hour,
        minute: clock.minute,
        second: clock.second,
        ..near
    };
    let seconds = same_day.to_unix(UtcOffset::UTC)?;
    let ahead = seconds.saturating_sub(near.to_unix(UtcOffset::UTC)?);
    let days = i64::from(ahead < -HALF_A_DAY).wrapping_sub(i64::from(ahead > HALF_A_DAY));
    let shift = days.wrapping_mul(2 * HALF_A_DAY);
    DateTime::from_unix(seconds.saturating_add(shift), UtcOffset::UTC)
}

/// Reads four fields: degrees and minutes with a hemisphere each.
fn position(fields: &mut &[u8]) -> Option<Position> {
    let mut axis = |positive: u8, negative: u8| {
        let (degrees, minutes) = degrees_and_minutes(next_field(fields, b','))?;
        match *next_field(fields, b',') {
            [letter] if letter == positive => Some((degrees, minutes, true)),
            [letter] if letter == negative => Some((degrees, minutes, false)),
            _ => None,
        }
    };
    let (degrees, minutes, north) = axis(b'N', b'S')?;
    let latitude = Latitude::from_degrees_and_minutes(degrees, minutes, north)?;
    let (degrees, minutes, east) = axis(b'E', b'W')?;
    let longitude = Longitude::from_degrees_and_minutes(degrees, minutes, east)?;
    Some(Position {
        latitude,
        longitude,
    })
}

/// Splits `dddmm.mmmm` before the last two digits of the whole part.
fn degrees_and_minutes(field: &[u8]) -> Option<(u16, Decimal)> {
    let whole = field.iter().take_while(|&&byte| byte != b'.').count();
    let (degrees, minutes) = field.split_at_checked(whole.checked_sub(2)?)?;
    let degrees = number(degrees)?.try_into().ok()?;
    Some((degrees, Decimal::from_ascii(minutes)?))
}
