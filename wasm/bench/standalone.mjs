// ajv's validator as source text: what a careful user ships.

import Ajv from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { SCHEMA } from "./schema.mjs";

export function ajvSource() {
  const ajv = new Ajv.default({
    allErrors: true,
    unicodeLength: true,
    code: { source: true, esm: true, lines: false, optimize: 2 },
  });
  return standalone.default(ajv, ajv.compile(SCHEMA));
}
