import { describe, expect, it } from '@jest/globals';
import type { ReachedFile } from '../../src/replay/protocol.js';
import { ReachCollection, type CountingReplayer } from '../../src/replay/reach-collection.js';

function aReplayer(files: readonly ReachedFile[] | undefined, isUsable = true): CountingReplayer {
  return { isUsable, reach: () => Promise.resolve(files) };
}

const ONE = { file: '/app/a.ts', reached: [1, 2], unreached: [3, 4] };
const OTHER = { file: '/app/a.ts', reached: [3], unreached: [1, 4] };

async function answerOf(...replayers: CountingReplayer[]): Promise<ReachCollection['answer']> {
  const collection = new ReachCollection();
  for (const replayer of replayers) collection.watch(replayer);
  await collection.ask();
  return collection.answer;
}

describe('ReachCollection', () => {
  it('calls a line reached that any process has run', async () => {
    expect(await answerOf(aReplayer([ONE]), aReplayer([OTHER]))).toEqual({
      reached: new Map([['/app/a.ts', new Set([1, 2, 3])]]),
      unreached: new Map([['/app/a.ts', new Set([4])]]),
    });
  });

  it('knows nothing where nobody counts', async () => {
    expect(await answerOf()).toBe('not-counted');
  });

  it('knows nothing once a process is gone, whatever the others say', async () => {
    expect(await answerOf(aReplayer([ONE], false), aReplayer([OTHER]))).toBe('lost');
    expect(await answerOf(aReplayer(undefined), aReplayer([OTHER]))).toBe('lost');
  });

  it('asks each process once, and adds what later ones tell', async () => {
    const collection = new ReachCollection();
    collection.watch(aReplayer([ONE]));
    await collection.ask();
    collection.watch(aReplayer([OTHER]));
    await collection.ask();

    expect(collection.answer).toMatchObject({ unreached: new Map([['/app/a.ts', new Set([4])]]) });
  });
});
