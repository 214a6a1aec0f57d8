//! The device's side: writes plain values as frames of any protocol.
//!
//! [`Uplink`] mirrors [`Report`](crate::Report): what a device encodes here is what a server
//! reports. It is for simulators, gateways and firmware; the messages under [`protocol`] have every
//! field on the wire.
//!
//! ```
//! use gt02::{
//!     Protocol,
//!     device::{Device, Fix, Uplink},
//!     types::{DateTime, Position},
//! };
//!
//! let mut device = Device::new(Protocol::Gt06, "353588020144007".parse()?);
//! let mut out = [0; 128];
//! let login = device.encode(&Uplink::Login, &mut out)?;
//! // Send `out[..login.len]`, and wait for the reply.
//! let reply = gt02::Frame::parse(b"\x78\x78\x05\x01\x00\x01\xd9\xdc\x0d\x0a")?;
//! assert!(login.expects.unwrap().is_met_by(&reply));
//!
//! let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
//! let position = Position::from_degrees(-33.9249, 18.4241).unwrap();
//! let location = device.encode(&Uplink::Location(Fix::new(time, position)), &mut out)?;
//! assert_eq!(location.expects, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    error::EncodeError,
    protocol::{self, Frame},
    types::{
        Alarm, CellTower, Course, DateTime, DeviceId, Direction, MessageType, Position, Protocol,
        Speed,
    },
};
use core::fmt;

/// A device: its id, its protocol, and the serial of its next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Device {
    protocol: Protocol,
    id: DeviceId,
    serial: u16,
}

macro_rules! uplink {
    (
        $device:ident, $uplink:ident, $out:ident;
        $($(#[$doc:meta])* $name:ident {
            module: $module:ident, number: $number:literal, enabled: $enabled:expr
        })*
    ) => {
        match $device.protocol {
            $(Protocol::$name => protocol::$module::uplink($uplink, $device, $out),)*
        }
    };
}

impl Device {
    /// Creates a device with this id that speaks `protocol`. Its first serial is 1.
    #[must_use]
    pub const fn new(protocol: Protocol, id: DeviceId) -> Self {
        Self {
            protocol,
            id,
            serial: 1,
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

    /// Writes `uplink` as one frame to the front of `out`, and increments the serial.
    ///
    /// What the protocol has no field for is left out; a value too large for its field is an error.
    /// A serial that would spell another frame with the bytes after it is skipped. 256 bytes are
    /// enough for every message except a long response.
    ///
    /// # Errors
    /// If the protocol has no such message or alarm, if a value is too large for its field, if the
    /// time of a fix does not exist, or if `out` is too small. On error the serial stays, and the
    /// contents of `out` are unspecified.
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
    /// A response to a command, as text.
    Response(&'a str),
}

/// A position, with the values that were measured together with it.
///
/// [`new`](Self::new) creates one at rest; set the other fields afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Fix {
    /// Date and time, UTC.
    pub time: DateTime,
    /// The current or last known position.
    pub position: Position,
    /// Speed over ground.
    pub speed: Speed,
    /// Course over ground.
    pub course: Course,
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
    /// Creates a valid fix at rest: speed and course are 0, and the rest is not known.
    #[must_use]
    pub const fn new(time: DateTime, position: Position) -> Self {
        Self {
            time,
            position,
            speed: Speed::MetresPerHour(0),
            course: Course::NORTH,
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
            && frame.direction() != Some(Direction::Up)
            && frame.message_type() == Some(self.message_type)
            && (self.serial.is_none() || frame.serial() == self.serial)
    }
}

/// The error of encoding an [`Uplink`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum UplinkError {
    /// The protocol has no such message, or no such alarm.
    Unsupported {
        /// The protocol that the device speaks.
        protocol: Protocol,
    },
    /// The time of the fix is no date and time of day that exist.
    InvalidTime,
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
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for UplinkError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unsupported { .. } | Self::InvalidTime => None,
            Self::Encode(error) => Some(error),
        }
    }
}
