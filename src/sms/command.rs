//! What a device can be asked by SMS.

use super::{
    Apn, Circuit, CommandError, CommandSet, Crossing, Host, Notify, Server, Setting, Sleep, Sms,
    Transport, set::Syntax, text::Draft,
};
use crate::types::{DeviceId, Position, UtcOffset};

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
    /// Asks for the position, in the form that some devices of sets J and X take instead: `123#`,
    /// `g123456#`.
    OtherLocate,
    /// Asks for the position as a link to a map.
    MapLink,
    /// Asks for the firmware version.
    Version,
    /// Asks for the state: battery, network, fix.
    Status,
    /// Asks for the settings: access point and server. It proves that they were taken.
    Settings,
    /// Asks for what the device does by itself: intervals, SOS numbers, time zone.
    Parameters,
    /// Asks for all settings and the state in one.
    Everything,
    /// Asks for one setting.
    Ask(Setting),
    /// Asks for the device's own id.
    Imei,
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
    /// Sets user and password of the access point, in a set that has a command of its own for both.
    ApnCredentials {
        /// The user's name.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// Has the device find the access point by its SIM, or not. To be switched off for an access
    /// point that is not the operator's own.
    AutomaticApn {
        /// On or off.
        on: bool,
    },
    /// Sets where to report to.
    ///
    /// A device of set Topin goes back to the server before if this one does not answer.
    Server(Server<'a>),
    /// Sets where to report to, in the form that some devices take instead: the GT003 of set J has
    /// `SERVER,8520,example.com,5023#`, and `SERVER#` in set Topin does not go back.
    OtherServer(Server<'a>),
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
    /// Sets how often to report, as devices GF07 and LK200 of set W take it: `upload123456 60`.
    UploadInterval {
        /// No range is documented.
        seconds: u32,
    },
    /// Sets how often to report, as one GT02 that takes set W has it: `fix123456 060 **n`.
    SpacedInterval {
        /// 1 to 999.
        seconds: u32,
    },
    /// Sets how often that GT02 reports while it stands, and while it moves: `ITV 300 20`. The
    /// command has no password, and no unit is documented.
    MotionIntervals {
        /// While it stands.
        still: u32,
        /// While it moves.
        moving: u32,
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
    /// Has the device take the zone from the network, or not. To be switched off before a zone is
    /// set.
    AutomaticTimeZone {
        /// On or off.
        on: bool,
    },
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
    /// Adds two or three phones to the SOS numbers in one.
    SosPhones {
        /// Each with 3 to 15 digits, perhaps after a `+`. The last may be empty.
        phones: [&'a str; 3],
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
    /// Removes one of the three SOS numbers of set X.
    RemoveNumberedPhone {
        /// 1 to 3.
        slot: u8,
    },
    /// Asks for the SOS numbers of set X.
    NumberedPhones,
    /// **Listens in**: the device takes the next calls silently.
    Listen,
    /// **Has the device call a phone that then listens in.**
    ListenBy {
        /// 3 to 15 digits, perhaps after a `+`.
        phone: &'a str,
    },
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
    /// Switches the vibration alarm on, where nothing says how it is told.
    Vibration,
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
    /// Cuts the fuel once the vehicle is slow. **Stops a vehicle.**
    CutBelow {
        /// Kilometres per hour, 0 to 30.
        kmh: u32,
    },
    /// Switches a relay on for a while, as a pulse. **May stop a vehicle.**
    RelayPulse {
        /// No range is documented.
        seconds: u32,
        /// No range is documented.
        milliseconds: u32,
    },
    /// Switches the alarm for the ignition on or off: `#ACC#ON#`, `#ACC#OFF#`.
    Acc {
        /// On or off.
        on: bool,
    },
    /// Switches the alarm for the ignition on.
    IgnitionAlarm {
        /// How the alarm is told.
        notify: Notify,
        /// No range is documented, and no meaning.
        seconds: u32,
        /// 0 to 2, whose meaning is not documented.
        mode: u8,
    },
    /// Switches that alarm off.
    IgnitionAlarmOff,
    /// Switches the alarm for a power cut on, where nothing says how it is told.
    PowerCut,
    /// Switches the alarm for a power cut on.
    PowerCutAlarm {
        /// How the alarm is told.
        notify: Notify,
        /// Two times, whose meaning and range are not documented: 5 and 300 in the example.
        times: [u32; 2],
    },
    /// Switches the alarm for a power cut off.
    PowerCutAlarmOff,
    /// Switches the alarm for a low battery on.
    BatteryAlarm {
        /// How the alarm is told.
        notify: Notify,
    },
    /// Switches the alarm for a low battery off.
    BatteryAlarmOff,
    /// Switches the alarm of the SOS button on.
    SosAlarm {
        /// How the alarm is told.
        notify: Notify,
    },
    /// Switches the alarm of the SOS button off.
    SosAlarmOff,
    /// Has alarms told by calls, or not. In set X those for vibration; that the first of the two
    /// commands of set X switches on is inferred from set S.
    EventCalls {
        /// On or off.
        on: bool,
    },
    /// Has alarms told by SMS, or not. In set X those for vibration. That the first of the two
    /// commands switches on is inferred from [`EventCalls`](Self::EventCalls).
    EventTexts {
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
    /// Raises an alarm when the device is moved by more than a radius in metres, where nothing says
    /// how it is told.
    MovedBy {
        /// 0 to 9999.
        metres: u32,
    },
    /// Switches the alarm for being moved off.
    MoveAlarmOff,
    /// Raises an alarm at the edge of a circle.
    RoundFence {
        /// Where it is; written with six decimals.
        centre: Position,
        /// Its radius, 1 to 9999.
        metres: u32,
        /// Which way raises the alarm.
        crossing: Crossing,
        /// How the alarm is told.
        notify: Notify,
    },
    /// Raises an alarm at the edge of a rectangle. That what follows the places is as in a
    /// [`RoundFence`](Self::RoundFence) is inferred.
    SquareFence {
        /// Two opposite corners; written with six decimals.
        corners: [Position; 2],
        /// Which way raises the alarm.
        crossing: Crossing,
        /// How the alarm is told.
        notify: Notify,
    },
    /// Raises an alarm at the edge of a rectangle, where nothing says which way, and how it is
    /// told.
    Stockade {
        /// Two opposite corners; written with six decimals.
        corners: [Position; 2],
    },
    /// Sets the radius of the fence around the device. [`FenceOn`](Self::FenceOn) switches it on.
    FenceRadius {
        /// Metres; no range is documented.
        metres: u32,
    },
    /// Switches the fence around the device on. That this one of two commands of set S does so is
    /// inferred.
    FenceOn,
    /// Switches the fence off. In set S as inferred as [`FenceOn`](Self::FenceOn).
    FenceOff,
    /// Arms the device now.
    Arm,
    /// Has the device arm itself after some minutes without ignition.
    ArmAfter {
        /// 1 to 60.
        minutes: u32,
    },
    /// Disarms the device.
    Disarm,
    /// Has the device sleep, or not.
    Sleep(Sleep),
    /// Changes the language of the texts, to and fro.
    ToggleLanguage,
    /// Has the device want its password in commands, or not. Where it then stands is not
    /// documented.
    PasswordNeeded {
        /// On or off. The device is given its password to switch it off.
        on: bool,
    },
    /// Restarts the device.
    Restart,
    /// Restores the factory state. Set J keeps access point and server.
    Reset,
    /// Restores the state of the factory, with what [`Reset`](Self::Reset) keeps there.
    ResetAll,
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
    #[inline(always)]
    pub fn to_sms(&self, set: CommandSet, password: &str) -> Result<Sms, CommandError> {
        self.write_in(set.syntax(), password)
    }

    pub(super) fn write_in(&self, syntax: &Syntax, password: &str) -> Result<Sms, CommandError> {
        let word = self.word_in(syntax)?;
        let mut draft = Draft::new();
        (syntax.write)(self, word, password, &mut draft)?;
        draft.finish()
    }

    /// Returns the word that the command begins with in a set.
    pub(super) fn word_in(&self, syntax: &Syntax) -> Result<&'static str, CommandError> {
        (syntax.word)(self).ok_or_else(|| CommandError::Unsupported {
            set: syntax.set,
            what: self.purpose(),
            nearest: self.nearest(syntax),
        })
    }

    /// Writes the command as a text of this set to the front of `out`. Returns the text's length,
    /// at most 160 bytes.
    ///
    /// # Errors
    /// As [`to_sms`](Self::to_sms); or if `out` is too small.
    #[inline(always)]
    pub fn encode(
        &self,
        set: CommandSet,
        password: &str,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        self.encode_in(set.syntax(), password, out)
    }

    fn encode_in(
        &self,
        syntax: &Syntax,
        password: &str,
        out: &mut [u8],
    ) -> Result<usize, CommandError> {
        let text = self.write_in(syntax, password)?;
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
    #[inline(always)]
    pub fn parse(set: CommandSet, text: &'a str) -> Result<ParsedCommand<'a>, CommandError> {
        Self::parse_in(set.syntax(), text)
    }

    fn parse_in(syntax: &Syntax, text: &'a str) -> Result<ParsedCommand<'a>, CommandError> {
        let set = syntax.set;
        let parsed = (syntax.read)(text.trim_ascii()).ok_or(CommandError::Syntax { set })?;
        // Writing checks the values.
        let password = parsed.password.unwrap_or_default();
        parsed.command.write_in(syntax, password)?;
        Ok(parsed)
    }

    /// Returns what the command is for, to be read after "to": `set the time zone`.
    #[must_use]
    pub const fn purpose(&self) -> &'static str {
        match self {
            Self::Locate => "ask for the position",
            Self::OtherLocate => "ask for the position in the other form",
            Self::MapLink => "ask for a link to a map",
            Self::Version => "ask for the firmware version",
            Self::Status => "ask for the state",
            Self::Settings => "ask for the settings",
            Self::Parameters => "ask for intervals, SOS numbers and time zone",
            Self::Everything => "ask for all settings and the state",
            Self::Ask(setting) => setting.question(),
            Self::Imei => "ask for the device's id",
            Self::Password { .. } => "change the password",
            Self::Apn(_) => "set the APN",
            Self::ApnUser { .. } => "set the user of the APN",
            Self::ApnPassword { .. } => "set the password of the APN",
            Self::ApnCredentials { .. } => "set user and password of the APN",
            Self::AutomaticApn { on: true } => "find the APN by the SIM",
            Self::AutomaticApn { on: false } => "find the APN by the SIM no longer",
            Self::Server(_) => "set the server",
            Self::OtherServer(_) => "set the server in the other form",
            Self::ApnAndServer { .. } => "set APN and server in one",
            Self::Data { on: true } => "switch data on",
            Self::Data { on: false } => "switch data off",
            Self::Interval { .. } => "set the reporting interval",
            Self::OtherInterval { .. } => "set the reporting interval in the other form",
            Self::UploadInterval { .. } => "set the reporting interval by `upload`",
            Self::SpacedInterval { .. } => "set the reporting interval with blanks",
            Self::MotionIntervals { .. } => "set the reporting intervals standing and moving",
            Self::IgnitionIntervals { .. } => {
                "set the reporting intervals with ignition on and off"
            }
            Self::ParkedInterval { .. } => "set the reporting interval while the ignition is off",
            Self::StaticInterval { .. } => "set the reporting interval while standing still",
            Self::IntervalOff => "end the reports",
            Self::Distance { .. } => "report by distance",
            Self::Heartbeat { .. } => "set the interval of heartbeats",
            Self::TimeZone(_) => "set the time zone",
            Self::AutomaticTimeZone { on: true } => "take the time zone from the network",
            Self::AutomaticTimeZone { on: false } => {
                "take the time zone from the network no longer"
            }
            Self::AuthorisePhone { .. } => "authorise a phone",
            Self::RemovePhone { .. } => "remove a phone",
            Self::SosPhone { .. } => "add an SOS number",
            Self::SosPhones { .. } => "add SOS numbers",
            Self::RemoveSosPhone { .. } => "remove an SOS number",
            Self::CentrePhone { .. } => "set the centre number",
            Self::RemoveCentrePhone => "remove the centre number",
            Self::NumberedPhone { .. } => "set one of three phone numbers",
            Self::RemoveNumberedPhone { .. } => "remove one of three phone numbers",
            Self::NumberedPhones => "ask for the phone numbers",
            Self::Listen => "listen in",
            Self::ListenBy { .. } => "call a phone that listens in",
            Self::Track => "go back from listening to positions",
            Self::TwoWayCall => "take calls both ways",
            Self::Overspeed { .. } => "set the overspeed alarm",
            Self::OverspeedAlarm { .. } => "set the overspeed alarm and how it is told",
            Self::OverspeedOff => "switch off the overspeed alarm",
            Self::Vibration => "switch on the vibration alarm",
            Self::VibrationAlarm { .. } => "set the vibration alarm and how it is told",
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
            Self::Relay {
                circuit: Circuit::Relay,
                cut: true,
            } => "have the relay cut",
            Self::Relay {
                circuit: Circuit::Relay,
                cut: false,
            } => "have the relay restore",
            Self::CutBelow { .. } => "cut the fuel below a speed",
            Self::RelayPulse { .. } => "switch the relay for a while",
            Self::Acc { .. } => "switch the alarm for the ignition on or off",
            Self::IgnitionAlarm { .. } => "switch on the alarm for the ignition",
            Self::IgnitionAlarmOff => "switch off the alarm for the ignition",
            Self::PowerCut => "switch on the alarm for a power cut",
            Self::PowerCutAlarm { .. } => "set the alarm for a power cut and how it is told",
            Self::PowerCutAlarmOff => "switch off the alarm for a power cut",
            Self::BatteryAlarm { .. } => "switch on the alarm for a low battery",
            Self::BatteryAlarmOff => "switch off the alarm for a low battery",
            Self::SosAlarm { .. } => "switch on the alarm of the SOS button",
            Self::SosAlarmOff => "switch off the alarm of the SOS button",
            Self::EventCalls { on: true } => "tell alarms by calls",
            Self::EventCalls { on: false } => "tell no alarms by calls",
            Self::EventTexts { on: true } => "tell alarms by SMS",
            Self::EventTexts { on: false } => "tell no alarms by SMS",
            Self::MoveAlarm { .. } | Self::MovedBy { .. } => "set the alarm for being moved",
            Self::MovingAlarm { .. } => "set the alarm for being moved and how it is told",
            Self::MoveAlarmOff => "switch off the alarm for being moved",
            Self::RoundFence { .. } => "set a round fence",
            Self::SquareFence { .. } | Self::Stockade { .. } => "set a square fence",
            Self::FenceRadius { .. } => "set the radius of the fence",
            Self::FenceOn => "switch on the fence",
            Self::FenceOff => "switch off the fence",
            Self::Arm => "arm",
            Self::ArmAfter { .. } => "arm after some minutes",
            Self::Disarm => "disarm",
            Self::Sleep(_) => "sleep, or not",
            Self::ToggleLanguage => "change the language",
            Self::PasswordNeeded { on: true } => "want a password",
            Self::PasswordNeeded { on: false } => "want no password",
            Self::Restart => "restart",
            Self::Reset => "go back to the state of the factory",
            Self::ResetAll => "go back to the state of the factory in all",
            Self::GprsOverTcp => "switch to GPRS over TCP",
        }
    }

    /// Returns `true` if the command changes nothing: the device only answers.
    #[must_use]
    pub const fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Locate
                | Self::OtherLocate
                | Self::MapLink
                | Self::Version
                | Self::Status
                | Self::Settings
                | Self::Parameters
                | Self::Everything
                | Self::Ask(_)
                | Self::Imei
                | Self::NumberedPhones
        )
    }

    /// Returns the nearest purpose that the set has a command for.
    fn nearest(&self, syntax: &Syntax) -> Option<&'static str> {
        // Concox's document says that this takes the place of a command.
        if matches!(self, Self::Listen | Self::ListenBy { .. })
            && matches!(syntax.set, CommandSet::J)
        {
            return Some(
                "add an SOS number, which listens if it calls and lets it ring for 10 seconds",
            );
        }
        let mut other = self.substitute()?;
        // Substitutes may lead in a circle; no way is longer.
        for _ in 0..4 {
            if (syntax.word)(&other).is_some() {
                return Some(other.purpose());
            }
            other = other.substitute()?;
        }
        None
    }

    /// Returns what comes near to the command, for a set that lacks it. Its values do not count.
    const fn substitute(&self) -> Option<Command<'static>> {
        const SERVER: Server<'_> = Server {
            host: Host::Name(""),
            port: 0,
            transport: Transport::Tcp,
        };
        const NOTIFY: Notify = Notify::Gprs;
        let (kmh, metres, phone, seconds, slot) = (0, 0, "", 0, 1);
        Some(match self {
            Self::Locate => Command::MapLink,
            Self::OtherLocate | Self::MapLink => Command::Locate,
            Self::Version | Self::Imei => Command::Status,
            Self::Status | Self::Parameters | Self::Everything | Self::Ask(_) => Command::Settings,
            Self::Settings => Command::GprsOverTcp,
            Self::Apn(_) | Self::Server(_) => Command::ApnAndServer {
                apn: Apn::new(""),
                server: SERVER,
                device: None,
            },
            Self::OtherServer(_) | Self::ApnAndServer { .. } => Command::Server(SERVER),
            Self::ApnUser { .. } | Self::ApnPassword { .. } | Self::ApnCredentials { .. } => {
                Command::Apn(Apn::new(""))
            }
            Self::OtherInterval { .. }
            | Self::UploadInterval { .. }
            | Self::SpacedInterval { .. }
            | Self::MotionIntervals { .. }
            | Self::StaticInterval { .. } => Command::Interval { seconds },
            Self::Interval { .. } => Command::IgnitionIntervals { on: 0, off: 0 },
            Self::IgnitionIntervals { .. } => Command::ParkedInterval { seconds },
            Self::ParkedInterval { .. } => Command::StaticInterval { minutes: 0 },
            Self::SosPhone { .. } => Command::NumberedPhone { slot, phone },
            Self::NumberedPhone { .. } => Command::AuthorisePhone { phone },
            Self::AuthorisePhone { .. } | Self::SosPhones { .. } | Self::CentrePhone { .. } => {
                Command::SosPhone { phone }
            }
            Self::RemoveSosPhone { .. } => Command::RemoveNumberedPhone { slot },
            Self::RemoveNumberedPhone { .. } => Command::RemovePhone { phone },
            Self::RemovePhone { .. } | Self::RemoveCentrePhone => Command::RemoveSosPhone { phone },
            Self::Listen => Command::ListenBy { phone },
            Self::ListenBy { .. } | Self::TwoWayCall => Command::Listen,
            Self::Overspeed { .. } => Command::OverspeedAlarm {
                seconds,
                kmh,
                notify: NOTIFY,
            },
            Self::OverspeedAlarm { .. } | Self::OverspeedOff => Command::Overspeed { kmh },
            Self::Vibration => Command::VibrationAlarm { notify: NOTIFY },
            Self::VibrationAlarm { .. } => Command::Vibration,
            Self::Relay {
                circuit: Circuit::Fuel,
                cut,
            } => Command::relay(Circuit::Vehicle, *cut),
            Self::Relay { cut, .. } => Command::relay(Circuit::Fuel, *cut),
            Self::CutBelow { .. } | Self::RelayPulse { .. } => Command::relay(Circuit::Fuel, true),
            Self::Acc { .. } => Command::IgnitionAlarm {
                notify: NOTIFY,
                seconds,
                mode: 0,
            },
            Self::IgnitionAlarm { .. } => Command::Acc { on: true },
            Self::PowerCut => Command::PowerCutAlarm {
                notify: NOTIFY,
                times: [0; 2],
            },
            Self::PowerCutAlarm { .. } => Command::PowerCut,
            Self::MoveAlarm { .. } => Command::MovingAlarm {
                metres,
                notify: NOTIFY,
            },
            Self::MovingAlarm { .. } => Command::MovedBy { metres },
            Self::MovedBy { .. } => Command::MoveAlarm { radius: 0 },
            Self::RoundFence { .. } | Self::SquareFence { .. } | Self::Stockade { .. } => {
                Command::FenceRadius { metres }
            }
            Self::ArmAfter { .. } => Command::Arm,
            Self::Arm => Command::ArmAfter { minutes: 1 },
            Self::ResetAll => Command::Reset,
            _ => return None,
        })
    }

    pub(super) const fn relay(circuit: Circuit, cut: bool) -> Self {
        Self::Relay { circuit, cut }
    }
}
