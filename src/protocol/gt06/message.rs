mod alarm;
mod blocks;
mod cell;
mod information;
mod location;
mod login;
mod request;
mod status;
mod text;

use super::{
    Envelope, Frame, Header,
    frame::{self, Parts},
};
use crate::{
    bytes::write::Writer,
    error::{EncodeError, Error},
    types::{DateTime, DeviceId},
};
pub use alarm::{Alarm, AlarmDetails, AlarmForm, CellAlarm};
pub use blocks::{CourseStatus, Gps, Lbs, Status, TerminalInfo};
pub use cell::{Cell, CellList};
pub use information::{Info, Information, Sim};
pub use location::{Location, LocationForm, UtcDetails};
pub use login::{Login, LoginExtension, Version};
pub use request::{AddressRequest, CellAddressRequest, Time, TimeRequest};
pub use status::{Heartbeat, Satellites, VoltageHeartbeat};
pub use text::{Address, Command, LongResponse, Response};

/// The protocol numbers that have a message of their own (spec gt06, sections 2.1 to 2.3).
mod number {
    pub(super) const LOGIN: u8 = 0x01;
    pub(super) const GPS: u8 = 0x10;
    pub(super) const CELL: u8 = 0x11;
    pub(super) const GPS_CELL: u8 = 0x12;
    pub(super) const HEARTBEAT: u8 = 0x13;
    pub(super) const SATELLITES: u8 = 0x14;
    pub(super) const RESPONSE: u8 = 0x15;
    pub(super) const ALARM: u8 = 0x16;
    /// Upwards the request by cell, downwards the answer in Chinese.
    pub(super) const CELL_ADDRESS: u8 = 0x17;
    pub(super) const CELL_LIST: u8 = 0x18;
    pub(super) const CELL_ALARM: u8 = 0x19;
    pub(super) const ADDRESS_REQUEST: u8 = 0x1A;
    pub(super) const LONG_RESPONSE: u8 = 0x21;
    pub(super) const UTC_GPS_CELL: u8 = 0x22;
    pub(super) const VOLTAGE_HEARTBEAT: u8 = 0x23;
    pub(super) const UTC_ALARM: u8 = 0x26;
    pub(super) const UTC_FENCE_ALARM: u8 = 0x27;
    pub(super) const UTC_CELL_LIST: u8 = 0x28;
    pub(super) const UTC_ADDRESS_REQUEST: u8 = 0x2A;
    pub(super) const COMMAND: u8 = 0x80;
    pub(super) const QUERY: u8 = 0x81;
    pub(super) const TIME: u8 = 0x8A;
    pub(super) const BARE_CELL: u8 = 0x8B;
    pub(super) const INFORMATION: u8 = 0x94;
    pub(super) const ADDRESS: u8 = 0x97;
    pub(super) const VERSION: u8 = 0xFD;
}

/// What a message is written by.
trait Content {
    /// The protocol number.
    fn code(&self) -> u8;

    /// The field of variable length, for errors.
    fn field(&self) -> &'static str {
        "rest"
    }

    /// Finds what cannot be written.
    fn check(&self) -> Result<(), EncodeError> {
        Ok(())
    }

    /// Writes what stands between the protocol number and the serial.
    fn write(&self, out: &mut Writer<'_>);
}

/// Bytes of the frame with this content.
fn frame_len(content: &dyn Content, header: Header) -> usize {
    let mut count = Writer::new(&mut []);
    content.write(&mut count);
    // Start mark, length, number, serial, checksum, end mark.
    let around = match header {
        Header::Short => 2 + 1 + 1 + 2 + 2 + 2,
        Header::Long | Header::Mixed => 2 + 2 + 1 + 2 + 2 + 2,
    };
    count.len().saturating_add(around)
}

/// Writes the frame with this content, of which is not known yet whether it would be read back the same.
fn write_frame(
    content: &dyn Content,
    envelope: Envelope,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    content.check()?;
    frame::encode(envelope, content.code(), content.field(), out, |out| {
        content.write(out)
    })
}

