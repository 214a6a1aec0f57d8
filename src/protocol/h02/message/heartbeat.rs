use super::{
    fields::{all_fields, date, number, time, write_date, write_optional, write_time},
    status::{status, write_status},
};
use crate::{
    bytes::write::Writer,
    error::EncodeError,
    protocol::h02::{Date, Fields, Header, Status, TimeOfDay},
    types::DateTime,
};
use nom::IResult;

/// The device logs in: `V0` \[D\]. The reply is the whole frame, so the bytes are the same both
/// ways.
///
/// ```text
/// +---+-------+---+----+---+----+---+
/// | * | maker | , | id | , | V0 | # |
/// +---+-------+---+----+---+----+---+
/// ```
///
/// ```
/// use gt02::{protocol::h02::{Header, Login}, types::DeviceId};
/// let header = Header::from("865205030330012".parse::<DeviceId>().unwrap());
/// let mut out = [0; 32];
/// let len = Login::new(header).encode(&mut out)?;
/// assert_eq!(out[..len], *b"*HQ,865205030330012,V0#");
/// # Ok::<(), gt02::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Login<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The fields after the type, as sent; no known device has any.
    pub fields: Fields<'a>,
}

impl<'a> Login<'a> {
    /// Creates a login.
    #[must_use]
    pub const fn new(header: Header<'a>) -> Self {
        Self {
            header,
            fields: Fields(&[]),
        }
    }
}

/// The device is there: `HTBT` \[D\]. The reply is the whole frame, so the bytes are the same both
/// ways.
///
/// ```text
/// +---+-------+---+----+---+------+ - - - - - +---+
/// | * | maker | , | id | , | HTBT | , percent | # |
/// +---+-------+---+----+---+------+ - - - - - +---+
/// ```
///
/// ```
/// use gt02::protocol::h02::{Heartbeat, Message};
/// // The CanTrack document.
/// let Message::Heartbeat(heartbeat) = Message::parse(b"*HQ,135790246811220,HTBT,100#")? else {
///     unreachable!()
/// };
/// assert_eq!(heartbeat.percent(), Some(100));
/// assert_eq!(Heartbeat::with_percent(heartbeat.header, 100), Ok(heartbeat));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Heartbeat<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// The fields after the type, as sent: the battery in per cent, or nothing.
    pub fields: Fields<'a>,
}

impl<'a> Heartbeat<'a> {
    /// Creates a heartbeat without a percentage.
    #[must_use]
    pub const fn new(header: Header<'a>) -> Self {
        Self {
            header,
            fields: Fields(&[]),
        }
    }

    /// Creates a heartbeat with the battery in per cent.
    ///
    /// # Errors
    /// If `percent` is above 100.
    pub fn with_percent(header: Header<'a>, percent: u8) -> Result<Self, EncodeError> {
        let fields = PERCENTAGES
            .get(usize::from(percent))
            .ok_or(EncodeError::Range {
                field: "percent",
                max: 100,
            })?;
        let len = match percent {
            0..10 => 2,
            10..100 => 3,
            _ => 4,
        };
        Ok(Self {
            header,
            fields: Fields(fields.get(..len).unwrap_or_default()),
        })
    }

    /// Returns the battery in per cent.
    #[must_use]
    pub fn percent(&self) -> Option<u8> {
        let (_, percent) = number(self.fields.0).ok()?;
        percent
    }
}

/// Fields of 0 to 100: the comma, the digits, and what is left of four bytes.
static PERCENTAGES: [[u8; 4]; 101] = {
    let mut fields = [[b','; 4]; 101];
    let mut rest: &mut [[u8; 4]] = &mut fields;
    let mut percent = 0_u8;
    while let [field, after @ ..] = rest {
        let (tens, ones) = (percent / 10, b'0' + percent % 10);
        *field = match tens {
            0 => [b',', ones, 0, 0],
            10 => *b",100",
            _ => [b',', b'0' + tens, ones, 0],
        };
        percent += 1;
        rest = after;
    }
    fields
};

