//! The blocks that most messages are made of. See `docs/protocols/gt06.md`, "Blocks".

use crate::{
    bytes::{
        read::{be_u16, be_u32, byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{
        self, CellTower, Course, DateTime, DeviceId, Latitude, Longitude, Position, Speed,
        degrees_of_thirty_thousandths,
    },
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map, opt},
};

/// The bit of an MCC that says that the MNC takes two bytes.
const WIDE_MNC: u16 = 0x8000;

/// The largest cell id of an [`Lbs`] block, 24 bits.
const MAX_CELL_ID: u32 = 0xFF_FFFF;

#[inline]
pub(super) fn date_time(input: &[u8]) -> IResult<&[u8], DateTime, ()> {
    map(chunk, |&bytes| date_time_of(bytes)).parse(input)
}

#[inline]
pub(super) const fn date_time_of([year, month, day, hour, minute, second]: [u8; 6]) -> DateTime {
    DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    }
}

pub(super) fn write_date_time(out: &mut Writer<'_>, time: DateTime) {
    out.put(&time.to_bytes());
}

/// Whether a device may send this time: it exists, or it is all zero, as before the device knows
/// the time.
#[inline]
pub(super) fn is_possible(time: DateTime) -> bool {
    time.is_valid() || time == date_time_of([0; 6])
}

#[inline]
pub(super) fn gps(input: &[u8]) -> IResult<&[u8], Gps, ()> {
    map(chunk, Gps::read).parse(input)
}

/// An MCC, and an MNC of one or two bytes.
#[inline]
pub(super) fn network(input: &[u8]) -> IResult<&[u8], (u16, u16), ()> {
    let (rest, mcc) = be_u16(input)?;
    let (rest, mnc) = if mcc & WIDE_MNC == 0 {
        map(byte, u16::from).parse(rest)?
    } else {
        be_u16(rest)?
    };
    Ok((rest, (mcc, mnc)))
}

pub(super) const fn check_network(mcc: u16, mnc: u16) -> Result<(), EncodeError> {
    if mcc & WIDE_MNC == 0 && mnc > 0xFF {
        Err(EncodeError::Range {
            field: "mnc",
            max: 0xFF,
        })
    } else {
        Ok(())
    }
}

/// The MCC as it is sent with this MNC: bit 15 is set if the MNC takes two bytes.
pub(super) const fn mcc_with(mcc: u16, mnc: u16) -> Result<u16, EncodeError> {
    if mcc & WIDE_MNC != 0 {
        return Err(EncodeError::Range {
            field: "mcc",
            max: 0x7FFF,
        });
    }
    Ok(if mnc > 0xFF { mcc | WIDE_MNC } else { mcc })
}

pub(super) fn write_network(out: &mut Writer<'_>, mcc: u16, mnc: u16) {
    out.put(&mcc.to_be_bytes());
    let [high, low] = mnc.to_be_bytes();
    if mcc & WIDE_MNC != 0 {
        out.put(&[high]);
    }
    out.put(&[low]);
}

/// The country code in a raw MCC.
pub(super) const fn country(mcc: u16) -> u16 {
    mcc & !WIDE_MNC
}

#[inline]
pub(super) fn lbs(input: &[u8]) -> IResult<&[u8], Lbs, ()> {
    // All fields of one array: the length is checked once.
    let (rest, &[m, c, n, l, a, x, y, z]) = chunk(input)?;
    let mcc = u16::from_be_bytes([m, c]);
    if mcc & WIDE_MNC == 0 {
        return Ok((
            rest,
            Lbs {
                mcc,
                mnc: n.into(),
                lac: u16::from_be_bytes([l, a]),
                cell_id: u32::from_be_bytes([0, x, y, z]),
            },
        ));
    }
    let (rest, last) = byte(rest)?;
    Ok((
        rest,
        Lbs {
            mcc,
            mnc: u16::from_be_bytes([n, l]),
            lac: u16::from_be_bytes([a, x]),
            cell_id: u32::from_be_bytes([0, y, z, last]),
        },
    ))
}

#[inline]
pub(super) fn status(input: &[u8]) -> IResult<&[u8], Status, ()> {
    map(
        chunk,
        |&[terminal, voltage_level, gsm_level, alarm, language]| Status {
            terminal: TerminalInfo(terminal),
            voltage_level,
            gsm_level,
            alarm,
            language,
        },
    )
    .parse(input)
}

