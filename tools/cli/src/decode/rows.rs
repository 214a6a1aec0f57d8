//! CSV: one row for each report or stretch of noise, and one for each position of a report that has
//! several.

use super::event::{Event, Output, fields};
use csv::{Writer, WriterBuilder};
use serde_json::{Map, Value};
use std::io::{self, Write};

/// The header. The names are those of the JSON, except `received`, which is `at` there, `record`,
/// the number of the position, `mcc` to `cid`, the parts of `cell`, and `other`.
const COLUMNS: [&str; 52] = [
    "received",
    "connection",
    "direction",
    "protocol",
    "kind",
    "code",
    "device",
    "imei",
    "serial",
    "time",
    "record",
    "latitude",
    "longitude",
    "valid",
    "speed_kmh",
    "course",
    "satellites",
    "hdop",
    "altitude",
    "alarm",
    "alarm_code",
    "ignition",
    "charging",
    "armed",
    "relay_cut",
    "gps_tracking",
    "door",
    "motion",
    "voltage",
    "voltage_level",
    "battery_percent",
    "battery_voltage",
    "gsm_level",
    "csq",
    "temperature",
    "humidity",
    "fuel",
    "odometer",
    "resent",
    "mcc",
    "mnc",
    "lac",
    "cid",
    "imsi",
    "iccid",
    "firmware",
    "text",
    "reason",
    "crc_ok",
    "reply",
    "raw",
    // Whatever has no column, as one JSON object.
    "other",
];

/// Columns that belong to the whole report: only its first row has them.
const ONCE: [&str; 2] = ["reply", "raw"];

/// Writes the rows.
pub struct Csv<W: Write> {
    out: Writer<W>,
    has_header: bool,
}

impl<W: Write> Csv<W> {
    pub fn new(out: W) -> Self {
        Self {
            out: WriterBuilder::new().from_writer(out),
            has_header: false,
        }
    }

    fn row(&mut self, mut fields: Map<String, Value>) -> io::Result<()> {
        if let Some(Value::Object(cell)) = fields.remove("cell") {
            fields.extend(cell);
        }
        if let Some(at) = fields.remove("at") {
            fields.insert("received".to_owned(), at);
        }
        let mut row: Vec<String> = Vec::with_capacity(COLUMNS.len());
        for column in COLUMNS {
            row.push(match column {
                "other" if fields.is_empty() => String::new(),
                "other" => serde_json::to_string(&fields)?,
                _ => fields.remove(column).map(plain).unwrap_or_default(),
            });
        }
        self.out.write_record(row).map_err(error)
    }
}

impl<W: Write> Output for Csv<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        if !self.has_header {
            self.has_header = true;
            self.out.write_record(COLUMNS).map_err(error)?;
        }
        let mut report = fields(event)?;
        // The direction is left out in JSON if it is up.
        report
            .entry("direction")
            .or_insert_with(|| Value::from("up"));
        let Some(Value::Array(records)) = report.remove("records") else {
            return self.row(report);
        };
        let records: Vec<Map<String, Value>> = records
            .into_iter()
            .filter_map(|record| match record {
                Value::Object(record) => Some(record),
                _ => None,
            })
            .collect();
        for (number, record) in (1_u64..).zip(&records) {
            let mut row = report.clone();
            if number > 1 {
                // The report itself has the first position.
                let is_place = |name: &str| records.iter().any(|place| place.contains_key(name));
                row.retain(|name, _| !ONCE.contains(&name.as_str()) && !is_place(name));
            }
            row.extend(record.clone());
            row.insert("record".to_owned(), number.into());
            self.row(row)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The value as a cell. A spreadsheet takes a text that begins with one of these characters for a
/// formula, and it comes from outside; so it gets a `'`, which spreadsheets hide.
fn plain(value: Value) -> String {
    match value {
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Value::String(text) => text,
        value => value.to_string(),
    }
}

/// The error of writing, if it is one.
fn error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}
