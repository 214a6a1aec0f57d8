//! The blocks of newer messages, whose fields have other sizes. See `docs/protocols/gt06.md`, "Cell
//! blocks".

use super::{
    blocks::{Lbs, check_network, country, network, write_network},
    location::{UploadMode, documented_bool},
};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::CellTower,
};
use nom::{IResult, Parser, combinator::map};

/// The sizes of the fields in a [`WideLbs`], which the message's number and length fix.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LbsForm {
    /// MCC, MNC of one byte or, after bit 15 of the MCC, two; LAC 2, cell id 3: as [`Lbs`].
    Short,
    /// MCC, MNC 1, LAC 2, cell id 4.
    LongId,
    /// MCC, MNC 2, LAC 2, cell id 3.
    WideMnc,
    /// MCC, MNC 2, LAC 2, cell id 4.
    WideMncLongId,
    /// MCC, MNC of one byte or, after bit 15 of the MCC, two; LAC 4, cell id 8.
    Lte,
}

/// The serving cell in newer messages, whose LAC and cell id may have more bytes than in [`Lbs`].
///
/// ```text
/// 0     2     3 or 4  +2 or +4  +3, +4 or +8
/// +-----+-----+-------+---------+
/// | MCC | MNC | LAC   | cell id |
/// +-----+-----+-------+---------+
/// ```
///
/// The message says how many bytes each field has. The MNC has one or two by itself, or by bit 15
/// of the MCC, as in [`Lbs`].
///
/// ```
/// use gt02::protocol::gt06::WideLbs;
/// let lbs = WideLbs::new(460, 0, 10_365, 48_913_921);
/// assert_eq!(lbs.cell().unwrap().cid, Some(48_913_921));
/// assert_eq!(WideLbs::NONE.cell(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WideLbs {
    /// Mobile country code as sent, with bit 15.
    pub mcc: u16,
    /// Mobile network code.
    pub mnc: u16,
    /// Location area code.
    pub lac: u32,
    /// Cell id.
    pub cell_id: u64,
}

impl WideLbs {
    /// No cell: all fields are zero.
    pub const NONE: Self = Self::new(0, 0, 0, 0);

    /// Creates the block of a cell. Messages refuse values that do not fit their fields.
    #[must_use]
    pub const fn new(mcc: u16, mnc: u16, lac: u32, cell_id: u64) -> Self {
        Self {
            mcc,
            mnc,
            lac,
            cell_id,
        }
    }

    /// Returns the mobile country code, without bit 15.
    #[must_use]
    pub const fn mcc(&self) -> u16 {
        country(self.mcc)
    }

    /// Returns the cell, unless all of its fields are zero: that says "no cell", never "cell 0".
    ///
    /// A cell id above 32 bits, which no network has, is left out.
    #[must_use]
    pub const fn cell(&self) -> Option<CellTower> {
        if self.mcc() == 0 && self.mnc == 0 && self.lac == 0 && self.cell_id == 0 {
            return None;
        }
        Some(CellTower {
            mcc: Some(self.mcc()),
            mnc: Some(self.mnc),
            lac: Some(self.lac),
            cid: if self.cell_id <= u32::MAX as u64 {
                Some(self.cell_id as u32)
            } else {
                None
            },
        })
    }

    pub(super) fn read(form: LbsForm, input: &[u8]) -> IResult<&[u8], Self, ()> {
        let (rest, (mcc, mnc)) = match form {
            LbsForm::Short | LbsForm::Lte => network(input)?,
            LbsForm::LongId => (be_u16, map(byte, u16::from)).parse(input)?,
            LbsForm::WideMnc | LbsForm::WideMncLongId => (be_u16, be_u16).parse(input)?,
        };
        let (rest, (lac, cell_id)) = match form {
            LbsForm::Short | LbsForm::WideMnc => (short_lac, be_u24).parse(rest)?,
            LbsForm::LongId | LbsForm::WideMncLongId => (short_lac, be_u32).parse(rest)?,
            LbsForm::Lte => {
                let (rest, (lac, cell_id)) = (be_u32, be_u64).parse(rest)?;
                return Ok((rest, Self::new(mcc, mnc, lac, cell_id)));
            }
        };
        Ok((rest, Self::new(mcc, mnc, lac, cell_id.into())))
    }

    /// Sets bit 15 of the MCC if the form needs it for this MNC.
    pub(super) const fn in_form(self, form: LbsForm) -> Self {
        match form {
            LbsForm::Short | LbsForm::Lte if self.mnc > 0xFF => Self {
                mcc: self.mcc | 0x8000,
                ..self
            },
            _ => self,
        }
    }

    pub(super) const fn check(&self, form: LbsForm) -> Result<(), EncodeError> {
        let network = match form {
            LbsForm::Short | LbsForm::Lte => check_network(self.mcc, self.mnc),
            LbsForm::LongId => check_network(0, self.mnc),
            LbsForm::WideMnc | LbsForm::WideMncLongId => Ok(()),
        };
        let max = match form {
            LbsForm::Short | LbsForm::WideMnc => 0xFF_FFFF,
            LbsForm::LongId | LbsForm::WideMncLongId => u32::MAX,
            LbsForm::Lte => return network,
        };
        if self.lac > u16::MAX as u32 {
            return Err(EncodeError::Range {
                field: "lac",
                max: u16::MAX as u32,
            });
        }
        if self.cell_id > max as u64 {
            return Err(EncodeError::Range {
                field: "cell_id",
                max,
            });
        }
        network
    }