/// The end of a documented layout: nothing, or the mileage.
#[inline]
pub(super) fn mileage(input: &[u8]) -> IResult<&[u8], Option<u32>, ()> {
    all_consuming(opt(be_u32)).parse(input)
}

pub(super) fn write_mileage(out: &mut Writer<'_>, mileage: Option<u32>) {
    if let Some(mileage) = mileage {
        out.put(&mileage.to_be_bytes());
    }
}

/// The IMEI in eight bytes of BCD: 15 digits after a leading 0, or all 16 if the first is not 0.
pub(super) fn device_id(bcd: [u8; 8]) -> Option<DeviceId> {
    DeviceId::from_bcd(bcd, 15).or_else(|| DeviceId::from_bcd(bcd, 16))
}

/// The eight bytes of BCD that [`device_id`] reads as this id.
pub(super) fn bcd_of(id: DeviceId) -> Result<[u8; 8], EncodeError> {
    let bcd = id.to_bcd();
    if device_id(bcd) == Some(id) {
        Ok(bcd)
    } else {
        Err(EncodeError::DeviceId { digits: 15 })
    }
}

/// A telephone number in 21 bytes, padded with zeros.
pub(super) const fn phone_field(number: &str) -> Result<[u8; 21], EncodeError> {
    let mut field = [0; 21];
    match field.split_at_mut_checked(number.len()) {
        Some((digits, _)) => digits.copy_from_slice(number.as_bytes()),
        None => {
            return Err(EncodeError::TooLong {
                field: "phone",
                max: 21,
            });
        }
    }
    Ok(field)
}

/// The language of texts, where a message has one. Fields of messages keep it as it was sent.
///
/// ```
/// use gt02::protocol::gt06::Language;
/// assert_eq!(Language::English.code(), 2);
/// assert_eq!(Language::from_code(1), Some(Language::Chinese));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Language {
    /// No text is wanted, 0.
    #[default]
    None,
    /// Chinese, 1.
    Chinese,
    /// English, 2.
    English,
}

impl Language {
    /// Returns the language that has this code \[D\].
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::None),
            1 => Some(Self::Chinese),
            2 => Some(Self::English),
            _ => None,
        }
    }

    /// Returns the code, which fills one byte.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Chinese => 1,
            Self::English => 2,
        }
    }

    /// Returns the code in two bytes, as most messages have it.
    #[must_use]
    pub const fn bytes(self) -> [u8; 2] {
        [0, self.code()]
    }
}

/// Where the device is, and since when: 18 bytes.
///
/// ```text
/// 0               6            7          11          15      16       18
/// +---------------+------------+----------+-----------+-------+--------+
/// | y m d  h m s  | satellites | latitude | longitude | speed | course |
/// +---------------+------------+----------+-----------+-------+--------+
/// ```
///
/// Without a fix the coordinates are zero or the last known ones.
///
/// ```
/// use gt02::{protocol::gt06::Gps, types::{Course, DateTime, Position, Speed}};
///
/// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
/// let position = Position::from_degrees(-33.9249, 18.4241).unwrap();
/// let course = Course::from_degrees(90).unwrap();
/// let gps = Gps::new(time, position, Speed::from_kmh(42), course, true, 9)?;
/// assert_eq!(gps.position(), Some(position));
/// assert!(gps.course.has_fix());
/// assert_eq!((gps.speed, gps.satellites_used()), (42, 9));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gps {
    /// When the fix was taken, by the device's clock. All zero, or a month 0, before the device
    /// knows the time; some send a fixed date in the past \[C\].
    ///
    /// The zone is UTC in the messages that are called UTC here. In the others it is not known:
    /// UTC+8 as factory default, sometimes local time, sometimes UTC.
    pub time: DateTime,
    /// High nibble: length of the GPS data, 12; others are seen \[C\]. Low nibble:
    /// [`satellites_used`](Self::satellites_used).
    pub satellites: u8,
    /// 1/30,000 minute, 0 to 162,000,000; `course` has the sign.
    pub latitude: u32,
    /// 1/30,000 minute, 0 to 324,000,000; `course` has the sign.
    pub longitude: u32,
    /// Kilometres per hour.
    pub speed: u8,
    /// Course over ground, fix and hemispheres.
    pub course: CourseStatus,
}

impl Gps {
    /// The high nibble of `satellites`: 12 bytes of GPS data.
    const DATA_LEN: u8 = 0xC0;

