use super::{
    Ack, Frame,
    frame::{self, Owed},
    message::Content,
};
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// there is none.
///
/// A peer that has all its frames replied to gets an acknowledgement of any other frame, too,
/// unless the frame has no content, so that it may be a reply itself, or is one that nobody replies
/// to.
// Not by way of `encode`, which reads back what it wrote: a reply is found in any stream.
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
    let (content, envelope): (&dyn Content, _) = match &owed {
        Owed::Ack(ack) => (ack, ack.envelope),
        Owed::Time(time) => (time, time.envelope),
    };
    let reply = frame::write(content, envelope, out).ok()?;
    Some(reply.len())
}
