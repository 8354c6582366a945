// Checking, and what comes of it. An outcome keeps what it was made from, and reads from the module only what it is
// asked for; if the module has decided something else in the meantime, it is asked again, which gives the same.

import { codes, readDiagnostics } from "./diagnostic.js";
import { put, source } from "./input.js";
import { call, last, textOf } from "./instance.js";
import { limitOf, slotOf } from "./policy.js";
import { keep, kept } from "./snapshot.js";

// The flags that the module's check returns.
const ACCEPTED = 1;
const TRUNCATED = 2;
const WARNED = 4;
const NORMAL = 8;

const NONE = Object.freeze([]);

/** Writes a source to the module and has it checked: the flags. */
function decide(source, policy) {
  const slot = slotOf(policy);
  const length = put(source, limitOf(policy));
  last.owner = undefined;
  // Of a string in ASCII the bytes are the units.
  const utf16 = typeof source === "string" && source.length !== length;
  return call((x) => x.check(slot, length, utf16));
}

class Outcome {
  #source;
  #policy;
  #placed;
  #messages;
  #flags;
  #lists;

  constructor(source, options, flags, placed) {
    this.#source = source;
    this.#policy = options?.policy;
    this.#messages = options?.messages;
    this.#flags = flags;
    this.#placed = placed;
    this.ok = (flags & ACCEPTED) !== 0;
    this.truncated = (flags & TRUNCATED) !== 0;
  }

  _isText() {
    return typeof this.#source === "string";
  }

  /** Makes the module's last decision the one on this outcome's source. */
  _recall() {
    if (last.owner === this) return;
    decide(kept(this.#source), this.#policy);
    last.owner = this;
  }

  _lists() {
    if (this.#lists === undefined) {
      this._recall();
      const all = readDiagnostics(this.#placed, this.#messages);
      const violations = this.ok ? 0 : all.findIndex(({ severity }) => severity === "warning");
      const count = violations < 0 ? all.length : violations;
      this.#lists = { violations: all.slice(0, count), warnings: all.slice(count) };
    }
    return this.#lists;
  }

  _text() {
    if (this.#flags & NORMAL && this._isText()) return this.#source;
    this._recall();
    return textOf((x) => x.write_request());
  }

  get warnings() {
    return this.#flags & WARNED ? this._lists().warnings : NONE;
  }
}

class Accepted extends Outcome {
  #text;
  #value;

  get text() {
    return (this.#text ??= this._text());
  }

  get value() {
    return (this.#value ??= JSON.parse(this.text));
  }

  toJSON() {
    const { ok, value, warnings, truncated } = this;
    return { ok, value, warnings, truncated };
  }
}

export class Rejected extends Outcome {
  _problem() {
    this._recall();
    const text = textOf((x) => x.write_problem());
    // Such a fault is the only one. A string has it for a raw lone surrogate.
    if (!this._isText() || !text.includes('"invalid_utf8"')) return text;
    const [from, to] = ["invalid_utf8", "invalid_unicode"].map((name) => codes().find(({ code }) => code === name));
    return text.replace(from.code, to.code).replace(from.meaning, to.meaning);
  }

  get violations() {
    return this._lists().violations;
  }

  toJSON() {
    const { ok, violations, warnings, truncated } = this;
    return { ok, violations, warnings, truncated };
  }
}

export function check(input, options) {
  const from = source(input);
  const flags = decide(from, options?.policy);
    const Kind = flags & ACCEPTED ? Accepted : Rejected;
  const outcome = new Kind(typeof from === "string" ? from : keep(from), options, flags, from === input);
  last.owner = outcome;
  return outcome;
}

export function isValid(input, options) {
  const from = source(input);
  return (decide(from, options?.policy) & ACCEPTED) !== 0;
}

