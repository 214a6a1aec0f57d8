//! The manual: one page for each protocol, with byte tables, real frames, evidence and open
//! questions.
//!
//! The crate implements these pages; the repository has them in `docs/protocols`. Each statement
//! has a grade: \[D\] a vendor document, \[C\] a capture of a device, \[T\] a public decoder or its
//! tests, \[I\] inferred.

#[doc = include_str!("../docs/protocols/gt02.md")]
pub mod gt02 {}

#[doc = include_str!("../docs/protocols/gt06.md")]
pub mod gt06 {}

#[doc = include_str!("../docs/protocols/tk103.md")]
pub mod tk103 {}

#[doc = include_str!("../docs/protocols/v680.md")]
pub mod v680 {}

#[doc = include_str!("../docs/protocols/h02.md")]
pub mod h02 {}

#[doc = include_str!("../docs/protocols/sms.md")]
pub mod sms {}
