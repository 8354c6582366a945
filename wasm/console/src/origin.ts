// Where the request in the editor came from.

import type { Sent } from "./incoming/curl";
import type { Head } from "./incoming/head";

export interface Origin {
  kind: "file" | "curl" | "http" | "line";
  /** A file's name. */
  name?: string;
  head?: Head;
  missing?: NonNullable<Sent["missing"]>;
  /** The index in the list of lines. */
  index?: number;
  line?: number;
  /** The file's bytes are not UTF-8: where. The text shows U+FFFD there. */
  notUtf8?: { line: number; column: number };
}
