//! Lists of items, each with a number and a length. See `docs/protocols/gt06.md`, "Items".

use super::{
    Content, Envelope, ExtendedLocation, Parts,
    blocks::{CourseStatus, Status, bcd_of, device_id, status},
    cell::{CellListNeighbours, Network, PlaceForm},
    number,
    scan::{AccessPointForm, AccessPointList},
    wide::{LbsForm, WideLbs, be_i16},
};
use crate::{
    bytes::{
        read::{be_u16, be_u32, byte},
        write::Writer,
    },
    error::EncodeError,
    types::{
        Alarm, CellTower, DateTime, DeviceId, PackedDigits, Position, Speed, Temperature,
        UtcOffset, Voltage,
    },
};
use core::iter::FusedIterator;
use nom::{
    IResult, Parser,
    combinator::{all_consuming, map},
};

/// The sizes of an item's number and length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ItemForm {
    /// Number 2, length 1: `36`, `37`, `38`, `F1`.
    Short,
    /// Number 2, length 2: `70`.
    Long,
    /// Number 1, length 2: `98`.
    ByteNumber,
}

/// A value with a number that says what it is; one of [`Items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DataItem<'a> {
    /// What the value is: the tables of [the manual](crate::manual::gt06) name the numbers.
    pub number: u16,
    /// The value, whose length was sent before it.
    pub value: &'a [u8],
}

impl<'a> DataItem<'a> {
    fn read(form: ItemForm, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, number) = match form {
            ItemForm::Short | ItemForm::Long => be_u16(input)?,
            ItemForm::ByteNumber => map(byte, u16::from).parse(input)?,
        };
        let (rest, len) = match form {
            ItemForm::Short => map(byte, usize::from).parse(rest)?,
            ItemForm::Long | ItemForm::ByteNumber => map(be_u16, usize::from).parse(rest)?,
        };
        let (value, rest) = rest.split_at_checked(len).ok_or(nom::Err::Error(()))?;
        Ok((rest, Self { number, value }))
    }

    fn write(&self, form: ItemForm, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        let max = |field, max| EncodeError::Range { field, max };
        match form {
            ItemForm::Short | ItemForm::Long => out.put(&self.number.to_be_bytes()),
            ItemForm::ByteNumber => {
                let number = u8::try_from(self.number).map_err(|_| max("number", 0xFF))?;
                out.put(&[number]);
            }
        }
        let len = self.value.len();
        let too_long = |max| EncodeError::TooLong {
            field: "value",
            max,
        };
        match form {
            ItemForm::Short => out.put(&[u8::try_from(len).map_err(|_| too_long(0xFF))?]),
            ItemForm::Long | ItemForm::ByteNumber => {
                let len = u16::try_from(len).map_err(|_| too_long(0xFFFF))?;
                out.put(&len.to_be_bytes());
            }
        }
        out.put(self.value);
        Ok(())
    }
}

/// A list of items that fills its bytes exactly. The items are parsed during iteration.
///
/// ```text
/// 0        2        3 or 4
/// +--------+--------+- - - +
/// | number | length | value|  ...     the number has one byte in 98
/// +--------+--------+- - - +
/// ```
///
/// ```
/// use gt02::protocol::gt06::{DataItem, ItemForm, Items};
/// let mut bytes = [0; 16];
/// let supply = DataItem { number: 0x27, value: &[0x12, 0xCE] };
/// let items = Items::pack(ItemForm::Short, &[supply], &mut bytes)?;
/// assert_eq!(items.get(0x27), Some(&[0x12, 0xCE][..]));
/// assert_eq!(items.iter().count(), 1);
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Items<'a> {
    form: ItemForm,
    bytes: &'a [u8],
}

