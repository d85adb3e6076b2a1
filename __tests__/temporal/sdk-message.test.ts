import { describe, expect, test } from '@jest/globals';
import { parseSdkMessage } from '../../src/temporal/sdk-message.js';

/** What the SDKs that share a core say, and what is read from it. */
const MESSAGES: readonly [said: string, words: string, eventId: number | undefined][] = [
  [
    '[TMPRL1100] Nondeterminism error: Activity machine does not handle this event: HistoryEvent(id: 9, TimerStarted)',
    'Activity machine does not handle this event: event 9 (TimerStarted)',
    9,
  ],
  [
    'Workflow activation failed: Nondeterminism("Activity machine does not handle this event: HistoryEvent(id: 9, Some(TimerStarted))")',
    'Activity machine does not handle this event: event 9 (TimerStarted)',
    9,
  ],
  [
    '[TMPRL1100] Nondeterminism error: No command scheduled for event HistoryEvent(id: 17, ActivityTaskScheduled)',
    'No command scheduled for event 17 (ActivityTaskScheduled)',
    17,
  ],
  [
    "[TMPRL1100] Nondeterminism error: Activity type of scheduled event 'charge' does not match activity type of activity command 'ship'",
    "Activity type of scheduled event 'charge' does not match activity type of activity command 'ship'",
    undefined,
  ],
  [
    "[TMPRL1100] Nondeterminism error: Activity id of scheduled event '1' does not match activity id of activity command '2'",
    "Activity id of scheduled event '1' does not match activity id of activity command '2'",
    undefined,
  ],
  [
    "[TMPRL1100] Nondeterminism error: Child workflow id of scheduled event 'a' does not match child workflow id of command 'b'",
    "Child workflow id of scheduled event 'a' does not match child workflow id of command 'b'",
    undefined,
  ],
  [
    '[TMPRL1100] Nondeterminism error: Timer fired event did not have expected timer id 2, it was 1!',
    'Timer fired event did not have expected timer id 2, it was 1!',
    undefined,
  ],
  [
    '[TMPRL1100] Nondeterminism error: Change id p does not match expected id q',
    'Change id p does not match expected id q',
    undefined,
  ],
  [
    '[TMPRL1100] Nondeterminism error: Non-deprecated patch marker encountered for change p, but there is no corresponding change command!',
    'Non-deprecated patch marker encountered for change p, but there is no corresponding change command!',
    undefined,
  ],
  [
    '[TMPRL1100] Nondeterminism error: During event handling, this event had an initial command ID but we could not find a matching command for it: HistoryEvent { event_id: 11, event_time: Some(Timestamp { seconds: 1, nanos: 2 }), event_type: TimerFired }',
    'During event handling, this event had an initial command ID but we could not find a matching command for it: event 11',
    11,
  ],
  [
    'Replay failed with a nondeterminism error. This means that the workflow code as written is not compatible with the history that was fed in. Details: Workflow cache eviction due to Nondeterminism("No command scheduled for event HistoryEvent(id: 5, Some(TimerStarted))")',
    'No command scheduled for event 5 (TimerStarted)',
    5,
  ],
];

describe('the error texts of the SDK', () => {
  test.each(MESSAGES)('%s', (said, words, eventId) => {
    expect(parseSdkMessage(said)).toEqual({ words, ...(eventId === undefined ? {} : { eventId }) });
  });

  test.each(MESSAGES)('no dump of a native structure is left of: %s', (said) => {
    expect(parseSdkMessage(said).words).not.toMatch(/HistoryEvent|Some\(|TMPRL|Timestamp/u);
  });

  test('only the message is left of a failure', () => {
    const said =
      'Replay failed. Details: Failure { failure: Some(Failure { message: "order is undefined", source: "TypeScriptSDK", stack_trace: "at x" }) }';
    expect(parseSdkMessage(said)).toEqual({ words: 'order is undefined' });
  });

  test.each(['', 'Something that nobody expected', 'TypeError: order is undefined'])(
    'any other text is left as it is: %j',
    (said) => {
      expect(parseSdkMessage(said)).toEqual({ words: said });
    },
  );

  test('a text of hostile length is read in no time', () => {
    const said = 'Nondeterminism("'.repeat(5000) + 'HistoryEvent(id: '.repeat(5000);
    const before = performance.now();
    parseSdkMessage(said);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
