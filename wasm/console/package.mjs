// Builds the npm package that the page is about, unless what is in ../dist is newer than its sources.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const built = `${root}wasm/dist/index.js`;
const sources = ["Cargo.lock", "core/src", "wasm/src", "wasm/js", "wasm/types", "wasm/bindgen", "wasm/build.mjs"];

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...sources.map((path) => newest(root + path)))) {
  const run = (command, ...args) => {
    console.log(`$ ${command} ${args.join(" ")}`);
    execFileSync(command, args, { cwd: `${root}wasm`, stdio: "inherit", shell: process.platform === "win32" });
  };
  run("rustup", "target", "add", "wasm32-unknown-unknown");
  if (!existsSync(`${root}wasm/node_modules/.bin/esbuild`)) run("npm", "ci", "--no-audit", "--no-fund");
  run("npm", "run", "build");
}
