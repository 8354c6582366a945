// What openapi-typescript makes of the document, used against the server that runs at ENDPOINT.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { components, paths } from "./api.js";

const path = "/api/v1/messages/outgoing-to-device";
type Post = paths[typeof path]["post"];
type Outgoing = Post["requestBody"]["content"]["application/json"];
type Sent = Post["responses"][200]["content"]["application/json"];
type Refusal = keyof Omit<Post["responses"], 200>;
type Problem<Status extends Refusal> = Post["responses"][Status]["content"]["application/problem+json"];

const endpoint = process.env.ENDPOINT;
const token = process.env.OUTGOING_TO_DEVICE_TOKEN;

function post(message: Outgoing, head: Record<string, string> = {}): Promise<Response> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}`, ...head };
  return fetch(new URL(path, endpoint), { method: "POST", headers, body: JSON.stringify(message) });
}

const message: Outgoing = {
  text: "message",
  attachments: [{ url: "https://example.com/a.png", type: "image/png", size: 256 }],
  clientApplicationDescriptor: {
    channelType: "MOBILE",
    clientId: "012-3456-7890-12",
    appMarker: "myApp",
    deviceAddress: "wsfck62auiv00gz14vedivwptm09ahmrhz",
  },
};

test("a message is sent", async () => {
  const response = await post(message);
  assert.equal(response.status, 200);
  const sent = (await response.json()) as Sent;
  const ids: number[] = [sent.id, sent.threadId, sent.clientId, sent.agentId];
  assert.ok(ids.every(Number.isSafeInteger));
  const external: string | null = sent.clientExternalId;
  assert.ok(external === null || external.length > 0);
  assert.match(response.headers.get("vary") ?? "", /Origin/);
});

test("the types know fields, channels and codes", () => {
  const descriptor: components["schemas"]["ClientApplicationDescriptor"] = {
    // @ts-expect-error no such channel
    channelType: "FAX",
    deviceAddress: "1",
  };
  // @ts-expect-error no such field
  const misspelled: components["schemas"]["ClientApplicationDescriptor"] = { ...descriptor, appMaker: "x" };
  // @ts-expect-error no such code
  const code: components["schemas"]["Violation"]["code"] = "too_lang";
  assert.ok(misspelled && code);
});

test("a refused message comes back with its places", async () => {
  const response = await post({ ...message, text: "x".repeat(2001) });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const problem = (await response.json()) as Problem<400>;
  assert.equal(problem.type, "urn:outgoing-to-device:problem:invalid-request");
  const [violation] = problem.errors;
  assert.deepEqual([violation?.code, violation?.pointer, violation?.limit], ["too_long", "#/text", 2000]);
});

test("a refused head has the status and header field of its fault", async () => {
  const response = await post(message, { Authorization: "Basic x" });
  assert.equal(response.status, 401);
  const challenge: Post["responses"][401]["headers"]["WWW-Authenticate"] = "Bearer";
  assert.equal(response.headers.get("www-authenticate"), challenge);
  const problem = (await response.json()) as Problem<401>;
  assert.deepEqual(problem.errors.map((error) => error.code), ["unauthorized"]);
});
