use super::fields::{
    date, field, letter, plain_number, time, to_number, trim, trimmed, write_date, write_number,
    write_text, write_time,
};
use crate::{
    bytes::{text, write::Writer},
    error::EncodeError,
    protocol::h02::{Date, Fields, TimeOfDay},
    types::{
        Course, DateTime, Decimal, Latitude, Longitude, Position, Speed, div_rem, power_of_ten,
        units_of,
    },
};
use nom::{
    IResult, Parser,
    branch::alt,
    combinator::{map, map_opt, verify},
};

/// Place, time and motion, which the messages with a position have in common.
///
/// ```text
/// +---+--------+---+---+---+-----------+---+---+---+------------+---+---+
/// | , | HHMMSS | , | S | , | DDMM.MMMM | , | N | , | DDDMM.MMMM | , | E |
/// +---+--------+---+---+---+-----------+---+---+---+------------+---+---+
///
/// +---+-------+---+--------+ - - - - - +---+--------+
/// | , | speed | , | course | , battery | , | DDMMYY |
/// +---+-------+---+--------+ - - - - - +---+--------+
/// ```
///
/// A field is absent if it is empty, missing or unreadable;
/// [`Frame::fields`](super::super::Frame::fields) has it as sent. An absent field is written empty.
///
/// ```
/// use gt02::{protocol::h02::Gps, types::{Course, DateTime, Position, Speed}};
/// let time = DateTime::new(2015, 8, 10, 14, 54, 52).unwrap();
/// let position = Position::from_degrees(22.675_863_5, 113.972_064_8).unwrap();
/// let gps = Gps::new(time, position, Speed::from_kmh(0), Course::NORTH, true)?;
/// assert_eq!(gps.latitude.unwrap().to_string(), "2240.55181");
/// assert_eq!((gps.time(), gps.has_fix()), (Some(time), Some(true)));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gps {
    /// Time of the fix.
    pub time: Option<TimeOfDay>,
    /// `A` valid, `V` not valid, `B` valid by BeiDou \[D\]; or a digit, which a public decoder
    /// takes for valid \[T\].
    pub fix: Option<u8>,
    /// Degrees and minutes, `DDMM.MMMM`: the last two digits before the point are minutes. Most
    /// devices send 4 decimals, CanTrack 5.
    ///
    /// Some devices leave out leading zeros (`809.0010`, `38.6508`), or the point, and then the
    /// last four digits are decimals (`37573392`), or write `-23-29.0095`: degrees and minutes with
    /// a hyphen before each. All of these are read.
    pub latitude: Option<Decimal>,
    /// `N`, `S`, or `0` without a place. It decides the sign, even if the latitude has hyphens.
    pub latitude_letter: Option<u8>,
    /// Degrees and minutes, `DDDMM.MMMM`, in the forms of the latitude.
    pub longitude: Option<Decimal>,
    /// `E`, `W`, or `0` without a place.
    pub longitude_letter: Option<u8>,
    /// Knots. An empty field reads as 0; a message without a speed is not encoded.
    pub speed: Option<Decimal>,
    /// Degrees from north. An empty field reads as 0; a message without a course is not encoded.
    pub course: Option<Decimal>,
    /// The battery, 1 or 2 digits, which some makers send before the date. Its scale is not
    /// established.
    pub battery: Option<u8>,
    /// Date of the fix.
    pub date: Option<Date>,
}

