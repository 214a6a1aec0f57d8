use super::{
    fields::{
        all_fields, date, field, glued, number, short_hex, some_fields, text_field, time,
        to_number, trim, write_date, write_number, write_optional, write_text, write_time,
    },
    status::{status, write_status},
};
use crate::{
    bytes::{
        text::{self, next_field},
        write::Writer,
    },
    error::EncodeError,
    protocol::h02::{Date, FieldIter, Fields, Gps, Header, Status, TimeOfDay},
    types::{CellTower, DateTime, NeighbourCell, Text, Voltage},
};
use core::iter;
use nom::{IResult, Parser, combinator::verify, sequence::terminated};

/// The cells around: `NBR`. Answered by [`Ack`](super::super::Ack).
///
/// ```text
/// +---+-------+---+----+---+-----+---+--------+---+-----+---+-----+
/// | * | maker | , | id | , | NBR | , | HHMMSS | , | mcc | , | mnc |
/// +---+-------+---+----+---+-----+---+--------+---+-----+---+-----+
///
///                     +------------- n times ------------+
/// +---+-------+---+---+---+-----+---+------+---+------+--+
/// | , | delay | , | n | , | lac | , | cell | , | rssi |  |
/// +---+-------+---+---+---+-----+---+------+---+------+--+
///
/// +---+--------+---+--------+ - - - - - +---+
/// | , | DDMMYY | , | status | , battery | # |
/// +---+--------+---+--------+ - - - - - +---+
/// ```
///
/// If `n` is too large, it is capped at the number of cells that fit before date and status.
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder.
/// let bytes = b"*HQ,7401004662,NBR,160453,234,10,0,2,21580,27766,-67,21580,27767,-70,291019,\
///     FFFFFBFF,6#";
/// let Message::NeighbourCells(cells) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(cells.cell().unwrap().cid, Some(27766));
/// assert_eq!(cells.neighbours().next().unwrap().rssi, Some(-70));
/// assert_eq!(cells.into_iter().count(), 2);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NeighbourCells<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time. If the clock is not set it may not exist, such as `160169`.
    pub time: Option<TimeOfDay>,
    /// Mobile country code.
    pub mcc: Option<u16>,
    /// Mobile network code.
    pub mnc: Option<u16>,
    /// 0, 1, 2 or 255 in captures; not explained.
    pub delay: Option<u8>,
    /// The cells, three fields each.
    pub cells: Fields<'a>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields after the status, as sent: the battery, or nothing.
    pub extras: Fields<'a>,
}

impl<'a> NeighbourCells<'a> {
    const FIELDS_A_CELL: usize = 3;

    /// Creates a list of cells, the serving one first, without a battery.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::h02::{FieldBuffer, Header, NeighbourCells, Status},
    ///     types::{DateTime, DeviceId, NeighbourCell},
    /// };
    /// let mut cell = NeighbourCell::default();
    /// (cell.cell.lac, cell.cell.cid, cell.rssi) = (Some(21580), Some(27766), Some(-67));
    /// let mut cells = FieldBuffer::<64>::new();
    /// cells.push_neighbour(cell)?;
    /// let header = Header::from("7401004662".parse::<DeviceId>().unwrap());
    /// let time = DateTime::new(2019, 10, 29, 16, 4, 53).unwrap();
    /// let status = Status::new().with_ignition(false);
    /// let cells = NeighbourCells::new(header, time, 234, 10, cells.as_fields(), status)?;
    /// let mut out = [0; 100];
    /// let len = cells.encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     *b"*HQ,7401004662,NBR,160453,234,10,0,1,21580,27766,-67,291019,FFFFFBFF#",
    /// );
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    ///
    /// # Errors
    /// If the year is above 2099.
    pub fn new(
        header: Header<'a>,
        time: DateTime,
        mcc: u16,
        mnc: u16,
        cells: Fields<'a>,
        status: Status,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            header,
            time: Some(time.into()),
            mcc: Some(mcc),
            mnc: Some(mnc),
            delay: Some(0),
            cells,
            date: Some(time.try_into()?),
            status: Some(status),
            extras: Fields(&[]),
        })
    }

    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, time) = time(input)?;
        let (rest, mcc) = number(rest)?;
        let (rest, mnc) = number(rest)?;
        let (rest, delay) = number(rest)?;
        let (rest, cells) = counted(Self::FIELDS_A_CELL, 2)(rest)?;
        let (rest, date) = date(rest)?;
        let (rest, status) = status(rest)?;
        let (rest, extras) = all_fields(rest)?;
        let cells = Self {
            header,
            time,
            mcc,
            mnc,
            delay,
            cells,
            date,
            status,
            extras,
        };
        Ok((rest, cells))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_time(out, self.time);
        write_optional(out, self.mcc, 3);
        write_optional(out, self.mnc, 2);
        write_optional(out, self.delay, 1);
        write_cells(out, self.cells, Self::FIELDS_A_CELL, 1);
        write_date(out, self.date);
        write_status(out, self.status);
        out.put(self.extras.0);
    }

    /// Returns date and time, UTC, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// Returns the serving cell: the first.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.into_iter().next().map(|neighbour| neighbour.cell)
    }

    /// Returns an iterator over the cells except the first, with the strength of the signal: 0 to
    /// 63, above that, or negative; raw.
    #[must_use]
    pub fn neighbours(&self) -> CellIter<'a> {
        self.into_iter().without_first()
    }

    /// Returns the battery, after the status. Its scale is not established; it is 2 to 6 in
    /// captures.
    #[must_use]
    pub fn battery(&self) -> Option<u8> {
        let (_, battery) = number(self.extras.0).ok()?;
        battery
    }
}

