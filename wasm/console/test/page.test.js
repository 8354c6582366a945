// The page, driven as a person would.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { launch, serve } from "./browser.js";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser, server;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.close();
});

/** A fresh page; whatever it complains of fails the test. */
async function open(t, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  // Nothing of the page's own may be stopped by its policy, not even a style that nobody misses.
  await page.exposeFunction("stopped", (what) => complaints.push(what));
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
      window.stopped(`${effectiveDirective}: ${blockedURI} ${sample}`),
    ),
  );
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(server.url);
  page.setDefaultTimeout(30_000);
  return page;
}

const EDITOR = "#request-editor .cm-content";
const text = (page) =>
  page.locator(`${EDITOR} .cm-line`).evaluateAll((lines) => lines.map((line) => line.textContent).join("\n"));
const verdict = (page) => page.locator("#verdict-word").textContent();
const codes = (page) => page.locator("#diagnostics .where code:last-child").allTextContents();
const selected = (page) => page.evaluate(() => String(getSelection()));
const frames = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function example(page, name) {
  await page.click("#examples-button");
  await page.locator("#examples").getByRole("button", { name, exact: true }).first().click();
  await frames(page);
}

async function type(page, editor, value) {
  await page.locator(`${editor} .cm-content`).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(value);
  await frames(page);
}

const descriptor = (fields) => JSON.stringify({ text: "hi", attachments: [], clientApplicationDescriptor: fields });

test("the documented request is accepted with its warning when the page opens", async (t) => {
  const page = await open(t);
  assert.equal(await verdict(page), "Accepted");
  assert.deepEqual(await codes(page), ["national_number"]);
  assert.equal(await page.inputValue("#f-deviceAddress"), "89000000000");
  assert.equal(
    await page.textContent("#panel-output pre.compact"),
    '{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}',
  );
});

test("the verdict follows the typing, and the caret stays where one types", async (t) => {
  const page = await open(t);
  await example(page, "MOBILE");
  assert.equal(await verdict(page), "Accepted");
  await page.locator(`${EDITOR} .cm-line`, { hasText: "appMarker" }).click();
  await page.keyboard.press("Home");
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight"); // between the two p of "appMarker"
  await page.keyboard.press("Delete");
  await page.keyboard.type("xyz");
  await frames(page);
  assert.match(await text(page), /"apxyzMarker"/);
  assert.equal(await verdict(page), "Rejected");
  assert.deepEqual(await codes(page), ["required_by_channel", "unknown_field"]);
  for (let i = 0; i < 3; i++) await page.keyboard.press("Backspace");
  await page.keyboard.type("p");
  await frames(page);
  assert.equal(await verdict(page), "Accepted");
});

test("a diagnostic leads to its place and underlines it, by mouse and by Enter", async (t) => {
  const page = await open(t);
  await example(page, "Misspelled names");
  const underlined = await page.locator(`${EDITOR} .diagnostic.violation`).allTextContents();
  assert.deepEqual(underlined, ['"MOBIL"', '"clientID"', '"appMaker"']);
  const rows = page.locator("#diagnostics .jump");
  for (const [i, place] of underlined.entries()) {
    await rows.nth(i).click();
    assert.equal(await selected(page), place);
    await rows.nth(i).focus();
    await page.keyboard.press("Enter");
    assert.equal(await selected(page), place);
    assert.ok(await page.locator(EDITOR).evaluate((editor) => editor.contains(document.activeElement)));
  }
  await page.keyboard.press("F8"); // round to the first one
  assert.equal(await selected(page), '"MOBIL"');
  await page.keyboard.press("Shift+F8");
  assert.equal(await selected(page), '"appMaker"');
  await page.locator(`${EDITOR} .diagnostic`, { hasText: "appMaker" }).hover();
  assert.match(await page.locator(".tip").textContent(), /did you mean appMarker\?/);
});

test("a repeated field leads to the first one", async (t) => {
  const page = await open(t);
  await example(page, "Fields in the wrong place");
  await page.getByRole("button", { name: "Show the first one" }).click();
  assert.equal(await selected(page), '"text"');
  assert.match(await page.textContent("#caret"), /^Line 4,/);
});

test("one click makes a fix; undo takes it back", async (t) => {
  const page = await open(t);
  await example(page, "Misspelled names");
  for (const name of ["MOBILE", "clientId", "appMarker"])
    await page.locator("#diagnostics .fix", { hasText: `Use ${name}` }).click();
  assert.equal(await verdict(page), "Accepted");
  assert.deepEqual(await codes(page), []);
  assert.equal(await page.inputValue("#f-appMarker"), "myApp");
  await page.keyboard.press("Control+z");
  await frames(page);
  assert.equal(await verdict(page), "Rejected");

  await example(page, "Numbers without quotes");
  while (await page.locator("#diagnostics .fix").count()) {
    assert.equal(await page.locator("#diagnostics .fix").first().textContent(), "Put it in quotes");
    await page.locator("#diagnostics .fix").first().click();
  }
  assert.equal(await verdict(page), "Accepted");
  assert.match(await text(page), /"text": "42",[^]*"deviceAddress": "-1001234567890"/);
});

test("Ctrl+. fixes what the caret stands in", async (t) => {
  const page = await open(t);
  await example(page, "Misspelled names");
  await page.keyboard.press("F8");
  await page.keyboard.press("Control+.");
  await frames(page);
  assert.equal(await page.inputValue("#f-channelType"), "MOBILE");
  assert.deepEqual(
    await page
      .locator(`${EDITOR} .diagnostic.violation`)
      .allTextContents()
      .then((all) => all.slice(-2)),
    ['"clientID"', '"appMaker"'],
  );
});

test("the form edits the text and leaves its layout alone", async (t) => {
  const page = await open(t);
  await example(page, "MOBILE");
  const was = await text(page);
  await page.fill("#f-text", 'Привет, "Анна"\n\\o/');
  assert.equal(await text(page), was.replace('"message"', JSON.stringify('Привет, "Анна"\n\\o/')));
  await page.fill("#f-text", "message");
  assert.equal(await text(page), was);

  // Typing in the middle of a field: no character goes astray.
  await page.click("#f-appMarker");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("_new_");
  assert.equal(await page.inputValue("#f-appMarker"), "m_new_yApp");
  assert.equal(await page.locator("#f-appMarker").evaluate((input) => input.selectionStart), 6);
  assert.equal(await text(page), was.replace("myApp", "m_new_yApp"));

  // A field that is emptied is taken away, stays on the page while one is in it, and comes back at its place.
  await page.fill("#f-clientId", "");
  assert.equal(await text(page), was.replace("myApp", "m_new_yApp").replace(/\n *"clientId".*/, ""));
  await page.keyboard.type("7");
  assert.match(await text(page), /"channelType" : "MOBILE",\n {4}"clientId" : "7",\n {4}"appMarker"/);
});

