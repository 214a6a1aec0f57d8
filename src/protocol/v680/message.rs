//! The messages: [`KeepAlive`], [`Report`] and [`LineReport`].

mod columns;
mod coordinate;
mod line_text;
mod lines;
mod record;
mod sentence;

pub use coordinate::{Coordinate, CoordinateFormat};
pub use line_text::LineText;
pub(super) use lines::are_sums_right;
pub use lines::{Line, LineReport, Lines, LinesIter, Readings};
pub use record::{Lbs, Neighbours, Record, Records, RecordsIter};
pub use sentence::{AccessPoints, Gprmc, Sentence, Wifi};

use super::{
    IMEI_DIGITS, KEEP_ALIVE, MARK, MAX_COUNT_VALUE, MAX_EVENT, MAX_FLAG_VALUE, MAX_PASSWORD,
    MAX_USER, MIN_ID_DIGITS,
    frame::{Frame, Parts, two_digits, usual_header},
};
use crate::{
    bytes::{WIDE, text::next_field, write::Writer},
    error::{EncodeError, Error, ErrorKind},
    types::{Alarm, DeviceId, Direction, MessageType, Protocol, Text},
};

/// The message in a frame.
///
/// ```
/// use gt02::protocol::v680::Message;
/// // A frame of a public decoder's tests.
/// let bytes = b"#355488020168617##1#0000#AUT#01#260001a412966f\
///     #1834.790700,E,5302.748800,N,0.00,0.00#310316#174538.000##";
/// let message = Message::parse(bytes)?;
/// let Message::Report(report) = message else { unreachable!() };
/// assert_eq!(report.device.to_string(), "355488020168617");
///
/// let record = report.records.iter().next().unwrap();
/// assert_eq!(record.time().unwrap().to_string(), "2016-03-31T17:45:38");
/// assert_eq!(record.position().unwrap().latitude.micro_degrees(), 53_045_813);
/// assert_eq!(record.cell().unwrap().mcc, Some(260));
/// # Ok::<(), gt02::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Message<'a> {
    /// `#id##`.
    KeepAlive(KeepAlive),
    /// A report of the flat form, whatever its event.
    Report(Report<'a>),
    /// A report of the line form, whatever its status word.
    LineReport(LineReport<'a>),
}

macro_rules! from {
    ($($name:ident $(<$life:lifetime>)?),* $(,)?) => {$(
        impl<'a> From<$name $(<$life>)?> for Message<'a> {
            fn from(message: $name $(<$life>)?) -> Self {
                Self::$name(message)
            }
        }
    )*};
}
from!(KeepAlive, Report<'a>, LineReport<'a>);

impl<'a> Message<'a> {
    /// Parses `bytes`, which are one whole frame, and returns the message in it.
    ///
    /// # Errors
    /// As [`Frame::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        Frame::parse(bytes).map(|frame| frame.message())
    }

    #[cfg_attr(target_pointer_width = "64", inline(always))]
    pub(super) fn read(frame: &Frame<'a>) -> Self {
        let Parts { device, body } = frame.parts();
        if body.is_empty() {
            return Self::KeepAlive(KeepAlive { device });
        }
        let mut rest = body;
        let user = next_field(&mut rest, MARK);
        let (flag, password, event) = match usual_header(rest) {
            Some(([flag, password, event], after)) => {
                rest = after;
                (flag, password, event)
            }
            None => {
                if let Some(report) = LineReport::read(device, body) {
                    return Self::LineReport(report);
                }
                (
                    next_field(&mut rest, MARK),
                    next_field(&mut rest, MARK),
                    next_field(&mut rest, MARK),
                )
            }
        };
        let count = next_field(&mut rest, MARK);
        Self::Report(Report {
            device,
            user: Text::Bytes(user),
            flag: two_digits(flag),
            password: Text::Bytes(password),
            event: Text::Bytes(event),
            count: two_digits(count),
            records: Records::from_text(rest),
        })
    }

    /// Returns [`Direction::Up`]: no message from a server is known.
    #[must_use]
    pub const fn direction(&self) -> Option<Direction> {
        Some(Direction::Up)
    }

    /// Returns the event, such as `AUT`, or the status word, such as `AUTO`; `None` for a
    /// keep-alive.
    #[must_use]
    pub const fn message_type(&self) -> Option<MessageType<'a>> {
        match self {
            Self::KeepAlive(_) => None,
            Self::Report(report) => Some(MessageType::Text(report.event)),
            Self::LineReport(report) => Some(MessageType::Text(report.word)),
        }
    }

    /// Returns the device that sent the message. Every message names one.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self {
            Self::KeepAlive(KeepAlive { device })
            | Self::Report(Report { device, .. })
            | Self::LineReport(LineReport { device, .. }) => Some(*device),
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        match self {
            Self::KeepAlive(message) => message.encoded_len(),
            Self::Report(message) => message.encoded_len(),
            Self::LineReport(message) => message.encoded_len(),
        }
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// If `out` is too small, with the size that is enough; or if the message could not be parsed
    /// back to the same value. On error the contents of `out` are unspecified.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        match self {
            Self::KeepAlive(message) => message.encode(out),
            Self::Report(message) => message.encode(out),
            Self::LineReport(message) => message.encode(out),
        }
    }
}

