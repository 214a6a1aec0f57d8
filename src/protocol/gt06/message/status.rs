use super::{
    Content, Envelope, Parts, TerminalInfo, gap, location::documented_bool, number, wide::be_i16,
};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{Temperature, Voltage},
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map, opt},
};

/// The device is there, and how it is: `13`. The reply is an [`Ack`](super::Ack) of the same number
/// and serial.
///
/// ```text
/// 0          1         2     3       5
/// +----------+---------+-----+- - - -+
/// | terminal | voltage | GSM | rest  |
/// +----------+---------+-----+- - - -+
/// ```
///
/// The last two bytes are alarm and language in an older vendor document, language and port status
/// in newer ones. Some models send voltages there, or in all three fields, and others send more
/// bytes: see [the manual](crate::manual::gt06), "Voltage and GSM bytes that are something else".
/// Nothing in the frame says which, so they stay raw. With 14 bytes it is an [`ObdHeartbeat`].
///
/// ```
/// use gt02::protocol::gt06::{Heartbeat, Message, TerminalInfo};
/// // A GT02A.
/// let bytes = b"\x78\x78\x0a\x13\x44\x06\x04\x00\x02\x00\x42\xcd\x4b\x0d\x0a";
/// let Message::Heartbeat(heartbeat) = Message::parse(bytes)? else { unreachable!() };
/// assert!(heartbeat.terminal.gps_tracking() && heartbeat.terminal.charging());
///
/// let terminal = TerminalInfo::new().with_gps_tracking(true).with_charging(true);
/// let mut out = [0; 15];
/// assert_eq!(Heartbeat::new(terminal, 6, 4, 0x42).encode(&mut out), Ok(15));
/// assert_eq!(out[..7], bytes[..7]);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// 0 off, 1 extremely low, 2 very low (alarm), 3 low but working, 4 medium, 5 high, 6 full
    /// \[D\]; others, up to 100 and more, are seen \[C\].
    pub voltage_level: Option<u8>,
    /// 0 none, 1 extremely weak, 2 weak, 3 good, 4 strong \[D\]; a whole family of devices sends
    /// 100 \[C\].
    pub gsm_level: Option<u8>,
    /// The bytes after them, two in the vendor documents.
    pub rest: &'a [u8],
}

impl<'a> Heartbeat<'a> {
    /// Creates a heartbeat with levels on the scales of the fields. The two bytes after them are 0:
    /// no alarm, and no language.
    #[must_use]
    pub const fn new(
        terminal: TerminalInfo,
        voltage_level: u8,
        gsm_level: u8,
        serial: u16,
    ) -> Self {
        Self {
            envelope: Envelope::short(serial),
            terminal,
            voltage_level: Some(voltage_level),
            gsm_level: Some(gsm_level),
            rest: &[0, 0],
        }
    }

    #[inline]
    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (rest, (terminal, voltage_level, gsm_level)) =
            (map(byte, TerminalInfo), opt(byte), opt(byte))
                .parse(frame.content())
                .ok()?;
        (frame.content().len() != ObdHeartbeat::LEN).then_some(Self {
            envelope: frame.envelope(),
            terminal,
            voltage_level,
            gsm_level,
            rest,
        })
    }
}

impl Content for Heartbeat<'_> {
    fn code(&self) -> u8 {
        number::HEARTBEAT
    }

    fn check(&self) -> Result<(), EncodeError> {
        gap(
            "voltage_level",
            self.voltage_level.is_none(),
            self.gsm_level.is_some() || !self.rest.is_empty(),
        )?;
        gap("gsm_level", self.gsm_level.is_none(), !self.rest.is_empty())
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.terminal.0]);
        out.put(self.voltage_level.as_slice());
        out.put(self.gsm_level.as_slice());
        out.put(self.rest);
    }
}

/// The device is there, how it is, and the external voltage: `23`, of EG02 and EG03. The reply is
/// an [`Ack`](super::Ack) of the same number and serial.
///
/// ```text
/// 0          1         3     4       6
/// +----------+---------+-----+- - - -+
/// | terminal | voltage | GSM | rest  |
/// +----------+---------+-----+- - - -+
/// ```
///
/// ```
/// use gt02::{protocol::gt06::{Message, TerminalInfo, VoltageHeartbeat}, types::Voltage};
/// // The example of a vendor document.
/// let bytes = b"\x78\x78\x0b\x23\x05\x0f\x92\x04\x00\x02\x00\x08\x8a\x37\x0d\x0a";
/// let Message::VoltageHeartbeat(heartbeat) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(heartbeat.voltage().unwrap().volts(), 39.86);
///
/// let terminal = TerminalInfo::new().with_armed(true).with_charging(true);
/// let built = VoltageHeartbeat::new(terminal, Voltage::from_hundredths(3986), 4, 8).unwrap();
/// assert_eq!(VoltageHeartbeat { rest: &[0, 2], ..built }, heartbeat);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VoltageHeartbeat<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// External voltage, hundredths of a volt.
    pub voltage: Option<u16>,
    /// 0 none, 1 extremely weak, 2 weak, 3 good, 4 strong \[D\].
    pub gsm_level: Option<u8>,
    /// The bytes after them, two in the vendor document: language and port status. A single byte of
    /// a voltage that was cut off is here, too.
    pub rest: &'a [u8],
}

