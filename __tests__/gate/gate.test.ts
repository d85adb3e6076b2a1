import { describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { runGate } from '../../src/gate/gate.js';
import { executionKey } from '../../src/model/coverage.js';
import type { Report } from '../../src/model/report.js';
import { UserError } from '../../src/model/user-error.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { FakeReplayers, type AnswerTo } from '../builders/fake-replayers.js';
import {
  aRead,
  aSubject,
  aVersionSetTarget,
  COMMIT,
  FakeParts,
  gateSettings,
  NOW,
} from '../builders/gate-parts.js';
import { itemAt } from '../builders/item-at.js';

const BREAKS: AnswerTo = () => ({
  outcome: 'nondeterministic',
  message: 'Nondeterminism error: No command for HistoryEvent(id: 5, TimerStarted)',
  commands: [{ command: 'ScheduleActivityTask', name: 'ship', historyLength: 3 }],
});

const userError = () => new UserError({ found: 'The server is gone', fix: 'start it' });

function verdictOf({ verdict }: Report): string {
  return `${verdict.kind}: ${verdict.reason}, ${verdict.passes ? 'green' : 'red'}`;
}

describe('a claim that holds', () => {
  const listed = [anExecution(), aClosedExecution()];

  test('is compatible, and the report says of what, when and with what', async () => {
    const report = await runGate(gateSettings(), new FakeParts(listed));
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(report).toMatchObject({
      asOf: NOW.toISOString(),
      commit: COMMIT,
      claim: { kind: 'claimed', buildId: 'v1.0' },
      target: { kind: 'version-set', buildId: 'v1.0' },
      replayer: { language: 'typescript', sdkVersion: '1.24.0' },
      coverage: { matched: 2 },
      findings: [],
      warnings: [],
    });
    expect(report).not.toHaveProperty('problem');
  });

  test('was looked into in this order, with the replayer started before the server is asked', async () => {
    const parts = new FakeParts(listed);
    await runGate(gateSettings(), parts);
    expect(parts.calls).toEqual([
      'readSubject',
      'checkSubject',
      'startReplayers',
      'openBaseline',
      'resolveTarget',
      'listExecutions',
      'progress',
      'progress',
      'recheckSubject',
      'close',
    ]);
    expect(parts.replayers.work).toBe(2);
  });

  test('has its histories read while its code is still made ready', async () => {
    const parts = new FakeParts(executions(3));
    const { replayers } = parts;
    let isRead = (): void => undefined;
    const reading = new Promise<void>((resolve) => (isRead = resolve));
    parts.readHistories = async function* (listed) {
      await Promise.resolve();
      isRead();
      for (const execution of listed) yield aRead(execution);
    };
    const ready = replayers.ready.bind(replayers);
    replayers.ready = async () => {
      await reading;
      return ready();
    };
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(report.outcomes).toHaveLength(3);
  });

  test('is looked for after a Conventional Commit type where the setting says so', async () => {
    const parts = new FakeParts(listed);
    parts.readSubject = () => Promise.resolve(aSubject({ title: 'feat: [compatible-v1.0] Wait' }));
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe(
      'inconclusive: malformed-claim, red',
    );
    expect(verdictOf(await runGate(gateSettings({ claimPosition: 'after-type' }), parts))).toBe(
      'compatible: all-replayed, green',
    );
  });

  test('reads no more histories than the budget allows', async () => {
    const parts = new FakeParts(executions(30));
    const settings = gateSettings();
    const budget = { ...settings.budget, maxHistories: 25 };
    const report = await runGate({ ...settings, budget }, parts);
    expect(verdictOf(report)).toBe('compatible: some-replayed, green');
    expect(report.outcomes).toHaveLength(25);
  });
});

describe('nothing is asked of the server', () => {
  test.each([
    ['Wait a second', 'not-claimed: no-claim, green'],
    ['Revert "[compatible-v1.0] Wait"', 'not-claimed: no-claim, green'],
  ])('for the title %s: %s', async (title, expected) => {
    const parts = new FakeParts([anExecution()]);
    parts.readSubject = () => Promise.resolve(aSubject({ title }));
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe(expected);
    expect(parts.calls).toEqual(['close']);
  });

  test('but for what can be claimed, where a claim is malformed', async () => {
    const parts = new FakeParts([anExecution()]);
    parts.readSubject = () => Promise.resolve(aSubject({ title: '[Compatible-v1.0] Wait' }));
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('inconclusive: malformed-claim, red');
    expect(report.verdict.summary).toMatch(
      /lower case\. Live versions, to copy: \[compatible-v1\.1\]\.$/u,
    );
    expect(parts.calls).toEqual(['claimable', 'close']);
  });

  test("when the workspace does not hold the pull request's code", async () => {
    const parts = new FakeParts([anExecution()]);
    parts.checkSubject = () =>
      Promise.resolve({ reason: 'wrong-checkout', summary: 'Another commit.' });
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('inconclusive: wrong-checkout, red');
    expect(parts.calls).toEqual(['readSubject', 'close']);
  });
});

describe('an earlier claim that the title no longer makes', () => {
  const withTitles = (title: string, titles: readonly string[], problem?: string) => {
    const parts = new FakeParts();
    let asked = 0;
    parts.readSubject = () =>
      Promise.resolve(
        aSubject({
          title,
          readEarlierTitles: () => {
            asked += 1;
            return Promise.resolve({ titles, ...(problem === undefined ? {} : { problem }) });
          },
        }),
      );
    return { parts, asked: () => asked };
  };

  test('is a warning that names it, and decides nothing', async () => {
    const { parts, asked } = withTitles('Wait', ['Wait!', '[compatible-v1.0] Wait']);
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('not-claimed: no-claim, green');
    expect(report.removedClaim).toBe('v1.0');
    expect(report.warnings).toEqual([expect.stringContaining('claimed [compatible-v1.0]')]);
    expect(asked()).toBe(1);
  });

  test('may be unknown, which is a warning too', async () => {
    const { parts } = withTitles('Wait', [], 'GitHub did not tell.');
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('not-claimed: no-claim, green');
    expect(report.removedClaim).toBeUndefined();
    expect(report.warnings).toEqual(['GitHub did not tell.']);
  });

  test.each(['[compatible-v2.0] Wait', '[Compatible v2.0] Wait'])(
    'is not asked for when the title is %s',
    async (title) => {
      const { parts, asked } = withTitles(title, ['[compatible-v1.0] Wait']);
      expect((await runGate(gateSettings(), parts)).removedClaim).toBeUndefined();
      expect(asked()).toBe(0);
    },
  );

  test('is not asked for when the input claims a build ID', async () => {
    const { parts, asked } = withTitles('Wait', ['[compatible-v1.0] Wait']);
    await runGate(gateSettings({ buildId: 'v3.0' }), parts);
    expect(asked()).toBe(0);
  });
});

test('what looked like a claim and is none is a warning', async () => {
  const parts = new FakeParts();
  parts.readSubject = () => Promise.resolve(aSubject({ title: 'Wait [compatible-v1.0]' }));
  const report = await runGate(gateSettings(), parts);
  expect(report.warnings).toEqual([expect.stringContaining('but not at its start')]);
});

test('a build ID that the server does not know ends the run before it lists anything', async () => {
  const parts = new FakeParts([anExecution()]);
  parts.resolveTarget = () =>
    Promise.resolve({ kind: 'unknown-build', explanation: 'No set holds it.' });
  const report = await runGate(gateSettings(), parts);
  expect(verdictOf(report)).toBe('inconclusive: unknown-build, red');
  expect(report.verdict.summary).toBe(
    'No set holds it. Live versions, to copy: [compatible-v1.1].',
  );
  expect(parts.calls).not.toContain('listExecutions');
});

test('no execution is red for a claim, with what the server says of it', async () => {
  const report = await runGate(gateSettings(), new FakeParts());
  expect(verdictOf(report)).toBe('inconclusive: empty, red');
  expect(report.verdict.summary).toContain('The namespace holds none.');
});

test('why nothing matches is asked only then', async () => {
  const parts = new FakeParts([anExecution()]);
  await runGate(gateSettings(), parts);
  expect(parts.calls).not.toContain('explainNoMatch');
});

describe('a running execution that breaks', () => {
  test('is incompatible, with the place from the second replay', async () => {
    const report = await runGate(
      gateSettings(),
      new FakeParts([anExecution()], new FakeReplayers(BREAKS)),
    );
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings).toMatchObject([
      { divergence: { kind: 'differs', command: 'activity ship' }, weight: { kind: 'decisive' } },
    ]);
  });

  test('is incompatible also where it cannot be replayed a second time', async () => {
    const parts = new FakeParts([anExecution()], new FakeReplayers(BREAKS));
    parts.replayers.mostTaken = 1;
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe(
      'incompatible: decisive-finding, red',
    );
  });

  test('is found among many, wherever it stands', async () => {
    const listed = executions(30);
    const broken = itemAt(listed, 29).runId;
    const answer: AnswerTo = (asked) =>
      asked.runId === broken ? BREAKS(asked) : { outcome: 'passed' };
    const report = await runGate(gateSettings(), new FakeParts(listed, new FakeReplayers(answer)));
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings[0]?.executions.map((one) => one.runId)).toEqual([broken]);
  });
});

