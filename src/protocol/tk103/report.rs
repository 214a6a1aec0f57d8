use super::{
    CellIter, Cells, Frame, IoStatus, LocationBlock, LoginContent, Message,
    framing::has_binary_body,
};
use crate::{
    features::detail,
    report::{self, Details, Kind, Record, Report, place},
    types::{AccessPoint, DeviceId, Direction, Protocol, Text},
};
use core::iter;

/// Returns what the frame reports if it travels in this direction.
#[cfg_attr(target_pointer_width = "64", inline)]
#[cfg_attr(not(target_pointer_width = "64"), inline(never))]
pub(crate) fn report<'a>(frame: &Frame<'a>, direction: Direction) -> Report<'a> {
    let message = &Message::reported(frame);
    let mut report = Report::empty(Protocol::Tk103, direction, Kind::Unknown, frame.as_bytes());
    report.device = message.device_id();
    // Devices echo words of servers.
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
            // `BR03`, which asks for the address of the place, too. The documents do not agree on
            // whether `BR01` are stored ones.
            report.kind = Kind::Location;
            put_block(&mut report, &location.block);
        }
        Message::Alarm(alarm) => {
            report.kind = Kind::Alarm;
            report.alarm = alarm.alarm();
            report.alarm_code = alarm.code().map(u16::from);
            report.resent = alarm.stored.then_some(true);
            put_block(&mut report, &alarm.block);
        }
        Message::CellList(list) => {
            report.kind = Kind::Cell;
            put_cells(&mut report, list.cells);
        }
        Message::Firmware(_) => {
            report.kind = Kind::Info;
            report.code = frame.message_type();
        }
        Message::HandshakeAck(_) | Message::LoginAck(_) | Message::AlarmAck(_) => {
            report.kind = Kind::Ack;
        }
        Message::Command(_) => put_command(&mut report, frame),
        Message::Unknown(_) if report.direction == Direction::Down => {
            put_command(&mut report, frame);
        }
        Message::Unknown(_) => report.code = frame.message_type(),
    }
    report
}

/// Returns the values of the frame that few frames have.
#[inline(never)]
pub(crate) fn details<'a>(frame: &Frame<'a>) -> Details<'a> {
    let message = frame.message();
    Details {
        temperature: message.block().and_then(LocationBlock::temperature),
        firmware: match message {
            Message::Firmware(firmware) => {
                Some(firmware.version).filter(|version| !version.as_bytes().is_empty())
            }
            _ => None,
        },
        ..Details::default()
    }
}

/// Puts the IMEI into the report, unless the device goes by it.
fn put_imei(report: &mut Report<'_>, imei: Option<DeviceId>) {
    report.imei = imei.filter(|_| imei != report.device);
}

fn put_block(report: &mut Report<'_>, block: &LocationBlock<'_>) {
    report.time = block.time();
    report.position = place(block.position(), block.fix);
    report.valid = block.fix;
    report.speed = block.speed();
    report.course = block.course();
    report.odometer = block.mileage;
    put_io(report, block.io);
}

fn put_cells<'a>(report: &mut Report<'a>, cells: Cells<'a>) {
    report.cell = detail(|| cells.serving());
    report.cells = detail(|| report::Cells::new(Protocol::Tk103, cells.text, cells.neighbours()));
    put_io(report, cells.io());
}

fn put_io(report: &mut Report<'_>, io: Option<IoStatus>) {
    report.charging = io.and_then(IoStatus::power_cut).map(|is_cut| !is_cut);
    report.ignition = io.and_then(IoStatus::ignition);
}

fn put_command<'a>(report: &mut Report<'a>, frame: &Frame<'a>) {
    report.kind = Kind::Command;
    report.code = frame.message_type();
    // The text of an address is not ASCII.
    report.text = Some(frame.body())
        .filter(|body| !body.is_empty() && !has_binary_body(*frame.word().as_bytes()))
        .map(Text::Bytes);
}

/// The neighbour cells of a message.
pub(crate) type Neighbours<'a> = CellIter<'a>;

/// The places of a message: none has several.
pub(crate) type RecordIter<'a> = iter::Empty<Record<'a>>;

/// Reads the neighbour cells in the text of [`Cells`].
pub(crate) fn neighbours(text: &[u8]) -> Neighbours<'_> {
    Cells { text }.neighbours()
}

/// Returns nothing: no message has several places.
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
