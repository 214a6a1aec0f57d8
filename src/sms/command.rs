//! What a device can be asked by SMS, and how each set of commands writes it.

use super::{CommandError, Sms, text::Draft};
use crate::types::{DeviceId, UtcOffset};
use core::{fmt, net::Ipv4Addr};

/// The sets of commands. Their names are not the makers'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum CommandSet {
    /// Concox GT02: `WORD,password,...#`. Over GPRS, GT06 units take the same words (spec gt06, section 4.6).
    A,
    /// Goome GT02A: `WORD,password,...#`, with other words.
    B,
    /// CanTrack GT02, and the clones of TK102, TK06A and GT06: `#word#password#...#`.
    C,
    /// GT02D: `730#...#` and `SUP#...#`; no other command is known.
    Gt02d,
    /// V-Sun V680 and TK205: digits, and a password of 4 digits (spec v680, section 3.1).
    VSun,
}

impl CommandSet {
    /// The name in lower case: `a`, `gt02d`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::C => "c",
            Self::Gt02d => "gt02d",
            Self::VSun => "vsun",
        }
    }

    /// The password that devices leave the factory with.
    ///
    /// `None` for [`Gt02d`](Self::Gt02d), which has no password in its commands, and for [`VSun`](Self::VSun), whose documents name none.
    #[must_use]
    pub const fn default_password(self) -> Option<&'static str> {
        match self {
            Self::A => Some("000000"),
            Self::B => Some("666666"),
            Self::C => Some("123456"),
            Self::Gt02d | Self::VSun => None,
        }
    }

    /// The question by which to find out whether a device understands the set: it changes nothing. `None` where the set has no question.
    ///
    /// The version needs no fix. A question for the position does, or it may be answered late or with less.
    #[must_use]
    pub const fn question(self) -> Option<Command<'static>> {
        match self {
            Self::A => Some(Command::Version),
            Self::B | Self::VSun => Some(Command::Locate),
            Self::C => Some(Command::MapLink),
            Self::Gt02d => None,
        }
    }
}

/// With the maker in whose documents it stands: `A (Concox)`.
impl fmt::Display for CommandSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::A => "A (Concox)",
            Self::B => "B (Goome)",
            Self::C => "C (CanTrack)",
            Self::Gt02d => "GT02D",
            Self::VSun => "V-Sun",
        })
    }
}

