import { describe, expect, test } from '@jest/globals';
import { isRetirable, runningOf, type JudgedVersion } from '../../src/model/retirement.js';
import { versionKey, type VersionsInUse } from '../../src/model/versions-in-use.js';
import { judgeVersions } from '../../src/retirement/judge-versions.js';
import { versionName } from '../../src/report/version-words.js';
import {
  aDeployment,
  aDeploymentVersion,
  aPoller,
  aQueue,
  minutesAgo,
  running,
  versionsInUse,
} from '../builders/versions.js';

function judged(changes: Partial<VersionsInUse>): Record<string, JudgedVersion> {
  const { versions } = judgeVersions(versionsInUse(changes), { deploymentName: undefined });
  return Object.fromEntries(versions.map((one) => [versionName(one.version), one]));
}

const b = aDeploymentVersion;
const current = { deploymentName: 'orders', buildId: 'b2' };

describe('of a Worker Deployment', () => {
  const deployments = [
    aDeployment({ b2: undefined, b1: 'draining', b0: 'drained' }, { current: 'b2' }),
  ];
  const pollers = ['b2', 'b1', 'b0'].map((buildId) => aPoller(b(buildId)));
  const queues = [aQueue({ current, pollers })];

  test('a drained version can go, and a pinned execution keeps its version', () => {
    const {
      'orders:b0': b0,
      'orders:b1': b1,
      'orders:b2': b2,
    } = judged({
      deployments,
      queues,
      running: [running(2, { last: b('b1'), behavior: 'pinned' })],
    });
    expect(b0).toMatchObject({ status: 'drained', keptBy: [], workers: { kind: 'polling' } });
    expect(b1).toMatchObject({
      status: 'draining',
      keptBy: [{ kind: 'pinned', count: 2 }],
      running: { pinned: 2 },
      stuck: 0,
    });
    expect(b2).toMatchObject({ status: 'current', keptBy: [{ kind: 'current' }] });
  });

  test('executions that auto-upgrade, and those without a behavior, count to the current version', () => {
    const { 'orders:b1': b1, 'orders:b2': b2 } = judged({
      deployments,
      queues,
      running: [
        running(3, { last: b('b1'), behavior: 'auto-upgrade', oldest: minutesAgo(600) }),
        running(4, { last: { kind: 'build-id', buildId: 'abc' } }),
        running(5),
      ],
    });
    expect(b2).toMatchObject({
      running: { autoUpgrade: 3, none: 9 },
      oldest: minutesAgo(600),
      keptBy: [{ kind: 'current' }, { kind: 'serves', count: 12 }],
    });
    expect(b1).toMatchObject({ running: { autoUpgrade: 0 }, keptBy: [{ kind: 'draining' }] });
  });

  test('one that has come to the ramping version stays with it', () => {
    const { 'orders:b1': b1 } = judged({
      deployments: [
        aDeployment({ b2: undefined, b1: undefined }, { current: 'b2', ramping: 'b1' }),
      ],
      queues,
      running: [running(1, { last: b('b1'), behavior: 'auto-upgrade' })],
    });
    expect(b1).toMatchObject({ status: 'ramping', running: { autoUpgrade: 1 } });
  });

  test('a version without a worker on the queue of its executions leaves them stuck', () => {
    const { 'orders:b1': b1 } = judged({
      deployments,
      queues: [
        aQueue({ current, pollers: [aPoller(b('b1'))] }),
        aQueue({ name: 'packing', pollers: [] }),
      ],
      running: [
        running(2, { last: b('b1'), behavior: 'pinned' }),
        running(3, { last: b('b1'), behavior: 'pinned', taskQueue: 'packing' }),
      ],
    });
    expect(b1?.stuck).toBe(3);
  });

  test.each([
    [1.5, 'polling', 0],
    [4, 'gone', 2],
  ])('a worker whose last poll is %d minutes old is %s', (minutes, kind, stuck) => {
    const { 'orders:b1': b1 } = judged({
      deployments,
      queues: [aQueue({ current, pollers: [aPoller(b('b1'), minutes)] })],
      running: [running(2, { last: b('b1'), behavior: 'pinned' })],
    });
    expect(b1).toMatchObject({ workers: { kind, lastPoll: minutesAgo(minutes) }, stuck });
  });

  test('a version that polls before anything is routed to it is kept', () => {
    const all = judged({
      deployments: [aDeployment({ b3: undefined, b2: undefined }, { current: 'b2' })],
      queues: [aQueue({ current, pollers: [aPoller(b('b3'))] })],
    });
    expect(all['orders:b3']).toMatchObject({
      status: 'inactive',
      keptBy: [{ kind: 'not-routed-yet' }],
    });
  });

  test('without permission to describe it, nothing of it can go', () => {
    const all = judged({
      deployments: [{ name: 'orders', versions: [], problem: 'no permission' }],
      queues: [aQueue({ pollers: [aPoller(b('b9'))] })],
      running: [running(1, { last: b('b1'), behavior: 'auto-upgrade' })],
    });
    expect(all['orders:b1']?.keptBy).toEqual([
      { kind: 'not-known', why: 'no permission' },
      { kind: 'serves', count: 1 },
    ]);
    expect(all['orders:b9']?.keptBy).toEqual([{ kind: 'not-known', why: 'no permission' }]);
    expect(all['orders:b1']).not.toHaveProperty('status');
  });

  test('a version that vanished with its executions still there is not known', () => {
    const all = judged({
      deployments,
      queues,
      running: [running(1, { last: b('b7'), behavior: 'pinned' })],
    });
    expect(all['orders:b7']?.keptBy).toMatchObject([{ kind: 'not-known' }, { kind: 'pinned' }]);
  });

  test('a listing that was cut lets nothing go', () => {
    const all = judged({ deployments, queues, isCut: true });
    expect(Object.values(all).filter(isRetirable)).toEqual([]);
  });

  test('where nothing says who polls, nothing is called stuck', () => {
    const { 'orders:b1': b1 } = judged({
      deployments,
      queues: [{ name: 'orders', sets: [], current }],
      running: [running(2, { last: b('b1'), behavior: 'pinned' })],
    });
    expect(b1).toMatchObject({ workers: { kind: 'not-known' }, stuck: 0 });
  });

  test('two deployments on one queue: what no version holds goes to the current one, and a note says so', () => {
    const seen = versionsInUse({
      deployments: [
        aDeployment({ b2: undefined }, { current: 'b2' }),
        aDeployment({ c1: undefined }, { name: 'billing', current: 'c1' }),
      ],
      queues: [aQueue({ current, pollers: [aPoller(b('b2')), aPoller(b('c1', 'billing'))] })],
      running: [running(4)],
    });
    const { versions, notes } = judgeVersions(seen, { deploymentName: undefined });
    expect(versions.map((one) => [versionName(one.version), runningOf(one)])).toEqual([
      ['billing:c1', 0],
      ['orders:b2', 4],
    ]);
    expect(notes).toEqual([expect.stringMatching(/billing, orders.*go to orders/u)]);
    expect(judgeVersions(seen, { deploymentName: 'billing' }).versions).toHaveLength(1);
  });

  test('a thousand versions are judged at once', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `b${index}`);
    const { versions } = judgeVersions(
      versionsInUse({
        deployments: [aDeployment(Object.fromEntries(ids.map((id) => [id, 'drained'] as const)))],
        queues: [aQueue({ pollers: ids.map((id) => aPoller(b(id))) })],
        running: ids.map((id) => running(1, { last: b(id), behavior: 'pinned' })),
      }),
      { deploymentName: undefined },
    );
    expect(versions).toHaveLength(1000);
    expect(versions.every(({ running: { pinned } }) => pinned === 1)).toBe(true);
  });
});

