//! Finds the frames of this protocol. [The module](super) says what makes a frame.
//!
//! # How this works
//! One candidate is a [`State`] that reads field by field; what may follow depends on the field
//! ([`At`]) and on how many records are still announced.
//!
//! `#id##` is a keep-alive and the beginning of reports, so a candidate stays a keep-alive by its
//! second-best claim until the event shows that it is a report, or the end of the header that lines
//! follow.
//!
//! The two forms share their first fields; the third one after the user tells them apart:
//!
//! | 1st, digits | 2nd | 3rd | form |
//! |---|---|---|---|
//! | 1 or 2: the flag | digits or nothing: the password | a letter: the event | flat |
//! | up to 6: the password | `0` or `1`: the door | digits: the next of five numbers | lines |
//! | up to 6: the password | capitals: the status word | the count | lines |
//!
//! Lines have a user or a password: `#id###` is a keep-alive and the mark of the next frame.

mod lines;
#[cfg(test)]
mod tests;

use super::{
    IMEI_DIGITS, KEEP_ALIVE, MARK, MAX_COUNT, MAX_EVENT, MAX_FLAG, MAX_FRAME_LEN, MAX_LBS,
    MAX_NUMBER, MAX_PASSWORD, MAX_PLACE, MAX_USER, MAX_WORD, MIN_ID_DIGITS, MIN_WORD, NO_PLACE,
    NUMBERS, SNIFFED, USUAL_HEADER, usual_header,
};
use crate::{
    bytes::swar,
    error::ErrorKind,
    framing::{Candidates, Framing, Grammar, Limits, Plain, Rank, Step, Wire, run},
    types::Protocol,
};
use lines::Lines;

/// This protocol, for the engine.
pub(crate) struct Framer;

impl Wire for Framer {
    type Tracker = Candidates<Self>;

    const PROTOCOL: Protocol = Protocol::V680;
    // The end mark of `h02`, and half of its own.
    const SHARED_MARK: Option<u8> = Some(MARK);

    const IS_BINARY: bool = false;

    #[inline]
    fn is_plain_text(_: u8) -> bool {
        true
    }

    #[inline]
    fn is_start(byte: u8) -> bool {
        byte == MARK
    }

    #[inline]
    fn may_begin(first: u8, second: u8) -> bool {
        (first == MARK) & second.is_ascii_digit()
    }

    fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing {
        run::<Self>(window, end, limits)
    }

    /// Up to the field after the user, or a keep-alive and what follows it. A user of 5 characters
    /// or more hides that field from the first 24 bytes: then those are enough.
    fn sniff(bytes: &[u8]) -> Framing {
        let seen = bytes.get(..SNIFFED).unwrap_or(bytes);
        match greeting(seen) {
            Framing::Incomplete { .. } if seen.len() == SNIFFED => {
                Framing::Complete { len: SNIFFED }
            }
            verdict => verdict,
        }
    }

    /// A keep-alive and the byte after it, or a report as nearly all devices send it: see
    /// [`plain_report`].
    #[inline]
    fn plain(window: &[u8]) -> Plain {
        let incomplete = Plain::Incomplete {
            needed: window.len().wrapping_add(1),
        };
        let Some((id, rest)) = window.split_first_chunk() else {
            return if swar::is_front_of(window, ID) {
                incomplete
            } else {
                Plain::Unsure
            };
        };
        if !swar::has_form(id, ID) {
            return Plain::Unsure;
        }
        match rest {
            [MARK, b'0'..=b'9', ..] => {}
            [MARK, _, ..] => return Plain::Frame { len: KEEP_ALIVE },
            _ => {}
        }
        match plain_report(rest) {
            Ok(after) => Plain::Frame {
                len: window.len().wrapping_sub(after.len()),
            },
            Err(Stop::Short) => incomplete,
            Err(Stop::Unusual) => Plain::Unsure,
        }
    }
}

/// What a frame begins with, as a form of [`swar::has_form`].
const ID: &[u8; KEEP_ALIVE - 1] = b"#000000000000000#";
/// Date and time.
const TIME: &[u8; 14] = b"000000#000000#";
/// Date and time with a fraction.
const LONG_TIME: &[u8; 18] = b"000000#000000.000#";

/// Why [`plain_report`] does not find a report.
enum Stop {
    /// All is as usual, as far as it is there.
    Short,
    Unusual,
}

