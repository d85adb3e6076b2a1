import { damerauLevenshtein } from '../model/edit-distance.js';
import type { Cause } from '../model/cause.js';
import type { RecordedCommand, RecordedHandler, RecordedWait } from '../replay/protocol.js';
import type { DivergingReplay } from './divergence.js';
import type { Change } from './change.js';
import { HANDLED, lostName } from './missing-handler.js';
import { isSame } from './named-in-source.js';
import { framesOf, type Frame } from './source-location.js';
import { namedTimer } from './timers.js';

/** Where a finding points, and the line of a shared helper that issues the command for that place. */
export interface Place {
  readonly at: Frame;
  readonly helper?: Frame;
}

/** What a place is chosen by, beside the replay. */
export interface PlaceClues {
  readonly handlers: readonly RecordedHandler[];
  readonly waits: readonly RecordedWait[];
  /** Which lines this change wrote. Undefined without a baseline. */
  readonly change: Change | undefined;
  /** The baseline's command for the one of history that the code does not issue. */
  readonly heldOnBaseline: RecordedCommand | undefined;
  /** Whether a place is in the function of the workflow. */
  readonly isInWorkflow: (frame: Frame) => boolean;
}

/** The place in the code that a finding points at; undefined where no place is known. */
export function placeOf(
  cause: Cause,
  replay: DivergingReplay,
  clues: PlaceClues,
): Place | undefined {
  const found = placeByCause(cause, replay, clues);
  const issued = 'command' in (found ?? {}) ? (found as RecordedCommand) : undefined;
  const at = found === undefined ? undefined : callSite(found, replay, clues);
  if (found === undefined || at === undefined) return undefined;
  return issued === undefined || (at.file === found.file && at.line === found.line)
    ? { at }
    : { at, helper: found };
}

/**
 * The line of a command, or the call in the changed code that leads to it: the innermost line that this change wrote.
 * Where nothing tells what it wrote, a line that issued another command before, for another caller, is a helper's, and
 * its caller is told.
 */
function callSite(place: Frame, replay: DivergingReplay, clues: PlaceClues): Frame {
  const { change, heldOnBaseline } = clues;
  const known = change?.newLine(place);
  if (known !== undefined) return known;
  const frames = framesOf(place);
  if (heldOnBaseline !== undefined) {
    const nearest = change?.nearestToGap(frames, heldOnBaseline);
    if (nearest !== undefined) return nearest;
  }
  const others = replay.commands
    .filter((command) => command !== place && command.line !== undefined)
    .map(framesOf);
  const own = frames.find(
    (frame, depth) =>
      frames[depth + 1] === undefined ||
      !others.some(
        (other) =>
          isSameLine(other[depth], frame) &&
          other[depth + 1] !== undefined &&
          !isSameLine(other[depth + 1], frames[depth + 1]),
      ),
  );
  return own ?? place;
}

function isSameLine(one: Frame | undefined, other: Frame | undefined): boolean {
  return one?.file === other?.file && one?.line === other?.line;
}

function placeByCause(cause: Cause, replay: DivergingReplay, clues: PlaceClues): Frame | undefined {
  const { mismatch, standsAt, waitsInTask } = replay;
  const { handlers } = clues;
  const kind = HANDLED[cause];
  if (kind !== undefined) {
    const place = handlerPlace(replay, kind, handlers);
    if (place !== undefined) return place;
  }
  const renamed = cause === 'patch-renamed' ? placeOfRenamed(replay) : undefined;
  if (renamed !== undefined) return renamed;
  const before =
    placeOfCommand(mismatch.lastAgreeing, replay, handlers) ?? startPlace(replay, clues);
  const moved = cause === 'command-moved' ? placeOfMovedPatch(replay) : undefined;
  if (moved !== undefined) return moved;
  switch (mismatch.kind) {
    case 'missing': {
      // A command that comes later waits for this line.
      if (cause === 'command-moved' && withLine(standsAt) !== undefined) return standsAt;
      const wait = losesTimeLimit(replay) ? withLine(waitsInTask) : undefined;
      return wait === undefined || isNearerToGap(before, wait, clues) ? before : wait;
    }
    case 'differs':
    case 'extra':
      return placeOfIssued(mismatch.issued, replay, clues) ?? before;
  }
}

/** If the code asks for the patch elsewhere, the patch has moved. The command that is here has not. */
function placeOfMovedPatch({ mismatch, patches }: DivergingReplay): Frame | undefined {
  if (mismatch.kind === 'extra') return undefined;
  const { command, name } = mismatch.expected;
  if (command !== 'SetPatchMarker') return undefined;
  return withLine(patches.find(({ id }) => id === name));
}

/**
 * Whether what is missing is the timer of a wait that began in this task: it is no further one of a timer that the code
 * has issued before. Where nothing agrees, a wait is what the code did last.
 */
function losesTimeLimit({ mismatch, commands, fateOf }: DivergingReplay): boolean {
  if (mismatch.kind !== 'missing') return false;
  const { expected, lastAgreeing } = mismatch;
  if (lastAgreeing === undefined) return true;
  const held = namedTimer(expected);
  return (
    held.command === 'StartTimer' &&
    fateOf(expected) !== 'there' &&
    !commands.some((command) => isSame(namedTimer(command), held))
  );
}

