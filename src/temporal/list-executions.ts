import proto from '@temporalio/proto';
import type { Execution, ExecutionGroup, ExecutionStatus } from '../model/execution.js';
import { executionKey } from '../model/coverage.js';
import type { GroupQuery } from '../model/target.js';
import type { Server } from './connection.js';
import { inOnePiece, keywords, listedPages, timeOf, type ListedInfo } from './listed-pages.js';

/**
 * The most executions that the server is asked to list. A longer listing is cut, and the report says so. The server
 * lists open executions first, and the newest of them first.
 */
export const MAX_LISTED = 200_000;

export interface Listing {
  readonly executions: readonly Execution[];
  /** Whether the server had more than `limit`. */
  readonly truncated: boolean;
}

/** Lists the executions that match, page by page, in the server's order. Each run is listed once. */
export async function listExecutions(
  server: Server,
  query: string,
  limit: number = MAX_LISTED,
  group?: ExecutionGroup,
): Promise<Listing> {
  const executions: Execution[] = [];
  const shared = new Shared();
  for await (const page of listedPages(server, query)) {
    for (const info of page) {
      executions.push(new ListedExecution(info, shared, group));
      if (executions.length >= limit) return { executions, truncated: true };
    }
  }
  return { executions, truncated: false };
}

/**
 * Lists the groups of a Worker Deployment one after the other. If an execution moves to another group meanwhile, it
 * stays in the group where it was found first.
 */
export async function listGroups(
  server: Server,
  groups: readonly GroupQuery[],
  limit: number = MAX_LISTED,
): Promise<Listing> {
  const byKey = new Map<string, Execution>();
  let truncated = false;
  for (const { group, query } of groups) {
    // Each group has its share, so that a large group never crowds out another one.
    const share = Math.ceil(limit / groups.length);
    const listing = await listExecutions(server, query, share, group);
    truncated ||= listing.truncated;
    for (const execution of listing.executions) {
      const key = executionKey(execution);
      if (!byKey.has(key)) byKey.set(key, execution);
    }
  }
  return { executions: [...byKey.values()], truncated };
}

/**
 * A hundred thousand of these stay in memory during the run, so each must be small. Executions share the texts that
 * they have in common. No field exists without a value. A class stores its fields together, unlike an object that
 * gets its fields one by one.
 */
class ListedExecution implements Execution {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly status: ExecutionStatus;
  readonly buildIds: readonly string[];
  declare readonly startTime?: string;
  declare readonly closeTime?: string;
  declare readonly historyLength?: number;
  declare readonly patchIds?: readonly string[];
  declare readonly group?: ExecutionGroup;

  constructor(info: ListedInfo, shared: Shared, group: ExecutionGroup | undefined) {
    this.workflowId = inOnePiece(info.execution?.workflowId ?? '');
    // The pages have made it one piece.
    this.runId = info.execution?.runId ?? '';
    this.workflowType = shared.text(info.type?.name ?? '');
    this.taskQueue = shared.text(info.taskQueue ?? '');
    this.status = statusOf(info.status);
    this.buildIds = shared.list(buildIdsOf(info));
    const startTime = timeOf(info.startTime);
    if (startTime !== undefined) this.startTime = startTime;
    const closeTime = timeOf(info.closeTime);
    if (closeTime !== undefined) this.closeTime = closeTime;
    const historyLength = Number(info.historyLength ?? 0);
    // Visibility knows the length only of closed executions.
    if (historyLength > 0) this.historyLength = historyLength;
    const patchIds = keywords(info, 'TemporalChangeVersion');
    if (patchIds.length > 0) this.patchIds = shared.list(patchIds);
    if (group !== undefined) this.group = group;
  }
}

/** Gives the same object for equal texts, and for equal lists of texts. */
class Shared {
  private readonly texts = new Map<string, string>();
  private readonly lists = new Map<string, readonly string[]>();

  text(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const whole = inOnePiece(text);
    this.texts.set(whole, whole);
    return whole;
  }

  list(texts: readonly string[]): readonly string[] {
    const key = texts.join('\0');
    const known = this.lists.get(key);
    if (known !== undefined) return known;
    const list = texts.map((text) => this.text(text));
    this.lists.set(key, list);
    return list;
  }
}

const { WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

const STATUSES: Readonly<Record<number, ExecutionStatus>> = {
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING]: 'Running',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED]: 'Completed',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED]: 'Failed',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED]: 'Canceled',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED]: 'Terminated',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW]: 'ContinuedAsNew',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TIMED_OUT]: 'TimedOut',
  [WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_PAUSED]: 'Paused',
};

function statusOf(status: ListedInfo['status']): ExecutionStatus {
  return STATUSES[status ?? 0] ?? 'Unknown';
}

/** Values of `BuildIds` without their prefixes; `unversioned` alone names no build. */
function buildIdsOf(info: ListedInfo): string[] {
  const ids = keywords(info, 'BuildIds').flatMap((value) => {
    const match = /^(?:versioned|unversioned|assigned|pinned:[^:]+):(.+)$/u.exec(value);
    return match?.[1] === undefined ? [] : [match[1]];
  });
  return [...new Set(ids)];
}