describe('a history that could not be judged', () => {
  test('is red when it runs, after one more try, alone, with four times the limit', async () => {
    const listed = [anExecution(), aClosedExecution()];
    const stuck = itemAt(listed, 0).runId;
    const replayers = new FakeReplayers((asked) =>
      asked.runId === stuck ? { kind: 'timeout' } : { outcome: 'passed' },
    );
    const report = await runGate(gateSettings(), new FakeParts(listed, replayers));
    expect(verdictOf(report)).toBe('inconclusive: errored, red');
    expect(replayers.limits).toEqual([1000, 1000, 4000]);
    expect(report.warnings).toEqual([expect.stringContaining('could not be judged')]);
  });

  test('that vanished or has nothing to replay says so, and the others count', async () => {
    const listed = [anExecution(), anExecution(), anExecution()];
    const parts = new FakeParts(listed);
    parts.readHistories = async function* () {
      await Promise.resolve();
      yield { kind: 'gone', execution: itemAt(listed, 0) };
      yield {
        kind: 'read',
        execution: itemAt(listed, 1),
        history: { bytes: new Uint8Array(), eventCount: 0, completedTasks: 0, shape: '' },
      };
      yield aRead(itemAt(listed, 2));
    };
    const report = await runGate(gateSettings(), parts);
    expect(report.outcomes.map((outcome) => outcome.kind)).toEqual(['gone', 'skipped', 'passed']);
    expect(verdictOf(report)).toBe('compatible: some-replayed, green');
  });

  test('that is unreadable is red when it runs', async () => {
    const execution = anExecution();
    const parts = new FakeParts([execution]);
    parts.readHistories = async function* () {
      await Promise.resolve();
      yield { kind: 'unreadable', execution, message: 'event 7 is missing' };
    };
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe(
      'inconclusive: nothing-replayed, red',
    );
  });
});

