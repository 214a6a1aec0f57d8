//! One connection: who is it, what must be answered, and how to send it a command.

use crate::protocol::gt06;
use crate::protocol::h02;
use crate::protocol::tk103;
use crate::{
    error::EncodeError,
    protocol::{Direction, Frame, Protocol, gt02},
    report::{Kind, Report},
    sms::{self, CommandSet},
    types::{DateTime, DeviceId, Text},
};
use core::{fmt, ops::Deref};
use heapless::Vec;

/// One connection, or one UDP peer. No socket, no clock, no queue: frames go in, reports and answers come out.
///
/// ```
/// use gt02::{Decoder, Item, Session};
///
/// let mut decoder = Decoder::<260>::new();
/// let mut session = Session::new();
/// let mut input = &b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a"[..];
/// while let Some(item) = decoder.decode(&mut input) {
///     if let Item::Frame(frame) = item {
///         let outcome = session.handle(&frame);
///         assert_eq!(outcome.report.voltage_level, Some(5));
///         assert_eq!(outcome.reply.as_deref(), Some(&b"\x54\x68\x1a\x0d\x0a"[..])); // to be sent back
///     }
/// }
/// assert_eq!(session.device().unwrap().to_string(), "358899058314017");
/// ```
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Session {
    device: Option<DeviceId>,
    protocol: Option<Protocol>,
    answers_all: bool,
    /// What commands must repeat.
    maker: h02::Maker,
}

/// What comes of a frame.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// What the frame reports.
    pub report: Report<'a>,
    /// The bytes to send back; `None` if the frame is not answered.
    ///
    /// Devices that get no answer reconnect, again and again. To whom it is given, a server decides after it has seen the report.
    pub reply: Option<Reply>,
}

