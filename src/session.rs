//! One connection: who is it, what must be answered, and how to send it a command.

use crate::{
    error::EncodeError,
    protocol::{self, Frame, h02},
    report::Report,
    sms::{self, CommandSet},
    types::{DateTime, DeviceId, Direction, Protocol},
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
    /// The protocol that commands are written in.
    protocol: Option<Protocol>,
    devices: Devices,
    peer: Peer,
}

/// What a session knows of the other end: replies and commands depend on it.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Peer {
    /// The device that the frame is from, or that the command is for.
    pub(crate) device: Option<DeviceId>,
    /// Whether every frame of `gt06` is to be answered.
    pub(crate) replies_to_all: bool,
    /// The maker in the last frame of `h02`, which commands must repeat.
    pub(crate) maker: h02::Maker,
}

/// The device of each protocol, as its frames named it.
///
/// One box goes by different numbers in different protocols, and a damaged frame without a checksum
/// may name anybody: so a frame says nothing of the frames of other protocols.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
struct Devices([Option<DeviceId>; Devices::COUNT]);

macro_rules! devices {
    ($($(#[$doc:meta])* $name:ident {
        module: $module:ident, number: $number:literal, enabled: $enabled:expr
    })*) => {
        impl Devices {
            /// The number of protocols that are enabled.
            const COUNT: usize = {
                let mut count = 0_usize;
                $(if $enabled {
                    count = count.wrapping_add(1);
                })*
                count
            };

            /// The device of `protocol`; `None` if it is not enabled.
            fn of(&mut self, protocol: Protocol) -> Option<&mut Option<DeviceId>> {
                let mut devices = self.0.iter_mut();
                $(if $enabled {
                    let device = devices.next()?;
                    if protocol == Protocol::$name {
                        return Some(device);
                    }
                })*
                None
            }
        }
    };
}
for_each_protocol!(devices);

impl Devices {
    /// Notes which device a frame names, if any. `device` becomes the device that the frame is from.
    fn note(&mut self, protocol: Protocol, device: &mut Option<DeviceId>) -> Identity {
        let Some(known) = self.of(protocol) else {
            return Identity::Unknown;
        };
        // Boxes that were never set up send zeros.
        let is_filler = |id: &DeviceId| id.as_u64() == 0;
        match (*known, *device) {
            (None, None) => Identity::Unknown,
            (Some(id), None) => {
                *device = Some(id);
                Identity::Same
            }
            (Some(old), Some(new)) if old == new => Identity::Same,
            (Some(old), Some(new)) if is_filler(&new) && !is_filler(&old) => {
                *device = Some(old);
                Identity::Same
            }
            (old, Some(new)) => {
                *known = Some(new);
                match old.filter(|old| !is_filler(old)) {
                    Some(from) => Identity::Changed { from },
                    None => Identity::First,
                }
            }
        }
    }
}

/// What a frame says of who the device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Identity {
    /// No frame of its protocol has named a device yet.
    Unknown,
    /// The frame is the first of its protocol to name a device.
    First,
    /// The frame names the device that is known, or none; or it has zeros for a device id.
    Same,
    /// The frame names another device than the frames of its protocol before it: a second device
    /// behind one connection, a forged frame, or a damaged one.
    Changed {
        /// The device that was known.
        from: DeviceId,
    },
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
    /// What the frame says of who the device is.
    pub identity: Identity,
}

