// gt02 in JavaScript: the C interface as WebAssembly, which imports nothing.
//
//   import { load } from "./gt02.mjs";
//   const gt02 = await load("gt02.wasm");     // or its bytes, a URL, a Response
//   const connection = gt02.connect();
//   for (const item of connection.feed(read)) // the names of docs/json.md
//     if (item.reply) socket.write(item.reply);
//   connection.finish();                      // at the end, and after a silence
//   connection.close();                       // gives its memory back
//
// gt02.d.mts has the rest: deadlines, commands, the device's side, configuration by SMS.

// The structures of gt02.h, as a 32-bit target lays them out: [name, type] or [name, type, count].
const reserved = (count) => ["reserved", "u8", count];
const STRUCTURES = {
  slice: [["ptr", "u32"], ["len", "u32"]],
  time: [["year", "u16"], ...["month", "day", "hour", "minute", "second"].map((n) => [n, "u8"]),
    reserved(1)],
  decimal: [["digits", "u64"], ["places", "u8"], reserved(7)],
  cell: [["lac", "u32"], ["cid", "u32"], ["mcc", "u16"], ["mnc", "u16"], ["rssi", "i16"],
    ["has", "u8"], reserved(1)],
  item: [["has", "u64"], ["bytes", "slice"], ["reply", "slice"], ["speed_e6", "u64"],
    ["time", "time"], ["cell", "cell"], ["latitude_e7", "i32"], ["longitude_e7", "i32"],
    ["course_e4", "u32"], ["flags", "u32"], ["voltage_mv", "u32"], ["odometer", "u32"],
    ["serial", "u16"],
    ...["what", "protocol", "kind", "reason", "direction", "identity", "alarm", "alarm_code",
      "satellites", "voltage_level", "gsm_level"].map((n) => [n, "u8"]),
    reserved(3), ["device", "id"], ["imei", "id"]],
  id: [["bcd", "u64"], ["digits", "u8"], reserved(7)],
  details: [["has", "u64"], ["hdop", "decimal"], ["accuracy", "decimal"], ["humidity", "decimal"],
    ["snr", "slice"], ["card_id", "slice"], ["altitude_m", "i32"], ["temperature_e3", "i32"],
    ["battery_mv", "u32"], ["fuel", "u32"], ["steps", "u32"], ["ignition_seconds", "u32"],
    ["flags", "u32"], ["csq", "u8"], ["network", "u8"], ["battery_percent", "u8"],
    ["upload_mode", "u8"]],
  record: [["has", "u64"], ["speed_e6", "u64"], ["time", "time"], ["cell", "cell"],
    ["latitude_e7", "i32"], ["longitude_e7", "i32"], ["course_e4", "u32"], ["reserved", "u32"]],
  access_point: [["ssid", "slice"], ["rssi", "i16"], ["mac", "u8", 6], ["has", "u8"], reserved(7)],
  command: [["text", "slice"], ["number", "u32"], ["what", "u8"], reserved(3)],
  device: [["opaque", "u64", 16]],
  uplink: [["has", "u64"], ["text", "slice"], ["speed_e6", "u64"], ["time", "time"],
    ["cell", "cell"], ["latitude_e7", "i32"], ["longitude_e7", "i32"], ["course_e4", "u32"],
    ["flags", "u32"],
    ...["kind", "alarm", "satellites", "voltage_level", "gsm_level"].map((n) => [n, "u8"]),
    reserved(3)],
  settings: [...["apn", "apn_user", "apn_password", "host", "password", "device", "interval"]
    .map((n) => [n, "u32"]), ["port", "u16"], ["udp", "u8"], reserved(1)],
  step: [["purpose", "slice"], ["status", "i32"], ["set", "u8"], reserved(3), ["text", "u8", 164],
    ["expected", "u8", 100]],
  answer: [["has", "u64"], ...["command", "text", "apn", "host"].map((n) => [n, "slice"]),
    ["speed_e6", "u64"], ["time", "time"], ["device", "id"], ["cell", "cell"],
    ["latitude_e7", "i32"], ["longitude_e7", "i32"], ["course_e4", "u32"], ["flags", "u32"],
    ["voltage_mv", "u32"], ["port", "u16"],
    ...["kind", "completion", "alarm", "satellites", "voltage_level"].map((n) => [n, "u8"]),
    reserved(1)],
  limits: ["silence", "rest", "login", "overdue", "dead", "reserved"].map((n) => [n, "u32"]),
};
const NUMBERS = {
  u8: [1, "Uint8"], u16: [2, "Uint16"], i16: [2, "Int16"], u32: [4, "Uint32"], i32: [4, "Int32"],
  u64: [8, "BigUint64"],
};
const SIZEOF = ["slice", "time", "decimal", "cell", "item", "details", "record", "access_point",
  "command", "device", "uplink", "settings", "step", "answer", "id", "limits"];

