//! Finds the frames of this protocol. [The module](super) says what makes a frame.
//!
//! # How this works
//! A header says where its frame ends, and only the end mark and the checksum there decide. So a
//! header that is whole becomes a [`Record`], which sleeps until an end mark: at each `0D 0A` every
//! record is compared with it. A comparison is one of two 16-bit [keys](super::crc16::Running), no
//! checksum is computed anew: [`Mark`].
//!
//! * The end mark where the length says, with a right checksum: a frame.
//! * A right checksum elsewhere, within [`REPAIR_LIMIT`] bytes: a frame whose length is wrong, by
//!   its second-best claim.
//! * The end mark where the length says, with a wrong checksum: noise; or a frame by its
//!   second-best claim, if the decoder was asked to accept those.
//!
//! [`RECORDS`] headers are remembered: the first, and the youngest. A frame is lost if more headers
//! than that are in it *and* something that began before it is still open.

#[cfg(test)]
mod tests;

use super::{
    ADDRESS, CRC_AND_END, END, Frame, Header, LONG, LONG_HEADER, LONG_UNCOUNTED, MAX_SHORT_FRAME,
    MIN_FRAME_LEN, MIN_LENGTH, REPAIR_LIMIT, SHORT, SHORT_HEADER, SHORT_UNCOUNTED, SNIFFED,
    crc16::{self, Running},
    frame::is_known,
};
use crate::{
    error::ErrorKind,
    framing::{
        Believed, Change, Claim, Framing, Grave, Limits, Place, Plain, Rank, SecondBest, Track,
        Wire,
    },
    types::Protocol,
};

/// This protocol, for the engine.
pub(crate) struct Framer;

impl Wire for Framer {
    type Tracker = Tracker;

    const PROTOCOL: Protocol = Protocol::Gt06;

    const IS_BINARY: bool = true;

    #[inline]
    fn is_start(byte: u8) -> bool {
        matches!(byte, SHORT | LONG)
    }

    #[inline]
    fn may_begin(first: u8, second: u8) -> bool {
        (first == second) & ((first == SHORT) | (first == LONG))
    }

    fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing {
        let total = match total(window, limits) {
            Ok(total) => total,
            Err(verdict) => return verdict,
        };
        let is_right = |len: usize| window.get(..len).is_some_and(checksum_ok);
        if is_right(total) {
            return Framing::Complete { len: total };
        }
        let repaired = repaired(window.get(..limits.max as usize).unwrap_or(window));
        let wrong = match window.get(..total) {
            Some(frame) if frame.ends_with(&END) => {
                if limits.accept_bad_crc && repaired.is_none_or(|len| len > total) {
                    return Framing::Complete { len: total };
                }
                Framing::invalid(ErrorKind::Checksum, total.wrapping_sub(CRC_AND_END))
            }
            Some(_) => Framing::invalid(ErrorKind::End, total.wrapping_sub(END.len())),
            None => Framing::Incomplete { needed: total },
        };
        let is_final = end || window.len() >= total;
        match repaired {
            Some(len) if is_final => Framing::Complete { len },
            _ if end || window.len() >= total.max(REPAIR_LIMIT) => wrong,
            _ => Framing::Incomplete {
                needed: total.max(window.len().wrapping_add(1)),
            },
        }
    }

    /// A short frame is looked at as a whole; of a longer one the number decides.
    fn sniff(bytes: &[u8]) -> Framing {
        let total = match total(bytes, &Limits::new(usize::MAX)) {
            Ok(total) => total,
            Err(verdict) => return verdict,
        };
        let frame = Frame::from_candidate(bytes);
        let header = if frame.header() == Header::Short {
            SHORT_HEADER
        } else {
            LONG_HEADER
        };
        if bytes.len() < header {
            return Framing::Incomplete { needed: header };
        }
        if total > SNIFFED && is_known(frame.code()) {
            return Framing::Complete { len: header };
        }
        if total > MAX_SHORT_FRAME {
            return Framing::invalid(ErrorKind::Field, header.wrapping_sub(1));
        }
        let Some(frame) = bytes.get(..total) else {
            return Framing::Incomplete { needed: total };
        };
        // One real GT02A sends frames whose checksum is wrong.
        let is_known = is_known(Frame::from_candidate(frame).code());
        if checksum_ok(frame) || is_known && frame.ends_with(&END) {
            return Framing::Complete { len: total };
        }
        match repaired(bytes.get(..SNIFFED).unwrap_or(bytes)) {
            Some(len) => Framing::Complete { len },
            None if bytes.len() < SNIFFED => Framing::Incomplete {
                needed: bytes.len().wrapping_add(1),
            },
            None => Framing::invalid(ErrorKind::Checksum, total.wrapping_sub(CRC_AND_END)),
        }
    }

