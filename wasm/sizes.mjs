// The weight of the package, and of its parts: the module is built again without each of them.
//
//   node sizes.mjs [--write] [--parts]

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildModule } from "./build.mjs";

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

function print(rows) {
  for (const [name, { minified, gzip, brotli }] of Object.entries(rows)) {
    console.log(name.padEnd(34), ...[minified, gzip, brotli].map((size) => String(size).padStart(8)));
  }
}

/** The small module with these parts only. */
async function moduleOf(parts) {
  await buildModule("part", "wasm", parts);
  return weigh(readFileSync(path("build/part/module.wasm")));
}

const less = (whole, rest) => Object.fromEntries(Object.keys(whole).map((unit) => [unit, whole[unit] - rest[unit]]));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log("file".padEnd(34), "minified", "    gzip", "  brotli");
  print(sizes());
  if (process.argv.includes("--write")) {
    // Room for three hundredths more.
    const budget = Object.fromEntries(
      Object.entries(sizes()).map(([file, { gzip }]) => [file, Math.ceil((gzip * 1.03) / 100) * 100]),
    );
    writeFileSync(path("sizes.json"), `${JSON.stringify(budget, null, 2)}\n`);
  }
  if (process.argv.includes("--parts")) {
    const parts = ["checks", "policies", "replies", "schemas"];
    const whole = await moduleOf(parts);
    console.log("\nof the small module:");
    print({ whole });
    // The JSON reader and the texts are shared, and count for none.
    for (const part of parts) {
      print({ [part]: less(whole, await moduleOf(parts.filter((other) => other !== part))) });
    }
    print({ "checks alone": await moduleOf(["checks"]) });
  }
}
