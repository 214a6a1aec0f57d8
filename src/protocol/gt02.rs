//! The original binary protocol, `68 68`: Concox and Goome GT02 (2009 on), GT02A boards `gt02a_30_7s-m`, Concox TR02.
//!
//! Sources: the maker's document "GT02 Communication Protocol Introduction" \[D\], captures of real devices \[C\], public decoders with their tests
//! \[T\]; gathered in the project's notes, spec gt02. Where they disagree the capture wins, and both readings stay available.
//!
//! All integers are big-endian. There is no checksum.
//!
//! ```text
//! device to server                                               server to device
//! +-------+---+-------+---------------+--------+------+- - -+-------+   +----------+-------+
//! | 68 68 | L | word  | device id     | serial | type | body| 0D 0A |   | 54 68 1A | 0D 0A |  answer to a heartbeat
//! +-------+---+-------+---------------+--------+------+- - -+-------+   +----------+-------+
//! 0       2   3       5               13       15     16    L+3         +-------+---+----+---+------+- - -+-------+
//!                                                                      | 88 88 | L | 1C | n | flag | text| 0D 0A |  command
//!                                                                      +-------+---+----+---+------+- - -+-------+
//! ```
//!
//! `L` counts the bytes from offset 3 up to the end mark, 13 at least: a frame is `L + 5` bytes, 18 to 260. The word is the voltage and GSM
//! level in a heartbeat, zero or the LAC of the serving cell in a location. The device id is a 0 and the 15 digits of an IMEI in BCD.
//!
//! # Framing without a checksum
//! What vouches for an uplink frame is all of this together, each part checked as soon as its bytes are there (spec gt02, section 1, and more):
//! * `68 68`, a length of 13 or more, an id of 16 decimal digits whose first is 0, and `0D 0A` where the length says;
//! * no `0D 0A 68 68` inside: that is two frames glued by a wrong length. A location of exactly 24 body bytes is exempt, for its coordinates may
//!   hold any value;
//! * no header behind the type, that is `68 68`, a length and an id as above: the frame was cut short, and that is the next one. In a
//!   location of exactly 24 body bytes the header counts only if a known type stands behind it. So no such location that has a fix is mistaken:
//!   the header would have to lie in the date (a month, day, hour, minute or second of 104), in the first bytes of a coordinate (beyond its range), or
//!   where its type falls on the status bits, which then say that there is no fix, or set bits that are reserved;
//! * nothing that begins in the header, where an IMEI or a serial may well hold `68 68`, with three exceptions: `0D 0A 68 68` in the serial and the
//!   type; in a frame of an unknown type a header, in another one a whole frame of a known type. A location of exactly 24 body bytes has no exceptions;
//! * no whole frame of another protocol inside, if the crate is built with it. A location of exactly 24 body bytes whose status has no bits but those that
//!   some source names is exempt: a frame of `gt06` that ends with it would have the serial 0 and a CRC below 64. So it is believed until its 42 bytes are
//!   there, also where it was cut short: what follows it waits for so long.
//!
//! What is left is a frame cut short in front of one that holds `0D 0A` just where the first should end, before all of that shows: nothing on the
//! wire decides it.
//!
//! A downlink frame is one of fixed bytes, or has its length twice and printable text. The two directions are two streams, each for a decoder of
//! its own: uplink frames are not searched for downlink frames.
//!
//! # Answers
//! A heartbeat is the only frame that is answered, with [`HeartbeatAck`]; a device that gets no answer within 5 seconds stores its positions and
//! reconnects after a minute \[D\].

use core::num::NonZero;

mod frame;
mod message;

pub use frame::Frame;
#[cfg(target_pointer_width = "64")]
pub(crate) use frame::text_room;
pub(crate) use frame::{begins_exact_location, has_documented_status};
pub(crate) use frame::{candidate, header_verdict, is_start};
#[cfg(target_pointer_width = "64")]
pub(crate) use frame::{is_suspicious, likely_frame};
pub use message::{Command, Heartbeat, HeartbeatAck, Location, Message, Response, ShortLocation, Status, Unknown};

/// The most bytes in a frame: a length of 255, and 5 that it does not count.
pub const MAX_FRAME_LEN: usize = 260;

/// Type of a location.
pub(crate) const LOCATION: u8 = 0x10;
/// Type of a heartbeat.
pub(crate) const HEARTBEAT: u8 = 0x1A;
/// Type of a response to a command, and of the command.
pub(crate) const RESPONSE: u8 = 0x1C;

/// First and second byte of a frame of a device.
pub(crate) const UP: u8 = 0x68;
const DOWN: u8 = 0x88;
/// What answers a heartbeat, all of it.
pub(crate) const ACK: [u8; 5] = [0x54, 0x68, HEARTBEAT, 0x0D, 0x0A];
const END: [u8; 2] = [0x0D, 0x0A];

/// Bytes that the length does not count: start mark, length, end mark.
const OVERHEAD: usize = 5;
/// The smallest length: header word, id, serial and type.
const MIN_LENGTH: u8 = 13;
/// Bytes in the smallest frame of a device.
pub(crate) const MIN_FRAME: usize = MIN_LENGTH as usize + OVERHEAD;
/// Bytes of a location's body.
const LOCATION_BODY: usize = 24;
/// Digits of the id: an IMEI.
const ID_DIGITS: NonZero<u8> = NonZero::<u8>::MIN.saturating_add(14);
