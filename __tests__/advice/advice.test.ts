import { describe, expect, test } from '@jest/globals';
import { deployments } from '../../src/advice/deploy.js';
import { interfaceChanges } from '../../src/advice/interface-changes.js';
import type { Advice } from '../../src/model/advice.js';
import type { Drift } from '../../src/model/drift.js';
import type { Report } from '../../src/model/report.js';
import type { VerdictKind } from '../../src/model/verdict.js';
import type { VersionsInUse } from '../../src/model/versions-in-use.js';
import { adviceJson } from '../../src/report/advice-json.js';
import { renderAdviceSummary } from '../../src/report/advice-summary.js';
import { renderAdviceText } from '../../src/report/advice-text.js';
import { PLAIN } from '../../src/report/style.js';
import { versionName } from '../../src/report/version-words.js';
import { judgeVersions } from '../../src/retirement/judge-versions.js';
import { aFinding } from '../builders/findings.js';
import { expectGolden } from '../builders/golden.js';
import { aReport } from '../builders/reports.js';
import {
  aDeployment,
  aDeploymentVersion,
  aPoller,
  aQueue,
  running,
  versionsInUse,
} from '../builders/versions.js';

const SET = { kind: 'version-set', buildId: 'v1.0' } as const;

const SEEN: Partial<VersionsInUse> = {
  deployments: [aDeployment({ b2: undefined, b1: 'draining' }, { current: 'b2' })],
  queues: [
    aQueue({ current: { deploymentName: 'orders', buildId: 'b2' } }),
    aQueue({ name: 'sets', sets: [['v0.9', 'v1.0']], pollers: [aPoller(SET)] }),
    aQueue({ name: 'plain', pollers: [aPoller({ kind: 'build-id', buildId: 'abc' })] }),
  ],
  running: [
    running(1, { last: aDeploymentVersion('b1'), behavior: 'pinned' }),
    running(4, { last: aDeploymentVersion('b2'), behavior: 'auto-upgrade' }),
    running(7, { last: SET, taskQueue: 'sets' }),
    running(2, { last: { kind: 'build-id', buildId: 'abc' }, taskQueue: 'plain' }),
  ],
};

/** What a claim for each version would come to, by its name; compatible where nothing is said. */
function adviceOf(
  kinds: Readonly<Record<string, VerdictKind>>,
  changes: Partial<Report> = {},
  seen = SEEN,
): Advice {
  const { versions } = judgeVersions(versionsInUse(seen), { deploymentName: undefined });
  const live = versions.filter(({ version }) => version.buildId !== 'v0.9');
  return {
    commit: undefined,
    address: 'localhost:7233',
    namespace: 'default',
    versions: live.map((judged) => {
      const kind = kinds[versionName(judged.version)] ?? 'compatible';
      const findings = kind === 'incompatible' ? [aFinding()] : [];
      const verdict = {
        kind,
        reason: 'all-replayed' as const,
        summary: `It is ${kind}.`,
        passes: true,
      };
      const report = { ...aReport(), findings, ...changes, verdict } as const;
      return { judged, report };
    }),
    notes: ['Something was left out.'],
  };
}

const kindsOf = (advice: Advice): string[] => deployments(advice).map(({ kind }) => kind);

