import type {
  QueueInUse,
  VersionId,
  VersionsInUse,
  VersionStatus,
} from '../model/versions-in-use.js';
import type { Workers } from '../model/retirement.js';

/** What a version is to its deployment, set or queue; undefined where the server does not tell. */
export function statusOf(
  version: VersionId,
  of: {
    readonly running: number;
    readonly workers: Workers;
    /** Its own. */
    readonly queues: readonly QueueInUse[];
  },
  { deployments }: VersionsInUse,
): VersionStatus | undefined {
  const { running, workers, queues } = of;
  switch (version.kind) {
    case 'worker-deployment': {
      const deployment = deployments.find(({ name }) => name === version.deploymentName);
      const own = deployment?.versions.find(({ buildId }) => buildId === version.buildId);
      if (deployment === undefined || deployment.problem !== undefined) return undefined;
      if (deployment.current === version.buildId) return 'current';
      if (deployment.ramping === version.buildId) return 'ramping';
      // The server removes drained versions, also between two requests.
      if (own === undefined) return running > 0 ? undefined : 'drained';
      return own.drainage ?? 'inactive';
    }
    case 'version-set': {
      if (version.buildIds.at(-1) !== version.buildId) return 'inactive';
      const queue = queues.find(({ name }) => name === version.taskQueue);
      if (queue?.sets.at(-1)?.at(-1) === version.buildId) return 'current';
      return running > 0 || queue?.reachable?.has(version.buildId) ? 'draining' : 'drained';
    }
    case 'build-id':
      if (workers.kind === 'not-known') return undefined;
      // Nothing goes to it where a deployment takes the tasks of its queues.
      if (workers.kind === 'polling') {
        return queues.some(({ current }) => current === undefined) ? 'current' : 'inactive';
      }
      return running > 0 ? 'draining' : 'drained';
  }
}
