use super::Frame;
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`; `None` if none is owed.
///
/// Keeps the maker, which commands repeat.
// Not inlined where RAM is scarce: the session would hold the messages of all protocols at once.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    peer.maker = frame.header().maker;
    frame.reply(now)?.encode(out).ok()
}
