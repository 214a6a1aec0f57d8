//! The parenthesised text protocol, `(...)`: GT02A clones of the "027" family, TK102 and TK103, by the name that Traccar gave it.
//!
//! Sources: the makers' document "GPRS Communication Protocol" V1.5 (2008) and its successor V1.51 (2009) \[D\], captures of real devices \[C\],
//! public decoders with their tests \[T\]; gathered in the project's notes, spec tk103. Where they disagree the capture wins, and the raw value stays
//! available.
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
//! The id is 12 characters: of GT02A boards a 0 and the last 11 digits of the IMEI \[C\], of others a phone or serial number, the sending time, or a
//! name. Some devices send 10, 11, 13, 14 or 15. The command word, `A` or `B`, a capital, and two capitals or digits, is looked for behind 12, 11, 15,
//! 14, 13, 10 characters of id, in this order (spec tk103, section 1): an id may hold a word itself. The body has at most 1024 bytes.
//!
//! # Framing
//! There is no length and no checksum, so each part of a frame is checked as soon as its bytes are
//! there. A frame has:
//! * `(`;
//! * an id of 10 to 15 digits; or one of 12 characters, digits, capitals, `_` and NUL, of which at
//!   least one is a digit: devices that were never set up send such names;
//! * a command word: `A` or `B`, a letter from `O` to `Z`, and two digits. No document has another;
//! * a body of at most 1024 bytes of printable ASCII, NUL, LF (between cells) and CR;
//! * `)`, the first one after the word.
//!
//! So prose in parentheses is no frame, nor is `(IMEI,CMD,...)`, the dialect of another class of
//! devices, of which nothing is read here. What stands between frames (CR LF, spaces, what servers
//! echoed) is noise.
//!
//! A frame was cut short, and is noise, if one of these comes before its end mark:
//! * `(`;
//! * a byte that the body cannot have;
//! * a whole frame of another protocol.
//!
//! The answer to an address request, `AR03`, and the word `BR04` have a binary body: a length byte,
//! and UCS-2 text that may hold any byte (spec tk103, section 1). No GT02A was ever seen to use
//! them.
//! * Whether the length counts bytes or characters is not established. The frame ends with the `)`
//!   after so many bytes, or else after twice as many; if a `)` stands at neither place, it is
//!   none.
//! * A `)` in place of the length is an empty body.
//! * Parentheses inside are text, unless a whole header stands there: then the frame was cut short.
//!
//! A frame comes with its `)`. If that byte may be one of the first 6 bytes of a binary frame, such
//! as a length of 41, it waits until that one is decided.
//!
//! What no byte decides: a frame that was cut short takes the beginning of the next one if that
//! holds `)` before it is whole itself, in text, or after its sixth byte. No real frame does.
//!
//! # Answers
//! `BP00`, `BP05` and `BO01` are answered, with `AP01HSO`, `AP05` and `AS01`; [`Frame::reply`] makes them. No document asks for an answer to a
//! position. The answer repeats the id as it came, which is right for devices of all ages.

mod block;
mod cells;
mod command;
mod encoder;
mod frame;
mod framing;
mod message;
mod reply;
mod report;
mod uplink;

pub use block::{Block, Coordinate, Io};
pub use cells::Cells;
pub(crate) use command::command;
pub use command::{Action, Command, Fence};
pub use frame::{Frame, Word};
pub(crate) use framing::Framer;
pub use message::{
    Alarm, AlarmAck, CellList, Firmware, Handshake, HandshakeAck, Location, LocationKind, Login,
    LoginAck, LoginContent, Message, Unknown,
};
pub(crate) use reply::reply;
pub(crate) use report::{neighbours, records, report};
pub(crate) use uplink::uplink;

/// The most bytes in a frame: parentheses, an id of 15 characters, the command word, and a body of 1024 bytes \[D\].
pub const MAX_FRAME_LEN: usize = MAX_ID + WORD + MAX_BODY + 2;

/// The most bytes in an answer: `(` id `AP01HSO)`.
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
