// What TypeScript users write; it has to compile, under node16 and bundler resolution, as a module and as CommonJS.

import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import {
  PolicyError,
  applyFix,
  channels,
  check,
  codes,
  createPolicy,
  isValid,
  schema,
  standardSchema,
} from "outgoing-to-device";
import type {
  Catalogue,
  Code,
  Diagnostic,
  Outcome,
  OutgoingRequest,
  OutgoingRequestInput,
  Policy,
} from "outgoing-to-device";
import { check as checkFast } from "outgoing-to-device/fast";
import { document, withJsonSchema } from "outgoing-to-device/json-schema";
import en from "outgoing-to-device/messages/en";
import ru from "outgoing-to-device/messages/ru";
import {
  buildResponse,
  check as checkOnServer,
  checkHead,
  problem,
  readResponse,
  success,
} from "outgoing-to-device/server";
import type { Reply } from "outgoing-to-device/server";
import { check as checkSlim, init, initSync } from "outgoing-to-device/slim";

const policy: Policy = createPolicy({
  unknownFields: "drop",
  limits: { body: 2_000 },
  channels: { SMS: { address: "phone" }, VIBER: null },
});
const outcome: Outcome = check("{}", { policy, messages: ru });
if (outcome.ok) {
  const request: OutgoingRequest = outcome.value;
  const text: string = outcome.text + request.clientApplicationDescriptor.deviceAddress;
  // @ts-expect-error there are none
  outcome.violations[0];
  isValid(text);
} else {
  const [first] = outcome.violations;
  if (first?.code === "too_long" && first.limit !== undefined)
    console.log(first.limit - Number(first.actual), first.line ?? 1);
  // @ts-expect-error not a code
  if (first?.code === "too_lang") console.log();
  // @ts-expect-error it is for reading
  if (first) first.code = "blank";
  const reply: Reply = problem(outcome);
  new Headers(reply.headers.map(([name, value]): [string, string] => [name, value]));
  const path: readonly (string | number)[] = first!.path;
  console.log(path, applyFix("{}", first!));
}
// @ts-expect-error a number is no body
check(5);
check(new Uint8Array(2));
checkFast({ text: "a" });
checkSlim("{}");
checkOnServer("{}");
const own: Catalogue = { blank: "!", too_long: ({ limit }, code) => `${code} ${limit}` };
check("{}", { messages: own });
check("{}", { messages: en });
// @ts-expect-error no such code
const wrong: Catalogue = { blanc: "!" };

const input: OutgoingRequestInput = {
  text: "a",
  attachments: null,
  clientApplicationDescriptor: { channelType: "WEB", clientId: null, deviceAddress: "d" },
};
type Input = StandardSchemaV1.InferInput<typeof schema>;
type Output = StandardSchemaV1.InferOutput<typeof schema>;
const inferred: Input = input;
const standard: StandardSchemaV1<OutgoingRequestInput, OutgoingRequest> = standardSchema({ policy, messages: ru });
const result = standard["~standard"].validate(inferred);
const output: Output | undefined = result instanceof Promise || result.issues ? undefined : result.value;
const now = schema["~standard"].validate(input);
const issueCode: Code | undefined = now.issues?.[0]?.code;
console.log(issueCode, String(outcome), now.issues ? now.issues[0]?.path : now.value.attachments, output);

try {
  createPolicy("{");
} catch (error) {
  if (error instanceof PolicyError) error.faults.map(({ message }: Diagnostic) => message);
}
const asText = readResponse(buildResponse({ id: 1n, threadId: "2", clientId: 3, agentId: 4 }));
if (asText.ok) asText.value.id.charAt(0);
const asBigInt = readResponse("{}", { bigint: true });
if (asBigInt.ok) console.log(asBigInt.value.id * 2n);
success({ id: 1, threadId: 1, clientId: 1, agentId: 1, clientExternalId: null });
const head = checkHead({ method: "POST", target: "/", headers: { a: ["b"] } }, { path: "/", policy });
if (!head.ok) problem(head);
checkHead({ method: "POST", target: "/", headers: new Headers() });
const names: Code[] = codes().map(({ code }) => code);
console.log(names, channels(policy)[0]?.requires);
void init(fetch("x")).then(() => initSync(new Uint8Array(1)));
const json: StandardJSONSchemaV1<OutgoingRequestInput, OutgoingRequest> = withJsonSchema(schema, { policy });
console.log(json["~standard"].jsonSchema.input({ target: "draft-2020-12" }), document("openapi"));
