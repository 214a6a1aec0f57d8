//! Answers with a position, of all makers.
//!
//! # How this works
//! No maker keeps to a form, so there is no grammar: [`Location::read`] goes over the text, and
//! wherever a colon or an equals sign stands it looks at the label before it and reads what its
//! [`Label`] says. An SMS may be cut anywhere; each value is read only if what follows it
//! ([`Follow`]) shows that it is whole.
//!
//! # How to change it
//! A new label goes into [`LABELS`]; a new kind of value into [`Label`] and `Reader::label`.

use super::result::strip_words;
use crate::bytes::swar::hex_word;
use crate::types::{
    CellTower, Course, DateTime, Decimal, DeviceId, Latitude, Longitude, Position, Speed,
};

/// Where a device is, as it answers `DWXX`, `WHERE`, `URL`, `#smslink#` or `666`.
///
/// ```text
/// Lat:N23d 5.1708m,Lon: E114d 23.6212m,Course:120,Speed:53.02,DateTime:08-09-12 14:52:36
/// DWXX=Lat:N23.111682,Lon:E114.409217,Course:0.00,Speed:0.3518,DateTime:11-11-15  11:53:43
/// Latitude:N22.577156,Longitude:E113.916748,Course:0,Speed:0.34Km/h,Date:2017-03-15,Time:11:33:37
/// http://maps.google.com/maps?q=N22.577156,E113.916748
/// http://maps.google.com/maps?f=q&hl=en&q=22.540103,114.082329&ie=UTF8
/// ...q=N22.577156,E113.916748 speed:000.0km/h Time:16:39:45 Date:08/04/25 IMEI:353686009002030
/// Lat: +22.50500 <LF> Long: +114.01000 <LF> Speed: 0.00KM/H <LF> Direction: 315.00 <LF> Date: 2008-04-25 <LF> Time: 16:39:45 <LF>
///     BS: 25ee0dff <LF> Fix: A <LF> ID: 353686009002030 <LF> STATE: SMS
/// ERROR GPS GPRMC FRAME DATA BS: 27971054
/// ```
///
/// Labels are read in any case and order, with any white space around them, and with the comma and the colon of ASCII or the full-width ones; a number
/// may follow `N`, `S`, `E`, `W`, a sign, or nothing. If a label is there twice, the first one counts. Sources: spec sms; spec gt06, section 4.6; spec
/// v680, section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Location {
    /// Where the device is, or was last.
    pub position: Option<Position>,
    /// Whether the device says that it has a fix: `Fix: A` or `V`; the `ERROR` line says that it has none.
    pub fix: Option<bool>,
    /// By the device's clock, of which the zone is not said. Dates are year, month, day in all texts that are known.
    pub time: Option<DateTime>,
    /// Speed over ground, in kilometres per hour: so it is where no unit is given \[D\]. Absent with any other unit.
    pub speed: Option<Speed>,
    /// Course over ground.
    pub course: Option<Course>,
    /// The device.
    pub device: Option<DeviceId>,
    /// The serving cell: four hexadecimal digits of LAC, four of cell id.
    pub cell: Option<CellTower>,
    /// What made the device send this.
    pub trigger: Option<Trigger>,
}

/// What made a V-Sun device send its position: `STATE: SMS` (spec v680, section 3.1). There are others, of which no document is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Trigger {
    /// It was asked to by SMS.
    Sms,
    /// The interval is over.
    Timer,
    /// `CALL`, whose meaning no source states.
    Call,
    /// Somebody pressed the SOS button.
    Sos,
    /// `ANSWER`: not documented.
    Answer,
}

impl Trigger {
    const ALL: [Self; 5] = [Self::Sms, Self::Timer, Self::Call, Self::Sos, Self::Answer];

    /// The word, as the device writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Timer => "TIMER",
            Self::Call => "CALL",
            Self::Sos => "SOS",
            Self::Answer => "ANSWER",
        }
    }
}

