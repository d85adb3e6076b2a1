import { expect, test } from '@jest/globals';
import { lengthInCall } from '../../src/diagnosis/durations-in-source.js';

test.each([
  ['sleep(100)', 1, 100],
  ["sleep('3 days')", 1, 259_200_000],
  ["sleep('1.5h')", 1, 5_400_000],
  ['sleep(60 * 60 * 1000)', 1, 3_600_000],
  ["condition(() => isOver(1, 2), '30 s')", 1, 30_000],
  ['sleep(0.1)', 1000, 100],
  ['sleep(timedelta(days=1, hours=2))', 1000, 93_600_000],
  ['wait_condition(lambda: self.done, timeout=timedelta(minutes=5))', 1000, 300_000],
  ['Sleep(ctx, time.Second)', 1, 1000],
  ['NewTimer(ctx, 3*24*time.Hour)', 1, 259_200_000],
  ['sleep(Duration.ofHours(1))', 1, 3_600_000],
  ['await(Duration.ofMillis(250), () -> done)', 1, 250],
])('the length in %s', (call, numberUnit, length) => {
  expect(lengthInCall(call, numberUnit)).toBe(length);
});

test.each([
  'sleep(delay)',
  'sleep(5 * factor)',
  'Sleep(ctx, n*time.Hour)',
  'sleep(timedelta(days=n))',
  "sleep('soon')",
  'sleep',
])('%s does not say it', (call) => {
  expect(lengthInCall(call, 1)).toBeUndefined();
});
