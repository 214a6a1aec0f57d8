use super::{
    Content, Envelope, Parts,
    blocks::{self, Gps, Lbs, is_possible, lbs, mileage, put_mileage},
    gap, number,
};
use crate::{
    bytes::{WIDE, read::byte, write::Writer},
    error::EncodeError,
    types::CellTower,
};
use nom::Parser;

/// Where the device is: `10`, `12` or `22`.
///
/// ```text
/// 0        18    26 or 27
/// +--------+- - -+- - -+- - -+
/// | GPS    | LBS | more| rest|      blocks: Gps, Lbs; more: LocationForm
/// +--------+- - -+- - -+- - -+
/// ```
///
/// Contents that are longer or shorter than documented keep the part that all layouts seen begin with: of `12` the GPS block and the cell, of `22` the GPS
/// block; the other bytes are the rest. That holds if their date exists or is all zero; otherwise they begin with something else, and the message is
/// [`Unknown`](super::Unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// Which number it is, and what that has behind the GPS block.
    pub form: LocationForm,
    /// Bytes behind the documented ones. Of `10` normally none, or two that look like a language; of `12` and `22` none, if the length is documented.
    pub rest: &'a [u8],
}

/// What a [`Location`] has behind the GPS block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LocationForm {
    /// `10`: nothing.
    Gps,
    /// `12`: the serving cell.
    Cell {
        /// The serving cell; absent if the content ends before it does.
        lbs: Option<Lbs>,
        /// What the odometer shows, in the 30 bytes that a paper has as a variant; its unit is not stated.
        mileage: Option<u32>,
    },
    /// `22`, whose time is UTC: cell, ignition and why it was sent. Absent if the content has another length than documented.
    Utc(Option<UtcDetails>),
}

/// What a UTC location, `22`, has behind the GPS block.
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
    /// Why it was sent: 0 time, 1 distance, 2 turn, 3 ignition changed, 4 last point when standing still again, 5 network back, 6 ephemeris refreshed, 7 side
    /// key, 8 power on, 10 standing still with the time updated, 13 standing still, 14 periodic while static; 9 is unused \[D\].
    pub upload_mode: u8,
    /// 0 live, 1 stored and sent late; as sent.
    pub resent: u8,
    /// What the odometer shows; its unit is not stated.
    pub mileage: Option<u32>,
}

