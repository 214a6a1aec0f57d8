use super::{END, LONG, MIN_LENGTH, Message, SHORT, crc16};
use crate::{
    error::{EncodeError, Error, ErrorKind},
    protocol::{Candidate, Inside, Protocol, Rules, one_frame, writer::Writer},
};

/// In front of the content: start mark, length of one byte, protocol number.
const SHORT_HEADER: usize = 4;
/// The same with a length of two bytes.
const LONG_HEADER: usize = 5;
/// Behind the content: serial, checksum, end mark.
const TRAILER: usize = 6;
/// Checksum and end mark.
const CRC_AND_END: usize = 4;
/// Bytes in the largest frame with a length of one byte.
pub(crate) const MAX_SHORT_FRAME: usize = u8::MAX as usize + SHORT_HEADER + 1;
/// A frame of at most so many bytes is looked at as a whole to tell its protocol. All logins and heartbeats are; the logins of the dialect without a
/// checksum (spec gt06, section 1.5) are told from them by that.
const SNIFFED: usize = 24;
/// Bytes in the smallest frame, which has no content.
pub(crate) const MIN_FRAME: usize = SHORT_HEADER + TRAILER;
/// So far a frame is looked for whose length is wrong: every documented message of a fixed size is in (`28` with a wide MNC: 65 bytes), and so are
/// the two real devices with a wrong length, whose frames have 15 and 24 bytes (spec gt06, section 1.5).
const REPAIR_LIMIT: usize = 96;

/// Start mark and length field of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Header {
    /// `78 78`, and a length of one byte: frames of up to 260 bytes.
    #[default]
    Short,
    /// `79 79`, and a length of two bytes.
    Long,
    /// `78 78`, and a length of two bytes, of which the first is 0: the address answer `97` in Concox's papers (spec gt06, section 1.3).
    Mixed,
}

/// What stands around the content of every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Envelope {
    /// Start mark and size of the length field.
    pub header: Header,
    /// The length field, where it is not the length that the frame has: some devices send such frames, and their checksum is right (spec gt06,
    /// section 1.5). `None` in all others. At least 5; and a decoder finds such a frame only if it would take one of that length.
    pub wrong_length: Option<u16>,
    /// The device counts its frames from 1 at power-on; an answer repeats the serial of what it answers.
    pub serial: u16,
}

impl Envelope {
    /// `78 78`, with the right length.
    #[must_use]
    pub const fn short(serial: u16) -> Self {
        Self { header: Header::Short, wrong_length: None, serial }
    }

    /// `79 79`, with the right length.
    #[must_use]
    pub const fn long(serial: u16) -> Self {
        Self { header: Header::Long, wrong_length: None, serial }
    }
}