impl<'a> VoltageHeartbeat<'a> {
    /// Creates a heartbeat. The voltage is rounded to hundredths of a volt. The two bytes after the
    /// GSM level are 0: no language.
    ///
    /// # Errors
    /// If the voltage is above 655.35 V.
    pub const fn new(
        terminal: TerminalInfo,
        voltage: Voltage,
        gsm_level: u8,
        serial: u16,
    ) -> Result<Self, EncodeError> {
        let voltage = match hundredths(voltage) {
            Ok(voltage) => voltage,
            Err(error) => return Err(error),
        };
        Ok(Self {
            envelope: Envelope::short(serial),
            terminal,
            voltage: Some(voltage),
            gsm_level: Some(gsm_level),
            rest: &[0, 0],
        })
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (rest, (terminal, voltage)) = (map(byte, TerminalInfo), opt(be_u16))
            .parse(frame.content())
            .ok()?;
        let (rest, gsm_level) = if voltage.is_some() {
            opt(byte).parse(rest).ok()?
        } else {
            (rest, None)
        };
        Some(Self {
            envelope: frame.envelope(),
            terminal,
            voltage,
            gsm_level,
            rest,
        })
    }

    /// Returns the external voltage, if it was sent.
    #[must_use]
    pub fn voltage(&self) -> Option<Voltage> {
        self.voltage.map(Voltage::from_hundredths)
    }
}

/// Hundredths of a volt, as most messages send a voltage, rounded to the nearest.
pub(super) const fn hundredths(voltage: Voltage) -> Result<u16, EncodeError> {
    let hundredths = voltage.millivolts().saturating_add(5) / 10;
    if hundredths > u16::MAX as u32 {
        return Err(EncodeError::Range {
            field: "voltage",
            max: u16::MAX as u32,
        });
    }
    Ok(hundredths as u16)
}

impl Content for VoltageHeartbeat<'_> {
    fn code(&self) -> u8 {
        number::VOLTAGE_HEARTBEAT
    }

    fn check(&self) -> Result<(), EncodeError> {
        gap("voltage", self.voltage.is_none(), self.gsm_level.is_some())?;
        gap(
            "gsm_level",
            self.gsm_level.is_none(),
            self.voltage.is_some() && !self.rest.is_empty(),
        )
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.terminal.0]);
        if let Some(voltage) = self.voltage {
            out.put(&voltage.to_be_bytes());
        }
        out.put(self.gsm_level.as_slice());
        out.put(self.rest);
    }
}

/// The device is there, how it is, and what a person did with it: `A3` with L 0C or 18, of GL21L.
///
/// ```text
/// 0          1           3         4     5        6          7
/// +----------+-----------+---------+-----+--------+----------+- - - - -+
/// | terminal | extension | voltage | GSM | supply | language | activity|
/// +----------+-----------+---------+-----+--------+----------+- - - - -+
/// ```
///
/// With other lengths `A3` is an [`ExtendedAlarm`](super::ExtendedAlarm).
///
/// ```
/// use gt02::protocol::gt06::Message;
/// let bytes = b"\x78\x78\x18\xa3\x00\x00\x00\x05\x32\x1e\x02\x00\x00\x00\x00\x02\x58\x4f\x00\x01\
///     \x00\x06\x00\x00\x00\x8f\x92\x0d\x0a";
/// let Message::ActivityHeartbeat(heartbeat) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(heartbeat.activity.unwrap().steps, 600);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ActivityHeartbeat {
    /// Header and serial.
    pub envelope: Envelope,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// Two bytes, as sent.
    pub extension: [u8; 2],
    /// Level of the battery, as in [`Heartbeat`].
    pub voltage_level: u8,
    /// Level of the mobile network's signal, as sent.
    pub gsm_level: u8,
    /// The supply in whole volts, by a public decoder \[T\].
    pub supply: u8,
    /// Language, as sent.
    pub language: u8,
    /// What a person did with it; absent with L 0C.
    pub activity: Option<Activity>,
}

