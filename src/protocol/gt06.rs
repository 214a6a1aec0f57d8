//! The binary protocol with a checksum, `78 78` and `79 79`: most devices sold as GT02, GT02A,
//! GT02B, GT02D and GT02E since about 2012 speak it.
//!
//! [The manual](crate::manual::gt06) describes it in full, with all that is known: vendor documents
//! (Concox GT06 1.8.1, CRX1 3.0.0, multi-model 3.1) \[D\], captures of real devices \[C\], public
//! decoders with their tests \[T\]. Where they disagree the capture wins, and both readings stay
//! available.
//!
//! All integers are big-endian. Both directions have the same envelope, so the bytes do not always
//! tell which way a frame goes.
//!
//! ```text
//! +-------+---+----+- - - - -+--------+-----+-------+
//! | 78 78 | L | no | content | serial | CRC | 0D 0A |
//! +-------+---+----+- - - - -+--------+-----+-------+
//! 0       2   3    4         L+1      L+3   L+5
//!
//! +-------+-------+----+- - - - -+--------+-----+-------+
//! | 79 79 |   L   | no | content | serial | CRC | 0D 0A |
//! +-------+-------+----+- - - - -+--------+-----+-------+
//! 0       2       4    5         L+2      L+4   L+6
//! ```
//!
//! `L` counts from the protocol number to the CRC, 5 at least. The CRC is CRC-16/X-25 over all
//! bytes from the length to the serial. Nothing is escaped: start marks and end marks may stand in
//! the content.
//!
//! # Framing
//! A frame has `78 78` or `79 79`, a length of 5 or more, `0D 0A` where the length says, and the
//! right CRC before it. It comes with its last byte, and wins against everything that is still
//! open: bytes that began before it were a false start, or were cut short. So a `78 78 FF` before a
//! login does not hold the login back until 260 bytes are there.
//!
//! There are two exceptions to the first whole frame:
//! * A header with the number and the length of a documented message of fixed size is believed, for
//!   at most 64 bytes: a frame of this protocol inside it waits until those bytes are there. So no
//!   such message is split because its coordinates spell a frame.
//! * Any other frame that carries a whole frame in its content is split. No known message does.
//!
//! A frame whose length is wrong is a frame if an end mark with the right CRC comes within 96
//! bytes: the length byte of some devices is wrong, and their CRC is computed over the wrong byte
//! ([`Envelope::wrong_length`]). It comes:
//! * when the bytes that its length counts are there, if nothing before it is open;
//! * before the next whole frame;
//! * or at the end of the stream.
//!
//! It is inside another frame only if that one was cut short, so a frame without a checksum that
//! waits for what began inside gives way to it.
//!
//! Everything else is noise: [`Checksum`](crate::NoiseReason::Checksum) if the length and the end
//! mark agree, [`Truncated`](crate::NoiseReason::Truncated) if not. A decoder that
//! [accepts bad checksums](crate::Decoder::accept_bad_checksums) takes a frame of the first kind,
//! if no end mark before its end has a right CRC, and [`Frame::crc_ok`] says so. A header that
//! turns out not to begin a frame keeps bytes pending until the bytes that its length counts are
//! there, or 96 if that is more, unless a frame after it wins. A length below 5, or beyond what a
//! decoder takes, begins no frame.
//!
//! Only end marks are compared with the headers that are open, by their checksums, so work is
//! bounded: at most 16 headers are remembered, the first and the 15 youngest. A frame is lost only
//! if 16 more headers are inside it while something that began before it is still open.
//!
//! The dialect without serial and CRC (Topin and ZhongXun locators) has no checksum to vouch for
//! it. Its frames are noise.
//!
//! # Replies
//! The reply to logins (`01`), heartbeats (`13`, `23`) and alarms (`16`, `26`, `27`) is a frame
//! without content, of the same number and serial; to a request for the time (`8A`) it is the time.
//! A device whose login gets no reply within 5 seconds reconnects \[D\]. A frame without content
//! gets no reply, except the request for the time: it may be a reply itself.
//!
//! Of the newer messages, heartbeats with items (`36`) and alarms (`A3`, `A4`, `A5`) get the same
//! reply \[T\]. To locks (`32`, `33` with `79 79`), and to a `70` that asks for one, it has a
//! `79 79` header \[T\].
//!
//! # Selecting messages
//! Makers use numbers for different things, so number, header and length together say what a
//! message is. A content of a length that no layout has stays [`Unknown`], or keeps the part that
//! all layouts of its number begin with.
//!
//! # The device's side
//! Each message has constructors from plain values. [`Device`](crate::device::Device) sends a `01`
//! for a login, a `13` for a heartbeat and a `26` for an alarm. A location is a `22`, which has the
//! ignition and whether it was stored, or a `12` if neither is to be told. A response is a `15`, or
//! a `21` if it has more than 243 bytes.

mod command;
mod crc16;
mod frame;
mod framing;
mod message;
mod reply;
mod report;
mod uplink;

pub(crate) use command::command;
pub use frame::{Envelope, Frame, Header};
pub(crate) use framing::Framer;
pub use message::*;
pub(crate) use reply::reply;
pub(crate) use report::{
    AccessPointIter, Neighbours, RecordIter, access_points, details, neighbours, records, report,
    tag,
};
pub(crate) use uplink::{downlink, uplink};

/// The most bytes in a reply: those of [`LoginTime`].
pub const MAX_REPLY_LEN: usize = 17;

/// First and second byte of a frame with a length of one byte.
pub(crate) const SHORT: u8 = 0x78;
/// First and second byte of a frame with a length of two bytes.
pub(crate) const LONG: u8 = 0x79;
const END: [u8; 2] = [0x0D, 0x0A];
/// The smallest length: protocol number, serial and CRC.
const MIN_LENGTH: u16 = 5;
/// Number of a request for the time, and of the reply.
pub(crate) const TIME: u8 = 0x8A;
/// Number of the server's reply to a request for an address.
pub(crate) const ADDRESS: u8 = 0x97;
/// Bytes before the content: start mark, length of one byte, protocol number.
const SHORT_HEADER: usize = 4;
/// Bytes before the content where the length has two bytes.
const LONG_HEADER: usize = 5;
/// Bytes of a frame that a length of one byte does not count: start mark, length and end mark.
const SHORT_UNCOUNTED: usize = 5;
/// Bytes of a frame that a length of two bytes does not count.
const LONG_UNCOUNTED: usize = 6;
/// Checksum and end mark.
const CRC_AND_END: usize = 4;
/// Bytes in the largest frame with a length of one byte.
const MAX_SHORT_FRAME: usize = u8::MAX as usize + SHORT_HEADER + 1;
/// The most bytes in a frame: a length of 65,535, and 6 bytes that it does not count.
pub const MAX_FRAME_LEN: usize = u16::MAX as usize + LONG_HEADER + 1;
/// Bytes in the smallest frame, which has no content: header, serial, checksum, end mark.
pub const MIN_FRAME_LEN: usize = SHORT_HEADER + 2 + CRC_AND_END;
/// A frame of at most this many bytes is looked at as a whole to tell its protocol. All logins and
/// heartbeats are; that tells the logins of the dialect without a checksum from them.
const SNIFFED: usize = 24;
/// How far the end of a frame is looked for whose length is wrong. It covers every documented
/// message of a fixed size (`28` with a wide MNC: 65 bytes), and the two real devices with a wrong
/// length, whose frames have 15 and 24 bytes.
const REPAIR_LIMIT: usize = 96;