describe('an error ends the run early', () => {
  test.each([
    'readSubject',
    'checkSubject',
    'resolveTarget',
    'listExecutions',
    'recheckSubject',
  ] as const)('in %s: red, with what was found and how to fix it', async (part) => {
    const parts = new FakeParts([anExecution()]);
    Object.assign(parts, { [part]: () => Promise.reject(userError()) });
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('inconclusive: error, red');
    expect(report.problem).toMatchObject({ found: 'The server is gone', fix: 'start it' });
    expect(report).not.toHaveProperty('bug');
    expect(parts.calls.at(-1)).toBe('close');
  });

  test('in a replayer that cannot start: nothing more is read', async () => {
    const parts = new FakeParts([anExecution()]);
    parts.replayers.ready = () => Promise.reject(userError());
    const stops: AbortSignal[] = [];
    parts.readHistories = async function* (listed, stop) {
      stops.push(stop);
      await Promise.resolve();
      for (const execution of listed) yield aRead(execution);
    };
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe('inconclusive: error, red');
    expect(stops.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('while histories are read: what was replayed until then is in the report', async () => {
    const listed = executions(3);
    const parts = new FakeParts(listed);
    parts.readHistories = async function* () {
      await Promise.resolve();
      yield aRead(itemAt(listed, 0));
      throw userError();
    };
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('inconclusive: error, red');
    expect(report.outcomes).toHaveLength(1);
    expect(report.coverage.matched).toBe(3);
  });

  test('after a break was seen: it is told, with its place', async () => {
    const listed = executions(3);
    const parts = new FakeParts(listed, new FakeReplayers(BREAKS));
    parts.readHistories = async function* () {
      await Promise.resolve();
      yield aRead(itemAt(listed, 0));
      throw userError();
    };
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings[0]?.divergence.kind).toBe('differs');
    expect(report.warnings).toEqual([
      'The check ended early. The server is gone. To fix: start it.',
    ]);
  });

  test('of our own is a bug, and red', async () => {
    const bug = new TypeError('x is undefined');
    const parts = new FakeParts([anExecution()]);
    parts.listExecutions = () => Promise.reject(bug);
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('inconclusive: error, red');
    expect(report.bug).toBe(bug);
    expect(report.problem?.found).toBe('The action itself failed: x is undefined');
  });

  test('in a part that throws instead of rejecting is a bug too', async () => {
    const parts = new FakeParts([anExecution()]);
    parts.startReplayers = () => {
      throw new RangeError('y');
    };
    expect((await runGate(gateSettings(), parts)).bug).toBeInstanceOf(RangeError);
  });
});

describe('cleaning up', () => {
  test.each([
    [[anExecution()], new FakeReplayers(), 'compatible: all-replayed, green'],
    [[anExecution()], new FakeReplayers(BREAKS), 'incompatible: decisive-finding, red'],
  ])('that fails loses no report and changes no verdict', async (listed, replayers, expected) => {
    const parts = new FakeParts(listed, replayers);
    parts.close = () => Promise.reject(new Error('ENOTEMPTY: directory not empty'));
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe(expected);
    expect(report.warnings).toEqual([expect.stringContaining('ENOTEMPTY')]);
  });
});

describe('a cancelled job', () => {
  test('is red, and what was replayed until then is in the report', async () => {
    const listed = executions(3);
    const parts = new FakeParts(listed);
    parts.readHistories = async function* () {
      await Promise.resolve();
      yield aRead(itemAt(listed, 0));
      while (!parts.calls.includes('progress')) await turn();
      parts.cancel();
      throw parts.cancelled.reason;
    };
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('inconclusive: cancelled, red');
    expect(report.outcomes).toHaveLength(1);
    expect(report).not.toHaveProperty('bug');
  });

  test('is never green, also when it was cancelled after the last history', async () => {
    const parts = new FakeParts([anExecution()]);
    parts.recheckSubject = () => {
      parts.cancel();
      return Promise.reject(parts.cancelled.reason as Error);
    };
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe('inconclusive: cancelled, red');
  });

  test('is not green for the histories that happened to be there', async () => {
    const listed = executions(100);
    const parts = new FakeParts(listed);
    let read = 0;
    parts.readHistories = async function* () {
      await Promise.resolve();
      for (const execution of listed) {
        read += 1;
        if (read === 30) parts.cancel();
        yield aRead(execution);
      }
    };
    const report = await runGate(gateSettings(), parts);
    expect(read).toBeLessThan(100);
    expect(verdictOf(report)).toBe('inconclusive: cancelled, red');
  });
});

describe('a pull request that moved on while the check ran', () => {
  const moved = { reason: 'moved', summary: 'The title changed.' } as const;

  test('is red: the verdict would be about another one', async () => {
    const parts = new FakeParts([anExecution()]);
    parts.recheckSubject = () => Promise.resolve(moved);
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe('inconclusive: moved, red');
  });

  test('is asked after the last history', async () => {
    const parts = new FakeParts(executions(3));
    await runGate(gateSettings(), parts);
    expect(parts.calls.indexOf('recheckSubject')).toBeGreaterThan(
      parts.calls.lastIndexOf('progress'),
    );
  });

  test('still tells what broke', async () => {
    const parts = new FakeParts([anExecution()], new FakeReplayers(BREAKS));
    parts.recheckSubject = () => Promise.resolve(moved);
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.warnings).toEqual(['The title changed.']);
  });
});

describe('the report', () => {
  test('shows outcomes as they were listed, not as replays ended', async () => {
    const listed = [
      ...executions(2, { workflowType: 'a' }),
      ...executions(2, { workflowType: 'b' }),
    ];
    const report = await runGate(gateSettings(), new FakeParts(listed));
    expect(report.outcomes.map((outcome) => outcome.execution)).toEqual(listed);
  });

  test('says when the listing was cut', async () => {
    const listed = executions(2);
    const parts = new FakeParts(listed);
    parts.listExecutions = () => Promise.resolve({ executions: listed, truncated: true });
    const report = await runGate(gateSettings(), parts);
    expect(report.warnings).toEqual(['The listing was cut after 2 executions.']);
    expect(report.coverage.listingTruncated).toBe(true);
  });

  test('says when the registered workflow types are not known', async () => {
    const parts = new FakeParts([anExecution()]);
    parts.replayers.workflowTypes = undefined;
    const report = await runGate(gateSettings(), parts);
    expect(report.warnings).toEqual([expect.stringContaining('could not be read')]);
    parts.replayers.takesAnyType = true;
    const dynamic = await runGate(gateSettings(), parts);
    expect(dynamic.warnings).toEqual([]);
  });
});

describe('with a baseline', () => {
  const listed = [anExecution(), anExecution()];
  const withBaseline = (onBaseline: FakeReplayers, onHead = new FakeReplayers(BREAKS)) => {
    const parts = new FakeParts(listed, onHead);
    parts.useBaseline(onBaseline, () => parts.calls.push('startBaseline'));
    return parts;
  };

  test('what passes there is introduced, and red', async () => {
    const report = await runGate(gateSettings(), withBaseline(new FakeReplayers()));
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings).toMatchObject([{ baseline: { relation: 'introduced' } }]);
    expect(report.baseline).toMatchObject({
      commit: 'b'.repeat(40),
      replayer: { sdkVersion: '1.24.0' },
    });
  });

  test('what breaks there in the same way is pre-existing; where that is all, the set-up differs', async () => {
    const report = await runGate(gateSettings(), withBaseline(new FakeReplayers(BREAKS)));
    expect(verdictOf(report)).toBe('inconclusive: setup-differs, red');
    expect(report.findings).toMatchObject([
      { baseline: { relation: 'pre-existing' }, weight: { kind: 'pre-existing' } },
    ]);
  });

  test('only what fails is replayed there, and nothing is started where nothing fails', async () => {
    const quiet = withBaseline(new FakeReplayers(), new FakeReplayers());
    const report = await runGate(gateSettings(), quiet);
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(quiet.calls).not.toContain('startBaseline');

    const broken = itemAt(listed, 1).runId;
    const onBaseline = new FakeReplayers();
    const oneBreaks: AnswerTo = (asked) =>
      asked.runId === broken ? BREAKS(asked) : { outcome: 'passed' };
    await runGate(gateSettings(), withBaseline(onBaseline, new FakeReplayers(oneBreaks)));
    expect(new Set(onBaseline.asked.map(({ runId }) => runId))).toEqual(new Set([broken]));
  });

  test('one that cannot be replayed is a warning, and what breaks stays red', async () => {
    const dead = new FakeReplayers();
    dead.ready = () => Promise.reject(userError());
    const report = await runGate(gateSettings(), withBaseline(dead));
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.warnings).toEqual([expect.stringContaining('The server is gone')]);
    expect(report.findings[0]).not.toHaveProperty('baseline');
  });

  test('one that is unusable is a warning from the start, also where nothing breaks', async () => {
    const parts = new FakeParts(listed);
    parts.openBaseline = () =>
      Promise.resolve({ kind: 'unusable', explanation: 'It is the code under test.' });
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(report.warnings).toEqual(['It is the code under test.']);
  });
});

