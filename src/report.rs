//! What happened, in the same shape whatever the protocol: [`Report`].

#[cfg(feature = "gt06")]
use crate::{
    protocol::gt06,
    types::{HexDigits, NeighbourCell, Voltage},
};
use crate::{
    protocol::{Direction, Frame, Protocol, gt02},
    sms,
    types::{Alarm, CellTower, Course, DateTime, DeviceId, Position, Speed, Text},
};
use core::fmt;

/// What a frame reports.
///
/// What was not sent, and what was sent but cannot be (a 13th month, a latitude of 91 degrees), is absent; the message of the frame has the raw
/// value. What no protocol sends that the crate was built with has no field. With the feature `serde` a report is written with the field names that are given here in parentheses.
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
    /// The neighbour cells (`cells`).
    #[cfg(feature = "gt06")]
    pub cells: Option<Cells<'a>>,
    /// What the device raises an alarm about (`alarm`).
    pub alarm: Option<Alarm>,
    /// The alarm's code as sent (`alarm_code`).
    #[cfg(feature = "gt06")]
    pub alarm_code: Option<u8>,
    /// Raw level of the battery or supply; 0 to 6 in the papers (`voltage_level`).
    pub voltage_level: Option<u8>,
    /// Raw level of the mobile network's signal; 0 to 4 in the papers (`gsm_level`).
    pub gsm_level: Option<u8>,
    /// Whether the device is charging, or has external power (`charging`).
    pub charging: Option<bool>,
    /// Whether the ignition is on (`ignition`).
    #[cfg(feature = "gt06")]
    pub ignition: Option<bool>,
    /// Whether the relay cuts fuel or electricity off (`relay_cut`).
    #[cfg(feature = "gt06")]
    pub relay_cut: Option<bool>,
    /// Whether the device is armed (`armed`).
    #[cfg(feature = "gt06")]
    pub armed: Option<bool>,
    /// Whether the device tracks by GPS (`gps_tracking`).
    #[cfg(feature = "gt06")]
    pub gps_tracking: Option<bool>,
    /// Voltage, where a protocol sends volts (`voltage`).
    #[cfg(feature = "gt06")]
    pub voltage: Option<Voltage>,
    /// Distance covered; its unit depends on the protocol, and is not established for all of them (`odometer`).
    #[cfg(feature = "gt06")]
    pub odometer: Option<u32>,
    /// Whether this was stored and is uploaded late, if the protocol says so (`resent`).
    #[cfg(feature = "gt06")]
    pub resent: Option<bool>,
    /// IMSI of the SIM (`imsi`).
    #[cfg(feature = "gt06")]
    pub imsi: Option<HexDigits<'a>>,
    /// ICCID of the SIM (`iccid`).
    #[cfg(feature = "gt06")]
    pub iccid: Option<HexDigits<'a>>,
    /// The device's firmware (`firmware`).
    #[cfg(feature = "gt06")]
    pub firmware: Option<Text<'a>>,
    /// Text of a response or a command (`text`).
    pub text: Option<Text<'a>>,
}

/// The kinds of [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Kind {
    /// The device says who it is.
    Login,
    /// A position, or what stands in its place while there is no fix.
    Location,
    /// The device is there.
    Heartbeat,
    /// Something that wants attention; mostly with a position.
    Alarm,
    /// The device's answer to a command.
    Response,
    /// Cells of the mobile network, and no position.
    Cell,
    /// Something about the device itself.
    Info,
    /// The device asks for the time.
    TimeRequest,
    /// The device asks for the street address of a place.
    AddressRequest,
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
            Self::Login => "login",
            Self::Location => "location",
            Self::Heartbeat => "heartbeat",
            Self::Alarm => "alarm",
            Self::Response => "response",
            Self::Cell => "cell",
            Self::Info => "info",
            Self::TimeRequest => "time_request",
            Self::AddressRequest => "address_request",
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

/// A message's type as its protocol writes it: `0x2b`, or `0x94/0x0a` for a type with sub-types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Code {
    /// One byte.
    Byte(u8),
    /// One byte, and one for the sub-type.
    #[cfg(feature = "gt06")]
    SubType(u8, u8),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Byte(byte) => write!(f, "{byte:#04x}"),
            #[cfg(feature = "gt06")]
            Self::SubType(byte, sub) => write!(f, "{byte:#04x}/{sub:#04x}"),
        }
    }
}

