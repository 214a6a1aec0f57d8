use super::{Envelope, LOCATION, Message, Variable, frame_len};
use crate::{
    bytes::read::chunk,
    error::EncodeError,
    protocol::gt02::LOCATION_BODY,
    types::{
        Alarm, CellTower, Course, DateTime, DeviceId, Position, Speed,
        degrees_of_thirty_thousandths,
    },
};
use nom::{IResult, Parser, combinator::map};

/// Where the device is: type `10`.
///
/// ```text
/// 3     5   15   16            22         26          30      31       33    34        36       40
/// +-----+- -+----+-------------+----------+-----------+-------+--------+-----+---------+--------+
/// | LAC |   | 10 | y m d h m s | latitude | longitude | speed | course | MNC | cell id | status |
/// +-----+- -+----+-------------+----------+-----------+-------+--------+-----+---------+--------+
/// ```
///
/// LAC, MNC and cell id are those of the serving cell; the MCC is not sent. The maker's document
/// reserves them as zeros \[D\]. Live reports carry the cell, and stored ones that are uploaded
/// later have the zeros \[C\].
///
/// Without a new fix a device sends its last one again, with its time and with [`Status::has_fix`]
/// \[C\]. See [the manual](crate::manual::gt02), "Location".
///
/// ```
/// use gt02::{
///     protocol::gt02::{Location, Message},
///     types::{DateTime, Position},
/// };
/// // docs/protocols/gt02.md, "Location".
/// let bytes = b"\x68\x68\x25\x00\xa4\x03\x58\x89\x90\x51\x01\x27\x66\x00\x01\x10\x0e\x09\x06\x0a\
///     \x1d\x1b\x00\xad\xe1\xc9\x0b\x79\xea\x30\x00\x01\x1b\x00\x00\x00\x00\x00\x00\x05\x0d\x0a";
/// let Message::Location(location) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(location.position().unwrap().latitude.micro_degrees(), -6_330_849);
/// assert_eq!((location.course, location.lac), (283, 164));
///
/// let time = DateTime::new(2014, 9, 6, 10, 29, 27).unwrap();
/// let position = Position::from_degrees(-6.330849, 106.966213).unwrap();
/// let own = Location::new(location.device, 1, time, position);
/// assert_eq!((own.status, own.time), (location.status, location.time));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Location<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// The number of the frame, from 1 at power-on.
    pub serial: u16,
    /// LAC of the serving cell, or 0: the header word.
    pub lac: u16,
    /// Date and time of the fix by the device's clock. No document gives its zone; one capture
    /// shows UTC+8.
    pub time: DateTime,
    /// Latitude in 1/30 000 minute, 0 to 162 000 000; the sign is in `status`.
    pub latitude: u32,
    /// Longitude in 1/30 000 minute, 0 to 324 000 000; the sign is in `status`.
    pub longitude: u32,
    /// Speed over ground in kilometres per hour.
    pub speed: u8,
    /// Course over ground in degrees from north, 0 to 360.
    pub course: u16,
    /// MNC of the serving cell, or 0.
    pub mnc: u8,
    /// Id of the serving cell, or 0.
    pub cell_id: u16,
    /// Fix, hemispheres, power and alarms.
    pub status: Status,
    /// Bytes after the documented 24; no known device sends any.
    pub rest: &'a [u8],
}

