// Policies, codes, channels, responses, heads, messages.

import assert from "node:assert/strict";
import test from "node:test";
import { WHATSAPP, each, eachServer, entries, vectors } from "./entries.mjs";
import en from "../dist/messages/en.js";
import ru from "../dist/messages/ru.js";

test(
  "a policy is built, used and written",
  each(({ check, createPolicy, channels }) => {
    const policy = createPolicy({
      unknownFields: "drop",
      channels: { VIBER: null, SMS: { address: "phone", text: 70 } },
    });
    assert.equal(createPolicy(policy.json).json, policy.json);
    assert.equal(createPolicy(policy).json, policy.json);
    assert.equal(JSON.stringify(policy), policy.json);
    assert.ok(Object.isFrozen(policy));
    const names = channels(policy).map(({ name }) => name);
    assert.equal(names.length, 11);
    assert.ok(!names.includes("VIBER") && names.includes("SMS"));
    assert.deepEqual(
      channels().find(({ name }) => name === "MOBILE"),
      {
        name: "MOBILE",
        requires: ["clientId", "appMarker"],
        address: "token",
        text: 2000,
        textWarning: null,
        captionWarning: null,
        national: null,
      },
    );
    assert.equal(
      check('{"text":"a","x":1,"clientApplicationDescriptor":{"channelType":"sms","deviceAddress":"+79000000000"}}', {
        policy,
      }).warnings[0].code,
      "dropped_field",
    );
    for (const policy of [{}, "{}", null, 5]) assert.throws(() => check("{}", { policy }), TypeError);
  }),
);

test(
  "more policies than the module keeps",
  each(({ check, createPolicy }) => {
    const policies = Array.from({ length: 40 }, (_, i) => createPolicy({ limits: { address: i + 1 } }));
    const text = (length) =>
      `{"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"${"d".repeat(length)}"}}`;
    for (let round = 0; round < 3; round++) {
      policies.forEach((policy, i) => {
        assert.equal(check(text(i + 1), { policy }).ok, true);
        assert.equal(check(text(i + 2), { policy }).violations[0].limit, i + 1);
      });
    }
  }),
);

test(
  "a policy's faults, each with its place",
  each(({ createPolicy, PolicyError }) => {
    const faults = (source) => {
      try {
        createPolicy(source);
      } catch (error) {
        assert.ok(error instanceof PolicyError && error instanceof Error);
        assert.equal(error.name, "PolicyError");
        return error.faults;
      }
      assert.fail("it was accepted");
    };
    const text = '{"é":1,"limits":{"body":1},"unknownField":"keep"}';
    assert.deepEqual(
      faults(text).map(({ code, pointer, offset, suggestion, fix }) => ({ code, pointer, offset, suggestion, fix })),
      [
        { code: "unknown_field", pointer: "/é", offset: 1, suggestion: undefined, fix: undefined },
        { code: "out_of_range", pointer: "/limits/body", offset: 24, suggestion: undefined, fix: undefined },
        {
          code: "unknown_field",
          pointer: "/unknownField",
          offset: 27,
          suggestion: "unknownFields",
          fix: undefined,
        },
      ],
    );
    assert.equal(faults(new TextEncoder().encode(text))[1].offset, 25);
    const [fault] = faults(JSON.parse(text));
    assert.equal(fault.offset, undefined);
    assert.match(fault.message, /^No such field/);
    let compared = 0;
    for (const { policy, policy_faults: expected, id } of vectors()) {
      // JavaScript's objects have a key once.
      if (expected === undefined || expected.some(({ code }) => code === "duplicate_field")) continue;
      assert.deepEqual(
        faults(JSON.stringify(policy))
          .map(({ code, pointer }) => [code, pointer])
          .sort(),
        expected.map(({ code, pointer }) => [code, pointer]).sort(),
        id,
      );
      compared++;
    }
    assert.ok(compared > 20, `${compared} compared`);
  }),
);

test(
  "responses are exact",
  eachServer(({ buildResponse, readResponse, success }) => {
    const ids = { id: 2n ** 53n + 1n, threadId: "9223372036854775807", clientId: -(2n ** 63n), agentId: 7 };
    const text =
      '{"id":9007199254740993,"threadId":9223372036854775807,"clientId":-9223372036854775808,"clientExternalId":"a\\"é","agentId":7}';
    assert.equal(buildResponse({ ...ids, clientExternalId: 'a"é' }), text);
    assert.deepEqual(readResponse(text), {
      ok: true,
      value: {
        id: "9007199254740993",
        threadId: "9223372036854775807",
        clientId: "-9223372036854775808",
        clientExternalId: 'a"é',
        agentId: "7",
      },
    });
    assert.deepEqual(readResponse(new TextEncoder().encode(text), { bigint: true }).value, {
      id: 2n ** 53n + 1n,
      threadId: 2n ** 63n - 1n,
      clientId: -(2n ** 63n),
      clientExternalId: 'a"é',
      agentId: 7n,
    });
    const tricky = '","agentId":1}';
    assert.equal(readResponse(buildResponse({ ...ids, clientExternalId: tricky })).value.clientExternalId, tricky);
    assert.match(buildResponse(ids), /"clientExternalId":null/);
    assert.deepEqual(success(ids).headers.at(-1), ["content-type", "application/json"]);
    assert.equal(success(ids).status, 200);
    for (const id of [2 ** 53, 1.5, NaN, "9223372036854775808", 2n ** 63n, -(2n ** 63n) - 1n]) {
      assert.throws(() => buildResponse({ ...ids, id }), RangeError, String(id));
    }
    for (const id of [undefined, null, "", "1e3", "0x1", " 1", "+1", true, {}])
      assert.throws(() => buildResponse({ ...ids, id }), TypeError, String(id));
    for (const clientExternalId of [5, "\ud800"])
      assert.throws(() => buildResponse({ ...ids, clientExternalId }), TypeError);
    const { ok, violations } = readResponse('{"id":1.5,"threadId":9223372036854775808,"agentId":null}', {
      messages: ru,
    });
    assert.equal(ok, false);
    assert.deepEqual(
      violations.map(({ code, pointer }) => `${code} ${pointer}`),
      [
        "missing_field /clientId",
        "missing_field /clientExternalId",
        "type_mismatch /id",
        "out_of_range /threadId",
        "missing_field /agentId",
      ],
    );
    assert.equal(violations[0].message, ru.missing_field);
    assert.equal(
      readResponse('{"id":1,"threadId":2,"clientId":3,"clientExternalId":null,"agentId":4,"more":[]}').ok,
      true,
    );
    assert.throws(() => readResponse({}), TypeError);
  }),
);

