import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Versioning } from '../../src/model/settings.js';
import type { Execution } from '../../src/model/execution.js';
import {
  executionGroups,
  liveBuildIds,
  perhapsLiveBuildIds,
  type WorkerDeploymentsTarget,
  type WorkerDeploymentTarget,
} from '../../src/model/target.js';
import { UserError } from '../../src/model/user-error.js';
import { Server } from '../../src/temporal/connection.js';
import { listGroups } from '../../src/temporal/list-executions.js';
import { claimable } from '../../src/temporal/claimable.js';
import { resolveTarget, type Scope } from '../../src/temporal/resolve-target.js';
import { DEPLOYMENT, fillDeployment } from '../../testing/deployment-orders.js';
import { scheduleEvent } from '../../testing/event.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import {
  OrdersApplication,
  ordersWorkspace,
  type OrdersPatch,
} from '../../testing/orders-application.js';
import {
  checkHere,
  type CheckOptions,
  type CheckResult,
} from '../../testing/pull-request-check.js';
import {
  describeOnServers,
  SERVERS,
  serversOfRun,
  type ServerName,
} from '../../testing/releases.js';
import type { RunningServer } from '../../testing/temporal-server.js';
import { projectRoot } from '../../testing/project-root.js';
import { runHere } from '../../testing/run-here.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import { setCurrentVersion } from '../../testing/worker-deployments.js';
import type { Workspace } from '../../testing/workspace.js';

/**
 * Worker Deployments on two real servers: the dev server is older than the attribute that keeps every
 * version that worked on an execution, the newest server has it.
 */

/** Another deployment has a version of the same name, on this queue. */
const OTHER_QUEUE = 'bills';

/** Three deployments share these queues; two of them have a current version. */
const SHARED = ['shared', 'shared-too'] as const;

const running = new Map<ServerName, RunningServer>();
beforeAll(async () => {
  const application = await OrdersApplication.compile();
  await Promise.all(
    serversOfRun.map(async (name) => {
      const server = await SERVERS[name]();
      running.set(name, server);
      await fillDeployment(server, 'orders', application);
      const worker = await application.startWorker({
        server,
        taskQueue: OTHER_QUEUE,
        buildId: 'b1',
        deployment: { name: 'billing', defaultBehavior: 'pinned' },
      });
      await untilHeld(server, 'b1', 'billing');
      await worker.stop();
      await fillShared(server, application);
    }),
  );
  await application.remove();
});
afterAll(async () => {
  await Promise.all([...running.values()].map((server) => server.stop()));
});

function address(name: ServerName): Pick<RunningServer, 'address' | 'namespace'> {
  const server = running.get(name);
  if (server === undefined) throw new Error(`${name} was not started`);
  return { address: server.address, namespace: server.namespace };
}

const ANYWHERE: Scope = {
  versioning: 'auto',
  deploymentName: undefined,
  taskQueues: [],
  query: undefined,
};

interface Looked {
  readonly resolved: Awaited<ReturnType<typeof resolveTarget>>;
  readonly executions: readonly Execution[];
}

async function look(
  { address, namespace }: Pick<RunningServer, 'address' | 'namespace'>,
  buildId: string,
  scope: Partial<Scope> = {},
  from: 'title' | 'build-id' = 'title',
  counts: 'counts' | 'cannot count' = 'counts',
): Promise<Looked> {
  const signal = new AbortController().signal;
  const server = await Server.connect(
    { address, namespace },
    { maxRequestsPerSecond: undefined, signal },
  );
  try {
    const resolved = await resolveTarget(
      counts === 'counts' ? server : countless(server),
      { kind: 'claimed', buildId, from },
      { ...ANYWHERE, ...scope },
    );
    const executions =
      resolved.kind === 'found'
        ? (await listGroups(server, executionGroups(resolved.target))).executions
        : [];
    return { resolved, executions };
  } finally {
    await server.close();
  }
}

