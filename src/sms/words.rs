//! Words of answers: how they are compared and stripped.

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
        text = strip_prefix(text.trim_ascii_start(), word.as_bytes())?;
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
