//! One direction of a TCP connection: segments as they were captured go in, bytes in order come
//! out, and how many are missing.

use gt02::types::DateTime;
use std::collections::BTreeMap;

/// Bytes that are kept while some before them are missing. A tracker has no larger window.
const EARLY_LIMIT: usize = 64 * 1024;

/// What comes next in the stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes, and when they were captured.
    Bytes(Option<DateTime>, Vec<u8>),
    /// That many bytes are not in the capture.
    Missing(u64),
}

/// A segment of TCP, without its ports.
#[derive(Clone, Copy)]
pub struct Segment<'a> {
    pub at: Option<DateTime>,
    pub sequence: u32,
    pub syn: bool,
    pub fin: bool,
    pub payload: &'a [u8],
}

/// The segments of one direction.
///
/// Bytes are counted from the first one that is expected. Of bytes that were sent twice, those of
/// the segment that begins first are taken.
#[derive(Default)]
pub struct Stream {
    /// The sequence number of the next byte, once it is known.
    next_sequence: Option<u32>,
    /// Whether that is only known from a segment without bytes. One that keeps the connection alive
    /// has the number before.
    is_next_vague: bool,
    /// The number of the next byte.
    next: u64,
    /// Segments that were not taken yet, by the number of their first byte, and by their order.
    early: BTreeMap<(u64, u64), (Option<DateTime>, Vec<u8>)>,
    early_len: usize,
    segments: u64,
    /// The number of the byte up to which the receiver has all.
    acknowledged: u64,
    /// The number of bytes in the whole stream, once its end is known.
    end: Option<u64>,
    /// Whether no segment will come any more.
    is_over: bool,
}

impl Stream {
    /// Takes a segment.
    pub fn push(&mut self, segment: Segment<'_>) {
        let sequence = segment.sequence.wrapping_add(segment.syn.into());
        if self.next_sequence.is_none() {
            self.is_next_vague = !segment.syn && !segment.fin && segment.payload.is_empty();
        }
        let Some(start) = self.number(sequence) else {
            return;
        };
        let len = i64::try_from(segment.payload.len()).unwrap_or(i64::MAX);
        let end = u64::try_from(start.saturating_add(len)).unwrap_or(0);
        if segment.fin {
            self.end.get_or_insert(end);
        }
        if end <= self.next || segment.payload.is_empty() {
            return;
        }
        // What lies before the first byte that is expected is not wanted.
        let skipped = usize::try_from(start.min(0).unsigned_abs()).unwrap_or(usize::MAX);
        let payload = segment.payload.get(skipped..).unwrap_or_default();
        let start = u64::try_from(start).unwrap_or(0);
        self.segments = self.segments.saturating_add(1);
        self.early_len = self.early_len.saturating_add(payload.len());
        self.early
            .insert((start, self.segments), (segment.at, payload.to_vec()));
    }

    /// Takes the sequence number that the receiver expects next.
    pub fn acknowledge(&mut self, sequence: u32) {
        let number = self.number(sequence).unwrap_or(0);
        self.acknowledged = self.acknowledged.max(u64::try_from(number).unwrap_or(0));
    }

    /// Expects no more segments.
    pub fn finish(&mut self) {
        self.is_over = true;
    }

    /// Whether the sender said that there is no more, and all of it was taken.
    pub fn has_ended(&self) -> bool {
        self.end.is_some_and(|end| end <= self.next)
    }

    /// Returns what comes next, if it is known.
    ///
    /// Bytes are missing for good if the receiver has them and the capture does not, if too many
    /// came after them, or if nothing follows.
    pub fn pop(&mut self) -> Option<Piece> {
        while let Some((&(start, _), _)) = self.early.first_key_value() {
            if start == 1 && self.next == 0 && self.is_next_vague {
                self.advance(1);
            }
            if start > self.next {
                let gives_up =
                    self.is_over || start <= self.acknowledged || self.early_len > EARLY_LIMIT;
                return gives_up.then(|| self.skip_to(start));
            }
            let (_, (at, mut bytes)) = self.early.pop_first()?;
            self.early_len = self.early_len.saturating_sub(bytes.len());
            let repeated = usize::try_from(self.next.saturating_sub(start)).unwrap_or(usize::MAX);
            if repeated < bytes.len() {
                bytes.drain(..repeated);
                self.advance(bytes.len() as u64);
                return Some(Piece::Bytes(at, bytes));
            }
        }
        self.missing_tail()
    }

    /// What the end of the stream lacks, once nothing follows.
    fn missing_tail(&mut self) -> Option<Piece> {
        let end = match self.end {
            Some(end) => end,
            // A single byte may be the end, which is acknowledged like a byte.
            None if self.acknowledged.saturating_sub(self.next) == 1 => return None,
            None => self.acknowledged,
        };
        (self.is_over && end > self.next).then(|| self.skip_to(end))
    }

    fn skip_to(&mut self, number: u64) -> Piece {
        let missing = number.saturating_sub(self.next);
        self.advance(missing);
        Piece::Missing(missing)
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "sequence numbers wrap around"
    )]
    fn advance(&mut self, bytes: u64) {
        self.next = self.next.saturating_add(bytes);
        self.next_sequence = self
            .next_sequence
            .map(|sequence| sequence.wrapping_add(bytes as u32));
    }

    /// The number of the byte with that sequence number. The first number that is asked for becomes
    /// that of byte 0; bytes before that one have negative numbers.
    fn number(&mut self, sequence: u32) -> Option<i64> {
        let expected = *self.next_sequence.get_or_insert(sequence);
        let distance = sequence.wrapping_sub(expected).cast_signed();
        i64::try_from(self.next)
            .ok()?
            .checked_add(i64::from(distance))
    }
}
