import type { GateSettings, ListedExecutions } from './gate-parts.js';
import type { Claim } from './model/claim.js';
import { executionKey, measureCoverage } from './model/coverage.js';
import type { DriftReview } from './model/drift.js';
import type { Finding } from './model/finding.js';
import type { NoMatch } from './model/no-match.js';
import type { Outcome } from './model/outcome.js';
import type { PatchReview } from './model/patch-review.js';
import type { BaselineDescription, Problem, Report } from './model/report.js';
import type { Target } from './model/target.js';
import { describeProblem, UserError } from './model/user-error.js';
import type { Verdict } from './model/verdict.js';
import type { ReadyReplayer } from './replay/replayers.js';
import { conclude } from './verdict/conclude.js';
import type { Evidence } from './verdict/evidence.js';

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
  readonly outcomes: Outcome[] = [];
  findings: readonly Finding[] = [];
  patches: readonly PatchReview[] = [];
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

  /** Notes what ended the run early. */
  fail(error: unknown, cancelled: AbortSignal): void {
    if (cancelled.aborted) {
      this.cancelled = true;
    } else if (error instanceof UserError) {
      this.problem = error;
    } else {
      this.bug = error;
      this.problem = {
        found: `The action itself failed: ${error instanceof Error ? error.message : String(error)}`,
        fix: 'report this with the stack that the log shows',
      };
    }
  }

  /** Notes what a reader should know and what decides nothing. */
  warn(note: string): void {
    this.notes.push(note);
  }

  finish(): Report {
    const { listing } = this;
    const outcomes = this.outcomesInOrder();
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
    return {
      asOf: this.asOf.toISOString(),
      commit: this.commit,
      claim: this.claim,
      ...(this.pullRequests === undefined ? {} : { pullRequests: this.pullRequests }),
      ...(this.removedClaim === undefined ? {} : { removedClaim: this.removedClaim }),
      target: this.target,
      replayer: this.replayer,
      ...(this.baseline === undefined ? {} : { baseline: this.baseline }),
      verdict,
      outcomes,
      findings: this.findings,
      coverage: measureCoverage(listing.executions, outcomes, listing.truncated),
      patches: this.patches,
      ...(this.drift === undefined ? {} : { drift: this.drift }),
      warnings: this.warnings(verdict),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      ...(this.bug === undefined ? {} : { bug: this.bug }),
    };
  }

  /** Outcomes come in as replays end; reports show them as they were listed. */
  private outcomesInOrder(): Outcome[] {
    const position = new Map(
      this.listing.executions.map((execution, index) => [executionKey(execution), index]),
    );
    const at = (outcome: Outcome): number => position.get(executionKey(outcome.execution)) ?? 0;
    return [...this.outcomes].sort((a, b) => at(a) - at(b));
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
    return [...warnings, ...this.notes];
  }
}