describe('a title without a claim', () => {
  const unclaimed = (onNoClaim: 'check' | 'advise', answer?: AnswerTo) => {
    const parts = new FakeParts([anExecution()], new FakeReplayers(answer));
    parts.readSubject = () => Promise.resolve(aSubject({ title: 'Wait [compatible-v1.0]' }));
    const settings = gateSettings();
    return { parts, settings: { ...settings, policy: { ...settings.policy, onNoClaim } } };
  };

  test.each([
    ['check', undefined, 'compatible: all-replayed, green'],
    ['check', BREAKS, 'incompatible: decisive-finding, red'],
    ['advise', undefined, 'compatible: all-replayed, green'],
    ['advise', BREAKS, 'incompatible: decisive-finding, green'],
  ] as const)(
    'with on-no-claim: %s is checked against the current build',
    async (mode, answer, said) => {
      const { parts, settings } = unclaimed(mode, answer);
      const asked: unknown[] = [];
      parts.resolveTarget = (claim) => {
        asked.push(claim);
        return Promise.resolve({ kind: 'found', target: aVersionSetTarget({ buildId: 'v1.0' }) });
      };
      const report = await runGate(settings, parts);
      expect(verdictOf(report)).toBe(said);
      expect(asked).toMatchObject([{ buildId: 'current', from: 'on-no-claim' }]);
      expect(report.claim).toMatchObject({ buildId: 'v1.0', from: 'on-no-claim' });
      expect(report.warnings).toEqual([expect.stringContaining('but not at its start')]);
    },
  );

  test('that is checked is red where there is no current build, and no more than a word of advice else', async () => {
    for (const [mode, said] of [
      ['check', 'inconclusive: unknown-build, red'],
      ['advise', 'inconclusive: unknown-build, green'],
    ] as const) {
      const { parts, settings } = unclaimed(mode);
      parts.resolveTarget = () =>
        Promise.resolve({ kind: 'unknown-build', explanation: 'There is no current version.' });
      expect(verdictOf(await runGate(settings, parts))).toBe(said);
    }
  });
});

