// Checking: verdicts, places, and results that stay right.

import assert from "node:assert/strict";
import test from "node:test";
import { NORMAL, WHATSAPP, each, eachServer, servers, vectors } from "./entries.mjs";

test(
  "an accepted request",
  each(({ check, isValid }) => {
    const outcome = check(WHATSAPP);
    assert.equal(outcome.ok, true);
    assert.equal(outcome.truncated, false);
    assert.equal(outcome.text, NORMAL);
    assert.deepEqual(outcome.value, JSON.parse(NORMAL));
    assert.deepEqual(outcome.warnings, []);
    assert.equal(outcome.violations, undefined);
    assert.equal(check(NORMAL).text, NORMAL);
    assert.equal(check(new TextEncoder().encode(NORMAL)).text, NORMAL);
    assert.equal(check(`  ${NORMAL}\n`).text, NORMAL);
    assert.equal(check(`\ufeff${NORMAL}`).text, NORMAL);
    assert.equal(isValid(WHATSAPP), true);
    assert.equal(isValid(JSON.parse(WHATSAPP)), true);
    assert.equal(isValid("{}"), false);
    assert.deepEqual(JSON.parse(JSON.stringify(outcome)), {
      ok: true,
      value: JSON.parse(NORMAL),
      warnings: [],
      truncated: false,
    });
  }),
);

test(
  "a diagnostic has all its parts",
  each(({ check }) => {
    const [violation] = check(
      '{\n "text":"a","clientApplicationDescriptor":{"channelType":"MOBIL","deviceAddress":"d"}}',
    ).violations;
    assert.deepEqual(violation.toJSON(), {
      code: "unknown_channel",
      severity: "violation",
      message: "The policy has no such channel; did you mean MOBILE?",
      pointer: "/clientApplicationDescriptor/channelType",
      path: ["clientApplicationDescriptor", "channelType"],
      offset: 59,
      length: 7,
      line: 2,
      column: 58,
      suggestion: "MOBILE",
      fix: [{ offset: 60, length: 5, text: "MOBILE" }],
    });
  }),
);

test(
  "fixes",
  each(({ check, applyFix }) => {
    let text =
      '{"txt":"a","clientApplicationDescriptor":{"channelType":"mobil","clientId":5,"appMaker":"m","deviceAddress":15}}';
    // A fix moves what is behind it, so one at a time.
    for (;;) {
      const outcome = check(text);
      const fixable = [...(outcome.violations ?? []), ...outcome.warnings].find(({ fix }) => fix);
      if (fixable === undefined) break;
      text = applyFix(text, fixable);
    }
    assert.equal(
      text,
      '{"text":"a","clientApplicationDescriptor":{"channelType":"MOBILE","clientId":"5","appMarker":"m","deviceAddress":"15"}}',
    );
    assert.equal(check(text).ok, true);
    assert.equal(applyFix("same", {}), "same");
  }),
);

test(
  "places count UTF-16 units of a string, bytes of bytes",
  each(({ check }) => {
    const text = '\ufeff{"🙂é":1,"text":"ж","text":"2"}';
    const bytes = new TextEncoder().encode(text);
    const [inText, inBytes] = [check(text), check(bytes)].map(({ violations }) =>
      violations.map(({ code, offset, length, column, related }) => ({ code, offset, length, column, related })),
    );
    assert.deepEqual(inText, [
      { code: "missing_field", offset: 1, length: 1, column: 1, related: undefined },
      { code: "unknown_field", offset: 2, length: 5, column: 2, related: undefined },
      { code: "duplicate_field", offset: 21, length: 6, column: 20, related: { offset: 10, length: 6 } },
    ]);
    assert.deepEqual(inBytes, [
      { code: "missing_field", offset: 3, length: 1, column: 1, related: undefined },
      { code: "unknown_field", offset: 4, length: 8, column: 2, related: undefined },
      { code: "duplicate_field", offset: 27, length: 6, column: 20, related: { offset: 15, length: 6 } },
    ]);
  }),
);

