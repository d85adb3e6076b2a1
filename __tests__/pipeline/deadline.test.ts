import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { deadlineOf } from '../../src/pipeline/deadline.js';

const BUDGET_MS = 10_000;
const never = new AbortController().signal;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('its clock stands still until there is something to replay', () => {
  const deadline = deadlineOf(BUDGET_MS, never);
  jest.advanceTimersByTime(100 * BUDGET_MS);
  expect(deadline.replays.aborted).toBe(false);
  deadline.begin();
  jest.advanceTimersByTime(BUDGET_MS - 1);
  expect(deadline.replays.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(deadline.replays.aborted).toBe(true);
});

test('all claims share it: a later one does not start the clock anew', () => {
  const deadline = deadlineOf(BUDGET_MS, never, 2);
  deadline.begin();
  jest.advanceTimersByTime(BUDGET_MS / 2);
  deadline.begin();
  const causes = deadline.causes();
  jest.advanceTimersByTime(BUDGET_MS / 2);
  expect([deadline.replays.aborted, causes.aborted]).toEqual([true, false]);
  jest.advanceTimersByTime(BUDGET_MS / 5);
  expect(causes.aborted).toBe(true);
});

test.each([
  ['what the replays left and a fifth of the budget', 4_000, 8_000],
  ['a fifth of the budget where they left nothing', 10_000, 2_000],
  ['no less where the last of them took longer', 15_000, 2_000],
])('causes may take %s', (_, replayed, left) => {
  const deadline = deadlineOf(BUDGET_MS, never);
  deadline.begin();
  jest.advanceTimersByTime(replayed);
  const causes = deadline.causes();
  jest.advanceTimersByTime(left - 1);
  expect(causes.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(causes.aborted).toBe(true);
});

test('looking closer may take what is left, and of several claims each its part of it', () => {
  const deadline = deadlineOf(BUDGET_MS, never, 2);
  deadline.begin();
  jest.advanceTimersByTime(4_000);
  const first = deadline.spare();
  jest.advanceTimersByTime(2_999);
  expect(first.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(first.aborted).toBe(true);

  deadline.begin();
  const last = deadline.spare();
  jest.advanceTimersByTime(2_999);
  expect(last.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(last.aborted).toBe(true);
  expect(deadline.spare().aborted).toBe(true);
});

test('a cancelled job ends all of it at once', () => {
  const job = new AbortController();
  const deadline = deadlineOf(BUDGET_MS, job.signal, 2);
  deadline.begin();
  const signals = [deadline.replays, deadline.causes(), deadline.spare()];
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  job.abort();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
});
