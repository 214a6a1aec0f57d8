//! The report in lines, and its lines.

use super::{
    super::{
        MARK, MAX_COUNT_VALUE, MAX_NETWORK, MAX_PASSWORD, MAX_PREFIX, MAX_SENTENCE, MAX_USER,
        MAX_WORD, MIN_WORD,
    },
    Message, check_id, check_lengths, read_back,
    sentence::Sentence,
    write_id,
};
use crate::{
    bytes::{
        text::{hex, next_field, number},
        write::Writer,
    },
    error::EncodeError,
    types::{Alarm, CellTower, DeviceId, Temperature, Text, Voltage},
};
use core::{
    fmt,
    hash::{Hash, Hasher},
};

/// Where the device is, and where it was: a report of the line form, with one line or several.
///
/// ```text
/// #id#user#password[#door#adc#supply#battery#temperature]#word#count  CR LF
/// #prefix[#mcc,mnc,lac,cell]$sentence*hh  CR LF                        count times
/// ##  CR LF
///
/// #867962040000018#MT600#0000#0#0#137#41#0#AUTO#1
/// #00019023402$GPRMC,084702.00,A,3228.6772,S,11545.9684,E,,159.80,251018,,,A*56
/// ##
/// ```
///
/// The example is a frame of a public decoder's tests \[T\]. `hh` is the XOR of the sentence, in
/// hexadecimal: nothing covers the header and the prefix. See [the manual](crate::manual::v680),
/// "The line form".
///
/// ```
/// use gt02::protocol::v680::{Message, Sentence};
/// let bytes = b"#867962040000018#MT600#0000#0#0#137#41#0#AUTO#1\r\n\
///     #00019023402$GPRMC,084702.00,A,3228.6772,S,11545.9684,E,,159.80,251018,,,A*56\r\n##\r\n";
/// let message = Message::parse(bytes)?;
/// let Message::LineReport(report) = message else { unreachable!() };
/// assert_eq!(report.readings.unwrap().supply().volts(), 13.7);
///
/// let line = report.lines.iter().next().unwrap();
/// assert_eq!(line.cell().unwrap().cid, Some(0x9023402));
/// let Some(Sentence::Gprmc(fix)) = line.sentence() else { unreachable!() };
/// assert_eq!(fix.time.unwrap().to_string(), "2018-10-25T08:47:02");
/// assert_eq!(fix.position.unwrap().latitude.micro_degrees(), -32_477_953);
///
/// let mut out = [0; 160];
/// let len = message.encode(&mut out).unwrap();
/// assert_eq!(out[..len], bytes[..]);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LineReport<'a> {
    /// The device's IMEI.
    pub device: DeviceId,
    /// Mostly the name of the model; or nothing, or the IMEI once more.
    pub user: Text<'a>,
    /// The device's password, up to 6 digits.
    pub password: Text<'a>,
    /// The five numbers that some models send.
    pub readings: Option<Readings>,
    /// The status word, 2 to 12 capitals: `AUTO` is periodic, others are [alarms](Self::alarm).
    pub word: Text<'a>,
    /// The lines, 1 to 99, in the order of the wire.
    pub lines: Lines<'a>,
}