impl Gps {
    /// Creates a fix, or the last known place if `has_fix` is `false`.
    ///
    /// The place is written in hundred-thousandths of a minute, the speed in hundredths of a knot,
    /// or in thousandths if it has them.
    ///
    /// # Errors
    /// If the year is above 2099, or the speed is 1000 knots or more.
    pub fn new(
        time: DateTime,
        position: Position,
        speed: Speed,
        course: Course,
        has_fix: bool,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            fix: Some(if has_fix { b'A' } else { b'V' }),
            speed: Some(knots(speed)?),
            course: degrees(course),
            ..Self::without_place(time)?.with_position(position)
        })
    }

    /// Creates what a device without a place sends: no fix, and no motion.
    ///
    /// # Errors
    /// If the year is above 2099.
    pub fn without_place(time: DateTime) -> Result<Self, EncodeError> {
        Ok(Self {
            time: Some(time.into()),
            fix: Some(b'V'),
            speed: Some(Decimal::default()),
            course: Some(Decimal::default()),
            date: Some(time.try_into()?),
            ..Self::default()
        })
    }

    /// Returns the fields with this place, in hundred-thousandths of a minute.
    ///
    /// ```
    /// use gt02::{protocol::h02::Gps, types::Position};
    /// let gps = Gps::default().with_position(Position::from_degrees(-33.9249, 18.4241).unwrap());
    /// assert_eq!(gps.latitude.unwrap().to_string(), "3355.49400");
    /// assert_eq!(gps.latitude_letter, Some(b'S'));
    /// ```
    #[must_use]
    pub const fn with_position(mut self, position: Position) -> Self {
        let Position {
            latitude,
            longitude,
        } = position;
        self.latitude = degrees_and_minutes(latitude.units());
        self.latitude_letter = Some(if latitude.is_positive() { b'N' } else { b'S' });
        self.longitude = degrees_and_minutes(longitude.units());
        self.longitude_letter = Some(if longitude.is_positive() { b'E' } else { b'W' });
        self
    }

    /// Returns date and time, UTC, as sent. Without a fix they may be stale.
    #[must_use]
    #[inline]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// Returns whether the device says that it has a fix; `None` for a letter that no source knows.
    #[must_use]
    #[inline]
    pub const fn has_fix(&self) -> Option<bool> {
        match self.fix {
            Some(b'A' | b'B' | b'0'..=b'9') => Some(true),
            Some(b'V') => Some(false),
            _ => None,
        }
    }

    /// Returns the place, if latitude and longitude are readable, have their letters, and are
    /// within 90 and 180 degrees.
    ///
    /// Without a fix it is the last known one, or zero.
    #[must_use]
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub fn position(&self) -> Option<Position> {
        let is_north = is_first(self.latitude_letter?, *b"NS")?;
        let is_east = is_first(self.longitude_letter?, *b"EW")?;
        let latitude = Latitude::from_units(units(self.latitude?, is_north)?)?;
        let longitude = Longitude::from_units(units(self.longitude?, is_east)?)?;
        Some(Position {
            latitude,
            longitude,
        })
    }

    /// Returns the latitude in degrees, south negative.
    #[must_use]
    #[inline]
    pub fn latitude_degrees(&self) -> Option<f64> {
        self.position().map(|position| position.latitude.degrees())
    }

    /// Returns the longitude in degrees, west negative.
    #[must_use]
    #[inline]
    pub fn longitude_degrees(&self) -> Option<f64> {
        self.position().map(|position| position.longitude.degrees())
    }

    /// Returns the speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        u32::try_from(self.speed?.scaled(3)?)
            .ok()
            .map(Speed::MilliKnots)
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        u32::try_from(self.course?.scaled(4)?)
            .ok()
            .and_then(Course::from_ten_thousandths)
    }

    /// Reads all fields, from the time to the date. If more is in the field of the date, that is
    /// left, without a comma before it.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        let (rest, time) = time(input)?;
        let (rest, mut gps) = Self::read_after_time(rest)?;
        gps.time = time;
        Ok((rest, gps))
    }

    /// Reads the fields after the time, to the date, as [`read`](Self::read) does.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read_after_time(input: &[u8]) -> IResult<&[u8], Self, ()> {
        let (rest, fix) = letter(input)?;
        let (rest, latitude) = coordinate(rest)?;
        let (rest, latitude_letter) = letter(rest)?;
        let (rest, longitude) = coordinate(rest)?;
        let (rest, longitude_letter) = letter(rest)?;
        let (rest, speed) = decimal(rest)?;
        let (rest, course) = decimal(rest)?;
        let (rest, (battery, date)) = battery_and_date(rest)?;
        let gps = Self {
            time: None,
            fix,
            latitude,
            latitude_letter,
            longitude,
            longitude_letter,
            speed,
            course,
            battery,
            date,
        };
        Ok((rest, gps))
    }

    /// Whether the letters that were read are those of a position, none missing.
    #[inline]
    pub(super) const fn has_usual_letters(&self) -> bool {
        matches!(self.fix, Some(b'A' | b'V'))
            & matches!(self.latitude_letter, Some(b'N' | b'S'))
            & matches!(self.longitude_letter, Some(b'E' | b'W'))
    }

    /// Whether the fields, from the time on, are a position: as
    /// [`Location`](super::Location) says.
    #[inline(never)]
    pub(super) fn is_position(input: &[u8]) -> bool {
        let mut fields = Fields(input).iter();
        let mut second = || fields.nth(1).map(trim);
        let (fix, north, east) = (second(), second(), second());
        matches!(fix, Some([] | [b'A' | b'V' | b'B' | b'0'..=b'9']))
            && matches!(north, None | Some([] | [b'N' | b'S' | b'0']))
            && matches!(east, None | Some([] | [b'E' | b'W' | b'0']))
    }

    /// Returns `true` if the fields begin as those after the time do: `A`, `V` or `B`, and two
    /// numbers or empty fields, each with its letter or an empty field.
    pub(super) fn begins(input: &[u8]) -> bool {
        let is_number = |text: &[u8]| text.is_empty() || to_coordinate(text).is_some();
        let fix = verify(value, |text: &[u8]| matches!(text, b"A" | b"V" | b"B"));
        let north = verify(value, |text: &[u8]| {
            matches!(text, b"N" | b"S" | b"0" | b"")
        });
        let east = verify(value, |text: &[u8]| {
            matches!(text, b"E" | b"W" | b"0" | b"")
        });
        let number = || verify(value, is_number);
        (fix, number(), north, number(), east).parse(input).is_ok()
    }

    /// Appends all fields.
    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        write_time(out, self.time);
        self.write_after_time(out)
    }

    /// Appends all fields except the time.
    pub(super) fn write_after_time(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        write_letter(out, self.fix);
        write_coordinate(out, self.latitude, 4);
        write_letter(out, self.latitude_letter);
        write_coordinate(out, self.longitude, 5);
        write_letter(out, self.longitude_letter);
        for (value, field) in [(self.speed, "speed"), (self.course, "course")] {
            out.put(b",");
            out.put_number(value.ok_or(EncodeError::Missing { field })?, 3);
        }
        if let Some(battery) = self.battery {
            write_number(out, battery.into(), 1);
        }
        write_date(out, self.date);
        Ok(())
    }
}

