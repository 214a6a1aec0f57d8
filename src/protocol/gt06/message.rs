mod alarm;
mod blocks;
mod cell;
mod extended;
mod information;
mod items;
mod location;
mod lock;
mod login;
mod peripheral;
mod request;
mod scan;
mod status;
mod text;
mod wide;

use super::{
    Envelope, Frame, Header,
    frame::{self, Parts},
};
use crate::{
    bytes::{WIDE, write::Writer},
    error::{EncodeError, Error},
    features::DETAILS,
    types::{DateTime, DeviceId, Direction, MessageType},
};
pub use alarm::{Alarm, AlarmDetails, AlarmKind, CellAlarm, LteCellAlarm};
pub use blocks::{CourseStatus, Gps, Language, Lbs, Status, TerminalInfo};
pub use cell::{Cell, CellList, CellListNeighbours, ListedCell};
pub use extended::{
    ExtendedAlarm, ExtendedAlarmKind, ExtendedLocation, ExtendedLocationKind, LteStatus, Vehicle,
    VehicleDriver,
};
pub use information::{
    DoorInput, Info, Information, SatelliteStatus, SatelliteSystem, Sim, Thermometers,
};
pub use items::{
    DataItem, ItemForm, ItemIter, ItemList, ItemListKind, Items, ModularEvent, ModularFix,
};
pub use location::{Location, LocationKind, LocationSensors, LocationTail, UploadMode, UtcDetails};
pub use lock::{Lock, LockCell, LockFix, LockKind};
pub use login::{Login, LoginExtension, LoginTime, Version};
pub use peripheral::{DoorEvent, PassThrough};
pub use request::{AddressRequest, CellAddressRequest, Time, TimeRequest};
pub use scan::{
    AccessPointForm, AccessPointList, AccessPointListIter, CellScan, CellScanKind, ListedLteCell,
    WifiScan,
};
pub use status::{
    Activity, ActivityHeartbeat, Heartbeat, ObdHeartbeat, Satellites, VoltageHeartbeat,
};
pub use text::{Address, Command, LongResponse, Response};
pub use wide::{Upload, WideLbs};

/// The protocol numbers that have a message of their own.
mod number {
    pub(super) const LOGIN: u8 = 0x01;
    pub(super) const GPS: u8 = 0x10;
    pub(super) const CELL: u8 = 0x11;
    pub(super) const GPS_CELL: u8 = 0x12;
    pub(super) const HEARTBEAT: u8 = 0x13;
    pub(super) const SATELLITES: u8 = 0x14;
    pub(super) const RESPONSE: u8 = 0x15;
    pub(super) const ALARM: u8 = 0x16;
    /// Upwards the request by cell, downwards the address in Chinese.
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
    /// `22` of a vehicle's tracker, with the driver.
    pub(super) const DRIVER: u8 = 0x25;
    pub(super) const UTC_ADDRESS_REQUEST: u8 = 0x2A;
    pub(super) const WIFI: u8 = 0x2C;
    /// A location with the altitude.
    pub(super) const ALTITUDE: u8 = 0x31;
    /// With `79 79` a lock; with `78 78` a location or an alarm, by the length.
    pub(super) const LOCK: u8 = 0x32;
    pub(super) const LOCK_EVENT: u8 = 0x33;
    /// A heartbeat with items; by the length a location.
    pub(super) const ITEMS: u8 = 0x36;
    pub(super) const GPS_ITEMS: u8 = 0x37;
    pub(super) const CELL_ITEMS: u8 = 0x38;
    /// A location with the driver's key.
    pub(super) const KEY: u8 = 0x61;
    pub(super) const MODULAR: u8 = 0x70;
    pub(super) const COMMAND: u8 = 0x80;
    pub(super) const QUERY: u8 = 0x81;
    pub(super) const TIME: u8 = 0x8A;
    pub(super) const BARE_CELL: u8 = 0x8B;
    pub(super) const INFORMATION: u8 = 0x94;
    pub(super) const ADDRESS: u8 = 0x97;
    pub(super) const IDENTITY: u8 = 0x98;
    pub(super) const PASS_THROUGH: u8 = 0x9B;
    pub(super) const LTE: u8 = 0xA0;
    pub(super) const LTE_CELL_LIST: u8 = 0xA1;
    /// Cells and access points; by the length a location.
    pub(super) const LTE_WIFI: u8 = 0xA2;
    /// An alarm; by the length a heartbeat.
    pub(super) const LTE_ALARM: u8 = 0xA3;
    pub(super) const LTE_FENCE_ALARM: u8 = 0xA4;
    pub(super) const LTE_CELL_ALARM: u8 = 0xA5;
    pub(super) const LTE_ADDRESS_REQUEST: u8 = 0xA7;
    pub(super) const SENSORS: u8 = 0xF1;
    pub(super) const WIFI_COUNT: u8 = 0xF3;
    pub(super) const VERSION: u8 = 0xFD;
}