impl<'a> LineReport<'a> {
    /// Creates a periodic report of these lines, with the word `AUTO`.
    ///
    /// It has no user and no numbers, and the password that devices come with, `0000`. All fields
    /// are public.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::v680::{Gprmc, LineReport, LineText},
    ///     types::{Alarm, DateTime, Position, Speed, Voltage},
    /// };
    /// let sentence = Gprmc {
    ///     valid: Some(true),
    ///     time: DateTime::new(2026, 5, 4, 7, 30, 0),
    ///     position: Position::from_degrees(-33.5, 18.5),
    ///     speed: Some(Speed::MilliKnots(12_500)),
    ///     ..Gprmc::default()
    /// };
    /// let line = LineText::new(&sentence)?.with_battery(Voltage::from_millivolts(3_815))?;
    /// let lines = [line.line()];
    /// let report = LineReport::new("867962040000018".parse()?, &lines);
    /// let report = report.with_alarm(Alarm::Sos).unwrap();
    ///
    /// let mut out = [0; 160];
    /// let len = report.encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     *b"#867962040000018##0000#SOS#1\r\n\
    ///         #3815$GPRMC,073000.00,A,3330.000000,S,01830.000000,E,12.50,,040526,,,A*63\r\n##\r\n"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn new(device: DeviceId, lines: &'a [Line<'a>]) -> Self {
        Self {
            device,
            user: Text::Bytes(b""),
            password: Text::Bytes(b"0000"),
            readings: None,
            word: Text::Bytes(b"AUTO"),
            lines: Lines::new(lines),
        }
    }

    /// Returns the report with the word of this alarm. Returns `None` for an alarm without a word.
    #[must_use]
    pub fn with_alarm(self, alarm: Alarm) -> Option<Self> {
        let (word, _) = ALARMS.iter().find(|(_, other)| *other == alarm)?;
        Some(Self {
            word: Text::Bytes(word),
            ..self
        })
    }

    /// Reads what follows the `#` after the id; `None` if that is not of the line form.
    ///
    /// The fields after the user of the flat form are the flag, the password, of digits, and the
    /// event, a letter first.
    #[inline(never)]
    pub(super) fn read(device: DeviceId, body: &'a [u8]) -> Option<Self> {
        let mut rest = body;
        let user = next_field(&mut rest, MARK);
        let password = next_field(&mut rest, MARK);
        let mut word = next_field(&mut rest, MARK);
        let mut readings = None;
        if !begins_with_a_letter(word) {
            let adc = next_field(&mut rest, MARK);
            if begins_with_a_letter(adc) {
                return None;
            }
            let door = word;
            let others = core::array::from_fn(|_| next_field(&mut rest, MARK));
            readings = Readings::read(door, adc, others);
            word = next_field(&mut rest, MARK);
        }
        let _count = next_field(&mut rest, b'\n');
        Some(Self {
            device,
            user: Text::Bytes(user),
            password: Text::Bytes(password),
            readings,
            word: Text::Bytes(word),
            lines: Lines(Source::Text(rest)),
        })
    }
}

fn begins_with_a_letter(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphabetic)
}

/// The status words that are alarms, as a public decoder maps them \[T\].
const ALARMS: [(&[u8], Alarm); 9] = [
    (b"SOS", Alarm::Sos),
    (b"DEF", Alarm::PowerCut),
    (b"BLP", Alarm::LowBattery),
    (b"CLP", Alarm::ExternalLowBattery),
    (b"SHAKE", Alarm::Vibration),
    (b"TOWED", Alarm::Displacement),
    (b"OS", Alarm::GeofenceExit),
    (b"RS", Alarm::GeofenceEnter),
    (b"OVERSPEED", Alarm::Overspeed),
];