impl<'a> Items<'a> {
    /// Packs items into the front of `out`.
    ///
    /// # Errors
    /// If `out` is too small, with the size that is enough; or if a number or a length does not fit
    /// the form.
    pub fn pack(
        form: ItemForm,
        items: &[DataItem<'_>],
        out: &'a mut [u8],
    ) -> Result<Self, EncodeError> {
        let mut writer = Writer::new(out);
        for item in items {
            item.write(form, &mut writer)?;
        }
        let bytes = writer.finish()?;
        Ok(Self { form, bytes })
    }

    /// Takes bytes that are a list of items; `None` if an item runs over the end.
    #[must_use]
    pub fn new(form: ItemForm, bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        while !rest.is_empty() {
            (rest, _) = DataItem::read(form, rest).ok()?;
        }
        Some(Self { form, bytes })
    }

    /// Returns the items as they are on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the form of the items.
    #[must_use]
    pub const fn form(&self) -> ItemForm {
        self.form
    }

    /// Returns an iterator over the items, in the order in which they were sent.
    #[must_use]
    pub const fn iter(&self) -> ItemIter<'a> {
        ItemIter {
            form: self.form,
            rest: self.bytes,
        }
    }

    /// Returns the value of the first item with this number.
    #[must_use]
    pub fn get(&self, number: u16) -> Option<&'a [u8]> {
        self.iter()
            .find(|item| item.number == number)
            .map(|item| item.value)
    }

    /// Returns the value of the first item with this number and this size.
    fn sized<const N: usize>(&self, number: u16) -> Option<&'a [u8; N]> {
        self.get(number)?.try_into().ok()
    }

    fn hundredths(&self, number: u16) -> Option<u16> {
        self.sized(number).copied().map(u16::from_be_bytes)
    }

    /// Returns item 0018: voltage of the device's battery \[C\].
    #[must_use]
    pub fn battery_voltage(&self) -> Option<Voltage> {
        self.hundredths(0x18).map(Voltage::from_hundredths)
    }

    /// Returns item 0027: voltage of the external supply \[C\].
    #[must_use]
    pub fn voltage(&self) -> Option<Voltage> {
        self.hundredths(0x27).map(Voltage::from_hundredths)
    }

    /// Returns item 002E: the reading of the odometer, in metres \[C\].
    #[must_use]
    pub fn mileage(&self) -> Option<u32> {
        self.sized(0x2E).copied().map(u32::from_be_bytes)
    }

    /// Returns item 003B: the accuracy of the position, in hundredths of a metre, 0 without a fix
    /// \[C\].
    #[must_use]
    pub fn accuracy(&self) -> Option<u16> {
        self.hundredths(0x3B)
    }

    /// Returns item 006A: the charge of the battery, per cent \[C\].
    #[must_use]
    pub fn battery_percent(&self) -> Option<u8> {
        self.sized(0x6A).map(|&[percent]| percent)
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        out.put(self.bytes);
    }
}

impl<'a> IntoIterator for Items<'a> {
    type Item = DataItem<'a>;
    type IntoIter = ItemIter<'a>;

    fn into_iter(self) -> ItemIter<'a> {
        self.iter()
    }
}

impl<'a> IntoIterator for &Items<'a> {
    type Item = DataItem<'a>;
    type IntoIter = ItemIter<'a>;

    fn into_iter(self) -> ItemIter<'a> {
        self.iter()
    }
}

/// An iterator over [`Items`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ItemIter<'a> {
    form: ItemForm,
    rest: &'a [u8],
}

impl<'a> Iterator for ItemIter<'a> {
    type Item = DataItem<'a>;

    fn next(&mut self) -> Option<DataItem<'a>> {
        let (rest, item) = DataItem::read(self.form, self.rest).ok()?;
        self.rest = rest;
        Some(item)
    }
}

impl FusedIterator for ItemIter<'_> {}

