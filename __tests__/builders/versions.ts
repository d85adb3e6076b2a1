import type {
  DeploymentInUse,
  Poller,
  QueueInUse,
  RunningGroup,
  VersionName,
  VersionsInUse,
} from '../../src/model/versions-in-use.js';

export const NOW = '2026-09-01T12:00:00.000Z';

/** RFC 3339, so many minutes before `NOW`. */
export function minutesAgo(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

export function aDeploymentVersion(buildId: string, deploymentName = 'orders'): VersionName {
  return { kind: 'worker-deployment', deploymentName, buildId };
}

export function aPoller(version: VersionName, minutes = 0): Poller {
  return { version, lastPoll: minutesAgo(minutes) };
}

export function aQueue(changes: Partial<QueueInUse> = {}): QueueInUse {
  return { name: 'orders', sets: [], pollers: [], ...changes };
}

export function running(count: number, changes: Partial<RunningGroup> = {}): RunningGroup {
  return { taskQueue: 'orders', behavior: 'none', count, oldest: minutesAgo(60), ...changes };
}

/** A deployment whose versions all poll the task queue `orders`. */
export function aDeployment(
  versions: Readonly<Record<string, 'draining' | 'drained' | undefined>>,
  changes: Partial<DeploymentInUse> = {},
): DeploymentInUse {
  return {
    name: 'orders',
    versions: Object.entries(versions).map(([buildId, drainage]) => ({
      buildId,
      taskQueues: ['orders'],
      ...(drainage === undefined ? {} : { drainage }),
    })),
    ...changes,
  };
}

export function versionsInUse(changes: Partial<VersionsInUse> = {}): VersionsInUse {
  return {
    asOf: NOW,
    address: 'localhost:7233',
    namespace: 'default',
    deployments: [],
    queues: [],
    running: [],
    isCut: false,
    closed: new Map(),
    notes: [],
    ...changes,
  };
}