/// The cells around, in another form: `V3`.
///
/// ```text
/// +---+-------+---+----+---+----+---+--------+---+--------+
/// | * | maker | , | id | , | V3 | , | HHMMSS | , | mccmnc |
/// +---+-------+---+----+---+----+---+--------+---+--------+
///
///         +------------------ n times -----------------+
/// +---+---+---+-----+---+------+---+----+---+-----+----+
/// | , | n | , | lac | , | cell | , | RS | , | dBm |    |
/// +---+---+---+-----+---+------+---+----+---+-----+----+
///
/// +---+---------+---+---------+---+---+---+--------+---+--------+---+
/// | , | battery | , | reboots | , | X | , | DDMMYY | , | status | # |
/// +---+---------+---+---------+---+---+---+--------+---+--------+---+
/// ```
///
/// If `n` is too large, it is capped at the number of cells that fit before the last five fields.
/// RS is the strength of the signal, raw; dBm is that of the serving cell in dBm \[D\], which is in
/// [`cells`](Self::cells) and not read: no formula leads from one to the other, and 0 stands for
/// none \[C\].
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder.
/// let bytes = b"*HQ,353111080001055,V3,044855,28403,01,001450,011473,158,-62,0292,0,X,030817,\
///     FFFFFBFF#";
/// let Message::NeighbourCellsV3(cells) = Message::parse(bytes)? else { unreachable!() };
/// let cell = cells.cell().unwrap();
/// assert_eq!((cell.mcc, cell.mnc, cell.cid), (Some(284), Some(3), Some(11473)));
/// assert_eq!(cells.battery_voltage().unwrap().millivolts(), 3598);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NeighbourCellsV3<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time.
    pub time: Option<TimeOfDay>,
    /// MCC, 3 digits, and MNC, the rest.
    pub network: Text<'a>,
    /// The cells, four fields each.
    pub cells: Fields<'a>,
    /// The battery, 4 hexadecimal digits, in units of 5.6 / 1024 V \[D\].
    pub battery: Option<u16>,
    /// Reboots.
    pub reboots: Option<u32>,
    /// `X`: the end of what the vendor document calls the extended protocol \[D\].
    pub end: Text<'a>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields after the status, as sent; no known device has any.
    pub extras: Fields<'a>,
}

impl<'a> NeighbourCellsV3<'a> {
    const FIELDS_A_CELL: usize = 4;

