import { describe, expect, test } from '@jest/globals';
import { runGate } from '../../src/gate/gate.js';
import type { Execution } from '../../src/model/execution.js';
import type { Report } from '../../src/model/report.js';
import { deadlineOf } from '../../src/pipeline/deadline.js';
import { CarriedFields } from '../../src/replay/carried.js';
import { aClosedExecution, anExecution, executions } from '../builders/executions.js';
import { FakeReplayers, PASSED, type AnswerTo } from '../builders/fake-replayers.js';
import { aSubject, FakeDeadline, FakeParts, gateSettings } from '../builders/gate-parts.js';
import { itemAt } from '../builders/item-at.js';

/** Replaying comes first, then the causes of what breaks, and looking closer takes what is left. */

const NO_TIME_FOR_CAUSES = /^time-budget left no time to look into everything that breaks/u;
const NO_TIME_TO_LOOK = /^time-budget left no time to look closer/u;

const settings = gateSettings();
const withDrift = { ...settings, policy: { ...settings.policy, drift: 'report' as const } };

const BREAKS: AnswerTo = () => ({
  outcome: 'nondeterministic',
  message: 'Nondeterminism error: No command for HistoryEvent(id: 5, TimerStarted)',
  commands: [{ command: 'ScheduleActivityTask', name: 'ship', historyLength: 3 }],
});

/** The history holds one timer of no length. */
const WAITS: AnswerTo = ({ record }) => {
  const carries = new CarriedFields().duration('startToFireTimeout', { seconds: 9, nanos: 0 });
  return {
    outcome: 'passed',
    ...(record
      ? {
          patches: [{ id: 'check', answer: true }],
          commands: [
            { command: 'StartTimer', name: '', historyLength: 3, carries: carries.done() },
          ],
        }
      : {}),
  };
};

/** Parts whose time is over as a test says. */
function timed(
  listed = executions(3),
  answer: (deadline: FakeDeadline) => AnswerTo = () => PASSED,
): { parts: FakeParts; deadline: FakeDeadline } {
  const deadline = new FakeDeadline();
  const parts = new FakeParts(listed, new FakeReplayers(answer(deadline)));
  parts.deadline = deadline;
  return { parts, deadline };
}

/** Answers, and has the time be over with the answer of that number, from 1. */
function endsAt(number: number, answer: AnswerTo, end: () => void): AnswerTo {
  let asked = 0;
  return (message) => {
    asked += 1;
    if (asked === number) end();
    return answer(message);
  };
}

const verdictOf = ({ verdict }: Report): string => `${verdict.kind}: ${verdict.reason}`;
const recordedBy = ({ asked }: FakeReplayers): number =>
  asked.filter(({ record }) => record).length;

describe('replays', () => {
  test('have their clock started when there is code to replay and histories are read', async () => {
    const { parts, deadline } = timed();
    const { replayers } = parts;
    const ready = replayers.ready.bind(replayers);
    replayers.ready = () => {
      expect(deadline.begun).toBe(0);
      expect(parts.calls).toContain('listExecutions');
      return ready();
    };
    await runGate(settings, parts);
    expect(deadline.begun).toBe(1);
  });

  test('end with the budget, and what was replayed until then is in the report', async () => {
    const { parts } = timed(executions(30), (deadline) => endsAt(25, PASSED, () => deadline.end()));
    const report = await runGate(settings, parts);
    expect(report.outcomes).toHaveLength(25);
    expect(verdictOf(report)).toBe('compatible: some-replayed');
  });
});

