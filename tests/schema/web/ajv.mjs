// Answers each line {"schemas": [text…], "texts": [base64…]} with a line ["…", …]: for each text a
// letter for each schema, a(ccepted), r(efused) or u(nreadable).
import { createInterface } from "node:readline";
import { once } from "node:events";
import Ajv from "ajv/dist/2020.js";

const decoder = new TextDecoder("utf-8", { fatal: true }); // drops a byte order mark

function read(base64) {
  try {
    return { value: JSON.parse(decoder.decode(Buffer.from(base64, "base64"))) };
  } catch {
    return undefined;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { schemas, texts } = JSON.parse(line);
  // ajv's strict mode knows no keywords but the standard's own; this is the one that is added.
  const ajv = new Ajv({ strictTypes: true });
  ajv.addKeyword("x-outgoing-to-device-unsaid");
  const validators = schemas.map((schema) => ajv.compile(JSON.parse(schema)));
  const answers = texts.map((text) => {
    const json = read(text);
    return validators.map((valid) => (json ? (valid(json.value) ? "a" : "r") : "u")).join("");
  });
  if (!process.stdout.write(`${JSON.stringify(answers)}\n`)) await once(process.stdout, "drain");
}
