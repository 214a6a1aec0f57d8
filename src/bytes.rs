//! Bytes in and out: the primitives with which all protocols read and write.
//!
//! # How this works
//! | module | what it has |
//! |---|---|
//! | [`swar`] | every trick that looks at several bytes at once, each with its naive twin |
//! | [`read`] | the parts of binary messages: bytes and big-endian integers |
//! | [`text`] | the parts of text messages: numbers, pairs of digits, fields with separators |
//! | [`write`](mod@write) | frames into the caller's buffer |
//!
//! # How to change it
//! Nothing here knows a protocol; what only one of them needs belongs to that one. The modules of
//! the crate import one another in one direction: `error`, [`WIDE`] and `swar` import nothing,
//! `types` imports these, the rest of `bytes` imports `types`, and the protocols import all.

pub(crate) mod hash;
pub(crate) mod read;
pub(crate) mod swar;
pub(crate) mod text;
pub(crate) mod write;

/// Whether the wide paths are taken: code for speed alone, next to a general path with the same
/// result.
///
/// 64-bit targets take them. Microcontrollers do not, because the paths take more flash than they
/// are worth. `RUSTFLAGS='--cfg gt02_narrow'` leaves them out on a 64-bit host as well, so that
/// tests on the host run the code of a microcontroller.
///
/// Use it in a plain `if`; the compiler removes the branch that is not taken.
pub(crate) const WIDE: bool = cfg!(all(target_pointer_width = "64", not(gt02_narrow)));
