import { isNamedInSource, isSame, type Named } from './named-in-source.js';

/** How code and history came to diverge at two commands. */
export type Explanation = 'added' | 'removed' | 'replaced' | 'moved';

export interface Places {
  /** History's commands, from the first one that the code does not issue. */
  readonly history: readonly Named[];
  /** The code's commands, from the first one that history does not hold. */
  readonly code: readonly Named[];
  /** The commands that the source names after the last of these, as loops go round once and as they go round again. */
  readonly outlooks: readonly (readonly Named[])[];
  /** Whether the line of the code's first command has issued one before on which both agree. */
  readonly isOld?: boolean;
}

/** How many commands of history are looked for in what the code does next. */
const DEPTH = 3;

/** The cost of a command of history that the code does not reach. */
const ABSENT = 4;

/** The cost of an explanation that predicts nothing, because history ends there. */
const NOTHING_TO_GO_BY = 0.5;

/** Decides between equals alone. */
const AGAIN = 0.01;

/**
 * Each explanation predicts how the code goes on. If a command was added, the code goes on with history's command. If
 * a command was replaced, the code goes on with the command that follows it in history, and so on. The best fit wins,
 * and among equals the simplest.
 */
export function bestExplanation({ history, code, outlooks, isOld = false }: Places): Explanation {
  const [expected] = history;
  const [issued, ...issuedNext] = code;
  const nexts = outlooks.map((outlook) => [...issuedNext, ...outlook]);
  // A command that was moved or pushed back is still to come. So is the answer to an update that was accepted.
  const isToCome =
    expected !== undefined &&
    (isUpdateAnswer(expected) ||
      nexts.some((next) => next.some((command) => isSame(command, expected))));
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
    // What was taken out of a loop is missing each time.
    const removed = history.slice(0, later);
    candidates.push({
      explanation: 'removed',
      predicted: isOld
        ? behind.filter((one) => !removed.some((gone) => isSame(one, gone)))
        : behind,
    });
  }
  if (isToCome) candidates.push({ explanation: 'added', predicted: history });
  // A line that was there before replaces nothing, if what it issues comes in history anyway.
  if (!(isOld && later > 0)) {
    candidates.push({ explanation: 'replaced', predicted: history.slice(1) });
  }
  let best: { explanation: Explanation; cost: number } = {
    explanation: 'replaced',
    cost: Number.POSITIVE_INFINITY,
  };
  for (const { explanation, predicted } of candidates) {
    const isIssued = (command: Named): boolean => issued !== undefined && isSame(command, issued);
    // What was added to a loop comes again each time. What the code comes to once more has hardly moved.
    const isAddedAgain = (command: Named): boolean =>
      explanation === 'added' && later === -1 && isIssued(command);
    const cost = Math.min(
      ...nexts.map(
        (next) =>
          costOf(
            predicted,
            next.filter((command) => !isAddedAgain(command)),
          ) + (explanation === 'moved' && next.some(isIssued) ? AGAIN : 0),
      ),
    );
    if (cost < best.cost) best = { explanation, cost };
  }
  return best.explanation;
}

/** Whether the waiting code will still reach history's next command. If not, it reaches the commands after it. */
export function isStillToCome(history: readonly Named[], outlook: readonly Named[]): boolean {
  const [expected] = history;
  if (expected === undefined || !isNamedInSource(expected)) return false;
  return costOf(history, outlook) < costOf(history.slice(1), outlook);
}

/** How far the code is from the prediction. Commands in between and commands that are missing both count. */
function costOf(predicted: readonly Named[], next: readonly Named[]): number {
  const looked = predicted.filter(isNamedInSource).slice(0, DEPTH);
  if (looked.length === 0) return NOTHING_TO_GO_BY;
  let cost = 0;
  let weights = 0;
  let at = 0;
  for (const [index, command] of looked.entries()) {
    // Commands further ahead weigh less, because more branches and loops lie before them.
    const weight = 2 ** -index;
    weights += weight;
    const found = next.findIndex((one, place) => place >= at && isSame(one, command));
    const isThere = found !== -1 && found - at <= ABSENT;
    cost += weight * (isThere ? found - at : ABSENT);
    if (isThere) at = found + 1;
  }
  return cost / weights;
}

/** An answer to an update always comes, because every end of its handler is an answer. No source names it. */
function isUpdateAnswer({ command, name }: Named): boolean {
  return command === 'UpdateResponse' && name === 'completed';
}
