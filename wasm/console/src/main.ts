// The page: one text, checked as it changes; everything else is a view of it.

import "./style.css";
import { Batch } from "./batch";
import { fixText, list, markCurrent } from "./diagnostics";
import { byId, h, icon, tabs } from "./dom";
import { Editor, type Place } from "./editor";
import { groups, policies, type Example } from "./examples";
import { Form } from "./form";
import type { Shell } from "./incoming/shell";
import * as json from "./json";
import { count, language, messages, number, preferred, speak, translate, words, type Language } from "./language";
import {
  PolicyError,
  channels,
  check,
  checkHead,
  codes,
  createPolicy,
  type Channel,
  type Diagnostic,
  type HeadOutcome,
  type Outcome,
  type Policy,
} from "./library";
import * as memory from "./memory";
import * as mend from "./mend";
import { note, type Noted } from "./noted";
import { listen, notUtf8, openText, type Taken } from "./open";
import type { Origin } from "./origin";
import { showOffer, showOrigin } from "./origin-bar";
import { command } from "./outgoing/curl";
import { report, type Form as ReportForm } from "./outgoing/report";
import { Output, copied, sent, type Shown, type View } from "./output";

type Texts = "lines" | "request" | "policy";
const VIEWS: readonly View[] = ["normalized", "response", "raw"];

const DEFAULT = createPolicy();
let policy: Policy = DEFAULT;
let rules: readonly Channel[] = channels(policy);
let policyFaults: readonly Noted[] = [];

let text = "";
/** The tree of the text, or null if it is not JSON. */
let root: json.Value | null = null;
let outcome: Outcome;
let headOutcome: HeadOutcome = { ok: true };
let noted: readonly Noted[] = [];
/** The diagnostic that one is at. */
let current: number | null = null;

const { settings } = memory;
let view: View = VIEWS.find((view) => view === settings.view) ?? "normalized";
/** Until a person chooses a view, the one that has something to say is shown. */
let viewChosen = settings.view !== undefined;
let shownText: Texts = settings.text === "policy" ? "policy" : "request";

speak(preferred(settings.language));

const request = new Editor(byId("request-editor"), {
  label: words.requestLabel,
  text: memory.session?.text ?? groups[0]!.examples[0]!.text,
  origin: memory.session?.origin?.kind === "line" ? null : (memory.session?.origin ?? null),
  changed: schedule,
  caret: (at) => {
    showCaret(at);
    schedule();
  },
  paste: (pasted) => openText(pasted, taken),
  next: step,
  fix: () => {
    const at = noted.findIndex(
      ({ diagnostic: { fix, offset, length } }) =>
        fix && offset! <= request.caret && request.caret <= offset! + length!,
    );
    if (at >= 0) fixOne(at);
    return at >= 0;
  },
});

const policyEditor = new Editor(byId("policy-editor"), {
  label: words.policyLabel,
  text: settings.policy ?? policies[0]!.text,
  changed: () => {
    readPolicy();
    memory.remember({ policy: policyEditor.text });
    batch.recheck();
    schedule();
  },
  next: (direction) => {
    const at = policyEditor.caret;
    const places = policyFaults
      .map(({ diagnostic: { offset = 0, length = 0 } }) => ({ offset, length }))
      .sort((a, b) => direction * (a.offset - b.offset));
    const next = places.find(({ offset, length }) => (direction > 0 ? offset > at : offset + length < at)) ?? places[0];
    if (next) policyEditor.show(next.offset, next.offset + next.length);
  },
});

const form = new Form({
  text: () => request.text,
  change: (edit) => {
    request.change(edit);
    refresh();
  },
});

const output = new Output();

const batch: Batch = new Batch({
  policy: () => policy,
  select: (index) => {
    const { text, number: line, bytes } = batch.at(index);
    const fault = notUtf8(bytes);
    request.replace(text, { kind: "line", index, line, name: batch.name, ...(fault && { notUtf8: fault }) });
    refresh();
  },
  open: () => {
    selectText("request");
    request.focus();
  },
  close: () => {
    batch.close();
    if (request.origin?.kind === "line") request.detach();
    byId("tab-lines").hidden = true;
    selectText("request");
  },
});

