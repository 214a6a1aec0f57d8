use super::{CellSource, Cells, Code, Kind, Report, place};
use crate::{
    protocol::{
        Direction, Protocol,
        tk103::{self, Block, Frame, Io, LoginContent, Message},
    },
    types::{DeviceId, NeighbourCell, Text},
};

impl<'a> Report<'a> {
    pub(super) fn tk103(frame: &Frame<'a>, direction: Direction) -> Self {
        let message = &frame.message();
        let mut report = Self::empty(Protocol::Tk103, direction, Kind::Unknown);
        report.device = message.device_id();
        // What devices echo of a server's words, too.
        if message.direction() == Direction::Down {
            report.direction = Direction::Down;
        }
        match message {
            Message::Handshake(handshake) => {
                report.kind = Kind::Heartbeat;
                report.tk103_imei(handshake.imei());
            }
            Message::Login(login) => {
                report.kind = Kind::Login;
                report.tk103_imei(login.imei());
                match &login.content {
                    LoginContent::Location(block) => report.tk103_block(block),
                    LoginContent::Cells(cells) => report.tk103_cells(*cells),
                    LoginContent::Empty => {}
                }
            }
            Message::Location(location) => {
                // Also a `BR03`, which asks for the address of the place. Whether `BR01` are stored ones, the documents do not agree.
                report.kind = Kind::Location;
                report.tk103_block(&location.block);
            }
            Message::Alarm(alarm) => {
                report.kind = Kind::Alarm;
                report.alarm = alarm.alarm();
                report.alarm_code = alarm.code();
                report.resent = alarm.stored.then_some(true);
                report.tk103_block(&alarm.block);
            }
            Message::CellList(list) => {
                report.kind = Kind::Cell;
                report.tk103_cells(list.cells);
            }
            Message::Firmware(firmware) => {
                report.kind = Kind::Info;
                report.code = Some(word(frame));
                report.firmware = Some(firmware.version).filter(|version| !version.as_bytes().is_empty());
            }
            Message::HandshakeAck(_) | Message::LoginAck(_) | Message::AlarmAck(_) => report.kind = Kind::Ack,
            Message::Command(_) => report.tk103_command(frame),
            Message::Unknown(_) if report.direction == Direction::Down => report.tk103_command(frame),
            Message::Unknown(_) => report.code = Some(word(frame)),
        }
        report
    }

    /// The IMEI, unless it is what the device goes by.
    fn tk103_imei(&mut self, imei: Option<DeviceId>) {
        self.imei = imei.filter(|_| imei != self.device);
    }

    fn tk103_block(&mut self, block: &Block<'_>) {
        self.time = block.time();
        self.position = place(block.position(), block.fix);
        self.valid = block.fix;
        self.speed = block.speed();
        self.course = block.course();
        self.odometer = block.mileage;
        self.tk103_io(block.io);
    }

    fn tk103_cells(&mut self, cells: tk103::Cells<'a>) {
        self.cell = cells.serving();
        self.cells = Cells::of(CellSource::Tk103(cells));
        self.tk103_io(cells.io());
    }

    fn tk103_io(&mut self, io: Option<Io>) {
        self.charging = io.and_then(Io::is_power_cut).map(|is_cut| !is_cut);
        self.ignition = io.and_then(Io::ignition);
    }

    fn tk103_command(&mut self, frame: &Frame<'a>) {
        self.kind = Kind::Command;
        self.code = Some(word(frame));
        // What devices are told of an address is no ASCII.
        self.text = Some(frame.body()).filter(|body| !body.is_empty() && !tk103::is_binary(frame.as_bytes())).map(Text::Ascii);
    }
}

/// The command word, where it stands in the frame.
fn word<'a>(frame: &Frame<'a>) -> Code<'a> {
    let start = frame.id().len().saturating_add(1);
    let word = frame.as_bytes().get(start..start.saturating_add(4)).unwrap_or_default();
    Code::Text(Text::Ascii(word))
}

/// The neighbours, if the source is a frame of this protocol.
pub(super) fn neighbours<'a>(source: CellSource<'a>) -> Option<impl Iterator<Item = NeighbourCell> + use<'a>> {
    match source {
        CellSource::Tk103(cells) => Some(cells.neighbours()),
        _ => None,
    }
}
