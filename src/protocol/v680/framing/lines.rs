//! The lines of a frame of the line form, after its header.
//!
//! ```text
//! CR LF   line line ...   [##  [CR LF]]
//!
//! line = #  prefix  [#  mcc,mnc,lac,cell]  $  sentence  *  hh  CR LF
//! ```
//!
//! A wrong sum ends the frame, unless frames with wrong sums are asked for.

use super::super::{MARK, MAX_NETWORK, MAX_PREFIX, MAX_SENTENCE};
use crate::{
    bytes::text::hex_digit,
    error::ErrorKind,
    framing::{Rank, Step},
};

/// The words that a sentence begins with, without the letter that tells them apart.
const WORDS: [&[u8]; 2] = [b"GPRMC,", b"WIFI,"];

/// What was read last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// The CR of the header.
    HeaderEnd,
    /// The line end of the header, or of a line that others follow.
    LineStart,
    Prefix,
    /// The `#` after a prefix, or a part of the cell after it.
    Network,
    Sentence,
    /// The `*`, or the first digit after it.
    Sum,
    SumEnd,
    /// The CR of a line.
    LineEnd,
    /// The line end of the last line.
    End,
    /// A `#` after the last line.
    Mark,
    /// `##` after the last line.
    Marks,
    /// The CR after `##`.
    MarksEnd,
}

/// Where a candidate is in its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    at: At,
    /// Bytes of the field that were read.
    len: u8,
    /// Commas in a cell; in a sentence, which of the [`WORDS`] it begins with.
    commas: u8,
    /// Lines that are announced and did not begin yet.
    missing: u8,
    /// XOR of the bytes of the sentence, and then of the sum as well: 0 if it is right.
    sum: u8,
    /// Whether a sum was wrong.
    is_damaged: bool,
}

impl Lines {
    /// After the CR of a header that announces this many lines.
    pub(super) const fn new(count: u8) -> Self {
        Self {
            at: At::HeaderEnd,
            len: 0,
            commas: 0,
            missing: count,
            sum: 0,
            is_damaged: false,
        }
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

    /// Whether a prefix may end here.
    const fn is_prefix(&self) -> bool {
        matches!(self.len, 0 | 2 | 4 | 8..=11)
    }

    /// Whether the sentence may begin here.
    const fn may_begin_sentence(&self) -> bool {
        match self.at {
            At::Prefix => self.is_prefix(),
            At::Network => self.len == 0 || self.commas == 3,
            _ => false,
        }
    }

    /// The word that the sentence begins with.
    fn word(&self) -> &'static [u8] {
        WORDS
            .get(usize::from(self.commas))
            .copied()
            .unwrap_or_default()
    }

    /// Reads a byte of a sentence. Returns whether it fits.
    fn grow_sentence(&mut self, byte: u8) -> bool {
        if self.len == 0 {
            self.sum = 0;
            self.commas = (byte == b'W').into();
        }
        let at = usize::from(self.len);
        self.sum ^= byte;
        self.grow(MAX_SENTENCE) && self.word().get(at).is_none_or(|&right| right == byte)
    }

    /// Begins a line, or what follows the last one, after its `#`.
    const fn enter_line(&mut self) {
        match self.missing.checked_sub(1) {
            Some(missing) => {
                self.missing = missing;
                self.enter(At::Prefix);
            }
            None => self.at = At::Mark,
        }
    }

    const fn rank(&self) -> Rank {
        if self.is_damaged {
            Rank::Doubtful
        } else {
            Rank::Checksum
        }
    }

    /// Reads the next byte, the last of the `seen` bytes of the candidate.
    pub(super) fn step(&mut self, byte: u8, seen: u32) -> Step {
        match (self.at, byte) {
            (At::HeaderEnd, b'\n') => self.at = At::LineStart,
            (At::LineStart | At::SumEnd | At::End, MARK) => self.enter_line(),
            (At::Prefix, MARK) if self.is_prefix() => self.enter(At::Network),
            (At::Prefix | At::Network, b'$') if self.may_begin_sentence() => {
                self.enter(At::Sentence);
            }
            (At::Prefix, _) if byte.is_ascii_hexdigit() && self.grow(MAX_PREFIX) => {}
            (At::Network, _) if byte.is_ascii_hexdigit() && self.grow(MAX_NETWORK) => {}
            (At::Network, b',') if self.commas < 3 && self.grow(MAX_NETWORK) => {
                self.commas = self.commas.wrapping_add(1);
            }
            (At::Sentence, b'*') if usize::from(self.len) >= self.word().len() => {
                self.enter(At::Sum);
            }
            (At::Sentence, MARK | b'$' | b'*') => return Step::Reject(ErrorKind::End),
            (At::Sentence, b' '..=b'~') if self.grow_sentence(byte) => {}
            (At::Sum, _) if byte.is_ascii_hexdigit() => return self.read_sum(byte),
            (At::SumEnd, b'\r') => self.at = At::LineEnd,
            (At::LineEnd, b'\n') if self.missing > 0 => self.at = At::LineStart,
            (At::LineEnd, b'\n') => self.at = At::End,
            (At::Mark, MARK) => self.at = At::Marks,
            (At::Marks, b'\r') => self.at = At::MarksEnd,
            (At::MarksEnd, b'\n') => return self.frame(seen),
            _ => {
                return match self.back(byte) {
                    Some(back) => self.frame(seen.wrapping_sub(back)),
                    None => Step::Reject(ErrorKind::End),
                };
            }
        }
        Step::More
    }

    const fn frame(&self, len: u32) -> Step {
        Step::Frame {
            len,
            rank: self.rank(),
        }
    }

    /// Reads a digit of a sum.
    fn read_sum(&mut self, byte: u8) -> Step {
        // 0 to 15.
        let digit = hex_digit(byte).unwrap_or(0) as u8;
        self.len = self.len.wrapping_add(1);
        if self.len == 1 {
            self.sum ^= digit << 4;
            return Step::More;
        }
        self.sum ^= digit;
        self.at = At::SumEnd;
        if self.sum == 0 {
            return Step::More;
        }
        self.is_damaged = true;
        Step::WrongSum
    }

    /// The number of bytes up to this one, which cannot go on, that are not of the frame; `None` if
    /// it is not a frame.
    ///
    /// | what was read last | not of the frame |
    /// |---|---|
    /// | the last sum, its line end, `##` | this byte |
    /// | the CR of a line end | it, too: it ends no line |
    /// | `#`, or `##` before a digit | the last `#`, too: it begins the next frame |
    const fn back(&self, byte: u8) -> Option<u32> {
        match self.at {
            At::SumEnd | At::LineEnd if self.missing > 0 => None,
            At::Marks if byte.is_ascii_digit() => Some(2),
            At::SumEnd | At::End | At::Marks => Some(1),
            At::LineEnd | At::Mark | At::MarksEnd => Some(2),
            _ => None,
        }
    }

    /// Returns the length of the frame if nothing follows the `seen` bytes of it.
    pub(super) const fn second_best(&self, seen: u32) -> Option<u32> {
        match self.at {
            At::SumEnd | At::LineEnd if self.missing > 0 => None,
            At::SumEnd | At::End | At::Mark | At::Marks => Some(seen),
            At::LineEnd | At::MarksEnd => Some(seen.wrapping_sub(1)),
            _ => None,
        }
    }
}
