import type { Execution } from './execution.js';

/** An Event History in the form that a replayer gets. */
export interface History {
  /** In the engine's format, which the replayer protocol names. Temporal's is a binary `temporal.api.history.v1.History`. */
  readonly bytes: Uint8Array;
  readonly eventCount: number;
  /** Completed workflow tasks in it. Without any, replay would check nothing. */
  readonly completedTasks: number;
  /** Histories of the same shape took the same way through the code; see `shapeOf`. */
  readonly shape: string;
  /** Build ID of the worker that completed the last workflow task, where history says it. */
  readonly lastBuildId?: string;
  /** Name of the SDK that wrote the history (`temporal-typescript`, …), where history says it. */
  readonly sdkName?: string;
  /** The newest SDK version that completed one of its workflow tasks, where history says it. */
  readonly sdkVersion?: string;
}

/** The result of reading one planned execution's history. */
export type HistoryRead =
  | { readonly kind: 'read'; readonly execution: Execution; readonly history: History }
  /** The execution vanished between the listing and the read (retention, deletion). */
  | { readonly kind: 'gone'; readonly execution: Execution }
  /** The history is there but cannot be used: `message` says why. */
  | { readonly kind: 'unreadable'; readonly execution: Execution; readonly message: string };
