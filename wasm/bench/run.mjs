// Times the built package beside its peers, in Node and, where it is installed, in Chromium.
//
//   node bench/run.mjs [rounds] [milliseconds of each]      after `npm run build` and `npm ci` in test/

import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { inChromium } from "../test/chromium.mjs";
import { ajvSource } from "./peers.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const options = { rounds: Number(process.argv[2] ?? 5), ms: Number(process.argv[3] ?? 20) };

const outfile = `${here}../build/bench.mjs`;
await build({
  entryPoints: [`${here}cases.mjs`],
  outfile,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  nodePaths: [`${here}../test/node_modules`],
  plugins: [
    {
      name: "ajv-standalone",
      setup(build) {
        build.onResolve({ filter: /^ajv-standalone$/ }, ({ path }) => ({ path, namespace: path }));
        build.onLoad({ filter: /.*/, namespace: "ajv-standalone" }, () => ({ contents: ajvSource(), resolveDir: here }));
      },
    },
  ],
});

function print(where, rows) {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  console.log(`\n${where}: thousands a second (${kinds.join(" / ")})`);
  for (const from of new Set(rows.map((row) => row.from))) {
    console.log(`  from ${from}`);
    const of = rows.filter((row) => row.from === from);
    for (const name of new Set(of.map((row) => row.name))) {
      const rates = of.filter((row) => row.name === name).map(({ rate }) => String(rate).padStart(7));
      console.log(`    ${name.padEnd(20)}${rates.join(" ")}`);
    }
  }
}

const { run } = await import(pathToFileURL(outfile));
// The processor's time: others on the machine count less.
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
print(`Node ${process.version}`, await run({ ...options, clock }));
await inChromium({ "/bench.mjs": outfile }, async (page, origin, version) => {
  const session = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  // The newest renderer is the page's; Linux counts the nanoseconds that its main thread ran.
  const pid = Math.max(...processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id));
  await page.exposeFunction("clock", () => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6);
  const timed = `({ run }) => run({ ...${JSON.stringify(options)}, clock: () => globalThis.clock() })`;
  print(`Chromium ${version}`, await page.evaluate(`import("${origin}/bench.mjs").then(${timed})`));
});