// Size and alignment of a type, and the offset of each field.
const layouts = {};
function layout(type) {
  if (NUMBERS[type]) return { size: NUMBERS[type][0], align: NUMBERS[type][0] };
  if (layouts[type]) return layouts[type];
  const fields = {};
  let [at, align] = [0, 1];
  const up = (offset, to) => Math.ceil(offset / to) * to;
  for (const [name, field, count] of STRUCTURES[type]) {
    const of = layout(field);
    at = up(at, of.align);
    fields[name] = { at, type: field, count };
    at += of.size * (count ?? 1);
    align = Math.max(align, of.align);
  }
  return (layouts[type] = { size: up(at, align), align, fields });
}

const CELL = ["mcc", "mnc", "lac", "cid", "rssi"];
const FLAGS = ["valid", "charging", "ignition", "relay_cut", "armed", "gps_tracking", "resent"];
const STRINGS = { code: 1, text: 2, imsi: 3, iccid: 4, firmware: 5 };
const [ITEM, FRAME, NOISE, DOWN, BUFFER] = [1, 1, 2, 1, -2];
const PASSED = { 3: "overdue", 4: "nameless", 5: "dead" };
const COMMANDS = ["text", "cut_relay", "restore_relay", "locate", "interval", "clear_alarms"];
const SETS = ["a", "b", "c", "gt02d", "vsun", "j", "w", "s", "x", "topin"];
const SMS = ["locate", "map_link", "version", "status", "settings", "parameters", "imei",
  "password", "apn", "apn_user", "apn_password", "server", "apn_and_server", "interval",
  "authorise_phone", "remove_phone", "sos_phone", "remove_sos_phone", "centre_phone",
  "remove_centre_phone", "data_on", "data_off", "arm", "disarm", "restart", "reset"];
const ANSWERS = ["location", "confirmation", "status", "alarm", "text"];
const COMPLETIONS = ["done", "already_done", "deferred", "refused"];
const VERDICTS = ["done", "deferred", "refused", "unclear", "unrelated"];
const NEVER = 2 ** 32 - 1;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

function must_be_bytes(bytes) {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("bytes are a Uint8Array");
}

/** The number of a name, counted from 1. */
function number_of(names, name) {
  const index = names.indexOf(name);
  if (index < 0) throw new RangeError(`${name} is none of ${names.join(", ")}`);
  return index + 1;
}

/** What cannot be done; `status` is a GT02_ERR_... of gt02.h. */
export class Gt02Error extends Error {
  name = "Gt02Error";

  constructor(message, status) {
    super(message);
    this.status = status;
  }
}
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bit = (bits, n) => (bits >> BigInt(n)) & 1n;

/** Instantiates the library from its bytes, a Response, a URL, or, in Node, a path. */
export async function load(source) {
  if (source instanceof URL || typeof source === "string") source = await opened(source);
  if (typeof Response !== "undefined" && source instanceof Response)
    source = await source.arrayBuffer();
  const module = await WebAssembly.compile(source);
  return new Library(module, await WebAssembly.instantiate(module, {}));
}

async function opened(source) {
  // Node fetches no file.
  if (!globalThis.process?.versions?.node || /^(https?|data):/.test(source)) return fetch(source);
  const { readFile } = await import("node:fs/promises");
  return readFile(String(source).startsWith("file:") ? new URL(source) : source);
}

/** The library, with its memory. */
class Library {
  #free;
  #module;
  /** Room that was given back, by its size. */
  #spare = new Map();
  /** The names of protocols, kinds and alarms, each at its number less 1. */
  #names = {};

  constructor(module, { exports }) {
    this.#module = module;
    this.c = exports;
    this.#free = exports.__heap_base.value;
    SIZEOF.forEach((type, n) => {
      if (exports.gt02_sizeof(n + 1) !== layout(type).size)
        throw new Error(`gt02.wasm has another ${type}`);
    });
    this.item = this.place(layout("item").size);
    this.at = this.place(4);
    this.input = this.place(65536);
    this.list = this.place(65536);
  }

