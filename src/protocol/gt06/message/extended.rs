//! Locations and alarms of newer devices: the blocks of the older ones, with wider cells and with
//! what else a device measures. See `docs/protocols/gt06.md`, "Messages" and "Variants of makers".

use super::{
    Content, Envelope, Parts,
    blocks::{
        self, Gps, Status, TerminalInfo, bcd_of, date_time, device_id, is_possible, mileage,
        status, write_date_time, write_mileage,
    },
    items::{ItemForm, Items},
    number,
    wide::{LbsForm, Upload, WideLbs, be_i16, be_u24, check_u24, write_u24},
};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte, chunk},
        write::Writer,
    },
    error::EncodeError,
    types::{self, CellTower, DateTime, DeviceId, Voltage},
};
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map, opt},
};

/// Bytes of a `36` that is a location.
pub(super) const CARD_READER_LEN: usize = 48;
/// Bytes of a `17` that is a location.
pub(super) const CARD_LEN: usize = 35;

/// Where the device is, and what else it measures: a location of a newer device.
///
/// ```text
/// 0     18
/// +-----+- - - - -+- - - - -+
/// | GPS | WideLbs | the kind|      block: Gps; the kind: ExtendedLocationKind
/// +-----+- - - - -+- - - - -+
/// ```
///
/// Number and length of the content say which kind it is, and how many bytes the cell has. In some
/// kinds an IMEI stands before the GPS block. A content of another length, and in `11` and `22` one
/// whose date neither exists nor is all zero, is [`Unknown`](super::Unknown), or a
/// [`Location`](super::Location).
///
/// ```
/// use gt02::{
///     protocol::gt06::{ExtendedLocation, ExtendedLocationKind, Gps, Upload, UploadMode, WideLbs},
///     types::{Course, DateTime, Position, Speed},
/// };
///
/// let time = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
/// let position = Position::from_degrees(-33.9249, 18.4241).unwrap();
/// let gps = Gps::new(time, position, Speed::from_kmh(42), Course::NORTH, true, 9)?;
/// let cell = WideLbs::new(655, 1, 37_166, 119_044_493);
/// let upload = Upload::new(true, UploadMode::Turn, false);
/// let kind = ExtendedLocationKind::Lte { upload, mileage: None };
/// let location = ExtendedLocation::new(gps, cell, kind, 7);
///
/// let mut out = [0; 46];
/// assert_eq!(location.encode(&mut out), Ok(46));
/// assert_eq!(out[..4], *b"\x78\x78\x29\xa0");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExtendedLocation<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// The serving cell.
    pub lbs: WideLbs,
    /// Which number and length it is, and what that has besides.
    pub kind: ExtendedLocationKind<'a>,
}

/// The kinds of an [`ExtendedLocation`], and what they have besides GPS block and cell. `L` is the
/// length field of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExtendedLocationKind<'a> {
    /// `11` with L 21: nothing \[C\].
    Cell,
    /// `12` with L 27: the IMEI before the GPS block \[C\].
    Imei {
        /// The IMEI in BCD, after a digit 0.
        imei: [u8; 8],
    },
    /// `17` with L 28: a card was read \[D\]\[C\].
    Card {
        /// The number of the card.
        card_id: &'a [u8; 8],
        /// 0 or 1, as sent.
        validity: u8,
    },
    /// `22` with L 2F: a climate sensor \[C\].
    Climate {
        /// Ignition, upload mode, stored data.
        upload: Upload,
        /// Reading of the odometer; its unit is not stated.
        mileage: u32,
        /// Travel time, as sent.
        travel_time: u32,
        /// Bit 15 the sign, bits 0 to 14 hundredths of a degree Celsius.
        temperature: u16,
        /// Hundredths of a per cent.
        humidity: u16,
    },
    /// `22` with L 3C, and `25`: what a vehicle's tracker measures \[C\].
    Vehicle(Vehicle<'a>),
    /// `31` with L 2A: the altitude \[C\].
    Altitude {
        /// Ignition, upload mode, stored data.
        upload: Upload,
        /// Reading of the odometer, as sent.
        mileage: u32,
        /// Metres.
        altitude: i16,
    },
    /// `32` with L 2F in a `78 78` frame: supply and time of ignition \[C\].
    Supply {
        /// Ignition, upload mode, stored data.
        upload: Upload,
        /// Reading of the odometer, in metres.
        mileage: u32,
        /// The external supply, hundredths of a volt.
        voltage: u16,
        /// How long the ignition was on in total, in seconds.
        ignition_seconds: u32,
        /// Two bytes whose meaning is not established.
        rest: [u8; 2],
    },
    /// `36` with L 35: supply, battery, and a card \[C\].
    CardReader {
        /// Ignition, upload mode, stored data.
        upload: Upload,
        /// Reading of the odometer; its unit is not stated.
        mileage: u32,
        /// The external supply, hundredths of a volt.
        voltage: u16,
        /// The device's battery, tenths of a volt.
        battery: u8,
        /// How long the ignition was on, in minutes; 24 bits.
        ignition_minutes: u32,
        /// The number of the card, all zero if there is none.
        card_id: &'a [u8; 8],
    },
    /// `37`: items \[C\].
    Items {
        /// Ignition, upload mode, stored data.
        upload: Upload,
        /// The items, in the form [`Short`](ItemForm::Short).
        items: Items<'a>,
    },
    /// `38`: the kind of the cell, and items \[C\].
    CellItems {
        /// The code of an [`UploadMode`](super::UploadMode), as sent.
        mode: u8,
        /// 0 live, 1 stored and sent late; as sent.
        resent: u8,
        /// The kind of the cell: from 3 on it is a 4G cell.
        cell_type: u8,
        /// Signal strength, as sent: one byte, of a 4G cell two.
        rssi: u16,
        /// The items, in the form [`Short`](ItemForm::Short).
        items: Items<'a>,
    },
    /// `61` with L 2E: the driver's key \[C\].
    Driver {
        /// The IMEI in BCD, after a digit 0.
        imei: [u8; 8],
        /// The number of the key.
        driver_id: &'a [u8; 6],
    },
    /// `A0`: a location with a 4G cell \[D\]\[C\].
    Lte {
        /// Ignition, upload mode, stored data.
        upload: Upload,
        /// Reading of the odometer; its unit is not stated.
        mileage: Option<u32>,
    },
    /// `A2` with L 40: position and status with a 4G cell \[T\].
    LteStatus(LteStatus),
}

