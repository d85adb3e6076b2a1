import { queryProblem } from '../model/queryable.js';
import { readable } from '../untrusted/readable.js';
import type { Server } from './connection.js';
import { countByStatus, countExecutions } from './count-executions.js';
import { traceQuery } from './query.js';

/**
 * A sentence for the end of an explanation. It says what executions tell about a build ID that no set or deployment
 * holds. If a request fails, the sentence says less, but the run goes on.
 */
export async function findTraces(server: Server, buildId: string | undefined): Promise<string> {
  try {
    const held = await countByStatus(server);
    const namespace = readable(server.settings.namespace);
    if (held === '') {
      return `The namespace ${namespace} holds no execution at all, open or closed: check namespace and address.`;
    }
    if (buildId === undefined || queryProblem(buildId) !== undefined) {
      return `The namespace ${namespace} holds ${held}.`;
    }
    const traces: string[] = [];
    for (const form of ['versioned', 'unversioned', 'assigned'] as const) {
      const count = await countExecutions(server, traceQuery([buildId], form));
      if (count > 0)
        traces.push(`${count} ${count === 1 ? 'names' : 'name'} "${form}:${readable(buildId)}"`);
    }
    return traces.length === 0
      ? `The namespace ${namespace} holds ${held}, and none of them names build ${readable(buildId)}.`
      : `Of the executions in namespace ${namespace} ${traces.join(', and ')} in BuildIds all the same: ` +
          'the server no longer keeps the build, or its workers use no versioning. ' +
          'Set versioning to build-id to check them without a lookup.';
  } catch {
    return 'The server could not tell which executions name it.';
  }
}
