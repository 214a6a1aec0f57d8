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
//! # Framing without length and checksum
//! What vouches for a frame is all of this together, each part checked as soon as its bytes are there:
//! * an id of printable ASCII, or NUL, which some devices have there, without parentheses and without a comma: `(IMEI,CMD,...)` is the dialect of
//!   another class of devices, of which nothing is read here;
//! * a command word at one of its six places;
//! * a body of printable ASCII, NUL, LF (between cells) and CR, up to the first `)`. A `(` in front of it is the next frame, and this one was cut short.
//!
//! What stands between frames (CR LF, spaces, what servers echoed) belongs to none.
//!
//! What is left is a frame cut short in front of a binary frame whose length is 41, which is `)`, or which has that byte before the first that is no text:
//! nothing on the wire decides it. And a frame whose id is not a number does not end what began in front of it and is not complete (a false start): it
//! comes when that is given up.
//!
//! The answer to an address request, `AR03`, and the word `BR04` have a binary body: a length byte, and UCS-2 text that may hold any byte (spec tk103,
//! section 1). No GT02A was ever seen to use them. Whether the length counts bytes or characters is not established. Such a frame ends with the `)`
//! behind so many bytes, or else behind twice as many; if a `)` stands at neither place it is none. Parentheses in between are text, unless a whole header,
//! `(`, id and command word, stands there: then the frame was cut short and that is the next one. So a frame behind a damaged one is found
//! here, too. A `)` in place of the length is an empty body.
//!
//! # Answers
//! `BP00`, `BP05` and `BO01` are answered, with `AP01HSO`, `AP05` and `AS01`; [`Frame::answer`] makes them. No document asks for an answer to a
//! position. The answer repeats the id as it came, which is right for devices of all ages.

mod block;
mod cells;
mod command;
mod encoder;
mod frame;
mod message;

pub use block::{Block, Coordinate, Io};
pub use cells::Cells;
pub use command::{Action, Command, Fence};
pub use frame::{Frame, Word};
pub(crate) use frame::{candidate, header_verdict, is_binary, is_start, numbered_candidate};
pub use message::{
    Alarm, AlarmAck, CellList, Firmware, Handshake, HandshakeAck, Location, LocationKind, Login, LoginAck, LoginContent, Message, Unknown,
};

/// The most bytes in a frame: parentheses, an id of 15 characters, the command word, and a body of 1024 bytes \[D\].
pub const MAX_FRAME_LEN: usize = MAX_ID + WORD + MAX_BODY + 2;

/// The most bytes in an answer: `(` id `AP01HSO)`.
pub const MAX_ANSWER_LEN: usize = MAX_ID + 9;

/// The most bytes in a body \[D\].
pub(crate) const MAX_BODY: usize = 1024;

const START: u8 = b'(';
const END: u8 = b')';

/// Bytes in the smallest frame.
pub(crate) const MIN_FRAME: usize = MIN_ID + WORD + 2;

/// How long an id is, the likely lengths first (spec tk103, section 1).
const ID_LENGTHS: [usize; 6] = [12, 11, 15, 14, 13, 10];
/// Characters of nearly all ids.
pub(crate) const USUAL_ID: usize = 12;
/// The fewest characters of an id.
pub(crate) const MIN_ID: usize = 10;
/// The most characters of an id.
pub(crate) const MAX_ID: usize = 15;
/// Characters of a command word.
const WORD: usize = 4;