test("text and form follow each other; the form rests while the text is not JSON", async (t) => {
  const page = await open(t);
  await type(page, "#request-editor", descriptor({ channelType: " mobile ", clientId: "c", deviceAddress: "d" }));
  assert.equal(await page.inputValue("#f-channelType"), "MOBILE");
  assert.equal(await page.inputValue("#f-clientId"), "c");
  assert.equal(await page.getAttribute("#f-appMarker", "aria-invalid"), "true");
  assert.equal(await page.textContent("#f-appMarker-notes"), "MOBILE requires this field.");
  await type(page, "#request-editor", '{"text": "x"');
  assert.ok(await page.locator("#f-text").isDisabled());
  assert.match(await page.textContent("#form-rests"), /not JSON/);
  assert.ok(await page.locator("#format").isDisabled());
  assert.deepEqual(await codes(page), ["invalid_json"]);
  await type(page, "#request-editor", "{}");
  assert.ok(await page.locator("#f-text").isEnabled());
  await page.selectOption("#f-channelType", "EMAIL");
  await page.fill("#f-deviceAddress", "anna@example.com");
  await page.fill("#f-text", "x");
  assert.equal(await verdict(page), "Accepted");
  assert.deepEqual(JSON.parse(await text(page)), {
    text: "x",
    clientApplicationDescriptor: { channelType: "EMAIL", deviceAddress: "anna@example.com" },
  });
});

test("the alias of the descriptor is edited under its own name", async (t) => {
  const page = await open(t);
  await type(
    page,
    "#request-editor",
    descriptor({ channelType: "WEB", deviceAddress: "d" }).replace("clientApp", "app"),
  );
  assert.match(await text(page), /"applicationDescriptor"/);
  await page.fill("#f-deviceAddress", "e");
  assert.equal(await text(page), descriptor({ channelType: "WEB", deviceAddress: "e" }).replace("clientApp", "app"));
});

test("the fields follow the rules of the channel", async (t) => {
  const page = await open(t);
  const shown = async () => {
    const ids = ["clientId", "appMarker", "unauthorizedClientId"];
    const seen = await Promise.all(ids.map((id) => page.locator(`#f-${id}`).isVisible()));
    return ids.filter((_, i) => seen[i]);
  };
  assert.deepEqual(await shown(), []);
  await page.selectOption("#f-channelType", "MOBILE");
  assert.deepEqual(await shown(), ["clientId", "appMarker"]);
  assert.equal(await page.getAttribute("#f-appMarker", "aria-required"), "true");
  assert.match(await page.textContent("#f-deviceAddress-hint"), /token/);
  await page.selectOption("#f-channelType", "EMAIL");
  assert.deepEqual(await shown(), []);
  assert.match(await page.textContent("#f-deviceAddress-hint"), /e-mail/);
  assert.equal(
    await page.textContent("#f-deviceAddress-notes"),
    "The device address is not an e-mail address, as EMAIL needs.",
  );
  await page.getByRole("button", { name: "Optional fields" }).click();
  assert.deepEqual(await shown(), ["clientId", "appMarker", "unauthorizedClientId"]);
  assert.equal(await page.getAttribute("#f-appMarker", "aria-required"), "false");
});

test("attachments are added, filled in and removed", async (t) => {
  const page = await open(t);
  const was = await text(page);
  await page.getByRole("button", { name: "Add an attachment" }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), "f-0-url");
  await page.keyboard.type("files.example.com/a.jpg");
  await page.fill("#f-0-size", "256");
  await page.fill("#f-0-name", "a.jpg");
  await page.getByRole("button", { name: "Add an attachment" }).click();
  await page.keyboard.type("files.example.com/b.png");
  assert.equal(await verdict(page), "Accepted");
  assert.deepEqual(JSON.parse(await text(page)).attachments, [
    { url: "https://files.example.com/a.jpg", name: "a.jpg", size: 256 },
    { url: "https://files.example.com/b.png" },
  ]);
  await page.fill("#f-1-size", "many");
  assert.equal(await page.textContent("#f-1-size-notes"), "The value must be an integer, not a string.");
  await page.getByRole("button", { name: "Remove attachment 1" }).click();
  assert.deepEqual(JSON.parse(await text(page)).attachments, [
    { url: "https://files.example.com/b.png", size: "many" },
  ]);
  await page.getByRole("button", { name: "Remove attachment 1" }).click();
  assert.equal(await text(page), was.replace("[ ]", "[]"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "attachments-title");
});

test("the normalized request says what changed", async (t) => {
  const page = await open(t);
  await example(page, "Values to normalize");
  const all = (selector) => page.locator(`#panel-output ${selector}`).allTextContents();
  assert.equal(
    await page.textContent("#panel-output .note"),
    "5 values changed, 1 field left out, 1 value spelled otherwise, order changed.",
  );
  assert.deepEqual(await all("del"), [
    "\\r",
    "I",
    "JPG",
    "2.56e4",
    "whatsapp",
    "␣␣",
    "␣",
    '"appMarker"',
    ": ",
    "null",
    "+",
    "␣(",
    ")␣",
    "-",
  ]);
  assert.deepEqual(await all("ins"), ["i", "jpeg", "25600", "WHATSAPP"]);
  await page.getByRole("button", { name: "Format" }).click();
  await type(page, "#request-editor", await page.textContent("#panel-output pre.compact"));
  assert.equal(await page.textContent("#panel-output .note"), "Already in normal form, byte for byte.");
  assert.deepEqual([...(await all("ins")), ...(await all("del")), ...(await all("mark"))], []);
});

test("the response is what a gateway would send, as raw HTTP too", async (t) => {
  const page = await open(t);
  await page.getByRole("tab", { name: "Raw HTTP" }).click();
  const raw = async () => {
    const [sent, answer] = (await page.locator("#panel-output pre").allTextContents()).map((text) => {
      const [head, body] = text.split("\n\n");
      const [start, ...fields] = head.split("\n");
      return { start, fields, body };
    });
    return { sent, status: answer.start, fields: answer.fields, body: answer.body };
  };
  let { sent, status, fields, body } = await raw();
  assert.equal(sent.start, "POST /api/v1/messages/outgoing-to-device HTTP/1.1");
  assert.equal(
    sent.body,
    '{"text":"message","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"89000000000"}}',
  );
  assert.deepEqual(sent.fields, [
    "Host: $HOST",
    "Authorization: Bearer $TOKEN",
    "Content-Type: application/json",
    `Content-Length: ${sent.body.length}`,
  ]);
  assert.equal(status, "HTTP/1.1 200 OK");
  assert.deepEqual(fields, [
    "vary: Origin",
    "vary: Access-Control-Request-Method",
    "vary: Access-Control-Request-Headers",
    "content-type: application/json",
    `content-length: ${body.length}`,
  ]);
  assert.equal(body, '{"id":1,"threadId":2,"clientId":1,"clientExternalId":null,"agentId":3}');
  await example(page, "What MOBILE requires");
  ({ sent, status, fields, body } = await raw());
  assert.match(sent.body, /"clientId": "  "/); // what is rejected is sent as it stands
  assert.equal(status, "HTTP/1.1 400 Bad Request");
  assert.deepEqual(fields, ["content-type: application/problem+json", `content-length: ${Buffer.byteLength(body)}`]);
  const problem = JSON.parse(body);
  assert.equal(problem.status, 400);
  assert.deepEqual(
    problem.errors.map(({ code, pointer }) => `${code} ${pointer}`),
    [
      "required_by_channel #/clientApplicationDescriptor/appMarker",
      "required_by_channel #/clientApplicationDescriptor/clientId",
      "invalid_address #/clientApplicationDescriptor/deviceAddress",
    ],
  );
  await page.getByRole("tab", { name: "Response" }).click();
  assert.equal(await page.textContent("#panel-output .answer strong"), "400 Bad Request");
  assert.equal(await page.textContent("#panel-output .answer code"), "application/problem+json");
  assert.deepEqual(JSON.parse(await page.textContent("#panel-output pre")), problem);
});

