import { ByExecution } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import { isJudged } from '../model/outcome.js';
import { roundDuration } from '../model/round-duration.js';
import type { UnweighedFinding } from './failure.js';
import { LATER_PASSES } from './passed-histories.js';
import { standingPast, type Standing } from './standing.js';
import { historical, type JudgedWeight, type WeighingContext } from './weighing.js';

/** So many executions past a point, on the average of the window, are one that a deployment will meet. */
const THRESHOLD = 0.01;

/**
 * What closed executions predict. A running execution breaks only if its history already holds the diverging point.
 * So the question is how many executions stand past that point at any moment.
 *
 * @param broken the closed executions of the finding that no reset replaced
 */
export function predict(
  finding: UnweighedFinding,
  broken: readonly Execution[],
  context: WeighingContext,
): JudgedWeight {
  const live = buildsWithFuture(context);
  // A build that history does not name may be live: an unknown must not turn a check green.
  const isLive = (build: string | undefined): boolean =>
    build === undefined || live === undefined || live.has(build);
  const taskOf = (execution: Execution) => finding.divergingTasks.get(execution) ?? {};
  const buildOf = (execution: Execution): string | undefined =>
    taskOf(execution).buildId ?? execution.buildIds.at(-1);
  const predicting = broken.filter((execution) => isLive(buildOf(execution)));
  if (predicting.length === 0)
    return historical('all of them are of builds that are no longer live');
  if (isPathLeft(finding)) {
    return historical(
      `no execution takes this path any more: the last ${LATER_PASSES} or more that started later came past the ` +
        'same point and pass',
    );
  }
  if (predicting.every((execution) => taskOf(execution).closes === true)) {
    return historical(
      'they break in the workflow task that closes them, so no running execution can be past this point',
    );
  }
  const standing = standingPast(
    predicting,
    finding.workflowType,
    taskOf,
    ({ buildIds }) => isLive(buildIds.at(-1)),
    {
      listed: context.listed,
      outcomes: context.outcomes,
      asOf: context.asOf,
      windowMs: context.closedWindowMs,
    },
  );
  const weight = weightOf(standing, context);
  const perhaps = predicting
    .map(buildOf)
    .find((build) => build !== undefined && context.perhapsLiveBuildIds?.has(build));
  return weight.kind === 'decisive' && perhaps !== undefined
    ? {
        ...weight,
        reason:
          `${weight.reason}; ${perhaps} counts as live, because the server could not count the executions that are ` +
          'pinned to it',
      }
    : weight;
}

function weightOf(standing: Standing, context: WeighingContext): JudgedWeight {
  const window = roundDuration(context.closedWindowMs);
  const { passed } = standing;
  const seen =
    passed === 0
      ? `none passed it in the last ${window}`
      : `${passed} passed it in the last ${window} and stayed ${roundDuration(standing.meanStayMs)} on average`;
  if (standing.atLeast >= THRESHOLD) {
    return {
      kind: 'decisive',
      reason: `it hits closed executions, and about ${rounded(standing.atLeast)} executions stand past this point at any moment: ${seen}`,
    };
  }
  if (context.listingTruncated) {
    return {
      kind: 'decisive',
      reason:
        'it hits closed executions, and nobody knows how many executions stand past this point: there are more ' +
        'executions than were listed',
    };
  }
  return standing.atMost >= THRESHOLD
    ? {
        kind: 'decisive',
        reason:
          `it hits closed executions, and up to ${rounded(standing.atMost)} executions can stand past this point at ` +
          `any moment: ${seen}, and not everything was read or is known`,
      }
    : historical(`fewer than ${THRESHOLD} executions stand past this point at any moment: ${seen}`);
}

/** Two digits that count. */
function rounded(number: number): string {
  return String(Number(number.toPrecision(2)));
}

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

/** Whether enough executions that started after the last broken one came past the same point and pass. */
function isPathLeft({ executions, passed }: UnweighedFinding): boolean {
  const started = executions.map(({ startTime }) => Date.parse(startTime ?? ''));
  const last = Math.max(...started);
  // One that started at an unknown time may be the last.
  if (Number.isNaN(last)) return false;
  return passed.filter((time) => Date.parse(time) > last).length >= LATER_PASSES;
}
