//! Finds the binary frames, `$` and `X`.
//!
//! # How this works
//! Nothing vouches for a frame but its [core](super::super::binary): digits where digits belong,
//! a date, a place, a course, a status. Cores may overlap, so all that have begun are two words, a
//! bit for each offset, for ids of 10 digits and of 15; a byte is compared with all of them at
//! once.
//!
//! Nothing says how long a frame is, either. What follows does: [`Open`] waits for that.
//!
//! | after this many bytes of the frame | the frame |
//! |---|---|
//! | 32 to 64: `$` and its id, `*HQ,` or another maker, or a whole core | ends before them |
//! | fewer than 32: one of these | was cut short |
//! | 32 to 64: a frame of another protocol, or the end of the stream | ends there |
//! | 64: none of these has begun | has 32 bytes, and the rest is searched |
//!
//! With an id of 15 digits read 35 for 32. An `X` record always has 32 bytes.

use crate::{
    bytes::swar::{self, equal_to},
    error::ErrorKind,
    framing::{Believed, Change, Claim, Framing, Grave, Limits, Place, Plain, Rank, SecondBest},
    protocol::h02::{
        Maker,
        binary::{CORE, MAX_LEN, MIN_LEN, MORE_ID, RECORD, REPORT, is_core, is_imei},
    },
    types::Protocol,
};
use core::ops::RangeInclusive;

/// Bytes of a core with an id of 15 digits.
const LONG_CORE: u32 = (CORE + MORE_ID) as u32;
/// Offset of the time after an id of 15 digits.
const LONG_TIME: u32 = TIME + MORE_ID as u32;
/// Offset of the byte whose lowest bit is 0 in a `$` frame.
const FLAGS: u32 = 21;
/// Offset of the time.
const TIME: u32 = 6;
/// Offset of the status.
const STATUS: usize = 25;
/// Bytes that are remembered; a power of two, and as many as the longest core has.
const RECENT: usize = 32;

/// The bit of a core after `seen` bytes.
const fn seen(seen: u32) -> u32 {
    1 << seen.wrapping_sub(1)
}

/// The bits of cores of at most `seen` bytes.
fn up_to(seen: u32) -> u32 {
    1_u32.checked_shl(seen).unwrap_or(0).wrapping_sub(1)
}

/// Whether a byte is two decimal digits.
const fn is_bcd(byte: u8) -> bool {
    byte & 0x0F < 10 && byte < 0xA0
}

/// For each offset in a core with an id of 10 digits, whether the last byte may stand there.
/// `recent` are the last four bytes, that one lowest.
#[inline]
fn fits(byte: u8, recent: u32) -> u32 {
    /// The battery, the flags, the status except its last byte.
    const ANY: u32 = seen(17) | seen(26) | seen(27) | seen(28);
    /// Id, year, and digits of both coordinates and the speed.
    const DIGITS: u32 = 0b11_1110 | seen(12) | seen(15) | seen(20) | seen(23);

    let on = |yes: bool, bits: u32| if yes { bits } else { 0 };
    let is_start = on(byte == REPORT || byte == RECORD, seen(1));
    let flags = on(byte < 0xA0, seen(FLAGS + 1));
    let status = on(recent.count_ones() >= 20, seen(29));
    let others = is_start | flags | status | ANY;
    if !is_bcd(byte) {
        return others;
    }
    let last_two = recent & 0xFFFF;
    others
        | DIGITS
        | on(byte < 0x24, seen(7))
        | on(byte < 0x60, seen(8) | seen(9) | seen(14))
        | on(0 < byte && byte <= 0x31, seen(10))
        | on(0 < byte && byte <= 0x12, seen(11))
        // Degrees of latitude, and all of it.
        | on(byte <= 0x90, seen(13))
        | on(recent <= 0x9000_0000, seen(16))
        // Degrees of longitude and the first digit of the minutes, and all of it but its last
        // digit.
        | on(byte <= 0x18, seen(18))
        | on(last_two <= 0x1805 && byte & 0x0F < 6, seen(19))
        | on(recent <= 0x1800_0000, seen(21))
        // The last digit of the speed, and the course.
        | on(byte & 0x0F <= 3, seen(24))
        | on(last_two & 0x0FFF <= 0x360, seen(25))
}