test("what is copied is what is sent", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  const pasted = async (name) => {
    await page.locator(".output").getByRole("button", { name, exact: true }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  await type(page, "#request-editor", descriptor({ channelType: "web", deviceAddress: "it's" }));
  const normalized = descriptor({ channelType: "WEB", deviceAddress: "it's" });
  assert.equal(await pasted("Copy"), normalized);
  await page.getByRole("tab", { name: "Raw HTTP" }).click();
  assert.match(
    await pasted("Copy"),
    /^POST [^]*\r\n\r\n\{"text":"hi"[^]*\}\r\n\r\nHTTP\/1\.1 200 OK\r\nvary: [^]*\r\ncontent-length: 70\r\n\r\n\{"id":1,[^]*\}$/,
  );
});

test("a policy takes effect as it is typed; a rejected one shows its faults and changes nothing", async (t) => {
  const page = await open(t);
  await page.getByRole("tab", { name: "Policy" }).click();
  await page.getByRole("button", { name: "National numbers" }).click();
  await frames(page);
  assert.deepEqual(await codes(page), []);
  assert.match(await page.textContent("#panel-output pre.compact"), /"79000000000"/);
  assert.equal(
    await page.textContent("#policy-state"),
    "This policy is in force. What the policy names changes the default; the rest stays.",
  );

  await type(page, "#policy-editor", '{"limts": {}, "channels": {"WHATSAPP": {"text": 0}}}');
  assert.deepEqual(await page.locator("#policy-editor .diagnostic").allTextContents(), ['"limts"', "0"]);
  assert.match(await page.textContent("#policy-state"), /^Rejected: 2 faults/);
  assert.match(await page.textContent("#verdict-counts"), /last good policy/);
  assert.match(await page.textContent("#panel-output pre.compact"), /"79000000000"/);
  await page.locator("#policy-faults .jump").last().click();
  assert.equal(await selected(page), "0");

  await page.getByRole("button", { name: "Other channels" }).click();
  await frames(page);
  const names = await page.locator("#f-channelType option").allTextContents();
  assert.ok(names.includes("SMS") && !names.includes("FACEBOOK"), String(names));
  await page.getByRole("button", { name: "All settings" }).click();
  await frames(page);
  assert.equal(
    await page.textContent("#policy-state").then((state) => state.split(".")[0]),
    "The default policy is in force",
  );
});

test("every example is what its group says", async (t) => {
  const page = await open(t);
  const groups = await page
    .locator("#examples section")
    .evaluateAll((sections) =>
      sections.map((section) => [...section.querySelectorAll("button")].map((button) => button.textContent)),
    );
  const [documented, instructive, broken, channels] = groups;
  const load = async (group, i) => {
    await page.click("#examples-button");
    await page.locator("#examples section").nth(group).locator("button").nth(i).click();
    await frames(page);
    return [await verdict(page), await codes(page)];
  };
  assert.deepEqual(documented, ["WhatsApp", "MOBILE"]);
  assert.deepEqual(await load(0, 1), ["Accepted", []]);
  for (const i of instructive.keys()) assert.equal((await load(1, i))[0], "Accepted");
  for (const i of broken.keys()) assert.equal((await load(2, i))[0], "Rejected");
  const offered = await page.locator("#f-channelType option").allTextContents();
  assert.deepEqual(
    channels.filter((name) => !offered.includes(name)),
    [],
  );
  assert.equal(channels.length, 11);
  for (const i of channels.keys()) {
    assert.deepEqual(await load(3, i), ["Accepted", []], channels[i]);
    assert.equal(await page.inputValue("#f-channelType"), channels[i]);
  }
});

test("Russian throughout, and back", async (t) => {
  const page = await open(t, { locale: "ru-RU" });
  assert.equal(await page.getAttribute("html", "lang"), "ru");
  await example(page, "Опечатки в именах");
  assert.equal(await verdict(page), "Отклонён");
  assert.match(await page.textContent("#verdict-counts"), /^3 нарушения$/);
  for (const message of await page.locator("#diagnostics .message").allTextContents())
    assert.match(message, /[а-яё]/, message);
  await page.getByRole("tab", { name: "Политика" }).click();
  await type(page, "#policy-editor", '{"limts": {}}');
  assert.match(await page.textContent("#policy-faults .message"), /[а-яё]/);
  // No English is left but names, codes and abbreviations.
  const rest = await page.locator("header, main, footer").evaluateAll((parts) =>
    parts.flatMap((part) => {
      const texts = [];
      for (const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT); walker.nextNode();) {
        const { parentElement, data } = walker.currentNode;
        if (
          !parentElement.closest("code, pre, .editor, select, [lang=en], button.fix, [hidden]") &&
          /[a-z]{3,}/.test(data) &&
          !/[а-яё]/i.test(data)
        )
          texts.push(data);
      }
      return texts;
    }),
  );
  assert.deepEqual(
    rest.filter((word) => !["WhatsApp", "400 Bad Request", "Markdown", "bash", "cmd", "PowerShell"].includes(word)),
    [],
  );
  await page.locator("#language [value=en]").check();
  assert.equal(await verdict(page), "Rejected");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.match(await page.locator("#diagnostics .message").first().textContent(), /[a-z]/);
});

test("the theme follows the system until one is chosen", async (t) => {
  const page = await open(t, { colorScheme: "dark" });
  const lightness = () =>
    page.evaluate(() =>
      getComputedStyle(document.body.querySelector(".pane"))
        .backgroundColor.match(/\d+/g)
        .reduce((a, b) => a + Number(b), 0),
    );
  assert.ok((await lightness()) < 200);
  await page.emulateMedia({ colorScheme: "light" });
  assert.ok((await lightness()) > 600);
  await page.locator("#theme [value=dark]").check();
  assert.ok((await lightness()) < 200);
  await page.locator("#theme [value=system]").check();
  assert.ok((await lightness()) > 600);
});

test("a screen reader hears the verdict once, when the typing rests", async (t) => {
  const page = await open(t);
  // Time goes on when the test says so.
  await page.clock.install();
  await page.reload();
  await page.waitForFunction(() => document.getElementById("announcement").textContent);
  await page.evaluate(() => {
    window.said = [];
    new MutationObserver(() => window.said.push(document.getElementById("announcement").textContent)).observe(
      document.getElementById("announcement"),
      { childList: true, characterData: true, subtree: true },
    );
  });
  await page.locator(EDITOR).click();
  await page.keyboard.press("Control+End");
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
  for (const letter of " and more") {
    await page.keyboard.type(letter);
    await page.clock.runFor(300);
  }
  assert.deepEqual(await page.evaluate(() => window.said), []);
  await page.clock.runFor(1000);
  assert.deepEqual(await page.evaluate(() => window.said), ["Rejected: 1 violation"]);
});

