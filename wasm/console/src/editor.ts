// The JSON text: CodeMirror with findings underlined.

import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { LRLanguage, bracketMatching, continuedIndent, indentNodeProp, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, StateEffect, StateField, type ChangeSpec, type Range } from '@codemirror/state';
import { Decoration, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers, type DecorationSet } from '@codemirror/view';
import { parser } from '@lezer/json';
import { classHighlighter } from '@lezer/highlight';
import type { Severity } from 'outgoing-to-device';
import { h } from './dom';

/** A finding at its place, in UTF-16 units of the text. */
export interface Place {
  from: number;
  to: number;
  severity: Severity;
  message: string;
}

const json = LRLanguage.define({
  name: 'json',
  parser: parser.configure({
    props: [
      indentNodeProp.add({
        Object: continuedIndent({ except: /^\s*\}/ }),
        Array: continuedIndent({ except: /^\s*\]/ }),
      }),
    ],
  }),
  languageData: { indentOnInput: /^\s*[\}\]]$/ },
});

interface Marked {
  places: readonly Place[];
  decorations: DecorationSet;
}

const setPlaces = StateEffect.define<readonly Place[]>();

const marked = StateField.define<Marked>({
  create: () => ({ places: [], decorations: Decoration.none }),
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setPlaces)) return decorate(effect.value, transaction.newDoc.length);
    if (!transaction.docChanged) return value;
    const map = (at: number, side: number) => transaction.changes.mapPos(at, side);
    return {
      places: value.places.map((place) => ({ ...place, from: map(place.from, -1), to: map(place.to, 1) })),
      decorations: value.decorations.map(transaction.changes),
    };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.decorations),
});

function decorate(places: readonly Place[], length: number): Marked {
  const ranges: Range<Decoration>[] = [];
  for (const { from, to, severity } of places) {
    // Something must be underlined: of an empty place the character before it.
    const [start, end] = from < to ? [from, Math.min(to, length)] : [Math.max(0, from - 1), from];
    if (start < end) ranges.push(Decoration.mark({ class: `finding ${severity}` }).range(start, end));
  }
  return { places, decorations: Decoration.set(ranges, true) };
}

const tooltips = hoverTooltip((view, at) => {
  const here = view.state.field(marked).places.filter(({ from, to }) => from <= at && at <= Math.max(to, from + 1));
  if (!here.length) return null;
  // Of places inside each other the innermost is meant.
  const size = Math.min(...here.map(({ from, to }) => to - from));
  const inner = here.filter(({ from, to }) => to - from === size);
  const { from, to } = inner[0]!;
  const create = () => ({ dom: h('ul', { class: 'tip' }, ...inner.map((place) => h('li', { class: place.severity }, place.message))) });
  return { pos: Math.min(from, view.state.doc.length), end: Math.min(to, view.state.doc.length), create };
});

export interface EditorOptions {
  label: string;
  text: string;
  changed(text: string): void;
  caret?(at: number): void;
  /** What Ctrl+. does to a finding at the caret; says whether there was one. */
  fix?(at: number): boolean;
}

export class Editor {
  private view: EditorView;
  private attributes = new Compartment();

  constructor(parent: HTMLElement, options: EditorOptions) {
    const step = (direction: 1 | -1) => () => this.next(direction);
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          lineNumbers(),
          history(),
          bracketMatching(),
          indentOnInput(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          json,
          syntaxHighlighting(classHighlighter),
          marked,
          tooltips,
          this.attributes.of(EditorView.contentAttributes.of({ 'aria-label': options.label })),
          // Styles are put in by script; this is the only nonce that the page's policy knows.
          EditorView.cspNonce.of('editor'),
          keymap.of([
            { key: 'F8', run: step(1) },
            { key: 'Shift-F8', run: step(-1) },
            { key: 'Mod-.', run: () => options.fix?.(this.caret) ?? false },
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) options.changed(this.text);
            if (update.docChanged || update.selectionSet) options.caret?.(this.caret);
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get caret(): number {
    return this.view.state.selection.main.head;
  }

  /** The line of a place, and its column in Unicode scalar values, both from 1. */
  position(at: number): { line: number; column: number } {
    const line = this.view.state.doc.lineAt(at);
    return { line: line.number, column: [...line.text.slice(0, at - line.from)].length + 1 };
  }

  label(label: string) {
    this.view.dispatch({ effects: this.attributes.reconfigure(EditorView.contentAttributes.of({ 'aria-label': label })) });
  }

  /** Makes changes that can be undone; the selection is moved along with them. */
  change(changes: ChangeSpec) {
    this.view.dispatch({ changes, userEvent: 'input' });
  }

  replace(text: string) {
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
  }

  mark(places: readonly Place[]) {
    this.view.dispatch({ effects: setPlaces.of(places) });
  }

  /** Selects a place, brings it into view and gives the editor the focus. */
  show(from: number, to: number) {
    const end = this.view.state.doc.length;
    const selection = { anchor: Math.min(from, end), head: Math.min(to, end) };
    this.view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: 'center' }) });
    this.view.focus();
  }

  focus() {
    this.view.focus();
  }

  private next(direction: 1 | -1): boolean {
    const { places } = this.view.state.field(marked);
    const sorted = [...places].sort((a, b) => direction * (a.from - b.from));
    const at = this.view.state.selection.main.from;
    const next = sorted.find((place) => direction * (place.from - at) > 0) ?? sorted[0];
    if (next) this.show(next.from, next.to);
    return next !== undefined;
  }
}
