//! A vehicle with its tracker: where it is, and what it sends.

use super::route::{DEGREE, Route};
use fastrand::Rng;
use gt02::{
    Protocol,
    device::{Device, Fix, Status, Uplink},
    types::{Alarm, Course, DateTime, DeviceId, Position, Speed, UtcOffset},
};
use std::{collections::VecDeque, sync::Arc};

/// Positions from one heartbeat to the next.
const HEARTBEAT: u32 = 6;

/// One of this many positions raises an alarm, begins a stop, or a tunnel.
const ALARM: u32 = 100;
const STOP: u32 = 40;
const TUNNEL: u32 = 60;

/// Positions that a stop or a tunnel lasts, at most.
const PAUSE: u32 = 8;

/// A vehicle.
pub struct Vehicle {
    pub device: Device,
    pub random: Rng,
    route: Option<Arc<Route>>,
    /// Degrees.
    latitude: f64,
    longitude: f64,
    /// Degrees from north, clockwise.
    heading: f64,
    /// Metres on the route.
    driven: f64,
    /// Seconds since 1970, by the clock of the device.
    clock: f64,
    /// Seconds from one position to the next.
    tick: f64,
    ticks: u32,
    /// Positions that the stop and the tunnel still last.
    stop: u32,
    tunnel: u32,
    /// Positions of the tunnel, which are sent at its end.
    stored: VecDeque<Fix>,
}

impl Vehicle {
    pub fn new(
        protocol: Protocol,
        number: u32,
        seed: u64,
        route: Option<Arc<Route>>,
        around: (f64, f64),
        start: i64,
        tick: f64,
    ) -> Option<Self> {
        let mut random = Rng::with_seed(seed);
        let mut spread = || (random.f64() - 0.5) * 0.2;
        let (latitude, longitude) = (around.0 + spread(), around.1 + spread());
        Some(Self {
            device: Device::new(protocol, id(protocol, number)?),
            route,
            latitude,
            longitude,
            heading: random.f64() * 360.0,
            driven: random.f64() * 100_000.0,
            #[allow(
                clippy::cast_precision_loss,
                reason = "exact up to the year 285 million"
            )]
            clock: start as f64,
            tick,
            ticks: 0,
            stop: 0,
            tunnel: 0,
            stored: VecDeque::new(),
            random,
        })
    }

    /// What it sends when it connects. Protocols without a login begin with a heartbeat.
    pub const fn hello() -> [Uplink<'static>; 2] {
        [Uplink::Login, Uplink::Heartbeat(Status::new())]
    }

    /// Drives to the next position, and returns what is sent there.
    pub fn drive(&mut self) -> Vec<Uplink<'static>> {
        self.clock += self.tick;
        self.ticks = self.ticks.wrapping_add(1);
        let mut uplinks = Vec::new();
        if self.ticks.checked_rem(HEARTBEAT) == Some(0) {
            uplinks.push(Uplink::Heartbeat(Status::new()));
        }
        let Some(mut fix) = self.fix() else {
            return uplinks;
        };
        if self.tunnel > 0 {
            self.tunnel = self.tunnel.saturating_sub(1);
            fix.resent = true;
            self.stored.push_back(fix);
            return uplinks;
        }
        uplinks.extend(self.stored.drain(..).map(Uplink::Location));
        if self.one_of(TUNNEL) {
            self.tunnel = self.random.u32(1..=PAUSE);
        }
        uplinks.push(Uplink::Location(fix));
        if self.one_of(ALARM) {
            self.clock += 1.0;
            if let Some(fix) = self.fix() {
                let (alarm, status) = (Alarm::Sos, Status::new());
                uplinks.push(Uplink::Alarm { alarm, fix, status });
            }
        }
        uplinks
    }

    /// What was stored and is to be sent before the end.
    pub fn stored(&mut self) -> Vec<Uplink<'static>> {
        self.stored.drain(..).map(Uplink::Location).collect()
    }

    fn one_of(&mut self, count: u32) -> bool {
        self.random.u32(0..count) == 0
    }

    /// Moves on, and returns where it is.
    fn fix(&mut self) -> Option<Fix> {
        if self.stop > 0 {
            self.stop = self.stop.saturating_sub(1);
        } else if self.one_of(STOP) {
            self.stop = self.random.u32(1..=PAUSE);
        }
        let kmh = if self.stop > 0 {
            0
        } else {
            self.random.u16(20..=70)
        };
        let metres = f64::from(kmh) / 3.6 * self.tick;
        let before = (self.latitude, self.longitude);
        if let Some(route) = &self.route {
            self.driven += metres;
            (self.latitude, self.longitude) = route.place(self.driven);
            let north = self.latitude - before.0;
            let east = (self.longitude - before.1) * before.0.to_radians().cos();
            if north != 0.0 || east != 0.0 {
                self.heading = east.atan2(north).to_degrees().rem_euclid(360.0);
            }
        } else {
            self.heading = (self.heading + (self.random.f64() - 0.5) * 60.0).rem_euclid(360.0);
            let (east, north) = self.heading.to_radians().sin_cos();
            self.latitude = (self.latitude + north * metres / DEGREE).clamp(-84.0, 84.0);
            let degree = DEGREE * self.latitude.to_radians().cos();
            self.longitude += east * metres / degree;
            if self.longitude.abs() > 180.0 {
                self.longitude -= self.longitude.signum() * 360.0;
            }
        }
        #[allow(
            clippy::cast_possible_truncation,
            reason = "seconds, and far from the limits"
        )]
        let clock = self.clock.round() as i64;
        let time = DateTime::from_unix(clock, UtcOffset::default())?;
        let mut fix = Fix::new(time, Position::from_degrees(self.latitude, self.longitude)?);
        fix.speed = Some(Speed::from_kmh(kmh));
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 359"
        )]
        let degrees = self.heading as u16;
        fix.course = Course::from_degrees(degrees);
        fix.satellites = Some(9);
        fix.ignition = Some(kmh > 0);
        Some(fix)
    }
}

/// The id of a device with this number, of a length that is usual in its protocol. `None` for
/// numbers of more digits than an id has room for.
fn id(protocol: Protocol, number: u32) -> Option<DeviceId> {
    let text = match protocol {
        Protocol::Tk103 => format!("0136{number:08}"),
        Protocol::H02 => format!("41{number:08}"),
        _ => format!("3565882{number:08}"),
    };
    text.parse().ok()
}