impl LineReport<'_> {
    /// Returns the alarm that the status word is, if it is one.
    ///
    /// | word | alarm |
    /// |---|---|
    /// | `SOS` | [`Alarm::Sos`] |
    /// | `DEF` | [`Alarm::PowerCut`] |
    /// | `BLP` | [`Alarm::LowBattery`] |
    /// | `CLP` | [`Alarm::ExternalLowBattery`] |
    /// | `SHAKE` | [`Alarm::Vibration`] |
    /// | `TOWED` | [`Alarm::Displacement`] |
    /// | `OS` | [`Alarm::GeofenceExit`] |
    /// | `RS` | [`Alarm::GeofenceEnter`] |
    /// | `OVERSPEED` | [`Alarm::Overspeed`] |
    #[must_use]
    pub fn alarm(&self) -> Option<Alarm> {
        let word = self.word.as_bytes();
        ALARMS
            .iter()
            .find(|(other, _)| *other == word)
            .map(|(_, alarm)| *alarm)
    }

    /// Returns the voltage of the device's own battery: that of the first line, or that of the
    /// header.
    #[must_use]
    pub fn battery_voltage(&self) -> Option<Voltage> {
        let line = self.lines.iter().next().and_then(|line| line.battery());
        line.or_else(|| Some(self.readings?.battery()))
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut writer = Writer::new(&mut []);
        self.write(&mut writer);
        writer.len()
    }

    /// Writes the whole frame to the front of `out`, and returns its length. All sums are right,
    /// also those of a frame that came with wrong ones.
    ///
    /// # Errors
    /// * `BufferTooSmall` if `out` is too small;
    /// * `DeviceId` if the id does not have 9 to 15 digits;
    /// * `TooLong` if a text or a number is too long;
    /// * `Missing` if there is no line, or no word;
    /// * `Range` if there are more than 99 lines;
    /// * `Text` if a field holds something that it cannot hold on the wire, such as `#`.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        self.check()?;
        let mut writer = Writer::new(out);
        self.write(&mut writer);
        let written = writer.finish()?;
        read_back(&Message::LineReport(*self), written, |_| EncodeError::Text)
    }

    /// Checks all that can be told before the frame is written.
    fn check(&self) -> Result<(), EncodeError> {
        check_id(self.device)?;
        check_lengths([
            ("user", self.user, MAX_USER),
            ("password", self.password, MAX_PASSWORD),
            ("word", self.word, MAX_WORD),
        ])?;
        if self.word.as_bytes().len() < MIN_WORD {
            return Err(EncodeError::Missing { field: "word" });
        }
        if let Some(readings) = self.readings {
            readings.check()?;
        }
        match self.lines.iter().count() {
            0 => return Err(EncodeError::Missing { field: "lines" }),
            count if count > MAX_COUNT_VALUE.into() => {
                return Err(EncodeError::Range {
                    field: "count",
                    max: MAX_COUNT_VALUE.into(),
                });
            }
            _ => {}
        }
        self.lines.iter().try_for_each(|line| {
            check_lengths([
                ("prefix", line.prefix, MAX_PREFIX),
                ("network", line.network.unwrap_or_default(), MAX_NETWORK),
                ("sentence", line.text, MAX_SENTENCE),
            ])
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        write_id(writer, self.device);
        for field in [self.user, self.password] {
            writer.put(&[MARK]);
            writer.put(field.as_bytes());
        }
        if let Some(readings) = self.readings {
            readings.write(writer);
        }
        writer.put(&[MARK]);
        writer.put(self.word.as_bytes());
        writer.put(&[MARK]);
        writer.put_decimal(self.lines.iter().count() as u64, 1);
        writer.put(b"\r\n");
        for line in self.lines {
            line.write(writer);
        }
        writer.put(b"##\r\n");
    }
}

/// The five numbers of a header, as sent. Their units are the reading of a public decoder \[T\].
///
/// ```text
/// #door#adc#supply#battery#temperature
///
/// #0#0#137#41#0
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Readings {
    /// Whether the door is open. One model sends it that has no door \[C\].
    pub door: bool,
    /// Tenths of a volt at an input.
    pub adc: u16,
    /// Tenths of a volt of the vehicle's supply.
    pub supply: u16,
    /// Tenths of a volt of the device's own battery.
    pub battery: u16,
    /// Tenths of a degree Celsius.
    pub temperature: i16,
}

impl Readings {
    fn read(door: &[u8], adc: &[u8], others: [&[u8]; 3]) -> Option<Self> {
        let [supply, battery, temperature] = others.map(Self::number);
        let [.., frost] = others;
        Some(Self {
            door: door == b"1",
            adc: Self::number(adc)?,
            supply: supply?,
            battery: battery?,
            temperature: match frost {
                [b'-', digits @ ..] => i16::try_from(Self::number(digits)?).ok()?.checked_neg()?,
                _ => i16::try_from(temperature?).ok()?,
            },
        })
    }

    fn number(text: &[u8]) -> Option<u16> {
        u16::try_from(number(text)?).ok()
    }

    /// Returns the voltage of the vehicle's supply.
    #[must_use]
    pub fn supply(self) -> Voltage {
        tenths(self.supply.into())
    }

    /// Returns the voltage of the device's own battery.
    #[must_use]
    pub fn battery(self) -> Voltage {
        tenths(self.battery.into())
    }

    /// Returns the temperature.
    #[must_use]
    pub fn temperature(self) -> Temperature {
        Temperature::from_millicelsius(i32::from(self.temperature).wrapping_mul(100))
    }

    fn check(self) -> Result<(), EncodeError> {
        /// The most that four characters can hold.
        const MAX: u16 = 9_999;
        /// The most that they can hold after a minus sign.
        const MAX_FROST: u16 = 999;
        let max_temperature = if self.temperature < 0 { MAX_FROST } else { MAX };
        for (field, value, max) in [
            ("adc", self.adc, MAX),
            ("supply", self.supply, MAX),
            ("battery", self.battery, MAX),
            (
                "temperature",
                self.temperature.unsigned_abs(),
                max_temperature,
            ),
        ] {
            if value > max {
                let max = max.into();
                return Err(EncodeError::Range { field, max });
            }
        }
        Ok(())
    }

    fn write(self, writer: &mut Writer<'_>) {
        for number in [self.door.into(), self.adc, self.supply, self.battery] {
            writer.put(&[MARK]);
            writer.put_decimal(number.into(), 1);
        }
        writer.put(if self.temperature < 0 { b"#-" } else { b"#" });
        writer.put_decimal(self.temperature.unsigned_abs().into(), 1);
    }
}

/// A voltage from tenths of a volt.
const fn tenths(tenths: u32) -> Voltage {
    // Four digits at most are read.
    Voltage::from_millivolts(tenths.saturating_mul(100))
}

/// The lines of a report: borrowed text of a frame, or lines to encode.
///
/// Two are equal if they have equal lines.
#[derive(Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Lines<'a>(Source<'a>);

#[derive(Clone, Copy)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Source<'a> {
    Text(&'a [u8]),
    Built(&'a [Line<'a>]),
}

