//! What happened, in the same shape whatever the protocol: [`Report`].

use crate::{
    protocol::{Direction, Frame, Protocol, gt02},
    types::{Alarm, CellTower, Course, DateTime, DeviceId, Position, Speed, Text},
};
use core::fmt;

/// What a frame reports.
///
/// What was not sent, and what was sent but cannot be (a 13th month, a latitude of 91 degrees), is absent; the message of the frame has the raw
/// value. With the feature `serde` a report is written with the field names that are given here in parentheses.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Report<'a> {
    /// The protocol of the frame (`protocol`).
    pub protocol: Protocol,
    /// Which way the frame travels (`direction`, left out if up).
    pub direction: Direction,
    /// What kind of message it is (`kind`).
    pub kind: Kind,
    /// The message's type as the protocol writes it, if the kind does not tell (`code`).
    pub code: Option<Code>,
    /// Who sent it, or whom it is for (`device`). From an earlier frame of the [session](crate::Session) if this one does not say.
    pub device: Option<DeviceId>,
    /// The frame's own counter (`serial`).
    pub serial: Option<u16>,
    /// Date and time by the device's clock, if they exist (`time`).
    pub time: Option<DateTime>,
    /// Where the device is, or was last (`latitude`, `longitude`, in degrees).
    pub position: Option<Position>,
    /// Whether the device says that it has a fix (`valid`).
    pub valid: Option<bool>,
    /// Speed over ground (`speed_kmh`).
    pub speed: Option<Speed>,
    /// Course over ground (`course`, in degrees).
    pub course: Option<Course>,
    /// Number of satellites (`satellites`).
    pub satellites: Option<u8>,
    /// Signal to noise ratio of each satellite, dB (`snr`).
    pub snr: Option<&'a [u8]>,
    /// The serving cell (`cell`).
    pub cell: Option<CellTower>,
    /// What the device raises an alarm about (`alarm`).
    pub alarm: Option<Alarm>,
    /// Raw level of the battery or supply; 0 to 6 in the papers (`voltage_level`).
    pub voltage_level: Option<u8>,
    /// Raw level of the mobile network's signal; 0 to 4 in the papers (`gsm_level`).
    pub gsm_level: Option<u8>,
    /// Whether the device is charging, or has external power (`charging`).
    pub charging: Option<bool>,
    /// Text of a response or a command (`text`).
    pub text: Option<Text<'a>>,
}

/// The kinds of [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Kind {
    /// A position, or what stands in its place while there is no fix.
    Location,
    /// The device is there.
    Heartbeat,
    /// The device's answer to a command.
    Response,
    /// A command to the device.
    Command,
    /// The server's answer to a frame.
    Ack,
    /// A type that has no name here; [`Report::code`] has it.
    Unknown,
}

impl Kind {
    /// The name in JSON, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Location => "location",
            Self::Heartbeat => "heartbeat",
            Self::Response => "response",
            Self::Command => "command",
            Self::Ack => "ack",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A message's type as its protocol writes it: `0x2b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Code {
    /// One byte.
    Byte(u8),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(byte) => write!(f, "{byte:#04x}"),
        }
    }
}

impl<'a> Report<'a> {
    /// What `frame` reports, by itself, if it travels in this direction. Use a [`Session`](crate::Session) where a frame may lean on earlier ones of
    /// its connection.
    ///
    /// A start mark that only servers use says more than `direction`: such a frame is always down.
    ///
    /// ```
    /// use gt02::{Direction, Frame, Report, report::Kind};
    /// // Spec gt02, section 4.
    /// let bytes = b"\x68\x68\x15\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\x07APEXOK!\x0d\x0a";
    /// let report = Report::new(&Frame::parse(bytes)?, Direction::Up);
    /// assert_eq!(report.kind, Kind::Response);
    /// assert_eq!(report.device.unwrap().to_string(), "358899058952584");
    /// assert_eq!(report.text.unwrap().as_str(), Some("APEXOK!"));
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn new(frame: &Frame<'a>, direction: Direction) -> Self {
        match frame {
            Frame::Gt02(frame) => Self::gt02(frame, direction),
        }
    }

    const fn empty(protocol: Protocol, direction: Direction, kind: Kind) -> Self {
        Self {
            protocol,
            direction,
            kind,
            code: None,
            device: None,
            serial: None,
            time: None,
            position: None,
            valid: None,
            speed: None,
            course: None,
            satellites: None,
            snr: None,
            cell: None,
            alarm: None,
            voltage_level: None,
            gsm_level: None,
            charging: None,
            text: None,
        }
    }

    fn gt02(frame: &gt02::Frame<'a>, direction: Direction) -> Self {
        use gt02::Message;

        // From the message alone, by reference, and field by field: for speed it is all the same, for a microcontroller a third of the flash.
        let message = &frame.message();
        let mut report = Self::empty(Protocol::Gt02, direction, Kind::Unknown);
        report.device = message.device_id();
        match message {
            Message::Location(location) => {
                report.kind = Kind::Location;
                report.serial = Some(location.serial);
                report.time = location.time.is_valid().then_some(location.time);
                // Without a fix, zeros are no place.
                report.position = location.position().filter(|_| location.status.has_fix() || location.latitude != 0 || location.longitude != 0);
                report.valid = Some(location.status.has_fix());
                report.speed = Some(location.speed());
                report.course = location.course();
                report.cell = location.cell();
                report.alarm = location.status.alarm();
                report.charging = Some(location.status.is_charging());
            }
            Message::ShortLocation(location) => {
                report.kind = Kind::Location;
                report.serial = Some(location.serial);
                report.time = location.time().filter(|time| time.is_valid());
                report.speed = location.speed();
                report.course = location.course();
            }
            Message::Heartbeat(heartbeat) => {
                report.kind = Kind::Heartbeat;
                report.serial = Some(heartbeat.serial);
                report.valid = heartbeat.has_fix();
                // A count without as many SNRs is one of those that mean something else.
                report.satellites = heartbeat.satellites.filter(|&count| usize::from(count) <= heartbeat.snr.len());
                report.snr = Some(heartbeat.snr);
                report.voltage_level = Some(heartbeat.voltage_level);
                report.gsm_level = Some(heartbeat.gsm_level);
            }
            Message::Response(response) => {
                report.kind = Kind::Response;
                report.serial = Some(response.serial);
                report.text = Some(response.text());
            }
            Message::Command(command) => {
                report.kind = Kind::Command;
                report.direction = Direction::Down;
                report.text = Some(command.text);
            }
            Message::Unknown(unknown) => {
                report.serial = Some(unknown.serial);
                report.code = Some(Code::Byte(unknown.code));
            }
            Message::HeartbeatAck(_) => {
                report.kind = Kind::Ack;
                report.direction = Direction::Down;
            }
        }
        report
    }
}
