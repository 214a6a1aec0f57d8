//! Reports: what a frame says, in the same shape for every protocol.

mod details;
mod key;
#[cfg(feature = "defmt")]
mod log;

pub use details::{AccessPoints, Details, Iccid, Network};

use crate::{
    features::DETAILS,
    protocol::{self, Frame},
    sms,
    types::{
        AccessPoint, Alarm, CellTower, Course, DateTime, DeviceId, Direction, MessageType,
        NeighbourCell, Position, Protocol, Speed, Text, Voltage,
    },
};
use core::fmt;

/// The content of a frame, in the same shape for every protocol.
///
/// A field is `None` if its value was not sent or cannot exist (a 13th month, a latitude of 91
/// degrees); the message of the frame has the raw value. With the feature `serde` a report is
/// serialized with the field names in parentheses.
///
/// Values that few frames have, such as a temperature or the ICCID, are not fields, which would
/// be copied with every report: [`details`](Self::details) reads them from the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report<'a> {
    /// The protocol of the frame (`protocol`).
    pub protocol: Protocol,
    /// The direction in which the frame travels (`direction`, left out if up).
    pub direction: Direction,
    /// The kind of message (`kind`).
    pub kind: Kind,
    /// The message's type as the protocol writes it, if the kind does not tell (`code`). For a
    /// response of `h02`, the command that it answers.
    pub code: Option<MessageType<'a>>,
    /// The device that sent the frame, or that it is for (`device`). A [session](crate::Session)
    /// fills it in from earlier frames if this one does not name a device.
    pub device: Option<DeviceId>,
    /// The device's IMEI, if the frame carries one that is not the device id (`imei`).
    pub imei: Option<DeviceId>,
    /// The frame's serial number (`serial`).
    pub serial: Option<u16>,
    /// Date and time by the device's clock (`time`).
    pub time: Option<DateTime>,
    /// The current or last known position of the device (`latitude`, `longitude`, in degrees).
    pub position: Option<Position>,
    /// Whether the device says that it has a fix (`valid`).
    pub valid: Option<bool>,
    /// Speed over ground (`speed_kmh`, in kilometres per hour).
    pub speed: Option<Speed>,
    /// Course over ground (`course`, in degrees).
    pub course: Option<Course>,
    /// Number of satellites (`satellites`).
    pub satellites: Option<u8>,
    /// The serving cell (`cell`).
    pub cell: Option<CellTower>,
    /// The neighbour cells (`cells`).
    pub cells: Option<Cells<'a>>,
    /// The cause of the alarm (`alarm`).
    pub alarm: Option<Alarm>,
    /// The alarm's code as sent (`alarm_code`). In `gt06` the fence alarms `27` and `A4` have codes
    /// above 255.
    pub alarm_code: Option<u16>,
    /// Raw level of the battery or supply (`voltage_level`): 0 to 6 in the vendor documents, per
    /// cent in heartbeats of `h02`.
    pub voltage_level: Option<u8>,
    /// Raw level of the mobile network's signal (`gsm_level`): 0 to 4 in the vendor documents,
    /// another scale in `h02`.
    pub gsm_level: Option<u8>,
    /// Whether the device is charging, or has external power (`charging`).
    pub charging: Option<bool>,
    /// Whether the ignition is on (`ignition`).
    pub ignition: Option<bool>,
    /// Whether the relay cuts fuel or electricity off (`relay_cut`).
    pub relay_cut: Option<bool>,
    /// Whether the device is armed (`armed`).
    pub armed: Option<bool>,
    /// Whether the device tracks by GPS (`gps_tracking`).
    pub gps_tracking: Option<bool>,
    /// Voltage, if the protocol sends one (`voltage`, in volts).
    pub voltage: Option<Voltage>,
    /// Raw distance covered (`odometer`). Its unit depends on the protocol, and is not established
    /// for all of them.
    pub odometer: Option<u32>,
    /// Whether the device stored the message and sends it late, if the protocol tells (`resent`).
    pub resent: Option<bool>,
    /// Text of a response or a command (`text`).
    pub text: Option<Text<'a>>,
    /// The positions of a frame that has several (`records`). The first of them is in this report
    /// as well.
    pub records: Option<Records<'a>>,
    /// The bytes of the frame, for [`details`](Self::details).
    frame: &'a [u8],
}

