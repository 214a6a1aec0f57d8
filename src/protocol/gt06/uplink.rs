use super::{
    Alarm, AlarmDetails, Command, Frame, Gps, Heartbeat, Lbs, Location, LocationKind, Login,
    LoginTime, LongResponse, Response, Status, TerminalInfo, UploadMode, UtcDetails,
    message::write_frame,
};
use crate::{
    device::{self, Device, Downlink, Fix, Sent, Uplink, UplinkError},
    error::EncodeError,
    protocol::gt06::Language,
    types::{self, CellTower, Course, MessageType, Protocol, Speed},
};

const LOGIN: u8 = 0x01;
const HEARTBEAT: u8 = 0x13;
const UTC_ALARM: u8 = 0x26;
const COMMAND: u8 = 0x80;

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
    // Each is encoded by its own function: a firmware has no code of the other messages. Those with
    // a position have more layouts than a firmware has room for; of a position with its cell and
    // status in full, none reads anything else.
    let (code, len) = match uplink {
        Uplink::Login => (LOGIN, Login::new(device.id(), serial)?.encode(out)?),
        Uplink::Heartbeat(status) => {
            let (voltage_level, gsm_level) = levels(status);
            let info = terminal_info(status);
            let heartbeat = Heartbeat::new(info, voltage_level, gsm_level, serial);
            (HEARTBEAT, heartbeat.encode(out)?)
        }
        Uplink::Location(fix) => {
            let location = Location::new(gps(fix)?, location_kind(fix)?, serial);
            let len = write_frame(&location, location.envelope, out)?;
            return Ok(Sent::unanswered(len));
        }
        Uplink::Alarm { alarm, fix, status } => {
            let details = AlarmDetails::new(lbs(fix)?, alarm_status(*alarm, fix, status)?);
            let alarm = Alarm::utc(gps(fix)?, details, serial);
            (UTC_ALARM, write_frame(&alarm, alarm.envelope, out)?)
        }
        Uplink::Response(text) if text.len() > Response::MAX_LEN => {
            let response = LongResponse::new(device.tag(), text, serial)?;
            return Ok(Sent::unanswered(response.encode(out)?));
        }
        Uplink::Response(text) => {
            let response = Response::new(device.tag(), text, Language::None, serial)?;
            return Ok(Sent::unanswered(response.encode(out)?));
        }
    };
    let message_type = MessageType::Byte(code);
    Ok(Sent::answered(
        len,
        Protocol::Gt06,
        message_type,
        Some(serial),
    ))
}

/// What a frame from the server is. A reply has no content, except that to a login, which may have
/// the time. The tag of a command is the server flag.
pub(crate) fn downlink<'a>(frame: &Frame<'a>) -> Option<Downlink<'a>> {
    let (code, parts) = (frame.code(), frame.parts());
    let reply = Downlink::Reply(MessageType::Byte(code));
    match code {
        COMMAND => {
            let command = Command::read(&parts)?;
            Some(Downlink::Command(device::Command::text(
                command.text(),
                command.flag,
            )))
        }
        LOGIN if LoginTime::read(&parts).is_some() => Some(reply),
        _ => parts.content().is_empty().then_some(reply),
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
