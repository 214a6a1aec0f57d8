//! The location block: a grammar, for devices do not keep to its columns.

use super::encoder::Encoder;
use crate::{
    error::EncodeError,
    protocol::{ascii, wire::chunk},
    types::{Course, DateTime, Decimal, Latitude, Longitude, Position, Speed},
};
use core::fmt;
use nom::{IResult, Parser, combinator::map_opt, sequence::terminated};

/// Where a device is: the block of text that most frames of devices carry.
///
/// ```text
/// 0      6 7         16 17         27 28    33     39     45       53       62
/// +------+-+---------+-+----------+-+-----+------+------+--------+-+--------+- -+
/// |YYMMDD|A|DDMM.MMMM|N|DDDMM.MMMM|E|000.0|HHMMSS|211.49|IO      |L|mileage |tail|
/// +------+-+---------+-+----------+-+-----+------+------+--------+-+--------+- -+
///   date fix latitude    longitude  speed  clock  course
/// ```
///
/// What devices send instead is read, too (spec tk103, sections 3 and 8): spaces for zeros; coordinates without leading zeros; numbers with the
/// point at another place; a course of two characters; a comma behind any field in front of the IO field; a mileage of 1 to 8 digits; no `L`; no IO field. A
/// block is read as far as it can be: what follows the first field that cannot be found is in `rest`.
///
/// [`encode`](super::Message::encode) writes the documented form, and refuses values that do not fit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Block<'a> {
    /// Years since 2000, month and day, as sent: perhaps no date.
    pub date: Option<[u8; 3]>,
    /// `A`, the position is from a fix, or `V`, it is not.
    pub fix: Option<bool>,
    /// Latitude; `positive` is north.
    pub latitude: Option<Coordinate>,
    /// Longitude; `positive` is east.
    pub longitude: Option<Coordinate>,
    /// Kilometres per hour. Both documents say so; a few servers read knots, and no capture decides (spec tk103, section 3.2).
    pub speed: Option<Decimal>,
    /// Hours, minutes and seconds, as sent: perhaps no time of day.
    pub clock: Option<[u8; 3]>,
    /// Degrees from north, clockwise.
    pub course: Option<Decimal>,
    /// Power, ignition and more.
    pub io: Option<Io>,
    /// Metres driven, in total. GT02A boards send 0, or a value that never changes \[C\].
    pub mileage: Option<u32>,
    /// What follows: temperatures, voltages and others, of which no document tells; or what could not be read.
    pub rest: &'a [u8],
}

impl<'a> Block<'a> {
    #[inline]
    pub(super) fn of(text: &'a [u8]) -> Self {
        let mut block = columns(text).unwrap_or_else(|| Self::by_grammar(text));
        let mileage = match block.rest {
            [b'L', digits @ ..] if block.longitude.is_some() => hex(digits, 1),
            digits if block.io.is_some() => hex(digits, BARE_MILEAGE),
            _ => None,
        };
        if let Some((rest, mileage)) = mileage {
            (block.rest, block.mileage) = (rest, Some(mileage));
        }
        block
    }

    /// All fields in front of the mileage, until one is missing.
    #[inline(never)]
    fn by_grammar(text: &'a [u8]) -> Self {
        let mut block = Self { rest: text, ..Self::default() };
        block.read();
        block
    }

    fn read(&mut self) -> Option<()> {
        self.date = Some(self.next(terminated(triple, comma))?);
        self.fix = Some(self.next(terminated(fix, comma))?);
        self.latitude = Some(self.next(terminated(coordinate::<b'N', b'S'>, comma))?);
        self.longitude = Some(self.next(terminated(coordinate::<b'E', b'W'>, comma))?);
        let motion = self.next(motion)?;
        (self.speed, self.clock, self.course, self.io) = (motion.speed, motion.clock, motion.course, motion.io);
        Some(())
    }

    #[inline]
    fn next<T>(&mut self, mut parser: impl Parser<&'a [u8], Output = T, Error = ()>) -> Option<T> {
        let (rest, value) = parser.parse(self.rest).ok()?;
        self.rest = rest;
        Some(value)
    }

