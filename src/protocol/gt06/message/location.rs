#[cfg(test)]
mod tests;

use super::{
    Content, Envelope, Parts, TerminalInfo,
    blocks::{self, Gps, Lbs, is_possible, lbs, mileage, write_mileage},
    extended::ExtendedLocation,
    gap, number,
};
use crate::{
    bytes::{
        WIDE,
        read::{be_u16, be_u32, byte},
        write::{Writer, write_parts},
    },
    error::EncodeError,
    protocol::gt06::{END, SHORT, crc16},
    types::{CellTower, Protocol, Temperature, Voltage},
};
use nom::{
    Parser,
    combinator::{all_consuming, map, opt},
};

/// Bytes in the frame of a `12` with nothing after the cell.
const COMMON_LEN: usize = 36;

/// Where the device is: `10`, `12` or `22`.
///
/// ```text
/// 0     18    26 or 27
/// +-----+- - -+- - - - - +- - -+
/// | GPS | LBS | the kind | rest|      blocks: Gps, Lbs; the kind: LocationKind
/// +-----+- - -+- - - - - +- - -+
/// ```
///
/// Contents that are longer or shorter than documented keep the part that all layouts begin with:
/// the GPS block and the cell of `12`, the GPS block of `22`; the other bytes are the rest. That
/// holds if their date exists or is all zero; otherwise they begin with something else, and the
/// message is [`Unknown`](super::Unknown).
///
/// ```
/// use gt02::{
///     protocol::gt06::{Gps, Lbs, Location, LocationKind, UploadMode, UtcDetails},
///     types::{Course, DateTime, Position, Speed},
/// };
///
/// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
/// let position = Position::from_degrees(-33.9249, 18.4241).unwrap();
/// let gps = Gps::new(time, position, Speed::from_kmh(42), Course::NORTH, true, 9)?;
/// let cell = Lbs::new(655, 1, 1000, 20_000)?;
/// let details = UtcDetails::new(cell, true, UploadMode::Turn, false);
/// let location = Location::new(gps, LocationKind::Utc(Some(details)), 7);
///
/// let mut out = [0; 39];
/// assert_eq!(location.encode(&mut out), Ok(39));
/// assert_eq!(out[..4], *b"\x78\x78\x22\x22");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// Which number it is, and what that has after the GPS block.
    pub kind: LocationKind,
    /// Bytes after the documented ones. `10` normally has none, or two that look like a language;
    /// `12` and `22` have none, if the length is documented.
    pub rest: &'a [u8],
}

/// The number of a [`Location`], and what it has after the GPS block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LocationKind {
    /// `10`: nothing.
    Gps,
    /// `12`: the serving cell.
    Cell {
        /// The serving cell; absent if the content ends before it does.
        lbs: Option<Lbs>,
        /// Reading of the odometer, in the 30 bytes that a vendor document has as a variant; its
        /// unit is not stated.
        mileage: Option<u32>,
    },
    /// `22`, whose time is UTC: cell, ignition and why it was sent. Absent if the content has
    /// another length than documented.
    Utc(Option<UtcDetails>),
}

impl LocationKind {
    /// Creates the kind of a `12` with this cell and no mileage.
    #[must_use]
    pub const fn cell(lbs: Lbs) -> Self {
        Self::Cell {
            lbs: Some(lbs),
            mileage: None,
        }
    }
}

/// The part of a UTC location, `22`, after the GPS block.
///
/// ```text
/// 0        8 or 9     +1            +2       +3        +7
/// +--------+----------+-------------+--------+- - - - -+
/// | LBS    | ignition | upload mode | resent | mileage |
/// +--------+----------+-------------+--------+- - - - -+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UtcDetails {
    /// The serving cell.
    pub lbs: Lbs,
    /// 0 off, 1 on; as sent.
    pub ignition: u8,
    /// Why it was sent: the code of an [`UploadMode`], as sent.
    pub upload_mode: u8,
    /// 0 live, 1 stored and sent late; as sent.
    pub resent: u8,
    /// Reading of the odometer; its unit is not stated.
    pub mileage: Option<u32>,
}

impl UtcDetails {
    /// Creates the part after the GPS block, without mileage.
    #[must_use]
    pub const fn new(lbs: Lbs, ignition: bool, upload_mode: UploadMode, resent: bool) -> Self {
        Self {
            lbs,
            ignition: ignition as u8,
            upload_mode: upload_mode as u8,
            resent: resent as u8,
            mileage: None,
        }
    }

    /// Sets what the odometer shows.
    #[must_use]
    pub const fn with_mileage(self, mileage: u32) -> Self {
        Self {
            mileage: Some(mileage),
            ..self
        }
    }