test("everything can be done with the keyboard", async (t) => {
  const page = await open(t);
  // A menu that opens or closes moves the focus in a task of its own.
  const focused = (name) =>
    page.waitForFunction(
      (name) => [document.activeElement.id, document.activeElement.textContent].includes(name),
      name,
    );
  await page.keyboard.press("Tab");
  await focused("open");
  await page.keyboard.press("Tab");
  await focused("examples-button");
  await page.keyboard.press("Enter");
  await focused("WhatsApp");
  await page.keyboard.press("ArrowDown");
  await focused("MOBILE");
  await page.keyboard.press("Escape");
  await focused("examples-button");
  await page.locator("#tab-request").focus();
  await page.keyboard.press("ArrowRight");
  await focused("tab-policy");
  assert.ok(await page.locator("#policy-editor").isVisible());
  await page.keyboard.press("Home");
  assert.ok(await page.locator("#request-editor").isVisible());
  // Tab walks through the whole page and does not get caught in the text.
  const seen = new Set();
  for (let i = 0; i < 50; i++) {
    await page.keyboard.press("Tab");
    seen.add(
      await page.evaluate(
        () => document.activeElement.id || document.activeElement.className || document.activeElement.tagName,
      ),
    );
  }
  for (const stop of [
    "format",
    "jump",
    "next",
    "report-button",
    "curl-button",
    "tab-normalized",
    "panel-output",
    "examples-button",
    "f-channelType",
    "f-text",
    "tab-request",
  ])
    assert.ok(seen.has(stop), `${stop} of ${[...seen]}`);
  const outlines = await page.locator("#f-text, #format, #tab-request, .jump, #panel-output").evaluateAll((elements) =>
    elements.map((element) => {
      element.focus();
      return getComputedStyle(element).outlineStyle;
    }),
  );
  assert.ok(
    outlines.every((style) => style === "solid"),
    String(outlines),
  );
});

test("it works offline once loaded, from a server and from a file", async (t) => {
  const page = await open(t);
  await kept(page);
  await page.context().setOffline(true);
  await page.reload();
  await example(page, "MOBILE");
  assert.equal(await verdict(page), "Accepted");
  await page.fill("#f-appMarker", "");
  assert.equal(await verdict(page), "Rejected");
  await page.goto(new URL("../dist/index.html", import.meta.url).href);
  await example(page, "MOBILE");
  assert.equal(await verdict(page), "Accepted");
});

/** Waits until the service worker has put the page away. */
const kept = (page) =>
  page.waitForFunction(async () => {
    await navigator.serviceWorker.ready;
    return (await caches.match("./")) !== undefined;
  });

test("the service worker keeps the page and nothing else", async (t) => {
  const page = await open(t);
  await kept(page);
  const cached = () =>
    page.evaluate(async () =>
      Object.fromEntries(
        await Promise.all(
          (await caches.keys()).map(async (name) => {
            const cache = await caches.open(name);
            const keys = await cache.keys();
            return [
              name,
              await Promise.all(
                keys.map(
                  async ({ url }) =>
                    `${new URL(url).pathname} ${(await (await cache.match(url)).text()).length > 100_000}`,
                ),
              ),
            ];
          }),
        ),
      ),
    );
  const only = { "outgoing-to-device-console": ["/ true"] };
  assert.deepEqual(await cached(), only);
  t.after(() => server.others.clear());
  const ICON = "<link rel=icon href=data:,>"; // or the browser asks for one
  const visit = async (path, text, fields = {}) => {
    server.others.set(path, { text, fields });
    await page.goto(new URL(path, server.url).href);
    await page.goto(`${server.url}index.html`);
    await page.waitForTimeout(200);
  };
  // Another page below it, one that must not be stored, and another one at the page's own address.
  await visit("/elsewhere.html", `${ICON}a page of somebody else`);
  assert.deepEqual(await cached(), only);
  const real = await readFile(new URL("../dist/index.html", import.meta.url), "utf8");
  await visit("/", `${ICON}Please log in.`);
  assert.deepEqual(await cached(), only);
  await visit("/", `${real}<!-- newer -->`, { "Cache-Control": "no-store" });
  const keptText = () => page.evaluate(async () => (await caches.match("./")).text());
  assert.doesNotMatch((await keptText()).slice(-100), /newer/);
  await visit("/", `${real}<!-- newest -->`);
  server.others.clear();
  assert.deepEqual(Object.keys(await cached()), ["outgoing-to-device-console"]);
  await page.context().setOffline(true);
  await assert.rejects(page.goto(`${server.url}elsewhere.html`));
});

test("nothing that is typed leaves the page; the text stays for the tab’s life, settings stay", async (t) => {
  const context = await browser.newContext({ locale: "en-GB" });
  t.after(() => context.close());
  const page = await context.newPage();
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  server.requests.length = 0;
  await page.goto(server.url);
  await kept(page);
  await type(page, "#request-editor", descriptor({ channelType: "WEB", deviceAddress: "private-address" }));
  await page.fill("#f-text", "private-text");
  await page.getByRole("tab", { name: "Raw HTTP" }).click();
  await page.waitForFunction(() => sessionStorage.length === 1);
  assert.deepEqual([...new Set(server.requests)].sort(), ["GET /", "GET /offline.js"]);
  assert.deepEqual([...new Set(asked)].filter((url) => !url.startsWith("data:")).sort(), [
    server.url,
    `${server.url}offline.js`,
  ]);

  const tried = await page.evaluate(async (url) => {
    const broken = [];
    document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
    const failed = await fetch(`${url}?leak`).then(
      () => "sent",
      () => "stopped",
    );
    navigator.sendBeacon?.(`${url}?leak`, "x");
    new Image().src = `${url}leak.png`;
    const script = document.createElement("script");
    script.textContent = "window.injected = true";
    document.body.append(script);
    await new Promise((done) => setTimeout(done, 300));
    return { failed, broken: [...new Set(broken)].sort(), injected: "injected" in window };
  }, server.url);
  assert.deepEqual(tried, {
    failed: "stopped",
    broken: ["connect-src", "img-src", "script-src-elem"],
    injected: false,
  });
  assert.deepEqual([...new Set(server.requests)].sort(), ["GET /", "GET /offline.js"]);

  const stores = () =>
    page.evaluate(async () => ({
      local: Object.values(localStorage).join(),
      session: sessionStorage.length,
      cookie: document.cookie,
      databases: (await indexedDB.databases()).length,
      url: location.href,
    }));
  assert.deepEqual(await stores(), {
    local: '{"text":"request","view":"raw"}',
    session: 1,
    cookie: "",
    databases: 0,
    url: server.url,
  });
  // A reload has the text; another tab has the settings, and no text.
  await page.reload();
  assert.match(await text(page), /private-address[^]*/);
  assert.equal(await page.inputValue("#f-text"), "private-text");
  const other = await context.newPage();
  await other.goto(server.url);
  assert.doesNotMatch(await other.content(), /private-/);
  assert.equal(await other.getAttribute("#tab-raw", "aria-selected"), "true");
});

