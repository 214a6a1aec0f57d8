//! The values in a position. Each is read from the front of a text, and only if the bytes after it
//! show that it is whole.

use super::super::{
    read::{
        Parsed, blanks, byte, digit, failed, number, one, pair, spaced_number, spaced_pair, split,
        whole,
    },
    words::strip_words,
    work,
};
use super::Trigger;
use crate::bytes::{read::chunk, swar::hex_word, text};
use crate::types::{
    CellTower, Course, Decimal, DeviceId, Latitude, Longitude, Position, Speed, Voltage,
};
use nom::{
    Parser,
    branch::alt,
    combinator::{map_opt, not, opt, peek},
    sequence::{preceded, terminated},
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
    /// | anything else, one letter of a hemisphere, or no decimals | not an angle |
    pub(super) fn read(text: &[u8], letters: [u8; 2]) -> Parsed<'_, Self> {
        let mark = one(|byte| matches!(byte, b'+' | b'-')).map(|mark| mark == b'+');
        let sign = opt(alt((mark, hemisphere(letters))));
        let (rest, (sign, degrees)) = (preceded(blanks, sign), spaced_number).parse(text)?;
        let is_positive = sign.unwrap_or(true);
        if let Ok((rest, ())) = degree_mark(rest) {
            return Self::read_minutes(degrees, is_positive, rest);
        }
        // A letter that stands alone after the number may be its hemisphere; see `read_before`.
        match rest.trim_ascii_start() {
            [_, next, ..] if next.is_ascii_alphabetic() => {}
            [b'N' | b'S' | b'E' | b'W' | b'n' | b's' | b'e' | b'w', ..] => return failed(),
            _ => {}
        }
        // Nobody writes degrees without decimals: what follows may be those, as in `22,577156`.
        if degrees.places() == 0 && degrees.mantissa() != 0 {
            return failed();
        }
        let is_open = match Follow::of(rest) {
            Follow::Nothing => true,
            Follow::Separator | Follow::Word => false,
            Follow::Letter if sign.is_some() => false,
            Follow::Letter | Follow::More => return failed(),
        };
        let angle = Self {
            degrees,
            minutes: None,
            is_positive,
            is_open,
        };
        Ok((rest, angle))
    }

    /// Reads the minutes after degrees and their mark.
    fn read_minutes(degrees: Decimal, is_positive: bool, text: &[u8]) -> Parsed<'_, Self> {
        let (rest, minutes) = spaced_number(text)?;
        let (after, mark) =
            opt(preceded(blanks, one(|byte| matches!(byte, b'm' | b'M')))).parse(rest)?;
        let is_open = mark.is_none();
        let is_angle =
            degrees.places() == 0 && (!is_open || matches!(Follow::of(rest), Follow::Nothing));
        if !is_angle {
            return failed();
        }
        let angle = Self {
            degrees,
            minutes: Some(minutes),
            is_positive,
            is_open,
        };
        Ok((if is_open { rest } else { after }, angle))
    }

    /// Reads an angle with its hemisphere after it: `12.34567N` or `12.34567,N`.
    pub(super) fn read_before(text: &[u8], letters: [u8; 2]) -> Parsed<'_, Self> {
        let letter = preceded(opt(byte(b',')), hemisphere(letters));
        let angle = |(degrees, is_positive): (Decimal, bool)| {
            (degrees.places() > 0).then_some(Self {
                degrees,
                minutes: None,
                is_positive,
                is_open: false,
            })
        };
        let parts = (spaced_number, terminated(letter, end_of_word));
        map_opt(parts, angle).parse(text)
    }

    /// Reads an angle in whose decimals a line ends: the parts together have this many decimals.
    pub(super) fn read_broken(text: &[u8], letters: [u8; 2], places: u8) -> Parsed<'_, Self> {
        let letter = preceded(blanks, hemisphere(letters));
        let (rest, (is_positive, start)) = (letter, number).parse(text)?;
        let (rest, _) = (opt(byte(b'\r')), byte(b'\n')).parse(rest)?;
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (rest, end) = split(rest, count)?;
        let is_whole = start.places() > 0
            && usize::from(start.places()).saturating_add(count) == usize::from(places)
            && places >= MIN_PLACES
            && rest.first() != Some(&b'.');
        let mantissa = end.iter().try_fold(start.mantissa(), |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit & 0x0F))
        });
        match mantissa.and_then(|mantissa| Decimal::new(mantissa, places)) {
            Some(degrees) if is_whole => {
                let angle = Self {
                    degrees,
                    minutes: None,
                    is_positive,
                    is_open: false,
                };
                Ok((rest, angle))
            }
            _ => failed(),
        }
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

