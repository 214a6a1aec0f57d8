//! The parenthesised text protocol, `(...)`: GT02A clones of the "027" family, TK102 and TK103, by
//! Traccar's name for it.
//!
//! All of it is ASCII text. There is no length, no checksum and no escape.
//!
//! ```text
//! device to server                          server to device
//! +---+----------------+------+- - -+---+   +---+----------------+------+- - -+---+
//! | ( | id             | Bxxx | body| ) |   | ( | the same id    | Axxx | body| ) |
//! +---+----------------+------+- - -+---+   +---+----------------+------+- - -+---+
//! 0   1                13     17            0   1                13     17
//! ```
//!
//! The id has 12 characters: in GT02A boards a 0 and the last 11 digits of the IMEI \[C\],
//! elsewhere a phone or serial number, the sending time, or a name. Some devices send 11 digits.
//! The body has at most 1024 bytes \[D\].
//!
//! [The manual](crate::manual::tk103) describes the protocol completely, with the evidence: \[D\]
//! a vendor document, \[C\] captures of devices, \[T\] a public decoder or its tests, \[I\]
//! inference. Where they disagree the capture wins, and the raw value stays available.
//!
//! # Framing
//! There is no length and no checksum, so each part of a frame is checked as soon as its bytes are
//! there. A frame has:
//! * `(`;
//! * an id of 10 to 15 digits; or one of 12 characters, digits, capitals, `_` and NUL, with at
//!   least one digit: devices that were never set up send such names;
//! * a command word: `A` or `B`, a letter from `O` to `Z`, and two digits. No document has another;
//! * a body of at most 1024 bytes of printable ASCII, NUL, LF (between cells) and CR;
//! * `)`, the first one after the word.
//!
//! So prose in parentheses is not a frame, nor is `(IMEI,CMD,...)`, the dialect of another class of
//! devices, which is not read here. Bytes between frames (CR LF, spaces, echoes of the server's
//! commands that were cut) are noise.
//!
//! A frame was cut short, and is noise, if one of these comes before its end mark:
//! * `(`;
//! * a byte that the body cannot have;
//! * a whole frame of another protocol.
//!
//! The reply to an address request, `AR03`, and the word `BR04` have a binary body: a length byte,
//! and UCS-2 text that may hold any byte \[D\]. No GT02A was ever seen to use them.
//! * Whether the length counts bytes or characters is not established. The frame ends with the `)`
//!   after that many bytes, or else after twice as many; if there is a `)` at neither place, it is
//!   not a frame.
//! * A `)` in place of the length is an empty body.
//! * Parentheses inside are text, unless a whole header stands there: then the frame was cut short.
//!
//! A frame comes with its `)`. If that byte may be one of the first 6 bytes of a binary frame, such
//! as a length of 41, the frame waits until the binary one is decided.
//!
//! One case is not decided by any byte: a frame that was cut short takes the beginning of the next
//! one if that holds `)` before it is whole itself, in text, or after its sixth byte. No real frame
//! does.
//!
//! # Replies
//! `BP00` with `HSO`, `BP05` and `BO01` are answered with `AP01HSO`, `AP05` and `AS01`;
//! [`Frame::reply`] makes them. No document asks for a reply to a position. The reply repeats the
//! id as it came, which is right for devices of all ages.

mod command;
mod frame;
mod framing;
mod message;
mod reply;
mod report;
mod uplink;

pub(crate) use command::command;
pub use command::{Command, CommandKind, Fence};
pub use frame::{CommandWord, Frame, Identity};
pub(crate) use framing::Framer;
pub use message::{
    Alarm, AlarmAck, CellIter, CellList, Cells, Coordinate, Firmware, Handshake, HandshakeAck,
    IoStatus, Location, LocationBlock, LocationKind, Login, LoginAck, LoginContent, Message,
    Unknown,
};
pub(crate) use reply::reply;
pub(crate) use report::{
    AccessPointIter, Neighbours, RecordIter, access_points, details, neighbours, records, report,
    tag,
};
pub(crate) use uplink::{downlink, uplink};

/// The most bytes in a frame: parentheses, an id of 15 characters, the command word, and a body of
/// 1024 bytes \[D\].
pub const MAX_FRAME_LEN: usize = MAX_ID + WORD + MAX_BODY + 2;

/// The most bytes in a reply: `(` id `AP01HSO)`.
pub const MAX_REPLY_LEN: usize = MAX_ID + 9;

/// The most bytes in a body \[D\].
pub(crate) const MAX_BODY: usize = 1024;

const START: u8 = b'(';
const END: u8 = b')';

/// Bytes in the smallest frame.
pub const MIN_FRAME_LEN: usize = MIN_ID + WORD + 2;

/// Characters of nearly all ids.
pub(crate) const USUAL_ID: usize = 12;
/// The fewest characters of an id.
pub(crate) const MIN_ID: usize = 10;
/// The most characters of an id.
pub(crate) const MAX_ID: usize = 15;
/// Characters of a command word.
const WORD: usize = 4;
