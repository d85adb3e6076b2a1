import { damerauLevenshtein } from '../model/edit-distance.js';
import type { Cause } from '../model/cause.js';
import type { RecordedCommand, RecordedHandler } from '../replay/protocol.js';
import type { DivergingReplay } from './cause.js';
import type { Frame } from './source-location.js';

/** The place in the code that a finding points at; undefined where no place is known. */
export function placeOf(
  cause: Cause,
  replay: DivergingReplay,
  handlers: readonly RecordedHandler[],
): Frame | undefined {
  const { mismatch, standsAt } = replay;
  const kind = HANDLED[cause];
  if (kind !== undefined) {
    const place = handlerPlace(replay, kind, handlers);
    if (place !== undefined) return place;
  }
  const renamed = cause === 'patch-renamed' ? placeOfRenamed(replay) : undefined;
  if (renamed !== undefined) return renamed;
  // Before the first command, the code has set its handlers last.
  const before =
    placeOfCommand(mismatch.lastAgreeing, replay, handlers) ??
    (mismatch.lastAgreeing === undefined ? withLine(handlers.at(-1)) : undefined);
  switch (mismatch.kind) {
    case 'missing':
      // A command that comes later waits for this line. For a removed command, the nearest line is the last command.
      return (cause === 'command-moved' ? withLine(standsAt) : undefined) ?? before;
    case 'differs': {
      const { expected, issued } = mismatch;
      // If the code asks for the patch elsewhere, the patch has moved. The command that is here has not.
      const moved =
        expected.command === 'SetPatchMarker'
          ? replay.patches.find(({ id }) => id === expected.name)
          : undefined;
      return (
        withLine(moved) ??
        placeOfCommand(issued, replay, handlers) ??
        calledBefore(issued, replay) ??
        before
      );
    }
    case 'extra':
      // A completion has no line, so the line before it is used.
      return (
        placeOfCommand(mismatch.issued, replay, handlers) ??
        calledBefore(mismatch.issued, replay) ??
        before
      );
  }
}

/** The last local activity that the code called between the last agreeing command and this one. */
function calledBefore(
  issued: RecordedCommand,
  { commands, mismatch: { lastAgreeing } }: DivergingReplay,
): Frame | undefined {
  const from = lastAgreeing === undefined ? 0 : commands.indexOf(lastAgreeing) + 1;
  const called = commands.slice(from, Math.max(from, commands.indexOf(issued)));
  return withLine(called.findLast(({ command }) => command === 'ScheduleLocalActivity'));
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

const HANDLED: Partial<Readonly<Record<Cause, RecordedHandler['kind']>>> = {
  'signal-handler-missing': 'signal',
  'update-handler-missing': 'update',
};

/**
 * The place where a handler is missing. The first choice is a line that still quotes the lost name. The second is the
 * handler whose name is most like it, among those that this execution never needed: it may be the renamed one. The
 * third is the last handler.
 */
function handlerPlace(
  { mismatch, unhandledSignals, received, quotedIn }: DivergingReplay,
  kind: RecordedHandler['kind'],
  handlers: readonly RecordedHandler[],
): Frame | undefined {
  const lost =
    kind === 'signal'
      ? unhandledSignals[0]
      : mismatch.kind === 'extra'
        ? undefined
        : mismatch.expected.event.received?.name;
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
