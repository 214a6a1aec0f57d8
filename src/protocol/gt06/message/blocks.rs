//! The blocks that several messages are made of (spec gt06, sections 2.0 and 3), and how they are read and written.

use crate::{
    bytes::{
        read::{be_u16, be_u32, byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{
        self, CellTower, Course, DateTime, DeviceId, Position, Speed, degrees_of_thirty_thousandths,
    },
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map, opt},
};

/// The bit of an MCC that says that the MNC takes two bytes \[T\].
const WIDE_MNC: u16 = 0x8000;

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

pub(super) fn put_date_time(out: &mut Writer<'_>, time: DateTime) {
    let DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    } = time;
    out.put(&[year, month, day, hour, minute, second]);
}

/// Whether a time is one that a device sends: a date that exists, or all zeros before it knows one.
#[inline]
pub(super) fn is_possible(time: DateTime) -> bool {
    time.is_valid() || time == date_time_of([0; 6])
}

#[inline]
pub(super) fn gps(input: &[u8]) -> IResult<&[u8], Gps, ()> {
    map(chunk, Gps::of).parse(input)
}

/// An MCC and an MNC of one or two bytes.
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

pub(super) fn put_network(out: &mut Writer<'_>, mcc: u16, mnc: u16) {
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

pub(super) fn put_mileage(out: &mut Writer<'_>, mileage: Option<u32>) {
    if let Some(mileage) = mileage {
        out.put(&mileage.to_be_bytes());
    }
}

/// The IMEI in eight bytes of BCD: the 15 digits behind a leading 0, or all 16 if there is none.
pub(super) fn device_id(bcd: [u8; 8]) -> Option<DeviceId> {
    DeviceId::from_bcd(bcd, 15).or_else(|| DeviceId::from_bcd(bcd, 16))
}

/// Where the device is, and when it found out: 18 bytes.
///
/// ```text
/// 0               6            7          11          15      16       18
/// +---------------+------------+----------+-----------+-------+--------+
/// | y m d  h m s  | satellites | latitude | longitude | speed | course |
/// +---------------+------------+----------+-----------+-------+--------+
/// ```
///
/// Without a fix the coordinates are zero or the last known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gps {
    /// When the fix was taken, by the device's clock. All zero, or a month 0, before the device knows the time; some send a fixed date in the past \[C\].
    ///
    /// The zone is UTC in the messages that are called UTC here. In the others it is not known: UTC+8 as factory default, sometimes local time, sometimes
    /// UTC (spec gt06, section 5, pitfall 11).
    pub time: DateTime,
    /// High nibble: length of the GPS data, 12; others are seen \[C\]. Low nibble: [`satellites_used`](Self::satellites_used).
    pub satellites: u8,
    /// 1/30 000 minute, 0 to 162 000 000; the sign is in `course`.
    pub latitude: u32,
    /// 1/30 000 minute, 0 to 324 000 000; the sign is in `course`.
    pub longitude: u32,
    /// Kilometres per hour.
    pub speed: u8,
    /// Course over ground, fix and hemispheres.
    pub course: CourseStatus,
}

impl Gps {
    #[inline]
    pub(super) const fn of(bytes: &[u8; 18]) -> Self {
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

    pub(super) fn put(&self, out: &mut Writer<'_>) {
        put_date_time(out, self.time);
        out.put(&[self.satellites]);
        out.put(&self.latitude.to_be_bytes());
        out.put(&self.longitude.to_be_bytes());
        out.put(&[self.speed]);
        out.put(&self.course.0.to_be_bytes());
    }

    /// Satellites used in the fix, 0 to 15. Some devices say 0 although they have a fix \[C\].
    #[must_use]
    #[inline]
    pub const fn satellites_used(&self) -> u8 {
        self.satellites & 0x0F
    }

    /// Latitude in degrees, south negative, whatever was sent; up to 2386 for values that are none.
    #[must_use]
    #[inline]
    pub const fn latitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.latitude, self.course.is_north())
    }

    /// Longitude in degrees, west negative, whatever was sent; up to 2386 for values that are none.
    #[must_use]
    #[inline]
    pub const fn longitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.longitude, self.course.is_east())
    }

    /// The place, if latitude and longitude are within 90 and 180 degrees.
    ///
    /// It is the last known one, or zero, when [`CourseStatus::has_fix`] is false.
    #[must_use]
    #[inline]
    pub const fn position(&self) -> Option<Position> {
        Position::from_thirty_thousandths(
            (self.latitude, self.course.is_north()),
            (self.longitude, self.course.is_east()),
        )
    }

    /// The speed over ground.
    #[must_use]
    #[inline]
    pub const fn speed(&self) -> Speed {
        Speed::from_kmh(self.speed as u16)
    }
}

