import type { HistoryCommand } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import type { RecordedCommand, RecordedPatch } from '../replay/protocol.js';
import { agree, type Mismatch, type Remainder } from './align.js';
import { bestExplanation, isStillToCome, type Explanation } from './best-explanation.js';
import type { Named } from './outlook.js';
import type { Frame } from './source-location.js';

/** A replay that diverged from history: the mismatch, and everything that tells its cause. */
export interface DivergingReplay {
  readonly mismatch: Mismatch;
  readonly remainder: Remainder;
  /** All commands that the code issued until the replay ended. */
  readonly commands: readonly RecordedCommand[];
  /** All patches that the code asked for. */
  readonly patches: readonly RecordedPatch[];
  /** All commands that history holds. */
  readonly history: readonly HistoryCommand[];
  /** Signals that came with the task of the mismatch and found no handler. */
  readonly unhandledSignals: readonly string[];
  /** Where the code stood when the replay ended. */
  readonly standsAt: Frame | undefined;
  /** The commands that the source names below a place, in the order in which the code reaches them. */
  readonly below: (place: Frame) => readonly Named[];
  /** Names of the signals and updates that history holds. */
  readonly received: readonly string[];
  /** Whether the source names a patch below a place. */
  readonly mentionsPatch: (id: string, below: Frame) => boolean;
  /** The line in a place's file that has this name in quotes. */
  readonly quotedIn: (place: Frame, name: string) => Frame | undefined;
}

const ENDINGS: ReadonlySet<string> = new Set([
  'CompleteWorkflowExecution',
  'FailWorkflowExecution',
  'CancelWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
]);

/**
 * Why code and history diverge. The order of the questions is their precedence: a patch can explain what looks like
 * another cause, and the end of the workflow can explain a missing command.
 */
export function causeOf(replay: DivergingReplay): Cause {
  const { mismatch } = replay;
  return (
    ofSignal(replay) ??
    ofPatch(replay) ??
    ofEnding(mismatch) ??
    ofUpdate(mismatch) ??
    ofCommands(replay)
  );
}

/** The code goes on waiting, although the signal has come: it came under a name that the code does not handle. */
function ofSignal({ mismatch, unhandledSignals }: DivergingReplay): Cause | undefined {
  return mismatch.kind === 'missing' && unhandledSignals.length > 0
    ? 'signal-handler-missing'
    : undefined;
}

function ofPatch(replay: DivergingReplay): Cause | undefined {
  const { mismatch, commands, patches, history, standsAt } = replay;
  const held = new Set(history.filter(isPatch).map(({ name }) => name));
  const event = mismatch.kind === 'extra' ? undefined : mismatch.expected;
  if (event !== undefined && isPatch(event)) {
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
  // patched() issues no marker where history has none. So code that issues a marker deprecates the patch. Since
  // SDK 1.24, deprecatePatch() issues no marker either; then the recorded call itself tells.
  const deprecated = [
    ...commands.filter(({ command }) => command === 'SetPatchMarker').map(({ name }) => name),
    ...patches.filter((patch) => patch.deprecated === true).map(({ id }) => id),
  ];
  return deprecated.some((id) => !held.has(id)) ? 'patch-deprecated-early' : undefined;
}

function ofEnding(mismatch: Mismatch): Cause | undefined {
  const codeEnds = mismatch.kind !== 'missing' && ENDINGS.has(mismatch.issued.command);
  const historyEnds = mismatch.kind !== 'extra' && ENDINGS.has(mismatch.expected.command);
  if (codeEnds && historyEnds) return 'workflow-ends-otherwise';
  if (codeEnds) return 'workflow-ends-earlier';
  return historyEnds ? 'workflow-ends-later' : undefined;
}

function ofUpdate(mismatch: Mismatch): Cause | undefined {
  return mismatch.kind !== 'extra' &&
    mismatch.expected.command === 'UpdateResponse' &&
    mismatch.expected.name === 'accepted'
    ? 'update-handler-missing'
    : undefined;
}

const CAUSE_OF: Readonly<Record<Explanation, Cause>> = {
  added: 'command-added',
  removed: 'command-removed',
  replaced: 'command-replaced',
  moved: 'command-moved',
};

function ofCommands(replay: DivergingReplay): Cause {
  const { mismatch, remainder } = replay;
  switch (mismatch.kind) {
    case 'missing':
      return ofMissing(replay);
    case 'extra': {
      // The code issues it at once; history holds it only after a wait.
      const history = remainder.expected.filter(isNoPatch);
      const [next] = history;
      if (next !== undefined && agree(withoutId(next), mismatch.issued)) return 'command-moved';
      const explanation = bestExplanation({
        history,
        code: remainder.issued.filter(isNoPatch),
        outlook: replay.below(remainder.issued.at(-1) ?? mismatch.issued),
      });
      return explanation === 'moved' || explanation === 'removed'
        ? 'command-moved'
        : 'command-added';
    }
    case 'differs':
      return ofDifference(mismatch.expected, mismatch.issued, replay);
  }
}

function ofMissing({
  mismatch,
  remainder,
  standsAt,
  below,
  mentionsPatch,
}: DivergingReplay): Cause {
  if (standsAt === undefined || mismatch.kind !== 'missing') return 'command-removed';
  const { expected } = mismatch;
  if (isPatch(expected)) {
    return mentionsPatch(expected.name, standsAt) ? 'command-moved' : 'command-removed';
  }
  return isStillToCome(remainder.expected.filter(isNoPatch), below(standsAt))
    ? 'command-moved'
    : 'command-removed';
}

function ofDifference(
  expected: HistoryCommand,
  issued: RecordedCommand,
  { remainder, below }: DivergingReplay,
): Cause {
  if (agree(withoutId(expected), issued)) return 'identifier-differs';
  const laterInCode = remainder.issued
    .slice(1)
    .some((command) => agree(withoutId(expected), command));
  const laterInTask = remainder.expected
    .slice(1, remainder.expectedInTask)
    .some((command) => agree(withoutId(command), issued));
  if (laterInCode && laterInTask) return 'commands-reordered';
  const code = [issued, ...remainder.issued.slice(1).filter(isNoPatch)];
  return CAUSE_OF[
    bestExplanation({
      history: remainder.expected.filter(isNoPatch),
      code,
      // The replay ends here. Only the source tells what the code would issue next.
      outlook: below(code.at(-1) ?? issued),
    })
  ];
}

function withoutId({ id: _, ...command }: HistoryCommand): HistoryCommand {
  return command;
}

function isPatch({ command }: Named): boolean {
  return command === 'SetPatchMarker';
}

function isNoPatch(command: Named): boolean {
  return !isPatch(command);
}