    /// When the fix was taken, in UTC \[D\], \[C\]; `None` if date and clock are none.
    ///
    /// Old devices that missed the week rollover of GPS send dates that are 1024 weeks early; some that have no clock yet send 2011-12-13 00:00:00 (spec
    /// tk103, section 3.2).
    #[must_use]
    #[inline]
    pub fn time(&self) -> Option<DateTime> {
        let ([year, month, day], [hour, minute, second]) = (self.date?, self.clock?);
        let time = DateTime { year, month, day, hour, minute, second };
        time.is_valid().then_some(time)
    }

    /// The place, if latitude and longitude are within 90 and 180 degrees, and their minutes below 60.
    ///
    /// Without a fix it is the last known one, or zero.
    #[must_use]
    #[inline]
    pub fn position(&self) -> Option<Position> {
        let (latitude, longitude) = (self.latitude?, self.longitude?);
        Some(Position {
            latitude: Latitude::from_degrees_and_minutes(latitude.degrees, latitude.minutes, latitude.positive)?,
            longitude: Longitude::from_degrees_and_minutes(longitude.degrees, longitude.minutes, longitude.positive)?,
        })
    }

    /// The speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        let thousandths = self.speed?.scaled(3)?;
        u32::try_from(thousandths).ok().map(Speed::Kmh)
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        let ten_thousandths = self.course?.scaled(4)?;
        Course::from_ten_thousandths(u32::try_from(ten_thousandths).ok()?)
    }

    /// Whether the ignition is on, if the IO field says so.
    #[must_use]
    #[inline]
    pub fn ignition(&self) -> Option<bool> {
        self.io?.ignition()
    }

    /// Writes the documented form. A field that is absent must not be followed by one that is there.
    pub(super) fn write(&self, encoder: &mut Encoder<'_>) {
        let present = [
            ("date", self.date.is_some()),
            ("fix", self.fix.is_some()),
            ("latitude", self.latitude.is_some()),
            ("longitude", self.longitude.is_some()),
            ("speed", self.speed.is_some()),
            ("clock", self.clock.is_some()),
            ("course", self.course.is_some()),
            ("io", self.io.is_some()),
            ("mileage", self.mileage.is_some()),
        ];
        let absent = present.iter().position(|(_, present)| !present).unwrap_or(present.len());
        if let Some((field, _)) = present.get(absent).filter(|_| present.iter().skip(absent).any(|(_, present)| *present)) {
            encoder.fail(EncodeError::Gap { field });
        }
        if let Some(date) = self.date {
            encoder.pairs(date, "date");
        }
        if let Some(fix) = self.fix {
            encoder.put(if fix { b"A" } else { b"V" });
        }
        if let Some(latitude) = self.latitude {
            latitude.write(encoder, 2, 7, "latitude");
            encoder.put(if latitude.positive { b"N" } else { b"S" });
        }
        if let Some(longitude) = self.longitude {
            longitude.write(encoder, 3, 7, "longitude");
            encoder.put(if longitude.positive { b"E" } else { b"W" });
        }
        if let Some(speed) = self.speed {
            encoder.number(speed, SPEED, "speed");
        }
        if let Some(clock) = self.clock {
            encoder.pairs(clock, "clock");
        }
        if let Some(course) = self.course {
            encoder.number(course, COURSE, "course");
        }
        if let Some(Io(io)) = self.io {
            encoder.put(&io);
        }
        if let Some(mileage) = self.mileage {
            encoder.put(b"L");
            encoder.hex(mileage, MILEAGE, "mileage");
        }
        encoder.put(self.rest);
    }
}

/// Characters of the speed \[D\].
const SPEED: usize = 5;
/// Characters of the course \[D\].
const COURSE: usize = 6;
/// Characters of the IO field \[D\].
const IO: usize = 8;
/// The most digits of the mileage.
const MILEAGE: usize = 8;
/// The fewest digits of a mileage that has no `L` in front: those of the oldest firmware (spec tk103, section 3).
const BARE_MILEAGE: usize = 6;

/// A latitude or longitude as sent: `4818.7787N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Coordinate {
    /// Whole degrees; up to 90 or 180, if it is a place.
    pub degrees: u16,
    /// Minutes, with four decimals \[D\]; below 60, if it is a place.
    pub minutes: Decimal,
    /// North or east.
    pub positive: bool,
}

impl Coordinate {
    /// Degrees of this width, minutes of this width.
    pub(super) fn write(self, encoder: &mut Encoder<'_>, degrees: usize, minutes: usize, field: &'static str) {
        encoder.decimal(self.degrees.into(), degrees, field);
        encoder.number(self.minutes, minutes, field);
    }

