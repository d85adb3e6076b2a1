import { expect, test } from '@jest/globals';
import { advise, type AdviceParts } from '../../src/gate/advise.js';
import { isCompatible } from '../../src/model/advice.js';
import type { Execution } from '../../src/model/execution.js';
import { UserError } from '../../src/model/user-error.js';
import type { VersionsInUse } from '../../src/model/versions-in-use.js';
import { versionName } from '../../src/report/version-words.js';
import { judgeVersions } from '../../src/retirement/judge-versions.js';
import { anExecution, executions } from '../builders/executions.js';
import { FakeReplayers, type AnswerTo } from '../builders/fake-replayers.js';
import { aVersionSetTarget, FakeParts, gateSettings, NOW } from '../builders/gate-parts.js';
import {
  aDeployment,
  aDeploymentVersion,
  aQueue,
  running,
  versionsInUse,
} from '../builders/versions.js';

const LIVE: Partial<VersionsInUse> = {
  deployments: [aDeployment({ b2: undefined, b1: 'draining', b0: 'drained' }, { current: 'b2' })],
  queues: [aQueue({ current: { deploymentName: 'orders', buildId: 'b2' } })],
  running: [running(1, { last: aDeploymentVersion('b1'), behavior: 'pinned' })],
};

/** What is pinned to b1 breaks. */
const shared = executions(2, { group: 'auto-upgrade' });
const pinned = anExecution({ workflowId: 'pinned', group: 'pinned' });
const OF: Readonly<Record<string, readonly Execution[]>> = {
  b2: shared,
  b1: [...shared, pinned],
};
const PINNED_BREAKS: AnswerTo = ({ workflowId }) =>
  workflowId === 'pinned'
    ? {
        outcome: 'nondeterministic',
        message: 'Nondeterminism error: No command for HistoryEvent(id: 5, TimerStarted)',
      }
    : { outcome: 'passed' };

function partsFor(replayers: FakeReplayers, changes: Partial<AdviceParts> = {}) {
  const fake = new FakeParts([], replayers);
  let asked = '';
  const parts: AdviceParts = {
    ...fake,
    now: () => NOW,
    progress: () => undefined,
    effort: () => undefined,
    findVersions: () =>
      Promise.resolve(judgeVersions(versionsInUse(LIVE), { deploymentName: undefined })),
    resolveVersion: ({ buildId = '' }) => {
      asked = buildId;
      return Promise.resolve({
        kind: 'found',
        target: aVersionSetTarget({
          buildId,
          sets: [{ taskQueue: 'orders', buildIds: [buildId] }],
        }),
      });
    },
    listExecutions: () => Promise.resolve({ executions: OF[asked] ?? [], truncated: false }),
    ...changes,
  };
  return { fake, parts };
}

test('each live version is told whether its claim would hold', async () => {
  const { parts, fake } = partsFor(new FakeReplayers(PINNED_BREAKS));
  const { versions, problem } = await advise(gateSettings(), parts);
  expect(problem).toBeUndefined();
  expect(versions.map((one) => [versionName(one.judged.version), isCompatible(one)])).toEqual([
    ['orders:b2', true],
    ['orders:b1', false],
  ]);
  expect(versions.map(({ report }) => report.outcomes.length)).toEqual([2, 3]);
  expect(versions[1]?.report.findings.map((finding) => finding.executions)).toEqual([[pinned]]);
  expect(versions[0]?.report.findings).toEqual([]);
  expect(fake.calls.filter((call) => call === 'close')).toHaveLength(1);
});

test('an execution that several claims are about is replayed once', async () => {
  const replayers = new FakeReplayers();
  const { parts, fake } = partsFor(replayers);
  await advise(gateSettings(), parts);
  expect(new Set(replayers.asked.map(({ workflowId }) => workflowId)).size).toBe(3);
  expect(replayers.work).toBe(3);
  expect(fake.calls.filter((call) => call === 'startReplayers')).toHaveLength(1);
});

test('a version that cannot be looked up is not known, and the others are', async () => {
  const { parts } = partsFor(new FakeReplayers());
  const resolveVersion: AdviceParts['resolveVersion'] = (version) =>
    version.buildId === 'b1'
      ? Promise.reject(new UserError({ found: 'No permission', fix: 'ask for it' }))
      : parts.resolveVersion(version);
  const { versions } = await advise(gateSettings(), { ...parts, resolveVersion });
  expect(versions.map(isCompatible)).toEqual([true, undefined]);
  expect(versions[1]?.report.verdict.summary).toContain('No permission');
});

test('code that cannot be replayed, and a server that cannot be asked, are told once', async () => {
  const { parts } = partsFor(new FakeReplayers(), {
    findVersions: () => Promise.reject(new UserError({ found: 'The server is gone' })),
  });
  const advice = await advise(gateSettings(), parts);
  expect(advice).toMatchObject({ versions: [], problem: { found: 'The server is gone' } });
});

test('a cancelled run is no advice', async () => {
  const { parts, fake } = partsFor(new FakeReplayers());
  const advice = await advise(gateSettings(), {
    ...parts,
    findVersions: () => {
      fake.cancel();
      return parts.findVersions();
    },
  });
  expect(advice.problem).toEqual({ found: 'The run was cancelled' });
});

test('of a thousand live versions a bounded number is tried, and a note says so', async () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `b${index}`);
  const { parts } = partsFor(new FakeReplayers(), {
    findVersions: () =>
      Promise.resolve(
        judgeVersions(
          versionsInUse({
            deployments: [aDeployment(Object.fromEntries(ids.map((id) => [id, undefined])))],
            queues: [aQueue()],
            running: ids.map((id) =>
              running(1, { last: aDeploymentVersion(id), behavior: 'pinned' }),
            ),
          }),
          { deploymentName: undefined },
        ),
      ),
  });
  const { versions, notes } = await advise(gateSettings(), parts);
  expect(versions).toHaveLength(50);
  expect(notes).toEqual([expect.stringMatching(/1000 live versions.*50 of them/u)]);
});