    /// The most satellites that the low nibble of `satellites` can say.
    pub(in super::super) const MAX_SATELLITES: u8 = 0x0F;

    /// Creates the block from plain values; `satellites` are those in use.
    ///
    /// The speed is rounded to kilometres per hour, the course to degrees.
    ///
    /// # Errors
    /// If the speed is above 255 km/h, or if there are more than 15 satellites.
    pub const fn new(
        time: DateTime,
        position: Position,
        speed: Speed,
        course: Course,
        has_fix: bool,
        satellites: u8,
    ) -> Result<Self, EncodeError> {
        let kmh = speed.metres_per_hour().saturating_add(500) / 1000;
        if kmh > u8::MAX as u32 {
            return Err(EncodeError::Range {
                field: "speed",
                max: u8::MAX as u32,
            });
        }
        if satellites > Self::MAX_SATELLITES {
            return Err(EncodeError::Range {
                field: "satellites",
                max: Self::MAX_SATELLITES as u32,
            });
        }
        let block = Self {
            time,
            satellites: Self::DATA_LEN | satellites,
            latitude: 0,
            longitude: 0,
            speed: kmh as u8,
            course: CourseStatus::new().with_course(course).with_fix(has_fix),
        };
        Ok(block.with_position(position))
    }

    /// Creates the block of a device that knows the time and has never had a fix: all other values
    /// are 0.
    #[must_use]
    pub const fn without_fix(time: DateTime) -> Self {
        Self {
            time,
            satellites: Self::DATA_LEN,
            latitude: 0,
            longitude: 0,
            speed: 0,
            course: CourseStatus::new(),
        }
    }

    /// Sets the coordinates and the hemispheres.
    #[must_use]
    pub const fn with_position(self, position: Position) -> Self {
        let Position {
            latitude,
            longitude,
        } = position;
        Self {
            latitude: latitude.thirty_thousandths(),
            longitude: longitude.thirty_thousandths(),
            course: self
                .course
                .with_north(latitude.is_positive())
                .with_east(longitude.is_positive()),
            ..self
        }
    }

    #[inline]
    pub(super) const fn read(bytes: &[u8; 18]) -> Self {
        // All fields of one array: the length is checked once.
        let &[
            year,
            month,
            day,
            hour,
            minute,
            second,
            satellites,
            a,
            b,
            c,
            d,
            e,
            f,
            g,
            h,
            speed,
            i,
            j,
        ] = bytes;
        Self {
            time: DateTime {
                year,
                month,
                day,
                hour,
                minute,
                second,
            },
            satellites,
            latitude: u32::from_be_bytes([a, b, c, d]),
            longitude: u32::from_be_bytes([e, f, g, h]),
            speed,
            course: CourseStatus(u16::from_be_bytes([i, j])),
        }
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
        out.put(&[self.satellites]);
        out.put(&self.latitude.to_be_bytes());
        out.put(&self.longitude.to_be_bytes());
        out.put(&[self.speed]);
        out.put(&self.course.0.to_be_bytes());
    }

    /// Returns the satellites used in the fix, 0 to 15. Some devices say 0 although they have a fix
    /// \[C\].
    #[must_use]
    #[inline]
    pub const fn satellites_used(&self) -> u8 {
        self.satellites & Self::MAX_SATELLITES
    }

    /// Returns the latitude in degrees, south negative. It is not checked: bytes that are not a
    /// latitude give up to 2386 degrees. [`position`](Self::position) is checked.
    #[must_use]
    #[inline]
    pub const fn latitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.latitude, self.course.north())
    }

    /// Returns the longitude in degrees, west negative. It is not checked: bytes that are not a
    /// longitude give up to 2386 degrees. [`position`](Self::position) is checked.
    #[must_use]
    #[inline]
    pub const fn longitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.longitude, self.course.east())
    }

    /// Returns the place, if latitude and longitude are within 90 and 180 degrees.
    ///
    /// It is the last known one, or zero, when [`CourseStatus::has_fix`] is false.
    #[must_use]
    #[inline]
    pub const fn position(&self) -> Option<Position> {
        Position::from_thirty_thousandths(
            (self.latitude, self.course.north()),
            (self.longitude, self.course.east()),
        )
    }

    /// Returns the latitude, if it is within 90 degrees.
    #[must_use]
    pub const fn latitude(&self) -> Option<Latitude> {
        Latitude::from_thirty_thousandths(self.latitude, self.course.north())
    }

    /// Returns the longitude, if it is within 180 degrees.
    #[must_use]
    pub const fn longitude(&self) -> Option<Longitude> {
        Longitude::from_thirty_thousandths(self.longitude, self.course.east())
    }

    /// Returns the speed over ground.
    #[must_use]
    #[inline]
    pub const fn speed(&self) -> Speed {
        Speed::from_kmh(self.speed as u16)
    }
}

