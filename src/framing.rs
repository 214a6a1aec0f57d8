//! The contract between a protocol and the [engine](crate::scan): all that finding frames needs to
//! know of a protocol.
//!
//! # How this works
//! A *candidate* begins at every byte at which a frame may begin. What becomes of it depends only
//! on the bytes from there on: it stays open, a byte shows that it is a frame, or a byte shows
//! that it is not a frame. A protocol decides that one byte at a time, so nothing is read twice
//! however the stream is cut into reads:
//!
//! * [`Grammar`] is one candidate as a state machine. It is all that a protocol of text, or one
//!   whose frames say their length, needs; [`Candidates`] runs it for each candidate that is open.
//! * [`Track`] is all candidates of one protocol. `Candidates` is one; `gt02` and `gt06` have their
//!   own, because their headers may overlap and because a checksum is costly.
//! * [`Wire`] is the protocol: its tracker, what sniffing says, and the quick path for whole
//!   frames.
//!
//! # How to change it
//! An answer must depend on nothing but the bytes read so far, and it must be final: a frame stays
//! a frame whatever follows. From that follows that cuts do not matter. The oracle in
//! `scan/tests/oracle.rs` says the same rule again in the plainest way; it must agree.

#[cfg(test)]
pub(crate) mod testing;

use crate::{
    bytes::WIDE,
    error::{Error, ErrorKind},
    types::Protocol,
};

/// A position in the stream, counted in bytes; it wraps around, so only distances count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place(u32);

impl Place {
    pub(crate) const ZERO: Self = Self(0);

    /// Whether this place is in `from..to`.
    #[inline]
    pub(crate) const fn is_in(self, from: Self, to: Self) -> bool {
        !self.is_before(from) && self.is_before(to)
    }

    /// The place `n` bytes after this one.
    #[inline]
    pub(crate) const fn plus(self, n: u32) -> Self {
        Self(self.0.wrapping_add(n))
    }

    /// The place `n` bytes before this one.
    #[inline]
    pub(crate) const fn minus(self, n: u32) -> Self {
        Self(self.0.wrapping_sub(n))
    }

    /// The number of bytes from `earlier`, which is not after this place, to here.
    #[inline]
    pub(crate) const fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// Whether this place is before `other`. The two are less than 2 GiB apart.
    #[inline]
    pub(crate) const fn is_before(self, other: Self) -> bool {
        (self.0.wrapping_sub(other.0) as i32) < 0
    }

    /// This place modulo `N`, a power of two: an index into the last `N` bytes.
    #[inline]
    pub(crate) const fn modulo<const N: usize>(self) -> usize {
        const { assert!(N.is_power_of_two()) };
        self.0 as usize & N.wrapping_sub(1)
    }

    /// The earlier of two places.
    #[inline]
    pub(crate) const fn min(self, other: Self) -> Self {
        if other.is_before(self) { other } else { self }
    }
}

/// What a decoder takes for a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes in the largest frame.
    pub(crate) max: u32,
    /// Whether frames whose checksum is wrong are frames.
    pub(crate) accept_bad_crc: bool,
}

impl Limits {
    /// Limits of a decoder that takes frames of up to `max` bytes with right checksums.
    pub(crate) const fn new(max: usize) -> Self {
        let mut limits = Self {
            max: 0,
            accept_bad_crc: false,
        };
        limits.set_max(max);
        limits
    }

    /// Takes frames of up to `max` bytes.
    #[inline]
    pub(crate) const fn set_max(&mut self, max: usize) {
        // Places wrap around at 4 GiB, so frames are kept well below.
        const MOST: u32 = 1 << 30;
        self.max = if max < MOST as usize {
            max as u32
        } else {
            MOST
        };
    }
}

/// How well the bytes of a frame show that it is one.
///
/// No rank is 0, so an absent claim is all zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Rank {
    /// Its checksum is right, or what follows shows its end: it wins at once.
    Checksum = 1,
    /// It has what its type must have. It waits only where its last bytes may begin a binary frame.
    Whole,
    /// It may have been cut short. It waits while its last bytes may begin any other frame.
    Doubtful,
}

