//! The cells and access points around the device, in newer messages. See `docs/protocols/gt06.md`,
//! "4G twins" and "Wi-Fi".

use super::{
    CellList, Content, Envelope, Language, Parts,
    blocks::{
        check_network, country, date_time, mcc_with, network, write_date_time, write_network,
    },
    cell::{CellListNeighbours, Network, PlaceForm},
    number,
};
use crate::{
    bytes::{
        read::{byte, bytes, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{AccessPoint, CellTower, DateTime, MacAddress, Text},
};
use core::iter::FusedIterator;
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map},
};

/// The bytes of an access point in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum AccessPointForm {
    /// MAC 6, strength 1.
    Plain,
    /// MAC 6, strength 1, length 1, name: in `2C`, by a vendor document alone \[D\].
    Named,
    /// Two bytes of 0, MAC 6: in `F3`.
    Padded,
}

/// The access points in a message. They are parsed during iteration.
///
/// ```text
/// 0     6          7        0     6          7        8              0     2     8
/// +-----+----------+        +-----+----------+--------+- - -+        +-----+-----+
/// | MAC | strength |  ...   | MAC | strength | length | name|  ...   | 0 0 | MAC |  ...
/// +-----+----------+        +-----+----------+--------+- - -+        +-----+-----+
/// ```
///
/// The strength is reported as sent: a magnitude (3C is -60 dBm) from some devices, two's
/// complement (D1) from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AccessPointList<'a> {
    form: AccessPointForm,
    count: u8,
    bytes: &'a [u8],
}

impl<'a> AccessPointList<'a> {
    /// No access point.
    pub const EMPTY: Self = Self {
        form: AccessPointForm::Plain,
        count: 0,
        bytes: &[],
    };

    /// Takes bytes that are a list of access points in this form; `None` if the last one does not
    /// end with them, or if there are more than 255.
    ///
    /// ```
    /// use gt02::{protocol::gt06::{AccessPointForm, AccessPointList}, types::MacAddress};
    /// let bytes = [0x00, 0x18, 0x01, 0x00, 0x00, 0x01, 0x3E];
    /// let list = AccessPointList::new(AccessPointForm::Plain, &bytes).unwrap();
    /// let point = list.iter().next().unwrap();
    /// assert_eq!(point.mac, MacAddress([0x00, 0x18, 0x01, 0x00, 0x00, 0x01]));
    /// assert_eq!(point.rssi, Some(62));
    /// ```
    #[must_use]
    pub fn new(form: AccessPointForm, bytes: &'a [u8]) -> Option<Self> {
        let (mut rest, mut count) = (bytes, 0_u8);
        while !rest.is_empty() {
            (rest, _) = access_point(form, rest).ok()?;
            count = count.checked_add(1)?;
        }
        Some(Self { form, count, bytes })
    }

    /// Reads a count and as many access points, which must end with the input.
    pub(super) fn counted(forms: &[AccessPointForm], input: &'a [u8]) -> Option<Self> {
        let (bytes, count) = byte(input).ok()?;
        forms
            .iter()
            .filter_map(|&form| Self::new(form, bytes))
            .find(|list| list.count == count)
    }

    /// Returns the number of access points.
    #[must_use]
    pub const fn count(&self) -> u8 {
        self.count
    }

    /// Returns the form of the access points.
    #[must_use]
    pub const fn form(&self) -> AccessPointForm {
        self.form
    }

    /// Returns the access points as they are on the wire, without the count.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns an iterator over the access points, in the order in which they were sent.
    #[must_use]
    pub const fn iter(&self) -> AccessPointListIter<'a> {
        AccessPointListIter {
            form: self.form,
            rest: self.bytes,
        }
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.count]);
        out.put(self.bytes);
    }
}

impl<'a> IntoIterator for AccessPointList<'a> {
    type Item = AccessPoint<'a>;
    type IntoIter = AccessPointListIter<'a>;

    fn into_iter(self) -> AccessPointListIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &AccessPointList<'a> {
    type Item = AccessPoint<'a>;
    type IntoIter = AccessPointListIter<'a>;