/// The word at the end of a [`Gps`] block; bit 0 is the lowest.
///
/// The vendor documents define bits 0 to 13 \[D\]; bits 14 and 15 come from public decoders and
/// captures \[T\] \[C\].
///
/// ```
/// use gt02::{protocol::gt06::CourseStatus, types::Course};
/// let word = CourseStatus::new()
///     .with_course(Course::from_degrees(332).unwrap())
///     .with_north(true)
///     .with_east(true)
///     .with_fix(true);
/// assert_eq!(word, CourseStatus(0x154C)); // the example of a vendor document
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CourseStatus(pub u16);

impl CourseStatus {
    const DEGREES: u16 = 0x03FF;
    const NORTH: u16 = 1 << 10;
    const WEST: u16 = 1 << 11;
    const FIX: u16 = 1 << 12;
    const DIFFERENTIAL: u16 = 1 << 13;
    const HAS_IGNITION: u16 = 1 << 14;
    const IGNITION: u16 = 1 << 15;

    /// Creates the word with a course of 0 and no bit set, which says south, east and no fix.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Sets the course, rounded to degrees.
    #[must_use]
    pub const fn with_course(self, course: Course) -> Self {
        // At most 360, so it has no bits of its neighbours.
        let degrees = course.ten_thousandths().wrapping_add(5000) / 10_000;
        Self(self.0 & !Self::DEGREES | degrees as u16 & Self::DEGREES)
    }

    /// Sets whether the latitude is north.
    #[must_use]
    pub const fn with_north(self, is_north: bool) -> Self {
        self.with(Self::NORTH, is_north)
    }

    /// Sets whether the longitude is east.
    #[must_use]
    pub const fn with_east(self, is_east: bool) -> Self {
        self.with(Self::WEST, !is_east)
    }

    /// Sets whether the position is from a fix.
    #[must_use]
    pub const fn with_fix(self, has_fix: bool) -> Self {
        self.with(Self::FIX, has_fix)
    }

    /// Sets the bit for differential positioning.
    #[must_use]
    pub const fn with_differential(self, is_differential: bool) -> Self {
        self.with(Self::DIFFERENTIAL, is_differential)
    }

    /// Sets whether the ignition is on; `None` if the word does not say.
    #[must_use]
    pub const fn with_ignition(self, ignition: Option<bool>) -> Self {
        self.with(Self::HAS_IGNITION, ignition.is_some())
            .with(Self::IGNITION, matches!(ignition, Some(true)))
    }

    /// Returns bits 0 to 9: degrees clockwise from north. They are not checked, so up to 1023.
    #[must_use]
    #[inline]
    pub const fn degrees(self) -> u16 {
        self.0 & Self::DEGREES
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub const fn course(self) -> Option<Course> {
        Course::from_degrees(self.degrees())
    }

    /// Returns bit 10: the latitude is north.
    #[must_use]
    #[inline]
    pub const fn north(self) -> bool {
        self.has(Self::NORTH)
    }

    /// Returns `true` if bit 11 is clear: the longitude is east.
    #[must_use]
    #[inline]
    pub const fn east(self) -> bool {
        !self.has(Self::WEST)
    }

    /// Returns bit 12: the position is from a fix.
    #[must_use]
    #[inline]
    pub const fn has_fix(self) -> bool {
        self.has(Self::FIX)
    }

    /// Returns bit 13: differential positioning \[D\].
    ///
    /// Real devices set it in any frame, also without a fix; it does not say that the position is
    /// an old one \[C\].
    #[must_use]
    #[inline]
    pub const fn differential(self) -> bool {
        self.has(Self::DIFFERENTIAL)
    }

    /// Returns bit 15, the ignition, if bit 14 says that bit 15 means it. The vendor documents have
    /// 0 in both.
    #[must_use]
    #[inline]
    pub const fn ignition(self) -> Option<bool> {
        if self.has(Self::HAS_IGNITION) {
            Some(self.has(Self::IGNITION))
        } else {
            None
        }
    }

    #[inline]
    const fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }

