use super::{Frame, Message, Neighbours, Record, Records, RecordsIter};
use crate::{
    report::{self, Cells, Details, Kind, Report},
    types::{AccessPoint, Direction, Protocol, Text},
};
use core::iter;

/// Returns what the frame reports.
///
/// Neither the flag nor a `V` says whether there is a fix, so the report does not, either.
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
        let mut records = message.records.iter();
        if let Some(first) = records.next() {
            set_record(&mut report, &record(&first));
        }
        report.records = records
            .next()
            .map(|_| report::Records::new(Protocol::V680, frame.as_bytes()));
    }
    report
}

/// Returns the values of the frame that few frames have: none.
pub(crate) fn details<'a>(_: &Frame<'a>) -> Details<'a> {
    Details::default()
}

fn set_record<'a>(report: &mut Report<'a>, record: &report::Record<'a>) {
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

/// Returns the neighbour cells in the lbs of a record.
pub(crate) fn neighbours(lbs: &[u8]) -> Neighbours<'_> {
    Record {
        lbs: Text::Bytes(lbs),
        ..Record::default()
    }
    .neighbours()
}

/// Returns the records of a frame.
pub(crate) fn records(frame: &[u8]) -> RecordIter<'_> {
    let records = match Frame::from_candidate(frame).message() {
        Message::Report(message) => message.records,
        Message::KeepAlive(_) => Records::new(&[]),
    };
    RecordIter(records.iter())
}

/// The records of a frame, as they are reported.
#[derive(Clone)]
pub(crate) struct RecordIter<'a>(RecordsIter<'a>);

impl<'a> Iterator for RecordIter<'a> {
    type Item = report::Record<'a>;

    fn next(&mut self) -> Option<report::Record<'a>> {
        self.0.next().map(|next| record(&next))
    }
}

/// No message names access points.
pub(crate) type AccessPointIter<'a> = iter::Empty<AccessPoint<'a>>;

/// Returns the access points in these bytes: none.
pub(crate) const fn access_points(_: &[u8]) -> AccessPointIter<'_> {
    iter::empty()
}
