use super::{
    IMEI_DIGITS, KEEP_ALIVE, MARK, MAX_COUNT, MAX_EVENT, MAX_FLAG, MAX_PASSWORD, MAX_USER,
    MIN_ID_DIGITS,
    frame::{Frame, Parts, two_digits, usual_header},
};
use crate::{
    bytes::{
        WIDE,
        swar::hex_word,
        text::{PlainDecimal, next_field, pairs, plain_decimal},
        write::Writer,
    },
    error::{EncodeError, Error, ErrorKind},
    types::{
        Alarm, CellTower, Course, DateTime, Decimal, DeviceId, Latitude, Longitude, NeighbourCell,
        Position, Speed, Text,
    },
};
use core::{
    fmt,
    hash::{Hash, Hasher},
};

/// The message in a frame.
///
/// ```
/// use gt02::protocol::v680::Message;
/// // Spec v680, section 4: a capture.
/// let bytes = b"#353588020144007##1#0000#AUT#01#24002485fed523#1748.827700,E,5938.315800,N,0.00,0.00#090913#221512.000##";
/// let message = Message::parse(bytes)?;
/// let Message::Report(report) = message else { unreachable!() };
/// assert_eq!(report.device.to_string(), "353588020144007");
///
/// let record = report.records.iter().next().unwrap();
/// assert_eq!(record.time().unwrap().to_string(), "2013-09-09T22:15:12");
/// assert_eq!(record.position().unwrap().latitude.micro_degrees(), 59_638_597);
/// assert_eq!(record.cell().unwrap().mcc, Some(240));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Message<'a> {
    /// `#id##`.
    KeepAlive(KeepAlive),
    /// Everything else, whatever its event.
    Report(Report<'a>),
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
from!(KeepAlive, Report<'a>);

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
        let Parts { device, body } = frame.parts();
        if body.is_empty() {
            return Self::KeepAlive(KeepAlive { device });
        }
        let mut rest = body;
        let user = next_field(&mut rest, MARK);
        let (flag, password, event) = match usual_header(rest) {
            Some(([flag, password, event], behind)) => {
                rest = behind;
                (flag, password, event)
            }
            None => (
                next_field(&mut rest, MARK),
                next_field(&mut rest, MARK),
                next_field(&mut rest, MARK),
            ),
        };
        let count = next_field(&mut rest, MARK);
        Self::Report(Report {
            device,
            user: Text::Bytes(user),
            flag: two_digits(flag),
            password: Text::Bytes(password),
            event: Text::Bytes(event),
            count: two_digits(count),
            records: Records(Source::Text(rest)),
        })
    }

    /// The device that sent the message.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self {
            Self::KeepAlive(KeepAlive { device }) | Self::Report(Report { device, .. }) => {
                Some(*device)
            }
        }
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::KeepAlive(message) => message.encoded_len(),
            Self::Report(message) => message.encoded_len(),
        }
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small, with the size that is enough; or if the value is none that could be read back. What `out` then holds is
    /// unspecified.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        match self {
            Self::KeepAlive(message) => message.encode(out),
            Self::Report(message) => message.encode(out),
        }
    }
}

/// The device is there; every 14 to 24 seconds \[C\].
///
/// ```text
/// #id##
/// ```
///
/// Old versions of a public decoder's tests have it without the `##`, which that decoder had split off \[T\]: it is accepted where nothing follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KeepAlive {
    /// The device's IMEI.
    pub device: DeviceId,
}

impl KeepAlive {
    /// The bytes that [`encode`](Self::encode) writes: 18.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        // At most 16 digits.
        (self.device.digit_count() as usize).wrapping_add(3)
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 15 digits.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if usize::from(self.device.digit_count()) != IMEI_DIGITS {
            return Err(EncodeError::DeviceId {
                digits: IMEI_DIGITS as u8,
            });
        }
        let mut writer = Writer::new(out);
        put_id(&mut writer, self.device);
        writer.put(&[MARK, MARK]);
        writer.finish().map(|written| written.len())
    }
}