/// A candidate that the bytes read so far show to be a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) protocol: Protocol,
    pub(crate) start: Place,
    pub(crate) len: u32,
    pub(crate) rank: Rank,
    /// The fewest bytes that it has, if what follows says its end: a frame that was shown inside
    /// it, after that many bytes, ends it. 0 if it has one end only.
    pub(crate) least: u8,
}

impl Claim {
    /// The place after its last byte.
    #[inline]
    pub(crate) const fn end(&self) -> Place {
        self.start.plus(self.len)
    }
}

/// What an open candidate is a frame by, if nothing better comes. Its rank is
/// [doubtful](Rank::Doubtful) if it may yet lack its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecondBest {
    pub(crate) claim: Claim,
    /// Whether nothing better can come of this candidate: only others that began before it may
    /// still win. Otherwise it waits for the end of the stream, or for a frame after it.
    pub(crate) is_final: bool,
}

/// A candidate with the header of a documented message of fixed size.
///
/// Frames that are shown inside it wait until it is decided, 64 bytes at most. So no such message
/// is split because its coordinates spell a frame, and the quick path need not look inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Believed {
    pub(crate) start: Place,
    pub(crate) end: Place,
}

impl Believed {
    /// Whether a candidate that begins at `start` waits for this one.
    #[inline]
    pub(crate) fn holds(believed: Option<Self>, start: Place) -> bool {
        believed.is_some_and(|Self { start: first, end }| start.is_in(first.plus(1), end))
    }
}

/// Why the earliest candidate with a whole header died.
///
/// Its bytes become noise with this reason once nothing before them is open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grave {
    earliest: Option<(Place, ErrorKind)>,
    /// Where the last of those began that died beside it. Only the quick path asks, so it takes no
    /// room where that is not built.
    others: [Place; WIDE as usize],
}

impl Grave {
    pub(crate) const EMPTY: Self = Self {
        earliest: None,
        others: [Place::ZERO; WIDE as usize],
    };

    /// Notes that the candidate at `start` died, unless one before it did.
    #[cfg_attr(target_pointer_width = "64", inline)]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn bury(&mut self, start: Place, kind: ErrorKind) {
        let is_earliest = self
            .earliest
            .is_none_or(|(earliest, _)| start.is_before(earliest));
        for last in &mut self.others {
            let other = match self.earliest {
                Some((before, _)) if is_earliest => before,
                None => *last,
                Some(_) => start,
            };
            if last.is_before(other) {
                *last = other;
            }
        }
        if is_earliest {
            self.earliest = Some((start, kind));
        }
    }

    /// Where the earliest one began, and why it died.
    #[inline]
    pub(crate) const fn earliest(&self) -> Option<(Place, ErrorKind)> {
        self.earliest
    }

    /// Whether one that began at `place` or after it died, and why is not known.
    #[inline]
    pub(crate) fn has_forgotten(&self, place: Place) -> bool {
        self.others.iter().any(|last| !last.is_before(place))
    }

    /// Empties it.
    #[inline]
    pub(crate) const fn clear(&mut self) {
        self.earliest = None;
    }
}

/// The effect of a byte on the candidates of a protocol, as a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change(u8);

impl Change {
    pub(crate) const NOTHING: Self = Self(0);
    /// A candidate died, or counts from here on.
    pub(crate) const DECIDED: Self = Self(1);
    /// A candidate was shown to be a frame, or still waits to be one.
    pub(crate) const SHOWN: Self = Self(2);
    /// There is a candidate.
    pub(crate) const AWAKE: Self = Self(4);

    /// This if `yes`.
    #[inline]
    pub(crate) const fn when(self, yes: bool) -> Self {
        if yes { self } else { Self::NOTHING }
    }

    /// Both changes.
    #[inline]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether this and `other` have something in common.
    #[inline]
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// All candidates of one protocol.
///
/// The engine hands over each byte by [`push`](Self::push), asks for what it shows, and says by
/// [`forget_before`](Self::forget_before) which bytes were given out. It asks nothing of a tracker
/// that is not awake, and hands it only bytes that begin a candidate.
pub(crate) trait Track {
    /// No candidate.
    const NEW: Self;

