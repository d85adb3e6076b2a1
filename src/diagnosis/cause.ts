import type { HistoryCommand } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import { isInternalPatch } from '../model/internal-patch.js';
import type { RecordedCommand, RecordedPatch } from '../replay/protocol.js';
import { agree } from './agree.js';
import type { Mismatch } from './align.js';
import { causeByCommands } from './cause-by-commands.js';
import type { DivergingReplay } from './divergence.js';
import { ENDINGS, isMarked, isNoPatch, isPatch, isSameAs, withoutId } from './kinds-of-commands.js';
import { isSame } from './named-in-source.js';

/**
 * Why code and history diverge. The order of the questions is their precedence: a patch can explain what looks like
 * another cause, and the end of the workflow can explain a missing command.
 */
export function causeOf(replay: DivergingReplay): Cause {
  const { mismatch } = replay;
  return (
    ofSignal(replay) ??
    ofPatch(replay) ??
    ofEnding(replay) ??
    ofUpdate(mismatch) ??
    causeByCommands(replay)
  );
}

/** The patch behind a cause of patches. Untrusted. */
export function patchOf(cause: Cause, replay: DivergingReplay): string | undefined {
  const { mismatch, commands, patches, history, patchGone } = replay;
  if (cause === 'patch-deprecated-early') {
    const held = new Set(history.filter(isPatch).map(({ name }) => name));
    return deprecatedIn(commands, patches).find((id) => !held.has(id));
  }
  if (cause !== 'patch-removed' && cause !== 'patch-renamed') return undefined;
  const isHeld = mismatch.kind !== 'extra' && isPatch(mismatch.expected);
  return isHeld ? mismatch.expected.name : patchGone;
}

/** The code goes on waiting, although the signal has come: it came under a name that the code does not handle. */
function ofSignal({ mismatch, unhandledSignals }: DivergingReplay): Cause | undefined {
  return mismatch.kind === 'missing' && unhandledSignals.length > 0
    ? 'signal-handler-missing'
    : undefined;
}

function ofPatch(replay: DivergingReplay): Cause | undefined {
  const { mismatch, commands, patches, history, standsAt, mentionsPatch } = replay;
  const held = new Set(history.filter(isPatch).map(({ name }) => name));
  const event = mismatch.kind === 'extra' ? undefined : mismatch.expected;
  // A patch of the SDK's own comes and goes with the call that asks for it, as any other command.
  if (event !== undefined && isPatch(event) && !isInternalPatch(event.name)) {
    if (mismatch.kind === 'differs') {
      const { issued } = mismatch;
      if (isInFront(replay, event, issued)) return undefined;
      if (issued.line !== undefined && mentionsPatch(event.name, issued)) return 'command-moved';
    }
    if (patches.some(({ id }) => id === event.name)) return 'command-moved';
    // If the code still waits above the line that asks for the patch, the patch is not removed.
    if (mismatch.kind === 'missing' && standsAt !== undefined) {
      if (replay.mentionsPatch(event.name, standsAt)) return undefined;
    }
    // If the code asks for another patch that history does not hold, it is the same guard under another name.
    return patches.some(({ id, answer }) => !answer && !held.has(id))
      ? 'patch-renamed'
      : 'patch-removed';
  }
  if (deprecatedIn(commands, patches).some((id) => !held.has(id))) return 'patch-deprecated-early';
  // Executions from before the patch run what only others should run.
  return replay.patchGone === undefined ? undefined : 'patch-removed';
}

/**
 * patched() issues no marker where history has none. So code that issues a marker deprecates the patch. Since SDK 1.24,
 * deprecatePatch() issues no marker either; then the recorded call itself tells.
 */
function deprecatedIn(
  commands: readonly RecordedCommand[],
  patches: readonly RecordedPatch[],
): string[] {
  return [
    ...commands.filter(isPatch).map(({ name }) => name),
    ...patches.filter((patch) => patch.deprecated === true).map(({ id }) => id),
  ];
}

/** Whether the code asks for the patch only after a command that stands in front of it. */
function isInFront(
  replay: DivergingReplay,
  patch: HistoryCommand,
  issued: RecordedCommand,
): boolean {
  const { isNew, fateOf, mentionsPatch, patches, remainder } = replay;
  if (isPatch(issued) || ENDINGS.has(issued.command)) return false;
  const fate = fateOf(patch);
  if (fate !== undefined) return fate === 'there' && isNew(issued) === true;
  if (patches.some(({ id }) => id === patch.name)) {
    // Otherwise the patch was moved behind it.
    return !remainder.expected.some((command) => isSameAs(command, issued));
  }
  // What comes next in history stands in front of a patch only if the patch was moved.
  const next = remainder.expected.find(isNoPatch);
  if (next !== undefined && agree(withoutId(next), issued)) return false;
  return issued.line !== undefined && mentionsPatch(patch.name, issued);
}

function ofEnding(replay: DivergingReplay): Cause | undefined {
  const { mismatch } = replay;
  const codeEnds = mismatch.kind !== 'missing' && ENDINGS.has(mismatch.issued.command);
  const historyEnds = mismatch.kind !== 'extra' && ENDINGS.has(mismatch.expected.command);
  if (codeEnds && historyEnds) return 'workflow-ends-otherwise';
  if (codeEnds) {
    return isLastOneGone(mismatch.issued, replay) ? 'command-removed' : 'workflow-ends-earlier';
  }
  if (!historyEnds) return undefined;
  return mismatch.kind === 'differs' && isMarked(mismatch.issued)
    ? 'command-added'
    : 'workflow-ends-later';
}

/** The code ends as history does, and the source no longer names what history holds in between. */
function isLastOneGone(
  ending: RecordedCommand,
  { mismatch, remainder, outlooks }: DivergingReplay,
): boolean {
  const { expected, expectedInTask } = remainder;
  const end = expected.findIndex(({ command }) => command === ending.command);
  const between = expected.slice(0, Math.max(end, 0)).filter(isNoPatch);
  if (between.length === 0 || (end >= expectedInTask && between.length > 1)) return false;
  const last = ending.line === undefined ? (mismatch.lastAgreeing ?? ending) : ending;
  const [toCome = []] = outlooks(last);
  return !between.some((gone) => toCome.some((named) => isSame(named, gone)));
}

function ofUpdate(mismatch: Mismatch): Cause | undefined {
  return mismatch.kind !== 'extra' &&
    mismatch.expected.command === 'UpdateResponse' &&
    mismatch.expected.name === 'accepted'
    ? 'update-handler-missing'
    : undefined;
}
