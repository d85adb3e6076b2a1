import { describe, expect, test } from '@jest/globals';
import {
  commandWords,
  describeEvent,
  historyCommand,
} from '../../../src/temporal/history/command-events.js';
import { isCommandEvent } from '../../../src/temporal/history/cut-history.js';
import { EventType, type IHistoryEvent } from '../../../src/temporal/history/proto.js';
import { EventHistory } from '../../builders/event-history.js';
import { itemAt } from '../../builders/item-at.js';

const last = (history: EventHistory) => itemAt(history.events, -1);

const event = (...added: Parameters<EventHistory['add']>) =>
  last(new EventHistory().task().add(...added));

const IN_WORDS: readonly [of: IHistoryEvent, words: string][] = [
  [last(new EventHistory().activity('charge')), 'activity charge'],
  [last(new EventHistory().timer()), 'a timer'],
  [last(new EventHistory().child('refund')), 'child workflow refund'],
  [itemAt(new EventHistory().patch('p').events, -2), 'patch p'],
  [last(new EventHistory().completed()), "the workflow's completion"],
  [last(new EventHistory().signal('pay')), 'signal pay'],
  [last(new EventHistory().localActivity()), 'a local activity'],
  [last(new EventHistory().localActivity('format')), 'local activity format'],
  [last(new EventHistory().goLocalActivity('Format')), 'local activity Format'],
  [last(new EventHistory().javaLocalActivity('Format', 'x')), 'local activity Format'],
  [last(new EventHistory().sideEffect()), 'marker SideEffect'],
  [last(new EventHistory().mutableSideEffect('m')), 'marker MutableSideEffect m'],
  [last(new EventHistory().mutableSideEffect('')), 'marker MutableSideEffect'],
  [event('TIMER_CANCELED'), "a timer's cancellation"],
  [event('ACTIVITY_TASK_CANCEL_REQUESTED'), "an activity's cancellation"],
  [
    event('NEXUS_OPERATION_SCHEDULED', {
      nexusOperationScheduledEventAttributes: { operation: 'pay' },
    }),
    'Nexus operation pay',
  ],
  [
    event('SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', {
      signalExternalWorkflowExecutionInitiatedEventAttributes: { signalName: 'pay' },
    }),
    'signal pay to another workflow',
  ],
  [
    event('WORKFLOW_EXECUTION_CONTINUED_AS_NEW', {
      workflowExecutionContinuedAsNewEventAttributes: { workflowType: { name: 'orderWorkflow' } },
    }),
    'continue-as-new of orderWorkflow',
  ],
  [event('WORKFLOW_PROPERTIES_MODIFIED'), 'an upsert of the memo'],
  [event('WORKFLOW_EXECUTION_UPDATE_ACCEPTED'), "an update's acceptance"],
  [
    event('MARKER_RECORDED', { markerRecordedEventAttributes: { markerName: 'Snapshot' } }),
    'marker Snapshot',
  ],
  [event('TIMER_FIRED'), 'timer fired'],
  [event('WORKFLOW_TASK_SCHEDULED'), 'workflow task scheduled'],
];

describe('an event in words', () => {
  test.each(IN_WORDS.map(([of, words]) => ({ of, words })))('$words', ({ of, words }) => {
    expect(describeEvent(of).words).toBe(words);
  });

  test('is named with its ID and its type as the UI shows them', () => {
    expect(describeEvent(last(new EventHistory().task().activity('charge')))).toEqual({
      eventId: 5,
      type: 'ActivityTaskScheduled',
      words: 'activity charge',
    });
  });
});

test('a command that nobody knows yet is told by its own name', () => {
  expect(commandWords({ command: 'PaintItBlack', name: '' })).toBe('PaintItBlack');
});

test('a patch marker whose details cannot be read still stands where it stands', () => {
  const marker = event('MARKER_RECORDED', {
    markerRecordedEventAttributes: {
      markerName: 'core_patch',
      details: { 'patch-data': { payloads: [{ data: Buffer.from('{"id":') }] } },
    },
  });
  expect(historyCommand(marker)).toMatchObject({
    command: 'SetPatchMarker',
    name: '',
    optional: false,
  });
});

test('what is read as a command is also kept when a history is cut', () => {
  const names = Object.keys(EventType).filter((name) => name.startsWith('EVENT_TYPE_'));
  for (const name of names) {
    const short = name.replace('EVENT_TYPE_', '') as Parameters<EventHistory['add']>[0];
    const one = event(short);
    if (historyCommand(one) !== undefined)
      expect([name, isCommandEvent(one)]).toEqual([name, true]);
  }
});

test('what the Go SDK issues for a session is told in the words of the code', () => {
  const words = (name: string) => commandWords({ command: 'ScheduleActivityTask', name });
  expect(words('internalSessionCreationActivity')).toBe(
    'the start of a session (workflow.CreateSession)',
  );
  expect(words('internalSessionCompletionActivity')).toBe(
    'the end of a session (workflow.CompleteSession)',
  );
  expect(words('charge')).toBe('activity charge');
});
