import type { FailureCollection } from './diagnosis/failure-collection.js';
import type { PatchRecord } from './diagnosis/patches.js';
import type { SampleCollection } from './diagnosis/sample-collection.js';
import { sourceLocation } from './diagnosis/source-location.js';
import type { Scene } from './find-causes.js';
import type { RecordedPatch } from './replay/protocol.js';

/**
 * Which patches the code asks for. It costs a recorded replay of some histories, which is paid only
 * where executions have recorded patches at all.
 *
 * @returns undefined where it was not looked into
 */
export async function recordPatches(
  samples: SampleCollection,
  failures: FailureCollection,
  { settings, parts, draft, replayers }: Scene,
): Promise<PatchRecord[] | undefined> {
  const { executions } = draft.listing;
  if (!executions.some(({ patchIds }) => patchIds !== undefined)) return undefined;
  const limitMs = settings.budget.historyTimeoutMs;
  const records = await samples.record(replayers, limitMs, parts.cancelled);
  for (const { outcome, recorded } of failures.all) {
    const patches = recorded?.result.patches;
    if (patches === undefined) continue;
    records.push({ workflowType: outcome.execution.workflowType, patches });
  }
  return records.map(({ workflowType, patches }) => ({
    workflowType,
    patches: patches.map((patch) => located(patch, settings.workspace)),
  }));
}

function located(patch: RecordedPatch, workspace: string): PatchRecord['patches'][number] {
  const location = sourceLocation(patch, workspace);
  return {
    id: patch.id,
    deprecated: patch.deprecated === true,
    ...(location === undefined ? {} : { location }),
  };
}
