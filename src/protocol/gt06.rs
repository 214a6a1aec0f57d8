//! The protocol with a checksum, `78 78` and `79 79`: what most boxes sold as GT02, GT02A, GT02B, GT02D and GT02E have spoken since about 2012.
//!
//! Sources: the makers' documents (Concox GT06 1.8.1, CRX1 3.0.0, multi-model 3.1) \[D\], captures of real devices \[C\], public decoders with their
//! tests \[T\]; gathered in the project's notes, spec gt06. Where they disagree the capture wins, and both readings stay available.
//!
//! All integers are big-endian. Both directions have the same envelope, so the bytes do not always tell which way a frame goes.
//!
//! ```text
//! +-------+---+----+- - - - -+--------+-----+-------+    +-------+-------+----+- - - - -+--------+-----+-------+
//! | 78 78 | L | no | content | serial | CRC | 0D 0A |    | 79 79 |   L   | no | content | serial | CRC | 0D 0A |
//! +-------+---+----+- - - - -+--------+-----+-------+    +-------+-------+----+- - - - -+--------+-----+-------+
//! 0       2   3    4         L+1      L+3   L+5          0       2       4    5         L+2      L+4   L+6
//! ```
//!
//! `L` counts from the protocol number to the CRC, 5 at least. The CRC is CRC-16/X-25 over all from the length to the serial. Nothing is escaped: start
//! marks and end marks may stand in the content.
//!
//! # Framing
//! * A frame ends where its length says, if `0D 0A` stands there and the CRC is right.
//! * Else the first `0D 0A` within 96 bytes ends it that has the right CRC in front of it: the length byte of some devices is wrong, and
//!   their CRC is computed over the wrong byte ([`Envelope::wrong_length`]). A length below 5, or beyond what a decoder takes, is no frame.
//! * Else it is noise, [`Checksum`](crate::NoiseReason::Checksum) where the length and the end mark agree. A decoder that was told to
//!   [accept bad checksums](crate::Decoder::accept_bad_checksums) takes such a frame, if no end mark up to its end has a right CRC, and
//!   [`Frame::crc_ok`] says so.
//! * **Of all frames that have begun, the first to be complete is one.** If a whole frame with a right length and CRC (or one of another protocol) has come
//!   while what began before it is still incomplete, that was a false start, or was cut short. So a `78 78 FF` in front of a login does not hold the
//!   login back until 260 bytes are there. Frames of up to 260 bytes count; one with a wrong length waits until what began before it is given up. The price: a genuine frame that carries a whole genuine frame in its content is split; no message that is known
//!   does. A header with the number and the length of a documented message of fixed size is believed first: it asks for 65 bytes at most, and such
//!   messages are never split.
//!
//! The dialect without serial and CRC (Topin and ZhongXun locators; spec gt06, section 1.5) has no checksum to vouch for it. Its frames are noise.
//!
//! # Answers
//! Logins (`01`), heartbeats (`13`, `23`) and alarms (`16`, `26`, `27`) are answered with a frame without content, of the same number and serial; a
//! request for the time (`8A`) with the time. A device whose login is not answered within 5 seconds reconnects \[D\].

mod crc16;
mod frame;
mod message;

pub use frame::{Envelope, Frame, Header};
pub(crate) use frame::{MAX_SHORT_FRAME, MIN_FRAME, candidate, header_verdict, is_start, of_right_length};
#[cfg(target_pointer_width = "64")]
pub(crate) use frame::{is_documented, likely_frame};
pub use message::*;

/// First and second byte of a frame with a length of one byte.
pub(crate) const SHORT: u8 = 0x78;
/// First and second byte of a frame with a length of two bytes.
pub(crate) const LONG: u8 = 0x79;
const END: [u8; 2] = [0x0D, 0x0A];
/// The smallest length: protocol number, serial and CRC.
const MIN_LENGTH: u16 = 5;
/// Number of a request for the time, and of the answer.
pub(crate) const TIME: u8 = 0x8A;
/// Number of the server's answer to a request for an address.
pub(crate) const ADDRESS: u8 = 0x97;
