use super::{
    Date, FieldIter, Fields, Gps, Header, Status, TimeOfDay,
    frame::trim,
    gps::{Taken, put_date, put_number, put_text, put_time, take_date, take_time},
    location::{put_status, take_status},
};
use crate::{
    bytes::{text, write::Writer},
    error::EncodeError,
    types::{CellTower, DateTime, NeighbourCell, Text},
};

/// The cells around: `NBR`. Answered with [`Ack`](super::Ack).
///
/// ```text
/// *HQ,id,NBR,HHMMSS,mcc,mnc,delay,n[,lac,cell,rssi] * n,DDMMYY,status[,battery]#
/// ```
///
/// Where `n` is more than there are the cells are as many as have room in front of date and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Nbr<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time. Without a clock it may be none, such as `160169`.
    pub time: Option<TimeOfDay>,
    /// Mobile country code.
    pub mcc: Option<u16>,
    /// Mobile network code.
    pub mnc: Option<u16>,
    /// 0 or 255 in captures.
    pub delay: Option<u8>,
    /// The cells, three fields each.
    pub cells: Fields<'a>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields behind the status, as sent: none, or the battery.
    pub extras: Fields<'a>,
}

impl<'a> Nbr<'a> {
    const GROUP: usize = 3;

    pub(super) fn read(header: Header<'a>, fields: Fields<'a>) -> Self {
        let mut fields = fields.iter();
        // In the order of the wire: each line takes its field.
        Self {
            header,
            time: take_time(&mut fields),
            mcc: value(fields.trimmed()),
            mnc: value(fields.trimmed()),
            delay: value(fields.trimmed()),
            cells: take_cells(&mut fields, Self::GROUP, 2),
            date: take_date(&mut fields),
            status: take_status(&mut fields, &[]),
            extras: fields.rest(),
        }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) {
        put_time(out, self.time);
        put_value(out, self.mcc, 3);
        put_value(out, self.mnc, 2);
        put_value(out, self.delay, 1);
        put_cells(out, self.cells, Self::GROUP, 1);
        put_date(out, self.date);
        put_status(out, self.status);
        out.put(self.extras.0);
    }

    /// Date and time, UTC, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// The serving cell: the first.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.all().next().map(|neighbour| neighbour.cell)
    }

    /// The cells but for the first, with the strength of the signal: 0 to 63, or negative.
    pub fn neighbours(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        self.all().skip(1)
    }

    /// The battery, behind the status. Its scale is not established; it is 5 or 6 in captures.
    #[must_use]
    pub fn battery(&self) -> Option<u8> {
        value(self.extras.iter().trimmed())
    }

    fn all(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        let network = CellTower {
            mcc: self.mcc,
            mnc: self.mnc,
            lac: None,
            cid: None,
        };
        groups(self.cells.iter()).map(move |[lac, cid, rssi]| cell(network, lac, cid, Some(rssi)))
    }
}

/// The cells around, in another form: `V3`.
///
/// ```text
/// *HQ,id,V3,HHMMSS,mccmnc,n[,lac,cell,x,y] * n,battery,reboot,X,DDMMYY,status#
/// ```
///
/// Where `n` is more than there are the cells are as many as have room in front of the five last fields. What `x` and `y` are is not established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct V3<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time.
    pub time: Option<TimeOfDay>,
    /// MCC, 3 digits, and MNC, the rest.
    pub network: Text<'a>,
    /// The cells, four fields each.
    pub cells: Fields<'a>,
    /// The battery, 4 hexadecimal digits. Its unit is not established.
    pub battery: Option<u16>,
    /// Reboots.
    pub reboot: Option<u32>,
    /// `X` \[T\].
    pub flag: Text<'a>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields behind the status, as sent; none from any device known.
    pub extras: Fields<'a>,
}

impl<'a> V3<'a> {
    const GROUP: usize = 4;

    pub(super) fn read(header: Header<'a>, fields: Fields<'a>) -> Self {
        let mut fields = fields.iter();
        // In the order of the wire: each line takes its field.
        Self {
            header,
            time: take_time(&mut fields),
            network: Text::Bytes(fields.next().unwrap_or_default()),
            cells: take_cells(&mut fields, Self::GROUP, 5),
            battery: fields
                .trimmed()
                .and_then(text::hex)
                .and_then(|value| value.try_into().ok()),
            reboot: value(fields.trimmed()),
            flag: Text::Bytes(fields.next().unwrap_or_default()),
            date: take_date(&mut fields),
            status: take_status(&mut fields, &[]),
            extras: fields.rest(),
        }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) {
        put_time(out, self.time);
        put_text(out, self.network.as_bytes());
        put_cells(out, self.cells, Self::GROUP, 2);
        out.put(b",");
        if let Some(battery) = self.battery {
            out.put_hex(battery.into(), 4);
        }
        put_value(out, self.reboot, 1);
        put_text(out, self.flag.as_bytes());
        put_date(out, self.date);
        put_status(out, self.status);
        out.put(self.extras.0);
    }

    /// Date and time, UTC, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// The serving cell: the first.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.all().next().map(|neighbour| neighbour.cell)
    }

    /// The cells but for the first, without `x` and `y`.
    pub fn neighbours(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        self.all().skip(1)
    }

    fn all(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        let (mcc, mnc) = trim(self.network.as_bytes())
            .split_at_checked(3)
            .unwrap_or_default();
        let network = CellTower {
            mcc: value(Some(mcc)),
            mnc: value(Some(mnc)),
            lac: None,
            cid: None,
        };
        groups(self.cells.iter()).map(move |[lac, cid, _, _]| cell(network, lac, cid, None))
    }
}

