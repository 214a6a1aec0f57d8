use super::{
    Content, Envelope, Header, Parts,
    blocks::{bcd_of, date_time_of, device_id, write_date_time},
    number,
    status::hundredths,
};
use crate::{
    bytes::{
        read::{byte, bytes, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{DateTime, Decimal, DeviceId, PackedDigits, Temperature, Voltage},
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map},
};

/// One of many kinds of information: `94`, most often with a `79 79` header.
///
/// ```text
/// 0          1                 0         2
/// +----------+- - -+           +---------+
/// | sub-type | data|           | voltage |   in a 78 78 frame, and nothing else
/// +----------+- - -+           +---------+
/// ```
///
/// ```
/// use gt02::{protocol::gt06::{Info, Information, Message}, types::Voltage};
/// let bytes = b"\x79\x79\x00\x08\x94\x00\x00\xed\x02\x89\xd6\x86\x0d\x0a";
/// let Message::Information(information) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(information.info.voltage().unwrap().volts(), 2.37);
///
/// let info = Info::external_voltage(Voltage::from_hundredths(237)).unwrap();
/// assert_eq!(Information::new(info, 0x289), information);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Information<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// The kind, with its values.
    pub info: Info<'a>,
}

impl<'a> Information<'a> {
    /// Creates the message, with the header that its kind needs.
    #[must_use]
    pub const fn new(info: Info<'a>, serial: u16) -> Self {
        let envelope = match info {
            Info::BareVoltage(_) => Envelope::short(serial),
            _ => Envelope::long(serial),
        };
        Self { envelope, info }
    }

    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let info = match (frame.envelope().header, frame.content()) {
            (Header::Short, &[high, low]) => Info::BareVoltage(u16::from_be_bytes([high, low])),
            (_, &[subtype, ref data @ ..]) => Info::read(subtype, data),
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
            Info::Door { time, input } => {
                write_optional_time(out, time);
                out.put(&[input.0]);
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
                write_optional_time(out, time);
                out.put(text);
            }
            Info::Climate {
                temperature,
                humidity,
            } => {
                out.put(&temperature.to_be_bytes());
                out.put(&humidity.to_be_bytes());
            }
            Info::Satellites(satellites) => satellites.write(out),
            Info::Thermometers(thermometers) => {
                out.put(&[thermometers.count]);
                out.put(thermometers.bytes);
            }
        }
    }
}

fn write_optional_time(out: &mut Writer<'_>, time: Option<DateTime>) {
    if let Some(time) = time {
        write_date_time(out, time);
    }
}

