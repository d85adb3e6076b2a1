import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOpen, type Execution } from '../../src/model/execution.js';
import { planReplays } from '../../src/selection/plan-replays.js';
import { anExecution } from '../builders/executions.js';

/** Executions from words like `A running v1`, named by their place. */
function listing(...words: string[]): Execution[] {
  return words.map((word, index) => {
    const [workflowType = '', status = '', build] = word.split(' ');
    return anExecution({
      workflowId: String(index),
      workflowType,
      status: status === 'running' ? 'Running' : status === 'paused' ? 'Paused' : 'Completed',
      buildIds: build === undefined ? [] : [build],
    });
  });
}

const order = (
  listed: readonly Execution[],
  select: 'coverage' | 'newest' | 'all' = 'coverage',
  maxHistories = 1000,
): string =>
  planReplays(listed, { select, maxHistories })
    .chosen.map((execution) => execution.workflowId)
    .join(' ');

describe('select: coverage', () => {
  test('takes what runs before what is closed', () => {
    expect(order(listing('A closed', 'A running', 'A closed', 'A paused'))).toBe('1 3 0 2');
  });

  test('takes one of every workflow type in turn', () => {
    expect(order(listing('A running', 'A running', 'A running', 'B running', 'C running'))).toBe(
      '0 3 4 2 1',
    );
  });

  test('takes one of every build in turn', () => {
    expect(order(listing('A running v2', 'A running v2', 'A running v2', 'A running v1'))).toBe(
      '0 3 2 1',
    );
  });

  test('takes the newest and the oldest of a kind in turn', () => {
    expect(order(listing(...Array.from({ length: 6 }, () => 'A running')))).toBe('0 5 1 4 2 3');
  });

  test('takes every running kind before a second of any, under any budget', () => {
    const listed = listing(
      ...Array.from({ length: 500 }, () => 'A running v2'),
      'B running v1',
      'C paused v1',
      'A running v1',
    );
    const { chosen } = planReplays(listed, { select: 'coverage', maxHistories: 4 });
    expect(new Set(chosen.map((one) => `${one.workflowType} ${one.buildIds[0]}`))).toEqual(
      new Set(['A v2', 'B v1', 'C v1', 'A v1']),
    );
  });
});

describe('select: newest', () => {
  test("keeps the server's order, open first and newest first", () => {
    expect(order(listing('A running', 'B running', 'A closed', 'A closed'), 'newest', 3)).toBe(
      '0 1 2',
    );
  });
});

describe('select: all', () => {
  test('takes everything, whatever the budget', () => {
    expect(order(listing('A running', 'B running', 'A closed'), 'all', 1)).toBe('0 1 2');
  });
});

test('every execution is chosen or left out, once, and no more than the budget allows', () => {
  const anyListing = fc.array(
    fc.constantFrom('A running v1', 'A running v2', 'B running', 'A closed v1', 'B paused v1'),
    { maxLength: 60 },
  );
  const anySelect = fc.constantFrom('coverage' as const, 'newest' as const);
  fc.assert(
    fc.property(anyListing, anySelect, fc.integer({ min: 1, max: 70 }), (words, select, max) => {
      const listed = listing(...words);
      const { chosen, leftOut } = planReplays(listed, { select, maxHistories: max });
      expect(chosen).toHaveLength(Math.min(max, listed.length));
      expect(new Set([...chosen, ...leftOut])).toEqual(new Set(listed));
      expect(chosen.length + leftOut.length).toBe(listed.length);
      if (select === 'coverage') {
        const firstClosed = chosen.findIndex((one) => !isOpen(one));
        expect(firstClosed === -1 || chosen.slice(firstClosed).every((one) => !isOpen(one))).toBe(
          true,
        );
      }
    }),
  );
});