/// How sure it is that a text is about a position.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Evidence {
    /// No label of one.
    #[default]
    None,
    /// Labels that go with a position.
    Weak,
    /// A latitude, a longitude, a link, or the line that says that there is none.
    Strong,
}

impl Location {
    /// Reads a text without white space around it, whatever it is.
    pub(super) fn read(text: &[u8]) -> (Self, Evidence) {
        let mut reader = Reader::default();
        if strip_words(text, &["error", "gps", "gprmc"]).is_some() {
            reader.location.fix = Some(false);
            reader.evidence = Evidence::Strong;
        }
        for (at, byte) in text.iter().enumerate() {
            let Some((front, behind)) = text.split_at_checked(at) else {
                continue;
            };
            match (byte, behind) {
                (b':', [_, value @ ..]) | (0xEF, [_, 0xBC, 0x9A, value @ ..]) => {
                    reader.label(label(front), value)
                }
                (b'=', [_, value @ ..]) => reader.link(front, value),
                _ => {}
            }
        }
        if let (
            Some(date),
            Some(Clock {
                hour,
                minute,
                second,
            }),
        ) = (reader.date, reader.time)
        {
            let Date { year, month, day } = date;
            reader.location.time = Some(DateTime {
                year,
                month,
                day,
                hour,
                minute,
                second,
            });
        }
        (reader.location, reader.evidence)
    }
}

/// What was read of a text so far.
#[derive(Default)]
struct Reader {
    location: Location,
    latitude: Option<Angle>,
    longitude: Option<Angle>,
    date: Option<Date>,
    time: Option<Clock>,
    /// A bit for each [`Label`]. Of each the first one counts, even if it cannot be read: so what
    /// follows cannot change it.
    seen: u16,
    evidence: Evidence,
}

#[derive(Clone, Copy)]
struct Date {
    year: u8,
    month: u8,
    day: u8,
}

#[derive(Clone, Copy)]
struct Clock {
    hour: u8,
    minute: u8,
    second: u8,
}

/// The labels; each has a bit in [`Reader::seen`].
#[derive(Clone, Copy)]
enum Label {
    Latitude,
    Longitude,
    Course,
    Speed,
    DateTime,
    Date,
    Time,
    Cell,
    Fix,
    Device,
    Trigger,
}

const LABELS: [(&[u8], Label); 16] = [
    (b"lat", Label::Latitude),
    (b"latitude", Label::Latitude),
    (b"lon", Label::Longitude),
    (b"long", Label::Longitude),
    (b"longitude", Label::Longitude),
    (b"course", Label::Course),
    (b"direction", Label::Course),
    (b"speed", Label::Speed),
    (b"datetime", Label::DateTime),
    (b"date", Label::Date),
    (b"time", Label::Time),
    (b"bs", Label::Cell),
    (b"fix", Label::Fix),
    (b"id", Label::Device),
    (b"imei", Label::Device),
    (b"state", Label::Trigger),
];

