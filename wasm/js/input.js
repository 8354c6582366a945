// What callers may pass, in the forms that the module reads.

import { putBytes, putString } from "./instance.js";

/** What stands for an input: a string, or bytes as they are. */
export function source(input) {
  if (typeof input === "string" || isBytes(input)) return input;
  if (ArrayBuffer.isView(input) || input instanceof ArrayBuffer) throw new TypeError("bytes are passed as a Uint8Array");
  const text = JSON.stringify(input);
  if (text === undefined) throw new TypeError(`a value of type ${typeof input} is not JSON`);
  return text;
}

/** Also of another realm, and Node's Buffer. */
export function isBytes(input) {
  return ArrayBuffer.isView(input) && input[Symbol.toStringTag] === "Uint8Array";
}

/** Writes what `source` returned to the input buffer; returns its length in bytes. */
export function put(source, limit) {
  return typeof source === "string" ? putString(source, limit) : putBytes(source, limit);
}
