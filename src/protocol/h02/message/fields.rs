//! The fields of a frame: text after commas, and the values in it.
//!
//! The readers here are nom parsers: each takes one field, with the comma before it, off the front
//! of the input. A field that is missing, empty or damaged has no value, but it is no error: it
//! costs nothing but itself. So a message's reader is the list of its fields, in the order of the
//! wire.
//!
//! In a usual frame the readers look at eight bytes at a time, otherwise at one field after the
//! other without the spaces around it. The quick forms are there for speed, which
//! `benches/decoder` measures.

use crate::{
    bytes::{
        WIDE,
        swar::{count_until, hex_word},
        text::{self, PlainDecimal, pairs, plain_decimal},
        write::Writer,
    },
    error::EncodeError,
    protocol::h02::{Date, TimeOfDay},
    types::{CellTower, Decimal, NeighbourCell, Text},
};
use core::fmt;
use nom::{IResult, Parser, combinator::map};

/// Fields as they stand in a frame: each is a comma and the text after it.
///
/// ```
/// use gt02::protocol::h02::Fields;
/// assert!(Fields(b",460,00,").iter().eq([&b"460"[..], b"00", b""]));
/// assert_eq!(Fields(b"").iter().next(), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    /// Returns an iterator over the fields, as sent.
    #[must_use]
    #[inline]
    pub const fn iter(self) -> FieldIter<'a> {
        FieldIter { rest: self.0 }
    }

    /// Returns the fields as one text, with commas between them.
    #[must_use]
    pub(in crate::protocol::h02) const fn joined(self) -> &'a [u8] {
        match self.0 {
            [_, text @ ..] => text,
            [] => &[],
        }
    }
}

impl<'a> IntoIterator for Fields<'a> {
    type Item = &'a [u8];
    type IntoIter = FieldIter<'a>;

    fn into_iter(self) -> FieldIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Fields<'a> {
    type Item = &'a [u8];
    type IntoIter = FieldIter<'a>;

    fn into_iter(self) -> FieldIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Fields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Fields<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:a}", self.0);
    }
}

/// An iterator over [`Fields`].
#[derive(Clone, Debug)]
pub struct FieldIter<'a> {
    rest: &'a [u8],
}

impl<'a> FieldIter<'a> {
    /// Returns the fields that were not read yet.
    #[inline]
    pub(in crate::protocol::h02) const fn rest(&self) -> Fields<'a> {
        Fields(self.rest)
    }
}

impl<'a> Iterator for FieldIter<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let (_, after) = self.rest.split_first()?;
        let (field, rest) = after.split_at_checked(count_until(after, b','))?;
        self.rest = rest;
        Some(field)
    }
}

impl core::iter::FusedIterator for FieldIter<'_> {}

/// Reads a field; `None` after the last one.
#[inline]
pub(in crate::protocol::h02) fn field(input: &[u8]) -> IResult<&[u8], Option<&[u8]>, ()> {
    let mut fields = Fields(input).iter();
    let field = fields.next();
    Ok((fields.rest, field))
}

/// Reads a field without the spaces around it, which damaged frames have; `None` after the last
/// one.
#[inline(never)]
pub(in crate::protocol::h02) fn trimmed(input: &[u8]) -> IResult<&[u8], Option<&[u8]>, ()> {
    map(field, |field| field.map(trim)).parse(input)
}

/// Reads a field as text; empty after the last one.
pub(super) fn text_field(input: &[u8]) -> IResult<&[u8], Text<'_>, ()> {
    map(field, |field| Text::Bytes(field.unwrap_or_default())).parse(input)
}

/// Reads all fields that are left.
#[inline]
pub(in crate::protocol::h02) fn all_fields(input: &[u8]) -> IResult<&[u8], Fields<'_>, ()> {
    Ok((&[], Fields(input)))
}

/// Reads this many fields.
pub(super) fn some_fields<'a>(
    count: usize,
) -> impl Fn(&'a [u8]) -> IResult<&'a [u8], Fields<'a>, ()> {
    move |input| {
        let mut fields = Fields(input).iter();
        for _ in 0..count {
            fields.next();
        }
        let Fields(rest) = fields.rest();
        let len = input.len().saturating_sub(rest.len());
        Ok((rest, Fields(input.get(..len).unwrap_or_default())))
    }
}

/// Reads a field of decimal digits.
pub(in crate::protocol::h02) fn number<T: TryFrom<u32>>(
    input: &[u8],
) -> IResult<&[u8], Option<T>, ()> {
    map(trimmed, |field| to_number(field?)).parse(input)
}

/// Reads a field if it is a plain number and not the last field; otherwise nothing.
///
/// There are other numbers, so a caller goes on to read the field in the general way.
#[inline(always)]
pub(super) fn plain_number(input: &[u8]) -> IResult<&[u8], Decimal, ()> {
    if let (true, Some((b',', text))) = (WIDE, input.split_first()) {
        if let Some(PlainDecimal { value, len }) = plain_decimal(text) {
            if let Some(rest @ [b',', ..]) = text.get(len..) {
                return Ok((rest, value));
            }
        }
    }
    Err(nom::Err::Error(()))
}

