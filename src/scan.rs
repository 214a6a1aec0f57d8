//! The engine: finds the frames in a stream, one byte at a time.
//!
//! # How this works
//! A candidate begins at every byte at which a frame may begin; its protocol's
//! [tracker](crate::framing) says what becomes of it. Between them decides one rule:
//!
//! 1. **Of all candidates that have begun, the first that is shown to be a frame is one.** Of those
//!    shown by the same byte, one with a checksum wins, then the outermost. What began before its
//!    end dies; what began after its end lives on, for some frames are shown by a byte after them.
//! 2. A frame without a checksum whose last bytes may begin a frame of another kind is *parked*
//!    until that one is decided: the end mark of a text that was cut short may be a byte of the
//!    frame after it. See [`Engine::has_rival`] for which.
//! 3. *Second-best claims*: a candidate may be a frame only if nothing better comes (a wrong length
//!    with a right checksum, a keep-alive that may yet be the beginning of a report). It is one
//!    when nothing better can come and nothing before it is open, when a frame after it wins, or at
//!    the end of the stream. Rivals are second-best claims too: as soon as one has such a claim,
//!    the frame around it was cut short. See [`Engine::is_beaten`].
//! 4. What is before everything open is noise.
//!
//! So a false start never keeps a device waiting, and each answer is a function of the bytes read
//! so far: how the stream was cut does not matter.
//!
//! # How to change it
//! `scan/tests.rs` says the same rule in the plainest way, as a function of whole prefixes, and
//! compares. Work per byte is bounded, and counted by [`Work`] in tests.

mod item;
pub(crate) mod plain;
#[cfg(test)]
mod tests;

pub use item::{Item, Noise, NoiseReason};

use crate::{
    error::{Error, ErrorKind},
    framing::{
        Believed, Change, Claim, Framing, Grave, Limits, Off, Place, Rank, SecondBest, Track, Wire,
    },
    protocol::{self, Frame},
    types::Protocol,
};

/// What the engine found at the front of the bytes that were not given out yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Frame { protocol: Protocol, len: usize },
    Noise { reason: NoiseReason, len: usize },
}

impl Event {
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Frame { len, .. } | Self::Noise { len, .. } => *len,
        }
    }

    /// The item that this is, of these bytes.
    #[inline]
    pub(crate) const fn item<'a>(&self, bytes: &'a [u8]) -> Item<'a> {
        match *self {
            Self::Frame { protocol, .. } => Item::Frame(Frame::from_candidate(protocol, bytes)),
            Self::Noise { reason, .. } => Item::Noise(Noise { bytes, reason }),
        }
    }
}

/// Checks that `bytes` are one whole frame, and returns its protocol.
///
/// # Errors
/// If `bytes` are not exactly one frame. The error says what is wrong, and where.
pub(crate) fn single(bytes: &[u8], limits: Limits) -> Result<Protocol, Error> {
    match plain_single(bytes, limits.max as usize) {
        Some(protocol) => Ok(protocol),
        None => single_by_engine(bytes, limits),
    }
}

/// The protocol of `bytes` if a few comparisons show that they are one whole frame.
#[inline]
fn plain_single(bytes: &[u8], max: usize) -> Option<Protocol> {
    match plain::find(bytes, max) {
        plain::Found::Frame { protocol, len } if len == bytes.len() => Some(protocol),
        plain::Found::Incomplete { .. } => plain::alone(bytes, max),
        _ => None,
    }
}

#[inline(never)]
fn single_by_engine(bytes: &[u8], limits: Limits) -> Result<Protocol, Error> {
    let (protocol, framing) = framing_of(bytes, true, &limits);
    framing.whole(bytes)?;
    let mut engine = Engine::new(limits);
    engine.last = bytes.first().and_then(|&first| plain::mark_before(first));
    let mut rest = bytes.chunks(1);
    // The byte that shows that another frame begins inside.
    let mut shown_at = None;
    loop {
        let read = bytes.len().wrapping_sub(rest.len());
        let byte = rest.next();
        match (engine.next(byte.is_none()), byte) {
            (Some(Event::Frame { len, .. }), _) if len == bytes.len() => return Ok(protocol),
            (Some(event), _) => {
                let at = match event {
                    Event::Noise { len, .. } if len < bytes.len() => len,
                    _ => shown_at.unwrap_or(0),
                };
                return Err(Error::new(ErrorKind::Overlap, at));
            }
            (None, Some(byte)) => {
                if engine.front != engine.out {
                    shown_at = shown_at.or(Some(read.wrapping_sub(1)));
                }
                engine.read(byte);
            }
            (None, None) => return Err(Error::new(ErrorKind::Incomplete, bytes.len())),
        }
    }
}

