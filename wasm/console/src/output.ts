// What becomes of the request: its normal form, and what a gateway would answer.

import { highlightTree, classHighlighter } from "@lezer/highlight";
import { parser } from "@lezer/json";
import { compare, type Difference } from "./diff";
import { byId, h } from "./dom";
import type { Head } from "./incoming/head";
import { format } from "./json";
import { count, words } from "./language";
import { problem, success, type HeadOutcome, type Outcome, type Reply } from "./library";
import * as http from "./outgoing/http";

export type View = "normalized" | "response" | "raw";

export interface Shown {
  text: string;
  outcome: Outcome;
  head: Head | undefined;
  headOutcome: HeadOutcome;
}

/** The ids of the documented example: here, nobody has any others. */
const SAMPLE = { id: 1, threadId: 2, clientId: 1, clientExternalId: null, agentId: 3 };

/** A faulty head is answered before anybody looks at the body. */
export function reply({ outcome, headOutcome }: Shown): Reply {
  if (!headOutcome.ok) return problem(headOutcome);
  return outcome.ok ? success(SAMPLE) : problem(outcome);
}

/** What would be sent: the normal form, or the text as it stands. */
export function sent({ text, outcome }: Shown): string {
  return outcome.ok ? outcome.text : text;
}

/** The text that a view is copied as. */
export function copied(view: View, shown: Shown): string {
  if (view === "normalized") return shown.outcome.ok ? shown.outcome.text : "";
  const answer = reply(shown);
  return view === "raw" ? `${http.request(sent(shown), shown.head)}\r\n\r\n${http.response(answer)}` : answer.body;
}

/** A piece of text in a colour, or with a mark. */
interface Piece {
  text: string;
  class?: string | undefined;
  tag?: "ins" | "del" | "mark" | undefined;
}

type Block =
  { note: string } | { title: string } | { answer: Reply; good: boolean } | { pieces: Piece[]; compact?: boolean };

/** Draws a view: the lines in sight at once, the rest when the typing rests and the browser has time. */
export class Output {
  private panel = byId("panel-output");
  private timer = 0;
  /** How far one sees, in pixels of the content; asking for it while drawing would cost a layout. */
  private seen = 0;

  constructor() {
    const look = () => (this.seen = this.panel.scrollTop + Math.min(this.panel.clientHeight, innerHeight));
    this.panel.addEventListener("scroll", look, { passive: true });
    new ResizeObserver(look).observe(this.panel);
  }

  show(view: View, shown: Shown) {
    clearTimeout(this.timer);
    this.panel.setAttribute("aria-labelledby", `tab-${view}`);
    const drawing = new Drawing(blocks(view, shown));
    const parts = document.createDocumentFragment();
    drawing.draw(parts, 20 + Math.ceil(this.seen / LINE));
    this.panel.replaceChildren(parts);
    if (!drawing.done) this.timer = window.setTimeout(() => this.rest(drawing), 300);
  }

  private rest(drawing: Drawing) {
    const start = performance.now();
    while (!drawing.done && performance.now() - start < 4) drawing.draw(this.panel, 20);
    if (!drawing.done) this.timer = window.setTimeout(() => this.rest(drawing), 12);
  }
}

/** The least height of a line, in pixels. */
const LINE = 20;

/** Blocks on their way to the page. */
class Drawing {
  private block = 0;
  private piece = 0;
  private at = 0;
  private pre: HTMLElement | undefined;
  private line: HTMLElement | undefined;

  constructor(private blocks: Block[]) {}

  get done(): boolean {
    return this.block === this.blocks.length;
  }

  draw(into: Node, lines: number) {
    while (!this.done && lines > 0) {
      const block = this.blocks[this.block]!;
      if (!("pieces" in block)) {
        into.appendChild(simple(block));
        this.block++;
        continue;
      }
      if (!this.pre) {
        this.pre = h("pre", block.compact ? { class: "compact" } : {});
        into.appendChild(this.pre);
      }
      lines -= this.drawLines(block.pieces, lines);
      if (this.piece < block.pieces.length) return;
      this.block++;
      [this.piece, this.at, this.pre, this.line] = [0, 0, undefined, undefined];
    }
  }