/// Reads a field that is there, without the spaces around it.
fn value(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    map_opt(trimmed, |field| field).parse(input)
}

/// Reads the date, and the battery if it is there.
///
/// | the next field | then |
/// |---|---|
/// | 6 digits | it is the date |
/// | 1 or 2 digits | it is the battery, and the date is read after it |
/// | begins with 6 digits | they are the date, and the rest of the field is left |
/// | anything else | there is no date |
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn battery_and_date(input: &[u8]) -> IResult<&[u8], (Option<u8>, Option<Date>), ()> {
    match date(input) {
        Ok((rest, date @ Some(_))) => Ok((rest, (None, date))),
        _ => other_battery_and_date(input),
    }
}

#[inline(never)]
fn other_battery_and_date(input: &[u8]) -> IResult<&[u8], (Option<u8>, Option<Date>), ()> {
    let is_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let battery = verify(value, |text: &[u8]| {
        matches!(text.len(), 1 | 2) && is_digits(text)
    });
    alt((
        (map(battery, to_number), date_at_front),
        map(date_at_front, |date| (None, date)),
    ))
    .parse(input)
}

/// Reads a date at the front of a field, and leaves the rest of the field. If there is none, reads
/// the field.
fn date_at_front(input: &[u8]) -> IResult<&[u8], Option<Date>, ()> {
    let text = input.strip_prefix(b",").unwrap_or(input).trim_ascii_start();
    if let Some((digits, rest)) = text.split_first_chunk() {
        if let Some(pairs) = text::pairs(digits) {
            return Ok((rest.trim_ascii_start(), Some(Date::from_pairs(pairs))));
        }
    }
    map(field, |_| None).parse(input)
}

/// Returns whether a letter is the first of the two; `None` if it is neither.
#[inline]
const fn is_first(letter: u8, [first, second]: [u8; 2]) -> Option<bool> {
    if letter == first {
        Some(true)
    } else if letter == second {
        Some(false)
    } else {
        None
    }
}

/// Returns `DDMM.MMMM` in units of 1/3 000 000 minute, rounded to the nearest millionth of a
/// minute; `None` for 60 minutes or more.
#[inline]
fn units(coordinate: Decimal, is_positive: bool) -> Option<i64> {
    // DDMMmmmmmm.
    let (degrees, minute_millionths) = div_rem(coordinate.scaled(6)?, 100_000_000)?;
    units_of(u16::try_from(degrees).ok()?, minute_millionths, is_positive)
}

