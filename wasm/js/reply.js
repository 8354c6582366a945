// Responses: success and problem documents, and request heads.

import { INSPECT, codes, readDiagnostics } from "./diagnostic.js";
import { isBytes, isObject, put } from "./input.js";
import { call, last, putString, putStrings } from "./instance.js";
import { AGAIN, check, recallRejected } from "./outcome.js";
import { ownPolicy, slotOf } from "./policy.js";

export function problem(rejection) {
  // One of another copy of this library is decided here again.
  const isString = recall(rejection) ?? recall(rejection?.[AGAIN]?.({ check, checkHead }));
  if (isString === undefined) throw new TypeError("a problem document is of a rejected outcome");
  const reply = call((wasm) => wasm.problem());
  // Such a fault is the only one. A string has it for a raw lone surrogate.
  if (!isString || !reply.body.includes('"invalid_utf8"')) return reply;
  const [from, to] = ["invalid_utf8", "invalid_unicode"].map((name) => codes().find(({ code }) => code === name));
  return { ...reply, body: reply.body.replace(from.code, to.code).replace(from.meaning, to.meaning) };
}

/** Makes the module's last decision the one on a rejection: whether it is on a string; undefined if it is no rejection. */
const recall = (rejection) => recallHead(rejection) ?? recallRejected(rejection);

const SMALLEST_ID = -(2n ** 63n);

/** An id as an exact BigInt. */
function exact(response, name) {
  const id = response[name];
  if (typeof id === "number" && !Number.isSafeInteger(id))
    throw new RangeError(`${name}: the number is not a safe integer`);
  if (typeof id === "string" ? !/^-?\d{1,19}$/.test(id) : typeof id !== "number" && typeof id !== "bigint") {
    throw new TypeError(`${name}: an id is a decimal string, a BigInt or a safe integer`);
  }
  const exact = BigInt(id);
  if (exact < SMALLEST_ID || exact >= -SMALLEST_ID) throw new RangeError(`${name}: an id has 64 bits`);
  return exact;
}

export function success(response) {
  const [id, threadId, clientId, agentId] = ["id", "threadId", "clientId", "agentId"].map((name) =>
    exact(response, name),
  );
  const external = response.clientExternalId ?? null;
  if (external !== null && (typeof external !== "string" || /\p{Surrogate}/u.test(external))) {
    throw new TypeError("clientExternalId: a string without lone surrogates, or null");
  }
  const length = external === null ? -1 : putString(external, Infinity);
  return call((wasm) => wasm.success(id, threadId, clientId, length, agentId));
}

export function buildResponse(response) {
  return success(response).body;
}

export function readResponse(input, options) {
  const { bigint = false, messages } = options ?? {};
  if (typeof input !== "string" && !isBytes(input))
    throw new TypeError("a response is read from a string or a Uint8Array");
  const length = put(input);
  last.owner = undefined;
  const value = call((wasm) => wasm.read_response(length, typeof input === "string", bigint));
  return value === null ? { ok: false, violations: readDiagnostics(true, messages).violations } : { ok: true, value };
}

/** The same for a rejected head. */
let recallHead;

class HeadRejected {
  static name = "HeadRejected";

  #head;
  #policy;
  #messages;
  #violations;
  ok = false;

  static {
    recallHead = (rejection) => {
      if (!isObject(rejection) || !(#head in rejection)) return undefined;
      rejection.#recall();
      return false;
    };
  }

  constructor(head, policy, messages, status) {
    this.#head = head;
    this.#policy = policy;
    this.#messages = messages;
    this.status = status;
    last.owner = this;
  }

  #recall() {
    if (last.owner === this) return;
    decideHead(this.#head, this.#policy);
    last.owner = this;
  }

  get violations() {
    if (this.#violations === undefined) {
      this.#recall();
      this.#violations = readDiagnostics(false, this.#messages).violations;
    }
    return this.#violations;
  }

  toJSON() {
    const { ok, status, violations } = this;
    return { ok, status, violations };
  }

  toString() {
    return ["rejected", ...this.violations].join("\n");
  }

  [INSPECT]() {
    return this.toJSON();
  }

  [AGAIN]({ checkHead }) {
    const [path, method, target, ...headers] = this.#head;
    return checkHead({ method, target, headers }, { path, policy: this.#policy });
  }
}

/** Has the module check a head: the status of its rejection, or 0. */
function decideHead(head, policy) {
  const slot = slotOf(policy);
  const length = putStrings(head);
  return call((wasm) => wasm.check_request_head(slot, length));
}

const ACCEPTED_HEAD = Object.freeze({ ok: true });

export function checkHead({ method, target, headers }, options) {
  const { policy, path, messages } = options ?? {};
  const head = [path ?? "/api/v1/messages/outgoing-to-device", method, target, ...flat(headers)].map(String);
  const own = ownPolicy(policy);
  const status = decideHead(head, own);
  return status === 0 ? ACCEPTED_HEAD : new HeadRejected(head, own, messages, status);
}

/** Names and values, one after another. */
function flat(headers) {
  if (!headers[Symbol.iterator]) headers = Object.entries(headers);
  const all = [];
  for (const field of headers) {
    if (typeof field === "string") all.push(field);
    else for (const value of [field[1]].flat()) if (value !== undefined) all.push(field[0], value);
  }
  return all;
}
