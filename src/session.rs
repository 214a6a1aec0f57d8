//! Sessions: the device of a connection, the replies that it waits for, and commands to it.

mod owned;
mod sequence;

pub use owned::{MAX_COMMAND_LEN, OwnedCommand, ParseCommandError};
pub use sequence::{Order, Sequence};

use crate::{
    error::EncodeError,
    protocol::{self, Frame, h02},
    report::{Kind, Report},
    sms::{self, CommandSet},
    types::{DateTime, DeviceId, Direction, Protocol},
};
use core::{fmt, ops::Deref, time::Duration};

/// The state of one connection, or of one UDP peer: frames go in, reports and replies come out.
///
/// It has no socket, no clock and no queue.
///
/// ```
/// use gt02::{Decoder, Item, Session};
///
/// let mut decoder = Decoder::<260>::new();
/// let mut session = Session::new();
/// let heartbeat =
///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
/// let mut input = &heartbeat[..];
/// while let Some(item) = decoder.decode(&mut input) {
///     if let Item::Frame(frame) = item {
///         let outcome = session.handle(&frame);
///         assert_eq!(outcome.report.voltage_level, Some(5));
///         // Send the reply back.
///         assert_eq!(outcome.reply.as_deref(), Some(&b"\x54\x68\x1a\x0d\x0a"[..]));
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

/// The knowledge of the other end on which replies and commands depend.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) struct Peer {
    /// The sender of the frame, or the device that the command is for.
    pub(crate) device: Option<DeviceId>,
    /// Whether every frame of `gt06` and `h02` gets a reply.
    pub(crate) replies_to_all: bool,
    /// Whether a login of `gt06` is answered with the time.
    pub(crate) sends_login_time: bool,
    /// The maker in the last frame of `h02`, which commands repeat.
    pub(crate) maker: h02::Maker,
    /// The tag of the command that is written: the server flag of `gt06`.
    pub(crate) tag: u32,
}

/// The device that the frames of each protocol named last.
///
/// They are kept apart, because one device may have different ids in different protocols, and a
/// damaged frame without a checksum may name any device.
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

            /// Returns the device of `protocol`; `None` if the protocol is not enabled.
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
    /// Notes the device that a frame names, if any, and sets `device` to the sender of the frame.
    fn note(&mut self, protocol: Protocol, device: &mut Option<DeviceId>) -> Identity {
        let Some(known) = self.of(protocol) else {
            return Identity::Unknown;
        };
        // Devices that were never set up send zeros.
        let is_filler = |id: &DeviceId| id.is_zero();
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

/// The relation between the device that a frame names and the one known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Identity {
    /// No frame of its protocol has named a device yet.
    Unknown,
    /// The frame is the first of its protocol to name a device, apart from zeros.
    First,
    /// The frame names the known device, or names none: also where its id is zeros, or more than a
    /// [`DeviceId`] holds.
    Same,
    /// The frame names another device than earlier frames of its protocol: a second device on the
    /// connection, a forged frame, or a damaged one.
    Changed {
        /// The device that earlier frames named.
        from: DeviceId,
    },
}

/// The result of handling a frame.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// The content of the frame.
    pub report: Report<'a>,
    /// The bytes to send back; `None` if the frame gets no reply.
    ///
    /// Devices that get no reply reconnect again and again. A server that serves only devices it
    /// knows decides after it has seen the report.
    pub reply: Option<Reply>,
    /// The relation between the device that the frame names and the one known before.
    pub identity: Identity,
}

impl<'a> Outcome<'a> {
    /// What comes of a frame by itself.
    ///
    /// The rest is filled in where it lies, and no reference to it is taken: else the compiler
    /// copies it at the end, and it is large.
    #[inline]
    fn new(frame: &Frame<'a>, direction: Direction) -> Self {
        Self {
            report: Report::new(frame, direction),
            reply: None,
            identity: Identity::Unknown,
        }
    }

