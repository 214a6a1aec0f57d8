#!/usr/bin/env python3
"""Builds the library as WebAssembly, which imports nothing: build.py OUT_FOLDER [TOOLCHAIN]

gt02.wasm has the whole interface of gt02.h; gt02-decode.wasm is without commands, the side of the
device, and SMS. `wasm-opt` makes both smaller if it is on the machine. TOOLCHAIN is one of rustup
that has the target wasm32-unknown-unknown.
"""

import gzip
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CAPI = HERE.parent
TARGET = "wasm32-unknown-unknown"
# What rustc takes for granted of a browser.
FEATURES = ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int",
            "reference-types", "sign-ext"]


def declared():
    """The functions of the header."""
    header = (CAPI / "include/gt02.h").read_text()
    return re.findall(r"^GT02_API [\w *]+?\b(gt02_\w+)\(", header, re.M)


def decoding():
    """Those of them that decode and reply."""
    left_out = ("gt02_conn_command", "gt02_device_", "gt02_sms_")
    return [name for name in declared() if not name.startswith(left_out)]


def build(toolchain):
    """The static library."""
    folder = CAPI / "target/wasm"
    subprocess.run(["cargo", *toolchain, "rustc", "--quiet", "--profile", "wasm", "--target",
                    TARGET, "--target-dir", folder, "--crate-type", "staticlib"],
                   cwd=CAPI, check=True)
    return folder / TARGET / "wasm/libgt02.a"


def linker(toolchain):
    def rustc(*options):
        return subprocess.run(["rustc", *toolchain, *options], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
    sysroot = pathlib.Path(rustc("--print", "sysroot").strip())
    host = re.search(r"^host: (.*)", rustc("-vV"), re.M)[1]
    return sysroot / "lib/rustlib" / host / "bin/rust-lld"


def main():
    out, toolchain = pathlib.Path(sys.argv[1]), [f"+{name}" for name in sys.argv[2:]]
    out.mkdir(parents=True, exist_ok=True)
    library = build(toolchain)
    for name, functions in [("gt02", declared()), ("gt02-decode", decoding())]:
        module = out / f"{name}.wasm"
        exports = [f"--export={symbol}" for symbol in ["__heap_base", *functions]]
        # The size of the stack is that of rustc.
        subprocess.run([linker(toolchain), "-flavor", "wasm", "--no-entry", "--gc-sections",
                        "--strip-all", "--stack-first", "-z", "stack-size=1048576", *exports,
                        library, "-o", module], check=True)
        if shutil.which("wasm-opt"):
            subprocess.run(["wasm-opt", "-Oz", *(f"--enable-{feature}" for feature in FEATURES),
                            module, "-o", module], check=True)
        data = module.read_bytes()
        print(f"{module.name}: {len(functions)} functions, {len(data)} bytes, "
              f"{len(gzip.compress(data, 9))} compressed")


main()
