import { describe, expect, test } from '@jest/globals';
import { cutAfterLastCompletedTask } from '../../../src/temporal/history/cut-history.js';
import { prepareEvents } from '../../../src/temporal/history/prepare-history.js';
import {
  eventIdOf,
  eventTypeName,
  EventType,
  HistoryMessage,
} from '../../../src/temporal/history/proto.js';
import { EventHistory } from '../../builders/event-history.js';

/** Number of events that are left. */
const cut = (history: EventHistory): number => cutAfterLastCompletedTask(history.events).length;

describe('a history is cut', () => {
  test('after the commands of its last completed task', () => {
    const history = new EventHistory().task().activity('charge').timer().activityDone();
    expect(cut(history)).toBe(6);
  });

  test('before a task that some worker is at', () => {
    const history = new EventHistory().task().timer().timerFired().openTask();
    expect(cut(history)).toBe(5);
  });

  test('before a task that failed or timed out', () => {
    const history = new EventHistory().task().timer().openTask();
    expect(cut(history.add('WORKFLOW_TASK_FAILED'))).toBe(5);
    expect(cut(history.openTask().add('WORKFLOW_TASK_TIMED_OUT'))).toBe(5);
  });

  test('before signals that no task has seen', () => {
    expect(cut(new EventHistory().task().timer().signal('pay'))).toBe(5);
  });

  test('before what the server wrote to end it', () => {
    expect(cut(new EventHistory().task().timer().add('WORKFLOW_EXECUTION_TERMINATED'))).toBe(5);
    expect(cut(new EventHistory().task().timer().add('WORKFLOW_EXECUTION_TIMED_OUT'))).toBe(5);
  });

  test('not at all when it ends with its completion', () => {
    expect(cut(new EventHistory().task().timer().timerFired().task().completed())).toBe(10);
  });

  test('to nothing when no task was ever completed', () => {
    expect(cut(new EventHistory())).toBe(0);
    expect(cut(new EventHistory().openTask())).toBe(0);
    expect(cutAfterLastCompletedTask([])).toEqual([]);
  });

  test.each([
    'ACTIVITY_TASK_CANCEL_REQUESTED',
    'TIMER_CANCELED',
    'MARKER_RECORDED',
    'START_CHILD_WORKFLOW_EXECUTION_INITIATED',
    'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
    'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED',
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
    'WORKFLOW_PROPERTIES_MODIFIED',
    'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
    'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
    'NEXUS_OPERATION_SCHEDULED',
    'NEXUS_OPERATION_CANCEL_REQUESTED',
    'WORKFLOW_EXECUTION_COMPLETED',
    'WORKFLOW_EXECUTION_FAILED',
    'WORKFLOW_EXECUTION_CANCELED',
    'WORKFLOW_EXECUTION_CONTINUED_AS_NEW',
  ] as const)('behind %s, which a task left', (type) => {
    expect(cut(new EventHistory().task().add(type).signal('pay'))).toBe(5);
  });
});

describe('a prepared history', () => {
  test('is the cut history, as binary protobuf', () => {
    const history = new EventHistory().task().activity('charge').activityDone();
    const prepared = prepareEvents(history.events);
    const events = HistoryMessage.decode(prepared.bytes).events;
    expect(events.map(eventIdOf)).toEqual([1, 2, 3, 4, 5]);
    expect(events[4]?.activityTaskScheduledEventAttributes?.activityType?.name).toBe('charge');
    expect(prepared).toMatchObject({ eventCount: 5, completedTasks: 1 });
  });

  test('counts its completed tasks, of which none means that replay would check nothing', () => {
    expect(prepareEvents(new EventHistory().openTask().events).completedTasks).toBe(0);
    const two = new EventHistory().task().timer().timerFired().task();
    expect(prepareEvents(two.events).completedTasks).toBe(2);
  });

  test.each([
    ['a version set', { workerVersion: { buildId: 'v1.0' } }],
    ['a deployment', { deployment: { buildId: 'v1.0' } }],
    ['a deployment version', { deploymentVersion: { buildId: 'v1.0' } }],
    [
      'a deployment version, before what older fields say',
      { deploymentVersion: { buildId: 'v1.0' }, workerVersion: { buildId: 'sha256' } },
    ],
  ])("knows the last task's build ID of %s", (_, completed) => {
    const history = new EventHistory().task({ workerVersion: { buildId: 'v0.9' } }).task(completed);
    expect(prepareEvents(history.events).lastBuildId).toBe('v1.0');
  });

  test('knows the last build ID that is said at all', () => {
    const history = new EventHistory().task({ workerVersion: { buildId: 'v0.9' } }).task();
    expect(prepareEvents(history.events).lastBuildId).toBe('v0.9');
    expect(prepareEvents(new EventHistory().task().events)).not.toHaveProperty('lastBuildId');
  });

  test('knows the SDK, which the server writes only when it changes', () => {
    const history = new EventHistory()
      .task({ sdkMetadata: { sdkName: 'temporal-typescript', sdkVersion: '1.24.0' } })
      .task({ sdkMetadata: { langUsedFlags: [1] } });
    expect(prepareEvents(history.events)).toMatchObject({
      sdkName: 'temporal-typescript',
      sdkVersion: '1.24.0',
    });
    expect(prepareEvents(new EventHistory().task().events)).not.toHaveProperty('sdkName');
  });

  test('knows the newest release of the SDK, also of a history that was taken back to an older one', () => {
    const history = new EventHistory()
      .task({ sdkMetadata: { sdkName: 'temporal-typescript', sdkVersion: '1.24.0' } })
      .task({ sdkMetadata: { sdkVersion: '1.8.0' } });
    expect(prepareEvents(history.events).sdkVersion).toBe('1.24.0');
  });
});

test('events are named as the UI names them', () => {
  expect(eventTypeName(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW)).toBe(
    'WorkflowExecutionContinuedAsNew',
  );
  expect(eventTypeName(undefined)).toBe('Unspecified');
});
