import { Draft } from './draft.js';
import { findExecutions, readClaim, readInOrder } from './fetch-stage.js';
import type { GateParts, GateSettings } from './parts.js';
import type { Report } from '../model/report.js';
import { openBench, replay } from './replay-stage.js';
import { recheck, weighFindings } from './report-stage.js';

/**
 * The check, from title to verdict. Never rejects: whatever ends it early, what was found until then
 * is in the report.
 */
export async function runGate(settings: GateSettings, parts: GateParts): Promise<Report> {
  const draft = new Draft(parts.now(), settings.policy);
  await draft.attempt(() => check(settings, parts, draft), parts);
  return draft.finish();
}

/**
 * The three stages in one process. Each has a job of its own where the check runs in three:
 * src/container/three-jobs.ts is the same story with a file between the stages.
 */
async function check(settings: GateSettings, parts: GateParts, draft: Draft): Promise<void> {
  const subject = await readClaim(settings, parts, draft);
  if (draft.claim?.kind !== 'claimed') return;
  // Bundling takes a second or more: it overlaps everything up to the first history.
  const bench = await openBench(subject, parts, draft);
  if (bench === undefined) return;
  const plan = await findExecutions(settings, parts, draft);
  if (plan === undefined) return;
  try {
    const histories = (stop: AbortSignal) => readInOrder(plan, parts, stop);
    await replay(bench, plan.maxReplays, histories, settings, parts, draft);
  } finally {
    // Also of a run that ends early: a break that was seen is reported with its line where it can be.
    await weighFindings(settings, parts, draft);
    draft.effort = parts.effort();
  }
  await recheck(subject, parts, draft);
}
