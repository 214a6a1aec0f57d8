use super::{Frame, Message};
use crate::{
    device::{Command, Device, Downlink, Sent, Uplink, UplinkError},
    types::{Direction, MessageType, Protocol, Text},
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

/// What a frame from the server is.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Downlink<'a>> {
    match frame.message() {
        Message::Command { text, .. } => Some(Downlink::Command(Command::text(text, 0))),
        _ if frame.direction() == Some(Direction::Up) => None,
        _ => frame.message_type().map(Downlink::Reply),
    }
}