impl Location<'_> {
    /// Creates a location with a fix, at rest, without a cell.
    #[must_use]
    pub const fn new(device: DeviceId, serial: u16, time: DateTime, position: Position) -> Self {
        Self {
            device,
            serial,
            lac: 0,
            time,
            latitude: position.latitude.thirty_thousandths(),
            longitude: position.longitude.thirty_thousandths(),
            speed: 0,
            course: 0,
            mnc: 0,
            cell_id: 0,
            status: Status::new()
                .with_fix(true)
                .with_north(position.latitude.is_positive())
                .with_east(position.longitude.is_positive()),
            rest: &[],
        }
    }

    /// Sets the speed, rounded to the nearest kilometre per hour.
    ///
    /// # Errors
    /// If the speed is above 255 km/h.
    pub const fn with_speed(self, speed: Speed) -> Result<Self, EncodeError> {
        let kmh = speed.metres_per_hour().saturating_add(500) / 1000;
        if kmh > u8::MAX as u32 {
            return Err(EncodeError::Range {
                field: "speed",
                max: u8::MAX as u32,
            });
        }
        Ok(Self {
            speed: kmh as u8,
            ..self
        })
    }

    /// Sets the course, rounded to the nearest degree.
    #[must_use]
    pub const fn with_course(self, course: Course) -> Self {
        // At most 360.
        let degrees = course.ten_thousandths().saturating_add(5_000) / 10_000;
        Self {
            course: degrees as u16,
            ..self
        }
    }

    /// Sets the serving cell. Its MCC is not sent, and a part that is not known is sent as 0.
    ///
    /// # Errors
    /// If the MNC is above 255, or the LAC or the cell id above 65 535.
    pub fn with_cell(self, cell: CellTower) -> Result<Self, EncodeError> {
        let range = |field, max| EncodeError::Range { field, max };
        let two_bytes = |field, value: Option<u32>| {
            u16::try_from(value.unwrap_or(0)).map_err(|_| range(field, u16::MAX.into()))
        };
        let mnc = u8::try_from(cell.mnc.unwrap_or(0)).map_err(|_| range("mnc", u8::MAX.into()))?;
        Ok(Self {
            lac: two_bytes("lac", cell.lac)?,
            mnc,
            cell_id: two_bytes("cell_id", cell.cid)?,
            ..self
        })
    }

    /// Returns the latitude in degrees, south negative. It is not range-checked: invalid input can
    /// yield up to 2386 degrees. Use [`position`](Self::position) for a checked value.
    #[must_use]
    #[inline]
    pub const fn latitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.latitude, self.status.north())
    }

    /// Returns the longitude in degrees, west negative. It is not range-checked: invalid input can
    /// yield up to 2386 degrees. Use [`position`](Self::position) for a checked value.
    #[must_use]
    #[inline]
    pub const fn longitude_degrees(&self) -> f64 {
        degrees_of_thirty_thousandths(self.longitude, self.status.east())
    }

    /// Returns the place, if latitude and longitude are within 90 and 180 degrees.
    ///
    /// It is the last known one, or zero, when [`Status::has_fix`] is false.
    #[must_use]
    #[inline]
    pub const fn position(&self) -> Option<Position> {
        Position::from_thirty_thousandths(
            (self.latitude, self.status.north()),
            (self.longitude, self.status.east()),
        )
    }

    /// Returns the speed over ground.
    #[must_use]
    #[inline]
    pub const fn speed(&self) -> Speed {
        Speed::from_kmh(self.speed as u16)
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub const fn course(&self) -> Option<Course> {
        Course::from_degrees(self.course)
    }

    /// Returns the serving cell; `None` if all of its fields are 0, which says "no cell", never
    /// "cell 0".
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

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        frame_len(LOCATION_BODY.saturating_add(self.rest.len()))
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * `out` is too small.
    /// * The id does not have 15 digits.
    /// * The rest has more than 218 bytes.
    /// * The frame would be taken for two.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        let [year, month, day, hour, minute, second] = self.time.to_bytes();
        let [a, b, c, d] = self.latitude.to_be_bytes();
        let [e, f, g, h] = self.longitude.to_be_bytes();
        let [i, j] = self.course.to_be_bytes();
        let [k, l] = self.cell_id.to_be_bytes();
        let [m, n, o, p] = self.status.0.to_be_bytes();
        let body: [u8; LOCATION_BODY] = [
            year, month, day, hour, minute, second, a, b, c, d, e, f, g, h, self.speed, i, j,
            self.mnc, k, l, m, n, o, p,
        ];
        let envelope = Envelope {
            device: self.device,
            word: self.lac,
            serial: self.serial,
            code: LOCATION,
        };
        envelope.encode(out, &body, Variable::new("rest", self.rest))
    }
}

/// The status bits of a location; bit 0 is the lowest.
///
/// Bits 0 to 3 are the maker's \[D\]. Bits 4 and 5 are reserved in the maker's document; two public
/// decoders read SOS and a power-off alert in them \[T\]. The others are reserved, and kept as they
/// are.
///
/// ```
/// use gt02::protocol::gt02::Status;
/// let status = Status::new().with_fix(true).with_north(true).with_east(true);
/// assert_eq!(status, Status(0x07));
/// assert!(status.with_charging(true).charging());
/// assert!(!status.with_fix(false).has_fix());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status(pub u32);

/// Defines a flag of [`Status`]: its getter, and the method that sets it.
macro_rules! flags {
    ($($bit:literal $get:ident $with:ident $meaning:literal;)*) => {
        impl Status {
            $(
                #[doc = concat!("Returns bit ", $bit, ": ", $meaning, ".")]
                #[must_use]
                #[inline]
                pub const fn $get(self) -> bool {
                    self.0 & 1 << $bit != 0
                }

                #[doc = concat!("Sets or clears bit ", $bit, ": ", $meaning, ".")]
                #[must_use]
                #[inline]
                pub const fn $with(self, is_set: bool) -> Self {
                    Self(self.0 & !(1 << $bit) | (is_set as u32) << $bit)
                }
            )*
        }
    };
}

flags! {
    0 has_fix with_fix "the position is from a fix";
    1 north with_north "the latitude is north";
    2 east with_east "the longitude is east";
    3 charging with_charging "charging, or external power";
    4 sos with_sos "SOS";
    5 power_off with_power_off "power-off alert";
}