impl UtcDetails {
    #[inline]
    fn of(input: &[u8]) -> Option<Self> {
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

    /// Whether the ignition is on, if the byte has a documented value.
    #[must_use]
    pub const fn ignition(&self) -> Option<bool> {
        documented_bool(self.ignition)
    }

    /// Whether this was stored and is sent late, if the byte has a documented value.
    #[must_use]
    pub const fn resent(&self) -> Option<bool> {
        documented_bool(self.resent)
    }
}

const fn documented_bool(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

impl<'a> Location<'a> {
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let common = if WIDE { Self::common(frame) } else { None };
        common.or_else(|| Self::of_any(frame))
    }

    /// A `12` with neither a wide MNC nor anything after the cell, as most locations are.
    ///
    /// [`of_any`](Self::of_any) reads it as well; here the length is checked once.
    #[inline(always)]
    fn common(frame: &Parts<'a>) -> Option<Self> {
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
        let form = LocationForm::Cell {
            lbs: Some(lbs),
            mileage: None,
        };
        Some(Self {
            envelope: frame.envelope(),
            gps: Gps::of(gps),
            form,
            rest: &[],
        })
    }

    #[inline(never)]
    fn of_any(frame: &Parts<'a>) -> Option<Self> {
        let (behind, gps) = blocks::gps(frame.content()).ok()?;
        let envelope = frame.envelope();
        let undocumented = |form, rest| {
            is_possible(gps.time).then_some(Self {
                envelope,
                gps,
                form,
                rest,
            })
        };
        match frame.code() {
            number::GPS_CELL => match lbs(behind) {
                Ok((rest, lbs)) => match mileage(rest) {
                    Ok((rest, mileage)) => Some(Self {
                        envelope,
                        gps,
                        form: LocationForm::Cell {
                            lbs: Some(lbs),
                            mileage,
                        },
                        rest,
                    }),
                    Err(_) => undocumented(
                        LocationForm::Cell {
                            lbs: Some(lbs),
                            mileage: None,
                        },
                        rest,
                    ),
                },
                Err(_) => undocumented(
                    LocationForm::Cell {
                        lbs: None,
                        mileage: None,
                    },
                    behind,
                ),
            },
            number::UTC_GPS_CELL => match UtcDetails::of(behind) {
                Some(details) => Some(Self {
                    envelope,
                    gps,
                    form: LocationForm::Utc(Some(details)),
                    rest: &[],
                }),
                None => undocumented(LocationForm::Utc(None), behind),
            },
            number::GPS if matches!(behind.len(), 0 | 2) => Some(Self {
                envelope,
                gps,
                form: LocationForm::Gps,
                rest: behind,
            }),
            number::GPS => undocumented(LocationForm::Gps, behind),
            _ => None,
        }
    }

    /// The cell's block, if there is one.
    #[must_use]
    #[inline]
    pub const fn lbs(&self) -> Option<Lbs> {
        match self.form {
            LocationForm::Cell { lbs, .. } => lbs,
            LocationForm::Utc(Some(UtcDetails { lbs, .. })) => Some(lbs),
            LocationForm::Gps | LocationForm::Utc(None) => None,
        }
    }

    /// The serving cell, if there is one; see [`Lbs::cell`].
    #[must_use]
    #[inline]
    pub const fn cell(&self) -> Option<CellTower> {
        match self.lbs() {
            Some(lbs) => lbs.cell(),
            None => None,
        }
    }

    /// What the odometer shows, if it was sent; the unit is not stated.
    #[must_use]
    #[inline]
    pub const fn mileage(&self) -> Option<u32> {
        match self.form {
            LocationForm::Cell { mileage, .. }
            | LocationForm::Utc(Some(UtcDetails { mileage, .. })) => mileage,
            LocationForm::Gps | LocationForm::Utc(None) => None,
        }
    }

    /// Whether the ignition is on: from its own byte, if there is one, else from [`CourseStatus::ignition`](super::CourseStatus::ignition).
    #[must_use]
    #[inline]
    pub const fn ignition(&self) -> Option<bool> {
        match self.form {
            LocationForm::Utc(Some(details)) => details.ignition(),
            _ => self.gps.course.ignition(),
        }
    }

    /// Whether this was stored and is sent late, if it says; only `22` does.
    #[must_use]
    #[inline]
    pub const fn resent(&self) -> Option<bool> {
        match self.form {
            LocationForm::Utc(Some(details)) => details.resent(),
            _ => None,
        }
    }

    /// Whether the time is UTC. Otherwise its zone is not known; see [`Gps::time`].
    #[must_use]
    pub const fn is_utc(&self) -> bool {
        matches!(self.form, LocationForm::Utc(_))
    }
}

impl Content for Location<'_> {
    fn code(&self) -> u8 {
        match self.form {
            LocationForm::Gps => number::GPS,
            LocationForm::Cell { .. } => number::GPS_CELL,
            LocationForm::Utc(_) => number::UTC_GPS_CELL,
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        gap("lbs", self.lbs().is_none(), self.mileage().is_some())?;
        self.lbs().map_or(Ok(()), |lbs| lbs.check())
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.gps.put(out);
        if let Some(lbs) = self.lbs() {
            lbs.put(out);
        }
        if let LocationForm::Utc(Some(details)) = self.form {
            out.put(&[details.ignition, details.upload_mode, details.resent]);
        }
        put_mileage(out, self.mileage());
        out.put(self.rest);
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test that panics fails")]
mod tests {
    use super::*;
    use crate::protocol::gt06::{Frame, frame};
    use proptest::prelude::*;

    proptest! {
        /// The fast way says what the general way says.
        #[test]
        fn both_ways_agree(content in any::<[u8; 26]>()) {
            let mut out = [0; 40];
            let len = frame::encode(Envelope::short(7), number::GPS_CELL, "content", &mut out, |out| out.put(&content));
            let parts = Frame::from_candidate(&out[..len.unwrap_or(0)]).parts();
            if let Some(location) = Location::common(&parts) {
                prop_assert_eq!(Some(location), Location::of_any(&parts));
            }
            prop_assert_eq!(Location::common(&parts).is_some(), content[18] < 0x80 && len.is_ok());
        }
    }
}