    const fn with(self, bit: u16, is_set: bool) -> Self {
        Self(if is_set { self.0 | bit } else { self.0 & !bit })
    }
}

/// A cell of the mobile network: 8 bytes, or 9 where bit 15 of the MCC says that the MNC takes two.
///
/// ```text
/// 0     2     3     5         8        0      2     4     6         9
/// +-----+-----+-----+---------+        +------+-----+-----+---------+
/// | MCC | MNC | LAC | cell id |        | 8... | MNC | LAC | cell id |
/// +-----+-----+-----+---------+        +------+-----+-----+---------+
/// ```
///
/// No vendor document that was read has the wide form; devices send it \[C\].
///
/// ```
/// use gt02::protocol::gt06::Lbs;
/// let lbs = Lbs::new(310, 260, 52_106, 48_883)?;
/// assert_eq!((lbs.mcc(), lbs.has_wide_mnc()), (310, true));
/// assert_eq!(Lbs::try_from(lbs.cell().unwrap()), Ok(lbs));
/// assert_eq!(Lbs::NONE.cell(), None);
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lbs {
    /// Mobile country code as sent, with bit 15.
    pub mcc: u16,
    /// Mobile network code, at most 255 if bit 15 of the MCC is clear.
    pub mnc: u16,
    /// Location area code.
    pub lac: u16,
    /// Cell id, 24 bits.
    pub cell_id: u32,
}

impl Lbs {
    /// No cell: all fields are zero.
    pub const NONE: Self = Self {
        mcc: 0,
        mnc: 0,
        lac: 0,
        cell_id: 0,
    };

    /// Creates the block of a cell. It has the wide form if the MNC is above 255.
    ///
    /// # Errors
    /// If the MCC has more than 15 bits, or the cell id more than 24.
    pub const fn new(mcc: u16, mnc: u16, lac: u16, cell_id: u32) -> Result<Self, EncodeError> {
        let mcc = match mcc_with(mcc, mnc) {
            Ok(mcc) => mcc,
            Err(error) => return Err(error),
        };
        let block = Self {
            mcc,
            mnc,
            lac,
            cell_id,
        };
        match block.check() {
            Ok(()) => Ok(block),
            Err(error) => Err(error),
        }
    }

    /// Returns the mobile country code, without bit 15.
    #[must_use]
    #[inline]
    pub const fn mcc(&self) -> u16 {
        country(self.mcc)
    }

    /// Returns `true` if the MNC takes two bytes.
    #[must_use]
    #[inline]
    pub const fn has_wide_mnc(&self) -> bool {
        self.mcc & WIDE_MNC != 0
    }

    /// Returns the cell, unless all of its fields are zero: that says "no cell", never "cell 0".
    #[must_use]
    #[inline]
    pub const fn cell(&self) -> Option<CellTower> {
        if self.mcc() == 0 && self.mnc == 0 && self.lac == 0 && self.cell_id == 0 {
            return None;
        }
        Some(CellTower {
            mcc: Some(self.mcc()),
            mnc: Some(self.mnc),
            lac: Some(self.lac as u32),
            cid: Some(self.cell_id),
        })
    }

    pub(super) const fn check(&self) -> Result<(), EncodeError> {
        match check_network(self.mcc, self.mnc) {
            Ok(()) if self.cell_id > MAX_CELL_ID => Err(EncodeError::Range {
                field: "cell_id",
                max: MAX_CELL_ID,
            }),
            checked => checked,
        }
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_network(out, self.mcc, self.mnc);
        out.put(&self.lac.to_be_bytes());
        let [_, cell_id @ ..] = self.cell_id.to_be_bytes();
        out.put(&cell_id);
    }
}

impl TryFrom<CellTower> for Lbs {
    type Error = EncodeError;

    /// Creates the block of a cell whose four fields are all known.
    fn try_from(cell: CellTower) -> Result<Self, EncodeError> {
        let missing = |field| EncodeError::Missing { field };
        let lac = cell.lac.ok_or(missing("lac"))?;
        let lac = u16::try_from(lac).map_err(|_| EncodeError::Range {
            field: "lac",
            max: u16::MAX.into(),
        })?;
        Self::new(
            cell.mcc.ok_or(missing("mcc"))?,
            cell.mnc.ok_or(missing("mnc"))?,
            lac,
            cell.cid.ok_or(missing("cid"))?,
        )
    }
}

