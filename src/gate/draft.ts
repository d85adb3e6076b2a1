import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { PatchRecord } from '../diagnosis/patches.js';
import type { GateParts, GateSettings } from './parts.js';
import type { ListedExecutions } from '../model/resolved-target.js';
import type { Claim } from '../model/claim.js';
import { byListing, measureCoverage } from '../model/coverage.js';
import type { Effort, StoreUse } from '../model/estimate.js';
import type { DriftFound, DriftPolicy, DriftReview } from '../model/drift.js';
import type { Finding } from '../model/finding.js';
import { weakest, type Isolation } from '../model/isolation.js';
import type { NoMatch } from '../model/no-match.js';
import { isJudged, type Outcome } from '../model/outcome.js';
import type { Sample } from '../model/plan.js';
import type { PatchReview } from '../model/patch-review.js';
import type { ChangedLine, Reach } from '../model/reach.js';
import type { BaselineDescription, Problem, Report } from '../model/report.js';
import type { Target } from '../model/target.js';
import { describeProblem, UserError } from '../model/user-error.js';
import type { Verdict } from '../model/verdict.js';
import type { ReadyReplayer } from '../replay/replayers.js';
import { estimateAffected } from '../selection/estimate.js';
import { conclude } from '../verdict/conclude.js';
import type { Evidence } from '../verdict/evidence.js';

/** What the fetch stage knows, before any code runs. */
export interface Fetched {
  /** RFC 3339. */
  readonly asOf: string;
  readonly claim?: Claim;
  readonly pullRequests?: readonly number[];
  readonly removedClaim?: string;
  readonly target?: Target;
  readonly unknownBuild?: string;
  readonly noMatch?: NoMatch;
  readonly listing: ListedExecutions;
  /** What was drawn by chance of what runs. */
  readonly sample?: Sample;
  /** What was asked of the server; absent where that never came about. */
  readonly effort?: Effort;
  /** What a reader should know and what decides nothing. */
  readonly notes: readonly string[];
  /** What ended the stage early. */
  readonly problem?: Problem;
}

/** What the replay stage found, over all executions or over a share of them. */
export interface Replayed {
  readonly commit?: string;
  readonly replayer?: ReadyReplayer;
  readonly baseline?: BaselineDescription;
  readonly outcomes: readonly Outcome[];
  readonly causes: readonly DiagnosedFinding[];
  /** Absent where it was not looked into. */
  readonly patchRecords?: readonly PatchRecord[];
  /** Absent where it is not known what was changed, or what was reached. */
  readonly changedLines?: readonly ChangedLine[];
  readonly driftFound: readonly DriftFound[];
  readonly notes: readonly string[];
  readonly problem?: Problem;
  readonly cancelled: boolean;
}

/** What a run has found so far; it can be finished at any moment, so that nothing found is lost. */
export class Draft {
  asOf: Date;
  commit: string | undefined;
  claim: Claim | undefined;
  pullRequests: readonly number[] | undefined;
  removedClaim: string | undefined;
  target: Target | undefined;
  unknownBuild: string | undefined;
  noMatch: NoMatch | undefined;
  wrongSubject: Evidence['wrongSubject'];
  replayer: ReadyReplayer | undefined;
  baseline: BaselineDescription | undefined;
  listing: ListedExecutions = { executions: [], truncated: false };
  sample: Sample | undefined;
  effort: Effort | undefined;
  readonly outcomes: Outcome[] = [];
  /** What breaks, before it is weighed. */
  causes: readonly DiagnosedFinding[] = [];
  /** Undefined where it was not looked into. */
  patchRecords: readonly PatchRecord[] | undefined;
  findings: readonly Finding[] = [];
  patches: readonly PatchReview[] = [];
  /** What the replays say of the changed lines; undefined where that is not known. */
  changedLines: readonly ChangedLine[] | undefined;
  reach: Reach | undefined;
  private isReachLost = false;
  /** What each run found of drift; empty where it was not looked for. */
  driftFound: readonly DriftFound[] = [];
  drift: DriftReview | undefined;
  private readonly policy: GateSettings['policy'];
  private problem: Problem | undefined;
  private bug: unknown;
  private cancelled = false;
  private readonly notes: string[] = [];

  constructor(now: Date, policy: GateSettings['policy']) {
    this.asOf = now;
    this.policy = policy;
  }

  /** Does the work of a run and cleans up after it. Never rejects: what ends it early is noted. */
  async attempt(
    work: () => Promise<void>,
    parts: Pick<GateParts, 'cancelled' | 'close'>,
  ): Promise<void> {
    try {
      await work();
      // Not every part notices that the job was cancelled: half a check is none.
      parts.cancelled.throwIfAborted();
    } catch (error) {
      this.fail(error, parts.cancelled);
    } finally {
      await parts.close().catch((error: unknown) => {
        this.warn(`Cleaning up failed: ${error instanceof Error ? error.message : String(error)}`);
      });
    }
  }

