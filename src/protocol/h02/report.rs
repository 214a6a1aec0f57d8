use super::{
    AccessPointIter, BinaryGps, CellIter, Fields, Frame, Gps, LocationKind, Message, Status,
    StatusFamily, Vp1Content, command::is_sent,
};
use crate::{
    features::{DETAILS, detail},
    report::{AccessPoints, Cells, Details, Iccid, Kind, Record, Report, place},
    types::{CellTower, DateTime, Direction, MessageType, Protocol, Text},
};
use core::iter;

/// Returns the report of a frame that travels in this direction.
///
/// The vendor documents do not sort all types. `V9`, `V19` and `VP1` are taken for locations, a
/// `VP1` without a place for cells, and a frame without a type for a heartbeat. `BS` and `BASE` are
/// unknown.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &Message::reported(frame);
    let mut report = Report::empty(Protocol::H02, direction, Kind::Unknown, frame.as_bytes());
    add_message(&mut report, frame, direction, message);
    report
}

/// Adds what a message reports.
// Not inlined where RAM is scarce: what it has on the stack is not there beside the readers.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn add_message<'a>(
    report: &mut Report<'a>,
    frame: &Frame<'a>,
    direction: Direction,
    message: &Message<'a>,
) {
    report.device = message.device_id();
    match message {
        Message::Location(location) => {
            report.kind = Kind::Location;
            add_gps(report, &location.gps);
            let has_extras = !location.extras.0.is_empty();
            let family = StatusFamily::new(&location.header, location.kind.code(), has_extras);
            add_status(report, location.status, family);
            report.voltage_level = location.gps.battery;
            if DETAILS && !location.extras.0.is_empty() {
                let readings = location.readings();
                report.cell = location.cell();
                report.satellites = readings.satellites;
                report.voltage = readings.supply;
                report.odometer = readings.mileage;
                report.voltage_level = report.voltage_level.or(readings.battery_code);
            }
        }
        Message::PhoneReport(phone) => {
            report.kind = Kind::Location;
            add_gps(report, &phone.gps);
            let family = StatusFamily::new(&phone.header, phone.kind.code(), true);
            add_status(report, phone.status(), family);
            report.voltage_level = phone.gps.battery;
        }
        Message::BinaryLocation(location) => {
            report.kind = Kind::Location;
            let family = StatusFamily::new(&location.header, b"$", true);
            add_binary_gps(report, &location.gps, family);
            if DETAILS {
                let tail = location.tail_values();
                report.satellites = tail.satellites;
                report.odometer = tail.mileage;
                report.cell = tail.cell;
                report.cells = Cells::new(Protocol::H02, frame.as_bytes(), location.neighbours());
                report.serial = tail.record.map(u16::from);
            }
        }
        Message::MileageRecord(record) => {
            report.kind = Kind::Location;
            add_binary_gps(report, &record.gps, StatusFamily::TenDigits);
            report.odometer = Some(record.kilometres());
        }
        Message::XtReport(_) => report.kind = Kind::Heartbeat,
        Message::Vp1Report(vp1) => match &vp1.content {
            Vp1Content::Gps { gps, .. } => {
                report.kind = Kind::Location;
                add_gps(report, gps);
                report.voltage_level = gps.battery;
            }
            Vp1Content::Cells { .. } => {
                report.kind = Kind::Cell;
                report.valid = Some(false);
                report.cell = detail(|| vp1.cell()).filter(|cell| *cell != CellTower::default());
                report.cells =
                    detail(|| Cells::new(Protocol::H02, frame.as_bytes(), vp1.neighbours()));
            }
        },
        Message::Login(_) => {
            report.kind = if direction == Direction::Up {
                Kind::Login
            } else {
                Kind::Ack
            }
        }
        Message::Heartbeat(heartbeat) => {
            report.kind = if direction == Direction::Up {
                Kind::Heartbeat
            } else {
                Kind::Ack
            };
            report.voltage_level = heartbeat.percent();
        }
        Message::LinkStatus(link) => {
            report.kind = Kind::Heartbeat;
            report.time = link.time().filter(is_date);
            report.satellites = link.satellites;
            report.gsm_level = link.gsm;
            report.voltage_level = link.battery;
            let family = StatusFamily::new(&link.header, b"LINK", !link.extras.0.is_empty());
            add_status(report, link.status, family);
        }
        Message::EmptyFrame(_) => report.kind = Kind::Heartbeat,
        Message::Unknown(unknown) => {
            report.code = Some(MessageType::Text(unknown.code));
            if is_sent(unknown.code.as_bytes(), unknown.fields) {
                report.kind = Kind::Command;
                report.direction = Direction::Down;
                // What is sent has a time, so it has fields.
                report.text = Some(Text::Bytes(unknown.fields.joined()));
            }
        }
        message if DETAILS => add_other(report, frame, message),
        _ => {}
    }
}