/// The device is there. It comes every 14 to 24 seconds between reports \[C\].
///
/// ```text
/// #id##
///
/// #353588102019155##
/// ```
///
/// Older tests of a public decoder have it without the `##`, which that decoder had split off
/// \[T\]: that is accepted where nothing follows.
///
/// See [the manual](crate::manual::v680), "Keep-alive".
///
/// ```
/// use gt02::protocol::v680::KeepAlive;
/// let keep_alive = KeepAlive::new("353588102019155".parse()?);
/// let mut out = [0; 18];
/// assert_eq!(keep_alive.encode(&mut out), Ok(18));
/// assert_eq!(out, *b"#353588102019155##");
/// # Ok::<(), gt02::types::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct KeepAlive {
    /// The device's IMEI.
    pub device: DeviceId,
}

impl KeepAlive {
    /// Creates the keep-alive of the device with this IMEI.
    #[must_use]
    pub const fn new(device: DeviceId) -> Self {
        Self { device }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes: 18.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        // At most 16 digits.
        (self.device.digit_count() as usize).wrapping_add(3)
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// If `out` is too small; if the id does not have 15 digits.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        if usize::from(self.device.digit_count()) != IMEI_DIGITS {
            return Err(EncodeError::DeviceId {
                digits: IMEI_DIGITS as u8,
            });
        }
        let mut writer = Writer::new(out);
        write_id(&mut writer, self.device);
        writer.put(&[MARK, MARK]);
        writer.finish().map(|written| written.len())
    }
}

/// Where the device is, and where it was: one record or several.
///
/// ```text
/// #id#user#flag#password#event#count#record#record...##
///
/// #359094025419110#bigfriend#0#1234#AUTO#1#
///     #04632.8846,W,2327.2264,S,0.00,0.00#220913#234808##
/// ```
///
/// The example is a frame of a public decoder's tests, in two lines here. Its one record has an
/// empty lbs. See [the manual](crate::manual::v680), "Report".
///
/// ```
/// use gt02::{
///     protocol::v680::{Record, Report},
///     types::{Alarm, DateTime, Position},
/// };
/// let time = DateTime::new(2013, 9, 22, 23, 48, 8).unwrap();
/// let position = Position::from_degrees(-23.5, -46.5).unwrap();
/// let records = [Record::new(time, position)];
/// let report = Report::new("359094025419110".parse()?, &records)?;
/// let report = report.with_alarm(Alarm::Sos).unwrap();
///
/// let mut out = [0; 128];
/// let len = report.encode(&mut out)?;
/// assert_eq!(
///     out[..len],
///     *b"#359094025419110##1#0000#SOS#1#V\
///         #04630.000000,W,2330.000000,S,,#220913#234808##"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Report<'a> {
    /// The device's IMEI; the field list allows the number of its SIM card \[D\].
    pub device: DeviceId,
    /// The name or the telephone number of the user, or nothing.
    pub user: Text<'a>,
    /// 0 or 1, once 13. Its meaning is not established, so nothing is derived from it: it is
    /// reserved, formerly the ignition \[D\]; or 1 is normal, and 0 says that the device cannot
    /// locate \[T\]; other decoders read other things. Some devices send 0 with good positions
    /// \[C\]. See [the manual](crate::manual::v680), "The flag and the V".
    pub flag: u8,
    /// The device's password, up to 6 digits.
    pub password: Text<'a>,
    /// `AUT` and `AUTO` are periodic, `SOS` and `LPD` are [alarms](Self::alarm); others are not
    /// documented.
    pub event: Text<'a>,
    /// The number of records that the device announces, 0 to 99 \[D\].
    pub count: u8,
    /// The records, at least one, in the order of the wire. In the frames known the first is the
    /// oldest.
    pub records: Records<'a>,
}