/// The kinds of [`Report`]. The discriminants are stable: a kind keeps its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Kind {
    /// A login: the device says who it is.
    Login = 1,
    /// A position, or the message that takes its place while there is no fix.
    Location = 2,
    /// A sign of life.
    Heartbeat = 3,
    /// An alarm, mostly with a position. `gt02` and `h02` send alarms in locations: look at
    /// [`Report::alarm`], not only at the kind.
    Alarm = 4,
    /// A response of the device to a command.
    Response = 5,
    /// Cells of the mobile network, without a position.
    Cell = 6,
    /// Information about the device itself.
    Info = 7,
    /// A request for the time.
    TimeRequest = 8,
    /// A request for the street address of a place.
    AddressRequest = 9,
    /// A command to the device.
    Command = 10,
    /// A reply of the server to a frame.
    Ack = 11,
    /// A type that has no name here; [`Report::code`] has it.
    Unknown = 255,
}

impl Kind {
    /// Returns the name in JSON: lower case, words joined by `_`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Location => "location",
            Self::Heartbeat => "heartbeat",
            Self::Alarm => "alarm",
            Self::Response => "response",
            Self::Cell => "cell",
            Self::Info => "info",
            Self::TimeRequest => "time_request",
            Self::AddressRequest => "address_request",
            Self::Command => "command",
            Self::Ack => "ack",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Calls `report` of the frame's protocol.
macro_rules! dispatch {
    (
        $frame:ident, $direction:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
    ) => {
        match $frame {
            $(Frame::$name(frame) if $enabled => protocol::$module::report(frame, $direction),)*
            _ => Report::empty($frame.protocol(), $direction, Kind::Unknown, $frame.as_bytes()),
        }
    };
}

/// Calls a function of the frame's protocol; `$default` if that is not enabled.
macro_rules! read {
    (
        $function:ident, $default:expr, $report:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
    ) => {
        match $report.protocol {
            $(Protocol::$name if $enabled => {
                let frame = protocol::$module::Frame::from_candidate($report.frame);
                protocol::$module::$function(&frame)
            })*
            _ => $default,
        }
    };
}

/// An iterator over what the function `$read` of a protocol reads from the bytes; it ends at once
/// if the protocol is not enabled.
macro_rules! iterator {
    (
        $(#[$attribute:meta])* $iterator:ident, $inner:ident, $item:ty, $read:ident, $type:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        pub struct $iterator<'a>($inner<'a>);

        #[derive(Clone)]
        enum $inner<'a> {
            $($name(protocol::$module::$type<'a>),)*
            Nothing,
        }

        impl<'a> $iterator<'a> {
            fn new(protocol: Protocol, bytes: &'a [u8]) -> Self {
                Self(match protocol {
                    $(Protocol::$name if $enabled => {
                        $inner::$name(protocol::$module::$read(bytes))
                    })*
                    _ => $inner::Nothing,
                })
            }
        }

        impl<'a> Iterator for $iterator<'a> {
            type Item = $item;

            fn next(&mut self) -> Option<$item> {
                match &mut self.0 {
                    $($inner::$name(items) if $enabled => items.next(),)*
                    _ => None,
                }
            }
        }

        impl fmt::Debug for $iterator<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.clone()).finish()
            }
        }
    };
}
for_each_protocol!(iterator
    #[doc = "Iterates over the [`Cells`] of a report, which are read from the frame one by one."]
    CellIter, CellsOf, NeighbourCell, neighbours, Neighbours;
);
for_each_protocol!(iterator
    #[doc = "Iterates over the [`Records`] of a report, which are read from the frame one by one."]
    RecordIter, RecordsOf, Record<'a>, records, RecordIter;
);
for_each_protocol!(iterator
    #[doc = "Iterates over [`AccessPoints`], which are read from the frame one by one."]
    AccessPointIter, AccessPointsOf, AccessPoint<'a>, access_points, AccessPointIter;
);

