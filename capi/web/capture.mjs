// What went over the wire, out of a capture: a log of Traccar, hex, text, raw bytes, pcap, pcapng.
//
// A read is { connection, direction: "up" | "down", udp, at, bytes }. `at` is a Date if the capture
// says when, in UTC. `gap`: bytes before it are not in the capture. If packets do not show who
// opened the connection, there is no direction, but `ends`: who sent it, and to whom.

const ascii = new TextDecoder("latin1");
// [id: port < peer] data; the first versions had [port <- peer] - data, so the peer is the id.
const LOG_LINE = /\[([A-Za-z0-9]{1,64})(?:: ?[^\]<>]*| )(<-?|-?>) ?([^\]]*)\](?: -(?= ))?(.*)/;
const HEX = /^(?:0x)?[0-9a-f]{2,}(?:[\s:,-]+(?:0x)?[0-9a-f]{2,})*$/i;

/** A whole frame in a line of text: h02, tk103, v680. */
const TEXT_FRAME = /\*[A-Z]{2},[^#]*#|\(\d{10,}[^)]*\)|#\d{4,}#.*##/;

/** The format of a capture: "pcap", "log", "hex" (or text, line by line) or "raw". */
export function recognise(bytes) {
  if (bytes.length > 24) {
    const magic = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    if ([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a].includes(magic)) return "pcap";
  }
  const head = bytes.subarray(0, 65536);
  if (head.some((byte) => byte < 32 && ![9, 10, 13, 27].includes(byte))) return "raw";
  const lines = ascii.decode(head).split("\n").map((line) => line.trim()).filter(Boolean);
  if (lines.some((line) => LOG_LINE.test(line) && /^\S*\d{4}-\d\d-\d\d[ T]\d\d:/.test(line)))
    return "log";
  if (lines.some((line) => fromHex(line.replace(/^[<>]\s*/, "").split("#")[0].trim())))
    return "hex";
  return lines.some((line) => TEXT_FRAME.test(line)) ? "hex" : "raw";
}

/** The reads of a capture. `options.udp`: each line is a datagram. */
export function reads(bytes, { udp = false } = {}) {
  const format = recognise(bytes);
  const found = {
    pcap: () => packets(bytes),
    log: () => textLines(bytes).map(logRead).filter(Boolean),
    hex: () => textLines(bytes).map((line) => hexRead(line, udp)).filter(Boolean),
    raw: () => [{ connection: "", direction: "up", udp: false, bytes }],
  }[format]();
  return { format, reads: found };
}

const textLines = (bytes) => ascii.decode(bytes).split(/\r?\n/);
const fromText = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
// Latin-1 again, because `ascii` maps 80 to 9F to other letters, as browsers do.
const CP1252 = new Map(Array.from({ length: 32 }, (_, n) => [
  ascii.decode(Uint8Array.of(128 + n)), 128 + n]));
const byteText = (text) =>
  Uint8Array.from(text, (letter) => CP1252.get(letter) ?? letter.charCodeAt(0));

/** The bytes that hex digits stand for; null if there is anything else. */
export function fromHex(text) {
  if (!HEX.test(text)) return null;
  const digits = text.replace(/0x/gi, "").replace(/[^0-9a-f]/gi, "");
  if (digits.length % 2) return null;
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
}

/** The read of a line of a log. Traccar writes bytes as hex, or as text if all are printable. */
function logRead(line) {
  const found = LOG_LINE.exec(line);
  if (!found) return null;
  const [, id, arrow, peer, tail] = found;
  const connection = arrow.length === 2 ? peer : id;
  const words = tail.trim().replace(/^\(HEX:(.*)\)$/, "HEX:$1").replace(/^HEX:\s*/, "");
  const text = tail.replace(/^ /, "").replace(/\\([rn])/g, (_, end) => (end === "r" ? "\r" : "\n"));
  return {
    connection,
    direction: arrow.startsWith("<") ? "up" : "down",
    udp: /^U/.test(connection),
    bytes: fromHex(words) ?? (words === "" ? new Uint8Array(0) : byteText(text)),
  };
}

/** The read of a line of hex, with `>` before what the server sent, and a comment after `#`. */
function hexRead(line, udp) {
  const [, arrow, content] = /^\s*([<>]?)\s*(.*?)\s*$/.exec(line);
  if (content === "" || content.startsWith("# ")) return null;
  const bytes = fromHex(content.split("#")[0].trim())
    ?? fromText(content.replace(/\\r/g, "\r").replace(/\\n/g, "\n"));
  return { connection: "", direction: arrow === ">" ? "down" : "up", udp, bytes };
}

// ---- Packets -----------------------------------------------------------------------------------

/** Where IP begins in a packet of each link type. */
const LINKS = {
  0: () => 4, 1: ethernet, 12: () => 0, 14: () => 0, 101: () => 0, 113: () => 16, 276: () => 20,
};

function ethernet(packet) {
  let at = 12;
  // Tags of VLANs.
  while ([0x8100, 0x88a8].includes(packet.getUint16(at))) at += 4;
  return at + 2;
}

/** The packets of a file: { at, link, data }. */
function* framed(view) {
  if (view.getUint32(0) !== 0x0a0d0d0a) {
    const little = [0xd4c3b2a1, 0x4d3cb2a1].includes(view.getUint32(0));
    const nanos = [0xa1b23c4d, 0x4d3cb2a1].includes(view.getUint32(0));
    const link = view.getUint32(20, little) & 0xffff;
    for (let at = 24; at + 16 <= view.byteLength;) {
      const length = view.getUint32(at + 8, little);
      const part = view.getUint32(at + 4, little) / (nanos ? 1e6 : 1e3);
      if (at + 16 + length > view.byteLength) return;
      yield {
        at: new Date(view.getUint32(at, little) * 1000 + part), link,
        data: new DataView(view.buffer, view.byteOffset + at + 16, length),
      };
      at += 16 + length;
    }
    return;
  }
  let little = true;
  let links = [];
  for (let at = 0; at + 12 <= view.byteLength;) {
    const big = view.getUint32(at) === 0x0a0d0d0a;
    if (big) [little, links] = [view.getUint32(at + 8) === 0x4d3c2b1a, []];
    const type = view.getUint32(at, little);
    const length = view.getUint32(at + 4, little);
    if (length < 12 || at + length > view.byteLength) return;
    if (type === 1)
      links.push({ link: view.getUint16(at + 8, little), ...clock(view, at, length, little) });
    if (type === 6) {
      const { link, unit } = links[view.getUint32(at + 8, little)] ?? {};
      const ticks = view.getUint32(at + 12, little) * 2 ** 32 + view.getUint32(at + 16, little);
      const captured = Math.min(view.getUint32(at + 20, little), length - 32);
      yield {
        at: new Date((ticks / unit) * 1000), link,
        data: new DataView(view.buffer, view.byteOffset + at + 28, captured),
      };
    }
    at += length;
  }
}

/** Ticks of an interface's clock in a second: option 9 of its block. */
function clock(view, at, length, little) {
  for (let option = at + 16; option + 4 <= at + length - 4;) {
    const [code, size] = [view.getUint16(option, little), view.getUint16(option + 2, little)];
    if (code === 0) break;
    if (code === 9) {
      const tick = view.getUint8(option + 4);
      return { unit: tick & 0x80 ? 2 ** (tick & 0x7f) : 10 ** tick };
    }
    option += 4 + Math.ceil(size / 4) * 4;
  }
  return { unit: 1e6 };
}

/** TCP or UDP of a packet; null for anything else. */
function segment({ at, link, data }) {
  try {
    const ip = LINKS[link]?.(data) ?? 0;
    const version = data.getUint8(ip) >> 4;
    const of = (start, length) => hex(new Uint8Array(data.buffer, data.byteOffset + start, length));
    let protocol, from, to, start, end;
    if (version === 4) {
      // Of a packet that was sent in parts, only the first has ports.
      if (data.getUint16(ip + 6) & 0x3fff) return null;
      [protocol, from, to] = [data.getUint8(ip + 9), of(ip + 12, 4), of(ip + 16, 4)];
      start = ip + (data.getUint8(ip) & 15) * 4;
      end = ip + data.getUint16(ip + 2);
    } else if (version === 6) {
      [protocol, from, to] = [data.getUint8(ip + 6), of(ip + 8, 16), of(ip + 24, 16)];
      start = ip + 40;
      end = start + data.getUint16(ip + 4);
    }
    end = Math.min(end, data.byteLength);
    const ports = [data.getUint16(start), data.getUint16(start + 2)];
    const ends = { from: `${from}:${ports[0]}`, to: `${to}:${ports[1]}`, ports, at };
    const payload = (skip) =>
      new Uint8Array(data.buffer, data.byteOffset + start + skip, end - start - skip);
    if (protocol === 17) return { ...ends, udp: true, bytes: payload(8) };
    if (protocol !== 6) return null;
    const flags = data.getUint8(start + 13);
    return {
      ...ends, udp: false, syn: Boolean(flags & 2), ack: Boolean(flags & 16),
      sequence: data.getUint32(start + 4), bytes: payload((data.getUint8(start + 12) >> 4) * 4),
    };
  } catch {
    return null;
  }
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The reads of the TCP and UDP in a file. */
function packets(bytes) {
  const flows = new Map();
  const [found, all] = [[], []];
  let count = 0;
  const give = ({ name, server }, { ends, at, bytes, gap }) => {
    if (bytes.length === 0) return;
    const direction = server && (ends[0] === server ? "down" : "up");
    found.push({ connection: name, direction, ends, udp: name.startsWith("U"), at, bytes, gap });
  };
  for (const packet of framed(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))) {
    const it = segment(packet);
    if (!it) continue;
    const key = [it.udp, ...[it.from, it.to].sort()].join();
    if (it.syn && !it.ack) flows.delete(key);
    if (!flows.has(key)) {
      // Who opens a connection is the device.
      const server = it.syn ? (it.ack ? it.from : it.to) : null;
      const name = `${it.udp ? "U" : "T"}${++count}`;
      flows.set(key, { name, server, next: {}, waiting: {} });
      all.push(flows.get(key));
    }
    const flow = flows.get(key);
    const add = { ends: [it.from, it.to], at: it.at };
    if (it.udp) give(flow, { ...add, bytes: it.bytes });
    else inOrder(flow, { ...it, ...add }).forEach((read) => give(flow, read));
  }
  for (const flow of all)
    for (const from of Object.keys(flow.waiting))
      passGaps(flow, from).forEach((read) => give(flow, read));
  return found;
}

/** How many segments may wait for one before them, until that is held to be lost. */
const MOST_WAITING = 64;

/** What a segment of TCP adds: what was there before is left out, what comes early waits. */
function inOrder(flow, { ends, at, syn, sequence, bytes }) {
  const [from] = ends;
  const waiting = (flow.waiting[from] ??= []);
  const first = syn ? (sequence + 1) >>> 0 : sequence;
  if (syn) flow.next[from] = first;
  flow.next[from] ??= first;
  waiting.push({ sequence: first, ends, at, bytes });
  const out = ready(flow, from);
  return waiting.length > MOST_WAITING ? [...out, ...passGaps(flow, from)] : out;
}

/** How far a segment lies ahead of the bytes that were given; below 0, they had begun before. */
const ahead = (flow, from, { sequence }) => (sequence - flow.next[from]) | 0;

function ready(flow, from) {
  const out = [];
  const waiting = flow.waiting[from];
  for (let at; (at = waiting.findIndex((part) => ahead(flow, from, part) <= 0)) >= 0;) {
    const [part] = waiting.splice(at, 1);
    const bytes = part.bytes.subarray(-ahead(flow, from, part));
    flow.next[from] = (flow.next[from] + bytes.length) >>> 0;
    out.push({ ...part, bytes });
  }
  return out;
}

/** What waits, although bytes before it are not there. */
function passGaps(flow, from) {
  const out = [];
  for (const waiting = flow.waiting[from]; waiting.length > 0;) {
    const nearest = waiting.reduce((a, b) => (ahead(flow, from, b) < ahead(flow, from, a) ? b : a));
    flow.next[from] = nearest.sequence;
    const [first, ...rest] = ready(flow, from);
    out.push({ ...first, gap: true }, ...rest);
  }
  return out;
}
