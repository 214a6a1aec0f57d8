use super::{
    Content, Envelope, Header, Parts,
    blocks::{date_time_of, device_id, put_date_time},
    number,
};
use crate::{
    bytes::{read::chunk, write::Writer},
    types::{DateTime, DeviceId, PackedDigits, Voltage},
};
use nom::Parser;

/// One of many kinds of information: `94`, most often with a `79 79` header.
///
/// ```text
/// 0          1                 0         2
/// +----------+- - -+           +---------+
/// | sub-type | data|           | voltage |   in a 78 78 frame, and nothing else
/// +----------+- - -+           +---------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Information<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// What it is.
    pub info: Info<'a>,
}

impl<'a> Information<'a> {
    pub(super) fn of(frame: &Parts<'a>) -> Option<Self> {
        let info = match (frame.envelope().header, frame.content()) {
            (Header::Short, &[high, low]) => Info::BareVoltage(u16::from_be_bytes([high, low])),
            (_, &[subtype, ref data @ ..]) => Info::of(subtype, data),
            (_, []) => return None,
        };
        Some(Self {
            envelope: frame.envelope(),
            info,
        })
    }
}

impl Content for Information<'_> {
    fn code(&self) -> u8 {
        number::INFORMATION
    }

    fn field(&self) -> &'static str {
        "info"
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(self.info.subtype().as_slice());
        match self.info {
            Info::BareVoltage(hundredths) | Info::NetworkVoltage(hundredths) => {
                out.put(&hundredths.to_be_bytes())
            }
            Info::Voltage { hundredths, rest } => {
                out.put(&hundredths.to_be_bytes());
                out.put(rest);
            }
            Info::Status(bytes)
            | Info::SelfTest(bytes)
            | Info::Rfid(bytes)
            | Info::Other { data: bytes, .. } => out.put(bytes),
            Info::Door { time, bits } => {
                put_optional_time(out, time);
                out.put(&[bits]);
            }
            Info::Sim(Sim {
                imei,
                imsi,
                iccid,
                rest,
            }) => {
                out.put(&imei);
                out.put(imsi);
                out.put(iccid);
                out.put(rest);
            }
            Info::Network(byte) => out.put(&[byte]),
            Info::Fuel { time, text } => {
                put_optional_time(out, time);
                out.put(text);
            }
            Info::Climate {
                temperature,
                humidity,
            } => {
                out.put(&temperature);
                out.put(&humidity);
            }
        }
    }
}

fn put_optional_time(out: &mut Writer<'_>, time: Option<DateTime>) {
    if let Some(time) = time {
        put_date_time(out, time);
    }
}

