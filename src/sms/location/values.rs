//! The values in a position. Each is read from the front of a text, and only if the bytes after it
//! show that it is whole.

use super::super::words::strip_words;
use super::Trigger;
use crate::bytes::{
    swar::hex_word,
    text::{hex, pairs},
};
use crate::types::{
    CellTower, Course, Decimal, DeviceId, Latitude, Longitude, Position, Speed, Voltage,
};

#[derive(Clone, Copy)]
pub(super) struct Date {
    pub(super) year: u8,
    pub(super) month: u8,
    pub(super) day: u8,
}

#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
}

/// The letters of a latitude's hemispheres, the positive one first.
pub(super) const NORTH_SOUTH: [u8; 2] = *b"NS";
/// The letters of a longitude's hemispheres, the positive one first.
pub(super) const EAST_WEST: [u8; 2] = *b"EW";

/// A latitude or a longitude.
pub(super) struct Angle {
    /// Whole, if there are minutes.
    degrees: Decimal,
    minutes: Option<Decimal>,
    is_positive: bool,
    /// Whether digits may have been cut off its end.
    is_open: bool,
}

impl Angle {
    /// Reads an angle whose hemisphere goes by one of these letters; returns it and the rest.
    ///
    /// | after the number | then it is |
    /// |---|---|
    /// | a degree mark, a number and an `m` | degrees and minutes |
    /// | a degree mark, a number and the end | degrees and minutes, perhaps cut |
    /// | the end | decimal degrees, perhaps cut |
    /// | a separator or a word | decimal degrees |
    /// | a letter, if a sign or a letter came before the number | decimal degrees |
    /// | anything else, or one letter of a hemisphere | not an angle |
    pub(super) fn read(text: &[u8], letters: [u8; 2]) -> Option<(Self, &[u8])> {
        let text = text.trim_ascii_start();
        let (sign, text) = match text {
            [b'+', rest @ ..] => (Some(true), rest),
            [b'-', rest @ ..] => (Some(false), rest),
            [letter, rest @ ..] => match hemisphere(*letter, letters) {
                Some(is_positive) => (Some(is_positive), rest),
                None => (None, text),
            },
            [] => (None, text),
        };
        let is_positive = sign.unwrap_or(true);
        let (degrees, rest) = number(text.trim_ascii_start())?;
        if let Some(minutes) = strip_degree_mark(rest) {
            return Self::read_minutes(degrees, is_positive, minutes);
        }
        // A letter that stands alone after the number may be its hemisphere; see `read_before`.
        match rest.trim_ascii_start() {
            [_, next, ..] if next.is_ascii_alphabetic() => {}
            [b'N' | b'S' | b'E' | b'W' | b'n' | b's' | b'e' | b'w', ..] => return None,
            _ => {}
        }
        let is_open = match Follow::of(rest) {
            Follow::Nothing => true,
            Follow::Separator | Follow::Word => false,
            Follow::Letter if sign.is_some() => false,
            Follow::Letter | Follow::More => return None,
        };
        let angle = Self {
            degrees,
            minutes: None,
            is_positive,
            is_open,
        };
        Some((angle, rest))
    }

    /// Reads the minutes after degrees and their mark.
    fn read_minutes(degrees: Decimal, is_positive: bool, minutes: &[u8]) -> Option<(Self, &[u8])> {
        if degrees.places() > 0 {
            return None;
        }
        let (minutes, rest) = number(minutes.trim_ascii_start())?;
        let angle = Self {
            degrees,
            minutes: Some(minutes),
            is_positive,
            is_open: false,
        };
        match (rest.trim_ascii_start(), Follow::of(rest)) {
            ([b'm' | b'M', rest @ ..], _) => Some((angle, rest)),
            (_, Follow::Nothing) => {
                let angle = Self {
                    is_open: true,
                    ..angle
                };
                Some((angle, rest))
            }
            _ => None,
        }
    }