impl Session {
    /// A connection of which nothing is known yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { device: None, protocol: None, answers_all: false, maker: h02::Maker::Hq }
    }

    /// Answers every frame of a `gt06` device, not only those that the papers want answered.
    ///
    /// Some public servers do, and devices bear it; whether any needs it is not established (spec gt06, section 6). A request for the time (`8A`) is
    /// answered with the time alone.
    #[must_use]
    pub const fn answer_all(mut self) -> Self {
        self.answers_all = true;
        self
    }

    /// The device at the other end, as soon as a frame has named it.
    #[must_use]
    pub const fn device(&self) -> Option<DeviceId> {
        self.device
    }

    /// The protocol of the device's last frame.
    #[must_use]
    pub const fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// Takes a frame from the device, and says what it reports and what must be answered.
    ///
    /// The answer depends on the envelope alone: it is right even when the body cannot be read. A frame that only servers send is not answered, and
    /// says nothing of the device. What is answered with the time is left unanswered: see [`handle_at`](Self::handle_at).
    pub fn handle<'a>(&mut self, frame: &Frame<'a>) -> Outcome<'a> {
        self.handle_with(frame, None)
    }

    /// The same, at this time, UTC; so what is answered with the time is answered, too: requests for the time of `gt06` devices, and positions and
    /// cells (`V1`, `NBR`) of `h02` devices.
    ///
    /// ```
    /// use gt02::{Frame, Session, types::DateTime};
    /// // Spec gt06, section 4.7.
    /// let request = Frame::parse(b"\x78\x78\x05\x8a\x00\x06\x88\x29\x0d\x0a").unwrap();
    /// let now = DateTime { year: 15, month: 12, day: 29, hour: 0, minute: 0, second: 21 };
    /// let reply = Session::new().handle_at(&request, now).reply.unwrap();
    /// assert_eq!(*reply, *b"\x78\x78\x0b\x8a\x0f\x0c\x1d\x00\x00\x15\x00\x06\xf0\x86\x0d\x0a");
    /// assert!(Session::new().handle(&request).reply.is_none());
    /// ```
    pub fn handle_at<'a>(&mut self, frame: &Frame<'a>, now: DateTime) -> Outcome<'a> {
        self.handle_with(frame, Some(now))
    }

    fn handle_with<'a>(&mut self, frame: &Frame<'a>, now: Option<DateTime>) -> Outcome<'a> {
        let mut report = Report::new(frame, Direction::Up);
        let mut reply = None;
        if report.direction == Direction::Up {
            self.protocol = Some(report.protocol);
            if report.device.is_some() {
                self.device = report.device;
            }
            reply = match frame {
                Frame::Gt02(_) if report.kind == Kind::Heartbeat => Reply::new(&gt02::ACK),
                Frame::Gt02(_) => None,
                Frame::Gt06(frame) => Reply::gt06(frame, now, self.answers_all),
                Frame::Tk103(frame) => frame.answer().and_then(|answer| Reply::written(|out| answer.encode(out))),
                // No answer is known (spec v680, section 1.6).
                Frame::V680(_) => None,
                Frame::H02(frame) => {
                    self.maker = frame.header().maker;
                    frame.answer(now).and_then(|answer| Reply::written(|out| answer.encode(out)))
                }
            };
        }
        // The id in a frame of a server may be a filler, and names nobody.
        report.device = self.device;
        Outcome { report, reply }
    }

    /// What a frame of the server's reports, in a capture of both directions: it is for the device of this session, and is never answered.
    #[must_use]
    pub fn overhear<'a>(&self, frame: &Frame<'a>) -> Outcome<'a> {
        let mut report = Report::new(frame, Direction::Down);
        // The id in a frame of a server may be a filler, and names nobody.
        report.device = self.device;
        Outcome { report, reply: None }
    }

    /// Writes a command for the connected device to the front of `out`, in the protocol that it speaks, and says how many bytes it is.
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Command};
    /// let mut session = Session::new();
    /// session.handle(&Frame::parse(b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a")?);
    /// let mut out = [0; 64];
    /// let len = session.command(&Command::Text("WHERE,666666#"), &mut out).unwrap();
    /// assert_eq!(out[..len], *b"\x88\x88\x13\x1c\x11\x00\x00\x00\x00WHERE,666666#\x0d\x0a");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    ///
    /// # Errors
    /// If nothing was received yet, or if the command cannot be encoded. The commands of `h02` hold the time: see [`command_at`](Self::command_at).
    pub fn command(&self, command: &Command<'_>, out: &mut [u8]) -> Result<usize, CommandError> {
        self.command_with(command, None, out)
    }

    /// The same, at this time, UTC, which commands of `h02` hold and the device's answer repeats.
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Command, types::DateTime};
    /// // Spec h02, sections 5 and 7.
    /// let mut session = Session::new();
    /// session.handle(&Frame::parse(b"*HQ,135790246811220,HTBT,100#").unwrap());
    /// let now = DateTime { year: 16, month: 3, day: 5, hour: 13, minute: 3, second: 5 };
    /// let mut out = [0; 64];
    /// let len = session.command_at(&Command::CutRelay, now, &mut out).unwrap();
    /// assert_eq!(out[..len], *b"*HQ,135790246811220,S20,130305,1,1#");
    /// ```
    ///
    /// # Errors
    /// If nothing was received yet, or if the command cannot be encoded.
    pub fn command_at(&self, command: &Command<'_>, now: DateTime, out: &mut [u8]) -> Result<usize, CommandError> {
        self.command_with(command, Some(now), out)
    }

    fn command_with(&self, command: &Command<'_>, now: Option<DateTime>, out: &mut [u8]) -> Result<usize, CommandError> {
        let protocol = self.protocol.ok_or(CommandError::NoProtocol)?;
        match protocol {
            Protocol::Gt02 => command.with_text(protocol, |text| gt02::Command { flag: 0, text: Text::Ascii(text.as_bytes()) }.encode(out)),
            Protocol::Gt06 => command.with_text(protocol, |text| gt06::Command::new(text)?.encode(out)),
            Protocol::Tk103 => self.tk103_command(command, out),
            // No command is known (spec v680, section 1.6).
            Protocol::V680 => Err(CommandError::Unsupported { protocol }),
            Protocol::H02 => self.h02_command(command, now, out),
        }
    }

    /// Spec tk103, section 6.
    fn tk103_command(&self, command: &Command<'_>, out: &mut [u8]) -> Result<usize, CommandError> {
        use tk103::Action;

        let action = match *command {
            Command::Locate => Action::Locate,
            Command::CutRelay => Action::Oil { cut: true },
            Command::RestoreRelay => Action::Oil { cut: false },
            Command::Interval { seconds } => Action::Interval { seconds, hours: 0, minutes: 0 },
            Command::ClearAlarms => Action::CancelAlarms,
            Command::Text(_) | Command::Sms { .. } => return Err(CommandError::Unsupported { protocol: Protocol::Tk103 }),
        };
        // Devices do not look at it; old ones repeat it.
        let mut digits = [b'0'; tk103::MAX_ID];
        let mut len = tk103::USUAL_ID;
        if let Some(device) = self.device.filter(|device| (tk103::MIN_ID..=tk103::MAX_ID).contains(&device.digit_count().into())) {
            len = device.digit_count().into();
            for (to, digit) in digits.iter_mut().zip(device.digits()) {
                *to |= digit;
            }
        }
        let id = digits.get(..len).unwrap_or_default();
        tk103::Command { id, action }.encode(out).map_err(CommandError::Encode)
    }

    /// Spec h02, section 5.
    fn h02_command(&self, command: &Command<'_>, now: Option<DateTime>, out: &mut [u8]) -> Result<usize, CommandError> {
        use h02::{Header, Id, Order, TimeOfDay};

        let order = match *command {
            Command::CutRelay => Order::Relay { cut: true },
            Command::RestoreRelay => Order::Relay { cut: false },
            Command::Interval { seconds } => Order::Interval { seconds: seconds.into() },
            Command::ClearAlarms => Order::ClearAlarms,
            Command::Locate | Command::Text(_) | Command::Sms { .. } => return Err(CommandError::Unsupported { protocol: Protocol::H02 }),
        };
        let DateTime { hour, minute, second, .. } = now.ok_or(CommandError::NoTime)?;
        // A document has this in place of an id.
        let filler = DeviceId::from_ascii(b"000");
        let id = self.device.or(filler).map_or(Id::Other(Text::Ascii(&[])), Id::Number);
        let command = h02::Command { header: Header { maker: self.maker, id }, time: TimeOfDay { hour, minute, second }, order };
        command.encode(out).map_err(CommandError::Encode)
    }
}

