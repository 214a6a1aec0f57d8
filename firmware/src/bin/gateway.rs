//! A firmware with [`gt02::Decoder`] and [`gt02::session::Reply`]: it answers, and forwards frames
//! that it does not read.

#![no_std]
#![no_main]

#[unsafe(no_mangle)]
fn main() -> bool {
    gt02_firmware::work::gateway()
}