  /** Of a run that begins here: what an earlier job found out. */
  takeFetched(fetched: Fetched): void {
    this.asOf = new Date(fetched.asOf);
    this.claim = fetched.claim;
    this.pullRequests = fetched.pullRequests;
    this.removedClaim = fetched.removedClaim;
    this.target = fetched.target;
    this.unknownBuild = fetched.unknownBuild;
    this.noMatch = fetched.noMatch;
    this.listing = fetched.listing;
    this.sample = fetched.sample;
    this.effort = fetched.effort;
    this.takeNotes(fetched);
  }

  /** What one of several runs found; they have replayed the same code. */
  takeReplayed(replayed: Replayed): void {
    this.commit = replayed.commit;
    this.replayer = withTypesOfBoth(this.replayer, replayed.replayer);
    // One that replayed nothing on the baseline knows its commit only.
    if (this.baseline?.replayer === undefined) this.baseline = replayed.baseline ?? this.baseline;
    this.outcomes.push(...replayed.outcomes);
    this.causes = [...this.causes, ...replayed.causes];
    if (replayed.patchRecords !== undefined) {
      this.patchRecords = [...(this.patchRecords ?? []), ...replayed.patchRecords];
    }
    this.takeChangedLines(replayed);
    this.driftFound = [...this.driftFound, ...replayed.driftFound];
    this.cancelled ||= replayed.cancelled;
    this.takeNotes(replayed);
  }

  /** Where one that replayed cannot tell what it reached, nothing can be said not to be reached. */
  private takeChangedLines({ changedLines, outcomes }: Replayed): void {
    if (changedLines !== undefined && !this.isReachLost) {
      this.changedLines = [...(this.changedLines ?? []), ...changedLines];
    } else if (outcomes.some(isJudged)) {
      this.isReachLost = true;
      this.changedLines = undefined;
    }
  }

  /** A replay never sets it: what it means is for the report to say. */
  get driftPolicy(): DriftPolicy {
    return this.policy.drift;
  }

