#![no_std]
#![cfg_attr(not(feature = "ffi"), forbid(unsafe_code))]
#![cfg_attr(docsrs, feature(doc_cfg))]
//! Codec for the wire protocols of GPS trackers sold as GT02.
//!
//! Bytes of a connection or a datagram go in; typed messages, one normalised [`Report`] for every
//! protocol, and the exact bytes to send back come out. Messages are encoded too, in both
//! directions. `no_std`, no allocation, no panic, no `unsafe`.
//!
//! ```
//! use gt02::{Decoder, Frame, Item, RECOMMENDED_BUFFER, Session, types::DateTime};
//!
//! # let now = DateTime::new(2026, 5, 4, 7, 30, 0).unwrap();
//! # let reads = [&b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a"[..]];
//! # let sent = std::cell::RefCell::new(Vec::new());
//! let mut decoder = Decoder::<RECOMMENDED_BUFFER>::new(); // one for each connection
//! let mut session = Session::new();
//! let mut handle = |frame: Frame| {
//!     let outcome = session.handle_at(&frame, now); // your clock, UTC
//!     println!("{:?} {:?}", outcome.report.device, outcome.report.position);
//!     if let Some(reply) = outcome.reply {
//!         sent.borrow_mut().extend_from_slice(&reply); // send it back
//!     }
//! };
//! for mut input in reads {
//!     while let Some(item) = decoder.decode(&mut input) {
//!         if let Item::Frame(frame) = item {
//!             handle(frame);
//!         }
//!     }
//! }
//! // At the end, and when the connection falls silent: some frames are only known to be complete
//! // when nothing follows.
//! while let Some(item) = decoder.finish() {
//!     if let Item::Frame(frame) = item {
//!         handle(frame);
//!     }
//! }
//! # assert_eq!(*sent.borrow(), b"\x54\x68\x1a\x0d\x0a");
//! ```
//!
//! # Overview
//! | from | to | use |
//! |---|---|---|
//! | the bytes of a TCP connection | reports, and the replies to send | [`Decoder`], [`Session`] |
//! | the bytes of a TCP connection, in a buffer of yours | reports, and the replies to send | [`SliceDecoder`], [`Session`] |
//! | the bytes and the silences of a connection | reports, replies, and deadlines | [`Connection`] |
//! | a UDP datagram | reports, and the replies to send | [`Datagram`], [`Session`] |
//! | the first bytes of a connection | the protocol that the device speaks | [`sniff()`] |
//! | one whole frame | its message, with raw wire values | [`Frame`], [`protocol::Message`] |
//! | a message | its bytes | `encode` of the message |
//! | a fix, an alarm, a heartbeat | the frame that a device sends | [`device::Device`] |
//! | a command for a connected device | its bytes | [`Session::command`] |
//! | a new tracker | the SMS that make it report to your server | [`sms::Plan`], [`sms::try_all`] |
//! | a text that a tracker sent, by SMS or over GPRS | what it says | [`sms::Answer`] |
//!
//! # Guarantees
//! Each is tested as a property of random streams, and fuzzed.
//! 1. **Nothing is lost.** Every byte comes out again, in order: in exactly one frame, in
//!    [`Noise`], or still pending.
//! 2. **Chunking does not matter.** However a stream is cut into reads, the same frames come out,
//!    and the same noise when neighbouring pieces are joined.
//! 3. **A damaged frame costs only itself.** Of all frames that have begun, the first to be whole
//!    is one, whatever the protocols; after a rejected frame the search goes on at the next byte,
//!    never after a length that nothing vouches for. The module of each [`protocol`] says what no
//!    byte decides.
//! 4. **Never a panic, never an allocation, bounded memory and time**, whatever the bytes. The work
//!    for each byte is bounded by a constant that grows neither with the stream, nor with the
//!    buffer, nor with the cuts.
//! 5. **What is encoded parses back to the same message. A message that was parsed and encodes
//!    gives a frame that parses to the same message**, and in the binary protocols the same bytes.
//!    A damaged text may parse to a message that [`EncodeError`] refuses.
//! 6. **Odd is not wrong.** Values outside the documented range, unknown types, bodies longer or
//!    shorter than documented decode as far as they go.
//!
//! # Buffers
//! A decoder finds frames of up to the size of its buffer, and keeps at most as many bytes while it
//! waits for more. [`RECOMMENDED_BUFFER`] takes every frame that devices were seen to send; its
//! documentation lists the largest of each protocol. `MIN_FRAME_LEN` and `MAX_FRAME_LEN` of a
//! protocol's module are what it allows. With all five protocols, a decoder has fewer than 950
//! bytes beside its buffer, with `gt02` alone fewer than 200.
//!
//! # Features
//! | feature | what it adds |
//! |---|---|
//! | `gt06`, `tk103`, `v680`, `h02` (default) | frames of a [protocol] each: `78 78` and `79 79`, `(...)`, `#...##`, `*HQ,...#` |
//! | `details` (default) | reports of all messages and values, not only of logins, locations, heartbeats and alarms |
//! | `fast-crc` | tables of 8 KiB for the CRC of `gt06` on 32-bit targets; 64-bit targets have them anyway |
//! | `alloc` | `OwnedFrame`, `OwnedItem` and `OwnedReport`, which can be moved to another task |
//! | `std` | `alloc`; [`types::DateTime`] from `std::time::SystemTime`; the `std` features of the dependencies |
//! | `codec` | `std`; the decoder as a codec of `tokio_util` |
//! | `serde` | `Serialize` for [`Report`], [`Outcome`] and [`Noise`], with stable field names |
//! | `defmt` | `defmt::Format` for all public values |
//! | `ffi` | the C interface, module `ffi`: the only `unsafe` code; `docs/c.md` is its guide |
//!
//! Types and functions are the same with and without the feature of a protocol: it decides whether
//! frames of the protocol are found, reported and answered. [`Protocol::is_enabled`] tells. Without
//! it, the protocol costs neither memory nor time nor flash; its messages can still be encoded.
//!
//! Without `details` all five protocols take 24 KB less flash.
//! [`Report::cell`](report::Report::cell), [`cells`](report::Report::cells) and
//! [`text`](report::Report::text) are `None`, [`Report::details`] is empty, and messages other than
//! logins, locations, heartbeats and alarms are reported by their type alone, of `gt06` also those
//! in the layouts of newer devices. `message` of a frame reads everything in every build.
//!
//! On a microcontroller without a floating point unit keep to the integers (`micro_degrees`,
//! `metres_per_hour`): then no floating point code is linked.
//!
//! # Sources
//! What is known of the protocols comes from vendor documents \[D\], captures of real devices
//! \[C\], and public decoders with their tests \[T\]; what is inferred is marked \[I\]. The
//! [`manual`] has it all, a page for each protocol. The modules under [`protocol`] say which of
//! them a statement rests on, and what is not established.

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[macro_use]
mod list;

mod bytes;
#[cfg(feature = "codec")]
pub mod codec;
pub mod connection;
mod decoder;
pub mod device;
pub mod error;
mod features;
#[cfg(feature = "ffi")]
pub mod ffi;
mod framing;
#[cfg(feature = "serde")]
mod json;
pub mod manual;
#[cfg(feature = "alloc")]
mod owned;
pub mod protocol;
pub mod report;
mod scan;
pub mod session;
pub mod sms;
mod sniff;
pub mod types;

pub use connection::Connection;
pub use decoder::{Datagram, Decoder, RECOMMENDED_BUFFER, SliceDecoder, Wait};
pub use error::{EncodeError, Error, ErrorKind};
#[cfg(feature = "alloc")]
pub use owned::{OwnedFrame, OwnedItem, OwnedReport};
pub use protocol::Frame;
pub use report::Report;
pub use scan::{Item, Noise, NoiseReason};
pub use session::{MAX_COMMAND_LEN, Outcome, Session};
pub use sniff::{Sniff, sniff, sniff_datagram};
pub use types::{Direction, Protocol};

/// The program in the README compiles.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;
