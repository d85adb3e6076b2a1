import { isOpen, type Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { WholeHistory } from '../temporal/history/whole-history.js';
import type { Server } from '../temporal/connection.js';
import { hasHistoryLength } from '../temporal/has-history-length.js';
import { historyReadOf, readHistory, type ReadOptions } from '../temporal/read-history.js';
import type { HistoryStore } from './history-store.js';

/**
 * Reads a history from the store where it is there and is still the same, and otherwise from the server. What
 * comes from the store is looked at as what comes from the server is.
 */
export async function readThrough(
  store: HistoryStore,
  server: Server,
  execution: Execution,
  options: ReadOptions & { readonly stop: AbortSignal },
): Promise<HistoryRead> {
  const stored = await store.find(execution);
  if (stored !== undefined && (await isCurrent(stored, server, execution, options.stop))) {
    const read = historyReadOf(stored, execution);
    if (read.kind === 'read') {
      store.noteReuse();
      return read;
    }
  }
  let whole: { readonly history: WholeHistory; readonly requests: number } | undefined;
  const read = await readHistory(server, execution, {
    ...options,
    onWhole: (history, requests) => {
      whole = { history, requests };
    },
  });
  if (read.kind === 'read' && whole !== undefined) {
    await store.keep(execution, whole.history, whole.requests);
  }
  return read;
}

/** What has closed stays as it is; what runs only grows. */
async function isCurrent(
  stored: WholeHistory,
  server: Server,
  execution: Execution,
  stop: AbortSignal,
): Promise<boolean> {
  return (
    !isOpen(execution) || (await hasHistoryLength(server, execution, stored.events.length, stop))
  );
}