/// Where the device is and was: one record or several.
///
/// ```text
/// #id#user#flag#password#event#count#record#record...##
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Report<'a> {
    /// The device's IMEI; the field list allows the number of its SIM card \[D\].
    pub device: DeviceId,
    /// The name or the telephone number of the user, or nothing.
    pub user: Text<'a>,
    /// 0 or 1, once 13. What it means is not settled, so nothing is made of it: reserved, formerly the ignition \[D\]; 1 normal, 0 when the unit cannot
    /// locate, and other readings \[T\]. There are devices that send 0 with good positions \[C\] (spec v680, section 1.4).
    pub flag: u8,
    /// The device's password, up to 6 digits.
    pub password: Text<'a>,
    /// `AUT` and `AUTO` periodic, `SOS`, `LPD` battery low; others are not documented.
    pub event: Text<'a>,
    /// How many records the device says that there are, 0 to 99 \[D\].
    pub count: u8,
    /// The records, at least one, in the order of the wire. In the frames known the first is the oldest.
    pub records: Records<'a>,
}

impl Report<'_> {
    /// The alarm that the event is, if it is one: `SOS`, `LPD`.
    #[must_use]
    pub fn alarm(&self) -> Option<Alarm> {
        match self.event.as_bytes() {
            b"SOS" => Some(Alarm::Sos),
            b"LPD" => Some(Alarm::LowBattery),
            _ => None,
        }
    }

    /// The bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut writer = Writer::new(&mut []);
        self.put(&mut writer);
        writer.len()
    }

    /// Writes the whole frame to the front of `out`, and says how many bytes it is.
    ///
    /// # Errors
    /// If `out` is too small; if the id has not 9 to 15 digits; if a field of the header is too long; if a field holds what it cannot hold on the wire, such
    /// as a `#`, or no record is there, or one that has a place and no date ([`EncodeError::Text`]); if there are more records than
    /// [`count`](Self::count) says, or a field is an IMEI ([`EncodeError::Ambiguous`]); if the coordinates of a record would be read in another notation
    /// ([`EncodeError::NotCanonical`]).
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if !(MIN_ID_DIGITS..=IMEI_DIGITS).contains(&usize::from(self.device.digit_count())) {
            return Err(EncodeError::DeviceId {
                digits: IMEI_DIGITS as u8,
            });
        }
        for (field, too_long, max) in [
            ("user", self.user.as_bytes().len() > MAX_USER, MAX_USER),
            ("flag", self.flag > 99, MAX_FLAG),
            (
                "password",
                self.password.as_bytes().len() > MAX_PASSWORD,
                MAX_PASSWORD,
            ),
            ("event", self.event.as_bytes().len() > MAX_EVENT, MAX_EVENT),
            ("count", self.count > 99, MAX_COUNT),
        ] {
            if too_long {
                return Err(EncodeError::TooLong { field, max });
            }
        }
        let mut writer = Writer::new(out);
        self.put(&mut writer);
        let written = writer.finish()?;
        match Message::parse(written) {
            Ok(Message::Report(read)) if read == *self => Ok(written.len()),
            Ok(_) => Err(EncodeError::NotCanonical),
            // The header is none: it reads as a keep-alive.
            Err(Error {
                kind: ErrorKind::Trailing,
                offset: KEEP_ALIVE,
            }) => Err(EncodeError::Text),
            Err(Error {
                kind: ErrorKind::Overlap | ErrorKind::Trailing,
                ..
            }) => Err(EncodeError::Ambiguous),
            Err(_) => Err(EncodeError::Text),
        }
    }

    fn put(&self, writer: &mut Writer<'_>) {
        put_id(writer, self.device);
        writer.put(&[MARK]);
        writer.put(self.user.as_bytes());
        writer.put(&[MARK]);
        writer.put_decimal(self.flag.into(), 1);
        for field in [self.password, self.event] {
            writer.put(&[MARK]);
            writer.put(field.as_bytes());
        }
        writer.put(&[MARK]);
        writer.put_decimal(self.count.into(), 1);
        for record in self.records.iter() {
            record.put(writer);
        }
        writer.put(&[MARK, MARK]);
    }
}

fn put_id(writer: &mut Writer<'_>, device: DeviceId) {
    writer.put(&[MARK]);
    writer.put_decimal(device.as_u64(), device.digit_count().into());
}

/// The records of a report: borrowed text of a frame, or records to encode.
///
/// Two are equal if they have equal records.
#[derive(Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Records<'a>(Source<'a>);

#[derive(Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Source<'a> {
    Text(&'a [u8]),
    Built(&'a [Record<'a>]),
}

