// What a text is that somebody pastes, drops or opens: clients mail curl commands, HTTP messages and lists of bodies.

import { command, isCommand, type Sent } from "./curl";
import { message } from "./http";

export type Recognized = { kind: "body"; text: string } | { kind: "lines" } | ({ kind: "curl" | "http" } & Sent);

/** `whole`: the text is all there is, not the beginning of a longer one. */
export function recognize(text: string, whole = true): Recognized {
  const start = /^[\ufeff\s]*/.exec(text)![0].length;
  const first = text[start];
  if ((first !== undefined && !'{["-0123456789'.includes(first)) || isCommand(text)) {
    const curl = isCommand(text) ? command(text) : null;
    if (curl) return { kind: "curl", ...curl };
    const http = message(text);
    if (http) return { kind: "http", ...http };
  }
  return isLines(text, start, whole) ? { kind: "lines" } : { kind: "body", text };
}

/** Each line a body: the first one is an object by itself, and there is another. */
function isLines(text: string, start: number, whole: boolean): boolean {
  const end = text.indexOf("\n", start);
  if (end < 0 || text[start] !== "{") return false;
  const more = text.slice(end).trim() !== "";
  return (more || !whole) && json(text.slice(start, end)) !== undefined;
}

/**
 * The JSON text inside of a JSON string, as logs have it: `"{\"text\": …}"`, or without the outer quotes. Undefined if
 * there is none.
 */
export function inner(text: string): string | undefined {
  const trimmed = text.replace(/^\ufeff/, "").trim();
  let value: unknown;
  if (trimmed.startsWith('"')) value = json(trimmed);
  else if (/^[{[]\s*\\["nrt]/.test(trimmed))
    value = json(`"${trimmed.replace(/\r?\n/g, "\\n").replace(/\t/g, "\\t")}"`);
  return typeof value === "string" && /^[\ufeff\s]*[{["]/.test(value) ? value : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
