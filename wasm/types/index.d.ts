/**
 * Checks requests of edna Chat Center's `POST /api/v1/messages/outgoing-to-device`.
 *
 * Nothing here does input or output, nothing needs to be freed, and every result may be kept: reading an older one after
 * a newer check is right. Exceptions are for misuse only; what is wrong with a request is in the outcome. No diagnostic
 * ever carries a value of the request, so all of them can be logged.
 */

/** What is wrong, or worth a look: stable for ever, in the order of the registry. */
export type Code =
  | "empty_body"
  | "body_too_large"
  | "invalid_utf8"
  | "invalid_json"
  | "nesting_too_deep"
  | "type_mismatch"
  | "missing_field"
  | "unknown_field"
  | "duplicate_field"
  | "invalid_unicode"
  | "blank"
  | "control_character"
  | "too_long"
  | "too_many_items"
  | "out_of_range"
  | "empty_message"
  | "unknown_channel"
  | "required_by_channel"
  | "invalid_address"
  | "invalid_url"
  | "invalid_media_type"
  | "invalid_name"
  | "alias_field"
  | "national_number"
  | "unlikely_address"
  | "unlikely_identifier"
  | "garbled_text"
  | "attachment_kind_unknown"
  | "insecure_url"
  | "unescaped_url"
  | "private_host"
  | "long_text"
  | "dropped_field"
  | "kept_field"
  | "not_found"
  | "method_not_allowed"
  | "unauthorized"
  | "unsupported_media_type"
  | "invalid_head"
  | "policy_conflict";

export type Severity = "violation" | "warning";
export type JsonType = "null" | "boolean" | "number" | "string" | "array" | "object";
export type AddressKind = "phone" | "bsuid" | "token" | "email" | "numeric" | "opaque";

/** A row of the registry of codes. */
export interface CodeInfo {
  readonly code: Code;
  readonly severity: Severity;
  readonly group: "body" | "shape" | "meaning" | "warning" | "head" | "policy";
  /** What the code means, as one English sentence. */
  readonly meaning: string;
}

/** The parameters that a message is made of: lengths, counts and names from our tables or the policy, never a value. */
export interface Params {
  /** The bound that was crossed. */
  readonly limit?: number;
  /** A length, a count, or a JSON type. */
  readonly actual?: number | JsonType;
  /** What belongs there: a JSON type, an address kind, or words. */
  readonly expected?: string;
  /** The channel whose row made the rule. */
  readonly channel?: string;
  /** The nearest known name: a field or a channel. */
  readonly suggestion?: string;
  /** Where a field of this name belongs. */
  readonly belongsTo?: "body" | "attachments" | "clientApplicationDescriptor" | "sibling_endpoint";
}

/** A place: UTF-16 units of the string that was passed, or bytes if bytes were passed. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** A change of the passed text: the units from `offset` on, `length` of them, give way to `text`. */
export interface Edit extends Span {
  readonly text: string;
}

/**
 * One thing that is wrong or worth a look. All but `code`, `severity`, `pointer`, `offset` and `length` is worked out when
 * it is read, so that a copy of the own properties (`{ ...diagnostic }`) is not the whole: `toJSON()` is.
 *
 * `offset`, `length`, `line`, `column`, `related` and `fix` are absent if an object was passed, and in a head; policies
 * and responses have no `fix`.
 */
export interface Diagnostic extends Params {
  readonly code: Code;
  readonly severity: Severity;
  /** One sentence, from the catalogue that the check was given, else in English. */
  readonly message: string;
  /** The place as a JSON Pointer (RFC 6901); names over 64 units are cut and end in `…`. */
  readonly pointer: string;
  /** The place as keys and indexes. */
  readonly path: readonly (string | number)[];
  /** The first unit (string) or byte (bytes) of the place. */
  readonly offset?: number;
  readonly length?: number;
  /** 1-based; only LF ends a line. */
  readonly line?: number;
  /** 1-based, in Unicode scalar values. */
  readonly column?: number;
  /** A second place: the first one of a repeated field, or the character that spoils a value. */
  readonly related?: Span;
  /**
   * The edits that mend it, if there are such: by ascending offset, none overlapping, in the units of the places. Make one
   * fix at a time, and check again: the places of the others are those of the text before it. See {@link applyFix}.
   */
  readonly fix?: readonly Edit[];
  /** A plain object with all of it, message, path and fix included. */
  toJSON(): Record<string, unknown>;
  /** Pointer and message: `/text: The value must be a string, not null.` */
  toString(): string;
}

/** A message, or what makes one of the parameters. */
export type Message = string | ((params: Params, code: Code) => string);

/**
 * Messages by code. For a code that is not there the English message of the library stands, so a catalogue of one entry
 * is fine. `outgoing-to-device/messages/ru` is a complete one.
 */
export type Catalogue = { readonly [code in Code]?: Message };

export interface Attachment {
  /** An http or https IRI. */
  url: string;
  name?: string;
  /** A media type. */
  type?: string;
  /** In bytes. */
  size?: number;
}

export interface ClientApplicationDescriptor {
  /** As the policy spells it. */
  channelType: string;
  clientId?: string;
  unauthorizedClientId?: string;
  appMarker?: string;
  /** In the normal form of the channel's address kind. */
  deviceAddress: string;
}

