import type { JudgedVersion, Retirement } from '../model/retirement.js';
import {
  VERSION_STATUSES,
  versionKey,
  type QueueInUse,
  type RunningGroup,
  type VersionId,
  type VersionsInUse,
  type VersionsScope,
} from '../model/versions-in-use.js';
import { findVersions } from './find-versions.js';
import { keepers } from './keepers.js';
import { isOf, unversionedOn, workersOf } from './polling.js';
import { serverOf } from './serve-running.js';
import { statusOf } from './status.js';

/** Concludes from what a server says which workers are still needed. */
export function judgeVersions(
  seen: VersionsInUse,
  { deploymentName }: Pick<VersionsScope, 'deploymentName'>,
): Retirement {
  const served = new Map<string, { version: VersionId; groups: RunningGroup[] }>();
  const unserved = new Map<string, number>();
  for (const group of seen.running) {
    const server = serverOf(group, seen);
    if (server.kind === 'nobody') {
      unserved.set(group.taskQueue, (unserved.get(group.taskQueue) ?? 0) + group.count);
      continue;
    }
    const key = versionKey(server.version);
    const { groups } = served.get(key) ?? { groups: [] };
    served.set(key, { version: server.version, groups: [...groups, group] });
  }
  const serving = [...served.values()].map(({ version }) => version);
  const versions = [...findVersions(seen, serving)].map(([key, version]) =>
    judge(version, served.get(key)?.groups ?? [], seen),
  );
  return {
    asOf: seen.asOf,
    address: seen.address,
    namespace: seen.namespace,
    versions: versions.filter(({ version }) => isIn(version, deploymentName)).toSorted(inOrder),
    unserved: [...unserved].map(([taskQueue, count]) => ({ taskQueue, count })),
    notes: [...seen.notes, ...sharedQueues(seen)],
  };
}

function isIn(version: VersionId, deploymentName: string | undefined): boolean {
  if (deploymentName === undefined) return true;
  return version.kind === 'worker-deployment' && version.deploymentName === deploymentName;
}

function judge(
  version: VersionId,
  groups: readonly RunningGroup[],
  seen: VersionsInUse,
): JudgedVersion {
  const queues = queuesOf(version, groups, seen);
  const of = (behavior: RunningGroup['behavior']): number =>
    sum(groups.filter((group) => group.behavior === behavior));
  const running = {
    pinned: of('pinned'),
    autoUpgrade: of('auto-upgrade'),
    none: of('none'),
  };
  const [oldest] = groups
    .flatMap((group) => group.oldest ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
  const closed = seen.closed.get(versionKey(version));
  const workers = workersOf(version, queues, seen.asOf);
  const status = statusOf(version, { running: sum(groups), workers, queues }, seen);
  const judged = {
    version,
    ...(status === undefined ? {} : { status }),
    taskQueues: queues.map(({ name }) => name),
    running,
    ...(oldest === undefined ? {} : { oldest }),
    workers,
    ...(closed === undefined ? {} : { closed }),
    stuck: sum(groups.filter((group) => isStuck(group, version, seen))),
  };
  return { ...judged, keptBy: keepers(judged, queues, seen) };
}

function sum(groups: readonly RunningGroup[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}

/** Whether nobody polls the task queue for the executions' version. */
function isStuck({ taskQueue }: RunningGroup, version: VersionId, seen: VersionsInUse): boolean {
  const queue = seen.queues.find(({ name }) => name === taskQueue);
  if (queue === undefined) return false;
  return version.kind === 'build-id'
    ? unversionedOn(queue, seen.asOf)?.length === 0
    : workersOf(version, [queue], seen.asOf).kind === 'gone';
}

/** The task queues of a version, as far as the server tells them. */
function queuesOf(
  version: VersionId,
  groups: readonly RunningGroup[],
  { deployments, queues }: VersionsInUse,
): QueueInUse[] {
  if (version.kind === 'version-set') {
    return queues.filter(({ name }) => name === version.taskQueue);
  }
  const names = new Set(groups.map(({ taskQueue }) => taskQueue));
  if (version.kind === 'worker-deployment') {
    const deployment = deployments.find(({ name }) => name === version.deploymentName);
    const own = deployment?.versions.find(({ buildId }) => buildId === version.buildId);
    for (const name of own?.taskQueues ?? []) names.add(name);
  }
  return queues.filter(
    ({ name, pollers = [] }) =>
      names.has(name) || pollers.some((poller) => isOf(poller.version, version)),
  );
}

/** Executions that no version holds go to one deployment of a queue, and the other does not get them. */
function sharedQueues({ queues }: VersionsInUse): string[] {
  return queues.flatMap(({ name, pollers = [], current }) => {
    const deployments = new Set(
      pollers.flatMap(({ version }) =>
        version.kind === 'worker-deployment' ? [version.deploymentName] : [],
      ),
    );
    if (deployments.size < 2) return [];
    const goTo = current === undefined ? 'workers that are not versioned' : current.deploymentName;
    return [
      `Workers of several Worker Deployments poll the task queue ${name}: ${[...deployments].sort().join(', ')}. Executions without a versioning behavior go to ${goTo}.`,
    ];
  });
}

const KINDS: readonly VersionId['kind'][] = ['worker-deployment', 'version-set', 'build-id'];

/** By what they belong to, and in it from the current one to the inactive ones. */
function inOrder(a: JudgedVersion, b: JudgedVersion): number {
  return (
    KINDS.indexOf(a.version.kind) - KINDS.indexOf(b.version.kind) ||
    ownerOf(a.version).localeCompare(ownerOf(b.version)) ||
    rankOf(a) - rankOf(b) ||
    (a.version.buildId ?? '').localeCompare(b.version.buildId ?? '')
  );
}

function ownerOf(version: VersionId): string {
  if (version.kind === 'worker-deployment') return version.deploymentName;
  return version.kind === 'version-set' ? version.taskQueue : '';
}

function rankOf({ status }: JudgedVersion): number {
  return status === undefined ? VERSION_STATUSES.length : VERSION_STATUSES.indexOf(status);
}