/// Reads a field that is a single letter or digit.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn letter(input: &[u8]) -> IResult<&[u8], Option<u8>, ()> {
    match input.split_first_chunk() {
        Some(([_, letter @ b'0'..=b'~'], rest @ [b',', ..])) => Ok((rest, Some(*letter))),
        _ => map(trimmed, |field| match field? {
            [letter] => Some(*letter),
            _ => None,
        })
        .parse(input),
    }
}

/// Reads a field of six digits as three numbers.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn three_pairs(input: &[u8]) -> IResult<&[u8], Option<[u8; 3]>, ()> {
    if let Some(([_, digits @ ..], rest @ [b',', ..])) = input.split_first_chunk::<7>() {
        if let Some(numbers) = pairs(digits) {
            return Ok((rest, Some(numbers)));
        }
    }
    map(trimmed, |field| pairs(field?.try_into().ok()?)).parse(input)
}

/// Reads a field `HHMMSS`.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(in crate::protocol::h02) fn time(input: &[u8]) -> IResult<&[u8], Option<TimeOfDay>, ()> {
    let (rest, pairs) = three_pairs(input)?;
    let time = pairs.map(|[hour, minute, second]| TimeOfDay {
        hour,
        minute,
        second,
    });
    Ok((rest, time))
}

/// Reads a field `DDMMYY`.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn date(input: &[u8]) -> IResult<&[u8], Option<Date>, ()> {
    let (rest, pairs) = three_pairs(input)?;
    Ok((rest, pairs.map(Date::from_pairs)))
}

/// Reads a field of 4 hexadecimal digits.
pub(super) fn short_hex(input: &[u8]) -> IResult<&[u8], Option<u16>, ()> {
    map(trimmed, |field| text::hex(field?)?.try_into().ok()).parse(input)
}

/// Reads a field of 8 hexadecimal digits. Its comma may be missing, as in `160716F7FFBBFF`: what
/// [`Gps`](super::Gps) leaves of a date with more in its field.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn word(input: &[u8]) -> IResult<&[u8], Option<u32>, ()> {
    if let Some(([b',', digits @ ..], rest @ ([] | [b',', ..]))) = input.split_first_chunk::<9>() {
        if let Some(word) = hex_word(*digits) {
            return Ok((rest, Some(word)));
        }
    }
    other_word(input)
}

/// Reads a word in any other form than the usual one.
#[inline(never)]
fn other_word(input: &[u8]) -> IResult<&[u8], Option<u32>, ()> {
    let (rest, digits) = match input {
        [] | [b',', ..] => trimmed(input)?,
        _ => map(glued, Some).parse(input)?,
    };
    Ok((
        rest,
        digits.and_then(|digits| hex_word(digits.try_into().ok()?)),
    ))
}

/// Reads what is left of a field whose front was read.
pub(super) fn glued(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let (field, rest) = input
        .split_at_checked(count_until(input, b','))
        .unwrap_or((input, &[]));
    Ok((rest, field))
}

/// Returns the text without the spaces at both ends.
#[inline]
pub(super) const fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = text {
        text = rest;
    }
    text
}

/// Returns the value of decimal digits.
pub(super) fn to_number<T: TryFrom<u32>>(digits: &[u8]) -> Option<T> {
    T::try_from(text::number(digits)?).ok()
}

/// Appends a field of text.
pub(in crate::protocol::h02) fn write_text(out: &mut Writer<'_>, text: &[u8]) {
    out.put(b",");
    out.put(text);
}

/// Appends a field of decimal digits, with leading zeros up to `width`.
pub(in crate::protocol::h02) fn write_number(out: &mut Writer<'_>, value: u32, width: usize) {
    out.put(b",");
    out.put_decimal(value.into(), width);
}

/// Appends a field of decimal digits, or an empty one if there is no value.
pub(super) fn write_optional<T: Into<u32>>(out: &mut Writer<'_>, value: Option<T>, width: usize) {
    match value {
        Some(value) => write_number(out, value.into(), width),
        None => write_text(out, &[]),
    }
}

/// Appends a field `HHMMSS`, or an empty one.
pub(in crate::protocol::h02) fn write_time(out: &mut Writer<'_>, time: Option<TimeOfDay>) {
    write_pairs(out, time.map(|time| [time.hour, time.minute, time.second]));
}

/// Appends a field `DDMMYY`, or an empty one.
pub(super) fn write_date(out: &mut Writer<'_>, date: Option<Date>) {
    write_pairs(out, date.map(|date| [date.day, date.month, date.year]));
}

