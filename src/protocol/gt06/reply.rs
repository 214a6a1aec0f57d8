use super::{Ack, Frame, Message};
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// there is none.
///
/// A peer that has all its frames replied to gets an acknowledgement of any other frame, too,
/// unless the frame has no content: it may be a reply itself.
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    let reply = match frame.reply(now) {
        None if peer.replies_to_all && !frame.body().is_empty() => {
            Message::Ack(Ack::new(frame.code(), frame.envelope().serial))
        }
        reply => reply?,
    };
    reply.encode(out).ok()
}
