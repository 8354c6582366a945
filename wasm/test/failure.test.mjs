// What must never happen, and what happens then.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

test("after a trap the instance is not used any more", async () => {
  const { call, start } = await import("../js/instance.js");
  const { check } = await import("../js/outcome.js");
  const module = new WebAssembly.Module(readFileSync(path("dist/outgoing-to-device.wasm")));
  assert.throws(() => check("{}"), /call init first/);
  start(module);
  assert.equal(check("{}").ok, false);
  // A module whose one function traps.
  const trap = new WebAssembly.Module(
    Uint8Array.of(
      0,
      0x61,
      0x73,
      0x6d,
      1,
      0,
      0,
      0,
      1,
      4,
      1,
      0x60,
      0,
      0,
      3,
      2,
      1,
      0,
      7,
      5,
      1,
      1,
      0x74,
      0,
      0,
      10,
      5,
      1,
      3,
      0,
      0,
      11,
    ),
  );
  assert.throws(() => call(() => new WebAssembly.Instance(trap).exports.t()), WebAssembly.RuntimeError);
  assert.throws(() => check("{}"), /failed in an earlier call/);
  start(module);
  assert.equal(check("{}").ok, false);
  // A start that fails leaves the instance that there is.
  assert.throws(() => start(trap));
  assert.equal(check("{}").ok, false);
});

/** Who calls whom in a module. */
function calls(name) {
  const text = execFileSync(path("node_modules/.bin/wasm-dis"), [path(`build/${name}/module_bg.wasm`)], {
    maxBuffer: 1 << 30,
  }).toString();
  const graph = new Map();
  let callees;
  for (const line of text.split("\n")) {
    const of = /^ \(func \$?"?([^\s"]+)/.exec(line);
    if (of) graph.set(of[1], (callees = new Set()));
    const to = /\((?:return_)?call \$?"?([^\s")]+)/.exec(line);
    if (to) callees?.add(to[1]);
  }
  return graph;
}

/** The functions that call a panic, without their hashes. */
function panics(name) {
  const graph = calls(name);
  const called = new Set([...graph.values()].flatMap((callees) => [...callees]));
  const found = [];
  for (const [caller, callees] of graph) {
    // How a panic goes on, and the handler of failed allocations, which is there for whoever does not use try_reserve.
    if (
      /panicking|begin_unwind|end_short_backtrace|alloc_error_handler|handle_alloc_error|slice_index_fail/.test(caller)
    )
      continue;
    if (
      [...callees].some(
        (callee) => /panic|unwrap_failed|expect_failed|slice_index_fail/.test(callee) && called.has(callee),
      )
    )
      found.push(caller);
  }
  return found.sort();
}

// Rust's own search backwards for a character slices what it has measured before. A build for size has a copy of it in
// the one function that calls it.
const SEARCH = /^<?core\[.*\]::(slice::memchr|str::pattern)|phone::read::decimals/;

test("the fast module has no panic", () => {
  assert.deepEqual(
    panics("fast").filter((caller) => !SEARCH.test(caller)),
    [],
  );
});

test("the small module has one, which optimizing for size does not see to be dead", (t) => {
  const found = panics("small").filter((caller) => !SEARCH.test(caller));
  t.diagnostic(found.join(", "));
  // `split_at` inside `last_chunk`, `strip_prefix` and their like, which compare lengths first; and the growth of
  // `extend_from_slice`, for which `try_reserve` has made room.
  for (const caller of found) assert.match(caller, /split_at|capacity_overflow/);
});

test("those for servers have more, none of them ours", (t) => {
  for (const name of ["server", "fast-server"]) {
    const found = panics(name).filter((caller) => !SEARCH.test(caller));
    t.diagnostic(`${name}: ${found.join(", ")}`);
    assert.ok(found.length > 0, "serde-wasm-bindgen has some");
    for (const caller of found) assert.doesNotMatch(caller, /outgoing_to_device/);
  }
});
