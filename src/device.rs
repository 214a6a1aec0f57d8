//! The device's side: writes plain values as frames of any protocol.
//!
//! [`Uplink`] mirrors [`Report`](crate::Report): what a device encodes here is what a server
//! reports. [`Received`] is what a server's frame is to the device. It is for firmware, gateways
//! and simulators; the messages under [`protocol`] have every field on the wire.
//!
//! ```
//! use core::time::Duration;
//! use gt02::{
//!     Protocol,
//!     device::{Device, Fix, Received, Uplink},
//! };
//!
//! let mut device = Device::new(Protocol::Gt06, "353588020144007".parse()?);
//! let mut out = [0; 128];
//! // The time is from a clock of the caller's: since the start, for example.
//! let login = device.send(&Uplink::Login, Duration::ZERO, &mut out)?;
//! // Transmit `out[..login.len]`. Without a reply by the deadline, connect again.
//! assert_eq!(device.deadline(), Some(Duration::from_secs(5)));
//! # #[cfg(feature = "gt06")] {
//! let reply = gt02::Frame::parse(b"\x78\x78\x05\x01\x00\x01\xd9\xdc\x0d\x0a")?;
//! assert_eq!(device.receive(&reply), Received::Reply);
//! assert_eq!(device.deadline(), None);
//! # }
//! # device.give_up();
//!
//! let sentence = b"$GPRMC,073000.00,A,3355.4940,S,01825.4460,E,12.5,217.0,040526,,,A*71";
//! let fix = Fix::from_rmc(sentence).unwrap();
//! let location = device.send(&Uplink::Location(fix), Duration::from_secs(1), &mut out)?;
//! assert_eq!(location.expects, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod nmea;
mod reported;

use crate::{
    error::EncodeError,
    protocol::{self, Frame},
    types::{
        Alarm, CellTower, Course, DateTime, DeviceId, MessageType, Position, Protocol, Speed, Text,
    },
};
use core::{fmt, time::Duration};

/// A device: its id, its protocol, the serial of its next frame, and the reply that it waits for.
///
/// It has no socket, no clock and no queue. [`send`](Self::send) and [`receive`](Self::receive)
/// keep track of one reply at a time; [`encode`](Self::encode) waits for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Device {
    protocol: Protocol,
    id: DeviceId,
    serial: u16,
    /// The tag of the last command, which responses repeat.
    tag: u32,
    waiting: Option<Waiting>,
}

/// A reply that is waited for, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Waiting {
    reply: ExpectedReply,
    deadline: Duration,
}

macro_rules! uplink {
    (
        $device:ident, $uplink:ident, $out:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
    ) => {
        match $device.protocol {
            $(Protocol::$name if $enabled => {
                protocol::$module::uplink($uplink, $device, $out)
            })*
            protocol => Err(UplinkError::Unsupported { protocol }),
        }
    };
}

/// Calls `downlink` of the frame's protocol.
macro_rules! downlink {
    (
        $frame:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
    ) => {
        match $frame {
            $(Frame::$name(frame) if $enabled => protocol::$module::downlink(frame),)*
            _ => None,
        }
    };
}

impl Device {
    /// Creates a device with this id that speaks `protocol`. Its first serial is 1, and it waits
    /// for nothing.
    #[must_use]
    pub const fn new(protocol: Protocol, id: DeviceId) -> Self {
        Self {
            protocol,
            id,
            serial: 1,
            tag: 0,
            waiting: None,
        }
    }

    /// Returns the protocol that the device speaks.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Returns the device's id.
    #[must_use]
    pub const fn id(&self) -> DeviceId {
        self.id
    }

    /// Returns the serial of the next frame. Only frames of `gt02` and `gt06` carry it.
    #[must_use]
    pub const fn serial(&self) -> u16 {
        self.serial
    }

    /// Returns the tag of the last command received, which responses repeat: the server flag of
    /// `gt06`. It is 0 before the first command, and in all other protocols.
    #[must_use]
    pub const fn tag(&self) -> u32 {
        self.tag
    }

