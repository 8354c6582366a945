// Ways out of a diagnostic: its own fix, all fixes, a missing field added, a needless one removed, a policy changed.

import * as json from "./json";
import type { Diagnostic, Edit } from "./library";

export const BODY = ["text", "attachments", "clientApplicationDescriptor"] as const;
export const DESCRIPTOR = ["channelType", "clientId", "unauthorizedClientId", "appMarker", "deviceAddress"] as const;
export const ATTACHMENT = ["url", "name", "type", "size"] as const;
const POLICY = ["unknownFields", "refuse", "limits", "channels"] as const;
const CHANNEL = ["requires", "address", "text", "textWarning", "captionWarning", "national"] as const;

/** One change of a text: edits that do not overlap, in its units. */
export type Step = readonly Edit[];

export function applied(text: string, step: Step): string {
  return [...step]
    .sort((a, b) => b.offset - a.offset)
    .reduce((text, edit) => text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length), text);
}

const step = ({ from, to, insert }: json.Edit): Step => [{ offset: from, length: to - from, text: insert }];

/** More fixes than this are not made at once. */
const MOST_FIXES = 500;

/** Makes every fix, one at a time, with a check between: a fix may take another one away, or bring one. */
export function fixAll(
  text: string,
  check: (text: string) => readonly Diagnostic[],
): { steps: Step[]; made: Diagnostic[] } {
  const [steps, made]: [Step[], Diagnostic[]] = [[], []];
  const tried = new Set<string>();
  while (steps.length < MOST_FIXES) {
    const next = check(text).find(({ fix, code, pointer }) => fix && !tried.has(`${code} ${pointer} ${text}`));
    if (!next) break;
    // A text that comes back is not mended in the same way again.
    tried.add(`${next.code} ${next.pointer} ${text}`);
    steps.push(next.fix!);
    made.push(next);
    text = applied(text, next.fix!);
  }
  return { steps, made };
}

/** Puts in the field that a diagnostic misses, and says where its value begins and ends. */
export function addMissing(text: string, { code, path }: Diagnostic): { step: Step; from: number; to: number } | null {
  if (code !== "missing_field" && code !== "required_by_channel") return null;
  const root = json.parse(text);
  const key = path.at(-1);
  if (root?.kind !== "object" || typeof key !== "string") return null;
  const owner = json.at(root, path.slice(0, -1));
  if (owner?.kind !== "object") return null;
  const first = key === "clientApplicationDescriptor" || key === "applicationDescriptor" ? "channelType" : undefined;
  let edit: json.Edit;
  if (first !== undefined && !json.member(owner, key)) edit = json.setIn(text, root, key, first, '""', BODY);
  else {
    const value = first !== undefined ? `{"${first}": ""}` : key === "url" ? '"https://"' : '""';
    edit = json.set(text, root, owner, key, value, orderOf(path));
  }
  const made = step(edit);
  const put = json.at(json.parse(applied(text, made)) ?? undefined, first === undefined ? path : [...path, first]);
  return put ? { step: made, from: put.from + 1, to: put.to - 1 } : null;
}

function orderOf(path: readonly (string | number)[]): readonly string[] {
  if (path.length === 1) return BODY;
  return path[0] === "attachments" ? ATTACHMENT : DESCRIPTOR;
}

/** Takes the field away whose key a diagnostic points at. */
export function removeField(text: string, { code, offset }: Diagnostic): Step | null {
  if (!["unknown_field", "dropped_field", "kept_field", "duplicate_field"].includes(code)) return null;
  const find = (value: json.Value): Step | null => {
    const index = value.members.findIndex(({ from }) => from === offset);
    if (index >= 0) return step(json.remove(value, index));
    for (const child of [...value.members.map(({ value }) => value), ...value.items]) {
      if (child.from <= offset! && offset! < child.to) return find(child);
    }
    return null;
  };
  const root = json.parse(text);
  return root && find(root);
}

/** Changes a policy's text so that a channel reads national numbers, and says where the rule stands. */
export function nationalRule(
  policy: string,
  channel: string,
  address: string,
): { steps: Step[]; from: number; to: number; complete: boolean } | null {
  const path = ["channels", channel, "national"];
  const there = json.at(json.parse(policy) ?? undefined, path);
  if (there && there.kind !== "null") return { steps: [], from: there.from, to: there.to, complete: true };
  const digits = address.replace(/\D/g, "");
  // Russia and Kazakhstan write 8 in the place of +7; of other prefixes only the person knows the country.
  const complete = /^8\d{10}$/.test(digits);
  const prefix = /^0?/.exec(digits)![0] || digits.slice(0, 1);
  const rule = complete
    ? '{"prefix": "8", "country": "7", "length": 11}'
    : `{"prefix": "${prefix}", "country": "", "length": ${digits.length}}`;
  const { steps, text } = setPath(policy, path, rule, [POLICY, [], CHANNEL]);
  const put = json.at(json.parse(text) ?? undefined, complete ? path : [...path, "country"]);
  return put ? { steps, from: put.from, to: put.to, complete } : null;
}

/** Changes a policy's text so that these warnings, and no others, reject. */
export function refuseOnly(policy: string, codes: readonly string[]): Step[] {
  const root = json.parse(policy);
  const at = root ? root.members.findIndex(({ key }) => key === "refuse") : -1;
  if (!codes.length) return at < 0 ? [] : [step(json.remove(root!, at))];
  return setPath(policy, ["refuse"], `[${codes.map((code) => `"${code}"`).join(", ")}]`, [POLICY]).steps;
}

/** Sets a value deep in a text, with the objects on the way to it. */
function setPath(
  text: string,
  path: readonly string[],
  value: string,
  orders: readonly (readonly string[])[],
): { steps: Step[]; text: string } {
  const steps: Step[] = [];
  const make = (next: Step) => {
    steps.push(next);
    text = applied(text, next);
  };
  if (json.parse(text)?.kind !== "object") make([{ offset: 0, length: text.length, text: "{}\n" }]);
  path.forEach((key, depth) => {
    const root = json.parse(text)!;
    const owner = json.at(root, path.slice(0, depth))!;
    const last = depth === path.length - 1;
    const there = json.member(owner, key)?.value;
    if (last) make(step(json.set(text, root, owner, key, value, orders[depth]!)));
    else if (there?.kind !== "object") make(step(json.set(text, root, owner, key, "{}", orders[depth]!)));
  });
  return { steps, text };
}
