// Pictures of the page in its states, to be looked at: node test/screenshots.js FOLDER [--readme]

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { launch, serve } from "./browser.js";

const folder = process.argv[2];
if (!folder) throw new Error("say into which folder");
await mkdir(folder, { recursive: true });

const server = await serve();
const browser = await launch();

async function picture(
  name,
  { theme = "light", locale = "en-GB", width = 1440, height = 900, example, steps, whole = false, path },
) {
  const page = await browser.newPage({ colorScheme: theme, locale, viewport: { width, height }, deviceScaleFactor: 1 });
  page.on("console", (message) => console.log(`${name}: ${message.text()}`));
  page.on("pageerror", (error) => console.log(`${name}: ${error}`));
  await page.goto(server.url);
  if (example) {
    await page.click("#examples-button");
    await page.click(`#examples button >> text="${example}"`);
  }
  await steps?.(page);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(150);
  await page.screenshot({ path: path ?? `${folder}/${name}.png`, fullPage: whole });
  await page.close();
}

/** Drops a packed list of bodies, and goes to its second line. */
async function lines(page) {
  const body = (i) =>
    JSON.stringify({
      text: `Your order ${i} is ready.`,
      attachments: [],
      clientApplicationDescriptor: { channelType: "WHATSAPP", deviceAddress: `4477009001${10 + (i % 90)}` },
    });
  const wrong = [
    (text) => text.replace("WHATSAPP", "WHATSAP").replace('"text"', '"txt"'),
    (text) => text.replace('"4477', '"8 9').replace("clientApp", "app"),
    () => '{"text": ',
  ];
  const all = Array.from({ length: 240 }, (_, i) => (i % 4 ? body(i) : wrong[(i / 4) % 3](body(i))));
  await page.locator("main").evaluate(
    (main, bytes) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], "outgoing.ndjson.gz"));
      for (const type of ["dragover", "drop"]) main.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true }));
    },
    [...gzipSync(all.join("\n"))],
  );
  await page.waitForFunction(() => document.querySelectorAll("#lines .violation").length > 1);
  await page.keyboard.press("ArrowDown");
}

const misspelled = { en: "Misspelled names", ru: "Опечатки в именах" };
if (process.argv.includes("--readme")) {
  for (const theme of ["light", "dark"]) {
    const path = fileURLToPath(new URL(`../screenshot-${theme}.png`, import.meta.url));
    await picture(theme, {
      theme,
      example: misspelled.en,
      width: 1360,
      height: 850,
      steps: (page) => page.evaluate(() => document.activeElement.blur()),
      path,
    });
  }
} else {
  for (const theme of ["light", "dark"]) {
    await picture(`${theme}-start`, { theme });
    await picture(`${theme}-ru-broken`, { theme, locale: "ru-RU", example: misspelled.ru });
    await picture(`${theme}-normalize`, { theme, example: "Values to normalize" });
    await picture(`${theme}-attachments`, { theme, example: "Attachments" });
    await picture(`${theme}-menu`, { theme, steps: (page) => page.click("#examples-button") });
    await picture(`${theme}-not-json`, {
      theme,
      example: "Not JSON: a comma too many",
      steps: (page) => page.click("#tab-raw"),
    });
    await picture(`${theme}-response`, { theme, example: misspelled.en, steps: (page) => page.click("#tab-response") });
    await picture(`${theme}-policy`, {
      theme,
      steps: async (page) => {
        await page.click("#tab-policy");
        await page.click("#presets button >> nth=3");
      },
    });
    await picture(`${theme}-policy-fault`, {
      theme,
      locale: "ru-RU",
      steps: async (page) => {
        await page.click("#tab-policy");
        await page.click("#policy-editor .cm-content");
        await page.keyboard.press("Control+a");
        await page.keyboard.insertText('{"limts": {}, "channels": {"WEB": {"text": 0}}}');
      },
    });
    await picture(`${theme}-middle`, { theme, width: 900, height: 850, example: misspelled.en, whole: true });
    await picture(`${theme}-narrow`, { theme, width: 390, height: 844, example: misspelled.en, whole: true });
    await picture(`${theme}-narrow-ru`, { theme, width: 360, height: 740, locale: "ru-RU", whole: true });
    await picture(`${theme}-wide`, { theme, width: 1920, height: 1080, example: "Attachments" });
    await picture(`${theme}-lines`, { theme, steps: lines });
    await picture(`${theme}-lines-narrow`, {
      theme,
      width: 390,
      height: 844,
      locale: "ru-RU",
      whole: true,
      steps: lines,
    });
    await picture(`${theme}-low`, { theme, width: 1366, height: 640, example: "Attachments" });
  }
}
await browser.close();
await server.close();
