use super::{
    Content, Envelope, Parts,
    blocks::{
        Language, Lbs, check_network, country, date_time, lbs, mcc_with, network, write_date_time,
        write_network,
    },
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
use core::iter::FusedIterator;
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
/// Other lengths are other layouts: they are [`Unknown`](super::Unknown). No vendor document that
/// was read has `8B`: 8 bytes of two captures fit the block.
///
/// ```
/// use gt02::protocol::gt06::Message;
/// // A device that does not know the time.
/// let bytes = b"\x78\x78\x15\x11\x00\x00\x00\x00\x00\x00\x02\xe0\x03\x03\xe8\x00\x4e\x20\x00\
///     \x02\x00\x03\xde\x8f\x0d\x0a";
/// let Message::Cell(cell) = Message::parse(bytes)? else { unreachable!() };
/// assert!(!cell.time.unwrap().is_valid());
/// assert_eq!(cell.lbs.cell().unwrap().cid, Some(20_000));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cell<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The device's clock, in `11`; all zero before the device knows the time. Its zone is not
    /// known.
    pub time: Option<DateTime>,
    /// The serving cell.
    pub lbs: Lbs,
    /// Nothing; in `11` also two bytes that look like a language.
    pub rest: &'a [u8],
}

impl<'a> Cell<'a> {
    /// Creates an `11` with this time, or an `8B` without one.
    #[must_use]
    pub const fn new(time: Option<DateTime>, lbs: Lbs, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            time,
            lbs,
            rest: &[],
        }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
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
            write_date_time(out, time);
        }
        self.lbs.write(out);
        out.put(self.rest);
    }
}

/// One place of a [`CellList`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ListedCell {
    /// Location area code.
    pub lac: u16,
    /// Cell id, 24 bits.
    pub cell_id: u32,
    /// Signal strength, a magnitude without a stated scale.
    pub rssi: u8,
}

/// The cells around the device: `18` and `28`.
///
/// ```text
/// 0               6     8     9 or 10    +42              +1         +2
/// +---------------+-----+-----+----------+----------------+----------+
/// | y m d  h m s  | MCC | MNC | 7 * cell | timing advance | language |
/// +---------------+-----+-----+----------+----------------+----------+
/// cell: LAC (2), cell id (3), RSSI (1)
/// ```
///
/// A vendor document has an older layout, with six neighbours that have no LAC. It was never seen;
/// it has another length, so it is [`Unknown`](super::Unknown).
///
/// ```
/// use gt02::{protocol::gt06::{CellList, ListedCell}, types::DateTime};
/// let cells = CellList::pack(&[
///     ListedCell { lac: 10_365, cell_id: 8049, rssi: 62 },
///     ListedCell { lac: 10_365, cell_id: 8050, rssi: 49 },
/// ])?;
/// let time = DateTime::new(2016, 1, 13, 2, 2, 2).unwrap();
/// let list = CellList::utc(time, 460, 0, &cells, 5)?;
/// assert_eq!(list.serving().unwrap().cid, Some(8049));
/// assert_eq!(list.neighbours().count(), 1);
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellList<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Set in `28`, whose time is UTC; the zone of `18` is not known.
    pub utc: bool,
    /// The device's clock; all zero before the device knows the time.
    pub time: DateTime,
    /// Mobile country code as sent, with bit 15: see [`Lbs`].
    pub mcc: u16,
    /// Mobile network code, at most 255 if bit 15 of the MCC is clear.
    pub mnc: u16,
    /// The serving cell and six others, each with LAC, cell id and signal strength.
    pub cells: &'a [u8; 42],
    /// Timing advance, 255 if it is not known.
    pub timing_advance: u8,
    /// Language, as sent.
    pub language: [u8; 2],
}

impl<'a> CellList<'a> {
    /// Places for cells in a list.
    pub const MAX_CELLS: usize = 7;

    /// The timing advance that says that it is not known.
    pub const NO_TIMING_ADVANCE: u8 = 0xFF;

    /// Bytes of a place.
    const PLACE_LEN: usize = 6;

    /// Packs cells as [`cells`](Self::cells) holds them, the serving cell first. The other places
    /// are empty.
    ///
    /// # Errors
    /// If there are more than 7 cells, or if a cell id has more than 24 bits.
    pub fn pack(cells: &[ListedCell]) -> Result<[u8; 42], EncodeError> {
        const MAX_CELL_ID: u32 = 0xFF_FFFF;
        if cells.len() > Self::MAX_CELLS {
            return Err(EncodeError::TooLong {
                field: "cells",
                max: Self::MAX_CELLS,
            });
        }
        let mut packed = [0; 42];
        for (place, cell) in packed.chunks_exact_mut(Self::PLACE_LEN).zip(cells) {
            let [high, a, b, c] = cell.cell_id.to_be_bytes();
            if high != 0 {
                return Err(EncodeError::Range {
                    field: "cell_id",
                    max: MAX_CELL_ID,
                });
            }
            let [l, m] = cell.lac.to_be_bytes();
            place.copy_from_slice(&[l, m, a, b, c, cell.rssi]);
        }
        Ok(packed)
    }

