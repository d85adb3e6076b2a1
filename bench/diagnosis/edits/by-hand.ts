import type { Cause } from '../../../src/model/cause.js';
import { apply, lineAt, type Edit, type Replacement } from './edit.js';
import { linesOf, type Base } from './generate.js';

/** An edit as people make it, most of more than one place. */
export interface ByHand {
  readonly workflowType: string;
  readonly name: string;
  readonly kind: string;
  /** Texts that occur once, and what comes in their place. */
  readonly changes: readonly (readonly [from: string, to: string])[];
  readonly causes: readonly Cause[];
  /** Fragments of the edited text whose lines, all that they span, are right besides those that changed. */
  readonly at?: readonly string[];
  readonly hasNoLine?: boolean;
  readonly equivalent?: boolean;
}

/** @throws Error where an edit names a text that its workflow does not hold exactly once */
export function editsByHand(edits: readonly ByHand[], bases: readonly Base[]): Edit[] {
  return edits.map((edit) => {
    const found = bases.find(({ workflowType }) => workflowType === edit.workflowType);
    if (found === undefined) throw new Error(`there is no workflow ${edit.workflowType}`);
    const { text: base, file } = found;
    const replacements = edit.changes.map(([from, to]) => {
      const at = base.indexOf(from);
      if (at < 0 || base.includes(from, at + 1)) {
        throw new Error(`${edit.workflowType}, ${edit.name}: not there exactly once: ${from}`);
      }
      return { from: at, to: at + from.length, text: to };
    });
    const { text } = apply(base, replacements);
    const lines = changedLines(base, replacements);
    for (const fragment of edit.at ?? []) {
      const at = linesOf(text, fragment);
      if (at.length === 0) throw new Error(`${edit.name}: there is no "${fragment}"`);
      const height = fragment.split('\n').length;
      for (const first of at) {
        for (let line = first; line < first + height; line += 1) lines.add(line);
      }
    }
    return {
      id: `${edit.workflowType}/by-hand/${edit.name.replaceAll(/[^a-z\d]+/gu, '-')}`,
      workflowType: edit.workflowType,
      file,
      kind: edit.kind,
      origin: 'by-hand',
      equivalent: edit.equivalent === true,
      text,
      causes: edit.causes,
      lines: edit.hasNoLine === true ? undefined : lines,
    };
  });
}

/** Lines of the new text that a replacement adds or changes: not those that it only repeats. */
function changedLines(base: string, replacements: readonly Replacement[]): Set<number> {
  const lines = new Set<number>();
  let added = 0;
  for (const { from, to, text } of [...replacements].sort((a, b) => a.from - b.from)) {
    const begin = base.lastIndexOf('\n', from - 1) + 1;
    const end = base.indexOf('\n', to) < 0 ? base.length : base.indexOf('\n', to);
    const before = base.slice(begin, end).split('\n');
    const after = `${base.slice(begin, from)}${text}${base.slice(to, end)}`.split('\n');
    const shorter = Math.min(before.length, after.length);
    let first = 0;
    while (first < shorter && before[first] === after[first]) first += 1;
    let last = 0;
    while (last < shorter - first && before.at(-1 - last) === after.at(-1 - last)) last += 1;
    const firstLine = lineAt(base, begin) + added;
    for (let index = first; index < after.length - last; index += 1) {
      if (after[index]?.trim() !== '') lines.add(firstLine + index);
    }
    added += after.length - before.length;
  }
  return lines;
}
