use super::{Frame, HEARTBEAT, Heartbeat, Location, Message, Response};
use crate::{
    device::{Command, Device, Downlink, Fix, Sent, Uplink, UplinkError},
    error::EncodeError,
    types::{MessageType, Protocol},
};

const UNSUPPORTED: UplinkError = UplinkError::Unsupported {
    protocol: Protocol::Gt02,
};

/// Writes `uplink` of this device as one frame to the front of `out`.
///
/// | message | frame | left out |
/// |---|---|---|
/// | login | none | |
/// | heartbeat | `1A`; a level that is not known is 0 | all else, except whether there is a fix |
/// | location | `10`, as not charging | satellites, ignition, MCC, that it was stored |
/// | alarm | `10` with the bit of an SOS or a power-off, no others | as in a location |
/// | response | `1C` | |
///
/// The time of a fix is sent as given, UTC: the protocol has no zone.
pub(crate) fn uplink(
    uplink: &Uplink<'_>,
    device: &Device,
    out: &mut [u8],
) -> Result<Sent, UplinkError> {
    let (id, serial) = (device.id(), device.serial());
    match uplink {
        Uplink::Login => Err(UNSUPPORTED),
        Uplink::Heartbeat(status) => {
            let voltage_level = status.voltage_level.unwrap_or(0);
            let gsm_level = status.gsm_level.unwrap_or(0);
            let mut heartbeat = Heartbeat::new(id, serial, voltage_level, gsm_level);
            if let Some(valid) = status.valid {
                heartbeat = heartbeat.with_fix(valid);
            }
            let len = heartbeat.encode(out)?;
            // The reply has no serial.
            let reply = MessageType::Byte(HEARTBEAT);
            Ok(Sent::answered(len, Protocol::Gt02, reply, None))
        }
        Uplink::Location(fix) => {
            let location = location(device, fix)?;
            Ok(Sent::unanswered(location.encode(out)?))
        }
        Uplink::Alarm { alarm, fix, status } => {
            let mut location = location(device, fix)?;
            location.status = location
                .status
                .with_charging(status.charging == Some(true))
                .with_alarm(Some(*alarm))
                .ok_or(UNSUPPORTED)?;
            Ok(Sent::unanswered(location.encode(out)?))
        }
        Uplink::Response(text) => {
            let response = Response::new(id, serial, text)?;
            Ok(Sent::unanswered(response.encode(out)?))
        }
    }
}

/// What a frame from the server is.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Downlink<'a>> {
    match frame.message() {
        Message::HeartbeatAck(_) => Some(Downlink::Reply(MessageType::Byte(HEARTBEAT))),
        Message::Command(command) => Some(Downlink::Command(Command::text(command.text, 0))),
        _ => None,
    }
}

/// The location of this device at this fix.
fn location(device: &Device, fix: &Fix) -> Result<Location<'static>, EncodeError> {
    let mut location = Location::new(device.id(), device.serial(), fix.time, fix.position);
    if let Some(speed) = fix.speed {
        location = location.with_speed(speed)?;
    }
    if let Some(course) = fix.course {
        location = location.with_course(course);
    }
    if let Some(cell) = fix.cell {
        location = location.with_cell(cell)?;
    }
    location.status = location.status.with_fix(fix.valid);
    Ok(location)
}
