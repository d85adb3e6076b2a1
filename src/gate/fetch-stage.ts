import { claimToCheck } from '../claim/claim-to-check.js';
import { removedClaim } from '../claim/removed-claim.js';
import type { Collected } from './collected.js';
import { attempt, type Ending, type Warn } from './ending.js';
import type { Fetched } from './fetched.js';
import { hasPatches } from './find-patches.js';
import type { FetchParts, GateParts, GateSettings } from './parts.js';
import { isUnclaimed, namesCurrentBuild, type Claim } from '../model/claim.js';
import type { HistoryRead } from '../model/history.js';
import type { Plan } from '../model/plan.js';
import type { Subject } from '../model/subject.js';
import { chooseReplays } from '../pipeline/choose-replays.js';
import { planReplays } from '../selection/plan-replays.js';
import { ReplayChoice } from '../selection/replay-choice.js';

/** What the fetch stage finds, and what the next stage in the same process needs. */
export interface FetchStage<Code> {
  readonly fetched: Fetched;
  /** Absent where the title could not be read. */
  readonly subject?: Subject;
  /** Absent where there is no claim. */
  readonly code?: Code;
  /** What to read and replay; absent where there is no target. */
  readonly plan?: Plan;
}

/**
 * Reads the claim, and finds its executions on the server. Never rejects.
 *
 * @param prepare starts work that needs only a claim, in parallel with everything else
 */
export async function fetch<Code>(
  settings: GateSettings,
  parts: FetchParts,
  prepare: (subject: Subject, warn: Warn) => Promise<Code>,
): Promise<FetchStage<Code>> {
  const found: Collected<Omit<Fetched, keyof Ending>> = {
    asOf: parts.now().toISOString(),
    listing: { executions: [], truncated: false },
  };
  const stage: Collected<Omit<FetchStage<Code>, 'fetched'>> = {};
  const ending = await attempt(parts.cancelled, async (warn) => {
    const subject = (stage.subject = await parts.readSubject());
    if (subject.pullRequests !== undefined) found.pullRequests = subject.pullRequests;
    const claim = (found.claim = claimToCheck(subject, settings));
    const removed = await claimedBefore(subject, claim, settings, warn);
    if (removed !== undefined) found.removedClaim = removed;
    if (claim.kind === 'malformed') found.claimable = await parts.claimable();
    if (claim.kind !== 'claimed') return;

    stage.code = await prepare(subject, warn);

    const resolved = await parts.resolveTarget(claim);
    if (resolved.kind === 'unknown-build') {
      const claimable = await parts.claimable();
      found.unknownBuild = [resolved.explanation, claimable].filter(Boolean).join(' ');
      return;
    }
    const target = (found.target = resolved.target);
    // From here on "current" is a real build ID.
    found.claim = {
      ...claim,
      buildId: target.buildId ?? claim.buildId,
      ...(namesCurrentBuild(claim) ? { isCurrent: true } : {}),
    };

    found.asOf = parts.now().toISOString();
    const { executions } = (found.listing = await parts.listExecutions(target));
    if (executions.length === 0) found.noMatch = await parts.explainNoMatch(target);
    if (hasPatches(found)) {
      const retentionMs = await parts.readRetention();
      if (retentionMs !== undefined) found.retentionMs = retentionMs;
    }

    const plan = (stage.plan = planReplays(executions, { ...settings.budget, seed: parts.seed }));
    if (plan.sample !== undefined) found.sample = plan.sample;
  });
  return { fetched: { ...found, ...ending }, ...stage };
}

/** The build ID that an earlier title claimed, where this one claims nothing. */
async function claimedBefore(
  { readEarlierTitles }: Subject,
  claim: Claim,
  { claimPosition }: GateSettings,
  warn: Warn,
): Promise<string | undefined> {
  if (!isUnclaimed(claim) || readEarlierTitles === undefined) return undefined;
  const { titles, problem } = await readEarlierTitles();
  if (problem !== undefined) warn(problem);
  return removedClaim(titles, claimPosition);
}

/** The planned histories in the order of replay, read ahead. */
export function readInOrder(
  plan: Plan,
  parts: Pick<GateParts, 'readHistories'>,
  stop: AbortSignal,
): AsyncIterable<HistoryRead> {
  const reads = parts.readHistories(plan.reads, stop);
  return plan.isInOrder ? reads : chooseReplays(reads, new ReplayChoice(plan), stop);
}
