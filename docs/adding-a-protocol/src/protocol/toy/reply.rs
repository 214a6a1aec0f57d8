use super::Frame;
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`. Returns its length, or `None` if
/// no reply is owed.
pub(crate) fn reply(
    frame: &Frame<'_>,
    _: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    frame.reply(now)?.encode(out).ok()
}
