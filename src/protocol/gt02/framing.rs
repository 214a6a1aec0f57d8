//! Finds the frames of this protocol. [The module](super) says what makes a frame.
//!
//! # How this works
//! Headers may overlap: an IMEI may hold `68 68`. So all headers that have begun are one word, a
//! bit for each offset ([`Headers`]), and a byte is compared with all of them at once. A header
//! that is whole becomes an [`Open`] frame, which waits for its end mark. Two frames of devices are
//! open at most, and one of a server.

#[cfg(test)]
mod tests;

use super::{
    ACK, DOWN, END, HEADER, HEARTBEAT, MIN_COMMAND_LENGTH, MIN_LENGTH, OVERHEAD, RESPONSE, UP,
    VOUCHED, is_exact_location, is_id, is_known_type, is_text,
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

    const PROTOCOL: Protocol = Protocol::Gt02;

    const IS_BINARY: bool = true;

    #[inline]
    fn is_start(byte: u8) -> bool {
        matches!(byte, UP | DOWN | 0x54)
    }

    #[inline]
    fn may_begin(first: u8, second: u8) -> bool {
        (first == UP) & (second == UP)
            | (first == DOWN) & (second == DOWN)
            | (first == 0x54) & (second == 0x68)
    }

    fn framing(window: &[u8], _end: bool, limits: &Limits) -> Framing {
        match window {
            [UP, UP, ..] => uplink(window, limits),
            [DOWN, DOWN, ..] => command(window, limits),
            [0x54, 0x68, ..] => ack(window),
            [] | [UP | DOWN | 0x54] => Framing::Incomplete { needed: 2 },
            _ => Framing::invalid(ErrorKind::Start, 0),
        }
    }

    fn sniff(bytes: &[u8]) -> Framing {
        header(bytes)
    }

    #[inline]
    fn plain(window: &[u8]) -> Plain {
        let Some([UP, UP, length, _, _, id @ .., _, _, _]) = window.first_chunk::<HEADER>() else {
            return match window {
                [UP] | [UP, UP, ..] if window.len() < HEADER => {
                    Plain::Incomplete { needed: HEADER }
                }
                _ => Plain::Unsure,
            };
        };
        if *length < MIN_LENGTH || !is_id(u64::from_be_bytes(*id)) {
            return Plain::Unsure;
        }
        let len = usize::from(*length).wrapping_add(OVERHEAD);
        match window.get(..len) {
            Some(frame) if frame.ends_with(&END) => Plain::Frame { len },
            Some(_) => Plain::Unsure,
            None => Plain::Incomplete { needed: len },
        }
    }

    #[inline]
    fn is_believed(frame: &[u8]) -> bool {
        let is_exact = matches!(
            frame.first_chunk::<HEADER>(),
            Some([_, _, length, .., code]) if is_exact_location(*length, *code)
        );
        is_exact && has_documented_status(frame)
    }
}

/// The length of a frame of a device is this many bytes before the end of its id.
const LENGTH_BACK: u32 = VOUCHED as u32 - 2;
/// Bytes before the end mark that the length does not count.
const UNCOUNTED_BEFORE_END: usize = OVERHEAD - END.len();

/// Bytes that are remembered: as many as the longest header has.
const RECENT: usize = HEADER;

/// The headers that have begun, of three kinds.
///
/// Bit `i` of a kind says that a header of that kind may have begun `i` bytes before the last byte:
/// all bytes from there on fit.
#[derive(Clone, Debug)]
struct Headers {
    young: u32,
    /// The last bytes; the byte before place `p` is at `p - 1` modulo their number.
    recent: [u8; RECENT],
}

/// A kind of header, by where its bits stand.
#[derive(Clone, Copy)]
struct Kind {
    shift: u32,
    len: u32,
}

impl Kind {
    /// A frame of a device, up to the type.
    const UPLINK: Self = Self {
        shift: 0,
        len: HEADER as u32,
    };
    /// A command: start mark, length, type, length of the text.
    const COMMAND: Self = Self { shift: 16, len: 5 };
    /// The answer to a heartbeat, all of it.
    const ACK: Self = Self { shift: 21, len: 5 };

    /// The bit of a header of this kind after `seen` bytes.
    const fn seen(self, seen: usize) -> u32 {
        1 << self.shift.wrapping_add(seen as u32).wrapping_sub(1)
    }

