import { describe, expect, test } from '@jest/globals';
import type { TaskCompletion } from '../../src/engine/recorded-history.js';
import { predict } from '../../src/diagnosis/predict.js';
import type { JudgedWeight, WeighingContext } from '../../src/diagnosis/weighing.js';
import type { Execution } from '../../src/model/execution.js';
import { aClosedExecution } from '../builders/executions.js';
import { aFinding, NO_ROOTS } from '../builders/findings.js';
import { anOutcome } from '../builders/outcomes.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-06-08T00:00:00Z');
const ago = (ms: number): string => new Date(NOW - ms).toISOString();

/** A closed execution that stood past the diverging point for some time, and closed some time ago. */
interface Stay {
  readonly stayed: number;
  readonly closed: number;
  readonly build?: string;
}

interface Given extends Partial<WeighingContext> {
  readonly stays: readonly Stay[];
  readonly task?: TaskCompletion;
  /** Start times of executions that came past the same point and pass. */
  readonly passed?: readonly string[];
  /** Executions of the same type that were listed and not replayed. */
  readonly unread?: readonly Execution[];
}

function weightOf({ stays, task, passed = [], unread = [], ...context }: Given): JudgedWeight {
  const broken = stays.map(({ stayed, closed, build = 'v1.0' }) =>
    aClosedExecution({
      buildIds: [build],
      startTime: ago(closed + stayed + MINUTE),
      closeTime: ago(closed),
    }),
  );
  const tasks = new Map(
    broken.map((execution, index): [Execution, TaskCompletion] => {
      const { stayed, closed } = stays[index] ?? { stayed: 0, closed: 0 };
      return [execution, task ?? { completedTime: ago(closed + stayed) }];
    }),
  );
  const { weight: _, ...finding } = aFinding({ executions: broken });
  return predict({ ...finding, roots: NO_ROOTS, divergingTasks: tasks, passed }, broken, {
    closed: 'predict',
    closedWindowMs: 7 * DAY,
    liveBuildIds: new Set(['v1.0']),
    isVersionNamed: true,
    asOf: NOW,
    listed: [...broken, ...unread],
    listingTruncated: false,
    outcomes: broken.map((execution) => anOutcome('nondeterministic', execution)),
    ...context,
  });
}

const times = (count: number, stay: Stay): Stay[] => Array.from({ length: count }, () => stay);

describe('the executions that stand past a point at any moment', () => {
  test('are many where a type is started often and never runs long', () => {
    // One a minute for a week, each three seconds past the point: none runs at most moments.
    const stays = times(10_080, { stayed: 3000, closed: DAY });
    expect(weightOf({ stays })).toEqual({
      kind: 'decisive',
      reason:
        'it hits closed executions, and about 0.05 executions stand past this point at any moment: 10080 passed it in the last 7 days and stayed 3 seconds on average',
    });
  });

  test('are none where the point is in the task that closes the execution', () => {
    expect(
      weightOf({ stays: times(1000, { stayed: DAY, closed: 0 }), task: { closes: true } }),
    ).toEqual({
      kind: 'historical',
      reason:
        'it hits closed executions only, and they break in the workflow task that closes them, so no running execution can be past this point',
    });
  });

  test('count only in the window', () => {
    const before = weightOf({ stays: [{ stayed: 30 * DAY, closed: 8 * DAY }] });
    expect(before).toEqual({
      kind: 'historical',
      reason:
        'it hits closed executions only, and fewer than 0.01 executions stand past this point at any moment: none passed it in the last 7 days',
    });
    // A tenth of a day of seven is in the window.
    const partly = weightOf({ stays: [{ stayed: 30 * DAY, closed: 6.9 * DAY }] });
    expect(partly.reason).toContain('about 0.014 executions');
    expect(
      weightOf({ stays: [{ stayed: DAY, closed: 8 * DAY }], closedWindowMs: 30 * DAY }).kind,
    ).toBe('decisive');
  });

  test('are enough where one long execution closes a week', () => {
    expect(weightOf({ stays: [{ stayed: 60 * DAY, closed: DAY }] }).kind).toBe('decisive');
  });

  test('are decisive from 0.01 on', () => {
    const percent = 0.07 * DAY;
    expect(weightOf({ stays: [{ stayed: percent, closed: 0 }] }).kind).toBe('decisive');
    expect(weightOf({ stays: [{ stayed: percent - MINUTE, closed: 0 }] }).kind).toBe('historical');
  });

  test('do not count under builds that are dead', () => {
    const stays = [{ stayed: DAY, closed: DAY, build: 'v0.9' }];
    expect(weightOf({ stays })).toMatchObject({ kind: 'historical' });
    expect(weightOf({ stays, liveBuildIds: new Set(['v0.9']) })).toMatchObject({
      kind: 'decisive',
    });
  });
});

