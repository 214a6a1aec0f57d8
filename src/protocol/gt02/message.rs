use super::{
    ACK, DOWN, END, Frame, HEARTBEAT, ID_DIGITS, LOCATION, LOCATION_BODY, MIN_LENGTH, OVERHEAD,
    RESPONSE, UP,
    frame::{Form, header_id},
    is_known_type,
};
use crate::{
    bytes::{
        read::{be_u32, byte, chunk},
        write::write_parts,
    },
    error::{EncodeError, Error},
    protocol::single,
    types::{
        Alarm, CellTower, Course, DateTime, DeviceId, Position, Protocol, Speed, Text,
        degrees_of_thirty_thousandths,
    },
};
use nom::{
    IResult, Parser,
    combinator::{map, opt},
};

/// The message in a frame.
///
/// ```
/// use gt02::protocol::gt02::Message;
/// // Spec gt02, section 4: a capture.
/// let bytes = b"\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\x0d\x01\x0f\x13\x20\x0b\
///     \x06\x17\xcc\xbe\x04\x2a\x45\x9e\x00\x00\x00\x01\x61\x6f\x00\x00\x00\x07\x0d\x0a";
/// let message = Message::parse(bytes)?;
/// let Message::Location(location) = message else { unreachable!() };
/// assert_eq!(location.device.to_string(), "864717003455833");
/// assert_eq!(location.latitude_degrees(), 56.790576666666667);
///
/// let mut out = [0; 42];
/// assert_eq!(message.encode(&mut out), Ok(42));
/// assert_eq!(out, *bytes);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Message<'a> {
    /// `10`, upwards, at least 24 bytes of body.
    Location(Location<'a>),
    /// `10`, upwards, fewer than 24 bytes of body.
    ShortLocation(ShortLocation<'a>),
    /// `1A`, upwards.
    Heartbeat(Heartbeat<'a>),
    /// `1C`, upwards.
    Response(Response<'a>),
    /// Any other type, upwards.
    Unknown(Unknown<'a>),
    /// `54 68 1A`, downwards.
    HeartbeatAck(HeartbeatAck),
    /// `88 88`, downwards.
    Command(Command<'a>),
}

macro_rules! from {
    ($($name:ident $(<$life:lifetime>)?),* $(,)?) => {$(
        impl<'a> From<$name $(<$life>)?> for Message<'a> {
            fn from(message: $name $(<$life>)?) -> Self {
                Self::$name(message)
            }
        }
    )*};
}
from!(
    Location<'a>,
    ShortLocation<'a>,
    Heartbeat<'a>,
    Response<'a>,
    Unknown<'a>,
    HeartbeatAck,
    Command<'a>
);

impl<'a> Message<'a> {
    /// The message in `bytes`, which are one whole frame.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn of(frame: &Frame<'a>) -> Self {
        let (header, body) = match frame.form() {
            Form::Up { header, body } => (header, body),
            Form::Ack => return Self::HeartbeatAck(HeartbeatAck),
            Form::Command { body } => return Self::Command(Command::of(body)),
        };
        let &[_, _, _, w, x, .., s, t, code] = header;
        let device = header_id(header);
        let word = u16::from_be_bytes([w, x]);
        let serial = u16::from_be_bytes([s, t]);
        match code {
            LOCATION => match location(body) {
                Ok((rest, body)) => Self::Location(Location {
                    device,
                    serial,
                    lac: word,
                    time: body.time,
                    latitude: body.latitude,
                    longitude: body.longitude,
                    speed: body.speed,
                    course: body.course,
                    mnc: body.mnc,
                    cell_id: body.cell_id,
                    status: Status(body.status),
                    rest,
                }),
                Err(_) => Self::ShortLocation(ShortLocation {
                    device,
                    serial,
                    lac: word,
                    body,
                }),
            },
            HEARTBEAT => {
                let (snr, (status, satellites)) = (opt(byte), opt(byte))
                    .parse(body)
                    .unwrap_or((body, (None, None)));
                Self::Heartbeat(Heartbeat {
                    device,
                    serial,
                    voltage_level: w,
                    gsm_level: x,
                    status,
                    satellites,
                    snr,
                })
            }
            RESPONSE => {
                let (content, length) = opt(byte).parse(body).unwrap_or((body, None));
                Self::Response(Response {
                    device,
                    serial,
                    word,
                    length,
                    content,
                })
            }
            _ => Self::Unknown(Unknown {
                device,
                serial,
                word,
                code,
                body,
            }),
        }
    }

    /// The device that sent the message; `None` downwards.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self {
            Self::Location(Location { device, .. })
            | Self::ShortLocation(ShortLocation { device, .. })
            | Self::Heartbeat(Heartbeat { device, .. })
            | Self::Response(Response { device, .. })
            | Self::Unknown(Unknown { device, .. }) => Some(*device),
            Self::HeartbeatAck(_) | Self::Command(_) => None,
        }
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        match self {
            Self::Location(message) => message.encoded_len(),
            Self::ShortLocation(message) => message.encoded_len(),
            Self::Heartbeat(message) => message.encoded_len(),
            Self::Response(message) => message.encoded_len(),
            Self::Unknown(message) => message.encoded_len(),
            Self::HeartbeatAck(message) => message.encoded_len(),
            Self::Command(message) => message.encoded_len(),
        }
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small, with the size that is enough; or if the value is none that could be read back. What `out` then holds is
    /// unspecified.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        match self {
            Self::Location(message) => message.encode(out),
            Self::ShortLocation(message) => message.encode(out),
            Self::Heartbeat(message) => message.encode(out),
            Self::Response(message) => message.encode(out),
            Self::Unknown(message) => message.encode(out),
            Self::HeartbeatAck(message) => message.encode(out),
            Self::Command(message) => message.encode(out),
        }
    }
}

/// The fields of a location's body, in the order of the wire.
struct LocationBody {
    time: DateTime,
    latitude: u32,
    longitude: u32,
    speed: u8,
    course: u16,
    mnc: u8,
    cell_id: u16,
    status: u32,
}

#[inline]
fn date_time(body: &[u8]) -> IResult<&[u8], DateTime, ()> {
    map(chunk, |&[year, month, day, hour, minute, second]| {
        DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }
    })
    .parse(body)
}

