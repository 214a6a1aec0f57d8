//! What is connected to a device: a door, and a serial device.

use super::{
    Content, Envelope, Header, Parts,
    blocks::{date_time, write_date_time},
    number,
};
use crate::{
    bytes::{read::byte, write::Writer},
    types::{DateTime, Temperature},
};
use nom::{Parser, combinator::all_consuming};

/// A door was opened or closed: `21` in a `78 78` frame.
///
/// ```text
/// 0               6      7
/// +---------------+------+
/// | y m d  h m s  | door |
/// +---------------+------+
/// ```
///
/// The one device that is known to send it says a length of 8 instead of 12
/// ([`Envelope::wrong_length`]). In a `79 79` frame `21` is a
/// [`LongResponse`](super::LongResponse).
///
/// ```
/// use gt02::protocol::gt06::Message;
/// let bytes = b"\x78\x78\x08\x21\x14\x04\x0b\x0e\x3b\x3a\x01\x03\xba\xc3\x67\x0d\x0a";
/// let Message::DoorEvent(event) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(event.open(), Some(true));
/// assert_eq!(event.time.to_string(), "2020-04-11T14:59:58");
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DoorEvent {
    /// Header and serial.
    pub envelope: Envelope,
    /// The device's clock.
    pub time: DateTime,
    /// 1 open, 0 closed; as sent.
    pub door: u8,
}

impl DoorEvent {
    /// Creates the message, with the right length.
    #[must_use]
    pub const fn new(time: DateTime, is_open: bool, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            time,
            door: is_open as u8,
        }
    }

    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        let (_, (time, door)) = all_consuming((date_time, byte))
            .parse(frame.content())
            .ok()?;
        (frame.envelope().header == Header::Short).then_some(Self {
            envelope: frame.envelope(),
            time,
            door,
        })
    }

    /// Returns whether the door is open, if the byte has a known value.
    #[must_use]
    pub const fn open(&self) -> Option<bool> {
        super::location::documented_bool(self.door)
    }
}

impl Content for DoorEvent {
    fn code(&self) -> u8 {
        number::LONG_RESPONSE
    }

    fn write(&self, out: &mut Writer<'_>) {
        write_date_time(out, self.time);
        out.put(&[self.door]);
    }
}

/// Bytes of the device on the serial port, as they are: `9B` in a `79 79` frame.
///
/// ```text
/// 0      1
/// +------+- - - +
/// | port | data |
/// +------+- - - +
/// ```
///
/// ```
/// use gt02::protocol::gt06::{Message, PassThrough};
/// // A thermometer.
/// let bytes = b"\x79\x79\x00\x0d\x9b\x03\x3c\x03\x01\x01\x13\x2c\x0d\x01\x6e\x14\x92\x0d\x0a";
/// let Message::PassThrough(message) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(message.temperature().unwrap().celsius(), 27.5);
/// assert_eq!(message.text(), None);
/// assert_eq!(PassThrough::new(3, b"D7520A62\r\n", 15).text(), Some(&b"D7520A62"[..]));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct PassThrough<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The use of the port, which a setting of the device chooses: 1 common, 2 card reader, 3
    /// thermometer \[T\]. It is not a length.
    pub port: u8,
    /// The bytes.
    pub data: &'a [u8],
}

impl<'a> PassThrough<'a> {
    /// Creates the message.
    #[must_use]
    pub const fn new(port: u8, data: &'a [u8], serial: u16) -> Self {
        Self {
            envelope: Envelope::long(serial),
            port,
            data,
        }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (data, port) = byte(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            port,
            data,
        })
    }

    /// Returns the data without `0D 0A` at the end, if it is printable ASCII.
    #[must_use]
    pub fn text(&self) -> Option<&'a [u8]> {
        let text = self.data.strip_suffix(b"\r\n").unwrap_or(self.data);
        let is_printable = text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        (is_printable && !text.is_empty()).then_some(text)
    }

    /// Returns the temperature of a TS01 sensor \[C\]. How it says one below zero is not known, so
    /// there is none then.
    #[must_use]
    pub const fn temperature(&self) -> Option<Temperature> {
        match *self.data {
            [0x3C, 0x03, 0x01, high @ ..=0x7F, low, 0x2C, 0x0D] => {
                let tenths = u16::from_be_bytes([high, low]) as i32;
                Some(Temperature::from_millicelsius(tenths.wrapping_mul(100)))
            }
            _ => None,
        }
    }
}

impl Content for PassThrough<'_> {
    fn code(&self) -> u8 {
        number::PASS_THROUGH
    }

    fn field(&self) -> &'static str {
        "data"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.port]);
        out.put(self.data);
    }
}
