import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { SampleCollection } from '../diagnosis/sample-collection.js';
import { findDrift } from './find-drift.js';
import { findPatches, hasPatches } from './find-patches.js';
import type { Inquiry } from './inquiry.js';
import type { Replayed } from './replayed.js';

/**
 * What histories that pass tell of the code besides that they pass. It costs a recorded replay of some of
 * them, which is paid where somebody wants to know.
 */
export async function lookCloser(
  samples: SampleCollection,
  failures: FailureCollection,
  inquiry: Inquiry,
): Promise<Pick<Replayed, 'patchRecords' | 'driftFound'>> {
  const { settings, parts, fetched, replayers } = inquiry;
  const isWanted = settings.policy.drift !== 'off' || hasPatches(fetched);
  const { timeBudgetMs, historyTimeoutMs } = settings.budget;
  const stop = parts.stopAfter(timeBudgetMs);
  const recorded = isWanted ? await samples.record(replayers, historyTimeoutMs, stop) : [];
  const patchRecords = findPatches(recorded, failures, inquiry);
  const drift = await findDrift(recorded, samples.reads.length, inquiry);
  return {
    ...(patchRecords === undefined ? {} : { patchRecords }),
    driftFound: drift === undefined ? [] : [drift],
  };
}
