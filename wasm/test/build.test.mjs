// What the package is built of.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file) => readFileSync(root + file, "utf8");

test("wasm-bindgen and what generates its glue have one version in every lock file", () => {
  const locks = execFileSync("git", ["ls-files", "*Cargo.lock"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  const versions = new Map();
  for (const lock of locks) {
    for (const [, name, version] of read(lock).matchAll(/^name = "(wasm-bindgen(?:-[a-z-]+)?)"\nversion = "(.*)"$/gm)) {
      versions.set(`${lock}: ${name}`, version);
    }
  }
  const [pinned] = /(?<=^wasm-bindgen = "=).*(?="$)/m.exec(read("wasm/Cargo.toml"));
  for (const [where, version] of versions) assert.equal(version, pinned, where);
  assert.ok(
    versions.has("Cargo.lock: wasm-bindgen") && versions.has("wasm/bindgen/Cargo.lock: wasm-bindgen-cli-support"),
  );
});

test("the module's crate is on wasm-bindgen and serde-wasm-bindgen, and has no unsafe code", () => {
  const tree = execFileSync(
    "cargo",
    [
      "tree",
      "--locked",
      "-p",
      "outgoing-to-device-wasm",
      "--depth",
      "1",
      "--prefix",
      "none",
      "--target",
      "wasm32-unknown-unknown",
    ],
    { cwd: root, encoding: "utf8" },
  );
  for (const name of ["wasm-bindgen", "serde-wasm-bindgen", "outgoing-to-device"])
    assert.match(tree, new RegExp(`^${name} v`, "m"));
  assert.match(read("wasm/src/lib.rs"), /^#!\[deny\(unsafe_code\)\]$/m);
  for (const directory of ["wasm/src/", "wasm/bindgen/src/"]) {
    for (const file of readdirSync(root + directory))
      assert.doesNotMatch(read(directory + file), /\bunsafe\b|allow\(.*unsafe_code/, file);
  }
});