/// The protocol of `bytes` if they are one whole frame: what [`single`] says, without the reason.
pub(crate) fn only_frame(bytes: &[u8]) -> Option<Protocol> {
    plain_single(bytes, usize::MAX).or_else(|| only_frame_by_engine(bytes))
}

#[inline(never)]
fn only_frame_by_engine(bytes: &[u8]) -> Option<Protocol> {
    let mut engine = Engine::new(Limits::new(usize::MAX));
    engine.last = bytes.first().and_then(|&first| plain::mark_before(first));
    let mut rest = bytes;
    let first = loop {
        let read = engine.read(rest);
        rest = rest.get(read..).unwrap_or_default();
        if let Some(event) = engine.next(rest.is_empty()) {
            break Some(event);
        }
        if rest.is_empty() {
            break None;
        }
    };
    match first {
        Some(Event::Frame { protocol, len }) if len == bytes.len() => Some(protocol),
        _ => None,
    }
}

macro_rules! framings {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// The protocol that `bytes` begin with a start mark of, and how far they decide.
        fn framing_of(bytes: &[u8], end: bool, limits: &Limits) -> (Protocol, Framing) {
            let Some(&first) = bytes.first() else {
                return (Protocol::Gt02, Framing::Incomplete { needed: 1 });
            };
            $(if $enabled && protocol::$module::Framer::is_start(first) {
                return (Protocol::$name, protocol::$module::Framer::framing(bytes, end, limits));
            })*
            $(if let (true, Some(mark)) = ($enabled, protocol::$module::Framer::SHARED_MARK) {
                if protocol::$module::Framer::may_begin(mark, first) {
                    let framing = protocol::$module::Framer::framing(bytes, end, limits);
                    if matches!(framing, Framing::Complete { .. }) {
                        return (Protocol::$name, framing);
                    }
                }
            })*
            (Protocol::Gt02, Framing::invalid(ErrorKind::Start, 0))
        }
    };
}
for_each_protocol!(framings);

/// Finds the tracker of a protocol by whether it is switched on.
struct Switch<const ON: bool>;

trait Select<W> {
    type Tracker: Track;
}

impl<W: Wire> Select<W> for Switch<true> {
    type Tracker = W::Tracker;
}

impl<W: Wire> Select<W> for Switch<false> {
    type Tracker = Off;
}