    #[inline]
    fn plain(window: &[u8]) -> Plain {
        let len = match *window {
            [SHORT, SHORT, length, ..] if length >= MIN_LENGTH_BYTE => {
                usize::from(length).wrapping_add(SHORT_UNCOUNTED)
            }
            [LONG, LONG, high, low, ..] if high > 0 || low >= MIN_LENGTH_BYTE => {
                usize::from(u16::from_be_bytes([high, low])).wrapping_add(LONG_UNCOUNTED)
            }
            [SHORT] | [LONG] | [SHORT, SHORT] | [LONG, LONG] | [LONG, LONG, _] => {
                return Plain::Incomplete {
                    needed: LONG_HEADER,
                };
            }
            _ => return Plain::Unsure,
        };
        match window.get(..len) {
            Some(frame) if frame.ends_with(&END) => Plain::Frame { len },
            Some(_) => Plain::Unsure,
            None => Plain::Incomplete { needed: len },
        }
    }

    #[inline]
    fn is_believed(frame: &[u8]) -> bool {
        match frame {
            [SHORT, _, length, code, ..] => has_documented_length(*code, *length),
            _ => false,
        }
    }

    #[inline]
    fn has_right_checksum(frame: &[u8]) -> bool {
        checksum_ok(frame)
    }
}

/// The least length, as a byte.
const MIN_LENGTH_BYTE: u8 = MIN_LENGTH as u8;

/// The number of bytes that the header says the frame has; or what the header says otherwise.
fn total(window: &[u8], limits: &Limits) -> Result<usize, Framing> {
    let needed = |needed| Err(Framing::Incomplete { needed });
    let (length, uncounted) = match *window {
        [SHORT, SHORT, 0, length, code, ..] if code == ADDRESS => (length.into(), LONG_UNCOUNTED),
        [SHORT, SHORT, 0] | [SHORT, SHORT, 0, _] => return needed(LONG_HEADER),
        [SHORT, SHORT, length, ..] => (length.into(), SHORT_UNCOUNTED),
        [LONG, LONG, high, low, ..] => (u16::from_be_bytes([high, low]), LONG_UNCOUNTED),
        [LONG, LONG, ..] => return needed(LONG_HEADER - 1),
        [SHORT, SHORT] => return needed(SHORT_HEADER - 1),
        [] | [SHORT | LONG] => return needed(SHORT_HEADER - 2),
        _ => return Err(Framing::invalid(ErrorKind::Start, 0)),
    };
    if length < MIN_LENGTH {
        return Err(Framing::invalid(ErrorKind::Length, 2));
    }
    let total = usize::from(length).wrapping_add(uncounted);
    if total > limits.max as usize {
        return Err(Framing::invalid(ErrorKind::Oversize, 2));
    }
    Ok(total)
}

/// Whether a frame, end mark included, has a right checksum.
#[inline]
pub(super) fn checksum_ok(frame: &[u8]) -> bool {
    match frame {
        [_, _, covered @ .., high, low, 0x0D, 0x0A] => {
            crc16::checksum(covered) == u16::from_be_bytes([*high, *low])
        }
        _ => false,
    }
}

/// The length of the first frame in the window that ends with an end mark and has a right checksum,
/// whatever its length field says. The tracker finds the same by keys.
fn repaired(window: &[u8]) -> Option<usize> {
    let window = window.get(..REPAIR_LIMIT).unwrap_or(window);
    (MIN_FRAME_LEN..=window.len()).find(|&len| window.get(..len).is_some_and(checksum_ok))
}