/// Reads a letter of a hemisphere; returns whether it is the positive one.
fn hemisphere<'a>([positive, negative]: [u8; 2]) -> impl Fn(&'a [u8]) -> Parsed<'a, bool> {
    move |text| {
        let sign = |letter: u8| match letter.to_ascii_uppercase() {
            letter if letter == positive => Some(true),
            letter if letter == negative => Some(false),
            _ => None,
        };
        map_opt(one(|_| true), sign).parse(text)
    }
}

/// Reads `d` or the degree sign: right after the number, or after white space and before another
/// number.
fn degree_mark(text: &[u8]) -> Parsed<'_, ()> {
    let (start, ()) = blanks(text)?;
    let letter = one(|byte| matches!(byte, b'd' | b'D'));
    let sign = preceded(byte(0xC2), byte(0xB0));
    let (rest, _) = alt((letter, sign)).parse(start)?;
    let is_glued = start.len() == text.len();
    let next = rest.trim_ascii_start().first();
    if is_glued || next.is_none_or(u8::is_ascii_digit) {
        Ok((rest, ()))
    } else {
        failed()
    }
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
///
/// ```text
/// degrees blank minutes blank seconds letter
/// ```
pub(super) fn sexagesimal(text: &[u8], letters: [u8; 2]) -> Parsed<'_, i64> {
    let units = |(degrees, minutes, seconds, is_positive): (u32, u32, Decimal, bool)| {
        // In ten-thousandths of a second; each is 5 units.
        let seconds = i64::try_from(seconds.scaled(4)?).ok()?;
        // At most 181 degrees of 180 000 000 units.
        let units = i64::from(degrees)
            .wrapping_mul(60)
            .wrapping_add(i64::from(minutes))
            .wrapping_mul(Latitude::UNITS_PER_MINUTE)
            .wrapping_add(seconds.wrapping_mul(5));
        let units = if is_positive {
            units
        } else {
            units.wrapping_neg()
        };
        (seconds < 600_000).then_some(units)
    };
    let parts = (
        preceded(blanks, whole(180)),
        preceded(byte(b' '), whole(59)),
        preceded(byte(b' '), number),
        terminated(hemisphere(letters), end_of_word),
    );
    map_opt(parts, units).parse(text)
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
        work::look(rest.len().wrapping_sub(trimmed.len()));
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

pub(super) fn course(text: &[u8]) -> Option<Course> {
    let (rest, degrees) = spaced_number(text).ok()?;
    match Follow::of(rest) {
        Follow::Separator | Follow::Word => {
            Course::from_ten_thousandths(degrees.scaled(4)?.try_into().ok()?)
        }
        Follow::Nothing | Follow::More | Follow::Letter => None,
    }
}

/// Reads a speed with `km/h` in any case, or without a unit.
pub(in crate::sms) fn speed(text: &[u8]) -> Option<Speed> {
    let (rest, speed) = spaced_number(text).ok()?;
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
    let part = || preceded(byte(b'/'), pair);
    (pair, part(), part(), byte(b' ')).parse(text).is_ok()
}