/// A frame whose core is whole.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: Place,
    kind: Kind,
    /// The digits of the id, two a byte, the last ones last.
    id: [u8; 8],
}

/// The last five of these bytes: an id of 10 digits.
const fn short_id([.., a, b, c, d, e]: [u8; 8]) -> [u8; 8] {
    [0, 0, 0, a, b, c, d, e]
}

/// The kinds of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `$`, an id of 10 digits.
    Short,
    /// `$`, an id of 15 digits.
    Long,
    /// `X`.
    Record,
}

/// What becomes of an open frame.
enum Fate {
    Waits,
    /// It is a frame of this length.
    Shown(u32, Rank),
    /// It was cut short.
    Cut,
}

impl Open {
    /// Bytes in the smallest frame of its kind.
    const fn min_len(&self) -> u32 {
        match self.kind {
            Kind::Long => (MIN_LEN + MORE_ID) as u32,
            Kind::Short | Kind::Record => MIN_LEN as u32,
        }
    }

    /// What becomes of it if the next frame begins after `len` bytes.
    const fn before(&self, len: u32) -> Fate {
        if len < self.min_len() {
            Fate::Cut
        } else if len <= MAX_LEN as u32 {
            Fate::Shown(len, Rank::Checksum)
        } else {
            Fate::Shown(self.min_len(), Rank::Doubtful)
        }
    }

    const fn claim(&self, len: u32, rank: Rank) -> Claim {
        Claim {
            protocol: Protocol::H02,
            start: self.start,
            len,
            rank,
            least: self.min_len() as u8,
        }
    }
}

/// All binary candidates of this protocol.
#[derive(Clone, Debug)]
pub(super) struct Binary {
    /// Bit `i`: a core with an id of 10 digits, or of a record, may have begun `i` bytes before the
    /// last byte.
    short: u32,
    /// Bit `i`: a core with an id of 15 digits may have begun `i` bytes before the last byte.
    long: u32,
    /// The last four bytes, the last one lowest.
    recent: u32,
    /// The last bytes; the byte before place `p` is at `p - 1` modulo their number.
    ring: [u8; RECENT],
    open: Option<Open>,
    /// Those that were shown to be frames. Two at most are held back: what holds them has 64 bytes.
    shown: [Option<Claim>; 2],
}

impl Binary {
    /// No candidate.
    pub(super) const NEW: Self = Self {
        short: 0,
        long: 0,
        recent: 0,
        ring: [0; RECENT],
        open: None,
        shown: [None; 2],
    };

    /// Whether there is no candidate.
    #[inline]
    pub(super) const fn is_idle(&self) -> bool {
        self.short | self.long == 0 && self.open.is_none() && matches!(self.shown, [None, None])
    }

    /// The byte `back` bytes before `end`, 1 for the last one.
    fn byte(&self, end: Place, back: u32) -> u8 {
        let at = end.minus(back).modulo::<RECENT>();
        self.ring.get(at).copied().unwrap_or(0)
    }

    /// The eight bytes before `end`.
    #[inline(never)]
    fn last_bytes(&self, end: Place) -> [u8; 8] {
        [8, 7, 6, 5, 4, 3, 2, 1].map(|back| self.byte(end, back))
    }

