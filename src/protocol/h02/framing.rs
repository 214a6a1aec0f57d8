//! Finds the frames of this protocol. [The module](super) defines a frame.
//!
//! # How this works
//! One candidate for a text is a [`State`] that reads the start mark, the id, and then field by
//! field up to `#`. It keeps just enough of the fields to tell whether the frame was cut short: see
//! [`Fields::is_whole`]. [`binary`] has the candidates for `$` and `X` frames; [`Tracker`] joins
//! both.

mod binary;
#[cfg(test)]
mod tests;

use self::binary::Binary;
use super::{
    MAX_FRAME_LEN, MAX_ID_LEN, Maker,
    binary::{RECORD, REPORT},
};
use crate::{
    bytes::swar,
    error::ErrorKind,
    framing::{
        Believed, Candidates, Change, Claim, Framing, Grammar, Grave, Limits, Place, Plain, Rank,
        SecondBest, Step, Track, Wire, run, run_header,
    },
    types::Protocol,
};

/// This protocol, for the engine.
pub(crate) struct Framer;

impl Wire for Framer {
    type Tracker = Tracker;

    const PROTOCOL: Protocol = Protocol::H02;

    const IS_BINARY: bool = false;

    // The month of a `$` frame.
    const RIVAL_BYTES: u32 = 10;

    // `$` frames.
    const ENDS_BY_NEXT: bool = true;

    #[inline]
    fn is_plain_text(first: u8) -> bool {
        first == b'*'
    }

    #[inline]
    fn is_start(byte: u8) -> bool {
        matches!(byte, b'*' | REPORT | RECORD)
    }

    #[inline]
    fn may_begin(first: u8, second: u8) -> bool {
        // The first letters of all makers.
        let is_maker = (second == b'H') | (second == b'h') | (second == b'T');
        let is_text = (first == b'*') & (is_maker | (second == b'D') | (second == b'X'));
        // Two digits.
        let is_id = (second & 0x0F < 10) & (second < 0xA0);
        is_text | ((first == REPORT) | (first == RECORD)) & is_id
    }

    #[inline]
    fn may_begin_inside(first: u8, second: u8) -> bool {
        (first == b'*') & Self::may_begin(first, second)
    }

    fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing {
        match window {
            [REPORT | RECORD, ..] => binary::framing(window, end, limits),
            _ => run::<Self>(window, end, limits),
        }
    }

    fn sniff(bytes: &[u8]) -> Framing {
        match bytes {
            [REPORT | RECORD, ..] => binary::sniff(bytes),
            _ => run_header::<Self>(bytes),
        }
    }

    #[inline]
    fn is_plain_alone(bytes: &[u8]) -> bool {
        bytes.first() == Some(&REPORT) && binary::is_plain_alone(bytes)
    }

    /// A text whose last field is a status word, or that has one before the cell; or a `$` frame.
    #[inline]
    fn plain(window: &[u8]) -> Plain {
        match window {
            [REPORT, ..] => return binary::plain(window),
            [RECORD, ..] => return Plain::Unsure,
            _ => {}
        }
        let Some(&[b'*', a, b, b',', first]) = window.first_chunk() else {
            return if b"*HQ,".starts_with(window) {
                Plain::Incomplete {
                    needed: window.len().wrapping_add(1),
                }
            } else {
                Plain::Unsure
            };
        };
        if Maker::from_letters([a, b]).is_none() || !first.is_ascii_digit() {
            return Plain::Unsure;
        }
        let seen = window.get(..MAX_FRAME_LEN).unwrap_or(window);
        let len = swar::count_plain_text(seen.get(1..).unwrap_or_default()).wrapping_add(1);
        match seen.get(len) {
            Some(b'#') if is_whole_report(seen.get(4..len).unwrap_or_default()) => Plain::Frame {
                len: len.wrapping_add(1),
            },
            Some(_) => Plain::Unsure,
            None if seen.len() < MAX_FRAME_LEN => Plain::Incomplete {
                needed: window.len().wrapping_add(1),
            },
            None => Plain::Unsure,
        }
    }
}

/// All candidates of this protocol: texts and binary frames.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    text: Candidates<Framer>,
    binary: Binary,
}

