//! The binary form: what its frames have in common.
//!
//! [The manual](crate::manual::h02), "Binary form", has the evidence.

use super::{Date, Header, Status, TimeOfDay};
use crate::{
    bytes::{
        WIDE,
        read::chunk,
        swar::{bcd, from_bcd, from_bcd_pairs, is_decimal, to_digits},
        write::Writer,
    },
    error::EncodeError,
    types::{Course, DateTime, DeviceId, Latitude, Longitude, Position, Speed},
};
use core::num::NonZero;
use nom::{IResult, Parser, combinator::map_opt};

/// The start mark of a location.
pub(super) const REPORT: u8 = b'$';
/// The start mark of a mileage record.
pub(super) const RECORD: u8 = b'X';
/// Bytes that all frames have in common: the core.
pub(super) const CORE: usize = 29;
/// Bytes that an id of 15 digits has more than one of 10.
pub(super) const MORE_ID: usize = 3;
/// Bytes in the smallest frame.
pub(super) const MIN_LEN: usize = 32;
/// The most bytes in a frame. Known frames have at most 54.
pub(super) const MAX_LEN: usize = 64;

/// The digits of an IMEI and the one that fills up the last byte; whether the check digit is right.
pub(super) fn is_imei(digits: u64) -> bool {
    const IMEI: Option<NonZero<u8>> = NonZero::new(15);
    IMEI.is_some_and(|count| DeviceId::from_decimal_nibbles(digits >> 4, count).is_imei())
}

/// Whether these bytes are the core of a `$` frame with an id of 10 digits. The framing says the
/// same of one byte after the other, and a test compares.
#[inline]
pub(super) fn is_core(core: &[u8; CORE]) -> bool {
    // Eight bytes of the core, the first highest; all places are within it.
    let word = |at: usize| {
        let bytes = core.get(at..).and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u64::from_be_bytes(*bytes))
    };
    let byte = |at: usize| core.get(at).copied().unwrap_or(0);
    let (id_and_time, date_and_latitude, longitude_and_motion) = (word(1), word(9), word(17));
    let latitude = (date_and_latitude >> 8) as u32;
    let longitude = (longitude_and_motion >> 32) as u32;
    let status = word(21) as u32;
    let [hour, minute, second, day, month] = [byte(6), byte(7), byte(8), byte(9), byte(10)];
    // All of them, without a branch for each; the battery and the flags are no digits.
    (byte(0) == REPORT)
        & is_decimal(id_and_time)
        & is_decimal(date_and_latitude & !0xFF)
        & is_decimal(longitude_and_motion & !0x0F00_0000)
        & (hour < 0x24)
        & (minute < 0x60)
        & (second < 0x60)
        & (0 < day)
        & (day <= 0x31)
        & (0 < month)
        & (month <= 0x12)
        & (latitude <= 0x9000_0000)
        & (latitude & 0x00FF_0000 < 0x0060_0000)
        & (longitude <= 0x1800_0000)
        & (longitude & 0x000F_0000 < 0x0006_0000)
        & (longitude_and_motion & 0x0100_0000 == 0)
        & (longitude_and_motion & 0x0FFF <= 0x0360)
        & is_status(status)
}

/// Whether the id of a `$` frame has 10 digits, not 15.
#[inline]
pub(super) fn has_short_id(frame: &[u8]) -> bool {
    // After 15 digits the status ends 3 bytes later. Where no status is, they are 10.
    let long_status = frame
        .get(CORE.wrapping_sub(1)..)
        .and_then(<[u8]>::first_chunk);
    let may_be_long = long_status.is_some_and(|bytes| is_status(u32::from_be_bytes(*bytes)));
    !may_be_long || frame.first_chunk().is_some_and(is_core)
}

/// Whether a word may be a status: most of its bits are 1.
const fn is_status(word: u32) -> bool {
    word.count_ones() >= 20
}

/// Time, place and motion of a binary frame.
///
/// ```text
/// +------+------+---------+-------+-------------------+--------------+--------+
/// | time | date | DDMMmmmm| level | DDDMMmmmm | flags | speed | course | status |
/// +------+------+---------+-------+-------------------+--------------+--------+
///   3      3      4         1       4 1/2       1/2     1 1/2   1 1/2    4
/// ```
///
/// All are decimal digits, two in a byte, except level, flags and status.
///
/// ```
/// use gt02::{protocol::h02::{BinaryGps, Status}, types::{Course, DateTime, Position, Speed}};
/// let time = DateTime::new(2015, 8, 31, 21, 53, 21).unwrap();
/// let position = Position::from_degrees(4.698_983_3, -74.069_716_7).unwrap();
/// let status = Status(0xFFFF_FBFD);
/// let gps = BinaryGps::new(time, position, Speed::from_kmh(0), Course::NORTH, true, status)?;
/// assert_eq!((gps.latitude, gps.longitude, gps.flags), (4_419_390, 74_041_830, 0b0110));
/// assert_eq!((gps.time(), gps.has_fix()), (Some(time), true));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BinaryGps {
    /// Time of the fix.
    pub time: TimeOfDay,
    /// Date of the fix.
    pub date: Date,
    /// Degrees and ten-thousandths of a minute, `DDMMmmmm`; at most 90000000.
    pub latitude: u32,
    /// In a [`BinaryLocation`](super::BinaryLocation) the battery; in a
    /// [`MileageRecord`](super::MileageRecord) a temperature, whose scale is not established.
    pub level: u8,
    /// Degrees and ten-thousandths of a minute, `DDDMMmmmm`; at most 180000009.
    pub longitude: u32,
    /// 8 east, 4 north, 2 valid \[D\]; 1 is 0 in all `$` frames, and `TS` in a record, which is not
    /// explained.
    pub flags: u8,
    /// Knots, 0 to 999.
    pub speed: u16,
    /// Degrees from north, 0 to 360.
    pub course: u16,
    /// Alarms and inputs, as in a text.
    pub status: Status,
}

