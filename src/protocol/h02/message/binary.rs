use super::cells::CellIter;
use crate::{
    bytes::{
        read::{byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    protocol::h02::{
        BinaryGps, Header,
        binary::{RECORD, REPORT, has_short_id, long_digits, long_id, put_bcd, short_id},
    },
    types::{CellTower, DeviceId, div_rem},
};
use nom::{
    IResult, Parser,
    combinator::{map, rest, verify},
    sequence::preceded,
};

/// Where the device is, in binary: `$` \[D\].
///
/// ```text
/// +----+----+-----------+------+
/// | 24 | id | BinaryGps | tail |      id: 5 bytes, 10 digits;
/// +----+----+-----------+------+          or 8 bytes, 15 digits and one that fills it up
/// 0    1    6 or 9      29 or 32
/// ```
///
/// The tail has 3 bytes or more, and is the maker's: see [`tail_values`](Self::tail_values).
///
/// ```
/// use gt02::{protocol::h02::Message, types::CellTower};
/// // A capture, from the tests of a public decoder.
/// let bytes = b"\x24\x41\x06\x00\x08\x26\x21\x53\x21\x31\x08\x15\x04\x41\x93\x90\x06\x07\x40\x41\
///     \x83\x06\x00\x00\x00\xff\xff\xfb\xfd\xff\x00\x15\x06\x00\x00\x00\x2c\x02\xdc\x0c\x00\x00\
///     \x00\x00\x1f";
/// let Message::BinaryLocation(location) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(location.header.device_id().unwrap().to_string(), "4106000826");
/// assert_eq!(location.gps.time().unwrap().to_string(), "2015-08-31T21:53:21");
/// assert_eq!(location.gps.position().unwrap().longitude.micro_degrees(), -74_069_717);
/// assert_eq!(location.battery_percent(), Some(100));
/// let tail = location.tail_values();
/// assert_eq!((tail.csq, tail.satellites, tail.mileage), (Some(21), Some(6), Some(44)));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BinaryLocation<'a> {
    /// The number of the device, of 10 or 15 digits. Its maker is not in the frame: it is `HQ`.
    pub header: Header<'a>,
    /// The digit that fills up an id of 15 digits, 0 in the one capture; 0 after one of 10.
    pub filler: u8,
    /// Time, place, motion, status.
    pub gps: BinaryGps,
    /// The bytes after the status.
    pub tail: &'a [u8],
}

impl<'a> BinaryLocation<'a> {
    /// Creates a location. `tail` has at least 3 bytes: [`TAIL`](Self::TAIL) where there is nothing
    /// to say.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::h02::{BinaryGps, BinaryLocation, Status},
    ///     types::{Course, DateTime, Position, Speed},
    /// };
    /// let time = DateTime::new(2015, 8, 31, 21, 53, 21).unwrap();
    /// let position = Position::from_degrees(4.698_983_3, -74.069_716_7).unwrap();
    /// let status = Status::new().with_ignition(false);
    /// let gps = BinaryGps::new(time, position, Speed::from_kmh(0), Course::NORTH, true, status)?;
    /// let location = BinaryLocation::new("4106000826".parse()?, gps, &BinaryLocation::TAIL);
    /// let mut out = [0; 32];
    /// assert_eq!(location.encode(&mut out)?, 32);
    /// assert_eq!(out[..6], *b"\x24\x41\x06\x00\x08\x26");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(device: DeviceId, gps: BinaryGps, tail: &'a [u8]) -> Self {
        Self {
            header: device.into(),
            filler: 0,
            gps,
            tail,
        }
    }

    /// The tail of 32 bytes, with record number 0.
    pub const TAIL: [u8; 3] = [0xFF, 0, 0];

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(frame: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (input, _) = verify(byte, |&mark| mark == REPORT).parse(frame)?;
        let (input, (header, filler)) = if has_short_id(frame) {
            map(short_id, |header| (header, 0)).parse(input)?
        } else {
            long_id(input)?
        };
        let (input, gps) = BinaryGps::read(input)?;
        let (left, tail) = rest(input)?;
        let location = Self {
            header,
            filler,
            gps,
            tail,
        };
        Ok((left, location))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.put(&[REPORT]);
        let id = self.header.device_id();
        let id = id.ok_or(EncodeError::Missing { field: "id" })?;
        match (id.digit_count(), id.to_bcd()) {
            (10, [_, _, _, digits @ ..]) => out.put(&digits),
            (15, digits) => {
                let digits = u64::from_be_bytes(digits) << 4 | u64::from(self.filler & 0x0F);
                out.put(&digits.to_be_bytes());
            }
            _ => return Err(EncodeError::NotCanonical),
        }
        self.gps.write(out);
        out.put(self.tail);
        Ok(())
    }

    /// Returns the battery in per cent.
    ///
    /// | code | per cent |
    /// |--:|--:|
    /// | 1 | 0 \[T\] |
    /// | 2 to 6 | 10, 20, 60, 80, 100 \[D\] |
    /// | 7 to 100 | the code \[T\] \[C\] |
    /// | 0, others | not sent |
    #[must_use]
    pub const fn battery_percent(&self) -> Option<u8> {
        Some(match self.gps.level {
            1 => 0,
            2 => 10,
            3 => 20,
            4 => 60,
            5 => 80,
            6 => 100,
            percent @ 7..=100 => percent,
            _ => return None,
        })
    }

    /// Returns the values in the tail that captures show, by the length of the frame.
    #[must_use]
    #[inline]
    pub fn tail_values(&self) -> TailValues {
        // Of the form with an id of 15 digits only one capture is known.
        if self.header.has_10_digits() {
            TailValues::read(self.tail)
        } else {
            TailValues::default()
        }
    }

    /// Returns the serving cell.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.tail_values().cell
    }

    /// Returns an iterator over the cells except the first, with the strength of the signal; raw.
    #[must_use]
    pub fn neighbours(&self) -> CellIter<'a> {
        match many_cells(self.tail) {
            Some(cells) if self.header.has_10_digits() => cells.without_first(),
            _ => CellIter::EMPTY,
        }
    }
}