impl Reader {
    fn label(&mut self, label: &[u8], value: &[u8]) {
        let Some(&(_, label)) = LABELS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(label))
        else {
            return;
        };
        let bit = 1_u16.wrapping_shl(label as u32);
        if self.seen & bit != 0 {
            return;
        }
        self.seen |= bit;
        let evidence = match label {
            Label::Latitude | Label::Longitude => Evidence::Strong,
            Label::Course | Label::Speed | Label::DateTime => Evidence::Weak,
            _ => Evidence::None,
        };
        self.evidence = self.evidence.max(evidence);
        match label {
            Label::Latitude => {
                self.latitude = Angle::read(value, [b'N', b'S']).map(|(angle, _)| angle);
                self.position();
            }
            Label::Longitude => {
                self.longitude = Angle::read(value, [b'E', b'W']).map(|(angle, _)| angle);
                self.position();
            }
            Label::Course => self.location.course = course(value),
            Label::Speed => self.location.speed = speed(value),
            Label::DateTime => {
                if let Some((day, rest)) = date(value) {
                    self.date = self.date.or(Some(day));
                    self.time = self.time.or(time(rest));
                }
            }
            Label::Date => self.date = self.date.or(date(value).map(|(day, _)| day)),
            Label::Time => self.time = self.time.or(time(value)),
            Label::Cell => self.location.cell = cell(value),
            Label::Fix => self.location.fix = self.location.fix.or(fix(value)),
            Label::Device => self.location.device = device(value),
            Label::Trigger => self.location.trigger = trigger(value),
        }
    }

    /// Takes latitude and longitude for the position, if there is none yet.
    fn position(&mut self) {
        if self.location.position.is_some() {
            return;
        }
        if let (Some(latitude), Some(longitude)) = (&self.latitude, &self.longitude) {
            self.location.position = position(latitude, longitude);
        }
    }

    /// The value of the parameter `q` of a link: `N22.577156,E113.916748` or `22.577156,-113.916748`.
    fn link(&mut self, front: &[u8], value: &[u8]) {
        match front {
            [.., before, b'q'] if before.is_ascii_alphanumeric() => return,
            [.., b'q'] => {}
            _ => return,
        }
        let Some((latitude, rest)) = Angle::read(value, [b'N', b'S']) else {
            return;
        };
        let [b',', rest @ ..] = rest.trim_ascii_start() else {
            return;
        };
        self.evidence = Evidence::Strong;
        let Some((longitude, _)) = Angle::read(rest, [b'E', b'W']) else {
            return;
        };
        if self.location.position.is_none() {
            self.location.position = position(&latitude, &longitude);
        }
    }
}

/// A latitude or a longitude.
struct Angle {
    /// Whole, if there are minutes.
    degrees: Decimal,
    minutes: Option<Decimal>,
    is_positive: bool,
    /// Whether more digits may have been cut off.
    is_open: bool,
}

impl Angle {
    /// Reads an angle whose hemisphere goes by one of these letters, and says what follows it.
    ///
    /// | after the number | then it is |
    /// |---|---|
    /// | a degree mark, a number and an `m` | degrees and minutes |
    /// | a degree mark, a number and the end | degrees and minutes, perhaps cut |
    /// | the end | decimal degrees, perhaps cut |
    /// | a separator or a word | decimal degrees |
    /// | a letter, if a sign or a letter came before the number | decimal degrees |
    /// | anything else, or one letter of a hemisphere | none |
    fn read(text: &[u8], [positive, negative]: [u8; 2]) -> Option<(Self, &[u8])> {
        let text = text.trim_ascii_start();
        let (sign, text) = match text {
            [b'+', rest @ ..] => (Some(true), rest),
            [b'-', rest @ ..] => (Some(false), rest),
            [letter, rest @ ..] if letter.eq_ignore_ascii_case(&positive) => (Some(true), rest),
            [letter, rest @ ..] if letter.eq_ignore_ascii_case(&negative) => (Some(false), rest),
            _ => (None, text),
        };
        let is_positive = sign.unwrap_or(true);
        let (degrees, rest) = number(text.trim_ascii_start())?;
        if let Some(minutes) = strip_degree_mark(rest) {
            if degrees.places() > 0 {
                return None;
            }
            let (minutes, rest) = number(minutes.trim_ascii_start())?;
            let angle = Self {
                degrees,
                minutes: Some(minutes),
                is_positive,
                is_open: false,
            };
            return match (rest.trim_ascii_start(), Follow::of(rest)) {
                ([b'm' | b'M', rest @ ..], _) => Some((angle, rest)),
                (_, Follow::Nothing) => Some((
                    Self {
                        is_open: true,
                        ..angle
                    },
                    rest,
                )),
                _ => None,
            };
        }
        // A letter that stands alone after the number may be its hemisphere. Nothing is known to
        // write so, but it must not be read as the other one.
        match rest.trim_ascii_start() {
            [_, next, ..] if next.is_ascii_alphabetic() => {}
            [b'N' | b'S' | b'E' | b'W' | b'n' | b's' | b'e' | b'w', ..] => return None,
            _ => {}
        }
        let is_open = match Follow::of(rest) {
            Follow::Nothing => true,
            Follow::Separator | Follow::Word => false,
            Follow::Letter if sign.is_some() => false,
            Follow::Letter | Follow::More => return None,
        };
        Some((
            Self {
                degrees,
                minutes: None,
                is_positive,
                is_open,
            },
            rest,
        ))
    }