/// A command, whatever the set. [`to_sms`](Self::to_sms) writes it, [`parse`](Self::parse) reads it.
///
/// Fields of text are printable ASCII without blanks, `#`, `,` and `` ` `` (which the alphabet of short messages does not have). Passwords are 4 to
/// 6 digits; those of [`CommandSet::VSun`] are 4.
///
/// ```
/// use gt02::sms::{Command, CommandError, CommandSet};
/// let command = Command::Interval { seconds: 30 };
/// assert_eq!(command.to_sms(CommandSet::A, "000000")?.as_str(), "GPRSDS,000000,30#");
/// assert_eq!(command.to_sms(CommandSet::C, "123456")?.as_str(), "#at#30#sum#0#");
/// assert_eq!(Command::parse(CommandSet::A, "GPRSDS,000000,30#"), Ok((command, Some("000000"))));
///
/// let error = Command::Interval { seconds: 5 }.to_sms(CommandSet::B, "666666").unwrap_err();
/// assert_eq!(error.to_string(), "the interval in seconds must be 10 to 18000");
/// # Ok::<(), CommandError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Command<'a> {
    /// Where are you?
    Locate,
    /// Where are you, as a link to a map?
    MapLink,
    /// Which firmware is it?
    Version,
    /// Changes the password.
    Password {
        /// The new one. The old one is the password that the command is given with.
        new: &'a str,
    },
    /// The access point of the mobile network.
    Apn(Apn<'a>),
    /// Where to report to.
    Server(Server<'a>),
    /// Access point and server in one.
    ApnAndServer {
        /// The access point, without user and password; its name has 30 bytes at most.
        apn: Apn<'a>,
        /// Where to report to.
        server: Server<'a>,
        /// The device's own id, 15 digits, which the command carries if the server is given by its address, and only then.
        device: Option<DeviceId>,
    },
    /// How often to report.
    Interval {
        /// 5 to 18000 in set A, 10 to 18000 in set B; no range is documented for C and Gt02d, and 1 to 65535 is taken. VSun has 1 to 59 minutes and 1
        /// to 39 hours.
        seconds: u32,
    },
    /// How often to report, in the form that some devices of set C take instead: `#AT#123456#30#00#`.
    OtherInterval {
        /// No range is documented; 1 to 65535 is taken.
        seconds: u32,
    },
    /// How often to report while standing still.
    StaticInterval {
        /// No range is documented; 1 to 65535 is taken.
        minutes: u32,
    },
    /// The zone that the device's clock shows, from 12 hours west to 14 hours east of UTC.
    ///
    /// One manual has it that this is the clock of its SMS only (spec v680, section 3.2).
    TimeZone(UtcOffset),
    /// Lets a phone give commands.
    AuthorisePhone {
        /// 3 to 15 digits, perhaps behind a `+`.
        phone: &'a str,
    },
    /// Lets a phone no longer give commands.
    RemovePhone {
        /// 3 to 15 digits, perhaps behind a `+`.
        phone: &'a str,
    },
    /// The speed from which on the device raises an alarm.
    Overspeed {
        /// Kilometres per hour, 0 to 999. What 0 does is not documented.
        kmh: u32,
    },
    /// Cuts or restores what a relay switches. **Stops a vehicle.**
    Relay {
        /// What is switched.
        circuit: Circuit,
        /// Whether it is cut, or restored.
        cut: bool,
    },
    /// `#ACC#ON#`, `#ACC#OFF#`: listed without a word on what they do.
    Acc {
        /// On or off.
        on: bool,
    },
    /// Raises an alarm when the device is moved by more than a radius.
    MoveAlarm {
        /// Tenths of a unit that is not documented, 0 to 9999.
        radius: u32,
    },
    /// No longer raises an alarm when the device is moved.
    MoveAlarmOff,
    /// Back to the state of the factory.
    Reset,
    /// Switches to GPRS over TCP, or shows the settings. The manuals say either of the same text, which has no password.
    GprsOverTcp,
}

/// The access point of a mobile network, as the operator of the SIM names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Apn<'a> {
    /// Its name, 1 to 63 bytes, in set A 30 at most.
    pub name: &'a str,
    /// The user's name; empty if none is needed.
    pub user: &'a str,
    /// The user's password; empty if none is needed.
    pub password: &'a str,
}

impl<'a> Apn<'a> {
    /// One that needs neither user nor password.
    #[must_use]
    pub const fn new(name: &'a str) -> Self {
        Self {
            name,
            user: "",
            password: "",
        }
    }

    const fn has_credentials(&self) -> bool {
        !self.user.is_empty() || !self.password.is_empty()
    }

    fn check(&self, max: usize) -> Result<(), CommandError> {
        check_text("APN", self.name, 1, max)?;
        check_text("APN user", self.user, 0, Sms::MAX_LEN)?;
        check_text("APN password", self.password, 0, Sms::MAX_LEN)
    }
}

/// Where a device reports to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Server<'a> {
    /// Its name or address.
    pub host: Host<'a>,
    /// 1 to 65535.
    pub port: u16,
    /// Over what.
    pub transport: Transport,
}

impl Server<'_> {
    fn check(&self) -> Result<(), CommandError> {
        if let Host::Name(name) = self.host {
            check_host(name)?;
        }
        check_range("port", self.port.into(), 1, 65535)
    }
}

/// A name or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host<'a> {
    /// A name of the domain name system: letters, digits and `-`, with dots between.
    Name(&'a str),
    /// An address; the devices know no others.
    Address(Ipv4Addr),
}

/// An address if it reads as one, else a name, which is checked when a command is written.
impl<'a> From<&'a str> for Host<'a> {
    fn from(text: &'a str) -> Self {
        text.parse().map_or(Self::Name(text), Self::Address)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Host<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        match self {
            Self::Name(name) => defmt::write!(f, "{=str}", name),
            Self::Address(address) => defmt::write!(f, "{=[u8; 4]}", address.octets()),
        }
    }
}

/// Over what a device reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Transport {
    /// TCP.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    const fn digit(self) -> &'static str {
        match self {
            Self::Tcp => "0",
            Self::Udp => "1",
        }
    }
}

