import { afterAll, expect, test } from '@jest/globals';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import { FailureCollection } from '../../src/diagnosis/failure-collection.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { JudgedRead } from '../../src/replay/replay-histories.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers } from '../builders/fake-replayers.js';
import { activity, IssuedCommands } from '../builders/recorded-commands.js';
import { WorkspaceFolder } from '../builders/workspace-folder.js';
import { temporalReader } from '../../src/temporal/reader.js';

/** Two causes that the SDK tells in the same words: a timer that is not there any more. */

const workspace = new WorkspaceFolder();
afterAll(() => workspace.remove());
const file = workspace.file('src/workflows.ts');
const at = (line: number) => ({ file, line });

/** Waits after reserving. */
const early = (): EventHistory => new EventHistory().task().activity('reserve').timer();
/** Waits after charging, one workflow task later. */
const late = (): EventHistory =>
  new EventHistory().task().activity('reserve').activityDone().task().activity('charge').timer();

function broken(history: EventHistory): JudgedRead {
  const execution = anExecution();
  const timerEvent = history.events.find((event) => event.timerStartedEventAttributes != null);
  const message = `[TMPRL1100] Nondeterminism error: No command scheduled for event HistoryEvent(id: ${String(timerEvent?.eventId)}, TimerStarted)`;
  return {
    read: { kind: 'read', execution, history: prepareEvents(history.events) },
    outcome: { execution, kind: 'nondeterministic', message },
    result: { type: 'result', id: execution.runId, outcome: 'nondeterministic', message },
  };
}

test('a thousand executions of two causes are two findings', async () => {
  const failures = new FailureCollection(temporalReader);
  // One cause comes first: what was looked into until then must not swallow the other.
  for (let index = 0; index < 600; index += 1) failures.add(broken(early()));
  for (let index = 0; index < 400; index += 1) failures.add(broken(late()));
  const replayers = new FakeReplayers(({ history }) => {
    const commands = new IssuedCommands().in(3, activity('reserve', at(10)));
    if (Buffer.from(history).includes('charge')) {
      commands.in(9, activity('charge', at(20)));
    }
    return { outcome: 'nondeterministic', commands: commands.list };
  });
  await failures.record(replayers, 1000, new AbortController().signal);

  const findings = diagnose(failures.all, { workspace: workspace.path }, temporalReader);

  expect(
    findings.map(({ executions, divergence }) => [
      executions.length,
      'location' in divergence ? divergence.location.line : undefined,
    ]),
  ).toEqual([
    [600, 10],
    [400, 20],
  ]);
  // Two kinds, and ten of each at most.
  expect(replayers.asked).toHaveLength(20);
});

test('the same place of a loop is one cause, however often it was passed', async () => {
  const rounds = (count: number): EventHistory => {
    let history = new EventHistory();
    for (let round = 0; round < count; round += 1) {
      history = history.task().activity('poll').activityDone();
    }
    return history.task().activity('poll').timer();
  };
  const failures = new FailureCollection(temporalReader);
  for (const count of [3, 9, 40]) failures.add(broken(rounds(count)));
  await failures.record(new FakeReplayers(), 1000, new AbortController().signal);

  expect(new Set(failures.all.map(({ signature }) => signature)).size).toBe(1);
});
