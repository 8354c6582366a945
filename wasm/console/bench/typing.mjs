// How long a key takes to be on the screen, in a text of 95 KB, in Debian's Chromium: from the key's event to the end of
// the frame that shows it; and the processor time of the page's thread for a key, which a busy machine does not change,
// with what is drawn when the typing rests. `node bench/typing.mjs [FOLDER]`, after `npm run build`; it asserts nothing.

import { pathToFileURL } from "node:url";
import { launch, serve } from "../test/browser.js";

const KEYS = 25;

/** A text of about 95 KB in three shapes; `broken` has more violations than are reported. */
const attachment = (i, extra) => ({
  url: `https://files.example.com/${"a".repeat(780)}/${i}.jpg`,
  name: `receipt-${i}.jpg`,
  type: "image/jpeg",
  size: 25600 + i,
  ...extra,
});
const body = (extra) => ({
  text: "Your order is ready.",
  attachments: Array.from({ length: 100 }, (_, i) => attachment(i, extra)),
  clientApplicationDescriptor: { channelType: "WHATSAPP", deviceAddress: "447700900123" },
});
const short = Array.from({ length: 1000 }, (_, i) => ({ url: `https://files.example.com/${i}.jpg`, size: i }));
const texts = {
  "laid out, accepted": JSON.stringify(body(), null, 2),
  "one line, accepted": JSON.stringify(body()),
  "laid out, 100 violations": JSON.stringify(body({ size: "many" }), null, 2),
  "laid out, 5,000 lines": JSON.stringify({ ...body(), attachments: short }, null, 2),
};

const folder = process.argv[2];
const server = await serve(folder && pathToFileURL(`${folder}/`));
const browser = await launch();
console.log(`Chromium ${browser.version()}, ${KEYS} keys each, milliseconds from key to frame`);
console.log("| text | KB | median | 90 % | most | processor |\n|---|--:|--:|--:|--:|--:|");
for (const [name, text] of Object.entries(texts)) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  await page.goto(server.url);
  await page.locator("#request-editor .cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
  await page.waitForTimeout(1500);
  // The caret goes into the value of `text`, near the top.
  await page.keyboard.press("Control+Home");
  if (text.includes("\n")) await page.keyboard.press("ArrowDown");
  const column =
    text
      .split("\n")
      .find((line) => line.includes('"text"'))
      .indexOf("Your") + 4;
  for (let i = 0; i < column; i++) await page.keyboard.press("ArrowRight");
  await page.evaluate(() => {
    window.times = [];
    addEventListener(
      "keydown",
      (event) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => window.times.push(performance.now() - event.timeStamp);
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () =>
    (await devtools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  const before = await busy();
  for (let i = 0; i < KEYS; i++) {
    await page.keyboard.press("x");
    await page.waitForTimeout(60);
  }
  const processor = ((await busy()) - before) / KEYS;
  const times = (await page.evaluate(() => window.times)).sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1);
  console.log(
    `| ${name} | ${Math.round(text.length / 1000)} | ${at(0.5)} | ${at(0.9)} | ${at(1)} | ${processor.toFixed(1)} |`,
  );
  await page.close();
}
await browser.close();
await server.close();
