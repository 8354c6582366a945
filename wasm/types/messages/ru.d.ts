import type { Catalogue, Code, Message } from "../index.js";

/** Every message in Russian. */
declare const ru: { readonly [code in Code]: Message } & Catalogue;
export { ru, ru as default };