    fn places(&self) -> u8 {
        self.minutes.unwrap_or(self.degrees).places()
    }
}

/// `d` or the degree sign: right behind the number, or behind white space and in front of another number.
fn strip_degree_mark(text: &[u8]) -> Option<&[u8]> {
    let behind = text.trim_ascii_start();
    let ([b'd' | b'D', rest @ ..] | [0xC2, 0xB0, rest @ ..]) = behind else {
        return None;
    };
    let is_glued = behind.len() == text.len();
    (is_glued
        || rest
            .trim_ascii_start()
            .first()
            .is_none_or(u8::is_ascii_digit))
    .then_some(rest)
}

/// The fewest decimals of two coordinates of which one ends the text.
const MIN_PLACES: u8 = 4;

fn position(latitude: &Angle, longitude: &Angle) -> Option<Position> {
    let is_open = latitude.is_open || longitude.is_open;
    // Not more than one of them ends the text.
    if is_open && (latitude.places() != longitude.places() || latitude.places() < MIN_PLACES) {
        return None;
    }
    let whole = |degrees: Decimal| u16::try_from(degrees.whole()).ok();
    Some(Position {
        latitude: match latitude.minutes {
            Some(minutes) => Latitude::from_degrees_and_minutes(
                whole(latitude.degrees)?,
                minutes,
                latitude.is_positive,
            )?,
            None => Latitude::from_decimal_degrees(latitude.degrees, latitude.is_positive)?,
        },
        longitude: match longitude.minutes {
            Some(minutes) => Longitude::from_degrees_and_minutes(
                whole(longitude.degrees)?,
                minutes,
                longitude.is_positive,
            )?,
            None => Longitude::from_decimal_degrees(longitude.degrees, longitude.is_positive)?,
        },
    })
}

/// The letters in front of a colon.
fn label(front: &[u8]) -> &[u8] {
    let front = front.trim_ascii_end();
    let letters = front
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    front
        .get(front.len().saturating_sub(letters)..)
        .unwrap_or_default()
}

/// What stands behind a number.
enum Follow {
    /// Nothing, or nothing but white space: the number may have been cut.
    Nothing,
    /// White space, and a digit or a point: the number may have been broken. Or anything that a number does not end with.
    More,
    /// Something that separates values.
    Separator,
    /// White space and a letter.
    Word,
    /// A letter.
    Letter,
}

impl Follow {
    fn of(rest: &[u8]) -> Self {
        let behind = rest.trim_ascii_start();
        let is_glued = behind.len() == rest.len();
        match behind {
            [] => Self::Nothing,
            [b'0'..=b'9' | b'.', ..] => Self::More,
            [letter, ..] if letter.is_ascii_alphabetic() => {
                if is_glued {
                    Self::Letter
                } else {
                    Self::Word
                }
            }
            [
                b',' | b';' | b'&' | b')' | b'"' | b'\'' | b'<' | b'>' | b'|' | 0x80..,
                ..,
            ] => Self::Separator,
            _ if is_glued => Self::More,
            _ => Self::Separator,
        }
    }
}

/// The digits, with at most one point, that a text begins with.
fn number(text: &[u8]) -> Option<(Decimal, &[u8])> {
    let len = text
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
        .count();
    let (digits, rest) = text.split_at_checked(len)?;
    Some((Decimal::from_ascii(digits)?, rest))
}

fn course(text: &[u8]) -> Option<Course> {
    let (degrees, rest) = number(text.trim_ascii_start())?;
    match Follow::of(rest) {
        Follow::Separator | Follow::Word => {
            Course::from_ten_thousandths(degrees.scaled(4)?.try_into().ok()?)
        }
        Follow::Nothing | Follow::More | Follow::Letter => None,
    }
}

