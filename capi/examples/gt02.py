"""gt02 for Python, by ctypes: no module beside the standard library.

    from gt02 import Connection
    connection = Connection()
    for item in connection.feed(sock.recv(4096)):
        print(item)                      # the names of docs/json.md
        if "reply" in item:
            sock.send(bytes.fromhex(item["reply"]))
    connection.finish()                  # at the end, and after a silence

With deadlines, in seconds of time.monotonic():

    connection.set_clock(time.monotonic())          # before each call that reads or waits
    wait = connection.deadline()                    # None, or when to call timeout()
    for item in connection.timeout():               # "overdue", "nameless" and "dead", too
        if item["kind"] in ("nameless", "dead"):
            sock.close()

The other way, connection.command("locate") is what to send to the device; Device is the device's
side; sms_plan(), sms_try(), sms_command(), sms_read(), sms_verdict() and sms_proof() configure one
by SMS. What cannot be done raises Error.

As a program: gt02.py FILE [READ_SIZE] prints JSON Lines. GT02_LIBRARY names the library.
"""

import ctypes
import datetime
import math
import os
import pathlib
from ctypes import POINTER, byref, c_char, c_char_p, c_int16, c_int32, c_int64, c_size_t, c_uint16
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


class Limits(ctypes.Structure):
    _fields_ = [
        (name, c_uint32)
        for name in ("silence_ms", "rest_ms", "login_ms", "overdue_ms", "dead_ms", "reserved")
    ]


class Command(ctypes.Structure):
    _fields_ = [("text", Slice), ("number", c_uint32), ("what", c_uint8), ("reserved", c_uint8 * 3)]


class State(ctypes.Structure):
    """A gt02_device."""

    _fields_ = [("opaque", c_uint64 * 16)]


class Uplink(ctypes.Structure):
    _fields_ = [
        ("has", c_uint64), ("text", Slice), ("speed_e6", c_uint64), ("time", Time), ("cell", Cell),
        ("latitude_e7", c_int32), ("longitude_e7", c_int32), ("course_e4", c_uint32),
        ("flags", c_uint32), ("kind", c_uint8), ("alarm", c_uint8), ("satellites", c_uint8),
        ("voltage_level", c_uint8), ("gsm_level", c_uint8), ("reserved", c_uint8 * 3),
    ]


class Settings(ctypes.Structure):
    _fields_ = [
        (name, c_char_p)
        for name in ("apn", "apn_user", "apn_password", "host", "password", "device")
    ] + [("interval", c_uint32), ("port", c_uint16), ("udp", c_uint8), ("reserved", c_uint8)]


class Step(ctypes.Structure):
    _fields_ = [("purpose", Slice), ("status", c_int32), ("set", c_uint8),
                ("reserved", c_uint8 * 3), ("text", c_char * 164), ("expected", c_char * 100)]


