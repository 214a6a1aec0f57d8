//! `serde::Serialize` for reports, outcomes, noise and answers by SMS, with stable field names:
//! fields are only added.
//!
//! A value that is not known is left out. It is never null, and never zero in place of a value.

use crate::{
    report::{AccessPoints, Cells, Details, Iccid, Kind, Network, Record, Records, Report},
    scan::{Noise, NoiseReason},
    session::{Outcome, Reply},
    types::{
        AccessPoint, Alarm, CellTower, Course, DateTime, Decimal, DeviceId, Direction, Latitude,
        Longitude, MacAddress, MessageType, NeighbourCell, PackedDigits, Position, Protocol, Speed,
        Temperature, Text, Voltage,
    },
};
use core::fmt;
use serde::ser::{Serialize, SerializeMap, Serializer};

mod answer;

macro_rules! as_text {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    )*};
}

as_text!(
    MessageType<'_>,
    DateTime,
    DeviceId,
    PackedDigits<'_>,
    Iccid<'_>,
    MacAddress,
    Network,
    Text<'_>
);

macro_rules! as_name {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )*};
}

as_name!(Alarm, Kind, NoiseReason, Protocol);

/// `up` or `down`.
impl Serialize for Direction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Up => "up",
            Self::Down => "down",
        })
    }
}

/// Degrees.
impl Serialize for Latitude {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.degrees())
    }
}

/// Degrees.
impl Serialize for Longitude {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.degrees())
    }
}

/// Kilometres per hour: an integer if the value is whole.
impl Serialize for Speed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        decimal(self.metres_per_hour(), 1000, self.kmh(), serializer)
    }
}

/// Degrees: an integer if the value is whole.
impl Serialize for Course {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        decimal(self.ten_thousandths(), 10_000, self.degrees(), serializer)
    }
}

fn decimal<S: Serializer>(
    value: u32,
    scale: u32,
    quotient: f64,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match (value.checked_div(scale), value.checked_rem(scale)) {
        (Some(whole), Some(0)) => serializer.serialize_u32(whole),
        _ => serializer.serialize_f64(quotient),
    }
}

/// Volts.
impl Serialize for Voltage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.volts())
    }
}

/// Degrees Celsius.
impl Serialize for Temperature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.celsius())
    }
}

/// An integer if the number was sent without decimal places, otherwise a fraction.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.places() {
            0 => serializer.serialize_u64(self.mantissa()),
            places => {
                serializer.serialize_f64(self.mantissa() as f64 / 10_u64.pow(places.into()) as f64)
            }
        }
    }
}

fn cell<M: SerializeMap>(map: &mut M, cell: &CellTower) -> Result<(), M::Error> {
    entry(map, "mcc", cell.mcc)?;
    entry(map, "mnc", cell.mnc)?;
    entry(map, "lac", cell.lac)?;
    entry(map, "cid", cell.cid)
}

/// `mcc`, `mnc`, `lac`, `cid`, each only if it was sent.
impl Serialize for CellTower {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        cell(&mut map, self)?;
        map.end()
    }
}

/// The fields of the cell, and `rssi`.
impl Serialize for NeighbourCell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        cell(&mut map, &self.cell)?;
        entry(&mut map, "rssi", self.rssi)?;
        map.end()
    }
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// `mac`, and `rssi` and `ssid` if they were sent.
impl Serialize for AccessPoint<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("mac", &self.mac)?;
        entry(&mut map, "rssi", self.rssi)?;
        entry(&mut map, "ssid", self.ssid)?;
        map.end()
    }
}

impl Serialize for AccessPoints<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// The fields of the record that are known.
impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        entry(&mut map, "time", self.time)?;
        position(&mut map, self.position)?;
        entry(&mut map, "speed_kmh", self.speed)?;
        entry(&mut map, "course", self.course)?;
        entry(&mut map, "cell", self.cell)?;
        entry(&mut map, "cells", self.cells)?;
        map.end()
    }
}

