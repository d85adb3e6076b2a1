import { describe, expect, test } from '@jest/globals';
import { compareWithBaseline } from '../../src/diagnosis/compare-with-baseline.js';
import type { BaselineFailure } from '../../src/diagnosis/failure.js';
import { FailureCollection } from '../../src/diagnosis/failure-collection.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { JudgedRead } from '../../src/replay/replay-histories.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers, type AnswerTo } from '../builders/fake-replayers.js';
import { temporalReader } from '../../src/temporal/reader.js';

const at = (eventId: number, release = 'new'): string =>
  release === 'new'
    ? `[TMPRL1100] Nondeterminism error: Timer machine does not handle this event: HistoryEvent(id: ${eventId}, ActivityTaskScheduled)`
    : `Nondeterminism("Timer machine does not handle: HistoryEvent(id: ${eventId}, Some(ActivityTaskScheduled))")`;

function broken(message = at(5), bytes?: number): JudgedRead {
  const execution = anExecution();
  const history = prepareEvents(new EventHistory().task().timer().events);
  return {
    read: {
      kind: 'read',
      execution,
      history: bytes === undefined ? history : { ...history, bytes: new Uint8Array(bytes) },
    },
    outcome: { execution, kind: 'nondeterministic', message },
    result: { type: 'result', id: execution.runId, outcome: 'nondeterministic', message },
  };
}

async function compared(
  reads: readonly JudgedRead[],
  answer: AnswerTo,
): Promise<{ relations: (BaselineFailure | undefined)[]; replayers: FakeReplayers }> {
  const failures = new FailureCollection(temporalReader);
  for (const read of reads) failures.add(read);
  const never = new AbortController().signal;
  await failures.record(
    new FakeReplayers(() => ({ outcome: 'nondeterministic', commands: [] })),
    1000,
    never,
  );
  const replayers = new FakeReplayers(answer);
  const limits = {
    historyTimeoutMs: 1000,
    stop: never,
    language: 'typescript',
    languageOf: temporalReader.languageOf,
  };
  await compareWithBaseline(failures, replayers, limits, temporalReader);
  return { relations: failures.all.map(({ baseline }) => baseline), replayers };
}

const relationOf = async (message: string, answer: AnswerTo): Promise<string | undefined> =>
  (await compared([broken(message)], answer)).relations[0]?.relation;

describe('what breaks on the code under test', () => {
  test('and passes on the baseline is introduced, with the commands of the baseline', async () => {
    const { relations, replayers } = await compared([broken()], ({ record }) => ({
      outcome: 'passed',
      ...(record ? { commands: [{ command: 'StartTimer', name: '', historyLength: 3 }] } : {}),
    }));
    expect(relations).toMatchObject([
      { relation: 'introduced', recorded: { commands: [{ command: 'StartTimer' }] } },
    ]);
    expect(replayers.asked.map(({ record }) => record)).toEqual([false, true]);
  });

  test('and breaks there at the same event is pre-existing, also in the words of another release', async () => {
    const same: AnswerTo = () => ({ outcome: 'nondeterministic', message: at(5, 'old') });
    expect(await relationOf(at(5), same)).toBe('pre-existing');
  });

  test('and breaks there in the same words that name no event is pre-existing', async () => {
    const message = 'Nondeterminism error: Change id a does not match expected id b';
    expect(await relationOf(message, () => ({ outcome: 'nondeterministic', message }))).toBe(
      'pre-existing',
    );
  });

  test.each<[string, AnswerTo]>([
    ['at another event', () => ({ outcome: 'nondeterministic', message: at(9) })],
    ['by a throw', () => ({ outcome: 'task-failed', message: at(5) })],
  ])('and breaks there %s is not pre-existing', async (_, answer) => {
    expect(await relationOf(at(5), answer)).toBe('fails-otherwise');
  });

  test.each<[string, AnswerTo]>([
    ['errs', () => ({ outcome: 'errored', message: 'still encrypted' })],
    ['never ends', () => ({ kind: 'timeout' })],
    ['kills its process', () => ({ kind: 'died', message: 'SIGSEGV' })],
  ])('and %s there is not compared', async (_, answer) => {
    expect(await relationOf(at(5), answer)).toBe('not-compared');
  });

  test('and is too much to keep is not compared', async () => {
    const size = 40 * 1024 * 1024;
    // Its bytes are no history, so the SDK names no event of it.
    const message = 'Nondeterminism error: Change id differs';
    const { relations } = await compared([broken(message, size), broken(message, size)], () => ({
      outcome: 'nondeterministic',
      message,
    }));
    expect(relations.map((one) => one?.relation)).toEqual(['pre-existing', undefined]);
  });

  test('is compared one by one, also beyond those whose lines are looked for', async () => {
    const reads = Array.from({ length: 30 }, () => broken());
    const last = reads.at(-1)?.outcome.execution.runId;
    const { relations } = await compared(reads, ({ runId }) =>
      runId === last ? { outcome: 'passed' } : { outcome: 'nondeterministic', message: at(5) },
    );
    expect(relations.filter((one) => one?.relation === 'pre-existing')).toHaveLength(29);
    expect(relations.filter((one) => one?.relation === 'introduced')).toHaveLength(1);
  });
});
