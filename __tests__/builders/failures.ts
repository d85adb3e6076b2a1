import type { Failure } from '../../src/diagnosis/failure.js';
import { resemblanceOf } from '../../src/diagnosis/signature.js';
import type { Execution } from '../../src/model/execution.js';
import type { RecordedPatch, ResultMessage } from '../../src/replay/protocol.js';
import type { EventHistory } from './event-history.js';
import { anExecution } from './executions.js';
import type { IssuedCommands } from './recorded-commands.js';
import { temporalReader } from '../../src/temporal/reader.js';

const MISMATCH =
  '[TMPRL1100] Nondeterminism error: No command scheduled for event HistoryEvent(id: 5, ActivityTaskScheduled)';

export interface FailureChanges {
  readonly execution?: Execution;
  readonly kind?: 'nondeterministic' | 'task-failed';
  readonly message?: string;
  /** Where the code threw. */
  readonly frame?: Pick<ResultMessage, 'file' | 'line' | 'column'>;
  /** What came before. */
  readonly before?: Pick<ResultMessage, 'undecoded' | 'unobserved'>;
  readonly baseline?: Failure['baseline'];
  /** Of a failure that was not replayed a second time; absent: an empty one. */
  readonly history?: EventHistory;
  /** Absent: the failure was not replayed a second time. */
  readonly recorded?: {
    readonly history: EventHistory;
    readonly commands?: IssuedCommands;
    readonly patches?: readonly RecordedPatch[];
    /** What else the second replay told. */
    readonly more?: Pick<ResultMessage, 'waits' | 'handlers' | 'definition'>;
  };
  /** What the baseline issued, which passed. */
  readonly onBaseline?: IssuedCommands;
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
    ...changes.before,
  };
  const { recorded } = changes;
  const outcome = { execution, kind, message };
  return {
    outcome,
    result,
    ...(changes.baseline === undefined ? {} : { baseline: changes.baseline }),
    ...resemblanceOf(
      outcome,
      (recorded ?? changes).history?.bytes ?? new Uint8Array(),
      temporalReader,
    ),
    ...(recorded === undefined
      ? {}
      : {
          recorded: {
            history: recorded.history.bytes,
            result: {
              ...result,
              ...(recorded.commands === undefined ? {} : { commands: recorded.commands.list }),
              ...(recorded.patches === undefined ? {} : { patches: [...recorded.patches] }),
              ...recorded.more,
            },
          },
        }),
    ...(changes.onBaseline === undefined
      ? {}
      : {
          baseline: {
            relation: 'introduced',
            recorded: {
              type: 'result',
              id: '1',
              outcome: 'passed',
              commands: changes.onBaseline.list,
            },
          },
        }),
  };
}
