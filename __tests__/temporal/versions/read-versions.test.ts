import proto from '@temporalio/proto';
import { expect, test } from '@jest/globals';
import { versionKey, type VersionsScope } from '../../../src/model/versions-in-use.js';
import { countClosed } from '../../../src/temporal/versions/count-closed.js';
import { readVersions } from '../../../src/temporal/versions/read-versions.js';
import { FakeServer, grpcError, type Answers } from '../../builders/fake-server.js';

const denied = grpcError(7, 'PERMISSION_DENIED', 'Request unauthorized.');
const gone = grpcError(5, 'NOT_FOUND', 'Worker Deployment Version not found');
const everything: VersionsScope = { deploymentName: undefined, taskQueues: [] };

const refuse = (error: Error) => (): never => {
  throw error;
};

/** Two versions, of which b2 is current, and one execution that is pinned to b1. */
const ANSWERS: Answers = {
  listWorkerDeployments: () => ({ workerDeployments: [{ name: 'orders' }], nextPageToken: '' }),
  describeWorkerDeployment: () => ({
    workerDeploymentInfo: {
      routingConfig: { currentDeploymentVersion: { deploymentName: 'orders', buildId: 'b2' } },
      versionSummaries: [
        { deploymentVersion: { buildId: 'b2' } },
        { deploymentVersion: { buildId: 'b1' }, drainageStatus: 1 },
      ],
    },
  }),
  describeWorkerDeploymentVersion: () => ({ versionTaskQueues: [{ name: 'orders', type: 1 }] }),
  listWorkflowExecutions: () => ({
    executions: [
      listed('1', '2026-09-01T10:00:00Z', pinnedTo('orders:b1')),
      listed('2', '2026-09-01T09:00:00Z', pinnedTo('orders:b1')),
      listed('3', '2026-09-01T11:00:00Z', { BuildIds: ['unversioned', 'unversioned:abc'] }),
      listed('4', '2026-09-01T11:00:00Z', {}),
    ],
    nextPageToken: '',
  }),
  describeTaskQueue: () => ({
    pollers: [
      {
        lastAccessTime: { seconds: 1_788_256_800 },
        deploymentOptions: { deploymentName: 'orders', buildId: 'b2', workerVersioningMode: 2 },
      },
      {
        lastAccessTime: { seconds: 1_788_256_800 },
        workerVersionCapabilities: { buildId: 'v1', useVersioning: true },
      },
    ],
    versioningInfo: { currentDeploymentVersion: { deploymentName: 'orders', buildId: 'b2' } },
  }),
  getWorkerBuildIdCompatibility: refuse(
    grpcError(7, 'PERMISSION_DENIED', 'Worker versioning v0.1 (Version Set-based) is disabled'),
  ),
  getWorkerTaskReachability: () => ({ buildIdReachability: [] }),
};

function pinnedTo(version: string): Readonly<Record<string, readonly string[]>> {
  return {
    TemporalWorkerDeployment: ['orders'],
    TemporalWorkerDeploymentVersion: [version],
    TemporalWorkflowVersioningBehavior: ['Pinned'],
  };
}

function listed(
  runId: string,
  startTime: string,
  attributes: Readonly<Record<string, readonly string[]>>,
): object {
  return {
    execution: { workflowId: runId, runId },
    taskQueue: 'orders',
    startTime: { seconds: Date.parse(startTime) / 1000 },
    searchAttributes: {
      indexedFields: Object.fromEntries(
        Object.entries(attributes).map(([name, values]) => [
          name,
          { data: Buffer.from(JSON.stringify(name === 'BuildIds' ? values : values[0])) },
        ]),
      ),
    },
  };
}

const read = (changes: Answers = {}, scope = everything) =>
  readVersions(new FakeServer({ ...ANSWERS, ...changes }).server, scope);

test('executions are counted by queue, version and behavior, with their oldest', async () => {
  const seen = await read();
  expect(seen.running).toEqual([
    {
      taskQueue: 'orders',
      last: { kind: 'worker-deployment', deploymentName: 'orders', buildId: 'b1' },
      behavior: 'pinned',
      count: 2,
      oldest: '2026-09-01T09:00:00.000Z',
    },
    expect.objectContaining({ last: { kind: 'build-id', buildId: 'abc' }, behavior: 'none' }),
    { taskQueue: 'orders', behavior: 'none', count: 1, oldest: '2026-09-01T11:00:00.000Z' },
  ]);
  expect(seen.deployments).toEqual([
    {
      name: 'orders',
      current: 'b2',
      versions: [
        { buildId: 'b2', taskQueues: ['orders'] },
        { buildId: 'b1', drainage: 'draining', taskQueues: ['orders'] },
      ],
    },
  ]);
  expect(seen.queues).toEqual([
    {
      name: 'orders',
      sets: [],
      current: { deploymentName: 'orders', buildId: 'b2' },
      pollers: [
        {
          version: { kind: 'worker-deployment', deploymentName: 'orders', buildId: 'b2' },
          lastPoll: '2026-09-01T10:00:00.000Z',
        },
        {
          version: { kind: 'version-set', buildId: 'v1' },
          lastPoll: '2026-09-01T10:00:00.000Z',
        },
      ],
    },
  ]);
  expect(seen.notes).toEqual([]);
});

