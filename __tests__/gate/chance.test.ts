import { describe, expect, test } from '@jest/globals';
import { runGate } from '../../src/gate/gate.js';
import type { Report } from '../../src/model/report.js';
import type { ReplayRequest } from '../../src/replay/replay-line.js';
import { repeatsOfFailing, repeatsOfPassing } from '../../src/replay/repeats.js';
import { anExecution } from '../builders/executions.js';
import { FakeReplayers, PASSED, type Answer, type AnswerTo } from '../builders/fake-replayers.js';
import { FakeDeadline, FakeParts, gateSettings } from '../builders/gate-parts.js';

/** Each history holds one timer. Code of this kind issues it in all replays but some. */
function inOrder(passes: (replay: number) => boolean): AnswerTo {
  let replay = 0;
  return ({ record }: ReplayRequest): Answer => {
    replay += 1;
    const isPassed = passes(replay);
    const command = isPassed ? 'StartTimer' : 'ScheduleActivityTask';
    const issued = { command, name: isPassed ? '' : 'notify', historyLength: 3 };
    return {
      outcome: isPassed ? 'passed' : 'nondeterministic',
      ...(isPassed ? {} : { message: 'Nondeterminism error: another order' }),
      ...(record ? { commands: [{ ...issued, file: '/workspace/workflows.py', line: 9 }] } : {}),
    };
  };
}

async function check(
  code: AnswerTo,
  {
    language = 'python',
    executions = 2,
    base,
    over = false,
  }: { language?: string; executions?: number; base?: AnswerTo; over?: boolean } = {},
): Promise<{ report: Report; replayers: FakeReplayers }> {
  const replayers = new FakeReplayers(code);
  replayers.language = language;
  const parts = new FakeParts(
    Array.from({ length: executions }, () => anExecution()),
    replayers,
  );
  if (base !== undefined) {
    const there = new FakeReplayers(base);
    there.language = language;
    parts.useBaseline(there);
  }
  if (over) {
    const deadline = new FakeDeadline();
    deadline.endSpare.abort();
    parts.deadline = deadline;
  }
  return { report: await runGate(gateSettings(), parts), replayers };
}

const verdictOf = ({ verdict }: Report): string =>
  `${verdict.kind}: ${verdict.reason}, ${verdict.passes ? 'green' : 'red'}`;

const kindsOf = ({ outcomes }: Report): string[] => outcomes.map(({ kind }) => kind);

describe('histories that pass', () => {
  test('and do not in another process break, with all of their shape', async () => {
    // Two plain replays, one recorded, and two more in the same process.
    const { report, replayers } = await check(inOrder((replay) => replay <= 5));
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(kindsOf(report)).toEqual(['nondeterministic', 'nondeterministic']);
    expect(report.findings).toMatchObject([
      { cause: 'nondeterministic-source', executions: [{}, {}] },
    ]);
    expect(replayers.furtherTaken).toBeGreaterThanOrEqual(7);
  });

  test('say the same where one of them breaks at once', async () => {
    const { report } = await check(inOrder((replay) => replay === 2 || replay > 9));
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(kindsOf(report)).toEqual(['nondeterministic', 'nondeterministic']);
    expect(report.findings).toMatchObject([{ cause: 'nondeterministic-source' }]);
  });

  test('each time pass', async () => {
    const { report } = await check(inOrder(() => true));
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
    expect(report.warnings).toEqual([]);
  });

  test('are not repeated in TypeScript', async () => {
    const { replayers } = await check(PASSED, { language: 'typescript' });
    expect(replayers.asked).toHaveLength(2);
  });

  test('are not repeated where the budget is used up, and a warning says so', async () => {
    const { report, replayers } = await check(PASSED, { over: true });
    expect(replayers.asked).toHaveLength(2);
    expect(report.warnings.join()).toMatch(/no time to replay histories that pass several times/u);
    expect(verdictOf(report)).toBe('compatible: all-replayed, green');
  });
});

describe('with a baseline', () => {
  const varies = (): AnswerTo => inOrder((replay) => replay % 2 === 0);

  test('that does the same each time, this change brought it', async () => {
    const { report } = await check(varies(), { base: inOrder(() => true) });
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings).toMatchObject([
      { weight: { kind: 'decisive' }, baseline: { relation: 'introduced' } },
    ]);
  });

  test('that does not either, it is older, and no set-up that differs', async () => {
    const { report } = await check(varies(), { base: varies() });
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings).toMatchObject([
      {
        cause: 'nondeterministic-source',
        weight: { kind: 'pre-existing' },
        baseline: { words: 'does not do the same in each replay either' },
      },
    ]);
  });

  test('that breaks in the same way by chance alone, this change caused it', async () => {
    const base = inOrder((replay) => replay > 2);
    const { report } = await check(
      inOrder(() => false),
      { base },
    );
    expect(verdictOf(report)).toBe('incompatible: decisive-finding, red');
    expect(report.findings).toMatchObject([{ baseline: { relation: 'fails-otherwise' } }]);
  });
});

test('how often a history is repeated depends on what the code holds', () => {
  const python = { language: 'python', chance: 'none' } as const;
  expect(repeatsOfPassing(python).others).toBe(1);
  expect(repeatsOfPassing({ ...python, chance: 'process' }).others).toBe(7);
  expect(repeatsOfFailing({ language: 'java', chance: 'replay' })).toEqual({
    again: 12,
    others: 0,
  });
  // What a range over a map with two keys turns round in one of eight must show.
  expect((7 / 8) ** repeatsOfPassing({ language: 'go' }).again).toBeLessThan(0.001);
});