/// Whether this number and length are those of a documented message of fixed size, which has 64
/// bytes at most.
///
/// Such a frame is believed until all its bytes are there: frames inside it wait. So no such
/// message is split because its coordinates spell a frame.
const fn has_documented_length(code: u8, length: u8) -> bool {
    matches!(
        (code, length),
        (0x12, 0x1F | 0x23)
            | (0x13, 0x0A)
            | (0x01, 0x0D | 0x11)
            | (0x22, 0x22 | 0x26)
            | (0x10, 0x17 | 0x19)
            | (0x11, 0x13 | 0x15)
            | (0x16 | 0x26, 0x25 | 0x29)
            | (0x27, 0x26 | 0x2A)
            | (0x18 | 0x28, 0x3B)
            | (0x1A | 0x2A, 0x2E)
            | (0x17, 0x24)
            | (0x19, 0x12)
            | (0x23, 0x0B)
            | (0x8B, 0x0D)
    )
}

/// Headers that are remembered; a power of two.
const RECORDS: usize = 16;

/// A frame whose header is whole.
#[derive(Clone, Copy, Debug)]
struct Record {
    start: Place,
    /// Bytes that the frame has by its length.
    total: u16,
    /// The running checksum where the frame's checksum begins.
    begin: Running,
    /// The place where it [closes](Self::close); or ends by its length, if it is documented and
    /// ends before.
    due: Place,
    /// Bytes that it has by its second-best claim; 0 if it has none.
    second_best: u16,
    /// Whether its end mark is where the length says, with a wrong checksum.
    is_damaged: bool,
    is_shown: bool,
    /// Whether it has the number and the length of a documented message.
    is_documented: bool,
}

impl Record {
    const NONE: Self = Self {
        start: Place::ZERO,
        total: 0,
        begin: Running::NEW,
        due: Place::ZERO,
        second_best: 0,
        is_damaged: false,
        is_shown: false,
        is_documented: false,
    };

    const fn claim(&self, len: u16, rank: Rank) -> Claim {
        Claim {
            protocol: Protocol::Gt06,
            start: self.start,
            len: len as u32,
            rank,
            least: 0,
        }
    }

    /// The place where it ends by its length.
    const fn own_end(&self) -> Place {
        self.start.plus(self.total as u32)
    }

    /// The place where nothing better can come of it any more.
    #[inline]
    fn close(&self, limits: &Limits) -> Place {
        let repair_limit = (REPAIR_LIMIT as u32).min(limits.max);
        self.start.plus(match self.second_best {
            0 => u32::from(self.total).max(repair_limit),
            _ => u32::from(self.total),
        })
    }

    /// The place of [`due`](Self::due) after `end`.
    fn due_after(&self, end: Place, limits: &Limits) -> Place {
        let own_end = self.own_end();
        if self.is_documented && end.is_before(own_end) {
            own_end
        } else {
            self.close(limits)
        }
    }

    /// Whether nothing better can come of it.
    #[inline]
    fn is_closed(&self, end: Place, limits: &Limits) -> bool {
        !end.is_before(self.close(limits))
    }
}

/// What the end mark of a frame must have: the upper half is the key, the lower one the last bits
/// of its place.
///
/// One half is enough to look at the record, so that most are passed by after one comparison.
#[derive(Clone, Copy, Debug)]
struct Mark(u32);

impl Mark {
    const fn new(key: u16, end: Place) -> Self {
        Self((key as u32) << 16 | end.modulo::<0x1_0000>() as u32)
    }

    /// Whether the keys or the places may be the same.
    #[inline]
    const fn may_be(self, end: Self) -> bool {
        let differs = self.0 ^ end.0;
        differs >> 16 == 0 || differs << 16 == 0
    }

    const fn key(self) -> u16 {
        (self.0 >> 16) as u16
    }
}