/// With `km/h` in any case, or without a unit.
fn speed(text: &[u8]) -> Option<Speed> {
    let (speed, rest) = number(text.trim_ascii_start())?;
    let behind = rest.trim_ascii_start();
    let is_kmh = behind
        .get(..4)
        .is_some_and(|unit| unit.eq_ignore_ascii_case(b"km/h"));
    let counts = match Follow::of(rest) {
        Follow::Letter => is_kmh,
        // A label, if it is not a unit.
        Follow::Word => {
            is_kmh || behind.iter().find(|byte| !byte.is_ascii_alphabetic()) == Some(&b':')
        }
        Follow::Separator => true,
        Follow::Nothing | Follow::More => false,
    };
    if counts {
        Some(Speed::MetresPerHour(speed.scaled(3)?.try_into().ok()?))
    } else {
        None
    }
}

/// Two digits.
fn pair(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => {
            // At most 99.
            let value = (tens & 0x0F).wrapping_mul(10).wrapping_add(ones & 0x0F);
            Some((value, rest))
        }
        _ => None,
    }
}

/// `2008-04-25`, `08-09-12` or `08/04/25`: the year is first.
fn date(text: &[u8]) -> Option<(Date, &[u8])> {
    let text = text.trim_ascii_start();
    let (year, text) = pair(match text {
        [b'2', b'0', b'0'..=b'9', ..] => text.get(2..)?,
        _ => text,
    })?;
    let [separator @ (b'-' | b'/'), text @ ..] = text else {
        return None;
    };
    let (month, text) = pair(text)?;
    let (day, text) = pair(text.strip_prefix(&[*separator])?)?;
    ends_digits(text).then_some((Date { year, month, day }, text))
}

/// `16:39:45`.
fn time(text: &[u8]) -> Option<Clock> {
    let (hour, text) = pair(text.trim_ascii_start())?;
    let (minute, text) = pair(text.strip_prefix(b":")?)?;
    let (second, text) = pair(text.strip_prefix(b":")?)?;
    ends_digits(text).then_some(Clock {
        hour,
        minute,
        second,
    })
}

/// Whether digits end here.
fn ends_digits(text: &[u8]) -> bool {
    !text.first().is_some_and(u8::is_ascii_digit)
}

/// `25ee0dff`. Longer ones, as newer devices have them over GPRS, are not documented here.
fn cell(text: &[u8]) -> Option<CellTower> {
    let (digits, rest) = text.trim_ascii_start().split_first_chunk()?;
    let is_longer = rest.first().is_some_and(u8::is_ascii_alphanumeric);
    if is_longer || !ends_digits(rest.trim_ascii_start()) {
        return None;
    }
    let both = hex_word(*digits)?;
    Some(CellTower {
        mcc: None,
        mnc: None,
        lac: Some(both >> 16),
        cid: Some(both & 0xFFFF),
    })
}

fn fix(text: &[u8]) -> Option<bool> {
    match text.trim_ascii_start() {
        [b'A' | b'V', next, ..] if next.is_ascii_alphanumeric() => None,
        [b'A', ..] => Some(true),
        [b'V', ..] => Some(false),
        _ => None,
    }
}

/// 1 to 15 digits; 15 if the text ends with them.
pub(super) fn device(text: &[u8]) -> Option<DeviceId> {
    let text = text.trim_ascii_start();
    let (digits, rest) =
        text.split_at_checked(text.iter().take_while(|byte| byte.is_ascii_digit()).count())?;
    let is_whole = match Follow::of(rest) {
        Follow::Nothing => digits.len() == 15,
        Follow::Separator | Follow::Word => digits.len() <= 15,
        Follow::More | Follow::Letter => false,
    };
    if is_whole {
        DeviceId::from_ascii(digits)
    } else {
        None
    }
}

fn trigger(text: &[u8]) -> Option<Trigger> {
    let text = text.trim_ascii_start();
    let word = text.get(
        ..text
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count(),
    )?;
    Trigger::ALL
        .into_iter()
        .find(|trigger| trigger.name().as_bytes() == word)
}