test("server 1.27's versions with a dot are read too", async () => {
  const { running } = await read({
    listWorkflowExecutions: () => ({
      executions: [listed('1', '2026-09-01T10:00:00Z', pinnedTo('orders.b1'))],
      nextPageToken: '',
    }),
  });
  expect(running[0]?.last).toMatchObject({ buildId: 'b1' });
});

test('a version that vanishes between two requests costs only its task queues', async () => {
  const { deployments } = await read({ describeWorkerDeploymentVersion: refuse(gone) });
  expect(deployments[0]?.versions.map(({ taskQueues }) => taskQueues)).toEqual([[], []]);
});

test('a deployment that vanishes between two requests is left out', async () => {
  const seen = await read({ describeWorkerDeployment: refuse(gone) });
  expect(seen.deployments).toEqual([]);
  expect(seen.running).toHaveLength(3);
});

test('without permission to describe a deployment, a note says so, and the rest is read', async () => {
  const seen = await read({ describeWorkerDeployment: refuse(denied) });
  expect(seen.deployments).toEqual([
    { name: 'orders', versions: [], problem: expect.stringContaining('no permission') as unknown },
  ]);
  expect(seen.notes).toEqual([expect.stringContaining('Request unauthorized')]);
  expect(seen.running).toHaveLength(3);
});

test('without permission to describe a task queue, its workers are not known', async () => {
  const { queues, notes } = await read({ describeTaskQueue: refuse(denied) });
  expect(queues).toEqual([{ name: 'orders', sets: [] }]);
  expect(notes).toHaveLength(1);
});

test('an answer that is lost for another reason is an error', async () => {
  const failure = grpcError(13, 'INTERNAL', 'broken');
  await expect(read({ describeTaskQueue: refuse(failure) })).rejects.toBe(failure);
});

test('a named deployment that is not there is an error', async () => {
  await expect(
    read({ describeWorkerDeployment: refuse(gone) }, { ...everything, deploymentName: 'ordres' }),
  ).rejects.toThrow(/no Worker Deployment ordres/u);
});

test('a thousand versions are read with bounded requests, and notes say what was left out', async () => {
  const versionSummaries = Array.from({ length: 1000 }, (_, index) => ({
    deploymentVersion: { buildId: `b${index}` },
    drainageStatus: 2,
  }));
  const fake = new FakeServer({
    ...ANSWERS,
    countWorkflowExecutions: () => ({ count: 1 }),
    describeWorkerDeployment: () => ({ workerDeploymentInfo: { versionSummaries } }),
  });
  const seen = await readVersions(fake.server, everything);
  expect(seen.deployments[0]?.versions).toHaveLength(1000);
  expect(fake.requests.length).toBeLessThan(220);
  expect(seen.notes).toEqual([expect.stringMatching(/more than 200 versions/u)]);
  const versions = seen.deployments.flatMap(({ name, versions: all }) =>
    all.map(
      ({ buildId }) => ({ kind: 'worker-deployment', deploymentName: name, buildId }) as const,
    ),
  );
  const { counts, note } = await countClosed(fake.server, versions, []);
  expect(counts.size).toBe(200);
  expect(note).toMatch(/1000 versions.*200 of them/u);
});

test('a build ID that no query can carry is not counted', async () => {
  const fake = new FakeServer({ countWorkflowExecutions: () => ({ count: 3 }) });
  const odd = { kind: 'build-id', buildId: `a"b` } as const;
  const plain = { kind: 'build-id', buildId: 'ab' } as const;
  const { counts } = await countClosed(fake.server, [odd, plain], ['orders']);
  expect([...counts]).toEqual([[versionKey(plain), 3]]);
  expect(fake.requests[0]?.request['query']).toBe(
    'BuildIds = "unversioned:ab" AND TaskQueue = "orders" AND CloseTime IS NOT NULL',
  );
});

test('what the server says of reachability belongs to the sets of the queue', async () => {
  const { queues } = await read({
    getWorkerBuildIdCompatibility: () => ({ majorVersionSets: [{ buildIds: ['v1', 'v2'] }] }),
    getWorkerTaskReachability: () => ({
      buildIdReachability: [
        { buildId: 'v1', taskQueueReachability: [{ taskQueue: 'orders', reachability: [] }] },
        {
          buildId: 'v2',
          taskQueueReachability: [
            {
              taskQueue: 'orders',
              reachability: [
                proto.temporal.api.enums.v1.TaskReachability.TASK_REACHABILITY_OPEN_WORKFLOWS,
              ],
            },
          ],
        },
      ],
    }),
  });
  expect(queues[0]).toMatchObject({ sets: [['v1', 'v2']], reachable: new Set(['v2']) });
});