    /// The bits of this kind, and all below them.
    const fn all(self) -> u32 {
        (1_u32 << self.shift.wrapping_add(self.len)).wrapping_sub(1)
    }

    /// The headers of this kind that have begun; bit 0 is for the one that began last.
    const fn of(self, young: u32) -> u32 {
        young >> self.shift & (1_u32 << self.len).wrapping_sub(1)
    }
}

impl Headers {
    /// The header of any kind may begin with the next byte.
    const STARTS: u32 = Kind::UPLINK.seen(1) | Kind::COMMAND.seen(1) | Kind::ACK.seen(1);

    /// The headers that are whole.
    const WHOLE: u32 = Kind::UPLINK.seen(VOUCHED) | Kind::COMMAND.seen(5) | Kind::ACK.seen(5);

    /// Reads the byte before `end`. Returns whether a header died.
    #[inline]
    fn push(&mut self, byte: u8, end: Place) -> bool {
        if let Some(last) = self.recent.get_mut(end.minus(1).modulo::<RECENT>()) {
            *last = byte;
        }
        if self.young == 0 && !Framer::is_start(byte) {
            return false;
        }
        let goes_on = self.young << 1;
        self.young = (goes_on | Self::STARTS) & fits(byte, goes_on);
        goes_on & !self.young != 0
    }

    /// The byte `back` bytes before `end`, 1 for the last one.
    #[inline]
    fn byte(&self, end: Place, back: u32) -> u8 {
        self.recent
            .get(end.minus(back).modulo::<RECENT>())
            .copied()
            .unwrap_or(0)
    }

    /// Where the header begins that began first; `end` if there is none.
    #[inline]
    fn oldest(&self, end: Place) -> Place {
        end.minus(32_u32.wrapping_sub(self.begun().leading_zeros()))
    }

    /// The headers of all kinds: bit `i` is for one of `i + 1` bytes.
    #[inline]
    const fn begun(&self) -> u32 {
        Kind::UPLINK.of(self.young) | Kind::COMMAND.of(self.young) | Kind::ACK.of(self.young)
    }

    /// Drops the headers that have more than `seen` bytes.
    fn keep_up_to(&mut self, seen: u32) {
        let bits = up_to(seen);
        let kept = |kind: Kind| (kind.of(self.young) & bits) << kind.shift;
        self.young = kept(Kind::UPLINK) | kept(Kind::COMMAND) | kept(Kind::ACK);
    }
}

/// The bits of headers of at most `seen` bytes.
fn up_to(seen: u32) -> u32 {
    1_u32.checked_shl(seen).unwrap_or(0).wrapping_sub(1)
}

/// For each offset in each kind of header, whether `byte` may stand there. Where no
/// header of a kind goes on, only the start counts.
#[inline]
fn fits(byte: u8, goes_on: u32) -> u32 {
    /// Header word, serial and type.
    const ANY: u32 = 0b11 << 3 | 0b111 << VOUCHED;
    const REST_OF_ID: u32 = 0b111_1111 << 6;

    let is_bcd = byte & 0x0F < 10 && byte < 0xA0;
    let on = |yes: bool, bits: u32| if yes { bits } else { 0 };
    let uplink = ANY
        | on(byte == UP, Kind::UPLINK.seen(1) | Kind::UPLINK.seen(2))
        | on(byte >= MIN_LENGTH, Kind::UPLINK.seen(3))
        | on(is_bcd, REST_OF_ID)
        | on(is_bcd && byte < 0x10, Kind::UPLINK.seen(6));
    // Mostly there is no header of another kind.
    if goes_on <= Kind::UPLINK.all() && !matches!(byte, DOWN | 0x54) {
        return uplink;
    }
    let other = Kind::COMMAND.seen(5)
        | on(byte >= MIN_COMMAND_LENGTH, Kind::COMMAND.seen(3))
        | match byte {
            DOWN => Kind::COMMAND.seen(1) | Kind::COMMAND.seen(2),
            RESPONSE => Kind::COMMAND.seen(4),
            0x54 => Kind::ACK.seen(1),
            UP => Kind::ACK.seen(2),
            HEARTBEAT => Kind::ACK.seen(3),
            0x0D => Kind::ACK.seen(4),
            0x0A => Kind::ACK.seen(5),
            _ => 0,
        };
    uplink | other
}

/// A frame whose header is whole.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: Place,
    total: u32,
    stage: Stage,
    /// The type; 0, which is no known type, until it was read.
    code: u8,
}

