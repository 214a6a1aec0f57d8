use super::{
    Content, Envelope, Parts,
    blocks::{self, Gps, Lbs, Status, is_possible, lbs, mileage, status, write_mileage},
    extended::ExtendedAlarm,
    number,
    wide::{LbsForm, WideLbs},
};
use crate::{
    bytes::{read::byte, write::Writer},
    error::EncodeError,
    types,
};
use nom::{
    Parser,
    combinator::{all_consuming, map},
};

/// An alarm with a position: `16`, `26` or `27`. The reply is an [`Ack`](super::Ack) of the same
/// number and serial.
///
/// ```text
/// 0     18           19    27 or 28 +5      (+1)     (+4)
/// +-----+------------+-----+--------+- - - -+- - - - -+      blocks: Gps, Lbs, Status
/// | GPS | LBS length | LBS | status | fence | mileage |      fence: only in 27
/// +-----+------------+-----+--------+- - - -+- - - - -+
/// ```
///
/// Contents of another length have another layout after the GPS block. Some lengths of `16` are an
/// [`ExtendedAlarm`]. Of the others that block is all that is read; and only if the date exists or
/// is all zero. Otherwise the message is [`Unknown`](super::Unknown).
///
/// ```
/// use gt02::{protocol::gt06::{AlarmKind, Message}, types};
/// // An example of a vendor document.
/// let bytes = b"\x78\x78\x25\x16\x0b\x0b\x0f\x0e\x24\x1d\xcf\x02\x7a\xc8\x87\x0c\x46\x57\xe6\x00\
///     \x14\x02\x09\x01\xcc\x00\x28\x7d\x00\x1f\x72\x65\x06\x04\x01\x01\x00\x36\x56\xa4\x0d\x0a";
/// let Message::Alarm(alarm) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(alarm.kind, AlarmKind::Local);
/// assert_eq!(alarm.details.unwrap().alarm(), Some(types::Alarm::Sos));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Alarm<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Which number it is.
    pub kind: AlarmKind,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// The blocks after the GPS block; absent if the content has another length than documented.
    pub details: Option<AlarmDetails>,
    /// The bytes after the GPS block if they are not laid out as documented.
    pub rest: &'a [u8],
}

/// The numbers of an [`Alarm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AlarmKind {
    /// `16`: the zone of the time is not known.
    Local,
    /// `26`: the time is UTC.
    Utc,
    /// `27`: the time is UTC, and the fence has a number.
    UtcFence,
}

/// The part of an [`Alarm`] after the GPS block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AlarmDetails {
    /// Length of the LBS block as sent; it counts itself. 9, or 10 with a wide MNC; but 8 and 0 are
    /// seen before the same 8 bytes, so nothing depends on it \[C\].
    pub lbs_length: u8,
    /// The serving cell.
    pub lbs: Lbs,
    /// How the device is, and what the alarm is about.
    pub status: Status,
    /// Number of the fence in `27`, [`NO_FENCE`](Self::NO_FENCE) for none; absent in the others.
    pub fence: Option<u8>,
    /// Reading of the odometer; its unit is not stated.
    pub mileage: Option<u32>,
}

impl AlarmDetails {
    /// The number that stands for no fence.
    pub const NO_FENCE: u8 = 0xFF;

    /// Creates the part after the GPS block, without fence and mileage.
    #[must_use]
    pub const fn new(lbs: Lbs, status: Status) -> Self {
        Self {
            lbs_length: if lbs.has_wide_mnc() { 10 } else { 9 },
            lbs,
            status,
            fence: None,
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

    fn read(kind: AlarmKind, input: &[u8]) -> Option<Self> {
        let (rest, (lbs_length, lbs, status)) = (byte, lbs, status).parse(input).ok()?;
        let (rest, fence) = match kind {
            AlarmKind::UtcFence => map(byte, Some).parse(rest).ok()?,
            AlarmKind::Local | AlarmKind::Utc => (rest, None),
        };
        let (_, mileage) = mileage(rest).ok()?;
        Some(Self {
            lbs_length,
            lbs,
            status,
            fence,
            mileage,
        })
    }

    /// Returns what the alarm is about: [`Status::alarm`], with a fence [`Status::fence_alarm`].
    #[must_use]
    pub const fn alarm(&self) -> Option<types::Alarm> {
        match self.fence {
            Some(_) => self.status.fence_alarm(),
            None => self.status.alarm(),
        }
    }

    /// Returns the alarm's code, with a fence [`Status::fence_alarm_code`].
    #[must_use]
    pub const fn alarm_code(&self) -> u16 {
        match self.fence {
            Some(_) => self.status.fence_alarm_code(),
            None => self.status.alarm as u16,
        }
    }
}

impl<'a> Alarm<'a> {
    const fn new(kind: AlarmKind, gps: Gps, details: AlarmDetails, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            kind,
            gps,
            details: Some(details),
            rest: &[],
        }
    }

    /// Creates a `16`, whose time has no stated zone.
    #[must_use]
    pub const fn local(gps: Gps, details: AlarmDetails, serial: u16) -> Self {
        Self::new(AlarmKind::Local, gps, details, serial)
    }

    /// Creates a `26`, whose time is UTC.
    #[must_use]
    pub const fn utc(gps: Gps, details: AlarmDetails, serial: u16) -> Self {
        Self::new(AlarmKind::Utc, gps, details, serial)
    }

    /// Creates a `27`, whose time is UTC, about the fence of this number, or
    /// [`NO_FENCE`](AlarmDetails::NO_FENCE).
    #[must_use]
    pub const fn utc_fence(gps: Gps, details: AlarmDetails, fence: u8, serial: u16) -> Self {
        let details = AlarmDetails {
            fence: Some(fence),
            ..details
        };
        Self::new(AlarmKind::UtcFence, gps, details, serial)
    }

    #[inline]
    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        Self::read_of::<true>(frame)
    }

