#!/usr/bin/env python3
"""Compares the programs in C, C++, Python and JavaScript with `gt02 decode --json`, on all samples
and the corpus, in reads of 1, 7, 13 and 1460 bytes.

compare.py GT02 SERVER UDP [--dump COMMAND]... DECODE ...
    the command, the servers, and programs that print the table; gt02.wasm stands for
    capi/wasm/decode.mjs with it. A dump is dump.c on some machine, with the emulator that it
    needs: all of them print the same.
"""

import argparse
import datetime
import itertools
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


def start(server, *ports, stdout=subprocess.DEVNULL):
    """A server, and the port that it listens on: one of these, which may be taken."""
    for port in ports:
        process = subprocess.Popen([server, str(port)], stdout=stdout)
        time.sleep(0.3)
        if process.poll() is None:
            break
    return process, port


def ask(server, streams):
    """The replies of the server, in C, to each stream."""
    process, port = start(server, 28890, 38890)
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
            udp.sendto(HEARTBEAT, ("127.0.0.1", port))
            assert udp.recv(100) == HEARTBEAT_REPLY
    finally:
        process.terminate()


# A heartbeat of gt02.
HEARTBEAT = bytes.fromhex("68680f0504035889905831401700df1a00000d0a")
HEARTBEAT_REPLY = bytes.fromhex("54681a0d0a")


def ask_by_datagrams(server, datagrams):
    """The replies of the server for datagrams, in C, to each datagram, from a port of its own."""
    with tempfile.TemporaryFile() as printed:
        process, port = start(server, 28891, 38891, stdout=printed)
        try:
            for name, data, expected in datagrams:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                    udp.settimeout(10)
                    udp.connect(("127.0.0.1", port))
                    udp.send(data)
                    # Its reply is the last one: there is none to wait for otherwise.
                    udp.send(HEARTBEAT)
                    wanted = [*expected, HEARTBEAT_REPLY]
                    found = [udp.recv(4096) for _ in wanted]
                    assert found == wanted, f"{name}: {found}, not {wanted}"
            # A location of gt06 names no device: its login did, in another datagram.
            device = gt02.Device("gt06", "353588020144007")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.settimeout(10)
                udp.connect(("127.0.0.1", port))
                udp.send(device.encode("login"))
                assert device.feed(udp.recv(4096))[0]["answers"]
                moment = datetime.datetime(2026, 5, 4, 7)
                udp.send(device.encode("location", time=moment, latitude=12, longitude=-3))
                udp.send(HEARTBEAT)
                assert udp.recv(4096) == HEARTBEAT_REPLY
        finally:
            process.terminate()
            process.wait()
        printed.seek(0)
        lines = printed.read().decode().splitlines()
        assert "353588020144007 location 12.000000 -3.000000" in lines, lines[-3:]


# What gt02_answer has no field for, and what it has in other words.
MORE = {"detail", "state", "battery_percent", "battery_voltage", "server", "transport", "iccid",
        "interval_seconds", "parked_interval_seconds", "zone_minutes", "sos_numbers", "fields"}
LESS = {"host", "port", "apn"}


def compare_texts(command):
    """What trackers said by SMS means the same in Python as in the command."""
    rows = map(json.loads, (ROOT / "tests/corpus/field/sms.jsonl").read_text().splitlines())
    texts = [row["text"].strip() for row in rows if row["direction"] == "answer"]
    texts = [text for text in texts if text and "\n" not in text]
    lines = subprocess.run([command, "provision", "--answers", "--json"], check=True, text=True,
                           input="\n".join(texts), stdout=subprocess.PIPE).stdout.splitlines()
    for text, line in itertools.zip_longest(texts, lines):
        found, expected = gt02.sms_read(text), json.loads(line)
        if "server" in expected:
            assert expected["server"] == f"{found['host']}:{found['port']}", text
        assert expected.get("apn") == found.get("apn"), text
        # The rest of a text is the whole of it in the command.
        found, expected = ({name: value for name, value in fields.items()
                            if name not in MORE | LESS | {"text"}} for fields in (found, expected))
        assert same(found, expected), f"{text}:\n{found}\n{expected}"
    return len(texts)


def compare_dumps(dumps, paths):
    """All dumps print the same, in reads of all sizes."""
    for size in (1, 7, 13, 1460):
        outputs = [subprocess.run([*dump.split(), str(size), *paths], check=True,
                                  stdout=subprocess.PIPE).stdout.splitlines() for dump in dumps]
        for dump, output in zip(dumps, outputs):
            for one, other in itertools.zip_longest(output, outputs[0]):
                assert one == other, f"{dump}, reads of {size}:\n{one}\n{other}"
    return len(outputs[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dump", action="append", default=[])
    parser.add_argument("command")
    parser.add_argument("server")
    parser.add_argument("udp")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    command, programs = options.command, options.programs
    modules = [program for program in programs if program.endswith(".wasm")]
    programs = [program for program in programs if program not in modules]
    frames = 0
    to_ask, datagrams, paths = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in streams(command):
            path = pathlib.Path(folder) / f"{len(paths)}"
            path.write_bytes(data)
            paths.append(path)
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
            if is_row and not timed and all(item["kind"] != "noise" for item in expected):
                replies = [bytes.fromhex(item["reply"]) for item in expected if "reply" in item]
                datagrams.append((name, data, replies))
        ask(options.server, to_ask)
        ask_by_datagrams(options.udp, datagrams)
        lines = compare_dumps(options.dump, paths) if options.dump else 0
    texts = compare_texts(command)
    assert frames > 1000 and len(datagrams) > 200 and texts > 50, (frames, len(datagrams), texts)
    print(f"{frames} frames, the same in Python and in {len(programs + modules)} programs;"
          f" {len(to_ask)} connections and {len(datagrams)} datagrams, the same replies;"
          f" {lines} lines, the same by {len(options.dump)} processors;"
          f" {texts} texts, the same in Python")


main()
