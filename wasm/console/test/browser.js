// Debian's Chromium and Firefox with the built page, served from 127.0.0.1 by a server that knows nothing else.

import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";

const dist = new URL("../dist/", import.meta.url);
const types = { html: "text/html; charset=utf-8", js: "text/javascript" };

/**
 * Serves dist, or the folder `from`; `requests` holds the path of everything that was asked for, `others` what more there
 * is: by path, a text and header fields.
 */
export async function serve(from = dist) {
  const requests = [];
  const others = new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    requests.push(`${request.method} ${pathname}`);
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const other = others.get(pathname);
    if (other) return response.writeHead(200, { "Content-Type": types.html, ...other.fields }).end(other.text);
    try {
      if (!/^[a-z]+\.(html|js)$/.test(name)) throw new Error("no such file");
      const body = await readFile(new URL(name, from));
      response.writeHead(200, { "Content-Type": types[name.split(".")[1]], "Cache-Control": "no-cache" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    requests,
    others,
    close: () => new Promise((done) => server.close(done).closeAllConnections()),
  };
}

export function launch() {
  const path = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
  if (!path) throw new Error("there is no Chromium; apt-get install chromium, or name one in CHROMIUM");
  const args = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath: path, args, timeout: 60_000 });
}

/** Firefox takes WebDriver BiDi from puppeteer. */
export function launchFirefox() {
  const executablePath = process.env.FIREFOX ?? "/usr/bin/firefox-esr";
  if (!existsSync(executablePath))
    throw new Error("there is no Firefox; apt-get install firefox-esr, or name one in FIREFOX");
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    timeout: 120_000,
    protocolTimeout: 120_000,
  });
}
