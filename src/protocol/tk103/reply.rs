use super::Frame;
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// the server owes none.
pub(crate) fn reply(
    frame: &Frame<'_>,
    _: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    frame.reply(now)?.encode(out).ok()
}