#[inline]
fn location(body: &[u8]) -> IResult<&[u8], LocationBody, ()> {
    // All fields of one array: a tuple of parsers checks the length for each of them, which is a
    // third of the time that a location takes.
    let (rest, body) = chunk::<LOCATION_BODY>(body)?;
    let &[year, month, day, hour, minute, second, ref place @ ..] = body;
    let &[a, b, c, d, e, f, g, h, speed, i, j, mnc, k, l, m, n, o, p] = place;
    let body = LocationBody {
        time: DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        },
        latitude: u32::from_be_bytes([a, b, c, d]),
        longitude: u32::from_be_bytes([e, f, g, h]),
        speed,
        course: u16::from_be_bytes([i, j]),
        mnc,
        cell_id: u16::from_be_bytes([k, l]),
        status: u32::from_be_bytes([m, n, o, p]),
    };
    Ok((rest, body))
}

/// Where the device is: type `10`.
///
/// ```text
/// 16              22         26          30      31       33    34        36         40
/// +---------------+----------+-----------+-------+--------+-----+---------+----------+- - -+
/// | y m d  h m s  | latitude | longitude | speed | course | MNC | cell id | status   | rest|
/// +---------------+----------+-----------+-------+--------+-----+---------+----------+- - -+
/// ```
///
/// The header word is the LAC of the serving cell. The maker's document has zeros there and in place of MNC and cell id; live reports of
/// real devices have the cell, stored ones that are uploaded later have the zeros \[C\]. The MCC is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// Counts from 1 at power-on.
    pub serial: u16,
    /// Header word: LAC of the serving cell, or 0.
    pub lac: u16,
    /// When the fix was taken, by the device's clock. No document gives its zone; one capture shows UTC+8.
    pub time: DateTime,
    /// 1/30 000 minute, 0 to 162 000 000; the sign is in `status`.
    pub latitude: u32,
    /// 1/30 000 minute, 0 to 324 000 000; the sign is in `status`.
    pub longitude: u32,
    /// Kilometres per hour.
    pub speed: u8,
    /// Degrees from north, 0 to 360.
    pub course: u16,
    /// MNC of the serving cell, or 0.
    pub mnc: u8,
    /// Cell id of the serving cell, or 0.
    pub cell_id: u16,
    /// Fix, hemispheres, power and alarms.
    pub status: Status,
    /// Bytes behind the documented 24; none from any device known.
    pub rest: &'a [u8],
}

