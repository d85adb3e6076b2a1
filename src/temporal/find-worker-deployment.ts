import { queryProblem } from '../model/queryable.js';
import type { WorkerDeploymentTarget } from '../model/target.js';
import { UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { countExecutions } from './count-executions.js';
import { deploymentQueries, pinnedQuery } from './query.js';
import { GRPC, grpcCode } from './server-problem.js';
import {
  describeDeployment,
  listDeploymentNames,
  readTaskQueues,
  type WorkerDeployment,
} from './worker-deployments.js';

/** The most deployments, and the most versions of each, that an error message lists. */
const MAX_SHOWN = 20;

export interface DeploymentScope {
  readonly deploymentName: string | undefined;
  /** Empty: all task queues of the deployment. */
  readonly taskQueues: readonly string[];
  readonly query: string | undefined;
}

export type DeploymentLookup =
  | { readonly kind: 'found'; readonly target: WorkerDeploymentTarget }
  | {
      readonly kind: 'unknown-build';
      /** What the server does hold, and what helps. */
      readonly explanation: string;
      /** Whether the namespace has any deployment at all. */
      readonly anyDeployment: boolean;
    };

/**
 * Finds the Worker Deployment that holds a build ID, and the executions of it that the claim is about.
 *
 * @param buildId undefined: the build ID of the current version
 * @throws UserError when several deployments hold it, and when no query can carry one of the names
 */
export async function findWorkerDeployment(
  server: Server,
  buildId: string | undefined,
  scope: DeploymentScope,
): Promise<DeploymentLookup> {
  const deployments = await readDeployments(server, scope.deploymentName);
  const holding = deployments.filter((deployment) => versionIn(deployment, buildId) !== undefined);
  const candidates = await onQueues(server, holding, scope.taskQueues);
  const [only, ...others] = candidates;
  if (only === undefined) {
    return {
      kind: 'unknown-build',
      explanation: explainUnknown(buildId, scope, deployments, holding),
      anyDeployment: deployments.length > 0,
    };
  }
  if (others.length > 0) throw ambiguous(buildId, candidates);
  const { deployment, taskQueues } = only;
  return {
    kind: 'found',
    target: await targetOf(server, deployment, versionIn(deployment, buildId) ?? '', {
      ...scope,
      // `onQueues` has read the deployment's task queues already.
      taskQueues: narrow(deployment, taskQueues, scope.taskQueues),
    }),
  };
}

async function readDeployments(
  server: Server,
  deploymentName: string | undefined,
): Promise<WorkerDeployment[]> {
  const names = deploymentName === undefined ? await listDeploymentNames(server) : [deploymentName];
  const deployments: WorkerDeployment[] = [];
  for (const name of names) {
    const deployment = await describeDeployment(server, name);
    if (deployment !== undefined) deployments.push(deployment);
  }
  return deployments;
}

/** The build ID of the named version, if the deployment has it. `undefined` names the current version. */
function versionIn(deployment: WorkerDeployment, buildId: string | undefined): string | undefined {
  if (buildId === undefined) return deployment.current;
  return deployment.versions.some((version) => version.buildId === buildId) ? buildId : undefined;
}

interface Candidate {
  readonly deployment: WorkerDeployment;
  readonly taskQueues: readonly string[];
}

/** The deployments that polled a wanted task queue at any time. If no queue is wanted, all of them. */
async function onQueues(
  server: Server,
  deployments: readonly WorkerDeployment[],
  wanted: readonly string[],
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const deployment of deployments) {
    const taskQueues = await readTaskQueues(server, deployment);
    if (wanted.length === 0 || taskQueues.some((queue) => wanted.includes(queue))) {
      candidates.push({ deployment, taskQueues });
    }
  }
  return candidates;
}

/** The user's task queues, if given. A queue that the deployment never polled is a mistake. */
function narrow(
  { name }: WorkerDeployment,
  taskQueues: readonly string[],
  wanted: readonly string[],
): { readonly all: readonly string[]; readonly isNarrowed: boolean } {
  if (wanted.length === 0) return { all: taskQueues, isNarrowed: false };
  const foreign = wanted.filter((queue) => !taskQueues.includes(queue));
  if (foreign.length > 0) {
    throw new UserError({
      found: `Input task-queue names ${foreign.map(readable).join(', ')}, on which no worker of Worker Deployment ${readable(name)} ever polled`,
      expected: `task queues of the deployment: ${listed(taskQueues)}`,
      fix: 'correct task-queue, or remove it to look on all of them',
    });
  }
  return { all: wanted, isNarrowed: true };
}