/// How the device is: 5 bytes of an alarm.
///
/// ```text
/// 0          1         2     3       4          5
/// +----------+---------+-----+-------+----------+
/// | terminal | voltage | GSM | alarm | language |
/// +----------+---------+-----+-------+----------+
/// ```
///
/// ```
/// use gt02::{protocol::gt06::{Language, Status, TerminalInfo}, types::Alarm};
/// let status = Status::new(TerminalInfo::new().with_charging(true), 6, 4)
///     .with_alarm(Alarm::Vibration)
///     .unwrap()
///     .with_language(Language::English);
/// assert_eq!(status.alarm(), Some(Alarm::Vibration));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status {
    /// Relay, power, ignition, alarms.
    pub terminal: TerminalInfo,
    /// 0 off, 1 extremely low, 2 very low (alarm), 3 low but working, 4 medium, 5 high, 6 full
    /// \[D\]; others, up to 100 and more, are seen \[C\].
    pub voltage_level: u8,
    /// 0 none, 1 extremely weak, 2 weak, 3 good, 4 strong \[D\]; a whole family of devices sends
    /// 100 \[C\].
    pub gsm_level: u8,
    /// The alarm's code, 0 for none; [`alarm`](Self::alarm) names it.
    pub alarm: u8,
    /// The code of a [`Language`] \[D\]. Newer vendors extend the alarm's code by the high nibble
    /// \[T\].
    pub language: u8,
}

impl Status {
    /// Creates a status without an alarm. The levels are on the scales of the fields.
    #[must_use]
    pub const fn new(terminal: TerminalInfo, voltage_level: u8, gsm_level: u8) -> Self {
        Self {
            terminal,
            voltage_level,
            gsm_level,
            alarm: 0,
            language: Language::None.code(),
        }
    }

    /// Sets the alarm's code. Returns `None` if no vendor document has a code for the alarm.
    #[must_use]
    pub const fn with_alarm(self, alarm: types::Alarm) -> Option<Self> {
        match Self::code_of(alarm) {
            Some(alarm) => Some(Self { alarm, ..self }),
            None => None,
        }
    }

    /// Sets the language.
    #[must_use]
    pub const fn with_language(self, language: Language) -> Self {
        Self {
            language: language.code(),
            ..self
        }
    }

    /// Returns what the alarm is about: the name that the vendor documents give the code, or public
    /// decoders where those are silent \[T\]; or, where the code is 0, the terminal information.
    ///
    /// Codes that mean different things to different makers are [`Other`](types::Alarm::Other): so
    /// is `10`, a changed SIM in the documents, and a door of a real device. The two places need
    /// not agree: low battery may be in the terminal information alone. See
    /// [the manual](crate::manual::gt06), "Alarm codes".
    #[must_use]
    pub const fn alarm(&self) -> Option<types::Alarm> {
        use types::Alarm;
        Some(match self.alarm {
            0x00 => return self.terminal.alarm(),
            0x01 => Alarm::Sos,
            0x02 => Alarm::PowerCut,
            0x03 => Alarm::Vibration,
            0x04 => Alarm::GeofenceEnter,
            0x05 => Alarm::GeofenceExit,
            0x06 => Alarm::Overspeed,
            0x09 => Alarm::Displacement,
            0x0A => Alarm::GpsLost,
            0x0B => Alarm::GpsRegained,
            0x0C => Alarm::PowerOn,
            0x0D => Alarm::FirstFix,
            0x0E => Alarm::ExternalLowBattery,
            0x0F => Alarm::LowBatteryProtection,
            // 10 is a changed SIM in the documents, and a door of a real device.
            0x11 => Alarm::PowerOff,
            0x12 => Alarm::AirplaneMode,
            // Disassembled; pulled off; tampering.
            0x13 | 0x25 | 0x32 => Alarm::Tamper,
            0x14 => Alarm::DoorOpened,
            0x15 => Alarm::LowBatteryShutdown,
            0x16 => Alarm::Sound,
            0x17 => Alarm::FakeBaseStation,
            0x18 => Alarm::CoverOpened,
            0x19 => Alarm::LowBattery,
            0x1A | 0x27 | 0x30 | 0xF1 => Alarm::HarshBraking,
            0x1B | 0x2E | 0x4C => Alarm::SharpTurn,
            0x20 => Alarm::Sleep,
            0x23 => Alarm::Fall,
            0x24 => Alarm::ChargerInserted,
            0x26 | 0x29 | 0xF0 => Alarm::HarshAcceleration,
            0x2A => Alarm::SharpLeft,
            0x2B => Alarm::SharpRight,
            0x2C | 0xF2 => Alarm::Crash,
            0x2D => Alarm::Rollover,
            0x3C => Alarm::Theft,
            0x3D => Alarm::IllegalStart,
            0x3E => Alarm::Button,
            0x4B => Alarm::Tilt,
            0x4D => Alarm::LaneChange,
            0x4E => Alarm::VehicleUnstable,
            0x4F => Alarm::AngleChanged,
            0x5E => Alarm::PulseLineCut,
            0xFE => Alarm::AccOn,
            0xFF => Alarm::AccOff,
            _ => Alarm::Other,
        })
    }

