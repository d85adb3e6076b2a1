import { describe, expect, test } from '@jest/globals';
import type { UnweighedFinding } from '../../src/diagnosis/failure.js';
import { weigh } from '../../src/diagnosis/weigh.js';
import type { WeighingContext } from '../../src/diagnosis/weighing.js';
import { executionKey } from '../../src/model/coverage.js';
import type { Execution } from '../../src/model/execution.js';
import type { Weight } from '../../src/model/finding.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { aFinding, NO_ROOTS } from '../builders/findings.js';
import { itemAt } from '../builders/item-at.js';
import { anOutcome } from '../builders/outcomes.js';

const POLICY = {
  closed: 'predict',
  closedWindowMs: 604_800_000,
  asOf: 0,
  isVersionNamed: true,
} as const;

const running = anExecution();
const closed = aClosedExecution({ buildIds: ['v1.0'] });

interface Given extends Partial<WeighingContext> {
  readonly hits: readonly Execution[];
  /** Build that completed the diverging task of each execution, where history tells. */
  readonly divergingBuild?: string;
}

function weightOf({ hits, divergingBuild, ...context }: Given): Weight {
  const { weight: _, ...finding } = aFinding({ executions: hits });
  const unweighed: UnweighedFinding = {
    ...finding,
    roots: NO_ROOTS,
    divergingTasks: new Map(
      hits.map((execution) => [
        execution,
        divergingBuild === undefined ? {} : { buildId: divergingBuild },
      ]),
    ),
    passed: [],
  };
  const weighed = weigh([unweighed], {
    ...POLICY,
    liveBuildIds: new Set(['v1.0']),
    listed: [running, ...hits],
    listingTruncated: false,
    outcomes: [anOutcome('passed', running)],
    ...context,
  });
  return itemAt(weighed, 0).weight;
}

describe('a finding that hits a running execution', () => {
  test.each(['predict', 'fail', 'ignore'] as const)('is decisive with closed: %s', (policy) => {
    expect(weightOf({ hits: [closed, running], closed: policy })).toEqual({
      kind: 'decisive',
      reason: 'it hits 1 running execution',
    });
  });

  test('is decisive whatever build ran it', () => {
    const hits = [anExecution({ buildIds: ['v0.1'] }), anExecution({ status: 'Paused' })];
    expect(weightOf({ hits })).toEqual({
      kind: 'decisive',
      reason: 'it hits 2 running executions',
    });
  });
});

describe('a finding that hits pinned executions only', () => {
  const pinned = anExecution({ group: 'pinned' });

  test('is decisive where somebody names their version', () => {
    expect(weightOf({ hits: [pinned] })).toEqual({
      kind: 'decisive',
      reason: 'it hits 1 running execution, pinned to their version',
    });
  });

  test('is not where nobody does: they stay on their version', () => {
    expect(weightOf({ hits: [pinned], isVersionNamed: false })).toEqual({
      kind: 'pinned',
      reason:
        'it hits 1 running execution, all pinned to their version, and nobody claims that version: they stay there, and break only when somebody moves them to this code',
    });
    const auto = anExecution({ group: 'auto-upgrade' });
    expect(weightOf({ hits: [pinned, auto], isVersionNamed: false }).kind).toBe('decisive');
  });

  test('is decisive all the same where closed executions predict a break in others', () => {
    expect(weightOf({ hits: [pinned, closed], isVersionNamed: false }).kind).toBe('decisive');
    const dead = aClosedExecution({ buildIds: ['v0.1'] });
    expect(weightOf({ hits: [pinned, dead], isVersionNamed: false }).kind).toBe('pinned');
  });
});

