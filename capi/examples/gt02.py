"""gt02 for Python, by ctypes: no module beside the standard library.

    from gt02 import Connection
    connection = Connection()
    for item in connection.feed(sock.recv(4096)):
        print(item)                      # the names of docs/json.md
        if "reply" in item:
            sock.send(bytes.fromhex(item["reply"]))
    connection.finish()                  # at the end, and after a silence

As a program: gt02.py FILE [READ_SIZE] prints JSON Lines. GT02_LIBRARY names the library.
"""

import ctypes
import os
import pathlib
from ctypes import POINTER, byref, c_char_p, c_int16, c_int32, c_int64, c_size_t, c_uint16
from ctypes import c_uint32, c_uint64, c_uint8, c_void_p, sizeof


class Slice(ctypes.Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]

    def __bytes__(self):
        return ctypes.string_at(self.ptr, self.len) if self.len else b""


class Time(ctypes.Structure):
    _fields_ = [("year", c_uint16)] + [
        (name, c_uint8) for name in ("month", "day", "hour", "minute", "second", "reserved")
    ]

    def __str__(self):
        return (f"{self.year:04}-{self.month:02}-{self.day:02}"
                f"T{self.hour:02}:{self.minute:02}:{self.second:02}")


class Id(ctypes.Structure):
    _fields_ = [("bcd", c_uint64), ("digits", c_uint8), ("reserved", c_uint8 * 7)]

    def __str__(self):
        return f"{self.bcd:0{self.digits}x}"


class Decimal(ctypes.Structure):
    _fields_ = [("digits", c_uint64), ("places", c_uint8), ("reserved", c_uint8 * 7)]

    def value(self):
        return self.digits / 10**self.places if self.places else self.digits


class Cell(ctypes.Structure):
    _fields_ = [("lac", c_uint32), ("cid", c_uint32), ("mcc", c_uint16), ("mnc", c_uint16),
                ("rssi", c_int16), ("has", c_uint8), ("reserved", c_uint8)]

    def fields(self):
        names = ("mcc", "mnc", "lac", "cid", "rssi")
        return {name: getattr(self, name) for n, name in enumerate(names) if self.has >> n & 1}


class Item(ctypes.Structure):
    _fields_ = [
        ("has", c_uint64), ("bytes", Slice), ("reply", Slice), ("speed_e6", c_uint64),
        ("time", Time), ("cell", Cell), ("latitude_e7", c_int32), ("longitude_e7", c_int32),
        ("course_e4", c_uint32), ("flags", c_uint32), ("voltage_mv", c_uint32),
        ("odometer", c_uint32), ("serial", c_uint16), ("what", c_uint8), ("protocol", c_uint8),
        ("kind", c_uint8), ("reason", c_uint8), ("direction", c_uint8), ("identity", c_uint8),
        ("alarm", c_uint8), ("alarm_code", c_uint8), ("satellites", c_uint8),
        ("voltage_level", c_uint8), ("gsm_level", c_uint8), ("reserved", c_uint8 * 3),
        ("device", Id), ("imei", Id),
    ]


class Details(ctypes.Structure):
    _fields_ = [
        ("has", c_uint64), ("hdop", Decimal), ("accuracy", Decimal), ("humidity", Decimal),
        ("snr", Slice), ("card_id", Slice), ("altitude_m", c_int32), ("temperature_e3", c_int32),
        ("battery_mv", c_uint32), ("fuel", c_uint32), ("steps", c_uint32),
        ("ignition_seconds", c_uint32), ("flags", c_uint32), ("csq", c_uint8), ("network", c_uint8),
        ("battery_percent", c_uint8), ("upload_mode", c_uint8),
    ]


class Record(ctypes.Structure):
    _fields_ = [
        ("has", c_uint64), ("speed_e6", c_uint64), ("time", Time), ("cell", Cell),
        ("latitude_e7", c_int32), ("longitude_e7", c_int32), ("course_e4", c_uint32),
        ("reserved", c_uint32),
    ]


class AccessPoint(ctypes.Structure):
    _fields_ = [("ssid", Slice), ("rssi", c_int16), ("mac", c_uint8 * 6), ("has", c_uint8),
                ("reserved", c_uint8 * 7)]

    def fields(self):
        point = {"mac": ":".join(f"{byte:02x}" for byte in self.mac)}
        if self.has & 1:
            point["rssi"] = self.rssi
        if self.has & 2:
            point["ssid"] = bytes(self.ssid).decode(errors="replace")
        return point


