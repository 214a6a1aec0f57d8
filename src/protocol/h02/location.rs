use super::{
    FieldIter, Fields, Gps, Header, Message, Status, TimeOfDay,
    command::ack,
    frame::trim,
    gps::{put_text, put_time, take_time},
};
use crate::{
    error::EncodeError,
    protocol::{ascii, writer::Writer},
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
        let (gps, glued) = Gps::read(&mut fields);
        let status = take_status(&mut fields, glued);
        Self { header, kind, gps, status, extras: fields.rest() }
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
        cell_and_base(self.extras).map(|(cell, _)| cell)
    }

    /// The battery: the field in front of the date, or a fifth extra behind a decimal [`cell`](Self::cell). Its scale is not established; behind the
    /// cell it is 5 or 6 in captures.
    #[must_use]
    #[inline]
    pub fn battery(&self) -> Option<u8> {
        self.gps.battery.or_else(|| battery_behind_cell(self.extras))
    }
}

/// The cell in the extras of a location, and whether it is hexadecimal.
// By value, so that the location need not be in memory.
fn cell_and_base(extras: Fields<'_>) -> Option<(CellTower, bool)> {
    let mut extras = extras.iter();
    let texts @ [mcc, mnc, lac, _] = [extras.next()?, extras.next()?, extras.next()?, extras.next()?];
    let is_hex = mcc.len() == 6 || lac.starts_with(b" ");
    if !is_hex && !matches!((mcc.len(), mnc.len()), (3, 2 | 3)) {
        return None;
    }
    let [mcc, mnc, lac, cid] = texts.map(|text| if is_hex { ascii::hex(trim(text)) } else { ascii::number(text) });
    let (mcc, mnc, lac, cid) = (u16::try_from(mcc?).ok()?, u16::try_from(mnc?).ok()?, lac?, cid?);
    if !matches!(mcc, 200..=799 | 901) || mnc > 999 || lac > 0xFFFF || cid > 0x0FFF_FFFF {
        return None;
    }
    let not_0 = |value: u32| Some(value).filter(|&value| value != 0);
    Some((CellTower { mcc: Some(mcc), mnc: Some(mnc), lac: not_0(lac), cid: not_0(cid) }, is_hex))
}

/// The battery in the extras of a location.
fn battery_behind_cell(extras: Fields<'_>) -> Option<u8> {
    let fifth = extras.iter().nth(4)?;
    let (_, is_hex) = cell_and_base(extras)?;
    if is_hex { None } else { u8::try_from(ascii::number(fifth)?).ok() }
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
        let mut rest = fields.iter();
        let command = Text::Ascii(rest.next().unwrap_or_default());
        let all = rest.rest();
        // The fields from the last place on where a position begins behind its time, and from one and two fields before.
        let mut found = None;
        let (mut one_before, mut two_before) = (None, None);
        loop {
            let here = rest.rest();
            if Gps::begins(rest.clone()) {
                found = Some((here, one_before, two_before));
            }
            if rest.next().is_none() {
                break;
            }
            (one_before, two_before) = (Some(here), one_before);
        }
        let Some((here, one_before, two_before)) = found else {
            return Self { header, command, result: all, command_time: None, gps: None, status: None, extras: Fields(&[]) };
        };
        let time = |fields: Option<Fields<'_>>| fields.and_then(|fields| take_time(&mut fields.iter()));
        let mut fields = here.iter();
        let (gps, glued) = Gps::read_behind_time(&mut fields, time(one_before));
        let status = take_status(&mut fields, glued);
        let behind = two_before.or(one_before).unwrap_or(here).0.len();
        let result = Fields(all.0.get(..all.0.len().saturating_sub(behind)).unwrap_or_default());
        Self { header, command, result, command_time: time(two_before), gps: Some(gps), status, extras: fields.rest() }
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
            [_, text @ ..] => Text::Ascii(text),
            [] => Text::Ascii(&[]),
        }
    }

    /// The mileage in an answer to `S32`, in units of 0.51444 m \[D\].
    #[must_use]
    pub fn mileage(&self) -> Option<Decimal> {
        let result = self.result.iter().next().filter(|_| self.command.as_bytes() == b"S32")?;
        Decimal::from_ascii(result)
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
        let (gps, _) = Gps::read(&mut fields);
        Self { header, kind, gps, fields: fields.rest() }
    }

    pub(super) fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.gps.put(out)?;
        out.put(self.fields.0);
        Ok(())
    }

    /// The number that alarms go to, in a `V19`, unless it is empty.
    #[must_use]
    pub fn alarm_phone(&self) -> Option<Text<'a>> {
        self.of_v19(0).map(Text::Ascii)
    }

    /// The device's own number, in a `V19`, unless it is empty.
    #[must_use]
    pub fn own_number(&self) -> Option<Text<'a>> {
        self.of_v19(1).map(Text::Ascii)
    }

    /// The ICCID of the SIM, in a `V19`, unless it is empty; without a `?` or `F` at its end.
    #[must_use]
    pub fn iccid(&self) -> Option<Text<'a>> {
        self.of_v19(2).map(|text| Text::Ascii(without_filler(text)))
    }

    /// Alarms and inputs: the last field, if it is 8 hexadecimal digits.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        let text = self.fields.iter().last()?;
        ascii::hex_word(trim(text).try_into().ok()?).map(Status)
    }

    fn of_v19(&self, place: usize) -> Option<&'a [u8]> {
        self.fields.iter().nth(place).filter(|text| self.kind == PhoneReportKind::V19 && !text.is_empty())
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
    let word = if glued.is_empty() { fields.hex_word() } else { ascii::hex_word(glued.try_into().ok()?) };
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
        Some((code, time)) => Message::Ack(super::Ack { header, code: Text::Ascii(code), time }),
        None => Message::Response(Response::read(header, fields)),
    }
}