describe('of version sets', () => {
  const sets = [['v1.0', 'v1.1'], ['v2.0']];
  const set = (buildId: string) => ({ kind: 'version-set', buildId }) as const;

  test('the default of a set gets the tasks of the whole set', () => {
    const all = judged({
      queues: [
        aQueue({ sets, reachable: new Set(['v1.1', 'v2.0']), pollers: [aPoller(set('v1.1'))] }),
      ],
      running: [running(3, { last: set('v1.0') }), running(2, { last: set('v2.0') }), running(1)],
    });
    expect(all['v1.0 on orders']).toMatchObject({ status: 'inactive', keptBy: [] });
    expect(all['v1.1 on orders']).toMatchObject({
      status: 'draining',
      running: { none: 3 },
      keptBy: [{ kind: 'serves', count: 3 }],
      stuck: 0,
    });
    expect(all['v2.0 on orders']).toMatchObject({
      status: 'current',
      running: { none: 3 },
      stuck: 3,
    });
  });

  test('what the server calls reachable stays, also without a listed execution', () => {
    const all = judged({ queues: [aQueue({ sets, reachable: new Set(['v1.1']) })] });
    expect(all['v1.1 on orders']).toMatchObject({
      status: 'draining',
      keptBy: [{ kind: 'reachable' }],
    });
  });

  test('an old set without executions can go', () => {
    const all = judged({ queues: [aQueue({ sets, reachable: new Set(['v2.0']) })] });
    expect(all['v1.1 on orders']).toMatchObject({ status: 'drained', keptBy: [] });
  });
});

describe('of plain build IDs', () => {
  const plain = (buildId: string) => ({ kind: 'build-id', buildId }) as const;

  test('the only worker of a queue is needed', () => {
    const all = judged({ queues: [aQueue({ pollers: [aPoller(plain('x'))] })] });
    expect(all['x']).toMatchObject({ status: 'current', keptBy: [{ kind: 'current' }] });
  });

  test('beside another worker, one can go that has had its day', () => {
    const queues = [aQueue({ pollers: [aPoller(plain('x')), aPoller(plain('y'))] })];
    const closed = new Map([[versionKey(plain('x')), 7]]);
    const all = judged({ queues, closed, running: [running(2, { last: plain('y') })] });
    expect(all['x']?.keptBy).toEqual([]);
    expect(all['y']?.keptBy).toEqual([{ kind: 'serves', count: 2 }]);
    // Without a closed execution it may have come just now.
    expect(judged({ queues })['x']?.keptBy).toEqual([{ kind: 'not-routed-yet' }]);
  });

  test('executions go to any worker of the queue, so one that is gone leaves none stuck', () => {
    const last = running(2, { last: plain('x') });
    const served = judged({
      queues: [aQueue({ pollers: [aPoller(plain('y'))] })],
      running: [last],
    });
    expect(served['x']).toMatchObject({ stuck: 0 });
    const left = judged({ queues: [aQueue()], running: [last] });
    expect(left['x']).toMatchObject({ status: 'draining', stuck: 2 });
  });

  test('executions that wait for the first worker of a queue belong to no version', () => {
    const { unserved, versions } = judgeVersions(
      versionsInUse({ queues: [aQueue()], running: [running(3)] }),
      { deploymentName: undefined },
    );
    expect(unserved).toEqual([{ taskQueue: 'orders', count: 3 }]);
    expect(versions).toEqual([]);
  });
});
