use super::{CellListNeighbours, Frame, Gps, Info, Message, Status, TerminalInfo};
use crate::{
    report::{Cells, Details, Iccid, Kind, Record, Report},
    types::{AccessPoint, Direction, MessageType, NeighbourCell, Protocol, Text, Voltage},
};
use core::iter;

/// Reports the frame, which travels in this direction.
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &frame.message();
    let code = frame.code();
    let mut report = Report::empty(Protocol::Gt06, direction, kind(code));
    report.serial = frame.serial();
    match message {
        Message::Login(login) => report.device = login.device_id(),
        Message::Location(location) => {
            put_gps(&mut report, &location.gps);
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
            report.cells = Cells::new(Protocol::Gt06, frame.as_bytes());
        }
        Message::Heartbeat(heartbeat) => {
            put_terminal(&mut report, heartbeat.terminal);
            report.voltage_level = heartbeat.voltage_level;
            report.gsm_level = heartbeat.gsm_level;
        }
        Message::VoltageHeartbeat(heartbeat) => {
            put_terminal(&mut report, heartbeat.terminal);
            report.voltage = heartbeat.voltage();
            report.gsm_level = heartbeat.gsm_level;
        }
        Message::Response(response) => report.text = Some(response.text()),
        Message::LongResponse(response) => report.text = Some(response.text()),
        Message::Alarm(alarm) => {
            put_gps(&mut report, &alarm.gps);
            if let Some(details) = &alarm.details {
                report.cell = details.lbs.cell();
                report.odometer = details.mileage;
                put_status(&mut report, &details.status);
            }
        }
        Message::CellAlarm(alarm) => {
            report.cell = alarm.lbs.cell();
            put_status(&mut report, &alarm.status);
        }
        Message::AddressRequest(request) => put_gps(&mut report, &request.gps),
        Message::CellAddressRequest(request) => report.cell = request.lbs.cell(),
        Message::Information(information) => {
            report.code = information
                .info
                .subtype()
                .map(|sub| MessageType::SubType(code, sub));
            match information.info {
                Info::BareVoltage(hundredths)
                | Info::Voltage { hundredths, .. }
                | Info::NetworkVoltage(hundredths) => {
                    report.voltage = Some(Voltage::from_hundredths(hundredths));
                }
                Info::Status(text) | Info::SelfTest(text) => report.text = Some(Text::Bytes(text)),
                Info::Fuel { time, text } => {
                    report.time = time.filter(|time| time.is_valid());
                    report.text = Some(Text::Bytes(text));
                }
                Info::Sim(sim) => report.device = sim.device_id(),
                Info::Door { time, .. } => report.time = time.filter(|time| time.is_valid()),
                _ => {}
            }
        }
        Message::Version(version) => report.device = version.device_id(),
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
        Message::Ack(_) if direction == Direction::Down => report.kind = Kind::Ack,
        // A request for the time has the bytes of an empty reply to one.
        Message::TimeRequest(_) if direction == Direction::Down => report.kind = Kind::Ack,
        Message::Satellites(_) | Message::TimeRequest(_) | Message::Ack(_) => {}
        Message::Unknown(unknown) => {
            report.time = unknown.time();
            if let Some(gps) = unknown.gps() {
                put_gps(&mut report, &gps);
            }
        }
    }
    if matches!(report.kind, Kind::Unknown | Kind::Info) && report.code.is_none() {
        report.code = Some(MessageType::Byte(code));
    }
    report
}

fn put_gps(report: &mut Report<'_>, gps: &Gps) {
    report.time = Some(gps.time).filter(|time| time.is_valid());
    // Without a fix, coordinates of zero are not a place.
    report.position = gps
        .position()
        .filter(|_| gps.course.has_fix() || gps.latitude != 0 || gps.longitude != 0);
    report.valid = Some(gps.course.has_fix());
    report.speed = Some(gps.speed());
    report.course = gps.course.course();
    report.satellites = Some(gps.satellites_used());
}

fn put_status(report: &mut Report<'_>, status: &Status) {
    put_terminal(report, status.terminal);
    report.voltage_level = Some(status.voltage_level);
    report.gsm_level = Some(status.gsm_level);
    report.alarm_code = Some(status.alarm);
    report.alarm = status.alarm();
}

fn put_terminal(report: &mut Report<'_>, terminal: TerminalInfo) {
    report.relay_cut = Some(terminal.relay_cut());
    report.gps_tracking = Some(terminal.gps_tracking());
    report.charging = Some(terminal.charging());
    report.ignition = Some(terminal.ignition());
    report.armed = Some(terminal.armed());
}

/// Returns the values of the frame that few frames have.
pub(crate) fn details<'a>(frame: &Frame<'a>) -> Details<'a> {
    let mut details = Details::default();
    match frame.message() {
        Message::Satellites(satellites) => details.snr = Some(satellites.snr()),
        Message::Version(version) => details.firmware = Some(version.text()),
        Message::Information(information) => {
            if let Info::Sim(sim) = information.info {
                details.imsi = Some(sim.imsi());
                details.iccid = Some(Iccid::Packed(sim.iccid()));
            }
        }
        _ => {}
    }
    details
}

/// The kind of what devices send with this protocol number.
const fn kind(code: u8) -> Kind {
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

/// The neighbour cells of a frame: those of a list of cells, and none of any other message.
#[derive(Clone)]
pub(crate) struct Neighbours<'a>(Option<CellListNeighbours<'a>>);

impl Iterator for Neighbours<'_> {
    type Item = NeighbourCell;

    fn next(&mut self) -> Option<NeighbourCell> {
        self.0.as_mut()?.next()
    }
}

/// Reads the neighbour cells of a frame.
pub(crate) fn neighbours(frame: &[u8]) -> Neighbours<'_> {
    Neighbours(match Frame::from_candidate(frame).message() {
        Message::CellList(list) => Some(list.neighbours()),
        _ => None,
    })
}

/// The places of a frame: no message has several.
pub(crate) type RecordIter<'a> = iter::Empty<Record<'a>>;

/// Reads no places.
pub(crate) const fn records(_: &[u8]) -> RecordIter<'_> {
    iter::empty()
}

/// No message names access points.
pub(crate) type AccessPointIter<'a> = iter::Empty<AccessPoint<'a>>;

/// Returns the access points in these bytes: none.
pub(crate) const fn access_points(_: &[u8]) -> AccessPointIter<'_> {
    iter::empty()
}
