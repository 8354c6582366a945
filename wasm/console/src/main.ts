// The page: one text, checked as it changes; everything else is a view of it.

import './style.css';
import { PolicyError, channels, check, createPolicy, type Diagnostic, type Edit, type Outcome, type Policy } from 'outgoing-to-device';
import { byId, h, icon, tabs } from './dom';
import { Editor } from './editor';
import { groups, policies, type Example } from './examples';
import { list } from './findings';
import { Form } from './form';
import { format, parse } from './json';
import { count, language, message, messages, number, preferred, speak, translate, words, type Language } from './language';
import { copied, curl, render, type View } from './output';

const NO_POLICY = policies[0]!.text;

let policy: Policy = createPolicy();
let policyFaults: readonly Diagnostic[] = [];
let outcome: Outcome;
let findings: readonly Diagnostic[] = [];
let view: View = 'normalized';
/** Until a person chooses a view, the one that has something to say is shown. */
let viewChosen = false;
let shownText: 'request' | 'policy' = 'request';

speak(preferred());

const request = new Editor(byId('request-editor'), {
  label: words.requestLabel,
  text: groups[0]!.examples[0]!.text,
  changed: schedule,
  caret: showCaret,
  fix: (at) => {
    const here = findings.filter(({ fix, offset, length }) => fix && offset! <= at && at <= offset! + length!);
    if (here[0]) applyFix(request, here[0].fix!);
    return here.length > 0;
  },
});

const policyEditor = new Editor(byId('policy-editor'), {
  label: words.policyLabel,
  text: NO_POLICY,
  changed: (text) => {
    readPolicy(text);
    schedule();
  },
});

const form = new Form({
  text: () => request.text,
  change: (edit) => {
    request.change(edit);
    refresh();
  },
});

// The verdict follows within a frame, however fast one types.
let frame = 0;
function schedule() {
  frame ||= requestAnimationFrame(refresh);
}

function refresh() {
  cancelAnimationFrame(frame);
  frame = 0;
  const text = request.text;
  outcome = check(text, messages ? { policy, messages } : { policy });
  findings = [...(outcome.violations ?? []), ...outcome.warnings];
  mark(request, findings);
  form.show(text, channels(policy), findings);
  showVerdict();
  list(byId('findings'), findings, { show: (from, to) => showPlace('request', from, to), fix: (edits) => applyFix(request, edits) });
  byId('no-findings').hidden = findings.length > 0;
  byId('truncated').hidden = !outcome.truncated;
  byId('bytes').textContent = words.bytes(number(new TextEncoder().encode(text).length));
  showFormat();
  if (viewChosen) showOutput();
  else selectOutput(outcome.ok ? 'normalized' : 'response');
}

function mark(editor: Editor, found: readonly Diagnostic[]) {
  editor.mark(found.map((finding) => {
    const { offset = 0, length = 0, severity } = finding;
    return { from: offset, to: offset + length, severity, message: message(finding) };
  }));
}

function applyFix(editor: Editor, edits: readonly Edit[]) {
  editor.change(edits.map(({ offset, length, text }) => ({ from: offset, to: offset + length, insert: text })));
  refresh();
  const last = edits.at(-1)!;
  const moved = edits.reduce((sum, { length, text }) => sum + text.length - length, 0);
  const end = last.offset + last.length + moved;
  editor.show(end, end);
}

function showPlace(which: 'request' | 'policy', from: number, to: number) {
  selectText(which);
  (which === 'request' ? request : policyEditor).show(from, to);
}

function showCaret(at: number) {
  const { line, column } = request.position(at);
  byId('caret').textContent = words.caret(number(line), number(column));
}

// The verdict, and what a screen reader says of it: once the typing rests, and only if it is another one.
let announcing: ReturnType<typeof setTimeout> | undefined;

function showVerdict() {
  const { violations = [], warnings } = outcome;
  const state = violations.length ? 'violation' : warnings.length ? 'warning' : 'ok';
  const counts = [
    violations.length ? count(words.violations, violations.length) : '',
    warnings.length ? count(words.warnings, warnings.length) : '',
  ].filter(Boolean);
  if (!counts.length) counts.push(words.nothingFound);
  if (policyFaults.length) counts.push(words.underLastPolicy);
  const word = outcome.ok ? words.accepted : words.refused;
  const verdict = byId('verdict');
  if (verdict.dataset.state !== state) {
    verdict.dataset.state = state;
    byId('stamp').replaceChildren(icon(state));
  }
  byId('verdict-word').textContent = word;
  byId('verdict-counts').textContent = counts.join(' · ');
  clearTimeout(announcing);
  announcing = setTimeout(() => announce(`${word}: ${counts.join(', ')}`), 800);
}

function announce(text: string) {
  const region = byId('announcement');
  if (region.textContent !== text) region.textContent = text;
}