/// What a server can ask of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Command<'a> {
    /// A text of the device's own command set, the same as by SMS, such as `WHERE,666666#`. With `gt02` and `gt06`.
    Text(&'a str),
    /// What the device takes by SMS, too, over its connection: boxes of sets A and B do ([`sms`]), which speak `gt02` or `gt06`. Its answer comes as
    /// a [response](Report::answer).
    Sms {
        /// The set that the device understands.
        set: CommandSet,
        /// What it is to do.
        command: sms::Command<'a>,
        /// Its password; `None` for the one that devices of the set leave the factory with.
        password: Option<&'a str>,
    },
    /// To cut fuel or electricity off. With `gt06` the text is Concox's `DYD,000000#`, which holds the password that devices come with; others and
    /// other passwords go by [`Text`](Self::Text). With `tk103` it is `AV01` 0, which no GT02A is known to obey; with `h02` it is `S20` 1,1.
    CutRelay,
    /// To let fuel or electricity through again. With `gt06`: `HFYD,000000#`; with `tk103`: `AV01` 1; with `h02`: `S20` 1,0.
    RestoreRelay,
    /// To say where it is. With `gt06`: `DWXX,000000#`; with `tk103`: `AP00`.
    Locate,
    /// To say where it is again and again. With `tk103`: `AR00`, without an end, where 0 seconds are never; with `h02`: `S17`.
    ///
    /// `gt02` and `gt06` devices are told by [`Sms`](Self::Sms).
    Interval {
        /// Seconds from one position to the next. A device may have a least interval of its own.
        seconds: u16,
    },
    /// To forget the alarms that it goes on reporting. With `tk103`: `AV02`; with `h02`: `R7`.
    ClearAlarms,
}

