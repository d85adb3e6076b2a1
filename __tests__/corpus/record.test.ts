import { expect, test } from '@jest/globals';
import { fileName } from '../../src/corpus/file-name.js';
import { record, type RecordParts } from '../../src/corpus/record.js';
import type { Execution } from '../../src/model/execution.js';
import type { HistoryRead } from '../../src/model/history.js';
import { prepareEvents } from '../../src/temporal/history/prepare-history.js';
import { EventHistory } from '../builders/event-history.js';
import { anExecution } from '../builders/executions.js';
import { aSubject, aVersionSetTarget, gateSettings, NOW } from '../builders/gate-parts.js';

interface Saved {
  readonly name: string;
  readonly workflowId: string;
  readonly bytes: Uint8Array;
}

/** Executions of one shape, but for those whose ID begins with "odd". */
function readOf(execution: Execution): HistoryRead {
  const history = new EventHistory(execution.workflowType);
  if (!execution.workflowId.startsWith('new')) history.task();
  if (execution.workflowId.startsWith('odd')) history.activity('ship').activityDone().task();
  return { kind: 'read', execution, history: prepareEvents(history.timer().events) };
}

function partsFor(executions: readonly Execution[], changes: Partial<RecordParts> = {}) {
  const saved: Saved[] = [];
  const parts: RecordParts = {
    now: () => NOW,
    seed: 1,
    cancelled: new AbortController().signal,
    readSubject: () => Promise.resolve(aSubject()),
    resolveTarget: () => Promise.resolve({ kind: 'found', target: aVersionSetTarget() }),
    claimable: () => Promise.resolve(''),
    readRetention: () => Promise.resolve(undefined),
    listExecutions: () => Promise.resolve({ executions, truncated: false }),
    explainNoMatch: () => Promise.resolve({ kind: 'empty', explanation: 'There is none.' }),
    readWhole: async function* (all) {
      for (const one of all) yield await Promise.resolve(readOf(one));
    },
    write: (name, { workflowId }, bytes) => {
      saved.push({ name, workflowId, bytes });
      return Promise.resolve();
    },
    progress: () => undefined,
    ...changes,
  };
  return { parts, saved };
}

const many = (count: number, id = 'same'): Execution[] =>
  Array.from({ length: count }, (_, index) =>
    anExecution({ workflowId: `${id}-${index}`, runId: `${id}-run-${index}` }),
  );

const few = gateSettings({ budget: { ...gateSettings().budget, maxHistories: 3 } });

test('a way through the code that is rare is saved before another of the usual', async () => {
  const { parts, saved } = partsFor([...many(40), ...many(1, 'odd')]);
  const recorded = await record(few, parts);
  expect(saved).toHaveLength(3);
  expect(saved.map(({ workflowId }) => workflowId)).toContain('odd-0');
  expect(recorded).toMatchObject({
    types: [{ histories: 3, shapes: 2 }],
    matched: 41,
    leftOut: 0,
  });
});

test('what has nothing to replay, or is gone, is left out and counted', async () => {
  const { parts, saved } = partsFor([...many(2), ...many(1, 'new')]);
  const recorded = await record(few, parts);
  expect(saved).toHaveLength(2);
  expect(recorded.leftOut).toBe(1);
});

test('nothing that matches is an error which says what there is', async () => {
  await expect(record(few, partsFor([]).parts)).rejects.toThrow(/There is none/u);
  await expect(record(few, partsFor(many(3, 'new')).parts)).rejects.toThrow(
    /None of 3 executions has a history with anything to replay/u,
  );
  const unclaimed = partsFor(many(1), {
    readSubject: () => Promise.resolve(aSubject({ title: 'Check orders' })),
  });
  await expect(record(few, unclaimed.parts)).rejects.toThrow(/claims no build ID/u);
});

test('other contents take the place of theirs', async () => {
  const { parts, saved } = partsFor(many(2), {
    redact: (reads) => Promise.resolve(reads.map((_, index) => Buffer.from(`other ${index}`))),
  });
  await record(few, parts);
  expect(saved.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['other 0', 'other 1']);
});

test('a run that is cancelled ends with an error, however far it is', async () => {
  const controller = new AbortController();
  const { parts } = partsFor(many(2), {
    cancelled: controller.signal,
    write: () => {
      controller.abort(new Error('cancelled'));
      return Promise.resolve();
    },
  });
  await expect(record(few, parts)).rejects.toThrow('cancelled');
});

test('a name of a file says what is in it, and nothing of a name can lead elsewhere', () => {
  const order = anExecution({ workflowType: 'order', status: 'Running' });
  expect(fileName(7, order)).toBe('007-order-running.json');
  expect(fileName(7, { ...order, workflowType: '../../etc/passwd\0 ü' })).toBe(
    '007-_etc_passwd_-running.json',
  );
  expect(fileName(1, { ...order, workflowType: 'x'.repeat(999) }).length).toBeLessThan(110);
});
