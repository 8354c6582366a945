// What is timed, in Node and in a browser alike.

import ajv from "ajv-standalone";
import * as fast from "../dist/fast.js";
import * as small from "../dist/index.js";
import * as v from "valibot";
import { z } from "zod";
import { CHANNELS } from "./channels.mjs";

const zodSchema = z.strictObject({
  text: z.string().max(2000),
  attachments: z
    .array(
      z.strictObject({
        url: z.string().min(1).max(4000).regex(/^https?:\/\/[^/]/),
        name: z.string().min(1).max(1000).regex(/^[^/\\]*$/).optional(),
        type: z.string().min(1).max(256).regex(/^[\w.+-]+\/[\w.+-]+/).optional(),
        size: z.int().min(0).optional(),
      }),
    )
    .max(100)
    .optional(),
  clientApplicationDescriptor: z
    .strictObject({
      channelType: z.enum(CHANNELS),
      clientId: z.string().min(1).max(255).optional(),
      unauthorizedClientId: z.string().min(1).max(255).optional(),
      appMarker: z.string().min(1).max(255).optional(),
      deviceAddress: z.string().min(1).max(1024),
    })
    .refine((d) => d.channelType !== "MOBILE" || (d.clientId !== undefined && d.appMarker !== undefined)),
});

const text = (max) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const valibotSchema = v.strictObject({
  text: v.pipe(v.string(), v.maxLength(2000)),
  attachments: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          url: v.pipe(v.string(), v.maxLength(4000), v.regex(/^https?:\/\/[^/]/)),
          name: v.optional(v.pipe(v.string(), v.maxLength(1000), v.regex(/^[^/\\]*$/))),
          type: v.optional(v.pipe(v.string(), v.maxLength(256), v.regex(/^[\w.+-]+\/[\w.+-]+/))),
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
    v.check((d) => d.channelType !== "MOBILE" || (d.clientId !== undefined && d.appMarker !== undefined)),
  ),
});

/** Sixteen bodies of a kind, so that no branch predictor learns the one. */
const sixteen = (make) => Array.from({ length: 16 }, (_, i) => make(String(i).padStart(2, "0")));
const BODIES = {
  "WhatsApp, 122 bytes": sixteen(
    (i) => `{"text":"Message to WhatsApp ${i}","clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"79000000${i}0"}}`,
  ),
  "MOBILE, 268 bytes": sixteen(
    (i) =>
      `{"text":"Your order ${i} is ready. The courier comes between six and eight.","attachments":[{"url":"https://example.com/orders/${i}.pdf","name":"order.pdf","type":"application/pdf","size":256}],"clientApplicationDescriptor":{"channelType":"MOBILE","clientId":"client-${i}","appMarker":"shop","deviceAddress":"gcm_5555555_jzxn0m4r${i}"}}`,
  ),
  "five violations": sixteen(
    (i) =>
      `{"text":${i.replace(/^0/, "1")},"attachments":[{"url":"ftp://example.com/${i}","size":-1}],"clientApplicationDescriptor":{"channelType":"MOBIL${i}","clientId":"","deviceAddress":"x"}}`,
  ),
};

let sink = 0;
const read = (list, of) => {
  for (const one of list) sink += of(one);
};
const decoder = new TextDecoder();
const ours = ({ message, pointer, code }) => message.length + pointer.length + code.length;

/** Each takes an input and returns the verdict. */
const VERDICT = {
  text: {
    "JSON.parse alone": (s) => JSON.parse(s) !== null,
    "ajv standalone": (s) => ajv(JSON.parse(s)),
    zod: (s) => zodSchema.safeParse(JSON.parse(s)).success,
    valibot: (s) => v.safeParse(valibotSchema, JSON.parse(s)).success,
    isValid: (s) => fast.isValid(s),
    check: (s) => fast.check(s).ok,
    "isValid, small": (s) => small.isValid(s),
  },
  bytes: {
    "decode, parse, ajv": (b) => ajv(JSON.parse(decoder.decode(b))),
    isValid: (b) => fast.isValid(b),
    check: (b) => fast.check(b).ok,
    "isValid, small": (b) => small.isValid(b),
  },
  objects: {
    "ajv standalone": (o) => ajv(o),
    zod: (o) => zodSchema.safeParse(o).success,
    valibot: (o) => v.safeParse(valibotSchema, o).success,
    check: (o) => fast.check(o).ok,
  },
  "text, findings read": {
    "ajv standalone": (s) => {
      const ok = ajv(JSON.parse(s));
      if (!ok) read(ajv.errors, (e) => e.message.length + e.instancePath.length);
      return ok;
    },
    zod: (s) => {
      const r = zodSchema.safeParse(JSON.parse(s));
      if (!r.success) read(r.error.issues, (e) => e.message.length + e.path.length);
      return r.success;
    },
    valibot: (s) => {
      const r = v.safeParse(valibotSchema, JSON.parse(s));
      if (!r.success) read(r.issues, (e) => e.message.length + e.path.length);
      return r.success;
    },
    check: (s) => {
      const r = fast.check(s);
      if (!r.ok) read(r.violations, ours);
      return r.ok;
    },
    "check, small": (s) => {
      const r = small.check(s);
      if (!r.ok) read(r.violations, ours);
      return r.ok;
    },
  },
};

const INPUT = {
  text: (s) => s,
  bytes: (s) => new TextEncoder().encode(s),
  objects: (s) => JSON.parse(s),
  "text, findings read": (s) => s,
};

/**
 * Times everything in turns, `rounds` times for about `ms` each: the median, in thousands a second of what `clock`
 * counts, which is the processor's milliseconds if it can be had.
 */
export async function run({ rounds = 5, ms = 20, clock = () => performance.now() } = {}) {
  const rows = [];
  for (const [from, contenders] of Object.entries(VERDICT)) {
    for (const [kind, bodies] of Object.entries(BODIES)) {
      const inputs = bodies.map(INPUT[from]);
      const valid = !kind.includes("violations");
      for (const [name, verdict] of Object.entries(contenders)) {
        if (name !== "JSON.parse alone" && inputs.some((input) => verdict(input) !== valid)) {
          throw new Error(`${name} decides otherwise on ${kind} from ${from}`);
        }
      }
      const rates = Object.keys(contenders).map(() => []);
      for (let round = 0; round <= rounds; round++) {
        let i = 0;
        for (const verdict of Object.values(contenders)) {
          const start = await clock();
          const end = performance.now() + ms;
          let done = 0;
          do {
            for (let j = 0; j < 1024; j++) sink += verdict(inputs[j & 15]) ? 1 : 0;
            done += 1024;
          } while (performance.now() < end);
          const rate = done / ((await clock()) - start);
          // The first round is for the compilers.
          if (round > 0) rates[i].push(rate);
          i++;
        }
      }
      Object.keys(contenders).forEach((name, i) => {
        rows.push({ from, kind, name, rate: Math.round(rates[i].sort((a, b) => a - b)[rounds >> 1]) });
      });
    }
  }
  return rows;
}

export { sink };
