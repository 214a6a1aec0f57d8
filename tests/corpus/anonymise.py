#!/usr/bin/env python3
"""Replaces what identifies people in captured frames and texts: device ids, IMEI, IMSI, ICCID,
telephone numbers, places and cells.

It reads rows of the corpus (README.md) from standard input and writes them to standard output. The
frames keep their form: every replacement has the length of what it replaces, check digits that
were right are right again, and so are the checksums of gt06. The expected values change with the
frames.

What is replaced depends on a secret key, so that it cannot be undone by trying:

    GT02_ANONYMISE_KEY=$(openssl rand -hex 16) ./anonymise.py <raw.jsonl >gt06.jsonl

With the same key a device gets the same new id in every row, and its places move by the same whole
degrees. Look at the warnings: they name what a row expects and the frame does not show.
"""

import hashlib
import hmac
import json
import os
import re
import sys

KEY = os.environ.get("GT02_ANONYMISE_KEY", "").encode()
# Protocols by the first byte of their frames.
PROTOCOLS = {
    b"h": "gt02",
    b"T": "gt02",
    b"\x88": "gt02",
    b"x": "gt06",
    b"y": "gt06",
    b"(": "tk103",
    b"#": "v680",
    b"*": "h02",
    b"$": "h02",
}
# The first digits of IMEIs, which tk103 devices leave out of their ids, by the two that follow.
TK103_PREFIXES = {"27": "3552", "87": "3528", "88": "3541", "57": "3578"}


def number(text, below):
    """A number below `below` that depends on `text` and the key."""
    return int.from_bytes(hmac.new(KEY, text.encode(), hashlib.sha256).digest(), "big") % below


def luhn(digits):
    """The check digit of `digits`."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def scramble(digits, kept):
    """Other digits in place of those after the first `kept`."""
    rest = digits[kept:]
    return digits[:kept] + str(number(digits, 10 ** len(rest))).zfill(len(rest))


def has_check_digit(digits):
    return luhn(digits[:-1]) == digits[-1]


def identity(digits):
    """The id that stands for this one. The maker's part of an IMEI, an IMSI or an ICCID stays."""
    if not digits.isdigit():
        # An ICCID with hexadecimal digits: the others change.
        return digits[:7] + re.sub(r"[0-9]+", lambda m: scramble(m[0], 0), digits[7:])
    if int(digits) == 0:
        return digits
    if len(digits) == 12 and digits[0] == "0" and digits[1:3] in TK103_PREFIXES:
        imei = TK103_PREFIXES[digits[1:3]] + digits[1:]
        if has_check_digit(imei):
            return "0" + identity(imei)[4:]
    if len(digits) == 15 and has_check_digit(digits):
        start = scramble(digits[:14], 8)
        return start + luhn(start)
    if len(digits) >= 19 and has_check_digit(digits):
        start = scramble(digits[:-1], 7)
        return start + luhn(start)
    return scramble(digits, {15: 5}.get(len(digits), 7 if len(digits) >= 18 else 3))


def similar(value, text):
    """Another value with as many decimal and as many hexadecimal digits."""
    for attempt in range(10000):
        other = number(f"{text} {value} {attempt}", 10 ** len(str(value)))
        if len(str(other)) == len(str(value)) and len(f"{other:x}") == len(f"{value:x}"):
            return other
    return value


