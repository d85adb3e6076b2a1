import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { isInside } from '../files/paths.js';
import { lastBuildIdIn, prepareEvents } from './history/prepare-history.js';
import { misplacedTask } from './history/task-order.js';
import { endsWithReset, runIdOfReset } from './history/resets.js';
import { EventType, HistoryMessage, type IHistory, type IHistoryEvent } from './history/proto.js';
import type { Execution, ExecutionStatus } from '../model/execution.js';
import type { HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import { readable, truncate } from '../untrusted/readable.js';
import { gapIn } from './read-history.js';

/** Exported history files, as the CLI, the web UI or an SDK write them: JSON, or binary protobuf. */
export class HistoryFiles {
  private readonly files = new Map<string, { readonly path: string; readonly shown: string }>();

  /**
   * @param pattern a glob, absolute or relative to the workspace
   * @throws UserError when no file matches, or one of them is not a whole history
   */
  async list(pattern: string, workspace: string): Promise<Execution[]> {
    const executions: Execution[] = [];
    const paths = await glob(pattern.split(sep).join('/'), { cwd: workspace, absolute: true });
    for (const path of paths.sort()) {
      const shown = isInside(path, workspace)
        ? relative(workspace, path).split(sep).join('/')
        : path;
      const events = await readEvents(path, shown);
      const execution = executionOf(events, shown);
      const twin = this.files.get(execution.runId);
      if (twin !== undefined) {
        throw new UserError({
          found: `Two history files hold the same run: ${readable(shown)}, ${readable(twin.shown)}`,
          expected: 'each run once',
          fix: 'remove one of them',
        });
      }
      this.files.set(execution.runId, { path, shown });
      executions.push(execution);
    }
    if (executions.length === 0) {
      throw new UserError({
        found: `No file matches the input histories (${truncate(readable(pattern), 200)})`,
        expected: 'exported Event Histories, JSON or binary protobuf',
        fix: 'export some, for example: temporal workflow show --workflow-id ID --output json > history.json',
      });
    }
    return executions;
  }

  async read(execution: Execution): Promise<HistoryRead> {
    const file = this.files.get(execution.runId);
    if (file === undefined) return { kind: 'gone', execution };
    const events = await readEvents(file.path, file.shown);
    return { kind: 'read', execution, history: prepareEvents(events) };
  }
}

async function readEvents(path: string, shown: string): Promise<IHistoryEvent[]> {
  const bytes = await readFile(path);
  const history = isJson(bytes) ? fromJson(bytes, shown) : fromBinary(bytes, shown);
  const events = history.events ?? [];
  if (events.length === 0) throw unusable(shown, 'it holds no events');
  const flaw = gapIn(events) ?? misplacedTask(events);
  if (flaw !== undefined) throw unusable(shown, flaw);
  if (events[0]?.workflowExecutionStartedEventAttributes == null) {
    throw unusable(shown, 'its first event is not WorkflowExecutionStarted');
  }
  return events;
}

/** A binary history begins with field 1, length-delimited: 0x0a, which JSON may begin with as a newline. */
function isJson(bytes: Buffer): boolean {
  const text = bytes
    .subarray(0, 64)
    .toString('utf8')
    .replace(/^\ufeff/u, '')
    .trimStart();
  return text.startsWith('{') || text.startsWith('[') || text === '';
}

function fromJson(bytes: Buffer, shown: string): IHistory {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/u, ''));
  } catch (error) {
    throw unusable(shown, `it is not valid JSON (${(error as Error).message})`);
  }
  const history = Array.isArray(value)
    ? { events: value as unknown[] }
    : (value as { events?: unknown });
  if (!Array.isArray(history.events)) throw unusable(shown, 'it has no list "events"');
  if (hasDecodedPayloads(history.events)) {
    throw new UserError({
      found: `History file ${readable(shown)} was exported with decoded payloads`,
      expected: 'payloads as the server holds them: metadata and data in base64',
      fix: 'export it again with the option "decode event history" off, or with: temporal workflow show --output json',
    });
  }
  try {
    return historyFromJSON(history);
  } catch (error) {
    throw unusable(shown, (error as Error).message);
  }
}

/**
 * The web UI can download histories with their payloads decoded for reading. Such a payload has no
 * base64 data any more and cannot be turned back.
 */
function hasDecodedPayloads(events: readonly unknown[]): boolean {
  const visit = (value: unknown, depth: number): boolean => {
    if (depth > 12 || typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) return value.some((item) => visit(item, depth + 1));
    return Object.entries(value).some(([name, child]) => {
      if (name === 'payloads' && Array.isArray(child))
        return child.some((item) => !isPayload(item));
      return visit(child, depth + 1);
    });
  };
  return events.some((event) => visit(event, 0));
}

function isPayload(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { metadata, data } = value as { metadata?: unknown; data?: unknown };
  if (data !== undefined && typeof data !== 'string') return false;
  return typeof metadata === 'object' && metadata !== null;
}

function fromBinary(bytes: Buffer, shown: string): IHistory {
  try {
    return HistoryMessage.decode(bytes);
  } catch (error) {
    throw unusable(
      shown,
      `it is neither JSON nor a binary temporal.api.history.v1.History (${(error as Error).message})`,
    );
  }
}

function unusable(shown: string, why: string): UserError {
  return new UserError({
    found: `History file ${readable(shown)} cannot be used: ${truncate(readable(why), 300)}`,
    expected: 'a whole Event History, from WorkflowExecutionStarted on',
    fix: 'export it again, for example: temporal workflow show --workflow-id ID --output json > history.json',
  });
}

/** How an execution ended, by its last event; without one of these it was open when exported. */
const CLOSING: ReadonlyMap<EventType, ExecutionStatus> = new Map([
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, 'Completed'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, 'Failed'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED, 'Canceled'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED, 'Terminated'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, 'ContinuedAsNew'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT, 'TimedOut'],
]);

function executionOf(events: readonly IHistoryEvent[], shown: string): Execution {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const lastBuildId = lastBuildIdIn(events);
  const status =
    CLOSING.get(events.at(-1)?.eventType ?? EventType.EVENT_TYPE_UNSPECIFIED) ?? 'Running';
  return {
    // Old servers do not write the ID into the history; the file's name is the next best.
    workflowId: started?.workflowId || shown,
    runId: runIdOfReset(events) ?? (started?.originalExecutionRunId || shown),
    workflowType: started?.workflowType?.name ?? '',
    taskQueue: started?.taskQueue?.name ?? '',
    status,
    historyLength: events.length,
    buildIds: lastBuildId === undefined ? [] : [lastBuildId],
    ...(endsWithReset(events) ? { isLeftByReset: true } : {}),
  };
}
