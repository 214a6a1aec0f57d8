// A test of what gt02.mjs has beside the decoding that compare.py compares: node wrapper.mjs WASM.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { load } from "../wasm/gt02.mjs";

const gt02 = await load(process.argv[2]);
for (const source of [readFileSync(process.argv[2]), pathToFileURL(process.argv[2]),
  String(pathToFileURL(process.argv[2]))])
  assert.equal((await load(source)).version(), gt02.version());
const bytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (data) => Array.from(data, (byte) => String.fromCharCode(byte)).join("");
// A heartbeat of gt02, which is answered.
const HEARTBEAT = Uint8Array.from(
  Buffer.from("68680f0504035889905831401700df1a00000d0a", "hex"));
const SETTINGS = { apn: "internet", host: "example.com", port: 5022, interval: 30 };
const fails = (status, call) => assert.throws(call, (error) => error.status === status);

{
  // Deadlines.
  const box = gt02.connect();
  assert.equal(box.deadline(), null);
  assert.deepEqual(box.timeout(), []);
  fails(-5, () => box.setLimits({ login: 500 }));
  box.setClock(1000.9);
  assert.equal(box.deadline(), 61000);
  box.setLimits({ login: 500 });
  assert.equal(box.deadline(), 1500);
  box.setClock(1499.9);
  assert.deepEqual(box.timeout(), []);
  box.setClock(1500);
  assert.deepEqual(box.timeout(), [{ kind: "nameless" }]);
  assert.deepEqual(box.timeout(), []);
  // The end mark of this frame may also begin the next one, so it waits for silence.
  const frame = bytes("#356588220000003##");
  assert.deepEqual(box.feed(frame), []);
  assert.deepEqual(box.pending, frame);
  box.setClock(box.deadline());
  const [item] = box.timeout();
  assert.equal(item.device, "356588220000003");
  assert.equal(box.device, "356588220000003");
  box.setLimits({ silence: Infinity, rest: Infinity, login: Infinity, overdue: Infinity, dead: 7 });
  box.setClock(box.deadline());
  assert.deepEqual(box.timeout(), [{ kind: "dead" }]);
  assert.equal(box.deadline(), null);
  assert.throws(() => box.setLimits({ never: 1 }), RangeError);
}
{
  // Commands.
  const [box, down, h02] = [gt02.connect(), gt02.connect({ down: true }), gt02.connect()];
  fails(-4, () => box.command("locate"));
  assert.equal(box.protocol, null);
  assert.equal(box.device, null);
  assert.equal(box.feed(HEARTBEAT).length, 1);
  assert.equal(box.protocol, "gt02");
  assert.equal(text(box.command("text", "WHERE,666666#")),
    "\x88\x88\x13\x1c\x11\0\0\0\0WHERE,666666#\r\n");
  fails(-7, () => box.command("text", "\x7f"));
  assert.throws(() => box.command("fly"), RangeError);
  down.know(box);
  const [ack] = down.feed(bytes("\x54\x68\x1a\x0d\x0a"));
  assert.equal(ack.device, "358899058314017");
  h02.feed(bytes("*HQ,135790246811220,HTBT,100#"));
  fails(-5, () => h02.command("cut_relay"));
  h02.setTime(new Date(1457182985000));
  assert.equal(text(h02.command("cut_relay")), "*HQ,135790246811220,S20,130305,1,1#");
  fails(-6, () => h02.command("interval", 70000));
}
{
  // The device's side.
  fails(-7, () => gt02.device("gt06", "12x"));
  assert.throws(() => gt02.device("gt07", "1"), RangeError);
  const said = {
    kind: "location", time: new Date(Date.UTC(2026, 4, 4, 7)), latitude: -33.9249,
    longitude: 18.4241, speed_kmh: 36, course: 90, valid: true,
  };
  const server = gt02.connect();
  for (const protocol of ["gt02", "gt06", "tk103", "v680", "h02"]) {
    const device = gt02.device(protocol, protocol === "tk103" ? "013612345678" : "353588020144007");
    if (protocol === "gt06") {
      const [login] = server.feed(device.encode({ kind: "login" }));
      assert.ok(device.waits);
      const [answer] = device.feed(login.reply);
      assert.ok(answer.answers && answer.direction === "down");
      assert.equal(device.feed(HEARTBEAT).some((item) => item.answers), false);
    }
    const [item] = server.datagram(device.encode(said));
    assert.equal(item.protocol, protocol);
    assert.equal(item.time, "2026-05-04T07:00:00");
    assert.ok((item.valid ?? protocol === "v680") && item.course === 90);
    assert.ok(Math.abs(item.latitude + 33.9249) < 2e-5);
    assert.ok(Math.abs(item.longitude - 18.4241) < 2e-5);
    device.close();
  }
  const device = gt02.device("gt06", "353588020144007");
  const cell = { mcc: 262, mnc: 1, lac: 5, cid: 6 };
  const [alarm] = server.datagram(
    device.encode({ ...said, kind: "alarm", alarm: "sos", satellites: 9, cell }));
  assert.equal(alarm.alarm, "sos");
  assert.equal(alarm.satellites, 9);
  assert.deepEqual(alarm.cell, cell);
  fails(-1, () => device.encode({ kind: "command" }));
  // What no field has room for, or nobody has said, is not sent.
  for (const wrong of [{ latitude: 430.4967296 }, { latitude: NaN }, { longitude: null },
    { satellites: 260 }, { cell: { mcc: -1 } }])
    assert.throws(() => device.encode({ kind: "location", ...said, ...wrong }), RangeError);
  const without = device.encode({ kind: "location", ...said, valid: null });
  assert.deepEqual(without.slice(4, 30), device.encode({ kind: "location", ...said }).slice(4, 30));
  assert.throws(() => device.encode({ ...said, odometer: 1 }), RangeError);
}
{
  // Configuration by SMS.
  const plan = gt02.smsPlan("b", SETTINGS);
  assert.equal(plan[3].text, "TIMER,666666,,30#");
  assert.ok(plan.every((step) => step.set === "b" && step.purpose && step.expected));
  fails(-3, () => gt02.smsPlan("gt02d", SETTINGS));
  for (const wrong of [{ port: 70559 }, { interval: NaN }, { apn: null }, { host: "a\0b.com" }])
    assert.throws(() => gt02.smsPlan("b", { ...SETTINGS, ...wrong }), RangeError);
  assert.equal(gt02.smsTry(SETTINGS, "h02")[0].text, "RCONF");
  assert.equal(gt02.smsTry(SETTINGS)[0].text, "RJBB,000000#");
  assert.equal(gt02.smsCommand("a", "interval", SETTINGS).text, "GPRSDS,000000,30#");
  assert.match(gt02.smsCommand("j", "sos_phone", {}, "+491701234567").text, /491701234567/);
  fails(-3, () => gt02.smsCommand("vsun", "arm"));
  const place = gt02.smsRead("Lat:N23d 5.1708m,Lon: E114d 23.6212m,Course:120,Speed:53.02,"
    + "DateTime:08-09-12 14:52:36");
  assert.equal(place.kind, "location");
  assert.equal(place.latitude, 23.08618);
  assert.equal(place.time, "2008-09-12T14:52:36");
  const done = gt02.smsRead("APNOK!");
  assert.equal(done.completion, "done");
  assert.equal(done.command, "APN");
  const status = "GPRS:ON;APN:internet,,;Server:1,example.com,5022,0;";
  const { kind, apn, host, port } = gt02.smsRead(status);
  assert.deepEqual([kind, apn, host, port], ["status", "internet", "example.com", 5022]);
  assert.equal(gt02.smsVerdict("b", "TIMER,666666,,30#", "TIMEROK!"), "done");
  fails(-7, () => gt02.smsVerdict("b", "nonsense", "x"));
  assert.equal(gt02.smsProof(SETTINGS, status), "done");
  assert.equal(gt02.smsProof({ ...SETTINGS, port: 1 }, status), "refused");
}
{
  // Which protocol.
  assert.equal(gt02.sniff(HEARTBEAT), "gt02");
  assert.equal(gt02.sniff(HEARTBEAT.subarray(0, 3)), null);
  assert.equal(gt02.sniff(bytes("GET / HTTP/1.1\r\n")), "foreign");
  assert.equal(gt02.sniffDatagram(HEARTBEAT.subarray(0, 3)), "foreign");
}
{
  // A library goes on after what has no room, and takes nothing but bytes.
  const library = await gt02.again();
  assert.throws(() => library.connect({ carry: 3e9 }), RangeError);
  const box = library.connect();
  assert.equal(box.feed(HEARTBEAT).length, 1);
  const { buffer } = new Uint8Array(HEARTBEAT);
  for (const other of [buffer, new DataView(buffer), new Uint16Array(buffer), [0x68]])
    assert.throws(() => box.feed(other), TypeError);
}
{
  // What is closed is used again: 10,000 connections take the memory of one.
  const library = await gt02.again();
  library.connect().close();
  const before = library.c.memory.buffer.byteLength;
  for (let n = 0; n < 10000; n++) {
    const box = library.connect();
    assert.equal(box.feed(HEARTBEAT).length, 1);
    box.close();
    box.close();
  }
  assert.equal(library.c.memory.buffer.byteLength, before);
}
{
  // What the types declare is there.
  const types = readFileSync(new URL("../wasm/gt02.d.mts", import.meta.url), "utf8");
  const made = {
    Library: gt02, Connection: gt02.connect(), Device: gt02.device("gt06", "353588020144007"),
  };
  for (const [name, object] of Object.entries(made)) {
    const [, body] = types.match(new RegExp(`interface ${name} {(.*?)\n}`, "s"));
    const members = [...body.matchAll(/^  (?:readonly )?(\w+)[(:]/gm)].map(([, member]) => member);
    assert.ok(members.length >= 4);
    for (const member of members) assert.ok(member in object, `${name}.${member} is not there`);
  }
}
console.log("gt02.mjs: all is as it should be");