/// Adds what a message reports that is a detail.
#[inline(never)]
fn add_other<'a>(report: &mut Report<'a>, frame: &Frame<'a>, message: &Message<'a>) {
    match message {
        Message::Response(response) => {
            report.kind = Kind::Response;
            report.code = code(response.command);
            report.text = not_empty(response.text());
            if let Some(gps) = &response.gps {
                add_gps(report, gps);
                report.voltage_level = gps.battery;
            }
            let family = StatusFamily::new(&response.header, b"V4", !response.extras.0.is_empty());
            add_status(report, response.status, family);
        }
        Message::Sms(sms) => {
            report.kind = Kind::Response;
            report.text = Some(sms.text);
            report.voltage = sms.supply();
        }
        Message::WifiReport(wifi) => {
            report.kind = Kind::Cell;
            report.time = wifi.time().filter(is_date);
            let family = StatusFamily::new(&wifi.header, b"V5", false);
            add_status(report, wifi.status, family);
        }
        Message::IccidReport(iccid) => match iccid.fields {
            Fields([]) => {
                report.kind = Kind::Ack;
                report.direction = Direction::Down;
            }
            _ => {
                report.kind = Kind::Info;
                report.code = Some(MessageType::Text(Text::Bytes(b"ICCID")));
            }
        },
        Message::TimeRequest(_) => report.kind = Kind::TimeRequest,
        Message::NeighbourCells(cells) => {
            report.kind = Kind::Cell;
            report.time = cells.time().filter(is_date);
            report.cell = cells.cell().filter(|cell| *cell != CellTower::default());
            report.cells = Cells::new(Protocol::H02, frame.as_bytes(), cells.neighbours());
            let family = StatusFamily::new(&cells.header, b"NBR", !cells.extras.0.is_empty());
            add_status(report, cells.status, family);
            report.voltage_level = cells.battery();
        }
        Message::NeighbourCellsV3(cells) => {
            report.kind = Kind::Cell;
            report.time = cells.time().filter(is_date);
            report.cell = cells.cell().filter(|cell| *cell != CellTower::default());
            report.cells = Cells::new(Protocol::H02, frame.as_bytes(), cells.neighbours());
            let family = StatusFamily::new(&cells.header, b"V3", !cells.extras.0.is_empty());
            add_status(report, cells.status, family);
        }
        Message::Ack(ack) => {
            report.kind = Kind::Ack;
            report.direction = Direction::Down;
            report.time = Some(ack.time).filter(|time| time.is_valid());
        }
        // These are reported in every build.
        Message::Location(_)
        | Message::PhoneReport(_)
        | Message::BinaryLocation(_)
        | Message::MileageRecord(_)
        | Message::XtReport(_)
        | Message::Vp1Report(_)
        | Message::Login(_)
        | Message::Heartbeat(_)
        | Message::LinkStatus(_)
        | Message::EmptyFrame(_)
        | Message::Command(_)
        | Message::Unknown(_) => {}
    }
}

