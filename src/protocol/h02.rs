//! The `*HQ,...#` text protocol and its binary form, `$`: CanTrack and GT02A devices, SinoTrack
//! ST-901, TkStar and relatives.
//!
//! [The manual](crate::manual::h02) has all that is known of it, and its sources: vendor documents
//! \[D\], captures of real devices \[C\], public decoders and their tests \[T\].
//!
//! Frames are ASCII, with a comma before each field, no checksum and no length:
//!
//! ```text
//! +---+-------+---+----+---+------+- - - - - - -+---+
//! | * | maker | , | id | , | type | , field ... | # |
//! +---+-------+---+----+---+------+- - - - - - -+---+
//! 0   1       3   4
//! ```
//!
//! Both directions have this form; [`Frame::direction`] says which one a frame travels in. Devices
//! of some makers also send a binary form in the same stream, [`BinaryLocation`] and
//! [`MileageRecord`]:
//!
//! ```text
//! +-------------------+------+
//! | $ or X, core      | tail |
//! +-------------------+------+
//! 0                   29 or 32
//! ```
//!
//! # Framing
//! There is no length and no checksum, so each part of a frame is checked as soon as its bytes are
//! there. A text has:
//! * `*`, one of the [`Maker`]s, `HQ`, `TH`, `DC`, `XY` or `hq`, and a comma. Frames of other
//!   protocols begin with `*` and two letters too;
//! * an id of 0 to 20 characters from `0` to `~`. Real ids have 10 or 15 digits, or none;
//! * a type and fields of printable ASCII, without `*`, `$` and `(`. An `SMS` is free text: it may
//!   hold line ends, `$` and `(`, but no `*` either;
//! * `#`, the first one. One firmware has a `#` before its type (`*HQ,id,41,4#V1,...`): a `#` does
//!   not end a frame whose type begins with a digit, if `V`, a digit and a comma follow;
//! * at most [`MAX_FRAME_LEN`] bytes.
//!
//! A text was cut short, and is noise, if one of these comes before its end mark:
//! * `*`, the next frame; `$`, which begins the binary form; or `(`, which begins `tk103`;
//! * a line end, or a byte that is not text;
//! * a whole frame of another protocol.
//!
//! A text is *whole* if it has what its type must have: a date and a status word, and no comma at
//! its end. `V0`, `HTBT`, `V4`, commands and their answers must have the fields that are
//! documented.
//! * A whole text comes with its `#`. If that byte may be one of the first bytes of a binary frame
//!   of any protocol, such as a length of 35, it waits until that one is decided.
//! * Any other frame waits for the byte after it, and longer if that is a digit: its `#` may begin
//!   a [`v680`](crate::protocol::v680) frame. Of 94 real frames 16 wait, most of them answers in
//!   free text. At the end of the stream [`finish`](crate::Decoder::finish) decides.
//!
//! Some cases no byte decides. A frame that was cut after its status word, among the fields of its
//! cell, looks whole. If a `v680` frame follows, it takes the start mark of that one, which then
//! comes without it: see [there](crate::protocol::v680). A frame that was cut short also takes the
//! beginning of a frame that holds `#` in text, or after its sixth byte, before it is whole. No
//! real frame does.
//!
//! A binary frame is told by its core of 29 bytes, with an IMEI 32: decimal digits that make a date
//! and a place, and a status word. No text has such a date. How long the frame is, nothing in it
//! says; what follows does: see [the manual](crate::manual::h02), "Length". So a `$` frame comes
//! with the first bytes of the next frame, and the last one from
//! [`finish`](crate::Decoder::finish). Its tail may hold garbage that follows it.
//!
//! # Replies
//! `V1` and `NBR` are answered by [`Ack`], which holds the server's clock; `V0` and `HTBT` by the
//! whole frame, `ICCID` by its header, as the vendor documents ask. See [`Frame::reply`]. A session
//! that [replies to all](crate::Session::reply_to_all) answers other frames by `R12`.

use crate::{
    error::EncodeError,
    types::{DateTime, DeviceId, Text},
};

mod binary;
mod command;
mod frame;
mod framing;
mod message;
mod reply;
mod report;
mod uplink;

pub use binary::BinaryGps;
pub(crate) use command::command;
pub use command::{Ack, Command, CommandKind};
pub use frame::Frame;
pub(crate) use framing::Framer;
pub use message::{
    AccessPointIter, BinaryLocation, CellIter, EmptyFrame, FieldBuffer, FieldIter, Fields, Gps,
    Heartbeat, IccidReport, LinkStatus, Location, LocationKind, Login, Message, MileageRecord,
    NeighbourCells, NeighbourCellsV3, PhoneReport, PhoneReportKind, Readings, Response, Sms,
    Status, StatusFamily, TailValues, TimeRequest, Unknown, Vp1Content, Vp1Report, WifiReport,
    XtReport,
};
use message::{all_fields, field, time, write_number, write_text, write_time};
pub(crate) use reply::reply;
pub(crate) use report::{
    Neighbours, RecordIter, access_points, details, neighbours, records, report, tag,
};
pub(crate) use uplink::{downlink, uplink};

/// The most bytes in an id. Real ids have at most 15.
pub const MAX_ID_LEN: usize = 20;

/// The most bytes in a frame. Known frames have fewer than 250, except an `SMS`, which can reach
/// 160 characters a part.
pub const MAX_FRAME_LEN: usize = 2048;

