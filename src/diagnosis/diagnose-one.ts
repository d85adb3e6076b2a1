import {
  EventType,
  eventIdOf,
  HistoryMessage,
  type IHistoryEvent,
} from '../temporal/history/proto.js';
import type { Cause } from '../model/cause.js';
import type { BaselineView, Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import type { TimelineRow } from '../model/timeline.js';
import { layBeside, type Alignment, type Mismatch } from './align.js';
import { baselineView } from './baseline-view.js';
import { causeOf, type Parting } from './cause.js';
import {
  commandWords,
  describeEvent,
  historyCommand,
  updateNameOf,
} from '../temporal/history/command-events.js';
import type { Checkouts, Failure } from './failure.js';
import { buildOfTaskAt } from '../temporal/history/diverging-build.js';
import { isUnregistered } from './explain.js';
import { commandsBelow } from './outlook.js';
import { placeOf } from './place.js';
import { sdkCause } from './sdk-cause.js';
import { type SdkVersions } from '../model/sdk-version.js';
import { parseSdkMessage } from './sdk-message.js';
import { quotedLine, quotesBelow, sourceLocation, type Frame } from './source-location.js';
import { timelineOf } from './timeline.js';
import { versionLeft } from './version-range.js';

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
export function diagnoseOne(failure: Failure, checkouts: Checkouts): Diagnosis {
  const shown = diagnoseCode(failure, checkouts);
  return { ...shown, ...sdkCause(failure, shown.cause, checkouts) };
}

/** Lays the recorded replay beside the history; what was not recorded is told from the SDK's words. */
function diagnoseCode(failure: Failure, checkouts: Checkouts): Diagnosis {
  const locate = locator(checkouts.workspace);
  const events =
    failure.recorded === undefined ? [] : HistoryMessage.decode(failure.recorded.history).events;
  const commands = failure.recorded?.result.commands;
  const alignment = commands === undefined ? undefined : layBeside(events, commands);
  const mismatch = alignment?.mismatch;
  const base = {
    ...(checkouts.baseline === undefined
      ? {}
      : { baseline: baselineView(failure.baseline, events, mismatch, checkouts.baseline) }),
  };
  if (failure.outcome.kind === 'task-failed') {
    return {
      ...base,
      divergence: { kind: 'threw', ...locate(failure.result) },
      cause: causeOfThrow(failure, locate(failure.result).location),
      timeline: [],
      build: undefined,
    };
  }
  const left = versionLeft(failure.outcome.message ?? '');
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
  const said = parseSdkMessage(failure.outcome.message ?? '');
  const eventId = mismatch === undefined ? said.eventId : eventIdAt(mismatch);
  const build = buildOfTaskAt(events, eventId);
  if (alignment === undefined || mismatch === undefined) {
    const event = events.find((candidate) => eventIdOf(candidate) === said.eventId);
    return {
      ...base,
      divergence: {
        kind: 'unlocated',
        ...(event === undefined ? {} : { event: describeEvent(event) }),
      },
      cause: 'unknown',
      timeline: [],
      build,
    };
  }
  const parting = partingOf(failure, events, alignment, mismatch, checkouts.workspace);
  const cause = failure.recorded?.varies === true ? 'nondeterministic-source' : causeOf(parting);
  const place = placeOf(cause, parting, failure.recorded?.result.handlers ?? []);
  return {
    ...base,
    divergence: divergenceOf(mismatch, { ...locate(place) }),
    cause,
    timeline: timeline(failure, events, alignment, checkouts),
    build,
  };
}

/** Thrown while nobody's code of the repository runs: a payload is decoded before the code gets it. */
const NOT_DECODED =
  /input cannot be decoded|unknown encoding|missing payload metadata|payload with no encoding|unexpected (?:token|end of JSON|non-whitespace)|not valid JSON|invalid wire type|index out of range/iu;

function causeOfThrow({ outcome }: Failure, location: SourceLocation | undefined): Cause {
  const message = outcome.message ?? '';
  if (isUnregistered(message)) return 'workflow-type-missing';
  if (versionLeft(message) !== undefined) return 'version-range-left';
  return location === undefined && NOT_DECODED.test(message)
    ? 'payload-not-decodable'
    : 'workflow-threw';
}

function timeline(
  { baseline }: Failure,
  events: readonly IHistoryEvent[],
  alignment: Alignment,
  checkouts: Checkouts,
): TimelineRow[] {
  const there = baseline?.recorded?.commands;
  return timelineOf(
    alignment,
    locator(checkouts.workspace),
    there === undefined || checkouts.baseline === undefined
      ? undefined
      : { pairs: layBeside(events, there).pairs, locate: locator(checkouts.baseline) },
  );
}

function partingOf(
  { recorded }: Failure,
  events: readonly IHistoryEvent[],
  { rest }: Alignment,
  mismatch: Mismatch,
  workspace: string,
): Parting {
  const { commands = [], patches = [], waits = [], unhandledSignals = [] } = recorded?.result ?? {};
  const history = events.flatMap((event) => historyCommand(event) ?? []);
  const known = [...history, ...commands];
  const brought = signalsBroughtTo(events, mismatch);
  return {
    mismatch,
    rest,
    commands,
    patches,
    history,
    received: events.flatMap((event) => receivedName(event) ?? []),
    unhandledSignals: brought.filter((name) => unhandledSignals.includes(name)),
    standsAt: waits.at(-1) ?? commands.at(-1),
    below: (frame) => commandsBelow(frame, known, workspace),
    mentionsPatch: (id, frame) => quotesBelow(frame, id, workspace),
    quotedIn: (frame, name) => quotedLine(frame, name, workspace),
  };
}

/** The name of the signal or update that an event holds. */
function receivedName(event: IHistoryEvent): string | undefined {
  return (
    event.workflowExecutionSignaledEventAttributes?.signalName ?? updateNameOf(event) ?? undefined
  );
}

/** Names of the signals that came with the workflow task in which both part. */
function signalsBroughtTo(events: readonly IHistoryEvent[], mismatch: Mismatch): string[] {
  const at = eventIdAt(mismatch) ?? 0;
  let names: string[] = [];
  let coming: string[] = [];
  for (const event of events) {
    if (eventIdOf(event) >= at) break;
    const name = event.workflowExecutionSignaledEventAttributes?.signalName;
    if (name) coming.push(name);
    // What comes while a worker is at a task comes to the next one.
    if (event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED) {
      names = coming;
      coming = [];
    }
  }
  return names;
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
): Divergence {
  switch (mismatch.kind) {
    case 'differs':
      return {
        kind: 'differs',
        event: describeEvent(mismatch.expected.event),
        command: commandWords(mismatch.issued),
        ...location,
      };
    case 'missing':
      return {
        kind: 'missing-command',
        event: describeEvent(mismatch.expected.event),
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
        ...(mismatch.next === undefined ? {} : { next: describeEvent(mismatch.next.event) }),
        ...location,
      };
  }
}

function eventIdAt(mismatch: Mismatch): number | undefined {
  switch (mismatch.kind) {
    case 'differs':
    case 'missing':
      return eventIdOf(mismatch.expected.event);
    case 'extra':
      return mismatch.taskStartedEventId + 1;
  }
}
