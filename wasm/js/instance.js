// The WebAssembly instance, and how strings and bytes get into it and out of it. See ../src/lib.rs for the functions.

let x; // what the module exports
let bytes = new Uint8Array(0); // all of its memory
let numbers = new Float64Array(0);
let input = bytes; // the input buffer
let ready = false;
let load; // gives the compiled module, when it is first needed

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The limit on texts for which no policy says another one. */
export const DEFAULT_LIMIT = 1_048_576;

/** Whose the module's last decision is: only its owner may read it. */
export const last = { owner: undefined };

/** Says where the module comes from. */
export function from(loader) {
  load = loader;
}

/** Starts, or starts over, with a compiled module. */
export function start(module) {
  x = new WebAssembly.Instance(module).exports;
  bytes = input = new Uint8Array(0);
  last.owner = undefined;
  ready = true;
  call((x) => x.start());
}

/** What `f` returns; a negative number means that memory ran out. If it traps, the instance is not used any more. */
export function call(f) {
  if (!ready) prepare();
  ready = false;
  const result = f(x);
  ready = true;
  if (result < 0) throw new RangeError("outgoing-to-device: out of memory");
  return result;
}

function prepare() {
  if (x) {
    throw new Error(
      "outgoing-to-device: the WebAssembly instance failed in an earlier call, and is not used any more; load the module again",
    );
  }
  if (!load) throw new Error("outgoing-to-device: call init first");
  start(load());
}

// Growing detaches all views, and leaves them empty.
function look() {
  if (bytes.length === 0) {
    const { buffer } = x.memory;
    bytes = new Uint8Array(buffer);
    numbers = new Float64Array(buffer);
  }
}

function room(size) {
  if (input.length < size || input.length === 0) grow(size);
}

function grow(size) {
  last.owner = undefined;
  const capacity = call((x) => x.reserve(size));
  const address = x.input_address() >>> 0;
  look();
  input = bytes.subarray(address, address + capacity);
}

// Up to this length a loop is quicker than encodeInto. In browsers that takes some 300 ns whatever the length; in Node,
// where it is a fast call, it is always quicker.
const SHORT = globalThis.process?.versions?.node ? 0 : 256;

/**
 * Writes a string to the input buffer as generalized UTF-8, and returns how many bytes that were. A text above the limit
 * is refused by its length alone, so it is only measured.
 */
export function putString(string, limit = DEFAULT_LIMIT) {
  const { length } = string;
  if (length > limit) return generalizedLength(string);
  room(length * 3);
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

/** The same with bytes. */
export function putBytes(array, limit = DEFAULT_LIMIT) {
  const { length } = array;
  if (length > limit) return length;
  room(length);
  input.set(array);
  return length;
}

const isWellFormed = "".isWellFormed ? (string) => string.isWellFormed() : (string) => !/\p{Surrogate}/u.test(string);

// A raw lone surrogate gets the three bytes that UTF-8 forbids, so that it is refused and not repaired in silence.
function putGeneralized(string) {
  let at = 0;
  for (let i = 0; i < string.length; i++) {
    const c = string.codePointAt(i);
    if (c > 0xffff) i++;
    const size = sizeOf(c);
    if (size === 1) input[at] = c;
    else {
      input[at] = (0xf00 >> size) & 0xff | (c >> ((size - 1) * 6));
      for (let j = 1; j < size; j++) input[at + j] = 0x80 | ((c >> ((size - 1 - j) * 6)) & 0x3f);
    }
    at += size;
  }
  return at;
}

function sizeOf(c) {
  return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

function generalizedLength(string) {
  let length = 0;
  for (let i = 0; i < string.length; i++) {
    const c = string.codePointAt(i);
    if (c > 0xffff) i++;
    length += sizeOf(c);
  }
  return length;
}

/** Writes strings to the input buffer, each after its length in bytes. */
export function putStrings(strings) {
  const parts = strings.map((string) => encoder.encode(string));
  const size = parts.reduce((sum, part) => sum + 4 + part.length, 0);
  room(size);
  const view = new DataView(input.buffer, input.byteOffset);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length, true);
    input.set(part, at + 4);
    at += 4 + part.length;
  }
  return size;
}

/** The first `length` bytes of the text that was written last. */
export function readText(length) {
  const at = x.text_address() >>> 0;
  look();
  return decoder.decode(bytes.subarray(at, at + length));
}

/** The module's memory as numbers, and where in it the table of diagnostics starts. */
export function readTable() {
  const start = x.table_address() >>> 3;
  look();
  return { numbers, start };
}

/** What `write` writes. */
export function textOf(write) {
  return readText(call(write));
}
