// Times what wasm/bench has bundled, in Node and, where it is installed, in Chromium, as a table.
//
//   node run.mjs [rounds] [milliseconds of each]

import { fileURLToPath, pathToFileURL } from "node:url";
import { inChromium } from "../../../wasm/test/chromium.mjs";

const bundle = fileURLToPath(new URL("../../../wasm/build/bench.mjs", import.meta.url));
const options = { rounds: Number(process.argv[2] ?? 21), ms: Number(process.argv[3] ?? 20) };

const print = (where, rows) => {
  for (const { from, kind, name, rate } of rows) console.log([where, from, kind, name, rate].join("\t"));
};

console.log(["where", "from", "kind", "contender", "thousands a second"].join("\t"));
const { run } = await import(pathToFileURL(bundle));
// Processor time, which does not count when others have the processor.
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
print(`Node ${process.versions.node}`, run({ ...options, clock }));
await inChromium({ "/bench.mjs": bundle }, async (page, origin, version) => {
  const rows = await page.evaluate(`import("${origin}/bench.mjs").then(({ run }) => run(${JSON.stringify(options)}))`);
  print(`Chromium ${version}`, rows);
});
