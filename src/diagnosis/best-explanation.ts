import { isNamedInSource, type Named } from './outlook.js';

/** How code and history came to diverge at two commands. */
export type Explanation = 'added' | 'removed' | 'replaced' | 'moved';

export interface Places {
  /** History's commands from the one on that the code does not issue. */
  readonly history: readonly Named[];
  /** The code's commands from the one on that history does not hold. */
  readonly code: readonly Named[];
  /** What the source names behind the last of them. */
  readonly outlook: readonly Named[];
}

/** So many commands of history are looked for in what the code does next. */
const DEPTH = 3;

/** The cost of a command of history that the code does not come to. */
const ABSENT = 4;

/** Of an explanation that nothing speaks for or against: history ends there. */
const NOTHING_TO_GO_BY = 0.5;

/**
 * Each explanation predicts how the code goes on. After an added command comes what history holds; after a
 * command that replaced another comes what follows that other, and so on. The best fit wins, and among equals
 * the simplest.
 */
export function bestExplanation({ history, code, outlook }: Places): Explanation {
  const [expected] = history;
  const [issued, ...issuedNext] = code;
  const next = [...issuedNext, ...outlook];
  // What is moved or pushed back is still to come; and so is the answer of an update that was accepted.
  const isToCome =
    expected !== undefined &&
    (isUpdateAnswer(expected) || next.some((command) => isSame(command, expected)));
  const later =
    issued === undefined
      ? -1
      : history.findIndex((command, index) => index > 0 && isSame(command, issued));
  const behind = history.slice(later + 1);
  const candidates: { explanation: Explanation; predicted: readonly Named[] }[] = [];
  if (later > 0) {
    if (isToCome) {
      candidates.push({
        explanation: 'moved',
        predicted: [...history.slice(0, later), ...behind],
      });
    }
    candidates.push({ explanation: 'removed', predicted: behind });
  }
  if (isToCome) candidates.push({ explanation: 'added', predicted: history });
  candidates.push({ explanation: 'replaced', predicted: history.slice(1) });
  let best: { explanation: Explanation; cost: number } = {
    explanation: 'replaced',
    cost: Number.POSITIVE_INFINITY,
  };
  for (const { explanation, predicted } of candidates) {
    const cost = costOf(predicted, next);
    if (cost < best.cost) best = { explanation, cost };
  }
  return best.explanation;
}

/** Whether the code that waits comes to the command that history holds, or to those behind it. */
export function isStillToCome(history: readonly Named[], outlook: readonly Named[]): boolean {
  const [expected] = history;
  if (expected === undefined || !isNamedInSource(expected)) return false;
  return costOf(history, outlook) < costOf(history.slice(1), outlook);
}

/** How far the code is from going on as predicted: what it comes to in between, and what it does not. */
function costOf(predicted: readonly Named[], next: readonly Named[]): number {
  const looked = predicted.filter(isNamedInSource).slice(0, DEPTH);
  if (looked.length === 0) return NOTHING_TO_GO_BY;
  let cost = 0;
  let weights = 0;
  let at = 0;
  for (const [index, command] of looked.entries()) {
    // The further ahead, the more branches and loops lie between.
    const weight = 2 ** -index;
    weights += weight;
    const found = next.findIndex((one, place) => place >= at && isSame(one, command));
    const isThere = found !== -1 && found - at <= ABSENT;
    cost += weight * (isThere ? found - at : ABSENT);
    if (isThere) at = found + 1;
  }
  return cost / weights;
}

/** No source names it, and no edit takes it away: however its handler ends, that is the answer. */
function isUpdateAnswer({ command, name }: Named): boolean {
  return command === 'UpdateResponse' && name === 'completed';
}

export function isSame(one: Named, other: Named): boolean {
  return one.command === other.command && one.name === other.name;
}
