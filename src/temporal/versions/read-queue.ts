import proto from '@temporalio/proto';
import type {
  DeploymentVersionName,
  Poller,
  QueueInUse,
  VersionName,
} from '../../model/versions-in-use.js';
import type { Server } from '../connection.js';
import { timeOf } from '../listed-pages.js';
import { readReachable, readVersionSets, VersionSetsOff } from '../version-sets.js';
import { unlessDenied } from './unless-denied.js';

const { TaskQueueType, WorkerVersioningMode } = proto.temporal.api.enums.v1;

/** Version sets are asked for until a server says that it has none. */
export interface QueueReading {
  hasSets: boolean;
  readonly note: (text: string) => void;
}

/** A task queue: where its executions go, its version sets, and the workers that have polled it lately. */
export async function readQueue(
  server: Server,
  name: string,
  reading: QueueReading,
): Promise<QueueInUse> {
  const described = await unlessDenied(reading.note, () =>
    server.request('describing a task queue', (service) =>
      service.describeTaskQueue({
        namespace: server.settings.namespace,
        taskQueue: { name },
        taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      }),
    ),
  );
  const current = nameOf(described?.versioningInfo?.currentDeploymentVersion);
  const ramping = nameOf(described?.versioningInfo?.rampingDeploymentVersion);
  const sets = await setsOf(server, name, reading);
  const reachable = sets.length === 0 ? undefined : await readReachable(server, name, sets.flat());
  return {
    name,
    ...(current === undefined ? {} : { current }),
    ...(ramping === undefined ? {} : { ramping }),
    sets,
    ...(reachable === undefined ? {} : { reachable }),
    ...(described === undefined ? {} : { pollers: described.pollers.flatMap(pollerOf) }),
  };
}

async function setsOf(server: Server, name: string, reading: QueueReading): Promise<string[][]> {
  if (!reading.hasSets) return [];
  const sets = await unlessDenied(reading.note, async () => {
    try {
      return await readVersionSets(server, name);
    } catch (error) {
      if (!(error instanceof VersionSetsOff)) throw error;
      reading.hasSets = false;
      return [];
    }
  });
  return sets ?? [];
}

function nameOf(
  version: proto.temporal.api.deployment.v1.IWorkerDeploymentVersion | null | undefined,
): DeploymentVersionName | undefined {
  const { deploymentName, buildId } = version ?? {};
  return deploymentName && buildId ? { deploymentName, buildId } : undefined;
}

function pollerOf(poller: proto.temporal.api.taskqueue.v1.IPollerInfo): Poller[] {
  const lastPoll = timeOf(poller.lastAccessTime);
  return lastPoll === undefined ? [] : [{ version: versionOf(poller), lastPoll }];
}

function versionOf({
  deploymentOptions,
  workerVersionCapabilities,
}: proto.temporal.api.taskqueue.v1.IPollerInfo): VersionName {
  const name = nameOf(deploymentOptions);
  const mode = deploymentOptions?.workerVersioningMode;
  if (name !== undefined && mode === WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED) {
    return { kind: 'worker-deployment', ...name };
  }
  const buildId = deploymentOptions?.buildId || workerVersionCapabilities?.buildId;
  if (buildId && workerVersionCapabilities?.useVersioning) return { kind: 'version-set', buildId };
  return { kind: 'build-id', ...(buildId ? { buildId } : {}) };
}