/// How much of an open frame was read. No stage is 0, so an absent frame is all zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Stage {
    /// A header up to the id.
    Id = 1,
    /// The type as well.
    Type,
    /// All of it: it was shown to be a frame, and something vouches for it.
    Shown,
    /// All of it, but it may have been cut short.
    Doubtful,
}

impl Open {
    /// Reads the byte before `end`, the last of `recent`; returns why this is no frame, if so.
    #[inline]
    fn step(&mut self, byte: u8, end: Place, recent: &Headers) -> Result<(), ErrorKind> {
        let seen = end.since(self.start);
        if seen == HEADER as u32 && self.stage == Stage::Id {
            self.code = byte;
            self.stage = Stage::Type;
        }
        let left = self.total.wrapping_sub(seen);
        match (left, byte) {
            (1, 0x0D) | (2.., _) => Ok(()),
            (0, 0x0A) => {
                let status = [6, 5, 4, 3].map(|back| recent.byte(end, back));
                self.stage = if self.is_vouched_for(status) {
                    Stage::Shown
                } else {
                    Stage::Doubtful
                };
                Ok(())
            }
            _ => Err(ErrorKind::End),
        }
    }

    /// Whether this frame is over because the header of `inner` is whole.
    ///
    /// | this frame | the header inside begins | this frame is over |
    /// |---|---|---|
    /// | an exact location, whose coordinates may be anything | after the type | with a known type |
    /// | of another known type | after the type | with the id |
    /// | of a known type | before it: an IMEI may hold `68 68` | no: the first to be whole wins |
    /// | of an unknown type | anywhere | with the id |
    fn is_cut_by(&self, inner: &Self) -> bool {
        if self.stage != Stage::Type {
            return false;
        }
        let is_after_type = inner.start.since(self.start) >= HEADER as u32;
        if !is_known_type(self.code) {
            true
        } else if self.is_exact() {
            is_after_type && is_known_type(inner.code)
        } else {
            is_after_type
        }
    }

    /// Whether `0D 0A 68 68` inside ends this frame.
    fn is_cut_by_boundary(&self) -> bool {
        self.stage == Stage::Type && !self.is_exact()
    }

    /// Whether this is a location of exactly the documented length.
    fn is_exact(&self) -> bool {
        is_exact_location(self.length(), self.code)
    }

    /// Whether this was shown to be a frame.
    const fn is_shown(&self) -> bool {
        matches!(self.stage, Stage::Shown | Stage::Doubtful)
    }

    const fn length(&self) -> u8 {
        self.total.wrapping_sub(OVERHEAD as u32) as u8
    }

    /// Whether something vouches for a whole frame. `status` are the last bytes of its body.
    ///
    /// It may have been cut short before a frame that holds `0D 0A`. Of an exact location, whose
    /// coordinates may be anything, the status vouches for it, if it has no bits but those that
    /// some source names; of all others the type, if it is known.
    fn is_vouched_for(&self, status: [u8; 4]) -> bool {
        if self.is_exact() {
            is_documented_status(status)
        } else {
            is_known_type(self.code)
        }
    }

    /// The claim that this is a frame.
    const fn claim(&self) -> Claim {
        let rank = match self.stage {
            Stage::Doubtful => Rank::Doubtful,
            Stage::Id | Stage::Type | Stage::Shown => Rank::Whole,
        };
        Claim {
            protocol: Protocol::Gt02,
            start: self.start,
            len: self.total,
            rank,
            least: 0,
        }
    }
}

/// Whether the status at the end of an exact location has only documented bits.
///
/// If a frame with a checksum ended here, these bytes would be its serial and its checksum.
#[inline]
const fn has_documented_status(location: &[u8]) -> bool {
    let [.., a, b, c, d, _, _] = *location else {
        return false;
    };
    is_documented_status([a, b, c, d])
}

/// Whether a status has only bits that some source names.
const fn is_documented_status(status: [u8; 4]) -> bool {
    matches!(status, [0, 0, 0, 0..=0x3F])
}

/// All candidates of this protocol.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    headers: Headers,
    /// Two frames of devices, the outer one first; a command of a server; and an answer to a
    /// heartbeat, which is shown as soon as its header is whole.
    frames: [Option<Open>; 4],
    /// A place up to which no byte but a start mark matters to them.
    due: Place,
    /// Whether there may be one.
    is_busy: bool,
}

