import { compareWithBaseline } from '../diagnosis/compare-with-baseline.js';
import { diagnose } from '../diagnosis/diagnose.js';
import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import type { Inquiry } from './inquiry.js';
import { byListing } from '../model/coverage.js';
import { describeUnknown } from '../model/user-error.js';
import type { ReadyReplayer } from '../replay/replayers.js';

/** What is behind the failures of a run: the lines, and whose they are. */
export async function findCauses(
  failures: FailureCollection,
  inquiry: Inquiry,
): Promise<DiagnosedFinding[]> {
  const { settings, parts, fetched, replayers, replayer } = inquiry;
  const { historyTimeoutMs } = settings.budget;
  await failures.record(replayers, historyTimeoutMs, parts.cancelled);
  await failures.repeat(replayers, historyTimeoutMs, parts.cancelled);
  const there = await replayOnBaseline(failures, inquiry);
  const checkouts = {
    workspace: settings.workspace,
    baseline: there?.directory,
    sdkVersion: replayer.sdkVersion,
    baselineSdkVersion: there?.replayer.sdkVersion,
  };
  // Replays end in any order; which one is shown for a cause must not depend on it.
  const inOrder = byListing(fetched.listing.executions, failures.all, ({ outcome }) => outcome);
  return diagnose(inOrder, checkouts, parts.reader, fetched.target, replayer.language);
}

/** @returns undefined where the baseline tells nothing */
async function replayOnBaseline(
  failures: FailureCollection,
  { settings, parts, baseline, warn }: Inquiry,
): Promise<{ readonly directory: string; readonly replayer: ReadyReplayer } | undefined> {
  if (baseline === undefined || failures.kept.length === 0 || parts.cancelled.aborted) {
    return undefined;
  }
  const { timeBudgetMs, historyTimeoutMs } = settings.budget;
  try {
    const { replayers, replayer } = await baseline.start();
    const limits = {
      historyTimeoutMs,
      stop: parts.stopAfter(timeBudgetMs),
      language: replayer.language,
      languageOf: parts.reader.languageOf,
    };
    await compareWithBaseline(failures, replayers, limits, parts.reader);
    return { directory: baseline.directory, replayer };
  } catch (error) {
    warn(
      `The baseline could not be replayed, so everything that breaks counts as this change's. ${describeUnknown(error)}`,
    );
    return undefined;
  }
}
