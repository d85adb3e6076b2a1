import { eventIdOf, HistoryMessage, type IHistoryEvent } from '../history/proto.js';
import type { Cause } from '../model/cause.js';
import type { BaselineView, Divergence, SourceLocation } from '../model/finding.js';
import type { TimelineRow } from '../model/timeline.js';
import { layBeside, type Alignment, type Mismatch } from './align.js';
import { baselineView } from './baseline-view.js';
import { causeOf } from './cause.js';
import { commandWords, describeEvent, historyCommand } from './command-events.js';
import type { Checkouts, Failure } from './diagnose.js';
import { buildOfTaskAt } from './diverging-build.js';
import { isUnregistered } from './explain.js';
import { parseSdkMessage } from './sdk-message.js';
import { mentionsBelow, sourceLocation, type Frame } from './source-location.js';
import { timelineOf } from './timeline.js';

/** What one failing history shows. */
export interface Diagnosis {
  readonly divergence: Divergence;
  readonly cause: Cause;
  readonly timeline: readonly TimelineRow[];
  /** Build that completed the diverging workflow task, where history says it. */
  readonly build: string | undefined;
  readonly baseline?: BaselineView;
}

/** Lays the recorded replay beside the history; what was not recorded is told from the SDK's words. */
export function diagnoseOne(failure: Failure, checkouts: Checkouts): Diagnosis {
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
      cause: isUnregistered(failure.outcome.message ?? '')
        ? 'workflow-type-missing'
        : 'workflow-threw',
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
  return {
    ...base,
    divergence: divergenceOf(mismatch, locate),
    cause:
      failure.recorded?.varies === true
        ? 'nondeterministic-source'
        : causeOf({
            mismatch,
            rest: alignment.rest,
            commands: commands ?? [],
            patches: failure.recorded?.result.patches ?? [],
            history: events.flatMap((event) => historyCommand(event) ?? []),
            mentionsBelow: (command, name) => mentionsBelow(command, name, checkouts.workspace),
          }),
    timeline: timeline(failure, events, alignment, checkouts),
    build,
  };
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

type Locator = (frame: Frame | undefined) => { readonly location?: SourceLocation };

/** Places in one checkout, relative to its root. */
function locator(root: string): Locator {
  return (frame) => {
    const location = frame === undefined ? undefined : sourceLocation(frame, root);
    return location === undefined ? {} : { location };
  };
}

function divergenceOf(mismatch: Mismatch, locate: Locator): Divergence {
  switch (mismatch.kind) {
    case 'differs': {
      // A completion has no line of its own: the last command before it is the nearest that has.
      const own = locate(mismatch.issued);
      return {
        kind: 'differs',
        event: describeEvent(mismatch.expected.event),
        command: commandWords(mismatch.issued),
        ...('location' in own ? own : locate(mismatch.lastAgreeing)),
      };
    }
    case 'missing':
      return {
        kind: 'missing-command',
        event: describeEvent(mismatch.expected.event),
        ...(mismatch.lastAgreeing === undefined
          ? {}
          : { lastAgreeing: commandWords(mismatch.lastAgreeing) }),
        ...locate(mismatch.lastAgreeing),
      };
    case 'extra': {
      const own = locate(mismatch.issued);
      return {
        kind: 'extra-command',
        command: commandWords(mismatch.issued),
        taskStartedEventId: mismatch.taskStartedEventId,
        ...(mismatch.next === undefined ? {} : { next: describeEvent(mismatch.next.event) }),
        ...('location' in own ? own : locate(mismatch.lastAgreeing)),
      };
    }
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
