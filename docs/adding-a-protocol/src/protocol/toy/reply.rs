use super::{Frame, Message};
use crate::{session::Peer, types::DateTime};

/// Writes the answer to a frame of a device to the front of `out`; `None` if there is none.
pub(crate) fn reply(
    frame: &Frame<'_>,
    _: &mut Peer,
    _: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    match frame.message() {
        Message::Hello { device } => Message::Welcome { device }.encode(out).ok(),
        _ => None,
    }
}