/// The content of a message, as it is written.
pub(super) trait Content {
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

    /// Writes the bytes between the protocol number and the serial.
    fn write(&self, out: &mut Writer<'_>);

    /// Writes the whole frame, if its fields show that it reads back as the same message.
    #[inline]
    fn encode_at_once(&self, _out: &mut [u8]) -> Option<Result<usize, EncodeError>>
    where
        Self: Sized,
    {
        None
    }
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

/// Writes the frame with this content, without checking that it reads back as the same message.
pub(super) fn write_frame(
    content: &dyn Content,
    envelope: Envelope,
    out: &mut [u8],
) -> Result<usize, EncodeError> {
    content.check()?;
    frame::encode(content, envelope, out)
}

/// Refuses a gap on the wire: `field` is absent although a later one is `present`.
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
        /// The protocol number says which it is; but numbers are used by several makers. A content
        /// that is not laid out as documented is [`Unknown`](Self::Unknown), or keeps only the part
        /// that all known layouts begin with. In the diagrams of the messages offset 0 is the first
        /// byte after the number. All integers are big-endian.
        ///
        /// ```
        /// use gt02::protocol::gt06::Message;
        /// // An example of a vendor document.
        /// let bytes = b"\x78\x78\x1f\x12\x0f\x0c\x1d\x0b\x0f\x34\xc6\x02\x7a\xc7\x4c\x0c\x46\x58\
        ///     \x10\x00\x14\xd4\x01\xcc\x00\x28\x7d\x00\x1f\x71\x00\x26\x23\x09\x0d\x0a";
        /// let message = Message::parse(bytes)?;
        /// let Message::Location(location) = message else { unreachable!() };
        /// assert_eq!(location.gps.time.to_string(), "2015-12-29T11:15:52");
        /// assert_eq!(location.gps.position().unwrap().latitude.micro_degrees(), 23_111_580);
        /// assert_eq!(location.cell().unwrap().lac, Some(10_365));
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
            /// Returns the envelope of the content: header and serial.
            #[must_use]
            #[inline]
            pub const fn envelope(&self) -> Envelope {
                match self {
                    $(Self::$name(message) => message.envelope,)*
                }
            }

            /// Returns the protocol number.
            #[must_use]
            pub fn code(&self) -> u8 {
                match self {
                    $(Self::$name(message) => Content::code(message),)*
                }
            }

            /// Returns the number of bytes that [`encode`](Self::encode) writes.
            #[must_use]
            pub fn encoded_len(&self) -> usize {
                match self {
                    $(Self::$name(message) => message.encoded_len(),)*
                }
            }

            /// Writes the whole frame to the front of `out`, and returns its length.
            ///
            /// # Errors
            /// If `out` is too small, with the size that is enough; or if the message could not be
            /// parsed back to the same value. The contents of `out` are unspecified then.
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
                /// Returns the number of bytes that [`encode`](Self::encode) writes.
                #[must_use]
                pub fn encoded_len(&self) -> usize {
                    frame_len(self, self.envelope.header)
                }

                /// Writes the whole frame to the front of `out`, and returns its length.
                ///
                /// # Errors
                /// * [`BufferTooSmall`](EncodeError::BufferTooSmall): `out` is too small.
                /// * [`TooLong`](EncodeError::TooLong): the content is longer than the header can
                ///   say.
                /// * [`Range`](EncodeError::Range): a value does not fit its field.
                /// * [`Gap`](EncodeError::Gap): a field is absent although a later one is present.
                /// * [`NotCanonical`](EncodeError::NotCanonical): the frame would be read back as
                ///   another message, or with other fields.
                /// * [`Ambiguous`](EncodeError::Ambiguous): the frame would be read back as another
                ///   frame.
                pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                    if let Some(encoded) = self.encode_at_once(out) {
                        return encoded;
                    }
                    self.encode_in_general(out)
                }