    /// Returns what the device learns from the reply; `None` if there is no reply.
    ///
    /// | the reply is to | it confirms |
    /// |---|---|
    /// | a request for the time, and any frame of `h02` that is not a sign of life | [`Time`](Confirms::Time) |
    /// | a login, a heartbeat or information, without a position | [`Alive`](Confirms::Alive) |
    /// | an alarm, a position, cells, anything else | [`Data`](Confirms::Data) |
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Confirms};
    /// let heartbeat =
    ///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
    /// let outcome = Session::new().handle(&Frame::parse(heartbeat)?);
    /// assert_eq!(outcome.confirms(), Some(Confirms::Alive));
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn confirms(&self) -> Option<Confirms> {
        self.reply.as_ref()?;
        let report = &self.report;
        let is_sign_of_life = matches!(report.kind, Kind::Login | Kind::Heartbeat | Kind::Info);
        let has_data = report.position.is_some() || report.alarm.is_some();
        Some(match report.protocol {
            _ if report.kind == Kind::TimeRequest => Confirms::Time,
            Protocol::H02 if !is_sign_of_life => Confirms::Time,
            _ if is_sign_of_life && !has_data => Confirms::Alive,
            _ => Confirms::Data,
        })
    }

    /// Returns how long the device waits for the reply before it sends the frame again, or
    /// connects again; `None` if no source says so, or if there is no reply.
    ///
    /// | frame | patience | source |
    /// |---|---|---|
    /// | `gt06` login, `01` | 5 s | \[D\] |
    /// | `gt02` heartbeat, `1A` | 5 s | \[D\], 5.3 to 6.1 s \[C\] |
    /// | `tk103` alarm, `BO01` | 30 s, ten times | \[D\] |
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        self.reply.as_ref()?;
        let seconds = match (self.report.protocol, self.report.kind) {
            (Protocol::Gt06, Kind::Login) | (Protocol::Gt02, Kind::Heartbeat) => 5,
            (Protocol::Tk103, Kind::Alarm) => 30,
            _ => return None,
        };
        Some(Duration::from_secs(seconds))
    }
}

/// What a device learns from a reply: how long a server may keep the reply back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Confirms {
    /// The server is there. Reply at once: a device without a reply connects again.
    Alive,
    /// The server's time. Reply at once or not at all: later, the time is wrong.
    Time,
    /// The server has what the device sent, which the device may then forget. Reply when it is
    /// stored, within the [patience](Outcome::patience) of the device.
    Data,
}

