use super::{
    fields::{all_fields, glued, trim},
    readings::without_filler,
};
use crate::{
    bytes::{swar, write::Writer},
    error::EncodeError,
    protocol::h02::{Fields, Gps, Header, Status},
    types::Text,
};
use nom::IResult;

/// A position with telephone numbers: `V19` and `V9`.
///
/// ```text
/// +---+-------+---+----+---+-----+-----+
/// | * | maker | , | id | , | V19 | gps |
/// +---+-------+---+----+---+-----+-----+
///
/// +---+-------+---+------------+---+-------+---+--------+---+
/// | , | phone | , | own number | , | ICCID | , | status | # |
/// +---+-------+---+------------+---+-------+---+--------+---+
/// ```
///
/// `V9` reports a telephone call. It is like `V19` with the number of the caller, but the place of
/// that number is not established.
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder.
/// let bytes = b"*HQ,4209917484,V19,093043,V,5052.9749,N,00426.4322,E,000.00,000,130916,,\
///     0032475874141,8944538530000543700F,FFFFFBFF#";
/// let Message::PhoneReport(report) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(report.iccid().unwrap().as_str(), Some("8944538530000543700"));
/// assert_eq!(report.alarm_phone(), None);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PhoneReport<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Which type it is.
    pub kind: PhoneReportKind,
    /// Time, place and motion.
    pub gps: Gps,
    /// The fields after the date, as sent.
    pub fields: Fields<'a>,
}

/// The types of a [`PhoneReport`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PhoneReportKind {
    /// `V19`.
    V19,
    /// `V9`.
    V9,
}

impl PhoneReportKind {
    /// Returns the type as it is in a frame.
    #[must_use]
    pub const fn code(self) -> &'static [u8] {
        match self {
            Self::V19 => b"V19",
            Self::V9 => b"V9",
        }
    }

    pub(super) const fn from_code(code: &[u8]) -> Option<Self> {
        match code {
            b"V19" => Some(Self::V19),
            b"V9" => Some(Self::V9),
            _ => None,
        }
    }
}

impl<'a> PhoneReport<'a> {
    /// Creates a report. `fields` come after the date: in a `V19` the number that alarms go to, the
    /// device's own number, the ICCID and the status word, each after a comma.
    #[must_use]
    pub const fn new(
        header: Header<'a>,
        kind: PhoneReportKind,
        gps: Gps,
        fields: Fields<'a>,
    ) -> Self {
        Self {
            header,
            kind,
            gps,
            fields,
        }
    }

    #[inline(never)]
    pub(super) fn read(
        header: Header<'a>,
        kind: PhoneReportKind,
        input: &'a [u8],
    ) -> IResult<&'a [u8], Self, ()> {
        let (rest, gps) = Gps::read(input)?;
        let (rest, _) = glued(rest)?;
        let (rest, fields) = all_fields(rest)?;
        let report = Self {
            header,
            kind,
            gps,
            fields,
        };
        Ok((rest, report))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.gps.write(out)?;
        out.put(self.fields.0);
        Ok(())
    }

    /// Returns the number that alarms go to, in a `V19`, unless it is empty.
    #[must_use]
    pub fn alarm_phone(&self) -> Option<Text<'a>> {
        self.field_of_v19(0).map(Text::Bytes)
    }

    /// Returns the device's own number, in a `V19`, unless it is empty.
    #[must_use]
    pub fn own_number(&self) -> Option<Text<'a>> {
        self.field_of_v19(1).map(Text::Bytes)
    }

    /// Returns the ICCID of the SIM, in a `V19`, unless it is empty; without the `?` or `F` that
    /// may fill it up.
    #[must_use]
    pub fn iccid(&self) -> Option<Text<'a>> {
        self.field_of_v19(2)
            .map(|text| Text::Bytes(without_filler(text)))
    }

    /// Returns alarms and inputs: the last field, if it is 8 hexadecimal digits.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let text = self.fields.iter().last()?;
        swar::hex_word(trim(text).try_into().ok()?).map(Status)
    }

    fn field_of_v19(&self, place: usize) -> Option<&'a [u8]> {
        self.fields
            .iter()
            .nth(place)
            .filter(|text| self.kind == PhoneReportKind::V19 && !text.is_empty())
    }
}
