import { buildIdOf } from '../history/prepare-history.js';
import { eventIdOf, HistoryMessage, type IHistoryEvent } from '../history/proto.js';
import type { Execution } from '../model/execution.js';
import type { BaselineRelation, Divergence, Finding } from '../model/finding.js';
import type { Outcome } from '../model/outcome.js';
import type { ResultMessage } from '../replay/protocol.js';
import { align, type Mismatch } from './align.js';
import { baselineView } from './baseline-view.js';
import { commandWords, describeEvent } from './command-events.js';
import { headline, remedy } from './explain.js';
import { parseSdkMessage } from './sdk-message.js';
import { sourceLocation, type Frame } from './source-location.js';

/** A history that broke, as far as it could be looked into. */
export interface Failure {
  readonly outcome: Outcome & { readonly kind: 'nondeterministic' | 'task-failed' };
  /** The first replay's result. */
  readonly result: ResultMessage;
  /** Binary history and the recorded second replay; absent for failures beyond the bound. */
  readonly recorded?: { readonly history: Uint8Array; readonly result: ResultMessage };
  /** Absent where there is no base line, or where the history could not be kept for it. */
  readonly baseline?: BaselineFailure;
}

/** How the same history fared on the base line. */
export interface BaselineFailure {
  readonly relation: BaselineRelation;
  /** What was said there, where it did not pass. */
  readonly message?: string;
  /** The recorded replay there, where it passed and was asked for. */
  readonly recorded?: ResultMessage;
}

/** A finding before it is weighed, with what weighing needs. */
export interface UnweighedFinding extends Omit<Finding, 'weight'> {
  /** Builds that completed the diverging workflow task, by execution. */
  readonly divergingBuilds: ReadonlyMap<Execution, string | undefined>;
}

/** Absolute real paths of the two checkouts. */
export interface Checkouts {
  readonly workspace: string;
  /** Absent where failures were not compared with a base line. */
  readonly baseline?: string | undefined;
}

/**
 * One finding for each root cause; failures that were not looked into join the one that they resemble.
 * What the base line shares and what it does not are two findings, also at the same place.
 */
export function diagnose(failures: readonly Failure[], checkouts: Checkouts): UnweighedFinding[] {
  const groups = new Map<
    string,
    {
      finding: UnweighedFinding;
      executions: Execution[];
      builds: Map<Execution, string | undefined>;
    }
  >();
  const keyBySignature = new Map<string, string>();
  const inOrder = [...failures].sort(
    (a, b) => Number(b.recorded !== undefined) - Number(a.recorded !== undefined),
  );
  for (const failure of inOrder) {
    const { execution, kind } = failure.outcome;
    const relation =
      checkouts.baseline === undefined
        ? undefined
        : (failure.baseline?.relation ?? ('not-compared' as const));
    const signature = JSON.stringify([relation, signatureOf(failure.outcome)]);
    let key = failure.recorded === undefined ? keyBySignature.get(signature) : undefined;
    let build: string | undefined;
    if (key === undefined || !groups.has(key)) {
      const diagnosed = diagnoseOne(failure, checkouts);
      build = diagnosed.build;
      key = JSON.stringify([
        execution.workflowType,
        kind,
        relation,
        causeKey(diagnosed.divergence, signature),
      ]);
      if (!groups.has(key)) {
        const executions: Execution[] = [];
        const builds = new Map<Execution, string | undefined>();
        const context = {
          workflowType: execution.workflowType,
          divergence: diagnosed.divergence,
          message: failure.outcome.message ?? '',
          inDeployment: execution.group !== undefined,
        };
        groups.set(key, {
          executions,
          builds,
          finding: {
            outcome: kind,
            workflowType: execution.workflowType,
            divergence: diagnosed.divergence,
            headline: headline(context),
            remedy: remedy(context),
            executions,
            divergingBuilds: builds,
            ...(diagnosed.baseline === undefined ? {} : { baseline: diagnosed.baseline }),
          },
        });
      }
      if (!keyBySignature.has(signature)) keyBySignature.set(signature, key);
    }
    const group = groups.get(key);
    group?.executions.push(execution);
    group?.builds.set(execution, build);
  }
  return [...groups.values()]
    .map((group) => group.finding)
    .sort((a, b) => b.executions.length - a.executions.length);
}

