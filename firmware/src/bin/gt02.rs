//! A firmware with all of `gt02`: it receives, answers, encodes messages and sends commands. It
//! ends with status 1 if a result is wrong.

#![no_std]
#![no_main]

#[unsafe(no_mangle)]
fn main() -> bool {
    gt02_firmware::work::all()
}