/// A message that is a list of items: `36`, `70`, `98` and `F1`.
///
/// ```text
/// 0        5               0               0      4
/// +--------+- - - +        +- - - +        +------+- - - +
/// | status | items|   36   | items| 70 98  | time | items|   F1       block: Status
/// +--------+- - - +        +- - - +        +------+- - - +
/// ```
///
/// A list that does not end with the content shows another layout, so the message is
/// [`Unknown`](super::Unknown). `36` with 48 bytes is an
/// [`ExtendedLocation`].
///
/// ```
/// use gt02::protocol::gt06::Message;
/// // The heartbeat of an electric bicycle.
/// let bytes =
///     b"\x78\x78\x0f\x36\x04\x06\x02\x00\x02\x00\x27\x02\x12\xce\x00\x4c\x80\x37\x0d\x0a";
/// let Message::ItemList(list) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(list.items.voltage().unwrap().volts(), 48.14);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ItemList<'a> {
    /// Header and serial.
    pub envelope: Envelope,
    /// Which number it is, and what that has before the items.
    pub kind: ItemListKind,
    /// The items.
    pub items: Items<'a>,
}

/// The number of an [`ItemList`], and what it has before the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ItemListKind {
    /// `36`: a heartbeat. The reply is an [`Ack`](super::Ack) of the same number and serial \[T\].
    Heartbeat(Status),
    /// `70` in a `79 79` frame: position, cell, numbers, as far as the device has them. The reply
    /// is an [`Ack`](super::Ack) with a `79 79` header, if the device
    /// [wants one](ItemList::wants_reply) \[T\].
    Modular,
    /// `98` in a `79 79` frame: the numbers of a lock \[C\].
    Identity,
    /// `F1` in a `79 79` frame: what the sensors say \[C\].
    Sensors {
        /// Seconds since 1970, UTC.
        time: u32,
    },
}

impl ItemListKind {
    /// The form of the items.
    const fn form(self) -> ItemForm {
        match self {
            Self::Heartbeat(_) | Self::Sensors { .. } => ItemForm::Short,
            Self::Modular => ItemForm::Long,
            Self::Identity => ItemForm::ByteNumber,
        }
    }
}

impl<'a> ItemList<'a> {
    /// The item of `F1` that says whether the device is armed.
    pub const ARMED: u16 = 0x0002;
    /// The item of `F1` that says whether the ignition is on.
    pub const IGNITION: u16 = 0x0004;
    /// The item of `F1` that says whether the device is charging.
    pub const CHARGING: u16 = 0x0007;

    /// Packs an IMEI as an item of `70` and `98` holds it.
    ///
    /// # Errors
    /// If the IMEI has neither 15 digits nor 16 with a first digit above 0.
    pub fn imei_field(imei: DeviceId) -> Result<[u8; 8], EncodeError> {
        bcd_of(imei)
    }

    /// Creates a message of these items, with the header that its kind is seen with. The items must
    /// have the form of the kind.
    #[must_use]
    pub const fn new(kind: ItemListKind, items: Items<'a>, serial: u16) -> Self {
        let envelope = match kind {
            ItemListKind::Heartbeat(_) => Envelope::short(serial),
            _ => Envelope::long(serial),
        };
        Self {
            envelope,
            kind,
            items,
        }
    }

    pub(in super::super) fn read(frame: &Parts<'a>) -> Option<Self> {
        let content = frame.content();
        let (items, kind) = match frame.code() {
            number::ITEMS if !ExtendedLocation::is_card_reader(content) => {
                map(status, ItemListKind::Heartbeat).parse(content).ok()?
            }
            number::MODULAR if !content.is_empty() => (content, ItemListKind::Modular),
            number::IDENTITY if !content.is_empty() => (content, ItemListKind::Identity),
            number::SENSORS => map(be_u32, |time| ItemListKind::Sensors { time })
                .parse(content)
                .ok()?,
            _ => return None,
        };
        Some(Self {
            envelope: frame.envelope(),
            kind,
            items: Items::new(kind.form(), items)?,
        })
    }

    /// Returns `true` if item 1000 of a `70` is 1: the device waits for a reply \[T\].
    #[must_use]
    pub fn wants_reply(&self) -> bool {
        self.kind == ItemListKind::Modular && self.items.get(0x1000) == Some(&[1])
    }

    /// Returns whether a `70` was stored and is sent late: item 0035 \[C\].
    #[must_use]
    pub fn resent(&self) -> Option<bool> {
        /// The value of stored data; 0 and 3 are seen, too.
        const STORED: u8 = 1;
        match (self.kind, self.items.get(0x35)?) {
            (ItemListKind::Modular, &[value]) => Some(value == STORED),
            _ => None,
        }
    }

