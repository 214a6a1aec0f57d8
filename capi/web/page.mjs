// The page. All that comes from devices is set as text, never as HTML.

const by = (id) => document.getElementById(id);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const isPrintable = (byte) => byte > 31 && byte < 127;
const printable = (bytes) =>
  Array.from(bytes, (byte) => (isPrintable(byte) ? String.fromCharCode(byte) : "·")).join("");
/** Bytes as a person reads them: as text if they are text, else as hex. */
const readable = (bytes) =>
  bytes.every(isPrintable) ? printable(bytes) : hex(bytes);
const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
/** Rows that are shown at once. */
const ROWS = 200;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** The library, which is packed into the page. */
const library = (async () => {
  const packed = Uint8Array.from(atob(by("wasm").textContent.trim()), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return load(await new Response(stream).arrayBuffer());
})();

// ---- Decoding ----------------------------------------------------------------------------------

/** What was found: rows of { connection, received, item }. */
let rows = [];
/** Counts the captures, so that one that was opened later ends the one before. */
let turn = 0;

async function open(sources) {
  const mine = ++turn;
  const say = (text) => { by("state").textContent = text; };
  const options = { badChecksums: by("bad").checked, replyToAll: by("all").checked };
  const found = [];
  const formats = [];
  say("Decoding ...");
  for (const { name, bytes } of sources) {
    // New for each capture: its connections are others.
    const decoding = new Decoding(await fresh(), (row) => found.push(row), options);
    const capture = reads(bytes, { udp: by("udp").checked });
    formats.push(`${name}: ${capture.format}, ${plural(bytes.length, "byte")}`);
    let last = performance.now();
    for (const [number, read] of capture.reads.entries()) {
      decoding.add(read);
      if (performance.now() - last < 60) continue;
      say(`Decoding ${name}: ${Math.floor((100 * number) / capture.reads.length)} %`);
      await new Promise((resume) => setTimeout(resume));
      if (turn !== mine) return;
      last = performance.now();
    }
    decoding.finish();
  }
  if (turn !== mine) return;
  rows = found;
  say(rows.length ? formats.join("; ") : "There is nothing to decode.");
  by("found").hidden = rows.length === 0;
  by("filter").value = "";
  show();
}

/** A library whose memory nothing else uses. */
const fresh = async () => (await library).again();

// ---- Views -------------------------------------------------------------------------------------

const isNoise = ({ item }) => item.kind === "noise";
const frames = () => rows.filter((row) => !isNoise(row));

function show() {
  const seen = frames();
  const noise = rows.filter(isNoise);
  const owed = seen.filter(({ item }) => item.reply);
  const counts = {
    Frames: seen.length,
    Devices: new Set(seen.map(({ item }) => item.device).filter(Boolean)).size,
    Protocols: [...new Set(seen.map(({ item }) => item.protocol))].join(", ") || "none",
    Alarms: seen.filter(({ item }) => item.alarm).length,
    "Bytes of noise": noise.reduce((sum, { item }) => sum + item.raw.length, 0),
    "Answers owed": owed.length,
  };
  by("summary").replaceChildren(...Object.entries(counts).map(([name, value]) => element("div", {},
    element("dt", { textContent: name }),
    element("dd", { textContent: value.toLocaleString("en") }))));
  list("items", filtered(seen), itemCells);
  list("noise", noise, ({ connection, item }) => [
    [connection], [item.reason], [item.raw.length], [hex(item.raw.subarray(0, 64)), "hex"],
    [printable(item.raw.subarray(0, 64)), "hex"]]);
  list("answers", owed, ({ item }) => [
    [item.device], [`${item.protocol} ${item.kind}`], [hex(item.reply), "hex"],
    [printable(item.reply), "hex"]]);
  by("drive").replaceChildren();
  select(seen.length === 0 && noise.length ? "noise" : "items");
}

const itemCells = ({ connection, received, item }) => {
  const place = item.latitude === undefined
    ? "" : `${item.latitude.toFixed(6)}, ${item.longitude.toFixed(6)}`;
  const records = item.records ? `, ${plural(item.records.length, "record")}` : "";
  const time = (item.time ?? received?.toISOString().slice(0, 19))?.replace("T", " ");
  return [[time], [item.device ?? connection],
    [`${item.direction === "down" ? "server: " : ""}${item.protocol} ${item.kind}${records}`],
    [place], [item.speed_kmh?.toFixed(0)], [item.alarm, "alarm"],
    [item.reply && readable(item.reply), "hex"]];
};

/** The rows of a table; those of frames open their report. */
function list(id, found, cells) {
  const panel = by(id);
  const names = [...panel.querySelectorAll("th")].map((head) => head.textContent);
  const body = panel.querySelector("tbody");
  const more = panel.querySelector(".more");
  let shown = 0;
  body.replaceChildren();
  more.onclick = () => {
    for (const row of found.slice(shown, shown + ROWS)) {
      const line = element("tr", {}, ...cells(row).map(([text, name], at) => {
        const cell = element("td", { textContent: text ?? "", className: name ?? "" });
        cell.dataset.name = names[at];
        return cell;
      }));
      if (!isNoise(row)) {
        line.className = `open ${row.item.direction === "down" ? "down" : ""}`;
        line.tabIndex = 0;
        line.onclick = () => report(row);
        line.onkeydown = (event) => keys(event, line, row);
      }
      body.append(line);
    }
    shown += ROWS;
    more.hidden = shown >= found.length;
    more.textContent = `Show more of ${plural(found.length, "row")}`;
  };
  more.onclick();
}

/** Arrow keys go through the rows, and Enter opens one. */
function keys(event, line, row) {
  const next = { ArrowDown: line.nextSibling, ArrowUp: line.previousSibling }[event.key];
  if (next) next.focus();
  else if (event.key === "Enter") report(row);
  else return;
  event.preventDefault();
}

const text = (value) =>
  value instanceof Uint8Array ? hex(value)
    : typeof value === "object" ? JSON.stringify(value) : String(value);

function report({ connection, item }) {
  const close = element("button", { textContent: "Close", onclick: () => by("report").close() });
  const fields = Object.entries({ connection, ...item }).filter(([, value]) => value !== "");
  by("report").replaceChildren(
    element("header", {}, element("h2", { textContent: `${item.protocol} ${item.kind}` }), close),
    element("table", {}, element("tbody", {}, ...fields.map(([name, value]) => element("tr", {},
      element("th", { textContent: name, scope: "row" }),
      value instanceof Uint8Array
        ? element("td", { textContent: readable(value), className: "hex" })
        : element("td", { textContent: text(value) }))))),
  );
  by("report").showModal();
}

function filtered(seen) {
  const words = by("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return seen;
  return seen.filter(({ connection, item }) => {
    const all = [connection, ...Object.values(item).map(text)].join(" ").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

// ---- The drive ---------------------------------------------------------------------------------

/** A device that stays within that many metres for that many seconds has stopped. */
const [STOP_METRES, STOP_SECONDS] = [60, 180];

function metres([a, b], [c, d]) {
  const radians = Math.PI / 180;
  const height = Math.sin(((c - a) * radians) / 2) ** 2 +
    Math.cos(a * radians) * Math.cos(c * radians) * Math.sin(((d - b) * radians) / 2) ** 2;
  return 12742000 * Math.asin(Math.min(1, Math.sqrt(height)));
}

/** The tracks, as the page of `gt02 decode --map` takes them. */
function tracks() {
  const found = new Map();
  for (const { connection, item } of frames()) {
    if (item.direction === "down" || item.valid === false) continue;
    for (const record of item.records ?? [{}]) {
      const { records, ...fields } = { ...item, ...record };
      if (fields.latitude === undefined) continue;
      const name = item.device ?? `connection ${connection}`;
      if (!found.has(name)) found.set(name, new Map());
      const { latitude, longitude, time = null, speed_kmh = null, alarm = null } = fields;
      // A device that gets no answer repeats its reports.
      const key = [time, latitude, longitude, fields.kind, alarm].join();
      const words = Object.fromEntries(Object.entries(fields)
        .map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]));
      if (!found.get(name).has(key))
        found.get(name).set(key, [latitude, longitude, time, speed_kmh, alarm, words]);
    }
  }
  return [...found].map(([name, places]) => {
    // By the device's clock, because stored positions are sent late.
    let latest = "";
    const points = [...places.values()]
      .map((point) => [(latest = point[2] ?? latest), point])
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, point]) => point);
    return { name, points, stops: stops(points) };
  });
}