  get fetched(): Fetched {
    return {
      asOf: this.asOf.toISOString(),
      ...(this.claim === undefined ? {} : { claim: this.claim }),
      ...(this.pullRequests === undefined ? {} : { pullRequests: this.pullRequests }),
      ...(this.removedClaim === undefined ? {} : { removedClaim: this.removedClaim }),
      ...(this.target === undefined ? {} : { target: this.target }),
      ...(this.unknownBuild === undefined ? {} : { unknownBuild: this.unknownBuild }),
      ...(this.noMatch === undefined ? {} : { noMatch: this.noMatch }),
      listing: this.listing,
      ...(this.sample === undefined ? {} : { sample: this.sample }),
      ...(this.effort === undefined ? {} : { effort: this.effort }),
      notes: this.notes,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  get replayed(): Replayed {
    return {
      ...(this.commit === undefined ? {} : { commit: this.commit }),
      ...(this.replayer === undefined ? {} : { replayer: this.replayer }),
      ...(this.baseline === undefined ? {} : { baseline: this.baseline }),
      outcomes: this.outcomes,
      causes: this.causes,
      ...(this.patchRecords === undefined ? {} : { patchRecords: this.patchRecords }),
      ...(this.changedLines === undefined ? {} : { changedLines: this.changedLines }),
      driftFound: this.driftFound,
      notes: this.notes,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      cancelled: this.cancelled,
    };
  }

  /** The error behind the problem, when it is a bug of ours. */
  get bugFound(): unknown {
    return this.bug;
  }

  /** Whether nothing has ended the run early. */
  get isWhole(): boolean {
    return this.problem === undefined && !this.cancelled;
  }

  /** Notes what is wrong with a run, beside what it found. The first problem is the one that is told. */
  object(problem: Problem): void {
    if (this.problem === undefined) this.problem = problem;
    else this.warn(describeProblem(problem));
  }

  private takeNotes({ notes, problem }: Pick<Fetched, 'notes' | 'problem'>): void {
    // Jobs that do the same meet the same.
    for (const note of notes) if (!this.notes.includes(note)) this.warn(note);
    if (problem !== undefined && describeProblem(problem) !== this.problemWords) {
      this.object(problem);
    }
  }

  private get problemWords(): string | undefined {
    return this.problem === undefined ? undefined : describeProblem(this.problem);
  }

  private fail(error: unknown, cancelled: AbortSignal): void {
    if (cancelled.aborted) {
      this.cancelled = true;
    } else if (error instanceof UserError) {
      this.object(problemOf(error));
    } else {
      this.bug = error;
      this.object({
        found: `The action itself failed: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'report this with the stack that the log shows',
      });
    }
  }

  /** Notes what a reader should know and what decides nothing. */
  warn(note: string): void {
    this.notes.push(note);
  }

  finish(): Report {
    const { listing } = this;
    // Outcomes come in as replays end; reports show them as they were listed.
    const outcomes = byListing(listing.executions, this.outcomes, (outcome) => outcome);
    const verdict = conclude({
      claim: this.claim,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      ...(this.unknownBuild === undefined ? {} : { unknownBuild: this.unknownBuild }),
      ...(this.noMatch === undefined ? {} : { noMatch: this.noMatch }),
      ...(this.wrongSubject === undefined ? {} : { wrongSubject: this.wrongSubject }),
      cancelled: this.cancelled,
      listed: listing.executions,
      listingTruncated: listing.truncated,
      outcomes,
      findings: this.findings,
      ...(this.drift === undefined ? {} : { drift: this.drift }),
      registeredTypes:
        this.replayer?.workflowTypes === undefined
          ? undefined
          : new Set(this.replayer.workflowTypes),
      policy: this.policy,
    });
    const estimate = estimateAffected(listing, outcomes, this.sample);
    return {
      asOf: this.asOf.toISOString(),
      commit: this.commit,
      claim: this.claim,
      ...(this.pullRequests === undefined ? {} : { pullRequests: this.pullRequests }),
      ...(this.removedClaim === undefined ? {} : { removedClaim: this.removedClaim }),
      target: this.target,
      replayer: this.replayer,
      ...(this.replayer?.isolation === undefined ? {} : { isolation: this.replayer.isolation }),
      ...(this.baseline === undefined ? {} : { baseline: this.baseline }),
      verdict,
      outcomes,
      findings: this.findings,
      coverage: measureCoverage(listing.executions, outcomes, listing.truncated),
      ...(estimate === undefined ? {} : { estimate }),
      ...(this.effort === undefined ? {} : { effort: this.effort }),
      patches: this.patches,
      ...(this.reach === undefined ? {} : { reach: this.reach }),
      ...(this.drift === undefined ? {} : { drift: this.drift }),
      warnings: this.warnings(verdict),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      ...(this.bug === undefined ? {} : { bug: this.bug }),
    };
  }

  private warnings(verdict: Verdict): string[] {
    const warnings: string[] = [];
    if (verdict.kind === 'incompatible') {
      // A break comes before everything else that is wrong with a run; that must not hide it.
      if (this.cancelled) warnings.push('The run was cancelled before its end.');
      if (this.problem !== undefined) {
        warnings.push(`The check ended early. ${describeProblem(this.problem)}`);
      }
      if (this.wrongSubject !== undefined) warnings.push(this.wrongSubject.summary);
    }
    if (this.claim !== undefined && 'warning' in this.claim) warnings.push(this.claim.warning);
    if (this.removedClaim !== undefined) {
      warnings.push(
        `An earlier title claimed [compatible-${this.removedClaim}], and the title no longer does: ` +
          'that claim is not checked any more. To have it checked, write it into the title again.',
      );
    }
    const errored = this.outcomes.filter((outcome) => outcome.kind === 'errored').length;
    if (errored > 0) {
      warnings.push(
        `${errored} ${errored === 1 ? 'execution' : 'executions'} could not be judged.`,
      );
    }
    const { listing, replayer } = this;
    if (listing.truncated) {
      warnings.push(`The listing was cut after ${listing.executions.length} executions.`);
    }
    if (replayer !== undefined && replayer.workflowTypes === undefined) {
      warnings.push('The workflow types that the code registers could not be read.');
    }
    if (replayer?.isolation?.rung === 'environment') warnings.push(NOT_ISOLATED);
    warnings.push(...storeWarnings(this.effort?.store));
    return [...warnings, ...this.notes];
  }
}

/** The last rung is none to rely on. */
const NOT_ISOLATED =
  'Isolation is "environment", the least that there is: the code under test runs as the same user as the ' +
  'process that started it, and could take what that process holds. Run the check on Linux with sudo or with user ' +
  'namespaces, or in three jobs, where that process holds no credentials.';

/** What a store lacks costs requests only, so one sentence tells of all of it. */
function storeWarnings(use: StoreUse | undefined): string[] {
  if (use === undefined) return [];
  const { unusable, failure } = use;
  const warnings: string[] = [];
  if (unusable > 0) {
    const [what, were] = unusable === 1 ? ['entry', 'was'] : ['entries', 'were'];
    warnings.push(
      `${unusable} ${what} of history-cache ${were} damaged or of another passphrase; the histories were read anew.`,
    );
  }
  if (failure !== undefined) {
    warnings.push(
      `history-cache could not be used or added to (${failure}); the histories were read from the server.`,
    );
  }
  return warnings;
}

function weakerOf(one: Isolation | undefined, other: Isolation | undefined): Isolation | undefined {
  return other === undefined ? one : weakest(one, other);
}

/** Without the stack and whatever caused it. */
function problemOf({ found, expected, fix }: UserError): Problem {
  return {
    found,
    ...(expected === undefined ? {} : { expected }),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What each of two runs knows for sure: types that only one of them registers are not. */
function withTypesOfBoth(
  one: ReadyReplayer | undefined,
  other: ReadyReplayer | undefined,
): ReadyReplayer | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const types = other.workflowTypes;
  const isolation = weakerOf(one.isolation, other.isolation);
  return {
    ...one,
    ...(isolation === undefined ? {} : { isolation }),
    workflowTypes:
      types === undefined ? undefined : one.workflowTypes?.filter((type) => types.includes(type)),
  };
}
