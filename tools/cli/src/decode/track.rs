//! What tracks on a map are made of, whatever they are written as.

use super::event::Origin;
use gt02::{
    Direction, Report,
    types::{DateTime, DeviceId, Position},
};
use std::fmt;

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

/// A place of a device, by its clock.
pub struct Fix {
    pub time: Option<DateTime>,
    pub position: Option<Position>,
}

/// The fixes of a report, one for each of its records. There are none if a server sent it, or if it
/// says that its fix is not valid.
pub fn fixes(report: &Report<'_>) -> Vec<Fix> {
    let (Direction::Up, None | Some(true)) = (report.direction, report.valid) else {
        return Vec::new();
    };
    match report.records {
        Some(records) => records
            .iter()
            .map(|record| Fix {
                time: record.time,
                position: record.position,
            })
            .collect(),
        None => vec![Fix {
            time: report.time,
            position: report.position,
        }],
    }
}

/// Sorts places by the device's clock, because stored positions are uploaded late. One without a
/// time stays after the one it came after.
pub fn in_order<T>(
    places: impl IntoIterator<Item = T>,
    time: impl Fn(&T) -> Option<DateTime>,
) -> Vec<T> {
    let mut latest = None;
    let mut timed: Vec<(Option<DateTime>, T)> = places
        .into_iter()
        .map(|place| {
            latest = time(&place).or(latest);
            (latest, place)
        })
        .collect();
    timed.sort_by_key(|(time, _)| *time);
    timed.into_iter().map(|(_, place)| place).collect()
}
