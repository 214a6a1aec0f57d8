//! The location block.
//!
//! Here is what a block holds and how it is written; [`read`] reads it, by a grammar, for devices
//! do not keep to its columns.

mod read;

use super::encoder::Encoder;
use crate::{
    error::EncodeError,
    types::{Course, DateTime, Decimal, Latitude, Longitude, Position, Speed},
};
use core::fmt;
pub(super) use read::io;

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
/// What devices send instead is read, too (spec tk103, sections 3 and 8): spaces for zeros; coordinates without leading zeros; numbers with the
/// point at another place; a course of two characters; a comma behind any field in front of the IO field; a mileage of 1 to 8 digits; no `L`; no IO field. A
/// block is read as far as it can be: what follows the first field that cannot be found is in `rest`.
///
/// [`encode`](super::Message::encode) writes the documented form, and refuses values that do not fit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Block<'a> {
    /// Years since 2000, month and day, as sent: perhaps no date.
    pub date: Option<[u8; 3]>,
    /// `A`, the position is from a fix, or `V`, it is not.
    pub fix: Option<bool>,
    /// Latitude; `positive` is north.
    pub latitude: Option<Coordinate>,
    /// Longitude; `positive` is east.
    pub longitude: Option<Coordinate>,
    /// Kilometres per hour. Both documents say so; a few servers read knots, and no capture decides (spec tk103, section 3.2).
    pub speed: Option<Decimal>,
    /// Hours, minutes and seconds, as sent: perhaps no time of day.
    pub clock: Option<[u8; 3]>,
    /// Degrees from north, clockwise.
    pub course: Option<Decimal>,
    /// Power, ignition and more.
    pub io: Option<Io>,
    /// Metres driven, in total. GT02A boards send 0, or a value that never changes \[C\].
    pub mileage: Option<u32>,
    /// What follows: temperatures, voltages and others, of which no document tells; or what could not be read.
    pub rest: &'a [u8],
}

impl<'a> Block<'a> {
    /// When the fix was taken, in UTC \[D\], \[C\]; `None` if date and clock are none.
    ///
    /// Old devices that missed the week rollover of GPS send dates that are 1024 weeks early; some that have no clock yet send 2011-12-13 00:00:00 (spec
    /// tk103, section 3.2).
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
        time.is_valid().then_some(time)
    }

    /// The place, if latitude and longitude are within 90 and 180 degrees, and their minutes below 60.
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

    /// The speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        let thousandths = self.speed?.scaled(3)?;
        u32::try_from(thousandths).ok().map(Speed::MetresPerHour)
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        let ten_thousandths = self.course?.scaled(4)?;
        Course::from_ten_thousandths(u32::try_from(ten_thousandths).ok()?)
    }

    /// Whether the ignition is on, if the IO field says so.
    #[must_use]
    #[inline]
    pub fn ignition(&self) -> Option<bool> {
        self.io?.ignition()
    }

    /// Writes the documented form. A field that is absent must not be followed by one that is there.
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
        if let Some(Io(io)) = self.io {
            encoder.put(&io);
        }
        if let Some(mileage) = self.mileage {
            encoder.put(b"L");
            encoder.hex(mileage, MILEAGE, "mileage");
        }
        encoder.put(self.rest);
    }
}

/// Characters of the speed \[D\].
const SPEED: usize = 5;
/// Characters of the course \[D\].
const COURSE: usize = 6;
/// Characters of the IO field \[D\].
const IO: usize = 8;
/// The most digits of the mileage.
const MILEAGE: usize = 8;

/// A latitude or longitude as sent: `4818.7787N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Coordinate {
    /// Whole degrees; up to 90 or 180, if it is a place.
    pub degrees: u16,
    /// Minutes, with four decimals \[D\]; below 60, if it is a place.
    pub minutes: Decimal,
    /// North or east.
    pub positive: bool,
}

impl Coordinate {
    /// Degrees of this width, minutes of this width.
    pub(super) fn write(
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

/// The IO field: eight hexadecimal digits, each of its own meaning.
///
/// All sources agree on the first two digits alone. For the others they do not (spec tk103, section 3.3): a concrete mixer, the load, the door
/// and the relay; a supply voltage; inputs and a fuel level. So those are left as they were sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Io(pub [u8; 8]);

impl Io {
    /// The digits, as sent.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }

    /// First digit: the main power is cut off, `1`, or connected, `0`.
    #[must_use]
    #[inline]
    pub const fn is_power_cut(self) -> Option<bool> {
        let [digit, ..] = self.0;
        is_one(digit)
    }

    /// Second digit: the ignition (ACC) is on, `1`, or off, `0`.
    #[must_use]
    #[inline]
    pub const fn ignition(self) -> Option<bool> {
        let [_, digit, ..] = self.0;
        is_one(digit)
    }
}

const fn is_one(digit: u8) -> Option<bool> {
    match digit {
        b'0' => Some(false),
        b'1' => Some(true),
        _ => None,
    }
}

/// `00000000`: power connected, ignition off.
impl Default for Io {
    fn default() -> Self {
        Self([b'0'; 8])
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Io({})", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Io {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Io({=[u8]:a})", self.0.as_slice());
    }
}