impl Location<'_> {
    /// Latitude in degrees, south negative, whatever was sent; up to 2386 for values that are none.
    #[must_use]
    #[inline]
    pub const fn latitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.latitude, self.status.is_north())
    }

    /// Longitude in degrees, west negative, whatever was sent; up to 2386 for values that are none.
    #[must_use]
    #[inline]
    pub const fn longitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.longitude, self.status.is_east())
    }

    /// The place, if latitude and longitude are within 90 and 180 degrees.
    ///
    /// It is the last known one, or zero, when [`Status::has_fix`] is false.
    #[must_use]
    #[inline]
    pub const fn position(&self) -> Option<Position> {
        Position::from_thirty_thousandths(
            (self.latitude, self.status.is_north()),
            (self.longitude, self.status.is_east()),
        )
    }

    /// The speed over ground.
    #[must_use]
    #[inline]
    pub const fn speed(&self) -> Speed {
        Speed::from_kmh(self.speed as u16)
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub const fn course(&self) -> Option<Course> {
        Course::from_degrees(self.course)
    }

    /// The serving cell, unless all of its fields are zero: that says "no cell", never "cell 0".
    #[must_use]
    pub const fn cell(&self) -> Option<CellTower> {
        if self.lac == 0 && self.mnc == 0 && self.cell_id == 0 {
            return None;
        }
        Some(CellTower {
            mcc: None,
            mnc: Some(self.mnc as u16),
            lac: Some(self.lac as u32),
            cid: Some(self.cell_id as u32),
        })
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        uplink_len(LOCATION_BODY.saturating_add(self.rest.len()))
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 15 digits; if the rest has more than 218 bytes; if the values would be
    /// taken for two frames.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = self.time;
        let [a, b, c, d] = self.latitude.to_be_bytes();
        let [e, f, g, h] = self.longitude.to_be_bytes();
        let [i, j] = self.course.to_be_bytes();
        let [k, l] = self.cell_id.to_be_bytes();
        let [m, n, o, p] = self.status.0.to_be_bytes();
        let body: [u8; LOCATION_BODY] = [
            year, month, day, hour, minute, second, a, b, c, d, e, f, g, h, self.speed, i, j,
            self.mnc, k, l, m, n, o, p,
        ];
        Uplink {
            device: self.device,
            word: self.lac,
            serial: self.serial,
            code: LOCATION,
            field: "rest",
        }
        .encode(out, &body, self.rest)
    }
}

/// The status bits of a location; bit 0 is the lowest.
///
/// Bits 0 to 3 are the maker's \[D\]. Bits 4 and 5 are reserved in the maker's document; two independent public decoders read SOS in bit 4, and
/// public decoders read a power-off alert in bit 5 \[T\]. The others are reserved and kept as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(pub u32);

impl Status {
    /// Bit 0: the position is from a fix.
    #[must_use]
    #[inline]
    pub const fn has_fix(self) -> bool {
        self.0 & 1 != 0
    }

    /// Bit 1: the latitude is north.
    #[must_use]
    #[inline]
    pub const fn is_north(self) -> bool {
        self.0 & 1 << 1 != 0
    }