/// What a vehicle's tracker measures: `22` with L 3C, and `25`.
///
/// ```text
/// 0        1      9      15    33           34    43         44         46        47
/// +--------+------+------+-----+------------+-----+----------+----------+---------+- - -
/// | source | IMEI | time | GPS | LBS length | LBS | terminal | supply   | battery | ...
/// +--------+------+------+-----+------------+-----+----------+----------+---------+- - -
/// 47    48      49         50        53                 56
/// +-----+-------+----------+---------+------------------+
/// | GSM | alarm | language | mileage | ignition minutes |
/// +-----+-------+----------+---------+------------------+
/// ```
///
/// Offsets are those of `22`, whose cell has 8 bytes. That of `25` has 9, and a byte after it; at
/// the end are the length of the rest, a type, and the driver's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Vehicle<'a> {
    /// The first byte, as sent.
    pub source: u8,
    /// The IMEI in BCD, after a digit 0.
    pub imei: [u8; 8],
    /// When the message was made; the time of the fix is in the GPS block.
    pub time: DateTime,
    /// Length of the LBS block as sent; nothing depends on it.
    pub lbs_length: u8,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// The external supply, hundredths of a volt.
    pub voltage: u16,
    /// The device's battery, tenths of a volt.
    pub battery: u8,
    /// The level of the mobile network's signal, as sent.
    pub gsm_level: u8,
    /// The alarm's code, as sent.
    pub alarm: u8,
    /// Language, as sent.
    pub language: u8,
    /// Reading of the odometer, 24 bits; its unit is not stated.
    pub mileage: u32,
    /// How long the ignition was on, in minutes; 24 bits.
    pub ignition_minutes: u32,
    /// The driver, in `25`; absent in `22`.
    pub driver: Option<VehicleDriver<'a>>,
}

/// The driver in a [`Vehicle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct VehicleDriver<'a> {
    /// The byte after the cell, as sent.
    pub after_lbs: u8,
    /// The type of the id, as sent.
    pub id_type: u8,
    /// The driver's id, at most 254 bytes.
    pub id: &'a [u8],
}

impl<'a> VehicleDriver<'a> {
    /// Reads the end of a `25`: a length, and as many bytes.
    fn read(after_lbs: u8, input: &'a [u8]) -> Option<Self> {
        let (id, (len, id_type)) = (byte, byte).parse(input).ok()?;
        (id.len().checked_add(1) == Some(len.into())).then_some(Self {
            after_lbs,
            id_type,
            id,
        })
    }
}

impl<'a> Vehicle<'a> {
    const fn form(&self) -> LbsForm {
        if self.driver.is_some() {
            LbsForm::LongId
        } else {
            LbsForm::Short
        }
    }

    fn read(has_driver: bool, input: &'a [u8]) -> Option<(Gps, WideLbs, Self)> {
        let form = if has_driver {
            LbsForm::LongId
        } else {
            LbsForm::Short
        };
        let lbs = |input| WideLbs::read(form, input);
        let (rest, (source, &imei, time, gps, lbs_length, lbs)) =
            (byte, chunk, date_time, blocks::gps, byte, lbs)
                .parse(input)
                .ok()?;
        let (rest, after_lbs) = if has_driver {
            byte(rest).ok()?
        } else {
            (rest, 0)
        };
        let (rest, (terminal, voltage, battery, gsm_level, alarm, language)) =
            (map(byte, TerminalInfo), be_u16, byte, byte, byte, byte)
                .parse(rest)
                .ok()?;
        let (rest, (mileage, ignition_minutes)) = (be_u24, be_u24).parse(rest).ok()?;
        let driver = match (has_driver, rest) {
            (true, rest) => Some(VehicleDriver::read(after_lbs, rest)?),
            (false, []) => None,
            _ => return None,
        };
        let vehicle = Self {
            source,
            imei,
            time,
            lbs_length,
            terminal,
            voltage,
            battery,
            gsm_level,
            alarm,
            language,
            mileage,
            ignition_minutes,
            driver,
        };
        Some((gps, lbs, vehicle))
    }

    fn check(&self) -> Result<(), EncodeError> {
        if self.driver.is_some_and(|driver| driver.id.len() > 254) {
            return Err(EncodeError::TooLong {
                field: "driver",
                max: 254,
            });
        }
        check_u24("mileage", self.mileage)?;
        check_u24("ignition_minutes", self.ignition_minutes)
    }