  /** Room in the memory, until give_back(). */
  place(size) {
    const spare = this.#spare.get(size)?.pop();
    if (spare !== undefined) return spare;
    const at = Math.ceil(this.#free / 8) * 8;
    const missing = at + size - this.c.memory.buffer.byteLength;
    // Throws where there is no room: then nothing is taken.
    if (missing > 0) this.c.memory.grow(Math.ceil(missing / 65536));
    this.#free = at + size;
    return at;
  }

  give_back(at, size) {
    this.#spare.set(size, [...(this.#spare.get(size) ?? []), at]);
  }

  /** The library once more, with a memory of its own: that of one is only given back as a whole. */
  async again() {
    return new Library(this.#module, await WebAssembly.instantiate(this.#module, {}));
  }

  version() {
    return this.text(this.c.gt02_version());
  }

  /** A connection, with room for frames of `carry` bytes. */
  connect({ carry = 4096, badChecksums = false, replyToAll = false, down = false } = {}) {
    // As a number without a sign: JavaScript takes it for one with a sign.
    const size = this.c.gt02_conn_size(carry) >>> 0;
    const options = (badChecksums ? 1 : 0) | (replyToAll ? 2 : 0) | (down ? 4 : 0);
    return new Connection(this, this.c.gt02_conn_init(this.place(size), size, options), size);
  }

  /** A device that speaks a protocol. */
  device(protocol, id) {
    return new Device(this, protocol, id);
  }

  /** The protocol of the first bytes of a connection, "foreign", or null if they are too few. */
  sniff(bytes) {
    return this.#sniffed(this.c.gt02_sniff(...this.put(bytes.subarray(0, 65536))));
  }

  /** The protocol of a datagram, or "foreign". */
  sniffDatagram(bytes) {
    return this.#sniffed(this.c.gt02_sniff_datagram(...this.put(bytes.subarray(0, 65536))));
  }

  #sniffed(number) {
    if (number > 0) return this.name("protocol", number);
    return number === 0 ? null : "foreign";
  }

  /** The texts that configure a tracker of a set, in order. */
  smsPlan(set, settings = {}) {
    return this.#steps("gt02_sms_plan", number_of(SETS, set), settings);
  }

  /** The texts for a tracker whose set is not known; `protocol` is one that it spoke before. */
  smsTry(settings = {}, protocol = undefined) {
    const number = protocol === undefined ? 0 : this.number("protocol", protocol);
    return this.#steps("gt02_sms_try", number, settings);
  }

  /** One command in the words of a set; `text` is the new password or the phone. */
  smsCommand(set, what, settings = {}, text = undefined) {
    return this.scratch((take) => {
      const [step, size] = [take("step"), layout("step").size];
      const given = text === undefined ? 0 : take.text(text);
      this.check(this.c.gt02_sms_command(number_of(SETS, set), number_of(SMS, what),
        ...this.#settings(take, settings), given, step, size));
      return this.#step(step);
    });
  }

  /** What a text of a device says. */
  smsRead(text) {
    return this.scratch((take) => {
      const [at, size] = [take("answer"), layout("answer").size];
      this.check(this.c.gt02_sms_read(...this.put(encoder.encode(text)), at, size));
      return this.#answer(this.read("answer", at));
    });
  }

  /** What an answer means for a command that was sent. */
  smsVerdict(set, command, answer) {
    return this.scratch((take) => VERDICTS[this.check(this.c.gt02_sms_verdict(
      number_of(SETS, set), take.text(command), ...this.put(encoder.encode(answer)))) - 1]);
  }

  /** What an answer to the last question of a plan shows of the settings. */
  smsProof(settings, answer) {
    return this.scratch((take) => VERDICTS[this.check(this.c.gt02_sms_proof(
      ...this.#settings(take, settings), ...this.put(encoder.encode(answer)))) - 1]);
  }

  #settings(take, { udp = false, interval = 0, port = 0, ...texts }) {
    const at = take("settings");
    const settings = { udp: udp ? 1 : 0, interval, port };
    for (const [name, value] of Object.entries(texts))
      if (value !== undefined) settings[name] = take.text(value);
    this.write("settings", at, settings);
    return [at, layout("settings").size];
  }

  #steps(call, number, settings) {
    return this.scratch((take) => {
      const [given, step] = [this.#settings(take, settings), take("step")];
      const found = [];
      while (this.check(this.c[call](number, ...given, found.length, step, layout("step").size)))
        found.push(this.#step(step));
      return found;
    });
  }

  #step(at) {
    const { purpose, set, status, text, expected } = this.read("step", at);
    const ended = (bytes) => decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
    const step = { set: SETS[set - 1], purpose: decoder.decode(purpose) };
    return status < 0
      ? { ...step, error: this.text(this.c.gt02_strerror(status)) }
      : { ...step, text: ended(text), expected: ended(expected) };
  }

  #answer(found) {
    const has = (n) => bit(found.has, n);
    const answer = { kind: ANSWERS[found.kind - 1], ...this.place_of(found) };
    if (found.completion) answer.completion = COMPLETIONS[found.completion - 1];
    for (const name of ["command", "text", "apn", "host"])
      if (found[name].length > 0) answer[name] = decoder.decode(found[name]);
    if (found.port) answer.port = found.port;
    if (has(0)) answer.device = digits(found.device);
    for (const [n, name] of [[7, "satellites"], [11, "voltage_level"]])
      if (has(n)) answer[name] = found[name];
    if (has(9)) answer.alarm = this.name("alarm", found.alarm);
    if (has(13)) answer.voltage = found.voltage_mv / 1000;
    for (const [n, name] of [...FLAGS.entries(), [10, "external_power"]])
      if (has(32 + n)) answer[name] = Boolean((found.flags >> n) & 1);
    if ((found.flags >> 11) & 1) answer.last_known = true;
    return answer;
  }

  /** A status that is no error. */
  check(status) {
    if (status < 0) throw new Gt02Error(this.text(this.c.gt02_strerror(status)), status);
    return status;
  }

  /** Bytes in the memory until the next call, as a pointer and a length. */
  put(bytes) {
    must_be_bytes(bytes);
    if (bytes.length > 65536) throw new RangeError("more than 65536 bytes");
    this.bytes(this.input, bytes.length).set(bytes);
    return [this.input, bytes.length];
  }

  /** What `work` returns, with room for structures of zeros and for texts as long as it runs. */
  scratch(work) {
    const taken = [];
    const take = (type) => {
      const { size } = layout(type);
      const at = this.place(size);
      taken.push([at, size]);
      this.bytes(at, size).fill(0);
      return at;
    };
    take.text = (text) => {
      if (typeof text !== "string" || text.includes("\0"))
        throw new RangeError(`${JSON.stringify(text)} is no text for C`);
      const bytes = encoder.encode(text);
      // Sizes are few, so that room is found again.
      const size = Math.max(64, 2 ** Math.ceil(Math.log2(bytes.length + 1)));
      const at = this.place(size);
      taken.push([at, size]);
      const room = this.bytes(at, size);
      room.fill(0);
      room.set(bytes);
      return at;
    };
    try {
      return work(take);
    } finally {
      for (const [at, size] of taken) this.give_back(at, size);
    }
  }

  /** The bytes that a call writes, given a pointer, room and a place for the length. */
  written(call) {
    const status = call(this.list, 65536, this.at);
    if (status === BUFFER) throw new Gt02Error("more than 65536 bytes", status);
    this.check(status);
    return this.bytes(this.list, this.read("u32", this.at)).slice();
  }

  /** Writes the fields of a structure. */
  write(type, at, values) {
    for (const [name, value] of Object.entries(values)) {
      const field = layout(type).fields[name];
      if (field === undefined) throw new RangeError(`${name} is none of ${type}`);
      if (NUMBERS[field.type]) {
        const view = new DataView(this.c.memory.buffer);
        const [, kind] = NUMBERS[field.type];
        view[`set${kind}`](at + field.at, value, true);
        if (view[`get${kind}`](at + field.at, true) !== value)
          throw new RangeError(`${name}: ${value} has no room`);
      } else {
        this.write(field.type, at + field.at, value);
      }
    }
  }

  /** The number that has a name. */
  number(what, name) {
    this.#names[what] ??= Array.from({ length: 254 }, (_, n) => this.name(what, n + 1));
    return number_of(this.#names[what].filter((known) => known !== "unknown"), name);
  }

  bytes(at, len) {
    return new Uint8Array(this.c.memory.buffer, at, len);
  }

  text(at) {
    const all = new Uint8Array(this.c.memory.buffer, at);
    return decoder.decode(all.subarray(0, all.indexOf(0)));
  }

  /** The structure at a place, as an object. */
  read(type, at) {
    if (NUMBERS[type]) {
      return new DataView(this.c.memory.buffer)[`get${NUMBERS[type][1]}`](at, true);
    }
    const object = {};
    for (const [name, field] of Object.entries(layout(type).fields)) {
      object[name] = field.count
        ? this.bytes(at + field.at, field.count).slice()
        : this.read(field.type, at + field.at);
    }
    return type === "slice" ? this.bytes(object.ptr, object.len).slice() : object;
  }

  name(what, number) {
    return this.text(this.c[`gt02_${what}_name`](number));
  }

  /** All elements of a list of the item. */
  all(type, fill) {
    const { size } = layout(type);
    const room = Math.floor(65536 / size);
    const count = Math.min(fill(this.list, size, room), room);
    return Array.from({ length: count }, (_, n) => this.read(type, this.list + n * size));
  }

  /** The item by the names of docs/json.md; bytes are Uint8Array. */
  report() {
    const item = this.read("item", this.item);
    if (PASSED[item.what]) return { kind: PASSED[item.what] };
    if (item.what === NOISE)
      return { kind: "noise", reason: this.name("reason", item.reason), raw: item.bytes };
    const report = {
      protocol: this.name("protocol", item.protocol),
      kind: this.name("kind", item.kind),
      ...this.place_of(item),
    };
    const has = (n) => bit(item.has, n);
    if (item.direction === DOWN) report.direction = "down";
    if (has(0)) report.device = digits(item.device);
    if (has(1)) report.imei = digits(item.imei);
    for (const [n, name] of [[2, "serial"], [7, "satellites"], [10, "alarm_code"],
      [11, "voltage_level"], [12, "gsm_level"], [14, "odometer"]])
      if (has(n)) report[name] = item[name];
    if (has(9)) report.alarm = this.name("alarm", item.alarm);
    if (has(13)) report.voltage = item.voltage_mv / 1000;
    FLAGS.forEach((name, n) => {
      if (has(32 + n)) report[name] = Boolean((item.flags >> n) & 1);
    });
    if (has(17))
      report.cells = this.all("cell", (...to) => this.c.gt02_item_cells(this.item, ...to))
        .map(cell);
    if (has(18)) {
      const records = this.all("record", (...to) => this.c.gt02_item_records(this.item, ...to));
      report.records = records.map((record, index) => {
        const place = this.place_of(record);
        if (bit(record.has, 17))
          place.cells = this.all("cell", (...to) =>
            this.c.gt02_record_cells(this.item, index, ...to)).map(cell);
        return place;
      });
    }
    this.details(report);
    for (const [name, which] of Object.entries(STRINGS)) {
      const len = this.c.gt02_item_string(this.item, which, this.list, 65536);
      if (len > 0) report[name] = decoder.decode(this.bytes(this.list, Math.min(len, 65535)));
      else if ((name === "code" && has(15)) || (name === "text" && has(16))) report[name] = "";
    }
    if (item.reply.length > 0) report.reply = item.reply;
    return { ...report, raw: item.bytes };
  }

  /** What an item and a record have in common. */
  place_of(of) {
    const place = {};
    const has = (n) => bit(of.has, n);
    const two = (number) => String(number).padStart(2, "0");
    if (has(3)) {
      const { year, month, day, hour, minute, second } = of.time;
      place.time = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
    }
    if (has(4)) [place.latitude, place.longitude] = [of.latitude_e7 / 1e7, of.longitude_e7 / 1e7];
    if (has(5)) place.speed_kmh = Number(of.speed_e6) / 1e6;
    if (has(6)) place.course = of.course_e4 / 1e4;
    if (has(8)) place.cell = cell(of.cell);
    return place;
  }

  details(report) {
    const { size } = layout("details");
    this.c.gt02_item_details(this.item, this.list, size);
    const found = this.read("details", this.list);
    const values = {
      snr: () => Array.from(found.snr), hdop: () => decimal(found.hdop),
      accuracy: () => decimal(found.accuracy), altitude: () => found.altitude_m,
      access_points: () =>
        this.all("access_point", (...to) => this.c.gt02_item_access_points(this.item, ...to))
          .map(access_point),
      csq: () => found.csq, network: () => this.name("network", found.network),
      battery_percent: () => found.battery_percent,
      battery_voltage: () => found.battery_mv / 1000,
      temperature: () => found.temperature_e3 / 1000, humidity: () => decimal(found.humidity),
      fuel: () => found.fuel, steps: () => found.steps,
      ignition_seconds: () => found.ignition_seconds, upload_mode: () => found.upload_mode,
      card_id: () => hex(found.card_id),
    };
    Object.entries(values).forEach(([name, value], n) => {
      if (bit(found.has, n)) report[name] = value();
    });
    if (bit(found.has, 40)) report.door = Boolean(found.flags & 256);
    if (bit(found.has, 41)) report.motion = Boolean(found.flags & 512);
  }
}

function cell(from) {
  const fields = {};
  CELL.forEach((name, n) => {
    if ((from.has >> n) & 1) fields[name] = from[name];
  });
  return fields;
}

function access_point({ mac, rssi, ssid, has }) {
  const fields = { mac: Array.from(mac, (byte) => hex([byte])).join(":") };
  if (has & 1) fields.rssi = rssi;
  if (has & 2) fields.ssid = decoder.decode(ssid);
  return fields;
}

const digits = (id) => id.bcd.toString(16).padStart(id.digits, "0");
const decimal = ({ digits, places }) => Number(digits) / 10 ** places;

/** One connection, or one UDP peer. */
class Connection {
  #library;
  #conn;
  #size;

  constructor(library, conn, size) {
    if (conn === 0) throw new RangeError("carry");
    [this.#library, this.#conn, this.#size] = [library, conn, size];
  }

  /** Gives the memory back. The connection is not to be used any more. */
  close() {
    if (this.#conn !== 0) this.#library.give_back(this.#conn, this.#size);
    this.#conn = 0;
  }

  /** The server's clock, for replies and commands that carry the time. */
  setTime(date) {
    this.#library.c.gt02_conn_set_time(this.#conn, BigInt(Math.floor(date.getTime() / 1000)));
  }

  /** Knows the device that another connection knows: for the two directions of one. */
  know(other) {
    this.#library.c.gt02_conn_know(this.#conn, other.#conn);
  }

  /** The items of the stream, which goes on with these bytes. */
  feed(bytes, each = (item) => item) {
    const items = [];
    must_be_bytes(bytes);
    for (let at = 0; at < bytes.length; at += 65536)
      items.push(...this.#read("gt02_conn_next", bytes.subarray(at, at + 65536), each));
    return items;
  }

  /** The items of one datagram. */
  datagram(bytes) {
    must_be_bytes(bytes);
    return this.#read("gt02_conn_datagram", bytes.subarray(0, 65536));
  }

  /** What is pending, decided: at the end, and, without deadlines, after a silence. */
  finish() {
    return this.#items("gt02_conn_finish");
  }

  /** The clock of deadlines, in milliseconds, as performance.now(). */
  setClock(ms) {
    this.#library.check(
      this.#library.c.gt02_conn_set_clock(this.#conn, BigInt(Math.floor(ms))));
  }

  /** How long the connection may be quiet, in milliseconds. */
  setLimits(limits) {
    const library = this.#library;
    const given = {};
    for (const [name, ms] of Object.entries(limits))
      // 0 would be the usual time.
      if (ms !== undefined)
        given[name] = ms === Infinity ? NEVER : Math.min(Math.max(Math.round(ms), 1), NEVER - 1);
    library.scratch((take) => {
      const at = take("limits");
      library.write("limits", at, given);
      library.check(library.c.gt02_conn_set_limits(this.#conn, at, layout("limits").size));
    });
  }

  /** When to call timeout() if no byte comes until then, on the clock; null if never. */
  deadline() {
    const ms = this.#library.c.gt02_conn_deadline(this.#conn);
    return ms < 0n ? null : Number(ms);
  }

  /** What happened because no byte came until now. */
  timeout() {
    return this.#items("gt02_conn_timeout");
  }

  /** The bytes of a command to the device. */
  command(what, value) {
    const library = this.#library;
    return library.scratch((take) => {
      const [at, text] = [take("command"), what === "text" ? value : ""];
      library.write("command", at, {
        what: number_of(COMMANDS, what), number: what === "text" ? 0 : value ?? 0,
        text: { ptr: take.text(text), len: encoder.encode(text).length },
      });
      return library.written((...out) =>
        library.c.gt02_conn_command(this.#conn, at, layout("command").size, ...out));
    });
  }

  /** The protocol that commands are written in; null if it is not known yet. */
  get protocol() {
    const number = this.#library.c.gt02_conn_protocol(this.#conn);
    return number === 0 ? null : this.#library.name("protocol", number);
  }

  /** The id that commands are for; null if it is not known yet. */
  get device() {
    const { c, list } = this.#library;
    return c.gt02_conn_device(this.#conn, list, 17) > 0 ? this.#library.text(list) : null;
  }

  /** The bytes that are kept because they may begin a frame. */
  get pending() {
    const library = this.#library;
    return library.scratch((take) => {
      const at = take("slice");
      library.c.gt02_conn_pending(at, this.#conn);
      return library.read("slice", at);
    });
  }

  #read(call, bytes, each) {
    const library = this.#library;
    library.bytes(library.at, 4).fill(0);
    return this.#items(call, [...library.put(bytes), library.at], each);
  }

  #items(call, where = [], each = (item) => item) {
    const { c, item } = this.#library;
    const items = [];
    while (c[call](this.#conn, ...where, item, layout("item").size) === ITEM)
      items.push(each(this.#library.report()));
    return items;
  }
}

/** The device's side: what it sends, and what the server sends it. */
class Device {
  #library;
  #state;
  #down;

  constructor(library, protocol, id) {
    const { size } = layout("device");
    const state = library.place(size);
    [this.#library, this.#state] = [library, state];
    library.scratch((take) => library.check(library.c.gt02_device_init(
      state, size, library.number("protocol", protocol), take.text(id))));
    this.#down = library.connect({ down: true });
  }

  /** Gives the memory back. The device is not to be used any more. */
  close() {
    if (this.#state !== 0) this.#library.give_back(this.#state, layout("device").size);
    this.#state = 0;
    this.#down.close();
  }

  /** The frame that says this, by the names of docs/json.md; `time` is a Date. */
  encode({ kind, text = "", time, cell, alarm, latitude, longitude, speed_kmh, course, ...rest }) {
    const library = this.#library;
    const has_place = Number.isFinite(latitude) && Number.isFinite(longitude);
    if (!has_place && (kind === "location" || kind === "alarm"))
      throw new RangeError(`${kind} needs a latitude and a longitude`);
    return library.scratch((take) => {
      const at = take("uplink");
      const fields = {
        kind: library.number("kind", kind), has: 0n, flags: 0,
        text: { ptr: take.text(text), len: encoder.encode(text).length },
        latitude_e7: Math.round((latitude ?? 0) * 1e7),
        longitude_e7: Math.round((longitude ?? 0) * 1e7),
        speed_e6: BigInt(Math.round((speed_kmh ?? 0) * 1e6)),
        course_e4: Math.round((course ?? 0) * 1e4),
      };
      if (time !== undefined)
        fields.time = {
          year: time.getUTCFullYear(), month: time.getUTCMonth() + 1, day: time.getUTCDate(),
          hour: time.getUTCHours(), minute: time.getUTCMinutes(), second: time.getUTCSeconds(),
        };
      if (cell !== undefined) {
        const has = CELL.reduce((bits, name, n) => bits | (name in cell ? 1 << n : 0), 0);
        fields.cell = { ...cell, has };
      }
      if (alarm !== undefined) fields.alarm = library.number("alarm", alarm);
      for (const [name, value] of Object.entries(rest)) {
        if (value === undefined || value === null) continue;
        const flag = FLAGS.indexOf(name);
        const bits = { satellites: 7, voltage_level: 11, gsm_level: 12 };
        if (flag >= 0) {
          fields.has |= 1n << BigInt(32 + flag);
          fields.flags |= value ? 1 << flag : 0;
        } else if (name in bits) {
          fields.has |= 1n << BigInt(bits[name]);
          fields[name] = value;
        } else {
          throw new RangeError(`a device cannot say ${name}`);
        }
      }
      library.write("uplink", at, fields);
      return library.written((...out) =>
        library.c.gt02_device_encode(this.#state, at, layout("uplink").size, ...out));
    });
  }

  /** Whether the server owes a reply to the last frame. */
  get waits() {
    return this.#library.c.gt02_device_waits(this.#state) === 1;
  }

  /** The items of what the server sends; `answers` is true of the reply to the last frame. */
  feed(bytes) {
    return this.#down.feed(bytes, (item) => {
      const answers = this.#library.c.gt02_device_is_answer(this.#state, this.#library.item) === 1;
      return answers ? { ...item, answers } : item;
    });
  }
}
