//! Finds the frames of this protocol. [The module](super) tells how a frame is recognised.
//!
//! # How this works
//! One candidate is a [`State`] that reads `(`, the id, the command word, and the body up to `)`.

#[cfg(test)]
mod tests;

use super::{END, MAX_BODY, MAX_FRAME_LEN, MAX_ID, MIN_ID, START, USUAL_ID, WORD};
use crate::{
    bytes::swar,
    error::ErrorKind,
    framing::{Candidates, Framing, Grammar, Limits, Plain, Rank, Step, Wire, run, run_header},
    types::Protocol,
};

/// This protocol, for the engine.
pub(crate) struct Framer;

impl Wire for Framer {
    type Tracker = Candidates<Self>;

    const PROTOCOL: Protocol = Protocol::Tk103;

    const IS_BINARY: bool = false;

    #[inline]
    fn is_plain_text(_: u8) -> bool {
        true
    }

    #[inline]
    fn is_start(byte: u8) -> bool {
        byte == START
    }

    #[inline]
    fn may_begin(first: u8, second: u8) -> bool {
        (first == START) & is_id(second)
    }

    fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing {
        run::<Self>(window, end, limits)
    }

    fn sniff(bytes: &[u8]) -> Framing {
        header(bytes)
    }

    /// A frame with an id of 12 digits, and text without spaces and without binary marks.
    #[inline]
    fn plain(window: &[u8]) -> Plain {
        const HEADER: usize = 1 + USUAL_ID + WORD;
        const USUAL: &[u8; HEADER] = b"(000000000000AA00";
        let Some([START, id @ .., a, b, c, d]) = window.first_chunk::<HEADER>() else {
            return if swar::is_front_of(window, USUAL) {
                Plain::Incomplete {
                    needed: window.len().wrapping_add(1),
                }
            } else {
                Plain::Unsure
            };
        };
        let word = [*a, *b, *c, *d];
        if !swar::all_digits(id) || !is_word(word) || has_binary_body(word) {
            return Plain::Unsure;
        }
        let longest = HEADER + MAX_BODY + 1;
        let seen = window.get(..longest).unwrap_or(window);
        let len = HEADER.wrapping_add(swar::count_plain_text(
            seen.get(HEADER..).unwrap_or_default(),
        ));
        match seen.get(len) {
            Some(&END) => Plain::Frame {
                len: len.wrapping_add(1),
            },
            Some(_) => Plain::Unsure,
            None if seen.len() < longest => Plain::Incomplete {
                needed: window.len().wrapping_add(1),
            },
            None => Plain::Unsure,
        }
    }
}

/// Where a candidate is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    /// In the id, after `len` digits.
    Digits { len: u8 },
    /// In an id that is not all digits, which has 12 characters.
    Placeholder { len: u8, has_digit: bool },
    /// In the command word.
    Word { word: [u8; WORD], len: u8 },
    /// In a body of text, with room for `left` bytes.
    Text { left: u16 },
    /// Before the length of a binary body.
    BinaryLength,
    /// In a binary body: `left` bytes before the place where its end mark may be, and `to_next`
    /// more before the second such place, or 0 if there is none.
    Binary { left: u8, to_next: u8 },
}

impl Grammar for Framer {
    type State = State;

    const MAX_FRAME_LEN: usize = MAX_FRAME_LEN;

    #[inline]
    fn begin(byte: u8) -> Option<State> {
        (byte == START).then_some(State::Digits { len: 0 })
    }

