import { compareWithBaseline } from '../diagnosis/compare-with-baseline.js';
import { diagnose } from '../diagnosis/diagnose.js';
import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { PassedHistories } from '../diagnosis/passed-histories.js';
import type { SampleCollection } from '../diagnosis/sample-collection.js';
import type { Inquiry } from './inquiry.js';
import { proveFixes } from './prove-fixes.js';
import { byListing } from '../model/coverage.js';
import { describeUnknown } from '../model/user-error.js';
import { leftOut } from '../replay/left-out.js';
import type { ReadyReplayer } from '../replay/replayers.js';

/**
 * Finds what is behind the failures of a run: the lines, whether the code does the same each time, and who broke
 * them. What one replay on the baseline says depends on the second question.
 */
export async function findCauses(
  failures: FailureCollection,
  passed: PassedHistories,
  samples: SampleCollection,
  inquiry: Inquiry,
): Promise<DiagnosedFinding[]> {
  const { settings, parts, fetched, replayers, replayer, warn } = inquiry;
  const { historyTimeoutMs } = settings.budget;
  const stop = parts.deadline.causes();
  const { executions } = fetched.listing;
  const areRecorded = await failures.record(replayers, historyTimeoutMs, stop, executions);
  const areRepeated = await failures.repeat(replayers, replayer, historyTimeoutMs, stop);
  const { there, areCompared } = await replayOnBaseline(failures, stop, inquiry);
  if (!(areRecorded && areCompared && areRepeated) && !parts.cancelled.aborted) warn(NO_TIME);
  const checkouts = {
    workspace: settings.workspace,
    baseline: there?.directory,
    sdkVersion: replayer.sdkVersion,
    baselineSdkVersion: there?.replayer.sdkVersion,
  };
  // Replays end in any order, and the example of a cause must not depend on that order.
  const inOrder = byListing(executions, failures.all, ({ outcome }) => outcome);
  const found = diagnose(inOrder, checkouts, parts.reader, replayer.language, passed);
  try {
    return await proveFixes(found, failures, samples, there?.directory, stop, inquiry);
  } catch (error) {
    // A break that was seen is reported, whatever becomes of its fix.
    if (!parts.cancelled.aborted) warn(`No fix could be tried. ${describeUnknown(error)}`);
    return found;
  }
}

const NO_TIME =
  'time-budget left no time to look into everything that breaks: lines may be missing, and breaks that were not ' +
  "replayed on the baseline count as this change's. Raise time-budget to get them.";

interface OnBaseline {
  /** Undefined where the baseline cannot be used. */
  readonly there?: { readonly directory: string; readonly replayer: ReadyReplayer };
  /** Whether there was time for all failures. */
  readonly areCompared: boolean;
}

async function replayOnBaseline(
  failures: FailureCollection,
  stop: AbortSignal,
  { settings, parts, baseline, warn }: Inquiry,
): Promise<OnBaseline> {
  if (baseline === undefined || failures.kept.length === 0) return { areCompared: true };
  if (stop.aborted) return { areCompared: false };
  const { historyTimeoutMs } = settings.budget;
  try {
    const { replayers, replayer } = await baseline.start();
    const { language, skipped, chance } = replayer;
    const { languageOf, isUnregisteredType } = parts.reader;
    const missing = leftOut(skipped, isUnregisteredType);
    const limits = {
      historyTimeoutMs,
      stop,
      language,
      languageOf,
      ...missing,
      ...(chance === undefined ? {} : { chance }),
    };
    const areCompared = await compareWithBaseline(failures, replayers, limits, parts.reader);
    return { there: { directory: baseline.directory, replayer }, areCompared };
  } catch (error) {
    warn(
      `The baseline could not be replayed, so everything that breaks counts as this change's. ${describeUnknown(error)}`,
    );
    return { areCompared: true };
  }
}