test(
  "heads, in whatever form their fields come",
  eachServer(({ checkHead, problem, createPolicy, check }) => {
    const head = { method: "POST", target: "/api/v1/messages/outgoing-to-device?x", headers: {} };
    const fields = { authorization: "Bearer t", "Content-Type": "application/json" };
    for (const headers of [fields, Object.entries(fields), new Headers(fields), Object.entries(fields).flat()]) {
      assert.deepEqual(checkHead({ ...head, headers }), { ok: true });
    }
    const twice = { ...fields, authorization: ["Bearer a", "Bearer b"] };
    assert.equal(checkHead({ ...head, headers: twice }).status, 401);
    assert.equal(checkHead({ ...head, target: "/x", headers: fields }, { path: "/x" }).ok, true);
    const refused = checkHead({ method: "GET", target: "/", headers: {} }, { messages: ru });
    check("{}");
    assert.deepEqual(
      refused.violations.map(({ code }) => code),
      ["not_found", "method_not_allowed", "unauthorized", "unsupported_media_type"],
    );
    assert.equal(refused.violations[0].message, ru.not_found);
    check("{}");
    const { status, headers, body } = problem(checkHead({ ...head, headers: { "content-type": "application/json" } }));
    assert.equal(status, 401);
    assert.deepEqual(headers, [
      ["content-type", "application/problem+json"],
      ["www-authenticate", "Bearer"],
    ]);
    assert.equal(JSON.parse(body).errors[0].code, "unauthorized");
    const policy = createPolicy({ limits: { body: 1024 } });
    assert.equal(checkHead({ ...head, headers: { ...fields, "content-length": "1025" } }, { policy }).status, 413);
    assert.throws(() => problem(check(WHATSAPP)), TypeError);
  }),
);

test(
  "Russian has every message, from every parameter",
  each(({ check, codes, createPolicy, PolicyError }) => {
    const all = codes();
    assert.equal(all.length, 40);
    assert.deepEqual(
      Object.keys(ru),
      all.map(({ code }) => code),
    );
    assert.deepEqual(en, {});
    const seen = new Set();
    const look = (diagnostic) => {
      seen.add(diagnostic.code);
      const { message } = diagnostic;
      assert.match(message, /^[А-ЯЁA-Z].*[а-яё].*[.?]$/, `${diagnostic.code}: ${message}`);
      assert.doesNotMatch(message, /undefined|\[object|NaN/, message);
      for (const part of ["limit", "channel", "suggestion"]) {
        // A lower bound of 0 is said in words, and what is odd about an address does not depend on the channel.
        if (
          diagnostic[part] &&
          !(part === "channel" && ["national_number", "unlikely_address"].includes(diagnostic.code))
        )
          assert.ok(message.includes(diagnostic[part]), `${message} without ${part}`);
      }
    };
    for (const { body, body_base64: base64, policy: source } of vectors()) {
      let policy;
      try {
        policy = createPolicy(source);
      } catch (error) {
        assert.ok(error instanceof PolicyError);
        error.faults.forEach((fault) => {
          const message = ru[fault.code];
          look({ ...fault, message: typeof message === "string" ? message : message(fault, fault.code) });
        });
        continue;
      }
      if (body === undefined && base64 === undefined) continue;
      const outcome = check(body ?? Buffer.from(base64, "base64"), { policy, messages: ru });
      [...(outcome.violations ?? []), ...outcome.warnings].forEach(look);
    }
    const group = (code) => all.find((info) => info.code === code).group;
    const unseen = all.filter(({ code }) => !seen.has(code) && group(code) !== "head").map(({ code }) => code);
    assert.deepEqual(unseen, []);
  }),
);

test(
  "a catalogue of one's own",
  each(({ check }) => {
    const messages = { missing_field: "!", unknown_field: ({ suggestion }, code) => `${code} ${suggestion}` };
    assert.deepEqual(
      check('{"txt":5,"text":5}', { messages }).violations.map(({ message }) => message),
      ["!", "unknown_field text", check('{"text":5}').violations[1].message],
    );
    assert.match(check('{"text":5}').violations[1].message, /^The value must be a string, not a number/);
  }),
);

test("the list of codes can't be changed", () => {
  const { codes } = entries.small;
  codes().length = 0;
  assert.equal(codes().length, 40);
  assert.ok(Object.isFrozen(codes()[0]));
});
