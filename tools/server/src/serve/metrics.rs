//! What the server counts, for Prometheus.

use gt02::{NoiseReason, Protocol};
pub use prometheus_client::metrics::counter::Counter;
use prometheus_client::{
    encoding::text::encode,
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};
use std::fmt;

/// A family of counters with one label.
type By = Family<[(&'static str, &'static str); 1], Counter>;

/// The counters, and their registry.
pub struct Metrics {
    registry: Registry,
    frames: By,
    noise: By,
    connections: By,
    refused: By,
    commands: By,
    pub open: Gauge,
    pub received: Counter,
    pub replies: Counter,
    pub copies: Counter,
    pub unknown_devices: Counter,
    pub waiting: Gauge,
    pub not_stored: Counter,
}

impl Metrics {
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("gt02"),
            frames: By::default(),
            noise: By::default(),
            connections: By::default(),
            refused: By::default(),
            commands: By::default(),
            open: Gauge::default(),
            received: Counter::default(),
            replies: Counter::default(),
            copies: Counter::default(),
            unknown_devices: Counter::default(),
            waiting: Gauge::default(),
            not_stored: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("frames", "Frames from devices", metrics.frames.clone());
        registry.register(
            "noise_bytes",
            "Bytes that belong to no frame",
            metrics.noise.clone(),
        );
        registry.register(
            "connections",
            "Connections and UDP peers",
            metrics.connections.clone(),
        );
        registry.register(
            "refused",
            "Connections that were closed",
            metrics.refused.clone(),
        );
        registry.register("commands", "Commands to devices", metrics.commands.clone());
        registry.register(
            "open_connections",
            "TCP connections now",
            metrics.open.clone(),
        );
        registry.register("received_bytes", "Bytes received", metrics.received.clone());
        registry.register("replies", "Replies to devices", metrics.replies.clone());
        registry.register(
            "copies",
            "Fixes and alarms that a device has sent before",
            metrics.copies.clone(),
        );
        registry.register(
            "unlisted_frames",
            "Frames of devices that are not allowed",
            metrics.unknown_devices.clone(),
        );
        metrics
    }

    /// Adds what is counted of a store.
    pub fn add_store(&mut self, stored: Counter) {
        let registry = &mut self.registry;
        registry.register("stored", "Reports that the store has", stored);
        registry.register(
            "waiting",
            "Reports that wait for the store",
            self.waiting.clone(),
        );
        registry.register(
            "not_stored",
            "Reports by UDP for which the store had no room",
            self.not_stored.clone(),
        );
    }

    /// The counter of the frames of a protocol, for those who count many.
    pub fn frames(&self, protocol: Protocol) -> Counter {
        self.frames
            .get_or_create_owned(&[("protocol", protocol.name())])
    }

    pub fn noise(&self, reason: NoiseReason, len: usize) {
        let len = u64::try_from(len).unwrap_or(u64::MAX);
        self.noise
            .get_or_create(&[("reason", reason.name())])
            .inc_by(len);
    }

    pub fn connection(&self, transport: &'static str) {
        self.connections
            .get_or_create(&[("transport", transport)])
            .inc();
    }

    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&[("reason", reason)]).inc();
    }

    pub fn command(&self, state: &'static str) {
        self.commands.get_or_create(&[("state", state)]).inc();
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// None that is known: a `String` takes all that is written.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
