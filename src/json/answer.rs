//! Answers of devices: `docs/json.md`, "Answers by SMS".

use super::{entry, position};
use crate::{
    sms::{Answer, CommandResult, Field, Fields, Location, SosNumbers, Status, Transport},
    types::Text,
};
use core::fmt;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// `kind`, and the values that are known. The text itself is left out: whoever passed it has it.
impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Location(it) => {
                map.serialize_entry("kind", "location")?;
                location(&mut map, it)?;
            }
            Self::CommandResult(it) => {
                map.serialize_entry("kind", "confirmation")?;
                result(&mut map, it)?;
            }
            Self::Status(it) => {
                map.serialize_entry("kind", "status")?;
                status(&mut map, it)?;
            }
            Self::Alarm(alarm) => {
                map.serialize_entry("kind", "alarm")?;
                map.serialize_entry("alarm", alarm)?;
            }
            Self::Text(_) => map.serialize_entry("kind", "text")?,
        }
        map.end()
    }
}

fn location<M: SerializeMap>(map: &mut M, location: &Location) -> Result<(), M::Error> {
    position(map, location.position)?;
    entry(map, "valid", location.fix)?;
    entry(map, "last_known", location.last_known.then_some(true))?;
    entry(map, "time", location.time.filter(|time| time.is_valid()))?;
    entry(map, "speed_kmh", location.speed)?;
    entry(map, "course", location.course)?;
    entry(map, "device", location.device)?;
    entry(map, "cell", location.cell)?;
    entry(map, "state", location.trigger.map(|it| it.name()))?;
    entry(map, "alarm", location.alarm)?;
    entry(map, "ignition", location.ignition)?;
    entry(map, "external_power", location.external_power)?;
    entry(map, "battery_percent", location.battery_percent)?;
    entry(map, "battery_voltage", location.battery_voltage)
}

fn result<M: SerializeMap>(map: &mut M, result: &CommandResult<'_>) -> Result<(), M::Error> {
    let given = |text: Text<'_>| !text.as_bytes().is_empty();
    map.serialize_entry("completion", result.outcome.name())?;
    let command = Some(result.command).filter(|&it| given(it));
    entry(map, "command", command)?;
    let detail = Some(result.detail).filter(|&it| given(it));
    entry(map, "detail", detail)
}

fn status<M: SerializeMap>(map: &mut M, status: &Status<'_>) -> Result<(), M::Error> {
    entry(map, "device", status.device())?;
    entry(map, "valid", status.fix())?;
    entry(map, "satellites", status.satellites())?;
    entry(map, "speed_kmh", status.speed())?;
    entry(map, "voltage", status.external_voltage())?;
    entry(map, "external_power", status.external_power())?;
    entry(map, "battery_voltage", status.battery())?;
    entry(map, "battery_percent", status.battery_percent())?;
    entry(map, "voltage_level", status.battery_level())?;
    entry(map, "charging", status.charging())?;
    entry(map, "ignition", status.ignition())?;
    entry(map, "armed", status.armed())?;
    entry(map, "relay_cut", status.relay_cut())?;
    entry(map, "iccid", status.iccid())?;
    entry(map, "apn", status.apn())?;
    let server = status.server();
    entry(
        map,
        "server",
        server.map(|it| HostAndPort(it.host, it.port)),
    )?;
    let transport = server.and_then(|it| it.transport);
    entry(map, "transport", transport.map(name))?;
    let intervals = status.intervals();
    entry(map, "interval_seconds", intervals.map(|it| it.seconds))?;
    let parked = intervals.and_then(|it| it.parked_seconds);
    entry(map, "parked_interval_seconds", parked)?;
    let zone = status.time_zone();
    entry(map, "zone_minutes", zone.map(|it| it.minutes()))?;
    let mut numbers = status.sos_numbers();
    if numbers.next().is_some() {
        map.serialize_entry("sos_numbers", &Numbers(status.sos_numbers()))?;
    }
    map.serialize_entry("fields", &AllFields(status.fields()))
}

const fn name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
    }
}

struct HostAndPort<'a>(&'a str, u16);

impl fmt::Display for HostAndPort<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.0, self.1)
    }
}

impl Serialize for HostAndPort<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

struct Numbers<'a>(SosNumbers<'a>);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

struct AllFields<'a>(Fields<'a>);

impl Serialize for AllFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(AnyField))
    }
}

struct AnyField<'a>(Field<'a>);

impl Serialize for AnyField<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("label", &self.0.label)?;
        map.serialize_entry("value", &self.0.value)?;
        map.serialize_entry("whole", &self.0.is_whole)?;
        map.end()
    }
}
