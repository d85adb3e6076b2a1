import { UserError } from '../model/user-error.js';
import type { WorkerDeploymentsTarget, WorkerDeploymentTarget } from '../model/target.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { deploymentTarget } from './deployment-target.js';
import { explainUnknownVersion } from './explain-unknown-version.js';
import { listed } from './listed.js';
import { refuseRealCurrent } from './refuse-real-current.js';
import { whyNotCurrent } from './why-not-current.js';
import {
  describeDeployment,
  listDeploymentNames,
  readTaskQueues,
  type WorkerDeployment,
} from './worker-deployments.js';

export interface DeploymentScope {
  readonly deploymentName: string | undefined;
  /** Empty: all task queues of the deployment. */
  readonly taskQueues: readonly string[];
  readonly query: string | undefined;
}

export type DeploymentLookup =
  | { readonly kind: 'found'; readonly target: WorkerDeploymentTarget | WorkerDeploymentsTarget }
  | {
      readonly kind: 'unknown-build';
      /** What the server does hold, and what helps. */
      readonly explanation: string;
      /** Whether the namespace has any deployment at all. */
      readonly anyDeployment: boolean;
    };

/**
 * Finds the Worker Deployment that holds a build ID, and the executions of it that the claim is about. The current
 * version can be that of several deployments, where they are on the task queues that are wanted.
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
  const unknown = (explanation: string): DeploymentLookup => ({
    kind: 'unknown-build',
    explanation,
    anyDeployment: deployments.length > 0,
  });
  const holding = deployments.filter((deployment) => versionIn(deployment, buildId) !== undefined);
  const candidates = await onQueues(server, holding, scope.taskQueues);
  if (buildId === undefined && scope.taskQueues.length > 0) {
    const without = await onQueues(
      server,
      deployments.filter(({ current }) => current === undefined),
      scope.taskQueues,
    );
    const why = await whyNotCurrent(server, candidates, without, scope.taskQueues);
    if (why !== undefined) return unknown(why);
  }
  const [only, ...others] = candidates;
  if (only === undefined) {
    return unknown(explainUnknownVersion(buildId, scope, deployments, holding));
  }
  // Without a task queue, these can be anybody's.
  if (others.length > 0 && (buildId !== undefined || scope.taskQueues.length === 0)) {
    throw ambiguous(buildId, candidates);
  }
  const taskQueues = narrow(candidates, scope.taskQueues);
  const targets: WorkerDeploymentTarget[] = [];
  for (const { deployment, taskQueues: polled } of candidates) {
    if (buildId === undefined) {
      refuseRealCurrent(deployment.versions, `Worker Deployment ${readable(deployment.name)}`);
    }
    targets.push(
      await deploymentTarget(server, deployment, versionIn(deployment, buildId) ?? '', {
        taskQueues:
          taskQueues === undefined ? polled : taskQueues.filter((one) => polled.includes(one)),
        isNarrowed: taskQueues !== undefined,
        query: scope.query,
      }),
    );
  }
  const [first, ...more] = targets;
  if (first === undefined) throw new Error('a deployment that was found has no target');
  return { kind: 'found', target: more.length === 0 ? first : joined([first, ...more]) };
}

function joined(
  deployments: readonly [WorkerDeploymentTarget, ...WorkerDeploymentTarget[]],
): WorkerDeploymentsTarget {
  const [{ address, namespace }] = deployments;
  const buildId = [...new Set(deployments.map((one) => one.buildId))].join(', ');
  return { kind: 'worker-deployments', address, namespace, buildId, deployments };
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

/** A deployment, and the task queues that it polled at any time. */
export interface Candidate {
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

/** The user's task queues, if given. A queue that none of the deployments ever polled is a mistake. */
function narrow(
  candidates: readonly Candidate[],
  wanted: readonly string[],
): readonly string[] | undefined {
  if (wanted.length === 0) return undefined;
  const polled = candidates.flatMap(({ taskQueues }) => taskQueues);
  const foreign = wanted.filter((queue) => !polled.includes(queue));
  if (foreign.length === 0) return wanted;
  const names = listed(candidates.map(({ deployment }) => deployment.name));
  throw new UserError({
    found: `Input task-queue names ${foreign.map(readable).join(', ')}, on which no worker of Worker Deployment ${names} ever polled`,
    expected: `task queues of the deployment: ${listed(polled)}`,
    fix: 'correct task-queue, or remove it to look on all of them',
  });
}

function ambiguous(buildId: string | undefined, candidates: readonly Candidate[]): UserError {
  const names = listed(candidates.map(({ deployment }) => deployment.name));
  return new UserError({
    found:
      buildId === undefined
        ? `Several Worker Deployments have a current version: ${names}`
        : `Several Worker Deployments have a version with build ID ${buildId}: ${names}`,
    expected: 'one of them',
    fix:
      'set deployment-name to the one whose executions the code will take over' +
      (buildId === undefined ? ', or task-queue to the queues of all that it will' : ''),
  });
}