                /// Writes any message, and reads it back.
                fn encode_in_general(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
                    let len = write_frame(self, self.envelope, out)?;
                    let frame = Frame::from_candidate(out.get(..len).unwrap_or_default());
                    if $name::read(&frame.parts()) == Some(*self) {
                        Ok(len)
                    } else {
                        Err(EncodeError::NotCanonical)
                    }
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
    /// `11`, `12`, `17`, `22`, `25`, `31`, `32`, `36`, `37`, `38`, `61`, `A0`, `A2`, upwards, by
    /// their length: where the device is, and what else it measures.
    ExtendedLocation<'a>,
    /// `32`, `33` with `79 79`, upwards: where a lock is, and what happened to it.
    Lock<'a>,
    /// `11`, `8B`, upwards: the serving cell alone.
    Cell<'a>,
    /// `18`, `28`, upwards: the cells around the device.
    CellList<'a>,
    /// `2C`, `A1`, `A2`, upwards: the cells and access points around the device.
    CellScan<'a>,
    /// `F3`, upwards: the access points around the device.
    WifiScan<'a>,
    /// `13`, upwards: the device is there.
    Heartbeat<'a>,
    /// `23`, upwards: the device is there, with the external voltage.
    VoltageHeartbeat<'a>,
    /// `13` with 14 bytes, upwards: the device is there, and what it measures.
    ObdHeartbeat,
    /// `A3` with 7 or 19 bytes, upwards: the device is there, and what a person did with it.
    ActivityHeartbeat,
    /// `36`, `70`, `98`, `F1`, upwards: a list of items.
    ItemList<'a>,
    /// `14`, upwards: how well the satellites are received.
    Satellites<'a>,
    /// `15`, upwards: the response to a command; and `81`.
    Response<'a>,
    /// `21`, upwards: the response to a command, of newer devices.
    LongResponse<'a>,
    /// `21` with `78 78`, upwards: a door was opened or closed.
    DoorEvent,
    /// `16`, `26`, `27`, upwards: an alarm with a position.
    Alarm<'a>,
    /// `19`, upwards: an alarm with the serving cell alone.
    CellAlarm,
    /// `16`, `32`, `A3`, `A4`, upwards, by their length: an alarm with a position.
    ExtendedAlarm<'a>,
    /// `A5`, upwards: an alarm with a 4G cell alone.
    LteCellAlarm,
    /// `1A`, `2A`, upwards: the device asks for the address of a position.
    AddressRequest<'a>,
    /// `17`, `A7`, upwards: the device asks for the address of a cell.
    CellAddressRequest<'a>,
    /// `9B`, upwards: bytes of the device on the serial port.
    PassThrough<'a>,
    /// `94`, upwards: one of many kinds of information.
    Information<'a>,
    /// `FD`, upwards: the firmware.
    Version<'a>,
    /// `8A` without content, upwards: the device asks for the time.
    TimeRequest,
    /// `8A` with six bytes, downwards: the reply to that.
    Time,
    /// `01` with 7 bytes, downwards: the reply to the login of a lock.
    LoginTime,
    /// `80`, downwards: text to the device.
    Command<'a>,
    /// `17` and `97`, downwards: the address that was asked for, or where an alarm was raised.
    Address<'a>,
    /// Any number except `8A` without content: downwards the reply to that number.
    Ack,
    /// Any other number; and these where the content is not laid out as documented.
    Unknown<'a>,
}

impl<'a> Message<'a> {
    /// Reads the message in `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    /// Reads the message.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(frame: &Parts<'a>) -> Self {
        Self::read_of::<true>(frame)
    }

    /// Reads what is reported of the message: see [`features`](crate::features).
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn reported(frame: &Parts<'a>) -> Self {
        Self::read_of::<DETAILS>(frame)
    }

