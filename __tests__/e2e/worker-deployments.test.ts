import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Versioning } from '../../src/model/settings.js';
import type { Execution } from '../../src/model/execution.js';
import { liveBuildIds, type WorkerDeploymentTarget } from '../../src/model/target.js';
import { Server } from '../../src/temporal/connection.js';
import { listGroups } from '../../src/temporal/list-executions.js';
import { resolveTarget, type Scope } from '../../src/temporal/resolve-target.js';
import { DEPLOYMENT, fillDeployment } from '../../testing/deployment-orders.js';
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
import { registerBuildIds } from '../../testing/version-sets.js';
import type { Workspace } from '../../testing/workspace.js';

/**
 * Worker Deployments on two real servers: the dev server is older than the attribute that keeps every
 * version that worked on an execution, the newest server has it.
 */

/** Another deployment has a version of the same name, on this queue. */
const OTHER_QUEUE = 'bills';

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

interface Looked {
  readonly resolved: Awaited<ReturnType<typeof resolveTarget>>;
  readonly executions: readonly Execution[];
}

async function look(
  { address, namespace }: Pick<RunningServer, 'address' | 'namespace'>,
  buildId: string,
  scope: Partial<Scope> = {},
  from: 'title' | 'build-id' = 'title',
): Promise<Looked> {
  const signal = new AbortController().signal;
  const server = await Server.connect(
    { address, namespace },
    { maxRequestsPerSecond: undefined, signal },
  );
  try {
    const resolved = await resolveTarget(
      server,
      { kind: 'claimed', buildId, from },
      {
        versioning: 'auto',
        deploymentName: undefined,
        taskQueues: [],
        query: undefined,
        ...scope,
      },
    );
    const executions =
      resolved.kind === 'found' && resolved.target.kind === 'worker-deployment'
        ? (await listGroups(server, resolved.target.groups)).executions
        : [];
    return { resolved, executions };
  } finally {
    await server.close();
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

  test('"current" of an input is the current version, and in a title a build ID like any other', async () => {
    const scope = { versioning };
    expect(deploymentOf(await look(address(name), 'current', scope, 'build-id')).buildId).toBe(
      'b2',
    );
    expect((await look(address(name), 'current', scope, 'title')).resolved.kind).toBe(
      'unknown-build',
    );
    const { resolved } = await look(
      address(name),
      'current',
      { versioning, deploymentName: 'billing' },
      'build-id',
    );
    expect(resolved).toMatchObject({ kind: 'unknown-build' });
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

  test('a task queue that the deployment never polled is refused', async () => {
    await expect(
      look(address(name), 'b2', { versioning, taskQueues: ['orders', 'nowhere'] }),
    ).rejects.toThrow(/nowhere, on which no worker of Worker Deployment orders ever polled/u);
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
