use super::{
    Alarm, Frame, Handshake, Identity, IoStatus, Location, LocationBlock, LocationKind, Login,
    LoginContent, Message,
};
use crate::{
    device::{Command, Device, Downlink, Fix, Sent, Uplink, UplinkError},
    types::{Direction, MessageType, Protocol, Text},
};

/// Writes `uplink` of this device as one frame to the front of `out`.
///
/// | uplink | frame | reply |
/// |---|---|---|
/// | login | `BP05` with the id field, no position | `AP05` |
/// | heartbeat | `BP00` | `AP01` |
/// | location | `BR00`, or `BR01` if it is sent late | none |
/// | alarm with a digit | `BO01`, or `BO02` if it is sent late | `AS01` to `BO01` |
/// | alarm without a digit, response | unsupported | |
pub(crate) fn uplink(
    uplink: &Uplink<'_>,
    device: &Device,
    out: &mut [u8],
) -> Result<Sent, UplinkError> {
    let identity = Identity::new(device.id())?;
    let id = identity.id();
    let unsupported = UplinkError::Unsupported {
        protocol: Protocol::Tk103,
    };
    let message: Message<'_> = match uplink {
        Uplink::Login => Login::new(id, identity.field(), LoginContent::Empty).into(),
        Uplink::Heartbeat(_) => Handshake::new(id, identity.field()).into(),
        Uplink::Location(fix) => {
            let kind = if fix.resent {
                LocationKind::Stored
            } else {
                LocationKind::Periodic
            };
            Location::new(id, kind, block(fix, IoStatus::new())).into()
        }
        Uplink::Alarm { alarm, fix, status } => {
            let io = IoStatus::new()
                .with_power_cut(status.charging == Some(false))
                .with_ignition(status.ignition.or(fix.ignition) == Some(true));
            let place = Fix {
                ignition: None,
                ..*fix
            };
            Alarm::new(id, *alarm, block(&place, io))
                .ok_or(unsupported)?
                .with_stored(fix.resent)
                .into()
        }
        Uplink::Response(_) => return Err(unsupported),
    };
    let len = message.encode(out)?;
    let reply: Option<&'static [u8]> = match message {
        Message::Login(_) => Some(b"AP05"),
        Message::Handshake(_) => Some(b"AP01"),
        Message::Alarm(Alarm { stored: false, .. }) => Some(b"AS01"),
        _ => None,
    };
    Ok(match reply {
        Some(word) => Sent::answered(
            len,
            Protocol::Tk103,
            MessageType::Text(Text::Bytes(word)),
            None,
        ),
        None => Sent::unanswered(len),
    })
}

/// What a frame from the server is. Every type that only servers send is a command, except replies.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Downlink<'a>> {
    match frame.message() {
        Message::HandshakeAck(_) | Message::LoginAck(_) | Message::AlarmAck(_) => {
            frame.message_type().map(Downlink::Reply)
        }
        Message::Command(_) | Message::Unknown(_) if frame.direction() == Some(Direction::Down) => {
            let command = Command::coded(frame.message_type(), frame.body());
            Some(Downlink::Command(command))
        }
        _ => None,
    }
}

/// The location block of a fix. Its ignition counts if it is known, otherwise that of `io`.
fn block(fix: &Fix, io: IoStatus) -> LocationBlock<'static> {
    let io = match fix.ignition {
        Some(ignition) => io.with_ignition(ignition),
        None => io,
    };
    let mut block = LocationBlock::new(fix.time, fix.position, fix.valid).with_io(io);
    if let Some(speed) = fix.speed {
        block = block.with_speed(speed);
    }
    if let Some(course) = fix.course {
        block = block.with_course(course);
    }
    block
}