    fn write(&self, gps: &Gps, lbs: &WideLbs, out: &mut Writer<'_>) {
        out.put(&[self.source]);
        out.put(&self.imei);
        write_date_time(out, self.time);
        gps.write(out);
        out.put(&[self.lbs_length]);
        lbs.write(self.form(), out);
        if let Some(driver) = self.driver {
            out.put(&[driver.after_lbs]);
        }
        out.put(&[self.terminal.0]);
        out.put(&self.voltage.to_be_bytes());
        out.put(&[self.battery, self.gsm_level, self.alarm, self.language]);
        write_u24(out, self.mileage);
        write_u24(out, self.ignition_minutes);
        if let Some(driver) = self.driver {
            out.put(&[(driver.id.len() as u8).wrapping_add(1), driver.id_type]);
            out.put(driver.id);
        }
    }
}

/// What follows the cell in an `A2` with L 40.
///
/// ```text
/// 0         1          2        4         5     6       7          8
/// +---------+----------+--------+---------+-----+-------+----------+- - -
/// | network | terminal | supply | battery | GSM | alarm | language | ...
/// +---------+----------+--------+---------+-----+-------+----------+- - -
/// 8         12                 16     24       26
/// +---------+------------------+------+--------+
/// | mileage | ignition seconds | IMEI | inputs |
/// +---------+------------------+------+--------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LteStatus {
    /// The mobile network, as sent.
    pub network: u8,
    /// Relay, power, ignition.
    pub terminal: TerminalInfo,
    /// The external supply, hundredths of a volt; 0 if there is none.
    pub voltage: u16,
    /// Charge of the battery, per cent.
    pub battery: u8,
    /// The level of the mobile network's signal, as sent.
    pub gsm_level: u8,
    /// The alarm's code, as sent.
    pub alarm: u8,
    /// Language, as sent.
    pub language: u8,
    /// Reading of the odometer; its unit is not stated.
    pub mileage: u32,
    /// How long the ignition was on, in seconds.
    pub ignition_seconds: u32,
    /// The IMEI in BCD, after a digit 0.
    pub imei: [u8; 8],
    /// The inputs, as sent.
    pub inputs: u16,
}

impl LteStatus {
    fn read(input: &[u8]) -> IResult<&[u8], Self, ()> {
        let (rest, (network, terminal, voltage, battery, gsm_level, alarm, language)) = (
            byte,
            map(byte, TerminalInfo),
            be_u16,
            byte,
            byte,
            byte,
            byte,
        )
            .parse(input)?;
        let (rest, (mileage, ignition_seconds, &imei, inputs)) =
            (be_u32, be_u32, chunk, be_u16).parse(rest)?;
        let status = Self {
            network,
            terminal,
            voltage,
            battery,
            gsm_level,
            alarm,
            language,
            mileage,
            ignition_seconds,
            imei,
            inputs,
        };
        Ok((rest, status))
    }

    fn write(&self, out: &mut Writer<'_>) {
        out.put(&[self.network, self.terminal.0]);
        out.put(&self.voltage.to_be_bytes());
        out.put(&[self.battery, self.gsm_level, self.alarm, self.language]);
        out.put(&self.mileage.to_be_bytes());
        out.put(&self.ignition_seconds.to_be_bytes());
        out.put(&self.imei);
        out.put(&self.inputs.to_be_bytes());
    }
}

impl ExtendedLocationKind<'_> {
    /// The sizes of the fields of the cell.
    const fn form(&self) -> LbsForm {
        match self {
            Self::Imei { .. } | Self::Card { .. } | Self::Items { .. } => LbsForm::Short,
            Self::Cell | Self::Altitude { .. } => LbsForm::WideMncLongId,
            Self::Climate { .. }
            | Self::Supply { .. }
            | Self::CardReader { .. }
            | Self::Driver { .. } => LbsForm::LongId,
            Self::Lte { .. } | Self::LteStatus(_) => LbsForm::Lte,
            Self::Vehicle(vehicle) => vehicle.form(),
            Self::CellItems { cell_type, .. } => typed_form(*cell_type),
        }
    }
}

/// The sizes of the fields of a cell of this type.
const fn typed_form(cell_type: u8) -> LbsForm {
    if cell_type < 3 {
        LbsForm::Short
    } else {
        LbsForm::Lte
    }
}

impl<'a> ExtendedLocation<'a> {
    /// Creates a location of this kind, with the header that it is seen with.
    #[must_use]
    pub const fn new(gps: Gps, lbs: WideLbs, kind: ExtendedLocationKind<'a>, serial: u16) -> Self {
        let envelope = match kind {
            ExtendedLocationKind::CellItems { .. } => Envelope::long(serial),
            _ => Envelope::short(serial),
        };
        Self {
            envelope,
            gps,
            lbs: lbs.in_form(kind.form()),
            kind,
        }
    }

    /// Packs an IMEI as some kinds hold it.
    ///
    /// # Errors
    /// If the IMEI has neither 15 digits nor 16 with a first digit above 0.
    pub fn imei_field(imei: DeviceId) -> Result<[u8; 8], EncodeError> {
        bcd_of(imei)
    }

