import type { HistoryRead } from '../model/history.js';
import { isBreak, type Outcome } from '../model/outcome.js';
import { withinBytes } from '../pipeline/within-bytes.js';
import type { ResultMessage } from './protocol.js';
import type { ReplayRequest } from './replay-line.js';
import type { LeftOut } from './left-out.js';
import { dependsOnIds, IDS_DECIDE, idsFor } from './unknown-ids.js';
import type { ReplayerProcess, ReplayResult } from './replayer-process.js';
import type { Replayers } from './replayers.js';
import { foreignSdk, newerThanReplayer } from './written-by.js';

export interface ReplayLimits {
  /** Milliseconds for one history. The retry alone gets four times as many. */
  readonly historyTimeoutMs: number;
  /** Once this is aborted, no further history is taken. */
  readonly stop: AbortSignal;
  /** Language of the replayer. Histories that the SDK of another language wrote are not judged. */
  readonly language: string;
  /** Version of its SDK, where it is known: an older SDK may not understand a newer SDK's history. */
  readonly sdkVersion?: string;
  /** The language of an SDK, by the name that the SDK writes into a history. */
  readonly languageOf: (sdkName: string) => string | undefined;
  /** Absent where discovery left nothing out. */
  readonly leftOut?: LeftOut;
}

/** An outcome with the history and the result behind it, for a closer look. */
export interface JudgedRead {
  readonly read: HistoryRead;
  readonly outcome: Outcome;
  readonly result?: ResultMessage;
}

/**
 * The most bytes of histories that replayers hold or are about to get. Beyond it no further history is taken,
 * however many processes there are.
 */
const MAX_BYTES_IN_HAND = 64 * 1024 * 1024;

/** The most bytes of histories that wait for their retry. */
const MAX_BYTES_AGAIN = 64 * 1024 * 1024;

/** The retry runs alone on the machine with four times the limit, so a second failure is not for lack of time. */
const RETRY_FACTOR = 4;

/**
 * Replays histories as they come, with as many processes as the pool gives. A history that takes too long
 * or kills its replayer harms no other: the process is replaced, and the history is retried alone at the end.
 *
 * `onJudged` is called for every history that was taken, in the order of completion.
 */
export async function replayHistories(
  reads: AsyncIterable<HistoryRead>,
  pool: Replayers,
  limits: ReplayLimits,
  onJudged: (judged: JudgedRead) => void,
): Promise<void> {
  const iterator = withinBytes(reads, MAX_BYTES_IN_HAND, bytesIn);
  const again: Extract<HistoryRead, { kind: 'read' }>[] = [];
  let bytesAgain = 0;
  let done = false;

  const work = async (lane: number): Promise<void> => {
    let replayer: ReplayerProcess | undefined;
    while (!done && !limits.stop.aborted) {
      const next = await iterator.next();
      if (next.done === true) {
        done = true;
        return;
      }
      const { item: read, letGo } = next.value;
      try {
        const unreplayed = withoutReplay(read, limits);
        if (unreplayed !== undefined || read.kind !== 'read') {
          if (unreplayed !== undefined) onJudged({ read, outcome: unreplayed });
          continue;
        }
        if (replayer?.isUsable !== true) replayer = await pool.take(lane);
        const request = replayRequest(read);
        const limit = limits.historyTimeoutMs;
        const answer = await replayer.replay(request, limit);
        if (answer.kind === 'result') {
          const byIds = await dependsOnIds(read.execution, request, answer.result, replayer, limit);
          onJudged(judged(read, answer.result, byIds, limits));
        } else if (answer.kind === 'stopped') return;
        else if (bytesAgain + bytesIn(read) > MAX_BYTES_AGAIN) {
          const message = 'it failed once, and too many failed histories wait for a retry already';
          onJudged({ read, outcome: errored(read, message) });
        } else {
          again.push(read);
          bytesAgain += bytesIn(read);
        }
      } finally {
        letGo();
      }
    }
  };

  const lanes = pool.lanes((lane) => work(lane));
  try {
    await Promise.all(lanes);
  } finally {
    done = true;
    // Also when one lane failed: nothing may be judged or started after this function has settled.
    await Promise.allSettled(lanes);
    await iterator.return();
  }

  let alone: ReplayerProcess | undefined;
  for (const read of again) {
    const limit = limits.historyTimeoutMs * RETRY_FACTOR;
    if (limits.stop.aborted) {
      onJudged({
        read,
        outcome: errored(read, 'it failed once, and there was no time to try again'),
      });
      continue;
    }
    // This process has the machine for itself until it must be ended.
    if (alone?.isUsable !== true) alone = await pool.takeFresh();
    const request = replayRequest(read);
    const answer = await alone.replay(request, limit);
    if (answer.kind === 'result') {
      const byIds = await dependsOnIds(read.execution, request, answer.result, alone, limit);
      onJudged(judged(read, answer.result, byIds, limits));
    } else {
      onJudged({ read, outcome: errored(read, failureWords(answer, limit)) });
    }
  }
}