// What comes in replaces the text in one step, so that undo brings back what was there.
const taken: Taken = {
  request: (text, origin) => {
    selectText("request");
    request.replace(text, origin);
    refresh();
    request.focus();
    const from =
      origin && { file: origin.name ?? "", curl: words.fromCurl, http: words.fromHttp, line: "" }[origin.kind];
    if (from) announce(words.opened(from));
  },
  lines: (bytes, name) => {
    byId("tab-lines").hidden = false;
    selectText("lines");
    batch.open(bytes, name);
    byId("lines").focus();
  },
  failed: (reason) => {
    const said = {
      zstd: words.needsZstd,
      gzip: words.needsGzip,
      damaged: words.damaged,
      tooLarge: words.tooLarge,
      unreadable: words.unreadable,
    }[reason];
    const bar = byId("offer");
    bar.hidden = false;
    bar.replaceChildren(h("p", { class: "bad" }, said));
    announce(said);
  },
};

// The verdict follows within a frame, however fast one types.
let frame = 0;
function schedule() {
  frame ||= requestAnimationFrame(refresh);
}

let checked:
  | { text: string; policy: Policy; policyFaults: readonly Noted[]; origin: Origin | null; language: Language }
  | undefined;

function refresh() {
  cancelAnimationFrame(frame);
  frame = 0;
  text = request.text;
  const { origin } = request;
  const same =
    checked &&
    checked.text === text &&
    checked.policy === policy &&
    checked.policyFaults === policyFaults &&
    checked.origin === origin &&
    checked.language === language;
  if (!same) {
    if (checked && checked.text !== text) forgetMade();
    checked = { text, policy, policyFaults, origin, language };
    root = json.parse(text);
    decide();
    form.show(text, root, rules, diagnostics());
    showVerdict();
    list(byId("diagnostics"), noted, actions);
    byId("no-diagnostics").hidden = noted.length > 0;
    byId("truncated").hidden = !outcome.truncated;
    byId("fix-all").hidden = !noted.some(({ diagnostic }) => diagnostic.fix);
    byId("bytes").textContent = words.bytes(number(bytesOf(text)));
    byId("curl-note").textContent = outcome.ok ? words.curlNormalized : words.curlAsIs;
    showOrigin(byId("origin"), origin, barActions);
    if (origin?.kind === "line" && batch.shown) batch.mark(origin.index ?? -1);
    showOffer(byId("offer"), text, root !== null, offerActions);
    showFormat();
    if (viewChosen) showOutput();
    else selectOutput(outcome.ok && headOutcome.ok ? "normalized" : "response");
    memory.keep(() => ({ text: request.text, origin: request.origin }));
  }
  showCurrent(!same);
}

/** Asks the library. */
function decide() {
  const options = messages ? { policy, messages } : { policy };
  outcome = check(text, options);
  const head = request.origin?.head;
  headOutcome = head ? checkHead(head, options) : { ok: true };
  noted = [
    ...(headOutcome.ok ? [] : headOutcome.violations.map((diagnostic) => note(diagnostic, "head"))),
    ...[...(outcome.violations ?? []), ...outcome.warnings].map((diagnostic) => note(diagnostic, "body")),
  ];
}

const diagnostics = () => noted.filter(({ of }) => of === "body").map(({ diagnostic }) => diagnostic);

const encoder = new TextEncoder();
function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

// The current diagnostic is the innermost one at the caret, or the one that was gone to, until the caret moves: it may
// have no place, or share it.
let visited: { index: number; caret: number } | null = null;

function showCurrent(changed: boolean) {
  const { caret } = request;
  if (changed || visited?.caret !== caret) visited = null;
  let size = Infinity;
  let next = visited?.index ?? null;
  if (next === null) {
    noted.forEach(({ diagnostic: { offset, length = 0 } }, i) => {
      const here = offset !== undefined && offset <= caret && caret <= offset + Math.max(length, 1);
      if (here && length < size) [size, next] = [length, i];
    });
  }
  const moved = next !== current;
  current = next;
  if (changed || moved)
    mark(
      request,
      noted.filter(({ of }) => of === "body"),
      current === null ? null : noted[current]!,
    );
  markCurrent(byId("diagnostics"), current);
  byId("stepper").hidden = noted.length === 0;
  byId("position").textContent = noted.length
    ? words.position(current === null ? "–" : number(current + 1), number(noted.length))
    : "";
}

function mark(editor: Editor, found: readonly Noted[], at: Noted | null) {
  editor.mark(
    found.map((each): Place => {
      const { offset = 0, length = 0, severity, related, code } = each.diagnostic;
      return {
        from: offset,
        to: offset + length,
        severity,
        message: each.message,
        spoiler: code === "duplicate_field" ? undefined : related,
        current: each === at,
      };
    }),
  );
}

/** To the next diagnostic, or the one before. */
function step(direction: 1 | -1) {
  if (!noted.length) return;
  let next: number;
  if (current !== null) next = (current + direction + noted.length) % noted.length;
  else {
    const at = request.caret;
    const places = noted
      .map(({ diagnostic: { offset = -1 } }, i) => ({ offset, i }))
      .sort((a, b) => direction * (a.offset - b.offset));
    next = (places.find(({ offset }) => direction * (offset - at) > 0) ?? places[0]!).i;
  }
  goTo(next);
}

