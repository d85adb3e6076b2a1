import { FailureCollection } from '../diagnosis/failure-collection.js';
import { SampleCollection } from '../diagnosis/sample-collection.js';
import type { Draft } from './draft.js';
import { findCauses } from './find-causes.js';
import { findReach } from './find-reach.js';
import type { Baseline, ReplayParts, ReplaySettings } from './parts.js';
import type { Subject } from '../model/subject.js';
import { lookCloser } from './look-closer.js';
import type { HistoryRead } from '../model/history.js';
import { abortWith } from '../pipeline/abort-with.js';
import { begun } from '../pipeline/begun.js';
import { replayHistories } from '../replay/replay-histories.js';
import type { Replayers } from '../replay/replayers.js';

/** The code under test and the code that it is made to, ready to replay. */
export interface Bench {
  readonly subject: Subject;
  readonly replayers: Replayers;
  readonly baseline: Baseline | undefined;
}

/** @returns undefined where the workspace does not hold the code under test */
export async function openBench(
  subject: Subject,
  parts: ReplayParts,
  draft: Draft,
): Promise<Bench | undefined> {
  draft.wrongSubject = await parts.checkSubject(subject);
  if (draft.wrongSubject !== undefined) return undefined;
  const replayers = parts.startReplayers({ reach: subject.readChangedLines !== undefined });
  const baseline = await parts.openBaseline(subject);
  if (baseline?.kind === 'unusable') draft.warn(baseline.explanation);
  return { subject, replayers, baseline };
}

/**
 * Replays histories as they are read, and looks into what breaks. What it finds it leaves in the draft,
 * also when it ends early.
 */
export async function replay(
  bench: Bench,
  expected: number,
  readHistories: (stop: AbortSignal) => AsyncIterable<HistoryRead>,
  settings: ReplaySettings,
  parts: ReplayParts,
  draft: Draft,
): Promise<void> {
  const { replayers } = bench;
  const stopping = new AbortController();
  const stop = stopping.signal;
  abortWith(stopping, parts.cancelled);
  // Making the code ready takes seconds, and more with a compiler: histories are read meanwhile.
  const reads = begun(readHistories(stop));
  try {
    draft.replayer = await replayers.ready();
  } catch (error) {
    stopping.abort();
    throw error;
  }
  replayers.setWork(expected);
  abortWith(stopping, parts.stopAfter(settings.budget.timeBudgetMs));
  const failures = new FailureCollection(parts.reader);
  const samples = new SampleCollection();
  const scene = { settings, parts, draft, ...bench };
  const limits = {
    historyTimeoutMs: settings.budget.historyTimeoutMs,
    stop,
    language: draft.replayer.language,
    sdkVersion: draft.replayer.sdkVersion,
    languageOf: parts.reader.languageOf,
  };
  try {
    await replayHistories(reads, replayers, limits, (judged) => {
      draft.outcomes.push(judged.outcome);
      failures.add(judged);
      samples.add(judged);
      parts.progress(draft.outcomes.length, expected);
    });
  } finally {
    draft.causes = await findCauses(failures, scene);
  }
  draft.changedLines = await findReach(bench.subject, scene);
  await lookCloser(samples, failures, scene);
}