test("language, theme, tab and policy come back", async (t) => {
  const page = await open(t);
  await page.locator("#language [value=ru]").check();
  await page.locator("#theme [value=dark]").check();
  await page.getByRole("tab", { name: "Политика" }).click();
  await type(page, "#policy-editor", '{"channels": {"WEB": {"text": 5}}}');
  await page.reload();
  assert.equal(await page.getAttribute("html", "lang"), "ru");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.ok(await page.locator("#theme [value=dark]").isChecked());
  assert.ok(await page.locator("#policy-editor").isVisible());
  await page.click("#tab-request");
  await type(page, "#request-editor", descriptor({ channelType: "WEB", deviceAddress: "d" }).replace("hi", "longer"));
  assert.deepEqual(await codes(page), ["too_long"]);
  // A policy that was being written comes back with its faults.
  await page.click("#tab-policy");
  await type(page, "#policy-editor", '{"channels": {"WEB": {"text": 0}}}');
  await page.reload();
  assert.equal(await page.locator("#policy-faults li").count(), 1);
});

/** Pastes as a keyboard does: the browser's own paste needs a clipboard that all tests share. */
const paste = (page, value) =>
  page
    .locator(EDITOR)
    .evaluate((editor, value) => {
      editor.focus();
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", value);
      editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, value)
    .then(() => frames(page));

/** Drops a file, or a text, somewhere on the page. */
const drop = (page, where, { name, bytes, value }) =>
  page
    .locator(where)
    .first()
    .evaluate(
      async (element, { name, bytes, value }) => {
        const dataTransfer = new DataTransfer();
        if (name) dataTransfer.items.add(new File([Uint8Array.from(bytes)], name));
        else dataTransfer.setData("text/plain", value);
        for (const type of ["dragenter", "dragover", "drop"])
          element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      },
      { name, bytes: bytes && [...bytes], value },
    )
    .then(() => frames(page));

const PATH = "/api/v1/messages/outgoing-to-device";
const GOOD = descriptor({ channelType: "WEB", deviceAddress: "d" });

test("a pasted curl command is a request whose head is checked too", async (t) => {
  const page = await open(t);
  const was = await text(page);
  await paste(
    page,
    `curl -X PUT 'https://example.com${PATH}' \\\n  -H 'Authorization: Bearer secret-token' -d '${GOOD}'`,
  );
  assert.equal(await text(page), GOOD);
  assert.equal(await verdict(page), "Rejected");
  assert.deepEqual(await codes(page), ["method_not_allowed", "unsupported_media_type"]);
  assert.match(await page.locator("#diagnostics .message").first().textContent(), /^Method: /);
  assert.match(await page.textContent("#origin"), /From a curl command.*PUT \/api\/v1/);
  assert.equal(await page.textContent("#panel-output .answer strong"), "405 Method Not Allowed");
  assert.doesNotMatch(await page.content(), /secret-token/);
  // It comes back with its head after a reload, and the token was never kept.
  await page.waitForFunction(() => sessionStorage.length === 1);
  assert.doesNotMatch(await page.evaluate(() => Object.values(sessionStorage).join()), /secret/);
  await page.reload();
  assert.deepEqual(await codes(page), ["method_not_allowed", "unsupported_media_type"]);
  // The body alone is fine; and undo brings the head back.
  await page.getByRole("button", { name: "Check the body alone" }).click();
  await frames(page);
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await page.locator("#origin").isVisible(), false);
  await page.locator(EDITOR).click();
  await page.keyboard.press("Control+z");
  await frames(page);
  assert.equal(await verdict(page), "Rejected");
  await paste(page, `curl 'https://example.com${PATH}' -d @body.json`);
  assert.match(await page.textContent("#origin"), /reads its body from a file/);
  // A paste is one step.
  await page.keyboard.press("Control+z");
  await frames(page);
  assert.equal(await text(page), GOOD);
  assert.notEqual(was, GOOD);
});

test("an HTTP message is pasted with its head; one that is typed is offered to be read", async (t) => {
  const page = await open(t);
  const message = `POST ${PATH} HTTP/1.1\nHost: example.com\nAuthorization: Bearer x\nContent-Type: text/plain\n\n${GOOD}`;
  await paste(page, message);
  assert.deepEqual(await codes(page), ["unsupported_media_type"]);
  await page.getByRole("tab", { name: "Raw HTTP" }).click();
  assert.match(
    await page.locator("#panel-output pre").first().textContent(),
    /^POST [^\n]*\nHost: example\.com\nAuthorization: Bearer \*\nContent-Type: text\/plain\nContent-Length: \d+\n\n\{"text":"hi"/,
  );
  await type(page, "#request-editor", message.replace("text/plain", "application/json"));
  assert.match(await page.textContent("#offer"), /This is an HTTP message/);
  await page.getByRole("button", { name: "Read it" }).click();
  assert.equal(await text(page), GOOD);
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await page.locator("#offer").isVisible(), false);
});

test("JSON inside a JSON string is unwrapped by one click", async (t) => {
  const page = await open(t);
  await type(page, "#request-editor", JSON.stringify(GOOD));
  assert.deepEqual(await codes(page), ["type_mismatch"]);
  await page.getByRole("button", { name: "Unwrap it" }).click();
  assert.equal(await text(page), GOOD);
  await type(page, "#request-editor", JSON.stringify(GOOD).slice(1, -1));
  assert.deepEqual(await codes(page), ["invalid_json"]);
  await page.getByRole("button", { name: "Unwrap it" }).click();
  assert.equal(await verdict(page), "Accepted");
  await page.keyboard.press("Control+z");
  await frames(page);
  assert.deepEqual(await codes(page), ["invalid_json"]);
});

test("a drop anywhere opens the file, as one step", async (t) => {
  const page = await open(t);
  const was = await text(page);
  for (const [i, where] of [EDITOR, "#f-text", "header", "#panel-output", "footer"].entries()) {
    const body = GOOD.replace("hi", `dropped ${i}`);
    await drop(page, where, { name: "body.json", bytes: Buffer.from(body) });
    await page.waitForFunction((i) => document.querySelector("#f-text").value === `dropped ${i}`, i);
    assert.equal(await text(page), body);
    assert.match(await page.textContent("#origin"), /From body\.json/);
    assert.equal(await page.locator("#dropping").isVisible(), false);
  }
  for (let i = 0; i < 5; i++) await page.keyboard.press("Control+z");
  await frames(page);
  assert.equal(await text(page), was);
  // A text that is dragged in from elsewhere, too; one that is dragged into a field goes there.
  await drop(page, "footer", { value: GOOD });
  assert.equal(await text(page), GOOD);
  await drop(page, "#f-text", { value: "dragged" });
  assert.equal(await text(page), GOOD);
});