    /// From degrees and minutes without a hemisphere: the last two digits in front of the point are minutes.
    #[inline]
    pub(super) fn of(text: &[u8], positive: bool) -> Option<Self> {
        let point = text.iter().position(|&byte| byte == b'.').unwrap_or(text.len());
        let (degrees, minutes) = text.split_at_checked(point.saturating_sub(2))?;
        let degrees = match degrees.trim_ascii_start() {
            [] => 0,
            digits => u16::try_from(ascii::number(digits)?).ok()?,
        };
        Some(Self { degrees, minutes: number(minutes)?, positive })
    }
}

/// The IO field: eight hexadecimal digits, each of its own meaning.
///
/// All sources agree on the first two digits alone. For the others they do not (spec tk103, section 3.3): a concrete mixer, the load, the door
/// and the relay; a supply voltage; inputs and a fuel level. So those are left as they were sent.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Io(pub [u8; 8]);

impl Io {
    /// The digits, as sent.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }

    /// First digit: the main power is cut off, `1`, or connected, `0`.
    #[must_use]
    #[inline]
    pub const fn is_power_cut(self) -> Option<bool> {
        let [digit, ..] = self.0;
        is_one(digit)
    }

    /// Second digit: the ignition (ACC) is on, `1`, or off, `0`.
    #[must_use]
    #[inline]
    pub const fn ignition(self) -> Option<bool> {
        let [_, digit, ..] = self.0;
        is_one(digit)
    }
}

const fn is_one(digit: u8) -> Option<bool> {
    match digit {
        b'0' => Some(false),
        b'1' => Some(true),
        _ => None,
    }
}

/// `00000000`: power connected, ignition off.
impl Default for Io {
    fn default() -> Self {
        Self([b'0'; 8])
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Io({})", self.0.escape_ascii())
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Io {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Io({=[u8]:a})", self.0.as_slice());
    }
}

/// All fields in front of the mileage, if they stand in their columns and hold no spaces, as nearly all do. [`Block::by_grammar`] says the same of
/// them, in several times the time.
#[cfg(target_pointer_width = "64")]
#[inline]
fn columns(text: &[u8]) -> Option<Block<'_>> {
    let Some((&[a, b, c, d, e, f, fix @ (b'A' | b'V')], rest)) = text.split_first_chunk() else { return None };
    let [year, month, day, _] = four_pairs([a, b, c, d, e, f, b'0', b'0'])?;
    let Some((&[a, b, c, d, b'.', e, f, g, h, north @ (b'N' | b'S')], rest)) = rest.split_first_chunk() else { return None };
    let [degrees, minutes @ ..] = four_pairs([a, b, c, d, e, f, g, h])?;
    let latitude = Coordinate { degrees: degrees.into(), minutes: decimal(minutes, 4)?, positive: north == b'N' };
    let Some((&[hundreds @ b'0'..=b'9', a, b, c, d, b'.', e, f, g, h, east @ (b'E' | b'W')], rest)) = rest.split_first_chunk() else { return None };
    let [degrees, minutes @ ..] = four_pairs([a, b, c, d, e, f, g, h])?;
    // At most 999.
    let degrees = u16::from(hundreds & 0x0F).wrapping_mul(100).wrapping_add(degrees.into());
    let longitude = Coordinate { degrees, minutes: decimal(minutes, 4)?, positive: east == b'E' };
    let Some((&[a, b, c, b'.', d], rest)) = rest.split_first_chunk() else { return None };
    let [_, speed @ ..] = four_pairs([b'0', b'0', b'0', b'0', a, b, c, d])?;
    let (&[a, b, c, d, e, f], rest) = rest.split_first_chunk()?;
    let [hour, minute, second, _] = four_pairs([a, b, c, d, e, f, b'0', b'0'])?;
    let (course, rest) = rest.split_first_chunk()?;
    let ([a, b, c, d, e], places) = match *course {
        [a, b, c, b'.', d, e] => ([a, b, c, d, e], 2),
        [a, b, b'.', c, d, e] => ([a, b, c, d, e], 3),
        [a, b'.', b, c, d, e] => ([a, b, c, d, e], 4),
        _ => return None,
    };
    let [_, course @ ..] = four_pairs([b'0', b'0', b'0', a, b, c, d, e])?;
    let (rest, ()) = comma(rest).ok()?;
    let (rest, io) = io(rest).ok()?;
    Some(Block {
        date: Some([year, month, day]),
        fix: Some(fix == b'A'),
        latitude: Some(latitude),
        longitude: Some(longitude),
        speed: Some(decimal(speed, 1)?),
        clock: Some([hour, minute, second]),
        course: Some(decimal(course, places)?),
        io: Some(io),
        mileage: None,
        rest: if let [b'L', ..] = rest { rest } else { return None },
    })
}

