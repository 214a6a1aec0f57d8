//! Answers that tell the state or the settings of the device.
//!
//! # How this works
//! A text is split into fields, each a label and a value. A field ends at `;` or `,`, at a line
//! that begins with a label, and before a blank and a known label: some devices leave separators
//! out. The getters read the values; they want them whole.
//!
//! # How to change it
//! A new label goes into [`LABELS`], so that a field ends before it.

use super::{
    Transport, location,
    words::{
        Table, find, find_from, is_of,
        kind::{BLANK, FIELD_MARK, LINE, WORD},
        split_run,
    },
};
use crate::bytes::text::number;
use crate::types::{Decimal, DeviceId, Speed, Text, UtcOffset, Voltage};

/// The state or the settings of a device, field by field.
///
/// ```text
/// Battery:4.16V,NORMAL; GPRS:Link Up; GSM Signal Level:Strong; GPS:Searching satellite,
///     SVS Used in fix:0(0), GPS Signal Level:; ACC:OFF; Defense:OFF
/// GPRS: ON; Currently use APN:internet,user,pass; Server:1,gps.example.com,21100,0; URL:...
/// ID:9170000001 <LF> IP:gps.example.com 8185 <LF> BAT:5 <LF> APN:internet <LF> GPS:V-13-9 <LF> ...
/// ```
///
/// All known texts are in [the manual](crate::manual::sms), "State and settings".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Status<'a> {
    text: &'a [u8],
}

/// A part of a [`Status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Field<'a> {
    /// The words before the first colon; empty if there is none, as with `NORMAL` above.
    pub label: Text<'a>,
    /// The text after it, without white space around it.
    pub value: Text<'a>,
    /// `true` if something follows the field. If not, its end may have been cut off.
    pub is_whole: bool,
}

/// The server that a device says it reports to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct ServerSetting<'a> {
    /// Name or address. The numbers of an address may have leading zeros.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// How the device connects, if the text says so.
    pub transport: Option<Transport>,
}

/// The intervals at which a device says it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct IntervalSetting {
    /// Seconds, with two intervals those while the ignition is on.
    pub seconds: u32,
    /// Seconds while the ignition is off, if the text says so.
    pub parked_seconds: Option<u32>,
}

/// A state, and how sure it is that the text is about one.
pub(super) struct Rated<'a> {
    pub(super) status: Status<'a>,
    /// Whether a label tells a state, whatever stands beside it.
    pub(super) is_state: bool,
}

/// What a label is worth for the kind of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// It tells a state, whatever stands beside it.
    State,
    /// It tells a state, unless the text is about a position.
    Device,
    /// It only ends the field before it.
    Nothing,
}

/// The known labels.
#[rustfmt::skip]
static LABELS: Table<Worth> = {
    use Worth::{Device, Nothing, State};
    Table::new(&[
        (b"id", Device), (b"ip", State), (b"sn", Device), (b"ut", State),
        (b"acc", State), (b"apn", State), (b"bat", State), (b"csq", Nothing), (b"gps", State),
        (b"gsm", State), (b"hbt", State), (b"net", Nothing), (b"oil", Nothing), (b"sim", Nothing),
        (b"sos", Nothing), (b"url", Nothing),
        (b"door", Nothing), (b"gprs", State), (b"imei", Device), (b"imsi", Nothing),
        (b"lang", Nothing), (b"volt", State),
        (b"iccid", State), (b"power", State), (b"pwrmd", Nothing), (b"sends", Nothing),
        (b"speed", Nothing), (b"timer", State),
        (b"center", Nothing), (b"get ip", Nothing), (b"server", Nothing),
        (b"battery", State), (b"charger", Nothing), (b"defense", State), (b"network", Nothing),
        (b"relayer", State), (b"sos num", Nothing), (b"version", Nothing),
        (b"distance", Nothing), (b"timezone", State),
        (b"ext-power", State), (b"powermode", Nothing), (b"sensorset", Nothing),
        (b"gps signal", State), (b"gsm signal", State),
        (b"ext battery", State), (b"fuel supply", Nothing),
        (b"defense time", Nothing),
        (b"center number", Nothing),
        (b"fortified state", Nothing), (b"nw signal level", State), (b"svs used in fix", State),
        (b"gps signal level", State), (b"gsm signal level", State),
        (b"currently use apn", State),
        (b"currently in use server", State), (b"currently timezone(gmt)", State),
    ])
};