    /// Reads the message. Without `DETAILS`, those that are details are
    /// [`Unknown`](Self::Unknown).
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn read_of<const DETAILS: bool>(frame: &Parts<'a>) -> Self {
        // Each kind straight into its place: a message is large enough that moving it takes time.
        macro_rules! read_as {
            ($($name:ident),+) => {{
                $(if let Some(message) = $name::read(frame) {
                    return Self::$name(message);
                })+
            }};
        }
        match frame.code() {
            number::LOGIN => read_as!(Login, LoginTime),
            number::GPS | number::GPS_CELL | number::UTC_GPS_CELL => {
                // Not by `read_of`: what comes of one of two ways is moved.
                if WIDE {
                    if let Some(location) = Location::common(frame) {
                        return Self::Location(location);
                    }
                }
                if let Some(location) = Location::read_any::<DETAILS>(frame) {
                    return Self::Location(location);
                }
            }
            number::HEARTBEAT => read_as!(Heartbeat),
            number::VOLTAGE_HEARTBEAT => read_as!(VoltageHeartbeat),
            number::ALARM | number::UTC_ALARM | number::UTC_FENCE_ALARM => {
                if let Some(alarm) = Alarm::read_of::<DETAILS>(frame) {
                    return Self::Alarm(alarm);
                }
            }
            number::CELL_ALARM => read_as!(CellAlarm),
            number::TIME => read_as!(TimeRequest, Time),
            _ => {}
        }
        if DETAILS {
            match frame.code() {
                number::GPS | number::GPS_CELL | number::UTC_GPS_CELL => {
                    read_as!(ExtendedLocation);
                }
                number::HEARTBEAT => read_as!(ObdHeartbeat),
                number::ALARM | number::UTC_ALARM | number::UTC_FENCE_ALARM => {
                    read_as!(ExtendedAlarm);
                }
                number::CELL | number::BARE_CELL => read_as!(Cell, ExtendedLocation),
                number::CELL_LIST | number::UTC_CELL_LIST => read_as!(CellList),
                number::SATELLITES => read_as!(Satellites),
                number::RESPONSE | number::QUERY => read_as!(Response),
                number::LONG_RESPONSE => read_as!(LongResponse, DoorEvent),
                number::ADDRESS_REQUEST | number::UTC_ADDRESS_REQUEST => read_as!(AddressRequest),
                number::CELL_ADDRESS => read_as!(Address, CellAddressRequest, ExtendedLocation),
                number::INFORMATION => read_as!(Information),
                number::VERSION => read_as!(Version),
                number::COMMAND => read_as!(Command),
                number::ADDRESS => read_as!(Address),
                number::LTE
                | number::ALTITUDE
                | number::GPS_ITEMS
                | number::CELL_ITEMS
                | number::DRIVER
                | number::KEY => read_as!(ExtendedLocation),
                number::LOCK => read_as!(ExtendedLocation, ExtendedAlarm, Lock),
                number::LOCK_EVENT => read_as!(Lock),
                number::ITEMS => read_as!(ItemList, ExtendedLocation),
                number::MODULAR | number::IDENTITY | number::SENSORS => read_as!(ItemList),
                number::WIFI | number::LTE_CELL_LIST => read_as!(CellScan),
                number::LTE_WIFI => read_as!(CellScan, ExtendedLocation),
                number::WIFI_COUNT => read_as!(WifiScan),
                number::LTE_ALARM => read_as!(ExtendedAlarm, ActivityHeartbeat),
                number::LTE_FENCE_ALARM => read_as!(ExtendedAlarm),
                number::LTE_CELL_ALARM => read_as!(LteCellAlarm),
                number::LTE_ADDRESS_REQUEST => read_as!(CellAddressRequest),
                number::PASS_THROUGH => read_as!(PassThrough),
                _ => {}
            }
        }
        read_as!(Ack);
        Self::Unknown(Unknown {
            envelope: frame.envelope(),
            code: frame.code(),
            content: frame.content(),
        })
    }

    /// Returns which way the message travels, if only one side sends it. An [`Ack`], a
    /// [`TimeRequest`], which has the bytes of an empty reply to one, and an [`Unknown`] do not
    /// tell.
    #[must_use]
    pub const fn direction(&self) -> Option<Direction> {
        match self {
            Self::Time(_) | Self::LoginTime(_) | Self::Command(_) | Self::Address(_) => {
                Some(Direction::Down)
            }
            Self::Ack(_) | Self::TimeRequest(_) | Self::Unknown(_) => None,
            _ => Some(Direction::Up),
        }
    }