impl<'a> Report<'a> {
    /// Creates a periodic report of these records, the oldest first, with the event `AUT`.
    ///
    /// It has no user, the flag 1, which most devices send, and the password that devices come
    /// with, `0000`. All fields are public.
    ///
    /// # Errors
    /// If there is no record, or if there are more than 99.
    pub const fn new(device: DeviceId, records: &'a [Record<'a>]) -> Result<Self, EncodeError> {
        let count = match records.len() {
            0 => return Err(EncodeError::Missing { field: "records" }),
            count if count > MAX_COUNT_VALUE as usize => {
                return Err(EncodeError::Range {
                    field: "count",
                    max: MAX_COUNT_VALUE as u32,
                });
            }
            // At most 99.
            count => count as u8,
        };
        Ok(Self {
            device,
            user: Text::Bytes(b""),
            flag: 1,
            password: Text::Bytes(b"0000"),
            event: Text::Bytes(b"AUT"),
            count,
            records: Records::new(records),
        })
    }

    /// Returns the report with the event of this alarm: `SOS` or `LPD`. Returns `None` for all
    /// other alarms: no event is known for them.
    #[must_use]
    pub const fn with_alarm(self, alarm: Alarm) -> Option<Self> {
        let event: &[u8] = match alarm {
            Alarm::Sos => b"SOS",
            Alarm::LowBattery => b"LPD",
            _ => return None,
        };
        Some(Self {
            event: Text::Bytes(event),
            ..self
        })
    }
}

