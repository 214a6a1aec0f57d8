use super::{
    fields::{all_fields, trim},
    readings::Readings,
    status::{status, write_status},
};
use crate::{
    bytes::{text, write::Writer},
    error::EncodeError,
    protocol::h02::{Fields, Gps, Header, Status},
    types::CellTower,
};
use nom::IResult;

/// Where the device is: `V1` and its relatives. A `V1` is answered by [`Ack`](super::super::Ack).
///
/// ```text
/// +---+-------+---+----+---+----+---+--------+---+---+
/// | * | maker | , | id | , | V1 | , | HHMMSS | , | S |
/// +---+-------+---+----+---+----+---+--------+---+---+
///
/// +---+-----------+---+---+---+------------+---+---+
/// | , | DDMM.MMMM | , | N | , | DDDMM.MMMM | , | E |
/// +---+-----------+---+---+---+------------+---+---+
///
/// +---+-------+---+--------+ - - - - - +---+--------+---+--------+ - - - +---+
/// | , | speed | , | course | , battery | , | DDMMYY | , | status | extras | # |
/// +---+-------+---+--------+ - - - - - +---+--------+---+--------+ - - - +---+
/// ```
///
/// CanTrack sends `V2` for alarms \[D\]. ST-901 devices ask for the street address of the place by
/// `V2`, `V3` and `VI1` \[D\]; no reply is known. What stands after the status depends on the type:
/// see [`readings`](Self::readings).
///
/// `V3` and `V5` are also names of other messages, and other devices send other fields. So a frame
/// of these types is a location only if its fields look like one; otherwise it is the other
/// message, or [`Unknown`](super::Unknown):
///
/// | field after the type | is |
/// |---|---|
/// | 2 | there: `A`, `V`, `B`, a digit, or empty |
/// | 4 | `N`, `S`, `0`, empty or missing |
/// | 6 | `E`, `W`, `0`, empty or missing |
///
/// ```
/// use gt02::{protocol::h02::{Location, LocationKind, Message}, types::CellTower};
/// // A capture, from the tests of a public decoder.
/// let bytes = b"*HQ,4106012736,V1,224434,A,1827.3855,N,06705.7577,W,000.00,000,100117,FFFFFBFF,\
///     310,260,49101,1753,5#";
/// let Message::Location(location) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(location.kind, LocationKind::V1);
/// assert_eq!(location.gps.position().unwrap().longitude.micro_degrees(), -67_095_962);
/// assert_eq!(location.cell().unwrap().cid, Some(1753));
/// assert_eq!(location.battery(), Some(5));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Which type it is.
    pub kind: LocationKind,
    /// Time, place and motion.
    pub gps: Gps,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits. It is also read if the
    /// comma between date and status is missing.
    pub status: Option<Status>,
    /// The fields after the status, as sent. Each maker has others there.
    pub extras: Fields<'a>,
}

/// The types of a [`Location`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum LocationKind {
    /// `V1`.
    V1,
    /// `V2`.
    V2,
    /// `V3`.
    V3,
    /// `V5`.
    V5,
    /// `V6`.
    V6,
    /// `V8`.
    V8,
    /// `VI1`.
    Vi1,
}

impl LocationKind {
    /// Returns the type as it is in a frame.
    #[must_use]
    pub const fn code(self) -> &'static [u8] {
        match self {
            Self::V1 => b"V1",
            Self::V2 => b"V2",
            Self::V3 => b"V3",
            Self::V5 => b"V5",
            Self::V6 => b"V6",
            Self::V8 => b"V8",
            Self::Vi1 => b"VI1",
        }
    }

    #[inline]
    pub(super) const fn from_code(code: &[u8]) -> Option<Self> {
        Some(match code {
            b"V1" => Self::V1,
            b"V2" => Self::V2,
            b"V3" => Self::V3,
            b"V5" => Self::V5,
            b"V6" => Self::V6,
            b"V8" => Self::V8,
            b"VI1" => Self::Vi1,
            _ => return None,
        })
    }
}

