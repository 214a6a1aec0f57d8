use super::{Date, FieldIter, TimeOfDay};
use crate::{
    bytes::{text, write::Writer},
    error::EncodeError,
    types::{Course, DateTime, Decimal, Latitude, Longitude, Position, Speed},
};

/// Where the device was, and when: what the messages with a position have in common.
///
/// ```text
/// ,HHMMSS,S,DDMM.MMMM,N,DDDMM.MMMM,E,speed,course[,battery],DDMMYY
/// ```
///
/// A field is absent if it is empty, missing or cannot be read; [`Frame::fields`](super::Frame::fields) has it as sent. Written it is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Gps {
    /// Time of the fix.
    pub time: Option<TimeOfDay>,
    /// `A` valid, `V` not, `B` valid by BeiDou \[D\]; or a digit, which a public decoder takes for valid \[T\].
    pub fix: Option<u8>,
    /// Degrees and minutes, DDMM.MMMM: the last two digits in front of the point are minutes. 4 decimals, from CanTrack 5.
    ///
    /// Devices leave out zeros in front (`809.0010`, `38.6508`), or the point, and then the last four digits are decimals (`37573392`), or write
    /// `-23-29.0095`: degrees and minutes with a hyphen in front of each. All of them are read.
    pub latitude: Option<Decimal>,
    /// `N`, `S`, or `0` without a place. Also where the latitude has a hyphen in front, this decides the sign.
    pub latitude_letter: Option<u8>,
    /// Degrees and minutes, DDDMM.MMMM, in the forms of the latitude.
    pub longitude: Option<Decimal>,
    /// `E`, `W`, or `0` without a place.
    pub longitude_letter: Option<u8>,
    /// Knots. An empty field is read as 0; a message in which this is absent is not encoded.
    pub speed: Option<Decimal>,
    /// Degrees from north. An empty field is read as 0; a message in which this is absent is not encoded.
    pub course: Option<Decimal>,
    /// The battery, 1 or 2 digits, which some makers put in front of the date. Its scale is not established.
    pub battery: Option<u8>,
    /// Date of the fix.
    pub date: Option<Date>,
}

impl Gps {
    /// Date and time, UTC, as sent. Without a fix they may be stale.
    #[must_use]
    #[inline]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// Whether the device says that it has a fix; `None` for a letter that no source knows.
    #[must_use]
    #[inline]
    pub const fn has_fix(&self) -> Option<bool> {
        match self.fix {
            Some(b'A' | b'B' | b'0'..=b'9') => Some(true),
            Some(b'V') => Some(false),
            _ => None,
        }
    }

    /// The place, if latitude and longitude can be read, have their letters, and are within 90 and 180 degrees.
    ///
    /// Without a fix it is the last known one, or zero.
    #[must_use]
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub fn position(&self) -> Option<Position> {
        let north = positive(self.latitude_letter?, *b"NS")?;
        let east = positive(self.longitude_letter?, *b"EW")?;
        let latitude = Latitude::from_units(units(self.latitude?, north)?)?;
        let longitude = Longitude::from_units(units(self.longitude?, east)?)?;
        Some(Position {
            latitude,
            longitude,
        })
    }

    /// Latitude in degrees, south negative.
    #[must_use]
    #[inline]
    pub fn latitude_degrees(&self) -> Option<f64> {
        self.position().map(|position| position.latitude.degrees())
    }

    /// Longitude in degrees, west negative.
    #[must_use]
    #[inline]
    pub fn longitude_degrees(&self) -> Option<f64> {
        self.position().map(|position| position.longitude.degrees())
    }

    /// The speed over ground.
    #[must_use]
    #[inline]
    pub fn speed(&self) -> Option<Speed> {
        u32::try_from(self.speed?.scaled(3)?)
            .ok()
            .map(Speed::MilliKnots)
    }

    /// The course over ground, if it is within 360 degrees.
    #[must_use]
    #[inline]
    pub fn course(&self) -> Option<Course> {
        u32::try_from(self.course?.scaled(4)?)
            .ok()
            .and_then(Course::from_ten_thousandths)
    }

