use super::{
    cells::battery_voltage,
    fields::{
        all_fields, date, number, short_hex, some_fields, time, trim, write_date, write_number,
        write_time,
    },
    status::{status, write_status},
};
use crate::{
    bytes::{text, write::Writer},
    error::EncodeError,
    protocol::h02::{Date, FieldIter, Fields, Header, Status, TimeOfDay},
    types::{AccessPoint, DateTime, MacAddress, Voltage},
};
use core::iter;
use nom::{
    IResult, Parser,
    branch::alt,
    combinator::{map, map_opt, peek, verify},
    sequence::preceded,
};

/// The Wi-Fi access points in sight: `V5` of CanTrack devices \[D\].
///
/// ```text
/// +---+-------+---+----+---+----+ - - - - - -+---+---+
/// | * | maker | , | id | , | V5 | , HHMMSS   | , | n |
/// +---+-------+---+----+---+----+ - - - - - -+---+---+
///
///     +------ n times ------+
/// +---+-----+--------+---+---------+---+--------+---+--------+---+
/// | , | MAC | signal | , | battery | , | DDMMYY | , | status | # |
/// +---+-----+--------+---+---------+---+--------+---+--------+---+
///       12      2          4
/// ```
///
/// The vendor document has the time in its table and not in its example. Nothing in the frame is a
/// position. The scale of the signal, two characters, is not established.
///
/// Other devices send a position as `V5`, a [`Location`](super::Location). A `V5` is this message
/// if as many fields of 14 hexadecimal digits as it announces are there, and three after them.
///
/// ```
/// use gt02::protocol::h02::Message;
/// // Put together after the CanTrack document.
/// let bytes = b"*HQ,135790246811220,V5,101500,3,d076e794d03cc6,50d4f78e17d0b4,08c6b333865cae,\
///     0292,010825,FFFFFBFF#";
/// let Message::WifiReport(wifi) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!(wifi.time().unwrap().to_string(), "2025-08-01T10:15:00");
/// assert_eq!(wifi.access_points().next().unwrap().mac.to_string(), "d0:76:e7:94:d0:3c");
/// assert_eq!(wifi.battery_voltage().unwrap().millivolts(), 3598);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct WifiReport<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time; absent if the frame has none.
    pub time: Option<TimeOfDay>,
    /// The access points, a field each: 12 hexadecimal digits of the address, 2 of the signal.
    pub access_points: Fields<'a>,
    /// The battery, 4 hexadecimal digits, in units of 5.6 / 1024 V \[D\].
    pub battery: Option<u16>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
}

impl<'a> WifiReport<'a> {
    /// Creates a list of access points. [`FieldBuffer`](super::FieldBuffer) writes them.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::h02::{FieldBuffer, Header, Status, WifiReport},
    ///     types::{DateTime, DeviceId},
    /// };
    /// let header = Header::from("135790246811220".parse::<DeviceId>().unwrap());
    /// let time = DateTime::new(2025, 8, 1, 10, 15, 0).unwrap();
    /// let mut points = FieldBuffer::<64>::new();
    /// points.push_text("d076e794d03cc6")?;
    /// let status = Status::new().with_ignition(false);
    /// let wifi = WifiReport::new(header, time, points.as_fields(), 0x0292, status)?;
    /// let mut out = [0; 100];
    /// let len = wifi.encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     *b"*HQ,135790246811220,V5,101500,1,d076e794d03cc6,0292,010825,FFFFFBFF#",
    /// );
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    ///
    /// # Errors
    /// If the year is above 2099.
    pub fn new(
        header: Header<'a>,
        time: DateTime,
        access_points: Fields<'a>,
        battery: u16,
        status: Status,
    ) -> Result<Self, EncodeError> {
        Ok(Self {
            header,
            time: Some(time.into()),
            access_points,
            battery: Some(battery),
            date: Some(time.try_into()?),
            status: Some(status),
        })
    }

    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let some_time = verify(time, Option::is_some);
        let (rest, (time, count)) =
            alt(((some_time, count), map(count, |count| (None, count)))).parse(input)?;
        let (rest, access_points) = verify(some_fields(count.into()), |points: &Fields<'_>| {
            points.iter().filter_map(access_point).count() == usize::from(count)
        })
        .parse(rest)?;
        let has_three = verify(peek(all_fields), |left| left.iter().count() == 3);
        let (rest, battery) = preceded(has_three, short_hex).parse(rest)?;
        let (rest, date) = date(rest)?;
        let (rest, status) = status(rest)?;
        let wifi = Self {
            header,
            time,
            access_points,
            battery,
            date,
            status,
        };
        Ok((rest, wifi))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        if self.time.is_some() {
            write_time(out, self.time);
        }
        let count = self.access_points.iter().count();
        write_number(out, u32::try_from(count).unwrap_or(u32::MAX), 1);
        out.put(self.access_points.0);
        out.put(b",");
        if let Some(battery) = self.battery {
            out.put_hex(battery.into(), 4);
        }
        write_date(out, self.date);
        write_status(out, self.status);
    }

    /// Returns date and time, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }

    /// Returns the access points, without their signal, whose scale is not established.
    #[must_use]
    pub const fn access_points(&self) -> AccessPointIter<'a> {
        AccessPointIter(Rest::Joined(self.access_points.iter()))
    }

    /// Returns the voltage of the device's own battery \[D\].
    #[must_use]
    pub fn battery_voltage(&self) -> Option<Voltage> {
        self.battery.map(battery_voltage)
    }
}

