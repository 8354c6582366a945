// What becomes of the request: its normal form, and what a gateway would answer.

import { problem, success, type Outcome, type Reply } from 'outgoing-to-device';
import { highlightTree, classHighlighter } from '@lezer/highlight';
import { parser } from '@lezer/json';
import { compare, type Difference } from './diff';
import { h } from './dom';
import { format } from './json';
import { count, words } from './language';

export type View = 'normalized' | 'response' | 'raw';

/** The ids of the documented example: here, nobody has any others. */
const SAMPLE = { id: 1, threadId: 2, clientId: 1, clientExternalId: null, agentId: 3 };

const REASONS: Record<number, string> = { 200: 'OK', 400: 'Bad Request', 413: 'Content Too Large' };

export function reply(outcome: Outcome): Reply {
  return outcome.ok ? success(SAMPLE) : problem(outcome);
}

/** The response as it goes over the wire. */
export function raw({ status, headers, body }: Reply): string {
  const length = new TextEncoder().encode(body).length;
  const fields = [...headers, ['Content-Length', String(length)]];
  return `${statusLine(status)}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`.trimEnd();
}

/** A command that sends the normalized request; address and token are the shell's variables. */
export function curl(normalized: string): string {
  return `curl --request POST "$BASE_URL/api/v1/messages/outgoing-to-device" \\
  --header "Authorization: Bearer $TOKEN" \\
  --header 'Content-Type: application/json' \\
  --data-binary '${normalized.replaceAll("'", `'\\''`)}'`;
}

/** The text that a view is copied as. */
export function copied(view: View, outcome: Outcome): string {
  if (view === 'normalized') return outcome.ok ? outcome.text : '';
  const answer = reply(outcome);
  return view === 'raw' ? raw(answer) : answer.body;
}

export function render(view: View, text: string, outcome: Outcome): Node[] {
  if (view === 'normalized') return outcome.ok ? normalized(text, outcome.text) : [h('p', { class: 'none' }, words.noNormalized)];
  const answer = reply(outcome);
  const note = h('p', { class: 'note' }, outcome.ok ? words.sampleIds : words.problemNote);
  if (view === 'raw') {
    const [head, body] = raw(answer).split('\r\n\r\n');
    const [line, ...fields] = head!.split('\r\n');
    const rows = fields.flatMap((field) => {
      const [, name, value] = /^([^:]+)(:.*)$/.exec(field)!;
      return ['\n', h('span', { class: 'tok-propertyName' }, name!), value!];
    });
    return [h('pre', {}, h('span', { class: 'status-line' }, line!), ...rows, '\n\n', ...highlighted(body!)), note];
  }
  return [
    h('p', { class: 'answer' }, h('strong', { class: outcome.ok ? 'good' : 'bad' }, `${answer.status} ${REASONS[answer.status] ?? ''}`),
      ...answer.headers.filter(([name]) => name === 'Content-Type').map(([, value]) => h('code', {}, value))),
    h('pre', {}, ...highlighted(format(answer.body) ?? answer.body)),
    note,
  ];
}

function normalized(before: string, after: string): Node[] {
  const difference = compare(before, after);
  const body = difference ? difference.pieces.map(piece) : highlighted(after);
  return [
    h('p', { class: 'note' }, difference ? summary(difference, before === after) : ''),
    h('pre', {}, ...body),
    h('h3', {}, words.compact),
    h('pre', { class: 'compact' }, ...highlighted(after)),
  ];
}

function piece({ text, mark, token }: Difference['pieces'][number]): Node | string {
  const tokens = { key: 'tok-propertyName', string: 'tok-string', number: 'tok-number', word: 'tok-keyword' };
  const properties = token ? { class: tokens[token] } : {};
  if (mark === 'new') return h('ins', properties, text);
  // A struck-out space looks like a dash: show where it stood.
  if (mark === 'gone') return h('del', properties, token === 'string' ? text.replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length)) : text);
  if (mark === 'respelled') return h('mark', properties, text);
  return token ? h('span', properties, text) : text;
}

function summary(difference: Difference, same: boolean): string {
  if (same) return words.unchanged;
  const { changed, added, removed, renamed, respelled, reordered } = difference;
  const parts = [
    changed && count(words.changedValues, changed),
    added && count(words.addedFields, added),
    removed && count(words.removedFields, removed),
    renamed && count(words.renamedFields, renamed),
    respelled && count(words.respelled, respelled),
    reordered && words.reordered,
  ].filter((part) => typeof part === 'string');
  const said = parts.join(', ');
  return parts.length ? `${said[0]!.toUpperCase()}${said.slice(1)}.` : words.layoutOnly;
}

/** JSON text in colours; what is not JSON comes out as it is. */
function highlighted(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let at = 0;
  highlightTree(parser.parse(text), classHighlighter, (from, to, classes) => {
    if (from > at) nodes.push(text.slice(at, from));
    nodes.push(h('span', { class: classes }, text.slice(from, to)));
    at = to;
  });
  nodes.push(text.slice(at));
  return nodes;
}