    #[inline]
    fn read(input: &[u8]) -> Option<Self> {
        let (_, (lbs, ignition, upload_mode, resent, mileage)) =
            (lbs, byte, byte, byte, mileage).parse(input).ok()?;
        Some(Self {
            lbs,
            ignition,
            upload_mode,
            resent,
            mileage,
        })
    }

    /// Returns whether the ignition is on, if the byte has a documented value.
    #[must_use]
    pub const fn ignition(&self) -> Option<bool> {
        documented_bool(self.ignition)
    }

    /// Returns why the location was sent, if the byte has a documented value.
    #[must_use]
    pub const fn upload_mode(&self) -> Option<UploadMode> {
        UploadMode::from_code(self.upload_mode)
    }

    /// Returns whether this was stored and is sent late, if the byte has a documented value.
    #[must_use]
    pub const fn resent(&self) -> Option<bool> {
        documented_bool(self.resent)
    }
}

/// The meaning of a byte that is 0 or 1.
pub(super) const fn documented_bool(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// Why a device sent a location \[D\]. The discriminants are the codes on the wire.
///
/// ```
/// use gt02::protocol::gt06::UploadMode;
/// assert_eq!(UploadMode::from_code(2), Some(UploadMode::Turn));
/// assert_eq!(UploadMode::Turn as u8, 2);
/// assert_eq!(UploadMode::from_code(9), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u8)]
pub enum UploadMode {
    /// The interval is over.
    Interval = 0x00,
    /// The distance is covered.
    Distance = 0x01,
    /// The device turned.
    Turn = 0x02,
    /// The ignition was switched.
    Ignition = 0x03,
    /// The device stands still again, and this is the last point.
    Stopped = 0x04,
    /// The network is back.
    NetworkRegained = 0x05,
    /// The ephemeris was refreshed.
    EphemerisRefreshed = 0x06,
    /// The side key was pressed.
    SideKey = 0x07,
    /// The device was switched on.
    PowerOn = 0x08,
    /// The device stands still, and the time is updated.
    StationaryTimeUpdated = 0x0A,
    /// The device stands still.
    Stationary = 0x0D,
    /// The interval for a device that stands still is over.
    StationaryInterval = 0x0E,
}

impl UploadMode {
    /// Returns the mode that has this code, if a vendor document names it.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0x00 => Self::Interval,
            0x01 => Self::Distance,
            0x02 => Self::Turn,
            0x03 => Self::Ignition,
            0x04 => Self::Stopped,
            0x05 => Self::NetworkRegained,
            0x06 => Self::EphemerisRefreshed,
            0x07 => Self::SideKey,
            0x08 => Self::PowerOn,
            0x0A => Self::StationaryTimeUpdated,
            0x0D => Self::Stationary,
            0x0E => Self::StationaryInterval,
            _ => return None,
        })
    }
}

impl<'a> Location<'a> {
    /// Creates a location.
    #[must_use]
    pub const fn new(gps: Gps, kind: LocationKind, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            gps,
            kind,
            rest: &[],
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let common = if WIDE { Self::common(frame) } else { None };
        common.or_else(|| Self::read_any::<true>(frame))
    }

    /// Reads a `12` with neither a wide MNC nor anything after the cell, as most locations are.
    ///
    /// [`read_any`](Self::read_any) reads it as well; here the length is checked once.
    #[inline(always)]
    pub(super) fn common(frame: &Parts<'a>) -> Option<Self> {
        if frame.code() != number::GPS_CELL {
            return None;
        }
        let content: &[u8; 26] = frame.content().try_into().ok()?;
        // The highest bit of the MCC says that the MNC is wide.
        let &[.., c @ ..=0x7F, d, mnc, l, m, x, y, z] = content else {
            return None;
        };
        let gps = content.first_chunk()?;
        let lbs = Lbs {
            mcc: u16::from_be_bytes([c, d]),
            mnc: mnc.into(),
            lac: u16::from_be_bytes([l, m]),
            cell_id: u32::from_be_bytes([0, x, y, z]),
        };
        Some(Self {
            envelope: frame.envelope(),
            gps: Gps::read(gps),
            kind: LocationKind::cell(lbs),
            rest: &[],
        })
    }

