import { compareWithBaseline } from '../diagnosis/compare-with-baseline.js';
import { diagnose } from '../diagnosis/diagnose.js';
import { type DiagnosedFinding } from '../diagnosis/failure.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { Draft } from './draft.js';
import type { Baseline, ReplayParts, ReplaySettings } from './parts.js';
import { byListing } from '../model/coverage.js';
import { describeUnknown } from '../model/user-error.js';
import type { Replayers } from '../replay/replayers.js';

export interface Scene {
  readonly settings: ReplaySettings;
  readonly parts: ReplayParts;
  readonly draft: Draft;
  readonly replayers: Replayers;
  readonly baseline: Baseline | undefined;
}

/** What is behind the failures of a run: the lines, and whose they are. */
export async function findCauses(
  failures: FailureCollection,
  scene: Scene,
): Promise<DiagnosedFinding[]> {
  const { settings, parts, draft } = scene;
  const { historyTimeoutMs } = settings.budget;
  await failures.record(scene.replayers, historyTimeoutMs, parts.cancelled);
  await failures.repeat(scene.replayers, historyTimeoutMs, parts.cancelled);
  const baseline = await replayOnBaseline(failures, scene);
  const checkouts = {
    workspace: settings.workspace,
    baseline,
    sdkVersion: draft.replayer?.sdkVersion,
    baselineSdkVersion: draft.baseline?.replayer?.sdkVersion,
  };
  // Replays end in any order; which one is shown for a cause must not depend on it.
  const inOrder = byListing(draft.listing.executions, failures.all, ({ outcome }) => outcome);
  return diagnose(inOrder, checkouts, parts.reader, draft.target, draft.replayer?.language);
}

/** @returns the path of the baseline's checkout, or undefined where it tells nothing */
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
    const limits = {
      historyTimeoutMs,
      stop: parts.stopAfter(timeBudgetMs),
      language: replayer.language,
      languageOf: parts.reader.languageOf,
    };
    await compareWithBaseline(failures, replayers, limits, parts.reader);
    return baseline.directory;
  } catch (error) {
    draft.warn(
      `The baseline could not be replayed, so everything that breaks counts as this change's. ${describeUnknown(error)}`,
    );
    return undefined;
  }
}
