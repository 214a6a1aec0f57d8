use super::{Empty, Envelope, Frame, Message, TIME};
use crate::{session::Peer, types::DateTime};

/// Writes the answer to a frame of a device to the front of `out`; `None` if there is none.
///
/// It has the same number and the same serial, and no content or the time (spec gt06, section 2).
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    let all = || {
        Message::Empty(Empty {
            envelope: Envelope::short(frame.envelope().serial),
            code: frame.code(),
        })
    };
    let reply = match frame.reply(now) {
        None if peer.replies_to_all && frame.code() != TIME && !frame.body().is_empty() => all(),
        reply => reply?,
    };
    reply.encode(out).ok()
}
