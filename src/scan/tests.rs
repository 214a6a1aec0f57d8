//! Tests of the engine: an oracle that says its rule again, and the quick path against it.

mod oracle;
mod quick;
