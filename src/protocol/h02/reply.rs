use super::{Ack, Frame, Header, Id, frame::Owed, message::write_start, write_time};
use crate::{
    bytes::write::Writer,
    session::Peer,
    types::{DateTime, Text},
};

/// Writes the reply to a frame of a device to the front of `out`; `None` if none is owed.
///
/// If every frame gets a reply, those without one of their own get `R12`, which a vendor document
/// asks for \[D\].
///
/// Keeps the maker, which commands repeat.
// Not by way of `Message`, whose encoder links those of all messages, and reads back what it wrote.
pub(crate) fn reply(
    frame: &Frame<'_>,
    peer: &mut Peer,
    now: Option<DateTime>,
    out: &mut [u8],
) -> Option<usize> {
    let parts = frame.parts();
    let is_binary = frame.is_binary();
    // A binary frame has no letters.
    if !is_binary {
        peer.maker = parts.maker;
    }
    let owed = parts.owed(frame.as_bytes().len(), now);
    if owed.is_none() && !peer.replies_to_all {
        return None;
    }
    let id = if is_binary {
        // Its device, if it names one, is the peer; without one there is nobody to reply to.
        Id::Number(peer.device?)
    } else {
        Id::read(parts.id)
    };
    let header = Header {
        maker: peer.maker,
        id,
    };
    let mut out = Writer::new(out);
    match owed {
        Some(Owed::Ack { code, time }) => {
            write_start(&mut out, &header, b"V4");
            let code = Text::Bytes(code);
            Ack { header, code, time }.write(&mut out);
        }
        Some(Owed::Login(fields)) => {
            write_start(&mut out, &header, b"V0");
            out.put(fields.0);
        }
        Some(Owed::Heartbeat(fields)) => {
            write_start(&mut out, &header, b"HTBT");
            out.put(fields.0);
        }
        Some(Owed::Iccid) => write_start(&mut out, &header, b"ICCID"),
        None => {
            let time = now?.into();
            write_start(&mut out, &header, b"R12");
            write_time(&mut out, Some(time));
        }
    }
    out.put(b"#");
    out.finish().ok().map(|reply| reply.len())
}
