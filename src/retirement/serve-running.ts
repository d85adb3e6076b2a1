import type {
  DeploymentInUse,
  QueueInUse,
  RunningGroup,
  VersionId,
  VersionsInUse,
} from '../model/versions-in-use.js';
import { unversionedOn } from './polling.js';

/** Which workers get the next workflow task of running executions. */
export type Server =
  /** Those of this version, and no others. */
  | { readonly kind: 'version'; readonly version: VersionId }
  /** Any that are not versioned; `version` is the one to which they are counted. */
  | { readonly kind: 'unversioned'; readonly version: VersionId }
  /** Any that are not versioned, and none polls. */
  | { readonly kind: 'nobody' };

export function serverOf(group: RunningGroup, seen: VersionsInUse): Server {
  const { last, behavior, taskQueue } = group;
  const queue = seen.queues.find(({ name }) => name === taskQueue);
  if (last?.kind === 'worker-deployment') {
    const deployment = seen.deployments.find(({ name }) => name === last.deploymentName);
    const buildId = behavior === 'pinned' ? last.buildId : routed(last.buildId, deployment);
    if (buildId !== undefined) return { kind: 'version', version: { ...last, buildId } };
  }
  if (last?.kind === 'version-set') {
    return { kind: 'version', version: defaultOf(last.buildId, taskQueue, queue) };
  }
  if (queue?.current !== undefined) {
    return { kind: 'version', version: { kind: 'worker-deployment', ...queue.current } };
  }
  if (last?.kind === 'build-id') return { kind: 'unversioned', version: last };
  const newest = queue?.sets.at(-1)?.at(-1);
  if (last === undefined && newest !== undefined) {
    return { kind: 'version', version: defaultOf(newest, taskQueue, queue) };
  }
  const polling = queue === undefined ? [] : unversionedOn(queue, seen.asOf);
  const [first] = polling ?? [];
  if (first?.kind === 'build-id') return { kind: 'unversioned', version: first };
  return polling === undefined
    ? { kind: 'unversioned', version: { kind: 'build-id' } }
    : { kind: 'nobody' };
}

/** The version to which executions go that auto-upgrade; undefined: to workers that are not versioned. */
function routed(last: string, deployment: DeploymentInUse | undefined): string | undefined {
  // Where the server does not say where they go, they are told of the version that had them last.
  if (deployment === undefined || deployment.problem !== undefined) return last;
  // An execution that has come to the ramping version stays there while it is ramping.
  return deployment.ramping === last ? last : deployment.current;
}

/** The build that gets the tasks of a whole set. */
function defaultOf(buildId: string, taskQueue: string, queue: QueueInUse | undefined): VersionId {
  const buildIds = queue?.sets.find((set) => set.includes(buildId)) ?? [buildId];
  return { kind: 'version-set', taskQueue, buildIds, buildId: buildIds.at(-1) ?? buildId };
}
