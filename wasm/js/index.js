// The default entry: the module is in it, and starts when it is first needed.

import binary from "module-as-string";
import { decode } from "./inline.js";
import { from } from "./instance.js";

from(() => {
  try {
    return new WebAssembly.Module(decode(binary));
  } catch (cause) {
    throw new Error(
      "outgoing-to-device: WebAssembly could not be started; a Content-Security-Policy must have 'wasm-unsafe-eval' in its script-src",
      { cause },
    );
  }
});

export * from "./api.js";