/// The values in the tail of a [`BinaryLocation`].
///
/// | bytes in the frame | tail |
/// |--:|---|
/// | 32 | `FF 00`, record number \[D\] |
/// | 45 | `FF 00`, CSQ, satellites, mileage (4), cell (7), record number \[C\] |
/// | 45 | 8 bytes that begin with 00, cell (7), and one that is not known: SinoTrack \[C\] |
/// | 47 | as the first of 45, but the satellites and 2 bytes after the cell are not known \[C\] |
/// | 54 | 4 zeros, MCC (2), MNC, 3 cells: LAC (2), cell (2), strength; 3 bytes \[C\] |
/// | others | not known |
///
/// A cell is MCC (2), MNC, LAC (2), cell (2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct TailValues {
    /// Strength of the mobile network's signal, 0 to 31.
    pub csq: Option<u8>,
    /// Number of satellites.
    pub satellites: Option<u8>,
    /// Mileage, in kilometres.
    pub mileage: Option<u32>,
    /// The serving cell. An MCC outside of 200 to 799, a LAC of 0 and a cell id of 0 are absent.
    pub cell: Option<CellTower>,
    /// Number of the record.
    pub record: Option<u8>,
}

impl TailValues {
    /// Reads the tail of a frame with an id of 10 digits.
    #[rustfmt::skip]
    fn read(tail: &[u8]) -> Self {
        match *tail {
            // 32 bytes.
            [0xFF, 0, record] => Self { record: Some(record), ..Self::default() },
            // 45 bytes.
            [
                0xFF, 0, csq, satellites, m1, m2, m3, m4,
                c1, c2, c3, c4, c5, c6, c7, record,
            ] => Self {
                csq: (csq <= 31).then_some(csq),
                satellites: Some(satellites),
                mileage: Some(u32::from_be_bytes([m1, m2, m3, m4])),
                cell: cell([c1, c2, c3, c4, c5, c6, c7]),
                record: Some(record),
            },
            // 45 bytes, SinoTrack.
            [0, _, _, _, _, _, _, _, c1, c2, c3, c4, c5, c6, c7, _] => Self {
                cell: cell([c1, c2, c3, c4, c5, c6, c7]),
                ..Self::default()
            },
            // 47 bytes.
            [
                0xFF, 0, csq, _, m1, m2, m3, m4,
                c1, c2, c3, c4, c5, c6, c7, _, before, record,
            ] => Self {
                csq: (csq <= 31).then_some(csq),
                satellites: None,
                mileage: Some(u32::from_be_bytes([m1, m2, m3, m4])),
                cell: cell([c1, c2, c3, c4, c5, c6, c7]),
                // A line end after 45 bytes makes 47 of them, and is no number.
                record: ([before, record] != *b"\r\n").then_some(record),
            },
            _ => Self {
                cell: many_cells(tail).and_then(|mut cells| Some(cells.next()?.cell)),
                ..Self::default()
            },
        }
    }
}

