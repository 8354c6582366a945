// The reference page that schema/build makes (PAGE), opened from its file in Chromium: all of the
// document is on it, nothing stands out of its column, and nothing is fetched.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const source = readFileSync(new URL("../../../schema/openapi.json", import.meta.url), "utf8");
const document = JSON.parse(source);
const { schemas } = document.components;
const url = pathToFileURL(process.env.PAGE).href;

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(() => browser.close());

/** The page in a window so wide; what it fetches or throws fails the test. */
async function open(t, width) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfinished", (request) => /^(file|data|blob):/.test(request.url()) || complaints.push(request.url()));
  // Its own policy blocks the renderer's logo; without one, a machine without a network would hide it.
  page.on("requestfailed", (request) => request.failure().errorText === "csp" || complaints.push(request.url()));
  t.after(async () => {
    await page.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(url);
  await page.getByRole("heading", { name: "What only the library finds" }).waitFor();
  return page;
}

test("fields, channels, codes and examples are on it", async (t) => {
  const page = await open(t, 1400);
  const text = await page.locator("body").innerText();
  const properties = (name) => Object.keys(schemas[name].properties);
  const names = Object.keys(schemas).filter((name) => schemas[name].properties).flatMap(properties);
  const codes = ["Violation", "Warning"].flatMap((name) => schemas[name].properties.code.enum);
  const channels = schemas.ClientApplicationDescriptor.properties.channelType.enum;
  const statuses = Object.keys(document.paths["/api/v1/messages/outgoing-to-device"].post.responses);
  assert.ok(names.length > 25 && codes.length > 30 && channels.length > 10 && statuses.length > 6);
  for (const name of [...names, ...statuses]) assert.ok(text.includes(name), name);
  // In their tables and lists, with what they mean.
  for (const channel of channels) assert.equal(await page.locator("td code", { hasText: RegExp(`^${channel}$`) }).count(), 1);
  for (const code of codes) assert.ok(text.includes(`\n${code}: `), code);
  assert.ok(text.includes('"deviceAddress": "89000000000"'), "an example");
});

test("what is downloaded is the document", async (t) => {
  const page = await open(t, 1400);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("openapi.json").click()]);
  assert.equal(download.suggestedFilename(), "openapi.json");
  assert.equal(readFileSync(await download.path(), "utf8"), source);
});

for (const width of [1400, 1000, 390]) {
  test(`nothing stands out of its column, ${width} wide`, async (t) => {
    const page = await open(t, width);
    const wide = await page.evaluate(() => {
      const [content] = document.querySelectorAll(".api-content");
      const column = content.querySelector("h1").parentElement.getBoundingClientRect();
      const tables = [...content.querySelectorAll("table")];
      const out = tables.filter((table) => {
        const { right, width } = table.getBoundingClientRect();
        return width > 0 && right > column.right + 1;
      });
      return { page: document.documentElement.scrollWidth - innerWidth, tables: tables.length, out: out.map((table) => table.innerText.slice(0, 60)) };
    });
    assert.ok(wide.tables > 5);
    assert.deepEqual([wide.out, wide.page <= 0], [[], true]);
  });
}
