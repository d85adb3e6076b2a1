import { expect, test } from '@jest/globals';
import { withoutNondeterminism } from '../../replayers/typescript/failure-types.js';

test('types that fail the workflow stay for what the code throws, and not for non-determinism', () => {
  const { '*': all = [], order = [] } = withoutNondeterminism({
    '*': ['Error'],
    order: ['NondeterminismError', 'OrderError'],
  });
  expect([...all]).toEqual(['Error']);
  expect([...order]).toEqual(['NondeterminismError', 'OrderError']);
  expect(all.includes('Error')).toBe(false);
  expect(order.includes('NondeterminismError')).toBe(false);
});
