use super::{Frame, KeepAlive, Lbs, Record, Report};
use crate::{
    device::{Device, Downlink, Fix, Sent, Uplink, UplinkError},
    error::EncodeError,
    types::{Alarm, DeviceId, Protocol},
};

/// Writes `uplink` of this device as one frame to the front of `out`.
///
/// | uplink | frame | left out |
/// |---|---|---|
/// | login, heartbeat | [`KeepAlive`] | the status |
/// | location | [`Report`] with the event `AUT` | satellites, resent, ignition |
/// | alarm: SOS, low battery | [`Report`] with its event | those, and the status |
/// | another alarm, a response | none | |
///
/// No server owes a reply to any of them.
pub(crate) fn uplink(
    uplink: &Uplink<'_>,
    device: &Device,
    out: &mut [u8],
) -> Result<Sent, UplinkError> {
    let len = match uplink {
        Uplink::Login | Uplink::Heartbeat(_) => KeepAlive::new(device.id()).encode(out)?,
        Uplink::Location(fix) => report(device.id(), None, fix, out)?,
        Uplink::Alarm { alarm, fix, .. } => report(device.id(), Some(*alarm), fix, out)?,
        Uplink::Response(_) => return Err(UNSUPPORTED),
    };
    Ok(Sent::unanswered(len))
}

const UNSUPPORTED: UplinkError = UplinkError::Unsupported {
    protocol: Protocol::V680,
};

/// What a frame from the server is: none is known.
pub(crate) const fn downlink<'a>(_: &Frame<'a>) -> Option<Downlink<'a>> {
    None
}

/// Writes a report of one record.
///
/// The record has no field that says that its place is an old one. So without a fix it has no
/// place, no date and no time, and the flag is 0, as devices without a fix send it.
fn report(
    device: DeviceId,
    alarm: Option<Alarm>,
    fix: &Fix,
    out: &mut [u8],
) -> Result<usize, UplinkError> {
    let mut record = Record::without_fix();
    if fix.valid {
        record = Record::new(fix.time, fix.position);
        if let Some(speed) = fix.speed {
            record = record.with_speed(speed);
        }
        if let Some(course) = fix.course {
            record = record.with_course(course);
        }
        // A reader takes a date that does not exist, and 0 degrees on both axes, for no fix.
        if !fix.time.is_valid() || record.position().is_none() {
            return Err(EncodeError::NotCanonical.into());
        }
    }
    let lbs = fix.cell.map(|cell| Lbs::new(&cell)).transpose()?;
    if let Some(lbs) = &lbs {
        record = record.with_lbs(lbs);
    }
    let records = [record];
    let mut report = Report::new(device, &records)?;
    report.flag = fix.valid.into();
    if let Some(alarm) = alarm {
        report = report.with_alarm(alarm).ok_or(UNSUPPORTED)?;
    }
    Ok(report.encode(out)?)
}