    /// Reads the alarm. Without `DETAILS`, reads the GPS block of an [`ExtendedAlarm`], which all
    /// of these numbers begin with.
    #[inline]
    pub(super) fn read_of<const DETAILS: bool>(frame: &Parts<'a>) -> Option<Self> {
        let kind = match frame.code() {
            number::ALARM => AlarmKind::Local,
            number::UTC_ALARM => AlarmKind::Utc,
            number::UTC_FENCE_ALARM => AlarmKind::UtcFence,
            _ => return None,
        };
        let (rest, gps) = blocks::gps(frame.content()).ok()?;
        let details = AlarmDetails::read(kind, rest);
        let rest = if details.is_some() { &[] } else { rest };
        let is_extended = || DETAILS && ExtendedAlarm::read(frame).is_some();
        let is_other = || is_possible(gps.time) && !is_extended();
        (details.is_some() || is_other()).then(|| Self {
            envelope: frame.envelope(),
            kind,
            gps,
            details,
            rest,
        })
    }

    /// Returns `true` if the time is UTC. Otherwise its zone is not known; see [`Gps::time`].
    #[must_use]
    pub const fn is_utc(&self) -> bool {
        !matches!(self.kind, AlarmKind::Local)
    }
}

impl Content for Alarm<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            AlarmKind::Local => number::ALARM,
            AlarmKind::Utc => number::UTC_ALARM,
            AlarmKind::UtcFence => number::UTC_FENCE_ALARM,
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.details.map_or(Ok(()), |details| details.lbs.check())
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.gps.write(out);
        if let Some(details) = self.details {
            out.put(&[details.lbs_length]);
            details.lbs.write(out);
            details.status.write(out);
            out.put(details.fence.as_slice());
            write_mileage(out, details.mileage);
        }
        out.put(self.rest);
    }
}

/// An alarm with the serving cell alone, and no time: `19`.
///
/// ```text
/// 0        8 or 9   +5
/// +--------+--------+
/// | LBS    | status |      blocks: Lbs, Status
/// +--------+--------+
/// ```
///
/// ```
/// use gt02::{protocol::gt06::Message, types::Alarm};
/// // An example of a vendor document.
/// let bytes = b"\x78\x78\x12\x19\x01\xcc\x00\x28\x7d\x00\x1f\x71\x20\x04\x04\x01\x01\x00\x94\
///     \x6c\x89\x0d\x0a";
/// let Message::CellAlarm(alarm) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(alarm.status.alarm(), Some(Alarm::Sos));
/// assert_eq!(alarm.lbs.cell().unwrap().cid, Some(8049));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellAlarm {
    /// Header and serial.
    pub envelope: Envelope,
    /// The serving cell.
    pub lbs: Lbs,
    /// How the device is, and what the alarm is about.
    pub status: Status,
}

impl CellAlarm {
    /// Creates an alarm without a position.
    #[must_use]
    pub const fn new(lbs: Lbs, status: Status, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            lbs,
            status,
        }
    }

    #[inline]
    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        let (_, (lbs, status)) = all_consuming((lbs, status)).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            lbs,
            status,
        })
    }
}

impl Content for CellAlarm {
    fn code(&self) -> u8 {
        number::CELL_ALARM
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.lbs.check()
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.lbs.write(out);
        self.status.write(out);
    }
}

/// An alarm with a 4G cell alone, and no time: `A5`. The reply is an [`Ack`](super::Ack) of the
/// same number and serial.
///
/// ```text
/// 0         15 or 16 +5
/// +---------+--------+
/// | WideLbs | status |      blocks: WideLbs, Status
/// +---------+--------+
/// ```
///
/// ```
/// use gt02::{protocol::gt06::Message, types::Alarm};
/// let bytes = b"\x78\x78\x19\xa5\x01\x2e\xd0\x00\x00\x75\xdf\x00\x00\x00\x00\x00\x98\x66\x15\
///     \x02\x05\x04\x13\x00\x00\x19\xa1\x2b\x0d\x0a";
/// let Message::LteCellAlarm(alarm) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(alarm.status.alarm(), Some(Alarm::Tamper));
/// assert_eq!(alarm.lbs.cell().unwrap().cid, Some(9_987_605));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LteCellAlarm {
    /// Header and serial.
    pub envelope: Envelope,
    /// The serving cell.
    pub lbs: WideLbs,
    /// How the device is, and what the alarm is about.
    pub status: Status,
}

impl LteCellAlarm {
    /// Creates an alarm without a position.
    #[must_use]
    pub const fn new(lbs: WideLbs, status: Status, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            lbs: lbs.in_form(LbsForm::Lte),
            status,
        }
    }

    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        let lbs = |input| WideLbs::read(LbsForm::Lte, input);
        let (_, (lbs, status)) = all_consuming((lbs, status)).parse(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            lbs,
            status,
        })
    }
}

impl Content for LteCellAlarm {
    fn code(&self) -> u8 {
        number::LTE_CELL_ALARM
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.lbs.check(LbsForm::Lte)
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.lbs.write(LbsForm::Lte, out);
        self.status.write(out);
    }
}
