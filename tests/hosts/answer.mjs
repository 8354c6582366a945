// Answers conformance lines with the npm package, in Node and in a browser.

const MEMBERS = [
  "code",
  "pointer",
  "offset",
  "length",
  "line",
  "column",
  "related",
  "limit",
  "actual",
  "expected",
  "channel",
  "suggestion",
];

function diagnostics(list) {
  return list.map((diagnostic) => {
    const all = {};
    for (const name of MEMBERS) if (diagnostic[name] !== undefined) all[name] = diagnostic[name];
    if (diagnostic.belongsTo !== undefined) all.belongs_to = diagnostic.belongsTo;
    if (diagnostic.fix !== undefined) all.fix = diagnostic.fix;
    return all;
  });
}

function outcome({ ok, text, violations, warnings, truncated }) {
  return ok
    ? { ok, request: text, warnings: diagnostics(warnings), truncated }
    : { ok, violations: diagnostics(violations), warnings: diagnostics(warnings), truncated };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
// Node 20 has the one, Chromium the other.
const bytesOf = (base64) => globalThis.Buffer?.from(base64, "base64") ?? Uint8Array.fromBase64(base64);

const TOKEN = /\s*(?:"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+)\s*/gy;

/** The text of a member of an object as it stands in `line`, which is known to be JSON. */
function textOf(line, name) {
  TOKEN.lastIndex = 0;
  let depth = 0;
  let key;
  let start;
  let found;
  for (let at = 0; at < line.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(line)[0].trim();
    if (depth === 1 && (token === "," || token === "}")) {
      if (key === name) found = line.slice(start, at).trim();
      key = undefined;
    } else if (depth === 1 && token === ":") {
      start = TOKEN.lastIndex;
    } else if (depth === 1 && key === undefined) {
      key = JSON.parse(token);
    }
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
  }
  return found;
}

/** A function from line to answer, of the package's functions; it keeps the last policy. */
export function host({ check, createPolicy, PolicyError }) {
  const last = { text: undefined, policy: undefined };

  function decide(line) {
    let found;
    try {
      found = JSON.parse(line);
    } catch {
      return { error: "not JSON" };
    }
    if (found === null || typeof found !== "object" || Array.isArray(found)) return { error: "not JSON" };
    const { body_base64: base64 } = found;
    if (typeof base64 !== "string") return { error: "no body_base64" };
    if (!BASE64.test(base64)) return { error: "bad base64" };
    const body = bytesOf(base64);
    const text = textOf(line, "policy");
    if (text !== last.text) {
      try {
        last.policy = text === undefined ? undefined : createPolicy(new TextEncoder().encode(text));
        last.text = text;
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error;
        return { policy_faults: diagnostics(error.faults) };
      }
    }
    return { outcome: outcome(check(body, { policy: last.policy })) };
  }

  const idOf = (line) => {
    try {
      const { id } = JSON.parse(line);
      return typeof id === "string" ? id : null;
    } catch {
      return null;
    }
  };
  return (line) => JSON.stringify({ id: idOf(line), ...decide(line) });
}