    /// Reads the byte before `end`.
    fn push(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> Change;

    /// The first of the candidates that were shown to be frames, except those inside `believed`.
    fn claim(&self, believed: Option<Believed>) -> Option<Claim>;

    /// Whether a candidate was shown to be a frame that begins in `from..to`, but not inside
    /// `believed`.
    fn is_shown_in(&self, from: Place, to: Place, believed: Option<Believed>) -> bool;

    /// The earliest candidate that is believed until its end; with `finish`, of those that were
    /// shown to be frames, because the others have no end.
    fn believed(&self, end: Place, finish: bool) -> Option<Believed>;

    /// Takes the candidate of a claim out.
    fn remove(&mut self, start: Place);

    /// Returns the start of the earliest open candidate; `end` if no candidate is open.
    fn oldest(&self, end: Place) -> Place;

    /// Notes why the earliest open candidate dies, if it begins before `place`: another frame wins.
    fn bury_before(&self, place: Place, grave: &mut Grave);

    /// Begins a candidate at `start` whose start mark is the end mark of the frame before it.
    fn begin_after(&mut self, start: Place);

    /// Drops every candidate that begins before `front`.
    fn forget_before(&mut self, front: Place, end: Place);

    /// Whether a candidate is open that begins in `from..to`; with `binary_only`, one that may be a
    /// [rival](Wire::RIVAL_BYTES) of a whole text.
    fn is_open_in(&self, from: Place, to: Place, end: Place, binary_only: bool) -> bool;

    /// Whether a candidate is open that begins in `from..to`, and is [sure](Grammar::is_sure).
    #[inline]
    fn is_sure_in(&self, _from: Place, _to: Place) -> bool {
        false
    }

    /// The earliest candidate that begins at `from` or after and is a frame by its second-best
    /// claim, which ends at `until` or before.
    fn second_best(
        &self,
        from: Place,
        until: Place,
        end: Place,
        limits: &Limits,
    ) -> Option<SecondBest>;

    /// Whether a second-best claim may be final.
    #[inline]
    fn may_be_final(&self) -> bool {
        false
    }

    /// The number of candidates that the last byte met.
    #[cfg(test)]
    fn met(&self) -> usize {
        1
    }
}

/// The tracker of a protocol that is switched off: it never finds anything, and takes no memory.
#[derive(Clone, Debug)]
pub(crate) struct Off;

impl Track for Off {
    const NEW: Self = Self;

    #[inline]
    fn push(&mut self, _: u8, _: Place, _: &Limits, _: &mut Grave) -> Change {
        Change::NOTHING
    }

    #[inline]
    fn claim(&self, _: Option<Believed>) -> Option<Claim> {
        None
    }

    #[inline]
    fn is_shown_in(&self, _: Place, _: Place, _: Option<Believed>) -> bool {
        false
    }

    #[inline]
    fn believed(&self, _: Place, _: bool) -> Option<Believed> {
        None
    }

    #[inline]
    fn remove(&mut self, _: Place) {}

    #[inline]
    fn oldest(&self, end: Place) -> Place {
        end
    }

    #[inline]
    fn bury_before(&self, _: Place, _: &mut Grave) {}

    #[inline]
    fn begin_after(&mut self, _: Place) {}

    #[inline]
    fn forget_before(&mut self, _: Place, _: Place) {}

    #[inline]
    fn is_open_in(&self, _: Place, _: Place, _: Place, _: bool) -> bool {
        false
    }