function goTo(index: number, second = false) {
  const { offset, length = 0, related } = noted[index]!.diagnostic;
  if (offset !== undefined) {
    const place = (second && related) || { offset, length };
    selectText("request");
    request.show(place.offset, place.offset + place.length);
  }
  visited = { index, caret: request.caret };
  showCurrent(false);
  if (offset === undefined) byId("diagnostics").children[index]?.querySelector<HTMLElement>(".jump")?.focus();
}

const actions = {
  show: goTo,
  fix: fixOne,
  add: (index: number) => {
    const added = mend.addMissing(text, noted[index]!.diagnostic);
    if (!added) return;
    request.make([added.step]);
    refresh();
    selectText("request");
    request.show(added.from, added.to);
  },
  remove: (index: number) => {
    const step = mend.removeField(text, noted[index]!.diagnostic);
    if (!step) return;
    request.make([step]);
    refresh();
    request.show(step[0]!.offset, step[0]!.offset);
  },
  national: (index: number) => {
    const { diagnostic } = noted[index]!;
    const owner = json.at(root ?? undefined, diagnostic.path.slice(0, -1));
    const said = (key: string) => json.shown(text, json.member(owner, key)?.value);
    const channel = rules.find(({ name }) => name === said("channelType").trim().toUpperCase());
    const changed = channel && mend.nationalRule(policyEditor.text, channel.name, said("deviceAddress"));
    selectText("policy");
    if (!changed) return policyEditor.focus();
    policyEditor.make(changed.steps);
    policyEditor.show(changed.from, changed.to);
    refresh();
    announce(changed.complete ? words.nationalMade : words.nationalOpen);
  },
};

function fixOne(index: number) {
  const { fix } = noted[index]!.diagnostic;
  if (!fix) return;
  request.make([fix]);
  refresh();
  const last = fix.at(-1)!;
  const moved = fix.reduce((sum, { length, text }) => sum + text.length - length, 0);
  const end = last.offset + last.length + moved;
  request.show(end, end);
}

byId("previous").addEventListener("click", () => step(-1));
byId("next").addEventListener("click", () => step(1));
byId("fix-all").addEventListener("click", () => {
  const options = messages ? { policy, messages } : { policy };
  const { steps, made } = mend.fixAll(text, (text) => {
    const { violations = [], warnings } = check(text, options);
    return [...violations, ...warnings];
  });
  request.make(steps);
  refresh();
  showMade(made);
});

/** What "Fix all" did, until the text changes. */
function showMade(made: readonly Diagnostic[]) {
  const said = count(words.fixed, made.length);
  const undo = h(
    "button",
    {
      type: "button",
      class: "quiet",
      onclick: () => {
        request.undo();
        refresh();
        announce(words.undone);
      },
    },
    words.undo,
  );
  const rows = made.map((diagnostic) => {
    const { label, name, message } = note(diagnostic, "body");
    return h(
      "li",
      {},
      h("strong", {}, label, name !== undefined && " ", name !== undefined && h("code", {}, name), ": "),
      message,
      " ",
      h("span", { class: "did" }, fixText(diagnostic)),
    );
  });
  const box = byId("made");
  box.hidden = false;
  box.replaceChildren(h("p", {}, icon("ok"), h("strong", {}, said), undo), h("ol", {}, ...rows));
  byId("diagnostics-scroll").scrollTop = 0;
  undo.focus();
  announce(said);
}

function forgetMade() {
  byId("made").hidden = true;
  byId("made").replaceChildren();
}

const barActions = {
  forget: () => request.detach(),
  step: (direction: 1 | -1) => batch.step(direction),
  total: () => batch.length,
};
const offerActions = {
  read: () => void openText(request.text, taken),
  unwrap: (inner: string) => {
    request.replace(inner, request.origin);
    refresh();
    request.focus();
  },
};

function showCaret(at: number) {
  const { line, column } = request.position(at);
  byId("caret").textContent = words.caret(number(line), number(column));
}

// The verdict, and what a screen reader says of it: once the typing rests, and only if it is another one.
let announcing: ReturnType<typeof setTimeout> | undefined;

