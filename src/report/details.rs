//! The values that few frames have.

use super::AccessPointIter;
use crate::types::{AccessPoint, Decimal, PackedDigits, Protocol, Temperature, Text, Voltage};
use core::fmt;

/// The values that few frames have: see [`Report::details`](super::Report::details).
///
/// A field is `None` if its value was not sent or cannot exist; the message of the frame has the
/// raw value. With the feature `serde` they are serialized with the report, with the field names in
/// parentheses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Details<'a> {
    /// Signal-to-noise ratio of each satellite, in dB (`snr`).
    pub snr: Option<&'a [u8]>,
    /// Horizontal dilution of precision (`hdop`).
    pub hdop: Option<Decimal>,
    /// Radius within which the device believes its position to be right, in metres (`accuracy`).
    pub accuracy: Option<Decimal>,
    /// Height above sea level, in metres (`altitude`).
    pub altitude: Option<i32>,
    /// The Wi-Fi access points in sight (`access_points`).
    pub access_points: Option<AccessPoints<'a>>,
    /// Signal of the mobile network on the modem's scale, 0 to 31 (`csq`). Other scales are
    /// [`gsm_level`](super::Report::gsm_level).
    pub csq: Option<u8>,
    /// The generation of the mobile network (`network`).
    pub network: Option<Network>,
    /// Charge of the device's own battery, 0 to 100 per cent (`battery_percent`).
    pub battery_percent: Option<u8>,
    /// Voltage of the device's own battery (`battery_voltage`, in volts). The supply of the vehicle
    /// is [`voltage`](super::Report::voltage).
    pub battery_voltage: Option<Voltage>,
    /// Temperature by the device's sensor (`temperature`, in degrees Celsius).
    pub temperature: Option<Temperature>,
    /// Relative humidity, in per cent (`humidity`).
    pub humidity: Option<Decimal>,
    /// Whether a door is open (`door`).
    pub door: Option<bool>,
    /// Whether the device moves, by its own judgement (`motion`).
    pub motion: Option<bool>,
    /// Raw value of a fuel sensor (`fuel`).
    pub fuel: Option<u32>,
    /// Raw count of steps (`steps`).
    pub steps: Option<u32>,
    /// How long the ignition has been on, in seconds (`ignition_seconds`).
    pub ignition_seconds: Option<u32>,
    /// Raw code of what made the device send its position (`upload_mode`).
    pub upload_mode: Option<u8>,
    /// The number of a card held to a reader, as sent (`card_id`, in lower-case hex).
    pub card_id: Option<&'a [u8]>,
    /// IMSI of the SIM (`imsi`).
    pub imsi: Option<PackedDigits<'a>>,
    /// ICCID of the SIM (`iccid`).
    pub iccid: Option<Iccid<'a>>,
    /// Version of the device's firmware (`firmware`).
    pub firmware: Option<Text<'a>>,
}

/// The ICCID of a SIM, as its protocol writes it, without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Iccid<'a> {
    /// Two digits in each byte.
    Packed(PackedDigits<'a>),
    /// One digit in each character.
    Text(Text<'a>),
}

impl fmt::Display for Iccid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packed(digits) => digits.fmt(f),
            Self::Text(digits) => digits.fmt(f),
        }
    }
}

/// The generation of a mobile network. The discriminants are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u8)]
pub enum Network {
    /// GSM.
    Gsm = 2,
    /// LTE.
    Lte = 4,
}

impl Network {
    /// Returns the name in JSON: `2G`, `4G`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gsm => "2G",
            Self::Lte => "4G",
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The Wi-Fi access points that a frame names, in the order in which they were sent. They are
/// parsed during iteration.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AccessPoints<'a> {
    protocol: Protocol,
    /// The frame or the part of it from which the protocol's `access_points` reads them.
    bytes: &'a [u8],
}

impl<'a> AccessPoints<'a> {
    /// Creates the access points that the protocol reads from these bytes. Returns `None` without
    /// any.
    pub(crate) fn new(protocol: Protocol, bytes: &'a [u8]) -> Option<Self> {
        let points = Self { protocol, bytes };
        points.iter().next().map(|_| points)
    }

    /// Creates the access points that the protocol reads from these bytes, which may be none: the
    /// device looked for them, and saw none.
    pub(crate) const fn all(protocol: Protocol, bytes: &'a [u8]) -> Self {
        Self { protocol, bytes }
    }

    /// Returns an iterator over them.
    #[must_use]
    pub fn iter(&self) -> AccessPointIter<'a> {
        AccessPointIter::new(self.protocol, self.bytes)
    }
}

impl<'a> IntoIterator for AccessPoints<'a> {
    type Item = AccessPoint<'a>;
    type IntoIter = AccessPointIter<'a>;

    fn into_iter(self) -> AccessPointIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &AccessPoints<'a> {
    type Item = AccessPoint<'a>;
    type IntoIter = AccessPointIter<'a>;

    fn into_iter(self) -> AccessPointIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for AccessPoints<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