/// The neighbour cells that a frame names, in the order in which they were sent. They are parsed
/// during iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Cells<'a> {
    protocol: Protocol,
    /// The frame or the part of it from which the protocol's `neighbours` reads them.
    bytes: &'a [u8],
}

impl<'a> Cells<'a> {
    /// Creates the cells that the protocol reads from these bytes: these `cells`. Returns `None`
    /// without any.
    pub(crate) fn new(
        protocol: Protocol,
        bytes: &'a [u8],
        mut cells: impl Iterator<Item = NeighbourCell>,
    ) -> Option<Self> {
        cells.next().map(|_| Self { protocol, bytes })
    }

    /// Returns an iterator over them.
    #[must_use]
    pub fn iter(&self) -> CellIter<'a> {
        CellIter::new(self.protocol, self.bytes)
    }
}

impl<'a> IntoIterator for Cells<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Cells<'a> {
    type Item = NeighbourCell;
    type IntoIter = CellIter<'a>;

    fn into_iter(self) -> CellIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The positions of a frame that has several, in the order in which they were sent. They are parsed
/// during iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Records<'a> {
    protocol: Protocol,
    /// The frame or the part of it from which the protocol's `records` reads them.
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    /// Creates the records that the protocol reads from these bytes.
    pub(crate) const fn new(protocol: Protocol, bytes: &'a [u8]) -> Self {
        Self { protocol, bytes }
    }

    /// Returns an iterator over them.
    #[must_use]
    pub fn iter(&self) -> RecordIter<'a> {
        RecordIter::new(self.protocol, self.bytes)
    }
}

impl<'a> IntoIterator for Records<'a> {
    type Item = Record<'a>;
    type IntoIter = RecordIter<'a>;

    fn into_iter(self) -> RecordIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Records<'a> {
    type Item = Record<'a>;
    type IntoIter = RecordIter<'a>;

    fn into_iter(self) -> RecordIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// One position of several in a frame. The fields mean the same as those of [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Record<'a> {
    /// Date and time by the device's clock (`time`).
    pub time: Option<DateTime>,
    /// The position of the device (`latitude`, `longitude`, in degrees).
    pub position: Option<Position>,
    /// Speed over ground (`speed_kmh`, in kilometres per hour).
    pub speed: Option<Speed>,
    /// Course over ground (`course`, in degrees).
    pub course: Option<Course>,
    /// The serving cell (`cell`).
    pub cell: Option<CellTower>,
    /// The neighbour cells (`cells`).
    pub cells: Option<Cells<'a>>,
}

impl<'a> Report<'a> {
    /// Creates the report of a frame that travels in this direction, from the frame alone. A
    /// [`Session`](crate::Session) also takes earlier frames of the connection into account.
    ///
    /// The direction of a frame that only servers send is always [`Down`](Direction::Down). A frame
    /// of a protocol that is not [enabled](Protocol::is_enabled) reports nothing: its kind is
    /// [`Unknown`](Kind::Unknown).
    ///
    /// ```
    /// use gt02::{Direction, Frame, Report, report::Kind};
    /// let bytes = b"\x68\x68\x15\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\
    ///     \x07APEXOK!\x0d\x0a";
    /// let report = Report::new(&Frame::parse(bytes)?, Direction::Up);
    /// assert_eq!(report.kind, Kind::Response);
    /// assert_eq!(report.device.unwrap().to_string(), "358899058952584");
    /// assert_eq!(report.text.unwrap().as_str(), Some("APEXOK!"));
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub fn new(frame: &Frame<'a>, direction: Direction) -> Self {
        for_each_protocol!(dispatch frame, direction;)
    }