/// What the protocol writes as the command; unsupported if the protocol is not enabled.
macro_rules! command {
    (
        $protocol:ident, $command:ident, $peer:ident, $now:ident, $out:ident;
        $($(#[$doc:meta])* $name:ident { module: $module:ident, number: $number:literal, enabled: $enabled:expr })*
    ) => {
        match $protocol {
            $(
                Protocol::$name if $enabled => {
                    protocol::$module::command($command, $peer, $now, $out)
                }
            )*
            protocol => Err(CommandError::Unsupported { protocol }),
        }
    };
}

impl Session {
    /// A connection of which nothing is known yet.
    #[must_use]
    pub const fn new() -> Self {
        let peer = Peer {
            device: None,
            replies_to_all: false,
            maker: h02::Maker::Hq,
        };
        Self {
            protocol: None,
            devices: Devices([None; Devices::COUNT]),
            peer,
        }
    }

    /// Answers every frame of a `gt06` device, not only those that the papers want answered.
    ///
    /// Some public servers do, and devices bear it; whether any needs it is not established (spec gt06, section 6). A request for the time (`8A`) is
    /// answered with the time alone.
    #[must_use]
    pub const fn reply_to_all(mut self) -> Self {
        self.peer.replies_to_all = true;
        self
    }

    /// Returns the device that commands go to: the one that frames of [`protocol`](Self::protocol)
    /// name. `None` until a frame names one.
    #[must_use]
    pub const fn device(&self) -> Option<DeviceId> {
        self.peer.device
    }

    /// Returns the protocol that commands are written in: that of the last frame from the device.
    ///
    /// Once a frame has named a device, frames of other protocols that name none do not change it.
    #[must_use]
    pub const fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// Takes a frame from the device, and returns what it reports and what must be sent back.
    ///
    /// The reply depends on the envelope alone: it is right even when the body cannot be read. A
    /// frame that only servers send gets no reply, and says nothing of the device. Replies that
    /// carry the server's time are left out: see [`handle_at`](Self::handle_at).
    #[must_use = "the outcome holds the reply that the device waits for"]
    pub fn handle<'a>(&mut self, frame: &Frame<'a>) -> Outcome<'a> {
        self.handle_with(frame, None)
    }

    /// Takes a frame from the device as [`handle`](Self::handle) does, and also replies where the
    /// reply carries the server's time: to requests for the time (`gt06` `8A`), and to positions and
    /// cells (`h02` `V1`, `NBR`).
    ///
    /// `now` is UTC. If it is no date that exists, those frames are left unanswered.
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
    #[must_use = "the outcome holds the reply that the device waits for"]
    pub fn handle_at<'a>(&mut self, frame: &Frame<'a>, now: DateTime) -> Outcome<'a> {
        self.handle_with(frame, Some(now).filter(|now| now.is_valid()))
    }

    fn handle_with<'a>(&mut self, frame: &Frame<'a>, now: Option<DateTime>) -> Outcome<'a> {
        let mut report = Report::new(frame, Direction::Up);
        if report.direction == Direction::Down {
            return self.downlink(report);
        }
        let identity = self.devices.note(report.protocol, &mut report.device);
        let commands_go_here = match self.peer.device {
            // Not even a device is known by another protocol.
            None => true,
            Some(_) => report.device.is_some() || self.protocol == Some(report.protocol),
        };
        if commands_go_here {
            self.protocol = Some(report.protocol);
            self.peer.device = report.device;
        }
        report.device = report.device.or(self.peer.device);
        let reply = Reply::new(frame, &mut self.peer, now);
        Outcome {
            report,
            reply,
            identity,
        }
    }

    /// Takes a frame from the server, in a capture of both directions. It is for the device of this
    /// session, and is never answered.
    #[must_use]
    pub fn observe_downlink<'a>(&self, frame: &Frame<'a>) -> Outcome<'a> {
        self.downlink(Report::new(frame, Direction::Down))
    }

    fn downlink<'a>(&self, mut report: Report<'a>) -> Outcome<'a> {
        // The id in a frame of a server may be a filler, and names nobody.
        report.device = self.peer.device;
        let identity = match report.device {
            Some(_) => Identity::Same,
            None => Identity::Unknown,
        };
        Outcome {
            report,
            reply: None,
            identity,
        }
    }

    /// Writes a command for the connected device to the front of `out`, in the protocol that it speaks, and says how many bytes it is.
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Command};
    /// let mut session = Session::new();
    /// let _ = session.handle(&Frame::parse(b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a")?);
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

    /// Writes a command as [`command`](Self::command) does, in a frame that may hold the time: `h02`
    /// commands do, and the device's answer repeats it. `now` is UTC.
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Command, types::DateTime};
    /// // Spec h02, sections 5 and 7.
    /// let mut session = Session::new();
    /// let _ = session.handle(&Frame::parse(b"*HQ,135790246811220,HTBT,100#").unwrap());
    /// let now = DateTime { year: 16, month: 3, day: 5, hour: 13, minute: 3, second: 5 };
    /// let mut out = [0; 64];
    /// let len = session.command_at(&Command::CutRelay, now, &mut out).unwrap();
    /// assert_eq!(out[..len], *b"*HQ,135790246811220,S20,130305,1,1#");
    /// ```
    ///
    /// # Errors
    /// If nothing was received yet, if `now` is no date that exists, or if the command cannot be
    /// encoded.
    pub fn command_at(
        &self,
        command: &Command<'_>,
        now: DateTime,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        self.command_with(command, Some(now), out)
    }

    fn command_with(
        &self,
        command: &Command<'_>,
        now: Option<DateTime>,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        let protocol = self.protocol.ok_or(CommandError::NoProtocol)?;
        if now.is_some_and(|now| !now.is_valid()) {
            return Err(CommandError::InvalidTime);
        }
        let peer = &self.peer;
        for_each_protocol!(command protocol, command, peer, now, out;)
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
    /// Has the command written as text, for a protocol whose commands are texts.
    ///
    /// # Errors
    /// If the command is no text, or what `write` says.
    pub(crate) fn with_text(
        &self,
        protocol: Protocol,
        write: impl FnOnce(&str) -> Result<usize, EncodeError>,
    ) -> Result<usize, CommandError> {
        let sms;
        let text = match *self {
            Self::Text(text) => text,
            Self::Sms {
                set,
                command,
                password,
            } => {
                let password = password.or(set.default_password()).unwrap_or_default();
                sms = command.to_sms(set, password).map_err(CommandError::Sms)?;
                &sms
            }
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
    /// The time that was given is no date and time of day that exist.
    InvalidTime,
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
            Self::NoProtocol => {
                f.write_str("the device has sent nothing yet, so its protocol is not known")
            }
            Self::NoTime => f.write_str("the command holds the time, and none was given"),
            Self::InvalidTime => f.write_str("the time that was given does not exist"),
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
            Self::NoTime | Self::InvalidTime => None,
            Self::NoProtocol | Self::Unsupported { .. } => None,
        }
    }
}

