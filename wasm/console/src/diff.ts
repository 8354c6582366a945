// What normalizing changed: the normalized request laid out, with what is new, gone or written otherwise marked.

import { member, parse, type Member, type Value } from "./json";

export interface Piece {
  text: string;
  /** `respelled`: the same value, written in another way. */
  mark?: "new" | "gone" | "respelled";
  token?: "key" | "string" | "number" | "word";
}

export interface Difference {
  pieces: Piece[];
  changed: number;
  added: number;
  removed: number;
  renamed: number;
  respelled: number;
  reordered: boolean;
}

/** The other documented name of the descriptor, which normalizing replaces. */
const ALIAS = "applicationDescriptor";
const CANONICAL = "clientApplicationDescriptor";

/** Compares two JSON texts, of which the second is the first one normalized. */
export function compare(before: string, after: string): Difference | null {
  const [old, now] = [parse(before), parse(after)];
  return old && now && new Comparison(before, after).run(old, now);
}

class Comparison {
  private result: Difference = {
    pieces: [],
    changed: 0,
    added: 0,
    removed: 0,
    renamed: 0,
    respelled: 0,
    reordered: false,
  };

  constructor(
    private before: string,
    private after: string,
  ) {}

  run(old: Value, now: Value): Difference {
    this.value(old, now, "");
    return this.result;
  }

  private put(text: string, mark?: Piece["mark"], token?: Piece["token"]) {
    const last = this.result.pieces.at(-1);
    if (last && last.mark === mark && last.token === token) last.text += text;
    else this.result.pieces.push({ text, ...(mark && { mark }), ...(token && { token }) });
  }

  private value(old: Value, now: Value, margin: string) {
    if (old.kind === "object" && now.kind === "object") return this.object(old, now, margin);
    if (old.kind === "array" && now.kind === "array" && old.items.length === now.items.length)
      return this.array(old, now, margin);
    const [was, is] = [this.before.slice(old.from, old.to), this.after.slice(now.from, now.to)];
    if (was === is) return this.whole(this.after, now, margin);
    if (old.kind === "string" && now.kind === "string") return this.string(was, is);
    if (old.kind === "number" && now.kind === "number" && Number(was) === Number(is)) this.result.respelled++;
    else this.result.changed++;
    this.whole(this.before, old, margin, "gone");
    this.whole(this.after, now, margin, "new");
  }

  private object(old: Value, now: Value, margin: string) {
    const partner = (name: string): Member | undefined =>
      member(old, name) ?? (name === CANONICAL && margin === "" ? member(old, ALIAS) : undefined);
    const pairs = now.members.map((member) => ({ now: member, old: partner(member.key) }));
    const kept = pairs.flatMap((pair) => pair.old ?? []);
    if (kept.some((member, i) => i > 0 && member.from < kept[i - 1]!.from)) this.result.reordered = true;

    const inner = margin + "  ";
    // Members that are gone are shown behind the one that stood before them.
    const gone = (behind: Member | undefined) => {
      const from = behind ? old.members.indexOf(behind) + 1 : 0;
      for (const member of old.members.slice(from)) {
        if (kept.includes(member)) return;
        this.result.removed++;
        this.put(`\n${inner}`);
        this.put(this.before.slice(member.from, member.to), "gone", "key");
        this.put(": ", "gone");
        this.whole(this.before, member.value, inner, "gone");
      }
    };
    this.put("{");
    gone(undefined);
    pairs.forEach((pair, i) => {
      this.put(`\n${inner}`);
      const key = this.after.slice(pair.now.from, pair.now.to);
      if (!pair.old) {
        this.result.added++;
        this.put(key, "new", "key");
        this.put(": ", "new");
        this.whole(this.after, pair.now.value, inner, "new");
      } else {
        const was = this.before.slice(pair.old.from, pair.old.to);
        if (pair.old.key !== pair.now.key) {
          this.result.renamed++;
          this.put(was, "gone", "key");
          this.put(key, "new", "key");
        } else {
          if (was !== key) this.result.respelled++;
          this.put(key, was === key ? undefined : "respelled", "key");
        }
        this.put(": ");
        this.value(pair.old.value, pair.now.value, inner);
      }
      if (i < pairs.length - 1) this.put(",");
      if (pair.old) gone(pair.old);
    });
    this.put(`\n${margin}}`);
  }

  private array(old: Value, now: Value, margin: string) {
    if (!now.items.length) return this.put("[]");
    this.put("[");
    now.items.forEach((item, i) => {
      this.put(`${i ? "," : ""}\n${margin}  `);
      this.value(old.items[i]!, item, `${margin}  `);
    });
    this.put(`\n${margin}]`);
  }

  private string(was: string, is: string) {
    const [a, b] = [[...(JSON.parse(was) as string)], [...(JSON.parse(is) as string)]];
    if (a.join("") === b.join("")) {
      this.result.respelled++;
      return this.put(is, "respelled", "string");
    }
    this.result.changed++;
    this.put('"', undefined, "string");
    for (const { text, mark } of changes(a, b)) this.put(escape(text, mark === "gone"), mark, "string");
    this.put('"', undefined, "string");
  }

  /** A value that is not compared any further. */
  private whole(text: string, value: Value, margin: string, mark?: Piece["mark"]) {
    const inner = `${margin}  `;
    const list = <T>(open: string, items: T[], close: string, item: (item: T) => void) => {
      this.put(open, mark);
      items.forEach((each, i) => {
        this.put(`${i ? "," : ""}\n${inner}`, mark);
        item(each);
      });
      this.put(items.length ? `\n${margin}${close}` : close, mark);
    };
    if (value.kind === "object") {
      list("{", value.members, "}", (member) => {
        this.put(text.slice(member.from, member.to), mark, "key");
        this.put(": ", mark);
        this.whole(text, member.value, inner, mark);
      });
    } else if (value.kind === "array") {
      list("[", value.items, "]", (item) => this.whole(text, item, inner, mark));
    } else {
      const token = value.kind === "string" || value.kind === "number" ? value.kind : "word";
      this.put(text.slice(value.from, value.to), mark, token);
    }
  }
}

interface Run {
  text: string;
  mark?: "new" | "gone";
}

/** The characters of two strings as runs that are common, gone or new: a longest common subsequence. */
export function changes(a: string[], b: string[]): Run[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const runs: Run[] = [];
  const put = (text: string, mark?: Run["mark"]) => {
    const last = runs.at(-1);
    if (last && last.mark === mark) last.text += text;
    else if (text) runs.push(mark ? { text, mark } : { text });
  };
  put(a.slice(0, start).join(""));
  middle(a.slice(start, a.length - end), b.slice(start, b.length - end), put);
  put(a.slice(a.length - end).join(""));
  return runs;
}

/** Beyond this many pairs of characters the middle is shown as gone and new as a whole. */
const MOST_PAIRS = 1_000_000;

function middle(a: string[], b: string[], put: (text: string, mark?: Run["mark"]) => void) {
  if (a.length * b.length > MOST_PAIRS) {
    put(a.join(""), "gone");
    put(b.join(""), "new");
    return;
  }
  // common[i][j]: how long the longest common subsequence of a[i..] and b[j..] is.
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      put(a[i]!);
      i++;
      j++;
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      put(a[i++]!, "gone");
    else put(b[j++]!, "new");
  }
}

/** A string's characters as JSON writes them; `visible`: those that nobody sees escaped too. */
function escape(text: string, visible: boolean): string {
  const json = JSON.stringify(text).slice(1, -1);
  if (!visible) return json;
  const unit = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u00a0]/gu, (c) => c.split("").map(unit).join(""));
}