    /// Whether the content of a `36` is a location, by its length.
    pub(in super::super) const fn is_card_reader(content: &[u8]) -> bool {
        content.len() == CARD_READER_LEN
    }

    /// Whether number and length of the content are those of a kind. The content of `37` and `38`,
    /// which have no fixed length, and of `12`, which needs a look at the MCC, are not looked at.
    const fn is_extended(code: u8, len: usize) -> bool {
        matches!(
            (code, len),
            (number::CELL, 28)
                | (number::GPS_CELL, 34)
                | (number::CELL_ADDRESS, CARD_LEN)
                | (number::UTC_GPS_CELL, 42 | 55)
                | (number::DRIVER, 57..)
                | (number::ALTITUDE, 37)
                | (number::LOCK, 42)
                | (number::ITEMS, CARD_READER_LEN)
                | (number::GPS_ITEMS | number::CELL_ITEMS, 20..)
                | (number::KEY, 41)
                | (number::LTE, 36 | 37 | 40 | 41)
                | (number::LTE_WIFI, 59)
        )
    }

    /// Whether this is a `22` of a vehicle's tracker, which does not begin with the GPS block.
    pub(super) const fn is_vehicle(code: u8, len: usize) -> bool {
        code == number::UTC_GPS_CELL && len == 55
    }

