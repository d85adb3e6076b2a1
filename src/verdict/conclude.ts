import type { Claim } from '../model/claim.js';
import { executionKey } from '../model/coverage.js';
import { isOpen, type Execution } from '../model/execution.js';
import { hitsPinnedOnly, type Finding } from '../model/finding.js';
import type { NoMatch } from '../model/no-match.js';
import { isBreak, isJudged, type Outcome } from '../model/outcome.js';
import type { Problem } from '../model/report.js';
import { describeProblem } from '../model/user-error.js';
import type { Verdict, VerdictReason } from '../model/verdict.js';
import { readable } from '../untrusted/readable.js';

/** Running executions of one workflow type that must at least be replayed, where there are as many. */
const MIN_RUNNING_PER_TYPE = 20;

/** Everything that the verdict is decided from. */
export interface Evidence {
  /** Undefined when it never came to reading one. */
  readonly claim: Claim | undefined;
  /** What ended the run before its end. */
  readonly problem?: Problem;
  /** Why there is no target for the claim. */
  readonly unknownBuild?: string;
  /** Why nothing was listed, where that was looked into. */
  readonly noMatch?: NoMatch;
  /** The title or the head moved, or the checkout is not the pull request's: a sentence. */
  readonly wrongSubject?: { readonly reason: 'wrong-checkout' | 'moved'; readonly summary: string };
  readonly cancelled: boolean;
  readonly listed: readonly Execution[];
  readonly listingTruncated: boolean;
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
  /** Workflow types that the code registers; undefined where the replayer cannot tell. */
  readonly registeredTypes: ReadonlySet<string> | undefined;
  readonly policy: {
    readonly onNoClaim: 'pass' | 'fail' | 'check' | 'advise';
    /** Undefined: `fail`, because a title claimed it. */
    readonly onNoHistories: 'fail' | 'warn' | 'pass' | undefined;
  };
}

/**
 * Decides red or green: the only place that does. The order of the rules is their precedence; what
 * knows nothing comes out red unless a setting says otherwise in so many words.
 */
export function conclude(evidence: Evidence): Verdict {
  const decisive = evidence.findings.filter((finding) => finding.weight.kind === 'decisive');
  // A break that was seen is true, however the run ended.
  if (decisive.length > 0) return incompatible(decisive);
  const broken = evidence.outcomes.filter((one) => isBreak(one) && isOpen(one.execution));
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
      return inconclusive('malformed-claim', claim.problem);
    case 'not-claimed':
      return notClaimed(evidence);
    case 'claimed':
      return evidence.wrongSubject === undefined
        ? onReplays(evidence)
        : inconclusive(evidence.wrongSubject.reason, evidence.wrongSubject.summary);
  }
}

function notClaimed(evidence: Evidence): Verdict {
  return evidence.policy.onNoClaim === 'pass'
    ? {
        kind: 'not-claimed',
        reason: 'no-claim',
        summary: 'The title claims no compatibility, so nothing was checked.',
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
    return inconclusive('unknown-build', evidence.unknownBuild);
  }
  const judged = evidence.outcomes.filter(isJudged);
  if (judged.length === 0) return onNothing(evidence);

  const running = runningByType(evidence);
  for (const [type, stratum] of running) {
    if (stratum.errored > 0) {
      return inconclusive(
        'errored',
        `${counted(stratum.errored)} of ${type} could not be judged, also when tried again alone.`,
      );
    }
  }
  for (const [type, stratum] of running) {
    if (stratum.unregistered > 0 || (stratum.judged === 0 && stratum.needed > 0)) {
      return inconclusive(
        'type-not-replayed',
        `None of ${counted(stratum.size)} of ${type} was replayed.`,
      );
    }
    if (stratum.judged < Math.min(MIN_RUNNING_PER_TYPE, stratum.needed)) {
      return inconclusive(
        'budget',
        `Of ${counted(stratum.size)} of ${type} only ${stratum.judged} could be replayed within the budget, ` +
          `and ${Math.min(MIN_RUNNING_PER_TYPE, stratum.needed)} must be.`,
      );
    }
  }
  const historical = evidence.findings.length > 0;
  const all = judged.length === evidence.listed.length && !evidence.listingTruncated;
  const of = `${judged.length} of ${evidence.listed.length}${evidence.listingTruncated ? '+' : ''}`;
  return {
    kind: 'compatible',
    reason: historical ? 'historical-finding' : all ? 'all-replayed' : 'some-replayed',
    summary: historical
      ? `No running execution breaks (${of} executions replayed); ${evidence.findings.length} ` +
        `historical ${evidence.findings.length === 1 ? 'finding is' : 'findings are'} reported below.`
      : `The code can take over: ${of} executions replayed, none diverged.`,
    passes: true,
  };
}