    /// Bit 2: the longitude is east.
    #[must_use]
    #[inline]
    pub const fn is_east(self) -> bool {
        self.0 & 1 << 2 != 0
    }

    /// Bit 3: charging, or external power.
    #[must_use]
    #[inline]
    pub const fn is_charging(self) -> bool {
        self.0 & 1 << 3 != 0
    }

    /// Bits 4 and 5: SOS, else the power-off alert.
    #[must_use]
    #[inline]
    pub const fn alarm(self) -> Option<Alarm> {
        match self.0 >> 4 & 3 {
            0 => None,
            2 => Some(Alarm::PowerOff),
            _ => Some(Alarm::Sos),
        }
    }
}

/// A location whose body is shorter than the documented 24 bytes: what is there can be read, the rest is absent.
///
/// Bytes as in [`Location`], and then the end mark. Without the status, which is last, the hemispheres are not known: there is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ShortLocation<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// Counts from 1 at power-on.
    pub serial: u16,
    /// Header word: LAC of the serving cell, or 0.
    pub lac: u16,
    /// The body, 0 to 23 bytes.
    pub body: &'a [u8],
}

impl ShortLocation<'_> {
    /// When the fix was taken, by the device's clock.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        date_time(self.body).ok().map(|(_, time)| time)
    }

    /// 1/30 000 minute, without its sign.
    #[must_use]
    pub fn latitude(&self) -> Option<u32> {
        self.field(6).map(u32::from_be_bytes)
    }

    /// 1/30 000 minute, without its sign.
    #[must_use]
    pub fn longitude(&self) -> Option<u32> {
        self.field(10).map(u32::from_be_bytes)
    }

    /// The speed over ground.
    #[must_use]
    pub fn speed(&self) -> Option<Speed> {
        self.field(14).map(|[kmh]| Speed::from_kmh(kmh.into()))
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    pub fn course(&self) -> Option<Course> {
        self.field(15)
            .map(u16::from_be_bytes)
            .and_then(Course::from_degrees)
    }

    fn field<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.body.get(at..)?.first_chunk().copied()
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        uplink_len(self.body.len())
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 15 digits; if the body has 24 bytes or more ([`EncodeError::NotCanonical`]); if the values
    /// would be taken for two frames.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if self.body.len() >= LOCATION_BODY {
            return Err(EncodeError::NotCanonical);
        }
        Uplink {
            device: self.device,
            word: self.lac,
            serial: self.serial,
            code: LOCATION,
            field: "body",
        }
        .encode(out, &[], self.body)
    }
}

/// The device is there, and how well it receives: type `1A`. Answered with [`HeartbeatAck`].
///
/// ```text
/// 3         4     5                13       15   16       17      18        18+N
/// +---------+-----+----------------+--------+----+--------+-------+- - - - -+
/// | voltage | GSM | device id      | serial | 1A | status | count | N * SNR |
/// +---------+-----+----------------+--------+----+--------+-------+- - - - -+
/// ```
///
/// Real devices send a status outside 0 to 2, and a count that has nothing to do with the SNR bytes behind it (`D0` and none); bodies of 0 and 1 byte
/// have been seen from other makers. So the list of SNRs is what is there, and the count is kept as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// Unrelated garbage in captures, unlike the serial of locations.
    pub serial: u16,
    /// 0 off or lowest, 1 too low to call or send, 2 low (alarm), 3 low but working, 4 to 6 good \[D\].
    pub voltage_level: u8,
    /// 0 none, 1 very weak, 2 weak, 3 good, 4 strong \[D\].
    pub gsm_level: u8,
    /// 0 no fix, 1 GPS, 2 differential GPS \[D\]; others are seen \[C\].
    pub status: Option<u8>,
    /// Number of satellites \[D\]; other values are seen \[C\].
    pub satellites: Option<u8>,
    /// Signal to noise ratio of each satellite, 0 to 99 dB.
    pub snr: &'a [u8],
}

