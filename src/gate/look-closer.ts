import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { SampleCollection } from '../diagnosis/sample-collection.js';
import type { Scene } from './find-causes.js';
import { findDrift } from './find-drift.js';
import { findPatches, hasPatches } from './find-patches.js';

/**
 * What histories that pass tell of the code besides that they pass. It costs a recorded replay of some of
 * them, which is paid where somebody wants to know.
 */
export async function lookCloser(
  samples: SampleCollection,
  failures: FailureCollection,
  scene: Scene,
): Promise<void> {
  const { settings, parts, draft, replayers } = scene;
  const isWanted = draft.driftPolicy !== 'off' || hasPatches(draft);
  const { timeBudgetMs, historyTimeoutMs } = settings.budget;
  const stop = parts.stopAfter(timeBudgetMs);
  const recorded = isWanted ? await samples.record(replayers, historyTimeoutMs, stop) : [];
  draft.patchRecords = findPatches(recorded, failures, scene);
  const found = await findDrift(recorded, samples.reads.length, scene);
  draft.driftFound = found === undefined ? [] : [found];
}
