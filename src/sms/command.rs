//! What a device can be asked by SMS.

use super::{
    Apn, Circuit, CommandError, CommandSet, Notify, Server, Sms,
    set::{a, b, c, gt02d, j, s, vsun, w, x},
    text::Draft,
};
use crate::types::{DeviceId, UtcOffset};

/// A command, whatever the set. [`to_sms`](Self::to_sms) writes it, [`parse`](Self::parse) reads
/// it.
///
/// Text fields are printable ASCII without blanks, `#`, `,` and `` ` `` (which the alphabet of
/// short messages lacks). Passwords are 4 to 6 digits; those of [`CommandSet::VSun`] and
/// [`CommandSet::S`] are 4. Numbers without a documented range may be 1 to 65535.
///
/// ```
/// use gt02::sms::{Command, CommandError, CommandSet};
/// let command = Command::Interval { seconds: 30 };
/// assert_eq!(command.to_sms(CommandSet::A, "000000")?.as_str(), "GPRSDS,000000,30#");
/// assert_eq!(command.to_sms(CommandSet::C, "123456")?.as_str(), "#at#30#sum#0#");
/// let parsed = Command::parse(CommandSet::A, "GPRSDS,000000,30#")?;
/// assert_eq!((parsed.command, parsed.password), (command, Some("000000")));
///
/// let error = Command::Interval { seconds: 5 }.to_sms(CommandSet::B, "666666").unwrap_err();
/// assert_eq!(error.to_string(), "the interval in seconds must be 10 to 18000");
/// # Ok::<(), CommandError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Command<'a> {
    /// Asks for the position.
    Locate,
    /// Asks for the position as a link to a map.
    MapLink,
    /// Asks for the firmware version.
    Version,
    /// Asks for the state: battery, network, fix.
    Status,
    /// Asks for the settings: access point and server. It proves that they were taken.
    Settings,
    /// Changes the password.
    Password {
        /// The new password. The old one is the password that the command is given with.
        new: &'a str,
    },
    /// Sets the access point of the mobile network.
    Apn(Apn<'a>),
    /// Sets the access point's user, in a set that has a command of its own for it.
    ApnUser {
        /// The user's name.
        user: &'a str,
    },
    /// Sets the password of the access point's user, in a set that has a command of its own for it.
    ApnPassword {
        /// The password.
        password: &'a str,
    },
    /// Sets where to report to.
    Server(Server<'a>),
    /// Sets access point and server in one.
    ApnAndServer {
        /// The access point, without user and password; its name has at most 30 bytes.
        apn: Apn<'a>,
        /// Where to report to.
        server: Server<'a>,
        /// The device's own id, 15 digits, which the command carries if, and only if, the server is
        /// given by its address.
        device: Option<DeviceId>,
    },
    /// Switches reports over the mobile network on or off.
    Data {
        /// On or off.
        on: bool,
    },
    /// Sets how often to report.
    Interval {
        /// Depends on the set:
        ///
        /// | set | range |
        /// |---|---|
        /// | A | 5 to 18000 |
        /// | B | 10 to 18000 |
        /// | J | 5 to 18000, or 0 for none |
        /// | C, Gt02d, S | not documented |
        /// | W | 1 to 999 seconds, minutes or hours |
        /// | VSun | 1 to 59 minutes, 1 to 39 hours |
        ///
        /// In set S it holds while the ignition is on.
        seconds: u32,
    },
    /// Sets how often to report, in the form that some devices of sets C and W take instead:
    /// `#AT#123456#30#00#`, `t060s***n123456`.
    OtherInterval {
        /// As [`Interval`](Self::Interval).
        seconds: u32,
    },
    /// Sets how often to report while the ignition is on, and while it is off.
    IgnitionIntervals {
        /// Seconds while it is on: 5 to 18000, or 0 for none.
        on: u32,
        /// Seconds while it is off: 5 to 18000, or 0 for none.
        off: u32,
    },
    /// Sets how often to report while the ignition is off.
    ParkedInterval {
        /// No range is documented.
        seconds: u32,
    },
    /// Sets how often to report while standing still.
    StaticInterval {
        /// No range is documented.
        minutes: u32,
    },
    /// Ends reports at an interval.
    IntervalOff,
    /// Reports by distance in place of time.
    Distance {
        /// 50 to 10000; 0 goes back to time.
        metres: u32,
    },
    /// Sets how often to send a heartbeat while the ignition is on, and while it is off.
    Heartbeat {
        /// Minutes while it is on, 1 to 10.
        on: u32,
        /// Minutes while it is off, 1 to 10.
        off: u32,
    },
    /// Sets the zone that the device's clock shows, from 12 hours west to 14 hours east of UTC.
    ///
    /// One document says that this is the clock of the device's SMS only.
    TimeZone(UtcOffset),
    /// Lets a phone give commands.
    AuthorisePhone {
        /// 3 to 15 digits, perhaps after a `+`.
        phone: &'a str,
    },
    /// Lets a phone no longer give commands.
    RemovePhone {
        /// 3 to 15 digits, perhaps after a `+`.
        phone: &'a str,
    },
    /// Adds a phone to the SOS numbers, at most three. They get alarms, **and may listen in** by a
    /// call on some devices.
    SosPhone {
        /// 3 to 15 digits, perhaps after a `+`.
        phone: &'a str,
    },
    /// Removes a phone from the SOS numbers.
    RemoveSosPhone {
        /// 3 to 15 digits, perhaps after a `+`.
        phone: &'a str,
    },
    /// Sets the centre number: on some devices the only one that may cut the fuel by SMS.
    CentrePhone {
        /// 3 to 15 digits, perhaps after a `+`.
        phone: &'a str,
    },
    /// Removes the centre number.
    RemoveCentrePhone,
    /// Sets one of three numbers: the owner's in set S, the SOS numbers in set X.
    NumberedPhone {
        /// 1 to 3.
        slot: u8,
        /// 3 to 15 digits, perhaps after a `+`; in set S 5 to 15 digits.
        phone: &'a str,
    },
    /// **Listens in**: the device takes the next calls silently.
    Listen,
    /// Goes back from [`Listen`](Self::Listen) to positions.
    Track,
    /// Has calls taken both ways.
    TwoWayCall,
    /// Sets the speed from which on the device raises an alarm.
    Overspeed {
        /// Kilometres per hour, 0 to 999. In set S 0 switches the alarm off; elsewhere the effect
        /// of 0 is not documented.
        kmh: u32,
    },
    /// Sets the speed from which on the device raises an alarm, for how long, and how it is told.
    OverspeedAlarm {
        /// How long the speed must last, 5 to 600 seconds.
        seconds: u32,
        /// Kilometres per hour, 1 to 255.
        kmh: u32,
        /// How the alarm is told.
        notify: Notify,
    },
    /// Switches the overspeed alarm off.
    OverspeedOff,
    /// Switches the vibration alarm on.
    VibrationAlarm {
        /// How the alarm is told.
        notify: Notify,
    },
    /// Switches the vibration alarm off.
    VibrationAlarmOff,
    /// Cuts or restores what a relay switches. **Stops a vehicle.**
    Relay {
        /// What is switched.
        circuit: Circuit,
        /// `true` cuts, `false` restores.
        cut: bool,
    },
    /// Switches the alarm for the ignition on or off: `#ACC#ON#`, `#ACC#OFF#`.
    Acc {
        /// On or off.
        on: bool,
    },
    /// Raises an alarm when the device is moved by more than a radius.
    MoveAlarm {
        /// Tenths of a unit that is not documented, 0 to 9999.
        radius: u32,
    },
    /// Raises an alarm when the device is moved by more than a radius in metres.
    MovingAlarm {
        /// 100 to 1000; 300 is advised.
        metres: u32,
        /// How the alarm is told.
        notify: Notify,
    },
    /// Switches the alarm for being moved off.
    MoveAlarmOff,
    /// Restarts the device.
    Restart,
    /// Restores the factory state. Set J keeps access point and server.
    Reset,
    /// Switches to GPRS over TCP, or shows the settings. The manuals say either of the same text,
    /// which has no password.
    GprsOverTcp,
}

/// A command that was read, with its password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ParsedCommand<'a> {
    /// What is asked of the device.
    pub command: Command<'a>,
    /// The password that the command is given with; `None` where the command has none.
    pub password: Option<&'a str>,
}