    /// Writes `uplink` like [`encode`](Self::encode), and waits for the reply if the server owes
    /// one: until `now` plus the reply's [patience](ExpectedReply::patience).
    ///
    /// `now` is the time since any moment that the caller chooses, the same in every call.
    ///
    /// # Errors
    /// Those of [`encode`](Self::encode), and [`Waiting`](UplinkError::Waiting) if the server owes
    /// a reply to this frame while it still owes one to another.
    pub fn send(
        &mut self,
        uplink: &Uplink<'_>,
        now: Duration,
        out: &mut [u8],
    ) -> Result<Sent, UplinkError> {
        let mut device = *self;
        let sent = device.encode(uplink, out)?;
        if let Some(reply) = sent.expects {
            if self.waiting.is_some() {
                return Err(UplinkError::Waiting);
            }
            device.waiting = Some(Waiting {
                reply,
                deadline: now.saturating_add(reply.patience()),
            });
        }
        *self = device;
        Ok(sent)
    }

    /// Takes a frame from the server, and returns what it is to the device.
    ///
    /// A reply ends the wait. The tag of a command is kept for the [response](Uplink::Response).
    pub fn receive<'a>(&mut self, frame: &Frame<'a>) -> Received<'a> {
        if self
            .waiting
            .is_some_and(|waiting| waiting.reply.is_met_by(frame))
        {
            self.waiting = None;
            return Received::Reply;
        }
        match Downlink::of(frame) {
            Some(Downlink::Command(command)) if frame.protocol() == self.protocol => {
                self.tag = command.tag;
                Received::Command(command)
            }
            _ => Received::Other,
        }
    }

    /// Returns the reply that the device waits for.
    #[must_use]
    pub const fn waits_for(&self) -> Option<ExpectedReply> {
        match self.waiting {
            Some(waiting) => Some(waiting.reply),
            None => None,
        }
    }

    /// Returns the time until which the device waits for the reply; `None` if it waits for none.
    #[must_use]
    pub const fn deadline(&self) -> Option<Duration> {
        match self.waiting {
            Some(waiting) => Some(waiting.deadline),
            None => None,
        }
    }

    /// Returns `true` if the deadline has come without the reply: the server is deaf. Connect
    /// again, [give up](Self::give_up) the reply, and log in.
    #[must_use]
    pub fn is_late(&self, now: Duration) -> bool {
        self.deadline().is_some_and(|deadline| now >= deadline)
    }

    /// Stops waiting for the reply.
    pub const fn give_up(&mut self) {
        self.waiting = None;
    }

    /// Writes `uplink` as one frame to the front of `out`, and increments the serial.
    ///
    /// What the protocol has no field for is left out; a value too large for its field is an error.
    /// A serial that would spell another frame with the bytes after it is skipped. 256 bytes are
    /// enough for every message except a long response.
    ///
    /// # Errors
    /// If the protocol is not [enabled](Protocol::is_enabled), if it has no such message or alarm,
    /// if a value is too large for its field, if the time of a fix does not exist, or if `out` is
    /// too small. On error the serial stays, and the contents of `out` are unspecified.
    pub fn encode(&mut self, uplink: &Uplink<'_>, out: &mut [u8]) -> Result<Sent, UplinkError> {
        if let Uplink::Location(fix) | Uplink::Alarm { fix, .. } = uplink {
            if !fix.time.is_valid() {
                return Err(UplinkError::InvalidTime);
            }
        }
        let mut device = *self;
        let mut sent = device.encode_once(uplink, out);
        if sent == Err(UplinkError::Encode(EncodeError::Ambiguous)) {
            device.serial = device.serial.wrapping_add(1);
            sent = device.encode_once(uplink, out);
        }
        let sent = sent?;
        self.serial = device.serial.wrapping_add(1);
        Ok(sent)
    }

    /// Writes `uplink` with the serial as it is.
    fn encode_once(&self, uplink: &Uplink<'_>, out: &mut [u8]) -> Result<Sent, UplinkError> {
        let device = self;
        for_each_protocol!(uplink device, uplink, out;)
    }
}

