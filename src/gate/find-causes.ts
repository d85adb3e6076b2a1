import { compareWithBaseline } from '../diagnosis/compare-with-baseline.js';
import { diagnose } from '../diagnosis/diagnose.js';
import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { Inquiry } from './inquiry.js';
import { byListing } from '../model/coverage.js';
import { describeUnknown } from '../model/user-error.js';
import type { ReadyReplayer } from '../replay/replayers.js';

/**
 * What is behind the failures of a run: the lines, and whose they are. What it takes most time without comes last:
 * whether the code does the same each time.
 */
export async function findCauses(
  failures: FailureCollection,
  inquiry: Inquiry,
): Promise<DiagnosedFinding[]> {
  const { settings, parts, fetched, replayers, replayer, warn } = inquiry;
  const { historyTimeoutMs } = settings.budget;
  const stop = parts.deadline.causes();
  const { executions } = fetched.listing;
  const areRecorded = await failures.record(replayers, historyTimeoutMs, stop, executions);
  const { there, areCompared } = await replayOnBaseline(failures, stop, inquiry);
  const areRepeated = await failures.repeat(replayers, historyTimeoutMs, stop);
  if (!(areRecorded && areCompared && areRepeated) && !parts.cancelled.aborted) warn(NO_TIME);
  const checkouts = {
    workspace: settings.workspace,
    baseline: there?.directory,
    sdkVersion: replayer.sdkVersion,
    baselineSdkVersion: there?.replayer.sdkVersion,
  };
  // Replays end in any order; which one is shown for a cause must not depend on it.
  const inOrder = byListing(executions, failures.all, ({ outcome }) => outcome);
  return diagnose(inOrder, checkouts, parts.reader, fetched.target, replayer.language);
}

const NO_TIME =
  'time-budget left no time to look into everything that breaks: lines may be missing, and what was not replayed ' +
  "on the baseline counts as this change's. Raise time-budget to have it looked into.";

interface OnBaseline {
  /** Undefined where the baseline tells nothing. */
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
    const { language } = replayer;
    const { languageOf } = parts.reader;
    const limits = { historyTimeoutMs, stop, language, languageOf };
    const areCompared = await compareWithBaseline(failures, replayers, limits, parts.reader);
    return { there: { directory: baseline.directory, replayer }, areCompared };
  } catch (error) {
    warn(
      `The baseline could not be replayed, so everything that breaks counts as this change's. ${describeUnknown(error)}`,
    );
    return { areCompared: true };
  }
}
