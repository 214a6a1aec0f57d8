//! Hands the linker its scripts. Where the memory is says `../firmware`, whose build script has
//! named its folder to the linker.

use std::env::var;

fn main() {
    if var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("riscv32") {
        println!("cargo::rustc-link-arg-bins=-Tvirt.x");
    }
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    println!("cargo::rerun-if-changed=build.rs");
}