ITEM, FRAME, DOWN, CARRY = 1, 1, 1, 4096
STRINGS = {"code": 1, "text": 2, "imsi": 3, "iccid": 4, "firmware": 5}
SIZES = {1: Slice, 2: Time, 3: Decimal, 4: Cell, 5: Item, 6: Details, 7: Record, 8: AccessPoint,
         15: Id}


def load(path):
    library = ctypes.CDLL(str(path))
    for number, structure in SIZES.items():
        if library.gt02_sizeof(number) != sizeof(structure):
            raise ImportError(f"{path} has another {structure.__name__}")
    for name in ("protocol", "kind", "reason", "alarm", "network"):
        getattr(library, f"gt02_{name}_name").restype = c_char_p
    library.gt02_conn_init.restype = c_void_p
    library.gt02_conn_init.argtypes = c_void_p, c_size_t, c_uint32
    stream = c_void_p, c_char_p, c_size_t, POINTER(c_size_t), POINTER(Item), c_size_t
    library.gt02_conn_next.argtypes = library.gt02_conn_datagram.argtypes = stream
    library.gt02_conn_finish.argtypes = c_void_p, POINTER(Item), c_size_t
    library.gt02_conn_set_time.argtypes = c_void_p, c_int64
    library.gt02_conn_size.argtypes = (c_size_t,)
    library.gt02_item_string.argtypes = POINTER(Item), c_uint8, c_char_p, c_size_t
    for name in ("cells", "records", "access_points"):
        function = getattr(library, f"gt02_item_{name}")
        function.argtypes = POINTER(Item), c_void_p, c_size_t, c_size_t
    library.gt02_record_cells.argtypes = POINTER(Item), c_size_t, c_void_p, c_size_t, c_size_t
    for name in ("conn_size", "item_string", "item_cells", "item_records", "item_access_points",
                 "record_cells", "sizeof"):
        getattr(library, f"gt02_{name}").restype = c_size_t
    return library


HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = load(os.environ.get("GT02_LIBRARY", HERE.parent / "target/release/libgt02.so"))


def name_of(what, number):
    return getattr(LIBRARY, f"gt02_{what}_name")(number).decode()


def all_of(function, structure, *where):
    """All elements of a list: asked for how many there are first."""
    count = function(*where, None, 0, 0)
    array = (structure * count)()
    function(*where, array, sizeof(structure), count)
    return list(array)


def place(of, has):
    """The fields that an item and a record have in common."""
    fields = {}
    if has >> 3 & 1:
        fields["time"] = str(of.time)
    if has >> 4 & 1:
        fields["latitude"], fields["longitude"] = of.latitude_e7 / 1e7, of.longitude_e7 / 1e7
    if has >> 5 & 1:
        fields["speed_kmh"] = of.speed_e6 / 1e6
    if has >> 6 & 1:
        fields["course"] = of.course_e4 / 1e4
    if has >> 8 & 1:
        fields["cell"] = of.cell.fields()
    return fields


def report(item):
    """An item by the names of docs/json.md."""
    if item.what != FRAME:
        return {"kind": "noise", "reason": name_of("reason", item.reason)}
    has = item.has
    fields = {"protocol": name_of("protocol", item.protocol), "kind": name_of("kind", item.kind)}
    fields.update(place(item, has))
    if item.direction == DOWN:
        fields["direction"] = "down"
    for bit, name in enumerate(("device", "imei", "serial")):
        if has >> bit & 1:
            value = getattr(item, name)
            fields[name] = str(value) if isinstance(value, Id) else value
    for bit, name in ((7, "satellites"), (10, "alarm_code"), (11, "voltage_level"),
                      (12, "gsm_level"), (14, "odometer")):
        if has >> bit & 1:
            fields[name] = getattr(item, name)
    if has >> 9 & 1:
        fields["alarm"] = name_of("alarm", item.alarm)
    if has >> 13 & 1:
        fields["voltage"] = item.voltage_mv / 1000
    for bit, name in enumerate(("valid", "charging", "ignition", "relay_cut", "armed",
                                "gps_tracking", "resent")):
        if has >> 32 + bit & 1:
            fields[name] = bool(item.flags >> bit & 1)
    if has >> 17 & 1:
        fields["cells"] = [c.fields() for c in all_of(LIBRARY.gt02_item_cells, Cell, item)]
    if has >> 18 & 1:
        fields["records"] = []
        for index, record in enumerate(all_of(LIBRARY.gt02_item_records, Record, item)):
            fields["records"].append(place(record, record.has))
            if record.has >> 17 & 1:
                cells = all_of(LIBRARY.gt02_record_cells, Cell, item, index)
                fields["records"][-1]["cells"] = [cell.fields() for cell in cells]
    details(item, fields)
    strings = {"code": has >> 15 & 1, "text": has >> 16 & 1}
    for name in STRINGS:
        if strings.get(name, name in fields):
            room = LIBRARY.gt02_item_string(item, STRINGS[name], None, 0) + 1
            text = ctypes.create_string_buffer(room)
            LIBRARY.gt02_item_string(item, STRINGS[name], text, room)
            fields[name] = text.raw[:-1].decode()
    if item.reply.len:
        fields["reply"] = bytes(item.reply).hex()
    return fields


