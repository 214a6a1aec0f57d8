//! How a location block is read.
//!
//! # How this works
//! Nearly all blocks stand in the documented columns: [`columns`] reads such a block as a whole,
//! or not at all. Any other goes field by field through the grammar, [`by_grammar`], as far as
//! the fields can be found. The fields up to the longitude have one form each. The four after it,
//! [`Motion`], have no ends of their own where they are not in their columns: there
//! [`other_motion`] weighs several readings, and [`course_and_io`] goes by what follows. The
//! mileage is last, in both ways.
//!
//! # How to change it
//! What another device sends goes into the grammar. `columns` only has to read what the grammar
//! reads, in the same way: a property test holds them equal.

use super::{Block, COURSE, Coordinate, IO, Io, MILEAGE, SPEED};
use crate::{
    bytes::{
        WIDE,
        read::chunk,
        swar::{are_digits, digit_pairs},
        text,
    },
    types::Decimal,
};
use nom::{IResult, Parser, combinator::map_opt, sequence::terminated};

/// The fewest digits of a mileage that comes without an `L`: the oldest firmware has it (spec
/// tk103, section 3).
const BARE_MILEAGE: usize = 6;

impl<'a> Block<'a> {
    /// Reads a block, as far as it can be read.
    #[inline]
    pub(in crate::protocol::tk103) fn of(text: &'a [u8]) -> Self {
        let in_columns = if WIDE { columns(text) } else { None };
        let mut block = in_columns.unwrap_or_else(|| by_grammar(text));
        block.read_mileage();
        block
    }

    /// Reads all fields before the mileage, until one is missing: that one and what follows stay
    /// in `rest`.
    fn read_fields(&mut self) -> Option<()> {
        self.date = Some(self.next(terminated(triple, comma))?);
        self.fix = Some(self.next(terminated(fix, comma))?);
        self.latitude = Some(self.next(terminated(coordinate::<b'N', b'S'>, comma))?);
        self.longitude = Some(self.next(terminated(coordinate::<b'E', b'W'>, comma))?);
        let Motion {
            speed,
            clock,
            course,
            io,
        } = self.next(motion)?;
        (self.speed, self.clock, self.course, self.io) = (speed, clock, course, io);
        Some(())
    }

    #[inline]
    fn next<T>(&mut self, mut parser: impl Parser<&'a [u8], Output = T, Error = ()>) -> Option<T> {
        let (rest, value) = parser.parse(self.rest).ok()?;
        self.rest = rest;
        Some(value)
    }

    /// Takes the mileage off the rest, if it is there: hexadecimal digits.
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

/// All fields before the mileage, if they stand in their columns and hold no spaces, as nearly
/// all do; `None` if not.
///
/// [`by_grammar`] reads them as well, in several times the time. On a microcontroller this one
/// takes more flash than it is worth.
#[inline]
fn columns(text: &[u8]) -> Option<Block<'_>> {
    let mut rest = text;

    let [date @ .., fix @ (b'A' | b'V')] = take::<7>(&mut rest)? else {
        return None;
    };
    let date = text::pairs(date)?;

    let latitude = take(&mut rest)?;
    let &[a, b, c, d, b'.', e, f, g, h, north @ (b'N' | b'S')] = latitude else {
        return None;
    };
    let [degrees, minutes @ ..] = digit_pairs([a, b, c, d, e, f, g, h])?;
    let latitude = Coordinate {
        degrees: degrees.into(),
        minutes: decimal(minutes, 4)?,
        positive: north == b'N',
    };

    let &[hundreds @ b'0'..=b'9', ref longitude @ ..] = take::<11>(&mut rest)? else {
        return None;
    };
    let &[a, b, c, d, b'.', e, f, g, h, east @ (b'E' | b'W')] = longitude else {
        return None;
    };
    let [degrees, minutes @ ..] = digit_pairs([a, b, c, d, e, f, g, h])?;
    let longitude = Coordinate {
        // At most 999.
        degrees: u16::from(hundreds & 0x0F)
            .wrapping_mul(100)
            .wrapping_add(degrees.into()),
        minutes: decimal(minutes, 4)?,
        positive: east == b'E',
    };

