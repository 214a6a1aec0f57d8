//! The location block.
//!
//! This file has what a block holds, and writes it. [`read`] reads it by a grammar, because devices
//! deviate from its columns.

pub(super) mod read;
#[cfg(test)]
mod tests;

use super::Encoder;
use crate::{
    bytes::text,
    error::EncodeError,
    types::{Course, DateTime, Decimal, Latitude, Longitude, Position, Speed, Temperature},
};
use core::fmt;

/// Where a device is: the block of text that most frames of devices carry.
///
/// ```text
/// 0      6 7         16 17         27 28    33     39     45       53       62
/// +------+-+---------+-+----------+-+-----+------+------+--------+-+--------+- -+
/// |YYMMDD|A|DDMM.MMMM|N|DDDMM.MMMM|E|000.0|HHMMSS|211.49|IO      |L|mileage |tail|
/// +------+-+---------+-+----------+-+-----+------+------+--------+-+--------+- -+
///   date fix latitude    longitude  speed  clock  course
/// ```
///
/// Devices deviate from it, and these deviations are read as well (see
/// [the manual](crate::manual::tk103), "The location block"): spaces for zeros; coordinates without
/// leading zeros; numbers with the point elsewhere; a course of two characters; a comma after any
/// field before the IO field; a mileage of 1 to 8 digits; no `L`; no IO field. A block is read as
/// far as possible: `rest` is the text from the first field that cannot be found on.
///
/// [`encode`](crate::protocol::tk103::Message::encode) writes the documented form, and refuses
/// values that do not fit it.
///
/// ```
/// use gt02::protocol::tk103::Message;
/// let message = Message::parse(
///     b"(013632782450BR03080525A2934.0133N10627.2544E000.0141830309.6200000000L200300C6)",
/// )?;
/// let block = message.block().unwrap();
/// assert_eq!(block.time().unwrap().to_string(), "2008-05-25T14:18:30");
/// assert_eq!(block.position().unwrap().longitude.micro_degrees(), 106_454_240);
/// assert_eq!(block.course().unwrap().degrees(), 309.62);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LocationBlock<'a> {
    /// Years since 2000, month and day, as sent; they may be no date.
    pub date: Option<[u8; 3]>,
    /// `true` for `A`, the position is from a fix; `false` for `V`, it is not.
    pub fix: Option<bool>,
    /// Latitude; `positive` is north.
    pub latitude: Option<Coordinate>,
    /// Longitude; `positive` is east.
    pub longitude: Option<Coordinate>,
    /// Kilometres per hour. Both documents say so \[D\]; a few servers read knots \[T\], and no
    /// capture decides. See [the manual](crate::manual::tk103), "Speed".
    pub speed: Option<Decimal>,
    /// Hours, minutes and seconds, as sent; they may be no time of day.
    pub clock: Option<[u8; 3]>,
    /// Degrees from north, clockwise.
    pub course: Option<Decimal>,
    /// Power, ignition and more.
    pub io: Option<IoStatus>,
    /// Metres driven in total. GT02A boards send 0, or a value that never changes \[C\].
    pub mileage: Option<u32>,
    /// The tail: temperatures, voltages and others, mostly undocumented; or the text that could not
    /// be read.
    pub rest: &'a [u8],
}

impl<'a> LocationBlock<'a> {
    /// Creates the block of a device at rest: speed and course 0, power connected, ignition off,
    /// and mileage 0, which devices send that do not measure it.
    ///
    /// `time` is UTC. `fix` says whether the position is from a fix; otherwise it is the last known
    /// one. An example is at [`Location::new`](crate::protocol::tk103::Location::new).
    #[must_use]
    pub fn new(time: DateTime, position: Position, fix: bool) -> Self {
        let [year, month, day, hour, minute, second] = time.to_bytes();
        Self {
            date: Some([year, month, day]),
            fix: Some(fix),
            latitude: Some(position.latitude.into()),
            longitude: Some(position.longitude.into()),
            speed: Decimal::new(0, 1),
            clock: Some([hour, minute, second]),
            course: Decimal::new(0, 2),
            io: Some(IoStatus::new()),
            mileage: Some(0),
            rest: &[],
        }
    }

    /// Sets the speed, rounded to tenths of a kilometre per hour. At most 999.9 can be encoded.
    #[must_use]
    pub const fn with_speed(self, speed: Speed) -> Self {
        let tenths = speed.metres_per_hour().saturating_add(50) / 100;
        Self {
            speed: Decimal::new(tenths as u64, 1),
            ..self
        }
    }

    /// Sets the course, rounded to hundredths of a degree. 360 degrees become 0.
    #[must_use]
    pub const fn with_course(self, course: Course) -> Self {
        // At most 36 000.
        let hundredths = course.ten_thousandths().saturating_add(50) / 100 % 36_000;
        Self {
            course: Decimal::new(hundredths as u64, 2),
            ..self
        }
    }

