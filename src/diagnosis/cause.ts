import type { Cause } from '../model/cause.js';
import type { RecordedCommand, RecordedPatch } from '../replay/protocol.js';
import { agree, type Mismatch, type Rest } from './align.js';
import type { HistoryCommand } from './command-events.js';

/** What the cause of a mismatch is told from. */
export interface Parting {
  readonly mismatch: Mismatch;
  readonly rest: Rest;
  /** All that the code issued until the replay ended. */
  readonly commands: readonly RecordedCommand[];
  /** All patches that the code asked for. */
  readonly patches: readonly RecordedPatch[];
  /** All commands that history holds. */
  readonly history: readonly HistoryCommand[];
  /** Whether the source goes on, below a command's line, to mention a name. */
  readonly mentionsBelow: (command: RecordedCommand, name: string) => boolean;
}

const ENDINGS: ReadonlySet<string> = new Set([
  'CompleteWorkflowExecution',
  'FailWorkflowExecution',
  'CancelWorkflowExecution',
  'ContinueAsNewWorkflowExecution',
]);

/**
 * Why they part. The order of the questions is their precedence: what concerns patches explains what it
 * looks like otherwise, and how the workflow ends explains a command that is missing at its end.
 */
export function causeOf(parting: Parting): Cause {
  const { mismatch } = parting;
  return ofPatch(parting) ?? ofEnding(mismatch) ?? ofUpdate(mismatch) ?? ofCommands(parting);
}

function ofPatch({ mismatch, commands, patches, history }: Parting): Cause | undefined {
  const held = new Set(history.filter(isPatch).map(({ name }) => name));
  const event = mismatch.kind === 'extra' ? undefined : mismatch.expected;
  if (event !== undefined && isPatch(event)) {
    if (patches.some(({ id }) => id === event.name)) return undefined;
    // Asked for another one that this history never had: the same guard under another name.
    return patches.some(({ id, answer }) => !answer && !held.has(id))
      ? 'patch-renamed'
      : 'patch-removed';
  }
  // patched() issues no marker where history has none: whoever issues one deprecates the patch. Since
  // SDK 1.24 deprecatePatch() issues none either, so the question itself must tell.
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

function ofCommands({ mismatch, rest, mentionsBelow }: Parting): Cause {
  switch (mismatch.kind) {
    case 'missing':
      return 'command-removed';
    case 'extra':
      // The very next thing that history holds, issued before the wait that came first.
      return mismatch.next !== undefined && agree(withoutId(mismatch.next), mismatch.issued)
        ? 'command-moved'
        : 'command-added';
    case 'differs':
      return ofDifference(mismatch.expected, mismatch.issued, rest, mentionsBelow);
  }
}

function ofDifference(
  expected: HistoryCommand,
  issued: RecordedCommand,
  rest: Rest,
  mentionsBelow: Parting['mentionsBelow'],
): Cause {
  if (agree(withoutId(expected), issued)) return 'identifier-differs';
  const laterInCode = rest.issued.slice(1).some((command) => agree(withoutId(expected), command));
  const laterInTask = rest.expected
    .slice(1, rest.expectedInTask)
    .some((command) => agree(withoutId(command), issued));
  if (laterInCode && laterInTask) return 'commands-reordered';
  if (laterInCode) return 'command-added';
  if (laterInTask) return 'command-removed';
  // What history holds only after a wait: of one command this is a removal, where the next is due now.
  const next = rest.expected[rest.expectedInTask];
  if (rest.expectedInTask === 1 && next !== undefined && agree(withoutId(next), issued)) {
    return 'command-removed';
  }
  // The replay ends here: what the code would issue after waiting for this, only its source tells.
  return mentionsBelow(issued, expected.name) ? 'command-added' : 'command-replaced';
}

function withoutId({ id: _, ...command }: HistoryCommand): HistoryCommand {
  return command;
}

function isPatch({ command }: HistoryCommand): boolean {
  return command === 'SetPatchMarker';
}
