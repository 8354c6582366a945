// What each part of the default entry weighs: the functions of the module by their names, the JavaScript by its files.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { pieces } from "./module.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

const CORE = "outgoing_to_device::";

/**
 * The parts of the module's code, each with the beginnings of its functions' names; the longest one counts. A function
 * that was inlined counts where it was: what is read most often is in `check`.
 */
const PARTS = {
  "the check, with what of the reader is inlined": ["check", `${CORE}check`],
  "the reader of JSON": [`${CORE}json`, `${CORE}word`],
  "addresses and phone numbers": [`${CORE}rules::address`],
  URLs: [`${CORE}rules::iri`, `${CORE}rules::url`, `${CORE}rules::host`],
  "texts, names, media types, identifiers": [`${CORE}rules`],
  "hints: the nearest name": [`${CORE}rules::suggest`, `${CORE}field`],
  fixes: ["write_fix", `${CORE}report::fix`, `${CORE}rules::address::mend`, `${CORE}edit`],
  "related characters": [`${CORE}report::related`],
  "diagnostics: kept, placed, with parameters and messages": [
    `${CORE}report`,
    `${CORE}findings`,
    `${CORE}path`,
    `${CORE}json::expected`,
    "outgoing_to_device_wasm::report",
    "core::iter::traits::iterator::Iterator::try_for_each", // over the diagnostics of a report
    "write_report",
    "write_details",
  ],
  codes: ["write_codes", `${CORE}code`],
  "the normalized request": ["write_request", `${CORE}request`, `${CORE}json::write`],
  policies: ["read_policy", "write_policy", `${CORE}policy`],
  memory: ["talc", "<talc", "alloc", "<alloc", "reserve", "start", `${CORE}memory`, `${CORE}few`],
  "the standard library, and whatever has no name": [""],
};
const CODE = 10;
const DATA = 11;

function partOf({ kind, name }) {
  if (kind === DATA) return "texts and tables of numbers";
  if (kind !== CODE) return "lists of types, functions and exports";
  const bare = name.replace(/^<?&?(?=outgoing)/, "").replaceAll(/::h[0-9a-f]{16}|\[[0-9a-f]{16}\]/g, "");
  let [longest, part] = [-1, ""];
  for (const [title, beginnings] of Object.entries(PARTS)) {
    for (const beginning of beginnings) {
      if (beginning.length > longest && bare.startsWith(beginning)) [longest, part] = [beginning.length, title];
    }
  }
  return part;
}

/**
 * The parts of the default entry, the heaviest first: bytes, and by how much the module's gzip is less without them (what
 * parts have in common counts for none); of JavaScript its share in the rest of the entry's gzip.
 */
export function parts() {
  const module = readFileSync(path("build/small/named.wasm"));
  const all = pieces(module).map((piece) => ({ part: partOf(piece), bytes: module.subarray(piece.start, piece.end) }));
  const gzipWithout = (part) =>
    gzip(Buffer.concat(all.filter((piece) => piece.part !== part).map(({ bytes }) => bytes)));
  const whole = gzipWithout(undefined);
  const rows = [...new Set(all.map(({ part }) => part))].map((part) => {
    const size = all.reduce((sum, piece) => sum + (piece.part === part ? piece.bytes.length : 0), 0);
    return { part, size, gzip: whole - gzipWithout(part) };
  });
  const files = javascript(gzip(readFileSync(path("dist/index.js"))) - whole);
  return [...rows, ...files].sort((a, b) => b.size - a.size);
}

/** The files of js/ that are more than a line or two, with their shares of what they weigh together. */
function javascript(together) {
  const inputs = JSON.parse(readFileSync(path("build/index.json"), "utf8"));
  const files = Object.entries(inputs)
    .filter(([file, { bytesInOutput }]) => bytesInOutput > 100 && !file.startsWith("module-as-string"))
    .map(([file, { bytesInOutput: size }]) => ({
      part: file.startsWith("js/") ? `\`${file}\`` : "wasm-bindgen's glue",
      size,
    }));
  const sum = files.reduce((sum, { size }) => sum + size, 0);
  return files.map((file) => ({ ...file, gzip: (together * file.size) / sum }));
}