    /// Returns the alarm's code in `27` and `A4`, where the high nibble of the language extends it
    /// \[T\].
    #[must_use]
    pub const fn fence_alarm_code(&self) -> u16 {
        u16::from_be_bytes([self.language >> 4, self.alarm])
    }

    /// Returns what the alarm is about in `27` and `A4`: [`alarm`](Self::alarm), or
    /// [`Other`](types::Alarm::Other) if the [code](Self::fence_alarm_code) has more than a byte.
    #[must_use]
    pub const fn fence_alarm(&self) -> Option<types::Alarm> {
        if self.fence_alarm_code() > 0xFF {
            Some(types::Alarm::Other)
        } else {
            self.alarm()
        }
    }

    /// Returns the code that the vendor documents give an alarm: the inverse of
    /// [`alarm`](Self::alarm). Of several codes it is the one in the older documents: for
    /// [`Tamper`](types::Alarm::Tamper) that of a device that was taken apart.
    ///
    /// ```
    /// use gt02::{protocol::gt06::Status, types::Alarm};
    /// assert_eq!(Status::code_of(Alarm::Sos), Some(1));
    /// assert_eq!(Status::code_of(Alarm::LowSpeed), None);
    /// ```
    #[must_use]
    pub const fn code_of(alarm: types::Alarm) -> Option<u8> {
        use types::Alarm;
        Some(match alarm {
            Alarm::Sos => 0x01,
            Alarm::PowerCut => 0x02,
            Alarm::Vibration => 0x03,
            Alarm::GeofenceEnter => 0x04,
            Alarm::GeofenceExit => 0x05,
            Alarm::Overspeed => 0x06,
            Alarm::Displacement => 0x09,
            Alarm::GpsLost => 0x0A,
            Alarm::GpsRegained => 0x0B,
            Alarm::PowerOn => 0x0C,
            Alarm::FirstFix => 0x0D,
            Alarm::ExternalLowBattery => 0x0E,
            Alarm::LowBatteryProtection => 0x0F,
            Alarm::PowerOff => 0x11,
            Alarm::AirplaneMode => 0x12,
            Alarm::Tamper => 0x13,
            Alarm::DoorOpened => 0x14,
            Alarm::LowBatteryShutdown => 0x15,
            Alarm::Sound => 0x16,
            Alarm::FakeBaseStation => 0x17,
            Alarm::CoverOpened => 0x18,
            Alarm::LowBattery => 0x19,
            Alarm::Sleep => 0x20,
            Alarm::Fall => 0x23,
            Alarm::ChargerInserted => 0x24,
            Alarm::HarshAcceleration => 0x29,
            Alarm::SharpLeft => 0x2A,
            Alarm::SharpRight => 0x2B,
            Alarm::Crash => 0x2C,
            Alarm::Rollover => 0x2D,
            Alarm::HarshBraking => 0x30,
            Alarm::Theft => 0x3C,
            Alarm::IllegalStart => 0x3D,
            Alarm::Button => 0x3E,
            Alarm::Tilt => 0x4B,
            Alarm::SharpTurn => 0x4C,
            Alarm::LaneChange => 0x4D,
            Alarm::VehicleUnstable => 0x4E,
            Alarm::AngleChanged => 0x4F,
            Alarm::PulseLineCut => 0x5E,
            Alarm::AccOn => 0xFE,
            Alarm::AccOff => 0xFF,
            _ => return None,
        })
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.put(&[
            self.terminal.0,
            self.voltage_level,
            self.gsm_level,
            self.alarm,
            self.language,
        ]);
    }
}