    #[inline(never)]
    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let (code, content) = (frame.code(), frame.content());
        if !Self::is_extended(code, content.len()) {
            return None;
        }
        let (gps, lbs, kind) = match code {
            // A lock sends 32, too.
            number::LOCK if frame.envelope().header == super::Header::Long => return None,
            number::CELL_ADDRESS if !is_card_location(content) => return None,
            number::UTC_GPS_CELL if Self::is_vehicle(code, content.len()) => {
                let (gps, lbs, vehicle) = Vehicle::read(false, content)?;
                (gps, lbs, ExtendedLocationKind::Vehicle(vehicle))
            }
            number::DRIVER => {
                let (gps, lbs, vehicle) = Vehicle::read(true, content)?;
                (gps, lbs, ExtendedLocationKind::Vehicle(vehicle))
            }
            _ => Self::read_after_gps(code, content)?,
        };
        // Of these there are other layouts, too, whose date gives them away.
        let is_ambiguous = matches!(code, number::CELL | number::UTC_GPS_CELL);
        (!is_ambiguous || is_possible(gps.time)).then_some(Self {
            envelope: frame.envelope(),
            gps,
            lbs,
            kind,
        })
    }

    /// Reads the kinds that begin with the GPS block, or an IMEI and that.
    fn read_after_gps(
        code: u8,
        content: &'a [u8],
    ) -> Option<(Gps, WideLbs, ExtendedLocationKind<'a>)> {
        let (rest, imei) = match code {
            number::GPS_CELL | number::KEY => chunk(content).ok()?,
            _ => (content, &[0; 8]),
        };
        let (rest, gps) = blocks::gps(rest).ok()?;
        if code == number::CELL_ITEMS {
            return Self::read_cell_items(gps, rest);
        }
        let form = match code {
            number::CELL | number::ALTITUDE => LbsForm::WideMncLongId,
            number::UTC_GPS_CELL | number::LOCK | number::ITEMS | number::KEY => LbsForm::LongId,
            number::LTE | number::LTE_WIFI => LbsForm::Lte,
            _ => LbsForm::Short,
        };
        let (rest, lbs) = WideLbs::read(form, rest).ok()?;
        let kind: IResult<&[u8], ExtendedLocationKind<'a>, ()> = match code {
            number::CELL => Ok((rest, ExtendedLocationKind::Cell)),
            // A date that does not exist is the front of an IMEI.
            number::GPS_CELL
                if is_possible(gps.time) && !is_possible(date_time(content).ok()?.1) =>
            {
                Ok((rest, ExtendedLocationKind::Imei { imei: *imei }))
            }
            number::CELL_ADDRESS => map((chunk, byte), |(card_id, validity)| {
                ExtendedLocationKind::Card { card_id, validity }
            })
            .parse(rest),
            number::UTC_GPS_CELL => map(
                (Upload::read, be_u32, be_u32, be_u16, be_u16),
                |(upload, mileage, travel_time, temperature, humidity)| {
                    ExtendedLocationKind::Climate {
                        upload,
                        mileage,
                        travel_time,
                        temperature,
                        humidity,
                    }
                },
            )
            .parse(rest),
            number::ALTITUDE => map(
                (Upload::read, be_u32, be_i16),
                |(upload, mileage, altitude)| ExtendedLocationKind::Altitude {
                    upload,
                    mileage,
                    altitude,
                },
            )
            .parse(rest),
            number::LOCK => map(
                (Upload::read, be_u32, be_u16, be_u32, chunk),
                |(upload, mileage, voltage, ignition_seconds, &rest)| {
                    ExtendedLocationKind::Supply {
                        upload,
                        mileage,
                        voltage,
                        ignition_seconds,
                        rest,
                    }
                },
            )
            .parse(rest),
            number::ITEMS => map(
                (Upload::read, be_u32, be_u16, byte, be_u24, chunk),
                |(upload, mileage, voltage, battery, ignition_minutes, card_id)| {
                    ExtendedLocationKind::CardReader {
                        upload,
                        mileage,
                        voltage,
                        battery,
                        ignition_minutes,
                        card_id,
                    }
                },
            )
            .parse(rest),
            number::GPS_ITEMS => {
                let (items, upload) = Upload::read(rest).ok()?;
                let items = Items::new(ItemForm::Short, items)?;
                Ok((&[], ExtendedLocationKind::Items { upload, items }))
            }
            number::KEY => map(chunk, |driver_id| ExtendedLocationKind::Driver {
                imei: *imei,
                driver_id,
            })
            .parse(rest),
            number::LTE => map((Upload::read, opt(be_u32)), |(upload, mileage)| {
                ExtendedLocationKind::Lte { upload, mileage }
            })
            .parse(rest),
            number::LTE_WIFI => map(LteStatus::read, ExtendedLocationKind::LteStatus).parse(rest),
            _ => return None,
        };
        match kind {
            Ok(([], kind)) => Some((gps, lbs, kind)),
            _ => None,
        }
    }

    fn read_cell_items(
        gps: Gps,
        input: &'a [u8],
    ) -> Option<(Gps, WideLbs, ExtendedLocationKind<'a>)> {
        let (rest, (mode, resent, cell_type)) = (byte, byte, byte).parse(input).ok()?;
        let form = typed_form(cell_type);
        let (rest, lbs) = WideLbs::read(form, rest).ok()?;
        let (items, rssi) = if form == LbsForm::Lte {
            be_u16(rest).ok()?
        } else {
            map(byte, u16::from).parse(rest).ok()?
        };
        let items = Items::new(ItemForm::Short, items)?;
        let kind = ExtendedLocationKind::CellItems {
            mode,
            resent,
            cell_type,
            rssi,
            items,
        };
        Some((gps, lbs, kind))
    }

    /// Returns the serving cell, if there is one; see [`WideLbs::cell`].
    #[must_use]
    pub const fn cell(&self) -> Option<CellTower> {
        self.lbs.cell()
    }

    /// Returns ignition, upload mode and stored data, in the kinds that have all three.
    #[must_use]
    pub const fn upload(&self) -> Option<Upload> {
        match self.kind {
            ExtendedLocationKind::Climate { upload, .. }
            | ExtendedLocationKind::Altitude { upload, .. }
            | ExtendedLocationKind::Supply { upload, .. }
            | ExtendedLocationKind::CardReader { upload, .. }
            | ExtendedLocationKind::Items { upload, .. }
            | ExtendedLocationKind::Lte { upload, .. } => Some(upload),
            _ => None,
        }
    }

    /// Returns what the odometer shows, if it was sent.
    #[must_use]
    pub fn mileage(&self) -> Option<u32> {
        match self.kind {
            ExtendedLocationKind::Climate { mileage, .. }
            | ExtendedLocationKind::Altitude { mileage, .. }
            | ExtendedLocationKind::Supply { mileage, .. }
            | ExtendedLocationKind::CardReader { mileage, .. }
            | ExtendedLocationKind::Vehicle(Vehicle { mileage, .. })
            | ExtendedLocationKind::LteStatus(LteStatus { mileage, .. }) => Some(mileage),
            ExtendedLocationKind::Lte { mileage, .. } => mileage,
            ExtendedLocationKind::Items { items, .. }
            | ExtendedLocationKind::CellItems { items, .. } => items.mileage(),
            _ => None,
        }
    }

    /// Returns the items of `37` and `38`.
    #[must_use]
    pub const fn items(&self) -> Option<Items<'a>> {
        match self.kind {
            ExtendedLocationKind::Items { items, .. }
            | ExtendedLocationKind::CellItems { items, .. } => Some(items),
            _ => None,
        }
    }

    /// Returns the terminal information, in the kinds that have it.
    #[must_use]
    pub const fn terminal(&self) -> Option<TerminalInfo> {
        match self.kind {
            ExtendedLocationKind::Vehicle(Vehicle { terminal, .. })
            | ExtendedLocationKind::LteStatus(LteStatus { terminal, .. }) => Some(terminal),
            _ => None,
        }
    }

    /// Returns the voltage of the external supply, if it was sent. An `A2` says 0 if there is none.
    #[must_use]
    pub fn voltage(&self) -> Option<Voltage> {
        match self.kind {
            ExtendedLocationKind::LteStatus(LteStatus { voltage: 0, .. }) => None,
            ExtendedLocationKind::Supply { voltage, .. }
            | ExtendedLocationKind::CardReader { voltage, .. }
            | ExtendedLocationKind::Vehicle(Vehicle { voltage, .. })
            | ExtendedLocationKind::LteStatus(LteStatus { voltage, .. }) => {
                Some(Voltage::from_hundredths(voltage))
            }
            _ => self.items()?.voltage(),
        }
    }

    /// Returns the voltage of the device's battery, if it was sent.
    #[must_use]
    pub fn battery_voltage(&self) -> Option<Voltage> {
        match self.kind {
            ExtendedLocationKind::CardReader { battery, .. }
            | ExtendedLocationKind::Vehicle(Vehicle { battery, .. }) => Some(
                Voltage::from_hundredths(u16::from(battery).wrapping_mul(10)),
            ),
            _ => self.items()?.battery_voltage(),
        }
    }

    /// Returns how long the ignition was on, in seconds, if it was sent. Some kinds send minutes.
    #[must_use]
    pub const fn ignition_seconds(&self) -> Option<u32> {
        match self.kind {
            ExtendedLocationKind::Supply {
                ignition_seconds, ..
            }
            | ExtendedLocationKind::LteStatus(LteStatus {
                ignition_seconds, ..
            }) => Some(ignition_seconds),
            ExtendedLocationKind::CardReader {
                ignition_minutes, ..
            }
            | ExtendedLocationKind::Vehicle(Vehicle {
                ignition_minutes, ..
            }) => Some(ignition_minutes.wrapping_mul(60)),
            _ => None,
        }
    }

    /// Returns the number of the card or key, if there is one: zeros of `36` say that there is
    /// none.
    #[must_use]
    pub fn card_id(&self) -> Option<&'a [u8]> {
        match self.kind {
            ExtendedLocationKind::CardReader { card_id, .. } => {
                Some(&card_id[..]).filter(|_| *card_id != [0; 8])
            }
            ExtendedLocationKind::Card { card_id, .. } => Some(card_id),
            ExtendedLocationKind::Driver { driver_id, .. } => Some(driver_id),
            ExtendedLocationKind::Vehicle(Vehicle { driver, .. }) => {
                driver.map(|driver| driver.id).filter(|id| !id.is_empty())
            }
            _ => None,
        }
    }

    /// Returns the IMEI, in the kinds that have it.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        match self.kind {
            ExtendedLocationKind::Imei { imei }
            | ExtendedLocationKind::Driver { imei, .. }
            | ExtendedLocationKind::Vehicle(Vehicle { imei, .. })
            | ExtendedLocationKind::LteStatus(LteStatus { imei, .. }) => device_id(imei),
            _ => None,
        }
    }
}