    /// Follows the cores that have begun. Returns whether one died.
    #[inline]
    fn follow_cores(&mut self, byte: u8, end: Place) -> bool {
        /// The bytes up to the flags after an id of 15 digits.
        const LONG_FLAGS: u32 = FLAGS + 1 + MORE_ID as u32;
        let fits = fits(byte, self.recent);
        let on = |yes: bool, bits: u32| if yes { bits } else { 0 };
        let id = on(is_bcd(byte), 0b1_1111_1110);
        let fits_long = on(byte == REPORT, seen(1)) | id | fits >> TIME << LONG_TIME;
        let (short, long) = (self.short << 1, self.long << 1);
        self.short = (short | 1) & fits;
        self.long = (long | 1) & fits_long;
        if byte & 1 == 1 {
            let is_report = self.byte(end, FLAGS + 1) == REPORT;
            self.short &= !on(is_report, seen(FLAGS + 1));
            self.long &= !seen(LONG_FLAGS);
        }
        short & !self.short != 0 || long & !self.long != 0
    }

    /// The frame whose core ends with the last byte. If two do, the one that began first holds the
    /// other, and so was cut short.
    fn whole_core(&mut self, end: Place) -> Option<Open> {
        let is_short = self.short & seen(CORE as u32) != 0;
        let is_long = self.long & seen(LONG_CORE) != 0;
        self.short &= !seen(CORE as u32);
        self.long &= !seen(LONG_CORE);
        if is_short {
            let kind = match self.byte(end, CORE as u32) {
                RECORD => Kind::Record,
                _ => Kind::Short,
            };
            let start = end.minus(CORE as u32);
            let open = Open {
                start,
                kind,
                id: short_id(self.last_bytes(start.plus(TIME))),
            };
            // It is not read as one with a longer id.
            self.long &= !seen(CORE as u32);
            return Some(open);
        }
        let start = end.minus(LONG_CORE);
        let open = Open {
            start,
            kind: Kind::Long,
            id: self.last_bytes(start.plus(LONG_TIME)),
        };
        (is_long && is_imei(u64::from_be_bytes(open.id))).then_some(open)
    }

    /// What the last byte says of the open frame.
    fn fate(&self, open: &Open, end: Place, limits: &Limits) -> Fate {
        let read = end.since(open.start);
        if open.kind == Kind::Record {
            return match read {
                32.. => Fate::Shown(MIN_LEN as u32, Rank::Doubtful),
                _ => Fate::Waits,
            };
        }
        let min = open.min_len();
        // The mark first: nearly all bytes end there.
        let last = || self.last_bytes(end);
        let (is_own, mark_len) = match open.kind {
            Kind::Long => (self.byte(end, 9) == REPORT && last() == open.id, 9),
            _ => (
                self.byte(end, 6) == REPORT && short_id(last()) == open.id,
                6,
            ),
        };
        let [star, first, second, comma] = self.recent.to_be_bytes();
        let before = |len: u32| read.wrapping_sub(len);
        if is_own && (min..=MAX_LEN as u32).contains(&before(mark_len)) {
            return open.before(before(mark_len));
        }
        let is_text =
            star == b'*' && comma == b',' && Maker::from_letters([first, second]).is_some();
        if is_text && before(4) <= MAX_LEN as u32 {
            return open.before(before(4));
        }
        let is_full = read >= limits.max;
        if is_full || read > MAX_LEN as u32 && !self.has_follower(read) {
            return Fate::Shown(min, Rank::Doubtful);
        }
        Fate::Waits
    }

    /// Whether something that may begin the next frame began within the 64 bytes after which a
    /// frame of `read` bytes may end.
    fn has_follower(&self, read: u32) -> bool {
        let after = read.wrapping_sub(MAX_LEN as u32);
        let young = (self.short | self.long) & !up_to(after.wrapping_sub(1));
        let [_, a, b, c] = self.recent.to_be_bytes();
        let is_maker = |letters: &[u8]| {
            let mut makers = Maker::ALL.iter();
            makers.any(|maker| maker.letters().starts_with(letters))
        };
        young != 0
            || after <= 1 && c == b'*'
            || after <= 2 && b == b'*' && is_maker(&[c])
            || after <= 3 && a == b'*' && is_maker(&[b, c])
    }

