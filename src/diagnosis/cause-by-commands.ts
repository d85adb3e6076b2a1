import type { HistoryCommand } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { agree } from './agree.js';
import type { Remainder } from './align.js';
import { bestExplanation, isStillToCome, type Explanation } from './best-explanation.js';
import type { DivergingReplay } from './divergence.js';
import { isNoPatch, isPatch, isSameAs, withoutId } from './kinds-of-commands.js';
import { isSame } from './named-in-source.js';
import { framesOf, type Frame } from './source-location.js';
import { namedTimer } from './timers.js';

const CAUSE_OF: Readonly<Record<Explanation, Cause>> = {
  added: 'command-added',
  removed: 'command-removed',
  replaced: 'command-replaced',
  moved: 'command-moved',
};

/** Why two commands differ: one was added, removed, replaced or moved, or has another ID. */
export function causeByCommands(replay: DivergingReplay): Cause {
  const { mismatch } = replay;
  switch (mismatch.kind) {
    case 'missing':
      return ofMissing(replay);
    case 'extra':
      return ofExtra(mismatch.issued, replay);
    case 'differs':
      return ofDifference(mismatch.expected, mismatch.issued, replay);
  }
}

function ofExtra(issued: RecordedCommand, replay: DivergingReplay): Cause {
  const { remainder } = replay;
  if (replay.isNew(issued) === true)
    return isTakenFrom(issued, replay) ? 'command-moved' : 'command-added';
  // The code issues it at once; history holds it only after a wait.
  const history = remainder.expected.filter(isNoPatch);
  const [next] = history;
  if (next !== undefined && agree(withoutId(next), issued)) {
    // Unless another line, behind the wait, still issues what history holds.
    const isAnother =
      !haveSameArguments(next, issued) &&
      replay.below(issued).some((one) => isSame(one, namedTimer(next)));
    return isAnother ? 'command-added' : 'command-moved';
  }
  const explanation = bestExplanation({
    history: history.map(namedTimer),
    code: remainder.issued.filter(isNoPatch).map(namedTimer),
    outlooks: replay.outlooks(remainder.issued.at(-1) ?? issued),
  });
  return explanation === 'moved' || explanation === 'removed' ? 'command-moved' : 'command-added';
}

function ofMissing(replay: DivergingReplay): Cause {
  const { mismatch, remainder, standsAt, outlooks, mentionsPatch, fateOf } = replay;
  if (mismatch.kind !== 'missing') return 'command-removed';
  const { expected } = mismatch;
  if (isPatch(expected)) {
    const isAsked = standsAt !== undefined && mentionsPatch(expected.name, standsAt);
    return isAsked ? 'command-moved' : 'command-removed';
  }
  const fate = fateOf(expected);
  if (fate === 'gone' || standsAt === undefined) return 'command-removed';
  const [once = []] = outlooks(standsAt);
  return isStillToCome(remainder.expected.filter(isNoPatch).map(namedTimer), once)
    ? 'command-moved'
    : 'command-removed';
}

function ofDifference(
  expected: HistoryCommand,
  issued: RecordedCommand,
  replay: DivergingReplay,
): Cause {
  const { remainder, outlooks } = replay;
  const isOfLength = isSame(namedTimer(expected), namedTimer(issued));
  if (isOfLength && agree(withoutId(expected), issued)) return 'identifier-differs';
  const laterInCode = remainder.issued.slice(1).some((command) => isSameAs(expected, command));
  const laterInTask = remainder.expected
    .slice(1, remainder.expectedInTask)
    .some((command) => isSameAs(command, issued));
  if (laterInCode && laterInTask) {
    if (isAllThatFollows(remainder)) return 'command-removed';
    return isPatch(issued) ? 'command-moved' : 'commands-reordered';
  }
  const code = [issued, ...remainder.issued.slice(1).filter(isNoPatch)];
  const explanation = bestExplanation({
    history: remainder.expected.filter(isNoPatch).map(namedTimer),
    code: code.map(namedTimer),
    // The replay ends here. Only the source tells what the code would issue next.
    outlooks: outlooks(code.at(-1) ?? issued),
    isOld: hasIssuedBefore(issued, replay),
  });
  return CAUSE_OF[byBaseline(expected, issued, explanation, replay) ?? explanation];
}

/** What the baseline settles: whose line is new, and whose is gone. Undefined where it says nothing. */
function byBaseline(
  expected: HistoryCommand,
  issued: RecordedCommand,
  explanation: Explanation,
  replay: DivergingReplay,
): Explanation | undefined {
  const isNew = replay.isNew(issued);
  const fate = replay.fateOf(expected);
  if (isNew === undefined || fate === undefined) return undefined;
  if (!isNew) {
    if (fate === 'there') return undefined;
    return fate === 'moved' ? 'moved' : 'removed';
  }
  if (fate === 'there') return isTakenFrom(issued, replay) ? 'moved' : 'added';
  const isIssuedToo = replay.remainder.issued
    .slice(1)
    .some((command) => isSameAs(expected, command));
  return fate === 'gone' && !isIssuedToo ? 'replaced' : explanation;
}

/** Whether a new line issues what another line, which is gone, left later in history. */
function isTakenFrom(issued: RecordedCommand, { remainder, fateOf }: DivergingReplay): boolean {
  const later = remainder.expected.find((command) => isSameAs(command, issued));
  const fate = later === undefined ? undefined : fateOf(later);
  return fate === 'gone' || fate === 'moved';
}

/** Whether the same line, called from the same one, has issued a command before. */
function hasIssuedBefore(issued: RecordedCommand, { commands }: DivergingReplay): boolean {
  const at = commands.indexOf(issued);
  return (
    issued.line !== undefined &&
    commands.slice(0, Math.max(0, at)).some((command) => areSameFrames(command, issued))
  );
}

function areSameFrames(one: Frame, other: Frame): boolean {
  const [a, b] = [framesOf(one), framesOf(other)];
  return (
    a.length === b.length &&
    a.every(({ file, line }, at) => file === b[at]?.file && line === b[at]?.line)
  );
}

/** Whether both are known to carry the same arguments. */
function haveSameArguments(held: HistoryCommand, issued: RecordedCommand): boolean {
  const [there, here] = [held.event.carried?.digests, issued.carries?.digests];
  if (there === undefined || here === undefined) return false;
  const names = Object.keys(here).filter((name) => name.startsWith('argument '));
  return names.length > 0 && names.every((name) => here[name] === there[name]);
}

/** Whether the code does in this task what history holds behind its first commands, and nothing else. */
function isAllThatFollows({ expected, expectedInTask, issued }: Remainder): boolean {
  const last = expectedInTask - issued.length;
  return Array.from({ length: Math.max(0, last) }, (_, before) => before + 1).some((from) =>
    issued.every((command, index) => {
      const held = expected[from + index];
      return held !== undefined && agree(withoutId(held), command);
    }),
  );
}
