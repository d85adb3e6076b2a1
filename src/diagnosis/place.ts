import { damerauLevenshtein } from '../model/edit-distance.js';
import type { Cause } from '../model/cause.js';
import type { RecordedCommand, RecordedHandler } from '../replay/protocol.js';
import type { DivergingReplay } from './cause.js';
import type { Frame } from './source-location.js';

/** The place of the code that a finding points at; undefined where none is known. */
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
  // Before the first command, the last thing that the code did is to set its handlers.
  const before =
    placeOfCommand(mismatch.lastAgreeing, replay, handlers) ??
    (mismatch.lastAgreeing === undefined ? withLine(handlers.at(-1)) : undefined);
  switch (mismatch.kind) {
    case 'missing':
      // What is still to come waits for this; of what is gone, the last thing that is there is nearest.
      return (cause === 'command-moved' ? withLine(standsAt) : undefined) ?? before;
    case 'differs': {
      const { expected, issued } = mismatch;
      // A patch that is asked for elsewhere is what has moved, not the command that is here instead.
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
      // A completion has no line of its own.
      return (
        placeOfCommand(mismatch.issued, replay, handlers) ??
        calledBefore(mismatch.issued, replay) ??
        before
      );
  }
}

/** The local activity that the code called last, behind the last command on which both agree. */
function calledBefore(
  issued: RecordedCommand,
  { commands, mismatch: { lastAgreeing } }: DivergingReplay,
): Frame | undefined {
  const from = lastAgreeing === undefined ? 0 : commands.indexOf(lastAgreeing) + 1;
  const called = commands.slice(from, Math.max(from, commands.indexOf(issued)));
  return withLine(called.findLast(({ command }) => command === 'ScheduleLocalActivity'));
}

/**
 * Where the code asks for a patch that this history never had, the likest to the one that it has: what the
 * code issues instead is only where the wrong branch leads.
 */
function placeOfRenamed({ mismatch, patches, history }: DivergingReplay): Frame | undefined {
  if (mismatch.kind === 'extra') return undefined;
  const { name: lost } = mismatch.expected;
  const held = new Set(history.map(({ command, name }) => `${command} ${name}`));
  const [likest] = patches
    .filter(({ id, answer, line }) => {
      return line !== undefined && !answer && !held.has(`SetPatchMarker ${id}`);
    })
    // Of those that are equally like it, the last: that is the nearest to where both part.
    .reverse()
    .map((patch) => ({ patch, distance: distanceOf(patch.id, lost) }))
    .sort((a, b) => a.distance - b.distance);
  return likest?.patch;
}

/** The command's own line; an update's answer has that of its handler, where it tells none itself. */
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
 * Where a handler is missing: where the source goes on to name it, or a handler that took its name away,
 * which is the most like it of those that this execution never asked for; else below the last of them.
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

/** A longer or a shorter form of the same name is as near as can be, and so are its words in another order. */
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
