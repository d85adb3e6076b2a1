import { executionKey } from '../model/coverage.js';
import { toldDrift } from '../model/drift.js';
import { isOpen } from '../model/execution.js';
import {
  groupsOf,
  harmsRunning,
  hitsPinnedOnly,
  type Finding,
  type FindingGroup,
} from '../model/finding.js';
import { isBreak, isJudged } from '../model/outcome.js';
import { describeProblem } from '../model/user-error.js';
import type { Verdict } from '../model/verdict.js';
import type { Evidence } from './evidence.js';
import { onNothing } from './on-nothing.js';
import { leftOutType } from './left-out-type.js';
import { MIN_RUNNING, runningByType, type Stratum } from './strata.js';
import { counted, inconclusive } from './words.js';

/**
 * Decides red or green: the only place that does. The order of the rules is their precedence. Doubt
 * is red, unless a setting explicitly says otherwise.
 */
export function conclude(evidence: Evidence): Verdict {
  const verdict = decide(evidence);
  const isAdvice =
    evidence.claim?.kind === 'claimed' &&
    evidence.claim.from === 'on-no-claim' &&
    evidence.policy.onNoClaim === 'advise';
  // Nobody claimed anything, and the setting asks for advice. Advice stops nobody.
  if (!isAdvice || verdict.passes) return verdict;
  const summary = `Advice only, because the title claims nothing. ${verdict.summary}`;
  return { ...verdict, summary, passes: true, warns: true };
}

function decide(evidence: Evidence): Verdict {
  const decisive = evidence.findings.filter((finding) => groupsOf(finding).some(isDecisive));
  // A break that was seen is true, however the run ended.
  if (decisive.length > 0) return incompatible(decisive);
  // What a baseline breaks too, and pinned executions that nobody claims, are told and not red.
  const spared = new Set(
    waysOf(evidence)
      .filter((group) => isPreExisting(group) || isPinned(group))
      .flatMap((group) => group.executions.map(executionKey)),
  );
  const broken = evidence.outcomes.filter(
    ({ kind, execution }) =>
      isBreak({ kind }) && isOpen(execution) && !spared.has(executionKey(execution)),
  );
  if (broken.length > 0) return unexplained(broken.length);
  if (evidence.cancelled) {
    return inconclusive('cancelled', 'The run was cancelled before it could confirm the claim.');
  }
  if (evidence.problem !== undefined) {
    return inconclusive('error', describeProblem(evidence.problem));
  }
  const { claim } = evidence;
  if (claim === undefined) return inconclusive('error', 'The title was never read.');
  switch (claim.kind) {
    case 'malformed':
      return inconclusive(
        'malformed-claim',
        [claim.problem, evidence.claimable].filter(Boolean).join(' '),
      );
    case 'not-claimed':
      return notClaimed(evidence);
    case 'claimed':
      return evidence.wrongSubject === undefined
        ? onReplays(evidence)
        : inconclusive(evidence.wrongSubject.reason, evidence.wrongSubject.summary);
  }
}

function notClaimed(evidence: Evidence): Verdict {
  return evidence.policy.onNoClaim !== 'fail'
    ? {
        kind: 'not-claimed',
        reason: 'no-claim',
        summary:
          'The title claims no compatibility, so nothing was checked. Executions that are not kept on their version ' +
          'will run this code once it is deployed.',
        passes: true,
      }
    : {
        kind: 'not-claimed',
        reason: 'claim-required',
        summary: 'The title claims no compatibility, and on-no-claim is set to fail.',
        passes: false,
      };
}