    fn into_iter(self) -> AccessPointListIter<'a> {
        self.iter()
    }
}

/// An iterator over an [`AccessPointList`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AccessPointListIter<'a> {
    form: AccessPointForm,
    rest: &'a [u8],
}

impl<'a> Iterator for AccessPointListIter<'a> {
    type Item = AccessPoint<'a>;

    fn next(&mut self) -> Option<AccessPoint<'a>> {
        let (rest, point) = access_point(self.form, self.rest).ok()?;
        self.rest = rest;
        Some(point)
    }
}

impl FusedIterator for AccessPointListIter<'_> {}

fn access_point(form: AccessPointForm, input: &[u8]) -> IResult<&[u8], AccessPoint<'_>, ()> {
    /// The longest name of a network.
    const MAX_NAME: u8 = 32;
    let mac = map(chunk, |&mac| MacAddress(mac));
    let strength = map(byte, |strength| Some(i16::from(strength)));
    match form {
        AccessPointForm::Plain => map((mac, strength), |(mac, rssi)| {
            AccessPoint::new(mac, rssi, None)
        })
        .parse(input),
        AccessPointForm::Named => {
            let (rest, (mac, rssi, len)) = (mac, strength, byte).parse(input)?;
            if len > MAX_NAME {
                return Err(nom::Err::Error(()));
            }
            let (rest, name) = bytes(len.into())(rest)?;
            let ssid = Some(Text::Bytes(name)).filter(|_| len > 0);
            Ok((rest, AccessPoint::new(mac, rssi, ssid)))
        }
        AccessPointForm::Padded => {
            let (rest, (padding, mac)) = (chunk, mac).parse(input)?;
            if *padding != [0, 0] {
                return Err(nom::Err::Error(()));
            }
            Ok((rest, AccessPoint::new(mac, None, None)))
        }
    }
}

/// The cells and access points around the device: `2C`, `A1`, `A2`.
///
/// ```text
/// 0               6     8     9 or 10    +42 or +91       +1
/// +---------------+-----+-----+----------+----------------+- - - - -+
/// | y m d  h m s  | MCC | MNC | 7 * cell | timing advance | the kind|
/// +---------------+-----+-----+----------+----------------+- - - - -+
/// cell in 2C: LAC (2), cell id (3), RSSI (1); in A1 and A2: LAC (4), cell id (8), RSSI (1)
/// the kind in A1: language (2); in 2C and A2: count (1), access points
/// ```
///
/// A content that does not end with what the kind has is [`Unknown`](super::Unknown).
///
/// ```
/// use gt02::{protocol::gt06::{AccessPointForm, AccessPointList, CellList, CellScan, ListedCell},
///     types::DateTime};
/// let cells = CellList::pack(&[ListedCell { lac: 10_365, cell_id: 8049, rssi: 62 }])?;
/// let points = [0x00, 0x18, 0x01, 0x00, 0x00, 0x01, 0x3E];
/// let points = AccessPointList::new(AccessPointForm::Plain, &points).unwrap();
/// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
/// let scan = CellScan::wifi(time, 460, 0, &cells, points, 7)?;
/// let mut out = [0; 70];
/// assert_eq!(scan.encode(&mut out), Ok(70));
/// assert_eq!(scan.serving().unwrap().cid, Some(8049));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellScan<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Which number it is, and what that has at the end.
    pub kind: CellScanKind<'a>,
    /// The device's clock; all zero before the device knows the time.
    pub time: DateTime,
    /// Mobile country code as sent, with bit 15: see [`Lbs`](super::Lbs).
    pub mcc: u16,
    /// Mobile network code, at most 255 if bit 15 of the MCC is clear.
    pub mnc: u16,
    /// The serving cell and six others, each with LAC, cell id and signal strength: 42 bytes in
    /// `2C`, 91 in the others.
    pub cells: &'a [u8],
    /// Timing advance, 255 if it is not known.
    pub timing_advance: u8,
}

