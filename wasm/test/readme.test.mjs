// The examples of ../README.md run.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import test from "node:test";

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = [...readFileSync(`${root}README.md`, "utf8").matchAll(/```js\n(.*?)```/gs)].map(([, text]) => text);

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

test("the readme has its examples", () => assert.equal(examples.length, 4));

test("browser", async (t) => {
  const said = [];
  t.mock.method(console, "log", (...parts) => said.push(parts.join(" ")));
  await run("browser", examples[0]);
  assert.deepEqual(said, [/\/\/ (\/client.*)/.exec(examples[0])[1]]);
});

test("form library", async () => {
  const require = createRequire(import.meta.url);
  // A component would call the hook; what it is given is looked at here.
  const text = examples[1]
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
  assert.equal(errors.clientApplicationDescriptor.appMarker.message, /appMarker\.message: (.*)/.exec(examples[1])[1]);
});

test("Node", async () => {
  const text = examples[2].replace("createServer(", "export const server = createServer(").replace("8080", "0");
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

test("policies", () => run("policy", examples[3]));
