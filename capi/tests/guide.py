#!/usr/bin/env python3
"""Compiles each block of C and C++ of docs/c.md and of the README, and runs the programs.

guide.py LIBRARY FOLDER   libgt02.a, and where to build
"""

import pathlib
import re
import subprocess
import sys

CAPI = pathlib.Path(__file__).resolve().parent.parent
ROOT = CAPI.parent
INCLUDES = """#define _POSIX_C_SOURCE 200809L
#include "gt02.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
"""
# What a block of C has around it.
GIVEN = INCLUDES + """
void handle(const gt02_item *item, int fd);
int main(void);
static gt02_conn *conn;
static gt02_item item;
static const uint8_t data[1];
static const size_t len = 1;
static size_t pos;
static const int fd = 1;
"""
GIVEN_CPP = '#include "gt02.hpp"\n#include <iostream>\nstatic const char *data; std::size_t len;\n'
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused", "-Wno-missing-field-initializers"]


def compile_c(source, folder, *options):
    path = folder / "block.c"
    path.write_text(source)
    subprocess.run(["gcc", "-std=c99", *WARNINGS, "-pedantic", "-I", CAPI / "include", path,
                    *options], check=True)


def main():
    library, folder = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    compiled = run = 0
    for page in (ROOT / "docs/c.md", ROOT / "README.md"):
        blocks = re.findall(r"^```(\w+)\n(.*?)^```", page.read_text(), flags=re.M | re.S)
        for number, (language, text) in enumerate(blocks):
            if language == "c" and "int main(" in text:
                compile_c(text, folder, library, "-o", folder / "first")
                (sh, command), (plain, expected) = blocks[number + 1 : number + 3]
                assert (sh, plain) == ("sh", "text"), f"{page.name}: the program is not run"
                found = subprocess.run(["bash", "-c", command], cwd=folder, check=True, text=True,
                                       stdout=subprocess.PIPE).stdout
                assert found == expected, f"{page.name}: {found}"
                run += 1
            elif language == "c":
                # Functions as they are; anything else is in one.
                is_whole = text.startswith(("static", "struct")) and "\n}\n" in text
                body = text if is_whole else f"static void block(void) {{\n{text}\n}}\n"
                compile_c(GIVEN + body, folder, "-c", "-o", folder / "block.o")
            elif language == "cpp":
                path = folder / "block.cpp"
                path.write_text(f"{GIVEN_CPP}void block() {{\n{text}\n}}\n")
                subprocess.run(["g++", "-std=c++17", *WARNINGS, "-I", CAPI / "include", "-c", path,
                                "-o", folder / "block.o"], check=True)
            else:
                continue
            compiled += 1
    assert compiled >= 15 and run == 1, (compiled, run)
    print(f"{compiled} blocks of the guide and the README compile")


main()
