import { parseClaim } from './claim/parse-claim.js';
import { diagnose } from './diagnosis/diagnose.js';
import { FailureCollection } from './diagnosis/failure-collection.js';
import { weigh } from './diagnosis/weigh.js';
import { Draft } from './draft.js';
import type { GateParts, GateSettings } from './gate-parts.js';
import { isOpen } from './model/execution.js';
import type { Report } from './model/report.js';
import { liveBuildIds } from './model/target.js';
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
  draft.claim =
    settings.buildId === undefined
      ? parseClaim(subject.title, settings.claimPosition)
      : { kind: 'claimed', buildId: settings.buildId, from: 'build-id' };
  if (draft.claim.kind !== 'claimed') return;
  draft.wrongSubject = await parts.checkSubject(subject);
  if (draft.wrongSubject !== undefined) return;

  // Bundling takes a second or more: it overlaps everything up to the first history.
  const replayers = parts.startReplayers();
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
  const stop = parts.stopAfter(settings.budget.timeBudgetMs);
  try {
    await replayHistories(
      parts.readHistories(plan.chosen, stop),
      replayers,
      {
        historyTimeoutMs: settings.budget.historyTimeoutMs,
        stop,
        language: draft.replayer.language,
      },
      (judged) => {
        draft.outcomes.push(judged.outcome);
        failures.add(judged);
        parts.progress(draft.outcomes.length, plan.chosen.length);
      },
    );
  } finally {
    // Also of a run that ends early: a break that was seen is reported with its line where it can be.
    await failures.record(replayers, settings.budget.historyTimeoutMs, parts.cancelled);
    const findings = diagnose(failures.all, settings.workspace);
    const context = {
      closed: settings.policy.closed,
      liveBuildIds: liveBuildIds(resolved.target),
      listed: draft.listing.executions,
      listingTruncated: draft.listing.truncated,
      outcomes: draft.outcomes,
    };
    draft.findings = weigh(findings, context);
    const leftByReset = await askForResets(draft, settings, parts);
    if (leftByReset.size > 0) draft.findings = weigh(findings, { ...context, leftByReset });
  }

  // A check is a snapshot: it must be one of the pull request as it is now.
  draft.wrongSubject = await parts.recheckSubject(subject);
}

/** A run that was closed when it was reset does not show it: only where that decides is it asked for. */
async function askForResets(
  draft: Draft,
  { policy }: GateSettings,
  parts: GateParts,
): Promise<ReadonlySet<string>> {
  const predicting = draft.findings
    .filter(({ weight }) => weight.kind === 'decisive')
    .filter(({ executions }) => !executions.some(isOpen))
    .flatMap(({ executions }) => executions);
  const isAsked = policy.closed === 'predict' && predicting.length > 0;
  if (!isAsked || parts.cancelled.aborted) return new Set();
  try {
    return await parts.findLeftByReset(predicting);
  } catch (error) {
    draft.warn(`Whether a reset left broken executions behind is not known. ${wordsOf(error)}`);
    return new Set();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
