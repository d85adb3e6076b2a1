import type { Failure } from '../../src/diagnosis/diagnose.js';
import type { Execution } from '../../src/model/execution.js';
import type { ResultMessage } from '../../src/replay/protocol.js';
import type { EventHistory } from './event-history.js';
import { anExecution } from './executions.js';
import type { IssuedCommands } from './recorded-commands.js';

const MISMATCH =
  '[TMPRL1100] Nondeterminism error: No command scheduled for event HistoryEvent(id: 5, ActivityTaskScheduled)';

export interface FailureChanges {
  readonly execution?: Execution;
  readonly kind?: 'nondeterministic' | 'task-failed';
  readonly message?: string;
  /** Where the code threw. */
  readonly frame?: Pick<ResultMessage, 'file' | 'line' | 'column'>;
  /** Absent: the failure was not replayed a second time. */
  readonly recorded?: { readonly history: EventHistory; readonly commands?: IssuedCommands };
}

/** A history that did not replay, as far as it was looked into. */
export function aFailure(changes: FailureChanges = {}): Failure {
  const { execution = anExecution(), kind = 'nondeterministic', message = MISMATCH } = changes;
  const result: ResultMessage = {
    type: 'result',
    id: execution.runId,
    outcome: kind,
    message,
    ...changes.frame,
  };
  const { recorded } = changes;
  return {
    outcome: { execution, kind, message },
    result,
    ...(recorded === undefined
      ? {}
      : {
          recorded: {
            history: recorded.history.bytes,
            result: {
              ...result,
              ...(recorded.commands === undefined ? {} : { commands: recorded.commands.list }),
            },
          },
        }),
  };
}
