import type { Cause } from '../../../src/model/cause.js';
import { apply, type Edit } from './edit.js';
import { linesOf, type Base } from './generate.js';

/** An edit as people make it, most of more than one place. */
export interface ByHand {
  readonly workflowType: string;
  readonly name: string;
  readonly kind: string;
  /** Texts that occur once, and what comes in their place. */
  readonly changes: readonly (readonly [from: string, to: string])[];
  readonly causes: readonly Cause[];
  /** Fragments of the edited text whose lines are right besides those that changed. */
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
    const { text, changedLines } = apply(
      base,
      edit.changes.map(([from, to]) => {
        const at = base.indexOf(from);
        if (at < 0 || base.includes(from, at + 1)) {
          throw new Error(`${edit.workflowType}, ${edit.name}: not there exactly once: ${from}`);
        }
        return { from: at, to: at + from.length, text: to };
      }),
    );
    const lines = new Set(changedLines);
    for (const fragment of edit.at ?? []) {
      const at = linesOf(text, fragment);
      if (at.length === 0) throw new Error(`${edit.name}: there is no "${fragment}"`);
      for (const line of at) lines.add(line);
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