impl<'a> Records<'a> {
    /// Records to encode.
    #[must_use]
    pub const fn new(records: &'a [Record<'a>]) -> Self {
        Self(Source::Built(records))
    }

    /// The records, in the order of the wire. Those of a frame are read as they are asked for.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Record<'a>> + use<'a> {
        let (mut text, mut built) = match self.0 {
            Source::Text(text) => (text, [].iter()),
            Source::Built(records) => (&[][..], records.iter()),
        };
        core::iter::from_fn(move || {
            if text.is_empty() {
                built.next().copied()
            } else {
                Some(Record::next(&mut text))
            }
        })
    }
}

impl PartialEq for Records<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Records<'_> {}

impl Hash for Records<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for record in self.iter() {
            record.hash(state);
        }
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// One place at one time.
///
/// ```text
/// lbs[#extra]#longitude,E|W,latitude,N|S,speed,course#ddmmyy#hhmmss[.sss]
/// ```
///
/// A field that cannot be read is absent; [`Frame::body`] has all of it. Whether the place is from a fix is not said by anything that is known (spec
/// v680, section 1.4). Devices without a fix send a date of zeros, or neither place nor date \[C\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Record<'a> {
    /// Base stations, in several forms; see [`cell`](Self::cell). `V` stands where the cell belongs, and most likely says that there is none; it is no
    /// sign of a place without a fix \[C\].
    pub lbs: Text<'a>,
    /// One more field that a few devices send, such as the `V` behind `72403`.
    pub extra: Option<Text<'a>>,
    /// Longitude; `positive` is east. Comes in front of the latitude.
    pub longitude: Option<Coordinate>,
    /// Latitude; `positive` is north.
    pub latitude: Option<Coordinate>,
    /// Knots: the field list and most public decoders say so \[D\] \[T\].
    pub speed: Option<Decimal>,
    /// Degrees from north. Values out of range are seen, such as 790000 \[C\].
    pub course: Option<Decimal>,
    /// When, by the device's clock, which runs on UTC: the clocks of servers agree within seconds \[C\]. Of zeros without a fix. Thousandths of a
    /// second, zero wherever they were seen, are not kept.
    pub date_time: Option<DateTime>,
}

impl<'a> Record<'a> {
    /// Takes the record off the front of this text.
    ///
    /// The fields after the lbs are an extra one and the place, or the place at once. A place
    /// has commas, an extra field has none:
    ///
    /// | the first number | then it is |
    /// |---|---|
    /// | is there, and a comma ends it | the longitude |
    /// | is not there, or a `#` ends it, and there is a comma in its field | the longitude |
    /// | is not there, or a `#` ends it, and there is no comma in its field | the extra field |
    #[inline]
    fn next(text: &mut &'a [u8]) -> Self {
        let lbs = next_field(text, MARK);
        let mut rest = *text;
        let mut longitude = next_number(&mut rest);
        let mut extra = None;
        if (longitude.is_none() || rest.first() == Some(&MARK)) && !is_place(text) {
            extra = Some(Text::Bytes(next_field(text, MARK)));
            rest = *text;
            longitude = next_number(&mut rest);
        }
        *text = rest;
        let east = next_sign(text, b'E', b'W');
        let latitude = next_number(text);
        let north = next_sign(text, b'N', b'S');
        let speed = next_number(text);
        let course = next_number(text);
        // What else there may be, and the end of the field.
        next_field(text, MARK);
        let date = next_field(text, MARK);
        let time = next_field(text, MARK);
        let notation = Notation::of(longitude, latitude);
        let coordinate = |number: Option<Number>, positive: Option<bool>| {
            Some(Coordinate {
                value: number?.value,
                notation,
                positive: positive?,
            })
        };
        Self {
            lbs: Text::Bytes(lbs),
            extra,
            longitude: coordinate(longitude, east),
            latitude: coordinate(latitude, north),
            speed: speed.map(|number| number.value),
            course: course.map(|number| number.value),
            date_time: date_time(date, time),
        }
    }

    /// When, if there is a date, and not one of zeros; it may be none that exists: [`is_valid`](DateTime::is_valid) tells.
    #[must_use]
    #[inline]
    pub fn time(&self) -> Option<DateTime> {
        self.date_time
            .filter(|time| [time.year, time.month, time.day] != [0; 3])
    }

    /// The place, if there are a date, which is not zeros, and both coordinates, which are not both zero.
    #[must_use]
    #[inline]
    pub fn position(&self) -> Option<Position> {
        let (Some(longitude), Some(latitude), Some(_)) =
            (self.longitude, self.latitude, self.time())
        else {
            return None;
        };
        let position = Position {
            longitude: longitude.longitude()?,
            latitude: latitude.latitude()?,
        };
        (position.longitude.units() != 0 || position.latitude.units() != 0).then_some(position)
    }

