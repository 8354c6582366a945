/** The rules as documents of other standards. The module for it is apart, because few need it while a page is shown. */

import type { Policy, StandardSchema } from "./index.js";

/**
 * `input-schema`: what is accepted; `schema`: what a normalized request is (both JSON Schema 2020-12); `openapi`: the
 * endpoint, as OpenAPI 3.1. Each under a policy, by default the default policy.
 */
export function document(name: "input-schema" | "schema" | "openapi", policy?: Policy): Record<string, unknown>;

interface Options {
  /** `draft-2020-12`; another target throws an Error. */
  readonly target: string;
  readonly libraryOptions?: Record<string, unknown> | undefined;
}

/** Standard JSON Schema (https://standardschema.dev/json-schema) beside Standard Schema. */
export interface StandardJsonSchema<Input, Output> {
  readonly "~standard": StandardSchema<Input, Output>["~standard"] & {
    readonly jsonSchema: {
      readonly input: (options: Options) => Record<string, unknown>;
      readonly output: (options: Options) => Record<string, unknown>;
    };
  };
}

/** The schema with its JSON-schema side; `policy` is the one that the schema was made with. */
export function withJsonSchema<Input, Output>(
  schema: StandardSchema<Input, Output>,
  options?: { readonly policy?: Policy },
): StandardJsonSchema<Input, Output>;
