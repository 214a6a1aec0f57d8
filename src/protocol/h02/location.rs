use super::{
    FieldIter, Fields, Gps, Header, Message, Status, TimeOfDay,
    command::ack,
    frame::trim,
    gps::{Taken, put_text, put_time, take_time},
};
use crate::{
    bytes::{swar, text, write::Writer},
    error::EncodeError,
    types::{CellTower, Decimal, Text},
};

/// Where the device is: `V1` and its relatives. `V1` is answered with [`Ack`](super::Ack).
///
/// ```text
/// *HQ,id,V1,HHMMSS,S,DDMM.MMMM,N,DDDMM.MMMM,E,speed,course[,battery],DDMMYY,status[,extra ...]#
/// ```
///
/// `V2` is used by CanTrack for alarms \[D\]; `V6` has the number of the SIM behind the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Which type it is.
    pub kind: LocationKind,
    /// Time, place and motion.
    pub gps: Gps,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits. It is found as well where the comma behind the date is missing.
    pub status: Option<Status>,
    /// The fields behind the status, as sent. Each maker has others there.
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
    /// The type as it stands in a frame.
    #[must_use]
    pub const fn code(self) -> &'static [u8] {
        match self {
            Self::V1 => b"V1",
            Self::V2 => b"V2",
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
            b"V5" => Self::V5,
            b"V6" => Self::V6,
            b"V8" => Self::V8,
            b"VI1" => Self::Vi1,
            _ => return None,
        })
    }
}

impl<'a> Location<'a> {
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(header: Header<'a>, kind: LocationKind, fields: Fields<'a>) -> Self {
        let mut fields = fields.iter();
        let Taken { gps, glued } = Gps::read(&mut fields);
        let status = take_status(&mut fields, glued);
        Self {
            header,
            kind,
            gps,
            status,
            extras: fields.rest(),
        }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.gps.put(out)?;
        put_status(out, self.status);
        out.put(self.extras.0);
        Ok(())
    }

    /// The serving cell, if the first four extras are one in a form of which the base is known (spec h02, section 2.1); as far as its numbers are not
    /// 0.
    ///
    /// Decimal: MCC of 3 digits, MNC of 2 or 3, `460,00,10342,3721`. Hexadecimal: MCC of 6 digits, `000106,000002,000203,004c87`; or a LAC filled up
    /// with spaces, `25c,a, 154,b04c`. In any case the MCC must be one: 200 to 799, or 901. Other extras are not read, for nothing tells what they
    /// are.
    #[must_use]
    #[inline]
    pub fn cell(&self) -> Option<CellTower> {
        SentCell::in_extras(self.extras).map(|sent| sent.cell)
    }

    /// The battery: the field in front of the date, or a fifth extra behind a decimal [`cell`](Self::cell). Its scale is not established; behind the
    /// cell it is 5 or 6 in captures.
    #[must_use]
    #[inline]
    pub fn battery(&self) -> Option<u8> {
        self.gps
            .battery
            .or_else(|| battery_behind_cell(self.extras))
    }
}

/// A cell in the extras of a location.
struct SentCell {
    cell: CellTower,
    is_hex: bool,
}

