use super::block::{IoStatus, read::io};
use crate::{
    bytes::{
        text::{self, next_field},
        write::Writer,
    },
    error::EncodeError,
    types::{CellTower, NeighbourCell},
};
use core::iter::FusedIterator;

/// The cells that a device receives, in place of a position: `BZ00`. The server owes no reply.
///
/// ```text
/// 13     17
/// +------+- - - - -+
/// | BZ00 | cells   |
/// +------+- - - - -+
/// ```
///
/// ```
/// use gt02::protocol::tk103::Message;
/// let message = Message::parse(
///     b"(027046434858BZ00,{460,0,20949,58711}\n{460,0,20494,54003}\n{460,0,20951,19569}\n,\
///       01000000)",
/// )?;
/// let Message::CellList(list) = message else { unreachable!() };
/// let cells: Vec<_> = list.cells.iter().map(|cell| cell.cell.cid.unwrap()).collect();
/// assert_eq!(cells, [58_711, 54_003, 19_569]);
/// assert_eq!(list.cells.io().unwrap().ignition(), Some(true));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellList<'a> {
    /// The frame's id.
    pub id: &'a [u8],
    /// The cells.
    pub cells: Cells<'a>,
}

impl<'a> CellList<'a> {
    /// Creates the message from the frame's id and the cells.
    #[must_use]
    pub const fn new(id: &'a [u8], cells: Cells<'a>) -> Self {
        Self { id, cells }
    }
}

/// The cells that a device receives, and its IO field: what it sends where it has no GPS. There is
/// no date or time.
///
/// ```text
/// ,{mcc,mnc,lac,cid}LF{mcc,mnc,lac,cid}LF,IIIIIIII     all decimal
/// ,mcc,mnc,lac,cid,lac,cid,IIIIIIII                    LAC and cell id hexadecimal
/// ,mcc,mnc,lac,cid,signal,lac,cid,signal               also so, signal decimal; no IO field
/// ```
///
/// Each group in braces ends with a line feed, inside the frame. The first cell is the serving
/// one \[T\]. The last eight digits are the IO field: they equal those of the same device's
/// positions \[C\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cells<'a> {
    /// The text as sent, from the comma before the first cell on.
    pub text: &'a [u8],
}

impl<'a> Cells<'a> {
    /// Writes cells, the serving one first, to the front of `out` in the form with braces, and
    /// returns them.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::tk103::{CellList, Cells, IoStatus},
    ///     types::CellTower,
    /// };
    ///
    /// let mut cell = CellTower::default();
    /// (cell.mcc, cell.mnc, cell.lac, cell.cid) = (Some(413), Some(2), Some(30_073), Some(16_724));
    /// let mut text = [0; 64];
    /// let cells = Cells::in_braces(&[cell], IoStatus::new().with_ignition(true), &mut text)?;
    /// assert_eq!(cells.text, b",{413,2,30073,16724}\n,01000000");
    /// assert_eq!(cells.serving(), Some(cell));
    ///
    /// let mut out = [0; 64];
    /// CellList::new(b"027040012345", cells).encode(&mut out)?;
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    ///
    /// # Errors
    /// If a cell lacks one of its four numbers, or if `out` is too small.
    pub fn in_braces(
        cells: &[CellTower],
        io: IoStatus,
        out: &'a mut [u8],
    ) -> Result<Self, EncodeError> {
        let mut writer = Writer::new(out);
        writer.put(b",");
        for cell in cells {
            let numbers = [
                ("mcc", cell.mcc.map(u32::from)),
                ("mnc", cell.mnc.map(u32::from)),
                ("lac", cell.lac),
                ("cid", cell.cid),
            ];
            let mut mark = b"{";
            for (field, number) in numbers {
                let number = number.ok_or(EncodeError::Missing { field })?;
                writer.put(mark);
                writer.put_decimal(number.into(), 1);
                mark = b",";
            }
            writer.put(b"}\n");
        }
        writer.put(b",");
        writer.put(io.as_bytes());
        writer.finish().map(|text| Self { text })
    }

    /// Returns power and ignition.
    #[must_use]
    pub fn io(self) -> Option<IoStatus> {
        Parts::read(self.text).io
    }

