//! The quick path: whole frames that a few comparisons show to be the next item.
//!
//! Nearly all frames come in sound and lie in one read. Each protocol recognises its usual ones by
//! [`Wire::plain`]; here it is checked that nothing begins inside that the engine would have to
//! follow. What is found is exactly what the engine finds; `scan/tests.rs` holds the two equal.
//!
//! It is left out on 32-bit targets, where it takes more flash than it is worth.

use crate::{
    bytes::{WIDE, swar},
    framing::{Framing, Limits, Plain, Wire},
    protocol,
    types::Protocol,
};

use super::framing_of;

/// What the quick path found at the front of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A frame of `len` bytes.
    Frame { protocol: Protocol, len: usize },
    /// The beginning of a frame, and nothing else; it takes at least `needed` bytes to tell more.
    Incomplete { needed: usize },
    /// The engine decides.
    Unsure,
}

macro_rules! quick {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        /// Looks for a frame of at most `max` bytes at the front of `window`.
        #[inline(always)]
        pub(crate) fn find(window: &[u8], max: usize) -> Found {
            let Some(&first) = window.first() else { return Found::Unsure };
            if WIDE {
                $(if $enabled && protocol::$module::Framer::is_start(first) {
                    return find_of::<protocol::$module::Framer>(window, max);
                })*
            }
            Found::Unsure
        }

        /// The protocol of `bytes`, if they are one frame of less than `max` bytes whose end what
        /// follows would say, and none follows. One of `max` bytes may be cut there.
        pub(super) fn alone(bytes: &[u8], max: usize) -> Option<Protocol> {
            let &first = bytes.first()?;
            if WIDE && bytes.len() < max {
                $(if $enabled && protocol::$module::Framer::is_start(first) {
                    return is_alone::<protocol::$module::Framer>(bytes)
                        .then_some(Protocol::$name);
                })*
            }
            None
        }

        /// Whether a frame of any protocol may begin with these two bytes.
        #[inline]
        pub(crate) fn may_begin(first: u8, second: u8) -> bool {
            let mut may_begin = false;
            $(may_begin |= $enabled && protocol::$module::Framer::may_begin(first, second);)*
            may_begin
        }

        /// The protocols whose frames may begin with `byte`, a bit each.
        #[inline]
        pub(crate) fn starts(byte: u8) -> u8 {
            $(if $enabled && protocol::$module::Framer::is_start(byte) {
                return super::bit(Protocol::$name);
            })*
            0
        }

        /// The mark that a frame shares with the one before it, if it goes on with `first`.
        #[inline]
        pub(crate) fn mark_before(first: u8) -> Option<u8> {
            $(if let (true, Some(mark)) = ($enabled, protocol::$module::Framer::SHARED_MARK) {
                if protocol::$module::Framer::may_begin(mark, first) {
                    return Some(mark);
                }
            })*
            None
        }

        /// Whether a frame may begin with these two bytes inside a text.
        #[inline(always)]
        pub(super) fn may_begin_in_text(first: u8, second: u8) -> bool {
            let mut may_begin = false;
            $(if $enabled && protocol::$module::Framer::IS_BINARY {
                may_begin |= protocol::$module::Framer::may_begin(first, second);
            })*
            may_begin
        }

        /// Whether a frame may begin with these two bytes inside a frame of `W` that is no text.
        #[inline(always)]
        fn may_begin_inside<W: Wire>(first: u8, second: u8) -> bool {
            let mut may_begin = false;
            $(if $enabled {
                may_begin |= match W::PROTOCOL {
                    Protocol::$name => W::may_begin_inside(first, second),
                    _ => protocol::$module::Framer::may_begin(first, second),
                };
            })*
            may_begin
        }
    };
}
for_each_protocol!(quick);