/** Whether a place is nearer than another one to where this change took the baseline's command away. */
function isNearerToGap(
  place: Frame | undefined,
  other: Frame,
  { change, heldOnBaseline }: PlaceClues,
): boolean {
  if (place === undefined || change === undefined || heldOnBaseline === undefined) return false;
  const [near, far] = [place, other].map((one) => change.linesFromGap(heldOnBaseline, one));
  return near !== undefined && far !== undefined && near < far;
}

/** Where the code began, when nothing agrees: its last handler in the workflow's function, or that function. */
function startPlace(
  { mismatch, definition }: DivergingReplay,
  { handlers, isInWorkflow }: PlaceClues,
): Frame | undefined {
  if (mismatch.lastAgreeing !== undefined) return undefined;
  // A handler that is declared outside of the function issued nothing here.
  return (
    withLine(handlers.findLast((handler) => handler.line !== undefined && isInWorkflow(handler))) ??
    withLine(definition)
  );
}

function placeOfIssued(
  issued: RecordedCommand,
  replay: DivergingReplay,
  clues: PlaceClues,
): Frame | undefined {
  return placeOfCommand(issued, replay, clues.handlers) ?? endPlace(issued, replay, clues);
}

/**
 * No stack tells on which line a function returned. So it is the last line of the workflow's function at which the code
 * issued or waited for something.
 */
function endPlace(
  issued: RecordedCommand,
  { commands }: DivergingReplay,
  { waits, isInWorkflow }: PlaceClues,
): Frame | undefined {
  const at = commands.indexOf(issued);
  const before = [...commands.slice(0, at === -1 ? commands.length : at), ...waits.filter(isOver)]
    .filter(({ line }) => line !== undefined)
    // In one workflow task, a command counts as later than a wait.
    .sort(
      (a, b) =>
        a.historyLength - b.historyLength || Number('command' in a) - Number('command' in b),
    );
  const inWorkflow = before.flatMap((one) => framesOf(one).find(isInWorkflow) ?? []);
  return inWorkflow.at(-1) ?? withLine(framesOf(before.at(-1) ?? {}).at(-1));
}

function isOver({ over }: RecordedWait): boolean {
  return over === true;
}

/**
 * The line that asks for the patch under its new name. This is the patch that history does not hold and whose name is
 * most like the lost one. The command that the code issues instead is only the result of the wrong branch.
 */
function placeOfRenamed({ mismatch, patches, history }: DivergingReplay): Frame | undefined {
  if (mismatch.kind === 'extra') return undefined;
  const { name: lost } = mismatch.expected;
  const held = new Set(history.map(({ command, name }) => `${command} ${name}`));
  const [likest] = patches
    .filter(({ id, answer, line }) => {
      return line !== undefined && !answer && !held.has(`SetPatchMarker ${id}`);
    })
    // Among equally similar names the last one wins, because it is nearest to the divergence.
    .reverse()
    .map((patch) => ({ patch, distance: distanceOf(patch.id, lost) }))
    .sort((a, b) => a.distance - b.distance);
  return likest?.patch;
}

/** The line of the command. The answer to an update may have no line; then it is the line of the update's handler. */
function placeOfCommand(
  command: RecordedCommand | undefined,
  { history }: DivergingReplay,
  handlers: readonly RecordedHandler[],
): Frame | undefined {
  if (command?.command !== 'UpdateResponse' || command.line !== undefined) return withLine(command);
  const accepted = history.find(({ id, name }) => id === command.id && name === 'accepted');
  const update = accepted?.event.received?.name;
  return withLine(handlers.find(({ kind, name }) => kind === 'update' && name === update));
}

/**
 * The place where a handler is missing. The first choice is a line that still quotes the lost name. The second is the
 * handler whose name is most like it, among those that this execution never needed: it may be the renamed one. The
 * third is the last handler.
 */
function handlerPlace(
  replay: DivergingReplay,
  kind: RecordedHandler['kind'],
  handlers: readonly RecordedHandler[],
): Frame | undefined {
  const { received, quotedIn } = replay;
  const lost = lostName(replay, kind);
  const ofKind = handlers.filter((handler) => handler.kind === kind && handler.line !== undefined);
  const anyHandler = handlers.find((handler) => handler.line !== undefined);
  if (lost === undefined || anyHandler === undefined) return undefined;
  const [likest] = ofKind
    .filter(({ name }) => !received.includes(name))
    .map((handler) => ({ handler, distance: distanceOf(handler.name, lost) }))
    .sort((a, b) => a.distance - b.distance);
  return quotedIn(anyHandler, lost) ?? likest?.handler ?? ofKind.at(-1) ?? anyHandler;
}

/** How far two names are apart. The distance is 0 if one contains the other, or if both have the same words. */
function distanceOf(name: string, lost: string): number {
  if (name.includes(lost) || lost.includes(name) || wordsOf(name) === wordsOf(lost)) return 0;
  return damerauLevenshtein(name.slice(0, 100), lost.slice(0, 100));
}

function wordsOf(name: string): string {
  return name
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .sort()
    .join(' ');
}

function withLine(frame: Frame | undefined): Frame | undefined {
  return frame?.line === undefined ? undefined : frame;
}