test("the button opens files: packed, not UTF-8, and such that are none", async (t) => {
  const page = await open(t);
  const pick = async (name, bytes) => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open" }).click();
    await (await chooser).setFiles({ name, mimeType: "", buffer: Buffer.from(bytes) });
  };
  const until = (selector, pattern) =>
    page.waitForFunction(
      ([selector, source]) => new RegExp(source).test(document.querySelector(selector).textContent),
      [selector, pattern.source],
    );
  await pick("a.json.gz", gzipSync(GOOD));
  await until("#origin", /From a\.json\.gz/);
  assert.equal(await text(page), GOOD);
  await pick("b.sh", `curl https://h${PATH} --json '${GOOD.replace("hi", "from a file")}'`);
  await until("#origin", /From a curl command/);
  assert.deepEqual(await codes(page), ["unauthorized"]);
  await pick("c.json", Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff]), Buffer.from('"}')]));
  await until("#origin", /not UTF-8 \(line 1, column 10\)/);
  await pick("d.json.gz", gzipSync(GOOD).subarray(0, 30));
  await until("#offer", /damaged/);
  const zstd = Buffer.from("28b52ffd0400", "hex");
  await pick("e.zst", zstd);
  await until("#offer", /zstd|damaged/);
});

test("bodies by the line are a list with verdicts, opened one at a time", async (t) => {
  const page = await open(t);
  const bad = descriptor({ channelType: "MOBIL", deviceAddress: "d", clientID: "x" });
  const warned = GOOD.replace("clientApp", "app");
  const all = Array.from({ length: 3000 }, (_, i) =>
    i % 3 === 0 ? GOOD.replace("hi", `text ${i}`) : i % 3 === 1 ? bad : warned,
  );
  await drop(page, "main", { name: "log.ndjson.gz", bytes: gzipSync(`${all.join("\n")}\n`) });
  await page.waitForFunction(() => document.getElementById("lines-checked").textContent === "3,000 of 3,000 checked");
  assert.deepEqual(await page.locator("#line-filter label").allTextContents(), [
    "All3,000",
    "Rejected1,000",
    "With warnings1,000",
    "Accepted1,000",
  ]);
  // Only what is in sight is drawn.
  const drawn = await page.locator("#lines [role=option]").count();
  assert.ok(drawn > 5 && drawn < 80, String(drawn));
  const row = (n) => page.locator(`#lines [role=option]`).filter({ hasText: new RegExp(`^${n}[^\\d]`) });
  assert.match(await row(2).textContent(), /Channel: .*MOBILE.*and 1 more/);
  // The first line is in the editor; the arrows go on, and the other panes follow.
  assert.equal(await page.inputValue("#f-text"), "text 0");
  await page.locator("#lines").focus();
  await page.keyboard.press("ArrowDown");
  await frames(page);
  assert.equal(await verdict(page), "Rejected");
  assert.deepEqual(await codes(page), ["unknown_channel", "unknown_field"]);
  await page.keyboard.press("End");
  await frames(page);
  assert.equal(await row("3,000").getAttribute("aria-selected"), "true");
  assert.equal(await row("3,000").getAttribute("aria-posinset"), "3000");
  await page.keyboard.press("Home");
  await frames(page);
  // Only the rejected ones; one is opened, mended and stays what it is in the list.
  await page.locator('#line-filter [value="1"]').check();
  await row(2).click();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(EDITOR).isVisible());
  assert.match(await page.textContent("#origin"), /Line 2 of 3,000 bodies/);
  await page.getByRole("button", { name: "Next line" }).click();
  await frames(page);
  assert.match(await page.textContent("#origin"), /Line 5 of/);
  assert.equal(await text(page), bad);
  // Another policy is another verdict.
  await page.click("#tab-policy");
  await type(page, "#policy-editor", '{"unknownFields": "drop", "channels": {"MOBIL": {}}}');
  await page.waitForFunction(
    () =>
      document.getElementById("lines-1").textContent === "0" &&
      document.getElementById("lines-2").textContent === "2,000",
  );
  await page.click("#tab-lines");
  await page.getByRole("button", { name: "Close the list" }).click();
  assert.equal(await page.locator("#tab-lines").isVisible(), false);
});

test("pasted lines are a list too", async (t) => {
  const page = await open(t);
  await paste(page, `${GOOD}\n{}\nbroken\n`);
  await page.waitForFunction(() => document.getElementById("lines-checked").textContent === "3 of 3 checked");
  assert.equal(await page.textContent("#lines-1"), "2");
});

test("the current diagnostic is marked and counted, and the buttons lead on", async (t) => {
  const page = await open(t);
  await example(page, "Misspelled names");
  assert.equal(await page.textContent("#position"), "– of 3");
  const at = async () => [
    await page.textContent("#position"),
    await selected(page),
    await page.locator("#diagnostics [aria-current=true] .message").textContent(),
  ];
  await page.getByRole("button", { name: "Next diagnostic" }).click();
  assert.deepEqual(await at(), ["1 of 3", '"MOBIL"', "Channel: The policy has no such channel; did you mean MOBILE?"]);
  assert.deepEqual(await page.locator(`${EDITOR} .current`).allTextContents(), ['"MOBIL"']);
  await page.getByRole("button", { name: "Next diagnostic" }).click();
  assert.match((await at())[2], /^Field clientID: /);
  await page.getByRole("button", { name: "Previous diagnostic" }).click();
  await page.getByRole("button", { name: "Previous diagnostic" }).click();
  assert.equal((await at())[0], "3 of 3");
  // It follows the caret.
  await page.locator(`${EDITOR} .cm-line`).first().click();
  await frames(page);
  assert.equal(await page.textContent("#position"), "– of 3");
  // Fields of one name are told apart.
  await example(page, "Attachments");
  const messages = await page.locator("#diagnostics .message").allTextContents();
  assert.ok(
    messages.some((message) => message.startsWith("Attachment 2 · URL: ")) &&
      messages.some((message) => message.startsWith("Attachment 3 · URL: ")),
    messages.join("\n"),
  );
});

test("“Fix all” makes one fix after another, lists them, and is one step", async (t) => {
  const page = await open(t);
  await example(page, "Misspelled names");
  const was = await text(page);
  await page.getByRole("button", { name: "Fix all" }).click();
  await frames(page);
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await page.textContent("#made p strong"), "3 fixes made");
  assert.deepEqual(await page.locator("#made .did").allTextContents(), ["Use MOBILE", "Use clientId", "Use appMarker"]);
  assert.equal(await page.locator("#fix-all").isVisible(), false);
  await page.locator("#made").getByRole("button", { name: "Undo" }).click();
  await frames(page);
  assert.equal(await text(page), was);
  assert.equal(await page.locator("#made").isVisible(), false);
});