impl<'a> Lines<'a> {
    /// Creates lines to encode.
    #[must_use]
    pub const fn new(lines: &'a [Line<'a>]) -> Self {
        Self(Source::Built(lines))
    }

    /// Returns the lines, in the order of the wire. Those of a frame are read as they are asked
    /// for.
    #[must_use]
    pub const fn iter(&self) -> LinesIter<'a> {
        LinesIter { lines: self.0 }
    }
}

impl<'a> IntoIterator for Lines<'a> {
    type Item = Line<'a>;
    type IntoIter = LinesIter<'a>;

    fn into_iter(self) -> LinesIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Lines<'a> {
    type Item = Line<'a>;
    type IntoIter = LinesIter<'a>;

    fn into_iter(self) -> LinesIter<'a> {
        self.iter()
    }
}

impl PartialEq for Lines<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Lines<'_> {}

impl Hash for Lines<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for line in self {
            line.hash(state);
        }
    }
}

impl fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// The lines of a report, one by one: see [`Lines::iter`].
#[derive(Clone)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LinesIter<'a> {
    /// Those that are left.
    lines: Source<'a>,
}

impl<'a> Iterator for LinesIter<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        match &mut self.lines {
            Source::Text(text) => Line::read(text).map(|(line, _)| line),
            Source::Built(lines) => {
                let (first, rest) = lines.split_first()?;
                *lines = rest;
                Some(*first)
            }
        }
    }
}

impl core::iter::FusedIterator for LinesIter<'_> {}

impl fmt::Debug for LinesIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// One line of a report: a sentence, and what the device adds to it.
///
/// ```text
/// #prefix[#mcc,mnc,lac,cell]$sentence*hh  CR LF
///
/// #3815#$GPRMC,123548.00,A,2238.0000,N,11402.0000,E,,,100124,,,A*5C
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Line<'a> {
    /// Nothing; the [battery](Self::battery), 2 or 4 digits; or the [cell](Self::cell), 8 to 11
    /// hexadecimal digits.
    pub prefix: Text<'a>,
    /// What follows the `#` after the prefix, if there is one: the [cell](Self::cell) with its
    /// network, or nothing.
    pub network: Option<Text<'a>>,
    /// The [sentence](Self::sentence), from the byte after its `$` up to the byte before its `*`.
    pub text: Text<'a>,
}

