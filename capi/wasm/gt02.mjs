// gt02 in JavaScript: the C interface as WebAssembly, which imports nothing.
//
//   import { load } from "./gt02.mjs";
//   const gt02 = await load(bytes);           // of gt02.wasm; a Response or a URL in a browser
//   const connection = gt02.connect();
//   for (const item of connection.feed(read)) // the names of docs/json.md
//     if (item.reply) socket.write(item.reply);
//   connection.finish();                      // at the end, and after a silence

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
};
const NUMBERS = {
  u8: [1, "getUint8"], u16: [2, "getUint16"], i16: [2, "getInt16"], u32: [4, "getUint32"],
  i32: [4, "getInt32"], u64: [8, "getBigUint64"],
};
const SIZEOF = ["slice", "time", "decimal", "cell", "item", "details", "record", "access_point"];

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

const FLAGS = ["valid", "charging", "ignition", "relay_cut", "armed", "gps_tracking", "resent"];
const STRINGS = { code: 1, text: 2, imsi: 3, iccid: 4, firmware: 5 };
const [ITEM, FRAME, DOWN] = [1, 1, 1];
const decoder = new TextDecoder();
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const bit = (bits, n) => (bits >> BigInt(n)) & 1n;

/** Instantiates the library from its bytes, a Response, or a URL. */
export async function load(source) {
  if (source instanceof URL || typeof source === "string") source = await fetch(source);
  if (typeof Response !== "undefined" && source instanceof Response)
    source = await source.arrayBuffer();
  const module = await WebAssembly.compile(source);
  return new Library(module, await WebAssembly.instantiate(module, {}));
}

/** The library, with its memory. */
class Library {
  #free;
  #module;

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

  /** Room in the memory, for ever. */
  place(size) {
    const at = Math.ceil(this.#free / 8) * 8;
    this.#free = at + size;
    const missing = this.#free - this.c.memory.buffer.byteLength;
    if (missing > 0) this.c.memory.grow(Math.ceil(missing / 65536));
    return at;
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
    const size = this.c.gt02_conn_size(carry);
    const options = (badChecksums ? 1 : 0) | (replyToAll ? 2 : 0) | (down ? 4 : 0);
    return new Connection(this, this.c.gt02_conn_init(this.place(size), size, options));
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
      return new DataView(this.c.memory.buffer)[NUMBERS[type][1]](at, true);
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
    if (item.what !== FRAME)
      return { kind: "noise", reason: this.name("reason", item.reason), raw: item.bytes };
    const report = {
      protocol: this.name("protocol", item.protocol),
      kind: this.name("kind", item.kind),
      ...this.place_of(item),
    };
    const has = (n) => bit(item.has, n);
    const digits = (id) => id.bcd.toString(16).padStart(id.digits, "0");
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
  ["mcc", "mnc", "lac", "cid", "rssi"].forEach((name, n) => {
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

const decimal = ({ digits, places }) => Number(digits) / 10 ** places;

/** One connection, or one UDP peer. */
class Connection {
  #library;
  #conn;

  constructor(library, conn) {
    if (conn === 0) throw new RangeError("carry");
    [this.#library, this.#conn] = [library, conn];
  }

  /** The server's clock, for replies that carry the time. */
  setTime(date) {
    this.#library.c.gt02_conn_set_time(this.#conn, BigInt(Math.floor(date.getTime() / 1000)));
  }

  /** Knows the device that another connection knows: for the two directions of one. */
  know(other) {
    this.#library.c.gt02_conn_know(this.#conn, other.#conn);
  }

  /** The items of the stream, which goes on with these bytes. */
  feed(bytes) {
    const items = [];
    for (let at = 0; at < bytes.length; at += 65536)
      items.push(...this.#items("gt02_conn_next", bytes.subarray(at, at + 65536)));
    return items;
  }

  /** The items of one datagram. */
  datagram(bytes) {
    return this.#items("gt02_conn_datagram", bytes.subarray(0, 65536));
  }

  /** What is pending, decided: at the end, and after a silence. */
  finish() {
    const { c, item } = this.#library;
    const items = [];
    while (c.gt02_conn_finish(this.#conn, item, layout("item").size) === ITEM)
      items.push(this.#library.report());
    return items;
  }

  #items(call, bytes) {
    const { c, item, input, at } = this.#library;
    const items = [];
    this.#library.bytes(input, bytes.length).set(bytes);
    this.#library.bytes(at, 4).fill(0);
    while (c[call](this.#conn, input, bytes.length, at, item, layout("item").size) === ITEM)
      items.push(this.#library.report());
    return items;
  }
}
