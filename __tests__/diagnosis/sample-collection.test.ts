import { expect, test } from '@jest/globals';
import { SampleCollection } from '../../src/diagnosis/sample-collection.js';
import { prepareHistory } from '../../src/history/prepare-history.js';
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
): JudgedRead {
  const history = prepareHistory(new EventHistory().task().timer().events);
  return {
    read: {
      kind: 'read',
      execution,
      history: {
        ...history,
        eventCount: events,
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

test('of each workflow type the longest are taken, running ones first', async () => {
  const closed = aClosedExecution();
  const running = [anExecution(), anExecution()];
  const other = anExecution({ workflowType: 'refundWorkflow' });
  const [first, second] = running;
  if (first === undefined || second === undefined) throw new Error('there are two');
  const taken = await recorded(
    judged(closed, 90),
    judged(first, 10),
    judged(aClosedExecution(), 5),
    judged(second, 20),
    judged(other, 3),
  );
  expect(taken).toEqual([second, first, closed, other].map(({ workflowId }) => workflowId));
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

test('what cannot be recorded is left out', async () => {
  const samples = new SampleCollection();
  samples.add(judged(anExecution(), 10));
  const dead = new FakeReplayers(() => ({ kind: 'died', message: 'gone' }));
  expect(await samples.record(dead, 1000, never)).toEqual([]);
});