/// The length of the longest answer of all protocols.
macro_rules! longest_answer {
    ($(
        $(#[$doc:meta])* $name:ident { module: $module:ident, number: $number:literal, enabled: $enabled:expr }
    )*) => {{
        let mut longest = 0;
        $(
            if protocol::$module::MAX_REPLY_LEN > longest {
                longest = protocol::$module::MAX_REPLY_LEN;
            }
        )*
        longest
    }};
}

/// What the frame's protocol writes as the answer; `None` if that is nothing, or if the protocol is
/// not enabled.
macro_rules! reply {
    (
        $frame:ident, $peer:ident, $now:ident, $out:ident;
        $($(#[$doc:meta])* $name:ident { module: $module:ident, number: $number:literal, enabled: $enabled:expr })*
    ) => {
        match $frame {
            $(
                Frame::$name(frame) if $enabled => {
                    protocol::$module::reply(frame, $peer, $now, $out)
                }
            )*
            _ => None,
        }
    };
}

/// Bytes to send back to a device. Derefs to a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    bytes: Vec<u8, { Self::CAPACITY }>,
}

impl Reply {
    /// The longest answer of all protocols.
    const CAPACITY: usize = for_each_protocol!(longest_answer);

    /// The answer to a frame of a device; `None` if there is none.
    fn new(frame: &Frame<'_>, peer: &mut Peer, now: Option<DateTime>) -> Option<Self> {
        let out = &mut [0; Self::CAPACITY];
        let len = for_each_protocol!(reply frame, peer, now, out;)?;
        Vec::from_slice(out.get(..len)?)
            .ok()
            .map(|bytes| Self { bytes })
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
