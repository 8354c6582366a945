// The built entries that behave alike.

import * as fast from "../dist/fast.js";
import * as fastServer from "../dist/fast-server.js";
import * as small from "../dist/index.js";
import * as server from "../dist/server.js";
import * as slim from "../dist/slim.js";
import { readFileSync } from "node:fs";

await slim.init(readFileSync(new URL("../dist/outgoing-to-device.wasm", import.meta.url)));

/** Those for servers. */
export const servers = { server, fastServer };
export const entries = { fast, small, slim, ...servers };

/** Runs a test for each entry. */
export function each(test, libraries = entries) {
  return (t) => Promise.all(Object.entries(libraries).map(([name, library]) => t.test(name, () => test(library))));
}

/** Runs a test for each entry for servers. */
export const eachServer = (test) => each(test, servers);

export const WHATSAPP =
  '{"text":"hi","clientApplicationDescriptor":{"channelType":"whatsapp","deviceAddress":"+7 900 000-00-00"}}';
export const NORMAL =
  '{"text":"hi","attachments":[],"clientApplicationDescriptor":{"channelType":"WHATSAPP","deviceAddress":"79000000000"}}';
/** A body under each name of the vectors' cases, as it stands in the file. */
export function vectors() {
  const all = [];
  for (const file of ["body", "call", "channels", "diagnostics", "documented", "fields", "normalized", "policy"]) {
    const lines = readFileSync(new URL(`../../tests/vectors/${file}.jsonl`, import.meta.url), "utf8")
      .trim()
      .split("\n");
    for (const line of lines) all.push(JSON.parse(line));
  }
  return all;
}
