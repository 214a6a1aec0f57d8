//! A firmware with [`gt02::Decoder`] and [`gt02::Session`]: it receives and answers.

#![no_std]
#![no_main]

#[unsafe(no_mangle)]
fn main() -> bool {
    gt02_firmware::work::decode()
}
