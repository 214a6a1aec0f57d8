//! What the firmwares share: the board, and a ring from its interrupts to the main loop.

#![no_std]
#![warn(unsafe_op_in_unsafe_fn)]

pub mod board;
pub mod ring;

#[cfg(feature = "defmt")]
use defmt_semihosting as _;

/// The entry point, of either start-up crate. A second argument is the type of a decoder that
/// `main` is lent: it lies in a static where the start-up crate has safe ones, else on the stack.
#[macro_export]
macro_rules! entry {
    ($main:path $(, $decoder:ty)?) => {
        #[cfg(target_arch = "arm")]
        #[cortex_m_rt::entry]
        fn start() -> ! {
            $(static mut DECODER: $decoder = <$decoder>::new();)?
            $main($({ let decoder: &mut $decoder = DECODER; decoder })?)
        }

        #[cfg(target_arch = "riscv32")]
        #[riscv_rt::entry]
        fn start() -> ! {
            $main($(&mut <$decoder>::new())?)
        }
    };
}
