//! A firmware that only moves bytes: the baseline for the others.

#![no_std]
#![no_main]

#[unsafe(no_mangle)]
fn main() -> bool {
    gt02_firmware::work::baseline()
}
