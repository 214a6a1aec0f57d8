use super::block::{Io, io};
use crate::{
    protocol::ascii,
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
        self.split().1
    }

    /// All cells, the serving one first. Groups without a readable LAC or cell id are left out.
    pub fn iter(self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        let (list, io) = self.split();
        let braced = list.starts_with(b"{");
        let mut fields = list.split(move |&byte| byte == if braced { b'}' } else { b',' });
        // In the flat forms the network is sent once.
        let (mcc, mnc) = if braced { (None, None) } else { (fields.next().and_then(short), fields.next().and_then(short)) };
        // Signals make a third field of each cell; then there is no IO field.
        let has_signal = io.is_none() && fields.clone().count().is_multiple_of(3);
        core::iter::from_fn(move || {
            if braced {
                return Some(in_braces(fields.next()?));
            }
            let (lac, cid) = (fields.next()?, fields.next().unwrap_or_default());
            let rssi = if has_signal { fields.next().and_then(signal) } else { None };
            Some(NeighbourCell { cell: CellTower { mcc, mnc, lac: ascii::hex(lac), cid: ascii::hex(cid) }, rssi })
        })
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

    /// The list without commas around it, and the IO field.
    fn split(self) -> (&'a [u8], Option<Io>) {
        let list = self.text.strip_prefix(b",").unwrap_or(self.text);
        if let Some((front, [b',', digits @ ..])) = list.split_last_chunk::<9>() {
            if let Ok((_, io)) = io(digits) {
                return (front, Some(io));
            }
        }
        (list, None)
    }
}

/// A group, from its brace up to the closing one.
fn in_braces(group: &[u8]) -> NeighbourCell {
    let fields = group.iter().position(|&byte| byte == b'{').and_then(|at| group.get(at..)).unwrap_or_default();
    let mut fields = fields.split(|byte| matches!(byte, b'{' | b',')).skip(1);
    let mut next = || ascii::number(fields.next()?);
    let (mcc, mnc, lac, cid) = (next(), next(), next(), next());
    let short = |number: u32| u16::try_from(number).ok();
    NeighbourCell { cell: CellTower { mcc: mcc.and_then(short), mnc: mnc.and_then(short), lac, cid }, rssi: None }
}

fn short(field: &[u8]) -> Option<u16> {
    u16::try_from(ascii::number(field)?).ok()
}

/// A signal strength, perhaps negative.
fn signal(field: &[u8]) -> Option<i16> {
    let (digits, negative) = field.strip_prefix(b"-").map_or((field, false), |digits| (digits, true));
    let value = i16::try_from(ascii::number(digits)?).ok()?;
    Some(if negative { value.wrapping_neg() } else { value })
}
