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
  [
    String.raw`Replay failed with a nondeterminism error. Details: Workflow activation completion failed: Failure { failure: Some(Failure { message: "[TMPRL1100] Nondeterminism error: Activity type of recorded marker 'd' does not match activity type of local activity command 'c\"x'", source: "", stack_trace: "", encoded_attributes: None, cause: None, failure_info: Some(ApplicationFailureInfo(ApplicationFailureInfo { r#type: "", non_retryable: false, details: None })) }), force_cause: NonDeterministicError }`,
    `Activity type of recorded marker 'd' does not match activity type of local activity command 'c"x'`,
    undefined,
  ],
  [
    '8: Workflow activation completion failed: Failure { failure: Some(Failure { message: "Fatal error in workflow machines: TimerMachine in state StartCommandCreated says the transition is invalid during event EventInfo { event_id: 10, event_type: TimerCanceled }", source: "", stack_trace: "" }), force_cause: Unspecified }',
    'TimerMachine in state StartCommandCreated says the transition is invalid during event 10 (TimerCanceled)',
    10,
  ],
  [
    'Fatal error in workflow machines: Local activity marker was unparsable: HistoryEvent { event_id: 7, event_time: None }", source: "", force_cause: Unspecified }',
    'Local activity marker was unparsable: event 7',
    7,
  ],
  [
    // The text was cut short in the middle of the dump, or begins in it.
    `Nondeterminism error: Child workflow machine does not handle this", source: "", stack_trace: "", encoded_attributes: None, cause`,
    'Child workflow machine does not handle this',
    undefined,
  ],
  [
    '[TMPRL1100] Nondeterminism error: Change id p does not match expected id __sdk_internal_patch_number:1',
    "Change id p does not match expected id a patch of the SDK's own",
    undefined,
  ],
];

describe('the error texts of the SDK', () => {
  test.each(MESSAGES)('%s', (said, words, eventId) => {
    expect(parseSdkMessage(said)).toEqual({ words, ...(eventId === undefined ? {} : { eventId }) });
  });

  test.each(MESSAGES)('no dump of a native structure is left of: %s', (said) => {
    expect(parseSdkMessage(said).words).not.toMatch(
      /HistoryEvent|EventInfo|Some\(|TMPRL|Timestamp|force_cause|source: |__sdk_internal/u,
    );
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
    const said =
      'Nondeterminism("'.repeat(5000) +
      'Failure { message: "'.repeat(5000) +
      'HistoryEvent(id: '.repeat(5000) +
      ', source: '.repeat(5000);
    const before = performance.now();
    parseSdkMessage(said);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});