class Answer(ctypes.Structure):
    _fields_ = [
        ("has", c_uint64), ("command", Slice), ("text", Slice), ("apn", Slice), ("host", Slice),
        ("speed_e6", c_uint64), ("time", Time), ("device", Id), ("cell", Cell),
        ("latitude_e7", c_int32), ("longitude_e7", c_int32), ("course_e4", c_uint32),
        ("flags", c_uint32), ("voltage_mv", c_uint32), ("port", c_uint16), ("kind", c_uint8),
        ("completion", c_uint8), ("alarm", c_uint8), ("satellites", c_uint8),
        ("voltage_level", c_uint8), ("reserved", c_uint8),
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


DONE, ITEM, BUFFER = 0, 1, -2
FRAME, NOISE, DOWN, CARRY = 1, 2, 1, 4096
PASSED = {3: "overdue", 4: "nameless", 5: "dead"}
OPTION_BAD_CHECKSUMS, OPTION_REPLY_TO_ALL, OPTION_DOWN = 1, 2, 4
NEVER = 2**32 - 1
FLAGS = ("valid", "charging", "ignition", "relay_cut", "armed", "gps_tracking", "resent")
COMMANDS = {"text": 1, "cut_relay": 2, "restore_relay": 3, "locate": 4, "interval": 5,
            "clear_alarms": 6}
SETS = ("a", "b", "c", "gt02d", "vsun", "j", "w", "s", "x", "topin")
SMS = ("locate", "map_link", "version", "status", "settings", "parameters", "imei", "password",
       "apn", "apn_user", "apn_password", "server", "apn_and_server", "interval", "authorise_phone",
       "remove_phone", "sos_phone", "remove_sos_phone", "centre_phone", "remove_centre_phone",
       "data_on", "data_off", "arm", "disarm", "restart", "reset")
ANSWERS = ("location", "confirmation", "status", "alarm", "text")
COMPLETIONS = ("done", "already_done", "deferred", "refused")
VERDICTS = ("done", "deferred", "refused", "unclear", "unrelated")
STRINGS = {"code": 1, "text": 2, "imsi": 3, "iccid": 4, "firmware": 5}
SIZES = dict(enumerate((Slice, Time, Decimal, Cell, Item, Details, Record, AccessPoint, Command,
                        State, Uplink, Settings, Step, Answer, Id, Limits), 1))


class Error(ValueError):
    """What cannot be done, and the status, a GT02_ERR_... of gt02.h."""

    def __init__(self, status):
        super().__init__(LIBRARY.gt02_strerror(status).decode())
        self.status = status


def check(status):
    """A status that is no error."""
    if status < 0:
        raise Error(status)
    return status


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
    library.gt02_conn_know.argtypes = c_void_p, c_void_p
    library.gt02_conn_set_clock.argtypes = c_void_p, c_uint64
    library.gt02_conn_set_limits.argtypes = c_void_p, POINTER(Limits), c_size_t
    library.gt02_conn_deadline.argtypes = (c_void_p,)
    library.gt02_conn_deadline.restype = c_int64
    library.gt02_conn_timeout.argtypes = c_void_p, POINTER(Item), c_size_t
    library.gt02_conn_pending.argtypes = (c_void_p,)
    library.gt02_conn_pending.restype = Slice
    library.gt02_conn_protocol.argtypes = (c_void_p,)
    library.gt02_conn_protocol.restype = c_uint8
    library.gt02_conn_device.argtypes = c_void_p, c_char_p, c_size_t
    written = c_char_p, c_size_t, POINTER(c_size_t)
    library.gt02_conn_command.argtypes = c_void_p, POINTER(Command), c_size_t, *written
    library.gt02_device_init.argtypes = POINTER(State), c_size_t, c_uint8, c_char_p
    library.gt02_device_encode.argtypes = POINTER(State), POINTER(Uplink), c_size_t, *written
    library.gt02_device_waits.argtypes = (POINTER(State),)
    library.gt02_device_is_answer.argtypes = POINTER(State), POINTER(Item)
    settings, step = (POINTER(Settings), c_size_t), (POINTER(Step), c_size_t)
    library.gt02_sms_plan.argtypes = c_uint8, *settings, c_size_t, *step
    library.gt02_sms_try.argtypes = c_uint8, *settings, c_size_t, *step
    library.gt02_sms_command.argtypes = c_uint8, c_uint8, *settings, c_char_p, *step
    library.gt02_sms_read.argtypes = c_char_p, c_size_t, POINTER(Answer), c_size_t
    library.gt02_sms_verdict.argtypes = c_uint8, c_char_p, c_char_p, c_size_t
    library.gt02_sms_proof.argtypes = *settings, c_char_p, c_size_t
    library.gt02_sniff.argtypes = library.gt02_sniff_datagram.argtypes = c_char_p, c_size_t
    library.gt02_strerror.restype = library.gt02_version.restype = c_char_p
    library.gt02_item_string.argtypes = POINTER(Item), c_uint8, c_char_p, c_size_t
    for name in ("cells", "records", "access_points"):
        function = getattr(library, f"gt02_item_{name}")
        function.argtypes = POINTER(Item), c_void_p, c_size_t, c_size_t
    library.gt02_record_cells.argtypes = POINTER(Item), c_size_t, c_void_p, c_size_t, c_size_t
    for name in ("conn_size", "conn_device", "item_string", "item_cells", "item_records",
                 "item_access_points", "record_cells", "sizeof"):
        getattr(library, f"gt02_{name}").restype = c_size_t
    return library


HERE = pathlib.Path(__file__).resolve().parent
LIBRARY = load(os.environ.get("GT02_LIBRARY", HERE.parent / "target/release/libgt02.so"))


def version():
    """The version of the library."""
    return LIBRARY.gt02_version().decode()


def name_of(what, number):
    return getattr(LIBRARY, f"gt02_{what}_name")(number).decode()


def number_of(what, name):
    """The number that has this name; ValueError if there is no such name."""
    return [name_of(what, number) for number in range(255)].index(name)


def written(function, *where):
    """What a function writes, in room that is enough."""
    room, length = 256, c_size_t(0)
    while True:
        out = ctypes.create_string_buffer(room)
        status = function(*where, out, room, byref(length))
        if status != BUFFER or length.value <= room:
            check(status)
            return out.raw[: length.value]
        room = length.value


def text_of(text):
    """The bytes of a text, which ends at NUL in C."""
    if "\0" in text:
        raise ValueError(f"{text!r} has a NUL")
    return text.encode()


def put(structure, name, value):
    """Sets a field; a value that it has no room for is an error."""
    if name not in (field for field, _ in structure._fields_):
        raise ValueError(f"there is no {name}")
    setattr(structure, name, value)
    if getattr(structure, name) != value:
        raise ValueError(f"{name}: {value!r} has no room")


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
    if item.what in PASSED:
        return {"kind": PASSED[item.what]}
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
    for bit, name in enumerate(FLAGS):
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
        """The server's clock, for replies and commands that carry the time."""
        check(LIBRARY.gt02_conn_set_time(self.conn, int(unix_time)))

    def feed(self, data):
        """The items of the stream, which goes on with these bytes."""
        return self._read(LIBRARY.gt02_conn_next, data)

    def datagram(self, data):
        """The items of one datagram."""
        return self._read(LIBRARY.gt02_conn_datagram, data)

    def finish(self):
        """What is pending, decided: at the end, and, without deadlines, after a silence."""
        return self._items(LIBRARY.gt02_conn_finish)

    def set_clock(self, seconds):
        """The clock of deadlines, as time.monotonic(): set it before each call that reads or waits.

        The first call says when the connection was opened; without it there are no deadlines.
        """
        check(LIBRARY.gt02_conn_set_clock(self.conn, round(seconds * 1000)))

    def set_limits(self, silence=None, rest=None, login=None, overdue=None, dead=None):
        """How long the connection may be quiet, in seconds: None is the usual time, math.inf is no
        limit. After the clock."""
        limits = Limits()
        for (name, _), value in zip(Limits._fields_, (silence, rest, login, overdue, dead)):
            if value is not None:
                # 0 would be the usual time.
                ms = NEVER if value == math.inf else min(max(round(value * 1000), 1), NEVER - 1)
                setattr(limits, name, ms)
        check(LIBRARY.gt02_conn_set_limits(self.conn, limits, sizeof(limits)))

    def deadline(self):
        """When to call timeout() if no byte comes until then, on the clock; or None."""
        ms = LIBRARY.gt02_conn_deadline(self.conn)
        return None if ms < 0 else ms / 1000

    def timeout(self):
        """What happened because no byte came until now. It takes the place of finish() after a
        silence; beside frames and noise there are items of the kinds overdue, nameless, dead."""
        return self._items(LIBRARY.gt02_conn_timeout)

    def know(self, other):
        """Knows the device that another connection knows: for the two directions of one."""
        check(LIBRARY.gt02_conn_know(self.conn, other.conn))

    def command(self, what, value=None):
        """The bytes of a command, one of COMMANDS: command("locate"), command("interval", 30),
        command("text", "WHERE,666666#")."""
        command, text = Command(what=COMMANDS[what]), b""
        if what == "text":
            text = value.encode()
            command.text = Slice(ctypes.cast(c_char_p(text), c_void_p), len(text))
        elif value is not None:
            put(command, "number", value)
        return written(LIBRARY.gt02_conn_command, self.conn, command, sizeof(command))

    @property
    def protocol(self):
        """The protocol that commands are written in, or None."""
        number = LIBRARY.gt02_conn_protocol(self.conn)
        return name_of("protocol", number) if number else None

    @property
    def device(self):
        """The id that commands are for, or None."""
        text = ctypes.create_string_buffer(17)
        LIBRARY.gt02_conn_device(self.conn, text, sizeof(text))
        return text.value.decode() or None

    @property
    def pending(self):
        """The bytes that are kept because they may begin a frame."""
        return bytes(LIBRARY.gt02_conn_pending(self.conn))

    def _read(self, function, data):
        at = c_size_t(0)
        # `data` is one object for all calls: items point into it.
        data = bytes(data)
        return self._items(function, data, len(data), byref(at))

    def _items(self, function, *where):
        item, items = Item(), []
        while check(function(self.conn, *where, item, sizeof(item))) == ITEM:
            items.append(self._report(item))
        return items

    def _report(self, item):
        fields = report(item)
        if item.what in (FRAME, NOISE):
            fields["raw"] = bytes(item.bytes).hex()
        return fields


class Device(Connection):
    """The device's side: encode() is what it sends, feed() takes what the server sends. The item
    that is the reply to the last frame has "answers": True."""

    def __init__(self, protocol, device_id, carry=CARRY):
        super().__init__(carry, OPTION_DOWN)
        self.state = State()
        check(LIBRARY.gt02_device_init(self.state, sizeof(self.state),
                                       number_of("protocol", protocol), text_of(device_id)))

    def encode(self, kind, **fields):
        """The frame that says this: encode("login"), encode("location", time=..., latitude=...), by
        the names of docs/json.md; the time is a datetime in UTC."""
        uplink, text = Uplink(kind=number_of("kind", kind)), fields.pop("text", "").encode()
        fields = {name: value for name, value in fields.items() if value is not None}
        if kind in ("location", "alarm") and not {"latitude", "longitude"} <= fields.keys():
            raise ValueError(f"{kind} needs a latitude and a longitude")
        uplink.text = Slice(ctypes.cast(c_char_p(text), c_void_p), len(text))
        for name, value in fields.items():
            if name == "time":
                if value.tzinfo is not None:
                    value = value.astimezone(datetime.timezone.utc)
                uplink.time = Time(value.year, value.month, value.day, value.hour, value.minute,
                                   value.second)
            elif name == "cell":
                for part in value:
                    put(uplink.cell, part, value[part])
                for bit, part in enumerate(("mcc", "mnc", "lac", "cid", "rssi")):
                    uplink.cell.has |= (part in value) << bit
            elif name == "alarm":
                uplink.alarm = number_of("alarm", value)
            elif name in FLAGS:
                bit = FLAGS.index(name)
                uplink.has |= 1 << 32 + bit
                uplink.flags |= bool(value) << bit
            elif name in ("satellites", "voltage_level", "gsm_level"):
                uplink.has |= 1 << {"satellites": 7, "voltage_level": 11, "gsm_level": 12}[name]
                put(uplink, name, value)
            else:
                field, factor = {
                    "latitude": ("latitude_e7", 10**7), "longitude": ("longitude_e7", 10**7),
                    "speed_kmh": ("speed_e6", 10**6), "course": ("course_e4", 10**4),
                }[name]
                put(uplink, field, round(value * factor))
        return written(LIBRARY.gt02_device_encode, self.state, uplink, sizeof(uplink))

    @property
    def waits(self):
        """Whether the server owes a reply to the last frame."""
        return LIBRARY.gt02_device_waits(self.state) == 1

    def _report(self, item):
        fields = super()._report(item)
        if LIBRARY.gt02_device_is_answer(self.state, item) == 1:
            fields["answers"] = True
        return fields


def sniff(data):
    """The protocol of the first bytes of a connection, "foreign", or None if they are too few."""
    return verdict_of_sniffing(LIBRARY.gt02_sniff(data, len(data)))


def sniff_datagram(data):
    """The protocol of a datagram, or "foreign"."""
    return verdict_of_sniffing(LIBRARY.gt02_sniff_datagram(data, len(data)))


def verdict_of_sniffing(number):
    if number > 0:
        return name_of("protocol", number)
    return None if number == 0 else "foreign"


def settings_of(fields):
    """Settings from keywords: apn, apn_user, apn_password, host, port, password, device, interval
    in seconds, udp."""
    settings = Settings()
    for name, value in fields.items():
        put(settings, name, text_of(value) if isinstance(value, str) else value)
    return settings


def set_of(name):
    return SETS.index(name) + 1


def step_of(step):
    fields = {"set": SETS[step.set - 1], "purpose": bytes(step.purpose).decode()}
    if step.status < 0:
        return {**fields, "error": str(Error(step.status))}
    return {**fields, "text": step.text.decode(), "expected": step.expected.decode()}


def steps(function, number, fields):
    settings, step, found = settings_of(fields), Step(), []
    while check(function(number, settings, sizeof(settings), len(found), step, sizeof(step))):
        found.append(step_of(step))
    return found


def sms_plan(set_name, **settings):
    """The texts that configure a tracker of one of SETS, in order."""
    return steps(LIBRARY.gt02_sms_plan, set_of(set_name), settings)


def sms_try(protocol=None, **settings):
    """The texts for a tracker whose set is not known; protocol is one that it has spoken before."""
    number = 0 if protocol is None else number_of("protocol", protocol)
    return steps(LIBRARY.gt02_sms_try, number, settings)


def sms_command(set_name, what, text=None, **settings):
    """One of SMS in the words of a set. `text` is the new password or the phone."""
    settings, step = settings_of(settings), Step()
    check(LIBRARY.gt02_sms_command(set_of(set_name), SMS.index(what) + 1, settings,
                                   sizeof(settings), None if text is None else text.encode(), step,
                                   sizeof(step)))
    return step_of(step)


def sms_read(text):
    """What a text of a device says, by the names of docs/json.md; `text` is the rest of it."""
    text, answer = text.encode(), Answer()
    check(LIBRARY.gt02_sms_read(text, len(text), answer, sizeof(answer)))
    has = answer.has
    fields = {"kind": ANSWERS[answer.kind - 1], **place(answer, has)}
    if answer.completion:
        fields["completion"] = COMPLETIONS[answer.completion - 1]
    for name in ("command", "text", "apn", "host"):
        value = bytes(getattr(answer, name)).decode(errors="replace")
        if value:
            fields[name] = value
    if answer.port:
        fields["port"] = answer.port
    if has & 1:
        fields["device"] = str(answer.device)
    for bit, name in ((7, "satellites"), (11, "voltage_level")):
        if has >> bit & 1:
            fields[name] = getattr(answer, name)
    if has >> 9 & 1:
        fields["alarm"] = name_of("alarm", answer.alarm)
    if has >> 13 & 1:
        fields["voltage"] = answer.voltage_mv / 1000
    for bit, name in (*enumerate(FLAGS), (10, "external_power")):
        if has >> 32 + bit & 1:
            fields[name] = bool(answer.flags >> bit & 1)
    if answer.flags >> 11 & 1:
        fields["last_known"] = True
    return fields


def sms_verdict(set_name, command, answer):
    """What an answer means for a command that was sent: one of VERDICTS."""
    answer = answer.encode()
    number = LIBRARY.gt02_sms_verdict(set_of(set_name), command.encode(), answer, len(answer))
    return VERDICTS[check(number) - 1]


def sms_proof(answer, **settings):
    """What an answer to the last question of a plan shows of the settings: one of VERDICTS."""
    settings, answer = settings_of(settings), answer.encode()
    number = LIBRARY.gt02_sms_proof(settings, sizeof(settings), answer, len(answer))
    return VERDICTS[check(number) - 1]


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
