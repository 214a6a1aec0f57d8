//! An example of a text protocol, in braces, `{...}`. No device speaks it.
//!
//! All of it is ASCII. There is no length and no checksum.
//!
//! ```text
//! +---+----------+---+---------+---+---------+---+
//! | { | id       | , | word    | , | payload | } |
//! +---+----------+---+---------+---+---------+---+
//!       8 to 16        1 to 8        0 to 64
//!       digits         letters       characters
//! ```
//!
//! # Framing
//! * A frame begins with `{` and ends with the first `}`.
//! * The id is 8 to 16 digits, the word 1 to 8 letters from `a` to `z`.
//! * The payload is printable ASCII. A `{` begins the next frame: this one was cut short.
//!
//! # Replies
//! `ok` is the reply to `hi`: see [`Message::Hello`].

mod command;
mod frame;
mod framing;
mod message;
mod reply;
mod report;
mod uplink;

pub(crate) use command::command;
pub use frame::Frame;
pub(crate) use framing::Framer;
pub use message::Message;
pub(crate) use reply::reply;
pub(crate) use report::{
    AccessPointIter, Neighbours, RecordIter, access_points, details, neighbours, records, report,
    tag,
};
pub(crate) use uplink::{downlink, uplink};

/// The most bytes in a reply: `{` id `,ok,}`.
pub const MAX_REPLY_LEN: usize = MAX_ID + 6;

/// Bytes in the smallest frame.
pub const MIN_FRAME_LEN: usize = MIN_ID + 5;

/// The most bytes in a frame.
pub const MAX_FRAME_LEN: usize = MAX_ID + MAX_WORD + MAX_PAYLOAD + 4;

const START: u8 = b'{';
const END: u8 = b'}';

/// The fewest digits of an id.
const MIN_ID: usize = 8;
/// The most digits of an id.
const MAX_ID: usize = 16;
/// The most letters of a word.
const MAX_WORD: usize = 8;
/// The most characters of a payload.
const MAX_PAYLOAD: usize = 64;
