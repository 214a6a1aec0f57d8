use super::{
    END, Frame, START,
    frame::{Owed, Parts},
};
use crate::{bytes::write::Writer, session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`, and returns its length; `None` if
/// the server owes none.
// Not by way of `Message`, whose encoder links those of all messages, and reads back what it wrote.
pub(crate) fn reply(
    frame: &Frame<'_>,
    _: &mut Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    let Parts { id, word, body } = frame.parts();
    let (reply, digit): (&[u8], _) = match Owed::to(id, word, body)? {
        Owed::Handshake => (b"AP01HSO", None),
        Owed::Login => (b"AP05", None),
        Owed::Alarm { digit } => (b"AS01", Some(digit)),
    };
    let mut out = Writer::new(out);
    out.put(&[START]);
    out.put(id);
    out.put(reply);
    out.put(digit.as_slice());
    out.put(&[END]);
    out.finish().ok().map(|reply| reply.len())
}
