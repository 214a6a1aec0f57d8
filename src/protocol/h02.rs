//! The `*HQ,...#` text protocol: CanTrack and GT02A units, SinoTrack ST-901, TkStar and relatives.
//!
//! Sources: the makers' documents \[D\], captures of real devices \[C\], public decoders with their tests \[T\]; gathered in the project's notes,
//! spec h02.
//!
//! ASCII, fields with a comma in front of each, no checksum, no length.
//!
//! ```text
//! +---+-------+---+----+---+------+- - - - - - -+---+
//! | * | maker | , | id | , | type | , field ... | # |
//! +---+-------+---+----+---+------+- - - - - - -+---+
//! 0   1       3   4
//! ```
//!
//! Two directions, the same form: what a frame says tells which way it travels, see [`Frame::direction`]. Some makers' devices send a binary form
//! as well, which begins with `$` or `X`, in the same stream (spec h02, section 6); it begins no frame here.
//!
//! # Framing
//! There is no length and no checksum, so each part of a frame is checked as soon as its bytes are
//! there. A frame has:
//! * `*`, one of the [`Maker`]s, `HQ`, `TH`, `DC`, `XY` or `hq` (spec h02, section 1), and a comma.
//!   Other protocols begin with `*` and two letters too;
//! * an id of 0 to 20 characters from `0` to `~`. Real ones are 10 or 15 digits, or none;
//! * a type and fields of printable ASCII, without `*`, `$` and `(`. An `SMS` is free text: it may
//!   hold line ends, `$` and `(`, but no `*` either;
//! * `#`, the first one. One firmware has a `#` before its type (`*HQ,id,41,4#V1,...`; spec h02,
//!   section 8): a `#` does not end a frame whose type begins with a digit, if `V`, a digit and a
//!   comma follow;
//! * at most [`MAX_FRAME_LEN`] bytes.
//!
//! A frame was cut short, and is noise, if one of these comes before its end mark:
//! * `*`, the next frame; `$`, which begins the binary form; or `(`, which begins `tk103`;
//! * a line end, or a byte that is no text;
//! * a whole frame of another protocol.
//!
//! A frame is *whole* if it has what its type must have: a date and a status word, and no comma at
//! its end. Of `V0`, `HTBT`, `V4`, commands and their answers, the fields that are documented.
//! * A whole frame comes with its `#`. If that byte may be one of the first 6 bytes of a binary
//!   frame, such as a length of 35, it waits until that one is decided.
//! * Any other frame waits for the byte after it, and longer if that is a digit: its `#` may begin
//!   a [`v680`](crate::protocol::v680) frame. Of 94 real frames 16 wait, answers in free text most
//!   of them. At the end of the stream [`finish`](crate::Decoder::finish) decides.
//!
//! What no byte decides: a frame that was cut after its status word, among the fields of its cell,
//! looks whole. If a `v680` frame follows, it takes the start mark of that one, which then comes
//! without it: see [there](crate::protocol::v680). A frame that was cut short also takes the
//! beginning of a frame that holds `#` in text, or after its sixth byte, before it is whole. No
//! real frame does.
//!
//! # Answers
//! `V1` and `NBR` are answered with [`Ack`], which holds the server's clock, `V0` and `HTBT` by their header back: [`Frame::reply`]. The documents
//! of older makers ask for none (spec h02, section 4).

use crate::types::{DateTime, DeviceId, Text};

mod command;
mod frame;
mod framing;
mod gps;
mod location;
mod message;
mod network;
mod reply;
mod report;
mod status;
mod uplink;

pub(crate) use command::command;
pub use command::{Ack, Command, Order};
pub use frame::{FieldIter, Fields, Frame};
pub(crate) use framing::Framer;
pub use gps::Gps;
pub use location::{Location, LocationKind, PhoneReport, PhoneReportKind, Response};
pub use message::{Contact, Heartbeat, Link, Login, Message, Sms, Unknown};
pub use network::{Nbr, V3, Vp1, Vp1Content};
pub(crate) use reply::reply;
pub(crate) use report::{neighbours, records, report};
pub use status::Status;
pub(crate) use uplink::uplink;

/// The most bytes in an id. Real ones have 15 at most.
pub const MAX_ID_LEN: usize = 20;

/// The most bytes in a frame. None that is known has a tenth of it, but for an `SMS`, which has 160 characters a part.
pub const MAX_FRAME_LEN: usize = 2048;

/// Bytes in the smallest frame: a start mark, a comma behind an id of no characters, an end mark.
pub const MIN_FRAME_LEN: usize = 6;

/// The most bytes in an answer: `*HQ,` id `,V4,NBR,YYYYMMDDhhmmss#`.
pub const MAX_REPLY_LEN: usize = MAX_ID_LEN + 27;

/// The letters behind the `*`. Answers and commands repeat those of the device \[D\].
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

    /// The letters.
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

/// The number of a device, as it stands in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Id<'a> {
    /// 1 to 16 digits. Real ones are a serial number of 10 digits, or an IMEI.
    Number(DeviceId),
    /// Nothing, or something else, 20 bytes at most.
    Other(Text<'a>),
}

impl<'a> Id<'a> {
    #[inline]
    fn of(text: &'a [u8]) -> Self {
        DeviceId::from_ascii(text).map_or(Self::Other(Text::Bytes(text)), Self::Number)
    }
}

/// What stands in front of the type: who the frame is from, or for.
///
/// ```text
/// +---+-------+---+----+
/// | * | maker | , | id |
/// +---+-------+---+----+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Header<'a> {
    /// The letters of the maker.
    pub maker: Maker,
    /// The number of the device. In a command it may be a filler such as `000` \[D\].
    pub id: Id<'a>,
}

impl Header<'_> {
    /// The number of the device, if it is one.
    #[must_use]
    pub const fn device_id(&self) -> Option<DeviceId> {
        match self.id {
            Id::Number(id) => Some(id),
            Id::Other(_) => None,
        }
    }
}

/// `HHMMSS`, as sent: each 0 to 99. `160169` is seen, which is no time of day \[T\].
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
    /// The date with a time of day. The clock is UTC (spec h02, section 2.1).
    #[must_use]
    pub const fn at(self, time: TimeOfDay) -> DateTime {
        let (
            Self { day, month, year },
            TimeOfDay {
                hour,
                minute,
                second,
            },
        ) = (self, time);
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