/// A message of a device, as plain values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Uplink<'a> {
    /// A login: the device says who it is.
    Login,
    /// A sign of life, with the device's status.
    Heartbeat(Status),
    /// A position.
    Location(Fix),
    /// An alarm.
    Alarm {
        /// The cause of the alarm.
        alarm: Alarm,
        /// The position at which it was raised.
        fix: Fix,
        /// The device's status. Its ignition counts before that of the fix.
        status: Status,
    },
    /// A response to the last command received, as text.
    Response(&'a str),
}

/// A position, with the values that were measured together with it.
///
/// [`new`](Self::new) creates one of a time and a position; set the other fields afterwards.
/// [`from_rmc`](Self::from_rmc) and [`from_gga`](Self::from_gga) read what a receiver says,
/// [`from_report`](Self::from_report) what another device reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Fix {
    /// Date and time, UTC.
    pub time: DateTime,
    /// The current or last known position.
    pub position: Position,
    /// Speed over ground; `None` if it is not known. `gt02`, `gt06` and `h02` then say 0.
    pub speed: Option<Speed>,
    /// Course over ground; `None` if it is not known. `gt02`, `gt06` and `h02` then say 0.
    pub course: Option<Course>,
    /// Number of satellites; `None` if it is not known.
    pub satellites: Option<u8>,
    /// Whether the receiver has a fix; otherwise the position is the last known one.
    pub valid: bool,
    /// Whether the position was stored and is sent late.
    pub resent: bool,
    /// The serving cell of the mobile network; `None` if it is not known.
    pub cell: Option<CellTower>,
    /// Whether the ignition is on; `None` if it is not known.
    pub ignition: Option<bool>,
}

impl Fix {
    /// Creates a valid fix that was not stored. The rest is not known.
    #[must_use]
    pub const fn new(time: DateTime, position: Position) -> Self {
        Self {
            time,
            position,
            speed: None,
            course: None,
            satellites: None,
            valid: true,
            resent: false,
            cell: None,
            ignition: None,
        }
    }
}

/// The status of a device. `None` means that a value is not known. Where the protocol cannot say
/// "not known", it is sent as 0 or off; in `h02` the ignition is sent as on, which is how devices
/// without that wire send it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Status {
    /// Raw level of the battery or supply, on the protocol's scale: mostly 0 to 6, per cent in
    /// `h02`.
    pub voltage_level: Option<u8>,
    /// Raw level of the mobile network's signal, on the protocol's scale: mostly 0 to 4.
    pub gsm_level: Option<u8>,
    /// Whether the device is charging, or has external power.
    pub charging: Option<bool>,
    /// Whether the ignition is on.
    pub ignition: Option<bool>,
    /// Whether the relay cuts fuel or electricity off.
    pub relay_cut: Option<bool>,
    /// Whether the device is armed.
    pub armed: Option<bool>,
    /// Whether the receiver has a fix.
    pub valid: Option<bool>,
}

impl Status {
    /// Creates a status in which no value is known.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            voltage_level: None,
            gsm_level: None,
            charging: None,
            ignition: None,
            relay_cut: None,
            armed: None,
            valid: None,
        }
    }
}

/// A frame that [`Device::encode`] wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Sent {
    /// The length of the frame, in bytes.
    pub len: usize,
    /// The reply that the server owes; `None` if it owes none.
    pub expects: Option<ExpectedReply>,
}

impl Sent {
    /// A frame of `len` bytes that is not answered.
    pub(crate) const fn unanswered(len: usize) -> Self {
        Self { len, expects: None }
    }

    /// A frame of `len` bytes that is answered by a frame of this type and, if the protocol counts
    /// frames, of this serial.
    pub(crate) const fn answered(
        len: usize,
        protocol: Protocol,
        message_type: MessageType<'static>,
        serial: Option<u16>,
    ) -> Self {
        Self {
            len,
            expects: Some(ExpectedReply {
                protocol,
                message_type,
                serial,
            }),
        }
    }
}

