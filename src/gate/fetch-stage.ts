import { claimToCheck } from '../claim/claim-to-check.js';
import { removedClaim } from '../claim/removed-claim.js';
import type { Draft } from './draft.js';
import type { FetchParts, GateParts, GateSettings } from './parts.js';
import type { Subject } from '../model/subject.js';
import { isUnclaimed } from '../model/claim.js';
import type { HistoryRead } from '../model/history.js';
import type { Plan } from '../model/plan.js';
import { chooseReplays } from '../pipeline/choose-replays.js';
import { planReplays } from '../selection/plan-replays.js';
import { ReplayChoice } from '../selection/replay-choice.js';

/** The title, and what it claims: only a claim is checked any further. */
export async function readClaim(
  settings: GateSettings,
  parts: FetchParts,
  draft: Draft,
): Promise<Subject> {
  const subject = await parts.readSubject();
  draft.commit = subject.commit;
  draft.pullRequests = subject.pullRequests;
  draft.claim = claimToCheck(subject.title, settings);
  if (isUnclaimed(draft.claim) && subject.readEarlierTitles !== undefined) {
    const { titles, problem } = await subject.readEarlierTitles();
    draft.removedClaim = removedClaim(titles, settings.claimPosition);
    if (problem !== undefined) draft.warn(problem);
  }
  return subject;
}

/**
 * What the claim speaks of on the server.
 *
 * @returns what to read and replay; undefined where the server does not know the build
 */
export async function findExecutions(
  settings: GateSettings,
  parts: FetchParts,
  draft: Draft,
): Promise<Plan | undefined> {
  if (draft.claim?.kind !== 'claimed') return undefined;
  const resolved = await parts.resolveTarget(draft.claim);
  if (resolved.kind === 'unknown-build') {
    draft.unknownBuild = resolved.explanation;
    return undefined;
  }
  draft.target = resolved.target;
  // "current" has become the build that it is.
  draft.claim = { ...draft.claim, buildId: resolved.target.buildId ?? draft.claim.buildId };

  draft.asOf = parts.now();
  draft.listing = await parts.listExecutions(resolved.target);
  if (draft.listing.executions.length === 0) {
    draft.noMatch = await parts.explainNoMatch(resolved.target);
  }
  const { seed } = parts;
  const plan = planReplays(draft.listing.executions, { ...settings.budget, seed });
  draft.sample = plan.sample;
  return plan;
}

/** The planned histories in the order in which they are to be replayed, read ahead of it. */
export function readInOrder(
  plan: Plan,
  parts: Pick<GateParts, 'readHistories'>,
  stop: AbortSignal,
): AsyncIterable<HistoryRead> {
  const reads = parts.readHistories(plan.reads, stop);
  return plan.isInOrder ? reads : chooseReplays(reads, new ReplayChoice(plan), stop);
}
