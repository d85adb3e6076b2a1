import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { readFileSync } from 'node:fs';
import { checkHere, type CheckResult } from '../../testing/pull-request-check.js';
import { reportProblems } from '../../testing/report-schema.js';
import {
  Situations,
  situationWorkspace,
  STAYING,
  type SituationChange,
  type SituationWorker,
} from '../../testing/situations.js';
import type { RunningServer } from '../../testing/temporal-server.js';
import {
  describeOnServers,
  SERVERS,
  serversOfRun,
  type ServerName,
} from '../../testing/releases.js';
import { inTier } from '../../testing/tiers.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import { setCurrentVersion } from '../../testing/worker-deployments.js';

/**
 * How much a break matters, on two real servers, through the built action. Each situation has a task
 * queue, and with it a version set, or a Worker Deployment of its own.
 */

/** Each queue's version set, the default last. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  'patch-unused': ['v1', 'v2'],
  'patch-in-use': ['v1', 'v2'],
  'type-unused': ['v1'],
  'type-in-use': ['v1'],
  'reset-running': ['v1'],
  'reset-closed': ['v1'],
  'closed-live': ['v1'],
  'closed-dead': ['v1', 'v2'],
};
const DEPLOYMENTS = [
  'closed-by-current',
  'closed-by-former',
  'closed-by-pinned',
  'pinned-to-current',
] as const;

interface Filled {
  readonly server: RunningServer;
  /** The run that a reset put in the place of another, by task queue. */
  readonly resetRuns: Readonly<Record<string, string | undefined>>;
}

const filled = new Map<ServerName, Filled>();
beforeAll(async () => {
  // One after the other: two servers and their workers at once are too much for a small machine.
  for (const name of serversOfRun) {
    const server = await SERVERS[name]();
    filled.set(name, { server, resetRuns: {} });
    const situations = await Situations.on(server);
    try {
      const resetRuns = await fillSets(situations, server);
      await fillDeployments(situations, server);
      filled.set(name, { server, resetRuns });
    } finally {
      await situations.close();
    }
  }
});
afterAll(async () => {
  for (const { server } of filled.values()) await server.stop();
});

async function fillSets(
  situations: Situations,
  server: RunningServer,
): Promise<Filled['resetRuns']> {
  const register = (buildId: string, existingCompatibleBuildId?: string): Promise<unknown> =>
    Promise.all(
      Object.entries(SETS)
        .filter(([, set]) => set.includes(buildId))
        .map(([taskQueue]) =>
          registerBuildIds(server, taskQueue, [
            existingCompatibleBuildId === undefined
              ? { operation: 'addNewIdInNewDefaultSet', buildId }
              : { operation: 'addNewCompatibleVersion', buildId, existingCompatibleBuildId },
          ]),
        ),
    );
  const workers = (buildId: string, workflows: SituationWorker['workflows'] = 'workflows') =>
    Object.entries(SETS)
      .filter(([, set]) => set.includes(buildId))
      .map(([taskQueue]) => ({ taskQueue, buildId, workflows }));

  await register('v1');
  const resetRuns = await situations.withWorkers(workers('v1'), async () => {
    await Promise.all([
      situations.startAndFinish('invoice', 'patch-unused'),
      situations.startAndFinish('invoice', 'patch-in-use'),
      situations.startWaiting('invoice', 'patch-in-use'),
      situations.startAndFinish('survey', 'type-unused'),
      situations.startWaiting('invoice', 'type-unused'),
      situations.startWaiting('survey', 'type-in-use'),
      situations.startWaiting('invoice', 'type-in-use'),
      situations.finishSeveral('letter', 'closed-live'),
      situations.startWaiting('letter', 'closed-live'),
      situations.startAndFinish('letter', 'closed-dead'),
      situations.startWaiting('letter', 'closed-dead'),
    ]);
    const running = await situations.startWaiting('letter', 'reset-running');
    await running.signal('send');
    await situations.untilTimersFired(running, 2);
    const closed = await situations.startWaiting('letter', 'reset-closed');
    await closed.signal('send', true);
    await closed.result().catch(() => 'it failed, as it was asked to');
    const resets = { 'reset-running': running, 'reset-closed': closed };
    const runs: Record<string, string | undefined> = {};
    for (const [taskQueue, handle] of Object.entries(resets)) {
      const reset = await situations.reset(handle);
      await situations.untilTimersFired(reset, 1);
      runs[taskQueue] = (await reset.describe()).runId;
    }
    return runs;
  });

  await register('v2', 'v1');
  await situations.withWorkers(workers('v2', 'workflows-patched'), async () => {
    await Promise.all([
      situations.startWaiting('invoice', 'patch-unused'),
      situations.startWaiting('invoice', 'patch-in-use'),
    ]);
  });
  for (const [taskQueue, running] of [
    ['patch-unused', 1],
    ['patch-in-use', 2],
    ['type-unused', 1],
    ['type-in-use', 2],
    ['reset-running', 1],
    ['reset-closed', 1],
    ['closed-live', 1],
    ['closed-dead', 1],
  ] as const) {
    await situations.untilListed(
      `TaskQueue = "${taskQueue}" AND BuildIds IS NOT NULL AND ExecutionStatus = "Running"`,
      running,
    );
  }
  return resetRuns;
}

