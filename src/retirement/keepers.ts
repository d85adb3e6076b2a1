import { runningOf, type JudgedVersion, type Keeper } from '../model/retirement.js';
import type { QueueInUse, VersionsInUse } from '../model/versions-in-use.js';
import { unversionedOn } from './polling.js';

/** Everything for which the workers of a version are still needed. */
export function keepers(
  judged: Omit<JudgedVersion, 'keptBy'>,
  queues: readonly QueueInUse[],
  seen: VersionsInUse,
): Keeper[] {
  const found = known(judged, queues, seen);
  // What is not known must not look like what is not there.
  if (found.length === 0 && seen.isCut) {
    found.push({ kind: 'not-known', why: 'there are more running executions than were listed' });
  }
  return found;
}

function known(
  judged: Omit<JudgedVersion, 'keptBy'>,
  queues: readonly QueueInUse[],
  seen: VersionsInUse,
): Keeper[] {
  const { version, status, running } = judged;
  const found: Keeper[] = [];
  const moving = running.autoUpgrade + running.none;
  switch (version.kind) {
    case 'worker-deployment': {
      const { problem } =
        seen.deployments.find(({ name }) => name === version.deploymentName) ?? {};
      if (status === undefined) {
        found.push({ kind: 'not-known', why: problem ?? 'the server does not describe it' });
      }
      if (status === 'current' || status === 'ramping') found.push({ kind: status });
      if (running.pinned > 0) found.push({ kind: 'pinned', count: running.pinned });
      if (moving > 0) found.push({ kind: 'serves', count: moving });
      if (status === 'draining' && found.length === 0) found.push({ kind: 'draining' });
      if (status === 'inactive' && judged.workers.kind !== 'gone' && found.length === 0) {
        found.push({ kind: 'not-routed-yet' });
      }
      return found;
    }
    case 'version-set': {
      if (status === 'current') found.push({ kind: 'current' });
      if (runningOf(judged) > 0) found.push({ kind: 'serves', count: runningOf(judged) });
      const isReachable = queues.some(({ reachable }) => reachable?.has(version.buildId));
      if (found.length === 0 && isReachable) found.push({ kind: 'reachable' });
      return found;
    }
    case 'build-id': {
      if (judged.workers.kind === 'not-known') {
        found.push({ kind: 'not-known', why: 'the server does not tell which workers poll' });
      }
      if (runningOf(judged) > 0) found.push({ kind: 'serves', count: runningOf(judged) });
      if (judged.workers.kind !== 'polling' || found.length > 0) return found;
      // Executions of the queue go to any of its workers that are not versioned: somebody else must be there.
      const isAlone = queues.some(
        (queue) =>
          queue.current === undefined &&
          new Set(unversionedOn(queue, seen.asOf)?.map(({ buildId }) => buildId)).size < 2,
      );
      if (isAlone) found.push({ kind: 'current' });
      else if ((judged.closed ?? 0) === 0 && queues.some(({ current }) => current === undefined)) {
        found.push({ kind: 'not-routed-yet' });
      }
      return found;
    }
  }
}
