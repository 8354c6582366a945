// The package stays within the budget of ../sizes.json, in bytes after gzip -9.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { sizes } from "../sizes.mjs";

test("sizes", (t) => {
  const budget = JSON.parse(readFileSync(new URL("../sizes.json", import.meta.url), "utf8"));
  const found = sizes();
  assert.deepEqual(Object.keys(budget), Object.keys(found));
  for (const [file, { minified, gzip, brotli }] of Object.entries(found)) {
    t.diagnostic(`${file}: minified ${minified}, gzip ${gzip} (budget ${budget[file]}), brotli ${brotli}`);
    assert.ok(gzip <= budget[file], `${file} has ${gzip} bytes, more than ${budget[file]}`);
  }
});
