import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOpen, type Execution } from '../../src/model/execution.js';
import { coverageOrder } from '../../src/selection/coverage-order.js';
import { anExecution } from '../builders/executions.js';
import { listing } from '../builders/listing.js';

const order = (listed: readonly Execution[]): string =>
  coverageOrder(listed)
    .map((execution) => execution.workflowId)
    .join(' ');

describe('the order of coverage', () => {
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

  test('takes one of every set of recorded patches in turn, however they are listed', () => {
    const listed = [['p', 'q'], ['q', 'p'], [], ['p']].map((patchIds, index) =>
      anExecution({ workflowId: String(index), patchIds }),
    );
    expect(order(listed)).toBe('0 2 3 1');
  });

  test('takes the newest and the oldest of a kind in turn', () => {
    expect(order(listing(...Array.from({ length: 6 }, () => 'A running')))).toBe('0 5 1 4 2 3');
  });

  test('takes one of every length before a second of any', () => {
    const lengths = [20, 20, 20, 30, 20, 40];
    const listed = lengths.map((historyLength, index) =>
      anExecution({ workflowId: String(index), historyLength }),
    );
    // Of 20 the newest, then 40 and 30, then the oldest of 20.
    expect(order(listed)).toBe('0 5 3 4 1 2');
  });

  test('takes every running kind before a second of any', () => {
    const listed = listing(
      ...Array.from({ length: 500 }, () => 'A running v2'),
      'B running v1',
      'C paused v1',
      'A running v1',
    );
    const first = coverageOrder(listed).slice(0, 4);
    expect(new Set(first.map((one) => `${one.workflowType} ${one.buildIds[0]}`))).toEqual(
      new Set(['A v2', 'B v1', 'C v1', 'A v1']),
    );
  });
});

test('every execution stands in it once, and none that is closed before one that runs', () => {
  const anyListing = fc.array(
    fc.constantFrom('A running v1', 'A running v2', 'B running', 'A closed v1', 'B paused v1'),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(anyListing, (words) => {
      const listed = listing(...words);
      const ordered = coverageOrder(listed);
      expect(new Set(ordered)).toEqual(new Set(listed));
      expect(ordered).toHaveLength(listed.length);
      const firstClosed = ordered.findIndex((one) => !isOpen(one));
      expect(firstClosed === -1 || ordered.slice(firstClosed).every((one) => !isOpen(one))).toBe(
        true,
      );
    }),
  );
});
