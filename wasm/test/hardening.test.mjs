// What callers, runtimes and other copies of the library may do to it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import vm from "node:vm";
import { NORMAL, WHATSAPP, each, eachServer, entries, servers } from "./entries.mjs";
import * as jsonSchema from "../dist/json-schema.js";

const path = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
const require = createRequire(import.meta.url);
const bytesOf = (text) => new TextEncoder().encode(text);
const codesOf = ({ violations }) => violations?.map(({ code }) => code);

/** Runs a program in a process whose modules may have two mebibytes of memory and no more. */
function inLittleMemory(entry, program) {
  const text = `import * as library from ${JSON.stringify(path(entry))}; import assert from "node:assert/strict"; ${program}`;
  execFileSync(process.execPath, ["--wasm-max-mem-pages=32", "--input-type=module", "--eval", text], {
    stdio: ["ignore", "ignore", "pipe"],
  });
}

for (const entry of ["index.js", "fast.js", "server.js", "fast-server.js"]) {
  test(`a refused growth of the memory leaves everything as it was: ${entry}`, () =>
    inLittleMemory(
      entry,
      `
      const { check, createPolicy, isValid } = library;
      const good = ${JSON.stringify(WHATSAPP)};
      const policy = createPolicy({ channels: { VIBER: null } });
      const kept = [check(good), check("{}"), check(good, { policy })];
      const same = () => {
        for (const { ok, text, warnings } of [check(good), kept[0], kept[2], check(new TextEncoder().encode(good), { policy })]) {
          assert.deepEqual([ok, text, warnings], [true, ${JSON.stringify(NORMAL)}, []]);
        }
        assert.deepEqual(kept[1].violations.map(({ code }) => code), ["missing_field", "missing_field"]);
        assert.equal(isValid(good), true);
      };
      same();
      const outOfMemory = { name: "RangeError", message: /out of memory/ };
      let refused = 0;
      // Inputs that need more and more room, of every kind; some of them are accepted until there is none.
      for (let length = 100_000; length < 1_000_000; length += 100_000) {
        const text = JSON.stringify({ text: "x".repeat(length), x: length });
        for (const use of [
          () => check(text).violations.length,
          () => check(new TextEncoder().encode(text)).violations.length,
          () => check(JSON.parse(text)).violations.length,
          () => createPolicy(JSON.stringify({ unknownFields: "keep", ["y".repeat(length)]: 1 })),
          () => createPolicy({ channels: Object.fromEntries(Array.from({ length: length / 1000 }, (_, i) => ["C" + "x".repeat(200) + i, {}])) }),
          () => library.success?.({ id: 1, threadId: 1, clientId: 1, agentId: 1, clientExternalId: text }),
          () => library.checkHead?.({ method: "POST", target: text, headers: {} }),
          () => library.readResponse?.(JSON.stringify({ id: 1, threadId: 1, clientId: 1, agentId: 1, clientExternalId: text })),
        ]) {
          try {
            use();
          } catch (error) {
            if (error.name !== "PolicyError") {
              assert.throws(() => { throw error; }, outOfMemory);
              refused++;
            }
          }
          same();
        }
      }
      assert.ok(refused > 0, "the memory was enough");
      if (library.success) {
        const { body } = library.success({ id: 1, threadId: 1, clientId: 1, agentId: 1, clientExternalId: "abc" });
        assert.match(body, /"clientExternalId":"abc"/);
        assert.equal(library.problem(kept[1]).status, 400);
      }
    `,
    ));
}

