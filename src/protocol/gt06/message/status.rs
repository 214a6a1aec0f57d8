use super::{Content, Envelope, Parts, TerminalInfo, gap, number};
use crate::{
    bytes::{
        read::{be_u16, byte},
        write::Writer,
    },
    error::EncodeError,
    types::Voltage,
};
use nom::{
    Parser,
    combinator::{map, opt},
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
/// Nothing in the frame says which, so they stay raw.
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
        Some(Self {
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
