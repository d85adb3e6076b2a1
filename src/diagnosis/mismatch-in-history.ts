import type { CompletedTask, HistoryCommand, RecordedHistory } from '../engine/recorded-history.js';
import type { Mismatch } from './align.js';

/** The workflow task whose completion left a command. */
export function taskHolding(
  command: HistoryCommand,
  { tasks }: RecordedHistory,
): CompletedTask | undefined {
  return tasks.find(({ commands }) => commands.includes(command));
}

/** Event ID of the start of the workflow task in which code and history part. */
export function taskStartOf(mismatch: Mismatch, history: RecordedHistory): number | undefined {
  return mismatch.kind === 'extra'
    ? mismatch.taskStartedEventId
    : taskHolding(mismatch.expected, history)?.startedEventId;
}

/** The event at which they part: that of the command, or the completion of the task that has one too many. */
export function eventIdAt(mismatch: Mismatch): number {
  switch (mismatch.kind) {
    case 'differs':
    case 'missing':
      return mismatch.expected.event.eventId;
    case 'extra':
      return mismatch.taskStartedEventId + 1;
  }
}
