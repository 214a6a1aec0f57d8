use super::{
    Content, Envelope, Parts,
    blocks::{CourseStatus, Gps, Lbs, date_time, lbs, write_date_time},
    cell::{CellListNeighbours, Network, PlaceForm},
    number,
    scan::{AccessPointForm, AccessPointList},
};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte, bytes},
        write::Writer,
    },
    error::EncodeError,
    types::{CellTower, DateTime},
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map},
};

/// Where a lock or a device of the AZ735 kind is, and why it says so: `32` and `33` in a `79 79`
/// frame. The reply is an [`Ack`](super::Ack) of the same number and serial, with a `79 79` header.
///
/// ```text
/// 0               6
/// +---------------+---+- - -+---+- - - - - -+---+- - - - - +---+- - - - - - - +
/// | y m d  h m s  | n | fix | n | LBS, RSSI | n |neighbours| n | access points|
/// +---------------+---+- - -+---+- - - - - -+---+- - - - - +---+- - - - - - - +
/// +-------+---+- - - - -+
/// | event | n | extension|
/// +-------+---+- - - - -+
/// ```
///
/// `n` is the number of bytes of the part after it. The fix has 12 bytes: satellites 1, latitude 4,
/// longitude 4, speed 1, course 2; or none. The cell has 9 bytes, or 10 with a wide MNC, or none. A
/// neighbour has LAC 2, cell id 3, RSSI 1; an access point MAC 6, strength 1. A content that does
/// not end with the extension is [`Unknown`](super::Unknown).
///
/// ```
/// use gt02::protocol::gt06::{LockKind, Message};
/// // Nothing but that it was locked, and an extension.
/// let bytes = b"\x79\x79\x00\x14\x33\x11\x07\x06\x09\x02\x0b\x00\x00\x00\x00\xa0\x03\x00\x46\x00\
///     \x01\x09\xe4\x61\x0d\x0a";
/// let Message::Lock(lock) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!((lock.kind, lock.locked()), (LockKind::Event, Some(true)));
/// assert_eq!(lock.gps(), None);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lock<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Which number it is.
    pub kind: LockKind,
    /// The device's clock.
    pub time: DateTime,
    /// The place, if there is one.
    pub fix: Option<LockFix>,
    /// The serving cell, if there is one.
    pub cell: Option<LockCell>,
    /// The neighbours, 6 bytes each, at most 255; empty places are all zero.
    pub neighbour_cells: &'a [u8],
    /// The access points, in the form [`Plain`](AccessPointForm::Plain), at most 255 bytes.
    pub access_points: AccessPointList<'a>,
    /// In `32`: 0 timed, 1 by distance, 2 stored. In `33`: A0 locked, A1 unlocked, A2 battery low,
    /// A3 battery low and switching off, A4 abnormal, A5 opened by force \[T\].
    pub event: u8,
    /// Bytes whose meaning is not established, at most 255.
    pub extension: &'a [u8],
}

/// The numbers of a [`Lock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LockKind {
    /// `32`: a location.
    Location,
    /// `33`: something happened.
    Event,
}

/// The place in a [`Lock`]: a [`Gps`] block without its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LockFix {
    /// Low nibble: satellites used in the fix.
    pub satellites: u8,
    /// 1/30,000 minute, 0 to 162,000,000; `course` has the sign.
    pub latitude: u32,
    /// 1/30,000 minute, 0 to 324,000,000; `course` has the sign.
    pub longitude: u32,
    /// Kilometres per hour.
    pub speed: u8,
    /// Course over ground, fix and hemispheres.
    pub course: CourseStatus,
}

impl LockFix {
    fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        map(
            (byte, be_u32, be_u32, byte, map(be_u16, CourseStatus)),
            |(satellites, latitude, longitude, speed, course)| Self {
                satellites,
                latitude,
                longitude,
                speed,
                course,
            },
        )
        .parse(input)
    }
}

impl From<Gps> for LockFix {
    fn from(gps: Gps) -> Self {
        Self {
            satellites: gps.satellites,
            latitude: gps.latitude,
            longitude: gps.longitude,
            speed: gps.speed,
            course: gps.course,
        }
    }
}

/// The serving cell in a [`Lock`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LockCell {
    /// The cell.
    pub lbs: Lbs,
    /// Signal strength, as sent.
    pub rssi: u8,
}

impl LockCell {
    fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        map((lbs, byte), |(lbs, rssi)| Self { lbs, rssi }).parse(input)
    }
}

/// Reads a part: its length, and as many bytes.
fn part(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let (rest, len) = byte(input)?;
    bytes(len.into())(rest)
}

fn write_part(out: &mut Writer<'_>, part: &[u8]) {
    // Checked before.
    out.put(&[part.len() as u8]);
    out.put(part);
}

impl<'a> Lock<'a> {
    /// The event of a device that was locked.
    pub const LOCKED: u8 = 0xA0;
    /// The event of a device that was unlocked.
    pub const UNLOCKED: u8 = 0xA1;

