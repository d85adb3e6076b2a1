import { expect, test } from '@jest/globals';
import { SampleCollection } from '../../src/diagnosis/sample-collection.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import type { Execution } from '../../src/model/execution.js';
import type { OutcomeKind } from '../../src/model/outcome.js';
import type { JudgedRead } from '../../src/replay/replay-histories.js';
import { EventHistory } from '../builders/event-history.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { FakeReplayers } from '../builders/fake-replayers.js';

const never = new AbortController().signal;

function judged(
  execution: Execution,
  events: number,
  kind: OutcomeKind = 'passed',
  bytes = 0,
  shape = 'one',
): JudgedRead {
  const history = prepareEvents(new EventHistory().task().timer().events);
  return {
    read: {
      kind: 'read',
      execution,
      history: {
        ...history,
        eventCount: events,
        shape,
        bytes: bytes === 0 ? history.bytes : new Uint8Array(bytes),
      },
    },
    outcome: { execution, kind },
  };
}

async function recorded(...reads: JudgedRead[]): Promise<string[]> {
  const samples = new SampleCollection();
  for (const read of reads) samples.add(read);
  const replayers = new FakeReplayers(() => ({ outcome: 'passed', patches: [] }));
  const records = await samples.record(replayers, 1000, never);
  expect(records).toHaveLength(replayers.asked.length);
  expect(replayers.asked.every(({ record }) => record)).toBe(true);
  return replayers.asked.map(({ workflowId }) => workflowId);
}

test('of each shape two are taken, running ones first and then the longest', async () => {
  const running = [anExecution(), anExecution()] as const;
  const other = anExecution({ workflowType: 'refundWorkflow' });
  const otherShape = aClosedExecution();
  const taken = await recorded(
    judged(aClosedExecution(), 90),
    judged(running[0], 10),
    judged(aClosedExecution(), 5),
    judged(running[1], 20),
    judged(otherShape, 7, 'passed', 0, 'two'),
    judged(other, 3),
  );
  expect(taken).toEqual(
    [running[1], running[0], otherShape, other].map(({ workflowId }) => workflowId),
  );
});

test('of each workflow type ten shapes are taken, the longest', async () => {
  const all = Array.from({ length: 12 }, () => anExecution());
  const taken = await recorded(
    ...all.map((execution, index) => judged(execution, index, 'passed', 0, `shape ${index}`)),
  );
  const longest = all.slice(2).reverse();
  expect(taken).toEqual(longest.map(({ workflowId }) => workflowId));
});

test('of many workflow types each keeps some', async () => {
  const all = Array.from({ length: 150 }, (_, index) =>
    [1, 2].map(() => anExecution({ workflowType: `type ${index}` })),
  ).flat();
  const taken = await recorded(...all.map((execution) => judged(execution, 1)));
  expect(taken).toHaveLength(200);
  const types = new Map(all.map(({ workflowId, workflowType }) => [workflowId, workflowType]));
  expect(new Set(taken.map((workflowId) => types.get(workflowId))).size).toBe(150);
});

test('only what passed is taken: the rest is looked into elsewhere', async () => {
  expect(await recorded(judged(anExecution(), 10, 'nondeterministic'))).toEqual([]);
});

test('they are 16 MiB at most', async () => {
  const size = 10 * 1024 * 1024;
  const taken = await recorded(
    judged(anExecution(), 10, 'passed', size),
    judged(anExecution(), 20, 'passed', size),
  );
  expect(taken).toHaveLength(1);
});

test('what does not pass again says nothing', async () => {
  const samples = new SampleCollection();
  samples.add(judged(anExecution(), 10));
  const fickle = new FakeReplayers(() => ({ outcome: 'nondeterministic', patches: [] }));
  expect(await samples.record(fickle, 1000, never)).toEqual([]);
});

test('they come in the same order, whichever process is through first', async () => {
  const samples = new SampleCollection();
  const all = [30, 20, 10].map((events, index) =>
    judged(anExecution(), events, 'passed', 0, `shape ${index}`),
  );
  for (const one of all) samples.add(one);
  const replayers = new FakeReplayers();
  replayers.count = 3;
  const take = replayers.take.bind(replayers);
  let before = 3;
  replayers.take = async () => {
    // The first to be asked for is the last to be there.
    before -= 1;
    for (let turns = before * 10; turns > 0; turns -= 1) await Promise.resolve();
    return take();
  };
  const records = await samples.record(replayers, 1000, never);
  expect(replayers.asked.map(({ runId }) => runId)).not.toEqual(
    records.map(({ read }) => read.execution.runId),
  );
  expect(records.map(({ read }) => read)).toEqual(all.map(({ read }) => read));
});

test('what cannot be recorded is left out', async () => {
  const samples = new SampleCollection();
  samples.add(judged(anExecution(), 10));
  const dead = new FakeReplayers(() => ({ kind: 'died', message: 'gone' }));
  expect(await samples.record(dead, 1000, never)).toEqual([]);
});
