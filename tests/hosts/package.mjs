// Builds the npm package unless what is in wasm/dist is newer than its sources, and installs what its tests need.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const SOURCES = [
  "Cargo.lock",
  "Cargo.toml",
  "core/src",
  "wasm/src",
  "wasm/bindgen/src",
  "wasm/bindgen/Cargo.lock",
  "wasm/js",
  "wasm/types",
  "wasm/build.mjs",
  "wasm/Cargo.toml",
];

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(`${path}/${name}`)));
}

function run(command, ...args) {
  console.error(`$ ${command} ${args.join(" ")}`);
  // The standard output belongs to the answers.
  execFileSync(command, args, { cwd: `${root}wasm`, stdio: ["ignore", 2, 2] });
}

/** Debian's packages, where a variable does not name another program. */
const BROWSERS = {
  chromium: { variable: "CHROMIUM", program: "/usr/bin/chromium", package: "chromium" },
  firefox: { variable: "FIREFOX", program: "/usr/bin/firefox-esr", package: "firefox-esr" },
};

/** With the name of a browser what drives it is installed, too. */
export function prepare(browser) {
  const built = `${root}wasm/dist/index.js`;
  if (!existsSync(built) || statSync(built).mtimeMs < Math.max(...SOURCES.map((path) => newest(root + path)))) {
    run("rustup", "target", "add", "wasm32-unknown-unknown");
    if (!existsSync(`${root}wasm/node_modules`)) run("npm", "ci", "--silent");
    run("npm", "run", "--silent", "build");
  }
  if (browser === undefined) return;
  if (!existsSync(`${root}wasm/test/node_modules/puppeteer-core`)) run("npm", "--prefix", "test", "ci", "--silent");
  const { variable, program, package: name } = BROWSERS[browser];
  if (!process.env[variable] && !existsSync(program)) {
    run("apt-get", "update", "-qq");
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", name);
  }
}