/// The end of an [`ActivityHeartbeat`].
///
/// ```text
/// 0       1       2       6         7          8        9      12
/// +-------+-------+-------+---------+----------+--------+------+
/// | sound | light | steps | battery | charging | moving | rest |
/// +-------+-------+-------+---------+----------+--------+------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Activity {
    /// Sound, as sent.
    pub sound: u8,
    /// Light, as sent.
    pub light: u8,
    /// Count of steps.
    pub steps: u32,
    /// Charge of the battery, per cent.
    pub battery: u8,
    /// 1 if the battery is charging, 0 if not; as sent.
    pub charging: u8,
    /// 1 if the device moves, 0 if not; as sent.
    pub moving: u8,
    /// Three bytes whose meaning is not established.
    pub rest: [u8; 3],
}

impl ActivityHeartbeat {
    /// Whether a content of this length is one.
    pub(in super::super) const fn has_len(len: usize) -> bool {
        matches!(len, 7 | 19)
    }

    /// Creates a heartbeat; other bytes are 0.
    #[must_use]
    pub const fn new(
        terminal: TerminalInfo,
        voltage_level: u8,
        gsm_level: u8,
        activity: Option<Activity>,
        serial: u16,
    ) -> Self {
        Self {
            envelope: Envelope::short(serial),
            terminal,
            extension: [0; 2],
            voltage_level,
            gsm_level,
            supply: 0,
            language: 0,
            activity,
        }
    }

    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        let (rest, (terminal, &extension, voltage_level, gsm_level, supply, language)) =
            (map(byte, TerminalInfo), chunk, byte, byte, byte, byte)
                .parse(frame.content())
                .ok()?;
        let (_, activity) = all_consuming(opt(Activity::read)).parse(rest).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            terminal,
            extension,
            voltage_level,
            gsm_level,
            supply,
            language,
            activity,
        })
    }
}

impl Activity {
    /// Returns whether the battery is charging, if the byte has a known value.
    #[must_use]
    pub const fn charging(&self) -> Option<bool> {
        documented_bool(self.charging)
    }

    /// Returns whether the device moves, if the byte has a known value.
    #[must_use]
    pub const fn moving(&self) -> Option<bool> {
        documented_bool(self.moving)
    }

    fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        map(
            (byte, byte, be_u32, byte, byte, byte, chunk),
            |(sound, light, steps, battery, charging, moving, &rest)| Self {
                sound,
                light,
                steps,
                battery,
                charging,
                moving,
                rest,
            },
        )
        .parse(input)
    }
}

impl Content for ActivityHeartbeat {
    fn code(&self) -> u8 {
        number::LTE_ALARM
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.terminal.0]);
        out.put(&self.extension);
        out.put(&[
            self.voltage_level,
            self.gsm_level,
            self.supply,
            self.language,
        ]);
        if let Some(activity) = self.activity {
            out.put(&[activity.sound, activity.light]);
            out.put(&activity.steps.to_be_bytes());
            out.put(&[activity.battery, activity.charging, activity.moving]);
            out.put(&activity.rest);
        }
    }
}

/// The device is there, and what it measures: `13` with L 13, of OBD6. The reply is an
/// [`Ack`](super::Ack) of the same number and serial.
///
/// ```text
/// 0          1        3       4          5         6      7        9      12            14
/// +----------+--------+-------+----------+---------+------+--------+------+-------------+
/// | terminal | signal | alarm | language | battery | mode | supply | rest | temperature |
/// +----------+--------+-------+----------+---------+------+--------+------+-------------+
/// ```
///
/// ```
/// use gt02::protocol::gt06::{ObdHeartbeat, TerminalInfo};
/// let heartbeat = ObdHeartbeat {
///     mode: 4,
///     temperature: 284,
///     ..ObdHeartbeat::new(TerminalInfo(0x40), 75, 1)
/// };
/// assert_eq!(heartbeat.temperature().unwrap().celsius(), 28.4);
/// let mut out = [0; 24];
/// assert_eq!(heartbeat.encode(&mut out), Ok(24));
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ObdHeartbeat {
    /// Header and serial.
    pub envelope: Envelope,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// Bits 0 to 4 the level of the mobile network's signal, 5 to 9 and 10 to 14 satellites.
    pub signal: u16,
    /// The alarm's code, as sent; no alarm is read from a heartbeat.
    pub alarm: u8,
    /// Language, as sent.
    pub language: u8,
    /// Charge of the battery, per cent.
    pub battery: u8,
    /// What the last two bytes are: 4 a temperature.
    pub mode: u8,
    /// The external supply, hundredths of a volt.
    pub voltage: u16,
    /// Three bytes whose meaning is not established.
    pub rest: [u8; 3],
    /// Tenths of a degree Celsius, in mode 4.
    pub temperature: i16,
}

