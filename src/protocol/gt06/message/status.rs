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

/// The device is there, and how it is: `13`. Answered with an [`Empty`](super::Empty) of the same number and serial.
///
/// ```text
/// 0          1         2     3       5
/// +----------+---------+-----+- - - -+
/// | terminal | voltage | GSM | rest  |
/// +----------+---------+-----+- - - -+
/// ```
///
/// The last two bytes are alarm and language in an older paper, and language and port status in newer ones; some models send voltages there, or in all
/// three fields, and others send more bytes (spec gt06, sections 2.5 and 5, pitfalls 3 and 8). Nothing in the frame says which, so they stay raw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// 0 off, 1 extremely low, 2 very low (alarm), 3 low but working, 4 medium, 5 high, 6 full \[D\]; others, up to 100 and more, are seen \[C\].
    pub voltage_level: Option<u8>,
    /// 0 none, 1 extremely weak, 2 weak, 3 good, 4 strong \[D\]; a whole family of devices sends 100 \[C\].
    pub gsm_level: Option<u8>,
    /// What is behind them, two bytes in the papers.
    pub rest: &'a [u8],
}

impl<'a> Heartbeat<'a> {
    #[inline]
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
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

/// The device is there, how it is, and the external voltage: `23`, of EG02 and EG03. Answered with an [`Empty`](super::Empty) of the same number and serial.
///
/// ```text
/// 0          1         3     4       6
/// +----------+---------+-----+- - - -+
/// | terminal | voltage | GSM | rest  |
/// +----------+---------+-----+- - - -+
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
    /// What is behind them, in the paper two bytes: language and port status. A single byte of a voltage that was cut off is here, too.
    pub rest: &'a [u8],
}

impl<'a> VoltageHeartbeat<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
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

    /// The external voltage, if it was sent.
    #[must_use]
    pub fn voltage(&self) -> Option<Voltage> {
        self.voltage.map(Voltage::from_hundredths)
    }
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
/// From a paper and lists of numbers; no frame of a device was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Satellites<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Number of satellites as sent; one list of numbers says that its low nibble alone counts.
    pub count: u8,
    /// All bytes behind the count.
    pub content: &'a [u8],
}

impl<'a> Satellites<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let (content, count) = byte(frame.content()).ok()?;
        Some(Self {
            envelope: frame.envelope(),
            count,
            content,
        })
    }

    /// Signal to noise ratio of each satellite: as many bytes as the low nibble of the count says, as far as they are there.
    #[must_use]
    pub fn snr(&self) -> &'a [u8] {
        self.content
            .get(..usize::from(self.count & 0x0F))
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