macro_rules! trackers {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// The candidates of all protocols. The fields are in this order as those of [`Engine`].
        #[derive(Clone, Debug)]
        #[repr(C)]
        struct Trackers {
            /// The protocols that may have a candidate, a bit each.
            awake: u8,
            $($module: <Switch<{ $enabled }> as Select<protocol::$module::Framer>>::Tracker,)*
        }

        impl Trackers {
            const NEW: Self = Self { awake: 0, $($module: Track::NEW,)* };

            /// Whether a protocol may have a candidate.
            #[inline]
            const fn is_awake(&self, protocol: Protocol) -> bool {
                self.awake & bit(protocol) != 0
            }

            /// Reads the byte before `end`.
            #[inline]
            fn push(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> Change {
                let mut change = Change::NOTHING;
                let mut awake = 0;
                let called = self.awake | plain::starts(byte);
                $(if $enabled && called & bit(Protocol::$name) != 0 {
                    let own = self.$module.push(byte, end, limits, grave);
                    change = change.and(own);
                    if own.has(Change::AWAKE) {
                        awake |= bit(Protocol::$name);
                    }
                })*
                self.awake = awake;
                change
            }

            /// The best of the claims that the last byte showed.
            fn claim(&self, believed: Option<Believed>) -> Option<Claim> {
                let mut best: Option<Claim> = None;
                $(if $enabled && self.is_awake(Protocol::$name) {
                    best = better(best, self.$module.claim(believed));
                })*
                best
            }

            /// Whether a frame of another protocol was shown inside `claim`.
            fn is_shown_inside(&self, claim: &Claim, believed: Option<Believed>) -> bool {
                let mut is_shown = false;
                $(if $enabled
                    && self.is_awake(Protocol::$name)
                    && claim.protocol != Protocol::$name
                {
                    let (from, to) = (claim.start.plus(1), claim.end());
                    is_shown |= self.$module.is_shown_in(from, to, believed);
                })*
                is_shown
            }

            /// The best of the claims of all protocols except `skipped`, those that are held back
            /// as well.
            fn first_shown(&self, skipped: Protocol) -> Option<Claim> {
                let mut best: Option<Claim> = None;
                $(if $enabled && self.is_awake(Protocol::$name) && skipped != Protocol::$name {
                    best = better(best, self.$module.claim(None));
                })*
                best
            }

            /// The earliest candidate that is believed: see [`Track::believed`].
            fn believed(&self, end: Place, finish: bool) -> Option<Believed> {
                let mut earliest: Option<Believed> = None;
                $(if let Some(next) = self.$module.believed(end, finish) {
                    if earliest.is_none_or(|first| next.start.is_before(first.start)) {
                        earliest = Some(next);
                    }
                })*
                earliest
            }

            fn remove(&mut self, protocol: Protocol, start: Place) {
                $(if $enabled && protocol == Protocol::$name {
                    self.$module.remove(start);
                })*
            }

            /// Where the earliest open candidate begins; `end` if none is open.
            #[inline(always)]
            fn oldest(&self, end: Place) -> Place {
                let mut oldest = end;
                $(if $enabled && self.is_awake(Protocol::$name) {
                    oldest = oldest.min(self.$module.oldest(end));
                })*
                oldest
            }

            /// The number of candidates that the last byte met.
            #[cfg(test)]
            fn met(&self) -> usize {
                let mut met = 0_usize;
                $(met = met.saturating_add(self.$module.met());)*
                met
            }

            fn begin_after(&mut self, start: Place) {
                $(if $enabled && protocol::$module::Framer::SHARED_MARK.is_some() {
                    self.$module.begin_after(start);
                    self.awake |= bit(Protocol::$name);
                })*
            }

            fn bury_before(&self, place: Place, grave: &mut Grave) {
                $(if $enabled && self.is_awake(Protocol::$name) {
                    self.$module.bury_before(place, grave);
                })*
            }

            fn forget_before(&mut self, front: Place, end: Place) {
                $(if $enabled && self.is_awake(Protocol::$name) {
                    self.$module.forget_before(front, end);
                })*
            }

            /// Whether a candidate is open that begins in `from..to`; with `binary_only`, one that
            /// may show a whole text to be cut short.
            fn is_open_in(&self, from: Place, to: Place, end: Place, binary_only: bool) -> bool {
                let mut is_open = false;
                $(if $enabled
                    && self.is_awake(Protocol::$name)
                    && (!binary_only || <protocol::$module::Framer as Wire>::RIVAL_BYTES > 0)
                {
                    let from = if binary_only {
                        let back = <protocol::$module::Framer as Wire>::RIVAL_BYTES;
                        to.minus(back.min(to.since(from)))
                    } else {
                        from
                    };
                    is_open |= self.$module.is_open_in(from, to, end, binary_only);
                })*
                is_open
            }

            /// Whether a candidate is open that begins in `from..to`, and is sure.
            fn is_sure_in(&self, from: Place, to: Place) -> bool {
                let mut is_sure = false;
                $(if $enabled && self.is_awake(Protocol::$name) {
                    is_sure |= self.$module.is_sure_in(from, to);
                })*
                is_sure
            }

            /// Whether a candidate is open that begins in `from..to` with a mark that ends others.
            fn has_mark_in(&self, from: Place, to: Place, end: Place) -> bool {
                let mut is_open = false;
                $(if $enabled
                    && self.is_awake(Protocol::$name)
                    && protocol::$module::Framer::SHARED_MARK.is_some()
                {
                    is_open |= self.$module.is_open_in(from, to, end, false);
                })*
                is_open
            }

            /// Whether a rival of `claim`, or one that shares its end mark, is a frame by its
            /// second-best claim: see [`Engine::has_rival`].
            fn has_second_best_rival(&self, claim: &Claim, end: Place, limits: &Limits) -> bool {
                let mut has_rival = false;
                $(if $enabled && self.is_awake(Protocol::$name) {
                    let tracker = &self.$module;
                    // The first that begins in the last bytes of the claim.
                    let first_of_last = |bytes: u32| {
                        let from = claim.end().minus(bytes.min(claim.len.wrapping_sub(1)));
                        let SecondBest { claim: rival, .. } =
                            tracker.second_best(from, end, end, limits)?;
                        let is_rival =
                            rival.start.is_before(claim.end()) && rival.rank == Rank::Whole;
                        is_rival.then_some(rival.start)
                    };
                    let is_binary = |at: Place| tracker.is_open_in(at, at.plus(1), end, true);
                    let is_sure = |at: Place| tracker.is_sure_in(at, at.plus(1));
                    let back = <protocol::$module::Framer as Wire>::RIVAL_BYTES;
                    let shares_mark = <protocol::$module::Framer as Wire>::SHARED_MARK.is_some();
                    has_rival |= match claim.rank {
                        Rank::Checksum => false,
                        Rank::Whole => {
                            first_of_last(back).is_some_and(is_binary)
                                || shares_mark && first_of_last(1).is_some()
                                || first_of_last(claim.len).is_some_and(is_sure)
                        }
                        Rank::Doubtful => first_of_last(claim.len).is_some(),
                    };
                })*
                has_rival
            }

            /// The earliest candidate with a second-best claim that begins at `from` or after and
            /// ends at `until` or before; with `skipped`, one that has its end, of all protocols
            /// except that one.
            fn second_best(
                &self,
                from: Place,
                until: Place,
                skipped: Option<Protocol>,
                end: Place,
                limits: &Limits,
            ) -> Option<SecondBest> {
                let mut earliest: Option<SecondBest> = None;
                $(if $enabled
                    && self.is_awake(Protocol::$name)
                    && skipped != Some(Protocol::$name)
                {
                    if let Some(next) = self.$module.second_best(from, until, end, limits) {
                        let counts = skipped.is_none() || next.claim.rank == Rank::Whole;
                        let is_first = earliest
                            .is_none_or(|best| next.claim.start.is_before(best.claim.start));
                        if counts && is_first {
                            earliest = Some(next);
                        }
                    }
                })*
                earliest
            }

            /// Whether a second-best claim may be final.
            #[inline]
            fn may_be_final(&self) -> bool {
                let mut may_be = false;
                $(may_be |= self.$module.may_be_final();)*
                may_be
            }
        }
    };
}
for_each_protocol!(trackers);