    /// Creates a list of cells, the serving one first. `network` is MCC and MNC, such as `46000`.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::h02::{Fields, Header, NeighbourCellsV3, Status},
    ///     types::{DateTime, DeviceId},
    /// };
    /// let header = Header::from("353111080001055".parse::<DeviceId>().unwrap());
    /// let time = DateTime::new(2017, 8, 3, 4, 48, 55).unwrap();
    /// let cells = Fields(b",001450,011473,158,-62");
    /// let status = Status::new().with_ignition(false);
    /// let cells = NeighbourCellsV3::new(header, time, "28403", cells, 0x0292, status)?;
    /// let mut out = [0; 100];
    /// let len = cells.encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     b"*HQ,353111080001055,V3,044855,28403,01,001450,011473,158,-62,0292,0,X,030817,\
    ///         FFFFFBFF#"[..],
    /// );
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    ///
    /// # Errors
    /// If the year is above 2099.
    pub fn new(
        header: Header<'a>,
        time: DateTime,
        network: &'a str,
        cells: Fields<'a>,
        battery: u16,
        status: Status,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            header,
            time: Some(time.into()),
            network: Text::Bytes(network.as_bytes()),
            cells,
            battery: Some(battery),
            reboots: Some(0),
            end: Text::Bytes(b"X"),
            date: Some(time.try_into()?),
            status: Some(status),
            extras: Fields(&[]),
        })
    }

    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, time) = time(input)?;
        let (rest, network) = text_field(rest)?;
        let (rest, cells) = counted(Self::FIELDS_A_CELL, 5)(rest)?;
        let (rest, battery) = short_hex(rest)?;
        let (rest, reboots) = number(rest)?;
        let (rest, end) = text_field(rest)?;
        let (rest, date) = date(rest)?;
        let (rest, status) = status(rest)?;
        let (rest, extras) = all_fields(rest)?;
        let cells = Self {
            header,
            time,
            network,
            cells,
            battery,
            reboots,
            end,
            date,
            status,
            extras,
        };
        Ok((rest, cells))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_time(out, self.time);
        write_text(out, self.network.as_bytes());
        write_cells(out, self.cells, Self::FIELDS_A_CELL, 2);
        out.put(b",");
        if let Some(battery) = self.battery {
            out.put_hex(battery.into(), 4);
        }
        write_optional(out, self.reboots, 1);
        write_text(out, self.end.as_bytes());
        write_date(out, self.date);
        write_status(out, self.status);
        out.put(self.extras.0);
    }

    /// Returns date and time, UTC, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// Returns the serving cell: the first.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.into_iter().next().map(|neighbour| neighbour.cell)
    }

    /// Returns the voltage of the device's own battery \[D\]. The vendor document also makes per
    /// cent of it, which are not on the wire.
    #[must_use]
    pub fn battery_voltage(&self) -> Option<Voltage> {
        self.battery.map(battery_voltage)
    }

    /// Returns an iterator over the cells except the first, with the strength of the signal; raw.
    #[must_use]
    pub fn neighbours(&self) -> CellIter<'a> {
        self.into_iter().without_first()
    }
}

/// A position, or cells if there is none: `VP1`, of devices that write their maker in lower case.
///
/// ```text
/// +---+-------+---+----+---+-----+ - - - - - - - - - +---+
/// | * | maker | , | id | , | VP1 | gps without time  | # |
/// +---+-------+---+----+---+-----+ - - - - - - - - - +---+
///
///                                                        +--------- Y between ---------+
/// +---+-------+---+----+---+-----+---+---+---+-----+---+-----+---+-----+---+------+---+------+---+
/// | * | maker | , | id | , | VP1 | , | V | , | mcc | , | mnc | , | lac | , | cell | , | rssi | # |
/// +---+-------+---+----+---+-----+---+---+---+-----+---+-----+---+-----+---+------+---+------+---+
/// ```
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder.
/// let bytes = b"*hq,356327081001239,VP1,V,470,002,92,3565,0Y92,19433,30Y92,1340,29#";
/// let Message::Vp1Report(report) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(report.cell().unwrap().cid, Some(3565));
/// assert_eq!(report.neighbours().count(), 2);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Vp1Report<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// A position or cells.
    pub content: Vp1Content<'a>,
}

/// The content of a [`Vp1Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Vp1Content<'a> {
    /// A position.
    Gps {
        /// Place, motion and date; the time is absent.
        gps: Gps,
        /// The fields after the date, as sent; no known device has any.
        extras: Fields<'a>,
    },
    /// Cells.
    Cells {
        /// Mobile country code.
        mcc: Option<u16>,
        /// Mobile network code.
        mnc: Option<u16>,
        /// The cells, three fields each, with `Y` between one and the next.
        cells: Fields<'a>,
    },
}