impl Tracker {
    /// All frames that are open, the outer one first.
    fn open(&self) -> impl Iterator<Item = &Open> {
        self.frames.iter().flatten()
    }

    /// Opens a frame of a device.
    fn open_uplink(&mut self, frame: Open, grave: &mut Grave) {
        let [outer, inner, ..] = &mut self.frames;
        // A frame that was shown and is held back stays.
        if !outer.is_some_and(|first| first.is_shown() && inner.is_some()) {
            core::mem::swap(outer, inner);
        }
        // Now the inner one is free, or it is to end.
        if let Some(ended) = inner {
            if outer.is_none() {
                *outer = Some(*ended);
            } else if !ended.is_shown() {
                grave.bury(ended.start, ErrorKind::Overlap);
            }
        }
        let free = if outer.is_none() { outer } else { inner };
        *free = Some(frame);
    }

    /// The place up to which no byte but a start mark matters.
    fn next_due(&self, end: Place) -> Place {
        let [outer, inner, command, _] = &self.frames;
        // Every byte of a command matters.
        if command.is_some() {
            return end;
        }
        // After every frame, which is 260 bytes at most.
        let mut due = end.plus(1 << 16);
        for frame in [outer, inner].into_iter().flatten() {
            let next = frame.start.plus(match frame.stage {
                Stage::Id => HEADER as u32,
                Stage::Type | Stage::Shown | Stage::Doubtful => frame.total.wrapping_sub(1),
            });
            due = due.min(next);
        }
        due
    }

    /// Ends the frames that the last bytes show to be cut short. Returns whether there was one.
    fn cut(&mut self, byte: u8, end: Place, grave: &mut Grave) -> bool {
        let mut is_changed = false;
        let [outer, inner, ..] = &mut self.frames;
        if let (Some(first), Some(second)) = (&outer, &inner) {
            if first.is_cut_by(second) {
                grave.bury(first.start, ErrorKind::Overlap);
                *outer = inner.take();
                is_changed = true;
            }
        }
        let last = |back| self.headers.byte(end, back);
        if byte == UP && last(2) == UP && last(3) == END[1] && last(4) == END[0] {
            for slot in [outer, inner] {
                if let Some(frame) = slot {
                    if frame.is_cut_by_boundary() {
                        grave.bury(frame.start, ErrorKind::Overlap);
                        *slot = None;
                        is_changed = true;
                    }
                }
            }
        }
        is_changed
    }

    /// Opens the frames whose header ends with the last byte. Returns whether one is whole, or
    /// none.
    fn open_whole_headers(&mut self, end: Place, limits: &Limits, grave: &mut Grave) -> bool {
        let mut is_changed = false;
        if self.headers.young & Kind::UPLINK.seen(VOUCHED) != 0 {
            let start = end.minus(VOUCHED as u32);
            let length = self.headers.byte(end, LENGTH_BACK);
            let total = u32::from(length).wrapping_add(OVERHEAD as u32);
            is_changed = true;
            if total > limits.max {
                grave.bury(start, ErrorKind::Oversize);
            } else {
                self.open_uplink(
                    Open {
                        start,
                        total,
                        stage: Stage::Id,
                        code: 0,
                    },
                    grave,
                );
            }
        }
        if self.headers.young & Kind::COMMAND.seen(5) != 0 {
            self.headers.young &= !Kind::COMMAND.seen(5);
            let start = end.minus(5);
            let length = self.headers.byte(end, 3);
            let total = u32::from(length).wrapping_add(OVERHEAD as u32);
            let [_, _, slot, _] = &mut self.frames;
            let has_room = slot.is_none_or(|command| !command.is_shown());
            let is_right = self.headers.byte(end, 1) == length.wrapping_sub(2);
            if is_right && total <= limits.max && has_room {
                if let Some(cut) = slot {
                    grave.bury(cut.start, ErrorKind::Overlap);
                }
                *slot = Some(Open {
                    start,
                    total,
                    stage: Stage::Type,
                    code: RESPONSE,
                });
            }
            is_changed = true;
        }
        if self.headers.young & Kind::ACK.seen(5) != 0 {
            self.headers.young &= !Kind::ACK.seen(5);
            let [.., slot] = &mut self.frames;
            if slot.is_none() {
                *slot = Some(Open {
                    start: end.minus(5),
                    total: 5,
                    stage: Stage::Shown,
                    code: HEARTBEAT,
                });
            }
            is_changed = true;
        }
        is_changed
    }
}

