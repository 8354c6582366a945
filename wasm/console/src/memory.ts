// What the page remembers: settings and the policy for good, the request for as long as the tab is open.

import type { Origin } from "./origin";

export interface Settings {
  language?: string;
  theme?: string;
  text?: string;
  view?: string;
  policy?: string;
}

export interface Session {
  text: string;
  origin: Origin | null;
}

const NAME = "outgoing-to-device-console";

/** A browser may forbid it, or have no room; then the page forgets, and works. */
function get<T>(storage: () => Storage): T | null {
  try {
    return JSON.parse(storage().getItem(NAME) ?? "null") as T | null;
  } catch {
    return null;
  }
}

function put(storage: () => Storage, value: unknown) {
  try {
    storage().setItem(NAME, JSON.stringify(value));
  } catch {
    try {
      storage().removeItem(NAME); // rather nothing than what is no longer so
    } catch {
      // forbidden altogether
    }
  }
}

export const settings: Settings = { ...get<Settings>(() => localStorage) };

export function remember(changed: Settings) {
  Object.assign(settings, changed);
  put(() => localStorage, settings);
}

export const session = get<Session>(() => sessionStorage);

let waiting: (() => Session) | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the request once the typing rests, or when the page goes away. */
export function keep(now: () => Session) {
  waiting = now;
  clearTimeout(timer);
  timer = setTimeout(flush, 500);
}

function flush() {
  clearTimeout(timer);
  if (waiting) put(() => sessionStorage, waiting());
  waiting = undefined;
}

addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