#[inline(always)]
fn find_of<W: Wire>(window: &[u8], max: usize) -> Found {
    match W::plain(window) {
        Plain::Frame { len } if len <= max => {
            let frame = window.get(..len).unwrap_or(window);
            if (W::is_believed(frame) || is_quiet::<W>(frame)) && W::has_right_checksum(frame) {
                Found::Frame {
                    protocol: W::PROTOCOL,
                    len,
                }
            } else {
                Found::Unsure
            }
        }
        Plain::Incomplete { needed } if needed <= max && is_quiet::<W>(window) => {
            Found::Incomplete { needed }
        }
        _ => Found::Unsure,
    }
}

fn is_alone<W: Wire>(bytes: &[u8]) -> bool {
    // What follows may begin with the last byte.
    let is_closed = bytes.last().is_some_and(|&last| starts(last) == 0);
    is_closed && W::is_plain_alone(bytes) && is_quiet::<W>(bytes)
}

/// Of the first two bytes of any binary frame, one at least is this or above. Most text is below.
pub(super) const LEAST_BINARY: u8 = b'h';

/// Whether nothing begins after the first byte of a frame that could be shown before its end.
#[inline]
fn is_quiet<W: Wire>(frame: &[u8]) -> bool {
    let Some((&first, inside)) = frame.split_first() else {
        return true;
    };
    if W::is_plain_text(first) {
        swar::are_below(inside, LEAST_BINARY)
            || !swar::holds_pair(inside, may_begin_in_text)
            || are_false_starts::<W>(inside, may_begin_in_text)
    } else {
        !swar::holds_pair(inside, may_begin_inside::<W>)
            || are_false_starts::<W>(inside, may_begin_inside::<W>)
    }
}

/// Whether all that may begin among these bytes is shown to be no frame by the bytes after it. It
/// gives up at the third.
#[cold]
fn are_false_starts<W: Wire>(inside: &[u8], may_begin: impl Fn(u8, u8) -> bool) -> bool {
    let mut left = 2_u8;
    for (at, pair) in inside.windows(2).enumerate() {
        let &[first, second] = pair else { continue };
        // Few bytes begin anything, and one comparison with all of them is cheaper.
        if starts(first) != 0 && may_begin(first, second) {
            let rest = inside.get(at..).unwrap_or_default();
            let limits = Limits::new(usize::MAX);
            let (protocol, framing) = framing_of(rest, false, &limits);
            // What a start mark of its own means inside a frame is up to the protocol.
            let is_other = protocol != W::PROTOCOL && matches!(framing, Framing::Invalid { .. });
            if left == 0 || !is_other {
                return false;
            }
            left = left.wrapping_sub(1);
        }
    }
    true
}

/// The number of bytes at the front of a window that begin nothing.
#[inline]
pub(crate) fn count_noise(window: &[u8]) -> usize {
    let mut rest = window;
    while let Some((&first, after)) = rest.split_first() {
        // Where flash is scarce, the engine looks at the second byte.
        let goes_on = |&second: &u8| !WIDE || may_begin(first, second);
        if starts(first) != 0 && after.first().is_none_or(goes_on) {
            break;
        }
        rest = after;
    }
    window.len().wrapping_sub(rest.len())
}

/// Whether nothing begins with the bytes of a window from `at` on, nor with the byte before.
#[inline]
pub(crate) fn is_quiet_from(window: &[u8], at: usize) -> bool {
    // The first pair is the start mark of the frame itself.
    let new = window
        .get(at.saturating_sub(1).max(1)..)
        .unwrap_or_default();
    !swar::holds_pair(new, may_begin)
}

/// The number of bytes that [`find`] looks at, at most twice each: those up to the first byte that
/// begins something else, or the end of the frame.
#[cfg(test)]
pub(crate) fn looked_at(window: &[u8], max: usize) -> usize {
    let quiet = window.iter().zip(window.iter().skip(1)).skip(1);
    let quiet = quiet
        .take_while(|&(&first, &second)| !may_begin(first, second))
        .count();
    match find(window, max) {
        Found::Frame { len, .. } => len.saturating_mul(2),
        // A chunk is looked at as a whole, and then what begins there.
        _ => quiet
            .min(max)
            .saturating_add(48)
            .saturating_mul(2)
            .min(window.len().saturating_mul(2)),
    }
}