function showOutput() {
  const panel = byId('panel-output');
  panel.setAttribute('aria-labelledby', `tab-${view}`);
  panel.replaceChildren(...render(view, request.text, outcome));
  byId('copy-curl').hidden = view !== 'normalized' || !outcome.ok;
  byId('copy-output').hidden = view === 'normalized' && !outcome.ok;
}

function readPolicy(text: string) {
  try {
    policy = createPolicy(text);
    policyFaults = [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    policyFaults = error.faults;
  }
  showPolicy();
}

function showPolicy() {
  mark(policyEditor, policyFaults);
  list(byId('policy-faults'), policyFaults, { show: (from, to) => showPlace('policy', from, to), fix: (edits) => applyFix(policyEditor, edits) });
  const isDefault = policy.json === createPolicy().json;
  const state = byId('policy-state');
  state.textContent = policyFaults.length
    ? count(words.policyRefused, policyFaults.length)
    : `${isDefault ? words.policyIsDefault : words.policyInForce} ${words.policyHint}`;
  state.className = policyFaults.length ? 'bad' : '';
  const badge = byId('policy-mark');
  badge.hidden = isDefault && !policyFaults.length;
  badge.textContent = policyFaults.length ? words.policyFaultMark : words.policyMark;
  badge.classList.toggle('bad', policyFaults.length > 0);
}

// Examples and presets. Each replaces a text in one step, so that undo brings back what was typed.
function showExamples() {
  const menu = byId('examples');
  const load = (example: Example) => {
    menu.hidePopover();
    selectText('request');
    request.replace(example.text);
    refresh();
    request.focus();
  };
  menu.replaceChildren(...groups.map(({ title, examples }, i) =>
    h('section', { 'aria-labelledby': `examples-${i}` }, h('h2', { id: `examples-${i}` }, words[title]),
      ...examples.map((example) => h('button', { type: 'button', onclick: () => load(example) }, example.name[language])))));
  byId('presets').replaceChildren(
    ...[...policies, { name: 'presetComplete' as const, text: '' }].map(({ name, text }) =>
      h('button', { type: 'button', class: 'quiet', onclick: () => policyEditor.replace(text || `${format(createPolicy().json)}\n`) }, String(words[name]))));
}

byId('examples').addEventListener('keydown', (event) => {
  const all = [...byId('examples').querySelectorAll('button')];
  const at = all.indexOf(document.activeElement as HTMLButtonElement);
  const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  all.at(step % all.length)!.focus();
});
byId('examples').addEventListener('toggle', (event) => {
  if ((event as ToggleEvent).newState === 'open') byId('examples').querySelector('button')?.focus();
});

const selectText = tabs(byId('text-tabs'), (name) => {
  shownText = name as typeof shownText;
  showFormat();
});
const selectOutput = tabs(byId('output-tabs'), (name) => {
  view = name as View;
  showOutput();
});
for (const type of ['click', 'keydown']) byId('output-tabs').addEventListener(type, () => (viewChosen = true));

const textShown = () => (shownText === 'request' ? request : policyEditor);

/** Only JSON can be laid out. */
function showFormat() {
  byId<HTMLButtonElement>('format').disabled = parse(textShown().text) === null;
}

byId('format').addEventListener('click', () => {
  const editor = textShown();
  const text = format(editor.text);
  if (text !== null && text !== editor.text) editor.replace(text);
});

async function copy(button: HTMLElement, text: string) {
  const done = await navigator.clipboard.writeText(text).then(() => words.copied, () => words.copyFailed);
  const label = String(words[button.dataset.t as keyof typeof words]);
  button.textContent = done;
  announce(done);
  setTimeout(() => (button.textContent = label), 1500);
}
byId('copy-text').addEventListener('click', (event) => copy(event.currentTarget as HTMLElement, textShown().text));
byId('copy-output').addEventListener('click', (event) => copy(event.currentTarget as HTMLElement, copied(view, outcome)));
byId('copy-curl').addEventListener('click', (event) => outcome.ok && copy(event.currentTarget as HTMLElement, curl(outcome.text)));

byId('language').addEventListener('change', (event) => {
  speak((event.target as HTMLInputElement).value as Language);
  showWords();
});

byId('theme').addEventListener('change', (event) => {
  const { value } = event.target as HTMLInputElement;
  if (value === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
});

function showWords() {
  document.documentElement.lang = language;
  document.title = `outgoing-to-device · ${words.title}`;
  translate(document);
  request.label(words.requestLabel);
  policyEditor.label(words.policyLabel);
  form.translate();
  showExamples();
  showPolicy();
  showCaret(request.caret);
  refresh();
}

byId('language').querySelector<HTMLInputElement>(`[value=${language}]`)!.checked = true;
selectText('request');
showWords();

// Served over HTTP, the page comes back without a network too; opened as a file it needs nothing.
if (location.protocol.startsWith('http') && 'serviceWorker' in navigator) void navigator.serviceWorker.register('./offline.js');
