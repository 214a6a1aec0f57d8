//! What is counted.

use gt02::{Protocol, types::DateTime};
use serde::Serialize;
use std::collections::BTreeMap;

/// Counts of one device, or of all.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Tally {
    /// Devices that are checked.
    pub devices: u64,
    /// Devices with a fault of their own, which are not.
    pub bad_devices: u64,
    /// Frames sent by devices that are checked.
    pub frames: u64,
    /// Frames of each protocol.
    pub protocols: BTreeMap<&'static str, u64>,
    /// Bytes of garbage that were sent before frames.
    pub garbage_bytes: u64,
    /// Answers that the protocols owe.
    pub expected: u64,
    /// Expected answers that came.
    pub answered: u64,
    /// Expected answers that did not come.
    pub missing: u64,
    /// Alarms that were sent again, because the answer was not heard.
    pub repeats: u64,
    /// Connections that were closed and opened again.
    pub reconnects: u64,
    /// Frames and noise from the server that are neither an expected answer nor a command.
    pub wrong: u64,
    /// Commands from the server.
    pub commands: u64,
    /// Connections of checked devices that could not be opened or that the server closed.
    pub failed: u64,
    /// Connections of bad devices that the server closed.
    pub closed: u64,
    /// The first failure, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Tally {
    /// Whether every answer came, and no other.
    #[must_use]
    pub const fn is_right(&self) -> bool {
        self.missing == 0 && self.wrong == 0 && self.failed == 0
    }

    /// All counts as a JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn add(&mut self, other: &Self) {
        let sum = |to: &mut u64, from: u64| *to = to.saturating_add(from);
        sum(&mut self.devices, other.devices);
        sum(&mut self.bad_devices, other.bad_devices);
        sum(&mut self.frames, other.frames);
        for (protocol, frames) in &other.protocols {
            sum(self.protocols.entry(protocol).or_default(), *frames);
        }
        sum(&mut self.garbage_bytes, other.garbage_bytes);
        sum(&mut self.expected, other.expected);
        sum(&mut self.answered, other.answered);
        sum(&mut self.missing, other.missing);
        sum(&mut self.repeats, other.repeats);
        sum(&mut self.reconnects, other.reconnects);
        sum(&mut self.wrong, other.wrong);
        sum(&mut self.commands, other.commands);
        sum(&mut self.failed, other.failed);
        sum(&mut self.closed, other.closed);
        if self.failure.is_none() {
            self.failure.clone_from(&other.failure);
        }
    }
}

/// A frame that was sent, for those who compare it with what was reported.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The id of the device.
    pub device: String,
    /// Its protocol.
    pub protocol: Protocol,
    /// The bytes.
    pub frame: Vec<u8>,
    /// Time, latitude and longitude in degrees, where the frame has a position.
    pub fix: Option<(DateTime, f64, f64)>,
    /// Whether it raises an alarm.
    pub is_alarm: bool,
}