    /// The speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        scaled(self.speed?, 3).map(Speed::MilliKnots)
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        scaled(self.course?, 4).and_then(Course::from_ten_thousandths)
    }

    /// The serving cell, if the lbs has one of the forms that are understood.
    ///
    /// | lbs | cell |
    /// |---|---|
    /// | `66830ffb` | LAC and cell id, 4 hexadecimal digits each |
    /// | `24002485fed523` | in front of these MCC and MNC, 3 decimal digits each |
    /// | `72403`, and [`extra`](Self::extra) is there | MCC and an MNC of 2 digits |
    ///
    /// Each may be followed by [neighbours](Self::neighbours). Other forms are seen, of 5 digits without an extra field and of 16, and not understood.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        match (self.cells().serving, self.extra) {
            ([a, b, c, d, e, f, area @ ..], _) if area.len() == 8 => Some(CellTower {
                mcc: Some(code([*a, *b, *c])?),
                mnc: Some(code([*d, *e, *f])?),
                ..area_cell(area)?
            }),
            ([a, b, c, d, e], Some(_)) => Some(CellTower {
                mcc: Some(code([*a, *b, *c])?),
                mnc: Some(code([b'0', *d, *e])?),
                ..CellTower::default()
            }),
            (area, _) => area_cell(area),
        }
    }

    /// The cells that follow the serving one in the lbs, of 8 hexadecimal digits each, LAC and cell id.
    pub fn neighbours(&self) -> impl Iterator<Item = NeighbourCell> + use<'a> {
        let mut rest = self.cells().neighbours;
        let fields =
            core::iter::from_fn(move || (!rest.is_empty()).then(|| next_field(&mut rest, b',')));
        fields
            .filter_map(area_cell)
            .map(|cell| NeighbourCell { cell, rssi: None })
    }

    #[inline]
    fn cells(&self) -> Lbs<'a> {
        let lbs = self.lbs.as_bytes();
        match lbs.split_at_checked(14) {
            // The longest form, as most have it: no comma has to be looked for.
            Some((serving, [])) => Lbs {
                serving,
                neighbours: &[],
            },
            Some((serving, [b',', neighbours @ ..])) => Lbs {
                serving,
                neighbours,
            },
            _ => {
                let mut rest = lbs;
                let serving = next_field(&mut rest, b',');
                Lbs {
                    serving,
                    neighbours: rest,
                }
            }
        }
    }

    fn put(&self, writer: &mut Writer<'_>) {
        writer.put(&[MARK]);
        writer.put(self.lbs.as_bytes());
        if let Some(extra) = self.extra {
            writer.put(&[MARK]);
            writer.put(extra.as_bytes());
        }
        writer.put(&[MARK]);
        put_coordinate(writer, self.longitude, 5, [b"E", b"W"]);
        put_coordinate(writer, self.latitude, 4, [b"N", b"S"]);
        put_decimal(writer, self.speed, 1);
        writer.put(b",");
        put_decimal(writer, self.course, 1);
        let (date, time) = match self.date_time {
            Some(DateTime {
                year,
                month,
                day,
                hour,
                minute,
                second,
            }) => (&[day, month, year][..], &[hour, minute, second][..]),
            None => (&[][..], &[][..]),
        };
        for pairs in [date, time] {
            writer.put(&[MARK]);
            for pair in pairs {
                writer.put_decimal((*pair).into(), 2);
            }
        }
    }
}

/// The parts of an lbs.
struct Lbs<'a> {
    serving: &'a [u8],
    /// With commas between them.
    neighbours: &'a [u8],
}

/// A latitude or longitude as sent: `1748.827700,E`.
///
/// ```
/// use gt02::protocol::v680::{Coordinate, Notation};
/// use gt02::types::{Decimal, Longitude};
/// let sent = Coordinate { value: Decimal::from_ascii(b"1748.827700").unwrap(), notation: Notation::Minutes, positive: true };
/// assert_eq!(sent.longitude().unwrap().micro_degrees(), 17_813_795);
/// assert_eq!(Coordinate::from(sent.longitude().unwrap()), sent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Coordinate {
    /// All digits, as one number.
    pub value: Decimal,
    /// What the digits are.
    pub notation: Notation,
    /// North or east.
    pub positive: bool,
}