impl<'a> Status<'a> {
    /// Reads a text without white space around it.
    pub(super) fn read(text: &'a [u8]) -> Option<Rated<'a>> {
        let mut is_device = false;
        for (at, byte) in text.iter().enumerate() {
            if *byte != b':' {
                continue;
            }
            let label = text.get(..at).and_then(Label::before);
            match label.and_then(|label| label.worth) {
                Some(Worth::State) => {
                    return Some(Rated {
                        status: Self { text },
                        is_state: true,
                    });
                }
                Some(Worth::Device) => is_device = true,
                Some(Worth::Nothing) | None => {}
            }
        }
        is_device.then_some(Rated {
            status: Self { text },
            is_state: false,
        })
    }

    /// Returns whether a label tells a state, whatever stands beside it.
    pub(super) fn is_state(&self) -> bool {
        Self::read(self.text).is_some_and(|rated| rated.is_state)
    }

    /// The whole text.
    #[must_use]
    pub const fn text(&self) -> Text<'a> {
        Text::Bytes(self.text)
    }

    /// The fields in their order.
    #[must_use]
    pub const fn fields(&self) -> Fields<'a> {
        Fields { rest: self.text }
    }

    /// The first field with this label, in any case.
    #[must_use]
    pub fn field(&self, label: &str) -> Option<Field<'a>> {
        self.fields().find(|field| field.has_label(label))
    }

    /// The first field with this label, and the fields after it.
    fn starting_at(&self, label: &str) -> Option<(Field<'a>, Fields<'a>)> {
        let mut fields = self.fields();
        let field = fields.find(|field| field.has_label(label))?;
        Some((field, fields))
    }

    fn value(&self, label: &str) -> Option<&'a [u8]> {
        self.field(label).map(|field| field.value.as_bytes())
    }

    /// The first value that one of these labels has.
    fn first<T>(&self, labels: &[&str], read: impl Fn(Field<'a>) -> Option<T>) -> Option<T> {
        labels
            .iter()
            .find_map(|label| self.field(label).and_then(&read))
    }

    /// The voltage of the device's own battery: `Battery:4.16V`, `BAT:4.02`.
    #[must_use]
    pub fn battery(&self) -> Option<Voltage> {
        let volts = |field: Field<'_>| volts(field.value.as_bytes());
        self.first(&["Battery"], volts)
            .or_else(|| self.first(&["BAT"], bare_volts))
    }

    /// The charge of the device's own battery in percent: `BATTERY:84%`, `Bat:100%`.
    #[must_use]
    pub fn battery_percent(&self) -> Option<u8> {
        self.first(&["Battery", "Bat"], |field| {
            let percent = number(field.value.as_bytes().strip_suffix(b"%")?)?;
            u8::try_from(percent).ok().filter(|&percent| percent <= 100)
        })
    }

    /// The level of the device's own battery: `BAT:5`. One source says 1 to 5 in steps of 20 %, and
    /// 6 was seen.
    #[must_use]
    pub fn battery_level(&self) -> Option<u8> {
        self.first(&["BAT"], |field| {
            let [digit @ b'0'..=b'6'] = field.value.as_bytes() else {
                return None;
            };
            field.is_whole.then_some(digit & 0x0F)
        })
    }

    /// The voltage of the vehicle's supply: `ext Battery:11.66V`, `EXT-POWER:12.14V`,
    /// `POWER:12.61`, `POWER: CONNECTED,12.5V`, `VOLT:13.1V`.
    #[must_use]
    pub fn external_voltage(&self) -> Option<Voltage> {
        let with_unit = |field: Field<'_>| volts(field.value.as_bytes());
        self.first(&["ext Battery", "EXT-POWER", "POWER", "VOLT"], with_unit)
            .or_else(|| self.first(&["POWER"], bare_volts))
            .or_else(|| {
                let (power, mut fields) = self.starting_at("POWER")?;
                let is_connected = power.value.as_bytes().eq_ignore_ascii_case(b"connected");
                let next = fields
                    .next()
                    .filter(|next| is_connected && next.is_unlabelled())?;
                volts(next.value.as_bytes())
            })
    }

    /// Whether the vehicle's supply is there: `Power:ON`, `POWER: CONNECTED`.
    #[must_use]
    pub fn external_power(&self) -> Option<bool> {
        let value = self.value("Power")?;
        match switch(value) {
            None if value.eq_ignore_ascii_case(b"connected") => Some(true),
            power => power,
        }
    }

    /// Whether the charger is on: a field `Charging`.
    #[must_use]
    pub fn charging(&self) -> Option<bool> {
        self.fields()
            .any(|field| field.is_charging())
            .then_some(true)
    }

    /// The number of satellites that the fix is made of: the first number of
    /// `SVS Used in fix:0(0)`, or the second value of `GPS:1,7,33` and `GPS: FIXED,9`.
    #[must_use]
    pub fn satellites(&self) -> Option<u8> {
        if let Some(value) = self.value("SVS Used in fix") {
            let digits = value.get(..value.iter().position(|&byte| byte == b'(')?)?;
            return number(digits)?.try_into().ok();
        }
        let (gps, mut fields) = self.starting_at("GPS")?;
        let is_counted = matches!(gps.value.as_bytes(), b"1" | b"FIXED");
        let next = fields.next()?;
        let is_count = is_counted && next.is_unlabelled() && next.is_whole;
        is_count
            .then(|| number(next.value.as_bytes()))
            .flatten()?
            .try_into()
            .ok()
    }

    /// Whether there is a fix.
    ///
    /// | value of `GPS:` | fix |
    /// |---|---|
    /// | `Successful positioning`, `FIXED`, `Fixed`, `OK`, `A`, `A-...` | yes |
    /// | `Searching satellite`, `OFF`, `CLOSED`, `UNFIX`, `V`, `V-...` | no |
    /// | `1`, `2`, `3` | fix, receiver off, searching |
    #[must_use]
    pub fn fix(&self) -> Option<bool> {
        let gps = self.field("GPS")?;
        let value = gps.value.as_bytes();
        let first_word = value.split(u8::is_ascii_whitespace).next()?;
        let is_one_of = |words: &[&str]| {
            words
                .iter()
                .any(|word| first_word.eq_ignore_ascii_case(word.as_bytes()))
        };
        match value {
            [b'A', b'-', ..] => Some(true),
            [b'V', b'-', ..] => Some(false),
            b"1" if gps.is_whole => Some(true),
            b"2" | b"3" if gps.is_whole => Some(false),
            _ if is_one_of(&["Successful", "FIXED", "OK", "A"]) => Some(true),
            _ if is_one_of(&["Searching", "OFF", "CLOSED", "UNFIX", "V"]) => Some(false),
            _ => None,
        }
    }

    /// Whether the ignition is on: `ACC:ON`, `ACC:OFF`.
    #[must_use]
    pub fn ignition(&self) -> Option<bool> {
        switch(self.value("ACC")?)
    }

    /// Whether the device is armed: `Defense:ON`, `Defense:OFF`, `FORTIFIED STATE: ARM`.
    #[must_use]
    pub fn armed(&self) -> Option<bool> {
        if let Some(value) = self.value("Defense") {
            return switch(value);
        }
        let value = self.value("FORTIFIED STATE")?;
        if value.eq_ignore_ascii_case(b"arm") {
            Some(true)
        } else {
            value.eq_ignore_ascii_case(b"disarm").then_some(false)
        }
    }

    /// Whether the relay cuts the fuel: `Fuel Supply: OFF` is a cut.
    #[must_use]
    pub fn relay_cut(&self) -> Option<bool> {
        switch(self.value("Fuel Supply")?).map(|is_supplied| !is_supplied)
    }

    /// The speed: `SPEED:30KM/H`.
    #[must_use]
    pub fn speed(&self) -> Option<Speed> {
        location::read_speed(self.value("SPEED")?)
    }

    /// The device: `ID:`, `IMEI:` or `SN:`.
    #[must_use]
    pub fn device(&self) -> Option<DeviceId> {
        let field = self
            .field("ID")
            .or_else(|| self.field("IMEI"))
            .or_else(|| self.field("SN"))?;
        let value = field.value.as_bytes();
        let id = DeviceId::from_ascii(value).filter(|id| field.is_whole && id.digit_count() <= 15);
        id.or_else(|| location::device(value))
    }

    /// The number of the SIM: `ICCID:`, 19 or 20 digits.
    ///
    /// If nothing follows it, it may lack a digit. It counts then if it has 20, or if it is the
    /// whole text, which is far too short to be cut.
    #[must_use]
    pub fn iccid(&self) -> Option<&'a str> {
        let (field, _) = self.starting_at("ICCID")?;
        let value = field.value.as_bytes();
        let is_alone = self.text.len() <= b"ICCID: ".len().saturating_add(value.len());
        let is_whole = match value.len() {
            19 => field.is_whole || is_alone,
            20 => true,
            _ => false,
        };
        let is_number = is_whole && value.iter().all(u8::is_ascii_digit);
        is_number
            .then(|| core::str::from_utf8(value).ok())
            .flatten()
    }

    /// The name of the access point: `APN:internet`, `Currently use APN:internet,user,pass`.
    #[must_use]
    pub fn apn(&self) -> Option<&'a str> {
        self.first(&["APN", "Currently use APN"], |field| {
            let name = host(field.value.as_bytes())?;
            field.is_whole.then_some(name)
        })
    }

    /// The server that the device reports to.
    ///
    /// | text | transport |
    /// |---|---|
    /// | `Server:1,gps.example.com,21100,0` | the last number: 0 TCP, 1 UDP |
    /// | `SERVER:gps.example.com,21100` | not said |
    /// | `IP:gps.example.com 8185`, `IP:gps.example.com:8185` | not said |
    #[must_use]
    pub fn server(&self) -> Option<ServerSetting<'a>> {
        ["Server", "Currently in use Server"]
            .iter()
            .find_map(|label| self.server_fields(label))
            .or_else(|| self.first(&["IP"], host_and_port))
    }

    /// Reads the server from a field and those after it.
    fn server_fields(&self, label: &str) -> Option<ServerSetting<'a>> {
        let (first, mut fields) = self.starting_at(label)?;
        let mut next = || {
            fields
                .next()
                .filter(|field| field.is_unlabelled() && field.is_whole)
        };
        let is_kind = matches!(first.value.as_bytes(), b"0" | b"1");
        let name = if is_kind { next()? } else { first };
        let port = next()?;
        Some(ServerSetting {
            host: host(name.value.as_bytes())?,
            port: number(port.value.as_bytes())?.try_into().ok()?,
            transport: match next() {
                Some(field) if is_kind => Transport::read(field.value.as_bytes()),
                _ => None,
            },
        })
    }

    /// The intervals of reports: `TIMER:10,60`.
    #[must_use]
    pub fn intervals(&self) -> Option<IntervalSetting> {
        let (first, mut fields) = self.starting_at("TIMER")?;
        if !first.is_whole {
            return None;
        }
        let seconds = number(first.value.as_bytes())?;
        let second = fields.next().filter(Field::is_unlabelled);
        // If the second one is not whole, then neither is the answer.
        let parked_seconds = match second {
            Some(field) if field.is_whole => number(field.value.as_bytes()),
            _ => None,
        };
        Some(IntervalSetting {
            seconds,
            parked_seconds,
        })
    }

    /// The zone of the device's clock: `TimeZone:E,8,0`, `TimeZone:E,8,0(AUTO)`.
    #[must_use]
    pub fn time_zone(&self) -> Option<UtcOffset> {
        let (direction, mut fields) = self
            .starting_at("TimeZone")
            .or_else(|| self.starting_at("Currently Timezone(GMT)"))?;
        let hours = fields
            .next()
            .filter(|field| field.is_unlabelled() && field.is_whole)?;
        let minutes = fields.next().filter(Field::is_unlabelled)?;
        let minutes = minutes.value.as_bytes();
        // Taken from the network.
        let minutes = minutes.strip_suffix(b"(AUTO)").unwrap_or(minutes);
        let hours = number(hours.value.as_bytes()).filter(|&hours| hours <= 14)?;
        // None of these is the beginning of another.
        let minutes: i16 = match minutes.trim_ascii_end() {
            b"0" | b"00" => 0,
            b"15" => 15,
            b"30" => 30,
            b"45" => 45,
            _ => return None,
        };
        let minutes = i16::try_from(hours)
            .ok()?
            .wrapping_mul(60)
            .wrapping_add(minutes);
        match direction.value.as_bytes() {
            b"E" | b"e" => UtcOffset::from_minutes(minutes),
            b"W" | b"w" => UtcOffset::from_minutes(minutes.wrapping_neg()),
            _ => None,
        }
    }

    /// The SOS numbers: `SOS:13800138000,,;`, without those that are empty.
    #[must_use]
    pub fn sos_numbers(&self) -> SosNumbers<'a> {
        let found = self
            .starting_at("SOS")
            .or_else(|| self.starting_at("SOS NUM"));
        match found {
            Some((first, rest)) => SosNumbers {
                first: Some(first),
                rest,
            },
            None => SosNumbers {
                first: None,
                rest: Fields { rest: &[] },
            },
        }
    }
}