    #[inline]
    fn step(state: &mut State, byte: u8, seen: u32) -> Step {
        let (next, step) = match *state {
            // Most of what hostile bytes begin ends here.
            State::Digits { .. } | State::Placeholder { .. } | State::Word { .. }
                if byte == START =>
            {
                return Step::Reject(ErrorKind::Overlap);
            }
            State::Digits { len } => (after_digits(len, byte), Step::More),
            State::Placeholder { len, has_digit } => {
                (after_placeholder(len, has_digit, byte), Step::More)
            }
            State::Word { word, len } => match read_word(word, len, byte) {
                Some((word, 4)) if has_binary_body(word) => {
                    (Some(State::BinaryLength), Step::Header)
                }
                Some((_, 4)) => (
                    Some(State::Text {
                        left: MAX_BODY as u16,
                    }),
                    Step::Header,
                ),
                Some((word, len)) => (Some(State::Word { word, len }), Step::More),
                None => (None, Step::More),
            },
            State::Text { left } => match byte {
                END => {
                    return Step::Frame {
                        len: seen,
                        rank: Rank::Whole,
                    };
                }
                START => return Step::Reject(ErrorKind::Overlap),
                _ if !is_text(byte) => return Step::Reject(ErrorKind::Field),
                _ => match left.checked_sub(1) {
                    Some(left) => (Some(State::Text { left }), Step::More),
                    None => return Step::Reject(ErrorKind::Oversize),
                },
            },
            State::BinaryLength => match byte {
                END => {
                    return Step::Frame {
                        len: seen,
                        rank: Rank::Whole,
                    };
                }
                // The length counts bytes, or characters of two bytes.
                length => (
                    Some(State::Binary {
                        left: length,
                        to_next: length,
                    }),
                    Step::More,
                ),
            },
            State::Binary { left, to_next } => match (left, byte) {
                (1.., _) => (
                    Some(State::Binary {
                        left: left.wrapping_sub(1),
                        to_next,
                    }),
                    Step::More,
                ),
                (0, END) => {
                    return Step::Frame {
                        len: seen,
                        rank: Rank::Whole,
                    };
                }
                (0, _) => match to_next.checked_sub(1) {
                    Some(left) => (Some(State::Binary { left, to_next: 0 }), Step::More),
                    None => return Step::Reject(ErrorKind::End),
                },
            },
        };
        match next {
            Some(next) => {
                *state = next;
                step
            }
            None => Step::Reject(if byte == START {
                ErrorKind::Overlap
            } else if matches!(state, State::Word { .. }) {
                ErrorKind::Field
            } else {
                ErrorKind::DeviceId
            }),
        }
    }

    fn second_best(_: &State, _: u32) -> Option<u32> {
        None
    }
}

/// The state after `len` digits of the id and `byte`.
fn after_digits(len: u8, byte: u8) -> Option<State> {
    match byte {
        b'0'..=b'9' if usize::from(len) < MAX_ID => Some(State::Digits {
            len: len.wrapping_add(1),
        }),
        b'A' | b'B' if usize::from(len) >= MIN_ID => Some(State::Word {
            word: [byte, 0, 0, 0],
            len: 1,
        }),
        _ => after_placeholder(len, len > 0, byte),
    }
}

/// The state after `len` characters of an id that is not all digits, and `byte`.
fn after_placeholder(len: u8, has_digit: bool, byte: u8) -> Option<State> {
    match byte {
        b'A' | b'B' if usize::from(len) == USUAL_ID && has_digit => Some(State::Word {
            word: [byte, 0, 0, 0],
            len: 1,
        }),
        _ if usize::from(len) < USUAL_ID && is_id(byte) => Some(State::Placeholder {
            len: len.wrapping_add(1),
            has_digit: has_digit || byte.is_ascii_digit(),
        }),
        _ => None,
    }
}

/// Whether a byte may stand in an id: a digit, or a byte of the names that devices send that were
/// never set up, capitals, `_` and NUL.
pub(super) const fn is_id(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'_' | 0)
}

/// Whether a byte may stand at this place of a command word.
const fn fits_word(place: u8, byte: u8) -> bool {
    match place {
        0 => matches!(byte, b'A' | b'B'),
        // The words of all documents have these second letters.
        1 => matches!(byte, b'O'..=b'Z'),
        _ => byte.is_ascii_digit(),
    }
}

/// Whether these are a command word.
#[inline]
pub(super) const fn is_word([a, b, c, d]: [u8; WORD]) -> bool {
    fits_word(0, a) && fits_word(1, b) && fits_word(2, c) && fits_word(3, d)
}

/// Adds a byte to the first `len` characters of a word; `None` if it does not fit.
fn read_word(word: [u8; WORD], len: u8, byte: u8) -> Option<([u8; WORD], u8)> {
    let mut word = word;
    *word.get_mut(usize::from(len))? = byte;
    fits_word(len, byte).then_some((word, len.wrapping_add(1)))
}

/// Whether the body after this word is binary.
#[inline]
pub(super) const fn has_binary_body(word: [u8; WORD]) -> bool {
    matches!(&word, b"BR04" | b"AR03")
}

/// Whether a byte other than a parenthesis may stand in a body of text.
const fn is_text(byte: u8) -> bool {
    matches!(byte, 0 | b'\n' | b'\r' | b' '..=b'~')
}

/// The header at the front of `bytes`: `Complete` if all of it is there.
pub(super) fn header(bytes: &[u8]) -> Framing {
    run_header::<Framer>(bytes)
}