impl Status {
    /// Creates a status without any bit set.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Returns the alarm in bits 4 and 5: SOS if both are set.
    #[must_use]
    #[inline]
    pub const fn alarm(self) -> Option<Alarm> {
        if self.sos() {
            Some(Alarm::Sos)
        } else if self.power_off() {
            Some(Alarm::PowerOff)
        } else {
            None
        }
    }

    /// Sets bits 4 and 5 to this alarm, or clears both. Returns `None` if the alarm has no bit:
    /// only [`Alarm::Sos`] and [`Alarm::PowerOff`] have one.
    #[must_use]
    pub const fn with_alarm(self, alarm: Option<Alarm>) -> Option<Self> {
        let cleared = self.with_sos(false).with_power_off(false);
        match alarm {
            None => Some(cleared),
            Some(Alarm::Sos) => Some(cleared.with_sos(true)),
            Some(Alarm::PowerOff) => Some(cleared.with_power_off(true)),
            Some(_) => None,
        }
    }
}

/// A location whose body is shorter than the documented 24 bytes: what is there can be read, the
/// rest is absent.
///
/// The bytes are those of [`Location`], up to the end mark. The status is last, so the hemispheres
/// are not known: there is no position. No known device sends such a frame.
///
/// ```
/// use gt02::protocol::gt02::Message;
/// let bytes = b"\x68\x68\x13\x00\x00\x04\x90\x15\x42\x03\x23\x75\x18\x00\x09\x10\x1a\x05\x04\x0e\
///     \x01\x14\x0d\x0a";
/// let Message::ShortLocation(location) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(location.time().unwrap().to_string(), "2026-05-04T14:01:20");
/// assert_eq!(location.latitude(), None);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ShortLocation<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// The number of the frame, from 1 at power-on.
    pub serial: u16,
    /// LAC of the serving cell, or 0: the header word.
    pub lac: u16,
    /// The body, 0 to 23 bytes.
    pub body: &'a [u8],
}

impl ShortLocation<'_> {
    /// Returns the date and time of the fix by the device's clock.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        date_time(self.body).ok().map(|(_, time)| time)
    }

    /// Returns the latitude in 1/30 000 minute, without its sign.
    #[must_use]
    pub fn latitude(&self) -> Option<u32> {
        self.field(6).map(u32::from_be_bytes)
    }

    /// Returns the longitude in 1/30 000 minute, without its sign.
    #[must_use]
    pub fn longitude(&self) -> Option<u32> {
        self.field(10).map(u32::from_be_bytes)
    }

    /// Returns the speed over ground.
    #[must_use]
    pub fn speed(&self) -> Option<Speed> {
        self.field(14).map(|[kmh]| Speed::from_kmh(kmh.into()))
    }

    /// Returns the course over ground, if it is within 360 degrees.
    #[must_use]
    pub fn course(&self) -> Option<Course> {
        self.field(15)
            .map(u16::from_be_bytes)
            .and_then(Course::from_degrees)
    }

    fn field<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.body.get(at..)?.first_chunk().copied()
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        frame_len(self.body.len())
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * `out` is too small.
    /// * The id does not have 15 digits.
    /// * The body has 24 bytes or more ([`EncodeError::NotCanonical`]).
    /// * The frame would be taken for two.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if self.body.len() >= LOCATION_BODY {
            return Err(EncodeError::NotCanonical);
        }
        let envelope = Envelope {
            device: self.device,
            word: self.lac,
            serial: self.serial,
            code: LOCATION,
        };
        envelope.encode(out, &[], Variable::new("body", self.body))
    }
}

/// Reads a location: a [`ShortLocation`] if the documented fields are not all there.
#[inline]
pub(super) fn read<'a>(envelope: &Envelope, body: &'a [u8]) -> Message<'a> {
    let &Envelope {
        device,
        serial,
        word: lac,
        ..
    } = envelope;
    match fields(body) {
        Ok((rest, fields)) => Message::Location(Location {
            device,
            serial,
            lac,
            time: fields.time,
            latitude: fields.latitude,
            longitude: fields.longitude,
            speed: fields.speed,
            course: fields.course,
            mnc: fields.mnc,
            cell_id: fields.cell_id,
            status: Status(fields.status),
            rest,
        }),
        Err(_) => Message::ShortLocation(ShortLocation {
            device,
            serial,
            lac,
            body,
        }),
    }
}

/// The fields of a location's body, in the order of the wire.
struct Fields {
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

/// Reads all fields from one array: a tuple of parsers checks the length for each of them, which is
/// a third of the time that a location takes.
#[inline]
fn fields(body: &[u8]) -> IResult<&[u8], Fields, ()> {
    let (rest, body) = chunk::<LOCATION_BODY>(body)?;
    let &[year, month, day, hour, minute, second, ref place @ ..] = body;
    let &[a, b, c, d, e, f, g, h, speed, i, j, mnc, k, l, m, n, o, p] = place;
    let fields = Fields {
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
    Ok((rest, fields))
}