/// Whether the content of a `17` is a location: downwards it may be an address of that length,
/// whose front is no date.
pub(super) fn is_card_location(content: &[u8]) -> bool {
    content.len() == CARD_LEN && date_time(content).is_ok_and(|(_, time)| is_possible(time))
}

impl Content for ExtendedLocation<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            ExtendedLocationKind::Cell => number::CELL,
            ExtendedLocationKind::Imei { .. } => number::GPS_CELL,
            ExtendedLocationKind::Card { .. } => number::CELL_ADDRESS,
            ExtendedLocationKind::Vehicle(Vehicle {
                driver: Some(_), ..
            }) => number::DRIVER,
            ExtendedLocationKind::Climate { .. } | ExtendedLocationKind::Vehicle(_) => {
                number::UTC_GPS_CELL
            }
            ExtendedLocationKind::Altitude { .. } => number::ALTITUDE,
            ExtendedLocationKind::Supply { .. } => number::LOCK,
            ExtendedLocationKind::CardReader { .. } => number::ITEMS,
            ExtendedLocationKind::Items { .. } => number::GPS_ITEMS,
            ExtendedLocationKind::CellItems { .. } => number::CELL_ITEMS,
            ExtendedLocationKind::Driver { .. } => number::KEY,
            ExtendedLocationKind::Lte { .. } => number::LTE,
            ExtendedLocationKind::LteStatus(_) => number::LTE_WIFI,
        }
    }

    fn field(&self) -> &'static str {
        "items"
    }

    fn check(&self) -> Result<(), EncodeError> {
        match self.kind {
            ExtendedLocationKind::Vehicle(vehicle) => vehicle.check()?,
            ExtendedLocationKind::CardReader {
                ignition_minutes, ..
            } => check_u24("ignition_minutes", ignition_minutes)?,
            ExtendedLocationKind::CellItems {
                cell_type, rssi, ..
            } if cell_type < 3 && rssi > 0xFF => {
                return Err(EncodeError::Range {
                    field: "rssi",
                    max: 0xFF,
                });
            }
            _ => {}
        }
        self.lbs.check(self.kind.form())
    }

    fn write(&self, out: &mut Writer<'_>) {
        match self.kind {
            ExtendedLocationKind::Vehicle(vehicle) => {
                return vehicle.write(&self.gps, &self.lbs, out);
            }
            ExtendedLocationKind::Imei { imei } | ExtendedLocationKind::Driver { imei, .. } => {
                out.put(&imei);
            }
            _ => {}
        }
        self.gps.write(out);
        if let ExtendedLocationKind::CellItems {
            mode,
            resent,
            cell_type,
            ..
        } = self.kind
        {
            out.put(&[mode, resent, cell_type]);
        }
        self.lbs.write(self.kind.form(), out);
        if let Some(upload) = self.upload() {
            upload.write(out);
        }
        match self.kind {
            ExtendedLocationKind::Cell
            | ExtendedLocationKind::Imei { .. }
            | ExtendedLocationKind::Vehicle(_) => {}
            ExtendedLocationKind::Card { card_id, validity } => {
                out.put(card_id);
                out.put(&[validity]);
            }
            ExtendedLocationKind::Climate {
                mileage,
                travel_time,
                temperature,
                humidity,
                ..
            } => {
                out.put(&mileage.to_be_bytes());
                out.put(&travel_time.to_be_bytes());
                out.put(&temperature.to_be_bytes());
                out.put(&humidity.to_be_bytes());
            }
            ExtendedLocationKind::Altitude {
                mileage, altitude, ..
            } => {
                out.put(&mileage.to_be_bytes());
                out.put(&altitude.to_be_bytes());
            }
            ExtendedLocationKind::Supply {
                mileage,
                voltage,
                ignition_seconds,
                rest,
                ..
            } => {
                out.put(&mileage.to_be_bytes());
                out.put(&voltage.to_be_bytes());
                out.put(&ignition_seconds.to_be_bytes());
                out.put(&rest);
            }
            ExtendedLocationKind::CardReader {
                mileage,
                voltage,
                battery,
                ignition_minutes,
                card_id,
                ..
            } => {
                out.put(&mileage.to_be_bytes());
                out.put(&voltage.to_be_bytes());
                out.put(&[battery]);
                write_u24(out, ignition_minutes);
                out.put(card_id);
            }
            ExtendedLocationKind::Items { items, .. } => items.write(out),
            ExtendedLocationKind::CellItems { rssi, items, .. } => {
                let [high, low] = rssi.to_be_bytes();
                if self.kind.form() == LbsForm::Lte {
                    out.put(&[high]);
                }
                out.put(&[low]);
                items.write(out);
            }
            ExtendedLocationKind::Driver { driver_id, .. } => out.put(driver_id),
            ExtendedLocationKind::Lte { mileage, .. } => write_mileage(out, mileage),
            ExtendedLocationKind::LteStatus(status) => status.write(out),
        }
    }
}

