// The entry for servers, for runtimes that compile modules when they load a program, and not from bytes.

import module from "compiled-module";
import { setLoader } from "./instance.js";

setLoader(() => module);

export * from "./api.js";
export * from "./reply.js";
