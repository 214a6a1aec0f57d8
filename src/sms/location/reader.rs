//! Goes over a text and collects the values of a position.

use super::super::{
    alarm,
    read::{Parsed, blanks, byte, digit, one, split},
    words::{
        Table, is_of,
        kind::{LETTER, PLACE_MARK},
        split_run, strip_words,
    },
    work,
};
use super::values::{
    self, Angle, Clock, Date, EAST_WEST, NORTH_SOUTH, date, full_date, time, time_without_seconds,
};
use super::{Evaluated, Evidence, Location};
use crate::types::{Alarm, DateTime, Latitude, Longitude, Position};
use nom::{
    Parser,
    branch::alt,
    combinator::{all_consuming, map_opt, not, opt, value, verify},
    sequence::{preceded, terminated},
};

impl Location {
    /// Reads a text without white space around it, whatever it is about.
    pub(in crate::sms) fn read(text: &[u8]) -> Evaluated {
        let mut reader = Reader::default();
        reader.opening(text);
        reader.line(text);
        work::look(text.len());
        for (at, &mark) in text.iter().enumerate() {
            if !is_of(PLACE_MARK, mark) {
                continue;
            }
            let Some((before, [_, after @ ..])) = text.split_at_checked(at) else {
                continue;
            };
            match mark {
                b'\n' => reader.line(after),
                b':' => reader.label(before, after),
                b'=' => reader.equals(before, after),
                b'<' => reader.bracket(after),
                _ => {
                    // The full-width colon.
                    if let [0xBC, 0x9A, after @ ..] = after {
                        reader.label(before, after);
                    }
                }
            }
        }
        reader.finish()
    }
}

/// Sentences that say that there is no position.
const NO_FIX: [&[&str]; 4] = [
    &["error", "gps", "gprmc"],
    &["no", "data!"],
    &["gps", "fail", "to", "locate"],
    &["currently,gps", "is", "not", "positioned"],
];

/// What was read of a text so far.
#[derive(Default)]
struct Reader {
    location: Location,
    latitude: Option<Angle>,
    longitude: Option<Angle>,
    date: Option<Date>,
    time: Option<Clock>,
    /// A bit for each [`Label`]. The first label of a kind counts, even if its value cannot be
    /// read: so what follows cannot change it.
    seen: u32,
    /// Labels that go with a position.
    weak_labels: u8,
    is_strong: bool,
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
    SpacedCell,
    Fix,
    Device,
    Trigger,
    Battery,
    BatteryWord,
    BatteryFull,
    BatteryLow,
    Signal,
    Ignition,
    Power,
    ShortTime,
}

/// The known labels.
static LABELS: Table<Label> = Table::new(&[
    (b"t", Label::ShortTime),
    (b"f", Label::BatteryFull),
    (b"l", Label::BatteryLow),
    (b"bs", Label::Cell),
    (b"id", Label::Device),
    (b"lat", Label::Latitude),
    (b"lon", Label::Longitude),
    (b"lac", Label::SpacedCell),
    (b"fix", Label::Fix),
    (b"gps", Label::Fix),
    (b"bat", Label::BatteryWord),
    (b"acc", Label::Ignition),
    (b"pwr", Label::Power),
    (b"long", Label::Longitude),
    (b"date", Label::Date),
    (b"time", Label::Time),
    (b"imei", Label::Device),
    (b"speed", Label::Speed),
    (b"state", Label::Trigger),
    (b"course", Label::Course),
    (b"signal", Label::Signal),
    (b"battery", Label::Battery),
    (b"latitude", Label::Latitude),
    (b"datetime", Label::DateTime),
    (b"longitude", Label::Longitude),
    (b"direction", Label::Course),
    (b"localtime", Label::DateTime),
]);

impl Reader {
    /// Reads the words at the start of the text.
    fn opening(&mut self, text: &[u8]) {
        let is_sentence = |words: &&[&str]| strip_words(text, words).is_some();
        if NO_FIX.iter().any(is_sentence) {
            self.location.fix = Some(false);
            self.is_strong = true;
        }
        let last = strip_words(text, &["last", "position"]);
        self.location.last_known = last.is_some_and(|rest| rest.first() == Some(&b'!'));
        self.location.alarm = alarm::read(text);
        self.list(text);
        // `(353686009002030)<LocalTime:...>`.
        let device = text
            .strip_prefix(b"(")
            .map(|rest| rest.split_at_checked(15));
        if let Some(Some((digits, [b')', ..]))) = device {
            self.location.device = values::device(digits);
        }
    }

