// Diagnostics: read from the module's table in one go. Paths, and messages of a catalogue, are made when asked for.

import { decode, readTable, textOf } from "./instance.js";

// The numbers of a diagnostic, as ../src/report.rs writes them, behind those of the table's head.
const HEAD = 4;
const COLUMNS = 15;
const JSON_TYPES = ["null", "boolean", "number", "string", "array", "object"];

/** The name of the method that Node calls for what it shows of an object. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");

let registry;

/** Every code, in the order of the registry. */
export function codes() {
  registry ??= textOf((wasm) => wasm.write_codes())
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [code, severity, group, meaning] = line.split("\t");
      return Object.freeze({ code, severity, group, meaning });
    });
  return registry.slice();
}

/** Gives the strings of the diagnostics, one after another, each by its length in bytes. */
class Text {
  #bytes;
  #all;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
    this.#all = decode(bytes);
  }

  next(length) {
    const start = this.#at;
    const end = (this.#at += length);
    // In ASCII bytes are units.
    if (this.#all.length === this.#bytes.length) return this.#all.slice(start, end);
    return decode(this.#bytes.subarray(start, end));
  }
}

const OWN = ["code", "severity", "message", "pointer", "path", "offset", "length", "line", "column", "related"];
const PARAMS = ["limit", "actual", "expected", "channel", "suggestion", "belongsTo"];

class Diagnostic {
  static name = "Diagnostic";

  #message;
  #fix; // its edits, or what reads them

  constructor(row, at, text, placed, catalogue, severity, fix) {
    const { code, meaning } = registry[row[at]];
    this.code = code;
    this.severity = severity;
    this.pointer = text.next(row[at + 9]);
    this.#message = text.next(row[at + 10]);
    this.#fix = fix;
    if (catalogue !== undefined) this.#message = catalogue[code] ?? (this.#message || meaning);
    if (placed && row[at + 1] >= 0) {
      // As integers, which engines keep in less room.
      this.offset = row[at + 1] | 0;
      this.length = row[at + 2] | 0;
      this.line = row[at + 3] | 0;
      this.column = row[at + 4] | 0;
      if (row[at + 5] >= 0) this.related = { offset: row[at + 5] | 0, length: row[at + 6] | 0 };
    }
    const limit = row[at + 7];
    if (limit >= 0) this.limit = limit;
    const actual = row[at + 8];
    if (actual !== -1) this.actual = actual >= 0 ? actual : JSON_TYPES[-2 - actual];
    if (row[at + 11] >= 0) this.expected = text.next(row[at + 11]);
    if (row[at + 12] >= 0) this.channel = text.next(row[at + 12]);
    if (row[at + 13] >= 0) this.suggestion = text.next(row[at + 13]);
    if (row[at + 14] >= 0) this.belongsTo = text.next(row[at + 14]);
  }

  get message() {
    const message = this.#message;
    return typeof message === "function" ? message(this, this.code) : message;
  }

  get path() {
    const name = (token) =>
      /^(0|[1-9]\d{0,8})$/.test(token) ? Number(token) : token.replaceAll("~1", "/").replaceAll("~0", "~");
    return this.pointer.split("/").slice(1).map(name);
  }

  get fix() {
    if (typeof this.#fix === "function") this.#fix = this.#fix();
    return this.#fix;
  }

  toJSON() {
    const all = {};
    for (const key of [...OWN, ...PARAMS, "fix"]) if (this[key] !== undefined) all[key] = this[key];
    return all;
  }

  toString() {
    return `${this.pointer}: ${this.message}`;
  }

  [INSPECT]() {
    const { path, ...all } = this.toJSON();
    return all;
  }
}

/**
 * Reads the diagnostics of the module's last decision. `placed` says that places mean something to the caller; a
 * catalogue that has a message for every code takes the place of the English messages. `recall` makes that decision the
 * last one again: fixes are worked out when they are asked for.
 */
export function readDiagnostics(placed, catalogue, recall) {
  if (registry === undefined) codes();
  const english = catalogue === undefined || registry.some(({ code }) => catalogue[code] === undefined);
  const { numbers, at, text } = readTable((wasm) => wasm.write_report(english));
  const strings = new Text(text);
  let row = at + HEAD;
  const list = (count, severity) => {
    const all = [];
    for (let i = 0; i < count; i++, row += COLUMNS) {
      const fix = placed && recall ? () => readFix(recall, severity, i) : undefined;
      all.push(new Diagnostic(numbers, row, strings, placed, catalogue, severity, fix));
    }
    return all;
  };
  return { violations: list(numbers[at], "violation"), warnings: list(numbers[at + 1], "warning") };
}

/** The edits of a diagnostic of the decision that `recall` recalls; undefined if it has no fix. */
function readFix(recall, severity, index) {
  recall();
  const { numbers, at, text } = readTable((wasm) => wasm.write_fix(severity === "warning", index));
  const strings = new Text(text);
  const edits = [];
  for (let i = 0, row = at + HEAD; i < numbers[at]; i++, row += 3) {
    edits.push({ offset: numbers[row], length: numbers[row + 1], text: strings.next(numbers[row + 2]) });
  }
  return edits.length > 0 ? edits : undefined;
}

/** The text with the fix of a diagnostic made. */
export function applyFix(text, { fix = [] }) {
  return fix.reduceRight(
    (text, edit) => text.slice(0, edit.offset) + edit.text + text.slice(edit.offset + edit.length),
    text,
  );
}
