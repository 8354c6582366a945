// Checking, and what comes of it. An outcome keeps what it was made from, and reads from the module only what it is
// asked for; if the module has decided something else in the meantime, it is asked again, which gives the same.

import { INSPECT, readDiagnostics } from "./diagnostic.js";
import { isObject, put, source } from "./input.js";
import { call, decode, last, textOf } from "./instance.js";
import { limitOf, ownPolicy, slotOf } from "./policy.js";
import { keep, kept } from "./snapshot.js";

// The flags that the module's check returns.
const ACCEPTED = 1;
const TRUNCATED = 2;
const WARNED = 4;
const NORMAL = 8;

const NONE = Object.freeze([]);

// How `problem` of another copy of this library gets an outcome of its own.
export const AGAIN = Symbol.for("outgoing-to-device.again");

let checkedLength;

/** Has the module check a source: the flags. */
function decide(source, policy) {
  const slot = slotOf(policy);
  const length = (checkedLength = put(source, limitOf(policy)));
  last.owner = undefined;
  // Of a string in ASCII the bytes are the units.
  const utf16 = typeof source === "string" && source.length !== length;
  return call((wasm) => wasm.check(slot, length, utf16));
}

/** Makes the module's last decision the one on a rejected outcome: whether it was on a string; undefined for any other. */
export let recallRejected;

class Outcome {
  static name = "Outcome";

  #source;
  #policy;
  #messages;
  #placed;
  #flags;
  #lists;
  #text;
  #value;

  static {
    recallRejected = (outcome) => {
      if (!isObject(outcome) || !(#source in outcome) || outcome.ok) return undefined;
      outcome.#recall();
      return typeof outcome.#source === "string";
    };
  }

  constructor(source, policy, messages, flags, placed) {
    this.#source = source;
    this.#policy = policy;
    this.#messages = messages;
    this.#flags = flags;
    this.#placed = placed;
    this.ok = (flags & ACCEPTED) !== 0;
    this.truncated = (flags & TRUNCATED) !== 0;
    last.owner = this;
  }

  /** Makes the module's last decision the one on this outcome's source. */
  #recall() {
    if (last.owner === this) return;
    decide(kept(this.#source), this.#policy);
    last.owner = this;
  }

  #read() {
    if (this.#lists === undefined) {
      this.#recall();
      this.#lists = readDiagnostics(this.#placed, this.#messages, () => this.#recall());
    }
    return this.#lists;
  }

  get violations() {
    return this.ok ? undefined : this.#read().violations;
  }

  get warnings() {
    return this.#flags & WARNED ? this.#read().warnings : NONE;
  }

  get text() {
    return this.ok ? (this.#text ??= this.#write()) : undefined;
  }

  #write() {
    if (this.#flags & NORMAL) {
      const source = kept(this.#source);
      return typeof source === "string" ? source : decode(source);
    }
    this.#recall();
    return textOf((wasm) => wasm.write_request());
  }

  get value() {
    return this.ok ? (this.#value ??= JSON.parse(this.text)) : undefined;
  }

  toJSON() {
    const { ok, value, violations, warnings, truncated } = this;
    return ok ? { ok, value, warnings, truncated } : { ok, violations, warnings, truncated };
  }

  toString() {
    return [this.ok ? "accepted" : "rejected", ...(this.violations ?? []), ...this.warnings].join("\n");
  }

  /** What Node shows: no value of the request, so that it can be logged. */
  [INSPECT]() {
    const { ok, violations, warnings, truncated } = this;
    return ok ? { ok, warnings, truncated } : { ok, violations, warnings, truncated };
  }

  [AGAIN]({ check }) {
    const source = kept(this.#source);
    return check(typeof source === "number" ? new Uint8Array(source) : source, { policy: this.#policy });
  }
}

export function check(input, options) {
  const { policy, messages } = options ?? {};
  const from = source(input);
  const own = ownPolicy(policy);
  const flags = decide(from, own);
  const copy = typeof from === "string" ? from : keep(from, checkedLength, limitOf(own));
  return new Outcome(copy, own, messages, flags, from === input);
}

export function isValid(input, options) {
  return (decide(source(input), ownPolicy(options?.policy)) & ACCEPTED) !== 0;
}
