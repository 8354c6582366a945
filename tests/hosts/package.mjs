// Builds the npm package unless it is newer than its sources, and installs what drives a browser.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const wasm = fileURLToPath(new URL("../../wasm/", import.meta.url));

/** Debian's packages, where a variable does not name another program. */
const BROWSERS = {
  chromium: { variable: "CHROMIUM", program: "/usr/bin/chromium", package: "chromium" },
  firefox: { variable: "FIREFOX", program: "/usr/bin/firefox-esr", package: "firefox-esr" },
};

function run(command, ...args) {
  console.error(`$ ${command} ${args.join(" ")}`);
  // The standard output belongs to the answers.
  execFileSync(command, args, { cwd: wasm, stdio: ["ignore", 2, 2] });
}

/** With the name of a browser what drives it is installed, too. */
export async function prepare(browser) {
  await import("../../wasm/ready.mjs");
  if (browser === undefined) return;
  if (!existsSync(`${wasm}test/node_modules/puppeteer-core`)) run("npm", "--prefix", "test", "ci", "--silent");
  const { variable, program, package: name } = BROWSERS[browser];
  if (!process.env[variable] && !existsSync(program)) {
    run("apt-get", "update", "-qq");
    run("apt-get", "install", "-y", "-qq", "--no-install-recommends", name);
  }
}