test(
  "every vector's body says the same as text, at the places of its units",
  each(({ check, createPolicy }) => {
    let compared = 0;
    let fixes = 0;
    for (const { id, body, policy, outcome } of vectors()) {
      if (body === undefined || outcome === undefined) continue;
      const options = { policy: createPolicy(policy) };
      const fromText = check(body, options);
      const bytes = new TextEncoder().encode(body);
      assert.equal(fromText.ok, outcome.ok, id);
      if (fromText.ok) assert.equal(fromText.text, outcome.request, id);
      for (const list of ["violations", "warnings"]) {
        const expected = (outcome[list] ?? []).map(({ code, pointer, offset, length, line, column, related, fix }) => {
          const place = (offset, length) => {
            const units = (to) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, to)).length;
            return { offset: units(offset), length: units(offset + length) - units(offset) };
          };
          return {
            code,
            pointer,
            ...place(offset, length),
            line,
            column,
            related: related && place(related.offset, related.length),
            fix: fix?.map(({ offset, length, text }) => ({ ...place(offset, length), text })),
          };
        });
        const found = (fromText[list] ?? []).map(({ code, pointer, offset, length, line, column, related, fix }) => ({
          code,
          pointer,
          offset,
          length,
          line,
          column,
          related,
          fix,
        }));
        assert.deepEqual(found, expected, id);
        fixes += found.filter(({ fix }) => fix).length;
        // Whatever was decided in the meantime.
        const later = check(body, options)[list] ?? [];
        check("[");
        later.forEach(({ fix, severity }, i) => {
          assert.deepEqual(fix, expected[i].fix);
          assert.equal(severity, list === "warnings" ? "warning" : "violation");
        });
      }
      compared++;
    }
    assert.ok(compared > 700 && fixes > 50, `${compared} compared, ${fixes} fixes`);
  }),
);

test(
  "an outcome is right whenever it is read",
  eachServer(({ check, isValid, createPolicy, problem }) => {
    const policy = createPolicy({ unknownFields: "drop" });
    const bodies = vectors()
      .flatMap(({ body }) => body ?? [])
      .slice(0, 300);
    const whole = (outcome) => JSON.stringify([outcome, outcome.text, outcome.ok ? 0 : problem(outcome)]);
    const make = (body) => [
      check(body),
      check(new TextEncoder().encode(body)),
      check(body, { policy }),
      check({ body }),
    ];
    const fresh = bodies.flatMap((body) => make(body).map((_, i) => whole(make(body)[i])));
    const kept = bodies.flatMap(make);
    isValid("1");
    for (let i = 0; i < 12; i++) createPolicy({ limits: { depth: 10 + i } });
    assert.deepEqual(kept.map(whole).sort(), fresh.sort());
    kept.forEach(
      (outcome) => outcome.ok || outcome.violations.forEach(({ message }) => assert.ok(message.length > 10)),
    );
  }),
);

test(
  "bytes may change after the check",
  each(({ check }) => {
    for (const size of [0, 60, 2_000, 20_000]) {
      const bytes = new TextEncoder().encode(`{"${"x".repeat(size)}":1}`);
      const outcome = check(bytes);
      bytes.fill(32);
      check("{}");
      assert.equal(outcome.violations.find(({ code }) => code === "unknown_field").length, size + 2);
    }
  }),
);

test("no bytes, first of all", async () => {
  const { check } = await import("../dist/index.js?fresh");
  const outcome = check(new Uint8Array(0));
  check("1");
  assert.equal(outcome.violations[0].code, "empty_body");
});

test(
  "an object is checked as what JSON.stringify makes of it, and has paths but no places",
  each(({ check }) => {
    const [violation] = check({ text: 5, clientApplicationDescriptor: {}, attachments: [{ url: "/" }] }).violations;
    assert.equal(violation.code, "type_mismatch");
    for (const part of ["offset", "length", "line", "column", "fix"]) assert.equal(violation[part], undefined);
    const { violations } = check({ text: "a", attachments: [{ url: "/" }], clientApplicationDescriptor: null });
    assert.deepEqual(
      violations.map(({ path }) => path),
      [["attachments", 0, "url"], ["clientApplicationDescriptor"]],
    );
    assert.equal(check({ toJSON: () => JSON.parse(NORMAL) }).text, NORMAL);
    assert.equal(check(null).violations[0].code, "type_mismatch");
    const cycle = {};
    cycle.cycle = cycle;
    for (const input of [undefined, () => {}, Symbol("x"), { id: 1n }, cycle])
      assert.throws(() => check(input), TypeError);
    for (const input of [new ArrayBuffer(2), new DataView(new ArrayBuffer(2)), new Uint16Array(2)])
      assert.throws(() => check(input), TypeError);
    assert.equal(check(Buffer.from(NORMAL)).ok, true);
  }),
);

