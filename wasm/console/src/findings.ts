// Findings as a list: each leads to its place, and makes its fix.

import type { Diagnostic, Edit } from 'outgoing-to-device';
import { h, icon } from './dom';
import { message, number, words } from './language';

export interface ListOptions {
  show(from: number, to: number): void;
  fix(edits: readonly Edit[]): void;
}

/** Renders the findings, if they or their words have changed: what has the focus is not taken away. */
export function list(element: HTMLElement, findings: readonly Diagnostic[], options: ListOptions) {
  const rows = findings.map((finding) => row(finding, options));
  const old = [...element.children];
  rows.forEach((next, i) => {
    const now = old[i];
    if (!now) return element.append(next);
    const focused = now.contains(document.activeElement) ? (document.activeElement as HTMLElement).className : null;
    now.replaceWith(next);
    if (focused !== null) (next.querySelector<HTMLElement>(`button.${focused.split(' ')[0]}`) ?? next.querySelector('button'))?.focus();
  });
  old.slice(rows.length).forEach((row) => row.remove());
  element.hidden = rows.length === 0;
}

function row(finding: Diagnostic, options: ListOptions): HTMLElement {
  const { severity, code, offset = 0, length = 0, line = 1, column = 1, related, fix } = finding;
  const text = message(finding);
  const jump = h('button', { type: 'button', class: 'jump', onclick: () => options.show(offset, offset + length) },
    h('span', { class: 'badge' }, icon(severity), h('span', { class: 'hidden' }, `${words[severity]}: `)),
    h('span', { class: 'what' },
      h('span', { class: 'message' }, text),
      h('span', { class: 'where' },
        h('code', { class: 'pointer' }, finding.pointer || words.atStart),
        h('span', {}, words.atLine(number(line), number(column))),
        h('code', {}, code))));
  return h('li', { class: severity }, jump,
    (related || fix) && h('span', { class: 'do' },
      related && h('button', { type: 'button', class: 'first quiet', onclick: () => options.show(related.offset, related.offset + related.length) }, words.firstOne),
      fix && fixButton(finding, fix, text, options)));
}

function fixButton(finding: Diagnostic, edits: readonly Edit[], text: string, options: ListOptions): HTMLElement {
  const only = edits.length === 1 ? edits[0]!.text : '';
  // One edit may say what will stand there; quotes put around a number are two.
  const named = finding.suggestion ?? only;
  const short = named.length > 32 ? '' : named;
  return h('button', { type: 'button', class: 'fix', 'aria-label': short ? words.fixLabel(short, text) : `${words.fixGeneric}: ${text}`, onclick: () => options.fix(edits) },
    icon('fix'), short ? words.fix(short) : words.fixQuotes);
}
