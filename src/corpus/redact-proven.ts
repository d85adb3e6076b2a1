import { randomBytes } from 'node:crypto';
import type { HistoryReader } from '../engine/history-reader.js';
import type { HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import type { JudgedRead } from '../replay/replay-histories.js';
import type { WholeRead } from './whole-read.js';

/** Other contents lead the code another way by chance. So often others are tried, each time all of a history's. */
const ATTEMPTS = 60;

/** The most histories that an error names. */
const MAX_NAMED = 10;

export interface RedactParts {
  /** The same history with other contents. @throws Error which says why it cannot be made */
  redact(bytes: Uint8Array, key: Uint8Array): Uint8Array;
  /** Makes a whole history ready for a replayer. */
  prepare(read: WholeRead, bytes: Uint8Array): HistoryRead;
  /** Replays them against the code at hand; the results come in any order. */
  replay(reads: readonly HistoryRead[]): Promise<readonly JudgedRead[]>;
  readonly reader: Pick<HistoryReader, 'readMessage'>;
}

/**
 * Redacts histories, and proves that each replays as before: with the same outcome, at the same event.
 *
 * @throws UserError that names those which do not
 */
export async function redactProven(
  reads: readonly WholeRead[],
  parts: RedactParts,
): Promise<Uint8Array[]> {
  const contents = new Map<WholeRead, Uint8Array>();
  const why = new Map<WholeRead, string>();
  const before = await replayed(new Map(reads.map((read) => [read, read.history.bytes])), parts);
  let open = reads.filter((read) => {
    if (before.has(read)) return true;
    why.set(read, 'its replay could not be judged, so nothing shows that it stays the same');
    return false;
  });
  for (let attempt = 1; attempt <= ATTEMPTS && open.length > 0; attempt += 1) {
    const tried = new Map<WholeRead, Uint8Array>();
    for (const read of open) {
      try {
        tried.set(read, parts.redact(read.history.bytes, randomBytes(32)));
      } catch (error) {
        why.set(read, (error as Error).message);
      }
    }
    const after = await replayed(tried, parts);
    for (const [read, bytes] of tried) {
      if (after.get(read) === before.get(read)) contents.set(read, bytes);
    }
    open = [...tried.keys()].filter((read) => !contents.has(read));
  }
  for (const read of open) why.set(read, 'with other contents it no longer replays as it did');
  if (why.size > 0) throw notRedacted(why);
  return reads.map((read) => contents.get(read) ?? new Uint8Array());
}

/** How each replays, in a form to compare; without those that could not be judged. */
async function replayed(
  histories: ReadonlyMap<WholeRead, Uint8Array>,
  parts: RedactParts,
): Promise<Map<WholeRead, string>> {
  const prepared = new Map(
    [...histories].map(([read, bytes]) => [parts.prepare(read, bytes), read]),
  );
  const results = new Map<WholeRead, string>();
  for (const { read, outcome } of await parts.replay([...prepared.keys()])) {
    const original = prepared.get(read);
    if (original === undefined || outcome.kind === 'errored' || outcome.kind === 'gone') continue;
    const eventId = parts.reader.readMessage(outcome.message ?? '').eventId;
    results.set(original, JSON.stringify([outcome.kind, eventId ?? null]));
  }
  return results;
}

function notRedacted(why: ReadonlyMap<WholeRead, string>): UserError {
  const named = [...why]
    .slice(0, MAX_NAMED)
    .map(
      ([{ execution }, reason]) =>
        `${execution.workflowType} ${execution.workflowId} (run ${execution.runId}): ${reason}`,
    );
  const more = why.size - named.length;
  return new UserError({
    found: `${why.size === 1 ? 'A history' : `${why.size} histories`} cannot be redacted: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    expected: 'histories that replay the same when their contents are others',
    fix: 'name the values that the code decides by with --keep, leave these histories out with --query, or record with --encrypt instead; nothing was written',
  });
}
