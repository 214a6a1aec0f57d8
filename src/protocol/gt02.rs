//! The original binary protocol, `68 68`: Concox and Goome GT02 (2009 on), GT02A boards
//! `gt02a_30_7s-m`, Concox TR02.
//!
//! [The manual](crate::manual::gt02) describes the protocol, with byte tables, examples, traps and
//! open questions. The grades here are those of the manual: \[D\] a vendor document, \[C\] a
//! capture of a real device, \[T\] a public decoder or its tests, \[I\] inferred. Where they
//! disagree the capture wins, and both readings stay available.
//!
//! All integers are big-endian. There is no checksum.
//!
//! A device sends:
//!
//! ```text
//! 0       2   3       5               13       15     16    L+3     L+5
//! +-------+---+-------+---------------+--------+------+- - -+-------+
//! | 68 68 | L | word  | device id     | serial | type | body| 0D 0A |
//! +-------+---+-------+---------------+--------+------+- - -+-------+
//! ```
//!
//! A server sends the reply to a heartbeat, and commands:
//!
//! ```text
//! 0          3       5          0       2   3    4   5      9     L+3     L+5
//! +----------+-------+          +-------+---+----+---+------+- - -+-------+
//! | 54 68 1A | 0D 0A |          | 88 88 | L | 1C | n | flag | text| 0D 0A |
//! +----------+-------+          +-------+---+----+---+------+- - -+-------+
//! ```
//!
//! `L` counts the bytes from offset 3 up to the end mark, 13 or more: a frame of a device has
//! `L + 5` bytes, 18 to 260. The word holds the voltage and GSM level in a heartbeat, and zero or
//! the LAC of the serving cell in a location. The device id is a 0 and the 15 digits of an IMEI in
//! BCD.
//!
//! # Framing
//! There is no checksum, so each part of a frame is checked as soon as its bytes are there. A frame
//! of a device has:
//! * `68 68`, and a length of 13 or more;
//! * an id of 16 decimal digits, the first of them 0;
//! * `0D 0A` where the length says.
//!
//! A frame of a server is `54 68 1A 0D 0A`, or a command: `88 88`, a length of 7 or more, `1C`, the
//! length again, less 2, four bytes, printable ASCII, and `0D 0A`.
//!
//! A frame was cut short, and is noise, if one of these comes before its end mark:
//! * A whole frame of any [enabled](crate::Protocol::is_enabled) protocol.
//! * `0D 0A 68 68`, after the type.
//! * Another header, up to the id. If the type is known, only a header that begins after the type
//!   counts, because an IMEI or a serial may hold `68 68`.
//!
//! A location of exactly 24 body bytes is believed longer, because its coordinates may hold any
//! value:
//! * `0D 0A 68 68` does not end it, and a header inside ends it only with a known type. No such
//!   location with a fix is mistaken: the header would have to lie in the date (a month of 104), in
//!   the first bytes of a coordinate (beyond its range), or in the status bits, which then say that
//!   there is no fix, or set bits that are reserved.
//! * A frame of this protocol that begins in its header waits until its 42 bytes are there.
//!
//! A frame comes with its last byte, with two exceptions:
//! * If a binary frame may have begun in its last 6 bytes, it waits until that one is decided.
//! * A location of exactly 24 body bytes whose status has bits that no source names, and a frame of
//!   an unknown type, wait for every frame that may have begun inside.
//!
//! Two frames of devices are open at most: a third header ends the first.
//!
//! Remaining ambiguity: a frame that was cut short takes the beginning of the next one if that has
//! `0D 0A` just where the first should end, before it shows that it is one itself: in the word of a
//! frame of this protocol, or in its serial. No known frame has it there: 508 real frames, cut
//! after every byte and followed by every one of them, make 15 million streams, and nothing is
//! lost.
//!
//! The two directions are two streams, each for a decoder of its own.
//!
//! # Replies
//! A heartbeat is the only frame that a server owes a reply, [`HeartbeatAck`]. A device that gets
//! none within 5 seconds stores its positions, and reconnects after a minute \[D\]\[C\].

use crate::bytes::swar::is_decimal;
use core::num::NonZero;

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
pub use message::{
    Command, Heartbeat, HeartbeatAck, Location, Message, Response, ShortLocation, Status, Unknown,
};
pub(crate) use reply::reply;
pub(crate) use report::{
    AccessPointIter, Neighbours, RecordIter, access_points, details, neighbours, records, report,
    tag,
};
pub(crate) use uplink::{downlink, uplink};

/// The most bytes in a frame: a length of 255, and 5 that it does not count.
pub const MAX_FRAME_LEN: usize = 260;

/// The most bytes in a reply: those of [`HeartbeatAck`], the only one.
pub const MAX_REPLY_LEN: usize = ACK.len();

/// Type of a location.
pub(crate) const LOCATION: u8 = 0x10;
/// Type of a heartbeat.
pub(crate) const HEARTBEAT: u8 = 0x1A;
/// Type of a response, and of the command that it answers.
pub(crate) const RESPONSE: u8 = 0x1C;

/// First and second byte of a frame of a device.
pub(crate) const UP: u8 = 0x68;
/// First and second byte of a command.
const DOWN: u8 = 0x88;
/// The reply to a heartbeat, all of it.
pub(crate) const ACK: [u8; 5] = [0x54, 0x68, HEARTBEAT, 0x0D, 0x0A];
/// The end mark of every frame.
const END: [u8; 2] = [0x0D, 0x0A];

/// Bytes that the length does not count: start mark, length, end mark.
const OVERHEAD: usize = 5;
/// The smallest length: header word, id, serial and type.
const MIN_LENGTH: u8 = 13;
/// Bytes in the smallest frame of a device.
pub const MIN_FRAME_LEN: usize = MIN_LENGTH as usize + OVERHEAD;
/// Bytes of a location's body.
const LOCATION_BODY: usize = 24;
/// Digits of the id: an IMEI.
const ID_DIGITS: NonZero<u8> = NonZero::<u8>::MIN.saturating_add(14);
/// Bytes in a header: start mark, length, header word, id, serial and type.
const HEADER: usize = 16;
/// Bytes of the header that can be wrong: up to the id.
const VOUCHED: usize = 13;
/// The smallest length of a command: type, text length, flag and a byte of text. An empty text asks
/// nothing of a device.
const MIN_COMMAND_LENGTH: u8 = 7;

/// Whether these are 16 decimal digits, the first of them 0.
#[inline]
const fn is_id(nibbles: u64) -> bool {
    nibbles >> 60 == 0 && is_decimal(nibbles)
}

/// Whether devices are known to send this type.
#[inline]
const fn is_known_type(code: u8) -> bool {
    matches!(code, LOCATION | HEARTBEAT | RESPONSE)
}

/// The length of a location with exactly the documented body.
const LOCATION_LENGTH: u8 = MIN_LENGTH + LOCATION_BODY as u8;

/// Whether this is a location of exactly the documented length.
#[inline]
const fn is_exact_location(length: u8, code: u8) -> bool {
    length == LOCATION_LENGTH && code == LOCATION
}

/// Whether a byte may stand in the text of a command: the texts of the SMS command sets are
/// printable ASCII.
const fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}
