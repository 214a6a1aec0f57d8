use super::{CellSource, Cells, Kind, Record, Records, Report};
use crate::{
    protocol::{
        Direction, Protocol,
        v680::{self, Frame, Message},
    },
    types::NeighbourCell,
};

impl<'a> Report<'a> {
    pub(super) fn v680(frame: &Frame<'a>, direction: Direction) -> Self {
        let message = &frame.message();
        let mut report = Self::empty(Protocol::V680, direction, Kind::Heartbeat);
        report.device = Some(message.device_id());
        if let Message::Report(message) = message {
            report.alarm = message.alarm();
            report.kind = if report.alarm.is_some() { Kind::Alarm } else { Kind::Location };
            // Neither the flag nor the `V` says whether there is a fix (spec v680, section 1.4).
            let mut records = message.records.iter();
            if let Some(first) = records.next() {
                report.v680_record(&Record::of(&first));
            }
            report.records = records.next().map(|_| Records(message.records));
        }
        report
    }

    fn v680_record(&mut self, record: &Record<'a>) {
        let Record { time, position, speed, course, cell, cells } = *record;
        self.time = time;
        self.position = position;
        self.speed = speed;
        self.course = course;
        self.cell = cell;
        self.cells = cells;
    }
}

impl<'a> Record<'a> {
    pub(super) fn of(record: &v680::Record<'a>) -> Self {
        Self {
            time: record.time().filter(|time| time.is_valid()),
            position: record.position(),
            speed: record.speed(),
            course: record.course(),
            cell: record.cell(),
            cells: Cells::of(CellSource::V680(record.lbs)),
        }
    }
}

/// The neighbours, if the source is a frame of this protocol.
pub(super) fn neighbours<'a>(source: CellSource<'a>) -> Option<impl Iterator<Item = NeighbourCell> + use<'a>> {
    match source {
        CellSource::V680(lbs) => Some(v680::Record { lbs, ..v680::Record::default() }.neighbours()),
        _ => None,
    }
}
