import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkHere } from '../../testing/pull-request-check.js';
import { Situations, situationWorkspace, type SituationChange } from '../../testing/situations.js';
import { startDevServer, type RunningServer } from '../../testing/temporal-server.js';
import { inTier } from '../../testing/tiers.js';
import { registerBuildIds } from '../../testing/version-sets.js';
import { later } from '../../testing/later.js';

/**
 * What closed executions predict, where no execution runs at the check. Executions, histories, times and replays are
 * real. A test cannot wait for days: the window is ten minutes, so that seconds count as hours do in a week. Where
 * days pass, the clock of the check is moved on, and the server's is not.
 */

const SETS = ['every-second', 'long-timer', 'one-long'] as const;
const RIGHTLY = 'patch-removed-rightly';
const TOO_EARLY = 'patch-removed-too-early';
const UNVERSIONED = [RIGHTLY, TOO_EARLY] as const;

/** Ten executions, each a second past the point: 0.017 at any moment of ten minutes. */
const STARTED = 10;
const STAY_MS = 1000;
/** More than a hundredth of ten minutes. */
const LONG_MS = 8000;

let server: RunningServer;
beforeAll(async () => {
  server = await startDevServer();
  const situations = await Situations.on(server);
  try {
    await fill(situations);
  } finally {
    await situations.close();
  }
});
afterAll(() => server.stop());

async function fill(situations: Situations): Promise<void> {
  for (const taskQueue of SETS) {
    await registerBuildIds(server, taskQueue, [
      { operation: 'addNewIdInNewDefaultSet', buildId: 'v1' },
    ]);
  }
  const workers = [
    ...SETS.map((taskQueue) => ({ taskQueue, buildId: 'v1' })),
    ...UNVERSIONED.map((taskQueue) => ({ taskQueue })),
  ];
  await situations.withWorkers(workers, async () => {
    await Promise.all([
      everySecond(situations),
      failAfterLongTimers(situations),
      finishAfter(situations, 'letter', 'one-long', LONG_MS),
      ...UNVERSIONED.map((taskQueue) => finishAfter(situations, 'invoice', taskQueue, LONG_MS)),
    ]);
  });
  // The next version, in which the patch is.
  const patched = UNVERSIONED.map((taskQueue) => ({
    taskQueue,
    workflows: 'workflows-patched' as const,
  }));
  await situations.withWorkers(patched, async () => {
    await Promise.all([
      ...Array.from({ length: 20 }, () => situations.startAndFinish('invoice', RIGHTLY)),
      ...Array.from({ length: 3 }, () => situations.startAndFinish('invoice', TOO_EARLY)),
    ]);
  });
  for (const [taskQueue, closed] of [
    ['every-second', STARTED],
    ['long-timer', 2],
    ['one-long', 1],
    [RIGHTLY, 21],
    [TOO_EARLY, 4],
  ] as const) {
    await situations.untilListed(`TaskQueue = "${taskQueue}" AND CloseTime IS NOT NULL`, closed);
    await situations.untilListed(`TaskQueue = "${taskQueue}" AND CloseTime IS NULL`, 0);
  }
}

async function everySecond(situations: Situations): Promise<void> {
  const ends: Promise<void>[] = [];
  for (let started = 0; started < STARTED; started += 1) {
    ends.push(finishAfter(situations, 'letter', 'every-second', STAY_MS));
    await sleep(1000);
  }
  await Promise.all(ends);
}

async function finishAfter(
  situations: Situations,
  workflowType: string,
  taskQueue: string,
  stayMs: number,
): Promise<void> {
  await situations.finish(await situations.start(workflowType, taskQueue), stayMs);
}

/** A letter that comes back waits seven seconds in a timer, and closes in the task after it. */
async function failAfterLongTimers(situations: Situations): Promise<void> {
  const letters = [1, 2].map(async () => {
    const letter = await situations.startWaiting('letter', 'long-timer');
    await letter.signal('send', true);
    await letter.result().catch(() => 'it failed, as it was asked to');
  });
  await Promise.all(letters);
}