/// Reads a cell; `None` if its network cannot exist.
fn cell([mcc1, mcc2, mnc, lac1, lac2, cid1, cid2]: [u8; 7]) -> Option<CellTower> {
    let not_0 = |value: u16| (value != 0).then_some(value.into());
    Some(CellTower {
        lac: not_0(u16::from_be_bytes([lac1, lac2])),
        cid: not_0(u16::from_be_bytes([cid1, cid2])),
        ..network([mcc1, mcc2, mnc])?
    })
}

/// Reads MCC and MNC; `None` for an MCC that cannot exist.
fn network([mcc1, mcc2, mnc]: [u8; 3]) -> Option<CellTower> {
    let mcc = u16::from_be_bytes([mcc1, mcc2]);
    matches!(mcc, 200..=799).then_some(CellTower {
        mcc: Some(mcc),
        mnc: Some(mnc.into()),
        lac: None,
        cid: None,
    })
}

/// Reads a tail of three cells: that of a frame of 54 bytes.
fn many_cells(tail: &[u8]) -> Option<CellIter<'_>> {
    let &[0, 0, 0, 0, mcc1, mcc2, mnc, ref cells @ .., _, _, _] = tail else {
        return None;
    };
    let cells: &[u8; 15] = cells.try_into().ok()?;
    Some(CellIter::binary(network([mcc1, mcc2, mnc])?, cells))
}

/// The mileage of the device, and where it is, in binary: `X` \[D\].
///
/// ```text
/// +----+---------+-----------+------+
/// | 58 | mileage | BinaryGps | tail |
/// +----+---------+-----------+------+
/// 0    1         6           29     32
/// ```
///
/// It names no device; the connection does.
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder; its place was changed.
/// let bytes = b"\x58\x00\x00\x98\x14\x99\x10\x24\x03\x11\x01\x17\x55\x40\x22\x70\x06\x01\x23\x21\
///     \x67\x0c\x00\x00\x95\xff\xff\xfb\xff\xff\x00\x33";
/// let Message::MileageRecord(record) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!((record.mileage, record.kilometres()), (981_499, 504));
/// assert_eq!(record.gps.time().unwrap().to_string(), "2017-01-11T10:24:03");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MileageRecord<'a> {
    /// Nothing: the frame names neither maker nor device.
    pub header: Header<'a>,
    /// Mileage in units of 1852/3600 m, at most ten digits \[D\].
    pub mileage: u64,
    /// Time, place, motion, status.
    pub gps: BinaryGps,
    /// The bytes after the status, as sent.
    pub tail: [u8; 3],
}

impl MileageRecord<'_> {
    /// Creates a record. `mileage` is in units of 1852/3600 m.
    #[must_use]
    pub fn new(mileage: u64, gps: BinaryGps) -> Self {
        Self {
            header: Header::default(),
            mileage,
            gps,
            tail: BinaryLocation::TAIL,
        }
    }

    /// Returns the mileage in whole kilometres.
    #[must_use]
    pub const fn kilometres(&self) -> u32 {
        // Ten digits make 5.1 million.
        match div_rem(self.mileage.wrapping_mul(1852), 3_600_000) {
            Some((kilometres, _)) => kilometres as u32,
            None => 0,
        }
    }

    pub(super) fn read(frame: &[u8]) -> IResult<&[u8], Self, ()> {
        let mark = verify(byte, |&mark| mark == RECORD);
        let (rest, mileage) = preceded(mark, long_digits::<5>).parse(frame)?;
        let (rest, gps) = BinaryGps::read(rest)?;
        let (rest, &tail) = chunk(rest)?;
        let record = Self {
            tail,
            ..Self::new(mileage, gps)
        };
        Ok((rest, record))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.put(&[RECORD]);
        put_bcd(out, self.mileage, 5);
        self.gps.write(out);
        out.put(&self.tail);
    }
}
