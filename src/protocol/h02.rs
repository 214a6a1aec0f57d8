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
//! # Framing without a checksum
//! * The maker is one of [`Maker`]: `HQ`, `TH`, `DC`, `XY` and `hq` (spec h02, section 1). Other protocols begin with `*` and two letters too; so
//!   other letters begin no frame, for the decoder as well as for [`sniff`](crate::sniff()).
//! * The id is 0 to 20 bytes of ASCII from `0` to `~`; real ones are 10 or 15 digits, or none.
//! * A frame ends at the first `#`. One firmware has a `#` in front of its type (`*HQ,id,41,4#V1,...`; spec h02, section 8): a `#` does not end a
//!   frame whose type begins with a digit if `V`, a digit and a comma are behind it. Such a frame, which no document knows, is decided with the byte
//!   behind it.
//! * Inside there is printable ASCII. A `*` begins the next frame: this one was cut short. So does `$`, which begins the binary form, and
//!   `(`, which begins the frames of another family; no frame known has them. Nor does a line end occur.
//! * An `SMS` is free text: it may hold line ends, `$` and `(`, but no `*` either.
//! * It has at most [`MAX_FRAME_LEN`] bytes.
//!
//! What is left is a frame cut short in front of a foreign frame that begins with `#`, or holds one before its first byte that is no text: nothing on the
//! wire decides it.
//!
//! # Answers
//! `V1` and `NBR` are answered with [`Ack`], which holds the server's clock, `V0` and `HTBT` by their header back: [`Frame::answer`]. The documents
//! of older makers ask for none (spec h02, section 4).

use crate::types::{DateTime, DeviceId, Text};

mod command;
mod frame;
mod gps;
mod location;
mod message;
mod network;
mod status;

pub use command::{Ack, Command, Order};
pub use frame::{FieldIter, Fields, Frame};
pub(crate) use frame::{candidate, header_verdict, is_start};
pub use gps::Gps;
pub use location::{Location, LocationKind, PhoneReport, PhoneReportKind, Response};
pub use message::{Contact, Heartbeat, Link, Login, Message, Sms, Unknown};
pub use network::{Nbr, V3, Vp1, Vp1Content};
pub use status::Status;

/// The most bytes in an id. Real ones have 15 at most.
pub const MAX_ID_LEN: usize = 20;

/// The most bytes in a frame. None that is known has a tenth of it, but for an `SMS`, which has 160 characters a part.
pub const MAX_FRAME_LEN: usize = 2048;

/// Bytes in the smallest frame: a start mark, a comma behind an id of no characters, an end mark.
pub(crate) const MIN_FRAME: usize = 6;

/// The most bytes in an answer: `*HQ,` id `,V4,NBR,YYYYMMDDhhmmss#`.
pub const MAX_ANSWER_LEN: usize = MAX_ID_LEN + 27;

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
        DeviceId::from_ascii(text).map_or(Self::Other(Text::Ascii(text)), Self::Number)
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
        let (Self { day, month, year }, TimeOfDay { hour, minute, second }) = (self, time);
        DateTime { year, month, day, hour, minute, second }
    }
}
