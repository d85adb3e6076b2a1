import { describe, expect, test } from '@jest/globals';
import { FailureCollection } from '../../src/diagnosis/failure-collection.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { OutcomeKind } from '../../src/model/outcome.js';
import type { JudgedRead } from '../../src/replay/replay-histories.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers } from '../builders/fake-replayers.js';
import { temporalReader } from '../../src/temporal/reader.js';

const never = new AbortController().signal;

function judged(
  kind: OutcomeKind,
  message = 'Nondeterminism error: x',
  bytes?: number,
): JudgedRead {
  const execution = anExecution();
  const history = prepareEvents(new EventHistory().task().timer().events);
  return {
    read: {
      kind: 'read',
      execution,
      history: bytes === undefined ? history : { ...history, bytes: new Uint8Array(bytes) },
    },
    outcome: { execution, kind, message },
    result: { type: 'result', id: execution.runId, outcome: 'nondeterministic', message },
  };
}

function collected(...reads: JudgedRead[]): FailureCollection {
  const collection = new FailureCollection(temporalReader);
  for (const read of reads) collection.add(read);
  return collection;
}

const RECORDING = () =>
  new FakeReplayers(() => ({
    outcome: 'nondeterministic',
    commands: [{ command: 'StartTimer', name: '', historyLength: 3 }],
  }));

test('only what breaks is a failure', () => {
  const collection = collected(judged('passed'), judged('errored'), judged('nondeterministic'));
  expect(collection.all).toHaveLength(1);
});

describe('the second, recorded replay', () => {
  test('is of the same history, with recording on and four times the limit', async () => {
    const replayers = RECORDING();
    const collection = collected(judged('nondeterministic'));
    await collection.record(replayers, 1000, never);
    expect(replayers.asked).toMatchObject([{ record: true, workflowType: 'orderWorkflow' }]);
    expect(replayers.limits).toEqual([4000]);
    expect(collection.all[0]?.recorded?.result.commands).toHaveLength(1);
  });

  test('is not needed where the code threw: its stack has told the line', async () => {
    const replayers = RECORDING();
    await collected(judged('task-failed')).record(replayers, 1000, never);
    expect(replayers.asked).toEqual([]);
  });

  test('is needed where a payload could not be decoded: that error has no line of the code', async () => {
    const replayers = RECORDING();
    const failed = judged('task-failed');
    const undecoded = [{ of: 'result' as const, name: '', reason: 'no int', historyLength: 3 }];
    const result = { type: 'result' as const, id: '1', outcome: 'task-failed' as const, undecoded };
    await collected({ ...failed, result }).record(replayers, 1000, never);
    expect(replayers.asked).toHaveLength(1);
  });

  test('is made of ten failures of each kind at most, and the others count all the same', async () => {
    const alike = Array.from({ length: 25 }, () => judged('nondeterministic'));
    const other = judged('nondeterministic', 'Nondeterminism error: something else');
    const replayers = RECORDING();
    const collection = collected(...alike, other);
    await collection.record(replayers, 1000, never);
    expect(replayers.asked).toHaveLength(11);
    expect(collection.all).toHaveLength(26);
    expect(collection.all.filter((failure) => failure.recorded !== undefined)).toHaveLength(11);
  });

  test('is made of those that were listed first, whichever were replayed first', async () => {
    const alike = Array.from({ length: 15 }, () => judged('nondeterministic'));
    const listed = alike.map(({ outcome }) => outcome.execution);
    const replayers = RECORDING();
    await collected(...alike.toReversed()).record(replayers, 1000, never, listed);
    expect(replayers.asked.map(({ runId }) => runId)).toEqual(
      listed.slice(0, 10).map(({ runId }) => runId),
    );
  });

  test('is made of 64 MiB of histories at most', async () => {
    const size = 40 * 1024 * 1024;
    const replayers = RECORDING();
    const collection = collected(
      judged('nondeterministic', 'a', size),
      judged('nondeterministic', 'b', size),
      judged('nondeterministic', 'c', 1000),
    );
    await collection.record(replayers, 1000, never);
    expect(replayers.asked).toHaveLength(2);
    expect(collection.all).toHaveLength(3);
  });

  test('is not begun once the time is over, and says so', async () => {
    const replayers = RECORDING();
    const collection = collected(judged('nondeterministic'));
    expect(await collection.record(replayers, 1000, AbortSignal.abort())).toBe(false);
    expect(replayers.taken).toBe(0);
    expect(collection.all).toHaveLength(1);
    expect(await collection.record(replayers, 1000, never)).toBe(true);
  });

  test('runs in all processes, and says the same of each failure as in one', async () => {
    const failures = Array.from({ length: 7 }, () => judged('nondeterministic'));
    const [one, three] = [RECORDING(), RECORDING()];
    three.count = 3;
    const [inOne, inThree] = [collected(...failures), collected(...failures)];
    await inOne.record(one, 1000, never);
    await inThree.record(three, 1000, never);
    expect([one.taken, three.taken]).toEqual([1, 3]);
    expect(inThree.all).toEqual(inOne.all);
    expect(three.asked).toHaveLength(7);
  });

  test('is made of one failure of each kind first: time may not be enough for all', async () => {
    const [a1, a2, b1] = [
      judged('nondeterministic', 'Nondeterminism error: a'),
      judged('nondeterministic', 'Nondeterminism error: a'),
      judged('nondeterministic', 'Nondeterminism error: b'),
    ] as const;
    const replayers = RECORDING();
    await collected(a1, a2, b1).record(replayers, 1000, never);
    expect(replayers.asked.map(({ runId }) => runId)).toEqual(
      [a1, b1, a2].map(({ outcome }) => outcome.execution.runId),
    );
  });

  test('that is under way when the time is over is broken off, and the failure counts', async () => {
    const over = new AbortController();
    const replayers = new FakeReplayers(() => 'hangs');
    const collection = collected(judged('nondeterministic'), judged('nondeterministic'));
    const recording = collection.record(replayers, 1000, over.signal);
    setTimeout(() => over.abort(), 10);
    expect(await recording).toBe(false);
    expect(replayers.asked).toHaveLength(1);
    expect(collection.all.map(({ recorded }) => recorded)).toEqual([undefined, undefined]);
  });

  test('that ends without a result leaves the failure as it is, and the next one a new process', async () => {
    const replayers = new FakeReplayers(() => ({ kind: 'timeout' }));
    const collection = collected(judged('nondeterministic'), judged('nondeterministic'));
    await collection.record(replayers, 1000, never);
    expect(replayers.taken).toBe(2);
    expect(collection.all).toHaveLength(2);
    expect(collection.all.every((failure) => failure.recorded === undefined)).toBe(true);
  });

  test('that finds no process to run in leaves the failures as they are', async () => {
    const replayers = RECORDING();
    replayers.mostTaken = 0;
    const collection = collected(judged('nondeterministic'));
    await collection.record(replayers, 1000, never);
    expect(collection.all).toHaveLength(1);
  });
});