impl BinaryGps {
    const EAST: u8 = 8;
    const NORTH: u8 = 4;
    const VALID: u8 = 2;

    /// Creates a fix, or the last known place if `has_fix` is `false`. Nothing is known of the
    /// battery. The place is rounded to a ten-thousandth of a minute, the speed to a knot, the
    /// course to a degree.
    ///
    /// # Errors
    /// If the year is above 2099, or the speed is 1000 knots or more.
    pub fn new(
        time: DateTime,
        position: Position,
        speed: Speed,
        course: Course,
        has_fix: bool,
        status: Status,
    ) -> Result<Self, EncodeError> {
        let Position {
            latitude,
            longitude,
        } = position;
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        // Below 2^42.
        let knots = u64::from(speed.metres_per_hour()).wrapping_add(926) / 1852;
        let speed = u16::try_from(knots).ok().filter(|&knots| knots <= 999);
        Ok(Self {
            time: time.into(),
            date: time.try_into()?,
            latitude: degrees_and_minutes(latitude.units()),
            level: 0,
            longitude: degrees_and_minutes(longitude.units()),
            flags: flag(longitude.is_positive(), Self::EAST)
                | flag(latitude.is_positive(), Self::NORTH)
                | flag(has_fix, Self::VALID),
            speed: speed.ok_or(EncodeError::Range {
                field: "speed",
                max: 999,
            })?,
            // At most 360.
            course: (course.ten_thousandths().wrapping_add(5000) / 10_000) as u16,
            status,
        })
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        // One part: the length is compared once.
        let (rest, part) = chunk(input)?;
        #[rustfmt::skip]
        let &[
            hour, minute, second, day, month, year, l1, l2, l3, l4, level,
            o1, o2, o3, o4, last_and_flags, speed, both, course, s1, s2, s3, s4,
        ] = part;
        let [latitude, longitude] = [[l1, l2, l3, l4], [o1, o2, o3, o4]].map(u32::from_be_bytes);
        let pairs = [hour, minute, second, day, month, year, speed, course];
        let [hour, minute, second, day, month, year, speed, course] = from_bcd_pairs(pairs);
        let gps = Self {
            time: TimeOfDay {
                hour,
                minute,
                second,
            },
            date: Date { day, month, year },
            latitude: from_bcd(latitude),
            level,
            // At most 999999999.
            longitude: from_bcd(longitude)
                .wrapping_mul(10)
                .wrapping_add((last_and_flags >> 4).into()),
            flags: last_and_flags & 0x0F,
            // At most 999 each.
            speed: u16::from(speed)
                .wrapping_mul(10)
                .wrapping_add((both >> 4).into()),
            course: u16::from(both & 0x0F)
                .wrapping_mul(100)
                .wrapping_add(course.into()),
            status: Status(u32::from_be_bytes([s1, s2, s3, s4])),
        };
        Ok((rest, gps))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        let TimeOfDay {
            hour,
            minute,
            second,
        } = self.time;
        let Date { day, month, year } = self.date;
        out.put(&[hour, minute, second, day, month, year].map(to_bcd));
        put_bcd(out, self.latitude.into(), 4);
        out.put(&[self.level]);
        // Ten digits, the last of them the flags.
        put_bcd(out, u64::from(self.longitude) / 10, 4);
        let last = (self.longitude % 10) as u8;
        out.put(&[last << 4 | self.flags & 0x0F]);
        let motion = u64::from(self.speed).wrapping_mul(1000);
        put_bcd(out, motion.wrapping_add(self.course.into()), 3);
        out.put(&self.status.0.to_be_bytes());
    }

