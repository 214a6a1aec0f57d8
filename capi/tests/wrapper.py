#!/usr/bin/env python3
"""A test of what gt02.py has beside the decoding that compare.py compares."""

import datetime
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "examples"))
import gt02  # noqa: E402

# A heartbeat of gt02, which is answered.
HEARTBEAT = bytes.fromhex("68680f0504035889905831401700df1a00000d0a")
SETTINGS = {"apn": "internet", "host": "example.com", "port": 5022, "interval": 30}


def status_of(function, *args, **named):
    """The status of the error that a call raises."""
    try:
        found = function(*args, **named)
    except gt02.Error as error:
        assert str(error)
        return error.status
    raise AssertionError(found)


def refused(function, *args, **named):
    try:
        found = function(*args, **named)
    except ValueError as error:
        assert str(error)
    else:
        raise AssertionError(found)


def deadlines():
    box = gt02.Connection()
    assert box.deadline() is None and box.timeout() == []
    assert status_of(box.set_limits, login=0.5) == -5
    box.set_clock(1.001)
    assert box.deadline() == 61.001
    box.set_limits(login=0.5)
    assert box.deadline() == 1.501
    box.set_clock(1.5)
    assert box.timeout() == []
    box.set_clock(box.deadline())
    assert box.timeout() == [{"kind": "nameless"}] and box.timeout() == []
    # The end mark of this frame may also begin the next one, so it waits for silence.
    frame = b"#356588220000003##"
    assert box.feed(frame) == [] and box.pending == frame
    box.set_clock(box.deadline())
    [item] = box.timeout()
    assert item["kind"] == "heartbeat" and item["device"] == box.device == "356588220000003"
    box.set_limits(*[math.inf] * 4, dead=7)
    box.set_clock(box.deadline())
    assert box.timeout() == [{"kind": "dead"}] and box.deadline() is None


def commands():
    box = gt02.Connection()
    assert status_of(box.command, "locate") == -4 and box.protocol is box.device is None
    assert len(box.feed(HEARTBEAT)) == 1
    assert box.protocol == "gt02" and box.device == "358899058314017"
    expected = "8888131c1100000000" + b"WHERE,666666#\r\n".hex()
    assert box.command("text", "WHERE,666666#").hex() == expected
    assert status_of(box.command, "text", "\x7f") == -7
    down = gt02.Connection(options=gt02.OPTION_DOWN)
    down.know(box)
    [item] = down.feed(bytes.fromhex("54681a0d0a"))
    assert item["kind"] == "ack" and item["device"] == "358899058314017"
    h02 = gt02.Connection()
    h02.feed(b"*HQ,135790246811220,HTBT,100#")
    assert status_of(h02.command, "cut_relay") == -5
    h02.set_time(1457182985)
    assert h02.command("cut_relay") == b"*HQ,135790246811220,S20,130305,1,1#"
    assert status_of(h02.command, "interval", 70000) == -6


def devices():
    assert status_of(gt02.Device, "gt06", "12x") == -7
    said = {"time": datetime.datetime(2026, 5, 4, 7), "latitude": -33.9249, "longitude": 18.4241,
            "speed_kmh": 36, "course": 90, "valid": True}
    for protocol in ("gt02", "gt06", "tk103", "v680", "h02"):
        device = gt02.Device(protocol, "013612345678" if protocol == "tk103" else "353588020144007")
        server = gt02.Connection()
        login = b"" if protocol != "gt06" else device.encode("login")
        assert device.waits == (protocol == "gt06")
        for item in server.feed(login):
            [answer] = device.feed(bytes.fromhex(item["reply"]))
            assert answer["answers"] and answer["direction"] == "down"
        [item] = server.datagram(device.encode("location", **said))
        assert item["kind"] == "location" and item["protocol"] == protocol
        assert item["time"] == "2026-05-04T07:00:00" and item["course"] == 90
        assert item.get("valid", protocol == "v680")
        assert abs(item["latitude"] + 33.9249) < 2e-5 and abs(item["longitude"] - 18.4241) < 2e-5
    device = gt02.Device("gt06", "353588020144007")
    cell = {"mcc": 262, "mnc": 1, "lac": 5, "cid": 6}
    [item] = server.datagram(device.encode("alarm", alarm="sos", satellites=9, cell=cell, **said))
    assert item["alarm"] == "sos" and item["satellites"] == 9 and item["cell"] == cell
    assert status_of(device.encode, "command") == -1
    for wrong in ({"latitude": 430.4967296}, {"satellites": 260}, {"cell": {"mcc": -1}},
                  {"latitude": None}):
        refused(device.encode, "location", **{**said, **wrong})
    refused(gt02.Device, "gt06", "12\0003")
    zone = datetime.timezone(datetime.timedelta(hours=8))
    local = {**said, "time": datetime.datetime(2026, 5, 4, 15, tzinfo=zone), "satellites": None}
    assert device.encode("location", **local)[4:10] == device.encode("location", **said)[4:10]
    text = "x" * 100
    assert text.encode() in gt02.Device("gt02", "353588020144007").encode("response", text=text)


def texts():
    for wrong in ({"port": 70559}, {"port": -1}, {"host": "a\0b.com"}, {"colour": 1}):
        refused(gt02.sms_plan, "b", **{**SETTINGS, **wrong})
    plan = gt02.sms_plan("b", **SETTINGS)
    assert plan[3]["text"] == "TIMER,666666,,30#" and plan[3]["set"] == "b"
    assert status_of(gt02.sms_plan, "gt02d", **SETTINGS) == -3
    assert gt02.sms_try("h02", **SETTINGS)[0]["text"] == "RCONF"
    assert gt02.sms_try(**SETTINGS)[0]["text"] == "RJBB,000000#"
    assert gt02.sms_command("a", "interval", **SETTINGS)["text"] == "GPRSDS,000000,30#"
    assert status_of(gt02.sms_command, "vsun", "arm") == -3
    assert len(gt02.SMS) == 26 and gt02.SMS[25] == "reset" and len(gt02.SETS) == 10
    place = ("Lat:N23d 5.1708m,Lon: E114d 23.6212m,Course:120,Speed:53.02,"
             "DateTime:08-09-12 14:52:36")
    answer = gt02.sms_read(place)
    assert answer["kind"] == "location" and answer["latitude"] == 23.08618
    assert answer["time"] == "2008-09-12T14:52:36" and answer["speed_kmh"] == 53.02
    answer = gt02.sms_read("APNOK!")
    assert answer["completion"] == "done" and answer["command"] == "APN"
    status = "GPRS:ON;APN:internet,,;Server:1,example.com,5022,0;"
    answer = gt02.sms_read(status)
    assert [answer[name] for name in ("kind", "apn", "host", "port")] == [
        "status", "internet", "example.com", 5022]
    assert gt02.sms_verdict("b", "TIMER,666666,,30#", "TIMEROK!") == "done"
    assert status_of(gt02.sms_verdict, "b", "nonsense", "x") == -7
    assert gt02.sms_proof(status, **SETTINGS) == "done"
    assert gt02.sms_proof(status, **{**SETTINGS, "port": 1}) == "refused"
    assert gt02.version() == "0.1.0"
    assert gt02.sniff(HEARTBEAT) == "gt02" and gt02.sniff(HEARTBEAT[:3]) is None
    assert gt02.sniff(b"GET / HTTP/1.1\r\n") == "foreign" == gt02.sniff_datagram(HEARTBEAT[:3])


deadlines()
commands()
devices()
texts()
print("gt02.py: all is as it should be")
