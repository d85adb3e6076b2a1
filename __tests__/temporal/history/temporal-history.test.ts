import { describe, expect, test } from '@jest/globals';
import { TemporalHistory } from '../../../src/temporal/history/temporal-history.js';
import { EventHistory } from '../../builders/event-history.js';

/** charge (5) and a timer (6) of build v1; two signals; refund (13) of build v2; a task that is still open. */
const HISTORY = TemporalHistory.of(
  new EventHistory()
    .task({ workerVersion: { buildId: 'v1' } })
    .activity('charge')
    .timer()
    .signal('pay')
    .openTask()
    .signal('cancel')
    .add('WORKFLOW_TASK_COMPLETED', {
      workflowTaskCompletedEventAttributes: {
        startedEventId: 9,
        workerVersion: { buildId: 'v2' },
        sdkMetadata: { sdkVersion: '1.2.3' },
      },
    })
    .add('WORKFLOW_EXECUTION_UPDATE_ACCEPTED', {
      workflowExecutionUpdateAcceptedEventAttributes: {
        acceptedRequest: { input: { name: 'retry' } },
      },
    })
    .child('refund')
    .openTask().bytes,
);

describe('an Event History as the diagnosis sees it', () => {
  test('holds the commands of each completed task, by the event of its start', () => {
    const tasks = HISTORY.tasks.map(({ startedEventId, commands }) => [
      startedEventId,
      ...commands.map(({ command, name, event }) => `${event.eventId} ${command} ${name}`.trim()),
    ]);
    expect(tasks).toEqual([
      [3, '5 ScheduleActivityTask charge', '6 StartTimer'],
      [9, '12 UpdateResponse accepted', '13 StartChildWorkflowExecution refund'],
    ]);
  });

  test('hands out the same events each time, so that two places in it can be compared', () => {
    expect(HISTORY.tasks[0]?.commands[0]?.event).toBe(HISTORY.events[4]);
    expect(HISTORY.tasks).toBe(HISTORY.tasks);
  });

  test('tells each event in the words of Temporal', () => {
    expect(HISTORY.events[12]?.description).toEqual({
      eventId: 13,
      type: 'StartChildWorkflowExecutionInitiated',
      words: 'child workflow refund',
    });
  });

  test('tells what was received, and that a signal which comes during a task comes to the next one', () => {
    expect(HISTORY.events.flatMap(({ received }) => received ?? [])).toEqual([
      { kind: 'signal', name: 'pay' },
      { kind: 'signal', name: 'cancel' },
      { kind: 'update', name: 'retry' },
    ]);
    expect(HISTORY.signalsBefore(8)).toEqual([]);
    expect(HISTORY.signalsBefore(13)).toEqual(['pay']);
    expect(HISTORY.signalsBefore(100)).toEqual(['cancel']);
  });

  test('tells the build and the SDK that worked on it', () => {
    expect([6, 11, undefined].map((eventId) => HISTORY.taskAt(eventId).buildId)).toEqual([
      'v1',
      'v2',
      'v2',
    ]);
    expect(HISTORY.newestSdkVersion).toBe('1.2.3');
  });

  test('tells of a workflow task when it was completed, and whether it closes the execution', () => {
    const at = (seconds: number) => ({
      eventTime: { seconds },
      workflowTaskCompletedEventAttributes: {},
    });
    const closing = TemporalHistory.of(
      new EventHistory()
        .openTask()
        .add('WORKFLOW_TASK_COMPLETED', at(1_000_000_000))
        .activity('charge')
        .openTask()
        .add('WORKFLOW_TASK_COMPLETED', at(1_000_000_060))
        .completed().bytes,
    );
    expect(closing.taskAt(5)).toEqual({ completedTime: '2001-09-09T01:46:40.000Z' });
    expect(closing.taskAt(9)).toEqual({ completedTime: '2001-09-09T01:47:40.000Z', closes: true });
    expect(closing.taskAt(undefined)).toEqual({});
  });

  test('is empty where there are no bytes', () => {
    const empty = TemporalHistory.of(new Uint8Array());
    expect([empty.events, empty.tasks, empty.taskAt(undefined)]).toEqual([[], [], {}]);
  });
});
