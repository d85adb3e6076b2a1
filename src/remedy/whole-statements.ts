import type { Hunk } from '../diagnosis/line-diff.js';
import { isBoundary, scanLines, type ScannedLine, type Syntax } from './line-scan.js';

/** The same place in two texts, as half-open ranges of lines that count from 0. */
export interface Place {
  readonly head: readonly [from: number, to: number];
  readonly base: readonly [from: number, to: number];
}

/** Longer ranges are no edit that somebody would review. */
const MAX_LINES = 150;

/** Two texts of one file, with their differences. */
export class TwoTexts {
  readonly head: readonly string[];
  readonly base: readonly string[];
  readonly hunks: readonly Hunk[];
  readonly scannedHead: readonly ScannedLine[];
  readonly scannedBase: readonly ScannedLine[];
  private readonly syntax: Syntax;

  constructor(
    head: readonly string[],
    base: readonly string[],
    hunks: readonly Hunk[],
    syntax: Syntax,
  ) {
    this.head = head;
    this.base = base;
    this.hunks = hunks;
    this.syntax = syntax;
    this.scannedHead = scanLines(head, syntax);
    this.scannedBase = scanLines(base, syntax);
  }

  /**
   * The smallest range of whole statements of one block that holds these differences, on both sides.
   *
   * @param toEnd whether it goes on to the end of the block
   * @returns undefined where there is none, as between the functions of a file
   */
  around(first: number, last: number, toEnd = false): Place | undefined {
    let [from, to] = [first, last];
    let [above, below] = [0, 0];
    for (let tries = 0; tries < 4 * MAX_LINES; tries += 1) {
      const [top, bottom] = [this.hunks[from], this.hunks[to]];
      if (top === undefined || bottom === undefined) return undefined;
      // Lines that both have, up to the next difference: that one is taken in whole.
      if (above > top.after[0] - (this.hunks[from - 1]?.after[1] ?? 0)) {
        if (from === 0) return undefined;
        [from, above] = [from - 1, 0];
        continue;
      }
      const next = this.hunks[to + 1];
      if (below > (next?.after[0] ?? this.head.length) - bottom.after[1]) {
        if (next === undefined) return undefined;
        [to, below] = [to + 1, 0];
        continue;
      }
      const place: Place = {
        head: [top.after[0] - above, bottom.after[1] + below],
        base: [top.before[0] - above, bottom.before[1] + below],
      };
      if (place.head[1] - place.head[0] > MAX_LINES) return undefined;
      const lacks = [
        this.lacking(this.scannedHead, place.head, toEnd),
        this.lacking(this.scannedBase, place.base, toEnd),
      ];
      if (lacks.includes('none')) return undefined;
      if (lacks.includes('above')) above += 1;
      else if (lacks.includes('below')) below += 1;
      else return place;
    }
    return undefined;
  }

  /** Where a range must grow to hold whole statements of one block. */
  private lacking(
    scanned: readonly ScannedLine[],
    [from, to]: readonly [number, number],
    toEnd: boolean,
  ): 'above' | 'below' | 'none' | undefined {
    const { syntax } = this;
    const lines = scanned.slice(from, to).filter(({ code }) => code !== '');
    if (!isBoundary(scanned, from, syntax)) return 'above';
    if (syntax === 'indentation') {
      const after = scanned.slice(to).find(({ code }) => code !== '');
      if (lines.length === 0 && !toEnd) return undefined;
      const width = lines.length === 0 ? (after?.indent.length ?? 0) : undefined;
      const level = width ?? Math.min(...lines.map(({ indent }) => indent.length));
      if (level === 0) return 'none';
      if (lines.length > 0 && (lines[0]?.indent.length ?? 0) > level) return 'above';
      if (!isBoundary(scanned, to, syntax)) return 'below';
      const next = after?.indent.length ?? 0;
      return next > level || (toEnd && next === level) ? 'below' : undefined;
    }
    const level = scanned[from]?.depth ?? 0;
    if (level === 0) return 'none';
    if (lines.some(({ least }) => least < level)) return 'above';
    if (lines.length > 0 && (scanned[to]?.depth ?? 0) > level) return 'below';
    if (!isBoundary(scanned, to, syntax)) return 'below';
    return toEnd && (scanned[to]?.least ?? 0) >= level ? 'below' : undefined;
  }
}
