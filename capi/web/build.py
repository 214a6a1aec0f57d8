#!/usr/bin/env python3
"""Builds the page as one file from its parts: build.py GT02_WASM OUT.

The map is the page of `gt02 decode --map`.
"""

import base64
import gzip
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def packed(data):
    return base64.b64encode(data).decode()


def script(path):
    """A module without its imports and exports: all parts are one module in the page."""
    text = path.read_text()
    return re.sub(r"^import .*\n", "", re.sub(r"^export ", "", text, flags=re.M), flags=re.M)


def unit(path):
    """The parts in functions of their own, so that their names do not meet."""
    names = re.findall(r"^export (?:async )?(?:function|class) (\w+)", path.read_text(), re.M)
    names = ", ".join(names)
    return f"const {{ {names} }} = (() => {{\n{script(path)}\nreturn {{ {names} }};\n}})();"


def main():
    wasm, out = map(pathlib.Path, sys.argv[1:])
    parts = {
        "STYLE": (HERE / "style.css").read_text(),
        "WASM": packed(gzip.compress(wasm.read_bytes(), 9, mtime=0)),
        "MAP": packed((ROOT / "tools/cli/src/decode/page.html").read_bytes()),
        "SAMPLE": packed((ROOT / "examples/two_drives.log").read_bytes()
                         + (ROOT / "examples/gt02_drive.log").read_bytes()),
        "SCRIPT": "\n".join([
            unit(HERE.parent / "wasm/gt02.mjs"), unit(HERE / "capture.mjs"),
            unit(HERE / "decode.mjs"), script(HERE / "page.mjs"),
        ]),
    }
    page = (HERE / "page.html").read_text()
    page = re.sub("@([A-Z]+)@", lambda mark: parts[mark[1]], page)
    out.write_text(page)
    print(f"{out.name}: {out.stat().st_size} bytes")


main()
