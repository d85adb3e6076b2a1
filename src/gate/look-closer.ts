import type { LooseFields } from '../diagnosis/drift.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { SampleCollection } from '../diagnosis/sample-collection.js';
import { findDrift } from './find-drift.js';
import { findPatches, hasPatches } from './find-patches.js';
import { findReach } from './find-reach.js';
import type { Inquiry } from './inquiry.js';
import type { Replayed } from './replayed.js';
import type { Outcome } from '../model/outcome.js';
import type { Subject } from '../model/subject.js';

/**
 * What replays tell of the code besides whether they pass. It costs a recorded replay of some histories that do,
 * which is paid where somebody wants to know. No verdict needs it, so it takes the time that is left, and is what is
 * given up first.
 */
export async function lookCloser(
  subject: Subject,
  outcomes: readonly Outcome[],
  samples: SampleCollection,
  loose: LooseFields,
  failures: FailureCollection,
  inquiry: Inquiry,
): Promise<Pick<Replayed, 'changedLines' | 'patchRecords' | 'driftFound'>> {
  const { settings, parts, fetched, replayers, warn } = inquiry;
  const stop = parts.deadline.spare();
  const lacking: string[] = [];
  const changedLines = await findReach(subject, outcomes, inquiry, stop);
  if (changedLines === 'given-up') lacking.push('which changed lines were reached');

  const isDriftWanted = settings.policy.drift !== 'off';
  const arePatchesWanted = hasPatches(fetched);
  const { historyTimeoutMs } = settings.budget;
  const chosen = samples.reads.length;
  const recorded =
    isDriftWanted || arePatchesWanted
      ? await samples.record(replayers, historyTimeoutMs, stop)
      : [];
  const isCut = (looked: number): boolean => stop.aborted && looked < chosen;

  // Some histories alone could say that no code asks for a patch that others do ask for.
  const patchRecords =
    arePatchesWanted && !isCut(recorded.length)
      ? findPatches(recorded, failures, inquiry)
      : undefined;
  if (arePatchesWanted && patchRecords === undefined) lacking.push('patches');

  const drift = isDriftWanted ? await findDrift(recorded, loose, chosen, inquiry, stop) : undefined;
  if (drift !== undefined && isCut(drift.compared)) lacking.push('drift');

  if (lacking.length > 0 && !parts.cancelled.aborted) warn(noTimeFor(lacking));
  return {
    ...(changedLines === undefined || changedLines === 'given-up' ? {} : { changedLines }),
    ...(patchRecords === undefined ? {} : { patchRecords }),
    driftFound: drift === undefined ? [] : [drift],
  };
}

function noTimeFor(lacking: readonly string[]): string {
  const list = new Intl.ListFormat('en').format(lacking);
  return `time-budget left no time to look closer. Missing or incomplete: ${list}. Raise time-budget to get all of it.`;
}