impl<'a> Line<'a> {
    /// Takes a line off the front of `text`, which is nothing, or the end mark, after the last one.
    /// Returns whether its sum is right as well.
    fn read(text: &mut &'a [u8]) -> Option<(Self, bool)> {
        let [MARK, rest @ ..] = *text else {
            return None;
        };
        let mut rest = rest;
        let head = next_field(&mut rest, b'$');
        let sentence = next_field(&mut rest, b'*');
        let (sum, rest) = rest.split_first_chunk::<2>()?;
        let mark = head.iter().position(|&byte| byte == MARK);
        let (prefix, network) = match mark.and_then(|at| head.split_at_checked(at)) {
            Some((prefix, [_, network @ ..])) => (prefix, Some(Text::Bytes(network))),
            _ => (head, None),
        };
        let right = sentence.iter().fold(0, |sum, byte| sum ^ byte);
        *text = rest.strip_prefix(b"\r\n").unwrap_or(rest);
        let line = Self {
            prefix: Text::Bytes(prefix),
            network,
            text: Text::Bytes(sentence),
        };
        Some((line, hex(sum) == Some(u32::from(right))))
    }

    fn write(&self, writer: &mut Writer<'_>) {
        writer.put(&[MARK]);
        writer.put(self.prefix.as_bytes());
        if let Some(network) = self.network {
            writer.put(&[MARK]);
            writer.put(network.as_bytes());
        }
        writer.put(b"$");
        let sentence = self.text.as_bytes();
        writer.put(sentence);
        writer.put(b"*");
        let sum = sentence.iter().fold(0, |sum: u8, byte| sum ^ byte);
        writer.put_hex(sum.into(), 2);
        writer.put(b"\r\n");
    }

    /// Returns what the sentence says; `None` if it is neither `GPRMC` nor `WIFI`.
    #[must_use]
    pub fn sentence(&self) -> Option<Sentence<'a>> {
        Sentence::read(self.text.as_bytes())
    }

    /// Returns the voltage of the device's own battery, if the prefix has it.
    ///
    /// | prefix | unit |
    /// |---|---|
    /// | 2 digits | tenths of a volt |
    /// | 4 digits | millivolts |
    #[must_use]
    pub fn battery(&self) -> Option<Voltage> {
        let prefix = self.prefix.as_bytes();
        let value = number(prefix)?;
        match prefix.len() {
            2 => Some(tenths(value)),
            4 => Some(Voltage::from_millivolts(value)),
            _ => None,
        }
    }

    /// Returns the serving cell: that after the prefix, or that in the prefix.
    ///
    /// | text | cell |
    /// |---|---|
    /// | `262,03,8CE6,A672` after the prefix | MCC and MNC in decimal, LAC and cell id in hexadecimal |
    /// | a prefix of 8 to 11 digits | LAC, 4 hexadecimal digits, and the cell id |
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        let after = self.network.and_then(|text| network_cell(text.as_bytes()));
        after.or_else(|| {
            let prefix = self.prefix.as_bytes();
            let (lac, cid) = prefix
                .split_at_checked(4)
                .filter(|(_, cid)| cid.len() >= 4)?;
            Some(CellTower {
                lac: Some(hex(lac)?),
                cid: Some(hex(cid)?),
                ..CellTower::default()
            })
        })
    }
}

/// Reads `mcc,mnc,lac,cell`.
fn network_cell(text: &[u8]) -> Option<CellTower> {
    let mut rest = text;
    let code = |text| u16::try_from(number(text)?).ok();
    Some(CellTower {
        mcc: Some(code(next_field(&mut rest, b','))?),
        mnc: Some(code(next_field(&mut rest, b','))?),
        lac: Some(hex(next_field(&mut rest, b','))?),
        cid: Some(hex(rest)?),
    })
}

/// Returns whether the sums of all these lines are right.
pub(in crate::protocol::v680) fn are_sums_right(lines: Lines<'_>) -> bool {
    match lines.0 {
        Source::Text(mut text) => {
            core::iter::from_fn(|| Line::read(&mut text)).all(|(_, is_right)| is_right)
        }
        Source::Built(_) => true,
    }
}