/// The number of a [`CellScan`], and what it has at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CellScanKind<'a> {
    /// `2C`: access points.
    Wifi(AccessPointList<'a>),
    /// `A1`: the language, as sent.
    Lte([u8; 2]),
    /// `A2`: access points.
    LteWifi(AccessPointList<'a>),
}

impl CellScanKind<'_> {
    const fn form(&self) -> PlaceForm {
        match self {
            Self::Wifi(_) => PlaceForm::Short,
            Self::Lte(_) | Self::LteWifi(_) => PlaceForm::Lte,
        }
    }
}

/// One place of a [`CellScan`] of 4G cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ListedLteCell {
    /// Location or tracking area code. A place with a code of 0 is empty.
    pub lac: u32,
    /// Cell id. A place with an id of 0 is empty.
    pub cell_id: u64,
    /// Signal strength, a magnitude without a stated scale.
    pub rssi: u8,
}

impl<'a> CellScan<'a> {
    /// Bytes of the places for 4G cells.
    const LTE_LEN: usize = CellList::MAX_CELLS * 13;

    /// Packs 4G cells as [`cells`](Self::cells) of `A1` and `A2` holds them, the serving cell
    /// first. The other places are empty. Those of `2C` come from [`CellList::pack`].
    ///
    /// # Errors
    /// If there are more than 7 cells.
    pub fn pack_lte(cells: &[ListedLteCell]) -> Result<[u8; 91], EncodeError> {
        if cells.len() > CellList::MAX_CELLS {
            return Err(EncodeError::TooLong {
                field: "cells",
                max: CellList::MAX_CELLS,
            });
        }
        let mut packed = [0; Self::LTE_LEN];
        let mut out = Writer::new(&mut packed);
        for cell in cells {
            out.put(&cell.lac.to_be_bytes());
            out.put(&cell.cell_id.to_be_bytes());
            out.put(&[cell.rssi]);
        }
        Ok(packed)
    }

    fn new(
        kind: CellScanKind<'a>,
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8],
        serial: u16,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            envelope: Envelope::short(serial),
            kind,
            time,
            mcc: mcc_with(mcc, mnc)?,
            mnc,
            cells,
            timing_advance: CellList::NO_TIMING_ADVANCE,
        })
    }

    /// Creates a `2C`, of cells that [`CellList::pack`] packed and access points in the form
    /// [`Plain`](AccessPointForm::Plain) or [`Named`](AccessPointForm::Named).
    ///
    /// # Errors
    /// If the MCC has more than 15 bits.
    pub fn wifi(
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8; 42],
        points: AccessPointList<'a>,
        serial: u16,
    ) -> Result<Self, EncodeError> {
        Self::new(CellScanKind::Wifi(points), time, mcc, mnc, cells, serial)
    }

    /// Creates an `A1`, of cells that [`pack_lte`](Self::pack_lte) packed.
    ///
    /// # Errors
    /// If the MCC has more than 15 bits.
    pub fn lte(
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8; 91],
        serial: u16,
    ) -> Result<Self, EncodeError> {
        let kind = CellScanKind::Lte(Language::None.bytes());
        Self::new(kind, time, mcc, mnc, cells, serial)
    }

    /// Creates an `A2`, of cells that [`pack_lte`](Self::pack_lte) packed and access points in the
    /// form [`Plain`](AccessPointForm::Plain).
    ///
    /// # Errors
    /// If the MCC has more than 15 bits.
    pub fn lte_wifi(
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: &'a [u8; 91],
        points: AccessPointList<'a>,
        serial: u16,
    ) -> Result<Self, EncodeError> {
        Self::new(CellScanKind::LteWifi(points), time, mcc, mnc, cells, serial)
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        const SHORT_LEN: usize = 42;
        let code = frame.code();
        let cells_len = match code {
            number::WIFI => SHORT_LEN,
            number::LTE_CELL_LIST | number::LTE_WIFI => Self::LTE_LEN,
            _ => return None,
        };
        let (rest, (time, (mcc, mnc), cells, timing_advance)) =
            (date_time, network, bytes(cells_len), byte)
                .parse(frame.content())
                .ok()?;
        let kind = match code {
            number::WIFI => {
                let forms = [AccessPointForm::Plain, AccessPointForm::Named];
                CellScanKind::Wifi(AccessPointList::counted(&forms, rest)?)
            }
            number::LTE_CELL_LIST => {
                let (_, language) = all_consuming(chunk).parse(rest).ok()?;
                CellScanKind::Lte(*language)
            }
            _ => CellScanKind::LteWifi(AccessPointList::counted(&[AccessPointForm::Plain], rest)?),
        };
        Some(Self {
            envelope: frame.envelope(),
            kind,
            time,
            mcc,
            mnc,
            cells,
            timing_advance,
        })
    }

    /// Returns the mobile country code, without bit 15.
    #[must_use]
    pub const fn mcc(&self) -> u16 {
        country(self.mcc)
    }

    /// Returns the serving cell, which is the first; `None` if its place is empty.
    #[must_use]
    pub fn serving(&self) -> Option<CellTower> {
        let (_, first) = self.network().place(self.kind.form(), self.cells)?;
        first.map(|first| first.cell)
    }

    /// Returns the other cells, without empty places. The RSSI is as sent, 0 to 255.
    #[must_use]
    pub fn neighbours(&self) -> CellListNeighbours<'a> {
        let (network, form) = (self.network(), self.kind.form());
        let others = network.place(form, self.cells).map(|(others, _)| others);
        CellListNeighbours::new(network, form, others.unwrap_or_default())
    }

    /// Returns the access points of `2C` and `A2`.
    #[must_use]
    pub const fn access_points(&self) -> Option<AccessPointList<'a>> {
        match self.kind {
            CellScanKind::Wifi(points) | CellScanKind::LteWifi(points) => Some(points),
            CellScanKind::Lte(_) => None,
        }
    }

    const fn network(&self) -> Network {
        Network::new(self.mcc(), self.mnc)
    }
}

