use super::{
    Ack, Frame, LoginTime,
    frame::{self, Owed},
    message::Content,
};
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// there is none.
///
/// A login gets the time as well if the peer wants it.
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
    let login_time = now.map(|now| LoginTime::new(now, frame.envelope().serial));
    let is_login = peer.sends_login_time && frame.code() == 0x01;
    let (content, envelope): (&dyn Content, _) = match (&owed, &login_time) {
        (Owed::Ack(_), Some(time)) if is_login => (time, time.envelope),
        (Owed::Ack(ack), _) => (ack, ack.envelope),
        (Owed::Time(time), _) => (time, time.envelope),
    };
    let reply = frame::write(content, envelope, out).ok()?;
    Some(reply.len())
}