    #[inline]
    fn second_best(&self, _: Place, _: Place, _: Place, _: &Limits) -> Option<SecondBest> {
        None
    }
}

/// What the quick path says of the front of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    /// A frame of `len` bytes, in which nothing begins that could be shown before it.
    Frame { len: usize },
    /// The beginning of such a frame, as far as the window goes; it takes at least `needed` bytes
    /// to tell more.
    Incomplete { needed: usize },
    /// Neither, or it takes more than a few comparisons to tell: the engine decides.
    Unsure,
}

/// How far the bytes of a window decide about the frame that begins at its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// They hold a whole frame of `len` bytes.
    Complete { len: usize },
    /// They are right so far; it takes at least `needed` bytes to tell more.
    Incomplete { needed: usize },
    /// They begin no frame; the byte at `at` shows it.
    Invalid { at: usize, kind: ErrorKind },
}

impl Framing {
    pub(crate) const fn invalid(kind: ErrorKind, at: usize) -> Self {
        Self::Invalid { at, kind }
    }

    /// Reads the verdict on `bytes` that are claimed to be one whole frame.
    pub(crate) const fn whole(self, bytes: &[u8]) -> Result<(), Error> {
        match self {
            Self::Complete { len } if len == bytes.len() => Ok(()),
            Self::Complete { len } => Err(Error::new(ErrorKind::Trailing, len)),
            Self::Incomplete { .. } => Err(Error::new(ErrorKind::Incomplete, bytes.len())),
            Self::Invalid { at, kind } => Err(Error::new(kind, at)),
        }
    }
}

/// One protocol.
///
/// A protocol of text implements [`Grammar`] as well. Then its tracker is
/// [`Candidates<Self>`](Candidates), [`framing`](Self::framing) is [`run::<Self>`](run), and
/// [`sniff`](Self::sniff) may be [`run_header::<Self>`](run_header).
pub(crate) trait Wire: Sized {
    /// All its candidates.
    type Tracker: Track;

    /// Its name in the list.
    const PROTOCOL: Protocol;

    /// Whether a frame that begins with this byte, and that [`plain`](Self::plain) finds, is text
    /// from `+` to `~`, except its own marks. No start mark of a text is among these.
    #[inline]
    fn is_plain_text(_first: u8) -> bool {
        false
    }

    /// Whether a frame of its own may begin with these two bytes inside a frame that is no plain
    /// text; `false` as well where [`plain`](Self::plain) has looked at what they begin.
    #[inline]
    fn may_begin_inside(first: u8, second: u8) -> bool {
        Self::may_begin(first, second)
    }

    /// Its start mark, if that is the end mark of other frames as well.
    ///
    /// A frame that was cut short may have taken the start mark of the next one for its end mark.
    /// Then the next one is a frame without it.
    const SHARED_MARK: Option<u8> = None;

    /// Whether its frames are binary: they have a byte that is no text among their first six, so
    /// they decide where a text that was cut short ends.
    const IS_BINARY: bool;

    /// The most bytes at the front of its binary frames that may all be text: as many of the last
    /// bytes of a text that was cut short may be the first of a binary frame. A whole text waits
    /// for the candidates that begin there. 0 if all of its frames are text.
    const RIVAL_BYTES: u32 = if Self::IS_BINARY { 6 } else { 0 };

    /// Whether what follows says where some of its frames end: see [`Claim::least`].
    const ENDS_BY_NEXT: bool = false;

    /// Whether a frame may begin with this byte. A frame of one protocol at most begins with it.
    fn is_start(byte: u8) -> bool;

    /// Whether a frame may begin with these two bytes. It is asked at every byte of a frame that
    /// [`plain`](Self::plain) found, of any protocol: the fewer pairs, the more frames take the
    /// quick path.
    fn may_begin(first: u8, second: u8) -> bool;

    /// Says how far `window` decides about the frame that begins at its first byte, regardless of
    /// what else may begin inside. With `end`, no byte follows the window.
    fn framing(window: &[u8], end: bool, limits: &Limits) -> Framing;

    /// Says whether a connection that begins with `bytes` is one of this protocol: `Complete` if
    /// so, with the number of bytes that say it.
    fn sniff(bytes: &[u8]) -> Framing;

    /// Looks for a whole frame at the front of `window` by a few comparisons. What it says, the
    /// engine says too; a property test holds the two equal.
    ///
    /// It is there for speed alone: without it the engine decides.
    #[inline]
    fn plain(_window: &[u8]) -> Plain {
        Plain::Unsure
    }