impl Track for Tracker {
    const NEW: Self = Self {
        text: Candidates::NEW,
        binary: Binary::NEW,
    };

    fn push(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> Change {
        let change = self.text.push(byte, end, limits, grave);
        if self.binary.is_idle() && !matches!(byte, REPORT | RECORD) {
            return change;
        }
        let binary = self.binary.push(byte, end, limits, grave);
        change
            .and(binary)
            .and(Change::AWAKE.when(!self.binary.is_idle()))
    }

    #[inline]
    fn claim(&self, believed: Option<Believed>) -> Option<Claim> {
        let claims = [self.text.claim(believed), self.binary.claim(believed)];
        claims
            .into_iter()
            .flatten()
            .reduce(|a, b| if b.end().is_before(a.end()) { b } else { a })
    }

    fn is_shown_in(&self, from: Place, to: Place, believed: Option<Believed>) -> bool {
        self.text.is_shown_in(from, to, believed) || self.binary.is_shown_in(from, to, believed)
    }

    #[inline]
    fn believed(&self, _: Place, _: bool) -> Option<Believed> {
        None
    }

    fn remove(&mut self, start: Place) {
        self.text.remove(start);
        self.binary.remove(start);
    }

    #[cfg(test)]
    fn met(&self) -> usize {
        self.text.met().saturating_add(1)
    }

    #[inline]
    fn oldest(&self, end: Place) -> Place {
        self.text.oldest(end).min(self.binary.oldest(end))
    }

    fn begin_after(&mut self, _: Place) {}

    fn bury_before(&self, place: Place, grave: &mut Grave) {
        self.text.bury_before(place, grave);
        self.binary.bury_before(place, grave);
    }

    fn forget_before(&mut self, front: Place, end: Place) {
        self.text.forget_before(front, end);
        self.binary.forget_before(front, end);
    }

    fn is_open_in(&self, from: Place, to: Place, end: Place, binary_only: bool) -> bool {
        self.binary.is_open_in(from, to, end, binary_only)
            || !binary_only && self.text.is_open_in(from, to, end, binary_only)
    }

    fn second_best(
        &self,
        from: Place,
        until: Place,
        end: Place,
        limits: &Limits,
    ) -> Option<SecondBest> {
        let text = self.text.second_best(from, until, end, limits);
        let binary = self.binary.second_best(from, until, end);
        let both = [text, binary].into_iter().flatten();
        both.reduce(|a, b| {
            if b.claim.start.is_before(a.claim.start) {
                b
            } else {
                a
            }
        })
    }
}

/// The part of a text that a candidate reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// The start mark, after `len` bytes of it.
    Mark { first: u8, len: u8 },
    /// The id, after `len` bytes of it.
    Id { len: u8 },
    /// The type or a field.
    Fields(Fields),
}

/// The type, and the kinds of the fields so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    /// The first four characters of the type.
    code: [u8; 4],
    /// Bytes in the type.
    code_len: u8,
    /// Fields after the type; the last of them is being read.
    count: u8,
    field: Field,
    /// Whether the previous field is six digits, as a date is.
    is_after_date: bool,
    /// Whether the first field is a time of day.
    begins_with_time: bool,
    /// Whether a status word was read.
    has_status: bool,
    /// Whether the `#` before the type was passed.
    passed: bool,
    /// The number of bytes after a `#` that may stand before the type (`41,4#V1,`).
    after_mark: Option<u8>,
}

/// The kind of the field that is being read. Spaces do not count: damaged frames have them.
#[derive(Clone, Copy, Debug)]
struct Field {
    len: u8,
    is_decimal: bool,
    is_hex: bool,
}

impl Field {
    const EMPTY: Self = Self {
        len: 0,
        is_decimal: true,
        is_hex: true,
    };

    fn push(&mut self, byte: u8) {
        if byte != b' ' {
            self.len = self.len.saturating_add(1);
            self.is_decimal &= byte.is_ascii_digit();
            self.is_hex &= byte.is_ascii_hexdigit();
        }
    }

