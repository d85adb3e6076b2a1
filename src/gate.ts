import { claimToCheck } from './claim/claim-to-check.js';
import { removedClaim } from './claim/removed-claim.js';
import { FailureCollection } from './diagnosis/failure-collection.js';
import { Draft } from './draft.js';
import { SampleCollection } from './diagnosis/sample-collection.js';
import { findCauses } from './find-causes.js';
import type { GateParts, GateSettings } from './gate-parts.js';
import { lookCloser } from './look-closer.js';
import { isUnclaimed } from './model/claim.js';
import type { Report } from './model/report.js';
import { replayHistories } from './replay/replay-histories.js';
import { planReplays } from './selection/plan-replays.js';

/**
 * The check, from title to verdict. Never rejects: whatever ends it early, what was found until then
 * is in the report.
 */
export async function runGate(settings: GateSettings, parts: GateParts): Promise<Report> {
  const draft = new Draft(parts.now(), settings.policy);
  try {
    await check(settings, parts, draft);
    // Not every part notices that the job was cancelled: half a check is none.
    parts.cancelled.throwIfAborted();
  } catch (error) {
    draft.fail(error, parts.cancelled);
  } finally {
    await parts.close().catch((error: unknown) => {
      draft.warn(`Cleaning up failed: ${wordsOf(error)}`);
    });
  }
  return draft.finish();
}

async function check(settings: GateSettings, parts: GateParts, draft: Draft): Promise<void> {
  const subject = await parts.readSubject();
  draft.commit = subject.commit;
  draft.pullRequests = subject.pullRequests;
  draft.claim = claimToCheck(subject.title, settings);
  if (isUnclaimed(draft.claim) && subject.readEarlierTitles !== undefined) {
    const { titles, problem } = await subject.readEarlierTitles();
    draft.removedClaim = removedClaim(titles, settings.claimPosition);
    if (problem !== undefined) draft.warn(problem);
  }
  if (draft.claim.kind !== 'claimed') return;
  draft.wrongSubject = await parts.checkSubject(subject);
  if (draft.wrongSubject !== undefined) return;

  // Bundling takes a second or more: it overlaps everything up to the first history.
  const replayers = parts.startReplayers();
  const baseline = await parts.openBaseline(subject);
  if (baseline?.kind === 'unusable') draft.warn(baseline.explanation);
  const resolved = await parts.resolveTarget(draft.claim);
  if (resolved.kind === 'unknown-build') {
    draft.unknownBuild = resolved.explanation;
    return;
  }
  draft.target = resolved.target;
  // "current" has become the build that it is.
  draft.claim = { ...draft.claim, buildId: resolved.target.buildId ?? draft.claim.buildId };

  draft.asOf = parts.now();
  draft.listing = await parts.listExecutions(resolved.target);
  if (draft.listing.executions.length === 0) {
    draft.noMatch = await parts.explainNoMatch(resolved.target);
  }
  const plan = planReplays(draft.listing.executions, settings.budget);
  draft.replayer = await replayers.ready();
  replayers.setWork(plan.chosen.length);

  const failures = new FailureCollection();
  const samples = new SampleCollection();
  const scene = { settings, parts, draft, replayers, baseline, target: resolved.target };
  const stop = parts.stopAfter(settings.budget.timeBudgetMs);
  const limits = {
    historyTimeoutMs: settings.budget.historyTimeoutMs,
    stop,
    language: draft.replayer.language,
  };
  try {
    await replayHistories(parts.readHistories(plan.chosen, stop), replayers, limits, (judged) => {
      draft.outcomes.push(judged.outcome);
      failures.add(judged);
      samples.add(judged);
      parts.progress(draft.outcomes.length, plan.chosen.length);
    });
  } finally {
    // Also of a run that ends early: a break that was seen is reported with its line where it can be.
    draft.findings = await findCauses(failures, scene);
  }
  await lookCloser(samples, failures, scene);

  // A check is a snapshot: it must be one of the pull request as it is now.
  draft.wrongSubject = await parts.recheckSubject(subject);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