impl Report<'_> {
    /// Returns the alarm that the event is, if it is one.
    ///
    /// | event | alarm |
    /// |---|---|
    /// | `SOS` | [`Alarm::Sos`] |
    /// | `LPD` | [`Alarm::LowBattery`] |
    #[must_use]
    pub fn alarm(&self) -> Option<Alarm> {
        match self.event.as_bytes() {
            b"SOS" => Some(Alarm::Sos),
            b"LPD" => Some(Alarm::LowBattery),
            _ => None,
        }
    }

    /// Returns the number of bytes that [`encode`](Self::encode) writes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let mut writer = Writer::new(&mut []);
        // What cannot be encoded has a length all the same.
        let _ = self.write(&mut writer);
        writer.len()
    }

    /// Writes the whole frame to the front of `out`, and returns its length.
    ///
    /// # Errors
    /// * `BufferTooSmall` if `out` is too small;
    /// * `DeviceId` if the id does not have 9 to 15 digits;
    /// * `TooLong` if the user, the password or the event is too long;
    /// * `Range` if the flag, the count, or a part of a date or time is above 99;
    /// * `Missing` if there is no record, or if a record has a place and no date;
    /// * `Text` if a field holds something that it cannot hold on the wire, such as `#`;
    /// * `Ambiguous` if there are more records than [`count`](Self::count) announces;
    /// * `NotCanonical` if the coordinates of a record would be read in another format.
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, EncodeError> {
        self.check()?;
        let mut writer = Writer::new(out);
        let reads_back = self.write(&mut writer)?;
        let written = writer.finish()?;
        if reads_back {
            return Ok(written.len());
        }
        self.read_back(written)
    }

    /// Returns the length of what was written, if it reads back as this report.
    fn read_back(&self, written: &[u8]) -> Result<usize, EncodeError> {
        read_back(&Message::Report(*self), written, |error| match error {
            // The fields after the id are not a header, so the frame reads as a keep-alive.
            Error {
                kind: ErrorKind::Trailing,
                offset: KEEP_ALIVE,
            } => EncodeError::Text,
            Error {
                kind: ErrorKind::Overlap | ErrorKind::Trailing,
                ..
            } => EncodeError::Ambiguous,
            _ => EncodeError::Text,
        })
    }

    /// Checks the fields before the records.
    fn check(&self) -> Result<(), EncodeError> {
        check_id(self.device)?;
        check_lengths([
            ("user", self.user, MAX_USER),
            ("password", self.password, MAX_PASSWORD),
            ("event", self.event, MAX_EVENT),
        ])?;
        for (field, value, max) in [
            ("flag", self.flag, MAX_FLAG_VALUE),
            ("count", self.count, MAX_COUNT_VALUE),
        ] {
            if value > max {
                let max = max.into();
                return Err(EncodeError::Range { field, max });
            }
        }
        Ok(())
    }

    /// Writes all of the frame, and checks the records: each is read once for both. Returns whether
    /// the frame reads back as this report for sure: see [`columns::reads_back`].
    fn write(&self, writer: &mut Writer<'_>) -> Result<bool, EncodeError> {
        write_id(writer, self.device);
        writer.put(&[MARK]);
        writer.put(self.user.as_bytes());
        writer.put(&[MARK]);
        writer.put_decimal(self.flag.into(), 1);
        for field in [self.password, self.event] {
            writer.put(&[MARK]);
            writer.put(field.as_bytes());
        }
        writer.put(&[MARK]);
        writer.put_decimal(self.count.into(), 1);
        let mut checked = None;
        // A build that finds no such frames reads none back.
        let is_known = WIDE && Protocol::V680.is_enabled();
        let mut reads_back = is_known && self.has_usual_header();
        let mut missing = self.count;
        for record in self.records {
            record.write(writer);
            checked = Some(checked.unwrap_or(Ok(())).and_then(|()| record.check()));
            reads_back = reads_back && missing > 0 && columns::reads_back(&record);
            missing = missing.saturating_sub(1);
        }
        writer.put(&[MARK, MARK]);
        checked
            .unwrap_or(Err(EncodeError::Missing { field: "records" }))
            .map(|()| reads_back && missing == 0)
    }

    /// Whether the fields before the records are as nearly all devices send them.
    fn has_usual_header(&self) -> bool {
        let (password, event) = (self.password.as_bytes(), self.event.as_bytes());
        usize::from(self.device.digit_count()) == IMEI_DIGITS
            && self.user.as_bytes().is_empty()
            && self.flag <= 9
            && password.len() == 4
            && password.iter().all(u8::is_ascii_digit)
            && event.len() == 3
            && event.iter().all(u8::is_ascii_uppercase)
            && matches!(self.count, 1..=9)
    }
}

fn write_id(writer: &mut Writer<'_>, device: DeviceId) {
    writer.put(&[MARK]);
    writer.put_id(device);
}

/// Checks that an id has 9 to 15 digits.
fn check_id(device: DeviceId) -> Result<(), EncodeError> {
    if (MIN_ID_DIGITS..=IMEI_DIGITS).contains(&device.digit_count().into()) {
        Ok(())
    } else {
        Err(EncodeError::DeviceId {
            digits: IMEI_DIGITS as u8,
        })
    }
}

/// Checks that these texts, each with its name and its limit, are not too long.
fn check_lengths(texts: [(&'static str, Text<'_>, usize); 3]) -> Result<(), EncodeError> {
    for (field, text, max) in texts {
        if text.as_bytes().len() > max {
            return Err(EncodeError::TooLong { field, max });
        }
    }
    Ok(())
}

/// Returns the length of what was written, if it reads back as `message`. `cause` says why it is no
/// frame.
fn read_back(
    message: &Message<'_>,
    written: &[u8],
    cause: impl FnOnce(Error) -> EncodeError,
) -> Result<usize, EncodeError> {
    match Message::parse(written) {
        Ok(read) if read == *message => Ok(written.len()),
        Ok(_) => Err(EncodeError::NotCanonical),
        Err(error) => Err(cause(error)),
    }
}
