import { unjudgedWords } from '../model/outcome.js';
import type { Ending } from './ending.js';
import type { Fetched } from './fetched.js';
import type { StoreUse } from '../model/estimate.js';
import type { Outcome } from '../model/outcome.js';
import type { Report } from '../model/report.js';
import { describeProblem } from '../model/user-error.js';
import type { ReadyReplayer } from '../replay/replayers.js';

/** Warnings decide nothing. The most important one comes first. */
export function warningsOf(
  { claim, removedClaim, listing }: Fetched,
  replayer: ReadyReplayer | undefined,
  outcomes: readonly Outcome[],
  { verdict, effort }: Pick<Report, 'verdict' | 'effort'>,
  { cancelled, problem, wrongSubject, notes }: Ending,
): string[] {
  const warnings: string[] = [];
  if (verdict.kind === 'incompatible') {
    // A break decides before everything else that is wrong with a run. A warning tells the rest.
    if (cancelled) warnings.push('The run was cancelled before its end.');
    if (problem !== undefined) {
      warnings.push(`The check ended early. ${describeProblem(problem)}`);
    }
    if (wrongSubject !== undefined) warnings.push(wrongSubject.summary);
  }
  if (claim !== undefined && 'warning' in claim) warnings.push(claim.warning);
  if (removedClaim !== undefined) {
    warnings.push(
      `An earlier title claimed [compatible-${removedClaim}], and the current title does not, so ` +
        'that claim is no longer checked. To check it, write it into the title again.',
    );
  }
  const unjudged = unjudgedWords(outcomes);
  if (unjudged !== undefined) warnings.push(unjudged);
  if (listing.truncated) {
    warnings.push(`The listing was cut after ${listing.executions.length} executions.`);
  }
  if (replayer !== undefined && !replayer.takesAnyType && replayer.workflowTypes === undefined) {
    warnings.push('The workflow types that the code registers could not be read.');
  }
  if (replayer?.isolation?.rung === 'environment') warnings.push(NOT_ISOLATED);
  return [...warnings, ...storeWarnings(effort?.store), ...notes];
}

/** Nobody should rely on the lowest rung. */
const NOT_ISOLATED =
  'Isolation is "environment", the lowest rung: the code under test runs as the same user as the ' +
  'process that started it, and could take what that process holds. Run the check on Linux with sudo or user ' +
  'namespaces, or in three jobs, where that process holds no credentials.';

/** A bad store only costs requests, so one sentence for each problem is enough. */
function storeWarnings(use: StoreUse | undefined): string[] {
  if (use === undefined) return [];
  const { unusable, failure } = use;
  const warnings: string[] = [];
  if (unusable > 0) {
    const [what, were] = unusable === 1 ? ['entry', 'was'] : ['entries', 'were'];
    warnings.push(
      `${unusable} ${what} of history-cache ${were} damaged, or sealed with another passphrase; the histories were read again.`,
    );
  }
  if (failure !== undefined) {
    warnings.push(
      `history-cache could not be read or written (${failure}); the histories were read from the server.`,
    );
  }
  return warnings;
}
