// The bytes of a file, unpacked if it is packed, up to a bound: a small file can unpack to any size.

export const MOST_BYTES = 256 * 1024 * 1024;

export type Packing = "gzip" | "zstd";

export class Unreadable extends Error {
  constructor(readonly reason: "gzip" | "zstd" | "damaged" | "tooLarge" | "unreadable") {
    super(reason);
  }
}

/** Gzip and zstd are known by their first bytes. */
export function packing(bytes: Uint8Array): Packing | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd ? "zstd" : undefined;
}

/** Reads a file whole. */
export async function read(file: Blob): Promise<Uint8Array> {
  const start = await file
    .slice(0, 4)
    .arrayBuffer()
    .catch(() => null);
  if (!start) throw new Unreadable("unreadable"); // a folder, or gone
  const packed = packing(new Uint8Array(start));
  let stream: ReadableStream<Uint8Array> = file.stream();
  if (packed) {
    let unpack: TransformStream;
    try {
      // Every browser has gzip; zstd comes to them one by one, and is taken from those that have it.
      unpack = new DecompressionStream(packed as CompressionFormat);
    } catch {
      throw new Unreadable(packed);
    }
    stream = stream.pipeThrough(unpack as TransformStream<Uint8Array, Uint8Array>);
  }
  try {
    return await collect(stream);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(packed ? "damaged" : "unreadable");
  }
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > MOST_BYTES) {
      void reader.cancel();
      throw new Unreadable("tooLarge");
    }
    chunks.push(next.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** The text of bytes: UTF-8, or UTF-16 with its mark, as PowerShell writes files. */
export function decode(bytes: Uint8Array): string {
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : undefined;
  return new TextDecoder(wide ?? "utf-8", { ignoreBOM: wide === undefined }).decode(bytes);
}
