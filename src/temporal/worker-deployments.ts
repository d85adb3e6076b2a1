import proto from '@temporalio/proto';
import type { DeploymentVersion } from '../model/target.js';
import { UserError } from '../model/user-error.js';
import type { Server } from './connection.js';
import { GRPC, grpcCode } from './server-problem.js';

/** Deployments of a page. A namespace has a hundred at most unless its operator raised the limit. */
const PAGE_SIZE = 100;

/** A Worker Deployment as the server describes it. */
export interface WorkerDeployment {
  readonly name: string;
  /** Build ID; absent while new executions go to unversioned workers. */
  readonly current?: string;
  readonly ramping?: { readonly buildId: string; readonly percentage: number };
  /** Newest first. */
  readonly versions: readonly DeploymentVersion[];
}

/** Names of all Worker Deployments of the namespace. */
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

/** Undefined when the namespace has no such deployment. */
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

/** Task queues on which workers of these versions ever polled for workflow tasks. */
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
    // Newer servers list them beside the version; the older place is still filled.
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
 * The server answers what it is asked about deployments by querying workflows of its own. A worker of
 * its own that is busy can let such a query run out of time, which the client does not try again.
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

/** A version can vanish between two requests: the server removes those that are drained. */
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

/** Thrown where the server has no Worker Deployments: too old, or switched off. */
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

/** A real permission error of a namespace carries the same code and other words. */
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