/// The device is there: `LINK`, of wearable devices.
///
/// ```text
/// +---+-------+---+----+---+------+---+--------+---+-----+---+------------+
/// | * | maker | , | id | , | LINK | , | HHMMSS | , | gsm | , | satellites |
/// +---+-------+---+----+---+------+---+--------+---+-----+---+------------+
///
/// +---+---------+---+-------+---+-------+---+--------+---+--------+---+
/// | , | battery | , | steps | , | turns | , | DDMMYY | , | status | # |
/// +---+---------+---+-------+---+-------+---+--------+---+--------+---+
/// ```
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder.
/// let bytes = b"*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#";
/// let Message::LinkStatus(link) = Message::parse(bytes)? else { unreachable!() };
/// assert_eq!((link.gsm, link.satellites, link.battery), (Some(20), Some(8), Some(67)));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct LinkStatus<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
    /// Time.
    pub time: Option<TimeOfDay>,
    /// Strength of the mobile network's signal. Its scale is not established; it is 15, 20 and 100
    /// in captures.
    pub gsm: Option<u8>,
    /// Number of satellites.
    pub satellites: Option<u8>,
    /// The battery, per cent.
    pub battery: Option<u8>,
    /// Steps.
    pub steps: Option<u32>,
    /// Turns.
    pub turns: Option<u32>,
    /// Date.
    pub date: Option<Date>,
    /// Alarms and inputs; absent if the field is not 8 hexadecimal digits.
    pub status: Option<Status>,
    /// The fields after the status, as sent; no known device has any.
    pub extras: Fields<'a>,
}

impl<'a> LinkStatus<'a> {
    /// Creates a heartbeat that has a time and a status word; all other fields are absent.
    ///
    /// ```
    /// use gt02::{
    ///     protocol::h02::{Header, LinkStatus, Status},
    ///     types::{DateTime, DeviceId},
    /// };
    /// let header = Header::from("1600068860".parse::<DeviceId>().unwrap());
    /// let time = DateTime::new(2016, 11, 8, 11, 21, 37).unwrap();
    /// let mut link = LinkStatus::new(header, time, Status::new().with_ignition(false))?;
    /// (link.gsm, link.satellites, link.battery) = (Some(20), Some(8), Some(67));
    /// (link.steps, link.turns) = (Some(0), Some(0));
    /// let mut out = [0; 64];
    /// let len = link.encode(&mut out)?;
    /// assert_eq!(
    ///     out[..len],
    ///     *b"*HQ,1600068860,LINK,112137,20,8,67,0,0,081116,FFFFFBFF#",
    /// );
    /// # Ok::<(), gt02::EncodeError>(())
    /// ```
    ///
    /// # Errors
    /// If the year is above 2099.
    pub fn new(header: Header<'a>, time: DateTime, status: Status) -> Result<Self, EncodeError> {
        Ok(Self {
            header,
            time: Some(time.into()),
            gsm: None,
            satellites: None,
            battery: None,
            steps: None,
            turns: None,
            date: Some(time.try_into()?),
            status: Some(status),
            extras: Fields(&[]),
        })
    }

    pub(super) fn read(header: Header<'a>, input: &'a [u8]) -> IResult<&'a [u8], Self, ()> {
        let (rest, time) = time(input)?;
        let (rest, gsm) = number(rest)?;
        let (rest, satellites) = number(rest)?;
        let (rest, battery) = number(rest)?;
        let (rest, steps) = number(rest)?;
        let (rest, turns) = number(rest)?;
        let (rest, date) = date(rest)?;
        let (rest, status) = status(rest)?;
        let (rest, extras) = all_fields(rest)?;
        let link = Self {
            header,
            time,
            gsm,
            satellites,
            battery,
            steps,
            turns,
            date,
            status,
            extras,
        };
        Ok((rest, link))
    }

    pub(super) fn write(&self, out: &mut Writer<'_>) {
        write_time(out, self.time);
        for value in [self.gsm, self.satellites, self.battery] {
            write_optional(out, value, 1);
        }
        write_optional(out, self.steps, 1);
        write_optional(out, self.turns, 1);
        write_date(out, self.date);
        write_status(out, self.status);
        out.put(self.extras.0);
    }

    /// Returns date and time, UTC, as sent.
    #[must_use]
    pub fn time(&self) -> Option<DateTime> {
        Some(self.date?.at(self.time?))
    }
}

/// A frame without a type and without fields: the device is there.
///
/// ```text
/// +---+-------+---+----+---+---+
/// | * | maker | , | id | , | # |
/// +---+-------+---+----+---+---+
/// ```
///
/// ```
/// use gt02::protocol::h02::Message;
/// // A capture, from the tests of a public decoder.
/// let message = Message::parse(b"*HQ,4109198974,#")?;
/// assert!(matches!(message, Message::EmptyFrame(_)));
/// assert_eq!(message.message_type(), None);
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct EmptyFrame<'a> {
    /// Maker and id of the device.
    pub header: Header<'a>,
}

impl<'a> EmptyFrame<'a> {
    /// Creates a frame without a type.
    #[must_use]
    pub const fn new(header: Header<'a>) -> Self {
        Self { header }
    }
}
