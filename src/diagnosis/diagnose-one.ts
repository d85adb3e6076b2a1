import type { HistoryReader } from '../engine/history-reader.js';
import type { RecordedHistory } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import type { BaselineView, Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import type { TimelineRow } from '../model/timeline.js';
import { layBeside, type Alignment, type Mismatch } from './align.js';
import { baselineView } from './baseline-view.js';
import { causeOf, type DivergingReplay } from './cause.js';
import type { Checkouts, Failure } from './failure.js';
import { commandsBelow } from './outlook.js';
import { placeOf } from './place.js';
import { sdkCause } from './sdk-cause.js';
import { type SdkVersions } from '../model/sdk-version.js';
import { quotedLine, quotesBelow, sourceLocation, type Frame } from './source-location.js';
import { timelineOf } from './timeline.js';

/** What one failing history shows. */
export interface Diagnosis {
  readonly divergence: Divergence;
  readonly cause: Cause;
  readonly timeline: readonly TimelineRow[];
  /** Build that completed the diverging workflow task, where history says it. */
  readonly build: string | undefined;
  readonly baseline?: BaselineView;
  /** Where the SDK is the cause. */
  readonly sdk?: SdkVersions;
}

/** What one failing history shows, and whether it is the SDK that brings it about. */
export function diagnoseOne(
  failure: Failure,
  checkouts: Checkouts,
  reader: HistoryReader,
): Diagnosis {
  const history = reader.readHistory(failure.recorded?.history ?? new Uint8Array());
  const shown = diagnoseCode(failure, history, checkouts, reader);
  return { ...shown, ...sdkCause(failure, shown.cause, history, checkouts) };
}

/** Lays the recorded replay beside the history; what was not recorded is told from the SDK's words. */
function diagnoseCode(
  failure: Failure,
  history: RecordedHistory,
  checkouts: Checkouts,
  reader: HistoryReader,
): Diagnosis {
  const locate = locator(checkouts.workspace);
  const commands = failure.recorded?.result.commands;
  const alignment = commands === undefined ? undefined : layBeside(history, commands);
  const mismatch = alignment?.mismatch;
  const base = {
    ...(checkouts.baseline === undefined
      ? {}
      : {
          baseline: baselineView(failure.baseline, history, mismatch, checkouts.baseline, reader),
        }),
  };
  if (failure.outcome.kind === 'task-failed') {
    return {
      ...base,
      divergence: { kind: 'threw', ...locate(failure.result) },
      cause: causeOfThrow(failure, locate(failure.result).location, reader),
      timeline: [],
      build: undefined,
    };
  }
  const left = reader.versionLeft(failure.outcome.message ?? '');
  if (left !== undefined) {
    const asked = failure.recorded?.result.patches?.findLast(({ id }) => id === left.id);
    return {
      ...base,
      divergence: { kind: 'threw', ...locate(asked) },
      cause: 'version-range-left',
      timeline: [],
      build: undefined,
    };
  }
  const said = reader.readMessage(failure.outcome.message ?? '');
  const eventId = mismatch === undefined ? said.eventId : eventIdAt(mismatch);
  const build = history.buildOfTaskAt(eventId);
  if (alignment === undefined || mismatch === undefined) {
    const event = history.events.find((candidate) => candidate.eventId === said.eventId);
    return {
      ...base,
      divergence: {
        kind: 'unlocated',
        ...(event === undefined ? {} : { event: event.description }),
      },
      cause: 'unknown',
      timeline: [],
      build,
    };
  }
  const replay = divergingReplay(failure, history, alignment, mismatch, checkouts.workspace);
  const cause = failure.recorded?.varies === true ? 'nondeterministic-source' : causeOf(replay);
  const place = placeOf(cause, replay, failure.recorded?.result.handlers ?? []);
  return {
    ...base,
    divergence: divergenceOf(mismatch, { ...locate(place) }, reader),
    cause,
    timeline: timeline(failure, history, alignment, checkouts, reader),
    build,
  };
}

function causeOfThrow(
  { outcome }: Failure,
  location: SourceLocation | undefined,
  reader: HistoryReader,
): Cause {
  const message = outcome.message ?? '';
  if (reader.isUnregisteredType(message)) return 'workflow-type-missing';
  if (reader.versionLeft(message) !== undefined) return 'version-range-left';
  // A payload is decoded before the code gets it: then nobody's code of the repository runs.
  return location === undefined && reader.isUndecodablePayload(message)
    ? 'payload-not-decodable'
    : 'workflow-threw';
}

function timeline(
  { baseline }: Failure,
  history: RecordedHistory,
  alignment: Alignment,
  checkouts: Checkouts,
  { commandWords }: HistoryReader,
): TimelineRow[] {
  const there = baseline?.recorded?.commands;
  return timelineOf(
    alignment,
    commandWords,
    locator(checkouts.workspace),
    there === undefined || checkouts.baseline === undefined
      ? undefined
      : { pairs: layBeside(history, there).pairs, locate: locator(checkouts.baseline) },
  );
}

function divergingReplay(
  { recorded }: Failure,
  recordedHistory: RecordedHistory,
  { remainder }: Alignment,
  mismatch: Mismatch,
  workspace: string,
): DivergingReplay {
  const { commands = [], patches = [], waits = [], unhandledSignals = [] } = recorded?.result ?? {};
  const { events } = recordedHistory;
  const history = events.flatMap(({ command }) => command ?? []);
  const known = [...history, ...commands];
  const brought = recordedHistory.signalsBefore(eventIdAt(mismatch));
  return {
    mismatch,
    remainder,
    commands,
    patches,
    history,
    received: events.flatMap(({ received }) => received?.name ?? []),
    unhandledSignals: brought.filter((name) => unhandledSignals.includes(name)),
    standsAt: waits.at(-1) ?? commands.at(-1),
    below: (frame) => commandsBelow(frame, known, workspace),
    mentionsPatch: (id, frame) => quotesBelow(frame, id, workspace),
    quotedIn: (frame, name) => quotedLine(frame, name, workspace),
  };
}

type Locator = (frame: Frame | undefined) => { readonly location?: SourceLocation };

/** Places in one checkout, relative to its root. */
function locator(root: string): Locator {
  return (frame) => {
    const location = frame === undefined ? undefined : sourceLocation(frame, root);
    return location === undefined ? {} : { location };
  };
}

function divergenceOf(
  mismatch: Mismatch,
  location: { readonly location?: SourceLocation },
  { commandWords }: HistoryReader,
): Divergence {
  switch (mismatch.kind) {
    case 'differs':
      return {
        kind: 'differs',
        event: mismatch.expected.event.description,
        command: commandWords(mismatch.issued),
        ...location,
      };
    case 'missing':
      return {
        kind: 'missing-command',
        event: mismatch.expected.event.description,
        ...(mismatch.lastAgreeing === undefined
          ? {}
          : { lastAgreeing: commandWords(mismatch.lastAgreeing) }),
        ...location,
      };
    case 'extra':
      return {
        kind: 'extra-command',
        command: commandWords(mismatch.issued),
        taskStartedEventId: mismatch.taskStartedEventId,
        ...(mismatch.next === undefined ? {} : { next: mismatch.next.event.description }),
        ...location,
      };
  }
}

function eventIdAt(mismatch: Mismatch): number {
  switch (mismatch.kind) {
    case 'differs':
    case 'missing':
      return mismatch.expected.event.eventId;
    case 'extra':
      return mismatch.taskStartedEventId + 1;
  }
}
