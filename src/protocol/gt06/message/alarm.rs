use super::{
    Content, Envelope, Parts,
    blocks::{self, Gps, Lbs, Status, is_possible, lbs, mileage, put_mileage, status},
    number,
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

/// An alarm with a position: `16`, `26` or `27`. Answered with an [`Empty`](super::Empty) of the same number and serial.
///
/// ```text
/// 0        18        19    27 or 28 +5      (+1)     (+4)
/// +--------+---------+-----+--------+- - - -+- - - - -+
/// | GPS    | LBS len.| LBS | status | fence | mileage |      blocks: Gps, Lbs, Status; fence: only in 27
/// +--------+---------+-----+--------+- - - -+- - - - -+
/// ```
///
/// Contents of another length have another layout behind the GPS block, which is then all that is read; if the date exists or is all zero, otherwise the
/// message is [`Unknown`](super::Unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Alarm<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Which number it is.
    pub form: AlarmForm,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// What stands behind the GPS block; absent if the content has another length than documented.
    pub details: Option<AlarmDetails>,
    /// What stands behind the GPS block if that is not documented.
    pub rest: &'a [u8],
}

/// The numbers of an [`Alarm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AlarmForm {
    /// `16`: the zone of the time is not known.
    Local,
    /// `26`: the time is UTC.
    Utc,
    /// `27`: the time is UTC, and the fence has a number.
    UtcFence,
}

/// What an [`Alarm`] has behind the GPS block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AlarmDetails {
    /// Length of the LBS block as sent; it counts itself. 9, or 10 with a wide MNC; but 8 and 0 are seen in front of the same 8 bytes, so nothing depends
    /// on it (spec gt06, section 5, pitfall 9).
    pub lbs_length: u8,
    /// The serving cell.
    pub lbs: Lbs,
    /// How the device is, and what the alarm is about.
    pub status: Status,
    /// Number of the fence, 255 for none; in `27` alone.
    pub fence: Option<u8>,
    /// What the odometer shows; its unit is not stated.
    pub mileage: Option<u32>,
}

impl AlarmDetails {
    fn of(form: AlarmForm, input: &[u8]) -> Option<Self> {
        let (rest, (lbs_length, lbs, status)) = (byte, lbs, status).parse(input).ok()?;
        let (rest, fence) = match form {
            AlarmForm::UtcFence => map(byte, Some).parse(rest).ok()?,
            AlarmForm::Local | AlarmForm::Utc => (rest, None),
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

    /// What the alarm is about: [`Status::alarm`].
    #[must_use]
    pub const fn alarm(&self) -> Option<types::Alarm> {
        self.status.alarm()
    }
}

impl<'a> Alarm<'a> {
    #[inline]
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let form = match frame.code() {
            number::ALARM => AlarmForm::Local,
            number::UTC_ALARM => AlarmForm::Utc,
            number::UTC_FENCE_ALARM => AlarmForm::UtcFence,
            _ => return None,
        };
        let (behind, gps) = blocks::gps(frame.content()).ok()?;
        let details = AlarmDetails::of(form, behind);
        let rest = if details.is_some() { &[] } else { behind };
        (details.is_some() || is_possible(gps.time)).then(|| Self {
            envelope: frame.envelope(),
            form,
            gps,
            details,
            rest,
        })
    }

    /// Whether the time is UTC. Otherwise its zone is not known; see [`Gps::time`].
    #[must_use]
    pub const fn is_utc(&self) -> bool {
        !matches!(self.form, AlarmForm::Local)
    }
}

impl Content for Alarm<'_> {
    fn code(&self) -> u8 {
        match self.form {
            AlarmForm::Local => number::ALARM,
            AlarmForm::Utc => number::UTC_ALARM,
            AlarmForm::UtcFence => number::UTC_FENCE_ALARM,
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.details.map_or(Ok(()), |details| details.lbs.check())
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.gps.put(out);
        if let Some(details) = self.details {
            out.put(&[details.lbs_length]);
            details.lbs.put(out);
            details.status.put(out);
            out.put(details.fence.as_slice());
            put_mileage(out, details.mileage);
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
    #[inline]
    pub(super) fn of(frame: &Parts<'_>) -> Option<Self> {
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
        self.lbs.put(out);
        self.status.put(out);
    }
}