macro_rules! bits {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// The bit of a protocol in sets of protocols: by its place in the list, because numbers
        /// may be large.
        const fn bit(protocol: Protocol) -> u8 {
            const { assert!([$($number),*].len() <= 8, "a set of protocols needs more bits") };
            let bit = 1_u8;
            $(
                if matches!(protocol, Protocol::$name) {
                    return bit;
                }
                let bit = bit << 1;
            )*
            bit
        }

        /// Whether frames of one protocol alone are found, so that none is inside one of another.
        const IS_ALONE: bool = 0 $(+ $enabled as u8)* == 1;

        /// Whether what follows says where some frames end: [`Wire::ENDS_BY_NEXT`].
        const MAY_END_BY_NEXT: bool =
            $($enabled && <protocol::$module::Framer as Wire>::ENDS_BY_NEXT ||)* false;
    };
}
for_each_protocol!(bits);

/// The better of two claims: the one that ends first; of those that end together, one with a
/// checksum, then the outermost.
#[inline]
fn better(best: Option<Claim>, next: Option<Claim>) -> Option<Claim> {
    let (Some(a), Some(b)) = (best, next) else {
        return best.or(next);
    };
    let is_better = if a.end() != b.end() {
        b.end().is_before(a.end())
    } else {
        match (a.rank == Rank::Checksum, b.rank == Rank::Checksum) {
            (false, true) => true,
            (true, false) => false,
            _ => b.start.is_before(a.start),
        }
    };
    Some(if is_better { b } else { a })
}

/// Counts the bytes looked at and the candidates met, in test builds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work(#[cfg(test)] u64);

impl Work {
    pub(crate) const NONE: Self = Self(
        #[cfg(test)]
        0,
    );

    /// What was counted.
    #[cfg(test)]
    pub(crate) const fn count(&self) -> u64 {
        self.0
    }

    #[inline]
    pub(crate) const fn add(&mut self, _n: usize) {
        #[cfg(test)]
        {
            self.0 = self.0.wrapping_add(_n as u64);
        }
    }
}