describe('a finding that hits closed executions only', () => {
  test('is decisive with closed: fail', () => {
    expect(weightOf({ hits: [closed], closed: 'fail', listed: [closed] }).kind).toBe('decisive');
  });

  test('is historical with closed: ignore', () => {
    expect(weightOf({ hits: [closed], closed: 'ignore' }).kind).toBe('historical');
  });

  test('is decisive when their build is live, and nobody knows when they passed the point', () => {
    const weight = weightOf({ hits: [closed] });
    expect(weight.kind).toBe('decisive');
    expect(weight.reason).toContain('not everything was read or is known');
  });

  test('is so also when no execution of their type is running at the moment', () => {
    expect(weightOf({ hits: [closed], listed: [closed] }).kind).toBe('decisive');
  });

  test('is historical when none of their builds is live', () => {
    const hits = [
      aClosedExecution({ buildIds: ['v0.1'] }),
      aClosedExecution({ buildIds: ['v0.2'] }),
    ];
    const weight = weightOf({ hits });
    expect(weight.kind).toBe('historical');
    expect(weight.reason).toContain('no longer live');
  });

  test('is decisive when one of their builds is live', () => {
    expect(weightOf({ hits: [aClosedExecution({ buildIds: ['v0.1'] }), closed] }).kind).toBe(
      'decisive',
    );
  });

  test('goes by the build that completed the diverging task, before the newest one', () => {
    const hits = [aClosedExecution({ buildIds: ['v0.1', 'v1.0'] })];
    expect(weightOf({ hits, divergingBuild: 'v0.1' }).kind).toBe('historical');
    expect(
      weightOf({ hits: [aClosedExecution({ buildIds: ['v0.1'] })], divergingBuild: 'v1.0' }).kind,
    ).toBe('decisive');
  });

  test('is decisive when a running execution that was not replayed last met such a build', () => {
    const unknown = anExecution({ buildIds: ['v0.1'] });
    const hits = [aClosedExecution({ buildIds: ['v0.1'] })];
    const listed = [unknown, ...hits];
    expect(weightOf({ hits, listed, outcomes: [] }).kind).toBe('decisive');
    expect(weightOf({ hits, listed, outcomes: [anOutcome('errored', unknown)] }).kind).toBe(
      'decisive',
    );
    expect(weightOf({ hits, listed, outcomes: [anOutcome('passed', unknown)] }).kind).toBe(
      'historical',
    );
  });

  test('is decisive when the listing was cut, so that running executions may be of any build', () => {
    const hits = [aClosedExecution({ buildIds: ['v0.1'] })];
    expect(weightOf({ hits, listingTruncated: true }).kind).toBe('decisive');
  });

  test('is historical when a reset left all of them behind, live or not', () => {
    const shows = aClosedExecution({ buildIds: ['v1.0'], isLeftByReset: true });
    const asked = aClosedExecution({ buildIds: ['v1.0'] });
    const leftByReset = new Set([executionKey(asked)]);
    const weight = weightOf({ hits: [shows, asked], leftByReset });
    expect(weight.kind).toBe('historical');
    expect(weight.reason).toContain('a reset left behind');
    expect(weightOf({ hits: [shows, asked] }).kind).toBe('decisive');
    expect(weightOf({ hits: [shows], listingTruncated: true }).kind).toBe('historical');
  });

  test('is decisive when their build is not known', () => {
    expect(weightOf({ hits: [aClosedExecution({ buildIds: [] })] }).kind).toBe('decisive');
  });

  test('is decisive when the live builds are not known', () => {
    const hits = [aClosedExecution({ buildIds: ['v0.1'] })];
    expect(weightOf({ hits, liveBuildIds: new Set() }).kind).toBe('decisive');
  });
});

test('what weighing needed is not part of the finding', () => {
  const { weight: _, ...finding } = aFinding();
  const [weighed] = weigh(
    [{ ...finding, roots: NO_ROOTS, divergingTasks: new Map(), passed: [] }],
    {
      ...POLICY,
      liveBuildIds: new Set(),
      listed: [],
      listingTruncated: false,
      outcomes: [],
    },
  );
  expect(weighed).not.toHaveProperty('divergingTasks');
  expect(weighed).not.toHaveProperty('passed');
});

describe('a finding that the baseline shares', () => {
  const shared = (hits: readonly Execution[]): Weight => {
    const { weight: _, ...finding } = aFinding({
      executions: hits,
      baseline: { relation: 'pre-existing', words: 'breaks in the same way' },
    });
    const [weighed] = weigh(
      [{ ...finding, roots: NO_ROOTS, divergingTasks: new Map(), passed: [] }],
      {
        ...POLICY,
        liveBuildIds: new Set(['v1.0']),
        listed: hits,
        listingTruncated: false,
        outcomes: [],
      },
    );
    if (weighed === undefined) throw new Error('nothing was weighed');
    return weighed.weight;
  };

  test('is pre-existing, and says what it would weigh otherwise', () => {
    expect(shared([running])).toEqual({
      kind: 'pre-existing',
      otherwise: 'decisive',
      reason:
        'it breaks on the baseline in the same way; otherwise it would be decisive, because it hits 1 running execution',
    });
    const dead = aClosedExecution({ buildIds: ['v0.1'] });
    expect(shared([dead])).toMatchObject({ kind: 'pre-existing', otherwise: 'historical' });
  });

  test.each(['introduced', 'fails-otherwise', 'not-compared'] as const)(
    'only in name (%s) weighs what it weighs',
    (relation) => {
      const { weight: _, ...finding } = aFinding({ baseline: { relation, words: '' } });
      const weighed = weigh(
        [{ ...finding, roots: NO_ROOTS, divergingTasks: new Map(), passed: [] }],
        {
          ...POLICY,
          liveBuildIds: new Set(),
          listed: [],
          listingTruncated: false,
          outcomes: [],
        },
      );
      expect(weighed[0]?.weight.kind).toBe('decisive');
    },
  );
});
