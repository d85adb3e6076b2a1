import type { ResolvedTarget } from '../model/resolved-target.js';
import type { Versioning } from '../model/settings.js';
import { currentIsNotKnown } from '../claim/current-is-not-known.js';
import { namesCurrentBuild, type ClaimedBuild } from '../model/claim.js';
import type {
  VersionSetTarget,
  WorkerDeploymentsTarget,
  WorkerDeploymentTarget,
} from '../model/target.js';
import { UserError } from '../model/user-error.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { findWorkerDeployment, type DeploymentLookup } from './find-worker-deployment.js';
import { findTraces } from './find-traces.js';
import { buildIdQuery } from './query.js';
import {
  defaultBuildId,
  findVersionSet,
  VersionSetsOff,
  type VersionSetLookup,
} from './version-sets.js';
import { DeploymentsUnavailable } from './worker-deployments.js';

/** Where on the server to look. */
export interface Scope {
  readonly versioning: Versioning;
  readonly deploymentName: string | undefined;
  readonly taskQueues: readonly string[];
  readonly query: string | undefined;
}

/** Finds what a claim means on this server. That depends on the kind of versioning that the workers use. */
export async function resolveTarget(
  server: Server,
  claim: ClaimedBuild,
  scope: Scope,
): Promise<ResolvedTarget> {
  const buildId = namesCurrentBuild(claim) ? undefined : claim.buildId;
  const resolved = await lookUp(server, claim, buildId, scope);
  if (resolved.kind === 'found') return resolved;
  const { kind, explanation } = resolved;
  return { kind, explanation: `${explanation} ${await findTraces(server, buildId)}` };
}

async function lookUp(
  server: Server,
  claim: ClaimedBuild,
  buildId: string | undefined,
  scope: Scope,
): Promise<ResolvedTarget> {
  const { address, namespace } = server.settings;
  const { taskQueues, deploymentName, versioning } = scope;
  if (buildId === undefined && (versioning === 'build-id' || versioning === 'none')) {
    throw currentIsNotKnown(`versioning "${versioning}" looks nothing up`);
  }
  switch (scope.versioning) {
    case 'auto':
      return chooseVersioning(server, buildId, scope);
    case 'worker-deployment':
      return findWorkerDeployment(server, buildId, scope);
    case 'version-set':
      return lookUpVersionSet(server, buildId, scope);
    case 'build-id': {
      const query = buildIdQuery(claim.buildId, {
        deploymentName,
        taskQueues,
        userQuery: scope.query,
      });
      const target = {
        kind: 'build-id',
        address,
        namespace,
        buildId: claim.buildId,
        query,
      } as const;
      return { kind: 'found', target };
    }
    case 'none': {
      // Without a query, the settings refuse this kind of versioning.
      const query = scope.query ?? '';
      const target = { kind: 'query', address, namespace, buildId: claim.buildId, query } as const;
      return { kind: 'found', target };
    }
  }
}

/**
 * `auto`: looks for a Worker Deployment and for a version set. The deployment comes first, because deployments have
 * replaced version sets. But it must cover the set's task queues, so that no execution is silently left out.
 */
async function chooseVersioning(
  server: Server,
  buildId: string | undefined,
  scope: Scope,
): Promise<ResolvedTarget> {
  const deployment = await orUnavailable(findWorkerDeployment(server, buildId, scope));
  // A user who names a deployment does not mean a version set.
  if (scope.deploymentName !== undefined && !(deployment instanceof UserError)) {
    return deployment.kind === 'found' ? taken(deployment.target, 'deployment-named') : deployment;
  }
  const set = await orUnavailable(lookUpVersionSet(server, buildId, scope));
  const foundDeployment = targetOf(deployment);
  const foundSet = targetOf(set);
  if (foundDeployment !== undefined && foundSet !== undefined) {
    const elsewhere = foundSet.sets.filter(
      ({ taskQueue }) =>
        !deploymentsOf(foundDeployment).some((one) => one.taskQueues.includes(taskQueue)),
    );
    if (elsewhere.length > 0) throw bothMeant(foundDeployment, elsewhere);
    return taken(foundDeployment, 'both-found');
  }
  if (foundDeployment !== undefined) return taken(foundDeployment, 'deployment-found');
  if (foundSet !== undefined) return taken(foundSet, 'version-set-found');
  return neitherFound(deployment, set);
}