    /// Whether `bytes`, which are [incomplete](Plain::Incomplete) because what follows would say
    /// their end, are one whole frame if none follows.
    #[inline]
    fn is_plain_alone(_bytes: &[u8]) -> bool {
        false
    }

    /// Whether a frame that [`plain`](Self::plain) found is [`Believed`], so that nothing inside it
    /// counts.
    #[inline]
    fn is_believed(_frame: &[u8]) -> bool {
        false
    }

    /// Whether a frame that [`plain`](Self::plain) found has a right checksum. It is asked last,
    /// because it looks at every byte.
    #[inline]
    fn has_right_checksum(_frame: &[u8]) -> bool {
        true
    }
}

/// What a byte says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing yet.
    More,
    /// The header is whole: from here on the candidate counts.
    Header,
    /// Its first `len` bytes are a frame.
    Frame { len: u32, rank: Rank },
    /// A checksum is wrong: it goes on only if frames with wrong checksums are taken.
    WrongSum,
    /// It is no frame.
    Reject(ErrorKind),
}

impl Step {
    /// What this says under these limits: never [`WrongSum`](Self::WrongSum).
    #[inline]
    pub(crate) const fn under(self, limits: &Limits) -> Self {
        match self {
            Self::WrongSum if limits.accept_bad_crc => Self::More,
            Self::WrongSum => Self::Reject(ErrorKind::Checksum),
            step => step,
        }
    }
}

/// One candidate of a protocol as a state machine.
///
/// The type that implements it is also the protocol's [`Wire`], with [`Candidates`] of itself as
/// its tracker.
pub(crate) trait Grammar: Wire {
    /// What is remembered of a candidate.
    type State: Copy;

    /// Bytes in the largest frame. A longer one is a frame by its second-best claim, or none.
    const MAX_FRAME_LEN: usize;

    /// Whether a candidate goes on when a header is whole that began inside it. If so, two
    /// candidates are open at most: a third header ends the first.
    const SURVIVES_HEADER: bool = false;

    /// The candidate that begins with this byte: `None` except where [`Wire::is_start`] is true.
    fn begin(byte: u8) -> Option<Self::State>;

    /// The candidate that begins after its own start mark: see [`Wire::SHARED_MARK`].
    fn begin_after_mark() -> Option<Self::State> {
        None
    }

    /// Reads the next byte of a candidate, which is the last of the `seen` bytes of its frame that
    /// were read.
    ///
    /// A candidate counts from [`Step::Header`] on, which it returns once. Before that it cannot be
    /// a frame, and it must reject its own start mark, because one header is read at a time.
    fn step(state: &mut Self::State, byte: u8, seen: u32) -> Step;

    /// Whether the bytes so far are hardly anything but a frame of this protocol. Frames without a
    /// checksum around it wait until it is decided; one that has filled the buffer by then gives
    /// way.
    fn is_sure(_state: &Self::State) -> bool {
        false
    }

    /// Returns the length of the frame if nothing follows the `seen` bytes of the candidate that
    /// were read; `None` if the frame needs its end mark.
    fn second_best(state: &Self::State, seen: u32) -> Option<u32>;

    /// Whether the frame that [`second_best`](Self::second_best) returns has its end mark. One
    /// that has none ends no other frame: the next byte may show that it is no frame.
    fn has_end_mark(_state: &Self::State) -> bool {
        true
    }
}

/// A candidate of a grammar.
#[derive(Clone, Copy, Debug)]
struct Candidate<S> {
    start: Place,
    /// Bytes that were read of it.
    seen: u32,
    state: S,
}

impl<S> Candidate<S> {
    fn claim<G: Grammar<State = S>>(&self, len: u32, rank: Rank) -> Claim {
        Claim {
            protocol: G::PROTOCOL,
            start: self.start,
            len,
            rank,
            least: 0,
        }
    }
}

