mod details;

use super::{
    CellListNeighbours, CourseStatus, ExtendedLocation, ExtendedLocationKind, Frame, Gps, Info,
    ItemList, ItemListKind, Lock, LockKind, LteStatus, Message, Status, TerminalInfo, Vehicle,
};
use crate::{
    features::{DETAILS, detail},
    report::{Cells, Kind, Record, Report},
    types::{
        Alarm, DateTime, Direction, MessageType, NeighbourCell, Position, Protocol, Text,
        UtcOffset, Voltage,
    },
};
use core::iter;
pub(crate) use details::{AccessPointIter, access_points, details};

/// Reports the frame, which travels in this direction.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &Message::reported(&frame.parts());
    let code = frame.code();
    let mut report = Report::empty(Protocol::Gt06, direction, kind(code), frame.as_bytes());
    report.serial = frame.serial();
    match message {
        Message::Login(login) => report.device = login.device_id(),
        Message::Location(location) => {
            put_gps(&mut report, &location.gps);
            report.cell = detail(|| location.cell());
            report.odometer = location.mileage();
            report.ignition = location.ignition();
            report.resent = location.resent();
            if let Some(tail) = location.tail() {
                put_terminal(&mut report, tail.terminal);
                report.voltage = Some(tail.voltage());
                report.gsm_level = Some(tail.gsm_level);
                report.odometer = tail.sensors.map(|sensors| sensors.mileage);
            }
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
        Message::Alarm(alarm) => {
            put_gps(&mut report, &alarm.gps);
            if let Some(details) = &alarm.details {
                report.cell = detail(|| details.lbs.cell());
                report.odometer = details.mileage;
                put_status(&mut report, &details.status, details.alarm_code());
            }
        }
        Message::CellAlarm(alarm) => {
            report.cell = detail(|| alarm.lbs.cell());
            put_status(&mut report, &alarm.status, alarm.status.alarm.into());
        }
        Message::Time(time) => {
            report.kind = Kind::Ack;
            report.direction = Direction::Down;
            put_time(&mut report, time.time);
        }
        Message::LoginTime(login) => {
            report.kind = Kind::Ack;
            report.direction = Direction::Down;
            put_time(&mut report, login.time);
        }
        Message::Ack(_) if direction == Direction::Down => report.kind = Kind::Ack,
        // A request for the time has the bytes of an empty reply to one.
        Message::TimeRequest(_) if direction == Direction::Down => report.kind = Kind::Ack,
        Message::TimeRequest(_) | Message::Ack(_) => {}
        Message::Unknown(unknown) => {
            report.time = unknown.time();
            // In a 78 78 frame it is no response.
            if code == 0x21 && frame.header() != super::Header::Long {
                report.kind = Kind::Unknown;
            }
        }
        message if DETAILS => put_other(&mut report, frame, message),
        _ => {}
    }
    if matches!(report.kind, Kind::Unknown | Kind::Info) && report.code.is_none() {
        report.code = Some(MessageType::Byte(code));
    }
    report
}

