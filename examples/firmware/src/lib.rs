//! What the firmwares share: the board, and a ring from its interrupts to the main loop.

#![no_std]
#![warn(unsafe_op_in_unsafe_fn)]

pub mod board;
pub mod ring;

#[cfg(feature = "defmt")]
use defmt_semihosting as _;

/// The entry point, of either start-up crate.
#[macro_export]
macro_rules! entry {
    ($main:path) => {
        #[cfg(target_arch = "arm")]
        #[cortex_m_rt::entry]
        fn start() -> ! {
            $main()
        }

        #[cfg(target_arch = "riscv32")]
        #[riscv_rt::entry]
        fn start() -> ! {
            $main()
        }
    };
}