test(
  "a raw lone surrogate is rejected, at its place, and never repaired",
  eachServer(({ check, problem }) => {
    for (const [text, offset] of [
      ['{"text":"é\ud800"}', 10],
      ["\udc00", 0],
      [`{"a":"🙂\ud83d"}`, 8],
      [`"${"x".repeat(1_000)}\ude42\ud83d"`, 1_001],
    ]) {
      const outcome = check(text);
      const { code, pointer, length } = outcome.violations[0];
      assert.deepEqual(
        [outcome.violations.length, code, pointer, outcome.violations[0].offset, length],
        [1, "invalid_unicode", "", offset, 1],
      );
      assert.match(outcome.violations[0].message, /surrogate/);
      const [error] = JSON.parse(problem(outcome).body).errors;
      assert.equal(error.code, "invalid_unicode");
      assert.equal(error.detail, outcome.violations[0].message);
    }
    // What is not JSON earlier in the text counts.
    assert.equal(check("x\ud800").violations[0].code, "invalid_json");
    // As bytes it is UTF-8 that is wrong.
    assert.equal(check(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)).violations[0].code, "invalid_utf8");
    // JSON.stringify escapes it; then it is a string's own fault.
    assert.deepEqual(check({ text: "\ud800" }).violations.find(({ code }) => code === "invalid_unicode").path, [
      "text",
    ]);
  }),
);

test(
  "too large a body is rejected by its length, and takes no memory",
  eachServer(({ check, isValid, createPolicy, problem }) => {
    const policy = createPolicy({ limits: { body: 1_024 } });
    const text = "é".repeat(600);
    for (const [input, options, actual, limit] of [
      [text, { policy }, 1_200, 1_024],
      [new TextEncoder().encode(text), { policy }, 1_200, 1_024],
      ["🙂".repeat(300_000), {}, 1_200_000, 1_048_576],
      ["\ud800".repeat(400_000), {}, 1_200_000, 1_048_576],
    ]) {
      assert.equal(isValid(input, options), false);
      const outcome = check(input, options);
      isValid("1");
      const [violation] = outcome.violations;
      assert.deepEqual(
        [violation.code, violation.actual, violation.limit, violation.offset],
        ["body_too_large", actual, limit, 0],
      );
      assert.equal(problem(outcome).status, 413);
    }
  }),
);

test(
  "__proto__ and its like are keys as any other",
  each(({ check, createPolicy }) => {
    const policy = createPolicy({ unknownFields: "keep" });
    const text = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d","__proto__":[1]}}`;
    const { value, warnings } = check(text, { policy });
    assert.equal({}.polluted, undefined);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.ok(Object.hasOwn(value, "__proto__"));
    assert.ok(Object.hasOwn(value.clientApplicationDescriptor, "__proto__"));
    assert.deepEqual(
      warnings.map(({ pointer }) => pointer),
      ["/__proto__", "/constructor", "/clientApplicationDescriptor/__proto__"],
    );
    assert.deepEqual(
      check(text).violations.map(({ code }) => code),
      ["unknown_field", "unknown_field", "unknown_field"],
    );
    assert.throws(() => createPolicy('{"channels":{"__proto__":{}}}'), { name: "PolicyError" });
  }),
);

test(
  "a path's names are unescaped",
  each(({ check }) => {
    assert.deepEqual(check('{"a/b~c":1}').violations.find(({ code }) => code === "unknown_field").path, ["a/b~c"]);
  }),
);

test(
  "the first 64 are reported",
  each(({ check }) => {
    const outcome = check(`{${Array.from({ length: 70 }, (_, i) => `"x${i}":1`)}}`);
    assert.equal(outcome.truncated, true);
    assert.equal(outcome.violations.length, 64);
  }),
);

test("100,000 calls do not let memory grow", { timeout: 60_000 }, (t) => {
  const { check, isValid, createPolicy, success } = servers.server;
  const bytes = new TextEncoder().encode(WHATSAPP);
  const round = (count) => {
    for (let i = 0; i < count; i++) {
      check(WHATSAPP).text;
      check(bytes).text;
      check(`{"x${i}":5}`).violations[0].message;
      isValid(bytes);
      if (i % 100 === 0) {
        const policy = createPolicy({ limits: { address: 1 + (i % 4_000) } });
        check("{}", { policy });
        success({ id: i, threadId: 1, clientId: 1, agentId: 1 });
      }
    }
    globalThis.gc?.();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return { heapUsed, outside: external + arrayBuffers };
  };
  // The least of a few readings: what the collector has not come to yet is no growth.
  const least = () => {
    const readings = Array.from({ length: 5 }, () => round(1_000));
    return Object.fromEntries(
      ["heapUsed", "outside"].map((what) => [what, Math.min(...readings.map((reading) => reading[what]))]),
    );
  };
  const before = least();
  round(25_000);
  const after = least();
  t.diagnostic(`heap ${before.heapUsed} → ${after.heapUsed}, outside of it ${before.outside} → ${after.outside}`);
  assert.ok(globalThis.gc, "run with --expose-gc");
  // The WebAssembly memory is among what is outside.
  assert.ok(after.outside - before.outside < 100_000);
  assert.ok(after.heapUsed - before.heapUsed < 1_000_000);
});