async function targetOf(
  server: Server,
  deployment: WorkerDeployment,
  buildId: string,
  scope: {
    readonly taskQueues: { readonly all: readonly string[]; readonly isNarrowed: boolean };
    readonly query: string | undefined;
  },
): Promise<WorkerDeploymentTarget> {
  const { name, current, ramping, versions } = deployment;
  const taskQueues = scope.taskQueues.all;
  const routed = [current, ramping?.buildId].filter((one) => one !== undefined);
  for (const [what, value] of [
    ['name', name] as const,
    ...[buildId, ...routed].map((one) => ['build ID', one] as const),
    ...taskQueues.map((one) => ['task queue', one] as const),
  ]) {
    refuseUnqueryable(name, what, value);
  }
  const pinned = await countExecutions(server, pinnedQuery({ deploymentName: name, buildId }));
  const liveBuildIds = [...new Set([...routed, ...(pinned > 0 ? [buildId] : [])])];
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
    groups: deploymentQueries({
      deploymentName: name,
      buildId,
      liveBuildIds,
      taskQueues,
      narrowed: scope.taskQueues.isNarrowed,
      knowsUsedVersions: await knowsUsedVersions(server, `${name}:${buildId}`),
      userQuery: scope.query,
    }),
  };
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

/** Whether the server knows the attribute. Servers before 1.30 refuse it as unknown. */
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
    if (isUnknown(error)) return false;
    throw error;
  }
}

function ambiguous(buildId: string | undefined, candidates: readonly Candidate[]): UserError {
  const names = listed(candidates.map(({ deployment }) => deployment.name));
  return new UserError({
    found:
      buildId === undefined
        ? `Several Worker Deployments have a current version: ${names}`
        : `Several Worker Deployments have a version with build ID ${buildId}: ${names}`,
    expected: 'one of them',
    fix: 'set deployment-name to the one whose executions the code will take over',
  });
}

function explainUnknown(
  buildId: string | undefined,
  { deploymentName, taskQueues }: DeploymentScope,
  deployments: readonly WorkerDeployment[],
  holding: readonly WorkerDeployment[],
): string {
  const which =
    buildId === undefined
      ? 'has a current version'
      : `has a version with build ID ${readable(buildId)}`;
  if (deployments.length === 0) {
    return deploymentName === undefined
      ? `The namespace has no Worker Deployments, so none ${which}. Check namespace and address.`
      : `The namespace has no Worker Deployment ${readable(deploymentName)}, so none ${which}. ` +
          'Check deployment-name, namespace and address.';
  }
  if (holding.length > 0) {
    return (
      `Worker Deployment ${listed(holding.map(({ name }) => name))} ${which}, but never polled on ` +
      `${listed(taskQueues)}. Correct task-queue, or remove it.`
    );
  }
  const held = deployments
    .slice(0, MAX_SHOWN)
    .map((deployment) => `${readable(deployment.name)}: ${versionsOf(deployment)}`);
  const more = deployments.length - held.length;
  return (
    `No Worker Deployment ${which}. The server holds ${held.join('; ')}` +
    `${more > 0 ? `; and ${more} more deployments` : ''}. ` +
    'Correct the build ID; a version that is drained and no longer polled is removed after a time.'
  );
}

function versionsOf({ versions, current, ramping }: WorkerDeployment): string {
  if (versions.length === 0) return 'no versions';
  const words = versions.map(({ buildId }) => {
    if (buildId === current) return `${buildId} (current)`;
    return buildId === ramping?.buildId ? `${buildId} (ramping)` : buildId;
  });
  return listed(words);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, MAX_SHOWN).map(readable).join(', ');
  return names.length > MAX_SHOWN ? `${shown} and ${names.length - MAX_SHOWN} more` : shown;
}
