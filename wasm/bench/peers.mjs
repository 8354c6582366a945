// The peers: each judges an object, and lists what is wrong with it as [message, path].

import ajvStandalone from "ajv-standalone";
import Ajv from "ajv";
import { type } from "arktype";
import { isValidPhoneNumber } from "libphonenumber-js/min";
import { Compile } from "typebox/compile";
import Type from "typebox";
import * as v from "valibot";
import { z } from "zod";
import * as mini from "zod/mini";
import { CHANNELS, MOBILE, NAME_PATTERN, SCHEMA, TYPE_PATTERN, URL_PATTERN } from "./schema.mjs";

const [url, name, mediaType] = [URL_PATTERN, NAME_PATTERN, TYPE_PATTERN].map((pattern) => new RegExp(pattern));
const isComplete = (d) => d.channelType !== "MOBILE" || (d.clientId !== undefined && d.appMarker !== undefined);

function zodSchema() {
  const text = (max) => z.string().min(1).max(max);
  return z.strictObject({
    text: z.string().max(2000),
    attachments: z
      .array(
        z.strictObject({
          url: text(4000).regex(url),
          name: text(1000).regex(name).optional(),
          type: text(256).regex(mediaType).optional(),
          size: z.int().min(0).optional(),
        }),
      )
      .max(100)
      .optional(),
    clientApplicationDescriptor: z
      .strictObject({
        channelType: z.enum(CHANNELS),
        clientId: text(255).optional(),
        unauthorizedClientId: text(255).optional(),
        appMarker: text(255).optional(),
        deviceAddress: text(1024),
      })
      .refine(isComplete),
  });
}

function miniSchema() {
  const z = mini;
  const text = (max, ...more) => z.string().check(z.minLength(1), z.maxLength(max), ...more);
  return z.strictObject({
    text: z.string().check(z.maxLength(2000)),
    attachments: z.optional(
      z
        .array(
          z.strictObject({
            url: text(4000, z.regex(url)),
            name: z.optional(text(1000, z.regex(name))),
            type: z.optional(text(256, z.regex(mediaType))),
            size: z.optional(z.int().check(z.minimum(0))),
          }),
        )
        .check(z.maxLength(100)),
    ),
    clientApplicationDescriptor: z
      .strictObject({
        channelType: z.enum(CHANNELS),
        clientId: z.optional(text(255)),
        unauthorizedClientId: z.optional(text(255)),
        appMarker: z.optional(text(255)),
        deviceAddress: text(1024),
      })
      .check(z.refine(isComplete)),
  });
}

function valibotSchema() {
  const text = (max, ...more) => v.pipe(v.string(), v.minLength(1), v.maxLength(max), ...more);
  return v.strictObject({
    text: v.pipe(v.string(), v.maxLength(2000)),
    attachments: v.optional(
      v.pipe(
        v.array(
          v.strictObject({
            url: text(4000, v.regex(url)),
            name: v.optional(text(1000, v.regex(name))),
            type: v.optional(text(256, v.regex(mediaType))),
            size: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
          }),
        ),
        v.maxLength(100),
      ),
    ),
    clientApplicationDescriptor: v.pipe(
      v.strictObject({
        channelType: v.picklist(CHANNELS),
        clientId: v.optional(text(255)),
        unauthorizedClientId: v.optional(text(255)),
        appMarker: v.optional(text(255)),
        deviceAddress: text(1024),
      }),
      v.check(isComplete),
    ),
  });
}

function typeboxSchema() {
  const text = (maxLength, more) => Type.String({ minLength: 1, maxLength, ...more });
  const strict = { additionalProperties: false };
  return Type.Object(
    {
      text: Type.String({ maxLength: 2000 }),
      attachments: Type.Optional(
        Type.Array(
          Type.Object(
            {
              url: text(4000, { pattern: URL_PATTERN }),
              name: Type.Optional(text(1000, { pattern: NAME_PATTERN })),
              type: Type.Optional(text(256, { pattern: TYPE_PATTERN })),
              size: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
            },
            strict,
          ),
          { maxItems: 100 },
        ),
      ),
      clientApplicationDescriptor: Type.Object(
        {
          channelType: Type.Enum(CHANNELS),
          clientId: Type.Optional(text(255)),
          unauthorizedClientId: Type.Optional(text(255)),
          appMarker: Type.Optional(text(255)),
          deviceAddress: text(1024),
        },
        { ...strict, ...MOBILE },
      ),
    },
    strict,
  );
}

function arktypeSchema() {
  const text = (max) => `1 <= string <= ${max}`;
  return type({
    "+": "reject",
    text: "string <= 2000",
    "attachments?": type({
      "+": "reject",
      url: type(text(4000)).and(url),
      "name?": type(text(1000)).and(name),
      "type?": type(text(256)).and(mediaType),
      "size?": `0 <= number.integer <= ${Number.MAX_SAFE_INTEGER}`,
    })
      .array()
      .atMostLength(100),
    clientApplicationDescriptor: type({
      "+": "reject",
      channelType: type.enumerated(...CHANNELS),
      "clientId?": text(255),
      "unauthorizedClientId?": text(255),
      "appMarker?": text(255),
      deviceAddress: text(1024),
    }).narrow(isComplete),
  });
}

const ajvFindings = (validate) => (o) => (validate(o) ? [] : validate.errors.map((e) => [e.message, e.instancePath]));

function issues(parse) {
  return (o) => {
    const { success, error, issues = error?.issues } = parse(o);
    return success ? [] : issues.map(({ message, path }) => [message, path]);
  };
}

const ajv = new Ajv({ allErrors: true, unicodeLength: true }).compile(SCHEMA);
const full = zodSchema();
const small = miniSchema();
const valibot = valibotSchema();
const typebox = Compile(typeboxSchema());
const arktype = arktypeSchema();

const PHONES = new Set(["WHATSAPP", "VIBER"]);
// The address's rule, as far as somebody else has it.
const isPhone = ({ clientApplicationDescriptor: { channelType, deviceAddress } }) =>
  !PHONES.has(channelType) || isValidPhoneNumber(`+${deviceAddress}`);

export const PEERS = {
  "ajv standalone": { verdict: (o) => ajvStandalone(o), findings: ajvFindings(ajvStandalone) },
  "ajv at run time": { verdict: (o) => ajv(o), findings: ajvFindings(ajv) },
  zod: { verdict: (o) => full.safeParse(o).success, findings: issues((o) => full.safeParse(o)) },
  "zod/mini": { verdict: (o) => small.safeParse(o).success, findings: issues((o) => small.safeParse(o)) },
  valibot: { verdict: (o) => v.is(valibot, o), findings: issues((o) => v.safeParse(valibot, o)) },
  TypeBox: {
    verdict: (o) => typebox.Check(o),
    findings: (o) => (typebox.Check(o) ? [] : [...typebox.Errors(o)].map((e) => [e.message, e.instancePath])),
  },
  arktype: {
    verdict: (o) => arktype.allows(o),
    findings: (o) => {
      const out = arktype(o);
      return out instanceof type.errors ? [...out].map(({ message, path }) => [message, path]) : [];
    },
  },
  "ajv + libphonenumber-js": { verdict: (o) => ajvStandalone(o) && isPhone(o) },
  "zod + libphonenumber-js": { verdict: (o) => full.safeParse(o).success && isPhone(o) },
};
