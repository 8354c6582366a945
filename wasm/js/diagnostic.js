// Diagnostics: read from the module's table in one go. What few ask for is read, or made, when somebody does.

import { decode, readTable, textOf } from "./instance.js";

// The numbers of a diagnostic in the tables of ../src/report.rs, behind those of the head.
const HEAD = 4;
const COLUMNS = 5;
const DETAILS = 10;
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

/** A function that gives the strings of a table's text, one after another, each by its length in bytes. */
function stringsOf(text) {
  const all = decode(text);
  const isAscii = all.length === text.length; // then bytes are units
  let at = 0;
  return (length) => {
    const start = at;
    at += length;
    return isAscii ? all.slice(start, at) : decode(text.subarray(start, at));
  };
}

const PLACES = ["offset", "length", "line", "column", "related"];
const PARAMS = ["limit", "actual", "expected", "channel", "suggestion", "belongsTo"];
const ALL = ["code", "severity", "message", "pointer", "path", ...PLACES, ...PARAMS, "fix"];

/** The diagnostics of a decision, as what each of them reads more from. */
class Report {
  #placed;
  #recall;
  #violations;
  #details;
  #fixes = [];

  constructor(placed, recall, violations) {
    this.#placed = placed;
    this.#recall = recall;
    this.#violations = violations;
  }

  /** The details of the diagnostic in a row of the table. */
  details(row) {
    if (this.#details === undefined) this.readDetails();
    return this.#details[row];
  }

  readDetails() {
    this.#recall?.();
    const { numbers, at, text } = readTable((wasm) => wasm.write_details());
    const next = stringsOf(text);
    const number = (number) => (number < 0 ? undefined : number);
    const string = (length) => (length < 0 ? undefined : next(length));
    const count = numbers[at] + numbers[at + 1];
    this.#details = Array.from({ length: count }, (_, i) => {
      const row = at + HEAD + i * DETAILS;
      const placed = this.#placed && numbers[row] > 0;
      const [offset, length] = [numbers[row + 2], numbers[row + 3]];
      const actual = numbers[row + 5];
      return {
        line: placed ? numbers[row] : undefined,
        column: placed ? numbers[row + 1] : undefined,
        related: placed && offset >= 0 ? { offset, length } : undefined,
        limit: number(numbers[row + 4]),
        actual: actual < -1 ? JSON_TYPES[-2 - actual] : number(actual),
        expected: string(numbers[row + 6]),
        channel: string(numbers[row + 7]),
        suggestion: string(numbers[row + 8]),
        belongsTo: string(numbers[row + 9]),
      };
    });
  }

  /** The edits of the diagnostic in a row. */
  fix(row) {
    if (!this.#placed || !this.#recall) return undefined;
    if (!(row in this.#fixes)) {
      this.#recall();
      const isWarning = row >= this.#violations;
      this.#fixes[row] = readFix(isWarning, isWarning ? row - this.#violations : row);
    }
    return this.#fixes[row];
  }
}

class Diagnostic {
  static name = "Diagnostic";

  #message;
  #report;
  #row;

  constructor(code, severity, pointer, message, offset, length, report, row) {
    this.code = code;
    this.severity = severity;
    this.pointer = pointer;
    if (offset >= 0) {
      // As integers, which engines keep in less room.
      this.offset = offset | 0;
      this.length = length | 0;
    }
    this.#message = message;
    this.#report = report;
    this.#row = row;
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
    return this.#report.fix(this.#row);
  }

  toJSON() {
    const all = {};
    for (const key of ALL) if (this[key] !== undefined) all[key] = this[key];
    return all;
  }

  toString() {
    return `${this.pointer}: ${this.message}`;
  }

  [INSPECT]() {
    const { path, ...all } = this.toJSON();
    return all;
  }

  static {
    for (const name of ["line", "column", "related", ...PARAMS]) {
      const get = function () {
        return this.#report.details(this.#row)[name];
      };
      Object.defineProperty(this.prototype, name, { get, configurable: true });
    }
  }
}

/**
 * Reads the diagnostics of the module's last decision. `placed` says that places mean something to the caller; a
 * catalogue that has a message for every code takes the place of the English messages. `recall` makes that decision the
 * last one again, for what is read when it is asked for; without it there are no fixes, and all else is read at once.
 */
export function readDiagnostics(placed, catalogue, recall) {
  if (registry === undefined) codes();
  const english = catalogue === undefined || registry.some(({ code }) => catalogue[code] === undefined);
  const { numbers, at, text } = readTable((wasm) => wasm.write_report(english));
  const next = stringsOf(text);
  const lists = { violations: [], warnings: [] };
  const violations = numbers[at];
  const report = new Report(placed, recall, violations);
  const count = violations + numbers[at + 1];
  for (let row = 0, from = at + HEAD; row < count; row++, from += COLUMNS) {
    const { code, meaning } = registry[numbers[from]];
    const pointer = next(numbers[from + 3]);
    let message = next(numbers[from + 4]);
    if (catalogue !== undefined) message = catalogue[code] ?? (message || meaning);
    const offset = placed ? numbers[from + 1] : -1;
    const isViolation = row < violations;
    const severity = isViolation ? "violation" : "warning";
    const diagnostic = new Diagnostic(code, severity, pointer, message, offset, numbers[from + 2], report, row);
    (isViolation ? lists.violations : lists.warnings).push(diagnostic);
  }
  if (!recall) report.readDetails();
  return lists;
}

/** The edits of a diagnostic of the module's last decision; undefined if it has no fix. */
function readFix(isWarning, index) {
  const { numbers, at, text } = readTable((wasm) => wasm.write_fix(isWarning, index));
  const next = stringsOf(text);
  const edits = [];
  for (let i = 0, row = at + HEAD; i < numbers[at]; i++, row += 3) {
    edits.push({ offset: numbers[row], length: numbers[row + 1], text: next(numbers[row + 2]) });
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
