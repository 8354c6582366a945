// Diagnostics as a list: each leads to its place, and to the ways out of it.

import { h, icon } from "./dom";
import { number, words } from "./language";
import type { Diagnostic } from "./library";
import type { Noted } from "./noted";

export interface Actions {
  /** Leads to the place of the diagnostic with this index, or to its second one. */
  show(index: number, related: boolean): void;
  fix?(index: number): void;
  add?(index: number): void;
  remove?(index: number): void;
  national?(index: number): void;
}

/** Renders the diagnostics, if they or their words have changed: what has the focus is not taken away. */
export function list(element: HTMLElement, noted: readonly Noted[], actions: Actions) {
  const old = [...element.children] as HTMLElement[];
  noted.forEach((each, i) => {
    const now = old[i];
    const key = keyOf(each);
    if (now?.dataset.key !== key) {
      const next = row(each, i, actions);
      next.dataset.key = key;
      if (!now) element.append(next);
      else replace(now, next);
    }
    // Places move with every key that is typed before them; the rest of a row stays.
    const place = element.children[i]!.querySelector(".place")!;
    const said = placeOf(each);
    if (place.textContent !== said) place.textContent = said;
  });
  old.slice(noted.length).forEach((row) => row.remove());
  element.hidden = noted.length === 0;
}

function replace(now: HTMLElement, next: HTMLElement) {
  const focused = now.contains(document.activeElement) ? (document.activeElement as HTMLElement).className : null;
  now.replaceWith(next);
  if (focused !== null)
    (next.querySelector<HTMLElement>(`button.${focused.split(" ")[0]}`) ?? next.querySelector("button"))?.focus();
}

/** All that a row shows or does, but for its place. */
function keyOf({ diagnostic, of, label, name, message }: Noted): string {
  const { code, severity, pointer, related, fix } = diagnostic;
  return JSON.stringify([
    code,
    severity,
    pointer,
    related !== undefined,
    fix && fixText(diagnostic),
    of,
    label,
    name,
    message,
  ]);
}

function placeOf({ diagnostic: { line, column = 1 } }: Noted): string {
  return line === undefined ? words.headPart : words.atLine(number(line), number(column));
}

/** Marks the current one, and brings it into view. */
export function markCurrent(element: HTMLElement, current: number | null) {
  for (const [i, row] of [...element.children].entries()) {
    const jump = row.querySelector(".jump")!;
    if (i === current) {
      if (jump.getAttribute("aria-current") !== "true") row.scrollIntoView({ block: "nearest" });
      jump.setAttribute("aria-current", "true");
    } else jump.removeAttribute("aria-current");
  }
}

function row({ diagnostic, of, label, name, message }: Noted, index: number, actions: Actions): HTMLElement {
  const { severity, code, pointer, related, fix } = diagnostic;
  const jump = h(
    "button",
    { type: "button", class: "jump", onclick: () => actions.show(index, false) },
    h("span", { class: "badge" }, icon(severity), h("span", { class: "hidden" }, `${words[severity]}: `)),
    h(
      "span",
      { class: "what" },
      h(
        "span",
        { class: "message" },
        (label || name) && h("strong", {}, label, label && name && " ", name && h("code", {}, name), ": "),
        message,
      ),
      h(
        "span",
        { class: "where" },
        of !== "head" && h("code", { class: "pointer" }, pointer || words.atStart),
        h("span", { class: "place" }),
        h("code", {}, code),
      ),
    ),
  );

  const all = `${label} ${name ?? ""}: ${message}`;
  const button = (kind: string, text: string, run: () => void) =>
    h("button", { type: "button", class: `${kind} quiet`, "aria-label": `${text}: ${all}`, onclick: run }, text);
  const { fix: make, add, remove, national } = actions;
  const ways = [
    fix && make && fixButton(diagnostic, message, () => make(index)),
    related &&
      button("related", code === "duplicate_field" ? words.firstOne : words.showSpoiler, () =>
        actions.show(index, true),
      ),
    add &&
      (code === "missing_field" || code === "required_by_channel") &&
      button("add", words.addField, () => add(index)),
    remove &&
      ["unknown_field", "dropped_field", "kept_field", "duplicate_field"].includes(code) &&
      button("remove", words.removeField, () => remove(index)),
    national && code === "national_number" && button("national", words.setNational, () => national(index)),
  ].filter((way): way is HTMLButtonElement => way instanceof HTMLElement);
  return h("li", { class: severity }, jump, ways.length > 0 && h("span", { class: "do" }, ...ways));
}

/** What a fix does, in a few words. */
export function fixText({ code, suggestion, fix = [] }: Diagnostic): string {
  if (suggestion !== undefined && suggestion.length <= 32) return words.fix(suggestion);
  if (code === "type_mismatch") return fix.some(({ text }) => text) ? words.fixQuotes : words.fixNoQuotes;
  return words.fixes[code] ?? words.fixGeneric;
}

function fixButton(diagnostic: Diagnostic, message: string, run: () => void): HTMLElement {
  const text = fixText(diagnostic);
  return h(
    "button",
    { type: "button", class: "fix", "aria-label": `${text}: ${message}`, onclick: run },
    icon("fix"),
    text,
  );
}