impl Content for CellScan<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            CellScanKind::Wifi(_) => number::WIFI,
            CellScanKind::Lte(_) => number::LTE_CELL_LIST,
            CellScanKind::LteWifi(_) => number::LTE_WIFI,
        }
    }

    fn field(&self) -> &'static str {
        "access_points"
    }

    fn check(&self) -> Result<(), EncodeError> {
        check_network(self.mcc, self.mnc)
    }

    fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
        write_network(out, self.mcc, self.mnc);
        out.put(self.cells);
        out.put(&[self.timing_advance]);
        match self.kind {
            CellScanKind::Wifi(points) | CellScanKind::LteWifi(points) => points.write(out),
            CellScanKind::Lte(language) => out.put(&language),
        }
    }
}

/// The access points around the device, without cells: `F3`.
///
/// ```text
/// 0               6       7
/// +---------------+-------+- - - - - - - +
/// | y m d  h m s  | count | access points|      the form: Padded
/// +---------------+-------+- - - - - - - +
/// ```
///
/// ```
/// use gt02::{protocol::gt06::{AccessPointForm, AccessPointList, WifiScan}, types::DateTime};
/// let points = [0, 0, 0xDC, 0x9F, 0xDB, 0x00, 0x00, 0x01];
/// let points = AccessPointList::new(AccessPointForm::Padded, &points).unwrap();
/// let time = DateTime::new(2020, 12, 11, 10, 38, 42).unwrap();
/// let mut out = [0; 25];
/// assert_eq!(WifiScan::new(time, points, 46).encode(&mut out), Ok(25));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WifiScan<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The device's clock. Its zone is not known.
    pub time: DateTime,
    /// The access points.
    pub access_points: AccessPointList<'a>,
}

impl<'a> WifiScan<'a> {
    /// Creates an `F3`, of access points in the form [`Padded`](AccessPointForm::Padded).
    #[must_use]
    pub const fn new(time: DateTime, access_points: AccessPointList<'a>, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            time,
            access_points,
        }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (rest, time) = date_time(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            time,
            access_points: AccessPointList::counted(&[AccessPointForm::Padded], rest)?,
        })
    }
}

impl Content for WifiScan<'_> {
    fn code(&self) -> u8 {
        number::WIFI_COUNT
    }

    fn field(&self) -> &'static str {
        "access_points"
    }

    fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
        self.access_points.write(out);
    }
}
