import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { PatchRecord } from '../diagnosis/patches.js';
import type { DriftFound } from '../model/drift.js';
import { weakest, type Isolation } from '../model/isolation.js';
import { isJudged, type Outcome } from '../model/outcome.js';
import type { ChangedLine } from '../model/reach.js';
import type { BaselineDescription } from '../model/report.js';
import type { Skipped } from '../model/skipped.js';
import type { ReadyReplayer } from '../replay/replayers.js';
import { endingOf, type Ending } from './ending.js';

/** What the replay stage finds, for all executions or for a share of them. */
export interface Replayed extends Ending {
  /** HEAD of the checkout. */
  readonly commit?: string;
  readonly replayer?: ReadyReplayer;
  readonly baseline?: BaselineDescription;
  readonly outcomes: readonly Outcome[];
  /** What breaks, before it is weighed. */
  readonly causes: readonly DiagnosedFinding[];
  /** Absent where patches were not reviewed. */
  readonly patchRecords?: readonly PatchRecord[];
  /** Absent where the changed lines or the reached lines are not known. */
  readonly changedLines?: readonly ChangedLine[];
  /** The drift that each run found; empty where nobody looked for it. */
  readonly driftFound: readonly DriftFound[];
}

/** What several runs found, as one. They have replayed the same code. */
export function mergeReplayed(all: readonly Replayed[]): Replayed {
  const commit = all.findLast((one) => one.commit !== undefined)?.commit;
  const replayer = all.map((one) => one.replayer).reduce(withTypesOfBoth, undefined);
  const baselines = all.map(({ baseline }) => baseline).filter((one) => one !== undefined);
  // A run that replayed nothing on the baseline knows only its commit.
  const baseline = baselines.find((one) => one.replayer !== undefined) ?? baselines.at(-1);
  const patchRecords = knownByAll(all, ({ patchRecords: known }) => known);
  const changedLines = knownByAll(all, ({ changedLines: known }) => known);
  return {
    ...endingOf(all),
    ...(commit === undefined ? {} : { commit }),
    ...(replayer === undefined ? {} : { replayer }),
    ...(baseline === undefined ? {} : { baseline }),
    outcomes: all.flatMap(({ outcomes }) => outcomes),
    causes: all.flatMap(({ causes }) => causes),
    ...(patchRecords === undefined ? {} : { patchRecords }),
    ...(changedLines === undefined ? {} : { changedLines }),
    driftFound: all.flatMap(({ driftFound }) => driftFound),
  };
}

/** Where one run does not know, nobody can say that a line was not reached or that a patch was not asked for. */
function knownByAll<Item>(
  all: readonly Replayed[],
  of: (one: Replayed) => readonly Item[] | undefined,
): Item[] | undefined {
  const telling = all.filter((one) => of(one) !== undefined || one.outcomes.some(isJudged));
  const lists = telling.map(of);
  return lists.length === 0 || lists.includes(undefined)
    ? undefined
    : lists.flatMap((list) => list ?? []);
}

/** Keeps only the workflow types that both runs register: the others are not certain. */
function withTypesOfBoth(
  one: ReadyReplayer | undefined,
  other: ReadyReplayer | undefined,
): ReadyReplayer | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const types = other.workflowTypes;
  const isolation = weakerOf(one.isolation, other.isolation);
  const skipped = [...(one.skipped ?? []), ...(other.skipped ?? [])];
  return {
    ...one,
    ...(skipped.length === 0 ? {} : { skipped: distinct(skipped) }),
    ...(isolation === undefined ? {} : { isolation }),
    workflowTypes:
      types === undefined ? undefined : one.workflowTypes?.filter((type) => types.includes(type)),
  };
}

function distinct(skipped: readonly Skipped[]): Skipped[] {
  return [...new Map(skipped.map((one) => [JSON.stringify(one), one])).values()];
}

function weakerOf(one: Isolation | undefined, other: Isolation | undefined): Isolation | undefined {
  return other === undefined ? one : weakest(one, other);
}