    /// Reads an angle with its hemisphere after it: `12.34567N` or `12.34567,N`.
    pub(super) fn read_before(text: &[u8], letters: [u8; 2]) -> Option<(Self, &[u8])> {
        let (degrees, rest) = number(text.trim_ascii_start())?;
        let rest = rest.strip_prefix(b",").unwrap_or(rest);
        let (letter, rest) = rest.split_first()?;
        let is_positive = hemisphere(*letter, letters)?;
        if degrees.places() == 0 || rest.first().is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let angle = Self {
            degrees,
            minutes: None,
            is_positive,
            is_open: false,
        };
        Some((angle, rest))
    }

    /// Reads an angle in whose decimals a line ends: the parts together have this many decimals.
    pub(super) fn read_broken(text: &[u8], letters: [u8; 2], places: u8) -> Option<(Self, &[u8])> {
        let (sign, text) = match text.trim_ascii_start() {
            [letter, rest @ ..] => (hemisphere(*letter, letters)?, rest),
            [] => return None,
        };
        let (start, rest) = number(text)?;
        let ([b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..]) = rest else {
            return None;
        };
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (end, rest) = rest.split_at_checked(count)?;
        let is_whole = start.places() > 0
            && usize::from(start.places()).saturating_add(count) == usize::from(places)
            && places >= MIN_PLACES
            && rest.first() != Some(&b'.');
        if !is_whole {
            return None;
        }
        let mantissa = end.iter().try_fold(start.mantissa(), |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit & 0x0F))
        })?;
        let angle = Self {
            degrees: Decimal::new(mantissa, places)?,
            minutes: None,
            is_positive: sign,
            is_open: false,
        };
        Some((angle, rest))
    }

    /// Reads all of a text as decimal degrees, perhaps with a sign; something follows the text.
    pub(super) fn read_all(text: &[u8]) -> Option<Self> {
        let (is_positive, digits) = match text.trim_ascii_start() {
            [b'-', rest @ ..] => (false, rest),
            [b'+', rest @ ..] | rest => (true, rest),
        };
        Some(Self {
            degrees: Decimal::from_ascii(digits)?,
            minutes: None,
            is_positive,
            is_open: false,
        })
    }

    /// The decimals of its last part.
    pub(super) fn places(&self) -> u8 {
        self.minutes.unwrap_or(self.degrees).places()
    }
}

/// Returns whether a letter is that of the positive hemisphere; `None` if it is neither.
fn hemisphere(letter: u8, [positive, negative]: [u8; 2]) -> Option<bool> {
    if letter.eq_ignore_ascii_case(&positive) {
        Some(true)
    } else if letter.eq_ignore_ascii_case(&negative) {
        Some(false)
    } else {
        None
    }
}

/// Strips `d` or the degree sign: right after the number, or after white space and before another
/// number.
fn strip_degree_mark(text: &[u8]) -> Option<&[u8]> {
    let trimmed = text.trim_ascii_start();
    let ([b'd' | b'D', rest @ ..] | [0xC2, 0xB0, rest @ ..]) = trimmed else {
        return None;
    };
    let is_glued = trimmed.len() == text.len();
    let next = rest.trim_ascii_start().first();
    (is_glued || next.is_none_or(u8::is_ascii_digit)).then_some(rest)
}

/// The fewest decimals of two coordinates if one of them ends the text.
const MIN_PLACES: u8 = 4;

/// Makes a position of two angles, if they are whole.
pub(super) fn position(latitude: &Angle, longitude: &Angle) -> Option<Position> {
    let is_open = latitude.is_open || longitude.is_open;
    // At most one of them ends the text.
    if is_open && (latitude.places() != longitude.places() || latitude.places() < MIN_PLACES) {
        return None;
    }
    let whole = |degrees: Decimal| u16::try_from(degrees.whole()).ok();
    Some(Position {
        latitude: match latitude.minutes {
            Some(minutes) => Latitude::from_degrees_and_minutes(
                whole(latitude.degrees)?,
                minutes,
                latitude.is_positive,
            )?,
            None => Latitude::from_decimal_degrees(latitude.degrees, latitude.is_positive)?,
        },
        longitude: match longitude.minutes {
            Some(minutes) => Longitude::from_degrees_and_minutes(
                whole(longitude.degrees)?,
                minutes,
                longitude.is_positive,
            )?,
            None => Longitude::from_decimal_degrees(longitude.degrees, longitude.is_positive)?,
        },
    })
}

