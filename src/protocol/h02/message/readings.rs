use super::{
    fields::{number, some_fields, trimmed},
    location::{LocationKind, SentCell},
};
use crate::{
    protocol::h02::{AccessPointIter, Fields},
    types::{Text, Voltage},
};
use nom::{
    IResult, Parser,
    combinator::{map, map_opt},
};

/// The values that stand after the status word of a [`Location`](super::Location): those that
/// sources name.
///
/// They are told apart by the type, and by the number of fields after the four of the cell. Empty
/// fields at the end do not count.
///
/// | type | fields after the cell | meaning |
/// |---|--:|---|
/// | `V1`, `V2`, `V3`, `VI1` | 1, if the cell is decimal | battery code \[C\] |
/// | `V1` | 2 | satellites, CSQ \[C\] |
/// | `V5` | 2 | mileage in km, supply in 0.1 V \[T\] |
/// | `V6` | 1 | ICCID \[D\] |
/// | `V8` | 4 | satellites, CSQ, supply in 0.1 V, battery in per cent \[D\] |
/// | `V8` | 4 + 2k | k access points, address and strength; then the four \[D\] |
/// | any | another number | not known |
///
/// ```
/// use gt02::{protocol::h02::Message, types::Voltage};
/// // The SinoTrack document.
/// let bytes = b"*HQ,7026318172,V8,123456,A,2235.0086,N,11354.3668,E,014.28,028,160716,FFFFBBFF,\
///     460,00,10342,3721,12,31,122,85#";
/// let Message::Location(location) = Message::parse(bytes)? else { unreachable!() };
/// let readings = location.readings();
/// assert_eq!((readings.satellites, readings.csq), (Some(12), Some(31)));
/// assert_eq!(readings.supply, Some(Voltage::from_millivolts(12_200)));
/// assert_eq!(readings.battery_percent, Some(85));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Readings<'a> {
    /// Number of satellites.
    pub satellites: Option<u8>,
    /// Strength of the mobile network's signal, 0 to 31.
    pub csq: Option<u8>,
    /// Voltage of the supply.
    pub supply: Option<Voltage>,
    /// The device's own battery, 0 to 100 per cent.
    pub battery_percent: Option<u8>,
    /// Code of the battery, 1 to 6 in captures. Its scale is not established.
    pub battery_code: Option<u8>,
    /// Mileage, in kilometres.
    pub mileage: Option<u32>,
    /// ICCID of the SIM, without the `?` or `F` that may fill it up.
    pub iccid: Option<Text<'a>>,
    /// Access points, two fields each.
    access_points: Fields<'a>,
}

impl<'a> Readings<'a> {
    /// Returns the access points in sight, with their strength in dBm.
    #[must_use]
    pub const fn access_points(&self) -> AccessPointIter<'a> {
        AccessPointIter::pairs(self.access_points)
    }

    /// Reads the extras of a location of this kind.
    pub(super) fn of(kind: LocationKind, extras: Fields<'a>, is_10_digits: bool) -> Self {
        let mut fields = without_empty_end(extras).iter();
        // The cell.
        let cell_fields = fields.by_ref().take(4).count();
        let after_cell = fields.rest();
        let count = after_cell.iter().count();
        let Fields(input) = after_cell;
        let read = match (kind, count) {
            _ if cell_fields < 4 => NOTHING,
            (LocationKind::V6, 1) => map(iccid, Self::of_iccid).parse(input),
            (LocationKind::V8, 4..) if count.is_multiple_of(2) => {
                Self::of_v8(count.saturating_sub(4))(input)
            }
            (LocationKind::V5, 2) => Self::of_v5(input),
            (LocationKind::V1, 2) => Self::of_v1(input),
            (LocationKind::V5 | LocationKind::V6 | LocationKind::V8, _) => NOTHING,
            (_, 1) if SentCell::is_decimal(extras, is_10_digits) => {
                map(number, Self::of_code).parse(input)
            }
            _ => NOTHING,
        };
        let (_, readings) = read.unwrap_or_default();
        readings
    }

    fn of_iccid(iccid: &'a [u8]) -> Self {
        Self {
            iccid: Some(Text::Bytes(iccid)),
            ..Self::default()
        }
    }

    fn of_code(battery_code: Option<u8>) -> Self {
        Self {
            battery_code,
            ..Self::default()
        }
    }

    /// Reads satellites and CSQ.
    fn of_v1(input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, satellites) = number(input)?;
        let (rest, csq) = csq(rest)?;
        let readings = Self {
            satellites,
            csq,
            ..Self::default()
        };
        Ok((rest, readings))
    }

    /// Reads mileage and supply.
    fn of_v5(input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, mileage) = number(input)?;
        let (rest, supply) = tenths(rest)?;
        let readings = Self {
            mileage,
            supply,
            ..Self::default()
        };
        Ok((rest, readings))
    }

    /// Reads access points, which take this many fields, and the four values after them.
    fn of_v8(fields: usize) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Self, ()> {
        move |input| {
            let (rest, access_points) = some_fields(fields)(input)?;
            let (rest, satellites) = number(rest)?;
            let (rest, csq) = csq(rest)?;
            let (rest, supply) = tenths(rest)?;
            let (rest, percent) = number(rest)?;
            let readings = Self {
                satellites,
                csq,
                supply,
                battery_percent: percent.filter(|&percent: &u8| percent <= 100),
                access_points,
                ..Self::default()
            };
            Ok((rest, readings))
        }
    }
}

/// Nothing that is known was read.
const NOTHING: IResult<&[u8], Readings<'_>, ()> = Err(nom::Err::Error(()));

/// Reads a CSQ: 0 to 31.
fn csq(input: &[u8]) -> IResult<&[u8], Option<u8>, ()> {
    map(number, |csq: Option<u8>| csq.filter(|&csq| csq <= 31)).parse(input)
}

/// Reads a voltage in tenths of a volt.
fn tenths(input: &[u8]) -> IResult<&[u8], Option<Voltage>, ()> {
    map(number, |tenths: Option<u16>| {
        let millivolts = u32::from(tenths?).wrapping_mul(100);
        Some(Voltage::from_millivolts(millivolts))
    })
    .parse(input)
}

/// The fewest and the most digits of an ICCID.
const ICCID_DIGITS: core::ops::RangeInclusive<usize> = 18..=22;

/// Reads an ICCID: digits, among them hexadecimal letters, and what fills it up.
pub(super) fn iccid(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    map_opt(trimmed, |field| {
        let text = without_filler(field?);
        let is_iccid = ICCID_DIGITS.contains(&text.len()) && text.iter().all(u8::is_ascii_hexdigit);
        is_iccid.then_some(text)
    })
    .parse(input)
}

/// Returns an ICCID without the characters that fill it up.
pub(super) const fn without_filler(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b'?' | b'F' | b'f'] = text {
        text = rest;
    }
    text
}

/// Returns the fields without the empty ones at the end.
fn without_empty_end(Fields(mut fields): Fields<'_>) -> Fields<'_> {
    while let [rest @ .., b',' | b' '] = fields {
        fields = rest;
    }
    Fields(fields)
}
