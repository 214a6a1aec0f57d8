#!/usr/bin/env python3
"""Proves that each function of include/gt02.h is in gt02.hpp, gt02.py and gt02.mjs, except those
that their languages have no use for."""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADER = (HERE / "include/gt02.h").read_text()
FUNCTIONS = set(re.findall(r"^GT02_API [\w *]+?\b(gt02_\w+)\(", HEADER, flags=re.M))
# C++ has the header, too: what needs no wrapper is called as it is.
AS_IT_IS = {"gt02_version", "gt02_time_from_unix", "gt02_network_name", "gt02_conn_size",
            "gt02_sizeof"}
# Dates have types of their own, and digits are printed from the number.
OF_THE_LANGUAGE = {"gt02_time_unix", "gt02_time_from_unix", "gt02_id_text"}
# The version as a number, and the length of what another function gives.
NOWHERE = {"gt02_version_number", "gt02_conn_pending_len"}
WRAPPERS = {
    "include/gt02.hpp": AS_IT_IS,
    "examples/gt02.py": OF_THE_LANGUAGE,
    "wasm/gt02.mjs": OF_THE_LANGUAGE,
}


def main():
    missing = []
    for path, exceptions in WRAPPERS.items():
        text = (HERE / path).read_text()
        used = set(re.findall(r"\bgt02_\w+\b", text))
        if re.search(r"gt02_\$?\{what\}_name", text):
            used |= {name for name in FUNCTIONS if name.endswith("_name")}
        missing += [f"{path} has no {name}()"
                    for name in sorted(FUNCTIONS - exceptions - NOWHERE - used)]
    if missing:
        sys.exit("\n".join(missing))
    print(f"{len(FUNCTIONS)} functions, those of use in C++, Python and JavaScript")


main()