/// Records in the order of their starts: the first, and the youngest.
#[derive(Clone, Debug)]
struct Records {
    records: [Record; RECORDS],
    /// The end mark of each record, of the first `marked` ones: most records die before an end mark
    /// comes, so that nobody asks for theirs.
    marks: [Mark; RECORDS],
    marked: usize,
    /// Index of the first record, modulo their number.
    first: usize,
    len: usize,
}

impl Records {
    fn get(&self, index: usize) -> Option<&Record> {
        (index < self.len).then(|| self.slot(index))?
    }

    #[inline]
    fn slot(&self, index: usize) -> Option<&Record> {
        self.records.get(self.index(index))
    }

    #[inline]
    fn slot_mut(&mut self, index: usize) -> Option<&mut Record> {
        let index = self.index(index);
        self.records.get_mut(index)
    }

    fn iter(&self) -> impl Iterator<Item = &Record> {
        (0..self.len).filter_map(|index| self.slot(index))
    }

    /// Adds the youngest, which is to be filled in. Where there is no room, the second goes.
    #[inline]
    fn push(&mut self) -> Option<&mut Record> {
        if self.len == RECORDS {
            self.remove(1);
        }
        let len = self.len;
        self.len = len.wrapping_add(1);
        self.slot_mut(len)
    }

    fn pop_first(&mut self) {
        self.first = self.first.wrapping_add(1);
        self.len = self.len.saturating_sub(1);
        self.marked = self.marked.saturating_sub(1);
    }

    /// Removes the record at `index`: each record before it takes the place of the next one.
    fn remove(&mut self, index: usize) {
        // One without a mark leaves as many with one.
        if index >= self.marked {
            self.marked = self.marked.wrapping_add(1);
        }
        for at in (1..=index).rev() {
            self.copy(at.wrapping_sub(1), at);
        }
        self.pop_first();
    }

    /// Copies a record and its mark to another index.
    // Field by field: as a whole it would be copied by `memmove`, because the two may be the same
    // for all that the compiler knows, and nothing else takes that much flash.
    fn copy(&mut self, from: usize, to: usize) {
        let mark = self.mark(from);
        if let Some(slot) = self.mark_mut(to) {
            *slot = mark;
        }
        let Some(&Record {
            start,
            total,
            begin,
            due,
            second_best,
            is_damaged,
            is_shown,
            is_documented,
        }) = self.slot(from)
        else {
            return;
        };
        if let Some(slot) = self.slot_mut(to) {
            slot.start = start;
            slot.total = total;
            slot.begin = begin;
            slot.due = due;
            slot.second_best = second_best;
            slot.is_damaged = is_damaged;
            slot.is_shown = is_shown;
            slot.is_documented = is_documented;
        }
    }

    /// Where the record at `index`, and its mark, are kept.
    #[inline]
    const fn index(&self, index: usize) -> usize {
        self.first.wrapping_add(index) & (RECORDS - 1)
    }

    #[inline]
    fn mark(&self, index: usize) -> Mark {
        self.marks
            .get(self.index(index))
            .copied()
            .unwrap_or(Mark(0))
    }

    #[inline]
    fn mark_mut(&mut self, index: usize) -> Option<&mut Mark> {
        let index = self.index(index);
        self.marks.get_mut(index)
    }

    /// Finds the end marks of the records that have none yet.
    #[inline]
    fn mark_all(&mut self) {
        while self.marked < self.len {
            if let Some(record) = self.slot(self.marked) {
                let mark = Mark::new(record.begin.begins(), record.own_end());
                if let Some(slot) = self.mark_mut(self.marked) {
                    *slot = mark;
                }
            }
            self.marked = self.marked.wrapping_add(1);
        }
    }
}

/// All candidates of this protocol.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    /// Bit `i`: a header `78 78` may have begun `i` bytes before the last byte.
    short: u8,
    /// Bit `i`: a header `79 79` may have begun `i` bytes before the last byte.
    long: u8,
    /// The last four bytes, the last one lowest.
    recent: u32,
    /// The running checksum after the last byte, before it, and so on.
    running: [Running; 5],
    records: Records,
    /// A place up to which no record [closes](Record::close), and none that is documented ends.
    due: Place,
    /// Whether a record was shown to be a frame.
    has_shown: bool,
    /// Whether a record may have the header of a documented message.
    has_documented: bool,
    /// Whether a record may have a second-best claim.
    has_second_best: bool,
}

