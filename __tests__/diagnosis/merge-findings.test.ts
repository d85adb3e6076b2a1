import { describe, expect, test } from '@jest/globals';
import type { DiagnosedFinding } from '../../src/diagnosis/failure.js';
import { mergeFindings } from '../../src/diagnosis/merge-findings.js';
import type { Execution } from '../../src/model/execution.js';
import { executions } from '../builders/executions.js';
import { aFinding, NO_ROOTS } from '../builders/findings.js';
import { itemAt } from '../builders/item-at.js';

const listed = executions(6);
const at = (index: number): Execution => itemAt(listed, index);

function found(
  key: string,
  indices: readonly [number, ...number[]],
  { isRecorded = true, headline = `told by ${indices[0]}` } = {},
): DiagnosedFinding {
  const { weight: _weight, ...finding } = aFinding({ headline, executions: indices.map(at) });
  return {
    ...finding,
    key,
    roots: NO_ROOTS,
    example: { execution: at(indices[0]), isRecorded },
    divergingTasks: new Map(indices.map((index) => [at(index), { buildId: `v${index}` }])),
    passed: indices.map((index) => new Date(index).toISOString()),
  };
}

/** What the findings are, by the positions of their executions. */
function merged(...findings: DiagnosedFinding[]): [string, number[]][] {
  return mergeFindings(findings, listed).map(({ headline, executions: hit }) => [
    headline,
    hit.map((execution) => listed.indexOf(execution)),
  ]);
}

describe('findings of one cause', () => {
  test('are one, over all their executions as they were listed', () => {
    expect(merged(found('a', [4, 1]), found('a', [2]))).toEqual([['told by 2', [1, 2, 4]]]);
  });

  test('keep the workflow tasks of all their executions, and the newest that pass', () => {
    const [finding] = mergeFindings([found('a', [4]), found('a', [2])], listed);
    expect(finding?.divergingTasks.get(at(4))).toEqual({ buildId: 'v4' });
    expect(finding?.divergingTasks.get(at(2))).toEqual({ buildId: 'v2' });
    expect(finding?.passed.map((time) => Date.parse(time))).toEqual([4, 2]);
  });

  test('are shown by one that was looked into, also where it comes later', () => {
    expect(merged(found('a', [0], { isRecorded: false }), found('a', [3]))).toEqual([
      ['told by 3', [0, 3]],
    ]);
  });

  test('come out the same whoever found which', () => {
    const [first, second, third] = [found('a', [5]), found('b', [3, 4]), found('a', [0, 2])];
    expect(merged(third, second, first)).toEqual(merged(first, second, third));
  });
});

test('other causes stay apart, the most hit first, and else the first in the listing', () => {
  expect(merged(found('c', [5]), found('b', [2]), found('a', [3, 4]))).toEqual([
    ['told by 3', [3, 4]],
    ['told by 2', [2]],
    ['told by 5', [5]],
  ]);
});

describe('a cause that the baseline shares', () => {
  const shared = (key: string, index: number, relation: 'pre-existing' | 'introduced') => ({
    ...found(key, [index]),
    baseline: { relation, words: 'breaks in the same way' },
  });

  test('is the set-up where nothing else breaks, in any of the runs', () => {
    const all = [shared('a', 1, 'pre-existing'), shared('b', 2, 'pre-existing')];
    const told = mergeFindings(all, listed);
    expect(told.map(({ cause }) => cause)).toEqual(['setup-differs', 'setup-differs']);
    expect(told[0]?.remedy).toContain('Give replay-options what the worker has');
  });

  test('is what it is where another run found something that the change broke', () => {
    const some = [shared('a', 1, 'pre-existing'), shared('b', 2, 'introduced')];
    expect(mergeFindings(some, listed).map(({ cause }) => cause)).toEqual([
      'command-replaced',
      'command-replaced',
    ]);
  });
});