def details(item, fields):
    found = Details()
    LIBRARY.gt02_item_details(byref(item), byref(found), c_size_t(sizeof(found)))
    values = {
        "snr": lambda: list(bytes(found.snr)), "hdop": found.hdop.value,
        "accuracy": found.accuracy.value, "altitude": lambda: found.altitude_m,
        "access_points": lambda: [
            point.fields() for point in all_of(LIBRARY.gt02_item_access_points, AccessPoint, item)
        ],
        "csq": lambda: found.csq, "network": lambda: name_of("network", found.network),
        "battery_percent": lambda: found.battery_percent,
        "battery_voltage": lambda: found.battery_mv / 1000,
        "temperature": lambda: found.temperature_e3 / 1000, "humidity": found.humidity.value,
        "fuel": lambda: found.fuel, "steps": lambda: found.steps,
        "ignition_seconds": lambda: found.ignition_seconds,
        "upload_mode": lambda: found.upload_mode, "card_id": lambda: bytes(found.card_id).hex(),
        # These are read as texts.
        "imsi": str, "iccid": str, "firmware": str,
    }
    for bit, (name, value) in enumerate(values.items()):
        if found.has >> bit & 1:
            fields[name] = value()
    for bit, name in ((8, "door"), (9, "motion")):
        if found.has >> 32 + bit & 1:
            fields[name] = bool(found.flags >> bit & 1)


class Connection:
    """One connection, or one UDP peer."""

    def __init__(self, carry=CARRY, options=0):
        size = LIBRARY.gt02_conn_size(carry)
        # Aligned to 8 bytes.
        self.storage = (c_uint64 * (size // 8 + 1))()
        self.conn = LIBRARY.gt02_conn_init(self.storage, size, options)
        if not self.conn:
            raise ValueError("carry or options")

    def set_time(self, unix_time):
        """The server's clock, for replies that carry the time."""
        LIBRARY.gt02_conn_set_time(self.conn, int(unix_time))

    def feed(self, data):
        """The items of the stream, which goes on with these bytes."""
        return self._items(LIBRARY.gt02_conn_next, data)

    def datagram(self, data):
        """The items of one datagram."""
        return self._items(LIBRARY.gt02_conn_datagram, data)

    def finish(self):
        """What is pending, decided: at the end, or after a silence."""
        item, items = Item(), []
        while LIBRARY.gt02_conn_finish(self.conn, item, sizeof(item)) == ITEM:
            items.append({**report(item), "raw": bytes(item.bytes).hex()})
        return items

    def _items(self, function, data):
        item, at, items = Item(), c_size_t(0), []
        # `data` is one object for all calls: items point into it.
        data = bytes(data)
        while function(self.conn, data, len(data), byref(at), item, sizeof(item)) == ITEM:
            items.append({**report(item), "raw": bytes(item.bytes).hex()})
        return items


def main():
    import json
    import sys

    data = pathlib.Path(sys.argv[1]).read_bytes()
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1460
    connection = Connection()
    for at in range(0, len(data), size):
        for item in connection.feed(data[at : at + size]):
            print(json.dumps(item))
    for item in connection.finish():
        print(json.dumps(item))


if __name__ == "__main__":
    main()
