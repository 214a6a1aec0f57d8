use super::{CellSource, Cells, Code, Iccid, Kind, Report};
use crate::{
    protocol::{
        Direction, Protocol,
        gt06::{Frame, Gps, Info, Message, Status, TerminalInfo},
    },
    types::{NeighbourCell, Text, Voltage},
};

impl<'a> Report<'a> {
    pub(super) fn gt06(frame: &Frame<'a>, direction: Direction) -> Self {
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
                report.cells = Cells::of(CellSource::Gt06(*list));
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
                        report.iccid = Some(Iccid::Packed(sim.iccid()));
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

    fn gt06_gps(&mut self, gps: &Gps) {
        self.time = Some(gps.time).filter(|time| time.is_valid());
        // Without a fix, zeros are no place.
        self.position = gps.position().filter(|_| gps.course.has_fix() || gps.latitude != 0 || gps.longitude != 0);
        self.valid = Some(gps.course.has_fix());
        self.speed = Some(gps.speed());
        self.course = gps.course.course();
        self.satellites = Some(gps.satellites_used());
    }

    fn gt06_status(&mut self, status: &Status) {
        self.gt06_terminal(status.terminal);
        self.voltage_level = Some(status.voltage_level);
        self.gsm_level = Some(status.gsm_level);
        self.alarm_code = Some(status.alarm);
        self.alarm = status.alarm();
    }

    fn gt06_terminal(&mut self, terminal: TerminalInfo) {
        self.relay_cut = Some(terminal.relay_cut());
        self.gps_tracking = Some(terminal.gps_tracking());
        self.charging = Some(terminal.is_charging());
        self.ignition = Some(terminal.has_ignition());
        self.armed = Some(terminal.is_armed());
    }
}

/// The kind of what devices send with this protocol number.
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

/// The neighbours, if the source is a frame of this protocol.
pub(super) fn neighbours<'a>(source: CellSource<'a>) -> Option<impl Iterator<Item = NeighbourCell> + use<'a>> {
    match source {
        CellSource::Gt06(list) => Some(list.neighbours()),
        _ => None,
    }
}