/// Reads `2008-04-25`, `08-09-12` or `08/04/25`: the year is first.
///
/// ```text
/// blanks [20] yy mark mm mark dd       the mark is - or /
/// ```
pub(super) fn date(text: &[u8]) -> Parsed<'_, Date> {
    let century = (byte(b'2'), byte(b'0'), peek(digit));
    let (text, year) = preceded((blanks, opt(century)), pair).parse(text)?;
    let (text, mark) = one(|byte| matches!(byte, b'-' | b'/'))(text)?;
    let day = terminated(pair, end_of_digits);
    let (text, (month, day)) = (pair, preceded(byte(mark), day)).parse(text)?;
    Ok((text, Date { year, month, day }))
}

/// Reads `2008-04-25` with all four digits of the year, as it stands without a label.
pub(super) fn full_date(text: &[u8]) -> Parsed<'_, Date> {
    let full = peek((byte(b'2'), byte(b'0'), digit, digit, byte(b'-')));
    preceded(full, date).parse(text)
}

/// Reads `16:39:45`, perhaps with blanks after the colons.
pub(super) fn time(text: &[u8]) -> Parsed<'_, Clock> {
    let part = || preceded((byte(b':'), blanks), pair);
    let parts = (spaced_pair, part(), terminated(part(), end_of_digits));
    let clock = |(hour, minute, second)| Clock {
        hour,
        minute,
        second,
    };
    parts.map(clock).parse(text)
}

/// Reads `19:12`, in a text that never has seconds.
pub(super) fn time_without_seconds(text: &[u8]) -> Parsed<'_, Clock> {
    let end = (end_of_digits, not(byte(b':')));
    let parts = (spaced_pair, terminated(preceded(byte(b':'), pair), end));
    let clock = |(hour, minute)| Clock {
        hour,
        minute,
        second: 0,
    };
    parts.map(clock).parse(text)
}

/// Reads `110727 02:48`, the year first.
pub(super) fn packed_stamp(text: &[u8]) -> Parsed<'_, (Date, Clock)> {
    let date = (pair, pair, pair).map(|(year, month, day)| Date { year, month, day });
    let clock = preceded((byte(b' '), peek(digit)), time_without_seconds);
    (date, clock).parse(text)
}

/// Reads nothing, where digits end.
fn end_of_digits(text: &[u8]) -> Parsed<'_, ()> {
    not(digit).parse(text)
}

/// Reads nothing, where letters and digits end.
fn end_of_word(text: &[u8]) -> Parsed<'_, ()> {
    not(one(|byte| byte.is_ascii_alphanumeric())).parse(text)
}

/// Reads `25ee0dff`. Longer ones, as newer devices have them over GPRS, are not documented here.
pub(super) fn cell(text: &[u8]) -> Option<CellTower> {
    let digits = map_opt(preceded(blanks, chunk), |digits| hex_word(*digits));
    // A blank and a digit may be the rest of a broken one.
    let end = (end_of_word, blanks, end_of_digits);
    let (_, both) = terminated(digits, end).parse(text).ok()?;
    Some(tower(both >> 16, both & 0xFFFF))
}

/// Reads `1234 AB01`: LAC and cell id.
pub(super) fn spaced_cell(text: &[u8]) -> Option<CellTower> {
    let part = || map_opt(chunk, |digits: &[u8; 4]| text::hex(digits));
    let parts = (part(), preceded(byte(b' '), part()), end_of_word);
    let (_, (lac, cid, ())) = { parts }.parse(text).ok()?;
    Some(tower(lac, cid))
}

const fn tower(lac: u32, cid: u32) -> CellTower {
    CellTower {
        mcc: None,
        mnc: None,
        lac: Some(lac),
        cid: Some(cid),
    }
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
    let parts = terminated(preceded(blanks, whole(100)), byte(b'%'));
    let (_, percent) = { parts }.parse(text).ok()?;
    u8::try_from(percent).ok()
}

/// Reads `3.68V`.
pub(super) fn volts(text: &[u8]) -> Option<Voltage> {
    let unit = (one(|byte| matches!(byte, b'V' | b'v')), end_of_word);
    let parts = terminated(spaced_number, unit);
    let (_, volts) = { parts }.parse(text).ok()?;
    let millivolts = u32::try_from(volts.scaled(3)?).ok()?;
    Some(Voltage::from_millivolts(millivolts))
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
