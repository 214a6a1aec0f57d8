//! Prints the bytes of stack that `decode` and `gt02` take.

#![no_std]
#![no_main]

use gt02_firmware::{print_line, stack_of, work};

#[unsafe(no_mangle)]
fn main() -> bool {
    for work in [work::decode, work::all] {
        let Some(bytes) = stack_of(work) else {
            return false;
        };
        print_line(bytes);
    }
    true
}
