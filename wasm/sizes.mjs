// The weight of the package, and of the parts of its default entry.
//
//   node sizes.mjs [--parts] [--write]     after `npm run build`
//
// --write: into sizes.json and README.md, which tests compare

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { parts } from "./parts.mjs";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const weigh = (bytes) => ({
  minified: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes).length,
});

const FILES = [
  "index.js",
  "server.js",
  "fast.js",
  "fast-server.js",
  "json-schema.js",
  "slim.js",
  "outgoing-to-device.wasm",
  "workerd.js",
  "server.wasm",
  "workerd-server.js",
  "messages/ru.js",
];

/** The weight of what users download, by file of dist/. */
export function sizes() {
  return Object.fromEntries(FILES.map((file) => [file, weigh(readFileSync(path(`dist/${file}`)))]));
}

const kb = (bytes) => (bytes / 1000).toFixed(1);

/** The table of parts, from README.md or as it is now. */
export const PARTS_TABLE = /(?<=^\| part \| KB \| gzipped \|\n\|---\|--:\|--:\|\n)(\|.*\n)+/m;
export const partsTable = () =>
  parts()
    .map(({ part, size, gzip }) => `| ${part} | ${kb(size)} | ${kb(gzip)} |\n`)
    .join("");

/** The rows of the table of entries in README.md: what stands before the figure, the entry's file, the figure. */
export const ENTRIES = /^(\| `outgoing-to-device\/?(.*?)`.*? \| )([\d.]+)(?= \|)/gm;
export const fileOf = (entry) => `${entry || "index"}.js`.replace(/^messages.*/, "messages/ru.js");

function write() {
  const found = sizes();
  // Room for three hundredths more.
  const budget = Object.entries(found).map(([file, { gzip }]) => [file, Math.ceil((gzip * 1.03) / 100) * 100]);
  writeFileSync(path("sizes.json"), `${JSON.stringify(Object.fromEntries(budget), null, 2)}\n`);
  const readme = readFileSync(path("README.md"), "utf8")
    .replaceAll(ENTRIES, (_, before, entry) => before + kb(found[fileOf(entry)].gzip))
    .replace(PARTS_TABLE, partsTable);
  writeFileSync(path("README.md"), readme);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log("file".padEnd(34), "minified", "    gzip", "  brotli");
  for (const [name, { minified, gzip, brotli }] of Object.entries(sizes())) {
    console.log(name.padEnd(34), ...[minified, gzip, brotli].map((size) => String(size).padStart(8)));
  }
  if (process.argv.includes("--parts")) console.log(`\npart of the default entry | KB | gzipped\n${partsTable()}`);
  if (process.argv.includes("--write")) write();
}
