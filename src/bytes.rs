//! Bytes in and out: what all protocols are read and written with.
//!
//! # How this works
//! | module | what it has |
//! |---|---|
//! | [`swar`] | every trick that looks at many bytes at once, each with its plain twin |
//! | [`read`] | the parts of binary messages: bytes and big-endian integers |
//! | [`text`] | the parts of text messages: numbers, pairs of digits, fields with separators |
//! | [`write`](mod@write) | frames into the caller's buffer |
//!
//! # How to change it
//! Nothing here knows a protocol; what only one of them needs belongs to that one. The modules of
//! the crate import one another in one direction: `error`, [`WIDE`] and `swar` import nothing,
//! `types` imports these, the rest of `bytes` imports `types`, and the protocols import all.

pub(crate) mod read;
pub(crate) mod swar;
pub(crate) mod text;
pub(crate) mod write;

/// Whether the wide paths are taken: code that is there for speed alone, beside a general way that
/// says the same.
///
/// 64-bit targets take them. A microcontroller does not: there they take more flash than they are
/// worth. `RUSTFLAGS='--cfg gt02_narrow'` leaves them out on a 64-bit host as well, so that tests
/// on the host see what runs on a microcontroller.
///
/// Use it in a plain `if`; the compiler removes what is not taken.
pub(crate) const WIDE: bool = cfg!(all(target_pointer_width = "64", not(gt02_narrow)));
