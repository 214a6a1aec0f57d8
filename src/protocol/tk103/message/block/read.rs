//! Reads a location block.
//!
//! # How this works
//! Nearly all blocks stand in the documented columns: [`columns`] reads such a block as a whole,
//! or not at all. Any other block goes field by field through the grammar, [`by_grammar`], as far
//! as the fields can be found. The fields up to the longitude have one form each. The four after
//! it, [`Motion`], do not show where they end unless they stand in their columns: then
//! [`other_motion`] weighs several readings, and [`course_and_io`] goes by the text that follows.
//! The mileage is last.
//!
//! # How to change it
//! The form that another device sends goes into the grammar. `columns` only has to read what the
//! grammar reads, and in the same way: a property test holds them equal. It stays because it is
//! several times as fast (`cargo bench --bench decoder -- tk103`).

use super::{COURSE, Coordinate, IO, IoStatus, LocationBlock, MILEAGE, SPEED};
use crate::{
    bytes::{
        WIDE,
        read::chunk,
        swar::{are_digits, digit_pairs, eight_digits, has_form, hex_word},
        text,
    },
    types::Decimal,
};
use nom::{IResult, Parser, combinator::map_opt, sequence::terminated};

/// The fewest digits of a mileage that comes without an `L`: those of the oldest firmware \[D\].
const BARE_MILEAGE: usize = 6;

impl<'a> LocationBlock<'a> {
    /// Reads a block, as far as it can be read.
    // A block is large: it is written once, where it is returned.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(in crate::protocol::tk103::message) fn read(text: &'a [u8]) -> Self {
        if WIDE {
            if let Some(block) = columns(text) {
                return block;
            }
        }
        by_grammar(text)
    }

    /// Reads the fields before the mileage until one is missing: `rest` begins with that one.
    fn read_fields(&mut self) -> Option<()> {
        self.date = Some(self.take(terminated(triple, comma))?);
        self.fix = Some(self.take(terminated(fix, comma))?);
        self.latitude = Some(self.take(terminated(coordinate::<b'N', b'S'>, comma))?);
        self.longitude = Some(self.take(terminated(coordinate::<b'E', b'W'>, comma))?);
        let Motion {
            speed,
            clock,
            course,
            io,
        } = self.take(motion)?;
        (self.speed, self.clock, self.course, self.io) = (speed, clock, course, io);
        Some(())
    }

    #[inline]
    fn take<T>(&mut self, mut parser: impl Parser<&'a [u8], Output = T, Error = ()>) -> Option<T> {
        let (rest, value) = parser.parse(self.rest).ok()?;
        self.rest = rest;
        Some(value)
    }

    /// Takes the mileage, hexadecimal digits, off the rest, if it is there.
    ///
    /// | before them | if there is | digits |
    /// |---|---|---|
    /// | `L` | a longitude | 1 to 8 |
    /// | nothing | an IO field | 6 to 8 |
    #[inline]
    fn read_mileage(&mut self) {
        let mileage = match self.rest {
            [b'L', digits @ ..] if self.longitude.is_some() => hex(digits, 1),
            digits if self.io.is_some() => hex(digits, BARE_MILEAGE),
            _ => None,
        };
        if let Some((rest, mileage)) = mileage {
            self.mileage = Some(mileage);
            self.rest = rest;
        }
    }
}

