// Responses: success and problem documents, and request heads.

import { readDiagnostics } from "./diagnostic.js";
import { isBytes, put } from "./input.js";
import { call, last, putStrings, putString, textOf } from "./instance.js";
import { Rejected } from "./outcome.js";
import { slotOf } from "./policy.js";

/** A response from the text that the module writes: status, header fields, an empty line, the body. */
function reply(text) {
  const end = text.indexOf("\n\n");
  const [status, ...fields] = text.slice(0, end).split("\n");
  return { status: Number(status), headers: fields.map((field) => field.split(": ")), body: text.slice(end + 2) };
}

export function problem(rejection) {
  if (!(rejection instanceof Rejected || rejection instanceof HeadRejected)) {
    throw new TypeError("a problem document is of a rejected outcome");
  }
  return reply(rejection._problem());
}

const SMALLEST = -(2n ** 63n);

/** An id as an exact BigInt. */
function exact(response, name) {
  const id = response[name];
  if (typeof id === "number" && !Number.isSafeInteger(id)) throw new RangeError(`${name}: the number is not a safe integer`);
  if (typeof id === "string" ? !/^-?\d{1,19}$/.test(id) : typeof id !== "number" && typeof id !== "bigint") {
    throw new TypeError(`${name}: an id is a decimal string, a BigInt or a safe integer`);
  }
  const exact = BigInt(id);
  if (exact < SMALLEST || exact >= -SMALLEST) throw new RangeError(`${name}: an id has 64 bits`);
  return exact;
}

export function success(response) {
  const [id, threadId, clientId, agentId] = ["id", "threadId", "clientId", "agentId"].map((name) => exact(response, name));
  const external = response.clientExternalId ?? null;
  if (external !== null && (typeof external !== "string" || /\p{Surrogate}/u.test(external))) {
    throw new TypeError("clientExternalId: a string without lone surrogates, or null");
  }
  const length = external === null ? -1 : putString(external, Infinity);
  last.owner = undefined;
  return reply(textOf((x) => x.write_response(id, threadId, clientId, length, agentId)));
}

export function buildResponse(response) {
  return success(response).body;
}

const RESPONSE = /^{"id":(-?\d+),"threadId":(-?\d+),"clientId":(-?\d+),"clientExternalId":(.*),"agentId":(-?\d+)}$/s;

export function readResponse(input, { bigint = false, messages } = {}) {
  if (typeof input !== "string" && !isBytes(input)) throw new TypeError("a response is read from a string or a Uint8Array");
  const length = put(input);
  last.owner = undefined;
  let accepted = 0;
  const text = textOf((x) => (accepted = x.read_response(length, typeof input === "string")));
  if (accepted === 0) return { ok: false, violations: readDiagnostics(true, messages) };
  const [, id, threadId, clientId, external, agentId] = RESPONSE.exec(text);
  const of = bigint ? BigInt : String;
  const clientExternalId = JSON.parse(external);
  return {
    ok: true,
    value: { id: of(id), threadId: of(threadId), clientId: of(clientId), clientExternalId, agentId: of(agentId) },
  };
}

/** A refused head: like an outcome, it asks the module again if that has decided something else. */
class HeadRejected {
  #decide;
  #messages;
  #violations;
  ok = false;

  constructor(status, decide, messages) {
    this.status = status;
    this.#decide = decide;
    this.#messages = messages;
    last.owner = this;
  }

  #recall() {
    if (last.owner === this) return;
    this.#decide();
    last.owner = this;
  }

  get violations() {
    if (this.#violations === undefined) {
      this.#recall();
      this.#violations = readDiagnostics(false, this.#messages);
    }
    return this.#violations;
  }

  _problem() {
    this.#recall();
    return textOf((x) => x.write_problem());
  }

  toJSON() {
    const { ok, status, violations } = this;
    return { ok, status, violations };
  }
}

const ACCEPTED_HEAD = Object.freeze({ ok: true });

export function checkHead({ method, target, headers }, { policy, path, messages } = {}) {
  const strings = [path ?? "/api/v1/messages/outgoing-to-device", method, target, ...flat(headers)].map(String);
  const decide = () => {
    const slot = slotOf(policy);
    const length = putStrings(strings);
    last.owner = undefined;
    return call((x) => x.check_request_head(slot, length));
  };
  const status = decide();
  return status === 0 ? ACCEPTED_HEAD : new HeadRejected(status, decide, messages);
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
