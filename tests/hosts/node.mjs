// The conformance host of the npm package in Node: cases on the standard input, answers on the standard output.

import { createInterface } from "node:readline";
import { once } from "node:events";
import { prepare } from "./package.mjs";
import { host } from "./answer.mjs";

await prepare();
const answer = host(await import("../../wasm/dist/fast.js"));

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (!process.stdout.write(`${answer(line)}\n`)) await once(process.stdout, "drain");
}
