// The bar above the editor: where the text came from, and what it could be read as.

import { h, icon } from "./dom";
import { recognize, inner } from "./incoming/recognize";
import { count, number, words } from "./language";
import type { Origin } from "./origin";

export interface BarActions {
  forget(): void;
  step(direction: 1 | -1): void;
  total(): number;
}

export function showOrigin(element: HTMLElement, origin: Origin | null, actions: BarActions) {
  element.hidden = origin === null;
  if (!origin) return;
  const { kind, name, head, missing, line, notUtf8 } = origin;
  const from = {
    curl: words.fromCurl,
    http: words.fromHttp,
    file: words.fromFile(name ?? ""),
    line: words.fromLine(number(line ?? 0), number(actions.total())),
  }[kind];
  const parts = [
    h("span", {}, from),
    head && h("code", {}, `${head.method} ${head.target}`),
    head && h("span", {}, count(words.headFields, head.headers.length)),
    missing && h("strong", {}, { file: words.missingFile, form: words.missingForm, none: words.missingNone }[missing]),
    notUtf8 && h("strong", {}, words.notUtf8(words.atLine(number(notUtf8.line), number(notUtf8.column)))),
  ];
  const button = (label: string, glyph: string, run: () => void) =>
    h("button", { type: "button", class: "quiet icon", "aria-label": label, title: label, onclick: run }, icon(glyph));
  const focused = element.contains(document.activeElement)
    ? [...element.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement)
    : -1;
  element.replaceChildren(
    h("p", {}, ...parts),
    h(
      "span",
      { class: "bar-buttons" },
      kind === "line" && button(words.previousLine, "up", () => actions.step(-1)),
      kind === "line" && button(words.nextLine, "down", () => actions.step(1)),
      kind !== "line" && button(words.forget, "close", actions.forget),
    ),
  );
  if (focused >= 0) element.querySelectorAll("button")[focused]?.focus();
}

export interface OfferActions {
  read(): void;
  unwrap(text: string): void;
}

/** A text that is no JSON may be something that the page can read. */
export function showOffer(element: HTMLElement, text: string, isJson: boolean, actions: OfferActions) {
  const [said, label, run] = offer(text, isJson, actions) ?? [];
  element.hidden = said === undefined;
  if (!said) return element.replaceChildren();
  element.replaceChildren(h("p", {}, said), h("button", { type: "button", onclick: run! }, label!));
}

/** Longer texts are not looked at with every key. */
const MOST_LOOKED_AT = 2_000_000;

function offer(text: string, isJson: boolean, { read, unwrap }: OfferActions): [string, string, () => void] | null {
  if (text.length > MOST_LOOKED_AT) return null;
  const start = /\S/.exec(text)?.[0];
  if (start === undefined || (isJson && start !== '"')) return null;
  const found = isJson ? undefined : recognize(text).kind;
  if (found === "curl") return [words.isCommand, words.read, read];
  if (found === "http") return [words.isMessage, words.read, read];
  if (found === "lines") return [words.isLines, words.read, read];
  const inside = inner(text);
  return inside === undefined ? null : [words.isInner, words.unwrap, () => unwrap(inside)];
}