/// Returns the values of the frame that few frames have.
pub(crate) fn details<'a>(frame: &Frame<'a>) -> Details<'a> {
    let mut details = Details::default();
    match Message::reported(frame) {
        Message::Location(location) => {
            let readings = location.readings();
            details.csq = readings.csq;
            details.battery_percent = readings.battery_percent;
            details.iccid = readings.iccid.map(Iccid::Text);
            if location.kind == LocationKind::V8 {
                details.access_points = AccessPoints::new(Protocol::H02, frame.as_bytes());
            }
        }
        Message::WifiReport(wifi) => {
            details.access_points = Some(AccessPoints::all(Protocol::H02, frame.as_bytes()));
            details.battery_voltage = wifi.battery_voltage();
        }
        Message::NeighbourCellsV3(cells) => details.battery_voltage = cells.battery_voltage(),
        Message::PhoneReport(phone) => details.iccid = phone.iccid().map(Iccid::Text),
        Message::IccidReport(report) => details.iccid = report.iccid().map(Iccid::Text),
        Message::BinaryLocation(location) => {
            details.battery_percent = location.battery_percent();
            details.csq = location.tail_values().csq;
        }
        Message::Heartbeat(heartbeat) => {
            details.battery_percent = heartbeat.percent().filter(|&percent| percent <= 100);
        }
        Message::LinkStatus(link) => {
            details.battery_percent = link.battery.filter(|&percent| percent <= 100);
            details.steps = link.steps;
        }
        _ => {}
    }
    details
}

fn add_gps(report: &mut Report<'_>, gps: &Gps) {
    report.time = gps.time().filter(is_date);
    report.position = place(gps.position(), gps.has_fix());
    report.valid = gps.has_fix();
    // An empty field is a speed or a course of 0 if there is a place, and absent otherwise.
    let has_place = gps.latitude.is_some() && gps.longitude.is_some();
    report.speed = gps
        .speed()
        .filter(|speed| has_place || speed.metres_per_hour() > 0);
    report.course = gps
        .course()
        .filter(|course| has_place || course.ten_thousandths() > 0);
}

fn add_binary_gps(report: &mut Report<'_>, gps: &BinaryGps, family: StatusFamily) {
    report.time = gps.time().filter(is_date);
    report.position = place(gps.position(), Some(gps.has_fix()));
    report.valid = Some(gps.has_fix());
    report.speed = Some(gps.speed());
    report.course = gps.course();
    add_status(report, Some(gps.status), family);
}

/// Whether a time exists. Receivers show the years 1980 to 1999 before their first fix, which come
/// as 80 to 99 \[C\]; no device is older than 2000.
const fn is_date(time: &DateTime) -> bool {
    time.is_valid() && time.year < 80
}

/// Adds the flags that makers agree on, and the alarm by the family of the device.
///
/// A cut supply is reported as an alarm. The opposite is not reported, because devices without that
/// input send the same bit.
fn add_status(report: &mut Report<'_>, status: Option<Status>, family: StatusFamily) {
    report.alarm = status.and_then(|status| status.alarm(family));
    report.armed = status.map(Status::armed);
    report.ignition = status.map(Status::ignition);
    report.relay_cut = status.map(Status::relay_cut);
}

/// Returns a type, unless it is empty.
fn code(text: Text<'_>) -> Option<MessageType<'_>> {
    not_empty(text).map(MessageType::Text)
}

fn not_empty(text: Text<'_>) -> Option<Text<'_>> {
    Some(text).filter(|text| !text.as_bytes().is_empty())
}

/// The neighbour cells of a frame.
pub(crate) type Neighbours<'a> = CellIter<'a>;

/// Returns the neighbour cells of a frame.
pub(crate) fn neighbours(frame: &[u8]) -> Neighbours<'_> {
    match Message::reported(&Frame::from_candidate(frame)) {
        Message::NeighbourCells(cells) => cells.neighbours(),
        Message::NeighbourCellsV3(cells) => cells.neighbours(),
        Message::Vp1Report(report) => report.neighbours(),
        Message::BinaryLocation(location) => location.neighbours(),
        _ => CellIter::EMPTY,
    }
}

/// No message has several places.
pub(crate) type RecordIter<'a> = iter::Empty<Record<'a>>;

/// Returns the places of a frame that has several: none.
pub(crate) const fn records(_: &[u8]) -> RecordIter<'_> {
    iter::empty()
}

/// Returns the access points of a frame.
pub(crate) fn access_points(frame: &[u8]) -> AccessPointIter<'_> {
    match Message::reported(&Frame::from_candidate(frame)) {
        Message::WifiReport(wifi) => wifi.access_points(),
        Message::Location(location) => location.readings().access_points(),
        _ => AccessPointIter::EMPTY,
    }
}

/// Returns the tag of the command that the frame answers: the protocol has none.
pub(crate) const fn tag(_: &Frame<'_>) -> Option<u32> {
    None
}