/// The state of a search through a stream.
///
/// The fields are in this order, the large ones last, because a microcontroller reaches only the
/// first bytes of a value by short instructions: bytes up to 31, words up to 124.
#[derive(Clone, Debug)]
#[repr(C)]
pub(crate) struct Engine {
    /// Whether a frame may have been shown that was not judged yet.
    has_shown: bool,
    /// Whether something may be decided before the next byte.
    is_unsettled: bool,
    /// The last byte that was read.
    newest: u8,
    /// The last byte of the frame before [`front`](Self::front), if nothing was read after it.
    last: Option<u8>,
    /// Why the last noise was noise; `None` for garbage. It goes on until a header is whole, or a
    /// frame.
    damage: Option<NoiseReason>,
    /// The first byte that was not given out.
    out: Place,
    /// The first byte that is not decided: what is between `out` and here is noise.
    front: Place,
    /// The place after the last byte read.
    end: Place,
    /// The frame to give out next; noise or second-best frames before it go first.
    won: Option<Claim>,
    /// A frame that waits for the decision on its rival.
    parked: Option<Claim>,
    grave: Grave,
    pub(crate) limits: Limits,
    trackers: Trackers,
    pub(crate) work: Work,
}

/// What an engine keeps when nothing is pending: all that the next events depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rest {
    last: Option<u8>,
    damage: Option<NoiseReason>,
    accept_bad_crc: bool,
}

impl Rest {
    /// That of an engine at the start of a stream.
    pub(crate) const START: Self = Engine::new(Limits::new(0)).rest();
}

impl Engine {
    /// What is left of it; nothing is pending.
    pub(crate) const fn rest(&self) -> Rest {
        Rest {
            last: self.last,
            damage: self.damage,
            accept_bad_crc: self.limits.accept_bad_crc,
        }
    }

    /// An engine that goes on from there.
    pub(crate) const fn resume(rest: Rest) -> Self {
        let mut engine = Self::new(Limits::new(0));
        engine.last = rest.last;
        engine.damage = rest.damage;
        engine.limits.accept_bad_crc = rest.accept_bad_crc;
        engine
    }

    /// An engine at the start of a stream: all zeros except its limits, so that a static one takes
    /// no flash.
    pub(crate) const fn new(limits: Limits) -> Self {
        Self {
            trackers: Trackers::NEW,
            out: Place::ZERO,
            front: Place::ZERO,
            end: Place::ZERO,
            won: None,
            parked: None,
            grave: Grave::EMPTY,
            has_shown: false,
            is_unsettled: false,
            last: None,
            newest: 0,
            damage: None,
            limits,
            work: Work::NONE,
        }
    }

    /// Why the last noise was noise.
    #[inline]
    fn reason(&self) -> NoiseReason {
        self.damage.unwrap_or(NoiseReason::Garbage)
    }

    /// Unreads the bytes after the frame that was given out, if there are a few and nothing waits;
    /// then they are to be read again. Returns whether it did.
    pub(crate) fn go_back(&mut self) -> bool {
        const FEW: u32 = 9;
        let is_waiting = self.won.is_some() || self.parked.is_some() || self.front != self.out;
        // Why that one died would be found out now, and not if the read had ended before.
        let is_known = !self.grave.has_forgotten(self.front);
        if is_waiting || !is_known || !(1..=FEW).contains(&self.pending()) {
            return false;
        }
        self.trackers.forget_before(self.end, self.end);
        self.grave.clear();
        self.end = self.front;
        (self.has_shown, self.is_unsettled) = (false, false);
        true
    }

    /// The number of bytes that were read and not given out.
    #[inline]
    pub(crate) const fn pending(&self) -> u32 {
        self.end.since(self.out)
    }

    /// Gives out a frame of `len` bytes that [`plain`] found; nothing is pending.
    #[inline]
    pub(crate) fn skip_frame(&mut self, len: usize, last: Option<u8>) {
        self.skip(len, last);
        self.damage = None;
    }

    /// Gives out noise of `len` bytes that begin nothing; nothing is pending. Returns its reason.
    #[inline]
    pub(crate) fn skip_noise(&mut self, len: usize) -> NoiseReason {
        self.skip(len, None);
        self.reason()
    }

    /// Goes on after `len` bytes that were not read; nothing is pending.
    #[inline]
    fn skip(&mut self, len: usize, last: Option<u8>) {
        self.last = last;
        self.end = self.end.plus(len as u32);
        self.front = self.end;
        self.out = self.end;
    }

    /// Whether the frame before may have taken the start mark of one that goes on with `first`.
    #[inline]
    pub(crate) fn may_share_mark(&self, first: u8) -> bool {
        self.last.is_some() && self.last == plain::mark_before(first)
    }

