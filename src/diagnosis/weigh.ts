import { ByExecution, executionKey } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import { hitsPinnedOnly, type Finding, type Weight } from '../model/finding.js';
import { isJudged, type Outcome } from '../model/outcome.js';
import type { UnweighedFinding } from './failure.js';

export interface WeighingContext {
  readonly closed: 'predict' | 'fail' | 'ignore';
  /** Builds whose workers can still get tasks; undefined where they are not known. */
  readonly liveBuildIds: ReadonlySet<string>;
  /** Everything that was listed, to know which types still run. */
  readonly listed: readonly Execution[];
  /** Whether the listing was cut: then a type that shows no running execution may still have some. */
  readonly listingTruncated: boolean;
  /** The outcomes so far. A running execution without one can be anywhere in its code. */
  readonly outcomes: readonly Outcome[];
  /** Keys of closed executions that a reset replaced by another run, beside those whose history shows it. */
  readonly leftByReset?: ReadonlySet<string>;
}

/**
 * Decides how much each finding matters. Running executions matter most; closed ones count only if they predict
 * where running ones may be.
 */
export function weigh(findings: readonly UnweighedFinding[], context: WeighingContext): Finding[] {
  const runningTypes = new Set(
    context.listed.filter(isOpen).map((execution) => execution.workflowType),
  );
  const live = buildsWithFuture(context);
  return findings.map(({ divergingBuilds, ...finding }) => {
    const weight = weightOf(finding, divergingBuilds, { ...context, runningTypes, live });
    return {
      ...finding,
      weight: finding.baseline?.relation === 'pre-existing' ? preExisting(weight) : weight,
    };
  });
}

/** A change is to blame only for what it breaks itself. */
function preExisting({ kind, reason }: JudgedWeight): Weight {
  return {
    kind: 'pre-existing',
    otherwise: kind,
    reason: `it breaks on the baseline in the same way; otherwise it would be ${kind}, because ${reason}`,
  };
}

/** What a finding weighs by itself, whoever caused it. */
type JudgedWeight = Exclude<Weight, { kind: 'pre-existing' }>;

/**
 * Builds whose closed executions predict something: those that are live, and those that were the last
 * to work on a running execution which was not replayed, so that nobody knows where it is. Undefined:
 * any build.
 */
function buildsWithFuture(context: WeighingContext): ReadonlySet<string> | undefined {
  if (context.liveBuildIds.size === 0 || context.listingTruncated) return undefined;
  const judged = new ByExecution(
    context.outcomes.filter(isJudged).map(({ execution }) => [execution, true] as const),
  );
  const unknown = context.listed.filter((one) => isOpen(one) && judged.get(one) !== true);
  return new Set([
    ...context.liveBuildIds,
    ...unknown.flatMap(({ buildIds }) => buildIds.slice(-1)),
  ]);
}

interface Weighing extends WeighingContext {
  readonly runningTypes: ReadonlySet<string>;
  readonly live: ReadonlySet<string> | undefined;
}

function weightOf(
  finding: Omit<Finding, 'weight'>,
  builds: ReadonlyMap<Execution, string | undefined>,
  context: Weighing,
): JudgedWeight {
  const open = finding.executions.filter(isOpen).length;
  if (open > 0) {
    const pinned = hitsPinnedOnly(finding) ? ', pinned to their version' : '';
    return {
      kind: 'decisive',
      reason: `it hits ${open} running ${open === 1 ? 'execution' : 'executions'}${pinned}`,
    };
  }
  switch (context.closed) {
    case 'fail':
      return { kind: 'decisive', reason: 'it hits closed executions, and closed is set to fail' };
    case 'ignore':
      return {
        kind: 'historical',
        reason: 'it hits closed executions only, and closed is set to ignore',
      };
    case 'predict':
      break;
  }
  const remaining = finding.executions.filter(
    (execution) =>
      execution.isLeftByReset !== true &&
      context.leftByReset?.has(executionKey(execution)) !== true,
  );
  if (remaining.length === 0) {
    return {
      kind: 'historical',
      reason: 'it hits only runs that a reset left behind: other runs have gone on in their place',
    };
  }
  if (!context.runningTypes.has(finding.workflowType) && !context.listingTruncated) {
    return {
      kind: 'historical',
      reason: 'it hits closed executions only, and no execution of this workflow type is running',
    };
  }
  // A build that history does not name may be live: an unknown must not turn a check green.
  const predicts = remaining.some((execution) => {
    const build = builds.get(execution) ?? execution.buildIds.at(-1);
    return build === undefined || context.live === undefined || context.live.has(build);
  });
  return predicts
    ? {
        kind: 'decisive',
        reason:
          'it hits closed executions of a build that is still live, and executions of this workflow ' +
          'type are running: they may be on the same path',
      }
    : {
        kind: 'historical',
        reason: 'it hits closed executions only, all of builds that are no longer live',
      };
}
