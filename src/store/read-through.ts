import { isOpen, type Execution } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import type { HistoryServer, ReadOptions, WholeHistory } from '../engine/engine.js';
import type { HistoryStore } from './history-store.js';

/**
 * Reads a history from the store if it is there and still current, and otherwise from the server. Both get the
 * same checks.
 */
export async function readThrough(
  store: HistoryStore,
  server: HistoryServer,
  execution: Execution,
  options: ReadOptions & { readonly stop: AbortSignal },
): Promise<HistoryRead> {
  const stored = await store.find(execution);
  if (stored !== undefined && (await isCurrent(stored, server, execution, options.stop))) {
    const read = stored.readOf(execution);
    if (read.kind === 'read') {
      store.noteReuse();
      return read;
    }
  }
  let whole: { readonly history: WholeHistory; readonly requests: number } | undefined;
  const read = await server.readHistory(execution, {
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

/** A closed execution stays as it is; a running one only grows. */
async function isCurrent(
  stored: WholeHistory,
  server: HistoryServer,
  execution: Execution,
  stop: AbortSignal,
): Promise<boolean> {
  return !isOpen(execution) || (await server.hasHistoryLength(execution, stored.eventCount, stop));
}