    /// Returns an item of `F1` that is 0 or 1.
    #[must_use]
    pub fn sensor(&self, number: u16) -> Option<bool> {
        match (self.kind, self.items.get(number)?) {
            (ItemListKind::Sensors { .. }, [0]) => Some(false),
            (ItemListKind::Sensors { .. }, [1]) => Some(true),
            _ => None,
        }
    }

    /// Returns whether the device moves: item 0001 of `F1`, which is 1 if not, 2 or 4 if so \[T\].
    #[must_use]
    pub fn moving(&self) -> Option<bool> {
        match (self.kind, self.items.get(0x01)?) {
            (ItemListKind::Sensors { .. }, [1]) => Some(false),
            (ItemListKind::Sensors { .. }, [2 | 4]) => Some(true),
            _ => None,
        }
    }

    /// Returns the supply: item 0005 of `F1`.
    #[must_use]
    pub fn supply(&self) -> Option<Voltage> {
        let hundredths = self.items.hundredths(0x05)?;
        matches!(self.kind, ItemListKind::Sensors { .. })
            .then(|| Voltage::from_hundredths(hundredths))
    }

    /// Returns the version of the firmware: item 07 of `98`, ASCII.
    #[must_use]
    pub fn firmware(&self) -> Option<&'a [u8]> {
        let text = self.items.get(0x07)?;
        (self.kind == ItemListKind::Identity).then_some(text)
    }

    /// Returns ten times the horizontal dilution of precision: item 0028 of `70`.
    #[must_use]
    pub fn hdop_tenths(&self) -> Option<u8> {
        match (self.kind, self.items.get(0x28)?) {
            (ItemListKind::Modular, &[tenths]) => Some(tenths),
            _ => None,
        }
    }

    /// Returns the temperature of a Bluetooth tag: item 007F of `70`.
    #[must_use]
    pub fn tag_temperature(&self) -> Option<Temperature> {
        let &[_, _, _, _, _, _, _, _, _, high, low, _, _, _] = self.items.sized::<14>(0x7F)?;
        let tenths = i32::from(i16::from_be_bytes([high, low]));
        (self.kind == ItemListKind::Modular)
            .then(|| Temperature::from_millicelsius(tenths.wrapping_mul(100)))
    }

    /// Returns the access points: item 0036 of `70`.
    #[must_use]
    pub fn access_points(&self) -> Option<AccessPointList<'a>> {
        let value = self.items.get(0x36)?;
        if self.kind != ItemListKind::Modular {
            return None;
        }
        AccessPointList::counted(&[AccessPointForm::Plain], value)
    }

    /// Returns the IMEI: item 0001 of `70`, item 00 of `98`.
    #[must_use]
    pub fn device_id(&self) -> Option<DeviceId> {
        let number = match self.kind {
            ItemListKind::Modular => 1,
            ItemListKind::Identity => 0,
            _ => return None,
        };
        device_id(*self.items.sized(number)?)
    }

    /// Returns the IMSI, without the leading 0: item 0002 of `70`, item 01 of `98`.
    #[must_use]
    pub fn imsi(&self) -> Option<PackedDigits<'a>> {
        let number = match self.kind {
            ItemListKind::Modular => 2,
            ItemListKind::Identity => 1,
            _ => return None,
        };
        let digits = self.items.sized::<8>(number)?;
        Some(PackedDigits::without_leading_zero(digits))
    }

    /// Returns the ICCID, without an f at the end: item 0003 of `70`, item 02 of `98`.
    #[must_use]
    pub fn iccid(&self) -> Option<PackedDigits<'a>> {
        let number = match self.kind {
            ItemListKind::Modular => 3,
            ItemListKind::Identity => 2,
            _ => return None,
        };
        Some(PackedDigits::new(self.items.sized::<10>(number)?))
    }

    /// Returns the place: item 0033 of `70`, unless all its bytes are zero, which says that there
    /// is no fix.
    #[must_use]
    pub fn fix(&self) -> Option<ModularFix> {
        if self.kind != ItemListKind::Modular {
            return None;
        }
        let value = self.items.sized(0x33)?;
        (*value != [0; 18]).then(|| ModularFix::read(value))?
    }

    /// Returns the serving cell: items 0011 and 0043 of `70`.
    #[must_use]
    pub fn cell(&self) -> Option<CellTower> {
        self.serving(0x11, LbsForm::WideMnc)
            .and_then(|lbs| lbs.cell())
            .or_else(|| self.serving(0x43, LbsForm::WideMncLongId)?.cell())
    }

    fn serving(&self, number: u16, form: LbsForm) -> Option<WideLbs> {
        if self.kind != ItemListKind::Modular {
            return None;
        }
        let with_rssi = (|input| WideLbs::read(form, input), byte);
        let (_, (lbs, _)) = all_consuming(with_rssi)
            .parse(self.items.get(number)?)
            .ok()?;
        Some(lbs)
    }

    /// Returns the neighbours of the cell in item 0043: item 0044 of `70`. The RSSI is as sent, 0
    /// to 255.
    #[must_use]
    pub fn neighbours(&self) -> CellListNeighbours<'a> {
        let places = self.items.get(0x44);
        let serving = self.serving(0x43, LbsForm::WideMncLongId);
        let (network, places) = match (serving, places) {
            (Some(lbs), Some(places)) => (Network::new(lbs.mcc(), lbs.mnc), places),
            _ => (Network::new(0, 0), &[][..]),
        };
        CellListNeighbours::new(network, PlaceForm::LongId, places)
    }

    /// Returns the events of a `70`, one for each item 0034, in the order in which they were sent.
    pub fn events(&self) -> impl Iterator<Item = ModularEvent<'a>> + use<'a> {
        let is_modular = self.kind == ItemListKind::Modular;
        self.items
            .iter()
            .filter(move |item| is_modular && item.number == 0x34)
            .filter_map(|item| ModularEvent::read(item.value))
    }
}

