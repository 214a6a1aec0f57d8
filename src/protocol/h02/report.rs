use super::{Frame, Gps, Message, Status, Vp1Content};
use crate::{
    report::{Cells, Iccid, Kind, Record, Report, place},
    types::{CellTower, Direction, MessageType, NeighbourCell, Protocol, Text},
};
use core::iter;

/// What the frame reports if it travels in this direction.
///
/// The papers do not sort all types. `VI1`, `V9`, `V19` and `VP1` are taken for locations, a `VP1`
/// without a place and `V3` for cells, and a frame without a type for a heartbeat. Nothing is
/// established of `XT`, `BS` and `BASE`, so they are unknown.
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &frame.message();
    let mut report = Report::empty(Protocol::H02, direction, Kind::Unknown);
    report.device = message.device_id();
    match message {
        Message::Location(location) => {
            report.kind = Kind::Location;
            put_gps(&mut report, &location.gps);
            put_status(&mut report, location.status);
            report.cell = location.cell();
            report.voltage_level = location.battery();
        }
        Message::PhoneReport(phone) => {
            report.kind = Kind::Location;
            put_gps(&mut report, &phone.gps);
            put_status(&mut report, phone.status());
            report.voltage_level = phone.gps.battery;
            report.iccid = phone.iccid().map(Iccid::Text);
        }
        Message::Response(response) => {
            report.kind = Kind::Response;
            report.code = code(response.command);
            report.text = not_empty(response.text());
            if let Some(gps) = &response.gps {
                put_gps(&mut report, gps);
                report.voltage_level = gps.battery;
            }
            put_status(&mut report, response.status);
        }
        Message::Sms(sms) => {
            report.kind = Kind::Response;
            report.text = Some(sms.text);
        }
        Message::Nbr(nbr) => {
            report.kind = Kind::Cell;
            report.time = nbr.time().filter(|time| time.is_valid());
            report.cell = nbr.cell().filter(|cell| *cell != CellTower::default());
            report.cells = Cells::new(Protocol::H02, frame.as_bytes());
            put_status(&mut report, nbr.status);
            report.voltage_level = nbr.battery();
        }
        Message::V3(cells) => {
            report.kind = Kind::Cell;
            report.time = cells.time().filter(|time| time.is_valid());
            report.cell = cells.cell().filter(|cell| *cell != CellTower::default());
            report.cells = Cells::new(Protocol::H02, frame.as_bytes());
            put_status(&mut report, cells.status);
        }
        Message::Vp1(vp1) => match &vp1.content {
            Vp1Content::Gps { gps, .. } => {
                report.kind = Kind::Location;
                put_gps(&mut report, gps);
                report.voltage_level = gps.battery;
            }
            Vp1Content::Cells { .. } => {
                report.kind = Kind::Cell;
                report.valid = Some(false);
                report.cell = vp1.cell().filter(|cell| *cell != CellTower::default());
                report.cells = Cells::new(Protocol::H02, frame.as_bytes());
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
            report.voltage_level = heartbeat.percent;
        }
        Message::Link(link) => {
            report.kind = Kind::Heartbeat;
            report.time = link.time().filter(|time| time.is_valid());
            report.satellites = link.satellites;
            report.gsm_level = link.gsm;
            report.voltage_level = link.battery;
            put_status(&mut report, link.status);
        }
        Message::Contact(_) => report.kind = Kind::Heartbeat,
        Message::Ack(ack) => {
            report.kind = Kind::Ack;
            report.direction = Direction::Down;
            report.time = Some(ack.time).filter(|time| time.is_valid());
        }
        Message::Command(command) => {
            report.kind = Kind::Command;
            report.direction = Direction::Down;
            report.code = code(command.order.code());
            report.text = frame
                .fields()
                .0
                .split_first()
                .map(|(_, parameters)| Text::Bytes(parameters));
        }
        Message::Unknown(unknown) => report.code = Some(MessageType::Text(unknown.code)),
    }
    report
}

fn put_gps(report: &mut Report<'_>, gps: &Gps) {
    report.time = gps.time().filter(|time| time.is_valid());
    report.position = place(gps.position(), gps.has_fix());
    report.valid = gps.has_fix();
    // Empty they are 0 of a place (spec h02, section 2.1); without one they are nothing.
    let has_place = gps.latitude.is_some() && gps.longitude.is_some();
    report.speed = gps
        .speed()
        .filter(|speed| has_place || speed.metres_per_hour() > 0);
    report.course = gps
        .course()
        .filter(|course| has_place || course.ten_thousandths() > 0);
}

/// What makers agree on. A supply that is cut is told as an alarm; one that is not may be just what
/// devices send that have none.
fn put_status(report: &mut Report<'_>, status: Option<Status>) {
    report.alarm = status.and_then(Status::alarm);
    report.ignition = status.map(Status::ignition);
    report.relay_cut = status.map(Status::relay_cut);
}

/// A type, unless it is empty.
fn code(text: Text<'_>) -> Option<MessageType<'_>> {
    not_empty(text).map(MessageType::Text)
}

fn not_empty(text: Text<'_>) -> Option<Text<'_>> {
    Some(text).filter(|text| !text.as_bytes().is_empty())
}

/// The neighbour cells of a frame.
pub(crate) fn neighbours<'a>(frame: &'a [u8]) -> impl Iterator<Item = NeighbourCell> + use<'a> {
    let (mut nbr, mut v3, mut vp1) = match Frame::from_candidate(frame).message() {
        Message::Nbr(nbr) => (Some(nbr.neighbours()), None, None),
        Message::V3(v3) => (None, Some(v3.neighbours()), None),
        Message::Vp1(vp1) => (None, None, Some(vp1.neighbours())),
        _ => (None, None, None),
    };
    iter::from_fn(move || match (&mut nbr, &mut v3, &mut vp1) {
        (Some(cells), _, _) => cells.next(),
        (_, Some(cells), _) => cells.next(),
        (_, _, Some(cells)) => cells.next(),
        _ => None,
    })
}

/// No message has several places.
pub(crate) fn records(_: &[u8]) -> iter::Empty<Record<'_>> {
    iter::empty()
}
