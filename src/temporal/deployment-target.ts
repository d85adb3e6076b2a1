import { queryProblem } from '../model/queryable.js';
import type { WorkerDeploymentTarget } from '../model/target.js';
import { UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { countExecutions } from './count-executions.js';
import { deploymentQueries, pinnedQuery } from './query.js';
import { GRPC, grpcCode } from './server-problem.js';
import type { WorkerDeployment } from './worker-deployments.js';

/** The executions of a version of a Worker Deployment that a claim is about. */
export async function deploymentTarget(
  server: Server,
  deployment: WorkerDeployment,
  buildId: string,
  scope: {
    readonly taskQueues: readonly string[];
    /** Whether the user named them. */
    readonly isNarrowed: boolean;
    readonly query: string | undefined;
  },
): Promise<WorkerDeploymentTarget> {
  const { name, current, ramping, versions } = deployment;
  const { taskQueues } = scope;
  const routed = [current, ramping?.buildId].filter((one) => one !== undefined);
  for (const [what, value] of [
    ['name', name] as const,
    ...[buildId, ...routed].map((one) => ['build ID', one] as const),
    ...taskQueues.map((one) => ['task queue', one] as const),
  ]) {
    refuseUnqueryable(name, what, value);
  }
  const isRouted = routed.includes(buildId);
  const pinned = isRouted ? 0 : await countPinned(server, { deploymentName: name, buildId });
  const liveBuildIds = [...new Set([...routed, ...(pinned === 0 ? [] : [buildId])])];
  const { address, namespace } = server.settings;
  return {
    kind: 'worker-deployment',
    address,
    namespace,
    buildId,
    deploymentName: name,
    ...(current === undefined ? {} : { current }),
    ...(ramping === undefined ? {} : { ramping }),
    versions,
    taskQueues,
    liveBuildIds,
    ...(pinned === undefined ? { pinnedAreUnknown: true } : {}),
    groups: deploymentQueries({
      deploymentName: name,
      buildId,
      liveBuildIds,
      taskQueues,
      narrowed: scope.isNarrowed,
      knowsUsedVersions: await knowsUsedVersions(server, `${name}:${buildId}`),
      userQuery: scope.query,
    }),
  };
}

/** Undefined where the server does not answer. */
async function countPinned(
  server: Server,
  version: { readonly deploymentName: string; readonly buildId: string },
): Promise<number | undefined> {
  try {
    return await countExecutions(server, pinnedQuery(version));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function refuseUnqueryable(deploymentName: string, what: string, value: string): void {
  const problem = queryProblem(value);
  if (problem === undefined) return;
  throw new UserError({
    found: `Worker Deployment ${readable(deploymentName)} has the ${what} "${readable(value)}", which ${problem}`,
    expected: 'names without quotes, backslashes and control characters',
    fix: 'deploy under another name: no query finds this one reliably',
  });
}

/** Whether the server knows the attribute. Servers before 1.30 refuse it as unknown. If it cannot count, nobody knows. */
async function knowsUsedVersions(server: Server, version: string): Promise<boolean> {
  const isUnknown = (error: unknown): boolean => grpcCode(error) === GRPC.INVALID_ARGUMENT;
  try {
    await server.request(
      'counting executions',
      (service) =>
        service.countWorkflowExecutions({
          namespace: server.settings.namespace,
          query: `TemporalUsedWorkerDeploymentVersions = "${version}"`,
        }),
      isUnknown,
    );
    return true;
  } catch (error) {
    if (isUnknown(error) || error instanceof UserError) return false;
    throw error;
  }
}