impl Heartbeat<'_> {
    /// Whether the device has a fix, if the status has a documented value.
    #[must_use]
    pub const fn has_fix(&self) -> Option<bool> {
        match self.status {
            Some(0) => Some(false),
            Some(1 | 2) => Some(true),
            _ => None,
        }
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        let fields =
            (self.status.is_some() as usize).saturating_add(self.satellites.is_some() as usize);
        uplink_len(fields.saturating_add(self.snr.len()))
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 15 digits; if there are more than 240 SNRs; if a field is absent although a later one is present; if
    /// the values would be taken for two frames.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let fields: &[u8] = match (self.status, self.satellites) {
            (Some(status), Some(satellites)) => &[status, satellites],
            (None, Some(_)) => return Err(EncodeError::Gap { field: "status" }),
            (_, None) if !self.snr.is_empty() => {
                return Err(EncodeError::Gap {
                    field: "satellites",
                });
            }
            (Some(status), None) => &[status],
            (None, None) => &[],
        };
        let word = u16::from_be_bytes([self.voltage_level, self.gsm_level]);
        Uplink {
            device: self.device,
            word,
            serial: self.serial,
            code: HEARTBEAT,
            field: "snr",
        }
        .encode(out, fields, self.snr)
    }
}

/// The device's answer to a command: type `1C`.
///
/// ```text
/// 16  17     17+n
/// +---+- - - +- - -+
/// | n | text | rest|
/// +---+- - - +- - -+
/// ```
///
/// `n` may disagree with the bytes that are there: the text is then what is really there, at most `n` bytes. A text that holds `0D 0A 68 68` cannot be
/// told from the end of a frame and the start of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Response<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// Counts from 1 at power-on.
    pub serial: u16,
    /// Header word, 0 \[D\].
    pub word: u16,
    /// Length of the text as sent; absent if the body is empty.
    pub length: Option<u8>,
    /// All bytes behind the length.
    pub content: &'a [u8],
}

impl<'a> Response<'a> {
    /// The text, nominally ASCII.
    #[must_use]
    pub fn text(&self) -> Text<'a> {
        let length = self.length.map_or(0, usize::from);
        Text::Bytes(self.content.get(..length).unwrap_or(self.content))
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        uplink_len((self.length.is_some() as usize).saturating_add(self.content.len()))
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 15 digits; if the content has more than 241 bytes, or is there without a length; if the
    /// values would be taken for two frames.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if self.length.is_none() && !self.content.is_empty() {
            return Err(EncodeError::Gap { field: "length" });
        }
        Uplink {
            device: self.device,
            word: self.word,
            serial: self.serial,
            code: RESPONSE,
            field: "content",
        }
        .encode(out, self.length.as_slice(), self.content)
    }
}

/// An uplink message of a type that has no name here, all of it kept.
///
/// ```text
/// 3       5               13       15     16    L+3
/// +-------+---------------+--------+------+- - -+
/// | word  | device id     | serial | type | body|
/// +-------+---------------+--------+------+- - -+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Unknown<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// Serial, as in all uplink frames.
    pub serial: u16,
    /// Header word; what it means depends on the type.
    pub word: u16,
    /// The type: not `10`, `1A` or `1C`.
    pub code: u8,
    /// The body, as sent.
    pub body: &'a [u8],
}

impl Unknown<'_> {
    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        uplink_len(self.body.len())
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 15 digits; if the body has more than 242 bytes; if the type has a message of its own
    /// ([`EncodeError::NotCanonical`]); if the values would be taken for two frames.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if is_known_type(self.code) {
            return Err(EncodeError::NotCanonical);
        }
        Uplink {
            device: self.device,
            word: self.word,
            serial: self.serial,
            code: self.code,
            field: "body",
        }
        .encode(out, &[], self.body)
    }
}

/// The server's answer to a heartbeat, always the same five bytes.
///
/// ```text
/// 0          3       5
/// +----------+-------+
/// | 54 68 1A | 0D 0A |
/// +----------+-------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct HeartbeatAck;