/// An alarm of a newer device, with a position. The reply to `16`, `A3` and `A4` is an
/// [`Ack`](super::Ack) of the same number and serial.
///
/// ```text
/// 0     18           19        +7 to +16 +5
/// +-----+- - - - - - +---------+--------+- - - - -+      blocks: Gps, WideLbs, Status
/// | GPS | LBS length | WideLbs | status | the kind|      LBS length: not in 16 with L 24
/// +-----+- - - - - - +---------+--------+- - - - -+
/// ```
///
/// Number and length of the content say which kind it is. A content of another length, and in `16`
/// one whose date neither exists nor is all zero, is [`Unknown`](super::Unknown), or an
/// [`Alarm`](super::Alarm).
///
/// ```
/// use gt02::{protocol::gt06::{ExtendedAlarmKind, Message}, types};
/// let bytes = b"\x78\x78\x2d\xa4\x1a\x05\x09\x16\x02\x03\xcf\x05\xbe\x31\xf8\x0c\x30\x65\x30\x00\
///     \x1c\x00\x10\x01\x2e\xd0\x00\x00\x7e\xf4\x00\x00\x00\x00\x06\x42\x8b\x07\x42\x05\x04\x13\
///     \x02\xff\x00\x09\x38\x9c\x0d\x0a";
/// let Message::ExtendedAlarm(alarm) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(alarm.alarm(), Some(types::Alarm::Tamper));
/// assert_eq!(alarm.kind, ExtendedAlarmKind::LteFence { fence: 0xFF, mileage: None });
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ExtendedAlarm<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Time, place, speed and course.
    pub gps: Gps,
    /// Length of the LBS block as sent; nothing depends on it. It is not sent in
    /// [`NoLength`](ExtendedAlarmKind::NoLength).
    pub lbs_length: u8,
    /// The serving cell.
    pub lbs: WideLbs,
    /// How the device is, and what the alarm is about.
    pub status: Status,
    /// Which number and length it is, and what that has besides.
    pub kind: ExtendedAlarmKind<'a>,
}

/// The kinds of an [`ExtendedAlarm`], and what they have besides the blocks. `L` is the length
/// field of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ExtendedAlarmKind<'a> {
    /// `16` with L 24: nothing, and no LBS length either \[T\].
    NoLength,
    /// `16` with L 26: nothing. Voltage and GSM level are per cent \[C\].
    LongId,
    /// `16` with L 2D: a card \[C\].
    Card {
        /// The number of the card.
        card_id: &'a [u8; 8],
    },
    /// `32` with L 27 or 29 in a `78 78` frame: the altitude \[C\].
    Altitude {
        /// Metres; absent with L 27.
        altitude: Option<i16>,
    },
    /// `A3`: a 4G cell \[C\].
    Lte {
        /// Reading of the odometer; its unit is not stated.
        mileage: Option<u32>,
    },
    /// `A4`: a 4G cell, and a fence \[D\]\[C\].
    LteFence {
        /// Number of the fence, [`NO_FENCE`](super::AlarmDetails::NO_FENCE) for none.
        fence: u8,
        /// Reading of the odometer; its unit is not stated.
        mileage: Option<u32>,
    },
}

impl ExtendedAlarmKind<'_> {
    const fn form(&self) -> LbsForm {
        match self {
            Self::NoLength | Self::Card { .. } => LbsForm::Short,
            Self::LongId => LbsForm::LongId,
            Self::Altitude { .. } => LbsForm::WideMncLongId,
            Self::Lte { .. } | Self::LteFence { .. } => LbsForm::Lte,
        }
    }
}

impl<'a> ExtendedAlarm<'a> {
    /// Creates an alarm of this kind.
    #[must_use]
    pub const fn new(
        gps: Gps,
        lbs: WideLbs,
        status: Status,
        kind: ExtendedAlarmKind<'a>,
        serial: u16,
    ) -> Self {
        let lbs = lbs.in_form(kind.form());
        // The length of the block with itself, except before a cell with a wide MNC and a long id.
        let lbs_length = match kind {
            ExtendedAlarmKind::NoLength => 0,
            ExtendedAlarmKind::Altitude { .. } => 10,
            ExtendedAlarmKind::LongId => 10,
            ExtendedAlarmKind::Card { .. } if lbs.mcc & 0x8000 == 0 => 9,
            ExtendedAlarmKind::Card { .. } => 10,
            _ if lbs.mcc & 0x8000 == 0 => 16,
            _ => 17,
        };
        Self {
            envelope: Envelope::short(serial),
            gps,
            lbs_length,
            lbs,
            status,
            kind,
        }
    }

