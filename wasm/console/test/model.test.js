// The parts without a page: edits of a JSON text, and what normalizing changed; over generated texts, seeded.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { modules } from "./modules.js";

let load, json, diff;
before(async () => {
  load = await modules();
  json = await load("json");
  diff = await load("diff");
});
after(() => load.close());

/** Numbers below `n`, the same ones on every run. */
function random(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const STRINGS = ["", "a", "message", '"\\/\b\n', "Привет", "😀\u2028", ' {"x": [1, 2]} ', "__proto__"];
const KEYS = ["text", "attachments", "clientApplicationDescriptor", "channelType", "constructor", "__proto__", "é"];

function generated(pick, depth = 0) {
  const kind = pick(depth > 2 ? 4 : 7);
  if (kind === 0) return null;
  if (kind === 1) return pick(2) === 0;
  if (kind === 2) return [0, -1.5, 1e21, 256][pick(4)];
  if (kind === 3 || kind === 4) return STRINGS[pick(STRINGS.length)];
  const length = pick(4);
  if (kind === 5) return Array.from({ length }, () => generated(pick, depth + 1));
  return Object.fromEntries(Array.from({ length }, () => [KEYS[pick(KEYS.length)], generated(pick, depth + 1)]));
}

const object = (pick) => Object.fromEntries(KEYS.filter(() => pick(2)).map((key) => [key, generated(pick)]));
const layouts = [
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => JSON.stringify(value, null, "\t"),
  (value) => JSON.stringify(value, null, 3).replace(/^(\s*"[^"\\]*"): /gm, "$1 : "),
];
const edited = (text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to);

test("the tree has every value at its place", () => {
  const pick = random(1);
  for (let i = 0; i < 2000; i++) {
    const value = generated(pick);
    const text = `\t ${layouts[pick(4)](value)}\r\n`;
    const rebuilt = (node) => {
      if (node.kind === "array") return node.items.map(rebuilt);
      if (node.kind === "object")
        return Object.fromEntries(
          node.members.map((member) => [JSON.parse(text.slice(member.from, member.to)), rebuilt(member.value)]),
        );
      const read = JSON.parse(text.slice(node.from, node.to));
      assert.equal(node.kind, read === null ? "null" : typeof read);
      return read;
    };
    assert.deepEqual(rebuilt(json.parse(text)), JSON.parse(text));
  }
  for (const bad of ["", "{", '{"a":1,}', "01", '"\u0001"', "[1]x", "\ufeff"]) assert.equal(json.parse(bad), null);
});

test("an edit changes one member and nothing else", () => {
  const pick = random(2);
  for (let i = 0; i < 4000; i++) {
    const value = object(pick);
    const text = layouts[pick(4)](value);
    const root = json.parse(text);
    const key = KEYS[pick(KEYS.length)];
    const order = KEYS;
    const next = generated(pick);
    const after = edited(text, json.set(text, root, root, key, JSON.stringify(next), order));
    const wanted = JSON.parse(text);
    Object.defineProperty(wanted, key, { value: next, enumerable: true, configurable: true, writable: true });
    assert.deepEqual(JSON.parse(after), wanted, text);
    // A new member stands where the order says.
    assert.deepEqual(
      Object.keys(JSON.parse(after)),
      KEYS.filter((name) => Object.hasOwn(wanted, name)),
    );
    if (Object.hasOwn(value, key)) continue;
    // Taking it away again gives the text back, but for the space in empty brackets.
    const grown = json.parse(after);
    const back = edited(
      after,
      json.remove(
        grown,
        grown.members.findIndex((member) => member.key === key),
      ),
    );
    assert.equal(back.replace(/\s+/g, ""), text.replace(/\s+/g, ""));
    if (Object.keys(value).length) assert.equal(back, text);
  }
});

test("items are put at the end of a list and taken out of it", () => {
  const pick = random(3);
  for (let i = 0; i < 2000; i++) {
    const items = Array.from({ length: pick(4) }, () => generated(pick, 1));
    const text = layouts[pick(4)]({ attachments: items, text: "" });
    const root = json.parse(text);
    const after = edited(text, json.append(text, root, root.members[0].value, "url", '"u"'));
    assert.deepEqual(JSON.parse(after).attachments, [...JSON.parse(JSON.stringify(items)), { url: "u" }]);
    if (!items.length) continue;
    const index = pick(items.length);
    const left = edited(text, json.remove(root.members[0].value, index));
    assert.deepEqual(JSON.parse(left).attachments, JSON.parse(JSON.stringify(items.filter((_, at) => at !== index))));
  }
});

test("formatting changes white space only, and does so once", () => {
  const pick = random(4);
  for (let i = 0; i < 2000; i++) {
    const text = layouts[pick(4)](generated(pick));
    const pretty = json.format(text);
    assert.equal(JSON.stringify(JSON.parse(pretty)), JSON.stringify(JSON.parse(text)));
    assert.equal(json.format(pretty), pretty);
  }
  assert.equal(json.format('{"\\u0061":1.50e0,"a":"\\/"}'), '{\n  "\\u0061": 1.50e0,\n  "a": "\\/"\n}');
});

test("without what is gone, a comparison is the normal form", () => {
  const pick = random(5);
  for (let i = 0; i < 4000; i++) {
    const [before, after] = [object(pick), object(pick)];
    const [a, b] = [layouts[pick(4)](before), JSON.stringify(after)];
    const { pieces, ...counts } = diff.compare(a, b);
    const left = pieces
      .filter(({ mark }) => mark !== "gone")
      .map(({ text }) => text)
      .join("");
    assert.equal(JSON.stringify(JSON.parse(left)), b);
    const marked = pieces.some(({ mark }) => mark);
    const counted = counts.changed + counts.added + counts.removed + counts.renamed + counts.respelled > 0;
    assert.equal(marked, counted, a);
    const same = (x, y) => assert.deepEqual(x, y);
    if (!counted) same(JSON.parse(a), JSON.parse(b));
    const itself = diff.compare(a, JSON.stringify(before));
    assert.ok(!itself.pieces.some(({ mark }) => mark));
  }
});

test("characters are common, gone or new, and none is lost", () => {
  const pick = random(6);
  const word = () => Array.from({ length: pick(12) }, () => ["a", "b", "😀", " "][pick(4)]);
  for (let i = 0; i < 4000; i++) {
    const [a, b] = [word(), word()];
    const runs = diff.changes(a, b);
    assert.equal(
      runs
        .filter(({ mark }) => mark !== "new")
        .map(({ text }) => text)
        .join(""),
      a.join(""),
    );
    assert.equal(
      runs
        .filter(({ mark }) => mark !== "gone")
        .map(({ text }) => text)
        .join(""),
      b.join(""),
    );
    if (a.join() === b.join()) assert.ok(runs.every(({ mark }) => !mark));
  }
  assert.deepEqual(diff.changes([..."+7 (9)"], [..."79"]), [
    { text: "+", mark: "gone" },
    { text: "7" },
    { text: " (", mark: "gone" },
    { text: "9" },
    { text: ")", mark: "gone" },
  ]);
  const long = Array.from({ length: 3000 }, (_, i) => String(i % 10));
  assert.deepEqual(
    diff
      .changes(long, [...long].reverse())
      .map(({ mark }) => mark)
      .filter(Boolean),
    ["gone", "new"],
  );
});
