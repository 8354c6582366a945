// A curl command, or PowerShell's Invoke-WebRequest, as the request that it sends.

import { headOf, type Head } from "./head";
import { PowerShell, shellOf, split, type Shell, type Value } from "./shell";

export interface Sent {
  head: Head;
  body: string;
  /** Why there is no body: it is in a file, or is a form. */
  missing?: "file" | "form" | "none";
}

const PROMPT = /^\s*(?:[$%#>] +|PS [^>\n]*> *|[A-Za-z]:[^>\n]*> *)?/;
const CURL = /^(?:.*[\\/])?curl(?:\.exe)?$/i;
const INVOKE = /^(?:invoke-webrequest|invoke-restmethod|iwr|irm)$/i;

/** Whether a text begins as such a command does. */
export function isCommand(text: string): boolean {
  const start = text.replace(PROMPT, "").slice(0, 2000);
  return (
    /^(?:&\s*)?["']?(?:[\w.:/\\-]*[\\/])?curl(?:\.exe)?["']?\s/i.test(start) ||
    /^(?:invoke-(?:webrequest|restmethod)|iwr|irm)\s/i.test(start) ||
    (/^(?:\$[\w:.]+\s*=|['"]|@['"])/.test(start) &&
      /^\s*(?:\$\w+\s*=\s*)?(?:invoke-(?:webrequest|restmethod)|iwr|irm)\s|\|\s*curl(?:\.exe)?\s|^\s*curl\.exe\s/im.test(
        text.slice(0, 2_000_000),
      ))
  );
}

export function command(text: string): Sent | null {
  const line = text.replace(PROMPT, "").replace(/^&\s*/, "");
  if (/^(?:\$|['"]|@['"]|invoke-|iwr\b|irm\b)/i.test(line) && !/^"[^"\n]*curl/i.test(line)) return powershell(line);
  const shell = shellOf(line);
  if (shell === "powershell") return powershell(line);
  const { words, input } = split(line, shell);
  return words[0] !== undefined && CURL.test(words[0]) ? curl(words.slice(1), input, shell) : null;
}

function powershell(text: string): Sent | null {
  const values = new PowerShell(text).values();
  const at = values.findIndex((value) => typeof value === "string" && (CURL.test(value) || INVOKE.test(value)));
  if (at < 0) return null;
  if (INVOKE.test(String(values[at]))) return invoke(values.slice(at + 1));
  const piped = values[at - 1] === "|" ? values[at - 2] : undefined;
  return curl(
    values.slice(at + 1).map((value) => (typeof value === "string" ? value : "")),
    typeof piped === "string" ? piped : undefined,
    "powershell",
  );
}

/** The options that take a value, short and long; of the others an unknown one is taken for a switch. */
const SHORT = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";
const LONG = new Set(
  (
    "abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to continue-at cookie " +
    "cookie-jar data data-ascii data-binary data-raw data-urlencode delegation dns-servers dump-header form form-string header interface json key " +
    "key-type limit-rate max-filesize max-redirs max-time netrc-file noproxy oauth2-bearer output output-dir pass pinnedpubkey preproxy proto " +
    "proxy proxy-cacert proxy-header proxy-user proxytunnel range rate referer request request-target resolve retry retry-delay retry-max-time " +
    "socks5 socks5-hostname speed-limit speed-time stderr tls-max trace trace-ascii unix-socket upload-file url url-query user user-agent write-out"
  ).split(" "),
);

function curl(words: string[], input: string | undefined, shell: Shell): Sent | null {
  const headers: [string, string][] = [];
  const data: string[] = [];
  let [method, url, type, missing]: [string?, string?, string?, Sent["missing"]?] = [];
  let get = false;

  const file = (text: string, lines: boolean): string | null => {
    if (text !== "-" || input === undefined) return null;
    return lines ? input : input.replace(/[\r\n]/g, "");
  };
  const give = (value: string, { files, lines }: { files: boolean; lines: boolean }) => {
    const text = files && value.startsWith("@") ? file(value.slice(1), lines) : value;
    if (text === null) missing = "file";
    else data.push(text);
  };
  const option = (name: string, value: string) => {
    switch (name) {
      case "d":
      case "data":
      case "data-ascii":
        give(value, { files: true, lines: false });
        break;
      case "data-binary":
        give(value, { files: true, lines: true });
        break;
      case "data-raw":
        give(value, { files: false, lines: true });
        break;
      case "json":
        give(value, { files: true, lines: true });
        type = "application/json";
        break;
      case "data-urlencode":
      case "F":
      case "form":
      case "form-string":
        missing = "form";
        type = name === "data-urlencode" ? undefined : "multipart/form-data";
        break;
      case "T":
      case "upload-file":
        missing = "file";
        method ??= "PUT";
        break;
      case "H":
      case "header": {
        const [, key, rest] = /^([^:;]+)[:;][ \t]*([^]*)$/.exec(value) ?? [];
        if (key !== undefined && (rest || value.endsWith(";"))) headers.push([key.trim(), rest!]);
        break;
      }
      case "u":
      case "user":
        headers.push(["Authorization", `Basic ${btoa(unescape(encodeURIComponent(value)))}`]);
        break;
      case "oauth2-bearer":
        headers.push(["Authorization", `Bearer ${value}`]);
        break;
      case "X":
      case "request":
        method = value;
        break;
      case "url":
        url ??= value;
        break;
    }
  };

  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "|") break;
    if (word.startsWith("--")) {
      const name = word.slice(2);
      if (name === "get") get = true;
      else if (name === "head") method ??= "HEAD";
      else if (LONG.has(name)) option(name, rest.shift() ?? "");
    } else if (/^-[^-]/.test(word)) {
      for (let i = 1; i < word.length; i++) {
        const name = word[i]!;
        if (SHORT.includes(name)) {
          option(name, word.slice(i + 1) || (rest.shift() ?? ""));
          break;
        }
        if (name === "G") get = true;
        if (name === "I") method ??= "HEAD";
      }
    } else url ??= word;
  }
  if (url === undefined && !data.length) return null;

  let body = data.join("&");
  // Windows PowerShell hands words on without escaping their quotes, so that people write \" for them.
  if (shell === "powershell" && !isJson(body)) {
    const handed = body.replace(/(\\+)"/g, (_, slashes: string) => `${"\\".repeat(slashes.length >> 1)}"`);
    if (isJson(handed)) body = handed;
  }
  const sends = (data.length > 0 || missing !== undefined) && !get;
  if (get) [body, missing] = ["", "form"];
  if (!sends && !missing) missing = "none";
  const has = (name: string) => headers.some(([given]) => given.toLowerCase() === name);
  if (sends && !has("content-type")) headers.push(["Content-Type", type ?? "application/x-www-form-urlencoded"]);
  return {
    head: headOf(method ?? (sends ? "POST" : "GET"), url ?? "/", headers),
    body,
    ...(missing && !body && { missing }),
  };
}

/** Invoke-WebRequest and Invoke-RestMethod. */
function invoke(values: Value[]): Sent | null {
  const named = new Map<string, Value>();
  const PARAMETERS = [
    "uri",
    "method",
    "headers",
    "contenttype",
    "body",
    "infile",
    "usebasicparsing",
    "websession",
    "authentication",
    "token",
    "useragent",
    "outfile",
    "timeoutsec",
    "skipcertificatecheck",
  ];
  const SWITCHES = ["usebasicparsing", "skipcertificatecheck"];
  const rest = [...values];
  for (let value = rest.shift(); value !== undefined && value !== "|"; value = rest.shift()) {
    const name = typeof value === "string" ? /^-(\w+):?$/.exec(value)?.[1]?.toLowerCase() : undefined;
    const known = name && PARAMETERS.find((parameter) => parameter.startsWith(name));
    if (name === undefined) named.set("uri", named.get("uri") ?? value);
    else if (known && SWITCHES.includes(known)) continue;
    else named.set(known || name, rest.shift() ?? "");
  }
  const text = (name: string) => (typeof named.get(name) === "string" ? (named.get(name) as string) : undefined);
  const table = named.get("headers");
  const headers: [string, string][] = Array.isArray(table) ? [...table] : [];
  const type = text("contenttype");
  if (type !== undefined) headers.push(["Content-Type", type]);
  const body = text("body") ?? "";
  const method = text("method")?.toUpperCase() ?? "GET";
  if (body && !headers.some(([name]) => name.toLowerCase() === "content-type"))
    headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  const missing = named.has("infile") ? "file" : Array.isArray(named.get("body")) ? "form" : "none";
  return {
    head: headOf(method, text("uri") ?? "/", headers),
    body,
    ...(!body && { missing: missing as Sent["missing"] & string }),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