function bytesIn(read: HistoryRead): number {
  return read.kind === 'read' ? read.history.bytes.length : 0;
}

/** The outcome of a history that cannot or need not be replayed. */
function withoutReplay(
  read: HistoryRead,
  { language, languageOf }: ReplayLimits,
): Outcome | undefined {
  const { execution } = read;
  switch (read.kind) {
    case 'gone':
      return { execution, kind: 'gone', message: 'it vanished between the listing and the read' };
    case 'unreadable':
      return { execution, kind: 'errored', message: read.message };
    case 'read': {
      const foreign = foreignSdk(read.history.sdkName, language, languageOf);
      if (foreign !== undefined) return { execution, kind: 'errored', message: foreign };
      // Replay of a history without a completed workflow task would pass and check nothing.
      return read.history.completedTasks === 0
        ? { execution, kind: 'skipped', message: 'it has completed no workflow task yet' }
        : undefined;
    }
  }
}

export function replayRequest(
  read: Extract<HistoryRead, { kind: 'read' }>,
  record = false,
): ReplayRequest {
  const { execution, history } = read;
  return {
    type: 'replay',
    id: `${execution.runId} ${execution.workflowId}`,
    ...idsFor(execution),
    workflowType: execution.workflowType,
    taskQueue: execution.taskQueue,
    record,
    history: history.bytes,
  };
}

function judged(
  read: Extract<HistoryRead, { kind: 'read' }>,
  result: ResultMessage,
  dependsOnUnknownIds: boolean,
  { sdkVersion, leftOut }: ReplayLimits,
): JudgedRead {
  if (dependsOnUnknownIds) return { read, outcome: errored(read, IDS_DECIDE) };
  const missing = isBreak({ kind: result.outcome })
    ? leftOut?.(read.execution.workflowType, result.message ?? '')
    : undefined;
  if (missing !== undefined) return { read, outcome: errored(read, missing) };
  const older =
    result.outcome === 'errored'
      ? newerThanReplayer(read.history.sdkVersion, sdkVersion)
      : undefined;
  const words = [result.message, older].filter((one) => one !== undefined).join('. ');
  return {
    read,
    result,
    outcome: {
      execution: read.execution,
      kind: result.outcome,
      ...(words === '' ? {} : { message: words }),
      ...(result.durationMs === undefined ? {} : { durationMs: result.durationMs }),
    },
  };
}

function errored(read: HistoryRead, message: string): Outcome {
  return { execution: read.execution, kind: 'errored', message };
}

function failureWords(answer: Exclude<ReplayResult, { kind: 'result' }>, limitMs: number): string {
  switch (answer.kind) {
    case 'timeout':
      return `it did not end within ${limitMs / 1000} s, even alone: an endless loop, or a very long history`;
    case 'died':
      return `the replay process died, even alone: ${answer.message}`;
    case 'stopped':
      return 'the run was stopped';
  }
}
