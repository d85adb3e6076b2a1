import { randomNumbers } from '../../../src/selection/random.js';
import { apply, lineAt, type Edit } from './edit.js';
import { OPERATORS, type Mutation } from './operators.js';
import { WorkflowSource } from './workflow-source.js';

/** Edits of one kind that are chosen, each of another workflow. */
const PER_KIND = 4;

export interface Base {
  readonly workflowType: string;
  /** Path of its file in a folder of code. */
  readonly file: string;
  readonly text: string;
  readonly heldOut: boolean;
}

/** Every edit that the operators can make of one workflow. */
export function allEdits({ workflowType, file, text }: Base): Edit[] {
  const source = new WorkflowSource(text, workflowType);
  return Object.entries(OPERATORS).flatMap(([kind, operator]) =>
    operator(source).flatMap((mutation, place) => {
      const replacements = mutation.replacements.filter((one) => one !== undefined);
      const applied = apply(text, replacements);
      if (applied.text === text) return [];
      return [
        {
          id: `${workflowType}/${kind}/${place + 1}`,
          workflowType,
          file,
          kind,
          origin: 'generated' as const,
          equivalent: mutation.equivalent === true,
          text: applied.text,
          causes: mutation.causes,
          lines: permittedLines(mutation, applied, workflowType),
        },
      ];
    }),
  );
}

function permittedLines(
  { around, alsoLines = [], hasNoLine }: Mutation,
  { text, changedLines, gaps }: ReturnType<typeof apply>,
  workflowType: string,
): Set<number> | undefined {
  if (hasNoLine === true) return undefined;
  const lines = new Set([...changedLines, ...alsoLines]);
  if (around === undefined) return lines;
  const edited = new WorkflowSource(text, workflowType);
  const offsets = [...gaps, ...[...changedLines].map((line) => offsetOf(text, line))];
  for (const offset of offsets) {
    for (const line of edited.linesAround(offset, around)) lines.add(line);
  }
  return lines;
}

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at += 1) offset = text.indexOf('\n', offset) + 1;
  return offset;
}

/**
 * Some edits of each kind, of workflows as different as can be, one of them held out where the kind fits
 * one. The same seed chooses the same.
 */
export function chooseEdits(bases: readonly Base[], seed: number): Edit[] {
  const random = randomNumbers(seed);
  const byWorkflow = bases.map((base) => ({ base, edits: allEdits(base) }));
  return Object.keys(OPERATORS).flatMap((kind) => {
    const candidates = shuffled(byWorkflow, random).flatMap(({ base, edits }) =>
      shuffled(
        edits.filter((edit) => edit.kind === kind),
        random,
      ).map((edit, round) => ({ edit, round, heldOut: base.heldOut })),
    );
    // Another workflow each time, and a second place of one only when there is no other.
    candidates.sort((a, b) => a.round - b.round);
    const heldOut = candidates.filter((one) => one.heldOut).slice(0, 1);
    const rest = candidates.filter((one) => !one.heldOut);
    return [...heldOut, ...rest].slice(0, PER_KIND).map(({ edit }) => edit);
  });
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

/** Where a fragment of text is, for edits by hand. */
export function linesOf(text: string, fragment: string): number[] {
  const lines: number[] = [];
  for (let at = text.indexOf(fragment); at >= 0; at = text.indexOf(fragment, at + 1)) {
    lines.push(lineAt(text, at));
  }
  return lines;
}
