//! One page of HTML that shows the tracks on a map, and needs nothing else.

use super::{
    event::{Content, Event, Output, fields, utc_text},
    track::{Fix, Owner, fixes, in_order},
};
use gt02::{
    report::Kind,
    types::{DateTime, Position, UtcOffset},
};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    io::{self, Write},
};

/// The page, with a mark where the tracks go.
const PAGE: &str = include_str!("page.html");
const MARK: &str = "@DATA@";

/// A device that stays within that many metres for that many seconds has stopped.
const STOP_RADIUS: f64 = 60.0;
const STOP_SECONDS: i64 = 180;

/// What a report at a place is, so that repeats are left out: a device that gets no answer repeats
/// its reports.
#[derive(PartialEq, Eq, Hash)]
struct Place {
    time: Option<DateTime>,
    position: Position,
    kind: Kind,
    /// The alarm, as in JSON.
    alarm: Option<String>,
}

/// Gathers all reports with a fix, and writes the page at the end.
pub struct Page<W> {
    out: W,
    utc_offset: Option<UtcOffset>,
    tracks: BTreeMap<Owner, IndexMap<Place, Map<String, Value>>>,
}

impl<W: Write> Page<W> {
    /// With a `utc_offset`, the times are shown in UTC.
    pub fn new(out: W, utc_offset: Option<UtcOffset>) -> Self {
        Self {
            out,
            utc_offset,
            tracks: BTreeMap::new(),
        }
    }

    fn time(&self, time: DateTime) -> String {
        self.utc_offset
            .and_then(|offset| utc_text(time, offset))
            .unwrap_or_else(|| time.to_string())
    }

    /// The data of the page. A point is an array, because there may be many.
    fn data(&self) -> Value {
        let tracks: Vec<Value> = self
            .tracks
            .iter()
            .map(|(owner, places)| {
                let places = in_order(places, |(place, _)| place.time);
                let points: Vec<Value> = places
                    .iter()
                    .map(|(place, fields)| {
                        json!([
                            place.position.latitude.degrees(),
                            place.position.longitude.degrees(),
                            place.time.map(|time| self.time(time)),
                            fields.get("speed_kmh"),
                            place.alarm,
                            fields,
                        ])
                    })
                    .collect();
                json!({
                    "name": owner.to_string(),
                    "points": points,
                    "stops": stops(&places),
                })
            })
            .collect();
        json!({ "tracks": tracks })
    }
}

impl<W: Write> Output for Page<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let Content::Frame(outcome) = &event.content else {
            return Ok(());
        };
        let report = &outcome.report;
        let fixes = fixes(report);
        if fixes.iter().all(|fix| fix.position.is_none()) {
            return Ok(());
        }
        let mut fields = fields(event)?;
        let records = match fields.remove("records") {
            Some(Value::Array(records)) => records,
            _ => vec![Value::Null],
        };
        let alarm = fields
            .get("alarm")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let track = self
            .tracks
            .entry(Owner::of(event.origin, report))
            .or_default();
        for (Fix { time, position }, record) in fixes.into_iter().zip(records) {
            let Some(position) = position else {
                continue;
            };
            let place = Place {
                time,
                position,
                kind: report.kind,
                alarm: alarm.clone(),
            };
            let mut fields = fields.clone();
            if let Value::Object(record) = record {
                fields.extend(record);
            }
            track.entry(place).or_insert(fields);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        // No character of the data can end the element that it is in, or begin another one.
        let data = serde_json::to_string(&self.data())?
            .replace('&', "\\u0026")
            .replace('<', "\\u003c")
            .replace('>', "\\u003e");
        let (before, after) = PAGE.split_once(MARK).unwrap_or((PAGE, ""));
        for part in [before, &data, after] {
            self.out.write_all(part.as_bytes())?;
        }
        self.out.flush()
    }
}

/// The stops: the numbers of the first and the last place, and the whole minutes between them.
fn stops(places: &[(&Place, &Map<String, Value>)]) -> Vec<Value> {
    let seconds = |number: usize| places.get(number)?.0.time?.to_unix(UtcOffset::UTC);
    let is_near = |a: usize, b: usize| match (places.get(a), places.get(b)) {
        (Some((a, _)), Some((b, _))) => metres(a.position, b.position) < STOP_RADIUS,
        _ => false,
    };
    let mut stops = Vec::new();
    let mut first = 0;
    while first < places.len() {
        let last = (first..places.len())
            .take_while(|&number| is_near(first, number))
            .last()
            .unwrap_or(first);
        let stay = match (seconds(first), seconds(last)) {
            (Some(begin), Some(end)) => end.saturating_sub(begin),
            _ => 0,
        };
        if stay >= STOP_SECONDS {
            stops.push(json!({ "from": first, "to": last, "minutes": stay / 60 }));
            first = last;
        }
        first = first.saturating_add(1);
    }
    stops
}

/// The distance on a sphere.
fn metres(a: Position, b: Position) -> f64 {
    let radians = |position: Position| {
        (
            position.latitude.degrees().to_radians(),
            position.longitude.degrees().to_radians(),
        )
    };
    let ((a_lat, a_lon), (b_lat, b_lon)) = (radians(a), radians(b));
    let height = ((b_lat - a_lat) / 2.0).sin().powi(2)
        + a_lat.cos() * b_lat.cos() * ((b_lon - a_lon) / 2.0).sin().powi(2);
    12_742_000.0 * height.sqrt().min(1.0).asin()
}