impl Tracker {
    /// Follows the headers. Returns whether one died.
    fn follow_headers(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> bool {
        let on = |yes: bool, bits: u8| if yes { bits } else { 0 };
        let (short, long) = (self.short << 1, self.long << 1);
        self.short = (short | 1)
            & (on(byte == SHORT, 0b11)
                | on(byte == 0 || byte >= MIN_LENGTH_BYTE, 1 << 2)
                | 1 << 3
                | on(byte == ADDRESS, 1 << 4));
        self.long = (long | 1) & (on(byte == LONG, 0b11) | 0b11 << 2);
        // A header that dies matters only if it may be the oldest candidate.
        let died = short & !self.short | long & !self.long;
        let mut is_changed = died != 0 && self.records.len == 0;
        let [_, low, _, _] = self.recent.to_le_bytes();
        // After the first byte that the checksum covers comes the length.
        if self.short & 1 << 2 != 0 && byte != 0 {
            self.short &= !(1 << 2);
            let total = u32::from(byte).wrapping_add(SHORT_UNCOUNTED as u32);
            is_changed |= self.open(end.minus(3), total, 1, limits, grave);
        }
        if self.short & 1 << 4 != 0 {
            self.short &= !(1 << 4);
            if low >= MIN_LENGTH_BYTE {
                let total = u32::from(low).wrapping_add(LONG_UNCOUNTED as u32);
                is_changed |= self.open(end.minus(5), total, 3, limits, grave);
            } else {
                is_changed = true;
            }
        }
        if self.long & 1 << 3 != 0 {
            self.long &= !(1 << 3);
            let length = self.recent & 0xFFFF;
            if length >= u32::from(MIN_LENGTH) {
                let total = length.wrapping_add(LONG_UNCOUNTED as u32);
                is_changed |= self.open(end.minus(4), total, 2, limits, grave);
            } else {
                is_changed = true;
            }
        }
        is_changed
    }

    /// Remembers a header that is whole. The checksum began `back` bytes ago. Returns whether the
    /// frame is too large. If another one is dropped, the oldest stays.
    fn open(
        &mut self,
        start: Place,
        total: u32,
        back: usize,
        limits: &Limits,
        grave: &mut Grave,
    ) -> bool {
        match (u16::try_from(total), self.running.get(back)) {
            (Ok(total), Some(begin)) if u32::from(total) <= limits.max => {
                let is_first = self.records.len == 0;
                let Some(record) = self.records.push() else {
                    return false;
                };
                record.start = start;
                record.total = total;
                record.begin = *begin;
                record.second_best = 0;
                record.is_damaged = false;
                record.is_shown = false;
                record.is_documented = false;
                record.due = record.close(limits);
                self.due = if is_first {
                    record.due
                } else {
                    self.due.min(record.due)
                };
                false
            }
            _ => {
                grave.bury(start, ErrorKind::Oversize);
                true
            }
        }
    }

    /// Compares all records with the end mark that the last bytes are. Returns whether one is a
    /// frame.
    fn end_frames(&mut self, end: Place, limits: &Limits) -> bool {
        let [.., before_crc] = self.running;
        let end_mark = Mark::new(before_crc.ends((self.recent >> 16) as u16), end);
        let repair_limit = (REPAIR_LIMIT as u32).min(limits.max);
        let mut is_shown = false;
        self.records.mark_all();
        for index in 0..self.records.len {
            let mark = self.records.mark(index);
            if !mark.may_be(end_mark) {
                continue;
            }
            let Some(record) = self.records.slot_mut(index) else {
                break;
            };
            let is_end = record.own_end() == end;
            let is_right = mark.key() == end_mark.key();
            if !is_end && !is_right {
                continue;
            }
            let len = end.since(record.start);
            if is_end {
                record.is_shown = is_right;
                record.is_damaged = !is_right;
                is_shown |= is_right;
                if !is_right && limits.accept_bad_crc && record.second_best == 0 {
                    record.second_best = record.total;
                }
            } else if record.second_best == 0 && len >= MIN_FRAME_LEN as u32 && len <= repair_limit
            {
                record.second_best = len as u16;
            }
            if record.second_best > 0 {
                self.has_second_best = true;
                record.due = record.due_after(end.minus(1), limits);
                self.due = self.due.min(record.due);
            }
        }
        is_shown
    }

    /// Drops the records that nothing can come of. Returns whether something may be decided.
    fn close(&mut self, end: Place, limits: &Limits, grave: &mut Grave) -> bool {
        /// Further than any record is due.
        const FAR: u32 = 1 << 20;
        let mut is_changed = false;
        let mut index = 0_usize;
        let mut due = end.plus(FAR);
        while index < self.records.len {
            let Some(record) = self.records.slot_mut(index) else {
                break;
            };
            index = index.wrapping_add(1);
            if end.is_before(record.due) {
                due = due.min(record.due);
                continue;
            }
            let is_closed = !record.is_shown && record.is_closed(end, limits);
            // One that was believed holds nothing back from its end on.
            is_changed |= is_closed || record.is_documented && record.own_end() == end;
            if !is_closed || record.second_best > 0 {
                record.due = record.due_after(end, limits);
                if end.is_before(record.due) {
                    due = due.min(record.due);
                }
                continue;
            }
            let kind = if record.is_damaged {
                ErrorKind::Checksum
            } else {
                ErrorKind::End
            };
            grave.bury(record.start, kind);
            index = index.wrapping_sub(1);
            self.records.remove(index);
        }
        self.due = due;
        is_changed
    }

    /// Notes the number of the message whose header `78 78 L` ended before the last byte.
    fn note_number(&mut self, code: u8, end: Place) {
        let [first, second, length, _] = self.recent.to_be_bytes();
        if [first, second] != [SHORT, SHORT] {
            return;
        }
        // No documented message has another number.
        if !matches!(code, 0x01 | 0x10..=0x2A | 0x8B) {
            return;
        }
        for back in 1..=2 {
            let index = self.records.len.wrapping_sub(back);
            if let Some(record) = self.records.slot_mut(index).filter(|_| index < RECORDS) {
                if record.start == end.minus(SHORT_HEADER as u32) {
                    record.is_documented = has_documented_length(code, length);
                    if record.is_documented {
                        self.has_documented = true;
                        record.due = record.due.min(record.own_end());
                        self.due = self.due.min(record.due);
                    }
                }
            }
        }
    }

    /// Whether a header has begun `seen` bytes ago.
    const fn is_young(&self, seen: u32) -> bool {
        (self.short | self.long) as u32 >> seen.wrapping_sub(1) & 1 == 1
    }
}

impl Track for Tracker {
    const NEW: Self = Self {
        short: 0,
        long: 0,
        recent: 0,
        running: [Running::NEW; 5],
        records: Records {
            records: [Record::NONE; RECORDS],
            marks: [Mark(0); RECORDS],
            marked: 0,
            first: 0,
            len: 0,
        },
        due: Place::ZERO,
        has_shown: false,
        has_documented: false,
        has_second_best: false,
    };

