import type { TimelineCell, TimelineRow } from '../model/timeline.js';
import type { HistoryReader } from '../engine/history-reader.js';
import type { HistoryCommand } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';
import type { Alignment, Pair } from './align.js';

/** Rows that are kept of each part: a history has up to 51,200 events. */
const MAX_ROWS = 1000;

/** How to show where a command came from, on either checkout. */
export type Locate = (command: RecordedCommand) => Pick<TimelineCell, 'location' | 'source'>;

/**
 * History's commands beside the code's: those that agree, the place where both diverge, and what follows. After
 * that place the code's column is empty, except for the task that diverged: the replay goes no further.
 *
 * @param words a command in words
 * @param base the baseline's pairs, where it was recorded
 */
export function timelineOf(
  { pairs, remainder }: Alignment,
  words: HistoryReader['commandWords'],
  locate: Locate,
  base?: { readonly pairs: readonly Pair[]; readonly locate: Locate },
): TimelineRow[] {
  const cell = (command: RecordedCommand, locateIt: Locate): TimelineCell => ({
    words: words(command),
    ...locateIt(command),
  });
  const onBase = new Map(base?.pairs.map(({ expected, issued }) => [expected.event, issued]));
  const row = (
    expected: HistoryCommand | undefined,
    issued: RecordedCommand | undefined,
    agrees: boolean,
  ): TimelineRow => {
    const there = expected === undefined ? undefined : onBase.get(expected.event);
    return {
      agrees,
      ...(expected === undefined
        ? {}
        : { eventId: expected.event.eventId, history: words(expected) }),
      ...(issued === undefined ? {} : { code: cell(issued, locate) }),
      ...(there === undefined || base === undefined ? {} : { baseline: cell(there, base.locate) }),
    };
  };
  const agreeing = pairs
    .slice(-MAX_ROWS)
    .map(({ expected, issued }) => row(expected, issued, true));
  const inTask = Math.max(remainder.expectedInTask, remainder.issued.length);
  const diverging = Array.from({ length: Math.min(inTask, MAX_ROWS) }, (_, index) =>
    row(
      index < remainder.expectedInTask ? remainder.expected[index] : undefined,
      remainder.issued[index],
      false,
    ),
  );
  const following = remainder.expected
    .slice(remainder.expectedInTask, remainder.expectedInTask + MAX_ROWS)
    .map((expected) => row(expected, undefined, false));
  return [...agreeing, ...diverging, ...following];
}