/// The reply that a device waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExpectedReply {
    protocol: Protocol,
    message_type: MessageType<'static>,
    serial: Option<u16>,
}

impl ExpectedReply {
    /// Returns `true` if `frame`, received from the server, is the reply: it has the expected type
    /// and, where the protocol counts frames, the expected serial. The device is not compared: only
    /// some replies name one.
    #[must_use]
    pub fn is_met_by(&self, frame: &Frame<'_>) -> bool {
        frame.protocol() == self.protocol
            && Downlink::of(frame) == Some(Downlink::Reply(self.message_type))
            && (self.serial.is_none() || frame.serial() == self.serial)
    }

    /// Returns how long [`Device::send`] waits for the reply: 30 s for `AS01` of `tk103`, 5 s for
    /// all others.
    ///
    /// The vendor documents say so of `AS01`, of the login of [`gt06`](crate::manual::gt06) and the
    /// heartbeat of [`gt02`](crate::manual::gt02). No source has a number for the others.
    #[must_use]
    pub fn patience(&self) -> Duration {
        let seconds = match self.message_type {
            MessageType::Text(Text::Bytes(b"AS01")) => 30,
            _ => 5,
        };
        Duration::from_secs(seconds)
    }
}

/// The meaning of a frame from the server for a [`Device`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Received<'a> {
    /// The reply that the device waited for.
    Reply,
    /// A command.
    Command(Command<'a>),
    /// Anything else: the time or an address, which the message of the frame has, a reply that
    /// nothing waits for, or a frame of another protocol.
    Other,
}

/// What a frame from a server is, by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Downlink<'a> {
    /// A reply of this type.
    Reply(MessageType<'a>),
    /// A command.
    Command(Command<'a>),
}

impl<'a> Downlink<'a> {
    /// `None` if the frame is neither, or if its protocol is not enabled.
    fn of(frame: &Frame<'a>) -> Option<Self> {
        for_each_protocol!(downlink frame;)
    }
}

/// A command from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Command<'a> {
    /// The type of the command, such as `AR00` or `S20`; `None` in `gt02` and `gt06`, whose
    /// commands are texts.
    pub code: Option<MessageType<'a>>,
    /// The text of the command, or its parameters; empty if there are none.
    pub text: Text<'a>,
    /// The tag, which the response repeats; 0 in protocols without tags.
    pub tag: u32,
}

impl<'a> Command<'a> {
    /// A command that is a text.
    pub(crate) const fn text(text: Text<'a>, tag: u32) -> Self {
        Self {
            code: None,
            text,
            tag,
        }
    }

    /// A command of a type of its own, with parameters.
    pub(crate) const fn coded(code: Option<MessageType<'a>>, parameters: &'a [u8]) -> Self {
        Self {
            code,
            text: Text::Bytes(parameters),
            tag: 0,
        }
    }
}

/// The error of encoding an [`Uplink`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UplinkError {
    /// The protocol has no such message, or no such alarm, or it is not enabled.
    Unsupported {
        /// The protocol that the device speaks.
        protocol: Protocol,
    },
    /// The time of the fix is no date and time of day that exist.
    InvalidTime,
    /// The server still owes a reply to another frame: see [`Device::send`].
    Waiting,
    /// The message cannot be encoded.
    Encode(EncodeError),
}

impl From<EncodeError> for UplinkError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl fmt::Display for UplinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported { protocol } => {
                write!(f, "{protocol} has no such message or alarm")
            }
            Self::InvalidTime => f.write_str("the time of the fix does not exist"),
            Self::Waiting => f.write_str("the reply to another frame is still to come"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for UplinkError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unsupported { .. } | Self::InvalidTime | Self::Waiting => None,
            Self::Encode(error) => Some(error),
        }
    }
}
