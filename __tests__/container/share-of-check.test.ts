import { expect, test } from '@jest/globals';
import type { FetchedCheck, StoredRead } from '../../src/container/manifest.js';
import { shareOfCheck } from '../../src/container/share-of-check.js';

function aCheck(...reads: readonly (number | 'gone')[]): FetchedCheck {
  return {
    fetched: {
      asOf: '2026-10-01T12:00:00.000Z',
      listing: { executions: [], truncated: false },
      notes: [],
    },
    isToReplay: true,
    leftByReset: { kind: 'known', keys: [] },
    reads: reads.map((bytes, execution): StoredRead =>
      bytes === 'gone'
        ? { kind: 'gone', execution }
        : {
            kind: 'read',
            execution,
            block: { stored: 1, raw: bytes },
            history: { eventCount: 3, completedTasks: 1, shape: 'a' },
          },
    ),
  };
}

test('a history weighs what it has in bytes, decompressed', () => {
  const check = aCheck(1000, 10, 10, 'gone', 10);
  expect(shareOfCheck(check, { index: 1, of: 2 })).toEqual([0]);
  expect(shareOfCheck(check, { index: 2, of: 2 })).toEqual([1, 2, 3, 4]);
});
