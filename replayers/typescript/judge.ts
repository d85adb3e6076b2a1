import type { ReplayResult } from '@temporalio/worker';
import type { ResultMessage } from '../../src/replay/protocol.js';
import type { UndecodedEntry } from './recording.js';
import { endingOf } from './endings.js';
import { failureOf, type FailedTask } from './failed-task.js';
import { placeIn } from './stack.js';

type Judged = Pick<
  ResultMessage,
  'outcome' | 'message' | 'file' | 'line' | 'column' | 'callers' | 'undecoded'
>;

/**
 * The SDK's three answers: none, `DeterminismViolationError`, `ReplayError`.
 *
 * @param logged what the SDK logged of the task that failed
 * @param undecoded what could not be decoded, in order
 */
export function judge(
  error: ReplayResult['error'],
  logged: FailedTask | undefined,
  undecoded: readonly UndecodedEntry[],
): Judged {
  if (error === undefined) return { outcome: 'passed', ...told(undecoded) };
  // On a real worker a failed workflow task leaves the execution stuck, retrying.
  const isFailedTask = /workflow task failure/u.test(error.message);
  const failure = isFailedTask ? failureOf(error.message, logged) : undefined;
  const encoding = [failure?.message, ...undecoded.map(({ thrown }) => thrown)]
    .map((words) => /^Unknown encoding: (\S+)/u.exec(words ?? '')?.[1])
    .find((found) => found !== undefined);
  if (encoding !== undefined) {
    // The worker that wrote the history could read it, so our set-up differs and not the code.
    return {
      outcome: 'errored',
      message:
        `its payloads are encoded as ${encoding}, which no converter or codec here decodes: set ` +
        "replay-options to a module that exports the worker's dataConverter, or codec-endpoint to a " +
        'codec server that decodes them before',
    };
  }
  if (error.name === 'DeterminismViolationError') {
    return { outcome: 'nondeterministic', message: error.message, ...told(undecoded) };
  }
  if (!isFailedTask) return endingOf(error.message);
  if (failure === undefined) {
    return {
      outcome: 'errored',
      message:
        'its workflow task fails, and the failure converter encodes why: use one without encodeCommonAttributes in ' +
        'replay-options',
    };
  }
  const reasons = undecoded.filter(({ thrown }) => thrown === failure.message);
  const [reason] = reasons.slice(-1);
  if (reason !== undefined) {
    // The error's own words can quote the payload.
    return {
      outcome: 'task-failed',
      message: `a payload of history cannot be decoded: ${reason.payload.reason}`,
      ...told(reasons),
    };
  }
  return { outcome: 'task-failed', message: failure.message, ...placeIn(failure.stack) };
}

function told(undecoded: readonly UndecodedEntry[]): Pick<Judged, 'undecoded'> {
  return undecoded.length === 0 ? {} : { undecoded: undecoded.map(({ payload }) => payload) };
}
