import type { Divergence, EventDescription } from '../model/finding.js';

/** What history holds where the code diverges from it, or where both still agree. */
export function historyWords(divergence: Divergence): string {
  switch (divergence.kind) {
    case 'differs':
    case 'missing-command':
      return eventWords(divergence.event);
    case 'extra-command':
      return `no further command in the workflow task that event ${divergence.taskStartedEventId} started`;
    case 'unlocated':
      return divergence.event === undefined ? 'not located' : eventWords(divergence.event);
    case 'threw':
      return 'a workflow task that was completed';
  }
}

/** What the code under test does there. */
export function codeWords(divergence: Divergence): string {
  switch (divergence.kind) {
    case 'differs':
    case 'extra-command':
      return divergence.command;
    case 'missing-command':
      return 'does not issue it';
    case 'threw':
      return 'fails the workflow task';
    case 'unlocated':
      return 'does not match';
  }
}

function eventWords({ words, eventId, type }: EventDescription): string {
  return `${words} (event ${eventId}, ${type})`;
}