impl<'a> IntoIterator for &Status<'a> {
    type Item = Field<'a>;
    type IntoIter = Fields<'a>;

    fn into_iter(self) -> Fields<'a> {
        self.fields()
    }
}

impl<'a> IntoIterator for Status<'a> {
    type Item = Field<'a>;
    type IntoIter = Fields<'a>;

    fn into_iter(self) -> Fields<'a> {
        self.fields()
    }
}

impl Field<'_> {
    fn has_label(&self, label: &str) -> bool {
        self.label.as_bytes().eq_ignore_ascii_case(label.as_bytes())
    }

    const fn is_unlabelled(&self) -> bool {
        self.label.as_bytes().is_empty()
    }

    fn is_charging(&self) -> bool {
        self.is_unlabelled()
            && self.is_whole
            && self.value.as_bytes().eq_ignore_ascii_case(b"charging")
    }
}

fn switch(value: &[u8]) -> Option<bool> {
    if value.eq_ignore_ascii_case(b"on") {
        Some(true)
    } else if value.eq_ignore_ascii_case(b"off") {
        Some(false)
    } else {
        None
    }
}

/// Reads `4.16V`.
fn volts(value: &[u8]) -> Option<Voltage> {
    let volts = Decimal::from_ascii(value.strip_suffix(b"V")?)?;
    let millivolts = volts.scaled(3)?.try_into().ok()?;
    Some(Voltage::from_millivolts(millivolts))
}