/// Returns `DDMM.MMMMM`, rounded to the nearest, for units of 1/3 000 000 minute.
const fn degrees_and_minutes(units: i64) -> Option<Decimal> {
    // At most 1.08e9: 30 units are a hundred-thousandth of a minute.
    let minutes = units.unsigned_abs().wrapping_add(15) / 30;
    let degrees = minutes / 6_000_000;
    let minutes = minutes % 6_000_000;
    Decimal::new(degrees.wrapping_mul(10_000_000).wrapping_add(minutes), 5)
}

/// Returns knots with two decimals, or with three if the last of them is not 0.
///
/// # Errors
/// At 1000 knots or more.
fn knots(speed: Speed) -> Result<Decimal, EncodeError> {
    let knots = match speed {
        Speed::MilliKnots(thousandths) if !thousandths.is_multiple_of(10) => {
            Decimal::new(thousandths.into(), 3)
        }
        Speed::MilliKnots(thousandths) => Decimal::new((thousandths / 10).into(), 2),
        // Below 2^39, and a knot is 1852 metres per hour.
        other => {
            let metres = u64::from(other.metres_per_hour()).wrapping_mul(100);
            Decimal::new(metres.wrapping_add(926) / 1852, 2)
        }
    };
    knots
        .filter(|knots| knots.whole() <= 999)
        .ok_or(EncodeError::Range {
            field: "speed",
            max: 999,
        })
}

/// Returns degrees with as many decimals as the course has.
fn degrees(course: Course) -> Option<Decimal> {
    let mut mantissa = course.ten_thousandths();
    let mut places = 4_u8;
    while places > 0 && mantissa.is_multiple_of(10) {
        mantissa /= 10;
        places = places.saturating_sub(1);
    }
    Decimal::new(mantissa.into(), places)
}

/// Reads a speed or a course. An empty field is 0.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn decimal(input: &[u8]) -> IResult<&[u8], Option<Decimal>, ()> {
    match plain_number(input) {
        Ok((rest, number)) => Ok((rest, Some(number))),
        Err(_) => map(trimmed, |field| match field? {
            [] => Some(Decimal::default()),
            text => Decimal::from_ascii(text),
        })
        .parse(input),
    }
}

/// Reads a latitude or a longitude.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn coordinate(input: &[u8]) -> IResult<&[u8], Option<Decimal>, ()> {
    match plain_number(input) {
        Ok((rest, number)) if number.places() > 0 => Ok((rest, Some(number))),
        _ => map(trimmed, |field| to_coordinate(field?)).parse(input),
    }
}

/// Returns a latitude or a longitude, in the forms that [`Gps::latitude`] lists.
#[inline]
fn to_coordinate(text: &[u8]) -> Option<Decimal> {
    if let [b'-', rest @ ..] = text {
        return hyphened(rest);
    }
    let number = Decimal::from_ascii(text)?;
    let has_point = number.places() > 0 || text.ends_with(b".");
    if has_point {
        Some(number)
    } else {
        Decimal::new(number.mantissa(), 4)
    }
}

/// Returns degrees, a hyphen and minutes as `DDMM.MMMM`.
fn hyphened(text: &[u8]) -> Option<Decimal> {
    let hyphen = text.iter().position(|&byte| byte == b'-')?;
    let (degrees, minutes) = text.split_at_checked(hyphen)?;
    let degrees: u64 = to_number::<u32>(degrees)?.into();
    let minutes = Decimal::from_ascii(minutes.get(1..)?).filter(|minutes| minutes.whole() < 100)?;
    // DDMM.MMMM has two digits of minutes before the point.
    let degree = power_of_ten(minutes.places())?.checked_mul(100)?;
    let mantissa = degrees
        .checked_mul(degree)?
        .checked_add(minutes.mantissa())?;
    Decimal::new(mantissa, minutes.places())
}

fn write_letter(out: &mut Writer<'_>, letter: Option<u8>) {
    write_text(out, letter.as_slice());
}

/// Appends a latitude or a longitude with at least `width` digits before the point. It always has a
/// point: without one the last four digits would be decimals.
fn write_coordinate(out: &mut Writer<'_>, coordinate: Option<Decimal>, width: usize) {
    out.put(b",");
    if let Some(coordinate) = coordinate {
        out.put_number(coordinate, width);
        if coordinate.places() == 0 {
            out.put(b".");
        }
    }
}
