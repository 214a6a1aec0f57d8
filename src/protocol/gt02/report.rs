use super::{Frame, Message};
use crate::{
    report::{Details, Kind, Record, Report},
    types::{AccessPoint, Direction, MessageType, NeighbourCell, Protocol},
};
use core::iter;

/// Returns what the frame reports if it travels in this direction.
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    // From the message alone, by reference, and field by field: the speed is the same, and on a
    // microcontroller it takes a third of the flash.
    let message = &frame.message();
    let mut report = Report::empty(Protocol::Gt02, direction, Kind::Unknown, frame.as_bytes());
    report.device = message.device_id();
    report.serial = frame.serial();
    match message {
        Message::Location(location) => {
            report.kind = Kind::Location;
            report.time = location.time.is_valid().then_some(location.time);
            // Without a fix, zeros are no place.
            let has_place =
                location.status.has_fix() || location.latitude != 0 || location.longitude != 0;
            report.position = location.position().filter(|_| has_place);
            report.valid = Some(location.status.has_fix());
            report.speed = Some(location.speed());
            report.course = location.course();
            report.cell = location.cell();
            report.alarm = location.status.alarm();
            report.charging = Some(location.status.charging());
        }
        Message::ShortLocation(location) => {
            report.kind = Kind::Location;
            report.time = location.time().filter(|time| time.is_valid());
            report.speed = location.speed();
            report.course = location.course();
        }
        Message::Heartbeat(heartbeat) => {
            report.kind = Kind::Heartbeat;
            report.valid = heartbeat.has_fix();
            // A count without as many SNRs is one of those that mean something else.
            report.satellites = heartbeat
                .satellites
                .filter(|&count| usize::from(count) <= heartbeat.snr.len());
            report.voltage_level = Some(heartbeat.voltage_level);
            report.gsm_level = Some(heartbeat.gsm_level);
        }
        Message::Response(response) => {
            report.kind = Kind::Response;
            report.text = Some(response.text());
        }
        Message::Command(command) => {
            report.kind = Kind::Command;
            report.direction = Direction::Down;
            report.text = Some(command.text);
        }
        Message::Unknown(unknown) => {
            report.code = Some(MessageType::Byte(unknown.code));
        }
        Message::HeartbeatAck(_) => {
            report.kind = Kind::Ack;
            report.direction = Direction::Down;
        }
    }
    report
}

/// Returns the values of the frame that few frames have.
pub(crate) fn details<'a>(frame: &Frame<'a>) -> Details<'a> {
    Details {
        snr: match frame.message() {
            Message::Heartbeat(heartbeat) => Some(heartbeat.snr),
            _ => None,
        },
        ..Details::default()
    }
}

/// No message names neighbour cells.
pub(crate) type Neighbours<'a> = iter::Empty<NeighbourCell>;

/// No message has several places.
pub(crate) type RecordIter<'a> = iter::Empty<Record<'a>>;

/// Returns the neighbour cells in these bytes: none.
pub(crate) const fn neighbours(_: &[u8]) -> Neighbours<'_> {
    iter::empty()
}

/// Returns the places in these bytes: none.
pub(crate) const fn records(_: &[u8]) -> RecordIter<'_> {
    iter::empty()
}

/// No message names access points.
pub(crate) type AccessPointIter<'a> = iter::Empty<AccessPoint<'a>>;

/// Returns the access points in these bytes: none.
pub(crate) const fn access_points(_: &[u8]) -> AccessPointIter<'_> {
    iter::empty()
}

/// Returns the tag of the command that the frame answers: the protocol has none.
pub(crate) const fn tag(_: &Frame<'_>) -> Option<u32> {
    None
}