/// Reads `4.02`, which has no unit: decimals tell it from a level.
fn bare_volts(field: Field<'_>) -> Option<Voltage> {
    let volts = Decimal::from_ascii(field.value.as_bytes())
        .filter(|volts| field.is_whole && volts.places() > 0)?;
    let millivolts = volts.scaled(3)?.try_into().ok()?;
    Some(Voltage::from_millivolts(millivolts))
}

/// Reads a name without white space, as hosts and access points have.
fn host(value: &[u8]) -> Option<&str> {
    let is_name = !value.is_empty() && value.iter().all(u8::is_ascii_graphic);
    is_name.then(|| core::str::from_utf8(value).ok()).flatten()
}

/// Reads `gps.example.com 8185` or `gps.example.com:8185`.
fn host_and_port(field: Field<'_>) -> Option<ServerSetting<'_>> {
    let Text::Bytes(value) = field.value else {
        return None;
    };
    let at = value.iter().position(|byte| matches!(byte, b' ' | b':'))?;
    let (name, port) = value.split_at_checked(at)?;
    let port = number(port.get(1..)?)?.try_into().ok()?;
    field.is_whole.then_some(ServerSetting {
        host: host(name)?,
        port,
        transport: None,
    })
}

/// The fields of a [`Status`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        self.rest = self.rest.trim_ascii_start();
        while let [b';', rest @ ..] = self.rest {
            self.rest = rest.trim_ascii_start();
        }
        if self.rest.is_empty() {
            return None;
        }
        let text = self.rest;
        let mut label = &[][..];
        let mut value = text;
        let mut at = 0;
        let mut end = None;
        while let Some(mark) = find_from(text, at, FIELD_MARK) {
            at = mark.saturating_add(1);
            let (before, after) = text.split_at_checked(mark)?;
            if let [b':', after @ ..] = after {
                match Label::before(before) {
                    // Its own.
                    Some(found) if found.start == 0 => (label, value) = (found.words, after),
                    Some(next) => end = Some(next.start),
                    None => {}
                }
            } else {
                end = Some(mark);
            }
            if end.is_some() {
                break;
            }
        }
        let rest = text.get(end.unwrap_or(text.len())..)?;
        // A comma separates values, so that two of them stand around an empty one.
        self.rest = rest.strip_prefix(b",").unwrap_or(rest);
        let len = value.len().saturating_sub(rest.len());
        Some(Field {
            label: Text::Bytes(label),
            value: Text::Bytes(value.get(..len)?.trim_ascii()),
            is_whole: end.is_some(),
        })
    }
}

