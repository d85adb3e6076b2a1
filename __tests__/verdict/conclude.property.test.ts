import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { executionKey } from '../../src/model/coverage.js';
import { isOpen, type Execution } from '../../src/model/execution.js';
import { isBreak, isJudged, OUTCOME_KINDS, type Outcome } from '../../src/model/outcome.js';
import { conclude } from '../../src/verdict/conclude.js';
import type { Evidence } from '../../src/verdict/evidence.js';
import { evidence } from '../builders/evidence.js';
import { anExecution } from '../builders/executions.js';
import { aFinding, DECISIVE, HISTORICAL, PRE_EXISTING } from '../builders/findings.js';
import { anOutcome } from '../builders/outcomes.js';

const WORKFLOW_TYPES = ['orderWorkflow', 'refundWorkflow', 'auditWorkflow'] as const;

const anyExecution = fc
  .record({
    workflowType: fc.constantFrom(...WORKFLOW_TYPES),
    status: fc.constantFrom('Running', 'Paused', 'Completed', 'ContinuedAsNew', 'Terminated'),
  })
  .map((changes) => anExecution(changes));

/** A listing, an outcome for some of it, and all the settings and troubles that there are. */
const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    listed: fc.array(anyExecution, { maxLength: 45 }),
    kinds: fc.infiniteStream(
      fc.oneof(
        { weight: 5, arbitrary: fc.constant<Outcome['kind']>('passed') },
        { weight: 1, arbitrary: fc.constantFrom(...OUTCOME_KINDS) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      ),
    ),
    weights: fc.array(fc.constantFrom(DECISIVE, HISTORICAL, PRE_EXISTING), { maxLength: 2 }),
    listingTruncated: fc.boolean(),
    cancelled: fc.boolean(),
    problem: fc.option(fc.constant({ found: 'Trouble' }), { nil: undefined, freq: 4 }),
    unknownBuild: fc.option(fc.constant('Unknown.'), { nil: undefined, freq: 4 }),
    noMatch: fc.option(
      fc.oneof(
        fc.record({
          kind: fc.constantFrom('query-mismatch' as const, 'empty' as const, 'not-known' as const),
          explanation: fc.constant('So it is.'),
        }),
        fc.record({
          kind: fc.constant('not-started' as const),
          waiting: fc.constant(2),
          workflowTypes: fc.subarray([...WORKFLOW_TYPES], { minLength: 1 }),
        }),
      ),
      { nil: undefined },
    ),
    registered: fc.option(fc.subarray([...WORKFLOW_TYPES]), { nil: undefined }),
    onNoHistories: fc.constantFrom('fail', 'warn', 'pass', undefined),
  })
  .map(
    ({
      listed,
      kinds,
      weights,
      problem,
      unknownBuild,
      noMatch,
      registered,
      onNoHistories,
      ...rest
    }) => {
      const outcomes = listed.flatMap((execution) => {
        const next = kinds.next();
        return next.done === true || next.value === undefined
          ? []
          : [anOutcome(next.value, execution)];
      });
      return evidence({
        ...rest,
        listed,
        outcomes,
        findings: weights.map((weight) => aFinding({ weight })),
        registeredTypes: registered === undefined ? undefined : new Set(registered),
        policy: { onNoClaim: 'pass', onUnknownBuild: 'fail', onNoHistories },
        ...(problem === undefined ? {} : { problem }),
        ...(unknownBuild === undefined ? {} : { unknownBuild }),
        ...(noMatch === undefined ? {} : { noMatch }),
      });
    },
  );

/** Running executions of one type, with the outcomes that they had. */
function strata(given: Evidence): { executions: Execution[]; outcomes: Outcome[] }[] {
  return WORKFLOW_TYPES.map((type) => {
    const executions = given.listed.filter((one) => isOpen(one) && one.workflowType === type);
    const keys = new Set(executions.map(executionKey));
    return {
      executions,
      outcomes: given.outcomes.filter((outcome) => keys.has(executionKey(outcome.execution))),
    };
  }).filter((stratum) => stratum.executions.length > 0);
}

function holds(claim: (given: Evidence) => void): void {
  fc.assert(fc.property(anyEvidence, claim), { numRuns: 500 });
}

