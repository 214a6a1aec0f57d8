//! The text of a short message, and how it is written.

use super::CommandError;
use core::{fmt, ops::Deref};
use heapless::String;

/// The text of one short message: at most 160 characters of the GSM 7-bit alphabet that are ASCII
/// too. Derefs to `str`.
///
/// In that alphabet each of `[ \ ] ^ { | } ~` takes the room of two characters, and `` ` `` does
/// not exist.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sms {
    text: String<{ Self::MAX_LEN }>,
}

impl Sms {
    /// The greatest number of characters in a message.
    pub const MAX_LEN: usize = 160;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Deref for Sms {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Sms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Sms {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=str}", self.as_str());
    }
}

/// A message that is being written. Text without room is counted all the same.
pub(super) struct Draft {
    text: String<{ Sms::MAX_LEN }>,
    /// The length in characters of the GSM alphabet.
    len: usize,
}

impl Draft {
    pub(super) const fn new() -> Self {
        Self {
            text: String::new(),
            len: 0,
        }
    }

    /// Appends texts that were checked to be in the alphabet.
    pub(super) fn put(&mut self, parts: &[&str]) {
        for part in parts {
            let doubled = part
                .bytes()
                .filter(|byte| matches!(byte, b'['..=b'^' | b'{'..=b'~'))
                .count();
            self.len = self.len.saturating_add(part.len()).saturating_add(doubled);
            // If the text does not fit, the length says so.
            let _ = self.text.push_str(part);
        }
    }

    /// Appends a number in decimal, with leading zeros up to `width` digits. It does without
    /// `core::fmt`, which is large on a microcontroller.
    pub(super) fn put_number(&mut self, mut value: u32, width: usize) {
        let mut digits = [b'0'; 10];
        let mut used = 0_usize;
        for place in digits.iter_mut().rev() {
            *place = b'0' | (value % 10) as u8;
            value /= 10;
            used = used.saturating_add(1);
            if value == 0 && used >= width {
                break;
            }
        }
        let text = digits
            .get(digits.len().saturating_sub(used)..)
            .unwrap_or_default();
        self.put(&[core::str::from_utf8(text).unwrap_or_default()]);
    }

    /// Returns the message.
    ///
    /// # Errors
    /// If the text is longer than a short message.
    pub(super) fn finish(self) -> Result<Sms, CommandError> {
        if self.len > Sms::MAX_LEN {
            Err(CommandError::TooLong { len: self.len })
        } else {
            Ok(Sms { text: self.text })
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    fn draft(parts: &[&str]) -> Draft {
        let mut draft = Draft::new();
        draft.put(parts);
        draft
    }

    #[test]
    fn counts_in_the_alphabet_of_gsm() {
        let eighty = "[".repeat(80);
        assert_eq!(draft(&[&eighty]).finish().unwrap().to_string(), eighty);
        assert_eq!(
            draft(&[&eighty, "a"]).finish(),
            Err(CommandError::TooLong { len: 161 })
        );
        assert_eq!(
            draft(&["a".repeat(160).as_str()]).finish().unwrap().len(),
            160
        );
        assert_eq!(
            draft(&["a", &"b".repeat(170), "c"]).finish(),
            Err(CommandError::TooLong { len: 172 })
        );
    }

    #[test]
    fn numbers() {
        let mut draft = draft(&["a"]);
        draft.put_number(0, 1);
        draft.put_number(80, 3);
        draft.put_number(u32::MAX, 2);
        assert_eq!(draft.finish().unwrap().as_str(), "a00804294967295");
    }
}