    /// Sets power, ignition and more.
    #[must_use]
    pub const fn with_io(self, io: IoStatus) -> Self {
        Self {
            io: Some(io),
            ..self
        }
    }

    /// Sets the metres driven in total.
    #[must_use]
    pub const fn with_mileage(self, metres: u32) -> Self {
        Self {
            mileage: Some(metres),
            ..self
        }
    }

    /// Returns the time of the fix, in UTC \[D\], \[C\]; `None` if date and clock are not a valid
    /// time.
    ///
    /// The 6th of January of year 80 is not a valid time: receivers show it before their first fix.
    /// Old devices that missed the week rollover of GPS send dates that are 1024 weeks early. Some
    /// that have no clock yet send 2011-12-13 00:00:00. See [the manual](crate::manual::tk103),
    /// "Date and clock".
    #[must_use]
    #[inline]
    pub fn time(&self) -> Option<DateTime> {
        let ([year, month, day], [hour, minute, second]) = (self.date?, self.clock?);
        let time = DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        };
        (time.is_valid() && [year, month, day] != GPS_EPOCH).then_some(time)
    }

    /// Returns the place, if latitude and longitude are within 90 and 180 degrees, and their
    /// minutes below 60.
    ///
    /// Without a fix it is the last known one, or zero.
    #[must_use]
    #[inline]
    pub fn position(&self) -> Option<Position> {
        let (latitude, longitude) = (self.latitude?, self.longitude?);
        Some(Position {
            latitude: Latitude::from_degrees_and_minutes(
                latitude.degrees,
                latitude.minutes,
                latitude.positive,
            )?,
            longitude: Longitude::from_degrees_and_minutes(
                longitude.degrees,
                longitude.minutes,
                longitude.positive,
            )?,
        })
    }

    /// Returns the speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        let thousandths = self.speed?.scaled(3)?;
        u32::try_from(thousandths).ok().map(Speed::MetresPerHour)
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        let ten_thousandths = self.course?.scaled(4)?;
        Course::from_ten_thousandths(u32::try_from(ten_thousandths).ok()?)
    }

    /// Returns whether the ignition is on, if the IO field tells.
    #[must_use]
    #[inline]
    pub fn ignition(&self) -> Option<bool> {
        self.io?.ignition()
    }

    /// Returns the temperature, if the tail is one: a sign, degrees Celsius, and a tenth, as in
    /// `+017.7` \[T\].
    ///
    /// The tail `T0CD` is one, too \[D\], but its scale is not established.
    #[must_use]
    pub fn temperature(&self) -> Option<Temperature> {
        let [sign @ (b'+' | b'-'), a, b, c, b'.', d] = *self.rest else {
            return None;
        };
        // At most 9999.
        let tenths = text::number(&[a, b, c, d])? as i32;
        let millicelsius = tenths.wrapping_mul(if sign == b'-' { -100 } else { 100 });
        Some(Temperature::from_millicelsius(millicelsius))
    }

    /// Writes the documented form. An absent field must not be followed by one that is there.
    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        let present = [
            ("date", self.date.is_some()),
            ("fix", self.fix.is_some()),
            ("latitude", self.latitude.is_some()),
            ("longitude", self.longitude.is_some()),
            ("speed", self.speed.is_some()),
            ("clock", self.clock.is_some()),
            ("course", self.course.is_some()),
            ("io", self.io.is_some()),
            ("mileage", self.mileage.is_some()),
        ];
        let absent = present
            .iter()
            .position(|(_, present)| !present)
            .unwrap_or(present.len());
        if let Some((field, _)) = present
            .get(absent)
            .filter(|_| present.iter().skip(absent).any(|(_, present)| *present))
        {
            encoder.fail(EncodeError::Gap { field });
        }
        if let Some(date) = self.date {
            encoder.pairs(date, "date");
        }
        if let Some(fix) = self.fix {
            encoder.put(if fix { b"A" } else { b"V" });
        }
        if let Some(latitude) = self.latitude {
            latitude.write(encoder, 2, 7, "latitude");
            encoder.put(if latitude.positive { b"N" } else { b"S" });
        }
        if let Some(longitude) = self.longitude {
            longitude.write(encoder, 3, 7, "longitude");
            encoder.put(if longitude.positive { b"E" } else { b"W" });
        }
        if let Some(speed) = self.speed {
            encoder.number(speed, SPEED, "speed");
        }
        if let Some(clock) = self.clock {
            encoder.pairs(clock, "clock");
        }
        if let Some(course) = self.course {
            encoder.number(course, COURSE, "course");
        }
        if let Some(io) = self.io {
            encoder.put(io.as_bytes());
        }
        if let Some(mileage) = self.mileage {
            encoder.put(b"L");
            encoder.hex(mileage, MILEAGE, "mileage");
        }
        encoder.put(self.rest);
    }
}

/// The date that receivers show before their first fix, 1980-01-06, as a device would send it.
const GPS_EPOCH: [u8; 3] = [80, 1, 6];