/// The kinds of [`Information`], by sub-type. See [the manual](crate::manual::gt06),
/// "Information".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Info<'a> {
    /// No sub-type: a voltage, hundredths of a volt, is all the content of a frame with a `78 78`
    /// header \[T\].
    BareVoltage(u16),
    /// `00`: the external voltage.
    Voltage {
        /// Hundredths of a volt.
        hundredths: u16,
        /// Nothing; or a byte of 1, which marks a second converter of a VG04 \[D\].
        rest: &'a [u8],
    },
    /// `04`: settings and state, `ALM1=..;ALM2=..;`, the fields optional and in any order, ASCII
    /// \[D\].
    Status(&'a [u8]),
    /// `05`: door, or the input that it is connected to.
    Door {
        /// The device's clock, which newer devices send first \[T\].
        time: Option<DateTime>,
        /// State of the input.
        input: DoorInput,
    },
    /// `08`: result of a self-test, ASCII \[D\].
    SelfTest(&'a [u8]),
    /// `09`: how well the satellites are received \[D\].
    Satellites(SatelliteStatus<'a>),
    /// `0A`: the numbers of device and SIM.
    Sim(Sim<'a>),
    /// `0B`, one byte: 0 for 2G, else 4G \[T\].
    Network(u8),
    /// `0B`, two bytes: a voltage, hundredths of a volt \[T\].
    NetworkVoltage(u16),
    /// `0D`: the text of a fuel sensor.
    Fuel {
        /// The device's clock, which some devices send first; known by the `!` after it.
        time: Option<DateTime>,
        /// `!AIOIL,...`, ASCII.
        text: &'a [u8],
    },
    /// `15`: thermometers on a wire, DS18B20 \[C\].
    Thermometers(Thermometers<'a>),
    /// `1B`: a card was read. 02 08, 4 bytes of id, their XOR, 03; or text, ASCII \[C\]. See
    /// [`card_id`](Self::card_id) and [`card_text`](Self::card_text).
    Rfid(&'a [u8]),
    /// `1E`: a climate sensor \[T\].
    Climate {
        /// Tenths of a degree Celsius.
        temperature: i32,
        /// Tenths of a percent.
        humidity: u32,
    },
    /// Any other sub-type; and these with data of another size.
    Other {
        /// The sub-type.
        subtype: u8,
        /// All bytes after it.
        data: &'a [u8],
    },
}

impl<'a> Info<'a> {
    /// Creates a `00` with the external voltage, rounded to hundredths of a volt.
    ///
    /// # Errors
    /// If the voltage is above 655.35 V.
    pub const fn external_voltage(voltage: Voltage) -> Result<Self, EncodeError> {
        match hundredths(voltage) {
            Ok(hundredths) => Ok(Self::Voltage {
                hundredths,
                rest: &[],
            }),
            Err(error) => Err(error),
        }
    }

    fn read(subtype: u8, data: &'a [u8]) -> Self {
        match (subtype, data) {
            (0x00, &[high, low, ref rest @ ..]) => Self::Voltage {
                hundredths: u16::from_be_bytes([high, low]),
                rest,
            },
            (0x04, text) => Self::Status(text),
            (0x05, &[bits]) => Self::Door {
                time: None,
                input: DoorInput(bits),
            },
            (0x05, &[y, m, d, h, i, s, bits]) => Self::Door {
                time: Some(date_time_of([y, m, d, h, i, s])),
                input: DoorInput(bits),
            },
            (0x08, text) => Self::SelfTest(text),
            (0x09, data) => {
                SatelliteStatus::read(data).map_or(Self::Other { subtype, data }, Self::Satellites)
            }
            (0x15, data) => {
                Thermometers::read(data).map_or(Self::Other { subtype, data }, Self::Thermometers)
            }
            (0x0A, data) => Sim::read(data).map_or(Self::Other { subtype, data }, Self::Sim),
            (0x0B, &[network]) => Self::Network(network),
            (0x0B, &[high, low]) => Self::NetworkVoltage(u16::from_be_bytes([high, low])),
            (0x0D, &[y, m, d, h, i, s, ref text @ ..]) if text.starts_with(b"!") => Self::Fuel {
                time: Some(date_time_of([y, m, d, h, i, s])),
                text,
            },
            (0x0D, text) => Self::Fuel { time: None, text },
            (0x1B, card) => Self::Rfid(card),
            (0x1E, &[a, b, c, d, e, f, g, h]) => Self::Climate {
                temperature: i32::from_be_bytes([a, b, c, d]),
                humidity: u32::from_be_bytes([e, f, g, h]),
            },
            _ => Self::Other { subtype, data },
        }
    }

    /// Returns the sub-type, if there is one.
    #[must_use]
    pub const fn subtype(&self) -> Option<u8> {
        Some(match self {
            Self::BareVoltage(_) => return None,
            Self::Voltage { .. } => 0x00,
            Self::Status(_) => 0x04,
            Self::Door { .. } => 0x05,
            Self::SelfTest(_) => 0x08,
            Self::Satellites(_) => 0x09,
            Self::Sim(_) => 0x0A,
            Self::Network(_) | Self::NetworkVoltage(_) => 0x0B,
            Self::Fuel { .. } => 0x0D,
            Self::Thermometers(_) => 0x15,
            Self::Rfid(_) => 0x1B,
            Self::Climate { .. } => 0x1E,
            Self::Other { subtype, .. } => *subtype,
        })
    }

    /// Returns the 4 bytes of a card's number in [`Rfid`](Self::Rfid), if their check is right.
    #[must_use]
    pub const fn card_id(&self) -> Option<&'a [u8]> {
        match self {
            Self::Rfid([0x02, 0x08, id @ .., check, 0x03]) => match id {
                [a, b, c, d] if *a ^ *b ^ *c ^ *d == *check => Some(id),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the digits of a card's number in [`Rfid`](Self::Rfid), if it was sent as a text.
    #[must_use]
    pub fn card_text(&self) -> Option<&'a [u8]> {
        let Self::Rfid(data) = self else {
            return None;
        };
        let digits = data.strip_prefix(b"RFID:")?;
        let digits = digits.strip_suffix(b"\r\n").unwrap_or(digits);
        let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
        (is_hex && !digits.is_empty()).then_some(digits)
    }

    /// Returns the temperature of [`Climate`](Self::Climate), of the first sensor of
    /// [`Thermometers`](Self::Thermometers), or in the text of [`Fuel`](Self::Fuel).
    #[must_use]
    pub fn temperature(&self) -> Option<Temperature> {
        match self {
            Self::Climate { temperature, .. } => Some(Temperature::from_millicelsius(
                temperature.checked_mul(100)?,
            )),
            Self::Thermometers(thermometers) => thermometers.temperatures().next(),
            Self::Fuel { text, .. } => {
                // !AIOIL,address,output,temperature,version,...
                let field = text.split(|&byte| byte == b',').nth(3)?;
                let (field, sign) = match field.strip_prefix(b"-") {
                    Some(field) => (field, -1),
                    None => (field, 1),
                };
                let millicelsius = Decimal::from_ascii(field)?.scaled(3)?;
                let millicelsius = i32::try_from(millicelsius).ok()?;
                Some(Temperature::from_millicelsius(
                    millicelsius.wrapping_mul(sign),
                ))
            }
            _ => None,
        }
    }

    /// Returns the voltage, if the kind is one of the three that have one.
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

/// The state of the input that a door is connected to, in [`Info::Door`]; bit 0 is the lowest
/// \[D\].
///
/// ```
/// use gt02::protocol::gt06::DoorInput;
/// let input = DoorInput::new().with_open(true).with_trigger_level(true);
/// assert_eq!(input, DoorInput(3));
/// assert!(input.open() && !input.input_level());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DoorInput(pub u8);

impl DoorInput {
    const OPEN: u8 = 1 << 0;
    const TRIGGER_LEVEL: u8 = 1 << 1;
    const INPUT_LEVEL: u8 = 1 << 2;

    /// Creates the byte with no bit set.
    #[must_use]
    pub const fn new() -> Self {
        Self(0)
    }

    /// Sets whether the door is open.
    #[must_use]
    pub const fn with_open(self, is_open: bool) -> Self {
        self.with(Self::OPEN, is_open)
    }

    /// Sets the level that triggers.
    #[must_use]
    pub const fn with_trigger_level(self, is_high: bool) -> Self {
        self.with(Self::TRIGGER_LEVEL, is_high)
    }

    /// Sets the level of the input.
    #[must_use]
    pub const fn with_input_level(self, is_high: bool) -> Self {
        self.with(Self::INPUT_LEVEL, is_high)
    }

    /// Returns bit 0: the door is open.
    #[must_use]
    pub const fn open(self) -> bool {
        self.0 & Self::OPEN != 0
    }

    /// Returns bit 1: the level that triggers.
    #[must_use]
    pub const fn trigger_level(self) -> bool {
        self.0 & Self::TRIGGER_LEVEL != 0
    }

    /// Returns bit 2: the level of the input.
    #[must_use]
    pub const fn input_level(self) -> bool {
        self.0 & Self::INPUT_LEVEL != 0
    }

    const fn with(self, bit: u8, is_set: bool) -> Self {
        Self(if is_set { self.0 | bit } else { self.0 & !bit })
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
///
/// ```
/// use gt02::protocol::gt06::Sim;
/// let imsi = Sim::imsi_field("520050000000018")?;
/// let iccid = Sim::iccid_field("8966050000000000018")?;
/// let sim = Sim::new("359857080000018".parse()?, &imsi, &iccid)?;
/// assert_eq!(sim.imsi().to_string(), "520050000000018");
/// assert_eq!(sim.iccid().to_string(), "8966050000000000018");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Sim<'a> {
    /// The IMEI in BCD, after a digit 0; see [`device_id`](Self::device_id).
    pub imei: [u8; 8],
    /// The IMSI as digits, after a digit 0; see [`imsi`](Self::imsi).
    pub imsi: &'a [u8; 8],
    /// The ICCID as digits, some with letters, or with an f at the end as padding; see
    /// [`iccid`](Self::iccid).
    pub iccid: &'a [u8; 10],
    /// Bytes after the documented 26.
    pub rest: &'a [u8],
}

impl<'a> Sim<'a> {
    /// Packs the 15 digits of an IMSI as [`imsi`](Self#structfield.imsi) holds them.
    ///
    /// # Errors
    /// If the text is not 15 decimal digits.
    pub fn imsi_field(digits: &str) -> Result<[u8; 8], EncodeError> {
        let id = DeviceId::from_ascii(digits.as_bytes()).filter(|id| id.digit_count() == 15);
        id.map(DeviceId::to_bcd).ok_or(EncodeError::Text)
    }

    /// Packs the 19 or 20 hexadecimal digits of an ICCID as [`iccid`](Self#structfield.iccid) holds
    /// them.
    ///
    /// # Errors
    /// If the text is not 19 or 20 hexadecimal digits.
    pub fn iccid_field(digits: &str) -> Result<[u8; 10], EncodeError> {
        if !matches!(digits.len(), 19 | 20) {
            return Err(EncodeError::Text);
        }
        let mut field = [0; 10];
        for (byte, pair) in field.iter_mut().zip(digits.as_bytes().chunks(2)) {
            for digit in [pair.first(), pair.get(1)] {
                let digit = digit.map_or(Some(0xF), |&digit| char::from(digit).to_digit(16));
                *byte = *byte << 4 | digit.ok_or(EncodeError::Text)? as u8;
            }
        }
        Ok(field)
    }

    /// Creates the numbers, the latter two from [`imsi_field`](Self::imsi_field) and
    /// [`iccid_field`](Self::iccid_field).
    ///
    /// # Errors
    /// If the IMEI has neither 15 digits nor 16 with a first digit above 0.
    pub fn new(
        imei: DeviceId,
        imsi: &'a [u8; 8],
        iccid: &'a [u8; 10],
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            imei: bcd_of(imei)?,
            imsi,
            iccid,
            rest: &[],
        })
    }

    fn read(data: &'a [u8]) -> Option<Self> {
        let (rest, (&imei, imsi, iccid)) = (chunk, chunk, chunk).parse(data).ok()?;
        Some(Self {
            imei,
            imsi,
            iccid,
            rest,
        })
    }

    /// Returns the IMEI: 15 digits after the leading 0, or all 16 digits if the first is not 0.
    /// `None` if a nibble is not a decimal digit.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        device_id(self.imei)
    }

    /// Returns the IMSI, without the leading 0.
    #[must_use]
    pub const fn imsi(&self) -> PackedDigits<'a> {
        PackedDigits::without_leading_zero(self.imsi)
    }

    /// Returns the ICCID, without an f at the end.
    #[must_use]
    pub const fn iccid(&self) -> PackedDigits<'a> {
        PackedDigits::new(self.iccid)
    }
}

/// Thermometers on a wire: sub-type `15` of [`Information`].
///
/// ```text
/// 1       2     10            12
/// +-------+-----+-------------+
/// | count | ROM | temperature |  ...
/// +-------+-----+-------------+
/// ```
///
/// The last byte of the ROM, the number of the sensor, is a checksum of the others.
///
/// ```
/// use gt02::protocol::gt06::{Info, Information, Message};
/// let bytes = b"\x79\x79\x00\x11\x94\x15\x01\x28\x00\x11\x22\x33\x44\x55\xa6\x09\xf6\x3c\x84\
///     \x8b\x5d\x0d\x0a";
/// let Message::Information(information) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(information.info.temperature().unwrap().celsius(), 25.5);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Thermometers<'a> {
    /// Number of thermometers, as sent.
    pub count: u8,
    /// 10 bytes for each.
    pub bytes: &'a [u8],
}

impl<'a> Thermometers<'a> {
    /// Bytes of a thermometer.
    const LEN: usize = 10;

    fn read(data: &'a [u8]) -> Option<Self> {
        let (&count, bytes) = data.split_first()?;
        (usize::from(count).checked_mul(Self::LEN) == Some(bytes.len()))
            .then_some(Self { count, bytes })
    }

    /// Returns the temperature of each thermometer whose checksum is right. How one below zero is
    /// sent is not known, so it is left out.
    pub fn temperatures(&self) -> impl Iterator<Item = Temperature> + use<'a> {
        self.bytes.chunks_exact(Self::LEN).filter_map(|sensor| {
            let (rom, value) = sensor.split_first_chunk::<8>()?;
            let hundredths = u16::from_be_bytes(value.try_into().ok()?);
            let is_right = crc8(rom) == 0 && hundredths < 0x8000;
            is_right.then(|| Temperature::from_millicelsius(i32::from(hundredths).wrapping_mul(10)))
        })
    }
}

/// CRC-8/MAXIM; 0 over bytes and their checksum.
fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| {
            if crc & 1 == 0 {
                crc >> 1
            } else {
                crc >> 1 ^ 0x8C
            }
        })
    })
}