    /// The frame of what [`common`](Self::common) reads.
    ///
    /// It reads back as the same message: a right checksum after a documented length shows a frame
    /// whatever is inside.
    #[inline]
    fn common_frame(&self) -> Option<[u8; COMMON_LEN]> {
        let LocationKind::Cell {
            lbs: Some(lbs),
            mileage: None,
        } = self.kind
        else {
            return None;
        };
        let is_common = self.envelope == Envelope::short(self.envelope.serial)
            && self.rest.is_empty()
            && !lbs.has_wide_mnc()
            && lbs.check().is_ok();
        if !is_common {
            return None;
        }
        let Gps {
            time,
            satellites,
            latitude,
            longitude,
            speed,
            course,
        } = self.gps;
        let [year, month, day, hour, minute, second] = time.to_bytes();
        let [a, b, c, d] = latitude.to_be_bytes();
        let [e, f, g, h] = longitude.to_be_bytes();
        let [i, j] = course.0.to_be_bytes();
        let [k, l] = lbs.mcc.to_be_bytes();
        let [_, mnc] = lbs.mnc.to_be_bytes();
        let [m, n] = lbs.lac.to_be_bytes();
        let [_, o, p, q] = lbs.cell_id.to_be_bytes();
        let [r, s] = self.envelope.serial.to_be_bytes();
        #[rustfmt::skip]
        let covered: [u8; COMMON_LEN - 6] = [
            (COMMON_LEN - 5) as u8, number::GPS_CELL,
            year, month, day, hour, minute, second, satellites,
            a, b, c, d, e, f, g, h, speed, i, j,
            k, l, mnc, m, n, o, p, q,
            r, s,
        ];
        let checksum = crc16::checksum(&covered);
        let mut frame = [0; COMMON_LEN];
        let [mark, again, rest @ .., high, low, end, last] = &mut frame;
        (*mark, *again) = (SHORT, SHORT);
        rest.copy_from_slice(&covered);
        [*high, *low] = checksum.to_be_bytes();
        [*end, *last] = END;
        Some(frame)
    }

    /// Reads any location. Without `DETAILS`, reads the GPS block of an [`ExtendedLocation`] that
    /// begins with it.
    #[inline(never)]
    pub(super) fn read_any<const DETAILS: bool>(frame: &Parts<'a>) -> Option<Self> {
        let (after, gps) = blocks::gps(frame.content()).ok()?;
        let envelope = frame.envelope();
        let location = |kind, rest| {
            Some(Self {
                envelope,
                gps,
                kind,
                rest,
            })
        };
        let undocumented = |kind, rest| {
            let is_extended = if DETAILS {
                ExtendedLocation::read(frame).is_some()
            } else {
                ExtendedLocation::is_vehicle(frame.code(), frame.content().len())
            };
            if is_possible(gps.time) && !is_extended {
                location(kind, rest)
            } else {
                None
            }
        };
        match frame.code() {
            number::GPS_CELL => {
                let Ok((after, lbs)) = lbs(after) else {
                    let kind = LocationKind::Cell {
                        lbs: None,
                        mileage: None,
                    };
                    return undocumented(kind, after);
                };
                match mileage(after) {
                    Ok((rest, mileage)) => {
                        let lbs = Some(lbs);
                        location(LocationKind::Cell { lbs, mileage }, rest)
                    }
                    Err(_) => undocumented(LocationKind::cell(lbs), after),
                }
            }
            number::UTC_GPS_CELL => match UtcDetails::read(after) {
                Some(details) => location(LocationKind::Utc(Some(details)), &[]),
                None => undocumented(LocationKind::Utc(None), after),
            },
            number::GPS if matches!(after.len(), 0 | 2) => location(LocationKind::Gps, after),
            number::GPS => undocumented(LocationKind::Gps, after),
            _ => None,
        }
    }

    /// Returns the cell's block, if there is one.
    #[must_use]
    #[inline]
    pub const fn lbs(&self) -> Option<Lbs> {
        match self.kind {
            LocationKind::Cell { lbs, .. } => lbs,
            LocationKind::Utc(Some(UtcDetails { lbs, .. })) => Some(lbs),
            LocationKind::Gps | LocationKind::Utc(None) => None,
        }
    }

    /// Returns the serving cell, if there is one; see [`Lbs::cell`].
    #[must_use]
    #[inline]
    pub const fn cell(&self) -> Option<CellTower> {
        match self.lbs() {
            Some(lbs) => lbs.cell(),
            None => None,
        }
    }

    /// Returns what the odometer shows, if it was sent; the unit is not stated.
    #[must_use]
    #[inline]
    pub const fn mileage(&self) -> Option<u32> {
        match self.kind {
            LocationKind::Cell { mileage, .. }
            | LocationKind::Utc(Some(UtcDetails { mileage, .. })) => mileage,
            LocationKind::Gps | LocationKind::Utc(None) => None,
        }
    }

    /// Returns whether the ignition is on: from its own byte, if there is one, else from
    /// [`CourseStatus::ignition`](super::CourseStatus::ignition).
    #[must_use]
    #[inline]
    pub const fn ignition(&self) -> Option<bool> {
        match self.kind {
            LocationKind::Utc(Some(details)) => details.ignition(),
            _ => self.gps.course.ignition(),
        }
    }

    /// Returns whether this was stored and is sent late, if the message says; only `22` does.
    #[must_use]
    #[inline]
    pub const fn resent(&self) -> Option<bool> {
        match self.kind {
            LocationKind::Utc(Some(details)) => details.resent(),
            _ => None,
        }
    }

