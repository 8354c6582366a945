// The npm package's entries and its peers as a bundler ships them: minified, gzip -9, brotli -11.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const wasm = fileURLToPath(new URL("../../../wasm/", import.meta.url));
const { build } = createRequire(`${wasm}package.json`)("esbuild");
const { ajvSource } = await import(`${wasm}bench/standalone.mjs`);

function row(what, bytes, note) {
  const sizes = [gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  console.log(["Web", what, bytes.length, `${sizes[0]}\t${sizes[1]}\t${note}`].join("\t"));
}

async function bundle(what, contents, note) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: `${wasm}bench`, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: "browser",
    alias: { "outgoing-to-device": `${wasm}dist` },
    logLevel: "error",
  });
  row(what, outputFiles[0].contents, note);
}

row("outgoing-to-device.wasm", readFileSync(`${wasm}dist/outgoing-to-device.wasm`), "all rules");
const ours = `import * as m from "outgoing-to-device/`;
await bundle("ours, one file", `${ours}index.js"; globalThis.m = m;`, "all rules, WebAssembly inside");
await bundle("ours, one file for speed", `${ours}fast.js"; globalThis.m = m;`, "the same, compiled for speed: what Node takes");
await bundle("ours, one file with schemas", `${ours}json-schema.js"; globalThis.m = m;`, "and JSON Schema and OpenAPI of its rules");
await bundle("ours, slim, without its .wasm", `${ours}slim.js"; globalThis.m = m;`, "the .wasm of above is fetched beside it");
await bundle("ajv standalone", ajvSource(), "fewer rules");
await bundle("ajv at run time", `import Ajv from "ajv"; globalThis.m = new Ajv();`, "without a schema");
await bundle("zod", `import { z } from "zod"; globalThis.m = z;`, "without a schema, nothing shaken off");
// As a schema of this kind uses them; what is not used is shaken off.
const uses = (from, ...names) =>
  `import { ${names} } from "${from}"; globalThis.m = [${names.map((name) => name.split(" as ").at(-1))}];`;
await bundle("zod/mini", uses("zod/mini", "strictObject", "string", "array", "optional", "int", "enum as enumeration", "minLength", "maxLength", "minimum", "regex", "refine"), "without a schema");
await bundle("valibot", uses("valibot", "strictObject", "string", "pipe", "array", "optional", "maxLength", "minLength", "safeParse", "picklist", "check", "regex", "number", "safeInteger", "minValue"), "without a schema");
await bundle("TypeBox", `import Type from "typebox"; import { Compile } from "typebox/compile"; globalThis.m = [Type, Compile];`, "without a schema");
await bundle("arktype", uses("arktype", "type"), "without a schema");
await bundle("libphonenumber-js/min", uses("libphonenumber-js/min", "isValidPhoneNumber"), "phone numbers alone");
