import type { LinesEdit } from '../model/proof.js';
import type { Replacement } from './guard.js';

/** Lines around a change that a diff shows. */
const CONTEXT = 3;

/** As edits of whole lines: without what stays, and never without a line that goes. */
export function asEdits(
  file: string,
  text: readonly string[],
  replacements: readonly Replacement[],
): LinesEdit[] {
  return replacements
    .flatMap(({ head: [from, to], lines }) => {
      let [first, last, after] = [from, to, [...lines]];
      while (first < last && after.length > 0 && text[first] === after[0]) {
        first += 1;
        after = after.slice(1);
      }
      while (last > first && after.length > 0 && text[last - 1] === after.at(-1)) {
        last -= 1;
        after = after.slice(0, -1);
      }
      if (first === last && after.length === 0) return [];
      if (first === last) {
        // A suggestion needs a line to stand at.
        const beside = text[first] === undefined || text[first] === '' ? first - 1 : first;
        const line = text[beside] ?? '';
        after = beside < first ? [line, ...after] : [...after, line];
        [first, last] = [beside, beside + 1];
      }
      return [{ file, line: first + 1, before: text.slice(first, last), after }];
    })
    .sort((a, b) => a.line - b.line);
}

/** The text with edits in it. */
export function edited(text: readonly string[], edits: readonly LinesEdit[]): string[] {
  const lines = [...text];
  for (const { line, before, after } of [...edits].sort((a, b) => b.line - a.line)) {
    lines.splice(line - 1, before.length, ...after);
  }
  return lines;
}

/** Edits of one file as a unified diff. */
export function unifiedDiff(
  file: string,
  text: readonly string[],
  edits: readonly LinesEdit[],
): string {
  const parts = [`--- a/${file}`, `+++ b/${file}`];
  let moved = 0;
  const groups: LinesEdit[][] = [];
  for (const edit of edits) {
    const last = groups.at(-1)?.at(-1);
    const isNear =
      last !== undefined && edit.line - (last.line + last.before.length) <= 2 * CONTEXT;
    if (isNear) groups.at(-1)?.push(edit);
    else groups.push([edit]);
  }
  for (const group of groups) {
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) continue;
    const from = Math.max(0, first.line - 1 - CONTEXT);
    const isLastLineEmpty = text.at(-1) === '';
    const length = isLastLineEmpty ? text.length - 1 : text.length;
    const to = Math.min(length, last.line - 1 + last.before.length + CONTEXT);
    const body: string[] = [];
    let at = from;
    for (const { line, before, after } of group) {
      body.push(...text.slice(at, line - 1).map((one) => ` ${one}`));
      body.push(...changed(before, after));
      at = line - 1 + before.length;
    }
    body.push(...text.slice(at, to).map((one) => ` ${one}`));
    const grown = group.reduce((sum, { before, after }) => sum + after.length - before.length, 0);
    const old = to - from;
    parts.push(`@@ -${from + 1},${old} +${from + 1 + moved},${old + grown} @@`, ...body);
    moved += grown;
  }
  return parts.join('\n');
}

/** Lines that only stand beside the change are shown as they are. */
function changed(before: readonly string[], after: readonly string[]): string[] {
  let [start, end] = [0, 0];
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start += 1;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return [
    ...before.slice(0, start).map((one) => ` ${one}`),
    ...before.slice(start, before.length - end).map((one) => `-${one}`),
    ...after.slice(start, after.length - end).map((one) => `+${one}`),
    ...before.slice(before.length - end).map((one) => ` ${one}`),
  ];
}