/// How well the satellites are received: sub-type `09` of [`Information`] \[D\].
///
/// ```text
/// 1       2          2n+m+3      +1
/// +-------+- - -+----+- - - - - -+
/// | GPS   | BDS | n  | extension |
/// +-------+- - -+----+- - - - - -+
/// each system: state (1), n (1), n strengths, m (1), m strengths
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SatelliteStatus<'a> {
    /// The satellites of GPS.
    pub gps: SatelliteSystem<'a>,
    /// The satellites of BeiDou.
    pub bds: SatelliteSystem<'a>,
    /// Other bytes, at most 255.
    pub extension: &'a [u8],
}

/// The satellites of one system in a [`SatelliteStatus`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SatelliteSystem<'a> {
    /// 0 none, 1 searching, 2 a fix without height, 3 with height, 4 asleep; as sent.
    pub state: u8,
    /// Strengths of the satellites used in the fix, at most 255.
    pub used: &'a [u8],
    /// Strengths of the satellites in view, at most 255.
    pub in_view: &'a [u8],
}

impl<'a> SatelliteStatus<'a> {
    fn read(data: &'a [u8]) -> Option<Self> {
        let system = |input| {
            map((byte, counted, counted), |(state, used, in_view)| {
                SatelliteSystem {
                    state,
                    used,
                    in_view,
                }
            })
            .parse(input)
        };
        let (_, (gps, bds, extension)) =
            all_consuming((system, system, counted)).parse(data).ok()?;
        Some(Self {
            gps,
            bds,
            extension,
        })
    }

    fn write(&self, out: &mut Writer<'_>) {
        for system in [self.gps, self.bds] {
            out.put(&[system.state]);
            write_counted(out, system.used);
            write_counted(out, system.in_view);
        }
        write_counted(out, self.extension);
    }
}

/// Reads a count, and as many bytes.
fn counted(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let (rest, count) = byte(input)?;
    bytes(count.into())(rest)
}

/// Writes a count and the bytes. More than 255 do not read back.
fn write_counted(out: &mut Writer<'_>, bytes: &[u8]) {
    out.put(&[bytes.len() as u8]);
    out.put(bytes);
}
