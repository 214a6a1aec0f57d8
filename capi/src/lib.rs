//! The C libraries of `gt02`: what `include/gt02.h` declares is in `gt02::ffi`, and exported here.
#![no_std]

#[cfg(not(panic = "abort"))]
compile_error!("the C libraries need panic = \"abort\": nothing may unwind into C");

pub use core_gt02::ffi::*;

/// There is no panic. With the feature `prove` the linker says so: the symbol exists nowhere.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    #[cfg(feature = "prove")]
    {
        unsafe extern "C" {
            fn gt02_a_path_to_a_panic_is_left() -> !;
        }
        // SAFETY: it is never called, because it does not exist.
        unsafe { gt02_a_path_to_a_panic_is_left() }
    }
    #[cfg(not(feature = "prove"))]
    loop {}
}
