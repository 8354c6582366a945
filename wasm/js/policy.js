// Policies. JavaScript keeps each as its complete JSON; the module keeps the few that were used last ready, so that
// nobody has to free one.

import { readAllDiagnostics } from "./diagnostic.js";
import { put, source } from "./input.js";
import { DEFAULT_LIMIT, call, last, textOf } from "./instance.js";

/** The policy in each slot of the module; the default policy has slot 0 for itself. */
const owners = [];

/** The slot of a policy, and its limit on bodies. */
export let slotOf;

class Policy {
  #slot = 0;
  #limit;
  json;

  static {
    slotOf = (policy) => {
      if (policy === undefined) return 0;
      if (!(policy instanceof Object && #slot in policy)) throw new TypeError("a policy is made by createPolicy");
      if (owners[policy.#slot] !== policy) policy.#load(policy.json, true);
      return policy.#slot;
    };
  }

  constructor(text, placed) {
    this.#load(text, placed);
    this.json = policyText(this.#slot);
    this.#limit = JSON.parse(this.json).limits.body;
    Object.freeze(this);
  }

  #load(text, placed) {
    const length = put(text);
    last.owner = undefined;
    const slot = call((x) => x.read_policy(length, typeof text === "string"));
    if (slot === 0) throw new PolicyError(readAllDiagnostics(placed));
    this.#slot = slot;
    owners[slot] = this;
  }

  get limit() {
    return this.#limit;
  }

  toJSON() {
    return JSON.parse(this.json);
  }
}

function policyText(slot) {
  last.owner = undefined;
  return textOf((x) => x.write_policy(slot));
}

export class PolicyError extends Error {
  name = "PolicyError";

  constructor(faults) {
    super(faults.map(({ pointer, message }) => `${pointer}: ${message}`).join("\n"));
    this.faults = faults;
  }
}

export function createPolicy(policy = {}) {
  const text = source(policy);
  return new Policy(text, text === policy);
}

export const limitOf = (policy) => policy?.limit ?? DEFAULT_LIMIT;

export function channels(policy) {
  const all = JSON.parse(policy?.json ?? policyText(slotOf(policy))).channels;
  return Object.entries(all)
    .filter(([, rules]) => rules)
    .map(([name, rules]) => ({ name, ...rules }));
}
