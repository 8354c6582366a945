// Splits a command into words as the three shells do that people copy commands from. What a shell would run or expand
// ($TOKEN, %TOKEN%, $(…)) stays as it is written: nothing runs here.

export type Shell = "bash" | "cmd" | "powershell";

/** A command's words, and what stands on its standard input, if that is written beside it. */
export interface Command {
  words: string[];
  input?: string;
}

/** The shell that a command was written for, as its line ends and quotes tell. */
export function shellOf(text: string): Shell {
  if (/\^\r?\n|\^"/.test(text)) return "cmd";
  if (/`\r?\n/.test(text) || /^\s*(?:\$\w+\s*=|curl\.exe\b)/.test(text) || /@['"]\r?\n|\$env:/.test(text))
    return "powershell";
  return "bash";
}

export function split(text: string, shell: Shell): Command {
  if (shell === "cmd") return { words: argv(uncaret(text)) };
  return shell === "bash" ? new Bash(text).command() : { words: new PowerShell(text).words() };
}

const SIMPLE: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

class Bash {
  private at = 0;
  private word: string | null = null;
  private words: string[] = [];
  private input: string | undefined;
  /** Here-documents whose text begins on the next line. */
  private pending: { end: string; tabs: boolean }[] = [];

  constructor(private text: string) {}

  command(): Command {
    while (this.at < this.text.length && this.step());
    this.end();
    return { words: this.words, ...(this.input !== undefined && { input: this.input }) };
  }

  private add(text: string) {
    this.word = (this.word ?? "") + text;
  }

  private end() {
    if (this.word !== null) this.words.push(this.word);
    this.word = null;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match) this.at = sticky.lastIndex;
    return match;
  }

  /** Takes the next piece; false at the command's end. */
  private step(): boolean {
    let match;
    if (this.take(/\\\r?\n/)) return true;
    if ((match = this.take(/\\([^])/))) this.add(match[1]!);
    else if (this.take(/\$'/)) this.ansi();
    else if ((match = this.take(/\$?'([^']*)'?/))) this.add(match[1]!);
    else if (this.take(/\$?"/)) this.double();
    else if ((match = this.take(/<<<[ \t]*/))) this.hereString();
    else if ((match = this.take(/<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|([^\s;|&<>]+))/))) {
      this.end();
      this.pending.push({ end: (match[2] ?? match[3] ?? match[4]!).replace(/\\/g, ""), tabs: match[1] === "-" });
    } else if (this.take(/[ \t]+/)) this.end();
    else if (this.take(/\r?\n/)) {
      this.end();
      if (!this.pending.length) return this.words.length === 0;
      for (const document of this.pending.splice(0)) this.hereDocument(document);
      return false;
    } else if (this.word === null && this.take(/#[^\n]*/)) return true;
    else if (this.pending.length && this.take(/[|;&<>()][^\n]*/)) return true;
    else if (this.take(/[|;&<>()]/)) return false;
    else this.add(this.take(/[^\s\\'"$<|;&>()]+|[^]/)![0]);
    return true;
  }

  private double() {
    this.add("");
    let match;
    while (this.at < this.text.length && !this.take(/"/)) {
      if (this.take(/\\\r?\n/)) continue;
      if ((match = this.take(/\\([$`"\\])/))) this.add(match[1]!);
      else this.add(this.take(/[^"\\]+|\\/)![0]);
    }
  }

  /** `$'…'`: C's escapes; bytes in a row are UTF-8. */
  private ansi() {
    let bytes: number[] = [];
    const flush = () => {
      if (bytes.length) this.add(new TextDecoder().decode(Uint8Array.from(bytes)));
      bytes = [];
    };
    this.add("");
    let match;
    while (this.at < this.text.length && !this.take(/'/)) {
      if ((match = this.take(/\\x([\da-f]{1,2})/i))) bytes.push(parseInt(match[1]!, 16));
      else if ((match = this.take(/\\([0-7]{1,3})/))) bytes.push(parseInt(match[1]!, 8) & 255);
      else {
        flush();
        if ((match = this.take(/\\u([\da-f]{1,4})|\\U([\da-f]{1,8})/i))) {
          const point = parseInt(match[1] ?? match[2]!, 16);
          this.add(
            point < 0xd800 || (point > 0xdfff && point <= 0x10ffff)
              ? String.fromCodePoint(point)
              : String.fromCharCode(point & 0xffff),
          );
        } else if ((match = this.take(/\\([^])/))) this.add(SIMPLE[match[1]!] ?? match[1]!);
        else this.add(this.take(/[^'\\]+|\\/)![0]);
      }
    }
    flush();
  }

  private hereString() {
    this.end();
    while (this.at < this.text.length && !/[\s;|&]/.test(this.text[this.at]!)) this.step();
    this.input = `${this.word ?? ""}\n`;
    this.word = null;
  }

  private hereDocument({ end, tabs }: { end: string; tabs: boolean }) {
    const lines: string[] = [];
    for (let match; this.at < this.text.length && (match = this.take(/([^\n]*)(\n|$)/));) {
      const line = tabs ? match[1]!.replace(/^\t+/, "") : match[1]!;
      if (line.replace(/\r$/, "") === end) break;
      lines.push(`${line}\n`);
    }
    this.input = lines.join("");
  }
}

/** The command line that cmd hands on: carets gone, everything behind a separator left out. */
function uncaret(text: string): string {
  let line = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (c === "^" && !quoted) {
      // A caret takes the meaning of what stands behind it; at the end of a line the next one goes on.
      if (text.startsWith("\r\n", at + 1)) at += 2;
      else if (text[at + 1] === "\n") at++;
      if (text.startsWith("\r\n", at + 1)) at++;
      line += text[++at] ?? "";
    } else if (c === "\n" || c === "\r") {
      if (line.trim()) break;
    } else if (!quoted && /[|&<>]/.test(c)) break;
    else {
      if (c === '"') quoted = !quoted;
      line += c;
    }
  }
  return line;
}

/** The words of a command line as Windows programs read them. */
function argv(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const slashes = /^\\*/.exec(line.slice(at, at + 1000))![0].length;
    if (slashes && line[at + slashes] === '"') {
      word = (word ?? "") + "\\".repeat(slashes >> 1);
      at += slashes - (slashes % 2 ? 0 : 1);
      if (slashes % 2) word += '"';
      continue;
    }
    const c = line[at]!;
    if (c === '"') {
      word ??= "";
      if (quoted && line[at + 1] === '"') {
        word += '"';
        at++;
      } else quoted = !quoted;
    } else if (!quoted && /\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? "") + c;
  }
  if (word !== null) words.push(word);
  return words;
}

/** A value of PowerShell: text, or a table of names and values. */
export type Value = string | [string, string][];

const BACKTICK: Record<string, string> = {
  0: "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const SINGLE = "'\u2018\u2019\u201a\u201b";
const DOUBLE = '"\u201c\u201d\u201e';

/** Reads what browsers and people write: strings, here-strings, tables, variables given before, and words. */
export class PowerShell {
  private at = 0;
  private variables = new Map<string, Value>();

  constructor(private text: string) {}

  /** The words of the command, behind the assignments that stand before it. */
  words(): string[] {
    return this.values().map((value) => (typeof value === "string" ? value : ""));
  }

  values(): Value[] {
    const values: Value[] = [];
    // `'…' | curl.exe … '@-'` is looked at by the caller: the piped text comes first.
    for (this.space(true); this.at < this.text.length;) {
      const assignment = values.length ? null : this.take(/\$(?:\w+:)?(\w+)(?:\.[\w.]+)?\s*=\s*/);
      if (assignment) {
        const value = this.value();
        this.variables.set(assignment[1]!.toLowerCase(), value ?? "");
        this.take(/[^\n]*/);
      } else {
        const value = this.value();
        if (value === null) break;
        values.push(value);
      }
      this.space(values.length === 0);
    }
    return values;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    const sticky = new RegExp(pattern, "yi");
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match) this.at = sticky.lastIndex;
    return match;
  }

  private space(lines: boolean) {
    while (this.take(lines ? /[\s;]+|`\r?\n|#[^\n]*/ : /[ \t]+|`\r?\n[ \t]*/));
  }

  private value(): Value | null {
    let match;
    if ((match = this.take(/@'[ \t]*\r?\n([^]*?)\r?\n'@/))) return match[1]!;
    if ((match = this.take(/@"[ \t]*\r?\n([^]*?)\r?\n"@/))) return this.expand(match[1]!);
    if (this.take(/@\{/)) return this.table();
    if (this.take(/\((?:\s*\[[\w.]+\]::[\w.]+\()?/)) {
      this.space(true);
      const value = this.value();
      this.take(/\s*\)+/);
      return value;
    }
    const start = this.text[this.at] ?? "";
    if (start && SINGLE.includes(start)) {
      match = this.take(new RegExp(`[${SINGLE}]((?:[^${SINGLE}]|[${SINGLE}]{2})*)[${SINGLE}]?`))!;
      return match[1]!.replace(new RegExp(`([${SINGLE}])[${SINGLE}]`, "g"), "$1");
    }
    if (start && DOUBLE.includes(start)) {
      match = this.take(new RegExp(`[${DOUBLE}]((?:[^${DOUBLE}\`]|\`[^]|[${DOUBLE}]{2})*)[${DOUBLE}]?`))!;
      return this.expand(match[1]!.replace(new RegExp(`([${DOUBLE}])[${DOUBLE}]`, "g"), "$1"));
    }
    if ((match = this.take(/\$(\w+)(?![\w:(])/))) return this.variables.get(match[1]!.toLowerCase()) ?? match[0];
    // Commands go on behind a pipe; other separators end them.
    if (this.take(/\|/)) return "|";
    match = this.take(/(?:`[^\r\n]|[^\s`;|&(){}'"])(?:`[^\r\n]|[^\s`;|&(){}])*/);
    return match && match[0].replace(/`(.)/g, "$1");
  }

  private table(): [string, string][] {
    const rows: [string, string][] = [];
    for (this.space(true); this.at < this.text.length && !this.take(/\}/); this.space(true)) {
      const key = this.take(/[\w-]+(?=\s*=)/)?.[0] ?? this.value();
      if (!this.take(/\s*=\s*/)) break;
      const value = this.value();
      if (typeof key === "string" && typeof value === "string") rows.push([key, value]);
    }
    return rows;
  }

  private expand(text: string): string {
    return text.replace(
      /`([^])|\$\(\[char\](\d+)\)|\$(\w+)/g,
      (all, escape: string | undefined, unit: string | undefined, name: string | undefined) => {
        if (escape !== undefined) return BACKTICK[escape] ?? escape;
        if (unit !== undefined) return String.fromCharCode(Number(unit));
        const value = this.variables.get(name!.toLowerCase());
        return typeof value === "string" ? value : all;
      },
    );
  }
}