    /// Returns what two makers send after the cell of a `12`, by the number of bytes \[C\].
    #[must_use]
    #[inline]
    pub fn tail(&self) -> Option<LocationTail> {
        match self.kind {
            LocationKind::Cell { lbs: Some(lbs), .. }
                if !self.rest.is_empty() && !lbs.has_wide_mnc() =>
            {
                LocationTail::read(self.rest)
            }
            _ => None,
        }
    }

    /// Returns `true` if the time is UTC. Otherwise its zone is not known; see [`Gps::time`].
    #[must_use]
    pub const fn is_utc(&self) -> bool {
        matches!(self.kind, LocationKind::Utc(_))
    }
}

/// What two makers send after the cell of a `12`: 5 bytes with L 24 (VXT01), 12 with L 2B (S5).
///
/// ```text
/// 0          1        3     4       5     7             8         12
/// +----------+--------+-----+-------+- - -+- - - - - - -+- - - - -+
/// | terminal | supply | GSM | alarm | oil | temperature | mileage |
/// +----------+--------+-----+-------+- - -+- - - - - - -+- - - - -+
/// ```
///
/// ```
/// use gt02::protocol::gt06::{Gps, Lbs, Location, LocationKind};
/// # use gt02::types::DateTime;
/// let gps = Gps::without_fix(DateTime::new(2026, 5, 4, 7, 30, 0).unwrap());
/// let location = Location {
///     rest: &[0x45, 0x04, 0xB6, 0x04, 0x00, 0x00, 0x00, 0x1C, 0x00, 0x00, 0x00, 0x10],
///     ..Location::new(gps, LocationKind::cell(Lbs::NONE), 1)
/// };
/// let tail = location.tail().unwrap();
/// assert_eq!(tail.voltage().volts(), 12.06);
/// assert_eq!(tail.sensors.unwrap().temperature().celsius(), 28.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LocationTail {
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// The external supply, hundredths of a volt.
    pub voltage: u16,
    /// The level of the mobile network's signal, as sent.
    pub gsm_level: u8,
    /// The code of an alarm, or an extension of it, as sent.
    pub alarm: u8,
    /// What follows with L 2B.
    pub sensors: Option<LocationSensors>,
}

/// The end of a [`LocationTail`] with L 2B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LocationSensors {
    /// Oil, as sent.
    pub oil: u16,
    /// Bit 7 the sign, bits 0 to 6 degrees Celsius.
    pub temperature: u8,
    /// Reading of the odometer; its unit is not established.
    pub mileage: u32,
}

impl LocationTail {
    fn read(input: &[u8]) -> Option<Self> {
        let sensors = map((be_u16, byte, be_u32), |(oil, temperature, mileage)| {
            LocationSensors {
                oil,
                temperature,
                mileage,
            }
        });
        let (_, (terminal, voltage, gsm_level, alarm, sensors)) =
            all_consuming((map(byte, TerminalInfo), be_u16, byte, byte, opt(sensors)))
                .parse(input)
                .ok()?;
        Some(Self {
            terminal,
            voltage,
            gsm_level,
            alarm,
            sensors,
        })
    }

    /// Returns the external supply.
    #[must_use]
    pub const fn voltage(&self) -> Voltage {
        Voltage::from_hundredths(self.voltage)
    }
}

impl LocationSensors {
    /// Returns the temperature.
    #[must_use]
    pub const fn temperature(&self) -> Temperature {
        let degrees = (self.temperature & 0x7F) as i32;
        let sign = if self.temperature & 0x80 == 0 { 1 } else { -1 };
        Temperature::from_millicelsius(degrees.wrapping_mul(1000).wrapping_mul(sign))
    }
}

impl Content for Location<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            LocationKind::Gps => number::GPS,
            LocationKind::Cell { .. } => number::GPS_CELL,
            LocationKind::Utc(_) => number::UTC_GPS_CELL,
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        gap("lbs", self.lbs().is_none(), self.mileage().is_some())?;
        self.lbs().map_or(Ok(()), |lbs| lbs.check())
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.gps.write(out);
        if let Some(lbs) = self.lbs() {
            lbs.write(out);
        }
        if let LocationKind::Utc(Some(details)) = self.kind {
            out.put(&[details.ignition, details.upload_mode, details.resent]);
        }
        write_mileage(out, self.mileage());
        out.put(self.rest);
    }

    #[inline]
    fn encode_at_once(&self, out: &mut [u8]) -> Option<Result<usize, EncodeError>> {
        // A build that finds no such frames reads none back.
        if WIDE && Protocol::Gt06.is_enabled() {
            self.common_frame()
                .map(|frame| write_parts(out, &[&frame, &[], &[], &[]]))
        } else {
            None
        }
    }
}
