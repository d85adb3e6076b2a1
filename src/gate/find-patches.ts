import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { PatchRecord } from '../diagnosis/patches.js';
import type { RecordedSample } from '../diagnosis/sample-collection.js';
import { sourceLocation } from '../diagnosis/source-location.js';
import type { Fetched } from './fetched.js';
import type { Inquiry } from './inquiry.js';
import type { RecordedPatch, ResultMessage } from '../replay/protocol.js';

/** Whether executions have recorded patches at all. */
export function hasPatches({ listing }: Pick<Fetched, 'listing'>): boolean {
  return listing.executions.some(({ patchIds }) => patchIds !== undefined);
}

/** Which patches the code asks for. */
export function findPatches(
  recorded: readonly RecordedSample[],
  failures: FailureCollection,
  { settings }: Inquiry,
): PatchRecord[] {
  const records: PatchRecord[] = [];
  const add = (workflowType: string, result: ResultMessage | undefined): void => {
    if (result?.patches === undefined) return;
    const patches = result.patches.map((patch) => located(patch, settings.workspace));
    records.push({ workflowType, patches });
  };
  for (const { read, result } of recorded) add(read.execution.workflowType, result);
  for (const { outcome, recorded: again } of failures.all) {
    add(outcome.execution.workflowType, again?.result);
  }
  return records;
}

function located(patch: RecordedPatch, workspace: string): PatchRecord['patches'][number] {
  const location = sourceLocation(patch, workspace);
  return {
    id: patch.id,
    deprecated: patch.deprecated === true,
    ...(location === undefined ? {} : { location }),
  };
}