describe('closed executions that would predict a break', () => {
  const closed = aClosedExecution({ workflowType: 'orderWorkflow', buildIds: ['v1.1'] });
  const passing = anExecution({ workflowId: 'passes' });
  const breaking = (): FakeParts =>
    new FakeParts(
      [passing, closed],
      new FakeReplayers((message) =>
        message.workflowId === 'passes' ? { outcome: 'passed' } : BREAKS(message),
      ),
    );

  test('are asked whether a reset left them behind, and then weigh nothing', async () => {
    const parts = breaking();
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe(
      'incompatible: decisive-finding, red',
    );
    parts.findLeftByReset = (executions) => Promise.resolve(new Set(executions.map(executionKey)));
    expect(verdictOf(await runGate(gateSettings(), parts))).toBe(
      'compatible: historical-finding, green',
    );
  });

  test('are red, with a warning, when that cannot be asked', async () => {
    const parts = breaking();
    parts.findLeftByReset = () => Promise.reject(new Error('the server is gone'));
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.warnings).toEqual([expect.stringContaining('the server is gone')]);
  });

  test('are not asked about where that decides nothing', async () => {
    const parts = new FakeParts([anExecution()], new FakeReplayers(BREAKS));
    await runGate(gateSettings(), parts);
    expect(parts.calls).not.toContain('findLeftByReset');
  });
});