    /// Ends the open frame. Returns what changed.
    fn end_open(&mut self, fate: Fate, grave: &mut Grave) -> Change {
        let Some(open) = self.open else {
            return Change::NOTHING;
        };
        match fate {
            Fate::Waits => Change::NOTHING,
            Fate::Cut => {
                grave.bury(open.start, ErrorKind::Overlap);
                self.open = None;
                Change::DECIDED
            }
            Fate::Shown(len, rank) => {
                let free = self.shown.iter_mut().find(|slot| slot.is_none());
                if let Some(slot) = free {
                    *slot = Some(open.claim(len, rank));
                }
                self.open = None;
                Change::SHOWN
            }
        }
    }

    /// Reads the byte before `end`.
    pub(super) fn push(
        &mut self,
        byte: u8,
        end: Place,
        limits: &Limits,
        grave: &mut Grave,
    ) -> Change {
        if let Some(last) = self.ring.get_mut(end.minus(1).modulo::<RECENT>()) {
            *last = byte;
        }
        self.recent = self.recent << 8 | u32::from(byte);
        let mut change = Change::DECIDED.when(self.follow_cores(byte, end));
        if (self.short & seen(CORE as u32)) | (self.long & seen(LONG_CORE)) != 0 {
            change = change.and(self.open_core(end, limits, grave));
        }
        if let Some(open) = self.open {
            let fate = self.fate(&open, end, limits);
            change = change.and(self.end_open(fate, grave));
        }
        let is_shown = !matches!(self.shown, [None, None]);
        change.and(Change::SHOWN.when(is_shown))
    }

    /// Opens the frame whose core ends with the last byte, which ends the one before it.
    #[inline(never)]
    fn open_core(&mut self, end: Place, limits: &Limits, grave: &mut Grave) -> Change {
        let Some(new) = self.whole_core(end) else {
            return Change::DECIDED;
        };
        if new.min_len() > limits.max {
            grave.bury(new.start, ErrorKind::Oversize);
            return Change::DECIDED;
        }
        let mut change = Change::DECIDED;
        if let Some(open) = self.open {
            if new.start.is_before(open.start) {
                // A whole core began inside it.
                grave.bury(new.start, ErrorKind::Overlap);
                return Change::DECIDED;
            }
            let fate = match open.kind {
                Kind::Record => Fate::Cut,
                Kind::Short | Kind::Long => open.before(new.start.since(open.start)),
            };
            change = change.and(self.end_open(fate, grave));
        }
        self.open = Some(new);
        change
    }

    #[inline]
    pub(super) fn claim(&self, believed: Option<Believed>) -> Option<Claim> {
        let is_free = |claim: &&Claim| !Believed::holds(believed, claim.start);
        let shown = self.shown.iter().flatten().filter(is_free);
        shown
            .copied()
            .reduce(|a, b| if b.end().is_before(a.end()) { b } else { a })
    }

    pub(super) fn is_shown_in(&self, from: Place, to: Place, believed: Option<Believed>) -> bool {
        self.shown
            .iter()
            .flatten()
            .any(|claim| claim.start.is_in(from, to) && !Believed::holds(believed, claim.start))
    }

    pub(super) fn remove(&mut self, start: Place) {
        for slot in &mut self.shown {
            if slot.is_some_and(|claim| claim.start == start) {
                *slot = None;
            }
        }
    }

    #[inline]
    pub(super) fn oldest(&self, end: Place) -> Place {
        let young = self.short | self.long;
        let mut oldest = end.minus(32_u32.wrapping_sub(young.leading_zeros()));
        for claim in self.shown.iter().flatten() {
            oldest = oldest.min(claim.start);
        }
        match &self.open {
            Some(open) => oldest.min(open.start),
            None => oldest,
        }
    }

    pub(super) fn bury_before(&self, place: Place, grave: &mut Grave) {
        if let Some(open) = self.open.filter(|open| open.start.is_before(place)) {
            grave.bury(open.start, ErrorKind::Overlap);
        }
    }