impl<'a> Location<'a> {
    /// Creates a location without extras. [`FieldBuffer`](super::FieldBuffer) writes them.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::h02::{Gps, Header, Location, LocationKind, Status},
    ///     types::{Course, DateTime, DeviceId, Position, Speed},
    /// };
    /// let header = Header::from("865205030330012".parse::<DeviceId>().unwrap());
    /// let time = DateTime::new(2015, 8, 10, 14, 54, 52).unwrap();
    /// let position = Position::from_degrees(22.675_863_5, 113.972_064_8).unwrap();
    /// let gps = Gps::new(time, position, Speed::from_kmh(0), Course::NORTH, true)?;
    /// let status = Status::new().with_ignition(false);
    /// let location = Location::new(header, LocationKind::V1, gps, status);
    /// let mut out = [0; 100];
    /// let len = location.encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     *b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,000.00,000,100815,\
    ///         FFFFFBFF#",
    /// );
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    #[must_use]
    pub const fn new(header: Header<'a>, kind: LocationKind, gps: Gps, status: Status) -> Self {
        Self {
            header,
            kind,
            gps,
            status: Some(status),
            extras: Fields(&[]),
        }
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(
        header: Header<'a>,
        kind: LocationKind,
        input: &'a [u8],
    ) -> IResult<&'a [u8], Self, ()> {
        let (rest, gps) = Gps::read(input)?;
        let (rest, status) = status(rest)?;
        let (rest, extras) = all_fields(rest)?;
        if !gps.has_usual_letters() && !Gps::is_position(input) {
            return Err(nom::Err::Error(()));
        }
        let location = Self {
            header,
            kind,
            gps,
            status,
            extras,
        };
        Ok((rest, location))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.gps.write(out)?;
        write_status(out, self.status);
        out.put(self.extras.0);
        Ok(())
    }

    /// Returns the serving cell, if the first four extras are one in a form whose base is known. A
    /// LAC or a cell id of 0 is absent.
    ///
    /// | form | example |
    /// |---|---|
    /// | decimal: MCC of 3 digits, MNC of 2 or 3 | `460,00,10342,3721` |
    /// | decimal, from a device with an id of 10 digits: MNC of 1 digit | `250,1,6303,50173` |
    /// | hexadecimal: MCC of 6 digits | `000106,000002,000203,004c87` |
    /// | hexadecimal: LAC padded with spaces | `25c,a, 154,b04c` |
    ///
    /// The MCC must be 200 to 799, or 901. Other extras are not read, because nothing tells what
    /// they are.
    #[must_use]
    #[inline]
    pub fn cell(&self) -> Option<CellTower> {
        SentCell::in_extras(self.extras, self.header.has_10_digits()).map(|sent| sent.cell)
    }

    /// Returns the battery: the field before the date, or the code after a decimal
    /// [`cell`](Self::cell).
    ///
    /// Its scale is not established; after the cell it is 1 to 6 in captures.
    #[must_use]
    #[inline]
    pub fn battery(&self) -> Option<u8> {
        self.gps.battery.or_else(|| self.readings().battery_code)
    }

    /// Returns the values after the cell that sources name.
    #[must_use]
    pub fn readings(&self) -> Readings<'a> {
        Readings::of(self.kind, self.extras, self.header.has_10_digits())
    }
}

/// A cell in the extras of a location.
pub(super) struct SentCell {
    cell: CellTower,
    is_hex: bool,
}

impl SentCell {
    /// Reads the first four extras: MCC, MNC, LAC and cell id.
    ///
    /// | MCC | MNC | LAC | id of the device | base |
    /// |---|---|---|---|---|
    /// | 6 characters | | | | 16 |
    /// | | | begins with a space | | 16 |
    /// | 3 characters | 2 or 3 characters | | | 10 |
    /// | 3 characters | 1 character | | 10 digits | 10 |
    /// | any other | | | | not known |
    // The extras by value, so that the location need not be in memory.
    fn in_extras(extras: Fields<'_>, is_10_digits: bool) -> Option<Self> {
        let mut extras = extras.iter();
        let [mcc, mnc, lac, cid] = [
            extras.next()?,
            extras.next()?,
            extras.next()?,
            extras.next()?,
        ];
        let is_hex = mcc.len() == 6 || lac.starts_with(b" ");
        let is_decimal =
            mcc.len() == 3 && (matches!(mnc.len(), 2 | 3) || mnc.len() == 1 && is_10_digits);
        if !is_hex && !is_decimal {
            return None;
        }
        let value = |text| {
            if is_hex {
                text::hex(trim(text))
            } else {
                text::number(text)
            }
        };
        let mcc = u16::try_from(value(mcc)?)
            .ok()
            .filter(|mcc| matches!(mcc, 200..=799 | 901))?;
        let mnc = u16::try_from(value(mnc)?).ok().filter(|&mnc| mnc <= 999)?;
        let lac = value(lac).filter(|&lac| lac <= 0xFFFF)?;
        let cid = value(cid).filter(|&cid| cid <= 0x0FFF_FFFF)?;
        let not_0 = |value: u32| (value != 0).then_some(value);
        let cell = CellTower {
            mcc: Some(mcc),
            mnc: Some(mnc),
            lac: not_0(lac),
            cid: not_0(cid),
        };
        Some(Self { cell, is_hex })
    }

    /// Whether the extras begin with a cell in decimal.
    pub(super) fn is_decimal(extras: Fields<'_>, is_10_digits: bool) -> bool {
        Self::in_extras(extras, is_10_digits).is_some_and(|sent| !sent.is_hex)
    }
}
