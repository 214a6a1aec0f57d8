//! What a report reads: the features that leave parts of it out, in one place.
//!
//! Use the constants in a plain `if` or a guard; the compiler removes the branch that is not taken.
//! They decide about reports alone: `message` of a frame reads everything in every build, so what
//! is encoded can be parsed.

/// Whether all values and all messages are reported, not only those of logins, locations,
/// heartbeats and alarms: the feature `details`.
pub(crate) const DETAILS: bool = cfg!(feature = "details");

/// Reads a value that is a detail; `None` if details are left out.
#[inline]
pub(crate) fn detail<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    if DETAILS { read() } else { None }
}
