import { reviewDrift, type DriftRecord } from '../diagnosis/drift.js';
import { recordEach } from '../diagnosis/failure-collection.js';
import type { RecordedSample } from '../diagnosis/sample-collection.js';
import { sourceLocation } from '../diagnosis/source-location.js';
import type { Inquiry } from './inquiry.js';
import type { DriftFound } from '../model/drift.js';
import type { ResultMessage } from '../replay/protocol.js';

/**
 * What the code does otherwise than the histories that it passes. Where there is a baseline, the same
 * histories are recorded on it, and what it does too is left out.
 *
 * @param chosen how many histories were to be recorded
 */
export async function findDrift(
  recorded: readonly RecordedSample[],
  chosen: number,
  inquiry: Inquiry,
): Promise<DriftFound | undefined> {
  const { workspace, policy } = inquiry.settings;
  if (policy.drift === 'off') return undefined;
  const onBaseline = recorded.length === 0 ? undefined : await recordOnBaseline(recorded, inquiry);
  const records = recorded.map(({ read, result }): DriftRecord => {
    const { execution, history } = read;
    return {
      execution,
      history: history.bytes,
      result,
      baseline: onBaseline?.get(result),
    };
  });
  return {
    ...reviewDrift(records, {
      locate: (frame) => sourceLocation(frame, workspace),
      reader: inquiry.parts.reader,
    }),
    compared: recorded.filter(({ result }) => result.commands !== undefined).length,
    chosen,
    baseline: onBaseline !== undefined && onBaseline.size > 0,
  };
}

/** The recorded replay there, by the one here. What does not pass there has nothing to say. */
async function recordOnBaseline(
  recorded: readonly RecordedSample[],
  { settings, parts, baseline, warn }: Inquiry,
): Promise<ReadonlyMap<ResultMessage, ResultMessage> | undefined> {
  if (baseline === undefined || parts.cancelled.aborted) return undefined;
  const { timeBudgetMs, historyTimeoutMs } = settings.budget;
  const there = new Map<ResultMessage, ResultMessage>();
  try {
    const { replayers } = await baseline.start();
    const stop = parts.stopAfter(timeBudgetMs);
    await recordEach(recorded, replayers, historyTimeoutMs, stop, ({ result }, answer) => {
      if (answer.outcome === 'passed' && answer.commands !== undefined) there.set(result, answer);
    });
  } catch (error) {
    warn(
      `The baseline could not be replayed, so what differs from history may be older than this change. ${wordsOf(error)}`,
    );
    return undefined;
  }
  return there;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
