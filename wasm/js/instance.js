// The WebAssembly instance: how it starts, how it is called, and how strings and bytes get into it and out of it. See
// ../src/lib.rs for its functions.

import createGlue from "../build/glue.js";

const NO_BYTES = new Uint8Array(0);

let wasm; // the functions and the memory of the instance
let usable = false; // there is an instance, and no call of it has failed
let bytes = NO_BYTES; // the whole memory
let numbers = new Float64Array(0); // the same
let input = NO_BYTES; // the input buffer
let load; // returns the compiled module

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The body limit of the default policy. */
export const DEFAULT_LIMIT = 1_048_576;

/** The owner of the module's last decision: nobody else may read it. */
export const last = { owner: undefined };

/** The policy in each slot of the module. */
export const slots = [];

/** Sets what gives the compiled module when it is first needed. */
export function setLoader(loader) {
  load = loader;
}

/** Starts, or starts anew, with a compiled module. */
export function start(module) {
  // The generated glue is of one instance, so each has its own. Only an instance that has started replaces another.
  const glue = createGlue();
  const { exports } = new WebAssembly.Instance(module, { "./module_bg.js": glue });
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  if (exports.start() < 0) throw outOfMemory();
  wasm = exports;
  usable = true;
  bytes = input = NO_BYTES;
  last.owner = undefined;
  slots.length = 0;
}

/**
 * What `f` returns; a negative number or undefined means that memory ran out. If it throws, the module has trapped, and
 * the instance is not used any more.
 */
export function call(f) {
  if (!usable) prepare();
  usable = false;
  const result = f(wasm);
  usable = true;
  if (result < 0 || result === undefined) throw outOfMemory();
  return result;
}

const outOfMemory = () => new RangeError("outgoing-to-device: out of memory");

function prepare() {
  if (wasm) {
    throw new Error(
      "outgoing-to-device: the WebAssembly instance failed in an earlier call, and is not used any more; load the module again",
    );
  }
  if (!load) throw new Error("outgoing-to-device: call init first");
  start(load());
}

// Growing the memory detaches all views, and leaves them empty.
function refreshViews() {
  if (bytes.length === 0) {
    const { buffer } = wasm.memory;
    bytes = new Uint8Array(buffer);
    numbers = new Float64Array(buffer);
  }
}

/** Makes the input buffer hold `size` bytes; its owner loses the last decision, which is on what the buffer held. */
function ensureRoom(size) {
  last.owner = undefined;
  if (input.length < size || input.length === 0) growInput(size);
}

function growInput(size) {
  const capacity = call((wasm) => wasm.reserve(size));
  const address = wasm.input_address() >>> 0;
  refreshViews();
  input = bytes.subarray(address, address + capacity);
}

// Up to this length a loop is quicker than encodeInto. In browsers that takes some 300 ns whatever the length; in Node,
// where it is a fast call, it is always quicker.
const SHORT = globalThis.process?.versions?.node ? 0 : 256;

/**
 * Writes a string to the input buffer as generalized UTF-8, and returns how many bytes that were. A text above the limit
 * is rejected by its length alone, so it is only measured.
 */
export function putString(string, limit = DEFAULT_LIMIT) {
  const { length } = string;
  if (length > limit) return generalizedLength(string);
  ensureRoom(length * 3);
  if (length <= SHORT) {
    const to = input;
    let i = 0;
    for (; i < length; i++) {
      const unit = string.charCodeAt(i);
      if (unit > 127) break;
      to[i] = unit;
    }
    if (i === length) return length;
  }
  const { written } = encoder.encodeInto(string, input);
  // It has put a replacement, of three bytes, in the place of each lone surrogate.
  return written === length || isWellFormed(string) ? written : putGeneralized(string);
}

/** The same with bytes, of which `length` is the true length. */
export function putBytes(array, length, limit = DEFAULT_LIMIT) {
  if (length > limit) return;
  ensureRoom(length);
  input.set(array);
}

/** The first bytes of the input buffer. */
export const inputBytes = (length) => input.subarray(0, length);

const isWellFormed = "".isWellFormed ? (string) => string.isWellFormed() : (string) => !/\p{Surrogate}/u.test(string);

// A raw lone surrogate gets the three bytes that UTF-8 forbids, so that it is rejected and not repaired in silence.
function putGeneralized(string) {
  let at = 0;
  for (let i = 0; i < string.length; i++) {
    const scalar = string.codePointAt(i);
    if (scalar > 0xffff) i++;
    const size = sizeOf(scalar);
    if (size === 1) {
      input[at] = scalar;
    } else {
      input[at] = ((0xf00 >> size) & 0xff) | (scalar >> ((size - 1) * 6));
      for (let j = 1; j < size; j++) input[at + j] = 0x80 | ((scalar >> ((size - 1 - j) * 6)) & 0x3f);
    }
    at += size;
  }
  return at;
}

function sizeOf(scalar) {
  return scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
}

function generalizedLength(string) {
  let length = 0;
  for (let i = 0; i < string.length; i++) {
    const scalar = string.codePointAt(i);
    if (scalar > 0xffff) i++;
    length += sizeOf(scalar);
  }
  return length;
}

/** Writes strings to the input buffer, each after its length in bytes. */
export function putStrings(strings) {
  const parts = strings.map((string) => encoder.encode(string));
  const size = parts.reduce((sum, part) => sum + 4 + part.length, 0);
  ensureRoom(size);
  const view = new DataView(input.buffer, input.byteOffset);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    input.set(part, at + 4);
    at += 4 + part.length;
  }
  return size;
}

/** The text of UTF-8. */
export const decode = (bytes) => decoder.decode(bytes);

/** What `write` writes. */
export function textOf(write) {
  const length = call(write);
  const address = wasm.text_address() >>> 0;
  refreshViews();
  return decode(bytes.subarray(address, address + length));
}

/** The table that `write` writes: the memory as numbers, where in it the table starts, and a reader of its text. */
export function readTable(write) {
  const at = call(write) >>> 3;
  refreshViews();
  const text = new Uint8Array(bytes.buffer, numbers[at + 2], numbers[at + 3]);
  return { numbers, at, text };
}
