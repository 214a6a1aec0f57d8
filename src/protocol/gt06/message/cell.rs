use super::{
    Content, Envelope, Parts,
    blocks::{Lbs, check_network, country, date_time, lbs, network, put_date_time, put_network},
    number,
};
use crate::{
    bytes::{
        read::{byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{CellTower, DateTime, NeighbourCell},
};
use nom::{
    Parser,
    combinator::{all_consuming, map},
};

/// The serving cell alone: `11` with the time, `8B` without.
///
/// ```text
/// 0               6     14 or 15        0     8 or 9
/// +---------------+-----+- - -+         +-----+
/// | y m d  h m s  | LBS | rest|   11    | LBS |   8B
/// +---------------+-----+- - -+         +-----+
/// ```
///
/// Other lengths are other layouts: they are [`Unknown`](super::Unknown). `8B` is in no paper that was read: 8 bytes of two captures fit the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cell<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The device's clock, in `11`; all zero before the device knows the time. Its zone is not known.
    pub time: Option<DateTime>,
    /// The serving cell.
    pub lbs: Lbs,
    /// Nothing; in `11` also two bytes that look like a language.
    pub rest: &'a [u8],
}

impl<'a> Cell<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (rest, time) = match frame.code() {
            number::CELL => map(date_time, Some).parse(frame.content()).ok()?,
            number::BARE_CELL => (frame.content(), None),
            _ => return None,
        };
        let (rest, lbs) = lbs(rest).ok()?;
        let is_documented = rest.is_empty() || rest.len() == 2 && time.is_some();
        is_documented.then(|| Self {
            envelope: frame.envelope(),
            time,
            lbs,
            rest,
        })
    }
}

impl Content for Cell<'_> {
    fn code(&self) -> u8 {
        if self.time.is_some() {
            number::CELL
        } else {
            number::BARE_CELL
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.lbs.check()
    }

    fn write(&self, out: &mut Writer<'_>) {
        if let Some(time) = self.time {
            put_date_time(out, time);
        }
        self.lbs.put(out);
        out.put(self.rest);
    }
}

/// The cells around the device: `18` and `28`.
///
/// ```text
/// 0               6     8     9 or 10    +42              +1         +2
/// +---------------+-----+-----+----------+----------------+----------+
/// | y m d  h m s  | MCC | MNC | 7 * cell | timing advance | language |      cell: LAC (2), cell id (3), RSSI (1)
/// +---------------+-----+-----+----------+----------------+----------+
/// ```
///
/// An older layout, with six neighbours that have no LAC, is in a paper, but was never seen; it has another length and is
/// [`Unknown`](super::Unknown).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellList<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// `28`, whose time is UTC; in `18` the zone is not known.
    pub utc: bool,
    /// The device's clock; all zero before the device knows the time.
    pub time: DateTime,
    /// Mobile country code as sent, with bit 15: see [`Lbs`].
    pub mcc: u16,
    /// Mobile network code, at most 255 if bit 15 of the MCC is not set.
    pub mnc: u16,
    /// The serving cell and six others, each with LAC, cell id and signal strength.
    pub cells: &'a [u8; 42],
    /// Timing advance, 255 if it is not known.
    pub timing_advance: u8,
    /// Language, as sent.
    pub language: [u8; 2],
}

impl<'a> CellList<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let utc = frame.code() == number::UTC_CELL_LIST;
        let (_, (time, (mcc, mnc), cells, timing_advance, &language)) =
            all_consuming((date_time, network, chunk, byte, chunk))
                .parse(frame.content())
                .ok()?;
        Some(Self {
            envelope: frame.envelope(),
            utc,
            time,
            mcc,
            mnc,
            cells,
            timing_advance,
            language,
        })
    }

    /// Mobile country code, without bit 15.
    #[must_use]
    pub const fn mcc(&self) -> u16 {
        country(self.mcc)
    }

    /// The serving cell, which is the first; `None` if its LAC and its id are both 0.
    #[must_use]
    pub fn serving(&self) -> Option<CellTower> {
        places(self.cells, self.mcc(), self.mnc)
            .next()
            .flatten()
            .map(|first| first.cell)
    }

    /// The other cells, without those whose LAC and id are both 0: their places are empty.
    ///
    /// The RSSI is what was sent, 0 to 255.
    pub fn neighbours(&self) -> impl Iterator<Item = NeighbourCell> + Clone + use<'a> {
        places(self.cells, self.mcc(), self.mnc).skip(1).flatten()
    }
}

/// All seven places, empty ones as `None`.
fn places(
    cells: &[u8; 42],
    mcc: u16,
    mnc: u16,
) -> impl Iterator<Item = Option<NeighbourCell>> + Clone {
    cells.chunks_exact(6).map(move |place| match *place {
        [0, 0, 0, 0, 0, _] => None,
        [l, m, a, b, c, rssi] => {
            let (lac, cid) = (
                u32::from_be_bytes([0, 0, l, m]),
                u32::from_be_bytes([0, a, b, c]),
            );
            let cell = CellTower {
                mcc: Some(mcc),
                mnc: Some(mnc),
                lac: Some(lac),
                cid: Some(cid),
            };
            Some(NeighbourCell {
                cell,
                rssi: Some(rssi.into()),
            })
        }
        // Not of six bytes.
        _ => None,
    })
}

impl Content for CellList<'_> {
    fn code(&self) -> u8 {
        if self.utc {
            number::UTC_CELL_LIST
        } else {
            number::CELL_LIST
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        check_network(self.mcc, self.mnc)
    }

    fn write(&self, out: &mut Writer<'_>) {
        put_date_time(out, self.time);
        put_network(out, self.mcc, self.mnc);
        out.put(self.cells);
        out.put(&[self.timing_advance]);
        out.put(&self.language);
    }
}
