//! Hands the linker its script.

use std::env::var;

fn main() {
    let folder = var("CARGO_MANIFEST_DIR").unwrap();
    let script = match var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("arm") => "arm.ld",
        Ok("riscv32") => "riscv.ld",
        _ => panic!(
            "build with --target thumbv6m-none-eabi, thumbv7em-none-eabihf or riscv32imc-unknown-none-elf"
        ),
    };
    println!("cargo::rustc-link-search={folder}");
    println!("cargo::rustc-link-arg-bins=-T{script}");
    // Decoders beside the stack, which `stack` measures.
    println!("cargo::rustc-link-arg-bin=stack=--defsym=__ram_size=0x2000");
    println!("cargo::rustc-link-arg-bin=frames=--defsym=__ram_size=0x4000");
    // Three decoders, one of them large.
    println!("cargo::rustc-link-arg-bin=cost=--defsym=__ram_size=0x40000");
    for file in ["arm.ld", "riscv.ld", "sections.ld"] {
        println!("cargo::rerun-if-changed={file}");
    }
}