impl HeartbeatAck {
    /// The bytes that [`encode`](Self::encode) writes: 5.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        ACK.len()
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        write_parts(out, [&ACK, &[], &[], &[]])
    }
}

/// Text sent to the device, of the same command set as its SMS, such as `WHERE,666666#`.
///
/// ```text
/// 0       2   3    4   5      9     L+3     L+5
/// +-------+---+----+---+------+- - -+-------+
/// | 88 88 | L | 1C | n | flag | text| 0D 0A |    n = 4 + length of the text, L = n + 2
/// +-------+---+----+---+------+- - -+-------+
/// ```
///
/// Unconfirmed: known from one public implementation for the TR02, not from a document or a capture \[T\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Command<'a> {
    /// Server flag; its meaning is not documented.
    pub flag: u32,
    /// The text: printable ASCII, 1 to 249 bytes.
    pub text: Text<'a>,
}

impl<'a> Command<'a> {
    /// Bytes of text that fit.
    pub const MAX_TEXT: usize = 249;

    /// From the body behind the text length.
    fn of(body: &'a [u8]) -> Self {
        match byte.and(be_u32).parse(body) {
            Ok((text, (_, flag))) => Self {
                flag,
                text: Text::Bytes(text),
            },
            // Not from a frame that was validated.
            Err(_) => Self {
                flag: 0,
                text: Text::Bytes(body),
            },
        }
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        self.text.as_bytes().len().saturating_add(11)
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the text is empty, has more than 249 bytes, or one that is not printable ASCII.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let Text::Bytes(text) = self.text else {
            return Err(EncodeError::Text);
        };
        let too_long = EncodeError::TooLong {
            field: "text",
            max: Self::MAX_TEXT,
        };
        let length = u8::try_from(text.len().saturating_add(6)).map_err(|_| too_long)?;
        let n = length.wrapping_sub(2);
        let written = write_parts(
            out,
            [
                &[DOWN, DOWN, length, RESPONSE, n],
                &self.flag.to_be_bytes(),
                text,
                &END,
            ],
        );
        let Ok(len) = written else { return written };
        match single(out.get(..len).unwrap_or_default(), Protocol::Gt02) {
            Ok(()) => Ok(len),
            Err(_) => Err(EncodeError::Text),
        }
    }
}

/// Bytes of an uplink frame with a body of so many bytes.
const fn uplink_len(body: usize) -> usize {
    body.saturating_add(MIN_LENGTH as usize)
        .saturating_add(OVERHEAD)
}

/// The envelope of an uplink frame to encode.
struct Uplink {
    device: DeviceId,
    word: u16,
    serial: u16,
    code: u8,
    /// The field of variable length, for errors.
    field: &'static str,
}

impl Uplink {
    /// A body of fields that are always as long, and of one that is not.
    fn encode(&self, out: &mut [u8], fixed: &[u8], variable: &[u8]) -> Result<usize, EncodeError> {
        let needed = usize::from(MIN_LENGTH).saturating_add(fixed.len());
        let too_long = EncodeError::TooLong {
            field: self.field,
            max: usize::from(u8::MAX).saturating_sub(needed),
        };
        let length = u8::try_from(needed.saturating_add(variable.len())).map_err(|_| too_long)?;
        if self.device.digit_count() != ID_DIGITS.get() {
            return Err(EncodeError::DeviceId {
                digits: ID_DIGITS.get(),
            });
        }
        let [w, x] = self.word.to_be_bytes();
        let [a, b, c, d, e, f, g, h] = self.device.to_bcd();
        let [s, t] = self.serial.to_be_bytes();
        let header = [
            UP, UP, length, w, x, a, b, c, d, e, f, g, h, s, t, self.code,
        ];
        let written = write_parts(out, [&header, fixed, variable, &END]);
        let Ok(len) = written else { return written };
        match single(out.get(..len).unwrap_or_default(), Protocol::Gt02) {
            Ok(()) => Ok(len),
            Err(_) => Err(EncodeError::Ambiguous),
        }
    }
}