test("bytes in shared memory are read once", { timeout: 30_000 }, async () => {
  const good = bytesOf(` ${NORMAL}${" ".repeat(200_000)}`);
  const shared = new Uint8Array(new SharedArrayBuffer(good.length));
  const stop = new Int32Array(new SharedArrayBuffer(4));
  shared.set(good);
  // It changes the first byte as long as the checks go on: blank and bracket, accepted and rejected.
  const worker = new Worker(
    `const { shared, stop } = require("node:worker_threads").workerData;
    while (!Atomics.load(stop, 0)) for (const byte of [0x20, 0x5b]) { shared[0] = byte; for (let i = 0; i < 2000; i++); }`,
    { eval: true, workerData: { shared, stop } },
  );
  await new Promise((resolve) => worker.once("online", resolve));
  const seen = new Set();
  for (
    const end = Date.now() + 20_000;
    Date.now() < end && (seen.size < 2 || seen.count < 400);
    seen.count = (seen.count ?? 0) + 1
  ) {
    const outcome = entries.fast.check(shared);
    entries.fast.check("{}");
    if (outcome.ok) assert.equal(outcome.text, NORMAL);
    else assert.ok(outcome.violations.length > 0);
    seen.add(outcome.ok);
  }
  Atomics.store(stop, 0, 1);
  await worker.terminate();
  assert.deepEqual([...seen].sort(), [false, true], "the worker was never in time");
});

test(
  "shared, resizable and detached bytes are what they are when they are checked",
  each(({ check }) => {
    const text = WHATSAPP.padEnd(300);
    for (const buffer of [new SharedArrayBuffer(300), new ArrayBuffer(300, { maxByteLength: 1_000 })]) {
      const bytes = new Uint8Array(buffer);
      bytes.set(bytesOf(text));
      const outcome = check(bytes);
      bytes.fill(0x78);
      buffer.resize?.(10);
      check("{}");
      assert.equal(outcome.text, NORMAL);
      const rejected = check(bytes);
      buffer.resize?.(0);
      bytes.fill(0x20);
      check("{}");
      assert.deepEqual(codesOf(rejected), ["invalid_json"]);
    }
    const detached = bytesOf(text);
    const kept = check(detached);
    structuredClone(detached, { transfer: [detached.buffer] });
    assert.equal(kept.text, NORMAL);
    assert.throws(() => check(detached), TypeError);
    const window = new Uint8Array(new ArrayBuffer(20, { maxByteLength: 40 }), 10, 10);
    window.buffer.resize(5);
    assert.throws(() => check(window), TypeError);
    assert.equal(check(WHATSAPP).text, NORMAL);
  }),
);

test(
  "a subclass that lies about itself is read as the bytes that it is",
  each(({ check, createPolicy }) => {
    const secret = NORMAL.replace("hi", "SECRET");
    class Lying extends Uint8Array {
      get length() {
        return secret.length;
      }
      get byteLength() {
        return secret.length;
      }
      get [Symbol.toStringTag]() {
        return "Float64Array";
      }
      slice() {
        return bytesOf(secret);
      }
      subarray() {
        return bytesOf(secret);
      }
      *[Symbol.iterator]() {
        yield* bytesOf(secret);
      }
    }
    check(secret);
    const outcome = check(Lying.of(0x20));
    assert.deepEqual(codesOf(outcome), ["empty_body"]);
    check("1");
    assert.deepEqual(codesOf(outcome), ["empty_body"]);
    assert.equal(createPolicy(Lying.from(bytesOf("{}"))).json, createPolicy().json);
    const large = new Lying(5_000).fill(0x20);
    assert.deepEqual(codesOf(check(large)), ["empty_body"]);
    // An object that is none of what it inherits from.
    assert.deepEqual(codesOf(check(Object.create(Uint8Array.prototype))), ["missing_field", "missing_field"]);
    const elsewhere = vm.runInNewContext(`new Uint8Array(${JSON.stringify([...bytesOf(NORMAL)])})`);
    assert.equal(check(elsewhere).text, NORMAL);
  }),
);

