//! Where may a start mark of two equal bytes stand?

/// Whether, among `bytes`, a byte that is `MARK` in the bits of `MASK` may be followed by another such byte; 9 bytes or more.
///
/// Eight places at a time.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(super) fn may_hold<const MASK: u8, const MARK: u8>(bytes: &[u8]) -> bool {
    // The high bit of a byte of this is set if the byte, and the one behind it, are marks; the lowest such byte is always right.
    let in_nine = |nine: &[u8; 9]| {
        let ([first @ .., _], [_, second @ ..]) = (nine, nine);
        let marks = u64::from_ne_bytes([MARK; 8]);
        let differs = ((u64::from_ne_bytes(*first) ^ marks) | (u64::from_ne_bytes(*second) ^ marks)) & u64::from_ne_bytes([MASK; 8]);
        differs.wrapping_sub(u64::from_ne_bytes([0x01; 8])) & !differs
    };
    let mut found = 0;
    let mut rest = bytes;
    // Four times eight places while there is room: the loop costs as much as what is in it.
    while let Some(many) = rest.first_chunk::<33>() {
        for at in [0, 8, 16, 24] {
            found |= many.get(at..).and_then(<[u8]>::first_chunk).map_or(0, in_nine);
        }
        rest = rest.get(32..).unwrap_or_default();
    }
    while let Some(nine) = rest.first_chunk() {
        found |= in_nine(nine);
        rest = rest.get(8..).unwrap_or_default();
    }
    if rest.len() > 1 {
        found |= bytes.last_chunk().map_or(u64::MAX, in_nine);
    }
    found & u64::from_ne_bytes([0x80; 8]) != 0
}

/// The same: on a microcontroller the way to know beforehand takes more flash than it is worth.
#[cfg(not(target_pointer_width = "64"))]
pub(super) const fn may_hold<const MASK: u8, const MARK: u8>(_: &[u8]) -> bool {
    true
}

/// Whether the start mark of a binary protocol stands in a frame behind its own.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(super) fn hold_binary(frame: &[u8]) -> bool {
    let inside = frame.get(1..).unwrap_or_default();
    // `68 68`, `78 78`, `79 79`, and `69`, which is no mark, have the same bits but for two. One frame in a hundred has bytes that look like one at first
    // sight.
    may_hold::<0xEE, 0x68>(inside) && inside.windows(2).any(|pair| matches!(pair, [a, b] if a == b && matches!(a, 0x68 | 0x78 | 0x79)))
}

/// Whether what may begin a frame of text stands in a binary one: `(` or `#` and a digit, `*` and a letter.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(super) fn may_hold_text(frame: &[u8]) -> bool {
    // The smallest has six, and the frame ends with two that are not of it.
    frame.len() >= 8 && holds(frame, |byte| matches!(byte, b'(' | b'#' | b'*')) && {
        let pairs = frame.iter().zip(frame.get(1..).unwrap_or_default());
        pairs.into_iter().any(|pair| matches!(pair, (b'(' | b'#', b'0'..=b'9') | (b'*', b'D'..)))
    }
}

/// Whether such a byte is among `bytes`. Sixteen at a time, without a branch for each, so that it becomes vector instructions where there are any.
#[cfg(target_pointer_width = "64")]
#[inline]
pub(super) fn holds(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> bool {
    let in_chunk = |chunk: &[u8; 16]| chunk.iter().fold(false, |any, &byte| any | is_such(byte));
    let mut found = false;
    let mut rest = bytes;
    while let Some((chunk, behind)) = rest.split_first_chunk() {
        found |= in_chunk(chunk);
        rest = behind;
    }
    match bytes.last_chunk() {
        // Some of it is seen again.
        Some(chunk) => found | in_chunk(chunk),
        None => bytes.iter().any(|&byte| is_such(byte)),
    }
}

#[cfg(all(test, target_pointer_width = "64"))]
#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "a test that panics fails")]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        #[test]
        fn marks_are_found_anywhere(mut bytes in vec(any::<u8>(), 9..120), at in any::<prop::sample::Index>(), mark in prop::sample::select(&[0x68_u8, 0x78, 0x79, 0][..])) {
            if mark != 0 {
                let at = at.index(bytes.len() - 1);
                bytes[at..at + 2].copy_from_slice(&[mark, mark]);
            }
            prop_assert_eq!(may_hold::<0xFF, 0x68>(&bytes), bytes.windows(2).any(|pair| pair == [0x68, 0x68]));
        }
    }
}