/// The rest after a report that goes on with `rest` after its id: a user of any text, a usual
/// header, as many records as are announced, each with a time, and the end mark.
#[inline(always)]
fn plain_report(rest: &[u8]) -> Result<&[u8], Stop> {
    let mut rest = rest;
    if plain_field(&mut rest)?.len() > MAX_USER {
        return Err(Stop::Unusual);
    }
    rest = match usual_header(rest) {
        Some((_, after)) => after,
        None => return Err(stop(swar::is_front_of(rest, USUAL_HEADER))),
    };
    let mut missing = match rest {
        [ones @ b'1'..=b'9', MARK, after @ ..] | [b'0', ones @ b'1'..=b'9', MARK, after @ ..] => {
            rest = after;
            ones & 0x0F
        }
        _ => return Err(stop(swar::is_front_of(rest, b"00#"))),
    };
    while missing > 0 {
        missing = missing.wrapping_sub(1);
        let lbs = plain_field(&mut rest)?;
        let place = plain_field(&mut rest)?;
        // After `##` a record goes on so, or the frame ended before it.
        let goes_on = !lbs.is_empty() || matches!(place, [b'0'..=b'9' | b',', ..]);
        if lbs.len() > MAX_LBS
            || place.len() > MAX_PLACE
            || !goes_on
            || swar::count_until(place, b',') == place.len()
        {
            return Err(Stop::Unusual);
        }
        rest = plain_time(rest)?;
    }
    match rest {
        [MARK, after @ ..] => Ok(after),
        _ => Err(stop(rest.is_empty())),
    }
}

/// Why nothing more is found in the rest of a window.
#[inline]
const fn stop(is_front: bool) -> Stop {
    if is_front { Stop::Short } else { Stop::Unusual }
}

/// Takes a field of text that ends with `#` off the front of `rest`.
#[inline(always)]
fn plain_field<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Stop> {
    match rest.split_at_checked(swar::count_plain_text(rest)) {
        Some((field, [MARK, after @ ..])) => {
            *rest = after;
            Ok(field)
        }
        Some((_, [])) => Err(Stop::Short),
        _ => Err(Stop::Unusual),
    }
}

/// The rest after date and time.
#[inline(always)]
fn plain_time(rest: &[u8]) -> Result<&[u8], Stop> {
    match rest.split_first_chunk() {
        Some((time, after)) if swar::has_form(time, LONG_TIME) => return Ok(after),
        _ => {}
    }
    match rest.split_first_chunk() {
        Some((time, after)) if swar::has_form(time, TIME) => Ok(after),
        _ => Err(stop(
            swar::is_front_of(rest, TIME) || swar::is_front_of(rest, LONG_TIME),
        )),
    }
}

/// The field that a candidate is in. Those of a header come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Id,
    User,
    /// The flag, or the password of lines.
    Flag,
    /// The password, or the door or the status word of lines.
    Password,
    /// The event, or the second of five numbers of lines.
    Event,
    Count,
    /// The numbers after the door.
    Numbers,
    /// The status word of lines.
    Word,
    /// The number of lines.
    LineCount,
    /// The first field of a record.
    Lbs,
    /// The place, or one more field before it.
    Place,
    Date,
    Time,
    /// After the point of a time.
    Fraction,
    /// After a record.
    RecordEnd,
    /// After a record and `#`.
    Mark,
    /// After a record and `##`, where more records are announced.
    TwoMarks,
    Lines,
}

/// Where a candidate is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    at: At,
    /// Bytes of the field that were read.
    len: u8,
    /// Commas in the field; in the numbers of lines, how many were read.
    commas: u8,
    /// Records that are announced and did not begin yet; in a count, its value.
    missing: u8,
    /// Whether the id has 15 digits, as a keep-alive needs.
    is_imei: bool,
    /// Whether this is a keep-alive if it turns out to be no report.
    is_keep_alive: bool,
    /// Whether a field before the place was passed.
    has_extra: bool,
    /// Whether the last record has a time.
    has_time: bool,
    /// Whether the start mark is that of the frame before.
    has_no_mark: bool,
    /// Whether the field after the user may be a flag.
    may_be_flag: bool,
    /// Whether the second one may be a door.
    may_be_door: bool,
    lines: Lines,
}