/** Each deployment runs its letters under b1 first, and then under b2, which is current. */
async function fillDeployments(situations: Situations, server: RunningServer): Promise<void> {
  const version = (
    deploymentName: string,
    buildId: string,
    behavior: SituationWorker['behavior'] = 'AUTO_UPGRADE',
  ) => ({ taskQueue: deploymentName, deploymentName, buildId, behavior });
  const [byCurrent, byFormer, byPinned, pinned] = DEPLOYMENTS;
  const route = (buildId: string): Promise<unknown> =>
    Promise.all(DEPLOYMENTS.map((name) => setCurrentVersion(server, name, buildId)));

  let movesOn: WorkflowHandle | undefined;
  await situations.withWorkers(
    [
      version(byCurrent, 'b1'),
      version(byFormer, 'b1'),
      version(byPinned, 'b1', 'PINNED'),
      version(pinned, 'b1'),
    ],
    async () => {
      await route('b1');
      movesOn = await situations.startWaiting('letter', byFormer);
      await movesOn.signal('send');
      await situations.untilTimersFired(movesOn, 2);
      await situations.finishSeveral('letter', byPinned);
      await situations.startWaiting('letter', byPinned);
    },
  );
  await situations.withWorkers(
    DEPLOYMENTS.map((name) => version(name, 'b2', name === pinned ? 'PINNED' : 'AUTO_UPGRADE')),
    async () => {
      await route('b2');
      // Under b1 it came to what breaks, under b2 it ends.
      await movesOn?.signal('finish');
      await movesOn?.result();
      await situations.finishSeveral('letter', byCurrent);
      const waiting = await Promise.all(
        DEPLOYMENTS.map((deployment) => situations.startWaiting('letter', deployment)),
      );
      const staying = waiting[DEPLOYMENTS.indexOf(pinned)];
      await staying?.signal('send');
      if (staying !== undefined) await situations.untilTimersFired(staying, 2);
    },
  );
  for (const [deployment, running, completed] of [
    [byCurrent, 1, STAYING],
    [byFormer, 1, 1],
    [byPinned, 2, STAYING],
    [pinned, 1, 0],
  ] as const) {
    const of = `TemporalWorkerDeployment = "${deployment}"`;
    await situations.untilListed(`${of} AND ExecutionStatus = "Running"`, running);
    await situations.untilListed(`${of} AND ExecutionStatus = "Completed"`, completed);
  }
}

interface Weighed extends CheckResult {
  readonly verdict: string;
  /** Of each finding, in the report's order. */
  readonly weights: readonly { readonly kind: string; readonly reason: string }[];
  /** By run ID. */
  readonly kinds: Readonly<Record<string, string>>;
}

interface JsonReport {
  readonly findings: readonly { weight: { kind: string; reason: string } }[];
  readonly outcomes: readonly { kind: string; execution: { runId: string } }[];
}

async function check(
  name: ServerName,
  change: SituationChange,
  title: string,
  inputs: Readonly<Record<string, string>>,
): Promise<Weighed> {
  const server = filled.get(name)?.server;
  if (server === undefined) throw new Error(`${name} was not started`);
  const workspace = await situationWorkspace(change);
  try {
    const result = await checkHere(workspace, {
      title,
      inputs: {
        'closed-window': '10m',
        address: server.address,
        'show-workflow-ids': 'true',
        // One process bundles once.
        'replay-concurrency': '1',
        ...inputs,
      },
    });
    const report = JSON.parse(readFileSync(result.outputs['report'] ?? '', 'utf8')) as JsonReport;
    expect(reportProblems(report)).toEqual([]);
    const { verdict, reason } = result.outputs;
    return {
      ...result,
      verdict: `${verdict}: ${reason}, ${result.exitCode === 0 ? 'green' : 'red'}`,
      weights: report.findings.map(({ weight }) => weight),
      kinds: Object.fromEntries(
        report.outcomes.map(({ kind, execution }) => [execution.runId, kind]),
      ),
    };
  } finally {
    await workspace.remove();
  }
}

const GREEN = 'compatible: historical-finding, green';
const RED = 'incompatible: decisive-finding, red';
const DEAD =
  'it hits closed executions only, and all of them are of builds that are no longer live';
const STANDING =
  /^it hits closed executions, and about 0\.0\d+ executions stand past this point at any moment: 8 passed it in the last 10 minutes and stayed [\d.]+ seconds? on average$/u;
const LEFT_BEHIND =
  'it hits only runs that a reset left behind: other runs have gone on in their place';

