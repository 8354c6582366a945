// What a page downloads for the peers of peers.mjs, minified and after gzip, beside the package's own sizes.
//
//   node bench/sizes.mjs     after `npm run build`, and `npm ci` here

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { sizes } from "../sizes.mjs";
import { ajvSource } from "./standalone.mjs";

// Each with its validators and nothing else, as far as its own package lets bundlers leave things out.
const PEERS = {
  "zod, as peers.mjs uses it":
    'import * as z from "zod"; export const used = [z.array, z.enum, z.int, z.strictObject, z.string];',
  "zod/mini, as peers.mjs uses it":
    'export { array, check, int, maxLength, minLength, minimum, optional, refine, regex, safeParse, strictObject, string, enum } from "zod/mini";',
  "valibot, as peers.mjs uses it":
    'export { array, check, is, maxLength, minLength, minValue, number, optional, picklist, pipe, regex, safeInteger, safeParse, strictObject, string } from "valibot";',
  "ajv at run time": 'export { default } from "ajv";',
  "ajv standalone": ajvSource(),
  "libphonenumber-js/min": 'export { isValidPhoneNumber } from "libphonenumber-js/min";',
};

function print(name, minified, gzip) {
  console.log(name.padEnd(34), String(minified).padStart(8), String(gzip).padStart(8));
}

console.log("what".padEnd(34), "minified", "    gzip");
for (const [file, { minified, gzip }] of Object.entries(sizes())) print(file, minified, gzip);
for (const [name, contents] of Object.entries(PEERS)) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const bytes = outputFiles[0].contents;
  print(name, bytes.length, gzipSync(bytes, { level: 9 }).length);
}
