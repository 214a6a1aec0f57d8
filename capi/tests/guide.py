#!/usr/bin/env python3
"""Compiles each block of C and C++ of docs/c.md and of the README, and runs the programs and the
blocks of Python and JavaScript.

guide.py LIBRARY FOLDER [WASM]   libgt02.a, where to build, and gt02.wasm for JavaScript
"""

import os
import pathlib
import re
import shutil
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
GIVEN_CPP = """#include "gt02.hpp"
#include <chrono>
#include <iostream>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
static const char *data;
static std::size_t len;
static int fd;
static pollfd poller;
"""
# What is said to a server, and what it answers.
HANDSHAKE = "(013612345678BP00353588020144007HSO)"
ANSWER = "(013612345678AP01HSO)"
GIVEN_PYTHON = f"data = b'{HANDSHAKE}'\n"
THEN_PYTHON = f"""
if "serve" in globals():
    import socket, threading
    here, there = socket.socketpair()
    thread = threading.Thread(target=serve, args=(there,), daemon=True)
    thread.start()
    here.settimeout(10)
    here.sendall(data)
    assert here.recv(100) == b"{ANSWER}"
    here.close()
    thread.join(10)
    assert not thread.is_alive()
"""
GIVEN_JS = f"const data = Buffer.from('{HANDSHAKE}');\n"
THEN_JS = f"""
if (typeof server !== "undefined") {{
  const {{ connect }} = await import("node:net");
  await new Promise((go) => server.on("listening", go));
  const socket = connect(server.address().port);
  socket.write(data);
  const answer = await new Promise((go) => socket.once("data", go));
  if (String(answer) !== "{ANSWER}") throw new Error(answer);
  socket.end();
  server.close();
}}
"""
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused", "-Wno-missing-field-initializers"]


def compile_c(source, folder, *options):
    path = folder / "block.c"
    path.write_text(source)
    subprocess.run(["gcc", "-std=c99", *WARNINGS, "-pedantic", "-I", CAPI / "include", path,
                    *options], check=True)


def run_python(text):
    environment = {**os.environ, "PYTHONPATH": str(CAPI / "examples")}
    return subprocess.run([sys.executable, "-c", GIVEN_PYTHON + text + THEN_PYTHON], check=True,
                          env=environment, stdout=subprocess.PIPE, text=True).stdout


def run_js(text, folder, wasm):
    """The block in a folder that has the module, and the package in node_modules."""
    package = folder / "node_modules/gt02"
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    shutil.copytree(CAPI / "wasm", package)
    shutil.copy(wasm, package / "gt02.wasm")
    for name in ("gt02.mjs", "gt02.wasm"):
        shutil.copy(package / name, folder / name)
    # Any port that is free.
    text = text.replace("listen(5023)", "listen(0)")
    (folder / "block.mjs").write_text(GIVEN_JS + text + THEN_JS)
    return subprocess.run(["node", "block.mjs"], cwd=folder, check=True, timeout=60,
                          stdout=subprocess.PIPE, text=True).stdout


def main():
    library, folder, *wasm = map(pathlib.Path, sys.argv[1:])
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
            elif language == "python":
                assert "heartbeat 013612345678" in run_python(text), text
                run += 1
            elif language == "js" and wasm:
                assert "heartbeat 013612345678" in run_js(text, folder, *wasm), text
                run += 1
            else:
                continue
            compiled += 1
    assert compiled >= 16 and run == (5 if wasm else 3), (compiled, run)
    print(f"{compiled} blocks of the guide and the README compile; {run} of them run")


main()