    /// Returns the message's type: the protocol number, and the sub-type of an [`Information`].
    #[must_use]
    pub fn message_type(&self) -> Option<MessageType<'a>> {
        let code = self.code();
        let subtype = match self {
            Self::Information(information) => information.info.subtype(),
            _ => None,
        };
        Some(subtype.map_or(MessageType::Byte(code), |subtype| {
            MessageType::SubType(code, subtype)
        }))
    }

    /// Returns the device that sent the message, for the few messages that say: login, version, SIM
    /// data, and some of newer devices.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        match self {
            Self::Login(message) => message.device_id(),
            Self::Version(message) => message.device_id(),
            Self::ExtendedLocation(message) => message.device_id(),
            Self::ItemList(message) => message.device_id(),
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
/// ```text
/// +- - - -+
/// | empty |
/// +- - - -+
/// ```
///
/// Downwards it is the server's reply: the number and the serial of the message that it replies to.
/// Upwards a device has been seen to send `12` so \[T\].
///
/// ```
/// use gt02::protocol::gt06::{Ack, Message};
/// // The reply to a login, from a vendor document.
/// let bytes = b"\x78\x78\x05\x01\x00\x01\xd9\xdc\x0d\x0a";
/// assert_eq!(Message::parse(bytes)?, Message::Ack(Ack::new(0x01, 1)));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Ack {
    /// Header and serial.
    pub envelope: Envelope,
    /// The protocol number: any except `8A`, which without content is a [`TimeRequest`].
    pub code: u8,
}

impl Ack {
    /// Creates the reply to the message with this number and serial.
    #[must_use]
    pub const fn new(code: u8, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            code,
        }
    }

    /// Creates the reply to a message with a `79 79` header that wants the same one: `32`, `33` and
    /// `70`.
    #[must_use]
    pub const fn long(code: u8, serial: u16) -> Self {
        Self {
            envelope: Envelope::long(serial),
            code,
        }
    }

    fn read(frame: &Parts<'_>) -> Option<Self> {
        let code = frame.code();
        (frame.content().is_empty() && code != number::TIME).then(|| Self {
            envelope: frame.envelope(),
            code,
        })
    }
}

impl Content for Ack {
    fn code(&self) -> u8 {
        self.code
    }

    fn write(&self, _: &mut Writer<'_>) {}
}

/// A message that has no name here, or that is not laid out as its number says; all of it is kept.
///
/// ```text
/// 0
/// +- - - - +
/// | content|
/// +- - - - +
/// ```
///
/// ```
/// use gt02::protocol::gt06::Unknown;
/// let unknown = Unknown::new(0x2D, &[1, 2, 3], 7);
/// assert_eq!(unknown.name(), Some("GPS and LBS"));
/// let mut out = [0; 13];
/// assert_eq!(unknown.encode(&mut out), Ok(13));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The protocol number.
    pub code: u8,
    /// The bytes between the number and the serial.
    pub content: &'a [u8],
}

impl<'a> Unknown<'a> {
    /// Creates a message with a `78 78` header.
    #[must_use]
    pub const fn new(code: u8, content: &'a [u8], serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            code,
            content,
        }
    }

    fn read(frame: &Parts<'a>) -> Option<Self> {
        match Message::read(frame) {
            Message::Unknown(message) => Some(message),
            _ => None,
        }
    }

    /// Returns the name that public decoders give the number, if it has no message here \[T\]. See
    /// [the manual](crate::manual::gt06), "Messages".
    ///
    /// `None` also where makers use the number for different things. None of these is known from a
    /// device sold as a GT02.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        Some(match self.code {
            0x1E => "GPS and LBS, extended",
            0x2D => "GPS and LBS",
            0x2E => "LBS multiple",
            0x35 => "photo information",
            0x39 => "alarm with module",
            0x40 => "battery data",
            0x41 => "multimedia",
            0x65 => "DTC",
            0x66 => "PID",
            0x82 => "command 2",
            0x8C => "OBD",
            0x8D => "large file transfer",
            0x95 => "alarm",
            0x9C => "serial port passthrough",
            0xA9 => "WiFi alarm",
            0xB0 => "attendance",
            0xB2 => "Bluetooth clock",
            0xF2 => "peripheral",
            _ => return None,
        })
    }

    /// Returns date and time by the device's clock, if the number is one whose layouts all begin
    /// with them, and if they exist.
    ///
    /// The numbers are `10`, `11`, `12`, `16`, `18`, `1A`, `22`, `26`, `27`, `28` and `2A`: here
    /// their content has a length that no document gives.
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
