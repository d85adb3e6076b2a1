import { describe, expect, test } from '@jest/globals';
import { whereItStands } from '../../../bench/diagnosis/truth/at-rest.js';
import { isClosedAtOnce } from '../../../bench/diagnosis/truth/closed-at-once.js';
import { commandTrace, traceDifference } from '../../../bench/diagnosis/truth/command-trace.js';
import {
  EventType,
  HistoryMessage,
  type IHistoryEvent,
} from '../../../src/temporal/history/proto.js';
import { readFixtures } from '../../fixtures/histories.js';

const fixtures = [...readFixtures('orders-1.24.0'), ...readFixtures('commands-1.24.0')];

function eventsOf(name: string): (typeof fixtures)[number]['events'] {
  const fixture = fixtures.find((one) => one.name === name);
  if (fixture === undefined) throw new Error(`there is no fixture ${name}`);
  return fixture.events;
}

describe('an execution', () => {
  test('that waits for a signal is at rest', () => {
    expect(whereItStands(eventsOf('order-waiting-for-approval'))).toBe('at-rest');
  });

  test('that has ended is closed', () => {
    expect(whereItStands(eventsOf('activities'))).toBe('closed');
  });

  test('goes on by itself while an activity is open', () => {
    const events = eventsOf('activities');
    const scheduled = events.findIndex((event) => event.activityTaskScheduledEventAttributes);
    expect(whereItStands(events.slice(0, scheduled + 1))).toBe('under-way');
  });

  test('goes on by itself while a workflow task is open', () => {
    expect(whereItStands(eventsOf('activities').slice(0, 2))).toBe('under-way');
  });
});

describe('the commands of two runs', () => {
  test('are the same whatever their IDs are', () => {
    const trace = commandTrace(eventsOf('order-approved'), []);
    expect(trace.length).toBeGreaterThan(2);
    expect(traceDifference(trace, commandTrace(eventsOf('order-approved'), []))).toBeUndefined();
    expect(trace.join('\n')).not.toMatch(/workflowTaskCompletedEventId|taskQueue/u);
  });

  test('differ when one does less', () => {
    const trace = commandTrace(eventsOf('order-approved'), []);
    expect(traceDifference(trace, trace.slice(0, -1))).toMatch(/became nothing$/u);
  });
});

describe('the task that took an execution over', () => {
  const bytes = (events: readonly IHistoryEvent[]): Uint8Array =>
    HistoryMessage.encode(HistoryMessage.fromObject({ events: [...events] })).finish();
  const events = eventsOf('order-approved');
  const scheduled = events.flatMap(({ eventType }, index) =>
    eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED ? [index] : [],
  );
  const before = (task: number): Uint8Array => bytes(events.slice(0, scheduled.at(task)));

  test('closed it, where it was the last one', () => {
    expect(scheduled.length).toBeGreaterThan(2);
    expect(isClosedAtOnce(before(-1), bytes(events))).toBe(true);
  });

  test('did not where another one followed, or where it has not closed', () => {
    expect(isClosedAtOnce(before(-2), bytes(events))).toBe(false);
    expect(isClosedAtOnce(before(-1), undefined)).toBe(false);
  });

  test('did not where something else closed it', () => {
    const terminated = events.with(-1, {
      eventId: events.at(-1)?.eventId ?? null,
      eventType: EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
      workflowExecutionTerminatedEventAttributes: { reason: 'by hand' },
    });
    expect(isClosedAtOnce(before(-1), bytes(terminated))).toBe(false);
  });
});
