/** The slim entry: the host says where the WebAssembly module comes from, before it calls anything else. */

type Source = BufferSource | WebAssembly.Module | Response;

/** Starts with the module `outgoing-to-device.wasm`, its bytes, or a response that has them: `init(fetch(url))`. */
export function init(source: Source | Promise<Source>): Promise<void>;

/** The same, at once. Browsers may refuse to compile large modules at once outside of workers; this one is not large. */
export function initSync(source: BufferSource | WebAssembly.Module): void;

export * from "./index.js";
