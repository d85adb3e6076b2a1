import type { Workers } from '../model/retirement.js';
import type {
  QueueInUse,
  VersionId,
  VersionName,
  VersionsInUse,
} from '../model/versions-in-use.js';

/**
 * Milliseconds since its last poll after which a worker counts as gone. A poll waits for at most a minute, and a
 * worker that runs polls again at once.
 */
const POLL_MS = 2 * 60_000;

/** The workers of a version, on these task queues together. */
export function workersOf(
  version: VersionId,
  queues: readonly QueueInUse[],
  asOf: VersionsInUse['asOf'],
): Workers {
  let lastPoll: string | undefined;
  let isKnown = true;
  for (const { pollers } of queues) {
    if (pollers === undefined) isKnown = false;
    for (const poller of pollers ?? []) {
      if (!isOf(poller.version, version)) continue;
      if (lastPoll === undefined || Date.parse(poller.lastPoll) > Date.parse(lastPoll)) {
        lastPoll = poller.lastPoll;
      }
    }
  }
  if (lastPoll !== undefined && isNow(lastPoll, asOf)) return { kind: 'polling', lastPoll };
  if (!isKnown) return { kind: 'not-known' };
  return { kind: 'gone', ...(lastPoll === undefined ? {} : { lastPoll }) };
}

/** Workers that take any execution which no version holds; undefined where the server does not tell. */
export function unversionedOn(
  { pollers }: QueueInUse,
  asOf: string,
): readonly VersionName[] | undefined {
  return pollers
    ?.filter(({ version, lastPoll }) => version.kind === 'build-id' && isNow(lastPoll, asOf))
    .toSorted((a, b) => Date.parse(b.lastPoll) - Date.parse(a.lastPoll))
    .map(({ version }) => version);
}

function isNow(lastPoll: string, asOf: string): boolean {
  return Date.parse(asOf) - Date.parse(lastPoll) <= POLL_MS;
}

/** Whether a worker, or an execution, is of a version. */
export function isOf(name: VersionName, version: VersionId): boolean {
  if (name.kind !== version.kind || name.buildId !== version.buildId) return false;
  return (
    name.kind !== 'worker-deployment' ||
    version.kind !== 'worker-deployment' ||
    name.deploymentName === version.deploymentName
  );
}
