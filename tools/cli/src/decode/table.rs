//! The table: one line for each event, with columns of fixed widths, so that it can be written
//! while the input is read.

use super::event::{Content, Event, Output, utc_text};
use gt02::{
    Direction, Noise, Outcome,
    types::{DateTime, UtcOffset},
};
use serde_json::Value;
use std::{
    fmt::Display,
    io::{self, Write},
};

/// Titles and widths; negative widths align to the right. The details, of any width, come last.
const COLUMNS: [(&str, isize); 11] = [
    ("received", 19),
    ("connection", 10),
    ("dir", 4),
    ("proto", 5),
    ("kind", 15),
    ("device", 15),
    ("device-time", 20),
    ("latitude", -10),
    ("longitude", -11),
    ("km/h", -5),
    ("course", -6),
];

/// The widths of addresses with a port, by which the connections of captured packets are named.
const IPV4_WIDTH: isize = 21;
const IPV6_WIDTH: isize = 28;

/// Fields of the JSON that have a column.
const IN_COLUMNS: [&str; 9] = [
    "protocol",
    "direction",
    "kind",
    "device",
    "time",
    "latitude",
    "longitude",
    "speed_kmh",
    "course",
];

/// The number of bytes of noise that are shown.
const NOISE_SHOWN: usize = 16;

/// The number of characters of a text that are shown, that of an SMS. A list is cut to elements
/// with about as many characters together.
const SHOWN: usize = 160;

/// Writes the table.
pub struct Table<W> {
    out: W,
    utc_offset: Option<UtcOffset>,
    /// The widths of the columns, once the header is written.
    widths: Option<[isize; COLUMNS.len()]>,
}

impl<W: Write> Table<W> {
    /// With a `utc_offset`, the device's time is shown in UTC.
    pub fn new(out: W, utc_offset: Option<UtcOffset>) -> Self {
        Self {
            out,
            utc_offset,
            widths: None,
        }
    }

    /// Writes the header before the first event, whose connection tells how wide names are.
    fn header(&mut self, connection: Option<&str>) -> io::Result<[isize; COLUMNS.len()]> {
        if let Some(widths) = self.widths {
            return Ok(widths);
        }
        let widths = COLUMNS.map(|(title, width)| match (title, connection) {
            ("connection", Some(name)) if name.starts_with('[') => IPV6_WIDTH,
            ("connection", Some(name)) if name.contains(':') => IPV4_WIDTH,
            _ => width,
        });
        self.widths = Some(widths);
        self.row(
            widths,
            &COLUMNS.map(|(title, _)| title.to_owned()),
            "details",
        )?;
        Ok(widths)
    }

    fn row(
        &mut self,
        widths: [isize; COLUMNS.len()],
        cells: &[String; COLUMNS.len()],
        details: &str,
    ) -> io::Result<()> {
        for (cell, width) in cells.iter().zip(widths) {
            let digits = width.unsigned_abs();
            if width < 0 {
                write!(self.out, "{cell:>digits$} ")?;
            } else {
                write!(self.out, "{cell:digits$} ")?;
            }
        }
        writeln!(self.out, "{details}")
    }

    fn device_time(&self, time: DateTime) -> String {
        self.utc_offset
            .and_then(|offset| utc_text(time, offset))
            .unwrap_or_else(|| time.to_string())
    }
}

impl<W: Write> Output for Table<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let widths = self.header(event.origin.connection)?;
        let (report, details) = match &event.content {
            Content::Frame(outcome) => {
                (Some(&outcome.report), frame_details(outcome, event.crc_ok)?)
            }
            Content::Noise(noise) => (None, noise_details(noise)),
        };
        let position = report.and_then(|report| report.position);
        let cells = [
            cell(event.origin.at),
            cell(event.origin.connection),
            match report.map_or(event.origin.direction, |report| report.direction) {
                Direction::Down => "down".to_owned(),
                _ => "up".to_owned(),
            },
            cell(report.map(|report| report.protocol)),
            report
                .map_or("noise", |report| report.kind.name())
                .to_owned(),
            cell(report.and_then(|report| report.device)),
            cell(
                report
                    .and_then(|report| report.time)
                    .map(|time| self.device_time(time)),
            ),
            cell(position.map(|position| format!("{:.6}", position.latitude.degrees()))),
            cell(position.map(|position| format!("{:.6}", position.longitude.degrees()))),
            cell(
                report
                    .and_then(|report| report.speed)
                    .map(|speed| format!("{:.1}", speed.kmh())),
            ),
            cell(
                report
                    .and_then(|report| report.course)
                    .map(|course| format!("{:.1}", course.degrees())),
            ),
        ];
        self.row(widths, &cells, &details)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn cell(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// The fields without a column, by their names in the JSON; the answer that is owed comes last.
fn frame_details(outcome: &Outcome<'_>, crc_ok: bool) -> io::Result<String> {
    let Value::Object(fields) = serde_json::to_value(outcome)? else {
        return Ok(String::new());
    };
    let crc = (!crc_ok).then(|| "crc_ok=false".to_owned());
    let others = fields
        .iter()
        .filter(|(name, _)| !IN_COLUMNS.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}={}", plain(value)));
    let shown: Vec<String> = crc.into_iter().chain(others).collect();
    Ok(if shown.is_empty() {
        "-".to_owned()
    } else {
        shown.join(" ")
    })
}

/// The reason of noise, the number of its bytes, and the first of them.
fn noise_details(noise: &Noise<'_>) -> String {
    let (shown, dots) = match noise.bytes.split_at_checked(NOISE_SHOWN) {
        Some((shown, [_, ..])) => (shown, "..."),
        _ => (noise.bytes, ""),
    };
    format!(
        "reason={} bytes={} {}{dots}",
        noise.reason,
        noise.bytes.len(),
        hex::encode(shown)
    )
}

/// Quotes text that has anything except letters, digits and `-` `_` `.` `/`, and escapes control
/// characters, because the text comes from outside.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let (shown, dots) = match text
                .char_indices()
                .nth(SHOWN)
                .and_then(|(end, _)| text.get(..end))
            {
                Some(shown) => (shown, "..."),
                None => (text.as_str(), ""),
            };
            let is_word = shown
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
            if is_word {
                format!("{shown}{dots}")
            } else {
                format!("{shown:?}{dots}")
            }
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name}:{}", plain(value)))
            .collect::<Vec<_>>()
            .join(","),
        Value::Array(elements) => list(elements),
        value => value.to_string(),
    }
}

/// Writes `[35,38]`, or `[lac:1,cid:2;lac:3,cid:4]`, with the number of elements that are not
/// shown: `[35,38,+5]`.
fn list(elements: &[Value]) -> String {
    let separator = if elements.iter().any(Value::is_object) {
        ";"
    } else {
        ","
    };
    let mut shown: Vec<String> = Vec::new();
    let mut room = SHOWN;
    for (element, left) in elements.iter().zip((1..=elements.len()).rev()) {
        let element = plain(element);
        match room.checked_sub(element.len()) {
            Some(rest) => room = rest,
            None if shown.is_empty() => room = 0,
            None => {
                shown.push(format!("+{left}"));
                break;
            }
        }
        shown.push(element);
    }
    format!("[{}]", shown.join(separator))
}
