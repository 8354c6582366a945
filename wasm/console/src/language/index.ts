// The language of the page: words, plural forms, numbers, and the messages of diagnostics.

import type { Catalogue, Diagnostic } from "../library";
import russianMessages from "outgoing-to-device/messages/ru";
import { en, type Forms, type Words } from "./en";
import { ru } from "./ru";

export type Language = "en" | "ru";

const languages: Record<Language, { words: Words; messages: Catalogue | undefined }> = {
  en: { words: en, messages: undefined },
  ru: { words: ru, messages: russianMessages },
};

export let language: Language = "en";
export let words: Words = en;
export let messages: Catalogue | undefined;
let plural = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");

export function speak(next: Language) {
  language = next;
  ({ words, messages } = languages[next]);
  plural = new Intl.PluralRules(next);
  numbers = new Intl.NumberFormat(next);
}

/** The language that the person chose, or that of the browser, if the page speaks it. */
export function preferred(chosen?: string): Language {
  if (chosen !== undefined && chosen in languages) return chosen as Language;
  const known = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((tag): tag is Language => tag in languages) ?? "en";
}

export function number(value: number): string {
  return numbers.format(value);
}

export function count(forms: Forms, value: number): string {
  return (forms[plural.select(value)] ?? forms.other).replace("{n}", number(value));
}

/** The message in the language of the page, also for diagnostics that were made without a catalogue. */
export function message(diagnostic: Diagnostic): string {
  const entry = messages?.[diagnostic.code];
  if (entry === undefined) return diagnostic.message;
  return typeof entry === "string" ? entry : entry(diagnostic, diagnostic.code);
}

/** Fills in what stands in the page itself: `data-t` names the words, `data-t-label` those of an aria-label, `data-t-title` of a title. */
export function translate(root: ParentNode) {
  const word = (key: string | undefined) => String(words[key as keyof Words]);
  for (const element of root.querySelectorAll<HTMLElement>("[data-t]")) element.textContent = word(element.dataset.t);
  for (const element of root.querySelectorAll<HTMLElement>("[data-t-label]")) {
    element.setAttribute("aria-label", word(element.dataset.tLabel));
    if (element.matches(".icon")) element.title = word(element.dataset.tLabel);
  }
  for (const element of root.querySelectorAll<HTMLElement>("[data-t-title]"))
    element.title = word(element.dataset.tTitle);
}