describe('what is not known', () => {
  const stays = [{ stayed: 1000, closed: DAY }];

  test('is the most that it can be: the point may be anywhere in the execution', () => {
    expect(weightOf({ stays: [{ stayed: DAY, closed: DAY }], task: {} })).toEqual({
      kind: 'decisive',
      reason:
        'it hits closed executions, and up to 0.14 executions can stand past this point at any moment: 1 passed it in the last 7 days and stayed 1 day on average, and not everything was read or is known',
    });
    expect(weightOf({ stays, task: {} }).kind).toBe('historical');
  });

  test('is whether a build is live, where the server could not count what is pinned to it', () => {
    const given = { stays: [{ stayed: DAY, closed: DAY }] };
    expect(weightOf({ ...given, perhapsLiveBuildIds: new Set(['v1.0']) })).toEqual({
      kind: 'decisive',
      reason: expect.stringMatching(
        /any moment: .*; v1\.0 counts as live, because the server could not count the executions that are pinned to it$/u,
      ),
    });
    const other = weightOf({ ...given, perhapsLiveBuildIds: new Set(['v0.9']) });
    expect(other).toEqual(weightOf(given));
  });

  test('is decisive where the listing was cut', () => {
    expect(weightOf({ stays }).kind).toBe('historical');
    expect(weightOf({ stays, listingTruncated: true })).toMatchObject({
      kind: 'decisive',
      reason: expect.stringContaining('there are more executions than were listed'),
    });
  });

  test('is scaled from what was read to what was not, by the upper bound', () => {
    const unread = Array.from({ length: 100 }, () =>
      aClosedExecution({ buildIds: ['v1.0'], startTime: ago(2 * DAY), closeTime: ago(DAY) }),
    );
    expect(weightOf({ stays, unread }).kind).toBe('decisive');
    const other = unread.map((one) => ({ ...one, workflowType: 'refund' }));
    const dead = unread.map((one) => ({ ...one, buildIds: ['v0.9'] }));
    const old = unread.map((one) => ({ ...one, closeTime: ago(9 * DAY) }));
    for (const harmless of [other, dead, old]) {
      expect(weightOf({ stays, unread: harmless }).kind).toBe('historical');
    }
  });
});

describe('a path that nobody takes any more', () => {
  const stays = [{ stayed: DAY, closed: DAY }];
  const later = Array.from({ length: 20 }, () => ago(MINUTE));

  test('predicts nothing, also where builds are not known', () => {
    expect(weightOf({ stays, passed: later, liveBuildIds: new Set() })).toEqual({
      kind: 'historical',
      reason:
        'it hits closed executions only, and no execution takes this path any more: the last 20 or more that started later came past the same point and pass',
    });
  });

  test('shows only by enough executions that started later', () => {
    expect(weightOf({ stays, passed: later.slice(1) }).kind).toBe('decisive');
    expect(weightOf({ stays, passed: later.map(() => ago(3 * DAY)) }).kind).toBe('decisive');
  });
});
