//! A firmware that only moves bytes: what the others are measured against.

#![no_std]
#![no_main]

#[unsafe(no_mangle)]
fn main() -> bool {
    gt02_firmware::work::baseline()
}