/// What a relay switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Circuit {
    /// The fuel pump.
    Fuel,
    /// The vehicle's electricity.
    Electricity,
}

impl<'a> Command<'a> {
    /// Writes the command as a text of this set.
    ///
    /// The password is left out, and not looked at, where the command has none: those of [`CommandSet::Gt02d`]; of C [`Interval`](Self::Interval),
    /// [`Acc`](Self::Acc) and [`GprsOverTcp`](Self::GprsOverTcp).
    ///
    /// # Errors
    /// If the set has no such command, if a value is not one that it can carry, or if the text is longer than a short message.
    pub fn to_sms(&self, set: CommandSet, password: &str) -> Result<Sms, CommandError> {
        let Some(word) = self.word(set) else {
            return Err(CommandError::Unsupported {
                set,
                what: self.purpose(),
            });
        };
        let mut draft = Draft::new();
        match set {
            CommandSet::A | CommandSet::B => {
                check_password("password", password, 6)?;
                draft.put(&[word, ",", password]);
                if set == CommandSet::A {
                    self.put_a(&mut draft)?
                } else {
                    self.put_b(&mut draft)?
                }
                draft.put(&["#"]);
            }
            CommandSet::C => {
                if self.has_password(set) {
                    check_password("password", password, 6)?;
                    draft.put(&["#", word, "#", password]);
                } else if !matches!(self, Self::GprsOverTcp) {
                    draft.put(&["#", word]);
                }
                self.put_c(&mut draft)?;
            }
            CommandSet::Gt02d => {
                draft.put(&[word, "#"]);
                match *self {
                    Self::StaticInterval { minutes } => {
                        put_checked(&mut draft, MINUTES, minutes, 1, 65535)?
                    }
                    Self::Interval { seconds } => {
                        put_checked(&mut draft, SECONDS, seconds, 1, 65535)?
                    }
                    _ => {}
                }
                draft.put(&["#"]);
            }
            CommandSet::VSun => {
                check_password("password", password, 4)?;
                draft.put(&[word]);
                if let Self::Interval { seconds } = *self {
                    draft.put_number(vsun_interval(seconds)?, 2);
                }
                draft.put(&[password]);
                if let Self::MoveAlarm { radius } = *self {
                    check_range("radius in tenths", radius, 0, 9999)?;
                    draft.put(&["R"]);
                    draft.put_number(radius / 10, 3);
                    draft.put(&["."]);
                    draft.put_number(radius % 10, 1);
                }
            }
        }
        draft.finish()
    }

    /// Writes the command as a text of this set to the front of `out`, and says how many bytes it is: 160 at most.
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

