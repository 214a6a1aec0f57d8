// Prints JSON Lines of a capture, as the page reads it: node capture.mjs GT02_WASM FILE.
import { readFileSync } from "node:fs";
import { load } from "../wasm/gt02.mjs";
import { reads } from "../web/capture.mjs";
import { Decoding } from "../web/decode.mjs";

const [wasm, file] = process.argv.slice(2);
const gt02 = await load(readFileSync(wasm));
const hex = (_, value) =>
  value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
const decoding = new Decoding(gt02, ({ connection, item }) =>
  console.log(JSON.stringify({ connection, ...item }, hex)));
reads(new Uint8Array(readFileSync(file))).reads.forEach((read) => decoding.add(read));
decoding.finish();
