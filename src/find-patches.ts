import type { FailureCollection } from './diagnosis/failure-collection.js';
import { reviewPatches } from './diagnosis/patches.js';
import type { SampleCollection } from './diagnosis/sample-collection.js';
import { sourceLocation } from './diagnosis/source-location.js';
import type { Scene } from './find-causes.js';
import type { PatchReview } from './model/patch-review.js';

/**
 * Which patches the code asks for, and who still needs them. It costs a recorded replay of some
 * histories, which is paid only where executions have recorded patches at all.
 */
export async function findPatches(
  samples: SampleCollection,
  failures: FailureCollection,
  { settings, parts, draft, replayers }: Scene,
): Promise<PatchReview[]> {
  const { executions, truncated } = draft.listing;
  if (!executions.some(({ patchIds }) => patchIds !== undefined)) return [];
  const limitMs = settings.budget.historyTimeoutMs;
  const records = await samples.record(replayers, limitMs, parts.cancelled);
  for (const { outcome, recorded } of failures.all) {
    const patches = recorded?.result.patches;
    if (patches === undefined) continue;
    records.push({ workflowType: outcome.execution.workflowType, patches });
  }
  return reviewPatches(executions, records, {
    isWhole: !truncated,
    locate: (patch) => sourceLocation(patch, settings.workspace),
  });
}
