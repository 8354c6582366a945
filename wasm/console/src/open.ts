// What comes in from outside: files and texts that are dropped, opened or pasted.

import { decode, read, Unreadable, type Unreadable as Failure } from "./incoming/file";
import { recognize, type Recognized } from "./incoming/recognize";
import { check } from "./library";
import type { Origin } from "./origin";

export interface Taken {
  request(text: string, origin: Origin | null): void;
  lines(bytes: Uint8Array, name: string): void;
  failed(reason: Failure["reason"]): void;
}

/** A single body beyond what any policy allows is nothing for an editor. */
const MOST_TEXT = 16 * 1024 * 1024;

/** Only so much is looked at to see whether a file is a list of lines. */
const START = 1024 * 1024;

export async function openFile(file: File, taken: Taken) {
  try {
    const bytes = await read(file);
    const start = decode(bytes.subarray(0, START));
    const whole = bytes.length <= START;
    const first = recognize(start, whole);
    if (first.kind === "lines") return taken.lines(bytes, file.name);
    if (bytes.length > MOST_TEXT) throw new Unreadable("tooLarge");
    const text = whole ? start : decode(bytes);
    const found = whole ? first : recognize(text);
    const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    // A command or a head is read as text, in whatever encoding; a body is its bytes.
    if (found.kind === "body" || !wide) {
      const fault = notUtf8(bytes);
      openFound(found, { kind: "file", name: file.name, ...(fault && { notUtf8: fault }) }, text, taken);
    } else openFound(found, { kind: "file", name: file.name }, text, taken);
  } catch (error) {
    taken.failed(error instanceof Unreadable ? error.reason : "unreadable");
  }
}

/** Where bytes stop being UTF-8, as the library says it. */
export function notUtf8(bytes: Uint8Array): Origin["notUtf8"] {
  const first = check(bytes).violations?.[0];
  return first?.code === "invalid_utf8" ? { line: first.line!, column: first.column! } : undefined;
}

/** A pasted or dropped text; false if it is no more than a text. */
export function openText(text: string, taken: Taken): boolean {
  const found = recognize(text);
  if (found.kind === "body") return false;
  if (found.kind === "lines") taken.lines(new TextEncoder().encode(text), "");
  else openFound(found, { kind: found.kind }, text, taken);
  return true;
}

function openFound(
  found: Exclude<Recognized, { kind: "lines" }> | Recognized,
  origin: Origin,
  text: string,
  taken: Taken,
) {
  if (found.kind === "curl" || found.kind === "http") {
    const { kind, head, body, missing } = found;
    taken.request(body, { ...origin, kind, head, ...(missing && { missing }) });
  } else taken.request(text, origin);
}

/** Files and texts that are dropped anywhere, and files that the button opens. */
export function listen(
  taken: Taken,
  { button, input, veil }: { button: HTMLElement; input: HTMLInputElement; veil: HTMLElement },
) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void openFile(file, taken);
    input.value = ""; // so that the same file can be opened again
  });

  const meant = (event: DragEvent): boolean => {
    const types = event.dataTransfer?.types ?? [];
    if (types.includes("Files")) return true;
    // A text that is dragged into a text goes where the mouse is.
    return (
      types.includes("text/plain") &&
      !(event.target instanceof Element && event.target.closest(".editor, input, textarea"))
    );
  };
  const over = (event: DragEvent) => {
    veil.hidden = !meant(event);
    if (!veil.hidden) event.preventDefault();
  };
  // Before the editor's own handlers, which would put a file in at the mouse.
  addEventListener("dragenter", over, true);
  addEventListener("dragover", over, true);
  addEventListener(
    "dragleave",
    (event) => {
      if (!event.relatedTarget) veil.hidden = true;
    },
    true,
  );
  addEventListener(
    "drop",
    (event) => {
      veil.hidden = true;
      if (!meant(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const file = event.dataTransfer!.files[0];
      const text = event.dataTransfer!.getData("text/plain");
      if (file) void openFile(file, taken);
      else if (text && !openText(text, taken)) taken.request(text, null);
    },
    true,
  );
}
