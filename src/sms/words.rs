//! Words of answers: how they are found, compared and stripped.

use super::work;

/// The kinds of bytes, a bit each: a byte may be of several.
pub(super) mod kind {
    pub(in crate::sms) const LETTER: u8 = 32;
    /// A byte of a label's words.
    pub(in crate::sms) const WORD: u8 = 1;
    /// White space within a line.
    pub(in crate::sms) const BLANK: u8 = 2;
    /// Other white space.
    pub(in crate::sms) const LINE: u8 = 4;
    /// What ends a field of a state, or its label.
    pub(in crate::sms) const FIELD_MARK: u8 = 8;
    /// What the values of a position stand after.
    pub(in crate::sms) const PLACE_MARK: u8 = 16;
}

/// The kinds of each byte.
static KINDS: [u8; 256] = {
    use kind::{BLANK, FIELD_MARK, LETTER, LINE, PLACE_MARK, WORD};
    let mut kinds = [0; 256];
    let mut rest: &mut [u8] = &mut kinds;
    let mut byte = 0_u8;
    while let [first, more @ ..] = rest {
        *first = match byte {
            b' ' | b'\t' => BLANK,
            b'\n' => LINE | PLACE_MARK,
            _ if byte.is_ascii_whitespace() => LINE,
            b'_' | b'-' | b'(' | b')' => WORD,
            _ if byte.is_ascii_alphabetic() => LETTER | WORD,
            b'0'..=b'9' => WORD,
            b';' | b',' => FIELD_MARK,
            b':' => FIELD_MARK | PLACE_MARK,
            // The full-width colon begins with the last one.
            b'=' | b'<' | 0xEF => PLACE_MARK,
            _ => 0,
        };
        byte = byte.wrapping_add(1);
        rest = more;
    }
    kinds
};

/// Returns whether a byte is of one of these kinds.
pub(super) fn is_of(kinds: u8, byte: u8) -> bool {
    KINDS
        .get(usize::from(byte))
        .is_some_and(|kind| kind & kinds != 0)
}

/// Splits a text before the bytes at its end that are of these kinds.
pub(super) fn split_run(text: &[u8], kinds: u8) -> (&[u8], &[u8]) {
    let run = text.iter().rev().take_while(|byte| is_of(kinds, **byte));
    let len = run.count();
    work::look(len.saturating_add(1));
    text.split_at_checked(text.len().saturating_sub(len))
        .unwrap_or((text, &[]))
}

/// As [`find`], from a place on.
pub(super) fn find_from(text: &[u8], start: usize, kinds: u8) -> Option<usize> {
    Some(find(text.get(start..)?, kinds)?.saturating_add(start))
}

/// Returns the place of the first byte that is of these kinds.
pub(super) fn find(text: &[u8], kinds: u8) -> Option<usize> {
    let found = text.iter().position(|byte| is_of(kinds, *byte));
    work::look(found.unwrap_or(text.len()).saturating_add(1));
    found
}

/// Strips a prefix in any case.
pub(super) fn strip_prefix<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (front, rest) = text.split_at_checked(prefix.len())?;
    front.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Returns the text after these words, each with any white space before it, in any case; without
/// the white space that follows.
pub(super) fn strip_words<'a>(text: &'a [u8], words: &[&str]) -> Option<&'a [u8]> {
    strip_words_only(text, words).map(<[u8]>::trim_ascii_start)
}

/// As [`strip_words`], with the white space that follows.
pub(super) fn strip_words_only<'a>(mut text: &'a [u8], words: &[&str]) -> Option<&'a [u8]> {
    for word in words {
        let trimmed = text.trim_ascii_start();
        work::look(text.len().wrapping_sub(trimmed.len()));
        work::look(word.len());
        text = strip_prefix(trimmed, word.as_bytes())?;
        // A word ends where its letters end; a mark ends by itself.
        let ends_in_letter = word
            .bytes()
            .last()
            .is_some_and(|last| last.is_ascii_alphanumeric());
        if ends_in_letter && text.first().is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
    }
    Some(text)
}

/// Returns whether a byte separates words or ends a sentence.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, b'!' | b'.' | b':' | b',' | b'=') || byte.is_ascii_whitespace()
}

pub(super) fn trim_marks_end(mut text: &[u8]) -> &[u8] {
    while let [front @ .., last] = text {
        if !is_mark(*last) {
            break;
        }
        text = front;
    }
    text
}

pub(super) fn trim_marks(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text {
        if !is_mark(*first) {
            break;
        }
        text = rest;
    }
    text.trim_ascii_end()
}

/// A table of words, with what each stands for.
///
/// Words are found by a hash: those that share one are a chain, which is short.
pub(super) struct Table<T: 'static> {
    entries: &'static [(&'static [u8], T)],
    /// The first entry of each hash, or [`END`].
    heads: [u8; HASHES],
    /// The entry after each one in its chain, or [`END`].
    nexts: [u8; HASHES],
}

const HASH_BITS: u32 = 6;
/// The number of hashes: more than there are words in a table.
const HASHES: usize = 1 << HASH_BITS;
/// The end of a chain.
const END: u8 = u8::MAX;

impl<T: Copy> Table<T> {
    /// Evaluated when the crate is compiled: too many words, or an empty one, do not compile.
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::panic
    )]
    pub(super) const fn new(entries: &'static [(&'static [u8], T)]) -> Self {
        assert!(entries.len() <= HASHES);
        let mut table = Self {
            entries,
            heads: [END; HASHES],
            nexts: [END; HASHES],
        };
        let mut at = 0;
        while at < entries.len() {
            let word = entries[at].0;
            let Some(hash) = hash(word) else {
                panic!("a word is empty")
            };
            table.nexts[at] = table.heads[hash];
            table.heads[hash] = at as u8;
            at += 1;
        }
        table
    }

    /// Returns what a word stands for, in any case.
    pub(super) fn get(&self, word: &[u8]) -> Option<T> {
        let mut at = *self.heads.get(hash(word)?)?;
        loop {
            let (name, meaning) = self.entries.get(usize::from(at))?;
            work::look(if name.len() == word.len() {
                word.len()
            } else {
                1
            });
            if name.eq_ignore_ascii_case(word) {
                return Some(*meaning);
            }
            at = *self.nexts.get(usize::from(at))?;
        }
    }
}

/// The hash of a word, the same in any case; `None` if it is empty.
const fn hash(word: &[u8]) -> Option<usize> {
    let (Some(first), Some(last)) = (word.first(), word.last()) else {
        return None;
    };
    let key = u32::from_be_bytes([0, word.len() as u8, *first | 0x20, *last | 0x20]);
    // 2^32 divided by the golden ratio spreads them.
    let mixed = key.wrapping_mul(0x9E37_79B1);
    Some((mixed >> (u32::BITS - HASH_BITS)) as usize)
}