/// Reads degrees, minutes and seconds: `12 22 32.63N`. Returns units of 1/3 000 000 minute.
pub(super) fn sexagesimal(text: &[u8], letters: [u8; 2]) -> Option<i64> {
    let (degrees, rest) = whole_number(text.trim_ascii_start())?;
    let (minutes, rest) = whole_number(rest.strip_prefix(b" ")?)?;
    let (seconds, rest) = number(rest.strip_prefix(b" ")?)?;
    let (letter, rest) = rest.split_first()?;
    let is_positive = hemisphere(*letter, letters)?;
    // In ten-thousandths of a second; each is 5 units.
    let seconds = i64::try_from(seconds.scaled(4)?).ok()?;
    let is_angle = degrees <= 180 && minutes < 60 && seconds < 600_000;
    if !is_angle || rest.first().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    // At most 181 degrees of 180 000 000 units.
    let units = i64::from(degrees)
        .wrapping_mul(60)
        .wrapping_add(i64::from(minutes))
        .wrapping_mul(Latitude::UNITS_PER_MINUTE)
        .wrapping_add(seconds.wrapping_mul(5));
    Some(if is_positive {
        units
    } else {
        units.wrapping_neg()
    })
}

/// Reads one to three digits.
fn whole_number(text: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = number(text)?;
    let value = u32::try_from(number.mantissa()).ok()?;
    (number.places() == 0 && value <= 999 && rest.first() != Some(&b'.')).then_some((value, rest))
}

/// What stands after a number.
enum Follow {
    /// Nothing, or nothing but white space: the number may have been cut.
    Nothing,
    /// White space, and a digit or a point: the number may have been broken. Or anything that a
    /// number does not end with.
    More,
    /// Something that separates values.
    Separator,
    /// White space and a letter.
    Word,
    /// A letter.
    Letter,
}

impl Follow {
    fn of(rest: &[u8]) -> Self {
        let trimmed = rest.trim_ascii_start();
        let is_glued = trimmed.len() == rest.len();
        match trimmed {
            [] => Self::Nothing,
            [b'0'..=b'9' | b'.', ..] => Self::More,
            [letter, ..] if letter.is_ascii_alphabetic() => {
                if is_glued {
                    Self::Letter
                } else {
                    Self::Word
                }
            }
            [
                b',' | b';' | b'&' | b')' | b'"' | b'\'' | b'<' | b'>' | b'|' | 0x80..,
                ..,
            ] => Self::Separator,
            // The comma of a link.
            [b'%', b'2', b'c' | b'C', ..] => Self::Separator,
            _ if is_glued => Self::More,
            _ => Self::Separator,
        }
    }
}

/// Reads the digits, with at most one point, at the front of a text.
pub(super) fn number(text: &[u8]) -> Option<(Decimal, &[u8])> {
    let len = text
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .count();
    let (digits, rest) = text.split_at_checked(len)?;
    Some((Decimal::from_ascii(digits)?, rest))
}

pub(super) fn course(text: &[u8]) -> Option<Course> {
    let (degrees, rest) = number(text.trim_ascii_start())?;
    match Follow::of(rest) {
        Follow::Separator | Follow::Word => {
            Course::from_ten_thousandths(degrees.scaled(4)?.try_into().ok()?)
        }
        Follow::Nothing | Follow::More | Follow::Letter => None,
    }
}