/// A position, or cells where there is none: `VP1`, of devices that write their maker in lower case.
///
/// ```text
/// *hq,id,VP1,A,DDMM.MMMM,N,DDDMM.MMMM,E,speed,course,DDMMYY#
/// *hq,id,VP1,V,mcc,mnc,lac,cell,rssiYlac,cell,rssiY ...#
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Vp1<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Which of the two it is.
    pub content: Vp1Content<'a>,
}

/// What a [`Vp1`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Vp1Content<'a> {
    /// A position.
    Gps {
        /// Place, motion and date; the time is absent.
        gps: Gps,
        /// The fields behind the date, as sent; none from any device known.
        extras: Fields<'a>,
    },
    /// Cells.
    Cells {
        /// Mobile country code.
        mcc: Option<u16>,
        /// Mobile network code.
        mnc: Option<u16>,
        /// The cells, three fields each, `Y` between one and the next.
        cells: Fields<'a>,
    },
}

impl<'a> Vp1<'a> {
    /// `None` if it is neither of the two.
    pub(super) fn read(header: Header<'a>, fields: Fields<'a>) -> Option<Self> {
        let mut fields = fields.iter();
        if Gps::begins(fields.clone()) {
            let Taken { gps, .. } = Gps::read_after_time(&mut fields, None);
            return Some(Self {
                header,
                content: Vp1Content::Gps {
                    gps,
                    extras: fields.rest(),
                },
            });
        }
        if fields.next() != Some(b"V") {
            return None;
        }
        let mcc = value(fields.trimmed());
        let mnc = value(fields.trimmed());
        Some(Self {
            header,
            content: Vp1Content::Cells {
                mcc,
                mnc,
                cells: fields.rest(),
            },
        })
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self.content {
            Vp1Content::Gps { gps, extras } => {
                gps.put_after_time(out)?;
                out.put(extras.0);
            }
            Vp1Content::Cells { mcc, mnc, cells } => {
                put_text(out, b"V");
                put_value(out, mcc, 3);
                put_value(out, mnc, 2);
                out.put(cells.0);
            }
        }
        Ok(())
    }

    /// The serving cell: the first.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.all().next().map(|neighbour| neighbour.cell)
    }

    /// The cells but for the first, with the strength of the signal as sent.
    pub fn neighbours(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        self.all().skip(1)
    }

    fn all(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        let (network, cells) = match self.content {
            Vp1Content::Cells { mcc, mnc, cells } => (
                CellTower {
                    mcc,
                    mnc,
                    ..CellTower::default()
                },
                cells,
            ),
            Vp1Content::Gps { .. } => (CellTower::default(), Fields(&[])),
        };
        // The comma before the first cell.
        let text = cells.0.get(1..).unwrap_or_default();
        text.split(|&byte| byte == b'Y').filter_map(move |text| {
            let mut fields = text.split(|&byte| byte == b',').map(trim);
            let lac = fields.next()?;
            let cid = fields.next()?;
            let rssi = fields.next()?;
            Some(cell(network, lac, cid, Some(rssi)))
        })
    }
}

/// The value of a field of decimal digits.
pub(super) fn value<T: TryFrom<u32>>(text: Option<&[u8]>) -> Option<T> {
    T::try_from(text::number(text?)?).ok()
}

/// Appends a field of decimal digits, at least so many, or an empty one.
pub(super) fn put_value<T: Into<u32>>(out: &mut Writer<'_>, value: Option<T>, width: usize) {
    match value {
        Some(value) => put_number(out, value.into(), width),
        None => put_text(out, &[]),
    }
}

/// Takes a count of cells, and the cells, of `group` fields each.
///
/// At least `tail` fields are left over: if there is no room for so many cells, or the count
/// cannot be read, the cells are as many as have room.
fn take_cells<'a>(fields: &mut FieldIter<'a>, group: usize, tail: usize) -> Fields<'a> {
    let count: Option<u32> = value(fields.trimmed());
    let Fields(all) = fields.rest();
    let room = fields
        .clone()
        .count()
        .saturating_sub(tail)
        .checked_div(group)
        .unwrap_or(0);
    let count = count
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(room)
        .min(room);
    for _ in 0..count.saturating_mul(group) {
        fields.next();
    }
    let Fields(left_over) = fields.rest();
    let taken = all.len().saturating_sub(left_over.len());
    Fields(all.get(..taken).unwrap_or_default())
}

/// Appends the count of groups of fields, and them.
fn put_cells(out: &mut Writer<'_>, cells: Fields<'_>, group: usize, width: usize) {
    let count = cells.iter().count().checked_div(group).unwrap_or(0);
    put_number(out, u32::try_from(count).unwrap_or(u32::MAX), width);
    out.put(cells.0);
}

/// The fields `N` at a time.
fn groups<'a, const N: usize>(mut fields: FieldIter<'a>) -> impl Iterator<Item = [&'a [u8]; N]> {
    core::iter::from_fn(move || {
        let mut group = [&[][..]; N];
        for field in &mut group {
            *field = fields.trimmed()?;
        }
        Some(group)
    })
}

/// A cell of a network, from its fields.
fn cell(network: CellTower, lac: &[u8], cid: &[u8], rssi: Option<&[u8]>) -> NeighbourCell {
    let rssi = rssi.and_then(|text| match text {
        [b'-', digits @ ..] => value(Some(digits)).map(i16::wrapping_neg),
        digits => value(Some(digits)),
    });
    NeighbourCell {
        cell: CellTower {
            lac: text::number(lac),
            cid: text::number(cid),
            ..network
        },
        rssi,
    }
}