/// One whole frame, validated as [the module](super) says, over the borrowed bytes.
///
/// ```text
/// 0       2   3    4         L+1      L+3   L+5          0       2       4    5         L+2      L+4   L+6
/// +-------+---+----+- - - - -+--------+-----+-------+    +-------+-------+----+- - - - -+--------+-----+-------+
/// | 78 78 | L | no | content | serial | CRC | 0D 0A |    | 79 79 |   L   | no | content | serial | CRC | 0D 0A |
/// +-------+---+----+- - - - -+--------+-----+-------+    +-------+-------+----+- - - - -+--------+-----+-------+
///         '------- checksummed -------'                          '--------- checksummed ---------'
/// ```
///
/// The CRC is CRC-16/X-25, high byte first. Offsets are those of a frame whose length is right; from the end they always hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Frame<'a> {
    /// What [`candidate`] accepted, all of it.
    bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Takes `bytes` as one whole frame.
    ///
    /// # Errors
    /// [`ErrorKind::Start`], [`Length`](ErrorKind::Length), [`End`](ErrorKind::End), [`Checksum`](ErrorKind::Checksum),
    /// [`Overlap`](ErrorKind::Overlap), [`Incomplete`](ErrorKind::Incomplete) or [`Trailing`](ErrorKind::Trailing), with the offset.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        one_frame(bytes, Protocol::Gt06, Rules::ALL)?;
        Ok(Self { bytes })
    }

    /// The same, but a wrong checksum is no error, where the length is right: one real GT02A sends such frames (spec gt06, section 1.5).
    ///
    /// # Errors
    /// As [`parse`](Self::parse), but for [`ErrorKind::Checksum`].
    pub fn parse_any_checksum(bytes: &'a [u8]) -> Result<Self, Error> {
        one_frame(bytes, Protocol::Gt06, Rules { any_checksum: true, ..Rules::ALL })?;
        Ok(Self { bytes })
    }

    /// From bytes that [`candidate`] accepted, all of them.
    #[inline]
    pub(crate) const fn from_candidate(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// All bytes of the frame, start and end mark included.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Start mark and size of the length field.
    #[must_use]
    #[inline]
    pub const fn header(&self) -> Header {
        match self.bytes {
            [LONG, ..] => Header::Long,
            [_, _, 0, ..] => Header::Mixed,
            _ => Header::Short,
        }
    }

    /// The length field, as sent.
    #[must_use]
    #[inline]
    pub const fn length(&self) -> u16 {
        match (self.header(), self.bytes) {
            (Header::Short, [_, _, length, ..]) => *length as u16,
            (_, [_, _, high, low, ..]) => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }
    }

    /// The protocol number, which says what message it is.
    #[must_use]
    #[inline]
    pub const fn code(&self) -> u8 {
        match (self.header(), self.bytes) {
            (Header::Short, [_, _, _, code, ..]) | (_, [_, _, _, _, code, ..]) => *code,
            _ => 0,
        }
    }

    /// The frame's serial.
    #[must_use]
    #[inline]
    pub const fn serial(&self) -> u16 {
        match self.bytes {
            [.., high, low, _, _, _, _] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }
    }

    /// The checksum, as sent.
    #[must_use]
    #[inline]
    pub const fn crc(&self) -> u16 {
        match self.bytes {
            [.., high, low, _, _] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        }
    }

    /// Whether the checksum is right. Always, unless wrong ones were asked for.
    #[must_use]
    pub fn crc_ok(&self) -> bool {
        is_vouched(self.bytes)
    }

    /// The bytes between the protocol number and the serial.
    #[must_use]
    #[inline]
    pub const fn content(&self) -> &'a [u8] {
        self.parts().content
    }

    /// What stands around the content.
    #[must_use]
    #[inline]
    pub const fn envelope(&self) -> Envelope {
        self.parts().envelope
    }

    #[inline]
    pub(super) const fn parts(&self) -> Parts<'a> {
        let (header, length, right, code, content, serial) = match *self.bytes {
            [SHORT, _, length @ 1..=0xFF, code, ref content @ .., s, t, _, _, _, _] => {
                (Header::Short, length as u16, self.bytes.len().wrapping_sub(SHORT_HEADER + 1), code, content, [s, t])
            }
            [mark, _, high, low, code, ref content @ .., s, t, _, _, _, _] => {
                let header = if mark == LONG { Header::Long } else { Header::Mixed };
                (header, u16::from_be_bytes([high, low]), self.bytes.len().wrapping_sub(LONG_HEADER + 1), code, content, [s, t])
            }
            // Not from bytes that were validated.
            _ => (Header::Short, 0, 0, 0, [].as_slice(), [0, 0]),
        };
        let wrong_length = if length as usize == right { None } else { Some(length) };
        Parts { envelope: Envelope { header, wrong_length, serial: u16::from_be_bytes(serial) }, code, content }
    }

    /// The message in the frame.
    #[must_use]
    #[inline]
    pub fn message(&self) -> Message<'a> {
        Message::of(&self.parts())
    }
}

/// A frame taken apart.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    envelope: Envelope,
    code: u8,
    content: &'a [u8],
}

impl<'a> Parts<'a> {
    #[inline]
    pub(super) const fn envelope(&self) -> Envelope {
        self.envelope
    }

    #[inline]
    pub(super) const fn code(&self) -> u8 {
        self.code
    }

    #[inline]
    pub(super) const fn content(&self) -> &'a [u8] {
        self.content
    }
}

/// Whether a start mark can begin with this byte.
#[inline]
pub(crate) const fn is_start(byte: u8) -> bool {
    matches!(byte, SHORT | LONG)
}

