// Times the built package beside its peers, in Node and, where it is installed, in Chromium.
//
//   node bench/run.mjs [--rounds N] [--ms N] [--out FILE]     after `npm run build`, and `npm ci` here and in test/
//
// --ms: how long each contender runs in a round; --out: a table for tests/bench.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { inChromium } from "../test/browsers.mjs";
import { ajvSource } from "./standalone.mjs";

const { rounds, ms, out } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, ms: { type: "string", default: "20" }, out: { type: "string" } },
}).values;
const options = { rounds: Number(rounds), ms: Number(ms) };

const here = fileURLToPath(new URL(".", import.meta.url));
const outfile = `${here}../build/bench.mjs`;
await build({
  entryPoints: [`${here}cases.mjs`],
  outfile,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  plugins: [
    {
      name: "ajv-standalone",
      setup(build) {
        build.onResolve({ filter: /^ajv-standalone$/ }, ({ path }) => ({ path, namespace: path }));
        build.onLoad({ filter: /.*/, namespace: "ajv-standalone" }, () => ({
          contents: ajvSource(),
          resolveDir: here,
        }));
      },
    },
  ],
});

const table = [
  [
    "where",
    "from",
    "workload",
    "bytes",
    "rounds",
    "contender",
    "whole",
    "ns low",
    "ns",
    "ns high",
    "ratio low",
    "ratio",
    "ratio high",
  ],
];
function add(where, rows) {
  let group;
  for (const { from, kind, bytes, rounds, name, whole, ns, ratio } of rows) {
    if (group !== (group = `${where}, from ${from}: ${kind}`)) console.log(`\n${group}`);
    console.log(
      `  ${name.padEnd(36)}${ns[1].toFixed(0).padStart(7)} ns   x${ratio[1].toFixed(2)} (${ratio[0].toFixed(2)}–${ratio[2].toFixed(2)})`,
    );
    const figures = [...ns.map((figure) => figure.toFixed(1)), ...ratio.map((figure) => figure.toFixed(3))];
    table.push([where, from, kind, bytes, rounds, name, whole, ...figures]);
  }
}

const { run } = await import(pathToFileURL(outfile));
// The processor's time: others on the machine count less.
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
add(`Node ${process.version}`, await run({ ...options, clock }));
await inChromium({ "/bench.mjs": outfile }, async (page, origin, version) => {
  const session = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  // The newest renderer is the page's; Linux counts the nanoseconds that its main thread ran.
  const pid = Math.max(...processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id));
  await page.exposeFunction(
    "clock",
    () => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6,
  );
  const timed = `({ run }) => run({ ...${JSON.stringify(options)}, clock: () => globalThis.clock() })`;
  add(`Chromium ${version}`, await page.evaluate(`import("${origin}/bench.mjs").then(${timed})`));
});
if (out) writeFileSync(out, table.map((row) => `${row.join("\t")}\n`).join(""));
