use super::{Block, Cells, Frame, Io, LoginContent, Message, framing::has_binary_body};
use crate::{
    report::{self, Kind, Record, Report, place},
    types::{DeviceId, Direction, MessageType, NeighbourCell, Protocol, Text},
};
use core::iter;

/// What the frame reports if it travels in this direction.
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &frame.message();
    let mut report = Report::empty(Protocol::Tk103, direction, Kind::Unknown);
    report.device = message.device_id();
    // What devices echo of a server's words, too.
    if message.direction() == Some(Direction::Down) {
        report.direction = Direction::Down;
    }
    match message {
        Message::Handshake(handshake) => {
            report.kind = Kind::Heartbeat;
            put_imei(&mut report, handshake.imei());
        }
        Message::Login(login) => {
            report.kind = Kind::Login;
            put_imei(&mut report, login.imei());
            match &login.content {
                LoginContent::Location(block) => put_block(&mut report, block),
                LoginContent::Cells(cells) => put_cells(&mut report, *cells),
                LoginContent::Empty => {}
            }
        }
        Message::Location(location) => {
            // Also a `BR03`, which asks for the address of the place. The documents do not agree
            // on whether `BR01` are stored ones.
            report.kind = Kind::Location;
            put_block(&mut report, &location.block);
        }
        Message::Alarm(alarm) => {
            report.kind = Kind::Alarm;
            report.alarm = alarm.alarm();
            report.alarm_code = alarm.code();
            report.resent = alarm.stored.then_some(true);
            put_block(&mut report, &alarm.block);
        }
        Message::CellList(list) => {
            report.kind = Kind::Cell;
            put_cells(&mut report, list.cells);
        }
        Message::Firmware(firmware) => {
            report.kind = Kind::Info;
            report.code = Some(word(frame));
            report.firmware =
                Some(firmware.version).filter(|version| !version.as_bytes().is_empty());
        }
        Message::HandshakeAck(_) | Message::LoginAck(_) | Message::AlarmAck(_) => {
            report.kind = Kind::Ack;
        }
        Message::Command(_) => put_command(&mut report, frame),
        Message::Unknown(_) if report.direction == Direction::Down => {
            put_command(&mut report, frame);
        }
        Message::Unknown(_) => report.code = Some(word(frame)),
    }
    report
}

/// The IMEI, unless it is what the device goes by.
fn put_imei(report: &mut Report<'_>, imei: Option<DeviceId>) {
    report.imei = imei.filter(|_| imei != report.device);
}

fn put_block(report: &mut Report<'_>, block: &Block<'_>) {
    report.time = block.time();
    report.position = place(block.position(), block.fix);
    report.valid = block.fix;
    report.speed = block.speed();
    report.course = block.course();
    report.odometer = block.mileage;
    put_io(report, block.io);
}

fn put_cells<'a>(report: &mut Report<'a>, cells: Cells<'a>) {
    report.cell = cells.serving();
    report.cells = report::Cells::new(Protocol::Tk103, cells.text);
    put_io(report, cells.io());
}

fn put_io(report: &mut Report<'_>, io: Option<Io>) {
    report.charging = io.and_then(Io::is_power_cut).map(|is_cut| !is_cut);
    report.ignition = io.and_then(Io::ignition);
}

fn put_command<'a>(report: &mut Report<'a>, frame: &Frame<'a>) {
    report.kind = Kind::Command;
    report.code = Some(word(frame));
    // What devices are told of an address is no ASCII.
    report.text = Some(frame.body())
        .filter(|body| !body.is_empty() && !has_binary_body(*frame.word().as_bytes()))
        .map(Text::Bytes);
}

/// The command word, where it stands in the frame.
fn word<'a>(frame: &Frame<'a>) -> MessageType<'a> {
    let start = frame.id().len().saturating_add(1);
    let word = frame
        .as_bytes()
        .get(start..start.saturating_add(4))
        .unwrap_or_default();
    MessageType::Text(Text::Bytes(word))
}

/// The neighbour cells in the text of [`Cells`].
pub(crate) fn neighbours<'a>(text: &'a [u8]) -> impl Iterator<Item = NeighbourCell> + use<'a> {
    Cells { text }.neighbours()
}

/// No message has several places.
pub(crate) fn records(_: &[u8]) -> iter::Empty<Record<'_>> {
    iter::empty()
}