/// Reads all fields if they stand in their columns and hold no spaces, as nearly all do.
///
/// [`by_grammar`] reads them as well, in several times the time. On a microcontroller this function
/// takes more flash than it is worth.
#[inline(always)]
pub(super) fn columns(text: &[u8]) -> Option<LocationBlock<'_>> {
    const FORM: &[u8; 39] = b"000000A0000.0000A00000.0000A000.0000000";
    let (fixed, mut rest) = text.split_first_chunk()?;
    if !has_form(fixed, FORM) {
        return None;
    }
    let (date, fix) = (text::pairs(at(fixed, 0)?)?, at(fixed, 6)?);
    let latitude =
        coordinate_in_columns(eight_digits(at(fixed, 7)?, at(fixed, 8)?), at(fixed, 16)?)?;
    let &[hundreds] = at(fixed, 17)?;
    let longitude = eight_digits(at(fixed, 18)?, at(fixed, 19)?);
    let longitude = coordinate_in_columns(longitude, at(fixed, 27)?)?;
    let longitude = Coordinate {
        // At most 999.
        degrees: u16::from(hundreds & 0x0F)
            .wrapping_mul(100)
            .wrapping_add(longitude.degrees),
        ..longitude
    };
    let &[a, b, c, _, d] = at(fixed, 28)?;
    let [_, speed @ ..] = digit_pairs([b'0', b'0', b'0', b'0', a, b, c, d])?;
    let clock = text::pairs(at(fixed, 33)?)?;
    let are_letters = matches!(fix, b"A" | b"V")
        & matches!(at(fixed, 16)?, b"N" | b"S")
        & matches!(at(fixed, 27)?, b"E" | b"W");
    if !are_letters {
        return None;
    }

    // The point moves, the digits are five.
    let ([a, b, c, d, e], places) = match *take(&mut rest)? {
        [a, b, c, b'.', d, e] => ([a, b, c, d, e], 2),
        [a, b, b'.', c, d, e] => ([a, b, c, d, e], 3),
        [a, b'.', b, c, d, e] => ([a, b, c, d, e], 4),
        _ => return None,
    };
    let [_, course @ ..] = digit_pairs([b'0', b'0', b'0', a, b, c, d, e])?;

    let (rest, io) = comma(rest).and_then(|(rest, ())| io(rest)).ok()?;
    // Without an `L` the digits before it may be others.
    let (&[b'L', ref mileage @ ..], rest) = rest.split_first_chunk::<{ 1 + MILEAGE }>()? else {
        return None;
    };
    let mileage = hex_word(*mileage)?;
    Some(LocationBlock {
        date: Some(date),
        fix: Some(fix == b"A"),
        latitude: Some(latitude),
        longitude: Some(longitude),
        speed: Some(decimal(speed, 1)?),
        clock: Some(clock),
        course: Some(decimal(course, places)?),
        io: Some(io),
        mileage: Some(mileage),
        rest,
    })
}

/// Takes `N` bytes off the front of `rest`.
#[inline(always)]
fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(taken)
}

/// `N` bytes of a text of known length.
#[inline(always)]
fn at<const N: usize>(text: &[u8; 39], at: usize) -> Option<&[u8; N]> {
    text.get(at..)?.first_chunk()
}

/// The coordinate that `DDMMmmmm` makes, with its letter.
#[inline(always)]
fn coordinate_in_columns(digits: u64, letter: &[u8; 1]) -> Option<Coordinate> {
    Some(Coordinate {
        // At most 99.
        degrees: (digits / 1_000_000) as u16,
        minutes: Decimal::new(digits % 1_000_000, 4)?,
        positive: matches!(letter, b"N" | b"E"),
    })
}

/// The number that three pairs of digits make.
#[inline]
const fn decimal([a, b, c]: [u8; 3], places: u8) -> Option<Decimal> {
    let [a, b, c] = [a as u64, b as u64, c as u64];
    // At most 999 999.
    Decimal::new(
        a.wrapping_mul(10_000)
            .wrapping_add(b.wrapping_mul(100))
            .wrapping_add(c),
        places,
    )
}

/// Reads the fields until one is missing.
#[inline(never)]
pub(super) fn by_grammar(text: &[u8]) -> LocationBlock<'_> {
    let mut block = LocationBlock {
        rest: text,
        ..LocationBlock::default()
    };
    // The block tells how far it came.
    let _ = block.read_fields();
    block.read_mileage();
    block
}

/// The fields between the longitude and the mileage.
#[derive(Clone, Copy)]
struct Motion {
    speed: Option<Decimal>,
    clock: Option<[u8; 3]>,
    course: Option<Decimal>,
    io: Option<IoStatus>,
}

/// Reads the fields after the longitude.
///
/// | in their columns | in another form | then they are |
/// |---|---|---|
/// | there, with a speed and a clock | | as in their columns |
/// | there, without one of these | found | as in the other form |
/// | there, without one of these | not found | as in their columns |
/// | not there | found | as in the other form |
/// | not there | not found | missing |
#[inline]
fn motion(text: &[u8]) -> IResult<&[u8], Motion, ()> {
    let in_columns = documented_motion(text);
    if let Ok((
        _,
        Motion {
            speed: Some(_),
            clock: Some(_),
            ..
        },
    )) = in_columns
    {
        return in_columns;
    }
    match other_motion(text) {
        Some(Reading { motion, rest, .. }) => Ok((rest, motion)),
        None => in_columns,
    }
}

/// Reads the fields in their columns, perhaps with a comma after the course. The `L` after them is
/// enough to show that they are there: a field that is not a number is absent.
#[inline]
fn documented_motion(text: &[u8]) -> IResult<&[u8], Motion, ()> {
    let (rest, speed) = chunk::<SPEED>(text)?;
    let (rest, clock) = chunk(rest)?;
    let (rest, course) = terminated(chunk::<COURSE>, comma).parse(rest)?;
    let (rest, io) = io(rest)?;
    let [b'L', ..] = rest else {
        return Err(nom::Err::Error(()));
    };
    let motion = Motion {
        speed: number(speed),
        clock: pairs(clock),
        course: number(course),
        io: Some(io),
    };
    Ok((rest, motion))
}