    /// Whether the field is a number of `len` digits.
    const fn is_number(&self, len: u8) -> bool {
        self.is_decimal && self.len == len
    }
}

impl Fields {
    const NONE: Self = Self {
        code: [0; 4],
        code_len: 0,
        count: 0,
        field: Field::EMPTY,
        is_after_date: false,
        begins_with_time: false,
        has_status: false,
        passed: false,
        after_mark: None,
    };

    /// Returns the type if it has at most 4 characters; otherwise a text that is no type.
    fn code(&self) -> &[u8] {
        self.code
            .get(..usize::from(self.code_len))
            .unwrap_or(b"?????")
    }

    fn is_sms(&self) -> bool {
        self.code() == b"SMS" && self.count > 0
    }

    /// Ends the field that is being read.
    fn end_field(&mut self) {
        let is_six_digits = self.field.is_number(6);
        if self.count == 1 {
            self.begins_with_time = is_six_digits;
        }
        self.has_status |= self.is_after_date && self.field.is_hex && self.field.len == 8;
        self.is_after_date = is_six_digits && self.count > 0;
    }

    fn push(&mut self, byte: u8) {
        if byte == b',' {
            self.end_field();
            self.count = self.count.saturating_add(1);
            self.field = Field::EMPTY;
        } else if self.count > 0 {
            self.field.push(byte);
        } else {
            if let Some(character) = self.code.get_mut(usize::from(self.code_len)) {
                *character = byte;
            }
            self.code_len = self.code_len.saturating_add(1);
        }
    }

    /// Whether the frame that ends here has the fields of its type. If not, it may have been cut
    /// short before a `v680` frame, whose start mark is the end mark of this one.
    ///
    /// | type | whole if |
    /// |---|---|
    /// | `V0` | it has no fields |
    /// | `HTBT` | it has none, or one of 1 to 3 digits, the battery |
    /// | a command: see [`is_command`](super::command::is_command) | its first field is a time |
    /// | `SMS`, `V4`, `V6`, `XT`, `ICCID`, `TIME` | always: their fields have no fixed form |
    /// | all other types | it has a date and a status word, and does not end with a comma |
    fn is_whole(mut self) -> bool {
        let last = self.field;
        self.end_field();
        match self.code() {
            b"V0" => self.count == 0,
            b"HTBT" => match self.count {
                0 => true,
                _ => self.count == 1 && last.is_decimal && (1..=3).contains(&last.len),
            },
            b"SMS" | b"V4" | b"V6" | b"XT" | b"TIME" => true,
            b"SCF" | b"LOCK" | b"MILE" | b"I0" | b"I1" => self.begins_with_time,
            [b'S' | b'R' | b'D', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => {
                self.begins_with_time
            }
            // `ICCID`: only the first four characters are kept.
            _ if &self.code == b"ICCI" => true,
            // `I1_2_EN`.
            _ if &self.code == b"I1_2" => self.begins_with_time,
            _ => self.has_status && last.len > 0,
        }
    }
}

/// Whether the text between the maker and `#` ends with a date and a status word, or with a date, a
/// status word and up to six fields.
#[inline]
fn is_whole_report(text: &[u8]) -> bool {
    // An id has no byte below `0`; a comma is one.
    let (id, code) = text
        .split_at_checked(swar::find(text, |word| swar::outside(word, b'0')))
        .unwrap_or_default();
    if id.len() > MAX_ID_LEN {
        return false;
    }
    // Other types have rules of their own.
    let ([b',', b'V', b'1'..=b'3' | b'5'..=b'9', b',', ..] | [b',', b'N' | b'L', ..]) = code else {
        return false;
    };
    let mut rest = text;
    for _ in 0..7 {
        if ends_with_status(rest) {
            return true;
        }
        match rest.iter().rposition(|&byte| byte == b',') {
            Some(at) if at.wrapping_add(1) < rest.len() => {
                rest = rest.get(..at).unwrap_or_default();
            }
            _ => return false,
        }
    }
    false
}

/// Whether the text ends with a date and a status word.
#[inline]
fn ends_with_status(text: &[u8]) -> bool {
    let Some((before, status)) = text.split_last_chunk::<8>() else {
        return false;
    };
    let date = before.last_chunk();
    date.is_some_and(|date| swar::has_form(date, b",000000,")) && swar::hex_word(*status).is_some()
}

impl Grammar for Framer {
    type State = State;