/// Reads a speed with `km/h` in any case, or without a unit.
pub(in crate::sms) fn speed(text: &[u8]) -> Option<Speed> {
    let (speed, rest) = number(text.trim_ascii_start())?;
    let trimmed = rest.trim_ascii_start();
    let is_kmh = trimmed
        .get(..4)
        .is_some_and(|unit| unit.eq_ignore_ascii_case(b"km/h"));
    let is_whole = match Follow::of(rest) {
        Follow::Letter => is_kmh,
        // A label, if it is not a unit.
        Follow::Word => {
            is_kmh || trimmed.iter().find(|byte| !byte.is_ascii_alphabetic()) == Some(&b':')
        }
        Follow::Separator => true,
        // A date, which is no part of the number: `000.0 05/02/14`.
        Follow::More => speed.places() > 0 && is_slash_date(trimmed),
        Follow::Nothing => false,
    };
    if is_whole {
        Some(Speed::MetresPerHour(speed.scaled(3)?.try_into().ok()?))
    } else {
        None
    }
}

/// Returns whether a text begins with `05/02/14` and a blank.
fn is_slash_date(text: &[u8]) -> bool {
    let is_date = |text| {
        let (_, text) = pair(text)?;
        let (_, text) = pair(text.strip_prefix(b"/")?)?;
        let (_, text) = pair(text.strip_prefix(b"/")?)?;
        text.strip_prefix(b" ")
    };
    is_date(text).is_some()
}

/// Reads two digits.
fn pair(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
            // At most 99.
            let value = (tens & 0x0F).wrapping_mul(10).wrapping_add(ones & 0x0F);
            Some((value, rest))
        }
        _ => None,
    }
}

/// Reads `2008-04-25`, `08-09-12` or `08/04/25`: the year is first.
pub(super) fn date(text: &[u8]) -> Option<(Date, &[u8])> {
    let text = text.trim_ascii_start();
    let (year, text) = pair(match text {
        [b'2', b'0', b'0'..=b'9', ..] => text.get(2..)?,
        _ => text,
    })?;
    let [separator @ (b'-' | b'/'), text @ ..] = text else {
        return None;
    };
    let (month, text) = pair(text)?;
    let (day, text) = pair(text.strip_prefix(&[*separator])?)?;
    ends_digits(text).then_some((Date { year, month, day }, text))
}

/// Reads `2008-04-25` with all four digits of the year, as it stands without a label.
pub(super) fn full_date(text: &[u8]) -> Option<(Date, &[u8])> {
    let is_full = matches!(text, [b'2', b'0', b'0'..=b'9', b'0'..=b'9', b'-', ..]);
    is_full.then(|| date(text)).flatten()
}

/// Reads `16:39:45`, perhaps with blanks after the colons.
pub(super) fn time(text: &[u8]) -> Option<(Clock, &[u8])> {
    let (hour, text) = pair(text.trim_ascii_start())?;
    let (minute, text) = pair(text.strip_prefix(b":")?.trim_ascii_start())?;
    let (second, text) = pair(text.strip_prefix(b":")?.trim_ascii_start())?;
    let clock = Clock {
        hour,
        minute,
        second,
    };
    ends_digits(text).then_some((clock, text))
}

/// Reads `19:12`, in a text that never has seconds.
pub(super) fn time_without_seconds(text: &[u8]) -> Option<Clock> {
    let (hour, text) = pair(text.trim_ascii_start())?;
    let (minute, text) = pair(text.strip_prefix(b":")?)?;
    let is_whole = ends_digits(text) && text.first() != Some(&b':');
    is_whole.then_some(Clock {
        hour,
        minute,
        second: 0,
    })
}

/// Reads all of `110727 02:48`, the year first.
pub(super) fn packed_stamp(text: &[u8]) -> Option<(Date, Clock)> {
    let (date, text) = text.split_first_chunk()?;
    let [year, month, day] = pairs(date)?;
    let clock = time_without_seconds(text.strip_prefix(b" ")?)?;
    // Nothing stands after it.
    (text.len() == b" 02:48".len()).then_some((Date { year, month, day }, clock))
}

