// Bodies by the line (NDJSON), each with its verdict. They are checked as bytes, a few milliseconds at a time.

import { check, type Policy } from "../library";

export type Verdict = "unchecked" | "ok" | "warning" | "violation";
const VERDICTS: readonly Verdict[] = ["unchecked", "ok", "warning", "violation"];

export interface Line {
  /** From 1, blank lines counted: as an editor numbers them. */
  number: number;
  verdict: Verdict;
  count: number;
}

export class Lines {
  private starts: number[] = [];
  private ends: number[] = [];
  private numbers: number[] = [];
  private verdicts: Uint8Array;
  private counts: Uint16Array;
  private next = 0;
  readonly totals: Record<Verdict, number> = { unchecked: 0, ok: 0, warning: 0, violation: 0 };

  constructor(private bytes: Uint8Array) {
    let number = 1;
    for (let start = 0; start < bytes.length; number++) {
      const found = bytes.indexOf(10, start);
      const stop = found < 0 ? bytes.length : found;
      const end = bytes[stop - 1] === 13 && stop > start ? stop - 1 : stop;
      if (!blank(bytes, start, end)) {
        this.starts.push(start);
        this.ends.push(end);
        this.numbers.push(number);
      }
      start = stop + 1;
    }
    this.verdicts = new Uint8Array(this.length);
    this.counts = new Uint16Array(this.length);
    this.totals.unchecked = this.length;
  }

  get length(): number {
    return this.starts.length;
  }

  get done(): boolean {
    return this.next === this.length;
  }

  at(index: number): Line {
    return {
      number: this.numbers[index]!,
      verdict: VERDICTS[this.verdicts[index]!]!,
      count: this.counts[index]!,
    };
  }

  bytesOf(index: number): Uint8Array {
    return this.bytes.slice(this.starts[index], this.ends[index]);
  }

  /** The lines with a verdict, or all. */
  where(verdict?: Verdict): number[] {
    const wanted = verdict && VERDICTS.indexOf(verdict);
    const found: number[] = [];
    for (let i = 0; i < this.length; i++) if (wanted === undefined || this.verdicts[i] === wanted) found.push(i);
    return found;
  }

  /** Forgets the verdicts, for another policy. */
  restart() {
    this.verdicts.fill(0);
    this.counts.fill(0);
    this.next = 0;
    Object.assign(this.totals, { unchecked: this.length, ok: 0, warning: 0, violation: 0 });
  }

  /** Checks on until `deadline` (of `performance.now`). */
  checkUntil(deadline: number, policy: Policy) {
    while (this.next < this.length && performance.now() < deadline) {
      const i = this.next++;
      const outcome = check(this.bytes.subarray(this.starts[i], this.ends[i]), { policy });
      const said = outcome.ok ? outcome.warnings : outcome.violations;
      const verdict = outcome.ok ? (said.length ? 2 : 1) : 3;
      this.verdicts[i] = verdict;
      this.counts[i] = said.length;
      this.totals.unchecked--;
      this.totals[VERDICTS[verdict]!]++;
    }
  }
}

function blank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 32 && bytes[i] !== 9 && bytes[i] !== 13) return false;
  return true;
}
