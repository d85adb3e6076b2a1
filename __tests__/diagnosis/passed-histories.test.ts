import { expect, test } from '@jest/globals';
import { LATER_PASSES, PassedHistories } from '../../src/diagnosis/passed-histories.js';
import type { Outcome } from '../../src/model/outcome.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import { temporalReader } from '../../src/temporal/reader.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { anOutcome } from '../builders/outcomes.js';

/** Adds a history that holds these activities in its first workflow task. */
function add(
  passed: PassedHistories,
  activities: readonly string[],
  startTime: string | undefined,
  kind: Outcome['kind'] = 'passed',
): void {
  const execution = anExecution(startTime === undefined ? {} : { startTime });
  const events = new EventHistory(execution.workflowType).task();
  for (const activity of activities) events.activity(activity);
  passed.add({
    read: { kind: 'read', execution, history: prepareEvents(events.events) },
    outcome: anOutcome(kind, execution),
  });
}

const CHARGE = 'ScheduleActivityTask charge';
const time = (second: number): string => new Date(second * 1000).toISOString();

test('histories came past a point if they hold the commands before it, and others after them', () => {
  const passed = new PassedHistories(temporalReader);
  add(passed, ['charge', 'ship'], time(3));
  add(passed, ['charge', 'ship'], time(5));
  add(passed, ['charge', 'refund'], time(4));
  add(passed, ['charge'], time(6));
  add(passed, ['refund', 'charge'], time(7));
  add(passed, ['charge', 'ship'], time(8), 'nondeterministic');
  add(passed, ['charge', 'ship'], undefined);
  expect(passed.cameThrough('orderWorkflow', [CHARGE])).toEqual([time(5), time(4), time(3)]);
  expect(passed.cameThrough('orderWorkflow', [CHARGE, 'ScheduleActivityTask ship'])).toEqual([]);
  expect(passed.cameThrough('orderWorkflow', [])).toHaveLength(5);
  expect(passed.cameThrough('refundWorkflow', [])).toEqual([]);
  expect(passed.cameThrough('orderWorkflow', undefined)).toEqual([]);
});

test('only as many of the newest are kept as are counted', () => {
  const passed = new PassedHistories(temporalReader);
  for (let second = 0; second < 3 * LATER_PASSES; second += 1)
    add(passed, ['charge'], time(second));
  const kept = passed.cameThrough('orderWorkflow', []);
  expect(kept).toHaveLength(LATER_PASSES);
  expect(kept[0]).toBe(time(3 * LATER_PASSES - 1));
});