    pub(super) fn forget_before(&mut self, front: Place, end: Place) {
        let kept = up_to(end.since(front));
        self.short &= kept;
        self.long &= kept;
        self.open = self.open.filter(|open| !open.start.is_before(front));
        for slot in &mut self.shown {
            *slot = slot.filter(|claim| !claim.start.is_before(front));
        }
    }

    /// Whether a candidate is open that begins in `from..to`; with `reports_only`, one for `$`.
    pub(super) fn is_open_in(
        &self,
        from: Place,
        to: Place,
        end: Place,
        reports_only: bool,
    ) -> bool {
        let is_in = |seen_bytes: u32| {
            end.minus(seen_bytes).is_in(from, to)
                && !(reports_only && self.byte(end, seen_bytes) == RECORD)
        };
        let young = self.short | self.long;
        let mut cores = (1..=LONG_CORE).filter(|&bytes| young & seen(bytes) != 0);
        let is_open =
            |open: Open| open.start.is_in(from, to) && !(reports_only && open.kind == Kind::Record);
        self.open.is_some_and(is_open) || young != 0 && cores.any(is_in)
    }

    pub(super) fn second_best(&self, from: Place, until: Place, end: Place) -> Option<SecondBest> {
        let open = self.open.filter(|open| open.start.is_in(from, until))?;
        let until = until.min(end);
        let len = match until.since(open.start) {
            len if len < open.min_len() => return None,
            len if len <= MAX_LEN as u32 => len,
            _ => open.min_len(),
        };
        Some(SecondBest {
            claim: open.claim(len, Rank::Whole),
            is_final: false,
        })
    }
}

/// Says how far `window` decides about the binary frame that begins at its first byte.
pub(super) fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing {
    let mut binary = Binary::NEW;
    let mut grave = Grave::EMPTY;
    let mut place = Place::ZERO;
    for (at, &byte) in window.iter().enumerate() {
        place = place.plus(1);
        binary.push(byte, place, limits, &mut grave);
        let claims = binary.shown.iter().flatten();
        if let Some(claim) = claims.copied().find(|claim| claim.start == Place::ZERO) {
            return Framing::Complete {
                len: claim.len as usize,
            };
        }
        if binary.oldest(place) != Place::ZERO {
            let kind = match (at, grave.earliest()) {
                (0, _) => ErrorKind::Start,
                (_, Some((Place::ZERO, kind))) => kind,
                (1..6, _) => ErrorKind::DeviceId,
                _ => ErrorKind::Field,
            };
            return Framing::invalid(kind, at);
        }
    }
    match binary.second_best(Place::ZERO, place, place) {
        Some(SecondBest { claim, .. }) if end && claim.start == Place::ZERO => Framing::Complete {
            len: claim.len as usize,
        },
        _ => Framing::Incomplete {
            needed: window.len().saturating_add(1),
        },
    }
}

/// Says whether bytes begin with a core.
pub(super) fn sniff(bytes: &[u8]) -> Framing {
    let limits = Limits::new(usize::MAX);
    let core = bytes.get(..LONG_CORE as usize).unwrap_or(bytes);
    for len in [CORE, LONG_CORE as usize] {
        let Some(core) = core.get(..len) else { break };
        let mut binary = Binary::NEW;
        let (mut place, mut grave) = (Place::ZERO, Grave::EMPTY);
        for &byte in core {
            place = place.plus(1);
            binary.push(byte, place, &limits, &mut grave);
        }
        if binary.open.is_some_and(|open| open.start == Place::ZERO) {
            return Framing::Complete { len };
        }
    }
    framing(core, false, &limits)
}