    /// Takes all fields, from the time to the date.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read<'a>(fields: &mut FieldIter<'a>) -> Taken<'a> {
        let time = take_time(fields);
        Self::read_after_time(fields, time)
    }

    /// Takes the fields after the time, to the date.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read_after_time<'a>(
        fields: &mut FieldIter<'a>,
        time: Option<TimeOfDay>,
    ) -> Taken<'a> {
        let mut gps = Self {
            time,
            fix: fields.letter(),
            latitude: take_coordinate(fields),
            latitude_letter: fields.letter(),
            longitude: take_coordinate(fields),
            longitude_letter: fields.letter(),
            speed: take_number(fields),
            course: take_number(fields),
            battery: None,
            date: None,
        };
        let at_date = fields.clone();
        gps.date = take_date(fields);
        if gps.date.is_some() {
            return Taken { gps, glued: &[] };
        }
        *fields = at_date;
        let BatteryAndDate {
            battery,
            date,
            glued,
        } = BatteryAndDate::take(fields);
        Taken {
            gps: Self {
                battery,
                date,
                ..gps
            },
            glued,
        }
    }

    /// Whether fields begin as those behind the time do: `A`, `V` or `B`, two numbers or nothing, each with its letter or nothing.
    pub(super) fn begins(mut fields: FieldIter<'_>) -> bool {
        let mut next = || fields.trimmed();
        let is_number = |text: &[u8]| text.is_empty() || coordinate(text).is_some();
        matches!(next(), Some(b"A" | b"V" | b"B"))
            && next().is_some_and(is_number)
            && matches!(next(), Some(b"N" | b"S" | b"0" | b""))
            && next().is_some_and(is_number)
            && matches!(next(), Some(b"E" | b"W" | b"0" | b""))
    }

    /// Appends all fields.
    pub(super) fn put(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        put_time(out, self.time);
        self.put_after_time(out)
    }

    /// Appends all fields except the time.
    pub(super) fn put_after_time(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        put_letter(out, self.fix);
        put_coordinate(out, self.latitude, 4);
        put_letter(out, self.latitude_letter);
        put_coordinate(out, self.longitude, 5);
        put_letter(out, self.longitude_letter);
        for (value, field) in [(self.speed, "speed"), (self.course, "course")] {
            out.put(b",");
            put_decimal(out, value.ok_or(EncodeError::Gap { field })?, 3);
        }
        if let Some(battery) = self.battery {
            put_number(out, battery.into(), 1);
        }
        put_date(out, self.date);
        Ok(())
    }
}

/// What [`Gps::read`] takes.
pub(super) struct Taken<'a> {
    pub(super) gps: Gps,
    /// What follows the date in its field, where the comma between the two is missing: the status
    /// word.
    pub(super) glued: &'a [u8],
}

/// The end of the fields, where the date is not a field of its own at the place where it belongs.
struct BatteryAndDate<'a> {
    battery: Option<u8>,
    date: Option<Date>,
    /// As in [`Taken`].
    glued: &'a [u8],
}

impl<'a> BatteryAndDate<'a> {
    /// Takes one field, or two:
    ///
    /// | the next field | then |
    /// |---|---|
    /// | 1 or 2 digits | it is the battery, and the field after it is looked at in its place |
    /// | begins with 6 digits | they are the date, and the rest of the field is glued to it |
    /// | anything else | there is no date, and nothing is glued to it |
    fn take(fields: &mut FieldIter<'a>) -> Self {
        let mut field = fields.trimmed().unwrap_or_default();
        let mut battery = None;
        if let [b'0'..=b'9'] | [b'0'..=b'9', b'0'..=b'9'] = field {
            battery = text::number(field).and_then(|battery| u8::try_from(battery).ok());
            field = fields.trimmed().unwrap_or_default();
        }
        if let Some((digits, glued)) = field.split_first_chunk() {
            if let Some([day, month, year]) = text::pairs(digits) {
                return Self {
                    battery,
                    date: Some(Date { day, month, year }),
                    glued,
                };
            }
        }
        Self {
            battery,
            date: None,
            glued: &[],
        }
    }
}

/// Whether a letter is the first of two rather than the second.
#[inline]
const fn positive(letter: u8, [first, second]: [u8; 2]) -> Option<bool> {
    if letter == first {
        Some(true)
    } else if letter == second {
        Some(false)
    } else {
        None
    }
}

/// Units of 1/3 000 000 minute of DDMM.MMMM, rounded to the nearest millionth of a minute; `None` for 60 minutes or more.
#[inline]
fn units(coordinate: Decimal, positive: bool) -> Option<i64> {
    // DDMMmmmmmm: so many degrees at most that no sum comes near 2^63.
    let digits = coordinate
        .scaled(6)
        .filter(|&digits| digits < 100_000_000_000)?;
    let degrees = digits / 100_000_000;
    let minute_millionths = digits % 100_000_000;
    if minute_millionths >= 60_000_000 {
        return None;
    }
    let units = degrees
        .wrapping_mul(180_000_000)
        .wrapping_add(minute_millionths.wrapping_mul(3));
    let units = i64::try_from(units).ok()?;
    Some(if positive {
        units
    } else {
        units.wrapping_neg()
    })
}