describe('how to deploy', () => {
  test('what takes over everything is minor everywhere', () => {
    expect(kindsOf(adviceOf({}))).toEqual(['minor', 'minor', 'minor']);
  });

  test('what breaks executions that would come to it is major', () => {
    const advice = adviceOf({
      'orders:b2': 'incompatible',
      'v1.0 on sets': 'incompatible',
      abc: 'incompatible',
    });
    expect(kindsOf(advice)).toEqual(['major', 'major', 'major']);
    const [deployment] = deployments(advice);
    expect(deployment?.commands[0]).toMatch(
      /update-options --query 'TemporalWorkerDeployment = "orders".*--versioning-override-build-id b2/u,
    );
  });

  test('pinned executions stay, so a break of theirs alone is minor', () => {
    expect(kindsOf(adviceOf({ 'orders:b1': 'incompatible' }))[0]).toBe('minor');
  });

  test('where no running execution would come to it, nothing breaks', () => {
    const idle = { ...SEEN, running: [] };
    const nothing = { 'orders:b2': 'inconclusive', 'v1.0 on sets': 'inconclusive' } as const;
    expect(kindsOf(adviceOf(nothing, {}, idle)).slice(0, 2)).toEqual(['minor', 'minor']);
  });

  test('what is not known is not called minor or major', () => {
    const advice = adviceOf({
      'orders:b2': 'inconclusive',
      'v1.0 on sets': 'inconclusive',
      abc: 'inconclusive',
    });
    expect(kindsOf(advice)).toEqual(['not-known', 'not-known', 'not-known']);
    expect(deployments(advice).flatMap(({ commands }) => commands)).toEqual([]);
  });

  test('a name that would widen the query comes into no command about executions', () => {
    const name = 'x" OR WorkflowType != "';
    const advice = adviceOf(
      { [`${name}:b2`]: 'incompatible' },
      {},
      {
        deployments: [aDeployment({ b2: undefined }, { name, current: 'b2' })],
      },
    );
    const [way] = deployments(advice);
    expect(way).toMatchObject({ kind: 'major' });
    expect(way?.commands.filter((command) => command.includes('update-options'))).toEqual([]);
  });
});

describe('a changed interface', () => {
  const drift = (changes: Partial<Drift>): Partial<Report> => ({
    drift: {
      policy: 'report',
      compared: 2,
      chosen: 2,
      baseline: true,
      undecoded: [],
      differences: [
        {
          kind: 'field',
          workflowTypes: ['order'],
          command: 'child workflow shipment',
          field: 'argument 1',
          executions: 2,
          running: 1,
          basis: 'differs-from-baseline',
          ...changes,
        },
      ],
    },
  });

  test.each([
    ['what a child workflow gets', {}, true],
    ['what the next run gets', { command: 'continue-as-new' }, true],
    ['what callers get', { command: "the workflow's completion", field: 'result' }, true],
    ['what an activity gets', { command: 'activity chargeCard' }, false],
    ["a child's timeout", { field: 'workflowRunTimeout' }, false],
    ['what one execution alone shows', { basis: 'one-execution' }, false],
  ] as const)('%s: %j', (_, changes, isChange) => {
    expect(interfaceChanges(adviceOf({}, drift(changes))).length).toBe(isChange ? 1 : 0);
  });

  test.each(['signal-handler-missing', 'update-handler-missing', 'workflow-type-missing'] as const)(
    '%s is one',
    (cause) => {
      const advice = adviceOf({}, { findings: [aFinding({ cause })] });
      expect(interfaceChanges(advice)).toHaveLength(1);
    },
  );

  test('another cause is none', () => {
    expect(interfaceChanges(adviceOf({}, { findings: [aFinding()] }))).toEqual([]);
  });
});

test('a terminal and a summary tell the same', () => {
  const advice = adviceOf({ 'orders:b1': 'inconclusive', 'v1.0 on sets': 'incompatible' });
  expectGolden('terminal/advice.txt', `${renderAdviceText(advice, PLAIN)}\n`);
  expectGolden('summary/advice.md', renderAdviceSummary(advice));
});

test('JSON holds an answer for each version, and no title that would not hold', () => {
  expect(adviceJson(adviceOf({ 'orders:b2': 'incompatible', abc: 'inconclusive' }))).toMatchObject({
    versions: [
      { buildId: 'b2', compatible: false, title: null },
      { buildId: 'b1', compatible: true, title: '[compatible-b1]' },
      { buildId: 'v1.0', compatible: true, title: '[compatible-v1.0]' },
      { buildId: 'abc', compatible: null, title: null },
    ],
    deployments: [{ kind: 'major' }, { kind: 'minor' }, { kind: 'not-known' }],
  });
});

test('without a live version it says so', () => {
  const none = { ...adviceOf({}), versions: [] };
  expect(renderAdviceText(none, PLAIN)).toMatch(/^No version is live/u);
});
