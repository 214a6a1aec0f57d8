//! Hands the linker its scripts.

use std::env::var;

fn main() {
    println!(
        "cargo::rustc-link-search={}",
        var("CARGO_MANIFEST_DIR").unwrap()
    );
    let memory = match var("CARGO_CFG_TARGET_ARCH").as_deref() {
        // `link.x` of `cortex-m-rt` includes it by its name.
        Ok("arm") => "memory.x",
        Ok("riscv32") => {
            println!("cargo::rustc-link-arg-bins=-Tvirt.x");
            "virt.x"
        }
        _ => panic!(
            "build with --target thumbv6m-none-eabi, thumbv7em-none-eabihf or \
             riscv32imc-unknown-none-elf"
        ),
    };
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    if var("CARGO_FEATURE_DEFMT").is_ok() {
        println!("cargo::rustc-link-arg-bins=-Tdefmt.x");
    }
    println!("cargo::rerun-if-changed={memory}");
}
