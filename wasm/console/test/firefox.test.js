// The main paths in Firefox, and the vectors as the page's package decides them there.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import * as library from "../../dist/server.js";
import { launchFirefox, serve } from "./browser.js";

let browser, server;
before(async () => {
  server = await serve();
  browser = await launchFirefox();
});
after(async () => {
  await browser?.close();
  await server.close();
});

/** A fresh page in a context of its own; what it complains of fails the test. */
async function open(t) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(server.url);
  await page.waitForSelector("#verdict[data-state]");
  await page.evaluate(() => document.querySelector("#language [value=en]").click());
  return page;
}

const EDITOR = "#request-editor .cm-content";
const frames = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const said = (page, selector) => page.$eval(selector, (element) => element.textContent);
const codes = (page) =>
  page.$$eval("#diagnostics .where code:last-child", (all) => all.map((code) => code.textContent));
const text = (page) => page.$$eval(`${EDITOR} .cm-line`, (lines) => lines.map((line) => line.textContent).join("\n"));

const press = async (page, ...keys) => {
  for (const key of keys.slice(0, -1)) await page.keyboard.down(key);
  await page.keyboard.press(keys.at(-1));
  for (const key of keys.slice(0, -1).reverse()) await page.keyboard.up(key);
  await frames(page);
};

/** Firefox fills no paste event by script, so the text takes the way over the clipboard. */
const paste = async (page, value) => {
  await page.evaluate((value) => {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = value;
    area.select();
  }, value);
  await press(page, "Control", "c");
  await page.evaluate(() => document.querySelector("body > textarea").remove());
  await page.focus(EDITOR);
  await press(page, "Control", "v");
};

const drop = (page, name, bytes) =>
  page.$eval(
    "main",
    (element, name, bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
      for (const type of ["dragenter", "dragover", "drop"])
        element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    },
    name,
    [...bytes],
  );

const body = (fields) => JSON.stringify({ text: "hi", attachments: [], clientApplicationDescriptor: fields });

test("Firefox: a body is typed, its diagnostics shown, mended and undone", async (t) => {
  const page = await open(t);
  assert.deepEqual(await codes(page), ["national_number"]);
  await page.click(EDITOR);
  await press(page, "Control", "a");
  await page.keyboard.type('{"text": "x", "clientApplicationDescriptor": {"channelType": "WEBB", "deviceAddress": 5}}');
  await frames(page);
  assert.deepEqual(await codes(page), ["unknown_channel", "type_mismatch"]);
  assert.equal(await said(page, "#verdict-word"), "Rejected");
  await page.click("#next");
  await frames(page);
  assert.match(await said(page, "#position"), /^[12] of 2$/);
  await page.click("#fix-all");
  await frames(page);
  assert.equal(await said(page, "#verdict-word"), "Accepted");
  assert.match(await said(page, "#panel-output pre.compact"), /"channelType":"WEB","deviceAddress":"5"/);
  await page.click("#made button");
  await frames(page);
  assert.deepEqual(await codes(page), ["unknown_channel", "type_mismatch"]);
});

test("Firefox: the form and the text follow each other", async (t) => {
  const page = await open(t);
  await page.select("#f-channelType", "EMAIL");
  await page.$eval("#f-deviceAddress", (input) => input.select());
  await page.type("#f-deviceAddress", "anna@example.com");
  await frames(page);
  assert.equal(await said(page, "#verdict-word"), "Accepted");
  assert.match(await text(page), /"deviceAddress" : "anna@example\.com"/);
  await page.click("#language [value=ru]");
  assert.equal(await said(page, "#verdict-word"), "Принят");
});

test("Firefox: a curl command is pasted, a packed list of lines dropped", async (t) => {
  const page = await open(t);
  const good = body({ channelType: "WEB", deviceAddress: "d" });
  await paste(page, `curl https://h/api/v1/messages/outgoing-to-device -H 'Authorization: Bearer t' -d '${good}'`);
  assert.equal(await text(page), good);
  assert.deepEqual(await codes(page), ["unsupported_media_type"]);
  await drop(page, "log.ndjson.gz", gzipSync(`${good}\n{}\n${good}\n`));
  await page.waitForFunction(() => document.getElementById("lines-checked").textContent === "3 of 3 checked");
  assert.equal(await said(page, "#lines-1"), "1");
  await page.focus("#lines");
  await press(page, "ArrowDown");
  assert.deepEqual(await codes(page), ["missing_field", "missing_field"]);
});

test("Firefox: settings and text survive a reload, and nothing of the page is stopped by its policy", async (t) => {
  const page = await open(t);
  await page.evaluate(() => (window.stopped = []));
  await page.click("#theme [value=dark]");
  await page.click("#tab-policy");
  await page.click("#policy-editor .cm-content");
  await press(page, "Control", "a");
  await page.keyboard.type('{"channels": {"WHATSAPP": {"text": 3}}}');
  await page.waitForFunction(() => sessionStorage.length === 1);
  await page.evaluateOnNewDocument(() => {
    window.stopped = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) =>
      window.stopped.push(effectiveDirective),
    );
  });
  await page.reload();
  await page.waitForSelector("#verdict[data-state]");
  assert.equal(await page.$eval("html", (html) => html.dataset.theme), "dark");
  assert.deepEqual(await codes(page), ["too_long", "national_number"]);
  assert.deepEqual(await page.evaluate(() => window.stopped), []);
});

test("Firefox: vectors are decided there as they are here", async (t) => {
  const folder = new URL("../../../tests/vectors/", import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith(".jsonl"));
  const lines = (await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8"))))
    .join("")
    .split("\n")
    .filter(Boolean);
  const cases = lines.map((line) => JSON.parse(line)).filter(({ body }) => body !== undefined);
  /** Runs in both. */
  const answers = (library, cases) =>
    cases.map(({ body, policy: source }) => {
      let policy;
      try {
        policy = library.createPolicy(source);
      } catch (error) {
        return JSON.stringify(error.faults);
      }
      const outcome = library.check(body, { policy });
      return JSON.stringify([outcome, outcome.text]);
    });
  const module = await readFile(new URL("../../dist/server.js", import.meta.url), "utf8");
  server.others.set("/library.js", { text: module, fields: { "Content-Type": "text/javascript" } });
  server.others.set("/empty", { text: "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>" });
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`${server.url}empty`);
  const found = await page.evaluate(
    `import("${server.url}library.js").then((library) => (${answers})(library, JSON.parse(${JSON.stringify(JSON.stringify(cases))})))`,
  );
  const expected = answers(library, cases);
  found.forEach((answer, i) => assert.equal(answer, expected[i], cases[i].id));
  assert.ok(cases.length > 800, `${cases.length} bodies`);
  t.diagnostic(`${await browser.version()}, ${cases.length} bodies`);
});
