//! Writes the fields of a message, and keeps the first error.

use super::Message;
use crate::{
    bytes::write::Writer,
    error::{EncodeError, Error, ErrorKind},
    protocol::{
        single,
        tk103::{END, MAX_BODY, MAX_ID, MIN_ID, START, USUAL_ID, WORD, frame::Frame},
    },
    types::{Decimal, Protocol, Text},
};

/// A frame that is being written.
pub(in crate::protocol::tk103) struct Encoder<'o> {
    writer: Writer<'o>,
    error: Option<EncodeError>,
}

impl<'o> Encoder<'o> {
    pub(super) const fn new(out: &'o mut [u8]) -> Self {
        Self {
            writer: Writer::new(out),
            error: None,
        }
    }

    /// Writes the start mark, the id and the command word.
    pub(super) fn header(&mut self, id: &[u8], word: &[u8; WORD]) {
        if !(MIN_ID..=MAX_ID).contains(&id.len()) {
            self.fail(EncodeError::DeviceId {
                digits: USUAL_ID as u8,
            });
        }
        self.put(&[START]);
        self.put(id);
        self.put(word);
    }

    pub(in crate::protocol::tk103) fn put(&mut self, bytes: &[u8]) {
        self.writer.put(bytes);
    }

    /// Writes a text that is a parameter of a command: printable ASCII, at least one character.
    pub(in crate::protocol::tk103) fn text(&mut self, text: Text<'_>) {
        match text {
            Text::Bytes(bytes) if is_parameter(bytes) => self.put(bytes),
            _ => self.fail(EncodeError::Text),
        }
    }

    /// Writes a number of exactly `width` decimal digits.
    pub(in crate::protocol::tk103) fn decimal(
        &mut self,
        value: u32,
        width: usize,
        field: &'static str,
    ) {
        self.exactly(width, field, |writer| {
            writer.put_decimal(value.into(), width)
        });
    }

    /// Writes a number of exactly `width` hexadecimal digits.
    pub(in crate::protocol::tk103) fn hex(
        &mut self,
        value: u32,
        width: usize,
        field: &'static str,
    ) {
        self.exactly(width, field, |writer| writer.put_hex(value.into(), width));
    }

    /// Writes three numbers of two digits, such as a date.
    pub(super) fn pairs(&mut self, pairs: [u8; 3], field: &'static str) {
        if pairs.iter().any(|&pair| pair > 99) {
            self.fail(EncodeError::TooLong { field, max: 2 });
        }
        self.writer.put_pairs(pairs);
    }

    /// Writes a number of exactly `width` characters, its point included.
    pub(super) fn number(&mut self, value: Decimal, width: usize, field: &'static str) {
        let whole_width = match usize::from(value.places()) {
            0 => width,
            places => width.saturating_sub(places).saturating_sub(1),
        };
        self.exactly(width, field, |writer| writer.put_number(value, whole_width));
    }

    fn exactly(&mut self, width: usize, field: &'static str, write: impl FnOnce(&mut Writer<'o>)) {
        let before = self.writer.len();
        write(&mut self.writer);
        if self.writer.len().saturating_sub(before) != width {
            self.fail(EncodeError::TooLong { field, max: width });
        }
    }

    /// Keeps the error, if it is the first.
    pub(super) fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }

    /// Returns the length of the whole frame.
    pub(super) const fn len(&self) -> usize {
        self.writer.len().saturating_add(1)
    }

    /// Writes the end mark, and returns the length of the frame if it is read as `message`.
    pub(super) fn finish(mut self, message: &Message<'_>) -> Result<usize, EncodeError> {
        self.put(&[END]);
        if let Some(error) = self.error {
            return Err(error);
        }
        let bytes = &*self.writer.finish()?;
        match single(bytes, Protocol::Tk103) {
            Ok(()) => {}
            Err(Error {
                kind: ErrorKind::Oversize,
                ..
            }) => {
                return Err(EncodeError::TooLong {
                    field: "body",
                    max: MAX_BODY,
                });
            }
            Err(Error {
                kind: ErrorKind::Field | ErrorKind::DeviceId,
                ..
            }) => return Err(EncodeError::Text),
            Err(_) => return Err(EncodeError::Ambiguous),
        }
        if Message::read(&Frame::from_candidate(bytes)) == *message {
            Ok(bytes.len())
        } else {
            Err(EncodeError::NotCanonical)
        }
    }
}

/// Whether a text can be a parameter of a command: printable ASCII, at least one character.
pub(in crate::protocol::tk103) fn is_parameter(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| matches!(byte, b' '..=b'~'))
}