impl State {
    /// After the start mark.
    const BEGIN: Self = Self {
        at: At::Id,
        len: 0,
        commas: 0,
        missing: 0,
        is_imei: false,
        is_keep_alive: false,
        has_extra: false,
        has_time: false,
        has_no_mark: false,
        may_be_flag: false,
        may_be_door: false,
        lines: Lines::new(0),
    };

    /// Bytes of a keep-alive that begins here.
    const fn keep_alive_len(&self) -> u32 {
        (KEEP_ALIVE as u32).wrapping_sub(self.has_no_mark as u32)
    }

    /// Goes on to a field without a byte read.
    const fn enter(&mut self, at: At) {
        self.at = at;
        self.len = 0;
        self.commas = 0;
    }

    /// Reads a byte of a field of up to `max` bytes. Returns whether it fits.
    const fn grow(&mut self, max: usize) -> bool {
        self.len = self.len.wrapping_add(1);
        self.len as usize <= max
    }

    /// Whether all announced records are there, and the last one has a time: all but the end mark.
    const fn is_complete(&self) -> bool {
        self.missing == 0 && self.has_time
    }

    /// Whether the field is the place of a record without one.
    const fn is_no_place(&self) -> bool {
        self.len as usize == NO_PLACE.len() && self.commas == self.len
    }

    /// The field cannot go on with this byte.
    fn fail(&self, kind: ErrorKind) -> Step {
        if self.is_keep_alive {
            // Mostly the byte after it is a line end, or the mark of the next frame.
            let is_sure = self.at == At::Flag && self.len == 0;
            let rank = if is_sure { Rank::Whole } else { Rank::Doubtful };
            Step::Frame {
                len: self.keep_alive_len(),
                rank,
            }
        } else {
            Step::Reject(kind)
        }
    }

    /// Begins a record.
    const fn enter_record(&mut self) {
        self.missing = self.missing.saturating_sub(1);
        self.has_extra = false;
        self.has_time = false;
        self.enter(At::Lbs);
    }

    /// A `#` ends the field before this.
    fn end_field(&mut self, seen: u32) -> Step {
        match self.at {
            At::Id => {
                self.is_imei = self.len as usize == IMEI_DIGITS;
                if (self.len as usize) < MIN_ID_DIGITS {
                    return Step::Reject(ErrorKind::DeviceId);
                }
                self.enter(At::User);
                return Step::Header;
            }
            At::User => {
                self.is_keep_alive = self.len == 0 && self.is_imei;
                self.enter(At::Flag);
            }
            At::Flag if self.is_keep_alive && self.len == 0 => {
                return self.fail(ErrorKind::Field);
            }
            At::Flag => {
                self.may_be_flag = matches!(self.len as usize, 1..=MAX_FLAG);
                self.may_be_door = false;
                self.enter(At::Password);
            }
            At::Password if self.may_be_flag || self.may_be_door => self.enter(At::Event),
            At::Event if self.len > 0 => self.enter(At::Count),
            At::Numbers if self.len > 0 => {
                self.len = 0;
                self.commas = self.commas.wrapping_add(1);
                if self.commas as usize == NUMBERS {
                    self.enter(At::Word);
                }
            }
            At::Word if self.len as usize >= MIN_WORD => {
                self.missing = 0;
                self.enter(At::LineCount);
            }
            At::Password | At::Event | At::Numbers | At::Word | At::LineCount => {
                return self.fail(ErrorKind::Field);
            }
            At::Count if self.len > 0 => {
                self.missing = self.missing.max(1);
                self.enter_record();
            }
            At::Lbs => self.enter(At::Place),
            At::Place if self.commas > 0 => {
                // Without a place, date and time are empty.
                let is_no_place = self.is_no_place();
                self.enter(At::Date);
                self.commas = is_no_place as u8;
            }
            At::Place if !self.has_extra => {
                self.has_extra = true;
                self.enter(At::Place);
            }
            At::Date if self.len == 6 => self.enter(At::Time),
            At::Date if self.len == 0 && self.commas > 0 => self.enter(At::RecordEnd),
            At::Time if self.len == 6 => {
                self.has_time = true;
                self.enter(At::Mark);
            }
            At::RecordEnd => self.enter(At::Mark),
            At::Mark if self.missing == 0 => {
                return Step::Frame {
                    len: seen,
                    rank: Rank::Whole,
                };
            }
            At::Mark => self.enter(At::TwoMarks),
            At::TwoMarks => {
                return Step::Frame {
                    len: seen.wrapping_sub(1),
                    rank: Rank::Whole,
                };
            }
            _ => return Step::Reject(ErrorKind::End),
        }
        Step::More
    }
}