    let &[a, b, c, b'.', d] = take(&mut rest)? else {
        return None;
    };
    let [_, speed @ ..] = digit_pairs([b'0', b'0', b'0', b'0', a, b, c, d])?;

    let clock = text::pairs(take(&mut rest)?)?;

    // The point moves, the digits are five.
    let ([a, b, c, d, e], places) = match *take(&mut rest)? {
        [a, b, c, b'.', d, e] => ([a, b, c, d, e], 2),
        [a, b, b'.', c, d, e] => ([a, b, c, d, e], 3),
        [a, b'.', b, c, d, e] => ([a, b, c, d, e], 4),
        _ => return None,
    };
    let [_, course @ ..] = digit_pairs([b'0', b'0', b'0', a, b, c, d, e])?;

    let (rest, io) = comma(rest).and_then(|(rest, ())| io(rest)).ok()?;
    // Without an `L` the digits before might be others.
    if !matches!(rest, [b'L', ..]) {
        return None;
    }
    Some(Block {
        date: Some(date),
        fix: Some(*fix == b'A'),
        latitude: Some(latitude),
        longitude: Some(longitude),
        speed: Some(decimal(speed, 1)?),
        clock: Some(clock),
        course: Some(decimal(course, places)?),
        io: Some(io),
        mileage: None,
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

/// All fields before the mileage, until one is missing.
#[inline(never)]
fn by_grammar(text: &[u8]) -> Block<'_> {
    let mut block = Block {
        rest: text,
        ..Block::default()
    };
    // How far it came is in the block.
    let _ = block.read_fields();
    block
}

/// The fields between the longitude and the mileage.
#[derive(Clone, Copy)]
struct Motion {
    speed: Option<Decimal>,
    clock: Option<[u8; 3]>,
    course: Option<Decimal>,
    io: Option<Io>,
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

/// The fields in their columns, perhaps with a comma after the course. That they are there is
/// shown by the `L` after them alone: a field that is no number is absent.
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
/// What is not known is where the speed ends:
///
/// | the speed ends | for example |
/// |---|---|
/// | before a comma among the first eight characters | `12.5,192502` |
/// | after five characters, as documented | `000.0192502` |
/// | after one digit behind a point among the first five characters | `0.0192502` |
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

/// Reads the fields with a speed of so many characters; `None` if speed or clock are no numbers.
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

/// What [`course_and_io`] finds.
struct CourseAndIo<'a> {
    /// A number, or empty.
    course: &'a [u8],
    io: Option<Io>,
    /// What follows both.
    rest: &'a [u8],
}

/// A course of any width, or none, and an IO field, or none.
///
/// Both are made of the same characters. So the *run* of these at the front (hexadecimal digits,
/// points, spaces) is divided by what follows it:
///
/// | after the run | the run | course | IO field |
/// |---|---|---|---|
/// | `L` | is a number or nothing, and 8 hexadecimal digits | the number | these digits |
/// | `L` | is a number otherwise | the run | none |
/// | `,` | is a number | the run | 8 hexadecimal digits after the comma, or none |
/// | anything else | begins with a number | it | 8 hexadecimal digits after it, or none |
///
/// The number in the last row is the first six characters, or all of a shorter run. In all other
/// cases there is neither.
fn course_and_io(text: &[u8]) -> CourseAndIo<'_> {
    let is_in_run = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b' ');
    let end = text
        .iter()
        .position(|byte| !is_in_run(byte))
        .unwrap_or(text.len());
    let (run, after) = text.split_at_checked(end).unwrap_or((text, &[]));
    let found = match after {
        [b'L', ..] => match course_and_last_io(run) {
            Some((course, io)) => {
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

/// The IO field that ends a run, and the course before it, which is a number or empty.
fn course_and_last_io(run: &[u8]) -> Option<(&[u8], Io)> {
    let (course, digits) = run.split_last_chunk::<IO>()?;
    let (_, io) = io(digits).ok()?;
    (course.is_empty() || number(course).is_some()).then_some((course, io))
}

/// Eight hexadecimal digits.
#[inline]
pub(in crate::protocol::tk103) fn io(text: &[u8]) -> IResult<&[u8], Io, ()> {
    let (rest, digits) = chunk::<IO>(text)?;
    // Most are decimal.
    if are_digits(*digits) || digits.iter().all(u8::is_ascii_hexdigit) {
        Ok((rest, Io(*digits)))
    } else {
        Err(nom::Err::Error(()))
    }
}

/// At least so many hexadecimal digits, at most 8, and their value.
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

/// `A` or `V`.
#[inline]
fn fix(text: &[u8]) -> IResult<&[u8], bool, ()> {
    match text {
        [letter @ (b'A' | b'V'), rest @ ..] => Ok((rest, *letter == b'A')),
        _ => Err(nom::Err::Error(())),
    }
}

/// A comma, or none.
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

/// Three numbers of two characters.
#[inline]
fn triple(text: &[u8]) -> IResult<&[u8], [u8; 3], ()> {
    map_opt(chunk, pairs).parse(text)
}

/// A coordinate, up to its hemisphere.
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
        Some((rest, Coordinate::of(digits, letter == POSITIVE)?))
    };
    read().ok_or(nom::Err::Error(()))
}

impl Coordinate {
    /// From degrees and minutes without a hemisphere: the last two digits before the point are
    /// minutes.
    #[inline]
    pub(in crate::protocol::tk103) fn of(text: &[u8], positive: bool) -> Option<Self> {
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

/// A number with spaces for leading zeros.
#[inline]
fn number(text: &[u8]) -> Option<Decimal> {
    Decimal::from_ascii(text.trim_ascii_start())
}

/// Six digits as three numbers of two, with spaces for zeros; but not all of them.
#[inline]
fn pairs(text: &[u8; 6]) -> Option<[u8; 3]> {
    if text == b"      " {
        return None;
    }
    text::pairs(&text.map(|byte| if byte == b' ' { b'0' } else { byte }))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        /// The fast way reads what the general way reads.
        #[test]
        fn fast_and_general_way_agree(
            front in "[0-9 ]{6}[AV][0-9]{4}\\.[0-9]{3}[0-9 .][NS][0-9]{5}\\.[0-9]{4}[EW]",
            speed_and_clock in "[0-9]{3}\\.[0-9][0-9]{6}",
            course in "[0-9]{3}\\.[0-9]{2}|[0-9]{2}\\.[0-9]{3}|[0-9]\\.[0-9]{4}|[0-9.]{6}",
            back in ",?[0-9A-F]{8}L[0-9A-Fa-f]{0,9}(T0CD)?",
            damage in prop::option::weighted(0.3, (any::<prop::sample::Index>(), b' '..=b'~')),
        ) {
            let mut text = [front, speed_and_clock, course, back].concat().into_bytes();
            if let Some((at, byte)) = damage {
                let at = at.index(text.len());
                text[at] = byte;
            }
            if let Some(block) = columns(&text) {
                prop_assert_eq!(block, by_grammar(&text));
            }
        }
    }

    #[test]
    fn ordinary_blocks_stand_in_their_columns() {
        // Spec tk103, section 7.
        for text in [
            &b"141026A4818.7787N01759.8662E000.0192502211.4900000000L00000000"[..],
            b"160823A5129.9345N00854.2262E001.9162911121.39,00000000L00000000",
            b"101130A2234.0270N11405.9126E000.00623168.5400000005AEL0000067ET0CD",
        ] {
            assert!(columns(text).is_some());
        }
    }
}
