//! How texts of commands are taken apart, and the values that more than one set writes.

use super::super::text::Draft;
use crate::types::{Decimal, Latitude, Longitude, Position, UtcOffset};
use heapless::Vec;

/// Returns the text before the first such byte, which is ASCII, and the text after it.
///
/// `str::split_once` has panic paths, which a firmware would have to carry.
pub(in crate::sms) fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(1..)?))
}

/// Splits a text into its leading decimal digits and the rest.
pub(in crate::sms) fn leading_digits(text: &str) -> Option<(&str, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(count)
}

/// Splits a text that ends in `#` into its fields, if they are at most 9, which no command exceeds.
pub(in crate::sms) fn fields(text: &str, separator: u8) -> Option<Vec<&str, 9>> {
    let mut rest = text.strip_suffix('#')?;
    let mut fields = Vec::new();
    while let Some((field, after)) = split_once(rest, separator) {
        fields.push(field).ok()?;
        rest = after;
    }
    fields.push(rest).ok()?;
    Some(fields)
}

/// Reads a number of decimal digits and nothing else.
pub(in crate::sms) fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok()
    } else {
        None
    }
}

pub(in crate::sms) fn port(text: &str) -> Option<u16> {
    number(text)?.try_into().ok()
}

/// Reads a zone as direction, hours of one or two digits, and minutes.
pub(in crate::sms) fn time_zone(direction: &str, hours: &str, minutes: u32) -> Option<UtcOffset> {
    let hours = number(hours).filter(|_| matches!(hours.len(), 1 | 2))?;
    // At most 99 hours and 59 minutes.
    let minutes = i16::try_from(hours.wrapping_mul(60).wrapping_add(minutes)).ok()?;
    match direction {
        "E" => UtcOffset::from_minutes(minutes),
        "W" => UtcOffset::from_minutes(minutes.wrapping_neg()),
        _ => None,
    }
}

/// Writes `12.345678,-98.765432`.
pub(in crate::sms) fn put_place(draft: &mut Draft, place: Position) {
    put_degrees(draft, place.latitude.micro_degrees());
    draft.put(&[","]);
    put_degrees(draft, place.longitude.micro_degrees());
}

fn put_degrees(draft: &mut Draft, micro_degrees: i32) {
    if micro_degrees < 0 {
        draft.put(&["-"]);
    }
    let micro_degrees = micro_degrees.unsigned_abs();
    draft.put_number(micro_degrees / 1_000_000, 1);
    draft.put(&["."]);
    draft.put_number(micro_degrees % 1_000_000, 6);
}

/// Reads two angles in decimal degrees, each with a sign or with its letter before it.
pub(in crate::sms) fn place(north: &str, east: &str) -> Option<Position> {
    let (is_positive, degrees) = signed(north, ['N', 'S'])?;
    let latitude = Latitude::from_decimal_degrees(degrees, is_positive)?;
    let (is_positive, degrees) = signed(east, ['E', 'W'])?;
    let longitude = Longitude::from_decimal_degrees(degrees, is_positive)?;
    Some(Position {
        latitude,
        longitude,
    })
}

fn signed(text: &str, [positive, negative]: [char; 2]) -> Option<(bool, Decimal)> {
    let (is_positive, digits) = if let Some(digits) = text.strip_prefix(['-', negative]) {
        (false, digits)
    } else {
        (true, text.strip_prefix(positive).unwrap_or(text))
    };
    Some((is_positive, Decimal::from_ascii(digits.as_bytes())?))
}