    const MAX_FRAME_LEN: usize = MAX_FRAME_LEN;

    #[inline]
    fn begin(byte: u8) -> Option<State> {
        (byte == b'*').then_some(State::Mark { first: 0, len: 1 })
    }

    #[inline]
    fn step(state: &mut State, byte: u8, seen: u32) -> Step {
        match state {
            State::Fields(fields) => match fields.after_mark {
                None => step_fields(fields, byte, seen),
                Some(len) => step_after_mark(fields, len, byte, seen),
            },
            // Most of what hostile bytes begin ends here.
            State::Mark { .. } if byte == b'*' => Step::Reject(ErrorKind::Start),
            _ => step_rarely(state, byte),
        }
    }

    fn second_best(state: &State, seen: u32) -> Option<u32> {
        match state {
            State::Fields(Fields {
                after_mark: Some(len),
                ..
            }) => Some(seen.wrapping_sub(u32::from(*len))),
            _ => None,
        }
    }
}

/// Reads a byte of the type or of a field.
#[inline]
fn step_fields(fields: &mut Fields, byte: u8, seen: u32) -> Step {
    let is_sms = fields.is_sms();
    match byte {
        b'#' => {
            if fields.code.first().is_some_and(u8::is_ascii_digit) && !fields.passed {
                fields.after_mark = Some(0);
                return Step::More;
            }
            let rank = if fields.is_whole() {
                Rank::Whole
            } else {
                Rank::Doubtful
            };
            Step::Frame { len: seen, rank }
        }
        b'*' => Step::Reject(ErrorKind::Overlap),
        b'$' | b'(' | b'\r' | b'\n' if is_sms => Step::More,
        b'$' | b'(' => Step::Reject(ErrorKind::Overlap),
        b'\r' | b'\n' => Step::Reject(ErrorKind::End),
        b' '..=b'~' => {
            fields.push(byte);
            Step::More
        }
        _ => Step::Reject(ErrorKind::Field),
    }
}

/// Reads a byte of the start mark, or of the id.
#[inline(never)]
fn step_rarely(state: &mut State, byte: u8) -> Step {
    match *state {
        State::Mark { first, len } => {
            let is_right = match len {
                1 => Maker::ALL
                    .iter()
                    .any(|maker| maker.letters().starts_with(&[byte])),
                2 => Maker::from_letters([first, byte]).is_some(),
                _ => byte == b',',
            };
            if !is_right {
                return Step::Reject(ErrorKind::Start);
            }
            *state = match len {
                1 | 2 => State::Mark {
                    first: byte,
                    len: len.wrapping_add(1),
                },
                _ => State::Id { len: 0 },
            };
            Step::More
        }
        State::Id { len } => {
            *state = match byte {
                b',' => State::Fields(Fields::NONE),
                b'0'..=b'~' if usize::from(len) < MAX_ID_LEN => State::Id {
                    len: len.wrapping_add(1),
                },
                _ => return Step::Reject(ErrorKind::DeviceId),
            };
            if len == 0 { Step::Header } else { Step::More }
        }
        State::Fields(_) => Step::More,
    }
}

/// Reads a byte after a `#` that may stand before the type, and after `len` more bytes.
fn step_after_mark(fields: &mut Fields, len: u8, byte: u8, seen: u32) -> Step {
    let goes_on = match len {
        0 => byte == b'V',
        1 => byte.is_ascii_digit(),
        _ => byte == b',',
    };
    if !goes_on {
        let len = seen.wrapping_sub(u32::from(len)).wrapping_sub(1);
        return Step::Frame {
            len,
            rank: Rank::Doubtful,
        };
    }
    match len {
        0 | 1 => fields.after_mark = Some(len.wrapping_add(1)),
        // The type and its comma were read.
        _ => {
            *fields = Fields {
                code: *b"V1\0\0",
                code_len: 2,
                count: 1,
                passed: true,
                ..Fields::NONE
            };
        }
    }
    Step::More
}
