use super::{Command, CommandKind, Frame, Id};
use crate::{session::Peer, types::DateTime};

/// Writes the reply to a frame of a device to the front of `out`; `None` if none is owed.
///
/// If every frame gets a reply, those without one of their own get `R12`, which a vendor document
/// asks for \[D\].
///
/// Keeps the maker, which commands repeat.
// Not inlined where RAM is scarce: the session would hold the messages of all protocols at once.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    let mut header = frame.header();
    if frame.is_binary() {
        header.maker = peer.maker;
        // A record names no device.
        header.id = peer.device.map_or(header.id, Id::Number);
    }
    peer.maker = header.maker;
    match frame.reply(now) {
        Some(reply) => reply.encode(out).ok(),
        None if peer.replies_to_all => {
            let acknowledge = Command::new(header, now?.into(), CommandKind::Acknowledge);
            acknowledge.encode(out).ok()
        }
        None => None,
    }
}