    /// Bytes of a neighbour.
    const NEIGHBOUR_LEN: usize = 6;
    /// The event of a location that was stored.
    const STORED: u8 = 2;

    /// Creates a message without cells, access points and extension. A fix comes from the GPS block
    /// of another message.
    #[must_use]
    pub const fn new(
        kind: LockKind,
        time: DateTime,
        fix: Option<LockFix>,
        event: u8,
        serial: u16,
    ) -> Self {
        Self {
            envelope: Envelope::long(serial),
            kind,
            time,
            fix,
            cell: None,
            neighbour_cells: &[],
            access_points: AccessPointList::EMPTY,
            event,
            extension: &[],
        }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let kind = match frame.code() {
            number::LOCK if frame.envelope().header == super::Header::Long => LockKind::Location,
            number::LOCK_EVENT if frame.envelope().header == super::Header::Long => LockKind::Event,
            _ => return None,
        };
        let (_, (time, fix, cell, neighbour_cells, access_points, event, extension)) =
            all_consuming((date_time, part, part, part, part, byte, part))
                .parse(frame.content())
                .ok()?;
        let fix = match fix {
            [] => None,
            fix => Some(all_consuming(LockFix::read).parse(fix).ok()?.1),
        };
        let cell = match cell {
            [] => None,
            cell => Some(all_consuming(LockCell::read).parse(cell).ok()?.1),
        };
        let neighbours = neighbour_cells.chunks_exact(Self::NEIGHBOUR_LEN);
        neighbours.remainder().is_empty().then_some(())?;
        Some(Self {
            envelope: frame.envelope(),
            kind,
            time,
            fix,
            cell,
            neighbour_cells,
            access_points: AccessPointList::new(AccessPointForm::Plain, access_points)?,
            event,
            extension,
        })
    }

    /// Returns the place with the time, if there is one.
    #[must_use]
    pub fn gps(&self) -> Option<Gps> {
        let fix = self.fix?;
        Some(Gps {
            time: self.time,
            satellites: fix.satellites,
            latitude: fix.latitude,
            longitude: fix.longitude,
            speed: fix.speed,
            course: fix.course,
        })
    }

    /// Returns the serving cell, if there is one.
    #[must_use]
    pub fn serving(&self) -> Option<CellTower> {
        self.cell?.lbs.cell()
    }

    /// Returns the other cells, without empty places. The RSSI is as sent, 0 to 255.
    #[must_use]
    pub fn neighbours(&self) -> CellListNeighbours<'a> {
        let (network, places) = match self.cell {
            Some(LockCell { lbs, .. }) => (Network::new(lbs.mcc(), lbs.mnc), self.neighbour_cells),
            None => (Network::new(0, 0), &[][..]),
        };
        CellListNeighbours::new(network, PlaceForm::Short, places)
    }

    /// Returns whether a location was stored and is sent late; `None` for an event.
    #[must_use]
    pub const fn resent(&self) -> Option<bool> {
        match (self.kind, self.event) {
            (LockKind::Location, Self::STORED) => Some(true),
            (LockKind::Location, 0 | 1) => Some(false),
            _ => None,
        }
    }

    /// Returns whether the device was locked or unlocked, if that is what happened.
    #[must_use]
    pub const fn locked(&self) -> Option<bool> {
        match (self.kind, self.event) {
            (LockKind::Event, Self::LOCKED) => Some(true),
            (LockKind::Event, Self::UNLOCKED) => Some(false),
            _ => None,
        }
    }
}

impl Content for Lock<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            LockKind::Location => number::LOCK,
            LockKind::Event => number::LOCK_EVENT,
        }
    }

    fn field(&self) -> &'static str {
        "extension"
    }

    fn check(&self) -> Result<(), EncodeError> {
        const MAX: usize = 0xFF;
        for (field, bytes) in [
            ("neighbour_cells", self.neighbour_cells),
            ("access_points", self.access_points.as_bytes()),
            ("extension", self.extension),
        ] {
            if bytes.len() > MAX {
                return Err(EncodeError::TooLong { field, max: MAX });
            }
        }
        self.cell.map_or(Ok(()), |cell| cell.lbs.check())
    }

    fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
        match self.fix {
            None => out.put(&[0]),
            Some(fix) => {
                out.put(&[12, fix.satellites]);
                out.put(&fix.latitude.to_be_bytes());
                out.put(&fix.longitude.to_be_bytes());
                out.put(&[fix.speed]);
                out.put(&fix.course.0.to_be_bytes());
            }
        }
        match self.cell {
            None => out.put(&[0]),
            Some(LockCell { lbs, rssi }) => {
                out.put(&[if lbs.has_wide_mnc() { 10 } else { 9 }]);
                lbs.write(out);
                out.put(&[rssi]);
            }
        }
        write_part(out, self.neighbour_cells);
        write_part(out, self.access_points.as_bytes());
        out.put(&[self.event]);
        write_part(out, self.extension);
    }
}
