//! A server for GPS trackers sold as GT02, and a fleet of simulated ones to test it with.
//!
//! The command `gt02` of the package `gt02-cli` runs both: `gt02 serve` and `gt02 simulate`.

#![forbid(unsafe_code)]

pub mod serve;
pub mod simulate;
