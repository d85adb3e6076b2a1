import { describe, expect, test } from '@jest/globals';
import { mergeDrift } from '../../src/diagnosis/merge-drift.js';
import type { Drift, DriftFound } from '../../src/model/drift.js';

const LINE = { file: 'src/workflows.ts', line: 17 };

function aDrift(changes: Partial<Drift> = {}): Drift {
  return {
    kind: 'field',
    workflowTypes: ['order'],
    command: 'activity charge',
    field: 'argument 1',
    held: 'by-both',
    location: LINE,
    executions: 1,
    running: 1,
    basis: 'one-execution',
    ...changes,
  };
}

function found(differences: readonly Drift[], changes: Partial<DriftFound> = {}): DriftFound {
  return { differences, compared: 3, chosen: 4, baseline: false, undecoded: [], ...changes };
}

describe('what several runs found of drift', () => {
  test('adds up, and what each saw once is seen in several executions', () => {
    const { differences, compared, chosen } = mergeDrift(
      [found([aDrift()]), found([aDrift({ running: 0, workflowTypes: ['refund'] })])],
      'report',
    );
    expect(differences).toEqual([
      aDrift({
        executions: 2,
        running: 1,
        basis: 'several-executions',
        workflowTypes: ['order', 'refund'],
      }),
    ]);
    expect([compared, chosen]).toEqual([6, 8]);
  });

  test('stays what it is where there is one run', () => {
    const one = found([aDrift(), aDrift({ field: 'argument 2' })], { undecoded: ['binary/x'] });
    expect(mergeDrift([one], 'warn')).toEqual({ ...one, policy: 'warn' });
  });

  test.each([
    ['line', { location: { ...LINE, line: 18 } }],
    ['command', { command: 'activity ship' }],
    ['field', { field: 'argument 2' }],
    ['kind', { kind: 'command' }],
  ] as const)('of another %s is another difference', (_, change) => {
    const { differences } = mergeDrift([found([aDrift()]), found([aDrift(change)])], 'report');
    expect(differences).toHaveLength(2);
    expect(differences.every(({ basis }) => basis === 'one-execution')).toBe(true);
  });

  test('is new when the baseline of any of them shows that it is', () => {
    const known = aDrift({ basis: 'differs-from-baseline' });
    for (const reviews of [
      [found([aDrift()]), found([known], { baseline: true })],
      [found([known], { baseline: true }), found([aDrift()])],
    ]) {
      const merged = mergeDrift(reviews, 'fail');
      expect(merged.differences[0]?.basis).toBe('differs-from-baseline');
      expect(merged.baseline).toBe(true);
    }
  });
});