/** Nothing was judged: the claim is neither confirmed nor refuted. */
function onNothing(evidence: Evidence): Verdict {
  const { listed, outcomes, registeredTypes } = evidence;
  // Somebody stands behind a title; an input may be set once for every pull request.
  const byInput = evidence.claim?.kind === 'claimed' && evidence.claim.from === 'build-id';
  const policy = evidence.policy.onNoHistories ?? (byInput ? 'warn' : 'fail');
  const leftToPolicy = (reason: VerdictReason, summary: string): Verdict => ({
    ...inconclusive(reason, summary),
    passes: policy !== 'fail',
    warns: policy === 'warn',
  });
  if (listed.length === 0) {
    const wayOut = byInput ? 'take build-id out of the inputs' : 'take the claim out of the title';
    return onNoMatch(evidence, (reason, summary) =>
      leftToPolicy(reason, `${summary} If that is expected, ${wayOut}, or set on-no-histories.`),
    );
  }
  const neverStarted =
    outcomes.length === listed.length && outcomes.every((outcome) => outcome.kind === 'skipped');
  const allRegistered =
    registeredTypes !== undefined &&
    listed.every((execution) => registeredTypes.has(execution.workflowType));
  if (neverStarted && allRegistered && !evidence.listingTruncated) {
    return leftToPolicy(
      'not-started',
      `${counted(listed.length, 'execution')} matched and none has completed a workflow task yet: ` +
        'there is nothing to replay. All their workflow types are registered.',
    );
  }
  return inconclusive(
    'nothing-replayed',
    `Of ${counted(listed.length, 'matching execution')} none could be judged.`,
  );
}

/** Nothing matched. Only what is known to be no mistake is left to the policy. */
function onNoMatch(
  { noMatch, registeredTypes }: Evidence,
  leftToPolicy: (reason: VerdictReason, summary: string) => Verdict,
): Verdict {
  switch (noMatch?.kind) {
    case undefined:
      return leftToPolicy('empty', 'No execution matches, so nothing confirms the claim.');
    case 'empty':
      return leftToPolicy(
        'empty',
        `No execution matches, so nothing confirms the claim. ${noMatch.explanation}`,
      );
    case 'not-started': {
      const { waiting, workflowTypes } = noMatch;
      const missing = workflowTypes.filter((type) => registeredTypes?.has(type) !== true);
      const are = `${counted(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for the first workflow task`;
      return missing.length === 0
        ? leftToPolicy(
            'not-started',
            `No execution matches yet: ${are}, so there is nothing to replay. All their workflow types are registered.`,
          )
        : inconclusive(
            'type-not-replayed',
            registeredTypes === undefined
              ? `Nothing could be replayed: ${are}, and whether the code registers ${listedTypes(missing)} is not known.`
              : `Nothing could be replayed: ${are}, and the code does not register ${listedTypes(missing)}.`,
          );
    }
    case 'query-mismatch':
      return inconclusive('query-mismatch', noMatch.explanation);
    case 'not-known':
      return inconclusive(
        'empty',
        `No execution matches, so nothing confirms the claim. Why could not be found out: ${noMatch.explanation}`,
      );
  }
}

/** Names that the server gave; a message is no place for a hundred of them. */
function listedTypes(types: readonly string[]): string {
  const shown = types.slice(0, MAX_NAMED_TYPES).map(readable).join(', ');
  const more = types.length - MAX_NAMED_TYPES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const MAX_NAMED_TYPES = 10;

interface Stratum {
  size: number;
  /** Running executions that replay could judge: not vanished, not without a completed task. */
  needed: number;
  judged: number;
  errored: number;
  /** Running, nothing to replay yet, and of a type that the code does not register. */
  unregistered: number;
}

/** By workflow type, and by group where there are groups: one that was replayed answers for no other. */
function runningByType(evidence: Evidence): Map<string, Stratum> {
  const strata = new Map<string, Stratum>();
  const outcomeOf = new Map(
    evidence.outcomes.map((outcome) => [executionKey(outcome.execution), outcome.kind]),
  );
  for (const execution of evidence.listed) {
    if (!isOpen(execution)) continue;
    const { workflowType, group } = execution;
    const name = group === undefined ? workflowType : `${workflowType} (${group})`;
    let stratum = strata.get(name);
    if (stratum === undefined) {
      stratum = { size: 0, needed: 0, judged: 0, errored: 0, unregistered: 0 };
      strata.set(name, stratum);
    }
    const outcome = outcomeOf.get(executionKey(execution));
    stratum.size += 1;
    if (outcome === 'skipped') {
      if (evidence.registeredTypes?.has(workflowType) === false) stratum.unregistered += 1;
      continue;
    }
    if (outcome === 'gone') continue;
    stratum.needed += 1;
    if (outcome === 'errored') stratum.errored += 1;
    else if (outcome !== undefined) stratum.judged += 1;
  }
  return strata;
}

/** Red all the same: the claim is that the code can take over. */
const PINNED_ONLY =
  'Only executions that are pinned to the named version break. They do not move to this code by ' +
  'themselves: they would break when they are moved, or when workers of that version run this code.';

function incompatible(decisive: readonly Finding[]): Verdict {
  const executions = new Set(decisive.flatMap((finding) => finding.executions.map(executionKey)))
    .size;
  return {
    kind: 'incompatible',
    reason: 'decisive-finding',
    summary:
      `The code cannot take over: ${decisive.length} ${decisive.length === 1 ? 'cause breaks' : 'causes break'} ` +
      `${executions} ${executions === 1 ? 'execution' : 'executions'}.` +
      (decisive.every(hitsPinnedOnly) ? ` ${PINNED_ONLY}` : ''),
    passes: false,
  };
}

/** Each of these belongs to a decisive finding; a diagnosis that failed must not turn them green. */
function unexplained(broken: number): Verdict {
  return {
    kind: 'incompatible',
    reason: 'decisive-finding',
    summary: `The code cannot take over ${counted(broken)}; where they diverge could not be found.`,
    passes: false,
  };
}

function inconclusive(reason: VerdictReason, summary: string): Verdict {
  return { kind: 'inconclusive', reason, summary, passes: false };
}

function counted(count: number, noun = 'running execution'): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
