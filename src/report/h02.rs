use super::{CellSource, Cells, Code, Iccid, Kind, Report, place};
use crate::{
    protocol::{
        Direction, Protocol,
        h02::{Frame, Gps, Message, Status, Vp1Content},
    },
    types::{CellTower, NeighbourCell, Text},
};

impl<'a> Report<'a> {
    /// Of types that the papers do not sort: `VI1`, `V9`, `V19` and `VP1` are locations, but a `VP1` without a place, and `V3`, are cells; a frame
    /// without a type is a heartbeat. Of `XT`, `BS` and `BASE` nothing is established, so they are unknown.
    pub(super) fn h02(frame: &Frame<'a>, direction: Direction) -> Self {
        let message = &frame.message();
        let mut report = Self::empty(Protocol::H02, direction, Kind::Unknown);
        report.device = message.device_id();
        match message {
            Message::Location(location) => {
                report.kind = Kind::Location;
                report.h02_gps(&location.gps);
                report.h02_status(location.status);
                report.cell = location.cell();
                report.voltage_level = location.battery();
            }
            Message::PhoneReport(phone) => {
                report.kind = Kind::Location;
                report.h02_gps(&phone.gps);
                report.h02_status(phone.status());
                report.voltage_level = phone.gps.battery;
                report.iccid = phone.iccid().map(Iccid::Text);
            }
            Message::Response(response) => {
                report.kind = Kind::Response;
                report.code = code(response.command);
                report.text = not_empty(response.text());
                if let Some(gps) = &response.gps {
                    report.h02_gps(gps);
                    report.voltage_level = gps.battery;
                }
                report.h02_status(response.status);
            }
            Message::Sms(sms) => {
                report.kind = Kind::Response;
                report.text = Some(sms.text);
            }
            Message::Nbr(nbr) => {
                report.kind = Kind::Cell;
                report.time = nbr.time().filter(|time| time.is_valid());
                report.cell = nbr.cell().filter(|cell| *cell != CellTower::default());
                report.cells = Cells::of(CellSource::H02(*frame));
                report.h02_status(nbr.status);
                report.voltage_level = nbr.battery();
            }
            Message::V3(cells) => {
                report.kind = Kind::Cell;
                report.time = cells.time().filter(|time| time.is_valid());
                report.cell = cells.cell().filter(|cell| *cell != CellTower::default());
                report.cells = Cells::of(CellSource::H02(*frame));
                report.h02_status(cells.status);
            }
            Message::Vp1(vp1) => match &vp1.content {
                Vp1Content::Gps { gps, .. } => {
                    report.kind = Kind::Location;
                    report.h02_gps(gps);
                    report.voltage_level = gps.battery;
                }
                Vp1Content::Cells { .. } => {
                    report.kind = Kind::Cell;
                    report.valid = Some(false);
                    report.cell = vp1.cell().filter(|cell| *cell != CellTower::default());
                    report.cells = Cells::of(CellSource::H02(*frame));
                }
            },
            Message::Login(_) => report.kind = if direction == Direction::Up { Kind::Login } else { Kind::Ack },
            Message::Heartbeat(heartbeat) => {
                report.kind = if direction == Direction::Up { Kind::Heartbeat } else { Kind::Ack };
                report.voltage_level = heartbeat.percent;
            }
            Message::Link(link) => {
                report.kind = Kind::Heartbeat;
                report.time = link.time().filter(|time| time.is_valid());
                report.satellites = link.satellites;
                report.gsm_level = link.gsm;
                report.voltage_level = link.battery;
                report.h02_status(link.status);
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
                report.text = frame.fields().0.split_first().map(|(_, parameters)| Text::Ascii(parameters));
            }
            Message::Unknown(unknown) => report.code = Some(Code::Text(unknown.code)),
        }
        report
    }

    fn h02_gps(&mut self, gps: &Gps) {
        self.time = gps.time().filter(|time| time.is_valid());
        self.position = place(gps.position(), gps.has_fix());
        self.valid = gps.has_fix();
        // Empty they are 0 of a place (spec h02, section 2.1); without one they are nothing.
        let has_place = gps.latitude.is_some() && gps.longitude.is_some();
        self.speed = gps.speed().filter(|speed| has_place || speed.metres_per_hour() > 0);
        self.course = gps.course().filter(|course| has_place || course.ten_thousandths() > 0);
    }

    /// What makers agree on. That the supply is cut is told as an alarm; that it is not may be just what devices send that have none.
    fn h02_status(&mut self, status: Option<Status>) {
        self.alarm = status.and_then(Status::alarm);
        self.ignition = status.map(Status::ignition);
        self.relay_cut = status.map(Status::relay_cut);
    }
}

/// A type, unless it is empty.
fn code(text: Text<'_>) -> Option<Code<'_>> {
    not_empty(text).map(Code::Text)
}

fn not_empty(text: Text<'_>) -> Option<Text<'_>> {
    Some(text).filter(|text| !text.as_bytes().is_empty())
}

/// The neighbours, if the source is a frame of this protocol.
pub(super) fn neighbours<'a>(source: CellSource<'a>) -> Option<impl Iterator<Item = NeighbourCell> + use<'a>> {
    let message = match source {
        CellSource::H02(frame) => frame.message(),
        _ => return None,
    };
    let nbr = if let Message::Nbr(nbr) = &message { Some(nbr.neighbours()) } else { None };
    let v3 = if let Message::V3(cells) = &message { Some(cells.neighbours()) } else { None };
    let vp1 = if let Message::Vp1(vp1) = &message { Some(vp1.neighbours()) } else { None };
    Some(nbr.into_iter().flatten().chain(v3.into_iter().flatten()).chain(vp1.into_iter().flatten()))
}