    fn new(
        utc: bool,
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8; 42],
        serial: u16,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            envelope: Envelope::short(serial),
            utc,
            time,
            mcc: mcc_with(mcc, mnc)?,
            mnc,
            cells,
            timing_advance: Self::NO_TIMING_ADVANCE,
            language: Language::None.bytes(),
        })
    }

    /// Creates an `18`, whose time has no stated zone, of cells that [`pack`](Self::pack) packed.
    ///
    /// # Errors
    /// If the MCC has more than 15 bits.
    pub fn local(
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8; 42],
        serial: u16,
    ) -> Result<Self, EncodeError> {
        Self::new(false, time, mcc, mnc, cells, serial)
    }

    /// Creates a `28`, whose time is UTC, of cells that [`pack`](Self::pack) packed.
    ///
    /// # Errors
    /// If the MCC has more than 15 bits.
    pub fn utc(
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8; 42],
        serial: u16,
    ) -> Result<Self, EncodeError> {
        Self::new(true, time, mcc, mnc, cells, serial)
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
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

    /// Returns the mobile country code, without bit 15.
    #[must_use]
    pub const fn mcc(&self) -> u16 {
        country(self.mcc)
    }

    /// Returns the serving cell, which is the first; `None` if its LAC and its id are both 0.
    #[must_use]
    pub fn serving(&self) -> Option<CellTower> {
        let (_, first) = self.network().place(PlaceForm::Short, self.cells)?;
        first.map(|first| first.cell)
    }

    /// Returns the other cells, without those whose LAC and id are both 0: their places are empty.
    ///
    /// The RSSI is as sent, 0 to 255.
    #[must_use]
    pub fn neighbours(&self) -> CellListNeighbours<'a> {
        let others = self.cells.split_at_checked(Self::PLACE_LEN);
        let others = others.map_or(&[][..], |(_, others)| others);
        CellListNeighbours::new(self.network(), PlaceForm::Short, others)
    }

    const fn network(&self) -> Network {
        Network::new(self.mcc(), self.mnc)
    }
}

/// The sizes of LAC and cell id in a place for a cell, which ends with an RSSI of one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) enum PlaceForm {
    /// LAC 2, cell id 3.
    Short,
    /// LAC 2, cell id 4.
    LongId,
    /// LAC 4, cell id 8.
    Lte,
}

/// The network that all cells of a list belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Network {
    mcc: u16,
    mnc: u16,
}

impl Network {
    pub(super) const fn new(mcc: u16, mnc: u16) -> Self {
        Self { mcc, mnc }
    }

    /// Splits a place off the front: the cell, or `None` if the place is empty.
    ///
    /// A place is empty if LAC and cell id are both 0; in an LTE place, if one of them is.
    pub(super) fn place(
        self,
        form: PlaceForm,
        places: &[u8],
    ) -> Option<(&[u8], Option<NeighbourCell>)> {
        let (lac, id, rssi, rest) = match form {
            PlaceForm::Short => {
                let (&[l, m, a, b, c, rssi], rest) = places.split_first_chunk()?;
                ([0, 0, l, m], [0, 0, 0, 0, 0, a, b, c], rssi, rest)
            }
            PlaceForm::LongId => {
                let (&[l, m, a, b, c, d, rssi], rest) = places.split_first_chunk()?;
                ([0, 0, l, m], [0, 0, 0, 0, a, b, c, d], rssi, rest)
            }
            PlaceForm::Lte => {
                let (&[j, k, l, m, a, b, c, d, e, f, g, h, rssi], rest) =
                    places.split_first_chunk()?;
                ([j, k, l, m], [a, b, c, d, e, f, g, h], rssi, rest)
            }
        };
        let (lac, id) = (u32::from_be_bytes(lac), u64::from_be_bytes(id));
        let is_empty = match form {
            PlaceForm::Short | PlaceForm::LongId => lac == 0 && id == 0,
            PlaceForm::Lte => lac == 0 || id == 0,
        };
        let cell = CellTower {
            mcc: Some(self.mcc),
            mnc: Some(self.mnc),
            lac: Some(lac),
            cid: u32::try_from(id).ok(),
        };
        let rssi = Some(rssi.into());
        Some((rest, (!is_empty).then_some(NeighbourCell { cell, rssi })))
    }
}

/// The neighbours in a list of cells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellListNeighbours<'a> {
    network: Network,
    form: PlaceForm,
    /// The places that are left.
    places: &'a [u8],
}

impl<'a> CellListNeighbours<'a> {
    pub(super) const fn new(network: Network, form: PlaceForm, places: &'a [u8]) -> Self {
        Self {
            network,
            form,
            places,
        }
    }
}

impl Iterator for CellListNeighbours<'_> {
    type Item = NeighbourCell;

    fn next(&mut self) -> Option<NeighbourCell> {
        loop {
            let (rest, cell) = self.network.place(self.form, self.places)?;
            self.places = rest;
            if cell.is_some() {
                return cell;
            }
        }
    }
}

impl FusedIterator for CellListNeighbours<'_> {}

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
        write_date_time(out, self.time);
        write_network(out, self.mcc, self.mnc);
        out.put(self.cells);
        out.put(&[self.timing_advance]);
        out.put(&self.language);
    }
}