impl Command<'_> {
    /// Writes the text that the command is in a protocol whose commands are texts.
    fn with_text(&self, protocol: Protocol, write: impl FnOnce(&str) -> Result<usize, EncodeError>) -> Result<usize, CommandError> {
        let sms;
        let text = match *self {
            Self::Text(text) => text,
            Self::Sms { set, command, password } => {
                sms = command.to_sms(set, password.or(set.default_password()).unwrap_or_default()).map_err(CommandError::Sms)?;
                &sms
            }
            // Spec gt06, section 4.6.
            Self::CutRelay if protocol != Protocol::Gt02 => "DYD,000000#",
            Self::RestoreRelay if protocol != Protocol::Gt02 => "HFYD,000000#",
            Self::Locate if protocol != Protocol::Gt02 => "DWXX,000000#",
            _ => return Err(CommandError::Unsupported { protocol }),
        };
        write(text).map_err(CommandError::Encode)
    }
}

/// Why there is no command to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandError {
    /// The device has sent nothing yet, so its protocol is not known.
    NoProtocol,
    /// The command holds the time, and none was given: see [`Session::command_at`].
    NoTime,
    /// No source says how the device is asked for this in its protocol. With `gt02` and `gt06` a [`Command::Text`] may.
    Unsupported {
        /// The protocol that the device speaks.
        protocol: Protocol,
    },
    /// The set cannot express the command, or a value is not allowed.
    Sms(sms::CommandError),
    /// The command cannot be encoded.
    Encode(EncodeError),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProtocol => f.write_str("the device has sent nothing yet, so its protocol is not known"),
            Self::NoTime => f.write_str("the command holds the time, and none was given"),
            Self::Unsupported { protocol } => write!(f, "no such command is known for {protocol}"),
            Self::Sms(error) => error.fmt(f),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CommandError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Sms(error) => Some(error),
            Self::Encode(error) => Some(error),
            Self::NoTime => None,
            Self::NoProtocol | Self::Unsupported { .. } => None,
        }
    }
}

/// Bytes to send back to a device. Derefs to a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    bytes: Vec<u8, { Self::CAPACITY }>,
}

impl Reply {
    /// The longest answer of the protocols that there are: of `gt06` it is the time, of `gt02` the only one.
    const CAPACITY: usize = {
        let most = 8;
        let most = larger(most, 16);
        let most = larger(most, tk103::MAX_ANSWER_LEN);
        let most = larger(most, h02::MAX_ANSWER_LEN);
        most
    };

    fn new(bytes: &[u8]) -> Option<Self> {
        Vec::from_slice(bytes).ok().map(|bytes| Self { bytes })
    }

    /// What `write` writes to the front of a buffer.
    fn written(write: impl FnOnce(&mut [u8]) -> Result<usize, EncodeError>) -> Option<Self> {
        let mut out = [0; Self::CAPACITY];
        let len = write(&mut out).ok()?;
        Self::new(out.get(..len)?)
    }

    /// The answer to a frame of a device: the same number and the same serial, and no content; or the time (spec gt06, section 2).
    fn gt06(frame: &gt06::Frame<'_>, now: Option<DateTime>, all: bool) -> Option<Self> {
        let envelope = gt06::Envelope::short(frame.serial());
        match frame.code() {
            gt06::TIME => now.and_then(|time| Self::written(|out| gt06::Time { envelope, time }.encode(out))),
            code @ (0x01 | 0x13 | 0x23 | 0x16 | 0x26 | 0x27) => Self::written(|out| gt06::Empty { envelope, code }.encode(out)),
            code if all => Self::written(|out| gt06::Empty { envelope, code }.encode(out)),
            _ => None,
        }
    }
}

const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

impl Deref for Reply {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Reply {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:02x}", self);
    }
}
