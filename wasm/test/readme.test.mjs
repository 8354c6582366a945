// The examples of ../README.md compile and run, and its table has the sizes that are.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import test from "node:test";
import { ENTRIES, PARTS_TABLE, fileOf, partsTable, sizes } from "../sizes.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(`${root}README.md`, "utf8");
const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);

/** Runs an example from a file within the package, which can so import itself by its name. */
async function run(name, text) {
  const directory = mkdtempSync(`${root}build/readme-`);
  try {
    writeFileSync(`${directory}/${name}.mjs`, text);
    return await import(pathToFileURL(`${directory}/${name}.mjs`));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("the readme has its examples", () => assert.equal(examples.length, 5));

test("browser", async (t) => {
  const said = [];
  t.mock.method(console, "log", (...parts) => said.push(parts.join(" ")));
  await run("browser", examples[0]);
  assert.deepEqual(said, [/\/\/ (\/client.*)/.exec(examples[0])[1]]);
});

test("a fix", async (t) => {
  const said = [];
  t.mock.method(console, "log", (text) => said.push(text));
  await run("fix", examples[1]);
  assert.deepEqual(said, [/\/\/ (.*)\n$/.exec(examples[1])[1]]);
});

test("types", () => {
  // Within test/, where the libraries of the examples are installed; the package is found by its own name.
  const directory = mkdtempSync(`${root}test/readme-`);
  try {
    const compilerOptions = {
      module: "node16",
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable"],
      allowJs: true,
      checkJs: true,
      strict: true,
      noImplicitAny: false,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
      paths: Object.fromEntries(
        ["", "server", "messages/ru"].map((entry) => [
          entry ? `outgoing-to-device/${entry}` : "outgoing-to-device",
          [`../../dist/${entry || "index"}.d.ts`],
        ]),
      ),
    };
    writeFileSync(`${directory}/tsconfig.json`, JSON.stringify({ compilerOptions }));
    examples.forEach((text, i) => writeFileSync(`${directory}/example${i}.mjs`, text));
    const tsc = () => execFileSync(`${root}test/node_modules/.bin/tsc`, ["-p", directory], { encoding: "utf8" });
    assert.doesNotThrow(tsc, ({ stdout }) => assert.fail(stdout));
    // It is the types that say so.
    writeFileSync(
      `${directory}/wrong.mjs`,
      examples[1]
        .replaceAll("violation.fix", "violation.replacement")
        .replace("({ fix }) => fix", "({ replacement }) => replacement"),
    );
    assert.throws(tsc, ({ stdout }) => /'replacement' does not exist/.test(stdout));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

const isNear = (bytes, kb, what) => assert.ok(Math.abs(bytes / 1000 - kb) < 1, `${what} has ${bytes} bytes`);

test("sizes", () => {
  const found = sizes();
  const entries = [...readme.matchAll(ENTRIES)];
  for (const [, , entry, kb] of entries) isNear(found[fileOf(entry)].gzip, kb, fileOf(entry));
  assert.equal(entries.length, 6);
});

test("the parts of the default entry", () => {
  const listed = rowsOf(PARTS_TABLE.exec(readme)[0]);
  const found = rowsOf(partsTable());
  assert.deepEqual(Object.keys(listed).sort(), Object.keys(found).sort());
  for (const [part, figures] of Object.entries(listed)) {
    figures.forEach((kb, i) => isNear(found[part][i] * 1000, kb, part));
  }
});

/** The figures of a table by the first cells of its rows. */
function rowsOf(table) {
  const rows = table
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return Object.fromEntries(rows.map(([part, ...figures]) => [part, figures.map(Number)]));
}

test("form library", async () => {
  const require = createRequire(import.meta.url);
  // A component would call the hook; what it is given is looked at here.
  const text = examples[2]
    .replace('import { useForm } from "react-hook-form";', "const useForm = (options) => options;")
    .replace(
      '"@hookform/resolvers/standard-schema"',
      JSON.stringify(pathToFileURL(require.resolve("@hookform/resolvers/standard-schema")).href),
    )
    .concat("export { form };");
  const { form } = await run("form", text);
  const value = {
    text: "a",
    clientApplicationDescriptor: { channelType: "MOBILE", clientId: "c", deviceAddress: "d" },
  };
  const { errors } = await form.resolver(value, undefined, { fields: {} });
  assert.equal(errors.clientApplicationDescriptor.appMarker.message, /appMarker\.message: (.*)/.exec(examples[2])[1]);
});

test("Node", async () => {
  const text = examples[3].replace("createServer(", "export const server = createServer(").replace("8080", "0");
  const { server } = await run("node", text);
  await new Promise((resolve) => (server.listening ? resolve() : server.once("listening", resolve)));
  try {
    const send = (body, headers) =>
      fetch(`http://127.0.0.1:${server.address().port}/api/v1/messages/outgoing-to-device`, {
        method: "POST",
        body,
        headers,
      });
    const headers = { authorization: "Bearer t", "content-type": "application/json" };
    assert.equal((await send("{}", {})).status, 401);
    const refused = await send("{}", headers);
    assert.equal(refused.status, 400);
    assert.equal(refused.headers.get("content-type"), "application/problem+json");
    const accepted = await send(
      '{"text":"a","clientApplicationDescriptor":{"channelType":"WEB","deviceAddress":"d"}}',
      headers,
    );
    assert.equal(accepted.status, 200);
    assert.equal(accepted.headers.get("vary"), "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    assert.match(await accepted.text(), /^{"id":9223372036854775807,"threadId":2,"clientId":3,/);
  } finally {
    server.close();
  }
});

test("policies", () => run("policy", examples[4]));
