use super::{Frame, Message};
use crate::{
    report::{Details, Kind, Record, Report},
    types::{AccessPoint, Direction, MessageType, NeighbourCell, Protocol},
};
use core::iter;

/// Creates the report of a frame that travels in this direction.
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = frame.message();
    let mut report = Report::empty(Protocol::Toy, direction, Kind::Unknown, frame.as_bytes());
    report.device = Some(message.device());
    match message {
        Message::Hello { .. } => report.kind = Kind::Login,
        Message::Welcome { .. } => {
            report.kind = Kind::Ack;
            report.direction = Direction::Down;
        }
        Message::Command { text, .. } => {
            report.kind = Kind::Command;
            report.direction = Direction::Down;
            report.text = Some(text);
        }
        Message::Unknown { word, payload, .. } => {
            report.code = Some(MessageType::Text(word));
            report.text = Some(payload);
        }
    }
    report
}

/// Returns the values of the frame that few frames have: none.
pub(crate) fn details<'a>(_: &Frame<'a>) -> Details<'a> {
    Details::default()
}

/// The neighbour cells of a frame.
pub(crate) type Neighbours<'a> = iter::Empty<NeighbourCell>;

/// The places of a frame that has several.
pub(crate) type RecordIter<'a> = iter::Empty<Record<'a>>;

/// The access points of a frame.
pub(crate) type AccessPointIter<'a> = iter::Empty<AccessPoint<'a>>;

/// No message names neighbour cells.
pub(crate) const fn neighbours(_: &[u8]) -> Neighbours<'_> {
    iter::empty()
}

/// No message has several places.
pub(crate) const fn records(_: &[u8]) -> RecordIter<'_> {
    iter::empty()
}

/// No message names access points.
pub(crate) const fn access_points(_: &[u8]) -> AccessPointIter<'_> {
    iter::empty()
}

/// Returns the tag of the command that the frame answers: the protocol has none.
pub(crate) const fn tag(_: &Frame<'_>) -> Option<u32> {
    None
}
