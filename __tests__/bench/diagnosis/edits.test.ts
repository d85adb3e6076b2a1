import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { apply } from '../../../bench/diagnosis/edits/edit.js';
import { allEdits, chooseEdits } from '../../../bench/diagnosis/edits/generate.js';
import { TYPESCRIPT } from '../../../bench/diagnosis/languages/typescript.js';

const bases = await TYPESCRIPT.bases();

/** A workflow that is small enough to see every edit of it. */
const SMALL = `import { condition, sleep, proxyActivities } from '@temporalio/workflow';

const { charge, ship } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' });

export async function small(input: string): Promise<void> {
  await charge(input);
  await sleep(10);
  await condition(() => input !== '');
  await ship(input);
}
`;

function smallEdits(kind: string): { text: string; lines: number[] | undefined }[] {
  return allEdits({ workflowType: 'small', file: 'small.ts', text: SMALL, heldOut: false })
    .filter((edit) => edit.kind === kind)
    .map(({ text, lines }) => ({ text, lines: lines && [...lines].sort((a, b) => a - b) }));
}

describe('the corpus', () => {
  const edits = TYPESCRIPT.edits(bases, 1);

  test('has at least 150 edits of at least six workflows, a fifth by hand, and two workflows held out', () => {
    expect(edits.length).toBeGreaterThanOrEqual(150);
    const byHand = edits.filter(({ origin }) => origin === 'by-hand').length;
    expect(byHand / edits.length).toBeGreaterThanOrEqual(0.2);
    expect(bases.filter(({ heldOut }) => !heldOut).length).toBeGreaterThanOrEqual(6);
    expect(bases.filter(({ heldOut }) => heldOut)).toHaveLength(2);
    expect(new Set(edits.map(({ id }) => id)).size).toBe(edits.length);
  });

  test('is the same for the same seed, and another for another', () => {
    const ids = (seed: number): string[] => chooseEdits(bases, seed).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(2)).not.toEqual(ids(1));
  });

  test('changes something in every edit, and leaves code that can be read', () => {
    for (const { id, text, workflowType } of edits) {
      expect(bases.some((base) => base.text === text)).toBe(false);
      const { diagnostics = [] } = ts.transpileModule(text, {
        fileName: `${workflowType}.ts`,
        reportDiagnostics: true,
      });
      expect({ id, problems: diagnostics.map(({ messageText }) => messageText) }).toEqual({
        id,
        problems: [],
      });
    }
  });

  test('permits a line to be named for every edit that has one', () => {
    for (const { id, lines, text } of edits) {
      if (lines === undefined) continue;
      expect({ id, any: lines.size > 0 }).toEqual({ id, any: true });
      expect(Math.max(...lines)).toBeLessThanOrEqual(text.split('\n').length);
    }
  });
});

describe('an operator', () => {
  test('that adds permits the added line and no other', () => {
    const [first] = smallEdits('add-timer');
    expect(first?.text).toContain('  await sleep(15);\n  await charge(input);');
    expect(first?.lines).toEqual([6]);
  });

  test('that removes permits the commands on both sides of the gap, and no wait', () => {
    const edits = smallEdits('remove-command');
    expect(edits.map(({ lines }) => lines)).toEqual([[6], [6, 8], [7]]);
    expect(edits[1]?.text).not.toContain('sleep(10)');
  });

  test('that swaps permits both places', () => {
    expect(smallEdits('swap-neighbours')).toEqual([
      {
        text: SMALL.replace(/( {2}await charge.*\n)( {2}await sleep.*\n)/u, '$2$1'),
        lines: [6, 7],
      },
    ]);
  });

  test('that needs a name imports it without moving a line', () => {
    const [edit] = smallEdits('add-upsert');
    expect(edit?.text).toMatch(/^import \{ upsertMemo, condition, sleep/u);
    expect(edit?.lines).toEqual([6]);
  });

  test('that renames the workflow permits no line', () => {
    expect(smallEdits('rename-type')).toEqual([
      { text: SMALL.replace('function small', 'function smallRenamed'), lines: undefined },
    ]);
  });
});

describe('replacements', () => {
  test('tell the lines of new text, and where text is gone', () => {
    const base = 'a\nb\nc\n';
    expect(
      apply(base, [
        { from: 4, to: 6, text: '' },
        { from: 0, to: 0, text: 'x\ny\n' },
      ]),
    ).toEqual({ text: 'x\ny\na\nb\n', changedLines: new Set([1, 2]), gaps: [8] });
  });

  test('that overlap are refused', () => {
    expect(() =>
      apply('abc', [
        { from: 0, to: 2, text: 'x' },
        { from: 1, to: 3, text: 'y' },
      ]),
    ).toThrow('overlap');
  });
});