    /// Reads bytes until one may decide something: until [`next`](Self::next) may have an event.
    /// Returns the number of bytes read, at least one if there is one.
    #[inline(never)]
    pub(crate) fn read(&mut self, bytes: &[u8]) -> usize {
        // No more than there is room for.
        let room = self.limits.max.wrapping_sub(self.pending()) as usize;
        let bytes = bytes.get(..room.max(1)).unwrap_or(bytes);
        let Some(&first) = bytes.first() else {
            return 0;
        };
        if self.last.is_some() {
            if self.may_share_mark(first) {
                self.trackers.begin_after(self.end);
            }
            self.last = None;
        }
        let start = self.end;
        let mut is_busy = self.front != start && self.parked.is_none();
        for &byte in bytes {
            self.newest = byte;
            self.end = self.end.plus(1);
            self.work.add(1);
            let change = self
                .trackers
                .push(byte, self.end, &self.limits, &mut self.grave);
            #[cfg(test)]
            self.work.add(self.trackers.met());
            // Most bytes of a candidate.
            if is_busy && change == Change::AWAKE {
                continue;
            }
            self.has_shown |= change.has(Change::SHOWN);
            if self.is_unsettled || !self.advance() {
                self.is_unsettled = true;
                break;
            }
            is_busy = self.front != self.end;
        }
        if self.pending() >= self.limits.max {
            self.is_unsettled = true;
        }
        self.end.since(start) as usize
    }

    /// Whether [`next`](Self::next) may have an event.
    #[inline]
    pub(crate) const fn is_unsettled(&self) -> bool {
        self.is_unsettled
    }

    /// The next event, if the bytes that were read decide one. With `finish`, no byte follows: that
    /// decides what the bytes leave open, and nothing that they decide themselves.
    ///
    /// Noise is held back until it ends, so that it comes in few pieces; [`flush`](Self::flush)
    /// gives it out.
    #[inline]
    pub(crate) fn next(&mut self, finish: bool) -> Option<Event> {
        while self.is_unsettled || finish {
            let is_end = !self.is_unsettled;
            if let Some(event) = self.decide(is_end) {
                self.is_unsettled = true;
                return Some(event);
            }
            self.is_unsettled = false;
            if is_end {
                break;
            }
        }
        None
    }

    /// Moves the front to the earliest open candidate, if that is all there is to decide: most
    /// bytes of noise do no more. What it does, [`decide`](Self::decide) does too.
    #[inline]
    fn advance(&mut self) -> bool {
        let is_waiting = self.won.is_some() || self.parked.is_some();
        if is_waiting || self.has_shown || self.trackers.may_be_final() {
            return false;
        }
        let oldest = self.trackers.oldest(self.end);
        let is_passed = oldest == self.front || self.pass(oldest);
        is_passed && self.pending() < self.limits.max
    }

