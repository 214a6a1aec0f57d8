#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]
//! Codec for the wire protocols of GPS trackers sold as GT02.
//!
//! Bytes of a connection or a datagram go in; typed messages, one normalised [`Report`] whatever
//! the protocol, and the exact bytes to answer come out. Messages can be encoded as well, in both
//! directions. `no_std`, no allocation, no panic, no `unsafe`.
//!
//! ```
//! use gt02::{Decoder, Item, RECOMMENDED_BUFFER, Session};
//!
//! # let chunk = b"\x68\x68\x0f\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xdf\x1a\x00\x00\x0d\x0a";
//! # let mut sent = Vec::new();
//! let mut decoder = Decoder::<RECOMMENDED_BUFFER>::new(); // one for each connection
//! let mut session = Session::new();
//! let mut input = &chunk[..]; // whatever a read gave
//! while let Some(item) = decoder.decode(&mut input) {
//!     if let Item::Frame(frame) = item {
//!         let outcome = session.handle(&frame);
//!         println!("{:?} {:?}", outcome.report.device, outcome.report.position);
//!         if let Some(reply) = outcome.reply {
//!             sent.extend_from_slice(&reply); // send it back
//!         }
//!     }
//! }
//! # assert_eq!(sent, b"\x54\x68\x1a\x0d\x0a");
//! ```
//!
//! # Where to find what
//! | you have | you want | use |
//! |---|---|---|
//! | a TCP connection | what happened, and what to answer | [`Decoder`], [`Session`] |
//! | the same, with a buffer of your own | the same | [`SliceDecoder`], [`Session`] |
//! | a UDP datagram | the same | [`Datagram`], [`Session`] |
//! | the first bytes of a connection | which protocol it is | [`sniff()`] |
//! | one whole frame | its message, with raw wire values | [`Frame`], `Message` of its [`protocol`] |
//! | a message | its bytes | `encode` of the message |
//! | a connected device | to send it a command | [`Session::command`] |
//! | a fix, an alarm, a heartbeat | the frame that a device sends | [`device::Device`] |
//! | a new tracker | the SMS that make it report to your server | [`sms::Plan`], [`sms::try_all`] |
//! | what a tracker answered, by SMS or over GPRS | what it says | [`sms::Answer`] |
//!
//! # What holds
//! Each is tested as a property of random streams, and fuzzed.
//! 1. **Nothing is lost.** Every byte comes out again, in order: in exactly one frame, in
//!    [`Noise`], or still pending.
//! 2. **Chunking does not matter.** However a stream is cut into reads, the same frames come out,
//!    and the same noise when neighbouring pieces are joined.
//! 3. **A damaged frame costs only itself.** Of all frames that have begun, the first to be whole
//!    is one, whatever the protocols; after a rejected frame the search goes on at the next byte,
//!    never after a length that nothing vouches for. What no byte decides is little, and the module
//!    of each [`protocol`] says what.
//! 4. **Never a panic, never an allocation, bounded memory and time**, whatever the bytes. The work
//!    for each byte is bounded by a constant that grows neither with the stream, nor with the
//!    buffer, nor with the cuts.
//! 5. **What can be built can be parsed, what was parsed can be rebuilt**: binary frames to the
//!    byte, text to the same message.
//! 6. **Odd is not wrong.** Values outside the documented range, unknown types, bodies longer or
//!    shorter than the papers say decode as far as they go.
//!
//! # Buffers
//! A decoder finds frames of up to the size of its buffer, and keeps at most as many bytes while it
//! waits for more. [`RECOMMENDED_BUFFER`] takes every frame that devices were seen to send; its
//! documentation lists the largest of each protocol. `MIN_FRAME_LEN` and `MAX_FRAME_LEN` of a
//! protocol's module are what it allows. With all five protocols, a decoder has fewer than 700
//! bytes beside its buffer, with `gt02` alone fewer than 200.
//!
//! # Features
//! | feature | what it adds |
//! |---|---|
//! | `gt06`, `tk103`, `v680`, `h02` (default) | frames of a [protocol] each: `78 78` and `79 79`, `(...)`, `#...##`, `*HQ,...#` |
//! | `fast-crc` | tables of 8 KiB for the CRC of `gt06` on 32-bit targets; 64-bit targets have them anyway |
//! | `std` | nothing but the `std` features of the dependencies |
//! | `serde` | `Serialize` for [`Report`], [`Outcome`] and [`Noise`], with stable field names |
//! | `defmt` | `defmt::Format` for all public values |
//!
//! Types and functions are the same with and without the feature of a protocol: it decides whether
//! frames of the protocol are found, reported and answered. [`Protocol::is_enabled`] tells. Without
//! it, the protocol costs neither memory nor time nor flash; its messages can still be encoded.
//!
//! On a microcontroller without a floating point unit keep to the integers (`micro_degrees`,
//! `metres_per_hour`): then no floating point code is linked.
//!
//! # Sources
//! What is known of the protocols was gathered from the makers' documents \[D\], captures of real
//! devices \[C\] and public decoders with their tests \[T\], in notes that are not part of the
//! package; `spec gt02, section 4` is a place there. The modules under [`protocol`] say which of
//! them a statement rests on, and what is not established.

#[cfg(feature = "std")]
extern crate std;

#[macro_use]
mod list;

mod bytes;
mod decoder;
pub mod device;
pub mod error;
mod framing;
#[cfg(feature = "serde")]
mod json;
pub mod manual;
pub mod protocol;
pub mod report;
mod scan;
pub mod session;
pub mod sms;
mod sniff;
pub mod types;

pub use decoder::{Datagram, Decoder, RECOMMENDED_BUFFER, SliceDecoder};
pub use error::{EncodeError, Error, ErrorKind};
pub use protocol::Frame;
pub use report::Report;
pub use scan::{Item, Noise, NoiseReason};
pub use session::{Outcome, Session};
pub use sniff::{Sniff, sniff, sniff_datagram};
pub use types::{Direction, Protocol};

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
