// The list of lines: what is in sight is drawn, the rest is space. One line at a time is opened in the editor.

import { byId, h, icon } from "./dom";
import { decode } from "./incoming/file";
import { Lines, type Verdict } from "./incoming/lines";
import { number, words } from "./language";
import { check, type Policy } from "./library";
import { note } from "./noted";

export interface BatchOptions {
  policy(): Policy;
  /** Shows a line in the editor. */
  select(index: number): void;
  /** Leads to the editor. */
  open(): void;
  close(): void;
}

type Filter = Exclude<Verdict, "unchecked"> | undefined;
const FILTERS: Filter[] = [undefined, "violation", "warning", "ok"];

/** Browsers draw no element that is higher than some millions of pixels. */
const MOST_ROWS = 200_000;

export class Batch {
  private list = byId("lines");
  private space = h("div", { class: "space" });
  private lines: Lines | undefined;
  private rows: number[] = [];
  private filter: Filter;
  private current = -1;
  private timer = 0;
  name = "";

  constructor(private options: BatchOptions) {
    this.list.append(this.space);
    this.list.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.list);
    this.list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (row) this.select(Number(row.dataset.index));
    });
    this.list.addEventListener("dblclick", () => this.options.open());
    this.list.addEventListener("keydown", (event) => this.key(event));
    byId("line-filter").addEventListener("change", (event) => {
      this.filter = FILTERS[Number((event.target as HTMLInputElement).value)];
      this.arrange();
      this.list.scrollTop = 0;
      this.draw();
    });
    byId("close-lines").addEventListener("click", () => this.options.close());
  }

  get shown(): boolean {
    return this.lines !== undefined;
  }

  get length(): number {
    return this.lines?.length ?? 0;
  }

  /** Takes the lines of some bytes, checks them as there is time, and selects the first one. */
  open(bytes: Uint8Array, name: string) {
    this.lines = new Lines(bytes);
    this.name = name;
    this.filter = undefined;
    this.current = -1;
    this.list.scrollTop = 0;
    this.translate();
    this.recheck();
    if (this.lines.length) this.select(0);
  }

  close() {
    clearTimeout(this.timer);
    this.lines = undefined;
    this.rows = [];
    this.space.replaceChildren();
  }

  /** Checks all lines again, for instance under another policy. */
  recheck() {
    if (!this.lines) return;
    clearTimeout(this.timer);
    this.lines.restart();
    const work = () => {
      const { lines } = this;
      if (!lines) return;
      lines.checkUntil(performance.now() + 12, this.options.policy());
      this.arrange();
      this.draw();
      if (!lines.done) this.timer = window.setTimeout(work);
    };
    work();
  }

  translate() {
    if (!this.lines) return;
    const names = [words.all, words.linesRejected, words.linesWarned, words.linesAccepted];
    const legend = byId("line-filter").querySelector("legend")!;
    byId("line-filter").replaceChildren(
      legend,
      ...names.map((name, i) =>
        h(
          "label",
          {},
          h("input", { type: "radio", name: "line-filter", value: i, checked: FILTERS[i] === this.filter }),
          h("span", {}, name),
          h("span", { class: "count", id: `lines-${i}` }),
        ),
      ),
    );
    this.arrange();
    this.draw();
  }

  /** What the editor needs of a line. */
  at(index: number): { text: string; number: number; bytes: Uint8Array } {
    const bytes = this.lines!.bytesOf(index);
    return { text: decode(bytes), number: this.lines!.at(index).number, bytes };
  }

  /** The line before or behind the current one, of those that are listed. */
  step(direction: 1 | -1) {
    const at = this.rows.indexOf(this.current);
    const next = at < 0 ? this.rows.find((index) => index > this.current) : this.rows[at + direction];
    if (next !== undefined) this.select(next);
  }

  select(index: number) {
    this.mark(index);
    this.options.select(index);
  }

  /** Marks the line that is in the editor: undo may have brought another one back. */
  mark(index: number) {
    if (this.current === index) return;
    this.current = index;
    const at = this.rows.indexOf(index);
    if (at >= 0) {
      const { height } = this;
      const top = at * height;
      if (top < this.list.scrollTop) this.list.scrollTop = top;
      else if (top + height > this.list.scrollTop + this.list.clientHeight)
        this.list.scrollTop = top + height - this.list.clientHeight;
    }
    this.draw();
  }

  private get height(): number {
    return parseFloat(getComputedStyle(this.list).getPropertyValue("--row")) || 44;
  }

  private key(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / this.height) - 1);
    const at = this.rows.indexOf(this.current);
    const last = this.rows.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[
      event.key
    ];
    if (event.key === "Enter") this.options.open();
    else if (to === undefined) return;
    else if (last >= 0) this.select(this.rows[Math.max(0, Math.min(last, to))]!);
    event.preventDefault();
  }

  private arrange() {
    const { lines } = this;
    if (!lines) return;
    const { totals } = lines;
    const counts = [lines.length, totals.violation, totals.warning, totals.ok];
    counts.forEach((count, i) => (byId(`lines-${i}`).textContent = number(count)));
    byId("lines-count").textContent = number(lines.length);
    const all = lines.where(this.filter);
    this.rows = all.length > MOST_ROWS ? all.slice(0, MOST_ROWS) : all;
    this.space.style.height = `${this.rows.length * this.height}px`;
    byId("lines-checked").textContent = lines.done
      ? words.checking(number(lines.length), number(lines.length))
      : words.checking(number(lines.length - totals.unchecked), number(lines.length));
  }

  private draw() {
    const { lines, rows, height } = this;
    if (!lines || !this.list.clientHeight) return;
    const from = Math.max(0, Math.floor(this.list.scrollTop / height) - 4);
    const to = Math.min(rows.length, Math.ceil((this.list.scrollTop + this.list.clientHeight) / height) + 4);
    this.space.replaceChildren(...rows.slice(from, to).map((index, i) => this.row(lines, index, from + i, height)));
    const active = this.space.querySelector("[aria-selected=true]");
    if (active) this.list.setAttribute("aria-activedescendant", active.id);
    else this.list.removeAttribute("aria-activedescendant");
  }

  private row(lines: Lines, index: number, position: number, height: number): HTMLElement {
    const { number: line, verdict, count } = lines.at(index);
    const row = h(
      "div",
      {
        role: "option",
        id: `line-${index}`,
        class: `line-row ${verdict}`,
        "data-index": index,
        "aria-selected": String(index === this.current),
        "aria-setsize": this.rows.length,
        "aria-posinset": position + 1,
      },
      h("span", { class: "badge" }, icon(verdict)),
      h("span", { class: "number" }, number(line)),
      h("span", { class: "said" }, this.said(lines, index, verdict)),
      count > 1 && h("span", { class: "more" }, words.andMore(number(count - 1))),
    );
    row.style.transform = `translateY(${position * height}px)`;
    return row;
  }

  private said(lines: Lines, index: number, verdict: Verdict): string {
    if (verdict === "unchecked") return words.unchecked;
    if (verdict === "ok") return words.accepted;
    const outcome = check(lines.bytesOf(index), { policy: this.options.policy() });
    const first = (outcome.violations ?? outcome.warnings)[0];
    if (!first) return "";
    const { label, name, message } = note(first, "body");
    return `${label}${name ? ` ${name}` : ""}: ${message}`;
  }
}