/// A gap on the wire: `field` is absent although what comes behind it is `present`.
const fn gap(field: &'static str, absent: bool, present: bool) -> Result<(), EncodeError> {
    if absent && present {
        Err(EncodeError::Gap { field })
    } else {
        Ok(())
    }
}

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident $(<$life:lifetime>)?,)*) => {
        /// The message in a frame.
        ///
        /// The protocol number says which it is; but numbers are used by several makers, and a content that is not laid out as documented is
        /// [`Unknown`](Self::Unknown), or keeps but the part that all known layouts begin with (spec gt06, section 5, pitfalls 7 and 8). In the
        /// diagrams of the messages offset 0 is the first byte behind the number. All integers are big-endian.
        ///
        /// ```
        /// use gt02::protocol::gt06::Message;
        /// // Spec gt06, section 4.2: a GT02A.
        /// let bytes = b"\x78\x78\x1f\x12\x0f\x0c\x02\x12\x2e\x26\xc7\x01\xfa\xec\x0a\x07\xeb\xa7\xb9\x00\x14\x44\
        ///     \x01\x94\x00\x27\x6e\x00\x16\x45\x00\x43\xfb\x99\x0d\x0a";
        /// let message = Message::parse(bytes)?;
        /// let Message::Location(location) = message else { unreachable!() };
        /// assert_eq!(location.gps.time.to_string(), "2015-12-02T18:46:38");
        /// assert_eq!(location.gps.position().unwrap().latitude.micro_degrees(), 18_456_468);
        /// assert_eq!(location.cell().unwrap().lac, Some(10_094));
        ///
        /// let mut out = [0; 36];
        /// assert_eq!(message.encode(&mut out), Ok(36));
        /// assert_eq!(out, *bytes);
        /// # Ok::<(), gt02::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Message<'a> {
            $($(#[$doc])* $name($name $(<$life>)?),)*
        }

        impl Message<'_> {
            /// What stands around the content: header and serial.
            #[must_use]
            #[inline]
            pub const fn envelope(&self) -> Envelope {
                match self {
                    $(Self::$name(message) => message.envelope,)*
                }
            }

            /// The protocol number.
            #[must_use]
            pub fn code(&self) -> u8 {
                match self {
                    $(Self::$name(message) => Content::code(message),)*
                }
            }

            /// The bytes that [`encode`](Self::encode) writes.
            #[must_use]
            pub fn encoded_len(&self) -> usize {
                match self {
                    $(Self::$name(message) => message.encoded_len(),)*
                }
            }

            /// Writes the whole frame to the front of `out`, and says how many bytes it is.
            ///
            /// # Errors
            /// If `out` is too small, with the size that is enough; or if the value is none that could be read back. What `out` then holds is
            /// unspecified.
            pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                match self {
                    $(Self::$name(message) => message.encode(out),)*
                }
            }
        }

        $(
            impl<'a> From<$name $(<$life>)?> for Message<'a> {
                fn from(message: $name $(<$life>)?) -> Self {
                    Self::$name(message)
                }
            }

            impl $(<$life>)? $name $(<$life>)? {
                /// The bytes that [`encode`](Self::encode) writes.
                #[must_use]
                pub fn encoded_len(&self) -> usize {
                    frame_len(self, self.envelope.header)
                }

                /// Writes the whole frame to the front of `out`, and says how many bytes it is.
                ///
                /// # Errors
                /// If `out` is too small ([`EncodeError::BufferTooSmall`]); if the content is longer than the header can say
                /// ([`TooLong`](EncodeError::TooLong)); if a value does not fit its field ([`Range`](EncodeError::Range)); if a field is absent
                /// although a later one is present ([`Gap`](EncodeError::Gap)); if the frame would be read back as another message, or with
                /// other fields ([`NotCanonical`](EncodeError::NotCanonical)), or as another frame ([`Ambiguous`](EncodeError::Ambiguous)).
                pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                    let len = write_frame(self, self.envelope, out)?;
                    let frame = Frame::from_candidate(out.get(..len).unwrap_or_default());
                    if $name::of(&frame.parts()) == Some(*self) { Ok(len) } else { Err(EncodeError::NotCanonical) }
                }
            }
        )*
    };
}