impl Content for ItemList<'_> {
    fn code(&self) -> u8 {
        match self.kind {
            ItemListKind::Heartbeat(_) => number::ITEMS,
            ItemListKind::Modular => number::MODULAR,
            ItemListKind::Identity => number::IDENTITY,
            ItemListKind::Sensors { .. } => number::SENSORS,
        }
    }

    fn field(&self) -> &'static str {
        "items"
    }

    fn write(&self, out: &mut Writer<'_>) {
        match self.kind {
            ItemListKind::Heartbeat(status) => status.write(out),
            ItemListKind::Sensors { time } => out.put(&time.to_be_bytes()),
            ItemListKind::Modular | ItemListKind::Identity => {}
        }
        self.items.write(out);
    }
}

/// Where the device is: item 0033 of a [`70`](ItemListKind::Modular), 18 bytes.
///
/// ```text
/// 0      4            5          7          11          15      16       18
/// +------+------------+----------+----------+-----------+-------+--------+
/// | time | satellites | altitude | latitude | longitude | speed | course |
/// +------+------------+----------+----------+-----------+-------+--------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ModularFix {
    /// Seconds since 1970, UTC.
    pub time: u32,
    /// Satellites used in the fix.
    pub satellites: u8,
    /// Metres.
    pub altitude: i16,
    /// 1/30,000 minute, 0 to 162,000,000; `course` has the sign.
    pub latitude: u32,
    /// 1/30,000 minute, 0 to 324,000,000; `course` has the sign.
    pub longitude: u32,
    /// Kilometres per hour \[C\]; one public server takes it for knots.
    pub speed: u8,
    /// Course over ground, fix and hemispheres.
    pub course: CourseStatus,
}

