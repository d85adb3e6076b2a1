import { describe, expect, test } from '@jest/globals';
import { reviewPatches, type PatchRecord } from '../../src/diagnosis/patches.js';
import type { Execution } from '../../src/model/execution.js';
import type { PatchReview } from '../../src/model/patch-review.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';

function review(
  listed: readonly Execution[],
  records: readonly PatchRecord[],
  isWhole = true,
): PatchReview[] {
  return reviewPatches(listed, records, isWhole);
}

const onLine = (line: number) => ({ location: { file: 'src/order.ts', line } });

const asks = (id: string, changes: Partial<PatchRecord['patches'][number]> = {}): PatchRecord => ({
  workflowType: 'orderWorkflow',
  patches: [{ id, deprecated: false, ...onLine(7), ...changes }],
});
const withPatch = (): Execution => anExecution({ patchIds: ['check'] });

describe('a patch that the code asks for', () => {
  test('is kept while running executions have not recorded it', () => {
    expect(review([withPatch(), anExecution(), anExecution()], [asks('check')])).toEqual([
      {
        id: 'check',
        locations: [{ file: 'src/order.ts', line: 7 }],
        runningWith: 1,
        runningWithout: 2,
        advice: 'keep',
      },
    ]);
  });

  test('can be deprecated when all running executions of its types have recorded it', () => {
    const other = anExecution({ workflowType: 'refundWorkflow' });
    const closed = aClosedExecution();
    expect(review([withPatch(), other, closed], [asks('check')])).toMatchObject([
      { runningWith: 1, runningWithout: 0, advice: 'deprecate' },
    ]);
  });

  test('is kept where the listing was cut: who needs it may be beyond', () => {
    expect(review([withPatch()], [asks('check')], false)).toMatchObject([{ advice: 'keep' }]);
  });

  test('counts the executions of every type that asks for it', () => {
    const other = anExecution({ workflowType: 'refundWorkflow' });
    const records = [asks('check'), { ...asks('check'), workflowType: 'refundWorkflow' }];
    expect(review([withPatch(), other], records)).toMatchObject([
      { runningWith: 1, runningWithout: 1, advice: 'keep' },
    ]);
  });

  test('is told with each of its places once', () => {
    const records = [asks('check'), asks('check'), asks('check', onLine(9))];
    expect(review([withPatch()], records)[0]?.locations.map(({ line }) => line)).toEqual([7, 9]);
  });
});

describe('a patch that the code deprecates', () => {
  const deprecates = asks('check', { deprecated: true });

  test('stays while running executions have recorded it', () => {
    expect(review([withPatch(), anExecution()], [deprecates])).toMatchObject([
      { advice: 'keep-deprecated' },
    ]);
  });

  test('can go when none has', () => {
    expect(review([aClosedExecution({ patchIds: ['check'] })], [deprecates])).toMatchObject([
      { runningWith: 0, advice: 'remove' },
    ]);
  });

  test('cannot go where the listing was cut', () => {
    expect(review([aClosedExecution({ patchIds: ['check'] })], [deprecates], false)).toMatchObject([
      { advice: 'keep-deprecated' },
    ]);
  });

  test('at one place and asks for at another is a patch that it asks for', () => {
    expect(review([withPatch()], [deprecates, asks('check')])).toMatchObject([
      { advice: 'deprecate' },
    ]);
  });
});

test('a patch that running executions hold and nothing asked for is named', () => {
  expect(review([withPatch()], [])).toMatchObject([{ id: 'check', advice: 'not-asked' }]);
});

test('a patch that only closed executions hold and nothing asked for is not', () => {
  expect(review([aClosedExecution({ patchIds: ['check'] })], [])).toEqual([]);
});

test('Go and Java note the version with the ID, and the others do not', () => {
  const noted = [anExecution({ patchIds: ['check-2'] })];
  const idsIn = (language?: string): (string | number)[][] =>
    reviewPatches(noted, [asks('check')], true, language).map(({ id, runningWith }) => [
      id,
      runningWith,
    ]);
  expect(idsIn('go')).toEqual([['check', 1]]);
  expect(idsIn('java')).toEqual([['check', 1]]);
  expect(idsIn('python')).toEqual([
    ['check', 0],
    ['check-2', 1],
  ]);
});
