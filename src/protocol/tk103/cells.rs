use super::block::{Io, io};
use crate::{
    bytes::text::{self, next_field},
    types::{CellTower, NeighbourCell},
};

/// The cells that a device receives, and its IO field: what it sends where it has no GPS. There is no date or time.
///
/// ```text
/// ,{mcc,mnc,lac,cid}LF{mcc,mnc,lac,cid}LF,IIIIIIII     all decimal
/// ,mcc,mnc,lac,cid,lac,cid,IIIIIIII                    LAC and cell id hexadecimal
/// ,mcc,mnc,lac,cid,signal,lac,cid,signal               the same, the signal decimal; no IO field
/// ```
///
/// Each group in braces ends with a line feed, inside the frame. The first cell is the serving one \[T\]. The last eight digits are the IO field:
/// they equal those of the same device's positions \[C\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cells<'a> {
    /// As sent, from the comma in front of the first cell.
    pub text: &'a [u8],
}

impl<'a> Cells<'a> {
    /// Power and ignition.
    #[must_use]
    pub fn io(self) -> Option<Io> {
        self.split().io
    }

    /// All cells, the serving one first. Groups without a readable LAC or cell id are left out.
    pub fn iter(self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        let Parts { list, io } = self.split();
        let mut list = List::of(list, io.is_some());
        core::iter::from_fn(move || list.next())
            .filter(|neighbour| neighbour.cell.lac.is_some() || neighbour.cell.cid.is_some())
    }

    /// The serving cell.
    #[must_use]
    pub fn serving(self) -> Option<CellTower> {
        self.iter().next().map(|first| first.cell)
    }

    /// The other cells.
    pub fn neighbours(self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        self.iter().skip(1)
    }

    fn split(self) -> Parts<'a> {
        let text = self.text.strip_prefix(b",").unwrap_or(self.text);
        if let Some((list, [b',', digits @ ..])) = text.split_last_chunk::<9>() {
            if let Ok((_, io)) = io(digits) {
                return Parts { list, io: Some(io) };
            }
        }
        Parts {
            list: text,
            io: None,
        }
    }
}

/// The parts of the text.
struct Parts<'a> {
    /// The cells, without the commas around them.
    list: &'a [u8],
    io: Option<Io>,
}

/// The cells that were not taken yet.
enum List<'a> {
    /// `{mcc,mnc,lac,cid}`, again and again.
    Braced { rest: &'a [u8] },
    /// `lac,cid` or `lac,cid,signal`, again and again, of a network that is sent once.
    Flat {
        mcc: Option<u16>,
        mnc: Option<u16>,
        has_signal: bool,
        rest: &'a [u8],
    },
}

impl<'a> List<'a> {
    fn of(list: &'a [u8], has_io: bool) -> Self {
        let mut rest = list;
        if list.starts_with(b"{") {
            return Self::Braced { rest };
        }
        let mcc = short(next_field(&mut rest, b','));
        let mnc = short(next_field(&mut rest, b','));
        // Cells with a signal have three fields; where they are sent there is no IO field.
        let fields = rest.split(|&byte| byte == b',').count();
        Self::Flat {
            mcc,
            mnc,
            has_signal: !has_io && fields.is_multiple_of(3),
            rest,
        }
    }

    /// Takes a cell, perhaps one that cannot be read.
    fn next(&mut self) -> Option<NeighbourCell> {
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

/// A group without its closing brace. What comes before the opening one is not of it.
fn in_braces(group: &[u8]) -> NeighbourCell {
    let mut rest = group;
    next_field(&mut rest, b'{');
    // Where a closing brace was lost, the next opening one divides fields as well.
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
