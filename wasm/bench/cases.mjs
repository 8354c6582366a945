// What is timed, in Node and in a browser alike.

import * as fast from "../dist/fast.js";
import * as small from "../dist/index.js";
import { PEERS } from "./peers.mjs";

/** Sixteen bodies of a kind, so that no branch predictor learns the one. */
const sixteen = (make) => Array.from({ length: 16 }, (_, i) => make(String(i).padStart(2, "0")));
const BODIES = {
  WhatsApp: sixteen(
    (i) =>
      `{"text":"Message to WhatsApp ${i}","clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"79000000${i}0"}}`,
  ),
  MOBILE: sixteen(
    (i) =>
      `{"text":"Your order ${i} is ready. The courier comes between six and eight.","attachments":[{"url":"https://example.com/orders/${i}.pdf","name":"order.pdf","type":"application/pdf","size":256}],"clientApplicationDescriptor":{"channelType":"MOBILE","clientId":"client-${i}","appMarker":"shop","deviceAddress":"gcm_5555555_jzxn0m4r${i}"}}`,
  ),
  "five violations": sixteen(
    (i) =>
      `{"text":${i.replace(/^0/, "1")},"attachments":[{"url":"ftp://example.com/${i}","size":-1}],"clientApplicationDescriptor":{"channelType":"MOBIL${i}","clientId":"","deviceAddress":"x"}}`,
  ),
};

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const FROM = {
  text: { make: (s) => s, object: JSON.parse },
  bytes: { make: (s) => encoder.encode(s), object: (b) => JSON.parse(decoder.decode(b)) },
  objects: { make: JSON.parse, object: (o) => o },
};

let sink = 0;
/** Reads findings as a page does that shows them; they are there or not. */
function read(findings) {
  for (const [message, path] of findings) sink += message.length + path.length;
  return findings.length === 0;
}
const ours = (check) => (input) => {
  const result = check(input);
  if (result.ok) return true;
  for (const { message, pointer, code } of result.violations) sink += message.length + pointer.length + code.length;
  return false;
};

/**
 * The groups that are compared, ours first: from what, whether the findings are read, and the contenders, each with a
 * verdict on the input. Where nobody asks for findings ours is `isValid`, which takes no objects.
 */
function groups() {
  const all = [];
  for (const [name, { make, object }] of Object.entries(FROM)) {
    const contenders = {};
    if (name === "objects") {
      contenders["ours: check"] = (o) => fast.check(o).ok;
    } else {
      contenders["ours: isValid"] = (input) => fast.isValid(input);
      contenders["ours: check"] = (input) => fast.check(input).ok;
      contenders["ours: isValid, small build"] = (input) => small.isValid(input);
      contenders["JSON.parse alone"] = (input) => object(input) !== null;
    }
    for (const [peer, { verdict }] of Object.entries(PEERS)) contenders[peer] = (input) => verdict(object(input));
    all.push({ name, make, contenders });
  }
  const contenders = { "ours: check": ours(fast.check), "ours: check, small build": ours(small.check) };
  for (const [peer, { findings }] of Object.entries(PEERS)) {
    if (findings) contenders[peer] = (s) => read(findings(JSON.parse(s)));
  }
  all.push({ name: "text, diagnostics read", make: FROM.text.make, contenders });
  return all;
}

/** The middle of some figures, and the quarter points around it. */
function spread(figures) {
  const sorted = [...figures].sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((part) => sorted[Math.round((sorted.length - 1) * part)]);
}

/**
 * Times everything in turns, `rounds` times for about `ms` each by `clock`, which is the processor's milliseconds if it
 * can be had: for each contender the nanoseconds of a body, and how many times as long as ours in the same round.
 */
export async function run({ rounds, ms, clock }) {
  const rows = [];
  for (const { name: from, make, contenders } of groups()) {
    for (const [kind, bodies] of Object.entries(BODIES)) {
      const inputs = bodies.map(make);
      const valid = !kind.includes("violations");
      for (const [name, verdict] of Object.entries(contenders)) {
        if (name !== "JSON.parse alone" && inputs.some((input) => verdict(input) !== valid)) {
          throw new Error(`${name} decides otherwise on ${kind} from ${from}`);
        }
      }
      const times = Object.keys(contenders).map(() => []);
      // The first round is for the compilers.
      for (let round = -1; round < rounds; round++) {
        for (const [i, verdict] of Object.values(contenders).entries()) {
          const start = await clock();
          const end = performance.now() + ms;
          let done = 0;
          do {
            for (let j = 0; j < 256; j++) sink += verdict(inputs[j & 15]) ? 1 : 0;
            done += 256;
          } while (performance.now() < end);
          if (round >= 0) times[i].push((((await clock()) - start) / done) * 1e6);
        }
      }
      for (const [i, name] of Object.keys(contenders).entries()) {
        const ratios = times[i].map((time, round) => time / times[0][round]);
        const bytes = Math.round(bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length);
        rows.push({
          from,
          kind,
          bytes,
          rounds,
          name,
          whole: name !== "JSON.parse alone",
          ns: spread(times[i]),
          ratio: spread(ratios),
        });
      }
    }
  }
  return rows;
}

export { sink };