/// One way to read the fields where they are not in their columns.
#[derive(Clone, Copy)]
struct Reading<'a> {
    motion: Motion,
    rest: &'a [u8],
    likelihood: Likelihood,
}

/// How likely a reading is, the least likely first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likelihood {
    /// The clock is not a time of day.
    Low,
    /// The clock is a time of day.
    Fair,
    /// The clock is a time of day, and the course has as many characters as documented.
    High,
}

/// Reads the fields in any other form that was seen, or that servers are ready for.
///
/// The open question is where the speed ends:
///
/// | the speed ends | for example |
/// |---|---|
/// | before a comma among the first eight characters | `12.5,192502` |
/// | after five characters, as documented | `000.0192502` |
/// | one digit after a point among the first five characters | `0.0192502` |
///
/// All of these are tried. The likeliest reading is taken, the first one of equally likely ones.
#[inline(never)]
fn other_motion(text: &[u8]) -> Option<Reading<'_>> {
    let find = |mark, among: usize| text.iter().take(among).position(|&byte| byte == mark);
    let ends = [
        find(b',', SPEED + 3),
        Some(SPEED),
        find(b'.', SPEED).map(|point| point.saturating_add(2)),
    ];
    let mut likeliest = None::<Reading<'_>>;
    for reading in ends
        .into_iter()
        .flatten()
        .filter_map(|end| read_motion(text, end))
    {
        if likeliest.is_none_or(|other| reading.likelihood > other.likelihood) {
            likeliest = Some(reading);
        }
    }
    likeliest
}

/// Reads the fields with a speed of `speed_len` characters; `None` unless speed and clock are
/// numbers.
fn read_motion(text: &[u8], speed_len: usize) -> Option<Reading<'_>> {
    let (speed, rest) = text.split_at_checked(speed_len)?;
    let speed = number(speed)?;
    let (rest, ()) = comma(rest).ok()?;
    let (rest, clock) = terminated(triple, comma).parse(rest).ok()?;
    let CourseAndIo { course, io, rest } = course_and_io(rest);
    let likelihood = match (clock, course.len()) {
        ([..=23, ..=59, ..=59], COURSE) => Likelihood::High,
        ([..=23, ..=59, ..=59], _) => Likelihood::Fair,
        _ => Likelihood::Low,
    };
    let motion = Motion {
        speed: Some(speed),
        clock: Some(clock),
        course: number(course),
        io,
    };
    Some(Reading {
        motion,
        rest,
        likelihood,
    })
}

/// The result of [`course_and_io`].
struct CourseAndIo<'a> {
    /// A number, or empty.
    course: &'a [u8],
    io: Option<IoStatus>,
    /// The text after both.
    rest: &'a [u8],
}

/// Reads a course of any width, or none, and an IO field, or none.
///
/// Both consist of the same characters. So the *run* of these at the front (hexadecimal digits,
/// points, spaces) is divided according to the text after it:
///
/// | after the run | the run | course | IO field |
/// |---|---|---|---|
/// | `L` | is a number or nothing, and 8 hexadecimal digits | the number | these digits |
/// | `L` | is a number otherwise | the run | none |
/// | `,` | is a number | the run | 8 hexadecimal digits after the comma, or none |
/// | anything else | begins with a number | it | 8 hexadecimal digits after it, or none |
///
/// The number in the last row is the first six characters, or all of a shorter run. In all other
/// cases there is no course and no IO field.
fn course_and_io(text: &[u8]) -> CourseAndIo<'_> {
    let is_in_run = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b' ');
    let end = text
        .iter()
        .position(|byte| !is_in_run(byte))
        .unwrap_or(text.len());
    let (run, after) = text.split_at_checked(end).unwrap_or((text, &[]));
    let found = match after {
        [b'L', ..] => match course_and_last_io(run) {
            Some(DividedRun { course, io }) => {
                return CourseAndIo {
                    course,
                    io: Some(io),
                    rest: after,
                };
            }
            None => CourseAndIo {
                course: run,
                io: None,
                rest: after,
            },
        },
        [b',', digits @ ..] => match io(digits) {
            Ok((rest, io)) => CourseAndIo {
                course: run,
                io: Some(io),
                rest,
            },
            Err(_) => CourseAndIo {
                course: run,
                io: None,
                rest: after,
            },
        },
        _ => {
            let (course, rest) = text
                .split_at_checked(COURSE.min(run.len()))
                .unwrap_or_default();
            match io(rest) {
                Ok((rest, io)) => CourseAndIo {
                    course,
                    io: Some(io),
                    rest,
                },
                Err(_) => CourseAndIo {
                    course,
                    io: None,
                    rest,
                },
            }
        }
    };
    match number(found.course) {
        Some(_) => found,
        None => CourseAndIo {
            course: &[],
            io: None,
            rest: text,
        },
    }
}

