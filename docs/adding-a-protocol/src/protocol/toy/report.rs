use super::{Frame, Message};
use crate::{
    report::{Code, Kind, Record, Report},
    types::{Direction, NeighbourCell, Protocol},
};
use core::iter;

/// What the frame reports if it travels in this direction.
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = frame.message();
    let mut report = Report::empty(Protocol::Toy, direction, Kind::Unknown);
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
            report.code = Some(Code::Text(word));
            report.text = Some(payload);
        }
    }
    report
}

/// No message names neighbour cells.
pub(crate) fn neighbours(_: &[u8]) -> iter::Empty<NeighbourCell> {
    iter::empty()
}

/// No message has several places.
pub(crate) fn records(_: &[u8]) -> iter::Empty<Record<'_>> {
    iter::empty()
}
