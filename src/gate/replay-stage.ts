import { FailureCollection } from '../diagnosis/failure-collection.js';
import { PassedHistories } from '../diagnosis/passed-histories.js';
import type { LooseFields } from '../diagnosis/drift.js';
import { SampleCollection } from '../diagnosis/sample-collection.js';
import { BaselineRun } from './baseline-run.js';
import type { Collected } from './collected.js';
import { attempt, WrongCheckout, type Ending, type Warn } from './ending.js';
import type { Fetched } from './fetched.js';
import { findCauses } from './find-causes.js';
import { findChance } from './find-chance.js';
import { lookCloser } from './look-closer.js';
import type { ReplayParts, ReplaySettings } from './parts.js';
import type { Replayed } from './replayed.js';
import type { HistoryRead } from '../model/history.js';
import type { Subject } from '../model/subject.js';
import { abortWith } from '../pipeline/abort-with.js';
import { begun } from '../pipeline/begun.js';
import { leftOut } from '../replay/left-out.js';
import { replayHistories } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';

/** The code under test and the baseline, ready to be replayed. */
export interface CodeUnderTest {
  readonly subject: Subject;
  readonly replayers: Replayers;
  readonly baseline: BaselineRun | undefined;
}

/** @throws WrongCheckout where the workspace does not hold the code under test */
export async function openCode(
  subject: Subject,
  parts: Pick<ReplayParts, 'checkSubject' | 'startReplayers' | 'openBaseline'>,
  warn: Warn,
): Promise<CodeUnderTest> {
  const wrongSubject = await parts.checkSubject(subject);
  if (wrongSubject !== undefined) throw new WrongCheckout(wrongSubject);
  const replayers = parts.startReplayers({ reach: subject.readChangedLines !== undefined });
  const baseline = await parts.openBaseline(subject);
  if (baseline?.kind === 'unusable') warn(baseline.explanation);
  return {
    subject,
    replayers,
    baseline: baseline?.kind === 'usable' ? new BaselineRun(baseline) : undefined,
  };
}

/** The histories that are to be replayed, in their order. */
export interface Histories {
  /** The most histories that can come. */
  readonly expected: number;
  readonly read: (stop: AbortSignal) => AsyncIterable<HistoryRead>;
}

/** Where nothing was replayed. */
export const NOTHING_REPLAYED = { outcomes: [], causes: [], driftFound: [] } as const;

/** Replays histories as they are read, and looks into what breaks. Never rejects. */
export async function replay(
  { subject, replayers, baseline }: CodeUnderTest,
  fetched: Pick<Fetched, 'listing' | 'target'>,
  { expected, read }: Histories,
  settings: ReplaySettings,
  parts: ReplayParts,
): Promise<Replayed> {
  const outcomes: Replayed['outcomes'][number][] = [];
  const found: Collected<Omit<Replayed, keyof Ending>> = { ...NOTHING_REPLAYED, outcomes };
  if (subject.commit !== undefined) found.commit = subject.commit;
  const ending = await attempt(parts.cancelled, async (warn) => {
    const stopping = new AbortController();
    const stop = stopping.signal;
    abortWith(stopping, parts.cancelled);
    // The code takes seconds to get ready, and longer with a compiler. Histories are read meanwhile.
    const reads = begun(read(stop));
    const replayer = (found.replayer = await replayers.ready().catch((error: unknown) => {
      stopping.abort();
      throw error;
    }));
    replayers.setWork(expected);
    // The time counts from the moment when the code is ready and histories are read.
    parts.deadline.begin();
    abortWith(stopping, parts.deadline.replays);
    const failures = new FailureCollection(parts.reader);
    const samples = new SampleCollection();
    const passed = new PassedHistories(parts.reader);
    const inquiry = { settings, parts, fetched, replayers, replayer, baseline, warn };
    const { language, sdkVersion, skipped } = replayer;
    const { languageOf, isUnregisteredType } = parts.reader;
    const { historyTimeoutMs } = settings.budget;
    let loose: LooseFields;
    try {
      await replayHistories(
        reads,
        replayers,
        {
          historyTimeoutMs,
          stop,
          language,
          sdkVersion,
          languageOf,
          ...leftOut(skipped, isUnregisteredType),
        },
        (judged) => {
          outcomes.push(judged.outcome);
          failures.add(judged);
          samples.add(judged);
          passed.add(judged);
          parts.progress(outcomes.length, expected);
        },
      );
      loose = await findChance(samples, failures, outcomes.length, inquiry);
    } finally {
      // Also in a run that ends early: a break that was seen is reported, with its line if possible.
      found.causes = await findCauses(failures, passed, samples, inquiry);
      found.outcomes = failures.judged(outcomes);
    }
    Object.assign(
      found,
      await lookCloser(subject, found.outcomes, samples, loose, failures, inquiry),
    );
  });
  // Where nothing was replayed on the baseline, only its commit is known.
  if (baseline !== undefined && found.replayer !== undefined) found.baseline = baseline.description;
  return { ...found, ...ending };
}
