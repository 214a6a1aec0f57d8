use super::{
    AccessPoints, Frame, Gprmc, Line, LineReport, LinesIter, Message, Neighbours, Record, Records,
    RecordsIter, Sentence,
};
use crate::{
    features::detail,
    protocol::v680,
    report::{self, Cells, Details, Kind, Report, place},
    types::{Alarm, Direction, Protocol, Text},
};

/// Returns what the frame reports.
///
/// Neither the flag nor a `V` in the lbs says whether there is a fix, so the report of the flat
/// form does not, either.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    // Not `frame.message()`, which copies it.
    match &Message::read(frame) {
        Message::LineReport(message) => line_report(frame, direction, message),
        Message::Report(message) => flat_report(frame, direction, message),
        Message::KeepAlive(message) => {
            let (protocol, bytes) = (Protocol::V680, frame.as_bytes());
            let mut report = Report::empty(protocol, direction, Kind::Heartbeat, bytes);
            report.device = Some(message.device);
            report
        }
    }
}

/// Returns what a frame of the flat form reports.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn flat_report<'a>(
    frame: &Frame<'a>,
    direction: Direction,
    message: &v680::Report<'a>,
) -> Report<'a> {
    let alarm = message.alarm();
    let kind = kind(alarm, Kind::Location);
    let mut report = Report::empty(Protocol::V680, direction, kind, frame.as_bytes());
    report.device = Some(message.device);
    report.alarm = alarm;
    let mut records = message.records.iter();
    if let Some(first) = records.next() {
        set_first(&mut report, &first);
    }
    report.records = records
        .next()
        .map(|_| report::Records::new(Protocol::V680, frame.as_bytes()));
    report
}

/// Returns what a frame of the line form reports. The `A` and `V` of a sentence say whether there
/// is a fix.
#[inline(never)]
fn line_report<'a>(
    frame: &Frame<'a>,
    direction: Direction,
    message: &LineReport<'a>,
) -> Report<'a> {
    let mut report = Report::empty(Protocol::V680, direction, Kind::Location, frame.as_bytes());
    report.device = Some(message.device);
    report.voltage = message.readings.map(|readings| readings.supply());
    let mut lines = message.lines.iter();
    let first = lines.next().unwrap_or_default();
    let mut usual = Kind::Location;
    match first.sentence() {
        Some(Sentence::Gprmc(sentence)) => report.valid = sentence.valid,
        Some(Sentence::Wifi(_)) => usual = Kind::Cell,
        None => {}
    }
    report.alarm = message.alarm();
    report.kind = kind(report.alarm, usual);
    set_record(&mut report, &line(&first));
    report.records = lines
        .next()
        .map(|_| report::Records::new(Protocol::V680, frame.as_bytes()));
    report
}

/// The kind of a report with this alarm, or of this kind without one.
const fn kind(alarm: Option<Alarm>, usual: Kind) -> Kind {
    match alarm {
        Some(_) => Kind::Alarm,
        None => usual,
    }
}

/// Returns the values of the frame that few frames have: those of lines.
#[inline(never)]
pub(crate) fn details<'a>(frame: &Frame<'a>) -> Details<'a> {
    let mut details = Details::default();
    if let Message::LineReport(message) = frame.message() {
        details.battery_voltage = message.battery_voltage();
        if let Some(readings) = message.readings {
            details.temperature = Some(readings.temperature());
            details.door = Some(readings.door);
        }
        details.access_points = message.lines.iter().find_map(|line| match line.sentence() {
            Some(Sentence::Wifi(wifi)) => report::AccessPoints::new(Protocol::V680, wifi.pairs()),
            _ => None,
        });
    }
    details
}

// Not inlined where RAM is scarce: what it has on the stack is not there beside the readers.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
fn set_first<'a>(report: &mut Report<'a>, first: &Record<'a>) {
    set_record(report, &record(first));
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
        cell: detail(|| record.cell()),
        cells: detail(|| Cells::new(Protocol::V680, record.lbs.as_bytes(), record.neighbours())),
    }
}

fn line<'a>(line: &Line<'a>) -> report::Record<'a> {
    let (time, sentence) = match line.sentence() {
        Some(Sentence::Gprmc(sentence)) => (sentence.time, sentence),
        Some(Sentence::Wifi(wifi)) => (wifi.time, Gprmc::default()),
        None => (None, Gprmc::default()),
    };
    report::Record {
        time: time.filter(|time| time.is_valid()),
        position: place(sentence.position, sentence.valid),
        speed: sentence.speed,
        course: sentence.course,
        cell: detail(|| line.cell()),
        cells: None,
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

/// Returns the records or the lines of a frame.
pub(crate) fn records(frame: &[u8]) -> RecordIter<'_> {
    match Frame::from_candidate(frame).message() {
        Message::Report(message) => RecordIter::Flat(message.records.iter()),
        Message::LineReport(message) => RecordIter::Lines(message.lines.iter()),
        Message::KeepAlive(_) => RecordIter::Flat(Records::new(&[]).iter()),
    }
}

/// The records or the lines of a frame, as they are reported.
#[derive(Clone)]
pub(crate) enum RecordIter<'a> {
    Flat(RecordsIter<'a>),
    Lines(LinesIter<'a>),
}

impl<'a> Iterator for RecordIter<'a> {
    type Item = report::Record<'a>;

    fn next(&mut self) -> Option<report::Record<'a>> {
        match self {
            Self::Flat(records) => records.next().map(|next| record(&next)),
            Self::Lines(lines) => lines.next().map(|next| line(&next)),
        }
    }
}

/// The access points of a sentence.
pub(crate) type AccessPointIter<'a> = AccessPoints<'a>;

/// Returns the access points in the pairs of a sentence.
pub(crate) const fn access_points(pairs: &[u8]) -> AccessPointIter<'_> {
    AccessPoints::from_pairs(pairs)
}

/// Returns the tag of the command that the frame answers: the protocol has none.
pub(crate) const fn tag(_: &Frame<'_>) -> Option<u32> {
    None
}