    /// What the command is for, to be read behind "to": `set the time zone`.
    #[must_use]
    pub const fn purpose(&self) -> &'static str {
        match self {
            Self::Locate => "ask for the position",
            Self::MapLink => "ask for a link to a map",
            Self::Version => "ask for the firmware version",
            Self::Password { .. } => "change the password",
            Self::Apn(_) => "set the APN",
            Self::Server(_) => "set the server",
            Self::ApnAndServer { .. } => "set APN and server in one",
            Self::Interval { .. } => "set the reporting interval",
            Self::OtherInterval { .. } => "set the reporting interval in the other form",
            Self::StaticInterval { .. } => "set the reporting interval while standing still",
            Self::TimeZone(_) => "set the time zone",
            Self::AuthorisePhone { .. } => "authorise a phone",
            Self::RemovePhone { .. } => "remove a phone",
            Self::Overspeed { .. } => "set the overspeed alarm",
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
            Self::Acc { .. } => "switch ACC on or off",
            Self::MoveAlarm { .. } => "set the alarm for being moved",
            Self::MoveAlarmOff => "switch off the alarm for being moved",
            Self::Reset => "go back to the state of the factory",
            Self::GprsOverTcp => "switch to GPRS over TCP",
        }
    }

    /// Whether the command changes nothing: the device only answers.
    #[must_use]
    pub const fn is_question(&self) -> bool {
        matches!(self, Self::Locate | Self::MapLink | Self::Version)
    }

    /// The word that the command begins with; `None` if the set has none.
    pub(super) const fn word(&self, set: CommandSet) -> Option<&'static str> {
        Some(match (set, self) {
            (CommandSet::A, Self::Locate) => "DWXX",
            (CommandSet::A, Self::Version) => "RJBB",
            (CommandSet::A, Self::Password { .. }) => "XGYHMM",
            (CommandSet::A, Self::ApnAndServer { .. }) => "GPRS",
            (CommandSet::A, Self::Interval { .. }) => "GPRSDS",
            (
                CommandSet::A,
                Self::Relay {
                    circuit: Circuit::Fuel,
                    cut: true,
                },
            ) => "DYD",
            (
                CommandSet::A,
                Self::Relay {
                    circuit: Circuit::Fuel,
                    cut: false,
                },
            ) => "HFYD",
            (CommandSet::B, Self::Locate) => "WHERE",
            (CommandSet::B, Self::MapLink) => "URL",
            (CommandSet::B, Self::Password { .. }) => "PASSWORD",
            (CommandSet::B, Self::Apn(_)) => "APN",
            (CommandSet::B, Self::Server(_)) => "SERVER",
            (CommandSet::B, Self::Interval { .. }) => "TIMER",
            (CommandSet::C, Self::MapLink) => "smslink",
            (CommandSet::C, Self::Password { .. }) => "password",
            (CommandSet::C, Self::Apn(_)) => "apn",
            (CommandSet::C, Self::Server(_)) => "IP",
            (CommandSet::C, Self::Interval { .. }) => "at",
            (CommandSet::C, Self::OtherInterval { .. }) => "AT",
            (CommandSet::C, Self::TimeZone(_)) => "timezone",
            (CommandSet::C, Self::AuthorisePhone { .. }) => "admin",
            (CommandSet::C, Self::RemovePhone { .. }) => "noadmin",
            (CommandSet::C, Self::Overspeed { .. }) => "speed",
            (
                CommandSet::C,
                Self::Relay {
                    circuit: Circuit::Fuel,
                    cut: true,
                },
            ) => "stopoil",
            (
                CommandSet::C,
                Self::Relay {
                    circuit: Circuit::Fuel,
                    cut: false,
                },
            ) => "supplyoil",
            (
                CommandSet::C,
                Self::Relay {
                    circuit: Circuit::Electricity,
                    cut: true,
                },
            ) => "stopelec",
            (
                CommandSet::C,
                Self::Relay {
                    circuit: Circuit::Electricity,
                    cut: false,
                },
            ) => "supplyelec",
            (CommandSet::C, Self::Acc { .. }) => "ACC",
            (CommandSet::C, Self::Reset) => "begin",
            (CommandSet::C, Self::GprsOverTcp) => "TCP",
            (CommandSet::Gt02d, Self::Interval { .. }) => "730",
            (CommandSet::Gt02d, Self::StaticInterval { .. }) => "SUP",
            (CommandSet::VSun, Self::Locate) => "666",
            (CommandSet::VSun, Self::Interval { .. }) => "4",
            (CommandSet::VSun, Self::MoveAlarm { .. }) => "008",
            (CommandSet::VSun, Self::MoveAlarmOff) => "009",
            _ => return None,
        })
    }

    /// Whether the set writes the command with a password.
    const fn has_password(&self, set: CommandSet) -> bool {
        match set {
            CommandSet::A | CommandSet::B | CommandSet::VSun => true,
            CommandSet::C => !matches!(
                self,
                Self::Interval { .. } | Self::Acc { .. } | Self::GprsOverTcp
            ),
            CommandSet::Gt02d => false,
        }
    }

    /// What stands between password and `#` in set A.
    fn put_a(&self, draft: &mut Draft) -> Result<(), CommandError> {
        let set = CommandSet::A;
        match *self {
            Self::Password { new } => put_new_password(draft, ",", new)?,
            Self::ApnAndServer {
                apn,
                server,
                device,
            } => {
                apn.check(30)?;
                if apn.has_credentials() {
                    return Err(CommandError::Unsupported {
                        set,
                        what: "set a user and a password of the APN",
                    });
                }
                server.check()?;
                draft.put(&[",", apn.name, ",", server.transport.digit(), ","]);
                match (server.host, device) {
                    (Host::Name(name), None) => {
                        draft.put(&[name, ":"]);
                        draft.put_number(server.port.into(), 1);
                    }
                    (Host::Name(_), Some(_)) => {
                        return Err(CommandError::Unsupported {
                            set,
                            what: "set a server by its name with a device id",
                        });
                    }
                    (Host::Address(address), Some(device)) if device.digit_count() == 15 => {
                        put_address(draft, address);
                        draft.put(&[","]);
                        draft.put_number(server.port.into(), 1);
                        draft.put(&[","]);
                        device
                            .digits()
                            .for_each(|digit| draft.put_number(digit.into(), 1));
                        draft.put(&[",0"]);
                    }
                    (Host::Address(_), Some(_)) => {
                        return Err(CommandError::Length {
                            field: DEVICE,
                            min: 15,
                            max: 15,
                        });
                    }
                    (Host::Address(_), None) => {
                        return Err(CommandError::Missing { field: DEVICE });
                    }
                }
            }
            Self::Interval { seconds } => {
                draft.put(&[","]);
                put_checked(draft, SECONDS, seconds, 5, 18000)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What stands between password and `#` in set B.
    fn put_b(&self, draft: &mut Draft) -> Result<(), CommandError> {
        match *self {
            Self::Password { new } => put_new_password(draft, ",", new)?,
            Self::Apn(apn) => {
                apn.check(MAX_APN)?;
                draft.put(&[",", apn.name]);
                if apn.has_credentials() {
                    draft.put(&[",", apn.user, ",", apn.password]);
                }
            }
            Self::Server(server) => {
                server.check()?;
                match server.host {
                    Host::Name(name) => draft.put(&[",1,", name]),
                    Host::Address(address) => {
                        draft.put(&[",0,"]);
                        put_address(draft, address);
                    }
                }
                draft.put(&[","]);
                draft.put_number(server.port.into(), 1);
                draft.put(&[",", server.transport.digit()]);
            }
            Self::Interval { seconds } => {
                draft.put(&[",,"]);
                put_checked(draft, SECONDS, seconds, 10, 18000)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// What stands behind the password, or behind the word, in set C.
    fn put_c(&self, draft: &mut Draft) -> Result<(), CommandError> {
        match *self {
            Self::Password { new } => put_new_password(draft, "#", new)?,
            Self::Apn(apn) => {
                apn.check(MAX_APN)?;
                draft.put(&["#", apn.name, "#", apn.user, "#", apn.password]);
            }
            Self::Server(server) => {
                server.check()?;
                if server.transport != Transport::Tcp {
                    return Err(CommandError::Unsupported {
                        set: CommandSet::C,
                        what: "have the server reached over UDP",
                    });
                }
                draft.put(&["#"]);
                match server.host {
                    Host::Name(name) => draft.put(&[name]),
                    Host::Address(address) => put_address(draft, address),
                }
                draft.put(&["#"]);
                draft.put_number(server.port.into(), 1);
            }
            Self::Interval { seconds } => {
                draft.put(&["#"]);
                put_checked(draft, SECONDS, seconds, 1, 65535)?;
                draft.put(&["#sum#0"]);
            }
            Self::OtherInterval { seconds } => {
                draft.put(&["#"]);
                put_checked(draft, SECONDS, seconds, 1, 65535)?;
                draft.put(&["#00"]);
            }
            Self::TimeZone(offset) => {
                let minutes = i32::from(offset.minutes());
                if !(MIN_ZONE..=MAX_ZONE).contains(&minutes) {
                    return Err(CommandError::Range {
                        field: "time zone in minutes",
                        min: MIN_ZONE,
                        max: MAX_ZONE,
                    });
                }
                // UTC is west in the manuals.
                draft.put(&[if minutes > 0 { "#E#" } else { "#W#" }]);
                let minutes = minutes.unsigned_abs();
                draft.put_number(minutes / 60, 1);
                draft.put(&["#"]);
                draft.put_number(minutes % 60, 2);
            }
            Self::AuthorisePhone { phone } | Self::RemovePhone { phone } => {
                let digits = phone.strip_prefix('+').unwrap_or(phone);
                check_digits("phone", digits, 3, 15)?;
                draft.put(&["#", phone]);
            }
            Self::Overspeed { kmh } => {
                check_range("speed in km/h", kmh, 0, 999)?;
                draft.put(&["#"]);
                draft.put_number(kmh, 3);
            }
            Self::Acc { on } => draft.put(&["#", if on { "ON" } else { "OFF" }]),
            Self::GprsOverTcp => {
                draft.put(&["TCP"]);
                return Ok(());
            }
            _ => {}
        }
        draft.put(&["#"]);
        Ok(())
    }
}

const SECONDS: &str = "interval in seconds";
const MINUTES: &str = "interval in minutes";
const DEVICE: &str = "device id";

/// The longest name of an access point (3GPP TS 23.003, section 9.1); no document of a device but that of set A has a limit.
const MAX_APN: usize = 63;

/// The zones of the earth, in minutes ahead of UTC.
const MIN_ZONE: i32 = -12 * 60;
const MAX_ZONE: i32 = 14 * 60;

/// Minutes below 60, or 60 and the hours.
fn vsun_interval(seconds: u32) -> Result<u32, CommandError> {
    match (seconds / 60, seconds % 60) {
        (minutes @ 1..=59, 0) => Ok(minutes),
        // 61 to 99.
        (minutes @ 60..=2340, 0) if minutes % 60 == 0 => Ok((minutes / 60).saturating_add(60)),
        _ => Err(CommandError::Unsupported {
            set: CommandSet::VSun,
            what: "set a reporting interval that is neither 1 to 59 minutes nor 1 to 39 hours",
        }),
    }
}

fn put_address(draft: &mut Draft, address: Ipv4Addr) {
    let [a, b, c, d] = address.octets();
    draft.put_number(a.into(), 1);
    for octet in [b, c, d] {
        draft.put(&["."]);
        draft.put_number(octet.into(), 1);
    }
}

fn put_checked(
    draft: &mut Draft,
    field: &'static str,
    value: u32,
    min: u16,
    max: u16,
) -> Result<(), CommandError> {
    check_range(field, value, min, max)?;
    draft.put_number(value, 1);
    Ok(())
}

fn put_new_password(draft: &mut Draft, separator: &str, new: &str) -> Result<(), CommandError> {
    check_password("new password", new, 6)?;
    draft.put(&[separator, new]);
    Ok(())
}

fn check_range(field: &'static str, value: u32, min: u16, max: u16) -> Result<(), CommandError> {
    if (min.into()..=max.into()).contains(&value) {
        Ok(())
    } else {
        Err(CommandError::Range {
            field,
            min: min.into(),
            max: max.into(),
        })
    }
}

/// Passwords have 6 digits, 4 on some devices.
fn check_password(field: &'static str, password: &str, max: usize) -> Result<(), CommandError> {
    check_digits(field, password, 4, max)
}

fn check_digits(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<(), CommandError> {
    check(field, text, min, max, |character| {
        character.is_ascii_digit()
    })
}

/// A text that breaks the syntax of no set, in the alphabet of short messages.
fn check_text(field: &'static str, text: &str, min: usize, max: usize) -> Result<(), CommandError> {
    check(field, text, min, max, |character| {
        character.is_ascii_graphic() && !matches!(character, '#' | ',' | '`')
    })
}

/// A name as RFC 1123 has it. One whose last label is a number is a mistyped address.
fn check_host(name: &str) -> Result<(), CommandError> {
    check("host", name, 1, 253, |character| {
        character.is_ascii_alphanumeric() || matches!(character, '-' | '.')
    })?;
    // Bytes, because the search for a character in a `str` has panic paths, which a firmware would have to carry.
    let mut labels = name.as_bytes().rsplit(|&byte| byte == b'.');
    let is_label =
        |label: &[u8]| !matches!(label, [] | [b'-', ..] | [.., b'-']) && label.len() <= 63;
    let is_name = labels.clone().all(is_label)
        && labels
            .next()
            .is_some_and(|last| !last.iter().all(u8::is_ascii_digit));
    if is_name {
        Ok(())
    } else {
        Err(CommandError::Host)
    }
}

fn check(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
    allowed: impl Fn(char) -> bool,
) -> Result<(), CommandError> {
    match text.chars().find(|&character| !allowed(character)) {
        Some(character) => Err(CommandError::Character { field, character }),
        // All of it is ASCII.
        None if (min..=max).contains(&text.len()) => Ok(()),
        None => Err(CommandError::Length { field, min, max }),
    }
}