describe('whatever was found', () => {
  test('nothing judged is never green under the default policy', () => {
    holds((given) => {
      const outcomes = given.outcomes.filter((outcome) => !isJudged(outcome));
      const policy = {
        onNoClaim: 'pass',
        onUnknownBuild: 'fail',
        onNoHistories: undefined,
      } as const;
      expect(conclude({ ...given, outcomes, policy }).passes).toBe(false);
    });
  });

  test('nothing judged is never "compatible" under any policy', () => {
    holds((given) => {
      const outcomes = given.outcomes.filter((outcome) => !isJudged(outcome));
      expect(conclude({ ...given, outcomes }).kind).not.toBe('compatible');
    });
  });

  test('nothing matched is green only where it is known to be no mistake, and a setting says so', () => {
    holds((given) => {
      const { noMatch, registeredTypes, policy } = given;
      const verdict = conclude({ ...given, listed: [], outcomes: [], findings: [] });
      if (!verdict.passes) return;
      expect(['warn', 'pass']).toContain(policy.onNoHistories);
      expect(['query-mismatch', 'not-known']).not.toContain(noMatch?.kind);
      if (noMatch?.kind === 'not-started') {
        expect(noMatch.workflowTypes.every((type) => registeredTypes?.has(type))).toBe(true);
      }
    });
  });

  test('a decisive finding is never green', () => {
    holds((given) => {
      const findings = [...given.findings, aFinding({ weight: DECISIVE })];
      expect(conclude({ ...given, findings })).toMatchObject({
        kind: 'incompatible',
        passes: false,
      });
    });
  });

  test('a claim that nothing passes but what breaks on the baseline too is never green', () => {
    holds((given) => {
      const broken = given.listed.map((execution) => anOutcome('nondeterministic', execution));
      const findings = [aFinding({ weight: PRE_EXISTING, executions: given.listed })];
      const policy = {
        onNoClaim: 'pass',
        onUnknownBuild: 'fail',
        onNoHistories: undefined,
      } as const;
      expect(conclude({ ...given, outcomes: broken, findings, policy }).passes).toBe(false);
    });
  });

  test('a running execution that breaks beside a finding about others is never green', () => {
    holds((given) => {
      const broken = anExecution();
      const verdict = conclude({
        ...given,
        listed: [...given.listed, broken],
        outcomes: [...given.outcomes, anOutcome('nondeterministic', broken)],
        findings: [aFinding({ weight: PRE_EXISTING, executions: given.listed })],
      });
      expect(verdict.passes).toBe(false);
    });
  });

  test('advice never stops anybody, and never says "compatible" of what is not', () => {
    holds((given) => {
      const from = 'on-no-claim' as const;
      const claim = { kind: 'claimed', buildId: 'v1', from } as const;
      const policy = { ...given.policy, onNoClaim: 'check' as const };
      const checked = conclude({ ...given, claim, policy });
      const advice = conclude({ ...given, claim, policy: { ...policy, onNoClaim: 'advise' } });
      expect(advice.passes).toBe(true);
      expect([advice.kind, advice.reason]).toEqual([checked.kind, checked.reason]);
      expect(advice.warns === true).toBe(checked.warns === true || !checked.passes);
    });
  });

  test('a running execution that could not be judged is never green', () => {
    holds((given) => {
      const stuck = anExecution();
      const verdict = conclude({
        ...given,
        listed: [...given.listed, stuck],
        outcomes: [...given.outcomes, anOutcome('errored', stuck)],
      });
      expect(verdict.passes).toBe(false);
    });
  });

  test('a running execution that breaks is never green, also where no finding tells of it', () => {
    holds((given) => {
      const broken = anExecution();
      const verdict = conclude({
        ...given,
        listed: [...given.listed, broken],
        outcomes: [...given.outcomes, anOutcome('nondeterministic', broken)],
        findings: [],
      });
      expect(verdict.passes).toBe(false);
    });
  });

  test('a workflow type with running executions of which too few were replayed is never green', () => {
    holds((given) => {
      const tooFew = strata(given).some(({ executions, outcomes }) => {
        const excused = outcomes.filter((outcome) => ['skipped', 'gone'].includes(outcome.kind));
        const needed = Math.min(20, executions.length - excused.length);
        return outcomes.filter(isJudged).length < needed;
      });
      if (tooFew) expect(conclude(given).passes).toBe(false);
    });
  });

  test('trouble, cancellation and an unknown build are never green', () => {
    holds((given) => {
      const { passes } = conclude(given);
      if (given.cancelled || given.problem !== undefined || given.unknownBuild !== undefined) {
        expect(passes).toBe(false);
      }
    });
  });

  test('green means that every running type is covered, or that a setting says so', () => {
    holds((given) => {
      const verdict = conclude(given);
      if (!verdict.passes) return;
      if (verdict.kind === 'compatible') {
        expect(given.outcomes.some(isJudged)).toBe(true);
        for (const { outcomes } of strata(given)) {
          expect(outcomes.some((outcome) => outcome.kind === 'errored' || isBreak(outcome))).toBe(
            false,
          );
        }
      } else {
        expect(['warn', 'pass']).toContain(given.policy.onNoHistories);
      }
    });
  });

  test('the order of outcomes and of the listing does not matter', () => {
    holds((given) => {
      const turned = {
        ...given,
        listed: [...given.listed].reverse(),
        outcomes: [...given.outcomes].reverse(),
      };
      const { kind, reason, passes } = conclude(turned);
      const original = conclude(given);
      expect({ kind, passes }).toEqual({ kind: original.kind, passes: original.passes });
      // Of several types that lack something, the first in the listing is the one that is named.
      if (passes) expect(reason).toBe(original.reason);
    });
  });
});