function verdictWords(): { word: string; counts: string[] } {
  const violations = noted.filter(({ diagnostic }) => diagnostic.severity === "violation").length;
  const warnings = noted.length - violations;
  const counts = [
    violations ? count(words.violations, violations) : "",
    warnings ? count(words.warnings, warnings) : "",
  ].filter(Boolean);
  if (!counts.length) counts.push(words.nothingFound);
  if (policyFaults.length) counts.push(words.underLastPolicy);
  return { word: outcome.ok && headOutcome.ok ? words.accepted : words.rejected, counts };
}

function showVerdict() {
  const state = !outcome.ok || !headOutcome.ok ? "violation" : outcome.warnings.length ? "warning" : "ok";
  const { word, counts } = verdictWords();
  const verdict = byId("verdict");
  if (verdict.dataset.state !== state) {
    verdict.dataset.state = state;
    byId("stamp").replaceChildren(icon(state));
  }
  byId("verdict-word").textContent = word;
  byId("verdict-counts").textContent = counts.join(" · ");
  clearTimeout(announcing);
  announcing = setTimeout(() => announce(`${word}: ${counts.join(", ")}`), 800);
}

function announce(text: string) {
  const region = byId("announcement");
  if (region.textContent !== text) region.textContent = text;
}

const shown = (): Shown => ({ text, outcome, head: request.origin?.head, headOutcome });

function showOutput() {
  output.show(view, shown());
  byId("copy-output").hidden = view === "normalized" && !outcome.ok;
}

function readPolicy() {
  try {
    policy = createPolicy(policyEditor.text);
    rules = channels(policy);
    policyFaults = [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    policyFaults = error.faults.map((fault) => note(fault, "policy"));
  }
  showPolicy();
}

function showPolicy() {
  policyFaults = policyFaults.map(({ diagnostic }) => note(diagnostic, "policy"));
  mark(policyEditor, policyFaults, null);
  list(byId("policy-faults"), policyFaults, {
    show: (index, second) => {
      const { offset = 0, length = 0, related } = policyFaults[index]!.diagnostic;
      const place = (second && related) || { offset, length };
      selectText("policy");
      policyEditor.show(place.offset, place.offset + place.length);
    },
  });
  const isDefault = policy.json === DEFAULT.json;
  const state = byId("policy-state");
  state.textContent = policyFaults.length
    ? count(words.policyRejected, policyFaults.length)
    : `${isDefault ? words.policyIsDefault : words.policyInForce} ${words.policyHint}`;
  state.className = policyFaults.length ? "bad" : "";
  const badge = byId("policy-mark");
  badge.hidden = isDefault && !policyFaults.length;
  badge.textContent = policyFaults.length ? words.policyFaultMark : words.policyMark;
  badge.classList.toggle("bad", policyFaults.length > 0);
  showRefused();
}

// Warnings that reject: a policy's member `refuse`, as boxes to tick.

function showRefused() {
  const refused: readonly string[] = policy.toJSON().refuse;
  const boxes = byId("refuse-codes");
  if (!boxes.childElementCount) {
    const warnings = codes().filter(({ group }) => group === "warning");
    boxes.replaceChildren(
      ...warnings.map(({ code, meaning }) =>
        h("label", { title: meaning }, h("input", { type: "checkbox", value: code }), h("code", {}, code)),
      ),
    );
  }
  for (const box of boxes.querySelectorAll("input")) box.checked = refused.includes(box.value);
  byId("refused").textContent = refused.length ? count(words.refused, refused.length) : "";
}

byId("refuse-codes").addEventListener("change", () => {
  const ticked = [...byId("refuse-codes").querySelectorAll("input")]
    .filter(({ checked }) => checked)
    .map(({ value }) => value);
  policyEditor.make(mend.refuseOnly(policyEditor.text, ticked));
});

// Examples and presets. Each replaces a text in one step, so that undo brings back what was typed.
function showExamples() {
  const menu = byId("examples");
  const load = (example: Example) => {
    menu.hidePopover();
    taken.request(example.text, null);
  };
  menu.replaceChildren(
    ...groups.map(({ title, examples }, i) =>
      h(
        "section",
        { "aria-labelledby": `examples-${i}` },
        h("h2", { id: `examples-${i}` }, words[title]),
        ...examples.map((example) =>
          h("button", { type: "button", onclick: () => load(example) }, example.name[language]),
        ),
      ),
    ),
  );
  byId("presets").replaceChildren(
    ...[...policies, { name: "presetComplete" as const, text: "" }].map(({ name, text }) =>
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          onclick: () => policyEditor.replace(text || `${json.format(DEFAULT.json)}\n`),
        },
        String(words[name]),
      ),
    ),
  );
}