function stops(points) {
  const seconds = (at) => (points[at][2] ? Date.parse(`${points[at][2]}Z`) / 1000 : NaN);
  const found = [];
  for (let from = 0; from < points.length; from++) {
    let to = from;
    while (to + 1 < points.length && metres(points[from], points[to + 1]) < STOP_METRES) to++;
    const stay = seconds(to) - seconds(from);
    if (stay >= STOP_SECONDS) {
      found.push({ from, to, minutes: Math.floor(stay / 60) });
      from = to;
    }
  }
  return found;
}

/** The map is a page of its own, which has neither the capture nor a way out. */
function drive() {
  if (by("drive").firstChild) return;
  const found = tracks();
  if (found.length === 0) {
    by("drive").append(element("p", { textContent: "No frame has a position with a fix." }));
    return;
  }
  const data = JSON.stringify({ tracks: found }).replace(/[&<>]/g,
    (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
  const page = decodeText(by("map").textContent).split("@DATA@").join(data);
  by("drive").append(element("iframe", { title: "Map", sandbox: "allow-scripts", srcdoc: page }));
}

const decodeText = (base64) =>
  new TextDecoder().decode(Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0)));

// ---- What the user does ------------------------------------------------------------------------

const tabs = [...document.querySelectorAll("[role=tab]")];

