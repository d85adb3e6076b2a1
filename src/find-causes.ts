import { compareWithBaseline } from './diagnosis/compare-with-baseline.js';
import { diagnose } from './diagnosis/diagnose.js';
import type { FailureCollection } from './diagnosis/failure-collection.js';
import { weigh } from './diagnosis/weigh.js';
import type { Draft } from './draft.js';
import type { Baseline, GateParts, GateSettings } from './gate-parts.js';
import { isOpen } from './model/execution.js';
import { harmsRunning, type Finding } from './model/finding.js';
import { liveBuildIds, type Target } from './model/target.js';
import { describeProblem, UserError } from './model/user-error.js';
import type { Replayers } from './replay/replayers.js';

export interface Scene {
  readonly settings: GateSettings;
  readonly parts: GateParts;
  readonly draft: Draft;
  readonly replayers: Replayers;
  readonly baseline: Baseline | undefined;
  readonly target: Target;
}

/** What is behind the failures of a run: the lines, whose they are, and how much they matter. */
export async function findCauses(failures: FailureCollection, scene: Scene): Promise<Finding[]> {
  const { settings, parts, draft } = scene;
  await failures.record(scene.replayers, settings.budget.historyTimeoutMs, parts.cancelled);
  const baseline = await replayOnBaseline(failures, scene);
  const checkouts = { workspace: settings.workspace, baseline };
  const findings = diagnose(failures.all, checkouts, scene.target);
  const context = {
    closed: settings.policy.closed,
    liveBuildIds: liveBuildIds(scene.target),
    listed: draft.listing.executions,
    listingTruncated: draft.listing.truncated,
    outcomes: draft.outcomes,
  };
  const weighed = weigh(findings, context);
  const leftByReset = await askForResets(weighed, scene);
  return leftByReset.size === 0 ? weighed : weigh(findings, { ...context, leftByReset });
}

/** @returns the path of the base line's checkout, or undefined where it tells nothing */
async function replayOnBaseline(
  failures: FailureCollection,
  { settings, parts, draft, baseline }: Scene,
): Promise<string | undefined> {
  if (baseline?.kind !== 'usable') return undefined;
  const { commit } = baseline;
  draft.baseline = { commit };
  if (failures.kept.length === 0 || parts.cancelled.aborted) return undefined;
  const { timeBudgetMs, historyTimeoutMs } = settings.budget;
  try {
    const replayers = baseline.startReplayers();
    const replayer = await replayers.ready();
    draft.baseline = { commit, replayer };
    await compareWithBaseline(failures, replayers, {
      historyTimeoutMs,
      stop: parts.stopAfter(timeBudgetMs),
      language: replayer.language,
    });
    return baseline.directory;
  } catch (error) {
    draft.warn(
      `The base line could not be replayed, so everything that breaks counts as this change's. ${wordsOf(error)}`,
    );
    return undefined;
  }
}

/** A run that was closed when it was reset does not show it: only where that decides is it asked for. */
async function askForResets(
  findings: readonly Finding[],
  { settings, parts, draft }: Scene,
): Promise<ReadonlySet<string>> {
  const predicting = findings
    .filter(harmsRunning)
    .filter(({ executions }) => !executions.some(isOpen))
    .flatMap(({ executions }) => executions);
  const isAsked = settings.policy.closed === 'predict' && predicting.length > 0;
  if (!isAsked || parts.cancelled.aborted) return new Set();
  try {
    return await parts.findLeftByReset(predicting);
  } catch (error) {
    draft.warn(`Whether a reset left broken executions behind is not known. ${wordsOf(error)}`);
    return new Set();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof UserError ? describeProblem(error) : String(error);
}