/// Takes a speed or a course. An empty one is 0 (spec h02, section 2.1).
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn take_number(fields: &mut FieldIter<'_>) -> Option<Decimal> {
    fields.plain_decimal().or_else(|| {
        let text = fields.trimmed()?;
        if text.is_empty() {
            Some(Decimal::default())
        } else {
            Decimal::from_ascii(text)
        }
    })
}

/// Takes a latitude or a longitude.
#[cfg_attr(target_pointer_width = "64", inline(always))]
fn take_coordinate(fields: &mut FieldIter<'_>) -> Option<Decimal> {
    let all = fields.clone();
    match fields.plain_decimal() {
        Some(number) if number.places() > 0 => Some(number),
        _ => {
            *fields = all;
            coordinate(fields.trimmed()?)
        }
    }
}

/// A latitude or a longitude, in the forms that [`Gps::latitude`] lists.
#[inline]
fn coordinate(text: &[u8]) -> Option<Decimal> {
    match text {
        [b'-', rest @ ..] => hyphened(rest),
        _ if text.contains(&b'.') => Decimal::from_ascii(text),
        _ => Decimal::from_ascii(text).and_then(|number| Decimal::new(number.mantissa(), 4)),
    }
}

/// Degrees, a hyphen and minutes.
fn hyphened(text: &[u8]) -> Option<Decimal> {
    let hyphen = text.iter().position(|&byte| byte == b'-')?;
    let (degrees, minutes) = text.split_at_checked(hyphen)?;
    let degrees = u64::from(text::number(degrees)?);
    let minutes = Decimal::from_ascii(minutes.get(1..)?).filter(|minutes| minutes.whole() < 100)?;
    // DDMM.MMMM has two digits of minutes before the point.
    let degree = 10_u64
        .checked_pow(minutes.places().into())?
        .checked_mul(100)?;
    let mantissa = degrees
        .checked_mul(degree)?
        .checked_add(minutes.mantissa())?;
    Decimal::new(mantissa, minutes.places())
}

/// Takes a field `HHMMSS`.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn take_time(fields: &mut FieldIter<'_>) -> Option<TimeOfDay> {
    let [hour, minute, second] = fields.pairs()?;
    Some(TimeOfDay {
        hour,
        minute,
        second,
    })
}

/// Takes a field `DDMMYY`.
#[cfg_attr(target_pointer_width = "64", inline(always))]
pub(super) fn take_date(fields: &mut FieldIter<'_>) -> Option<Date> {
    let [day, month, year] = fields.pairs()?;
    Some(Date { day, month, year })
}

/// Appends a field of bytes.
pub(super) fn put_text(out: &mut Writer<'_>, text: &[u8]) {
    out.put(b",");
    out.put(text);
}

/// Appends a field of decimal digits, at least so many.
pub(super) fn put_number(out: &mut Writer<'_>, value: u32, width: usize) {
    out.put(b",");
    out.put_decimal(value.into(), width);
}

/// Appends a field `HHMMSS`.
pub(super) fn put_time(out: &mut Writer<'_>, time: Option<TimeOfDay>) {
    put_pairs(
        out,
        time.map(
            |TimeOfDay {
                 hour,
                 minute,
                 second,
             }| [hour, minute, second],
        ),
    );
}

/// Appends a field `DDMMYY`.
pub(super) fn put_date(out: &mut Writer<'_>, date: Option<Date>) {
    put_pairs(
        out,
        date.map(|Date { day, month, year }| [day, month, year]),
    );
}

fn put_pairs(out: &mut Writer<'_>, pairs: Option<[u8; 3]>) {
    out.put(b",");
    for pair in pairs.into_iter().flatten() {
        out.put_decimal(pair.into(), 2);
    }
}

fn put_letter(out: &mut Writer<'_>, letter: Option<u8>) {
    put_text(out, letter.as_slice());
}

/// Appends a field with a point, without which the last four digits would be decimals, and so many digits in front of it at least.
fn put_coordinate(out: &mut Writer<'_>, coordinate: Option<Decimal>, width: usize) {
    out.put(b",");
    if let Some(coordinate) = coordinate {
        put_decimal(out, coordinate, width);
        if coordinate.places() == 0 {
            out.put(b".");
        }
    }
}

/// Appends a number with so many digits in front of the point at least, and all of its decimals.
fn put_decimal(out: &mut Writer<'_>, number: Decimal, width: usize) {
    out.put_decimal(number.whole(), width);
    if number.places() > 0 {
        out.put(b".");
        out.put_decimal(number.decimals(), number.places().into());
    }
}