interface Weighed {
  readonly verdict: string;
  readonly weights: readonly { readonly kind: string; readonly reason: string }[];
}

async function check(
  change: SituationChange,
  inputs: Readonly<Record<string, string>>,
): Promise<Weighed> {
  const workspace = await situationWorkspace(change);
  try {
    const { outputs, exitCode, log } = await checkHere(workspace, {
      title: '[compatible-v1] Tidy up',
      inputs: {
        address: server.address,
        'closed-window': '10m',
        'replay-concurrency': '1',
        ...inputs,
      },
    });
    if (outputs['report'] === undefined) throw new Error(log.join('\n'));
    const report = JSON.parse(readFileSync(outputs['report'], 'utf8')) as {
      findings: readonly { weight: Weighed['weights'][number] }[];
    };
    const { verdict, reason } = outputs;
    return {
      verdict: `${verdict}: ${reason}, ${exitCode === 0 ? 'green' : 'red'}`,
      weights: report.findings.map(({ weight }) => weight),
    };
  } finally {
    await workspace.remove();
  }
}

const inSet = (change: SituationChange, taskQueue: (typeof SETS)[number], more = {}) =>
  check(change, { 'task-queue': taskQueue, versioning: 'version-set', ...more });

const withoutBuildIds = (taskQueue: (typeof UNVERSIONED)[number]) =>
  check('patch-removed', { versioning: 'none', query: `TaskQueue = "${taskQueue}"` });

const GREEN = 'compatible: historical-finding, green';
const RED = 'incompatible: decisive-finding, red';

/** Red for this number of executions that passed the point. */
function redFor(passed: number): Weighed {
  const reason = new RegExp(
    `^it hits closed executions, and about 0\\.0\\d+ executions stand past this point at any moment: ${passed} passed it in the last 10 minutes and stayed [\\d.]+ seconds? on average$`,
    'u',
  );
  return {
    verdict: RED,
    weights: [{ kind: 'decisive', reason: expect.stringMatching(reason) as unknown as string }],
  };
}

function greenBecause(reason: string): Weighed {
  return {
    verdict: GREEN,
    weights: [{ kind: 'historical', reason: `it hits closed executions only, and ${reason}` }],
  };
}

test('a type that is started every second, and that never runs at the check, is red', async () => {
  expect(await inSet('letter-changed', 'every-second')).toEqual(redFor(STARTED));
});

test('a command that is added at the very end is green, however many executions stayed before it', async () => {
  expect(await inSet('letter-ends-otherwise', 'every-second')).toEqual(
    greenBecause(
      'they break in the workflow task that closes them, so no running execution can be past this point',
    ),
  );
});

test('a break just before a long timer is red, because executions wait in that timer', async () => {
  expect(await inSet('letter-changed', 'long-timer')).toEqual(redFor(2));
});

test('a type that last closed before the window is green', async () => {
  const restore = later({ days: 8 });
  try {
    expect(await inSet('letter-changed', 'every-second', { 'closed-window': '7d' })).toEqual(
      greenBecause(
        'fewer than 0.01 executions stand past this point at any moment: none passed it in the last 7 days',
      ),
    );
  } finally {
    restore();
  }
});

inTier('middle', 'long executions, and patches without build IDs', () => {
  test('a type of long executions of which one closed in the window is red', async () => {
    expect(await inSet('letter-changed', 'one-long')).toEqual(redFor(1));
  });

  test('a patch that is removed after its old branch is left is green, where builds are not known', async () => {
    expect(await withoutBuildIds(RIGHTLY)).toEqual(
      greenBecause(
        'no execution takes this path any more: the last 20 or more that started later came past the same point and pass',
      ),
    );
  });

  test('a patch that is removed too early is red, where builds are not known', async () => {
    expect(await withoutBuildIds(TOO_EARLY)).toEqual(redFor(1));
  });
});
