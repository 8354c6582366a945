// The request and its answer as they go over the wire.

import type { Head } from "../incoming/head";
import type { Reply } from "../library";

const REASONS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
};

export function statusOf(status: number): string {
  return `${status} ${REASONS[status] ?? ""}`.trimEnd();
}

const message = (start: string, fields: readonly (readonly [string, string])[], body: string) =>
  `${start}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;

const lengthOf = (body: string) => String(new TextEncoder().encode(body).length);

/** The request with this body: with the head that it came with, or the documented one. A token is never in it. */
export function request(body: string, head?: Head): string {
  const given = head?.headers ?? [
    ["Authorization", "Bearer $TOKEN"],
    ["Content-Type", "application/json"],
  ];
  const fields = given.filter(([name]) => !/^content-length$/i.test(name));
  const start = `${head?.method ?? "POST"} ${head?.target ?? "/api/v1/messages/outgoing-to-device"} HTTP/1.1`;
  return message(
    start,
    [["Host", head?.host || "$HOST"], ...fields, ["Content-Length", lengthOf(body)]] as const,
    body,
  );
}

export function response({ status, headers, body }: Reply): string {
  return message(`HTTP/1.1 ${statusOf(status)}`, [...headers, ["content-length", lengthOf(body)]], body);
}
