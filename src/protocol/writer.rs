//! Writes frames into the caller's buffer, and counts what they take even where it is too small.

use crate::error::EncodeError;

/// Bytes that are appended to a buffer. Those that have no room are counted all the same.
pub(super) struct Writer<'o> {
    out: &'o mut [u8],
    len: usize,
}

impl<'o> Writer<'o> {
    pub(super) const fn new(out: &'o mut [u8]) -> Self {
        Self { out, len: 0 }
    }

    /// Appends bytes.
    pub(super) fn put(&mut self, bytes: &[u8]) {
        let end = self.len.saturating_add(bytes.len());
        if let Some(room) = self.out.get_mut(self.len..end) {
            // Byte by byte, for the reason that `wire::write` gives.
            for (to, from) in room.iter_mut().zip(bytes) {
                *to = *from;
            }
        }
        self.len = end;
    }

    /// How many bytes were appended, those without room included.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// What was written.
    ///
    /// # Errors
    /// If the buffer was too small.
    pub(super) fn finish(self) -> Result<&'o mut [u8], EncodeError> {
        self.out.get_mut(..self.len).ok_or(EncodeError::BufferTooSmall { needed: self.len })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_has_no_room() {
        let mut out = [0; 3];
        let mut writer = Writer::new(&mut out);
        writer.put(b"ab");
        writer.put(b"cd");
        writer.put(b"e");
        assert_eq!(writer.len(), 5);
        assert_eq!(writer.finish(), Err(EncodeError::BufferTooSmall { needed: 5 }));
    }
}
