//! Writes the fields of a message, and keeps the first thing that is wrong with them.

use super::{END, MAX_BODY, Message, START, frame::Frame};
use crate::{
    bytes::write::Writer,
    error::{EncodeError, Error, ErrorKind},
    protocol::single,
    types::{Decimal, Protocol},
};

/// A frame that is being written.
pub(super) struct Encoder<'o> {
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

    /// Start mark, id and command word.
    pub(super) fn header(&mut self, id: &[u8], word: [u8; super::WORD]) {
        if !(super::MIN_ID..=super::MAX_ID).contains(&id.len()) {
            self.fail(EncodeError::DeviceId {
                digits: super::USUAL_ID as u8,
            });
        }
        self.put(&[START]);
        self.put(id);
        self.put(&word);
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.writer.put(bytes);
    }

    /// A number of exactly `width` decimal digits.
    pub(super) fn decimal(&mut self, value: u32, width: usize, field: &'static str) {
        self.exactly(width, field, |writer| {
            writer.put_decimal(value.into(), width)
        });
    }

    /// A number of exactly `width` hexadecimal digits.
    pub(super) fn hex(&mut self, value: u32, width: usize, field: &'static str) {
        self.exactly(width, field, |writer| writer.put_hex(value.into(), width));
    }

    /// Three numbers of two digits, such as a date.
    pub(super) fn pairs(&mut self, pairs: [u8; 3], field: &'static str) {
        for pair in pairs {
            self.decimal(pair.into(), 2, field);
        }
    }

    /// A number of exactly `width` digits, its point counted as one.
    pub(super) fn number(&mut self, value: Decimal, width: usize, field: &'static str) {
        let places = usize::from(value.places());
        self.exactly(width, field, |writer| {
            match 10_u64
                .checked_pow(value.places().into())
                .and_then(|one| value.mantissa().checked_rem(one))
            {
                Some(behind) if places > 0 => {
                    writer.put_decimal(
                        value.whole(),
                        width.saturating_sub(places).saturating_sub(1),
                    );
                    writer.put(b".");
                    writer.put_decimal(behind, places);
                }
                _ => writer.put_decimal(value.whole(), width),
            }
        });
    }

    fn exactly(&mut self, width: usize, field: &'static str, write: impl FnOnce(&mut Writer<'o>)) {
        let before = self.writer.len();
        write(&mut self.writer);
        if self.writer.len().saturating_sub(before) != width {
            self.fail(EncodeError::TooLong { field, max: width });
        }
    }

    /// Keeps what is wrong, if it is the first.
    pub(super) fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }

    /// The bytes of the whole frame.
    pub(super) const fn len(&self) -> usize {
        self.writer.len().saturating_add(1)
    }

    /// The end mark; and the size of the frame, if it is read back as `message`.
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
        if Message::of(&Frame::from_candidate(bytes)) == *message {
            Ok(bytes.len())
        } else {
            Err(EncodeError::NotCanonical)
        }
    }
}
