import { describe, expect, test } from '@jest/globals';
import { backOffMs, isThrottled } from '../../src/temporal/back-off.js';
import { grpcError } from '../builders/fake-server.js';

const THROTTLED = grpcError(8, 'RESOURCE_EXHAUSTED', 'namespace rate limit exceeded');
const GONE_FOR_A_MOMENT = grpcError(14, 'UNAVAILABLE', 'shard is not here');

describe('the pause before a request is tried again', () => {
  test('doubles from try to try, up to ten seconds', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backOffMs(THROTTLED, attempt, 1));
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  });

  test('begins at a tenth of a second where nothing says that the server has too much to do', () => {
    expect([1, 2].map((attempt) => backOffMs(GONE_FOR_A_MOMENT, attempt, 1))).toEqual([100, 200]);
  });

  test('is between half and all of that, by chance', () => {
    expect(backOffMs(THROTTLED, 1, 0)).toBe(500);
    expect(backOffMs(THROTTLED, 1, 0.5)).toBe(750);
  });

  test('is none after the eighth try', () => {
    expect(backOffMs(THROTTLED, 7, 0.5)).toBeDefined();
    expect(backOffMs(THROTTLED, 8, 0.5)).toBeUndefined();
  });

  test.each([
    grpcError(3, 'INVALID_ARGUMENT', 'invalid query'),
    grpcError(4, 'DEADLINE_EXCEEDED', 'Deadline exceeded'),
    grpcError(5, 'NOT_FOUND', 'workflow not found'),
    grpcError(7, 'PERMISSION_DENIED', 'Request unauthorized.'),
    grpcError(16, 'UNAUTHENTICATED', 'expired'),
    new TypeError('x is undefined'),
  ])('is none for what stays wrong: %s', (error) => {
    expect(backOffMs(error, 1, 0.5)).toBeUndefined();
  });
});

test('a server over its rate limit is known also by an error that another one caused', () => {
  expect(isThrottled(new Error('listing', { cause: THROTTLED }))).toBe(true);
  expect(isThrottled(GONE_FOR_A_MOMENT)).toBe(false);
});