messages! {
    /// `01`, upwards: the device says who it is.
    Login<'a>,
    /// `10`, `12`, `22`, upwards: where the device is.
    Location<'a>,
    /// `11`, `8B`, upwards: the serving cell alone.
    Cell<'a>,
    /// `18`, `28`, upwards: the cells around the device.
    CellList<'a>,
    /// `13`, upwards: the device is there.
    Heartbeat<'a>,
    /// `23`, upwards: the device is there, with the external voltage.
    VoltageHeartbeat<'a>,
    /// `14`, upwards: how well the satellites are received.
    Satellites<'a>,
    /// `15`, upwards: the answer to a command; and `81`.
    Response<'a>,
    /// `21`, upwards: the answer to a command, of newer devices.
    LongResponse<'a>,
    /// `16`, `26`, `27`, upwards: an alarm with a position.
    Alarm<'a>,
    /// `19`, upwards: an alarm with the serving cell alone.
    CellAlarm,
    /// `1A`, `2A`, upwards: the device asks for the address of a position.
    AddressRequest<'a>,
    /// `17`, upwards: the device asks for the address of a cell.
    CellAddressRequest<'a>,
    /// `94`, upwards: one of many kinds of information.
    Information<'a>,
    /// `FD`, upwards: the firmware.
    Version<'a>,
    /// `8A` without content, upwards: the device asks for the time.
    TimeRequest,
    /// `8A` with six bytes, downwards: the answer to that.
    Time,
    /// `80`, downwards: text to the device.
    Command<'a>,
    /// `17` and `97`, downwards: the address that was asked for, or where an alarm was raised.
    Address<'a>,
    /// Any number but `8A` without content: downwards the answer to that number.
    Empty,
    /// Any other number; and these where the content is not laid out as documented.
    Unknown<'a>,
}

impl<'a> Message<'a> {
    /// The message in `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn of(frame: &Parts<'a>) -> Self {
        // Each kind straight into its place: a message is large enough that moving it takes time.
        macro_rules! read_as {
            ($($name:ident),+) => {{
                $(if let Some(message) = $name::of(frame) {
                    return Self::$name(message);
                })+
            }};
        }
        match frame.code() {
            number::GPS | number::GPS_CELL | number::UTC_GPS_CELL => read_as!(Location),
            number::HEARTBEAT => read_as!(Heartbeat),
            number::LOGIN => read_as!(Login),
            number::CELL | number::BARE_CELL => read_as!(Cell),
            number::CELL_LIST | number::UTC_CELL_LIST => read_as!(CellList),
            number::VOLTAGE_HEARTBEAT => read_as!(VoltageHeartbeat),
            number::SATELLITES => read_as!(Satellites),
            number::RESPONSE | number::QUERY => read_as!(Response),
            number::LONG_RESPONSE => read_as!(LongResponse),
            number::ALARM | number::UTC_ALARM | number::UTC_FENCE_ALARM => read_as!(Alarm),
            number::CELL_ALARM => read_as!(CellAlarm),
            number::ADDRESS_REQUEST | number::UTC_ADDRESS_REQUEST => read_as!(AddressRequest),
            number::CELL_ADDRESS => read_as!(Address, CellAddressRequest),
            number::INFORMATION => read_as!(Information),
            number::VERSION => read_as!(Version),
            number::TIME => read_as!(TimeRequest, Time),
            number::COMMAND => read_as!(Command),
            number::ADDRESS => read_as!(Address),
            _ => {}
        }
        read_as!(Empty);
        Self::Unknown(Unknown {
            envelope: frame.envelope(),
            code: frame.code(),
            content: frame.content(),
        })
    }

    /// The device that sent the message, for the few messages that say: login, version and SIM data.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        match self {
            Self::Login(message) => message.device_id(),
            Self::Version(message) => message.device_id(),
            Self::Information(Information {
                info: Info::Sim(sim),
                ..
            }) => sim.device_id(),
            _ => None,
        }
    }
}