/// On a microcontroller every block goes the general way.
#[cfg(not(target_pointer_width = "64"))]
const fn columns(_: &[u8]) -> Option<Block<'_>> {
    None
}

/// Eight decimal digits as four numbers of two, all at once.
#[cfg(target_pointer_width = "64")]
#[inline]
const fn four_pairs(digits: [u8; 8]) -> Option<[u8; 4]> {
    if !ascii::are_digits(digits) {
        return None;
    }
    let digits = u64::from_le_bytes(digits) & (u64::MAX / 0xFF * 0x0F);
    // Tens are in front of ones, in lower bytes. No byte is above 99, so none carries into another.
    let [a, _, b, _, c, _, d, _] = digits.wrapping_mul(10).wrapping_add(digits >> 8).to_le_bytes();
    Some([a, b, c, d])
}

/// The number that three pairs of digits make.
#[cfg(target_pointer_width = "64")]
#[inline]
const fn decimal([a, b, c]: [u8; 3], places: u8) -> Option<Decimal> {
    // At most 999 999.
    Decimal::new((a as u64).wrapping_mul(10_000).wrapping_add((b as u64).wrapping_mul(100)).wrapping_add(c as u64), places)
}

/// The fields behind the longitude, up to the mileage.
#[derive(Clone, Copy)]
struct Motion {
    speed: Option<Decimal>,
    clock: Option<[u8; 3]>,
    course: Option<Decimal>,
    io: Option<Io>,
}

#[inline]
fn motion(text: &[u8]) -> IResult<&[u8], Motion, ()> {
    match documented_motion(text) {
        Ok(documented @ (_, Motion { speed: Some(_), clock: Some(_), .. })) => Ok(documented),
        documented => other_motion(text).map_or(documented, Ok),
    }
}

/// In its columns, perhaps with a comma behind the course, as an `L` behind it shows.
#[inline]
fn documented_motion(text: &[u8]) -> IResult<&[u8], Motion, ()> {
    let (rest, speed) = chunk::<SPEED>(text)?;
    let (rest, clock) = chunk(rest)?;
    let (rest, course) = terminated(chunk::<COURSE>, comma).parse(rest)?;
    let (rest, io) = io(rest)?;
    let [b'L', ..] = rest else { return Err(nom::Err::Error(())) };
    Ok((rest, Motion { speed: number(speed), clock: pairs(clock), course: number(course), io: Some(io) }))
}

/// In any other way that was seen, or that servers are ready for.
#[inline(never)]
fn other_motion(text: &[u8]) -> Option<(&[u8], Motion)> {
    let comma_at = text.iter().take(SPEED + 3).position(|&byte| byte == b',');
    let point_at = text.iter().take(SPEED).position(|&byte| byte == b'.');
    // A comma ends the speed; else it has five characters, or one behind its point.
    let widths = [comma_at, Some(SPEED), point_at.map(|at| at.saturating_add(2))];
    let mut found = None::<(u8, &[u8], Motion)>;
    for width in widths.into_iter().flatten() {
        let Some((speed, rest)) = text.split_at_checked(width) else { continue };
        let Some(speed) = number(speed) else { continue };
        let Ok((rest, clock)) = terminated(triple, comma).parse(comma(rest).map_or(rest, |(rest, ())| rest)) else { continue };
        let (rest, digits, io) = course_and_io(rest);
        // A time that exists, and a course of six characters.
        let likelihood = match (clock, digits.len()) {
            ([..=23, ..=59, ..=59], COURSE) => 2,
            ([..=23, ..=59, ..=59], _) => 1,
            _ => 0,
        };
        if found.is_none_or(|(before, ..)| likelihood > before) {
            found = Some((likelihood, rest, Motion { speed: Some(speed), clock: Some(clock), course: number(digits), io }));
        }
    }
    found.map(|(_, rest, motion)| (rest, motion))
}