    /// Returns an iterator over all cells, the serving one first. Groups without a readable LAC or
    /// cell id are left out.
    #[must_use]
    pub fn iter(self) -> CellIter<'a> {
        let Parts { list, io } = Parts::read(self.text);
        CellIter(List::read(list, io.is_some()))
    }

    /// Returns the serving cell.
    #[must_use]
    pub fn serving(self) -> Option<CellTower> {
        self.iter().next().map(|first| first.cell)
    }

    /// Returns an iterator over the other cells.
    #[must_use]
    pub fn neighbours(self) -> CellIter<'a> {
        let mut cells = self.iter();
        cells.next();
        cells
    }
}

impl<'a> IntoIterator for Cells<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Cells<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        self.iter()
    }
}

/// An iterator over [`Cells`], in the order in which they were sent.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct CellIter<'a>(List<'a>);

impl Iterator for CellIter<'_> {
    type Item = NeighbourCell;

    fn next(&mut self) -> Option<NeighbourCell> {
        loop {
            let found = self.0.next_group()?;
            if found.cell.lac.is_some() || found.cell.cid.is_some() {
                return Some(found);
            }
        }
    }
}

impl FusedIterator for CellIter<'_> {}

/// The parts of the text.
struct Parts<'a> {
    /// The cells, without the commas around them.
    list: &'a [u8],
    io: Option<IoStatus>,
}

impl<'a> Parts<'a> {
    fn read(text: &'a [u8]) -> Self {
        let list = text.strip_prefix(b",").unwrap_or(text);
        if let Some((list, [b',', digits @ ..])) = list.split_last_chunk::<9>() {
            if let Ok((_, io)) = io(digits) {
                return Self { list, io: Some(io) };
            }
        }
        Self { list, io: None }
    }
}

/// The cells that were not taken yet.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum List<'a> {
    /// `{mcc,mnc,lac,cid}`, repeated.
    Braced { rest: &'a [u8] },
    /// `lac,cid` or `lac,cid,signal`, repeated, in a network that is sent once.
    Flat {
        mcc: Option<u16>,
        mnc: Option<u16>,
        has_signal: bool,
        rest: &'a [u8],
    },
}

impl<'a> List<'a> {
    fn read(list: &'a [u8], has_io: bool) -> Self {
        let mut rest = list;
        if list.starts_with(b"{") {
            return Self::Braced { rest };
        }
        let mcc = short(next_field(&mut rest, b','));
        let mnc = short(next_field(&mut rest, b','));
        // Cells with a signal have three fields, and come without an IO field.
        let fields = rest.split(|&byte| byte == b',').count();
        Self::Flat {
            mcc,
            mnc,
            has_signal: !has_io && fields.is_multiple_of(3),
            rest,
        }
    }

    /// Takes a cell, perhaps one that cannot be read.
    fn next_group(&mut self) -> Option<NeighbourCell> {
        match self {
            Self::Braced { rest: [] } | Self::Flat { rest: [], .. } => None,
            Self::Braced { rest } => Some(in_braces(next_field(rest, b'}'))),
            Self::Flat {
                mcc,
                mnc,
                has_signal,
                rest,
            } => {
                let lac = text::hex(next_field(rest, b','));
                let cid = text::hex(next_field(rest, b','));
                let rssi = if *has_signal {
                    signal(next_field(rest, b','))
                } else {
                    None
                };
                Some(NeighbourCell {
                    cell: CellTower {
                        mcc: *mcc,
                        mnc: *mnc,
                        lac,
                        cid,
                    },
                    rssi,
                })
            }
        }
    }
}

/// Reads a group without its closing brace, from its opening brace on.
fn in_braces(group: &[u8]) -> NeighbourCell {
    let mut rest = group;
    next_field(&mut rest, b'{');
    // If a closing brace was lost, the next opening brace divides fields as well.
    let mut fields = rest.split(|byte| matches!(byte, b'{' | b','));
    let mut next = || fields.next().unwrap_or_default();
    let cell = CellTower {
        mcc: short(next()),
        mnc: short(next()),
        lac: text::number(next()),
        cid: text::number(next()),
    };
    NeighbourCell { cell, rssi: None }
}

/// A country or network code, in decimal.
fn short(field: &[u8]) -> Option<u16> {
    u16::try_from(text::number(field)?).ok()
}

/// A signal strength, perhaps negative.
fn signal(field: &[u8]) -> Option<i16> {
    match field {
        [b'-', digits @ ..] => i16::try_from(text::number(digits)?)
            .ok()
            .map(i16::wrapping_neg),
        digits => i16::try_from(text::number(digits)?).ok(),
    }
}
