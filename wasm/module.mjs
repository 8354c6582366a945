// What is in a WebAssembly module: its sections, and its functions with their names.

const IMPORTS = 2;
const CODE = 10;
const CUSTOM = 0;
const HEADER = 8;
const NAMES_OF_FUNCTIONS = 1;

/** Reads numbers and strings one after another. */
class Cursor {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    for (let number = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      number += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return number;
    }
  }

  string() {
    const length = this.number();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  /** Calls `read` for each item of a vector. */
  each(read) {
    for (let left = this.number(); left > 0; left--) read();
  }
}

/** The sections of a module: kind, start, where the content starts, end. */
function sections(bytes) {
  const all = [];
  const cursor = new Cursor(bytes, HEADER);
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const kind = cursor.number();
    const length = cursor.number();
    all.push({ kind, start, content: cursor.at, end: cursor.at + length });
    cursor.at += length;
  }
  return all;
}

/** The module without its names, and whatever else engines pass over. */
export function stripped(bytes) {
  const kept = sections(bytes).filter(({ kind }) => kind !== CUSTOM);
  return Buffer.concat([bytes.subarray(0, HEADER), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

/** The pieces of a module that engines read, in order: the functions of the code by `name`, the others by `kind`. */
export function pieces(bytes) {
  const all = sections(bytes);
  const cursor = new Cursor(bytes, 0);
  const names = [];
  for (const { kind, content, end } of all) {
    cursor.at = content;
    if (kind !== CUSTOM || cursor.string() !== "name") continue;
    while (cursor.at < end) {
      const subject = cursor.number();
      const next = cursor.number() + cursor.at;
      if (subject === NAMES_OF_FUNCTIONS) cursor.each(() => (names[cursor.number()] = cursor.string()));
      cursor.at = next;
    }
  }
  const found = [];
  let imported = 0; // all of them functions: the module has its own memory
  for (const { kind, start, content, end } of all) {
    cursor.at = content;
    if (kind === IMPORTS) imported = cursor.number();
    if (kind === CODE) {
      let index = imported;
      cursor.each(() => {
        const start = cursor.at;
        cursor.at = cursor.number() + cursor.at;
        found.push({ kind, name: names[index++] ?? "", start, end: cursor.at });
      });
    } else if (kind !== CUSTOM) {
      found.push({ kind, start, end });
    }
  }
  return found;
}