impl SentCell {
    /// Reads the first four extras: MCC, MNC, LAC and cell id.
    ///
    /// | MCC | MNC | LAC | base |
    /// |---|---|---|---|
    /// | 6 characters | | | 16 |
    /// | | | begins with a space | 16 |
    /// | 3 characters | 2 or 3 characters | | 10 |
    /// | any other | | | not known |
    // The extras by value, so that the location need not be in memory.
    fn in_extras(extras: Fields<'_>) -> Option<Self> {
        let mut extras = extras.iter();
        let [mcc, mnc, lac, cid] = [
            extras.next()?,
            extras.next()?,
            extras.next()?,
            extras.next()?,
        ];
        let is_hex = mcc.len() == 6 || lac.starts_with(b" ");
        if !is_hex && !matches!((mcc.len(), mnc.len()), (3, 2 | 3)) {
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
}

/// The battery in the extras of a location.
fn battery_behind_cell(extras: Fields<'_>) -> Option<u8> {
    let fifth = extras.iter().nth(4)?;
    match SentCell::in_extras(extras)? {
        SentCell { is_hex: true, .. } => None,
        SentCell { is_hex: false, .. } => u8::try_from(text::number(fifth)?).ok(),
    }
}

/// The device's answer to a command: `V4`, upwards.
///
/// ```text
/// *HQ,id,V4,command[,result ...],hhmmss,HHMMSS,S,DDMM.MMMM,N,DDDMM.MMMM,E,speed,course,DDMMYY,status[,extra ...]#
/// ```
///
/// The position is looked for from the right; where there is none all fields behind the command are the result. A `V4` of the server is an
/// [`Ack`](super::Ack).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Response<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The code of the command, such as `S20`.
    pub command: Text<'a>,
    /// `OK`, `DONE`, `ERROR`, or the parameters as the device took them; or none.
    pub result: Fields<'a>,
    /// The time of day that the command had.
    pub command_time: Option<TimeOfDay>,
    /// Where the device is.
    pub gps: Option<Gps>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields behind the status, as sent.
    pub extras: Fields<'a>,
}

impl<'a> Response<'a> {
    pub(super) fn read(header: Header<'a>, fields: Fields<'a>) -> Self {
        let mut fields = fields.iter();
        let command = Text::Bytes(fields.next().unwrap_or_default());
        let after_command = fields.rest();
        let Some(place) = LastPosition::find(fields) else {
            return Self {
                header,
                command,
                result: after_command,
                command_time: None,
                gps: None,
                status: None,
                extras: Fields(&[]),
            };
        };
        let time_at = |at: Option<Fields<'_>>| take_time(&mut at?.iter());
        let mut fields = place.fix.iter();
        let Taken { gps, glued } = Gps::read_after_time(&mut fields, time_at(place.time));
        let status = take_status(&mut fields, glued);
        // The result is what comes before the first of the three.
        let Fields(after_result) = place.command_time.or(place.time).unwrap_or(place.fix);
        let result_len = after_command.0.len().saturating_sub(after_result.len());
        Self {
            header,
            command,
            result: Fields(after_command.0.get(..result_len).unwrap_or_default()),
            command_time: time_at(place.command_time),
            gps: Some(gps),
            status,
            extras: fields.rest(),
        }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        put_text(out, self.command.as_bytes());
        out.put(self.result.0);
        if let Some(gps) = self.gps {
            put_time(out, self.command_time);
            gps.put(out)?;
            put_status(out, self.status);
            out.put(self.extras.0);
        }
        Ok(())
    }

    /// The result as text, its fields with commas between them.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        match self.result.0 {
            [_, text @ ..] => Text::Bytes(text),
            [] => Text::Bytes(&[]),
        }
    }

    /// The mileage in an answer to `S32`, in units of 0.51444 m \[D\].
    #[must_use]
    pub fn mileage(&self) -> Option<Decimal> {
        let result = self
            .result
            .iter()
            .next()
            .filter(|_| self.command.as_bytes() == b"S32")?;
        Decimal::from_ascii(result)
    }
}

/// Where the last position in a [`Response`] stands: the fields from each of three successive
/// fields on.
#[derive(Clone, Copy)]
struct LastPosition<'a> {
    /// From the time of the command on; `None` if there is no field for it.
    command_time: Option<Fields<'a>>,
    /// From the time of the position on; `None` if there is no field for it.
    time: Option<Fields<'a>>,
    /// From the letter that tells whether there is a fix on.
    fix: Fields<'a>,
}

impl<'a> LastPosition<'a> {
    fn find(mut fields: FieldIter<'a>) -> Option<Self> {
        let mut found = None;
        let mut place = Self {
            command_time: None,
            time: None,
            fix: fields.rest(),
        };
        loop {
            if Gps::begins(fields.clone()) {
                found = Some(place);
            }
            if fields.next().is_none() {
                return found;
            }
            // One field further on.
            place = Self {
                command_time: place.time,
                time: Some(place.fix),
                fix: fields.rest(),
            };
        }
    }
}