/// Reports a message that is a detail.
#[inline(never)]
fn put_other<'a>(report: &mut Report<'a>, frame: &Frame<'a>, message: &Message<'a>) {
    match message {
        Message::ExtendedLocation(location) => put_location(report, location),
        Message::ObdHeartbeat(heartbeat) => {
            put_terminal(report, heartbeat.terminal);
            report.voltage = Some(heartbeat.voltage());
            report.gsm_level = Some(heartbeat.gsm_level());
        }
        Message::ActivityHeartbeat(heartbeat) => {
            report.kind = Kind::Heartbeat;
            put_terminal(report, heartbeat.terminal);
            report.voltage_level = Some(heartbeat.voltage_level);
            report.gsm_level = Some(heartbeat.gsm_level);
            let charging = heartbeat.activity.and_then(|activity| activity.charging());
            report.charging = charging.or(report.charging);
        }
        Message::ExtendedAlarm(alarm) => {
            report.kind = Kind::Alarm;
            put_gps(report, &alarm.gps);
            report.cell = alarm.lbs.cell();
            report.odometer = alarm.mileage();
            put_status(report, &alarm.status, alarm.alarm_code());
        }
        Message::LteCellAlarm(alarm) => {
            report.kind = Kind::Alarm;
            report.cell = alarm.lbs.cell();
            put_status(report, &alarm.status, alarm.status.alarm.into());
        }
        Message::Lock(lock) => put_lock(report, lock),
        Message::Cell(cell) => {
            if let Some(time) = cell.time {
                put_time(report, time);
            }
            report.cell = cell.lbs.cell();
        }
        Message::CellList(list) => {
            put_time(report, list.time);
            report.cell = list.serving();
        }
        Message::CellScan(scan) => {
            report.kind = Kind::Cell;
            put_time(report, scan.time);
            report.cell = scan.serving();
        }
        Message::WifiScan(scan) => {
            report.kind = Kind::Cell;
            put_time(report, scan.time);
        }
        Message::ItemList(list) => put_items(report, list),
        Message::Response(response) => report.text = Some(response.text()),
        Message::LongResponse(response) => report.text = Some(response.text()),
        Message::AddressRequest(request) => put_gps(report, &request.gps),
        Message::CellAddressRequest(request) => {
            report.kind = Kind::AddressRequest;
            report.cell = request.lbs.cell();
        }
        Message::DoorEvent(event) => {
            report.kind = Kind::Info;
            put_time(report, event.time);
        }
        Message::PassThrough(message) => {
            report.kind = Kind::Info;
            report.text = message.text().map(Text::Bytes);
        }
        Message::Information(information) => {
            report.code = information
                .info
                .subtype()
                .map(|sub| MessageType::SubType(frame.code(), sub));
            match information.info {
                Info::BareVoltage(hundredths)
                | Info::Voltage { hundredths, .. }
                | Info::NetworkVoltage(hundredths) => {
                    report.voltage = Some(Voltage::from_hundredths(hundredths));
                }
                Info::Status(text) | Info::SelfTest(text) => report.text = Some(Text::Bytes(text)),
                Info::Fuel { time, text } => {
                    if let Some(time) = time {
                        put_time(report, time);
                    }
                    report.text = Some(Text::Bytes(text));
                }
                Info::Sim(sim) => report.device = sim.device_id(),
                Info::Rfid(_) => report.text = information.info.card_text().map(Text::Bytes),
                Info::Door {
                    time: Some(time), ..
                } => put_time(report, time),
                _ => {}
            }
        }
        Message::Version(version) => report.device = version.device_id(),
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
        // These are reported in every build.
        Message::Login(_)
        | Message::Location(_)
        | Message::Heartbeat(_)
        | Message::VoltageHeartbeat(_)
        | Message::Alarm(_)
        | Message::CellAlarm(_)
        | Message::Time(_)
        | Message::LoginTime(_)
        | Message::TimeRequest(_)
        | Message::Ack(_)
        | Message::Unknown(_) => {}
        // Nothing of it is in the report.
        Message::Satellites(_) => {}
    }
    let neighbours = neighbours_in(message);
    report.cells = neighbours.and_then(|cells| Cells::new(Protocol::Gt06, frame.as_bytes(), cells));
}

/// Reports the time, if it exists.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn put_time(report: &mut Report<'_>, time: DateTime) {
    report.time = Some(time).filter(|time| time.is_valid());
}

fn put_gps(report: &mut Report<'_>, gps: &Gps) {
    put_time(report, gps.time);
    put_place(
        report,
        gps.position(),
        gps.course,
        gps.latitude,
        gps.longitude,
    );
    report.speed = Some(gps.speed());
    report.satellites = Some(gps.satellites_used());
}

#[inline(never)]
fn put_location(report: &mut Report<'_>, location: &ExtendedLocation<'_>) {
    report.kind = Kind::Location;
    report.device = location.device_id();
    put_gps(report, &location.gps);
    report.cell = location.cell();
    report.odometer = location.mileage();
    report.voltage = location.voltage();
    report.ignition = location.gps.course.ignition();
    if let Some(terminal) = location.terminal() {
        put_terminal(report, terminal);
    }
    if let Some(upload) = location.upload() {
        report.ignition = upload.ignition();
        report.resent = upload.resent();
    }
    match location.kind {
        ExtendedLocationKind::CellItems { resent, .. } => report.resent = Some(resent == 1),
        ExtendedLocationKind::Vehicle(Vehicle { gsm_level, .. })
        | ExtendedLocationKind::LteStatus(LteStatus { gsm_level, .. }) => {
            report.gsm_level = Some(gsm_level);
        }
        _ => {}
    }
}

#[inline(never)]
fn put_lock(report: &mut Report<'_>, lock: &Lock<'_>) {
    put_time(report, lock.time);
    report.cell = lock.serving();
    report.resent = lock.resent();
    report.armed = lock.locked();
    let gps = lock.gps();
    if let Some(gps) = &gps {
        put_gps(report, gps);
    }
    report.kind = match (lock.kind, gps) {
        (LockKind::Event, _) => Kind::Alarm,
        (LockKind::Location, Some(_)) => Kind::Location,
        (LockKind::Location, None) => Kind::Cell,
    };
    if lock.kind == LockKind::Event {
        report.alarm = Some(Alarm::Other);
        report.alarm_code = Some(lock.event.into());
    }
}