/// The parts of a run that ends with an IO field.
struct DividedRun<'a> {
    /// A number, or empty.
    course: &'a [u8],
    io: IoStatus,
}

/// Divides a run before its last eight digits, if they are an IO field after a number or nothing.
fn course_and_last_io(run: &[u8]) -> Option<DividedRun<'_>> {
    let (course, digits) = run.split_last_chunk::<IO>()?;
    let (_, io) = io(digits).ok()?;
    (course.is_empty() || number(course).is_some()).then_some(DividedRun { course, io })
}

/// Reads eight hexadecimal digits.
#[inline]
pub(in crate::protocol::tk103::message) fn io(text: &[u8]) -> IResult<&[u8], IoStatus, ()> {
    let (rest, digits) = chunk::<IO>(text)?;
    // Most are decimal.
    if are_digits(*digits) || digits.iter().all(u8::is_ascii_hexdigit) {
        Ok((rest, IoStatus(*digits)))
    } else {
        Err(nom::Err::Error(()))
    }
}

/// Reads `least` to 8 hexadecimal digits. Returns the text after them, and their value.
#[inline]
fn hex(text: &[u8], least: usize) -> Option<(&[u8], u32)> {
    let (mut value, mut count) = (0, 0_usize);
    for digit in text
        .iter()
        .take(MILEAGE)
        .map_while(|&byte| text::hex_digit(byte))
    {
        value = value << 4 | digit;
        count = count.saturating_add(1);
    }
    let (_, rest) = text.split_at_checked(count).filter(|_| count >= least)?;
    Some((rest, value))
}

/// Reads `A` or `V`.
#[inline]
fn fix(text: &[u8]) -> IResult<&[u8], bool, ()> {
    match text {
        [letter @ (b'A' | b'V'), rest @ ..] => Ok((rest, *letter == b'A')),
        _ => Err(nom::Err::Error(())),
    }
}

/// Skips a comma, if there is one.
#[inline]
fn comma(text: &[u8]) -> IResult<&[u8], (), ()> {
    Ok((
        if let [b',', rest @ ..] = text {
            rest
        } else {
            text
        },
        (),
    ))
}

/// Reads three numbers of two characters.
#[inline]
fn triple(text: &[u8]) -> IResult<&[u8], [u8; 3], ()> {
    map_opt(chunk, pairs).parse(text)
}

/// Reads a coordinate, up to its hemisphere.
#[inline]
fn coordinate<const POSITIVE: u8, const NEGATIVE: u8>(
    text: &[u8],
) -> IResult<&[u8], Coordinate, ()> {
    let read = || {
        let end = text
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'.' | b' '))?;
        let (digits, rest) = text.split_at_checked(end)?;
        let (&letter, rest) = rest.split_first()?;
        if letter != POSITIVE && letter != NEGATIVE {
            return None;
        }
        Some((rest, Coordinate::read(digits, letter == POSITIVE)?))
    };
    read().ok_or(nom::Err::Error(()))
}

impl Coordinate {
    /// Reads degrees and minutes without a hemisphere: the last two digits before the point are
    /// minutes.
    #[inline]
    pub(in crate::protocol::tk103) fn read(text: &[u8], positive: bool) -> Option<Self> {
        let point = text
            .iter()
            .position(|&byte| byte == b'.')
            .unwrap_or(text.len());
        let (degrees, minutes) = text.split_at_checked(point.saturating_sub(2))?;
        let degrees = match degrees.trim_ascii_start() {
            [] => 0,
            digits => u16::try_from(text::number(digits)?).ok()?,
        };
        Some(Self {
            degrees,
            minutes: number(minutes)?,
            positive,
        })
    }
}

/// Reads a number that may have spaces for leading zeros.
#[inline]
fn number(text: &[u8]) -> Option<Decimal> {
    Decimal::from_ascii(text.trim_ascii_start())
}

/// Reads six digits as three numbers of two. Spaces count as zeros, except six of them.
#[inline]
fn pairs(text: &[u8; 6]) -> Option<[u8; 3]> {
    if text == b"      " {
        return None;
    }
    text::pairs(&text.map(|byte| if byte == b' ' { b'0' } else { byte }))
}
