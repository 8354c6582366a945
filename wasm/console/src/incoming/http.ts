// An HTTP request as it goes over the wire, or as editors write it into a .http file.

import { headOf } from "./head";
import type { Sent } from "./curl";

const REQUEST_LINE = /^([A-Z]+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;

/** Comments, variables and separators, which .http files have before a request. */
const BEFORE = /^(?:[ \t]*(?:#|\/\/|@\w+\s*=)[^\n]*|[ \t\r]*)(?:\n|$)/;

export function isMessage(text: string): boolean {
  return message(text) !== null;
}

export function message(text: string): Sent | null {
  let rest = text.replace(/^\ufeff/, "");
  for (let match; rest && (match = BEFORE.exec(rest)) && match[0];) rest = rest.slice(match[0].length);
  const line = (): string => {
    const end = rest.indexOf("\n");
    const [now, after] = end < 0 ? [rest, ""] : [rest.slice(0, end), rest.slice(end + 1)];
    rest = after;
    return now.replace(/\r$/, "");
  };
  const [, method, target] = REQUEST_LINE.exec(line()) ?? [];
  if (method === undefined || !/^(?:https?:\/\/|\/|\{\{|\$)/i.test(target!)) return null;
  const headers: [string, string][] = [];
  while (rest) {
    const field = line();
    if (!field.trim()) break;
    const [, name, value] = /^([^\s:]+):[ \t]*([^]*?)[ \t]*$/.exec(field) ?? [];
    if (name === undefined) return null;
    headers.push([name, value!]);
  }
  // In a .http file the next request begins behind a line of three number signs.
  let body = rest.split(/^###/m)[0]!;
  if (headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && /chunked/i.test(value)))
    body = unchunked(body) ?? body;
  const sent = { head: headOf(method, target!.startsWith("/") ? `http://${target}` : target!, headers), body };
  return body.trim() ? sent : { ...sent, missing: "none" };
}

/** A body without its chunks' sizes, or null if it has none. */
function unchunked(text: string): string | null {
  let [bytes, body] = [new TextEncoder().encode(text), [] as number[]];
  for (;;) {
    const end = bytes.indexOf(10);
    const size = /^([\da-f]{1,8})(?:;[^\n]*)?\r?$/i.exec(new TextDecoder().decode(bytes.subarray(0, Math.max(end, 0))));
    if (!size) return null;
    const length = parseInt(size[1]!, 16);
    if (length === 0) return new TextDecoder().decode(Uint8Array.from(body));
    for (const byte of bytes.subarray(end + 1, end + 1 + length)) body.push(byte);
    bytes = bytes.subarray(end + 1 + length);
    bytes = bytes.subarray(bytes[0] === 13 ? 2 : 1);
  }
}
