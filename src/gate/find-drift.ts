import { reviewDrift, type DriftRecord, type LooseFields } from '../diagnosis/drift.js';
import { recordEach, type ReadWithHistory } from '../diagnosis/record-each.js';
import type { RecordedSample } from '../diagnosis/sample-collection.js';
import { sourceLocation } from '../diagnosis/source-location.js';
import type { Inquiry } from './inquiry.js';
import type { DriftFound } from '../model/drift.js';
import { messageOf } from '../model/user-error.js';
import type { ResultMessage } from '../replay/protocol.js';

/**
 * Where the code differs from the histories that it passes. Where there is a baseline, the same histories are
 * recorded on it, and differences that the baseline has too are left out.
 *
 * @param chosen how many histories were chosen to be recorded
 */
export async function findDrift(
  recorded: readonly RecordedSample[],
  loose: LooseFields,
  chosen: number,
  inquiry: Inquiry,
  stop: AbortSignal,
): Promise<DriftFound> {
  const { workspace } = inquiry.settings;
  const onBaseline = await recordOnBaseline(recorded, inquiry, stop);
  // What there was no time to replay on the baseline may be older than this change: it is left out.
  const compared = recorded.filter(({ read }) => onBaseline?.untried.has(read) !== true);
  const records = compared.map(({ read, result }): DriftRecord => {
    const { execution, history } = read;
    return {
      execution,
      history: history.bytes,
      result,
      baseline: onBaseline?.results.get(read),
    };
  });
  return {
    ...reviewDrift(records, {
      locate: (frame) => sourceLocation(frame, workspace),
      reader: inquiry.parts.reader,
      loose,
    }),
    compared: compared.filter(({ result }) => result.commands !== undefined).length,
    chosen,
    baseline: onBaseline !== undefined && onBaseline.results.size > 0,
  };
}

interface OnBaseline {
  /** The recorded replays on the baseline. A history that does not pass there says nothing. */
  readonly results: ReadonlyMap<ReadWithHistory, ResultMessage>;
  readonly untried: ReadonlySet<ReadWithHistory>;
}

/** @returns undefined where there is no baseline that can be replayed */
async function recordOnBaseline(
  recorded: readonly RecordedSample[],
  { settings, parts, baseline, warn }: Inquiry,
  stop: AbortSignal,
): Promise<OnBaseline | undefined> {
  if (baseline === undefined || recorded.length === 0 || parts.cancelled.aborted) return undefined;
  const results = new Map<ReadWithHistory, ResultMessage>();
  const untried = new Set(recorded.map(({ read }) => read));
  if (stop.aborted) return { results, untried };
  try {
    const { replayers } = await baseline.start();
    replayers.setWork(recorded.length);
    const { historyTimeoutMs } = settings.budget;
    const isWhole = await recordEach(
      recorded,
      replayers,
      historyTimeoutMs,
      stop,
      ({ read }, answer) => {
        untried.delete(read);
        if (answer.outcome === 'passed' && answer.commands !== undefined) results.set(read, answer);
      },
    );
    if (isWhole) untried.clear();
    return { results, untried };
  } catch (error) {
    warn(
      `The baseline could not be replayed, so differences from history may be older than this change. ${messageOf(error)}`,
    );
    return undefined;
  }
}
