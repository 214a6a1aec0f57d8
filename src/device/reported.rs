//! What one device reported, for another to send.

use super::{Fix, Status, Uplink};
use crate::report::{Kind, Report};

impl Fix {
    /// Creates the fix that a report has. Returns `None` if it has no time or no position.
    ///
    /// The time is that of the device's clock: set [`time`](Self::time) afterwards if the clock is
    /// not set to UTC. The fix is valid unless the report says that it is not.
    #[must_use]
    pub fn from_report(report: &Report<'_>) -> Option<Self> {
        Some(Self {
            time: report.time?,
            position: report.position?,
            speed: report.speed,
            course: report.course,
            satellites: report.satellites,
            valid: report.valid != Some(false),
            resent: report.resent == Some(true),
            cell: report.cell,
            ignition: report.ignition,
        })
    }
}

impl Status {
    /// Creates the status that a report has. The levels are copied as they are: protocols differ in
    /// their scale.
    #[must_use]
    pub const fn from_report(report: &Report<'_>) -> Self {
        Self {
            voltage_level: report.voltage_level,
            gsm_level: report.gsm_level,
            charging: report.charging,
            ignition: report.ignition,
            relay_cut: report.relay_cut,
            armed: report.armed,
            valid: report.valid,
        }
    }
}

impl<'a> Uplink<'a> {
    /// Creates the message that says what a report says, for a bridge from one protocol to another.
    ///
    /// | report | message |
    /// |---|---|
    /// | with an alarm and a fix, of any kind | [`Alarm`](Self::Alarm) |
    /// | with a fix, of any kind | [`Location`](Self::Location) |
    /// | a login | [`Login`](Self::Login) |
    /// | a heartbeat | [`Heartbeat`](Self::Heartbeat) |
    /// | a response in UTF-8 | [`Response`](Self::Response) |
    /// | anything else | `None` |
    ///
    /// ```
    /// use gt02::{Direction, Frame, Protocol, Report, device::{Device, Uplink}};
    /// // A location of h02 goes on as one of gt06.
    /// # #[cfg(all(feature = "h02", feature = "gt06"))] {
    /// let bytes = b"*HQ,865205030330012,V1,145452,A,2240.55181,N,11358.32389,E,\
    ///     0.00,0,100815,FFFFFBFF#";
    /// let report = Report::new(&Frame::parse(bytes)?, Direction::Up);
    /// let mut device = Device::new(Protocol::Gt06, report.device.unwrap());
    /// let mut out = [0; 128];
    /// let sent = device.encode(&Uplink::from_report(&report).unwrap(), &mut out).unwrap();
    /// let forwarded = Report::new(&Frame::parse(&out[..sent.len])?, Direction::Up);
    /// assert_eq!(forwarded.time, report.time);
    /// # }
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn from_report(report: &Report<'a>) -> Option<Self> {
        let status = Status::from_report(report);
        match (Fix::from_report(report), report.alarm, report.kind) {
            (Some(fix), Some(alarm), _) => Some(Self::Alarm { alarm, fix, status }),
            (Some(fix), None, _) => Some(Self::Location(fix)),
            (None, _, Kind::Login) => Some(Self::Login),
            (None, _, Kind::Heartbeat) => Some(Self::Heartbeat(status)),
            (None, _, Kind::Response) => report.text?.as_str().map(Self::Response),
            _ => None,
        }
    }
}