for (const menu of document.querySelectorAll<HTMLElement>("[popover]")) {
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    all.at(step % all.length)!.focus();
  });
  menu.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "open") menu.querySelector("button")?.focus();
  });
  // A menu stands below its button, and inside of the window.
  const button = document.querySelector<HTMLElement>(`[popovertarget=${menu.id}]`)!;
  menu.addEventListener("beforetoggle", () => {
    const { bottom, right } = button.getBoundingClientRect();
    menu.style.setProperty("--top", `${Math.round(bottom + 4)}px`);
    menu.style.setProperty("--right", `${Math.round(Math.max(8, document.documentElement.clientWidth - right))}px`);
  });
}

const selectText = tabs(byId("text-tabs"), (name) => {
  shownText = name as Texts;
  if (shownText !== "lines") memory.remember({ text: shownText });
  showFormat();
});
const selectOutput = tabs(byId("output-tabs"), (name) => {
  view = name as View;
  showOutput();
});
for (const type of ["click", "keydown"]) {
  byId("output-tabs").addEventListener(type, () => {
    viewChosen = true;
    memory.remember({ view });
  });
}

const textShown = () => (shownText === "policy" ? policyEditor : request);

/** Only JSON can be laid out. */
function showFormat() {
  const isJson = shownText === "policy" ? json.parse(policyEditor.text) !== null : root !== null;
  byId<HTMLButtonElement>("format").disabled = !isJson;
  for (const id of ["format", "copy-text"]) byId(id).hidden = shownText === "lines";
  byId("origin").classList.toggle("away", shownText === "policy");
  byId("offer").classList.toggle("away", shownText === "policy");
}

byId("format").addEventListener("click", () => {
  const editor = textShown();
  const text = json.format(editor.text);
  if (text !== null && text !== editor.text) editor.replace(text, editor.origin);
});

async function copy(button: HTMLElement, text: string, done: string = words.copied) {
  const said = await navigator.clipboard.writeText(text).then(
    () => done,
    () => words.copyFailed,
  );
  const label = button.querySelector<HTMLElement>("[data-t]") ?? button;
  label.textContent = said;
  announce(said);
  setTimeout(
    () => (label.textContent = String(words[label.dataset.t as keyof typeof words])),
    said.length > 20 ? 5000 : 1500,
  );
}
byId("copy-text").addEventListener("click", (event) => copy(event.currentTarget as HTMLElement, textShown().text));
byId("copy-output").addEventListener("click", (event) =>
  copy(event.currentTarget as HTMLElement, copied(view, shown())),
);
byId("curl").addEventListener("click", (event) => {
  const button = (event.target as Element).closest("button");
  if (!button) return;
  byId("curl").hidePopover();
  const { text, file } = command(sent(shown()), button.dataset.shell as Shell);
  void copy(byId("curl-button"), text, file ? words.curlFile(button.textContent) : words.copied);
});
byId("report").addEventListener("click", (event) => {
  const button = (event.target as Element).closest("button");
  if (!button) return;
  byId("report").hidePopover();
  const { word, counts } = verdictWords();
  const written = report(
    {
      verdict: word,
      counts: counts.join(", "),
      noted,
      truncated: outcome.truncated,
      policy: policy.json !== DEFAULT.json,
      bytes: bytesOf(text),
    },
    button.dataset.form as ReportForm,
  );
  void copy(byId("report-button"), written);
});

byId("language").addEventListener("change", (event) => {
  speak((event.target as HTMLInputElement).value as Language);
  memory.remember({ language });
  showWords();
});

function showTheme(theme: string | undefined) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
byId("theme").addEventListener("change", (event) => {
  const { value } = event.target as HTMLInputElement;
  memory.remember({ theme: value });
  showTheme(value);
});

function showWords() {
  document.documentElement.lang = language;
  document.title = `outgoing-to-device · ${words.title}`;
  translate(document);
  request.label(words.requestLabel);
  policyEditor.label(words.policyLabel);
  form.translate();
  batch.translate();
  showExamples();
  showPolicy();
  showCaret(request.caret);
  refresh();
}

const tick = (group: string, value: string) => {
  const input = byId(group).querySelector<HTMLInputElement>(`[value=${CSS.escape(value)}]`);
  if (input) input.checked = true;
};
tick("language", language);
tick("theme", settings.theme ?? "system");
showTheme(settings.theme);
if (settings.policy !== undefined) readPolicy();
listen(taken, { button: byId("open"), input: byId<HTMLInputElement>("file"), veil: byId("dropping") });
selectText(shownText);
showWords();
if (viewChosen) selectOutput(view);

// Served over HTTP, the page comes back without a network too; opened as a file it needs nothing.
if (location.protocol.startsWith("http") && "serviceWorker" in navigator)
  void navigator.serviceWorker.register("./offline.js");
