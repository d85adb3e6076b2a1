/** @tier middle */
import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';
import type { ResultMessage } from '../../src/replay/protocol.js';
import { findGoSdk, GO_SDKS } from '../../testing/go-modules.js';
import { skipUnless } from '../../testing/skip-unless.js';
import type { Workspace } from '../../testing/workspace.js';
import { withEvents, type Fixture } from '../fixtures/histories.js';
import { commandsGoWorkspace, goHistory, LAST_TIMER_OF_1_26 } from './go-application.js';
import { ENDINGS, ENDINGS_FILE } from './go-endings.js';
import { GoReplayer } from './go-replayer.js';
import { sourceLine } from './source-line.js';

jest.setTimeout(900_000);

const newest = await findGoSdk(GO_SDKS.newest);
const oldest = await findGoSdk(GO_SDKS.oldest);

/** How the SDK prints what a user has written, and some of what the histories hold. */
const CONTENT = /map\[|payloads|\[len=|ReplayTime|"one"|"local"|Hello/u;

// docs/internals/replay-endings.md has these rows.
describe.each([
  { version: GO_SDKS.newest, found: newest, files: {} },
  { version: GO_SDKS.oldest, found: oldest, files: LAST_TIMER_OF_1_26 },
])('a replay by the Go SDK $version ends', ({ version, found, files }) => {
  const whenThere = skipUnless(found).it;
  let workspace: Workspace;
  let replayer: GoReplayer;

  beforeAll(async () => {
    if (!found.available) return;
    workspace = await commandsGoWorkspace(found, { files: { ...files, [ENDINGS_FILE]: ENDINGS } });
    replayer = await GoReplayer.start(workspace.application, {
      workflows: './workflows#RegisterEndings',
    });
  });
  afterAll(async () => {
    if (!found.available) return;
    await replayer.stop();
    await workspace.remove();
  });

  const history = (name: string, type: string): Fixture =>
    goHistory(name, type, `commands-go-${version}`);
  const line = (text: string): object => sourceLine(workspace.application, ENDINGS_FILE, text);

  async function replayed(of: Fixture, by = replayer): Promise<ResultMessage> {
    const result = await by.replay(of, true);
    expect(result.message ?? '').not.toMatch(CONTENT);
    return result;
  }

  whenThere.each([
    [
      'a timer that nothing started',
      'Idle',
      'Timers',
      /a matching Timer command was expected in history event position 5\.|unknown command CommandType: Timer, ID: 5, /u,
    ],
    [
      'a child that nothing started',
      'Idle',
      'Children',
      /a matching ChildWorkflow command was expected in history event\. However|unknown command CommandType: ChildWorkflow$/u,
    ],
    [
      'an activity that nothing scheduled',
      'Idle',
      'Activities',
      /lookup failed for scheduledEventID to activityID: scheduleEventID: 5, activityID: 5$/u,
    ],
    ['a local activity that nothing called', 'WithoutLocalActivity', 'Activities', /./u],
    [
      'the marker of another local activity',
      'OtherLocalActivity',
      'Activities',
      /^\[TMPRL1100\] code executed? local activity File, but history event found greet$/u,
    ],
    [
      'no marker for a side effect',
      'TwoSideEffects',
      'SideEffects',
      /^\[TMPRL1100\] No cached result found for side effectID=2$/u,
    ],
    [
      'no marker for a mutable side effect',
      'OtherMutableSideEffect',
      'SideEffects',
      /MutableSideEffect ID: other$/u,
    ],
    ['a marker that nothing wrote', 'WithoutSideEffect', 'SideEffects', /./u],
    [
      'a version that is no longer in range',
      'NeedsNewVersion',
      'Versions',
      /removed support of version 1\. for "greeting" changeID/u,
    ],
    [
      'a version that the code does not know yet',
      'KnowsNoVersion',
      'Versions',
      /too old to support version 1 for "greeting" changeID/u,
    ],
    ['a command of another kind', 'OtherActivity', 'Goroutines', /./u],
    [
      'another end',
      'Pauses',
      'Continued',
      /^nondeterministic workflow: the history ends by WorkflowExecutionContinuedAsNew, replay command is CompleteWorkflowExecution$/u,
    ],
    [
      'an end where history fails',
      'Pauses',
      'Failing',
      /^nondeterministic workflow: the history ends by FailWorkflowExecution, replay command is CompleteWorkflowExecution$/u,
    ],
  ])('as a break: %s', async (_, type, name, message) => {
    const result = await replayed(history(name, type));
    expect(result.outcome).toBe('nondeterministic');
    expect(result.message).toMatch(message);
  });

  whenThere.each([
    ['a panic', 'Panics', 'Timers', /index out of range \[3\] with length 0$/u, 'no such amount'],
    [
      'a context of another coroutine',
      'Blocks',
      'Timers',
      /^trying to block on coroutine which is already blocked/u,
      'ctx, 2*time.Hour',
    ],
  ])('as a failed task, at its line: %s', async (_, type, name, message, text) => {
    const result = await replayed(history(name, type));
    expect(result).toMatchObject({ outcome: 'task-failed', ...line(text) });
    expect(result.message).toMatch(message);
  });

  whenThere('as a failed task, with a result that the code cannot decode', async () => {
    const result = await replayed(history('Activities', 'PanicsByResult'));
    expect(result).toMatchObject({
      outcome: 'task-failed',
      message:
        'the code cannot decode the result of activity greet: cannot unmarshal string into Go value of type int',
      undecoded: [{ of: 'result', name: 'activity greet', ...line('&number') }],
    });
  });

  whenThere.each([
    [
      'missing',
      'nondeterministic workflow: missing replay command for MarkerRecorded (LocalActivity)',
    ],
    ['extra', 'nondeterministic workflow: extra replay command for ScheduleActivityTask (charge)'],
    [
      'differs',
      'nondeterministic workflow: history event is ActivityTaskScheduled (charge), replay command is StartChildWorkflowExecution (ship)',
    ],
    ['unknown', 'unable to find activityID for the event: ActivityTaskCanceled'],
    ['protocol', 'invalid action "accept" in update protocol'],
  ])('without anything that a user has written: %s', async (type, message) => {
    const result = await replayed(history('Timers', type));
    expect(result).toMatchObject({
      outcome: 'nondeterministic',
      message: `[TMPRL1100] ${message}`,
    });
  });

  describe('with what the replayer is given', () => {
    let other: GoReplayer | undefined;
    afterEach(async () => other?.stop());

    async function withOptions(name: string): Promise<GoReplayer> {
      other = await GoReplayer.start(workspace.application, {
        workflows: `./workflows#RegisterEndings,${name}`,
      });
      return other;
    }

    whenThere('as a break or a failed task, also where failures are encoded', async () => {
      const replayer = await withOptions('EncodesFailures');
      expect(await replayed(history('Activities', 'Idle'), replayer)).toMatchObject({
        outcome: 'nondeterministic',
        message: expect.stringMatching(/^\[TMPRL1100\] lookup failed/u),
      });
      expect(await replayed(history('Timers', 'Panics'), replayer)).toMatchObject({
        outcome: 'task-failed',
        message: expect.stringMatching(/index out of range/u),
        ...line('no such amount'),
      });
      expect(await replayed(history('Timers', 'Gone'), replayer)).toMatchObject({
        outcome: 'task-failed',
        message: expect.stringMatching(/^unable to find workflow type: Gone\./u),
      });
    });

    whenThere('as a failed task, by a context propagator', async () => {
      const result = await replayed(history('Timers', 'Timers'), await withOptions('Propagates'));
      expect(result).toMatchObject({
        outcome: 'task-failed',
        message: 'failed propagating header: no tenant',
      });
    });

    whenThere('as a failed task, by a converter that panics', async () => {
      const result = await replayed(
        history('Activities', 'PanicsByResult'),
        await withOptions('Decodes'),
      );
      expect(result).toMatchObject({ outcome: 'task-failed', message: 'no key' });
    });
  });

  whenThere.each([
    ['a flag that it does not know', withFlag],
    ['an event that it does not know', withUnknownEvent],
  ])('as not judged, by %s', async (_, changed) => {
    expect(await replayed(changed(history('Timers', 'Timers')))).toMatchObject({
      outcome: 'errored',
    });
  });
});

function withFlag(fixture: Fixture): Fixture {
  return withEvents(fixture, (events) => {
    const completed = events[3]?.workflowTaskCompletedEventAttributes;
    if (completed == null) throw new Error('no completed task');
    completed.sdkMetadata = { langUsedFlags: [4_000] };
    return events;
  });
}

function withUnknownEvent(fixture: Fixture): Fixture {
  return withEvents(fixture, (events) => {
    if (events[5] === undefined) throw new Error('no sixth event');
    (events[5] as { eventType: number }).eventType = 4_000;
    return events;
  });
}
