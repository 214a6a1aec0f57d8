//! The C interface: what `capi/include/gt02.h` declares, which documents it for C.
//!
//! This is for the libraries in `capi/`; a Rust program has no use for it. It is the only `unsafe`
//! code of the crate. No function panics, allocates, or keeps a global.
//!
//! # How this is laid out
//! | module | what it has |
//! |---|---|
//! | [`numbers`] | every constant of the header, and the names that go with numbers |
//! | [`values`] | bytes, dates, cells: the structures that others are made of |
//! | [`item`] | `gt02_item`, and what is read from the frame in it |
//! | [`conn`] | connections: items out of bytes, replies, commands |
//! | [`deadline`] | what passes on a connection that is quiet |
//! | [`device`] | the device's side |
//! | [`sms`] | configuration by SMS |
//! | `memory` | pointers to references, and back: the reasoning about `unsafe` |
//!
//! Names are those of C. `capi/check_header.py` proves that the header declares what is here: each
//! function, the layout of each structure, the number of each constant.
#![deny(clippy::undocumented_unsafe_blocks)]
#![allow(
    unsafe_code,
    non_camel_case_types,
    reason = "the interface of C, under its names"
)]

pub mod conn;
pub mod deadline;
pub mod device;
pub mod item;
mod memory;
pub mod numbers;
pub mod sms;
pub mod values;

#[cfg(test)]
mod tests;

pub use conn::*;
pub use deadline::*;
pub use device::*;
pub use item::*;
pub use numbers::*;
pub use sms::*;
pub use values::*;

use crate::error::EncodeError;

/// What a call came to: one of the `GT02_...` statuses. Errors are negative.
pub type gt02_status = i32;

/// The status of a frame that could not be encoded, and sets `len` if more room would help.
fn status_of(error: EncodeError, len: &mut usize) -> gt02_status {
    match error {
        EncodeError::BufferTooSmall { needed } => {
            *len = needed;
            GT02_ERR_BUFFER
        }
        EncodeError::TooLong { .. } | EncodeError::Range { .. } => GT02_ERR_RANGE,
        EncodeError::DeviceId { .. }
        | EncodeError::Missing { .. }
        | EncodeError::Gap { .. }
        | EncodeError::NotCanonical
        | EncodeError::Ambiguous
        | EncodeError::Text => GT02_ERR_SYNTAX,
    }
}

/// The size of a structure in the library, by `GT02_SIZEOF_...`; 0 for another number. For
/// bindings that are not made from the header.
#[unsafe(no_mangle)]
pub extern "C" fn gt02_sizeof(what: u32) -> usize {
    match what {
        GT02_SIZEOF_SLICE => size_of::<gt02_slice>(),
        GT02_SIZEOF_TIME => size_of::<gt02_time>(),
        GT02_SIZEOF_DECIMAL => size_of::<gt02_decimal>(),
        GT02_SIZEOF_CELL => size_of::<gt02_cell>(),
        GT02_SIZEOF_ITEM => size_of::<gt02_item>(),
        GT02_SIZEOF_DETAILS => size_of::<gt02_details>(),
        GT02_SIZEOF_RECORD => size_of::<gt02_record>(),
        GT02_SIZEOF_ACCESS_POINT => size_of::<gt02_access_point>(),
        GT02_SIZEOF_COMMAND => size_of::<gt02_command>(),
        GT02_SIZEOF_DEVICE => size_of::<gt02_device>(),
        GT02_SIZEOF_UPLINK => size_of::<gt02_uplink>(),
        GT02_SIZEOF_SETTINGS => size_of::<gt02_settings>(),
        GT02_SIZEOF_STEP => size_of::<gt02_step>(),
        GT02_SIZEOF_ANSWER => size_of::<gt02_answer>(),
        GT02_SIZEOF_ID => size_of::<gt02_id>(),
        GT02_SIZEOF_LIMITS => size_of::<gt02_limits>(),
        _ => 0,
    }
}
