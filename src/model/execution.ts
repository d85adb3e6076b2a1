/** Temporal's execution statuses, in the words of the server's Visibility. */
export const EXECUTION_STATUSES = [
  'Running',
  'Completed',
  'Failed',
  'Canceled',
  'Terminated',
  'ContinuedAsNew',
  'TimedOut',
  'Paused',
  'Unknown',
] as const;

export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** Why an execution of a Worker Deployment is replayed; docs/semantics.md says what each group means. */
export const EXECUTION_GROUPS = ['auto-upgrade', 'no-behavior', 'pinned', 'closed'] as const;

export type ExecutionGroup = (typeof EXECUTION_GROUPS)[number];

/** One Workflow Execution (one run), as Visibility or an exported file shows it. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly status: ExecutionStatus;
  /** Start of the run, RFC 3339; absent where an exported file does not say. */
  readonly startTime?: string;
  /** Close of the run, RFC 3339; absent while it runs. */
  readonly closeTime?: string;
  /** Number of events, as of the listing; absent where it is not known. */
  readonly historyLength?: number;
  /** Build IDs that completed its workflow tasks, newest last, without their prefixes. */
  readonly buildIds: readonly string[];
  /** Patches that it has recorded (`TemporalChangeVersion`); absent where the listing does not say. */
  readonly patchIds?: readonly string[];
  /** Only where the target is a Worker Deployment. */
  readonly group?: ExecutionGroup;
  /** A reset replaced this run: it will do nothing more. */
  readonly isLeftByReset?: true;
  /** IDs that its history file does not tell. The file's path takes their place. */
  readonly unknownIds?: readonly ('workflowId' | 'runId')[];
}

/** An open execution is one that still needs code to continue. */
export function isOpen(execution: Pick<Execution, 'status'>): boolean {
  return execution.status === 'Running' || execution.status === 'Paused';
}
