//! The summary at the end.

use super::event::{Content, Event};
use gt02::{
    Direction,
    report::Records,
    types::{DateTime, DeviceId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Display},
};

/// The number of devices that are named; for more, only their number is given.
const DEVICES_SHOWN: usize = 8;

/// Counts of everything.
#[derive(Default)]
pub struct Summary {
    reads: u64,
    bytes: u64,
    connections: u64,
    frames: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    bad_checksums: u64,
    answers: u64,
    devices: BTreeSet<DeviceId>,
    span: Option<(DateTime, DateTime)>,
    noise: BTreeMap<&'static str, u64>,
    pending: u64,
    missing: u64,
    foreign_connections: u64,
    foreign_bytes: u64,
    lines_skipped: u64,
    lines_bad: u64,
}

impl Summary {
    /// The number of bytes passed to a decoder so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    pub fn read(&mut self, len: usize) {
        add(&mut self.reads, 1);
        add(&mut self.bytes, len);
    }

    pub fn connection(&mut self) {
        add(&mut self.connections, 1);
    }

    pub fn pending(&mut self, len: usize) {
        add(&mut self.pending, len);
    }

    /// Counts bytes that a capture lacks.
    pub fn missing(&mut self, bytes: u64) {
        self.missing = self.missing.saturating_add(bytes);
    }

    /// Counts a connection that is left out, because it has no frame.
    pub fn foreign_connection(&mut self) {
        add(&mut self.foreign_connections, 1);
    }

    pub fn foreign_bytes(&mut self, len: usize) {
        add(&mut self.foreign_bytes, len);
    }

    pub fn line_skipped(&mut self) {
        add(&mut self.lines_skipped, 1);
    }

    pub fn line_bad(&mut self) {
        add(&mut self.lines_bad, 1);
    }

    pub fn event(&mut self, event: &Event<'_>) {
        match &event.content {
            Content::Frame(outcome) => {
                let report = &outcome.report;
                add(
                    self.frames
                        .entry(report.protocol.name())
                        .or_default()
                        .entry(report.kind.name())
                        .or_default(),
                    1,
                );
                add(&mut self.bad_checksums, usize::from(!event.crc_ok));
                add(&mut self.answers, usize::from(outcome.reply.is_some()));
                self.devices.extend(report.device);
                let records = report
                    .records
                    .iter()
                    .flat_map(Records::iter)
                    .filter_map(|record| record.time);
                for time in report
                    .time
                    .into_iter()
                    .chain(records)
                    .filter(|_| report.direction == Direction::Up)
                {
                    let (first, last) = self.span.unwrap_or((time, time));
                    self.span = Some((first.min(time), last.max(time)));
                }
            }
            Content::Noise(noise) => add(
                self.noise.entry(noise.reason.name()).or_default(),
                noise.bytes.len(),
            ),
        }
    }
}

/// Adds to a count; a `usize` fits.
fn add(count: &mut u64, more: usize) {
    *count = count.saturating_add(more as u64);
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "bytes        {}: reads {}, connections {}",
            self.bytes, self.reads, self.connections
        )?;
        writeln!(
            f,
            "frames       {}",
            Total::new(self.frames.values().flatten()).0
        )?;
        for (protocol, kinds) in &self.frames {
            writeln!(f, "  {protocol:10} {}", Total::new(kinds.iter()))?;
        }
        if self.bad_checksums > 0 {
            writeln!(f, "  bad crc    {}", self.bad_checksums)?;
        }
        writeln!(f, "answers owed {}", self.answers)?;
        let more = self.devices.len().saturating_sub(DEVICES_SHOWN);
        let shown: Vec<String> = self
            .devices
            .iter()
            .take(DEVICES_SHOWN)
            .map(ToString::to_string)
            .collect();
        let shown = if shown.is_empty() {
            String::new()
        } else {
            format!(": {}", shown.join(" "))
        };
        let dots = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        writeln!(f, "devices      {}{shown}{dots}", self.devices.len())?;
        if let Some((first, last)) = self.span {
            writeln!(f, "device time  {first} to {last}")?;
        }
        writeln!(f, "noise        {}", Total::new(self.noise.iter()))?;
        writeln!(
            f,
            "pending      {} when their connection ended",
            self.pending
        )?;
        if self.missing > 0 {
            writeln!(f, "missing      {} in the capture", self.missing)?;
        }
        if self.foreign_connections > 0 {
            writeln!(
                f,
                "left out     {} without a frame: connections {}",
                self.foreign_bytes, self.foreign_connections
            )?;
        }
        writeln!(
            f,
            "lines        skipped {}, bad {}",
            self.lines_skipped, self.lines_bad
        )
    }
}

/// `7: one thing 5, another 2`.
struct Total(u64, Vec<String>);

impl Total {
    fn new<'a>(parts: impl Iterator<Item = (impl Display, &'a u64)>) -> Self {
        let mut total = Self(0, Vec::new());
        for (name, count) in parts {
            total.0 = total.0.saturating_add(*count);
            total.1.push(format!("{name} {count}"));
        }
        total
    }
}

impl Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(total, parts) = self;
        write!(f, "{total}")?;
        if parts.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", parts.join(", "))
        }
    }
}
