//! The ways that vehicles take.

use std::{fs::File, io, io::BufReader, path::Path};

/// Metres for each degree of latitude.
pub const DEGREE: f64 = 111_320.0;

/// A route of a GPX file: its points in degrees, at least two.
pub struct Route(Vec<(f64, f64)>);

impl Route {
    /// Reads the points of all tracks and routes of the file, one after the other.
    ///
    /// # Errors
    /// If the file cannot be read, is no GPX, or has less than two points.
    pub fn read(path: &Path) -> io::Result<Self> {
        let named = |error: String| io::Error::other(format!("{}: {error}", path.display()));
        let file = File::open(path).map_err(|error| named(error.to_string()))?;
        let gpx = gpx::read(BufReader::new(file)).map_err(|error| named(error.to_string()))?;
        let tracks = gpx.tracks.iter().flat_map(|track| &track.segments);
        let tracks = tracks.flat_map(|segment| &segment.points);
        let routes = gpx.routes.iter().flat_map(|route| &route.points);
        let point = |point: &gpx::Waypoint| (point.point().y(), point.point().x());
        let points: Vec<_> = tracks.chain(routes).map(point).collect();
        if points.len() < 2 {
            return Err(named("less than two points".to_owned()));
        }
        Ok(Self(points))
    }

    /// The place that is this many metres from the first point; from the last point on it goes back.
    /// Returns latitude and longitude in degrees.
    pub fn place(&self, metres: f64) -> (f64, f64) {
        let legs = || self.0.iter().zip(self.0.iter().skip(1));
        let all: f64 = legs().map(|(a, b)| distance(*a, *b)).sum();
        if all <= 0.0 {
            return self.0.first().copied().unwrap_or_default();
        }
        let turn = metres % (2.0 * all);
        let mut rest = if turn > all { 2.0 * all - turn } else { turn };
        for (a, b) in legs() {
            let len = distance(*a, *b);
            if rest <= len && len > 0.0 {
                let part = rest / len;
                return (a.0 + (b.0 - a.0) * part, a.1 + (b.1 - a.1) * part);
            }
            rest -= len;
        }
        self.0.last().copied().unwrap_or_default()
    }
}

/// The metres between two places that are not far from each other.
fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    let north = (b.0 - a.0) * DEGREE;
    let east = (b.1 - a.1) * DEGREE * a.0.to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let route = Route(vec![(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]);
        let at = |degrees: f64| route.place(degrees * DEGREE);
        let near = |a: (f64, f64), b: (f64, f64)| distance(a, b) < 1.0;
        assert!(near(at(0.5), (0.0, 0.5)));
        assert!(near(at(1.5), (0.5, 1.0)));
        assert!(near(at(2.5), (0.5, 1.0)));
        assert!(near(at(3.5), (0.0, 0.5)));
        assert!(near(at(4.5), (0.0, 0.5)));
    }
}