    #[inline(never)]
    fn decide(&mut self, finish: bool) -> Option<Event> {
        loop {
            #[cfg(test)]
            self.work.add(self.trackers.met());
            if let Some(frame) = self.won {
                match self.give_out(frame) {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            if self.has_shown {
                // At the end of the stream nothing waits for a frame that is not there.
                let believed = self.trackers.believed(self.end, finish);
                if let Some(claim) = self.trackers.claim(believed) {
                    self.judge(claim, believed, finish);
                    continue;
                }
                // What is held back is asked for again.
                self.has_shown = believed.is_some();
            }
            if let Some(parked) = self.parked {
                let waits = self.has_rival(&parked) || self.shares_mark(&parked);
                if waits && self.is_beaten(&parked) || finish && self.is_outlasted(&parked) {
                    self.parked = None;
                    self.grave.bury(parked.start, ErrorKind::Overlap);
                    continue;
                }
                if finish || !waits || self.is_full() {
                    self.parked = None;
                    self.won = Some(parked);
                    continue;
                }
            }
            let mut oldest = self.trackers.oldest(self.end);
            if let Some(parked) = self.parked {
                oldest = oldest.min(parked.start);
            }
            if finish || self.trackers.may_be_final() {
                if let Some(SecondBest {
                    claim, is_final, ..
                }) = self.second_best(self.end)
                {
                    // A parked frame was shown first.
                    let is_free = self
                        .parked
                        .is_none_or(|parked| !parked.start.is_before(claim.end()));
                    if finish || is_final && is_free && !oldest.is_before(claim.start) {
                        self.won = Some(claim);
                        continue;
                    }
                }
            }
            let is_cut = finish && oldest == self.front && self.front != self.end;
            if is_cut {
                self.trackers.bury_before(self.end, &mut self.grave);
                self.grave.bury(oldest, ErrorKind::Incomplete);
            }
            let to = if is_cut { self.end } else { oldest };
            if self.front.is_before(to) {
                if let Some(event) = self.noise(to) {
                    return Some(event);
                }
            }
            if finish && self.front != self.end {
                continue;
            }
            #[cfg(test)]
            self.work.add(self.trackers.met());
            let is_full = self.pending() >= self.limits.max;
            return if finish || is_full {
                self.flush()
            } else {
                None
            };
        }
    }

    /// Gives out the noise that was held back.
    pub(crate) fn flush(&mut self) -> Option<Event> {
        let len = self.front.since(self.out) as usize;
        self.out = self.front;
        (len > 0).then_some(Event::Noise {
            reason: self.reason(),
            len,
        })
    }

    /// Decides what becomes of a claim that the last byte showed.
    fn judge(&mut self, mut claim: Claim, believed: Option<Believed>, finish: bool) {
        if let Some(parked) = self.parked {
            if !claim.start.is_before(parked.end()) {
                // It began after the parked one, so that one goes first.
                self.parked = None;
                self.won = Some(parked);
                return;
            }
        }
        self.trackers.remove(claim.protocol, claim.start);
        // One that ends earlier than it claims has none, now or then: what follows showed its end.
        let has_rival = self.has_rival(&claim);
        let is_doubted = !IS_ALONE
            && claim.rank == Rank::Doubtful
            && self.trackers.is_shown_inside(&claim, believed);
        let is_beaten = (has_rival || self.shares_mark(&claim)) && self.is_beaten(&claim);
        if is_doubted || is_beaten || !self.end_by_inner(&mut claim) {
            self.grave.bury(claim.start, ErrorKind::Overlap);
            return;
        }
        if let Some(parked) = self.parked.take() {
            // The parked one stays if it began after this one, or ends it.
            if MAY_END_BY_NEXT {
                let least = claim.start.plus(claim.least.into());
                let is_before = !parked.start.is_before(claim.end());
                let is_ended = claim.least > 0 && !parked.start.is_before(least);
                if is_before || is_ended {
                    let len = parked.start.since(claim.start);
                    claim.len = claim.len.min(len);
                    self.parked = Some(parked);
                }
            }
        }
        // One that ends before the parked one waits for nothing after that.
        let may_wait = !MAY_END_BY_NEXT || self.parked.is_none();
        if !finish && may_wait && has_rival && !self.is_full() {
            self.parked = Some(claim);
        } else {
            self.won = Some(claim);
        }
    }

    /// Whether a candidate is open that may show `claim` to be a frame cut short, whose end mark is
    /// a byte of the next frame.
    ///
    /// | rank of the claim | rivals |
    /// |---|---|
    /// | checksum | none |
    /// | whole | binary candidates that began in its last bytes; all inside that are sure |
    /// | doubtful | all candidates inside |
    ///
    /// A length byte of a binary frame may be `)` or `#`, and then a checksum or an id decides. The
    /// `#` that ends an `h02` frame may begin a `v680` frame.
    fn has_rival(&self, claim: &Claim) -> bool {
        let binary_only = match claim.rank {
            Rank::Checksum => return false,
            Rank::Whole => true,
            Rank::Doubtful => false,
        };
        let (start, end) = (claim.start.plus(1), claim.end());
        self.trackers.is_open_in(start, end, self.end, binary_only)
            || self.trackers.is_sure_in(start, end)
    }

    /// Whether the buffer takes no more bytes, so that nothing waits for them.
    fn is_full(&self) -> bool {
        self.end.since(self.front) >= self.limits.max
    }

    /// Whether a rival shows that `claim` was cut short: it is a frame by its second-best claim; or
    /// it is sure and the buffer takes no more bytes, so that one of the two must give way.
    /// Asked only where there is a rival, or one that shares its end mark.
    ///
    /// That depends on nothing that may follow, so a frame that a stream has is one by itself, too.
    fn is_beaten(&self, claim: &Claim) -> bool {
        let inside = claim.start.plus(1);
        self.trackers
            .has_second_best_rival(claim, self.end, &self.limits)
            || self.is_full() && self.trackers.is_sure_in(inside, claim.end())
    }

    /// Whether the first second-best claim inside `parked` goes on after its end, where the stream
    /// ends: with or without its end mark, it shows that the parked frame was cut short.
    ///
    /// A rival that ends inside is no such claim, so the parked frame is one by itself, too.
    fn is_outlasted(&self, parked: &Claim) -> bool {
        let inside = parked.start.plus(1);
        self.trackers
            .second_best(inside, self.end, None, self.end, &self.limits)
            .is_some_and(|SecondBest { claim, .. }| {
                claim.start.is_before(parked.end()) && parked.end().is_before(claim.end())
            })
    }

    /// Ends a frame that has no end of its own before a frame of another protocol inside: by its
    /// second-best claim, or one that was shown and is held back. Returns whether it has the bytes
    /// that it must have.
    fn end_by_inner(&self, claim: &mut Claim) -> bool {
        let least = u32::from(claim.least);
        if !MAY_END_BY_NEXT || least == 0 {
            return true;
        }
        let inside = claim.start.plus(1);
        let second_best = self.trackers.second_best(
            inside,
            claim.end(),
            Some(claim.protocol),
            self.end,
            &self.limits,
        );
        let shown = self.trackers.first_shown(claim.protocol);
        let shown = shown
            .filter(|shown| !shown.start.is_before(inside) && !claim.end().is_before(shown.end()));
        for inner in [second_best.map(|second| second.claim), shown] {
            let len = inner.map_or(claim.len, |inner| inner.start.since(claim.start));
            claim.len = claim.len.min(len);
        }
        claim.len >= least
    }

    /// Whether the last byte of a frame may be the start mark of the next one. A frame that
    /// is given out at once leaves the next one without it; after a frame that was parked, it is
    /// too late for that.
    fn shares_mark(&self, claim: &Claim) -> bool {
        let last = claim.end().minus(1);
        claim.rank != Rank::Checksum && self.trackers.has_mark_in(last, claim.end(), self.end)
    }

    /// The earliest second-best claim that ends at `until` or before.
    ///
    /// An open-ended one ends where one of another protocol begins.
    fn second_best(&self, until: Place) -> Option<SecondBest> {
        let find = |until, skipped| {
            self.trackers
                .second_best(self.front, until, skipped, self.end, &self.limits)
        };
        let first = find(until, None)?;
        if !MAY_END_BY_NEXT || first.claim.least == 0 {
            return Some(first);
        }
        let Some(next) = find(until, Some(first.claim.protocol)) else {
            return Some(first);
        };
        find(next.claim.start, None).or(Some(next))
    }

    /// Gives out what comes first: noise before `frame`, a second-best frame that ends before it,
    /// or the frame itself. `None` if that noise is held back.
    fn give_out(&mut self, frame: Claim) -> Option<Event> {
        let before = self.second_best(frame.start);
        let target = before.map_or(frame, |second| second.claim);
        if self.front.is_before(target.start) {
            self.trackers.bury_before(target.start, &mut self.grave);
            return self.noise(target.start);
        }
        if let Some(noise) = self.flush() {
            return Some(noise);
        }
        if target.start == frame.start {
            self.won = None;
        }
        self.front = target.end();
        self.out = self.front;
        self.last = (self.front == self.end).then_some(self.newest);
        self.trackers.forget_before(self.front, self.end);
        let is_given_out = |claim: Claim| claim.start.is_before(self.front);
        if self.parked.is_some_and(is_given_out) {
            self.parked = None;
        }
        if self
            .grave
            .earliest()
            .is_some_and(|(start, _)| start.is_before(self.front))
        {
            self.grave.clear();
        }
        self.damage = None;
        Some(Event::Frame {
            protocol: target.protocol,
            len: target.len as usize,
        })
    }

    /// Decides that the bytes up to `to` are noise. Gives out noise that was held back for another
    /// reason.
    fn noise(&mut self, to: Place) -> Option<Event> {
        if self.pass(to) { None } else { self.flush() }
    }

    /// Moves the front to `to`, which is noise so far; or to where the reason changes, if noise is
    /// held back for another one: then this returns whether it got to `to`.
    #[inline]
    fn pass(&mut self, to: Place) -> bool {
        while let Some((start, kind)) = self.grave.earliest() {
            if !start.is_before(to) {
                break;
            }
            if self.front.is_before(start) {
                self.work.add(start.since(self.front) as usize);
                self.front = start;
            }
            if self.front == start {
                let reason = NoiseReason::of(kind);
                if reason != self.reason() && self.out != self.front {
                    return false;
                }
                self.damage = Some(reason);
            }
            self.grave.clear();
        }
        self.work.add(to.since(self.front) as usize);
        self.front = to;
        true
    }

    /// Begins a new stream; nothing is pending.
    pub(crate) fn reset(&mut self) {
        self.trackers.forget_before(self.end, self.end);
        self.grave.clear();
        self.last = None;
        self.damage = None;
    }
}