/// How many bytes the header says that the frame has; or what is to be said of the header.
#[inline]
fn total(window: &[u8], max: usize) -> Result<usize, Candidate> {
    let (length, uncounted) = match *window {
        [SHORT, SHORT, 0, length, code, ..] if code == super::ADDRESS => (length.into(), LONG_HEADER + 1),
        [SHORT, SHORT, 0, _] | [SHORT, SHORT, 0] => return Err(Candidate::More(LONG_HEADER)),
        [SHORT, SHORT, length, ..] => (length.into(), SHORT_HEADER + 1),
        [LONG, LONG, high, low, ..] => (u16::from_be_bytes([high, low]), LONG_HEADER + 1),
        [LONG, LONG, ..] => return Err(Candidate::More(LONG_HEADER - 1)),
        [_, _, ..] => return Err(Candidate::More(SHORT_HEADER - 1)),
        _ => return Err(Candidate::More(SHORT_HEADER - 2)),
    };
    if length < MIN_LENGTH {
        return Err(Candidate::reject(ErrorKind::Length, 2));
    }
    let total = usize::from(length).saturating_add(uncounted);
    if total > max { Err(Candidate::reject(ErrorKind::Oversize, 2)) } else { Ok(total) }
}

/// Whether the bytes begin with a start mark, or with its first byte and then end.
#[inline]
const fn begins(window: &[u8]) -> bool {
    matches!(window, [SHORT, SHORT, ..] | [LONG, LONG, ..] | [SHORT | LONG])
}

/// Whether a frame, end mark included, has a right checksum.
#[inline]
fn is_vouched(frame: &[u8]) -> bool {
    match frame {
        [_, _, covered @ .., high, low, 0x0D, 0x0A] => crc16::checksum(covered) == u16::from_be_bytes([*high, *low]),
        _ => false,
    }
}

/// A frame that is there in full, if it is one by all but what may stand inside.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(crate) fn likely_frame(window: &[u8]) -> Option<&[u8]> {
    let (length, uncounted) = match *window.first_chunk::<LONG_HEADER>()? {
        [SHORT, SHORT, length, ..] => (u16::from(length), SHORT_HEADER + 1),
        [LONG, LONG, high, low, _] => (u16::from_be_bytes([high, low]), LONG_HEADER + 1),
        _ => return None,
    };
    let frame = window.get(..usize::from(length).wrapping_add(uncounted))?;
    (length >= MIN_LENGTH && is_vouched(frame)).then_some(frame)
}

/// What is to be said of bytes that begin with a start mark, if only frames count that have the length that they say, and a right checksum.
pub(crate) fn of_right_length(window: &[u8], max: usize) -> Option<Candidate> {
    if !begins(window) {
        return None;
    }
    Some(match total(window, max) {
        Err(verdict) => verdict,
        Ok(total) => match window.get(..total) {
            None => Candidate::More(total),
            Some(frame) if is_vouched(frame) => Candidate::Frame(total),
            Some(_) => Candidate::reject(ErrorKind::Checksum, total.saturating_sub(CRC_AND_END)),
        },
    })
}

/// Whether a header has the number and the length of a documented message of fixed size, at most 65 bytes (spec gt06, sections 2.1 and 2.2). It is
/// believed until so many bytes are there; so no such message is ever split.
#[inline]
pub(crate) const fn is_documented(window: &[u8]) -> bool {
    match *window {
        [SHORT, SHORT, length, code, ..] => matches!(
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
        ),
        _ => false,
    }
}

/// What is to be said of bytes that begin with a start mark, or with its first byte and then end; `None` if they do not.
///
/// `inside` looks for the first frame that begins behind the first byte of the window and is whole within so many bytes.
pub(crate) fn candidate(window: &[u8], rules: Rules, mut inside: impl FnMut(usize) -> Inside) -> Option<Candidate> {
    if !begins(window) {
        return None;
    }
    let total = match total(window, rules.max) {
        Ok(total) => total,
        Err(verdict) => return Some(verdict),
    };
    let overlap = |start| Candidate::reject(ErrorKind::Overlap, start);
    let is_documented = is_documented(window);
    if let Some(frame) = window.get(..total) {
        // What is complete earlier has the better claim; as early, than one with a wrong checksum.
        let (rival, repaired) = match is_vouched(frame) {
            true if is_documented => return Some(Candidate::Frame(total)),
            true => (inside(total.wrapping_sub(1)), None),
            false if rules.any_checksum && frame.ends_with(&END) => (inside(total), repaired(frame)),
            false => return Some(damaged(window, total, rules, inside)),
        };
        return Some(match (rival, repaired) {
            (Inside::Frame(start, _), Some(len)) if len <= start => Candidate::Frame(len),
            (Inside::Frame(start, _), _) => overlap(start),
            (Inside::NoneBefore(_), repaired) => Candidate::Frame(repaired.unwrap_or(total)),
        });
    }
    if rules.end {
        return Some(damaged(window, total, rules, inside));
    }
    if is_documented {
        return Some(Candidate::More(total));
    }
    Some(match inside(window.len()) {
        // The length is wrong, but the frame may be right.
        Inside::Frame(start, _) => repaired(window.get(..start).unwrap_or(window)).map_or(overlap(start), Candidate::Frame),
        Inside::NoneBefore(needed) => Candidate::More(total.min(needed)),
    })
}

