// JSON text as a tree with places, so that the form can change one value and leave the rest of the text alone.

export interface Value {
  kind: "object" | "array" | "string" | "number" | "boolean" | "null";
  from: number;
  to: number;
  members: Member[];
  items: Value[];
}

export interface Member {
  key: string;
  /** Where the key stands, quotes included. */
  from: number;
  to: number;
  value: Value;
}

export interface Edit {
  from: number;
  to: number;
  insert: string;
}

/** The tree of a JSON text, or null if the text is not JSON. */
export function parse(text: string): Value | null {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  try {
    JSON.parse(start ? text.slice(1) : text);
    return new Reader(text, start).value();
  } catch {
    return null; // not JSON, or nested deeper than the stack
  }
}

/** Finds places in a text that JSON.parse has accepted. */
class Reader {
  constructor(
    private text: string,
    private at: number,
  ) {}

  value(): Value {
    this.space();
    const from = this.at;
    const value: Value = { kind: "null", from, to: from, members: [], items: [] };
    switch (this.text[from]) {
      case "{":
        value.kind = "object";
        this.list("}", () => {
          const keyFrom = this.at;
          const key = JSON.parse(this.string()) as string;
          const keyTo = this.at;
          this.space();
          this.at++; // the colon
          value.members.push({ key, from: keyFrom, to: keyTo, value: this.value() });
        });
        break;
      case "[":
        value.kind = "array";
        this.list("]", () => value.items.push(this.value()));
        break;
      case '"':
        value.kind = "string";
        this.string();
        break;
      case "t":
      case "f":
        value.kind = "boolean";
        this.at += this.text[from] === "t" ? 4 : 5;
        break;
      case "n":
        this.at += 4;
        break;
      default:
        value.kind = "number";
        for (
          let c = this.code();
          (c >= 48 && c <= 57) || c === 45 || c === 46 || c === 43 || c === 69 || c === 101;
          c = this.code()
        )
          this.at++;
    }
    value.to = this.at;
    return value;
  }

  private list(close: string, item: () => void) {
    this.at++;
    this.space();
    while (this.text[this.at] !== close) {
      item();
      this.space();
      if (this.text[this.at] === ",") this.at++;
      this.space();
    }
    this.at++;
  }

  private string(): string {
    const from = this.at;
    for (let end = this.text.indexOf('"', from + 1); ; end = this.text.indexOf('"', end + 1)) {
      let slashes = 0;
      while (this.text.charCodeAt(end - 1 - slashes) === 92) slashes++;
      if (slashes % 2) continue;
      this.at = end + 1;
      return this.text.slice(from, this.at);
    }
  }

  private space() {
    for (let c = this.code(); c === 32 || c === 10 || c === 13 || c === 9; c = this.code()) this.at++;
  }

  private code(): number {
    return this.text.charCodeAt(this.at);
  }
}

/** The member that counts: the first of that name. */
export function member(value: Value | undefined, key: string): Member | undefined {
  return value?.members.find((member) => member.key === key);
}

/** The value at a path, if there is one. */
export function at(value: Value | undefined, path: readonly (string | number)[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (value, key) => (typeof key === "number" ? value?.items[key] : member(value, key)?.value),
    value,
  );
}

/** What a string says, or the JSON text of anything else; nothing for an absent or null value. */
export function shown(text: string, value: Value | undefined): string {
  if (!value || value.kind === "null") return "";
  const raw = text.slice(value.from, value.to);
  return value.kind === "string" ? (JSON.parse(raw) as string) : raw;
}

/** How a text is laid out, read off the text itself. */
interface Style {
  colon: string;
  comma: string;
  /** One level of indentation, or null where everything stands on one line. */
  indent: string | null;
}

function style(text: string, root: Value): Style {
  const [first, second] = root.members;
  if (!first) return { colon: ": ", comma: ", ", indent: "  " };
  const lead = text.slice(root.from + 1, first.from);
  return {
    colon: text.slice(first.to, first.value.from),
    comma: second ? text.slice(first.value.to, second.from) : ", ",
    indent: lead.includes("\n") ? lead.slice(lead.lastIndexOf("\n") + 1) || "  " : null,
  };
}

