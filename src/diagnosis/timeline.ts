import type { TimelineCell, TimelineRow } from '../model/timeline.js';
import { eventIdOf } from '../temporal/history/proto.js';
import type { RecordedCommand } from '../replay/protocol.js';
import type { Alignment, Pair } from './align.js';
import { commandWords, type HistoryCommand } from '../temporal/history/command-events.js';

/** Rows that are kept of each part: a history has up to 51,200 events. */
const MAX_ROWS = 1000;

/** How to show where a command came from, on either checkout. */
export type Locate = (command: RecordedCommand) => Pick<TimelineCell, 'location'>;

/**
 * History's commands beside the code's: those that agree, the place where both part, and what follows.
 * Behind that place the code's column is empty but for the task in which it parted: a replay that has
 * diverged goes no further.
 *
 * @param base the baseline's pairs, where it was recorded
 */
export function timelineOf(
  { pairs, rest }: Alignment,
  locate: Locate,
  base?: { readonly pairs: readonly Pair[]; readonly locate: Locate },
): TimelineRow[] {
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
        : { eventId: eventIdOf(expected.event), history: commandWords(expected) }),
      ...(issued === undefined ? {} : { code: cell(issued, locate) }),
      ...(there === undefined || base === undefined ? {} : { baseline: cell(there, base.locate) }),
    };
  };
  const agreeing = pairs
    .slice(-MAX_ROWS)
    .map(({ expected, issued }) => row(expected, issued, true));
  const inTask = Math.max(rest.expectedInTask, rest.issued.length);
  const parting = Array.from({ length: Math.min(inTask, MAX_ROWS) }, (_, index) =>
    row(index < rest.expectedInTask ? rest.expected[index] : undefined, rest.issued[index], false),
  );
  const following = rest.expected
    .slice(rest.expectedInTask, rest.expectedInTask + MAX_ROWS)
    .map((expected) => row(expected, undefined, false));
  return [...agreeing, ...parting, ...following];
}

function cell(command: RecordedCommand, locate: Locate): TimelineCell {
  return { words: commandWords(command), ...locate(command) };
}