/// How a [`Coordinate`] is written. Nothing in a record says it; both of its coordinates have the same.
///
/// They are read as minutes if one of them has 4 digits or more in front of the point, or is above 180, as longitude, or 90, as latitude; else as
/// degrees. This is wrong of minutes that are not padded with zeros, within 1 degree of the equator and 2 degrees of the prime meridian (spec v680,
/// section 1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Notation {
    /// `dddmm.mmmm` and `ddmm.mmmm`: degrees and minutes, with 4 to 6 decimals; the degrees may be without leading zeros \[C\].
    Minutes,
    /// `ddd.dddddd`: decimal degrees \[T\].
    Degrees,
}

impl Notation {
    #[inline]
    fn of(longitude: Option<Number>, latitude: Option<Number>) -> Self {
        match (longitude, latitude) {
            (Some(longitude), _) if longitude.is_more_than_degrees(180) => Self::Minutes,
            (_, Some(latitude)) if latitude.is_more_than_degrees(90) => Self::Minutes,
            _ => Self::Degrees,
        }
    }
}

impl Coordinate {
    /// As a latitude, if it is one; rounded to the nearest millionth of a minute, or of a degree.
    #[must_use]
    #[inline]
    pub fn latitude(&self) -> Option<Latitude> {
        Latitude::from_units(self.units()?)
    }

    /// As a longitude, if it is one; rounded to the nearest millionth of a minute, or of a degree.
    #[must_use]
    #[inline]
    pub fn longitude(&self) -> Option<Longitude> {
        Longitude::from_units(self.units()?)
    }

    /// In 1/3 000 000 minute; `None` for 60 minutes or more, and beyond 180 degrees and minutes.
    #[inline]
    fn units(&self) -> Option<i64> {
        let millionths = self.value.scaled(6)?;
        let (degrees, minutes) = match self.notation {
            Notation::Minutes => (millionths / 100_000_000, millionths % 100_000_000),
            Notation::Degrees => (
                millionths / 1_000_000,
                (millionths % 1_000_000).wrapping_mul(60),
            ),
        };
        if degrees > 180 || minutes >= 60_000_000 {
            return None;
        }
        // Below 181 degrees, 32 580 000 000.
        let units = degrees
            .wrapping_mul(60_000_000)
            .wrapping_add(minutes)
            .wrapping_mul(3) as i64;
        Some(if self.positive {
            units
        } else {
            units.wrapping_neg()
        })
    }

    /// From 1/3 000 000 minute.
    fn from_units(units: i64) -> Self {
        // Of a minute; a coordinate is at most 180 degrees.
        let millionths = units.unsigned_abs().wrapping_add(1) / 3;
        let digits = (millionths / 60_000_000)
            .wrapping_mul(100_000_000)
            .wrapping_add(millionths % 60_000_000);
        Self {
            value: Decimal::new(digits, 6).unwrap_or_default(),
            notation: Notation::Minutes,
            positive: units >= 0,
        }
    }
}

/// In minutes, rounded to the nearest millionth of one.
impl From<Latitude> for Coordinate {
    fn from(latitude: Latitude) -> Self {
        Self::from_units(latitude.units())
    }
}

/// In minutes, rounded to the nearest millionth of one.
impl From<Longitude> for Coordinate {
    fn from(longitude: Longitude) -> Self {
        Self::from_units(longitude.units())
    }
}

/// A number of a place.
#[derive(Clone, Copy)]
struct Number {
    value: Decimal,
    /// In front of the point.
    digits: usize,
}

impl Number {
    /// Whether it cannot be degrees, because it is padded, or above the limit.
    #[inline]
    fn is_more_than_degrees(&self, limit: u64) -> bool {
        self.digits >= 4 || self.value.whole() > limit
    }
}

/// Whether there is a comma in the field at the front of this text.
#[cold]
fn is_place(text: &[u8]) -> bool {
    text.iter().find(|byte| matches!(**byte, b',' | MARK)) == Some(&b',')
}

/// Takes a number off the front of this text, and the comma after it.
///
/// If there is something else before the next comma or `#`, that is taken, and this is `None`.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn next_number(text: &mut &[u8]) -> Option<Number> {
    // Nearly all numbers are such.
    if WIDE {
        if let Some(PlainDecimal { value, len }) = plain_decimal(text) {
            if let Some(rest @ [b',' | MARK, ..]) = text.get(len..) {
                let places = usize::from(value.places());
                *text = without_comma(rest);
                let point = usize::from(places > 0);
                let digits = len.wrapping_sub(places).wrapping_sub(point);
                return Some(Number { value, digits });
            }
        }
    }
    any_number(text)
}

