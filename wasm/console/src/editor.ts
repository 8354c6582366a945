// A text: CodeMirror with diagnostics underlined.

import { defaultKeymap, history, historyKeymap, invertedEffects, isolateHistory, undo } from "@codemirror/commands";
import {
  LRLanguage,
  bracketMatching,
  continuedIndent,
  indentNodeProp,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import {
  ChangeSet,
  Compartment,
  EditorState,
  RangeSetBuilder,
  StateEffect,
  StateField,
  type Range,
} from "@codemirror/state";
import {
  Decoration,
  EditorView,
  ViewPlugin,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import { parser } from "@lezer/json";
import { classHighlighter } from "@lezer/highlight";
import { h } from "./dom";
import type { Edit } from "./json";
import type { Severity, Span } from "./library";
import type { Step } from "./mend";
import type { Origin } from "./origin";

/** A diagnostic at its place, in UTF-16 units of the text. */
export interface Place {
  from: number;
  to: number;
  severity: Severity;
  message: string;
  /** The one character that spoils the value. */
  spoiler?: Span | undefined;
  current: boolean;
}

const json = LRLanguage.define({
  name: "json",
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
    for (const effect of transaction.effects)
      if (effect.is(setPlaces)) return decorate(effect.value, transaction.newDoc.length);
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
  const mark = (from: number, to: number, name: string) => {
    // Something must be underlined: of an empty place the character before it.
    const [start, end] = from < to ? [from, Math.min(to, length)] : [Math.max(0, from - 1), from];
    if (start < end) ranges.push(Decoration.mark({ class: name }).range(start, end));
  };
  for (const { from, to, severity, spoiler, current } of places) {
    mark(from, to, `diagnostic ${severity}${current ? " current" : ""}`);
    if (spoiler) mark(spoiler.offset, spoiler.offset + spoiler.length, `spoiler ${severity}`);
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
  const create = () => ({
    dom: h("ul", { class: "tip" }, ...inner.map((place) => h("li", { class: place.severity }, place.message))),
  });
  return { pos: Math.min(from, view.state.doc.length), end: Math.min(to, view.state.doc.length), create };
});

/** Deeper than this the rows of a wrapped line hang no further. */
const MOST_HANG = 24;
const hangs = Array.from({ length: MOST_HANG + 1 }, (_, columns) => Decoration.line({ class: `hang-${columns}` }));

// Classes, not style attributes: the page's policy lets no style in but those it knows.
const hangTheme = EditorView.theme(
  Object.fromEntries(
    hangs.map((_, columns) => [
      `.cm-line.hang-${columns}`,
      { textIndent: `-${columns + 2}ch`, paddingLeft: `${columns + 2.75}ch` },
    ]),
  ),
);

/** What a line breaks into stands under its own beginning, two columns in. */
const hanging = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = this.build(view);
    }
    update({ docChanged, viewportChanged, view }: ViewUpdate) {
      if (docChanged || viewportChanged) this.decorations = this.build(view);
    }
    private build(view: EditorView): DecorationSet {
      const builder = new RangeSetBuilder<Decoration>();
      for (const { from, to } of view.visibleRanges) {
        for (let at = from; at <= to;) {
          const line = view.state.doc.lineAt(at);
          builder.add(line.from, line.from, hangs[Math.min(MOST_HANG, /^ */.exec(line.text)![0].length)]!);
          at = line.to + 1;
        }
      }
      return builder.finish();
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const setOrigin = StateEffect.define<Origin | null>();

/** Undo brings back where the text came from, too. */
const origin = StateField.define<Origin | null>({
  create: () => null,
  update: (value, transaction) =>
    transaction.effects.reduce((value, effect) => (effect.is(setOrigin) ? effect.value : value), value),
});

const originHistory = invertedEffects.of((transaction) => {
  const changed = transaction.effects.some((effect) => effect.is(setOrigin));
  return changed ? [setOrigin.of(transaction.startState.field(origin))] : [];
});

const CHROMIUM = navigator.userAgent.includes("Chrome/");

export interface EditorOptions {
  label: string;
  text: string;
  origin?: Origin | null;
  changed(): void;
  caret?(at: number): void;
  /** Another text was pasted; true if it was taken in another way. */
  paste?(text: string): boolean;
  /** F8 and Shift+F8. */
  next?(direction: 1 | -1): void;
  /** Ctrl+.: whether there was something to fix. */
  fix?(): boolean;
}

export class Editor {
  private view: EditorView;
  private attributes = new Compartment();

  constructor(parent: HTMLElement, options: EditorOptions) {
    const step = (direction: 1 | -1) => () => {
      options.next?.(direction);
      return true;
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          lineNumbers(),
          history(),
          origin.init(() => options.origin ?? null),
          originHistory,
          bracketMatching(),
          indentOnInput(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          hanging,
          hangTheme,
          json,
          syntaxHighlighting(classHighlighter),
          marked,
          tooltips,
          this.attributes.of(this.attributesFor(options.label)),
          // Styles are put in by script; this is the only nonce that the page's policy knows.
          EditorView.cspNonce.of("editor"),
          EditorView.domEventHandlers({
            // Typing over a marked text, Chromium puts its style in as an attribute, which the page's policy stops.
            beforeinput: (event, view) => {
              const { inputType, data, isComposing } = event as InputEvent;
              const over = inputType === "insertText" && !isComposing && !view.state.selection.main.empty;
              if (!CHROMIUM || !over || !data) return false;
              event.preventDefault();
              view.dispatch(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
              return true;
            },
            paste: (event) => {
              const text = event.clipboardData?.getData("text/plain");
              if (!text || !options.paste?.(text)) return false;
              event.preventDefault();
              return true;
            },
          }),
          keymap.of([
            { key: "F8", run: step(1) },
            { key: "Shift-F8", run: step(-1) },
            { key: "Mod-.", run: () => options.fix?.() ?? false },
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged || update.startState.field(origin) !== update.state.field(origin)) options.changed();
            if (update.docChanged || update.selectionSet) options.caret?.(this.caret);
          }),
        ],
      }),
    });
  }

  private attributesFor(label: string) {
    return EditorView.contentAttributes.of({
      "aria-label": label,
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get origin(): Origin | null {
    return this.view.state.field(origin);
  }

  get caret(): number {
    return this.view.state.selection.main.head;
  }

  /** The line of a place, and its column in Unicode scalar values, both from 1. */
  position(at: number): { line: number; column: number } {
    const line = this.view.state.doc.lineAt(Math.min(at, this.view.state.doc.length));
    return { line: line.number, column: [...line.text.slice(0, at - line.from)].length + 1 };
  }

  label(label: string) {
    this.view.dispatch({ effects: this.attributes.reconfigure(this.attributesFor(label)) });
  }

  /** Makes an edit that can be undone; the selection is moved along with it. */
  change({ from, to, insert }: Edit) {
    this.view.dispatch({ changes: { from, to, insert }, userEvent: "input" });
  }

  /** Makes one change after another, each in the text that the last one left: one step for undo. */
  make(steps: readonly Step[]) {
    let changes = ChangeSet.empty(this.view.state.doc.length);
    for (const step of steps) {
      changes = changes.compose(
        ChangeSet.of(
          step.map(({ offset, length, text }) => ({ from: offset, to: offset + length, insert: text })),
          changes.newLength,
        ),
      );
    }
    this.view.dispatch({ changes, userEvent: "input.fix", annotations: isolateHistory.of("full") });
  }

  /** Another text: one step for undo. */
  replace(text: string, from: Origin | null = null) {
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      effects: setOrigin.of(from),
      annotations: isolateHistory.of("full"),
      scrollIntoView: true,
    });
  }

  /** Forgets where the text came from. */
  detach() {
    this.view.dispatch({ effects: setOrigin.of(null), annotations: isolateHistory.of("full") });
  }

  undo() {
    undo(this.view);
  }

  mark(places: readonly Place[]) {
    this.view.dispatch({ effects: setPlaces.of(places) });
  }

  /** Selects a place, brings it into view and gives the editor the focus. */
  show(from: number, to: number) {
    const end = this.view.state.doc.length;
    const selection = { anchor: Math.min(from, end), head: Math.min(to, end) };
    this.view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "center" }) });
    this.view.focus();
  }

  focus() {
    this.view.focus();
  }
}
