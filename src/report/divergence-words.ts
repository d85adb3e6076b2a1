import {
  groupsOf,
  type Divergence,
  type EventDescription,
  type Finding,
} from '../model/finding.js';

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

/** As many are named. */
const MAX_OTHERS = 3;

/** What other executions of the same root cause hold; empty where it shows in one way. */
export function othersWords(finding: Finding): string {
  const [first, ...others] = groupsOf(finding).map(({ divergence }) => heldWords(divergence));
  const held = [...new Set(others)].filter((words) => words !== undefined && words !== first);
  if (held.length === 0) return '';
  const more = held.length > MAX_OTHERS ? ` and ${held.length - MAX_OTHERS} others` : '';
  return ` Other histories hold ${held.slice(0, MAX_OTHERS).join(', ')}${more} there.`;
}

function heldWords(divergence: Divergence): string | undefined {
  return 'event' in divergence ? divergence.event.words : undefined;
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
