// Pages in headless browsers, Debian's packages: Chromium, driven by playwright-core, and Firefox, driven by puppeteer-core.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/**
 * Serves files (by path: a file's name, or `{ text, type, headers }`) on 127.0.0.1 for as long as `use(page, origin,
 * version)` takes.
 */
export function inChromium(files, use) {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return inBrowser(files, use, () => chromium.launch({ executablePath, args: ["--no-sandbox"] }));
}

/** The same in Firefox, whose `page` is puppeteer's: `evaluate` and `goto` are alike. */
export function inFirefox(files, use) {
  const executablePath = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
  // A page of the conformance host may work for as long as its cases take.
  return inBrowser(files, use, () =>
    puppeteer.launch({ browser: "firefox", executablePath, protocolTimeout: 600_000 }),
  );
}

async function inBrowser(files, use, launch) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    const file = files[path] ?? (path === "/" ? { text: "<!doctype html><meta charset=utf-8>" } : undefined);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = file.type ?? TYPES[extname(typeof file === "string" ? file : path)] ?? "text/html";
    response.writeHead(200, { "content-type": type, ...file.headers });
    response.end(typeof file === "string" ? readFileSync(file) : file.text);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    return await use(page, origin, await browser.version());
  } finally {
    await browser.close();
    server.close();
  }
}
