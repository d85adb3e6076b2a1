import { isOpen, type Execution } from '../model/execution.js';
import { isInternalPatch } from '../model/internal-patch.js';
import type { SourceLocation } from '../model/source-location.js';
import type { PatchAdvice, PatchReview } from '../model/patch-review.js';

/** What the code asked for while one history was replayed with recording on. */
export interface PatchRecord {
  readonly workflowType: string;
  readonly patches: readonly AskedPatch[];
}

interface AskedPatch {
  /** Untrusted. */
  readonly id: string;
  readonly deprecated: boolean;
  readonly location?: SourceLocation;
}

interface Asked {
  readonly types: Set<string>;
  readonly locations: Map<string, SourceLocation>;
  /** Whether every place that asks for it deprecates it. */
  deprecated: boolean;
}

/**
 * Which patches the code asks for, and which running executions have recorded them. An old branch may go only
 * when its executions have closed; this counts them. It knows only listed executions: one that starts on old
 * code later is not among them.
 *
 * @param language as the replayer names it: some note the version with the ID
 * @param isWhole whether all executions are listed: else some that need a patch may be unknown
 */
export function reviewPatches(
  listed: readonly Execution[],
  records: readonly PatchRecord[],
  isWhole: boolean,
  language?: string,
): PatchReview[] {
  const asked = new Map<string, Asked>();
  for (const { workflowType, patches } of records) {
    for (const patch of patches) {
      const entry = asked.get(patch.id) ?? {
        types: new Set(),
        locations: new Map(),
        deprecated: true,
      };
      asked.set(patch.id, entry);
      entry.types.add(workflowType);
      entry.deprecated &&= patch.deprecated;
      const { location } = patch;
      if (location !== undefined) {
        entry.locations.set(`${location.file}:${location.line}`, location);
      }
    }
  }
  const running = listed.filter(isOpen);
  const idsOf = ({ patchIds = [] }: Execution): string[] =>
    patchIds.map((id) => (notesVersions(language) ? id.replace(/-\d+$/u, '') : id));
  const held = new Set(running.flatMap(idsOf));
  const ids = [...new Set([...asked.keys(), ...held])].filter((id) => !isInternalPatch(id));
  return ids.sort().map((id) => {
    const entry = asked.get(id);
    const has = (execution: Execution): boolean => idsOf(execution).includes(id);
    const types = new Set([
      ...(entry?.types ?? []),
      ...running.filter(has).map(({ workflowType }) => workflowType),
    ]);
    const concerned = running.filter(({ workflowType }) => types.has(workflowType));
    const runningWith = concerned.filter(has).length;
    const runningWithout = concerned.length - runningWith;
    return {
      id,
      locations: [...(entry?.locations.values() ?? [])],
      runningWith,
      runningWithout,
      advice: adviceFor(entry, runningWith, runningWithout, isWhole),
    };
  });
}

/** `GetVersion` of Go and Java notes `ID-VERSION`, where `patched` of the others notes the ID. */
function notesVersions(language: string | undefined): boolean {
  return language === 'go' || language === 'java';
}

function adviceFor(
  asked: Asked | undefined,
  runningWith: number,
  runningWithout: number,
  isWhole: boolean,
): PatchAdvice {
  if (asked === undefined) return 'not-asked';
  if (asked.deprecated) return runningWith === 0 && isWhole ? 'remove' : 'keep-deprecated';
  return runningWithout === 0 && isWhole ? 'deprecate' : 'keep';
}
