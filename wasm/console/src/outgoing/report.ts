// The verdict and the diagnostics as a text to mail, in the language of the page. No value of the message is in it.

import type { Noted } from "../noted";
import { number, words } from "../language";

export interface Report {
  /** The verdict and its counts, as the page says them. */
  verdict: string;
  counts: string;
  noted: readonly Noted[];
  truncated: boolean;
  /** An own policy was in force. */
  policy: boolean;
  bytes: number;
}

export type Form = "text" | "markdown";

export function report({ verdict, counts, noted, truncated, policy, bytes }: Report, form: Form): string {
  const marked = form === "markdown";
  const strong = (text: string) => (marked ? `**${escape(text)}**` : text);
  const code = (text: string) => (marked ? fenced(text) : text);
  const plain = (text: string) => (marked ? escape(text) : text);
  const rows = noted.map(({ diagnostic, label, message, name }, i) => {
    const { severity, code: id, pointer, line, column } = diagnostic;
    const place = [line === undefined ? "" : words.atLine(number(line), number(column ?? 1)), pointer && code(pointer)]
      .filter(Boolean)
      .join(", ");
    const what = `${i + 1}. ${strong(label)}${name ? ` ${code(name)}` : ""}: ${plain(message)}`;
    return `${what}\n   ${words[severity]}, ${code(id)}${place ? `, ${place}` : ""}`;
  });
  return [
    `${strong(`${words.reportOf}: ${verdict}`)}${marked ? "  " : ""}`,
    `${counts}. ${words.bytes(number(bytes))}.${policy ? ` ${words.reportPolicy}` : ""}`,
    ...(rows.length ? ["", ...rows] : []),
    ...(truncated ? ["", words.truncated] : []),
    "",
    words.reportNoValues,
    "",
  ].join("\n");
}

/** Words in which Markdown finds nothing. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#+!|~&]/g, "\\$&");
}

/** A name as code; it may hold the marks itself. */
function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const fence = "`".repeat(longest + 1);
  const space = longest || /^ | $/.test(text) ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}
