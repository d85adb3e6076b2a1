import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from './project-root.js';
import { startReadyProcess } from './ready-process.js';
import type { RunningServer } from './temporal-server.js';
import { makeWorkspace, type Workspace } from './workspace.js';

const APPLICATION = join(projectRoot, '__tests__', 'fixtures', 'applications', 'situations');

/** What a pull request does to the application: a file of its folder `pull-requests`. */
export type SituationChange =
  'patch-removed' | 'survey-deleted' | 'letter-changed' | 'letter-ends-otherwise';

/** A worker of the application. Without a build ID it is unversioned. */
export interface SituationWorker {
  readonly taskQueue: string;
  /** Folder of the workflows: the first version, or the one with a patch. */
  readonly workflows?: 'workflows' | 'workflows-patched';
  readonly buildId?: string;
  /** `false`: the worker names its build and takes part in no versioning. */
  readonly isVersioned?: boolean;
  readonly deploymentName?: string;
  readonly behavior?: 'PINNED' | 'AUTO_UPGRADE';
}

/** So many executions, which stay for so many milliseconds, are more than a hundredth at a time within ten minutes. */
export const STAYING = 8;
const STAY_MS = 2500;

/** Milliseconds that executions may take to get where a test wants them, on a busy machine. */
const PATIENCE_MS = 60_000;

/** A checkout of the application, as a pull request leaves it; without a change, as it is. */
export async function situationWorkspace(change?: SituationChange): Promise<Workspace> {
  return makeWorkspace({
    from: APPLICATION,
    nodeModules: join(projectRoot, 'node_modules'),
    ...(change === undefined
      ? {}
      : {
          files: {
            'src/workflows/index.ts': await readFile(
              join(APPLICATION, 'pull-requests', `${change}.ts`),
              'utf8',
            ),
          },
        }),
  });
}

/** Puts executions of the application into the situations that tests are about. */
export class Situations {
  readonly client: Client;
  private readonly connection: Connection;
  private readonly server: Pick<RunningServer, 'address' | 'namespace'>;
  private readonly workspace: Workspace;

  private constructor(
    server: Pick<RunningServer, 'address' | 'namespace'>,
    connection: Connection,
    workspace: Workspace,
  ) {
    this.server = server;
    this.connection = connection;
    this.workspace = workspace;
    this.client = new Client({ connection, namespace: server.namespace });
  }

  static async on(server: Pick<RunningServer, 'address' | 'namespace'>): Promise<Situations> {
    const connection = await Connection.connect({ address: server.address });
    return new Situations(server, connection, await situationWorkspace());
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.workspace.remove();
  }

  /** Runs the workers while `act` goes on, all in one process. */
  async withWorkers<T>(workers: readonly SituationWorker[], act: () => Promise<T>): Promise<T> {
    const owned = await startReadyProcess(process.execPath, ['src/worker.cjs'], {
      cwd: this.workspace.application,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'] ?? '/',
        TEMPORAL_ADDRESS: this.server.address,
        TEMPORAL_NAMESPACE: this.server.namespace,
        WORKERS: JSON.stringify(workers.map((one) => ({ workflows: 'workflows', ...one }))),
      },
      says: 'are ready',
    });
    try {
      return await act();
    } finally {
      await owned.stop();
    }
  }

  /** Starts an execution, which waits for a worker or for a signal. */
  start(workflowType: string, taskQueue: string): Promise<WorkflowHandle> {
    return this.client.workflow.start(workflowType, {
      taskQueue,
      workflowId: `${workflowType}-${randomUUID()}`,
      args: [],
    });
  }

  /** Starts one and waits until it waits for a signal: its first workflow tasks are done. */
  async startWaiting(workflowType: string, taskQueue: string): Promise<WorkflowHandle> {
    const handle = await this.start(workflowType, taskQueue);
    await this.untilTimersFired(handle, 1);
    return handle;
  }

  /** Starts one and lets it run to its end. */
  async startAndFinish(workflowType: string, taskQueue: string): Promise<WorkflowHandle> {
    const handle = await this.start(workflowType, taskQueue);
    await this.finish(handle);
    return handle;
  }

  /** The same for several at once, each of which stays for some time past the point where letters change. */
  async finishSeveral(workflowType: string, taskQueue: string): Promise<void> {
    const handles = Array.from({ length: STAYING }, () => this.start(workflowType, taskQueue));
    await Promise.all(handles.map(async (handle) => this.finish(await handle, STAY_MS)));
  }

  async finish(handle: WorkflowHandle, stayMs = 0): Promise<void> {
    await handle.signal('send');
    await sleep(stayMs);
    await handle.signal('finish');
    await handle.result();
  }

  /** Until an execution has got past so many timers, and past the workflow task after the last. */
  async untilTimersFired(handle: WorkflowHandle, count: number): Promise<void> {
    await until(`${count} timers of ${handle.workflowId} have fired`, async () => {
      const { events } = await handle.fetchHistory();
      let fired = 0;
      let isSettled = false;
      for (const event of events ?? []) {
        if (event.timerFiredEventAttributes != null) {
          fired += 1;
          isSettled = false;
        }
        if (event.workflowTaskCompletedEventAttributes != null) isSettled = fired >= count;
      }
      return isSettled;
    });
  }

  /**
   * Resets an execution to the end of its first completed workflow task, as an operator does; signals
   * are not sent again. Returns the run that goes on in its place.
   */
  async reset(handle: WorkflowHandle): Promise<WorkflowHandle> {
    const { runId } = await handle.describe();
    const { events } = await handle.fetchHistory();
    const first = (events ?? []).find((one) => one.workflowTaskCompletedEventAttributes != null);
    const response = await this.connection.workflowService.resetWorkflowExecution({
      namespace: this.server.namespace,
      workflowExecution: { workflowId: handle.workflowId, runId },
      reason: 'a test',
      requestId: randomUUID(),
      ...(first?.eventId == null ? {} : { workflowTaskFinishEventId: first.eventId }),
      resetReapplyExcludeTypes: [
        proto.temporal.api.enums.v1.ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL,
      ],
    });
    return this.client.workflow.getHandle(handle.workflowId, response.runId);
  }

  /** Visibility is written a moment after the execution: until as many match as a test has made. */
  async untilListed(query: string, count: number): Promise<void> {
    await until(`${count} executions match ${query}`, async () => {
      const { count: matching } = await this.client.workflow.count(query);
      return matching === count;
    });
  }
}

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    if (await isTrue()) return;
    await sleep(100);
  }
  throw new Error(`It never came to this: ${what}`);
}