/// The digits of a course of any width, or none, and the IO field, or none.
fn course_and_io(text: &[u8]) -> (&[u8], &[u8], Option<Io>) {
    let end = text.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'A'..=b'F' | b'a'..=b'f' | b'.' | b' ')).unwrap_or(text.len());
    let (run, behind) = text.split_at_checked(end).unwrap_or((text, &[]));
    // What is in front of an `L` is the IO field, and what is in front of that is the course.
    let (front, digits) = run.split_at_checked(run.len().saturating_sub(IO)).unwrap_or_default();
    match (behind, io(digits)) {
        ([b'L', ..], Ok(([], io))) if front.is_empty() || number(front).is_some() => return (behind, front, Some(io)),
        ([b',', digits @ ..], _) if number(run).is_some() => {
            if let Ok((rest, io)) = io(digits) {
                return (rest, run, Some(io));
            }
        }
        _ => {}
    }
    let width = if matches!(behind, [b'L' | b',', ..]) { run.len() } else { COURSE.min(run.len()) };
    match text.split_at_checked(width) {
        Some((course, rest)) if number(course).is_some() => io(rest).map_or((rest, course, None), |(rest, io)| (rest, course, Some(io))),
        _ => (text, &[], None),
    }
}

/// Eight hexadecimal digits.
#[inline]
pub(super) fn io(text: &[u8]) -> IResult<&[u8], Io, ()> {
    let (rest, digits) = chunk::<IO>(text)?;
    if ascii::are_digits(*digits) || digits.iter().all(u8::is_ascii_hexdigit) { Ok((rest, Io(*digits))) } else { Err(nom::Err::Error(())) }
}

/// At least so many hexadecimal digits, at most 8, and their value.
#[inline]
fn hex(text: &[u8], least: usize) -> Option<(&[u8], u32)> {
    let (mut value, mut count) = (0, 0_usize);
    for digit in text.iter().take(MILEAGE).map_while(|&byte| ascii::hex_digit(byte)) {
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
    Ok((if let [b',', rest @ ..] = text { rest } else { text }, ()))
}

/// Three numbers of two characters.
#[inline]
fn triple(text: &[u8]) -> IResult<&[u8], [u8; 3], ()> {
    map_opt(chunk, pairs).parse(text)
}

/// A coordinate, up to its hemisphere.
#[inline]
fn coordinate<const POSITIVE: u8, const NEGATIVE: u8>(text: &[u8]) -> IResult<&[u8], Coordinate, ()> {
    let read = || {
        let end = text.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.' | b' '))?;
        let (digits, rest) = text.split_at_checked(end)?;
        match rest.split_first()? {
            (&letter, rest) if letter == POSITIVE || letter == NEGATIVE => Some((rest, Coordinate::of(digits, letter == POSITIVE)?)),
            _ => None,
        }
    };
    read().ok_or(nom::Err::Error(()))
}

/// A number with spaces for leading zeros.
#[inline]
fn number(text: &[u8]) -> Option<Decimal> {
    Decimal::from_ascii(text.trim_ascii_start())
}

/// Six digits, with spaces for zeros, as three numbers.
#[inline]
fn pairs(text: &[u8; 6]) -> Option<[u8; 3]> {
    if text.iter().all(|&byte| byte == b' ') {
        return None;
    }
    ascii::pairs(&text.map(|byte| if byte == b' ' { b'0' } else { byte }))
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        /// The fast way reads what the general way reads.
        #[cfg(target_pointer_width = "64")]
        #[test]
        fn fast_and_general_way_agree(
            text in "[0-9 ]{6}[AV][0-9]{4}\\.[0-9]{3}[0-9 .][NS][0-9]{5}\\.[0-9]{4}[EW][0-9]{3}\\.[0-9][0-9]{6}([0-9]{3}\\.[0-9]{2}|[0-9]{2}\\.[0-9]{3}|[0-9]\\.[0-9]{4}|[0-9.]{6}),?[0-9A-F]{8}L[0-9A-Fa-f]{0,9}(T0CD)?",
            damage in prop::option::weighted(0.3, (any::<prop::sample::Index>(), b' '..=b'~')),
        ) {
            let mut text = text.into_bytes();
            if let Some((at, byte)) = damage {
                let at = at.index(text.len());
                text[at] = byte;
            }
            if let Some(block) = columns(&text) {
                prop_assert_eq!(block, Block::by_grammar(&text));
            }
        }
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn ordinary_blocks_go_the_fast_way() {
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