impl Serialize for Records<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Lower-case hex.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let digit = |half: u8| DIGITS.get(usize::from(half)).copied();
        // Some at a time: a serializer looks at each piece.
        self.0.chunks(32).try_for_each(|bytes| {
            let mut text = heapless::Vec::<u8, 64>::new();
            for half in bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
                text.push(digit(half).ok_or(fmt::Error)?)
                    .map_err(|_| fmt::Error)?;
            }
            f.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
        })
    }
}

as_text!(Hex<'_>);

/// Lower-case hex.
impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Hex(self).serialize(serializer)
    }
}

fn entry<M: SerializeMap, T: Serialize>(
    map: &mut M,
    name: &'static str,
    value: Option<T>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

fn position<M: SerializeMap>(map: &mut M, position: Option<Position>) -> Result<(), M::Error> {
    entry(map, "latitude", position.map(|position| position.latitude))?;
    entry(
        map,
        "longitude",
        position.map(|position| position.longitude),
    )
}

fn report<M: SerializeMap>(map: &mut M, report: &Report<'_>) -> Result<(), M::Error> {
    map.serialize_entry("protocol", &report.protocol)?;
    entry(
        map,
        "direction",
        (report.direction != Direction::Up).then_some(report.direction),
    )?;
    map.serialize_entry("kind", &report.kind)?;
    entry(map, "code", report.code)?;
    entry(map, "device", report.device)?;
    entry(map, "imei", report.imei)?;
    entry(map, "serial", report.serial)?;
    entry(map, "time", report.time)?;
    position(map, report.position)?;
    entry(map, "valid", report.valid)?;
    entry(map, "speed_kmh", report.speed)?;
    entry(map, "course", report.course)?;
    entry(map, "satellites", report.satellites)?;
    entry(map, "cell", report.cell)?;
    entry(map, "cells", report.cells)?;
    entry(map, "alarm", report.alarm)?;
    entry(map, "alarm_code", report.alarm_code)?;
    entry(map, "voltage_level", report.voltage_level)?;
    entry(map, "gsm_level", report.gsm_level)?;
    entry(map, "charging", report.charging)?;
    entry(map, "ignition", report.ignition)?;
    entry(map, "relay_cut", report.relay_cut)?;
    entry(map, "armed", report.armed)?;
    entry(map, "gps_tracking", report.gps_tracking)?;
    entry(map, "voltage", report.voltage)?;
    entry(map, "odometer", report.odometer)?;
    entry(map, "resent", report.resent)?;
    entry(map, "text", report.text)?;
    details(map, &report.details())?;
    entry(map, "records", report.records)
}

fn details<M: SerializeMap>(map: &mut M, details: &Details<'_>) -> Result<(), M::Error> {
    entry(map, "snr", details.snr)?;
    entry(map, "hdop", details.hdop)?;
    entry(map, "accuracy", details.accuracy)?;
    entry(map, "altitude", details.altitude)?;
    entry(map, "access_points", details.access_points)?;
    entry(map, "csq", details.csq)?;
    entry(map, "network", details.network)?;
    entry(map, "battery_percent", details.battery_percent)?;
    entry(map, "battery_voltage", details.battery_voltage)?;
    entry(map, "temperature", details.temperature)?;
    entry(map, "humidity", details.humidity)?;
    entry(map, "door", details.door)?;
    entry(map, "motion", details.motion)?;
    entry(map, "fuel", details.fuel)?;
    entry(map, "steps", details.steps)?;
    entry(map, "ignition_seconds", details.ignition_seconds)?;
    entry(map, "upload_mode", details.upload_mode)?;
    entry(map, "card_id", details.card_id.map(Hex))?;
    entry(map, "imsi", details.imsi)?;
    entry(map, "iccid", details.iccid)?;
    entry(map, "firmware", details.firmware)
}

/// The fields of the report that are known.
impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        report(&mut map, self)?;
        map.end()
    }
}

/// The fields of the report, and `reply` in lower-case hex if there is one.
impl Serialize for Outcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        report(&mut map, &self.report)?;
        entry(&mut map, "reply", self.reply.as_ref())?;
        map.end()
    }
}

/// `kind`, which is `noise`, and `reason`. The bytes are left out.
impl Serialize for Noise<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("kind", "noise")?;
        map.serialize_entry("reason", &self.reason)?;
        map.end()
    }
}