/** A checked and normalized request. Under `unknownFields: "keep"` there may be more members. */
export interface OutgoingRequest {
  text: string;
  attachments: Attachment[];
  clientApplicationDescriptor: ClientApplicationDescriptor;
}

type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | null : T[K] };

/** A request as a caller writes it. */
export interface OutgoingRequestInput {
  /** May be absent beside attachments. */
  text?: string | null;
  attachments?: Nullable<Attachment>[] | null;
  clientApplicationDescriptor: Nullable<ClientApplicationDescriptor>;
}

/** An accepted request. `value`, `text` and `warnings` are worked out when they are first read. */
export interface Accepted {
  readonly ok: true;
  readonly value: OutgoingRequest;
  /** The normalized request: compact JSON. */
  readonly text: string;
  readonly warnings: readonly Diagnostic[];
  /** There were more warnings than the policy's limit. */
  readonly truncated: boolean;
  readonly violations?: undefined;
  toJSON(): Record<string, unknown>;
  /** `accepted`, and a line for each warning; no value of the request. */
  toString(): string;
}

/** A rejected request, with every violation. */
export interface Rejected {
  readonly ok: false;
  readonly violations: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
  /** There were more violations or more warnings than the policy's limits. */
  readonly truncated: boolean;
  readonly value?: undefined;
  readonly text?: undefined;
  toJSON(): Record<string, unknown>;
  /** `rejected`, and a line for each diagnostic. */
  toString(): string;
}

export type Outcome = Accepted | Rejected;

/**
 * JSON text, its UTF-8 bytes (copied; change the array afterwards as you like), or an object that is checked as what
 * `JSON.stringify` makes of it.
 */
export type Input = string | Uint8Array | object;

export interface CheckOptions {
  /** Default: the contract's table. */
  readonly policy?: Policy;
  /** Default: English. */
  readonly messages?: Catalogue;
}

/**
 * Checks a request.
 * @throws TypeError if `JSON.stringify` throws or gives `undefined` (a cycle, a BigInt, a function).
 */
export function check(input: Input, options?: CheckOptions): Outcome;

/** Whether a request is accepted: the quickest form. Throws as {@link check} does. */
export function isValid(input: Input, options?: CheckOptions): boolean;

/** The text with the fix of a diagnostic made; the text as it is if there is none. */
export function applyFix(text: string, diagnostic: Pick<Diagnostic, "fix">): string;

export interface NationalRule {
  prefix: string;
  country: string;
  length: number;
}

export interface ChannelRules {
  requires: ("clientId" | "unauthorizedClientId" | "appMarker")[];
  /** One kind, or up to four: an address is of the first that it fits. */
  address: AddressKind | AddressKind[];
  /** The most UTF-16 units of a text. */
  text: number;
  /** The number of units above which a text is warned of. */
  textWarning: number | null;
  /** The same for a text beside attachments. */
  captionWarning: number | null;
  /** One rule, or up to eight; only where `phone` is among the kinds. */
  national: NationalRule | NationalRule[] | null;
}

export interface Channel extends Readonly<ChannelRules> {
  readonly name: string;
}

/** A policy file: what it names changes the default, the rest stays. A channel that is `null` is taken away. */
export interface PolicySource {
  unknownFields?: "reject" | "drop" | "keep";
  /** Warnings that are violations under this policy. */
  refuse?: Code[];
  limits?: Partial<Limits>;
  channels?: { [name: string]: Partial<ChannelRules> | null };
}

export interface Limits {
  body: number;
  depth: number;
  attachments: number;
  identifier: number;
  address: number;
  violations: number;
  warnings: number;
}

/** Rules as data: immutable, built once by {@link createPolicy}, shared freely, never to be freed. */
export interface Policy {
  /** The complete policy as JSON text; {@link createPolicy} reads it back. */
  readonly json: string;
  /** The complete policy as data, so that `JSON.stringify` writes it. */
  toJSON(): Required<PolicySource> & { limits: Limits };
}

/**
 * A policy from an object, JSON text or its UTF-8 bytes; without one, the default policy.
 * @throws PolicyError with every fault.
 */
export function createPolicy(source?: PolicySource | string | Uint8Array): Policy;

/** A policy that was rejected, whole, with every fault. */
export class PolicyError extends Error {
  readonly name: "PolicyError";
  readonly faults: readonly Diagnostic[];
}

/** The channels of a policy, in its order. */
export function channels(policy?: Policy): Channel[];

/** Every code, in the order of the registry. */
export function codes(): CodeInfo[];

/** Standard Schema 1.1 (https://standardschema.dev); here, so that the package needs no dependency for its types. */
export interface StandardSchema<Input, Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "outgoing-to-device";
    readonly types?: { readonly input: Input; readonly output: Output };
    readonly validate: (
      value: unknown,
      options?: { readonly libraryOptions?: Record<string, unknown> | undefined },
    ) => StandardResult<Output>;
  };
}

/** `code` is absent if the value is not JSON at all. */
export interface StandardIssue {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly code?: Code;
}

export type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

/** The request as a Standard Schema, under the default policy, with English messages: for form libraries. */
export const schema: StandardSchema<OutgoingRequestInput, OutgoingRequest>;

/** The same under a policy, with messages of a catalogue. */
export function standardSchema(options?: CheckOptions): StandardSchema<OutgoingRequestInput, OutgoingRequest>;