/// The SOS numbers of a [`Status`].
#[derive(Clone, Debug)]
pub struct SosNumbers<'a> {
    first: Option<Field<'a>>,
    rest: Fields<'a>,
}

impl<'a> Iterator for SosNumbers<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let field = match self.first.take() {
                Some(first) => first,
                None => self.rest.next().filter(Field::is_unlabelled)?,
            };
            let Text::Bytes(value) = field.value else {
                return None;
            };
            let digits = value.strip_prefix(b"+").unwrap_or(value);
            let is_number =
                field.is_whole && digits.len() >= 3 && digits.iter().all(u8::is_ascii_digit);
            if is_number {
                return core::str::from_utf8(value).ok();
            }
        }
    }
}

/// The words before a colon, if they are a label.
///
/// | before the words is | they are a label |
/// |---|---|
/// | the start of the text, `;`, `,` | if they begin with a letter |
/// | the start of a line | if they begin with a letter, and the line before cannot begin them: a |
/// | | line of letters after `;`, or one that ends with `ext` |
/// | anything else | from a blank on, if the words after it are a known one |
struct Label<'a> {
    /// How many bytes of the text stand before it.
    start: usize,
    words: &'a [u8],
    /// `None` if it is not known.
    worth: Option<Worth>,
}

impl<'a> Label<'a> {
    /// Reads the label that a text ends with, before its colon.
    #[inline(always)]
    fn before(text: &'a [u8]) -> Option<Self> {
        // Most often there is none, and no call.
        if is_of(WORD | BLANK, *text.last()?) {
            Self::of_words(text)
        } else {
            None
        }
    }