describeOnServers('on %s, in a version set', (name) => {
  const inSet = (change: SituationChange, taskQueue: string): Promise<Weighed> =>
    check(name, change, '[compatible-v1] Tidy up', {
      'task-queue': taskQueue,
      versioning: 'version-set',
    });

  test('a patch removed after the last execution of its old branch closed is green, with a warning', async () => {
    const result = await inSet('patch-removed', 'patch-unused');
    expect(result).toMatchObject({
      verdict: GREEN,
      weights: [
        {
          kind: 'historical',
          reason: DEAD,
        },
      ],
    });
    expect(result.annotations.map(({ level }) => level)).toContain('warning');
  });

  test('a patch removed while one execution of its old branch runs is red', async () => {
    expect(await inSet('patch-removed', 'patch-in-use')).toMatchObject({
      verdict: RED,
      weights: [{ kind: 'decisive', reason: 'it hits 1 running execution' }],
    });
  });

  inTier('middle', 'types that are deleted', () => {
    test('a workflow type deleted that hardly any execution runs is green, with a warning', async () => {
      expect(await inSet('survey-deleted', 'type-unused')).toMatchObject({
        verdict: GREEN,
        weights: [
          {
            kind: 'historical',
            reason: expect.stringMatching(
              /^it hits closed executions only, and fewer than 0\.01 executions stand past this point/u,
            ),
          },
        ],
      });
    });

    test('a workflow type deleted of which one execution runs is red', async () => {
      expect(await inSet('survey-deleted', 'type-in-use')).toMatchObject({
        verdict: RED,
        weights: [{ kind: 'decisive', reason: 'it hits 1 running execution' }],
      });
    });
  });

  test('a run that a reset terminated weighs nothing, and the run in its place replays', async () => {
    const result = await inSet('letter-changed', 'reset-running');
    expect(result).toMatchObject({
      verdict: GREEN,
      weights: [{ kind: 'historical', reason: LEFT_BEHIND }],
    });
    expect(result.kinds[filled.get(name)?.resetRuns['reset-running'] ?? '']).toBe('passed');
  });

  inTier('middle', 'a failed run that a reset left behind', () => {
    test('so does a run that had failed before it was reset', async () => {
      const result = await inSet('letter-changed', 'reset-closed');
      expect(result).toMatchObject({
        verdict: GREEN,
        weights: [{ kind: 'historical', reason: LEFT_BEHIND }],
      });
      expect(result.kinds[filled.get(name)?.resetRuns['reset-closed'] ?? '']).toBe('passed');
    });
  });

  test('a break in closed executions of the default build is red where others would stand past it', async () => {
    expect(await inSet('letter-changed', 'closed-live')).toMatchObject({
      verdict: RED,
      weights: [{ kind: 'decisive', reason: expect.stringMatching(STANDING) }],
    });
  });

  inTier('middle', 'closed executions of a build that was replaced', () => {
    test('a break in closed executions of a build that another has replaced is green, with a warning', async () => {
      expect(await inSet('letter-changed', 'closed-dead')).toMatchObject({
        verdict: GREEN,
        weights: [
          {
            kind: 'historical',
            reason: DEAD,
          },
        ],
      });
    });
  });
});

describeOnServers('on %s, in a Worker Deployment', (name) => {
  const inDeployment = (buildId: string, deployment: (typeof DEPLOYMENTS)[number]) =>
    check(name, 'letter-changed', `[compatible-${buildId}] Change letters`, {
      'deployment-name': deployment,
    });

  test('a break in executions that are pinned to the current version is red only where the title names it', async () => {
    expect(await inDeployment('b2', 'pinned-to-current')).toMatchObject({
      verdict: RED,
      weights: [
        { kind: 'decisive', reason: 'it hits 1 running execution, pinned to their version' },
      ],
    });
    expect(await inDeployment('current', 'pinned-to-current')).toMatchObject({
      verdict: 'compatible: pinned-finding, green',
      weights: [{ kind: 'pinned' }],
    });
  });

  inTier('middle', 'closed executions of the current version', () => {
    test('a break in closed executions of the current version is red where others would stand past it', async () => {
      expect(await inDeployment('b2', 'closed-by-current')).toMatchObject({
        verdict: RED,
        weights: [{ kind: 'decisive', reason: expect.stringMatching(STANDING) }],
      });
    });
  });

  test('a break in the part of an execution that a former version ran is green, with a warning', async () => {
    expect(await inDeployment('b2', 'closed-by-former')).toMatchObject({
      verdict: GREEN,
      weights: [
        {
          kind: 'historical',
          reason: DEAD,
        },
      ],
    });
  });

  inTier('middle', 'closed executions of a version that others are pinned to', () => {
    test('a break in closed executions of a former version is red while running ones are pinned to it', async () => {
      expect(await inDeployment('b1', 'closed-by-pinned')).toMatchObject({
        verdict: RED,
        weights: [{ kind: 'decisive', reason: expect.stringMatching(STANDING) }],
      });
      expect((await inDeployment('b2', 'closed-by-pinned')).verdict).toBe(
        'compatible: all-replayed, green',
      );
    });
  });
});