/// Takes a number as [`next_number`] does, whatever number it is.
#[inline(never)]
fn any_number(text: &mut &[u8]) -> Option<Number> {
    match Decimal::read(text) {
        Some((value, rest @ [b',' | MARK, ..])) => {
            let places = usize::from(value.places());
            let len = text.len().wrapping_sub(rest.len());
            // The point is one more, also where nothing stands behind it.
            let has_point = places > 0 || text.get(len.wrapping_sub(1)) == Some(&b'.');
            *text = without_comma(rest);
            Some(Number {
                value,
                digits: len.wrapping_sub(places).wrapping_sub(has_point.into()),
            })
        }
        _ => {
            skip(text);
            None
        }
    }
}

/// Takes a letter off the front of this text in the same way: whether it is the first of these, if it is one of them.
#[inline]
fn next_sign(text: &mut &[u8], positive: u8, negative: u8) -> Option<bool> {
    match text {
        [sign, rest @ ..]
            if (*sign == positive || *sign == negative) && matches!(rest, [b',' | MARK, ..]) =>
        {
            let is_positive = *sign == positive;
            *text = without_comma(rest);
            Some(is_positive)
        }
        _ => {
            skip(text);
            None
        }
    }
}

/// Takes all off the front of this text up to a `#`, or to a comma and with it.
#[cold]
fn skip(text: &mut &[u8]) {
    let end = text
        .iter()
        .position(|byte| matches!(byte, b',' | &MARK))
        .unwrap_or(text.len());
    *text = without_comma(text.get(end..).unwrap_or_default());
}

/// What stands behind the comma at the front of this text, or all of it.
#[inline]
const fn without_comma(text: &[u8]) -> &[u8] {
    match text {
        [b',', rest @ ..] | rest => rest,
    }
}

/// From `ddmmyy`, and `hhmmss` with whatever behind it.
#[inline]
fn date_time(date: &[u8], time: &[u8]) -> Option<DateTime> {
    let [day, month, year] = pairs(date.first_chunk()?)?;
    let [hour, minute, second] = pairs(time.first_chunk()?)?;
    Some(DateTime {
        year,
        month,
        day,
        hour,
        minute,
        second,
    })
}

/// A number times ten to the power of `places`.
#[inline]
fn scaled(number: Decimal, places: u8) -> Option<u32> {
    u32::try_from(number.scaled(places)?).ok()
}

/// A country or network code, in decimal.
#[inline]
fn code(text: [u8; 3]) -> Option<u16> {
    let digits = text.map(|byte| byte.wrapping_sub(b'0'));
    // At most 999.
    digits.iter().all(|digit| *digit <= 9).then(|| {
        digits.iter().fold(0, |code: u16, &digit| {
            code.wrapping_mul(10).wrapping_add(digit.into())
        })
    })
}

/// LAC and cell id, 4 hexadecimal digits each.
#[inline]
fn area_cell(text: &[u8]) -> Option<CellTower> {
    let both = hex_word(text.try_into().ok()?)?;
    Some(CellTower {
        lac: Some(both >> 16),
        cid: Some(both & 0xFFFF),
        ..CellTower::default()
    })
}

/// Appends a coordinate, its letter and two commas; minutes behind so many digits.
fn put_coordinate(
    writer: &mut Writer<'_>,
    coordinate: Option<Coordinate>,
    digits: usize,
    [positive, negative]: [&[u8]; 2],
) {
    let width = match coordinate {
        Some(Coordinate {
            notation: Notation::Minutes,
            ..
        }) => digits,
        _ => 1,
    };
    put_decimal(writer, coordinate.map(|coordinate| coordinate.value), width);
    writer.put(b",");
    writer.put(coordinate.map_or(&[], |coordinate| {
        if coordinate.positive {
            positive
        } else {
            negative
        }
    }));
    writer.put(b",");
}

/// Appends a number, if there is one, with at least `width` digits in front of the point.
fn put_decimal(writer: &mut Writer<'_>, number: Option<Decimal>, width: usize) {
    let Some(number) = number else { return };
    writer.put_decimal(number.whole(), width);
    if number.places() > 0 {
        writer.put(b".");
        writer.put_decimal(number.decimals(), number.places().into());
    }
}