impl Grammar for Framer {
    type State = State;

    const MAX_FRAME_LEN: usize = MAX_FRAME_LEN;

    // The user may be a telephone number, and the lbs up to 15 digits: both look like a header.
    const SURVIVES_HEADER: bool = true;

    #[inline]
    fn begin(byte: u8) -> Option<State> {
        (byte == MARK).then_some(State::BEGIN)
    }

    fn begin_after_mark() -> Option<State> {
        Some(State {
            has_no_mark: true,
            ..State::BEGIN
        })
    }

    fn step(state: &mut State, byte: u8, seen: u32) -> Step {
        let is_digit = byte.is_ascii_digit();
        // What ends before this byte, if it cannot go on.
        let before = |back: u32| seen.wrapping_sub(back).wrapping_sub(1);
        match (state.at, byte) {
            (At::Lines, _) => state.lines.step(byte, seen),
            (At::Fraction, _) if !(is_digit && state.len < 3) => {
                if state.len < 3 {
                    // A point, but no fraction: the time ended before it.
                    let len = before(u32::from(state.len).wrapping_add(1));
                    return match state.missing {
                        0 => Step::Frame {
                            len,
                            rank: Rank::Whole,
                        },
                        _ => Step::Reject(ErrorKind::End),
                    };
                }
                state.enter(At::RecordEnd);
                Self::step(state, byte, seen)
            }
            (_, MARK) => state.end_field(seen),
            (At::Id, _) if is_digit && state.grow(IMEI_DIGITS) => Step::More,
            (At::Id, _) => Step::Reject(ErrorKind::DeviceId),
            (At::User, b' '..=b'~') if state.grow(MAX_USER) => Step::More,
            (At::User, _) => Step::Reject(ErrorKind::Field),
            (At::Flag, _) if is_digit && usize::from(state.len) < MAX_PASSWORD => {
                state.grow(MAX_PASSWORD);
                Step::More
            }
            (At::Password, _) if is_digit && usize::from(state.len) < MAX_PASSWORD => {
                state.may_be_door = state.len == 0 && matches!(byte, b'0' | b'1');
                if !(state.may_be_flag || state.may_be_door) {
                    return state.fail(ErrorKind::Field);
                }
                state.grow(MAX_PASSWORD);
                Step::More
            }
            (At::Password, b'A'..=b'Z') if state.len == 0 => {
                state.enter(At::Word);
                state.grow(MAX_WORD);
                Step::More
            }
            (At::Event, _) if is_digit && state.len == 0 && state.may_be_door => {
                state.enter(At::Numbers);
                state.grow(MAX_NUMBER);
                Step::More
            }
            (At::Numbers, _)
                if usize::from(state.len) < MAX_NUMBER
                    && (is_digit || byte == b'-' && state.len == 0) =>
            {
                state.grow(MAX_NUMBER);
                Step::More
            }
            (At::Word, b'A'..=b'Z') if usize::from(state.len) < MAX_WORD => {
                state.grow(MAX_WORD);
                Step::More
            }
            (At::LineCount, b'\r') if state.missing > 0 => {
                // No keep-alive is followed by all of this.
                state.is_keep_alive = false;
                state.lines = Lines::new(state.missing);
                state.at = At::Lines;
                Step::More
            }
            (At::Event, _)
                if state.may_be_flag
                    && usize::from(state.len) < MAX_EVENT
                    && (byte.is_ascii_alphabetic() || is_digit && state.len > 0) =>
            {
                // No keep-alive is followed by all of this.
                state.is_keep_alive = false;
                state.grow(MAX_EVENT);
                Step::More
            }
            (At::Count | At::LineCount, _) if is_digit && usize::from(state.len) < MAX_COUNT => {
                state.grow(MAX_COUNT);
                let tens = state.missing.wrapping_mul(10);
                state.missing = tens.wrapping_add(byte & 0x0F);
                Step::More
            }
            (At::Flag | At::Password | At::Event | At::Numbers | At::Word | At::LineCount, _) => {
                state.fail(ErrorKind::Field)
            }
            (At::Lbs, b' '..=b'~') if state.grow(MAX_LBS) => Step::More,
            (At::Place, b' '..=b'~') if state.grow(MAX_PLACE) => {
                state.commas = state.commas.saturating_add(u8::from(byte == b','));
                Step::More
            }
            (At::Date, _) if is_digit && state.grow(6) => Step::More,
            (At::Time, _) if is_digit && state.grow(6) => Step::More,
            (At::Time, _) if state.len >= 6 && !is_digit => {
                state.has_time = true;
                if byte == b'.' {
                    state.enter(At::Fraction);
                    return Step::More;
                }
                state.enter(At::RecordEnd);
                Self::step(state, byte, seen)
            }
            (At::Fraction, _) => {
                state.grow(3);
                Step::More
            }
            // The end mark is missing.
            (At::RecordEnd, _) if state.is_complete() && !is_digit => Step::Frame {
                len: before(0),
                rank: Rank::Whole,
            },
            (At::Mark, _) if state.is_complete() => Step::Frame {
                len: before(1),
                rank: Rank::Whole,
            },
            (At::Mark, b' '..=b'~') if state.missing > 0 => {
                state.enter_record();
                state.grow(MAX_LBS);
                Step::More
            }
            // A record with an empty lbs.
            (At::TwoMarks, b'0'..=b'9' | b',') => {
                state.enter_record();
                state.enter(At::Place);
                Self::step(state, byte, seen)
            }
            (At::TwoMarks, _) => Step::Frame {
                len: before(0),
                rank: Rank::Whole,
            },
            _ => Step::Reject(ErrorKind::End),
        }
    }