/** The real server, but for counts: these fail, as where its Visibility store does not support them. */
function countless(server: Server): Server {
  return {
    settings: server.settings,
    request: (...asked: Parameters<Server['request']>) =>
      asked[0] === 'counting executions'
        ? Promise.reject(new UserError({ found: 'It cannot count' }))
        : server.request(...asked),
  } as unknown as Server;
}

/** Web and mobile have a current version each, and an execution that moves with it; legacy has none, and none. */
async function fillShared(server: RunningServer, application: OrdersApplication): Promise<void> {
  const [both, second] = SHARED;
  for (const [name, taskQueue, buildId] of [
    ['web', both, 'w1'],
    ['mobile', second, 'm1'],
    ['mobile', both, 'm1'],
    ['legacy', both, 'l1'],
  ] as const) {
    const run = {
      server,
      taskQueue,
      buildId,
      deployment: { name, defaultBehavior: 'auto-upgrade' as const },
    };
    const worker = await application.startWorker(run);
    try {
      await untilHeld(server, buildId, name);
      if (name !== 'legacy') {
        await setCurrentVersion(server, name, buildId);
        await application.startExecutions(run, 1, ['order-charging']);
      }
    } finally {
      await worker.stop();
    }
  }
}

async function untilHeld(
  server: RunningServer,
  buildId: string,
  deploymentName: string,
): Promise<void> {
  const versioning = 'worker-deployment';
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const { resolved } = await look(server, buildId, { versioning, deploymentName });
    const target = resolved.kind === 'found' ? resolved.target : undefined;
    if (target?.kind === 'worker-deployment' && target.taskQueues.length > 0) return;
  }
  throw new Error(`${deploymentName} never had the version ${buildId}`);
}

/** The deployment that was found, or why there is none. */
function deploymentOf({ resolved }: Looked): WorkerDeploymentTarget {
  if (resolved.kind === 'found' && resolved.target.kind === 'worker-deployment') {
    return resolved.target;
  }
  throw new Error(`no Worker Deployment, but ${JSON.stringify(resolved)}`);
}

function groupsOf({ executions }: Looked): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { group = 'none' } of executions) counts[group] = (counts[group] ?? 0) + 1;
  return counts;
}

const versioning: Versioning = 'worker-deployment';

