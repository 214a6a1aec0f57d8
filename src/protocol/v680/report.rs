use super::{Frame, Message, Record};
use crate::{
    report::{self, Cells, Kind, Records, Report},
    types::{Direction, NeighbourCell, Protocol, Text},
};
use core::iter;

/// What the frame reports if it travels in this direction.
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &frame.message();
    let mut report = Report::empty(Protocol::V680, direction, Kind::Heartbeat);
    report.device = message.device_id();
    if let Message::Report(message) = message {
        report.alarm = message.alarm();
        report.kind = if report.alarm.is_some() {
            Kind::Alarm
        } else {
            Kind::Location
        };
        // Neither the flag nor the `V` says whether there is a fix (spec v680, section 1.4).
        let mut records = message.records.iter();
        if let Some(first) = records.next() {
            put_record(&mut report, &record(&first));
        }
        report.records = records
            .next()
            .map(|_| Records::new(Protocol::V680, frame.as_bytes()));
    }
    report
}

fn put_record<'a>(report: &mut Report<'a>, record: &report::Record<'a>) {
    let report::Record {
        time,
        position,
        speed,
        course,
        cell,
        cells,
    } = *record;
    report.time = time;
    report.position = position;
    report.speed = speed;
    report.course = course;
    report.cell = cell;
    report.cells = cells;
}

fn record<'a>(record: &Record<'a>) -> report::Record<'a> {
    report::Record {
        time: record.time().filter(|time| time.is_valid()),
        position: record.position(),
        speed: record.speed(),
        course: record.course(),
        cell: record.cell(),
        cells: Cells::new(Protocol::V680, record.lbs.as_bytes()),
    }
}

/// The neighbour cells in the lbs of a record.
pub(crate) fn neighbours<'a>(lbs: &'a [u8]) -> impl Iterator<Item = NeighbourCell> + use<'a> {
    Record {
        lbs: Text::Bytes(lbs),
        ..Record::default()
    }
    .neighbours()
}

/// The records of a frame.
pub(crate) fn records<'a>(frame: &'a [u8]) -> impl Iterator<Item = report::Record<'a>> + use<'a> {
    let mut records = match Frame::from_candidate(frame).message() {
        Message::Report(message) => Some(message.records.iter()),
        Message::KeepAlive(_) => None,
    };
    iter::from_fn(move || Some(record(&records.as_mut()?.next()?)))
}
