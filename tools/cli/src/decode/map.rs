//! Tracks for a map, GeoJSON or GPX: one for each device, in the order of the device's clock.

use super::{
    event::{Content, Event, Output, utc, utc_text},
    track::{Owner, fixes, in_order},
};
use geojson::{Feature, FeatureWriter, Geometry, JsonObject};
use gpx::{Gpx, GpxVersion, Track, TrackSegment, Waypoint};
use gt02::types::{DateTime, Position, UtcOffset};
use indexmap::IndexSet;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, Write},
};

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
            let points = in_order(points, |point| point.time);
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
                    points: in_order(&points, |point| point.time)
                        .into_iter()
                        .map(waypoint)
                        .collect(),
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
        let points: Vec<Point> = fixes(report)
            .into_iter()
            .filter_map(|fix| Point::new(fix.time, fix.position))
            .collect();
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
