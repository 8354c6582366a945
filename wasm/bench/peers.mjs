// The peers' schemas: the contract's shape, lengths, channels and required fields. Their rules are fewer: no address
// syntax beyond a pattern, no normalizing, no warnings, and lengths in code points where the library has it so.

import { createRequire } from "node:module";
import { CHANNELS } from "./channels.mjs";

// The peers are among the tests' dependencies.
const require = createRequire(new URL("../test/package.json", import.meta.url));
const { default: Ajv } = require("ajv");
const { default: standalone } = require("ajv/dist/standalone");

const string = (maxLength) => ({ type: "string", minLength: 1, maxLength });

const SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["text", "clientApplicationDescriptor"],
  properties: {
    text: { type: "string", maxLength: 2000 },
    attachments: {
      type: "array",
      maxItems: 100,
      items: {
        type: "object",
        additionalProperties: false,
        required: ["url"],
        properties: {
          url: { ...string(4000), pattern: "^https?://[^/]" },
          name: { ...string(1000), pattern: "^[^/\\\\]*$" },
          type: { ...string(256), pattern: "^[\\w.+-]+/[\\w.+-]+" },
          size: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        },
      },
    },
    clientApplicationDescriptor: {
      type: "object",
      additionalProperties: false,
      required: ["channelType", "deviceAddress"],
      properties: {
        channelType: { enum: CHANNELS },
        clientId: string(255),
        unauthorizedClientId: string(255),
        appMarker: string(255),
        deviceAddress: string(1024),
      },
      if: { properties: { channelType: { const: "MOBILE" } } },
      then: { required: ["clientId", "appMarker"] },
    },
  },
};

/** ajv's validator as source text: what a careful user ships. */
export function ajvSource() {
  const ajv = new Ajv({ allErrors: true, unicodeLength: true, code: { source: true, esm: true, lines: false, optimize: 2 } });
  return standalone(ajv, ajv.compile(SCHEMA));
}
