//! The parts that answers are made of.
//!
//! Each function splits its part off the front of the text, as nom's do: `Ok((rest, part))`, or an
//! error if the text begins with something else. The readers of answers put them together with
//! nom's combinators.

use super::work;
use crate::types::Decimal;
use nom::{IResult, Parser, combinator::map_opt, sequence::preceded};

/// What a reader makes of the front of a text.
pub(super) type Parsed<'a, T> = IResult<&'a [u8], T, ()>;

pub(super) fn failed<'a, T>() -> Parsed<'a, T> {
    Err(nom::Err::Error(()))
}

/// Reads white space, if there is any.
pub(super) fn blanks(text: &[u8]) -> Parsed<'_, ()> {
    let rest = text.trim_ascii_start();
    work::look(text.len().wrapping_sub(rest.len()));
    Ok((rest, ()))
}

/// Reads one byte that passes the test.
pub(super) fn one<'a>(test: impl Fn(u8) -> bool) -> impl Fn(&'a [u8]) -> Parsed<'a, u8> {
    move |text| match text {
        [first, rest @ ..] if test(*first) => Ok((rest, *first)),
        _ => failed(),
    }
}

/// Reads this byte.
pub(super) fn byte<'a>(wanted: u8) -> impl Fn(&'a [u8]) -> Parsed<'a, u8> {
    one(move |found| found == wanted)
}

/// Reads a digit.
pub(super) fn digit(text: &[u8]) -> Parsed<'_, u8> {
    one(|byte| byte.is_ascii_digit())(text)
}

/// Reads two digits.
pub(super) fn pair(text: &[u8]) -> Parsed<'_, u8> {
    let value = |(tens, ones): (u8, u8)| (tens & 0x0F).wrapping_mul(10).wrapping_add(ones & 0x0F);
    (digit, digit).map(value).parse(text)
}

/// Reads the digits, with at most one point, at the front of a text.
pub(super) fn number(text: &[u8]) -> Parsed<'_, Decimal> {
    let is_part = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let len = text.iter().take_while(is_part).count();
    work::look(len);
    let (rest, digits) = split(text, len)?;
    match Decimal::from_ascii(digits) {
        Some(number) => Ok((rest, number)),
        None => failed(),
    }
}

/// Reads a number, perhaps after white space.
pub(super) fn spaced_number(text: &[u8]) -> Parsed<'_, Decimal> {
    preceded(blanks, number).parse(text)
}

/// Reads two digits, perhaps after white space.
pub(super) fn spaced_pair(text: &[u8]) -> Parsed<'_, u8> {
    preceded(blanks, pair).parse(text)
}

/// Reads a number without a point, at most `max`.
pub(super) fn whole(max: u32) -> impl Fn(&[u8]) -> Parsed<'_, u32> {
    move |text| {
        let value = |number: Decimal| {
            let value = u32::try_from(number.mantissa()).ok()?;
            (number.places() == 0 && value <= max).then_some(value)
        };
        map_opt(number, value).parse(text)
    }
}

/// Reads this many bytes.
pub(super) fn split(text: &[u8], len: usize) -> Parsed<'_, &[u8]> {
    match text.split_at_checked(len) {
        Some((part, rest)) => Ok((rest, part)),
        None => failed(),
    }
}
