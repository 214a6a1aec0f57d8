use super::{Frame, Message};
use crate::{
    device::{Command, Device, Sent, Uplink, UplinkError},
    types::{MessageType, Protocol, Text},
};

/// Writes `uplink` of this device as one frame to the front of `out`.
pub(crate) fn uplink(
    uplink: &Uplink<'_>,
    device: &Device,
    out: &mut [u8],
) -> Result<Sent, UplinkError> {
    match uplink {
        Uplink::Login => {
            let len = Message::Hello {
                device: device.id(),
            }
            .encode(out)?;
            let reply = MessageType::Text(Text::Bytes(b"ok"));
            Ok(Sent::answered(len, Protocol::Toy, reply, None))
        }
        _ => Err(UplinkError::Unsupported {
            protocol: Protocol::Toy,
        }),
    }
}

/// The command in a frame from the server.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Command<'a>> {
    match frame.message() {
        Message::Command { text, .. } => Some(Command::text(text, 0)),
        _ => None,
    }
}