test("a missing field is added, an unknown one removed, by a button", async (t) => {
  const page = await open(t);
  await type(
    page,
    "#request-editor",
    '{"threadId": 1, "clientApplicationDescriptor": {"channelType": "MOBILE", "deviceAddress": "d", "clientId": null}}',
  );
  assert.deepEqual(await codes(page), ["missing_field", "unknown_field", "required_by_channel", "required_by_channel"]);
  await page.locator("#diagnostics .add").first().click();
  await page.keyboard.insertText("hello");
  await frames(page);
  assert.match(await text(page), /^\{"text": "hello", "threadId"/);
  await page.locator("#diagnostics .remove").click();
  await frames(page);
  assert.match(await text(page), /^\{"text": "hello", "clientApp/);
  for (const value of ["app", "client"]) {
    await page.locator("#diagnostics .add").first().click();
    await page.keyboard.insertText(value);
    await frames(page);
  }
  assert.equal(await verdict(page), "Accepted");
  assert.equal(await page.inputValue("#f-appMarker"), "app");
  assert.equal(await page.inputValue("#f-clientId"), "client");
});

test("from a national number a button leads to the policy that solves it", async (t) => {
  const page = await open(t);
  assert.deepEqual(await codes(page), ["national_number"]);
  await page.locator("#diagnostics .national").click();
  await frames(page);
  assert.ok(await page.locator("#policy-editor").isVisible());
  assert.deepEqual(await codes(page), []);
  assert.match(await page.textContent("#panel-output pre.compact"), /"79000000000"/);
  await page.locator("#policy-editor .cm-content").click();
  await page.keyboard.press("Control+z");
  await frames(page);
  assert.deepEqual(await codes(page), ["national_number"]);
});

test("a report has verdict, places and messages in the language of the page, and no value", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  await example(page, "Fields in the wrong place");
  const reported = async (form) => {
    await page.click("#report-button");
    await page.locator("#report").getByText(form).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const plain = await reported(/Text|Текст/);
  assert.match(
    plain,
    /^Request: Rejected\n4 violations\. \d+ bytes\.\n\n1\. Field clientId: No such field[^\n]*\n {3}Violation, unknown_field, line 2, column 3, \/clientId\n2\. /,
  );
  assert.match(plain, /3\. Text: [^\n]*\n {3}Violation, duplicate_field, line 5, column 3, \/text\n/);
  for (const value of ["012-3456", "order", "visitor-1", "17"]) assert.ok(!plain.includes(value), value);
  const markdown = await reported("Markdown");
  assert.match(markdown, /^\*\*Request: Rejected\*\* {2}\n/);
  assert.match(markdown, /1\. \*\*Field\*\* `clientId`: No such field/);
  await page.locator("#language [value=ru]").check();
  assert.match(await reported(/Текст/), /^Запрос: Отклонён\n4 нарушения\. /);
});

test("a command is copied for three shells, whatever the verdict", async (t) => {
  const page = await open(t, { permissions: ["clipboard-read", "clipboard-write"] });
  const copied = async (shell) => {
    await page.click("#curl-button");
    await page.locator("#curl").getByRole("button", { name: shell }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  await type(page, "#request-editor", descriptor({ channelType: "web", deviceAddress: "it's" }));
  const normalized = descriptor({ channelType: "WEB", deviceAddress: "it's" });
  assert.ok((await copied("bash")).endsWith(`--data-raw '${normalized.replace("'", "'\\''")}'`));
  assert.ok((await copied("cmd")).endsWith(`--data-raw "${normalized.replaceAll('"', '\\"')}"`));
  assert.ok((await copied("PowerShell")).startsWith(`'${normalized.replace("'", "\\u0027")}' | curl.exe`));
  // A rejected one as it stands, and without what a terminal acts on.
  await type(page, "#request-editor", '{"text": "\u007f\u001b[2J"}');
  assert.equal(await verdict(page), "Rejected");
  assert.ok((await copied("bash")).endsWith(`--data-raw $'{"text": "\\x7f\\x1b[2J"}'`));
  const command = await copied("bash");
  await example(page, "MOBILE");
  await paste(page, command);
  assert.equal(await page.evaluate(() => document.getElementById("bytes").textContent), "17 bytes");
});

test("on a phone nothing zooms, everything can be touched, and the verdict stays in sight", async (t) => {
  const page = await open(t, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await example(page, "Attachments");
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("input[type=text], select, textarea, .cm-content")]
      .filter((input) => parseFloat(getComputedStyle(input).fontSize) < 16)
      .map(({ id, className }) => id || className),
  );
  assert.deepEqual(small, []);
  const narrow = await page.evaluate(() =>
    [...document.querySelectorAll("button, input[type=text], select, [role=tab], .segments label, summary")]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
      .map(
        (element) =>
          `${element.id || element.className || element.textContent} ${element.getBoundingClientRect().height}`,
      ),
  );
  assert.deepEqual(narrow, []);
  for (const input of await page.locator("#form input[type=text]").all()) {
    assert.equal(await input.getAttribute("autocapitalize"), "none");
    assert.equal(await input.getAttribute("autocorrect"), "off");
  }
  const keyboards = {};
  for (const channel of ["WHATSAPP", "MOBILE", "EMAIL", "TELEGRAM", "WEB"]) {
    await page.selectOption("#f-channelType", channel);
    keyboards[channel] = await page.getAttribute("#f-deviceAddress", "inputmode");
  }
  assert.deepEqual(keyboards, { WHATSAPP: "tel", MOBILE: "text", EMAIL: "email", TELEGRAM: "numeric", WEB: "text" });
  const order = await page.evaluate(() =>
    ["form", "diagnostics", "texts", "output"].map(
      (name) => document.querySelector(`.${name}`).getBoundingClientRect().top,
    ),
  );
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await frames(page);
  assert.equal(
    await page.locator("#verdict").evaluate((verdict) => Math.round(verdict.getBoundingClientRect().top)),
    0,
  );
});

test("long texts are drawn as far as one sees, and whole once the typing rests", async (t) => {
  const page = await open(t);
  const attachments = Array.from({ length: 60 }, (_, i) => ({
    url: `https://files.example.com/${"a".repeat(600)}/${i}.jpg`,
    name: `${i}.jpg`,
    type: "image/jpeg",
    size: i,
  }));
  const value = JSON.stringify(
    { text: "x", attachments, clientApplicationDescriptor: { channelType: "WEB", deviceAddress: "d" } },
    null,
    2,
  );
  await type(page, "#request-editor", value);
  await page.waitForFunction(() => document.querySelector("#panel-output pre.compact"));
  assert.deepEqual(JSON.parse(await page.locator("#panel-output pre").first().textContent()), JSON.parse(value));
  // Rows of a long line stand under its beginning: it hangs by its indentation and two.
  const hang = await page
    .locator(`${EDITOR} .cm-line`, { hasText: '"url"' })
    .first()
    .evaluate((line) => [...line.classList].find((name) => name.startsWith("hang-")));
  assert.equal(hang, "hang-6");
});

test("the character that spoils a value is marked, and a button leads to it", async (t) => {
  const page = await open(t);
  await type(page, "#request-editor", descriptor({ channelType: "WHATSAPP", deviceAddress: "+44 7700 90x123" }));
  assert.deepEqual(await codes(page), ["invalid_address"]);
  assert.deepEqual(await page.locator(`${EDITOR} .spoiler`).allTextContents(), ["x"]);
  await page.getByRole("button", { name: "Show the character" }).click();
  assert.equal(await selected(page), "x");
  assert.equal(await page.textContent("#position"), "1 of 1");
  // Fixes change what spoils a value, and nothing else.
  const body = descriptor({ channelType: "WEB", deviceAddress: "d" }).replace(
    "[]",
    '[{"url": "https://h/a b.jpg", "name": "C:\\\\a.jpg"}]',
  );
  await type(page, "#request-editor", body);
  assert.deepEqual(await page.locator("#diagnostics .fix").allTextContents(), ["Encode it", "Make it a file name"]);
  await page.getByRole("button", { name: "Fix all" }).click();
  await frames(page);
  assert.equal(await text(page), body.replace("a b", "a%20b").replace("C:\\\\", ""));
  assert.equal(await verdict(page), "Accepted");
});

test("a marked text is typed over without a style of the browser’s own", async (t) => {
  const page = await open(t);
  await type(page, "#request-editor", "{}");
  assert.deepEqual(await page.locator(`${EDITOR} .diagnostic`).allTextContents(), ["{", "{"]);
  await type(page, "#request-editor", '"{}"');
  await type(page, "#request-editor", GOOD);
  await page.locator(EDITOR).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("x");
  await page.keyboard.type("y");
  await frames(page);
  assert.equal(await text(page), "xy");
  await page.keyboard.press("Control+z");
  await frames(page);
  assert.equal(await text(page), GOOD);
});

test("warnings that reject are ticked in the policy’s panel", async (t) => {
  const page = await open(t);
  await page.click("#tab-policy");
  await page.locator("#refuse summary").click();
  await page.locator('#refuse [value="national_number"]').check();
  await frames(page);
  assert.equal(await verdict(page), "Rejected");
  assert.equal(await page.textContent("#refused"), "1 ticked");
  const policy = () =>
    page
      .locator("#policy-editor .cm-line")
      .allTextContents()
      .then((lines) => JSON.parse(lines.join("\n")));
  assert.deepEqual(await policy(), { refuse: ["national_number"] });
  await page.locator('#refuse [value="alias_field"]').check();
  await frames(page);
  assert.deepEqual(await policy(), { refuse: ["alias_field", "national_number"] });
  await page.locator('#refuse [value="national_number"]').uncheck();
  await page.locator('#refuse [value="alias_field"]').uncheck();
  await frames(page);
  assert.deepEqual(await policy(), {});
  assert.equal(await verdict(page), "Accepted");
});

test("the counter knows captions, and a text may be left out beside attachments", async (t) => {
  const page = await open(t);
  assert.equal(await page.textContent("#f-text-hint"), "7 of 2,000");
  await type(
    page,
    "#request-editor",
    descriptor({ channelType: "WHATSAPP", deviceAddress: "447700900123" })
      .replace("[]", '[{"url": "https://h.example/a.jpg", "name": "a.jpg"}]')
      .replace("hi", "x".repeat(1025)),
  );
  assert.equal(await page.textContent("#f-text-hint"), "1,025 of 2,000 · as a caption to 1,024");
  assert.equal(await page.textContent("#f-text-hint .over"), "as a caption to 1,024");
  assert.deepEqual(await codes(page), ["long_text"]);
  assert.equal(await page.getAttribute("#f-text", "aria-required"), "false");
  await page.selectOption("#f-channelType", "VIBER");
  assert.match(await page.textContent("#f-text-hint"), /long over 1,000/);
});

for (const [locale, broken] of [
  ["en-GB", "Attachments"],
  ["ru-RU", "Вложения"],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing: ${locale}, ${colorScheme}`, async (t) => {
      const page = await open(t, { locale, colorScheme });
      // The page's policy lets no script in, so axe comes through the debugger.
      await page.evaluate(axe);
      const inspect = async (state) => {
        const { violations, passes } = await page.evaluate(() =>
          window.axe.run(document, {
            resultTypes: ["violations", "passes"],
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }),
        );
        const told = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(" | ")}`,
        );
        assert.deepEqual(told, [], state);
        assert.ok(passes.length > 25, `${passes.length} rules passed`);
      };
      await inspect("accepted");
      await example(page, broken);
      await inspect("rejected");
      await type(page, "#request-editor", '{"text": ');
      await inspect("not JSON");
      await page.click("#tab-raw");
      await page.click("#examples-button");
      await inspect("menu");
      await page.keyboard.press("Escape");
      await page.click("#tab-policy");
      await type(page, "#policy-editor", '{"limts": {}, "channels": {"WEB": null, "web": {}}}');
      await inspect("policy");
      await page.click("#presets button");
      await page.locator("#refuse summary").click();
      await page.click("#report-button");
      await inspect("warnings that reject, and a menu");
      await page.keyboard.press("Escape");
      await page.click("#tab-request");
      await example(page, locale === "en-GB" ? "Misspelled names" : "Опечатки в именах");
      await page.click("#next");
      await inspect("current");
      await page.click("#fix-all");
      await inspect("mended");
      await paste(page, `curl https://h/ -d '{"text": 1}'`);
      await inspect("curl");
      await type(page, "#request-editor", '"{\\"text\\": 1}"');
      await inspect("offer");
      await drop(page, "main", {
        name: "a.ndjson",
        bytes: Buffer.from(`${GOOD}\n{}\n${GOOD.replace("clientA", "a")}\n`),
      });
      await page.waitForFunction(() => document.querySelectorAll("#lines [role=option]:not(.unchecked)").length === 3);
      await inspect("lines");
      await page.click("#close-lines");
      await example(page, locale === "en-GB" ? "Values to normalize" : "Значения для нормализации");
      await page.click("#tab-normalized");
      await page.setViewportSize({ width: 390, height: 800 });
      await inspect("narrow");
    });
  }
}

test("it fits every window, down to 320 pixels", async (t) => {
  for (const locale of ["en-GB", "ru-RU"]) {
    const page = await open(t, { locale });
    await page.click("#examples-button");
    await page.locator("#examples section").nth(2).locator("button").nth(4).click();
    for (const [width, height] of [
      [320, 600],
      [390, 844],
      [759, 900],
      [760, 900],
      [1119, 800],
      [1120, 640],
      [1440, 900],
      [2560, 1400],
    ]) {
      await page.setViewportSize({ width, height });
      const { scroll, out } = await page.evaluate(() => {
        const seen = [...document.querySelectorAll("button, input, select, textarea, [role=tab]")].filter(
          (element) => element.checkVisibility() && !element.closest(".editor, [popover], .segments"),
        );
        const clipped = ({ left, right }) => left < -1 || right > innerWidth + 1;
        return {
          scroll: document.documentElement.scrollWidth - innerWidth,
          out: seen
            .filter((element) => clipped(element.getBoundingClientRect()))
            .map((element) => element.outerHTML.slice(0, 80)),
        };
      });
      assert.ok(scroll <= 0, `${locale} at ${width}: ${scroll} pixels too wide`);
      assert.deepEqual(out, [], `${locale} at ${width}`);
    }
  }
});
