use super::Message;
use crate::{
    device::{Device, Sent, Uplink, UplinkError},
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
