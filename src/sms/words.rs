//! Words of answers: how they are compared and stripped.

use super::work;

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

/// A table of words in lower case, with what each stands for; most texts that are not in it are
/// known by their length or their first letter.
pub(super) struct Table<T: 'static> {
    entries: &'static [(&'static [u8], T)],
    /// A bit for each length.
    lengths: u32,
    /// A bit for each first letter, by its lower five bits.
    letters: u32,
}

impl<T: Copy> Table<T> {
    pub(super) const fn new(entries: &'static [(&'static [u8], T)]) -> Self {
        let (mut lengths, mut letters) = (0, 0);
        let mut rest = entries;
        while let [(word, _), more @ ..] = rest {
            lengths |= bit(word.len());
            if let [first, ..] = word {
                letters |= bit(*first as usize);
            }
            rest = more;
        }
        Self {
            entries,
            lengths,
            letters,
        }
    }

    /// Returns what a word stands for, in any case.
    pub(super) fn get(&self, word: &[u8]) -> Option<T> {
        let first = *word.first()?;
        if word.len() >= 32 || bit(word.len()) & self.lengths == 0 {
            return None;
        }
        if bit(first.into()) & self.letters == 0 {
            return None;
        }
        work::look(word.len());
        let known = self
            .entries
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word));
        known.map(|(_, value)| *value)
    }
}

/// The bit for a number, by its lower five bits.
const fn bit(number: usize) -> u32 {
    1_u32.wrapping_shl(number as u32)
}
