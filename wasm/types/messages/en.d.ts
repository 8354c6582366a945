import type { Catalogue } from "../index.js";

/** English is built in, so this catalogue is empty: it is there to be named beside the others. */
declare const en: Catalogue;
export { en, en as default };