/** The white space at the beginning of the line that `at` stands on. */
function margin(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return /^[ \t]*/.exec(line)![0];
}

/** `inner` between two brackets, laid out as the rest of the text. */
function wrap(open: string, inner: string, close: string, margin: string, { indent }: Style): string {
  if (indent === null) return open + inner + close;
  return `${open}\n${margin}${indent}${inner}\n${margin}${close}`;
}

/** Puts `item` into a list behind `previous`, or first. */
function put(
  text: string,
  list: Value,
  item: (margin: string) => string,
  previous: number | null,
  layout: Style,
): Edit {
  const items = list.kind === "object" ? list.members : list.items;
  const first = items[0];
  if (!first) {
    const outer = margin(text, list.from);
    const brackets = list.kind === "object" ? "{}" : "[]";
    const inner = item(outer + (layout.indent ?? ""));
    return { from: list.from, to: list.to, insert: wrap(brackets[0]!, inner, brackets[1]!, outer, layout) };
  }
  const lead = text.slice(list.from + 1, first.from);
  const broken = lead.includes("\n");
  const inner = item(broken ? lead.slice(lead.lastIndexOf("\n") + 1) : margin(text, list.from));
  const between = broken ? `,${lead.slice(lead.lastIndexOf("\n"))}` : layout.comma.includes("\n") ? ", " : layout.comma;
  if (previous === null) return { from: first.from, to: first.from, insert: inner + between };
  return { from: previous, to: previous, insert: between + inner };
}

/** Sets a member of an object; a new one goes where `order` says. `value` is JSON text. */
export function set(
  text: string,
  root: Value,
  object: Value,
  key: string,
  value: string,
  order: readonly string[],
): Edit {
  const there = member(object, key);
  if (there) return { from: there.value.from, to: there.value.to, insert: value };
  const layout = style(text, root);
  const before = order.slice(0, order.indexOf(key));
  const previous = object.members.filter((member) => before.includes(member.key)).at(-1)?.value.to ?? null;
  return put(text, object, () => JSON.stringify(key) + layout.colon + value, previous, layout);
}

/** Sets a member of an object that does not stand there yet either. */
export function setIn(
  text: string,
  root: Value,
  owner: string,
  key: string,
  value: string,
  order: readonly string[],
): Edit {
  const layout = style(text, root);
  const outer = layout.indent ?? "";
  const object = wrap("{", JSON.stringify(key) + layout.colon + value, "}", outer, layout);
  return set(text, root, root, owner, object, order);
}

/** Puts an object with one member at the end of an array. */
export function append(text: string, root: Value, array: Value, key: string, value: string): Edit {
  const layout = style(text, root);
  const inner = JSON.stringify(key) + layout.colon + value;
  const last = array.items.at(-1)?.to ?? null;
  return put(text, array, (margin) => wrap("{", inner, "}", margin, layout), last, layout);
}

/** Takes the `index`th member or item away, with the comma that belongs to it. */
export function remove(list: Value, index: number): Edit {
  const items = list.kind === "object" ? list.members.map((m) => ({ from: m.from, to: m.value.to })) : list.items;
  const [previous, item, next] = [items[index - 1], items[index]!, items[index + 1]];
  if (previous) return { from: previous.to, to: item.to, insert: "" };
  if (next) return { from: item.from, to: next.from, insert: "" };
  return { from: list.from + 1, to: list.to - 1, insert: "" };
}

/** The text laid out with two spaces, every value spelled as it was; null if it is not JSON. */
export function format(text: string): string | null {
  const root = parse(text);
  return root && pretty(text, root, "");
}

function pretty(text: string, value: Value, margin: string): string {
  const inner = margin + "  ";
  if (value.kind === "object" && value.members.length) {
    const members = value.members.map((m) => `${inner}${text.slice(m.from, m.to)}: ${pretty(text, m.value, inner)}`);
    return `{\n${members.join(",\n")}\n${margin}}`;
  }
  if (value.kind === "array" && value.items.length) {
    return `[\n${value.items.map((item) => inner + pretty(text, item, inner)).join(",\n")}\n${margin}]`;
  }
  if (value.kind === "object") return "{}";
  return value.kind === "array" ? "[]" : text.slice(value.from, value.to);
}