def crc_x25(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc ^ 0xFFFF


def has_right_crc(data, start, end):
    right = crc_x25(data[start + 2 : end - 4])
    return end - start >= 8 and data[end - 2 : end] == b"\r\n" and int.from_bytes(data[end - 4 : end - 2], "big") == right


def gt06_frames(data):
    """The spans of gt06 frames whose checksum is right."""
    spans, at = [], 0
    while at + 4 <= len(data):
        ends = []
        if data[at : at + 2] == b"\x78\x78":
            ends.append(at + data[at + 2] + 5)
            ends.append(at + int.from_bytes(data[at + 2 : at + 4], "big") + 6)
        elif data[at : at + 2] == b"\x79\x79":
            ends.append(at + int.from_bytes(data[at + 2 : at + 4], "big") + 6)
        if ends:
            # A length may be wrong where the checksum is right.
            ends.append(len(data))
        end = next((end for end in ends if end <= len(data) and has_right_crc(data, at, end)), None)
        if end:
            spans.append((at, end))
        at = end or at + 1
    return spans


def with_right_crcs(data, spans):
    data = bytearray(data)
    for start, end in spans:
        data[end - 4 : end - 2] = crc_x25(bytes(data[start + 2 : end - 4])).to_bytes(2, "big")
    return bytes(data)


def with_right_sum(match):
    """A sentence of NMEA with its checksum."""
    total = 0
    for byte in match[1]:
        total ^= byte
    return b"$%s*%02X" % (match[1], total)


class Row:
    """A row with frames, in `hex`."""

    def __init__(self, row):
        self.row = row
        self.warnings = []
        self.data = bytes.fromhex(row["hex"])
        self.protocol = PROTOCOLS.get(self.data[:1], "")
        values = self.collect(row["expect"], {"device", "imei", "imsi", "iccid"})
        named = re.findall(rb"(?:\*[A-Z]{2},|\(|#)(\d{10,16})", self.data)
        values += [digits.decode() for digits in named]
        self.ids = {old: identity(old) for old in sorted(set(values), key=len, reverse=True)}
        self.cells = {
            (cell["lac"], cell["cid"]): (similar(cell["lac"], "lac"), similar(cell["cid"], "cid"))
            for cell in self.objects(row["expect"])
            if cell.get("lac") and cell.get("cid")
        }
        self.shift = self.degrees()

    def objects(self, value):
        """All objects in `value`."""
        if isinstance(value, dict):
            yield value
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                yield from self.objects(item)

    def collect(self, value, names):
        return [o[name] for o in self.objects(value) for name in names if isinstance(o.get(name), str)]

    def places(self):
        return [o for o in self.objects(self.row["expect"]) if "latitude" in o and o["latitude"]]

    def degrees(self):
        """By how many whole degrees places move away from the equator and from Greenwich."""
        name = next(iter(self.ids), self.row["source"])
        # Magnitudes that stay on earth, and clear of the poles and of other signs.
        latitudes = [abs(o["latitude"]) for o in self.places()] or [45]
        longitudes = [abs(o["longitude"]) for o in self.places() if "longitude" in o] or [90]
        for attempt in range(10000):
            north = number(f"north {name} {attempt}", 61) - 30
            east = number(f"east {name} {attempt}", 121) - 60
            fits = all(1 <= v + north < 70 for v in latitudes) and all(1 <= v + east < 170 for v in longitudes)
            if fits and abs(north) > 2 and abs(east) > 2 and north != east:
                return north, east
        self.warnings.append("no room to move the places")
        return 0, 0

    def replace_ids(self, data):
        text = data.hex()
        for old, new in self.ids.items():
            ascii_old, ascii_new = old.encode().hex(), new.encode().hex()
            text = text.replace(ascii_old, ascii_new).replace(old, new)
        return bytes.fromhex(text)

    def replace_all_cells(self, data):
        """The cells in lists, of which a row expects only the first."""

        def decimal(lac, cid):
            return b"%d,%d" % (similar(int(lac), "lac"), similar(int(cid), "cid"))

        def replaced_list(match):
            return match[1] + re.sub(rb"(\d+),(\d+)(?=,-?\d+)", lambda m: decimal(m[1], m[2]), match[2])

        if self.protocol == "tk103":
            return re.sub(rb"(\{\d+,\d+,)(\d+),(\d+)", lambda m: m[1] + decimal(m[2], m[3]), data)
        if self.protocol == "h02":
            # mcc, mnc, timing advance, number of cells; then lac, cid and signal of each.
            cell = rb"\d+,\d+,-?\d+,"
            return re.sub(rb"(,NBR,\d*,\d+,\d+,\d+,\d+,)((?:" + cell + rb")+)(?=\d{6},)", replaced_list, data)
        if self.protocol == "v680":

            def hexadecimal(match):
                lac, cid = (int(match[2][at : at + 4], 16) for at in (0, 4))
                form = "{:04x}{:04x}" if match[2] == match[2].lower() else "{:04X}{:04X}"
                return match[1] + form.format(similar(lac, "lac"), similar(cid, "cid")).encode()

            return re.sub(rb"(?<=[#,])((?:\d{5,6})?)([0-9a-fA-F]{8})(?=[#,])", hexadecimal, data)
        if self.protocol == "gt06":
            data = bytearray(data)
            for start, end in gt06_frames(self.data):
                # Time, mcc, mnc; then lac, cid and signal of seven.
                if data[start] == 0x78 and data[start + 3] in (0x18, 0x28):
                    for at in range(start + 13, min(start + 13 + 7 * 6, end - 6), 6):
                        lac = int.from_bytes(data[at : at + 2], "big")
                        cid = int.from_bytes(data[at + 2 : at + 5], "big")
                        if lac and cid:
                            data[at : at + 2] = similar(lac, "lac").to_bytes(2, "big")
                            data[at + 2 : at + 5] = similar(cid, "cid").to_bytes(3, "big")
            return bytes(data)
        return data

    def replace_cells(self, data):
        original, data = data, self.replace_all_cells(data)
        for (lac, cid), (new_lac, new_cid) in self.cells.items():
            found = False
            if self.protocol in ("gt02", "gt06") or data[:1] == b"$":
                if self.protocol == "gt02":
                    for at in range(len(data)):
                        frame = data[at : at + 42]
                        is_location = frame[:2] == b"\x68\x68" and frame[15:16] == b"\x10"
                        if is_location and frame[3:5] == lac.to_bytes(2, "big") and frame[34:36] == cid.to_bytes(2, "big"):
                            data = data[: at + 3] + new_lac.to_bytes(2, "big") + data[at + 5 :]
                            data = data[: at + 34] + new_cid.to_bytes(2, "big") + data[at + 36 :]
                            found = True
                else:
                    for width in (8, 4, 3, 2):
                        for size in (4, 2):
                            try:
                                old = lac.to_bytes(size, "big") + cid.to_bytes(width, "big")
                                new = new_lac.to_bytes(size, "big") + new_cid.to_bytes(width, "big")
                            except OverflowError:
                                continue
                            if not found and old in data:
                                data, found = data.replace(old, new), True
            else:
                for form in ("{},{}", "{:x},{:x}", "{:04x}{:04x}", "{:x},{:06x}", "{:06x},{:06x}", "{},{:x}", "{:06},{:06}", "{:05},{}", "{:04x}{:07x}"):
                    for upper in (str, str.upper):
                        old, new = upper(form.format(lac, cid)).encode(), upper(form.format(new_lac, new_cid)).encode()
                        pattern = rb"(?<![0-9A-Fa-f])" if "04x" not in form else rb"(?<=[\s\S])"
                        pattern += re.escape(old) + (rb"(?![0-9A-Fa-f])" if "04x" not in form else b"")
                        data, count = re.subn(pattern, new, data)
                        found |= count > 0
            if not found and data == original:
                self.warnings.append(f"cell {lac} {cid} is not found")
                self.cells[lac, cid] = (lac, cid)
        return data

    def move_places(self, data):
        north, east = self.shift
        if self.protocol in ("gt02", "gt06"):
            data = bytearray(data)
            for place in self.places():
                old = [round(abs(place[k]) * 1_800_000) for k in ("latitude", "longitude")]
                found = False
                for at in range(len(data) - 7):
                    value = [int.from_bytes(data[at + i : at + i + 4], "big") for i in (0, 4)]
                    if all(abs(a - b) <= 2 for a, b in zip(value, old)):
                        for i, move in ((0, north), (4, east)):
                            moved = value[i // 4] + move * 1_800_000
                            data[at + i : at + i + 4] = moved.to_bytes(4, "big")
                        found = True
                        break
                if not found:
                    self.warnings.append(f"place {place['latitude']} is not found")
            return bytes(data)

        def moved(digits, degrees):
            number = int(digits or b"0") + degrees
            # Of a place that the row does not expect.
            if not 0 <= number < (90 if degrees == north else 180):
                number -= 2 * degrees
            number = str(number)
            return number.rjust(len(digits), " " if digits[:1] == b" " else "0").encode()

        expected = [abs(o[k]) for o in self.places() for k in ("latitude", "longitude") if k in o]

        def degrees_only(text):
            """Digits of whole degrees in a number, and the rest: two digits of minutes, mostly."""
            whole = text.split(b".")[0]
            is_degrees = any(abs(float(text) - value) < 1e-5 for value in expected)
            cut = len(whole) if is_degrees else len(whole) - 2
            return text[:cut], text[cut:]

        def both(first, first_move, second, second_move, between, after):
            (a, a_rest), (b, b_rest) = degrees_only(first), degrees_only(second)
            if not int(re.sub(rb"\D", b"", first) or b"0"):
                return first + between + second + after
            return moved(a, first_move) + a_rest + between + moved(b, second_move) + b_rest + after

        if self.protocol == "tk103":
            return re.sub(
                rb"([ \d]\d{3}\.\d+)([NS])([ \d]\d{4}\.\d+)([EW])",
                lambda m: both(m[1], north, m[3], east, m[2], m[4]),
                data,
            )
        if data[:1] == b"$":
            data = self.move_packed(data)
        if self.protocol == "v680" and b"$GPRMC" not in data:
            return re.sub(
                rb"(\d+\.\d+),([EW]),(\d+\.\d+),([NS])",
                lambda m: both(m[1], east, m[3], north, b"," + m[2] + b",", b"," + m[4]),
                data,
            )
        # Degrees and minutes, each with a sign.
        data = re.sub(
            rb",-(\d+)-(\d+\.\d+,[NS]),-(\d+)-(\d+\.\d+,[EW])",
            lambda m: b",-%s-%s,-%s-%s" % (moved(m[1], north), m[2], moved(m[3], east), m[4]),
            data,
        )
        data = re.sub(
            rb"(\d+\.\d+),([NS]),(\d+\.\d+),([EW])",
            lambda m: both(m[1], north, m[3], east, b"," + m[2] + b",", b"," + m[4]),
            data,
        )
        return re.sub(rb"\$(GPRMC[^*]*)\*[0-9A-F]{2}", with_right_sum, data)

    def move_packed(self, data):
        """Places of two digits a byte: degrees, minutes with four decimals."""
        text = data.hex()
        for place in self.places():
            for name, width, move in (("latitude", 2, self.shift[0]), ("longitude", 3, self.shift[1])):
                if name not in place:
                    self.warnings.append(f"no {name} is expected")
                    continue
                units = round(abs(place[name]) * 600_000)
                for near in sorted(range(units - 2, units + 3), key=lambda near: abs(near - units)):
                    old = f"{near // 600_000:0{width}}{near % 600_000:06}"
                    new = f"{near // 600_000 + move:0{width}}{near % 600_000:06}"
                    if old in text:
                        text = text.replace(old, new, 1)
                        break
                else:
                    self.warnings.append(f"{name} {place[name]} is not found")
        return bytes.fromhex(text)

    def replace_numbers(self, data):
        """Telephone numbers: digits in text that nothing expects."""
        if self.protocol == "gt06":
            return re.sub(rb"(?<![0-9])[0-9]{10,21}(?![0-9])", lambda m: identity(m[0].decode()).encode(), data)
        return data

    def anonymised(self):
        spans = gt06_frames(self.data)
        data = self.replace_numbers(self.data)
        data = self.replace_cells(data)
        data = self.move_places(data)
        data = self.replace_ids(data)
        data = with_right_crcs(data, spans)
        row = json.loads(json.dumps(self.row))
        row["hex"] = data.hex()
        north, east = self.shift
        for o in self.objects(row["expect"]):
            for name in ("device", "imei", "imsi", "iccid"):
                if isinstance(o.get(name), str):
                    o[name] = self.ids[o[name]]
            if "reply" in o:
                reply = bytes.fromhex(o["reply"])
                o["reply"] = with_right_crcs(self.replace_ids(reply), gt06_frames(reply)).hex()
            if o.get("latitude"):
                for name, move in (("latitude", north), ("longitude", east)):
                    if name not in o:
                        continue
                    o[name] = round(o[name] + (move if o[name] > 0 else -move), 7)
            if o.get("lac") and o.get("cid"):
                o["lac"], o["cid"] = self.cells[o["lac"], o["cid"]]
        return row


class TextRow(Row):
    """A row with the text of a short message, in `text`."""

    # Names a device, a SIM or a telephone.
    NUMBER = r"(?<![0-9.])[0-9]{10,20}(?![0-9.])"

    def __init__(self, row):
        self.row = {"expect": {}, **row}
        self.warnings = []
        numbers = set(re.findall(self.NUMBER, row["text"]))
        numbers |= set(self.collect(self.row["expect"], {"device", "iccid"}))
        self.ids = {old: identity(old) for old in sorted(numbers, key=len, reverse=True)}
        self.shift = self.degrees()

    def replace(self, text, old, new):
        if old not in text:
            self.warnings.append(f"{old} is not found")
        return text.replace(old, new)

    def move_place(self, text, place):
        """Moves each number whose value is that of the place, and keeps its width."""
        for name, move in (("latitude", self.shift[0]), ("longitude", self.shift[1])):
            old = abs(place[name])

            def moved(match):
                degrees, minutes, seconds, decimals = match.groups()
                value = float(degrees + (decimals or ""))
                if minutes:
                    value = int(degrees) + int(minutes) / 60 + float(seconds) / 3600
                if abs(value - old) > 1e-5:
                    return match[0]
                rest = match[0][len(degrees) :]
                return str(int(degrees) + move).zfill(len(degrees)) + rest

            form = r"(?<![0-9.])([0-9]+)(?: ([0-9]{2}) ([0-9]{2}\.[0-9]+)|(\.[0-9]+))"
            new = re.sub(form, moved, text)
            if new == text:
                self.warnings.append(f"{name} {place[name]} is not found")
            text = new
        return text

    def anonymised(self):
        row = json.loads(json.dumps(self.row))
        text = row["text"]
        for cell in self.objects(row["expect"]):
            if "lac" in cell and "cid" in cell:
                old = (cell["lac"], cell["cid"])
                cell["lac"], cell["cid"] = (similar(old[0], "lac"), similar(old[1], "cid"))
                new = (cell["lac"], cell["cid"])
                form = "{:04x}{:04x}" if "{:04x}{:04x}".format(*old) in text else "{:04X} {:04X}"
                text = self.replace(text, form.format(*old), form.format(*new))
        for place in self.places():
            text = self.move_place(text, place)
        for old, new in self.ids.items():
            text = self.replace(text, old, new)
        row["text"] = text
        for o in self.objects(row["expect"]):
            for name in ("device", "iccid"):
                if name in o:
                    o[name] = self.ids[o[name]]
            if o.get("latitude"):
                for name, move in zip(("latitude", "longitude"), self.shift):
                    o[name] = round(o[name] + (move if o[name] > 0 else -move), 7)
        if not row["expect"]:
            del row["expect"]
        return row


def main():
    if len(KEY) < 16:
        sys.exit("GT02_ANONYMISE_KEY must be set, to at least 16 characters")
    for at, line in enumerate(sys.stdin, 1):
        row = json.loads(line)
        row = TextRow(row) if "text" in row else Row(row)
        print(json.dumps(row.anonymised(), ensure_ascii=False))
        for warning in row.warnings:
            print(f"row {at}: {warning}", file=sys.stderr)


if __name__ == "__main__":
    main()