function onReplays(evidence: Evidence): Verdict {
  if (evidence.unknownBuild !== undefined) {
    const unknown = inconclusive('unknown-build', evidence.unknownBuild);
    return evidence.policy.onUnknownBuild === 'pass'
      ? {
          ...unknown,
          summary: `Nothing was checked here: on-unknown-build is set to pass. ${unknown.summary}`,
          passes: true,
          warns: true,
        }
      : unknown;
  }
  const left = leftOutType(evidence);
  if (left !== undefined) return inconclusive('type-not-replayed', left);
  const judged = evidence.outcomes.filter(isJudged);
  if (judged.length === 0) return onNothing(evidence);

  const running = runningByType(evidence);
  const groups = waysOf(evidence);
  const preExisting = groups.filter(isPreExisting);
  const unchecked = whyUnchecked(groups, preExisting, running);
  if (unchecked !== undefined) {
    // That the code does not do the same each time is proven. It is no difference between set-ups.
    return preExisting.every(({ cause }) => cause === 'nondeterministic-source')
      ? incompatible(evidence.findings.filter(isPreExisting), ON_BASELINE_TOO)
      : inconclusive('setup-differs', `${unchecked}${SET_UP}`);
  }
  for (const [type, stratum] of running) {
    if (stratum.errored > 0) {
      return inconclusive('errored', `${counted(stratum.errored)} of ${type} could not be judged.`);
    }
  }
  for (const [type, stratum] of running) {
    if (stratum.unregistered > 0 || (stratum.judged === 0 && stratum.needed > 0)) {
      return inconclusive(
        'type-not-replayed',
        `None of ${counted(stratum.size)} of ${type} was replayed.`,
      );
    }
    if (stratum.judged < Math.min(MIN_RUNNING, stratum.needed)) {
      return inconclusive(
        'budget',
        `Only ${stratum.judged} of ${counted(stratum.size)} of ${type} could be replayed within the budget, ` +
          `and ${Math.min(MIN_RUNNING, stratum.needed)} must be.`,
      );
    }
  }
  const drift = onDrift(evidence.drift);
  if (drift !== undefined) return drift;
  const all = judged.length === evidence.listed.length && !evidence.listingTruncated;
  const of = `${judged.length} of ${evidence.listed.length}${evidence.listingTruncated ? '+' : ''}`;
  const count = evidence.findings.length;
  const findings = count === 1 ? 'finding is' : 'findings are';
  if (preExisting.length > 0) {
    return {
      kind: 'compatible',
      reason: 'pre-existing-finding',
      summary:
        `This change breaks no running execution (${of} executions replayed); ${count} pre-existing or ` +
        `historical ${findings} reported below.`,
      passes: true,
    };
  }
  if (groups.some(isPinned)) {
    return {
      kind: 'compatible',
      reason: 'pinned-finding',
      summary:
        `No execution that moves to this code breaks (${of} executions replayed). Pinned ones would if somebody moved ` +
        `them; ${count} ${findings} reported below.`,
      passes: true,
    };
  }
  if (count > 0) {
    return {
      kind: 'compatible',
      reason: 'historical-finding',
      summary: `No running execution breaks (${of} executions replayed); ${count} historical ${findings} reported below.`,
      passes: true,
    };
  }
  return {
    kind: 'compatible',
    reason: all ? 'all-replayed' : 'some-replayed',
    summary: `The code can take over: ${of} executions replayed, none diverged.`,
    passes: true,
  };
}

/**
 * Executions go on in spite of drift, so drift is red only with `drift: fail`. Where nothing could be recorded,
 * drift is not known to be absent.
 */
function onDrift(drift: Evidence['drift']): Verdict | undefined {
  if (drift?.policy !== 'fail') return undefined;
  const told = toldDrift(drift).length;
  if (told > 0) {
    return {
      kind: 'incompatible',
      reason: 'drift',
      summary:
        'No running execution breaks, but the code differs from history, and drift is set to fail: ' +
        `${counted(told, 'difference')} in ${counted(drift.compared, 'recorded execution')}.`,
      passes: false,
    };
  }
  return drift.chosen > 0 && drift.compared === 0
    ? inconclusive(
        'drift-unknown',
        `Drift is set to fail, and none of ${counted(drift.chosen, 'execution')} could be recorded to look for drift.`,
      )
    : undefined;
}