test("a second start: policies and outcomes made before it are right", async () => {
  const slim = await import("../dist/slim.js?again");
  const bytes = readFileSync(path("outgoing-to-device.wasm"));
  slim.initSync(bytes);
  const policies = [{ channels: { VIBER: null } }, { limits: { address: 1 } }].map(slim.createPolicy);
  const viber = NORMAL.replace("WHATSAPP", "VIBER");
  const outcomes = policies.flatMap((policy) => [
    slim.check(viber, { policy }),
    slim.check(WHATSAPP, { policy }),
    slim.check("{}", { policy }),
  ]);
  const expected = [
    "unknown_channel",
    undefined,
    "missing_field,missing_field",
    "too_long",
    "too_long",
    "missing_field,missing_field",
  ];
  slim.initSync(new WebAssembly.Module(bytes));
  slim.createPolicy({ limits: { address: 2 } });
  assert.deepEqual(
    outcomes.map((outcome) => codesOf(outcome)?.join()),
    expected,
  );
  await slim.init(bytes);
  for (let i = 0; i < 3; i++) {
    assert.deepEqual(codesOf(slim.check(viber, { policy: policies[0] })), ["unknown_channel"]);
    assert.deepEqual(codesOf(slim.check(viber, { policy: policies[1] })), ["too_long"]);
  }
  assert.equal(outcomes[1].text, NORMAL);
  // One that fails leaves the instance that there is.
  assert.throws(() => slim.initSync(new Uint8Array(8)), WebAssembly.CompileError);
  assert.throws(() => slim.initSync(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
  assert.equal(slim.check(WHATSAPP).text, NORMAL);
});

test(
  "a document is of the policy that was passed",
  each(({ createPolicy }) => {
    const { document, withJsonSchema } = jsonSchema;
    const policy = createPolicy({ channels: { SMS: { address: "phone" } } });
    assert.match(JSON.stringify(document("schema", policy)), /"SMS"/);
    assert.doesNotMatch(JSON.stringify(document("schema")), /"SMS"/);
    // Faulty policies, none of which is the default one.
    const forged = (json) => Object.assign(Object.create(Object.getPrototypeOf(policy)), { json });
    for (const faulty of [{ json: '{"nope":1}' }, {}, null, "{}", { json: 5 }, forged(5)]) {
      assert.throws(() => document("schema", faulty), TypeError);
      assert.throws(
        () =>
          withJsonSchema({ "~standard": {} }, { policy: faulty })["~standard"].jsonSchema.input({
            target: "draft-2020-12",
          }),
        TypeError,
      );
    }
    for (const json of ['{"nope":1}', "", "["])
      assert.throws(() => document("schema", forged(json)), { name: "PolicyError" });
  }),
);

test("policies and rejections of another copy of the library", async () => {
  const copies = [
    ...Object.values(entries),
    ...["index", "fast", "server", "fast-server"].map((name) => require(path(`${name}.cjs`))),
  ];
  const viber = NORMAL.replace("WHATSAPP", "VIBER");
  for (const from of copies) {
    const policy = from.createPolicy({ channels: { VIBER: null } });
    for (const to of copies) {
      for (let i = 0; i < 2; i++) assert.deepEqual(codesOf(to.check(viber, { policy })), ["unknown_channel"]);
      assert.equal(to.check(WHATSAPP, { policy }).text, NORMAL);
      assert.equal(to.channels(policy).length, 10);
      assert.equal(to.createPolicy(policy).json, policy.json);
      if (!to.problem) continue;
      const large = new Uint8Array(2_000_000);
      for (const [input, status] of [
        [viber, 400],
        [bytesOf(viber), 400],
        [JSON.parse(viber), 400],
        [`"\ud800`, 400],
        [large, 413],
      ]) {
        const rejected = from.check(input, { policy });
        const { body, ...reply } = to.problem(rejected);
        assert.equal(reply.status, status);
        assert.equal(JSON.parse(body).errors[0].code, rejected.violations[0].code);
      }
      assert.throws(() => to.problem(from.check(WHATSAPP)), TypeError);
      const head = from.checkHead?.({ method: "GET", target: "/api/v1/messages/outgoing-to-device", headers: [] });
      if (head) assert.deepEqual(to.problem(head), from.problem(head));
    }
  }
  for (const nothing of [undefined, null, 5, {}, { ok: false }])
    assert.throws(() => servers.server.problem(nothing), TypeError);
});

test(
  "getters that throw, in every object that callers pass",
  eachServer((library) => {
    const {
      check,
      isValid,
      checkHead,
      createPolicy,
      channels,
      success,
      readResponse,
      problem,
      standardSchema,
      applyFix,
    } = library;
    const boom = new Error("boom");
    const thrower = () => {
      throw boom;
    };
    const throwing = (members) =>
      Object.defineProperties(
        {},
        Object.fromEntries(members.map((name) => [name, { get: thrower, enumerable: true }])),
      );
    const kept = [check("{}"), check(WHATSAPP), checkHead({ method: "GET", target: "/", headers: [] })];
    const ids = { id: 1, threadId: 1, clientId: 1, agentId: 1 };
    const head = { method: "POST", target: "/", headers: [] };
    const options = ["policy", "messages", "path", "bigint"].map((name) => throwing([name]));
    const proxy = new Proxy(
      {},
      { get: thrower, has: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower, getPrototypeOf: thrower },
    );
    const uses = [
      ...[throwing(["text"]), { toJSON: thrower }, { text: { toJSON: thrower } }, proxy].flatMap((input) => [
        () => check(input),
        () => isValid(input),
        () => createPolicy(input),
      ]),
      ...options.flatMap((option) => [
        () => check("{}", option),
        () => isValid("{}", option),
        () => checkHead(head, option),
        () => readResponse("{}", option),
        () => standardSchema(option)["~standard"].validate({}),
      ]),
      ...[proxy, throwing(["json"]), new Proxy(createPolicy(), { get: thrower })].flatMap((policy) => [
        () => check("{}", { policy }),
        () => isValid("{}", { policy }),
        () => channels(policy),
        () => checkHead(head, { policy }),
        () => jsonSchema.document("schema", policy),
      ]),
      ...Object.keys(ids)
        .concat("clientExternalId")
        .map((name) => () => success(Object.defineProperty({ ...ids }, name, { get: thrower }))),
      () => success(proxy),
      ...Object.keys(head).map((name) => () => checkHead(Object.defineProperty({ ...head }, name, { get: thrower }))),
      () => checkHead(proxy),
      () => checkHead({ ...head, headers: proxy }),
      () =>
        checkHead({
          ...head,
          headers: {
            get x() {
              throw boom;
            },
          },
        }),
      () => checkHead({ ...head, headers: { x: { toString: thrower } } }),
      () => checkHead({ ...head, method: { toString: thrower } }),
      () => checkHead({ ...head, headers: { [Symbol.iterator]: thrower } }),
      () => problem(proxy),
      () => problem(throwing(["ok"])),
      () => applyFix("{}", proxy),
      () => check("{}", { messages: throwing(["missing_field"]) }).violations[0].message,
      () => check("{}", { messages: { missing_field: thrower } }).violations[0].message,
    ];
    for (const [i, use] of uses.entries()) {
      try {
        use();
      } catch (error) {
        // JSON.stringify's exception is the cause of a TypeError.
        assert.ok(error === boom || error.cause === boom || error instanceof TypeError, `${i}: ${use}: ${error.stack}`);
      }
      assert.deepEqual(codesOf(kept[0]), ["missing_field", "missing_field"]);
      assert.equal(check(WHATSAPP).text, NORMAL);
      assert.equal(problem(kept[2]).status, 404);
      check("1");
      assert.equal(kept[1].text, NORMAL);
    }
    // They may also call the library.
    const reentrant = {
      get text() {
        check("[1]");
        createPolicy({ unknownFields: "keep" });
        return "hi";
      },
      clientApplicationDescriptor: { channelType: "WEB", deviceAddress: "d" },
    };
    assert.equal(check(reentrant).value.text, "hi");
    const answers = check("{}", {
      messages: { missing_field: ({ pointer }) => codesOf(check("[]")) + pointer },
    }).violations;
    assert.deepEqual(
      answers.map(({ message }) => message),
      ["type_mismatch/text", "type_mismatch/clientApplicationDescriptor"],
    );
    let asked = 0;
    const changing = {
      get policy() {
        asked++;
        return undefined;
      },
      get messages() {
        asked++;
        return undefined;
      },
    };
    assert.equal(check("{}", changing).violations.length, 2);
    assert.equal(asked, 2, "an option is read once");
  }),
);
