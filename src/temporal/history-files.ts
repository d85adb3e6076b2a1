import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { escapePath, glob } from 'tinyglobby';
import { isInside } from '../files/paths.js';
import { glimpse, historyFromJson, type HistoryInJson } from './history/history-json.js';
import { lastBuildIdIn, prepareEvents, prepareHistory } from './history/prepare-history.js';
import { NotReadable } from './history/proto-json.js';
import { misplacedTask } from './history/task-order.js';
import { endsWithReset, runIdOfReset } from './history/resets.js';
import { EventType, HistoryMessage, type IHistoryEvent } from './history/proto.js';
import { knownWorkflowIds, runsOfSameId } from './history/related-runs.js';
import { unknownEvent } from './history/unknown-events.js';
import { WholeHistory } from './history/whole-history.js';
import type { Execution, ExecutionStatus } from '../model/execution.js';
import type { History, HistoryRead } from '../model/history.js';
import { UserError } from '../model/user-error.js';
import { FileOpener, isSealedFile } from '../sealing/sealed-file.js';
import { readable, truncate } from '../untrusted/readable.js';
import { gapIn } from './read-history.js';

/** Exported history files, as the CLI, the web UI or an SDK write them: JSON, or binary protobuf. */
export class HistoryFiles {
  private readonly files = new Map<string, { readonly path: string; readonly shown: string }>();
  private readonly opener: FileOpener | undefined;

  /** @param passphrase opens the files that are sealed */
  constructor(passphrase?: string) {
    this.opener = passphrase === undefined ? undefined : new FileOpener(passphrase);
  }

  /**
   * The execution of each file. A file that cannot be read has one too, so it does not stop the other files.
   *
   * @param pattern a glob or a folder, absolute or relative to the workspace
   * @throws UserError when no file matches, or two hold the same run
   */
  async list(pattern: string, workspace: string): Promise<Execution[]> {
    const executions: Execution[] = [];
    const workflowIds = new Map<string, string>();
    const sameId = new Map<string, readonly string[]>();
    const paths = await glob(globOf(pattern, workspace), { cwd: workspace, absolute: true });
    for (const path of paths.sort()) {
      const shown = isInside(path, workspace)
        ? relative(workspace, path).split(sep).join('/')
        : path;
      const content = await contentOf(path, this.opener);
      const execution =
        content.kind === 'whole' ? executionOf(content, shown) : standIn(content, shown);
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
      if (content.kind === 'unreadable') continue;
      for (const [runId, workflowId] of knownWorkflowIds(content.events)) {
        workflowIds.set(runId, workflowId);
      }
      if (!isIdUnknown(execution)) workflowIds.set(execution.runId, execution.workflowId);
      sameId.set(execution.runId, runsOfSameId(content.events));
    }
    if (executions.length === 0) {
      throw new UserError({
        found: `No file matches the input histories (${truncate(readable(pattern), 200)})`,
        expected: 'exported Event Histories, JSON or binary protobuf',
        fix: 'export histories, for example: temporal workflow show --workflow-id ID --output json > history.json',
      });
    }
    return executions.map((execution) => {
      if (!isIdUnknown(execution)) return execution;
      // The file does not name the Workflow ID. The file of a parent, a child or another run may name it.
      const { runId } = execution;
      const told = [runId, ...(sameId.get(runId) ?? [])].find((one) => workflowIds.has(one));
      return told === undefined
        ? execution
        : withWorkflowId(execution, workflowIds.get(told) ?? '');
    });
  }

  async read(execution: Execution): Promise<HistoryRead> {
    const file = this.files.get(execution.runId);
    if (file === undefined) return { kind: 'gone', execution };
    const content = await contentOf(file.path, this.opener);
    return content.kind === 'whole'
      ? { kind: 'read', execution, history: content.prepare() }
      : { kind: 'unreadable', execution, message: content.message };
  }
}

/** A folder stands for the history files below it. */
function globOf(pattern: string, workspace: string): string {
  const isFolder = statSync(resolve(workspace, pattern), { throwIfNoEntry: false })?.isDirectory();
  const path = pattern.split(sep).join('/');
  return isFolder ? `${escapePath(path.replace(/\/+$/u, ''))}/**/*.{json,bin,sealed}` : path;
}

type Content = WholeFile | UnreadableFile;

interface WholeFile extends HistoryInJson {
  readonly kind: 'whole';
  /** Makes it ready for a replayer. A listing does not need that. */
  readonly prepare: () => History;
}

interface UnreadableFile {
  readonly kind: 'unreadable';
  readonly message: string;
  readonly workflowType?: string;
  readonly lastEvent?: EventType;
}

async function contentOf(path: string, opener: FileOpener | undefined): Promise<Content> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return unreadable((error as Error).message, 'make it a file that this process can read');
  }
  if (!isSealedFile(bytes)) return fromBytes(bytes);
  const opened = await opener?.open(bytes);
  if (opened !== undefined) return fromBytes(opened);
  return unreadable(
    opener === undefined
      ? 'it is encrypted, and histories-passphrase is not set'
      : 'it does not open with histories-passphrase',
    'set histories-passphrase to the passphrase with which it was recorded',
  );
}

