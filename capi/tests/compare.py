#!/usr/bin/env python3
"""Compares the programs in C, C++, Python and JavaScript with `gt02 decode --json`, on all samples
and the corpus, in reads of 1, 7, 13 and 1460 bytes.

compare.py GT02 SERVER DECODE ...   the command, the server, and programs that print the table;
                                    gt02.wasm stands for capi/wasm/decode.mjs with it
"""

import json
import math
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

CAPI = pathlib.Path(__file__).resolve().parent.parent
ROOT = CAPI.parent
sys.path.insert(0, str(CAPI / "examples"))
import gt02  # noqa: E402


def decode(command, path, *options):
    lines = subprocess.run([command, "decode", "--json", "-q", *options, path], check=True,
                           stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in lines.splitlines()]


def streams(command):
    """What devices sent: each connection of the samples, and each file of the corpus."""
    for path in sorted((ROOT / "examples").glob("*.*")):
        if path.suffix not in (".log", ".pcap"):
            continue
        connections = {}
        for item in decode(command, path):
            if item.get("direction") != "down":
                name = item.get("connection", "")
                connections.setdefault(name, bytearray()).extend(bytes.fromhex(item["raw"]))
        for name, data in connections.items():
            yield f"{path.name} {name}", bytes(data)
    for path in sorted((ROOT / "tests/corpus").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        yield path.name, b"".join(bytes.fromhex(row["hex"]) for row in rows)
        # Each row by itself, too: what one leaves pending does not reach the next.
        for number, row in enumerate(rows, 1):
            yield f"{path.name}:{number}", bytes.fromhex(row["hex"])


def joined(items):
    """Items with neighbouring pieces of noise joined: how it is cut depends on the reads."""
    out = []
    for item in items:
        last = out[-1] if out else {}
        if item["kind"] == "noise" and [last.get(k) for k in ("kind", "reason")] == [
                "noise", item["reason"]]:
            out[-1] = {**last, "raw": last["raw"] + item["raw"]}
        else:
            out.append(item)
    return out


# JSON has a whole number if the metres in an hour are whole, after rounding; C has what was sent.
TOLERANCE = {"speed_kmh": 5.1e-4}


def same(one, other, tolerance=5.1e-8):
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            same(one[k], other[k], TOLERANCE.get(k, 5.1e-8)) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        # Half a unit of 1e-7 degrees; everything else is exact.
        return one == other or math.isclose(one, other, rel_tol=1e-15, abs_tol=tolerance)
    return one == other


def row(item):
    """A line of the table of decode.c."""
    if item["kind"] == "noise":
        return f"noise\t{item['reason']}\t{len(item['raw']) // 2}"
    number = lambda name, places: f"{item[name]:.{places}f}" if name in item else "-"
    words = [item["protocol"], item["kind"], item.get("device", "-"), item.get("time", "-"),
             number("latitude", 6), number("longitude", 6), number("speed_kmh", 2),
             item.get("alarm", "-"), item.get("reply", "")]
    return "\t".join(words)


def joined_rows(rows):
    out = []
    for line in rows:
        words = line.split("\t")
        last = out[-1].split("\t") if out else [""]
        if words[0] == "noise" and last[:2] == words[:2]:
            out[-1] = "\t".join([*words[:2], str(int(last[2]) + int(words[2]))])
        else:
            out.append(line)
    return out


def same_rows(one, other):
    """Numbers may differ in their last place: C rounds what was rounded to 1e-7 degrees."""
    one, other = one.split("\t"), other.split("\t")
    return len(one) == len(other) and all(
        a == b or ("." in a and abs(float(a) - float(b)) < 1.1e-6) for a, b in zip(one, other))


def ask(server, streams):
    """The replies of the server, in C, to each stream."""
    for port in (28890, 38890):
        process = subprocess.Popen([server, str(port)], stdout=subprocess.DEVNULL)
        time.sleep(0.3)
        if process.poll() is None:
            break
    try:
        for name, data, expected in streams:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as tcp:
                tcp.sendall(data)
                tcp.shutdown(socket.SHUT_WR)
                found = b""
                while part := tcp.recv(4096):
                    found += part
            assert found == expected, f"{name}: {found.hex()[:99]}, not {expected.hex()[:99]}"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(10)
            udp.sendto(bytes.fromhex("68680f0504035889905831401700df1a00000d0a"),
                       ("127.0.0.1", port))
            assert udp.recv(100).hex() == "54681a0d0a"
    finally:
        process.terminate()


def main():
    command, server, *programs = sys.argv[1:]
    modules = [program for program in programs if program.endswith(".wasm")]
    programs = [program for program in programs if program not in modules]
    frames = asked = 0
    to_ask = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in streams(command):
            path = pathlib.Path(folder) / "stream"
            path.write_bytes(data)
            expected = joined(decode(command, path, "--format", "raw"))
            frames += sum(item["kind"] != "noise" for item in expected)
            is_row = name.count(":") > 0
            for size in (1, 7, 13, 1460):
                connection = gt02.Connection()
                found = []
                for at in range(0, len(data), size):
                    found += connection.feed(data[at : at + size])
                found = joined(found + connection.finish())
                for one, other in zip(found, expected):
                    assert same(one, other), f"{name}, reads of {size}:\n{one}\n{other}"
                assert len(found) == len(expected), f"{name}, reads of {size}"
                if is_row and size != 13:
                    continue
                for module in modules if not is_row else []:
                    script = CAPI / "wasm/decode.mjs"
                    lines = subprocess.run(["node", script, module, path, str(size)], check=True,
                                           stdout=subprocess.PIPE).stdout.splitlines()
                    found = joined(map(json.loads, lines))
                    for one, other in zip(found, expected):
                        assert same(one, other), f"JavaScript, {name}:\n{one}\n{other}"
                    assert len(found) == len(expected), f"JavaScript, {name}"
                for program in programs:
                    lines = subprocess.run([program, path, str(size)], check=True, text=True,
                                           stdout=subprocess.PIPE).stdout.splitlines()
                    table = joined_rows(map(row, expected))
                    lines = joined_rows(lines)
                    for one, other in zip(lines, table):
                        assert same_rows(one, other), f"{program}, {name}:\n{one}\n{other}"
                    assert len(lines) == len(table), f"{program}, {name}"
            # Replies with the time depend on the clock.
            timed = any(item.get("protocol") == "h02" or item["kind"] == "time_request"
                        for item in expected)
            if not is_row and not timed:
                replies = "".join(item.get("reply", "") for item in expected)
                to_ask.append((name, data, bytes.fromhex(replies)))
        ask(server, to_ask)
    assert frames > 1000, frames
    print(f"{frames} frames, the same in Python and in {len(programs + modules)} programs;"
          f" {len(to_ask)} connections, the same replies")


main()
