//! Does a whole frame lie inside what claims to be another one?
//!
//! A start mark may be false, a length wrong, a frame cut short: then what begins there would keep the frames behind it waiting until all that it
//! claims has come. So **of all frames that have begun, the first to be complete is one**, and what began before it is none. It is
//! the same rule when all bytes are there at once; else the answer would depend on how they came.
//!
//! A documented message of `gt06` is believed for as long as it asks, and so is a location of `gt02`: 65 bytes at most, and 42;
//! [their](super::gt06) [framing](super::gt02) says why.
//!
//! Only frames count that have enough to vouch for them: those of `gt06` of up to 260 bytes with a right checksum and of the length that they say, and
//! those of the other protocols with all that their framing asks for, and an id of digits if they are of `tk103`. Frames of a protocol without a checksum inside of frames of the same one are the
//! matter of [its own framing](super::gt02), and so are not looked for here.

use super::Rules;
use super::gt06;
use super::h02;
#[cfg(target_pointer_width = "64")]
use super::marks::holds;
use super::tk103;
use super::v680;
use super::{Candidate, Protocol, gt02};

/// What lies inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A whole frame begins here, and so many bytes show it; none is shown by fewer.
    Frame(usize, usize),
    /// No whole frame, and there will be none before so many bytes are there.
    NoneBefore(usize),
}

impl Inside {
    /// Of two such answers the one that comes earlier.
    #[inline]
    const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::NoneBefore(this), Self::NoneBefore(that)) => Self::NoneBefore(if this < that { this } else { that }),
            (Self::Frame(_, this), Self::Frame(_, that)) if that < this => other,
            (Self::NoneBefore(_), Self::Frame(..)) => other,
            (Self::Frame(..), _) => self,
        }
    }
}

/// What is known of the whole frames of a protocol that begin behind the first byte of a window. Places are counted from where the stream was when nothing
/// was known.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// None is shown to be whole by fewer bytes than this.
    before: u32,
    /// One begins here that is shown to be whole by just as many; 0 if that is not known.
    start: u32,
    /// None begins in front of this, whatever bytes follow.
    decided: u32,
}

/// What is known of the bytes ahead, so that none is looked at again and again. It changes how long an answer takes, never the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ahead {
    /// Where the window begins.
    front: u32,
    gt02: Known,
    gt06: Known,
    tk103: Known,
    v680: Known,
    h02: Known,
}

/// So many bytes are looked at behind those that were asked for. Good frames are the rule, and then each of them is in vain; behind bad ones they save
/// a search for each start mark.
const FURTHER: usize = 64;

/// Behind so many bytes it begins anew: no place of which something is known is so far ahead.
const FORGOTTEN: u32 = 1 << 30;

impl Ahead {
    /// Nothing is known.
    #[inline]
    pub(crate) const fn new() -> Self {
        const NOTHING: Known = Known { before: 0, start: 0, decided: 0 };
        Self { front: 0, gt02: NOTHING, gt06: NOTHING, tk103: NOTHING, v680: NOTHING, h02: NOTHING }
    }

    /// Goes on to the window that begins so many bytes later.
    #[inline]
    pub(crate) fn advance(&mut self, by: usize) {
        self.front = self.front.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
    }

    /// The first frame that begins behind the first byte of `window`, a frame of `outer`, if `until` bytes show it to be whole.
    pub(super) fn inside(&mut self, outer: Protocol, window: &[u8], until: usize, max: usize) -> Inside {
        if self.front >= FORGOTTEN {
            *self = Self::new();
        }
        let mut found = Inside::NoneBefore(usize::MAX);
        let front = self.front as usize;
        // Frames of text hold no binary ones: each that a device is known to send has a byte that is no text. But one kind of tk103 is binary in part.
        if holds_binary(outer, window) {
            // Larger ones do not count: each start mark would cost a checksum of all that it claims.
            let max = max.min(gt06::MAX_SHORT_FRAME);
            found = self.gt06.first(front, window, until, gt06::MIN_FRAME, gt06::is_start, |window| gt06::of_right_length(window, max));
        }
        if outer != Protocol::Gt02 && holds_binary(outer, window) {
            found = found.or(self.gt02.first(
                front,
                earlier(found, window),
                until,
                gt02::MIN_FRAME,
                |byte| byte == gt02::UP,
                |window| gt02::candidate(window, max),
            ));
        }
        // Frames that nothing but the end of the stream shows are none here: what is behind them shows them, if the other frame is whole.
        let rules = Rules::new(max, false);
        if outer != Protocol::Tk103 {
            found = found
                .or(self.tk103.first(front, window, until, tk103::MIN_FRAME, tk103::is_start, |window| tk103::numbered_candidate(window, rules)));
        }
        if outer != Protocol::V680 {
            found = found.or(self.v680.first(front, window, until, v680::MIN_FRAME, v680::is_start, |window| v680::candidate(window, rules)));
        }
        if outer != Protocol::H02 {
            found = found.or(self.h02.first(front, window, until, h02::MIN_FRAME, h02::is_start, |window| h02::candidate(window, rules)));
        }
        found
    }
}