function fromBytes(bytes: Buffer): Content {
  return isJson(bytes) ? fromJson(bytes) : fromBinary(bytes);
}

/** The first byte does not decide: a binary history begins with 0x0a, which is a newline in JSON. */
function isJson(bytes: Buffer): boolean {
  const text = bytes
    .subarray(0, 64)
    .toString('utf8')
    .replace(/^\ufeff/u, '')
    .trimStart();
  return text.startsWith('{') || text.startsWith('[') || text === '';
}

function fromJson(bytes: Buffer): Content {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/u, ''));
  } catch (error) {
    // The parser's message quotes the text at that place, which can be part of a payload.
    const [place = 'it ends too early'] = /position \d+/u.exec((error as Error).message) ?? [];
    return unreadable(`it is not valid JSON (${place})`);
  }
  try {
    const read = historyFromJson(value);
    return whole(read, () => prepareEvents(read.events));
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { ...unreadable(error.message, error.fix), ...glimpse(value) };
  }
}

/** The bytes stay as they are, so the replayer also gets the fields that this version does not know. */
function fromBinary(bytes: Buffer): Content {
  try {
    const { events } = HistoryMessage.decode(bytes);
    return whole({ events }, () => prepareHistory(WholeHistory.of(bytes)));
  } catch (error) {
    return unreadable(
      `it is neither JSON nor a binary temporal.api.history.v1.History (${(error as Error).message})`,
    );
  }
}

function whole(read: HistoryInJson, prepare: () => History): Content {
  const { events } = read;
  const flaw =
    events.length === 0
      ? 'it holds no events'
      : (gapIn(events) ?? misplacedTask(events) ?? unknownEvent(events));
  if (flaw !== undefined) return { ...unreadable(flaw), ...knownOf(events) };
  return events[0]?.workflowExecutionStartedEventAttributes == null
    ? { ...unreadable('its first event is not WorkflowExecutionStarted'), ...knownOf(events) }
    : { kind: 'whole', ...read, prepare };
}

function unreadable(
  why: string,
  fix = 'export it again, for example: temporal workflow show --workflow-id ID --output json > history.json',
): UnreadableFile {
  return {
    kind: 'unreadable',
    message: `its history file cannot be read: ${truncate(readable(why), 300)}. To fix: ${fix}`,
  };
}

function knownOf(
  events: readonly IHistoryEvent[],
): Pick<UnreadableFile, 'workflowType' | 'lastEvent'> {
  const workflowType = events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
  const lastEvent = events.at(-1)?.eventType;
  return { ...(workflowType ? { workflowType } : {}), ...(lastEvent == null ? {} : { lastEvent }) };
}

/** How an execution ended, by its last event. With any other last event, it was open when it was exported. */
const CLOSING: ReadonlyMap<EventType, ExecutionStatus> = new Map([
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, 'Completed'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, 'Failed'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED, 'Canceled'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED, 'Terminated'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, 'ContinuedAsNew'],
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT, 'TimedOut'],
]);

function statusAfter(lastEvent: EventType | null | undefined): ExecutionStatus {
  return CLOSING.get(lastEvent ?? EventType.EVENT_TYPE_UNSPECIFIED) ?? 'Running';
}

function executionOf({ events, ...beside }: WholeFile, shown: string): Execution {
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const lastBuildId = lastBuildIdIn(events);
  // Old servers do not write the ID into the history. Then the name of the file is shown.
  const workflowId = beside.workflowId ?? started?.workflowId;
  const runId = beside.runId ?? runIdOfReset(events) ?? started?.originalExecutionRunId;
  const unknownIds = [
    ...(workflowId ? [] : (['workflowId'] as const)),
    ...(runId ? [] : (['runId'] as const)),
  ];
  return {
    workflowId: workflowId || shown,
    runId: runId || shown,
    workflowType: started?.workflowType?.name ?? '',
    taskQueue: started?.taskQueue?.name ?? '',
    status: statusAfter(events.at(-1)?.eventType),
    historyLength: events.length,
    buildIds: lastBuildId === undefined ? [] : [lastBuildId],
    ...(endsWithReset(events) ? { isLeftByReset: true } : {}),
    ...(unknownIds.length === 0 ? {} : { unknownIds }),
  };
}

/** Stands for the execution of a file that cannot be read. It counts as running, unless its last event can be seen. */
function standIn({ workflowType, lastEvent }: UnreadableFile, shown: string): Execution {
  return {
    workflowId: shown,
    runId: shown,
    workflowType: workflowType ?? '(not readable)',
    taskQueue: '',
    status: statusAfter(lastEvent),
    buildIds: [],
    unknownIds: ['workflowId', 'runId'],
  };
}

function isIdUnknown({ unknownIds = [] }: Execution): boolean {
  return unknownIds.includes('workflowId');
}

function withWorkflowId(
  { unknownIds = [], ...execution }: Execution,
  workflowId: string,
): Execution {
  const others = unknownIds.filter((id) => id !== 'workflowId');
  return { ...execution, workflowId, ...(others.length === 0 ? {} : { unknownIds: others }) };
}
