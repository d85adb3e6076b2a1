import type { FailureCollection } from './diagnosis/failure-collection.js';
import { reviewPatches, type PatchRecord } from './diagnosis/patches.js';
import type { RecordedSample } from './diagnosis/sample-collection.js';
import { sourceLocation } from './diagnosis/source-location.js';
import type { Draft } from './draft.js';
import type { Scene } from './find-causes.js';
import type { PatchReview } from './model/patch-review.js';
import type { ResultMessage } from './replay/protocol.js';

/** Whether executions have recorded patches at all. */
export function hasPatches({ listing }: Pick<Draft, 'listing'>): boolean {
  return listing.executions.some(({ patchIds }) => patchIds !== undefined);
}

/** Which patches the code asks for, and who still needs them. */
export function findPatches(
  recorded: readonly RecordedSample[],
  failures: FailureCollection,
  { settings, draft }: Scene,
): PatchReview[] {
  if (!hasPatches(draft)) return [];
  const records: PatchRecord[] = [];
  const add = (workflowType: string, result: ResultMessage | undefined): void => {
    if (result?.patches !== undefined) records.push({ workflowType, patches: result.patches });
  };
  for (const { read, result } of recorded) add(read.execution.workflowType, result);
  for (const { outcome, recorded: again } of failures.all) {
    add(outcome.execution.workflowType, again?.result);
  }
  const { executions, truncated } = draft.listing;
  return reviewPatches(executions, records, {
    isWhole: !truncated,
    locate: (patch) => sourceLocation(patch, settings.workspace),
  });
}
