//! Checks of the values of commands: no value may break the syntax of a set.

use super::{CommandError, CommandSet, text::Draft};
use crate::types::UtcOffset;

pub(super) const SECONDS: &str = "interval in seconds";
pub(super) const MINUTES: &str = "interval in minutes";

/// The zones of the earth, in minutes ahead of UTC.
const MIN_ZONE: i32 = -12 * 60;
const MAX_ZONE: i32 = 14 * 60;

pub(super) fn check_range(
    field: &'static str,
    value: u32,
    min: u16,
    max: u16,
) -> Result<(), CommandError> {
    if (min.into()..=max.into()).contains(&value) {
        Ok(())
    } else {
        Err(CommandError::Range {
            field,
            min: min.into(),
            max: max.into(),
        })
    }
}

/// Writes a number that must be in a range.
pub(super) fn put_checked(
    draft: &mut Draft,
    field: &'static str,
    value: u32,
    min: u16,
    max: u16,
) -> Result<(), CommandError> {
    check_range(field, value, min, max)?;
    draft.put_number(value, 1);
    Ok(())
}

/// Passwords have 6 digits, 4 on some devices.
pub(super) fn check_password(
    field: &'static str,
    password: &str,
    max: usize,
) -> Result<(), CommandError> {
    check_digits(field, password, 4, max)
}

/// Checks the new password of a command, 4 to `max` digits.
pub(super) fn check_new_password(new: &str, max: usize) -> Result<(), CommandError> {
    check_password("new password", new, max)
}

pub(super) fn check_digits(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<(), CommandError> {
    check(field, text, min, max, |character| {
        character.is_ascii_digit()
    })
}

/// Checks a phone number: 3 to 15 digits, perhaps after a `+`.
pub(super) fn check_phone(phone: &str) -> Result<(), CommandError> {
    check_digits("phone", phone.strip_prefix('+').unwrap_or(phone), 3, 15)
}

/// Checks a text that breaks the syntax of no set, in the alphabet of short messages.
pub(super) fn check_text(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<(), CommandError> {
    check(field, text, min, max, |character| {
        character.is_ascii_graphic() && !matches!(character, '#' | ',' | '`')
    })
}

/// Checks a name by RFC 1123. One whose last label is a number is a mistyped address.
pub(super) fn check_host(name: &str) -> Result<(), CommandError> {
    check("host", name, 1, 253, |character| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | '.')
    })?;
    // Bytes: the search for a character in a `str` has panic paths, which a firmware would carry.
    let mut labels = name.as_bytes().rsplit(|&byte| byte == b'.');
    let is_label =
        |label: &[u8]| !matches!(label, [] | [b'-', ..] | [.., b'-']) && label.len() <= 63;
    let is_name = labels.clone().all(is_label)
        && labels
            .next()
            .is_some_and(|last| !last.iter().all(u8::is_ascii_digit));
    if is_name {
        Ok(())
    } else {
        Err(CommandError::Host)
    }
}

/// Returns the minutes of a zone between 12 hours west and 14 hours east.
pub(super) fn zone_minutes(offset: UtcOffset) -> Result<i32, CommandError> {
    let minutes = i32::from(offset.minutes());
    if (MIN_ZONE..=MAX_ZONE).contains(&minutes) {
        Ok(minutes)
    } else {
        Err(CommandError::Range {
            field: "time zone in minutes",
            min: MIN_ZONE,
            max: MAX_ZONE,
        })
    }
}

/// Returns the whole hours of a zone, for a set that writes nothing finer.
pub(super) fn zone_hours(set: CommandSet, offset: UtcOffset) -> Result<i32, CommandError> {
    match zone_minutes(offset)? {
        minutes if minutes % 60 == 0 => Ok(minutes / 60),
        _ => Err(CommandError::unsupported(
            set,
            "set a time zone that is not of whole hours",
        )),
    }
}

fn check(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<(), CommandError> {
    match text.chars().find(|&character| !allowed(character)) {
        Some(character) => Err(CommandError::Character { field, character }),
        // All of it is ASCII.
        None if (min..=max).contains(&text.len()) => Ok(()),
        None => Err(CommandError::Length { field, min, max }),
    }
}