describe('patches', () => {
  const asks: AnswerTo = ({ record }) => ({
    outcome: 'passed',
    ...(record ? { patches: [{ id: 'check', answer: true }] } : {}),
  });

  test('are looked into where executions have recorded some', async () => {
    const parts = new FakeParts(
      [anExecution({ patchIds: ['check'] }), anExecution()],
      new FakeReplayers(asks),
    );
    const report = await runGate(gateSettings(), parts);
    expect(report.patches).toMatchObject([
      { id: 'check', runningWith: 1, runningWithout: 1, advice: 'keep' },
    ]);
  });

  test('that only code which breaks asks for are told too', async () => {
    const breaksAsking: AnswerTo = ({ record }) => ({
      outcome: 'nondeterministic',
      ...(record ? { patches: [{ id: 'check', answer: true }] } : {}),
    });
    const parts = new FakeParts(
      [anExecution({ patchIds: ['check'] })],
      new FakeReplayers(breaksAsking),
    );
    const report = await runGate(gateSettings(), parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.patches).toMatchObject([{ id: 'check', runningWith: 1, advice: 'deprecate' }]);
  });

  test('cost no second replay where none have', async () => {
    const parts = new FakeParts([anExecution()], new FakeReplayers(asks));
    expect((await runGate(gateSettings(), parts)).patches).toEqual([]);
    expect(parts.replayers.asked.some(({ record }) => record)).toBe(false);
  });
});
