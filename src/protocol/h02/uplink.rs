use super::{
    FieldBuffer, Frame, Gps, Header, Heartbeat, Location, LocationKind, Login, Sms, Status,
    StatusFamily, command::is_command,
};
use crate::{
    device::{self, Command, Device, Downlink, Fix, Sent, Uplink, UplinkError},
    error::EncodeError,
    types::{CellTower, Course, Direction, MessageType, Protocol, Speed, Text},
};

/// Room for the cell of a location: `,mcc,mnc,lac,cell`.
type Cell = FieldBuffer<32>;

/// Writes `uplink` of this device as one frame to the front of `out`.
///
/// | uplink | frame | reply |
/// |---|---|---|
/// | login | `V0` | `V0` |
/// | heartbeat | `HTBT`; the level is the battery in per cent | `HTBT` |
/// | location | `V1` | `V4` |
/// | alarm | `V1`, with the alarm in the status word | `V4` |
/// | response | `SMS` | none |
///
/// The alarms are those of the [`StatusFamily`] of the device.
///
/// A status word always says whether the ignition is on. If that is not known it says so: a device
/// without inputs sends `FFFFFFFF` all the time.
pub(crate) fn uplink(
    uplink: &Uplink<'_>,
    device: &Device,
    out: &mut [u8],
) -> Result<Sent, UplinkError> {
    let header = Header::from(device.id());
    match *uplink {
        Uplink::Login => answered_by("V0", Login::new(header).encode(out)?),
        Uplink::Heartbeat(status) => {
            let heartbeat = match status.voltage_level {
                Some(percent) => Heartbeat::with_percent(header, percent)?,
                None => Heartbeat::new(header),
            };
            answered_by("HTBT", heartbeat.encode(out)?)
        }
        Uplink::Location(fix) => {
            let status = status_word(&fix, &device::Status::new());
            answered_by("V4", location(header, &fix, status, out)?)
        }
        Uplink::Alarm { alarm, fix, status } => {
            let status = status_word(&fix, &status)
                .with_alarm(family(&header, &fix), alarm)
                .ok_or(UplinkError::Unsupported {
                    protocol: Protocol::H02,
                })?;
            answered_by("V4", location(header, &fix, status, out)?)
        }
        Uplink::Response(text) => Ok(Sent::unanswered(Sms::new(header, text).encode(out)?)),
    }
}

/// What a frame from the server is. The text of a command are its parameters.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Downlink<'a>> {
    let message_type = frame.message_type()?;
    let MessageType::Text(code) = message_type else {
        return None;
    };
    match frame.direction() {
        Some(Direction::Down) if is_command(code.as_bytes()) => {
            let parameters = frame.body().split_first().map_or(&[][..], |(_, rest)| rest);
            let command = Command::coded(Some(message_type), parameters);
            Some(Downlink::Command(command))
        }
        // Some replies are what the device sent.
        Some(Direction::Down) | None => Some(Downlink::Reply(message_type)),
        Some(Direction::Up) => None,
    }
}

/// A frame that is answered by a frame of this type.
fn answered_by(reply: &'static str, len: usize) -> Result<Sent, UplinkError> {
    let reply = MessageType::Text(Text::Bytes(reply.as_bytes()));
    Ok(Sent::answered(len, Protocol::H02, reply, None))
}

/// Writes a `V1`, with the cell if its network is known.
fn location(
    header: Header<'_>,
    fix: &Fix,
    status: Status,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    let gps = Gps::new(
        fix.time,
        fix.position,
        fix.speed.unwrap_or(Speed::MetresPerHour(0)),
        fix.course.unwrap_or(Course::NORTH),
        fix.valid,
    )?;
    let mut cell = Cell::new();
    if let Some(tower) = known_cell(fix) {
        cell.push_cell(tower)?;
    }
    let location = Location {
        extras: cell.as_fields(),
        ..Location::new(header, LocationKind::V1, gps, status)
    };
    location.encode(out)
}

/// The cell, if its network is known.
fn known_cell(fix: &Fix) -> Option<CellTower> {
    fix.cell
        .filter(|cell| cell.mcc.is_some() && cell.mnc.is_some())
}

/// The family that a `V1` with this fix is taken for.
fn family(header: &Header<'_>, fix: &Fix) -> StatusFamily {
    StatusFamily::new(header, LocationKind::V1.code(), known_cell(fix).is_some())
}

/// The flags that are known; the others are not active.
fn status_word(fix: &Fix, status: &device::Status) -> Status {
    Status::new()
        .with_ignition(status.ignition.or(fix.ignition).unwrap_or(true))
        .with_relay_cut(status.relay_cut.unwrap_or(false))
        .with_armed(status.armed.unwrap_or(false))
}
