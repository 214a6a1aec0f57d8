//! Tracks for a map, GeoJSON or GPX: one for each device, in the order of the device's clock.

use super::event::{Content, Event, Origin, Output, utc, utc_text};
use geojson::{Feature, FeatureWriter, Geometry, JsonObject};
use gpx::{Gpx, GpxVersion, Track, TrackSegment, Waypoint};
use gt02::{
    Direction, Report,
    types::{DateTime, DeviceId, Position, UtcOffset},
};
use indexmap::IndexSet;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    error::Error,
    fmt,
    io::{self, Write},
};

/// Whose track it is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Device(DeviceId),
    /// A connection whose device is not known.
    Connection(Option<String>),
}

impl Owner {
    pub fn of(origin: Origin<'_>, report: &Report<'_>) -> Self {
        report.device.map_or_else(
            || Self::Connection(origin.connection.map(str::to_owned)),
            Self::Device,
        )
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(device) => device.fmt(f),
            Self::Connection(Some(connection)) => write!(f, "connection {connection}"),
            Self::Connection(None) => f.write_str("unknown"),
        }
    }
}

/// A fix.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Point {
    time: Option<DateTime>,
    position: Position,
}

impl Point {
    fn new(time: Option<DateTime>, position: Option<Position>) -> Option<Self> {
        position.map(|position| Self { time, position })
    }
}

/// The format in which the tracks are written.
#[derive(Clone, Copy)]
pub enum MapFormat {
    GeoJson,
    Gpx,
}

/// Gathers all tracks, and writes them at the end.
pub struct Tracks<W> {
    out: W,
    format: MapFormat,
    utc_offset: UtcOffset,
    /// The points of each track as they came, without the repeats: a device that gets no answer
    /// sends the same fix again and again.
    tracks: BTreeMap<Owner, IndexSet<Point>>,
}

impl<W: Write> Tracks<W> {
    pub fn new(out: W, format: MapFormat, utc_offset: UtcOffset) -> Self {
        Self {
            out,
            format,
            utc_offset,
            tracks: BTreeMap::new(),
        }
    }

    fn write_geojson(&mut self) -> Result<(), geojson::Error> {
        let mut writer = FeatureWriter::from_writer(&mut self.out);
        for (owner, points) in std::mem::take(&mut self.tracks) {
            let points = in_order(&points);
            let time = |point: &Point| {
                point
                    .time
                    .and_then(|time| utc_text(time, self.utc_offset))
                    .into()
            };
            let mut properties = JsonObject::new();
            match owner {
                Owner::Device(device) => {
                    properties.extend([("device".to_owned(), device.to_string().into())])
                }
                Owner::Connection(connection) => {
                    properties.extend(connection.map(|id| ("connection".to_owned(), id.into())))
                }
            }
            properties.insert(
                "times".to_owned(),
                points.iter().map(time).collect::<Vec<Value>>().into(),
            );
            let coordinates = |point: &Point| {
                [
                    point.position.longitude.degrees(),
                    point.position.latitude.degrees(),
                ]
            };
            let geometry = match points.as_slice() {
                [point] => Geometry::new_point(coordinates(point)),
                points => Geometry::new_line_string(points.iter().map(coordinates)),
            };
            writer.write_feature(&Feature {
                geometry: Some(geometry),
                properties: Some(properties),
                ..Feature::default()
            })?;
        }
        writer.finish()
    }

    fn write_gpx(&mut self) -> Result<(), gpx::errors::GpxError> {
        let waypoint = |point: &Point| {
            let mut waypoint = Waypoint::new(geo_types::Point::new(
                point.position.longitude.degrees(),
                point.position.latitude.degrees(),
            ));
            waypoint.time = point
                .time
                .and_then(|time| utc(time, self.utc_offset))
                .map(Into::into);
            waypoint
        };
        let tracks = std::mem::take(&mut self.tracks)
            .into_iter()
            .map(|(owner, points)| Track {
                name: Some(owner.to_string()),
                segments: vec![TrackSegment {
                    points: in_order(&points).iter().map(waypoint).collect(),
                }],
                ..Track::default()
            })
            .collect();
        let gpx = Gpx {
            version: GpxVersion::Gpx11,
            creator: Some("gt02 decode".to_owned()),
            tracks,
            ..Gpx::default()
        };
        gpx::write(&gpx, &mut self.out)
    }

    /// Ends the last line, after a library wrote with this result. If `out` itself failed, the
    /// error of flushing is more precise than that of the library.
    fn settle<E: Error + Send + Sync + 'static>(
        &mut self,
        result: Result<(), E>,
    ) -> io::Result<()> {
        self.out.write_all(b"\n")?;
        self.out.flush()?;
        result.map_err(io::Error::other)
    }
}

impl<W: Write> Output for Tracks<W> {
    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let Content::Frame(outcome) = &event.content else {
            return Ok(());
        };
        let report = &outcome.report;
        let (Direction::Up, None | Some(true)) = (report.direction, report.valid) else {
            return Ok(());
        };
        let points: Vec<Point> = match report.records {
            Some(records) => records
                .iter()
                .filter_map(|record| Point::new(record.time, record.position))
                .collect(),
            None => Point::new(report.time, report.position)
                .into_iter()
                .collect(),
        };
        if points.is_empty() {
            return Ok(());
        }
        self.tracks
            .entry(Owner::of(event.origin, report))
            .or_default()
            .extend(points);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        match self.format {
            MapFormat::GeoJson => {
                let result = self.write_geojson();
                self.settle(result)
            }
            MapFormat::Gpx => {
                let result = self.write_gpx();
                self.settle(result)
            }
        }
    }
}

/// Sorts the points by the device's clock, because stored positions are uploaded late. A point
/// without a time stays after the one it came after.
fn in_order(points: &IndexSet<Point>) -> Vec<Point> {
    let mut latest = None;
    let mut timed: Vec<(Option<DateTime>, Point)> = points
        .iter()
        .map(|point| {
            latest = point.time.or(latest);
            (latest, *point)
        })
        .collect();
    timed.sort_by_key(|(time, _)| *time);
    timed.into_iter().map(|(_, point)| point).collect()
}
