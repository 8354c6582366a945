// The npm package's entries and its peers as a bundler ships them: minified, gzip -9, brotli -11.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const wasm = fileURLToPath(new URL("../../../wasm/", import.meta.url));
if (!existsSync(`${wasm}dist/index.js`) || !existsSync(`${wasm}test/node_modules`)) process.exit();

const require = createRequire(`${wasm}package.json`);
const { build } = require("esbuild");
const { ajvSource } = await import(`${wasm}bench/peers.mjs`);

function row(what, bytes, note) {
  const sizes = [gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  console.log(["Web", what, bytes.length, `${sizes[0]}\t${sizes[1]}\t${note}`].join("\t"));
}

async function bundle(what, contents, note) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: wasm, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    alias: { "outgoing-to-device": `${wasm}dist` },
    nodePaths: [`${wasm}test/node_modules`],
    logLevel: "error",
  });
  row(what, outputFiles[0].contents, note);
}

row("outgoing-to-device.wasm", readFileSync(`${wasm}dist/outgoing-to-device.wasm`), "all rules");
const ours = `import * as m from "outgoing-to-device/`;
await bundle("ours, one file", `${ours}index.js"; globalThis.m = m;`, "all rules, WebAssembly inside");
await bundle("ours, slim", `${ours}slim.js"; globalThis.m = m;`, "the same, WebAssembly fetched beside it");
await bundle("ajv standalone", ajvSource(), "fewer rules");
await bundle("ajv at run time", `import Ajv from "ajv"; globalThis.m = new Ajv();`, "without a schema");
await bundle("zod", `import { z } from "zod"; globalThis.m = z;`, "without a schema, nothing shaken off");
await bundle("zod/mini", `import * as z from "zod/mini"; globalThis.m = [z.object, z.string, z.array, z.optional, z.int];`, "without a schema");
await bundle("valibot", `import { strictObject, string, pipe, array, optional, maxLength, minLength, safeParse, picklist, check, regex, number } from "valibot"; globalThis.m = [strictObject, string, pipe, array, optional, maxLength, minLength, safeParse, picklist, check, regex, number];`, "without a schema");
