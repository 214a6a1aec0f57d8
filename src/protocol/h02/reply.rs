use super::Frame;
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`; `None` if none is owed.
///
/// Keeps the maker, which commands repeat.
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    peer.maker = frame.header().maker;
    frame.reply(now)?.encode(out).ok()
}
