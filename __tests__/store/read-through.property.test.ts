import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryRead } from '../../src/model/history.js';
import { HistoryStore } from '../../src/store/history-store.js';
import { readThrough } from '../../src/store/read-through.js';
import { readHistory } from '../../src/temporal/read-history.js';
import { removeFolder, temporaryFolder } from '../../testing/temporary-folder.js';
import { EventHistory } from '../builders/event-history.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { historyServer, type ServedExecution } from '../builders/history-server.js';
import type { HistoryServer } from '../../src/engine/engine.js';
import { temporalServer } from '../../src/temporal/temporal.js';

const SCOPE = {
  versioning: 'none',
  deploymentName: undefined,
  taskQueues: [],
  query: undefined,
} as const;

const engineServer = ({ server }: ReturnType<typeof historyServer>): HistoryServer =>
  temporalServer(server, SCOPE);

const { wholeHistory } = engineServer(historyServer([], 1));

const PASSPHRASE = 'a passphrase of the tests';
const EVENTS_ON_PAGE = 5;

/** What happens to an execution between two runs. */
type Change = 'nothing' | 'grows' | 'closes' | 'is replaced by a reset';

const steps = (count: number, isClosed: boolean): EventHistory => {
  const history = new EventHistory();
  for (let step = 0; step < count; step += 1)
    history.task().activity(`step-${step}`).activityDone();
  return isClosed ? history.task().completed() : history;
};

interface Story {
  readonly steps: number;
  readonly closed: boolean;
  readonly change: Change;
  /** What somebody does to its entry, if there is one. */
  readonly damage: 'none' | 'cut' | 'flip' | 'swap';
}

const story: fc.Arbitrary<Story> = fc.record({
  steps: fc.integer({ min: 0, max: 6 }),
  closed: fc.boolean(),
  change: fc.constantFrom<Change[]>('nothing', 'grows', 'closes', 'is replaced by a reset'),
  damage: fc.constantFrom('none', 'cut', 'flip', 'swap'),
});

function served({ steps: count, closed }: Story, index: number): ServedExecution {
  const { events } = steps(count, closed);
  const ids = { workflowId: 'order-1', runId: `run-${index}` };
  const execution = closed
    ? aClosedExecution({ ...ids, closeTime: '2026-10-01T12:00:00Z', historyLength: events.length })
    : anExecution(ids);
  return { execution, events };
}

function later(one: ServedExecution, { steps: count, closed, change }: Story): ServedExecution {
  if (change === 'is replaced by a reset') {
    const { events } = steps(count + 1, false);
    return {
      execution: anExecution({ workflowId: 'order-1', runId: `${one.execution.runId}-again` }),
      events,
    };
  }
  if (closed || change === 'nothing') return one;
  const { events } = steps(count + 1, change === 'closes');
  if (change === 'grows') return { ...one, events };
  const execution = {
    ...one.execution,
    status: 'Completed',
    closeTime: '2026-10-02T12:00:00Z',
    historyLength: events.length,
  } as const;
  return { execution, events };
}

async function spoil(folder: string, stories: readonly Story[]): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== 'key').sort();
  const before = await Promise.all(names.map((name) => readFile(join(folder, name))));
  for (const [index, name] of names.entries()) {
    const bytes = Buffer.from(before[index] ?? []);
    const path = join(folder, name);
    switch (stories[index]?.damage) {
      case 'cut':
        await writeFile(path, bytes.subarray(0, bytes.length >> 1));
        break;
      case 'flip':
        bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 4, bytes.length >> 1);
        await writeFile(path, bytes);
        break;
      case 'swap':
        await writeFile(path, before[(index + 1) % before.length] ?? bytes);
        break;
      case 'none':
      case undefined:
    }
  }
}

test('whatever is in the store, and whatever was done to it, what is read is what the server holds', async () => {
  const { signal } = new AbortController();
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: 1, maxLength: 5 }), async (stories) => {
      const folder = await temporaryFolder('read-through');
      try {
        const open = (): Promise<HistoryStore> =>
          HistoryStore.open({ folder, passphrase: PASSPHRASE }, ['server'], wholeHistory);
        const before = stories.map(served);
        const first = await open();
        const server = engineServer(historyServer(before, EVENTS_ON_PAGE));
        for (const { execution } of before)
          await readThrough(first, server, execution, { stop: signal });
        await spoil(folder, stories);
        const now = before.map((one, index) => later(one, stories[index] as Story));
        const second = await open();
        const fake = historyServer(now, EVENTS_ON_PAGE);
        for (const { execution } of now) {
          const read = await readThrough(second, engineServer(fake), execution, { stop: signal });
          const truth: HistoryRead = await readHistory(fake.server, execution, { stop: signal });
          expect(read).toEqual(truth);
        }
        reused += second.use.reused;
      } finally {
        await removeFolder(folder);
      }
    }),
    { numRuns: 25 },
  );
  // It was put to the test at all.
  expect(reused).toBeGreaterThan(5);
});

test('a closed execution is never asked for again, one that runs only when it has grown', async () => {
  const { signal } = new AbortController();
  const folder = await temporaryFolder('read-through');
  const open = (): Promise<HistoryStore> =>
    HistoryStore.open({ folder, passphrase: PASSPHRASE }, ['server'], wholeHistory);
  const asked = async (
    store: HistoryStore,
    { execution, events }: ServedExecution,
  ): Promise<string[]> => {
    const fake = historyServer([{ execution, events }], EVENTS_ON_PAGE);
    await readThrough(store, engineServer(fake), execution, { stop: signal });
    return fake.requests.map(({ name }) => name);
  };
  const closed = served({ steps: 1, closed: true, change: 'nothing', damage: 'none' }, 1);
  const running = served({ steps: 2, closed: false, change: 'grows', damage: 'none' }, 2);
  const grown = later(running, { steps: 2, closed: false, change: 'grows', damage: 'none' });
  const read = 'getWorkflowExecutionHistory';
  const store = await open();
  expect(await asked(store, closed)).toEqual([read, read, read]);
  expect(await asked(store, running)).toEqual([read, read, read]);
  const next = await open();
  expect(await asked(next, closed)).toEqual([]);
  expect(await asked(next, running)).toEqual(['describeWorkflowExecution']);
  expect(next.use).toEqual({ reused: 2, unusable: 0 });
  expect(await asked(next, grown)).toEqual(['describeWorkflowExecution', read, read, read, read]);
  // The longer one has taken its place.
  expect(await asked(await open(), grown)).toEqual(['describeWorkflowExecution']);
  await removeFolder(folder);
});