/// Looks for a whole `$` frame at the front of `window`, with an id of 10 digits and the next frame
/// after it.
///
/// The bytes that may begin something decide, one after the other:
///
/// | byte | after fewer than 32 bytes | after 32 to 58 bytes |
/// |---|---|---|
/// | `$` or `X`, and what follows may be a core | unsure | unsure, but the id ends the frame |
/// | `*` | unsure, if in the status or later | a maker ends the frame |
/// | any of them, at the end of `window` | | incomplete |
pub(super) fn plain(window: &[u8]) -> Plain {
    /// The most bytes of a frame that every decoder can read on after, as far as it must.
    const MAX: usize = 58;
    let more = Plain::Incomplete {
        needed: window.len().max(MIN_LEN).wrapping_add(1),
    };
    let (Some(core), Some(id)) = (
        window.first_chunk(),
        window.first_chunk::<{ TIME as usize }>(),
    ) else {
        return more;
    };
    if !is_core(core) {
        return Plain::Unsure;
    }
    let mut len = 1_usize;
    while let Some(rest) = window.get(len..) {
        len = len.wrapping_add(swar::find(rest, marks));
        let next = window.get(len..).unwrap_or_default();
        match next {
            _ if len > MAX => break,
            [] => return more,
            [b'*', ..] if len < STATUS => {}
            // A text may begin with the last bytes of what looks like a status.
            [b'*', ..] if len < MIN_LEN => break,
            [REPORT | RECORD, ..] if len < MIN_LEN && may_begin_core(next) => break,
            [REPORT | RECORD, ..] if len < MIN_LEN => {}
            [REPORT, ..] if next.first_chunk() == Some(id) => return Plain::Frame { len },
            [b'*', a, b, b',', ..] if Maker::from_letters([*a, *b]).is_some() => {
                return Plain::Frame { len };
            }
            [REPORT | b'*', ..] if next.len() < id.len() => return more,
            [RECORD] => return more,
            [REPORT | RECORD, ..] if may_begin_core(next) => break,
            _ => {}
        }
        len = len.wrapping_add(1);
    }
    Plain::Unsure
}

/// Whether `bytes` are a whole `$` frame with an id of 10 digits, in which nothing begins that the
/// bytes after it would have to decide.
pub(super) fn is_plain_alone(bytes: &[u8]) -> bool {
    let is_core = bytes.first_chunk().is_some_and(is_core);
    let id = bytes.get(..TIME as usize).unwrap_or_default();
    let mut rest = bytes.get(1..).unwrap_or_default();
    while is_core && (MIN_LEN..=MAX_LEN).contains(&bytes.len()) {
        let next = rest.get(swar::find(rest, marks)..).unwrap_or_default();
        rest = match next {
            [] => return true,
            [b'*', ..] => return false,
            _ if next.starts_with(id) || may_begin_core(next) => return false,
            [_, after @ ..] => after,
        };
    }
    false
}

/// Marks the bytes with which a frame of this protocol begins.
#[inline]
const fn marks(word: u64) -> u64 {
    equal_to(word, REPORT) | equal_to(word, RECORD) | equal_to(word, b'*')
}

/// Whether these bytes, which begin with a start mark, may begin a core, as far as they go. It
/// looks no further than the month.
#[inline]
fn may_begin_core(bytes: &[u8]) -> bool {
    // Most do not, by the hour.
    let has_hour = |at: u32| bytes.get(at as usize).is_none_or(|&hour| hour < 0x24);
    (has_hour(TIME) || has_hour(LONG_TIME)) && has_time_and_date(bytes)
}

#[inline(never)]
fn has_time_and_date(bytes: &[u8]) -> bool {
    /// From the hour to the month.
    const TIME_AND_DATE: [RangeInclusive<u8>; 5] =
        [0..=0x23, 0..=0x59, 0..=0x59, 1..=0x31, 1..=0x12];
    [TIME, LONG_TIME].into_iter().any(|time| {
        let id = bytes.iter().skip(1).take((time as usize).wrapping_sub(1));
        let mut after = bytes.iter().skip(time as usize).zip(&TIME_AND_DATE);
        id.fold(true, |all, &byte| all & is_bcd(byte))
            && after.all(|(&byte, range)| is_bcd(byte) && range.contains(&byte))
    })
}
