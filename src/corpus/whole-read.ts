import type { HistoryRead } from '../model/history.js';

/** An execution's whole history. All but its bytes is of what a replay gets. */
export type WholeRead = Extract<HistoryRead, { kind: 'read' }>;
