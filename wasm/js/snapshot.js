// Copies of byte arrays that callers may change later. Small ones share blocks: an allocation of its own would cost more
// than the check.

const BLOCK = 16_384;
const SMALL = 1_024;

let block;
let used = BLOCK;

/** A copy of the array as it is. */
export function keep(array) {
  const { length } = array;
  if (length > SMALL) return Uint8Array.from(array);
  if (used + length > BLOCK) {
    block = new Uint8Array(BLOCK);
    used = 0;
  }
  block.set(array, used);
  used += length;
  return { block, start: used - length, end: used };
}

/** What was kept, as a string or bytes. */
export function kept(source) {
  return source.block ? source.block.subarray(source.start, source.end) : source;
}
