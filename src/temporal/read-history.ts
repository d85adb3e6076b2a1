import type { IHistoryEvent } from '../history/proto.js';
import { prepareHistory } from '../history/prepare-history.js';
import { endsWithReset } from '../history/resets.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/**
 * Reads one execution's Event History, whole, and prepares it for replay.
 *
 * @param stop breaks the read off, which then rejects; it must also do so when the run is cancelled
 */
export async function readHistory(
  server: Server,
  execution: Execution,
  stop?: AbortSignal,
): Promise<HistoryRead> {
  const events: IHistoryEvent[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  try {
    do {
      const token = nextPageToken;
      const response = await server.request(
        'reading a history',
        (service) =>
          service.getWorkflowExecutionHistory({
            namespace: server.settings.namespace,
            execution: { workflowId: execution.workflowId, runId: execution.runId },
            nextPageToken: token,
          }),
        isGone,
        stop,
      );
      for (const event of response.history?.events ?? []) events.push(event);
      nextPageToken = response.nextPageToken;
    } while (nextPageToken.length > 0);
  } catch (error) {
    if (isGone(error)) return { kind: 'gone', execution };
    throw withoutIds(error, execution);
  }
  const gap = gapIn(events);
  if (gap !== undefined) return { kind: 'unreadable', execution, message: gap };
  return {
    kind: 'read',
    execution: endsWithReset(events) ? { ...execution, isLeftByReset: true } : execution,
    history: prepareHistory(events),
  };
}

/** A server may name the execution; whether its IDs may be shown is not known here. */
function withoutIds(error: unknown, { workflowId, runId }: Execution): unknown {
  if (!(error instanceof UserError)) return error;
  const { found, expected = '', fix = '' } = error;
  // Shorter ones are found in too much, and tell nobody anything.
  const ids = [runId, workflowId].filter((id) => id.length >= 3 && found.includes(id));
  if (ids.length === 0) return error;
  const concealed = ids.reduce((text, id) => text.replaceAll(id, '…'), found);
  return new UserError({ found: concealed, expected, fix }, { cause: error });
}

/** A namespace that is not there answers with the same code; its name or a Workflow ID may be any word. */
function isGone(error: unknown): boolean {
  return (
    grpcCode(error) === GRPC.NOT_FOUND &&
    !/^(?:\d+ NOT_FOUND: )?Namespace .* is not found/isu.test((error as Error).message)
  );
}

/** Event IDs count from 1 without gaps; anything else is not a whole history. */
export function gapIn(events: readonly IHistoryEvent[]): string | undefined {
  for (const [index, event] of events.entries()) {
    if (Number(event.eventId ?? 0) !== index + 1) {
      return `event ${index + 1} is missing from the history (found ${String(event.eventId)})`;
    }
  }
  return undefined;
}
