import proto from '@temporalio/proto';
import type { EventOutline } from './history/outline.js';
import { prepareHistory } from './history/prepare-history.js';
import { misplacedTask } from './history/task-order.js';
import { unknownEvent } from './history/unknown-events.js';
import { endsWithReset } from './history/resets.js';
import { WholeHistory } from './history/whole-history.js';
import type { ReadOptions, WholeHistory as WholeRead } from '../engine/engine.js';
import type { Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

type IDataBlob = proto.temporal.api.common.v1.IDataBlob;
const { ENCODING_TYPE_PROTO3 } = proto.temporal.api.enums.v1.EncodingType;

/** The most pages in a row without an event. Servers send no such pages; without a limit, reading might never end. */
const MAX_EMPTY_PAGES = 10;

/** Reads one execution's Event History, whole, and prepares it for replay. */
export async function readHistory(
  server: Server,
  execution: Execution,
  { stop, share, onWhole }: ReadOptions = {},
): Promise<HistoryRead> {
  const history = new WholeHistory();
  let pages = 0;
  const unreadable = (message: string): HistoryRead => ({ kind: 'unreadable', execution, message });
  let nextPageToken: Uint8Array = new Uint8Array();
  let emptyPages = 0;
  try {
    do {
      await share?.room();
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
      pages += 1;
      const before = history.events.length;
      if (!response.rawHistory.every((part) => add(part, history))) {
        return unreadable('the server sent events that cannot be decoded');
      }
      share?.add(response.rawHistory.reduce((sum, { data }) => sum + (data?.length ?? 0), 0));
      const page = history.events.slice(before);
      const gap = gapIn(page, before);
      // Checked after each page, because pages that repeat themselves would never end.
      if (gap !== undefined) return unreadable(gap);
      emptyPages = page.length === 0 ? emptyPages + 1 : 0;
      if (emptyPages > MAX_EMPTY_PAGES)
        return unreadable('its pages come without events and do not end');
      nextPageToken = response.nextPageToken;
    } while (nextPageToken.length > 0);
  } catch (error) {
    if (isGone(error)) return { kind: 'gone', execution };
    throw withoutIds(error, execution);
  }
  const whole = wholeRead(history);
  onWhole?.(whole, pages);
  return whole.readOf(execution);
}

/** @returns false where the data cannot be decoded */
function add({ encodingType, data }: IDataBlob, history: WholeHistory): boolean {
  if (encodingType !== ENCODING_TYPE_PROTO3) return false;
  try {
    history.add(data ?? new Uint8Array());
    return true;
  } catch {
    return false;
  }
}

/** A history that was read by this run or an earlier one. */
export function wholeRead(history: WholeHistory): WholeRead {
  return {
    eventCount: history.events.length,
    bytes: () => history.bytes(),
    readOf: (execution) => historyReadOf(history, execution),
  };
}

function historyReadOf(history: WholeHistory, execution: Execution): HistoryRead {
  const { events } = history;
  const flaw =
    gapIn(events) ?? notItsOwn(events, execution) ?? misplacedTask(events) ?? unknownEvent(events);
  if (flaw !== undefined) return { kind: 'unreadable', execution, message: flaw };
  return {
    kind: 'read',
    execution: endsWithReset(events) ? { ...execution, isLeftByReset: true } : execution,
    history: prepareHistory(history),
  };
}

/** Removes the execution's IDs from the server's message: this place does not know whether they may be shown. */
function withoutIds(error: unknown, { workflowId, runId }: Execution): unknown {
  if (!(error instanceof UserError)) return error;
  const { found, expected = '', fix = '' } = error;
  // Shorter IDs occur in many words by chance, and reveal nothing.
  const ids = [runId, workflowId].filter((id) => id.length >= 3 && found.includes(id));
  if (ids.length === 0) return error;
  const concealed = ids.reduce((text, id) => text.replaceAll(id, '…'), found);
  return new UserError({ found: concealed, expected, fix }, { cause: error });
}

/**
 * Whether the execution is gone. A missing namespace has the same code, so only the server's words tell them apart. The
 * name of a namespace and a Workflow ID can be any word.
 */
function isGone(error: unknown): boolean {
  return (
    grpcCode(error) === GRPC.NOT_FOUND &&
    !/^(?:\d+ NOT_FOUND: )?Namespace .* is not found/isu.test((error as Error).message)
  );
}

/**
 * Names the first missing event. In a whole history, event IDs count from 1 without gaps.
 *
 * @param before how many events came before these
 */
export function gapIn(events: readonly EventOutline[], before = 0): string | undefined {
  for (const [index, event] of events.entries()) {
    const eventId = before + index + 1;
    if (Number(event.eventId ?? 0) !== eventId) {
      return `event ${eventId} is missing from the history (found ${String(event.eventId)})`;
    }
  }
  return undefined;
}

/** Says why these are not the execution's events, or fewer events than the listing knew of. */
function notItsOwn(
  events: readonly EventOutline[],
  { workflowId, historyLength = 0 }: Execution,
): string | undefined {
  if (events.length === 0) return 'the server sent no events';
  // A history only grows. If only its start were replayed, a break after that part would not be seen.
  if (events.length < historyLength) {
    return `the server sent ${events.length} of its ${historyLength} events`;
  }
  // Old servers do not write the ID into the history.
  const named = events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  return named && named !== workflowId
    ? 'the server sent the history of another execution'
    : undefined;
}
