// A command that sends a body, for the shell that it is pasted into. Nothing in it is run or expanded by that shell but
// the two variables, and no character is left in it that a terminal acts on.

import type { Shell } from "../incoming/shell";

const PATH = "/api/v1/messages/outgoing-to-device";

/** How much a shell takes: an argument of Linux, and a line of cmd. PowerShell gets the body through a pipe. */
const LONGEST: Record<Shell, number> = { bash: 128 * 1024 - 1, cmd: 8191, powershell: Infinity };

/** `file`: the body is too long for the shell, so that the command reads request.json. */
export function command(body: string, shell: Shell): { text: string; file: boolean } {
  const whole = write(body, shell);
  const length = shell === "bash" ? new TextEncoder().encode(whole).length : whole.length;
  if (length <= LONGEST[shell]) return { text: whole, file: false };
  return { text: write(null, shell), file: true };
}

function write(body: string | null, shell: Shell): string {
  if (shell === "bash") {
    return lines(
      " \\",
      "curl",
      `"$BASE_URL${PATH}"`,
      '"Authorization: Bearer $TOKEN"',
      "'Content-Type: application/json'",
      data(body, bash),
    );
  }
  if (shell === "cmd") {
    return lines(
      " ^",
      "curl",
      `"%BASE_URL%${PATH}"`,
      '"Authorization: Bearer %TOKEN%"',
      '"Content-Type: application/json"',
      data(body, cmd),
    );
  }
  const sent = lines(
    " `",
    "curl.exe",
    `"$env:BASE_URL${PATH}"`,
    '"Authorization: Bearer $env:TOKEN"',
    "'Content-Type: application/json'",
    `--data-binary '@${body === null ? "request.json" : "-"}'`,
  );
  return body === null ? sent : `${powershell(body)} | ${sent}`;
}

function lines(end: string, program: string, url: string, token: string, type: string, data: string): string {
  return [`${program} --request POST ${url}`, `  --header ${token}`, `  --header ${type}`, `  ${data}`].join(
    `${end}\n`,
  );
}

/** `--data-raw`, since an `@` would name a file. */
function data(body: string | null, quoted: (body: string) => string): string {
  return body === null ? "--data-binary @request.json" : `--data-raw ${quoted(body)}`;
}

/** What a terminal could act on: controls, U+007F among them, invisible characters, and what turns the text about. */
const ACTED_ON = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Bytes as they are: in single quotes, or, where there is more than text, in `$'…'`. */
function bash(body: string): string {
  if (!ACTED_ON.test(body.replaceAll("\n", ""))) return `'${body.replaceAll("'", `'\\''`)}'`;
  const bytes = (c: string) =>
    [...new TextEncoder().encode(c)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  const named: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
  return `$'${body.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}'\\!]/gu, (c) => named[c] ?? bytes(c))}'`;
}

/** A body of characters that no shell reads otherwise: all others are JSON's own escapes, and mean the same there. */
function plain(body: string, special: RegExp): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return body.replace(/"(?:[^"\\]|\\[^])*"?|[^"]+/g, (part) =>
    // Outside of strings, where there are no escapes, JSON has white space only.
    (part.startsWith('"') ? part : part.replace(/[\t\r\n]+ */g, " ")).replace(
      /\\([^])|[^]/g,
      (all, escaped: string | undefined) => {
        // No escape of JSON begins so, and this one is none either.
        if (escaped !== undefined) return special.test(escaped) ? "\\x" : all;
        return special.test(all) ? escape(all) : all;
      },
    ),
  );
}

/** In double quotes, with what cmd looks for even there escaped. */
function cmd(body: string): string {
  const text = plain(body, /[^ -~]|[%!^&|<>]/);
  return `"${text.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
}

/** In single quotes, of which there is none in it. */
function powershell(body: string): string {
  return `'${plain(body, /[^ -~]|'/)}'`;
}