    /// Reads the values that few frames have.
    ///
    /// ```
    /// use gt02::{Direction, Frame, Report};
    /// // A heartbeat of `gt02`, with the signal-to-noise ratio of four satellites.
    /// let bytes = b"\x68\x68\x13\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\x00\x1a\
    ///     \x04\x04\x23\x26\x1e\x29\x0d\x0a";
    /// let report = Report::new(&Frame::parse(bytes)?, Direction::Up);
    /// assert_eq!(report.details().snr, Some(&[35, 38, 30, 41][..]));
    /// assert_eq!(report.details().temperature, None);
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn details(&self) -> Details<'a> {
        if !DETAILS {
            return Details::default();
        }
        for_each_protocol!(read details, Details::default(), self;)
    }

    /// Returns the bytes of the frame.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.frame
    }

    /// Returns the tag of the command that a response answers, as it was given to
    /// [`Session::command_tagged`](crate::Session::command_tagged): the server flag of `gt06`.
    /// `None` for all other frames.
    ///
    /// In `h02` a response repeats the command and its time of day: [`code`](Self::code) and the
    /// text.
    #[must_use]
    pub fn tag(&self) -> Option<u32> {
        for_each_protocol!(read tag, None, self;)
    }

    /// Parses the text of a response to a command; devices send the same texts by SMS. Returns
    /// `None` if the report is not a response, has no text, or has its text in UTF-16, which
    /// [`answer_in`](Self::answer_in) reads.
    ///
    /// ```
    /// use gt02::{Frame, Session, session, sms::{Command, CommandSet, Verdict}};
    ///
    /// let mut session = Session::new();
    /// let heartbeat =
    ///     b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
    /// let _ = session.handle(&Frame::parse(heartbeat)?);
    /// let command = Command::Interval { seconds: 60 };
    /// let mut out = [0; 64];
    /// let sms = session::Command::Sms { set: CommandSet::B, command, password: None };
    /// let len = session.command(&sms, &mut out).unwrap();
    /// assert_eq!(out[9..len - 2], *b"TIMER,666666,,60#");
    ///
    /// let response = b"\x68\x68\x16\x00\x00\x03\x58\x89\x90\x58\x95\x25\x84\x00\x83\x1c\
    ///     \x08TIMEROK!\x0d\x0a";
    /// let response = Frame::parse(response)?;
    /// let answer = session.handle(&response).report.answer().unwrap();
    /// assert_eq!(command.verdict(CommandSet::B, &answer), Verdict::Done);
    /// # Ok::<(), gt02::Error>(())
    /// ```
    #[must_use]
    pub fn answer(&self) -> Option<sms::Answer<'a>> {
        match (self.kind, self.text) {
            (Kind::Response, Some(Text::Bytes(text))) => Some(sms::Answer::parse(text)),
            _ => None,
        }
    }

    /// Parses the text of a response to a command, also one in UTF-16, which the answer borrows as
    /// UTF-8 from `buffer`. Returns `None` if the report is not a response or has no text.
    ///
    /// A text of n units takes up to 3n bytes; what has no room is cut off.
    #[must_use]
    pub fn answer_in<'b>(&self, buffer: &'b mut [u8]) -> Option<sms::Answer<'b>>
    where
        'a: 'b,
    {
        match (self.kind, self.text) {
            (Kind::Response, Some(text)) => Some(sms::Answer::parse_text(text, buffer)),
            _ => None,
        }
    }

    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    pub(crate) const fn empty(
        protocol: Protocol,
        direction: Direction,
        kind: Kind,
        frame: &'a [u8],
    ) -> Self {
        Self {
            protocol,
            direction,
            kind,
            code: None,
            device: None,
            imei: None,
            serial: None,
            time: None,
            position: None,
            valid: None,
            speed: None,
            course: None,
            satellites: None,
            cell: None,
            cells: None,
            alarm: None,
            alarm_code: None,
            voltage_level: None,
            gsm_level: None,
            charging: None,
            ignition: None,
            relay_cut: None,
            armed: None,
            gps_tracking: None,
            voltage: None,
            odometer: None,
            resent: None,
            text: None,
            records: None,
            frame,
        }
    }
}

/// Drops a position of zeros without a fix: devices send it if they have no position.
pub(crate) fn place(position: Option<Position>, has_fix: Option<bool>) -> Option<Position> {
    position.filter(|position| {
        has_fix == Some(true) || position.latitude.units() != 0 || position.longitude.units() != 0
    })
}