/// The word at the end of a [`Gps`] block; bit 0 is the lowest.
///
/// Bits 0 to 13 are the maker's \[D\], bits 14 and 15 public decoders' and practice \[T\] \[C\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CourseStatus(pub u16);

impl CourseStatus {
    /// Bits 0 to 9: degrees clockwise from north; up to 1023 for values that are none.
    #[must_use]
    #[inline]
    pub const fn degrees(self) -> u16 {
        self.0 & 0x03FF
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub const fn course(self) -> Option<Course> {
        Course::from_degrees(self.degrees())
    }

    /// Bit 10: the latitude is north.
    #[must_use]
    #[inline]
    pub const fn is_north(self) -> bool {
        self.has(10)
    }

    /// Bit 11 is not set: the longitude is east.
    #[must_use]
    #[inline]
    pub const fn is_east(self) -> bool {
        !self.has(11)
    }

    /// Bit 12: the position is from a fix.
    #[must_use]
    #[inline]
    pub const fn has_fix(self) -> bool {
        self.has(12)
    }

    /// Bit 13: differential positioning, by the papers. Real devices set it in any frame, also without a fix; it does not say that the position is an old
    /// one (spec gt06, section 5, pitfall 12).
    #[must_use]
    #[inline]
    pub const fn is_differential(self) -> bool {
        self.has(13)
    }

    /// Bit 15: the ignition is on; where bit 14 says that bit 15 means that. The papers have 0 in both.
    #[must_use]
    #[inline]
    pub const fn ignition(self) -> Option<bool> {
        if self.has(14) {
            Some(self.has(15))
        } else {
            None
        }
    }

    #[inline]
    const fn has(self, bit: u32) -> bool {
        self.0 & 1 << bit != 0
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
/// The wide form is in no paper that was read; devices send it \[T\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lbs {
    /// Mobile country code as sent, with bit 15.
    pub mcc: u16,
    /// Mobile network code, at most 255 if bit 15 of the MCC is not set.
    pub mnc: u16,
    /// Location area code.
    pub lac: u16,
    /// Cell id, 24 bits.
    pub cell_id: u32,
}

impl Lbs {
    /// Mobile country code, without bit 15.
    #[must_use]
    #[inline]
    pub const fn mcc(&self) -> u16 {
        country(self.mcc)
    }

    /// Whether the MNC takes two bytes.
    #[must_use]
    #[inline]
    pub const fn has_wide_mnc(&self) -> bool {
        self.mcc & WIDE_MNC != 0
    }

    /// The cell, unless all of its fields are zero: that says "no cell", never "cell 0".
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
        const MAX_CELL_ID: u32 = 0xFF_FFFF;
        match check_network(self.mcc, self.mnc) {
            Ok(()) if self.cell_id > MAX_CELL_ID => Err(EncodeError::Range {
                field: "cell_id",
                max: MAX_CELL_ID,
            }),
            checked => checked,
        }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) {
        put_network(out, self.mcc, self.mnc);
        out.put(&self.lac.to_be_bytes());
        let [_, cell_id @ ..] = self.cell_id.to_be_bytes();
        out.put(&cell_id);
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status {
    /// Relay, power, ignition, alarms.
    pub terminal: TerminalInfo,
    /// 0 off, 1 extremely low, 2 very low (alarm), 3 low but working, 4 medium, 5 high, 6 full \[D\]; others, up to 100 and more, are seen \[C\].
    pub voltage_level: u8,
    /// 0 none, 1 extremely weak, 2 weak, 3 good, 4 strong \[D\]; a whole family of devices sends 100 \[C\].
    pub gsm_level: u8,
    /// The alarm's code, 0 for none; [`alarm`](Self::alarm) names it.
    pub alarm: u8,
    /// 1 Chinese, 2 English \[D\], 0 if no text is wanted \[D\]. The high nibble extends the alarm's code with newer vendors \[T\].
    pub language: u8,
}

impl Status {
    /// What the alarm is about: the name that the maker's papers give the code, or, where the code is 0, the terminal information.
    ///
    /// Codes that the papers do not name are [`Other`](types::Alarm::Other), also where public decoders name them. The two places need not agree:
    /// low battery may be in the terminal information alone (spec gt06, section 3.5).
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
            0x10 => Alarm::SimChanged,
            0x11 => Alarm::PowerOff,
            0x12 => Alarm::AirplaneMode,
            // Disassembled; pulled off.
            0x13 | 0x32 => Alarm::Tamper,
            0x14 => Alarm::DoorOpened,
            0x15 => Alarm::LowBatteryShutdown,
            0x16 => Alarm::Sound,
            0x17 => Alarm::FakeBaseStation,
            0x18 => Alarm::CoverOpened,
            0x19 => Alarm::LowBattery,
            0x20 => Alarm::Sleep,
            0x23 => Alarm::Fall,
            0x24 => Alarm::ChargerInserted,
            0x29 => Alarm::HarshAcceleration,
            0x2A => Alarm::SharpLeft,
            0x2B => Alarm::SharpRight,
            0x2C => Alarm::Crash,
            0x2D => Alarm::Rollover,
            0x30 => Alarm::HarshBraking,
            0x3C => Alarm::Theft,
            0x3D => Alarm::IllegalStart,
            0x3E => Alarm::Button,
            0x4B => Alarm::Tilt,
            0x4C => Alarm::SharpTurn,
            0x4D => Alarm::LaneChange,
            0x4E => Alarm::VehicleUnstable,
            0x4F => Alarm::AngleChanged,
            0x5E => Alarm::PulseLineCut,
            0xFE => Alarm::AccOn,
            0xFF => Alarm::AccOff,
            _ => Alarm::Other,
        })
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TerminalInfo(pub u8);

impl TerminalInfo {
    /// Bit 0: armed.
    #[must_use]
    #[inline]
    pub const fn is_armed(self) -> bool {
        self.has(0)
    }

    /// Bit 1: the ignition is on.
    #[must_use]
    #[inline]
    pub const fn has_ignition(self) -> bool {
        self.has(1)
    }

    /// Bit 2: charging, or external power.
    #[must_use]
    #[inline]
    pub const fn is_charging(self) -> bool {
        self.has(2)
    }

    /// Bits 3 to 5, 0 to 7: [`alarm`](Self::alarm) names them.
    ///
    /// Newer papers give them this meaning in alarms alone, and call them extended bits in heartbeats.
    #[must_use]
    #[inline]
    pub const fn alarm_bits(self) -> u8 {
        self.0 >> 3 & 7
    }

    /// Bits 3 to 5, if a paper names them: 1 vibration, 2 power cut, 3 low battery, 4 SOS. The meaning of 5 to 7 is not established.
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

    /// Bit 6: GPS tracking is on.
    #[must_use]
    #[inline]
    pub const fn gps_tracking(self) -> bool {
        self.has(6)
    }

    /// Bit 7: the relay has cut oil and electricity.
    #[must_use]
    #[inline]
    pub const fn relay_cut(self) -> bool {
        self.has(7)
    }

    #[inline]
    const fn has(self, bit: u32) -> bool {
        self.0 & 1 << bit != 0
    }
}
