// Builds the package unless what is in dist is newer than its sources: `node wasm/ready.mjs`, from any folder.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const SOURCES = [
  "Cargo.lock",
  "Cargo.toml",
  "core/Cargo.toml",
  "core/src",
  "wasm/Cargo.toml",
  "wasm/src",
  "wasm/bindgen/Cargo.lock",
  "wasm/bindgen/src",
  "wasm/package.json",
  "wasm/package-lock.json",
  "wasm/build.mjs",
  "wasm/module.mjs",
  "wasm/js",
  "wasm/types",
];

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

const built = `${root}wasm/dist/index.js`;
if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...SOURCES.map((path) => newest(root + path)))) {
  const run = (command, ...args) => {
    console.error(`$ ${command} ${args.join(" ")}`);
    // The standard output may be somebody's who asks for the package on the way.
    execFileSync(command, args, { cwd: `${root}wasm`, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  };
  run("rustup", "target", "add", "wasm32-unknown-unknown");
  if (!existsSync(`${root}wasm/node_modules/.bin/esbuild`)) run("npm", "ci", "--no-audit", "--no-fund", "--silent");
  run("npm", "run", "--silent", "build");
}