/// Whether frames of binary protocols may lie in what begins `window`.
fn holds_binary(outer: Protocol, window: &[u8]) -> bool {
    match outer {
        Protocol::Tk103 => tk103::is_binary(window),
        Protocol::V680 => false,
        Protocol::H02 => false,
        _ => !window.is_empty(),
    }
}

/// The part of the window that can show a frame earlier than the one that was found.
fn earlier(found: Inside, window: &[u8]) -> &[u8] {
    match found {
        Inside::Frame(_, end) => window.get(..end).unwrap_or(window),
        Inside::NoneBefore(_) => window,
    }
}

impl Known {
    /// The frame that is shown to be whole first among those that begin behind the first byte of `window` with a byte that is a `mark`, if `until` bytes
    /// show it. None has less than `min` bytes.
    ///
    /// It looks somewhat further, so that not all must be looked at again for what begins next.
    fn first(
        &mut self,
        front: usize,
        window: &[u8],
        until: usize,
        min: usize,
        mark: impl Fn(u8) -> bool,
        candidate: impl Fn(&[u8]) -> Option<Candidate>,
    ) -> Inside {
        let known = |place: u32| (place as usize).saturating_sub(front);
        let (mut start, mut before) = (known(self.start), known(self.before));
        if until.min(window.len()) >= before && start == 0 {
            let further = until.saturating_add(FURTHER);
            let window = window.get(..further).unwrap_or(window);
            let decided;
            (start, before, decided) = search(window, known(self.decided).max(1), min, mark, candidate);
            // No frame is as large as what does not fit.
            let place = |ahead: usize| u32::try_from(ahead.saturating_add(front)).unwrap_or(u32::MAX);
            *self = Self { before: place(before), start: if start == 0 { 0 } else { place(start) }, decided: place(decided) };
        }
        if start > 0 && before <= until { Inside::Frame(start, before) } else { Inside::NoneBefore(before) }
    }
}

/// The frame that is shown to be whole first among those that begin at `from` in a window or behind it: where it begins, and how many bytes show it; or 0,
/// and how many bytes it takes at least. And where the first begins of which more bytes may decide.
fn search(
    window: &[u8],
    from: usize,
    min: usize,
    mark: impl Fn(u8) -> bool,
    candidate: impl Fn(&[u8]) -> Option<Candidate>,
) -> (usize, usize, usize) {
    // A frame that has not begun yet, or with the last byte alone, is not complete before this.
    let mut before = window.len().saturating_add(min.saturating_sub(1));
    // Nearly always there is none.
    #[cfg(target_pointer_width = "64")]
    if !holds(window.get(from..).unwrap_or_default(), &mark) {
        return (0, before, window.len().max(from));
    }
    let mut found: Option<(usize, usize)> = None;
    let mut undecided = None;
    for (at, _) in window.iter().enumerate().skip(from).filter(|(_, byte)| mark(**byte)) {
        if found.is_some_and(|(_, end)| end <= at.saturating_add(min)) {
            break;
        }
        match window.get(at..).and_then(&candidate) {
            Some(Candidate::Frame(len)) => {
                // Some frames of text are decided by the bytes behind them.
                let ends = at.saturating_add(len)..window.len();
                let is_shown = |end: &usize| window.get(at..*end).and_then(&candidate) == Some(Candidate::Frame(len));
                let end = ends.into_iter().find(is_shown).unwrap_or(window.len());
                if found.is_none_or(|(_, best)| end < best) {
                    found = Some((at, end));
                }
                undecided = undecided.or(Some(at));
            }
            Some(Candidate::More(total)) => {
                before = before.min(at.saturating_add(total.max(min)));
                undecided = undecided.or(Some(at));
            }
            Some(Candidate::Reject(_)) | None => {}
        }
    }
    let (start, before) = found.unwrap_or((0, before));
    (start, before, undecided.unwrap_or(window.len()))
}
