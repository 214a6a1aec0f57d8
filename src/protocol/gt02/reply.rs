use super::{Frame, HeartbeatAck};
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// no reply is owed.
pub(crate) fn reply(
    frame: &Frame<'_>,
    _: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    // The only one. Its encoder alone takes less flash than those of all messages.
    frame.reply(now).and_then(|_| HeartbeatAck.encode(out).ok())
}