    /// Reads the values of an alarm that has no labels; a comma ends each of them.
    ///
    /// ```text
    /// SOS,110727 02:48,V,16,23Km/h,61%,http://...
    ///     date   time  fix  speed  battery; 16 is not established
    /// ```
    fn list(&mut self, text: &[u8]) {
        let Some(mut rest) = text.strip_prefix(b"SOS,") else {
            return;
        };
        let mut next = || {
            // No value is longer.
            let comma = rest.iter().take(16).position(|&byte| byte == b',')?;
            let (value, after) = rest.split_at_checked(comma)?;
            rest = after.get(1..)?;
            Some(value)
        };
        let mut stamp = all_consuming(values::packed_stamp);
        let stamp = next().and_then(|value| part(stamp.parse(value)));
        if stamp.is_none() {
            return;
        }
        self.whole_stamp(stamp);
        let location = &mut self.location;
        location.fix = next().and_then(values::fix);
        self.is_strong = location.fix.is_some();
        if next().is_some() {
            location.speed = next().and_then(values::speed);
            location.battery_percent = next().and_then(values::percent);
        }
    }

    /// Reads what may begin a line.
    fn line(&mut self, text: &[u8]) {
        let blanks = text
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() && **byte != b'\n')
            .count();
        work::look(blanks.saturating_add(1));
        // A date, `help me` or a link: most lines begin with something else.
        match text.get(blanks..) {
            Some([b'0'..=b'9', b'0'..=b'9', ..]) => {}
            Some([b'h' | b'H', b'e' | b'E' | b't', ..]) => {}
            _ => return,
        }
        let line = text
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default()
            .trim_ascii();
        work::look(line.len());
        // A time alone: `19-12-30 03:20:08`. The devices of set X write the year first.
        match (date, time).parse(line) {
            Ok(([], (day, clock))) if line.contains(&b'-') => self.stamp(day, Some(clock)),
            _ => {}
        }
        if alarm::is_help_line(line) {
            self.location.alarm = self.location.alarm.or(Some(Alarm::Sos));
        }
        // A link without a place.
        if line.starts_with(b"http") && line.ends_with(b"/maps") && line.len() < text.len() {
            self.is_strong = true;
        }
    }

    /// Reads `<2023-08-27 12:43:43>`.
    fn bracket(&mut self, value: &[u8]) {
        let stamp = terminated((full_date, time), byte(b'>')).parse(value);
        if let Ok((_, (day, clock))) = stamp {
            self.stamp(day, Some(clock));
        }
    }

    fn stamp(&mut self, date: Date, time: Option<Clock>) {
        self.date = self.date.or(Some(date));
        self.time = self.time.or(time);
    }

    /// Takes date and time, if both are there.
    fn whole_stamp(&mut self, stamp: Option<(Date, Clock)>) {
        if let Some((date, time)) = stamp {
            self.stamp(date, Some(time));
        }
    }

    #[inline(always)]
    fn label(&mut self, before: &[u8], value: &[u8]) {
        let is_word = |byte: &u8| byte.is_ascii_alphabetic() || byte.is_ascii_whitespace();
        if before.last().is_some_and(is_word) {
            self.word_label(before, value);
        }
    }

    fn word_label(&mut self, before: &[u8], value: &[u8]) {
        let letters = trailing_letters(before);
        let Some(label) = LABELS.get(letters.word) else {
            return;
        };
        match label {
            // `Date Time:` in two words.
            Label::Time if ends_with_word(letters.before, b"date") => {
                self.take(Label::DateTime, value);
            }
            // `Longitude Latitude: 12.34567:98.76543`, latitude first in spite of the words.
            Label::Latitude if ends_with_word(letters.before, b"longitude") => self.both(value),
            _ => self.take(label, value),
        }
    }

    /// Takes the value of a label, if it is the first of its kind.
    fn take(&mut self, label: Label, value: &[u8]) {
        let bit = 1_u32.wrapping_shl(label as u32);
        if self.seen & bit != 0 {
            return;
        }
        self.seen |= bit;
        match label {
            Label::Latitude | Label::Longitude | Label::SpacedCell => self.is_strong = true,
            Label::Course | Label::Speed | Label::DateTime | Label::Date | Label::Time => {
                self.weak_labels = self.weak_labels.saturating_add(1);
            }
            _ => {}
        }
        let location = &mut self.location;
        match label {
            Label::Latitude => {
                self.latitude = part(Angle::read(value, NORTH_SOUTH));
                self.position();
            }
            Label::Longitude => {
                self.longitude = part(Angle::read(value, EAST_WEST));
                self.position();
            }
            Label::Course => location.course = values::course(value),
            Label::Speed => location.speed = values::speed(value),
            Label::DateTime => {
                if let Ok((rest, day)) = date(value) {
                    self.stamp(day, part(time(rest)));
                }
            }
            Label::ShortTime => {
                let stamp = (date, time_without_seconds).parse(value);
                self.whole_stamp(part(stamp));
            }
            Label::Date => self.date = self.date.or(part(date(value))),
            Label::Time => self.time = self.time.or(part(time(value))),
            Label::Cell => location.cell = values::cell(value),
            Label::SpacedCell => {
                // The cell stands in place of the position, and the link is the last one.
                location.cell = values::spaced_cell(value);
                location.fix = location.fix.or(Some(false));
                location.last_known = true;
            }
            Label::Fix => location.fix = location.fix.or(values::fix(value)),
            Label::Signal if values::is_full(value) => {
                location.fix = location.fix.or(Some(true));
            }
            Label::Signal => {}
            Label::Device => {
                location.device = location.device.or(values::device(value));
                self.after_device(value);
            }
            Label::Trigger => {
                location.trigger = values::trigger(value);
                let alarm = location.trigger.and_then(super::Trigger::alarm);
                location.alarm = location.alarm.or(alarm);
            }
            Label::Battery => location.battery_percent = values::percent(value),
            Label::BatteryWord if values::is_full(value) => location.battery_percent = Some(100),
            Label::BatteryWord => {}
            Label::BatteryFull => location.battery_voltage = values::volts(value),
            Label::BatteryLow => {
                location.battery_voltage = values::volts(value);
                let is_low = location.battery_voltage.is_some();
                location.alarm = location.alarm.or(is_low.then_some(Alarm::LowBattery));
            }
            Label::Ignition => location.ignition = values::switch(value),
            Label::Power => location.external_power = values::switch(value),
        }
    }

    /// Takes latitude and longitude for the position, if there is none yet.
    fn position(&mut self) {
        if let (Some(latitude), Some(longitude)) = (&self.latitude, &self.longitude) {
            let position = values::position(latitude, longitude);
            self.location.position = self.location.position.or(position);
        }
    }

    /// Reads `12.34567:98.76543`.
    fn both(&mut self, value: &[u8]) {
        self.is_strong = true;
        let Some(colon) = value.iter().take(16).position(|&byte| byte == b':') else {
            return;
        };
        let Some((latitude, [_, longitude @ ..])) = value.split_at_checked(colon) else {
            return;
        };
        self.latitude = Angle::read_all(latitude);
        self.longitude = part(Angle::read(longitude, EAST_WEST));
        self.position();
    }

    /// Reads the place that follows the IMEI of an alarm: `N12.345678,E98.765432`, or
    /// `12.345678,N,98.765432,E` in the next line.
    fn after_device(&mut self, value: &[u8]) {
        let imei = |text| {
            verify(
                |text| split(text, 15),
                |it: &[u8]| it.iter().all(u8::is_ascii_digit),
            )
            .parse(text)
        };
        let Ok((rest, _)) = terminated(preceded(blanks, imei), not(digit)).parse(value) else {
            return;
        };
        let place = match rest {
            [b'N' | b'S', ..] => part(place(Angle::read, rest)),
            _ => match line_end(rest) {
                Ok((rest, ())) => part(place(Angle::read_before, rest)),
                Err(_) => None,
            },
        };
        if place.is_some() {
            self.is_strong = true;
            self.location.position = self.location.position.or(place);
        }
    }

    /// Reads the parameter `q` of a link, or a value after a label: `Latitude = 12 22 32.63N`.
    fn equals(&mut self, before: &[u8], value: &[u8]) {
        let letters = trailing_letters(before);
        let is_word = |word: &[u8]| letters.word.eq_ignore_ascii_case(word);
        if letters.word.ends_with(b"q") {
            // `...?q=`, `...&q=`, and not `...faq=`.
            let is_parameter = letters.word.len() == 1
                && !letters.before.last().is_some_and(u8::is_ascii_alphanumeric);
            if is_parameter {
                self.link(value);
            }
        } else if is_word(b"latitude") {
            self.sexagesimal(value);
        } else if is_word(b"speed") && self.is_strong {
            self.take(Label::Speed, value);
            self.stamp_after_speed(value);
        }
    }

    /// Reads a link's place: `N22.577156,E113.916748` or `22.577156,-113.916748`.
    fn link(&mut self, value: &[u8]) {
        let latitude = |text| Angle::read(text, NORTH_SOUTH);
        let Ok((rest, latitude)) = terminated(latitude, comma).parse(value) else {
            if let Some(place) = part(place(Angle::read_before, value)) {
                self.is_strong = true;
                self.location.position = self.location.position.or(Some(place));
            }
            return;
        };
        self.is_strong = true;
        let broken = |text| Angle::read_broken(text, EAST_WEST, latitude.places());
        let longitude = |text| Angle::read(text, EAST_WEST);
        if let Some(longitude) = part(alt((longitude, broken)).parse(rest)) {
            let place = values::position(&latitude, &longitude);
            self.location.position = self.location.position.or(place);
        }
    }

    /// Reads `12 22 32.63N Longitude = 98 04 57.37E`.
    fn sexagesimal(&mut self, value: &[u8]) {
        let Some(latitude) = part(values::sexagesimal(value, NORTH_SOUTH)) else {
            return;
        };
        self.is_strong = true;
        // The label of the longitude follows within few bytes.
        let equals = value.iter().take(40).position(|&byte| byte == b'=');
        let Some(longitude) = equals
            .and_then(|at| value.split_at_checked(at))
            .filter(|(before, _)| ends_with_word(before, b"longitude"))
            .and_then(|(_, rest)| part(values::sexagesimal(rest.get(1..)?, EAST_WEST)))
        else {
            return;
        };
        let place = Latitude::from_units(latitude)
            .zip(Longitude::from_units(longitude))
            .map(|(latitude, longitude)| Position {
                latitude,
                longitude,
            });
        self.location.position = self.location.position.or(place);
    }

    /// Reads the time after the speed of such a text: `2.6854Km/h, 2008-12-24,01:50`.
    fn stamp_after_speed(&mut self, value: &[u8]) {
        let comma = value.iter().take(24).position(|&byte| byte == b',');
        let stamp = comma.and_then(|at| value.get(at.saturating_add(1)..));
        let clock = preceded(byte(b','), time_without_seconds);
        let mut whole = (preceded(blanks, full_date), clock);
        self.whole_stamp(stamp.and_then(|text| part(whole.parse(text))));
    }

    fn finish(self) -> Evaluated {
        let mut location = self.location;
        if let (Some(date), Some(clock)) = (self.date, self.time) {
            location.time = Some(DateTime {
                year: date.year,
                month: date.month,
                day: date.day,
                hour: clock.hour,
                minute: clock.minute,
                second: clock.second,
            });
        }
        // Devices write 0, 0 for want of a fix.
        let is_zero = |place: Position| place.latitude.units() == 0 && place.longitude.units() == 0;
        if location.position.is_some_and(is_zero) {
            location.position = None;
            location.fix = location.fix.or(Some(false));
        }
        let evidence = match self.weak_labels {
            _ if self.is_strong => Evidence::Strong,
            2.. => Evidence::Weak,
            _ => Evidence::None,
        };
        Evaluated { location, evidence }
    }
}