    /// Whether number, header and length of the content are those of a kind. Those of `16` may be
    /// an [`Alarm`](super::Alarm) with a wide MNC, too.
    fn form(frame: &Parts<'_>) -> Option<LbsForm> {
        let is_long = frame.envelope().header == super::Header::Long;
        Some(match (frame.code(), frame.content().len()) {
            (number::ALARM, 31 | 40) => LbsForm::Short,
            (number::ALARM, 33) => LbsForm::LongId,
            (number::LOCK, 34 | 36) if !is_long => LbsForm::WideMncLongId,
            (number::LTE_ALARM, 39..) | (number::LTE_FENCE_ALARM, 40..) => LbsForm::Lte,
            _ => return None,
        })
    }

    #[inline(never)]
    pub(super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let form = Self::form(frame)?;
        let (code, content) = (frame.code(), frame.content());
        let (rest, gps) = blocks::gps(content).ok()?;
        if code == number::ALARM && !is_possible(gps.time) {
            return None;
        }
        let has_length = (code, content.len()) != (number::ALARM, 31);
        let (rest, lbs_length) = if has_length {
            byte(rest).ok()?
        } else {
            (rest, 0)
        };
        let (rest, lbs) = WideLbs::read(form, rest).ok()?;
        let (rest, status) = status(rest).ok()?;
        let kind = match (code, form) {
            // With a wide MNC it is the alarm of the documents.
            (number::ALARM, LbsForm::LongId) => {
                (rest.is_empty() && lbs.mcc == lbs.mcc()).then_some(ExtendedAlarmKind::LongId)?
            }
            (number::ALARM, _) if has_length => {
                let (_, card_id) = all_consuming(chunk).parse(rest).ok()?;
                ExtendedAlarmKind::Card { card_id }
            }
            (number::ALARM, _) => rest.is_empty().then_some(ExtendedAlarmKind::NoLength)?,
            (number::LOCK, _) => {
                let (_, altitude) = all_consuming(opt(be_i16)).parse(rest).ok()?;
                ExtendedAlarmKind::Altitude { altitude }
            }
            (number::LTE_ALARM, _) => ExtendedAlarmKind::Lte {
                mileage: mileage(rest).ok()?.1,
            },
            _ => {
                let (rest, fence) = byte(rest).ok()?;
                ExtendedAlarmKind::LteFence {
                    fence,
                    mileage: mileage(rest).ok()?.1,
                }
            }
        };
        Some(Self {
            envelope: frame.envelope(),
            gps,
            lbs_length,
            lbs,
            status,
            kind,
        })
    }

    /// Returns what the alarm is about: [`Status::alarm`], in `A4` [`Status::fence_alarm`].
    #[must_use]
    pub const fn alarm(&self) -> Option<types::Alarm> {
        match self.kind {
            ExtendedAlarmKind::LteFence { .. } => self.status.fence_alarm(),
            _ => self.status.alarm(),
        }
    }

    /// Returns the alarm's code, in `A4` [`Status::fence_alarm_code`].
    #[must_use]
    pub const fn alarm_code(&self) -> u16 {
        match self.kind {
            ExtendedAlarmKind::LteFence { .. } => self.status.fence_alarm_code(),
            _ => self.status.alarm as u16,
        }
    }

    /// Returns what the odometer shows, if it was sent; the unit is not stated.
    #[must_use]
    pub const fn mileage(&self) -> Option<u32> {
        match self.kind {
            ExtendedAlarmKind::Lte { mileage } | ExtendedAlarmKind::LteFence { mileage, .. } => {
                mileage
            }
            _ => None,
        }
    }
}

impl Content for ExtendedAlarm<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            ExtendedAlarmKind::NoLength
            | ExtendedAlarmKind::LongId
            | ExtendedAlarmKind::Card { .. } => number::ALARM,
            ExtendedAlarmKind::Altitude { .. } => number::LOCK,
            ExtendedAlarmKind::Lte { .. } => number::LTE_ALARM,
            ExtendedAlarmKind::LteFence { .. } => number::LTE_FENCE_ALARM,
        }
    }

    fn check(&self) -> Result<(), EncodeError> {
        self.lbs.check(self.kind.form())
    }

    fn write(&self, out: &mut Writer<'_>) {
        self.gps.write(out);
        if self.kind != ExtendedAlarmKind::NoLength {
            out.put(&[self.lbs_length]);
        }
        self.lbs.write(self.kind.form(), out);
        self.status.write(out);
        match self.kind {
            ExtendedAlarmKind::NoLength | ExtendedAlarmKind::LongId => {}
            ExtendedAlarmKind::Card { card_id } => out.put(card_id),
            ExtendedAlarmKind::Altitude { altitude } => {
                if let Some(altitude) = altitude {
                    out.put(&altitude.to_be_bytes());
                }
            }
            ExtendedAlarmKind::Lte { mileage } => write_mileage(out, mileage),
            ExtendedAlarmKind::LteFence { fence, mileage } => {
                out.put(&[fence]);
                write_mileage(out, mileage);
            }
        }
    }
}