/// What is known of a candidate whose header is whole.
#[derive(Clone, Copy, Debug)]
enum Slot<S: Copy> {
    Free,
    Open(Candidate<S>),
    Shown(Claim),
}

impl<S: Copy> Slot<S> {
    #[inline]
    const fn start(&self) -> Option<Place> {
        match self {
            Self::Free => None,
            Self::Open(candidate) => Some(candidate.start),
            Self::Shown(claim) => Some(claim.start),
        }
    }

    #[inline]
    const fn is_free(&self) -> bool {
        matches!(self, Self::Free)
    }
}

/// The candidates of a protocol that a [`Grammar`] describes.
///
/// At most one header is young at a time, because a start mark inside a header ends it.
pub(crate) struct Candidates<G: Grammar> {
    /// The candidate whose header is not whole yet.
    young: Option<Candidate<G::State>>,
    /// Those after their header, the older one first.
    grown: [Slot<G::State>; 2],
}

impl<G: Grammar> Clone for Candidates<G> {
    fn clone(&self) -> Self {
        Self {
            young: self.young,
            grown: self.grown,
        }
    }
}

impl<G: Grammar> core::fmt::Debug for Candidates<G> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Candidates").finish_non_exhaustive()
    }
}

impl<G: Grammar> Candidates<G> {
    /// Reads the next byte of a candidate after its header.
    #[inline]
    fn grow(slot: &mut Slot<G::State>, byte: u8, limits: &Limits, grave: &mut Grave) -> Change {
        let Slot::Open(candidate) = slot else {
            // One that was shown and is held back.
            return Change::NOTHING;
        };
        candidate.seen = candidate.seen.wrapping_add(1);
        let is_full = candidate.seen >= max_len::<G>(limits);
        match G::step(&mut candidate.state, byte, candidate.seen) {
            // Nearly all bytes.
            Step::More | Step::Header if !is_full => Change::NOTHING,
            step => Self::decide(slot, step.under(limits), is_full, grave),
        }
    }

    /// Decides what becomes of an open candidate whose last byte said this.
    #[inline(never)]
    fn decide(slot: &mut Slot<G::State>, step: Step, is_full: bool, grave: &mut Grave) -> Change {
        let Slot::Open(candidate) = slot else {
            return Change::NOTHING;
        };
        let died = match step {
            Step::Frame { len, rank } => {
                *slot = Slot::Shown(candidate.claim::<G>(len, rank));
                return Change::SHOWN;
            }
            Step::Reject(kind) => kind,
            Step::More | Step::Header | Step::WrongSum if !is_full => return Change::NOTHING,
            Step::More | Step::Header | Step::WrongSum => {
                match G::second_best(&candidate.state, candidate.seen) {
                    Some(len) => {
                        *slot = Slot::Shown(candidate.claim::<G>(len, Rank::Doubtful));
                        return Change::SHOWN;
                    }
                    None => ErrorKind::Oversize,
                }
            }
        };
        grave.bury(candidate.start, died);
        *slot = Slot::Free;
        Change::DECIDED
    }

    /// A header is whole: the candidate counts from here on.
    fn promote(&mut self, candidate: Candidate<G::State>, grave: &mut Grave) {
        let [older, newer] = &mut self.grown;
        if older.is_free() {
            *older = core::mem::replace(newer, Slot::Free);
        }
        let is_full = if G::SURVIVES_HEADER {
            !newer.is_free()
        } else {
            !older.is_free()
        };
        if is_full {
            // A frame that was shown and is held back stays.
            let ended = if let Slot::Shown(_) = older {
                core::mem::replace(newer, Slot::Free)
            } else {
                core::mem::replace(older, core::mem::replace(newer, Slot::Free))
            };
            if let Slot::Open(cut) = ended {
                grave.bury(cut.start, ErrorKind::Overlap);
            }
        }
        let free = if older.is_free() { older } else { newer };
        *free = Slot::Open(candidate);
    }