/// Calls `command` of the protocol; the command is unsupported if the protocol is not enabled.
macro_rules! command {
    (
        $protocol:ident, $command:ident, $peer:ident, $now:ident, $out:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
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
    /// Creates a session in which no device is known.
    #[must_use]
    pub const fn new() -> Self {
        let peer = Peer {
            device: None,
            replies_to_all: false,
            sends_login_time: false,
            maker: h02::Maker::Hq,
            tag: 0,
        };
        Self {
            protocol: None,
            devices: Devices([None; Devices::COUNT]),
            peer,
        }
    }

    /// Makes the session reply to every frame of a `gt06` or `h02` device, not only to those that
    /// need a reply by the vendor documents.
    ///
    /// In `h02` frames without a reply of their own get `R12`, which holds the server's time: see
    /// [`handle_at`](Self::handle_at). A document of SinoTrack asks for it; captured devices go on
    /// without it.
    ///
    /// In `gt06`, some public servers do so, and devices tolerate it; whether any device needs it
    /// is not established: see ["Not established"](crate::manual::gt06). The reply to a request for
    /// the time (`8A`) is still only the time.
    #[must_use]
    pub const fn reply_to_all(mut self) -> Self {
        self.peer.replies_to_all = true;
        self
    }

    /// Makes the session answer the login of a `gt06` device with the server's time, as the public
    /// servers for BL10 locks do: see ["Login answer with time"](crate::manual::gt06).
    ///
    /// The login does not say that it is a lock's, so this is for a port that only locks use.
    /// [`handle`](Self::handle), which has no time, gives the reply without one.
    ///
    /// ```
    /// use gt02::{Frame, Session, types::DateTime};
    /// let login = Frame::parse(
    ///     b"\x78\x78\x0d\x01\x03\x56\x31\x40\x41\x41\x98\x58\x00\x01\x4e\x13\x0d\x0a",
    /// )?;
    /// let now = DateTime::new(2019, 11, 28, 7, 13, 46).unwrap();
    /// let mut session = Session::new().send_time_on_login();
    /// let reply = session.handle_at(&login, now).reply.unwrap();
    /// assert_eq!(
    ///     *reply,
    ///     *b"\x78\x78\x0c\x01\x13\x0b\x1c\x07\x0d\x2e\x00\x00\x01\x1b\x9d\x0d\x0a"
    /// );
    /// assert_eq!(session.handle(&login).reply.unwrap().len(), 10);
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub const fn send_time_on_login(mut self) -> Self {
        self.peer.sends_login_time = true;
        self
    }

    /// Returns the device that commands are written for: the one named by frames of the session's
    /// [`protocol`](Self::protocol). Returns `None` until a frame names one.
    #[must_use]
    pub const fn device(&self) -> Option<DeviceId> {
        self.peer.device
    }

    /// Returns the protocol that commands are written in: that of the last frame from the device.
    /// Returns `None` until a frame was handled.
    ///
    /// Once a frame has named a device, frames of other protocols that name none do not change it.
    #[must_use]
    pub const fn protocol(&self) -> Option<Protocol> {
        self.protocol
    }

    /// Handles a frame from the device: returns its report and the reply to send back.
    ///
    /// A frame whose body cannot be parsed still gets its reply, except `BP00` without `HSO` and
    /// `BO01` without a digit in `tk103`. A frame that only servers send gets no reply, and does
    /// not change the device. Frames whose reply carries the server's time get none: see
    /// [`handle_at`](Self::handle_at).
    ///
    /// Do not give a session what another server sent: `h02` sends `V0` and `HTBT` back as they
    /// came, and their direction cannot be told, so two servers would answer each other for ever.
    #[must_use = "the outcome holds the reply that the device waits for"]
    pub fn handle<'a>(&mut self, frame: &Frame<'a>) -> Outcome<'a> {
        self.handle_with(frame, None)
    }

    /// Handles a frame from the device like [`handle`](Self::handle), but also replies to frames
    /// whose reply carries the server's time: requests for the time (`gt06` `8A`), and positions
    /// and cells (`h02` `V1`, `NBR`; all other frames with [`reply_to_all`](Self::reply_to_all)).
    ///
    /// `now` is UTC. If it does not exist, those frames get no reply.
    ///
    /// ```
    /// use gt02::{Frame, Session, types::DateTime};
    /// // The example of the manual for gt06, "Time request (8A)".
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

    /// Handles a frame at a time that exists, or without one.
    // Not inlined where flash is scarce: the outcome would be moved, by `memcpy`.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) fn handle_with<'a>(
        &mut self,
        frame: &Frame<'a>,
        now: Option<DateTime>,
    ) -> Outcome<'a> {
        let mut outcome = Outcome::new(frame, Direction::Up);
        if let Direction::Down = outcome.report.direction {
            outcome.report.device = self.peer.device;
            outcome.identity = self.known();
        } else {
            let protocol = outcome.report.protocol;
            let mut device = outcome.report.device;
            outcome.identity = self.devices.note(protocol, &mut device);
            // Zeros name nobody: they neither take the commands nor keep them.
            let is_named = |id: Option<DeviceId>| id.is_some_and(|id| !id.is_zero());
            let commands_go_here =
                !is_named(self.peer.device) || is_named(device) || self.protocol == Some(protocol);
            if commands_go_here {
                self.protocol = Some(protocol);
                self.peer.device = device;
            }
            outcome.report.device = device.or(self.peer.device);
            outcome.reply = Reply::new(frame, &mut self.peer, now);
        }
        outcome
    }

    /// Reports a frame from the server, in a capture of both directions. The report has the device
    /// of the session; there is no reply.
    #[must_use]
    pub fn observe_downlink<'a>(&self, frame: &Frame<'a>) -> Outcome<'a> {
        let mut outcome = Outcome::new(frame, Direction::Down);
        outcome.report.device = self.peer.device;
        outcome.identity = self.known();
        outcome
    }

    /// Whom a frame from the server is for: its own id may be a placeholder, so it does not count.
    const fn known(&self) -> Identity {
        match self.peer.device {
            Some(_) => Identity::Same,
            None => Identity::Unknown,
        }
    }

    /// Writes a command for the device to the front of `out`, in the session's
    /// [protocol](Self::protocol), and returns its length in bytes.
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Command};
    /// let mut session = Session::new();
    /// let heartbeat =
    ///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
    /// let _ = session.handle(&Frame::parse(heartbeat)?);
    /// let mut out = [0; 64];
    /// let len = session.command(&Command::Text("WHERE,666666#"), &mut out).unwrap();
    /// assert_eq!(out[..len], *b"\x88\x88\x13\x1c\x11\x00\x00\x00\x00WHERE,666666#\x0d\x0a");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    ///
    /// # Errors
    /// If no frame was handled yet, or if the command cannot be encoded. Commands of `h02` contain
    /// the time: see [`command_at`](Self::command_at).
    pub fn command(&self, command: &Command<'_>, out: &mut [u8]) -> Result<usize, CommandError> {
        self.command_with(command, None, out)
    }

    /// Writes a command like [`command`](Self::command), in a frame that may contain the time.
    /// Those of `h02` do, and the device's response repeats it. `now` is UTC.
    ///
    /// ```
    /// use gt02::{Frame, Session, session::Command, types::DateTime};
    /// // The manual for h02, "Commands".
    /// let mut session = Session::new();
    /// let _ = session.handle(&Frame::parse(b"*HQ,135790246811220,HTBT,100#").unwrap());
    /// let now = DateTime { year: 16, month: 3, day: 5, hour: 13, minute: 3, second: 5 };
    /// let mut out = [0; 64];
    /// let len = session.command_at(&Command::CutRelay, now, &mut out).unwrap();
    /// assert_eq!(out[..len], *b"*HQ,135790246811220,S20,130305,1,1#");
    /// ```
    ///
    /// # Errors
    /// If no frame was handled yet, if `now` does not exist, or if the command cannot be encoded.
    pub fn command_at(
        &self,
        command: &Command<'_>,
        now: DateTime,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        self.command_with(command, Some(now), out)
    }

    /// Writes a command like [`command_at`](Self::command_at), with a tag that the response
    /// repeats: [`Report::tag`](crate::Report::tag). Only `gt06` has tags; in other protocols the
    /// frame is the same with any tag. A tag of 0 is that of [`command`](Self::command).
    ///
    /// Without `now`, commands that contain the time are refused.
    ///
    /// ```
    /// use gt02::{Frame, MAX_COMMAND_LEN, Session, session::Command};
    /// # #[cfg(feature = "gt06")] {
    /// let mut session = Session::new();
    /// let login = b"\x78\x78\x0d\x01\x03\x58\x91\x10\x20\x17\x65\x96\x00\x41\xf3\x5a\x0d\x0a";
    /// let _ = session.handle(&Frame::parse(login).unwrap());
    /// let mut out = [0; MAX_COMMAND_LEN];
    /// session.command_tagged(&Command::RestoreRelay, 0x1_A963, None, &mut out).unwrap();
    ///
    /// let response =
    ///     b"\x78\x78\x19\x15\x11\x00\x01\xa9\x63HFYD=Success!\x00\x02\x00\x1e\xf8\x93\x0d\x0a";
    /// let outcome = session.handle(&Frame::parse(response).unwrap());
    /// assert_eq!(outcome.report.tag(), Some(0x1_A963));
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`command_at`](Self::command_at), and if the command contains the time and `now` is
    /// `None`.
    pub fn command_tagged(
        &self,
        command: &Command<'_>,
        tag: u32,
        now: Option<DateTime>,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        let mut session = self.clone();
        session.peer.tag = tag;
        session.command_with(command, now, out)
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

/// A command of a server to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Command<'a> {
    /// A text of the device's own command set, as by SMS, such as `WHERE,666666#`. For `gt02` and
    /// `gt06`.
    Text(&'a str),
    /// An SMS command, sent over the connection. Devices of sets A, B, C and J accept these
    /// ([`sms`]); they speak `gt02` or `gt06`. The device answers with a
    /// [response](Report::answer).
    Sms {
        /// The set that the device understands.
        set: CommandSet,
        /// The command.
        command: sms::Command<'a>,
        /// The device's password; `None` for the factory default of the set.
        password: Option<&'a str>,
    },
    /// Cuts fuel or electricity off.
    ///
    /// | protocol | frame |
    /// |---|---|
    /// | `gt06` | the text `DYD,000000#` of Concox, with the default password; for others use [`Text`](Self::Text) |
    /// | `tk103` | `AV01` 0, which no GT02A is known to obey |
    /// | `h02` | `S20` 1,1 |
    CutRelay,
    /// Restores fuel or electricity: `HFYD,000000#` in `gt06`, `AV01` 1 in `tk103`, `S20` 1,0 in
    /// `h02`.
    RestoreRelay,
    /// Asks for the position once: `DWXX,000000#` in `gt06`, `AP00` in `tk103`.
    Locate,
    /// Sets the interval of positions: `AR00` without an end in `tk103`, where 0 seconds mean
    /// never, and `S17` in `h02`.
    ///
    /// For `gt02` and `gt06` use [`Sms`](Self::Sms).
    Interval {
        /// Seconds from one position to the next. A device may have a minimum of its own.
        seconds: u16,
    },
    /// Clears the alarms that the device keeps reporting: `AV02` in `tk103`, `R7` in `h02`.
    ClearAlarms,
}

impl Command<'_> {
    /// Passes the command as text to `write`, for a protocol whose commands are texts.
    ///
    /// # Errors
    /// If the command has no text form, or if `write` fails.
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

/// The error of writing a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandError {
    /// The device has sent nothing yet, so its protocol is not known.
    NoProtocol,
    /// The command contains the time, and none was given: see [`Session::command_at`].
    NoTime,
    /// The given date and time do not exist.
    InvalidTime,
    /// The protocol has no such command in any known source. In `gt02` and `gt06` a
    /// [`Command::Text`] may do it.
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

/// Computes the length of the longest reply of the protocols that are enabled.
macro_rules! longest_answer {
    ($(
        $(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        }
    )*) => {{
        let mut longest = 0;
        $(
            if $enabled && protocol::$module::MAX_REPLY_LEN > longest {
                longest = protocol::$module::MAX_REPLY_LEN;
            }
        )*
        longest
    }};
}

/// Calls `reply` of the frame's protocol; `None` if the protocol is not enabled.
macro_rules! reply {
    (
        $frame:ident, $peer:ident, $now:ident, $out:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
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

/// The bytes of a reply to a device. It dereferences to a slice.
#[derive(Clone)]
pub struct Reply {
    // No `Vec`, which has a destructor: see `Outcome::new`.
    buffer: [u8; Self::CAPACITY],
    len: usize,
}

impl Reply {
    /// The length of the longest reply of the protocols that are enabled.
    const CAPACITY: usize = for_each_protocol!(longest_answer);

    /// Creates the reply to a frame of a device without a session, for a gateway that only answers
    /// and forwards; `None` if the frame gets none. It is that of a new [`Session`].
    ///
    /// `now` is UTC. Without it, or if it does not exist, frames whose reply carries the time get
    /// none: see [`Session::handle_at`].
    ///
    /// ```
    /// use gt02::{Frame, session::Reply};
    /// let heartbeat =
    ///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
    /// let reply = Reply::to(&Frame::parse(heartbeat)?, None).unwrap();
    /// assert_eq!(*reply, *b"\x54\x68\x1a\x0d\x0a");
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn to(frame: &Frame<'_>, now: Option<DateTime>) -> Option<Self> {
        let now = now.filter(|now| now.is_valid());
        Self::new(frame, &mut Peer::default(), now)
    }

    /// Creates the reply to a frame of a device; `None` if it gets none.
    fn new(frame: &Frame<'_>, peer: &mut Peer, now: Option<DateTime>) -> Option<Self> {
        let mut buffer = [0; Self::CAPACITY];
        let out = &mut buffer;
        let len = for_each_protocol!(reply frame, peer, now, out;)?;
        Some(Self { buffer, len })
    }
}

impl Deref for Reply {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.buffer.get(..self.len).unwrap_or(&self.buffer)
    }
}

impl PartialEq for Reply {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Reply {}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("bytes", &&**self).finish()
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Reply {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{=[u8]:02x}", self);
    }
}
