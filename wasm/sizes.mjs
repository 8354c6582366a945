// What the package weighs, and what its parts do: the module is built again without each of them.
//
//   node sizes.mjs [--parts]

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

const weigh = (bytes) => ({ minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length });

/** The weight of what users download, by file of dist/. */
export function sizes() {
  const files = ["index.js", "fast.js", "json-schema.js", "slim.js", "outgoing-to-device.wasm", "workerd.js", "messages/ru.js"];
  return Object.fromEntries(files.map((file) => [file, weigh(readFileSync(path(`dist/${file}`)))]));
}

function print(rows) {
  for (const [name, { minified, gzip, brotli }] of Object.entries(rows)) {
    console.log(name.padEnd(34), ...[minified, gzip, brotli].map((size) => String(size).padStart(8)));
  }
}

/** The module with these features only. */
function moduleWith(features) {
  execFileSync("cargo", ["build", "--quiet", "--locked", "--profile", "wasm", "--target", "wasm32-unknown-unknown",
    "-p", "outgoing-to-device-wasm", "--no-default-features", "--features", features.join()], { cwd: path("."), stdio: "inherit",
    env: { ...process.env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: "-C target-feature=+simd128 -C link-arg=-zstack-size=65536" } });
  const target = process.env.CARGO_TARGET_DIR ?? path("../target");
  execFileSync(path("node_modules/.bin/wasm-opt"), ["-Oz", "--strip-debug", "--strip-producers", "--strip-target-features", "--all-features",
    `${target}/wasm32-unknown-unknown/wasm/outgoing_to_device_wasm.wasm`, "-o", path("build/part.wasm")]);
  return weigh(readFileSync(path("build/part.wasm")));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log("file".padEnd(34), "minified", "    gzip", "  brotli");
  print(sizes());
  if (process.argv.includes("--write")) {
    // Room for three hundredths more.
    const budget = Object.fromEntries(Object.entries(sizes()).map(([file, { gzip }]) => [file, Math.ceil((gzip * 1.03) / 100) * 100]));
    writeFileSync(path("sizes.json"), `${JSON.stringify(budget, null, 2)}\n`);
  }
  if (process.argv.includes("--parts")) {
    const parts = ["checks", "policies", "replies", "heads", "schemas"];
    const whole = moduleWith(parts);
    // The JSON reader and the texts are shared, and count for none.
    const less = Object.fromEntries(parts.map((part) => [part, moduleWith(parts.filter((other) => other !== part))]));
    console.log("\nof the small module:");
    print({ whole, ...Object.fromEntries(parts.map((part) => [part, Object.fromEntries(Object.entries(whole).map(([unit, size]) => [unit, size - less[part][unit]]))])),
      "checks alone": moduleWith(["checks"]) });
  }
}
