#!/usr/bin/env python3
"""Proves that a program that was compiled with a released header works with the library of today:
each function is still there with the same parameters, each structure of old is the front of the one
of today, and no number has changed.

check_released.py [COMPILER ...]   with options; `gcc -std=c11` if left out

include/released has a copy of the header of each release. While the version of the interface in
Cargo.toml is the same, none of them may fail; a new version begins with an empty folder.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
# They say what the header is, or what a structure is made with today.
MAY_CHANGE = {"GT02_VERSION_NUMBER", "GT02_API", "GT02_DLL", "GT02_H"}


def without_comments(path):
    return re.sub(r"/\*(.|\n)*?\*/", "", path.read_text())


def renamed(code):
    """The header under other names, so that it can stand beside that of today."""
    code = re.sub(r"\bgt02_(\w+)", r"old_\1", code)
    return re.sub(r"\bGT02_(\w+)", r"OLD_\1", code)


def check(old):
    """C that compiles only if the header of today can do what the old one could."""
    code = without_comments(old)
    lines = ['#include "gt02.h"', renamed(code)]
    # A second declaration of a function compiles only if it is the same.
    for line in re.findall(r"^GT02_API [^;]*;", code, flags=re.M):
        lines.append(" ".join(line.split()))
    for body, name in re.findall(r"^typedef struct \w+ \{((?:.|\n)*?)\n\} (gt02_\w+);", code, re.M):
        past = name.replace("gt02_", "old_")
        lines.append(f'_Static_assert(sizeof({past}) <= sizeof({name}), "{name} has shrunk");')
        for field in re.findall(r"(\w+)(?:\[\w+\])?;", body):
            # What is reserved may become something, later.
            if field.startswith("reserved"):
                continue
            kind = f"__typeof__((({name} *)0)->{field})"
            was = f"__typeof__((({past} *)0)->{field})"
            # Structures in structures have other names; their fields are compared by themselves.
            same = f"sizeof({kind}) == sizeof({was})"
            if not re.search(rf"gt02_\w+ \*?{field}\b", body):
                same += f" && __builtin_types_compatible_p({kind}, {was})"
            lines.append(f"_Static_assert(offsetof({name}, {field}) == offsetof({past}, {field})"
                         f' && {same}, "{name}.{field}");')
    # Storage that an old program has is still enough.
    lines.append('_Static_assert(GT02_CONN_SIZE(0) <= OLD_CONN_SIZE(0), "GT02_CONN_SIZE");')
    constants = re.findall(r"^ +(GT02_\w+) = ", code, re.M)
    constants += re.findall(r"^#define (GT02_\w+) +\S", code, re.M)
    for name in constants:
        if name not in MAY_CHANGE:
            lines.append(f'_Static_assert({name} == {name.replace("GT02_", "OLD_", 1)}, "{name}");')
    return "\n".join(lines) + "\n"


def main():
    compiler = sys.argv[1:] or ["gcc", "-std=c11"]
    headers = sorted((HERE / "include/released").glob("*.h"))
    assert headers
    with tempfile.TemporaryDirectory() as folder:
        for old in headers:
            source = pathlib.Path(folder) / "check.c"
            source.write_text(check(old))
            output = source.with_suffix(".o")
            command = [*compiler, "-I", HERE / "include", "-c", source, "-o", output]
            if subprocess.run(command).returncode != 0:
                sys.exit(f"a program that was compiled with {old.name} would not work")
            print(f"{old.name}: {source.read_text().count('_Static_assert')} promises kept")


main()
