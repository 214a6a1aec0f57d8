//! One connection: who is it, what must be answered, and how to send it a command.

use crate::{
    error::EncodeError,
    protocol::{Direction, Frame, Protocol, gt02},
    report::{Kind, Report},
    types::{DeviceId, Text},
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
        Self { device: None, protocol: None }
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
    /// says nothing of the device.
    pub fn handle<'a>(&mut self, frame: &Frame<'a>) -> Outcome<'a> {
        let mut report = Report::new(frame, Direction::Up);
        if report.direction == Direction::Up {
            self.protocol = Some(report.protocol);
            if report.device.is_some() {
                self.device = report.device;
            }
        }
        let reply = match frame {
            Frame::Gt02(_) if report.kind == Kind::Heartbeat => Reply::new(&gt02::ACK),
            Frame::Gt02(_) => None,
        };
        report.device = self.device;
        Outcome { report, reply }
    }

    /// What a frame of the server's reports, in a capture of both directions: it is for the device of this session, and is never answered.
    #[must_use]
    pub fn overhear<'a>(&self, frame: &Frame<'a>) -> Outcome<'a> {
        let mut report = Report::new(frame, Direction::Down);
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
    /// If nothing was received yet, or if the command cannot be encoded.
    pub fn command(&self, command: &Command<'_>, out: &mut [u8]) -> Result<usize, CommandError> {
        match (self.protocol, command) {
            (None, _) => Err(CommandError::NoProtocol),
            (Some(Protocol::Gt02), Command::Text(text)) => {
                gt02::Command { flag: 0, text: Text(text.as_bytes()) }.encode(out).map_err(CommandError::Encode)
            }
        }
    }
}

/// What a server can ask of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Command<'a> {
    /// A text of the device's own command set, the same as by SMS, such as `WHERE,666666#`.
    Text(&'a str),
}

/// Why there is no command to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandError {
    /// The device has sent nothing yet, so its protocol is not known.
    NoProtocol,
    /// The command cannot be encoded.
    Encode(EncodeError),
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProtocol => f.write_str("the device has sent nothing yet, so its protocol is not known"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CommandError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Encode(error) => Some(error),
            Self::NoProtocol => None,
        }
    }
}

/// Bytes to send back to a device. Derefs to a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    bytes: Vec<u8, { Self::CAPACITY }>,
}

impl Reply {
    const CAPACITY: usize = 8;

    fn new(bytes: &[u8]) -> Option<Self> {
        Vec::from_slice(bytes).ok().map(|bytes| Self { bytes })
    }
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