/** Two failures of one signature very likely have one cause: same type, same words but for IDs. */
export function signatureOf(outcome: Outcome): string {
  const words = parseSdkMessage(outcome.message ?? '').words.replace(
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/giu,
    '#',
  );
  return JSON.stringify([outcome.kind, outcome.execution.workflowType, words.slice(0, 400)]);
}

interface Diagnosis {
  readonly divergence: Divergence;
  readonly build: string | undefined;
  readonly baseline?: ReturnType<typeof baselineView>;
}

function diagnoseOne(failure: Failure, { workspace, baseline }: Checkouts): Diagnosis {
  const locate = (frame: Frame | undefined) => {
    const location = frame === undefined ? undefined : sourceLocation(frame, workspace);
    return location === undefined ? {} : { location };
  };
  const events =
    failure.recorded === undefined ? [] : HistoryMessage.decode(failure.recorded.history).events;
  const besides = (mismatch: Mismatch | undefined): Pick<Diagnosis, 'baseline'> =>
    baseline === undefined
      ? {}
      : { baseline: baselineView(failure.baseline, events, mismatch, baseline) };
  if (failure.outcome.kind === 'task-failed') {
    const divergence = { kind: 'threw', ...locate(failure.result) } as const;
    return { divergence, build: undefined, ...besides(undefined) };
  }
  const commands = failure.recorded?.result.commands;
  const mismatch = commands === undefined ? undefined : align(events, commands);
  const said = parseSdkMessage(failure.outcome.message ?? '');
  const eventId = mismatch === undefined ? said.eventId : eventIdAt(mismatch);
  const build = buildOfTaskAt(events, eventId);
  if (mismatch === undefined) {
    const event = events.find((candidate) => eventIdOf(candidate) === said.eventId);
    return {
      divergence: {
        kind: 'unlocated',
        ...(event === undefined ? {} : { event: describeEvent(event) }),
      },
      build,
      ...besides(undefined),
    };
  }
  return { divergence: divergenceOf(mismatch, locate), build, ...besides(mismatch) };
}

function divergenceOf(
  mismatch: Mismatch,
  locate: (frame: Frame | undefined) => {
    location?: NonNullable<ReturnType<typeof sourceLocation>>;
  },
): Divergence {
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

/** The build that completed the workflow task which left the event, or the task's completion itself. */
function buildOfTaskAt(
  events: readonly IHistoryEvent[],
  eventId: number | undefined,
): string | undefined {
  let build: string | undefined;
  for (const event of events) {
    if (eventId !== undefined && eventIdOf(event) > eventId) break;
    const completed = event.workflowTaskCompletedEventAttributes;
    if (completed != null) build = buildIdOf(completed);
  }
  return build;
}

/**
 * What two failures of one cause share: the place and the two things that differ there, never an ID; where
 * no place is known, the words.
 */
function causeKey(divergence: Divergence, signature: string): unknown[] {
  const place = 'location' in divergence ? divergence.location : undefined;
  const at = place === undefined ? '' : `${place.file}:${place.line}`;
  switch (divergence.kind) {
    case 'differs':
      return [divergence.kind, at, divergence.command, divergence.event.words];
    case 'missing-command':
      return [divergence.kind, at, divergence.event.words];
    case 'extra-command':
      return [divergence.kind, at, divergence.command];
    case 'threw':
      return [divergence.kind, place === undefined ? signature : at];
    case 'unlocated':
      return [divergence.kind, divergence.event?.words ?? signature];
  }
}
