import { describe, expect, test } from '@jest/globals';
import { findVersionSet, type VersionSetLookup } from '../../src/temporal/version-sets.js';
import { FakeServer, grpcError } from '../builders/fake-server.js';

/** Version sets by task queue, default last. */
type Sets = Readonly<Record<string, readonly (readonly string[])[]>>;

function serverWith(sets: Sets): FakeServer {
  return new FakeServer({
    getWorkerBuildIdCompatibility: ({ taskQueue }) => ({
      majorVersionSets: (sets[taskQueue as string] ?? []).map((buildIds) => ({ buildIds })),
    }),
    getWorkerTaskReachability: ({ buildIds }) => ({
      buildIdReachability: [
        {
          taskQueueReachability: Object.entries(sets)
            .filter(([, held]) => held.some((set) => set.includes((buildIds as string[])[0] ?? '')))
            .map(([taskQueue]) => ({ taskQueue })),
        },
      ],
    }),
  });
}

const find = (
  fake: FakeServer,
  taskQueues: string[] = [],
  query?: string,
): Promise<VersionSetLookup> => findVersionSet(fake.server, 'v1.1', taskQueues, query);

async function explanationOf(lookup: Promise<VersionSetLookup>): Promise<string> {
  const result = await lookup;
  if (result.kind !== 'unknown-build') throw new Error('it was found');
  return result.explanation;
}

describe('a build ID that a set holds', () => {
  test('means all builds of that set, and no other set', async () => {
    const fake = serverWith({ orders: [['v0.9'], ['v1.0', 'v1.1', 'v1.2'], ['v2.0']] });
    expect(await find(fake, ['orders'])).toEqual({
      kind: 'found',
      target: {
        kind: 'version-set',
        address: 'localhost:7233',
        namespace: 'default',
        buildId: 'v1.1',
        sets: [{ taskQueue: 'orders', buildIds: ['v1.0', 'v1.1', 'v1.2'] }],
        query:
          'TaskQueue = "orders" AND BuildIds IN ("versioned:v1.0", "versioned:v1.1", "versioned:v1.2")',
      },
    });
  });

  test('is looked for on the queues that the server reports, when none is given', async () => {
    const fake = serverWith({ orders: [['v1.1']], refunds: [['v1.1', 'v1.2']], other: [['v7']] });
    const found = await find(fake);
    expect(found).toMatchObject({
      target: { sets: [{ taskQueue: 'orders' }, { taskQueue: 'refunds' }] },
    });
    expect(found).toMatchObject({
      target: { query: expect.stringContaining('TaskQueue IN ("orders", "refunds")') },
    });
  });

  test('leaves out given queues whose sets do not hold it', async () => {
    const fake = serverWith({ orders: [['v1.1']], refunds: [['v7']] });
    expect(await find(fake, ['orders', 'refunds'])).toMatchObject({
      target: { query: 'TaskQueue = "orders" AND BuildIds = "versioned:v1.1"' },
    });
  });

  test("carries the user's filter", async () => {
    expect(
      await find(serverWith({ orders: [['v1.1']] }), ['orders'], 'A = 1 OR B = 2'),
    ).toMatchObject({ target: { query: expect.stringMatching(/ AND \(A = 1 OR B = 2\)$/u) } });
  });

  test('is refused when another build of its set cannot be queried for', async () => {
    const fake = serverWith({ orders: [['v1.1', 'a"b']] });
    await expect(find(fake, ['orders'])).rejects.toMatchObject({
      name: 'UserError',
      found: expect.stringContaining('holds the build ID "a"b"'),
    });
  });
});

describe('a build ID that no set holds', () => {
  test('is told with what the server does hold', async () => {
    const fake = serverWith({ orders: [['v1.0'], ['v2.0', 'v2.1']] });
    const words = await explanationOf(find(fake, ['orders']));
    expect(words).toContain('orders [v1.0], orders [v2.0, v2.1]');
  });

  test('is told where the queue has no sets at all', async () => {
    const words = await explanationOf(find(serverWith({}), ['orders']));
    expect(words).toContain('The task queue orders has no version sets');
    expect(words).toContain('--build-id v1.1');
  });

  test('is told where the server knows no queue for it', async () => {
    const words = await explanationOf(find(serverWith({ orders: [['v7']] })));
    expect(words).toContain('knows no task queue for build ID v1.1');
  });
});

describe('a server with version sets switched off', () => {
  const error = grpcError(
    7,
    'PERMISSION_DENIED',
    'Worker versioning v0.1 is disabled on this namespace.',
  );
  const off = new FakeServer({
    getWorkerBuildIdCompatibility: () => Promise.reject(error),
    getWorkerTaskReachability: () => Promise.reject(error),
  });

  test.each([[['orders']], [[]]])('is told how to switch them on (queues %j)', async (queues) => {
    await expect(find(off, queues)).rejects.toMatchObject({
      name: 'UserError',
      expected: expect.stringContaining('frontend.workerVersioningDataAPIs'),
    });
  });

  test('is not confused with one that refuses the credential', async () => {
    const denied = grpcError(7, 'PERMISSION_DENIED', 'Request unauthorized.');
    const fake = new FakeServer({ getWorkerBuildIdCompatibility: () => Promise.reject(denied) });
    await expect(find(fake, ['orders'])).rejects.toBe(denied);
  });
});
