//! The values of commands: access points, servers, what a relay switches, how an alarm is told.

use super::{
    CommandError,
    check::{check_host, check_range, check_text},
    text::{Draft, Sms},
};
use core::net::Ipv4Addr;

/// The longest name of an access point (3GPP TS 23.003, section 9.1). Only set A has a limit of its
/// own.
pub(super) const MAX_APN: usize = 63;

/// The access point of a mobile network, as the operator of the SIM names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Apn<'a> {
    /// Its name, 1 to 63 bytes; in set A at most 30.
    pub name: &'a str,
    /// The user's name; empty if none is needed.
    pub user: &'a str,
    /// The user's password; empty if none is needed.
    pub password: &'a str,
}

impl<'a> Apn<'a> {
    /// An access point that needs neither user nor password.
    #[must_use]
    pub const fn new(name: &'a str) -> Self {
        Self {
            name,
            user: "",
            password: "",
        }
    }

    pub(super) const fn has_credentials(&self) -> bool {
        !self.user.is_empty() || !self.password.is_empty()
    }

    pub(super) fn check(&self, max: usize) -> Result<(), CommandError> {
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
    /// How the device connects.
    pub transport: Transport,
}

impl Server<'_> {
    pub(super) fn check(&self) -> Result<(), CommandError> {
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
    /// An address; the devices know IPv4 only.
    Address(Ipv4Addr),
}

impl Host<'_> {
    pub(super) fn write(&self, draft: &mut Draft) {
        match self {
            Self::Name(name) => draft.put(&[name]),
            Self::Address(address) => {
                let [a, b, c, d] = address.octets();
                draft.put_number(a.into(), 1);
                for octet in [b, c, d] {
                    draft.put(&["."]);
                    draft.put_number(octet.into(), 1);
                }
            }
        }
    }

    /// The digit of sets B and J for the kind of host.
    pub(super) const fn digit(&self) -> &'static str {
        match self {
            Self::Address(_) => "0",
            Self::Name(_) => "1",
        }
    }

    /// Reads a host of the kind that the digit says. A name that reads as an address is refused
    /// later, when the values are checked.
    pub(super) fn read<'a>(kind: &str, host: &'a str) -> Option<Host<'a>> {
        match kind {
            "0" => Some(Host::Address(host.parse().ok()?)),
            "1" => Some(Host::Name(host)),
            _ => None,
        }
    }
}

/// An address if it reads as one, else a name, which is checked when a command is written.
impl<'a> From<&'a str> for Host<'a> {
    fn from(text: &'a str) -> Self {
        text.parse().map_or(Self::Name(text), Self::Address)
    }
}

impl From<Ipv4Addr> for Host<'_> {
    fn from(address: Ipv4Addr) -> Self {
        Self::Address(address)
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

/// How a device connects to its server.
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
    pub(super) const fn digit(self) -> &'static str {
        match self {
            Self::Tcp => "0",
            Self::Udp => "1",
        }
    }

    pub(super) fn read(digit: &[u8]) -> Option<Self> {
        match digit {
            b"0" => Some(Self::Tcp),
            b"1" => Some(Self::Udp),
            _ => None,
        }
    }
}

/// What a relay switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Circuit {
    /// The fuel pump.
    Fuel,
    /// The vehicle's electricity.
    Electricity,
    /// Whatever the relay is wired to: the documents of sets W and S name neither.
    Vehicle,
    /// The relay of LV-12 and GT06B, whose command names nothing else.
    Relay,
}

/// Which way over a fence raises an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Crossing {
    /// Into it.
    In,
    /// Out of it.
    Out,
    /// Either way.
    #[default]
    Both,
}

impl Crossing {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::In => "IN",
            Self::Out => "OUT",
            Self::Both => "",
        }
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "IN" => Some(Self::In),
            "OUT" => Some(Self::Out),
            "" => Some(Self::Both),
            _ => None,
        }
    }
}

/// When a device sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Sleep {
    /// Never, in set W.
    Off,
    /// Until it is shaken, in set W.
    Shock,
    /// By time, in set W.
    Time,
    /// A number of set S, whose meaning is not documented.
    Number(u8),
}

/// A setting that can be asked for by itself, in set J.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Setting {
    /// The server: `SERVER#`.
    Server,
    /// The access point: `APN#`.
    Apn,
    /// The intervals of reports: `TIMER#`.
    Interval,
    /// The intervals of heartbeats: `HBT#`.
    Heartbeat,
    /// The time zone: `GMT#`.
    TimeZone,
}

impl Setting {
    /// What it is asked for, to be read after "to".
    pub(super) const fn question(self) -> &'static str {
        match self {
            Self::Server => "ask for the server",
            Self::Apn => "ask for the APN",
            Self::Interval => "ask for the reporting interval",
            Self::Heartbeat => "ask for the interval of heartbeats",
            Self::TimeZone => "ask for the time zone",
        }
    }
}

/// How a device tells an alarm, in set J.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Notify {
    /// Over GPRS, to the server alone.
    #[default]
    Gprs,
    /// Over GPRS and by SMS.
    GprsAndSms,
    /// Over GPRS, by SMS and by a call.
    GprsSmsAndCall,
    /// Over GPRS and by a call.
    GprsAndCall,
}

impl Notify {
    pub(super) const fn digit(self) -> &'static str {
        match self {
            Self::Gprs => "0",
            Self::GprsAndSms => "1",
            Self::GprsSmsAndCall => "2",
            Self::GprsAndCall => "3",
        }
    }

    pub(super) fn read(digit: &str) -> Option<Self> {
        match digit {
            "0" => Some(Self::Gprs),
            "1" => Some(Self::GprsAndSms),
            "2" => Some(Self::GprsSmsAndCall),
            "3" => Some(Self::GprsAndCall),
            _ => None,
        }
    }
}
