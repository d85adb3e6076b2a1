import { versionKey, type ClosedCounts, type VersionId } from '../../model/versions-in-use.js';
import type { Server } from '../connection.js';
import { countExecutions } from '../count-executions.js';
import { closedQuery } from '../query.js';

/** The most versions that are counted, one request each: Visibility has the lowest limits of all requests. */
const MAX_COUNTED = 200;

/** Closed executions within retention that each of the versions worked on last. */
export async function countClosed(
  server: Server,
  versions: readonly VersionId[],
  taskQueues: readonly string[],
): Promise<ClosedCounts> {
  const counts = new Map<string, number>();
  for (const version of versions.slice(0, MAX_COUNTED)) {
    const query = closedQuery(version, taskQueues);
    if (query !== undefined) counts.set(versionKey(version), await countExecutions(server, query));
  }
  return {
    counts,
    ...(versions.length <= MAX_COUNTED
      ? {}
      : {
          note: `There are ${versions.length} versions. Closed executions were counted for ${MAX_COUNTED} of them.`,
        }),
  };
}
