import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from '@temporalio/client';
import { readFileSync } from 'node:fs';
import { checkHere } from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import { JUDGED_INPUTS, judgedWorkspace } from '../../testing/judged-workspace.js';
import { Situations } from '../../testing/situations.js';
import { createNamespace } from '../../testing/temporal-client.js';
import type { RunningServer } from '../../testing/temporal-server.js';
import {
  describeOnServers,
  SERVERS,
  serversOfRun,
  type ServerName,
} from '../../testing/releases.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import { setCurrentVersion } from '../../testing/worker-deployments.js';
import type { Workspace } from '../../testing/workspace.js';

/**
 * Zero has a reason: nothing matches, for every cause that there is, on two real servers. There is nothing to
 * replay, so a script says which workflow types the code has.
 */

const VACANT = 'vacant';

const running = new Map<ServerName, RunningServer>();
let workspace: Workspace;
beforeAll(async () => {
  workspace = await judgedWorkspace({ workflowTypes: ['invoice', 'letter', 'survey'] });
  for (const name of serversOfRun) {
    const server = await SERVERS[name]({
      dynamicConfig: {
        // Whose executions name builds that no version set holds.
        'frontend.workerVersioningRuleAPIs': true,
        // So that a build ID can be removed by what removes them in production.
        'worker.removableBuildIdDurationSinceDefault': '1ms',
      },
    });
    running.set(name, server);
    const situations = await Situations.on(server);
    try {
      await fill(situations, server);
    } finally {
      await situations.close();
    }
  }
});
afterAll(async () => {
  for (const server of running.values()) await server.stop();
  await workspace.remove();
});

async function fill(situations: Situations, server: RunningServer): Promise<void> {
  const register = (taskQueue: string, ...buildIds: string[]): Promise<void> =>
    registerBuildIds(
      server,
      taskQueue,
      buildIds.map((buildId) => ({ operation: 'addNewIdInNewDefaultSet', buildId })),
    );
  await register('scavenged', 'removed', 'kept');
  await removeUnusedBuildIds(situations);
  await register('busy', 'w1');
  await register('idle', 'i1');
  await register('waiting', 'q1');
  await register('waiting-for-other-code', 'u1');
  await register('superseded', 'o1', 'o2');
  await assignByRule(situations, server, 'ruled', 'r7');

  const deployment = (name: string, behavior: 'PINNED' | 'AUTO_UPGRADE' = 'AUTO_UPGRADE') => ({
    taskQueue: name,
    deploymentName: name,
    buildId: 'b1',
    behavior,
  });
  const deployments = ['deployed-unused', 'deployed-busy', 'deployed-waiting'];
  await situations.withWorkers(
    [
      { taskQueue: 'busy', buildId: 'w1' },
      { taskQueue: 'ruled', buildId: 'r7' },
      { taskQueue: 'plain', buildId: 'p1', isVersioned: false },
      ...deployments.map((name) => deployment(name)),
    ],
    async () => {
      await Promise.all(deployments.map((name) => setCurrentVersion(server, name, 'b1')));
      await Promise.all([
        ...['busy', 'busy', 'ruled', 'plain', 'deployed-busy'].map((taskQueue) =>
          situations.startWaiting('invoice', taskQueue),
        ),
        situations.startAndFinish('invoice', 'busy'),
      ]);
    },
  );
  // Only afterwards, because from now on its unversioned worker gets no tasks.
  await register('plain', 'p1');
  await situations.start('survey', 'waiting');
  await situations.start('parcel', 'waiting-for-other-code');
  await situations.start('survey', 'superseded');
  await situations.start('survey', 'deployed-waiting');
  await createNamespace({ address: server.address }, VACANT, Date.now() + 30_000, () => undefined);
  const builds = 'BuildIds IN ("versioned:w1", "versioned:r7", "unversioned:p1", "unversioned:b1")';
  await situations.untilListed(builds, 6);
  await situations.untilListed('BuildIds IS NULL', 4);
  await situations.untilListed('ExecutionStatus = "Completed"', 1);
}

/** What the server does twice a day, now. */
async function removeUnusedBuildIds({ client: { connection } }: Situations): Promise<void> {
  const system = new Client({ connection, namespace: 'temporal-system' });
  await system.workflow.execute('build-id-scavenger', {
    taskQueue: 'temporal-sys-build-id-scavenger-taskqueue-0',
    workflowId: 'remove-unused-build-ids',
    args: [{ IgnoreRetentionTime: true }],
    workflowExecutionTimeout: '60s',
  });
}

/** Versioning by rules came between version sets and deployments; it too writes `versioned:`. */
async function assignByRule(
  { client: { workflowService } }: Situations,
  { namespace }: RunningServer,
  taskQueue: string,
  targetBuildId: string,
): Promise<void> {
  const { conflictToken } = await workflowService.getWorkerVersioningRules({
    namespace,
    taskQueue,
  });
  await workflowService.updateWorkerVersioningRules({
    namespace,
    taskQueue,
    conflictToken,
    insertAssignmentRule: { ruleIndex: 0, rule: { targetBuildId } },
  });
}

