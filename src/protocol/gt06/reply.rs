use super::{Empty, Envelope, Frame, TIME, Time};
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
    let envelope = Envelope::short(frame.serial());
    let written = match frame.code() {
        TIME => Time {
            envelope,
            time: now?,
        }
        .encode(out),
        code @ (0x01 | 0x13 | 0x23 | 0x16 | 0x26 | 0x27) => Empty { envelope, code }.encode(out),
        code if peer.replies_to_all => Empty { envelope, code }.encode(out),
        _ => return None,
    };
    written.ok()
}