    /// Reads the next byte of the header that is young.
    fn grow_header(&mut self, byte: u8, grave: &mut Grave) -> Change {
        let Some(candidate) = &mut self.young else {
            return Change::NOTHING;
        };
        candidate.seen = candidate.seen.wrapping_add(1);
        match G::step(&mut candidate.state, byte, candidate.seen) {
            Step::More => return Change::NOTHING,
            Step::Header => {
                let candidate = *candidate;
                self.young = None;
                self.promote(candidate, grave);
                return Change::DECIDED.and(Change::AWAKE);
            }
            Step::Frame { .. } | Step::WrongSum | Step::Reject(_) => {}
        }
        self.young = None;
        Change::DECIDED
    }
}

impl<G: Grammar> Track for Candidates<G> {
    const NEW: Self = Self {
        young: None,
        grown: [Slot::Free; 2],
    };

    #[inline(never)]
    fn push(&mut self, byte: u8, end: Place, limits: &Limits, grave: &mut Grave) -> Change {
        let mut change = Change::NOTHING;
        for slot in &mut self.grown {
            if !slot.is_free() {
                change = change.and(Self::grow(slot, byte, limits, grave));
                change = change.and(Change::AWAKE.when(!slot.is_free()));
            }
        }
        if self.young.is_some() {
            change = change.and(self.grow_header(byte, grave));
        }
        if self.young.is_none() {
            if let Some(state) = G::begin(byte) {
                self.young = Some(Candidate {
                    start: end.minus(1),
                    seen: 1,
                    state,
                });
            }
        }
        change.and(Change::AWAKE.when(self.young.is_some()))
    }

    #[inline]
    fn claim(&self, believed: Option<Believed>) -> Option<Claim> {
        let mut first: Option<Claim> = None;
        // `reduce` counts the slots by a division, 500 bytes of flash.
        for slot in &self.grown {
            match slot {
                Slot::Shown(claim)
                    if !Believed::holds(believed, claim.start)
                        && first.is_none_or(|first| claim.end().is_before(first.end())) =>
                {
                    first = Some(*claim);
                }
                _ => {}
            }
        }
        first
    }

    fn is_shown_in(&self, from: Place, to: Place, believed: Option<Believed>) -> bool {
        self.grown.iter().any(|slot| match slot {
            Slot::Shown(claim) => {
                claim.start.is_in(from, to) && !Believed::holds(believed, claim.start)
            }
            Slot::Free | Slot::Open(_) => false,
        })
    }

    #[inline]
    fn believed(&self, _: Place, _: bool) -> Option<Believed> {
        None
    }

    fn remove(&mut self, start: Place) {
        for slot in &mut self.grown {
            if slot.start() == Some(start) {
                *slot = Slot::Free;
            }
        }
    }

    #[cfg(test)]
    fn met(&self) -> usize {
        let grown = self.grown.iter().filter(|slot| !slot.is_free());
        grown.count().saturating_add(1)
    }

    #[inline]
    fn oldest(&self, end: Place) -> Place {
        for slot in &self.grown {
            if let Some(start) = slot.start() {
                return start;
            }
        }
        match &self.young {
            Some(candidate) => candidate.start,
            None => end,
        }
    }

    fn begin_after(&mut self, start: Place) {
        let begin = |state| Candidate {
            start,
            seen: 0,
            state,
        };
        self.young = G::begin_after_mark().map(begin);
    }

    fn bury_before(&self, place: Place, grave: &mut Grave) {
        let open = self.grown.iter().find_map(Slot::start);
        if let Some(start) = open.filter(|start| start.is_before(place)) {
            grave.bury(start, ErrorKind::Overlap);
        }
    }

    fn forget_before(&mut self, front: Place, _: Place) {
        for slot in &mut self.grown {
            if slot.start().is_some_and(|start| start.is_before(front)) {
                *slot = Slot::Free;
            }
        }
        self.young = self
            .young
            .filter(|candidate| !candidate.start.is_before(front));
    }

    fn is_open_in(&self, from: Place, to: Place, _: Place, _: bool) -> bool {
        let is_open = |slot: &Slot<G::State>| match slot {
            Slot::Open(candidate) => candidate.start.is_in(from, to),
            Slot::Free | Slot::Shown(_) => false,
        };
        self.grown.iter().any(is_open)
            || self
                .young
                .is_some_and(|candidate| candidate.start.is_in(from, to))
    }