/// A frame without content.
///
/// Downwards it is the server's answer: the number and the serial of what it answers. Upwards a device has been seen to send `12` so \[T\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Empty {
    /// Header and serial.
    pub envelope: Envelope,
    /// The protocol number: any but `8A`, which without content is a [`TimeRequest`].
    pub code: u8,
}

impl Empty {
    fn of(frame: &Parts<'_>) -> Option<Self> {
        let code = frame.code();
        (frame.content().is_empty() && code != number::TIME).then(|| Self {
            envelope: frame.envelope(),
            code,
        })
    }
}

impl Content for Empty {
    fn code(&self) -> u8 {
        self.code
    }

    fn write(&self, _: &mut Writer<'_>) {}
}

/// A message that has no name here, or that is not laid out as its number says; all of it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The protocol number.
    pub code: u8,
    /// What stands between the number and the serial.
    pub content: &'a [u8],
}

impl<'a> Unknown<'a> {
    fn of(frame: &Parts<'a>) -> Option<Self> {
        match Message::of(frame) {
            Message::Unknown(message) => Some(message),
            _ => None,
        }
    }

    /// What public decoders call the number, if it has no message here (spec gt06, section 2.5) \[T\].
    ///
    /// `None` also where makers use the number for different things. None of these is known from a device sold as a GT02.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        Some(match self.code {
            0x1E => "GPS and LBS, extended",
            0x25 => "GPS, LBS and driver",
            0x2C => "WiFi and LBS",
            0x2D | 0x31 | 0x37 | 0x38 => "GPS and LBS",
            0x2E => "LBS multiple",
            0x32 => "GPS, LBS and status",
            0x33 => "WiFi",
            0x35 => "photo information",
            0x39 => "alarm with module",
            0x40 => "battery data",
            0x41 => "multimedia",
            0x61 => "iButton",
            0x65 => "DTC",
            0x66 => "PID",
            0x70 => "modular GPS",
            0x82 => "command 2",
            0x8C => "OBD",
            0x8D => "large file transfer",
            0x95 => "alarm",
            0x9B | 0x9C => "serial port passthrough",
            0xA0 => "GPS and LBS, 4G",
            0xA1 => "LBS, 4G",
            0xA4 => "multi-fence alarm",
            0xA5 => "LBS alarm",
            0xA7 => "LBS address request",
            0xA9 => "WiFi alarm",
            0xB0 => "attendance",
            0xB2 => "Bluetooth clock",
            0xF1 => "device status",
            0xF2 => "peripheral",
            0xF3 => "WiFi with count",
            _ => return None,
        })
    }

    /// Date and time by the device's clock, if the number is one whose layouts all begin with them, and they exist.
    ///
    /// The numbers are `10`, `11`, `12`, `16`, `18`, `1A`, `22`, `26`, `27`, `28` and `2A`: here their content has a length that no document gives.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        let begins_with_time = matches!(
            self.code,
            number::GPS
                | number::CELL
                | number::GPS_CELL
                | number::ALARM
                | number::CELL_LIST
                | number::ADDRESS_REQUEST
                | number::UTC_GPS_CELL
                | number::UTC_ALARM
                | number::UTC_FENCE_ALARM
                | number::UTC_CELL_LIST
                | number::UTC_ADDRESS_REQUEST
        );
        let (_, time) = blocks::date_time(self.content)
            .ok()
            .filter(|_| begins_with_time)?;
        time.is_valid().then_some(time)
    }

    /// The position that a vendor's layout of `11` (28 bytes) and another one's of `17` (35 bytes) begin with, if its date exists
    /// (spec gt06, section 5, pitfall 8) \[T\].
    #[must_use]
    pub fn gps(&self) -> Option<Gps> {
        match (self.code, self.content.len()) {
            (number::CELL, 28) | (number::CELL_ADDRESS, 35) => blocks::gps(self.content)
                .ok()
                .map(|(_, gps)| gps)
                .filter(|gps| gps.time.is_valid()),
            _ => None,
        }
    }
}

impl Content for Unknown<'_> {
    fn code(&self) -> u8 {
        self.code
    }

    fn field(&self) -> &'static str {
        "content"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(self.content);
    }
}
