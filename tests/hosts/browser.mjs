// The conformance host of the npm package in a headless browser, with the entry for browsers: `browser.mjs chromium`
// or `browser.mjs firefox`.

import { createInterface } from "node:readline";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { prepare } from "./package.mjs";

const name = process.argv[2];
await prepare(name);
const { inChromium, inFirefox } = await import("../../wasm/test/browsers.mjs");
const inBrowser = { chromium: inChromium, firefox: inFirefox }[name];
const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const AT_ONCE = 1_000;

const files = { "/index.js": path("../../wasm/dist/index.js"), "/answer.mjs": path("answer.mjs") };
await inBrowser(files, async (page, origin) => {
  await page.evaluate(async (origin) => {
    const [{ host }, library] = await Promise.all([import(`${origin}/answer.mjs`), import(`${origin}/index.js`)]);
    globalThis.answer = host(library);
  }, origin);
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