    /// Returns date and time, UTC \[D\], as sent. Without a fix they may be stale.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date.at(self.time))
    }

    /// Returns whether the device says that it has a fix.
    #[must_use]
    pub const fn has_fix(&self) -> bool {
        self.flags & Self::VALID != 0
    }

    /// Returns the place; `None` for 60 minutes or more, and beyond 90 or 180 degrees.
    ///
    /// Without a fix it is the last known one, or zero.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        let units = |coordinate: u32, is_positive: bool| {
            let minutes = coordinate % 1_000_000;
            let units = i64::from(coordinate / 1_000_000)
                .wrapping_mul(180_000_000)
                .wrapping_add(i64::from(minutes).wrapping_mul(300));
            let signed = if is_positive {
                units
            } else {
                units.wrapping_neg()
            };
            (minutes < 600_000).then_some(signed)
        };
        let is_north = self.flags & Self::NORTH != 0;
        let is_east = self.flags & Self::EAST != 0;
        Some(Position {
            latitude: Latitude::from_units(units(self.latitude, is_north)?)?,
            longitude: Longitude::from_units(units(self.longitude, is_east)?)?,
        })
    }

    /// Returns the speed over ground.
    #[must_use]
    pub const fn speed(&self) -> Speed {
        // At most 65 535 000.
        Speed::MilliKnots((self.speed as u32).wrapping_mul(1000))
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    pub const fn course(&self) -> Option<Course> {
        Course::from_degrees(self.course)
    }
}

/// Returns the last two digits of a number.
const fn to_bcd(number: u8) -> u8 {
    let pair = number % 100;
    // At most 0x99.
    (pair / 10).wrapping_mul(16).wrapping_add(pair % 10)
}

/// Returns the number that two decimal digits make.
const fn of_bcd(byte: u8) -> u8 {
    // At most 165.
    (byte >> 4).wrapping_mul(10).wrapping_add(byte & 0x0F)
}

/// Reads a number of `N` bytes, two digits each; at most 9.
pub(super) fn long_digits<const N: usize>(input: &[u8]) -> IResult<&[u8], u64, ()> {
    let (rest, bytes) = chunk::<N>(input)?;
    let value = bytes.iter().fold(0_u64, |value, &byte| {
        value.wrapping_mul(100).wrapping_add(of_bcd(byte).into())
    });
    Ok((rest, value))
}

/// Appends a number of twice as many digits as `bytes`.
pub(super) fn put_bcd(out: &mut Writer<'_>, value: u64, bytes: u32) {
    if WIDE && value < 100_000_000 && bytes <= 4 {
        let digits = bcd(to_digits(value as u32)).unwrap_or(0).to_be_bytes();
        let unused = digits.len().saturating_sub(bytes as usize);
        return out.put(digits.get(unused..).unwrap_or_default());
    }
    let pair = |place: u32| {
        let shifted = 100_u64
            .checked_pow(place)
            .and_then(|power| value.checked_div(power));
        to_bcd((shifted.unwrap_or(0) % 100) as u8)
    };
    for place in (0..bytes).rev() {
        out.put(&[pair(place)]);
    }
}

/// Returns `DDMMmmmm`, rounded to the nearest, for units of 1/3 000 000 minute.
const fn degrees_and_minutes(units: i64) -> u32 {
    // At most 1.08e8: 300 units are a ten-thousandth of a minute.
    let minutes = (units.unsigned_abs().wrapping_add(150) / 300) as u32;
    let degrees = minutes / 600_000;
    degrees
        .wrapping_mul(1_000_000)
        .wrapping_add(minutes % 600_000)
}

/// An id of 15 digits, and the digit that fills it up.
pub(super) fn long_id(input: &[u8]) -> IResult<&[u8], (Header<'static>, u8), ()> {
    map_opt(chunk::<8>, |&digits| {
        let digits = u64::from_be_bytes(digits);
        let id = DeviceId::from_bcd((digits >> 4).to_be_bytes(), 15)?;
        Some((Header::from(id), (digits & 0x0F) as u8))
    })
    .parse(input)
}

/// An id of 10 digits.
pub(super) fn short_id(input: &[u8]) -> IResult<&[u8], Header<'static>, ()> {
    map_opt(chunk, |&[a, b, c, d, e]: &[u8; 5]| {
        DeviceId::from_bcd([0, 0, 0, a, b, c, d, e], 10).map(Header::from)
    })
    .parse(input)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{framing::testing::samples, protocol::single, types::Protocol};
    use proptest::{prelude::*, sample::select};
    use std::vec::Vec;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

        /// The digits of a whole frame are those of the core that it has.
        #[test]
        fn has_short_id_is_whether_there_is_a_short_core(
            frame in select(samples::H02),
            changes in prop::collection::vec((0..45_usize, any::<u8>()), 0..4),
        ) {
            let mut frame = Vec::from(frame);
            for (at, byte) in changes {
                if let Some(changed) = frame.get_mut(at) {
                    *changed = byte;
                }
            }
            if frame.first() == Some(&REPORT) && single(&frame, Protocol::H02).is_ok() {
                let has_short_core = frame.first_chunk().is_some_and(is_core);
                prop_assert_eq!(has_short_id(&frame), has_short_core);
            }
        }
    }
}