    /// A whole header is, of lines with its line end: a frame around it was cut short, and took a
    /// byte of it for its end mark.
    fn is_sure(state: &State) -> bool {
        state.at >= At::Lbs
    }

    fn has_end_mark(state: &State) -> bool {
        state.is_keep_alive || state.at == At::TwoMarks
    }

    fn second_best(state: &State, seen: u32) -> Option<u32> {
        let is_imei = state.len as usize == IMEI_DIGITS;
        match state.at {
            // All that is there of a keep-alive.
            At::Id if is_imei => Some(seen),
            At::User if state.is_imei && state.len == 0 => Some(seen),
            _ if state.is_keep_alive => Some(state.keep_alive_len()),
            At::Lines => state.lines.second_best(seen),
            // All but the end mark.
            At::Time if state.missing == 0 && state.len == 6 => Some(seen),
            At::Fraction if state.missing == 0 && state.len < 3 => {
                Some(seen.wrapping_sub(u32::from(state.len)).wrapping_sub(1))
            }
            At::RecordEnd | At::Mark | At::Fraction if state.is_complete() => Some(seen),
            At::TwoMarks => Some(seen),
            _ => None,
        }
    }
}

/// What a connection begins with, as far as no other protocol does: `Complete` if it is there.
fn greeting(bytes: &[u8]) -> Framing {
    let Some(mut state) = bytes.first().and_then(|&byte| Framer::begin(byte)) else {
        return match bytes {
            [] => Framing::Incomplete { needed: 1 },
            _ => Framing::invalid(ErrorKind::Start, 0),
        };
    };
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        let len = at.wrapping_add(1);
        match Framer::step(&mut state, byte, len as u32) {
            // The field after the user; if it is empty, a byte of the one after it.
            Step::More | Step::Header
                if state.at == At::Password && state.may_be_flag
                    || matches!(state.at, At::Word | At::Password) && state.len > 0 =>
            {
                return Framing::Complete { len };
            }
            Step::More | Step::Header => {}
            // A keep-alive, and the mark of the next frame.
            Step::Frame { .. } if byte == MARK => {
                return match bytes.get(len) {
                    None => Framing::Incomplete {
                        needed: len.wrapping_add(1),
                    },
                    Some(byte) if byte.is_ascii_digit() => Framing::Complete {
                        len: len.wrapping_add(1),
                    },
                    Some(_) => Framing::invalid(ErrorKind::Field, len),
                };
            }
            Step::Frame { .. } => return Framing::Complete { len },
            Step::WrongSum => return Framing::invalid(ErrorKind::Checksum, at),
            Step::Reject(kind) => return Framing::invalid(kind, at),
        }
    }
    Framing::Incomplete {
        needed: bytes.len().saturating_add(1),
    }
}
