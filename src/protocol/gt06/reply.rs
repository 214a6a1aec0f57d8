use super::{Ack, Frame, frame::Owed};
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// there is none.
///
/// A peer that has all its frames replied to gets an acknowledgement of any other frame, too,
/// unless the frame has no content, so that it may be a reply itself, or is one that nobody replies
/// to.
// Not by way of `Message`, whose encoder has room for every kind of message on the stack.
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    let owed = match frame.owed(now) {
        None if peer.replies_to_all && !frame.body().is_empty() && !frame.is_never_answered() => {
            Owed::Ack(Ack::new(frame.code(), frame.envelope().serial))
        }
        owed => owed?,
    };
    match owed {
        Owed::Ack(ack) => ack.encode(out).ok(),
        Owed::Time(time) => time.encode(out).ok(),
    }
}