impl<'a> Vp1Report<'a> {
    /// Creates a position. The time is left out, because the frame has none.
    #[must_use]
    pub const fn from_gps(header: Header<'a>, gps: Gps) -> Self {
        Self {
            header,
            content: Vp1Content::Gps {
                gps: Gps { time: None, ..gps },
                extras: Fields(&[]),
            },
        }
    }

    /// Creates a list of cells, the serving one first: `,lac,cell,rssi`, with `Y` instead of the
    /// comma between one cell and the next.
    #[must_use]
    pub const fn from_cells(header: Header<'a>, mcc: u16, mnc: u16, cells: Fields<'a>) -> Self {
        Self {
            header,
            content: Vp1Content::Cells {
                mcc: Some(mcc),
                mnc: Some(mnc),
                cells,
            },
        }
    }

    /// Reads a position or cells.
    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        if Gps::begins(input) {
            let (rest, gps) = terminated(Gps::read_after_time, glued).parse(input)?;
            let (rest, extras) = all_fields(rest)?;
            let content = Vp1Content::Gps { gps, extras };
            return Ok((rest, Self { header, content }));
        }
        let (rest, _) = verify(field, |fix| *fix == Some(b"V")).parse(input)?;
        let (rest, mcc) = number(rest)?;
        let (rest, mnc) = number(rest)?;
        let (rest, cells) = all_fields(rest)?;
        let content = Vp1Content::Cells { mcc, mnc, cells };
        Ok((rest, Self { header, content }))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self.content {
            Vp1Content::Gps { gps, extras } => {
                gps.write_after_time(out)?;
                out.put(extras.0);
            }
            Vp1Content::Cells { mcc, mnc, cells } => {
                write_text(out, b"V");
                write_optional(out, mcc, 3);
                write_optional(out, mnc, 2);
                out.put(cells.0);
            }
        }
        Ok(())
    }

    /// Returns the serving cell: the first.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.into_iter().next().map(|neighbour| neighbour.cell)
    }

    /// Returns an iterator over the cells except the first, with the strength of the signal as
    /// sent.
    #[must_use]
    pub fn neighbours(&self) -> CellIter<'a> {
        self.into_iter().without_first()
    }
}

/// An iterator over the cells in a frame, the serving one first.
#[derive(Clone, Debug)]
pub struct CellIter<'a> {
    /// The network of all cells.
    network: CellTower,
    rest: Rest<'a>,
}

