use super::{
    Alarm, AlarmDetails, Frame, Gps, Heartbeat, Lbs, Location, LocationKind, Login, LongResponse,
    Message, Response, Status, TerminalInfo, UploadMode, UtcDetails,
};
use crate::{
    device::{self, Command, Device, Fix, Sent, Uplink, UplinkError},
    error::EncodeError,
    protocol::gt06::Language,
    types::{self, CellTower, Course, MessageType, Protocol, Speed},
};

/// Writes `uplink` of this device as one frame to the front of `out`.
///
/// | uplink | message |
/// |---|---|
/// | login | `01` with the id alone |
/// | heartbeat | `13` |
/// | location | `22` if it says the ignition, or that it was stored; else `12` |
/// | alarm | `26` |
/// | response | `15`, or `21` if the text has more than 243 bytes, with the tag of the command |
pub(crate) fn uplink(
    uplink: &Uplink<'_>,
    device: &Device,
    out: &mut [u8],
) -> Result<Sent, UplinkError> {
    let serial = device.serial();
    let message: Message<'_> = match uplink {
        Uplink::Login => Login::new(device.id(), serial)?.into(),
        Uplink::Heartbeat(status) => {
            let (voltage_level, gsm_level) = levels(status);
            Heartbeat::new(terminal_info(status), voltage_level, gsm_level, serial).into()
        }
        Uplink::Location(fix) => Location::new(gps(fix)?, location_kind(fix)?, serial).into(),
        Uplink::Alarm { alarm, fix, status } => {
            let details = AlarmDetails::new(lbs(fix)?, alarm_status(*alarm, fix, status)?);
            Alarm::utc(gps(fix)?, details, serial).into()
        }
        Uplink::Response(text) if text.len() > Response::MAX_LEN => {
            LongResponse::new(device.tag(), text, serial)?.into()
        }
        Uplink::Response(text) => Response::new(device.tag(), text, Language::None, serial)?.into(),
    };
    let len = message.encode(out)?;
    Ok(match uplink {
        Uplink::Login | Uplink::Heartbeat(_) | Uplink::Alarm { .. } => {
            let message_type = MessageType::Byte(message.code());
            Sent::answered(len, Protocol::Gt06, message_type, Some(serial))
        }
        Uplink::Location(_) | Uplink::Response(_) => Sent::unanswered(len),
    })
}

/// The command in a frame from the server, whose tag is the server flag.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Command<'a>> {
    match frame.message() {
        Message::Command(command) => Some(Command::text(command.text(), command.flag)),
        _ => None,
    }
}

/// The levels of voltage and GSM; 0, which says none, if they are not known.
fn levels(status: &device::Status) -> (u8, u8) {
    (
        status.voltage_level.unwrap_or(0),
        status.gsm_level.unwrap_or(0),
    )
}

/// The terminal information. A receiver that has a fix tracks by GPS.
fn terminal_info(status: &device::Status) -> TerminalInfo {
    TerminalInfo::new()
        .with_armed(status.armed == Some(true))
        .with_ignition(status.ignition == Some(true))
        .with_charging(status.charging == Some(true))
        .with_gps_tracking(status.valid == Some(true))
        .with_relay_cut(status.relay_cut == Some(true))
}

/// The status block of an alarm. The ignition is from the fix if the status does not know it.
fn alarm_status(
    alarm: types::Alarm,
    fix: &Fix,
    status: &device::Status,
) -> Result<Status, UplinkError> {
    let (voltage_level, gsm_level) = levels(status);
    let ignition = status.ignition.or(fix.ignition);
    let terminal = terminal_info(status)
        .with_ignition(ignition == Some(true))
        .with_alarm(Some(alarm));
    Status::new(terminal, voltage_level, gsm_level)
        .with_alarm(alarm)
        .ok_or(UplinkError::Unsupported {
            protocol: Protocol::Gt06,
        })
}

/// The GPS block. More than 15 satellites are sent as 15, an unknown number as 0.
fn gps(fix: &Fix) -> Result<Gps, EncodeError> {
    let satellites = fix.satellites.unwrap_or(0).min(Gps::MAX_SATELLITES);
    Gps::new(
        fix.time,
        fix.position,
        fix.speed.unwrap_or(Speed::MetresPerHour(0)),
        fix.course.unwrap_or(Course::NORTH),
        fix.valid,
        satellites,
    )
}

/// The cell; no cell if it is not known in full.
fn lbs(fix: &Fix) -> Result<Lbs, EncodeError> {
    match fix.cell {
        Some(
            cell @ CellTower {
                mcc: Some(_),
                mnc: Some(_),
                lac: Some(_),
                cid: Some(_),
            },
        ) => Lbs::try_from(cell),
        _ => Ok(Lbs::NONE),
    }
}

/// A `22` says whether the ignition is on, and that the location was stored. If neither is to be
/// said, a `12` says nothing that is not known. A stored location whose ignition is not known says
/// that it is off: a `22` cannot say less.
fn location_kind(fix: &Fix) -> Result<LocationKind, EncodeError> {
    let lbs = lbs(fix)?;
    if fix.ignition.is_none() && !fix.resent {
        return Ok(LocationKind::cell(lbs));
    }
    let ignition = fix.ignition == Some(true);
    let details = UtcDetails::new(lbs, ignition, UploadMode::Interval, fix.resent);
    Ok(LocationKind::Utc(Some(details)))
}
