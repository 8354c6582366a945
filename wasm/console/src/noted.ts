// A diagnostic with the name of what it is about, as a person would say it.

import type { Diagnostic } from "./library";
import { message as messageOf, words } from "./language";

export interface Noted {
  diagnostic: Diagnostic;
  /** Of a request's head, of its body, or of a policy. */
  of: "head" | "body" | "policy";
  /** The field as the form names it, or where the name stands. */
  label: string;
  /** A name that the form does not know, as it stands in the text. */
  name?: string;
  message: string;
}

const FIELDS = [
  "text",
  "attachments",
  "channelType",
  "clientId",
  "unauthorizedClientId",
  "appMarker",
  "deviceAddress",
  "url",
  "name",
  "type",
  "size",
] as const;

export function note(diagnostic: Diagnostic, of: Noted["of"]): Noted {
  const message = messageOf(diagnostic);
  if (of === "head") return { diagnostic, of, label: headLabel(diagnostic), message };
  const path = diagnostic.path;
  if (of === "policy")
    return path.length
      ? { diagnostic, of, label: "", name: path.join("."), message }
      : { diagnostic, of, label: words.policyText, message };
  return { diagnostic, of, ...bodyLabel(path), message };
}

function bodyLabel([first, second, third]: readonly (string | number)[]): { label: string; name?: string } {
  if (first === undefined) return { label: words.body };
  if (first === "attachments" && second !== undefined) {
    const owner = words.attachment(Number(second) + 1);
    return third === undefined ? { label: owner } : named(third, `${owner} · `, ["url", "name", "type", "size"]);
  }
  if (first === "clientApplicationDescriptor" || first === "applicationDescriptor") {
    return second === undefined ? { label: words.descriptor } : named(second, "", FIELDS.slice(2, 7));
  }
  return named(first, "", ["text", "attachments"]);
}

function named(key: string | number, owner: string, known: readonly string[]): { label: string; name?: string } {
  const field = FIELDS.find((field) => field === key && known.includes(field));
  return field ? { label: owner + words[field] } : { label: owner + words.unknownField, name: String(key) };
}

/** Head diagnostics have no place; the code tells which part is meant. */
function headLabel({ code, expected }: Diagnostic): string {
  if (code === "not_found") return words.headPath;
  if (code === "method_not_allowed") return words.headMethod;
  if (code === "unauthorized") return "Authorization";
  if (code === "unsupported_media_type") return expected === "identity" ? "Content-Encoding" : "Content-Type";
  return "Content-Length";
}
