import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import type { HistoryRead } from '../../src/model/history.js';
import type { Plan } from '../../src/model/plan.js';
import { chooseReplays } from '../../src/pipeline/choose-replays.js';
import { ReplayChoice } from '../../src/selection/replay-choice.js';
import { executions } from '../builders/executions.js';

function read(index: number, shape: string): HistoryRead {
  const [execution] = executions(1, { workflowId: String(index), status: 'Completed' });
  if (execution === undefined) throw new Error('no execution');
  const history = { bytes: new Uint8Array(1), eventCount: 1, completedTasks: 1, shape };
  return { kind: 'read', execution, history };
}

function planFor(reads: readonly HistoryRead[], maxReplays = reads.length): Plan {
  return {
    reads: reads.map(({ execution }) => execution),
    maxReplays,
    isInOrder: false,
    sampled: [],
  };
}

/** A source that counts what is asked of it, and whether it was told to end. */
function source(reads: readonly HistoryRead[], fails?: Error) {
  const seen = { given: 0, ended: false };
  const histories = (async function* () {
    try {
      for (const one of reads) {
        await turn();
        seen.given += 1;
        yield one;
      }
      if (fails !== undefined) throw fails;
    } finally {
      seen.ended = true;
    }
  })();
  return { seen, histories };
}

const never = new AbortController().signal;

async function ids(histories: AsyncIterable<HistoryRead>): Promise<string[]> {
  const taken: string[] = [];
  for await (const { execution } of histories) taken.push(execution.workflowId);
  return taken;
}

describe('histories in the order in which they are to be replayed', () => {
  test('all of them come, new shapes before those that waited', async () => {
    const reads = ['a', 'a', 'a', 'b', 'a', 'c'].map((shape, index) => read(index, shape));
    const { histories } = source(reads);
    const chosen = chooseReplays(histories, new ReplayChoice(planFor(reads)), never);
    const taken: string[] = [];
    for await (const { execution } of chosen) {
      taken.push(execution.workflowId);
      // While the first is replayed, the rest is read.
      for (let turns = 0; turns < 50; turns += 1) await turn();
    }
    expect(taken).toEqual(['0', '3', '5', '1', '2', '4']);
  });

  test('reading ends when no replay is left', async () => {
    const reads = Array.from({ length: 50 }, (_, index) => read(index, String(index)));
    const { histories, seen } = source(reads);
    const choice = new ReplayChoice(planFor(reads, 5));
    expect(await ids(chooseReplays(histories, choice, never))).toHaveLength(5);
    expect(seen.ended).toBe(true);
    expect(seen.given).toBeLessThan(20);
  });

  test('when reading fails, what was read is given out before the failure', async () => {
    const reads = ['a', 'a', 'b'].map((shape, index) => read(index, shape));
    const { histories } = source(reads, new Error('the server was lost'));
    const chosen = chooseReplays(histories, new ReplayChoice(planFor(reads)), never);
    const taken: string[] = [];
    await expect(
      (async () => {
        for await (const { execution } of chosen) taken.push(execution.workflowId);
      })(),
    ).rejects.toThrow('the server was lost');
    expect(taken.sort()).toEqual(['0', '1', '2']);
  });

  test('a stop ends it at once, also where the source never answers', async () => {
    const stop = new AbortController();
    const stalled: AsyncIterable<HistoryRead> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const plan = planFor([read(0, 'a')]);
    const taken = ids(chooseReplays(stalled, new ReplayChoice(plan), stop.signal));
    await turn();
    stop.abort();
    expect(await taken).toEqual([]);
  });

  test('a consumer that leaves early ends the reading', async () => {
    const reads = Array.from({ length: 20 }, (_, index) => read(index, String(index)));
    const { histories, seen } = source(reads);
    for await (const _ of chooseReplays(histories, new ReplayChoice(planFor(reads)), never)) break;
    expect(seen.ended).toBe(true);
    expect(seen.given).toBeLessThan(20);
  });
});
