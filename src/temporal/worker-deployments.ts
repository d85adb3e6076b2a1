import proto from '@temporalio/proto';
import type { DeploymentVersion } from '../model/target.js';
import { UserError } from '../model/user-error.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/** Deployments on one page. A namespace has at most a hundred, unless its operator has raised the limit. */
const PAGE_SIZE = 100;

/** A Worker Deployment as the server describes it. */
export interface WorkerDeployment {
  readonly name: string;
  /** The current build ID. Absent while new executions go to unversioned workers. */
  readonly current?: string;
  readonly ramping?: { readonly buildId: string; readonly percentage: number };
  /** Newest first. */
  readonly versions: readonly DeploymentVersion[];
}

/** The names of all Worker Deployments of the namespace. */
export async function listDeploymentNames(server: Server): Promise<string[]> {
  const names = new Set<string>();
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const token = nextPageToken;
    const response = await explained(() =>
      asked(
        server,
        'listing Worker Deployments',
        (service) =>
          service.listWorkerDeployments({
            namespace: server.settings.namespace,
            pageSize: PAGE_SIZE,
            nextPageToken: token,
          }),
        areUnavailable,
      ),
    );
    for (const { name } of response.workerDeployments) if (name) names.add(name);
    nextPageToken = response.nextPageToken;
  } while (nextPageToken.length > 0);
  return [...names];
}

/** Describes a Worker Deployment; undefined when the namespace does not have it. */
export async function describeDeployment(
  server: Server,
  deploymentName: string,
): Promise<WorkerDeployment | undefined> {
  const response = await unlessNotFound(() =>
    asked(
      server,
      'describing a Worker Deployment',
      (service) =>
        service.describeWorkerDeployment({ namespace: server.settings.namespace, deploymentName }),
      (error) => areUnavailable(error) || isNotFound(error),
    ),
  );
  const info = response?.workerDeploymentInfo;
  if (info == null) return undefined;
  const routing = info.routingConfig;
  const current = routing?.currentDeploymentVersion?.buildId;
  const ramping = routing?.rampingDeploymentVersion?.buildId;
  return {
    name: deploymentName,
    ...(current ? { current } : {}),
    ...(ramping
      ? { ramping: { buildId: ramping, percentage: routing.rampingVersionPercentage ?? 0 } }
      : {}),
    versions: (info.versionSummaries ?? []).flatMap((summary) => {
      const buildId = summary.deploymentVersion?.buildId;
      if (!buildId) return [];
      const drainage = drainageOf(summary.drainageStatus ?? summary.drainageInfo?.status);
      return [{ buildId, ...(drainage === undefined ? {} : { drainage }) }];
    }),
  };
}

/** The task queues on which workers of these versions have polled for workflow tasks at any time. */
export async function readTaskQueues(
  server: Server,
  { name, versions }: WorkerDeployment,
): Promise<string[]> {
  const queues = new Set<string>();
  for (const { buildId } of versions) {
    const response = await unlessNotFound(() =>
      asked(
        server,
        'describing a version of a Worker Deployment',
        (service) =>
          service.describeWorkerDeploymentVersion({
            namespace: server.settings.namespace,
            deploymentVersion: { deploymentName: name, buildId },
          }),
        (error) => areUnavailable(error) || isNotFound(error),
      ),
    );
    // Newer servers list task queues beside the version, and still fill the older field.
    const listed = [
      ...(response?.versionTaskQueues ?? []),
      ...(response?.workerDeploymentVersionInfo?.taskQueueInfos ?? []),
    ];
    for (const queue of listed) if (queue.name && queue.type === WORKFLOW) queues.add(queue.name);
  }
  return [...queues].sort();
}

const WORKFLOW = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;
const { VersionDrainageStatus } = proto.temporal.api.enums.v1;

function drainageOf(status: number | null | undefined): DeploymentVersion['drainage'] {
  if (status === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINING) return 'draining';
  if (status === VersionDrainageStatus.VERSION_DRAINAGE_STATUS_DRAINED) return 'drained';
  return undefined;
}

/**
 * Makes a request about deployments, and tries it again when it times out. The server answers such requests by
 * querying its own workflows. A busy worker of the server can let this query time out, and the client does not retry.
 */
async function asked<T>(
  server: Server,
  doing: string,
  call: Parameters<typeof server.request<T>>[1],
  keepError: (error: unknown) => boolean,
): Promise<T> {
  const isLate = (error: unknown): boolean => grpcCode(error) === GRPC.DEADLINE_EXCEEDED;
  try {
    return await server.request(doing, call, (error) => keepError(error) || isLate(error));
  } catch (error) {
    if (!isLate(error)) throw error;
    return server.request(doing, call, keepError);
  }
}

/** Undefined where it is not found: the server removes drained versions, even between two requests. */
async function unlessNotFound<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await explained(ask);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return grpcCode(error) === GRPC.NOT_FOUND && !/namespace/iu.test((error as Error).message);
}

/** Thrown where the server is too old for Worker Deployments, or has them switched off. */
export class DeploymentsUnavailable extends UserError {}

async function explained<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!areUnavailable(error)) throw error;
    throw new DeploymentsUnavailable(
      {
        found: 'The server has no Worker Deployments, or has them switched off',
        expected: 'Temporal server 1.27 or newer, where system.enableDeploymentVersions is true',
        fix: 'set versioning to version-set, build-id or none, or update the server',
      },
      { cause: error },
    );
  }
}

/** Whether deployments are unavailable. A real permission error has the same code, but other words. */
function areUnavailable(error: unknown): boolean {
  const code = grpcCode(error);
  return (
    code === GRPC.UNIMPLEMENTED ||
    (code === GRPC.PERMISSION_DENIED &&
      error instanceof Error &&
      /deployment|versioning/iu.test(error.message) &&
      /disabled|not enabled|enable/iu.test(error.message))
  );
}
