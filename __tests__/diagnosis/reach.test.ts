import { describe, expect, it } from '@jest/globals';
import { changedLinesOf, summarizeReach } from '../../src/diagnosis/reach.js';

const FILE = 'src/workflows.ts';
const SOURCE = [
  'export async function order() {',
  '  await reserve();',
  '  if (late) {',
  '    await refund();',
  '',
  '    await apologize();',
  '  }',
  '  await ship();',
  '}',
];

/** Lines 4 and 6 are the branch that no history took. */
const SCOPE = {
  reached: new Map([[FILE, new Set([1, 2, 3, 8])]]),
  unreached: new Map([[FILE, new Set([4, 6])]]),
  linesOf: () => SOURCE,
};

/** As a patch tells them: by number, with their text. */
function changed(...lines: number[]): Map<string, Map<number, string>> {
  return new Map([[FILE, new Map(lines.map((line) => [line, SOURCE[line - 1] ?? '']))]]);
}

function reachOf(
  lines: Parameters<typeof changedLinesOf>[0],
  scope: Parameters<typeof changedLinesOf>[1],
): ReturnType<typeof summarizeReach> {
  return summarizeReach(changedLinesOf(lines, scope));
}

describe('summarizeReach', () => {
  it('takes a line as run that one of several has run', () => {
    const line = { file: FILE, line: 4, status: 'not-run' } as const;

    for (const told of [
      [line, { ...line, status: 'run' } as const],
      [{ ...line, status: 'run' } as const, line],
    ]) {
      expect(summarizeReach(told)).toEqual({ changedLines: 1, reachedLines: 1, unreached: [] });
    }
  });
});

describe('the reach of a change', () => {
  it('counts the changed lines that a replay ran, and names the others', () => {
    expect(reachOf(changed(2, 4, 8), SCOPE)).toEqual({
      changedLines: 3,
      reachedLines: 2,
      unreached: [{ file: FILE, startLine: 4, endLine: 4 }],
    });
  });

  it('joins what only lines without code separate', () => {
    expect(reachOf(changed(3, 4, 5, 6, 7), SCOPE)).toEqual({
      changedLines: 3,
      reachedLines: 1,
      unreached: [{ file: FILE, startLine: 4, endLine: 6 }],
    });
  });

  it('does not join what an unchanged line separates', () => {
    expect(reachOf(changed(4, 6), SCOPE).unreached).toHaveLength(2);
  });

  it('leaves out what the checkout holds elsewhere', () => {
    const moved = new Map([[FILE, new Map([[4, '  await ship();']])]]);

    expect(reachOf(moved, SCOPE).changedLines).toBe(0);
  });

  it('leaves out brackets and blank lines, which V8 counts with their block', () => {
    const scope = { ...SCOPE, unreached: new Map([[FILE, new Set([5, 7])]]) };

    expect(reachOf(changed(5, 7), scope).changedLines).toBe(0);
  });

  it('leaves out files that the bundle does not hold', () => {
    const other = new Map([['README.md', new Map([[1, 'Orders']])]]);

    expect(reachOf(other, SCOPE)).toEqual({ changedLines: 0, reachedLines: 0, unreached: [] });
  });
});