/// Bytes in the smallest frame: a start mark, an empty id, a comma, an end mark.
pub const MIN_FRAME_LEN: usize = 6;

/// The most bytes in a reply: `*HQ,` id `,V4,NBR,YYYYMMDDhhmmss#`.
pub const MAX_REPLY_LEN: usize = MAX_ID_LEN + 27;

/// The letters after the `*`. Replies and commands repeat those of the device \[D\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Maker {
    /// `HQ`, nearly always.
    #[default]
    Hq,
    /// `TH` \[D\].
    Th,
    /// `DC` \[D\].
    Dc,
    /// `XY` \[D\].
    Xy,
    /// `hq`, of the devices that send `VP1` \[T\].
    LowerHq,
}

impl Maker {
    const ALL: [Self; 5] = [Self::Hq, Self::Th, Self::Dc, Self::Xy, Self::LowerHq];

    /// Returns the letters.
    #[must_use]
    pub const fn letters(self) -> [u8; 2] {
        match self {
            Self::Hq => *b"HQ",
            Self::Th => *b"TH",
            Self::Dc => *b"DC",
            Self::Xy => *b"XY",
            Self::LowerHq => *b"hq",
        }
    }

    const fn from_letters(letters: [u8; 2]) -> Option<Self> {
        Some(match &letters {
            b"HQ" => Self::Hq,
            b"TH" => Self::Th,
            b"DC" => Self::Dc,
            b"XY" => Self::Xy,
            b"hq" => Self::LowerHq,
            _ => return None,
        })
    }
}

/// The number of a device, as it is in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Id<'a> {
    /// 1 to 16 digits. Real ids are a serial number of 10 digits, or an IMEI.
    Number(DeviceId),
    /// An empty id, or one that is not a number; at most 20 bytes.
    Other(Text<'a>),
}

impl<'a> Id<'a> {
    #[inline]
    fn read(text: &'a [u8]) -> Self {
        DeviceId::from_ascii(text).map_or(Self::Other(Text::Bytes(text)), Self::Number)
    }
}

impl Default for Id<'_> {
    /// An empty id.
    fn default() -> Self {
        Self::Other(Text::Bytes(&[]))
    }
}

impl From<DeviceId> for Id<'_> {
    fn from(id: DeviceId) -> Self {
        Self::Number(id)
    }
}

/// Who a frame is from, or for: the part before the type.
///
/// ```text
/// +---+-------+---+----+
/// | * | maker | , | id |
/// +---+-------+---+----+
/// ```
///
/// ```
/// use gt02::{protocol::h02::{Header, Maker}, types::DeviceId};
/// let id: DeviceId = "2020916012".parse()?;
/// assert_eq!(Header::from(id), Header::new(Maker::Hq, id));
/// assert_eq!(Header::new(Maker::Th, id).device_id(), Some(id));
/// # Ok::<(), gt02::types::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header<'a> {
    /// The letters of the maker.
    pub maker: Maker,
    /// The number of the device. In a command it may be a filler such as `000` \[D\].
    pub id: Id<'a>,
}

impl Header<'_> {
    /// Creates the header of a device's frames.
    #[must_use]
    pub const fn new(maker: Maker, id: DeviceId) -> Self {
        Self {
            maker,
            id: Id::Number(id),
        }
    }

    /// Whether the id is a serial number of 10 digits.
    pub(crate) fn has_10_digits(&self) -> bool {
        self.device_id().is_some_and(|id| id.digit_count() == 10)
    }

    /// Returns the number of the device, if it is one.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self.id {
            Id::Number(id) => Some(id),
            Id::Other(_) => None,
        }
    }
}

impl From<DeviceId> for Header<'_> {
    /// The header of a device whose maker is `HQ`.
    fn from(id: DeviceId) -> Self {
        Self::new(Maker::Hq, id)
    }
}

/// `HHMMSS`, as sent: each 0 to 99. `160169` is seen, which is not a time of day \[T\].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TimeOfDay {
    /// Hour.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
    /// Second.
    pub second: u8,
}

impl From<DateTime> for TimeOfDay {
    fn from(time: DateTime) -> Self {
        let DateTime {
            hour,
            minute,
            second,
            ..
        } = time;
        Self {
            hour,
            minute,
            second,
        }
    }
}

/// `DDMMYY`, as sent: each 0 to 99. `000000` says that the clock is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Date {
    /// Day.
    pub day: u8,
    /// Month.
    pub month: u8,
    /// Years since 2000.
    pub year: u8,
}

impl Date {
    pub(crate) const fn from_pairs([day, month, year]: [u8; 3]) -> Self {
        Self { day, month, year }
    }

    /// Returns the date with a time of day. The clock is UTC \[T\].
    #[must_use]
    pub const fn at(self, time: TimeOfDay) -> DateTime {
        let Self { day, month, year } = self;
        let TimeOfDay {
            hour,
            minute,
            second,
        } = time;
        DateTime {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }
    }
}

impl TryFrom<DateTime> for Date {
    type Error = EncodeError;

    /// # Errors
    /// If the year is above 2099: on the wire it has two digits.
    fn try_from(time: DateTime) -> Result<Self, EncodeError> {
        let DateTime {
            day, month, year, ..
        } = time;
        if year > 99 {
            return Err(EncodeError::Range {
                field: "year",
                max: 2099,
            });
        }
        Ok(Self { day, month, year })
    }
}