interface Zero {
  readonly verdict: string;
  /** The sentence in the log, which the summary and the annotation repeat. */
  readonly why: string;
}

async function check(
  { address }: Pick<RunningServer, 'address'>,
  buildId: string,
  inputs: Readonly<Record<string, string>>,
  matched = '0',
): Promise<Zero> {
  const result = await checkHere(workspace, {
    title: `[compatible-${buildId}] Tidy up`,
    inputs: { address, ...JUDGED_INPUTS, ...inputs },
  });
  const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as {
    verdict: { kind: string; reason: string; summary: string };
  };
  expect(reportProblems(report)).toEqual([]);
  expect(result.outputs['matched']).toBe(matched);
  const { kind, reason, summary } = report.verdict;
  const colour = result.exitCode === 0 ? 'green' : 'red';
  return { verdict: `${kind}: ${reason}, ${colour}`, why: summary };
}

describeOnServers('on %s', (name) => {
  const at = (): RunningServer => {
    const server = running.get(name);
    if (server === undefined) throw new Error(`${name} was not started`);
    return server;
  };
  const sets = { versioning: 'version-set' };
  const UNKNOWN = 'inconclusive: unknown-build, red';
  const MISMATCH = 'inconclusive: query-mismatch, red';
  const EMPTY = 'inconclusive: empty, red';

  describe('an unknown build', () => {
    test('that was removed as unused is unknown, and no setting makes it green', async () => {
      const zero = await check(at(), 'removed', { ...sets, 'on-no-histories': 'pass' });
      expect(zero.verdict).toBe(UNKNOWN);
      expect(zero.why).toMatch(/knows no task queue for build ID removed.*was removed/u);
      expect(zero.why).toMatch(/none of them names build removed/u);
      const onQueue = await check(at(), 'removed', { ...sets, 'task-queue': 'scavenged' });
      expect(onQueue.why).toMatch(/scavenged \[kept\]/u);
    });

    test('that executions name all the same is told how many, and how to check them', async () => {
      const zero = await check(at(), 'r7', { 'task-queue': 'ruled' });
      expect(zero.verdict).toBe(UNKNOWN);
      expect(zero.why).toMatch(/1 names "versioned:r7".*Set versioning to build-id/u);
    });

    test('on this task queue is told on which the server has it', async () => {
      const zero = await check(at(), 'w1', { ...sets, 'task-queue': 'idle' });
      expect(zero.verdict).toBe(UNKNOWN);
      expect(zero.why).toMatch(/but one does on busy\. Correct task-queue/u);
    });

    test('in an empty namespace is told that the namespace holds nothing', async () => {
      const zero = await check(at(), 'w1', { 'task-queue': 'busy', namespace: VACANT });
      expect(zero.verdict).toBe(UNKNOWN);
      expect(zero.why).toMatch(/namespace vacant holds no execution at all/u);
    });

    test('in a namespace that does not exist is an error that names it', async () => {
      const zero = await check(at(), 'w1', { 'task-queue': 'busy', namespace: 'nowhere' });
      expect(zero.verdict).toBe('inconclusive: error, red');
      expect(zero.why).toMatch(/has no namespace "nowhere"/u);
    });
  });

  describe('a query that excludes what is there', () => {
    test('by the input query is told how many it excludes, and no setting makes it green', async () => {
      const zero = await check(at(), 'w1', {
        ...sets,
        query: 'WorkflowType = "Invoice"',
        'on-no-histories': 'pass',
      });
      expect(zero.verdict).toBe(MISMATCH);
      expect(zero.why).toMatch(/Without the input query 3 executions would match/u);
    });

    test('by the form of BuildIds is told the form that is there', async () => {
      const zero = await check(at(), 'p1', { ...sets, 'task-queue': 'plain' });
      expect(zero.verdict).toBe(MISMATCH);
      expect(zero.why).toMatch(/1 execution on plain names build p1 as "unversioned:"/u);
    });

    test('by the task queue, with versioning build-id, is told on which they are', async () => {
      const zero = await check(at(), 'w1', { versioning: 'build-id', 'task-queue': 'idle' });
      expect(zero.verdict).toBe(MISMATCH);
      expect(zero.why).toMatch(/3 executions of build w1 are there.*They are on busy/u);
    });

    test('by a build ID that nothing names, with versioning build-id, is told which are named', async () => {
      const zero = await check(at(), 'w9', { versioning: 'build-id' });
      expect(zero.verdict).toBe(MISMATCH);
      expect(zero.why).toMatch(/No execution names build w9.*1 Completed.*w1/u);
    });

    test('by itself, with versioning none, is told what the namespace holds', async () => {
      const zero = await check(at(), 'w1', { versioning: 'none', query: 'TaskQueue = "Busy"' });
      expect(zero.verdict).toBe(MISMATCH);
      expect(zero.why).toMatch(/holds 9 Running, 1 Completed, and the query selects none/u);
    });

    test('of a Worker Deployment by the input query is told how many', async () => {
      const zero = await check(at(), 'b1', {
        'deployment-name': 'deployed-busy',
        query: 'WorkflowType = "Invoice"',
      });
      expect(zero.verdict).toBe(MISMATCH);
      expect(zero.why).toMatch(/Without the input query 1 execution would match/u);
    });

    test.each([
      ['is no filter', 'WorkflowType == "invoice"'],
      ['names an attribute that there is not', 'Customer = "Ada"'],
      ['orders', 'WorkflowType = "invoice" ORDER BY StartTime'],
      ['limits', 'WorkflowType = "invoice" LIMIT 3'],
    ])('that %s is an error that names the input', async (_, query) => {
      for (const inputs of [{ ...sets }, { versioning: 'none' }]) {
        const zero = await check(at(), 'w1', { ...inputs, query });
        expect(zero.verdict).toBe('inconclusive: error, red');
        expect(zero.why).toMatch(/check the input query/u);
      }
    });
  });

  describe('executions that have not begun', () => {
    test('in a version set are counted, and are red for a title', async () => {
      const zero = await check(at(), 'q1', sets);
      expect(zero.verdict).toBe('inconclusive: not-started, red');
      expect(zero.why).toMatch(/1 running execution waits for the first workflow task/u);
      const allowed = await check(at(), 'q1', { ...sets, 'on-no-histories': 'warn' });
      expect(allowed.verdict).toBe('inconclusive: not-started, green');
    });

    test('in a Worker Deployment are listed among those without a behavior', async () => {
      const zero = await check(at(), 'b1', { 'deployment-name': 'deployed-waiting' }, '1');
      expect(zero.verdict).toBe('inconclusive: not-started, red');
    });

    test('of a workflow type that the code does not register are red whatever is set', async () => {
      const zero = await check(at(), 'u1', { ...sets, 'on-no-histories': 'pass' });
      expect(zero.verdict).toBe('inconclusive: type-not-replayed, red');
      expect(zero.why).toMatch(/the code does not register parcel/u);
    });
  });

  describe('no execution', () => {
    test('of a version set is told what the namespace holds, and is red for a title', async () => {
      const zero = await check(at(), 'i1', sets);
      expect(zero.verdict).toBe(EMPTY);
      expect(zero.why).toMatch(/No execution of build i1.*holds 9 Running, 1 Completed/u);
      const allowed = await check(at(), 'i1', { ...sets, 'on-no-histories': 'pass' });
      expect(allowed.verdict).toBe('inconclusive: empty, green');
    });

    test('of a set that is not the default, though executions of the default one wait', async () => {
      expect((await check(at(), 'o1', sets)).verdict).toBe(EMPTY);
    });

    test('of a Worker Deployment is told so', async () => {
      const zero = await check(at(), 'b1', { 'deployment-name': 'deployed-unused' });
      expect(zero.verdict).toBe(EMPTY);
      expect(zero.why).toMatch(/Worker Deployment deployed-unused has no execution/u);
    });

    test('in the whole namespace is told so', async () => {
      const zero = await check(at(), 'w1', {
        namespace: VACANT,
        versioning: 'none',
        query: 'WorkflowType = "invoice"',
      });
      expect(zero.verdict).toBe(EMPTY);
      expect(zero.why).toMatch(/namespace vacant at .* holds no execution at all/u);
    });
  });

  test('a server with version sets switched off is told the setting, with and without deployments', async () => {
    const off = await SERVERS[name]({ versionSets: false });
    const situations = await Situations.on(off);
    try {
      for (const versioning of ['version-set', 'auto']) {
        const zero = await check(off, 'v1', { versioning, 'task-queue': 'orders' });
        expect(zero.verdict).toBe('inconclusive: error, red');
        expect(zero.why).toMatch(/frontend\.workerVersioningDataAPIs is true/u);
        expect(zero.why).toMatch(/set versioning to build-id/u);
      }
      const worker = { taskQueue: 'orders', deploymentName: 'orders', buildId: 'b1' };
      await situations.withWorkers([{ ...worker, behavior: 'PINNED' }], () =>
        setCurrentVersion(off, 'orders', 'b1'),
      );
      const zero = await check(off, 'v1', { 'task-queue': 'orders' });
      expect(zero.verdict).toBe(UNKNOWN);
      expect(zero.why).toMatch(/orders: b1 \(current\).*Version sets are switched off there/u);
    } finally {
      await situations.close();
      await off.stop();
    }
  });
});