#[inline(never)]
fn put_items(report: &mut Report<'_>, list: &ItemList<'_>) {
    report.device = list.device_id();
    match list.kind {
        ItemListKind::Heartbeat(status) => {
            report.kind = Kind::Heartbeat;
            put_terminal(report, status.terminal);
            report.voltage_level = Some(status.voltage_level);
            report.gsm_level = Some(status.gsm_level);
            report.voltage = list.items.voltage();
            report.odometer = list.items.mileage();
        }
        ItemListKind::Modular => put_modular(report, list),
        ItemListKind::Identity => report.kind = Kind::Info,
        ItemListKind::Sensors { time } => {
            report.kind = Kind::Info;
            report.time = DateTime::from_unix(time.into(), UtcOffset::UTC);
            report.armed = list.sensor(ItemList::ARMED);
            report.ignition = list.sensor(ItemList::IGNITION);
            report.charging = list.sensor(ItemList::CHARGING);
            report.voltage = list.supply();
        }
    }
}

fn put_modular(report: &mut Report<'_>, list: &ItemList<'_>) {
    report.cell = list.cell();
    report.odometer = list.items.mileage();
    report.resent = list.resent();
    let fix = list.fix();
    report.kind = if fix.is_some() {
        Kind::Location
    } else if report.cell.is_some() {
        Kind::Cell
    } else {
        Kind::Info
    };
    if let Some(fix) = fix {
        report.time = fix.time();
        put_place(
            report,
            fix.position(),
            fix.course,
            fix.latitude,
            fix.longitude,
        );
        report.speed = Some(fix.speed());
        report.satellites = Some(fix.satellites);
    }
    let alarm = list
        .events()
        .find_map(|event| Some((event.alarm()?, event.code)));
    report.alarm = alarm.map(|(alarm, _)| alarm);
    report.alarm_code = alarm.map(|(_, code)| code.into());
}

/// Reports the place, unless it is all zeros without a fix: that is no place.
#[inline]
fn put_place(
    report: &mut Report<'_>,
    position: Option<Position>,
    course: CourseStatus,
    latitude: u32,
    longitude: u32,
) {
    report.position = position.filter(|_| course.has_fix() || latitude != 0 || longitude != 0);
    report.valid = Some(course.has_fix());
    report.course = course.course();
}

#[inline(never)]
fn put_status(report: &mut Report<'_>, status: &Status, alarm_code: u16) {
    put_terminal(report, status.terminal);
    report.voltage_level = Some(status.voltage_level);
    report.gsm_level = Some(status.gsm_level);
    report.alarm_code = Some(alarm_code);
    // A code of more than a byte has no name.
    report.alarm = if alarm_code > 0xFF {
        Some(Alarm::Other)
    } else {
        status.alarm()
    };
}

#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn put_terminal(report: &mut Report<'_>, terminal: TerminalInfo) {
    report.relay_cut = Some(terminal.relay_cut());
    report.gps_tracking = Some(terminal.gps_tracking());
    report.charging = Some(terminal.charging());
    report.ignition = Some(terminal.ignition());
    report.armed = Some(terminal.armed());
}

/// The kind of what devices send with this protocol number, of those whose length does not matter.
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
    let message = Message::reported(&Frame::from_candidate(frame).parts());
    Neighbours(neighbours_in(&message))
}

/// The neighbour cells of a message; `None` if it is not one that has any.
fn neighbours_in<'a>(message: &Message<'a>) -> Option<CellListNeighbours<'a>> {
    match message {
        Message::CellList(list) => Some(list.neighbours()),
        Message::CellScan(scan) => Some(scan.neighbours()),
        Message::Lock(lock) => Some(lock.neighbours()),
        Message::ItemList(list) => Some(list.neighbours()),
        _ => None,
    }
}

/// The places of a frame: no message has several.
pub(crate) type RecordIter<'a> = iter::Empty<Record<'a>>;

/// Reads no places.
pub(crate) const fn records(_: &[u8]) -> RecordIter<'_> {
    iter::empty()
}

/// Returns the tag of the command that the frame answers: the server flag of a response.
pub(crate) fn tag(frame: &Frame<'_>) -> Option<u32> {
    match frame.message() {
        Message::Response(response) => Some(response.flag),
        Message::LongResponse(response) => Some(response.flag),
        _ => None,
    }
}