/// The terminal information of heartbeats and alarms; bit 0 is the lowest \[D\].
///
/// ```
/// use gt02::protocol::gt06::TerminalInfo;
/// let info = TerminalInfo::new().with_gps_tracking(true).with_charging(true);
/// assert_eq!(info, TerminalInfo(0x44));
/// assert!(info.charging() && !info.ignition());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TerminalInfo(pub u8);

impl TerminalInfo {
    const ARMED: u8 = 1 << 0;
    const IGNITION: u8 = 1 << 1;
    const CHARGING: u8 = 1 << 2;
    const ALARM: u8 = 7 << 3;
    const GPS_TRACKING: u8 = 1 << 6;
    const RELAY_CUT: u8 = 1 << 7;

    /// Creates the byte with no bit set.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Sets whether the device is armed.
    #[must_use]
    pub const fn with_armed(self, is_armed: bool) -> Self {
        self.with(Self::ARMED, is_armed)
    }

    /// Sets whether the ignition is on.
    #[must_use]
    pub const fn with_ignition(self, is_on: bool) -> Self {
        self.with(Self::IGNITION, is_on)
    }

    /// Sets whether the device is charging, or has external power.
    #[must_use]
    pub const fn with_charging(self, is_charging: bool) -> Self {
        self.with(Self::CHARGING, is_charging)
    }

    /// Sets whether GPS tracking is on.
    #[must_use]
    pub const fn with_gps_tracking(self, is_on: bool) -> Self {
        self.with(Self::GPS_TRACKING, is_on)
    }

    /// Sets whether the relay has cut oil and electricity.
    #[must_use]
    pub const fn with_relay_cut(self, is_cut: bool) -> Self {
        self.with(Self::RELAY_CUT, is_cut)
    }

    /// Sets bits 3 to 5 to what stands for the alarm; to 0 for `None`, and for an alarm that they
    /// cannot say.
    #[must_use]
    pub const fn with_alarm(self, alarm: Option<types::Alarm>) -> Self {
        let bits = match alarm {
            Some(types::Alarm::Vibration) => 1,
            Some(types::Alarm::PowerCut) => 2,
            Some(types::Alarm::LowBattery) => 3,
            Some(types::Alarm::Sos) => 4,
            _ => 0,
        };
        Self(self.0 & !Self::ALARM | bits << 3)
    }

    /// Returns bit 0: the device is armed.
    #[must_use]
    #[inline]
    pub const fn armed(self) -> bool {
        self.has(Self::ARMED)
    }

    /// Returns bit 1: the ignition is on.
    #[must_use]
    #[inline]
    pub const fn ignition(self) -> bool {
        self.has(Self::IGNITION)
    }

    /// Returns bit 2: the device is charging, or has external power.
    #[must_use]
    #[inline]
    pub const fn charging(self) -> bool {
        self.has(Self::CHARGING)
    }

    /// Returns bits 3 to 5, 0 to 7: [`alarm`](Self::alarm) names them.
    ///
    /// Newer vendor documents give them this meaning in alarms alone, and call them extended bits
    /// in heartbeats.
    #[must_use]
    #[inline]
    pub const fn alarm_bits(self) -> u8 {
        self.0 >> 3 & 7
    }

    /// Returns what bits 3 to 5 stand for, if a vendor document names them: 1 vibration, 2 power
    /// cut, 3 low battery, 4 SOS. The meaning of 5 to 7 is not established.
    #[must_use]
    pub const fn alarm(self) -> Option<types::Alarm> {
        match self.alarm_bits() {
            1 => Some(types::Alarm::Vibration),
            2 => Some(types::Alarm::PowerCut),
            3 => Some(types::Alarm::LowBattery),
            4 => Some(types::Alarm::Sos),
            _ => None,
        }
    }

    /// Returns bit 6: GPS tracking is on.
    #[must_use]
    #[inline]
    pub const fn gps_tracking(self) -> bool {
        self.has(Self::GPS_TRACKING)
    }

    /// Returns bit 7: the relay has cut oil and electricity.
    #[must_use]
    #[inline]
    pub const fn relay_cut(self) -> bool {
        self.has(Self::RELAY_CUT)
    }

    #[inline]
    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }

    const fn with(self, bit: u8, is_set: bool) -> Self {
        Self(if is_set { self.0 | bit } else { self.0 & !bit })
    }
}
