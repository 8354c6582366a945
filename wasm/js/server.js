// The entry for servers: the default one, and replies and request heads, from one module of its own.

import { setLoader } from "./instance.js";
import { load } from "./load.js";

setLoader(load);

export * from "./api.js";
export * from "./reply.js";
