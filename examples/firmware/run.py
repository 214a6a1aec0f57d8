#!/usr/bin/env python3
"""Talks to a firmware in QEMU through its serial ports, and checks what it says.

It ends with the RAM that the firmware took: the RAM is painted before the start, and read at the
end.

Usage: run.py gateway|tracker|bridge [CAPTURE] GT02 QEMU...

GT02 is the command `gt02`: the logs and replies of the firmware must be what `gt02 decode` says of
the same bytes. QEMU is the command that starts the firmware, without its ports.
"""

import atexit
import json
import os
import queue
import re
import select
import socket
import subprocess
import sys
import tempfile
import threading

EOT = b"\x04"
# How long the tracker drives: three seconds after its last heartbeat.
SECONDS = 340
# The bytes of RAM, as in `memory.x` and `virt.x`.
RAM = 16 * 1024
PAINT = b"\xa5"
# Bytes that may be on the way: the ring has room for 255.
WINDOW = 200


class Failure(Exception):
    pass


def expect(found, wanted, what):
    if found != wanted:
        raise Failure(f"{what}: found {found!r}, expected {wanted!r}")


def decode(gt02, data):
    """What `gt02 decode` says of bytes in one stream."""
    command = [gt02, "decode", "--json", "--format", "raw"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def statics(elf):
    """The addresses of the statics of a firmware, at the start of its RAM."""
    command = ["readelf", "-sW", elf]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    symbols = {words[-1]: words[1] for line in done.stdout.splitlines() if (words := line.split())}
    return range(int(symbols["_stack_start"], 16) - RAM, int(symbols["__sheap"], 16))


class Port:
    """A serial port. A thread empties it: QEMU waits if few bytes are left unread."""

    def __init__(self, socket):
        self.socket, self.lock, self.arrived = socket, threading.Lock(), b""
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            select.select([self.socket], [], [])
            with self.lock:
                if not self.take():
                    return

    def take(self):
        """Takes what is there. `False` at the end; call it with the lock."""
        try:
            while data := self.socket.recv(4096, socket.MSG_DONTWAIT):
                self.arrived += data
            return False
        except BlockingIOError:
            return True
        except ConnectionError:
            return False

    def received(self):
        """What has arrived since the last call. All of it was sent before the last line."""
        with self.lock:
            self.take()
            data, self.arrived = self.arrived, b""
            return data


class Firmware:
    """A firmware in QEMU, with its ports and its log."""

    def __init__(self, command, ports):
        self.folder = tempfile.TemporaryDirectory()
        listeners, arguments = [], []
        for port in range(ports):
            path = os.path.join(self.folder.name, f"port{port}")
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(path)
            listener.listen()
            arguments += ["-chardev", f"socket,id=port{port},path={path}"]
            arguments += ["-serial", f"chardev:port{port}"]
            listeners.append(listener)
        self.statics = statics(command[-1])
        paint = os.path.join(self.folder.name, "paint")
        with open(paint, "wb") as file:
            file.write(PAINT * (RAM - len(self.statics)))
        place = f"addr={self.statics.stop:#x},force-raw=on"
        arguments += ["-device", f"loader,file={paint},{place}"]
        monitor = os.path.join(self.folder.name, "monitor")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(monitor)
        listener.listen()
        arguments += ["-chardev", f"socket,id=monitor,path={monitor}"]
        arguments += ["-mon", "chardev=monitor,mode=control"]
        listeners.append(listener)
        self.process = subprocess.Popen(
            command + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        atexit.register(self.process.kill)
        *ports, monitor = [listener.accept()[0] for listener in listeners]
        self.ports = [Port(port) for port in ports]
        self.monitor = monitor.makefile("rw")
        self.ask("qmp_capabilities")
        self.lines = queue.Queue()
        threading.Thread(target=self.read_log, daemon=True).start()

    def read_log(self):
        for line in self.process.stdout:
            self.lines.put(line.decode().split())
        self.lines.put(None)

    def line(self):
        """The next line of the log, as words. Two minutes are for machines that are busy."""
        line = self.lines.get(timeout=120)
        if line is None:
            raise Failure(f"the firmware ended with status {self.process.wait()}")
        return line

    def send(self, data, port=0):
        self.ports[port].socket.sendall(data)

    def received(self, port=0):
        return self.ports[port].received()

    def ask(self, command, **arguments):
        """Has QEMU execute a command."""
        self.monitor.write(json.dumps({"execute": command, "arguments": arguments}))
        self.monitor.flush()
        while "return" not in (answer := json.loads(self.monitor.readline())):
            if "error" in answer:
                raise Failure(f"{command}: {answer['error']}")

    def memory(self):
        """The bytes of statics, and of stack that were used: those that lost their paint."""
        dump = os.path.join(self.folder.name, "dump")
        size = RAM - len(self.statics)
        self.ask("memsave", val=self.statics.stop, size=size, filename=dump)
        with open(dump, "rb") as file:
            stack = file.read().lstrip(PAINT)
        if len(stack) == size:
            raise Failure("the stack takes all of the RAM")
        return f"{len(self.statics)} bytes of statics, {len(stack)} of stack"

    def end(self, port=0):
        """Ends the run, checks the verdict of the firmware itself, and returns the RAM it took."""
        memory = self.memory()
        self.send(EOT, port)
        expect(self.process.wait(timeout=120), 0, "the status of the firmware")
        return memory


def feed(firmware, data, frames):
    """Sends a capture in pieces of 1 to 16 bytes, and checks the frames that are logged."""
    at = confirmed = 0
    piece = 0
    for frame in frames:
        while at < len(data) and at - confirmed < WINDOW:
            piece = piece % 16 + 1
            firmware.send(data[at : at + piece])
            at += piece
        expect(firmware.line(), ["frame", frame["raw"]], "a line of the log")
        confirmed += len(frame["raw"]) // 2


def gateway(gt02, command, capture):
    data = open(capture, "rb").read()
    frames = decode(gt02, data)
    firmware = Firmware(command, 1)
    feed(firmware, data, frames)
    replies = "".join(frame.get("reply", "") for frame in frames)
    expect(firmware.received().hex(), replies, "the replies")
    memory = firmware.end()
    print(f"{len(frames)} frames, {len(replies) // 2} bytes of replies; {memory}")


def bridge(gt02, command, capture):
    data = open(capture, "rb").read()
    frames = decode(gt02, data)
    firmware = Firmware(command, 2)
    feed(firmware, data, frames)
    forwarded = decode(gt02, firmware.received(1))
    expect(forwarded.pop(0)["kind"], "login", "the first frame")
    expect(len(forwarded), len(frames), "the number of frames")
    for found, sent in zip(forwarded, frames):
        expect(found["protocol"], "gt06", "the protocol")
        for name in ["kind", "device", "time", "valid", "ignition"]:
            expect(found.get(name), sent.get(name), name)
        # In 1/30 000 minute, whole km/h and whole degrees.
        limits = {"latitude": 1e-6, "longitude": 1e-6, "speed_kmh": 0.5, "course": 0.5}
        for name, limit in limits.items():
            if abs(found[name] - sent[name]) > limit:
                raise Failure(f"{name}: found {found[name]}, sent {sent[name]}")
    memory = firmware.end()
    print(f"{len(frames)} frames of h02 went on as gt06; {memory}")


def sentence(second):
    """Where the vehicle is: it goes north, and from second 95 to 99 too fast."""
    minutes, seconds = divmod(30 * 60 + second, 60)
    knots = 70 if 95 <= second < 100 else 20
    latitude = 55.4940 - second / 1000
    text = f"GNRMC,07{minutes:02}{seconds:02}.00,A,33{latitude:07.4f},S,"
    text += f"01825.4460,E,{knots}.00,,040526,,,A"
    checksum = 0
    for byte in text.encode():
        checksum ^= byte
    return f"${text}*{checksum:02X}\r\n".encode()


def gt06(number, content, serial):
    """A frame of gt06 from the server."""
    body = bytes([len(content) + 5, number]) + content + serial
    crc = 0xFFFF
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return b"\x78\x78" + body + (crc ^ 0xFFFF).to_bytes(2, "big") + b"\x0d\x0a"


def tracker(gt02, command, _):
    deaf = range(125, 215)
    flag = bytes.fromhex("00c0ffee")
    firmware = Firmware(command, 2)
    heard = b""
    asked = False
    for second in range(SECONDS):
        firmware.send(sentence(second), 1)
        expect(firmware.line(), ["second"], "a line of the log")
        rest = firmware.received()
        if second in deaf:
            continue
        heard += rest
        while rest:
            expect(rest[:2], b"\x78\x78", "the start of a frame")
            length = rest[2] + 5
            frame, rest = rest[:length], rest[length:]
            if frame[3] in (0x01, 0x13, 0x26):
                firmware.send(gt06(frame[3], b"", frame[-6:-4]))
                expect(firmware.line(), ["reply"], "a line of the log")
        if second == 50:
            text = b"VERSION#"
            content = bytes([4 + len(text)]) + flag + text
            firmware.send(gt06(0x80, content, b"\x00\x07"))
            expect(firmware.line(), ["command", text.hex()], "a line of the log")
            heard += firmware.received()
            asked = True
    memory = firmware.end(1)
    reports = decode(gt02, heard)
    kinds = [report["kind"] for report in reports]
    expect(kinds[0], "login", "the first frame")
    expect(kinds.count("login"), 2, "logins that were heard")
    expect(kinds.count("alarm"), 1, "alarms")
    expect(next(r for r in reports if r["kind"] == "alarm")["alarm"], "overspeed", "the alarm")
    responses = [report for report in reports if report["kind"] == "response"]
    expect([response["text"] for response in responses], ["gt02 0.1"] * asked, "responses")
    expect([bytes.fromhex(r["raw"])[5:9] for r in responses], [flag] * asked, "the flag")
    # Every fix arrived, those of the deaf minutes as stored ones.
    locations = {r["time"]: r for r in reports if r["kind"] == "location"}
    for second in range(0, SECONDS, 10):
        minutes, seconds = divmod(30 * 60 + second, 60)
        location = locations.pop(f"2026-05-04T07:{minutes:02}:{seconds:02}", None)
        if location is None:
            raise Failure(f"the fix of second {second} was lost")
        expect(location.get("resent", False), 130 <= second < 220, f"stored at {second} s")
        latitude = -33 - (55.4940 - second / 1000) / 60
        if abs(location["latitude"] - latitude) > 1e-6:
            raise Failure(f"latitude at {second} s: {location['latitude']}, not {latitude}")
    expect(list(locations), [], "other locations")
    print(f"{len(reports)} frames heard, none lost while the server was deaf; {memory}")


def main():
    program, *rest = sys.argv[1:]
    capture = None if program == "tracker" else rest.pop(0)
    gt02, *command = rest
    try:
        {"gateway": gateway, "bridge": bridge, "tracker": tracker}[program](gt02, command, capture)
    except (Failure, queue.Empty) as failure:
        sys.exit(f"{program}: {failure or 'the firmware is silent'}")


if __name__ == "__main__":
    main()