impl<'a> ParsedCommand<'a> {
    pub(super) const fn with(command: Command<'a>, password: &'a str) -> Self {
        Self {
            command,
            password: Some(password),
        }
    }

    pub(super) const fn bare(command: Command<'a>) -> Self {
        Self {
            command,
            password: None,
        }
    }
}

impl<'a> Command<'a> {
    /// Writes the command as a text of this set.
    ///
    /// The password is ignored where the command has none: in sets J and Gt02d, and in some
    /// commands of C, S and X.
    ///
    /// # Errors
    /// If the set has no such command, if a value is not one that it can carry, or if the text is
    /// longer than a short message.
    pub fn to_sms(&self, set: CommandSet, password: &str) -> Result<Sms, CommandError> {
        let Some(word) = self.word(set) else {
            return Err(CommandError::Unsupported {
                set,
                what: self.purpose(),
            });
        };
        let mut draft = Draft::new();
        match set {
            CommandSet::A => a::write(self, word, password, &mut draft)?,
            CommandSet::B => b::write(self, word, password, &mut draft)?,
            CommandSet::C => c::write(self, word, password, &mut draft)?,
            CommandSet::Gt02d => gt02d::write(self, word, password, &mut draft)?,
            CommandSet::VSun => vsun::write(self, word, password, &mut draft)?,
            CommandSet::J => j::write(self, word, password, &mut draft)?,
            CommandSet::W => w::write(self, word, password, &mut draft)?,
            CommandSet::S => s::write(self, word, password, &mut draft)?,
            CommandSet::X => x::write(self, word, password, &mut draft)?,
        }
        draft.finish()
    }

