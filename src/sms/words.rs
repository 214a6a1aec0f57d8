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

/// A table of words in lower case, with what each stands for; the shortest words come first, so
/// that a word is compared with those of its length alone.
pub(super) struct Table<T: 'static> {
    entries: &'static [(&'static [u8], T)],
    /// Where the words of each length begin.
    starts: [u8; MAX_WORD + 2],
}

/// The longest word of a table, in bytes.
const MAX_WORD: usize = 24;

impl<T: Copy> Table<T> {
    /// Evaluated when the crate is compiled: words in another order do not compile.
    #[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects)]
    pub(super) const fn new(entries: &'static [(&'static [u8], T)]) -> Self {
        let mut starts = [0; MAX_WORD + 2];
        let (mut at, mut len) = (0, 0);
        while len < starts.len() {
            while at < entries.len() && entries[at].0.len() < len {
                assert!(at == 0 || entries[at - 1].0.len() <= entries[at].0.len());
                at += 1;
            }
            starts[len] = at as u8;
            len += 1;
        }
        assert!(at == entries.len());
        Self { entries, starts }
    }

    /// Returns what a word stands for, in any case.
    pub(super) fn get(&self, word: &[u8]) -> Option<T> {
        let [start, end, ..] = self.starts.get(word.len()..)? else {
            return None;
        };
        let entries = self.entries.get(usize::from(*start)..usize::from(*end))?;
        work::look(word.len());
        let first = word.first()?.to_ascii_lowercase();
        let known = entries
            .iter()
            .find(|(name, _)| name.first() == Some(&first) && name.eq_ignore_ascii_case(word));
        known.map(|(_, value)| *value)
    }
}