/// The kinds of [`Information`], by sub-type (spec gt06, section 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Info<'a> {
    /// No sub-type: a voltage, hundredths of a volt, is all the content of a frame with a `78 78` header \[T\].
    BareVoltage(u16),
    /// `00`: the external voltage.
    Voltage {
        /// Hundredths of a volt.
        hundredths: u16,
        /// Nothing; or a byte of 1, which marks a second converter of a VG04 \[D\].
        rest: &'a [u8],
    },
    /// `04`: settings and state, `ALM1=..;ALM2=..;`, the fields optional and in any order, ASCII \[D\].
    Status(&'a [u8]),
    /// `05`: door, or the input that it is connected to.
    Door {
        /// The device's clock, which newer devices send in front \[T\].
        time: Option<DateTime>,
        /// Bit 0: door open. Bit 1: level that triggers. Bit 2: level of the input \[D\].
        bits: u8,
    },
    /// `08`: result of a self-test, ASCII \[D\].
    SelfTest(&'a [u8]),
    /// `0A`: the numbers of device and SIM.
    Sim(Sim<'a>),
    /// `0B`, one byte: 0 for 2G, else 4G \[T\].
    Network(u8),
    /// `0B`, two bytes: a voltage, hundredths of a volt \[T\].
    NetworkVoltage(u16),
    /// `0D`: what a fuel sensor says.
    Fuel {
        /// The device's clock, which some devices send in front; known by the `!` behind it.
        time: Option<DateTime>,
        /// `!AIOIL,...`, ASCII.
        text: &'a [u8],
    },
    /// `1B`: a card was read. Header, type, 4 bytes of id, checksum and footer; or text, ASCII \[T\].
    Rfid(&'a [u8]),
    /// `1E`: a climate sensor \[T\].
    Climate {
        /// Tenths of a degree.
        temperature: [u8; 4],
        /// Tenths of a percent.
        humidity: [u8; 4],
    },
    /// Any other sub-type; and these with data of another size.
    Other {
        /// The sub-type.
        subtype: u8,
        /// All bytes behind it.
        data: &'a [u8],
    },
}

impl<'a> Info<'a> {
    fn of(subtype: u8, data: &'a [u8]) -> Self {
        match (subtype, data) {
            (0x00, &[high, low, ref rest @ ..]) => Self::Voltage {
                hundredths: u16::from_be_bytes([high, low]),
                rest,
            },
            (0x04, text) => Self::Status(text),
            (0x05, &[bits]) => Self::Door { time: None, bits },
            (0x05, &[y, m, d, h, i, s, bits]) => Self::Door {
                time: Some(date_time_of([y, m, d, h, i, s])),
                bits,
            },
            (0x08, text) => Self::SelfTest(text),
            (0x0A, data) => Sim::of(data).map_or(Self::Other { subtype, data }, Self::Sim),
            (0x0B, &[network]) => Self::Network(network),
            (0x0B, &[high, low]) => Self::NetworkVoltage(u16::from_be_bytes([high, low])),
            (0x0D, &[y, m, d, h, i, s, ref text @ ..]) if text.starts_with(b"!") => Self::Fuel {
                time: Some(date_time_of([y, m, d, h, i, s])),
                text,
            },
            (0x0D, text) => Self::Fuel { time: None, text },
            (0x1B, card) => Self::Rfid(card),
            (0x1E, &[a, b, c, d, e, f, g, h]) => Self::Climate {
                temperature: [a, b, c, d],
                humidity: [e, f, g, h],
            },
            _ => Self::Other { subtype, data },
        }
    }

    /// The sub-type, if there is one.
    #[must_use]
    pub const fn subtype(&self) -> Option<u8> {
        Some(match self {
            Self::BareVoltage(_) => return None,
            Self::Voltage { .. } => 0x00,
            Self::Status(_) => 0x04,
            Self::Door { .. } => 0x05,
            Self::SelfTest(_) => 0x08,
            Self::Sim(_) => 0x0A,
            Self::Network(_) | Self::NetworkVoltage(_) => 0x0B,
            Self::Fuel { .. } => 0x0D,
            Self::Rfid(_) => 0x1B,
            Self::Climate { .. } => 0x1E,
            Self::Other { subtype, .. } => *subtype,
        })
    }

    /// The voltage, if it is one of the three kinds that have one.
    #[must_use]
    pub const fn voltage(&self) -> Option<Voltage> {
        match self {
            Self::BareVoltage(hundredths)
            | Self::Voltage { hundredths, .. }
            | Self::NetworkVoltage(hundredths) => Some(Voltage::from_hundredths(*hundredths)),
            _ => None,
        }
    }
}

/// The numbers of device and SIM: sub-type `0A` of [`Information`].
///
/// ```text
/// 1        9        17      27
/// +--------+--------+-------+- - -+
/// | IMEI   | IMSI   | ICCID | rest|
/// +--------+--------+-------+- - -+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sim<'a> {
    /// The IMEI in BCD, a 0 in front; see [`device_id`](Self::device_id).
    pub imei: [u8; 8],
    /// The IMSI as digits, a 0 in front; see [`imsi`](Self::imsi).
    pub imsi: &'a [u8; 8],
    /// The ICCID as digits, real ones with letters, or with an f at the end that fills it up; see [`iccid`](Self::iccid).
    pub iccid: &'a [u8; 10],
    /// Bytes behind the documented 26.
    pub rest: &'a [u8],
}

impl<'a> Sim<'a> {
    fn of(data: &'a [u8]) -> Option<Self> {
        let (rest, (&imei, imsi, iccid)) = (chunk, chunk, chunk).parse(data).ok()?;
        Some(Self {
            imei,
            imsi,
            iccid,
            rest,
        })
    }

    /// The device: the 15 digits behind the leading 0, or all 16 if it is none. `None` if one of them is no decimal digit.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        device_id(self.imei)
    }

    /// The IMSI, without the leading 0.
    #[must_use]
    pub const fn imsi(&self) -> PackedDigits<'a> {
        PackedDigits::without_leading_zero(self.imsi)
    }

    /// The ICCID, without an f that fills it up.
    #[must_use]
    pub const fn iccid(&self) -> PackedDigits<'a> {
        PackedDigits::new(self.iccid)
    }
}
