import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RootedFinding } from '../../src/diagnosis/failure.js';
import { oneForEachCause } from '../../src/diagnosis/one-cause.js';
import { CAUSES } from '../../src/model/cause.js';
import type { Execution } from '../../src/model/execution.js';
import { groupsOf, type Finding, type Weight } from '../../src/model/finding.js';
import { conclude } from '../../src/verdict/conclude.js';
import { evidence } from '../builders/evidence.js';
import { aClosedExecution, anExecution } from '../builders/executions.js';
import { aFinding, DECISIVE, HISTORICAL, PINNED, PRE_EXISTING } from '../builders/findings.js';
import { anOutcome } from '../builders/outcomes.js';

const SCOPES = ['introduced', 'pre-existing', 'fails-otherwise'] as const;

const WEIGHTS: Readonly<Record<(typeof SCOPES)[number], readonly Weight[]>> = {
  introduced: [DECISIVE, HISTORICAL, PINNED],
  'pre-existing': [
    PRE_EXISTING,
    { kind: 'pre-existing', otherwise: 'historical', reason: 'it breaks there too' },
    { kind: 'pre-existing', otherwise: 'pinned', reason: 'it breaks there too' },
  ],
  'fails-otherwise': [DECISIVE, HISTORICAL, PINNED],
};

const roots = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 2 });

const finding: fc.Arbitrary<RootedFinding> = fc
  .record({
    scope: fc.constantFrom(...SCOPES),
    weight: fc.nat(2),
    cause: fc.constantFrom(...CAUSES),
    own: roots,
    maybe: roots,
    open: fc.nat(2),
    closed: fc.nat(2),
    patch: fc.boolean(),
  })
  .map(({ scope, weight, cause, own, maybe, open, closed, patch }) => ({
    ...aFinding({
      cause,
      weight: WEIGHTS[scope][weight] ?? DECISIVE,
      executions: [
        anExecution(),
        ...Array.from({ length: open }, () => anExecution()),
        ...Array.from({ length: closed }, () => aClosedExecution()),
      ],
    }),
    roots: {
      own: own.map((root) => `${scope} ${root}`),
      maybe: maybe.map((root) => `${scope} ${root}`),
    },
    ...(patch ? { patch: 'check-fraud' } : {}),
  }));

const findings = fc.array(finding, { minLength: 1, maxLength: 8 });

const hit = (all: readonly Pick<Finding, 'executions'>[]): Execution[] =>
  all.flatMap(({ executions }) => executions);

function verdictOf(all: readonly Finding[], broken: readonly Execution[], passes: boolean) {
  const passing = passes ? [anExecution()] : [];
  const listed = [...broken, ...passing];
  const {
    kind,
    reason,
    passes: isGreen,
  } = conclude(
    evidence({
      findings: all,
      listed,
      outcomes: [
        ...broken.map((execution) => anOutcome('nondeterministic', execution)),
        ...passing.map((execution) => anOutcome('passed', execution)),
      ],
    }),
  );
  return { kind, reason, isGreen };
}

test('the verdict is the same as without joining, and no execution is lost or doubled', () => {
  fc.assert(
    fc.property(findings, fc.boolean(), (apart, passes) => {
      const joined = oneForEachCause(apart, hit(apart));

      expect(new Set(hit(joined))).toEqual(new Set(hit(apart)));
      expect(hit(joined)).toHaveLength(hit(apart).length);
      for (const one of joined) {
        expect(new Set(hit(groupsOf(one)))).toEqual(new Set(one.executions));
      }
      // Each group weighs what it weighed.
      const weights = new Map(apart.map(({ executions, weight }) => [executions[0], weight]));
      for (const group of joined.flatMap(groupsOf)) {
        if (group.weight.kind === 'decisive') continue;
        expect(group.weight).toEqual(weights.get(group.executions[0]));
      }
      expect(verdictOf(joined, hit(apart), passes)).toEqual(verdictOf(apart, hit(apart), passes));
    }),
    { numRuns: 2_000 },
  );
});

test('a finding is red where any of its groups is, and no group is taken in by another baseline', () => {
  fc.assert(
    fc.property(findings, (apart) => {
      for (const one of oneForEachCause(apart, hit(apart))) {
        const kinds = new Set(groupsOf(one).map(({ weight }) => weight.kind));
        if (kinds.has('decisive')) expect(one.weight.kind).toBe('decisive');
        if (kinds.has('pre-existing')) expect([...kinds]).toEqual(['pre-existing']);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('what is one does not depend on the order in which findings come', () => {
  fc.assert(
    fc.property(
      findings.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      ),
      ([apart, shuffled]) => {
        const listed = hit(apart);
        const sets = (all: readonly RootedFinding[]): string[] =>
          oneForEachCause(all, listed)
            .map(({ executions }) => executions.map(({ runId }) => runId).join())
            .sort();
        expect(sets(shuffled)).toEqual(sets(apart));
      },
    ),
    { numRuns: 1_000 },
  );
});