/// What is to be said of a frame that has no right checksum where its length says: its length may be wrong.
#[inline(never)]
fn damaged(window: &[u8], total: usize, rules: Rules, mut inside: impl FnMut(usize) -> Inside) -> Candidate {
    let limit = total.max(REPAIR_LIMIT).min(rules.max);
    let there = window.get(..limit).unwrap_or(window);
    let repaired = repaired(there);
    // With so many bytes the frame is known to be one. What is complete by then has the better claim: its length is right.
    let known = repaired.map_or(usize::MAX, |len| len.max(total));
    let rival = inside(known.min(there.len()));
    let has_end = window.get(..total).is_some_and(|frame| frame.ends_with(&END));
    let wrong = match window.len() {
        _ if has_end => Candidate::reject(ErrorKind::Checksum, total.saturating_sub(CRC_AND_END)),
        len if len < total => Candidate::reject(ErrorKind::Incomplete, len),
        _ => Candidate::reject(ErrorKind::End, total.saturating_sub(END.len())),
    };
    match (rival, repaired) {
        (Inside::Frame(start, _), Some(len)) if len <= start => Candidate::Frame(len),
        (Inside::Frame(start, end), _) if end <= total => Candidate::reject(ErrorKind::Overlap, start),
        (Inside::Frame(..), _) => wrong,
        (Inside::NoneBefore(_), Some(len)) => Candidate::Frame(len),
        (Inside::NoneBefore(_), None) if there.len() == limit || rules.end => wrong,
        (Inside::NoneBefore(needed), None) => {
            let next_end = there.len().saturating_add(if there.ends_with(&[END[0]]) { 1 } else { 2 });
            Candidate::More(next_end.min(needed).min(limit))
        }
    }
}

/// The length of the first frame in the window that ends with an end mark and has a right checksum, whatever its length field says.
fn repaired(window: &[u8]) -> Option<usize> {
    let window = window.get(..REPAIR_LIMIT).unwrap_or(window);
    let mut digest = crc16::digest();
    let mut digested = 2;
    let mut len = MIN_FRAME;
    while let Some([.., high, low, first, second]) = window.get(..len) {
        if [*first, *second] == END {
            let covered = len.wrapping_sub(CRC_AND_END);
            digest.update(window.get(digested..covered).unwrap_or_default());
            digested = covered;
            if digest.clone().finalize() == u16::from_be_bytes([*high, *low]) {
                return Some(len);
            }
        }
        len = len.wrapping_add(1);
    }
    None
}

/// Whether the frame that bytes begin with is one of this protocol, for [`sniff`](crate::sniff()): a whole frame if it is short, a known number if not.
///
/// [`Candidate::Frame`] says here that it is, with the length of what was looked at.
pub(crate) fn header_verdict(bytes: &[u8]) -> Candidate {
    if !bytes.is_empty() && !begins(bytes) {
        return Candidate::reject(ErrorKind::Start, 0);
    }
    let total = match total(bytes, usize::MAX) {
        Ok(total) => total,
        Err(verdict) => return verdict,
    };
    let frame = Frame { bytes };
    let header = if frame.header() == Header::Short { SHORT_HEADER } else { LONG_HEADER };
    if bytes.len() < header {
        return Candidate::More(header);
    }
    if total > SNIFFED && is_known(frame.code()) {
        return Candidate::Frame(header);
    }
    match bytes.get(..total) {
        _ if total > MAX_SHORT_FRAME => Candidate::reject(ErrorKind::Field, header.wrapping_sub(1)),
        None => Candidate::More(total),
        // One real GT02A sends frames whose checksum is wrong.
        Some(frame) if is_vouched(frame) || is_known(Frame { bytes: frame }.code()) && frame.ends_with(&END) => Candidate::Frame(total),
        Some(_) => match repaired(bytes.get(..SNIFFED).unwrap_or(bytes)) {
            Some(len) => Candidate::Frame(len),
            None if bytes.len() < SNIFFED => Candidate::More(bytes.len().wrapping_add(1)),
            None => Candidate::reject(ErrorKind::Checksum, total.wrapping_sub(CRC_AND_END)),
        },
    }
}