fn write_pairs(out: &mut Writer<'_>, pairs: Option<[u8; 3]>) {
    out.put(b",");
    if let Some(pairs) = pairs {
        out.put_pairs(pairs);
    }
}

/// Fields that are written from values, with room for `N` bytes: the cells of a
/// [`NeighbourCells`](super::NeighbourCells), the extras of a [`Location`](super::Location).
///
/// ```
/// use gt02::{protocol::h02::FieldBuffer, types::CellTower};
/// let mut cell = CellTower::default();
/// (cell.mcc, cell.mnc, cell.lac, cell.cid) = (Some(460), Some(0), Some(10342), Some(3721));
/// let mut fields = FieldBuffer::<32>::new();
/// fields.push_cell(cell)?;
/// fields.push_number(5)?;
/// assert_eq!(fields.as_fields().0, b",460,00,10342,3721,5");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldBuffer<const N: usize> {
    text: heapless::Vec<u8, N>,
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for FieldBuffer<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        self.as_fields().format(f);
    }
}

impl<const N: usize> FieldBuffer<N> {
    /// Creates a buffer without fields.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            text: heapless::Vec::new(),
        }
    }

    /// Returns the fields.
    #[must_use]
    pub fn as_fields(&self) -> Fields<'_> {
        Fields(&self.text)
    }

    /// Appends a field of text.
    ///
    /// # Errors
    /// If the buffer is full, or if the text holds a character that no field has: a comma, `#`,
    /// `*`, `$`, `(`, or one that is not printable ASCII.
    pub fn push_text(&mut self, text: &str) -> Result<(), EncodeError> {
        let is_plain = |byte: u8| {
            matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b'#' | b'*' | b'$' | b'(')
        };
        if !text.bytes().all(is_plain) {
            return Err(EncodeError::Text);
        }
        if self.text.len().saturating_add(text.len()) >= N {
            return Err(Self::FULL);
        }
        self.push(b",")?;
        self.push(text.as_bytes())
    }

    /// Appends a field of decimal digits.
    ///
    /// # Errors
    /// If the buffer is full.
    pub fn push_number(&mut self, value: u32) -> Result<(), EncodeError> {
        self.write(|out| write_number(out, value, 1))
    }

    /// Appends a cell as four decimal fields: MCC, MNC, LAC and cell id. A LAC or a cell id that is
    /// not known is 0.
    ///
    /// # Errors
    /// If the buffer is full, if MCC or MNC is absent, or if a number is out of range. An MCC is
    /// 200 to 799, or 901.
    pub fn push_cell(&mut self, cell: CellTower) -> Result<(), EncodeError> {
        let mcc = cell.mcc.ok_or(EncodeError::Missing { field: "mcc" })?;
        let mnc = cell.mnc.ok_or(EncodeError::Missing { field: "mnc" })?;
        if !matches!(mcc, 200..=799 | 901) {
            return Err(EncodeError::NotCanonical);
        }
        let mnc = up_to("mnc", Some(mnc.into()), 999)?;
        let lac = up_to("lac", cell.lac, 0xFFFF)?;
        let cid = up_to("cid", cell.cid, 0x0FFF_FFFF)?;
        self.write(|out| {
            write_number(out, mcc.into(), 3);
            write_number(out, mnc, 2);
            write_number(out, lac, 1);
            write_number(out, cid, 1);
        })
    }

    /// Appends a neighbour cell as three decimal fields: LAC, cell id and strength, as
    /// [`NeighbourCells`](super::NeighbourCells) has them. A number that is not known is 0.
    ///
    /// # Errors
    /// If the buffer is full.
    pub fn push_neighbour(&mut self, neighbour: NeighbourCell) -> Result<(), EncodeError> {
        self.write(|out| {
            write_number(out, neighbour.cell.lac.unwrap_or(0), 1);
            write_number(out, neighbour.cell.cid.unwrap_or(0), 1);
            let rssi = neighbour.rssi.unwrap_or(0);
            out.put(if rssi < 0 { b",-" } else { b"," });
            out.put_decimal(rssi.unsigned_abs().into(), 1);
        })
    }

    const FULL: EncodeError = EncodeError::TooLong {
        field: "fields",
        max: N,
    };

    /// Appends what `write` writes, at most 64 bytes; or nothing.
    fn write(&mut self, write: impl FnOnce(&mut Writer<'_>)) -> Result<(), EncodeError> {
        let mut out = [0; 64];
        let mut writer = Writer::new(&mut out);
        write(&mut writer);
        let written = writer.finish()?;
        self.push(written)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.text.extend_from_slice(bytes).map_err(|_| Self::FULL)
    }
}

/// Returns the value, 0 if there is none.
///
/// # Errors
/// If it is above `max`.
fn up_to(field: &'static str, value: Option<u32>, max: u32) -> Result<u32, EncodeError> {
    match value.unwrap_or(0) {
        value if value > max => Err(EncodeError::Range { field, max }),
        value => Ok(value),
    }
}
