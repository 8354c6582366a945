/**
 * The entry for servers: all of `outgoing-to-device`, and responses, problem documents and request heads. It has a
 * WebAssembly module of its own; a server that takes everything from here has one instance.
 */

import type { Catalogue, CheckOptions, Diagnostic, Rejected } from "./index.js";

export * from "./index.js";

/** A response as data: send it with whatever you serve with. */
export interface Reply {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** The problem document (RFC 9457) of a rejection: `application/problem+json`, always in English. */
export function problem(rejection: Rejected | HeadRejected): Reply;

/** A signed 64-bit integer: a decimal string, a BigInt, or a number that is safe. */
export type Id = string | bigint | number;

export interface ResponseInput {
  id: Id;
  threadId: Id;
  clientId: Id;
  clientExternalId?: string | null;
  agentId: Id;
}

/** The success response; its 64-bit ids are never rounded. */
export interface SuccessResponse<I extends string | bigint = string> {
  id: I;
  threadId: I;
  clientId: I;
  clientExternalId: string | null;
  agentId: I;
}

export type ReadResponse<I extends string | bigint> =
  | { readonly ok: true; readonly value: SuccessResponse<I>; readonly violations?: undefined }
  | { readonly ok: false; readonly violations: readonly Diagnostic[]; readonly value?: undefined };

/**
 * The body of the success response.
 * @throws TypeError or RangeError for an id that is none, or not exact, or has more than 64 bits; TypeError for a
 * `clientExternalId` with a lone surrogate.
 */
export function buildResponse(response: ResponseInput): string;

/** The success response whole: status 200, header fields, body. Throws as {@link buildResponse} does. */
export function success(response: ResponseInput): Reply;

/** Reads a success response back, ids as decimal strings (default) or BigInt. */
export function readResponse(
  input: string | Uint8Array,
  options: { readonly bigint: true; readonly messages?: Catalogue },
): ReadResponse<bigint>;
export function readResponse(
  input: string | Uint8Array,
  options?: { readonly bigint?: false; readonly messages?: Catalogue },
): ReadResponse<string>;

/** Pairs, a flat list of names and values (Node's `rawHeaders`), a `Headers`, or an object. */
export type HeaderFields =
  | Iterable<readonly [string, string]>
  | readonly string[]
  | { readonly [name: string]: string | readonly string[] | undefined };

export interface Head {
  /** Undefined, as Node types it, is no method. */
  readonly method: string | undefined;
  /** The request target, query included. Undefined, as Node types it, is no path. */
  readonly target: string | undefined;
  readonly headers: HeaderFields;
}

/** A rejected head. The first fault decides the status. */
export interface HeadRejected {
  readonly ok: false;
  readonly status: number;
  readonly violations: readonly Diagnostic[];
  toJSON(): Record<string, unknown>;
  /** `rejected`, and a line for each violation. */
  toString(): string;
}

export type HeadOutcome = { readonly ok: true } | HeadRejected;

/** Checks a request head before its body is read. `path` is for hosts that mount the endpoint elsewhere. */
export function checkHead(head: Head, options?: CheckOptions & { readonly path?: string }): HeadOutcome;
