// The conformance host of the npm package in headless Chromium, with the entry for browsers.

import { createInterface } from "node:readline";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { prepare } from "./package.mjs";

prepare("test");
const { inChromium } = await import("../../wasm/test/chromium.mjs");
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const AT_ONCE = 1_000;

await inChromium({ "/index.js": path("../../wasm/dist/index.js"), "/answer.mjs": path("answer.mjs") }, async (page) => {
  await page.evaluate(async () => {
    const [{ host }, library] = await Promise.all([import("/answer.mjs"), import("/index.js")]);
    globalThis.answer = host(library);
  });
  let lines = [];
  const flush = async () => {
    const answers = await page.evaluate((lines) => lines.map(globalThis.answer), lines);
    lines = [];
    const text = answers.map((answer) => `${answer}\n`).join("");
    if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (lines.push(line) === AT_ONCE) await flush();
  }
  await flush();
});