/// The cells that were not read yet.
#[derive(Clone, Debug)]
enum Rest<'a> {
    /// Three fields a cell: LAC, cell id, strength.
    Three(FieldIter<'a>),
    /// Four fields a cell: LAC, cell id, strength, and the strength in dBm, which is not read.
    Four(FieldIter<'a>),
    /// Three fields a cell, with `Y` between one cell and the next.
    Joined(&'a [u8]),
    /// Five bytes a cell: LAC, cell id, strength.
    Binary(&'a [u8]),
}

impl CellIter<'_> {
    /// No cells.
    pub(in crate::protocol::h02) const EMPTY: Self = Self::new(None, None, Rest::Joined(&[]));
}

impl<'a> CellIter<'a> {
    const fn new(mcc: Option<u16>, mnc: Option<u16>, rest: Rest<'a>) -> Self {
        let network = CellTower {
            mcc,
            mnc,
            lac: None,
            cid: None,
        };
        Self { network, rest }
    }

    /// Cells of this network, five bytes each.
    pub(super) const fn binary(network: CellTower, cells: &'a [u8]) -> Self {
        Self {
            network,
            rest: Rest::Binary(cells),
        }
    }

    /// The iterator after the serving cell.
    pub(super) fn without_first(mut self) -> Self {
        self.next();
        self
    }

    fn cell(&self, lac: &[u8], cid: &[u8], rssi: &[u8]) -> NeighbourCell {
        let rssi = match rssi {
            [b'-', digits @ ..] => to_number(digits).map(i16::wrapping_neg),
            digits => to_number(digits),
        };
        NeighbourCell {
            cell: CellTower {
                lac: text::number(lac),
                cid: text::number(cid),
                ..self.network
            },
            rssi,
        }
    }
}

impl Iterator for CellIter<'_> {
    type Item = NeighbourCell;

    fn next(&mut self) -> Option<NeighbourCell> {
        match &mut self.rest {
            Rest::Three(fields) => {
                let [lac, cid, rssi] = [fields.next()?, fields.next()?, fields.next()?].map(trim);
                Some(self.cell(lac, cid, rssi))
            }
            Rest::Four(fields) => {
                let [lac, cid, rssi] = [fields.next()?, fields.next()?, fields.next()?].map(trim);
                fields.next()?;
                Some(self.cell(lac, cid, rssi))
            }
            Rest::Binary(cells) => {
                let ([a, b, c, d, strength], rest) = cells.split_first_chunk()?;
                *cells = rest;
                let cell = CellTower {
                    lac: Some(u16::from_be_bytes([*a, *b]).into()),
                    cid: Some(u16::from_be_bytes([*c, *d]).into()),
                    ..self.network
                };
                let rssi = Some((*strength).into());
                Some(NeighbourCell { cell, rssi })
            }
            Rest::Joined(text) => {
                while !text.is_empty() {
                    let mut cell = next_field(text, b'Y').split(|&byte| byte == b',').map(trim);
                    // A cell that was cut short is left out.
                    if let (Some(lac), Some(cid), Some(rssi)) =
                        (cell.next(), cell.next(), cell.next())
                    {
                        return Some(self.cell(lac, cid, rssi));
                    }
                }
                None
            }
        }
    }
}

impl iter::FusedIterator for CellIter<'_> {}

impl<'a> IntoIterator for &NeighbourCells<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        CellIter::new(self.mcc, self.mnc, Rest::Three(self.cells.iter()))
    }
}

impl<'a> IntoIterator for &NeighbourCellsV3<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        let (mcc, mnc) = trim(self.network.as_bytes())
            .split_at_checked(3)
            .unwrap_or_default();
        CellIter::new(
            to_number(mcc),
            to_number(mnc),
            Rest::Four(self.cells.iter()),
        )
    }
}

impl<'a> IntoIterator for &Vp1Report<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        match self.content {
            Vp1Content::Cells { mcc, mnc, cells } => {
                CellIter::new(mcc, mnc, Rest::Joined(cells.joined()))
            }
            Vp1Content::Gps { .. } => CellIter::EMPTY,
        }
    }
}

macro_rules! into_iterator {
    ($($name:ident)*) => {
        $(impl<'a> IntoIterator for $name<'a> {
            type Item = NeighbourCell;
            type IntoIter = CellIter<'a>;

            fn into_iter(self) -> CellIter<'a> {
                (&self).into_iter()
            }
        })*
    };
}

into_iterator!(NeighbourCells NeighbourCellsV3 Vp1Report);

/// Reads a count, and as many times `fields_each` fields.
///
/// The last `tail` fields are left. If the count does not fit before them, or cannot be read, all
/// that fit are read.
fn counted<'a>(
    fields_each: usize,
    tail: usize,
) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Fields<'a>, ()> {
    move |input| {
        let (all, count) = number::<u16>(input)?;
        let before_tail = Fields(all).iter().count().saturating_sub(tail);
        let room = before_tail.checked_div(fields_each).unwrap_or(0);
        let count = count.map_or(room, usize::from).min(room);
        some_fields(count.saturating_mul(fields_each))(all)
    }
}

/// Returns the voltage of a battery in units of 5.6 / 1024 V, rounded to the nearest millivolt.
pub(super) fn battery_voltage(units: u16) -> Voltage {
    // At most 367 001 600.
    let millivolts = u32::from(units).wrapping_mul(5600).wrapping_add(512) / 1024;
    Voltage::from_millivolts(millivolts)
}

/// Appends the count of cells, with leading zeros up to `width`, and the cells.
fn write_cells(out: &mut Writer<'_>, cells: Fields<'_>, fields_a_cell: usize, width: usize) {
    let count = cells.iter().count().checked_div(fields_a_cell).unwrap_or(0);
    write_number(out, u32::try_from(count).unwrap_or(u32::MAX), width);
    out.put(cells.0);
}