function select(id) {
  for (const tab of tabs) {
    const panel = tab.getAttribute("aria-controls");
    tab.setAttribute("aria-selected", String(panel === id));
    tab.tabIndex = panel === id ? 0 : -1;
    by(panel).hidden = panel !== id;
  }
  if (id === "drive") drive();
}

tabs.forEach((tab, at) => {
  tab.onclick = () => select(tab.getAttribute("aria-controls"));
  tab.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  };
});

const openText = (name, content) => open([{ name, bytes: new TextEncoder().encode(content) }]);
const openFiles = async (files) => open(await Promise.all([...files].map(async (file) => (
  { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }))));

by("file").onchange = () => {
  openFiles([...by("file").files]);
  // So that the same file can be opened once more.
  by("file").value = "";
};
by("decode").onclick = () => openText("text", by("text").value);
by("text").onkeydown = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) by("decode").click();
};
by("example").onclick = () => openText("example", decodeText(by("sample").textContent));
by("filter").oninput = () => list("items", filtered(frames()), itemCells);
by("save").onclick = () => {
  const words = (_, value) => (value instanceof Uint8Array ? hex(value) : value);
  const lines = rows.map(({ connection, item }) => JSON.stringify({ connection, ...item }, words));
  const file = new Blob([`${lines.join("\n")}\n`], { type: "application/jsonl" });
  const url = URL.createObjectURL(file);
  element("a", { href: url, download: "gt02.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
};
// Anywhere on the page.
for (const kind of ["dragenter", "dragover", "dragleave", "drop"])
  addEventListener(kind, (event) => {
    event.preventDefault();
    by("drop").classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) openFiles(event.dataTransfer.files);
  });
library.then(() => document.documentElement.classList.add("ready"),
  (error) => { by("state").textContent = `The library cannot be started: ${error.message}`; });