    /// Writes the command as a text of this set to the front of `out`. Returns the text's length,
    /// at most 160 bytes.
    ///
    /// # Errors
    /// As [`to_sms`](Self::to_sms); or if `out` is too small.
    pub fn encode(
        &self,
        set: CommandSet,
        password: &str,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        let text = self.to_sms(set, password)?;
        let Some(room) = out.get_mut(..text.len()) else {
            return Err(CommandError::BufferTooSmall { needed: text.len() });
        };
        for (to, from) in room.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        Ok(text.len())
    }

    /// Reads a text as a command of this set, as simulators, gateways and tests need it.
    ///
    /// White space around the text is ignored. Words are read in the case that
    /// [`to_sms`](Self::to_sms) writes. Some other forms are read too: `adminip` in set C, `APN`
    /// with and without user and password, a `SERVER` of set J without transport. A command that
    /// was read can be written again.
    ///
    /// ```
    /// use gt02::sms::{Command, CommandSet, Host, Server, Transport};
    /// let parsed = Command::parse(CommandSet::B, "SERVER,666666,0,203.0.113.7,5022,1#")?;
    /// let host = Host::from("203.0.113.7");
    /// let server = Server { host, port: 5022, transport: Transport::Udp };
    /// assert_eq!(parsed.command, Command::Server(server));
    /// assert_eq!(parsed.password, Some("666666"));
    /// # Ok::<(), gt02::sms::CommandError>(())
    /// ```
    ///
    /// # Errors
    /// [`CommandError::Syntax`] if the text is not a command of the set; any other if a value is
    /// not one that the command can carry.
    pub fn parse(set: CommandSet, text: &'a str) -> Result<ParsedCommand<'a>, CommandError> {
        let text = text.trim_ascii();
        let parsed = match set {
            CommandSet::A => a::read(text),
            CommandSet::B => b::read(text),
            CommandSet::C => c::read(text),
            CommandSet::Gt02d => gt02d::read(text),
            CommandSet::VSun => vsun::read(text),
            CommandSet::J => j::read(text),
            CommandSet::W => w::read(text),
            CommandSet::S => s::read(text),
            CommandSet::X => x::read(text),
        };
        let parsed = parsed.ok_or(CommandError::Syntax { set })?;
        // Writing checks the values.
        let password = parsed.password.unwrap_or_default();
        parsed.command.to_sms(set, password)?;
        Ok(parsed)
    }

    /// Returns what the command is for, to be read after "to": `set the time zone`.
    #[must_use]
    pub const fn purpose(&self) -> &'static str {
        match self {
            Self::Locate => "ask for the position",
            Self::MapLink => "ask for a link to a map",
            Self::Version => "ask for the firmware version",
            Self::Status => "ask for the state",
            Self::Settings => "ask for the settings",
            Self::Password { .. } => "change the password",
            Self::Apn(_) => "set the APN",
            Self::ApnUser { .. } => "set the user of the APN",
            Self::ApnPassword { .. } => "set the password of the APN",
            Self::Server(_) => "set the server",
            Self::ApnAndServer { .. } => "set APN and server in one",
            Self::Data { on: true } => "switch data on",
            Self::Data { on: false } => "switch data off",
            Self::Interval { .. } => "set the reporting interval",
            Self::OtherInterval { .. } => "set the reporting interval in the other form",
            Self::IgnitionIntervals { .. } => {
                "set the reporting intervals with ignition on and off"
            }
            Self::ParkedInterval { .. } => "set the reporting interval while the ignition is off",
            Self::StaticInterval { .. } => "set the reporting interval while standing still",
            Self::IntervalOff => "end the reports",
            Self::Distance { .. } => "report by distance",
            Self::Heartbeat { .. } => "set the interval of heartbeats",
            Self::TimeZone(_) => "set the time zone",
            Self::AuthorisePhone { .. } => "authorise a phone",
            Self::RemovePhone { .. } => "remove a phone",
            Self::SosPhone { .. } => "add an SOS number",
            Self::RemoveSosPhone { .. } => "remove an SOS number",
            Self::CentrePhone { .. } => "set the centre number",
            Self::RemoveCentrePhone => "remove the centre number",
            Self::NumberedPhone { .. } => "set one of three phone numbers",
            Self::Listen => "listen in",
            Self::Track => "go back from listening to positions",
            Self::TwoWayCall => "take calls both ways",
            Self::Overspeed { .. } | Self::OverspeedAlarm { .. } => "set the overspeed alarm",
            Self::OverspeedOff => "switch off the overspeed alarm",
            Self::VibrationAlarm { .. } => "switch on the vibration alarm",
            Self::VibrationAlarmOff => "switch off the vibration alarm",
            Self::Relay {
                circuit: Circuit::Fuel,
                cut: true,
            } => "cut the fuel",
            Self::Relay {
                circuit: Circuit::Fuel,
                cut: false,
            } => "restore the fuel",
            Self::Relay {
                circuit: Circuit::Electricity,
                cut: true,
            } => "cut the electricity",
            Self::Relay {
                circuit: Circuit::Electricity,
                cut: false,
            } => "restore the electricity",
            Self::Relay {
                circuit: Circuit::Vehicle,
                cut: true,
            } => "stop the vehicle",
            Self::Relay {
                circuit: Circuit::Vehicle,
                cut: false,
            } => "let the vehicle run again",
            Self::Acc { .. } => "switch the alarm for the ignition on or off",
            Self::MoveAlarm { .. } | Self::MovingAlarm { .. } => "set the alarm for being moved",
            Self::MoveAlarmOff => "switch off the alarm for being moved",
            Self::Restart => "restart",
            Self::Reset => "go back to the state of the factory",
            Self::GprsOverTcp => "switch to GPRS over TCP",
        }
    }

    /// Returns `true` if the command changes nothing: the device only answers.
    #[must_use]
    pub const fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Locate | Self::MapLink | Self::Version | Self::Status | Self::Settings
        )
    }

    pub(super) const fn relay(circuit: Circuit, cut: bool) -> Self {
        Self::Relay { circuit, cut }
    }

    /// Returns the word that the command begins with; `None` if the set lacks it.
    pub(super) const fn word(&self, set: CommandSet) -> Option<&'static str> {
        match set {
            CommandSet::A => a::word(self),
            CommandSet::B => b::word(self),
            CommandSet::C => c::word(self),
            CommandSet::Gt02d => gt02d::word(self),
            CommandSet::VSun => vsun::word(self),
            CommandSet::J => j::word(self),
            CommandSet::W => w::word(self),
            CommandSet::S => s::word(self),
            CommandSet::X => x::word(self),
        }
    }
}