  /** Draws up to so many lines, and says how many it has drawn; a very long line counts as many. */
  private drawLines(pieces: Piece[], most: number): number {
    let drawn = 0;
    for (; this.piece < pieces.length; this.piece++, this.at = 0) {
      const { text, class: name, tag } = pieces[this.piece]!;
      while (this.at < text.length) {
        if (!this.line) {
          if (drawn >= most) return drawn;
          this.line = h("span", { class: "line" });
          this.pre!.append(this.line);
        }
        const end = text.indexOf("\n", this.at);
        const part = text.slice(this.at, end < 0 ? text.length : end + 1);
        const shown = tag ? h(tag, { class: name }, part) : name ? h("span", { class: name }, part) : part;
        if (!this.line.hasChildNodes()) hang(this.line, part);
        this.line.append(shown);
        this.at += part.length;
        if (end >= 0) {
          this.line = undefined;
          drawn += 1;
        }
      }
    }
    return drawn + 1;
  }
}

/** A line that wraps goes on under its own beginning. */
function hang(line: HTMLElement, part: string) {
  const columns = /^ */.exec(part)![0].length;
  line.style.setProperty("--hang", String(Math.min(columns, 24) + 2));
}

function simple(block: Exclude<Block, { pieces: Piece[] }>): HTMLElement {
  if ("note" in block) return h("p", { class: "note" }, block.note);
  if ("title" in block) return h("h3", {}, block.title);
  return h(
    "p",
    { class: "answer" },
    h("strong", { class: block.good ? "good" : "bad" }, http.statusOf(block.answer.status)),
    ...block.answer.headers.filter(([name]) => name === "content-type").map(([, value]) => h("code", {}, value)),
  );
}

function blocks(view: View, shown: Shown): Block[] {
  const { text, outcome, head, headOutcome } = shown;
  if (view === "normalized") return outcome.ok ? normalized(text, outcome.text) : [{ note: words.noNormalized }];
  const answer = reply(shown);
  const note = { note: outcome.ok && headOutcome.ok ? words.sampleIds : words.problemNote };
  if (view === "raw") {
    return [
      { title: words.rawRequest },
      { pieces: message(http.request(sent(shown), head)) },
      { title: words.rawResponse },
      { pieces: message(http.response(answer)) },
      note,
    ];
  }
  return [
    { answer, good: outcome.ok && headOutcome.ok },
    { pieces: highlighted(format(answer.body) ?? answer.body) },
    note,
  ];
}

/** An HTTP message in colours. */
function message(text: string): Piece[] {
  const end = text.indexOf("\r\n\r\n");
  const [start, ...fields] = text.slice(0, end).split("\r\n");
  return [
    { text: `${start}\n`, class: "status-line" },
    ...fields.flatMap((field): Piece[] => {
      const colon = field.indexOf(":");
      return [{ text: field.slice(0, colon), class: "tok-propertyName" }, { text: `${field.slice(colon)}\n` }];
    }),
    { text: "\n" },
    ...highlighted(text.slice(end + 4)),
  ];
}

function normalized(before: string, after: string): Block[] {
  const difference = compare(before, after);
  return [
    { note: difference ? summary(difference, before === after) : "" },
    { pieces: difference ? difference.pieces.map(piece) : highlighted(after) },
    { title: words.compact },
    { pieces: highlighted(after), compact: true },
  ];
}

const TOKENS = { key: "tok-propertyName", string: "tok-string", number: "tok-number", word: "tok-keyword" };
const TAGS = { new: "ins", gone: "del", respelled: "mark" } as const;

function piece({ text, mark, token }: Difference["pieces"][number]): Piece {
  return {
    // A struck-out space looks like a dash: show where it stood.
    text:
      mark === "gone" && token === "string" ? text.replace(/^ +| +$/g, (spaces) => "␣".repeat(spaces.length)) : text,
    class: token && TOKENS[token],
    tag: mark && TAGS[mark],
  };
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
  ].filter((part) => typeof part === "string");
  const said = parts.join(", ");
  return parts.length ? `${said[0]!.toUpperCase()}${said.slice(1)}.` : words.layoutOnly;
}

/** Longer than this a text that is no JSON, or all on one line, is shown without colours. */
const MOST_COLOURED = 20_000;

/** JSON text in colours; what is not JSON comes out as it is. */
function highlighted(text: string): Piece[] {
  if (text.length > MOST_COLOURED) return [{ text }];
  const pieces: Piece[] = [];
  let at = 0;
  highlightTree(parser.parse(text), classHighlighter, (from, to, classes) => {
    if (from > at) pieces.push({ text: text.slice(at, from) });
    pieces.push({ text: text.slice(from, to), class: classes });
    at = to;
  });
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