impl Track for Tracker {
    const NEW: Self = Self {
        headers: Headers {
            young: 0,
            recent: [0; RECENT],
        },
        frames: [None; 4],
        due: Place::ZERO,
        is_busy: false,
    };

    #[inline(never)]
    fn push(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> Change {
        // Whether a header died.
        let mut is_changed = self.headers.push(byte, end);
        if !self.is_busy && self.headers.young & Headers::WHOLE == 0 {
            let change = Change::DECIDED.when(is_changed);
            return change.and(Change::AWAKE.when(self.headers.young != 0));
        }
        if self.headers.young == 0 && !is_changed && end.is_before(self.due) {
            return Change::AWAKE;
        }
        let mut is_shown = false;
        self.due = end;
        for slot in &mut self.frames {
            let Some(frame) = slot else { continue };
            if let Err(kind) = frame.step(byte, end, &self.headers) {
                grave.bury(frame.start, kind);
                *slot = None;
                is_changed = true;
            } else {
                is_shown |= frame.is_shown();
            }
        }
        let [_, _, slot, _] = &mut self.frames;
        if let Some(command) = slot {
            let seen = end.since(command.start);
            let is_in_text = seen > 9 && seen.wrapping_add(2) <= command.total;
            if is_in_text && !is_text(byte) {
                grave.bury(command.start, ErrorKind::Field);
                *slot = None;
                is_changed = true;
            }
        }
        if self.headers.young & Headers::WHOLE != 0 {
            is_changed |= self.open_whole_headers(end, limits, grave);
        }
        let has_frames = self.frames.iter().any(Option::is_some);
        if has_frames {
            is_changed |= self.cut(byte, end, grave);
        }
        let [.., ack] = &self.frames;
        is_shown |= ack.is_some();
        self.is_busy = has_frames || is_shown;
        if !is_shown && self.headers.young == 0 {
            self.due = self.next_due(end);
        }
        let is_awake = self.is_busy || self.headers.young != 0;
        Change::AWAKE
            .when(is_awake)
            .and(Change::SHOWN.when(is_shown))
            .and(Change::DECIDED.when(is_changed))
    }

    #[inline]
    fn claim(&self, believed: Option<Believed>) -> Option<Claim> {
        // Of two frames that end together, the outer one was cut short before the inner one.
        let is_free = |start| !Believed::holds(believed, start);
        let is_better = |a: &Claim, b: &Claim| {
            let is_inside = b.end() == a.end() && a.start.is_before(b.start);
            b.end().is_before(a.end()) || is_inside
        };
        // A loop: a fold over a slice divides by the size of its elements.
        let mut best: Option<Claim> = None;
        for slot in &self.frames {
            let Some(frame) = slot else { continue };
            if frame.is_shown() && is_free(frame.start) {
                let next = frame.claim();
                if best.is_none_or(|best| is_better(&best, &next)) {
                    best = Some(next);
                }
            }
        }
        best
    }

    fn is_shown_in(&self, from: Place, to: Place, believed: Option<Believed>) -> bool {
        self.open().any(|frame| {
            frame.is_shown()
                && frame.start.is_in(from, to)
                && !Believed::holds(believed, frame.start)
        })
    }

    #[inline]
    fn believed(&self, _: Place, finish: bool) -> Option<Believed> {
        let [outer, inner, ..] = &self.frames;
        let mut open = [outer, inner].into_iter().flatten();
        // One that is whole by its status wins; another one may yet lose.
        let frame = open.find(|frame| {
            frame.is_exact() && frame.stage != Stage::Doubtful && (frame.is_shown() || !finish)
        })?;
        Some(Believed {
            start: frame.start,
            end: frame.start.plus(frame.total),
        })
    }

    fn remove(&mut self, start: Place) {
        for slot in &mut self.frames {
            if slot.is_some_and(|frame| frame.start == start) {
                *slot = None;
            }
        }
    }

    #[inline]
    fn oldest(&self, end: Place) -> Place {
        let mut oldest = self.headers.oldest(end);
        if self.is_busy {
            for slot in &self.frames {
                let Some(frame) = slot else { continue };
                oldest = oldest.min(frame.start);
            }
        }
        oldest
    }

    fn begin_after(&mut self, _: Place) {}

    fn bury_before(&self, place: Place, grave: &mut Grave) {
        for frame in self.open().filter(|frame| frame.start.is_before(place)) {
            grave.bury(frame.start, ErrorKind::Overlap);
        }
    }

    fn forget_before(&mut self, front: Place, end: Place) {
        for slot in &mut self.frames {
            if slot.is_some_and(|frame| frame.start.is_before(front)) {
                *slot = None;
            }
        }
        self.headers.keep_up_to(end.since(front));
    }

    fn is_open_in(&self, from: Place, to: Place, end: Place, _: bool) -> bool {
        let young = up_to(end.since(from)) & !up_to(end.since(to));
        self.headers.begun() & young != 0
            || self
                .open()
                .any(|frame| !frame.is_shown() && frame.start.is_in(from, to))
    }

    #[inline]
    fn second_best(&self, _: Place, _: Place, _: Place, _: &Limits) -> Option<SecondBest> {
        None
    }
}

/// The part of a frame of a device that can be wrong, up to the id: `Complete` if all of it is
/// right.
pub(super) fn header(bytes: &[u8]) -> Framing {
    let wrong = |at, kind| Framing::invalid(kind, at);
    for (at, &byte) in bytes.iter().enumerate().take(VOUCHED) {
        match at {
            0 | 1 if byte != UP => return wrong(0, ErrorKind::Start),
            2 if byte < MIN_LENGTH => return wrong(2, ErrorKind::Length),
            5 if byte >= 0x10 => return wrong(5, ErrorKind::DeviceId),
            5.. if byte & 0x0F > 9 || byte > 0x9F => return wrong(5, ErrorKind::DeviceId),
            _ => {}
        }
    }
    if bytes.len() < VOUCHED {
        Framing::Incomplete {
            needed: bytes.len().saturating_add(1),
        }
    } else {
        Framing::Complete { len: VOUCHED }
    }
}

fn uplink(window: &[u8], limits: &Limits) -> Framing {
    match (header(window), window.get(2)) {
        (Framing::Complete { .. }, Some(&length)) => counted(window, length, limits),
        (verdict, _) => verdict,
    }
}

/// `54 68 1A 0D 0A`, and nothing else.
fn ack(window: &[u8]) -> Framing {
    match window
        .iter()
        .zip(&ACK)
        .position(|(byte, right)| byte != right)
    {
        Some(at @ 0..=2) => Framing::invalid(ErrorKind::Field, at),
        Some(at) => Framing::invalid(ErrorKind::End, at),
        None if window.len() < ACK.len() => Framing::Incomplete {
            needed: window.len().wrapping_add(1),
        },
        None => Framing::Complete { len: ACK.len() },
    }
}

/// `88 88`, `L`, `1C`, `n` = `L` - 2, flag (4), text, `0D 0A`.
fn command(window: &[u8], limits: &Limits) -> Framing {
    const TEXT: usize = 9;
    let Some(&length) = window.get(2) else {
        return Framing::Incomplete { needed: 3 };
    };
    if length < MIN_COMMAND_LENGTH {
        return Framing::invalid(ErrorKind::Length, 2);
    }
    if window.get(3).is_some_and(|&code| code != RESPONSE) {
        return Framing::invalid(ErrorKind::Field, 3);
    }
    if window.get(4).is_some_and(|&n| n != length.wrapping_sub(2)) {
        return Framing::invalid(ErrorKind::Field, 4);
    }
    let end = usize::from(length).wrapping_add(UNCOUNTED_BEFORE_END);
    let text = window
        .get(..end)
        .unwrap_or(window)
        .get(TEXT..)
        .unwrap_or_default();
    match text.iter().position(|&byte| !is_text(byte)) {
        Some(at) => Framing::invalid(ErrorKind::Field, at.wrapping_add(TEXT)),
        None => match counted(window, length, limits) {
            Framing::Incomplete { .. } => Framing::Incomplete {
                needed: window.len().wrapping_add(1),
            },
            verdict => verdict,
        },
    }
}

/// The end mark of a frame that says its length.
fn counted(window: &[u8], length: u8, limits: &Limits) -> Framing {
    let len = usize::from(length).wrapping_add(OVERHEAD);
    if len > limits.max as usize {
        return Framing::invalid(ErrorKind::Oversize, 2);
    }
    match window.get(..len) {
        Some(frame) if frame.ends_with(&END) => Framing::Complete { len },
        Some(_) => Framing::invalid(ErrorKind::End, len.wrapping_sub(END.len())),
        None => Framing::Incomplete { needed: len },
    }
}