/// The neighbour cells that a frame names, in the order in which they were sent.
#[cfg(feature = "gt06")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cells<'a>(gt06::CellList<'a>);

#[cfg(feature = "gt06")]
impl<'a> Cells<'a> {
    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        self.0.neighbours()
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
            #[cfg(feature = "gt06")]
            Frame::Gt06(frame) => Self::gt06(frame, direction),
        }
    }

    /// What the device's response to a command says: the same texts come by SMS. `None` if this is no response, or its text is not ASCII.
    ///
    /// ```
    /// use gt02::{Frame, Session, session, sms::{Command, CommandSet, Verdict}};
    ///
    /// let mut session = Session::new();
    /// session.handle(&Frame::parse(b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a")?);
    /// let command = Command::Interval { seconds: 60 };
    /// let mut out = [0; 64];
    /// let len = session.command(&session::Command::Sms { set: CommandSet::B, command, password: None }, &mut out).unwrap();
    /// assert_eq!(out[9..len - 2], *b"TIMER,666666,,60#");
    ///
    /// let response = Frame::parse(b"\x68\x68\x16\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\x08TIMEROK!\x0d\x0a")?;
    /// let answer = session.handle(&response).report.answer().unwrap();
    /// assert_eq!(command.verdict(CommandSet::B, &answer), Verdict::Done);
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn answer(&self) -> Option<sms::Answer<'a>> {
        match (self.kind, self.text) {
            (Kind::Response, Some(Text::Ascii(text))) => Some(sms::Answer::parse(text)),
            _ => None,
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
            #[cfg(feature = "gt06")]
            cells: None,
            alarm: None,
            #[cfg(feature = "gt06")]
            alarm_code: None,
            voltage_level: None,
            gsm_level: None,
            charging: None,
            #[cfg(feature = "gt06")]
            ignition: None,
            #[cfg(feature = "gt06")]
            relay_cut: None,
            #[cfg(feature = "gt06")]
            armed: None,
            #[cfg(feature = "gt06")]
            gps_tracking: None,
            #[cfg(feature = "gt06")]
            voltage: None,
            #[cfg(feature = "gt06")]
            odometer: None,
            #[cfg(feature = "gt06")]
            resent: None,
            #[cfg(feature = "gt06")]
            imsi: None,
            #[cfg(feature = "gt06")]
            iccid: None,
            #[cfg(feature = "gt06")]
            firmware: None,
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

    #[cfg(feature = "gt06")]
    fn gt06(frame: &gt06::Frame<'a>, direction: Direction) -> Self {
        use gt06::{Info, Message};

        let message = &frame.message();
        let code = frame.code();
        let mut report = Self::empty(Protocol::Gt06, direction, gt06_kind(code));
        report.serial = Some(frame.serial());
        match message {
            Message::Login(login) => report.device = login.device_id(),
            Message::Location(location) => {
                report.gt06_gps(&location.gps);
                report.cell = location.cell();
                report.odometer = location.mileage();
                report.ignition = location.ignition();
                report.resent = location.resent();
            }
            Message::Cell(cell) => {
                report.time = cell.time.filter(|time| time.is_valid());
                report.cell = cell.lbs.cell();
            }
            Message::CellList(list) => {
                report.time = Some(list.time).filter(|time| time.is_valid());
                report.cell = list.serving();
                report.cells = list.neighbours().next().map(|_| Cells(*list));
            }
            Message::Heartbeat(heartbeat) => {
                report.gt06_terminal(heartbeat.terminal);
                report.voltage_level = heartbeat.voltage_level;
                report.gsm_level = heartbeat.gsm_level;
            }
            Message::VoltageHeartbeat(heartbeat) => {
                report.gt06_terminal(heartbeat.terminal);
                report.voltage = heartbeat.voltage();
                report.gsm_level = heartbeat.gsm_level;
            }
            Message::Satellites(satellites) => report.snr = Some(satellites.snr()),
            Message::Response(response) => report.text = Some(response.text()),
            Message::LongResponse(response) => report.text = Some(response.text()),
            Message::Alarm(alarm) => {
                report.gt06_gps(&alarm.gps);
                if let Some(details) = &alarm.details {
                    report.cell = details.lbs.cell();
                    report.odometer = details.mileage;
                    report.gt06_status(&details.status);
                }
            }
            Message::CellAlarm(alarm) => {
                report.cell = alarm.lbs.cell();
                report.gt06_status(&alarm.status);
            }
            Message::AddressRequest(request) => report.gt06_gps(&request.gps),
            Message::CellAddressRequest(request) => report.cell = request.lbs.cell(),
            Message::Information(information) => {
                report.code = information.info.subtype().map(|sub| Code::SubType(code, sub));
                match information.info {
                    Info::BareVoltage(hundredths) | Info::Voltage { hundredths, .. } | Info::NetworkVoltage(hundredths) => {
                        report.voltage = Some(Voltage::from_hundredths(hundredths));
                    }
                    Info::Status(text) | Info::SelfTest(text) => report.text = Some(Text::Ascii(text)),
                    Info::Fuel { time, text } => {
                        report.time = time.filter(|time| time.is_valid());
                        report.text = Some(Text::Ascii(text));
                    }
                    Info::Sim(sim) => {
                        report.device = sim.device_id();
                        report.imsi = Some(sim.imsi());
                        report.iccid = Some(sim.iccid());
                    }
                    Info::Door { time, .. } => report.time = time.filter(|time| time.is_valid()),
                    _ => {}
                }
            }
            Message::Version(version) => {
                report.device = version.device_id();
                report.firmware = Some(version.text());
            }
            Message::Time(time) => {
                report.kind = Kind::Ack;
                report.direction = Direction::Down;
                report.time = Some(time.time).filter(|time| time.is_valid());
            }
            Message::Command(command) => {
                report.kind = Kind::Command;
                report.direction = Direction::Down;
                report.text = Some(command.text());
            }
            Message::Address(address) => {
                report.kind = Kind::Ack;
                report.direction = Direction::Down;
                report.text = address.address();
            }
            Message::Empty(_) if direction == Direction::Down => report.kind = Kind::Ack,
            // Also a request for the time that goes down: that is the same bytes as an empty answer to one.
            Message::TimeRequest(_) if direction == Direction::Down => report.kind = Kind::Ack,
            Message::TimeRequest(_) | Message::Empty(_) => {}
            Message::Unknown(unknown) => {
                report.time = unknown.time();
                if let Some(gps) = unknown.gps() {
                    report.gt06_gps(&gps);
                }
            }
        }
        if matches!(report.kind, Kind::Unknown | Kind::Info) && report.code.is_none() {
            report.code = Some(Code::Byte(code));
        }
        report
    }

    #[cfg(feature = "gt06")]
    fn gt06_gps(&mut self, gps: &gt06::Gps) {
        self.time = Some(gps.time).filter(|time| time.is_valid());
        // Without a fix, zeros are no place.
        self.position = gps.position().filter(|_| gps.course.has_fix() || gps.latitude != 0 || gps.longitude != 0);
        self.valid = Some(gps.course.has_fix());
        self.speed = Some(gps.speed());
        self.course = gps.course.course();
        self.satellites = Some(gps.satellites_used());
    }

    #[cfg(feature = "gt06")]
    fn gt06_status(&mut self, status: &gt06::Status) {
        self.gt06_terminal(status.terminal);
        self.voltage_level = Some(status.voltage_level);
        self.gsm_level = Some(status.gsm_level);
        self.alarm_code = Some(status.alarm);
        self.alarm = status.alarm();
    }

    #[cfg(feature = "gt06")]
    fn gt06_terminal(&mut self, terminal: gt06::TerminalInfo) {
        self.relay_cut = Some(terminal.relay_cut());
        self.gps_tracking = Some(terminal.gps_tracking());
        self.charging = Some(terminal.is_charging());
        self.ignition = Some(terminal.has_ignition());
        self.armed = Some(terminal.is_armed());
    }
}

/// The kind of what devices send with this protocol number.
#[cfg(feature = "gt06")]
const fn gt06_kind(code: u8) -> Kind {
    match code {
        0x01 => Kind::Login,
        0x10 | 0x12 | 0x22 => Kind::Location,
        0x11 | 0x18 | 0x28 | 0x8B => Kind::Cell,
        0x13 | 0x23 => Kind::Heartbeat,
        0x15 | 0x21 | 0x81 => Kind::Response,
        0x16 | 0x19 | 0x26 | 0x27 => Kind::Alarm,
        0x17 | 0x1A | 0x2A => Kind::AddressRequest,
        0x8A => Kind::TimeRequest,
        0x14 | 0x94 | 0xFD => Kind::Info,
        _ => Kind::Unknown,
    }
}