/// What was read, without the rest of the text.
fn part<T>(parsed: Parsed<'_, T>) -> Option<T> {
    parsed.ok().map(|(_, part)| part)
}

/// Reads `N22.577156,E113.916748` with [`Angle::read`], `12.34567N,98.76543E` or
/// `12.345678,N,98.765432,E` with [`Angle::read_before`].
fn place(angle: fn(&[u8], [u8; 2]) -> Parsed<'_, Angle>, text: &[u8]) -> Parsed<'_, Position> {
    let latitude = |text| angle(text, NORTH_SOUTH);
    let longitude = |text| angle(text, EAST_WEST);
    let position = |(latitude, longitude)| values::position(&latitude, &longitude);
    map_opt((terminated(latitude, comma), longitude), position).parse(text)
}

/// Reads a comma, or the `%2c` of a link, perhaps after white space.
fn comma(text: &[u8]) -> Parsed<'_, ()> {
    let escaped = preceded(
        (byte(b'%'), byte(b'2')),
        one(|letter| matches!(letter, b'c' | b'C')),
    );
    preceded(blanks, value((), alt((byte(b','), escaped)))).parse(text)
}

fn line_end(text: &[u8]) -> Parsed<'_, ()> {
    value((), (opt(byte(b'\r')), byte(b'\n'))).parse(text)
}

/// The letters at the end of a text, without the white space after them, and the text before them.
struct Letters<'a> {
    before: &'a [u8],
    word: &'a [u8],
}

fn trailing_letters(text: &[u8]) -> Letters<'_> {
    let trimmed = text.trim_ascii_end();
    work::look(text.len().wrapping_sub(trimmed.len()));
    let (before, word) = split_run(trimmed, LETTER);
    Letters { before, word }
}

fn ends_with_word(text: &[u8], word: &[u8]) -> bool {
    trailing_letters(text).word.eq_ignore_ascii_case(word)
}