describeOnServers('on %s', (name) => {
  test('the named version, the routing, drainage and the task queues are read', async () => {
    const target = deploymentOf(await look(address(name), 'b1', { deploymentName: DEPLOYMENT }));
    expect(target).toMatchObject({
      buildId: 'b1',
      deploymentName: 'orders',
      current: 'b2',
      ramping: { buildId: 'b3', percentage: 25 },
      taskQueues: ['orders'],
    });
    expect(new Map(target.versions.map(({ buildId, drainage }) => [buildId, drainage]))).toEqual(
      new Map([
        ['b3', undefined],
        ['b2', undefined],
        ['b1', 'draining'],
      ]),
    );
  });

  test('each group is found by its own query, and no execution twice', async () => {
    const looked = await look(address(name), 'b1', { versioning, deploymentName: DEPLOYMENT });
    // An order-completed and its shipment close; reminder-completed is pinned.
    expect(groupsOf(looked)).toEqual({
      'auto-upgrade': 3,
      'no-behavior': 2,
      pinned: 2,
      closed: 7,
    });
    const runIds = looked.executions.map(({ runId }) => runId);
    expect(new Set(runIds).size).toBe(runIds.length);
    const typesOf = (group: string): string[] =>
      looked.executions.filter((one) => one.group === group).map((one) => one.workflowType);
    expect(typesOf('no-behavior').sort()).toEqual(['customerAccount', 'order']);
    expect(typesOf('pinned').sort()).toEqual(['order', 'reminder']);
  });

  test('an execution in two groups is listed once, in the first', async () => {
    const target = deploymentOf(await look(address(name), 'b2', { versioning }));
    const [autoUpgrade] = target.groups;
    const server = await Server.connect(address(name), {
      maxRequestsPerSecond: undefined,
      signal: new AbortController().signal,
    });
    const query = autoUpgrade?.query ?? '';
    const { executions } = await listGroups(server, [
      { group: 'auto-upgrade', query },
      { group: 'pinned', query },
    ]);
    await server.close();
    expect(executions.map(({ group }) => group)).toEqual(Array(3).fill('auto-upgrade'));
  });

  test('live are the current and the ramping version, and the named one while it is pinned to', async () => {
    const ofB1 = deploymentOf(await look(address(name), 'b1', { deploymentName: DEPLOYMENT }));
    expect([...liveBuildIds(ofB1)].sort()).toEqual(['b1', 'b2', 'b3']);
    const looked = await look(address(name), 'b2', { versioning });
    expect([...liveBuildIds(deploymentOf(looked))].sort()).toEqual(['b2', 'b3']);
    // What closed under b1 predicts nothing any more.
    expect(groupsOf(looked)).toEqual({ 'auto-upgrade': 3, 'no-behavior': 2, closed: 4 });
  });

  test('where the server cannot count, the named version counts as live, and nothing is passed over', async () => {
    const counted = await look(address(name), 'b1', { deploymentName: DEPLOYMENT });
    const looked = await look(
      address(name),
      'b1',
      { deploymentName: DEPLOYMENT },
      'title',
      'cannot count',
    );
    const target = deploymentOf(looked);
    expect([...liveBuildIds(target)].sort()).toEqual(['b1', 'b2', 'b3']);
    expect([...perhapsLiveBuildIds(target)]).toEqual(['b1']);
    expect([...perhapsLiveBuildIds(deploymentOf(counted))]).toEqual([]);
    expect(groupsOf(looked)).toEqual(groupsOf(counted));
  });

  test('closed executions are found by every version where the server keeps them, else by what it has', async () => {
    const { groups } = deploymentOf(await look(address(name), 'b2', { versioning }));
    const closed = groups.find(({ group }) => group === 'closed')?.query ?? '';
    const keeps = name === 'the server 1.32';
    expect(closed.includes('TemporalUsedWorkerDeploymentVersions')).toBe(keeps);
    expect(closed.includes('BuildIds')).toBe(!keeps);
  });

  test('a build ID of several deployments is refused, with their names and the way out', async () => {
    await expect(look(address(name), 'b1', { versioning })).rejects.toThrow(
      /Several Worker Deployments.*b1: (orders, billing|billing, orders).*deployment-name/u,
    );
    const ofQueue = await look(address(name), 'b1', { taskQueues: ['orders'] });
    expect(deploymentOf(ofQueue).deploymentName).toBe('orders');
  });

  test('"current" is the current version, in an input and in a title', async () => {
    for (const from of ['build-id', 'title'] as const) {
      const looked = await look(
        address(name),
        'current',
        { versioning, taskQueues: ['orders'] },
        from,
      );
      expect(deploymentOf(looked).buildId).toBe('b2');
    }
    const { resolved } = await look(
      address(name),
      'current',
      { versioning, deploymentName: 'billing' },
      'build-id',
    );
    expect(resolved).toMatchObject({ kind: 'unknown-build' });
  });

  test('"current" is that of each deployment on the task queues, whatever their build IDs are', async () => {
    const shared = { versioning, taskQueues: SHARED };
    const { resolved, executions } = await look(address(name), 'current', shared);
    expect(resolved).toMatchObject({
      target: { kind: 'worker-deployments', buildId: expect.stringMatching(/^(w1, m1|m1, w1)$/u) },
    });
    const target = (resolved as { target: WorkerDeploymentsTarget }).target;
    expect(target.deployments.map((one) => one.deploymentName).sort()).toEqual(['mobile', 'web']);
    // One of each run of the starter, and what else it starts.
    expect(new Set(executions.map(({ taskQueue }) => taskQueue))).toEqual(new Set(SHARED));
    expect(new Set(executions.flatMap(({ buildIds }) => buildIds))).toEqual(new Set(['w1', 'm1']));
  });

  test('"current" without a task queue is no deployment rather than another', async () => {
    await expect(look(address(name), 'current', { versioning })).rejects.toThrow(
      /Several Worker Deployments have a current version: .*set deployment-name .*, or task-queue/u,
    );
  });

  test('a deployment of the queue without a current version is told, where current is claimed', async () => {
    const { resolved } = await look(address(name), 'current', {
      versioning,
      taskQueues: [...SHARED, OTHER_QUEUE],
    });
    expect(resolved).toMatchObject({
      kind: 'unknown-build',
      explanation: expect.stringMatching(
        /Worker Deployment billing, which polled on bills, has no current version\. Set one/u,
      ),
    });
  });

  test('an unknown build ID is told what the server holds', async () => {
    const { resolved } = await look(address(name), 'b9', { versioning });
    expect(resolved).toMatchObject({
      kind: 'unknown-build',
      explanation: expect.stringMatching(/orders: b3 \(ramping\), b2 \(current\), b1/u),
    });
    expect(
      (await look(address(name), 'b1', { versioning, deploymentName: 'none' })).resolved,
    ).toMatchObject({ explanation: expect.stringMatching(/no Worker Deployment none/u) });
  });

  test('retirement tells versions, executions and workers, and which of them are stuck', async () => {
    const result = await runHere({
      dist: join(projectRoot, 'dist', 'retire', 'index.js'),
      actionFile: join(projectRoot, 'retire', 'action.yml'),
      event: scheduleEvent(),
      inputs: { address: address(name).address, 'task-queue': 'orders' },
      cwd: tmpdir(),
    });
    expect(result.exitCode).toBe(0);
    const rows = result.log.map((line) => line.split(/ {2,}/u));
    const row = (version: string): readonly string[] => rows.find(([one]) => one === version) ?? [];
    expect(row('orders:b2').slice(1, 3)).toEqual(['current', '4 (2 auto-upgrade, 2 no behavior)']);
    expect(row('orders:b3').slice(1, 3)).toEqual(['ramping', '1 (1 auto-upgrade)']);
    expect(row('orders:b1').slice(1, 3)).toEqual(['draining', '2 (2 pinned)']);
    // All workers of the test were stopped. A poll of theirs may still count as one of now.
    const { stuck, retirable } = result.outputs;
    expect(JSON.parse(retirable ?? '')).not.toContainEqual(
      expect.objectContaining({ deployment: 'orders' }),
    );
    expect(Array.isArray(JSON.parse(stuck ?? ''))).toBe(true);
    expect(result.summary).toMatch(/orders&#58;b1<.code> \| draining \| 2 &#40;2 pinned&#41;/u);
  });

  test('a task queue that the deployment never polled is refused', async () => {
    await expect(
      look(address(name), 'b2', { versioning, taskQueues: ['orders', 'nowhere'] }),
    ).rejects.toThrow(/nowhere, on which no worker of Worker Deployment orders ever polled/u);
  });

  test('what a title can claim is listed to copy, with status and running executions', async () => {
    const list = async (scope: Partial<Scope>, taskQueues: readonly string[] = []) => {
      const server = await Server.connect(address(name), {
        maxRequestsPerSecond: undefined,
        signal: new AbortController().signal,
      });
      try {
        return await claimable(server, { ...ANYWHERE, taskQueues, ...scope });
      } finally {
        await server.close();
      }
    };
    const orders =
      '[compatible-b3] (ramping 25 %, Worker Deployment orders, 1 running), ' +
      '[compatible-b2] (current, Worker Deployment orders, 2 running), ' +
      '[compatible-b1] (draining, Worker Deployment orders, 2 running)';
    expect(await list({ deploymentName: DEPLOYMENT })).toBe(`Live versions, to copy: ${orders}.`);
    expect(await list({}, ['orders'])).toBe(`Live versions, to copy: ${orders}.`);
    const shared = await list({ versioning }, [...SHARED]);
    expect(shared).toContain('[compatible-w1] (current, Worker Deployment web, 1 running)');
    expect(shared).toContain('[compatible-m1] (current, Worker Deployment mobile, 2 running)');
    expect(shared).not.toContain('l1');
    expect(await list({ versioning: 'build-id' }, ['orders'])).toMatch(
      /\[compatible-b1\] \(named by executions, \d+ running\)/u,
    );
    expect(await list({ versioning: 'none' })).toBe('');
  });

  test('a further query narrows every group', async () => {
    const looked = await look(address(name), 'b1', {
      deploymentName: DEPLOYMENT,
      query: 'WorkflowType = "reminder" OR WorkflowType = "customerAccount"',
    });
    expect(groupsOf(looked)).toEqual({ 'no-behavior': 1, pinned: 1, closed: 1 });
  });

  test('auto takes what holds the build ID, and refuses to pass over executions in silence', async () => {
    const server = address(name);
    expect(deploymentOf(await look(server, 'b2')).auto).toBe('deployment-found');

    const add = (queue: string, buildId: string): Promise<void> =>
      registerBuildIds(server, queue, [{ operation: 'addNewIdInNewDefaultSet', buildId }]);
    await add('sets', 'v1');
    expect((await look(server, 'v1')).resolved).toMatchObject({
      target: { kind: 'version-set', auto: 'version-set-found' },
    });
    expect(
      (await look(server, 'current', { taskQueues: ['sets'] }, 'build-id')).resolved,
    ).toMatchObject({ target: { kind: 'version-set', buildId: 'v1' } });

    await add('orders', 'b2');
    expect(deploymentOf(await look(server, 'b2', { taskQueues: ['orders'] })).auto).toBe(
      'both-found',
    );
    await add('sets', 'b3');
    await expect(look(server, 'b3')).rejects.toThrow(
      /version of Worker Deployment orders, and a version set holds it too, on sets/u,
    );
  });
});

describe('pull requests', () => {
  async function check(patch: OrdersPatch, title: string): Promise<CheckResult> {
    return checkIn(await ordersWorkspace({ patch }), title);
  }

  /** Where executions count is what this is about: which of them break is said by a script. */
  async function checkJudged(
    breaks: readonly string[],
    title: string,
    { inputs }: Pick<CheckOptions, 'inputs'> = {},
  ): Promise<CheckResult> {
    const workspace = await judgedWorkspace({ breaks });
    return checkIn(workspace, title, { inputs: { ...JUDGED_INPUTS, ...inputs } });
  }

  async function checkIn(
    workspace: Workspace,
    title: string,
    options: Pick<CheckOptions, 'inputs'> = {},
  ): Promise<CheckResult> {
    try {
      const { address: of } = address('the dev server 1.29');
      const result = await checkHere(workspace, {
        title,
        ...options,
        inputs: { address: of, 'deployment-name': DEPLOYMENT, ...options.inputs },
      });
      // None of these changes leaves the question open: what else kept the check from its answer is told.
      if (result.outputs['verdict'] === 'inconclusive') throw new Error(result.log.join('\n'));
      return result;
    } finally {
      await workspace.remove();
    }
  }

  test('a compatible change is green, and each group is counted apart', async () => {
    const result = await checkJudged([], '[compatible-b1] Check orders for fraud');
    expect(result.outputs).toMatchObject({
      verdict: 'compatible',
      reason: 'all-replayed',
      passed: '14',
    });
    expect(result.outputs['target']).toMatch(/version b1 of Worker Deployment orders/u);
    expect(result.summary).toMatch(/auto&#45;upgrade, running.*\| 3 of 3 \|/u);
    expect(result.summary).toMatch(/pinned to the named version.*\| 2 of 2 \|/u);
    expect(result.summary).toMatch(
      /auto took the Worker Deployment, because deployment&#45;name names it/u,
    );
  });

  test('a change that breaks auto-upgrade executions of any version is red', async () => {
    const result = await check('incompatible', '[compatible-b2] Check orders for fraud');
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
    expect(result.summary).not.toMatch(/Only executions that are pinned/u);
    // A new version would not spare them.
    expect(result.annotations[0]?.message).toMatch(
      /pinned ones stay there .*; the others move to whatever version is current/u,
    );
  });

  test('a change that breaks pinned executions only is red, and says so', async () => {
    const result = await checkJudged(
      ['reminder'],
      '[compatible-b1] Give the reminder a better name',
    );
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'incompatible' });
    expect(result.summary).toMatch(/Only executions that are pinned to the named version break/u);
  });

  test('advice tries a claim for each live version, and changes no verdict', async () => {
    const result = await checkJudged(['reminder'], '[compatible-b2] Give the reminder a name', {
      inputs: { advice: 'true' },
    });
    expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
    expect(result.exitCode).toBe(0);
    const table = result.log.map((line) => line.split(/ {2,}/u));
    const answerOf = (version: string): string | undefined =>
      table.find(([name]) => name === version)?.[4];
    expect(['orders:b2', 'orders:b3', 'orders:b1'].map(answerOf)).toEqual(['yes', 'yes', 'no']);
    expect(result.summary).toMatch(/Which claims would hold/u);
    expect(result.log).toContainEqual(expect.stringMatching(/Minor\. Worker Deployment orders/u));
  });

  test('a title without a claim is checked too, because auto-upgrade executions move whatever it says', async () => {
    const result = await checkJudged(['order'], 'Check orders for fraud');
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({
      verdict: 'incompatible',
      reason: 'decisive-finding',
      'build-id': 'b2',
    });
    const passing = await checkJudged(['order'], 'Check orders for fraud', {
      inputs: { 'on-no-claim': 'pass' },
    });
    expect(passing.outputs).toMatchObject({ verdict: 'not-claimed', reason: 'no-claim' });
  });

  test('a title can claim the current versions of all deployments on the task queues', async () => {
    const title = '[compatible-current] Check orders for fraud';
    const inputs = { 'deployment-name': '', 'task-queue': SHARED.join(', ') };
    const good = await checkJudged([], title, { inputs });
    expect(good.outputs).toMatchObject({
      verdict: 'compatible',
      'build-id': expect.stringMatching(/^(w1, m1|m1, w1)$/u),
      target: expect.stringMatching(
        /current versions of 2 Worker Deployments.*(w1 of web.*m1 of mobile|m1 of mobile.*w1 of web)/u,
      ),
    });
    expect(good.summary).toMatch(/auto&#45;upgrade, running.*\| 3 of 3 \|/u);
    const bad = await checkJudged(['order'], title, { inputs });
    expect(bad.exitCode).toBe(1);
    expect(bad.outputs).toMatchObject({ verdict: 'incompatible', reason: 'decisive-finding' });
  });

  test('pinned executions of another version than the named one do not count', async () => {
    const result = await checkJudged(
      ['reminder'],
      '[compatible-b2] Give the reminder a better name',
    );
    expect(result.outputs).toMatchObject({ verdict: 'compatible', reason: 'all-replayed' });
  });

  test('with build-id, the title need not claim anything', async () => {
    const result = await checkJudged(['order'], 'Check orders for fraud', {
      inputs: { 'build-id': 'current' },
    });
    expect(result.outputs).toMatchObject({ verdict: 'incompatible', 'build-id': 'b2' });
  });

  test('build-id needs no lookup with versioning: build-id, and no title but a query with none', async () => {
    const byId = await checkJudged([], 'x', {
      inputs: { 'build-id': 'b2', versioning: 'build-id', 'deployment-name': '' },
    });
    expect(byId.outputs).toMatchObject({ verdict: 'compatible', matched: '4' });
    const byQuery = await checkJudged([], '[compatible-b2] x', {
      inputs: {
        versioning: 'none',
        'deployment-name': '',
        query: 'WorkflowType = "reminder"',
      },
    });
    expect(byQuery.outputs).toMatchObject({ verdict: 'compatible', matched: '2' });
  });
});