/// Returns whether digits end here.
fn ends_digits(text: &[u8]) -> bool {
    !text.first().is_some_and(u8::is_ascii_digit)
}

/// Reads `25ee0dff`. Longer ones, as newer devices have them over GPRS, are not documented here.
pub(super) fn cell(text: &[u8]) -> Option<CellTower> {
    let (digits, rest) = text.trim_ascii_start().split_first_chunk()?;
    let is_longer = rest.first().is_some_and(u8::is_ascii_alphanumeric);
    if is_longer || !ends_digits(rest.trim_ascii_start()) {
        return None;
    }
    let both = hex_word(*digits)?;
    Some(CellTower {
        mcc: None,
        mnc: None,
        lac: Some(both >> 16),
        cid: Some(both & 0xFFFF),
    })
}

/// Reads `1234 AB01`: LAC and cell id.
pub(super) fn spaced_cell(text: &[u8]) -> Option<CellTower> {
    let (lac, rest) = text.split_at_checked(4)?;
    let (cid, rest) = rest.strip_prefix(b" ")?.split_at_checked(4)?;
    if rest.first().is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    Some(CellTower {
        mcc: None,
        mnc: None,
        lac: Some(hex(lac)?),
        cid: Some(hex(cid)?),
    })
}

pub(super) fn fix(text: &[u8]) -> Option<bool> {
    match text.trim_ascii_start() {
        [b'A' | b'V', next, ..] if next.is_ascii_alphanumeric() => None,
        [b'A', ..] => Some(true),
        [b'V', ..] => Some(false),
        _ => None,
    }
}

/// Reads `F`, full; `signal:F` is a fix. `L` is low, and says nothing of either here.
pub(super) fn is_full(text: &[u8]) -> bool {
    strip_words(text, &["f"]).is_some()
}

pub(super) fn switch(text: &[u8]) -> Option<bool> {
    if strip_words(text, &["on"]).is_some() {
        Some(true)
    } else if strip_words(text, &["off"]).is_some() {
        Some(false)
    } else {
        None
    }
}

/// Reads `91%`.
pub(super) fn percent(text: &[u8]) -> Option<u8> {
    let (number, rest) = number(text.trim_ascii_start())?;
    let value = u8::try_from(number.mantissa()).ok()?;
    (number.places() == 0 && value <= 100 && rest.first() == Some(&b'%')).then_some(value)
}

/// Reads `3.68V`.
pub(super) fn volts(text: &[u8]) -> Option<Voltage> {
    let (number, rest) = number(text.trim_ascii_start())?;
    let is_volts = match rest {
        [b'V' | b'v', rest @ ..] => !rest.first().is_some_and(u8::is_ascii_alphanumeric),
        _ => false,
    };
    let millivolts = u32::try_from(number.scaled(3)?).ok()?;
    is_volts.then(|| Voltage::from_millivolts(millivolts))
}

/// Reads 1 to 15 digits; 15 if the text ends with them, or if more
/// digits follow after white space.
pub(in crate::sms) fn device(text: &[u8]) -> Option<DeviceId> {
    let text = text.trim_ascii_start();
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at_checked(count)?;
    let is_whole = match Follow::of(rest) {
        Follow::Nothing => digits.len() == 15,
        Follow::Separator | Follow::Word => digits.len() <= 15,
        // An IMEI has no more digits, so the number is not broken.
        Follow::More => digits.len() == 15 && rest.first().is_some_and(u8::is_ascii_whitespace),
        // A place follows at once.
        Follow::Letter => digits.len() == 15 && matches!(rest, [b'N' | b'S', b'0'..=b'9', ..]),
    };
    if is_whole {
        DeviceId::from_ascii(digits)
    } else {
        None
    }
}

pub(super) fn trigger(text: &[u8]) -> Option<Trigger> {
    Trigger::ALL
        .into_iter()
        .find(|trigger| strip_words(text, trigger.words()).is_some())
}
