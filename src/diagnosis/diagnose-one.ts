import type { HistoryReader, SdkMessage } from '../engine/history-reader.js';
import type { RecordedHistory } from '../engine/recorded-history.js';
import type { Cause } from '../model/cause.js';
import type { Divergence } from '../model/finding.js';
import type { SourceLocation } from '../model/source-location.js';
import type { RecordedCommand } from '../replay/protocol.js';
import { layBeside, type Alignment, type Mismatch } from './align.js';
import { baselineView } from './baseline-view.js';
import { causeOf, patchOf } from './cause.js';
import { diagnoseChance } from './diagnose-chance.js';
import type { Diagnosis } from './diagnosis.js';
import { divergenceOf, locator } from './divergence-of.js';
import type { ComparedCheckouts } from './change.js';
import { divergingReplay } from './diverging-replay.js';
import type { Failure } from './failure.js';
import { eventIdAt, taskHolding } from './mismatch-in-history.js';
import { missingHandlerWords } from './missing-handler.js';
import { isLocalActivity } from './open-calls.js';
import { originOf, originOfThrow } from './origin.js';
import { stepOf } from './passed-histories.js';
import { placeOf } from './place.js';
import { rootsOf } from './roots.js';
import { sdkCause } from './sdk-cause.js';
import { timelineBeside } from './timeline-beside.js';
import { byTimerLengths } from './timers.js';

/** What one failing history shows, and whether it is the SDK that brings it about. */
export function diagnoseOne(
  failure: Failure,
  checkouts: ComparedCheckouts,
  reader: HistoryReader,
): Diagnosis {
  const history = reader.readHistory(failure.recorded?.history ?? new Uint8Array());
  const shown =
    failure.chance === undefined
      ? diagnoseCode(failure, history, checkouts, reader)
      : diagnoseChance(failure, failure.chance, history, checkouts, reader);
  return { ...shown, ...sdkCause(failure, shown.cause, history, checkouts) };
}

/** Lays the recorded replay beside the history; what was not recorded is told from the SDK's words. */
function diagnoseCode(
  failure: Failure,
  history: RecordedHistory,
  checkouts: ComparedCheckouts,
  reader: HistoryReader,
): Diagnosis {
  const locate = locator(checkouts.workspace);
  const commands = failure.recorded?.result.commands;
  const said = reader.readMessage(failure.outcome.message ?? '');
  const alignment =
    commands === undefined ? undefined : byTimerLengths(history, layBeside(history, commands));
  const mismatch = isShown(alignment?.mismatch, history, commands, said)
    ? alignment?.mismatch
    : undefined;
  const base = {
    ...(checkouts.baseline === undefined
      ? {}
      : {
          baseline: baselineView(failure.baseline, history, mismatch, checkouts.baseline, reader),
        }),
  };
  if (failure.outcome.kind === 'task-failed') {
    const origin = originOfThrow(failure);
    return {
      ...base,
      divergence:
        origin === undefined
          ? threw(failure, checkouts)
          : { kind: 'threw', ...locate(origin.place) },
      cause: origin?.cause ?? causeOfThrow(failure, locate(failure.result).location, reader),
      ...(origin === undefined ? {} : { origin: origin.words }),
      timeline: [],
      task: {},
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
      task: {},
    };
  }
  const eventId = mismatch === undefined ? said.eventId : eventIdAt(mismatch);
  const task = history.taskAt(eventId);
  if (alignment === undefined || mismatch === undefined) {
    const event = history.events.find((candidate) => candidate.eventId === said.eventId);
    return {
      ...base,
      divergence: {
        kind: 'unlocated',
        ...(event === undefined ? {} : { event: event.description }),
        ...locate(commands?.findLast(({ line }) => line !== undefined)),
      },
      cause: 'unknown',
      timeline: [],
      task,
    };
  }
  const { replay, clues } = divergingReplay(failure, history, alignment, mismatch, checkouts);
  const isOpen = isForSdkToOrder(alignment, history, checkouts);
  const origin = isOpen ? undefined : originOf(failure, history, mismatch);
  const cause = isOpen ? 'unknown' : (origin?.cause ?? causeOf(replay));
  const place = origin === undefined ? placeOf(cause, replay, clues) : { at: origin.place };
  const before = origin?.words ?? missingHandlerWords(cause, replay, clues.handlers);
  const divergence = divergenceOf(mismatch, place, locate, cause, reader);
  const patch = patchOf(cause, replay);
  const { workflowType } = failure.outcome.execution;
  const onBaseline = base.baseline?.location;
  return {
    ...base,
    divergence,
    cause,
    ...(patch === undefined ? {} : { patch }),
    ...(isOpen || origin !== undefined
      ? {}
      : { roots: rootsOf(replay, { workflowType, cause, divergence, patch, onBaseline, locate }) }),
    ...(before === undefined ? {} : { origin: before }),
    timeline: timelineBeside(failure, history, alignment, checkouts, reader),
    task,
    agreed: alignment.pairs.map(({ expected }) => stepOf(expected)),
  };
}

/**
 * Whether the recording shows the mismatch. Where the SDK stopped in an earlier workflow task, the code did not come
 * to the task of a missing command.
 */
function isShown(
  mismatch: Mismatch | undefined,
  history: RecordedHistory,
  commands: readonly RecordedCommand[] = [],
  { eventId }: SdkMessage,
): boolean {
  if (mismatch?.kind !== 'missing' || eventId === undefined) return true;
  const task = taskHolding(mismatch.expected, history);
  if (task === undefined || eventId >= task.startedEventId) return true;
  return commands.some(({ historyLength }) => historyLength >= task.startedEventId);
}

/**
 * Whether another release of the SDK may explain the mismatch as well: the code called local activities side by side,
 * and history does not say which result the code got first.
 */
function isForSdkToOrder(
  { mismatch, ranSideBySide }: Alignment,
  history: RecordedHistory,
  { sdkVersion }: ComparedCheckouts,
): boolean {
  if (!ranSideBySide || history.ordersLocalActivities) return false;
  if (sdkVersion === undefined || sdkVersion === history.newestSdkVersion) return false;
  return (
    (mismatch !== undefined && mismatch.kind !== 'extra' && isLocalActivity(mismatch.expected)) ||
    (mismatch !== undefined && mismatch.kind !== 'missing' && isLocalActivity(mismatch.issued))
  );
}

/** The line that threw, or the call in the changed code that leads to it. */
function threw({ result }: Failure, checkouts: ComparedCheckouts): Divergence {
  const locate = locator(checkouts.workspace);
  const at = checkouts.change?.newLine(result) ?? result;
  const isSame = at.file === result.file && at.line === result.line;
  const helper = isSame ? undefined : locate(result).location;
  return { kind: 'threw', ...locate(at), ...(helper === undefined ? {} : { helper }) };
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
