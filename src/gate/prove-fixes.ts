import type { DiagnosedFinding } from '../diagnosis/failure.js';
import type { FailureCollection } from '../diagnosis/failure-collection.js';
import { connected } from '../diagnosis/one-cause.js';
import type { ReadWithHistory } from '../diagnosis/record-each.js';
import type { SampleCollection } from '../diagnosis/sample-collection.js';
import type { Inquiry } from './inquiry.js';
import type { HistoryRead } from '../model/history.js';
import type { LinesEdit, Proof } from '../model/proof.js';
import { abortWith } from '../pipeline/abort-with.js';
import { candidatesFor, isMendable, type Candidate } from '../remedy/candidates.js';
import { sourcesOf } from '../remedy/sources.js';
import { replayHistories } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';

/** More root causes get no edit: their first ones are mended first. */
const MAX_CAUSES = 5;

/** Of one root cause, more failing executions are not replayed with an edit. */
const MAX_FAILING = 500;

/** So many histories that pass are replayed with an edit, one of each shape. */
const MAX_PASSING = 50;

/** More edits are not tried for one root cause. */
const MAX_TRIES = 6;

/**
 * For each root cause an edit of the code under test with which its executions pass. It is offered only where every
 * failing execution that was kept passes with it, at least one, and what passed still does. It changes no verdict.
 *
 * @param baseline absolute real path of the baseline's root
 */
export async function proveFixes(
  findings: readonly DiagnosedFinding[],
  failures: FailureCollection,
  samples: SampleCollection,
  baseline: string | undefined,
  stop: AbortSignal,
  inquiry: Inquiry,
): Promise<DiagnosedFinding[]> {
  const proven = new Map<DiagnosedFinding, Proof>();
  const tried = new Map<DiagnosedFinding, number>();
  const { workspace } = inquiry.settings;
  const { language } = inquiry.replayer;
  const isOver = (): boolean => stop.aborted;
  const passing = samples.onePerShape(MAX_PASSING);
  const ours = findings.filter(
    (finding) => finding.baseline?.relation !== 'pre-existing' && isMendable(finding),
  );
  for (const cause of connected(findings).slice(0, MAX_CAUSES)) {
    if (isOver()) break;
    if (!cause.every((finding) => ours.includes(finding))) continue;
    const failing = failingOf(cause, failures);
    // Each finding must rest on a history of its own that failed.
    if (!cause.every((one) => failing.some(({ finding }) => finding === one))) continue;
    const candidates = distinct(
      cause.flatMap((finding) =>
        candidatesFor(finding, sourcesOf(finding, workspace, baseline, language), language),
      ),
    );
    for (const candidate of candidates.slice(0, MAX_TRIES)) {
      if (isOver()) break;
      const isProven = await passesWith(
        candidate.edits,
        [...failing.map(({ read }) => read), ...passing],
        stop,
        inquiry,
      );
      if (isOver()) break;
      if (!isProven) {
        for (const finding of cause) tried.set(finding, (tried.get(finding) ?? 0) + 1);
        continue;
      }
      for (const finding of cause) {
        const own = failing.filter(({ finding: of }) => of === finding).length;
        proven.set(finding, { ...candidate, failing: own, passing: passing.length });
      }
      break;
    }
  }
  return findings.map((finding) => {
    const proof = proven.get(finding);
    if (proof !== undefined) return { ...finding, proof };
    const editsTried = tried.get(finding);
    return editsTried === undefined ? finding : { ...finding, editsTried };
  });
}

interface Failing {
  readonly finding: DiagnosedFinding;
  readonly read: ReadWithHistory;
}

/** The failing histories of a root cause. Every finding of it has its turn before the bound is reached. */
function failingOf(cause: readonly DiagnosedFinding[], failures: FailureCollection): Failing[] {
  const share = Math.max(1, Math.floor(MAX_FAILING / cause.length));
  return cause.flatMap((finding) => {
    const executions = new Set(finding.executions);
    return failures.kept
      .filter(({ failure }) => executions.has(failure.outcome.execution))
      .slice(0, share)
      .map(({ read }) => ({ finding, read }));
  });
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((one) => [one.diff, one])).values()];
}

/** Whether every one of these histories passes on a copy of the code with the edits. Never rejects. */
async function passesWith(
  edits: readonly LinesEdit[],
  reads: readonly ReadWithHistory[],
  stop: AbortSignal,
  { parts, settings, replayer }: Inquiry,
): Promise<boolean> {
  const { language, sdkVersion } = replayer;
  const { languageOf } = parts.reader;
  const { historyTimeoutMs } = settings.budget;
  const passed = new Set<HistoryRead>();
  // The first one that does not pass is enough.
  const enough = new AbortController();
  abortWith(enough, stop);
  try {
    await parts.tryEdits(edits, enough.signal, async (replayers: Replayers) => {
      await replayers.ready();
      replayers.setWork(reads.length);
      await replayHistories(
        each(reads),
        replayers,
        { historyTimeoutMs, stop: enough.signal, language, sdkVersion, languageOf },
        ({ read, outcome }) => {
          if (outcome.kind === 'passed') passed.add(read);
          else enough.abort();
        },
      );
    });
  } catch {
    // It does not compile, does not start, or there was no time: nothing is proven.
    return false;
  }
  return reads.length > 0 && reads.every((read) => passed.has(read));
}

async function* each(reads: readonly ReadWithHistory[]): AsyncGenerator<HistoryRead> {
  // Each step gives way to a replay that ended.
  for (const read of reads) yield await Promise.resolve(read);
}
