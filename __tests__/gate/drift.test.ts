import { describe, expect, test } from '@jest/globals';
import { runGate } from '../../src/gate/gate.js';
import type { DriftPolicy } from '../../src/model/drift.js';
import type { Report } from '../../src/model/report.js';
import { CarriedFields } from '../../src/replay/carried.js';
import type { ReplayRequest } from '../../src/replay/replay-line.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers, PASSED, type Answer, type AnswerTo } from '../builders/fake-replayers.js';
import { BASE_COMMIT, FakeParts, gateSettings } from '../builders/gate-parts.js';

/** The history holds one timer; code that waits for so many seconds issues it. */
function waits(seconds: number): (message: ReplayRequest) => Answer {
  const carries = new CarriedFields().duration('startToFireTimeout', { seconds, nanos: 0 }).done();
  return ({ record }) => ({
    outcome: 'passed',
    ...(record
      ? { commands: [{ command: 'StartTimer', name: '', historyLength: 3, carries }] }
      : {}),
  });
}

async function check(
  drift: DriftPolicy,
  {
    code = waits(20),
    base,
    executions = 2,
  }: { code?: AnswerTo; base?: FakeReplayers; executions?: number } = {},
): Promise<{ report: Report; parts: FakeParts }> {
  const parts = new FakeParts(
    Array.from({ length: executions }, () => anExecution()),
    new FakeReplayers(code),
  );
  if (base !== undefined) parts.useBaseline(base);
  const settings = gateSettings();
  const policy = { ...settings.policy, drift };
  return { report: await runGate({ ...settings, policy }, parts), parts };
}

const verdictOf = ({ verdict }: Report): string =>
  `${verdict.kind}: ${verdict.reason}, ${verdict.passes ? 'green' : 'red'}`;

describe('drift', () => {
  test.each([
    ['report', 'compatible: all-replayed, green'],
    ['warn', 'compatible: all-replayed, green'],
    ['fail', 'incompatible: drift, red'],
  ] as const)('%s: %s', async (policy, verdict) => {
    const { report } = await check(policy);
    expect(verdictOf(report)).toBe(verdict);
    expect(report.drift).toMatchObject({
      policy,
      differences: [{ field: 'startToFireTimeout', executions: 2 }],
      compared: 2,
      chosen: 2,
      baseline: false,
    });
  });

  test('off records nothing', async () => {
    const { report, parts } = await check('off');
    expect(report).not.toHaveProperty('drift');
    expect(parts.replayers.asked.filter(({ record }) => record)).toEqual([]);
  });

  test('that one execution alone shows decides nothing', async () => {
    const { report } = await check('fail', { executions: 1 });
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(report.drift?.differences).toMatchObject([{ basis: 'one-execution' }]);
  });

  test('that could not be looked for is red where it was asked for', async () => {
    const { report } = await check('fail', { code: PASSED });
    expect(verdictOf(report)).toBe('inconclusive: drift-unknown, red');
    expect(verdictOf((await check('report', { code: PASSED })).report)).toMatch(/green$/u);
  });
});

describe('the baseline', () => {
  test('that does the same takes it away', async () => {
    const base = new FakeReplayers(waits(20));
    const { report } = await check('fail', { base });
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(report.drift).toMatchObject({ differences: [], baseline: true });
    expect(base.asked.map(({ record }) => record)).toEqual([true, true]);
    expect(report.baseline).toMatchObject({
      commit: BASE_COMMIT,
      replayer: { language: 'typescript' },
    });
  });

  test('that does otherwise makes it new, also in one execution', async () => {
    const base = new FakeReplayers(waits(0));
    const { report } = await check('fail', { base, executions: 1 });
    expect(verdictOf(report)).toBe('incompatible: drift, red');
    expect(report.drift?.differences).toMatchObject([{ basis: 'differs-from-baseline' }]);
  });

  test('that does not pass says nothing', async () => {
    const same = waits(20);
    const base = new FakeReplayers((message) => ({
      ...same(message),
      outcome: 'nondeterministic',
    }));
    const { report } = await check('report', { base });
    expect(report.drift).toMatchObject({
      differences: [{ basis: 'several-executions' }],
      baseline: false,
    });
  });

  test('that cannot be started is a warning', async () => {
    const base = new FakeReplayers();
    base.ready = () => Promise.reject(new Error('no SDK'));
    const { report } = await check('report', { base });
    expect(report.warnings.join()).toMatch(/may be older than this change.*no SDK/u);
    expect(report.drift?.differences).toHaveLength(1);
  });
});
