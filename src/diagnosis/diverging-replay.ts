import type { HistoryCommand, RecordedHistory } from '../engine/recorded-history.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { layBeside, type Alignment, type Mismatch } from './align.js';
import type { DivergingReplay } from './divergence.js';
import type { Change, ComparedCheckouts } from './change.js';
import type { Failure } from './failure.js';
import { isBelowHead } from './functions-in-source.js';
import { eventIdAt, taskStartOf } from './mismatch-in-history.js';
import { Outlook } from './outlook.js';
import type { PlaceClues } from './place.js';
import { SourceFiles } from './source-files.js';
import { framesOf, quotedLine, quotesBelow, type Frame } from './source-location.js';
import { namedTimer } from './timers.js';

/** What tells the cause and the place of a mismatch: the recorded replay, the source, and the baseline. */
export function divergingReplay(
  failure: Failure,
  history: RecordedHistory,
  { remainder }: Alignment,
  mismatch: Mismatch,
  checkouts: ComparedCheckouts,
): { readonly replay: DivergingReplay; readonly clues: PlaceClues } {
  const { workspace, change } = checkouts;
  const {
    commands = [],
    patches = [],
    waits = [],
    unhandledSignals = [],
    handlers = [],
    definition,
  } = failure.recorded?.result ?? {};
  const held = history.events.flatMap(({ command }) => command ?? []);
  const files = new SourceFiles(workspace, filesIn([...commands, ...waits, definition ?? {}]));
  const outlook = new Outlook(files, [...held, ...commands].map(namedTimer), definition);
  const brought = history.signalsBefore(eventIdAt(mismatch));
  const onBaseline = baselineCommands(failure, history);
  const heldOnBaseline =
    mismatch.kind === 'extra' ? undefined : onBaseline.get(mismatch.expected.event);
  const task = taskStartOf(mismatch, history);
  return {
    replay: {
      mismatch,
      remainder,
      commands,
      patches,
      patchGone: patchGone(failure, mismatch, change),
      history: held,
      received: history.events.flatMap(({ received }) => received?.name ?? []),
      unhandledSignals: brought.filter((name) => unhandledSignals.includes(name)),
      standsAt: waits.findLast(({ over }) => over !== true) ?? commands.at(-1),
      waitsInTask: waits.find(({ historyLength }) => historyLength === task),
      definition,
      isNew: (issued) => change?.isNew({ ...issued, ...namedTimer(issued) }),
      fateOf: (command) => {
        const there = onBaseline.get(command.event);
        return there === undefined
          ? undefined
          : change?.fateOf({ ...there, ...namedTimer(command) });
      },
      below: (frame) => outlook.below(frame, 0),
      outlooks: (frame) => [outlook.below(frame), outlook.below(frame, 2)],
      mentionsPatch: (id, frame) => framesOf(frame).some((one) => quotesBelow(one, id, workspace)),
      quotedIn: (frame, name) => quotedLine(frame, name, workspace),
    },
    clues: {
      handlers,
      waits,
      change,
      heldOnBaseline,
      isInWorkflow: (frame) => isWithin(frame, definition, files),
    },
  };
}

/** A patch guards what stands so near to it. */
const GUARDED_LINES = 5;

/** The nearest of the patches that this history has not recorded, and that this change took away. */
function patchGone(
  { recorded, baseline }: Failure,
  mismatch: Mismatch,
  change: Change | undefined,
): string | undefined {
  const issued = mismatch.kind === 'missing' ? mismatch.lastAgreeing : mismatch.issued;
  if (change === undefined || issued === undefined) return undefined;
  const asked = new Set(recorded?.result.patches?.map(({ id }) => id));
  const [nearest] = (baseline?.recorded?.patches ?? [])
    .filter(({ id, answer }) => !answer && !asked.has(id))
    .map((patch) => ({ id: patch.id, lines: change.linesFromGap(patch, issued) ?? Infinity }))
    .filter(({ lines }) => lines <= GUARDED_LINES)
    .sort((a, b) => a.lines - b.lines);
  return nearest?.id;
}

/** The commands that the baseline issued for the events of history. */
function baselineCommands(
  { baseline }: Failure,
  history: RecordedHistory,
): Map<HistoryCommand['event'], RecordedCommand> {
  const recorded = baseline?.recorded?.commands ?? [];
  const { pairs } = layBeside(history, recorded);
  return new Map(pairs.map(({ expected, issued }) => [expected.event, issued]));
}

function filesIn(frames: readonly Frame[]): string[] {
  return frames.flatMap((frame) => framesOf(frame).flatMap(({ file }) => file ?? []));
}

function isWithin(frame: Frame, definition: Frame | undefined, files: SourceFiles): boolean {
  if (definition?.line === undefined || frame.file !== definition.file) return false;
  const lines = files.lines(definition);
  return lines !== undefined && isBelowHead(lines, definition.line, frame.line ?? 0);
}
