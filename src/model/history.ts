import type { Execution } from './execution.js';

/** An Event History in the form in which it crosses to a replayer. */
export interface History {
  /** In the engine's format, which the replayer protocol names; of Temporal a binary `temporal.api.history.v1.History`. */
  readonly bytes: Uint8Array;
  readonly eventCount: number;
  /** Completed workflow tasks in it. Without one, replay would check nothing. */
  readonly completedTasks: number;
  /** Histories of one shape took the same way through the code; see `shapeOf`. */
  readonly shape: string;
  /** Build ID of the worker that completed the last workflow task, where history says it. */
  readonly lastBuildId?: string;
  /** Name of the SDK that wrote the history (`temporal-typescript`, …), where history says it. */
  readonly sdkName?: string;
  /** The newest version of it that completed one of its workflow tasks, where history says it. */
  readonly sdkVersion?: string;
}

/** What reading one planned execution's history gave. */
export type HistoryRead =
  | { readonly kind: 'read'; readonly execution: Execution; readonly history: History }
  /** It vanished between the listing and the read (retention, deletion). */
  | { readonly kind: 'gone'; readonly execution: Execution }
  /** It is there but cannot be used: `message` says why. */
  | { readonly kind: 'unreadable'; readonly execution: Execution; readonly message: string };