/// Reads a count of access points: 1 or 2 digits.
fn count(input: &[u8]) -> IResult<&[u8], u8, ()> {
    map_opt(number, |count: Option<u8>| {
        count.filter(|&count| count <= 99)
    })
    .parse(input)
}

/// Returns the address in a field of address and signal.
fn access_point(field: &[u8]) -> Option<MacAddress> {
    let (mac, signal) = field.split_first_chunk()?;
    (signal.len() == 2 && signal.iter().all(u8::is_ascii_hexdigit))
        .then(|| mac_address(mac))
        .flatten()
}

/// Returns the address of 12 hexadecimal digits.
fn mac_address(digits: &[u8; 12]) -> Option<MacAddress> {
    let mut mac = [0; 6];
    for (byte, digits) in mac.iter_mut().zip(digits.chunks(2)) {
        *byte = text::hex(digits)?.try_into().ok()?;
    }
    Some(MacAddress(mac))
}

/// An iterator over the access points in a frame.
#[derive(Clone, Debug)]
pub struct AccessPointIter<'a>(Rest<'a>);

/// The access points that were not read yet.
#[derive(Clone, Debug)]
enum Rest<'a> {
    /// A field each: the address and the signal.
    Joined(FieldIter<'a>),
    /// Two fields each: the address, and the strength in dBm above -110.
    Pairs(FieldIter<'a>),
}

impl<'a> AccessPointIter<'a> {
    /// No access points.
    pub(in crate::protocol::h02) const EMPTY: Self = Self(Rest::Joined(Fields(&[]).iter()));

    /// The access points in these fields, two each.
    pub(super) const fn pairs(fields: Fields<'a>) -> Self {
        Self(Rest::Pairs(fields.iter()))
    }
}

impl<'a> Iterator for AccessPointIter<'a> {
    type Item = AccessPoint<'a>;

    fn next(&mut self) -> Option<AccessPoint<'a>> {
        match &mut self.0 {
            Rest::Joined(fields) => {
                let mac = fields.find_map(access_point)?;
                Some(AccessPoint::new(mac, None, None))
            }
            Rest::Pairs(fields) => loop {
                let [mac, strength] = [fields.next()?, fields.next()?].map(trim);
                // A damaged one is left out.
                if let Some(mac) = mac.try_into().ok().and_then(mac_address) {
                    let strength = text::hex(strength).and_then(|value| i16::try_from(value).ok());
                    let rssi = strength.map(|value| value.saturating_sub(110));
                    return Some(AccessPoint::new(mac, rssi, None));
                }
            },
        }
    }
}

impl iter::FusedIterator for AccessPointIter<'_> {}