    fn is_sure_in(&self, from: Place, to: Place) -> bool {
        self.grown.iter().any(|slot| match slot {
            Slot::Open(candidate) => {
                candidate.start.is_in(from, to) && G::is_sure(&candidate.state)
            }
            Slot::Free | Slot::Shown(_) => false,
        })
    }

    fn second_best(&self, from: Place, until: Place, _: Place, _: &Limits) -> Option<SecondBest> {
        let grown = self.grown.iter().filter_map(|slot| match slot {
            Slot::Open(candidate) => Some(*candidate),
            Slot::Free | Slot::Shown(_) => None,
        });
        let mut open = grown.chain(self.young);
        open.find_map(|candidate| {
            if candidate.start.is_before(from) {
                return None;
            }
            let len = G::second_best(&candidate.state, candidate.seen)?;
            let rank = if G::has_end_mark(&candidate.state) {
                Rank::Whole
            } else {
                Rank::Doubtful
            };
            let claim = candidate.claim::<G>(len, rank);
            (!until.is_before(claim.end())).then_some(SecondBest {
                claim,
                is_final: false,
            })
        })
    }
}

/// Bytes in the largest frame of a grammar that a decoder takes.
#[inline]
const fn max_len<G: Grammar>(limits: &Limits) -> u32 {
    let own = G::MAX_FRAME_LEN as u32;
    if own < limits.max { own } else { limits.max }
}

/// Runs a grammar over the front of `window`, as [`Wire::framing`] describes it.
pub(crate) fn run<G: Grammar>(window: &[u8], end: bool, limits: &Limits) -> Framing {
    let Some((&first, rest)) = window.split_first() else {
        return Framing::Incomplete { needed: 1 };
    };
    let (mut state, mut seen, rest) = match (G::begin(first), G::begin_after_mark()) {
        (Some(state), _) => (state, 1_u32, rest),
        (None, Some(state)) => (state, 0, window),
        (None, None) => return Framing::invalid(ErrorKind::Start, 0),
    };
    let max = max_len::<G>(limits);
    for &byte in rest {
        if seen >= max {
            break;
        }
        seen = seen.wrapping_add(1);
        match G::step(&mut state, byte, seen).under(limits) {
            Step::More | Step::Header | Step::WrongSum => {}
            Step::Frame { len, .. } => return Framing::Complete { len: len as usize },
            Step::Reject(ErrorKind::Start) => return Framing::invalid(ErrorKind::Start, 0),
            Step::Reject(kind) => return Framing::invalid(kind, seen.wrapping_sub(1) as usize),
        }
    }
    let is_full = seen >= max;
    match G::second_best(&state, seen) {
        Some(len) if end || is_full => Framing::Complete { len: len as usize },
        _ if is_full => Framing::invalid(ErrorKind::Oversize, seen.wrapping_sub(1) as usize),
        _ => Framing::Incomplete {
            needed: window.len().saturating_add(1),
        },
    }
}

/// Runs a grammar over the header at the front of `bytes`: `Complete` once it is whole.
pub(crate) fn run_header<G: Grammar>(bytes: &[u8]) -> Framing {
    let Some((&first, rest)) = bytes.split_first() else {
        return Framing::Incomplete { needed: 1 };
    };
    let Some(mut state) = G::begin(first) else {
        return Framing::invalid(ErrorKind::Start, 0);
    };
    let mut seen = 1_u32;
    for &byte in rest {
        seen = seen.wrapping_add(1);
        match G::step(&mut state, byte, seen) {
            Step::More | Step::WrongSum => {}
            Step::Header | Step::Frame { .. } => return Framing::Complete { len: seen as usize },
            Step::Reject(kind) => return Framing::invalid(kind, seen.wrapping_sub(1) as usize),
        }
    }
    Framing::Incomplete {
        needed: bytes.len().saturating_add(1),
    }
}