type Attempt<T> = T | DeploymentsUnavailable | VersionSetsOff;

/** A server without one kind of versioning may have the other kind. Any other failure ends the run. */
async function orUnavailable<T>(lookup: Promise<T>): Promise<Attempt<T>> {
  try {
    return await lookup;
  } catch (error) {
    if (error instanceof DeploymentsUnavailable || error instanceof VersionSetsOff) return error;
    throw error;
  }
}

function targetOf<T>(
  attempt: Attempt<{ kind: 'found'; target: T } | { kind: 'unknown-build' }>,
): T | undefined {
  return !(attempt instanceof UserError) && attempt.kind === 'found' ? attempt.target : undefined;
}

function taken<T extends VersionSetTarget | WorkerDeploymentTarget | WorkerDeploymentsTarget>(
  target: T,
  auto: NonNullable<T['auto']>,
): ResolvedTarget {
  return { kind: 'found', target: { ...target, auto } };
}

function neitherFound(
  deployment: Attempt<DeploymentLookup>,
  set: Attempt<VersionSetLookup>,
): ResolvedTarget {
  if (deployment instanceof UserError) {
    if (set instanceof UserError) throw set;
    return set;
  }
  if (deployment.kind === 'found' || (!(set instanceof UserError) && set.kind === 'found')) {
    throw new Error('a target that was found was taken for none');
  }
  if (set instanceof UserError) {
    // There is no deployment at all, so the likely cause is that version sets are switched off.
    if (!deployment.anyDeployment) throw set;
    return {
      kind: 'unknown-build',
      explanation: `${deployment.explanation} Version sets are switched off there.`,
    };
  }
  if (!deployment.anyDeployment) return set;
  // Users who have deployments only need no advice on how to register a build ID in a set.
  const { explanation } = deployment;
  return set.anySet
    ? { kind: 'unknown-build', explanation: `${explanation} ${set.explanation}` }
    : { kind: 'unknown-build', explanation: `${explanation} No version set holds it either.` };
}

async function lookUpVersionSet(
  server: Server,
  buildId: string | undefined,
  { taskQueues, query }: Scope,
): Promise<VersionSetLookup> {
  const named = buildId ?? (await defaultBuildId(server, taskQueues));
  if (named !== undefined) return findVersionSet(server, named, taskQueues, query);
  return {
    kind: 'unknown-build',
    anySet: false,
    explanation:
      taskQueues.length === 0
        ? 'Without task-queue there is no queue whose default version set could be the current one. Set task-queue, or deployment-name.'
        : `No task queue of ${taskQueues.map(readable).join(', ')} has a version set, so none has a current build. Check task-queue and namespace.`,
  };
}

function deploymentsOf(
  target: WorkerDeploymentTarget | WorkerDeploymentsTarget,
): readonly WorkerDeploymentTarget[] {
  return target.kind === 'worker-deployments' ? target.deployments : [target];
}

function bothMeant(
  target: WorkerDeploymentTarget | WorkerDeploymentsTarget,
  elsewhere: VersionSetTarget['sets'],
): UserError {
  const queues = elsewhere.map(({ taskQueue }) => readable(taskQueue)).join(', ');
  const names = deploymentsOf(target).map(({ deploymentName }) => readable(deploymentName));
  return new UserError({
    found:
      `Build ${readable(target.buildId)} is a version of Worker Deployment ${names.join(', ')}, and a version ` +
      `set holds it too, on ${queues}, where that deployment never polled`,
    expected: 'one of the two',
    fix: 'set versioning to worker-deployment or to version-set, or task-queue to the queue that is meant',
  });
}