/// Characters of the speed \[D\].
const SPEED: usize = 5;
/// Characters of the course \[D\].
const COURSE: usize = 6;
/// Characters of the IO field \[D\].
const IO: usize = 8;
/// The most digits of the mileage.
const MILEAGE: usize = 8;

/// A latitude or longitude as sent: `4818.7787N`.
///
/// ```
/// use gt02::{protocol::tk103::Coordinate, types::Latitude};
/// let latitude = Coordinate::from(Latitude::from_degrees(-33.924_87).unwrap());
/// assert_eq!((latitude.degrees, latitude.positive), (33, false));
/// assert_eq!(latitude.minutes.to_string(), "55.4922");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Coordinate {
    /// Whole degrees: at most 90 or 180 in a valid place.
    pub degrees: u16,
    /// Minutes, with four decimals \[D\]: below 60 in a valid place.
    pub minutes: Decimal,
    /// North or east.
    pub positive: bool,
}

impl Coordinate {
    /// From units of 1/3 000 000 minute, rounded to four decimals of a minute.
    fn from_units(units: i64) -> Self {
        const UNITS: u64 = (Latitude::UNITS_PER_MINUTE / 10_000) as u64;
        /// Ten-thousandths of a minute in a degree.
        const DEGREE: u32 = 60 * 10_000;
        // At most 108 000 000.
        let minutes = (units.unsigned_abs().saturating_add(UNITS / 2) / UNITS) as u32;
        Self {
            // At most 180.
            degrees: (minutes / DEGREE) as u16,
            // Six digits fit.
            minutes: Decimal::new((minutes % DEGREE).into(), 4).unwrap_or_default(),
            positive: units >= 0,
        }
    }

    /// Writes degrees and minutes of these widths.
    pub(in crate::protocol::tk103) fn write(
        self,
        encoder: &mut Encoder<'_>,
        degrees: usize,
        minutes: usize,
        field: &'static str,
    ) {
        encoder.decimal(self.degrees.into(), degrees, field);
        encoder.number(self.minutes, minutes, field);
    }
}

/// Rounded to the four decimals of a minute that the location block has.
impl From<Latitude> for Coordinate {
    fn from(latitude: Latitude) -> Self {
        Self::from_units(latitude.units())
    }
}

/// Rounded to the four decimals of a minute that the location block has.
impl From<Longitude> for Coordinate {
    fn from(longitude: Longitude) -> Self {
        Self::from_units(longitude.units())
    }
}

/// The IO field: eight hexadecimal digits, each with its own meaning.
///
/// All sources agree on the first two digits only. The others are a concrete mixer, the load, the
/// door and the relay, or a supply voltage, or inputs and a fuel level, and stay as they were sent:
/// see [the manual](crate::manual::tk103), "The IO field".
///
/// ```
/// use gt02::protocol::tk103::IoStatus;
/// let io = IoStatus::new().with_power_cut(true).with_ignition(false);
/// assert_eq!(io.as_bytes(), b"10000000");
/// assert_eq!((io.power_cut(), io.ignition()), (Some(true), Some(false)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IoStatus(pub [u8; IO]);

impl IoStatus {
    /// Creates `00000000`: power connected, ignition off.
    #[must_use]
    pub const fn new() -> Self {
        Self([b'0'; IO])
    }

    /// Returns the digits, as sent.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; IO] {
        &self.0
    }

    /// Returns whether the main power is cut off, the first digit: `1`, or `0` if it is connected.
    #[must_use]
    #[inline]
    pub const fn power_cut(self) -> Option<bool> {
        let [digit, ..] = self.0;
        is_one(digit)
    }

    /// Sets whether the main power is cut off.
    #[must_use]
    pub const fn with_power_cut(self, power_cut: bool) -> Self {
        let [_, b, c, d, e, f, g, h] = self.0;
        Self([one_if(power_cut), b, c, d, e, f, g, h])
    }

    /// Returns whether the ignition (ACC) is on, the second digit: `1`, or `0` if it is off.
    #[must_use]
    #[inline]
    pub const fn ignition(self) -> Option<bool> {
        let [_, digit, ..] = self.0;
        is_one(digit)
    }

    /// Sets whether the ignition (ACC) is on.
    #[must_use]
    pub const fn with_ignition(self, ignition: bool) -> Self {
        let [a, _, c, d, e, f, g, h] = self.0;
        Self([a, one_if(ignition), c, d, e, f, g, h])
    }
}

const fn is_one(digit: u8) -> Option<bool> {
    match digit {
        b'0' => Some(false),
        b'1' => Some(true),
        _ => None,
    }
}

const fn one_if(flag: bool) -> u8 {
    if flag { b'1' } else { b'0' }
}

/// `00000000`: power connected, ignition off.
impl Default for IoStatus {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for IoStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IoStatus({})", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for IoStatus {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "IoStatus({=[u8]:a})", self.0.as_slice());
    }
}