    #[inline(never)]
    fn push(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> Change {
        let [last, a, b, c, _] = self.running;
        self.running = [last.advance(byte), last, a, b, c];
        self.recent = self.recent << 8 | u32::from(byte);
        let mut is_changed = self.follow_headers(byte, end, limits, grave);
        if self.records.len == 0 {
            (self.has_documented, self.has_second_best) = (false, false);
        } else {
            if self.recent as u16 == u16::from_be_bytes(END) {
                self.has_shown |= self.end_frames(end, limits);
            }
            if !end.is_before(self.due) {
                is_changed |= self.close(end, limits, grave);
            }
            self.note_number(byte, end);
        }
        let is_awake = (self.short | self.long) != 0 || self.records.len > 0;
        Change::DECIDED
            .when(is_changed)
            .and(Change::SHOWN.when(self.has_shown))
            .and(Change::AWAKE.when(is_awake))
    }

    #[inline]
    fn claim(&self, believed: Option<Believed>) -> Option<Claim> {
        if !self.has_shown {
            return None;
        }
        let is_free = |record: &&Record| !Believed::holds(believed, record.start);
        let is_earlier = |a: &Record, b: &Record| b.own_end().is_before(a.own_end());
        let shown = self
            .records
            .iter()
            .filter(|record| record.is_shown)
            .filter(is_free)
            .reduce(|a, b| if is_earlier(a, b) { b } else { a })?;
        Some(shown.claim(shown.total, Rank::Checksum))
    }

    fn is_shown_in(&self, from: Place, to: Place, believed: Option<Believed>) -> bool {
        let is_shown_in = |record: &Record| {
            record.is_shown
                && record.start.is_in(from, to)
                && !Believed::holds(believed, record.start)
        };
        self.has_shown && self.records.iter().any(is_shown_in)
    }

    #[inline]
    fn believed(&self, end: Place, finish: bool) -> Option<Believed> {
        if !self.has_documented {
            return None;
        }
        let is_believed = |record: &&Record| {
            record.is_documented && (record.is_shown || !finish && end.is_before(record.own_end()))
        };
        let record = self.records.iter().find(is_believed)?;
        Some(Believed {
            start: record.start,
            end: record.own_end(),
        })
    }

    fn remove(&mut self, start: Place) {
        let index = self.records.iter().position(|record| record.start == start);
        if let Some(index) = index {
            self.records.remove(index);
            self.has_shown = self.records.iter().any(|record| record.is_shown);
        }
    }

    #[cfg(test)]
    fn met(&self) -> usize {
        let is_end = self.recent as u16 == u16::from_be_bytes(END);
        if is_end { self.records.len } else { 1 }
    }

    #[inline]
    fn oldest(&self, end: Place) -> Place {
        match self.records.get(0) {
            Some(first) => first.start,
            None => {
                let young = u32::from(self.short | self.long);
                end.minus(32_u32.wrapping_sub(young.leading_zeros()))
            }
        }
    }

    fn begin_after(&mut self, _: Place) {}

    fn bury_before(&self, place: Place, grave: &mut Grave) {
        if let Some(first) = self
            .records
            .get(0)
            .filter(|first| first.start.is_before(place))
        {
            let kind = if first.is_damaged {
                ErrorKind::Checksum
            } else {
                ErrorKind::Overlap
            };
            grave.bury(first.start, kind);
        }
    }

    fn forget_before(&mut self, front: Place, end: Place) {
        while self
            .records
            .get(0)
            .is_some_and(|first| first.start.is_before(front))
        {
            self.records.pop_first();
        }
        self.has_shown = self.has_shown && self.records.iter().any(|record| record.is_shown);
        let kept = 1_u8
            .checked_shl(end.since(front))
            .map_or(u8::MAX, |bit| bit.wrapping_sub(1));
        self.short &= kept;
        self.long &= kept;
    }

    fn is_open_in(&self, from: Place, to: Place, end: Place, _: bool) -> bool {
        self.records
            .iter()
            .any(|record| !record.is_shown && record.start.is_in(from, to))
            || (1..=5).any(|seen| self.is_young(seen) && end.minus(seen).is_in(from, to))
    }

    #[inline]
    fn may_be_final(&self) -> bool {
        self.has_second_best && self.records.len > 0
    }

    fn second_best(
        &self,
        from: Place,
        until: Place,
        end: Place,
        limits: &Limits,
    ) -> Option<SecondBest> {
        if !self.has_second_best {
            return None;
        }
        let has_claim = |record: &&Record| record.second_best > 0 && !record.start.is_before(from);
        self.records.iter().filter(has_claim).find_map(|record| {
            let claim = record.claim(record.second_best, Rank::Whole);
            let is_final = record.is_closed(end, limits);
            (!until.is_before(claim.end())).then_some(SecondBest { claim, is_final })
        })
    }
}