describe('causes', () => {
  test('are looked into also where replays have used the budget up', async () => {
    const { parts } = timed(executions(3), (deadline) => endsAt(1, BREAKS, () => deadline.end()));
    const report = await runGate(settings, parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding');
    expect(report.findings[0]?.divergence.kind).toBe('differs');
    expect(report.warnings).toEqual([]);
  });

  test('have an end too, which the report tells; what breaks is red without its line', async () => {
    const { parts, deadline } = timed(executions(3), () => BREAKS);
    deadline.endCauses.abort();
    const report = await runGate(settings, parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding');
    expect(report.findings).toMatchObject([{ divergence: { kind: 'unlocated' } }]);
    expect(report.findings[0]?.executions).toHaveLength(3);
    expect(report.warnings).toEqual([expect.stringMatching(NO_TIME_FOR_CAUSES)]);
    expect(recordedBy(parts.replayers)).toBe(0);
  });

  test('that end before the baseline was replayed leave what breaks to this change', async () => {
    const { parts, deadline } = timed(executions(3), (over) =>
      endsAt(6, BREAKS, () => over.endCauses.abort()),
    );
    const base = new FakeReplayers(BREAKS);
    parts.useBaseline(base);
    const report = await runGate(settings, parts);
    expect(verdictOf(report)).toBe('incompatible: decisive-finding');
    expect(report.warnings).toEqual([expect.stringMatching(NO_TIME_FOR_CAUSES)]);
    expect(base.asked).toEqual([]);
    expect(deadline.replays.aborted).toBe(false);
  });

  test('are not missed where nothing breaks', async () => {
    const { parts, deadline } = timed();
    deadline.endCauses.abort();
    expect((await runGate(settings, parts)).warnings).toEqual([]);
  });
});

describe('looking closer', () => {
  const patched = () => [
    anExecution({ patchIds: ['check'] }),
    anExecution({ patchIds: ['check'] }),
    anExecution(),
  ];

  test('is the first to be given up, and the report says so and how to have it', async () => {
    const listed = patched();
    const { parts } = timed(listed, (deadline) =>
      endsAt(listed.length, WAITS, () => deadline.end()),
    );
    parts.replayers.reached = { reached: new Map(), unreached: new Map() };
    parts.readSubject = () =>
      Promise.resolve(
        aSubject({ readChangedLines: () => Promise.reject(new Error('it was not asked for')) }),
      );
    const report = await runGate(withDrift, parts);
    expect(verdictOf(report)).toBe('compatible: all-replayed');
    expect(report.warnings).toEqual([
      'time-budget left no time to look closer. Missing or incomplete: which changed lines were reached, ' +
        'patches, and drift. Raise time-budget to get all of it.',
    ]);
    expect(report.drift).toMatchObject({ differences: [], compared: 0, chosen: 2 });
    expect(report.patches).toEqual([]);
    expect(report).not.toHaveProperty('reach');
    expect(recordedBy(parts.replayers)).toBe(0);
  });

  test('is red where drift must be known and there was no time for it', async () => {
    const { parts, deadline } = timed(executions(2), () => WAITS);
    deadline.endSpare.abort();
    const fails = { ...settings, policy: { ...settings.policy, drift: 'fail' as const } };
    expect(verdictOf(await runGate(fails, parts))).toBe('inconclusive: drift-unknown');
  });

  test('that ends on its way tells what it saw of drift, and nothing of patches', async () => {
    const listed = patched();
    const { parts } = timed(listed, (deadline) =>
      endsAt(listed.length + 2, WAITS, () => deadline.end()),
    );
    // A history of another shape is there to be looked into as well.
    const read = parts.readHistories.bind(parts);
    parts.readHistories = async function* (chosen, stop) {
      let shape = 0;
      for await (const one of read(chosen, stop)) {
        shape += 1;
        yield one.kind === 'read'
          ? { ...one, history: { ...one.history, shape: `${shape}` } }
          : one;
      }
    };
    const report = await runGate(withDrift, parts);
    expect(report.drift).toMatchObject({
      differences: [{ field: 'startToFireTimeout', executions: 2 }],
      compared: 2,
      chosen: 3,
    });
    expect(report.patches).toEqual([]);
    expect(report.warnings).toEqual([expect.stringMatching(NO_TIME_TO_LOOK)]);
  });

  test('tells no drift of what there was no time to replay on the baseline', async () => {
    const { parts, deadline } = timed(executions(2), () => WAITS);
    const base = new FakeReplayers(endsAt(1, WAITS, () => deadline.end()));
    parts.useBaseline(base);
    const report = await runGate(withDrift, parts);
    expect(base.asked).toHaveLength(1);
    // The baseline waits as long: it is no difference that this change makes.
    expect(report.drift).toMatchObject({ differences: [], compared: 1, chosen: 2 });
    expect(report.warnings).toEqual([expect.stringMatching(NO_TIME_TO_LOOK)]);
  });

  test('that nobody asks for is not missed', async () => {
    const { parts, deadline } = timed();
    deadline.endSpare.abort();
    expect((await runGate(settings, parts)).warnings).toEqual([]);
  });
});

test('of a cancelled job no word is said of the time', async () => {
  const [broken, fine] = executions(2) as [Execution, Execution];
  const { parts, deadline } = timed(
    [broken, fine],
    () => (message) => (message.runId === broken.runId ? BREAKS(message) : WAITS(message)),
  );
  const { replayers } = parts;
  replayers.lanes = (work) => [
    work(0).then(() => {
      parts.cancel();
      deadline.end();
      deadline.endCauses.abort();
    }),
  ];
  const report = await runGate(withDrift, parts);
  expect(report.warnings).toEqual(['The run was cancelled before its end.']);
});

test('the claims of a merge group share one deadline, in their order', async () => {
  const claims = [executions(3), [...executions(3), aClosedExecution()]];
  const cancelled = new AbortController().signal;
  const deadline = deadlineOf(60_000, cancelled, claims.length);
  const over = new AbortController();
  const shared = { ...deadline, replays: over.signal };
  const reports: Report[] = [];
  for (const [index, listed] of claims.entries()) {
    const parts = new FakeParts(
      listed,
      new FakeReplayers(index === 0 ? endsAt(3, PASSED, () => over.abort()) : PASSED),
    );
    parts.deadline = shared;
    reports.push(await runGate(settings, parts));
  }
  expect(reports.map(({ outcomes }) => outcomes.length)).toEqual([3, 0]);
  expect(verdictOf(itemAt(reports, 0))).toBe('compatible: all-replayed');
  expect(verdictOf(itemAt(reports, 1))).toBe('inconclusive: nothing-replayed');
});