/// Whether any source names this protocol number (spec gt06, sections 2.1, 2.2 and 2.5).
const fn is_known(code: u8) -> bool {
    matches!(
        code,
        0x01 | 0x10..=0x1A | 0x1E | 0x1F | 0x21..=0x28 | 0x2A | 0x2C..=0x2E | 0x31..=0x41 | 0x61 | 0x65 | 0x66 | 0x70 | 0x80..=0x82 | 0x84
            | 0x8A..=0x8D | 0x90 | 0x94 | 0x95 | 0x97 | 0x9B | 0x9C | 0xA0..=0xA5 | 0xA7 | 0xA9 | 0xB0 | 0xB2 | 0xF1..=0xF3 | 0xFD
    )
}

/// Writes the frame whose content `content` writes, and says how many bytes it is.
///
/// # Errors
/// If `out` is too small; if the content is longer than the length can say ([`EncodeError::TooLong`], with the name of the `field` that is to blame);
/// if it would be read back as two frames.
pub(super) fn encode(
    envelope: Envelope,
    code: u8,
    field: &'static str,
    out: &mut [u8],
    content: impl Fn(&mut Writer<'_>),
) -> Result<usize, EncodeError> {
    let mut count = Writer::new(&mut []);
    content(&mut count);
    let right = count.len().saturating_add(usize::from(MIN_LENGTH));
    let (mark, limit) = match envelope.header {
        Header::Short | Header::Mixed => (SHORT, usize::from(u8::MAX)),
        Header::Long => (LONG, usize::from(u16::MAX)),
    };
    let length = envelope.wrong_length.map_or(right, usize::from);
    if right > limit || length > limit {
        return Err(EncodeError::TooLong { field, max: limit.saturating_sub(usize::from(MIN_LENGTH)) });
    }
    if envelope.wrong_length.is_some_and(|length| usize::from(length) == right) {
        return Err(EncodeError::NotCanonical);
    }
    let mut writer = Writer::new(out);
    writer.put(&[mark, mark]);
    let [.., high, low] = length.to_be_bytes();
    if envelope.header != Header::Short {
        writer.put(&[high]);
    }
    writer.put(&[low, code]);
    content(&mut writer);
    writer.put(&envelope.serial.to_be_bytes());
    writer.put(&[0, 0]);
    writer.put(&END);
    let frame = writer.finish()?;
    if let [_, _, covered @ .., high, low, _, _] = &mut *frame {
        [*high, *low] = crc16::checksum(covered).to_be_bytes();
    }
    match one_frame(frame, Protocol::Gt06, Rules::ALL) {
        Ok(()) if Frame::from_candidate(frame).header() == envelope.header => Ok(frame.len()),
        Ok(()) => Err(EncodeError::NotCanonical),
        Err(_) => Err(EncodeError::Ambiguous),
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
#[allow(clippy::indexing_slicing, reason = "a test that panics fails")]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        /// The fast way accepts nothing that the general way does not.
        #[test]
        fn fast_and_general_way_agree(start in prop_oneof![Just([SHORT; 2]), Just([LONG; 2])], high in 0..2_u8, low in any::<u8>(), mut rest in vec(any::<u8>(), 6..600)) {
            rest.splice(0..0, [start[0], start[1], high, low]);
            // The checksum right wherever a length may say that it stands.
            for uncounted in [SHORT_HEADER + 1, LONG_HEADER + 1] {
                let length = if uncounted == SHORT_HEADER + 1 { usize::from(high) } else { usize::from(u16::from_be_bytes([high, low])) };
                let total = length.wrapping_add(uncounted);
                if let Some([_, _, covered @ .., a, b, c, d]) = rest.get_mut(..total) {
                    [*a, *b] = crc16::checksum(covered).to_be_bytes();
                    [*c, *d] = END;
                }
            }
            let general = candidate(&rest, Rules::ALL, |_| Inside::NoneBefore(usize::MAX));
            if let Some(frame) = likely_frame(&rest) {
                prop_assert_eq!(general, Some(Candidate::Frame(frame.len())));
            }
        }
    }

    #[test]
    fn a_length_that_is_too_small_is_none() {
        // Found by fuzzing: ten bytes, as many as the smallest frame has, and the checksum is right.
        let bytes = b"\x79\x79\x00\x04\x68\x25\x42\x85\x0d\x0a";
        assert!(is_vouched(bytes));
        assert_eq!(likely_frame(bytes), None);
        assert_eq!(Frame::parse(bytes), Err(Error::new(ErrorKind::Length, 2)));
    }
}
