// Every vector's body as text: Chromium, with the small module, says what Node says with the fast one.

import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { inChromium } from "./browsers.mjs";
import { servers, vectors } from "./entries.mjs";

/** Runs in both. */
function answers(library, cases) {
  return cases.map(({ body, policy: source }) => {
    let policy;
    try {
      policy = library.createPolicy(source);
    } catch (error) {
      return JSON.stringify(error.faults);
    }
    const outcome = library.check(body, { policy });
    return JSON.stringify([
      outcome,
      outcome.text,
      library.isValid(body, { policy }),
      outcome.ok || library.problem(outcome),
    ]);
  });
}

test("vectors in Chromium, as text", async (t) => {
  const cases = vectors().filter(({ body }) => body !== undefined);
  // Long ASCII, other scripts, and lone surrogates take other ways into the module.
  for (const text of ["x".repeat(5_000), "é".repeat(200), "ж🙂".repeat(900), "\ud800", `${"y".repeat(400)}\udc00`]) {
    cases.push({ body: `{"text":"${text}","${text}":1}` });
  }
  const expected = answers(servers.fastServer, cases);
  const file = fileURLToPath(new URL("../dist/server.js", import.meta.url));
  const found = await inChromium({ "/server.js": file }, async (page, origin, version) => {
    t.diagnostic(`Chromium ${version}, ${cases.length} bodies`);
    // Lone surrogates do not survive the way into the page as JSON.
    const text = JSON.stringify(cases);
    return page.evaluate(
      `import("${origin}/server.js").then((library) => (${answers})(library, JSON.parse(${JSON.stringify(text)})))`,
    );
  });
  found.forEach((answer, i) => assert.equal(answer, expected[i], cases[i].id));
  assert.ok(cases.length > 800, `${cases.length} bodies`);
});