    fn of_words(text: &'a [u8]) -> Option<Self> {
        let (before, words) = split_run(text, WORD | BLANK);
        let (start, words) = (before.len(), words.trim_ascii_end());
        let whole = words.trim_ascii_start();
        if begins_with_letter(whole) && is_field_start(before.trim_ascii_end()) {
            let worth = LABELS.get(whole);
            return Some(Self {
                start,
                words: whole,
                worth,
            });
        }
        if !before.last().is_some_and(|last| is_of(LINE, *last)) {
            let blank = find(words, BLANK)?;
            return Self::known(start.saturating_add(blank), words.get(blank..)?);
        }
        let (front, lines) = split_run(before, WORD | BLANK | LINE);
        let is_label_before = is_field_start(front) && begins_with_letter(lines.trim_ascii_start());
        if is_label_before || ends_with_word(lines, b"ext") {
            // `ext`, and in the next line `Battery:`.
            return None;
        }
        let unknown = Self {
            start,
            words: whole,
            worth: None,
        };
        Self::known(start, words).or(begins_with_letter(whole).then_some(unknown))
    }

    /// Takes the longest known label that these words end with.
    fn known(mut start: usize, mut words: &'a [u8]) -> Option<Self> {
        loop {
            if let Some(worth) = LABELS.get(words) {
                return Some(Self {
                    start,
                    words,
                    worth: Some(worth),
                });
            }
            let after = find(words, BLANK)?.saturating_add(1);
            words = words.get(after..)?;
            start = start.saturating_add(after);
        }
    }
}

/// Returns whether this is the last word of a text, in any case.
fn ends_with_word(text: &[u8], word: &[u8]) -> bool {
    let (_, last) = split_run(text.trim_ascii_end(), WORD);
    last.eq_ignore_ascii_case(word)
}

/// Returns whether a field begins after this text.
const fn is_field_start(before: &[u8]) -> bool {
    matches!(before, [] | [.., b';' | b','])
}

const fn begins_with_letter(words: &[u8]) -> bool {
    matches!(words, [b'A'..=b'Z' | b'a'..=b'z', ..])
}
