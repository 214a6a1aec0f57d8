// Prints JSON Lines of what a tracker sent: node decode.mjs GT02_WASM FILE [READ_SIZE].
import { readFileSync } from "node:fs";
import { load } from "./gt02.mjs";

const [wasm, file, size = 1460] = process.argv.slice(2);
const gt02 = await load(readFileSync(wasm));
const connection = gt02.connect();
const data = new Uint8Array(readFileSync(file));
const hex = (_, value) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
const print = (items) => items.forEach((item) => console.log(JSON.stringify(item, hex)));
for (let at = 0; at < data.length; at += Number(size))
  print(connection.feed(data.subarray(at, at + Number(size))));
print(connection.finish());