/** What breaks, group by group: joining those of one root cause changes no verdict. */
function waysOf({ findings }: Evidence): readonly FindingGroup[] {
  return findings.flatMap(groupsOf);
}

function isDecisive({ weight }: FindingGroup): boolean {
  return weight.kind === 'decisive';
}

/** What would be decisive if the baseline did not break in the same way. */
function isPreExisting({ weight }: FindingGroup): boolean {
  return weight.kind === 'pre-existing' && harmsRunning({ weight });
}

/** What breaks in pinned executions that nobody claims, whoever broke them. */
function isPinned({ weight }: FindingGroup): boolean {
  return (
    weight.kind === 'pinned' || (weight.kind === 'pre-existing' && weight.otherwise === 'pinned')
  );
}

/**
 * Says that the replay tells nothing about this change, because it stops at what breaks on the baseline too. Two
 * signs tell: everything that breaks also breaks on the baseline, or no running execution of a workflow type passes.
 */
function whyUnchecked(
  groups: readonly FindingGroup[],
  preExisting: readonly FindingGroup[],
  running: ReadonlyMap<string, Stratum>,
): string | undefined {
  if (preExisting.length === 0) return undefined;
  const executions = new Set(preExisting.flatMap((one) => one.executions.map(executionKey))).size;
  const allBrokenBefore = groups.every(({ weight }) => weight.kind === 'pre-existing');
  const nonePasses = [...running].find(([, { judged, broken }]) => judged > 0 && broken === judged);
  if (!allBrokenBefore && nonePasses === undefined) return undefined;
  return allBrokenBefore
    ? `Everything that breaks also breaks on the baseline, in the same way (${counted(executions, 'execution')}). ` +
        'So this change did not cause it, and nothing after that point could be checked. '
    : `No running execution of ${nonePasses?.[0] ?? ''} passes, and the baseline breaks in the same way. `;
}

/** The replay is probably not set up as the worker is. */
const SET_UP =
  "Your replay set-up probably differs from the worker's: give the replay its interceptors, data converter and the " +
  'like in replay-options (in Go and Java, in the function that registers), as the finding says. If an earlier change really left these executions stuck, reset or ' +
  'terminate them, or exclude them with query.';

const ON_BASELINE_TOO =
  'The code does not issue the same commands each time, and neither does the baseline: so no code can take over ' +
  'these executions for certain. Mend it, and reset or terminate them, or exclude them with query.';

/** Still red: the claim is that the code can take over. */
const PINNED_ONLY =
  'Only executions that are pinned to the named version break. They do not move to this code by ' +
  'themselves. They would break when somebody moves them, or when workers of that version run this code.';

function incompatible(decisive: readonly Finding[], why?: string): Verdict {
  const groups = decisive.flatMap(groupsOf);
  const heaviest = groups.some(isDecisive) ? groups.filter(isDecisive) : groups;
  const executions = new Set(heaviest.flatMap((group) => group.executions.map(executionKey))).size;
  return {
    kind: 'incompatible',
    reason: 'decisive-finding',
    summary:
      `The code cannot take over: ${decisive.length} ${decisive.length === 1 ? 'cause breaks' : 'causes break'} ` +
      `${executions} ${executions === 1 ? 'execution' : 'executions'}.` +
      (why === undefined ? '' : ` ${why}`) +
      (heaviest.every(hitsPinnedOnly) ? ` ${PINNED_ONLY}` : ''),
    passes: false,
  };
}

/** Each of these breaks decides. When the diagnosis fails and gives no finding, they must not turn green. */
function unexplained(broken: number): Verdict {
  return {
    kind: 'incompatible',
    reason: 'decisive-finding',
    summary: `The code cannot take over ${counted(broken)}. The check could not find where they diverge.`,
    passes: false,
  };
}