/// A position with telephone numbers: `V19` and `V9`.
///
/// ```text
/// *HQ,id,V19,HHMMSS,S,DDMM.MMMM,N,DDDMM.MMMM,E,speed,course,DDMMYY,phone,own number,ICCID,status#
/// ```
///
/// `V9` reports a telephone call: it is like `V19` with the number of the caller, but where that stands is not established.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PhoneReport<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Which type it is.
    pub kind: PhoneReportKind,
    /// Time, place and motion.
    pub gps: Gps,
    /// The fields behind the date, as sent.
    pub fields: Fields<'a>,
}

/// The types of a [`PhoneReport`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PhoneReportKind {
    /// `V19`.
    V19,
    /// `V9`.
    V9,
}

impl PhoneReportKind {
    /// The type as it stands in a frame.
    #[must_use]
    pub const fn code(self) -> &'static [u8] {
        match self {
            Self::V19 => b"V19",
            Self::V9 => b"V9",
        }
    }
}

impl<'a> PhoneReport<'a> {
    pub(super) fn read(header: Header<'a>, kind: PhoneReportKind, fields: Fields<'a>) -> Self {
        let mut fields = fields.iter();
        let Taken { gps, .. } = Gps::read(&mut fields);
        Self {
            header,
            kind,
            gps,
            fields: fields.rest(),
        }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.gps.put(out)?;
        out.put(self.fields.0);
        Ok(())
    }

    /// The number that alarms go to, in a `V19`, unless it is empty.
    #[must_use]
    pub fn alarm_phone(&self) -> Option<Text<'a>> {
        self.of_v19(0).map(Text::Bytes)
    }

    /// The device's own number, in a `V19`, unless it is empty.
    #[must_use]
    pub fn own_number(&self) -> Option<Text<'a>> {
        self.of_v19(1).map(Text::Bytes)
    }

    /// The ICCID of the SIM, in a `V19`, unless it is empty; without a `?` or `F` at its end.
    #[must_use]
    pub fn iccid(&self) -> Option<Text<'a>> {
        self.of_v19(2).map(|text| Text::Bytes(without_filler(text)))
    }

    /// Alarms and inputs: the last field, if it is 8 hexadecimal digits.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let text = self.fields.iter().last()?;
        swar::hex_word(trim(text).try_into().ok()?).map(Status)
    }

    fn of_v19(&self, place: usize) -> Option<&'a [u8]> {
        self.fields
            .iter()
            .nth(place)
            .filter(|text| self.kind == PhoneReportKind::V19 && !text.is_empty())
    }
}

/// Without what fills up an ICCID.
const fn without_filler(mut text: &[u8]) -> &[u8] {
    while let [rest @ .., b'?' | b'F' | b'f'] = text {
        text = rest;
    }
    text
}

/// Takes a status word: 8 hexadecimal digits, in the next field, unless it stands behind the date without a comma.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn take_status(fields: &mut FieldIter<'_>, glued: &[u8]) -> Option<Status> {
    let word = if glued.is_empty() {
        fields.hex_word()
    } else {
        swar::hex_word(glued.try_into().ok()?)
    };
    word.map(Status)
}

/// Appends a field with a status word.
pub(super) fn put_status(out: &mut Writer<'_>, status: Option<Status>) {
    out.put(b",");
    if let Some(Status(bits)) = status {
        out.put_hex(bits.into(), 8);
    }
}

/// What a `V4` is.
pub(super) fn v4<'a>(header: Header<'a>, fields: Fields<'a>) -> Message<'a> {
    match ack(fields) {
        Some((code, time)) => Message::Ack(super::Ack {
            header,
            code: Text::Bytes(code),
            time,
        }),
        None => Message::Response(Response::read(header, fields)),
    }
}