    pub(super) fn write(&self, form: LbsForm, out: &mut Writer<'_>) {
        let [mnc_high, mnc_low] = self.mnc.to_be_bytes();
        match form {
            LbsForm::Short | LbsForm::Lte => write_network(out, self.mcc, self.mnc),
            LbsForm::LongId => {
                out.put(&self.mcc.to_be_bytes());
                out.put(&[mnc_low]);
            }
            LbsForm::WideMnc | LbsForm::WideMncLongId => {
                out.put(&self.mcc.to_be_bytes());
                out.put(&[mnc_high, mnc_low]);
            }
        }
        let [_, _, lac @ ..] = self.lac.to_be_bytes();
        let [_, _, _, _, a, b, c, d] = self.cell_id.to_be_bytes();
        match form {
            LbsForm::Short | LbsForm::WideMnc => {
                out.put(&lac);
                out.put(&[b, c, d]);
            }
            LbsForm::LongId | LbsForm::WideMncLongId => {
                out.put(&lac);
                out.put(&[a, b, c, d]);
            }
            LbsForm::Lte => {
                out.put(&self.lac.to_be_bytes());
                out.put(&self.cell_id.to_be_bytes());
            }
        }
    }
}

impl From<Lbs> for WideLbs {
    fn from(lbs: Lbs) -> Self {
        Self::new(lbs.mcc, lbs.mnc, lbs.lac.into(), lbs.cell_id.into())
    }
}

fn short_lac(input: &[u8]) -> IResult<&[u8], u32, ()> {
    map(be_u16, u32::from).parse(input)
}

/// Reads the next three bytes, big-endian.
pub(super) fn be_u24(input: &[u8]) -> IResult<&[u8], u32, ()> {
    map(chunk, |&[a, b, c]| u32::from_be_bytes([0, a, b, c])).parse(input)
}

/// Reads the next eight bytes, big-endian.
fn be_u64(input: &[u8]) -> IResult<&[u8], u64, ()> {
    map(chunk, |&bytes| u64::from_be_bytes(bytes)).parse(input)
}

/// Reads the next two bytes, big-endian and signed.
pub(super) fn be_i16(input: &[u8]) -> IResult<&[u8], i16, ()> {
    map(chunk, |&bytes| i16::from_be_bytes(bytes)).parse(input)
}

/// Writes the low three bytes of a number, and refuses more.
pub(super) const fn check_u24(field: &'static str, number: u32) -> Result<(), EncodeError> {
    if number > 0xFF_FFFF {
        return Err(EncodeError::Range {
            field,
            max: 0xFF_FFFF,
        });
    }
    Ok(())
}

pub(super) fn write_u24(out: &mut Writer<'_>, number: u32) {
    let [_, bytes @ ..] = number.to_be_bytes();
    out.put(&bytes);
}

/// The ignition, and why and when a location was sent: three bytes of newer locations.
///
/// ```text
/// 0          1             2        3
/// +----------+-------------+--------+
/// | ignition | upload mode | resent |
/// +----------+-------------+--------+
/// ```
///
/// ```
/// use gt02::protocol::gt06::{Upload, UploadMode};
/// let upload = Upload::new(true, UploadMode::Turn, false);
/// assert_eq!(upload.ignition(), Some(true));
/// assert_eq!(upload.mode(), Some(UploadMode::Turn));
/// assert_eq!(upload.resent(), Some(false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Upload {
    /// 0 off, 1 on; as sent.
    pub ignition: u8,
    /// The code of an [`UploadMode`], as sent.
    pub mode: u8,
    /// 0 live, 1 stored and sent late; as sent.
    pub resent: u8,
}

impl Upload {
    /// Creates the bytes.
    #[must_use]
    pub const fn new(ignition: bool, mode: UploadMode, resent: bool) -> Self {
        Self {
            ignition: ignition as u8,
            mode: mode as u8,
            resent: resent as u8,
        }
    }

    pub(super) fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        map(chunk, |&[ignition, mode, resent]| Self {
            ignition,
            mode,
            resent,
        })
        .parse(input)
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.ignition, self.mode, self.resent]);
    }

    /// Returns whether the ignition is on, if the byte has a documented value.
    #[must_use]
    pub const fn ignition(&self) -> Option<bool> {
        documented_bool(self.ignition)
    }

    /// Returns why the location was sent, if the byte has a documented value.
    #[must_use]
    pub const fn mode(&self) -> Option<UploadMode> {
        UploadMode::from_code(self.mode)
    }

    /// Returns whether this was stored and is sent late, if the byte has a documented value.
    #[must_use]
    pub const fn resent(&self) -> Option<bool> {
        documented_bool(self.resent)
    }
}