impl ObdHeartbeat {
    /// Bytes of the content.
    pub(super) const LEN: usize = 14;

    /// Creates a heartbeat; all other values are 0.
    #[must_use]
    pub const fn new(terminal: TerminalInfo, battery: u8, serial: u16) -> Self {
        Self {
            envelope: Envelope::short(serial),
            terminal,
            signal: 0,
            alarm: 0,
            language: 0,
            battery,
            mode: 0,
            voltage: 0,
            rest: [0; 3],
            temperature: 0,
        }
    }

    pub(super) fn read(frame: &Parts<'_>) -> Option<Self> {
        let (rest, (terminal, signal, alarm, language, battery, mode)) =
            (map(byte, TerminalInfo), be_u16, byte, byte, byte, byte)
                .parse(frame.content())
                .ok()?;
        let (_, (voltage, &rest, temperature)) =
            all_consuming((be_u16, chunk, be_i16)).parse(rest).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            terminal,
            signal,
            alarm,
            language,
            battery,
            mode,
            voltage,
            rest,
            temperature,
        })
    }

    /// Returns the level of the mobile network's signal, 0 to 31.
    #[must_use]
    pub const fn gsm_level(&self) -> u8 {
        (self.signal & 0x1F) as u8
    }

    /// Returns the external supply.
    #[must_use]
    pub const fn voltage(&self) -> Voltage {
        Voltage::from_hundredths(self.voltage)
    }

    /// Returns the temperature, in mode 4.
    #[must_use]
    pub const fn temperature(&self) -> Option<Temperature> {
        /// The mode in which the last two bytes are a temperature.
        const TEMPERATURE: u8 = 4;
        if self.mode == TEMPERATURE {
            let tenths = self.temperature as i32;
            Some(Temperature::from_millicelsius(tenths.wrapping_mul(100)))
        } else {
            None
        }
    }
}

impl Content for ObdHeartbeat {
    fn code(&self) -> u8 {
        number::HEARTBEAT
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.terminal.0]);
        out.put(&self.signal.to_be_bytes());
        out.put(&[self.alarm, self.language, self.battery, self.mode]);
        out.put(&self.voltage.to_be_bytes());
        out.put(&self.rest);
        out.put(&self.temperature.to_be_bytes());
    }
}

/// How well the satellites are received: `14`.
///
/// ```text
/// 0       1
/// +-------+- - - - +
/// | count | content|      content: the SNR of each satellite, and reserved bytes
/// +-------+- - - - +
/// ```
///
/// It comes from a vendor document and from lists of numbers; no frame of a device was found.
///
/// ```
/// use gt02::protocol::gt06::Satellites;
/// let satellites = Satellites::new(&[30, 31, 28], 7)?;
/// assert_eq!(satellites.snr(), [30, 31, 28]);
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Satellites<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Number of satellites as sent; one list of numbers says that its low nibble alone counts.
    pub count: u8,
    /// All bytes after the count.
    pub content: &'a [u8],
}

impl<'a> Satellites<'a> {
    /// The most satellites that the low nibble of the count can say.
    const MAX: usize = 0x0F;

    /// Creates the message from the signal to noise ratio of each satellite, without reserved
    /// bytes.
    ///
    /// # Errors
    /// If there are more than 15.
    pub const fn new(snr: &'a [u8], serial: u16) -> Result<Self, EncodeError> {
        if snr.len() > Self::MAX {
            return Err(EncodeError::TooLong {
                field: "snr",
                max: Self::MAX,
            });
        }
        Ok(Self {
            envelope: Envelope::short(serial),
            count: snr.len() as u8,
            content: snr,
        })
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (content, count) = byte(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            count,
            content,
        })
    }

    /// Returns the signal to noise ratio of each satellite: as many bytes as the low nibble of the
    /// count says, as far as they are there.
    #[must_use]
    pub fn snr(&self) -> &'a [u8] {
        self.content
            .get(..usize::from(self.count & Self::MAX as u8))
            .unwrap_or(self.content)
    }
}

impl Content for Satellites<'_> {
    fn code(&self) -> u8 {
        number::SATELLITES
    }

    fn field(&self) -> &'static str {
        "content"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.count]);
        out.put(self.content);
    }
}
