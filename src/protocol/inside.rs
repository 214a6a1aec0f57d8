//! Does a whole frame lie inside what claims to be another one?
//!
//! A start mark may be false, a length wrong, a frame cut short: then what begins there would keep the frames behind it waiting until all that it
//! claims has come. So **of all frames that have begun, the first to be complete is one**, and what began before it is none. It is
//! the same rule when all bytes are there at once; else the answer would depend on how they came.
//!
//! A documented message of `gt06` is believed for as long as it asks; [its framing](super::gt06) says how long that is.
//!
//! Only frames count that have enough to vouch for them: those of `gt06` of up to 260 bytes with a right checksum and of the length that they say, and those of `gt02`
//! with all that [its framing](super::gt02) asks for.

use super::{Candidate, Rules, gt02, gt06};

/// What lies inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// A whole frame from here to there, and none that is complete before it.
    Frame(usize, usize),
    /// No whole frame, and there will be none before so many bytes are there.
    NoneBefore(usize),
}

/// What is known of the whole frames that begin behind the first byte of a window.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// None is complete with fewer bytes than this.
    before: u32,
    /// One begins here that is complete with just as many; 0 if that is not known.
    start: u32,
}

/// What is known of the bytes ahead, so that none is looked at again and again. It changes how long an answer takes, never the answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ahead {
    gt02: Known,
    gt06: Known,
}

/// So many bytes are looked at behind those that were asked for. Good frames are the rule, and then each of them is in vain; behind bad ones they save
/// a search for each start mark.
const FURTHER: usize = 64;

/// Bytes in the smallest frame of either protocol.
const MIN_FRAME: usize = 10;

impl Ahead {
    /// Nothing is known.
    #[inline]
    pub(crate) const fn new() -> Self {
        let nothing = Known { before: 0, start: 0 };
        Self { gt02: nothing, gt06: nothing }
    }

    /// Goes on to the window that begins so many bytes later.
    pub(crate) fn advance(&mut self, by: usize) {
        let by = u32::try_from(by).unwrap_or(u32::MAX);
        for known in [&mut self.gt02, &mut self.gt06] {
            known.before = known.before.saturating_sub(by);
            known.start = known.start.saturating_sub(by);
        }
    }

    /// The first `gt06` frame that begins behind the first byte of `window`, if it is whole within `until` bytes.
    pub(super) fn gt06_inside(&mut self, window: &[u8], until: usize, rules: Rules) -> Inside {
        // Larger ones do not count: each start mark would cost a checksum of all that it claims.
        let max = rules.max.min(gt06::MAX_SHORT_FRAME);
        self.gt06.first(window, until, |byte| matches!(byte, gt06::SHORT | gt06::LONG), |window| gt06::of_right_length(window, max))
    }

    /// The first frame of either protocol that begins behind the first byte of `window`, if it is whole within `until` bytes.
    pub(super) fn any_inside(&mut self, window: &[u8], until: usize, rules: Rules) -> Inside {
        let gt06 = self.gt06_inside(window, until, rules);
        // One that is complete later does not count.
        let earlier = if self.gt06.start > 0 { window.get(..self.gt06.before as usize) } else { None };
        let gt02 = self.gt02.first(earlier.unwrap_or(window), until, |byte| byte == gt02::UP, |window| gt02::candidate(window, rules.max));
        match (gt02, gt06) {
            (Inside::NoneBefore(gt02), Inside::NoneBefore(gt06)) => Inside::NoneBefore(gt02.min(gt06)),
            (frame @ Inside::Frame(_, end), Inside::Frame(_, other)) if end < other => frame,
            (frame, Inside::NoneBefore(_)) | (_, frame) => frame,
        }
    }
}

impl Known {
    /// The frame that is complete first among those that begin behind the first byte of `window` with a byte that is a `mark`, twice, if it
    /// is complete within `until` bytes.
    ///
    /// It looks somewhat further, so that not all must be looked at again for what begins next.
    fn first(&mut self, window: &[u8], until: usize, mark: impl Fn(u8) -> bool, candidate: impl Fn(&[u8]) -> Option<Candidate>) -> Inside {
        if until.min(window.len()) >= self.before as usize && self.start == 0 {
            let further = until.saturating_add(FURTHER);
            self.search(window.get(..further).unwrap_or(window), mark, candidate);
        }
        let (start, before) = (self.start as usize, self.before as usize);
        if start > 0 && before <= until { Inside::Frame(start, before) } else { Inside::NoneBefore(before) }
    }

    fn search(&mut self, window: &[u8], mark: impl Fn(u8) -> bool, candidate: impl Fn(&[u8]) -> Option<Candidate>) {
        // A frame that has not begun yet, or with the last byte alone, is not complete before this.
        let mut before = window.len().saturating_add(MIN_FRAME - 1);
        let mut found = None;
        let mut at = 1;
        while let Some(rest @ [first, second, ..]) = window.get(at..) {
            let soonest = at.saturating_add(MIN_FRAME);
            if found.is_some_and(|(_, end)| end <= soonest) {
                break;
            }
            if first == second && mark(*first) {
                match candidate(rest) {
                    Some(Candidate::Frame(len)) => {
                        let end = at.saturating_add(len);
                        if found.is_none_or(|(_, best)| end < best) {
                            found = Some((at, end));
                        }
                    }
                    Some(Candidate::More(total)) => before = before.min(at.saturating_add(total)),
                    Some(Candidate::Reject(_)) | None => {}
                }
            }
            at = at.saturating_add(1);
        }
        let (start, end) = found.unwrap_or((0, before));
        // No frame is as large as what does not fit.
        let [start, before] = [start, end].map(|len| u32::try_from(len).unwrap_or(u32::MAX));
        *self = Self { before, start };
    }
}
