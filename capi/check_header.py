#!/usr/bin/env python3
"""Proves that include/gt02.h declares what src/ffi has: each function, the layout of each structure,
and the number of each constant. cbindgen says what Rust has; a C compiler compares.

check_header.py [COMPILER ...]   with options; `gcc -std=c11` if left out
"""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SOURCES = HERE.parent / "src" / "ffi"
HEADER = (HERE / "include" / "gt02.h").read_text()
# Declared by the header alone: what C makes of the numbers.
MACROS = {
    "GT02_H", "GT02_API", "GT02_DLL", "GT02_VERSION_NUMBER", "GT02_HAS_FLAG",
    "GT02_CONN_SIZE", "GT02_ID_SIZE", "GT02_CONN_STORAGE", "GT02_CONN", "GT02_CARRY", "GT02_CARRY_MIN",
}


def rust_side(folder):
    """What cbindgen makes of src/ffi: it takes one file, so the files are joined."""
    joined = folder / "ffi.rs"
    files = [SOURCES.with_suffix(".rs"), *sorted(SOURCES.glob("*.rs"))]
    text = "\n".join(f.read_text() for f in files if f.name not in ("tests.rs", "memory.rs"))
    # Comments of a module stand at its beginning only.
    text = re.sub(r"^//!.*\n|^#!\[allow\((.|\n)*?\)\]\n|^(pub )?mod \w+;\n", "", text, flags=re.M)
    joined.write_text(text)
    return subprocess.run(
        ["cbindgen", "--quiet", "--config", HERE / "cbindgen.toml", joined],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout


def main():
    compilers = [c.split() for c in sys.argv[1:]] or [["gcc", "-std=c11"]]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rust = rust_side(folder)
        functions = re.findall(r"^(?!typedef|#)[\w *]+?\b(gt02_\w+)\(", rust, flags=re.M)
        structs = re.findall(r"^typedef struct \{\n((?:.|\n)*?)\} (gt02_\w+);", rust, flags=re.M)
        constants = re.findall(r"^#define (GT02_\w+) (.+)$", rust, flags=re.M)
        assert len(functions) > 30 and len(structs) > 8 and len(constants) > 150, rust
        mistakes = []

        declared = set(re.findall(r"^GT02_API [\w *]+?\b(gt02_\w+)\(", HEADER, flags=re.M))
        mistakes += [f"{name}() is not in both" for name in declared ^ set(functions)]
        code = re.sub(r"/\*(.|\n)*?\*/", "", HEADER)
        known = {name for name, _ in constants} | MACROS
        named = set(re.findall(r"\bGT02_\w+", code))
        mistakes += [f"{name} is not in Rust" for name in named - known]
        types = set(re.findall(r"\} (gt02_\w+);", code))
        mistakes += [f"{name} is not in both" for name in types ^ {n for _, n in structs}]

        # A second declaration of a function compiles only if it is the same.
        lines = ['#include "gt02.h"']
        # On one line each.
        for line in re.findall(r"^(?!typedef|#)[\w *]+?\bgt02_\w+\([^;]*;", rust, flags=re.M):
            lines.append(" ".join(line.split()))
        for name, value in constants:
            value = re.sub(r"\((?:int32_t|uint\d+_t)\)", "", value)
            lines.append(f'_Static_assert({name} == ({value}), "{name}");')
        for fields, name in structs:
            lines.append(f"typedef struct {{ {' '.join(fields.split())} }} rust_{name};")
            lines.append(f'_Static_assert(sizeof({name}) == sizeof(rust_{name}), "sizeof {name}");')
            for field in re.findall(r"(\w+)(?:\[\w+\])?;", fields):
                lines.append(
                    f"_Static_assert(offsetof({name}, {field}) == offsetof(rust_{name}, {field}) &&"
                    " __builtin_types_compatible_p("
                    f"__typeof__((({name} *)0)->{field}), __typeof__(((rust_{name} *)0)->{field})),"
                    f' "{name}.{field}");'
                )
            count = len(re.findall(r";", fields))
            body = re.search(r"typedef struct %s \{((?:.|\n)*?)\n\}" % name, code).group(1)
            if body.count(";") != count:
                mistakes.append(f"{name} has {body.count(';')} fields, {count} in Rust")
        source = folder / "check_header.c"
        source.write_text("\n".join(lines) + "\n")
        for compiler in compilers:
            command = [*compiler, "-I", HERE / "include", "-c", source, "-o", folder / "x.o"]
            if subprocess.run(command).returncode != 0:
                mistakes.append(f"{' '.join(compiler)} finds a difference")
        for mistake in sorted(mistakes):
            print(mistake, file=sys.stderr)
        print(f"{len(functions)} functions, {len(structs)} structures, {len(constants)} constants:",
              "not the same" if mistakes else "the same in C and Rust")
        sys.exit(bool(mistakes))


main()