impl ModularFix {
    fn read(value: &[u8; 18]) -> Option<Self> {
        let (_, (time, satellites, altitude, latitude, longitude, speed, course)) = (
            be_u32,
            byte,
            be_i16,
            be_u32,
            be_u32,
            byte,
            map(be_u16, CourseStatus),
        )
            .parse(value)
            .ok()?;
        Some(Self {
            time,
            satellites,
            altitude,
            latitude,
            longitude,
            speed,
            course,
        })
    }

    /// Returns the bytes of the item.
    ///
    /// ```
    /// use gt02::protocol::gt06::{CourseStatus, DataItem, ItemForm, ItemList, ItemListKind, Items};
    /// use gt02::protocol::gt06::ModularFix;
    /// let fix = ModularFix {
    ///     time: 1_703_757_846,
    ///     satellites: 8,
    ///     altitude: 31,
    ///     latitude: 78_300_000,
    ///     longitude: 29_250_000,
    ///     speed: 0,
    ///     course: CourseStatus(0x14E9),
    /// };
    /// let value = fix.to_bytes();
    /// let mut bytes = [0; 22];
    /// let item = DataItem { number: 0x33, value: &value };
    /// let items = Items::pack(ItemForm::Long, &[item], &mut bytes)?;
    /// assert_eq!(ItemList::new(ItemListKind::Modular, items, 1).fix(), Some(fix));
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 18] {
        let mut bytes = [0; 18];
        let mut out = Writer::new(&mut bytes);
        out.put(&self.time.to_be_bytes());
        out.put(&[self.satellites]);
        out.put(&self.altitude.to_be_bytes());
        out.put(&self.latitude.to_be_bytes());
        out.put(&self.longitude.to_be_bytes());
        out.put(&[self.speed]);
        out.put(&self.course.0.to_be_bytes());
        bytes
    }

    /// Returns the time, in UTC, if it is after 1999.
    #[must_use]
    pub const fn time(&self) -> Option<DateTime> {
        DateTime::from_unix(self.time as i64, UtcOffset::UTC)
    }

    /// Returns the place, if latitude and longitude are within 90 and 180 degrees.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        Position::from_thirty_thousandths(
            (self.latitude, self.course.north()),
            (self.longitude, self.course.east()),
        )
    }

    /// Returns the speed over ground.
    #[must_use]
    pub const fn speed(&self) -> Speed {
        Speed::from_kmh(self.speed as u16)
    }
}

/// What happened, and when: item 0034 of a [`70`](ItemListKind::Modular).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ModularEvent<'a> {
    /// Below 10 the code of an [`UploadMode`](super::UploadMode) \[C\], from 10 an
    /// [alarm](Self::alarm).
    pub code: u8,
    /// Seconds since 1970, UTC.
    pub time: u32,
    /// Other bytes of the event.
    pub data: &'a [u8],
}

impl<'a> ModularEvent<'a> {
    /// The least code of an alarm.
    const ALARMS: u8 = 0x10;

    fn read(value: &'a [u8]) -> Option<Self> {
        let (data, (code, time, len)) = (byte, be_u32, byte).parse(value).ok()?;
        (data.len() == usize::from(len)).then_some(Self { code, time, data })
    }

    /// Returns the code of an [`UploadMode`](super::UploadMode), if the code is below 10.
    #[must_use]
    pub const fn upload_mode(&self) -> Option<u8> {
        if self.code < Self::ALARMS {
            Some(self.code)
        } else {
            None
        }
    }

    /// Returns the alarm, if a public decoder names the code \[T\].
    #[must_use]
    pub const fn alarm(&self) -> Option<Alarm> {
        Some(match self.code {
            0x10 => Alarm::DoorOpened,
            0x12 | 0x23 => Alarm::Tamper,
            0x14 => Alarm::GeofenceEnter,
            0x15 => Alarm::GeofenceExit,
            // Temperature.
            0x16 => Alarm::Other,
            0x1A => Alarm::LowBattery,
            0x1B => Alarm::Overspeed,
            0x1C => Alarm::PowerOn,
            0x1D => Alarm::PowerOff,
            0x20 => Alarm::Vibration,
            0x21 => Alarm::PowerCut,
            _ => return None,
        })
    }
}
